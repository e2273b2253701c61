//! Settings of application frameworks: files in which a program keeps its own configuration, one value after the other,
//! under names with dots (`spring.datasource.password`).

mod appsettings;
mod django;
mod ide;
mod node_config;
mod rails;
mod sections;
mod spring;

pub use appsettings::APPSETTINGS;
pub use django::DJANGO;
pub use ide::IDE;
pub use node_config::NODE_CONFIG;
pub use rails::RAILS;
pub use sections::SECTIONS;
pub use spring::SPRING;

use crate::format::bindings::Binding;
use crate::format::{Input, Output};
use crate::model::file::Claim;
use crate::model::{Fact, Span};
use crate::syntax::leaves::Leaf;
use crate::syntax::{Node, Offsets, Template};

/// How a format writes references inside of a value.
type References = fn(&str, &Offsets) -> Template;

/// Reads settings of one file.
struct Reader<'a> {
    input: &'a Input<'a>,
    output: Output,
    references: References,
    /// One of `schema::SOURCES`.
    source: &'static str,
}

impl<'a> Reader<'a> {
    fn new(input: &'a Input<'a>, references: References) -> Self {
        Self {
            input,
            output: Output::default(),
            references,
            source: "properties",
        }
    }

    /// One value of a tree under a name; `claim` where the file itself says which environment it is for.
    fn leaf(&mut self, name: &str, leaf: &Leaf, claim: Option<&Claim>) {
        let node = leaf.node;
        let span = node.content(self.input.text);
        let key = if leaf.key.is_empty() { span } else { leaf.key };
        let written = span.of(self.input.text);
        let text = match node.text().unwrap_or_default() {
            // Masked, so that it could be read at all.
            text if text.len() == written.len() => written,
            text => text,
        };
        let offsets = Offsets::aligned(text, self.input.text, node.span);
        let value = Value {
            text,
            span,
            offsets: &offsets,
        };
        self.bind(name, key, &value, claim);
    }

    fn bind(&mut self, name: &str, key: Span, value: &Value, claim: Option<&Claim>) {
        let from = self.output.facts.len();
        Binding {
            name,
            key,
            text: value.text,
            span: value.span,
            template: &(self.references)(value.text, value.offsets),
            source: self.source,
            service: None,
            inherited: false,
        }
        .push(self.input, &mut self.output.facts);
        if let Some(claim) = claim {
            let own = self.output.facts.get_mut(from..).unwrap_or_default();
            for fact in own {
                give(fact, claim);
            }
        }
    }
}

/// A text with its place.
struct Value<'a> {
    text: &'a str,
    span: Span,
    offsets: &'a Offsets,
}

fn give(fact: &mut Fact, claim: &Claim) {
    fact.env = Some(claim.env);
    fact.env_reason.clone_from(&claim.reason);
}

/// Dollar signs mean nothing.
fn no_references(text: &str, _: &Offsets) -> Template {
    Template::literal(text)
}

/// Lists of plain texts are long and say little; of what is in them only addresses and objects matter.
fn is_worth_it(leaf: &Leaf) -> bool {
    let text = leaf.node.text().unwrap_or_default();
    !leaf.path.ends_with(']') || text.contains("://") || text.contains('*')
}

/// The one document of a text, if it is a map.
fn root(documents: &[Node]) -> Option<&Node> {
    documents.first().filter(|root| root.is_map())
}

#[cfg(test)]
mod tests {
    use crate::format::readers;
    use crate::model::wants::Nobody;

    #[test]
    fn settings_are_known_by_name_and_told_from_other_trades() {
        let sections = "development:\n  a: 1\nproduction:\n  a: 2\n";
        for (path, text, expected) in [
            ("src/main/resources/application-prod.yml", "a: 1", "spring"),
            ("application.properties", "", "spring"),
            ("bootstrap.yaml", "a: 1", "spring"),
            (
                "argo/application.yaml",
                "apiVersion: a\nkind: Application",
                "kubernetes",
            ),
            ("applications.yml", "a: 1", ""),
            ("api/appsettings.Production.json", "{}", "appsettings"),
            ("appsettings.json", "{}", "appsettings"),
            ("appsettingsé", "{}", ""),
            ("config/database.yml", sections, "sections"),
            ("config/locales.yml", "en: {}", ""),
            ("data/database.yml", sections, ""),
            ("config/production.json", "{}", "node-config"),
            ("config/default.toml", "", "node-config"),
            ("config/prod.yaml", "apiVersion: v1", ""),
            ("production.json", "{}", ""),
        ] {
            let readers = readers(path, text, &Nobody);
            let name = readers.first().map_or("", |format| format.name);
            assert_eq!(name, expected, "{path}");
        }
    }
}
