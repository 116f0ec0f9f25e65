-- A small schema with one table of each kind, guarded by the template. Run as tithi_owner.
create table app.tenants (id uuid primary key, slug text not null unique, name text not null);
create table app.tenant_directory (slug text primary key, tenant_id uuid not null references app.tenants (id), status text not null);
create table app.users (id uuid primary key, email text not null unique, name text not null default '');
create table app.sessions (
  user_id uuid not null references app.users (id), id uuid not null, device text, primary key (user_id, id));
create table app.memberships (
  tenant_id uuid not null references app.tenants (id), id uuid not null, user_id uuid not null references app.users (id),
  role text not null, primary key (tenant_id, id), unique (tenant_id, user_id));
create table app.customers (
  tenant_id uuid not null references app.tenants (id), id uuid not null, email text not null, name text not null, deleted_at timestamptz,
  primary key (tenant_id, id));
create unique index customers_email on app.customers (tenant_id, email) where deleted_at is null;
create table app.resources (
  tenant_id uuid not null references app.tenants (id), id uuid not null, name text not null, capacity int not null default 1,
  primary key (tenant_id, id));
create table app.bookings (
  tenant_id uuid not null references app.tenants (id), id uuid not null, customer_id uuid not null, resource_id uuid, provider_ref text,
  start_at timestamptz not null, end_at timestamptz not null, status text not null default 'pending',
  check (start_at < end_at), check (status in ('pending', 'confirmed', 'canceled')),
  primary key (tenant_id, id), unique (tenant_id, provider_ref),
  constraint bookings_customer_fk foreign key (tenant_id, customer_id) references app.customers (tenant_id, id),
  constraint bookings_resource_fk foreign key (tenant_id, resource_id) references app.resources (tenant_id, id),
  constraint bookings_no_overlap exclude using gist (tenant_id with =, resource_id with =, tstzrange(start_at, end_at) with &&)
    where (status <> 'canceled'));
create index bookings_customer on app.bookings (tenant_id, customer_id);
create index bookings_resource on app.bookings (tenant_id, resource_id, start_at) include (end_at);
create table app.audit_logs (
  id uuid primary key, tenant_id uuid references app.tenants (id), operation text not null);
create index audit_logs_tenant on app.audit_logs (tenant_id, id);
create table app.user_analytics (
  tenant_id uuid not null references app.tenants (id), id uuid not null, user_id uuid not null references app.users (id),
  minutes int not null, primary key (tenant_id, id));
create index user_analytics_user on app.user_analytics (tenant_id, user_id);
create table app.jobs (id uuid primary key, tenant_id uuid, kind text not null);
create table app.migrations (version text primary key);
create view app.booking_overview with (security_invoker = true) as
  select b.tenant_id, b.id, c.name from app.bookings b join app.customers c on c.tenant_id = b.tenant_id and c.id = b.customer_id;
create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger bookings_touch before update on app.bookings for each row execute function app.touch();

call app.apply_root_policies('app.tenants');
call app.apply_directory_policies('app.tenant_directory');
call app.apply_account_policies('app.users');
call app.apply_person_policies('app.sessions');
call app.apply_tenant_policies('app.memberships');
call app.apply_tenant_policies('app.customers');
call app.apply_tenant_policies('app.resources');
call app.apply_tenant_policies('app.bookings');
call app.apply_tenant_policies('app.audit_logs', 'append');
call app.apply_person_policies('app.user_analytics');
call app.apply_platform_policies('app.jobs');
grant select on app.migrations to tithi_app, tithi_platform;
grant select on app.booking_overview to tithi_app;
