//! `tithi openapi`: the published document, without a database.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use metrics_exporter_prometheus::PrometheusBuilder;
use secrecy::SecretString;
use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use super::{Failure, tell};
use crate::app::{App, Parts};
use crate::config::Settings;
use crate::db::{PlatformDb, PoolSize, TenantDb, pool};
use crate::kernel::clock::Clock;
use crate::server;
use crate::server::openapi;

/// Print the OpenAPI document.
#[derive(Debug, Args)]
pub struct Openapi {
    /// Which version of OpenAPI
    #[arg(long, default_value = "3.1", value_parser = ["3.1", "3.0"])]
    version: String,
    #[command(flatten)]
    settings: Settings,
}

/// Prints the document.
pub(super) fn run(command: Openapi) -> Result<(), Failure> {
    let raw = server::raw_document(&unconnected(command.settings)?)?;
    let document: Value = if command.version == "3.0" { openapi::document_30(raw) } else { openapi::document_31(raw) };
    tell(&serde_json::to_string_pretty(&document)?);
    Ok(())
}

/// An App that describes itself and can do nothing else: its pools connect only when asked, and nobody asks.
pub fn unconnected(settings: Settings) -> Result<Arc<App>, Failure> {
    let clock = Clock::system();
    let nowhere =
        || pool(PgConnectOptions::new_without_pgpass(), "tithi", PoolSize { most: 1, wait: Duration::from_secs(1) });
    Ok(App::new(Parts {
        db: TenantDb::new(nowhere(), clock.clone()),
        platform: PlatformDb::new(nowhere(), clock.clone()),
        redis: None,
        home: Uuid::nil().into(),
        metrics: PrometheusBuilder::new().build_recorder().handle(),
        secret: SecretString::from("for a document that holds nothing secret"),
        clock,
        settings,
    })?)
}
