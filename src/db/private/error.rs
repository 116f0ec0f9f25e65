//! What can go wrong with the private database, each with what to do about it.
//!
//! The texts are the interface: they reach the terminal of somebody who has just cloned the repository.
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::OLDEST_MAJOR;

/// Why there is no private database.
#[derive(Debug)]
pub enum PrivateDbError {
    /// No usable PostgreSQL server on this machine; `seen` lists what was found and is too old or broken.
    NotInstalled { seen: Vec<String> },
    /// The cluster is of a major version whose programs are missing.
    OtherMajor { cluster: PathBuf, major: u32, seen: Vec<String> },
    /// A folder that cannot be used as it is; `why` ends with what to do.
    Unusable { path: PathBuf, why: String },
    /// A program or the server failed; `log` is the last of what it wrote.
    Failed { doing: String, log: String },
    /// A step outlived its deadline; `log` as above.
    Deadline { doing: String, within: Duration, log: String },
    /// The operating system refused.
    Io { doing: String, source: std::io::Error },
}

impl PrivateDbError {
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { doing: doing.into(), source }
    }

    pub(super) fn unusable(path: &Path, why: impl Into<String>) -> Self {
        Self::Unusable { path: path.to_owned(), why: why.into() }
    }
}

impl fmt::Display for PrivateDbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled { seen } => {
                writeln!(f, "no PostgreSQL server (version {OLDEST_MAJOR} or newer) was found{}.", list(seen))?;
                write!(
                    f,
                    "Install one and start again:\n  \
                     Debian, Ubuntu:  sudo apt-get install postgresql\n  \
                     macOS:           brew install postgresql@17\n  \
                     Fedora:          sudo dnf install postgresql-server postgresql-contrib\n  \
                     Docker:          docker compose up\n\
                     or set PG_BIN_DIR to the folder of `postgres` and `initdb`, \
                     or DATABASE_URL to a server that runs."
                )
            }
            Self::OtherMajor { cluster, major, seen } => write!(
                f,
                "{} was made by PostgreSQL {major}, whose programs were not found{}. Install PostgreSQL {major}, \
                 or set PG_BIN_DIR, or move that folder away to begin with an empty database.",
                cluster.display(),
                list(seen)
            ),
            Self::Unusable { path, why } => write!(f, "{} cannot be used: {why}", path.display()),
            Self::Failed { doing, log } => write!(f, "{doing} failed{}", quoted(log)),
            Self::Deadline { doing, within, log } => {
                write!(f, "{doing} took longer than {} s{}", within.as_secs(), quoted(log))
            }
            Self::Io { doing, source } => write!(f, "{doing}: {source}"),
        }
    }
}

impl std::error::Error for PrivateDbError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn list(seen: &[String]) -> String {
    if seen.is_empty() { String::new() } else { format!(" (seen: {})", seen.join("; ")) }
}

fn quoted(log: &str) -> String {
    if log.trim().is_empty() {
        return ".".to_owned();
    }
    log.trim().lines().fold(":".to_owned(), |text, line| text + "\n  | " + line)
}

/// The last lines that `path` holds from byte `from` on; empty when it cannot be read.
pub(super) fn tail(path: &Path, from: u64) -> String {
    const MOST: u64 = 16 * 1024;
    const LINES: usize = 20;
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(from.max(length.saturating_sub(MOST))))?;
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_postgresql_is_told_what_to_install() {
        let said = PrivateDbError::NotInstalled { seen: vec!["14 in /opt/old".to_owned()] }.to_string();
        for word in
            ["seen: 14 in /opt/old", "apt-get install postgresql", "brew install", "dnf install", "docker compose up"]
        {
            assert!(said.contains(word), "{word} is missing in: {said}");
        }
    }

    #[test]
    fn the_tail_is_what_came_after_the_start() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let log = folder.path().join("server.log");
        let lines: String = (0..50).map(|number| format!("line {number}\n")).collect();
        std::fs::write(&log, format!("before\n{lines}"))?;
        assert!(tail(&log, 0).starts_with("line 30\n"));
        assert_eq!(tail(&log, ("before\n".len() + lines.len() - 8) as u64), "line 49");
        assert_eq!(tail(&folder.path().join("none"), 0), "");
        Ok(())
    }
}
