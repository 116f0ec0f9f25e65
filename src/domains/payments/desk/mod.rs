//! Payments at the counter: cash that is promised and marked as paid; and the lists.

mod api;
mod dto;
mod service;

pub(super) use api::DeskApi;
pub(super) use service::{latest, promise};
