//! Decisions about money: what is to be paid, where a payment may go, what may be given back. Pure.

pub mod bill;
pub mod refund;
pub mod state;
