//! Who may leave something in the inbox: whoever signed these very bytes just now.
use serde_json::json;

use super::{OLDER, SECRET, event, hex, post, service, signed, stored, with};

#[tokio::test]
async fn w01_without_a_good_signature_nothing_is_stored() {
    let service = service().await;
    let body = event(&service, "account.updated", None, json!({})).to_string().into_bytes();
    let now = service.clock.now().timestamp();
    let good = hex(SECRET, &now.to_string(), &body);
    for header in [
        String::new(),
        "nonsense".to_owned(),
        format!("v1={good}"),
        format!("t={now}"),
        format!("t=soon,v1={good}"),
        format!("t={now},v1={}", &good[..62]),
        format!("t={now},v1={}", hex("whsec_of_another_business", &now.to_string(), &body)),
        format!("t={now},v1={}", hex("", &now.to_string(), &body)),
        format!("t={now},v0={good}"),
    ] {
        post(&service, &header, &body).await.refused(400, "TITHI_SIGNATURE_INVALID");
    }
    // without the header at all
    let bare = service.visitor().raw(reqwest::Method::POST, super::PATH, "application/json", Some(body.clone())).await;
    bare.refused(400, "TITHI_SIGNATURE_INVALID");
    assert_eq!(stored(&service).await, 0);
    post(&service, &format!("t={now},v1={good}"), &body).await.expect(200);
    assert_eq!(stored(&service).await, 1);
}

#[tokio::test]
async fn w02_one_byte_changed_is_refused() {
    let service = service().await;
    let body = event(&service, "account.updated", None, json!({"amount": 100})).to_string().into_bytes();
    let header = signed(SECRET, service.clock.now().timestamp(), &body);
    for at in (0..body.len()).step_by(7) {
        let mut other = body.clone();
        other[at] ^= 1;
        post(&service, &header, &other).await.refused(400, "TITHI_SIGNATURE_INVALID");
    }
    // white space is bytes too: what is verified is what came, not what it says
    let spaced = [&body[..], b" "].concat();
    post(&service, &header, &spaced).await.refused(400, "TITHI_SIGNATURE_INVALID");
    assert_eq!(stored(&service).await, 0);
}

#[tokio::test]
async fn w02_five_minutes_are_borne_and_a_second_more_is_not() {
    let service = service().await;
    let now = service.clock.now().timestamp();
    for (at, taken) in [(now - 301, false), (now + 301, false), (now - 300, true), (now + 300, true)] {
        let body = event(&service, "account.updated", None, json!({})).to_string().into_bytes();
        let answer = post(&service, &signed(SECRET, at, &body), &body).await;
        if taken {
            answer.expect(200);
        } else {
            answer.refused(400, "TITHI_SIGNATURE_INVALID");
        }
    }
    assert_eq!(stored(&service).await, 2);
}

#[tokio::test]
async fn w02_every_spelling_that_the_provider_may_use_is_taken() {
    let service = service().await;
    let now = service.clock.now().timestamp();
    let stamp = now.to_string();
    for spelling in 0..7 {
        let body = event(&service, "account.updated", None, json!({})).to_string().into_bytes();
        let (good, older) = (hex(SECRET, &stamp, &body), hex(OLDER, &stamp, &body));
        let strange = hex("whsec_nobodys", &stamp, &body);
        let header = match spelling {
            0 => format!("t={now},v1={good},v1={strange}"),
            1 => format!("t={now},v1={strange},v1={good}"),
            2 => format!("t={now},v1={}", good.to_uppercase()),
            3 => format!("t={now}, v1={good}"),
            4 => format!("t={now},v0=6ffbb59b,v1={good},v0={strange}"),
            // both secrets hold while one is replaced by the other
            5 => format!("t={now},v1={older}"),
            _ => format!("t={now},v1={older},v1={good}"),
        };
        post(&service, &header, &body).await.expect(200);
    }
    assert_eq!(stored(&service).await, 7);
}

#[tokio::test]
async fn w02_a_body_of_more_than_a_megabyte_is_too_large() {
    // whatever other requests may bring
    for flags in [&[][..], &["--body-limit", "4194304"]] {
        let service = with(flags).await;
        let now = service.clock.now().timestamp();
        let sized = |size: usize| {
            let mut event = event(&service, "account.updated", None, json!({"padding": ""}));
            let padding = size - event.to_string().len();
            event["data"]["object"]["padding"] = "x".repeat(padding).into();
            event.to_string().into_bytes()
        };
        let large = sized(1024 * 1024 + 1);
        post(&service, &signed(SECRET, now, &large), &large).await.refused(413, "TITHI_PAYLOAD_TOO_LARGE");
        assert_eq!(stored(&service).await, 0);
        let fits = sized(1024 * 1024);
        post(&service, &signed(SECRET, now, &fits), &fits).await.expect(200);
        assert_eq!(stored(&service).await, 1);
    }
}

#[tokio::test]
async fn w01_what_is_signed_and_no_event_is_refused() {
    let service = service().await;
    let now = service.clock.now().timestamp();
    for body in [&b""[..], b"{}", b"[]", b"not json", b"{\"id\":\"evt_1\"}", b"\xff\xfe"] {
        let answer = post(&service, &signed(SECRET, now, body), body).await;
        answer.refused(400, "TITHI_BAD_REQUEST");
    }
    assert_eq!(stored(&service).await, 0);
}
