//! One overview of many JSON reports: which repository is worst off, and what they have in common. Reads version 1 of the
//! report, of which it needs little, so that reports of older and newer versions can stand side by side.

mod html;
mod markdown;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Severity;

pub use html::html;
pub use markdown::markdown;

/// What is read of one report.
#[derive(Deserialize)]
struct V1 {
    version: u64,
    status: String,
    summary: V1Summary,
    findings: Vec<V1Finding>,
}

#[derive(Deserialize)]
struct V1Summary {
    #[serde(default)]
    files: usize,
    #[serde(default)]
    known: usize,
    #[serde(default)]
    allowed: usize,
}

#[derive(Deserialize)]
struct V1Finding {
    policy: String,
    severity: String,
    message: String,
    status: String,
    #[serde(default)]
    places: Vec<V1Place>,
}

#[derive(Deserialize)]
struct V1Place {
    path: String,
    line: u32,
}

/// Every report, the worst first, and every policy that found something, the most frequent first.
pub struct Overview {
    pub rows: Vec<Row>,
    pub policies: Vec<Common>,
}

/// One report.
pub struct Row {
    pub name: String,
    /// `passed`, `failed` or `incomplete`.
    pub status: String,
    pub files: usize,
    pub counts: Counts,
    pub known: usize,
    pub allowed: usize,
    /// New findings, in the order of the report: most severe first.
    pub findings: Vec<Line>,
}

pub struct Line {
    pub severity: Severity,
    pub policy: String,
    pub message: String,
    /// `path:line`
    pub at: String,
}

/// What one policy finds in all of them.
pub struct Common {
    pub policy: String,
    pub worst: Severity,
    pub findings: usize,
    pub reports: usize,
}

/// By severity, mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub [usize; 4]);

impl Counts {
    fn add(&mut self, severity: Severity) {
        let at = Severity::ALL.iter().position(|one| *one == severity);
        if let Some(count) = at.and_then(|at| self.0.get_mut(at)) {
            *count += 1;
        }
    }

    /// Critical first, as tables show them.
    fn graves(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().rev()
    }

    fn total(self) -> usize {
        self.0.iter().sum()
    }
}

/// Reads one report; the reason where it is none.
pub fn read(name: &str, text: &str) -> Result<Row, String> {
    let report: V1 = serde_json::from_str(text)
        .map_err(|error| format!("it is no JSON report of envguard ({error})"))?;
    if report.version != 1 {
        return Err(format!(
            "it is a report of version {}, and this envguard reads version 1",
            report.version
        ));
    }
    let mut counts = Counts::default();
    let mut findings = Vec::new();
    for finding in report
        .findings
        .into_iter()
        .filter(|one| one.status == "new")
    {
        let severity = Severity::from_name(&finding.severity)
            .ok_or_else(|| format!("`{}` is no severity", finding.severity))?;
        counts.add(severity);
        let at = finding.places.first();
        findings.push(Line {
            severity,
            policy: finding.policy,
            message: finding.message,
            at: at.map_or_else(String::new, |at| format!("{}:{}", at.path, at.line)),
        });
    }
    Ok(Row {
        name: name.to_owned(),
        status: report.status,
        files: report.summary.files,
        counts,
        known: report.summary.known,
        allowed: report.summary.allowed,
        findings,
    })
}

impl Overview {
    pub fn of(mut rows: Vec<Row>) -> Self {
        let worst = |row: &Row| {
            let graves: Vec<usize> = row.counts.graves().collect();
            (
                row.status != "incomplete",
                std::cmp::Reverse(graves),
                row.name.clone(),
            )
        };
        rows.sort_by_cached_key(worst);
        let mut common: BTreeMap<&str, Common> = BTreeMap::new();
        for row in &rows {
            let mut seen: Vec<&str> = Vec::new();
            for line in &row.findings {
                let one = common.entry(&line.policy).or_insert_with(|| Common {
                    policy: line.policy.clone(),
                    worst: line.severity,
                    findings: 0,
                    reports: 0,
                });
                one.findings += 1;
                one.worst = one.worst.max(line.severity);
                if !seen.contains(&line.policy.as_str()) {
                    seen.push(&line.policy);
                    one.reports += 1;
                }
            }
        }
        let mut policies: Vec<Common> = common.into_values().collect();
        policies.sort_by_key(|one| {
            let most = std::cmp::Reverse((one.reports, one.findings));
            (most, one.policy.clone())
        });
        Self { rows, policies }
    }

    /// The verdict in one line.
    pub fn verdict(&self) -> String {
        let of = |status: &str| self.rows.iter().filter(|row| row.status == status).count();
        let total: usize = self.rows.iter().map(|row| row.counts.total()).sum();
        let incomplete = match of("incomplete") {
            0 => String::new(),
            count => format!(", {count} incomplete"),
        };
        format!(
            "{}: {} passed, {} failed{incomplete}; {}",
            super::page::counted(self.rows.len(), "report", "reports"),
            of("passed"),
            of("failed"),
            super::page::counted(total, "new finding", "new findings"),
        )
    }
}
