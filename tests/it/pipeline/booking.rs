//! The whole way once: a visitor finds a time and books it, the owner sees it, another business does not.
use crate::support::app::Service;
use crate::support::factory::bookable;

#[tokio::test]
async fn a_visitor_books_and_the_owner_sees_it() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    let free = subject.free(&visitor).await;
    assert_eq!(free.len(), 7 * 24, "half hours from 08:00 to 20:00");

    let body = subject.booking(&free[0]);
    let first = visitor.key("first").post(&subject.bookings(), &body).await;
    assert_eq!(first.header("idempotent-replayed"), "");
    let again = visitor.key("first").post(&subject.bookings(), &body).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &first.body));
    first.expect(201);
    let taken = visitor.key("second").post(&subject.bookings(), &body).await.refused(409, "TITHI_BOOKING_CONFLICT");
    assert_eq!(taken["next_free"][0]["start"], free[1].as_str());
    assert_eq!(subject.next_free(&visitor).await, free[1]);

    let list = service.owner_of(&tenant).await.get("/api/v1/bookings").await.expect(200);
    let id = list["data"][0]["id"].as_str().unwrap();
    assert_eq!((list["data"].as_array().unwrap().len(), &list["data"][0]["start_at"]), (1, &free[0].as_str().into()));
    let elsewhere = service.owner_of(&other).await;
    elsewhere.get(&format!("/api/v1/bookings/{id}")).await.refused(404, "TITHI_BOOKING_NOT_FOUND");
}
