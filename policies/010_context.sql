-- Who is asking: the transaction's tenant and person. Run by tithi_owner at every migration.
--
-- Both functions must inline into the policies: SQL language, STABLE, no SET clause, built-ins only. IMMUTABLE would
-- fold one tenant's id into a cached plan and serve it to another; plpgsql or a SET clause costs a call per row.
-- Unset and empty give NULL, which equals nothing: no rows. Anything that is no uuid raises 22P02: an error, no rows.
-- The catalogue audit compares both bodies with what stands here, word for word.

revoke all on schema app from public;
grant usage on schema app to tithi_app, tithi_platform;

-- Functions are executable by everybody unless said otherwise; tables get no default grants at all.
alter default privileges revoke execute on functions from public;

create or replace function app.current_tenant_id() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

create or replace function app.current_user_id() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

revoke all on function app.current_tenant_id(), app.current_user_id() from public;
grant execute on function app.current_tenant_id(), app.current_user_id() to tithi_app, tithi_platform;
