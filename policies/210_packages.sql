-- Packages, memberships and the ledger of what they give, of which every entry is only ever added.

call app.apply_tenant_policies('app.packages');
call app.apply_tenant_policies('app.package_services');
call app.apply_tenant_policies('app.membership_plans');
call app.apply_tenant_policies('app.customer_memberships');
call app.apply_tenant_policies('app.purchases');
call app.apply_tenant_policies('app.credits');
call app.apply_tenant_policies('app.credit_transactions', 'append');
call app.apply_tenant_policies('app.credit_prices');
call app.apply_tenant_policies('app.booking_coverages');

-- A view over guarded tables, read with the rights of whoever asks.
revoke all on app.credit_balances from public;
grant select on app.credit_balances to tithi_app, tithi_platform;
