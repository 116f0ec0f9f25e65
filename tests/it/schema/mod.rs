//! What guards the rows: the catalogue audit against seeded defects, and attacks generated from the catalogue.

mod mutants;
mod sample;
mod template;
