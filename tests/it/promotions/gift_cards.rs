//! Gift cards: bought, given, used up bit by bit, and never worth more than was paid.
use ::entity::ids::GiftCardId;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tithi::domains::promotions;
use tithi::error::Code;
use uuid::Uuid;

use super::{CARDS, balances, card, customer, key, money, scope, traces};
use crate::catalogue::told;
use crate::support::app::Service;
use crate::support::people::Tenant;

/// Takes in a transaction of its own, as a payment does.
async fn take(service: &Service, tenant: &Tenant, code: &str, cents: i64, payment: Uuid) -> Result<i64, String> {
    let scope = scope(service, tenant);
    match promotions::gift_take(&scope, code, money(cents, "USD"), payment).await {
        Ok(paid) => {
            scope.commit().await.unwrap();
            Ok(paid.minor)
        }
        Err(error) => {
            scope.roll_back().await;
            assert_eq!(error.code(), Code::GiftCardInvalid, "{error}");
            Err(error.extra()["reason"].as_str().unwrap().to_owned())
        }
    }
}

async fn codes(service: &Service, tenant: &Tenant, card: Uuid) -> Vec<String> {
    told(service, tenant, &card.to_string()).await.into_iter().map(|(code, _)| code).collect()
}

#[tokio::test]
async fn a_card_is_issued_told_once_and_used_up() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (owner, staff) = (service.owner_of(&tenant).await, service.staff_of(&tenant).await);
    let recipient = json!({"display_name": "Ben", "email": "ben@example.com"});
    let (id, code) =
        card(&owner, &json!({"amount_cents": 5000, "recipient": recipient, "message": "For Ben alone"})).await;
    let read = staff.get(&format!("{CARDS}/{id}")).await;
    assert!(!String::from_utf8_lossy(&read.body).contains(&code), "nobody is told again");
    let read = read.expect(200);
    assert_eq!(
        (&read["status"], &read["balance_cents"], &read["currency"]),
        (&"active".into(), &5000.into(), &"USD".into())
    );
    assert!(code.ends_with(read["code_hint"].as_str().unwrap()) && !read["sent_at"].is_null());

    let balance =
        async |code: &str| service.stranger(&tenant).post(&format!("{CARDS}/balance"), &json!({"code": code})).await;
    assert_eq!(balance(&code.to_lowercase().replace('-', "")).await.expect(200)["balance_cents"], 5000);
    let refused = balance("0000-0000-0000-0000").await.refused(422, "TITHI_GIFT_CARD_INVALID");
    assert_eq!(refused["reason"], "unknown");

    let spend = async |cents: i64| {
        staff.key(&key()).post(&format!("{CARDS}/redeem"), &json!({"code": code, "amount_cents": cents})).await
    };
    assert_eq!(spend(1500).await.expect(200)["balance_cents"], 3500);
    let refused = spend(3501).await.refused(422, "TITHI_GIFT_CARD_INVALID");
    assert_eq!((&refused["reason"], &refused["balance_cents"]), (&"not_enough".into(), &3500.into()));
    assert_eq!(spend(3500).await.expect(200)["balance_cents"], 0);
    assert_eq!(spend(1).await.refused(422, "TITHI_GIFT_CARD_INVALID")["reason"], "empty");
    assert_eq!(balance(&code).await.expect(200)["balance_cents"], 0);
    let moves = staff.get(&format!("{CARDS}/{id}/transactions")).await.expect(200);
    let amounts: Vec<i64> =
        moves["data"].as_array().unwrap().iter().map(|one| one["amount_cents"].as_i64().unwrap()).collect();
    assert_eq!(amounts.iter().sum::<i64>(), 0);
    assert_eq!(amounts.len(), 3);
    assert_eq!(balances(&service, &tenant).await, [0]);
    let expected = ["CREATED", "ACTIVATED", "SENT", "REDEEMED", "REDEEMED"].map(|what| format!("GIFT_CARD_{what}"));
    assert_eq!(codes(&service, &tenant, id).await, expected);
    let traces = traces(&service, &tenant).await;
    for secret in [code.as_str(), &code.replace('-', ""), "For Ben alone", "ben@example.com"] {
        assert!(!traces.contains(secret), "{secret} is logged or told");
    }
}

#[tokio::test]
async fn of_many_payments_at_once_none_takes_what_another_took() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let (_, code) = card(&owner, &json!({"amount_cents": 5000})).await;
    let payments: Vec<Uuid> = (0..40).map(|_| service.new_id()).collect();
    // each payment asks twice, as a retry does
    let tries = payments.iter().chain(&payments).map(|payment| take(&service, &tenant, &code, 900, *payment));
    let answers = join_all(tries).await;
    assert_eq!(balances(&service, &tenant).await, [0]);
    let (first, second) = answers.split_at(40);
    let paid: Vec<i64> = first.iter().zip(second).filter_map(|pair| pair.0.clone().or(pair.1.clone()).ok()).collect();
    assert_eq!((paid.iter().sum::<i64>(), paid.len()), (5000, 6), "five whole ones and a rest: {paid:?}");
    // all of them fail in the end, some told twice
    let backs = payments.iter().chain(&payments).map(|payment| async {
        let scope = scope(&service, &tenant);
        promotions::gift_give_back(&scope, *payment).await.unwrap();
        scope.commit().await.unwrap();
    });
    join_all(backs).await;
    assert_eq!(balances(&service, &tenant).await, [5000]);
}

#[tokio::test]
async fn a_card_that_is_bought_is_worth_something_once_it_is_paid() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let body = json!({"amount_cents": 2500, "purchaser": {"display_name": "Ana", "email": "ana@example.com"}});
    let page = format!("/v1/b/{}/gift-cards", tenant.slug);
    let bought = service.stranger(&tenant).key(&key()).post(&page, &body).await.expect(201);
    let (code, id) =
        (bought["code"].as_str().unwrap().to_owned(), bought["id"].as_str().unwrap().parse::<Uuid>().unwrap());
    assert_eq!(bought["status"], "pending");
    let payment = service.new_id();
    assert_eq!(take(&service, &tenant, &code, 100, payment).await, Err("not_paid".into()));

    let paying = scope(&service, &tenant);
    let keys = &service.app.manage;
    let token = bought["purchase_token"].as_str().unwrap();
    let card = promotions::open_gift_card(&paying, keys, token).unwrap();
    assert_eq!(card, GiftCardId(id));
    let due = promotions::gift_card_due(&paying, card).await.unwrap();
    assert_eq!((due.amount, due.description.as_str()), (money(2500, "USD"), "Gift card over 25.00 USD"));
    assert_eq!(promotions::gift_code(&paying, keys, card).await.unwrap(), code);
    paying.roll_back().await;
    let other = service.tenant().await;
    let foreign = scope(&service, &other);
    assert_eq!(promotions::open_gift_card(&foreign, keys, token).unwrap_err().code(), Code::GiftCardNotFound);

    // by a confirmation and by several messages at once
    let all = (0..6).map(|_| async {
        let scope = scope(&service, &tenant);
        promotions::gift_card_paid(&scope, card, payment).await.unwrap();
        scope.commit().await.unwrap();
    });
    join_all(all).await;
    assert_eq!(balances(&service, &tenant).await, [2500]);
    let late = scope(&service, &tenant);
    assert_eq!(promotions::gift_card_due(&late, card).await.unwrap_err().code(), Code::Conflict);
    assert_eq!(promotions::gift_card_paid(&late, card, service.new_id()).await.unwrap_err().code(), Code::Conflict);
    late.roll_back().await;
    assert_eq!(take(&service, &tenant, &code, 1000, service.new_id()).await, Ok(1000));
    for _ in 0..2 {
        let undone = scope(&service, &tenant);
        promotions::gift_card_undone(&undone, card, payment).await.unwrap();
        undone.commit().await.unwrap();
    }
    assert_eq!(balances(&service, &tenant).await, [0]);
    assert_eq!(take(&service, &tenant, &code, 100, service.new_id()).await, Err("void".into()));
    let expected = ["CREATED", "ACTIVATED", "SENT", "REDEEMED", "VOIDED"].map(|what| format!("GIFT_CARD_{what}"));
    assert_eq!(codes(&service, &tenant, id).await, expected);
    assert_eq!(owner.get(CARDS).await.expect(200)["data"][0]["status"], "void");
}

#[tokio::test]
async fn a_card_expires_is_sent_on_and_made_void() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let soon = service.clock.now() + TimeDelta::days(30);
    let past = json!({"amount_cents": 1, "expires_at": service.clock.now()});
    owner.key(&key()).post(CARDS, &past).await.refused(422, "TITHI_RULE_VIOLATION");
    let (id, code) = card(&owner, &json!({"amount_cents": 1250, "currency": "KWD", "expires_at": soon})).await;
    assert_eq!(take(&service, &tenant, &code, 100, service.new_id()).await, Err("other_currency".into()));
    let send = async |body: Value| owner.key(&key()).post(&format!("{CARDS}/{id}/send"), &body).await;
    send(json!({})).await.refused(400, "TITHI_VALIDATION_ERROR");
    let sent = send(json!({"recipient": {"display_name": "Ben", "email": "ben@example.com"}})).await.expect(200);
    assert!(!sent["recipient_customer_id"].is_null());
    send(json!({})).await.expect(200);
    service.clock.advance(TimeDelta::days(30));
    let owner = service.owner_of(&tenant).await;
    let asked = owner.post(&format!("{CARDS}/balance"), &json!({"code": code})).await;
    assert_eq!(asked.refused(422, "TITHI_GIFT_CARD_INVALID")["reason"], "expired");
    for _ in 0..2 {
        let void = owner.key(&key()).send(reqwest::Method::POST, &format!("{CARDS}/{id}/void"), None).await.expect(200);
        assert_eq!((&void["status"], &void["balance_cents"]), (&"void".into(), &0.into()));
    }
    assert_eq!(balances(&service, &tenant).await, [0]);
}

#[tokio::test]
async fn who_is_made_unknown_leaves_no_words_on_a_card() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let ana = customer(&owner).await;
    let (id, _) = card(&owner, &json!({"amount_cents": 100, "customer_id": ana, "message": "From your Ana"})).await;
    let path = format!("/api/v1/customers/{ana}/pseudonymize");
    owner.key(&key()).send(reqwest::Method::POST, &path, None).await.expect(200);
    assert_eq!(owner.get(&format!("{CARDS}/{id}")).await.expect(200)["message"], Value::Null);
}
