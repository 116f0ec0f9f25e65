//! What a plan limits is limited where it is made.
use ::entity::enums::MembershipRole;
use chrono::TimeDelta;
use tithi::domains::billing::check_room;
use tithi::error::Code;

use super::scope;
use crate::support::app::Service;

#[tokio::test]
async fn there_is_room_for_as_many_as_the_plan_allows() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let mut platform = service.platform().await;
    let ask = async |more: i64| check_room(&scope(&service, &tenant), "max_users", more).await;
    // four people are there, and the trial's plan allows for fifty
    ask(46).await.unwrap();
    let refused = ask(47).await.unwrap_err();
    assert_eq!(refused.code(), Code::QuotaExceeded);
    assert_eq!((&refused.extra()["allowed"], &refused.extra()["used"]), (&50.into(), &4.into()));
    sqlx::query("UPDATE app.tenant_subscriptions SET custom_limits = '{\"max_users\": 5}' WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .execute(&mut platform)
        .await
        .unwrap();
    ask(1).await.unwrap();
    service.member(&mut platform, tenant.id, MembershipRole::Staff).await;
    assert_eq!(ask(1).await.unwrap_err().code(), Code::QuotaExceeded, "agreed beside the plan");
    sqlx::query("UPDATE app.tenant_subscriptions SET custom_limits = '{\"max_users\": -1}' WHERE tenant_id = $1")
        .bind(tenant.id.0)
        .execute(&mut platform)
        .await
        .unwrap();
    ask(1_000_000).await.unwrap();
    service.clock.advance(TimeDelta::days(15));
    assert_eq!(ask(1).await.unwrap_err().extra()["allowed"], 0, "the trial is over");
}
