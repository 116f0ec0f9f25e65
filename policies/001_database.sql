-- This database: who may do what in it as a whole, its extensions, its schema. Run by an administrator after
-- 000_roles.sql, once per database. A clone made with CREATE DATABASE .. TEMPLATE does not inherit the
-- database's own grants: run this file on the clone too.

do $$
declare
  db text := current_database();
begin
  -- TEMP would let a temporary table shadow a real one; CREATE would let a role make schemas of its own.
  execute format('revoke create, temporary on database %I from public', db);
  execute format('revoke create, temporary on database %I from tithi_app, tithi_platform', db);
  execute format('grant connect on database %I to tithi_owner, tithi_app, tithi_platform', db);
end
$$;

revoke create on schema public from public;

-- equality on uuid beside && on a range, in one exclusion constraint
create extension if not exists btree_gist with schema public;

-- Statement statistics show every tenant's query shapes, so they are for operators only. Optional: the view answers
-- only where the server preloads the library.
do $$
begin
  if 'pg_stat_statements' = any (string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ',')) then
    create extension if not exists pg_stat_statements with schema public;
  end if;
  if exists (select from pg_catalog.pg_extension where extname = 'pg_stat_statements') then
    revoke all on public.pg_stat_statements, public.pg_stat_statements_info from public;
    grant select on public.pg_stat_statements, public.pg_stat_statements_info to tithi_platform;
  end if;
end
$$;

create schema if not exists app authorization tithi_owner;
