//! Finds whose events are: two statements for all of them.

use std::collections::BTreeMap;

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::db::Scope;
use crate::domains::payments::inbox::PROVIDER;
use crate::domains::payments::inbox::rules::{Event, Known, place};

const ACCOUNTS: &str =
    "SELECT account_id AS name, tenant_id FROM app.connected_accounts WHERE provider = $1 AND account_id = ANY($2)";

const CUSTOMERS: &str = "
SELECT stripe_customer_id AS name, tenant_id FROM app.tenant_billing
WHERE stripe_customer_id IS NOT NULL AND stripe_customer_id = ANY($1)";

/// For each event, with the account that it came from, the business that it is about.
pub(super) async fn of(
    scope: &Scope,
    home: TenantId,
    events: &[(Option<&str>, &Event)],
) -> Result<Vec<Result<TenantId, String>>, DbErr> {
    let accounts = names(events.iter().filter_map(|(account, _)| *account));
    let customers =
        names(events.iter().filter(|(account, _)| account.is_none()).filter_map(|(_, event)| event.customer()));
    let accounts = match accounts.is_empty() {
        true => BTreeMap::new(),
        false => read(scope, ACCOUNTS, vec![PROVIDER.into(), accounts.into()]).await?,
    };
    let customers = match customers.is_empty() {
        true => BTreeMap::new(),
        false => read(scope, CUSTOMERS, vec![customers.into()]).await?,
    };
    let places = events.iter().map(|(account, event)| {
        let known = match account {
            Some(account) => Known::Account(accounts.get(*account).map_or(&[], Vec::as_slice)),
            None => Known::Platform {
                home,
                customers: event.customer().and_then(|name| customers.get(name)).map_or(&[], Vec::as_slice),
            },
        };
        place(known, event.claimed_tenant())
    });
    Ok(places.collect())
}

fn names<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut all: Vec<String> = all.map(str::to_owned).collect();
    all.sort_unstable();
    all.dedup();
    all
}

async fn read(scope: &Scope, sql: &str, values: Vec<Value>) -> Result<BTreeMap<String, Vec<TenantId>>, DbErr> {
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let mut found: BTreeMap<String, Vec<TenantId>> = BTreeMap::new();
    for row in rows {
        found.entry(row.try_get("", "name")?).or_default().push(row.try_get("", "tenant_id")?);
    }
    Ok(found)
}
