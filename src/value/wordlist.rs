//! Lists of words kept as text, so that they read as prose in the source and cost nothing to load.

/// True when a list of words between blanks holds the word, in any letter case.
pub fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|entry| entry.eq_ignore_ascii_case(word))
}

/// A long list that is asked for every name of a run. What most words of the list are not is told by one bit, so that the
/// list itself is read for few of those that are not in it.
pub struct Marked {
    list: &'static str,
    marks: [u64; SLOTS / 64],
}

const SLOTS: usize = 2048;

impl Marked {
    pub const fn of(list: &'static str) -> Self {
        let bytes = list.as_bytes();
        let mut marks = [0; SLOTS / 64];
        let (mut at, mut hash, mut is_word) = (0, START, false);
        while at <= bytes.len() {
            if at < bytes.len() && !bytes[at].is_ascii_whitespace() {
                hash = hashed(hash, bytes[at]);
                is_word = true;
            } else if is_word {
                let slot = slot(hash);
                marks[slot / 64] |= 1 << (slot % 64);
                (hash, is_word) = (START, false);
            }
            at += 1;
        }
        Self { list, marks }
    }

    /// As [`has`].
    pub fn has(&self, word: &str) -> bool {
        let slot = slot(word.bytes().fold(START, hashed));
        let marks = self.marks.get(slot / 64).copied().unwrap_or_default();
        marks >> (slot % 64) & 1 == 1 && has(self.list, word)
    }
}

const START: u32 = 0x811c_9dc5;

/// The same for both cases of a letter.
const fn hashed(hash: u32, byte: u8) -> u32 {
    (hash ^ byte.to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193)
}

const fn slot(hash: u32) -> usize {
    (hash >> 16 ^ hash) as usize % SLOTS
}

/// True when the text starts with one of the words.
pub fn starts(list: &str, text: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|entry| text.starts_with(entry))
}

/// True when the text ends with one of the words.
pub fn ends(list: &str, text: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|entry| text.ends_with(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_change_no_answer() {
        const LIST: &str = " KEY keys \n  Secret_Token a BUCKET\tSID ";
        static MARKED: Marked = Marked::of(LIST);
        let mut words: Vec<String> =
            "KEY key KEYS Secret_token A bucket SID s SI ID SIDS secret a\u{e9} _"
                .split(' ')
                .map(str::to_owned)
                .collect();
        words.push(String::new());
        words.extend((0..3000).map(|number| format!("{number:x}")));
        for word in &words {
            assert_eq!(MARKED.has(word), has(LIST, word), "{word}");
        }
        assert_eq!(words.iter().filter(|word| MARKED.has(word)).count(), 8);
    }
}
