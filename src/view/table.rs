//! The model of every view: tables whose cells say a status, letters for equal values, names, and notes. Every text in it
//! may be printed as it is.

use super::{Status, Tone};
use crate::model::Severity;

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// What programs know it by.
    pub name: &'static str,
    pub title: String,
    /// Paragraphs above the tables.
    pub lead: Vec<String>,
    pub tables: Vec<Table>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What programs know it by.
    pub name: &'static str,
    /// Empty where the view's own title says it.
    pub title: String,
    /// Paragraphs between title and table.
    pub text: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// What to say where there are no rows.
    pub none: String,
}

/// What a column holds; decides how programs are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// What the row is about.
    Name,
    #[default]
    Text,
    /// Several texts.
    List,
    /// A status in general.
    Status,
    /// A status in the environment that the column is named after.
    Environment,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What programs know it by.
    pub name: String,
    pub title: String,
    pub kind: Kind,
}

impl Column {
    pub fn new(name: &str, title: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            kind,
        }
    }
}

/// A cell for each column.
pub type Row = Vec<Cell>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub status: Option<&'static Status>,
    /// Over that of the status.
    pub tone: Option<Tone>,
    /// Texts, beside the status or instead of it.
    pub items: Vec<String>,
    /// Cells of one letter hold the same value.
    pub groups: Vec<String>,
    /// Names of those it is shared with.
    pub with: Vec<String>,
    pub required: bool,
    /// How grave it is, where that is known.
    pub severity: Option<Severity>,
    /// Empty where there is nothing to add.
    pub note: String,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            items: if text.is_empty() {
                Vec::new()
            } else {
                vec![text]
            },
            ..Self::default()
        }
    }

    pub fn list(items: Vec<String>) -> Self {
        Self {
            items,
            ..Self::default()
        }
    }

    pub fn status(status: &'static Status) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    pub fn tone(&self) -> Tone {
        let of_status = self.status.map(|status| status.tone);
        self.tone.or(of_status).unwrap_or(Tone::Plain)
    }

    /// The cell in as few words as it takes.
    pub fn brief(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        if let Some(status) = self.status {
            let star = if self.required { "*" } else { "" };
            words.push(format!("{}{star}", status.label));
        }
        words.extend(self.groups.iter().map(|group| format!("={group}")));
        if self.groups.is_empty() && !self.with.is_empty() {
            words.push(format!("with {}", self.with.join(", ")));
        }
        let items = self.items.join(", ");
        match self.status {
            _ if items.is_empty() => {}
            None => words.push(items),
            Some(_) => words.push(format!("({items})")),
        }
        words.join(" ")
    }

    /// The same with everything there is to say.
    pub fn full(&self) -> String {
        let mut text = self.brief();
        if !self.groups.is_empty() && !self.with.is_empty() {
            text.push_str(" with ");
            text.push_str(&self.with.join(", "));
        }
        if !self.note.is_empty() {
            let before = if text.is_empty() { "" } else { "; " };
            text.push_str(before);
            text.push_str(&self.note);
        }
        text
    }
}

impl Table {
    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flatten()
    }

    /// The marks and statuses that its cells use, with what they mean.
    pub fn legend(&self) -> Vec<(String, String)> {
        let mut known: Vec<&'static Status> = Vec::new();
        for status in self.cells().filter_map(|cell| cell.status) {
            if !known.iter().any(|one| one.word == status.word) {
                known.push(status);
            }
        }
        known.sort_by_key(|status| (std::cmp::Reverse(status.tone), status.word));
        let mut legend: Vec<(String, String)> = known
            .iter()
            .filter(|status| !status.doc.is_empty())
            .map(|status| (status.label.to_owned(), status.doc.to_owned()))
            .collect();
        if self.cells().any(|cell| !cell.groups.is_empty()) {
            legend.push(("=A".to_owned(), "one letter in a row: one value".to_owned()));
        }
        if self.cells().any(|cell| cell.required) {
            legend.push((
                "*".to_owned(),
                "required there: a policy or the code says so".to_owned(),
            ));
        }
        legend
    }
}
