//! Which dates have free times: exactly those of which the listing has some.
use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use crate::booking::Shop;
use crate::support::app::Service;
use crate::support::client::Client;

/// The days of a stretch, each compared with the listing of that date alone.
async fn days_as_listed(shop: &Shop, client: &Client, stretch: &str) -> Vec<Value> {
    let base = format!("/api/v1/availability/days?service_id={}&{stretch}", shop.service_id);
    let answer = client.get(&base).await.expect(200);
    let days = answer["data"].as_array().unwrap().clone();
    assert!(days.is_sorted_by_key(|day| day["date"].as_str().unwrap().to_owned()));
    for day in &days {
        let date = day["date"].as_str().unwrap();
        let list = format!("/api/v1/availability?service_id={}&date={date}", shop.service_id);
        let list = client.get(&list).await.expect(200);
        let starts: Vec<&Value> = list["data"].as_array().unwrap().iter().map(|slot| &slot["start"]).collect();
        let expected = json!({
            "date": date, "free": !starts.is_empty(), "slots": starts.len(),
            "first_start": starts.first(), "last_start": starts.last(),
        });
        assert_eq!(*day, expected);
    }
    days
}

fn free(days: &[Value]) -> usize {
    days.iter().filter(|day| day["free"] == true).count()
}

#[tokio::test]
async fn a_date_is_free_when_its_list_is_not_empty() {
    let service = Service::start().await;
    let shop = Shop::staffed(&service, 2, json!({"duration_min": 45, "buffer_after_min": 15})).await;
    let closed = json!({"exception_date": shop.tomorrow + Days::new(1), "is_available": false});
    shop.owner.post("/api/v1/availability/exceptions", &closed).await.expect(201);
    for start in shop.starts(shop.tomorrow).await.iter().step_by(2).take(3) {
        shop.book(&shop.wish(start)).await.expect(201);
    }
    let last = shop.tomorrow + Days::new(6);
    let days = days_as_listed(&shop, &shop.owner, &format!("start_date={}&end_date={last}", shop.tomorrow)).await;
    assert_eq!((days.len(), free(&days)), (7, 6), "{days:?}");
    assert_eq!(days[1]["free"], false);
    assert!(days[0]["slots"].as_u64() < days[2]["slots"].as_u64() || days[0] != days[2]);
}

/// Sixty-two dates with a change day: an hour more than sixty-two days. And around the clock in a zone that is not
/// the business's, so that what is one date here is two there.
#[tokio::test]
async fn change_days_and_other_zones_move_no_date() {
    let service = Service::start().await;
    let year = service.clock.now().year() + 1;
    let shop = Shop::open(&service, json!({})).await;
    let autumn = days_as_listed(&shop, &shop.owner, &format!("start_date={year}-10-01&end_date={year}-12-01")).await;
    assert_eq!((autumn.len(), free(&autumn)), (62, 62));
    let wanted = json!({"duration_min": 50});
    let night = Shop::with(&service, "Australia/Lord_Howe", 1, ("00:00", "24:00"), wanted).await;
    let far = json!({"tz": "America/Sao_Paulo"});
    night.owner.patch(&format!("/api/v1/resources/{}", night.resources[0]), &far).await.expect(200);
    for month in ["04", "10"] {
        let days = days_as_listed(&night, &night.owner, &format!("month={year}-{month}")).await;
        assert_eq!(free(&days), days.len());
    }
}

#[tokio::test]
async fn the_public_sees_what_it_may_book() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({"horizon_days": 3})).await;
    let today = service.clock.now().date_naive();
    let stretch = format!("start_date={today}&end_date={}", today + Days::new(13));
    let stranger = days_as_listed(&shop, &shop.stranger, &stretch).await;
    let owner = days_as_listed(&shop, &shop.owner, &stretch).await;
    assert!(free(&stranger) <= 5 && free(&owner) >= 13, "{stranger:?}\n{owner:?}");
    let page = format!("/v1/b/{}/availability/days?service_id={}&{stretch}", shop.tenant.slug, shop.service_id);
    let public = shop.stranger.get(&page).await;
    assert_eq!(public.header("cache-control"), "public, no-cache");
    let tag = public.header("etag").to_owned();
    assert_eq!(public.expect(200)["data"].as_array().unwrap(), &stranger);
    let again = shop.stranger.clone().with("if-none-match", &tag).get(&page).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn without_dates_it_is_this_month() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let path = format!("/api/v1/availability/days?service_id={}", shop.service_id);
    let answer = shop.owner.get(&path).await.expect(200);
    let date = |name: &str| answer[name].as_str().unwrap().parse::<NaiveDate>().unwrap();
    let (first, last) = (date("start_date"), date("end_date"));
    assert_eq!(
        (first.day(), (last + Days::new(1)).day(), answer["timezone"].as_str()),
        (1, 1, Some("America/New_York"))
    );
    let today = (service.clock.now() - chrono::TimeDelta::hours(5)).date_naive();
    assert!((first..=last).contains(&today) || today.day() == 1, "{first} {last} {today}");
    assert_eq!(answer["data"].as_array().unwrap().len(), last.day() as usize);
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let base = format!("/api/v1/availability/days?service_id={}", shop.service_id);
    for (query, pointer) in [
        ("&month=2026-13", "query/month"),
        ("&month=2026-1", "query/month"),
        ("&month=2026-12&start_date=2026-12-01", "query/month"),
        ("&start_date=2026-12-01&end_date=2027-02-01", "query/end_date"),
        ("&start_date=2026-12-02&end_date=2026-12-01", "query/end_date"),
        ("&start_date=0001-01-01&end_date=9999-12-31", "query/end_date"),
        ("&end_date=2026-12-01", "query/start_date"),
        ("&start_date=2026-02-30", "query/start_date"),
        ("&month=2026-12&attendee_count=0", "query/attendee_count"),
    ] {
        let problem = shop.owner.get(&format!("{base}{query}")).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
    // the listing has the same bounds, and reads nothing before it refuses
    let list = format!("/api/v1/availability?service_id={}&start_date=2026-12-01&end_date=2027-02-01", shop.service_id);
    shop.owner.get(&list).await.refused(400, "TITHI_VALIDATION_ERROR");
    for edge in ["0001-01-01", "9999-12-31"] {
        shop.owner.get(&format!("{base}&start_date={edge}")).await.expect(200);
    }
    let other = Shop::open(&service, json!({})).await;
    let theirs = format!("/api/v1/availability/days?service_id={}&month=2026-12", other.service_id);
    shop.owner.get(&theirs).await.refused(404, "TITHI_SERVICE_NOT_FOUND");
    let whose = format!("{base}&month=2026-12&resource_id={}", other.resources[0]);
    shop.owner.get(&whose).await.refused(404, "TITHI_RESOURCE_NOT_FOUND");
}
