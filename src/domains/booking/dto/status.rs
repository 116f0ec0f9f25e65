//! Where a booking is in its life, where it came from, and how it ended.

use ::entity::enums;
use poem_openapi::Enum;

/// Where a booking is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingStatus {
    /// Waits to be confirmed; the time is taken.
    Pending,
    /// Takes place.
    Confirmed,
    /// The customer is there.
    CheckedIn,
    /// Took place.
    Completed,
    /// Does not take place; the time is free again.
    Canceled,
    /// The customer did not come.
    NoShow,
    /// Could not be made.
    Failed,
}

impl From<enums::BookingStatus> for BookingStatus {
    fn from(status: enums::BookingStatus) -> Self {
        match status {
            enums::BookingStatus::Pending => Self::Pending,
            enums::BookingStatus::Confirmed => Self::Confirmed,
            enums::BookingStatus::CheckedIn => Self::CheckedIn,
            enums::BookingStatus::Completed => Self::Completed,
            enums::BookingStatus::Canceled => Self::Canceled,
            enums::BookingStatus::NoShow => Self::NoShow,
            enums::BookingStatus::Failed => Self::Failed,
        }
    }
}

impl From<BookingStatus> for enums::BookingStatus {
    fn from(status: BookingStatus) -> Self {
        match status {
            BookingStatus::Pending => Self::Pending,
            BookingStatus::Confirmed => Self::Confirmed,
            BookingStatus::CheckedIn => Self::CheckedIn,
            BookingStatus::Completed => Self::Completed,
            BookingStatus::Canceled => Self::Canceled,
            BookingStatus::NoShow => Self::NoShow,
            BookingStatus::Failed => Self::Failed,
        }
    }
}

/// Where a booking came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingSource {
    /// A member made it.
    Staff,
    /// The customer made it.
    Public,
    /// It was brought along from elsewhere.
    Import,
}

impl From<enums::BookingSource> for BookingSource {
    fn from(source: enums::BookingSource) -> Self {
        match source {
            enums::BookingSource::Staff => Self::Staff,
            enums::BookingSource::Public => Self::Public,
            enums::BookingSource::Import => Self::Import,
        }
    }
}

/// Who canceled a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingCanceledBy {
    /// The customer did.
    Customer,
    /// A member did.
    Staff,
    /// Nobody did: it was not paid in time, for one.
    System,
}

impl From<enums::CanceledBy> for BookingCanceledBy {
    fn from(by: enums::CanceledBy) -> Self {
        match by {
            enums::CanceledBy::Customer => Self::Customer,
            enums::CanceledBy::Staff => Self::Staff,
            enums::CanceledBy::System => Self::System,
        }
    }
}

/// What became of the fee of a customer who did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BookingNoShowFee {
    /// There is none.
    None,
    /// It is to be taken.
    Due,
    /// It was taken.
    Charged,
    /// The business has let it go.
    Waived,
    /// It could not be taken.
    Failed,
}

impl From<enums::NoShowFeeStatus> for BookingNoShowFee {
    fn from(status: enums::NoShowFeeStatus) -> Self {
        match status {
            enums::NoShowFeeStatus::None => Self::None,
            enums::NoShowFeeStatus::Due => Self::Due,
            enums::NoShowFeeStatus::Charged => Self::Charged,
            enums::NoShowFeeStatus::Waived => Self::Waived,
            enums::NoShowFeeStatus::Failed => Self::Failed,
        }
    }
}
