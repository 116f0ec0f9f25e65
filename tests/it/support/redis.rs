//! The Redis that the tests run on: one private server for a test run, on loopback, behind a password, writing nothing.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::shared::Shared;

const START: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(2);
/// Lets go of what the caller's shell had open, since the server outlives the test process.
const BECOME: &str = r#"exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$@""#;

/// The run's server: process id, port and password, as kept in the shared folder.
struct Server {
    pid: u32,
    port: u16,
    password: String,
}

/// `redis://:password@127.0.0.1:port`. Starts the server when nobody has. Keys are shared: a test has its own prefix.
///
/// # Panics
/// When redis-server is not installed or does not start, with a sentence that says what to do.
pub fn url() -> String {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| start().unwrap_or_else(|why| panic!("{why}"))).clone()
}

fn start() -> Result<String, String> {
    let said = |error: std::io::Error| format!("the tests' Redis: {error}");
    let shared = Shared::join("redis").map_err(said)?;
    let server = match Server::read(shared.folder()).filter(Server::answers) {
        Some(running) => running,
        None => Server::launch(shared.folder())?,
    };
    shared.guard(server.pid, "TERM").map_err(said)?;
    Ok(format!("redis://:{}@127.0.0.1:{}", server.password, server.port))
}

impl Server {
    fn read(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join("address")).ok()?;
        let mut words = text.split_whitespace();
        Some(Self {
            pid: words.next()?.parse().ok()?,
            port: words.next()?.parse().ok()?,
            password: words.next()?.to_owned(),
        })
    }

    fn launch(folder: &Path) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("the tests' Redis: {error}");
        let program = ["redis-server", "valkey-server"].into_iter().find(|name| runs(name)).ok_or(
            "the tests need redis-server: run `scripts/test`, which installs it, or install it yourself \
             (`apt-get install redis-server`, `brew install redis`, `dnf install redis`)",
        )?;
        let deadline = Instant::now() + START;
        let password = format!("{:032x}", rand::random::<u128>());
        // The port that was free may be taken before the server has it: then with another.
        while Instant::now() < deadline {
            let port = free_port().map_err(said)?;
            let mut child = spawn(program, folder, port, &password).map_err(said)?;
            let server = Self { pid: child.id(), port, password: password.clone() };
            while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
                if server.answers() {
                    let address = format!("{} {port} {password}\n", server.pid);
                    private_file(&folder.join("address"), &address).map_err(said)?;
                    return Ok(server);
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            // Ours, not yet reaped: its id cannot be anybody else's.
            let _ = child.kill().and_then(|()| child.wait());
        }
        let log = std::fs::read_to_string(folder.join("redis.log")).unwrap_or_default();
        Err(format!("the tests' Redis does not start:\n{log}"))
    }

    fn answers(&self) -> bool {
        let ask = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect_timeout(&([127, 0, 0, 1], self.port).into(), ANSWER)?;
            stream.set_read_timeout(Some(ANSWER))?;
            write!(stream, "AUTH {}\r\nPING\r\n", self.password)?;
            let mut lines = BufReader::new(stream).lines();
            let (auth, ping) = (lines.next().transpose()?, lines.next().transpose()?);
            Ok(auth.as_deref() == Some("+OK") && ping.as_deref() == Some("+PONG"))
        };
        ask().unwrap_or(false)
    }
}

fn runs(program: &str) -> bool {
    let asked = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The password goes through a file that only we can read: a command line is everybody's to see.
fn spawn(program: &str, folder: &Path, port: u16, password: &str) -> std::io::Result<Child> {
    let settings = format!(
        "bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave \"\"\nappendonly no\ndaemonize no\nmaxmemory 256mb\n"
    );
    let file = folder.join("redis.conf");
    private_file(&file, &settings)?;
    let log = std::fs::File::create(folder.join("redis.log"))?;
    let mut server = Command::new("/bin/sh");
    server.args(["-c", BECOME, "sh", program]).arg(&file).current_dir(folder).process_group(0);
    server.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()
}

fn private_file(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::File::options().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[test]
fn the_server_answers_and_asks_for_its_password() {
    let url = url();
    let address = url.rsplit('@').next().unwrap_or_default();
    let mut stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{address}: {error}"));
    let written = stream.write_all(b"PING\r\n");
    let mut line = String::new();
    let read = BufReader::new(&stream).read_line(&mut line);
    assert!(written.is_ok() && read.is_ok() && line.starts_with("-NOAUTH"), "{line}");
}
