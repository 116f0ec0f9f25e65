//! `tithi migrate`: schema and policies, applied and audited; with `--bootstrap` the roles before them.

use std::str::FromStr;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{Failure, checked, progress, tell};
use crate::config::Settings;
use crate::db::{audit, connect, migrate};

/// Bring schema and policies up to date, then audit them.
#[derive(Debug, Args)]
pub struct Migrate {
    /// First make the roles tithi_owner, tithi_app and tithi_platform, with the passwords of their URLs
    #[arg(long)]
    bootstrap: bool,
    /// Database server as a superuser, for --bootstrap
    #[arg(long, env = "TITHI_ADMIN_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    admin_database_url: Option<SecretString>,
    #[command(flatten)]
    settings: Settings,
}

/// Applies everything and prints what was done.
pub(super) async fn run(command: Migrate) -> Result<(), Failure> {
    let settings = checked(command.settings)?;
    if command.bootstrap {
        bootstrap(&settings, command.admin_database_url.as_ref()).await?;
    }
    let databases = connect::open(&settings.database, progress).await?;
    let owner =
        databases.owner.as_ref().ok_or_else(|| Failure::new("TITHI_OWNER_DATABASE_URL: is needed to migrate"))?;
    let outcome = apply(owner, &databases.app).await;
    if let Some(private) = &databases.private {
        private.stop().await?;
    }
    outcome
}

async fn apply(owner: &PgConnectOptions, app: &PgConnectOptions) -> Result<(), Failure> {
    let done = migrate::migrate(owner, true).await?;
    for step in &done.steps {
        tell(&format!("applied {step}"));
    }
    tell("policies applied");
    let findings = migrate::findings(owner, app).await?;
    findings.iter().for_each(|finding| tell(&format!("{finding}")));
    if audit::refuses(&findings) { Err(Failure::new("the audit has findings")) } else { Ok(()) }
}

async fn bootstrap(settings: &Settings, admin: Option<&SecretString>) -> Result<(), Failure> {
    let database = &settings.database;
    let (Some(app), Some(platform), Some(owner)) =
        (&database.database_url, &database.platform_database_url, &database.owner_database_url)
    else {
        return Err(Failure::new(
            "--bootstrap needs DATABASE_URL, TITHI_PLATFORM_DATABASE_URL and TITHI_OWNER_DATABASE_URL: the roles get the passwords that stand there",
        ));
    };
    let admin = admin
        .ok_or_else(|| Failure::new("--bootstrap needs TITHI_ADMIN_DATABASE_URL: an administrator of the server"))?;
    let server = PgConnectOptions::from_str(admin.expose_secret())?;
    let name =
        PgConnectOptions::from_str(owner.expose_secret())?.get_database().unwrap_or(connect::DATABASE).to_owned();
    connect::bootstrap(server.clone(), server.clone().database(&name), &name, &progress).await?;
    let mut connection = PgConnection::connect_with(&server).await?;
    for (role, url) in [("tithi_app", app), ("tithi_platform", platform), ("tithi_owner", owner)] {
        let Some(password) = password(url.expose_secret()) else { continue };
        let sql: String = sqlx::query_scalar("SELECT format('ALTER ROLE %I PASSWORD %L', $1, $2)")
            .bind(role)
            .bind(password)
            .fetch_one(&mut connection)
            .await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

/// The password of a database URL, percent-decoded. sqlx reads it but does not give it out.
fn password(url: &str) -> Option<String> {
    let authority = url.split_once("://")?.1.split(['/', '?']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let mut bytes = Vec::with_capacity(password.len());
    let mut rest = password.bytes();
    while let Some(byte) = rest.next() {
        let hex = (byte == b'%').then(|| (rest.next(), rest.next()));
        match hex {
            Some((Some(high), Some(low))) => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&[high, low]).ok()?, 16).ok()?)
            }
            Some(_) => return None,
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::password;

    #[test]
    fn passwords_are_read_from_urls() {
        assert_eq!(password("postgres://tithi_app:a%40b@db:5432/tithi").as_deref(), Some("a@b"));
        assert_eq!(password("postgres://tithi_app@db/tithi"), None);
    }
}
