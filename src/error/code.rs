//! Every code that a caller may see, in one table: the name, its status, its title and what to do.
//!
//! A code is a promise: its name, its status and its page under `/docs/errors/` never change.
//! The documentation lists [`Code::ALL`], so a code that is added here is documented at once.
use poem::http::StatusCode;

/// RFC 9457 registers one problem type for quotas; clients know it by this address.
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

macro_rules! codes {
    ($($variant:ident $name:literal $status:ident $title:literal, $advice:literal;)+) => {
        /// What went wrong, as a name that programs may compare.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The name on the wire, such as `TITHI_BOOKING_CONFLICT`.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            /// The one status that this code is sent with.
            pub const fn status(self) -> StatusCode {
                match self { $(Code::$variant => StatusCode::$status),+ }
            }

            /// A short sentence that is the same for each occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),+ }
            }

            /// What the client should do about it.
            pub const fn advice(self) -> &'static str {
                match self { $(Code::$variant => $advice),+ }
            }
        }
    };
}

codes! {
    // the request itself
    BadRequest "TITHI_BAD_REQUEST" BAD_REQUEST "The request is malformed",
        "Correct the request; sending it again unchanged gives the same answer.";
    ValidationError "TITHI_VALIDATION_ERROR" BAD_REQUEST "Some fields are not valid",
        "Show each entry of `errors` beside the field that its pointer names.";
    CursorInvalid "TITHI_CURSOR_INVALID" BAD_REQUEST "The cursor does not belong to this list",
        "Start again without a cursor; a cursor is good only for the filters and the order that it was made with.";
    NotFound "TITHI_NOT_FOUND" NOT_FOUND "Nothing is here",
        "Check the address and the id.";
    MethodNotAllowed "TITHI_METHOD_NOT_ALLOWED" METHOD_NOT_ALLOWED "This address does not take that method",
        "Use one of the methods in the `Allow` header.";
    NotAcceptable "TITHI_NOT_ACCEPTABLE" NOT_ACCEPTABLE "The answer does not exist in that format",
        "Ask for `application/json`.";
    RequestTimeout "TITHI_REQUEST_TIMEOUT" REQUEST_TIMEOUT "The request did not arrive in time",
        "Send it again.";
    PayloadTooLarge "TITHI_PAYLOAD_TOO_LARGE" PAYLOAD_TOO_LARGE "The body is too large",
        "Send less, or split it.";
    UnsupportedMediaType "TITHI_UNSUPPORTED_MEDIA_TYPE" UNSUPPORTED_MEDIA_TYPE "The body is not in a format that is read here",
        "Send JSON with `Content-Type: application/json`.";
    PreconditionFailed "TITHI_PRECONDITION_FAILED" PRECONDITION_FAILED "It was changed by somebody else meanwhile",
        "Read it again, apply the change to what it is now, and send the new ETag in `If-Match`.";
    PreconditionRequired "TITHI_PRECONDITION_REQUIRED" PRECONDITION_REQUIRED "The change needs an If-Match header",
        "Read it first and send its ETag in `If-Match`.";
    Conflict "TITHI_CONFLICT" CONFLICT "It contradicts something that exists",
        "Read the current state and decide again.";
    RuleViolation "TITHI_RULE_VIOLATION" UNPROCESSABLE_ENTITY "A rule of the business does not allow it",
        "Show `detail` to the user; a different choice is needed.";
    ReferenceNotFound "TITHI_REFERENCE_NOT_FOUND" UNPROCESSABLE_ENTITY "The request names something that does not exist",
        "Choose again from the current list.";

    // who is asking
    AuthTokenMissing "TITHI_AUTH_TOKEN_MISSING" UNAUTHORIZED "Please log in to continue",
        "Go to the login.";
    AuthTokenExpired "TITHI_AUTH_TOKEN_EXPIRED" UNAUTHORIZED "Session expired, please log in again",
        "Refresh the token, or go to the login.";
    AuthTokenInvalid "TITHI_AUTH_TOKEN_INVALID" UNAUTHORIZED "The credentials are not valid",
        "Discard the token or key and log in again.";
    CredentialsInvalid "TITHI_CREDENTIALS_INVALID" UNAUTHORIZED "The e-mail address or the password is wrong",
        "Ask the user to try again or to reset the password.";
    AccountLocked "TITHI_ACCOUNT_LOCKED" TOO_MANY_REQUESTS "Too many failed logins",
        "Wait as long as `Retry-After` says, or reset the password.";
    AuthForbidden "TITHI_AUTH_FORBIDDEN" FORBIDDEN "Access denied",
        "Hide the action, or ask an administrator for the permission.";
    CsrfInvalid "TITHI_CSRF_INVALID" FORBIDDEN "The form has expired",
        "Load the page again and send the form anew.";
    OriginNotAllowed "TITHI_ORIGIN_NOT_ALLOWED" FORBIDDEN "This origin may not call the API",
        "Add the origin in the settings of the business.";
    EmailTaken "TITHI_EMAIL_TAKEN" CONFLICT "This e-mail address is in use",
        "Log in with it, or choose another address.";

    // which business
    TenantNotFound "TITHI_TENANT_NOT_FOUND" NOT_FOUND "Business not found",
        "Show the page for an unknown business.";
    TenantMismatch "TITHI_TENANT_MISMATCH" NOT_FOUND "The request does not belong to this business",
        "Send the host, `X-Tenant-ID` and the token of one business.";
    TenantSuspended "TITHI_TENANT_SUSPENDED" FORBIDDEN "The business is suspended",
        "The owner may contact the platform.";
    SlugTaken "TITHI_SLUG_TAKEN" CONFLICT "This name is taken",
        "Choose one of `suggestions`, or another name.";
    FeatureNotAvailable "TITHI_FEATURE_NOT_AVAILABLE" FORBIDDEN "Feature not available",
        "Hide the feature.";
    QuotaExceeded "TITHI_QUOTA_EXCEEDED" FORBIDDEN "The plan's quota is used up",
        "Remove something, or choose a larger plan.";
    TierLimitReached "TITHI_TIER_LIMIT_REACHED" FORBIDDEN "The tier's limit is reached",
        "Wait until the limit renews, or choose a higher tier.";
    HoldLimitReached "TITHI_HOLD_LIMIT_REACHED" TOO_MANY_REQUESTS "Too many times are held, please wait",
        "Book or give up a held time, or wait as long as `Retry-After` says.";
    RateLimitExceeded "TITHI_RATE_LIMIT_EXCEEDED" TOO_MANY_REQUESTS "Too many requests, please wait",
        "Wait as long as `Retry-After` says, then send it again with the same Idempotency-Key.";

    // what is looked for
    ServiceNotFound "TITHI_SERVICE_NOT_FOUND" NOT_FOUND "Service not available",
        "Load the list of services again.";
    StaffNotFound "TITHI_STAFF_NOT_FOUND" NOT_FOUND "Staff member not found",
        "Load the list of staff again.";
    ResourceNotFound "TITHI_RESOURCE_NOT_FOUND" NOT_FOUND "Resource not found",
        "Load the list of resources again.";
    CustomerNotFound "TITHI_CUSTOMER_NOT_FOUND" NOT_FOUND "Customer not found",
        "Load the list of customers again.";
    NoteNotFound "TITHI_NOTE_NOT_FOUND" NOT_FOUND "Note not found",
        "Load the customer's notes again.";
    SegmentNotFound "TITHI_SEGMENT_NOT_FOUND" NOT_FOUND "Segment not found",
        "Load the list of segments again.";
    BookingNotFound "TITHI_BOOKING_NOT_FOUND" NOT_FOUND "Booking not found",
        "Check the booking's number.";
    BookingSeriesNotFound "TITHI_BOOKING_SERIES_NOT_FOUND" NOT_FOUND "Booking series not found",
        "Load the list of series again.";
    HoldNotFound "TITHI_HOLD_NOT_FOUND" NOT_FOUND "Reserved time not found",
        "Choose a time again.";
    WaitlistEntryNotFound "TITHI_WAITLIST_ENTRY_NOT_FOUND" NOT_FOUND "Nobody waits here",
        "Check the link, or join the waiting list again.";
    InvoiceNotFound "TITHI_INVOICE_NOT_FOUND" NOT_FOUND "Invoice not found",
        "Load the list of invoices again.";
    PaymentNotFound "TITHI_PAYMENT_NOT_FOUND" NOT_FOUND "Payment not found",
        "Load the list of payments again.";

    PaymentMethodNotFound "TITHI_PAYMENT_METHOD_NOT_FOUND" NOT_FOUND "Way to pay not found",
        "Load the customer's ways to pay again.";
    CouponNotFound "TITHI_COUPON_NOT_FOUND" NOT_FOUND "Coupon not found",
        "Load the list of coupons again.";
    GiftCardNotFound "TITHI_GIFT_CARD_NOT_FOUND" NOT_FOUND "Gift card not found",
        "Load the list of gift cards again.";

    PackageNotFound "TITHI_PACKAGE_NOT_FOUND" NOT_FOUND "Package not found",
        "Load the list of packages again.";
    PurchaseNotFound "TITHI_PURCHASE_NOT_FOUND" NOT_FOUND "Purchase not found",
        "Load the list of purchases again.";

    MembershipNotFound "TITHI_MEMBERSHIP_NOT_FOUND" NOT_FOUND "Membership not found",
        "Load the list of memberships again.";
    MembershipPlanNotFound "TITHI_MEMBERSHIP_PLAN_NOT_FOUND" NOT_FOUND "Plan not found",
        "Load the list of plans again.";

    // whom it is about
    CustomerHasBookings "TITHI_CUSTOMER_HAS_BOOKINGS" CONFLICT "The customer has bookings ahead",
        "Cancel the bookings that `bookings` counts, then try again.";
    CustomerErased "TITHI_CUSTOMER_ERASED" CONFLICT "The customer was made unknown",
        "Make a new customer; this one is nobody any more.";

    // time
    SlotUnavailable "TITHI_SLOT_UNAVAILABLE" CONFLICT "This time is not available",
        "Offer the times in `next_free`, or load the availability again.";
    BookingConflict "TITHI_BOOKING_CONFLICT" CONFLICT "This time has just been taken",
        "Offer the times in `next_free`, or load the availability again.";
    BookingInvalidState "TITHI_BOOKING_INVALID_STATE" CONFLICT "The booking's state does not allow that",
        "Read the booking again.";
    AvailabilityBreaksBookings "TITHI_AVAILABILITY_BREAKS_BOOKINGS" CONFLICT "Bookings to come stand against it",
        "Show `details.bookings`; send it again with `force=true` to go ahead, and settle them with the customers.";
    HoldExpired "TITHI_HOLD_EXPIRED" CONFLICT "The reserved time has expired",
        "Choose a time again.";

    SlotTokenInvalid "TITHI_SLOT_TOKEN_INVALID" BAD_REQUEST "The token of the time cannot be read",
        "Send the `token` of a listed time of this business, unchanged.";
    SlotTokenExpired "TITHI_SLOT_TOKEN_EXPIRED" UNPROCESSABLE_ENTITY "The offered time has to be asked for again",
        "Load the availability again and send the new token.";

    // points
    PointsInsufficient "TITHI_POINTS_INSUFFICIENT" CONFLICT "There are not so many points",
        "Redeem at most `points_balance`.";

    CreditsInsufficient "TITHI_CREDITS_INSUFFICIENT" CONFLICT "There are not so many credits or sessions",
        "Use at most `balance`, or pay otherwise.";

    // money
    PaymentDeclined "TITHI_PAYMENT_DECLINED" PAYMENT_REQUIRED "The payment was declined",
        "Ask for another way to pay.";
    PaymentRequiresAction "TITHI_PAYMENT_REQUIRES_ACTION" PAYMENT_REQUIRED "The payment must be confirmed by the payer",
        "Send the payer to `next_action`.";
    PaymentsUnavailable "TITHI_PAYMENTS_UNAVAILABLE" CONFLICT "This business takes no cards",
        "Offer to pay at the counter; the business connects its account in the settings.";
    PaymentSettled "TITHI_PAYMENT_SETTLED" CONFLICT "Nothing is left to pay",
        "Read the booking again.";
    PaymentConsentMissing "TITHI_PAYMENT_CONSENT_MISSING" UNPROCESSABLE_ENTITY "Nobody has agreed to this charge",
        "Send the customer a link to pay.";
    PaymentStripeError "TITHI_PAYMENT_STRIPE_ERROR" BAD_GATEWAY "Payment processing error, please try again",
        "Try again later with the same Idempotency-Key.";
    RefundExceedsPayment "TITHI_REFUND_EXCEEDS_PAYMENT" UNPROCESSABLE_ENTITY "The refund is larger than what is left of the payment",
        "Refund at most `refundable_cents`.";
    BillingSetupRequired "TITHI_BILLING_SETUP_REQUIRED" CONFLICT "There is nothing to pay with",
        "Set up a way to pay, then send it again.";
    CouponInvalid "TITHI_COUPON_INVALID" UNPROCESSABLE_ENTITY "The coupon cannot be used",
        "Show `detail` and let the user remove the coupon.";
    GiftCardInvalid "TITHI_GIFT_CARD_INVALID" UNPROCESSABLE_ENTITY "The gift card cannot be used",
        "Show `detail` and let the user remove the gift card.";

    // sending once
    IdempotencyKeyMissing "TITHI_IDEMPOTENCY_KEY_MISSING" BAD_REQUEST "The Idempotency-Key header is missing",
        "Send a fresh key with each new intent, and the same key with each retry.";
    IdempotencyKeyInvalid "TITHI_IDEMPOTENCY_KEY_INVALID" BAD_REQUEST "The Idempotency-Key header is not valid",
        "Use 1 to 255 visible ASCII characters.";
    IdempotencyKeyReused "TITHI_IDEMPOTENCY_KEY_REUSED" UNPROCESSABLE_ENTITY "The key was used for a different request",
        "Use a new key for a new request.";
    IdempotencyInProgress "TITHI_IDEMPOTENCY_IN_PROGRESS" CONFLICT "The first request with this key is still running",
        "Wait as long as `Retry-After` says and send it again with the same key.";

    // the rest
    TemplateInvalid "TITHI_TEMPLATE_INVALID" UNPROCESSABLE_ENTITY "The template cannot be rendered",
        "Show `detail` beside the template.";
    SignatureInvalid "TITHI_SIGNATURE_INVALID" BAD_REQUEST "The signature does not match",
        "Sign the exact bytes of the body with the current secret.";
    InternalError "TITHI_INTERNAL_ERROR" INTERNAL_SERVER_ERROR "Something went wrong on our side",
        "Try again later; tell support the `request_id`.";
    UpstreamError "TITHI_UPSTREAM_ERROR" BAD_GATEWAY "A service that we depend on did not answer",
        "Try again later.";
    ServiceUnavailable "TITHI_SERVICE_UNAVAILABLE" SERVICE_UNAVAILABLE "Not available at the moment",
        "Send it again after `Retry-After` seconds, with the same Idempotency-Key.";
}

impl Code {
    /// `TITHI_BOOKING_CONFLICT` -> `booking-conflict`: the last part of the page's address.
    pub fn kebab(self) -> String {
        let name = self.name();
        let bare = name.strip_prefix("TITHI_").unwrap_or(name);
        bare.to_ascii_lowercase().replace('_', "-")
    }

    /// The code whose page has this last part.
    pub fn from_kebab(kebab: &str) -> Option<Code> {
        Self::ALL.iter().copied().find(|code| code.kebab() == kebab)
    }

    /// The problem's `type`: stable, and a page that explains it.
    pub fn type_uri(self) -> String {
        match self {
            Code::RateLimitExceeded => QUOTA_EXCEEDED.to_owned(),
            code => format!("/docs/errors/{}", code.kebab()),
        }
    }

    /// The best code for a bare status, for errors that come from the framework.
    pub fn from_status(status: StatusCode) -> Code {
        match status.as_u16() {
            401 => Code::AuthTokenInvalid,
            403 => Code::AuthForbidden,
            404 => Code::NotFound,
            405 => Code::MethodNotAllowed,
            406 => Code::NotAcceptable,
            408 => Code::RequestTimeout,
            409 => Code::Conflict,
            412 => Code::PreconditionFailed,
            413 => Code::PayloadTooLarge,
            415 => Code::UnsupportedMediaType,
            422 => Code::RuleViolation,
            428 => Code::PreconditionRequired,
            429 => Code::RateLimitExceeded,
            502 => Code::UpstreamError,
            503 | 504 => Code::ServiceUnavailable,
            400..=499 => Code::BadRequest,
            _ => Code::InternalError,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_pages_are_unique_and_lead_back() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.name().starts_with("TITHI_"), "{code:?}");
            assert_eq!(Code::from_kebab(&code.kebab()), Some(*code));
            assert!(code.status().as_u16() >= 400);
            assert!(code.advice().ends_with('.'), "{code:?}: the advice is a sentence");
        }
    }

    #[test]
    fn the_quota_type_is_the_registered_one() {
        assert_eq!(Code::RateLimitExceeded.type_uri(), QUOTA_EXCEEDED);
        assert_eq!(Code::BookingConflict.type_uri(), "/docs/errors/booking-conflict");
    }

    #[test]
    fn a_status_leads_to_a_code_of_that_status() {
        for status in [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 502, 503] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(Code::from_status(status).status(), status);
        }
    }
}
