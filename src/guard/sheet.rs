//! 200 with a table as comma-separated values (RFC 4180), for people who go on in a spreadsheet.

use csv::Writer;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body as HttpBody, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};

use crate::error::ApiError;

/// A table with its name.
#[derive(Debug, Clone)]
pub struct Sheet {
    file: String,
    bytes: Vec<u8>,
    cut: bool,
}

impl Sheet {
    /// Writes the lines below the heads. `cut` says that there are more lines than the sheet has.
    ///
    /// # Errors
    /// 500 when a line has another number of cells than the heads.
    pub fn write<const N: usize>(
        file: impl Into<String>,
        heads: [&str; N],
        lines: impl IntoIterator<Item = [String; N]>,
        cut: bool,
    ) -> Result<Self, ApiError> {
        let mut writer = Writer::from_writer(Vec::new());
        writer.write_record(heads).map_err(ApiError::internal)?;
        for line in lines {
            writer.write_record(line.map(inert)).map_err(ApiError::internal)?;
        }
        let bytes = writer.into_inner().map_err(|error| ApiError::internal(error.to_string()))?;
        Ok(Self { file: file.into(), bytes, cut })
    }
}

/// A spreadsheet takes a cell that begins like a formula for one, whoever wrote it: a customer's name could send the
/// whole table elsewhere. An apostrophe before it makes it text. A whole number is none, whatever its sign.
fn inert(cell: String) -> String {
    if cell.parse::<i64>().is_ok() && !cell.starts_with('+') {
        return cell;
    }
    let first = cell.trim_start_matches(' ').chars().next();
    if matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n')) { format!("'{cell}") } else { cell }
}

impl IntoResponse for Sheet {
    fn into_response(self) -> Response {
        let mut response = Response::builder()
            .status(StatusCode::OK)
            .content_type("text/csv; charset=utf-8")
            .header(header::CACHE_CONTROL, "private, no-store")
            .header("x-truncated", if self.cut { "true" } else { "false" })
            .body(HttpBody::from_vec(self.bytes));
        if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", self.file)) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
        }
        response
    }
}

fn described(name: &str, description: &str, schema: MetaSchema) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: true,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(schema)),
    }
}

impl ApiResponse for Sheet {
    fn meta() -> MetaResponses {
        let name = MetaSchema { max_length: Some(200), ..MetaSchema::new("string") };
        let cut = MetaSchema { enum_items: vec!["true".into(), "false".into()], ..MetaSchema::new("string") };
        let content = vec![MetaMediaType {
            content_type: "text/csv",
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
        }];
        let headers = vec![
            described("Content-Disposition", "A name for the file.", name),
            described("X-Truncated", "`true` when there are more lines than these: narrow the filters.", cut),
        ];
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The table, its heads in the first line",
                status: Some(200),
                status_range: None,
                content,
                headers,
            }],
        }
    }

    fn register(_registry: &mut Registry) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1 212", "+2", "-2+3", "-2.5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1"] {
            assert_eq!(inert(cell.to_owned()), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "-4500", "12", "Ana", "1=1", "a+b", "'=1"] {
            assert_eq!(inert(cell.to_owned()), cell);
        }
    }

    #[test]
    fn cells_keep_their_commas_quotes_and_lines() {
        let sheet = Sheet::write("a.csv", ["a", "b"], [["x,\"y\"".to_owned(), "1\n2".to_owned()]], false).unwrap();
        assert_eq!(String::from_utf8(sheet.bytes).unwrap(), "a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n");
    }
}
