//! Everything that reads what somebody else wrote, as functions from bytes to nothing: they return, or they panic because
//! something is wrong. Formats are taken from the list of formats, so that a new one is attacked by itself.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use envguard::config;
use envguard::config::date::Date;
use envguard::format::{self, Format, Input};
use envguard::model::wants::Wants;
use envguard::model::{Environments, Field, File, Kind, Secret, Str};
use envguard::pipeline::{self, Ask, ConfigFrom, Dump, From, Listed, Request};
use envguard::policy::diagnostic::Source;
use envguard::policy::{Catalogue, Settings};
use envguard::source;
use envguard::syntax::{Template, dotenv, expression, json, shell, shell_variables, toml, yaml};
use envguard::value::Lexicon;
use envguard::view;

use super::corpus::{self, Corpus};
use super::oracle;

/// One reader of what somebody else wrote.
pub struct Target {
    pub name: String,
    pub seeds: Vec<Vec<u8>>,
    /// Bytes that are no text tell something, too.
    pub raw: bool,
    run: Run,
}

enum Run {
    /// The first line is the path.
    Format(&'static Format),
    Text(fn(&str)),
    Bytes(fn(&[u8])),
}

impl Target {
    pub fn run(&self, input: &[u8]) {
        match self.run {
            Run::Format(format) => with_text(input, |text| read(format, text)),
            Run::Text(run) => with_text(input, run),
            Run::Bytes(run) => run(input),
        }
    }
}

fn with_text(input: &[u8], run: impl FnOnce(&str)) {
    run(&String::from_utf8_lossy(input));
}

/// A secret that is put into what is attacked; made here so that the project holds none.
pub fn secret() -> String {
    ["q7Zk2", "vX9wB4", "nT6y", "Hc3mPd8", "Rs5"].concat()
}

pub fn all(corpus: &Corpus) -> Vec<Target> {
    let is_read = |format: &&&Format| format.name != format::dump::DUMP.name;
    let formats = format::ALL.iter().filter(is_read);
    let mut all: Vec<Target> = formats.map(|format| of_format(format, corpus)).collect();
    all.extend(of_texts(corpus));
    all.extend(of_repositories(corpus));
    all.push(target("index", vec![index_file()], true, Run::Bytes(index)));
    all
}

/// What reads one text.
fn of_texts(corpus: &Corpus) -> Vec<Target> {
    let texts = |holds: fn(&str) -> bool| -> Vec<Vec<u8>> {
        let texts = corpus.files.iter().filter(|(path, _)| holds(path));
        texts.map(|(_, text)| text.clone().into_bytes()).collect()
    };
    let policies = corpus.policies.iter();
    let policies = policies.map(|text| text.clone().into_bytes()).collect();
    let env = |path: &str| path.contains("env");
    let text = |name: &str, seeds, run| target(name, seeds, false, Run::Text(run));
    vec![
        text("syntax", texts(|_| true), syntax),
        text("interpolation", texts(env), interpolation),
        text("policy", policies, policy),
        text(
            "configuration",
            texts(|path| path.ends_with(".envguard.yml")),
            configuration,
        ),
        text(
            "dump",
            texts(|path| path.contains(".env") || path.ends_with("json")),
            dump,
        ),
        target("bytes", texts(env), true, Run::Bytes(bytes)),
    ]
}

/// What goes the whole way, with exceptions, with a baseline, and with anything at all.
fn of_repositories(corpus: &Corpus) -> Vec<Target> {
    let written: Vec<String> = corpus.repositories.iter().map(corpus::written).collect();
    let with = |name: &str, word: &str| {
        let seeds = written.iter().filter(|text| text.contains(word));
        let seeds = seeds.map(|text| text.clone().into_bytes()).collect();
        target(name, seeds, false, Run::Text(repository))
    };
    vec![
        with("exceptions", "envguard: allow"),
        with("baseline", "baseline.jsonl"),
        with("repository", ""),
    ]
}

fn target(name: &str, seeds: Vec<Vec<u8>>, raw: bool, run: Run) -> Target {
    assert!(!seeds.is_empty(), "nothing to start from for {name}");
    Target {
        name: name.to_owned(),
        seeds,
        raw,
        run,
    }
}

/// A format with every text of the project that it reads.
fn of_format(format: &'static Format, corpus: &Corpus) -> Target {
    let reads = |(path, text): &&(String, String)| {
        let is_it = |one: &&Format| std::ptr::eq(*one, format);
        format::readers(path, text, &Everything).iter().any(is_it)
    };
    let seed = |(path, text): &(String, String)| format!("{path}\n{text}").into_bytes();
    let seeds = corpus.files.iter().filter(reads).map(seed).collect();
    let folder = if format.beside { "beside" } else { "format" };
    target(
        &format!("{folder}/{}", format.name),
        seeds,
        false,
        Run::Format(format),
    )
}

/// Some policy asks for everything there is.
struct Everything;

impl Wants for Everything {
    fn reads(&self, _: Kind, _: &str) -> bool {
        true
    }

    fn words(&self, _: Field) -> Option<Vec<&str>> {
        None
    }
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(Environments::default()));
    &LEXICON
}

fn read(format: &'static Format, input: &str) {
    let (path, text) = input.split_once('\n').unwrap_or(("a", input));
    let file = Arc::new(File {
        format: format.name,
        ..File::at(path)
    });
    let parse = |text: &str| {
        (format.parse)(&Input {
            file: &file,
            text,
            lexicon: lexicon(),
            wants: &Everything,
        })
    };
    let output = parse(text);
    oracle::sound(text, &output);
    if !text.contains('\r') {
        let windows = text.replace('\n', "\r\n");
        let other = parse(&windows);
        oracle::sound(&windows, &other);
        let broken = !output.problems.is_empty() || !other.problems.is_empty();
        let (one, other) = (oracle::told(text, &output), oracle::told(&windows, &other));
        for (one, other) in one.iter().zip(&other) {
            if broken {
                // A text that runs over a line's end because nothing closes it may keep that end or fold it to a blank.
                assert_eq!(oracle::folded(one), oracle::folded(other), "other facts");
            } else {
                assert_eq!(one, other, "other line ends, other facts");
            }
        }
        assert_eq!(one.len(), other.len(), "other line ends, more facts");
    }
}

fn syntax(text: &str) {
    for parse in [yaml::parse, json::parse, toml::parse] {
        oracle::sound_tree(text, &parse(text));
    }
    for problem in &dotenv::parse(text).problems {
        oracle::fits(text, problem.span);
    }
    expression::parse(text);
    expression::condition(text);
    for (from, to) in expression::embedded(text) {
        assert!(text.get(from..to).is_some());
    }
    shell::lines(&shell::parse(text)).for_each(drop);
    shell_variables::scan(text);
}

/// Templates as a whole text and line by line, with values that refer to each other.
fn interpolation(text: &str) {
    let document = dotenv::parse(text);
    dotenv::evaluate(&document, &|name: &str| {
        name.len().is_multiple_of(3).then(|| Secret::new(name))
    });
    for line in std::iter::once(text).chain(text.lines()) {
        let template = Template::parse(line);
        for reference in template.references() {
            oracle::fits(line, reference.span);
            oracle::fits(line, reference.name_span);
        }
        for problem in template.problems() {
            oracle::fits(line, problem.span);
        }
        let found = template.evaluate(line, &|name: &str| {
            name.len().is_multiple_of(2).then(|| Secret::new("${A}$$"))
        });
        drop(found);
    }
}

fn policy(text: &str) {
    let mut catalogue = Catalogue::default();
    catalogue.add(&Source::new("policies/own.yml", text));
    let compiled = catalogue.compile(&Environments::default(), &Settings::new());
    for diagnostic in compiled.err().unwrap_or_default() {
        oracle::harmless(&diagnostic.render());
    }
}

fn configuration(text: &str) {
    let (_, found) = config::load(&Source::new(".envguard.yml", text));
    for diagnostic in found {
        oracle::harmless(&diagnostic.render());
    }
}

fn request(from: From) -> Request {
    Request {
        from,
        config: ConfigFrom::Tree,
        exclude: Vec::new(),
        include_ignored: true,
        history: false,
        today: Date::parse("2026-02-01").unwrap(),
    }
}

fn dump(text: &str) {
    let dump = |env: &str| Dump {
        env: env.to_owned(),
        path: PathBuf::from("dump"),
        source: "dump".to_owned(),
        shape: None,
        text: Secret::new(text),
    };
    let dumps = vec![dump("staging"), dump("production")];
    let from = From::Dumps {
        dumps,
        files: None,
        told: pipeline::Told::Everything,
    };
    let request = Request {
        config: ConfigFrom::None,
        ..request(from)
    };
    judged(&request, &[secret()]);
}

/// The whole way: configuration, policies, comments, baseline, every report and every view. One file more holds a secret,
/// so that it is known to be one wherever else it stands.
fn repository(text: &str) {
    let secret = secret();
    let mut files = corpus::repository(text);
    files.push((
        "deploy/.env.production".to_owned(),
        format!("SESSION_SECRET={secret}\n"),
    ));
    // A path is told as it is: whoever reads a report has to find the file.
    let shown = |(path, text): (String, String)| {
        let path = path.replace(&secret, "secret");
        (Str::from(path), Str::from(text))
    };
    let from = From::Texts {
        files: files.into_iter().map(shown).collect(),
        untracked: Vec::new(),
        earlier: Vec::new(),
    };
    let request = request(from);
    judged(&request, &[secret]);
    if let Ok(written) = pipeline::baseline(&request, pipeline::Change::Write) {
        assert!(written.text.is_ascii() || !written.text.is_empty());
    }
}

fn judged(request: &Request, secrets: &[String]) {
    let ask = Ask {
        all: true,
        ..Ask::default()
    };
    let mut told = match pipeline::check(request, &ask) {
        Ok(settled) => oracle::reports(&settled),
        Err(pipeline::Error::Written(found)) => {
            // Mistakes are shown with their lines, whatever is written there.
            for diagnostic in found {
                oracle::harmless(&diagnostic.render());
            }
            return;
        }
        Err(error) => error.to_string(),
    };
    if let Ok(understood) = pipeline::understand(request) {
        let by = [
            pipeline::By::Variable,
            pipeline::By::Vendor,
            pipeline::By::Resource,
        ];
        let by = by.map(|by| pipeline::matrix(&understood, by));
        let listed = [Listed::ByVariable, Listed::ByFile];
        let listed = listed.map(|by| pipeline::inventory(&understood, by));
        for view in by.iter().flatten().chain(&listed) {
            for format in view::ALL {
                let mut out = Vec::new();
                (format.render)(view, &view::Style::default(), &mut out).unwrap();
                told += &String::from_utf8(out).unwrap();
            }
        }
    }
    for secret in secrets {
        let at = told.find(secret.as_str());
        let line = at.map(|at| told[..at].rfind('\n').map_or(0, |at| at + 1));
        let line = line.and_then(|at| told[at..].lines().next());
        assert!(line.is_none(), "a secret is told: {line:?}");
    }
}

/// A file whose bytes may be anything, standing in an empty folder.
fn bytes(input: &[u8]) {
    static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
    let name = FOLDER.path().join(".env.production");
    let bytes = input.to_vec();
    judged(&request(From::Stdin { name, bytes }), &[]);
}

/// A repository whose index is replaced by what is attacked.
struct Repository {
    _folder: tempfile::TempDir,
    root: PathBuf,
    index: Vec<u8>,
}

static REPOSITORY: LazyLock<Repository> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_owned();
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        let done = command.args(args).current_dir(&root).output().unwrap();
        assert!(done.status.success(), "git {args:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    for path in [
        "a/b/.env",
        "a/c.yml",
        "docker-compose.yml",
        "z/é.yml",
        "z/long-name/.env.production",
    ] {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "A=1\n").unwrap();
    }
    git(&["add", "-A"]);
    git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "commit",
        "-qm",
        "one",
    ]);
    git(&["update-index", "--index-version", "4"]);
    // A checksum would refuse every change before anything is read.
    git(&["config", "index.skipHash", "true"]);
    git(&["update-index", "--force-write-index"]);
    let index = std::fs::read(root.join(".git/index")).unwrap();
    Repository {
        _folder: folder,
        root,
        index,
    }
});

fn index_file() -> Vec<u8> {
    REPOSITORY.index.clone()
}

fn index(input: &[u8]) {
    let root = &REPOSITORY.root;
    std::fs::write(root.join(".git/index"), input).unwrap();
    let options = source::Options::new(|_| source::Wanted::Yes);
    if let Ok(opened) = source::index(Some(root), &options) {
        use envguard::model::Tree;
        for entry in opened.snapshot.entries().iter().take(50) {
            drop(opened.snapshot.read(&entry.path));
        }
    }
    let staged = From::staged(Some(root.clone()));
    drop(pipeline::check(&request(staged), &Ask::default()));
}
