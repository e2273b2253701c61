//! Where somebody stands: which environment, on which branch, with which databases, and what that asks them to mind.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Request, Understood, baseline, understand};
use crate::model::schema::{database, flag, var, workflow_branch};
use crate::model::{Env, Environments, Fact, Kind, Lines, Role, Secret, Val};
use crate::resolve;
use crate::settle::Scrubber;
use crate::source::{self, State};
use crate::value::vendor;
use crate::view::context::{Context, Database, Flag, Git, Warning};

/// What is known beside the files.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The environment somebody named.
    pub named: Option<String>,
    /// Variables of the process.
    pub variables: Vec<(String, Secret)>,
}

/// The context of the tree that is asked for. Never writes, and runs no other program.
pub fn context(request: &Request, around: &Around) -> Result<Context, Error> {
    let understood = understand(request)?;
    let mut warnings = Vec::new();
    let chosen = chosen(&understood, around, &mut warnings)?;
    let here = Here {
        scrubber: baseline::scrubber(&understood),
        lines: lines(&understood),
        understood: &understood,
        around,
        chosen,
    };
    let state = here.state(&mut warnings);
    here.mind(state.as_ref(), &mut warnings);
    let environments = &understood.lexicon.environments;
    let env = here.chosen.env;
    Ok(Context {
        environment: env.map(|env| environments.name(env).to_owned()),
        deployed: env.is_some_and(|env| environments.is_deployed(env)),
        because: here.scrubber.text(&here.chosen.because),
        git: state.map(|state| here.git(state)),
        databases: here.databases(),
        services: here.services(),
        vendors: here.vendors(),
        flags: here.flags(),
        warnings,
    })
}

/// The environment and why it is that one.
struct Chosen {
    env: Option<Env>,
    because: String,
    /// Somebody named it, so that the files of this folder have no say.
    by_name: bool,
}

fn chosen(
    understood: &Understood,
    around: &Around,
    warnings: &mut Vec<Warning>,
) -> Result<Chosen, Error> {
    let environments = &understood.lexicon.environments;
    if let Some(name) = &around.named {
        return by_name(name, environments);
    }
    let mut said = by_shell(understood, around);
    said.extend(by_file(understood));
    let first = said.first().cloned();
    for (env, because) in said.iter().skip(1) {
        if let Some((known, before)) = &first
            && known != env
        {
            let (one, other) = (environments.name(*known), environments.name(*env));
            warnings.push(Warning {
                code: "environments-disagree",
                text: format!("{before} says {one}, but {because} says {other}"),
            });
        }
    }
    Ok(match first {
        Some((env, because)) => Chosen {
            env: Some(env),
            because,
            by_name: false,
        },
        None => Chosen {
            env: None,
            because: "no variable of this shell and no .env names one".to_owned(),
            by_name: false,
        },
    })
}

fn by_name(name: &str, environments: &Environments) -> Result<Chosen, Error> {
    let env = environments.word(name).ok_or_else(|| {
        let known = environments.all().map(|(_, info)| info.name.as_str());
        let meant = crate::policy::suggest::did_you_mean(name, known);
        Error::NoSuchEnvironment {
            name: name.to_owned(),
            meant: meant.map(str::to_owned),
        }
    })?;
    Ok(Chosen {
        env: Some(env),
        because: "named by --env".to_owned(),
        by_name: true,
    })
}

/// Variables of the process by which programs choose their environment.
fn by_shell(understood: &Understood, around: &Around) -> Vec<(Env, String)> {
    let environments = &understood.lexicon.environments;
    let selecting = around
        .variables
        .iter()
        .filter(|(name, _)| resolve::is_selector(name));
    let mut said: Vec<(Env, String)> = selecting
        .filter_map(|(name, value)| {
            let env = environments.word(value.expose().trim())?;
            Some((env, format!("{name} of this shell")))
        })
        .filter(|(env, _)| env.is_named())
        .collect();
    said.sort_by(|one, other| one.1.cmp(&other.1));
    said
}

/// The env file that programs load by themselves.
fn by_file(understood: &Understood) -> Option<(Env, String)> {
    let documents = &understood.resolved.documents;
    let file = documents
        .iter()
        .map(|one| &one.file)
        .find(|file| is_loaded(&file.path) && file.path.as_ref() == ".env")?;
    let claim = file.claim.as_ref().filter(|claim| claim.env.is_named())?;
    Some((claim.env, format!(".env: {}", claim.reason)))
}

/// Whether programs that are started here load the file without being told.
fn is_loaded(path: &str) -> bool {
    matches!(path, ".env" | ".env.local")
}

fn lines(understood: &Understood) -> BTreeMap<&str, &Lines> {
    let documents = understood.resolved.documents.iter();
    documents
        .map(|one| (one.file.path.as_ref(), one.lines.as_ref()))
        .collect()
}

struct Here<'a> {
    understood: &'a Understood,
    around: &'a Around,
    chosen: Chosen,
    scrubber: Scrubber,
    lines: BTreeMap<&'a str, &'a Lines>,
}

impl<'a> Here<'a> {
    fn facts(&self, kind: Kind) -> impl Iterator<Item = &'a Fact> {
        let holds = move |fact: &&Fact| {
            fact.kind == kind && fact.layer.is("effective") && fact.file.role == Role::Real
        };
        self.understood.resolved.facts.iter().filter(holds)
    }

    /// What holds where somebody stands: the chosen environment, and what programs load by themselves.
    fn used(&self, kind: Kind) -> impl Iterator<Item = &'a Fact> {
        let (env, by_name) = (self.chosen.env, self.chosen.by_name);
        self.facts(kind).filter(move |fact| {
            let loaded = !by_name && is_loaded(&fact.file.path);
            let plain = env.is_none() && fact.env == Some(Env::UNASSIGNED);
            loaded || plain || (fact.env.is_some() && fact.env == env)
        })
    }

    fn at(&self, fact: &Fact) -> String {
        let path = fact.file.path.as_ref();
        let line = self
            .lines
            .get(path)
            .map_or(1, |lines| lines.line(fact.span.start));
        format!("{}:{line}", self.scrubber.name(path))
    }

    fn state(&self, warnings: &mut Vec<Warning>) -> Option<State> {
        let root = self.understood.opened.root.as_ref()?;
        source::state(root).unwrap_or_else(|error| {
            warnings.push(Warning {
                code: "incomplete",
                text: self.scrubber.text(&error.to_string()),
            });
            None
        })
    }

    fn git(&self, state: State) -> Git {
        let environments = &self.understood.lexicon.environments;
        let branch = state.branch.as_deref();
        let deployed = self
            .facts(Kind::workflow_branch)
            .filter(|fact| branch.is_some_and(|name| fact.text(workflow_branch::REF) == name))
            .filter(|fact| fact.get(workflow_branch::TAG) != Val::Bool(true))
            .filter_map(|fact| fact.env.filter(|env| env.is_named()));
        let deployed = crate::model::EnvSet::of(deployed);
        let names = environments.names(deployed).into_iter();
        Git {
            branch: branch.map(|name| self.scrubber.text(name)),
            commit: state.commit,
            changes: state
                .work
                .map(|work| [work.staged, work.modified, work.deleted]),
            deploys_to: names.map(str::to_owned).collect(),
        }
    }

    fn databases(&self) -> Vec<Database> {
        let text = |fact: &Fact, field| fact.get(field).text().map(|text| self.scrubber.text(text));
        let assigned = |fact: &&Fact| fact.text(database::ORIGIN) == "value";
        let mut found: Vec<Database> = self
            .used(Kind::database)
            .filter(assigned)
            .map(|fact| Database {
                variable: self.scrubber.text(fact.text(database::OF)),
                engine: fact.text(database::ENGINE).to_owned(),
                host: text(fact, database::HOST),
                port: match fact.get(database::PORT) {
                    Val::Int(port) => Some(port),
                    _ => None,
                },
                name: text(fact, database::DB),
                at: self.at(fact),
            })
            .collect();
        found.sort();
        found.dedup_by(|b, a| {
            (&a.variable, &a.host, a.port, &a.name) == (&b.variable, &b.host, b.port, &b.name)
        });
        found
    }

    /// A laptop runs the stack that names no environment.
    fn services(&self) -> Vec<String> {
        let deployed = |env| self.understood.lexicon.environments.is_deployed(env);
        let own = self.chosen.env.map(|env| self.services_of(env));
        match (own, self.chosen.env) {
            (Some(names), Some(env)) if !names.is_empty() || deployed(env) => names,
            _ => self.services_of(Env::UNASSIGNED),
        }
    }

    fn services_of(&self, env: Env) -> Vec<String> {
        let mut names = BTreeSet::new();
        for one in &self.understood.resolved.stacks {
            let services = one.project.services.iter();
            let own = services.filter(|service| one.env_of(&service.name) == env);
            names.extend(own.map(|service| self.scrubber.text(&service.name)));
        }
        names.into_iter().collect()
    }

    fn vendors(&self) -> Vec<String> {
        let uses = |fact: &&Fact| {
            fact.text(var::IDENTITY) != "none" && fact.text(var::VALUE_KIND) != "empty"
        };
        let names: BTreeSet<String> = self
            .used(Kind::var)
            .filter(uses)
            .filter_map(|fact| fact.get(var::VENDOR).text())
            .map(|id| vendor::get(id).map_or(id, |vendor| vendor.title))
            .map(|title| self.scrubber.text(title))
            .collect();
        names.into_iter().collect()
    }

    fn flags(&self) -> Vec<Flag> {
        let found = self.used(Kind::flag).map(|fact| Flag {
            name: self.scrubber.text(fact.text(flag::NAME)),
            enabled: fact.get(flag::ENABLED) == Val::Bool(true),
            at: self.at(fact),
        });
        let found: BTreeSet<Flag> = found.collect();
        found.into_iter().collect()
    }

    /// What to be careful about.
    fn mind(&self, state: Option<&State>, warnings: &mut Vec<Warning>) {
        let mut warn = |code: &'static str, text: String| warnings.push(Warning { code, text });
        let is_production = self.chosen.env == Some(Env::PRODUCTION);
        if is_production {
            warn(
                "production",
                "this is production: what runs here is what users have".to_owned(),
            );
        }
        let mut touches = is_production;
        if !is_production {
            for (code, text) in self.of_production() {
                touches = true;
                warn(code, text);
            }
        }
        let work = state.and_then(|state| state.work).unwrap_or_default();
        if touches && work.is_dirty() {
            let count = work.staged + work.modified + work.deleted;
            let files = if count == 1 { "change" } else { "changes" };
            warn(
                "uncommitted-in-production",
                format!(
                    "works against production with {count} uncommitted {files}; commit or stash first"
                ),
            );
        }
        if self.chosen.env.is_none() {
            warn(
                "environment-unknown",
                "nothing says which environment this is; --env names it".to_owned(),
            );
        }
        for problem in &self.understood.problems {
            let (path, reason) = (self.scrubber.name(&problem.path), &problem.reason);
            warn("incomplete", format!("{path} could not be read: {reason}"));
        }
    }

    /// What is in use here and belongs to production.
    fn of_production(&self) -> Vec<(&'static str, String)> {
        let production = |fact: &&Fact| fact.env == Some(Env::PRODUCTION);
        let targets: BTreeSet<&str> = self
            .facts(Kind::database)
            .filter(production)
            .filter_map(|fact| fact.get(database::TARGET).text())
            .collect();
        let theirs = |fact: &&Fact| {
            let target = fact.get(database::TARGET).text();
            fact.get(database::DB_ENV) == Val::Env(Env::PRODUCTION)
                || target.is_some_and(|target| targets.contains(target))
        };
        let mut found: BTreeSet<(&'static str, String)> = self
            .used(Kind::database)
            .filter(|fact| fact.text(database::ORIGIN) == "value")
            .filter(theirs)
            .map(|fact| {
                let name = self.scrubber.text(fact.text(database::OF));
                let text = format!("{name} in {} leads to production's database", self.at(fact));
                ("production-database", text)
            })
            .collect();
        let identifies = |fact: &&Fact| {
            let kind = fact.text(var::VALUE_KIND);
            fact.text(var::IDENTITY) != "none"
                && matches!(kind, "secret" | "dsn" | "url" | "text")
                && fact.text(var::ORIGIN) == "value"
        };
        for fact in self.facts(Kind::var).filter(production).filter(identifies) {
            let (name, value) = (fact.text(var::NAME), fact.text(var::VALUE));
            let same = |(own, held): &&(String, Secret)| own == name && held.expose() == value;
            if self.around.variables.iter().any(|one| same(&one)) {
                let name = self.scrubber.text(name);
                let text = format!(
                    "{name} of this shell has production's value ({})",
                    self.at(fact)
                );
                found.insert(("production-value", text));
            }
        }
        found.into_iter().collect()
    }
}
