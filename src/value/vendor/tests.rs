//! What the catalogue says about names, values and hosts. Keys are put together here: the repository holds none.

use super::*;

fn made(word: &str) -> String {
    fake::of(word).unwrap()
}

#[test]
fn every_shape_matches_a_key_of_its_form() {
    for shape in table::SHAPES.iter().chain(table::OPEN_SHAPES) {
        let mode = shape.mode.unwrap_or("any");
        let key = fake::key(shape, &mut fake::Random::new(mode));
        let found = shape::of(&key).unwrap_or_else(|| panic!("{} is not found", shape.pattern));
        let same = found.pattern == shape.pattern || found.mode == shape.mode;
        assert!(same, "{} was taken for {}", shape.pattern, found.pattern);
    }
}

#[test]
fn names_in_any_case_and_with_any_prefix() {
    let vendors = Vendors::default();
    let vendor = |name: &str| vendors.of(name, "").map(|found| found.vendor);
    for (name, expected) in [
        ("STRIPE_SECRET_KEY", "stripe"),
        ("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "stripe"),
        ("PROD_STRIPE_KEY", "stripe"),
        ("stripeSecretKey", "stripe"),
        ("spring.mail.sendgrid.api-key", "sendgrid"),
        ("AWS_SES_ACCESS_KEY", "ses"),
        ("AWS_ACCESS_KEY_ID", "aws"),
        ("SUPABASE_DB_PASSWORD", "supabase"),
        ("MEM0_API_KEY", "mem0"),
        ("GOOGLE_MAPS_API_KEY", "google-maps"),
        ("OPENAI_API_KEY_DEV", "openai"),
    ] {
        assert_eq!(vendor(name), Some(expected), "{name}");
    }
    for name in [
        "DATABASE_URL",
        "SECRET_KEY",
        "STRIPED_KEY",
        "PRESTRIPE_KEY",
        "X_API_KEY",
        "JVM_HEAP_SIZE",
        "RENDER_MODE",
        "LINEAR_GRADIENT",
        "",
    ] {
        assert_eq!(vendor(name), None, "{name}");
    }
}

#[test]
fn the_form_of_a_value_tells_the_vendor_and_the_mode() {
    let vendors = Vendors::default();
    let key = made("stripe_live");
    let found = vendors.of("PAYMENT_KEY", &key).unwrap();
    assert_eq!((found.vendor, found.key_mode), ("stripe", Some("live")));
    // Clerk's keys look like Stripe's: the name decides whose it is, the form still tells the mode.
    let found = vendors
        .of("CLERK_SECRET_KEY", &made("stripe_test"))
        .unwrap();
    assert_eq!((found.vendor, found.key_mode), ("clerk", Some("test")));
    let found = vendors.of("KEY", &made("stripe_test_public")).unwrap();
    assert_eq!(
        (found.identity, found.key_mode),
        (Some(Identity::Public), Some("test"))
    );
    for word in [
        "sk-some-kebab-case-words-here",
        "production_database_url",
        "redacted",
        "fw_abcdefghijklmnopqrstuv",
    ] {
        assert!(shape::of(word).is_none(), "{word}");
    }
}

#[test]
fn a_host_tells_the_vendor() {
    let vendors = Vendors::default();
    let dsn = format!(
        "postgres://u:{}@db.abc.supabase.co:5432/postgres",
        "p".repeat(8)
    );
    assert_eq!(vendors.of("DATABASE_URL", &dsn).unwrap().vendor, "supabase");
    assert_eq!(by_host("O1.Ingest.Sentry.io:443").unwrap().id, "sentry");
    assert!(by_host("notsentry.io").is_none());
    assert!(by_host("").is_none());
}

#[test]
fn identity_is_told_where_the_last_word_does_not() {
    let vendors = Vendors::default();
    let identity = |name: &str| vendors.of(name, "").and_then(|found| found.identity);
    assert_eq!(identity("AMPLITUDE_API_KEY"), Some(Identity::Public));
    assert_eq!(identity("VITE_SUPABASE_ANON_KEY"), Some(Identity::Public));
    assert_eq!(identity("SLACK_WEBHOOK_URL"), Some(Identity::Credential));
    assert_eq!(identity("SENTRY_ENVIRONMENT"), Some(Identity::None));
    assert_eq!(identity("STRIPE_PRICE_ID"), Some(Identity::Instance));
    assert_eq!(identity("OPENAI_API_KEY"), None);
}

#[test]
fn the_configuration_adds_and_regrades() {
    let mut vendors = Vendors::default();
    vendors.add("acme-crm", &["ACME_*".to_owned()]);
    vendors.regrade("openai", Some(Severity::High), None);
    assert_eq!(vendors.of("ACME_TOKEN", "").unwrap().vendor, "acme-crm");
    assert_eq!(vendors.severity("openai"), Some(Severity::High));
    assert_eq!(
        vendors.of("OPENAI_API_KEY", "").unwrap().severity,
        Severity::High
    );
    assert_eq!(vendors.severity("telegram"), Some(Severity::High));
    assert_eq!(vendors.severity("nobody"), None);
}

#[test]
fn platforms_set_variables_by_themselves() {
    assert_eq!(injected_by("RAILWAY_STATIC_URL"), Some("railway"));
    assert_eq!(injected_by("PORT"), Some("hosting"));
    assert_eq!(injected_by("GITHUB_SHA"), Some("github"));
    assert_eq!(injected_by("DATABASE_URL"), None);
}

#[test]
fn credentials_are_found_inside_of_a_text() {
    let key = made("github_token");
    let text = format!("é token={key}, again \"{key}\" x{key}");
    let found: Vec<_> = shape::credentials_in(&text)
        .map(|range| &text[range])
        .collect();
    assert_eq!(found, [key.as_str(), key.as_str()]);
}

#[test]
fn a_fact_carries_what_the_catalogue_knows() {
    use crate::model::schema::var;
    use crate::model::{Fact, File, Secret, Span, Val};
    let file = std::sync::Arc::new(File::at(".env"));
    let described = |name: &str, value: &str| {
        let mut fact = Fact::new(var::KIND, &file, Span::new(0, 1), Span::default())
            .with(var::NAME, name)
            .with(var::VALUE, Secret::new(value));
        crate::value::binding::describe(&mut fact, &crate::value::Lexicon::default());
        fact
    };
    let random = &made("hex32");
    let public = described("AMPLITUDE_API_KEY", random);
    assert_eq!(public.text(var::VENDOR), "amplitude");
    assert_eq!(public.text(var::IDENTITY), "public");
    assert_eq!(public.get(var::SENSITIVE), Val::Bool(false));
    let secret = described("AMPLITUDE_SECRET_KEY", random);
    assert_eq!(secret.text(var::IDENTITY), "credential");
    assert!(
        described("DATABASE_NAME", "app")
            .get(var::VENDOR)
            .is_absent()
    );
}

#[test]
fn made_up_values_say_what_they_were_asked_for() {
    let mode = |word: &str| shape::of(&made(word)).and_then(|shape| shape.mode);
    assert_eq!(mode("stripe_live"), Some("live"));
    assert_eq!(mode("stripe_test"), Some("test"));
    for word in [
        "openai",
        "github_token",
        "sendgrid",
        "sentry_dsn",
        "telegram",
        "slack",
        "aws",
    ] {
        let found = shape::of(&made(word)).unwrap_or_else(|| panic!("{word}"));
        assert!(word.starts_with(found.vendor.id), "{word}");
    }
    assert_eq!(made("hex32").len(), 32);
    assert_eq!(made("openai"), made("openai"));
    assert_ne!(made("openai"), made("openai_b"));
    for word in ["password", "hex32", "jwt"] {
        let strength = crate::value::strength::of(&made(word));
        assert_eq!(strength, "strong", "{word}");
    }
    assert_eq!(fake::of("nobody_live"), None);
}
