//! Commands that destroy data, and the two things that make one safe: a backup before it and a question asked.

use super::wordlist::has;
use crate::model::base_name;

/// What a command destroys: `volumes`, `database` or `cache`. `words` are those of one command, without quotes.
pub fn of(words: &[&str]) -> Option<&'static str> {
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let program = lower
        .iter()
        .map(|word| base_name(word))
        .find(|word| !has("sudo exec time env nohup", word) && !word.contains('='))?;
    if has(
        "echo printf grep rg sed awk cat logger info warn log",
        program,
    ) {
        return None;
    }
    let any = |word: &str| lower.iter().any(|one| one == word);
    let line = lower.join(" ");
    if has(
        "docker podman docker-compose podman-compose nerdctl",
        program,
    ) {
        let removes = any("down") && (any("-v") || any("--volumes"));
        let volumes = any("volume") && (any("rm") || any("remove") || any("prune"));
        let prunes = any("system") && any("prune") && any("--volumes");
        if removes || volumes || prunes {
            return Some("volumes");
        }
    }
    if ["flushall", "flushdb"]
        .iter()
        .any(|word| line.contains(word))
        && line.contains("redis")
    {
        return Some("cache");
    }
    is_of_a_database(program, &lower, &line).then_some("database")
}

fn is_of_a_database(program: &str, lower: &[String], line: &str) -> bool {
    const STATEMENTS: [&str; 4] = [
        "drop database",
        "drop schema",
        "dropdatabase()",
        "drop table",
    ];
    const TASKS: &str = "\
        db:drop db:reset db:wipe migrate:fresh migrate:reset ecto.drop ecto.reset doctrine:database:drop \
        doctrine:schema:drop";
    let follows = |first: &str, second: &str| {
        lower
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a == first && b == second))
    };
    program == "dropdb"
        || lower.iter().any(|word| word == "dropdb")
        || STATEMENTS.iter().any(|statement| line.contains(statement))
        || lower.iter().any(|word| has(TASKS, word))
        || follows("migrate", "reset") && line.contains("prisma")
        || follows("manage.py", "flush")
}

/// Copies data away: a dump, a snapshot, whatever calls itself a backup.
pub fn is_backup(words: &[&str]) -> bool {
    words.iter().any(|word| {
        let word = word.to_ascii_lowercase();
        [
            "backup",
            "back-up",
            "dump",
            "snapshot",
            "bgsave",
            "--rdb",
            "pg_basebackup",
        ]
        .iter()
        .any(|part| word.contains(part))
            && !word.ends_with("=false")
    })
}

/// Asks whoever runs it.
pub fn is_question(words: &[&str]) -> bool {
    words
        .first()
        .is_some_and(|word| has("read select gum whiptail dialog", word))
        || words
            .iter()
            .any(|word| word.to_ascii_lowercase().contains("confirm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> &'static str {
        of(&line.split_whitespace().collect::<Vec<_>>()).unwrap_or("-")
    }

    #[test]
    fn destruction_is_known_by_its_commands() {
        for (line, expected) in [
            ("docker compose -f a.yml down -v", "volumes"),
            ("docker-compose down --volumes --remove-orphans", "volumes"),
            ("sudo docker volume rm shop_prod", "volumes"),
            ("docker exec r redis-cli FLUSHALL", "cache"),
            ("psql -c DROP DATABASE shop", "database"),
            ("dropdb shop_production", "database"),
            ("bin/rails db:drop", "database"),
            ("npx prisma migrate reset --force", "database"),
            ("python manage.py flush --noinput", "database"),
            ("docker compose down", "-"),
            ("docker compose up -v", "-"),
            ("docker volume create x", "-"),
            ("echo DROP DATABASE is dangerous", "-"),
            ("rails db:migrate", "-"),
            ("", "-"),
        ] {
            assert_eq!(said(line), expected, "{line}");
        }
        assert!(is_backup(&["pg_dump", "shop"]) && is_backup(&["./scripts/backup.sh"]));
        assert!(!is_backup(&["docker", "ps"]));
        assert!(is_question(&["read", "-p", "sure?"]) && !is_question(&["docker", "read"]));
    }
}
