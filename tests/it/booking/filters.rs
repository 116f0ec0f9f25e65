//! What a list of bookings is narrowed by, and what a booking tells members of its end.
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{BOOKINGS, Shop};
use crate::support::app::Service;

async fn ids(shop: &Shop, query: &str) -> Vec<Value> {
    let found = shop.owner.get(&format!("{BOOKINGS}?{query}")).await.expect(200);
    found["data"].as_array().unwrap().iter().map(|booking| booking["id"].clone()).collect()
}

#[tokio::test]
async fn bookings_are_found_by_whose_they_are() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let starts = shop.starts(shop.tomorrow).await;
    let mut booked = Vec::new();
    for (start, (name, email)) in starts.iter().zip([
        ("Ana Torres", "ana@a.example"),
        ("Bea 100% Low", "bea@b.example"),
        ("Ana Lima", "lima@a.example"),
    ]) {
        let mut wish = shop.wish(start);
        wish["customer"] = json!({"display_name": name, "email": email});
        booked.push(shop.book(&wish).await.expect(201));
    }
    other.book(&other.wish(&other.starts(other.tomorrow).await[0])).await.expect(201);
    let of = |at: &[usize]| at.iter().map(|at| booked[*at]["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&shop, "q=ana").await, of(&[0, 2]));
    assert_eq!(ids(&shop, "q=%40A.example").await, of(&[0, 2]));
    assert_eq!(ids(&shop, "q=bea").await, of(&[1]));
    assert_eq!(ids(&shop, "q=100%25").await, of(&[1]), "a sign is itself");
    assert_eq!(ids(&shop, "q=nobody").await, of(&[]));
    let customer = booked[2]["customer_id"].as_str().unwrap();
    assert_eq!(ids(&shop, &format!("customer_id={customer}")).await, of(&[2]));
    assert_eq!(ids(&shop, &format!("customer_id={customer}&q=bea")).await, of(&[]));
    // whoever may not see customers finds nothing out by trying names
    let sql = "UPDATE app.memberships SET permissions_json = '{\"customer.read\": false}' WHERE tenant_id = $1 AND user_id = $2";
    let query = sqlx::query(sql).bind(shop.tenant.id.0).bind(shop.tenant.staff.0);
    query.execute(&mut service.platform().await).await.unwrap();
    let staff = service.staff_of(&shop.tenant).await;
    staff.get(BOOKINGS).await.expect(200);
    staff.get(&format!("{BOOKINGS}?q=ana")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
}

#[tokio::test]
async fn a_booking_tells_how_it_ended_and_what_was_booked() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let kept = shop.book(&shop.wish(&starts[0])).await.expect(201);
    let members = |booking: &Value| {
        ["canceled_by", "no_show_flag", "no_show_fee_status", "unlisted"].map(|name| booking[name].clone())
    };
    assert_eq!(members(&kept), [json!(null), json!(false), json!("none"), json!(false)]);
    assert!(kept.get("manage_token").is_none(), "a member needs none");
    let snapshot = &kept["service_snapshot"];
    assert_eq!(
        (&snapshot["name"], &snapshot["duration_min"], &snapshot["price_cents"]),
        (&json!("Cut"), &json!(30), &json!(4500))
    );
    let path = format!("/api/v1/services/{}", shop.service_id);
    shop.owner.patch(&path, &json!({"name": "Trim", "price_cents": 1})).await.expect(200);
    let path = format!("{BOOKINGS}/{}", kept["id"].as_str().unwrap());
    assert_eq!(&shop.owner.get(&path).await.expect(200)["service_snapshot"], snapshot, "as it was");

    let own = shop.visit(&shop.wish(&starts[1])).await.expect(201);
    shop.own(own["manage_token"].as_str().unwrap(), "cancel", &json!({})).await.expect(200);
    let path = format!("{BOOKINGS}/{}", own["id"].as_str().unwrap());
    assert_eq!(shop.owner.get(&path).await.expect(200)["canceled_by"], "customer");
    let desk = shop.book(&shop.wish(&starts[2])).await.expect(201);
    assert_eq!(shop.act(&desk, "cancel", Some(&json!({}))).await.expect(200)["canceled_by"], "staff");
    let begins: DateTime<Utc> = starts[0].parse().unwrap();
    service.clock.advance(begins - service.clock.now());
    let owner = service.owner_of(&shop.tenant).await;
    let path = format!("{BOOKINGS}/{}/no-show", kept["id"].as_str().unwrap());
    let missed = owner.key(&super::key()).send(reqwest::Method::POST, &path, None).await.expect(200);
    assert_eq!((&missed["status"], &missed["no_show_flag"]), (&json!("no_show"), &json!(true)));
}
