//! A second look, at the text: files that are committed on purpose because only a key opens them.

use crate::model::{File, Role};

/// How much of a file is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Plain text.
    None,
    /// Names are readable and values are not, or not all of them (SOPS, dotenvx): worth reading, a forgotten plain
    /// secret among them is a leak.
    Values,
    /// Nothing a format could read (Ansible Vault, GPG, age, git-crypt).
    Whole,
}

const WHOLE: &[&str] = &[
    "$ANSIBLE_VAULT;",
    "\0GITCRYPT",
    "-----BEGIN PGP MESSAGE-----",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "age-encryption.org/v1",
];

/// Looks at the text and corrects the role: an encrypted file is `encrypted` whatever its name says, and a plain one
/// that is only named so is not.
pub fn look(file: &mut File, text: &str) -> Seal {
    let seal = of(text);
    match (seal, file.role) {
        (Seal::None, Role::Encrypted) if is_plain_dotenv(text) => file.role = Role::Real,
        (Seal::None, Role::Encrypted) => return Seal::Whole,
        (Seal::None, _) | (_, Role::Doc | Role::Test) => {}
        _ => file.role = Role::Encrypted,
    }
    seal
}

fn of(text: &str) -> Seal {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if WHOLE.iter().any(|head| start.starts_with(head)) {
        return Seal::Whole;
    }
    let sops = text.contains("ENC[AES256_GCM,") && text.contains("sops");
    let dotenvx = text.contains("DOTENV_PUBLIC_KEY") && text.contains("encrypted:");
    let vault = text.contains("DOTENV_VAULT");
    if sops || dotenvx || vault {
        Seal::Values
    } else {
        Seal::None
    }
}

/// Some line binds a readable name to something.
fn is_plain_dotenv(text: &str) -> bool {
    text.lines().take(200).any(|line| {
        let line = line.trim().trim_start_matches("export ");
        line.split_once('=').is_some_and(|(name, value)| {
            let is_name = name.len() <= 64
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            // Base64 ends in `=` too, but nothing follows it.
            is_name && name.contains('_') && !value.trim_matches('=').is_empty()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(path: &str, role: Role, text: &str) -> (Role, Seal) {
        let mut file = File::at(path);
        file.role = role;
        let seal = look(&mut file, text);
        (file.role, seal)
    }

    #[test]
    fn sealed_values_are_read_and_sealed_files_are_not() {
        let real = Role::Real;
        let dotenvx = "DOTENV_PUBLIC_KEY_PRODUCTION=\"03\"\nDB=\"encrypted:BD0\"\n";
        assert_eq!(
            looked(".env.production", real, dotenvx),
            (Role::Encrypted, Seal::Values)
        );
        let sops = "db: ENC[AES256_GCM,data:x]\nsops:\n  version: 3.9\n";
        assert_eq!(
            looked("prod.yaml", real, sops),
            (Role::Encrypted, Seal::Values)
        );
        let vault = "$ANSIBLE_VAULT;1.1;AES256\n3338\n";
        assert_eq!(
            looked("prod.yml", real, vault),
            (Role::Encrypted, Seal::Whole)
        );
        assert_eq!(looked(".env", real, "A_B=1\n"), (Role::Real, Seal::None));
    }

    #[test]
    fn a_plain_file_named_as_encrypted_is_real() {
        let named = Role::Encrypted;
        assert_eq!(
            looked(".env.enc", named, "DB_HOST=x\n"),
            (Role::Real, Seal::None)
        );
        assert_eq!(
            looked(".env.enc", named, "U2FsdGVkX1==\n"),
            (Role::Encrypted, Seal::Whole)
        );
    }
}
