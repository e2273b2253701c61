//! The vendor catalogue is written in YAML and compiled in as a table: this holds the two together.
//! `BLESS=1 cargo test --test vendors` writes the table.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use envguard::value::vendor::shape;
use serde::Deserialize;

const SOURCE: &str = include_str!("../policies/vendors.yml");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/value/vendor/table.rs");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    categories: BTreeMap<String, Category>,
    risks: Vec<Risk>,
    vendors: BTreeMap<String, Vendor>,
    platforms: BTreeMap<String, Vec<String>>,
    marks: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Category {
    severity: String,
    impact: String,
    remedies: Vec<Remedy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Risk {
    id: String,
    title: String,
    impact: String,
    categories: Vec<String>,
    tags: Vec<String>,
    minutes: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vendor {
    title: String,
    category: String,
    severity: Option<String>,
    impact: Option<String>,
    remedies: Option<Vec<Remedy>>,
    names: Vec<String>,
    #[serde(default)]
    credential: Vec<String>,
    #[serde(default)]
    instance: Vec<String>,
    #[serde(default)]
    public: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    #[serde(default)]
    keys: BTreeMap<String, String>,
    #[serde(default)]
    hosts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remedy {
    r#do: String,
    minutes: u16,
}

#[test]
fn the_table_is_current() {
    let rendered = render(&catalogue());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(TABLE, &rendered).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(TABLE).unwrap();
    assert!(
        committed == rendered,
        "policies/vendors.yml has changed: run `BLESS=1 cargo test --test vendors`"
    );
}

#[test]
fn the_catalogue_makes_sense() {
    let catalogue = catalogue();
    assert!(catalogue.vendors.len() >= 150);
    let mut names = BTreeMap::new();
    for (id, vendor) in &catalogue.vendors {
        assert!(
            catalogue.categories.contains_key(&vendor.category),
            "{id}: category {}",
            vendor.category
        );
        for name in &vendor.names {
            assert!(is_name(name), "{id}: {name} must start with a whole word");
            let earlier = names.insert(name.clone(), id);
            assert_eq!(earlier, None, "{name} belongs to two vendors");
        }
        for (pattern, words) in &vendor.keys {
            assert!(shape::is_pattern(pattern), "{id}: {pattern}");
            assert!(words.split(' ').all(is_key_word), "{id}: {words}");
        }
        for host in &vendor.hosts {
            let is_host = host.contains('.') && *host == host.to_lowercase();
            assert!(is_host, "{id}: {host}");
        }
    }
    for category in catalogue.categories.keys() {
        let risks = catalogue.risks.iter();
        let count = risks.filter(|risk| risk.categories.contains(category));
        assert_eq!(count.count(), 1, "one risk for {category}");
    }
    for platform in catalogue.marks.keys() {
        assert!(catalogue.platforms.contains_key(platform), "{platform}");
    }
}

fn is_name(glob: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b"_*".contains(&b);
    glob.bytes().all(upper) && !first_word(glob).contains('*')
}

fn is_key_word(word: &str) -> bool {
    [
        "live",
        "test",
        "publishable",
        "public",
        "instance",
        "secret",
    ]
    .contains(&word)
}

fn catalogue() -> Catalogue {
    serde_saphyr::from_str(SOURCE).unwrap()
}

fn first_word(glob: &str) -> &str {
    glob.split('_').next().unwrap()
}

fn render(catalogue: &Catalogue) -> String {
    let mut out = String::from(
        "//! Generated from policies/vendors.yml by `BLESS=1 cargo test --test vendors`. Do not edit. @generated\n\n\
         use super::Identity::{Credential, Instance, None as Nothing, Public};\n\
         use super::{Remedy, Risk, Shape, Vendor};\n\
         use crate::model::Severity::{Critical, High, Low, Medium};\n\n\
         const fn r(text: &'static str, minutes: u16) -> Remedy {\n    Remedy { text, minutes }\n}\n\n",
    );
    render_categories(&mut out, catalogue);
    render_vendors(&mut out, catalogue);
    render_names(&mut out, catalogue);
    render_shapes(&mut out, catalogue);
    render_hosts(&mut out, catalogue);
    render_platforms(&mut out, catalogue);
    render_risks(&mut out, catalogue);
    out
}

fn render_risks(out: &mut String, catalogue: &Catalogue) {
    writeln!(out, "\npub(super) static RISKS: &[Risk] = &[").unwrap();
    for risk in &catalogue.risks {
        writeln!(
            out,
            "    Risk {{ id: {:?}, title: {:?}, impact: {:?}, categories: &{:?}, tags: &{:?}, minutes: {} }},",
            risk.id, risk.title, risk.impact, risk.categories, risk.tags, risk.minutes
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}

fn constant(category: &str) -> String {
    category.to_uppercase().replace('-', "_")
}

fn remedies(list: &[Remedy]) -> String {
    let items: Vec<String> = list
        .iter()
        .map(|remedy| format!("r({:?}, {})", remedy.r#do, remedy.minutes))
        .collect();
    format!("&[{}]", items.join(", "))
}

fn severity(word: &str) -> String {
    assert!(
        ["low", "medium", "high", "critical"].contains(&word),
        "{word}"
    );
    let (head, tail) = word.split_at(1);
    head.to_uppercase() + tail
}

fn render_categories(out: &mut String, catalogue: &Catalogue) {
    for (id, category) in &catalogue.categories {
        let name = constant(id);
        writeln!(out, "const {name}_IMPACT: &str = {:?};", category.impact).unwrap();
        writeln!(
            out,
            "const {name}_REMEDIES: &[Remedy] = {};",
            remedies(&category.remedies)
        )
        .unwrap();
    }
}

fn render_vendors(out: &mut String, catalogue: &Catalogue) {
    writeln!(out, "\npub(super) static VENDORS: &[Vendor] = &[").unwrap();
    for (id, vendor) in &catalogue.vendors {
        let category = &catalogue.categories[&vendor.category];
        let constant = constant(&vendor.category);
        let mut identities = Vec::new();
        for (word, globs) in [
            ("Nothing", &vendor.none),
            ("Public", &vendor.public),
            ("Instance", &vendor.instance),
            ("Credential", &vendor.credential),
        ] {
            identities.extend(globs.iter().map(|glob| format!("({word}, {glob:?})")));
        }
        writeln!(
            out,
            "    Vendor {{ id: {id:?}, title: {:?}, category: {:?}, severity: {}, impact: {}, remedies: {}, identities: &[{}] }},",
            vendor.title,
            vendor.category,
            severity(vendor.severity.as_ref().unwrap_or(&category.severity)),
            vendor.impact.as_ref().map_or(format!("{constant}_IMPACT"), |text| format!("{text:?}")),
            vendor.remedies.as_ref().map_or(format!("{constant}_REMEDIES"), |list| remedies(list)),
            identities.join(", "),
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}

fn render_names(out: &mut String, catalogue: &Catalogue) {
    let mut rows: Vec<(&str, &str, usize)> = Vec::new();
    for (at, vendor) in catalogue.vendors.values().enumerate() {
        rows.extend(
            vendor
                .names
                .iter()
                .map(|glob| (first_word(glob), glob.as_str(), at)),
        );
    }
    rows.sort_unstable();
    writeln!(out, "\n/// First word, glob, index of the vendor; sorted.").unwrap();
    writeln!(out, "pub(super) static NAMES: &[(&str, &str, u16)] = &[").unwrap();
    for row in rows {
        writeln!(out, "    {row:?},").unwrap();
    }
    writeln!(out, "];").unwrap();
}

fn render_shapes(out: &mut String, catalogue: &Catalogue) {
    let mut rows = Vec::new();
    for (at, vendor) in catalogue.vendors.values().enumerate() {
        for (pattern, words) in &vendor.keys {
            let literal = pattern.split('[').next().unwrap();
            // The more particular shape first: the longer literal, then the fixed length.
            let order = (
                literal.bytes().next(),
                std::cmp::Reverse(literal.len()),
                pattern.contains('+'),
            );
            rows.push((order, pattern, words, at));
        }
    }
    rows.sort_unstable();
    for (name, open) in [("SHAPES", false), ("OPEN_SHAPES", true)] {
        writeln!(out, "\npub(super) static {name}: &[Shape] = &[").unwrap();
        for (_, pattern, words, at) in rows.iter().filter(|row| row.1.starts_with('[') == open) {
            let has = |word: &str| words.split(' ').any(|w| w == word);
            let mode = ["live", "test", "publishable"]
                .into_iter()
                .find(|mode| has(mode));
            let identity = match () {
                () if has("public") => "Public",
                () if has("instance") => "Instance",
                () => "Credential",
            };
            writeln!(out, "    Shape {{ pattern: {pattern:?}, vendor: &VENDORS[{at}], mode: {mode:?}, identity: {identity} }},").unwrap();
        }
        writeln!(out, "];").unwrap();
    }
}

fn render_hosts(out: &mut String, catalogue: &Catalogue) {
    let mut rows: Vec<(&str, usize)> = Vec::new();
    for (at, vendor) in catalogue.vendors.values().enumerate() {
        rows.extend(vendor.hosts.iter().map(|host| (host.as_str(), at)));
    }
    rows.sort_unstable();
    writeln!(out, "\n/// Domain, index of the vendor; sorted.").unwrap();
    writeln!(out, "pub(super) static HOSTS: &[(&str, u16)] = &[").unwrap();
    for row in rows {
        writeln!(out, "    {row:?},").unwrap();
    }
    writeln!(out, "];").unwrap();
}

fn render_platforms(out: &mut String, catalogue: &Catalogue) {
    for (table, globs) in [
        ("PLATFORMS", &catalogue.platforms),
        ("MARKS", &catalogue.marks),
    ] {
        writeln!(out, "\npub(super) static {table}: &[(&str, &str)] = &[").unwrap();
        for (platform, globs) in globs {
            for glob in globs {
                writeln!(out, "    {:?},", (glob, platform)).unwrap();
            }
        }
        writeln!(out, "];").unwrap();
    }
}
