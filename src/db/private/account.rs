//! Which account runs the server: PostgreSQL refuses to run as root, so root drops to another one.
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tokio::process::Command;

use super::error::PrivateDbError;
use super::program::{QUESTION, answer, command, output};

/// The account that runs the server and owns the cluster and the socket folder.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub uid: u32,
    pub gid: u32,
    /// Set when we are root and have to change to the account.
    pub dropped: bool,
}

impl Account {
    /// Ourselves; as root the owner of an existing `cluster`, else `postgres`, else `nobody`.
    pub async fn of(cluster: Option<&Path>) -> Result<Self, PrivateDbError> {
        let (uid, gid) = ids(None).await.ok_or_else(|| failed("asking `id` who we are"))?;
        let owner = cluster.and_then(|folder| folder.metadata().ok());
        match owner {
            _ if uid != 0 => Ok(Self { uid, gid, dropped: false }),
            Some(owner) if owner.uid() != 0 => Ok(Self { uid: owner.uid(), gid: owner.gid(), dropped: true }),
            _ => Self::unprivileged().await,
        }
    }

    async fn unprivileged() -> Result<Self, PrivateDbError> {
        for name in ["postgres", "nobody"] {
            if let Some((uid, gid)) = ids(Some(name)).await.filter(|(uid, _)| *uid != 0) {
                return Ok(Self { uid, gid, dropped: true });
            }
        }
        Err(failed(
            "finding an account (`postgres` or `nobody`) to run PostgreSQL as, since it refuses to run as root,",
        ))
    }

    /// Makes `command` run as this account (supplementary groups go too).
    pub fn apply(&self, command: &mut Command) {
        if self.dropped {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Whether the account can enter `folder`: tried, since every parent's mode and ACL has a say.
    pub async fn reaches(&self, folder: &Path) -> Result<bool, PrivateDbError> {
        let mut enter = command("/bin/sh");
        enter.args(["-c", r#"cd -- "$1""#, "sh"]).arg(folder);
        self.apply(&mut enter);
        Ok(output(enter, QUESTION, "trying the data folder").await?.status.success())
    }

    /// Gives `path` to the account.
    pub fn give(&self, path: &Path) -> Result<(), PrivateDbError> {
        if !self.dropped {
            return Ok(());
        }
        std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid)).map_err(PrivateDbError::io(format!(
            "giving {} to account {}",
            path.display(),
            self.uid
        )))
    }
}

async fn ids(name: Option<&str>) -> Option<(u32, u32)> {
    let ask = |flag: &str| {
        let mut id = command("id");
        id.arg(flag).args(name);
        answer(id)
    };
    let (uid, gid) = tokio::join!(ask("-u"), ask("-g"));
    Some((uid?.parse().ok()?, gid?.parse().ok()?))
}

fn failed(doing: &str) -> PrivateDbError {
    PrivateDbError::Failed { doing: doing.to_owned(), log: String::new() }
}
