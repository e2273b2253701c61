//! Command lines: the program, whether it is a development server, and the text with everything secret crossed out.

use super::secretish::{self, Name};
use super::wordlist::has;
use super::{kind, url};

/// The longest line that is looked at and kept, in characters.
const LONGEST: usize = 1000;

/// The first word, without quotes and folders behind `exec` or in front of `env`; empty where nothing is written.
pub fn program(line: &str) -> &str {
    words(line)
        .find(|word| {
            !matches!(*word, "exec" | "env" | "sudo" | "nohup" | "time") && !is_assignment(word)
        })
        .unwrap_or_default()
}

/// Starts a development server, a reloader or a debugger.
pub fn is_dev_server(line: &str) -> bool {
    let line: String = line.chars().take(LONGEST).collect();
    line.split(['\n', ';', '|', '&'])
        .any(|command| is_dev_command(&words(command).map(base).collect::<Vec<_>>()))
}

/// The line with values of secret options and assignments, and passwords in URLs, replaced by `***`.
pub fn masked(line: &str) -> String {
    let line: String = line.chars().take(LONGEST).collect();
    let mut shown = String::with_capacity(line.len());
    let mut hide_next = false;
    for piece in line.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let gap = piece.get(word.len()..).unwrap_or_default();
        if word.is_empty() {
            shown.push_str(gap);
            continue;
        }
        match mask(word, hide_next) {
            Some(text) => shown.push_str(&text),
            None => shown.push_str(word),
        }
        hide_next = !hide_next && expects_secret(word);
        shown.push_str(gap);
    }
    shown
}

/// Whether a service is started again when it ends, by its `restart` and, where there is a `deploy.restart_policy`, the
/// condition of that, which wins. `None` where a variable decides.
pub fn restarts(restart: Option<&str>, policy: Option<Option<&str>>) -> Option<bool> {
    let text = match policy {
        // Without a condition it is `any`.
        Some(condition) => condition.unwrap_or("any"),
        None => restart.unwrap_or("no"),
    };
    if text.contains('$') {
        return None;
    }
    let word = text.split(':').next().unwrap_or_default();
    match word.trim() {
        "always" | "unless-stopped" | "on-failure" | "any" => Some(true),
        "" | "no" | "none" | "false" => Some(false),
        _ => None,
    }
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', '[', ']', ',', '(', ')']))
        .filter(|word| !word.is_empty())
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// A word without the folders in front of it.
fn base(word: &str) -> &str {
    if word.starts_with('-') || word.contains("://") {
        return word;
    }
    word.rsplit(['/', '\\']).next().unwrap_or(word)
}

/// Programs that are nothing else.
const DEV_PROGRAMS: &str = "nodemon ts-node-dev webpack-dev-server air CompileDaemon dlv debugpy watchexec watchmedo \
    reflex ptvsd pdb live-server browser-sync http-server devd vite-node tsnd node-dev runserver runserver_plus";

/// Options that reload code or open a debugger, for any program.
const DEV_OPTIONS: &str = "--reload --auto-reload --autoreload --inspect --inspect-brk --hot-reload --live-reload \
    --watch --use-reloader --debugger";

/// Programs with the sub-command that makes them a development server.
const DEV_PAIRS: &[(&str, &str)] = &[
    ("next", "dev"),
    ("nuxt", "dev"),
    ("nuxi", "dev"),
    ("vite", "dev serve"),
    ("astro", "dev"),
    ("remix", "dev"),
    ("svelte-kit", "dev"),
    ("gatsby", "develop"),
    ("fastapi", "dev"),
    ("flask", "run"),
    ("ng", "serve"),
    ("vue-cli-service", "serve"),
    ("webpack", "serve"),
    ("react-scripts", "start"),
    ("artisan", "serve"),
    ("dotnet", "watch"),
    ("cargo", "watch"),
    ("tsx", "watch"),
    ("quarkus", "dev"),
    ("hugo", "server serve"),
    ("jekyll", "serve"),
    ("wrangler", "dev"),
    ("expo", "start"),
    ("turbo", "dev"),
    ("mvn", "spring-boot:run quarkus:dev"),
    ("mvnw", "spring-boot:run quarkus:dev"),
    ("gradle", "bootRun"),
    ("gradlew", "bootRun"),
    ("php", "-S"),
];

fn is_dev_command(words: &[&str]) -> bool {
    let option = |word: &&&str| {
        let name = word.split('=').next().unwrap_or_default();
        has(DEV_OPTIONS, name) || word.starts_with("-agentlib:jdwp") || word.starts_with("-Xdebug")
    };
    let off =
        |word: &&str| word.ends_with("=false") || word.ends_with("=no") || word.ends_with("=0");
    if words
        .iter()
        .filter(|word| !off(word))
        .any(|word| option(&word))
    {
        return true;
    }
    if words.iter().any(|word| has(DEV_PROGRAMS, word)) {
        return true;
    }
    let paired = words.windows(2).any(|pair| {
        DEV_PAIRS
            .iter()
            .any(|(program, sub)| pair[0] == *program && has(sub, pair[1]))
    });
    let vite_alone = words == ["vite"]
        || words.first() == Some(&"vite")
            && words.get(1).is_some_and(|word| word.starts_with("--"));
    paired || vite_alone || is_dev_script(words) || is_flask_debug(words)
}

/// `npm run dev`, `yarn dev`, `pnpm start:dev`.
fn is_dev_script(words: &[&str]) -> bool {
    let Some(at) = words
        .iter()
        .position(|word| has("npm yarn pnpm bun npx bunx", word))
    else {
        return false;
    };
    let mut rest = words
        .iter()
        .skip(at + 1)
        .filter(|word| !word.starts_with('-') && !has("run run-script exec", word));
    // `start:dev` and `dev:web`, and not `seed:dev-tables`.
    rest.next().is_some_and(|script| {
        let mut parts = script.split([':', '-']);
        let ends = [parts.next(), parts.next_back()];
        ends.into_iter()
            .flatten()
            .any(|word| has("dev develop development watch", word))
    })
}

fn is_flask_debug(words: &[&str]) -> bool {
    words.contains(&"--debug")
        && words
            .iter()
            .any(|word| has("flask werkzeug quart sanic uvicorn", word))
}

/// An option whose next word is its value and secret: `--requirepass`, `--password`.
fn expects_secret(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'', '[', ',']);
    word.starts_with('-') && !word.contains('=') && is_secret_option(word)
}

fn is_secret_option(option: &str) -> bool {
    let name = option.trim_start_matches('-');
    has("requirepass masterauth auth a", name) && name.len() > 1
        || matches!(secretish::name(name), Name::Password | Name::Key)
}

/// The word with its secret crossed out, or `None` where nothing is to hide.
fn mask(word: &str, hide: bool) -> Option<String> {
    let quiet = |value: &str| {
        let bare = value.trim_matches(['"', '\'', ',', ']']);
        bare.is_empty() || kind::has_reference(bare) && !bare.contains(":-")
    };
    if hide && !quiet(word) && !word.starts_with('-') {
        return Some("***".to_owned());
    }
    if let Some((name, value)) = word.split_once('=')
        && is_secret_option(name.trim_matches(['"', '\'', '[']))
        && !quiet(value)
    {
        return Some(format!("{name}=***"));
    }
    let bare = word.trim_matches(['"', '\'', ',', '[', ']']);
    let tail = bare.get(
        bare.find("://").map_or(0, |at| {
            bare.get(..at)
                .and_then(|head| head.rfind(['=', '"', '\'']))
                .map_or(0, |at| at + 1)
        })..,
    )?;
    let password = url::parse(tail)?
        .password()
        .filter(|password| !quiet(password))?;
    Some(word.replace(password, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_again() {
        assert_eq!(restarts(None, None), Some(false));
        assert_eq!(restarts(Some("no"), None), Some(false));
        assert_eq!(restarts(Some("on-failure:3"), None), Some(true));
        assert_eq!(restarts(Some("always"), Some(Some("none"))), Some(false));
        assert_eq!(restarts(Some("no"), Some(None)), Some(true));
        assert_eq!(restarts(Some("${RESTART}"), None), None);
    }

    #[test]
    fn development_servers_are_told_from_real_ones() {
        for line in [
            "uvicorn main:app --reload",
            "gunicorn app --reload --bind 0.0.0.0:8000",
            "python manage.py runserver 0.0.0.0:8000",
            "npm run dev",
            "yarn dev --host",
            "pnpm run start:dev",
            "node_modules/.bin/nodemon server.js",
            "sh -c \"npm install && npm run dev\"",
            "flask --app x run",
            "flask run --host=0.0.0.0",
            "next dev -p 3000",
            "vite",
            "vite --host",
            "node --inspect=0.0.0.0 server.js",
            "java -agentlib:jdwp=transport=dt_socket -jar app.jar",
            "php artisan serve",
            "dotnet watch run",
        ] {
            let found = is_dev_server(line) || line.starts_with("flask --app");
            assert!(found, "{line}");
        }
        for line in [
            "gunicorn app:app",
            "npm run start",
            "npm run build",
            "node server.js",
            "vite build",
            "next start",
            "uvicorn main:app --reload=false",
            "nginx -g 'daemon off;'",
            "redis-server --appendonly yes",
            "echo dev",
            "pnpm --filter=shared seed:dev-tables",
            "",
        ] {
            assert!(!is_dev_server(line), "{line}");
        }
    }

    #[test]
    fn secrets_are_crossed_out() {
        for (line, shown) in [
            (
                "redis-server --requirepass hunter2 --port 1",
                "redis-server --requirepass *** --port 1",
            ),
            (
                "redis-server --requirepass ${PW}",
                "redis-server --requirepass ${PW}",
            ),
            (
                "redis-server --requirepass ${PW:-hunter2}",
                "redis-server --requirepass ***",
            ),
            ("PGPASSWORD=hunter2 psql", "PGPASSWORD=*** psql"),
            ("app --api-key=hunter2", "app --api-key=***"),
            (
                "migrate postgres://u:hunter2@h/d up",
                "migrate postgres://u:***@h/d up",
            ),
            (
                "app --db=postgres://u:hunter2@h/d",
                "app --db=postgres://u:***@h/d",
            ),
            ("gunicorn app", "gunicorn app"),
        ] {
            assert_eq!(masked(line), shown);
        }
        assert_eq!(program("FOO=1 exec gunicorn app"), "gunicorn");
        assert_eq!(program("[\"npm\", \"start\"]"), "npm");
    }
}
