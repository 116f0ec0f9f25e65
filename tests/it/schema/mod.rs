//! What guards the rows: the catalogue audit against seeded defects, and attacks generated from the catalogue.
#![expect(clippy::expect_used, reason = "a test fails by panicking, and says of what")]

mod contract;
mod matrix;
mod matrix_plan;
mod matrix_proof;
mod matrix_rows;
mod mutants;
mod sample;
mod service;
mod template;
