//! A finding with what an audit says of it beside: the risk, the service it is about, who can mend it, how long that takes.

use std::collections::BTreeMap;

use crate::model::schema::var;
use crate::model::settled::{Location, SettledFinding, Status};
use crate::model::{Document, Kind};
use crate::pipeline::{Understood, baseline};
use crate::value::vendor::{self, Risk, Vendor};

/// A share between environments is what the services of the catalogue have remedies for.
const SHARES: &str = "side-by-side";

/// Who can do something about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Repository,
    /// A file that is on this machine alone.
    LocalFile,
    /// The platform's own settings.
    Platform,
    Vendor(&'static str),
}

impl Who {
    pub(super) fn words(self) -> String {
        match self {
            Self::Repository => "repository".to_owned(),
            Self::LocalFile => "local file".to_owned(),
            Self::Platform => "platform's settings".to_owned(),
            Self::Vendor(title) => format!("console of {title}"),
        }
    }
}

pub(super) struct Item<'a> {
    pub(super) finding: &'a SettledFinding,
    pub(super) risk: &'static Risk,
    /// The service whose share this is.
    pub(super) vendor: Option<&'static Vendor>,
    pub(super) who: Who,
}

impl Item<'_> {
    /// Not allowed. What is in the baseline is as wrong as it was before.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.finding.status, Status::Allowed(_))
    }

    /// Whether it can be told in one row with these.
    pub(super) fn is_like(&self, others: &[&Item<'_>]) -> bool {
        others.first().is_some_and(|first| {
            let vendor = |item: &Item| item.vendor.map(|vendor| vendor.id);
            first.finding.policy == self.finding.policy
                && first.finding.severity == self.finding.severity
                && vendor(first) == vendor(self)
                && first.who == self.who
        })
    }

    pub(super) fn impact(&self) -> &str {
        match self.vendor {
            Some(vendor) => vendor.impact,
            None => &self.finding.why,
        }
    }

    /// What to do, one step after the other; what begins with `If` is another way, and not one more step.
    pub(super) fn remedies(&self) -> Vec<String> {
        match (self.vendor, &self.finding.fix) {
            (Some(vendor), _) => {
                let remedies = vendor.remedies.iter();
                remedies.map(|remedy| remedy.text.to_owned()).collect()
            }
            (None, Some(fix)) => vec![fix.clone()],
            (None, None) => vec![self.finding.message.clone()],
        }
    }

    pub(super) fn minutes(&self) -> u16 {
        let Some(vendor) = self.vendor else {
            return self.risk.minutes;
        };
        let steps = vendor.remedies.iter();
        let steps = steps.filter(|remedy| !remedy.text.starts_with("If "));
        steps.map(|remedy| remedy.minutes).sum()
    }

    /// `path:line` of the first place.
    pub(super) fn place(&self) -> String {
        let place = self.finding.places.first();
        place.map_or_else(String::new, |place| {
            format!("{}:{}", place.at.path, place.at.line)
        })
    }
}

/// What is known of the place of a finding.
struct Known {
    vendor: &'static str,
    category: String,
}

/// Everything that items are made from.
pub(super) struct Items {
    /// The service of the variable at a place: path, line, column.
    services: BTreeMap<(String, u32, u32), Known>,
    who: BTreeMap<String, Who>,
}

impl Items {
    pub(super) fn of(understood: &Understood) -> Self {
        let scrubber = baseline::scrubber(understood);
        let mut items = Self {
            services: BTreeMap::new(),
            who: BTreeMap::new(),
        };
        for document in &understood.resolved.documents {
            let path = scrubber.name(&document.file.path);
            let who = match &document.file {
                file if file.is_dump => Who::Platform,
                file if file.tracked => Who::Repository,
                _ => Who::LocalFile,
            };
            items.who.insert(path.clone(), who);
            items.services(document, &path, understood);
        }
        items
    }

    fn services(&mut self, document: &Document, path: &str, understood: &Understood) {
        let vars = document.facts.iter().filter(|fact| fact.kind == Kind::var);
        for fact in vars {
            let name = fact.text(var::VENDOR);
            let Some(known) = vendor::get(name) else {
                continue;
            };
            let value = fact.text(var::VALUE);
            let of_team = understood.lexicon.vendors.of(fact.text(var::NAME), value);
            let category = of_team.map_or(known.category, |found| found.category);
            let at = document.lines.locate(&document.text, fact.span.start);
            self.services.insert(
                (path.to_owned(), at.line, at.column),
                Known {
                    vendor: known.id,
                    category: category.to_owned(),
                },
            );
        }
    }

    pub(super) fn item<'a>(&self, finding: &'a SettledFinding, tags: &[&str]) -> Item<'a> {
        let at = finding.places.first().map(|place| &place.at);
        let known =
            at.and_then(|at: &Location| self.services.get(&(at.path.clone(), at.line, at.column)));
        let known = known.filter(|_| tags.contains(&SHARES));
        let category = known.map(|known| known.category.as_str());
        let vendor = known.and_then(|known| vendor::get(known.vendor));
        let who = match vendor {
            Some(vendor) => Who::Vendor(vendor.title),
            None => at
                .and_then(|at| self.who.get(&at.path).copied())
                .unwrap_or(Who::Repository),
        };
        let has_tag = |tag: &str| tags.contains(&tag);
        let risk = Risk::of(category, &has_tag).unwrap_or(&FALLBACK);
        Item {
            finding,
            risk,
            vendor,
            who,
        }
    }
}

/// The catalogue has risks; without any there would still be findings.
static FALLBACK: Risk = Risk::none();
