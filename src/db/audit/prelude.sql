-- The views of the catalogue that the rules share. Parameters: $1 app roles, $2 owner, $3 platform, $4 and $5 global
-- tables and their guards, $6 library schemas, $7 definer functions, $8 append-only tables, $9 bypass roles,
-- $10 tables with rows of no tenant.
with recursive
param as (
  select $1::text[] as app, $2::text as owner, $3::text as platform, $6::text[] as libraries, $7::text[] as definers,
         $8::text[] as append_only, $9::text[] as bypass, $10::text[] as system_rows),
-- the roles that serve: app roles and the platform's
serving as (
  select r.oid, r.rolname::text as name, r.rolname = any (p.app) as is_app
  from pg_roles r, param p where r.rolname = any (p.app) or r.rolname = p.platform),
three as (select r.* from pg_roles r, param p where r.rolname = any (p.app) or r.rolname in (p.platform, p.owner)),
global as (select * from unnest($4::text[], $5::text[]) as g (relname, guard)),
ns as (
  select n.oid, n.nspname::text as nspname, n.nspowner, n.nspacl, n.nspname = any (p.libraries) as library
  from pg_namespace n, param p where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
-- relations of our own: no system catalogue, no member of an extension
rel as (
  select c.oid, n.nspname, c.relname::text as relname, format('%I.%I', n.nspname, c.relname) as name, c.relkind,
         c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, n.library,
         exists (select from pg_inherits i where i.inhrelid = c.oid) as child,
         coalesce(g.guard, case when n.nspname = 'app' or exists (
           select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
           then 'tenant' else 'none' end) as guard
  from pg_class c
  join ns n on n.oid = c.relnamespace
  left join global g on n.nspname = 'app' and g.relname = c.relname
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')),
tbl as (
  select r.*, coalesce(a.attnum, 0::int2) as key, a.attname::text as keyname, coalesce(a.attnotnull, false) as key_notnull, a.atttypid as key_type
  from rel r
  left join pg_attribute a on a.attrelid = r.oid and not a.attisdropped
    and a.attname = case r.guard when 'tenant' then 'tenant_id' when 'root' then 'id' when 'person' then 'user_id' end
  where r.relkind in ('r', 'p') and not r.child and not r.library and r.guard <> 'none'),
-- the tables whose every key must carry the column that binds their rows
ten as (
  select t.*, t.nspname = 'app' and t.relname = any (p.system_rows) as system_rows
  from tbl t, param p where t.guard in ('tenant', 'person') and t.key > 0),
grants as (
  select r.oid, r.name, r.guard, r.relkind, r.relname, null::text as column_name, a.grantee, a.privilege_type as privilege, a.is_grantable
  from rel r, aclexplode(r.relacl) a
  union all
  select r.oid, r.name, r.guard, r.relkind, r.relname, t.attname::text, a.grantee, a.privilege_type, a.is_grantable
  from rel r join pg_attribute t on t.attrelid = r.oid and not t.attisdropped, aclexplode(t.attacl) a),
-- what an app role may do, itself or as one of PUBLIC
app_grants as (select * from grants g where g.grantee = 0 or g.grantee in (select oid from serving where is_app)),
fn as (
  select p.oid, p.oid::regprocedure::text as name, p.proname::text as proname, n.nspname, p.prosecdef, p.proleakproof,
         p.provolatile, p.proconfig, p.proacl, p.proowner, l.lanname::text as lang,
         coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), '') as body
  from pg_proc p
  join ns n on n.oid = p.pronamespace and not n.library
  join pg_language l on l.oid = p.prolang
  where not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')),
-- every role that one of the serving roles or the owner is a member of, however far up
member as (
  select m.oid as start, m.rolname::text as start_name, a.roleid as role from three m join pg_auth_members a on a.member = m.oid
  union
  select m.start, m.start_name, a.roleid from member m join pg_auth_members a on a.member = m.role),
settings as (
  select s.setrole, s.setdatabase, lower(split_part(c, '=', 1)) as setting, substr(c, strpos(c, '=') + 1) as value
  from pg_db_role_setting s, unnest(s.setconfig) c
  where s.setdatabase = 0 or s.setdatabase = (select oid from pg_database where datname = current_database())),
fk as (
  select k.oid, k.conname::text as conname, k.conrelid, k.confrelid, k.conkey, k.confkey, k.confdeltype, k.confupdtype,
         k.confdelsetcols, k.convalidated, t.name, t.guard, t.key, t.keyname, f.name as target, f.guard as target_guard, f.key as target_key,
         array(select a.attname::text from unnest(k.conkey) with ordinality u (n, o)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by o) as columns
  from pg_constraint k join ten t on t.oid = k.conrelid join tbl f on f.oid = k.confrelid
  where k.contype = 'f'),
idx as (
  select i.indexrelid, i.indrelid, t.name, t.key, t.keyname, t.system_rows, format('%I', c.relname) as index_name, i.indisunique, i.indisprimary, i.indisvalid,
         i.indpred is not null as partial, pg_get_expr(i.indpred, i.indrelid) as predicate, i.indexprs is not null as has_expr,
         (i.indkey::int2[])[0:i.indnkeyatts - 1] as keys, i.indclass::oid[] as classes, m.amname::text as am,
         exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype = 'x') as is_exclusion
  from pg_index i join ten t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam),
