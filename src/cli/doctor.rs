//! `tithi doctor`: what is configured, what answers and what does not. Starts and changes nothing.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::{Failure, tell};
use crate::config::{PaymentMode, Settings};
use crate::db::connect;
use crate::db::migrate;

/// How long anything gets to answer.
const WAIT: Duration = Duration::from_secs(3);

/// Prints a line for each thing; fails when something that is needed does not work.
pub(super) async fn run(settings: Settings) -> Result<(), Failure> {
    let mut sick = 0;
    let faults = settings.validate();
    say("profile", &format!("{:?}", settings.profile()).to_lowercase());
    say("listens on", &settings.server.listen.to_string());
    say("base domain", &format!("{} ({})", settings.server.base_domain, settings.server.base_url()));
    say("secret", if settings.tokens.secret_key.is_some() { "TITHI_SECRET_KEY" } else { "made in the data folder" });
    for fault in &faults {
        sick += 1;
        say("setting", &format!("NOT USABLE: {fault}"));
    }
    sick += database(&settings).await;
    sick += redis(&settings).await;
    say("payments", &payments(&settings));
    match sick {
        0 => Ok(()),
        n => Err(Failure::new(format!("{n} of these need attention"))),
    }
}

fn say(what: &str, how: &str) {
    tell(&format!("{what:<16} {how}"));
}

async fn database(settings: &Settings) -> u32 {
    if !settings.database.private() {
        let urls = [
            ("requests", &settings.database.database_url),
            ("platform", &settings.database.platform_database_url),
            ("owner", &settings.database.owner_database_url),
        ];
        let mut sick = 0;
        for (name, url) in urls {
            sick += match url.as_ref().map(|url| url.expose_secret().parse::<PgConnectOptions>()) {
                Some(Ok(options)) => answers(name, &options).await,
                Some(Err(error)) => fail(name, &error.to_string()),
                None => {
                    say(name, "not configured");
                    0
                }
            };
        }
        let parsed = |url: &Option<SecretString>| url.as_ref()?.expose_secret().parse::<PgConnectOptions>().ok();
        let catalogue =
            parsed(&settings.database.owner_database_url).or(parsed(&settings.database.platform_database_url));
        if let (0, Some(catalogue), Some(app)) = (sick, catalogue, parsed(&settings.database.database_url)) {
            sick += audit(&catalogue, &app).await;
        }
        return sick;
    }
    say("data folder", &settings.database.data_dir.display().to_string());
    match connect::running(&settings.database).await {
        Ok(Some(private)) => {
            say("database", &format!("private PostgreSQL, process {}", private.pid()));
            say("", &private.psql_line().replace("/postgres?", &format!("/{}?", connect::DATABASE)));
            say("", &format!("log: {}", private.log_path().display()));
            answers("requests", &private.connect_options("tithi_app", connect::DATABASE)).await
                + answers("platform", &private.connect_options("tithi_platform", connect::DATABASE)).await
                + audit(
                    &private.connect_options("tithi_owner", connect::DATABASE),
                    &private.connect_options("tithi_app", connect::DATABASE),
                )
                .await
        }
        Ok(None) => {
            say("database", "private PostgreSQL, not running: `tithi serve` starts it");
            0
        }
        Err(error) => fail("database", &error.to_string()),
    }
}

async fn answers(name: &str, options: &PgConnectOptions) -> u32 {
    let ask = async {
        let mut connection = PgConnection::connect_with(options).await?;
        sqlx::query_scalar::<_, String>("SELECT current_user || ' on PostgreSQL ' || current_setting('server_version')")
            .fetch_one(&mut connection)
            .await
    };
    match tokio::time::timeout(WAIT, ask).await {
        Ok(Ok(who)) => {
            say(name, &format!("answers as {who}"));
            0
        }
        Ok(Err(error)) => fail(name, &error.to_string()),
        Err(_) => fail(name, "no answer within 3 s"),
    }
}

async fn audit(owner: &PgConnectOptions, app: &PgConnectOptions) -> u32 {
    match migrate::findings(owner, app).await {
        Ok(findings) if findings.is_empty() => {
            say("audit", "no finding");
            0
        }
        Ok(findings) => {
            findings.iter().for_each(|finding| say("audit", &finding.to_string()));
            1
        }
        Err(error) => fail("audit", &error.to_string()),
    }
}

async fn redis(settings: &Settings) -> u32 {
    let Some(url) = &settings.redis.redis_url else {
        say("redis", "not configured: limits are counted in each process");
        return 0;
    };
    let pool = deadpool_redis::Config::from_url(url.expose_secret()).create_pool(Some(deadpool_redis::Runtime::Tokio1));
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return fail("redis", &error.to_string()),
    };
    match crate::db::Redis::new(pool, WAIT).ping().await {
        Ok(()) => {
            say("redis", "answers");
            0
        }
        Err(error) => fail("redis", &error),
    }
}

/// Says who moves the money; asks nobody.
fn payments(settings: &Settings) -> String {
    let payments = &settings.payments;
    match payments.mode() {
        PaymentMode::Off => "off: cards are refused, cash works".into(),
        PaymentMode::Sandbox => "sandbox: no money moves; STRIPE_SECRET_KEY turns to Stripe".into(),
        PaymentMode::Stripe => {
            let live = payments.secret_key().is_some_and(|key| key.expose_secret().contains("_live_"));
            let secrets = payments.webhook_secrets().count();
            let kind = if live { "live" } else { "test mode" };
            format!("Stripe at {} ({kind}), {secrets} webhook secrets", payments.stripe_base())
        }
    }
}

fn fail(name: &str, why: &str) -> u32 {
    say(name, &format!("DOES NOT ANSWER: {why}"));
    1
}
