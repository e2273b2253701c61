//! Judges what a change brings in: the tree with it, and where that has something to say, the tree without it.

use std::collections::BTreeSet;
use std::time::Instant;

use super::again::{Other, moves_projects};
use super::judge::{Before, judge, judge_those, settled};

use super::open::{options, pair};
use super::{
    Ask, Error, From, Grounds, Request, Understood, grounds, rules, unchanged, understood,
    understood_by,
};
use crate::model::settled::{Compared, Settled};
use crate::model::wants::Nobody;
use crate::model::{Finding, Kind, Str, Wants, base_name};
use crate::policy::{Demands, Policy};
use crate::settle::{Entry, Known};
use crate::source::{Base, Beside, Change, Focus, Pair};
use crate::{config, format};

/// Only the findings that the older tree does not have are new, wherever they lie: a deleted file or a line taken out
/// of an ignore file is seen somewhere else.
pub(super) fn check(request: &Request, ask: &Ask) -> Result<Settled, Error> {
    let started = Instant::now();
    let pair = pair(request)?;
    if let From::Staged { else_all: true, .. } = request.from
        && pair.changes().is_empty()
    {
        return whole(&pair, request, ask, started);
    }
    let mut compared = in_words(&request.from);
    if !matters(&pair, request, ask) {
        let mut settled = Settled {
            compared: Some(compared),
            ..Settled::default()
        };
        settled.summary.elapsed = Some(started.elapsed());
        return Ok(settled);
    }
    let (now, beside) = newer(&pair, request, ask, started)?;
    let policies = rules::policies(&now)?;
    let judged = judge(&now, ask)?;
    let counts_resolved = matches!(request.from, From::Range { .. });
    let mut entries = Vec::new();
    if counts_resolved || !judged.findings.is_empty() {
        // What is new is compared with what the same policy said before.
        let found = found_by(&judged.findings);
        let those = |policy: &Policy| counts_resolved || found.contains(&policy.id);
        entries = before(request, (&pair, beside), policies, (&now, &those), ask)?;
    }
    let known = Known::of(entries);
    if counts_resolved {
        let environments = &now.lexicon.environments;
        let found = judged.findings.iter();
        let found: Vec<Entry> = found.map(|one| Entry::of(one, environments)).collect();
        compared.resolved = Some(known.stale(&found).len());
    }
    let settled = settled(&now, judged, ask, Some(Before { known, compared }))?;
    ended(now, ask);
    Ok(settled)
}

/// The newer tree, programs that have not changed only where a policy compares them.
pub(super) fn newer(
    pair: &Pair,
    request: &Request,
    ask: &Ask,
    started: Instant,
) -> Result<(Understood, Beside), Error> {
    let options = options(request);
    let mut beside = Beside::Only(unchanged::wanted);
    let mut ground = grounds(request, pair.now(&options, beside)?)?;
    let environments = &ground.config.environments;
    let policies = rules::asked(ask, &ground.config, ground.settings_tree(), environments);
    let compared = |policies: &Vec<Policy>| unchanged::programs_count(policies, &ask.only);
    if policies.as_ref().is_ok_and(compared) {
        beside = Beside::Everything;
        ground = grounds(request, pair.now(&options, beside)?)?;
    }
    let mut now = understood_by(
        request,
        ground,
        started,
        policies,
        &|policies| Demands::of(policies, &ask.only),
        Other::Later,
    );
    // What was not read is not gone.
    now.is_whole &= matches!(beside, Beside::Everything);
    Ok((now, beside))
}

/// Judges all of the newer tree.
fn whole(pair: &Pair, request: &Request, ask: &Ask, started: Instant) -> Result<Settled, Error> {
    let mut opened = pair.now(&options(request), Beside::Everything)?;
    opened.focus = Focus::everything();
    let now = understood(request, grounds(request, opened)?, started, &ask.only);
    let settled = settled(&now, judge(&now, ask)?, ask, None)?;
    ended(now, ask);
    Ok(settled)
}

/// What the older tree has by the rules of the newer one, told in the newer one's paths. What a comment allowed there is
/// not among it: who takes the comment out brings the finding in.
pub(super) fn before(
    request: &Request,
    (pair, beside): (&Pair, Beside),
    policies: Vec<Policy>,
    (now, those): (&Understood, &dyn Fn(&Policy) -> bool),
    ask: &Ask,
) -> Result<Vec<Entry>, Error> {
    let Some(earlier) = earlier(request, (pair, beside), policies, now, ask)? else {
        return Ok(Vec::new());
    };
    let judged = judge_those(&earlier, ask, those)?;
    let allowances = judged.allows.by_comment(&judged.asked);
    let facts = &earlier.resolved.facts;
    let allowed = |finding: &&Finding| allowances.iter().any(|one| one.allows(finding, facts));
    let moves = Moves::of(pair.changes());
    let entries = judged
        .findings
        .iter()
        .filter(|one| !allowed(one))
        .map(|finding| moves.followed(Entry::of(finding, &earlier.lexicon.environments)))
        .collect();
    drop(allowances);
    drop(judged);
    ended(earlier, ask);
    Ok(entries)
}

/// The policies that have found something.
pub(super) fn found_by(findings: &[Finding]) -> BTreeSet<&Str> {
    findings.iter().map(|finding| &finding.policy).collect()
}

/// Takes apart what a run knew, unless the process ends now: that is a tenth of the time of a hook.
pub(super) fn ended(understood: Understood, ask: &Ask) {
    if ask.is_last {
        std::mem::forget(understood);
    }
}

/// The older tree, if there is one; of what it shares with the newer one nothing is read again.
pub(super) fn earlier(
    request: &Request,
    (pair, beside): (&Pair, Beside),
    policies: Vec<Policy>,
    now: &Understood,
    ask: &Ask,
) -> Result<Option<Understood>, Error> {
    let Some(opened) = pair.before(&options(request), beside)? else {
        return Ok(None);
    };
    let grounds = Grounds::older(opened, request, now);
    // Where a project begins or ends, files that are the same belong to another one.
    let other = if pair.changes().iter().any(moves_projects) {
        Other::None
    } else {
        Other::Understood(now)
    };
    Ok(Some(understood_by(
        request,
        grounds,
        now.started,
        Ok(policies),
        &|policies| Demands::of(policies, &ask.only),
        other,
    )))
}

/// Whether anything that has changed can make a difference. Nothing is listed for this, and at most the changed files
/// themselves are read, with the configuration where only some policy may ask for them.
fn matters(pair: &Pair, request: &Request, ask: &Ask) -> bool {
    let max_size = options(request).max_file_size;
    let mut asked = Vec::new();
    pair.changes()
        .iter()
        .any(|change| touches(pair, change, max_size, &mut asked))
        || !asked.is_empty() && some_policy_asks(pair, request, ask, &asked)
}

/// Whether the policies of this run ask for such facts in files of these paths.
fn some_policy_asks(pair: &Pair, request: &Request, ask: &Ask, asked: &[(Kind, &str)]) -> bool {
    let Ok(ground) = grounds(request, pair.unlisted(&options(request))) else {
        return true;
    };
    // What is wrong is told by a whole run, and policies of the team lie in files that have to be found.
    if !ground.config.policies.files.is_empty() {
        return true;
    }
    let tree = ground.settings_tree();
    let Ok(policies) = rules::asked(ask, &ground.config, tree, &ground.config.environments) else {
        return true;
    };
    let demands = Demands::of(&policies, &ask.only);
    asked.iter().any(|(kind, path)| demands.reads(*kind, path))
}

fn touches<'a>(
    pair: &Pair,
    change: &'a Change,
    max_size: u64,
    asked: &mut Vec<(Kind, &'a str)>,
) -> bool {
    let path: &str = &change.path;
    let name = base_name(path);
    if config::NAMES.contains(&path)
        || matches!(name, ".gitignore" | ".envguardignore")
        || moves_projects(change)
    {
        return true;
    }
    let mut doubtful = false;
    for (_, claim) in format::claims(path) {
        match claim {
            format::Claim::No => {}
            format::Claim::Yes => return true,
            // Which policies ask for a file is not known yet.
            format::Claim::IfWanted(kind) => asked.push((kind, path)),
            format::Claim::IfText(_) => doubtful = true,
        }
    }
    let claimed = doubtful
        && pair
            .texts(path, max_size)
            .any(|text| !format::readers(path, &text, &Nobody).is_empty());
    claimed || !is_program_or_media(name)
}

/// Files that nothing names as its env file, its base or its policy. Any other may be named by a Compose file or by the
/// configuration, whatever it is called.
fn is_program_or_media(name: &str) -> bool {
    const EXTENSIONS: &str = "\
        7z a aac adoc astro avi avif bash bat bin blend bmp bz2 c cc cjs class clj cmd cpp cs css \
        csv cts dart db dll dylib eot eps erb ex exe exs fbx flac fs gif glb gltf go gradle graphql \
        gz h h5 hbs hpp hs htm html ico ipynb jar java jpeg jpg js json jsonc jsx kt kts less lib \
        lock lua m m4a m4v map md mdx mjs mk mkv ml mov mp3 mp4 mts npy npz o obj ogg onnx otf \
        parquet pb pdb pdf php pkl pl png proto ps1 psd pt py pyc pyi r rar rb rs rst sass scala \
        scss sh snap so sol sql sqlite sum svelte svg swf swift tar tf tflite tgz tif tiff toml ts \
        tsx ttf vue wasm wav webm webp woff woff2 xml xz zig zip zsh zst";
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !extension.is_empty() && EXTENSIONS.split(' ').any(|one| one == extension)
}

fn in_words(from: &From) -> Compared {
    let (with, changes) = match from {
        From::Range { range, .. } => match &range.base {
            Base::Nothing => (Compared::NOTHING.to_owned(), format!("in {}", range.head)),
            Base::Revision(rev) => (rev.clone(), format!("changed since {rev}")),
            Base::Fork(rev) => (rev.clone(), format!("changed since {rev} was left")),
            Base::Remote { name, .. } => (name.clone(), format!("new to {name}")),
            Base::Received => ("what is here".to_owned(), "pushed".to_owned()),
        },
        _ => ("HEAD".to_owned(), "staged".to_owned()),
    };
    Compared {
        with,
        changes,
        resolved: None,
    }
}

/// Where files and folders went.
struct Moves<'a> {
    /// Old path, new path.
    files: Vec<(&'a str, &'a str)>,
    folders: Vec<(&'a str, &'a str)>,
}

impl<'a> Moves<'a> {
    fn of(changes: &'a [Change]) -> Self {
        let files: Vec<(&str, &str)> = changes
            .iter()
            .filter_map(|change| Some((change.renamed_from.as_deref()?, &*change.path)))
            .collect();
        let mut folders = Vec::new();
        for (mut old, mut new) in files.iter().copied() {
            // `a/x/.env` → `b/x/.env` moves `a/x` to `b/x` and `a` to `b`.
            while let (Some((above, name)), Some((new_above, new_name))) =
                (old.rsplit_once('/'), new.rsplit_once('/'))
                && name == new_name
                && above != new_above
            {
                folders.push((above, new_above));
                (old, new) = (above, new_above);
            }
        }
        Self { files, folders }
    }

    /// The entry as it would read in the newer tree.
    fn followed(&self, mut entry: Entry) -> Entry {
        for part in &mut entry.subject {
            let Some((key, value)) = part.split_once('=') else {
                continue;
            };
            let moves = match key {
                "file" | "other_file" | "path" => &self.files,
                "project" | "dir" => &self.folders,
                _ => continue,
            };
            if let Some((_, new)) = moves.iter().find(|(old, _)| *old == value) {
                *part = format!("{key}={new}");
            }
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Severity, Str};
    use crate::source::Happened;

    fn renamed(old: &str, new: &str) -> Change {
        Change {
            path: Str::from(new),
            happened: Happened::Added,
            renamed_from: Some(Str::from(old)),
        }
    }

    #[test]
    fn what_moved_is_followed() {
        let changes = [
            renamed("shop/api/.env.prod", "store/api/.env.prod"),
            renamed("a.env", "b.env"),
        ];
        let moves = Moves::of(&changes);
        let entry = Entry {
            policy: "p".into(),
            row: None,
            subject: [
                "var",
                "project=shop",
                "file=shop/api/.env.prod",
                "name=a.env",
            ]
            .map(str::to_owned)
            .to_vec(),
            environments: Vec::new(),
            severity: Severity::High,
            value_kind: None,
        };
        assert_eq!(
            moves.followed(entry).subject,
            [
                "var",
                "project=store",
                "file=store/api/.env.prod",
                "name=a.env"
            ]
        );
    }

    #[test]
    fn names_that_nothing_refers_to_are_told_at_once() {
        for name in ["main.rs", "a.test.ts", "logo.svg", "x.zsh", "README.md"] {
            assert!(is_program_or_media(name), "{name}");
        }
        for name in ["settings", "prod.conf", "a.yml", "app.properties", ".rs"] {
            assert!(!is_program_or_media(name) || name == ".rs", "{name}");
        }
    }
}
