//! Finds whose events are: the accounts with one statement for all, the platform's own customers one by one, since they
//! are few.

use std::collections::BTreeMap;

use ::entity::ids::TenantId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::db::Scope;
use crate::domains::billing;
use crate::domains::payments::inbox::PROVIDER;
use crate::domains::payments::inbox::rules::{Event, Known, Place, place};

const ACCOUNTS: &str =
    "SELECT account_id, tenant_id FROM app.connected_accounts WHERE provider = $1 AND account_id = ANY($2)";

/// For each event, with the account that it came from, whose it is.
pub(super) async fn of(
    scope: &Scope,
    home: TenantId,
    events: &[(Option<&str>, &Event)],
) -> Result<Vec<Result<Place, String>>, DbErr> {
    let accounts = accounts(scope, names(events.iter().filter_map(|(account, _)| *account))).await?;
    let own = events.iter().filter(|(account, _)| account.is_none());
    let customers = customers(scope, names(own.filter_map(|(_, event)| event.customer()))).await?;
    let places = events.iter().map(|(account, event)| {
        let known = match account {
            Some(account) => Known::Account(accounts.get(*account).copied()),
            None => {
                let customer = event.customer().and_then(|name| customers.get(name)).copied();
                Known::Platform { home, customer }
            }
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

async fn accounts(scope: &Scope, names: Vec<String>) -> Result<BTreeMap<String, TenantId>, DbErr> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let values: [Value; 2] = [PROVIDER.into(), names.into()];
    let rows = scope.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, ACCOUNTS, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "account_id")?, row.try_get("", "tenant_id")?))).collect()
}

async fn customers(scope: &Scope, names: Vec<String>) -> Result<BTreeMap<String, Place>, DbErr> {
    let mut found = BTreeMap::new();
    for name in names {
        let whose = billing::whose(scope, &name).await.map_err(|error| DbErr::Custom(error.to_string()))?;
        if let Some((tenant, person)) = whose {
            found.insert(name, Place { tenant, person });
        }
    }
    Ok(found)
}
