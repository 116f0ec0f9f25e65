//! Seasons, other hours and time off of a member of staff.
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::{Salon, spring};
use crate::catalogue::{ids, made, pointers};
use crate::support::app::Service;

const EXCEPTIONS: &str = "/api/v1/availability/exceptions";

fn schedule(kind: &str, from: NaiveDate, until: NaiveDate, work_hours: Value) -> Value {
    json!({"schedule_type": kind, "valid_from": from, "valid_until": until, "work_hours": work_hours})
}

#[tokio::test]
async fn a_season_holds_on_both_sides_of_a_clock_change() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    let change = spring(&service);
    let (before, after) = (change - Days::new(7), change + Days::new(7));
    // around the hour that is missing: 02:00 to 03:00 does not exist on that night
    let nights = json!([{"weekday": 6, "start_time": "01:00", "end_time": "05:00"}]);
    let made_ = salon.mia.post(&salon.schedules(), &schedule("recurring", before, change, nights.clone())).await;
    let path = made_.header("location").to_owned();
    let season = made_.expect(201);
    assert_eq!(season["work_hours"], json!([{"weekday": 6, "start_time": "01:00", "end_time": "05:00"}]));
    assert_eq!(salon.walls(before).await, ["01:00", "02:00", "03:00", "04:00"]);
    assert_eq!(salon.walls(change).await, ["01:00", "03:00", "04:00"], "the missing hour cannot be booked");
    assert!(salon.walls(after).await.is_empty(), "the season is over");

    let autumn = schedule("recurring", change, after, nights.clone());
    salon.mia.post(&salon.schedules(), &autumn).await.refused(409, "TITHI_CONFLICT");
    let autumn = schedule("recurring", change + Days::new(1), after, nights);
    let next = made(&salon.mia, &salon.schedules(), &autumn).await;
    assert_eq!(salon.walls(after).await.len(), 4);
    let both = salon.mia.get(&salon.schedules()).await.expect(200);
    assert_eq!(ids(&both), [season["id"].as_str().unwrap().to_owned(), next]);
    assert_eq!(salon.owner.get(&path).await.expect(200), season);

    salon.owner.delete(&salon.rule()).await.refused(409, "TITHI_CONFLICT");
    let seen = salon.mia.get(&path).await.header("etag").to_owned();
    service.clock.advance(chrono::TimeDelta::seconds(1));
    let day = json!([{"start_time": "10:00", "end_time": "12:00"}]);
    let other = schedule("override", change, change, day);
    salon.mia.clone().with("if-match", &seen).put(&path, &other).await.expect(200);
    salon.mia.clone().with("if-match", &seen).put(&path, &other).await.refused(412, "TITHI_PRECONDITION_FAILED");
    assert!(salon.walls(before).await.is_empty(), "the season's rules went with it");
    assert_eq!(salon.walls(change).await, ["10:00", "11:00"]);
    salon.mia.delete(&path).await.expect(204);
    assert!(salon.walls(change).await.is_empty());
    salon.mia.get(&path).await.refused(404, "TITHI_NOT_FOUND");
}

#[tokio::test]
async fn overrides_and_time_off_go_over_the_week() {
    let service = Service::start().await;
    let salon = Salon::with_hours(&service, json!({})).await;
    let change = spring(&service);
    let (first, last) = (change - Days::new(1), change + Days::new(1));
    let short = json!([{"start_time": "09:00", "end_time": "10:00"}, {"start_time": "12:00", "end_time": "13:00"}]);
    let other = made(&salon.mia, &salon.schedules(), &schedule("override", first, last, short.clone())).await;
    for date in [first, change, last] {
        assert_eq!(salon.walls(date).await, ["09:00", "12:00"], "{date}");
    }
    assert_eq!(salon.walls(last + Days::new(1)).await.len(), 8);
    let again = schedule("override", last, last + Days::new(3), short);
    let problem = salon.mia.post(&salon.schedules(), &again).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(pointers(&problem), ["#/valid_from"]);
    // a part of one day, then whole days, on the dates of the override too
    let lunch = json!([{"start_time": "11:30", "end_time": "12:30"}]);
    let part = made(&salon.mia, &salon.schedules(), &schedule("time_off", change, change, lunch)).await;
    assert_eq!(salon.walls(change).await, ["09:00"]);
    let days = made(&salon.mia, &salon.schedules(), &schedule("time_off", change, last, json!([]))).await;
    assert!(salon.walls(change).await.is_empty() && salon.walls(last).await.is_empty());
    assert_eq!(salon.walls(first).await.len(), 2);

    let dates = salon.owner.get(&format!("{EXCEPTIONS}?resource_id={}", salon.resource_id)).await.expect(200);
    assert_eq!(dates["data"].as_array().unwrap().len(), 6 + 1 + 2);
    assert!(dates["data"].as_array().unwrap().iter().all(|date| date["work_schedule_id"].is_string()));
    let one = format!("{EXCEPTIONS}/{}", ids(&dates)[0]);
    let problem = salon.owner.delete(&one).await.refused(409, "TITHI_CONFLICT");
    assert!(problem["detail"].as_str().unwrap().contains("schedules"));
    let closed = json!({"exception_date": change, "is_available": false});
    salon.owner.put(&one, &closed).await.refused(409, "TITHI_CONFLICT");
    for id in [days, part, other] {
        salon.mia.delete(&format!("{}/{id}", salon.schedules())).await.expect(204);
    }
    assert_eq!(salon.walls(change).await.len(), 8);
    let kinds = salon.mia.get(&format!("{}?schedule_type=time_off", salon.schedules())).await.expect(200);
    assert!(ids(&kinds).is_empty());
}

#[tokio::test]
async fn every_fault_of_a_schedule_is_named() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    let refused = async |body: Value| -> Vec<String> {
        pointers(&salon.mia.post(&salon.schedules(), &body).await.refused(400, "TITHI_VALIDATION_ERROR"))
    };
    let date = salon.monday;
    let nine = json!([{"start_time": "09:00", "end_time": "12:00"}]);
    assert_eq!(refused(json!({"schedule_type": "vacation"})).await, ["#/schedule_type"]);
    assert_eq!(refused(json!({"schedule_type": "time_off"})).await, ["#/valid_from", "#/valid_until"]);
    assert_eq!(refused(schedule("override", date, date + Days::new(92), nine.clone())).await, ["#/valid_until"]);
    assert_eq!(refused(schedule("time_off", date, date + Days::new(366), json!([]))).await, ["#/valid_until"]);
    assert_eq!(refused(schedule("time_off", date, date - Days::new(1), json!([]))).await, ["#/valid_until"]);
    assert_eq!(refused(schedule("time_off", date, date + Days::new(1), nine.clone())).await, ["#/work_hours"]);
    assert_eq!(refused(schedule("recurring", date, date, nine)).await, ["#/work_hours/0/weekday"]);
    assert!(ids(&salon.mia.get(&salon.schedules()).await.expect(200)).is_empty());
}
