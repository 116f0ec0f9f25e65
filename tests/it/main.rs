//! One test binary.

#[cfg(test)]
mod scheduling;
