//! The subject as a customer of the platform.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::provider::refused;
use crate::db::Scope;
use crate::domains::billing::held::{Subject, find, lock, save};
use crate::domains::tenancy;
use crate::error::{ApiError, Code};
use crate::ports::payments::{Call, Metadata, NewCustomer, Provider};

/// What we find on the provider's objects again.
pub fn metadata(tenant: Uuid, subject: Subject) -> Metadata {
    let mut data = Metadata::from([("tenant_id".to_owned(), tenant.to_string())]);
    if let Subject::Person(user) = subject {
        data.insert("user_id".to_owned(), user.to_string());
    }
    data
}

/// The provider's id of the subject, made at the first time. What was done before is committed; no transaction is open
/// when this returns.
///
/// # Errors
/// 404 when there is no subscription yet; what the provider refuses.
pub async fn customer(scope: &Scope, provider: &dyn Provider, subject: Subject) -> Result<String, ApiError> {
    let held = find(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    if let Some(known) = held.provider_customer_id {
        scope.pause().await?;
        return Ok(known);
    }
    let (tenant, new) = (scope.tenant()?.0, wanted(scope, subject).await?);
    scope.pause().await?;
    // who is called otherwise by now is asked for with another key, since the bytes differ; the first answer counts
    let named = format!("{}\n{}", new.name.as_deref().unwrap_or_default(), new.email.as_deref().unwrap_or_default());
    let digest: String = Sha256::digest(named.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let key = format!("{tenant}:{}:customer:{digest}", held.id);
    let made = provider.create_customer(Call { account: None, key: &key }, &new).await.map_err(refused)?;
    let mut held = lock(scope, subject).await?.ok_or_else(|| ApiError::of(Code::NotFound))?;
    let known = held.provider_customer_id.get_or_insert(made.id).clone();
    save(scope, subject, &mut held).await?;
    scope.pause().await?;
    Ok(known)
}

/// A business is called as its letters say; of a person the provider learns what they tell it themselves.
async fn wanted(scope: &Scope, subject: Subject) -> Result<NewCustomer, ApiError> {
    let metadata = metadata(scope.tenant()?.0, subject);
    Ok(match subject {
        Subject::Business => {
            let head = tenancy::letterhead(scope).await?;
            NewCustomer { name: Some(head.invoicing.legal_name.unwrap_or(head.name)), email: head.email, metadata }
        }
        Subject::Person(_) => NewCustomer { metadata, ..NewCustomer::default() },
    })
}
