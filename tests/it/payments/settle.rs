//! Paid once, whoever says so first.
use ::entity::ids::TenantId;
use futures_util::future::join_all;
use serde_json::json;
use tithi::db::Access;
use tithi::domains::payments::{self, Applied};

use super::{Till, told};
use crate::support::app::Service;

/// Takes the provider's word in, in a transaction of its own, as often as the database asks for it.
pub async fn applied(service: &Service, tenant: TenantId, intent: &tithi::ports::payments::Intent) -> Applied {
    loop {
        let scope = service.app.db.scope(tenant, Access::Write);
        match payments::apply_intent(&scope, intent).await {
            Ok(applied) => {
                scope.commit().await.unwrap();
                return applied;
            }
            Err(error) if tithi::error::database::is_passing(&error) => {
                scope.roll_back().await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn s15_five_who_fulfil_at_once_have_one_effect() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let booking = till.booked().await;
    let checkout = till.checkout(&booking).await;
    let id = checkout["payment_intent_id"].as_str().unwrap();
    let paid = {
        // paid at the provider, and nobody has told us
        let key = format!("test:{id}");
        let call = tithi::ports::payments::Call { account: Some(&till.account), key: &key };
        service.app.payments.confirm_intent(call, id, Some("pm_card_visa"), None).await.unwrap()
    };
    let tenant = till.shop.tenant.id;
    let words = join_all((0..3).map(|_| applied(&service, tenant, &paid)));
    let asks = join_all((0..2).map(|_| till.confirm(&checkout, "pm_card_visa")));
    let (words, asks) = tokio::join!(words, asks);
    asks.into_iter().for_each(|answer| {
        answer.expect(200);
    });
    assert!(words.iter().filter(|word| **word == Applied::Changed).count() <= 1, "{words:?}");
    for code in ["PAYMENT_CAPTURED", "BOOKING_CONFIRMED"] {
        assert_eq!(told(&service, &till, code).await, 1, "{code}");
    }
    assert_eq!(till.now(&booking).await["payment"]["paid_cents"], 4500);
    // nobody else's business
    let other = Till::open(&service, json!({})).await;
    assert_eq!(applied(&service, other.shop.tenant.id, &paid).await, Applied::Unknown);
}

#[tokio::test]
async fn what_waits_for_the_business_waits_although_it_is_paid() {
    let service = Service::alone().await;
    let till = Till::of(&service, json!({"payment": {"mode": "full"}, "requires_confirmation": true})).await;
    let (booking, _) = till.paid().await;
    let now = till.now(&booking).await;
    assert_eq!((&now["status"], &now["payment"]["status"]), (&json!("pending"), &json!("paid")));
    assert_eq!(now["payment"]["due_at"], json!(null), "nobody waits for money any more");
    assert_eq!(till.shop.act(&booking, "confirm", None).await.expect(200)["status"], "confirmed");
}

#[tokio::test]
async fn money_goes_along_when_a_booking_is_moved() {
    let service = Service::alone().await;
    let till = Till::open(&service, json!({"mode": "full"})).await;
    let (booking, checkout) = till.paid().await;
    let start = till.shop.starts(till.shop.tomorrow).await.pop().unwrap();
    let moved = till.shop.act(&booking, "reschedule", Some(&json!({"start_at": start}))).await.expect(201);
    assert_eq!((&moved["status"], &moved["payment"]["status"]), (&json!("confirmed"), &json!("paid")));
    assert_eq!(till.payment(&checkout).await["booking_id"], moved["id"]);
    tithi::jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(service.stripe.taken(&till.account), 4500, "what moved gives nothing back");
}
