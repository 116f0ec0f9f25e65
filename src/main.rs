//! The `tithi` binary.
fn main() {}
