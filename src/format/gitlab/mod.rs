//! GitLab pipelines: jobs with their environments, rules, stages, variables, services, scripts and artifacts. `extends`
//! and `!reference` are followed inside of a file; files of the repository that it includes are read beside it, whatever
//! they are called, and what is included from elsewhere stays unknown.

mod condition;
mod include;
mod job;

use crate::model::file::Nature;
use crate::syntax::{Entry, Node, yaml};

use super::ci::reach::{Set, Trigger};
use super::ci::{self, Job, Pipeline};
use super::written::bounded;
use super::{Claim, Format, Input, Output};

pub static GITLAB: Format = Format {
    name: "gitlab",
    doc: "GitLab pipelines: `.gitlab-ci.yml`, files that it includes, and what is called like one (`*.gitlab-ci.yml`, `.gitlab/ci/*.yml`)",
    nature: Nature::Pipeline,
    beside: false,
    claims,
    parse,
};

fn claims(path: &str) -> Claim {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name
        .strip_suffix(".yml")
        .or_else(|| name.strip_suffix(".yaml"));
    let Some(stem) = stem else {
        return Claim::No;
    };
    let named = stem == ".gitlab-ci"
        || stem.ends_with(".gitlab-ci")
        || stem == "gitlab-ci"
        || stem.starts_with(".gitlab-ci-");
    let placed = [".gitlab/ci", ".gitlab-ci", "gitlab-ci", ".gitlab/pipelines"]
        .iter()
        .any(|known| {
            folder
                .strip_suffix(known)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        });
    if named {
        Claim::Yes
    } else if placed {
        Claim::IfText(|text| text.contains("script:"))
    } else {
        Claim::No
    }
}

/// Keys at the top that are no jobs.
const RESERVED: &[&str] = &[
    "stages",
    "variables",
    "default",
    "include",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "types",
    "pages:deploy",
];

/// A file with everything that its jobs inherit.
struct File<'a> {
    root: &'a Node,
    stages: Vec<&'a str>,
}

fn parse(input: &Input) -> Output {
    let tree = yaml::parse(input.text);
    let mut problems = tree.problems.clone();
    // GitLab takes the last of two equal keys, and many pipelines lean on that.
    problems.retain(|problem| problem.code != "duplicate-key");
    // `spec:` of a component stands in a document of its own.
    let document = tree
        .documents
        .iter()
        .rev()
        .find(|document| !document.is_null());
    ci::read(input, document, problems, |root| pipeline(input, root))
}

fn pipeline<'a>(input: &Input, root: &'a Node) -> Pipeline<'a> {
    let stages = root.get("stages").map(ci::texts).unwrap_or_default();
    let file = File {
        root,
        stages: if stages.is_empty() {
            vec!["build", "test", "deploy"]
        } else {
            stages
        },
    };
    let variables = root.get("variables");
    Pipeline {
        triggers: triggers(),
        called: root.get("include").is_some() || !input.file.name.starts_with(".gitlab-ci"),
        vars: variables
            .map(|variables| ci::vars(input.text, variables))
            .unwrap_or_default(),
        containers: job::containers(input, root),
        local: include::local(input, root.get("include")),
        jobs: jobs(input, &file),
        templates: job::templates(&file),
        shell_secrets: true,
        ..Pipeline::default()
    }
}

fn jobs<'a>(input: &Input, file: &File<'a>) -> Vec<Job<'a>> {
    let whole = file
        .root
        .get("workflow")
        .and_then(|workflow| workflow.get("rules"));
    let entries: Vec<&Entry> = file
        .root
        .entries()
        .iter()
        .filter(|entry| is_job(entry))
        .collect();
    let staged: Vec<(&str, usize)> = entries
        .iter()
        .filter_map(|entry| Some((entry.key.text()?, file.stage(&entry.value))))
        .collect();
    let mut jobs: Vec<Job> = entries
        .iter()
        .filter_map(|entry| job::read(input, file, entry, &staged))
        .collect();
    if let Some(rules) = whole.filter(|rules| rules.is_seq()) {
        let limits = condition::rules(rules);
        for job in &mut jobs {
            job.cases = ci::reach::both(&job.cases, &limits);
        }
    }
    jobs
}

fn is_job(entry: &Entry) -> bool {
    let Some(name) = entry.key.text() else {
        return false;
    };
    entry.value.is_map() && !name.starts_with('.') && !RESERVED.contains(&name)
}

fn triggers() -> Vec<Trigger> {
    let trigger = |event: &str, refs: Set, open: bool| Trigger {
        event: event.to_owned(),
        refs,
        open,
    };
    vec![
        trigger("push", Set::Any, true),
        trigger("merge_request_event", Set::only("refs/pull/*"), true),
        trigger("schedule", Set::Any, false),
        trigger("web", Set::Any, false),
    ]
}

/// `extends` of `extends` deeper than this is not followed.
const DEEPEST: usize = 5;

impl<'a> File<'a> {
    /// The value a job has under a key: its own, that of what it extends, or the default of all jobs.
    fn get(&self, job: &'a Node, key: &str) -> Option<&'a Node> {
        let inherited = || {
            self.root
                .get("default")
                .and_then(|default| default.get(key))
        };
        let global = || {
            let shared = matches!(key, "image" | "services" | "before_script" | "after_script");
            self.root.get(key).filter(|_| shared)
        };
        self.extended(job, key, 0)
            .or_else(inherited)
            .or_else(global)
    }

    fn extended(&self, job: &'a Node, key: &str, depth: usize) -> Option<&'a Node> {
        if let Some(own) = job.get(key) {
            return Some(own);
        }
        self.parents(job, depth)
            .into_iter()
            .find_map(|parent| self.extended(parent, key, depth + 1))
    }

    /// What a job extends, the strongest first.
    fn parents(&self, job: &'a Node, depth: usize) -> Vec<&'a Node> {
        if depth >= DEEPEST {
            return Vec::new();
        }
        let names = job.get("extends").map(ci::texts).unwrap_or_default();
        names
            .into_iter()
            .rev()
            .take(3)
            .filter_map(|name| self.root.get(name))
            .collect()
    }

    /// What a job, or what it extends here, takes from other files; the strongest first.
    fn elsewhere(&self, job: &'a Node, depth: usize) -> Vec<String> {
        let names = job.get("extends").map(ci::texts).unwrap_or_default();
        let names = names.into_iter().rev().take(3);
        names
            .flat_map(|name| match self.root.get(name) {
                Some(parent) if depth < DEEPEST => self.elsewhere(parent, depth + 1),
                Some(_) => Vec::new(),
                None => vec![bounded(name).to_owned()],
            })
            .collect()
    }

    /// Mappings that are merged key by key, the weakest first.
    fn merged(&self, job: &'a Node, key: &str) -> Vec<&'a Node> {
        let mut found = Vec::new();
        self.gather(job, key, 0, &mut found);
        found.reverse();
        found
    }

    fn gather(&self, job: &'a Node, key: &str, depth: usize, found: &mut Vec<&'a Node>) {
        found.extend(job.get(key));
        for parent in self.parents(job, depth) {
            if found.len() < 20 {
                self.gather(parent, key, depth + 1, found);
            }
        }
    }

    /// Place of a job's stage among the stages.
    fn stage(&self, job: &'a Node) -> usize {
        match self
            .get(job, "stage")
            .and_then(Node::text)
            .unwrap_or("test")
        {
            ".pre" => 0,
            ".post" => self.stages.len() + 1,
            name => {
                1 + self
                    .stages
                    .iter()
                    .position(|stage| *stage == name)
                    .unwrap_or(self.stages.len())
            }
        }
    }

    /// The scalars of a script: `!reference [.job, script]` and lists in lists followed.
    fn lines(&self, node: &'a Node, depth: usize, found: &mut Vec<&'a Node>) {
        if depth > 4 || found.len() > 2000 {
            return;
        }
        if node.text().is_some() {
            found.push(node);
        } else if node.tag.as_deref() == Some("reference") {
            let mut target = Some(self.root);
            for key in ci::texts(node) {
                target = target.and_then(|node| node.get(key));
            }
            if let Some(target) = target {
                self.lines(target, depth + 1, found);
            }
        } else {
            for item in node.items() {
                self.lines(item, depth + 1, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelines_are_known_by_name_and_place() {
        for path in [
            ".gitlab-ci.yml",
            "sub/.gitlab-ci.yaml",
            "deploy.gitlab-ci.yml",
            ".gitlab-ci-deploy.yml",
        ] {
            assert!(matches!(claims(path), Claim::Yes), "{path}");
        }
        assert!(matches!(claims(".gitlab/ci/build.yml"), Claim::IfText(_)));
        for path in ["gitlab.yml", ".gitlab/issue.yml", ".gitlab-ci.yml.j2"] {
            assert!(matches!(claims(path), Claim::No), "{path}");
        }
    }
}
