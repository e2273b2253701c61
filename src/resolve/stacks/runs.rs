//! Stacks that commands name: `docker compose -f a -f b --env-file x`.

use super::naming::{default_files, needs_base};
use super::{Draft, Evidence, Scene, folder_of, join};
use crate::model::file::Claim;
use crate::model::schema::compose_run;
use crate::model::{Env, Fact, Place, Str, Val};

/// One draft for each command whose files are in the tree.
pub fn drafts(scene: &Scene) -> Vec<Draft> {
    let facts = scene.documents.iter().flat_map(|document| &document.facts);
    facts
        .filter(|fact| fact.kind == compose_run::KIND)
        .flat_map(|run| of_run(run, scene))
        .collect()
}

fn of_run(run: &Fact, scene: &Scene) -> Vec<Draft> {
    let written = list(run, compose_run::FILES);
    if written.is_empty() {
        return of_default(run, scene).into_iter().collect();
    }
    bases(run)
        .iter()
        .map(|base| expand(base, &written, scene))
        .find(|sets| !sets.is_empty())
        .unwrap_or_default()
        .into_iter()
        .map(|(files, env)| draft(run, files, env, scene))
        .collect()
}

/// Folders the command may have been run in: the one it enters, the one its file lies in, and all above.
fn bases(run: &Fact) -> Vec<String> {
    let home = run.file.dir.as_ref();
    let mut bases = Vec::new();
    if let Val::Str(cwd) = run.get(compose_run::CWD) {
        bases.extend(join(".", cwd));
        bases.extend(join(home, cwd));
    }
    // CI jobs start at the root, scripts mostly do, a README speaks of its own folder.
    let mut ancestors = vec![home];
    while ancestors.last().is_some_and(|folder| *folder != ".") {
        ancestors.push(folder_of(ancestors[ancestors.len() - 1]));
    }
    if run.text(compose_run::SOURCE) != "prose" {
        ancestors.reverse();
    }
    bases.extend(ancestors.into_iter().map(str::to_owned));
    bases
}

/// The written files under a base, where every one of them is a Compose file of the tree. One `$VARIABLE` in the names
/// stands for every environment that has such files.
fn expand(base: &str, written: &[Str], scene: &Scene) -> Vec<(Vec<Str>, Option<Env>)> {
    let Some(paths) = written
        .iter()
        .map(|path| join(base, path))
        .collect::<Option<Vec<String>>>()
    else {
        return Vec::new();
    };
    if !paths.iter().any(|path| path.contains('$')) {
        let known = paths
            .iter()
            .all(|path| scene.compose.contains_key(path.as_str()));
        let files = || paths.iter().map(|path| Str::from(path.as_str())).collect();
        return if known {
            vec![(files(), None)]
        } else {
            Vec::new()
        };
    }
    let Some(variable) = paths.iter().find_map(|path| variable_in(path)) else {
        return Vec::new();
    };
    let mut sets = Vec::new();
    for (env, info) in scene.environments.all() {
        for word in std::iter::once(&info.name).chain(&info.aliases) {
            let files: Vec<String> = paths
                .iter()
                .map(|path| path.replace(variable, word))
                .collect();
            if files
                .iter()
                .all(|path| scene.compose.contains_key(path.as_str()))
            {
                sets.push((
                    files.iter().map(|path| Str::from(path.as_str())).collect(),
                    Some(env),
                ));
            }
        }
    }
    sets
}

/// The text of the first `$X`, `${X}` or `$(X)` in a path.
fn variable_in(path: &str) -> Option<&str> {
    let start = path.find('$')?;
    let rest = path.get(start..)?;
    let close = match rest.as_bytes().get(1)? {
        b'{' => rest.find('}')? + 1,
        b'(' => rest.find(')')? + 1,
        _ => {
            let name = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            name.map_or(rest.len(), |end| end + 1)
        }
    };
    rest.get(..close)
}

/// A command without `-f` takes the default file of its folder, and the override beside it.
fn of_default(run: &Fact, scene: &Scene) -> Option<Draft> {
    const STARTS: &[&str] = &["up", "run", "start", "create", "build", "pull", "deploy"];
    if !STARTS.contains(&run.text(compose_run::SUBCOMMAND)) {
        return None;
    }
    let bases = bases(run);
    let files = bases
        .iter()
        .map(|base| default_files(base, scene))
        .find(|files| !files.is_empty())?;
    // A base that cannot run alone: the command is about something else, or prose.
    let runs = |file: &Str| {
        let document = scene.compose.get(file.as_ref());
        document.is_some_and(|document| !needs_base(document))
    };
    if files.len() == 1 && !files.iter().all(runs) {
        return None;
    }
    Some(draft(run, files, None, scene))
}

fn draft(run: &Fact, files: Vec<Str>, env: Option<Env>, scene: &Scene) -> Draft {
    let folder = files.first().map(|file| Str::from(folder_of(file)));
    let near = |path: &Str| {
        let bases = bases(run);
        let joined: Vec<String> = bases.iter().filter_map(|base| join(base, path)).collect();
        let found = joined
            .iter()
            .find(|path| scene.tree.has(path))
            .or_else(|| joined.first());
        found.map(|path| Str::from(path.as_str()))
    };
    let project_name = match run.get(compose_run::PROJECT_NAME) {
        Val::Str(name) if !name.contains('$') => Some(Str::from(name)),
        _ => None,
    };
    let env_files = list(run, compose_run::ENV_FILES);
    Draft {
        env: env
            .map(|env| named_by_variable(env, run))
            .or_else(|| by_context(run, scene)),
        files,
        env_files: env_files
            .iter()
            .filter(|path| !path.contains('$'))
            .filter_map(near)
            .collect(),
        profiles: list(run, compose_run::PROFILES)
            .into_iter()
            .filter(|name| !name.contains('$'))
            .collect(),
        project_name,
        folder,
        evidence: vec![evidence(run)],
    }
}

fn named_by_variable(env: Env, run: &Fact) -> Claim {
    let reason = Str::from(format!(
        "the command in {} fills it into the file names",
        run.file.path
    ));
    Claim { env, reason }
}

/// A script for a deployed environment says where its stack runs. Test jobs start any stack, so they say nothing.
fn by_context(run: &Fact, scene: &Scene) -> Option<Claim> {
    let env = run.env.filter(|env| scene.environments.is_deployed(*env))?;
    let reason = Str::from(format!("{} starts it", run.file.path));
    Some(Claim { env, reason })
}

fn evidence(run: &Fact) -> Evidence {
    let label = "this command".to_owned();
    let place = Place {
        file: run.file.clone(),
        span: run.span,
        label,
    };
    Evidence {
        text: Str::from(format!("a command in {}", run.file.path)),
        place: Some(place),
    }
}

fn list(fact: &Fact, field: crate::model::Field) -> Vec<Str> {
    match fact.get(field) {
        Val::List(items) => items.to_vec(),
        _ => Vec::new(),
    }
}
