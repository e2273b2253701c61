//! Scripts as they are written in CI jobs, and what is read of them.

use super::*;

fn shown(text: &str) -> Vec<String> {
    parse(text)
        .iter()
        .map(|command| {
            let words: Vec<_> = command
                .words
                .iter()
                .map(|word| word.text.as_str())
                .collect();
            let mut out = words.join("·");
            for redirect in &command.redirects {
                let sign = if redirect.appends { " >> " } else { " > " };
                out = out + sign + &redirect.target.text;
            }
            if let Some((start, end)) = command.heredoc {
                out = out + " << " + text.get(start..end).unwrap();
            }
            out + if command.pipes { " |" } else { "" }
        })
        .collect()
}

#[test]
fn words_quotes_and_operators() {
    assert_eq!(
        shown("a 'b c' \"d $e\" f\\ g && h;i | j # no\n# no\nk \\\n  l"),
        ["a·b c·d $e·f g", "h", "i |", "j", "k·l"]
    );
    assert_eq!(
        shown("echo \"${{ secrets['A'] || 'x' }}\" $(cat a | b) >> .env 2>&1"),
        ["echo·${{ secrets['A'] || 'x' }}·$(cat a | b) >> .env"]
    );
}

#[test]
fn heredocs_belong_to_their_command() {
    assert_eq!(
        shown("cat > .env <<'EOF'\nA=1\nEOF\necho x"),
        ["cat > .env << A=1\n", "echo·x"]
    );
    assert_eq!(shown("cat <<EOF > .env\nA"), ["cat > .env << A"]);
}

#[test]
fn lines_run_from_the_first_word_to_the_last() {
    let text = "  a b && c > d \n\n e \\\n f # g\n> g\n";
    let commands = parse(text);
    let shown: Vec<_> = lines(&commands)
        .map(|line| &text[line.start..line.end])
        .collect();
    assert_eq!(shown, ["a b && c > d", "e \\\n f", "g"]);
}

#[test]
fn any_text_is_read() {
    for text in [
        "",
        "'",
        "\"",
        "$(",
        "${{",
        "<<",
        "<<EOF",
        ">",
        "2>",
        "a\u{b}b",
        "`",
        "\\",
        "é<<ü\nß",
        ">&",
        "))((",
        "\u{a0}",
    ] {
        for command in parse(text) {
            for word in &command.words {
                assert!(text.get(word.start..word.end).is_some(), "{text}");
            }
        }
    }
}
