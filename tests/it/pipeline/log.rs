//! What is written down of a request: one line, and the counters.
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};

use crate::support::app::Service;
use crate::support::factory::bookable;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// The line that says how a request was answered.
    fn answered(&self, id: &str) -> Value {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut found: Vec<Value> =
            lines.filter(|line| line["span"]["id"] == id && line["fields"]["message"] == "answered").collect();
        assert_eq!(found.len(), 1, "one line for {id}: {text}");
        found.remove(0)
    }
}

#[tokio::test]
async fn a_request_is_one_line_with_who_where_and_how_long() {
    let lines = Lines::default();
    let sink = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || sink.clone()).finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let owner = service.owner_of(&tenant).await;

    owner.clone().with("x-request-id", "list-bookings").get("/api/v1/bookings").await.expect(200);
    let line = lines.answered("list-bookings");
    let fields = &line["fields"];
    assert_eq!(
        (&line["level"], &line["span"]["method"], &line["span"]["path"]),
        (&json!("INFO"), &json!("GET"), &json!("/api/v1/bookings"))
    );
    assert_eq!((&fields["status"], &fields["operation"]), (&json!(200), &json!("booking_list")));
    assert_eq!((&fields["tenant"], &fields["peer"]), (&json!(tenant.slug), &json!("127.0.0.1")));
    assert_eq!(fields["user"], tenant.owner.to_string());
    assert!(fields["duration_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(fields["statements"], 3, "BEGIN, who, what");

    let visitor = service.visitor().key("logged").with("x-request-id", "book-at-night");
    let mut body = subject.booking("2020-01-01T03:00:00Z");
    body["notes"] = json!("nobody else's business");
    visitor.post(&subject.bookings(), &body).await.refused(409, "TITHI_SLOT_UNAVAILABLE");
    let fields = lines.answered("book-at-night")["fields"].clone();
    assert_eq!((&fields["status"], &fields["operation"]), (&json!(409), &json!("public_booking_create")));
    // what people tell us and what opens doors stays out of the log
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for secret in ["nobody else's business", "ana@example.com", "Ana Torres", "eyJ"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_operation_refusals_too() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    for _ in 0..3 {
        owner.get("/api/v1/bookings").await.expect(200);
    }
    owner.get(&format!("/api/v1/bookings/{}", service.new_id())).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
    service.stranger(&tenant).get("/api/v1/bookings").await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
    owner.get("/api/v1/nothing").await.refused(404, "TITHI_NOT_FOUND");
    let text = figures.render();
    let count = |operation: &str, status: u16| {
        let labels = format!("{{method=\"GET\",operation=\"{operation}\",status=\"{status}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix("http_requests_total")?.strip_prefix(&labels));
        line.map_or(0, |count| count.parse::<u64>().unwrap())
    };
    assert_eq!(count("booking_list", 200), 3, "{text}");
    assert_eq!((count("booking_get", 404), count("booking_list", 401), count("none", 404)), (1, 1, 1), "{text}");
    assert!(text.contains("http_request_duration_seconds"), "{text}");
    service.visitor().get("/metrics").await.expect(200);
}
