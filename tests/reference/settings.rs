//! The page of the configuration, from the declared keys.

use std::fmt::Write as _;

use envguard::config::keys::{KEYS, Key};

use crate::{GENERATED, cell};

const INTRO: &str = "# Configuration

`.envguard.yml` at the root of the repository (or `.envguard.yaml`). None is needed: names of files and what they say decide
where no configuration does. A mistake in it stops the run with exit code 2 before anything is judged, because half a
configuration must never allow anything. `envguard policy schema --config` prints a JSON Schema for editors.

A key with `*` stands for a name of your own, `[]` for an item of a list. Where a list is expected, one item alone will do.
";

pub fn page() -> String {
    let mut out = format!("{GENERATED}{INTRO}");
    let mut top = "";
    for key in KEYS {
        let first = key.path.split(['.', '[']).next().unwrap();
        if first != top {
            top = first;
            let _ = write!(
                out,
                "\n## {first}\n\n| key | holds | default | what |\n|---|---|---|---|\n"
            );
        }
        row(key, &mut out);
    }
    out + EXAMPLE
}

fn row(key: &Key, out: &mut String) {
    let default = if key.default.is_empty() {
        String::new()
    } else {
        format!("`{}`", key.default)
    };
    let _ = writeln!(
        out,
        "| `{}` | {} | {default} | {} |",
        key.path,
        cell(key.holds.doc()),
        cell(key.doc)
    );
}

const EXAMPLE: &str = "
## An example

```yaml
fail_on: high
environments:
  staging: {aliases: [stg], machine: staging-1}
  pilot: {}
groups:
  customers: [pilot, production]
policies:
  files: [policy/*.yml]
  enable: [environments-present]
  set:
    prod-log-level: off
    shared-credential:
      severity: critical
      params: {severity_by_vendor: {openai: off}}
allow:
  - policy: shared-credential
    match: {name: WEATHER_API_KEY}
    envs: [development, staging]
    because: read-only and free of charge
    until: 2026-12-31
    owner: platform
```
";
