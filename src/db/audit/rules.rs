//! The rule book as data: every rule's id and what it demands. The ids are a contract: messages, tests and the
//! operators' run books name them, so a rule that goes leaves its number unused.

use super::Severity;

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub id: &'static str,
    pub demands: &'static str,
}

/// What the SQL calls a finding: the id, with `?` behind it where the finding only warns.
pub fn find(found: &str) -> Option<(Rule, Severity)> {
    let (id, severity) = match found.strip_suffix('?') {
        Some(id) => (id, Severity::Warn),
        None => (found, Severity::Fail),
    };
    RULES.iter().find(|rule| rule.id == id).map(|rule| (*rule, severity))
}

const fn rule(id: &'static str, demands: &'static str) -> Rule {
    Rule { id, demands }
}

pub const RULES: &[Rule] = &[
    rule("A00", "the three roles and schema app exist"),
    rule("A01", "no role of the service is a superuser"),
    rule("A02", "no role of the service has BYPASSRLS"),
    rule("A03", "no role of the service has CREATEROLE, CREATEDB or REPLICATION"),
    rule("A04", "the serving roles own nothing and are members of nothing"),
    rule("A05", "no predefined powerful role, system relation, system function, setting or foreign server is granted"),
    rule("A06", "no serving role may create schemas or objects in schemas"),
    rule("A07", "no serving role may create temporary tables"),
    rule("A08", "no TRUNCATE, REFERENCES, TRIGGER and no grant option"),
    rule("A09", "PUBLIC and unlisted roles hold nothing"),
    rule("A10", "no default privileges give anything away"),
    rule("A11", "the serving roles have statement, lock and idle-in-transaction timeouts"),
    rule("A12", "no role, database or function has a standing context"),
    rule("A13", "roles that bypass row security are listed"),
    rule("T01", "row security is on"),
    rule("T02", "row security is forced"),
    rule("T03", "there is a policy"),
    rule("T04", "a table has its tenant column, or is listed as global and granted accordingly"),
    rule("T05", "the tenant column is NOT NULL"),
    rule("T06", "the tenant column is uuid"),
    rule("T07", "the tenant column references tenants"),
    rule("T08", "the primary key leads with tenant_id"),
    rule("T09", "every unique key contains tenant_id"),
    rule("T10", "every exclusion constraint contains tenant_id WITH ="),
    rule("T11", "an index leads with tenant_id"),
    rule("T12", "foreign keys are validated and triggers enabled"),
    rule("T13", "a foreign key to a tenant table pairs tenant_id with tenant_id"),
    rule("T14", "every foreign key has an index"),
    rule("T15", "no foreign key sets tenant_id to null or its default"),
    rule("T16", "no partition or child is readable directly; no inheritance"),
    rule("T17", "no foreign table is readable"),
    rule("T18", "everything of the service lies in schema app and belongs to the owner"),
    rule("T19", "no sequences"),
    rule("T20", "indexed columns have leakproof operators"),
    rule("T21", "no rules"),
    rule("T22", "tenant_id cannot be updated; append-only tables cannot be rewritten"),
    rule("T23", "no definer triggers"),
    rule("T24", "no publications"),
    rule("T25", "no expression indexes"),
    rule("P01", "a policy binds the tenant (and the context function is the one of 010_context.sql)"),
    rule("P02", "a restrictive floor exists"),
    rule("P03", "the floor covers every role and command"),
    rule("P04", "WITH CHECK is written and binds the tenant"),
    rule("P05", "every granted command, and SELECT, has a permissive policy"),
    rule("P06", "no policy rests on an IMMUTABLE function"),
    rule("P07", "the context functions are STABLE SQL without SET or SECURITY DEFINER, so that they inline"),
    rule("P08", "no alternatives (OR) in a policy"),
    rule("P09", "a policy reads no table and calls nothing but the context functions"),
    rule("V01", "views have security_invoker"),
    rule("V02", "no materialized view is readable"),
    rule("F01", "definer functions are listed and belong to the owner"),
    rule("F02", "definer functions set search_path = ''"),
    rule("F03", "no LEAKPROOF functions"),
    rule("F04", "no IMMUTABLE function reads a setting, however deep"),
    rule("F05", "definer functions are not executable by PUBLIC and build no SQL"),
];
