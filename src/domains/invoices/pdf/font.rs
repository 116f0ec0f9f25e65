//! A font of the binary's own: how wide a text is, which glyphs a document used, and those glyphs as objects of the file.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId};

use super::Fault;

/// What stands for a letter that the font does not have.
const UNKNOWN: char = '?';
const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The objects that one font takes.
pub const OBJECTS: i32 = 5;

/// A font, and what of it a document uses.
pub struct Font {
    data: &'static [u8],
    face: Face<'static>,
    /// `Roboto-Bold`
    name: &'static str,
    glyphs: GlyphRemapper,
    /// By the number that a glyph has in the subset: what it stands for, and its width in thousandths.
    used: BTreeMap<u16, (char, f32)>,
}

impl Font {
    /// Reads a font.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn read(name: &'static str, data: &'static [u8]) -> Result<Self, Fault> {
        let face = Face::parse(data, 0).map_err(|error| Fault(error.to_string()))?;
        Ok(Self { data, face, name, glyphs: GlyphRemapper::new(), used: BTreeMap::new() })
    }

    fn glyph(&self, letter: char) -> (char, GlyphId) {
        let found = |letter: char| self.face.glyph_index(letter).map(|glyph| (letter, glyph));
        found(letter).or_else(|| found(UNKNOWN)).unwrap_or((UNKNOWN, GlyphId(0)))
    }

    /// Thousandths of the size.
    fn advance(&self, glyph: GlyphId) -> f32 {
        let units = f32::from(self.face.units_per_em().max(1));
        f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units
    }

    /// How wide a text is, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(self.glyph(letter).1)).sum::<f32>() * size / 1000.0
    }

    /// The text as the file holds it: two bytes a glyph, numbered as in the subset.
    pub fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() * 2);
        for letter in text.chars() {
            let (letter, glyph) = self.glyph(letter);
            let number = self.glyphs.remap(glyph.0);
            let advance = self.advance(glyph);
            self.used.entry(number).or_insert((letter, advance));
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }

    /// Writes the font with the glyphs that were used; `first` and those after it are its objects.
    ///
    /// # Errors
    /// When the font cannot be cut down.
    pub fn write(&self, pdf: &mut Pdf, first: Ref) -> Result<(), Fault> {
        let [cid, descriptor, unicode, file] = [1, 2, 3, 4].map(|step| Ref::new(first.get() + step));
        let subset = subsetter::subset(self.data, 0, &self.glyphs).map_err(|error| Fault(error.to_string()))?;
        // six letters and a plus say that the font is not whole
        let name = format!("TITHIX+{}", self.name);
        let name = Name(name.as_bytes());
        pdf.type0_font(first)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(unicode);
        let mut font = pdf.cid_font(cid);
        font.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
        font.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = font.widths();
        for (number, (_, advance)) in &self.used {
            widths.same(*number, *number, *advance);
        }
        widths.finish();
        font.finish();
        let scale = |units: i16| f32::from(units) * 1000.0 / f32::from(self.face.units_per_em().max(1));
        let all = self.face.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(scale(all.x_min), scale(all.y_min), scale(all.x_max), scale(all.y_max)))
            .italic_angle(0.0)
            .ascent(scale(self.face.ascender()))
            .descent(scale(self.face.descender()))
            .cap_height(scale(self.face.capital_height().unwrap_or(0)))
            .stem_v(80.0)
            .font_file2(file);
        let mut map = UnicodeCmap::new(Name(b"Tithi"), SYSTEM);
        for (number, (letter, _)) in &self.used {
            map.pair(*number, *letter);
        }
        pdf.cmap(unicode, &map.finish());
        pdf.stream(file, &subset).pair(Name(b"Length1"), i32::try_from(subset.len()).unwrap_or(i32::MAX));
        Ok(())
    }
}
