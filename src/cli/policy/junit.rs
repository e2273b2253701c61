//! JUnit XML of tested policies, which CI systems show: a suite for each policy, a case for each example.

use std::fmt::Write as _;

use crate::markup::xml::{DECLARATION, escaped};
use crate::policy::Spec;
use crate::policy::diagnostic::{Diagnostic, Level};
use crate::policy::example::Tested;
use crate::policy::spec::Example;

pub fn xml(tested: &[(&Spec, Tested)]) -> String {
    let failures = |tested: &Tested| tested.found.iter().filter(|one| is_error(one)).count();
    let total: usize = tested.iter().map(|(spec, _)| spec.examples.len()).sum();
    let failed: usize = tested.iter().map(|(_, tested)| failures(tested)).sum();
    let mut out = String::from(DECLARATION);
    let _ = writeln!(
        out,
        "<testsuites name=\"envguard policy test\" tests=\"{total}\" failures=\"{failed}\">"
    );
    for (spec, tested) in tested {
        suite(spec, tested, &mut out);
    }
    out.push_str("</testsuites>\n");
    out
}

/// A run that could not begin, as one case with an error.
pub fn broken(why: &str) -> String {
    let title = escaped(why.lines().next().unwrap_or_default());
    let text = escaped(why);
    format!(
        "{DECLARATION}<testsuites name=\"envguard policy test\" tests=\"1\" errors=\"1\">\n  \
         <testsuite name=\"envguard policy test\" tests=\"1\" errors=\"1\">\n    \
         <testcase classname=\"envguard\" name=\"policies load\">\n      \
         <error message=\"{title}\">{text}</error>\n    \
         </testcase>\n  </testsuite>\n</testsuites>\n"
    )
}

fn suite(spec: &Spec, tested: &Tested, out: &mut String) {
    let id = escaped(&spec.id.text);
    let count = spec.examples.len();
    let _ = writeln!(out, "  <testsuite name=\"{id}\" tests=\"{count}\">");
    let mut left: Vec<&Diagnostic> = tested.found.iter().filter(|one| is_error(one)).collect();
    for (at, example) in spec.examples.iter().enumerate() {
        let next = spec.examples.get(at + 1);
        let end = next.map_or(u32::MAX, |next| next.title.span.start);
        // What is said about an example stands on its lines; what stands elsewhere is said with the last one.
        let (own, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = left
            .into_iter()
            .partition(|one| next.is_none() || one.at.span.start < end);
        left = others;
        case(spec, example, &own, out);
    }
    let warnings: Vec<String> = tested
        .found
        .iter()
        .filter(|one| !is_error(one))
        .map(Diagnostic::render)
        .collect();
    if !warnings.is_empty() {
        let text = escaped(&warnings.join("\n"));
        let _ = writeln!(out, "    <system-out>{text}</system-out>");
    }
    out.push_str("  </testsuite>\n");
}

fn case(spec: &Spec, example: &Example, failures: &[&Diagnostic], out: &mut String) {
    let kind = if example.bad { "bad" } else { "good" };
    let id = escaped(&spec.id.text);
    let title = escaped(&example.title.text);
    let file = escaped(&spec.source.name);
    let _ = write!(
        out,
        "    <testcase classname=\"{id}\" name=\"{kind}: {title}\" file=\"{file}\""
    );
    if failures.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    for one in failures {
        let message = escaped(&one.title);
        let text = escaped(&one.render());
        let code = one.code;
        let _ = writeln!(
            out,
            "      <failure type=\"{code}\" message=\"{message}\">{text}</failure>"
        );
    }
    out.push_str("    </testcase>\n");
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.level == Level::Error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_load_is_an_error_and_no_old_report() {
        let xml = broken("error[P003]: no field <x>\n --> p.yml:1:1");
        assert!(
            xml.contains("errors=\"1\"")
                && xml.contains("<error message=\"error[P003]: no field &lt;x&gt;\">")
        );
    }
}
