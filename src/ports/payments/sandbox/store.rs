//! What the sandbox remembers: JSON records by account and id, in memory, and in a journal where one is given.
//!
//! What must stay true: a request's records reach the journal together, before its answer leaves; a half-written last
//! line is one that nobody was answered about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::journal::{Journal, Line};

/// Whose record: the account (nothing for the platform's own) and the id.
pub(super) type Key = (String, String);

/// A record's field that says when it wants to be looked at again, in seconds. Fields with this mark are never shown.
pub(super) const DUE: &str = "_due";

struct Record {
    seq: u64,
    value: Value,
}

#[derive(Default)]
pub(super) struct Store {
    records: BTreeMap<Key, Record>,
    due: BTreeSet<(i64, Key)>,
    last: u64,
    changed: BTreeSet<Key>,
    journal: Option<Journal>,
}

impl Store {
    /// Reads what an earlier process has written, and goes on writing there.
    pub(super) fn attach(&mut self, mut journal: Journal) -> std::io::Result<()> {
        for Line { seq, account, id, value } in journal.read()? {
            self.last = self.last.max(seq);
            self.insert((account, id), seq, value);
        }
        let all = self.records.iter().map(|(key, record)| line(key, record));
        journal.begin(all)?;
        self.journal = Some(journal);
        Ok(())
    }

    pub(super) fn get(&self, account: &str, id: &str) -> Option<&Value> {
        self.records.get(&(account.to_owned(), id.to_owned())).map(|record| &record.value)
    }

    pub(super) fn put(&mut self, account: &str, id: &str, value: Value) {
        let key = (account.to_owned(), id.to_owned());
        let seq = match self.records.get(&key) {
            Some(record) => record.seq,
            None => {
                self.last += 1;
                self.last
            }
        };
        self.changed.insert(key.clone());
        self.insert(key, seq, value);
    }

    fn insert(&mut self, key: Key, seq: u64, value: Value) {
        if let Some(at) = value[DUE].as_i64() {
            self.due.insert((at, key.clone()));
        }
        if let Some(old) = self.records.insert(key.clone(), Record { seq, value })
            && let Some(at) = old.value[DUE].as_i64()
            && self.records.get(&key).is_some_and(|record| record.value[DUE].as_i64() != Some(at))
        {
            self.due.remove(&(at, key));
        }
    }

    /// All records of an account whose ids begin so, the newest first.
    pub(super) fn list(&self, account: &str, prefix: &str) -> Vec<&Value> {
        let from = (account.to_owned(), prefix.to_owned());
        let all = self.records.range(from..);
        let mut found: Vec<_> = all.take_while(|((of, id), _)| of == account && id.starts_with(prefix)).collect();
        found.sort_by_key(|(_, record)| std::cmp::Reverse(record.seq));
        found.into_iter().map(|(_, record)| &record.value).collect()
    }

    /// Records of any account whose time has come, the longest waiting first.
    pub(super) fn due(&self, now: i64) -> Vec<Key> {
        let mut due: Vec<&(i64, Key)> = self.due.iter().take_while(|(at, _)| *at <= now).collect();
        due.sort_by_key(|(at, key)| (*at, self.records.get(key).map_or(0, |record| record.seq)));
        due.into_iter().map(|(_, key)| key.clone()).collect()
    }

    /// A number that no other record has had.
    pub(super) fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Makes what was put last.
    pub(super) fn commit(&mut self) -> std::io::Result<()> {
        let changed = std::mem::take(&mut self.changed);
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let lines = changed.iter().filter_map(|key| Some(line(key, self.records.get(key)?)));
        journal.write(lines)
    }
}

fn line((account, id): &Key, record: &Record) -> Line {
    Line { seq: record.seq, account: account.clone(), id: id.clone(), value: record.value.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_are_found_by_account_and_kind_the_newest_first() {
        let mut store = Store::default();
        for (account, id) in [("", "pi_1"), ("acct_a", "pi_2"), ("acct_a", "pi_1"), ("acct_a", "re_1")] {
            store.put(account, id, json!({"id": id}));
        }
        store.put("acct_a", "pi_2", json!({"id": "pi_2", "again": true}));
        let ids: Vec<_> = store.list("acct_a", "pi_").iter().map(|value| value["id"].clone()).collect();
        assert_eq!(ids, ["pi_1", "pi_2"]);
        assert!(store.get("", "pi_2").is_none(), "another account's");
    }

    #[test]
    fn what_is_due_comes_in_its_order_and_once_done_no_more() {
        let mut store = Store::default();
        for (id, at) in [("a", 30), ("b", 10), ("c", 10)] {
            store.put("", id, json!({"_due": at}));
        }
        assert_eq!(store.due(29).iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        store.put("", "b", json!({}));
        store.put("", "c", json!({"_due": 40}));
        assert_eq!(store.due(39).len(), 1);
    }

    #[test]
    fn a_journal_brings_back_what_was_committed_and_forgets_half_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.journal");
        let mut store = Store::default();
        store.attach(Journal::open(&path).unwrap()).unwrap();
        store.put("acct_a", "pi_1", json!({"id": "pi_1", "amount": 1}));
        store.put("acct_a", "pi_1", json!({"id": "pi_1", "amount": 2}));
        store.commit().unwrap();
        store.put("acct_a", "pi_2", json!({"id": "pi_2"}));
        drop(store);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], b"[[9,\"acct_a\",\"pi_9\",{\"id\":\"pi"].concat()).unwrap();

        let mut again = Store::default();
        again.attach(Journal::open(&path).unwrap()).unwrap();
        assert_eq!(again.get("acct_a", "pi_1").unwrap()["amount"], 2);
        assert!(again.get("acct_a", "pi_2").is_none(), "never committed");
        assert!(again.get("acct_a", "pi_9").is_none(), "half a line");
        assert!(again.number() > 1);
    }

    #[test]
    fn two_processes_do_not_write_one_journal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sandbox.journal");
        let first = Journal::open(&path).unwrap();
        assert!(Journal::open(&path).is_err());
        drop(first);
        assert!(Journal::open(&path).is_ok());
    }
}
