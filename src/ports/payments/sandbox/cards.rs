//! The test cards: what each does when it is charged or kept. Names are Stripe's own (docs.stripe.com/testing), with and
//! without the brand in them.

/// What a way to pay does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Always works.
    Works,
    /// Is refused when it is charged, with this code and decline code; it can be kept.
    Declines(&'static str, Option<&'static str>),
    /// Is refused already when it is kept.
    Unusable(&'static str, Option<&'static str>),
    /// Its owner must confirm each charge.
    Asks,
    /// Its owner must confirm unless it was set up before.
    AsksOnce,
    /// Takes time, then works or not.
    Takes { works: bool },
}

/// A test card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Card {
    pub id: &'static str,
    pub brand: &'static str,
    pub last4: &'static str,
    pub behaviour: Behaviour,
    /// What the payment page calls it.
    pub title: &'static str,
}

const fn card(id: &'static str, brand: &'static str, last4: &'static str, b: Behaviour, title: &'static str) -> Card {
    Card { id, brand, last4, behaviour: b, title }
}

pub(super) const CARDS: &[Card] = &[
    card("pm_card_visa", "visa", "4242", Behaviour::Works, "A card that works"),
    card("pm_card_mastercard", "mastercard", "4444", Behaviour::Works, "Another card that works"),
    card("pm_card_amex", "amex", "8431", Behaviour::Works, "A third card that works"),
    card(
        "pm_card_authenticationRequired",
        "visa",
        "3184",
        Behaviour::Asks,
        "A card whose owner confirms each payment (3-D Secure)",
    ),
    card(
        "pm_card_authenticationRequiredOnSetup",
        "visa",
        "3155",
        Behaviour::AsksOnce,
        "A card whose owner confirms the first payment",
    ),
    card(
        "pm_card_chargeDeclined",
        "visa",
        "0002",
        Behaviour::Declines("card_declined", Some("generic_decline")),
        "A card that is declined",
    ),
    card(
        "pm_card_chargeDeclinedInsufficientFunds",
        "visa",
        "9995",
        Behaviour::Declines("card_declined", Some("insufficient_funds")),
        "A card without enough money",
    ),
    card(
        "pm_card_chargeDeclinedLostCard",
        "visa",
        "9987",
        Behaviour::Unusable("card_declined", Some("lost_card")),
        "A card that was lost",
    ),
    card(
        "pm_card_chargeDeclinedExpiredCard",
        "visa",
        "0069",
        Behaviour::Unusable("expired_card", None),
        "A card that has expired",
    ),
    card(
        "pm_card_chargeDeclinedProcessingError",
        "visa",
        "0119",
        Behaviour::Declines("processing_error", None),
        "A card whose bank does not answer",
    ),
    card(
        "pm_card_chargeCustomerFail",
        "visa",
        "0341",
        Behaviour::Declines("card_declined", Some("generic_decline")),
        "A card that can be kept and is declined later",
    ),
    card(
        "pm_usBankAccount_success",
        "",
        "6789",
        Behaviour::Takes { works: true },
        "A bank account: the money takes time",
    ),
    card(
        "pm_usBankAccount_insufficientFunds",
        "",
        "3333",
        Behaviour::Takes { works: false },
        "A bank account that turns out to be empty",
    ),
];

/// The test card of that name.
pub(super) fn find(id: &str) -> Option<&'static Card> {
    let plain = id.replace("pm_card_visa_", "pm_card_").replace("tok_visa", "pm_card_visa");
    let plain = match plain.as_str() {
        "pm_card_threeDSecure2Required" | "pm_card_threeDSecureRequired" => "pm_card_authenticationRequired",
        "pm_card_visa_debit" | "pm_card_debit" => "pm_card_visa",
        "pm_card_processing" => "pm_usBankAccount_success",
        "pm_card_processingFails" => "pm_usBankAccount_insufficientFunds",
        other => other,
    };
    CARDS.iter().find(|card| card.id == plain)
}

/// What people read when a card is refused.
pub(super) fn sentence(code: &str, decline_code: Option<&str>) -> &'static str {
    match (code, decline_code) {
        (_, Some("insufficient_funds")) => "Your card has insufficient funds.",
        ("expired_card", _) => "Your card has expired.",
        ("processing_error", _) => "An error occurred while processing your card. Try again in a little bit.",
        ("authentication_required", _) => "Your card was declined. This transaction requires authentication.",
        _ => "Your card was declined.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_found_with_the_brand_in_their_names_and_without() {
        assert_eq!(find("pm_card_visa").unwrap().last4, "4242");
        for name in ["pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"] {
            assert!(matches!(find(name).unwrap().behaviour, Behaviour::Declines("card_declined", _)), "{name}");
        }
        assert!(find("pm_1Nabc").is_none());
    }
}
