-- Scheduling: opening hours and their exceptions, and the hours of staff that they follow from.

call app.apply_tenant_policies('app.availability_rules');
call app.apply_tenant_policies('app.availability_exceptions');
call app.apply_tenant_policies('app.staff_availability');
call app.apply_tenant_policies('app.work_schedules');
