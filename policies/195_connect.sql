-- Connect: how a business is paid, whose account is whose, and what the provider told us.

call app.apply_tenant_policies('app.tenant_billing');
-- The platform's share is the platform's to change.
revoke update (application_fee_bps) on app.tenant_billing from tithi_app;

-- No request decides whose an account is.
call app.apply_platform_policies('app.connected_accounts');
revoke update, delete on app.connected_accounts from tithi_platform;

-- An event stays as it came; only what became of it is written later.
call app.apply_platform_policies('app.webhook_event_inbox');
revoke update on app.webhook_event_inbox from tithi_platform;
grant update (state, tenant_id, attempts, next_attempt_at, last_error, processed_at) on app.webhook_event_inbox
  to tithi_platform;

call app.apply_tenant_policies('app.webhook_receipts', 'append');
-- They go with the events that they are about.
grant delete on app.webhook_receipts to tithi_platform;
