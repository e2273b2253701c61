//! "Did you mean": the closest of a short list of words, or none when nothing is close.

/// The candidate that a typing mistake or a habit would turn into `word`.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed: Vec<char> = word
        .chars()
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .collect();
    let allowed = (typed.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let wanted: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
            let cost = distance(&typed, &wanted);
            let shares_start = shares_start(&typed, &wanted);
            (cost <= allowed || shares_start).then_some((cost, candidate))
        })
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, candidate)| candidate)
}

/// Words are short; a hostile one is cut, so that the table below stays small.
const LONGEST: usize = 64;

/// `boolean` for `bool`, `prod` for `production`: one begins with the other.
fn shares_start(a: &[char], b: &[char]) -> bool {
    let shorter = a.len().min(b.len());
    shorter >= 3 && a[..shorter] == b[..shorter] && a.len().abs_diff(b.len()) <= 6
}

/// Edits between two words: insert, delete, replace, or swap two neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, right) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(left != right);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *right && b[j - 1] == *left {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let fields = ["name", "value", "kind", "service", "strength", "bool"];
        for (typed, meant) in [
            ("vlaue", Some("value")),
            ("nmae", Some("name")),
            ("Service", Some("service")),
            ("boolean", Some("bool")),
            ("strenght", Some("strength")),
            ("host_port", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(typed, fields), meant, "{typed}");
        }
    }
}
