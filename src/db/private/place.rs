//! Where the private database lives: `<data dir>/postgres` with `data` (the cluster), `run` (the socket), `server.log`
//! and `lock`.
//!
//! As root the folder itself stays root's and only `data` and `run` belong to the account, so that root never writes
//! into a folder where another account could have laid a link.
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::account::Account;
use super::error::PrivateDbError;
use super::{OLDEST_MAJOR, Progress};

/// Where root's clusters go when the account cannot reach the data folder. Not a temporary folder: those are swept.
const STABLE: &str = "/var/lib/tithi";
/// The shortest limit of a socket's path (macOS: 104 with its end mark) less `/.s.PGSQL.5432.lock`.
const LONGEST_SOCKET_DIR: usize = 84;

/// The folders of one private database. The lock file exists from the first lock on.
#[derive(Debug)]
pub(super) struct Place {
    pub folder: PathBuf,
    pub cluster: PathBuf,
    pub log: PathBuf,
    pub account: Account,
}

impl Place {
    /// Chooses and creates the folder.
    pub async fn settle(data_dir: &Path, progress: Progress<'_>) -> Result<Self, PrivateDbError> {
        make(data_dir, 0o755)?;
        let (here, elsewhere) = homes(data_dir)?;
        let account = Account::of(Some(&here.join("data"))).await?;
        if !account.dropped {
            make(&here, 0o700)?;
            return Self::at(here, account);
        }
        if holds_cluster(&here) || !holds_cluster(&elsewhere) {
            make(&here, 0o711)?;
            if account.reaches(&here).await? {
                return Self::at(here, account);
            }
            if holds_cluster(&here) {
                let why = format!("account {} cannot enter it; make every folder above it passable", account.uid);
                return Err(PrivateDbError::unusable(&here, why));
            }
            // Empty, and would only puzzle whoever looks for the data.
            let _ = std::fs::remove_dir(&here);
        }
        make(&elsewhere, 0o711)?;
        let account = Account::of(Some(&elsewhere.join("data"))).await?;
        if !account.reaches(&elsewhere).await? {
            let why = format!("account {} can enter neither it nor {}", account.uid, elsewhere.display());
            return Err(PrivateDbError::unusable(&here, why));
        }
        progress(&format!(
            "account {} cannot reach {}: the data is in {}",
            account.uid,
            here.display(),
            elsewhere.display()
        ));
        Self::at(elsewhere, account)
    }

    /// The place of a cluster that exists, if one does. Creates nothing.
    pub async fn existing(data_dir: &Path) -> Result<Option<Self>, PrivateDbError> {
        if !data_dir.is_dir() {
            return Ok(None);
        }
        let (here, elsewhere) = homes(data_dir)?;
        let Some(folder) = [here, elsewhere].into_iter().find(|folder| holds_cluster(folder)) else { return Ok(None) };
        let account = Account::of(Some(&folder.join("data"))).await?;
        Self::at(folder, account).map(Some)
    }

    fn at(folder: PathBuf, account: Account) -> Result<Self, PrivateDbError> {
        let cluster = folder.join("data");
        // As root the account is the owner's already, and what is root's own is refused later by what it holds.
        if let Ok(owner) = cluster.metadata()
            && !account.dropped
            && owner.uid() != account.uid
        {
            let why =
                format!("it belongs to account {}; start as that account, or give another --data-dir", owner.uid());
            return Err(PrivateDbError::unusable(&cluster, why));
        }
        Ok(Self { cluster, log: folder.join("server.log"), folder, account })
    }

    /// Held while the server is looked for, made, started or stopped. Ends when dropped, or with the process.
    pub async fn lock(&self, deadline: Instant) -> Result<File, PrivateDbError> {
        let (path, begun) = (self.folder.join("lock"), Instant::now());
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = opened.map_err(PrivateDbError::io(format!("opening {}", path.display())))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(std::fs::TryLockError::Error(source)) => return Err(PrivateDbError::io("locking")(source)),
                Err(std::fs::TryLockError::WouldBlock) if Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(std::fs::TryLockError::WouldBlock) => {
                    let doing = format!("waiting for another process that holds {}", path.display());
                    return Err(PrivateDbError::Deadline { doing, within: begun.elapsed(), log: String::new() });
                }
            }
        }
    }

    /// Says that this process uses the server, for as long as the file is held. Taken while [`Place::lock`] is.
    pub fn join(&self) -> Result<File, PrivateDbError> {
        let file = self.users()?;
        match file.try_lock_shared() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::Error(source)) => Err(PrivateDbError::io("joining the server's users")(source)),
            Err(std::fs::TryLockError::WouldBlock) => {
                Err(PrivateDbError::io("joining the server's users")(std::io::ErrorKind::WouldBlock.into()))
            }
        }
    }

    /// Whether no other process uses the server. Asked while [`Place::lock`] is held, so that none begins meanwhile.
    pub fn unused(&self) -> Result<bool, PrivateDbError> {
        Ok(self.users()?.try_lock().is_ok())
    }

    fn users(&self) -> Result<File, PrivateDbError> {
        let path = self.folder.join("users");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        opened.map_err(PrivateDbError::io(format!("opening {}", path.display())))
    }

    /// The major version that made the cluster; `None` when there is no cluster yet.
    pub fn major(&self) -> Result<Option<u32>, PrivateDbError> {
        let text = match std::fs::read_to_string(self.cluster.join("PG_VERSION")) {
            Ok(text) => text,
            Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(PrivateDbError::io(format!("reading PG_VERSION of {}", self.cluster.display()))(source));
            }
        };
        let major = text.trim().parse().ok().filter(|major| *major >= OLDEST_MAJOR);
        major.map(Some).ok_or_else(|| {
            let why = format!("it is of PostgreSQL {}, and {OLDEST_MAJOR} is the oldest; move it away", text.trim());
            PrivateDbError::unusable(&self.cluster, why)
        })
    }

    /// A folder for the socket, short enough for every system and free of characters that a URL or
    /// `unix_socket_directories` would read as something else.
    pub fn socket_dir(&self) -> PathBuf {
        let inside = self.folder.join("run");
        let bytes = inside.as_os_str().as_bytes();
        let plain = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(byte));
        if plain && bytes.len() <= LONGEST_SOCKET_DIR {
            inside
        } else {
            format!("/tmp/tithi-{}", name_of(&self.folder)).into()
        }
    }

    /// Creates the socket folder with 0700 and gives it to the account; refuses one that somebody else has made.
    pub fn make_socket_dir(&self) -> Result<PathBuf, PrivateDbError> {
        let dir = self.socket_dir();
        let made = DirBuilder::new().mode(0o700).create(&dir);
        match made {
            Err(there) if there.kind() == ErrorKind::AlreadyExists => {}
            made => made.map_err(PrivateDbError::io(format!("creating {}", dir.display())))?,
        }
        let seen = dir.symlink_metadata().map_err(PrivateDbError::io(format!("looking at {}", dir.display())))?;
        let ours = seen.uid() == self.account.uid || (self.account.dropped && seen.uid() == 0);
        if !seen.is_dir() || !ours || seen.permissions().mode() & 0o077 != 0 {
            return Err(PrivateDbError::unusable(
                &dir,
                "it must be a folder of the server's account with mode 0700; remove it",
            ));
        }
        self.account.give(&dir)?;
        Ok(dir)
    }
}

fn homes(data_dir: &Path) -> Result<(PathBuf, PathBuf), PrivateDbError> {
    let root = data_dir.canonicalize().map_err(PrivateDbError::io(format!("finding {}", data_dir.display())))?;
    Ok((root.join("postgres"), Path::new(STABLE).join(name_of(&root))))
}

fn holds_cluster(folder: &Path) -> bool {
    folder.join("data").exists()
}

fn name_of(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn make(folder: &Path, mode: u32) -> Result<(), PrivateDbError> {
    let made = DirBuilder::new().recursive(true).mode(mode).create(folder);
    made.map_err(PrivateDbError::io(format!("creating {}", folder.display())))
}
