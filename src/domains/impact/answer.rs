//! What a caller says about the bookings that a change breaks, and the two answers: done, or the report.

use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;

use super::dto::Impact;
use crate::domains::identity::Person;
use crate::domains::identity::permission::CustomerRead;
use crate::error::{ApiError, Code, FieldError};
use crate::guard::Reply;

/// `force` and `dry_run` of a change of hours. Both stand in the document of every operation that answers with
/// [`Weighed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Intent {
    /// Go ahead although bookings break.
    pub force: bool,
    /// Change nothing, and tell which would.
    pub dry_run: bool,
}

/// An intent with what its caller may be told.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub intent: Intent,
    /// Whether the names of customers are told.
    pub names: bool,
}

impl Intent {
    /// The intent of a member.
    pub fn by(self, person: &Person) -> Ask {
        Ask { intent: self, names: person.may::<CustomerRead>() }
    }

    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        let mut faults = Vec::new();
        let mut read = |name: &str| {
            let mut given = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
            let (first, second) = (given.next(), given.next());
            if second.is_some() {
                faults.push(FieldError::new(format!("query/{name}"), "duplicate", "Give it once."));
            } else if first.is_some_and(|value| !matches!(value, "true" | "false")) {
                faults.push(FieldError::new(format!("query/{name}"), "type", "Use true or false."));
            }
            first == Some("true")
        };
        let intent = Self { force: read("force"), dry_run: read("dry_run") };
        if faults.is_empty() { Ok(intent) } else { Err(ApiError::validation(faults)) }
    }
}

impl<'a> FromRequest<'a> for Intent {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let pairs: Vec<(String, String)> = request
            .params()
            .map_err(|err| ApiError::new(Code::BadRequest, "The query cannot be read.").caused_by(err))?;
        Ok(Self::from_pairs(&pairs)?)
    }
}

/// A change that was made, or with `dry_run` the report of what it would break.
#[derive(Debug)]
pub enum Weighed<T> {
    Done(T),
    Told(Impact),
}

impl<T> Weighed<T> {
    /// What was done, turned into its answer.
    pub fn map<U>(self, wire: impl FnOnce(T) -> U) -> Weighed<U> {
        match self {
            Self::Done(done) => Weighed::Done(wire(done)),
            Self::Told(impact) => Weighed::Told(impact),
        }
    }
}

impl<T: IntoResponse> IntoResponse for Weighed<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Done(done) => done.into_response(),
            Self::Told(impact) => Reply::new(impact).into_response(),
        }
    }
}

impl<T: ApiResponse> ApiResponse for Weighed<T> {
    /// The answers of the change; the report is a 200, beside what else comes with that status.
    fn meta() -> MetaResponses {
        let mut meta = T::meta();
        let report = Impact::schema_ref();
        match meta.responses.iter_mut().find(|response| response.status == Some(200)) {
            Some(response) => {
                for media in &mut response.content {
                    let own = std::mem::replace(&mut media.schema, report.clone());
                    let either = MetaSchema { any_of: vec![own, report.clone()], ..MetaSchema::ANY };
                    media.schema = MetaSchemaRef::Inline(Box::new(either));
                }
            }
            None => meta.responses.push(MetaResponse {
                description: "With `dry_run`: what would break",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: "application/json", schema: report }],
                headers: Vec::new(),
            }),
        }
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        Impact::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Intent, Vec<String>> {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Intent::from_pairs(&pairs).map_err(|error| error.errors().iter().map(|e| e.pointer.clone()).collect())
    }

    #[test]
    fn what_is_not_said_is_not_meant() {
        assert_eq!(read(&[]), Ok(Intent::default()));
        assert_eq!(read(&[("force", "true"), ("other", "1")]), Ok(Intent { force: true, dry_run: false }));
        assert_eq!(read(&[("force", "yes"), ("dry_run", "")]), Err(vec!["query/force".into(), "query/dry_run".into()]));
        assert_eq!(read(&[("force", "true"), ("force", "false")]), Err(vec!["query/force".into()]));
    }
}
