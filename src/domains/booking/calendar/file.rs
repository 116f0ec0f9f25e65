//! A calendar as an answer: its bytes, its media type and a name to save it by.

use poem::http::{HeaderValue, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};

use super::ical::Calendar;
use crate::guard::fresh::conditional;
use crate::guard::reply::etag_header;
use crate::guard::{ETag, IfNoneMatch};

const CONTENT_TYPE: &str = "text/calendar; charset=utf-8";

/// 200 with one appointment, to be saved.
pub struct CalendarFile(Calendar);

/// 200 with a calendar that is subscribed to, or 304 for whoever has it.
pub struct CalendarFeed {
    text: Option<String>,
    etag: ETag,
}

impl CalendarFile {
    pub fn of(calendar: Calendar) -> Self {
        Self(calendar)
    }
}

impl CalendarFeed {
    pub fn of(calendar: &Calendar, given: &IfNoneMatch) -> Self {
        let text = calendar.text();
        let etag = ETag::of(text.as_bytes());
        Self { text: (!given.names(&etag)).then_some(text), etag }
    }
}

fn response(text: String, disposition: &'static str) -> Response {
    let mut response = Response::builder().content_type(CONTENT_TYPE).body(Body::from_string(text));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

impl IntoResponse for CalendarFile {
    fn into_response(self) -> Response {
        response(self.0.text(), "attachment; filename=\"booking.ics\"")
    }
}

impl IntoResponse for CalendarFeed {
    fn into_response(self) -> Response {
        let whole = self.text.map(|text| response(text, "inline; filename=\"calendar.ics\""));
        conditional(whole, &self.etag, "private, no-cache")
    }
}

fn whole() -> MetaResponse {
    let schema =
        MetaSchema { title: Some("iCalendar".to_owned()), max_length: Some(4_000_000), ..MetaSchema::new("string") };
    MetaResponse {
        description: "iCalendar (RFC 5545)",
        status: Some(200),
        status_range: None,
        content: vec![MetaMediaType { content_type: CONTENT_TYPE, schema: MetaSchemaRef::Inline(Box::new(schema)) }],
        headers: Vec::new(),
    }
}

impl ApiResponse for CalendarFile {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![whole()] }
    }

    fn register(_: &mut Registry) {}
}

impl ApiResponse for CalendarFeed {
    fn meta() -> MetaResponses {
        let known = MetaResponse {
            description: "The caller has it already",
            status: Some(304),
            status_range: None,
            content: Vec::new(),
            headers: Vec::new(),
        };
        let whole = MetaResponse { headers: vec![etag_header()], ..whole() };
        MetaResponses { responses: vec![whole, known] }
    }

    fn register(_: &mut Registry) {}
}
