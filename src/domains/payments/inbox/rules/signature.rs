//! Stripe's signature over the raw bytes (docs.stripe.com/webhooks, "Verify manually"): `Stripe-Signature:
//! t=1614265330,v1=hex[,v1=hex]`, each an HMAC-SHA256 of `t.body` under the endpoint's secret.
//!
//! What must stay true: the bytes are those that came, not those of a JSON that was read and written again; every
//! comparison takes the same time whatever it compares; other schemes (`v0`) count for nothing.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Seconds by which the sender's clock may differ from ours: an older request may be a replay.
pub const TOLERANCE: i64 = 300;

/// More than anybody signs with; whoever sends more wants us to compute.
const MOST: usize = 16;

/// Why a request is not the provider's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no header, or it cannot be read.
    Malformed,
    /// Signed too long ago, or in the future.
    Stale,
    /// No signature of it was made with one of the secrets.
    Unmatched,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the header cannot be read",
            Self::Stale => "it was signed at another time",
            Self::Unmatched => "no signature matches",
        })
    }
}

/// Whether one of the `secrets` signed `body` within [`TOLERANCE`] of `now`, in seconds since 1970.
///
/// # Errors
/// Why not.
pub fn verify<'s>(
    header: &str,
    body: &[u8],
    secrets: impl IntoIterator<Item = &'s str>,
    now: i64,
) -> Result<(), Fault> {
    let (stamp, signatures) = parts(header).ok_or(Fault::Malformed)?;
    let signed: i64 = stamp.parse().map_err(|_| Fault::Malformed)?;
    let mut matched = false;
    for secret in secrets {
        // an empty secret is one that nobody has set: anybody could sign with it
        if secret.is_empty() {
            continue;
        }
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { continue };
        // the stamp as it was sent: what was signed is text
        mac.update(stamp.as_bytes());
        mac.update(b".");
        mac.update(body);
        for signature in &signatures {
            matched |= mac.clone().verify_slice(signature).is_ok();
        }
    }
    if !matched {
        return Err(Fault::Unmatched);
    }
    if (i128::from(now) - i128::from(signed)).abs() > i128::from(TOLERANCE) {
        return Err(Fault::Stale);
    }
    Ok(())
}

/// The stamp and the `v1` signatures that are 32 bytes in hexadecimal, in either case. A space may follow a comma.
fn parts(header: &str) -> Option<(&str, Vec<[u8; 32]>)> {
    let (mut stamp, mut signatures, mut named) = (None, Vec::new(), false);
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        match name {
            "t" if stamp.is_some() => return None,
            "t" => stamp = Some(value).filter(|value| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())),
            "v1" => {
                named = true;
                signatures.extend(hex(value));
            }
            _ => {}
        }
    }
    (named && signatures.len() <= MOST).then_some((stamp?, signatures))
}

fn hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.bytes().map(|b| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks(2).filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_test_secret";
    const NOW: i64 = 1_614_265_330;

    fn signature(secret: &str, stamp: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{stamp}.").as_bytes());
        mac.update(body);
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn signed(secret: &str, body: &[u8]) -> String {
        signature(secret, &NOW.to_string(), body)
    }

    fn check(header: &str, body: &[u8]) -> Result<(), Fault> {
        verify(header, body, [SECRET], NOW)
    }

    /// Computed by `printf '%s' '1614265330.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test_secret`.
    #[test]
    fn w01_a_known_signature_is_taken() {
        let body = br#"{"id":"evt_1"}"#;
        let known = "e135cdbed3dda004bf8a2fb350f2541d299393c770e0b9e6e319dc595e9072aa";
        assert_eq!(signed(SECRET, body), known);
        assert_eq!(check(&format!("t={NOW},v1={known}"), body), Ok(()));
    }

    #[test]
    fn w02_one_byte_changed_anywhere_is_refused() {
        let body = br#"{"id":"evt_1","amount":100}"#.to_vec();
        let header = format!("t={NOW},v1={}", signed(SECRET, &body));
        assert_eq!(check(&header, &body), Ok(()));
        for at in 0..body.len() {
            let mut other = body.clone();
            other[at] ^= 1;
            assert_eq!(check(&header, &other), Err(Fault::Unmatched), "byte {at}");
        }
        let other = [body.as_slice(), b"\n"].concat();
        assert_eq!(check(&header, &other), Err(Fault::Unmatched));
    }

    #[test]
    fn w02_the_stamp_may_differ_by_five_minutes_and_no_more() {
        let header = format!("t={NOW},v1={}", signed(SECRET, b"{}"));
        for (now, expected) in [
            (NOW + 300, Ok(())),
            (NOW - 300, Ok(())),
            (NOW + 301, Err(Fault::Stale)),
            (NOW - 301, Err(Fault::Stale)),
            (i64::MIN, Err(Fault::Stale)),
        ] {
            assert_eq!(verify(&header, b"{}", [SECRET], now), expected, "{now}");
        }
        // moved without signing anew
        let moved = format!("t={},v1={}", NOW + 1, signed(SECRET, b"{}"));
        assert_eq!(check(&moved, b"{}"), Err(Fault::Unmatched));
    }

    #[test]
    fn w02_any_of_several_signatures_and_secrets_will_do() {
        let (good, bad) = (signed(SECRET, b"{}"), signed("whsec_other", b"{}"));
        assert_eq!(check(&format!("t={NOW},v1={good},v1={bad}"), b"{}"), Ok(()));
        assert_eq!(check(&format!("t={NOW},v1={bad},v1={good}"), b"{}"), Ok(()));
        assert_eq!(check(&format!("v1={good},t={NOW}"), b"{}"), Ok(()));
        assert_eq!(check(&format!("t={NOW},v1={bad}"), b"{}"), Err(Fault::Unmatched));
        let header = format!("t={NOW},v1={good}");
        for secrets in [["whsec_new", SECRET], [SECRET, "whsec_new"]] {
            assert_eq!(verify(&header, b"{}", secrets, NOW), Ok(()));
        }
        assert_eq!(verify(&header, b"{}", ["whsec_new"], NOW), Err(Fault::Unmatched));
        assert_eq!(verify(&header, b"{}", [], NOW), Err(Fault::Unmatched));
        let empty = format!("t={NOW},v1={}", signed("", b"{}"));
        assert_eq!(verify(&empty, b"{}", [""], NOW), Err(Fault::Unmatched));
    }

    #[test]
    fn w02_only_v1_counts() {
        let good = signed(SECRET, b"{}");
        assert_eq!(check(&format!("t={NOW},v0={good}"), b"{}"), Err(Fault::Malformed));
        assert_eq!(check(&format!("t={NOW},v0={good},v1={}", signed("x", b"{}")), b"{}"), Err(Fault::Unmatched));
        assert_eq!(check(&format!("t={NOW},v0=00,v2=abc,v1={good}"), b"{}"), Ok(()));
    }

    #[test]
    fn w02_upper_case_and_a_space_after_the_comma_are_taken() {
        let good = signed(SECRET, b"{}");
        assert_eq!(check(&format!("t={NOW},v1={}", good.to_uppercase()), b"{}"), Ok(()));
        assert_eq!(check(&format!("t={NOW}, v1={good}"), b"{}"), Ok(()));
        assert_eq!(check(&format!(" t={NOW} ,  v1={good} "), b"{}"), Ok(()));
    }

    #[test]
    fn w01_what_cannot_be_read_is_refused() {
        let good = signed(SECRET, b"{}");
        for header in [
            String::new(),
            good.clone(),
            format!("v1={good}"),
            format!("t={NOW}"),
            format!("t=,v1={good}"),
            format!("t=abc,v1={good}"),
            format!("t=-{NOW},v1={good}"),
            format!("t=+{NOW},v1={good}"),
            format!("t={NOW},t={NOW},v1={good}"),
            format!("t=99999999999999999999,v1={good}"),
            format!("t={NOW},v1={good},nonsense"),
            format!("t={NOW}{}", format!(",v1={good}").repeat(17)),
        ] {
            assert_eq!(check(&header, b"{}"), Err(Fault::Malformed), "{header}");
        }
        for value in ["", "00", "zz", &good[..63], &format!("{good}00"), &good.replace(&good[..1], "é")] {
            assert_eq!(check(&format!("t={NOW},v1={value}"), b"{}"), Err(Fault::Unmatched), "{value}");
        }
    }
}
