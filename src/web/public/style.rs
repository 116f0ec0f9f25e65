//! The style sheet of the public pages, under an address that changes with it.

use sha2::{Digest, Sha256};

/// The sheet and where it lies.
pub struct Style {
    pub address: String,
    pub bytes: &'static [u8],
}

/// The sheet of this build.
#[must_use]
pub fn style() -> Style {
    let bytes: &'static [u8] = include_bytes!("../assets/public.css");
    let digest: String = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Style { address: format!("/assets/{digest}/public.css"), bytes }
}
