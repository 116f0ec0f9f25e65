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
    let (slug, availability) = (&tenant.slug, subject.availability());
    for (old, new, link) in [
        (availability.replacen("/v1/b/", "/v1/", 1), availability, format!("/v1/b/{slug}/availability")),
        (format!("/v1/b/{slug}/services"), format!("/v1/{slug}/services"), format!("/v1/{slug}/services")),
        (format!("/v1/b/{slug}/info"), format!("/v1/{slug}/info"), format!("/v1/{slug}/info")),
        (format!("/v1/b/{slug}"), format!("/v1/{slug}"), format!("/v1/{slug}")),
    ] {
        let old = visitor.get(&old).await;
        assert_eq!(old.header("deprecation"), "@1767225600");
        assert_eq!(old.header("link"), format!("<{link}>; rel=\"successor-version\""));
        let new = visitor.get(&new).await;
        assert_eq!((new.header("deprecation"), new.header("link")), ("", ""));
        assert_eq!(old.expect(200), new.expect(200));
    }

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
    let again = visitor.post(&subject.bookings().replacen("/v1/b/", "/v1/", 1), &body).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    let token = first.expect(201)["manage_token"].as_str().unwrap().to_owned();

    // below a token too; and a business may be called like anything that begins as the other spelling does
    let path = format!("/v1/{}/bookings/{token}/cancel", tenant.slug);
    let canceled = service.visitor().key("once").post(&path, &json!({})).await;
    assert_eq!(
        canceled.header("link"),
        format!("</v1/b/{}/bookings/{token}/cancel>; rel=\"successor-version\"", tenant.slug)
    );
    let slug = format!("b-{}", tenant.slug);
    let rename = "UPDATE app.tenants SET slug = $2 WHERE id = $1";
    sqlx::query(rename).bind(tenant.id.0).bind(&slug).execute(&mut service.platform().await).await.unwrap();
    for path in [format!("/v1/{slug}"), format!("/v1/{slug}/info"), format!("/v1/b/{slug}/bookings/{token}")] {
        let answer = service.visitor().get(&path).await;
        assert_eq!((answer.status.as_u16(), answer.header("link")), (200, ""), "{path}");
    }
}
