//! Lists the policies that ship, so that adding one is adding a file, and packs their YAML, so that a run does not read it.
//! The parser is the program's own, included by path.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "modules of the program, of which this needs a part"
)]
#![allow(clippy::pedantic, reason = "they are checked where they belong")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "src/model"]
mod model {
    pub mod problem;
    pub mod span;
    pub use problem::Problem;
    pub use span::Span;
    pub type Str = std::sync::Arc<str>;
}

#[path = "src/syntax"]
mod syntax {
    pub mod keys;
    pub mod nest;
    pub mod node;
    pub mod yaml;
    pub use node::Tree;
}

#[path = "src/policy/packed.rs"]
mod packed;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=policies");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for subject in sorted(&root.join("policies"))? {
        if subject.is_dir() {
            files.extend(sorted(&subject)?);
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yml"));
    let mut table = String::from("&[\n");
    let mut trees = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let (packed, off) = packed_head(&text);
        let (start, end) = (trees.len(), trees.len() + packed.len());
        trees.extend(packed);
        let name = file.strip_prefix(&root).unwrap_or(&file);
        let name = name.to_string_lossy().replace('\\', "/");
        let path = file.to_string_lossy();
        let _ = writeln!(
            table,
            "    File {{ path: {name:?}, text: include_str!({path:?}), off: {off}, packed: ({start}, {end}) }},"
        );
    }
    table.push(']');
    fs::write(out.join("policies.bin"), trees)?;
    fs::write(out.join("policies.rs"), table)
}

/// The tree of a policy without its examples, and whether it ships switched off; nothing for a file that the program has to
/// complain about itself.
fn packed_head(text: &str) -> (Vec<u8>, bool) {
    let tree = syntax::yaml::parse(text);
    let [root] = tree.documents.as_slice() else {
        return (Vec::new(), false);
    };
    let off = root.get("default").and_then(|word| word.text()) == Some("off");
    let mut root = root.clone();
    if let syntax::node::Value::Map(entries) = &mut root.value {
        entries.retain(|entry| entry.key.text() != Some("examples"));
    }
    if tree.problems.is_empty() {
        (packed::pack(&root, text).unwrap_or_default(), off)
    } else {
        (Vec::new(), false)
    }
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
