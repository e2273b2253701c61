//! The environment a host's name speaks of: `api-staging.example.org`, `db.dev.acme.io`.

use super::{Hit, Weight, Words};
use crate::model::Env;
use crate::value::host::{bare, is_under};

/// Hosts of vendors whose name holds an environment's word and means a product.
const PRODUCTS: &[&str] = &[
    "dev.azure.com",
    "dev.mysql.com",
    "preview.contentful.com",
    "live.com",
    "dev.to",
];

impl Words {
    /// The environment a host belongs to: what the configuration says (`hosts`), else its labels. The last label is a
    /// top-level domain (`.dev`, `.live`, `.test`, `.local` are no environments), the one before it the owner's name.
    pub fn in_host(&self, host: &str) -> Option<Env> {
        let host = bare(host);
        if let Some((_, env)) = self.hosts.iter().find(|(glob, _)| glob.is_match(host)) {
            return Some(*env);
        }
        if host.contains(['[', ':'])
            || is_ipv4(host)
            || PRODUCTS.iter().any(|product| is_under(host, product))
        {
            return None;
        }
        let Some((rest, _top)) = host.rsplit_once('.') else {
            return self.find(host, in_label).env();
        };
        let (labels, owner) = rest.rsplit_once('.').unwrap_or(("", rest));
        match self.find(labels, in_label) {
            super::Found::Nothing => self.find(owner, in_owner).env(),
            found => found.env(),
        }
    }
}

/// `ci.` and `review.` are servers of the trade, `live.` a broadcast; the other words in front of a domain are meant.
fn in_label(hit: &Hit) -> bool {
    match hit.word.tokens.first().map(String::as_str) {
        Some("ci") => false,
        // `review-123.example.org` is a review app.
        Some("review") => hit.after().is_some_and(|next| super::is_number(next.text)),
        Some("live") => hit.is_last() && !hit.is_first(),
        _ => true,
    }
}

/// `acme-staging.com` says so; `test.com` and `demo-company.com` are names of companies.
fn in_owner(hit: &Hit) -> bool {
    !hit.is_whole() && (hit.is_last() || (hit.is_first() && hit.word.weight == Weight::Strong))
}

fn is_ipv4(host: &str) -> bool {
    host.bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
}
