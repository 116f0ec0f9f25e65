//! Answers do not depend on the zone of the machine.

use std::process::Command;

use super::corpus::{answers, cases};

const MARK: &str = "answers: ";

#[test]
#[ignore = "started by the test below, once for every zone"]
fn answers_of_this_process() {
    let answers = answers(&cases());
    assert!(answers.len() > 100);
    println!("\n{MARK}{}", serde_json::Value::from(answers));
}

#[test]
fn the_machines_zone_changes_nothing() {
    let ask = |zone: &str| {
        let name = format!("{}::answers_of_this_process", module_path!().split_once("::").unwrap().1);
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name, "--ignored", "--nocapture", "--test-threads=1"])
            .env("TZ", zone)
            .output()
            .unwrap();
        let text = String::from_utf8(child.stdout).unwrap();
        text.lines().find_map(|line| line.strip_prefix(MARK)).unwrap_or_else(|| panic!("{zone}: {text}")).to_owned()
    };
    let home = ask("UTC");
    for zone in [
        "Pacific/Kiritimati",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "no such zone",
    ] {
        assert!(ask(zone) == home, "{zone} answers otherwise");
    }
}
