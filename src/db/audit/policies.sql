-- What the policy rules (P01-P09) look at: one row a policy, and one row for a table that has none.
other as (
  -- relations other than its own that a policy reads
  select d.objid as policy, array_agg(distinct d.refobjid::regclass::text) as names
  from pg_depend d join pg_policy p on p.oid = d.objid
  where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid <> p.polrelid
  group by d.objid),
called as (
  select d.objid as policy, array_agg(distinct d.refobjid::regprocedure::text) as names
  from pg_depend d where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass group by d.objid),
held as (
  select g.oid, array_agg(distinct coalesce(r.rolname::text, 'public') || ' ' || g.privilege) as words
  from grants g left join pg_roles r on r.oid = g.grantee where not coalesce(r.rolsuper, false) group by g.oid)
select t.name as "table", t.relname, t.guard, pg_get_userbyid(t.relowner)::text as owner, coalesce(h.words, '{}') as held,
       p.polname::text as policy, p.polpermissive as permissive, p.polcmd::text as cmd,
       array(select case when x = 0 then 'public' else pg_get_userbyid(x)::text end from unnest(p.polroles) x) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using_expr, pg_get_expr(p.polwithcheck, p.polrelid) as check_expr,
       coalesce(o.names, '{}') as reads, coalesce(c.names, '{}') as calls
from tbl t
left join pg_policy p on p.polrelid = t.oid
left join other o on o.policy = p.oid
left join called c on c.policy = p.oid
left join held h on h.oid = t.oid
order by t.name, p.polname
