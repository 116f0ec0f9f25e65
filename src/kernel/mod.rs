//! Values without IO. Sees nothing of the rest of the service.

pub mod clock;
pub mod contact;
pub mod ids;
pub mod interval;
pub mod money;
pub mod slug;
pub mod zone;
