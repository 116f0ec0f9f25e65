-- Payments: what was paid and given back, the ways to pay that customers left, and who they are at the provider.

call app.apply_tenant_policies('app.payment_customers');
call app.apply_tenant_policies('app.payments');
call app.apply_tenant_policies('app.payment_methods');
call app.apply_tenant_policies('app.refunds');
