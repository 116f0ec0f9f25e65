//! What guards the rows: the catalogue audit against seeded defects, and attacks generated from the catalogue.
mod matrix;
mod matrix_plan;
mod matrix_proof;
mod mutants;
mod sample;
mod template;
