-- The three roles, for the whole cluster. Run by an administrator (superuser, or CREATEROLE on a managed server),
-- once per cluster and again whenever this file changes; never by tithi_owner. Passwords are set by the bootstrap
-- command, not here. Concurrent runs on one cluster must be serialised by the caller: roles are shared rows.

do $$
declare
  r text;
begin
  foreach r in array array['tithi_owner', 'tithi_app', 'tithi_platform'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = r) then
      execute format('create role %I login', r);
    end if;
  end loop;
end
$$;

-- A managed server lets a CREATEROLE administrator neither grant nor take away SUPERUSER, BYPASSRLS and REPLICATION;
-- a role made above has none of them, and the catalogue audit refuses one that got them elsewhere.
do $$
declare
  r text;
  super boolean := (select rolsuper from pg_catalog.pg_roles where rolname = current_user);
begin
  foreach r in array array['tithi_owner', 'tithi_app', 'tithi_platform'] loop
    execute format('alter role %I login nocreaterole nocreatedb inherit', r);
    if super then
      execute format('alter role %I nosuperuser nobypassrls noreplication', r);
    end if;
    -- pg_temp last: a temporary table can never stand in for a real one.
    execute format('alter role %I set search_path = app, public, pg_temp', r);
  end loop;
end
$$;

-- A request is short; a worker's sweep or an operator's search may take longer. A migration waits for no lock long.
alter role tithi_app set statement_timeout = '10s';
alter role tithi_app set lock_timeout = '3s';
alter role tithi_app set idle_in_transaction_session_timeout = '15s';
alter role tithi_platform set statement_timeout = '60s';
alter role tithi_platform set lock_timeout = '5s';
alter role tithi_platform set idle_in_transaction_session_timeout = '60s';
alter role tithi_owner set lock_timeout = '10s';
alter role tithi_owner set idle_in_transaction_session_timeout = '5min';
