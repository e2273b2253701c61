//! Turns toml_parser's events into keys and values, and hands them to their tables.

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span as Region};

use super::table::{Tables, node};
use crate::model::{Problem, Span, Str};
use crate::syntax::nest::{MAX_DEPTH, too_deep};
use crate::syntax::node::{Node, Style, Value};

pub struct Reader<'t> {
    source: Source<'t>,
    tables: Tables,
    /// What is being filled, outermost first: the table of the last header, then arrays and inline tables.
    levels: Vec<Level>,
    header: Option<Header>,
    path: Path,
}

struct Level {
    holder: Holder,
    /// Whose value this is, where the level around it is a table.
    path: Path,
    span: Span,
    depth: usize,
}

enum Holder {
    Table(usize),
    Array(Vec<Node>),
    /// Nested too deeply: read past.
    Nothing,
}

struct Header {
    span: Span,
    is_array: bool,
}

/// A dotted key while it is read.
#[derive(Default)]
struct Path {
    keys: Vec<Node>,
    /// The last thing seen was a dot.
    goes_on: bool,
    is_broken: bool,
}

impl<'t> Reader<'t> {
    pub fn new(source: Source<'t>) -> Self {
        let mut reader = Self {
            source,
            tables: Tables::new(),
            levels: Vec::new(),
            header: None,
            path: Path::default(),
        };
        reader.start(Tables::ROOT);
        reader
    }

    /// The document and the problems of its keys. `errors` are the places of syntax errors, in order.
    pub fn finish(mut self, errors: &[u32]) -> (Node, Vec<Problem>) {
        let document = self.tables.take(Tables::ROOT, errors);
        (document, self.tables.problems)
    }

    /// Fills this table from here on.
    fn start(&mut self, table: usize) {
        self.path = Path::default();
        self.levels.clear();
        self.levels.push(Level {
            holder: Holder::Table(table),
            path: Path::default(),
            span: Span::default(),
            depth: self.tables.depth(table),
        });
    }

    fn open_header(&mut self, region: Region, is_array: bool) {
        self.path = Path::default();
        self.header = Some(Header {
            span: span(region),
            is_array,
        });
    }

    fn close_header(&mut self, end: Span) {
        let Some(header) = self.header.take() else {
            return;
        };
        let path = std::mem::take(&mut self.path);
        let whole = header.span.to(end);
        let table = path
            .complete()
            .and_then(|path| self.tables.header(path, header.is_array, whole));
        // Nobody will see the keys under a header that makes no sense.
        let table = table.unwrap_or_else(|| self.tables.create(whole, 0, false));
        self.start(table);
    }

    fn open(&mut self, region: Region, is_array: bool) -> bool {
        let path = std::mem::take(&mut self.path);
        let depth = self.levels.last().map_or(0, |level| level.depth) + path.keys.len().max(1);
        let span = span(region);
        let fits = depth < MAX_DEPTH;
        let holder = match is_array {
            _ if !fits => Holder::Nothing,
            true => Holder::Array(Vec::new()),
            false => Holder::Table(self.tables.create(span, depth, true)),
        };
        if !fits {
            self.tables.problems.push(too_deep(span));
        }
        self.levels.push(Level {
            holder,
            path,
            span,
            depth,
        });
        fits
    }

    fn close(&mut self, region: Region) {
        if self.levels.len() < 2 {
            return;
        }
        let Some(level) = self.levels.pop() else {
            return;
        };
        self.path = level.path;
        let value = match level.holder {
            Holder::Table(table) => {
                self.tables.end(table, span(region));
                self.tables.take(table, &[])
            }
            Holder::Array(items) => node(Value::Seq(items), level.span.to(span(region))),
            Holder::Nothing => return,
        };
        self.value(value);
    }

    /// Gives a finished value to whatever holds it.
    fn value(&mut self, value: Node) {
        let path = std::mem::take(&mut self.path);
        match self.levels.last_mut().map(|level| &mut level.holder) {
            Some(Holder::Array(items)) => items.push(value),
            Some(Holder::Table(table)) => {
                if let Some(path) = path.complete() {
                    self.tables.assign(*table, path, value);
                }
            }
            _ => {}
        }
    }

    fn raw(&self, region: Region, encoding: Option<Encoding>) -> Raw<'t> {
        let text = span(region).of(self.source.input());
        Raw::new_unchecked(text, encoding, region)
    }
}

impl EventReceiver for Reader<'_> {
    fn std_table_open(&mut self, region: Region, _: &mut dyn ErrorSink) {
        self.open_header(region, false);
    }

    fn array_table_open(&mut self, region: Region, _: &mut dyn ErrorSink) {
        self.open_header(region, true);
    }

    fn std_table_close(&mut self, region: Region, _: &mut dyn ErrorSink) {
        self.close_header(span(region));
    }

    fn array_table_close(&mut self, region: Region, _: &mut dyn ErrorSink) {
        self.close_header(span(region));
    }

    fn inline_table_open(&mut self, region: Region, _: &mut dyn ErrorSink) -> bool {
        self.open(region, false)
    }

    fn inline_table_close(&mut self, region: Region, _: &mut dyn ErrorSink) {
        self.close(region);
    }

    fn array_open(&mut self, region: Region, _: &mut dyn ErrorSink) -> bool {
        self.open(region, true)
    }

    fn array_close(&mut self, region: Region, _: &mut dyn ErrorSink) {
        self.close(region);
    }

    fn simple_key(
        &mut self,
        region: Region,
        encoding: Option<Encoding>,
        errors: &mut dyn ErrorSink,
    ) {
        if let Some(last) = self.path.keys.last().filter(|_| !self.path.goes_on) {
            // A key begins where none can: the header above, or the line, was not finished.
            self.close_header(last.span);
            self.path = Path::default();
        }
        let mut text = String::new();
        let mut errors = Watched::new(errors);
        self.raw(region, encoding)
            .decode_key(&mut text, &mut errors);
        self.path.is_broken |= errors.any;
        self.path.goes_on = false;
        let style = encoding.map_or(Style::Plain, |_| Style::Quoted);
        self.path.keys.push(scalar(&text, style, span(region)));
    }

    fn key_sep(&mut self, _: Region, _: &mut dyn ErrorSink) {
        self.path.goes_on = true;
    }

    fn scalar(&mut self, region: Region, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let mut text = String::new();
        let raw = self.raw(region, encoding);
        let kind = raw.decode_scalar(&mut text, errors);
        let style = match encoding {
            Some(Encoding::MlBasicString | Encoding::MlLiteralString) => Style::Block,
            Some(_) => Style::Quoted,
            None => Style::Plain,
        };
        let written = match kind {
            ScalarKind::String => &text,
            // 1_000 and 0xff stay as they are written.
            _ => raw.as_str(),
        };
        self.value(scalar(written, style, span(region)));
    }
}

impl Path {
    fn complete(self) -> Option<Vec<Node>> {
        (!self.is_broken && !self.goes_on && !self.keys.is_empty()).then_some(self.keys)
    }
}

/// Passes errors on and remembers that there were some.
struct Watched<'e> {
    errors: &'e mut dyn ErrorSink,
    any: bool,
}

impl<'e> Watched<'e> {
    fn new(errors: &'e mut dyn ErrorSink) -> Self {
        Self { errors, any: false }
    }
}

impl ErrorSink for Watched<'_> {
    fn report_error(&mut self, error: ParseError) {
        self.any = true;
        self.errors.report_error(error);
    }
}

fn span(region: Region) -> Span {
    Span::new(region.start(), region.end())
}

fn scalar(text: &str, style: Style, span: Span) -> Node {
    let text = Str::from(text);
    node(Value::Scalar { text, style }, span)
}
