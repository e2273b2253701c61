//! Made-up keys for examples: `stripe_live`, `sentry_dsn`, `hex32`, `password`. They have the form that the catalogue
//! knows and are put together when an example runs, so that no policy file holds anything a scanner would report.

use super::shape::{self, Shape};
use super::table::{OPEN_SHAPES, SHAPES};
use super::{Identity, Vendor, get};

/// The made-up value of a word, always the same for the same word. A vendor's id, then `live`, `test` or `publishable`
/// where the form tells them apart; what follows makes another key of the same form (`openai`, `openai_b`).
/// `password`, `jwt` and `hexN` belong to no vendor.
pub fn of(word: &str) -> Option<String> {
    let mut random = Random::new(word);
    if word.starts_with("password") {
        return Some(random.text(ALNUM, 32));
    }
    if word.starts_with("jwt") {
        let parts = [
            random.text(ALNUM, 24),
            random.text(ALNUM, 40),
            random.text(ALNUM, 43),
        ];
        return Some(format!("eyJ{}.eyJ{}.{}", parts[0], parts[1], parts[2]));
    }
    if let Some(length) = word.strip_prefix("hex") {
        let digits = length
            .split('_')
            .next()
            .and_then(|length| length.parse().ok());
        return digits.map(|length: usize| random.text(HEX, length.min(512)));
    }
    let (vendor, rest) = vendor_of(word)?;
    let shape = shape_of(vendor, rest)?;
    Some(key(shape, &mut random))
}

/// The longest id the word starts with, and the words behind it.
fn vendor_of(word: &str) -> Option<(&'static Vendor, &str)> {
    let mut end = word.len();
    loop {
        let head = word.get(..end)?;
        let rest = word.get(end..).unwrap_or_default();
        if let Some(vendor) = get(head).or_else(|| get(&head.replace('_', "-"))) {
            return Some((vendor, rest));
        }
        end = head.rfind('_')?;
    }
}

fn shape_of(vendor: &Vendor, rest: &str) -> Option<&'static Shape> {
    let asked = |word: &str| rest.split('_').any(|part| part == word);
    let mode = ["live", "test", "publishable"]
        .into_iter()
        .find(|mode| asked(mode));
    let public = asked("public") || asked("publishable");
    let own = || {
        let shapes = SHAPES.iter().chain(OPEN_SHAPES);
        shapes.filter(|shape| shape.vendor.id == vendor.id)
    };
    own()
        .find(|shape| {
            (mode.is_none() || shape.mode == mode) && public == (shape.identity == Identity::Public)
        })
        .or_else(|| own().find(|shape| mode.is_none() || shape.mode == mode))
}

pub(super) fn key(shape: &Shape, random: &mut Random) -> String {
    let mut key = String::new();
    let mut rest = shape.pattern;
    while !rest.is_empty() {
        if let Some((class, count, behind)) = shape::part(rest) {
            if class == "any" && key.ends_with('@') {
                key.push_str("o4501.ingest.sentry.io/77");
            } else {
                key.push_str(&random.text(alphabet(class), *count.start()));
            }
            rest = behind;
        } else {
            let literal = rest.split('[').next().unwrap_or_default();
            key.push_str(literal);
            rest = rest.get(literal.len()..).unwrap_or_default();
        }
    }
    key
}

const ALNUM: &[u8] = b"a7Kd3mQx9Rt2Lp5Wz8Vn4Yc6Hf1Gs0BjEuTo";
const HEX: &[u8] = b"0123456789abcdef";

fn alphabet(class: &str) -> &'static [u8] {
    match class {
        "digit" => b"123456789",
        "hex" | "uuid" => HEX,
        "upper" => b"A7K3MQ9R2L5WZ8V4YC6H",
        _ => ALNUM,
    }
}

/// A small generator (splitmix64): the values only have to look like keys.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(word: &str) -> Self {
        let seed = word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        let size = alphabet.len() as u64;
        let pick = |_| {
            let at = usize::try_from(self.next() % size).unwrap_or_default();
            alphabet.get(at).map_or('a', |byte| char::from(*byte))
        };
        (0..length).map(pick).collect()
    }
}
