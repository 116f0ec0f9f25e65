//! What is left to be paid out, equal to the rows to the cent.
use serde_json::{Value, json};

use super::{Paid, REPORTS, Till, sheet};
use crate::support::app::Service;

/// The figures of a day, in the order of the sheet.
fn figures(sums: &Value) -> [i64; 9] {
    [
        "payments",
        "captured_cents",
        "cash_cents",
        "tips_cents",
        "refunded_cents",
        "cash_refunded_cents",
        "application_fees_cents",
        "application_fees_refunded_cents",
        "payout_cents",
    ]
    .map(|name| sums[name].as_i64().unwrap_or_else(|| panic!("{name}: {sums}")))
}

#[tokio::test]
async fn a_day_is_the_sum_of_its_payments_and_refunds() {
    let service = Service::start().await;
    let till = Till::open(&service, "Europe/Berlin").await;
    let noon = "2026-03-10T11:00:00Z";
    let card = till.takes(Paid { tip: 500, fee: 100, ..Paid::at(noon, 10_000) }).await;
    let cash = till.takes(Paid { cash: true, ..Paid::at(noon, 2_001) }).await;
    till.takes(Paid { currency: "JPY", ..Paid::at(noon, 700) }).await;
    till.takes(Paid { fee: 1, ..Paid::at("2026-03-11T11:00:00Z", 99) }).await;
    till.gives_back(card, "2026-03-12T09:00:00Z", 2_500, "succeeded").await;
    till.gives_back(card, "2026-03-12T09:00:00Z", 1_000, "failed").await;
    till.gives_back(card, "2026-03-12T09:00:00Z", 1_000, "pending").await;
    till.gives_back(cash, "2026-03-12T10:00:00Z", 1, "succeeded").await;

    let report = till.report("payouts", "2026-03-01", "2026-03-31").await;
    assert_eq!((&report["timezone"], &report["start_date"]), (&json!("Europe/Berlin"), &json!("2026-03-01")));
    let days = report["days"].as_array().unwrap();
    let told: Vec<_> =
        days.iter().map(|day| (day["date"].as_str().unwrap(), day["currency"].as_str().unwrap())).collect();
    assert_eq!(told, [("2026-03-10", "JPY"), ("2026-03-10", "USD"), ("2026-03-11", "USD"), ("2026-03-12", "USD")]);
    assert_eq!(figures(&days[0]["sums"]), [1, 700, 0, 0, 0, 0, 0, 0, 700]);
    assert_eq!(figures(&days[1]["sums"]), [2, 12_001, 2_001, 500, 0, 0, 100, 0, 9_900]);
    assert_eq!(figures(&days[2]["sums"]), [1, 99, 0, 0, 0, 0, 1, 0, 98]);
    assert_eq!(figures(&days[3]["sums"]), [0, 0, 0, 0, 2_501, 1, 0, 25, -2_475]);
    assert_eq!(report["totals"][1]["currency"], "USD");
    assert_eq!(figures(&report["totals"][1]["sums"]), [3, 12_100, 2_001, 500, 2_501, 1, 101, 25, 7_523]);

    let lines = sheet(&till, "payouts", "2026-03-01", "2026-03-31").await;
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0][..2], ["date", "currency"]);
    for (line, day) in lines[1..].iter().zip(days) {
        assert_eq!(line[..2], [day["date"].as_str().unwrap(), day["currency"].as_str().unwrap()]);
        let cells: Vec<i64> = line[2..].iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(cells, figures(&day["sums"]), "numbers stay numbers, below zero too");
    }
}

#[tokio::test]
async fn a_fee_that_goes_back_in_parts_goes_back_whole() {
    let service = Service::start().await;
    let till = Till::open(&service, "UTC").await;
    for (captured, fee, parts) in [(999, 100, 3), (1_000, 1, 7), (10_007, 333, 11), (5, 5, 5)] {
        let paid = till.takes(Paid { fee, ..Paid::at("2026-02-01T00:00:00Z", captured) }).await;
        for part in 0..parts {
            // as even as whole cents can be
            let amount = captured * (part + 1) / parts - captured * part / parts;
            till.gives_back(paid, &format!("2026-02-{:02}T00:00:00Z", part + 2), amount, "succeeded").await;
        }
    }
    let report = till.report("payouts", "2026-02-01", "2026-02-28").await;
    let [_, captured, _, _, refunded, _, fees, back, payout] = figures(&report["totals"][0]["sums"]);
    assert_eq!((captured, refunded, fees, back, payout), (12_011, 12_011, 439, 439, 0));
    // whatever days are asked for: the parts do not depend on it
    let mut sum = 0;
    for day in 1..=28 {
        let day = format!("2026-02-{day:02}");
        let report = till.report("payouts", &day, &day).await;
        sum += report["totals"].as_array().unwrap().iter().map(|total| figures(&total["sums"])[7]).sum::<i64>();
    }
    assert_eq!(sum, 439);
}

/// In New York the clocks go back on 1 November 2026 and forward on 8 March: these days have 25 and 23 hours.
#[tokio::test]
async fn a_day_is_the_businesss_own_over_changes_of_the_clock() {
    let service = Service::start().await;
    let till = Till::open(&service, "America/New_York").await;
    for (cents, at) in [
        (1, "2026-11-01T03:59:59.999999Z"),
        (20, "2026-11-01T04:00:00Z"),
        (300, "2026-11-02T04:59:59.999999Z"),
        (4_000, "2026-11-02T05:00:00Z"),
        (5, "2026-03-08T04:59:59.999999Z"),
        (60, "2026-03-08T05:00:00Z"),
        (700, "2026-03-09T03:59:59.999999Z"),
        (8_000, "2026-03-09T04:00:00Z"),
    ] {
        till.takes(Paid::at(at, cents)).await;
    }
    let of = async |date: &str| {
        let report = till.report("payouts", date, date).await;
        report["days"][0]["sums"]["captured_cents"].as_i64().unwrap_or_default()
    };
    let days = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-03-07", "2026-03-08", "2026-03-09"];
    let mut told = Vec::new();
    for day in days {
        told.push(of(day).await);
    }
    assert_eq!(told, [1, 320, 4_000, 5, 760, 8_000]);
}

#[tokio::test]
async fn only_what_came_in_counts_and_only_the_businesss_own() {
    let service = Service::start().await;
    let (till, other) = (Till::open(&service, "UTC").await, Till::open(&service, "UTC").await);
    other.takes(Paid::at("2026-02-03T00:00:00Z", 777)).await;
    let open = till.takes(Paid::at("2026-02-03T00:00:00Z", 100)).await;
    // one that was never captured
    till.begins(Paid::at("2026-02-03T00:00:00Z", 5_000)).await;
    till.gives_back(open, "2026-02-04T00:00:00Z", 100, "succeeded").await;
    let report = till.report("payouts", "2026-02-01", "2026-02-28").await;
    assert_eq!(figures(&report["totals"][0]["sums"]), [1, 100, 0, 0, 100, 0, 0, 0, 0]);
    let none = till.report("payouts", "2026-01-01", "2026-01-31").await;
    assert_eq!((&none["days"], &none["totals"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn at_most_a_year_is_reported_at_a_time() {
    let service = Service::start().await;
    let till = Till::open(&service, "UTC").await;
    for which in ["payouts", "payouts/export", "taxes", "taxes/export"] {
        for dates in ["start_date=2026-01-02&end_date=2026-01-01", "start_date=2026-01-01&end_date=2027-01-02"] {
            let refused = till.owner.get(&format!("{REPORTS}/{which}?{dates}")).await;
            let problem = refused.refused(400, "TITHI_VALIDATION_ERROR");
            assert_eq!(problem["errors"][0]["pointer"], "query/end_date");
        }
        // a year that has a day more
        let answer = till.owner.get(&format!("{REPORTS}/{which}?start_date=2024-01-01&end_date=2024-12-31")).await;
        assert_eq!(answer.status.as_u16(), 200, "{which}");
    }
}
