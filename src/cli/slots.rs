//! `tithi slots`: replays scheduling questions, a case a line in, an answer a line out.
//!
//! What must stay true: it runs the same engine as the server, so that a support engineer can put a
//! tenant's question to it; a line that cannot be read is answered as such and does not end the run; a
//! policy that the engine refuses is named, never guessed at.

mod case;
mod figures;
mod members;
mod resources;
mod search;
mod text;

use std::{
    fmt,
    io::{BufRead, Read, Result, Write},
};

use serde::Serialize;
use serde_json::{Map, Value};

/// A longer line is answered with an error and skipped.
const MAX_LINE: u64 = 1 << 20;

/// Reads cases until the input ends.
pub fn run(mut input: impl BufRead, mut output: impl Write) -> Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let answer = if line.len() as u64 > MAX_LINE && line.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
            Answer::refused(None, Refusal::Malformed(format!("the line is longer than {MAX_LINE} bytes")))
        } else if line.trim_ascii().is_empty() {
            continue;
        } else {
            answer(&line)
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
}

/// Why a case has no answer.
#[derive(Debug)]
enum Refusal {
    /// It asks for something that the engine does not do, on purpose.
    Unsupported(String),
    /// It cannot be read.
    Malformed(String),
}

impl Refusal {
    fn malformed(cause: impl fmt::Display) -> Self {
        Self::Malformed(cause.to_string())
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(cause: serde_json::Error) -> Self {
        Self::malformed(cause)
    }
}

type Answered<T = Map<String, Value>> = std::result::Result<T, Refusal>;

#[derive(Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(flatten)]
    members: Map<String, Value>,
}

impl Answer {
    fn refused(id: Option<Value>, refusal: Refusal) -> Self {
        let (name, why) = match refusal {
            Refusal::Unsupported(why) => ("unsupported", why),
            Refusal::Malformed(why) => ("error", why),
        };
        Self { id, members: member(name, why) }
    }
}

fn member(name: &str, value: impl Into<Value>) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value.into())])
}

/// A member that is null is a member that is not there.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn answer(line: &[u8]) -> Answer {
    let case = match serde_json::from_slice(line) {
        Ok(Value::Object(case)) => case,
        Ok(_) => return Answer::refused(None, Refusal::malformed("a case is an object")),
        Err(cause) => return Answer::refused(None, cause.into()),
    };
    let id = case.get("id").filter(|id| !id.is_null()).cloned();
    let input = case.get("input").cloned().map(without_nulls).unwrap_or_default();
    let kind = case.get("kind").map_or(Some("slots"), Value::as_str);
    let answered = match kind {
        None => Err(Refusal::malformed("kind is a string")),
        Some("slots") => search::slots(input),
        Some("booking_allowed") => search::booking_allowed(input),
        Some("interval_algebra") => figures::interval_algebra(input),
        Some("quota") => figures::quota(input),
        Some("recurrence") => figures::recurrence(input),
        Some("capacity") => figures::capacity(input),
        Some("rolling_window_end") => figures::rolling_window_end(input),
        Some("limit_config") => figures::limit_config(input),
        Some("assignment") => figures::assignment(input),
        Some("sequence") => Err(Refusal::Unsupported("kind sequence: it takes a database".to_owned())),
        Some(other) => Err(Refusal::Unsupported(format!("kind {other:.40}"))),
    };
    match answered {
        Ok(members) => Answer { id, members },
        Err(refusal) => Answer::refused(id, refusal),
    }
}
