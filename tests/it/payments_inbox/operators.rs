//! What operators see of the inbox and do about it.
use serde_json::{Value, json};
use tithi::jobs;

use super::{deauthorized, deliver, event, operator, service, state, told, with};
use crate::support::app::Service;
use crate::support::factory::connected;

const INBOX: &str = "/api/admin/webhook-inbox";

async fn traces(service: &Service) -> Vec<String> {
    let sql = "SELECT operation FROM app.audit_logs WHERE table_name = 'webhook_event_inbox' ORDER BY id";
    sqlx::query_scalar(sql).fetch_all(&mut service.platform().await).await.unwrap()
}

#[tokio::test]
async fn w04_an_operator_sees_what_is_dead_and_has_it_worked_on_again() {
    let off = with(&["--payments", "off"]).await;
    let tenant = off.tenant().await;
    let account = connected(&off, &tenant).await;
    let event = event(&off, "account.updated", Some(&account), json!({"id": account, "object": "account"}));
    deliver(&off, &event).await;
    for _ in 0..15 {
        off.clock.advance(chrono::TimeDelta::hours(2));
        jobs::work_inbox(&off.app).await.unwrap();
    }
    assert_eq!(state(&off, &event).await.0, "dead");
    let operator = operator(&off).await;
    let list = operator.get(&format!("{INBOX}?state=dead")).await.expect(200);
    let shown = &list["data"][0];
    assert_eq!(shown["event_id"], event["id"]);
    assert_eq!(
        (&shown["attempts"], &shown["account"], &shown["tenant_id"]),
        (&json!(16), &json!(account), &json!(tenant.id))
    );
    assert_eq!(shown["next_attempt_at"], Value::Null);
    assert!(shown["last_error"].as_str().unwrap().contains("takes no cards"));
    assert_eq!(shown.get("raw"), None, "what an event says is nobody's business");

    let replay = format!("{INBOX}/{}/replay", shown["id"].as_str().unwrap());
    let again = operator.post(&replay, &json!({})).await.expect(200);
    assert_eq!(
        (&again["state"], &again["attempts"], &again["processed_at"]),
        (&json!("received"), &json!(0), &Value::Null)
    );
    assert_eq!(jobs::work_inbox(&off.app).await.unwrap(), 1);
    assert_eq!(state(&off, &event).await.1, 1);
    assert_eq!(traces(&off).await, ["ADMIN_VIEW", "WEBHOOK_REPLAY"]);
}

#[tokio::test]
async fn a_replay_of_what_is_done_has_no_second_effect() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = connected(&service, &tenant).await;
    assert_eq!(deliver(&service, &deauthorized(&service, &account)).await, "processed");
    let operator = operator(&service).await;
    let id = operator.get(INBOX).await.expect(200)["data"][0]["id"].as_str().unwrap().to_owned();
    operator.post(&format!("{INBOX}/{id}/replay"), &json!({})).await.expect(200);
    assert_eq!(jobs::work_inbox(&service.app).await.unwrap(), 1);
    assert_eq!(told(&service, &tenant, "PAYMENT_ACCOUNT_DEAUTHORIZED").await, 1);
    let missing = format!("{INBOX}/{}/replay", service.new_id());
    operator.post(&missing, &json!({})).await.refused(404, "TITHI_NOT_FOUND");
}

#[tokio::test]
async fn what_was_in_quarantine_finds_its_way_once_the_account_is_known() {
    let service = service().await;
    let tenant = service.tenant().await;
    let account = format!("acct_sandbox_{}", tenant.slug);
    let event = deauthorized(&service, &account);
    assert_eq!(deliver(&service, &event).await, "quarantined");
    connected(&service, &tenant).await;
    let operator = operator(&service).await;
    let list = operator.get(&format!("{INBOX}?state=quarantined&include_total=true")).await.expect(200);
    assert_eq!((&list["total"], &list["data"][0]["tenant_id"]), (&json!(1), &Value::Null));
    let id = list["data"][0]["id"].as_str().unwrap();
    operator.post(&format!("{INBOX}/{id}/replay"), &json!({})).await.expect(200);
    jobs::work_inbox(&service.app).await.unwrap();
    assert_eq!(state(&service, &event).await.0, "processed");
}

#[tokio::test]
async fn the_inbox_is_walked_page_by_page() {
    let service = service().await;
    for n in 0..7 {
        let kind = if n % 2 == 0 { "balance.available" } else { "payout.paid" };
        super::send(&service, &event(&service, kind, None, json!({}))).await.expect(200);
    }
    let operator = operator(&service).await;
    let (mut seen, mut path) = (Vec::new(), format!("{INBOX}?limit=3"));
    loop {
        let page = operator.get(&path).await.expect(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{INBOX}?limit=3&cursor={cursor}");
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((seen.len(), seen), (7, sorted));
    let some = operator.get(&format!("{INBOX}?event_type=payout.paid")).await.expect(200);
    assert_eq!(some["data"].as_array().unwrap().len(), 3);
}
