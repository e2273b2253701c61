//! Commands of a shell script, as far as they can be read without running it: words, redirections, heredocs. Made for the
//! `run:` steps of CI jobs, so that `${{ … }}` is one piece whatever stands in it. Linear, and anything at all is read.

/// A word, without its quotes, and where it stands in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// `> file`, `>> file`, `2> file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub appends: bool,
    /// Not the output but the errors.
    pub errors: bool,
    pub target: Word,
}

/// One command: what stands between `;`, `&&`, `||`, `|` and the end of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
    /// The body behind `<<EOF`.
    pub heredoc: Option<(usize, usize)>,
    /// Its output is the next command's input.
    pub pipes: bool,
    /// Number of the line it stands on; lines joined by `\` are one.
    pub line: usize,
}

impl Command {
    /// Where its first word stands; that of its first redirection, where it is nothing else.
    pub fn start(&self) -> usize {
        let target = self.redirects.first().map(|redirect| &redirect.target);
        self.words.first().or(target).map_or(0, |word| word.start)
    }

    /// The program: the first word that is no assignment and no prefix.
    pub fn program(&self) -> Option<usize> {
        self.words.iter().position(|word| {
            !is_assignment(&word.text)
                && !matches!(
                    word.text.as_str(),
                    "sudo"
                        | "exec"
                        | "env"
                        | "time"
                        | "nohup"
                        | "then"
                        | "do"
                        | "else"
                        | "if"
                        | "!"
                )
        })
    }
}

/// A line of commands: from its first word to its last.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub start: usize,
    pub end: usize,
    pub commands: &'a [Command],
}

/// All commands of a script in their order.
pub fn parse(text: &str) -> Vec<Command> {
    let mut reader = Reader {
        text,
        at: 0,
        line: 0,
        current: Command::default(),
        waiting: Vec::new(),
        commands: Vec::new(),
    };
    reader.read();
    reader.commands
}

/// The lines of a script that hold commands, without comments and bodies of heredocs.
pub fn lines(commands: &[Command]) -> impl Iterator<Item = Line<'_>> {
    commands
        .chunk_by(|one, next| one.line == next.line)
        .filter_map(|commands| {
            let end = |command: &Command| {
                let targets = command.redirects.iter().map(|redirect| &redirect.target);
                let ends = command.words.iter().chain(targets).map(|word| word.end);
                ends.max()
            };
            Some(Line {
                start: commands.first()?.start(),
                end: commands.iter().filter_map(end).max()?,
                commands,
            })
        })
}

pub fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// A name that a variable can have.
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

struct Heredoc {
    delimiter: String,
    /// Index of the command it belongs to.
    command: usize,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    current: Command,
    waiting: Vec<Heredoc>,
    commands: Vec<Command>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn read(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => self.end_line(),
                '\\' if self.rest().starts_with("\\\n") => self.at += 2,
                '\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
                ' ' | '\t' | '\r' => self.at += 1,
                '#' => self.skip_comment(),
                '|' if !self.rest().starts_with("||") => {
                    self.current.pipes = true;
                    self.end_command();
                    self.at += 1;
                }
                ';' | '&' | '|' | '(' | ')' => {
                    self.end_command();
                    self.at += 1;
                }
                '<' | '>' => self.redirect(false),
                '2' if self.rest().starts_with("2>") => {
                    self.at += 1;
                    self.redirect(true);
                }
                _ => {
                    let word = self.word();
                    self.current.words.push(word);
                }
            }
        }
        self.end_command();
    }

    fn end_command(&mut self) {
        let mut command = std::mem::take(&mut self.current);
        if command.words.is_empty() && command.redirects.is_empty() {
            return;
        }
        command.line = self.line;
        self.commands.push(command);
    }

    fn end_line(&mut self) {
        self.end_command();
        self.at += 1;
        self.line += 1;
        for heredoc in std::mem::take(&mut self.waiting) {
            self.body(&heredoc);
        }
    }

    /// The body of a heredoc; one that never ends takes the rest of the text.
    fn body(&mut self, heredoc: &Heredoc) {
        let start = self.at;
        let mut end = self.text.len();
        let mut at = start;
        for line in self.rest().split_inclusive('\n') {
            at += line.len();
            if line.trim() == heredoc.delimiter {
                end = at - line.len();
                break;
            }
        }
        self.at = at;
        if let Some(command) = self.commands.get_mut(heredoc.command) {
            command.heredoc = Some((start, end));
        }
    }

    fn skip_comment(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn redirect(&mut self, errors: bool) {
        if let Some(behind) = self.rest().strip_prefix("<<") {
            let here_string = behind.starts_with('<');
            let dash = usize::from(behind.starts_with('-'));
            self.at += 2 + usize::from(here_string) + dash;
            self.skip_blanks();
            let word = self.word();
            // `<< parameters.name >>` is a parameter of CircleCI.
            if !here_string && !word.text.is_empty() && !word.text.contains('.') {
                let command = self.commands.len();
                self.waiting.push(Heredoc {
                    delimiter: word.text,
                    command,
                });
            }
            return;
        }
        let output = self.rest().starts_with('>');
        let appends = self.rest().starts_with(">>");
        self.at += 1 + usize::from(appends);
        // `>&2`, `&>file`, `>|file`.
        let joined = self.rest().starts_with(['&', '|']);
        self.at += usize::from(joined);
        self.skip_blanks();
        let target = self.word();
        let descriptor = joined && target.text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if output && !descriptor && !target.text.is_empty() {
            self.current.redirects.push(Redirect {
                appends,
                errors,
                target,
            });
        }
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// The next word; always takes a character where there is one that no operator needs.
    fn word(&mut self) -> Word {
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\'' => self.single(&mut text),
                '"' => self.double(&mut text),
                c => match self.piece(c) {
                    0 => break,
                    taken => {
                        text.push_str(self.rest().get(..taken).unwrap_or_default());
                        self.at += taken;
                    }
                },
            }
        }
        let end = self.at;
        if end == start {
            // A character that starts no word, such as a vertical tab.
            let blank = self.rest().chars().next().filter(|c| c.is_whitespace());
            self.at += blank.map_or(0, |c| if c == '\n' { 0 } else { c.len_utf8() });
        }
        Word { text, start, end }
    }

    /// Bytes of the next piece of a bare word; none where the word ends.
    fn piece(&mut self, c: char) -> usize {
        let rest = self.rest();
        if rest.starts_with("${{") {
            return within(rest, "}}");
        }
        if rest.starts_with("$(") {
            return nested(rest);
        }
        match c {
            '`' => 1 + within(rest.get(1..).unwrap_or_default(), "`"),
            '\\' if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") => 0,
            '\\' => {
                self.at += 1;
                self.rest().chars().next().map_or(0, char::len_utf8)
            }
            c if c.is_whitespace() || matches!(c, ';' | '|' | '&' | '<' | '>' | '(' | ')') => 0,
            c => c.len_utf8(),
        }
    }

    fn single(&mut self, text: &mut String) {
        self.at += 1;
        let end = self.rest().find('\'').unwrap_or(self.rest().len());
        text.push_str(self.rest().get(..end).unwrap_or_default());
        self.at = (self.at + end + 1).min(self.text.len());
    }

    fn double(&mut self, text: &mut String) {
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            let rest = self.rest();
            let taken = match c {
                '"' => {
                    self.at += 1;
                    return;
                }
                '\\' if rest.starts_with("\\\"")
                    || rest.starts_with("\\\\")
                    || rest.starts_with("\\$") =>
                {
                    self.at += 1;
                    1
                }
                '$' if rest.starts_with("${{") => within(rest, "}}"),
                '$' if rest.starts_with("$(") => nested(rest),
                c => c.len_utf8(),
            };
            text.push_str(self.rest().get(..taken).unwrap_or_default());
            self.at += taken;
        }
    }
}

/// Bytes up to and with the end; all where it never comes.
fn within(rest: &str, end: &str) -> usize {
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

/// Bytes of `$(…)` with the parentheses in it; a single sign where they do not match on the same lines.
fn nested(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices().take(2000) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    2.min(rest.len())
}

#[cfg(test)]
#[path = "shell_tests.rs"]
mod tests;
