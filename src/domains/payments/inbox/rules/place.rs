//! Whose an event is: the business that the account it came from belongs to. What is written on the object may only
//! confirm that.

use ::entity::ids::{TenantId, UserId};

/// Whose rows an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub tenant: TenantId,
    /// Where it is about what one person has with the platform.
    pub person: Option<UserId>,
}

impl Place {
    /// A business's own.
    #[must_use]
    pub fn of(tenant: TenantId) -> Self {
        Self { tenant, person: None }
    }
}

/// What is known of where an event came from.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// A connected account: who has it.
    Account(Option<TenantId>),
    /// The platform's own account: whose customer it names, else the platform's own.
    Platform { home: TenantId, customer: Option<Place> },
}

/// Whose it is, or why there is nobody to name.
///
/// # Errors
/// A sentence for operators.
pub fn place(known: Known, claimed: Option<&str>) -> Result<Place, String> {
    let place = match known {
        Known::Account(None) => return Err("nobody has this account".into()),
        Known::Account(Some(tenant)) => Place::of(tenant),
        Known::Platform { home, customer } => customer.unwrap_or(Place::of(home)),
    };
    match claimed {
        Some(claimed) if claimed.parse() != Ok(place.tenant) => {
            Err("the object names another business than the account belongs to".into())
        }
        _ => Ok(place),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const A: TenantId = TenantId(Uuid::from_u128(1));
    const B: TenantId = TenantId(Uuid::from_u128(2));

    #[test]
    fn w07_the_account_decides_and_the_object_may_confirm() {
        let (a, b) = (A.to_string(), B.to_string());
        assert_eq!(place(Known::Account(Some(A)), None), Ok(Place::of(A)));
        assert_eq!(place(Known::Account(Some(A)), Some(&a)), Ok(Place::of(A)));
        assert!(place(Known::Account(Some(A)), Some(&b)).is_err());
        assert!(place(Known::Account(Some(A)), Some("nonsense")).is_err());
        // never from what is written on the object alone
        assert!(place(Known::Account(None), Some(&a)).is_err());
    }

    #[test]
    fn w07_the_platforms_own_account_knows_its_customers() {
        let b = B.to_string();
        let person = Place { tenant: A, person: Some(UserId(Uuid::from_u128(3))) };
        assert_eq!(place(Known::Platform { home: A, customer: None }, None), Ok(Place::of(A)));
        assert_eq!(place(Known::Platform { home: A, customer: Some(Place::of(B)) }, Some(&b)), Ok(Place::of(B)));
        assert_eq!(place(Known::Platform { home: A, customer: Some(person) }, None), Ok(person));
        assert!(place(Known::Platform { home: A, customer: None }, Some(&b)).is_err());
        assert!(place(Known::Platform { home: A, customer: Some(person) }, Some(&b)).is_err());
    }
}
