//! What the audit lets pass, as data, each with its reason. Everything not written here is held to the full rules.
//!
//! What must stay true: an entry names something that exists or will exist by design, never something that is
//! merely broken today; and every entry narrows to one object.

/// The schema that holds every table of the service.
pub const SCHEMA: &str = "app";
/// Owns the schema and runs the migrations.
pub const OWNER: &str = "tithi_owner";
/// Serves requests.
pub const APP: &str = "tithi_app";
/// Operators and workers that cross tenants, by policies of their own.
pub const PLATFORM: &str = "tithi_platform";

/// How a table that is not simply a tenant's is guarded instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Has `tenant_id`; bound by it. Every table that is not listed below.
    Tenant,
    /// `tenants` itself: bound by `id`.
    Root,
    /// One person's rows, without a tenant: bound by `user_id`.
    Person,
    /// `users`: the own account, and accounts of the current tenant's members.
    Account,
    /// Readable by design: forced row security, SELECT only.
    Directory,
    /// The platform's: forced row security, no privilege for the app role.
    Platform,
    /// The migration run's book-keeping: written by its owner alone, nothing of a tenant in it, no row security.
    Internal,
}

impl Guard {
    /// The word that the audit's SQL knows it by.
    pub fn word(self) -> &'static str {
        match self {
            Guard::Tenant => "tenant",
            Guard::Root => "root",
            Guard::Person => "person",
            Guard::Account => "account",
            Guard::Directory => "directory",
            Guard::Platform => "platform",
            Guard::Internal => "internal",
        }
    }

    /// The reverse of [`Guard::word`]; a table of unknown kind is held to the tenant's rules.
    pub fn of(word: &str) -> Guard {
        let all = [Guard::Root, Guard::Person, Guard::Account, Guard::Directory, Guard::Platform, Guard::Internal];
        all.into_iter().find(|guard| guard.word() == word).unwrap_or(Guard::Tenant)
    }

    /// The column and the context function that bind a row, for the kinds that have a floor.
    pub fn binding(self) -> Option<Binding> {
        match self {
            Guard::Tenant => Some(TENANT),
            Guard::Root => Some(Binding { column: "id", ..TENANT }),
            Guard::Person => Some(PERSON),
            Guard::Account | Guard::Directory | Guard::Platform | Guard::Internal => None,
        }
    }
}

/// What a floor compares: a column with a context function over a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub column: &'static str,
    pub function: &'static str,
    pub setting: &'static str,
}

pub const TENANT: Binding = Binding { column: "tenant_id", function: "current_tenant_id", setting: "app.tenant_id" };
pub const PERSON: Binding = Binding { column: "user_id", function: "current_user_id", setting: "app.user_id" };

/// Tables of schema `app` that are not simply a tenant's: name, guard, reason.
pub const GLOBALS: &[(&str, Guard, &str)] = &[
    ("tenants", Guard::Root, "the root that tenant_id points to"),
    ("users", Guard::Account, "one person may belong to several tenants"),
    (
        "tenant_directory",
        Guard::Directory,
        "a host or slug must find its tenant before there is a context; no personal data",
    ),
    ("plans", Guard::Directory, "what the platform sells: the same for all, and shown to everybody"),
    ("permissions", Guard::Directory, "the fixed list of permission names, the same for all"),
    ("jobs", Guard::Platform, "the queue: its rows carry a tenant, its workers serve all"),
    ("dead_jobs", Guard::Platform, "jobs that gave up, for operators"),
    ("webhook_event_inbox", Guard::Platform, "a provider's call is stored before its tenant is known"),
    ("connected_accounts", Guard::Platform, "says whose an account is, for all tenants; no request may decide it"),
    ("analytics_job_log", Guard::Platform, "runs over all tenants"),
    ("crm_leads", Guard::Platform, "prospects of the platform, not of a tenant"),
    ("backups", Guard::Platform, "whole-cluster backups"),
    ("platform_admins", Guard::Platform, "operators are nobody's tenant"),
    ("platform_sessions", Guard::Platform, "operators are nobody's tenant"),
    ("sessions", Guard::Person, "a person is signed in, whatever tenants they belong to"),
    ("refresh_tokens", Guard::Person, "belongs to a session"),
    ("migrations", Guard::Internal, "the list of applied steps; others may read how far the schema is"),
];

/// Tenant tables whose rows are one person's alone: beside the tenant they need a `person_floor`.
pub const PERSONAL: &[(&str, &str)] = &[
    ("user_subscriptions", "source document 001: every query on it filters by user_id"),
    ("user_sound_packages", "source document 001: every query on it filters by user_id"),
    ("user_sessions", "source document 001: every query on it filters by user_id"),
    ("user_analytics", "source document 001: every query on it filters by user_id"),
];

/// Tenant tables that also hold rows of no tenant (`tenant_id` null), which no policy for requests ever shows. Their
/// primary key is `id` alone, since a null cannot stand in one.
pub const SYSTEM_ROWS: &[(&str, &str)] =
    &[("audit_logs", "what the platform does outside every tenant is logged too; its ids are made by the database")];

/// Tables that nobody but their owner may rewrite: no UPDATE and DELETE for the app and platform roles.
pub const APPEND_ONLY: &[(&str, &str)] = &[
    ("audit_logs", "a log that its subjects can rewrite proves nothing"),
    ("loyalty_transactions", "a balance is their sum"),
    ("invoice_items", "a bill that was sent does not change"),
];

/// SECURITY DEFINER functions, as `schema.name(argument types)`. None is needed so far; one that is added here must be
/// owned by the owner role, set `search_path = ''`, run no dynamic SQL and not be executable by PUBLIC.
pub const DEFINERS: &[(&str, &str)] = &[];

/// Schemas that belong to a library: the app role must hold nothing in them; their inside is not judged.
pub const LIBRARY_SCHEMAS: &[(&str, &str)] = &[("graphile_worker", "the job library keeps its own tables")];

/// Roles that bypass row security on purpose and stand in no connection pool.
pub const BYPASS_ROLES: &[(&str, &str)] = &[("tithi_backup", "pg_dump must see every row; used by nothing else")];
