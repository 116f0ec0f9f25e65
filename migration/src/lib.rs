//! Schema migrations: forward only; policies run as a repeatable last step.
