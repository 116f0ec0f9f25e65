//! One test binary.

mod scheduling;
