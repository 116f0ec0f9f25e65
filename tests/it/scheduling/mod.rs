//! The scheduling engine: the case corpus, and properties against an independent reading of the rules.

mod command;
mod corpus;
mod explain;
mod listing;
mod machine;
mod oracle;
mod worlds;
