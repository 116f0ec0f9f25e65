//! What the framework refuses is a problem like any other.
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::stage::exchange;
use crate::support::app::Service;
use crate::support::client::Answer;
use crate::support::factory::bookable;

#[tokio::test]
async fn an_address_where_nothing_is_is_a_problem() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    service.stranger(&tenant).get("/api/v1/nothing").await.refused(404, "TITHI_NOT_FOUND");
    service.visitor().get("/api/v1/nothing").await.refused(404, "TITHI_TENANT_NOT_FOUND");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let id = service.new_id();
    for (method, path, allowed) in [
        (Method::DELETE, "/api/v1/bookings".to_owned(), "GET, POST, HEAD"),
        (Method::GET, format!("/api/v1/bookings/{id}/confirm"), "POST"),
        (Method::POST, format!("/v1/b/{}/services", tenant.slug), "GET, HEAD"),
        (Method::POST, "/health".to_owned(), "GET, HEAD"),
        (Method::POST, "/docs".to_owned(), "GET, HEAD"),
        (Method::GET, "/auth/login".to_owned(), "POST"),
    ] {
        let answer = owner.send(method.clone(), &path, None).await;
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        answer.refused(405, "TITHI_METHOD_NOT_ALLOWED");
    }
    let keyed = owner.key("a key changes nothing").send(Method::PUT, "/api/v1/bookings", Some(&json!({}))).await;
    assert_eq!(keyed.header("allow"), "");
    let keyed = owner.key("a-key-changes-nothing").send(Method::PUT, "/api/v1/bookings", Some(&json!({}))).await;
    assert_eq!(keyed.header("allow"), "GET, POST, HEAD");
    keyed.refused(405, "TITHI_METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn a_body_that_is_none_is_refused_with_its_reason() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let (visitor, path) = (service.visitor(), subject.bookings());
    let send = async |kind: &str, body: &[u8]| -> Answer {
        visitor.key("refused-0").raw(Method::POST, &path, kind, Some(body.to_vec())).await
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "nonsense"] {
        send(kind, b"{}").await.refused(415, "TITHI_UNSUPPORTED_MEDIA_TYPE");
    }
    visitor.key("refused-0").send(Method::POST, &path, None).await.refused(415, "TITHI_UNSUPPORTED_MEDIA_TYPE");
    for body in ["", "{", "[1,]", "\u{feff}{}", "{\"a\":1}{}", "nul", "{\"a\":1,\"a\":2}"] {
        let answer = send("application/json", body.as_bytes()).await;
        let code = answer.code();
        assert!(["TITHI_BAD_REQUEST", "TITHI_VALIDATION_ERROR"].contains(&code.as_str()), "{body:?}: {code}");
        answer.refused(400, &code);
    }
    send("application/json", b"{\"notes\":\"\xff\xfe\"}").await.refused(400, "TITHI_BAD_REQUEST");
    let problem = send("application/json", b"{\"start_at\":\"soon\",\"extra\":1,\"service_id\":7}").await;
    let problem = problem.refused(400, "TITHI_VALIDATION_ERROR");
    let pointers: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|e| &e["pointer"]).collect();
    for pointer in ["#/start_at", "#/extra", "#/service_id", "#/customer"] {
        assert!(pointers.contains(&&json!(pointer)), "{pointer} of {pointers:?}");
    }
    // nothing of it ran: the key is as new
    let start = subject.next_free(&visitor).await;
    visitor.key("refused-0").post(&path, &subject.booking(&start)).await.expect(201);
}

#[tokio::test]
async fn parameters_are_refused_by_name() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    for (path, pointer) in [
        ("/api/v1/bookings?limit=many", "query/limit"),
        ("/api/v1/bookings?limit=1000", "query/limit"),
        ("/api/v1/bookings?start_date=2026-02-30", "query/start_date"),
        ("/api/v1/bookings?service_id=1", "query/service_id"),
        ("/api/v1/bookings?updated_since=yesterday", "query/updated_since"),
        ("/api/v1/availability?date=2026-01-05", "query/service_id"),
    ] {
        let problem = owner.get(path).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{path}: {problem}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let service = Service::with(&["--body-limit", "4096"]).await;
    let tenant = service.tenant().await;
    let (visitor, path) = (service.visitor(), format!("/v1/b/{}/bookings", tenant.slug));
    let body = |size: usize| Some(vec![b' '; size]);
    let over = visitor.key("large").raw(Method::POST, &path, "application/json", body(4097)).await;
    over.refused(413, "TITHI_PAYLOAD_TOO_LARGE");
    let within = visitor.key("large").raw(Method::POST, &path, "application/json", body(4096)).await;
    within.refused(400, "TITHI_BAD_REQUEST");
    // announced, but never sent: nobody waits for it
    let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n");
    let announced = format!("{head}content-length: 1000000000\r\n\r\n");
    assert!(exchange(service.address, announced.as_bytes()).await.starts_with("HTTP/1.1 413 "));
    let garbled = exchange(service.address, format!("{head}content-length: many\r\n\r\n").as_bytes()).await;
    assert!(garbled.starts_with("HTTP/1.1 400 "), "{garbled}");
}

#[tokio::test]
async fn an_upload_without_end_is_cut_off() {
    let service = Service::with(&["--body-limit", "65536"]).await;
    let tenant = service.tenant().await;
    let (mut read, mut write) = TcpStream::connect(service.address).await.unwrap().into_split();
    let head = format!(
        "POST /v1/b/{}/bookings HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        tenant.slug
    );
    write.write_all(head.as_bytes()).await.unwrap();
    let sender = tokio::spawn(async move {
        let chunk = [b"4000\r\n".as_slice(), &[b' '; 0x4000], b"\r\n"].concat();
        let mut sent = 0_usize;
        while write.write_all(&chunk).await.is_ok() {
            sent += 0x4000;
            assert!(sent < 1 << 30, "the server reads on and on");
        }
        sent
    });
    let mut answer = vec![0; 16_384];
    let size = tokio::time::timeout(Duration::from_secs(10), read.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..size]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("TITHI_PAYLOAD_TOO_LARGE"), "{answer}");
    drop(read);
    let sent = sender.await.unwrap();
    println!("cut off after {sent} bytes had left the client, most of them into the sockets' buffers");
}
