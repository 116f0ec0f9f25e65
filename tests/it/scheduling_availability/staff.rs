//! Weekly hours that a member of staff has set, and the slots that follow.
use serde_json::{Value, json};

use super::Salon;
use crate::catalogue::{audited, ids, pointers, told};
use crate::support::app::Service;

fn window(weekday: i32, start: &str, end: &str) -> Value {
    json!({"weekday": weekday, "start_time": start, "end_time": end})
}

#[tokio::test]
async fn hours_of_staff_are_what_can_be_booked() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    assert!(salon.walls(salon.monday).await.is_empty());
    let first = salon.mia.post(&salon.hours(), &window(0, "09:00", "12:00")).await;
    let path = first.header("location").to_owned();
    let first = first.expect(201);
    assert_eq!((&first["weekday"], &first["end_time"]), (&0.into(), &"12:00".into()));
    assert_eq!(salon.walls(salon.monday).await, ["09:00", "10:00", "11:00"]);

    service.clock.advance(chrono::TimeDelta::seconds(1));
    let shorter = salon.mia.post(&salon.hours(), &window(0, "09:00", "11:00")).await.expect(201);
    assert_eq!(shorter["id"], first["id"], "the same start is the same window");
    assert_eq!(salon.walls(salon.monday).await, ["09:00", "10:00"]);
    let problem = salon.mia.post(&salon.hours(), &window(0, "10:30", "13:00")).await.refused(409, "TITHI_CONFLICT");
    assert_eq!(pointers(&problem), ["#/start_time"]);
    // Sunday night runs into Monday
    salon.mia.post(&salon.hours(), &window(6, "22:00", "09:30")).await.refused(409, "TITHI_CONFLICT");
    let touching = salon.mia.post(&salon.hours(), &window(0, "11:00", "12:00")).await.expect(201);
    salon.mia.post(&salon.hours(), &window(1, "00:00", "24:00")).await.expect(201);
    let page = salon.mia.get(&format!("{}?limit=2&include_total=true", salon.hours())).await.expect(200);
    assert_eq!((ids(&page), &page["total"]), (vec![json_id(&first), json_id(&touching)], &3.into()));
    let next = format!("{}?limit=2&cursor={}", salon.hours(), page["next_cursor"].as_str().unwrap());
    let rest = salon.mia.get(&next).await.expect(200);
    assert_eq!((rest["data"][0]["weekday"].clone(), rest["has_more"].clone()), (1.into(), false.into()));

    salon.mia.delete(&path).await.expect(204);
    salon.mia.delete(&path).await.refused(404, "TITHI_NOT_FOUND");
    assert_eq!(salon.walls(salon.monday).await, ["11:00"]);
    let id = json_id(&first);
    assert_eq!(audited(&service, &salon.tenant, "staff_availability", &id).await, ["INSERT", "UPDATE", "DELETE"]);
    let codes = told(&service, &salon.tenant, &salon.resource_id).await.into_iter().map(|(code, _)| code);
    assert_eq!(codes.filter(|code| code == "STAFF_AVAILABILITY_UPDATED").count(), 5);
}

#[tokio::test]
async fn what_staff_set_is_not_changed_as_a_rule() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    salon.mia.post(&salon.hours(), &window(0, "09:00", "12:00")).await.expect(201);
    let read = salon.owner.get(&salon.rule()).await.expect(200);
    assert_eq!(read["schedule"].as_array().unwrap().len(), 1);
    let rule = |schedule: &[Value]| json!({"rule_type": "weekly", "schedule": schedule});
    let problem =
        salon.owner.put(&salon.rule(), &rule(&[window(0, "09:00", "13:00")])).await.refused(409, "TITHI_CONFLICT");
    assert!(problem["detail"].as_str().unwrap().contains("/api/v1/staff/{staff_id}/availability"));
    salon.owner.delete(&salon.rule()).await.refused(409, "TITHI_CONFLICT");
    // repeated as it is, with another beside it
    let both = [read["schedule"][0].clone(), window(0, "13:00", "15:00")];
    let replaced = salon.owner.put(&salon.rule(), &rule(&both)).await.expect(200);
    assert_eq!(replaced["schedule"].as_array().unwrap().len(), 2);
    assert_eq!(salon.walls(salon.monday).await, ["09:00", "10:00", "11:00", "13:00", "14:00"]);
    salon.mia.post(&salon.hours(), &window(0, "14:00", "16:00")).await.refused(409, "TITHI_CONFLICT");
    let own = salon.owner.put(&salon.rule(), &rule(&[read["schedule"][0].clone()])).await.expect(200);
    assert_eq!(own["schedule"], read["schedule"]);
}

#[tokio::test]
async fn staff_set_their_own_hours_and_nobody_elses() {
    let service = Service::start().await;
    let (salon, other) = (Salon::open(&service, json!({})).await, Salon::open(&service, json!({})).await);
    let leo = salon.owner.post("/api/v1/staff", &json!({"display_name": "Leo"})).await.expect(201);
    let leo = format!("/api/v1/staff/{}", leo["id"].as_str().unwrap());
    let nine = window(0, "09:00", "12:00");
    let away = json!({"schedule_type": "time_off", "valid_from": "2030-06-01", "valid_until": "2030-06-02"});
    let hours =
        salon.owner.post(&format!("{leo}/availability"), &nine).await.expect(201)["id"].as_str().unwrap().to_owned();
    let schedule =
        salon.owner.post(&format!("{leo}/schedules"), &away).await.expect(201)["id"].as_str().unwrap().to_owned();
    for caller in [&salon.mia, &service.viewer_of(&salon.tenant).await] {
        caller.get(&format!("{leo}/availability")).await.expect(200);
        caller.post(&format!("{leo}/availability"), &nine).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        caller.delete(&format!("{leo}/availability/{hours}")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        caller.get(&format!("{leo}/schedules")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        caller.post(&format!("{leo}/schedules"), &away).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        caller.put(&format!("{leo}/schedules/{schedule}"), &away).await.refused(403, "TITHI_AUTH_FORBIDDEN");
        caller.delete(&format!("{leo}/schedules/{schedule}")).await.refused(403, "TITHI_AUTH_FORBIDDEN");
    }
    // nobody else's through one's own profile
    salon.mia.delete(&format!("{}/{hours}", salon.hours())).await.refused(404, "TITHI_NOT_FOUND");
    salon.mia.delete(&format!("{}/{schedule}", salon.schedules())).await.refused(404, "TITHI_NOT_FOUND");
    salon.mia.post(&salon.schedules(), &away).await.expect(201);
    other.owner.post(&salon.hours(), &nine).await.refused(404, "TITHI_STAFF_NOT_FOUND");
    other.owner.get(&salon.schedules()).await.refused(404, "TITHI_STAFF_NOT_FOUND");
    let problem = salon.mia.post(&salon.hours(), &window(7, "9:00", "09:00")).await;
    assert_eq!(pointers(&problem.refused(400, "TITHI_VALIDATION_ERROR")), ["#/start_time", "#/weekday"]);
}

#[tokio::test]
async fn of_many_at_once_one_window_is_set() {
    let service = Service::start().await;
    let salon = Salon::open(&service, json!({})).await;
    let bodies: Vec<Value> = (0..6).map(|n| window(0, &format!("09:0{n}"), "12:00")).collect();
    let posts = bodies.iter().map(|body| async { salon.mia.post(&salon.hours(), body).await.status.as_u16() });
    let answers = futures_util::future::join_all(posts).await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| matches!(status, 201 | 409)));
    assert_eq!(salon.owner.get(&salon.rule()).await.expect(200)["schedule"].as_array().unwrap().len(), 1);
}

fn json_id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}
