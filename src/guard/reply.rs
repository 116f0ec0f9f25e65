//! What a handler answers with: one type a status, so that the document knows it from the signature.
use poem::{
    Body as HttpBody, IntoResponse, Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
    types::ToJSON,
};

use super::ETag;

pub(super) const CONTENT_TYPE: &str = "application/json";

/// 200 with a body.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    pub value: T,
    pub etag: Option<ETag>,
}

/// 201 with the address of what was made.
#[derive(Debug, Clone)]
pub struct Created<T> {
    pub value: T,
    pub location: String,
    pub etag: Option<ETag>,
}

/// 202: it was noted and will be done.
#[derive(Debug, Clone)]
pub struct Accepted<T> {
    pub value: T,
}

/// 204.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoContent;

impl<T> Reply<T> {
    pub fn new(value: T) -> Self {
        Self { value, etag: None }
    }

    #[must_use]
    pub fn tagged(self, etag: ETag) -> Self {
        Self { etag: Some(etag), ..self }
    }
}

impl<T> Created<T> {
    /// `location` is a path on this host; what is not visible ASCII must be percent-encoded already.
    pub fn at(location: impl Into<String>, value: T) -> Self {
        Self { value, location: location.into(), etag: None }
    }

    #[must_use]
    pub fn tagged(self, etag: ETag) -> Self {
        Self { etag: Some(etag), ..self }
    }
}

impl<T> Accepted<T> {
    pub fn new(value: T) -> Self {
        Self { value }
    }
}

impl<T> From<T> for Reply<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

fn json<T: ToJSON>(status: StatusCode, value: &T, etag: Option<&ETag>) -> Response {
    let body = value.to_json().unwrap_or_default().to_string();
    let mut builder = Response::builder().status(status).content_type(CONTENT_TYPE);
    if let Some(etag) = etag {
        builder = builder.header(header::ETAG, etag.as_str());
    }
    builder.body(HttpBody::from_string(body))
}

impl<T: ToJSON + Send> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.value, self.etag.as_ref())
    }
}

impl<T: ToJSON + Send> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = json(StatusCode::CREATED, &self.value, self.etag.as_ref());
        if let Ok(location) = header::HeaderValue::from_str(&self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}

impl<T: ToJSON + Send> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        json(StatusCode::ACCEPTED, &self.value, None)
    }
}

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        Response::builder().status(StatusCode::NO_CONTENT).finish()
    }
}

fn text_header(name: &str, description: &str, required: bool, schema: MetaSchema) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(schema)),
    }
}

/// The `ETag` of an answer, as the document has it.
pub fn etag_header() -> MetaHeader {
    let schema = MetaSchema { max_length: Some(128), ..MetaSchema::new("string") };
    text_header("ETag", "Names this version; send it in `If-Match` with a change.", false, schema)
}

fn location_header() -> MetaHeader {
    let schema = MetaSchema { max_length: Some(2048), ..MetaSchema::new_with_format("string", "uri-reference") };
    text_header("Location", "The address of what was made.", true, schema)
}

fn answer(
    status: u16,
    description: &'static str,
    schema: Option<MetaSchemaRef>,
    headers: Vec<MetaHeader>,
) -> MetaResponses {
    let content = schema.map(|schema| MetaMediaType { content_type: CONTENT_TYPE, schema }).into_iter().collect();
    let response = MetaResponse { description, status: Some(status), status_range: None, content, headers };
    MetaResponses { responses: vec![response] }
}

impl<T: ToJSON + Send> ApiResponse for Reply<T> {
    fn meta() -> MetaResponses {
        answer(200, "As asked for", Some(T::schema_ref()), vec![etag_header()])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON + Send> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        let headers = vec![etag_header(), location_header()];
        answer(201, "Made", Some(T::schema_ref()), headers)
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON + Send> ApiResponse for Accepted<T> {
    fn meta() -> MetaResponses {
        answer(202, "Noted; it will be done", Some(T::schema_ref()), Vec::new())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl ApiResponse for NoContent {
    fn meta() -> MetaResponses {
        answer(204, "Done; there is nothing to say", None, Vec::new())
    }

    fn register(_registry: &mut Registry) {}
}
