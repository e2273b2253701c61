//! Environments: the words for them, the groups they form, and how exposed each one is.

use std::fmt;

/// One environment. The nine canonical ones are constants; configuration may add more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Env(u8);

impl Env {
    pub const LOCAL: Self = Self(0);
    pub const DEVELOPMENT: Self = Self(1);
    pub const TEST: Self = Self(2);
    pub const PREVIEW: Self = Self(3);
    pub const UAT: Self = Self(4);
    pub const PREPROD: Self = Self(5);
    pub const STAGING: Self = Self(6);
    pub const DEMO: Self = Self(7);
    pub const PRODUCTION: Self = Self(8);
    /// A configuration file whose environment nothing decides, such as a plain `.env`.
    pub const UNASSIGNED: Self = Self(9);

    pub const CANONICAL: [(&'static str, Self); 10] = [
        ("local", Self::LOCAL),
        ("development", Self::DEVELOPMENT),
        ("test", Self::TEST),
        ("preview", Self::PREVIEW),
        ("uat", Self::UAT),
        ("preprod", Self::PREPROD),
        ("staging", Self::STAGING),
        ("demo", Self::DEMO),
        ("production", Self::PRODUCTION),
        ("unassigned", Self::UNASSIGNED),
    ];

    /// The most environments one run can tell apart: an `EnvSet` is one machine word.
    pub const MOST: usize = 64;

    pub fn from_index(index: usize) -> Option<Self> {
        u8::try_from(index)
            .ok()
            .filter(|at| usize::from(*at) < Self::MOST)
            .map(Self)
    }

    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    pub fn is_named(self) -> bool {
        self != Self::UNASSIGNED
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::CANONICAL.get(self.index()) {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "env#{}", self.0),
        }
    }
}

/// A set of environments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvSet(u64);

impl EnvSet {
    pub const EMPTY: Self = Self(0);

    pub fn of(envs: impl IntoIterator<Item = Env>) -> Self {
        envs.into_iter().fold(Self::EMPTY, Self::with)
    }

    #[must_use]
    pub fn with(self, env: Env) -> Self {
        Self(self.0 | 1 << env.0)
    }

    #[must_use]
    pub fn without(self, env: Env) -> Self {
        Self(self.0 & !(1 << env.0))
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn has(self, env: Env) -> bool {
        self.0 & (1 << env.0) != 0
    }

    pub fn is_subset(self, of: Self) -> bool {
        self.0 & !of.0 == 0
    }

    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Env> {
        (0..64u8).filter(move |at| self.0 & (1 << at) != 0).map(Env)
    }
}

/// What is known of one environment.
#[derive(Clone, Debug)]
pub struct EnvInfo {
    pub name: String,
    /// Other words for it, lower case, without the name itself.
    pub aliases: Vec<String>,
    /// Ordering for choosing the primary place of a finding: larger is more exposed.
    pub exposure: u8,
    /// Environments with the same machine group may collide on ports, names and volumes.
    pub machine: String,
    /// The configuration names the machine; otherwise the group is a guess.
    pub machine_declared: bool,
    /// Host globs that belong to this environment, against the guess from the host's name.
    pub hosts: Vec<String>,
    /// Path globs that belong to this environment, against the guess from the file's name.
    pub files: Vec<String>,
}

/// The environment model of one run: canonical words, plus what the configuration adds.
#[derive(Clone, Debug)]
pub struct Environments {
    infos: Vec<EnvInfo>,
    groups: Vec<(String, EnvSet)>,
}

const ALIASES: [(Env, u8, &str, &[&str]); 10] = [
    (Env::LOCAL, 0, "nonproduction", &[]),
    (
        Env::DEVELOPMENT,
        1,
        "nonproduction",
        &["dev", "devel", "develop"],
    ),
    (
        Env::TEST,
        2,
        "nonproduction",
        &["testing", "tests", "ci", "e2e", "qa"],
    ),
    (Env::PREVIEW, 4, "nonproduction", &["review"]),
    (Env::UAT, 6, "nonproduction", &[]),
    (
        Env::PREPROD,
        8,
        "nonproduction",
        &["pre-prod", "preproduction", "pre-production"],
    ),
    (Env::STAGING, 7, "nonproduction", &["stage", "stg"]),
    (Env::DEMO, 5, "nonproduction", &[]),
    (Env::PRODUCTION, 9, "production", &["prod", "prd", "live"]),
    (Env::UNASSIGNED, 3, "nonproduction", &[]),
];

impl Default for Environments {
    fn default() -> Self {
        let infos = ALIASES
            .iter()
            .map(|(env, exposure, machine, aliases)| EnvInfo {
                name: Env::CANONICAL[env.index()].0.to_owned(),
                aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                exposure: *exposure,
                machine: (*machine).to_owned(),
                machine_declared: false,
                hosts: Vec::new(),
                files: Vec::new(),
            })
            .collect();
        let named = EnvSet::of(Env::CANONICAL.iter().map(|(_, env)| *env)).without(Env::UNASSIGNED);
        let deployed = [Env::LOCAL, Env::DEVELOPMENT, Env::TEST]
            .into_iter()
            .fold(named, EnvSet::without);
        Self {
            infos,
            groups: vec![
                ("deployed".to_owned(), deployed),
                ("nonproduction".to_owned(), named.without(Env::PRODUCTION)),
                ("all".to_owned(), named),
            ],
        }
    }
}

impl Environments {
    pub fn name(&self, env: Env) -> &str {
        self.infos.get(env.index()).map_or("?", |info| &info.name)
    }

    pub fn info(&self, env: Env) -> Option<&EnvInfo> {
        self.infos.get(env.index())
    }

    pub fn all(&self) -> impl Iterator<Item = (Env, &EnvInfo)> {
        self.infos
            .iter()
            .enumerate()
            .filter_map(|(at, info)| Env::from_index(at).map(|env| (env, info)))
    }

    /// The environment a whole word names: its name or an alias, in any letter case. Names go first: a declared `qa` is
    /// no longer a word for `test`.
    pub fn word(&self, word: &str) -> Option<Env> {
        let named = |info: &EnvInfo| info.name.eq_ignore_ascii_case(word);
        let alias = |info: &EnvInfo| {
            info.aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(word))
        };
        self.all()
            .find(|(_, info)| named(info))
            .or_else(|| self.all().filter(|(_, info)| alias(info)).last())
            .map(|(env, _)| env)
    }

    /// The environments an environment name, alias or group stands for.
    pub fn resolve(&self, word: &str) -> Option<EnvSet> {
        self.groups
            .iter()
            .find(|(name, _)| name == word)
            .map(|(_, set)| *set)
            .or_else(|| self.word(word).map(|env| EnvSet::of([env])))
    }

    pub fn groups(&self) -> &[(String, EnvSet)] {
        &self.groups
    }

    pub fn group(&self, name: &str) -> EnvSet {
        self.groups
            .iter()
            .find(|(group, _)| group == name)
            .map_or(EnvSet::EMPTY, |(_, set)| *set)
    }

    /// True for everything but local, development and test (or what configuration says).
    pub fn is_deployed(&self, env: Env) -> bool {
        self.group("deployed").has(env)
    }

    pub fn exposure(&self, env: Env) -> u8 {
        self.info(env).map_or(0, |info| info.exposure)
    }

    pub fn machine(&self, env: Env) -> &str {
        self.info(env).map_or("", |info| &info.machine)
    }

    /// The machine, where the configuration names it.
    pub fn declared_machine(&self, env: Env) -> Option<&str> {
        let info = self.info(env).filter(|info| info.machine_declared);
        info.map(|info| info.machine.as_str())
    }

    /// Names of a set, most exposed first.
    pub fn names(&self, set: EnvSet) -> Vec<&str> {
        let mut envs: Vec<Env> = set.iter().collect();
        envs.sort_by_key(|env| (std::cmp::Reverse(self.exposure(*env)), *env));
        envs.into_iter().map(|env| self.name(env)).collect()
    }

    /// Adds an environment, or returns the one of that name. `None` when there are too many.
    pub fn declare(&mut self, name: &str) -> Option<Env> {
        if let Some((env, _)) = self.all().find(|(_, info)| info.name == name) {
            return Some(env);
        }
        let env = Env::from_index(self.infos.len())?;
        self.infos.push(EnvInfo {
            name: name.to_owned(),
            aliases: Vec::new(),
            exposure: 5,
            machine: "nonproduction".to_owned(),
            machine_declared: false,
            hosts: Vec::new(),
            files: Vec::new(),
        });
        for group in ["deployed", "nonproduction", "all"] {
            let grown = self.group(group).with(env);
            self.set_group(group, grown);
        }
        Some(env)
    }

    pub fn info_mut(&mut self, env: Env) -> Option<&mut EnvInfo> {
        self.infos.get_mut(env.index())
    }

    pub fn set_group(&mut self, name: &str, set: EnvSet) {
        match self.groups.iter_mut().find(|(group, _)| group == name) {
            Some((_, old)) => *old = set,
            None => self.groups.push((name.to_owned(), set)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_groups_resolve() {
        let model = Environments::default();
        assert_eq!(model.word("PRD"), Some(Env::PRODUCTION));
        assert_eq!(model.word("windows"), None);
        let deployed = model.group("deployed");
        assert!(
            deployed.has(Env::STAGING)
                && !deployed.has(Env::TEST)
                && !deployed.has(Env::UNASSIGNED)
        );
        assert_eq!(
            model.names(EnvSet::of([Env::DEVELOPMENT, Env::PRODUCTION])),
            ["production", "development"]
        );
    }

    #[test]
    fn a_declared_environment_is_deployed_and_keeps_its_number() {
        let mut model = Environments::default();
        let canary = model.declare("canary").unwrap();
        assert_eq!(model.declare("canary"), Some(canary));
        assert!(model.is_deployed(canary));
        assert_eq!(model.declare("staging"), Some(Env::STAGING));
    }
}
