//! The worker: each event once, whoever dies in between.
use chrono::TimeDelta;
use serde_json::json;
use tithi::db::Access;
use tithi::domains::payments::inbox::{self, Fact};
use tithi::jobs;

use super::{deauthorized, deliver, event, send, service, state, told, with};
use crate::support::app::Service;
use crate::support::factory::connected;

async fn attempts(service: &Service) -> Vec<i32> {
    let sql = "SELECT attempts FROM app.webhook_event_inbox ORDER BY id";
    sqlx::query_scalar(sql).fetch_all(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn w04_workers_beside_each_other_take_each_event_once() {
    let service = service().await;
    for _ in 0..130 {
        send(&service, &event(&service, "balance.available", None, json!({}))).await.expect(200);
    }
    let work = (0..6).map(|_| jobs::work_inbox(&service.app));
    let worked: Vec<u64> = futures_util::future::join_all(work).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(worked.iter().sum::<u64>(), 130, "{worked:?}");
    assert_eq!(attempts(&service).await, vec![1; 130]);
}

#[tokio::test]
async fn w04_what_a_worker_left_behind_is_taken_up_by_the_next() {
    let service = service().await;
    let tenant = service.tenant().await;
    let event = deauthorized(&service, &connected(&service, &tenant).await);
    send(&service, &event).await.expect(200);
    // one that claims and dies
    let platform = service.app.platform.scope(Access::Write);
    assert_eq!(inbox::claim(&platform, service.app.home, 10).await.unwrap().len(), 1);
    platform.commit().await.unwrap();
    assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 0, "its time is not up yet");
    service.clock.advance(TimeDelta::seconds(121));
    assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 1);
    assert_eq!(state(&service, &event).await, ("processed".into(), 2, None));
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
}

#[tokio::test]
async fn w04_an_effect_without_its_settlement_is_not_repeated() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    let event = deauthorized(&service, &account);
    send(&service, &event).await.expect(200);
    let platform = service.app.platform.scope(Access::Write);
    let claimed = inbox::claim(&platform, service.app.home, 10).await.unwrap().remove(0);
    platform.commit().await.unwrap();
    assert_eq!(claimed.place, Ok(tenant.id));
    // the effect is committed, and the worker dies before it says so
    let fact = Fact::Deauthorized(account.clone(), service.clock.now());
    let scope = service.app.db.scope(tenant.id, Access::Write);
    inbox::effect(&scope, claimed.id, &[fact]).await.unwrap();
    scope.commit().await.unwrap();
    // set up anew meanwhile: a second effect would show
    let again = "UPDATE app.tenant_billing SET deauthorized_at = NULL, charges_enabled = true WHERE tenant_id = $1";
    sqlx::query(again).bind(tenant.id.0).execute(&mut service.platform().await).await.unwrap();
    service.clock.advance(TimeDelta::seconds(121));
    assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 1);
    assert_eq!(state(&service, &event).await.0, "processed");
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
    let open: bool = sqlx::query_scalar("SELECT charges_enabled FROM app.tenant_billing WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert!(open, "the effect was repeated");
}

#[tokio::test]
async fn w04_an_effect_that_fails_leaves_no_receipt() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    let event = deauthorized(&service, &account);
    send(&service, &event).await.expect(200);
    let platform = service.app.platform.scope(Access::Write);
    let claimed = inbox::claim(&platform, service.app.home, 10).await.unwrap().remove(0);
    platform.commit().await.unwrap();
    let scope = service.app.db.scope(tenant.id, Access::Write);
    inbox::effect(&scope, claimed.id, &[Fact::Deauthorized(account, service.clock.now())]).await.unwrap();
    scope.roll_back().await;
    service.clock.advance(TimeDelta::seconds(121));
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(state(&service, &event).await.0, "processed");
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
}

/// Where nobody moves money nobody can be asked either.
#[tokio::test]
async fn w04_what_never_works_waits_longer_each_time_and_is_dead_at_last() {
    let service = with(&["--payments", "off"]).await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    let event = event(&service, "account.updated", Some(&account), json!({"id": account, "object": "account"}));
    assert_eq!(deliver(&service, &event).await, "received");
    let mut waited = Vec::new();
    for attempt in 2..=16 {
        let due: i64 = sqlx::query_scalar(
            "SELECT extract(epoch FROM next_attempt_at - $2)::bigint FROM app.webhook_event_inbox WHERE event_id = $1",
        )
        .bind(event["id"].as_str().unwrap())
        .bind(service.clock.now())
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
        waited.push(due);
        service.clock.advance(TimeDelta::seconds(due - 1));
        assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 0, "a second too early");
        service.clock.advance(TimeDelta::seconds(1));
        assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 1, "attempt {attempt}");
    }
    assert!(waited.windows(2).all(|pair| pair[0] <= pair[1]) && waited[0] == 15 && waited[14] == 7_200, "{waited:?}");
    let (state, attempts, reason) = state(&service, &event).await;
    assert_eq!((state.as_str(), attempts), ("dead", 16));
    assert!(reason.unwrap().contains("takes no cards"));
    service.clock.advance(TimeDelta::days(10));
    assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 0);
}

/// A worker that an event kills each time must not be killed by it for ever.
#[tokio::test]
async fn w04_what_kills_its_worker_is_dead_at_last() {
    let service = service().await;
    let event = event(&service, "account.updated", None, json!({}));
    send(&service, &event).await.expect(200);
    for _ in 0..16 {
        let platform = service.app.platform.scope(Access::Write);
        assert_eq!(inbox::claim(&platform, service.app.home, 10).await.unwrap().len(), 1);
        platform.commit().await.unwrap();
        service.clock.advance(TimeDelta::seconds(121));
    }
    assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 0);
    assert_eq!(state(&service, &event).await.0, "dead");
}

/// Whoever was too slow has lost the event: what he says of it counts no more.
#[tokio::test]
async fn w04_a_late_settlement_changes_nothing() {
    use tithi::domains::payments::inbox::Outcome;
    let service = service().await;
    let tenant = service.tenant().await;
    let event = deauthorized(&service, &connected(&service, &tenant).await);
    send(&service, &event).await.expect(200);
    let platform = service.app.platform.scope(Access::Write);
    let slow = inbox::claim(&platform, service.app.home, 10).await.unwrap().remove(0);
    platform.commit().await.unwrap();
    service.clock.advance(TimeDelta::seconds(121));
    jobs::work_inbox(&service.app).await.unwrap();
    let platform = service.app.platform.scope(Access::Write);
    inbox::settle(&platform, &[(slow, Outcome::Failed(Some(tenant.id), "too slow".into()))]).await.unwrap();
    platform.commit().await.unwrap();
    assert_eq!(state(&service, &event).await, ("processed".into(), 2, None));
}

#[tokio::test]
async fn the_backlog_is_counted_and_its_age_told() {
    let service = service().await;
    let lag = async || {
        let scope = service.app.platform.scope(Access::Read);
        let states = inbox::backlog(&scope).await.unwrap();
        scope.roll_back().await;
        let of =
            |name: &str| states.iter().find(|state| state.state == name).map(|s| (s.count, s.lag_seconds)).unwrap();
        [of("received"), of("quarantined"), of("dead")]
    };
    assert_eq!(lag().await, [(0, 0); 3]);
    send(&service, &event(&service, "account.updated", None, json!({}))).await.expect(200);
    service.clock.advance(TimeDelta::seconds(40));
    send(&service, &event(&service, "account.updated", Some("acct_of_nobody"), json!({}))).await.expect(200);
    assert_eq!(lag().await, [(2, 40), (0, 0), (0, 0)]);
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(lag().await, [(0, 0), (1, 0), (0, 0)]);
}

/// What is done with goes after 90 days, with its receipt; what nobody has looked at stays.
#[tokio::test]
async fn old_events_are_removed_with_their_receipts() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    assert_eq!(deliver(&service, &deauthorized(&service, &account)).await, "processed");
    assert_eq!(deliver(&service, &event(&service, "balance.available", None, json!({}))).await, "ignored");
    let strange = event(&service, "account.updated", Some("acct_of_nobody"), json!({}));
    assert_eq!(deliver(&service, &strange).await, "quarantined");
    let receipts = async || {
        let sql = "SELECT count(*) FROM app.webhook_receipts";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut service.platform().await).await.unwrap()
    };
    service.clock.advance(TimeDelta::days(89));
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!((super::stored(&service).await, receipts().await), (3, 1));
    service.clock.advance(TimeDelta::days(2));
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!((super::stored(&service).await, receipts().await), (1, 0));
    assert_eq!(state(&service, &strange).await.0, "quarantined");
}
