//! Handlers that only a test has, at the end of the real way: the real envelope, the real steps, a real socket.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::{BoxEndpoint, make};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};
use serde_json::Value;
use sqlx::PgConnection;
use tithi::app::App;
use tithi::db::{Access, Scope};
use tithi::domains::tenancy;
use tithi::error::{ApiError, Code};
use tithi::lifecycle::{self, Stopper};
use tithi::pipeline::{self, Call, envelope};
use tithi::server::listen;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::app::Service;
use crate::support::client::Client;
use crate::support::people::Tenant;

/// Where the handler is played. It closes when it is dropped.
pub struct Stage {
    pub address: SocketAddr,
    stopper: Stopper,
}

impl Stage {
    /// Every address answers with the handler.
    pub async fn new<F, Fut, R>(service: &Service, handler: F) -> Self
    where
        F: Fn(Call, Request) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, ApiError>> + Send + 'static,
        R: IntoResponse + Sync + 'static,
    {
        let handler = make(move |request: Request| {
            let call = request.data::<Call>().unwrap().clone();
            let answer = handler(call, request);
            async move { answer.await.map_err(poem::Error::from) }
        });
        let play = Play { way: Way { app: Arc::clone(&service.app), handler: handler.map_to_response().boxed() } };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stopper, shutdown) = lifecycle::channel();
        tokio::spawn(listen::serve(listener, Arc::new(play), 1_000, Duration::from_secs(1), shutdown));
        Self { address, stopper }
    }

    /// Nobody, on the tenant's host.
    pub fn stranger(&self, tenant: &Tenant) -> Client {
        Client::at(self.address, &tenant.host())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stopper.hard();
    }
}

struct Play {
    way: Way,
}

impl Endpoint for Play {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(envelope::wrap(&self.way.app, &self.way, request).await)
    }
}

struct Way {
    app: Arc<App>,
    handler: BoxEndpoint<'static, Response>,
}

impl Endpoint for Way {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(pipeline::run(&self.app, open, &self.handler, request).await?)
    }
}

fn open(app: &App, tenant: Option<&tenancy::Tenant>, access: Access) -> Result<Scope, ApiError> {
    let tenant = tenant.ok_or_else(|| ApiError::of(Code::TenantNotFound))?;
    Ok(app.db.scope(tenant.id, access))
}

/// Sends bytes as they are and reads until the other side closes.
pub async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

/// Gives a tenant its settings, before anybody has asked for it.
pub async fn settle(connection: &mut PgConnection, tenant: &Tenant, settings: &Value) {
    sqlx::query("UPDATE app.tenants SET settings_json = $2 WHERE id = $1")
        .bind(tenant.id.0)
        .bind(settings)
        .execute(connection)
        .await
        .unwrap();
}
