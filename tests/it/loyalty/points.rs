//! Points given and redeemed by hand.
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{accounts, balances, moved, standing};
use crate::catalogue::{made, pointers, told};
use crate::support::app::Service;
use crate::support::client::Client;

async fn ana(staff: &Client) -> String {
    made(staff, "/api/v1/customers", &json!({"display_name": "Ana", "email": "ana@example.com"})).await
}

#[tokio::test]
async fn points_are_earned_and_redeemed() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = ana(&staff).await;
    let unused = staff.get(&accounts(&ana)).await.expect(200);
    assert_eq!((standing(&unused), &unused["updated_at"]), ((0, "bronze".into()), &Value::Null));
    let none = staff.get(&format!("{}/transactions?include_total=true", accounts(&ana))).await.expect(200);
    assert_eq!((none["data"].as_array().unwrap().len(), &none["total"]), (0, &json!(0)));
    let refused = moved(&staff, &ana, "redeem", 1).await.refused(409, "TITHI_POINTS_INSUFFICIENT");
    assert_eq!(refused["points_balance"], 0);

    assert_eq!(standing(&moved(&staff, &ana, "earn", 499).await.expect(200)), (499, "bronze".into()));
    service.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(standing(&moved(&staff, &ana, "earn", 1).await.expect(200)), (500, "silver".into()));
    service.clock.advance(chrono::TimeDelta::seconds(1));
    let after = moved(&staff, &ana, "redeem", 200).await.expect(200);
    assert_eq!((standing(&after), &after["total_redeemed"]), ((300, "silver".into()), &json!(200)), "the tier stays");
    let refused = moved(&staff, &ana, "redeem", 301).await.refused(409, "TITHI_POINTS_INSUFFICIENT");
    assert_eq!(refused["points_balance"], 300);
    moved(&staff, &ana, "redeem", 300).await.expect(200);
    assert_eq!(standing(&moved(&staff, &ana, "earn", 1500).await.expect(200)), (1500, "gold".into()));
    assert_eq!(standing(&staff.get(&accounts(&ana)).await.expect(200)), (1500, "gold".into()));
    assert_eq!(balances(&service, &tenant).await, [1500]);

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}/transactions?limit=2{cursor}", accounts(&ana));
        let page = staff.get(&path).await.expect(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|entry| entry["points_change"].as_i64().unwrap()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.iter().sum::<i64>(), 1500);
    assert_eq!((seen.len(), &seen[3..]), (5, &[1, 499][..]), "the newest first");

    let account: uuid::Uuid = sqlx::query_scalar("SELECT id FROM app.loyalty_accounts WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    let told = told(&service, &tenant, &account.to_string()).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    let (earned, redeemed) = ("LOYALTY_POINTS_EARNED", "LOYALTY_POINTS_REDEEMED");
    assert_eq!(codes, [earned, earned, redeemed, redeemed, earned]);
    assert_eq!(
        (&told[1].1["tier"], &told[1].1["points"], &told[1].1["customer_id"]),
        (&"silver".into(), &1.into(), &ana.into())
    );
}

#[tokio::test]
async fn twenty_who_redeem_at_once_never_go_below_zero() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = ana(&staff).await;
    moved(&staff, &ana, "earn", 100).await.expect(200);
    let answers = join_all((0..20).map(|_| moved(&staff, &ana, "redeem", 15))).await;
    let mut paid = 0;
    for answer in answers {
        match answer.status.as_u16() {
            200 => paid += 1,
            _ => {
                answer.refused(409, "TITHI_POINTS_INSUFFICIENT");
            }
        }
    }
    assert_eq!(paid, 6, "six times fifteen of a hundred");
    assert_eq!(balances(&service, &tenant).await, [10]);
}

#[tokio::test]
async fn those_who_earn_at_once_lose_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = ana(&staff).await;
    // none has an account yet: it is made once
    let answers = join_all((0..12).map(|_| moved(&staff, &ana, "earn", 50))).await;
    assert!(answers.iter().all(|answer| answer.status.as_u16() == 200));
    assert_eq!(standing(&staff.get(&accounts(&ana)).await.expect(200)), (600, "silver".into()));
    assert_eq!(balances(&service, &tenant).await, [600]);
}

#[tokio::test]
async fn a_repeat_gives_nothing_twice() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = ana(&staff).await;
    let body = json!({"points": 70, "reason": "Birthday"});
    let keyed = staff.key("0198c0de-7000-7000-8000-000000000070");
    let path = format!("{}/earn", accounts(&ana));
    let (one, two) = (keyed.post(&path, &body).await, keyed.post(&path, &body).await);
    assert_eq!((one.status.as_u16(), &one.body, two.header("idempotent-replayed")), (200, &two.body, "true"));
    assert_eq!(balances(&service, &tenant).await, [70]);
}

#[tokio::test]
async fn what_is_refused() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let (staff, elsewhere) = (service.staff_of(&tenant).await, service.staff_of(&other).await);
    let ana = ana(&staff).await;
    let earn = format!("{}/earn", accounts(&ana));
    for (body, at) in [
        (json!({"points": 0, "reason": "x"}), "#/points"),
        (json!({"points": -5, "reason": "x"}), "#/points"),
        (json!({"points": 1_000_001, "reason": "x"}), "#/points"),
        (json!({"points": 1.5, "reason": "x"}), "#/points"),
        (json!({"points": 5, "reason": " "}), "#/reason"),
        (json!({"points": 5}), "#/reason"),
    ] {
        let problem = staff.key(&super::super::booking::key()).post(&earn, &body).await;
        assert_eq!(pointers(&problem.refused(400, "TITHI_VALIDATION_ERROR")), [at], "{body}");
    }
    staff.post(&earn, &json!({"points": 5, "reason": "x"})).await.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    moved(&elsewhere, &ana, "earn", 5).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    moved(&elsewhere, &ana, "redeem", 5).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    elsewhere.get(&accounts(&ana)).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    elsewhere.get(&format!("{}/transactions", accounts(&ana))).await.refused(404, "TITHI_CUSTOMER_NOT_FOUND");
    let viewer = service.viewer_of(&tenant).await;
    viewer.get(&accounts(&ana)).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    moved(&viewer, &ana, "earn", 5).await.refused(403, "TITHI_AUTH_FORBIDDEN");

    moved(&staff, &ana, "earn", 5).await.expect(200);
    sqlx::query("UPDATE app.loyalty_accounts SET is_active = false WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    moved(&staff, &ana, "earn", 5).await.refused(409, "TITHI_CONFLICT");
    moved(&staff, &ana, "redeem", 5).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(balances(&service, &tenant).await, [5]);
}

/// The database's own guard, should the code ever be wrong.
#[tokio::test]
async fn the_database_keeps_a_balance_above_zero_and_its_movements_for_good() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let ana = ana(&staff).await;
    moved(&staff, &ana, "earn", 5).await.expect(200);
    let mut platform = service.platform().await;
    for (sql, guard) in [
        (
            "UPDATE app.loyalty_accounts SET points_balance = -1, total_redeemed = 6 WHERE tenant_id = $1",
            "loyalty_accounts_points_balance",
        ),
        ("UPDATE app.loyalty_accounts SET points_balance = 6 WHERE tenant_id = $1", "loyalty_accounts_sum"),
        ("UPDATE app.loyalty_transactions SET points_change = 6 WHERE tenant_id = $1", "permission denied"),
        ("DELETE FROM app.loyalty_transactions WHERE tenant_id = $1", "permission denied"),
    ] {
        let refused = sqlx::query(sql).bind(tenant.id.0).execute(&mut platform).await.unwrap_err();
        assert!(refused.to_string().contains(guard), "{sql}: {refused}");
    }
    assert_eq!(balances(&service, &tenant).await, [5]);
}
