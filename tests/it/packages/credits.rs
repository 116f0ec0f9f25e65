//! Credits are given, sold, used and lost.
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tithi::jobs;

use super::{CREDITS, PACKAGES, audit, customer, grant, left};
use crate::booking::key;
use crate::catalogue::{a_service, ids, made, pointers};
use crate::support::app::Service;

#[tokio::test]
async fn credits_are_given_sold_and_used_those_first_that_expire_first() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (owner, staff) = (service.owner_of(&tenant).await, service.staff_of(&tenant).await);
    let (ana, _) = customer(&owner).await;
    grant(&owner, ana, 10).await;
    let soon = service.clock.now() + TimeDelta::days(10);
    let body = json!({"customer_id": ana, "credits": 5, "expires_at": soon, "reason": "Sorry"});
    owner.key(&key()).post(&format!("{CREDITS}/grant"), &body).await.expect(200);
    let sale = json!({"customer_id": ana, "credits": 20, "amount_cents": 10000, "valid_days": 30, "paid_with": "cash"});
    let sold = staff.key(&key()).post(&format!("{CREDITS}/purchase"), &sale).await.expect(201);
    assert_eq!(
        (&sold["kind"], &sold["status"], &sold["description"]),
        (&"credits".into(), &"paid".into(), &"20 credits".into())
    );
    let spend = async |credits: i64| {
        let body = json!({"customer_id": ana, "credits": credits, "reason": "A drink"});
        staff.key(&key()).post(&format!("{CREDITS}/consume"), &body).await
    };
    let after = spend(7).await.expect(200);
    let lots: Vec<i64> = after["lots"].as_array().unwrap().iter().map(|lot| lot["balance"].as_i64().unwrap()).collect();
    assert_eq!((after["balance"].as_i64().unwrap(), lots), (28, vec![18, 10]), "the ones that expire first are gone");
    let refused = spend(29).await.refused(409, "TITHI_CREDITS_INSUFFICIENT");
    assert_eq!(refused["balance"], 28);
    let entries = staff.get(&format!("{CREDITS}/transactions?customer_id={ana}")).await.expect(200);
    let sum: i64 = entries["data"].as_array().unwrap().iter().map(|entry| entry["amount"].as_i64().unwrap()).sum();
    assert_eq!((sum, ids(&entries).len()), (28, 5));
    assert_eq!(audit(&service, &tenant).await, [35, 7, 0]);
    let given = json!({"customer_id": ana, "credits": 1, "amount_cents": 1, "paid_with": "given"});
    owner.key(&key()).post(&format!("{CREDITS}/purchase"), &given).await.refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn of_many_who_use_them_at_once_none_uses_what_another_used() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    for _ in 0..4 {
        grant(&owner, ana, 4).await;
    }
    let path = format!("{CREDITS}/consume");
    let body = json!({"customer_id": ana, "credits": 3, "reason": "At once"});
    let answers = join_all((0..40).map(|_| {
        let owner = owner.key(&key());
        let (path, body) = (path.clone(), body.clone());
        async move { owner.post(&path, &body).await.status.as_u16() }
    }))
    .await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 5);
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 35);
    assert_eq!(left(&owner, ana).await, (1, vec![]));
    assert_eq!(audit(&service, &tenant).await, [16, 15, 0]);
}

#[tokio::test]
async fn what_expires_cannot_be_used_and_is_booked_out() {
    let service = Service::alone().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (ana, _) = customer(&owner).await;
    let five =
        made(&owner, PACKAGES, &json!({"name": "Five", "sessions": 5, "price_cents": 1, "valid_days": 30})).await;
    super::sell(&owner, &five, ana).await;
    let soon = service.clock.now() + TimeDelta::days(30);
    let body = json!({"customer_id": ana, "credits": 5, "expires_at": soon, "reason": "Sorry"});
    owner.key(&key()).post(&format!("{CREDITS}/grant"), &body).await.expect(200);
    let past = json!({"customer_id": ana, "credits": 5, "expires_at": service.clock.now(), "reason": "Sorry"});
    owner.key(&key()).post(&format!("{CREDITS}/grant"), &past).await.refused(422, "TITHI_RULE_VIOLATION");
    jobs::keep_house(&service.app).await.unwrap();
    assert_eq!(audit(&service, &tenant).await, [10, 0, 0], "nothing is due");
    service.clock.advance(TimeDelta::days(30));
    let owner = service.owner_of(&tenant).await;
    assert_eq!(left(&owner, ana).await, (0, vec![]), "whether the round came by or not");
    let spend = json!({"customer_id": ana, "credits": 1, "reason": "Too late"});
    owner.key(&key()).post(&format!("{CREDITS}/consume"), &spend).await.refused(409, "TITHI_CREDITS_INSUFFICIENT");
    for _ in 0..2 {
        jobs::keep_house(&service.app).await.unwrap();
        assert_eq!(audit(&service, &tenant).await, [10, 0, 10]);
    }
}

#[tokio::test]
async fn services_have_prices_in_credits() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (owner, staff) = (service.owner_of(&tenant).await, service.staff_of(&tenant).await);
    let prices = format!("{CREDITS}/prices");
    let cut = made(&owner, "/api/v1/services", &a_service("Cut")).await;
    let dye = made(&owner, "/api/v1/services", &a_service("Dye")).await;
    let set = |pairs: &[(&str, i64)]| {
        let all: Vec<Value> =
            pairs.iter().map(|(service, credits)| json!({"service_id": service, "credits": credits})).collect();
        json!({ "prices": all })
    };
    owner.put(&prices, &set(&[(&cut, 3), (&dye, 5)])).await.expect(200);
    let kept = owner.put(&prices, &set(&[(&cut, 4)])).await.expect(200);
    assert_eq!(kept, set(&[(&cut, 4)]));
    assert_eq!(staff.get(&prices).await.expect(200), kept);
    staff.put(&prices, &set(&[])).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    owner.put(&prices, &set(&[(&cut, 4), (&cut, 5)])).await.refused(400, "TITHI_VALIDATION_ERROR");
    let none = service.new_id().to_string();
    let refused = owner.put(&prices, &set(&[(&none, 4)])).await.refused(422, "TITHI_REFERENCE_NOT_FOUND");
    assert_eq!(pointers(&refused), ["#/prices"]);
    assert_eq!(owner.put(&prices, &set(&[])).await.expect(200), set(&[]));
}
