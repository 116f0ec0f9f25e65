//! The accept loop: it ends when it is told to, and nobody keeps a place without asking for anything.
use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::EndpointExt;
use poem::endpoint::make;
use tithi::lifecycle;
use tithi::server::listen;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

struct House {
    address: std::net::SocketAddr,
    stopper: lifecycle::Stopper,
    served: tokio::task::JoinHandle<bool>,
}

/// Answers after a moment, to at most `most` at a time.
async fn house(most: usize, moment: Duration) -> House {
    let endpoint = make(move |_| async move {
        tokio::time::sleep(moment).await;
        "here"
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stopper, shutdown) = lifecycle::channel();
    let endpoint = Arc::new(endpoint.map_to_response());
    let served = tokio::spawn(listen::serve(listener, endpoint, most, Duration::from_secs(2), shutdown));
    House { address, stopper, served }
}

async fn ended(house: House) -> (bool, Duration) {
    let begun = Instant::now();
    let all = tokio::time::timeout(Duration::from_secs(5), house.served).await.unwrap().unwrap();
    (all, begun.elapsed())
}

#[tokio::test]
async fn a_request_in_flight_is_finished_and_nobody_new_is_let_in() {
    let house = house(10, Duration::from_millis(300)).await;
    let mut inside = TcpStream::connect(house.address).await.unwrap();
    inside.write_all(ASK).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    house.stopper.soft();
    let mut text = String::new();
    inside.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 ") && text.ends_with("here"), "{text}");
    let address = house.address;
    assert!(ended(house).await.0);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_full_house_hears_the_stop_and_the_drain_has_an_end() {
    let house = house(1, Duration::from_secs(60)).await;
    let mut inside = TcpStream::connect(house.address).await.unwrap();
    inside.write_all(ASK).await.unwrap();
    let _waiting = TcpStream::connect(house.address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    house.stopper.soft();
    let (all, took) = ended(house).await;
    assert!(!all && took >= Duration::from_secs(1) && took < Duration::from_secs(4), "{all} {took:?}");
}

/// The protocol is seen from the first bytes: those must come, and a request after them.
#[tokio::test]
async fn who_asks_nothing_is_shown_out() {
    let house = house(10, Duration::ZERO).await;
    let mut closed = tokio::task::JoinSet::new();
    for start in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HT", "GET / HTTP/1.1\r\nhost: a\r\n"] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        closed.spawn(async move {
            let mut text = Vec::new();
            let end = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut text)).await;
            (start, end.is_ok())
        });
    }
    for (start, shown_out) in closed.join_all().await {
        assert!(shown_out, "{start:?} may stay");
    }
}
