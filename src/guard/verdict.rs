//! From what the schema's validator found to the field errors that a caller reads.
use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

use super::strict_json::escape;
use crate::error::FieldError;

/// A body that is wrong everywhere is not worth a longer answer.
const MAX_ERRORS: usize = 100;

/// All refused fields of one body, in the order of the schema.
pub fn field_errors<'a>(found: impl Iterator<Item = ValidationError<'a>>) -> Vec<FieldError> {
    let mut verdict = Verdict::default();
    for error in found {
        verdict.explain(&error);
        if verdict.errors.len() >= MAX_ERRORS {
            break;
        }
    }
    verdict.finish()
}

#[derive(Default)]
struct Verdict {
    errors: Vec<FieldError>,
    /// Fields that no part of an `allOf` knows, with the pointer of the object that holds them. When
    /// one part fails, its own fields stand here too, so they count only if nothing else is wrong.
    unclaimed: Vec<(String, FieldError)>,
}

impl Verdict {
    fn refuse(&mut self, pointer: String, code: &str, detail: impl Into<String>) {
        self.errors.push(FieldError::new(pointer, code, detail));
    }

    fn explain(&mut self, error: &ValidationError<'_>) {
        let at = format!("#{}", error.instance_path());
        match error.kind() {
            Kind::Required { property } => {
                let name = escape(property.as_str().unwrap_or_default());
                self.refuse(format!("{at}/{name}"), "required", "The field is required.");
            }
            Kind::AdditionalProperties { unexpected } => {
                self.errors.extend(unexpected.iter().map(|name| unknown(&at, name)));
            }
            Kind::UnevaluatedProperties { unexpected } => {
                let fields = unexpected.iter().map(|name| (at.clone(), unknown(&at, name)));
                self.unclaimed.extend(fields);
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => match best(context, error) {
                Some(branch) => branch.iter().for_each(|inner| self.explain(inner)),
                None => self.refuse(at, "type", "The value fits none of the allowed forms."),
            },
            kind => {
                let (code, detail) = reason(kind);
                self.refuse(at, code, detail);
            }
        }
    }

    fn finish(self) -> Vec<FieldError> {
        let Self { mut errors, unclaimed } = self;
        for (holder, field) in unclaimed {
            let inside = format!("{holder}/");
            let explained = |error: &FieldError| {
                error.code != "unknown_field" && (error.pointer == holder || error.pointer.starts_with(&inside))
            };
            if !errors.iter().any(explained) {
                errors.push(field);
            }
        }
        errors.truncate(MAX_ERRORS);
        errors
    }
}

fn unknown(holder: &str, name: &str) -> FieldError {
    let pointer = format!("{holder}/{}", escape(name));
    FieldError::new(pointer, "unknown_field", "The field does not exist.")
}

/// The branch that the caller most likely meant: of the right type, then with the fewest faults.
fn best<'a>(
    context: &'a [Vec<ValidationError<'static>>],
    parent: &ValidationError<'_>,
) -> Option<&'a Vec<ValidationError<'static>>> {
    let wrong_type = |error: &ValidationError<'static>| {
        matches!(error.kind(), Kind::Type { .. }) && error.instance_path().as_str() == parent.instance_path().as_str()
    };
    let wrong_choice =
        |error: &ValidationError<'static>| matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. });
    context
        .iter()
        .filter(|branch| !branch.is_empty() && !branch.iter().any(wrong_type))
        .min_by_key(|branch| (branch.iter().any(wrong_choice), branch.len()))
}

fn reason(kind: &Kind) -> (&'static str, String) {
    match kind {
        Kind::Type { kind } => ("type", format!("The value must be {}.", type_name(kind))),
        Kind::MinLength { limit } => ("too_short", format!("Use at least {limit} characters.")),
        Kind::MaxLength { limit } => ("too_long", format!("Use at most {limit} characters.")),
        Kind::MinItems { limit } => ("too_few", format!("Give at least {limit} entries.")),
        Kind::MaxItems { limit } => ("too_many", format!("Give at most {limit} entries.")),
        Kind::MinProperties { limit } => ("too_few", format!("Give at least {limit} fields.")),
        Kind::MaxProperties { limit } => ("too_many", format!("Give at most {limit} fields.")),
        Kind::UniqueItems => ("duplicate", "Each entry may stand only once.".into()),
        Kind::Minimum { limit } => ("minimum", format!("The value must be at least {limit}.")),
        Kind::Maximum { limit } => ("maximum", format!("The value must be at most {limit}.")),
        Kind::ExclusiveMinimum { limit } => ("minimum", format!("The value must be greater than {limit}.")),
        Kind::ExclusiveMaximum { limit } => ("maximum", format!("The value must be less than {limit}.")),
        Kind::MultipleOf { multiple_of } => ("multiple_of", format!("The value must be a multiple of {multiple_of}.")),
        Kind::Enum { options } => ("enum", format!("Use one of {}.", choices(options))),
        Kind::Constant { expected_value } => ("enum", format!("The value must be {expected_value}.")),
        Kind::Format { format } => ("format", format!("The value is not a valid {format}.")),
        Kind::Pattern { .. } => ("pattern", "The text is blank or has characters that are not allowed.".into()),
        Kind::OneOfMultipleValid { .. } => ("type", "The value fits more than one form.".into()),
        _ => ("invalid", "The value is not valid.".into()),
    }
}

fn choices(options: &Value) -> String {
    match options {
        Value::Array(values) => values.iter().map(Value::to_string).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}

fn type_name(kind: &jsonschema::error::TypeKind) -> String {
    match kind {
        jsonschema::error::TypeKind::Single(one) => article(&one.to_string()),
        jsonschema::error::TypeKind::Multiple(many) => {
            many.iter().map(|one| article(&one.to_string())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "array" | "integer" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}
