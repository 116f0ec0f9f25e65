//! The accept loop: TCP_NODELAY, a limit on connections, a time limit on request heads, HTTP/1.1 and
//! HTTP/2, and a drain at the end. poem's own server has none of the first three.
//!
//! What must stay true: a connection that asks nothing does not stay; a full house hears the stop too.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::lifecycle::Shutdown;

/// How long a client may take to send a request's head.
const HEAD: Duration = Duration::from_secs(10);
/// The pause after an accept that failed, for example for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until told to stop, then lets requests in flight finish within `drain`.
/// Answers whether all of them did.
pub async fn serve<E>(listener: TcpListener, endpoint: Arc<E>, most: usize, drain: Duration, shutdown: Shutdown) -> bool
where
    E: Endpoint<Output = Response> + 'static,
{
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(256)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(HEAD);
    loop {
        let (permit, stream, peer) = tokio::select! {
            accepted = accept(&listener, &room) => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            () = shutdown.soft() => break,
        };
        let local = prepare(&stream);
        let endpoint = Arc::clone(&endpoint);
        let asked = Arc::new(AtomicBool::new(false));
        let asks = Arc::clone(&asked);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            asks.store(true, Ordering::Relaxed);
            let endpoint = Arc::clone(&endpoint);
            async move { Ok::<_, Infallible>(answer(&*endpoint, request, local, peer).await) }
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = attend(connection, &asked).await {
                tracing::debug!(%error, %peer, "connection");
            }
            drop(permit);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => true,
        () = tokio::time::sleep(drain) => false,
        () = shutdown.hard() => false,
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> std::io::Result<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((permit, stream, peer))
}

/// Serves a connection to its end, or until it has asked nothing for too long. Which protocol it speaks is
/// seen from its first bytes, and the library waits for those without a limit.
async fn attend<E>(connection: impl Future<Output = Result<(), E>>, asked: &AtomicBool) -> Result<(), E> {
    let mut connection = pin!(connection);
    match tokio::time::timeout(HEAD, &mut connection).await {
        Ok(ended) => ended,
        Err(_) if asked.load(Ordering::Relaxed) => connection.await,
        Err(_) => Ok(()),
    }
}

fn prepare(stream: &TcpStream) -> Option<SocketAddr> {
    // without it a small answer waits for the client's delayed acknowledgement, up to 40 ms
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    stream.local_addr().ok()
}

async fn answer<E>(
    endpoint: &E,
    request: hyper::Request<Incoming>,
    local: Option<SocketAddr>,
    peer: SocketAddr,
) -> hyper::Response<
    impl hyper::body::Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + use<E>,
>
where
    E: Endpoint<Output = Response>,
{
    let local = LocalAddr(Addr::SocketAddr(local.unwrap_or(peer)));
    let request = Request::from((request, local, RemoteAddr(Addr::SocketAddr(peer)), Scheme::HTTP));
    endpoint.get_response(request).await.into()
}
