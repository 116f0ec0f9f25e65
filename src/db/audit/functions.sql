-- The context functions, and every function of ours that a policy calls.
select f.name, f.proname, f.nspname, f.provolatile::text as volatility, f.lang, f.prosecdef as definer, f.proconfig is not null as has_set,
       f.body, format_type(p.prorettype, null) as returns,
       coalesce((select array_agg(distinct d.objid::text) from pg_depend d where d.classid = 'pg_policy'::regclass and d.refobjid = f.oid), '{}') as policies
from fn f join pg_proc p on p.oid = f.oid
where f.nspname = 'app' and f.proname in ('current_tenant_id', 'current_user_id') and p.pronargs = 0
   or exists (select from pg_depend d where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass and d.refobjid = f.oid)
order by 1
