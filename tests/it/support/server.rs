//! The server as a process of its own, which can be killed and comes back at the same address.
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::ConnectOptions;

use super::app::SECRET;
use super::database::Database;

/// So long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// `tithi serve` over a database of the tests. It ends with the value, however the test ends.
pub struct Server {
    pub address: SocketAddr,
    database: Database,
    more: Vec<(String, String)>,
    log: PathBuf,
    child: Child,
}

impl Server {
    /// Starts it and waits until it answers.
    pub async fn start(database: &Database) -> Self {
        Self::with(database, &[("TITHI_PAYMENTS", "off")]).await
    }

    /// The same with more settings.
    pub async fn with(database: &Database, more: &[(&str, &str)]) -> Self {
        let address = free();
        let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("storm-{}.log", address.port()));
        let _ = std::fs::remove_file(&log);
        let more: Vec<_> = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let child = spawn(address, database, &more, &log);
        let mut server = Self { address, database: database.clone(), more, log, child };
        server.until_ready().await;
        server
    }

    /// Kills it in the midst of what it does, and starts it again.
    pub async fn kill(&mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "the server has ended by itself");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(self.address, &self.database, &self.more, &self.log);
        self.until_ready().await;
    }

    /// What it has logged.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    async fn until_ready(&mut self) {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let asked = http.get(format!("http://{}/health/ready", self.address)).header("host", "localhost").send();
            if asked.await.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the server does not start: {}", self.said());
            assert!(Instant::now() < deadline, "the server does not become ready: {}", self.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let said = self.said();
            let lines: Vec<&str> = said.lines().rev().take(40).collect();
            eprintln!("the server's last lines, the newest first:\n{}", lines.join("\n"));
        }
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Below the ports that outgoing connections use: nobody takes it while the server is down.
fn free() -> SocketAddr {
    (0..200)
        .map(|_| SocketAddr::from(([127, 0, 0, 1], rand::random_range(20_000..32_000))))
        .find(|address| TcpListener::bind(address).is_ok())
        .unwrap()
}

fn spawn(address: SocketAddr, database: &Database, more: &[(String, String)], log: &PathBuf) -> Child {
    let url = |role: &str| database.options(role).to_url_lossy().to_string();
    let log = File::options().create(true).append(true).open(log).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tithi"));
    command.arg("serve").env_clear().stdin(Stdio::null()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.stdout(log.try_clone().unwrap()).stderr(log);
    command.env("TITHI_LISTEN", address.to_string()).env("TITHI_LOG", "warn").env("TITHI_SECRET_KEY", SECRET);
    command.env("DATABASE_URL", url("tithi_app")).env("TITHI_PLATFORM_DATABASE_URL", url("tithi_platform"));
    command.env("TITHI_OWNER_DATABASE_URL", url("tithi_owner"));
    // the tests' own home is not one that the service has made
    command.env("TITHI_PLATFORM_SLUG", "storm-home");
    for limit in ["DEFAULT", "BOOKINGS", "PUBLIC_BOOKINGS", "PAYMENTS", "ANONYMOUS", "REFUSED"] {
        command.env(format!("TITHI_LIMIT_{limit}"), "1000000/1");
    }
    for limit in ["", "_DAY"] {
        command.env(format!("TITHI_HOLDS_PER_VISITOR{limit}"), "10000");
    }
    command.envs(more.iter().map(|(name, value)| (name, value)));
    command.spawn().unwrap()
}
