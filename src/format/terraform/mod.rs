//! Terraform: variables files of environments, defaults of variables, and inputs of Terragrunt.

mod hcl;

use super::writer::{Scope, Writer};
use super::{Claim, Format, Input, Output};
use crate::model::file::Nature;
use crate::model::schema::var;
use crate::model::{Kind, Value, base_name};
use crate::syntax::{Node, json};
use hcl::Setting;

pub static TERRAFORM: Format = Format {
    name: "terraform",
    doc: "Terraform: `prod.tfvars`, `prod.tfvars.json`, defaults of variables in `*.tf`, inputs of `terragrunt.hcl`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    if path.contains(".terraform/") {
        Claim::No
    } else if name.ends_with(".tfvars")
        || name.ends_with(".tfvars.json")
        || name == "terragrunt.hcl"
    {
        Claim::Yes
    } else if name.ends_with(".tf") {
        Claim::IfText(has_defaults)
    } else {
        Claim::No
    }
}

fn has_defaults(text: &str) -> bool {
    text.contains("variable") && text.contains("default")
}

fn parse(input: &Input) -> Output {
    let mut writer = Writer::new(input, "terraform");
    if input.file.name.ends_with(".json") {
        let tree = json::parse(input.text);
        for document in &tree.documents {
            object(&mut writer, &mut Vec::new(), document);
        }
        return Output {
            facts: writer.facts,
            problems: tree.problems,
            ..Output::default()
        };
    }
    let is_code = input.file.name.ends_with(".tf");
    let is_inputs = input.file.name.ends_with(".hcl");
    for setting in hcl::settings(input.text) {
        let path: Vec<&str> = setting.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["variable", name, "default"] if is_code => default(&mut writer, name, &setting),
            ["inputs", rest @ ..] if is_inputs => bind(&mut writer, rest, &setting),
            rest if !is_code && !is_inputs => bind(&mut writer, rest, &setting),
            _ => {}
        }
    }
    Output {
        facts: writer.facts,
        ..Output::default()
    }
}

/// The same settings in JSON.
fn object<'n>(writer: &mut Writer, path: &mut Vec<&'n str>, node: &'n Node) {
    for entry in node.entries() {
        let Some(name) = entry.key.text() else {
            continue;
        };
        path.push(name);
        if let Some(text) = entry.value.text() {
            let setting = Setting {
                path: Vec::new(),
                key: writer.content(&entry.key),
                text: text.to_owned(),
                span: writer.content(&entry.value),
            };
            bind(writer, path, &setting);
        } else {
            object(writer, path, &entry.value);
        }
        path.pop();
    }
}

/// A value in a map of variables has their name, any other one its path.
fn bind(writer: &mut Writer, path: &[&str], setting: &Setting) {
    let Some(last) = path.last() else {
        return;
    };
    // Where the state of Terraform is kept: a path, whatever it is called.
    if *last == "key" || setting.text.ends_with(".tfstate") {
        return;
    }
    let shouted = last
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let name = if shouted {
        (*last).to_owned()
    } else {
        path.join(".")
    };
    let scope = Scope::default();
    writer.bind(&scope, &name, setting.key, &setting.text, setting.span);
}

fn default(writer: &mut Writer, name: &str, setting: &Setting) {
    let from = writer.facts.len();
    let scope = Scope::default();
    writer.bind(&scope, name, setting.key, &setting.text, setting.span);
    for fact in writer.facts.iter_mut().skip(from) {
        if fact.kind == Kind::var {
            fact.set(var::ORIGIN, Value::Word("fallback"));
        }
    }
}
