-- V01-V02 and F01-F05: views and functions.
uses as (
  -- view or materialized view -> relation that it reads, directly
  select distinct w.ev_class as view, d.refobjid as reads
  from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
  where d.refobjid <> w.ev_class),
reach as (
  select view, reads from uses
  union
  select r.view, u.reads from reach r join uses u on u.view = r.reads),
guarded as (select distinct r.view from reach r join rel t on t.oid = r.reads where t.relkind in ('r', 'p', 'm', 'f') and t.guard not in ('none', 'directory') and not t.library),
-- an immutable function that reads a setting, by itself or through any other function of ours
reads_setting as (
  select f.oid, f.name, f.proname, f.provolatile from fn f where f.body ~* '\mcurrent_setting\M'
  union
  select g.oid, g.name, g.proname, g.provolatile from reads_setting r join fn g on g.oid <> r.oid and g.body ~* ('\m' || r.proname || '\M')),
found (rule, object, message) as (
  select 'V01', v.name, format('view %s reads guarded tables with its owner''s rights: ALTER VIEW %1$s SET (security_invoker = true)%s', v.name,
    coalesce('; also read through ' || (select string_agg(o.name, ', ') from reach r join rel o on o.oid = r.view where r.reads = v.oid), ''))
  from rel v where v.relkind = 'v' and not v.library and v.oid in (select view from guarded)
    and not exists (select from unnest(v.reloptions) o where o ~* '^security_invoker=(true|on|1|yes|t|y|tr|tru|ye)$')
union all
  select 'V02', v.name, format('materialized view %s knows no row security: REVOKE ALL ON %1$s FROM PUBLIC and every app role; keep per-tenant summary tables', v.name)
  from rel v where v.relkind = 'm' and v.oid in (select oid from app_grants)
union all
  select 'F01', f.name, format('function %s runs as its owner (SECURITY DEFINER) and is not on the audit''s list: make it SECURITY INVOKER, or list it with its reason', f.name)
  from fn f, param p where f.prosecdef and f.name <> all (p.definers)
union all
  select 'F01', f.name, format('definer function %s belongs to %s, not to %s: ALTER FUNCTION %1$s OWNER TO %3$s', f.name, pg_get_userbyid(f.proowner), p.owner)
  from fn f, param p where f.prosecdef and pg_get_userbyid(f.proowner) <> p.owner
union all
  select 'F02', f.name, format('definer function %s takes its caller''s search_path: ALTER FUNCTION %1$s SET search_path = ''''', f.name)
  from fn f where f.prosecdef and not exists (
    select from unnest(f.proconfig) c where lower(replace(c, ' ', '')) in ('search_path=', 'search_path=""', 'search_path=pg_catalog', 'search_path=pg_catalog,pg_temp'))
union all
  select 'F03', f.name, format('function %s is declared LEAKPROOF, so that it may see rows before the policy does: ALTER FUNCTION %1$s NOT LEAKPROOF', f.name)
  from fn f where f.proleakproof
union all
  select 'F04', r.name, format('function %s is IMMUTABLE and reads a session setting, so that a cached plan keeps the first tenant''s value: ALTER FUNCTION %1$s STABLE', r.name)
  from reads_setting r where r.provolatile = 'i'
union all
  select 'F05', f.name, format('definer function %s is executable by everybody: REVOKE EXECUTE ON FUNCTION %1$s FROM PUBLIC', f.name)
  from fn f where f.prosecdef and (f.proacl is null or exists (select from aclexplode(f.proacl) a where a.grantee = 0))
union all
  select 'F05', f.name, format('definer function %s builds SQL at run time: write its statements out', f.name)
  from fn f where f.prosecdef and f.lang not in ('sql', 'c', 'internal') and (f.lang <> 'plpgsql' or f.body ~* '\mexecute\M')
)
select distinct rule::text, object::text, message::text from found order by 1, 2, 3
