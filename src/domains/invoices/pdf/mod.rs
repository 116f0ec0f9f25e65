//! A document as PDF: its own fonts inside, so that it looks the same everywhere and keeps Latin, Greek and Cyrillic.
//! What the fonts do not have (other scripts) is shown as `?`; the HTML page shows everything.

mod font;
mod sheets;

use std::fmt;

use self::sheets::{At, MARGIN, RIGHT, Sheets, Style};
use super::paper::Paper;

/// Why there is no file: always a defect of ours.
#[derive(Debug)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the PDF could not be made: {}", self.0)
    }
}

impl std::error::Error for Fault {}

const TITLE: Style = Style { size: 20.0, bold: true, grey: 0.0 };
const STRONG: Style = Style { size: 10.0, bold: true, grey: 0.0 };
const PLAIN: Style = Style { size: 10.0, bold: false, grey: 0.0 };
const FAINT: Style = Style { size: 8.5, bold: false, grey: 0.4 };

/// From one line to the next.
const STEP: f32 = 14.0;
/// Where the second column of addresses begins.
const HALF: f32 = 312.0;
/// Right edges of the columns: quantity, price, discount, tax rate; the sum stands at the margin.
const COLUMNS: [f32; 4] = [312.0, 384.0, 436.0, 480.0];
const DESCRIPTION: f32 = 200.0;

/// Draws a document.
///
/// # Errors
/// When the fonts cannot be read or written.
pub fn draw(paper: &Paper) -> Result<Vec<u8>, Fault> {
    let mut sheets = Sheets::new()?;
    head(&mut sheets, paper);
    lines(&mut sheets, paper);
    sums(&mut sheets, paper);
    if let Some(note) = &paper.note {
        sheets.y += STEP;
        for line in sheets.wrap(note, PLAIN, RIGHT - MARGIN) {
            sheets.make_room(STEP);
            sheets.text(At::Left(MARGIN), PLAIN, &line);
            sheets.y += STEP;
        }
    }
    sheets.finish(&paper.title, &paper.language)
}

fn head(sheets: &mut Sheets, paper: &Paper) {
    sheets.y += 10.0;
    sheets.text(At::Left(MARGIN), TITLE, &paper.title);
    if let Some(mark) = paper.mark {
        sheets.text(At::Right(RIGHT), Style { grey: 0.4, ..TITLE }, mark);
    }
    sheets.y += STEP * 2.0;
    for (name, value) in &paper.facts {
        sheets.text(At::Left(MARGIN), FAINT, name);
        sheets.text(At::Left(MARGIN + 96.0), PLAIN, value);
        sheets.y += STEP;
    }
    sheets.y += STEP;
    let top = sheets.y;
    let mut bottom = top;
    for (x, name, lines) in [(MARGIN, "From", &paper.seller), (HALF, "To", &paper.buyer)] {
        sheets.y = top;
        sheets.text(At::Left(x), FAINT, name);
        sheets.y += STEP;
        for (index, line) in lines.iter().enumerate() {
            let style = if index == 0 { STRONG } else { PLAIN };
            for part in sheets.wrap(line, style, RIGHT - HALF) {
                sheets.text(At::Left(x), style, &part);
                sheets.y += STEP;
            }
        }
        bottom = bottom.max(sheets.y);
    }
    sheets.y = bottom + STEP;
}

fn heads(sheets: &mut Sheets) {
    sheets.text(At::Left(MARGIN), FAINT, "Description");
    for (x, name) in COLUMNS.into_iter().zip(["Quantity", "Price", "Discount", "Tax"]) {
        sheets.text(At::Right(x), FAINT, name);
    }
    sheets.text(At::Right(RIGHT), FAINT, "Amount");
    sheets.y += 6.0;
    sheets.rule(0.6);
    sheets.y += STEP;
}

fn lines(sheets: &mut Sheets, paper: &Paper) {
    heads(sheets);
    for line in &paper.lines {
        let description = sheets.wrap(&line.description, PLAIN, DESCRIPTION);
        if sheets.make_room(STEP * 2.0) {
            heads(sheets);
        }
        for (x, cell) in COLUMNS.into_iter().zip([&line.quantity, &line.price, &line.discount, &line.rate]) {
            sheets.text(At::Right(x), PLAIN, cell);
        }
        sheets.text(At::Right(RIGHT), PLAIN, &line.amount);
        for part in description {
            if sheets.make_room(STEP) {
                heads(sheets);
            }
            sheets.text(At::Left(MARGIN), PLAIN, &part);
            sheets.y += STEP;
        }
        sheets.y += 2.0;
    }
}

fn sums(sheets: &mut Sheets, paper: &Paper) {
    let rows = f32::from(u8::try_from(paper.sums.len()).unwrap_or(u8::MAX));
    sheets.make_room(STEP * (rows + 1.0));
    sheets.y -= 6.0;
    sheets.rule(0.6);
    sheets.y += STEP;
    for (index, (name, amount)) in paper.sums.iter().enumerate() {
        let style = if index + 1 == paper.sums.len() { STRONG } else { PLAIN };
        sheets.text(At::Left(HALF), style, name);
        sheets.text(At::Right(RIGHT), style, amount);
        sheets.y += STEP;
    }
}
