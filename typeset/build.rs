//! Cuts the built-in faces out of the free ones this machine has: all of GB 2312 and whatever our own files write.
//!
//! Noto Serif and Noto Sans (SIL OFL 1.1) stand for 仿宋, 小标宋 and 黑体, LXGW WenKai (SIL OFL 1.1) for 楷体.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use allsorts::binary::read::ReadScope;
use allsorts::font::read_cmap_subtable;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use allsorts::tables::cmap::Cmap;
use allsorts::tables::{FontTableProvider, NameTable};
use allsorts::tag;

/// What a face is for, its family's name, and the files it may be in.
const FACES: [(&str, &str, &[&str]); 4] = [
    (
        "body",
        "Noto Serif CJK SC",
        &["opentype/noto/NotoSerifCJK-Regular.ttc", "google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc"],
    ),
    (
        "title",
        "Noto Serif CJK SC",
        &["opentype/noto/NotoSerifCJK-Bold.ttc", "google-noto-serif-cjk-fonts/NotoSerifCJK-Bold.ttc"],
    ),
    (
        "sans",
        "Noto Sans CJK SC",
        &["opentype/noto/NotoSansCJK-Regular.ttc", "google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc"],
    ),
    ("kai", "LXGW WenKai", &["truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", "lxgw-wenkai/LXGWWenKai-Regular.ttf"]),
];

/// Punctuation and signs that GB 2312 lacks.
const MORE: &str = "–—―‘’“”…‰′″※€−≤≥≠≈①②③④⑤⑥⑦⑧⑨⑩↑↓←→▲▼△▽■□◆◇●○★☆✎↩〔〕【】《》〈〉〇￥％＋－＝／：；，．";

/// What our own files write. Not all of assets: the stylesheet changes often, and no paper is written in it.
const WRITTEN: [&str; 2] = ["../assets/plans", "../assets/regions"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for folder in WRITTEN {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-env-changed=JIGAI_FONTS");
    let characters = characters();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for (role, family, files) in FACES {
        let target = out.join(format!("{role}.otf"));
        let source = find(files);
        println!("cargo::rerun-if-changed={}", source.display());
        fs::write(target, cut(&source, family, &characters)).expect("the build folder can be written");
    }
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

/// ASCII, the characters of GB 2312, and every other one that our plans and regions write.
fn characters() -> BTreeSet<char> {
    let gb2312 = |c: &char| {
        let mut buffer = [0; 4];
        let (bytes, _, unknown) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
        !unknown && matches!(*bytes, [0xA1..=0xA9 | 0xB0..=0xF7, 0xA1..=0xFE])
    };
    let mut characters: BTreeSet<char> =
        (' '..='~').chain('\u{A0}'..='\u{FFEF}').filter(|c| c.is_ascii() || gb2312(c)).collect();
    characters.extend(MORE.chars());
    for folder in WRITTEN {
        written(Path::new(folder), &mut characters);
    }
    characters.retain(|c| !c.is_control());
    characters
}

fn written(folder: &Path, characters: &mut BTreeSet<char>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => written(&path, characters),
            path => characters.extend(fs::read_to_string(path).unwrap_or_default().chars()),
        }
    }
}

fn cut(file: &Path, family: &str, characters: &BTreeSet<char>) -> Vec<u8> {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let collection =
        ReadScope::new(&bytes).read::<FontData<'_>>().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    // A collection holds the same glyphs for several languages; only the simplified Chinese face maps to ours.
    let index = (0..16).find(|&index| collection.table_provider(index).is_ok_and(|face| is_family(&face, family)));
    let index = index.unwrap_or_else(|| panic!("{} holds no face named {family}", file.display()));
    let provider = || collection.table_provider(index).expect("it was just read");
    let glyphs: Vec<u16> = glyphs(&provider(), characters).into_iter().collect();
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
    subset(&provider(), &glyphs, &tables, CmapTarget::Unicode)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The glyphs of these characters, and the one for what a face lacks. One pass over the face's whole table: to look up
/// each character by itself searches that table from its beginning, which took most of this build.
fn glyphs(face: &impl FontTableProvider, characters: &BTreeSet<char>) -> BTreeSet<u16> {
    let table = face.read_table_data(tag::CMAP).expect("a face maps characters");
    let table = ReadScope::new(&table).read::<Cmap<'_>>().expect("a readable table of characters");
    let (_, table) =
        read_cmap_subtable(&table).expect("a readable table of characters").expect("a table of Unicode's characters");
    let mut glyphs = BTreeSet::from([0]);
    let take = |c, glyph| {
        if char::from_u32(c).is_some_and(|c| characters.contains(&c)) {
            glyphs.insert(glyph);
        }
    };
    table.mappings_fn(take).expect("a readable table of characters");
    glyphs
}

fn is_family(face: &impl FontTableProvider, family: &str) -> bool {
    let Ok(data) = face.read_table_data(tag::NAME) else { return false };
    let Ok(names) = ReadScope::new(&data).read::<NameTable<'_>>() else { return false };
    [NameTable::FONT_FAMILY_NAME, NameTable::TYPOGRAPHIC_FAMILY_NAME]
        .into_iter()
        .any(|id| names.string_for_id(id).as_deref() == Some(family))
}
