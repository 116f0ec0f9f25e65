//! The businesses that want to be found by everybody: those that opted in, and are served.

mod api;
mod dto;
mod service;

pub use api::DirectoryApi;
