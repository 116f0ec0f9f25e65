//! Decisions without IO: which passwords are taken, and what a refresh token that comes back means.

use chrono::{DateTime, TimeDelta, Utc};

/// Least characters of a password. Length is what guessing costs (NIST SP 800-63B 3.1.1.2).
pub const PASSWORD_MIN: usize = 12;
/// Most characters of a password: a bound for the hash's work, far above any passphrase.
pub const PASSWORD_MAX: usize = 128;

/// Two requests that carry the same refresh token within this time are a race of one client (two tabs, a
/// repeat after a broken connection), later ones a theft. The loser of a race is refused like the thief,
/// for one token has one successor; but the session goes on.
pub const RACE: TimeDelta = TimeDelta::seconds(10);

/// What the first guesses of every attack begin with; digits and signs after it do not make it another password.
const STEMS: &[&str] = &[
    "123qwe",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "abc",
    "abcd",
    "admin",
    "administrator",
    "asdfghjkl",
    "baseball",
    "changeme",
    "charlie",
    "computer",
    "correcthorsebatterystaple",
    "default",
    "dragon",
    "football",
    "guest",
    "hello",
    "iloveyou",
    "jordan",
    "letmein",
    "liverpool",
    "login",
    "master",
    "michael",
    "monkey",
    "mustang",
    "pass",
    "passpass",
    "passw0rd",
    "password",
    "passwordpassword",
    "princess",
    "qazwsx",
    "qazwsxedc",
    "qwer",
    "qwerasdfzxcv",
    "qwert",
    "qwerty",
    "qwertyqwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "qwertz",
    "qwertzuiop",
    "root",
    "secret",
    "shadow",
    "starwars",
    "summer",
    "sunshine",
    "superman",
    "superuser",
    "temporary",
    "test",
    "testtest",
    "tithi",
    "trustno1",
    "user",
    "welcome",
    "whatever",
    "winter",
    "zaq12wsx",
];

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    TooShort,
    TooLong,
    /// Among the first guesses, or made of the address.
    Guessable,
}

impl PasswordFault {
    /// The word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Guessable => "guessable",
        }
    }

    /// The sentence for people.
    pub fn detail(self) -> &'static str {
        match self {
            Self::TooShort => "Use at least 12 characters.",
            Self::TooLong => "Use at most 128 characters.",
            Self::Guessable => "This password is among the first that an attacker tries. Choose another.",
        }
    }
}

/// Whether a new password may be taken for the account with this address.
///
/// # Errors
/// Why not.
pub fn check_password(password: &str, email: &str) -> Result<(), PasswordFault> {
    match password.chars().count() {
        count if count < PASSWORD_MIN => Err(PasswordFault::TooShort),
        count if count > PASSWORD_MAX => Err(PasswordFault::TooLong),
        _ if guessable(&password.to_lowercase(), &email.to_lowercase()) => Err(PasswordFault::Guessable),
        _ => Ok(()),
    }
}

fn guessable(password: &str, email: &str) -> bool {
    let stem = password.trim_end_matches(|c: char| !c.is_alphabetic());
    let local = email.split('@').next().unwrap_or(email);
    STEMS.contains(&stem) || STEMS.contains(&password) || stem == local || password == email || patterned(password)
}

/// A short piece over and over, or one run up or down the alphabet.
fn patterned(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let repeated = (1..=6).any(|unit| chars.iter().zip(chars.iter().skip(unit)).all(|(a, b)| a == b));
    let steps = || chars.windows(2).map(|pair| (pair[0], pair[1]));
    let next = |a: char, b: char| u32::from(b) == u32::from(a) + 1 || (a == '9' && b == '0');
    repeated || steps().all(|(a, b)| next(a, b)) || steps().all(|(a, b)| next(b, a))
}

/// What became of a refresh token, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenState {
    pub used_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
    /// The session lives and the account is open.
    pub alive: bool,
}

/// Why a refresh token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its session was ended or its account closed.
    Ended,
    /// Its time is over.
    Expired,
    /// Its successor was given out a moment ago.
    Raced,
    /// Its successor was given out before: somebody has a copy.
    Reused,
}

/// Judges a token that could not be exchanged. Reuse counts whatever else is true of the token.
pub fn judge(state: TokenState, now: DateTime<Utc>) -> Refusal {
    match state.used_at {
        Some(used) if now - used > RACE => Refusal::Reused,
        Some(_) => Refusal::Raced,
        None if state.alive && state.expires_at <= now => Refusal::Expired,
        None => Refusal::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_guesses_are_refused() {
        for bad in [
            "password1234",
            "PASSWORD!!!!!!",
            "Qwertyuiop123",
            "1q2w3e4r5t6y",
            "123456789012",
            "210987654321",
            "abcdefghijklmn",
            "abcabcabcabc",
            "aaaaaaaaaaaa",
            "ana@example.com",
            "ana.maria.silva2026",
            "correcthorsebatterystaple",
        ] {
            let email = if bad.contains("silva") { "Ana.Maria.Silva@example.com" } else { "ana@example.com" };
            assert_eq!(check_password(bad, email), Err(PasswordFault::Guessable), "{bad}");
        }
        for good in ["grandmother's violin", "kJ8#vvPq2!xL", "пароль на двенадцать", "839201748265"] {
            assert_eq!(check_password(good, "ana@example.com"), Ok(()), "{good}");
        }
    }

    #[test]
    fn length_counts_characters() {
        assert_eq!(check_password("kJ8#vvPq2!x", "a@b.c"), Err(PasswordFault::TooShort));
        assert_eq!(check_password("двенадцатьбк", "a@b.c"), Ok(()));
        let long: String = ('a'..='z').cycle().step_by(3).take(129).collect();
        assert_eq!(check_password(&long, "a@b.c"), Err(PasswordFault::TooLong));
        assert_eq!(check_password(&long[..128], "a@b.c"), Ok(()));
    }

    #[test]
    fn a_race_is_not_a_theft() {
        let now = DateTime::from_timestamp(1_772_443_800, 0).unwrap();
        let hour = TimeDelta::hours(1);
        let state = TokenState { used_at: None, expires_at: now + hour, alive: true };
        let used = |ago| judge(TokenState { used_at: Some(now - ago), ..state }, now);
        assert_eq!(used(TimeDelta::zero()), Refusal::Raced);
        assert_eq!(used(RACE), Refusal::Raced);
        assert_eq!(used(RACE + TimeDelta::milliseconds(1)), Refusal::Reused);
        assert_eq!(judge(TokenState { expires_at: now, ..state }, now), Refusal::Expired);
        assert_eq!(judge(TokenState { alive: false, ..state }, now), Refusal::Ended);
        let long_ago = TokenState { used_at: Some(now - hour), expires_at: now - hour, alive: false };
        assert_eq!(judge(long_ago, now), Refusal::Reused);
    }
}
