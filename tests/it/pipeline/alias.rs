//! Old spellings answer like the canonical ones and name them.
use serde_json::json;

use crate::support::app::Service;
use crate::support::factory::bookable;

#[tokio::test]
async fn an_old_spelling_answers_and_names_its_successor() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    let path = subject.availability();
    let old = visitor.get(&path.replacen("/v1/", "/v1/b/", 1)).await;
    assert_eq!(old.header("deprecation"), "@1767225600");
    assert_eq!(old.header("link"), format!("</v1/{}/availability>; rel=\"successor-version\"", tenant.slug));
    let new = visitor.get(&path).await;
    assert_eq!((new.header("deprecation"), new.header("link")), ("", ""));
    assert_eq!(old.expect(200), new.expect(200));

    // refusals too, and the rate class is the successor's
    let login =
        visitor.post("/auth/login", &json!({"email": "nobody@example.com", "password": "wrong password"})).await;
    assert_eq!(login.header("link"), "</api/v1/auth/login>; rel=\"successor-version\"");
    assert!(login.header("ratelimit-policy").starts_with("\"auth\""), "{login:?}");
    login.refused(401, "TITHI_CREDENTIALS_INVALID");
}

/// One key, two spellings of its address: the same request.
#[tokio::test]
async fn a_repeat_by_the_other_spelling_is_a_repeat() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor().key("either-spelling");
    let body = subject.booking(&subject.next_free(&visitor).await);
    let first = visitor.post(&subject.bookings(), &body).await;
    let again = visitor.post(&subject.bookings().replacen("/v1/", "/v1/b/", 1), &body).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    first.expect(201);
}
