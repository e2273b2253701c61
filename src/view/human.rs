//! A view for a terminal. A table that is too wide folds its cells; where not even that fits, each row becomes a block.

use std::io::{self, Write};

use super::{Cell, Column, Kind, Style, Table, Tone, View};

/// Between two columns.
const GAP: usize = 2;
/// Longer words are folded like others.
const WORD: usize = 24;
/// No column is folded below this.
const NARROWEST: usize = 11;

pub fn render(view: &View, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", painted(&view.title, "1", style))?;
    for paragraph in &view.lead {
        for line in folded(paragraph, style.width) {
            writeln!(out, "{line}")?;
        }
    }
    for one in &view.tables {
        writeln!(out)?;
        table(one, style, out)?;
    }
    Ok(())
}

fn table(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !table.title.is_empty() {
        writeln!(out, "{}", painted(&table.title, "1", style))?;
    }
    for paragraph in &table.text {
        for line in folded(paragraph, style.width) {
            writeln!(out, "{line}")?;
        }
    }
    if table.rows.is_empty() {
        return writeln!(out, "{}", table.none);
    }
    match widths(table, style.width) {
        Some(widths) => grid(table, &widths, style, out)?,
        None => blocks(table, style, out)?,
    }
    legend(table, style, out)
}

/// The width of each column, folded as far as it takes; `None` where the terminal is too narrow for all of them.
fn widths(table: &Table, most: usize) -> Option<Vec<usize>> {
    let natural = |(at, column): (usize, &Column)| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let cells = cells.map(|cell| length(&cell.brief()));
        cells.chain([length(&column.title)]).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = table.columns.iter().enumerate().map(natural).collect();
    let room = most.checked_sub(GAP * widths.len().saturating_sub(1))?;
    let words: Vec<usize> = (0..widths.len()).map(|at| longest(table, at)).collect();
    let mut total: usize = widths.iter().sum();
    // Between words first; inside of words only where that is not enough.
    for least in [words.as_slice(), &[]] {
        while total > room {
            let least = |at: usize| least.get(at).copied().unwrap_or_default().max(NARROWEST);
            let can = widths.iter_mut().enumerate();
            let can = can.filter(|(at, width)| **width > least(*at));
            let Some((_, widest)) = can.max_by_key(|(_, width)| **width) else {
                break;
            };
            *widest -= 1;
            total -= 1;
        }
    }
    (total <= room).then_some(widths)
}

/// The longest word of a column that is kept in one piece if possible; paths are folded before sentences get too narrow.
fn longest(table: &Table, at: usize) -> usize {
    let cells = table.rows.iter().filter_map(|row| row.get(at));
    let of = |text: &str| text.split_whitespace().map(length).max().unwrap_or(0);
    let longest = cells.map(|cell| of(&cell.brief())).max();
    longest.unwrap_or(0).min(WORD)
}

fn grid(table: &Table, widths: &[usize], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let titles: Vec<(String, &str)> = table
        .columns
        .iter()
        .map(|column| (column.title.clone(), "1"))
        .collect();
    line(&titles, widths, style, out)?;
    for row in &table.rows {
        let cells: Vec<(String, &str)> = row
            .iter()
            .zip(&table.columns)
            .map(|(cell, column)| (cell.brief(), paint(cell, column)))
            .collect();
        line(&cells, widths, style, out)?;
    }
    Ok(())
}

/// One row, of as many lines as its longest cell takes.
fn line(
    cells: &[(String, &str)],
    widths: &[usize],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let folded: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|((text, _), width)| folded(text, *width))
        .collect();
    let lines = folded.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..lines {
        let mut told = String::new();
        let mut owed = 0;
        for (number, parts) in folded.iter().enumerate() {
            let part = parts.get(at).map(String::as_str).unwrap_or_default();
            let code = cells.get(number).map_or("", |(_, code)| code);
            if !part.is_empty() {
                told.push_str(&" ".repeat(owed));
                owed = 0;
                told.push_str(&painted(part, code, style));
            }
            owed += widths
                .get(number)
                .copied()
                .unwrap_or(0)
                .saturating_sub(length(part))
                + GAP;
        }
        writeln!(out, "{told}")?;
    }
    Ok(())
}

/// A block for each row: what it is about, then a line for each cell that says something.
fn blocks(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (at, row) in table.rows.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for (cell, column) in row.iter().zip(&table.columns) {
            let text = cell.full();
            if text.is_empty() {
                continue;
            }
            if column.kind == Kind::Name {
                for part in folded(&text, style.width) {
                    writeln!(out, "{}", painted(&part, "1", style))?;
                }
                continue;
            }
            let head = format!("  {}:", column.title);
            let own = length(&head) * 2 > style.width;
            let indent = if own { 4 } else { length(&head) + 1 };
            let room = style.width.saturating_sub(indent);
            let mut before = head.clone() + " ";
            if own {
                writeln!(out, "{head}")?;
                before = " ".repeat(indent);
            }
            for part in folded(&text, room) {
                writeln!(
                    out,
                    "{before}{}",
                    painted(&part, paint(cell, column), style)
                )?;
                before = " ".repeat(indent);
            }
        }
    }
    Ok(())
}

fn legend(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let legend = table.legend();
    let Some(widest) = legend.iter().map(|(label, _)| length(label)).max() else {
        return Ok(());
    };
    writeln!(out)?;
    for (label, doc) in &legend {
        let room = style.width.saturating_sub(widest + GAP).max(NARROWEST);
        for (at, part) in folded(doc, room).iter().enumerate() {
            let label = if at == 0 { label.as_str() } else { "" };
            let pad = " ".repeat(widest + GAP - length(label));
            writeln!(
                out,
                "{}",
                painted(&format!("{label}{pad}{part}"), "2", style)
            )?;
        }
    }
    Ok(())
}

/// A colour of the terminal's own palette, which users have chosen to be legible.
fn paint(cell: &Cell, column: &Column) -> &'static str {
    match cell.tone() {
        Tone::Bad => "31",
        Tone::Warn => "33",
        Tone::Good => "32",
        Tone::Quiet => "2",
        Tone::Plain if column.kind == Kind::Name => "1",
        Tone::Plain => "",
    }
}

pub(super) fn painted(text: &str, code: &str, style: &Style) -> String {
    if style.color && !code.is_empty() && !text.is_empty() {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Lines of at most `width` characters: broken at spaces; a longer word behind a mark such as `_` or `/`, or where it has
/// to be.
pub(super) fn folded(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while length(rest) > width {
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let cut = cut(rest, width);
            lines.push(rest.get(..cut).unwrap_or_default().to_owned());
            rest = rest.get(cut..).unwrap_or_default();
        }
        if !line.is_empty() && length(&line) + 1 + length(rest) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() && !rest.is_empty() {
            line.push(' ');
        }
        line.push_str(rest);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Where to break a word that is longer than `width`, in bytes.
fn cut(word: &str, width: usize) -> usize {
    let hard = word
        .char_indices()
        .nth(width)
        .map_or(word.len(), |(at, _)| at);
    let head = word.get(..hard).unwrap_or_default();
    let soft = head.rfind(['_', '/', '-', '.', ':']).map(|at| at + 1);
    // A stub of a few characters would be worse than a break inside of a word.
    soft.filter(|at| *at * 3 > hard).unwrap_or(hard)
}
