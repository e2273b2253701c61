//! Kustomizations: the images, literals, env files and namespace they put over a base, and patches as far as they set
//! variables and images. What a base says stays with the base.

use crate::model::file::Nature;
use crate::model::schema::{k8s_object, var};
use crate::model::{Fact, Kind, base_name};
use crate::syntax::{Node, yaml};

use super::kubernetes::{Reader, is_template};
use super::writer::{Scope, Writer, short};
use super::{Claim, Format, Input, Output, dotenv, embedded, kubernetes};

pub static KUSTOMIZE: Format = Format {
    name: "kustomize",
    doc: "kustomizations: `kustomization.yaml`",
    nature: Nature::Other,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let name = base_name(path);
    if matches!(
        name,
        "kustomization.yaml" | "kustomization.yml" | "Kustomization"
    ) {
        Claim::Yes
    } else {
        Claim::No
    }
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    if is_template(input.text, !tree.problems.is_empty()) {
        return Output {
            unread: Some(kubernetes::TEMPLATE),
            ..Output::default()
        };
    }
    let mut reader = Reader::new(Writer::new(input, "k8s"));
    for document in &tree.documents {
        reader.kustomization(document);
    }
    Output {
        facts: reader.writer.facts,
        problems: tree.problems,
        ..Output::default()
    }
}

impl Reader<'_> {
    fn kustomization(&mut self, document: &Node) {
        let from = self.writer.facts.len();
        let named = document
            .get("namespace")
            .filter(|node| node.text().is_some());
        if let Some(namespace) = named {
            self.namespace(namespace);
        }
        for image in list(document, "images") {
            self.new_image(image);
        }
        for (key, kind) in [
            ("configMapGenerator", "ConfigMap"),
            ("secretGenerator", "Secret"),
        ] {
            for generator in list(document, key) {
                self.generator(generator, kind);
            }
        }
        for patch in list(document, "patches")
            .iter()
            .chain(list(document, "patchesJson6902"))
        {
            self.patch(patch.get("patch"), patch.get("target"));
        }
        for patch in list(document, "patchesStrategicMerge") {
            self.patch(Some(patch), None);
        }
        let words = &self.writer.input.lexicon.words;
        let env = named
            .and_then(Node::text)
            .and_then(|text| words.named(text));
        if let Some(env) = env.filter(|_| self.writer.input.file.claim.is_none()) {
            let name = named.and_then(Node::text).unwrap_or_default();
            self.all_to(from, env, &format!("the namespace `{}`", short(name)));
        }
    }

    fn namespace(&mut self, node: &Node) {
        let input = self.writer.input;
        let name = input.file.dir.rsplit('/').next().unwrap_or_default();
        let text = node.text().unwrap_or_default();
        let span = self.writer.content(node);
        let fact = Fact::new(Kind::k8s_object, input.file, span, span)
            .with(k8s_object::OBJECT, "Kustomization")
            .with(k8s_object::NAME, name)
            .with(k8s_object::NAMESPACE, short(text))
            .with(k8s_object::NAMESPACE_ENV, input.lexicon.words.named(text));
        self.writer.push(&Scope::default(), fact);
    }

    /// `images:`: the tag that is put in the place of the base's. Without one the base still decides.
    fn new_image(&mut self, image: &Node) {
        let text = |key: &str| image.get(key).and_then(Node::text);
        let Some(name) = text("name") else {
            return;
        };
        let repository = text("newName").unwrap_or(name);
        let (key, reference) = match (text("digest"), text("newTag")) {
            (Some(digest), _) => ("digest", format!("{repository}@{digest}")),
            (None, Some(tag)) => ("newTag", format!("{repository}:{tag}")),
            (None, None) => return,
        };
        if let Some(entry) = image.entry(key) {
            let span = self.writer.content(&entry.value);
            let scope = Scope::of(name);
            self.writer.image(&scope, entry.key.span, &reference, span);
        }
    }

    fn generator(&mut self, generator: &Node, kind: &str) {
        let name = generator
            .get("name")
            .and_then(Node::text)
            .unwrap_or_default();
        let scope = Scope::of(name);
        let from = self.writer.facts.len();
        for literal in list(generator, "literals") {
            self.writer.assignment(&scope, literal);
        }
        self.writer.mark(from, var::OBJECT, kind);
        let files = list(generator, "envs")
            .iter()
            .chain(generator.get("env"))
            .filter_map(|node| Some((node.text()?, node)));
        let along = list(generator, "files").iter().filter_map(|node| {
            let text = node.text()?;
            let path = text.split_once('=').map_or(text, |(_, path)| path);
            dotenv::is_surely(path).then_some((path, node))
        });
        let files: Vec<(&str, &Node)> = files.chain(along).collect();
        for (path, node) in files {
            let span = self.writer.content(node);
            self.writer.env_file(&scope, path, span, true);
        }
    }

    /// A patch written in place: a part of an object, or a list of operations on one.
    fn patch(&mut self, patch: Option<&Node>, target: Option<&Node>) {
        let Some(patch) = patch else {
            return;
        };
        let name = target
            .and_then(|target| target.get("name"))
            .and_then(Node::text)
            .unwrap_or_default();
        for document in embedded::documents(patch, self.writer.input.text) {
            if document.is_seq() {
                for operation in document.items() {
                    self.operation(name, operation);
                }
            } else {
                self.object(&document);
            }
        }
    }

    /// `op: replace`, `path: …/image`, `value: …`.
    fn operation(&mut self, name: &str, operation: &Node) {
        let path = operation
            .get("path")
            .and_then(Node::text)
            .unwrap_or_default();
        let Some(value) = operation.entry("value") else {
            return;
        };
        let scope = Scope::of(name);
        let last = path.rsplit('/').next().unwrap_or_default();
        let key = value.key.span;
        if last == "image" {
            let text = value.value.text().unwrap_or_default();
            let span = self.writer.content(&value.value);
            self.writer.image(&scope, key, text, span);
        } else if path.contains("/env") {
            for item in std::iter::once(&value.value).chain(value.value.items()) {
                kubernetes::variable(&mut self.writer, &scope, item);
            }
        } else if let Some(variable) = path.strip_prefix("/data/") {
            if value.value.text().is_some() {
                self.writer.variable(&scope, variable, key, &value.value);
            }
        } else if last == "host" && path.contains("/rules/") {
            self.writer.host(name, key, &value.value);
        }
    }
}

fn list<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).map(Node::items).unwrap_or_default()
}
