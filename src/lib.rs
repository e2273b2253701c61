//! envguard keeps development, test, staging and production apart.
//!
//! Data flows one way: source → classify → format → resolve → policy → settle → report.

#![forbid(unsafe_code)]

pub mod classify;
pub mod cli;
pub mod config;
pub mod format;
pub mod markup;
pub mod model;
pub mod pipeline;
pub mod policy;
pub mod report;
pub mod resolve;
pub mod settle;
pub mod source;
pub mod syntax;
pub mod value;
pub mod view;
