//! `tithi audit`: the catalogue audit, for people and for CI.

use super::{Failure, checked, progress, tell};
use crate::config::Settings;
use crate::db::{connect, migrate};

/// Prints every finding; any finding is a failure.
pub(super) async fn run(settings: Settings) -> Result<(), Failure> {
    let settings = checked(settings)?;
    let databases = connect::open(&settings.database, progress).await?;
    let catalogue = databases.owner.as_ref().unwrap_or(&databases.platform);
    let findings = match migrate::exists(catalogue).await {
        Ok(true) => migrate::findings(catalogue, &databases.app).await.map_err(Failure::from),
        Ok(false) => Err(Failure::new("the database has no schema yet: run `tithi migrate`")),
        Err(error) => Err(error.into()),
    };
    if let Some(private) = &databases.private {
        private.stop().await?;
    }
    let findings = findings?;
    findings.iter().for_each(|finding| tell(&format!("{finding}")));
    match findings.len() {
        0 => {
            tell("no finding");
            Ok(())
        }
        1 => Err(Failure::new("1 finding")),
        n => Err(Failure::new(format!("{n} findings"))),
    }
}
