//! What a business says of its points.
use serde_json::{Value, json};

use super::{accounts, balances, moved, standing};
use crate::booking::{Shop, key};
use crate::catalogue::{made, pointers};
use crate::support::app::Service;

const PROGRAM: &str = "/api/v1/loyalty/program";

fn tiers(pairs: &[(&str, i64, i64)]) -> Value {
    let step = |(tier, threshold, bps): &(&str, i64, i64)| json!({"tier": tier, "threshold": threshold, "multiplier_bps": bps});
    pairs.iter().map(step).collect()
}

#[tokio::test]
async fn tiers_are_the_business_s_and_accounts_follow_them() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (admin, staff) = (service.admin_of(&tenant).await, service.staff_of(&tenant).await);
    let before = staff.get(PROGRAM).await.expect(200);
    let known =
        tiers(&[("bronze", 0, 10000), ("silver", 500, 10000), ("gold", 2000, 10000), ("platinum", 5000, 10000)]);
    assert_eq!((&before["tiers"], &before["points"], &before["points_per_credit"]), (&known, &1.into(), &Value::Null));
    let ana = made(&staff, "/api/v1/customers", &json!({"display_name": "Ana", "email": "ana@example.com"})).await;
    assert_eq!(standing(&moved(&staff, &ana, "earn", 600).await.expect(200)), (600, "silver".into()));
    let mut new =
        json!({"earn_by": "amount", "points": 2, "tiers": tiers(&[("bronze", 0, 10000), ("gold", 600, 15000)])});
    staff.put(PROGRAM, &new).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    admin.put(PROGRAM, &new).await.expect(200);
    let account = async || standing(&staff.get(&accounts(&ana)).await.expect(200));
    assert_eq!(account().await, (600, "gold".into()), "what was earned stays, where it leads to moves");
    new["tiers"] = tiers(&[("bronze", 0, 10000), ("gold", 601, 15000)]);
    admin.put(PROGRAM, &new).await.expect(200);
    assert_eq!(account().await, (600, "bronze".into()));
    assert_eq!(standing(&moved(&staff, &ana, "earn", 1).await.expect(200)), (601, "gold".into()));
    for wrong in [
        tiers(&[("silver", 0, 1)]),
        tiers(&[("bronze", 5, 1)]),
        tiers(&[("bronze", 0, 1), ("gold", 9, 1), ("silver", 10, 1)]),
    ] {
        new["tiers"] = wrong;
        assert_eq!(pointers(&admin.put(PROGRAM, &new).await.refused(422, "TITHI_RULE_VIOLATION")), ["#/tiers"]);
    }
    assert_eq!(balances(&service, &tenant).await, [601]);
}

#[tokio::test]
async fn a_visit_earns_what_its_tier_earns() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let body =
        json!({"earn_by": "visit", "points": 10, "tiers": tiers(&[("bronze", 0, 10000), ("silver", 10, 25000)])});
    shop.owner.put(PROGRAM, &body).await.expect(200);
    let starts = shop.starts(shop.tomorrow).await;
    for start in &starts[..2] {
        let mut wish = shop.wish(start);
        wish["customer"]["email"] = "ana@example.com".into();
        let booking = shop.visit(&wish).await.expect(201);
        shop.act(&booking, "check-in", None).await.expect(200);
        shop.act(&booking, "complete", None).await.expect(200);
    }
    assert_eq!(balances(&service, &shop.tenant).await, [35], "ten, and then two and a half times ten");
}

#[tokio::test]
async fn points_become_credits_or_a_coupon_and_come_out_even() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (admin, staff) = (service.admin_of(&tenant).await, service.staff_of(&tenant).await);
    let ana = made(&staff, "/api/v1/customers", &json!({"display_name": "Ana", "email": "ana@example.com"})).await;
    moved(&staff, &ana, "earn", 600).await.expect(200);
    let exchange = async |points: i64, into: &str| {
        let path = format!("{}/exchange", accounts(&ana));
        staff.key(&key()).post(&path, &json!({"points": points, "into": into})).await
    };
    exchange(100, "credits").await.refused(422, "TITHI_RULE_VIOLATION");
    let program = json!({
        "earn_by": "amount", "points": 1, "points_per_credit": 50, "points_per_unit": 20, "valid_days": 30,
        "tiers": tiers(&[("bronze", 0, 10000)]),
    });
    admin.put(PROGRAM, &program).await.expect(200);
    assert_eq!(pointers(&exchange(75, "credits").await.refused(422, "TITHI_RULE_VIOLATION")), ["#/points"]);
    let refused = exchange(650, "credits").await.refused(409, "TITHI_POINTS_INSUFFICIENT");
    assert_eq!(refused["points_balance"], 600);
    let credits = exchange(100, "credits").await.expect(200);
    assert_eq!((&credits["credits"], &credits["account"]["points_balance"]), (&2.into(), &500.into()));
    let held = staff.get(&format!("/api/v1/credits?customer_id={ana}")).await.expect(200);
    assert_eq!(held["balance"], 2);
    let coupon = exchange(200, "coupon").await.expect(200);
    assert!(!coupon["expires_at"].is_null());
    let trial = json!({"code": coupon["coupon_code"], "amount_cents": 4500, "customer_id": ana});
    let verdict = staff.post("/api/v1/promotions/coupons/validate", &trial).await.expect(200);
    assert_eq!((&verdict["valid"], &verdict["discount_cents"]), (&true.into(), &1000.into()), "ten dollars");
    assert_eq!(balances(&service, &tenant).await, [300]);
}
