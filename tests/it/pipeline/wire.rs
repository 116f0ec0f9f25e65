//! What goes over the wire to PostgreSQL: a go-between that writes down every statement as it is run.
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// The go-between. It ends with the test's runtime.
pub struct Wire {
    folder: TempDir,
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    /// In front of the server that the options lead to.
    pub fn new(real: &PgConnectOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |folder: PathBuf| folder.join(format!(".s.PGSQL.{}", real.get_port()));
        let listener = UnixListener::bind(file(folder.path().to_owned())).unwrap();
        let server = file(real.get_socket().unwrap().clone());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&server).await.unwrap();
                let sink = Arc::clone(&sink);
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
                tokio::spawn(async move {
                    let (mut heard, mut bytes) = (Heard::default(), vec![0; 65_536]);
                    while let Ok(size @ 1..) = from_client.read(&mut bytes).await {
                        heard.hear(&bytes[..size], &sink);
                        if to_server.write_all(&bytes[..size]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { folder, port: real.get_port(), seen }
    }

    /// The way through it.
    pub fn lead(&self, options: PgConnectOptions) -> PgConnectOptions {
        options.socket(self.folder.path()).port(self.port)
    }

    /// What was run since it was asked last.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

/// One connection's frontend messages (PostgreSQL's protocol, version 3).
#[derive(Default)]
struct Heard {
    begun: bool,
    rest: Vec<u8>,
    statements: HashMap<Vec<u8>, String>,
    portals: HashMap<Vec<u8>, String>,
}

impl Heard {
    fn hear(&mut self, bytes: &[u8], sink: &Mutex<Vec<String>>) {
        self.rest.extend_from_slice(bytes);
        loop {
            // the first message has no type
            let head = usize::from(self.begun);
            let Some(size) = self.rest.get(head..head + 4) else { return };
            let size = head + u32::from_be_bytes(size.try_into().unwrap()) as usize;
            if self.rest.len() < size {
                return;
            }
            let message: Vec<u8> = self.rest.drain(..size).collect();
            if std::mem::replace(&mut self.begun, true) {
                self.message(message[0], &message[5..], sink);
            }
        }
    }

    fn message(&mut self, kind: u8, body: &[u8], sink: &Mutex<Vec<String>>) {
        let mut words = body.split(|byte| *byte == 0).map(<[u8]>::to_vec);
        let mut word = || words.next().unwrap_or_default();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        match kind {
            b'Q' => sink.lock().unwrap().push(text(word())),
            b'P' => {
                let name = word();
                self.statements.insert(name, text(word()));
            }
            b'B' => {
                let portal = word();
                let statement = self.statements.get(&word()).cloned().unwrap_or_default();
                self.portals.insert(portal, statement);
            }
            b'E' => sink.lock().unwrap().push(self.portals.get(&word()).cloned().unwrap_or_default()),
            _ => {}
        }
    }
}
