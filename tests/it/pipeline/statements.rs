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

/// The README's figure of a request, from its row `| request | statements | which |`.
fn promised(request: &str) -> usize {
    let readme = include_str!("../../../README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let row = cells.into_iter().find(|cells| cells[0] == request);
    let row = row.unwrap_or_else(|| panic!("the README has no row for {request}"));
    let (count, named) = (row[1].parse().unwrap(), row[2].split(", ").filter(|name| !name.is_empty()).count());
    assert_eq!(count, named, "{request}: the README counts and names different statements");
    count
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
    let (search, bookings) = (subject.availability(), subject.bookings());
    let month = format!("/v1/b/{}/availability/days?service_id={}", tenant.slug, subject.service_id);
    let body = Some(subject.booking(&free[1]));
    for (what, method, path, body) in [
        ("catalogue read", Method::GET, &catalogue, None),
        ("slot search over every resource of a service", Method::GET, &search, None),
        ("the same again, nothing written meanwhile", Method::GET, &search, None),
        ("dates with free times, a month", Method::GET, &month, None),
        ("public booking", Method::POST, &bookings, body.clone()),
        ("its replay", Method::POST, &bookings, body),
    ] {
        assert_eq!(measure(what, method, path, "one", body).await, promised(what), "{what}");
    }
}
