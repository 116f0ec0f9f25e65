//! `tithi worker`: the background work without serving.

use std::sync::Arc;

use super::start::start;
use super::{Failure, checked, log, progress};
use crate::config::Settings;
use crate::{jobs, lifecycle};

/// Works until a signal.
pub(super) async fn run(settings: Settings) -> Result<(), Failure> {
    let settings = checked(settings)?;
    log(&settings.server)?;
    let (stopper, shutdown) = lifecycle::channel();
    stopper.on_signals()?;
    let started = start(settings).await?;
    progress("working; a signal stops it");
    jobs::run(Arc::clone(&started.app), shutdown).await;
    tokio::join!(started.app.db.close(), started.app.platform.close());
    if let Some(private) = &started.private {
        private.stop().await?;
    }
    Ok(())
}
