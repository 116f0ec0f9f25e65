-- Reliability: the audit log, which only grows, stored answers, outgoing events.

call app.apply_tenant_policies('app.audit_logs', 'append');
call app.apply_tenant_policies('app.idempotency_keys');
call app.apply_tenant_policies('app.events_outbox');

-- The audit trigger runs with its caller's rights and makes its own ids.
revoke all on function app.uuid_v7() from public;
grant execute on function app.uuid_v7() to tithi_app, tithi_platform;

-- The list of applied steps is the owner's; others may read how far the schema is.
revoke all on app.migrations from public;
grant select on app.migrations to tithi_app, tithi_platform;
