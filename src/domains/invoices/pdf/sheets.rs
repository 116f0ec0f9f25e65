//! Sheets of A4 that text and lines are put on, from the top down. Points throughout, a 72nd of an inch.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::Fault;
use super::font::{Font, OBJECTS};

pub const WIDTH: f32 = 595.0;
pub const HEIGHT: f32 = 842.0;
pub const MARGIN: f32 = 56.0;
/// The right edge of what is written.
pub const RIGHT: f32 = WIDTH - MARGIN;

const REGULAR: &[u8] = include_bytes!("../fonts/Roboto-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/Roboto-Bold.ttf");

/// How a text looks.
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub bold: bool,
    /// 0 is black, 1 is white.
    pub grey: f32,
}

/// Where a text is held.
#[derive(Clone, Copy)]
pub enum At {
    Left(f32),
    Right(f32),
}

/// The sheets so far; what is written goes to the last one.
pub struct Sheets {
    regular: Font,
    bold: Font,
    done: Vec<Content>,
    now: Content,
    /// How far from the top the next line stands.
    pub y: f32,
}

impl Sheets {
    /// One empty sheet.
    ///
    /// # Errors
    /// When the fonts cannot be read.
    pub fn new() -> Result<Self, Fault> {
        Ok(Self {
            regular: Font::read("Roboto-Regular", REGULAR)?,
            bold: Font::read("Roboto-Bold", BOLD)?,
            done: Vec::new(),
            now: Content::new(),
            y: MARGIN,
        })
    }

    fn font(&mut self, style: Style) -> &mut Font {
        if style.bold { &mut self.bold } else { &mut self.regular }
    }

    /// Writes at the present height, whose line it is.
    pub fn text(&mut self, at: At, style: Style, text: &str) {
        let y = self.y;
        self.text_at(at, y, style, text);
    }

    fn text_at(&mut self, at: At, y: f32, style: Style, text: &str) {
        let font = self.font(style);
        let x = match at {
            At::Left(x) => x,
            At::Right(x) => x - font.width(text, style.size),
        };
        let bytes = font.encode(text);
        let name = Name(if style.bold { b"B" } else { b"R" });
        let line = &mut self.now;
        line.begin_text().set_fill_gray(style.grey).set_font(name, style.size);
        line.next_line(x, HEIGHT - y).show(Str(&bytes)).end_text();
    }

    /// A fine line at the present height, from edge to edge.
    pub fn rule(&mut self, grey: f32) {
        self.now.set_stroke_gray(grey).set_line_width(0.5);
        self.now.move_to(MARGIN, HEIGHT - self.y).line_to(RIGHT, HEIGHT - self.y).stroke();
    }

    /// A text in lines that fit; a word that does not is cut.
    pub fn wrap(&mut self, text: &str, style: Style, width: f32) -> Vec<String> {
        let font = self.font(style);
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if font.width(&longer, style.size) <= width {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                for letter in word.chars() {
                    line.push(letter);
                    if font.width(&line, style.size) > width && line.chars().count() > 1 {
                        line.pop();
                        lines.push(std::mem::replace(&mut line, letter.to_string()));
                    }
                }
            }
            lines.push(line);
        }
        lines
    }

    /// Goes on with a new sheet unless there is this much room left below. Answers whether it did.
    pub fn make_room(&mut self, height: f32) -> bool {
        if self.y + height <= HEIGHT - MARGIN - 24.0 {
            return false;
        }
        self.done.push(std::mem::replace(&mut self.now, Content::new()));
        self.y = MARGIN;
        true
    }

    /// The file. Each sheet says below which one it is.
    ///
    /// # Errors
    /// When a font cannot be written.
    pub fn finish(mut self, title: &str, language: &str) -> Result<Vec<u8>, Fault> {
        let mut sheets = std::mem::take(&mut self.done);
        sheets.push(std::mem::replace(&mut self.now, Content::new()));
        let of = sheets.len();
        let style = Style { size: 8.0, bold: false, grey: 0.45 };
        let mut written = Vec::with_capacity(of);
        for (index, sheet) in sheets.into_iter().enumerate() {
            self.now = sheet;
            self.text_at(At::Left(MARGIN), HEIGHT - MARGIN + 16.0, style, title);
            self.text_at(At::Right(RIGHT), HEIGHT - MARGIN + 16.0, style, &format!("{} / {of}", index + 1));
            written.push(std::mem::replace(&mut self.now, Content::new()).finish());
        }
        let (catalog, tree, info, regular) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
        let bold = Ref::new(regular.get() + OBJECTS);
        let mut next = Ref::new(bold.get() + OBJECTS);
        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(tree).lang(TextStr(language));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        pdf.document_info(info).title(TextStr(title)).producer(TextStr("Tithi"));
        let pages: Vec<(Ref, Ref)> = written.iter().map(|_| (next.bump(), next.bump())).collect();
        let count = i32::try_from(of).map_err(|error| Fault(error.to_string()))?;
        pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(count);
        for ((page, content), bytes) in pages.iter().zip(&written) {
            let mut sheet = pdf.page(*page);
            sheet.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(*content);
            sheet.resources().fonts().pair(Name(b"R"), regular).pair(Name(b"B"), bold);
            sheet.finish();
            pdf.stream(*content, bytes);
        }
        self.regular.write(&mut pdf, regular)?;
        self.bold.write(&mut pdf, bold)?;
        Ok(pdf.finish())
    }
}
