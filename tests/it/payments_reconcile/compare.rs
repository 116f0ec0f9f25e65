//! The daily comparison sees every way in which both sides may differ.
use chrono::TimeDelta;
use tithi::jobs;

use super::{Counter, service};

#[tokio::test]
async fn n12_a_comparison_finds_what_differs_and_nothing_else() {
    let service = service().await;
    let counter = Counter::open(&service).await;
    let mut begun = Vec::new();
    for cents in [1_000, 2_000, 3_000, 4_000] {
        let one = counter.begin(cents).await;
        counter.pays(&one).await;
        begun.push(one);
    }
    begun.push(counter.begin(5_000).await);
    counter.gives_back(&begun[0], 400).await;
    service.stripe.deliver().await;
    jobs::work_inbox(&service.app).await.unwrap();
    let compare = async || jobs::compare(&service.app).await.unwrap();
    assert_eq!(compare().await.compared, 0, "what is younger than an hour may still be under way");
    service.clock.advance(TimeDelta::hours(2));
    let found = compare().await;
    // five payments and a refund
    assert_eq!((found.compared, found.unanswered, found.differences.len()), (6, 0, 0), "{found:?}");

    let spoil = async |sql: &'static str, id| {
        sqlx::query(sql).bind(counter.tenant.id.0).bind(id).execute(&mut service.platform().await).await.unwrap();
    };
    // a cent less, money that never came, and one that the provider does not know
    spoil("UPDATE app.payments SET amount_captured_cents = 1999, updated_at = updated_at + interval '1 second' WHERE tenant_id = $1 AND id = $2", begun[1].id).await;
    spoil("UPDATE app.payments SET status = 'captured', amount_captured_cents = 5000, captured_at = now(), updated_at = updated_at + interval '1 second' WHERE tenant_id = $1 AND id = $2", begun[4].id).await;
    spoil("UPDATE app.payments SET provider_payment_id = 'pi_of_nobody', updated_at = updated_at + interval '1 second' WHERE tenant_id = $1 AND id = $2", begun[2].id).await;
    let mut found: Vec<_> =
        compare().await.differences.into_iter().map(|one| (one.row, one.theirs.is_some())).collect();
    found.sort_unstable();
    let mut expected = vec![(begun[1].id, true), (begun[2].id, false), (begun[4].id, true)];
    expected.sort_unstable();
    assert_eq!(found, expected);
    // and forgets what is older than two days
    service.clock.advance(TimeDelta::days(3));
    assert_eq!(compare().await.compared, 0);
}
