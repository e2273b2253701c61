//! What makes a finding the same finding tomorrow: policy, row, subject and environments, readable and without line or
//! value. Readable instead of hashed: a baseline is reviewed by people, and a name needs no hash function.

use std::collections::BTreeMap;

/// Longest id that is written out; the rest of a longer one becomes a checksum.
const LONGEST: usize = 200;

/// Builds ids and keeps them distinct: equal ones are numbered in the order of the report.
#[derive(Default)]
pub struct Identities {
    seen: BTreeMap<String, usize>,
}

impl Identities {
    /// `policy/row:kind:key:key@production+staging`, with `#2` for the second of that name.
    pub fn id<'t>(
        &mut self,
        policy: &str,
        row: Option<&str>,
        subject: impl IntoIterator<Item = &'t str>,
        environments: &[String],
    ) -> String {
        let mut id = escaped(policy);
        if let Some(row) = row {
            id.push('/');
            id.push_str(&escaped(row));
        }
        for part in subject {
            id.push(':');
            id.push_str(&escaped(part));
        }
        if !environments.is_empty() {
            id.push('@');
            id.push_str(&environments.join("+"));
        }
        let id = shortened(id);
        let count = self.seen.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 {
            id
        } else {
            format!("{id}#{count}")
        }
    }
}

/// Percent-encodes what separates parts.
fn escaped(part: &str) -> String {
    let separators = [
        ("%", "%25"),
        (":", "%3A"),
        ("@", "%40"),
        ("#", "%23"),
        ("+", "%2B"),
        (" ", "%20"),
    ];
    separators
        .iter()
        .fold(part.to_owned(), |text, (plain, encoded)| {
            text.replace(plain, encoded)
        })
}

fn shortened(id: String) -> String {
    if id.len() <= LONGEST {
        return id;
    }
    let cut = (0..=LONGEST)
        .rev()
        .find(|at| id.is_char_boundary(*at))
        .unwrap_or_default();
    format!(
        "{}~{:016x}",
        id.get(..cut).unwrap_or_default(),
        fnv1a(id.as_bytes())
    )
}

/// FNV-1a: a checksum against mix-ups. Nothing secret goes in, so it need not withstand an attacker.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_readable_and_distinct() {
        let mut ids = Identities::default();
        let envs = ["production".to_owned(), "staging".to_owned()];
        let mut id =
            |subject: &[&str]| ids.id("shared", Some("row 1"), subject.iter().copied(), &envs);
        assert_eq!(
            id(&["var", "a:b/.env", "KEY"]),
            "shared/row%201:var:a%3Ab/.env:KEY@production+staging"
        );
        assert_eq!(id(&["x"]), "shared/row%201:x@production+staging");
        assert_eq!(id(&["x"]), "shared/row%201:x@production+staging#2");
        let (a, b) = (id(&[&"é".repeat(400)]), id(&[&"é".repeat(401)]));
        assert!(a != b && a.len() < 230, "{a}");
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
