//! Shares that somebody has decided to live with: what `allow:` and comments say of findings, brought to the cells that
//! show the same share.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Line;
use super::{Judged, names};
use crate::model::schema::{database, var};
use crate::model::settled::Grant;
use crate::model::{Env, EnvSet, Fact, Finding, Kind as FactKind, Span, Str};
use crate::pipeline::{Understood, baseline, judge};
use crate::view::{Cell, Column, Kind, Table, status};

/// Every accepted finding that is about several environments.
#[derive(Default)]
pub struct Accepted {
    shares: Vec<Share>,
    /// Which of them some cell shows, and what the rows of those cells are about.
    used: BTreeMap<usize, BTreeSet<String>>,
}

struct Share {
    policy: Str,
    envs: EnvSet,
    grant: Grant,
    /// Project and name of the variables involved.
    variables: BTreeSet<(Str, String)>,
    places: Vec<(Str, Span)>,
}

impl Accepted {
    pub fn of(judged: &judge::Judged<'_>, understood: &Understood) -> Self {
        let facts = &understood.resolved.facts;
        let allowances = judged.allows.allowances(&judged.asked);
        let several = judged.findings.iter().filter(|one| one.envs.len() > 1);
        let shares = several.filter_map(|finding| {
            let by = allowances.iter().find(|one| one.allows(finding, facts))?;
            Some(Share::of(finding, facts, by.grant.clone()))
        });
        Self {
            shares: shares.collect(),
            used: BTreeMap::new(),
        }
    }

    /// Marks what is accepted of a variable.
    pub fn mark(&mut self, line: &mut Line<'_>) {
        for (env, judged) in &mut line.cells {
            let about = |share: &Share| {
                let mut variables = share.variables.iter();
                variables.any(|(project, name)| &**project == line.project && name == line.name)
            };
            self.accept(*env, judged, line.name, about);
        }
    }

    /// Marks what is accepted of something that is claimed at these places.
    pub fn mark_places(
        &mut self,
        env: Env,
        judged: &mut Judged,
        what: &str,
        places: &BTreeSet<(String, u32)>,
    ) {
        let at = |(path, span): &(Str, Span)| {
            let mut places = places.iter();
            places.any(|(file, start)| **path == **file && (span.start..=span.end).contains(start))
        };
        self.accept(env, judged, what, |share| share.places.iter().any(at));
    }

    fn accept(
        &mut self,
        env: Env,
        judged: &mut Judged,
        what: &str,
        about: impl Fn(&Share) -> bool,
    ) {
        if judged.status.word != status::SHARED.word {
            return;
        }
        let envs = judged.with.with(env);
        let covers = |(_, share): &(usize, &Share)| envs.is_subset(share.envs) && about(share);
        if let Some((at, share)) = self.shares.iter().enumerate().find(covers) {
            judged.status = &status::ACCEPTED;
            judged.because = Some(share.because());
            self.used.entry(at).or_default().insert(what.to_owned());
        }
    }

    /// The reasons for what is marked; `None` where nothing is.
    pub fn table(&self, understood: &Understood) -> Option<Table> {
        let environments = &understood.lexicon.environments;
        let scrubber = baseline::scrubber(understood);
        let row = |(at, what): (&usize, &BTreeSet<String>)| {
            let share = self.shares.get(*at)?;
            let what = what.iter().map(|name| scrubber.text(name));
            Some(vec![
                Cell::list(what.collect()),
                Cell::list(names(share.envs, environments)),
                Cell::text(share.policy.to_string()),
                Cell::text(scrubber.text(&share.grant.because)),
                Cell::text(share.grant.until.as_deref().unwrap_or("no end")),
                Cell::text(scrubber.name(&share.grant.written)),
            ])
        };
        let rows: Vec<_> = self.used.iter().filter_map(row).collect();
        (!rows.is_empty()).then(|| Table {
            name: "accepted",
            title: "Accepted".to_owned(),
            columns: vec![
                Column::new("what", "what", Kind::List),
                Column::new("in", "in", Kind::List),
                Column::new("policy", "policy", Kind::Text),
                Column::new("because", "because", Kind::Text),
                Column::new("until", "until", Kind::Text),
                Column::new("written", "written in", Kind::Text),
            ],
            rows,
            ..Table::default()
        })
    }
}

impl Share {
    fn of(finding: &Finding, facts: &[Fact], grant: Grant) -> Self {
        let involved = finding.facts.iter().filter_map(|at| facts.get(*at));
        let variables = involved.filter_map(|fact| {
            let name = match fact.kind {
                FactKind::var => fact.text(var::NAME),
                FactKind::database => fact.text(database::OF),
                _ => return None,
            };
            Some((Str::clone(&fact.file.project), name.to_owned()))
        });
        let places = [&finding.primary].into_iter().chain(&finding.related);
        Self {
            policy: Str::clone(&finding.policy),
            envs: finding.envs,
            grant,
            variables: variables.collect(),
            places: places
                .map(|place| (Str::clone(&place.file.path), place.span))
                .collect(),
        }
    }

    fn because(&self) -> String {
        match &self.grant.until {
            Some(until) => format!("until {until}: {}", self.grant.because),
            None => self.grant.because.clone(),
        }
    }
}
