//! The role of a file by its name and place: a form to fill in, a fixture, prose, something encrypted, or the real thing.
//!
//! - A name decides before a folder: `.env.production.example` is an example wherever it lies.
//! - A project below `examples/` is an example: nobody deploys it. (Who checks that folder itself sees it as real.)
//! - Fixtures are test data. A Compose or dotenv file of a test suite (`tests/docker-compose.yml`, `e2e/.env`) is real:
//!   it runs, beside the other stacks of the machine. One that names a deployed environment there is a fixture again.
//! - `.env.test` is the real file of the test environment.

use crate::model::file::Nature;
use crate::model::{Env, File, Role};
use crate::value::words::{Token, Words, tokens};

/// Words that make a name a form to fill in.
const FORMS: &[&str] = &[
    "example",
    "examples",
    "sample",
    "samples",
    "template",
    "templates",
    "tmpl",
    "tpl",
    "ctmpl",
    "dist",
    "default",
    "defaults",
    "schema",
    "skel",
    "skeleton",
    "stub",
    "boilerplate",
    "exemple",
    "exemplo",
    "ejemplo",
    "beispiel",
];

/// Folders of things to copy. The second list holds only for files that are never rendered where they lie: a Helm
/// chart keeps its real objects in `templates/`.
const FORM_FOLDERS: &[&str] = &[
    "example",
    "examples",
    "sample",
    "samples",
    "skeleton",
    "skeletons",
    "stubs",
    "scaffold",
    "scaffolding",
    "boilerplate",
    "boilerplates",
    "cookiecutter",
];
const TEMPLATE_FOLDERS: &[&str] = &["template", "templates"];

const FIXTURE_FOLDERS: &[&str] = &[
    "fixtures",
    "fixture",
    "__fixtures__",
    "testdata",
    "test-data",
    "test_data",
    "testfixtures",
    "test-fixtures",
    "test_fixtures",
    "__mocks__",
    "__snapshots__",
    "snapshots",
    "testcases",
    "test-cases",
    "test_cases",
    "golden",
];
const TEST_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "spec",
    "specs",
    "__tests__",
    "testing",
    "unittests",
    "integration-tests",
];
/// Suites inside a folder of tests that may have a stack of their own.
const SUITES: &[&str] = &[
    "acceptance",
    "api",
    "ci",
    "compose",
    "docker",
    "e2e",
    "env",
    "functional",
    "integration",
    "performance",
    "smoke",
    "system",
    "unit",
];

/// The role of a file; `path` is its path below the folder that the user asked about.
pub(super) fn of(path: &str, file: &File) -> Role {
    if file.nature == Nature::Prose || is_prose(&file.name) {
        return Role::Doc;
    }
    if is_sealed_name(&file.name) {
        return Role::Encrypted;
    }
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    if file.nature == Nature::Program {
        return of_program(folders, file);
    }
    let is_setting = file.nature == Nature::Settings;
    if is_form_name(&file.name, is_setting) || path.contains("{{") {
        return Role::Example;
    }
    let in_one_of = |words: &[&str]| folders.split('/').any(|folder| is_one_of(folder, words));
    if in_one_of(FIXTURE_FOLDERS) {
        return Role::Test;
    }
    if in_one_of(FORM_FOLDERS) || (is_setting && in_one_of(TEMPLATE_FOLDERS)) {
        return Role::Example;
    }
    let runs = is_setting && is_of_a_suite(folders) && !names_deployment(file);
    let tested = in_one_of(TEST_FOLDERS) && !runs;
    if tested { Role::Test } else { Role::Real }
}

/// Words in the folders of suites, of which programs have many.
const SUITE_WORDS: &[&str] = &[
    "test",
    "tests",
    "spec",
    "specs",
    "e2e",
    "cypress",
    "playwright",
    "mock",
    "mocks",
    "testing",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "storybook",
    "stories",
    "unittests",
    "testutil",
    "testutils",
];
const SAMPLE_FOLDERS: &[&str] = &[
    "example",
    "examples",
    "sample",
    "samples",
    "skeleton",
    "boilerplate",
];
const DOC_FOLDERS: &[&str] = &["docs", "doc", "documentation"];

/// Source code: `email-template.ts` and `schema.py` are the real thing, `settings.example.py` is none, and code in
/// documents shows how something is done.
fn of_program(folders: &str, file: &File) -> Role {
    let one_of = |words: &[&str]| folders.split('/').any(|folder| is_one_of(folder, words));
    let of_suite = |folder: &str| tokens(folder).any(|token| token.is_one_of(SUITE_WORDS));
    if one_of(FIXTURE_FOLDERS) || is_test_source(&file.name) || folders.split('/').any(of_suite) {
        return Role::Test;
    }
    let scaffold = folders.contains("{{") || file.name.contains("{{");
    if is_sample_source(&file.name) || one_of(SAMPLE_FOLDERS) || scaffold {
        return Role::Example;
    }
    if one_of(DOC_FOLDERS) {
        Role::Doc
    } else {
        Role::Real
    }
}

/// `settings.example.py`, `local_sample.rb`: by the last word before the extension.
fn is_sample_source(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
    let last = stem.rsplit(['.', '-', '_']).next();
    last.filter(|last| last.len() < stem.len())
        .is_some_and(|last| is_one_of(last, &["example", "sample", "dist", "tmpl", "skel", "stub"]))
}

/// `.env.production.enc`, `secrets.sops.yaml`, `.env.vault`, `x.gpg`; not `.sops.yaml`, which configures SOPS.
fn is_sealed_name(name: &str) -> bool {
    let is_dotenv = name
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case(".env"));
    let Some((stem, last)) = name.rsplit_once('.') else {
        return false;
    };
    let by_end = is_one_of(last, &["gpg", "pgp", "age", "asc"])
        || (is_dotenv && is_one_of(last, &["vault"]));
    let sealed = |part: &str| is_one_of(part, &["enc", "encrypted", "sops"]);
    let by_part = sealed(last) || stem.split('.').skip(1).any(sealed);
    !stem.is_empty() && (by_end || by_part) && !name.starts_with(".sops.")
}

/// `template.yaml` alone is a CloudFormation or SAM stack, which is real; as an env or Compose file it is a form.
fn is_form_name(name: &str, is_setting: bool) -> bool {
    let is_form = |token: Token| token.is_one_of(FORMS);
    let whole_stem = || {
        name.split('.')
            .next()
            .is_some_and(|stem| is_one_of(stem, FORMS))
    };
    tokens(name).any(is_form) && (is_setting || !whole_stem())
}

/// A name without the words for its environment and for a form.
pub(super) fn purpose(name: &str, words: &Words) -> String {
    let mut kept = String::with_capacity(name.len());
    for token in tokens(name) {
        if token.is_one_of(FORMS) || words.named(token.text).is_some() {
            continue;
        }
        if !kept.is_empty() {
            kept.push('.');
        }
        kept.push_str(&token.text.to_ascii_lowercase());
    }
    kept
}

/// The folder of tests itself, or a suite right in it: deeper files are material that tests work on.
fn is_of_a_suite(folders: &str) -> bool {
    let mut rest = folders
        .split('/')
        .skip_while(|folder| !is_one_of(folder, TEST_FOLDERS));
    rest.next();
    match (rest.next(), rest.next()) {
        (None, _) => true,
        (Some(suite), None) => is_one_of(suite, SUITES) || is_one_of(suite, TEST_FOLDERS),
        (Some(_), Some(_)) => false,
    }
}

fn names_deployment(file: &File) -> bool {
    let env = file.claim.as_ref().map(|claim| claim.env);
    env.is_some_and(|env| ![Env::LOCAL, Env::DEVELOPMENT, Env::TEST].contains(&env))
}

fn is_test_source(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let marked = name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".e2e.")
        || name.contains(".stories.")
        || name.contains(".mock.")
        || name.contains(".cy.")
        || ["jest.", "vitest.", "playwright.", "cypress."]
            .iter()
            .any(|tool| name.starts_with(tool));
    marked
        || name == "conftest.py"
        || stem.starts_with("test_")
        || ["_test", "_spec", "Test", "Tests", "Spec"]
            .iter()
            .any(|end| stem.ends_with(end))
}

fn is_prose(name: &str) -> bool {
    let ext = name.rsplit_once('.').map_or("", |(_, ext)| ext);
    is_one_of(ext, &["md", "mdx", "markdown", "rst", "adoc"])
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
