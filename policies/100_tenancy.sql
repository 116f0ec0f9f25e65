-- Tenancy: the tenant itself, its public entry, its look.

call app.apply_root_policies('app.tenants');
-- Name in the address, standing and end of a tenant are the platform's to change: they are mirrored in the directory,
-- which no request may write.
revoke update (slug, status, deleted_at, created_at) on app.tenants from tithi_app;

call app.apply_directory_policies('app.tenant_directory');
call app.apply_tenant_policies('app.themes');
call app.apply_tenant_policies('app.branding');
