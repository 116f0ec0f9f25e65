//! The scheduling engine: the case corpus, and properties against an independent reading of the rules.

mod corpus;
