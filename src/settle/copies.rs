//! Copies: a file that repeats another one of the same name byte for byte (a release channel, a vendored chart) has the
//! same findings. They are told once, where the shallower file lies, with the copies beside it.

use std::collections::HashMap;
use std::mem::discriminant;

use crate::model::settled::Status;
use crate::model::{Document, Finding, Place};

type Judged = (Finding, Status);

/// The findings, those of copies folded into those of their originals.
pub fn fold(judged: Vec<Judged>, documents: &[Document]) -> Vec<Judged> {
    let texts: HashMap<&str, &str> = documents
        .iter()
        .map(|document| (document.file.path.as_ref(), document.text.as_ref()))
        .collect();
    let mut groups: Vec<Vec<Judged>> = Vec::new();
    let mut by_key = HashMap::new();
    for one in judged {
        let (finding, status) = &one;
        let file = &finding.primary.file;
        // Findings over several files hang on more than one text.
        let text = texts
            .get(file.path.as_ref())
            .filter(|text| !text.is_empty() && is_of_one_file(finding));
        let Some(text) = text else {
            groups.push(vec![one]);
            continue;
        };
        let key = (
            (file.name.clone(), *text, finding.primary.span),
            (finding.policy.clone(), finding.row.clone()),
            (finding.message.clone(), finding.severity),
            discriminant(status),
        );
        let at = *by_key.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups.into_iter().filter_map(original).collect()
}

fn is_of_one_file(finding: &Finding) -> bool {
    let path = &finding.primary.file.path;
    finding.related.iter().all(|place| place.file.path == *path)
}

/// The finding of the shallowest file, which names the others.
fn original(mut group: Vec<Judged>) -> Option<Judged> {
    group.sort_by_cached_key(|(finding, _)| {
        let path = &finding.primary.file.path;
        (path.matches('/').count(), path.clone())
    });
    let mut group = group.into_iter();
    let (mut finding, status) = group.next()?;
    finding.related.extend(group.map(|(copy, _)| Place {
        label: "the same in this copy".to_owned(),
        ..copy.primary
    }));
    Some((finding, status))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{dotenv, finding, place};
    use super::*;
    use crate::model::{Env, Severity};

    fn folded(paths: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        let documents: Vec<Document> = paths
            .iter()
            .map(|(path, text)| dotenv(path, Env::PRODUCTION, text))
            .collect();
        let findings = documents.iter().map(|document| {
            let at = place(document, "DEBUG", "");
            (finding("p", Severity::High, at, Vec::new()), Status::New)
        });
        let path = |place: &Place| place.file.path.to_string();
        fold(findings.collect(), &documents)
            .iter()
            .map(|(one, _)| (path(&one.primary), one.related.iter().map(path).collect()))
            .collect()
    }

    #[test]
    fn the_shallowest_file_speaks_for_its_copies() {
        let text = "DEBUG=1\n";
        let told = folded(&[
            ("other/nightly/.env.prod", text),
            (".env.prod", text),
            ("other/.env.production", text),
        ]);
        let one = |path: &str, copies: &[&str]| {
            let copies = copies.iter().map(|path| (*path).to_owned()).collect();
            (path.to_owned(), copies)
        };
        assert_eq!(
            told,
            [
                one(".env.prod", &["other/nightly/.env.prod"]),
                one("other/.env.production", &[]),
            ]
        );
    }

    #[test]
    fn a_file_that_differs_is_no_copy() {
        let told = folded(&[
            (".env.prod", "DEBUG=1\n"),
            ("a/.env.prod", "DEBUG=1\nX=1\n"),
        ]);
        assert_eq!(told.len(), 2);
    }
}
