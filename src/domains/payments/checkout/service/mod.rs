//! The verbs on card payments: one file each.

mod begin;
mod call_off;
mod confirm;
mod look;
mod place;

use uuid::Uuid;

use super::dto::CheckoutMethod;
use crate::app::App;
use crate::db::Scope;
use crate::domains::payments::desk;
use crate::domains::payments::provider;
use crate::error::{ApiError, Code};

pub use begin::{Begun, Consent, PAYABLE, Priced, Subject, Thing, Wanted, begin, blank, payable, price, write};
pub use call_off::call_off;
pub use confirm::{Meant, confirm};
pub use look::look;
pub use place::{How, Page, Placed, place};

/// So often a payment with other terms is called off before a new one begins.
const ROUNDS: usize = 3;

/// Begins to pay: by card at the provider, or in cash at the counter. Who asks for the same gets the same.
///
/// # Errors
/// 404 for what is not there; 409 where nothing is left to pay, its state does not allow it, or the business takes no
/// cards; 422 for a coupon or a gift card that cannot be used, and for what the provider refuses; 502 when the provider
/// does not answer.
pub async fn check_out(app: &App, scope: &Scope, wanted: Wanted, method: CheckoutMethod) -> Result<Placed, ApiError> {
    if method == CheckoutMethod::Cash {
        return desk::promise(scope, &wanted).await.map(Placed::bare);
    }
    let account = provider::account(scope).await?;
    for _ in 0..ROUNDS {
        match begin(scope, &account, &wanted).await? {
            Begun::Open(payment) => {
                let how = How { page: wanted.page.clone(), ..How::default() };
                return place(app, scope, payment, how).await;
            }
            Begun::Settled(payment) => return Ok(Placed::bare(payment)),
            Begun::Other(payment) => {
                call_off(app, scope, payment.id).await?;
            }
        }
    }
    Err(ApiError::new(Code::Conflict, "Somebody else pays for it at this moment. Try again."))
}

/// Which thing a body means: exactly one.
///
/// # Errors
/// 400 for none and for several.
pub fn subject(booking: Option<Uuid>, purchase: Option<Uuid>, gift_card: Option<Uuid>) -> Result<Subject, ApiError> {
    match (booking, purchase, gift_card) {
        (Some(id), None, None) => Ok(Subject::Booking(id)),
        (None, Some(id), None) => Ok(Subject::Purchase(id)),
        (None, None, Some(id)) => Ok(Subject::GiftCard(id)),
        (None, None, None) => Err(ApiError::field("#/booking_id", "required", "Say what is to be paid for.")),
        _ => Err(ApiError::field("#/booking_id", "conflict", "Give one of booking_id, purchase_id and gift_card_id.")),
    }
}
