//! The secret of an address: 256 random bits, shown once. What is stored is their SHA-256; that they are random makes
//! one round enough.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A secret that somebody holds.
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    pub fn new() -> Self {
        Self(rand::random())
    }

    /// Reads what stands in an address.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// As it stands in the address.
    pub fn reveal(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As the table has it.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_shown_and_no_other_way() {
        let secret = Secret::new();
        let shown = secret.reveal();
        assert_eq!(shown.len(), 43);
        assert_eq!(Secret::parse(&shown).unwrap().digest(), secret.digest());
        assert_ne!(Secret::new().digest(), secret.digest());
        for bad in ["", "AAAA", &shown[1..], &format!("{shown}A"), &format!("{shown}="), "no base64!"] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
    }
}
