//! Whether a file came with a dependency: a package manager put it there, and what it says is the business of others.

/// Folders that only package managers fill.
const FOLDERS: &[&str] = &[
    "node_modules",
    "bower_components",
    "site-packages",
    "vendor/bundle",
];

pub fn is_installed(path: &str) -> bool {
    FOLDERS.iter().any(|folder| below(path, folder).is_some())
        || below(path, "vendor").is_some_and(is_module)
}

/// What stands behind such a folder, wherever that is in the path.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.match_indices(folder).find_map(|(at, _)| {
        let starts = path.get(..at)?.is_empty() || path.get(..at)?.ends_with('/');
        let rest = path.get(at + folder.len()..)?.strip_prefix('/')?;
        starts.then_some(rest)
    })
}

/// `github.com/owner/name/…`: Go keeps copies of its modules by their address. Any other `vendor` may be somebody who sells.
fn is_module(rest: &str) -> bool {
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or_default();
    let is_host = host.contains('.') && !host.starts_with('.');
    is_host && parts.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::is_installed;

    #[test]
    fn what_a_package_manager_put_there() {
        for path in [
            "node_modules/a/Dockerfile",
            "web/node_modules/a/.env.production",
            "backend/vendor/github.com/redis/go-redis/v9/docker-compose.yml",
            "vendor/bundle/ruby/3.2/gems/a/config/database.yml",
            ".venv/lib/python3.11/site-packages/a/settings.py",
        ] {
            assert!(is_installed(path), "{path}");
        }
        for path in [
            "apps/vendor/.env.production",
            "vendor/docker-compose.yml",
            "vendor/shop.example/.env",
            "my_node_modules/a/.env",
            "vendor/bundler/.env",
            ".env",
        ] {
            assert!(!is_installed(path), "{path}");
        }
    }
}
