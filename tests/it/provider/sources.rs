//! What the sources must not hold.
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn s01_no_strategy_but_that_with_our_key_is_named() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let mut named = 0;
    for path in found.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        for strategy in fs::read_to_string(path).unwrap().split("RequestStrategy::").skip(1) {
            named += 1;
            assert!(strategy.starts_with("Idempotent"), "{}: RequestStrategy::{}", path.display(), &strategy[..20]);
        }
    }
    assert!(named > 0, "the test looks in the wrong place");
}

#[test]
fn s18_no_card_number_stands_anywhere() {
    let mut found = Vec::new();
    for folder in ["src", "fixtures", "tests"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    for path in found {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let digits: Vec<String> = text
            .split(|c: char| !c.is_ascii_digit() && c != ' ' && c != '-')
            .map(|run| run.chars().filter(char::is_ascii_digit).collect())
            .collect();
        let number = digits.iter().find(|digits| (15..=16).contains(&digits.len()) && digits.starts_with("4242"));
        assert_eq!(number, None, "{}", path.display());
    }
}
