//! Values and rules that need no IO: nothing here sees the rest of the service.

pub mod interval;
pub mod zone;
