//! The parts of a policy that are neither selection nor assertion: names, texts, severity, parameters.

use super::shapes;
use crate::model::{Severity, Str};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::reader::{Fields, Reader};
use crate::policy::spec::{EditSpec, ParamSpec, SeveritySpec, Text};
use crate::syntax::Node;

const MOST_PARAMS: usize = 50;

/// The id; an empty one where there is none, which is told.
pub(super) fn id(reader: &mut Reader, fields: &Fields<'_>) -> Text {
    let hint = "a short name in kebab-case, used to switch it off and to allow cases";
    let id = reader
        .need(fields, "id", "this policy", hint)
        .and_then(|node| reader.text(node, "`id`"));
    let Some(id) = id else {
        return Text {
            text: Str::from(""),
            span: fields.span,
        };
    };
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = id.text.len() <= 64
        && id.text.starts_with(|c: char| c.is_ascii_lowercase())
        && id.text.bytes().all(legal);
    if !fits {
        let title = format!("`{}` is no policy id", id.text);
        let label = "write lower-case letters, digits and `-`, a letter first";
        reader.error("P005", id.span, title, label);
    }
    id
}

pub(super) fn required(
    reader: &mut Reader,
    fields: &Fields<'_>,
    key: &str,
    hint: &str,
) -> Option<Str> {
    let node = reader.need(fields, key, "this policy", hint)?;
    trimmed(reader.text(node, &format!("`{key}`"))).map(|text| text.text)
}

pub(super) fn optional(reader: &mut Reader, fields: &Fields<'_>, key: &str) -> Option<Text> {
    let node = fields.get(key)?;
    trimmed(reader.text(node, &format!("`{key}`")))
}

/// Block scalars end with a line break that no report wants.
fn trimmed(text: Option<Text>) -> Option<Text> {
    text.map(|text| Text {
        text: Str::from(text.text.trim_end()),
        span: text.span,
    })
}

pub(super) fn words(reader: &mut Reader, fields: &Fields<'_>, key: &str) -> Vec<Str> {
    let Some(node) = fields.get(key) else {
        return Vec::new();
    };
    let texts = reader.texts(node, &format!("an item of `{key}`"));
    texts.into_iter().map(|text| text.text).collect()
}

pub(super) fn default_on(reader: &mut Reader, fields: &Fields<'_>) -> bool {
    let Some(node) = fields.get("default") else {
        return true;
    };
    // YAML 1.1 taught people that these are the same.
    match node.text() {
        Some("true" | "yes") => {
            reader.error("P006", node.span, "`default` is on or off", "write on");
        }
        Some("false" | "no") => {
            reader.error("P006", node.span, "`default` is on or off", "write off");
        }
        _ => return reader.word(node, "`default`", &["on", "off"]) != Some("off"),
    }
    true
}

pub(super) fn expires(reader: &mut Reader, fields: &Fields<'_>) -> Option<Text> {
    let day = optional(reader, fields, "expires")?;
    if !is_day(&day.text) {
        let at = reader.at(day.span);
        reader.say(
            Diagnostic::error("P005", at, format!("`{}` is no date", day.text))
                .label("write it as 2026-12-31"),
        );
    }
    Some(day)
}

/// `YYYY-MM-DD`, which also sorts as text.
pub(in crate::policy) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |text: &str, digits: usize| {
        let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        if fits {
            text.parse().unwrap_or(0_u32)
        } else {
            0
        }
    };
    number(year, 4) > 0
        && (1..=12).contains(&number(month, 2))
        && (1..=31).contains(&number(day, 2))
}

pub(super) fn severity(reader: &mut Reader, fields: &Fields<'_>) -> SeveritySpec {
    let fallback = SeveritySpec::Fixed(Severity::Medium);
    let Some(node) = fields.get("severity") else {
        return fallback;
    };
    if node.is_map() {
        return severity_table(reader, node).unwrap_or(fallback);
    }
    let severity = reader.severity(node);
    if severity == Some(None) {
        let title = "a policy with severity `off` never says anything";
        let label = "write default: off, and the severity it has when somebody enables it";
        reader.error("P005", node.span, title, label);
    }
    severity.flatten().map_or(fallback, SeveritySpec::Fixed)
}

fn severity_table(reader: &mut Reader, node: &Node) -> Option<SeveritySpec> {
    let by = reader.fields(node, &shapes::SEVERITY)?;
    let what = "this severity";
    let fields = reader
        .need(&by, "by", what, "the field that decides: by: vendor")
        .map(|node| reader.texts(node, "`by`"))
        .filter(|fields| !fields.is_empty());
    let table = reader
        .need(&by, "table", what, "table: {VALUE: high, …}")
        .cloned();
    let hint = "the severity of every other value: default: medium";
    let default = reader
        .need(&by, "default", what, hint)
        .and_then(|node| reader.severity(node));
    Some(SeveritySpec::By {
        fields: fields?,
        table: table?,
        default: default.unwrap_or(Some(Severity::Medium)),
    })
}

/// Every policy but a matrix says what its findings say.
pub(super) fn message(reader: &mut Reader, fields: &Fields<'_>) -> Option<Text> {
    if fields.get("matrix").is_some() {
        return None;
    }
    let hint = "one line about one finding, such as \"{name} is on in {env}\"";
    required(reader, fields, "message", hint)?;
    optional(reader, fields, "message")
}

pub(super) fn params(reader: &mut Reader, fields: &Fields<'_>) -> Vec<ParamSpec> {
    let Some(map) = fields
        .get("params")
        .and_then(|node| reader.any_fields(node, "`params`"))
    else {
        return Vec::new();
    };
    if map.iter().count() > MOST_PARAMS {
        let title = format!("this policy has more than {MOST_PARAMS} parameters");
        reader.error("P001", map.span, title, "write several policies");
        return Vec::new();
    }
    let mut params = Vec::new();
    for entry in map.iter() {
        let Some(name) = reader.text(&entry.key, "a parameter") else {
            continue;
        };
        let Some(param) = reader.fields(&entry.value, &shapes::PARAM) else {
            continue;
        };
        let hint = "such as string, list<string>, int, list<env>";
        let ty = reader
            .need(&param, "type", "this parameter", hint)
            .and_then(|node| reader.text(node, "`type`"));
        let hint = "an empty list makes the policy wait until somebody configures it: default: []";
        let default = reader
            .need(&param, "default", "this parameter", hint)
            .cloned();
        let doc = optional(reader, &param, "doc").map(|doc| doc.text);
        if let (Some(ty), Some(default)) = (ty, default) {
            params.push(ParamSpec {
                name,
                ty,
                doc,
                default,
            });
        }
    }
    params
}

pub(super) fn edit(reader: &mut Reader, fields: &Fields<'_>) -> Option<EditSpec> {
    let edit = reader.fields(fields.get("edit")?, &shapes::EDIT)?;
    let append = reader
        .need(
            &edit,
            "append",
            "this edit",
            "the file that gets a line: append: .gitignore",
        )
        .and_then(|node| reader.text(node, "`append`"))?;
    let text = reader
        .need(&edit, "text", "this edit", "the line: text: \"/{file}\"")
        .and_then(|node| reader.text(node, "`text`"))?;
    Some(EditSpec { append, text })
}
