//! Seeded defects: each is applied to the sample schema in a transaction that is rolled back, and the audit must find
//! it, by the right rule, with the object's name. Harmless variants must stay silent.
use std::time::Instant;

use sqlx::{Connection, PgConnection};
use tithi::db::audit::{Finding, Options, RULES, Severity, audit};

use super::sample::{Sample, run};
use crate::pipeline::wire::Wire;

/// Rule, what the finding must name, the defect.
type Mutant = (&'static str, &'static str, &'static str);

const BIND: &str = "tenant_id = app.current_tenant_id()";

const ROLES: &[Mutant] = &[
    ("A00", "tithi_platform", "alter role tithi_platform rename to somebody"),
    ("A00", "app", "alter schema app rename to other"),
    ("A01", "tithi_app", "alter role tithi_app superuser"),
    ("A01", "tithi_owner", "alter role tithi_owner superuser"),
    ("A02", "tithi_app", "alter role tithi_app bypassrls"),
    ("A02", "tithi_platform", "alter role tithi_platform bypassrls"),
    ("A03", "tithi_app", "alter role tithi_app createrole"),
    ("A03", "tithi_app", "alter role tithi_app createdb"),
    ("A03", "tithi_app", "alter role tithi_app replication"),
    ("A04", "tithi_app", "grant tithi_owner to tithi_app"),
    ("A04", "tithi_app", "grant tithi_platform to tithi_app"),
    ("A04", "tithi_owner", "grant tithi_platform to tithi_owner"),
    ("A04", "tithi_owner", "create role between; grant tithi_owner to between; grant between to tithi_app"),
    ("A04", "app.bookings", "alter table app.bookings owner to tithi_app"),
    (
        "A04",
        "function app.touch()",
        "grant create on schema app to tithi_app; alter function app.touch() owner to tithi_app",
    ),
    ("A04", "mine", "create schema mine authorization tithi_app"),
    ("A04", "reporter", "create role reporter login in role tithi_platform"),
    ("A05", "pg_read_file", "grant execute on function pg_catalog.pg_read_file(text) to public"),
    ("A05", "pg_authid", "grant select on pg_catalog.pg_authid to public"),
    ("A05", "pg_read_all_data", "grant pg_read_all_data to tithi_app"),
    ("A05", "pg_write_all_data", "grant pg_write_all_data to tithi_platform"),
    ("A05", "pg_monitor", "grant pg_monitor to tithi_app"),
    ("A05", "pg_monitor", "create role between; grant pg_monitor to between; grant between to tithi_app"),
    ("A05", "pg_read_file", "grant execute on function pg_catalog.pg_read_file(text) to tithi_app"),
    ("A05", "pg_statistic", "grant select on pg_catalog.pg_statistic to tithi_app"),
    ("A05", "session_replication_role", "grant set on parameter session_replication_role to tithi_app"),
    ("A06", "app", "grant create on schema app to tithi_app"),
    ("A06", "public", "grant create on schema public to public"),
    (
        "A06",
        "database",
        "do $$ begin execute format('grant create on database %I to tithi_app', current_database()); end $$",
    ),
    (
        "A07",
        "tithi_app",
        "do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$",
    ),
    ("A08", "app.bookings", "grant truncate on app.bookings to tithi_app"),
    ("A08", "app.bookings", "grant references on app.bookings to tithi_app"),
    ("A08", "app.bookings", "grant trigger on app.bookings to tithi_app"),
    ("A08", "app.customers", "grant select on app.customers to tithi_app with grant option"),
    ("A09", "app.bookings", "grant select on app.bookings to public"),
    ("A09", "app.bookings", "grant select (status) on app.bookings to public"),
    ("A09", "app", "grant usage on schema app to public"),
    ("A09", "reporter", "create role reporter; grant select on app.bookings to reporter"),
    (
        "A10",
        "tithi_app",
        "alter default privileges for role tithi_owner in schema app grant select on tables to tithi_app",
    ),
    ("A10", "PUBLIC", "alter default privileges for role tithi_owner grant select on tables to public"),
    ("A11", "tithi_app", "alter role tithi_app reset statement_timeout"),
    ("A11", "tithi_app", "alter role tithi_app set lock_timeout = 0"),
    ("A11", "tithi_platform", "alter role tithi_platform reset idle_in_transaction_session_timeout"),
    ("A12", "tithi_app", "alter role tithi_app set app.tenant_id = '01900000-0000-7000-8000-00000000000a'"),
    (
        "A12",
        "app.tenant_id",
        "do $$ begin execute format('alter database %I set app.tenant_id = %L', current_database(), '01900000-0000-7000-8000-00000000000a'); end $$",
    ),
    ("A12", "app.user_id", "alter role all set app.user_id = '01900000-0000-7000-8000-00000000000a'"),
    ("A12", "app.touch()", "alter function app.touch() set app.tenant_id = '01900000-0000-7000-8000-00000000000a'"),
    ("A13", "snoop", "create role snoop login bypassrls; grant usage on schema app to snoop"),
];

const TABLES: &[Mutant] = &[
    ("T01", "app.bookings", "alter table app.bookings disable row level security"),
    ("T01", "app.tenant_directory", "alter table app.tenant_directory disable row level security"),
    ("T01", "app.audit_new", "create table app.audit_new (tenant_id uuid, id uuid); grant select on app.audit_new to tithi_app"),
    ("T02", "app.bookings", "alter table app.bookings no force row level security"),
    ("T02", "app.jobs", "alter table app.jobs no force row level security"),
    ("T03", "app.bookings", "drop policy tenant_floor on app.bookings; drop policy app_rw on app.bookings; drop policy platform_all on app.bookings"),
    ("T04", "app.plans", "create table app.plans (id uuid primary key)"),
    ("T04", "app.bookings", "alter table app.bookings rename tenant_id to tenant"),
    ("T04", "app.tenant_directory", "grant insert on app.tenant_directory to tithi_app"),
    ("T04", "app.jobs", "grant select on app.jobs to tithi_app"),
    ("T04", "app.migrations", "grant delete on app.migrations to tithi_app"),
    ("T05", "app.memo", "create table app.memo (tenant_id uuid, id uuid)"),
    ("T06", "app.memo", "create table app.memo (tenant_id text not null, id uuid)"),
    ("T07", "app.resources", "alter table app.resources drop constraint resources_tenant_id_fkey"),
    ("T08", "app.user_analytics", "alter table app.user_analytics drop constraint user_analytics_pkey"),
    ("T08", "app.user_analytics", "alter table app.user_analytics drop constraint user_analytics_pkey, add primary key (id, tenant_id)"),
    ("T09", "app.user_analytics", "alter table app.user_analytics drop constraint user_analytics_pkey, add primary key (id)"),
    ("T09", "app.bookings", "alter table app.bookings add constraint ref_unique unique (provider_ref)"),
    ("T09", "by_ref", "create unique index by_ref on app.bookings (provider_ref) include (tenant_id) where status <> 'canceled'"),
    ("T10", "app.bookings", "alter table app.bookings add constraint overlap exclude using gist (resource_id with =, tstzrange(start_at, end_at) with &&) where (false)"),
    ("T10", "app.bookings", "alter table app.bookings add constraint overlap exclude using gist (resource_id with =, tenant_id with <>) where (false)"),
    ("T11", "app.user_analytics", "alter table app.user_analytics drop constraint user_analytics_pkey, add primary key (id, tenant_id); drop index app.user_analytics_user"),
    ("T12", "app.bookings", "alter table app.bookings drop constraint bookings_customer_fk, add constraint bookings_customer_fk foreign key (tenant_id, customer_id) references app.customers (tenant_id, id) not valid"),
    ("T12", "app.bookings", "alter table app.bookings disable trigger all"),
    ("T13", "app.bookings", "alter table app.customers add constraint one unique (id); alter table app.bookings drop constraint bookings_customer_fk, add constraint single foreign key (customer_id) references app.customers (id)"),
    ("T13", "crossed", "alter table app.bookings add constraint crossed foreign key (customer_id, tenant_id) references app.customers (tenant_id, id) not valid"),
    ("T14", "app.bookings", "drop index app.bookings_customer"),
    ("T14", "app.bookings", "drop index app.bookings_customer; create index on app.bookings (tenant_id, customer_id) where status = 'pending'"),
    ("T14", "app.user_analytics", "drop index app.user_analytics_user"),
    ("T15", "app.bookings", "alter table app.bookings drop constraint bookings_resource_fk, add constraint nulls foreign key (tenant_id, resource_id) references app.resources (tenant_id, id) on delete set null"),
    ("T16", "app.logs_2026", "create table app.logs (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id)) partition by hash (tenant_id);
        create table app.logs_2026 partition of app.logs for values with (modulus 1, remainder 0); grant select on app.logs_2026 to tithi_app"),
    ("T16", "app.old_bookings", "create table app.old_bookings () inherits (app.bookings)"),
    ("T17", "app.remote", "create foreign data wrapper w; create server s foreign data wrapper w; create foreign table app.remote (tenant_id uuid) server s; grant select on app.remote to tithi_app"),
    ("T18", "schema app", "alter schema app owner to current_user"),
    ("T18", "public.leak", "create table public.leak as select * from app.bookings; grant select on public.leak to tithi_app"),
    ("T18", "public.lookup", "create table public.lookup (word text); grant select on public.lookup to tithi_app"),
    ("T18", "app.resources", "alter table app.resources owner to current_user"),
    ("T19", "app.bookings", "alter table app.bookings add column number bigserial"),
    ("T19", "app.bookings", "alter table app.bookings add column number bigint generated always as identity"),
    ("T19", "app.invoice_no", "create sequence app.invoice_no; grant usage on sequence app.invoice_no to tithi_app"),
    ("T20", "by_mood", "create type app.mood as enum ('a', 'b'); alter table app.bookings add column mood app.mood; create index by_mood on app.bookings (tenant_id, mood)"),
    ("T20", "by_amount", "alter table app.bookings add column amount numeric; create index by_amount on app.bookings (tenant_id, amount)"),
    ("T20", "by_meta", "alter table app.bookings add column meta jsonb; create index by_meta on app.bookings using gin (meta)"),
    ("T20", "by_tags", "alter table app.bookings add column tags text[]; create index by_tags on app.bookings (tenant_id, tags)"),
    ("T20", "by_range", "create index by_range on app.bookings using gist (tstzrange(start_at, end_at))"),
    ("T21", "app.bookings", "create rule silent as on delete to app.bookings do instead nothing"),
    ("T22", "app.bookings", "grant update on app.bookings to tithi_app"),
    ("T22", "app.bookings", "grant update (tenant_id) on app.bookings to tithi_app"),
    ("T22", "app.sessions", "grant update (user_id) on app.sessions to tithi_app"),
    ("T22", "app.audit_logs", "grant update (operation) on app.audit_logs to tithi_app"),
    ("T22", "app.audit_logs", "grant delete on app.audit_logs to tithi_platform"),
    ("T23", "app.bookings", "alter function app.touch() security definer"),
    ("T24", "everything", "create publication everything for all tables"),
    ("T24", "app.bookings", "create publication one for table app.bookings"),
    ("T25", "by_lower", "create index by_lower on app.customers (tenant_id, lower(email))"),
];

const POLICIES: &[Mutant] = &[
    (
        "P01",
        "app.bookings",
        "alter policy app_rw on app.bookings using (tenant_id = nullif(current_setting('app.tenantid', true), '')::uuid)",
    ),
    ("P01", "app.bookings", "alter policy tenant_floor on app.bookings using (id = app.current_tenant_id())"),
    ("P01", "app.bookings", "alter policy app_rw on app.bookings using (customer_id = app.current_tenant_id())"),
    (
        "P01",
        "app.bookings",
        "alter policy tenant_floor on app.bookings using (tenant_id is not null) with check (tenant_id is not null)",
    ),
    (
        "P01",
        "app.bookings",
        "alter policy tenant_floor on app.bookings using (tenant_id = coalesce(app.current_tenant_id(), tenant_id))",
    ),
    ("P01", "app.users", "create policy everybody on app.users for select to tithi_app using (true)"),
    ("P01", "app.jobs", "create policy peek on app.jobs for select to tithi_app using (true)"),
    (
        "P01",
        "app.tenant_directory",
        "create policy rewrite on app.tenant_directory for update to tithi_app using (true)",
    ),
    (
        "P01",
        "app.current_tenant_id",
        "create or replace function app.current_tenant_id() returns uuid language sql stable as $$ select nullif(current_setting('app.tenantid', true), '')::uuid $$",
    ),
    (
        "P01",
        "app.current_tenant_id",
        "create or replace function app.current_tenant_id() returns uuid language sql stable as $$ select current_setting('app.tenant_id')::uuid $$",
    ),
    (
        "P01",
        "app.current_tenant_id",
        "create or replace function app.current_tenant_id() returns uuid language sql stable as $$ select coalesce(nullif(current_setting('app.tenant_id', true), '')::uuid, '01900000-0000-7000-8000-00000000000a') $$",
    ),
    ("P02", "app.bookings", "drop policy tenant_floor on app.bookings"),
    (
        "P02",
        "app.bookings",
        "drop policy tenant_floor on app.bookings; create policy open on app.bookings for select to tithi_app using (true)",
    ),
    ("P02", "app.bookings", "alter policy tenant_floor on app.bookings using (true) with check (true)"),
    ("P02", "app.tenants", "drop policy tenant_floor on app.tenants"),
    ("P02", "app.sessions", "drop policy person_floor on app.sessions"),
    ("P02", "person_floor", "drop policy person_floor on app.user_analytics"),
    ("P03", "tithi_owner", "alter policy tenant_floor on app.bookings to tithi_app"),
    ("P03", "tithi_app", "alter policy tenant_floor on app.bookings to tithi_owner"),
    (
        "P03",
        "DELETE",
        "drop policy tenant_floor on app.bookings; create policy tenant_floor on app.bookings as restrictive for select using (tenant_id = app.current_tenant_id())",
    ),
    ("P03", "reporter", "create role reporter; grant select on app.bookings to reporter"),
    ("P04", "app.bookings", "alter policy tenant_floor on app.bookings with check (true)"),
    ("P04", "app.bookings", "alter policy app_rw on app.bookings with check (true)"),
    ("P04", "app.bookings", "alter policy app_rw on app.bookings with check (status = 'pending')"),
    (
        "P04",
        "app.bookings",
        "drop policy app_rw on app.bookings; create policy app_rw on app.bookings to tithi_app, tithi_owner using (tenant_id = app.current_tenant_id())",
    ),
    (
        "P05",
        "SELECT",
        "drop policy app_rw on app.bookings; create policy app_w on app.bookings for insert to tithi_app with check (tenant_id = app.current_tenant_id())",
    ),
    ("P05", "tithi_app", "drop policy app_rw on app.bookings"),
    ("P05", "tithi_app", "alter policy app_rw on app.bookings to tithi_owner"),
    ("P05", "tithi_platform", "drop policy platform_all on app.bookings"),
    ("P06", "app.current_tenant_id", "alter function app.current_tenant_id() immutable"),
    ("P06", "app.current_user_id", "alter function app.current_user_id() immutable"),
    ("P07", "app.current_tenant_id", "alter function app.current_tenant_id() volatile"),
    ("P07", "app.current_tenant_id", "alter function app.current_tenant_id() set search_path = ''"),
    ("P07", "app.current_tenant_id", "alter function app.current_tenant_id() security definer"),
    (
        "P07",
        "app.current_tenant_id",
        "create or replace function app.current_tenant_id() returns uuid language plpgsql stable as $$ begin return nullif(current_setting('app.tenant_id', true), '')::uuid; end $$",
    ),
    (
        "P08",
        "app.bookings",
        "alter policy app_rw on app.bookings using (tenant_id = app.current_tenant_id() or current_setting('app.is_admin', true) = 'on')",
    ),
    (
        "P08",
        "app.bookings",
        "alter policy tenant_floor on app.bookings using (tenant_id = app.current_tenant_id() or status = 'pending')",
    ),
    (
        "P08",
        "app.bookings",
        "alter policy tenant_floor on app.bookings with check (tenant_id = app.current_tenant_id() or tenant_id is null)",
    ),
    (
        "P09",
        "app.memberships",
        "alter policy app_rw on app.bookings using (tenant_id = app.current_tenant_id() and exists (select from app.memberships m where m.user_id = app.current_user_id()))",
    ),
    (
        "P09",
        "app.bookings",
        "alter policy app_rw on app.bookings using (tenant_id in (select b.tenant_id from app.bookings b))",
    ),
    (
        "P09",
        "app.is_staff",
        "create function app.is_staff() returns boolean language sql stable as $$ select true $$; alter policy app_rw on app.bookings using (tenant_id = app.current_tenant_id() and app.is_staff())",
    ),
];

const CODE: &[Mutant] = &[
    ("V01", "app.booking_overview", "alter view app.booking_overview reset (security_invoker)"),
    ("V01", "app.booking_overview", "alter view app.booking_overview set (security_invoker = false)"),
    (
        "V01",
        "app.inner_view",
        "create view app.inner_view as select * from app.bookings; create view app.outer_view with (security_invoker = true) as select * from app.inner_view; grant select on app.inner_view, app.outer_view to tithi_app",
    ),
    ("V01", "app.outer_view", "create view app.outer_view as select * from app.booking_overview"),
    (
        "V01",
        "app.sums",
        "create materialized view app.stored as select tenant_id, count(*) from app.bookings group by 1; create view app.sums as select * from app.stored",
    ),
    (
        "V02",
        "app.stored",
        "create materialized view app.stored as select tenant_id, count(*) from app.bookings group by 1; grant select on app.stored to tithi_app",
    ),
    (
        "F01",
        "app.all_bookings",
        "create function app.all_bookings() returns setof app.bookings language sql security definer set search_path = '' as $$ select * from app.bookings $$; revoke all on function app.all_bookings() from public",
    ),
    ("F01", "app.touch", "alter function app.touch() security definer"),
    (
        "F01",
        "public.sneak",
        "create function public.sneak() returns int language sql security definer set search_path = '' as $$ select 1 $$",
    ),
    ("F02", "app.touch", "alter function app.touch() security definer"),
    ("F02", "app.touch", "alter function app.touch() security definer set search_path = app, pg_temp"),
    (
        "F03",
        "app.looks_like",
        "create function app.looks_like(text, text) returns boolean language sql immutable leakproof as $$ select $1 ilike $2 $$",
    ),
    (
        "F04",
        "app.ctx",
        "create function app.ctx() returns uuid language sql immutable as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$; create or replace function app.current_tenant_id() returns uuid language sql stable as $$ select app.ctx() $$",
    ),
    (
        "F04",
        "app.outer_ctx",
        "create function app.outer_ctx() returns uuid language sql immutable as $$ select app.current_tenant_id() $$",
    ),
    (
        "F04",
        "app.deep",
        "create function app.mid() returns uuid language sql stable begin atomic select app.current_tenant_id(); end; create function app.deep() returns uuid language sql immutable as $$ select app.mid() $$",
    ),
    (
        "F05",
        "app.touch",
        "grant execute on function app.touch() to public; alter function app.touch() security definer set search_path = ''",
    ),
    (
        "F05",
        "app.run",
        "create function app.run(q text) returns void language plpgsql security definer set search_path = '' as $$ begin execute q; end $$; revoke all on function app.run(text) from public",
    ),
];

/// Variants that open nothing: no finding at all.
const HARMLESS: &[(&str, &str)] = &[
    ("a later policy above the floor", "create policy later on app.bookings for select to tithi_app using (true)"),
    ("the same, for everybody and everything", "create policy later on app.bookings using (true) with check (true)"),
    ("the call wrapped in a select", "alter policy app_rw on app.bookings using (tenant_id = (select app.current_tenant_id())) with check (tenant_id = (select app.current_tenant_id()))"),
    ("the function's expression itself", "alter policy tenant_floor on app.bookings using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid) with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)"),
    ("a narrower policy", "alter policy app_rw on app.bookings using (app.current_tenant_id() = tenant_id and (status = 'pending' or start_at > now()))"),
    ("the floor command by command", "drop policy tenant_floor on app.bookings;
        create policy f1 on app.bookings as restrictive for select using (tenant_id = app.current_tenant_id());
        create policy f2 on app.bookings as restrictive for insert with check (tenant_id = app.current_tenant_id());
        create policy f3 on app.bookings as restrictive for update using (tenant_id = app.current_tenant_id()) with check (tenant_id = app.current_tenant_id());
        create policy f4 on app.bookings as restrictive for delete using (tenant_id = app.current_tenant_id())"),
    ("another way to write security_invoker", "alter view app.booking_overview set (security_invoker = on)"),
    ("a cascade inside the tenant's key", "alter table app.bookings drop constraint bookings_customer_fk, add constraint c foreign key (tenant_id, customer_id) references app.customers (tenant_id, id) on delete cascade"),
    ("an index for the foreign key where it is set", "drop index app.bookings_resource; create index on app.bookings (tenant_id, resource_id) where resource_id is not null"),
    ("a whole new table from the template", "set local role tithi_owner; create table app.notes (tenant_id uuid not null references app.tenants (id), id uuid, body text, primary key (tenant_id, id));
        call app.apply_tenant_policies('app.notes'); reset role"),
    ("a partitioned table whose children nobody may read", "set local role tithi_owner; create table app.logs (tenant_id uuid not null references app.tenants (id), id uuid not null, primary key (tenant_id, id)) partition by hash (tenant_id);
        create table app.logs_0 partition of app.logs for values with (modulus 1, remainder 0); call app.apply_tenant_policies('app.logs'); reset role"),
    ("a deferred foreign key to the own table", "alter table app.bookings add column earlier uuid, add foreign key (tenant_id, earlier) references app.bookings (tenant_id, id) deferrable initially deferred; create index on app.bookings (tenant_id, earlier)"),
    ("an unrelated role", "create role stranger login"),
];

async fn findings_of(sample: &Sample, conn: &mut PgConnection, change: &str) -> Vec<Finding> {
    // Roles belong to the cluster, which other tests use: none is bootstrapped while one is changed here.
    let held = if change.contains("role") { Some(sample.hold_roles().await) } else { None };
    run(conn, "begin").await;
    run(conn, change).await;
    let findings = audit(conn, &Options::default()).await.unwrap_or_else(|error| panic!("{error}: {change}"));
    run(conn, "rollback").await;
    drop(held);
    findings
}

fn names(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("\n    {finding}")).collect()
}

#[tokio::test]
async fn every_seeded_defect_is_found_and_named() {
    let sample = Sample::create("mutants").await;
    let mut conn = sample.admin().await;
    let clean = audit(&mut conn, &Options::default()).await.expect("audit");
    assert_eq!(clean, [], "the sample itself");

    let mut missed = String::new();
    let all = [ROLES, TABLES, POLICIES, CODE].concat();
    println!("{} seeded defects, {} rules", all.len(), RULES.len());
    for (rule, object, change) in all {
        let findings = findings_of(&sample, &mut conn, change).await;
        let hit = findings.iter().any(|f| f.rule == rule && (f.object.contains(object) || f.message.contains(object)));
        if !hit {
            missed += &format!("\n  {rule} {object}: {change}{}", names(&findings));
        }
    }
    assert!(missed.is_empty(), "not found, or not named:{missed}");
    drop(conn);
    sample.drop_database().await;
}

#[tokio::test]
async fn harmless_variants_are_silent() {
    let sample = Sample::create("harmless").await;
    let mut conn = sample.admin().await;
    let mut alarms = String::new();
    for (what, change) in HARMLESS {
        let findings = findings_of(&sample, &mut conn, change).await;
        if !findings.is_empty() {
            alarms += &format!("\n  {what}:{}", names(&findings));
        }
    }
    assert!(alarms.is_empty(), "false alarms:{alarms}");
    drop(conn);
    sample.drop_database().await;
}

/// What is safe today but is to be put right only warns, so that it refuses no start.
#[tokio::test]
async fn what_is_safe_only_warns() {
    let sample = Sample::create("warnings").await;
    let mut conn = sample.admin().await;
    for (rule, change) in [
        ("P04", format!("drop policy app_rw on app.bookings; create policy app_rw on app.bookings to tithi_app, tithi_owner using ({BIND})")),
        ("A13", "create role snoop bypassrls".to_owned()),
        ("T15", "alter table app.bookings drop constraint bookings_resource_fk, add constraint nulls foreign key (tenant_id, resource_id) references app.resources (tenant_id, id) on delete set null (resource_id)".to_owned()),
    ] {
        let findings = findings_of(&sample, &mut conn, &change).await;
        assert_eq!(findings.iter().map(|f| (f.rule, f.severity)).collect::<Vec<_>>(), [(rule, Severity::Warn)], "{}", names(&findings));
        assert!(!tithi::db::audit::refuses(&findings));
    }
    drop(conn);
    sample.drop_database().await;
}

#[test]
fn every_rule_has_a_seeded_defect() {
    let all = [ROLES, TABLES, POLICIES, CODE].concat();
    let without: Vec<_> =
        RULES.iter().filter(|rule| !all.iter().any(|(id, ..)| *id == rule.id)).map(|rule| rule.id).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// Serving waits for the audit: it asks about all tables at once, however many there are.
#[tokio::test]
async fn the_audit_asks_no_table_by_itself() {
    let sample = Sample::create("quick").await;
    let wire = Wire::new(&sample.options());
    let mut conn = PgConnection::connect_with(&wire.lead(sample.options())).await.expect("through the wire");
    let mut asked = Vec::new();
    for more in [0, 70] {
        run(&mut conn, &format!("set role tithi_owner; do $$ begin
            for n in 1..{more} loop
              execute format('create table app.t%s (tenant_id uuid not null references app.tenants (id), id uuid, other uuid, at timestamptz, body text,
                primary key (tenant_id, id), foreign key (tenant_id, other) references app.customers (tenant_id, id))', n);
              execute format('create index on app.t%s (tenant_id, other)', n);
              execute format('create index on app.t%s (tenant_id, at)', n);
              execute format('call app.apply_tenant_policies(%L)', 'app.t' || n);
            end loop;
          end $$; reset role")).await;
        wire.take();
        let begun = Instant::now();
        assert_eq!(audit(&mut conn, &Options::default()).await.expect("audit"), []);
        asked.push(wire.take().len());
        println!("audit with {more} more tables: {:?}", begun.elapsed());
    }
    assert!(asked[0] > 0 && asked[0] == asked[1], "{asked:?}");
    drop(conn);
    sample.drop_database().await;
}
