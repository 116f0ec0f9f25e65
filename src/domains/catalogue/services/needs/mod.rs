//! What a service needs: groups of resources, of each of which one or several are needed at once. A therapist and a
//! room are two groups; whoever of three gives a cut is one. Read and replaced as one set.

mod dto;
mod service;

pub use dto::{ServiceResources, ServiceResourcesReplace};
pub use service::{get, replace, tag};
