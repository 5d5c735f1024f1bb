//! Cuts the built-in faces out of the free ones this machine has.
//!
//! Noto Serif and Noto Sans (SIL OFL 1.1) stand for 仿宋, 小标宋 and 黑体, LXGW WenKai (SIL OFL 1.1) for 楷体. Each has the
//! signs of all scripts we write and the ideographs of `han.txt`; the body's face has every ideograph its maker drew, so
//! that a rare name falls to it from any other face, and 楷体 has those it alone knows.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use allsorts::binary::read::ReadScope;
use allsorts::font::read_cmap_subtable;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use allsorts::tables::cmap::Cmap;
use allsorts::tables::{FontTableProvider, NameTable};
use allsorts::{error::ParseError, tag};

/// A face that is cut.
struct Face {
    /// What it is for: the name of the file that is built in.
    role: &'static str,
    family: &'static str,
    /// Where it may be, below a folder of faces.
    files: [&'static str; 2],
    /// The ideographs it keeps beyond `han.txt`.
    reserve: fn(char) -> bool,
}

const FACES: [Face; 4] = [
    Face {
        role: "body",
        family: "Noto Serif CJK SC",
        files: ["opentype/noto/NotoSerifCJK-Regular.ttc", "google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc"],
        reserve: is_han,
    },
    Face {
        role: "title",
        family: "Noto Serif CJK SC",
        files: ["opentype/noto/NotoSerifCJK-Bold.ttc", "google-noto-serif-cjk-fonts/NotoSerifCJK-Bold.ttc"],
        reserve: |_| false,
    },
    Face {
        role: "sans",
        family: "Noto Sans CJK SC",
        files: ["opentype/noto/NotoSansCJK-Regular.ttc", "google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc"],
        reserve: |_| false,
    },
    Face {
        role: "kai",
        family: "LXGW WenKai",
        files: ["truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", "lxgw-wenkai/LXGWWenKai-Regular.ttf"],
        // Of the planes beyond the first it draws names of places that Noto does not.
        reserve: |c| c >= '\u{20000}' && is_han(c),
    },
];

/// Ideographs, one a character, with notes on where they come from.
const HAN: &str = "han.txt";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={HAN}");
    println!("cargo::rerun-if-env-changed=JIGAI_FONTS");
    let listed = listed();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for face in FACES {
        let source = find(&face.files);
        println!("cargo::rerun-if-changed={}", source.display());
        let keeps = |c: char| is_sign(c) || listed.contains(&c) || (face.reserve)(c);
        fs::write(out.join(format!("{}.otf", face.role)), cut(&source, face.family, keeps))
            .expect("the build folder can be written");
    }
}

fn listed() -> BTreeSet<char> {
    let text = fs::read_to_string(HAN).expect("typeset/han.txt is a part of the sources");
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).collect()
}

/// Letters, digits, punctuation, units and drawn signs: everything before the ideographs, and the full-width forms.
fn is_sign(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{33FF}' | '\u{FE00}'..='\u{FFEF}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The first of these files below `JIGAI_FONTS` or the system's fonts.
fn find(files: &[&str]) -> PathBuf {
    let own = env::var_os("JIGAI_FONTS").map(PathBuf::from);
    let folders = own.into_iter().chain(["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from));
    let mut candidates = folders.flat_map(|folder| {
        let flat = |file: &&str| folder.join(Path::new(file).file_name().unwrap_or_default());
        files.iter().map(|file| folder.join(file)).chain(files.iter().map(flat)).collect::<Vec<_>>()
    });
    candidates.find(|path| path.is_file()).unwrap_or_else(|| {
        panic!("the typesetter needs {}; `cargo xtask run` installs it (Debian: fonts-noto-cjk fonts-lxgw-wenkai), or set JIGAI_FONTS to a folder that has it", files[0])
    })
}

fn cut(file: &Path, family: &str, keeps: impl Fn(char) -> bool) -> Vec<u8> {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let collection =
        ReadScope::new(&bytes).read::<FontData<'_>>().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    // A collection holds the same glyphs for several languages; only the simplified Chinese face maps to ours.
    let index = (0..16).find(|&index| collection.table_provider(index).is_ok_and(|face| is_family(&face, family)));
    let index = index.unwrap_or_else(|| panic!("{} holds no face named {family}", file.display()));
    let face = collection.table_provider(index).expect("it was just read");
    let mapped = mapped(&face, keeps);
    // The first is drawn for what a face lacks.
    let mut glyphs = vec![0];
    glyphs.extend(mapped.values().copied().collect::<BTreeSet<u16>>());
    let tables = SubsetProfile::Custom(vec![
        tag::CMAP,
        tag::HEAD,
        tag::HHEA,
        tag::HMTX,
        tag::MAXP,
        tag::NAME,
        tag::OS_2,
        tag::POST,
    ]);
    subset(&Narrowed { face, cmap: cmap(&mapped) }, &glyphs, &tables, CmapTarget::Unicode)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The glyphs of the characters that are kept. One pass over the face's whole table: to look up each character by itself
/// searches that table from its beginning, which took most of this build.
fn mapped(face: &impl FontTableProvider, keeps: impl Fn(char) -> bool) -> BTreeMap<char, u16> {
    let table = face.read_table_data(tag::CMAP).expect("a face maps characters");
    let table = ReadScope::new(&table).read::<Cmap<'_>>().expect("a readable table of characters");
    let (_, table) =
        read_cmap_subtable(&table).expect("a readable table of characters").expect("a table of Unicode's characters");
    let mut mapped = BTreeMap::new();
    let take = |c, glyph| {
        if let Some(c) = char::from_u32(c).filter(|&c| glyph != 0 && keeps(c)) {
            mapped.insert(c, glyph);
        }
    };
    table.mappings_fn(take).expect("a readable table of characters");
    mapped
}

/// A face that maps these characters and no others. The cutter looks for each character of a face among all glyphs that
/// are kept: over the whole of Noto's 44 000 that was half of this build.
struct Narrowed<F> {
    face: F,
    cmap: Vec<u8>,
}

impl<F: FontTableProvider> FontTableProvider for Narrowed<F> {
    fn table_data(&self, table: u32) -> Result<Option<Cow<'_, [u8]>>, ParseError> {
        match table {
            tag::CMAP => Ok(Some(Cow::Borrowed(&self.cmap))),
            other => self.face.table_data(other),
        }
    }

    fn has_table(&self, table: u32) -> bool {
        self.face.has_table(table)
    }

    fn table_tags(&self) -> Option<Vec<u32>> {
        self.face.table_tags()
    }
}

/// A table of characters with one subtable, platform 3 encoding 10, format 12, a group for each character (OpenType, cmap).
fn cmap(mapped: &BTreeMap<char, u16>) -> Vec<u8> {
    let groups = u32::try_from(mapped.len()).expect("no face has more than 65 536 glyphs");
    let mut table: Vec<u8> = [0u16, 1, 3, 10].into_iter().flat_map(u16::to_be_bytes).collect();
    table.extend([12, 12 << 16, 16 + 12 * groups, 0, groups].into_iter().flat_map(u32::to_be_bytes));
    for (&c, &glyph) in mapped {
        table.extend([c as u32, c as u32, u32::from(glyph)].into_iter().flat_map(u32::to_be_bytes));
    }
    table
}

fn is_family(face: &impl FontTableProvider, family: &str) -> bool {
    let Ok(data) = face.read_table_data(tag::NAME) else { return false };
    let Ok(names) = ReadScope::new(&data).read::<NameTable<'_>>() else { return false };
    [NameTable::FONT_FAMILY_NAME, NameTable::TYPOGRAPHIC_FAMILY_NAME]
        .into_iter()
        .any(|id| names.string_for_id(id).as_deref() == Some(family))
}
