//! A server that all test processes and threads of a run share: who comes first starts it, the others find it, and a
//! guard ends it when the last has gone. `guard.sh` says how the two agree.
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds without any test process before the server ends: longer than the gaps between two tests.
const IDLE: &str = "15";
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(20);

/// The folder of one shared server, held by this process until it ends.
pub struct Shared {
    folder: PathBuf,
    _lock: File,
}

impl Shared {
    /// Takes part in the server of that name. While the value lives, no other process starts or looks for it.
    pub fn join(name: &str) -> std::io::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shared-{name}"));
        let (leases, closing) = (folder.join("leases"), folder.join("closing"));
        std::fs::create_dir_all(&leases)?;
        std::fs::write(leases.join(std::process::id().to_string()), "")?;
        let lock = locked(&folder.join("lock"))?;
        let deadline = Instant::now() + PATIENCE;
        while closing.exists() {
            if guarded(&folder).is_none() || Instant::now() > deadline {
                std::fs::remove_dir_all(&closing).or_else(ignore_missing)?;
            }
            std::thread::sleep(PAUSE);
        }
        // Asked for at the end of an earlier run.
        std::fs::remove_file(folder.join("end")).or_else(ignore_missing)?;
        Ok(Self { folder, _lock: lock })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sees to it that somebody ends `server` with `signal` when no test process is left.
    pub fn guard(&self, server: u32, signal: &str) -> std::io::Result<()> {
        if guarded(&self.folder) == Some(server) {
            return Ok(());
        }
        let mut guard = Command::new("/bin/sh");
        guard.args(["-c", include_str!("guard.sh"), "tithi-test-guard"]).arg(&self.folder);
        guard.args([&server.to_string(), signal, IDLE]);
        guard.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).current_dir("/");
        let guard = guard.spawn()?;
        std::fs::write(self.folder.join("guard"), format!("{} {server}\n", guard.id()))
    }
}

/// The server that a living guard watches.
fn guarded(folder: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(folder.join("guard")).ok()?;
    let (guard, server) = text.trim().split_once(' ')?;
    let shown = Command::new("ps").args(["-o", "args=", "-p", guard]).output().ok()?;
    let lives = String::from_utf8_lossy(&shown.stdout).contains("tithi-test-guard");
    server.parse().ok().filter(|_| lives)
}

fn locked(path: &Path) -> std::io::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
            Err(std::fs::TryLockError::WouldBlock) if Instant::now() > deadline => {
                return Err(std::io::Error::other(format!("another test process holds {}", path.display())));
            }
            Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
