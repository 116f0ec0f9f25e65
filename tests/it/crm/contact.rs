//! The customer behind a booking: what a stranger may and may not change by typing an address.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use ::entity::ids::CustomerId;
use serde_json::json;
use tithi::db::Access;
use tithi::domains::crm::{self, NewContact};
use tithi::error::Code;

use crate::catalogue::{audited, made, told};
use crate::support::app::Service;
use crate::support::people::Tenant;

fn typed(email: &str) -> NewContact {
    NewContact { display_name: "Typed".into(), email: email.into(), phone: Some("555".into()), marketing_opt_in: false }
}

async fn found(service: &Service, tenant: &Tenant, contact: NewContact) -> CustomerId {
    let scope = service.app.db.scope(tenant.id, Access::Write);
    let id = crm::find_or_create(&scope, contact).await.unwrap();
    scope.commit().await.unwrap();
    id
}

#[tokio::test]
async fn what_a_stranger_types_changes_nothing_that_is_known() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let staff = service.staff_of(&tenant).await;
    let body = json!({"display_name": "Ana", "email": "ana@example.com", "marketing_opt_in": true});
    let id = made(&staff, "/api/v1/customers", &body).await;
    let path = format!("/api/v1/customers/{id}");

    assert_eq!(found(&service, &tenant, typed("ANA@Example.com")).await.to_string(), id);
    let now = staff.get(&path).await.expect(200);
    assert_eq!((&now["display_name"], &now["email"]), (&"Ana".into(), &"ana@example.com".into()));
    assert_eq!(now["phone"], serde_json::Value::Null, "whoever types an address proves nothing by it");
    assert_eq!(now["marketing_opt_in"], true, "nobody else takes consent away");
    let refused = json!({"marketing_opt_in": false});
    staff.patch(&path, &refused).await.expect(200);
    let forged = NewContact { marketing_opt_in: true, ..typed("ana@example.com") };
    found(&service, &tenant, forged).await;
    assert_eq!(staff.get(&path).await.expect(200)["marketing_opt_in"], false, "consent is the person's own");
    assert_eq!(audited(&service, &tenant, "customers", &id).await, ["INSERT", "UPDATE"], "the update was the staff's");
}

#[tokio::test]
async fn a_new_one_is_made_once_even_by_many() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let at_once =
        (0..6).map(|_| found(&service, &tenant, NewContact { marketing_opt_in: true, ..typed("new@example.com") }));
    let mut ids = futures_util::future::join_all(at_once).await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_ne!(found(&service, &other, typed("new@example.com")).await, ids[0], "another business, another customer");
    let id = ids[0].to_string();
    assert_eq!(told(&service, &tenant, &id).await.len(), 1);
    let staff = service.staff_of(&tenant).await;
    let made = staff.get(&format!("/api/v1/customers/{id}")).await.expect(200);
    assert_eq!((&made["display_name"], &made["marketing_opt_in"]), (&"Typed".into(), &true.into()));

    // a deleted customer is not brought back by somebody who types the address
    staff.delete(&format!("/api/v1/customers/{id}")).await.expect(204);
    assert_ne!(found(&service, &tenant, typed("new@example.com")).await.to_string(), id);
    let scope = service.app.db.scope(tenant.id, Access::Write);
    assert_eq!(crm::find_or_create(&scope, typed("nobody")).await.unwrap_err().code(), Code::ValidationError);
}
