//! Whom a change of hours leaves outside: told, refused, or forced.
use chrono::{Days, TimeDelta};
use serde_json::{Value, json};

use super::{Salon, week};
use crate::booking::key;
use crate::catalogue::{made, told};
use crate::support::app::Service;
use crate::support::client::Answer;

const EXCEPTIONS: &str = "/api/v1/availability/exceptions";

/// The bookings of a refusal, after it was held to its shape.
#[track_caller]
fn broken(answer: Answer) -> Vec<Value> {
    let problem = answer.refused(409, "TITHI_AVAILABILITY_BREAKS_BOOKINGS");
    let bookings = problem["details"]["bookings"].as_array().unwrap().clone();
    assert_eq!(problem["details"]["count"], bookings.len());
    bookings
}

#[track_caller]
fn rehearsed(answer: Answer) -> Vec<Value> {
    let report = answer.expect(200);
    let breaks = report["breaks"].as_array().unwrap().clone();
    assert_eq!(report["count"], breaks.len());
    breaks
}

#[tokio::test]
async fn a_rehearsal_tells_what_force_breaks_and_changes_nothing() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({"buffer_before_min": 30, "buffer_after_min": 30})).await;
    let early = salon.book(salon.monday, 0).await;
    let late = salon.book(salon.monday + Days::new(1), 5).await;
    assert_ne!(early["start_at"], late["start_at"]);
    let shorter = json!({"rule_type": "weekly", "schedule": week("10:00", "17:00")});
    let before = salon.owner.get(&salon.rule()).await.expect(200);
    let refused = broken(salon.owner.put(&salon.rule(), &shorter).await);
    assert_eq!(refused.len(), 1);
    let named = &refused[0];
    assert_eq!((&named["id"], &named["start"]), (&early["id"], &early["start_at"]));
    assert_eq!((&named["customer"], &named["service"]), (&"Ana Torres".into(), &"Massage".into()));
    assert_eq!(rehearsed(salon.owner.put(&format!("{}?dry_run=true", salon.rule()), &shorter).await), refused);
    assert_eq!(salon.owner.get(&salon.rule()).await.expect(200), before, "nothing has changed");
    let count = async || told(&service, &salon.tenant, &salon.resource_id).await.len();
    let events = count().await;

    salon.owner.put(&format!("{}?force=true", salon.rule()), &shorter).await.expect(200);
    assert_eq!(count().await, events + 2);
    let told = told(&service, &salon.tenant, &salon.resource_id).await;
    let (_, forced) = told.iter().find(|(code, _)| code == "AVAILABILITY_FORCED").unwrap();
    assert_eq!((&forced["count"], &forced["booking_ids"]), (&1.into(), &json!([early["id"]])));
    // it lies outside anyway now
    let shortest = json!({"rule_type": "weekly", "schedule": week("11:00", "17:00")});
    salon.owner.put(&salon.rule(), &shortest).await.expect(200);
    assert_eq!(broken(salon.owner.delete(&salon.rule()).await)[0]["id"], late["id"]);
    salon.owner.put(&format!("{}?force=maybe", salon.rule()), &shortest).await.refused(400, "TITHI_VALIDATION_ERROR");
}

#[tokio::test]
async fn closures_and_time_off_are_weighed_too() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({"capacity": 4})).await;
    let other = Salon::with_hours(&service, json!({})).await;
    other.book(other.monday, 0).await;
    // two seats of one class, and another day
    let mut class = vec![salon.book(salon.monday, 0).await, salon.book(salon.monday, 0).await];
    salon.book(salon.monday + Days::new(20), 0).await;
    class.sort_by_key(|booking| booking["id"].to_string());
    let seats = |mut found: Vec<Value>| {
        found.sort_by_key(|booking| booking["id"].to_string());
        found.iter().map(|booking| booking["id"].clone()).collect::<Vec<_>>()
    };
    let expected: Vec<Value> = class.iter().map(|booking| booking["id"].clone()).collect();
    let (from, until) = (salon.monday - Days::new(1), salon.monday + Days::new(5));
    let closure = json!({"exception_date": from, "until_date": until, "is_available": false});
    assert_eq!(seats(broken(salon.owner.post(EXCEPTIONS, &closure).await)), expected);
    assert_eq!(seats(rehearsed(salon.owner.post(&format!("{EXCEPTIONS}?dry_run=true"), &closure).await)), expected);
    // beside the class
    let noon = json!([{"start_time": "10:00", "end_time": "17:00"}]);
    let part = |work_hours: Value| json!({"schedule_type": "time_off", "valid_from": salon.monday, "valid_until": salon.monday, "work_hours": work_hours});
    salon.mia.post(&salon.schedules(), &part(noon)).await.expect(201);
    assert_eq!(seats(broken(salon.mia.post(&salon.schedules(), &part(json!([]))).await)), expected);
    let other_hours = json!({
        "schedule_type": "override", "valid_from": salon.monday, "valid_until": salon.monday,
        "work_hours": [{"start_time": "09:00", "end_time": "09:30"}],
    });
    assert_eq!(seats(broken(salon.mia.post(&salon.schedules(), &other_hours).await)), expected);
    salon.owner.post(&format!("{EXCEPTIONS}?force=true"), &closure).await.expect(201);
    // a canceled seat stands against nothing
    for booking in &class {
        let path = format!("/api/v1/bookings/{}/cancel", booking["id"].as_str().unwrap());
        salon.owner.post(&path, &json!({})).await;
    }
    salon.mia.post(&salon.schedules(), &part(json!([]))).await.expect(201);
}

#[tokio::test]
async fn hours_that_staff_set_are_weighed() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    let monday = |end: &str| json!({"weekday": 0, "start_time": "09:00", "end_time": end});
    let path = salon.mia.post(&salon.hours(), &monday("12:00")).await.header("location").to_owned();
    let booking = salon.book(salon.monday, 2).await;
    assert_eq!(broken(salon.mia.post(&salon.hours(), &monday("11:00")).await)[0]["id"], booking["id"]);
    assert_eq!(broken(salon.mia.delete(&path).await).len(), 1);
    assert_eq!(rehearsed(salon.mia.delete(&format!("{path}?dry_run=true")).await).len(), 1);
    salon.mia.post(&salon.hours(), &monday("13:00")).await.expect(201);
    // what is past stands against nothing
    service.clock.advance(TimeDelta::days(14));
    let later = service.staff_of(&salon.tenant).await;
    later.delete(&path).await.expect(204);
}

#[tokio::test]
async fn who_and_what_is_booked_leaves_only_by_force() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({})).await;
    let booking = salon.book(salon.monday, 0).await;
    let resource = format!("/api/v1/resources/{}", salon.resource_id);
    let of_service = format!("/api/v1/services/{}", salon.service_id);
    let profile = format!("/api/v1/staff/{}", salon.staff_id);
    let off = json!({"is_active": false});
    let leave = json!({"display_name": "Mia", "is_active": false});
    let owner = &salon.owner;
    for answer in [
        owner.patch(&resource, &off).await,
        owner.patch(&of_service, &json!({"active": false})).await,
        owner.delete(&of_service).await,
        owner.put(&profile, &leave).await,
        owner.delete(&profile).await,
        // nine in New York is six in Los Angeles
        owner.patch(&resource, &json!({"tz": "America/Los_Angeles"})).await,
    ] {
        assert_eq!(broken(answer)[0]["id"], booking["id"]);
    }
    // another zone with the same clock, and what nobody needs
    owner.patch(&resource, &json!({"tz": "America/Toronto"})).await.expect(200);
    owner.patch(&resource, &json!({"capacity": 2})).await.expect(200);
    owner.patch(&of_service, &json!({"price_cents": 1})).await.expect(200);
    assert_eq!(rehearsed(owner.delete(&format!("{profile}?dry_run=true")).await).len(), 1);
    owner.get(&profile).await.expect(200);
    owner.delete(&format!("{profile}?force=true")).await.expect(204);
    let events = told(&service, &salon.tenant, &salon.staff_id).await;
    assert!(events.iter().any(|(code, _)| code == "AVAILABILITY_FORCED"));
    let kept = owner.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(kept["status"], "confirmed", "a booking that was made stays as it is");
}

#[tokio::test]
async fn names_are_for_those_who_may_read_customers() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({})).await;
    salon.book(salon.monday, 0).await;
    let sql = "UPDATE app.memberships SET permissions_json = '{\"availability.write\": true, \"customer.read\": false}'
               WHERE tenant_id = $1 AND user_id = $2";
    let query = sqlx::query(sql).bind(salon.tenant.id.0).bind(salon.tenant.staff.0);
    query.execute(&mut service.platform().await).await.unwrap();
    let refused = broken(salon.mia.delete(&salon.rule()).await);
    assert_eq!((refused.len(), &refused[0]["customer"]), (1, &Value::Null));
    let closure = json!({"exception_date": salon.monday, "is_available": false});
    let told = rehearsed(salon.mia.post(&format!("{EXCEPTIONS}?dry_run=true"), &closure).await);
    assert_eq!(told[0]["customer"], Value::Null);
}

#[tokio::test]
async fn another_zone_of_the_business_is_weighed() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({})).await;
    let booking = salon.book(salon.monday, 0).await;
    let (owner, path) = (&salon.owner, format!("/api/v1/tenants/{}", salon.tenant.id));
    // nine in New York is six in Los Angeles
    let west = json!({"timezone": "America/Los_Angeles"});
    assert_eq!(broken(owner.patch(&path, &west).await)[0]["id"], booking["id"]);
    assert_eq!(rehearsed(owner.patch(&format!("{path}?dry_run=true"), &west).await)[0]["id"], booking["id"]);
    let kept = owner.get(&path).await.expect(200);
    assert_eq!(kept["timezone"], "America/New_York");
    let whole = json!({"name": kept["name"], "timezone": "America/Los_Angeles", "currency": "USD", "locale": "en_US"});
    assert_eq!(broken(owner.put(&path, &whole).await).len(), 1);
    // nothing of this is a matter of hours, and neither is another name of the same clock
    assert!(rehearsed(owner.patch(&format!("{path}?dry_run=true"), &json!({"name": "Other"})).await).is_empty());
    assert_eq!(owner.get(&path).await.expect(200)["name"], kept["name"]);
    owner.patch(&path, &json!({"timezone": "America/Toronto"})).await.expect(200);
    // whoever has a zone of their own stays where they are
    let resource = format!("/api/v1/resources/{}", salon.resource_id);
    owner.patch(&resource, &json!({"tz": "America/New_York"})).await.expect(200);
    assert!(rehearsed(owner.patch(&format!("{path}?dry_run=true"), &west).await).is_empty());
    owner.patch(&resource, &json!({"tz": null})).await.expect(200);

    owner.patch(&format!("{path}?force=true"), &west).await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200)["timezone"], "America/Los_Angeles");
    let events = told(&service, &salon.tenant, &salon.tenant.id.to_string()).await;
    let (_, forced) = events.iter().find(|(code, _)| code == "AVAILABILITY_FORCED").unwrap();
    assert_eq!(forced["booking_ids"], json!([booking["id"]]));
}

#[tokio::test]
async fn what_a_service_needs_is_weighed() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({})).await;
    let booking = salon.book(salon.monday, 0).await;
    let owner = &salon.owner;
    let noa = made(owner, "/api/v1/resources", &json!({"type": "staff", "name": "Noa"})).await;
    let room = made(owner, "/api/v1/resources", &json!({"type": "room", "name": "Room"})).await;
    let path = format!("/api/v1/services/{}/resources", salon.service_id);
    let mia = salon.resource_id.as_str();
    let before = owner.get(&path).await.expect(200);
    let (other, nobody) = (json!({"resource_ids": [noa]}), json!({"resource_ids": []}));
    let member = |id: &str| json!({"members": [{"resource_id": id}]});
    let beside = json!({"groups": [member(mia), member(&room)]});
    for set in [&other, &nobody, &beside] {
        assert_eq!(broken(owner.put(&path, set).await)[0]["id"], booking["id"], "{set}");
        assert_eq!(rehearsed(owner.put(&format!("{path}?dry_run=true"), set).await).len(), 1);
    }
    assert_eq!(owner.get(&path).await.expect(200), before);
    // one more who could give it takes it from nobody
    owner.put(&path, &json!({"resource_ids": [mia, noa]})).await.expect(200);
    let events = told(&service, &salon.tenant, &salon.service_id).await.len();
    owner.put(&format!("{path}?force=true"), &other).await.expect(200);
    let forced = told(&service, &salon.tenant, &salon.service_id).await;
    assert_eq!(forced.len(), events + 2);
    assert!(forced.iter().any(|(code, payload)| code == "AVAILABILITY_FORCED" && payload["count"] == 1));
    // it has not what it needs anyway now
    owner.put(&path, &nobody).await.expect(200);
}

/// A class that was given up and filled again elsewhere has nothing to do with where it was.
#[tokio::test]
async fn where_a_class_was_before_stands_against_nothing() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({"capacity": 4})).await;
    let owner = &salon.owner;
    let mut rooms = Vec::new();
    for name in ["Blue", "Red"] {
        rooms.push(made(owner, "/api/v1/resources", &json!({"type": "room", "name": name})).await);
    }
    let members: Vec<Value> = rooms.iter().map(|id| json!({"resource_id": id})).collect();
    let groups = json!({"groups": [{"members": [{"resource_id": salon.resource_id}]}, {"members": members}]});
    owner.put(&format!("/api/v1/services/{}/resources", salon.service_id), &groups).await.expect(200);
    let first = salon.book(salon.monday, 0).await;
    let path = format!("/api/v1/bookings/{}", first["id"].as_str().unwrap());
    let had = owner.get(&format!("{path}?expand=items")).await.expect(200)["items"][1]["resource_id"].clone();
    owner.key(&key()).post(&format!("{path}/cancel"), &json!({})).await.expect(200);
    let old = format!("/api/v1/resources/{}", had.as_str().unwrap());
    owner.patch(&old, &json!({"is_active": false})).await.expect(200);
    let again = salon.book(salon.monday, 0).await;
    assert_eq!(again["start_at"], first["start_at"]);
    owner.patch(&old, &json!({"is_active": true})).await.expect(200);
    assert!(rehearsed(owner.patch(&format!("{old}?dry_run=true"), &json!({"is_active": false})).await).is_empty());
    let closed = json!({"resource_id": had, "exception_date": salon.monday, "is_available": false});
    assert!(rehearsed(owner.post(&format!("{EXCEPTIONS}?dry_run=true"), &closed).await).is_empty());
    let other = rooms.iter().find(|room| had != room.as_str()).unwrap();
    let closed = json!({"resource_id": other, "exception_date": salon.monday, "is_available": false});
    assert_eq!(rehearsed(owner.post(&format!("{EXCEPTIONS}?dry_run=true"), &closed).await).len(), 1);
}
