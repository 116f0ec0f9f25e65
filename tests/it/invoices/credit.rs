//! What is given back is taken from the invoice, never more than it had.
use futures_util::future::join_all;
use tithi::domains::invoices::NewInvoice;
use tithi::error::Code;

use super::{credited, issued, line, money, paid};
use crate::support::app::Service;

#[tokio::test]
async fn a_refund_gets_one_credit_note_of_its_own_series() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let new = paid(&service, &tenant, money(4_500, "EUR")).await;
    let payment = new.payment_id.unwrap();
    let invoice = issued(&service, &tenant, new).await.unwrap();
    let refund = service.new_id();
    let give = || credited(&service, &tenant, (payment, refund), money(1_500, "EUR"));
    let answers = join_all((0..6).map(|_| give())).await;
    let notes: std::collections::BTreeSet<_> = answers.into_iter().map(|note| note.unwrap().unwrap().id).collect();
    assert_eq!(notes.len(), 1);
    let note = give().await.unwrap().unwrap();
    assert_eq!((note.number, note.total_cents, note.invoice_id), (Some(1), 1_500, Some(invoice.id)));
    assert!(note.reference.unwrap().starts_with("CN-"));

    let admin = service.admin_of(&tenant).await;
    let shown = admin.get(&format!("/api/v1/invoices/{}", invoice.id)).await.expect(200);
    assert_eq!((&shown["status"], &shown["credited_cents"]), (&"paid".into(), &1_500.into()));
    let too_much = credited(&service, &tenant, (payment, service.new_id()), money(3_001, "EUR")).await.unwrap_err();
    assert_eq!((too_much.code(), &too_much.extra()["refundable_cents"]), (Code::RefundExceedsPayment, &3_000.into()));
    let foreign = credited(&service, &tenant, (payment, service.new_id()), money(1, "USD")).await.unwrap_err();
    assert_eq!(foreign.code(), Code::RuleViolation);
    credited(&service, &tenant, (payment, service.new_id()), money(3_000, "EUR")).await.unwrap();
    let shown = admin.get(&format!("/api/v1/invoices/{}", invoice.id)).await.expect(200);
    assert_eq!((&shown["status"], &shown["credited_cents"]), (&"credited".into(), &4_500.into()));
    let unbilled = credited(&service, &tenant, (service.new_id(), service.new_id()), money(1, "EUR")).await.unwrap();
    assert!(unbilled.is_none());
}

/// Twenty partial refunds of 30 % at once: three fit.
#[tokio::test]
async fn s12_no_more_is_credited_than_was_billed() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let new = NewInvoice {
        lines: vec![line("Haircut", 7_000, 1_900), line("Brush", 3_000, 700)],
        ..paid(&service, &tenant, money(10_000, "EUR")).await
    };
    let payment = new.payment_id.unwrap();
    let invoice = issued(&service, &tenant, new).await.unwrap();
    let answers =
        join_all((0..20).map(|_| credited(&service, &tenant, (payment, service.new_id()), money(3_000, "EUR")))).await;
    let fits = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(fits, 3);
    for refused in answers.into_iter().filter_map(Result::err) {
        assert_eq!(refused.code(), Code::RefundExceedsPayment);
    }
    credited(&service, &tenant, (payment, service.new_id()), money(1_000, "EUR")).await.unwrap();
    let sums: (i64, i64) = sqlx::query_as(
        "SELECT sum(tax_cents)::bigint, sum(total_cents)::bigint FROM app.invoices WHERE tenant_id = $1 AND kind = 'credit_note'",
    )
    .bind(tenant.id.0)
    .fetch_one(&mut service.platform().await)
    .await
    .unwrap();
    assert_eq!(sums, (invoice.tax_cents, invoice.total_cents), "the tax comes back to the cent");
}
