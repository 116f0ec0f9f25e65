//! The refresh token on the wire: opaque to its holder, 256 random bits behind the account and the tenant
//! that it is for. What is stored is the SHA-256 of the whole, so that neither part can be exchanged and a
//! copy of the table lets nobody in. The account stands in front because the table is keyed by it.

use ::entity::ids::{TenantId, UserId};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Account, tenant (nil for none), secret.
const BYTES: usize = 16 + 16 + 32;

/// A token that somebody holds.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken([u8; BYTES]);

impl RefreshToken {
    /// A new one.
    pub fn new(user: UserId, tenant: Option<TenantId>) -> Self {
        let mut bytes = [0; BYTES];
        bytes[..16].copy_from_slice(user.0.as_bytes());
        bytes[16..32].copy_from_slice(tenant.map_or(Uuid::nil(), |tenant| tenant.0).as_bytes());
        bytes[32..].copy_from_slice(&rand::random::<[u8; 32]>());
        Self(bytes)
    }

    /// Reads what a client sent.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// As the client gets it.
    pub fn reveal(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As the table has it.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }

    /// Whose it claims to be; true only if the digest is found.
    pub fn user(&self) -> UserId {
        UserId(self.uuid(0))
    }

    /// The tenant that its access tokens are bound to.
    pub fn tenant(&self) -> Option<TenantId> {
        let id = self.uuid(16);
        (!id.is_nil()).then_some(TenantId(id))
    }

    fn uuid(&self, at: usize) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0[at..at + 16]);
        Uuid::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_whose_it_is_and_cannot_be_bent() {
        let (user, tenant) = (UserId(Uuid::from_u128(7)), TenantId(Uuid::from_u128(8)));
        let token = RefreshToken::new(user, Some(tenant));
        let read = RefreshToken::parse(&token.reveal()).unwrap();
        assert_eq!((read.user(), read.tenant(), read.digest()), (user, Some(tenant), token.digest()));
        let mut other = token.clone();
        other.0[16] ^= 1;
        assert_ne!(other.digest(), token.digest(), "another tenant is another token");
        assert_eq!(RefreshToken::new(user, None).tenant(), None);
        assert_ne!(RefreshToken::new(user, None).reveal(), RefreshToken::new(user, None).reveal());
        for bad in ["", "AAAA", "not base64!", &token.reveal()[1..], &format!("{}A", token.reveal())] {
            assert!(RefreshToken::parse(bad).is_none(), "{bad}");
        }
    }
}
