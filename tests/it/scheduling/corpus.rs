//! Every case of the corpus, through the same door as `tithi slots`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tithi::cli::slots::run;

pub const CORPUS: &str = include_str!("../../../fixtures/scheduling/slot_cases.jsonl");

/// Cases that are refused, each with what it asks for. The list may only get shorter.
const REFUSED: [(&str, &str); 10] = [
    ("slots-040", "grid.offset_in_step"),
    ("slots-086", "buffer_model=max"),
    ("sequence-002", "kind sequence"),
    ("sequence-003", "kind sequence"),
    ("sequence-004", "kind sequence"),
    ("sequence-005", "kind sequence"),
    ("sequence-006", "kind sequence"),
    ("sequence-008", "kind sequence"),
    ("sequence-010", "kind sequence"),
    ("sequence-012", "kind sequence"),
];

pub fn cases() -> Vec<Value> {
    CORPUS.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the command sees of a case: not the expectation.
pub fn answers(cases: &[Value]) -> Vec<Value> {
    let lines: String = cases
        .iter()
        .map(|case| {
            serde_json::json!({"id": case["id"], "kind": case["kind"], "input": case["input"]}).to_string() + "\n"
        })
        .collect();
    let mut output = Vec::new();
    run(lines.as_bytes(), &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_case_is_answered_exactly_or_refused_by_name() {
    let cases = cases();
    let answers = answers(&cases);
    assert_eq!((cases.len(), answers.len()), (186, 186));
    let refused: BTreeMap<_, _> = REFUSED.into_iter().collect();
    let mut wrong = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let id = case["id"].as_str().unwrap();
        assert_eq!(answer["id"], id);
        if let Some(policy) = refused.get(id) {
            let why = answer["unsupported"].as_str().unwrap_or_default();
            if !why.contains(policy) {
                wrong.push(format!("{id}: to be refused for {policy}, answered {answer}"));
            }
            continue;
        }
        let expected = case["expect"].as_object().unwrap();
        let members = expected.iter().filter(|(name, _)| !(case["kind"] == "slots" && name.as_str() == "count"));
        for (name, value) in members {
            if answer[name] != *value {
                wrong.push(format!("{id} {}: {name}\n  expected {value}\n  answered {answer}", case["title"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_kind_is_in_the_corpus() {
    let kinds: BTreeSet<_> = cases().iter().map(|case| case["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds.len(), 10);
}
