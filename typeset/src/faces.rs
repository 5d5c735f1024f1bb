//! The faces of a paper: the office's own first, then the built-in ones.

use std::path::Path;
use std::sync::Arc;

use resvg::usvg::fontdb;
use serde_json::{Value, json};
use typst::foundations::Bytes;
use typst::text::Font;

const BODY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/body.otf"));
const TITLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/title.otf"));
const SANS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sans.otf"));
const KAI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kai.otf"));
const SERIF_FAMILY: &str = "Noto Serif CJK SC";
const SANS_FAMILY: &str = "Noto Sans CJK SC";
const KAI_FAMILY: &str = "LXGW WenKai";
/// A file above this is no face of an office.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Faces ready for use; made once.
pub struct Faces {
    fonts: Vec<Font>,
    drawing: Arc<fontdb::Database>,
    /// Families laid in by the office, as the face itself says.
    own: Vec<String>,
}

impl Faces {
    /// The built-in faces, and those in `folder` where there is one; files that are no faces are left aside.
    pub fn load(folder: Option<&Path>) -> Self {
        let own: Vec<Bytes> = folder.map(files).unwrap_or_default().into_iter().map(Bytes::new).collect();
        let own_fonts: Vec<Font> = own.iter().cloned().flat_map(Font::iter).collect();
        let mut families: Vec<String> = own_fonts.iter().map(|font| font.info().family.as_str().to_owned()).collect();
        families.dedup();
        let built_in = [BODY, TITLE, SANS, KAI].into_iter().flat_map(|data| Font::iter(Bytes::new(data)));
        // A drawing is lettered without serifs; what that face lacks falls to the first of the others that has it.
        let mut drawing = fontdb::Database::new();
        for data in [SANS, BODY, KAI].map(Bytes::new).into_iter().chain(own) {
            drawing.load_font_source(fontdb::Source::Binary(Arc::new(data)));
        }
        drawing.set_sans_serif_family(SANS_FAMILY);
        Self { fonts: own_fonts.into_iter().chain(built_in).collect(), drawing: Arc::new(drawing), own: families }
    }

    /// What the office laid in.
    pub fn own(&self) -> &[String] {
        &self.own
    }

    /// Characters that no face has, each once: they would be empty boxes.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let has = |c: char| self.fonts.iter().any(|font| font.info().coverage.contains(c as u32));
        let mut missing: Vec<char> = text.chars().filter(|&c| !is_unseen(c) && !has(c)).collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// The families for each use, the first that has a character draws it.
    pub(crate) fn families(&self) -> Value {
        let of = |words: &[&str], built_in: &[&str]| {
            let fits = |family: &&String| words.iter().any(|word| family.to_lowercase().contains(word));
            let own = self.own.iter().filter(fits).map(|family| family.to_lowercase());
            own.chain(built_in.iter().map(|family| family.to_lowercase())).collect::<Vec<_>>()
        };
        json!({
            "body": of(&["仿宋", "fangsong", "fang song"], &[SERIF_FAMILY, SANS_FAMILY]),
            "title": of(&["小标宋", "xiaobiaosong", "xiaobiao"], &[SERIF_FAMILY, SANS_FAMILY]),
            "sans": of(&["黑体", "simhei", "heiti"], &[SANS_FAMILY, SERIF_FAMILY]),
            "kai": of(&["楷体", "kaiti", "simkai"], &[KAI_FAMILY, SERIF_FAMILY, SANS_FAMILY]),
            "song": of(&["宋体", "simsun"], &[SERIF_FAMILY, SANS_FAMILY]),
            "drawing": [SANS_FAMILY.to_lowercase()],
            "own_title": self.own.iter().any(|family| ["小标宋", "xiaobiao"].iter().any(|word| family.to_lowercase().contains(word))),
        })
    }

    pub(crate) fn typst(&self) -> Vec<Font> {
        self.fonts.clone()
    }

    pub(crate) fn fontdb(&self) -> Arc<fontdb::Database> {
        Arc::clone(&self.drawing)
    }

    /// A drawing whose text names the built-in face instead of “some face without serifs”.
    pub(crate) fn named(&self, svg: &str) -> String {
        svg.replace("font-family=\"sans-serif\"", &format!("font-family=\"{SANS_FAMILY}\""))
    }
}

/// Characters that nothing is drawn for: spaces, controls, and those that are ignored where a face lacks them (Unicode,
/// Default_Ignorable_Code_Point), as they come along with what is pasted.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        || matches!(c, '\u{E0000}'..='\u{E0FFF}')
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    // The order of a folder differs between machines; the faces must not.
    paths.sort();
    let is_face = |path: &std::path::PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        matches!(ending.as_str(), "ttf" | "otf" | "ttc") && path.metadata().is_ok_and(|data| data.len() <= LARGEST)
    };
    paths.into_iter().filter(is_face).filter_map(|path| std::fs::read(path).ok()).collect()
}
