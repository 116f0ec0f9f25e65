//! What was taxed at which rate, equal to the rows to the cent.
use serde_json::Value;

use super::{Paid, Till, sheet};
use crate::support::app::Service;

fn figures(sums: &Value) -> [i64; 6] {
    ["payments", "taxed_cents", "tax_cents", "refunded_cents", "tax_refunded_cents", "tax_due_cents"]
        .map(|name| sums[name].as_i64().unwrap_or_else(|| panic!("{name}: {sums}")))
}

#[tokio::test]
async fn each_rate_has_its_own_sum() {
    let service = Service::start().await;
    let till = Till::open(&service, "Europe/Berlin").await;
    till.taxed_at(1_900).await;
    // a tip is not taxed, what a gift card paid is
    let paid = till.takes(Paid { tip: 500, tax: 1_900, gift: 1_900, ..Paid::at("2026-03-10T11:00:00Z", 10_500) }).await;
    till.gives_back(paid, "2026-03-11T11:00:00Z", 3_500, "succeeded").await;
    till.gives_back(paid, "2026-03-11T12:00:00Z", 7_000, "succeeded").await;
    let report = till.report("taxes", "2026-03-01", "2026-03-31").await;
    let days = report["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[0]["rate_bps"], &days[0]["date"]), (2, &1_900.into(), &"2026-03-10".into()));
    assert_eq!(figures(&days[0]["sums"]), [1, 11_900, 1_900, 0, 0, 1_900]);
    assert_eq!(figures(&days[1]["sums"]), [0, 0, 0, 10_500, 1_900, -1_900]);
    assert_eq!(figures(&report["totals"][0]["sums"]), [1, 11_900, 1_900, 10_500, 1_900, 0]);

    let lines = sheet(&till, "taxes", "2026-03-01", "2026-03-31").await;
    assert_eq!(lines[0][..3], ["date", "currency", "rate_bps"]);
    for (line, day) in lines[1..].iter().zip(days) {
        let cells: Vec<i64> = line[3..].iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!((line[2].as_str(), cells.as_slice()), ("1900", &figures(&day["sums"])[..]));
    }
}

#[tokio::test]
async fn rates_are_told_apart() {
    let service = Service::start().await;
    let mut till = Till::open(&service, "UTC").await;
    till.taxed_at(700).await;
    till.takes(Paid { tax: 70, ..Paid::at("2026-03-10T11:00:00Z", 1_070) }).await;
    let report = till.report("taxes", "2026-03-10", "2026-03-10").await;
    assert_eq!(report["totals"][0]["rate_bps"], 700);
    till.sells_at(0).await;
    till.takes(Paid::at("2026-03-10T12:00:00Z", 5_000)).await;
    let report = till.report("taxes", "2026-03-10", "2026-03-10").await;
    let told: Vec<_> = report["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|total| (total["rate_bps"].as_i64(), figures(&total["sums"])))
        .collect();
    assert_eq!(told, [(Some(0), [1, 5_000, 0, 0, 0, 0]), (Some(700), [1, 1_070, 70, 0, 0, 70])]);
}
