//! Examples: the small repositories a policy is tested on.

use super::shapes;
use crate::model::Str;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::reader::{Fields, Reader};
use crate::policy::spec::{Earlier, Example, Text};
use crate::syntax::Node;

pub(super) fn examples(reader: &mut Reader, fields: &Fields<'_>, id: &Text) -> Vec<Example> {
    if reader.without_examples {
        return Vec::new();
    }
    let Some(node) = fields.get("examples") else {
        lacks(reader, id, "bad and no good");
        return Vec::new();
    };
    if !node.is_seq() {
        let at = reader.at(node.span).start();
        reader.say(
            Diagnostic::error("P005", at, "`examples` is a list")
                .label("write - before each example"),
        );
        return Vec::new();
    }
    let count = node.items().len();
    let examples: Vec<Example> = node
        .items()
        .iter()
        .filter_map(|node| example(reader, node))
        .collect();
    // A broken example has been told already; it is not missing.
    if examples.len() == count {
        let bad = examples.iter().any(|example| example.bad);
        let good = examples.iter().any(|example| !example.bad);
        match (bad, good) {
            (true, true) => {}
            (false, false) => lacks(reader, id, "bad and no good"),
            (false, true) => lacks(reader, id, "bad"),
            (true, false) => lacks(reader, id, "good"),
        }
    }
    examples
}

fn lacks(reader: &mut Reader, id: &Text, which: &str) {
    let at = reader.at(id.span);
    let name = format!("policy `{}`", id.text);
    reader.say(
        Diagnostic::error("P014", at, format!("{name} has no {which} example"))
            .label("a policy nobody has seen at work is not trusted")
            .note(
                "examples: [{bad: TITLE, files: {PATH: TEXT}}, {good: TITLE, files: {PATH: TEXT}}]",
            ),
    );
}

fn example(reader: &mut Reader, node: &Node) -> Option<Example> {
    let fields = reader.fields(node, &shapes::EXAMPLE)?;
    let (bad, title) = verdict(reader, &fields)?;
    let hint = "files: {\".env.production\": \"DEBUG=true\\n\"}";
    let files = reader
        .need(&fields, "files", "this example", hint)
        .map(|node| files(reader, node))?;
    let earlier = fields.get("earlier").map(|node| earlier(reader, node));
    let earlier = earlier.unwrap_or_default();
    let mut known = files.clone();
    known.extend(earlier.iter().flat_map(|one| one.files.iter().cloned()));
    known.sort();
    let expect = fields
        .get("expect")
        .map(|node| expect(reader, node, bad, &known));
    let params = fields
        .get("params")
        .and_then(|node| reader.any_fields(node, "`params`"))
        .map(|map| {
            let one = |entry: &crate::syntax::Entry| {
                Some((reader.text(&entry.key, "a parameter")?, entry.value.clone()))
            };
            map.iter().filter_map(one).collect()
        });
    Some(Example {
        bad,
        title,
        untracked: fields
            .get("untracked")
            .map(|node| untracked(reader, node, &files))
            .unwrap_or_default(),
        files,
        earlier,
        expect,
        config: fields.get("config").cloned(),
        params: params.unwrap_or_default(),
    })
}

/// `bad: TITLE` or `good: TITLE`.
fn verdict(reader: &mut Reader, fields: &Fields<'_>) -> Option<(bool, Text)> {
    let (bad, entry) = match (fields.entry("bad"), fields.entry("good")) {
        (Some(entry), None) => (true, entry),
        (None, Some(entry)) => (false, entry),
        (Some(_), Some(entry)) => {
            let title = "an example is either bad or good";
            reader.error("P009", entry.key.span, title, "write two examples");
            return None;
        }
        (None, None) => {
            let at = reader.at(fields.span).start();
            reader.say(
                Diagnostic::error("P014", at, "this example is neither bad nor good")
                    .label("begin it with bad: TITLE or good: TITLE"),
            );
            return None;
        }
    };
    let title = reader.text(&entry.value, "the title of an example")?;
    Some((bad, title))
}

fn files(reader: &mut Reader, node: &Node) -> Vec<(Str, Str)> {
    let Some(map) = reader.any_fields(node, "`files`") else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for entry in map.iter() {
        let Some(path) = reader.text(&entry.key, "a path") else {
            continue;
        };
        // An empty file is a file.
        let text = if entry.value.is_null() {
            Some(Str::from(""))
        } else {
            reader
                .text(&entry.value, "the text of a file")
                .map(|text| text.text)
        };
        if let Some(text) = text {
            files.push((path.text, text));
        }
    }
    files.sort();
    files
}

/// Days with the files of a commit of that day.
fn earlier(reader: &mut Reader, node: &Node) -> Vec<Earlier> {
    let Some(map) = reader.any_fields(node, "`earlier`") else {
        return Vec::new();
    };
    let mut commits = Vec::new();
    for entry in map.iter() {
        let Some(day) = reader.text(&entry.key, "a day") else {
            continue;
        };
        if is_day(&day.text) {
            commits.push(Earlier {
                files: files(reader, &entry.value),
                day: day.text,
            });
        } else {
            let title = format!("`{}` is no day", day.text);
            reader.error("P005", day.span, title, "write it as \"2025-06-01\"");
        }
    }
    commits.sort_by(|a, b| a.day.cmp(&b.day));
    commits
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, most: u32| {
        part.parse()
            .is_ok_and(|number| (1..=most).contains(&number))
    };
    matches!(parts.as_slice(), [year, month, day]
        if year.len() == 4 && month.len() == 2 && day.len() == 2
            && number(year, 9999) && number(month, 12) && number(day, 31))
}

fn untracked(reader: &mut Reader, node: &Node, files: &[(Str, Str)]) -> Vec<Str> {
    let paths = reader.texts(node, "a path");
    for path in &paths {
        known_file(reader, path, &path.text, files);
    }
    paths.into_iter().map(|path| path.text).collect()
}

fn expect(reader: &mut Reader, node: &Node, bad: bool, files: &[(Str, Str)]) -> Vec<Text> {
    let places = reader.texts(node, "a place");
    if !bad && !places.is_empty() {
        let at = reader.at(node.span);
        reader.say(
            Diagnostic::error("P005", at, "a good example expects no finding")
                .label("delete it, or write `bad:`"),
        );
    }
    for place in &places {
        let line = place.text.rsplit_once(':');
        let line = line.filter(|(_, line)| line.parse::<u32>().is_ok_and(|line| line > 0));
        if let Some((path, _)) = line {
            known_file(reader, place, path, files);
        } else {
            let title = format!("`{}` is no place", place.text);
            let label = "write PATH:LINE, such as \".env.production:1\"";
            reader.error("P005", place.span, title, label);
        }
    }
    places
}

fn known_file(reader: &mut Reader, written: &Text, path: &str, files: &[(Str, Str)]) {
    let known = files
        .binary_search_by(|(name, _)| (**name).cmp(path))
        .is_ok();
    if known || reader.is_full() {
        return;
    }
    let names = files.iter().map(|(name, _)| &**name);
    let at = reader.at(written.span);
    let meant = crate::policy::suggest::did_you_mean(path, names);
    reader.say(
        Diagnostic::error("P006", at, format!("this example has no file `{path}`")).meant(meant),
    );
}
