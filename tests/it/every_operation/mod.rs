//! What holds for every operation, driven by the published document: an operation that is added is tried at once.
//!
//! Exceptions stand in lists with their reason. A list may only shrink: an entry that is not needed fails its test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod caller;
mod document;
mod dry_run;
mod idempotency;
mod lowest_role;
mod money;
mod other_tenant;
mod problem;
mod stranger;
mod success;
mod world;

use std::collections::BTreeSet;

/// Operations that are excused from a rule, each with the reason.
type Excused = &'static [(&'static str, &'static str)];

/// What a test over all operations found out.
struct Verdicts {
    excused: Excused,
    failed: Vec<String>,
    used: BTreeSet<&'static str>,
}

impl Verdicts {
    fn new(excused: Excused) -> Self {
        Self { excused, failed: Vec::new(), used: BTreeSet::new() }
    }

    /// Notes what is wrong with an operation, unless it is excused.
    fn wrong(&mut self, operation: &document::Operation, what: impl Into<String>) {
        match self.excused.iter().find(|(id, _)| *id == operation.id) {
            Some((id, _)) => {
                self.used.insert(id);
            }
            None => {
                let fault = format!("{operation}: {}", what.into());
                if !self.failed.contains(&fault) {
                    self.failed.push(fault);
                }
            }
        }
    }

    #[track_caller]
    fn done(mut self) {
        for (id, reason) in self.excused {
            if !self.used.contains(id) {
                self.failed.push(format!("{id} needs no excuse any more: {reason}"));
            }
        }
        assert!(self.failed.is_empty(), "\n{}", self.failed.join("\n"));
    }
}
