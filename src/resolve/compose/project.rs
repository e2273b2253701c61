//! The effective project: what `docker compose config` prints, with the origin of every value.

use super::origin::{Origin, Text};
use crate::model::{Problem, Secret, Str};

/// What Compose is asked to do. All paths are relative to the root of the tree; `.` is the root.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// Where the command runs.
    pub cwd: String,
    /// `-f`; empty leaves it to `COMPOSE_FILE` and the default names.
    pub files: Vec<String>,
    /// `--env-file`; empty means `.env` of the project folder.
    pub env_files: Vec<String>,
    /// `--profile`; empty leaves it to `COMPOSE_PROFILES`.
    pub profiles: Vec<String>,
    /// `-p`
    pub project_name: Option<String>,
    /// `--project-directory`
    pub project_directory: Option<String>,
    /// Variables of the process that are known. Those that are not are `unset`.
    pub env: Vec<(String, Secret)>,
    /// Name of the root folder: projects are named after folders.
    pub root_name: String,
    /// Whether the contents of `env_file` become part of `environment` (not with `--no-env-resolution`).
    pub resolve_env_files: bool,
    /// Whether references between services, networks and volumes are checked (not with `--no-consistency`).
    pub check_consistency: bool,
    pub unset: Unset,
}

/// What becomes of a variable that nothing known sets and that has no fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unset {
    /// Unknown, as it may come from a shell: the text is marked, `${X:?}` is no problem, and what cannot be told
    /// without it is not judged.
    Unknown,
    /// Blank, as in Compose.
    Blank,
}

impl Default for Invocation {
    fn default() -> Self {
        Self {
            cwd: ".".to_owned(),
            files: Vec::new(),
            env_files: Vec::new(),
            profiles: Vec::new(),
            project_name: None,
            project_directory: None,
            env: Vec::new(),
            root_name: "project".to_owned(),
            resolve_env_files: true,
            check_consistency: true,
            unset: Unset::Unknown,
        }
    }
}

/// The effective configuration. Always as complete as the files allow: `issues` says what Compose would not accept.
#[derive(Clone, Debug, Default)]
pub struct Project {
    pub name: ProjectName,
    /// The compose files that were merged, in order; not those of `include` and `extends`.
    pub files: Vec<Str>,
    /// The env files that feed interpolation, in order; not those of services and includes.
    pub env_files: Vec<Str>,
    /// The folder that relative paths start from.
    pub directory: String,
    /// By name. Those that a profile leaves out have `enabled: false`.
    pub services: Vec<Service>,
    pub volumes: Vec<Resource>,
    pub networks: Vec<Resource>,
    pub secrets: Vec<Resource>,
    pub configs: Vec<Resource>,
    /// Variables without value and fallback that something referred to.
    pub unset: Vec<Str>,
    pub issues: Vec<Issue>,
}

/// A project name and who gave it.
#[derive(Clone, Debug, Default)]
pub struct ProjectName {
    pub name: String,
    pub source: NameSource,
    /// Where `name:` is written.
    pub written: Option<Text>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameSource {
    /// `-p`
    Argument,
    /// `COMPOSE_PROJECT_NAME`
    Variable,
    /// `name:`
    File,
    #[default]
    Folder,
}

#[derive(Clone, Debug)]
pub struct Service {
    pub name: Str,
    /// The key and the mapping of the last file that says something about it.
    pub origin: Origin,
    pub enabled: bool,
    pub image: Option<Text>,
    pub build: Option<Build>,
    pub container_name: Option<Text>,
    pub network_mode: Option<Text>,
    pub restart: Option<Text>,
    pub command: Option<Command>,
    pub entrypoint: Option<Command>,
    pub ports: Vec<Port>,
    pub mounts: Vec<Mount>,
    pub tmpfs: Vec<Text>,
    /// With the contents of `env_file`, by name.
    pub environment: Vec<Variable>,
    pub labels: Vec<Variable>,
    pub env_files: Vec<EnvFile>,
    /// Keys of networks, by name.
    pub networks: Vec<Text>,
    pub profiles: Vec<Text>,
    /// Names of services, implied ones (`links`, `network_mode: service:x`) too.
    pub depends_on: Vec<Text>,
    /// Those among them that have to end well before it starts.
    pub waits_for_end_of: Vec<Str>,
    pub secrets: Vec<Text>,
    pub configs: Vec<Text>,
    /// Every other scalar, such as `healthcheck.test.0` or `privileged`.
    pub settings: Vec<Setting>,
}

#[derive(Clone, Debug)]
pub struct Build {
    pub origin: Origin,
    /// Relative to the root, or as written for a URL.
    pub context: Option<Text>,
    pub dockerfile: Option<Text>,
    pub target: Option<Text>,
    pub args: Vec<Variable>,
}

/// A command: one text for a shell, or its words.
#[derive(Clone, Debug)]
pub struct Command {
    pub origin: Origin,
    pub shell: bool,
    pub words: Vec<Text>,
}

/// A published port, or one of a range.
#[derive(Clone, Debug)]
pub struct Port {
    pub origin: Origin,
    pub host_ip: Option<Text>,
    /// A number or a range such as `8000-8010`; absent for a port that the engine picks.
    pub published: Option<Text>,
    pub target: Option<u16>,
    pub protocol: Str,
    /// The whole entry as it takes effect, with the variables in it.
    pub text: Text,
}

#[derive(Clone, Debug)]
pub struct Mount {
    pub origin: Origin,
    /// `bind`, `volume`, `tmpfs` …
    pub kind: Str,
    /// A path relative to the root (`d`, `../beside`, `/absolute`, `~/home`), or the key of a volume.
    pub source: Option<Text>,
    pub target: Option<Text>,
    pub read_only: bool,
}

/// `NAME=VALUE` of an environment, of labels or of build arguments.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: Str,
    /// Absent where the value comes from whoever runs Compose.
    pub value: Option<Text>,
    pub origin: Origin,
}

#[derive(Clone, Debug)]
pub struct EnvFile {
    pub path: Text,
    pub required: bool,
    pub format: Option<Text>,
}

/// A volume, network, secret or config of the top level.
#[derive(Clone, Debug)]
pub struct Resource {
    pub key: Str,
    pub origin: Origin,
    /// The name it has in the engine; written, or made from the project and the key.
    pub name: Text,
    /// True when `name` is written.
    pub named: bool,
    pub external: bool,
    /// True when an enabled service uses it.
    pub used: bool,
}

#[derive(Clone, Debug)]
pub struct Setting {
    /// Keys with dots between them.
    pub path: String,
    pub value: Text,
}

/// Something that Compose would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub kind: IssueKind,
    /// Relative to the root; empty where no file is to blame.
    pub file: Str,
    pub problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IssueKind {
    MissingEnvFile,
    MissingLabelFile,
    MissingFile,
    EnvFileSyntax,
    RequiredVariable,
    Interpolation,
    Cast,
    Extends,
    IncludeCycle,
    Yaml,
    Schema,
    Merge,
    Empty,
    Port,
    Volume,
    DependsOn,
    /// Services that wait for each other.
    DependencyCircle,
    UndefinedReference,
    NoImageOrBuild,
    ContainerName,
    MutuallyExclusive,
    BuildPlatforms,
    ProjectName,
    /// Not Compose's: more than anybody means.
    Limit,
    /// What lies outside of the repository is not read; it may well exist where the project runs.
    Outside,
}

impl IssueKind {
    /// The code of the problem.
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingEnvFile => "compose-missing-env-file",
            Self::MissingLabelFile => "compose-missing-label-file",
            Self::MissingFile => "compose-missing-file",
            Self::EnvFileSyntax => "compose-env-file-syntax",
            Self::RequiredVariable => "compose-required-variable",
            Self::Interpolation => "compose-interpolation",
            Self::Cast => "compose-cast",
            Self::Extends => "compose-extends",
            Self::IncludeCycle => "compose-include-cycle",
            Self::Yaml => "compose-yaml",
            Self::Schema => "compose-schema",
            Self::Merge => "compose-merge",
            Self::Empty => "compose-empty",
            Self::Port => "compose-port",
            Self::Volume => "compose-volume",
            Self::DependsOn | Self::DependencyCircle => "compose-depends-on",
            Self::UndefinedReference => "compose-undefined-reference",
            Self::NoImageOrBuild => "compose-no-image-or-build",
            Self::ContainerName => "compose-container-name",
            Self::MutuallyExclusive => "compose-mutually-exclusive",
            Self::BuildPlatforms => "compose-build-platforms",
            Self::ProjectName => "compose-project-name",
            Self::Limit => "compose-limit",
            Self::Outside => "compose-outside",
        }
    }
}
