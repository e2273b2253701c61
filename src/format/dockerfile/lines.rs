//! A Dockerfile as instructions: continuation lines joined, comments and here-documents taken out, and every word with
//! the bytes it was read from.

use crate::format::written::lines;
use crate::model::Span;
use crate::syntax::Offsets;

/// One instruction with what follows its keyword on one logical line.
pub(super) struct Instruction {
    /// In capitals.
    pub(super) keyword: String,
    pub(super) key: Span,
    pub(super) text: String,
    offsets: Offsets,
    escape: char,
}

/// A word of an instruction: quotes and escapes taken away, and its place in the logical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// All instructions of a file, in order. `ONBUILD` speaks of other builds and is left out.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let mut reader = Reader {
        rest: lines(text).peekable(),
        escape: '\\',
    };
    let mut found = Vec::new();
    reader.directives();
    while let Some((at, line)) = reader.rest.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let instruction = reader.instruction(at, line);
        if matches!(instruction.keyword.as_str(), "RUN" | "COPY" | "ADD") {
            for end in heredocs(&instruction.text) {
                reader.skip_heredoc(&end);
            }
        }
        if instruction.keyword != "ONBUILD" {
            found.push(instruction);
        }
    }
    found
}

impl Instruction {
    /// The bytes behind a part of the logical line.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        let at = |offset: usize| self.offsets.of(Span::new(offset, offset).start);
        let start = at(from);
        // The end of the last character: what follows may stand on another line.
        let end = if to > from { at(to - 1) + 1 } else { start };
        Span {
            start,
            end: end.max(start),
        }
    }

    /// The whole logical line without the blanks around it.
    pub(super) fn whole(&self) -> Span {
        let start = self.text.len() - self.text.trim_start().len();
        self.span(start, self.text.trim_end().len().max(start))
    }

    /// The words of the line, `"…"`, `'…'` and escapes resolved.
    pub(super) fn words(&self) -> Vec<Word> {
        words(&self.text, self.escape)
    }

    /// The texts of `["a", "b"]`, if that is the form.
    pub(super) fn array(&self) -> Option<Vec<Word>> {
        let start = self.text.len() - self.text.trim_start().len();
        let inner = self.text.trim().strip_prefix('[')?.strip_suffix(']')?;
        array(inner, start + 1)
    }
}

struct Reader<'t, I: Iterator<Item = (usize, &'t str)>> {
    rest: std::iter::Peekable<I>,
    escape: char,
}

impl<'t, I: Iterator<Item = (usize, &'t str)>> Reader<'t, I> {
    /// `# escape=`` before everything else.
    fn directives(&mut self) {
        while let Some((_, line)) = self.rest.peek() {
            let line = line.trim_start_matches('\u{feff}').trim();
            let Some((name, value)) = line.strip_prefix('#').and_then(|line| line.split_once('='))
            else {
                return;
            };
            if name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`" {
                self.escape = '`';
            }
            self.rest.next();
        }
    }

    fn instruction(&mut self, at: usize, line: &str) -> Instruction {
        let start = line.len()
            - line
                .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
                .len();
        let head = line.get(start..).unwrap_or_default();
        let length = head
            .find(|c: char| c.is_whitespace() || c == self.escape)
            .unwrap_or(head.len());
        let key = Span::new(at + start, at + start + length);
        let mut instruction = Instruction {
            keyword: head.get(..length).unwrap_or_default().to_ascii_uppercase(),
            key,
            text: String::new(),
            offsets: Offsets::at(key.end),
            escape: self.escape,
        };
        let mut open = self.take(
            &mut instruction,
            key.end as usize,
            head.get(length..).unwrap_or_default(),
        );
        while open {
            let Some((at, line)) = self.rest.next() else {
                break;
            };
            let bare = line.trim();
            // Comments and empty lines between continued lines count for nothing.
            open =
                bare.is_empty() || bare.starts_with('#') || self.take(&mut instruction, at, line);
        }
        instruction
    }

    /// Adds a line, and says whether the next one continues it.
    fn take(&self, instruction: &mut Instruction, at: usize, line: &str) -> bool {
        let continued = line.trim_end().strip_suffix(self.escape);
        let kept = continued.unwrap_or(line);
        instruction
            .offsets
            .step(instruction.text.len(), Span::new(at, at).start);
        instruction.text.push_str(kept);
        continued.is_some()
    }

    fn skip_heredoc(&mut self, end: &str) {
        for (_, line) in self.rest.by_ref() {
            if line.trim_start_matches('\t') == end {
                return;
            }
        }
    }
}

/// The words that end the here-documents of a line: `<<EOF`, `<<-"EOF"`.
fn heredocs(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, tail)) = rest.split_once("<<") {
        rest = tail;
        // `<<<` is a here-string.
        if tail.starts_with('<') {
            rest = tail.trim_start_matches('<');
            continue;
        }
        let name = tail.trim_start_matches('-').trim_start_matches(['"', '\'']);
        let end = name
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        // `1<<3` shifts.
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push(name.to_owned());
        }
    }
    found
}

fn words(text: &str, escape: char) -> Vec<Word> {
    let mut found = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() && quote.is_none() && !escaped {
            found.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_with(|| Word {
            text: String::new(),
            from: at,
            to: at,
        });
        word.to = end;
        if escaped {
            // A dollar sign that stands for itself stays told apart from a reference.
            if c == '$' || (quote == Some('"') && !matches!(c, '"' | '\\')) {
                word.text.push(escape);
            }
            word.text.push(c);
            escaped = false;
        } else if c == escape && quote != Some('\'') {
            escaped = true;
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        } else {
            word.text.push(c);
        }
    }
    found.extend(word);
    found
}

/// The strings of a JSON array; `None` where it is none, which makes the line a shell command.
fn array(inner: &str, base: usize) -> Option<Vec<Word>> {
    let mut found = Vec::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() || c == ',' {
            continue;
        }
        if c != '"' {
            return None;
        }
        let mut text = String::new();
        let mut end = None;
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    end = Some(at);
                    break;
                }
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                _ => text.push(c),
            }
        }
        found.push(Word {
            text,
            from: base + at + 1,
            to: base + end?,
        });
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let shown = |one: &Instruction| {
            let words: Vec<String> = one
                .words()
                .iter()
                .map(|word| format!("{}<{}>", word.text, one.span(word.from, word.to).of(text)))
                .collect();
            format!("{} {}", one.keyword, words.join(" "))
        };
        instructions(text).iter().map(shown).collect()
    }

    #[test]
    fn continued_lines_keep_the_places_of_their_words() {
        let text = "# x\nfrom a\\\n# why\n\n  AS b\nENV A=1 \\\r\n    B=\"two words\"\r\n";
        assert_eq!(
            read(text),
            [
                "FROM a<a> AS<AS> b<b>",
                "ENV A=1<A=1> B=two words<B=\"two words\">"
            ]
        );
    }

    #[test]
    fn here_documents_are_no_instructions() {
        let text = "RUN <<EOF cat\nFROM x\nEOF\nCOPY <<-'A' <<B /x/\nENV X=1\n\tA\nB\nRUN a <<< b\nUSER c\n";
        let keywords: Vec<String> = instructions(text)
            .into_iter()
            .map(|one| one.keyword)
            .collect();
        assert_eq!(keywords, ["RUN", "COPY", "RUN", "USER"]);
    }

    #[test]
    fn another_escape_and_arrays() {
        assert_eq!(
            read("# escape=`\nCOPY a `\n  c:\\b\n"),
            ["COPY a<a> c:\\b<c:\\b>"]
        );
        let text = "CMD [\"npm\", \"run dev\"]";
        let one = instructions(text).remove(0);
        let words = one.array().unwrap_or_default();
        let shown: Vec<_> = words
            .iter()
            .map(|word| one.span(word.from, word.to).of(text))
            .collect();
        assert_eq!(shown, ["npm", "run dev"]);
        assert!(instructions("CMD [ -f x ]").remove(0).array().is_none());
    }
}
