//! Packages are made, sold, paid and undone.
use ::entity::ids::PurchaseId;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tithi::db::Access;
use tithi::domains::packages;
use tithi::error::Code;

use super::{PACKAGES, PURCHASES, audit, customer, id, left, sell};
use crate::booking::key;
use crate::catalogue::{a_service, made, pointers, told};
use crate::support::app::Service;

#[tokio::test]
async fn a_package_is_made_shown_changed_and_deleted() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (admin, stranger) = (service.admin_of(&tenant).await, service.stranger(&tenant));
    let cut = made(&admin, "/api/v1/services", &a_service("Cut")).await;
    let body =
        json!({"name": "Ten cuts", "sessions": 10, "price_cents": 45000, "valid_days": 365, "service_ids": [cut]});
    let answer = admin.post(PACKAGES, &body).await;
    let (location, tag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let first = answer.expect(201);
    assert_eq!(
        (&first["type"], &first["currency"], &first["service_ids"]),
        (&"sessions".into(), &"USD".into(), &json!([cut]))
    );
    let page = format!("/v1/b/{}/packages", tenant.slug);
    let shown = stranger.get(&page).await.expect(200);
    assert_eq!((&shown["data"][0]["id"], &shown["data"][0]["sort_order"]), (&first["id"], &Value::Null));
    admin.patch(&location, &json!({"sessions": 5})).await.refused(400, "TITHI_VALIDATION_ERROR");
    let changed = admin.patch(&location, &json!({"price_cents": 1, "active": false})).await.expect(200);
    assert_eq!((&changed["price_cents"], &changed["valid_days"]), (&1.into(), &365.into()));
    admin.clone().with("if-match", &tag).delete(&location).await.refused(412, "TITHI_PRECONDITION_FAILED");
    assert_eq!(stranger.get(&page).await.expect(200)["data"], json!([]));
    let (ana, _) = customer(&admin).await;
    let sale = format!("{location}/purchase");
    admin.key(&key()).post(&sale, &json!({"customer_id": ana})).await.refused(404, "TITHI_PACKAGE_NOT_FOUND");
    admin.delete(&location).await.expect(204);
    admin.get(&location).await.refused(404, "TITHI_PACKAGE_NOT_FOUND");
    let strange = json!({"name": "None", "sessions": 1, "price_cents": 1, "service_ids": [service.new_id()]});
    assert_eq!(
        pointers(&admin.post(PACKAGES, &strange).await.refused(422, "TITHI_REFERENCE_NOT_FOUND")),
        ["#/service_ids"]
    );
}

#[tokio::test]
async fn what_is_sold_is_granted_when_it_is_paid_and_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    let five = json!({"name": "Five", "sessions": 5, "price_cents": 20000, "currency": "KWD"});
    let five = made(&owner, PACKAGES, &five).await;
    let sale = format!("{PACKAGES}/{five}/purchase");
    let waits = owner.key(&key()).post(&sale, &json!({"customer_id": ana})).await.expect(201);
    assert_eq!((&waits["status"], &waits["quantity"]), (&"pending".into(), &5.into()));
    assert_eq!(left(&owner, ana).await, (0, vec![]));
    let (purchase, payment) = (PurchaseId(id(&waits)), service.new_id());
    let asking = service.app.db.scope(tenant.id, Access::Write);
    let due = packages::purchase_due(&asking, purchase).await.unwrap();
    assert_eq!((due.customer, due.amount.to_string(), due.description.as_str()), (ana, "20.000 KWD".into(), "Five"));
    asking.roll_back().await;
    let paying = (0..8).map(|_| async {
        let scope = service.app.db.scope(tenant.id, Access::Write);
        packages::purchase_paid(&scope, purchase, payment).await.unwrap();
        scope.commit().await.unwrap();
    });
    join_all(paying).await;
    assert_eq!(left(&owner, ana).await, (0, vec![5]));
    let late = service.app.db.scope(tenant.id, Access::Write);
    assert_eq!(packages::purchase_due(&late, purchase).await.unwrap_err().code(), Code::Conflict);
    assert_eq!(packages::purchase_paid(&late, purchase, service.new_id()).await.unwrap_err().code(), Code::Conflict);
    late.roll_back().await;
    owner
        .key(&key())
        .send(reqwest::Method::POST, &format!("{PURCHASES}/{}/undo", id(&waits)), None)
        .await
        .refused(409, "TITHI_CONFLICT");
    for _ in 0..2 {
        let scope = service.app.db.scope(tenant.id, Access::Write);
        packages::purchase_undone(&scope, purchase, payment).await.unwrap();
        scope.commit().await.unwrap();
    }
    assert_eq!(left(&owner, ana).await, (0, vec![]));
    assert_eq!(audit(&service, &tenant).await, [0, 0, 0], "back where it came from");
    let codes: Vec<String> =
        told(&service, &tenant, &id(&waits).to_string()).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["PURCHASE_CREATED", "PURCHASE_PAID", "PURCHASE_UNDONE"]);
}

#[tokio::test]
async fn the_counter_sells_settles_calls_off_and_takes_back() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (owner, staff) = (service.owner_of(&tenant).await, service.staff_of(&tenant).await);
    let (ana, _) = customer(&owner).await;
    let five = made(&owner, PACKAGES, &json!({"name": "Five", "sessions": 5, "price_cents": 20000})).await;
    let sale = format!("{PACKAGES}/{five}/purchase");
    let given = json!({"customer_id": ana, "paid_with": "given"});
    staff.key(&key()).post(&sale, &given).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    owner.key(&key()).post(&sale, &given).await.expect(201);
    let sold = sell(&staff, &five, ana).await;
    assert_eq!((&sold["status"], &sold["paid_with"]), (&"paid".into(), &"cash".into()));
    assert_eq!(left(&owner, ana).await, (0, vec![5, 5]));
    let act = async |purchase: &Value, verb: &str, body: Value| {
        let path = format!("{PURCHASES}/{}/{verb}", id(purchase));
        let body = (!body.is_null()).then_some(body);
        owner.key(&key()).send(reqwest::Method::POST, &path, body.as_ref()).await
    };
    let waits = owner.key(&key()).post(&sale, &json!({"customer_id": ana})).await.expect(201);
    act(&waits, "settle", json!({"paid_with": "payment"})).await.refused(400, "TITHI_VALIDATION_ERROR");
    act(&waits, "settle", json!({})).await.expect(200);
    act(&waits, "settle", json!({})).await.refused(409, "TITHI_CONFLICT");
    act(&waits, "cancel", Value::Null).await.refused(409, "TITHI_CONFLICT");
    let other = owner.key(&key()).post(&sale, &json!({"customer_id": ana})).await.expect(201);
    for _ in 0..2 {
        assert_eq!(act(&other, "cancel", Value::Null).await.expect(200)["status"], "canceled");
    }
    act(&other, "settle", json!({})).await.refused(409, "TITHI_CONFLICT");
    for _ in 0..2 {
        assert_eq!(act(&sold, "undo", Value::Null).await.expect(200)["status"], "undone");
    }
    assert_eq!(left(&owner, ana).await, (0, vec![5, 5]));
    assert_eq!(audit(&service, &tenant).await, [10, 0, 0]);
}

#[tokio::test]
async fn a_visitor_buys_by_a_token_and_nothing_for_nothing() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (owner, stranger) = (service.owner_of(&tenant).await, service.stranger(&tenant));
    let five = made(&owner, PACKAGES, &json!({"name": "Five", "sessions": 5, "price_cents": 20000})).await;
    let free = made(&owner, PACKAGES, &json!({"name": "Free", "sessions": 1, "price_cents": 0})).await;
    let buyer = json!({"customer": {"display_name": "Ana", "email": "ana@example.com"}});
    let page = |package: &str| format!("/v1/b/{}/packages/{package}/purchase", tenant.slug);
    let bought = stranger.key(&key()).post(&page(&five), &buyer).await.expect(201);
    assert_eq!((&bought["status"], &bought["amount_cents"]), (&"pending".into(), &20000.into()));
    let scope = service.app.db.scope(tenant.id, Access::Read);
    let token = bought["purchase_token"].as_str().unwrap();
    assert_eq!(packages::open_purchase(&scope, &service.app.manage, token).unwrap(), PurchaseId(id(&bought)));
    stranger.key(&key()).post(&page(&free), &buyer).await.refused(422, "TITHI_RULE_VIOLATION");
    assert_eq!(audit(&service, &tenant).await, [0, 0, 0]);
}
