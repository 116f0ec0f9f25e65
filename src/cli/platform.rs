//! Looking after the platform itself: its operators are made here, by whoever has the database's
//! credentials, and nowhere else.

use std::io::{BufRead, IsTerminal};

use ::entity::ids::UserId;
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret, SecretString};

use super::{Failure, checked, progress, tell};
use crate::config::Settings;
use crate::db::connect;
use crate::db::{Access, PlatformDb, PoolSize, Scope, pool};
use crate::domains::identity::{self, NewAccount};
use crate::error::ApiError;
use crate::kernel::clock::Clock;

/// Look after the platform itself.
#[derive(Debug, Args)]
pub struct Platform {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an operator of the platform, or make one of an account that exists
    CreateAdmin(CreateAdmin),
}

#[derive(Debug, Args)]
struct CreateAdmin {
    /// E-mail address to log in with
    #[arg(long)]
    email: String,
    /// Name that others see
    #[arg(long, default_value = "Operator")]
    name: String,
    /// Password; without it, the first line of standard input
    #[arg(long, env = "TITHI_ADMIN_PASSWORD", hide_env_values = true)]
    password: Option<SecretString>,
    #[command(flatten)]
    settings: Settings,
}

/// Does what was asked.
pub(super) async fn run(platform: Platform) -> Result<(), Failure> {
    let Command::CreateAdmin(new) = platform.command;
    let password = match &new.password {
        Some(password) => password.expose_secret().to_owned(),
        None => ask()?,
    };
    let settings = checked(new.settings)?;
    let databases = connect::open(&settings.database, progress).await?;
    let size = PoolSize { most: 1, wait: std::time::Duration::from_secs(settings.database.database_wait) };
    let db = PlatformDb::new(pool(databases.platform.clone(), "tithi-platform", size), Clock::system());
    let made = create_admin(&db.scope(Access::Write), &new.email, &new.name, &password).await;
    db.close().await;
    if let Some(private) = &databases.private {
        private.stop().await?;
    }
    match made {
        Ok(user) => {
            tell(&format!("{} is an operator ({user})", new.email));
            Ok(())
        }
        Err(error) if error.is_ours() => Err(Failure::new(error.to_string())),
        Err(error) => {
            let faults: Vec<String> =
                error.errors().iter().map(|fault| format!("\n  {}: {}", fault.pointer, fault.detail)).collect();
            Err(Failure::new(format!("{}{}", error.detail(), faults.concat())))
        }
    }
}

/// The password, typed or piped.
fn ask() -> Result<String, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("password (it is shown while you type): ");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Makes an operator of the platform and commits. An account that exists becomes one, under the new
/// password; what was logged in under the old one is ended. Hashes on the calling thread.
///
/// # Errors
/// For an address or a password that is not taken (each fault is a field of the error), and when the
/// database does not answer.
pub async fn create_admin(
    platform: &Scope,
    email: &str,
    display_name: &str,
    password: &str,
) -> Result<UserId, ApiError> {
    let new = NewAccount { email: email.into(), password: password.into(), display_name: display_name.into() };
    let user = identity::make_operator(platform, new).await?;
    platform.commit().await?;
    Ok(user)
}
