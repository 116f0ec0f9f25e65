-- Identity: accounts, memberships, and what belongs to one person alone.

call app.apply_tenant_policies('app.memberships');

call app.apply_account_policies('app.users');
-- Nobody makes an operator, or unlocks an account, through a request. To register, the transaction names the new
-- account's id as its person: the policy lets a person write no other row.
revoke insert on app.users from tithi_app;
grant insert (id, display_name, primary_email, email_normalized, email_verified_at, password_hash, avatar_url, locale,
  created_at, updated_at) on app.users to tithi_app;
revoke update (is_super_admin, is_active, created_at) on app.users from tithi_app;

call app.apply_person_policies('app.sessions');
call app.apply_person_policies('app.refresh_tokens');
