//! iCalendar as text (RFC 5545): escaped, folded, lines ended by CRLF. Pure.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Octets of a line, without its end.
const LINE: usize = 75;

/// A calendar.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// What programs call it; only for one that is subscribed to.
    pub name: Option<String>,
    /// `PUBLISH` for a file that somebody opens.
    pub method: Option<&'static str>,
    pub events: Vec<Event>,
}

/// An appointment in it.
#[derive(Clone, Debug)]
pub struct Event {
    /// The same for the whole life of the appointment.
    pub uid: Uuid,
    /// Grows with each change that matters.
    pub sequence: i32,
    pub status: Status,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// When this text was made, or the appointment was changed last.
    pub stamp: DateTime<Utc>,
    pub created: DateTime<Utc>,
    pub changed: DateTime<Utc>,
    pub summary: String,
    pub description: Option<String>,
    pub location: Option<String>,
    /// Name and e-mail address.
    pub organizer: Option<(String, String)>,
}

/// Whether it takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Tentative,
    Confirmed,
    Cancelled,
}

impl Calendar {
    /// The whole calendar as it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = Text::default();
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Tithi//Bookings//EN");
        out.line("CALSCALE:GREGORIAN");
        if let Some(method) = self.method {
            out.line(&format!("METHOD:{method}"));
        }
        if let Some(name) = &self.name {
            out.text("X-WR-CALNAME", name);
            out.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
            out.line("X-PUBLISHED-TTL:PT1H");
        }
        for event in &self.events {
            event.write(&mut out);
        }
        out.line("END:VCALENDAR");
        out.0
    }
}

impl Event {
    fn write(&self, out: &mut Text) {
        let status = match self.status {
            Status::Tentative => "TENTATIVE",
            Status::Confirmed => "CONFIRMED",
            Status::Cancelled => "CANCELLED",
        };
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:{}", self.uid));
        out.line(&format!("SEQUENCE:{}", self.sequence));
        out.instant("DTSTAMP", self.stamp);
        out.instant("CREATED", self.created);
        out.instant("LAST-MODIFIED", self.changed);
        out.instant("DTSTART", self.start);
        out.instant("DTEND", self.end);
        out.line(&format!("STATUS:{status}"));
        out.text("SUMMARY", &self.summary);
        if let Some(description) = &self.description {
            out.text("DESCRIPTION", description);
        }
        if let Some(location) = &self.location {
            out.text("LOCATION", location);
        }
        if let Some((name, address)) = &self.organizer {
            out.line(&format!("ORGANIZER;CN=\"{}\":mailto:{}", quotable(name), mail_address(address)));
        }
        out.line("END:VEVENT");
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    /// A content line: no part of it, its first space included, is longer than [`LINE`], and no character is torn.
    fn line(&mut self, line: &str) {
        let mut room = LINE;
        for character in line.chars() {
            if character.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= character.len_utf8();
            self.0.push(character);
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    fn instant(&mut self, name: &str, at: DateTime<Utc>) {
        self.line(&format!("{name}:{}", at.format("%Y%m%dT%H%M%SZ")));
    }
}

/// A value of type TEXT. Line ends of any kind are one; other control characters are not text.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    for character in value.replace("\r\n", "\n").replace('\r', "\n").chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
    out
}

/// The value of a parameter between quotes, which cannot hold one.
fn quotable(value: &str) -> String {
    value.chars().filter(|character| !character.is_control()).map(|c| if c == '"' { '\'' } else { c }).collect()
}

/// An address inside a `mailto:` (RFC 6068).
fn mail_address(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'@' | b'-' | b'.' | b'_' | b'~' | b'+' | b'!' | b'$' | b'*' => {
                out.push(byte.into());
            }
            byte => {
                // a String takes whatever is written to it
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
