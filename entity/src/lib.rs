//! SeaORM entities: one file a table, typed ids, no logic.
