//! Every kind of fact with its own fields: name, type, whether it may be absent, and what it says.

use super::Type::{Bool, Env, Int, List, Path, Secret, Str, Word};
use super::words::{
    CERTAINTIES, ENGINES, FORMATS, HOST_CLASSES, IDENTITIES, ORIGINS, PINS, PROTOCOLS, RESOURCES,
    SEVERITIES, SOURCES, STRENGTHS, VALUE_KINDS,
};
use super::{Field, FieldSchema, KindSchema};

macro_rules! optional {
    (always) => {
        false
    };
    (maybe) => {
        true
    };
}

macro_rules! kinds {
    ($( $module:ident $name:literal $doc:literal key [$($key:literal),*] {
        $( $field:ident $fname:literal $ty:expr, $optional:ident, $fdoc:literal; )*
    } )*) => {
        /// A kind of fact.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(non_camel_case_types, reason = "named like the modules that hold their fields")]
        #[repr(u8)]
        pub enum Kind { $($module),* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$module),*];
        }

        pub(super) static KINDS: &[KindSchema] = &[$(KindSchema {
            name: $name,
            doc: $doc,
            key: &[$($key),*],
            fields: &[$(FieldSchema { name: $fname, ty: $ty, optional: optional!($optional), doc: $fdoc }),*],
        }),*];

        $(
            #[doc = $doc]
            pub mod $module {
                use super::{Field, Kind};
                pub const KIND: Kind = Kind::$module;
                #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers the fields in order")]
                #[repr(u8)]
                enum Order { $($field),* }
                $(
                    #[doc = $fdoc]
                    pub const $field: Field = Field { kind: Some(Kind::$module), index: Order::$field as u8 };
                )*
            }
        )*
    };
}

kinds! {
    repo "repo" "the repository itself; exactly one" key [] {
        NAME "name" Str, always, "name of the root folder";
    }
    environment "environment" "one environment that this repository really has: some real or example configuration belongs to it" key ["env"] {
        DEPLOYED "deployed" Bool, always, "true for everything but local, development and test";
        HAS_DOTENV "has_dotenv" Bool, always, "a dotenv file, real or example, belongs to it, or a dump that `envguard compare` was given";
        HAS_COMPOSE "has_compose" Bool, always, "a Compose file belongs to it";
    }
    file "file" "one file that envguard looked at" key ["file"] {
        NAME "name" Str, always, "base name";
        PATH "path" Path, always, "same as file, for joins";
        EXT "ext" Str, always, "extension without dot, empty if none";
        FORMAT "format" Word(FORMATS), always, "what it was read as";
        IGNORE_COVERS "ignore_covers" Bool, always, "an ignore file covers this name, whether the file is tracked or not";
    }
    problem "problem" "something in a governed file that could not be read" key ["file", "code"] {
        CODE "code" Str, always, "stable word for it, such as yaml-syntax";
        FORMAT "format" Word(FORMATS), always, "what the file was read as";
        DETAIL "detail" Str, always, "what is wrong, without any value";
    }
    var "var" "one binding of a variable to a value, wherever it is written" key ["file", "service", "name", "origin"] {
        NAME "name" Str, always, "variable name";
        VALUE "value" Secret, always, "text after unquoting; masked in all output unless harmless";
        SOURCE "source" Word(SOURCES), always, "which syntax bound it";
        SERVICE "service" Str, maybe, "Compose service, container or workflow job it is bound in";
        OBJECT "object" Str, maybe, "kind of the Kubernetes object it is bound in, such as ConfigMap or Secret";
        ORIGIN "origin" Word(ORIGINS), always, "value = assigned; fallback = the default inside ${X:-default}";
        VALUE_KIND "kind" Word(VALUE_KINDS), always, "marker = says that it comes from elsewhere (`__X__`, `<from vault>`); default_value = a word everybody knows (`changeme`, `admin`)";
        SENSITIVE "sensitive" Bool, always, "name or value is a credential (a DSN only if it carries one)";
        IDENTITY "identity" Word(IDENTITIES), always, "credential = opens a service; instance = says which one (a project, an account, a DSN without password); public = meant to be seen; none = a setting";
        PUBLIC "public" Bool, always, "goes into a public build by its name (NEXT_PUBLIC_, VITE_, REACT_APP_ …)";
        LENGTH "length" Int, always, "characters in the value";
        STRENGTH "strength" Word(STRENGTHS), always, "as a password; default = well known";
        TRUTHY "truthy" Bool, maybe, "value read as a switch; absent if it is none";
        VALUE_ENV "value_env" Env, maybe, "environment named by the value";
        NAME_ENV "name_env" Env, maybe, "environment named by the variable's name (STRIPE_KEY_DEV)";
        KEY_MODE "key_mode" Word(&["live", "test", "publishable"]), maybe, "what the key's shape says about itself";
        REF "ref" Str, maybe, "first variable or secret the value refers to (${X}, ${{ secrets.X }})";
        HAS_FALLBACK "has_fallback" Bool, always, "written as ${X:-fallback} or ${X-fallback}";
        READ "read" Bool, maybe, "code of the repository reads it; absent where no code is read";
        VENDOR "vendor" Str, maybe, "third-party service, from the vendor catalogue";
        VENDOR_SEVERITY "vendor_severity" Word(SEVERITIES), maybe, "how bad it is, by the catalogue, when two environments share an account of that service";
        SHIPPED "shipped" Bool, maybe, "the image that is built by default holds it; only in a Dockerfile";
    }
    var_read "var.read" "code that reads an environment variable" key ["file", "name"] {
        NAME "name" Str, always, "variable name";
        REQUIRED "required" Bool, always, "no default: a missing variable fails or yields nothing";
        DEFAULT "default" Secret, maybe, "literal fallback in the code";
        DEFAULT_KIND "default_kind" Word(VALUE_KINDS), maybe, "what the fallback is";
        DEFAULT_ENV "default_env" Env, maybe, "environment named by the fallback";
        DEMANDED "demanded" Bool, always, "the program stops without it: `os.environ[X]`, ENV.fetch, unwrap, a schema that asks for it; false where nothing says so";
        SENSITIVE "sensitive" Bool, always, "the fallback is a credential";
        STRENGTH "strength" Word(STRENGTHS), always, "of the fallback, as a password";
        DEFINED "defined" Bool, always, "some file of the repository sets it: an env file, Compose, a CI job, a Dockerfile";
        DOCUMENTED "documented" Bool, maybe, "a template of an env file names it, also in a comment; absent where the repository has no template";
        PROVIDED "provided" Bool, always, "a platform, a shell or a build tool sets it by itself, by the catalogue";
        NAME_ENV "name_env" Env, maybe, "environment named by the variable's name";
        COMPARED "compared" Env, maybe, "environment it is compared with on the spot (NODE_ENV === 'production')";
        ANY_TEXT_IS_TRUE "any_text_is_true" Bool, always, "made a switch by asking whether it is empty, as `bool(os.environ.get(X))` does: `0` and `false` are true";
        LANG "lang" Str, always, "python, javascript, typescript …";
    }
    url "url" "a URL or host found in a value or a default (derived)" key ["file", "of", "service", "origin"] {
        OF "of" Str, always, "variable it came from, empty for a bare literal";
        SERVICE "service" Str, maybe, "Compose service or workflow job the variable is bound in";
        ORIGIN "origin" Word(ORIGINS), always, "assigned value, ${X:-url} fallback, or code default";
        SOURCE "source" Word(SOURCES), always, "syntax it was found in";
        SCHEME "scheme" Str, maybe, "lower case; absent for a bare host in a *_HOST variable";
        HOST "host" Str, always, "lower case";
        PORT "port" Int, maybe, "explicit port";
        HOST_CLASS "host_class" Word(HOST_CLASSES), always, "service = bare name such as `redis`; example = example.com, .test, .invalid; unknown = built from variables";
        HOST_ENV "host_env" Env, maybe, "environment named in the host (api-staging.example.org)";
        CREDENTIALS "credentials" Bool, always, "user:password@ present";
        TLS "tls" Bool, always, "https, rediss, bolt+s, sslmode=require …";
    }
    database "database" "a database target (derived from DSNs, and from HOST/PORT/DB groups of variables)" key ["file", "of", "service", "origin"] {
        OF "of" Str, always, "variable, group or connection name it came from";
        SERVICE "service" Str, maybe, "Compose service or workflow job it is bound in";
        ORIGIN "origin" Word(ORIGINS), always, "where it was written";
        ENGINE "engine" Word(ENGINES), always, "engine family";
        HOST "host" Str, maybe, "lower case";
        PORT "port" Int, maybe, "explicit, or the engine's default";
        DB "db" Str, maybe, "database name or number";
        TARGET "target" Str, maybe, "engine://host:port/db with defaults filled in, localhost qualified by machine, pooler hosts by tenant: equal targets are the same data; absent where the host means something else in every network";
        HOST_CLASS "host_class" Word(HOST_CLASSES), maybe, "as url.host_class";
        DB_ENV "db_env" Env, maybe, "environment named by database name or host";
        USER "user" Str, maybe, "user name";
        PASSWORD "password" Secret, always, "password, empty if none";
        STRENGTH "strength" Word(STRENGTHS), always, "of that password";
        LENGTH "length" Int, always, "of that password";
        TLS "tls" Bool, always, "sslmode=require, rediss:// …";
    }
    image "image" "a container image reference" key ["file", "service", "origin"] {
        SOURCE "source" Word(SOURCES), always, "where";
        SERVICE "service" Str, maybe, "Compose service, container, build stage or variable name";
        ORIGIN "origin" Word(ORIGINS), always, "value, or the fallback inside ${TAG:-latest}";
        REF "ref" Str, always, "as written";
        REPOSITORY "repository" Str, always, "registry and name without tag";
        TAG "tag" Str, maybe, "tag as written";
        PIN "pin" Word(PINS), always, "floating = latest, dev, main, edge …; none = no tag; variable = decided elsewhere; invalid = not an image reference";
        TAG_ENV "tag_env" Env, maybe, "environment named by the tag";
        MAJOR "major" Int, maybe, "major version the tag names: 16 of `16.4-alpine`, `v16`, `pg16` and `0.8.0-pg16`";
        ENGINE "engine" Word(ENGINES), maybe, "database, cache or queue the image is";
        BUILT "built" Bool, always, "built here: the service has `build:`";
        DEPLOYS "deploys" Env, maybe, "environment that the CI job deploys which runs in it; such an image belongs to no environment";
    }
    compose_service "compose.service" "a Compose service" key ["file", "name"] {
        NAME "name" Str, always, "service key";
        CONTAINER_NAME "container_name" Str, maybe, "explicit container name";
        HAS_BUILD "has_build" Bool, always, "built here";
        HAS_IMAGE "has_image" Bool, always, "names an image";
        EXTENDS "extends" Bool, always, "takes its parts from another service";
        RESTART "restart" Str, maybe, "`restart` as written: always, unless-stopped, on-failure, no";
        RESTARTS "restarts" Bool, maybe, "started again when it ends: `restart` other than `no`, or `deploy.restart_policy` other than `none`, which wins; absent where a variable decides";
        NETWORK_MODE "network_mode" Str, maybe, "network_mode";
        ENGINE "engine" Word(ENGINES), maybe, "database, cache or queue the image is";
    }
    compose_port "compose.port" "one published or exposed port of a Compose service" key ["file", "service", "host_port", "container_port", "protocol"] {
        SERVICE "service" Str, always, "service key";
        HOST_IP "host_ip" Str, maybe, "bind address as written";
        LOOPBACK "loopback" Bool, always, "bound to this machine only (127.0.0.1, ::1)";
        HOST_PORT "host_port" Int, maybe, "first published port; absent when only the container port is given, or unknown";
        HOST_PORT_END "host_port_end" Int, maybe, "last port of a published range";
        CONTAINER_PORT "container_port" Int, maybe, "port inside; absent where a variable decides it";
        PROTOCOL "protocol" Word(PROTOCOLS), always, "tcp unless written";
        ORIGIN "origin" Word(ORIGINS), always, "value, or the fallback inside ${PORT:-8000}";
        PUBLISHED "published" Bool, always, "reaches the host at all, on a fixed, variable or random port";
        ENGINE "engine" Word(ENGINES), maybe, "database, cache or queue behind the port, by image and container port";
    }
    compose_volume "compose.volume" "one volume mount, or one top-level volume" key ["file", "service", "name", "target"] {
        SERVICE "service" Str, maybe, "absent for a top-level declaration";
        MOUNT "type" Word(&["named", "bind", "anonymous", "tmpfs", "other"]), always, "mount type";
        NAME "name" Str, maybe, "volume name or host path";
        TARGET "target" Path, maybe, "path inside";
        EXTERNAL "external" Bool, always, "external: true";
        READ_ONLY "read_only" Bool, always, "mounted read-only";
        SOURCE_CODE "source_code" Bool, always, "binds the folder the image is built from, or the project's own folder";
        ENGINE "engine" Word(ENGINES), maybe, "database, cache or queue whose data it holds";
    }
    compose_network "compose.network" "a top-level Compose network" key ["file", "name"] {
        NAME "name" Str, always, "effective name";
        EXTERNAL "external" Bool, always, "external: true";
        INTERNAL "internal" Bool, always, "internal: true";
    }
    compose_env_file "compose.env_file" "an env file that a Compose service, a kustomization or a systemd unit loads" key ["file", "service", "path"] {
        SERVICE "service" Str, always, "service key";
        PATH "path" Path, always, "as written";
        PATH_ENV "path_env" Env, maybe, "environment named by the path";
        REQUIRED "required" Bool, always, "false only where written";
    }
    compose_run "compose.run" "a `docker compose` command in a script, a Makefile, a CI job or a README" key ["file", "files", "env_files"] {
        SOURCE "source" Word(SOURCES), always, "where";
        FILES "files" List, always, "-f files as written, or those of COMPOSE_FILE";
        ENV_FILES "env_files" List, always, "--env-file files as written";
        PROFILES "profiles" List, always, "--profile names";
        PROJECT_NAME "project_name" Str, maybe, "-p name";
        PROJECT_DIRECTORY "project_directory" Path, maybe, "--project-directory";
        CWD "cwd" Path, maybe, "folder entered first";
        SUBCOMMAND "subcommand" Str, always, "up, build, config …; empty if not said";
    }
    collision "collision" "two places that claim one thing of a machine: a host port, a volume, a name" key ["resource", "name", "service", "other_service"] {
        RESOURCE "resource" Word(RESOURCES), always, "what both claim";
        NAME "name" Str, always, "port with protocol, or the name both use";
        CERTAINTY "certainty" Word(CERTAINTIES), always, "certain = inside one stack or on one declared machine; likely = local environments of one project; possible = perhaps other machines";
        SERVICE "service" Str, maybe, "service on this side";
        OTHER_SERVICE "other_service" Str, maybe, "service on the other side";
        OTHER_ENV "other_env" Env, maybe, "environment of the other side";
        OTHER_FILE "other_file" Path, always, "file of the other side";
        SAME_STACK "same_stack" Bool, always, "both sides run together by design";
        ORIGIN "origin" Word(ORIGINS), always, "fallback where both sides are only defaults of a variable";
        SUGGESTION "suggestion" Str, maybe, "a free name or port that follows the project's own pattern";
        ENGINE "engine" Word(ENGINES), maybe, "database, cache or queue behind it";
    }
    command "command" "a command line that something runs" key ["file", "service", "program"] {
        SOURCE "source" Word(SOURCES), always, "where";
        SERVICE "service" Str, maybe, "Compose service or workflow job";
        PROGRAM "program" Str, always, "first word";
        TEXT "text" Str, always, "whole line";
        DEV_SERVER "dev_server" Bool, always, "starts a development server, a reloader or a debugger";
        WIPES "wipes" Word(&["volumes", "database", "cache"]), maybe, "what it destroys: `down -v`, `volume rm`, DROP DATABASE, FLUSHALL …";
        AFTER_BACKUP "after_backup" Bool, maybe, "a dump, a snapshot or a backup runs before it in the same script or target; only with `wipes`";
        AFTER_QUESTION "after_question" Bool, maybe, "whoever runs the script is asked before it; only with `wipes`";
        SHIPPED "shipped" Bool, maybe, "the image that is built by default starts it; only in a Dockerfile";
    }
    workflow_job "workflow.job" "a CI job; one for each environment it can be run for" key ["file", "id", "environment"] {
        ID "id" Str, always, "job key";
        ENVIRONMENT "environment" Str, maybe, "protected environment of the platform";
        ENVIRONMENT_DEFAULT "environment_default" Str, maybe, "what `environment` is where a caller does not hand over the input that it names";
        EXTENDS "extends" List, maybe, "templates that it extends and that are not written in its own file, the strongest first";
        NEEDS "needs" List, always, "direct needs";
        BRANCHES "branches" List, always, "branches that reach it (if: guard, else triggers)";
        TAGS "tags" List, always, "tags that reach it, as patterns";
        ANY_BRANCH "any_branch" Bool, always, "a push to any branch, or a pull request, reaches it: no trigger and no condition narrows that";
        GUARD "guard" Str, maybe, "condition as written";
        TRIGGERS "triggers" List, always, "events";
        CALLS "calls" Str, maybe, "workflow or pipeline that it calls";
        DEPLOYS "deploys" Bool, always, "a deploy step or a deploy name";
        RUNS_TESTS "runs_tests" Bool, always, "runs a test command";
        GATED_BY_TESTS "gated_by_tests" Bool, maybe, "itself or some job it needs runs tests; absent when another workflow starts this one";
        TESTS_BESIDE "tests_beside" Bool, always, "another job, which it does not wait for, runs tests in the same run";
        AFTER "after" List, always, "environments deployed by the jobs it needs";
    }
    workflow_template "workflow.template" "what CI jobs of other files can extend: `.name` in a pipeline of GitLab" key ["file", "id"] {
        ID "id" Str, always, "its key";
        ENVIRONMENT "environment" Str, maybe, "protected environment that it gives to jobs";
        EXTENDS "extends" List, maybe, "what it extends itself and is not written in its own file, the strongest first";
    }
    workflow_call "workflow.call" "a workflow, an action or a pipeline file of the same repository that a CI job or a pipeline uses, and each input it hands over" key ["file", "job", "calls", "input"] {
        JOB "job" Str, always, "job; `action` in a composite action, `include` where a pipeline takes a file in";
        CALLS "calls" Path, always, "what it uses, from the root of the repository";
        INPUT "input" Str, maybe, "input that it hands over; absent for the call itself";
        VALUE "value" Secret, maybe, "text that it hands over, once for each it can be; absent where only a run can tell";
    }
    workflow_branch "workflow.branch" "a branch or tag from which a CI job deploys" key ["file", "job", "ref"] {
        JOB "job" Str, always, "job";
        REF "ref" Str, always, "name or pattern of the branch or tag";
        TAG "tag" Bool, always, "a tag, and no branch";
        BRANCH_ENV "branch_env" Env, maybe, "environment that it is named after";
    }
    workflow_secret "workflow.secret" "a secrets.X or vars.X used in a workflow" key ["file", "job", "name"] {
        NAME "name" Str, always, "X";
        CONTEXT "context" Word(&["secrets", "vars"]), always, "which";
        JOB "job" Str, maybe, "job using it; absent where all jobs of the file do";
        NAME_ENV "name_env" Env, maybe, "environment named by X";
        PRINTED "printed" Bool, always, "its command writes it into the log";
        WHOLE "whole" Bool, always, "all of them at once, under the name `*`: `toJSON(secrets)`, `secrets: inherit`";
        INHERITED "inherited" Word(&["here", "elsewhere"]), maybe, "`secrets: inherit`: a workflow of this repository, or of another, gets them";
    }
    workflow_artifact "workflow.artifact" "a path that a CI job uploads or commits" key ["file", "job", "action", "path"] {
        JOB "job" Str, always, "job";
        ACTION "action" Word(&["upload", "commit"]), always, "what becomes of it";
        PATH "path" Path, always, "as written";
        ENV_FILE "env_file" Bool, always, "its name is that of an env file, and not of a template";
        PATH_ENV "path_env" Env, maybe, "environment named by the path";
        SECRET "secret" Str, maybe, "secret that a step of the same job wrote into it";
    }
    file_write "file.write" "a file that a step of a CI job writes" key ["file", "job", "path"] {
        SOURCE "source" Word(SOURCES), always, "where";
        JOB "job" Str, maybe, "job";
        PATH "path" Path, always, "as written";
        PATH_ENV "path_env" Env, maybe, "environment named by the path";
        APPENDS "appends" Bool, always, "`>>`, and not `>`";
        SECRET "secret" Str, maybe, "first secret in what is written";
    }
    flag "flag" "a feature flag with a fixed state" key ["file", "name"] {
        NAME "name" Str, always, "flag name";
        ENABLED "enabled" Bool, always, "state";
        SOURCE "source" Word(&["variable", "code"]), always, "FEATURE_X or X_ENABLED variable, or a per-environment table in code";
    }
    docker_copy "docker.copy" "a COPY or ADD in a Dockerfile" key ["file", "src"] {
        SRC "src" Path, always, "source";
        SRC_ENV "src_env" Env, maybe, "environment named by the source, where it is an env file";
        ENV_FILE "env_file" Bool, always, "the source is an env file by its name, and no form to fill in";
        WHOLE "whole" Bool, always, "copies the whole build context (`COPY . .`)";
        SHIPPED "shipped" Bool, always, "in the last stage or one it builds on: the image holds it";
    }
    docker_env_file "docker.env_file" "an env file that a Dockerfile puts into its image, by name or with the whole build context" key ["file", "path"] {
        PATH "path" Path, always, "the env file";
        PATH_ENV "path_env" Env, maybe, "environment of the env file";
        BY_NAME "by_name" Bool, always, "copied by its own name, not along with a folder";
        COMMITTED "committed" Bool, always, "the env file is in version control";
        SECRETS "secrets" Bool, maybe, "it holds a literal credential; absent where the tree has no such file";
    }
    docker_context "docker.context" "a build context that a Dockerfile copies as a whole into its image" key ["file"] {
        CONTEXT "context" Path, always, "folder that is sent to the builder, as far as the files tell";
        IGNORE_FILE "ignore_file" Path, maybe, "ignore file that holds for it";
        COVERS_ENV "covers_env" Bool, always, "the ignore file leaves `.env` and `.env.production` out";
    }
    k8s_object "k8s.object" "a Kubernetes object" key ["file", "object", "name"] {
        OBJECT "object" Str, always, "kind";
        NAME "name" Str, always, "metadata.name";
        NAMESPACE "namespace" Str, maybe, "metadata.namespace";
        NAMESPACE_ENV "namespace_env" Env, maybe, "environment named by it";
    }
    config_value "value" "one value of a YAML, JSON or TOML file, whatever reads it; only in files that the `file` or `dir` of some policy names" key ["file", "path"] {
        PATH "path" Str, always, "keys from the root, joined by dots; items of lists as `[0]`";
        NAME "name" Str, always, "the last key of that path";
        VALUE "value" Secret, always, "text after unquoting; masked in all output unless harmless";
        VALUE_KIND "kind" Word(VALUE_KINDS), always, "as var.kind";
        SENSITIVE "sensitive" Bool, always, "name or value is a credential";
        TRUTHY "truthy" Bool, maybe, "value read as a switch; absent if it is none";
        NUMBER "number" Int, maybe, "value read as a whole number";
        VALUE_ENV "value_env" Env, maybe, "environment named by the value";
    }
    code_symbol "code.symbol" "an identifier used in code; only identifiers that some policy names are looked for" key ["file", "name"] {
        NAME "name" Str, always, "identifier";
    }
    history "history" "a credential or an env file that a commit carried; read only with `--history`" key ["file", "what", "name"] {
        WHAT "what" Word(&["secret", "file"]), always, "secret = a variable with a literal credential; file = an env file with values that is not in the tree any more";
        NAME "name" Str, maybe, "variable that held the credential; absent for a file";
        PRESENT "present" Bool, always, "the tree that is checked still holds it";
        COMMIT "commit" Str, always, "oldest commit with it; of a value that still stands, whatever file it was in then";
        COMMITS "commits" List, always, "every commit that wrote it into this file, oldest first";
        SINCE "since" Str, always, "day of the oldest commit";
        AGE_DAYS "age_days" Int, always, "days since then";
        CUT "cut" Bool, always, "older commits are not in this clone, so it may be older than told";
    }
    text_line "text" "one line of a source file, a script or a settings file; only in files that the `file` or `dir` of some policy names" key ["file"] {
        VALUE "value" Secret, always, "the line without the blanks around it; masked in all output";
        COMMENT "comment" Bool, always, "nothing but a comment";
    }
    checklist_item "checklist.item" "a Markdown task-list item" key ["file", "section", "text"] {
        TEXT "text" Str, always, "item text";
        SECTION "section" Str, always, "nearest heading";
        CHECKED "checked" Bool, always, "ticked";
    }
    attestation "attestation" "a statement in the configuration that something outside the repository was done" key ["item", "env"] {
        ITEM "item" Str, always, "what";
        EXPIRED "expired" Bool, always, "past its until or valid_for date";
        AGE_DAYS "age_days" Int, maybe, "days since `done`";
    }
}
