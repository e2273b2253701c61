//! The overview as one HTML file without scripts and without anything from elsewhere.

use std::fmt::Write as _;

use super::{Overview, Row};
use crate::markup::xml::escaped;

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>envguard</title>\n<style>\n\
:root { color-scheme: light dark; }\n\
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }\n\
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }\n\
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }\n\
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }\n\
.critical, .failed { color: #c5221f; font-weight: 600; } .high { color: #c5221f; }\n\
.medium, .incomplete { color: #b06000; } .passed { color: #188038; } .none { color: #8888; }\n\
summary { cursor: pointer; margin: .3rem 0; }\n\
@media (prefers-color-scheme: dark) { .critical, .failed, .high { color: #ff9a90; } .medium, .incomplete { color: #f0b95e; } \
.passed { color: #6fd19b; } }\n\
@media screen and (max-width: 44rem) { table { display: block; overflow-x: auto; } }\n\
@media print { body { max-width: none; margin: 0; font-size: 11px; } tr { break-inside: avoid; } \
details::details-content { content-visibility: visible; block-size: auto; } }\n</style>\n</head>\n<body>\n";

pub fn html(overview: &Overview) -> String {
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "<h1>envguard</h1>\n<p>{}</p>",
        escaped(&overview.verdict())
    );
    out.push_str("<table>\n<thead><tr><th>repository</th><th>outcome</th>");
    for name in [
        "critical", "high", "medium", "low", "known", "allowed", "files",
    ] {
        let _ = write!(out, "<th class=\"n\">{name}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &overview.rows {
        line(row, &mut out);
    }
    out.push_str("</tbody>\n</table>\n");
    policies(overview, &mut out);
    for row in &overview.rows {
        details(row, &mut out);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn line(row: &Row, out: &mut String) {
    let status = escaped(&row.status);
    let _ = write!(
        out,
        "<tr><td>{}</td><td class=\"{status}\">{status}</td>",
        escaped(&row.name)
    );
    for count in row
        .counts
        .graves()
        .chain([row.known, row.allowed, row.files])
    {
        let class = if count == 0 { "n none" } else { "n" };
        let _ = write!(out, "<td class=\"{class}\">{count}</td>");
    }
    out.push_str("</tr>\n");
}

fn policies(overview: &Overview, out: &mut String) {
    if overview.policies.is_empty() {
        return;
    }
    out.push_str(
        "<h2>What they have in common</h2>\n<table>\n<thead><tr><th>policy</th><th>worst</th>\
         <th class=\"n\">repositories</th><th class=\"n\">findings</th></tr></thead>\n<tbody>\n",
    );
    for one in &overview.policies {
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td class=\"{2}\">{2}</td><td class=\"n\">{1}</td><td class=\"n\">{3}</td></tr>",
            escaped(&one.policy),
            one.reports,
            one.worst,
            one.findings
        );
    }
    out.push_str("</tbody>\n</table>\n");
}

fn details(row: &Row, out: &mut String) {
    if row.findings.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<details>\n<summary>{} ({})</summary>\n<table>",
        escaped(&row.name),
        row.findings.len()
    );
    for line in &row.findings {
        let _ = writeln!(
            out,
            "<tr><td class=\"{0}\">{0}</td><td>{1}<br><code>{2}</code></td><td><code>{3}</code></td></tr>",
            line.severity,
            escaped(&line.message),
            escaped(&line.policy),
            escaped(&line.at)
        );
    }
    out.push_str("</table>\n</details>\n");
}
