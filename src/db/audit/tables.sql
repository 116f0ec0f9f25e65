-- T01-T25: tables, keys, indexes.
found (rule, object, message) as (
  select 'T01', name, format('row security is off on %s: ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY', name)
  from tbl where guard <> 'internal' and not relrowsecurity
union all
  select 'T02', name, format('row security on %s does not bind its owner: ALTER TABLE %1$s FORCE ROW LEVEL SECURITY', name)
  from tbl where guard <> 'internal' and not relforcerowsecurity
union all
  select 'T03', name, format('%s has no policy: call app.apply_tenant_policies(''%1$s'') in its domain''s policy file', name)
  from tbl where guard <> 'internal' and not exists (select from pg_policy p where p.polrelid = tbl.oid)
union all
  select 'T04', name, format('%s has no column %s and is not on the audit''s list of global tables: add the column, or list it with its reason',
    name, case guard when 'tenant' then 'tenant_id' when 'root' then 'id' else 'user_id' end)
  from tbl where guard in ('tenant', 'root', 'person') and key = 0
union all
  select 'T04', g.name, format('%s holds %s on %s, %s: REVOKE %2$s ON %3$s FROM %1$s', coalesce(r.rolname, 'PUBLIC'), g.privilege, g.name,
    case g.guard when 'directory' then 'which is read-only for requests' when 'internal' then 'which only its owner may write' else 'which is the platform''s own' end)
  from grants g left join pg_roles r on r.oid = g.grantee
  where g.privilege in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    and (g.guard in ('directory', 'platform') and (g.grantee = 0 or g.grantee in (select oid from serving where is_app))
         and not (g.guard = 'directory' and g.privilege = 'SELECT')
      or g.guard = 'internal' and g.privilege <> 'SELECT' and g.grantee <> (select c.relowner from rel c where c.oid = g.oid))
union all
  select 'T05', name, format('%s.%s may be null, and a row without it belongs to nobody: ALTER COLUMN %2$s SET NOT NULL', name, keyname)
  from ten where not key_notnull and not system_rows
union all
  select 'T06', name, format('%s.%s is %s, not uuid: change its type', name, keyname, format_type(key_type, null))
  from tbl where guard in ('tenant', 'root', 'person') and key > 0 and key_type <> 'uuid'::regtype
union all
  select 'T07', name, format('%s.%s has no foreign key to app.%s: ADD FOREIGN KEY (%2$s) REFERENCES app.%3$s (id)', name, keyname, case guard when 'person' then 'users' else 'tenants' end)
  from ten where not exists (
    select from fk where fk.conrelid = ten.oid and fk.conkey = array[ten.key]
      and (ten.guard = 'tenant' and fk.target_guard = 'root' and fk.confkey = array[fk.target_key] or ten.guard = 'person' and fk.target_guard = 'account'))
union all
  select 'T08', name, format('the primary key of %s is missing or does not lead with %s: PRIMARY KEY (%2$s, id)', name, keyname)
  from ten where not exists (select from idx where idx.indrelid = ten.oid and idx.indisprimary and (idx.keys[1] = ten.key or ten.system_rows))
union all
  select 'T09', name, format('unique index %s on %s does not contain %s, so that it tells one tenant of another''s rows: add %3$s as first column', index_name, name, keyname)
  from idx where indisunique and not (key = any (keys)) and not (system_rows and indisprimary)
union all
  select 'T10', i.name, format('exclusion constraint %I on %s does not contain %s WITH =, so that it tells one tenant of another''s rows', k.conname, i.name, i.keyname)
  from idx i join pg_constraint k on k.conindid = i.indexrelid and k.contype = 'x'
  where not exists (select from unnest(k.conkey, k.conexclop) u (att, op) join pg_operator o on o.oid = u.op where u.att = i.key and o.oprname = '=')
union all
  select 'T11', name, format('no index of %s leads with %s, so that its policy is a filter over all rows: CREATE INDEX ON %1$s (%2$s, ..)', name, keyname)
  from ten where not exists (select from idx where idx.indrelid = ten.oid and idx.indisvalid and not idx.partial and idx.am = 'btree' and idx.keys[1] = ten.key)
union all
  select 'T12', name, format('foreign key %I of %s is not validated: ALTER TABLE %2$s VALIDATE CONSTRAINT %1$I', conname, name)
  from fk where not convalidated
union all
  select 'T12', t.name, format('trigger %I of %s is disabled: ALTER TABLE %2$s ENABLE TRIGGER %1$I', g.tgname, t.name)
  from pg_trigger g join tbl t on t.oid = g.tgrelid where g.tgenabled in ('D', 'R')
union all
  select 'T13', name, format('foreign key %I (%s) of %s to %s does not pair %5$s with %5$s, so that a row can point into another tenant: FOREIGN KEY (%5$s, ..) REFERENCES %4$s (%5$s, ..)',
    conname, array_to_string(columns, ', '), name, target, keyname)
  from fk where (target_guard = 'tenant' or target_guard = 'person' and guard = 'person')
    and not exists (select from unnest(conkey, confkey) u (a, b) where u.a = fk.key and u.b = fk.target_key)
union all
  select 'T13', name, format('foreign key %I (%s) of %s points at %s by another column than tenant_id: only tenant_id names the tenant', conname, array_to_string(columns, ', '), name, target)
  from fk where target_guard = 'root' and (guard <> 'tenant' or conkey <> array[key])
union all
  select 'T14', name, format('foreign key %I (%s) of %s has no index: CREATE INDEX ON %3$s (%2$s)', conname, array_to_string(columns, ', '), name)
  from fk where conkey <> array[key] and not exists (
    select from idx i where i.indrelid = fk.conrelid and i.indisvalid and i.am = 'btree'
      and (not i.partial or i.predicate in (select format('(%I IS NOT NULL)', c) from unnest(fk.columns) c))
      and ((i.keys)[1:cardinality(fk.conkey)] @> fk.conkey
        or i.keys[1] = fk.key and (i.keys)[2:cardinality(fk.conkey) + 1] @> fk.conkey))
union all
  select 'T15', name, format('foreign key %I of %s sets %s to null or its default when the row it points to goes: use RESTRICT, NO ACTION or a soft delete', conname, name, keyname)
  from fk where key = any (conkey)
    and (confupdtype in ('n', 'd') or confdeltype in ('n', 'd') and (confdelsetcols is null or key = any (confdelsetcols)))
union all
  select 'T15?', name, format('foreign key %I of %s contains %s and has ON DELETE SET or ON UPDATE CASCADE, which a table spread over machines may not have: use RESTRICT or NO ACTION', conname, name, keyname)
  from fk where key = any (conkey) and (confupdtype = 'c' or confdeltype in ('n', 'd') and not key = any (confdelsetcols))
union all
  select 'T16', c.name, format('%s can be read directly, past the row security of the table it is a child of: REVOKE ALL ON %1$s FROM PUBLIC and every serving role', c.name)
  from rel c where c.child and c.relkind in ('r', 'p', 'f')
    and exists (select from grants g where g.oid = c.oid and (g.grantee = 0 or g.grantee in (select oid from serving)))
union all
  select 'T16', c.name, format('%s inherits from a guarded table, whose keys and policies do not reach it: make it a table of its own', c.name)
  from rel c join pg_inherits i on i.inhrelid = c.oid join rel p on p.oid = i.inhparent
  where p.guard <> 'none' and not exists (select from pg_class k where k.oid = c.oid and k.relispartition)
union all
  select 'T17', name, format('foreign table %s knows no row security: REVOKE ALL ON %1$s FROM PUBLIC and every app role', name)
  from rel where relkind = 'f' and oid in (select oid from app_grants)
union all
  select 'T18', c.name, format('%s belongs to %s, not to %s: ALTER .. OWNER TO %3$s', c.name, pg_get_userbyid(c.relowner), p.owner)
  from rel c, param p where c.nspname = 'app' and pg_get_userbyid(c.relowner) <> p.owner
union all
  select 'T18', 'app', format('schema app belongs to %s, not to %s: ALTER SCHEMA app OWNER TO %2$s', pg_get_userbyid(n.nspowner), p.owner)
  from ns n, param p where n.nspname = 'app' and pg_get_userbyid(n.nspowner) <> p.owner
union all
  select 'T18', g.name, format('%s lies outside schema app and an app role holds %s on it: revoke it, or move it under the rules', g.name, g.privilege)
  from app_grants g join rel c on c.oid = g.oid where c.nspname <> 'app' and c.relkind <> 'S'
union all
  select 'T19', t.name, format('%s.%I counts in one sequence for all tenants and shows their volume: use uuid v7', t.name, a.attname)
  from ten t join pg_attribute a on a.attrelid = t.oid and not a.attisdropped
  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
  where a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~* 'nextval'
union all
  select 'T19', g.name, format('%s may be drawn from by an app role and shows all tenants'' volume: REVOKE ALL ON SEQUENCE %1$s, use uuid v7', g.name)
  from app_grants g where g.relkind = 'S'
union all
  select 'T20', i.name, format('index %s on %s cannot be used under row security: the operators of %s are not leakproof. Keep text, bigint, uuid or timestamptz columns in indexes',
    i.index_name, i.name, c.opcname)
  from idx i, unnest(i.classes) u (class) join pg_opclass c on c.oid = u.class
  where not i.is_exclusion and not exists (
    select from pg_amop o join pg_operator e on e.oid = o.amopopr join pg_proc f on f.oid = e.oprcode
    where o.amopfamily = c.opcfamily and o.amoppurpose = 's' and o.amoplefttype = c.opcintype and f.proleakproof
      and (i.am <> 'btree' or o.amopstrategy = 3))
union all
  select 'T21', r.name, format('rule %I on %s rewrites statements behind the policies: DROP RULE %1$I ON %2$s', w.rulename, r.name)
  from pg_rewrite w join rel r on r.oid = w.ev_class where w.rulename <> '_RETURN' and not r.library
union all
  select 'T22', g.name, format('%s may UPDATE %s.%s and so move a row to another tenant: grant UPDATE on the other columns only', coalesce(s.name, 'PUBLIC'), g.name, t.keyname)
  from grants g join tbl t on t.oid = g.oid and t.guard in ('tenant', 'root', 'person') and t.key > 0 left join serving s on s.oid = g.grantee
  where g.privilege = 'UPDATE' and (g.column_name is null or g.column_name = t.keyname) and (s.oid is not null or g.grantee = 0)
union all
  select 'T22', g.name, format('%s holds %s on %s, which is append-only: REVOKE %2$s ON %3$s FROM %1$s', coalesce(s.name, 'PUBLIC'), g.privilege, g.name)
  from grants g left join serving s on s.oid = g.grantee, param p
  where g.relname = any (p.append_only) and g.privilege in ('UPDATE', 'DELETE') and (s.oid is not null or g.grantee = 0)
union all
  select 'T23', r.name, format('trigger %I on %s runs %s as its owner, outside the caller''s rights: make the function SECURITY INVOKER', g.tgname, r.name, f.oid::regprocedure)
  from pg_trigger g join rel r on r.oid = g.tgrelid join pg_proc f on f.oid = g.tgfoid where f.prosecdef and not r.library
union all
  select 'T24', b.pubname, format('publication %I sends every tenant''s rows%s past row security: DROP PUBLICATION %1$I', b.pubname,
    coalesce(' of ' || string_agg(r.name, ', ' order by r.name), ''))
  from pg_publication b left join pg_publication_rel l on l.prpubid = b.oid left join rel r on r.oid = l.prrelid
  group by b.pubname
union all
  select 'T25', name, format('index %s on %s is over an expression, which row security keeps from being used: store the value in a column of its own', index_name, name)
  from idx where has_expr and not is_exclusion
)
select distinct rule::text, object::text, message::text from found order by 1, 2, 3
