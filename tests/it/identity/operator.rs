//! The command that makes an operator of the platform.
use tithi::cli::platform::create_admin;
use tithi::db::Access;

use super::{Account, PASSWORD, credentials, login, new_email, registered, text};
use crate::support::app::Service;

const SECOND: &str = "the cat sat on the accordion";

async fn is_operator(service: &Service, email: &str) -> bool {
    sqlx::query_scalar("SELECT is_super_admin FROM app.users WHERE email_normalized = $1")
        .bind(email)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_operator_is_made_and_logs_in() {
    let service = Service::start().await;
    let email = new_email();
    let id = create_admin(&service.app.platform.scope(Access::Write), &email, "Olga", PASSWORD).await.unwrap();
    assert!(is_operator(&service, &email).await);
    let account = Account { id: id.0, email };
    let answer = login(&service.visitor(), &account).await;
    assert_eq!(answer["user_context"]["user_id"], id.to_string());
    assert!(create_admin(&service.app.platform.scope(Access::Write), "nobody", "Olga", PASSWORD).await.is_err());
    assert!(
        create_admin(&service.app.platform.scope(Access::Write), &new_email(), "Olga", "password1234").await.is_err()
    );
}

#[tokio::test]
async fn an_account_becomes_an_operator_under_a_new_password() {
    let service = Service::start().await;
    let (account, before) = registered(&service).await;
    assert!(!is_operator(&service, &account.email).await);
    let id = create_admin(&service.app.platform.scope(Access::Write), &account.email, "Olga", SECOND).await.unwrap();
    assert_eq!(id.0, account.id);
    assert!(is_operator(&service, &account.email).await);
    let visitor = service.visitor();
    visitor.post("/api/v1/auth/login", &credentials(&account)).await.refused(401, "TITHI_CREDENTIALS_INVALID");
    let old = service.visitor().bearer(text(&before, "access_token"));
    old.get("/api/v1/users/me").await.refused(401, "TITHI_AUTH_TOKEN_INVALID");
}
