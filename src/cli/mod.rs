//! The command line: one command a file. Without a command it serves.

pub mod audit;
pub mod doctor;
pub mod migrate;
pub mod openapi;
pub mod platform;
pub mod sandbox;
pub mod seed;
pub mod serve;
pub mod slots;
mod start;
pub mod worker;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{ServerSettings, Settings};

/// Tithi: bookings, payments and wellness content for businesses that take appointments.
///
/// Without a command it serves: it starts a private PostgreSQL in .tithi/ when DATABASE_URL is not
/// set, brings the schema up to date, fills in two demo businesses and listens on 127.0.0.1:8080.
#[derive(Debug, Parser)]
#[command(name = "tithi", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Args)]
struct Configured {
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and pages, and do the background work (the default)
    Serve(Configured),
    /// Do the background work only, beside instances that serve
    Worker(Configured),
    /// Bring schema and policies up to date, then audit them
    Migrate(migrate::Migrate),
    /// Print the OpenAPI document
    Openapi(openapi::Openapi),
    /// Look for ways around row-level security; exit 1 when there is a finding
    Audit(Configured),
    /// Fill in the demo businesses, once
    Seed(Configured),
    /// Answer slot questions: a case a line on standard input, an answer a line on standard output
    Slots,
    /// Say what is configured, what answers and what does not
    Doctor(Configured),
    /// Look after the platform itself
    Platform(platform::Platform),
    /// Play Stripe, for developers: no money moves
    #[command(hide = true)]
    Sandbox(sandbox::Alone),
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    // before anything speaks TLS: with two providers in the tree, or none, it could not choose
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve(Configured { settings: cli.settings }));
    if let Command::Slots = command {
        return report(slots::run(std::io::stdin().lock(), std::io::stdout().lock()).map_err(Into::into));
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report(Err(error.into())),
    };
    report(runtime.block_on(run(command)))
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(with) => serve::run(with.settings).await,
        Command::Worker(with) => worker::run(with.settings).await,
        Command::Migrate(with) => migrate::run(with).await,
        Command::Openapi(with) => openapi::run(with),
        Command::Audit(with) => audit::run(with.settings).await,
        Command::Seed(with) => seed::run(with.settings).await,
        Command::Slots => Ok(()),
        Command::Doctor(with) => doctor::run(with.settings).await,
        Command::Platform(with) => platform::run(with).await,
        Command::Sandbox(with) => sandbox::run(with).await,
    }
}

/// Why a command failed, ready to print.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let reason = error.to_string();
            // many an error quotes its cause already
            if !text.contains(&reason) {
                text.push_str(": ");
                text.push_str(&reason);
            }
            cause = error.source();
        }
        Self(text)
    }
}

fn report(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            progress(&text);
            ExitCode::FAILURE
        }
    }
}

/// Settings without a fault, or all faults at once.
fn checked(settings: Settings) -> Result<Settings, Failure> {
    let faults = settings.validate();
    if faults.is_empty() {
        return Ok(settings);
    }
    let lines: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
    Err(Failure::new(format!("these settings cannot be used:{}", lines.concat())))
}

/// Logs go to standard error: standard output belongs to what a command prints.
fn log(settings: &ServerSettings) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|error| Failure::new(format!("TITHI_LOG: {error}")))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let set = if settings.log_json { lines.json().flatten_event(true).try_init() } else { lines.compact().try_init() };
    set.map_err(|error| Failure::new(error.to_string()))
}

/// What a command was asked for. Nobody may be listening any more, as in `tithi openapi | head`.
fn tell(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What takes time says so. Nobody may be listening any more, which is no reason to stop.
fn progress(line: &str) {
    let _ = writeln!(std::io::stderr(), "tithi: {line}");
}
