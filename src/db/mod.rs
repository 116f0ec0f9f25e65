//! The way to PostgreSQL: lazy Scopes over two pools, the outbox of a transaction, the versions of what was
//! committed, migrations, the catalogue audit and the private database. And the way to Redis.

pub mod audit;
pub mod connect;
pub mod keyset;
pub mod migrate;
mod outbox;
mod pool;
pub mod private;
mod redis;
pub mod row;
mod scope;
mod version;

pub use outbox::Event;
pub use pool::{PlatformDb, PoolSize, TenantDb, pool};
pub use redis::Redis;
pub use scope::{Access, Closed, Scope};
pub use version::{KEPT, Version, Versions};
