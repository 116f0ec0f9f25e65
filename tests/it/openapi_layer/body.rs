//! What goes in and what comes out.
use poem_openapi::types::{Example, ToJSON};
use serde_json::{Value, json};
use tithi::guard::Body;

use super::sample::{BookingCreate, JSON, send};
use poem_openapi::payload::Payload;

fn example() -> Value {
    BookingCreate::example().to_json().unwrap()
}

async fn post(body: impl ToString) -> (u16, Value) {
    let (status, _, value) = send("POST", "/v1/bookings", Some((JSON, body.to_string()))).await;
    (status, value)
}

fn refused(problem: &Value) -> Vec<(&str, &str)> {
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_good_body_makes_a_booking() {
    let (status, response, value) = send("POST", "/v1/bookings", Some((JSON, example().to_string()))).await;
    assert_eq!(status, 201, "{value}");
    assert_eq!(response.content_type(), Some("application/json"));
    assert_eq!(response.headers()["location"], format!("/v1/bookings/{}", value["id"].as_str().unwrap()));
    assert_eq!(value["start_at"], "2026-03-02T09:30:00.000000Z");
    assert_eq!(value["customer"]["phone"], Value::Null);
}

#[tokio::test]
async fn all_faults_are_named_at_once() {
    let mut body = example();
    body["service_id"] = json!("not-a-uuid");
    body["start_at"] = json!("tomorrow");
    body["customer"] = json!({"display_name": "  ", "email": "nobody", "nickname": "x"});
    body["attendee_count"] = json!(21);
    body["channel"] = json!("phone");
    body["notes"] = json!(false);
    body["surprise"] = json!(1);
    let (status, problem) = post(body).await;
    assert_eq!(status, 400);
    assert_eq!(problem["code"], "TITHI_VALIDATION_ERROR");
    let mut found = refused(&problem);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("#/attendee_count", "maximum"),
            ("#/channel", "enum"),
            ("#/customer/display_name", "pattern"),
            ("#/customer/email", "format"),
            ("#/customer/nickname", "unknown_field"),
            ("#/notes", "type"),
            ("#/service_id", "format"),
            ("#/start_at", "format"),
            ("#/surprise", "unknown_field"),
        ]
    );
    assert_eq!(problem["errors"], problem["details"]["errors"]);
}

#[tokio::test]
async fn a_missing_field_is_pointed_at() {
    let mut body = example();
    body["customer"].as_object_mut().unwrap().remove("email");
    let (_, problem) = post(body).await;
    assert_eq!(refused(&problem), [("#/customer/email", "required")]);
}

#[tokio::test]
async fn the_branch_that_was_meant_is_explained() {
    let mut body = example();
    body["payment"] = json!({"method": "cash", "given_cents": -1});
    let (_, problem) = post(&body).await;
    assert_eq!(refused(&problem), [("#/payment/given_cents", "minimum")]);
    body["payment"] = json!({"method": "cash", "given_cents": 1, "tip": 2});
    let (_, problem) = post(&body).await;
    assert_eq!(refused(&problem), [("#/payment/tip", "unknown_field")]);
}

#[tokio::test]
async fn whole_floats_are_integers_and_null_is_not_a_default() {
    let mut body = example();
    body["attendee_count"] = json!(3.0);
    let (status, value) = post(&body).await;
    assert_eq!((status, &value["attendee_count"]), (201, &json!(3)));
    body["attendee_count"] = Value::Null;
    let (_, problem) = post(&body).await;
    assert_eq!(refused(&problem), [("#/attendee_count", "type")]);
}

#[tokio::test]
async fn what_is_not_json_is_a_bad_request() {
    for text in ["", "{", "[]x"] {
        let (status, problem) = post(text).await;
        assert_eq!((status, &problem["code"]), (400, &json!("TITHI_BAD_REQUEST")), "{text}");
    }
    let (_, problem) = post(r#"{"notes": "a\u0000b", "notes": "c"}"#).await;
    assert_eq!(refused(&problem), [("#/notes", "format"), ("#/notes", "duplicate")]);
    let (_, problem) = post("[]").await;
    assert_eq!(refused(&problem), [("#", "type")]);
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let (status, problem) = post(" ".repeat(tithi::guard::body::MAX_BYTES + 1)).await;
    assert_eq!((status, &problem["code"]), (413, &json!("TITHI_PAYLOAD_TOO_LARGE")));
}

#[test]
fn only_json_is_taken() {
    let takes = Body::<BookingCreate>::check_content_type;
    for good in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
    ] {
        assert!(takes(good), "{good}");
    }
    for bad in ["text/plain", "application/jsonp", "application/json; charset=latin1", "application/problem+json", ""] {
        assert!(!takes(bad), "{bad}");
    }
}

#[tokio::test]
async fn each_refusal_of_the_framework_is_a_problem() {
    let json = |text: &str| Some((JSON, text.to_owned()));
    let cases = [
        ("GET", "/nowhere", None, 404, "TITHI_NOT_FOUND"),
        ("PUT", "/v1/bookings", None, 405, "TITHI_METHOD_NOT_ALLOWED"),
        ("GET", "/v1/bookings/7", None, 400, "TITHI_VALIDATION_ERROR"),
        ("GET", "/v1/bookings?limit=0", None, 400, "TITHI_VALIDATION_ERROR"),
        ("GET", "/v1/bookings?channel=phone", None, 400, "TITHI_VALIDATION_ERROR"),
        ("POST", "/v1/bookings", None, 415, "TITHI_UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "/v1/bookings", Some(("text/plain", "{}".to_owned())), 415, "TITHI_UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "/v1/bookings", json("{"), 400, "TITHI_BAD_REQUEST"),
        ("DELETE", "/v1/bookings/01900000-0000-7000-8000-000000000002", None, 409, "TITHI_BOOKING_INVALID_STATE"),
        ("GET", "/v1/bookings/00000000-0000-0000-0000-000000000000", None, 500, "TITHI_INTERNAL_ERROR"),
    ];
    for (method, uri, body, status, code) in cases {
        let (answered, response, problem) = send(method, uri, body).await;
        assert_eq!((answered, &problem["code"]), (status, &json!(code)), "{method} {uri}: {problem}");
        assert_eq!(response.content_type(), Some("application/problem+json"), "{method} {uri}");
        assert_eq!(problem["status"], status, "{method} {uri}");
        assert!(!problem.to_string().contains("disk"), "{problem}");
    }
}

#[tokio::test]
async fn a_patch_keeps_clears_and_sets() {
    let uri = "/v1/bookings/01900000-0000-7000-8000-000000000002";
    for (body, notes) in [
        (json!({}), json!("old")),
        (json!({"notes": null}), Value::Null),
        (json!({"notes": " new "}), json!("new")),
        (json!({"customer": null}), json!("old")),
    ] {
        let (status, _, value) = send("PATCH", uri, Some((JSON, body.to_string()))).await;
        assert_eq!((status, &value["notes"]), (200, &notes), "{body} {value}");
    }
    let (status, _, problem) = send("PATCH", uri, Some((JSON, json!({"notes": ""}).to_string()))).await;
    assert_eq!(status, 400);
    assert!(refused(&problem).contains(&("#/notes", "too_short")), "{problem}");
}
