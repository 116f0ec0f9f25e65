//! `tithi slots`: one answer a line, whatever the line; and the parts of the format beyond the corpus.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use tithi::cli::slots::run;

use super::corpus::CORPUS;

fn answers(input: &[u8]) -> Vec<Value> {
    let mut output = Vec::new();
    run(input, &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn answer(kind: &str, input: Value) -> Value {
    let line = json!({"id": "x", "kind": kind, "input": input}).to_string();
    answers(line.as_bytes()).pop().unwrap()
}

/// Monday 5 January 2026, 09:00 to 12:00 UTC, an hour each; `change` adds to it.
fn morning(change: Value) -> Value {
    let mut input = json!({
        "now": "2026-01-01T00:00:00Z",
        "query": {"from": "2026-01-05T00:00:00Z", "to": "2026-01-06T00:00:00Z"},
        "service": {"duration_min": 60},
        "resources": [{"id": "h", "timezone": "UTC", "weekly": [{"days": ["mon"], "from": "09:00", "to": "12:00"}]}],
    });
    merge(&mut input, change);
    answer("slots", input)
}

fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            change.into_iter().for_each(|(name, value)| merge(into.entry(name).or_insert(Value::Null), value));
        }
        (Value::Array(into), Value::Array(change)) if into.len() == 1 && change.len() == 1 => {
            change.into_iter().for_each(|value| merge(&mut into[0], value));
        }
        (into, change) => *into = change,
    }
}

fn hours(answer: &Value) -> Vec<&str> {
    let starts = answer["starts"].as_array().unwrap_or_else(|| panic!("{answer}"));
    starts.iter().map(|start| &start.as_str().unwrap()[11..16]).collect()
}

#[test]
fn a_bad_line_is_answered_and_the_run_goes_on() {
    let mut input = b"{\n[1]\n\n\xff\xfe\n".to_vec();
    input.extend(b"{\"id\":7,\"kind\":\"slots\",\"input\":{}}\n{\"id\":\"k\",\"kind\":\"poem\"}\n{\"kind\":3}\n");
    input.extend(vec![b'x'; (1 << 20) + 5]);
    input.extend(b"\n{\"id\":\"last\",\"kind\":\"limit_config\",\"input\":{}}");
    let answers = answers(&input);
    assert_eq!(answers.len(), 8);
    assert!(answers[..3].iter().all(|a| a["error"].is_string() && a.get("id").is_none()), "{answers:?}");
    assert!(answers[3]["id"] == 7 && answers[3]["error"].is_string());
    assert!(answers[4]["id"] == "k" && answers[4]["unsupported"].is_string());
    assert!(answers[5]["error"].is_string());
    assert!(answers[6]["error"].as_str().unwrap().contains("longer than"), "{}", answers[6]);
    assert_eq!(answers[7], json!({"id": "last", "valid": true}));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_case_gets_one_answer(case: Index, at: Index, byte in 0x20u8..0x7f, cut: bool) {
        let lines: Vec<_> = CORPUS.lines().collect();
        let mut line = case.get(&lines).as_bytes().to_vec();
        let at = at.index(line.len());
        if cut { line.truncate(at) } else { line[at] = byte }
        prop_assert!(answers(&line).len() <= 1);
        line.extend(b"\n{\"kind\":\"limit_config\",\"input\":{}}");
        prop_assert_eq!(&answers(&line).pop().unwrap()["valid"], true);
    }
}

#[test]
fn a_line_of_just_the_limit_is_read() {
    let mut line = b"{\"id\":1,\"kind\":\"limit_config\",\"input\":{}}".to_vec();
    line.resize(1 << 20, b' ');
    line.extend(b"\n{}");
    let answers = answers(&line);
    assert_eq!((answers.len(), &answers[0]), (2, &json!({"id": 1, "valid": true})));
}

#[test]
fn unknown_policies_are_named_and_remarks_are_not_policies() {
    let refused = [
        (json!({"grid": {"anchor": "moon"}}), "grid.anchor=moon"),
        (json!({"grid": {"anchor": "free_start", "rounding": "down"}}), "grid.rounding=down"),
        (json!({"grid": {"per_host": true}}), "grid.per_host"),
        (json!({"grid": {"rounding": "up"}}), "grid.rounding with grid.anchor=opening_start"),
        (json!({"grid": {"anchor": "wall_clock", "align_min": 15}}), "grid.align_min with grid.anchor=wall_clock"),
        (json!({"buffer_model": "min"}), "buffer_model=min"),
        (json!({"assign": {"mode": "lottery"}}), "assign.mode=lottery"),
        (json!({"service": {"window": {"type": "fortnight", "days": 1}}}), "service.window.type=fortnight"),
        (json!({"service": {"price": 3}}), "service.price"),
        (json!({"query": {"to": "2126-01-05T00:00:00Z"}}), "longer than"),
    ];
    for (change, policy) in refused {
        let answer = morning(change);
        assert!(answer["unsupported"].as_str().is_some_and(|why| why.contains(policy)), "{policy}: {answer}");
    }
    let remarks = json!({"grid": {"note": "as ever", "per_host": false}});
    assert_eq!(hours(&morning(remarks)), ["09:00", "10:00", "11:00"]);
}

#[test]
fn malformed_values_are_errors() {
    for change in [
        json!({"resources": [{"timezone": "Mars/Olympus"}]}),
        json!({"service": {"duration_min": 0}}),
        json!({"service": {"duration_min": -5}}),
        json!({"assign": {"mode": "any", "pool": ["nobody"]}}),
        json!({"resources": [{"weekly": [{"days": ["someday"], "from": "09:00", "to": "10:00"}]}]}),
        json!({"resources": [{"weekly": [{"days": ["mon"], "from": "09:00", "to": "25:00"}]}]}),
    ] {
        let answer = morning(change);
        assert!(answer["error"].is_string(), "{answer}");
    }
}

#[test]
fn what_is_null_is_not_there() {
    let nothing = json!({"grid": null, "assign": null, "limits": null, "buffer_model": null,
        "service": {"seats": null}, "resources": [{"busy": null, "timezone": null}], "timezone": "Europe/Berlin"});
    assert_eq!(hours(&morning(nothing)), ["08:00", "09:00", "10:00"]);
}

#[test]
fn buffers_of_neighbours_add_up() {
    let day = |model: Value, after: u32| {
        let busy = json!([{"start": "2026-01-05T09:00:00Z", "end": "2026-01-05T09:30:00Z", "buffer_after_min": after}]);
        let service = json!({"interval_min": 15, "buffer_before_min": 15});
        morning(json!({"buffer_model": model, "service": service, "resources": [{"busy": busy}]}))
    };
    assert_eq!(hours(&day(json!(null), 15)), ["10:00", "10:15", "10:30", "10:45", "11:00"]);
    assert_eq!(hours(&day(json!("max"), 0))[0], "09:45");
    assert_eq!(day(json!("max"), 15)["unsupported"], "buffer_model=max");
    assert_eq!(day(json!("candidate_only"), 15)["unsupported"], "buffer_model=candidate_only");
}

#[test]
fn a_hold_blocks_until_it_expires() {
    let busy = |expires: &str| {
        let busy = json!([{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T11:00:00Z", "status": "held",
            "expires_at": expires}]);
        morning(json!({"resources": [{"busy": busy}]}))
    };
    assert_eq!(hours(&busy("2026-01-01T00:00:01Z")), ["09:00", "11:00"]);
    assert_eq!(hours(&busy("2026-01-01T00:00:00Z")), ["09:00", "10:00", "11:00"]);
}

#[test]
fn an_absence_takes_time_and_leaves_the_grid() {
    let absent = |absence: Value| morning(json!({"resources": [{"absences": [absence]}]}));
    assert_eq!(
        hours(&absent(json!({"start": "2026-01-05T08:00:00Z", "end": "2026-01-05T09:30:00Z"}))),
        ["10:00", "11:00"]
    );
    assert!(hours(&absent(json!({"from_date": "2026-01-04", "to_date": "2026-01-05"}))).is_empty());
    assert_eq!(hours(&absent(json!({"date": "2026-01-04"}))).len(), 3);
}

#[test]
fn who_travels_keeps_hours_in_the_zone_of_the_day() {
    let travel = |from: &str, to: Value| {
        let periods = json!([{"from": from, "to": to, "timezone": "America/New_York"}]);
        morning(json!({"resources": [{"timezone_periods": periods}]}))
    };
    assert_eq!(hours(&travel("2026-01-05", json!("2026-01-05"))), ["14:00", "15:00", "16:00"]);
    assert_eq!(hours(&travel("2026-01-05T00:00:00Z", json!(null))), ["14:00", "15:00", "16:00"]);
    assert_eq!(hours(&travel("2026-01-06", json!(null))), ["09:00", "10:00", "11:00"]);
    assert_eq!(hours(&travel("2026-01-01", json!("2026-01-05T00:00:00Z"))), ["09:00", "10:00", "11:00"]);
}

#[test]
fn wall_clock_starts_do_not_depend_on_the_opening() {
    let change = json!({"grid": {"anchor": "wall_clock"}, "service": {"interval_min": 30},
        "resources": [{"weekly": [{"days": ["mon"], "from": "09:10", "to": "11:00"}]}]});
    assert_eq!(hours(&morning(change)), ["09:30", "10:00"]);
}

#[test]
fn slots_may_have_to_end_inside_the_query() {
    let query = |inside: bool| {
        let query = json!({"to": "2026-01-05T11:30:00Z", "slot_must_end_inside": inside});
        morning(json!({"query": query}))
    };
    assert_eq!(hours(&query(false)), ["09:00", "10:00", "11:00"]);
    assert_eq!(hours(&query(true)), ["09:00", "10:00"]);
}

#[test]
fn pooled_units_are_counted_at_their_peak() {
    let pool = |party: u32| {
        let out = json!([{"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T10:30:00Z", "qty": 2},
            {"start": "2026-01-05T10:30:00Z", "end": "2026-01-05T11:30:00Z", "qty": 1}]);
        morning(json!({"service": {"party": party}, "resources": [{"capacity": 3, "busy": out}]}))
    };
    assert_eq!(hours(&pool(1)), ["09:00", "10:00", "11:00"]);
    assert_eq!(hours(&pool(2)), ["09:00", "11:00"]);
    assert_eq!(hours(&pool(3)), ["09:00"]);
    assert!(hours(&pool(4)).is_empty());
}

#[test]
fn a_week_of_a_limit_begins_where_it_says() {
    let quota = |week_start: Value| {
        let limit = json!({"timezone": "UTC", "per": "week", "week_start": week_start, "max_count": 1,
            "existing": [{"start": "2026-01-04T10:00:00Z", "end": "2026-01-04T11:00:00Z"}],
            "new": {"start": "2026-01-05T10:00:00Z", "end": "2026-01-05T11:00:00Z"}});
        answer("quota", limit)["exceeds"].as_bool().unwrap()
    };
    assert!(quota(json!("sun")) && quota(json!(0)) && quota(json!(7)));
    assert!(!quota(json!("mon")) && !quota(json!(1)) && !quota(json!(null)));
}

#[test]
fn a_limit_may_hold_on_certain_days_only() {
    let quota = |days: Value| {
        let on = |date: &str| json!({"start": format!("{date}T10:00:00Z"), "end": format!("{date}T11:00:00Z")});
        let limit = json!({"timezone": "UTC", "per": "week", "enforce_on": days, "max_count": 2,
            "existing": [on("2026-01-05"), on("2026-01-09")], "new": on("2026-01-06")});
        answer("quota", limit)["exceeds"].as_bool().unwrap()
    };
    assert!(quota(json!(null)) && quota(json!(["mon", "tue", "fri"])));
    assert!(!quota(json!(["mon", "tue"])) && !quota(json!(["mon", "fri"])));
}

#[test]
fn one_resource_of_several_may_be_asked_for() {
    let shop = |assign: Value| {
        let resource =
            |id: &str, from: &str| json!({"id": id, "weekly": [{"days": ["mon"], "from": from, "to": "12:00"}]});
        morning(json!({"assign": assign, "resources": [resource("a", "10:00"), resource("b", "11:00")]}))
    };
    assert_eq!(hours(&shop(json!({"mode": "one", "resource": "b"}))), ["11:00"]);
    assert_eq!(hours(&shop(json!({"mode": "one", "pool": ["a"]}))), ["10:00", "11:00"]);
    assert!(shop(json!({"mode": "one"}))["error"].is_string());
    assert_eq!(hours(&shop(json!({"mode": "any"}))), ["10:00", "11:00"]);
    assert_eq!(hours(&shop(json!(null))), ["11:00"]);
    assert_eq!(hours(&shop(json!({"mode": "fixed_plus_any", "fixed": ["b"]}))), ["11:00"]);
    assert!(hours(&shop(json!({"mode": "any", "pool": []}))).is_empty());
}

#[test]
fn other_algebra_is_refused() {
    let answered = answer("interval_algebra", json!({"op": "complement", "ranges": []}));
    assert!(answered["unsupported"].is_string(), "{answered}");
}

#[test]
fn assignment_names_everyone_who_ties() {
    let members = json!([{"id": "a", "last_assigned": "2026-01-02T00:00:00Z", "bookings": 1, "priority": 2},
        {"id": "b", "last_assigned": null, "bookings": 4, "priority": 2}, {"id": "c", "bookings": 1, "priority": 1}]);
    let ask =
        |algorithm: &str| answer("assignment", json!({"algorithm": algorithm, "members": members}))["one_of"].clone();
    assert_eq!(ask("least_recent"), json!(["b", "c"]));
    assert_eq!(ask("fewest_bookings"), json!(["a", "c"]));
    assert_eq!(ask("priority"), json!(["a", "b"]));
}
