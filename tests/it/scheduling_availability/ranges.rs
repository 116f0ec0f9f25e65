//! Closures and openings over a range of dates, made with one call.
use chrono::Days;
use serde_json::json;

use super::{Salon, spring};
use crate::catalogue::{ids, pointers, told};
use crate::support::app::Service;

const EXCEPTIONS: &str = "/api/v1/availability/exceptions";

#[tokio::test]
async fn a_business_closes_for_a_range_and_opens_again() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({})).await;
    let change = spring(&service);
    let (first, last) = (change - Days::new(2), change + Days::new(1));
    let closure = json!({"exception_date": first, "until_date": last, "is_available": false, "reason": "Works"});
    let made = salon.owner.post(EXCEPTIONS, &closure).await;
    let path = made.header("location").to_owned();
    let made = made.expect(201);
    assert_eq!(made["exception_date"], json!(first));
    let range = made["range_id"].as_str().unwrap();
    let dates = salon.owner.get(&format!("{EXCEPTIONS}?range_id={range}")).await.expect(200);
    assert_eq!(dates["data"].as_array().unwrap().len(), 4);
    for days in 0..6 {
        let date = first - Days::new(1) + Days::new(days);
        let open = date < first || date > last;
        assert_eq!(salon.walls(date).await.len(), if open { 8 } else { 0 }, "{date}");
    }
    let events = told(&service, &salon.tenant, made["id"].as_str().unwrap()).await;
    assert_eq!((events.len(), &events[0].1["until_date"]), (1, &json!(last)), "one event for the range");

    // one date of it differs again, then all of it goes
    let second = format!("{EXCEPTIONS}/{}", ids(&dates)[1]);
    let morning = json!({"exception_date": first + Days::new(1), "is_available": false, "start_time": "09:00", "end_time": "16:00"});
    assert_eq!(salon.owner.put(&second, &morning).await.expect(200)["range_id"], range);
    assert_eq!(salon.walls(first + Days::new(1)).await, ["16:00"]);
    salon.owner.delete(&second).await.expect(204);
    assert_eq!(salon.walls(first + Days::new(1)).await.len(), 8);
    salon.owner.delete(&format!("{path}?whole_range=true")).await.expect(204);
    assert!(ids(&salon.owner.get(EXCEPTIONS).await.expect(200)).is_empty());
    assert_eq!(salon.walls(change).await.len(), 8);
}

#[tokio::test]
async fn a_range_has_an_order_and_an_end() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    let closure = |until: &str| json!({"exception_date": "2027-01-01", "until_date": until, "is_available": false});
    for until in ["2026-12-31", "2028-01-02"] {
        let problem = salon.owner.post(EXCEPTIONS, &closure(until)).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(pointers(&problem), ["#/until_date"], "{until}");
    }
    salon.owner.post(EXCEPTIONS, &closure("2028-01-01")).await.expect(201);
    let all = salon.owner.get(&format!("{EXCEPTIONS}?include_total=true&limit=1")).await.expect(200);
    assert_eq!(all["total"], 366);
    let one = salon.owner.post(EXCEPTIONS, &closure("2027-01-01")).await.expect(201);
    assert_eq!(one["range_id"], serde_json::Value::Null, "one date is no range");
}
