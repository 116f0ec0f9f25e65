//! Calls an operation, and holds every answer to the document and to the shape of problems.
use reqwest::Method;
use serde_json::Value;
use sqlx::Row;
use tithi::error::{Code, problem};

use super::document::Operation;
use super::world::World;
use crate::support::app::Service;
use crate::support::client::{Answer, Client};

/// Statuses that come from around an operation; the document says "any other problem" for them.
const AROUND: &[u16] = &[405, 406, 408, 413, 415, 503];

/// Words of the machinery that no answer may hold.
const INSIDE: &[&str] = &[
    "violates",
    "constraint",
    "relation \"",
    "column \"",
    "sqlx",
    "sea_orm",
    "seaorm",
    "postgres",
    "select ",
    "insert into",
    "delete from",
    "update app",
    "returning ",
    "syntax error",
    "panicked",
    ".rs:",
    "tithi_app",
    "tithi_platform",
    "app.",
    "sqlstate",
    "row-level",
    "pg_",
    "src/",
    "deserialize",
];

/// Holds answers to what is promised of them.
pub struct Judge {
    /// Names of the schema that are no words of the language: `booking_no_overlap`, `class_sessions`.
    names: Vec<String>,
}

/// A request to be sent: the operation's own, unless a test changes something.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub kind: &'static str,
    pub body: Option<Vec<u8>>,
    pub key: Option<String>,
}

impl Call {
    /// The operation as a caller who means it sends it to this world.
    pub fn of(operation: &Operation, world: &World) -> Self {
        Self {
            method: operation.method.clone(),
            path: world.path(operation),
            kind: "application/json",
            body: world.body(operation).map(|body| body.to_string().into_bytes()),
            key: operation.requires_key().then(|| format!("{:032x}", rand::random::<u128>())),
        }
    }

    /// The same with another body, where it has one.
    #[must_use]
    pub fn saying(self, body: &[u8]) -> Self {
        Self { body: self.body.map(|_| body.to_vec()), ..self }
    }

    pub async fn send(&self, client: &Client) -> Answer {
        let client = match &self.key {
            Some(key) => client.key(key),
            None => client.clone(),
        };
        client.raw(self.method.clone(), &self.path, self.kind, self.body.clone()).await
    }
}

impl Judge {
    pub async fn new(service: &Service) -> Self {
        let sql = "SELECT conname::text AS name FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'app'
                   UNION SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app'";
        let rows = sqlx::query(sql).fetch_all(&mut service.platform().await).await.unwrap();
        let names: Vec<String> = rows.into_iter().map(|row| row.get("name")).collect();
        let names: Vec<String> = names.into_iter().filter(|name| name.contains('_')).collect();
        assert!(names.iter().any(|name| name == "booking_no_overlap"), "the schema was not read");
        Self { names }
    }

    /// What is wrong with an answer: undocumented, misshapen, or telling.
    pub fn faults(&self, operation: &Operation, answer: &Answer) -> Vec<String> {
        let mut faults = Vec::new();
        let status = answer.status.as_u16();
        let kind = answer.header("content-type").split(';').next().unwrap_or_default().trim().to_owned();
        let documented = &operation.value["responses"][status.to_string()];
        if documented.is_null() && !AROUND.contains(&status) {
            faults.push(format!("{status} is not documented"));
        }
        if let Some(content) = documented["content"].as_object()
            && !content.contains_key(&kind)
        {
            faults.push(format!("{status} came as `{kind}`, which is not documented"));
        }
        if documented.is_object() && documented.get("content").is_none() && !answer.body.is_empty() {
            faults.push(format!("{status} has a body, which is not documented"));
        }
        if status >= 500 && !documented["content"][&kind].is_object() {
            faults.push(format!("our fault: {}", String::from_utf8_lossy(&answer.body)));
        }
        if status >= 400 && kind == problem::CONTENT_TYPE {
            self.problem(answer, &mut faults);
        } else if status >= 400 && documented.is_null() {
            faults.push(format!("{status} is no problem document but `{kind}`"));
        }
        faults
    }

    fn problem(&self, answer: &Answer, faults: &mut Vec<String>) {
        let problem = answer.json();
        let status = answer.status.as_u16();
        for member in ["type", "title", "detail", "instance", "request_id", "code"] {
            if problem[member].as_str().is_none_or(str::is_empty) {
                faults.push(format!("the problem lacks {member}: {problem}"));
            }
        }
        if problem["status"] != status || !problem["details"].is_object() {
            faults.push(format!("the problem does not repeat its status or lacks details: {problem}"));
        }
        match Code::ALL.iter().find(|code| problem["code"] == code.name()) {
            Some(code) if code.status().as_u16() != status => {
                faults.push(format!("{} is sent with {status}", code.name()))
            }
            Some(_) => {}
            None => faults.push(format!("nobody knows the code {}", problem["code"])),
        }
        // a replay is the bytes of the first answer
        let replayed = answer.header("idempotent-replayed") == "true";
        if !replayed && answer.header("x-request-id") != problem["request_id"] {
            faults.push("the problem names another request".to_owned());
        }
        faults.extend(self.leak(&problem).map(|word| format!("the problem tells of {word}: {problem}")));
    }

    /// A word of the machinery in a problem. Its address and its code are ours to choose.
    fn leak(&self, problem: &Value) -> Option<String> {
        let mut problem = problem.clone();
        for member in ["instance", "type", "code", "request_id"] {
            problem[member] = Value::Null;
        }
        let text = problem.to_string().to_lowercase().replace("\\\"", "\"");
        let word = |word: &str| text.contains(word).then(|| word.to_owned());
        INSIDE.iter().find_map(|inside| word(inside)).or_else(|| self.names.iter().find_map(|name| word(name)))
    }
}

#[tokio::test]
async fn the_judge_sees_what_it_is_there_for() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let operation = super::document::operations(&service).into_iter().find(|o| o.id == "booking_get").unwrap();
    let answer = |status: u16, kind: &str, body: Value| {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        headers.insert("x-request-id", "r".parse().unwrap());
        Answer { status: status.try_into().unwrap(), headers, body: body.to_string().into_bytes() }
    };
    let problem = |detail: &str| {
        serde_json::json!({
            "type": "/docs/errors/booking-not-found", "title": "Booking not found", "status": 404, "detail": detail, "details": {},
            "code": "TITHI_BOOKING_NOT_FOUND", "instance": "/api/v1/bookings/1", "request_id": "r",
        })
    };
    let faults = |answer: Answer| judge.faults(&operation, &answer).join("; ");
    assert_eq!(faults(answer(404, problem::CONTENT_TYPE, problem("It is not there."))), "");
    let cases = [
        (404, "text/html", problem("It is not there."), "not documented"),
        (418, "application/json", problem("It is not there."), "418 is not documented"),
        (403, problem::CONTENT_TYPE, problem("It is not there."), "sent with 403"),
        (404, problem::CONTENT_TYPE, problem("duplicate key in bookings_start_idx"), "tells of"),
        (404, problem::CONTENT_TYPE, problem("no rows in app.bookings"), "tells of"),
        (404, problem::CONTENT_TYPE, serde_json::json!({}), "lacks type"),
    ];
    for (status, kind, body, expected) in cases {
        let found = faults(answer(status, kind, body));
        assert!(found.contains(expected), "{expected}: {found}");
    }
}
