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

/// Why a paper cannot be set; the sentence names what is wrong with our template or the paper, not with the reader's input.
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
    let (plain, drawings) = with_drawings_apart(paper);
    let json = serde_json::to_vec(&plain).map_err(|error| Failed(error.to_string()))?;
    let families = serde_json::to_vec(&faces.families()).map_err(|error| Failed(error.to_string()))?;
    let mut files = vec![("paper.json".to_owned(), json), ("faces.json".to_owned(), families)];
    for (at, drawing) in drawings.iter().enumerate() {
        files.push((format!("{at}.svg"), faces.named(drawing).into_bytes()));
    }
    let set = |breaks: u8| -> Result<PagedDocument, Failed> {
        let breaks = ("breaks.json".to_owned(), breaks.to_string().into_bytes());
        let files: Vec<(&str, Vec<u8>)> = files.iter().chain([&breaks]).map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        let engine = TypstEngine::builder().main_file(TEMPLATE).fonts(faces.typst()).with_static_file_resolver(files).build();
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
    typst_pdf::pdf(&set_once, &options).map_err(|errors| Failed(format!("{errors:?}")))
}

/// A chart as PNG, with the built-in faces.
pub fn png(picture: &Picture, faces: &Faces) -> Result<Vec<u8>, Failed> {
    let failed = |error: &dyn std::fmt::Display| Failed(error.to_string());
    let options = usvg::Options { fontdb: faces.fontdb(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&faces.named(&picture.svg), &options).map_err(|error| failed(&error))?;
    let size = tree.size();
    let (width, height) = (size.width() * FINENESS, size.height() * FINENESS);
    let mut canvas = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32).ok_or_else(|| Failed("图的大小不对".to_owned()))?;
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
