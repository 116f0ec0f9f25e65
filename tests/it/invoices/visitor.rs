//! The customer's side: by the token of the booking, and by no other.
use chrono::TimeDelta;

use super::of_booking;
use crate::catalogue::ids;
use crate::support::app::Service;
use crate::support::factory::bookable;

#[tokio::test]
async fn a_visitor_reads_what_was_billed_for_the_own_booking() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let bookable = bookable(&service, &tenant).await;
    let visitor = service.stranger(&tenant);
    let free = bookable.free(&visitor).await;
    let mut tokens = Vec::new();
    let mut bookings = Vec::new();
    for start in &free[..2] {
        let key = format!("{:032x}", rand::random::<u128>());
        let made = visitor.key(&key).post(&bookable.bookings(), &bookable.booking(start)).await.expect(201);
        tokens.push(made["manage_token"].as_str().unwrap().to_owned());
        bookings.push(made["id"].as_str().unwrap().to_owned());
    }
    let invoice = of_booking(&service, &tenant, &bookings[0]).await.to_string();
    let at = |token: &str| format!("/v1/b/{}/bookings/{token}/invoices", tenant.slug);
    assert_eq!(ids(&visitor.get(&at(&tokens[0])).await.expect(200)), std::slice::from_ref(&invoice));
    assert!(ids(&visitor.get(&at(&tokens[1])).await.expect(200)).is_empty());
    for kind in ["pdf", "html"] {
        let own = visitor.get(&format!("{}/{invoice}/{kind}", at(&tokens[0]))).await;
        assert_eq!(own.status.as_u16(), 200);
        let foreign = visitor.get(&format!("{}/{invoice}/{kind}", at(&tokens[1]))).await;
        foreign.refused(404, "TITHI_INVOICE_NOT_FOUND");
    }
    visitor.get(&at("AZnEkTlqfTCbUjwfCm1-hA.3q2-7wAAAAA")).await.refused(404, "TITHI_BOOKING_NOT_FOUND");

    // the link of the first mail stays good after the booking was moved, and so does the new one's
    service.clock.advance(TimeDelta::seconds(1));
    let owner = service.owner_of(&tenant).await;
    let key = format!("{:032x}", rand::random::<u128>());
    let to = serde_json::json!({"start_at": free[4]});
    let path = format!("/api/v1/bookings/{}/reschedule", bookings[0]);
    let moved = owner.key(&key).send(reqwest::Method::POST, &path, Some(&to)).await.expect(201);
    let second = of_booking(&service, &tenant, moved["id"].as_str().unwrap()).await.to_string();
    let listed = ids(&visitor.get(&at(&tokens[0])).await.expect(200));
    assert_eq!(listed, [invoice, second]);
}
