//! The end of a process: a first signal lets work in flight finish, a second one does not wait.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How far the end has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Running,
    Soft,
    Hard,
}

/// Told to everything that must end; clones hear the same.
#[derive(Clone)]
pub struct Shutdown(watch::Receiver<Stage>);

/// The other side: says when.
#[derive(Clone)]
pub struct Stopper(watch::Sender<Stage>);

/// A pair that belongs together.
#[must_use]
pub fn channel() -> (Stopper, Shutdown) {
    let (sender, receiver) = watch::channel(Stage::Running);
    (Stopper(sender), Shutdown(receiver))
}

impl Shutdown {
    /// Returns once no new work should begin.
    pub async fn soft(&self) {
        self.reached(Stage::Soft).await;
    }

    /// Returns once nothing should be waited for.
    pub async fn hard(&self) {
        self.reached(Stage::Hard).await;
    }

    async fn reached(&self, stage: Stage) {
        // a stopper that is gone can say nothing any more: that is the end too
        let _ = self.0.clone().wait_for(|now| *now >= stage).await;
    }
}

impl Stopper {
    /// No new work.
    pub fn soft(&self) {
        self.0.send_if_modified(|stage| std::mem::replace(stage, (*stage).max(Stage::Soft)) < Stage::Soft);
    }

    /// Now.
    pub fn hard(&self) {
        self.0.send_replace(Stage::Hard);
    }

    /// Turns SIGINT and SIGTERM into the stages; runs until the process ends.
    ///
    /// # Errors
    /// When the signals cannot be taken over.
    pub fn on_signals(self) -> std::io::Result<()> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            let mut first = true;
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if first {
                    // stop first, tell later: whoever read our output may be gone
                    self.soft();
                    tracing::info!("stopping: requests in flight may finish, a second signal ends them");
                } else {
                    self.hard();
                }
                first = false;
            }
        });
        Ok(())
    }
}
