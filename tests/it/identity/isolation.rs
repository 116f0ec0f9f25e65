//! What a request's role sees of people: the own account and sessions, and who belongs to the tenant.
use ::entity::enums::MembershipRole;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use super::{member, registered};
use crate::support::app::Service;

async fn seen(connection: &mut PgConnection, what: &str, context: &[(&str, Uuid)]) -> Vec<Uuid> {
    let mut transaction = connection.begin().await.unwrap();
    for (name, value) in context {
        sqlx::raw_sql(AssertSqlSafe(format!("SET LOCAL app.{name} = '{value}'")))
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    let rows = sqlx::query_scalar(AssertSqlSafe(what.to_owned())).fetch_all(&mut *transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    rows
}

#[tokio::test]
async fn a_person_sees_the_own_and_the_tenants_members() {
    let service = Service::alone().await;
    let (a, b) = (service.tenant().await, service.tenant().await);
    let (mine, colleague) =
        (member(&service, &a, MembershipRole::Viewer).await, member(&service, &a, MembershipRole::Owner).await);
    let (stranger, _) = registered(&service).await;
    let elsewhere = member(&service, &b, MembershipRole::Owner).await;
    let mut app = service.database.connect("tithi_app").await;
    let context = [("tenant_id", a.id.0), ("user_id", mine.id)];

    for table in ["sessions", "refresh_tokens"] {
        let people = seen(&mut app, &format!("SELECT DISTINCT user_id FROM app.{table}"), &context).await;
        assert_eq!(people, [mine.id], "{table}");
        let nobody = seen(&mut app, &format!("SELECT user_id FROM app.{table}"), &context[..1]).await;
        assert!(nobody.is_empty(), "{table} without a person");
    }
    let accounts = seen(&mut app, "SELECT id FROM app.users", &context).await;
    assert!(accounts.contains(&mine.id) && accounts.contains(&colleague.id));
    assert!(!accounts.contains(&stranger.id) && !accounts.contains(&elsewhere.id));
    let tenants = seen(&mut app, "SELECT DISTINCT tenant_id FROM app.memberships", &context).await;
    assert_eq!(tenants, [a.id.0]);
}
