//! What the three commonest requests cost the database: the exact statements, as they go over the wire.
use reqwest::Method;

use super::wire::Wire;
use crate::support::app::Service;
use crate::support::database::Database;
use crate::support::factory::bookable;

/// The first words of each statement, without the ROLLBACK that ends a read after its answer has gone out.
fn words(run: &[String]) -> Vec<String> {
    let on_the_way = run.iter().filter(|sql| !sql.starts_with("ROLLBACK"));
    on_the_way.map(|sql| sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect()
}

#[tokio::test]
async fn a_booking_a_search_and_a_catalogue_cost_what_the_readme_says() {
    let database = Database::own().await;
    let wire = Wire::new(&database.options("tithi_app"));
    let service = Service::through(database, &[], None, |options| wire.lead(options)).await;
    let tenant = service.tenant().await;
    let subject = bookable(&service, &tenant).await;
    let visitor = service.visitor();
    let catalogue = format!("/v1/{}/services", tenant.slug);
    let free = subject.free(&visitor).await;
    // once for what is known afterwards: the tenant, the shape of a statement
    visitor.get(&catalogue).await.expect(200);
    visitor.key("warm").post(&subject.bookings(), &subject.booking(&free[0])).await.expect(201);
    let measure = async |what: &str, method: Method, path: &str, key: &str, body: Option<serde_json::Value>| {
        wire.take();
        let answer = visitor.key(key).send(method, path, body.as_ref()).await;
        assert!(answer.status.is_success(), "{what}: {answer:?}");
        let run = words(&wire.take());
        println!("{what}: {} statements\n  {}", run.len(), run.join("\n  "));
        run.len()
    };
    let search = measure("slot search", Method::GET, &subject.availability(), "none", None).await;
    let read = measure("catalogue read", Method::GET, &catalogue, "none", None).await;
    let body = Some(subject.booking(&free[1]));
    let booking = measure("public booking", Method::POST, &subject.bookings(), "one", body.clone()).await;
    let replay = measure("its replay", Method::POST, &subject.bookings(), "one", body).await;
    assert_eq!((search, read, booking, replay), (2, 2, 8, 2));
}
