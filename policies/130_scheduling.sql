-- Scheduling: opening hours and their exceptions.

call app.apply_tenant_policies('app.availability_rules');
call app.apply_tenant_policies('app.availability_exceptions');
