//! Every code a message about a policy or the configuration can have, with what it means. The reference page is made from
//! this table, and a test holds that no code is used that is not in it.

/// One code.
#[derive(Debug)]
pub struct Code {
    pub code: &'static str,
    pub title: &'static str,
    pub meaning: &'static str,
}

const fn code(code: &'static str, title: &'static str, meaning: &'static str) -> Code {
    Code {
        code,
        title,
        meaning,
    }
}

pub static CODES: &[Code] = &[
    code(
        "P001",
        "the file cannot be read as one YAML document",
        "Its syntax is broken, it is larger than 1 MiB, or it holds several documents. Nothing else is said about such a file, because what it means would be a guess.",
    ),
    code(
        "P002",
        "a key or a test that does not exist there",
        "Each map has a fixed set of keys and each type of field a fixed set of tests; the message lists them.",
    ),
    code(
        "P003",
        "the fact has no such field",
        "`for` decides which fields there are. The message lists them, and says which other fact has a field of that name.",
    ),
    code(
        "P004",
        "there is no such fact",
        "The kinds of facts are listed on the page of facts; `envguard facts` prints those of your own files.",
    ),
    code(
        "P005",
        "a value of the wrong kind",
        "Such as text where a number belongs, a list where one value belongs, a value that is missing, or two fields that can never be equal.",
    ),
    code(
        "P006",
        "a word that is none of the known ones",
        "An environment, a severity, a type, or a value that the field can never have.",
    ),
    code(
        "P007",
        "a bad regular expression or glob",
        "Regular expressions run in linear time and know no look-around and no backreferences; select with two conditions or with `not:`.",
    ),
    code(
        "P008",
        "an asterisk in plain text",
        "Plain text is compared literally. A wildcard is `{glob: …}`, an asterisk is `{is: …}`.",
    ),
    code(
        "P009",
        "not exactly one assertion",
        "A policy demands one thing: `must`, `must_not`, `exists`, `not_exists`, `differ`, `agree`, `parity`, or a matrix.",
    ),
    code(
        "P010",
        "what happens when the field is absent is not said",
        "`must` tests a field that some facts do not have. `if_absent: fail` or `pass` says what that means, or `where` selects only the facts that have it.",
    ),
    code(
        "P011",
        "a parameter that does not exist or is not used",
        "Every `$name` is declared under `params`, and every parameter that is declared is used.",
    ),
    code(
        "P012",
        "the message names something unknown",
        "A message may name the fields of its fact and the words of its assertion; the message lists them.",
    ),
    code(
        "P013",
        "the same name twice",
        "The same key twice in one map, where YAML would silently keep one of them, or two policies with one id.",
    ),
    code(
        "P014",
        "something is missing",
        "A key that a policy, an assertion, a matrix row or an example cannot do without.",
    ),
    code(
        "P015",
        "an example has other findings than it says",
        "A bad example without its finding, a good one with a finding, or findings in other places than `expect` lists.",
    ),
    code(
        "P016",
        "a good example that proves nothing",
        "`for` and `where` select nothing in it, so that it would pass whatever the policy demands. The message says which condition let nothing through.",
    ),
    code(
        "P017",
        "a condition that no example needs",
        "Without it every example has the same findings: it is untested, or useless. A warning.",
    ),
    code(
        "P018",
        "a text that still says TODO",
        "A title, `why`, `fix`, message or title of an example of the template is printed with every finding as it stands. A warning.",
    ),
    code(
        "C001",
        "the configuration has no such key",
        "The keys are listed on the page of the configuration.",
    ),
    code(
        "C002",
        "an incomplete allowance",
        "It names no policy, gives no reason, or has no last day where `require_until` is on.",
    ),
    code(
        "C003",
        "an allowance that matches nothing any more",
        "What it allowed is gone: delete it. A warning.",
    ),
    code(
        "C004",
        "no such policy or pack",
        "`envguard policy list` lists the policies and their tags.",
    ),
    code(
        "C005",
        "a value of the wrong kind in the configuration",
        "Such as one value where a list belongs, a key without a value, or a key that is written twice.",
    ),
    code(
        "C006",
        "a word or a pattern that means nothing",
        "An environment, alias or group that does not exist, a severity, or a broken glob.",
    ),
    code(
        "C007",
        "the configuration is not valid YAML",
        "The run stops: half a configuration must never allow anything.",
    ),
    code(
        "C008",
        "a policy file that is not there",
        "`policies.files` names a file or a glob that matches nothing, or a file that cannot be read.",
    ),
];

/// What is known of a code.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|one| one.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn rust_files(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                rust_files(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("codes.rs")
            {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// `"P001"` and the like, wherever they stand in a text.
    fn used(text: &str) -> impl Iterator<Item = &str> {
        text.split('"').filter(|word| {
            word.len() == 4
                && word.starts_with(['P', 'C'])
                && word[1..].bytes().all(|b| b.is_ascii_digit())
        })
    }

    #[test]
    fn every_code_that_is_used_is_in_the_table_once() {
        let mut files = Vec::new();
        rust_files(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut files,
        );
        let used: BTreeSet<&str> = files.iter().flat_map(|text| used(text)).collect();
        let listed: BTreeSet<&str> = CODES.iter().map(|one| one.code).collect();
        assert_eq!(listed.len(), CODES.len());
        let unlisted: Vec<_> = used.difference(&listed).collect();
        assert!(unlisted.is_empty(), "not in the table: {unlisted:?}");
        assert!(used.contains("P001") && find("P001").is_some() && find("P999").is_none());
    }
}
