//! Whose an event is: the business that the account it came from belongs to. What is written on the object may only
//! confirm that.

use ::entity::ids::TenantId;

/// What is known of where an event came from.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// A connected account: who has it.
    Account(&'a [TenantId]),
    /// The platform's own account: the businesses that are this customer of it, else the platform's own.
    Platform { home: TenantId, customers: &'a [TenantId] },
}

/// The business, or why there is none to name.
///
/// # Errors
/// A sentence for operators.
pub fn place(known: Known<'_>, claimed: Option<&str>) -> Result<TenantId, String> {
    let tenant = match known {
        Known::Account([]) => return Err("nobody has this account".into()),
        Known::Account([tenant]) | Known::Platform { customers: [tenant], .. } => *tenant,
        Known::Platform { home, customers: [] } => home,
        Known::Account(_) | Known::Platform { .. } => return Err("several businesses have this account".into()),
    };
    match claimed {
        Some(claimed) if claimed.parse() != Ok(tenant) => {
            Err("the object names another business than the account belongs to".into())
        }
        _ => Ok(tenant),
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
        assert_eq!(place(Known::Account(&[A]), None), Ok(A));
        assert_eq!(place(Known::Account(&[A]), Some(&a)), Ok(A));
        assert!(place(Known::Account(&[A]), Some(&b)).is_err());
        assert!(place(Known::Account(&[A]), Some("nonsense")).is_err());
        // never from what is written on the object alone
        assert!(place(Known::Account(&[]), Some(&a)).is_err());
        assert!(place(Known::Account(&[A, B]), Some(&a)).is_err());
    }

    #[test]
    fn w07_the_platforms_own_account_knows_its_customers() {
        let b = B.to_string();
        assert_eq!(place(Known::Platform { home: A, customers: &[] }, None), Ok(A));
        assert_eq!(place(Known::Platform { home: A, customers: &[B] }, Some(&b)), Ok(B));
        assert!(place(Known::Platform { home: A, customers: &[] }, Some(&b)).is_err());
        assert!(place(Known::Platform { home: A, customers: &[A, B] }, None).is_err());
    }
}
