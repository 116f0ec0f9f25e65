-- CRM: what is noted of customers, and the groups that they fall into.

call app.apply_tenant_policies('app.customer_notes');
call app.apply_tenant_policies('app.customer_segments');
call app.apply_tenant_policies('app.segment_memberships');
