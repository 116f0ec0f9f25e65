//! From a database error to an answer, by its SQLSTATE and its constraint.
//!
//! The database's own text names tables, columns and values: it goes to the log, never to the caller.
use sea_orm::{DbErr, RuntimeErr, SqlxError};

use super::{ApiError, Code, constraint};

/// Seconds after which a caller may try again what the database could not do now.
const RETRY_AFTER: u32 = 1;

/// What the server said of a failed statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Five characters, such as `23505`.
    pub sqlstate: String,
    pub constraint: Option<String>,
}

/// The server's report inside the error, if the server made one.
pub fn failure(err: &DbErr) -> Option<Failure> {
    sqlx_error(err).and_then(server_report)
}

/// The same statement may succeed in a new transaction: serialization, deadlock, lock not available.
pub fn is_retryable(err: &DbErr) -> bool {
    failure(err).is_some_and(|failure| retryable(&failure.sqlstate))
}

/// Whether an error on its way up comes of such a statement: the whole transaction is tried again.
pub fn is_passing(error: &ApiError) -> bool {
    std::error::Error::source(error).and_then(|source| source.downcast_ref::<DbErr>()).is_some_and(is_retryable)
}

fn retryable(sqlstate: &str) -> bool {
    matches!(sqlstate, "40001" | "40P01" | "55P03")
}

fn sqlx_error(err: &DbErr) -> Option<&SqlxError> {
    match err {
        DbErr::Conn(RuntimeErr::SqlxError(err))
        | DbErr::Exec(RuntimeErr::SqlxError(err))
        | DbErr::Query(RuntimeErr::SqlxError(err)) => Some(err),
        _ => None,
    }
}

fn server_report(err: &SqlxError) -> Option<Failure> {
    let SqlxError::Database(err) = err else { return None };
    Some(Failure { sqlstate: err.code()?.into_owned(), constraint: err.constraint().map(str::to_owned) })
}

/// The server could not be reached, or hung up.
fn is_connection(err: &SqlxError) -> bool {
    matches!(
        err,
        SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed
    )
}

fn answer(failure: &Failure) -> ApiError {
    if let Some(meaning) = failure.constraint.as_deref().and_then(constraint::find) {
        return meaning.error();
    }
    match failure.sqlstate.as_str() {
        "23505" => ApiError::new(Code::Conflict, "It exists already."),
        "23503" => ApiError::new(Code::ReferenceNotFound, "Something it refers to does not exist."),
        "23P01" => ApiError::new(Code::Conflict, "It overlaps something that exists."),
        "23514" => ApiError::new(Code::RuleViolation, "A value is outside of what is allowed."),
        // numbers, dates and text that the column cannot hold and the wire types let through
        "22001" | "22003" | "22008" | "22021" | "22P05" => {
            ApiError::new(Code::BadRequest, "A value is outside of what can be stored.")
        }
        // cancelled by the statement timeout, shutting down, starting up, out of resources
        "57014" | "57P01" | "57P02" | "57P03" => unavailable(),
        code if retryable(code) || code.starts_with("08") || code.starts_with("53") => unavailable(),
        _ => ApiError::of(Code::InternalError),
    }
}

fn unavailable() -> ApiError {
    ApiError::of(Code::ServiceUnavailable).retry_after(RETRY_AFTER)
}

impl From<DbErr> for ApiError {
    fn from(err: DbErr) -> Self {
        let error = match (&err, failure(&err)) {
            (_, Some(failure)) => answer(&failure),
            (DbErr::RecordNotFound(_), _) => ApiError::of(Code::NotFound),
            (DbErr::ConnectionAcquire(_), _) => unavailable(),
            (err, _) if sqlx_error(err).is_some_and(is_connection) => unavailable(),
            _ => ApiError::of(Code::InternalError),
        };
        error.caused_by(err)
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(err: sqlx::Error) -> Self {
        let error = match server_report(&err) {
            Some(failure) => answer(&failure),
            None if is_connection(&err) => unavailable(),
            None => ApiError::of(Code::InternalError),
        };
        error.caused_by(err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(sqlstate: &str, constraint: Option<&str>) -> Code {
        answer(&Failure { sqlstate: sqlstate.to_owned(), constraint: constraint.map(str::to_owned) }).code()
    }

    #[test]
    fn a_mapped_constraint_wins_over_its_sqlstate() {
        assert_eq!(code("23P01", Some("booking_no_overlap")), Code::BookingConflict);
        assert_eq!(code("23505", Some("tenants_slug_unique")), Code::SlugTaken);
        assert_eq!(code("23505", Some("something_else")), Code::Conflict);
    }

    #[test]
    fn what_may_be_tried_again_says_so() {
        for sqlstate in ["40001", "40P01", "55P03", "57014", "53300", "08006"] {
            let error = answer(&Failure { sqlstate: sqlstate.to_owned(), constraint: None });
            assert_eq!(error.code(), Code::ServiceUnavailable, "{sqlstate}");
            assert_eq!(error.retry_after_seconds(), Some(RETRY_AFTER), "{sqlstate}");
        }
    }

    #[test]
    fn a_missing_privilege_is_our_fault() {
        assert_eq!(code("42501", None), Code::InternalError);
        assert_eq!(code("42P01", None), Code::InternalError);
    }

    #[test]
    fn the_text_of_the_database_stays_inside() {
        let error = ApiError::from(DbErr::Custom("relation \"booking\" has no column x".to_owned()));
        assert!(!error.detail().contains("booking"));
        assert!(error.to_string().contains("relation"));
    }
}
