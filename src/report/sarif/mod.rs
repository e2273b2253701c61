//! SARIF 2.1.0, as code scanning of GitHub, GitLab, Azure and editors read it: relative URIs, fingerprints that survive
//! moved lines, related places, what is allowed or known as suppressed, and no line of any file.

mod wire;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Style, short};
use crate::model::Severity;
use crate::model::settled::{
    Location as At, Outcome, PolicyCard, Settled, SettledFinding, Status, Unread,
};
use wire::{
    ArtifactLocation, BaseId, BaseIds, Configuration, Driver, Fingerprints, Help, Invocation,
    Location, Log, Message, Notification, PhysicalLocation, Properties, Region, Rule,
    RuleProperties, Run, SarifResult, Suppression, Tool,
};

const ROOT: &str = "%SRCROOT%";
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// What GitHub takes: a run with more results is refused as a whole, more places or tags are cut without a word.
const RESULTS: usize = 25_000;
const RELATED: usize = 10;
const TAGS: usize = 10;

pub fn render(settled: &Settled, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "envguard",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: HOME,
                    rules: settled
                        .policies
                        .iter()
                        .map(|card| rule(card, settled))
                        .collect(),
                },
            },
            invocations: [invocation(settled)],
            original_uri_base_ids: BaseIds {
                root: BaseId {
                    description: message("The root of the repository that was checked."),
                },
            },
            column_kind: "unicodeCodePoints",
            results: results(settled),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log).map_err(io::Error::from)?;
    writeln!(out)
}

fn rule<'a>(card: &'a PolicyCard, settled: &Settled) -> Rule<'a> {
    let own = settled.findings.iter().filter(|one| one.policy == card.id);
    let worst = own.map(|one| one.severity).max().unwrap_or(Severity::Low);
    let mut tags = vec!["security"];
    tags.extend(card.tags.iter().map(AsRef::as_ref));
    tags.truncate(TAGS);
    Rule {
        id: &card.id,
        name: pascal(&card.id),
        short_description: message(&plain(&card.title)),
        full_description: message(&plain(&card.why)),
        help: help(card),
        help_uri: card
            .shipped
            .then(|| format!("{HOME}/blob/main/docs/reference/policies/{}.md", card.id)),
        default_configuration: Configuration {
            level: level(worst),
        },
        properties: RuleProperties {
            tags,
            precision: "high",
            security_severity: score(worst),
        },
    }
}

fn help(card: &PolicyCard) -> Help {
    let fix = card.fix.as_deref().unwrap_or("See the findings.");
    let more = format!("envguard explain {}", card.id);
    Help {
        text: plain(&format!(
            "{}\n\nHow to mend it: {fix}\n\nMore: {more}",
            card.why
        )),
        markdown: format!(
            "**Why it matters.** {}\n\n**How to mend it.** {fix}\n\nMore, and how to allow one case: `{more}`",
            card.why
        ),
    }
}

/// `shared-credential` as `SharedCredential`: the standard wants a name that reads as one word.
fn pascal(id: &str) -> String {
    let parts = id.split(|c: char| !c.is_alphanumeric());
    parts
        .map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(char::to_uppercase);
            first.into_iter().flatten().chain(chars).collect::<String>()
        })
        .collect()
}

fn results(settled: &Settled) -> Vec<SarifResult<'_>> {
    let index = |finding: &SettledFinding| {
        let cards = settled.policies.iter();
        cards
            .map(|card| &card.id)
            .position(|id| *id == finding.policy)
    };
    let told = settled.findings.iter().take(RESULTS);
    told.filter_map(|finding| Some(result(finding, index(finding)?)))
        .collect()
}

fn result(finding: &SettledFinding, rule_index: usize) -> SarifResult<'_> {
    let related = related(finding);
    SarifResult {
        rule_id: &finding.policy,
        rule_index,
        level: level(finding.severity),
        message: Message {
            text: told(finding, &related),
        },
        locations: finding
            .places
            .first()
            .map(|place| location(&place.at, None))
            .into_iter()
            .collect(),
        related_locations: related,
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: &finding.id,
            id: &finding.id,
        },
        suppressions: suppression(finding).into_iter().collect(),
        properties: Properties {
            severity: finding.severity.name(),
            environments: &finding.environments,
        },
    }
}

/// The other places, then the chain that carried the value, as far as they are shown.
fn related(finding: &SettledFinding) -> Vec<Location> {
    let places = finding.places.iter().skip(1);
    let places = places.map(|place| (&place.at, place.label.as_str()));
    let steps = finding
        .via
        .iter()
        .map(|step| (&step.at, step.text.as_str()));
    let all = places.chain(steps).take(RELATED).enumerate();
    all.map(|(at, (place, label))| {
        let label = if label.is_empty() { "also here" } else { label };
        Location {
            id: Some(at + 1),
            ..location(place, Some(plain(label)))
        }
    })
    .collect()
}

/// The message with a link to every related place: GitHub shows those that the message names, and no others.
fn told(finding: &SettledFinding, related: &[Location]) -> String {
    let mut text = plain(&finding.message);
    if let Some(fix) = &finding.fix {
        text.push_str("\n\nHow to mend it: ");
        text.push_str(&plain(fix));
    }
    let ats = finding.places.iter().skip(1).map(short::position);
    let steps = finding.via.iter().map(|step| short::spot(&step.at));
    for (at, (place, location)) in ats.chain(steps).zip(related).enumerate() {
        let lead = if at == 0 { "\n\nSee " } else { ", " };
        let label = location
            .message
            .as_ref()
            .map_or("", |one| one.text.as_str());
        let place = plain(&place);
        let _ = write!(text, "{lead}[{place}]({}) ({label})", at + 1);
    }
    text
}

/// Text in which nothing is taken for a link.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '[' | ']') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn suppression(finding: &SettledFinding) -> Option<Suppression> {
    let (kind, justification) = match &finding.status {
        Status::New => return None,
        Status::Known => (
            "external",
            "known: in the baseline, or there before".to_owned(),
        ),
        Status::Allowed(grant) => {
            let until = grant.until.as_deref();
            let until = until.map(|until| format!(" until {until}"));
            let until = until.unwrap_or_default();
            let file = grant.written.rsplit_once(':').map(|(file, _)| file);
            let beside = finding.places.iter().any(|one| file == Some(&one.at.path));
            (
                if beside { "inSource" } else { "external" },
                format!("{}{until} ({})", grant.because, grant.written),
            )
        }
    };
    Some(Suppression {
        kind,
        status: "accepted",
        justification,
    })
}

fn invocation(settled: &Settled) -> Invocation {
    let mut notifications: Vec<Notification> = settled.problems.iter().map(unread).collect();
    let more = settled.findings.len().saturating_sub(RESULTS);
    if more > 0 {
        notifications.push(Notification {
            level: "warning",
            message: message(&format!(
                "{more} milder findings are left out: more than {RESULTS} are refused"
            )),
            locations: Vec::new(),
        });
    }
    Invocation {
        execution_successful: settled.outcome != Outcome::Incomplete,
        exit_code: settled.outcome.exit_code(),
        tool_execution_notifications: notifications,
    }
}

fn unread(unread: &Unread) -> Notification {
    Notification {
        level: "error",
        message: message(&plain(&unread.reason)),
        locations: vec![Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: artifact(&unread.path),
                region: None,
            },
            message: None,
        }],
    }
}

fn location(at: &At, label: Option<String>) -> Location {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact(&at.path),
            region: Some(Region {
                start_line: at.line.max(1),
                start_column: at.column.max(1),
                end_line: at.end_line.max(at.line).max(1),
                end_column: at.end_column.max(1),
            }),
        },
        message: label.map(|text| Message { text }),
    }
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation {
        uri: uri(path),
        uri_base_id: ROOT,
    }
}

/// A path as a relative URI reference. A first part with `:` would be taken for a scheme, so that is written as bytes too.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

fn message(text: &str) -> Message {
    Message {
        text: text.to_owned(),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// In the middle of the range that GitHub calls by the same word.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}
