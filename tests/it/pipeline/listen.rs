//! The accept loop: it ends when it is told to, and nobody keeps a place without asking for anything.
use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::EndpointExt;
use poem::endpoint::make;
use tithi::lifecycle;
use tithi::server::listen;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// Longer than anything here takes; who waits so long waits for ever.
const PATIENCE: Duration = Duration::from_secs(30);

struct House {
    address: std::net::SocketAddr,
    /// One for each request that has come in.
    entered: Arc<Semaphore>,
    /// One for each request that may be answered.
    let_go: Arc<Semaphore>,
    stopper: lifecycle::Stopper,
    served: tokio::task::JoinHandle<bool>,
}

/// Answers when it is let go, to at most `most` at a time, and waits for them at the end as long as `drain`.
async fn house(most: usize, drain: Duration) -> House {
    let (entered, let_go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (enters, goes) = (Arc::clone(&entered), Arc::clone(&let_go));
    let endpoint = make(move |_| {
        let (enters, goes) = (Arc::clone(&enters), Arc::clone(&goes));
        async move {
            enters.add_permits(1);
            goes.acquire().await.unwrap().forget();
            "here"
        }
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stopper, shutdown) = lifecycle::channel();
    let endpoint = Arc::new(endpoint.map_to_response());
    let served = tokio::spawn(listen::serve(listener, endpoint, most, drain, shutdown));
    House { address, entered, let_go, stopper, served }
}

/// A connection whose request has reached the endpoint.
async fn come_in(house: &House) -> TcpStream {
    let mut inside = TcpStream::connect(house.address).await.unwrap();
    inside.write_all(ASK).await.unwrap();
    tokio::time::timeout(PATIENCE, house.entered.acquire()).await.unwrap().unwrap().forget();
    inside
}

async fn ended(house: House) -> bool {
    tokio::time::timeout(PATIENCE, house.served).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_request_in_flight_is_finished_and_nobody_new_is_let_in() {
    let house = house(10, PATIENCE).await;
    let mut inside = come_in(&house).await;
    house.stopper.soft();
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(house.address).await.is_ok() {
        assert!(Instant::now() < deadline, "somebody new is let in");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    house.let_go.add_permits(1);
    let mut text = String::new();
    inside.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 ") && text.ends_with("here"), "{text}");
    assert!(ended(house).await);
}

#[tokio::test]
async fn a_full_house_hears_the_stop_and_the_drain_has_an_end() {
    let house = house(1, Duration::from_millis(500)).await;
    let _inside = come_in(&house).await;
    let _waiting = TcpStream::connect(house.address).await.unwrap();
    house.stopper.soft();
    // the request inside is never let go: that this comes to an end is the drain's doing
    assert!(!ended(house).await);
}

/// The protocol is seen from the first bytes: those must come, and a request after them.
#[tokio::test]
async fn who_asks_nothing_is_shown_out() {
    let house = house(10, PATIENCE).await;
    let mut closed = tokio::task::JoinSet::new();
    for start in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HT", "GET / HTTP/1.1\r\nhost: a\r\n"] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        closed.spawn(async move {
            let mut text = Vec::new();
            let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await;
            (start, end.is_ok())
        });
    }
    for (start, shown_out) in closed.join_all().await {
        assert!(shown_out, "{start:?} may stay");
    }
}
