//! `envguard explain`: the page of a policy, or why it does or does not complain at one place.

mod page;
mod place;

use std::io;

use super::args::Explain;
use super::{Failure, Screen, here};
use crate::pipeline::{self, Book, Grounds, examples};
use crate::policy::{Catalogue, Spec};

pub fn run(explain: &Explain, screen: &Screen) -> Result<u8, Failure> {
    let style = screen.style();
    if let Some(place) = &explain.place {
        return place::run(&explain.id, place, &style);
    }
    let shipped = Catalogue::shipped();
    let mut out = io::BufWriter::new(io::stdout().lock());
    if let Some(spec) = shipped.get(&explain.id) {
        page::write(spec, &shipped.specs, None, &style, &mut out)?;
        return Ok(0);
    }
    // Only now is the repository asked: a mistake in its configuration is no reason to explain nothing.
    let grounds = pipeline::ground(&here()?)?;
    let book = Book::open(&grounds.config, grounds.settings_tree())?;
    let words = examples::words(&grounds.config);
    let spec = known(&book.catalogue, &explain.id, &grounds)?;
    page::write(
        spec,
        &book.catalogue.specs,
        words.as_ref(),
        &style,
        &mut out,
    )?;
    Ok(0)
}

fn known<'a>(catalogue: &'a Catalogue, id: &str, grounds: &Grounds) -> Result<&'a Spec, Failure> {
    catalogue
        .get(id)
        .ok_or_else(|| Failure::no_policy(id, catalogue.ids(), &grounds.opened.snapshot))
}
