//! A stored answer is for whoever may still have it.
use serde_json::json;
use sqlx::PgConnection;

use crate::support::app::Service;
use crate::support::factory::bookable;
use crate::support::people::Tenant;

async fn change(connection: &mut PgConnection, tenant: &Tenant, sql: &'static str) {
    let done = sqlx::query(sql).bind(tenant.staff.0).execute(connection).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "{sql}");
}

#[tokio::test]
async fn a_stored_answer_goes_to_nobody_who_may_not_ask_any_more() {
    for (sql, status) in [
        ("DELETE FROM app.memberships WHERE user_id = $1", 404),
        ("UPDATE app.memberships SET role = 'viewer' WHERE user_id = $1", 403),
        ("UPDATE app.memberships SET permissions_json = '{\"booking.write\": false}' WHERE user_id = $1", 403),
        ("UPDATE app.sessions SET revoked_at = now() WHERE user_id = $1", 401),
        ("UPDATE app.users SET is_active = false WHERE id = $1", 401),
    ] {
        let service = Service::start().await;
        let tenant = service.tenant().await;
        let subject = bookable(&service, &tenant).await;
        let staff = service.staff_of(&tenant).await.key("kept");
        let booked =
            staff.post("/api/v1/bookings", &subject.booking(&subject.next_free(&staff).await)).await.expect(201);
        let path = format!("/api/v1/bookings/{}/cancel", booked["id"].as_str().unwrap());
        let first = staff.post(&path, &json!({})).await;
        assert_eq!(staff.post(&path, &json!({})).await.body, first.body);
        first.expect(200);
        change(&mut service.platform().await, &tenant, sql).await;
        let refused = staff.post(&path, &json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.header("idempotent-replayed")), (status, ""), "{sql}");
    }
}
