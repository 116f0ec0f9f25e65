//! The journal: a line a request, each a JSON array of records. It is written anew when it is opened, so that it does
//! not grow for ever. A process that is killed loses nothing that it has written; a machine that fails may.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

pub(super) struct Line {
    pub seq: u64,
    pub account: String,
    pub id: String,
    pub value: Value,
}

pub(super) struct Journal {
    path: PathBuf,
    file: Option<File>,
    _lock: File,
}

impl Journal {
    /// Takes the journal for this process.
    ///
    /// # Errors
    /// When it cannot be written, or another process has it.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let lock = File::options().create(true).truncate(false).write(true).open(path.with_extension("lock"))?;
        lock.try_lock().map_err(|error| match error {
            std::fs::TryLockError::Error(error) => error,
            std::fs::TryLockError::WouldBlock => Error::new(ErrorKind::ResourceBusy, "another process has the journal"),
        })?;
        Ok(Self { path: path.to_owned(), file: None, _lock: lock })
    }

    /// What stands in it; it ends where a line is not whole.
    pub(super) fn read(&mut self) -> std::io::Result<Vec<Line>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut lines = Vec::new();
        for text in BufReader::new(file).lines() {
            let Ok(records) = serde_json::from_str::<Vec<(u64, String, String, Value)>>(&text?) else { break };
            lines.extend(records.into_iter().map(|(seq, account, id, value)| Line { seq, account, id, value }));
        }
        Ok(lines)
    }

    /// Begins anew with these records.
    pub(super) fn begin(&mut self, all: impl Iterator<Item = Line>) -> std::io::Result<()> {
        let draft = self.path.with_extension("new");
        let mut out = BufWriter::new(File::create(&draft)?);
        for line in all {
            writeln!(out, "{}", serde_json::to_string(&[parts(&line)])?)?;
        }
        out.flush()?;
        std::fs::rename(&draft, &self.path)?;
        self.file = Some(File::options().append(true).open(&self.path)?);
        Ok(())
    }

    /// Adds what belongs together, in one write.
    pub(super) fn write(&mut self, lines: impl Iterator<Item = Line>) -> std::io::Result<()> {
        let lines: Vec<Line> = lines.collect();
        let Some(file) = self.file.as_mut().filter(|_| !lines.is_empty()) else { return Ok(()) };
        let mut text = serde_json::to_vec(&lines.iter().map(parts).collect::<Vec<_>>())?;
        text.push(b'\n');
        file.write_all(&text)
    }
}

fn parts(line: &Line) -> (u64, &str, &str, &Value) {
    (line.seq, &line.account, &line.id, &line.value)
}
