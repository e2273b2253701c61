//! The fields that every fact has.

use super::Type::{Bool, Env, Path, Str, Word};
use super::words::ROLES;
use super::{Field, FieldSchema};

/// Fields that every fact has, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Common {
    File,
    Dir,
    Env,
    Role,
    Tracked,
    Ignored,
    Machine,
    Layer,
    Project,
    Stack,
    Purpose,
}

impl Common {
    pub(in crate::model) const ALL: [Self; 11] = [
        Self::File,
        Self::Dir,
        Self::Env,
        Self::Role,
        Self::Tracked,
        Self::Ignored,
        Self::Machine,
        Self::Layer,
        Self::Project,
        Self::Stack,
        Self::Purpose,
    ];

    pub const fn field(self) -> Field {
        Field {
            kind: None,
            index: self as u8,
        }
    }
}

/// Fields that every fact has; the order is that of `Common`.
pub static COMMON: &[FieldSchema] = &[
    FieldSchema {
        name: "file",
        ty: Path,
        optional: false,
        doc: "path of the file, from the root",
    },
    FieldSchema {
        name: "dir",
        ty: Path,
        optional: false,
        doc: "folder of that file, `.` at the root",
    },
    FieldSchema {
        name: "env",
        ty: Env,
        optional: true,
        doc: "environment the fact belongs to; `unassigned` in a configuration file that nothing assigns, which counts as absent",
    },
    FieldSchema {
        name: "role",
        ty: Word(ROLES),
        optional: false,
        doc: "example = .example/.sample/.template/.dist; test = fixtures; doc = prose; encrypted = unreadable without a key",
    },
    FieldSchema {
        name: "tracked",
        ty: Bool,
        optional: false,
        doc: "in version control (outside of git: not matched by an ignore file)",
    },
    FieldSchema {
        name: "ignored",
        ty: Bool,
        optional: false,
        doc: "matched by an ignore file",
    },
    FieldSchema {
        name: "machine",
        ty: Str,
        optional: true,
        doc: "machine group the environment runs on (default: production alone, all others together)",
    },
    FieldSchema {
        name: "layer",
        ty: Word(&["written", "effective"]),
        optional: false,
        doc: "written = what a file says; effective = what holds in an environment after merging; policies read effective facts unless they say otherwise",
    },
    FieldSchema {
        name: "project",
        ty: Path,
        optional: false,
        doc: "folder of the nearest manifest: the unit in which ports and keys are compared",
    },
    FieldSchema {
        name: "stack",
        ty: Str,
        optional: true,
        doc: "stack the effective fact holds in",
    },
    FieldSchema {
        name: "purpose",
        ty: Str,
        optional: false,
        doc: "name of the file without the words for its environment and for an example: `worker.env` of worker.prod.env and of worker.env.example",
    },
];
