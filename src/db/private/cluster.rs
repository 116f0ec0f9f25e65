//! Making the cluster and saying how its server runs.
//!
//! Settings go on the server's command line, not into files: they are the same whoever made the cluster, and root
//! never writes into the account's folder.
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::Instant;

use super::error::PrivateDbError;
use super::find::Binaries;
use super::place::Place;
use super::program::{answer, command, left, output};
use super::{Origin, PORT, PrivateDbOptions, Progress, SUPERUSER};

/// What initdb works under until the cluster is whole.
const UNFINISHED: &str = "data.new";

/// Makes the cluster unless it exists. The caller holds the lock, so that whatever is unfinished is nobody's.
pub(super) async fn ensure(
    place: &Place,
    binaries: &Binaries,
    durable: bool,
    deadline: Instant,
    progress: Progress<'_>,
) -> Result<Origin, PrivateDbError> {
    let unfinished = place.folder.join(UNFINISHED);
    if unfinished.symlink_metadata().is_ok() {
        progress("removing a database that an earlier start left unfinished");
        std::fs::remove_dir_all(&unfinished)
            .map_err(PrivateDbError::io(format!("removing {}", unfinished.display())))?;
    }
    if place.major()?.is_some() {
        return Ok(Origin::Started);
    }
    // An empty folder (a mount point, say) may become the cluster; anything else is somebody's.
    if place.cluster.exists() && std::fs::remove_dir(&place.cluster).is_err() {
        return Err(PrivateDbError::unusable(&place.cluster, "it is not empty and holds no PG_VERSION; move it away"));
    }
    progress(&format!("initialising PostgreSQL {} in {} (once)", binaries.major, place.cluster.display()));
    let make = DirBuilder::new().mode(0o700).create(&unfinished);
    make.map_err(PrivateDbError::io(format!("creating {}", unfinished.display())))?;
    place.account.give(&unfinished)?;
    initdb(place, binaries, &unfinished, durable, deadline).await?;
    finish(place, &unfinished).map_err(PrivateDbError::io(format!("renaming {}", unfinished.display())))?;
    Ok(Origin::Initialised)
}

async fn initdb(
    place: &Place,
    binaries: &Binaries,
    folder: &Path,
    durable: bool,
    deadline: Instant,
) -> Result<(), PrivateDbError> {
    let mut initdb = command(binaries.program("initdb"));
    initdb.arg("-D").arg(folder).args(["-U", SUPERUSER, "--encoding=UTF8", "--no-instructions"]);
    // `reject` for TCP though nothing listens there: the cluster stays closed if somebody starts it by hand.
    initdb.args(["--auth-local=trust", "--auth-host=reject"]).args(locale(binaries.major).await);
    if !durable {
        initdb.arg("--no-sync");
    }
    place.account.apply(&mut initdb);
    let done = output(initdb, left(deadline), "initdb").await?;
    if done.status.success() {
        return Ok(());
    }
    let log = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Err(PrivateDbError::Failed { doing: "initdb".to_owned(), log })
}

/// A rename that survives a crash of the machine: the folder that holds the names is synced too.
fn finish(place: &Place, unfinished: &Path) -> std::io::Result<()> {
    std::fs::rename(unfinished, &place.cluster)?;
    std::fs::File::open(&place.folder)?.sync_all()
}

/// UTF-8 letters with one order on every machine: PostgreSQL's own provider from 17 on, else the system's C.UTF-8.
async fn locale(major: u32) -> Vec<String> {
    if major >= 17 {
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"].map(str::to_owned).to_vec();
    }
    let mut ask = command("locale");
    ask.arg("-a");
    let known = answer(ask).await.unwrap_or_default();
    let wanted = ["C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"];
    let chosen = wanted.iter().find(|wanted| known.lines().any(|line| line == **wanted)).unwrap_or(&"C");
    vec![format!("--locale={chosen}")]
}

/// The server's settings, `name=value`.
pub(super) async fn settings(
    place: &Place,
    binaries: &Binaries,
    options: &PrivateDbOptions,
) -> Result<Vec<String>, PrivateDbError> {
    let mut settings: Vec<String> = [
        "listen_addresses=",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "log_timezone=UTC",
        "client_encoding=UTF8",
        "log_line_prefix=%m [%p] ",
        "log_checkpoints=off",
        "logging_collector=off",
        "log_destination=stderr",
        "jit=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=512MB",
        "cluster_name=tithi",
    ]
    .map(str::to_owned)
    .to_vec();
    settings.push(format!("port={PORT}"));
    settings.push(format!("unix_socket_directories={}", place.make_socket_dir()?.display()));
    settings.push(format!("max_connections={}", options.max_connections));
    if binaries.has_module("pg_stat_statements").await {
        settings.push("shared_preload_libraries=pg_stat_statements".to_owned());
    }
    let durability = if options.durable { "on" } else { "off" };
    settings.extend(["fsync", "synchronous_commit", "full_page_writes"].map(|name| format!("{name}={durability}")));
    Ok(settings)
}
