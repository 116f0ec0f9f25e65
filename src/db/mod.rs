//! The way to PostgreSQL: lazy Scopes over two pools, the outbox of a transaction, migrations,
//! the catalogue audit and the private database.

pub mod audit;
pub mod connect;
pub mod keyset;
pub mod migrate;
mod outbox;
mod pool;
pub mod private;
pub mod row;
mod scope;

pub use outbox::Event;
pub use pool::{PlatformDb, PoolSize, TenantDb, pool};
pub use scope::{Access, Closed, Scope};
