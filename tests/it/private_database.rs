//! The private database on a real PostgreSQL: each test has its own data folder and ends its own server.
use std::error::Error;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tithi::db::private::{Origin, PrivateDb, PrivateDbError, PrivateDbOptions, Stopped};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A data folder; whatever server is left in it when the test ends, however it ends, is ended too.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Outcome<Self> {
        Self::with_mode(0o711)
    }

    fn with_mode(mode: u32) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("db").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode))?;
        Ok(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn open(&self) -> Result<PrivateDb, PrivateDbError> {
        PrivateDb::open(self.path(), quick(), |_| {}).await
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        end(&self.path().join("postgres"));
    }
}

/// Where a database goes whose folder the account cannot reach. Nothing of it stays behind either.
struct Fallen {
    folder: PathBuf,
    was_there: bool,
}

impl Fallen {
    const ABOVE: &str = "/var/lib/tithi";
}

impl Drop for Fallen {
    fn drop(&mut self) {
        end(&self.folder);
        let _ = std::fs::remove_dir_all(&self.folder);
        if !self.was_there {
            // only when it is empty: somebody else may have come in the meantime
            let _ = std::fs::remove_dir(Self::ABOVE);
        }
    }
}

/// Ends the server of a database's folder, if one runs.
fn end(folder: &Path) {
    let pid_file = folder.join("data/postmaster.pid");
    if let Some(pid) = std::fs::read_to_string(pid_file).ok().and_then(|text| text.lines().next()?.parse().ok())
        && command_line(pid).contains(&*folder.to_string_lossy())
    {
        signal(pid, "QUIT");
        let deadline = Instant::now() + Duration::from_secs(30);
        while !command_line(pid).is_empty() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn quick() -> PrivateDbOptions {
    PrivateDbOptions { durable: false, max_connections: 20, ..PrivateDbOptions::default() }
}

fn durable() -> PrivateDbOptions {
    PrivateDbOptions { max_connections: 20, ..PrivateDbOptions::default() }
}

fn command_line(pid: u32) -> String {
    let output = Command::new("ps").args(["-o", "stat=,args=", "-p", &pid.to_string()]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if text.starts_with('Z') { String::new() } else { text }
}

fn signal(pid: u32, name: &str) {
    let sent = Command::new("sh").args(["-c", r#"kill -s "$1" "$2""#, "sh", name, &pid.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "signal {name} to {pid}");
}

async fn ask(db: &PrivateDb, question: &str) -> Outcome<String> {
    let mut connection = PgConnection::connect(&db.admin_url()).await?;
    let answer = sqlx::query_scalar(sqlx::AssertSqlSafe(question.to_owned())).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

async fn run(db: &PrivateDb, statement: &str) -> Outcome {
    let mut connection = PgConnection::connect(&db.admin_url()).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

fn programs(db: &PrivateDb) -> PathBuf {
    db.bin_dir().map(Path::to_owned).unwrap_or_default()
}

fn cluster_state(db: &PrivateDb, programs: &Path) -> Outcome<String> {
    let output = Command::new(programs.join("pg_controldata")).env("LC_ALL", "C").arg(db.cluster_dir()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let line = text.lines().find_map(|line| line.strip_prefix("Database cluster state:"));
    Ok(line.ok_or("pg_controldata names no state")?.trim().to_owned())
}

fn is_root(path: &Path) -> Outcome<bool> {
    Ok(path.metadata()?.uid() == 0)
}

/// Whether the machine has a program; if not, says what goes untried.
fn has(program: &str, untried: &str) -> bool {
    let there = Command::new("sh").args(["-c", "command -v \"$1\"", "sh", program]).stdout(Stdio::null()).status();
    let there = there.is_ok_and(|status| status.success());
    if !there {
        println!("skipped, for want of {program}: {untried}");
    }
    there
}

#[tokio::test]
async fn the_first_start_makes_a_durable_cluster_and_the_second_starts_it() -> Outcome {
    let home = Home::new()?;
    let lines = std::sync::Mutex::new(Vec::new());
    let note = |line: &str| lines.lock().map(|mut lines| lines.push(line.to_owned())).unwrap_or_default();
    let begun = Instant::now();
    let db = PrivateDb::open(home.path(), durable(), note).await?;
    let first = begun.elapsed();
    assert_eq!(db.origin(), Origin::Initialised);
    assert!(lines.lock().is_ok_and(|lines| lines.iter().any(|line| line.contains("initialising"))), "progress is told");
    for (setting, value) in [
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("max_connections", "20"),
        ("listen_addresses", ""),
    ] {
        assert_eq!(ask(&db, &format!("SHOW {setting}")).await?, value, "{setting}");
    }
    assert_eq!(ask(&db, "SELECT lower('ÄÉÐ')").await?, "äéð", "letters beyond ASCII have cases");
    let counted = "SELECT CASE WHEN count(*) = 0 THEN 'not installed' ELSE current_setting('shared_preload_libraries') END \
                   FROM pg_available_extensions WHERE name = 'pg_stat_statements'";
    assert!(["not installed", "pg_stat_statements"].contains(&&*ask(&db, counted).await?), "statements are counted");
    run(&db, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('this')").await?;
    assert_eq!(db.stop().await?, Stopped::Clean);

    let begun = Instant::now();
    lines.lock().map(|mut lines| lines.clear()).unwrap_or_default();
    let again = PrivateDb::open(home.path(), durable(), note).await?;
    let second = begun.elapsed();
    println!("first start {first:?}, second start {second:?}");
    assert_eq!(again.origin(), Origin::Started);
    assert_eq!(ask(&again, "SELECT what FROM kept").await?, "this");
    assert!(lines.lock().is_ok_and(|lines| !lines.iter().any(|line| line.contains("initialising"))), "only once");
    assert_eq!(again.stop().await?, Stopped::Clean);
    Ok(())
}

#[tokio::test]
async fn stop_is_clean_and_may_be_repeated() -> Outcome {
    let home = Home::new()?;
    let db = home.open().await?;
    // A client that stays connected must not hold the shutdown up.
    let idle = PgConnection::connect(&db.admin_url()).await?;
    assert_eq!(db.stop().await?, Stopped::Clean);
    assert_eq!(cluster_state(&db, &programs(&db))?, "shut down");
    assert_eq!(db.stop().await?, Stopped::Already);
    assert!(PrivateDb::attach(home.path(), quick()).await?.is_none());
    drop(idle);
    Ok(())
}

#[tokio::test]
async fn a_server_whose_owner_died_is_adopted_and_stopped_when_asked() -> Outcome {
    let home = Home::new()?;
    let first = home.open().await?;
    let (pid, programs) = (first.pid(), programs(&first));
    // What a kill -9 leaves behind: the server, and nobody who will stop it.
    drop(first);
    let second = home.open().await?;
    assert_eq!((second.origin(), second.pid()), (Origin::Adopted, pid));
    assert_eq!(ask(&second, "SELECT 'here'").await?, "here");

    let guest = PrivateDb::attach(home.path(), quick()).await?.ok_or("nothing to attach to")?;
    assert_eq!(guest.stop().await?, Stopped::LeftRunning);
    assert_eq!(ask(&second, "SELECT 'still'").await?, "still");

    assert_eq!(second.stop().await?, Stopped::Clean);
    assert_eq!(cluster_state(&second, &programs)?, "shut down");
    Ok(())
}

/// Not a test but a process for the two below: opens the database of its working folder and waits to be killed.
#[tokio::test]
#[ignore = "started by other tests"]
async fn owner() -> Outcome {
    let folder = std::env::current_dir()?;
    if !folder.join("for-an-owner").exists() {
        return Ok(());
    }
    let db = PrivateDb::open(&folder, quick(), |_| {}).await?;
    std::fs::write(folder.join(format!("opened-{}", std::process::id())), format!("{} {:?}", db.pid(), db.origin()))?;
    tokio::time::sleep(Duration::from_secs(120)).await;
    Ok(())
}

fn spawn_owner(home: &Home) -> Outcome<std::process::Child> {
    std::fs::write(home.path().join("for-an-owner"), "")?;
    let mut owner = Command::new(std::env::current_exe()?);
    owner.args(["--exact", "private_database::owner", "--ignored"]).current_dir(home.path());
    Ok(owner.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

async fn opened(home: &Home, owner: u32) -> Outcome<String> {
    let note = home.path().join(format!("opened-{owner}"));
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match std::fs::read_to_string(&note) {
            Ok(text) if !text.is_empty() => return Ok(text),
            _ if Instant::now() > deadline => return Err("the owner did not open the database".into()),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

#[tokio::test]
async fn a_server_whose_process_was_killed_is_adopted() -> Outcome {
    let home = Home::new()?;
    let mut owner = spawn_owner(&home)?;
    let seen = opened(&home, owner.id()).await;
    owner.kill()?;
    owner.wait()?;
    let db = home.open().await?;
    assert_eq!((format!("{} Initialised", db.pid()), db.origin()), (seen?, Origin::Adopted));
    assert_eq!(ask(&db, "SELECT 'alive'").await?, "alive");
    assert_eq!(db.stop().await?, Stopped::Clean);
    Ok(())
}

#[tokio::test]
async fn processes_that_open_at_once_share_one_server() -> Outcome {
    let home = Home::new()?;
    let mut owners = [spawn_owner(&home)?, spawn_owner(&home)?, spawn_owner(&home)?];
    let mut seen = Vec::new();
    for owner in &owners {
        seen.push(opened(&home, owner.id()).await);
    }
    for owner in &mut owners {
        owner.kill()?;
        owner.wait()?;
    }
    let seen = seen.into_iter().collect::<Outcome<Vec<_>>>()?;
    let db = home.open().await?;
    let pid = format!("{} ", db.pid());
    assert!(seen.iter().all(|line| line.starts_with(&pid)), "{seen:?}");
    assert_eq!(seen.iter().filter(|line| line.ends_with("Initialised")).count(), 1, "{seen:?}");
    assert_eq!(db.stop().await?, Stopped::Clean);
    Ok(())
}

#[tokio::test]
async fn a_killed_postmaster_is_recovered_from() -> Outcome {
    let home = Home::new()?;
    let db = PrivateDb::open(home.path(), durable(), |_| {}).await?;
    run(&db, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('committed')").await?;
    // A child that is at work does not notice the postmaster's end at once, and holds its shared memory until it does.
    let work = "DO $$ BEGIN WHILE clock_timestamp() < statement_timestamp() + interval '2 s' LOOP END LOOP; END $$";
    let mut busy = PgConnection::connect(&db.admin_url()).await?;
    let at_work = tokio::spawn(async move { sqlx::raw_sql(work).execute(&mut busy).await.is_ok() });
    let seen = "SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'";
    while ask(&db, seen).await? != "1" {
        assert!(!at_work.is_finished(), "the work ended before it was seen");
    }
    signal(db.pid(), "KILL");
    let again = PrivateDb::open(home.path(), durable(), |_| {}).await?;
    assert_eq!(again.origin(), Origin::Started);
    assert_ne!(again.pid(), db.pid());
    assert_eq!(ask(&again, "SELECT what FROM kept").await?, "committed");
    assert!(at_work.is_finished(), "no second server while a child of the first was at work");
    assert_eq!(db.stop().await?, Stopped::Already, "the old handle does not touch the new server");
    assert_eq!(again.stop().await?, Stopped::Clean);
    Ok(())
}

#[tokio::test]
async fn a_stale_pid_file_whose_process_id_is_in_use_again_is_no_obstacle() -> Outcome {
    let home = Home::new()?;
    let db = home.open().await?;
    let pid_file = db.cluster_dir().join("postmaster.pid");
    // The worst case: the id is that of a process which PostgreSQL may signal, and which even is a PostgreSQL.
    let stranger_home = Home::new()?;
    let stranger = stranger_home.open().await?;
    let stale = std::fs::read_to_string(&pid_file)?.replacen(&db.pid().to_string(), &stranger.pid().to_string(), 1);
    db.stop().await?;
    std::fs::write(&pid_file, stale)?;
    let again = home.open().await?;
    assert_eq!(again.origin(), Origin::Started);
    assert_eq!(ask(&stranger, "SELECT 'untouched'").await?, "untouched");
    assert_eq!(stranger.stop().await?, Stopped::Clean);
    assert_eq!(again.stop().await?, Stopped::Clean);
    Ok(())
}

#[tokio::test]
async fn an_unfinished_initdb_is_cleared_away() -> Outcome {
    let home = Home::new()?;
    let unfinished = home.path().join("postgres/data.new");
    std::fs::create_dir_all(unfinished.join("base"))?;
    std::fs::set_permissions(home.path().join("postgres"), std::fs::Permissions::from_mode(0o711))?;
    std::fs::write(unfinished.join("PG_VERSION"), "15\n")?;
    let db = home.open().await?;
    assert_eq!(db.origin(), Origin::Initialised);
    assert!(!unfinished.exists());
    assert_eq!(db.stop().await?, Stopped::Clean);
    Ok(())
}

#[tokio::test]
async fn two_opens_at_once_share_one_server() -> Outcome {
    let home = Home::new()?;
    let (one, two, three) = tokio::try_join!(home.open(), home.open(), home.open())?;
    assert_eq!((one.pid(), one.pid()), (two.pid(), three.pid()));
    let mut origins = [one.origin(), two.origin(), three.origin()];
    origins.sort_by_key(|origin| *origin == Origin::Adopted);
    assert_eq!(origins, [Origin::Initialised, Origin::Adopted, Origin::Adopted]);
    let (a, b, c) = tokio::try_join!(one.stop(), two.stop(), three.stop())?;
    let clean = [a, b, c].iter().filter(|how| **how == Stopped::Clean).count();
    assert_eq!(clean, 1, "one stop ends it and the others find it ended: {a:?} {b:?} {c:?}");
    Ok(())
}

#[tokio::test]
async fn a_data_folder_too_long_for_a_socket_path_works() -> Outcome {
    let home = Home::new()?;
    let deep = home.path().join("a folder with spaces & ümlauts").join("x".repeat(120));
    let db = PrivateDb::open(&deep, quick(), |_| {}).await?;
    assert!(db.socket_dir().as_os_str().len() < 90, "{}", db.socket_dir().display());
    assert_eq!(ask(&db, "SELECT 'reached'").await?, "reached");
    assert_eq!(db.socket_dir().metadata()?.permissions().mode() & 0o777, 0o700);
    assert_eq!(db.stop().await?, Stopped::Clean);
    std::fs::remove_dir_all(db.socket_dir())?;
    Ok(())
}

#[tokio::test]
async fn only_the_servers_account_and_root_can_reach_it() -> Outcome {
    let home = Home::new()?;
    let db = home.open().await?;
    let (cluster, socket) = (db.cluster_dir().metadata()?, db.socket_dir().metadata()?);
    assert_eq!((cluster.mode() & 0o777, socket.mode() & 0o777), (0o700, 0o700));
    assert_eq!(socket.uid(), cluster.uid());
    assert_ne!(cluster.uid(), 0, "PostgreSQL does not run as root");
    let server = Command::new("ps").args(["-o", "uid=", "-p", &db.pid().to_string()]).output()?;
    assert_eq!(String::from_utf8(server.stdout)?.trim(), cluster.uid().to_string());
    let untried = "whether a stranger gets in";
    if !is_root(home.path())? {
        println!("skipped, since only root can be a stranger: {untried}");
    } else if has("setpriv", untried) && has("psql", untried) {
        let stranger = "cd / && exec setpriv --reuid=65534 --regid=65534 --clear-groups psql \"$1\" -c 'SELECT 1'";
        let tried = Command::new("sh").args(["-c", stranger, "sh", &db.admin_url()]).output()?;
        let said = String::from_utf8_lossy(&tried.stderr).into_owned();
        assert!(
            !tried.status.success() && said.contains("Permission denied"),
            "a stranger got in or failed otherwise: {said}"
        );
    }
    db.stop().await?;
    Ok(())
}

#[tokio::test]
async fn no_tcp_port_is_opened() -> Outcome {
    // Sockets of this process's descriptors that the kernel lists as TCP.
    if !Path::new("/proc/net/tcp").exists() {
        println!("skipped, for want of /proc: whether the server listens on TCP");
        return Ok(());
    }
    let home = Home::new()?;
    let db = home.open().await?;
    let tcp =
        ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| std::fs::read_to_string(table).unwrap_or_default()).concat();
    let descriptors = std::fs::read_dir(format!("/proc/{}/fd", db.pid()))?;
    let links: Vec<String> = descriptors
        .flatten()
        .filter_map(|entry| Some(entry.path().read_link().ok()?.to_string_lossy().into_owned()))
        .collect();
    let sockets = links.iter().filter_map(|link| link.strip_prefix("socket:[")?.strip_suffix(']'));
    let open: Vec<&str> = sockets.filter(|inode| tcp.contains(&format!(" {inode} "))).collect();
    assert!(links.iter().any(|link| link.starts_with("socket:")), "the unix socket is seen, so a TCP one would be");
    assert!(open.is_empty(), "TCP sockets {open:?}");
    db.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_folder_that_the_account_cannot_reach_falls_back_and_says_so() -> Outcome {
    let home = Home::with_mode(0o700)?;
    if !is_root(home.path())? {
        println!("skipped, since only root has another account to fall back to: a folder of its own for that account");
        return Ok(());
    }
    let was_there = Path::new(Fallen::ABOVE).exists();
    let said = std::sync::Mutex::new(String::new());
    let note = |line: &str| said.lock().map(|mut said| said.push_str(line)).unwrap_or_default();
    let db = PrivateDb::open(home.path(), quick(), note).await?;
    assert!(db.cluster_dir().starts_with(Fallen::ABOVE), "{}", db.cluster_dir().display());
    let _fallen = Fallen { folder: db.cluster_dir().parent().ok_or("no parent")?.to_owned(), was_there };
    assert!(
        said.lock()
            .is_ok_and(|said| said.contains(&*db.cluster_dir().parent().unwrap_or(Path::new("?")).to_string_lossy()))
    );
    db.stop().await?;
    // The data stays where it is even when the folder becomes passable later.
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o711))?;
    let again = home.open().await?;
    assert_eq!((again.origin(), again.cluster_dir()), (Origin::Started, db.cluster_dir()));
    again.stop().await?;
    Ok(())
}

#[tokio::test]
async fn folders_and_programs_that_will_not_do_are_named() -> Outcome {
    let home = Home::new()?;
    let empty = PrivateDbOptions { bin_dir: Some(home.path().to_owned()), ..quick() };
    let refused = PrivateDb::open(home.path(), empty, |_| {}).await.map(|_| ()).map_err(|error| error.to_string());
    assert!(refused.as_ref().is_err_and(|said| said.contains("PG_BIN_DIR")), "{refused:?}");

    let cluster = home.path().join("postgres/data");
    std::fs::create_dir_all(&cluster)?;
    std::fs::write(cluster.join("letters"), "somebody's")?;
    let refused = home.open().await.map(|_| ()).map_err(|error| error.to_string());
    assert!(refused.as_ref().is_err_and(|said| said.contains("PG_VERSION")), "{refused:?}");
    assert!(cluster.join("letters").exists(), "what is not ours stays");

    std::fs::write(cluster.join("PG_VERSION"), "99\n")?;
    let refused = home.open().await.map(|_| ()).map_err(|error| error.to_string());
    assert!(refused.as_ref().is_err_and(|said| said.contains("Install PostgreSQL 99")), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_will_not_start_shows_its_log() -> Outcome {
    let home = Home::new()?;
    let db = home.open().await?;
    db.stop().await?;
    let settings = db.cluster_dir().join("postgresql.conf");
    let text = std::fs::read_to_string(&settings)?;
    std::fs::write(&settings, text + "\nno_such_setting = 1\n")?;
    let refused = home.open().await.map(|_| ()).map_err(|error| error.to_string());
    assert!(refused.as_ref().is_err_and(|said| said.contains("no_such_setting")), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn the_psql_line_works_and_ctrl_c_is_not_the_servers_end() -> Outcome {
    let home = Home::new()?;
    let db = home.open().await?;
    let line = db.psql_line();
    if has("psql", &line) {
        let shown =
            Command::new("sh").args(["-c", &format!("{line} -Atc 'SELECT 40 + 2'")]).stdin(Stdio::null()).output()?;
        assert_eq!(String::from_utf8(shown.stdout)?.trim(), "42", "{line}: {}", String::from_utf8_lossy(&shown.stderr));
    }
    let group = Command::new("ps").args(["-o", "pgid=", "-p", &db.pid().to_string()]).output()?;
    assert_eq!(
        String::from_utf8(group.stdout)?.trim(),
        db.pid().to_string(),
        "its own process group: Ctrl-C is not its end"
    );
    db.stop().await?;
    Ok(())
}
