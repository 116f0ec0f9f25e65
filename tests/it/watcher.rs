//! Who may look inside the service.
use crate::support::app::Service;

const INSIDE: [&str; 3] = ["/metrics", "/metrics/system", "/health/detailed"];

#[tokio::test]
async fn with_a_token_it_is_asked_for() {
    let service = Service::with(&["--metrics-token", "a-token-of-the-operator"]).await;
    for path in INSIDE {
        service.visitor().get(path).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
        service.visitor().bearer("another-token").get(path).await.refused(401, "TITHI_AUTH_TOKEN_MISSING");
        let answer = service.visitor().bearer("a-token-of-the-operator").get(path).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
    }
}

#[tokio::test]
async fn without_one_the_own_machine_may() {
    let service = Service::start().await;
    for path in INSIDE {
        assert_eq!(service.visitor().get(path).await.status.as_u16(), 200, "{path}");
    }
}
