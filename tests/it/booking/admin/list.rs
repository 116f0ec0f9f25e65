//! The list with customers and services, and the note that somebody looked at it.
use serde_json::{Value, json};

use super::{DESK, booked, id, noted};
use crate::booking::Shop;
use crate::catalogue::ids;
use crate::support::app::Service;

async fn named(shop: &Shop, start: &str, name: &str, email: &str) -> Value {
    let mut wish = shop.wish(start);
    wish["customer"] = json!({"display_name": name, "email": email, "phone": "+1 212 555 0100"});
    shop.book(&wish).await.expect(201)
}

#[tokio::test]
async fn customer_and_service_stand_beside_each_booking() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"name": "Deep cut", "category": "Hair"})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let booking = named(&shop, &start, "Ana Torres", "ana.torres@example.com").await;
    let list = shop.owner.get(&format!("{DESK}?include_total=true")).await;
    assert_eq!(list.header("etag"), "");
    let list = list.expect(200);
    let entry = &list["data"][0];
    for member in booking.as_object().unwrap().keys() {
        assert_eq!(entry[member], booking[member], "{member}");
    }
    let customer = json!({
        "id": booking["customer_id"], "display_name": "Ana Torres", "email": "ana.torres@example.com", "phone": "+1 212 555 0100",
    });
    assert_eq!(entry["customer"], customer);
    assert_eq!((&entry["service"]["name"], &entry["service"]["category"]), (&json!("Deep cut"), &json!("Hair")));
    assert_eq!(entry["resource_name"], "Ana 0");
    assert_eq!((&list["total"], &list["has_more"], &list["next_cursor"]), (&json!(1), &json!(false), &Value::Null));
    assert_eq!(list["filters"]["status"], json!([]));
    assert_eq!(list["filters"]["customer"], Value::Null);

    let noted = noted(&service, &shop, "ADMIN_VIEW").await;
    assert_eq!(noted.len(), 1);
    assert_eq!((&noted[0].0, &noted[0].1["booking_ids"]), (&None, &json!([booking["id"]])));
}

#[tokio::test]
async fn filters_narrow_and_are_told() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let ana = named(&shop, &starts[0], "Ana Torres", "ana@one.example").await;
    let bob = named(&shop, &starts[1], "Bob 100% Lima", "bob@two.example").await;
    shop.act(&bob, "cancel", Some(&json!({}))).await.expect(200);
    let local = &starts[0][..10];
    let cases = [
        ("status=canceled".to_owned(), vec![&bob]),
        ("status=canceled&status=confirmed".to_owned(), vec![&ana, &bob]),
        ("customer=TORRES".to_owned(), vec![&ana]),
        ("customer=two.example".to_owned(), vec![&bob]),
        ("customer=100%25".to_owned(), vec![&bob]),
        ("customer=_".to_owned(), vec![]),
        ("q=lima".to_owned(), vec![&bob]),
        // the name of whoever gives it is searched too
        ("q=ana".to_owned(), vec![&ana, &bob]),
        (format!("customer_id={}", ana["customer_id"].as_str().unwrap()), vec![&ana]),
        (format!("service_id={}", shop.service_id), vec![&ana, &bob]),
        (format!("service_id={}", service.new_id()), vec![]),
        (format!("start_date={local}&end_date={local}"), vec![&ana, &bob]),
        ("end_date=2020-01-01".to_owned(), vec![]),
        ("sort=-start_at".to_owned(), vec![&bob, &ana]),
    ];
    for (query, expected) in cases {
        let list = shop.owner.get(&format!("{DESK}?{query}")).await.expect(200);
        let expected: Vec<String> = expected.iter().map(|booking| id(booking).to_owned()).collect();
        assert_eq!(ids(&list), expected, "{query}");
    }
    let list = shop.owner.get(&format!("{DESK}?status=canceled&q=bob&start_date=2026-01-01")).await.expect(200);
    let filters = &list["filters"];
    assert_eq!(
        (&filters["status"], &filters["q"], &filters["start_date"]),
        (&json!(["canceled"]), &json!("bob"), &json!("2026-01-01"))
    );
    let last = noted(&service, &shop, "ADMIN_VIEW").await.pop().unwrap().1;
    assert_eq!(last["filters"]["searched"], true);
    assert!(!last.to_string().contains("bob"), "the log knows nobody by name: {last}");
}

#[tokio::test]
async fn pages_follow_each_other_and_each_is_noted() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 5).await;
    let (mut seen, mut query, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let list = shop.owner.get(&format!("{DESK}?limit=2{query}")).await.expect(200);
        seen.extend(ids(&list));
        pages += 1;
        let Some(cursor) = list["next_cursor"].as_str() else { break };
        query = format!("&cursor={cursor}");
        // a cursor is good for its own list
        shop.owner.get(&format!("/api/v1/bookings?limit=2{query}")).await.refused(400, "TITHI_CURSOR_INVALID");
        shop.owner.get(&format!("{DESK}?q=x{query}")).await.refused(400, "TITHI_CURSOR_INVALID");
    }
    assert_eq!(seen, bookings.iter().map(|booking| id(booking).to_owned()).collect::<Vec<_>>());
    assert_eq!((pages, noted(&service, &shop, "ADMIN_VIEW").await.len()), (3, 3), "refused ones show nothing");
}

#[tokio::test]
async fn it_shows_nobody_elses_and_is_for_admins() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    booked(&other, 1).await;
    let list = shop.owner.get(&format!("{DESK}?include_total=true")).await.expect(200);
    assert_eq!((&list["data"], &list["total"]), (&json!([]), &json!(0)));
    for client in [service.viewer_of(&shop.tenant).await, service.staff_of(&shop.tenant).await] {
        for path in [DESK.to_owned(), format!("{DESK}/export")] {
            client.get(&path).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        }
    }
    service.admin_of(&shop.tenant).await.get(DESK).await.expect(200);
    sqlx::query("UPDATE app.memberships SET permissions_json = '{\"customer.read\": false}' WHERE tenant_id = $1 AND user_id = $2")
        .bind(shop.tenant.id.0)
        .bind(shop.tenant.admin.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    service.admin_of(&shop.tenant).await.get(DESK).await.refused(403, "TITHI_AUTH_FORBIDDEN");
}
