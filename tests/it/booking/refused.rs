//! Refusals under load: whoever is refused must not keep a connection while it is told of other times.
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::Shop;
use crate::support::app::Service;

#[tokio::test]
async fn more_refusals_than_connections_do_not_wait_for_each_other() {
    let service = Service::start().await;
    let shop = Shop::open(&service, json!({})).await;
    let start = shop.starts(shop.tomorrow).await.remove(0);
    shop.visit(&shop.wish(&start)).await.expect(201);
    let wishes: Vec<_> = (0..40).map(|_| shop.wish(&start)).collect();
    let all = join_all(wishes.iter().map(|wish| shop.visit(wish)));
    // the pool has eight connections and gives up after twenty seconds
    let answers = tokio::time::timeout(Duration::from_secs(15), all).await.expect("they wait for each other");
    for answer in answers {
        let problem = answer.refused(409, "TITHI_BOOKING_CONFLICT");
        assert_eq!(problem["next_free"].as_array().unwrap().len(), 5, "{problem}");
    }
}
