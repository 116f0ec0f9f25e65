//! The schema's names and what is made of them.
use std::collections::BTreeSet;

use migration::STEPS;
use tithi::error::constraint;

/// Unique rules that only a defect of ours can break; the list may only shrink.
const OURS: &[&str] = &[
    "branding_tenant_unique",
    "events_outbox_key_unique",
    "idempotency_keys_key_unique",
    "refresh_tokens_token_hash_unique",
    "sessions_token_hash_unique",
    "tenant_directory_tenant_unique",
    "themes_published_unique",
];

fn words() -> BTreeSet<&'static str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    STEPS.iter().flat_map(|step| step.sql.split(move |c| !is_name(c))).collect()
}

#[test]
fn every_mapped_constraint_exists() {
    let words = words();
    for meaning in constraint::MEANINGS {
        assert!(words.contains(meaning.constraint), "{} is not in the schema", meaning.constraint);
    }
}

#[test]
fn every_unique_rule_has_a_meaning() {
    let words = words();
    let unmapped: Vec<_> = words
        .iter()
        .filter(|word| word.ends_with("_unique") || word.ends_with("_no_overlap"))
        .filter(|word| constraint::find(word).is_none() && !OURS.contains(word))
        .collect();
    assert!(unmapped.is_empty(), "map them in src/error/constraint.rs: {unmapped:?}");
    for ours in OURS {
        assert!(words.contains(ours), "{ours} is gone: take it from the list");
        assert!(constraint::find(ours).is_none(), "{ours} is mapped: take it from the list");
    }
}
