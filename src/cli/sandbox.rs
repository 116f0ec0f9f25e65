//! `tithi sandbox`: the provider's sandbox alone, for developers and for tests that kill the service beside it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use secrecy::SecretString;
use tokio::net::TcpListener;

use super::{Failure, tell};
use crate::kernel::clock::Clock;
use crate::ports::payments::sandbox::{Options, Sandbox, Server};
use crate::{lifecycle, server};

/// How the sandbox is set up.
#[derive(Debug, Args)]
pub struct Alone {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:12111", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// File in which it remembers what happened
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Address that is told everything
    #[arg(long, value_name = "URL", requires = "webhook_secret")]
    webhooks: Option<String>,
    /// Name that the address answers to, when it is another than in it
    #[arg(long, value_name = "HOST")]
    webhook_host: Option<String>,
    /// Secret that signs what is told
    #[arg(long, env = "STRIPE_WEBHOOK_SECRET", hide_env_values = true, value_name = "WHSEC")]
    webhook_secret: Option<SecretString>,
    /// Calls a second that an account may make
    #[arg(long, value_name = "COUNT")]
    calls_per_second: Option<u32>,
}

/// Serves until a signal. The first line on standard output is its address.
pub(super) async fn run(alone: Alone) -> Result<(), Failure> {
    let listener = TcpListener::bind(alone.listen).await?;
    let address = listener.local_addr()?;
    let options = Options {
        key: None,
        pages: format!("http://{address}"),
        calls_per_second: alone.calls_per_second,
        local_only: true,
        journal: alone.journal,
    };
    let sandbox = Arc::new(Sandbox::new(options, Clock::system()).map_err(Failure::new)?);
    sandbox.load()?;
    if let (Some(url), Some(secret)) = (&alone.webhooks, &alone.webhook_secret) {
        sandbox.tell(url, alone.webhook_host.as_deref(), secret);
    }
    let (stopper, shutdown) = lifecycle::channel();
    stopper.on_signals()?;
    tell(&format!("http://{address}/"));
    let endpoint = Arc::new(Server(Arc::clone(&sandbox)));
    tokio::select! {
        () = sandbox.run() => {}
        _ = server::listen::serve(listener, endpoint, 10_000, Duration::from_secs(1), shutdown) => {}
    }
    Ok(())
}
