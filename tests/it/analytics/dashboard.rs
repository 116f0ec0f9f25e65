//! What the dashboard counts, for whom, and that it counts now.
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::booking::Shop;
use crate::catalogue::pointers;
use crate::support::app::Service;

const DASHBOARD: &str = "/api/v1/admin/dashboard";

async fn of_day(shop: &Shop, date: NaiveDate) -> Value {
    shop.owner.get(&format!("{DASHBOARD}?start_date={date}&end_date={date}")).await.expect(200)
}

async fn lead(service: &Service, booking: &Value, path: &[&str]) {
    for status in path {
        sqlx::query("UPDATE app.bookings SET status = $2 WHERE id = $1")
            .bind(booking["id"].as_str().unwrap().parse::<Uuid>().unwrap())
            .bind(status)
            .execute(&mut service.platform().await)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn every_booking_counts_once_and_where_it_went() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let mut bookings = Vec::new();
    for start in &starts[..8] {
        bookings.push(shop.book(&shop.wish(start)).await.expect(201));
    }
    lead(&service, &bookings[0], &["checked_in", "completed"]).await;
    lead(&service, &bookings[1], &["checked_in", "completed"]).await;
    lead(&service, &bookings[2], &["checked_in"]).await;
    lead(&service, &bookings[3], &["no_show"]).await;
    shop.act(&bookings[4], "cancel", Some(&json!({}))).await.expect(200);
    shop.act(&bookings[5], "reschedule", Some(&json!({"start_at": starts[9]}))).await.expect(201);

    let day = of_day(&shop, shop.tomorrow).await;
    let counts = json!({
        "total": 8, "pending": 0, "confirmed": 3, "checked_in": 1, "completed": 2, "canceled": 1, "no_show": 1, "failed": 0,
        "rescheduled": 1,
    });
    assert_eq!(day["bookings"], counts);
    // three confirmed, one there, two done
    assert_eq!(day["revenue_booked"], json!([{"currency": "USD", "total_cents": 6 * 4500, "bookings": 6}]));
    assert_eq!((&day["no_show_rate"], &day["cancellation_rate"]), (&json!(0.25), &json!(0.125)));
    assert_eq!(day["customers"], json!({"total": 7, "new": 7, "returning": 0}));
    let cut = &day["services"][0];
    assert_eq!((&cut["bookings"], &cut["seats"], &cut["booked_min"]), (&json!(7), &json!(7), &json!(7 * 30)));
    let minutes: u64 = day["resources"].as_array().unwrap().iter().map(|row| row["booked_min"].as_u64().unwrap()).sum();
    assert_eq!((minutes, day["resources"].as_array().unwrap().len()), (7 * 30, 2));
    assert_eq!((&day["start_date"], &day["timezone"]), (&json!(shop.tomorrow), &json!("America/New_York")));

    // a day without any has no shares
    let empty = of_day(&shop, shop.tomorrow + Days::new(1)).await;
    assert_eq!(
        (&empty["bookings"]["total"], &empty["no_show_rate"], &empty["cancellation_rate"]),
        (&json!(0), &Value::Null, &Value::Null)
    );
    assert_eq!((&empty["services"], &empty["revenue_booked"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_class_is_one_use_with_many_seats() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"capacity": 5})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    for party in [1, 2] {
        let mut wish = shop.wish(&start);
        wish["attendee_count"] = party.into();
        shop.book(&wish).await.expect(201);
    }
    let day = of_day(&shop, shop.tomorrow).await;
    for uses in [&day["services"], &day["resources"]] {
        assert_eq!(uses.as_array().unwrap().len(), 1);
        let only = &uses[0];
        assert_eq!((&only["bookings"], &only["seats"], &only["booked_min"]), (&json!(2), &json!(3), &json!(30)));
    }
    assert_eq!(day["revenue_booked"][0]["total_cents"], 3 * 4500);
}

#[tokio::test]
async fn whoever_came_before_comes_back() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    let bookings = [
        shop.book(&shop.wish(&starts[0])).await.expect(201),
        shop.book(&shop.wish(&starts[1])).await.expect(201),
        shop.book(&shop.wish(&starts[2])).await.expect(201),
    ];
    // one was here last month, one wanted to be
    for (booking, status) in [(&bookings[0], "completed"), (&bookings[1], "canceled")] {
        let sql = "INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, start_at, end_at, booking_tz, status, source, currency)
                   SELECT tenant_id, gen_random_uuid(), customer_id, service_id, resource_id, start_at - interval '30 days',
                          end_at - interval '30 days', booking_tz, $2, 'import', currency FROM app.bookings WHERE id = $1";
        sqlx::query(sql)
            .bind(booking["id"].as_str().unwrap().parse::<Uuid>().unwrap())
            .bind(status)
            .execute(&mut service.platform().await)
            .await
            .unwrap();
    }
    let day = of_day(&shop, shop.tomorrow).await;
    assert_eq!(day["customers"], json!({"total": 3, "new": 2, "returning": 1}));
}

#[tokio::test]
async fn today_and_what_comes_next_are_listed() {
    let service = Service::start().await;
    let shop = Shop::with(&service, "UTC", 1, ("00:00", "24:00"), json!({"requires_confirmation": true})).await;
    // tomorrow begins in this test at a moment that is another day's noon
    let noon = (shop.tomorrow - Days::new(1)).and_hms_opt(12, 0, 0).unwrap().and_utc();
    let starts = shop.starts(noon.date_naive()).await;
    let mut bookings = Vec::new();
    for hour in ["10:00", "14:00", "16:00"] {
        let start = starts.iter().find(|start| &start[11..16] == hour).unwrap();
        bookings.push(shop.book(&shop.wish(start)).await.expect(201));
    }
    shop.act(&bookings[1], "confirm", None).await.expect(200);
    let later = shop.starts(shop.tomorrow).await.remove(0);
    bookings.push(shop.book(&shop.wish(&later)).await.expect(201));
    service.clock.advance(noon - service.clock.now());
    let owner = service.owner_of(&shop.tenant).await;
    let dashboard = owner.get(DASHBOARD).await.expect(200);
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|line| line["id"].clone()).collect::<Vec<_>>();
    let expected: Vec<Value> = bookings.iter().map(|booking| booking["id"].clone()).collect();
    assert_eq!(ids(&dashboard["today"]), expected[..3]);
    assert_eq!(ids(&dashboard["next_bookings"]), expected[1..]);
    assert_eq!(dashboard["pending_count"], 2, "what is past waits for nobody");
    let line = &dashboard["today"][1];
    assert_eq!(
        (&line["customer_name"], &line["service_name"], &line["resource_name"], &line["status"]),
        (&json!("Ana Torres"), &json!("Cut"), &json!("Ana 0"), &json!("confirmed"))
    );
    let last = noon.date_naive() + Days::new(6);
    assert_eq!((&dashboard["start_date"], &dashboard["end_date"]), (&json!(noon.date_naive()), &json!(last)));
}

#[tokio::test]
async fn it_counts_when_it_is_asked_and_for_its_own_business() {
    let service = Service::start().await;
    let (shop, other) = (Shop::open(&service, json!({})).await, Shop::open(&service, json!({})).await);
    let starts = shop.starts(shop.tomorrow).await;
    shop.book(&shop.wish(&starts[0])).await.expect(201);
    let first = shop.owner.get(DASHBOARD).await;
    assert_eq!(first.header("cache-control"), "private, max-age=300");
    assert!(first.header("vary").contains("Authorization"));
    let tag = first.header("etag").to_owned();
    assert_eq!(first.expect(200)["bookings"]["total"], 1);
    let again = shop.owner.clone().with("if-none-match", &tag);
    assert_eq!(again.get(DASHBOARD).await.status.as_u16(), 304);
    assert_eq!(other.owner.get(DASHBOARD).await.expect(200)["bookings"]["total"], 0);
    shop.book(&shop.wish(&starts[1])).await.expect(201);
    assert_eq!(again.get(DASHBOARD).await.expect(200)["bookings"]["total"], 2);
    for client in [service.viewer_of(&shop.tenant).await, service.staff_of(&shop.tenant).await] {
        client.get(DASHBOARD).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    service.admin_of(&shop.tenant).await.get(DASHBOARD).await.expect(200);
}

#[tokio::test]
async fn days_are_bounded() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    shop.owner.get(&format!("{DASHBOARD}?start_date=2026-01-01&end_date=2026-04-02")).await.expect(200);
    for query in [
        "start_date=2026-01-01&end_date=2026-04-03",
        "start_date=2026-01-02&end_date=2026-01-01",
        "end_date=2020-01-01",
    ] {
        let problem = shop.owner.get(&format!("{DASHBOARD}?{query}")).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(pointers(&problem), ["query/end_date"], "{query}");
    }
    shop.owner.get(&format!("{DASHBOARD}?start_date=9999-12-31&end_date=9999-12-31")).await.expect(200);
    shop.owner.get(&format!("{DASHBOARD}?start_date=0001-01-01&end_date=0001-01-01")).await.expect(200);
}

#[tokio::test]
async fn open_minutes_stand_beside_the_booked_ones() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({})).await;
    let starts = shop.starts(shop.tomorrow).await;
    for start in &starts[..3] {
        let mut wish = shop.wish(start);
        wish["resource_id"] = shop.resources[0].clone().into();
        shop.book(&wish).await.expect(201);
    }
    let row = |day: &Value, of: &str| {
        let row = &day[of][0];
        [&row["booked_min"], &row["open_min"], &row["utilization"]].map(Clone::clone)
    };
    // eight hours of the one who gave it, sixteen of both who could have
    let day = of_day(&shop, shop.tomorrow).await;
    assert_eq!(row(&day, "resources"), [json!(90), json!(480), json!(0.1875)]);
    assert_eq!(row(&day, "services"), [json!(90), json!(960), json!(0.0938)]);
    // an hour off, and a day of two
    let off = json!({"resource_id": shop.resources[0], "exception_date": shop.tomorrow, "is_available": false,
        "start_time": "16:00", "end_time": "17:00"});
    shop.owner.post("/api/v1/availability/exceptions", &off).await.expect(201);
    let path = format!("{DASHBOARD}?start_date={}&end_date={}", shop.tomorrow, shop.tomorrow + Days::new(1));
    let days = shop.owner.get(&path).await.expect(200);
    assert_eq!(row(&days, "resources"), [json!(90), json!(900), json!(0.1)]);
}
