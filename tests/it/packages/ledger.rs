//! The ledger holds whatever the code believes: the database decides when a transaction commits.
use uuid::Uuid;

use super::{audit, customer, grant, left};
use crate::support::app::Service;
use crate::support::people::Tenant;

/// Adds entries past the service and says what the commit answers.
async fn entered(service: &Service, tenant: &Tenant, entries: &[(Uuid, Uuid, i64)]) -> Result<(), String> {
    let mut owner = service.platform().await;
    sqlx::query("BEGIN").execute(&mut owner).await.unwrap();
    for (movement, account, amount) in entries {
        sqlx::query(
            "INSERT INTO app.credit_transactions (tenant_id, id, movement_id, account_id, kind, amount)
             VALUES ($1, gen_random_uuid(), $2, $3, 'consume', $4)",
        )
        .bind(tenant.id.0)
        .bind(movement)
        .bind(account)
        .bind(amount)
        .execute(&mut owner)
        .await
        .map_err(|error| error.to_string())?;
    }
    sqlx::query("COMMIT").execute(&mut owner).await.map(|_| ()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn what_is_uneven_or_more_than_there_is_never_commits() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    grant(&owner, ana, 10).await;
    let account = async |kind: &str| -> Uuid {
        sqlx::query_scalar("SELECT id FROM app.credits WHERE tenant_id = $1 AND kind = $2")
            .bind(tenant.id.0)
            .bind(kind)
            .fetch_one(&mut service.platform().await)
            .await
            .unwrap()
    };
    let (lot, issued) = (account("lot").await, account("issued").await);
    let one = Uuid::from_u128(1);
    for (entries, guard) in [
        (vec![(one, lot, -3)], "what a movement takes is not what it gives"),
        (vec![(one, lot, -3), (one, issued, 2)], "what a movement takes is not what it gives"),
        (vec![(one, lot, -11), (one, issued, 11)], "more was taken than the lot holds"),
    ] {
        let refused = entered(&service, &tenant, &entries).await.unwrap_err();
        assert!(refused.contains(guard), "{entries:?}: {refused}");
    }
    assert_eq!(entered(&service, &tenant, &[(one, lot, -10), (one, issued, 10)]).await, Ok(()));
    assert_eq!(left(&owner, ana).await, (0, vec![]));
    assert_eq!(audit(&service, &tenant).await, [0, 0, 0]);
    for sql in [
        "UPDATE app.credit_transactions SET amount = 6 WHERE tenant_id = $1",
        "DELETE FROM app.credit_transactions WHERE tenant_id = $1",
    ] {
        let refused = sqlx::query(sql).bind(tenant.id.0).execute(&mut service.platform().await).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{sql}: {refused}");
    }
}

/// Two who each see enough take together more than there is: the second one's commit is refused.
#[tokio::test]
async fn of_two_who_do_not_look_the_later_is_refused() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    grant(&owner, ana, 10).await;
    let ids: Vec<(String, Uuid)> = sqlx::query_as("SELECT kind, id FROM app.credits WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .fetch_all(&mut service.platform().await)
        .await
        .unwrap();
    let of = |kind: &str| ids.iter().find(|(known, _)| known == kind).unwrap().1;
    let (lot, issued) = (of("lot"), of("issued"));
    let mut both = Vec::new();
    for number in 1..=2_u128 {
        let mut connection = service.platform().await;
        sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
        for (account, amount) in [(lot, -6_i64), (issued, 6)] {
            sqlx::query(
                "INSERT INTO app.credit_transactions (tenant_id, id, movement_id, account_id, kind, amount)
                 VALUES ($1, gen_random_uuid(), $2, $3, 'consume', $4)",
            )
            .bind(tenant.id.0)
            .bind(Uuid::from_u128(number))
            .bind(account)
            .bind(amount)
            .execute(&mut connection)
            .await
            .unwrap();
        }
        both.push(connection);
    }
    let commits = both.iter_mut().map(|connection| async { sqlx::query("COMMIT").execute(connection).await.is_ok() });
    let committed = futures_util::future::join_all(commits).await;
    assert_eq!(committed.iter().filter(|done| **done).count(), 1, "{committed:?}");
    assert_eq!(left(&owner, ana).await, (4, vec![]));
    audit(&service, &tenant).await;
}
