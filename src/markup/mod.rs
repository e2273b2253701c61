//! Text inside of a markup that somebody else parses. Reports and views write their few elements themselves; only the
//! escaping has to be right, and is the same for both.

pub mod csv;
pub mod html;
pub mod markdown;
pub mod xml;
