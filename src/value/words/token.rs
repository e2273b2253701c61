//! Cuts a name, a path segment or a host label into words: at every non-alphanumeric byte and at camel-case humps.

/// One word of a text, with the byte it starts on: callers look at what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub start: usize,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }
}

/// The words of a text, in order. Non-ASCII letters belong to words and never start one inside a word.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(|byte| !is_word(*byte)) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) && (at == start || !is_hump(bytes, at)) {
            at += 1;
        }
        text.get(start..at)
            .filter(|word| !word.is_empty())
            .map(|word| Token { text: word, start })
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// A capital after a small letter or digit (`stagingDb`), or the last capital of a run before a small one (`APIKey`).
fn is_hump(bytes: &[u8], at: usize) -> bool {
    let (before, here) = (bytes[at - 1], bytes[at]);
    let next_is_small = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    here.is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || (before.is_ascii_digit() && next_is_small)
            || (before.is_ascii_uppercase() && next_is_small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_signs_and_humps() {
        let cut = |text| -> Vec<&str> { tokens(text).map(|token| token.text).collect() };
        assert_eq!(
            cut("appsettings.Production.json"),
            ["appsettings", "Production", "json"]
        );
        assert_eq!(cut("STRIPE_KEY_DEV"), ["STRIPE", "KEY", "DEV"]);
        assert_eq!(cut("APIKeyProd"), ["API", "Key", "Prod"]);
        assert_eq!(
            cut("docker-compose.e2e.yml"),
            ["docker", "compose", "e2e", "yml"]
        );
        assert_eq!(cut("S3_BUCKET"), ["S3", "BUCKET"]);
        assert_eq!(cut("prodÜber--x"), ["prodÜber", "x"]);
        assert_eq!(cut("E2E"), ["E2E"]);
        assert!(cut("..//").is_empty());
    }
}
