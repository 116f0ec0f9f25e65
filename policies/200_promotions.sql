-- Promotions: coupons, gift cards, whose movements are only ever added, and who brought whom.

call app.apply_tenant_policies('app.coupons');
call app.apply_tenant_policies('app.coupon_services');
call app.apply_tenant_policies('app.coupon_redemptions');
call app.apply_tenant_policies('app.gift_cards');
call app.apply_tenant_policies('app.gift_card_transactions', 'append');
call app.apply_tenant_policies('app.referral_settings');
call app.apply_tenant_policies('app.referral_codes', 'append');
call app.apply_tenant_policies('app.referrals');
