//! Passwords at rest: Argon2id in the PHC string format. Hashing runs on blocking threads, as many at a
//! time as there are processors, so that a flood of logins queues up and everything else is still served.
//!
//! What must stay true: a password is never logged and never stored; verifying against no account takes as
//! long as against one; no transaction is open while somebody waits for a hash.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{ApiError, Code};

/// OWASP's password storage advice for Argon2id: 19 MiB and two passes in one lane. Memory is what a
/// graphics card lacks, and 19 MiB a processor is what a small server can bear.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How long a request waits for its turn to hash.
const PATIENCE: Duration = Duration::from_secs(5);

/// A hash of nobody's password, with the parameters above, to spend the same time where there is no account.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGl0aGktbm9ib2R5LXNsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right {
        /// The same password hashed anew, where the stored hash is weaker than what is made today.
        stronger: Option<String>,
    },
}

/// The turns to hash of this process.
pub struct Passwords {
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { turns: Arc::new(Semaphore::new(processors)), patience: PATIENCE }
    }
}

impl Passwords {
    /// Hashes a password, as [`hash`] does, when it is its turn.
    ///
    /// # Errors
    /// 503 when too many are waiting.
    pub async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.run(move || hash(&password)).await?
    }

    /// Compares a password with a stored hash, or with nobody's.
    ///
    /// # Errors
    /// 503 when too many are waiting.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, ApiError> {
        self.run(move || verify(&password, stored.as_deref())).await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let turn = self.turn().await?;
        let done = tokio::task::spawn_blocking(move || {
            // held by the work itself: a caller who hangs up frees no processor
            let _turn = turn;
            work()
        });
        done.await.map_err(ApiError::internal)
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        match tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(ApiError::of(Code::ServiceUnavailable).retry_after(1).caused_by("too many passwords to hash")),
        }
    }
}

fn argon2() -> Result<Argon2<'static>, ApiError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password under a salt of its own. Takes tens of milliseconds: not for a thread that serves requests.
///
/// # Errors
/// When the system gives no randomness or no memory.
pub fn hash(password: &str) -> Result<String, ApiError> {
    let hash: PasswordHash =
        argon2()?.hash_password(password.as_bytes()).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(hash.to_string())
}

fn verify(password: &str, stored: Option<&str>) -> Result<Verdict, ApiError> {
    let parsed = PasswordHash::new(stored.unwrap_or(NOBODY)).map_err(|error| ApiError::internal(error.to_string()))?;
    let right = argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && stored.is_some();
    if !right {
        return Ok(Verdict::Wrong);
    }
    let stronger = if weaker(&parsed) { Some(hash(password)?) } else { None };
    Ok(Verdict::Right { stronger })
}

fn weaker(hash: &PasswordHash) -> bool {
    let today = |params: Params| params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES;
    hash.algorithm.as_str() != "argon2id" || !Params::try_from(hash).is_ok_and(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_and_hides_it() {
        let first = hash("grandmother's violin").unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, hash("grandmother's violin").unwrap(), "each has its own salt");
        assert_eq!(verify("grandmother's violin", Some(&first)).unwrap(), Verdict::Right { stronger: None });
        assert_eq!(verify("grandmother's viola", Some(&first)).unwrap(), Verdict::Wrong);
    }

    #[test]
    fn nobodys_hash_is_never_right_and_costs_the_same() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        assert!(!weaker(&parsed));
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert_eq!(parsed.hash.unwrap().len(), PasswordHash::new(&hash("x").unwrap()).unwrap().hash.unwrap().len());
        assert_eq!(verify("", None).unwrap(), Verdict::Wrong);
    }

    #[test]
    fn a_weaker_hash_is_made_anew() {
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let stored: PasswordHash = old.hash_password(b"grandmother's violin").unwrap();
        let Verdict::Right { stronger: Some(stronger) } =
            verify("grandmother's violin", Some(&stored.to_string())).unwrap()
        else {
            panic!("not hashed anew")
        };
        assert_eq!(verify("grandmother's violin", Some(&stronger)).unwrap(), Verdict::Right { stronger: None });
        assert_eq!(verify("wrong", Some(&stored.to_string())).unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn whoever_finds_no_turn_is_told_to_come_back() {
        let busy = Passwords { turns: Arc::new(Semaphore::new(0)), patience: Duration::ZERO };
        let refusal = busy.hash("grandmother's violin".into()).await.unwrap_err();
        assert_eq!(refusal.code(), Code::ServiceUnavailable);
        assert_eq!(refusal.retry_after_seconds(), Some(1));
    }
}
