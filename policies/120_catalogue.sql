-- Catalogue: services, who and what gives them, staff, customers.

call app.apply_tenant_policies('app.services');
call app.apply_tenant_policies('app.resources');
call app.apply_tenant_policies('app.service_resources');
call app.apply_tenant_policies('app.service_resource_groups');
call app.apply_tenant_policies('app.staff_profiles');
call app.apply_tenant_policies('app.customers');
