-- A00-A13: roles, memberships, grants, settings.
found (rule, object, message) as (
  select 'A00', want, format('role %s is missing: run tithi migrate --bootstrap', want)
  from param p, unnest(p.app || p.owner || p.platform) want
  where not exists (select from pg_roles r where r.rolname = want)
union all
  select 'A00', 'app', 'schema app is missing: run tithi migrate'
  where not exists (select from ns where nspname = 'app')
union all
  select 'A01', rolname, format('role %s is a superuser, for whom no policy exists: ALTER ROLE %1$s NOSUPERUSER', rolname)
  from three where rolsuper
union all
  select 'A02', rolname, format('role %s bypasses row security: ALTER ROLE %1$s NOBYPASSRLS', rolname)
  from three where rolbypassrls
union all
  select 'A03', rolname, format('role %s has %s: ALTER ROLE %1$s NO%2$s', rolname, w.word)
  from three, lateral (values ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication)) w (word, has)
  where w.has
union all
  select 'A04', m.start_name, format('role %s is a member of %s and takes its rights: REVOKE %2$s FROM %1$s', m.start_name, r.rolname)
  from member m join pg_roles r on r.oid = m.role, param p
  where r.rolname !~ '^pg_' and (m.start_name <> p.owner or r.rolsuper or r.rolbypassrls or r.rolname = p.platform)
union all
  select 'A04', s.name, format('role %s owns %s and so is above its grants: change the owner to %s', s.name,
    case when d.dbid = 0 then 'database ' || coalesce((select datname::text from pg_database where oid = d.objid), '?')
         else pg_describe_object(d.classid, d.objid, d.objsubid) end, p.owner)
  from serving s, param p, pg_shdepend d
  where d.deptype = 'o' and d.refclassid = 'pg_authid'::regclass and d.refobjid = s.oid
    and d.dbid in (0, (select oid from pg_database where datname = current_database()))
union all
  select 'A04', m.rolname, format('role %s is a member of %s and takes its rights over all tenants: REVOKE %2$s FROM %1$s', m.rolname, r.rolname)
  from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles r on r.oid = a.roleid, param p
  where r.rolname in (p.owner, p.platform) and not m.rolsuper and not m.rolcreaterole and m.oid not in (select oid from three)
union all
  select 'A05', m.start_name, format('role %s is a member of the powerful role %s: REVOKE %2$s FROM %1$s', m.start_name, r.rolname)
  from member m join pg_roles r on r.oid = m.role where r.rolname ~ '^pg_'
union all
  select 'A05', s.name, format('role %s holds %s on the system''s %s: revoke it', s.name, a.privilege_type, c.oid::regclass)
  from serving s, pg_class c, aclexplode(c.relacl) a
  where a.grantee = s.oid and c.relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
union all
  select 'A05', s.name, format('role %s may execute the system function %s: revoke it', s.name, f.oid::regprocedure)
  from serving s, pg_proc f, aclexplode(f.proacl) a where a.grantee = s.oid and f.pronamespace = 'pg_catalog'::regnamespace
union all
  -- what the system itself keeps from PUBLIC, given to it
  select 'A05', 'PUBLIC', format('everybody holds %s on the system''s %s: REVOKE %1$s ON %2$s FROM PUBLIC', a.privilege_type, c.oid::regclass)
  from pg_class c, aclexplode(c.relacl) a
  where a.grantee = 0 and c.relnamespace = 'pg_catalog'::regnamespace
    and not exists (select from pg_init_privs i, aclexplode(i.initprivs) b where i.classoid = 'pg_class'::regclass and i.objoid = c.oid and i.objsubid = 0
                    and b.grantee = 0 and b.privilege_type = a.privilege_type)
union all
  select 'A05', 'PUBLIC', format('everybody may execute the system function %s: REVOKE EXECUTE ON FUNCTION %1$s FROM PUBLIC', f.oid::regprocedure)
  from pg_proc f, aclexplode(f.proacl) a
  where a.grantee = 0 and f.pronamespace = 'pg_catalog'::regnamespace
    and exists (select from pg_init_privs i where i.classoid = 'pg_proc'::regclass and i.objoid = f.oid
                and not exists (select from aclexplode(i.initprivs) b where b.grantee = 0))
union all
  select 'A05', coalesce(s.name, 'PUBLIC'), format('%s may change the setting %s: REVOKE %s ON PARAMETER %2$s FROM %1$s', coalesce(s.name, 'PUBLIC'), g.parname, a.privilege_type)
  from pg_parameter_acl g, aclexplode(g.paracl) a left join serving s on s.oid = a.grantee where s.oid is not null or a.grantee = 0
union all
  select 'A05', coalesce(s.name, 'PUBLIC'), format('%s may use the foreign server %I, which no policy guards: revoke it', coalesce(s.name, 'PUBLIC'), f.srvname)
  from pg_foreign_server f, aclexplode(f.srvacl) a left join serving s on s.oid = a.grantee where s.oid is not null or a.grantee = 0
union all
  select 'A06', s.name, format('role %s may create objects in schema %I: REVOKE CREATE ON SCHEMA %2$I FROM %1$s, PUBLIC', s.name, n.nspname)
  from serving s, ns n where has_schema_privilege(s.oid, n.oid, 'CREATE')
union all
  select 'A06', s.name, format('role %s may create schemas in database %I: REVOKE CREATE ON DATABASE %2$I FROM %1$s, PUBLIC', s.name, current_database())
  from serving s where has_database_privilege(s.oid, current_database(), 'CREATE')
union all
  select 'A07', s.name, format('role %s may create temporary tables, which can shadow real ones: REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, %1$s', s.name, current_database())
  from serving s where has_database_privilege(s.oid, current_database(), 'TEMP')
union all
  select 'A08', g.name, format('%s holds %s on %s, which row security does not bind: REVOKE %2$s ON %3$s FROM %1$s', coalesce(s.name, 'PUBLIC'), g.privilege, g.name)
  from grants g left join serving s on s.oid = g.grantee
  where g.privilege in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') and (s.oid is not null or g.grantee = 0)
union all
  select 'A08', g.name, format('%s may pass on %s on %s: REVOKE GRANT OPTION FOR %2$s ON %3$s FROM %1$s', coalesce(s.name, 'PUBLIC'), g.privilege, g.name)
  from grants g left join serving s on s.oid = g.grantee where g.is_grantable and (s.oid is not null or g.grantee = 0)
union all
  select 'A08', format('%I', n.nspname), format('%s may pass on %s on schema %I: REVOKE GRANT OPTION FOR %2$s ON SCHEMA %3$I FROM %1$s', s.name, a.privilege_type, n.nspname)
  from ns n, aclexplode(n.nspacl) a join serving s on s.oid = a.grantee where a.is_grantable
union all
  select 'A08', f.name, format('%s may pass on EXECUTE on %s: REVOKE GRANT OPTION FOR EXECUTE ON FUNCTION %2$s FROM %1$s', s.name, f.name)
  from fn f, aclexplode(f.proacl) a join serving s on s.oid = a.grantee where a.is_grantable
union all
  select 'A09', g.name, format('everybody holds %s on %s: REVOKE %1$s ON %2$s FROM PUBLIC', g.privilege || coalesce(' (' || g.column_name || ')', ''), g.name)
  from grants g where g.grantee = 0
union all
  select 'A09', format('%I', n.nspname), format('everybody holds %s on schema %I: REVOKE %1$s ON SCHEMA %2$I FROM PUBLIC', a.privilege_type, n.nspname)
  from ns n, aclexplode(n.nspacl) a where a.grantee = 0 and n.nspname = 'app'
union all
  select 'A09', g.name, format('role %s holds %s on %s and is not a role of the service: revoke it, or add the role to the audit''s list', r.rolname, g.privilege, g.name)
  from grants g join rel c on c.oid = g.oid join pg_roles r on r.oid = g.grantee, param p
  where c.guard <> 'none' and not c.library and g.grantee <> c.relowner and not r.rolsuper
    and r.oid not in (select oid from three) and r.rolname <> all (p.bypass)
union all
  select 'A10', coalesce(r.rolname, 'PUBLIC'), format('default privileges of %s give %s %s on every new %s%s: open until its policy exists. ALTER DEFAULT PRIVILEGES .. REVOKE it',
    o.rolname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type,
    case d.defaclobjtype when 'r' then 'table' when 'S' then 'sequence' when 'f' then 'function' when 'n' then 'schema' else 'type' end,
    coalesce(' in schema ' || n.nspname, ''))
  from pg_default_acl d join pg_roles o on o.oid = d.defaclrole left join pg_namespace n on n.oid = d.defaclnamespace,
       aclexplode(d.defaclacl) a left join pg_roles r on r.oid = a.grantee
  where a.grantee <> d.defaclrole and not (d.defaclobjtype = 'T' and a.grantee = 0) and (n.nspname is null or n.nspname not in (select nspname from ns where library))
union all
  select 'A11', s.name, format('role %s has no %s: ALTER ROLE %1$s SET %2$s = ..', s.name, w.setting)
  from serving s, unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) w (setting)
  where not exists (select from settings t where t.setrole = s.oid and t.setting = w.setting)
     or exists (select from settings t where t.setrole = s.oid and t.setting = w.setting and t.value ~ '^0+ *[a-z]*$')
union all
  select 'A12', coalesce(r.rolname, 'database ' || current_database()),
    format('%s has a standing value for %s, so that a session without a context has one: ALTER .. RESET %2$s', coalesce('role ' || r.rolname, 'database ' || current_database()), t.setting)
  from settings t left join pg_roles r on r.oid = t.setrole
  where t.setting in ('app.tenant_id', 'app.user_id', 'role', 'session_authorization', 'session_replication_role', 'row_security')
union all
  select 'A12', f.name, format('function %s sets %s for its own run: ALTER FUNCTION %1$s RESET %2$s', f.name, lower(split_part(c, '=', 1)))
  from fn f, unnest(f.proconfig) c where lower(split_part(c, '=', 1)) in ('app.tenant_id', 'app.user_id', 'role', 'row_security', 'session_replication_role')
union all
  select case when has_schema_privilege(r.oid, n.oid, 'USAGE') or exists (select from pg_auth_members m join three t on t.oid = m.roleid where m.member = r.oid)
         then 'A13' else 'A13?' end,
    r.rolname, format('role %s bypasses row security and is not on the audit''s list: ALTER ROLE %1$s NOBYPASSRLS, or list it with its reason', r.rolname)
  from pg_roles r, param p, ns n
  where n.nspname = 'app' and r.rolbypassrls and not r.rolsuper and r.rolname <> all (p.bypass) and r.oid not in (select oid from three)
)
select distinct rule::text, object::text, message::text from found order by 1, 2, 3
