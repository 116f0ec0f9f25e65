-- The one template that every table's policies and grants come from. Run by tithi_owner at every migration, before
-- the domain files, which consist of calls to the procedures below. README.md is the rule book.
--
-- All of them run as their caller, may be called by the owner alone, and leave an unchanged table untouched, so that
-- re-running them takes no exclusive lock.

-- Puts one policy in place. `qual` stands as the catalogue prints it, so that an unchanged policy is recognised.
create or replace procedure app.put_policy(tbl regclass, polname text, kind text, cmd text, roles text[], qual text)
  language plpgsql set search_path = ''
as $$
declare
  sql_using text := case when cmd <> 'insert' then format(' using (%s)', qual) else '' end;
  sql_check text := case when cmd in ('all', 'insert', 'update') then format(' with check (%s)', qual) else '' end;
begin
  if exists (
    select from pg_catalog.pg_policy p
    where p.polrelid = tbl and p.polname = put_policy.polname
      and p.polpermissive = (kind = 'permissive')
      and p.polcmd = case cmd when 'all' then '*' when 'select' then 'r' when 'insert' then 'a' when 'update' then 'w' else 'd' end::"char"
      and (select array_agg(r.rolname::text order by r.rolname) from pg_catalog.pg_roles r where r.oid = any (p.polroles))
          = (select array_agg(x order by x) from unnest(roles) x)
      and pg_catalog.pg_get_expr(p.polqual, p.polrelid) is not distinct from case when sql_using <> '' then qual end
      and pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) is not distinct from case when sql_check <> '' then qual end
  ) then
    return;
  end if;
  if exists (select from pg_catalog.pg_policy p where p.polrelid = tbl and p.polname = put_policy.polname) then
    execute format('drop policy %I on %s', polname, tbl);
  end if;
  execute format('create policy %I on %s as %s for %s to %s%s%s', polname, tbl, kind, cmd,
    (select string_agg(quote_ident(x), ', ') from unnest(roles) x), sql_using, sql_check);
end
$$;

-- Row security on and binding for the owner too; any policy that the caller did not name is taken away.
create or replace procedure app.guard_table(tbl regclass, keep text[])
  language plpgsql set search_path = ''
as $$
declare
  stray text;
begin
  if not (select relrowsecurity and relforcerowsecurity from pg_catalog.pg_class where oid = tbl) then
    execute format('alter table %s enable row level security, force row level security', tbl);
  end if;
  for stray in select polname from pg_catalog.pg_policy where polrelid = tbl and polname <> all (keep) loop
    execute format('drop policy %I on %s', stray, tbl);
  end loop;
end
$$;

-- Grants, from nothing. access: write = select, insert, delete and update; append = select, insert; read = select;
-- none = nothing. UPDATE never reaches tenant_id or id (nor user_id where rows are a person's), so that no row can move
-- to somebody else.
create or replace procedure app.put_grants(tbl regclass, role text, access text)
  language plpgsql set search_path = ''
as $$
declare
  personal boolean := exists (select from pg_catalog.pg_policy where polrelid = tbl and polname = 'person_floor');
  cols text := (
    select string_agg(quote_ident(attname), ', ' order by attnum) from pg_catalog.pg_attribute
    where attrelid = tbl and attnum > 0 and not attisdropped
      and attname not in ('tenant_id', 'id') and not (personal and attname = 'user_id'));
begin
  execute format('revoke all on %s from %I', tbl, role);
  case access
    when 'write' then
      execute format('grant select, insert, delete on %s to %I', tbl, role);
      if cols is not null then
        execute format('grant update (%s) on %s to %I', cols, tbl, role);
      end if;
    when 'append' then execute format('grant select, insert on %s to %I', tbl, role);
    when 'read' then execute format('grant select on %s to %I', tbl, role);
    when 'none' then null;
    else raise exception 'access % of % is none of write, append, read, none', access, tbl;
  end case;
end
$$;

-- What every table gets whatever its kind: nothing for PUBLIC, no TRUNCATE even for the owner (it ignores row
-- security), and the platform role's own policy.
create or replace procedure app.put_common(tbl regclass, platform_access text)
  language plpgsql set search_path = ''
as $$
begin
  execute format('revoke all on %s from public', tbl);
  execute format('revoke truncate on %s from %I', tbl, (select relowner::regrole::text from pg_catalog.pg_class where oid = tbl));
  call app.put_grants(tbl, 'tithi_platform', platform_access);
  call app.put_policy(tbl, 'platform_all', 'permissive', 'all', array['tithi_platform'], 'true');
end
$$;

-- A tenant's table: it has tenant_id, and a row is seen and written inside its own tenant only.
create or replace procedure app.apply_tenant_policies(tbl regclass, access text default 'write')
  language plpgsql set search_path = ''
as $$
declare
  bind constant text := '(tenant_id = app.current_tenant_id())';
begin
  call app.guard_table(tbl, array['tenant_floor', 'app_rw', 'platform_all']);
  call app.put_policy(tbl, 'tenant_floor', 'restrictive', 'all', array['tithi_app', 'tithi_owner'], bind);
  call app.put_policy(tbl, 'app_rw', 'permissive', 'all', array['tithi_app', 'tithi_owner'], bind);
  call app.put_grants(tbl, 'tithi_app', access);
  call app.put_common(tbl, case access when 'append' then 'append' else 'write' end);
end
$$;

-- One person's rows: user_id must be the asking person, beside the tenant where the table has one.
-- The owner needs the person too: a data migration over such a table sets both.
create or replace procedure app.apply_person_policies(tbl regclass, access text default 'write')
  language plpgsql set search_path = ''
as $$
declare
  bind constant text := '(user_id = app.current_user_id())';
  tenanted boolean := exists (
    select from pg_catalog.pg_attribute where attrelid = tbl and attname = 'tenant_id' and not attisdropped);
begin
  call app.guard_table(tbl, array['person_floor', 'app_rw', 'platform_all'] || case when tenanted then array['tenant_floor'] end);
  call app.put_policy(tbl, 'person_floor', 'restrictive', 'all', array['tithi_app', 'tithi_owner'], bind);
  if tenanted then
    call app.put_policy(tbl, 'tenant_floor', 'restrictive', 'all', array['tithi_app', 'tithi_owner'],
      '(tenant_id = app.current_tenant_id())');
    call app.put_policy(tbl, 'app_rw', 'permissive', 'all', array['tithi_app', 'tithi_owner'],
      '((tenant_id = app.current_tenant_id()) AND (user_id = app.current_user_id()))');
  else
    call app.put_policy(tbl, 'app_rw', 'permissive', 'all', array['tithi_app', 'tithi_owner'], bind);
  end if;
  call app.put_grants(tbl, 'tithi_app', access);
  call app.put_common(tbl, case access when 'append' then 'append' else 'write' end);
end
$$;

-- tenants: the row of the current tenant. Making and removing tenants is the platform's.
create or replace procedure app.apply_root_policies(tbl regclass)
  language plpgsql set search_path = ''
as $$
declare
  bind constant text := '(id = app.current_tenant_id())';
  cols text := (
    select string_agg(quote_ident(attname), ', ' order by attnum) from pg_catalog.pg_attribute
    where attrelid = tbl and attnum > 0 and not attisdropped and attname <> 'id');
begin
  call app.guard_table(tbl, array['tenant_floor', 'app_rw', 'platform_all']);
  call app.put_policy(tbl, 'tenant_floor', 'restrictive', 'all', array['tithi_app', 'tithi_owner'], bind);
  call app.put_policy(tbl, 'app_rw', 'permissive', 'all', array['tithi_app', 'tithi_owner'], bind);
  call app.put_grants(tbl, 'tithi_app', 'read');
  execute format('grant update (%s) on %s to tithi_app', cols, tbl);
  call app.put_common(tbl, 'write');
end
$$;

-- users: a person sees the own account, a tenant the accounts of its members. The one policy that reads another
-- table; memberships' own floor keeps that look inside the current tenant. Written to by the person alone.
create or replace procedure app.apply_account_policies(tbl regclass)
  language plpgsql set search_path = ''
as $$
declare
  relname text := (select quote_ident(c.relname) from pg_catalog.pg_class c where c.oid = tbl);
begin
  call app.guard_table(tbl, array['account_self', 'account_member', 'platform_all']);
  call app.put_policy(tbl, 'account_self', 'permissive', 'all', array['tithi_app', 'tithi_owner'], '(id = app.current_user_id())');
  call app.put_policy(tbl, 'account_member', 'permissive', 'select', array['tithi_app', 'tithi_owner'],
    format(E'(EXISTS ( SELECT 1\n   FROM app.memberships m\n  WHERE (m.user_id = %s.id)))', relname));
  call app.put_grants(tbl, 'tithi_app', 'write');
  execute format('revoke delete on %s from tithi_app', tbl);
  call app.put_common(tbl, 'write');
end
$$;

-- Readable by design: global reference data without anything personal in it (the tenant directory, permissions).
create or replace procedure app.apply_directory_policies(tbl regclass)
  language plpgsql set search_path = ''
as $$
begin
  call app.guard_table(tbl, array['directory_read', 'platform_all']);
  call app.put_policy(tbl, 'directory_read', 'permissive', 'select', array['tithi_app', 'tithi_owner'], 'true');
  call app.put_grants(tbl, 'tithi_app', 'read');
  call app.put_common(tbl, 'write');
end
$$;

-- The platform's own tables: no request ever reaches them.
create or replace procedure app.apply_platform_policies(tbl regclass)
  language plpgsql set search_path = ''
as $$
begin
  call app.guard_table(tbl, array['platform_all']);
  call app.put_grants(tbl, 'tithi_app', 'none');
  call app.put_common(tbl, 'write');
end
$$;

do $$
declare
  p regprocedure;
begin
  for p in select oid from pg_catalog.pg_proc where pronamespace = 'app'::regnamespace and prokind = 'p' loop
    execute format('revoke all on procedure %s from public', p);
  end loop;
end
$$;
