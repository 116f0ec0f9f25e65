-- Loyalty: points, and every movement of them, which is only ever added.

call app.apply_tenant_policies('app.loyalty_accounts');
call app.apply_tenant_policies('app.loyalty_transactions', 'append');
