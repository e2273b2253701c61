//! Which paths nobody can want, told by a few bytes of their name.
//!
//! Every path of a tree is asked for, and of a hundred thousand a few hundred matter; asking each format about each of
//! them costs more than everything else that a hook does. What is told here is only that nobody can want a path: the
//! formats decide about all others, and a test draws paths to hold that they want none of those that are left out.

/// Who can want a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nobody,
    /// Formats of programs alone, unless it is a manifest.
    Programs,
    Somebody,
}

pub(super) fn told(path: &str) -> Told {
    let (name, ending) = parts(path);
    match by_ending(ending.as_bytes()) {
        Told::Somebody => Told::Somebody,
        _ if says_environment(path, name) || is_some_file(name.as_bytes()) => Told::Somebody,
        // Modules of settings are read as configuration.
        Told::Programs if name.ends_with(".py") && path.contains("settings") => Told::Somebody,
        told => told,
    }
}

/// As [`told`] says `Nobody`, of a path in plain ASCII; `false` where more of it would have to be looked at. Most paths of a
/// large tree are told here, by their last sixteen bytes.
pub(super) fn is_nobodys(path: &[u8]) -> bool {
    let Some(last) = path.last_chunk::<16>() else {
        return false;
    };
    let last = u128::from_be_bytes(*last);
    let (dot, slash) = (behind(last, b'.'), behind(last, b'/'));
    if dot.is_none() && slash.is_none() {
        return false;
    }
    let ending = dot.filter(|dot| slash.is_none_or(|slash| *dot < slash));
    let ending = ending.and_then(|length| path.get(path.len() - length..));
    if by_ending(ending.unwrap_or_default()) != Told::Nobody || may_say_environment(path) {
        return false;
    }
    !is_some_file(path.get(name_at(path)..).unwrap_or_default())
}

/// Where the name of a path begins.
fn name_at(path: &[u8]) -> usize {
    let mut end = path.len();
    while let Some(last) = path.get(..end).and_then(<[u8]>::last_chunk::<16>) {
        if let Some(length) = behind(u128::from_be_bytes(*last), b'/') {
            return end - length;
        }
        end -= 16;
    }
    let head = path.get(..end).unwrap_or_default();
    head.iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |at| at + 1)
}

/// How many of sixteen bytes stand behind the last one of a kind.
fn behind(bytes: u128, byte: u8) -> Option<usize> {
    const LOW: u128 = u128::MAX / 255 * 0x7f;
    let other = bytes ^ (u128::MAX / 255 * u128::from(byte));
    // The highest bit of each byte that is zero now, and no other.
    let found = !(((other & LOW) + LOW) | other | LOW);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// Everything that [`says_environment`] holds for, and little else.
fn may_say_environment(path: &[u8]) -> bool {
    let has_v = |bytes: &[u8; 16]| behind(u128::from_be_bytes(*bytes), b'v').is_some();
    let is_seen = match path.last_chunk::<16>() {
        Some(last) => has_v(last) || path.as_chunks::<16>().0.iter().any(has_v),
        None => true,
    };
    if !is_seen {
        return false;
    }
    path.iter().enumerate().any(|(at, byte)| {
        *byte == b'v'
            && (path.get(..at).is_some_and(|head| head.ends_with(b"en"))
                || path.get(at..).is_some_and(|tail| tail.starts_with(b"vars")))
    })
}

/// The name of a path, and what stands in it behind the last dot.
fn parts(path: &str) -> (&str, &str) {
    let (mut name, mut ending) = (0, path.len());
    for (at, byte) in path.bytes().enumerate().rev() {
        if byte == b'/' {
            name = at + 1;
            break;
        }
        if byte == b'.' && ending == path.len() {
            ending = at + 1;
        }
    }
    (
        path.get(name..).unwrap_or_default(),
        path.get(ending..).unwrap_or_default(),
    )
}

/// `.env.production`, `.dev.vars`, `.envs/.local/.django`.
fn says_environment(path: &str, name: &str) -> bool {
    // One letter that few paths have stands in all of them.
    path.contains('v') && (name.contains("env") || name.contains("vars") || path.contains(".envs/"))
}

/// `Dockerfile.web`, `web.Dockerfile`, `Makefile`, `Procfile.dev`, `justfile`, `Gemfile`, `Kustomization`.
fn is_some_file(name: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[b"dockerfile", b"containerfile", b"procfile"];
    const WHOLE: &[&[u8]] = &[b"kustomization"];
    let ends = |word: &[u8]| {
        let tail = name.len().checked_sub(word.len());
        tail.and_then(|at| name.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(word))
    };
    let starts = |word: &&[u8]| {
        let head = name.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    match (name.first(), name.last()) {
        (_, Some(b'e' | b'E')) if ends(b"file") => true,
        (Some(b'c' | b'C' | b'd' | b'D' | b'p' | b'P'), _) => STARTS.iter().any(starts),
        (Some(b'k' | b'K'), _) => WHOLE.iter().any(|word| name.eq_ignore_ascii_case(word)),
        _ => false,
    }
}

fn by_ending(ending: &[u8]) -> Told {
    let key = key(ending);
    // Most endings of a large tree are in neither list.
    if key == 0 || MARKS.get(slot(key)) != Some(&true) {
        return Told::Nobody;
    }
    if SOMEBODY.binary_search(&key).is_ok() {
        Told::Somebody
    } else if PROGRAMS.binary_search(&key).is_ok() {
        Told::Programs
    } else {
        Told::Nobody
    }
}

/// Endings of programs, of texts that are read as programs, and of lock files, one of which makes a project.
static PROGRAMS: [u128; 36] = keys(
    "astro cjs clj cs css cts ejs erb ex exs go groovy htm html java js jsx kt kts lock mjs mts \
     php py rake rb rs ru scala sql svelte swift ts tsx twig vue",
);

/// Endings that some other format reads, and endings of manifests.
static SOMEBODY: [u128; 59] = keys(
    "adoc backup bak bash bat cabal cfg cmd code-workspace conf config containerfile copy csproj dist dockerfile \
     dockerignore env example fsproj gemspec gradle hcl ini j2 json json5 jsonc just ksh markdown md mdx mk mod old orig \
     properties ps1 rst sample save sbt service sh sln template tf tfvars tmpl toml tpl txt vars vbproj xml yaml yml zsh",
);

/// The endings of a list as sorted numbers, which are compared faster than texts.
const fn keys<const N: usize>(list: &str) -> [u128; N] {
    let bytes = list.as_bytes();
    let mut keys = [0; N];
    let (mut at, mut count, mut key) = (0, 0, 0u128);
    while at <= bytes.len() {
        if at == bytes.len() || bytes[at] == b' ' {
            if key != 0 {
                // Sorted in.
                let mut place = count;
                while place > 0 && keys[place - 1] > key {
                    keys[place] = keys[place - 1];
                    place -= 1;
                }
                keys[place] = key;
                count += 1;
            }
            key = 0;
        } else {
            key = key << 8 | bytes[at] as u128;
        }
        at += 1;
    }
    assert!(count == N, "the length of a list of endings");
    keys
}

/// Where an ending of the lists falls.
static MARKS: [bool; 1024] = {
    let mut marks = [false; 1024];
    let mut at = 0;
    while at < PROGRAMS.len() {
        marks[slot(PROGRAMS[at])] = true;
        at += 1;
    }
    at = 0;
    while at < SOMEBODY.len() {
        marks[slot(SOMEBODY[at])] = true;
        at += 1;
    }
    marks
};

#[allow(
    clippy::cast_possible_truncation,
    reason = "a number of ten bits is left"
)]
const fn slot(key: u128) -> usize {
    let folded = (key >> 64) as u64 ^ key as u64;
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
}

/// In small letters; 0 where it is longer than any ending of the lists.
fn key(ending: &[u8]) -> u128 {
    if ending.len() > 16 {
        return 0;
    }
    ending.iter().fold(0, |key, byte| {
        key << 8 | u128::from(byte.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::base_name;
    use crate::model::file::Nature;
    use crate::{classify, format};

    const FOLDERS: &str = "src config conf configs settings .envs .envs/.production .github/workflows k8s/prod deploy .circleci \
        docker compose stacks .vscode .devcontainer charts/web helm-values values infra fly api.service.d .azure-pipelines \
        .gitlab/ci node_modules/x vendor/x dist lib/part000/group00";
    const STEMS: &str = "main .env .env.production prod.env env .env~ app-env .dev.vars envvars Dockerfile dockerfile \
        web.Dockerfile web-dockerfile Containerfile docker-compose compose.prod docker-stack production values values-prod \
        application application-prod appsettings.Production AppSettings settings settings_prod manage setup mix package \
        Package Makefile makefile GNUmakefile MAKEFILE deploy.mk devcontainer .devcontainer database deploy test.env.d COMPOSE \
        kustomization Kustomization requirements Jenkinsfile jenkinsfile justfile .justfile build Procfile Procfile.dev render \
        railway fly vercel now netlify wrangler app serverless terragrunt terraform prod.auto .gitlab-ci bitbucket-pipelines \
        azure-pipelines action README CHANGELOG Gemfile Pipfile go Cargo bun pom .flaskenv web some-file-000001 \
        config continue_config taskfile composer secrets .dockerignore web.dockerignore";

    fn endings() -> impl Iterator<Item = &'static str> {
        let more = " adoc avif backup bak bash bat bin bmp bz2 c cabal cc cfg class cmd code-workspace conf config \
            containerfile copy cpp csproj csv dart dist dockerfile DOCKERFILE dockerignore dylib env eot example exe fsproj gemspec \
            gif gz h hcl hpp ico ini ipynb j2 jar jpeg jpg json json5 jsonc just ksh less lua map markdown md MD mdx mk mod \
            mp3 mp4 o old orig otf pdf pl png po prod production properties proto ps1 PS1 pyc pyi rst rtf sample sass save sbt \
            scss service sh SH sln snap so sol SQL svg template tf tfvars tmpl toml tpl ttf txt vars vbproj wasm wav webm webp \
            woff woff2 xml xz yaml yml YML zip zig zsh";
        let programs = "astro cjs clj cs css CSS cts ejs erb ex exs go groovy htm html java js jsx kt kts lock mjs mts php py rake \
            rb rs ru scala sql svelte swift ts tsx twig vue gradle";
        std::iter::once("").chain(more.split_whitespace().chain(programs.split_whitespace()))
    }

    fn each_path(mut each: impl FnMut(&str)) {
        for ending in endings() {
            for stem in STEMS.split_whitespace() {
                let dot = if ending.is_empty() { "" } else { "." };
                let name = format!("{stem}{dot}{ending}");
                each(&name);
                for folder in FOLDERS.split_whitespace() {
                    each(&format!("{folder}/{name}"));
                }
            }
        }
        // What formats are tried with.
        for file in crate::policy::builtin::FILES {
            for word in file.text.split_whitespace() {
                each(word.trim_end_matches(':').trim_matches(['"', '\'']));
            }
        }
    }

    /// The few bytes tell nothing that the formats would not.
    #[test]
    fn no_format_wants_what_is_left_out() {
        let (mut nobody, mut programs) = (0, 0);
        each_path(|path| {
            let name = base_name(path);
            let by_name =
                super::super::open::is_wanted_by_name(path) || classify::is_manifest(name);
            match told(path) {
                Told::Nobody => {
                    assert!(format::claim(path).is_none() && !by_name, "{path}");
                    nobody += 1;
                }
                Told::Programs => {
                    let is_program = |format: &format::Format| {
                        format.nature == Nature::Program
                            && format.name != format::settings::DJANGO.name
                    };
                    let all = format::claims(path).all(|(format, _)| is_program(format));
                    assert!(all, "{path}");
                    programs += 1;
                }
                Told::Somebody => {}
            }
        });
        assert!(nobody > 20_000 && programs > 20_000, "{nobody} {programs}");
    }

    #[test]
    fn what_is_told_by_the_last_bytes_is_nobodys() {
        let (mut all, mut at_once) = (0, 0);
        each_path(|path| {
            for path in [path.to_owned(), format!("a/deep/folder/{path}")] {
                let is_nobody = told(&path) == Told::Nobody;
                let at_once_told = path.is_ascii() && is_nobodys(path.as_bytes());
                assert!(is_nobody || !at_once_told, "{path}");
                all += usize::from(is_nobody);
                at_once += usize::from(at_once_told);
            }
        });
        assert!(at_once * 10 > all * 7, "{at_once} of {all}");
    }

    #[test]
    fn most_files_of_a_tree_are_told_at_once() {
        for (path, expected) in [
            ("lib/part000/group00/some-file-000001.bin", Told::Nobody),
            ("assets/logo.png", Told::Nobody),
            ("LICENSE", Told::Nobody),
            ("src/preview.cpp", Told::Nobody),
            ("src/main.rs", Told::Programs),
            ("src/settings/production.ts", Told::Programs),
            ("app/settings/production.py", Told::Somebody),
            ("src/env.ts", Told::Somebody),
            ("deploy/prod.YML", Told::Somebody),
            ("web.dockerfile", Told::Somebody),
        ] {
            assert_eq!(told(path), expected, "{path}");
        }
        for path in [
            "",
            "a",
            "/",
            "a/b",
            "a/0123456789abcdef",
            "a/0123456789abcdef0123456789",
            "0123456789abcdef/",
        ] {
            assert_eq!(path.get(name_at(path.as_bytes())..), Some(base_name(path)));
        }
        for (path, expected) in [
            ("lib/part000/group00/some-file-000001.bin", true),
            ("server/assets.d/LICENSE-OF-IT", true),
            ("server/assets/Procfile.dev2", false),
            ("deploy/environment.bin/x.bin", false),
        ] {
            assert_eq!(is_nobodys(path.as_bytes()), expected, "{path}");
        }
    }
}
