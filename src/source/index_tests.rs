//! Entries found where they lie, whole and broken.

use super::*;

/// Two entries as version 2 writes them.
fn two() -> Vec<u8> {
    let mut data = b"DIRC\0\0\0\x02\0\0\0\x02".to_vec();
    for (path, stage) in [("a/.env", 0), ("b", 2)] {
        entry(&mut data, path, stage);
    }
    data.extend([0; 20]);
    data
}

fn entry(data: &mut Vec<u8>, path: &str, stage: u8) {
    let start = data.len();
    data.extend([0; MODE]);
    data.extend(0o100_644_u32.to_be_bytes());
    data.extend([0; STAT - MODE - 4]);
    data.extend([path.as_bytes()[0]; 20]);
    data.extend([stage << 4, u8::try_from(path.len()).unwrap()]);
    data.extend(path.as_bytes());
    data.extend(vec![0; 8 - (data.len() - start) % 8]);
}

#[test]
fn entries_are_found_where_they_lie() {
    let index = Index::parse(two(), gix::hash::Kind::Sha1).unwrap();
    let paths: Vec<String> = index.paths().map(|(path, _)| path.to_string()).collect();
    assert_eq!(paths, ["a/.env", "b"]);
    let item = index.item(1).unwrap();
    assert_eq!((item.kind, item.stage), (Item::FILE, 2));
    assert_eq!(item.id.as_bytes(), [b'b'; 20]);
    assert_eq!(index.sides("b".into()), 1..2);
    assert!(index.sides("c".into()).is_empty() && index.sides("".into()).is_empty());
    assert!(index.has_below("a/".into()) && !index.has_below("b/".into()));
    assert_eq!(index.below(0..2, "a".into()), 0..1);
    assert_eq!(index.below(0..2, "b".into()), 2..2);
    assert_eq!(index.item(2), None);
}

#[test]
fn parts_are_the_whole_and_cut_no_conflict() {
    let mut data = b"DIRC\0\0\0\x02\0\0\0\x07".to_vec();
    for (path, stage) in [
        ("a", 0),
        ("b", 1),
        ("b", 2),
        ("b", 3),
        ("c", 2),
        ("d", 3),
        ("e", 0),
    ] {
        entry(&mut data, path, stage);
    }
    data.extend([0; 20]);
    let index = Index::parse(data, gix::hash::Kind::Sha1).unwrap();
    let all: Vec<_> = index.paths().collect();
    for length in 0..9 {
        let parts = index.parts(length);
        let of_parts: Vec<_> = parts
            .into_iter()
            .flat_map(|part| index.paths_in(part))
            .collect();
        assert_eq!(of_parts, all, "{length}");
    }
    assert_eq!(index.parts(2), [0..4, 4..6, 6..7]);
}

#[test]
fn a_broken_index_is_none() {
    let whole = two();
    for end in 0..whole.len() - 20 {
        assert!(
            Index::parse(whole[..end].to_vec(), gix::hash::Kind::Sha1).is_none(),
            "{end}"
        );
    }
    for at in 0..whole.len() {
        for byte in [0, 0x7f, 0xff] {
            let mut broken = whole.clone();
            broken[at] = byte;
            // Whatever it says, nothing panics.
            if let Some(index) = Index::parse(broken, gix::hash::Kind::Sha1) {
                for (_, sides) in index.paths() {
                    sides.for_each(|at| assert!(index.item(at).is_some()));
                }
            }
        }
    }
}
