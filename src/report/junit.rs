//! JUnit XML, which every CI system shows: a test for each finding. Only what fails the run is a failure, so that the
//! report and the exit code never disagree; milder, known and allowed findings are skipped tests that say why.

use std::io::{self, Write};

use super::{Style, short};
use crate::markup::xml::{DECLARATION, escaped};
use crate::model::settled::{Settled, SettledFinding, Status, Unread};

pub fn render(settled: &Settled, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<&SettledFinding> = settled.findings.iter().filter(|one| one.shown).collect();
    let failures = shown.iter().filter(|one| settled.fails(one)).count();
    let errors = settled.problems.len();
    // A report without a test reads as "nothing ran".
    let clean = shown.is_empty() && errors == 0;
    let tests = shown.len() + errors + usize::from(clean);
    let skipped = shown.len() - failures;
    let counts = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
    );
    writeln!(out, "{DECLARATION}<testsuites name=\"envguard\" {counts}>")?;
    writeln!(out, "  <testsuite name=\"envguard\" {counts}>")?;
    if clean {
        writeln!(
            out,
            "    <testcase classname=\"envguard\" name=\"no findings\"/>"
        )?;
    }
    for unread in &settled.problems {
        error(unread, out)?;
    }
    for finding in shown {
        case(settled, finding, out)?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn error(unread: &Unread, out: &mut dyn Write) -> io::Result<()> {
    let (path, reason) = (escaped(&unread.path), escaped(&unread.reason));
    writeln!(
        out,
        "    <testcase classname=\"envguard\" name=\"{path}\" file=\"{path}\"><error message=\"could not be read: {reason}\"/></testcase>"
    )
}

fn case(settled: &Settled, finding: &SettledFinding, out: &mut dyn Write) -> io::Result<()> {
    let at = finding.places.first();
    let place = at.map(short::position).unwrap_or_default();
    let (path, line) = at.map_or(("", 1), |place| (place.at.path.as_str(), place.at.line));
    let message = escaped(&finding.message);
    writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{line}\">",
        escaped(&finding.policy),
        escaped(&format!("{place}: {}", finding.message)),
        escaped(path)
    )?;
    let severity = finding.severity;
    if settled.fails(finding) {
        writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{message}\">{}</failure>",
            escaped(&details(finding))
        )?;
    } else {
        let why = match finding.status {
            Status::New => "milder than what fails the run",
            Status::Known => "known",
            Status::Allowed(_) => "allowed",
        };
        writeln!(out, "      <skipped message=\"{severity}, {why}\"/>")?;
    }
    writeln!(out, "    </testcase>")
}

fn details(finding: &SettledFinding) -> String {
    let mut lines: Vec<String> = finding.places.iter().map(short::other).collect();
    let steps = finding.via.iter();
    lines.extend(steps.map(|step| format!("{} {}", short::spot(&step.at), step.text)));
    lines.push(format!("why: {}", finding.why));
    lines.extend(finding.fix.iter().map(|fix| format!("fix: {fix}")));
    lines.push(format!("see: {}", finding.docs));
    lines.join("\n")
}
