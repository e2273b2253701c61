//! Where somebody stands: environment, branch, databases, services, flags, and what to be careful about. For people a
//! banner, for assistants and scripts JSON with a schema. Names only: nothing in it opens anything.

mod banner;
mod schema;
mod tables;

use serde_json::{Value, json};

pub use banner::banner;
pub use schema::schema;
pub use tables::tables;

/// Everything that `envguard context` says. Every text in it may be printed as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    pub environment: Option<String>,
    /// Other people use it.
    pub deployed: bool,
    /// How the environment was determined, or why it was not.
    pub because: String,
    pub git: Option<Git>,
    pub databases: Vec<Database>,
    /// Compose services of the environment.
    pub services: Vec<String>,
    /// Third-party services whose accounts it uses.
    pub vendors: Vec<String>,
    pub flags: Vec<Flag>,
    pub warnings: Vec<Warning>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Git {
    /// `None` where HEAD is a commit and no branch.
    pub branch: Option<String>,
    /// `None` before the first one.
    pub commit: Option<String>,
    /// Staged, modified and deleted files; `None` without a worktree.
    pub changes: Option<[usize; 3]>,
    /// Environments that CI jobs deploy from this branch.
    pub deploys_to: Vec<String>,
}

impl Git {
    pub fn dirty(&self) -> Option<bool> {
        self.changes
            .map(|changes| changes.iter().any(|count| *count > 0))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Database {
    pub variable: String,
    pub engine: String,
    pub host: Option<String>,
    pub port: Option<i64>,
    /// Name or number of the database on that server.
    pub name: Option<String>,
    /// `path:line`
    pub at: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flag {
    pub name: String,
    pub enabled: bool,
    /// `path:line`
    pub at: String,
}

/// Something to be careful about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A stable word, one of `CODES`.
    pub code: &'static str,
    pub text: String,
}

/// Every warning, with what it means.
pub static CODES: &[(&str, &str)] = &[
    ("production", "what runs here is what users have"),
    (
        "uncommitted-in-production",
        "works against production with changes that are in no commit",
    ),
    (
        "production-database",
        "a database that is in use here is production's",
    ),
    (
        "production-value",
        "a variable of this shell holds production's value",
    ),
    (
        "environments-disagree",
        "two sources name different environments",
    ),
    (
        "environment-unknown",
        "nothing says which environment this is",
    ),
    ("incomplete", "something could not be read"),
];

/// Version 1 of a stable shape; `schemas/context.schema.json` describes it.
pub fn json(context: &Context) -> Value {
    let git = context.git.as_ref().map(|git| {
        let [staged, modified, deleted] = git.changes.unwrap_or_default();
        let counts = json!({"staged": staged, "modified": modified, "deleted": deleted});
        json!({
            "branch": git.branch,
            "commit": git.commit,
            "dirty": git.dirty(),
            "changes": git.changes.map(|_| counts),
            "deploys_to": git.deploys_to,
        })
    });
    let databases = context.databases.iter().map(|one| {
        json!({
            "variable": one.variable, "engine": one.engine, "host": one.host, "port": one.port,
            "name": one.name, "at": one.at,
        })
    });
    let flags = context
        .flags
        .iter()
        .map(|flag| json!({"name": flag.name, "enabled": flag.enabled, "at": flag.at}));
    let warnings = context
        .warnings
        .iter()
        .map(|warning| json!({"code": warning.code, "text": warning.text}));
    json!({
        "version": 1,
        "environment": {
            "name": context.environment,
            "deployed": context.deployed,
            "because": context.because,
        },
        "git": git,
        "databases": databases.collect::<Vec<_>>(),
        "services": {"compose": context.services, "vendors": context.vendors},
        "flags": flags.collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}
