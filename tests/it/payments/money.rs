//! Every way to move money, by the wrong hands and with the wrong amounts: each is answered clearly, and nothing moves.
use serde_json::{Value, json};
use sqlx::Row;

use super::{PAYMENTS, Till};
use crate::booking::key;
use crate::support::app::Service;
use crate::support::client::Client;

/// What an attempt must be answered with.
struct Try {
    what: &'static str,
    path: String,
    body: Value,
    status: u16,
    code: &'static str,
}

fn attempt(what: &'static str, path: String, body: Value, status: u16, code: &'static str) -> Try {
    Try { what, path, body, status, code }
}

const INVALID: &str = "TITHI_VALIDATION_ERROR";
const RULE: &str = "TITHI_RULE_VIOLATION";

/// Everything that could have changed.
async fn standing(service: &Service, till: &Till) -> Value {
    let sql = "SELECT
        (SELECT coalesce(jsonb_agg(to_jsonb(p) - 'updated_at' ORDER BY p.id), '[]') FROM app.payments p WHERE p.tenant_id = $1) AS payments,
        (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'updated_at' ORDER BY r.id), '[]') FROM app.refunds r WHERE r.tenant_id = $1) AS refunds,
        (SELECT coalesce(jsonb_agg(to_jsonb(b) - 'updated_at' ORDER BY b.id), '[]') FROM app.bookings b WHERE b.tenant_id = $1) AS bookings";
    let row = sqlx::query(sql).bind(till.shop.tenant.id.0).fetch_one(&mut service.platform().await).await.unwrap();
    json!([row.get::<Value, _>("payments"), row.get::<Value, _>("refunds"), row.get::<Value, _>("bookings")])
}

#[tokio::test]
async fn wrong_amounts_are_refused_and_change_nothing() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (paid, checkout) = till.paid().await;
    let open = till.booked().await;
    let cash = json!({"booking_id": open["id"], "amount_cents": 1000, "currency": "USD"});
    let cash = till.post("/cash", &cash).await.expect(201);
    let (paid_id, open_id) = (&paid["id"], &open["id"]);
    let of = |path: &str| format!("{PAYMENTS}{path}");
    let refund = of(&format!("/{}/refund", checkout["payment_id"].as_str().unwrap()));
    let mark = of(&format!("/{}/mark-paid", checkout["payment_id"].as_str().unwrap()));
    let huge = i64::MAX;
    let mut tries = vec![
        attempt(
            "another currency",
            of("/cash"),
            json!({"booking_id": open_id, "amount_cents": 100, "currency": "EUR"}),
            422,
            RULE,
        ),
        attempt(
            "no currency",
            of("/cash"),
            json!({"booking_id": open_id, "amount_cents": 100, "currency": "usd"}),
            400,
            INVALID,
        ),
        attempt(
            "more than is left",
            of("/cash"),
            json!({"booking_id": open_id, "amount_cents": 3501, "currency": "USD"}),
            422,
            RULE,
        ),
        attempt("another amount", of("/intents"), json!({"booking_id": open_id, "amount_cents": 4499}), 422, RULE),
        attempt("another currency", of("/intents"), json!({"booking_id": open_id, "currency": "EUR"}), 422, RULE),
        attempt("paid already", of("/checkout"), json!({"booking_id": paid_id}), 409, "TITHI_PAYMENT_SETTLED"),
        attempt("paid already", of("/intents"), json!({"booking_id": paid_id}), 409, "TITHI_PAYMENT_SETTLED"),
        attempt(
            "no such coupon",
            of("/checkout"),
            json!({"booking_id": open_id, "coupon_code": "NONE"}),
            422,
            "TITHI_COUPON_INVALID",
        ),
        attempt(
            "no such gift card",
            of("/checkout"),
            json!({"booking_id": open_id, "gift_card_code": "NONE"}),
            422,
            "TITHI_GIFT_CARD_INVALID",
        ),
        attempt(
            "another key",
            of("/checkout"),
            json!({"booking_id": open_id, "idempotency_key": "another"}),
            400,
            INVALID,
        ),
        attempt("nothing", of("/checkout"), json!({}), 400, INVALID),
        attempt("two things", of("/checkout"), json!({"booking_id": open_id, "purchase_id": open_id}), 400, INVALID),
        attempt(
            "somebody else's",
            of("/checkout"),
            json!({"booking_id": open_id, "customer_id": service.new_id()}),
            422,
            "TITHI_REFERENCE_NOT_FOUND",
        ),
        attempt(
            "no card was left",
            of("/process"),
            json!({"booking_id": open_id}),
            404,
            "TITHI_PAYMENT_METHOD_NOT_FOUND",
        ),
        attempt(
            "nobody missed it",
            of("/no-show-fee"),
            json!({"booking_id": open_id}),
            409,
            "TITHI_BOOKING_INVALID_STATE",
        ),
        attempt(
            "nobody missed it",
            of("/no-show-fee/waive"),
            json!({"booking_id": open_id}),
            409,
            "TITHI_BOOKING_INVALID_STATE",
        ),
        attempt("more than came", refund.clone(), json!({"amount_cents": 4501}), 422, "TITHI_REFUND_EXCEEDS_PAYMENT"),
        attempt(
            "full of another amount",
            refund.clone(),
            json!({"refund_type": "full", "amount_cents": 100}),
            400,
            INVALID,
        ),
        attempt("no cash", mark, json!(null), 409, "TITHI_CONFLICT"),
        attempt(
            "unknown intent",
            of("/confirm"),
            json!({"payment_intent_id": "pi_of_nobody"}),
            404,
            "TITHI_PAYMENT_NOT_FOUND",
        ),
        attempt(
            "not by card",
            of(&format!("/intents/{}/confirm", cash["payment_id"].as_str().unwrap())),
            json!({}),
            409,
            "TITHI_CONFLICT",
        ),
    ];
    for amount in [json!(0), json!(-1), json!(huge), json!("100"), json!(1.5), json!(null)] {
        tries.push(attempt(
            "no amount",
            of("/cash"),
            json!({"booking_id": open_id, "amount_cents": amount, "currency": "USD"}),
            400,
            INVALID,
        ));
        if !amount.is_null() {
            tries.push(attempt("no amount", refund.clone(), json!({"amount_cents": amount}), 400, INVALID));
            tries.push(attempt(
                "no amount",
                of("/no-show-fee"),
                json!({"booking_id": open_id, "no_show_fee_cents": amount}),
                400,
                INVALID,
            ));
            tries.push(attempt(
                "no amount",
                of("/intents"),
                json!({"booking_id": open_id, "amount_cents": amount}),
                400,
                INVALID,
            ));
        }
        if amount != json!(0) {
            tries.push(attempt(
                "no tip",
                of("/checkout"),
                json!({"booking_id": open_id, "tip_cents": amount}),
                400,
                INVALID,
            ));
            tries.push(attempt(
                "no tip",
                of("/process"),
                json!({"booking_id": open_id, "tip_cents": amount}),
                400,
                INVALID,
            ));
        }
    }
    let (before, calls) = (standing(&service, &till).await, service.stripe.calls().len());
    for one in &tries {
        let answer = till.shop.owner.key(&key()).post(&one.path, &one.body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (one.status, one.code),
            "{} {} {}: {}",
            one.what,
            one.path,
            one.body,
            answer.json()
        );
        answer.refused(one.status, one.code);
    }
    assert_eq!(standing(&service, &till).await, before, "nothing changed");
    assert_eq!(service.stripe.calls().len(), calls, "nobody outside was asked");
    assert!(tries.len() > 40, "{}", tries.len());
}

#[tokio::test]
async fn wrong_hands_are_refused_and_change_nothing() {
    let service = Service::alone().await;
    let (till, other) = (Till::open(&service, json!({"mode": "full"})).await, Till::open(&service, json!({})).await);
    let (_, checkout) = till.paid().await;
    let open = till.booked().await;
    let begun = till.checkout(&open).await;
    let cash = json!({"booking_id": open["id"], "amount_cents": 1000, "currency": "USD"});
    let cash = till.post("/cash", &cash).await.expect(201);
    let payment = |one: &Value| one["payment_id"].as_str().unwrap().to_owned();
    let calls: Vec<(String, Value)> = vec![
        ("/checkout".into(), json!({"booking_id": open["id"]})),
        ("/checkout".into(), json!({"booking_id": open["id"], "payment_method": "cash"})),
        ("/intents".into(), json!({"booking_id": open["id"]})),
        ("/process".into(), json!({"booking_id": open["id"]})),
        ("/cash".into(), json!({"booking_id": open["id"], "amount_cents": 100, "currency": "USD"})),
        (
            "/confirm".into(),
            json!({"payment_intent_id": begun["payment_intent_id"], "payment_method_id": "pm_card_visa"}),
        ),
        (format!("/intents/{}/confirm", payment(&begun)), json!({"payment_method_id": "pm_card_visa"})),
        (format!("/{}/mark-paid", payment(&cash)), json!(null)),
        (format!("/{}/refund", payment(&checkout)), json!({})),
        ("/no-show-fee".into(), json!({"booking_id": open["id"]})),
        ("/no-show-fee/waive".into(), json!({"booking_id": open["id"]})),
    ];
    let before = standing(&service, &till).await;
    let tenant = &till.shop.tenant;
    let (stranger, viewer) = (service.stranger(tenant), service.viewer_of(tenant).await);
    let staff = service.staff_of(tenant).await;
    let send = async |client: &Client, path: &str, body: &Value| {
        client.key(&key()).post(&format!("{PAYMENTS}{path}"), body).await
    };
    for (path, body) in &calls {
        send(&stranger, path, body).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
        send(&viewer, path, body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        let foreign = send(&other.shop.owner, path, body).await;
        assert!(matches!(foreign.status.as_u16(), 404), "{path}: {}", foreign.json());
        if path.contains("refund") || path.contains("mark-paid") || path.contains("no-show") {
            send(&staff, path, body).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        }
        let unkeyed = till.shop.owner.post(&format!("{PAYMENTS}{path}"), body).await;
        unkeyed.refused(400, "TITHI_IDEMPOTENCY_KEY_MISSING");
    }
    assert_eq!(standing(&service, &till).await, before, "nothing changed");
}

#[tokio::test]
async fn s17_each_currency_is_counted_in_its_own_units() {
    let service = Service::alone().await;
    for (currency, price, owed) in [("JPY", 5000, 5500), ("KWD", 12_345, 13_580)] {
        let changed = json!({"price_cents": price, "currency": currency, "payment": {"mode": "full", "tax_bps": 1000}});
        let till = Till::of(&service, changed).await;
        let path = format!("/api/v1/tenants/{}", till.shop.tenant.id);
        till.shop.owner.patch(&path, &json!({"payments": {"tax_included": false}})).await.expect(200);
        let booking = till.booked().await;
        assert_eq!(booking["payment"]["owed_cents"], owed, "{currency}");
        let checkout = till.checkout(&booking).await;
        assert_eq!((&checkout["amount_cents"], &checkout["currency"]), (&json!(owed), &json!(currency)));
        till.confirm(&checkout, "pm_card_visa").await.expect(200);
        assert_eq!(service.stripe.taken(&till.account), owed);
    }
}
