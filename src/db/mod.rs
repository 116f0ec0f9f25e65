//! The way to PostgreSQL: lazy Scopes over two pools, the outbox of a transaction, migrations,
//! the catalogue audit and the private database.

mod outbox;
mod pool;
mod scope;

pub use outbox::Event;
pub use pool::{PlatformDb, PoolSize, TenantDb, pool};
pub use scope::{Access, Closed, Scope};
