-- Loyalty: points, every movement of them, which is only ever added, and what they are worth.

call app.apply_tenant_policies('app.loyalty_accounts');
call app.apply_tenant_policies('app.loyalty_transactions', 'append');
call app.apply_tenant_policies('app.loyalty_settings');
call app.apply_tenant_policies('app.loyalty_tiers');
