//! The server as a process: found again, started, stopped.
//!
//! What must stay true: a process is only ever signalled after it was recognised as the postmaster of our cluster
//! (process ids are used again), and `postmaster.pid` is only removed when its process is gone or is something else.
//! Callers hold the place's lock.
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use tokio::process::Child;

use super::error::{PrivateDbError, tail};
use super::find::Binaries;
use super::place::Place;
use super::program::{command, command_line, left, signal};
use super::{PORT, SUPERUSER, Stopped, connect_options};

const PAUSE: Duration = Duration::from_millis(10);
/// How long an immediate shutdown may take: it writes nothing.
const IMMEDIATE: Duration = Duration::from_secs(5);
/// A log beyond this is put aside at the next start; one older log is kept.
const LARGEST_LOG: u64 = 8 << 20;
/// Closes what the caller's shell had open (locks, pipes), since the server outlives us, then becomes the server.
const BECOME: &str = r#"exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$@""#;

/// A server that answered.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub pid: u32,
    pub socket_dir: PathBuf,
}

/// `postmaster.pid`: process, data folder, start, port, socket folder, address, memory key, status. The server
/// writes it in two steps, so that the later lines may be missing.
struct PidFile {
    pid: u32,
    socket_dir: Option<PathBuf>,
    status: String,
}

impl PidFile {
    fn read(cluster: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let line = |number: usize| lines.get(number).copied().unwrap_or_default();
        let socket_dir = Some(line(4)).filter(|dir| !dir.is_empty()).map(PathBuf::from);
        // Negative for a single-user server, which is not ours to adopt.
        Some(Self { pid: line(0).parse().ok()?, socket_dir, status: line(7).to_owned() })
    }

    fn ready(&self) -> Option<&Path> {
        self.socket_dir.as_deref().filter(|_| self.status == "ready")
    }
}

/// The running server of the place, waiting for one that is starting, and for one that is stopping to be gone.
pub(super) async fn adopt(place: &Place, deadline: Instant) -> Result<Option<Running>, PrivateDbError> {
    let begun = Instant::now();
    loop {
        let Some(file) = PidFile::read(&place.cluster) else { return Ok(None) };
        if !is_postmaster(file.pid, &place.cluster).await {
            return Ok(None);
        }
        if let Some(socket_dir) = file.ready()
            && answers(place, socket_dir, left(deadline)).await
        {
            return Ok(Some(Running { pid: file.pid, socket_dir: socket_dir.to_owned() }));
        }
        if Instant::now() >= deadline {
            let doing = format!("waiting for the PostgreSQL that runs as process {} ({})", file.pid, file.status);
            return Err(PrivateDbError::Deadline { doing, within: begun.elapsed(), log: tail(&place.log, 0) });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Starts the server and returns when it answers. It leads its own process group: the terminal's Ctrl-C is ours to
/// handle first.
pub(super) async fn start(
    place: &Place,
    binaries: &Binaries,
    settings: &[String],
    deadline: Instant,
) -> Result<(Running, Child), PrivateDbError> {
    let begun = Instant::now();
    let socket_dir = place.socket_dir();
    loop {
        forget_stale(place, &socket_dir).await;
        let (log, from) = open_log(&place.log)?;
        let mut server = command("/bin/sh");
        server.args(["-c", BECOME, "sh"]).arg(binaries.program("postgres")).arg("-D").arg(&place.cluster);
        server.args(settings.iter().flat_map(|setting| ["-c", setting]));
        let copy = log.try_clone().map_err(PrivateDbError::io("sharing the server's log"))?;
        server.stdout(copy).stderr(log).process_group(0);
        place.account.apply(&mut server);
        let mut child = server.spawn().map_err(PrivateDbError::io("starting PostgreSQL"))?;
        match until_ready(place, &mut child, &socket_dir, deadline).await {
            Ready::Answers(running) => return Ok((running, child)),
            // After a kill -9 of the postmaster its children hold the shared memory until they notice.
            Ready::Ended if tail(&place.log, from).contains("shared memory block") && Instant::now() < deadline => {
                tokio::time::sleep(PAUSE * 10).await;
            }
            Ready::Ended => {
                return Err(PrivateDbError::Failed {
                    doing: "starting PostgreSQL".to_owned(),
                    log: tail(&place.log, from),
                });
            }
            Ready::Late => {
                end(&mut child).await;
                let doing = "starting PostgreSQL".to_owned();
                return Err(PrivateDbError::Deadline { doing, within: begun.elapsed(), log: tail(&place.log, from) });
            }
        }
    }
}

enum Ready {
    Answers(Running),
    Ended,
    Late,
}

async fn until_ready(place: &Place, child: &mut Child, socket_dir: &Path, deadline: Instant) -> Ready {
    loop {
        let Some(pid) = child.id().filter(|_| !matches!(child.try_wait(), Ok(Some(_)))) else { return Ready::Ended };
        let file = PidFile::read(&place.cluster).filter(|file| file.pid == pid && file.ready().is_some());
        if file.is_some() && answers(place, socket_dir, left(deadline)).await {
            return Ready::Answers(Running { pid, socket_dir: socket_dir.to_owned() });
        }
        if Instant::now() >= deadline {
            return Ready::Late;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Ends the server that has `pid`, if it still is ours.
pub(super) async fn stop(
    place: &Place,
    pid: u32,
    child: &mut Option<Child>,
    within: Duration,
) -> Result<Stopped, PrivateDbError> {
    for (name, within, outcome) in [("INT", within, Stopped::Clean), ("QUIT", IMMEDIATE, Stopped::Immediate)] {
        if !is_postmaster(pid, &place.cluster).await {
            // Reaped here, or it would stay as a zombie until we end.
            if let Some(mut child) = child.take() {
                let _ = child.try_wait();
            }
            return Ok(Stopped::Already);
        }
        signal(pid, name).await;
        if gone(place, pid, child, Instant::now() + within).await {
            *child = None;
            return Ok(outcome);
        }
    }
    let doing = format!("stopping PostgreSQL (process {pid})");
    Err(PrivateDbError::Deadline { doing, within: within + IMMEDIATE, log: tail(&place.log, 0) })
}

async fn gone(place: &Place, pid: u32, child: &mut Option<Child>, deadline: Instant) -> bool {
    if let Some(child) = child {
        return tokio::time::timeout(left(deadline), child.wait()).await.is_ok();
    }
    while is_postmaster(pid, &place.cluster).await {
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(PAUSE).await;
    }
    true
}

async fn end(child: &mut Child) {
    if let Some(pid) = child.id() {
        signal(pid, "QUIT").await;
        let _ = tokio::time::timeout(IMMEDIATE, child.wait()).await;
    }
}

/// Whether the process is the postmaster of this cluster: by the `-D` that we start it with, or by its working
/// folder, which PostgreSQL makes the cluster's, for one that was started by hand.
pub(super) async fn is_postmaster(pid: u32, cluster: &Path) -> bool {
    let Some(line) = command_line(pid).await else { return false };
    let program = line.split(' ').next().unwrap_or_default();
    if !matches!(program.rsplit('/').next(), Some("postgres" | "postmaster")) {
        return false;
    }
    let by_hand = || std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == cluster);
    line.contains(&format!(" -D {} ", cluster.display())) || by_hand()
}

/// Asked before a start, when nothing was adopted: files of a server that is gone. PostgreSQL clears them by itself
/// unless their process id is in use again, by anything at all; then it would refuse to start for ever.
async fn forget_stale(place: &Place, socket_dir: &Path) {
    let Some(file) = PidFile::read(&place.cluster) else { return };
    if !is_postmaster(file.pid, &place.cluster).await {
        let socket = socket_dir.join(format!(".s.PGSQL.{PORT}"));
        for path in [place.cluster.join("postmaster.pid"), socket.with_extension(format!("{PORT}.lock")), socket] {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Whether the server behind the socket is that of the place. One that has no connection left to give does answer.
async fn answers(place: &Place, socket_dir: &Path, within: Duration) -> bool {
    let options = connect_options(socket_dir, SUPERUSER, "postgres");
    let ask = async {
        let mut connection = PgConnection::connect_with(&options).await?;
        let folder: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(Path::new(&folder) == place.cluster)
    };
    match tokio::time::timeout(within, ask).await {
        Ok(Err(sqlx::Error::Database(refusal))) => refusal.code().as_deref() == Some("53300"),
        Ok(answer) => answer.unwrap_or(false),
        Err(_) => false,
    }
}

/// The log, ready to be appended to, and how long it is already.
fn open_log(path: &Path) -> Result<(File, u64), PrivateDbError> {
    if path.metadata().is_ok_and(|log| log.len() > LARGEST_LOG) {
        let _ = std::fs::rename(path, path.with_extension("log.old"));
    }
    let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let mut log = opened.map_err(PrivateDbError::io(format!("opening {}", path.display())))?;
    let from = log.seek(SeekFrom::End(0)).map_err(PrivateDbError::io("reading the server's log"))?;
    Ok((log, from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pid_file(text: &str) -> Option<PidFile> {
        let folder = tempfile::tempdir().ok()?;
        std::fs::write(folder.path().join("postmaster.pid"), text).ok()?;
        PidFile::read(folder.path())
    }

    #[test]
    fn a_pid_file_is_ready_only_when_it_says_so() {
        let whole = "77\n/data\n1700000000\n5432\n/run/x\n\n  1234  5\nready   \n";
        assert_eq!(pid_file(whole).as_ref().and_then(PidFile::ready), Some(Path::new("/run/x")));
        assert_eq!(pid_file(&whole.replace("ready   ", "starting")).as_ref().and_then(PidFile::ready), None);
        let half = pid_file("77\n/data\n1700000000\n5432\n").map(|file| (file.pid, file.socket_dir));
        assert_eq!(half, Some((77, None)));
    }

    #[test]
    fn an_unreadable_pid_file_is_no_server() {
        assert!(pid_file("").is_none());
        assert!(pid_file("-9\n/data\n").is_none());
    }

    #[tokio::test]
    async fn a_reused_process_id_is_not_taken_for_the_postmaster() {
        assert!(!is_postmaster(std::process::id(), Path::new("/nowhere")).await);
    }
}
