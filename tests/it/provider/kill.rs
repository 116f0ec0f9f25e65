//! The service is killed at random points of book-and-pay while its client asks again with the same keys: each booking
//! is paid once, and both sides count the same.
//!
//! A run of all tests has time for a few kills; `TITHI_KILLS=50` does the whole. `TITHI_KILLS_SEED` repeats the choices of
//! a run.
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tithi::kernel::clock::Clock;
use tithi::ports::payments::sandbox::{FaultRule, Trouble};

use crate::booking::Shop;
use crate::payments::connect;
use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::server::Server;
use crate::support::stripe::{KEY, SECRET, Stripe};

/// What a run of all tests has time for.
const KILLS: usize = 4;
/// However slow the machine is, a payment ends.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n03_killed_at_any_point_each_booking_is_paid_once_and_both_sides_count_the_same() {
    let seed = setting("TITHI_KILLS_SEED").unwrap_or_else(rand::random);
    let kills = setting("TITHI_KILLS").map_or(KILLS, |count| usize::try_from(count).unwrap());
    println!("TITHI_KILLS_SEED={seed} TITHI_KILLS={kills}");
    let mut random = StdRng::seed_from_u64(seed);
    let service = Service::alone().await;
    let stripe = Stripe::start(Clock::system()).await;
    // some calls take long enough to be killed in their midst
    stripe.knobs(|knobs| knobs.seed(seed));
    stripe.trouble(FaultRule { milliseconds: 60, ..FaultRule::every(Trouble::Slow).share(0.4) });
    let shop = Shop::open(&service, json!({"payment": {"mode": "full"}})).await;
    let account = stripe.account();
    connect(&service, &shop, &account).await;
    let starts = starts(&shop, kills).await;
    let url = stripe.url();
    let settings = [
        ("TITHI_PAYMENTS", "stripe"),
        ("STRIPE_SECRET_KEY", KEY),
        ("STRIPE_WEBHOOK_SECRET", SECRET),
        ("TITHI_STRIPE_URL", url.as_str()),
        ("TITHI_LOG", "debug,hyper=info,hyper_util=info,h2=info,sqlx=info,tower=info"),
    ];
    let mut server = Server::with(&service.database, &settings).await;
    let client = Payer {
        stranger: Client::at(server.address, &shop.tenant.host()),
        owner: Client::at(server.address, &shop.tenant.host())
            .bearer(&service.token(shop.tenant.owner, Some(shop.tenant.id)).await),
    };

    let begun = Instant::now();
    let mut whole = Duration::from_millis(400);
    let mut paid = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let wish = shop.wish(start);
        if number == 0 {
            // one without a kill tells how long it takes
            let one = Instant::now();
            paid.push(client.book_and_pay(&shop, number, &wish).await);
            whole = one.elapsed();
            continue;
        }
        let after = whole.mul_f64(random.random_range(0.0..1.1));
        let (done, ()) = tokio::join!(client.book_and_pay(&shop, number, &wish), async {
            tokio::time::sleep(after).await;
            server.kill().await;
        });
        paid.push(done);
    }
    let calls = stripe.calls();
    let replayed = calls.iter().filter(|call| call.replayed).count();
    println!(
        "{} bookings, {kills} kills within {whole:?} of book-and-pay, {:.1} s; {} calls at the provider, {replayed} replayed",
        starts.len(),
        begun.elapsed().as_secs_f64(),
        calls.len(),
    );

    let wanted = i64::try_from(starts.len()).unwrap();
    for booking in &paid {
        let now = client.owner.get(&format!("/api/v1/bookings/{}", booking.as_str().unwrap())).await.expect(200);
        assert_eq!(
            (&now["status"], &now["payment"]["status"]),
            (&json!("confirmed"), &json!("paid")),
            "seed {seed}: {now}"
        );
    }
    let mut looking = service.platform().await;
    let sql = "SELECT status, count(*), coalesce(sum(amount_captured_cents), 0)::bigint FROM app.payments WHERE tenant_id = $1 GROUP BY status";
    let rows: Vec<(String, i64, i64)> =
        sqlx::query_as(sql).bind(shop.tenant.id.0).fetch_all(&mut looking).await.unwrap();
    assert_eq!(rows, [("captured".to_owned(), wanted, wanted * 4500)], "seed {seed}");
    let bookings: i64 = sqlx::query_scalar("SELECT count(*) FROM app.bookings WHERE tenant_id = $1")
        .bind(shop.tenant.id.0)
        .fetch_one(&mut looking)
        .await
        .unwrap();
    assert_eq!(bookings, wanted, "seed {seed}: none twice, none left lying");
    assert_eq!(stripe.charges(&account).len(), starts.len(), "seed {seed}: charges");
    assert_eq!(stripe.objects(&account, "pi_").len(), starts.len(), "seed {seed}: intents");
    assert_eq!(stripe.taken(&account), wanted * 4500, "seed {seed}: to the cent");

    // S18: what is secret, or of a card, is in no log, however much is logged
    let said = server.said();
    assert!(said.contains("provider"), "the log tells of calls");
    for word in ["4242", "_secret_", KEY, SECRET] {
        let line = said.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "the log holds {word}: {line:?}");
    }
}

/// Free times, one for a booking without a kill and one for each kill.
async fn starts(shop: &Shop, kills: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut date = shop.tomorrow;
    while found.len() <= kills {
        found.extend(shop.starts(date).await);
        date = date.succ_opt().unwrap();
    }
    found.truncate(kills + 1);
    found
}

/// A client that asks again, with the same key, until it has an answer.
struct Payer {
    stranger: Client,
    owner: Client,
}

impl Payer {
    async fn book_and_pay(&self, shop: &Shop, number: usize, wish: &Value) -> Value {
        let booked = self.ask(&self.stranger, &format!("kill-{number}-book"), &shop.page(), wish, 201).await;
        let begin = json!({"booking_id": booked["id"]});
        let begun =
            self.ask(&self.owner, &format!("kill-{number}-begin"), "/api/v1/payments/checkout", &begin, 201).await;
        let confirm = json!({"payment_intent_id": begun["payment_intent_id"], "payment_method_id": "pm_card_visa"});
        self.ask(&self.owner, &format!("kill-{number}-confirm"), "/api/v1/payments/confirm", &confirm, 200).await;
        booked["id"].clone()
    }

    async fn ask(&self, who: &Client, key: &str, path: &str, body: &Value, expected: u16) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = who.key(key).attempt(Method::POST, path, body).await;
            match answer {
                Ok(answer) if answer.status.as_u16() == expected => return answer.json(),
                // the first one runs, or ran in a process that was killed; or the provider did not answer it
                Ok(answer) if matches!(answer.status.as_u16(), 409 | 429 | 500..=599) && again(&answer.code()) => {}
                Ok(answer) => panic!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
                Err(_) => {}
            }
            assert!(Instant::now() < deadline, "{path}: no answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Refusals that pass.
fn again(code: &str) -> bool {
    !matches!(code, "TITHI_BOOKING_CONFLICT" | "TITHI_PAYMENT_SETTLED")
}

#[expect(clippy::disallowed_methods, reason = "how long a test runs is no setting of the service")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}: give a number")))
}
