//! Webhooks as the sandbox sends them: signed, again until they are taken, and in whatever bad way it is told to.
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use poem::http::StatusCode;
use poem::{Endpoint, Request, Response};
use secrecy::SecretString;
use serde_json::Value;
use tithi::lifecycle;
use tithi::ports::payments::Provider;
use tithi::ports::payments::sandbox::signature;
use tokio::net::TcpListener;

use super::Place;
use crate::support::stripe::SECRET;

/// A signature, and what it signs.
type Heard = (String, Vec<u8>);

/// Takes what is sent, or refuses it.
#[derive(Clone)]
struct Ear {
    heard: Arc<Mutex<Vec<Heard>>>,
    answer: Arc<Mutex<StatusCode>>,
}

impl Endpoint for Ear {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let signed = request.header("stripe-signature").unwrap_or_default().to_owned();
        let body = request.take_body().into_vec().await.unwrap();
        self.heard.lock().unwrap().push((signed, body));
        let status = *self.answer.lock().unwrap();
        Ok(Response::builder().status(status).finish())
    }
}

impl Ear {
    /// Listens for a place's webhooks until the test ends.
    async fn listen(place: &Place) -> (Self, lifecycle::Stopper) {
        let ear = Self { heard: Arc::default(), answer: Arc::new(Mutex::new(StatusCode::OK)) };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (stopper, shutdown) = lifecycle::channel();
        let drain = std::time::Duration::from_secs(1);
        tokio::spawn(tithi::server::listen::serve(listener, Arc::new(ear.clone()), 10, drain, shutdown));
        place.stripe.sandbox.tell(&url, None, &SecretString::from(SECRET));
        (ear, stopper)
    }

    fn kinds(&self) -> Vec<String> {
        let kind = |(_, body): &(String, Vec<u8>)| {
            serde_json::from_slice::<Value>(body).unwrap()["type"].as_str().unwrap().to_owned()
        };
        self.heard.lock().unwrap().iter().map(kind).collect()
    }
}

#[tokio::test]
async fn what_happened_is_told_signed_and_in_order() {
    let place = Place::open().await;
    let (ear, _stopper) = Ear::listen(&place).await;
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    let count = place.stripe.deliver().await;
    assert_eq!((count.taken, count.refused), (3, 0));
    assert_eq!(ear.kinds(), ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]);
    let now = place.clock.now().timestamp();
    for (signed, body) in ear.heard.lock().unwrap().iter() {
        assert_eq!(*signed, signature(&[SECRET], now, body));
        let event: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(event["account"], place.account.as_str());
        assert_eq!((&event["livemode"], &event["api_version"]), (&false.into(), &"2026-09-30.endive".into()));
        assert_eq!(event["request"]["idempotency_key"], "k");
    }
    assert_eq!(place.port.undelivered_events(Some(&place.account), None, 100).await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_refused_comes_again_and_is_listed_meanwhile() {
    let place = Place::open().await;
    let (ear, _stopper) = Ear::listen(&place).await;
    *ear.answer.lock().unwrap() = StatusCode::INTERNAL_SERVER_ERROR;
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    assert_eq!(place.stripe.deliver().await.refused, 3);
    assert_eq!(place.stripe.deliver().await.refused, 0, "not due yet");
    let page = place.port.undelivered_events(Some(&place.account), None, 2).await.unwrap();
    let rest = place.port.undelivered_events(Some(&place.account), Some(&page[1].id), 100).await.unwrap();
    assert_eq!((page.len(), rest.len()), (2, 1), "newest first, page after page");
    assert_eq!(page[0].kind, "payment_intent.succeeded");
    *ear.answer.lock().unwrap() = StatusCode::OK;
    place.clock.advance(TimeDelta::seconds(3));
    assert_eq!(place.stripe.deliver().await.taken, 3);
    let ids = |(_, body): &(String, Vec<u8>)| serde_json::from_slice::<Value>(body).unwrap()["id"].clone();
    let heard: Vec<Value> = ear.heard.lock().unwrap().iter().map(ids).collect();
    assert_eq!(heard[..3], heard[3..], "the same events again");
    assert!(place.port.undelivered_events(Some(&place.account), None, 100).await.unwrap().is_empty());
}

#[tokio::test]
async fn doubled_forged_rotated_shuffled_and_dropped_as_told() {
    let place = Place::open().await;
    let (ear, _stopper) = Ear::listen(&place).await;
    place.stripe.knobs(|knobs| {
        knobs.seed(7);
        knobs.webhooks.copies = 3;
        knobs.webhooks.shuffled = true;
        knobs.webhooks.forged = 1.0;
        knobs.webhooks.second_secret = Some("whsec_new".into());
    });
    place.charge("k", 4500, "pm_card_visa").await.unwrap();
    place.stripe.deliver().await;
    let kinds = ear.kinds();
    assert_eq!(kinds.len(), 3 * (3 + 1));
    assert_ne!(kinds[0], kinds[1].clone() + "x");
    let mut sorted = kinds.clone();
    sorted.sort_by_key(|kind| {
        ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
            .iter()
            .position(|known| known == kind)
    });
    assert_ne!(kinds, sorted, "in order, although shuffled");
    let now = place.clock.now().timestamp();
    let heard = ear.heard.lock().unwrap().clone();
    let good = heard.iter().filter(|(signed, body)| *signed == signature(&["whsec_new", SECRET], now, body)).count();
    assert_eq!(good, 9, "the others are forged");

    place.stripe.knobs(|knobs| knobs.webhooks.never = true);
    place.charge("k2", 4500, "pm_card_visa").await.unwrap();
    assert_eq!(place.stripe.deliver().await.taken, 0);
    assert_eq!(place.port.undelivered_events(Some(&place.account), None, 100).await.unwrap().len(), 3);
}
