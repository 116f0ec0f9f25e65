//! What surrounds every answer.
use crate::support::app::Service;

#[tokio::test]
async fn health_answers_with_the_headers_of_every_answer() {
    let service = Service::start().await;
    let answer = service.visitor().with("x-request-id", "caller-id-1").get("/health").await;
    assert_eq!(answer.header("x-request-id"), "caller-id-1");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-type"), "application/health+json");
    assert_eq!(answer.expect(200)["status"], "pass");
}

#[tokio::test]
async fn an_address_where_nothing_is_is_a_problem() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    service.stranger(&tenant).get("/api/v1/nothing").await.refused(404, "TITHI_NOT_FOUND");
    service.visitor().get("/api/v1/nothing").await.refused(404, "TITHI_TENANT_NOT_FOUND");
}
