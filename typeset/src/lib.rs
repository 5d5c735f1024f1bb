//! Papers as PDF and charts as PNG, with faces that are built in: no font need be installed, and nothing is fetched.
//!
//! An office may lay its own 仿宋, 小标宋, 楷体 and 黑体 into a folder; they then come before the built-in ones.

mod faces;

use documents::paper::{Block, Paper, Picture};
use resvg::{tiny_skia, usvg};
use typst::foundations::Smart;
use typst_as_lib::TypstEngine;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

pub use faces::Faces;

const TEMPLATE: &str = include_str!("paper.typ");
/// Charts are this much finer than their drawing: 300 dots to the inch on paper.
const FINENESS: f32 = 3.2;

/// Why a paper cannot be set; the sentence names what is wrong with our template or the paper, not with the reader's
/// input.
#[derive(Debug)]
pub struct Failed(String);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

/// The paper as PDF: A4, text that can be searched and copied, faces embedded. The same paper makes the same bytes.
pub fn pdf(paper: &Paper, faces: &Faces) -> Result<Vec<u8>, Failed> {
    pdf_counted(paper, faces).map(|(pdf, _)| pdf)
}

/// The same, with the number of its pages.
pub fn pdf_counted(paper: &Paper, faces: &Faces) -> Result<(Vec<u8>, usize), Failed> {
    let (plain, drawings) = with_drawings_apart(paper);
    let json = serde_json::to_vec(&plain).map_err(|error| Failed(error.to_string()))?;
    let families = serde_json::to_vec(&faces.families()).map_err(|error| Failed(error.to_string()))?;
    let mut files = vec![("paper.json".to_owned(), json), ("faces.json".to_owned(), families)];
    for (at, drawing) in drawings.iter().enumerate() {
        files.push((format!("{at}.svg"), faces.named(drawing).into_bytes()));
    }
    let set = |breaks: u8| -> Result<PagedDocument, Failed> {
        let breaks = ("breaks.json".to_owned(), breaks.to_string().into_bytes());
        let files: Vec<(&str, Vec<u8>)> =
            files.iter().chain([&breaks]).map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        let engine =
            TypstEngine::builder().main_file(TEMPLATE).fonts(faces.typst()).with_static_file_resolver(files).build();
        engine.compile().output.map_err(|error| Failed(error.to_string()))
    };
    // The 版记 stands on an even page: the back of the last sheet.
    let mut set_once = set(0)?;
    for breaks in 1..=2 {
        if has_record(paper) && set_once.pages().len() % 2 == 1 {
            set_once = set(breaks)?;
        }
    }
    let options = PdfOptions {
        ident: Smart::Custom(paper.imprint.clone()),
        creator: Smart::Custom(Some("jigai".to_owned())),
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&set_once, &options).map_err(|errors| Failed(format!("{errors:?}")))?;
    Ok((pdf, set_once.pages().len()))
}

/// A chart as PNG, with the built-in faces.
pub fn png(picture: &Picture, faces: &Faces) -> Result<Vec<u8>, Failed> {
    let failed = |error: &dyn std::fmt::Display| Failed(error.to_string());
    let options = usvg::Options { fontdb: faces.fontdb(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&faces.named(&picture.svg), &options).map_err(|error| failed(&error))?;
    let size = tree.size();
    let (width, height) = (size.width() * FINENESS, size.height() * FINENESS);
    let mut canvas = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| Failed("图的大小不对".to_owned()))?;
    canvas.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(FINENESS, FINENESS), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| failed(&error))
}

fn has_record(paper: &Paper) -> bool {
    [&paper.copies, &paper.printed_by, &paper.printed_on].iter().any(|text| !text.is_empty())
}

/// The drawings, and the paper with their numbers in their place.
fn with_drawings_apart(paper: &Paper) -> (Paper, Vec<String>) {
    let (mut paper, mut drawings) = (paper.clone(), Vec::new());
    let blocks = paper.attachments.iter_mut().flat_map(|attachment| &mut attachment.blocks);
    for block in paper.body.iter_mut().chain(blocks) {
        if let Block::Picture(picture) = block {
            let name = format!("{}.svg", drawings.len());
            drawings.push(std::mem::replace(&mut picture.svg, name));
        }
    }
    (paper, drawings)
}

#[cfg(test)]
mod tests {
    use documents::paper::{Attachment, Column, Row, Table};

    use super::*;

    fn paper(text: &str) -> Paper {
        Paper {
            masthead: "测试简报".to_owned(),
            number: String::new(),
            issue: text.to_owned(),
            issuer: String::new(),
            issued_on: String::new(),
            title: vec![text.to_owned()],
            warning: String::new(),
            recipients: text.to_owned(),
            body: vec![Block::Heading { level: 1, text: text.to_owned() }, Block::Text { text: text.to_owned() }],
            attachments: vec![Attachment { title: text.to_owned(), blocks: vec![Block::Table(table(text))] }],
            signature: String::new(),
            dated: String::new(),
            note: text.to_owned(),
            copies: text.to_owned(),
            printed_by: String::new(),
            printed_on: String::new(),
            created: "2021-06-10T00:00:00Z".to_owned(),
            imprint: text.to_owned(),
        }
    }

    fn table(text: &str) -> Table {
        let column = |right| Column { head: text.to_owned(), width: 1, right };
        let row = Row { cells: vec![text.to_owned(), text.to_owned()], bold: true, indent: 1 };
        Table { unit: text.to_owned(), columns: vec![column(false), column(true)], rows: vec![row] }
    }

    #[test]
    fn text_is_text_whatever_it_looks_like() {
        let faces = Faces::load(None);
        for text in ["#import \"x\"", "*粗* _斜_ `码` $x$ <b> ]] \\ // 注", "= 标题", "", "\u{0}\u{7}"] {
            let made = pdf(&paper(text), &faces).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert!(made.starts_with(b"%PDF-"));
        }
    }

    #[test]
    fn the_same_paper_makes_the_same_bytes() {
        let faces = Faces::load(None);
        assert_eq!(pdf(&paper("甲"), &faces).unwrap(), pdf(&paper("甲"), &faces).unwrap());
    }

    #[test]
    fn the_record_stands_on_an_even_page() {
        let faces = Faces::load(None);
        for attachments in 0..3 {
            let mut paper = paper("甲");
            paper.attachments = vec![paper.attachments[0].clone(); attachments];
            assert_eq!(pdf_counted(&paper, &faces).unwrap().1 % 2, 0, "{attachments}");
        }
    }

    #[test]
    fn characters_without_a_face_are_named() {
        let faces = Faces::load(None);
        assert_eq!(faces.missing("闽侯县〔2021〕34号 ①●▲■◇—−“”，。%+ ★霞浦鄞州"), Vec::<char>::new());
        assert_eq!(faces.missing("甲𠮷乙𠮷"), vec!['𠮷']);
    }

    #[test]
    fn an_offices_own_faces_come_first_and_rubbish_is_left_aside() {
        let folder = std::env::temp_dir().join(format!("jigai-faces-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("broken.ttf"), b"no face").unwrap();
        std::fs::write(folder.join("notes.txt"), b"no face").unwrap();
        std::fs::write(folder.join("own.otf"), include_bytes!(concat!(env!("OUT_DIR"), "/kai.otf"))).unwrap();
        let faces = Faces::load(Some(&folder));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(faces.own(), ["LXGW WenKai"]);
        assert!(pdf(&paper("甲"), &faces).is_ok());
    }

    #[test]
    fn a_drawing_becomes_a_picture_with_its_words() {
        let svg = |text: &str| {
            format!(
                "<svg viewBox=\"0 0 100 50\" font-family=\"sans-serif\" xmlns=\"http://www.w3.org/2000/svg\"><text x=\"10\" y=\"30\" font-size=\"20\">{text}</text></svg>"
            )
        };
        let picture = |text: &str| Picture {
            title: String::new(),
            subtitle: String::new(),
            svg: svg(text),
            width: 100,
            height: 50,
        };
        let faces = Faces::load(None);
        let (blank, words) = (png(&picture(""), &faces).unwrap(), png(&picture("福清市"), &faces).unwrap());
        assert!(
            blank.starts_with(&[0x89, b'P', b'N', b'G']) && words.len() > blank.len() + 500,
            "{} {}",
            blank.len(),
            words.len()
        );
    }
}
