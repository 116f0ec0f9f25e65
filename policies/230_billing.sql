-- Billing: plans for everybody to read, what a business and a person have of them, and what was billed.

call app.apply_directory_policies('app.plans');
call app.apply_tenant_policies('app.tenant_subscriptions');
call app.apply_person_policies('app.user_subscriptions');
call app.apply_tenant_policies('app.subscription_bills');
