-- Booking: bookings, what they consist of, what they occupy; calendars that are read without a login.

call app.apply_tenant_policies('app.class_sessions');
call app.apply_tenant_policies('app.bookings');
call app.apply_tenant_policies('app.booking_items');
call app.apply_tenant_policies('app.booking_allocations');
call app.apply_tenant_policies('app.booking_holds');
call app.apply_tenant_policies('app.waitlist_entries');
call app.apply_tenant_policies('app.booking_series');
call app.apply_tenant_policies('app.calendar_feeds');
