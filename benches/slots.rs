//! Slot engine bench.
fn main() {}
