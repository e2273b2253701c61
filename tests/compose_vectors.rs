//! Runs the engine over reference answers kept outside of the repository: `ENVGUARD_VECTORS` names their folder,
//! `ENVGUARD_ANSWERS` the folder to write answers to. Without the first there is nothing to do.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use envguard::model::tree::{Entry, ReadError};
use envguard::model::{Secret, Str, Tree};
use envguard::resolve::compose::{
    self, Invocation, Issue, Mount, Port, Project, Resource, Service, Text, Unset,
};
use envguard::syntax::dotenv::{self, Dialect};
use envguard::syntax::template::{RefusalKind, Template};
use serde_json::{Value, json};

#[test]
fn tables_agree_with_the_reference() {
    let Some(folder) = std::env::var_os("ENVGUARD_VECTORS").map(PathBuf::from) else {
        return;
    };
    for name in ["template", "dotenv", "dotenv-raw"] {
        let table = read(&folder.join(format!("{name}.table.json")));
        let rows = table["rows"].as_array().unwrap();
        let answers: Vec<Value> = rows.iter().map(|row| answer_row(name, row)).collect();
        for (row, answer) in rows.iter().zip(&answers) {
            assert_eq!(row.get("expected"), answer.get("expected"), "{name}: {row}");
            assert_eq!(row.get("error_kind"), answer.get("error_kind"), "{row}");
        }
        write(&format!("{name}.rows.json"), &json!({ "rows": answers }));
    }
}

fn answer_row(table: &str, row: &Value) -> Value {
    let env: BTreeMap<String, String> = serde_json::from_value(row["env"].clone()).unwrap();
    let lookup = |name: &str| env.get(name).map(Secret::new);
    if table == "template" {
        let text = row["template"].as_str().unwrap();
        let evaluated = Template::parse(text).evaluate(text, &lookup);
        return match evaluated.refusal {
            Some(refusal) => json!({ "error_kind": kind(refusal.kind) }),
            None => json!({ "expected": evaluated.text.expose() }),
        };
    }
    let dialect = match table {
        "dotenv" => Dialect::Compose,
        _ => Dialect::Raw,
    };
    let document = dotenv::parse_as(row["text"].as_str().unwrap(), dialect);
    let evaluation = dotenv::evaluate(&document, &lookup);
    if let Some(refusal) = evaluation.refusal {
        return json!({ "error_kind": kind(refusal.kind) });
    }
    let values: BTreeMap<&str, &str> = evaluation
        .values
        .iter()
        .map(|assigned| (assigned.name.as_ref(), assigned.value.expose()))
        .collect();
    json!({ "expected": values })
}

/// Answers every case of the folder in the neutral form, for the comparison that comes with the vectors.
#[test]
fn cases_are_answered() {
    let Some(folder) = std::env::var_os("ENVGUARD_VECTORS").map(PathBuf::from) else {
        return;
    };
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    names.sort();
    let mut answers = Vec::new();
    for name in names {
        for case in read(&name)["cases"].as_array().into_iter().flatten() {
            answers.push(answer_case(case));
        }
    }
    write("cases.json", &json!({ "cases": answers }));
}

struct Files {
    entries: Vec<Entry>,
    texts: BTreeMap<String, Str>,
}

impl Files {
    fn new(input: &Value) -> Self {
        let texts: BTreeMap<String, Str> = input
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, text)| (path.clone(), Str::from(text.as_str().unwrap())))
            .collect();
        let entries = texts
            .keys()
            .map(|path| Entry {
                path: Str::from(path.as_str()),
                tracked: true,
                ignored: false,
            })
            .collect();
        Self { entries, texts }
    }
}

impl Tree for Files {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Str, ReadError> {
        self.texts.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn ignore_covers(&self, _path: &str) -> bool {
        false
    }
}

fn answer_case(case: &Value) -> Value {
    let texts = |key: &str| -> Vec<String> {
        serde_json::from_value(case[key].clone()).unwrap_or_default()
    };
    let env: BTreeMap<String, String> =
        serde_json::from_value(case["env"].clone()).unwrap_or_default();
    let invocation = Invocation {
        cwd: case["cwd"].as_str().unwrap_or(".").to_owned(),
        files: texts("files"),
        env_files: texts("env_files"),
        profiles: texts("profiles"),
        project_name: case["project_name_arg"].as_str().map(str::to_owned),
        project_directory: case["project_directory_arg"].as_str().map(str::to_owned),
        env: env
            .into_iter()
            .map(|(name, value)| (name, Secret::new(value)))
            .collect(),
        root_name: case["checkout_name"].as_str().unwrap_or("proj").to_owned(),
        resolve_env_files: case["resolve_env_files"].as_bool().unwrap_or(true),
        check_consistency: case["check_consistency"].as_bool().unwrap_or(true),
        unset: Unset::Blank,
    };
    let project = compose::evaluate(&Files::new(&case["input"]), &invocation);
    let mut answer = match project.issues.first() {
        Some(issue) => json!({
            "status": "refused",
            "exit": 1,
            "error_kind": error_kind(issue),
            "error": project.issues.iter().map(|issue| issue.problem.message.as_str()).collect::<Vec<_>>(),
        }),
        None => accepted(&project, invocation.resolve_env_files),
    };
    answer["id"] = case["id"].clone();
    answer
}

fn error_kind(issue: &Issue) -> String {
    let code = issue.kind.code().trim_start_matches("compose-");
    code.replace('-', "_")
}

fn accepted(project: &Project, resolved: bool) -> Value {
    let services: serde_json::Map<String, Value> = project
        .services
        .iter()
        .filter(|service| service.enabled)
        .map(|each| (each.name.to_string(), service(each, resolved)))
        .collect();
    let disabled: Vec<&str> = project
        .services
        .iter()
        .filter(|service| !service.enabled)
        .map(|service| service.name.as_ref())
        .collect();
    json!({
        "status": "ok",
        "exit": 0,
        "project_name": project.name.name,
        "services": services,
        "disabled_services": disabled,
        "unset_variables": project.unset.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "volumes": resources(&project.volumes),
        "networks": resources(&project.networks),
    })
}

fn resources(resources: &[Resource]) -> Value {
    resources
        .iter()
        .filter(|resource| resource.used)
        .map(|resource| {
            let value = json!({ "name": resource.name.expose(), "external": resource.external });
            (resource.key.to_string(), value)
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn service(service: &Service, resolved: bool) -> Value {
    let optional = |text: &Option<Text>| text.as_ref().map(|text| text.expose().to_owned());
    let texts = |texts: &[Text]| -> Vec<String> {
        texts.iter().map(|text| text.expose().to_owned()).collect()
    };
    let mut value = json!({
        "image": optional(&service.image),
        "container_name": optional(&service.container_name),
        "ports": service.ports.iter().map(port).collect::<Vec<_>>(),
        "volumes": service.mounts.iter().map(mount).collect::<Vec<_>>(),
        "environment": service.environment.iter().map(hashed).collect::<serde_json::Map<_, _>>(),
        "networks": texts(&service.networks),
        "network_mode": optional(&service.network_mode),
        "profiles": texts(&service.profiles),
        "depends_on": texts(&service.depends_on),
        "tmpfs": texts(&service.tmpfs),
        "secrets": texts(&service.secrets),
        "labels": service.labels.iter().map(|label| {
            (label.name.to_string(), json!(optional(&label.value)))
        }).collect::<serde_json::Map<_, _>>(),
    });
    if let Some(build) = &service.build {
        value["build_context"] = json!(optional(&build.context).unwrap_or_else(|| ".".to_owned()));
    }
    if let Some(command) = service.command.as_ref().filter(|command| !command.shell) {
        value["command"] = json!(texts(&command.words));
    }
    if !resolved {
        value["env_files"] = service
            .env_files
            .iter()
            .map(|file| json!({ "path": file.path.expose(), "required": file.required }))
            .collect();
    }
    value
}

fn port(port: &Port) -> Value {
    json!({
        "host_ip": port.host_ip.as_ref().map(Text::expose),
        "published": port.published.as_ref().map(Text::expose),
        "target": port.target.unwrap_or(0),
        "protocol": port.protocol.as_ref(),
    })
}

fn mount(mount: &Mount) -> Value {
    json!({
        "type": mount.kind.as_ref(),
        "source": mount.source.as_ref().map(Text::expose),
        "target": mount.target.as_ref().map(Text::expose),
        "read_only": mount.read_only,
    })
}

fn hashed(variable: &compose::Variable) -> (String, Value) {
    let hash = variable.value.as_ref().map(|value| {
        let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha256);
        hasher.update(format!("{}={}", variable.name, value.expose()).as_bytes());
        hasher
            .try_finalize()
            .unwrap()
            .to_hex_with_len(16)
            .to_string()
    });
    (variable.name.to_string(), json!(hash))
}

fn kind(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Interpolation | RefusalKind::TooLarge => "interpolation",
        RefusalKind::Required => "required_variable",
        RefusalKind::EnvFile => "env_file_syntax",
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn write(name: &str, answers: &Value) {
    if let Some(folder) = std::env::var_os("ENVGUARD_ANSWERS") {
        std::fs::write(Path::new(&folder).join(name), answers.to_string()).unwrap();
    }
}
