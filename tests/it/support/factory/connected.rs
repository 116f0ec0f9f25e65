//! A business that is paid on an account of its own.
use crate::support::app::Service;
use crate::support::people::Tenant;

/// Gives a business an account on which cards can be charged; answers the account's id.
pub async fn connected(service: &Service, tenant: &Tenant) -> String {
    connected_with_fee(service, tenant, 0).await
}

/// The same, with the platform's share of each charge in hundredths of a percent.
pub async fn connected_with_fee(service: &Service, tenant: &Tenant, fee_bps: i32) -> String {
    let account = format!("acct_sandbox_{}", tenant.slug);
    connect_to(service, tenant, &account, fee_bps).await;
    account
}

/// The same, with this account.
pub async fn connect_to(service: &Service, tenant: &Tenant, account: &str, fee_bps: i32) {
    // one statement: the foreign keys are looked at when it ends
    let sql = "WITH whose AS (
                 INSERT INTO app.connected_accounts (provider, account_id, tenant_id) VALUES ('stripe', $2, $1))
               INSERT INTO app.tenant_billing
                 (tenant_id, id, stripe_account_id, charges_enabled, payouts_enabled, details_submitted, application_fee_bps)
               VALUES ($1, $3, $2, true, true, true, $4)";
    sqlx::query(sql)
        .bind(tenant.id.0)
        .bind(account)
        .bind(service.new_id())
        .bind(fee_bps)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
}
