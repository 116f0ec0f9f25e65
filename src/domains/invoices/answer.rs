//! A document as an answer: as PDF, to be saved, and as a page, to be printed.

use poem::http::{HeaderValue, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};

use super::page;
use super::paper::Paper;
use super::pdf;
use super::service::Whole;
use crate::error::ApiError;

/// 200 with a PDF file.
pub struct PdfFile {
    /// Without its ending; letters, digits and hyphens.
    name: String,
    bytes: Vec<u8>,
}

/// 200 with a page that prints well.
pub struct Printable(String);

impl PdfFile {
    /// Draws the document.
    ///
    /// # Errors
    /// 500 when that fails.
    pub fn of(whole: &Whole) -> Result<Self, ApiError> {
        let bytes = pdf::draw(&Paper::of(whole)).map_err(ApiError::internal)?;
        let name = whole.invoice.reference.clone().unwrap_or_else(|| "draft".into());
        Ok(Self { name, bytes })
    }
}

impl Printable {
    /// Writes the document as a page.
    #[must_use]
    pub fn of(whole: &Whole) -> Self {
        Self(page::page(&Paper::of(whole)).into_string())
    }
}

impl IntoResponse for PdfFile {
    fn into_response(self) -> Response {
        let named = HeaderValue::from_str(&format!("attachment; filename=\"{}.pdf\"", self.name));
        let mut response = Response::builder().content_type("application/pdf").body(Body::from_vec(self.bytes));
        if let Ok(named) = named {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
        }
        response
    }
}

impl IntoResponse for Printable {
    fn into_response(self) -> Response {
        Response::builder().content_type("text/html; charset=utf-8").body(Body::from_string(self.0))
    }
}

fn whole(description: &'static str, content_type: &'static str, schema: MetaSchema) -> MetaResponses {
    let content = vec![MetaMediaType { content_type, schema: MetaSchemaRef::Inline(Box::new(schema)) }];
    MetaResponses {
        responses: vec![MetaResponse {
            description,
            status: Some(200),
            status_range: None,
            content,
            headers: Vec::new(),
        }],
    }
}

impl ApiResponse for PdfFile {
    fn meta() -> MetaResponses {
        whole("The document as a file", "application/pdf", MetaSchema::new_with_format("string", "binary"))
    }

    fn register(_: &mut Registry) {}
}

impl ApiResponse for Printable {
    fn meta() -> MetaResponses {
        let schema = MetaSchema { max_length: Some(4_000_000), ..MetaSchema::new("string") };
        whole("The document as a page", "text/html; charset=utf-8", schema)
    }

    fn register(_: &mut Registry) {}
}
