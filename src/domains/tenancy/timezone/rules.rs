//! Searching the list of zones, and the same instant on two walls.

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::kernel::zone::{self, UnknownZone, Zone};

/// A zone and how far it is from Greenwich at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneAt {
    pub name: String,
    pub offset_seconds: i32,
}

/// Zones whose name holds every word of `words`, in the order of their names, after `after`; one more than
/// `most`, so that the caller sees whether there are more.
pub fn search(words: Option<&str>, after: Option<&str>, most: usize, at: DateTime<Utc>) -> Vec<ZoneAt> {
    let words = words.unwrap_or_default().to_lowercase().replace([' ', '_'], "/");
    let words: Vec<_> = words.split('/').filter(|word| !word.is_empty()).collect();
    let fits = |name: &String| {
        let name = name.to_lowercase();
        after.is_none_or(|after| name.as_str() > after) && words.iter().all(|word| name.contains(word))
    };
    let mut names: Vec<_> = zone::names().into_iter().filter(fits).collect();
    names.sort_by_key(|name| name.to_lowercase());
    let zones = names.into_iter().filter_map(|name| {
        let offset_seconds = Zone::parse(&name).ok()?.offset(at);
        Some(ZoneAt { name, offset_seconds })
    });
    zones.take(most + 1).collect()
}

/// `+05:45`; seconds only where a zone has them.
pub fn offset_text(seconds: i32) -> String {
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let text = format!("{sign}{:02}:{:02}", all / 3600, all / 60 % 60);
    if all % 60 == 0 { text } else { format!("{text}:{:02}", all % 60) }
}

/// A wall time as one place reads it and as another does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    pub at: DateTime<Utc>,
    pub from: (NaiveDateTime, i32),
    pub to: (NaiveDateTime, i32),
}

/// The wall time `local` of `from`, in `to`. A time that the clocks skip moves forward by what they skip,
/// one that they show twice is the first of the two (see `kernel::zone`).
pub fn convert(local: NaiveDateTime, from: &str, to: &str) -> Result<Converted, UnknownZone> {
    let (from, to) = (Zone::parse(from)?, Zone::parse(to)?);
    let at = from.instant(local);
    Ok(Converted { at, from: (from.local(at), from.offset(at)), to: (to.local(at), to.offset(at)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<Utc> {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_word_must_stand_in_the_name() {
        let names = |words| search(Some(words), None, 100, at()).into_iter().map(|zone| zone.name).collect::<Vec<_>>();
        assert_eq!(names("new york"), ["America/New_York"]);
        assert_eq!(names("europe/berl"), ["Europe/Berlin"]);
        assert!(names("no such place").is_empty());
    }

    #[test]
    fn pages_join_without_gap_or_repeat() {
        let all = search(None, None, 10_000, at());
        let mut walked: Vec<ZoneAt> = Vec::new();
        loop {
            let after = walked.last().map(|zone| zone.name.to_lowercase());
            let mut page = search(None, after.as_deref(), 50, at());
            let more = page.len() > 50;
            page.truncate(50);
            walked.extend(page);
            if !more {
                break;
            }
        }
        assert!(all.len() > 400);
        assert_eq!(walked, all);
    }

    #[test]
    fn offsets_read_as_people_write_them() {
        for (seconds, text) in [(0, "+00:00"), (20_700, "+05:45"), (-12_600, "-03:30"), (7_200, "+02:00")] {
            assert_eq!(offset_text(seconds), text);
        }
        assert_eq!(search(Some("europe/berlin"), None, 1, at())[0].offset_seconds, 7_200);
    }

    #[test]
    fn a_wall_time_is_read_elsewhere() {
        let local = "2026-03-08T02:30:00".parse().unwrap();
        let converted = convert(local, "America/New_York", "Europe/Berlin").unwrap();
        assert_eq!(converted.at.to_rfc3339(), "2026-03-08T07:30:00+00:00");
        assert_eq!(converted.from, ("2026-03-08T03:30:00".parse().unwrap(), -14_400));
        assert_eq!(converted.to, ("2026-03-08T08:30:00".parse().unwrap(), 3_600));
        assert!(convert(local, "Mars/Olympus", "UTC").is_err());
    }
}
