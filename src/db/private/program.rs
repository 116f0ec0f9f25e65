//! Running other programs: with a deadline, without our settings leaking into them, ended when we are.
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use tokio::process::Command;

use super::error::PrivateDbError;

/// Asking a program for its version, an id or a path.
pub(super) const QUESTION: Duration = Duration::from_secs(10);

/// A command that starts in a folder that every account can enter, with plain messages and no PostgreSQL settings
/// of the caller's (a PGOPTIONS or PGPORT of the shell would change what the server does).
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C").env("TZ", "UTC");
    for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGTZ", "PGDATESTYLE"] {
        command.env_remove(name);
    }
    command
}

/// The command's output, whatever its exit code; the program is killed when `within` has passed.
pub(super) async fn output(mut command: Command, within: Duration, doing: &str) -> Result<Output, PrivateDbError> {
    command.kill_on_drop(true);
    match tokio::time::timeout(within, command.output()).await {
        Ok(output) => output.map_err(PrivateDbError::io(doing)),
        Err(_) => Err(PrivateDbError::Deadline { doing: doing.to_owned(), within, log: String::new() }),
    }
}

/// What the command printed, trimmed, when it succeeded and printed something; a missing program is `None` too.
pub(super) async fn answer(command: Command) -> Option<String> {
    let output = output(command, QUESTION, "asking a program").await.ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// Sends a signal by name. Through the shell: its `kill` is built in, slim images have no program of that name.
pub(super) async fn signal(pid: u32, name: &str) -> bool {
    let mut kill = command("/bin/sh");
    kill.args(["-c", r#"kill -s "$1" "$2""#, "sh", name, &pid.to_string()]);
    output(kill, QUESTION, "sending a signal").await.is_ok_and(|done| done.status.success())
}

/// The command line of a living process; `None` when it is gone or only waits to be reaped.
pub(super) async fn command_line(pid: u32) -> Option<String> {
    if Path::new("/proc/self/cmdline").exists() {
        let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let text = String::from_utf8_lossy(&bytes).replace('\0', " ").trim().to_owned();
        return (!text.is_empty()).then_some(text);
    }
    let mut ps = command("ps");
    ps.args(["-o", "stat=", "-o", "args=", "-p", &pid.to_string()]);
    let line = answer(ps).await?;
    let (state, arguments) = line.split_once(char::is_whitespace)?;
    (!state.starts_with('Z')).then(|| arguments.trim().to_owned())
}

/// The time that is left, never zero: a deadline that has passed still lets one look happen.
pub(super) fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(50))
}
