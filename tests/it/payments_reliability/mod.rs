//! Money under stress: repeats, races, storms. A usual run does a part; `TITHI_STORM_PAYMENTS=5000` does the whole of it
//! and, with `--nocapture`, tells its figures.
mod keys;
mod orders;

/// The figure that somebody asks for, when somebody wants the whole of it.
#[expect(clippy::disallowed_methods, reason = "a test is told its size by its environment")]
pub fn whole() -> Option<usize> {
    std::env::var("TITHI_STORM_PAYMENTS").ok().map(|figure| figure.parse().unwrap())
}
