//! What the tests stand on: servers of their own, shared by every test process of a run.
pub mod cluster;
pub mod redis;
mod shared;
