//! An invoice is issued once, with the next number.
use chrono::{Datelike, TimeDelta};
use futures_util::future::join_all;
use serde_json::json;
use sqlx::Executor;
use tithi::domains::invoices::{self, NewInvoice, NewLine};
use tithi::error::Code;
use tithi::kernel::zone::Zone;

use super::{issued, line, money, paid, payment, scope};
use crate::catalogue::{audited, told};
use crate::support::app::Service;

#[tokio::test]
async fn an_invoice_says_what_was_sold_and_to_whom() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let owner = service.owner_of(&tenant).await;
    let own = json!({"invoicing": {
        "legal_name": "Aurora Hair Ltd", "address": "7 Linden Row\n\nNew York", "tax_number": "12-34", "tax_bps": 1900,
        "note": "Thank you.",
    }});
    owner.patch(&format!("/api/v1/tenants/{}", tenant.id), &own).await.expect(200);
    let ana = json!({"display_name": "Ana Lima", "email": "ana@example.com"});
    let ana = owner.post("/api/v1/customers", &ana).await.expect(201)["id"].as_str().unwrap().to_owned();
    let lines = vec![
        NewLine { quantity: 3, discount_cents: 500, tax_bps: None, ..line("Haircut", 4_500, 0) },
        line("Brush", 1_000, 700),
    ];
    let new =
        NewInvoice { customer_id: Some(ana.parse().unwrap()), lines, ..paid(&service, &tenant, money(0, "USD")).await };
    let id = issued(&service, &tenant, new.clone()).await.unwrap().id.to_string();

    let shown = owner.get(&format!("/api/v1/invoices/{id}")).await.expect(200);
    assert_eq!((&shown["total_cents"], &shown["subtotal_cents"]), (&json!(14_000), &json!(10_924 + 935)));
    assert_eq!(shown["tax_cents"], 2_076 + 65);
    assert_eq!((&shown["status"], &shown["kind"]), (&json!("paid"), &json!("invoice")));
    assert_eq!(shown["items"][0]["total_cents"], 13_000);
    assert_eq!(shown["buyer"]["name"], "Ana Lima");
    assert_eq!(shown["seller"]["name"], "Aurora Hair Ltd");
    assert_eq!(shown["seller"]["address"], json!(["7 Linden Row", "New York"]));
    assert_eq!(shown["note"], "Thank you.");
    let today = Zone::parse("America/New_York").unwrap().date(service.clock.now());
    assert_eq!(shown["issued_on"], today.to_string());
    assert_eq!(shown["reference"], format!("INV-{}-000001", today.year()));

    // what it says stays, whatever becomes of those who are named
    owner.patch(&format!("/api/v1/customers/{ana}"), &json!({"display_name": "Ana Silva"})).await.expect(200);
    owner.patch(&format!("/api/v1/tenants/{}", tenant.id), &json!({"name": "Nova"})).await.expect(200);
    assert_eq!(owner.get(&format!("/api/v1/invoices/{id}")).await.expect(200)["buyer"]["name"], "Ana Lima");

    let told = told(&service, &tenant, &id).await;
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["INVOICE_ISSUED"]);
    assert_eq!((&told[0].1["total_cents"], &told[0].1["customer_id"]), (&json!(14_000), &json!(ana)));
    assert!(!told[0].1.to_string().contains("Ana"), "an event names nobody");
    assert_eq!(audited(&service, &tenant, "invoices", &id).await, ["INSERT", "UPDATE"]);
    let logged: i64 = sqlx::query_scalar("SELECT count(*) FROM app.audit_logs WHERE tenant_id = $1 AND table_name = 'invoices' AND new_data::text LIKE '%Ana%'")
        .bind(tenant.id.0)
        .fetch_one(&mut service.platform().await)
        .await
        .unwrap();
    assert_eq!(logged, 0, "the log cannot forget, so it does not know");
}

#[tokio::test]
async fn a_payment_is_billed_once() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let new = paid(&service, &tenant, money(4_500, "USD")).await;
    let answers = join_all((0..8).map(|_| issued(&service, &tenant, new.clone()))).await;
    let ids: std::collections::BTreeSet<_> = answers.into_iter().map(|made| made.unwrap().id).collect();
    assert_eq!(ids.len(), 1);
    let next = issued(&service, &tenant, paid(&service, &tenant, money(1, "USD")).await).await.unwrap();
    assert_eq!(next.number, Some(2));
}

#[tokio::test]
async fn forty_at_once_get_forty_consecutive_numbers() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let other = service.tenant().await;
    let numbers = join_all((0..40).map(async |_| {
        let new = paid(&service, &tenant, money(100, "USD")).await;
        issued(&service, &tenant, new).await.unwrap().number.unwrap()
    }))
    .await;
    let mut numbers = numbers;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<i64>>());
    let first = issued(&service, &other, paid(&service, &other, money(100, "USD")).await).await.unwrap();
    assert_eq!(first.number, Some(1), "each business counts for itself");
}

#[tokio::test]
async fn what_is_rolled_back_leaves_no_gap() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let given_up = scope(&service, &tenant);
    let lost = invoices::issue(&given_up, paid(&service, &tenant, money(100, "USD")).await).await.unwrap();
    assert_eq!(lost.number, Some(1));
    // whoever comes meanwhile waits, and gets the number that was given up
    let waiting = paid(&service, &tenant, money(200, "USD")).await;
    let (next, _) = tokio::join!(issued(&service, &tenant, waiting), given_up.roll_back());
    assert_eq!(next.unwrap().number, Some(1));
}

#[tokio::test]
async fn a_year_begins_where_the_business_is() {
    let service = Service::start().await;
    let tenant = service.tenant_in("Asia/Tokyo").await;
    let zone = Zone::parse("Asia/Tokyo").unwrap();
    let year = zone.year(service.clock.now());
    issued(&service, &tenant, paid(&service, &tenant, money(100, "JPY")).await).await.unwrap();
    service.clock.advance(year.end - service.clock.now() - TimeDelta::seconds(1));
    let last = issued(&service, &tenant, paid(&service, &tenant, money(100, "JPY")).await).await.unwrap();
    service.clock.advance(TimeDelta::seconds(1));
    let first = issued(&service, &tenant, paid(&service, &tenant, money(100, "JPY")).await).await.unwrap();
    assert_eq!((last.number, first.number), (Some(2), Some(1)));
    assert_eq!(first.year, last.year.map(|year| year + 1));
}

#[tokio::test]
async fn an_open_one_is_settled_or_void() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let (cash, lost) = (payment(&service, &tenant).await, payment(&service, &tenant).await);
    for payment in [cash, lost] {
        let new =
            NewInvoice { payment_id: Some(payment), paid_at: None, ..paid(&service, &tenant, money(100, "USD")).await };
        assert_eq!(issued(&service, &tenant, new).await.unwrap().status.as_str(), "open");
    }
    let end = scope(&service, &tenant);
    for _ in 0..2 {
        assert_eq!(invoices::settle(&end, cash, end.now()).await.unwrap().unwrap().status.as_str(), "paid");
        assert_eq!(invoices::void(&end, lost).await.unwrap().unwrap().status.as_str(), "void");
    }
    assert_eq!(invoices::void(&end, cash).await.unwrap().unwrap().status.as_str(), "paid", "what is paid stays so");
    assert!(invoices::settle(&end, service.new_id(), end.now()).await.unwrap().is_none());
    end.commit().await.unwrap();
}

#[tokio::test]
async fn impossible_lines_are_refused() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let new = paid(&service, &tenant, money(100, "USD")).await;
    let cases = [
        vec![],
        vec![line("Haircut", -1, 0)],
        vec![line("  ", 1, 0)],
        vec![NewLine { quantity: 0, ..line("Haircut", 1, 0) }],
        vec![NewLine { discount_cents: 2, ..line("Haircut", 1, 0) }],
        vec![line("Haircut", i64::MAX, 0), line("Haircut", i64::MAX, 0)],
    ];
    for lines in cases {
        let refused = issued(&service, &tenant, NewInvoice { lines, ..new.clone() }).await.unwrap_err();
        assert_eq!(refused.code(), Code::RuleViolation);
    }
    let made = issued(&service, &tenant, new).await.unwrap();
    assert_eq!(made.number, Some(1), "what was refused took no number");
}

/// The database's own guard, asked as the service's role in the tenant's context.
#[tokio::test]
async fn nobody_changes_what_was_issued() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let made = issued(&service, &tenant, paid(&service, &tenant, money(100, "USD")).await).await.unwrap();
    let open = NewInvoice { paid_at: None, ..paid(&service, &tenant, money(100, "USD")).await };
    let open = issued(&service, &tenant, open).await.unwrap();
    let mut app = service.database.connect("tithi_app").await;
    for (id, change) in [
        (made.id, "UPDATE app.invoices SET total_cents = 1, subtotal_cents = 1 WHERE id = $1"),
        (made.id, "UPDATE app.invoices SET number = 7 WHERE id = $1"),
        (made.id, "UPDATE app.invoices SET buyer = '{}', seller = '{\"name\": \"x\"}' WHERE id = $1"),
        (made.id, "UPDATE app.invoices SET status = 'open', paid_at = null WHERE id = $1"),
        (made.id, "DELETE FROM app.invoices WHERE id = $1"),
        (open.id, "UPDATE app.invoices SET status = 'draft', year = null, number = null, reference = null, issued_on = null, issued_at = null WHERE id = $1"),
        (open.id, "UPDATE app.invoice_series SET last_number = 1 WHERE $1::uuid IS NOT NULL"),
        (open.id, "UPDATE app.invoice_series SET last_number = last_number + 2 WHERE $1::uuid IS NOT NULL"),
        (open.id, "DELETE FROM app.invoice_series WHERE $1::uuid IS NOT NULL"),
        (open.id, "INSERT INTO app.invoice_items (tenant_id, id, invoice_id, position, description, quantity, unit_cents, tax_bps, net_cents, tax_cents, total_cents)
                   SELECT tenant_id, gen_random_uuid(), id, 2, 'More', 1, 1, 0, 1, 0, 1 FROM app.invoices WHERE id = $1"),
    ] {
        app.execute(sqlx::AssertSqlSafe(format!("BEGIN; SET LOCAL app.tenant_id = '{}'", tenant.id))).await.unwrap();
        let refused = sqlx::query(change).bind(id.0).execute(&mut app).await.unwrap_err();
        let refused = refused.as_database_error().and_then(|error| error.constraint().map(str::to_owned));
        assert!(refused.is_some_and(|name| name.starts_with("invoice")), "{change}");
        app.execute("ROLLBACK").await.unwrap();
    }
}
