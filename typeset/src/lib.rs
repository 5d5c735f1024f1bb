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
    let document = set(paper, faces)?;
    let options = PdfOptions {
        ident: Smart::Custom(paper.imprint.clone()),
        creator: Smart::Custom(Some("jigai".to_owned())),
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| Failed(format!("{errors:?}")))?;
    Ok((pdf, document.pages().len()))
}

/// The paper on its pages.
fn set(paper: &Paper, faces: &Faces) -> Result<PagedDocument, Failed> {
    let (plain, drawings) = with_drawings_apart(paper);
    let json = serde_json::to_vec(&plain).map_err(|error| Failed(error.to_string()))?;
    let families = serde_json::to_vec(&faces.families()).map_err(|error| Failed(error.to_string()))?;
    let mut files = vec![("paper.json".to_owned(), json), ("faces.json".to_owned(), families)];
    for (at, drawing) in drawings.iter().enumerate() {
        files.push((format!("{at}.svg"), faces.named(drawing).into_bytes()));
    }
    let with = |breaks: u8| -> Result<PagedDocument, Failed> {
        let breaks = ("breaks.json".to_owned(), breaks.to_string().into_bytes());
        let files: Vec<(&str, Vec<u8>)> =
            files.iter().chain([&breaks]).map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        let engine =
            TypstEngine::builder().main_file(TEMPLATE).fonts(faces.typst()).with_static_file_resolver(files).build();
        engine.compile().output.map_err(|error| Failed(error.to_string()))
    };
    // The 版记 stands on an even page: the back of the last sheet.
    let mut document = with(0)?;
    for breaks in 1..=2 {
        if has_record(paper) && document.pages().len() % 2 == 1 {
            // Not two of them at once: one of thousands of rows takes hundreds of MB.
            drop(document);
            document = with(breaks)?;
        }
    }
    Ok(document)
}

/// A chart as PNG, with the built-in faces.
pub fn png(picture: &Picture, faces: &Faces) -> Result<Vec<u8>, Failed> {
    let failed = |error: &dyn std::fmt::Display| Failed(error.to_string());
    let tree = drawn(picture, faces)?;
    let size = tree.size();
    let (width, height) = (size.width() * FINENESS, size.height() * FINENESS);
    let mut canvas = tiny_skia::Pixmap::new(width.ceil() as u32, height.ceil() as u32)
        .ok_or_else(|| Failed("图的大小不对".to_owned()))?;
    canvas.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(FINENESS, FINENESS), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| failed(&error))
}

/// A chart with its text as glyphs.
fn drawn(picture: &Picture, faces: &Faces) -> Result<usvg::Tree, Failed> {
    let options = usvg::Options { fontdb: faces.fontdb(), ..usvg::Options::default() };
    usvg::Tree::from_str(&faces.named(&picture.svg), &options).map_err(|error| Failed(error.to_string()))
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
    use typst::layout::{Frame, FrameItem};
    use typst::text::Font;
    use typst::visualize::ImageKind;

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

    /// Glyphs of a page that are the box for what a face lacks, and all its glyphs; those of its drawings too.
    fn boxes(frame: &Frame) -> (usize, usize) {
        let of = |item: &FrameItem| match item {
            FrameItem::Group(group) => boxes(&group.frame),
            FrameItem::Text(text) => (text.glyphs.iter().filter(|glyph| glyph.id == 0).count(), text.glyphs.len()),
            FrameItem::Image(image, _, _) => match image.kind() {
                ImageKind::Svg(drawing) => boxes_of_drawing(drawing.tree().root()),
                _ => (0, 0),
            },
            _ => (0, 0),
        };
        frame.items().map(|(_, item)| of(item)).fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1))
    }

    fn boxes_of_drawing(group: &usvg::Group) -> (usize, usize) {
        let of = |node: &usvg::Node| match node {
            usvg::Node::Group(group) => boxes_of_drawing(group),
            usvg::Node::Text(text) => {
                let glyphs = || text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                (glyphs().filter(|glyph| glyph.id.0 == 0).count(), glyphs().count())
            }
            _ => (0, 0),
        };
        group.children().iter().map(of).fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1))
    }

    /// A drawing of ours with this text.
    fn picture(text: &str) -> Picture {
        let svg = format!(
            "<svg viewBox=\"0 0 100 50\" font-family=\"sans-serif\" xmlns=\"http://www.w3.org/2000/svg\"><text x=\"10\" y=\"30\" font-size=\"20\">{text}</text></svg>"
        );
        Picture { title: text.to_owned(), subtitle: text.to_owned(), svg, width: 100, height: 50 }
    }

    /// The boxes on a paper that writes this text in each of its places, and in a chart as Word gets it.
    fn boxes_of(text: &str, faces: &Faces) -> usize {
        let mut paper = paper(text);
        paper.body.push(Block::Heading { level: 2, text: text.to_owned() });
        paper.body.push(Block::Picture(picture(text)));
        let (mut on_paper, mut glyphs) = (0, 0);
        for page in set(&paper, faces).unwrap().pages() {
            let (found, all) = boxes(&page.frame);
            (on_paper, glyphs) = (on_paper + found, glyphs + all);
        }
        let (in_chart, lettering) = boxes_of_drawing(drawn(&picture(text), faces).unwrap().root());
        let count = text.chars().count();
        assert!(lettering >= count && glyphs >= 12 * count, "{text}: {lettering} and {glyphs} glyphs were looked at");
        on_paper + in_chart
    }

    #[test]
    fn names_of_real_places_have_glyphs_in_text_headings_titles_tables_and_charts() {
        let faces = Faces::load(None);
        for name in [
            // 通用规范汉字表, level three.
            "鄠邑区",
            "硚口区",
            "浉河区",
            "石碶街道",
            "㮾梨街道",
            "长堎镇",
            "𬭸岛镇",
            // Townships beyond it; LXGW WenKai lacks the first.
            "流波䃥镇",
            "桴㯊镇",
            "㵲水街道",
            "瀂泥乡",
            "鮀浦街道",
            // Villages, which are in the body's face alone, or in 楷体 alone.
            "𣵦沽村",
            "东于𨟠村",
            "叶𱖎村",
            "邨栢崐峯",
            // Units and signs.
            "万m³㎡℃‰µ½Ⅳ㈠①→★",
        ] {
            assert_eq!((faces.missing(name), boxes_of(name, &faces)), (Vec::new(), 0), "{name}");
        }
    }

    /// The test above can fail: a character that no face has is a box in every place.
    #[test]
    fn a_character_without_a_face_is_a_box() {
        let faces = Faces::load(None);
        assert!(boxes_of("𪸕乡", &faces) >= 12 && faces.missing("𪸕乡") == ['𪸕']);
    }

    #[test]
    fn every_listed_ideograph_has_a_glyph_and_one_falls_from_kai_to_another_face() {
        let faces = Faces::load(None);
        let listed: Vec<char> =
            include_str!("../han.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).collect();
        let drawing = drawn(&picture(&listed.iter().collect::<String>()), &faces).unwrap();
        assert_eq!(boxes_of_drawing(drawing.root()), (0, listed.len()));
        assert_eq!(listed.len(), 8_105 + 125 + 33);
        let lacking = |font: &Font| {
            let has = |c: char| font.info().coverage.contains(c.into());
            listed.iter().copied().filter(|&c| !has(c)).collect::<String>()
        };
        let lacking: Vec<(String, String)> =
            faces.typst().iter().map(|font| (font.info().family.as_str().to_owned(), lacking(font))).collect();
        let expected =
            [("Noto Serif CJK SC", ""), ("Noto Serif CJK SC", ""), ("Noto Sans CJK SC", ""), ("LXGW WenKai", "䃥")];
        assert_eq!(lacking, expected.map(|(family, lacking)| (family.to_owned(), lacking.to_owned())));
    }

    #[test]
    fn what_is_ignored_where_a_face_lacks_it_is_no_missing_character() {
        let faces = Faces::load(None);
        let pasted = "福\u{200B}清\u{FEFF}市\u{FE0F}、闽\u{2060}侯\u{AD}县\u{E0100}";
        assert_eq!((faces.missing(pasted), boxes_of(pasted, &faces)), (Vec::new(), 0));
    }

    #[test]
    fn characters_without_a_face_are_named() {
        let faces = Faces::load(None);
        assert_eq!(faces.missing("闽侯县〔2021〕34号 ①●▲■◇—−“”，。%+ ★霞浦鄞州"), Vec::<char>::new());
        assert_eq!(faces.missing("甲𪸕乙𪸕"), vec!['𪸕']);
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
