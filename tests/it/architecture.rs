//! Who may use whom, how large files are, and what is never written. Read from the sources, comments left out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each part of `src/` may name of the others. The first line is the bottom.
const MAY: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("error", &[]),
    ("config", &["kernel"]),
    ("lifecycle", &[]),
    ("ports", &["config", "kernel"]),
    ("db", &["config", "error", "guard", "kernel"]),
    ("guard", &["db", "domains", "error", "pipeline"]),
    ("pipeline", &["app", "config", "db", "domains", "error", "kernel"]),
    ("domains", &["app", "config", "db", "error", "guard", "kernel", "pipeline", "ports"]),
    ("jobs", &["app", "db", "domains", "error", "lifecycle"]),
    ("app", &["config", "db", "domains", "guard", "kernel", "pipeline", "ports"]),
    ("web", &["app", "kernel", "pipeline"]),
    ("server", &["web", "app", "db", "domains", "error", "guard", "lifecycle", "pipeline", "ports"]),
    ("cli", &["app", "config", "db", "domains", "error", "jobs", "kernel", "lifecycle", "ports", "server"]),
];

/// Where every row of every business may be read.
const PLATFORM_DB: &[&str] = &[
    "src/app.rs",
    "src/cli/",
    "src/db/",
    "src/domains/onboarding/",
    "src/domains/platform/",
    "src/jobs/",
    "src/pipeline/tenant/",
    "src/server/inbound_door.rs",
    "src/server/platform_door.rs",
];

const FORBIDDEN_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc", "manager", "shared_utils"];

/// Sources of one kind below a folder of the repository.
fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(Source::read(root, path));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

struct Source {
    /// From the root of the repository.
    path: String,
    text: String,
    /// Without comments, and without what is compiled for tests only.
    code: String,
}

impl Source {
    fn read(root: &Path, path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let tests_only = path.starts_with("src/") && path.ends_with("/tests.rs");
        let code = if tests_only { String::new() } else { code_of(&text) };
        Self { path, text, code }
    }

    /// The part of `src/` that it belongs to.
    fn part(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The domain that it belongs to.
    fn domain(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/domains/")?;
        below.contains('/').then(|| below.split('/').next().unwrap())
    }

    /// The room that it is: `api`, `rules` and so on, whether a file or a folder.
    fn room(&self) -> Option<&'static str> {
        const ROOMS: &[&str] = &["api", "dto", "service", "rules", "events"];
        let parts: Vec<&str> = self.path.trim_end_matches(".rs").split('/').collect();
        ROOMS.iter().copied().find(|room| parts.iter().skip(2).any(|part| part == room))
    }

    /// Every path that begins at the crate, braces opened: `crate::a::{b, c::d}` is `a::b` and `a::c::d`.
    fn crate_paths(&self) -> Vec<String> {
        paths_after(&self.code, "crate::")
    }
}

fn code_of(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
    let bare = |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    lines.map(|line| bare(line) + "\n").collect()
}

fn paths_after(code: &str, root: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(root) {
        let before = code[..at].chars().next_back();
        if before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':') {
            open(&code[at + root.len()..], "", &mut paths);
        }
    }
    paths
}

/// Reads one path with its braces; gives the rest.
fn open<'t>(text: &'t str, prefix: &str, paths: &mut Vec<String>) -> &'t str {
    let name =
        text.len() - text.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '*').len();
    let (name, mut rest) = text.split_at(name);
    let path = format!("{prefix}{name}");
    let Some(inside) = rest.strip_prefix('{') else {
        paths.push(path.trim_end_matches(':').to_owned());
        return rest;
    };
    rest = inside;
    loop {
        rest = open(rest.trim_start(), &path, paths).trim_start();
        if let Some(after) = rest.strip_prefix("as ") {
            rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        }
        match rest.strip_prefix(',') {
            Some(after) if after.trim_start().starts_with('}') => return &after.trim_start()[1..],
            Some(after) => rest = after,
            None => return rest.strip_prefix('}').unwrap_or(rest),
        }
    }
}

#[track_caller]
fn none(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn parts_use_only_what_they_may() {
    let mut found = Vec::new();
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let all = sources("src");
    for source in all.iter().filter(|source| !matches!(source.part(), "lib" | "main")) {
        let Some((part, may)) = MAY.iter().find(|(part, _)| *part == source.part()) else {
            found.push(format!("{}: the table does not know this part", source.path));
            continue;
        };
        for path in source.crate_paths() {
            let named = path.split("::").next().unwrap().to_owned();
            if named != *part && !may.contains(&named.as_str()) {
                found.push(format!("{} names {path}", source.path));
            }
            used.entry(part).or_default().insert(named);
        }
    }
    for (part, may) in MAY {
        for named in may.iter().filter(|named| !used.get(part).is_some_and(|used| used.contains(**named))) {
            found.push(format!("{part} needs {named} no more: take it off the table"));
        }
    }
    none(found);
}

#[test]
fn the_pipeline_knows_two_domains() {
    let mut found = Vec::new();
    for source in sources("src").iter().filter(|source| matches!(source.part(), "pipeline" | "guard" | "db" | "ports"))
    {
        for path in source.crate_paths() {
            if let Some(domain) = path.strip_prefix("domains::")
                && !(domain.starts_with("identity") || domain.starts_with("tenancy"))
            {
                found.push(format!("{} names {path}", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn domains_meet_at_their_front_doors() {
    let mut found = Vec::new();
    for source in sources("src") {
        for path in source.crate_paths() {
            let mut parts = path.split("::");
            let (Some("domains"), Some(domain)) = (parts.next(), parts.next()) else { continue };
            let rooms: Vec<&str> = parts.collect();
            let room = rooms.iter().find(|room| matches!(**room, "api" | "dto" | "service" | "events" | "query"));
            // `api` at the end is the function that mounts a domain
            if Some(domain) != source.domain()
                && room.is_some_and(|room| *room != "api" || rooms.last() != Some(&"api"))
            {
                found.push(format!("{} reaches into {path}", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn calls_go_one_way() {
    let mut found = Vec::new();
    for source in sources("src/domains") {
        let below: &[&str] = match source.room() {
            Some("rules") => &["api", "service", "events"],
            Some("service" | "dto") => &["api"],
            _ => continue,
        };
        // inside a folder of rules the files are each other's, whatever they are called
        let above = if source.path.contains("/rules/") { "super::super::" } else { "super::" };
        let own: Vec<String> = paths_after(&source.code, above).into_iter().chain(source.crate_paths()).collect();
        for path in own {
            let foreign = path.strip_prefix("domains::").and_then(|rest| rest.split("::").next());
            let is_own = foreign.is_none() || foreign == source.domain();
            if is_own && path.split("::").any(|part| below.contains(&part)) {
                found.push(format!("{} names {path}", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn rules_are_pure() {
    let mut found = Vec::new();
    for source in sources("src").iter().filter(|source| source.room() == Some("rules") || source.part() == "kernel") {
        for word in ["sea_orm", "sqlx", "tokio", "async ", ".await", "Scope", "Clock::system", "rand::"] {
            if source.code.contains(word)
                && !source.path.ends_with("kernel/clock.rs")
                && !source.path.ends_with("kernel/ids.rs")
            {
                found.push(format!("{} holds `{word}`", source.path));
            }
        }
        for path in source.crate_paths() {
            let known = ["kernel", "error"].iter().any(|part| path.starts_with(part));
            // wall times as they are written: as pure as rules
            let rules = path.starts_with("domains::") && (path.contains("::rules") || path.ends_with("::wall"));
            if source.part() != "kernel" && !known && !rules {
                found.push(format!("{} names {path}", source.path));
            }
        }
        for path in paths_after(&source.code, "::entity::") {
            if !path.starts_with("enums") && !path.starts_with("ids") {
                found.push(format!("{} names entity::{path}", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn operations_hold_no_sql() {
    let mut found = Vec::new();
    for source in
        sources("src/domains").iter().filter(|source| source.room() == Some("api") || source.room() == Some("dto"))
    {
        for word in ["sea_orm::", "Statement", "SELECT ", "INSERT ", "UPDATE app."] {
            if source.code.contains(word) {
                found.push(format!("{} holds `{word}`", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn every_row_of_every_business_is_read_in_few_places() {
    let mut found = Vec::new();
    for source in sources("src") {
        if source.code.contains("PlatformDb") && !PLATFORM_DB.iter().any(|place| source.path.starts_with(place)) {
            found.push(format!("{} names PlatformDb", source.path));
        }
    }
    none(found);
}

#[test]
fn files_are_short() {
    let mut found = Vec::new();
    let mut lengths = Vec::new();
    for (folder, most) in [("src", 500), ("entity", 500), ("migration", 500), ("tests", 600), ("benches", 600)] {
        for source in sources(folder) {
            let lines = source.text.lines().count();
            if lines > most {
                found.push(format!("{}: {lines} lines of {most}", source.path));
            }
            if folder == "src" {
                lengths.push(lines);
            }
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    if median > 120 {
        found.push(format!("the median of src/ is {median} lines of 120"));
    }
    none(found);
}

#[test]
fn modules_are_named_for_what_they_own_and_say_it() {
    let mut found = Vec::new();
    for folder in ["src", "entity", "migration", "tests", "benches"] {
        for source in sources(folder) {
            if source.path.trim_end_matches(".rs").split('/').any(|part| FORBIDDEN_NAMES.contains(&part)) {
                found.push(format!("{}: the name says nothing", source.path));
            }
            if !source.text.starts_with("//! ") {
                found.push(format!("{}: no header says what it owns", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn what_is_never_written() {
    let never = [
        ("#[allow", "expect it, with a reason"),
        ("#![allow", "expect it, with a reason"),
        (".unwrap()", "handle it"),
        (".expect(", "handle it"),
        ("todo!", "build it"),
        ("unimplemented!", "build it"),
        ("panic!", "answer an error"),
        ("dbg!", "take it out"),
    ];
    let mut found = Vec::new();
    for source in ["src", "entity/src", "migration/src"].into_iter().flat_map(sources) {
        for (number, line) in source.code.lines().enumerate() {
            for (word, advice) in never.iter().filter(|(word, _)| line.contains(word)) {
                found.push(format!("{}:{}: `{word}`: {advice}", source.path, number + 1));
            }
        }
    }
    for source in ["src", "entity", "migration", "tests", "benches"].into_iter().flat_map(sources) {
        for place in [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("crates", ".io")] {
            if source.text.contains(place) {
                found.push(format!("{}: names `{place}`, a place on somebody's machine", source.path));
            }
        }
    }
    none(found);
}

#[test]
fn every_test_file_is_listed_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut found = Vec::new();
    for source in sources("tests/it") {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&source.path);
        let (folder, name) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let (listed_in, name) = match name {
            "main" => continue,
            "mod" => (folder.parent().unwrap(), folder.file_name().unwrap().to_str().unwrap()),
            name => (folder, name),
        };
        let list = if listed_in == root { listed_in.join("main.rs") } else { listed_in.join("mod.rs") };
        let list = fs::read_to_string(list).unwrap();
        let times =
            list.lines().filter(|line| line.trim_start_matches("pub ").trim_end() == format!("mod {name};")).count();
        if times != 1 {
            found.push(format!("{} is listed {times} times", source.path));
        }
    }
    none(found);
}

#[test]
fn the_reader_of_paths_reads() {
    let code = "use crate::a::{self, b::{C, D as E}, f,};\nlet x = crate::g::H::new();\nuse super::crate_x;";
    assert_eq!(paths_after(code, "crate::"), ["a::self", "a::b::C", "a::b::D", "a::f", "g::H::new"]);
    assert_eq!(code_of("a\n// b\n#[cfg(test)]\nc"), "a\n\n");
}
