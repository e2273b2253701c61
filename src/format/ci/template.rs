//! What jobs take from elsewhere, as facts: templates of other files, and inputs that callers leave out. Each file is read
//! alone; `resolve` brings both sides together.

use std::sync::Arc;

use crate::format::written::bounded;
use crate::model::schema::{Kind, workflow_job, workflow_template};
use crate::model::{Fact, File, Span, Value};

use super::{Job, list};

/// What jobs of other files can extend.
#[derive(Clone, Debug)]
pub(in crate::format) struct Template<'a> {
    pub(in crate::format) id: &'a str,
    pub(in crate::format) key: Span,
    pub(in crate::format) environment: Option<String>,
    pub(in crate::format) extends: Vec<String>,
}

impl Template<'_> {
    pub(super) fn fact(&self, file: &Arc<File>) -> Fact {
        let environment = self.environment.as_deref().map(bounded);
        Fact::new(Kind::workflow_template, file, self.key, self.key)
            .with(workflow_template::ID, self.id)
            .with(workflow_template::ENVIRONMENT, environment)
            .with(workflow_template::EXTENDS, named(&self.extends))
    }
}

pub(super) fn inherit(fact: &mut Fact, job: &Job) {
    let otherwise = job.otherwise.as_deref().map(bounded);
    fact.set(workflow_job::ENVIRONMENT_DEFAULT, otherwise.into());
    fact.set(workflow_job::EXTENDS, named(&job.extends));
}

/// A list that is absent where it is empty.
fn named(words: &[String]) -> Value {
    if words.is_empty() {
        return Value::Absent;
    }
    list(words)
}
