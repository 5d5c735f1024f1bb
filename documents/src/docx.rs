//! A paper as Word: real styles, tables and numbering that Word and WPS can edit, charts as pictures.
//!
//! Faces are named as GB/T 9704-2012 asks (仿宋, 小标宋, 黑体, 楷体), each with the name other machines know it by.

use std::io::Cursor;

use docx_rs::*;

use crate::paper::{Attachment, Block, Paper, Picture, Row, Table as PaperTable};
use crate::text::escaped;

const BODY: &str = "仿宋_GB2312";
const TITLE: &str = "方正小标宋简体";
const SANS: &str = "黑体";
const KAI: &str = "楷体_GB2312";
const SONG: &str = "宋体";
/// A face, and what to take where it is not installed.
const FALLBACKS: [(&str, &str); 5] =
    [(BODY, "仿宋"), (TITLE, "小标宋"), (SANS, "SimHei"), (KAI, "楷体"), (SONG, "SimSun")];
const RED: &str = "C8102E";

/// Lengths of the layout, in twips (1/1440 inch): A4, block 156 × 225 mm.
const PAGE: (u32, u32) = (11_906, 16_838);
const MARGINS: PageMargin =
    PageMargin { top: 2_098, left: 1_587, bottom: 1_984, right: 1_474, header: 851, footer: 1_304, gutter: 0 };
const BLOCK: usize = 8_844;
/// 22 lines to the block.
const PITCH: i32 = 580;
/// 28 characters to the line: each 16 pt wide less this, in twips. A grid of characters would do the same in Word, but
/// spreads the small type of tables in other programs.
const CLOSER: i32 = -4;
/// One character of 3号.
const THREE: i32 = 320;
/// Sizes in half points: 2号, 3号, 4号, 小五.
const TWO_HALF: usize = 44;
const THREE_HALF: usize = 32;
const FOUR_HALF: usize = 28;
const SMALL_HALF: usize = 18;
/// The most a chart may measure, in EMU (36 000 to the millimetre): the block's width, and two to a page.
const CHART: (u32, u32) = (5_400_000, 2_880_000);
/// Our numbering; the library keeps the first for itself.
const LEVELS: usize = 2;

/// The finished file; `png` draws a chart.
pub fn write(paper: &Paper, png: impl Fn(&Picture) -> Result<Vec<u8>, String>) -> Result<Vec<u8>, String> {
    let drawn = pictures(paper).map(png).collect::<Result<Vec<_>, _>>()?;
    let mut images = (1..).zip(drawn);
    let mut docx = styled(paper);
    for paragraph in head(paper) {
        docx = docx.add_paragraph(paragraph);
    }
    for block in &paper.body {
        docx = add(docx, block, &mut images);
    }
    for paragraph in closing(paper) {
        docx = docx.add_paragraph(paragraph);
    }
    for (at, attachment) in paper.attachments.iter().enumerate() {
        docx = attached(docx, attachment, (at, paper.attachments.len()), &mut images);
    }
    if let Some(record) = record(paper) {
        // A table cannot be the last thing in a file.
        docx = docx.add_table(record).add_paragraph(paragraph("Small", ""));
    }
    finish(docx, paper)
}

/// The charts of a paper in the order in which they stand.
fn pictures(paper: &Paper) -> impl Iterator<Item = &Picture> {
    let blocks = paper.body.iter().chain(paper.attachments.iter().flat_map(|attachment| &attachment.blocks));
    blocks.filter_map(|block| if let Block::Picture(picture) = block { Some(picture) } else { None })
}

/// Charts as drawn, numbered, in the order of [`pictures`].
type Images<'i> = &'i mut dyn Iterator<Item = (usize, Vec<u8>)>;

fn fonts(name: &str) -> RunFonts {
    RunFonts::new().ascii(name).hi_ansi(name).east_asia(name).cs(name)
}

fn exact(line: i32) -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(line).before(0).after(0)
}

fn style(id: &str, name: &str) -> Style {
    Style::new(id, StyleType::Paragraph).name(name)
}

/// A style whose paragraphs are not indented.
fn flush(id: &str, name: &str) -> Style {
    style(id, name)
        .based_on("Normal")
        .indent(None, Some(SpecialIndentType::FirstLine(0)), None, None)
        .first_line_chars(0)
}

fn styled(paper: &Paper) -> Docx {
    let heading = |id: &str, name: &str, face: &str, level: usize| {
        style(id, name).based_on("Normal").next("Normal").fonts(fonts(face)).outline_lvl(level)
    };
    let level = |number: usize, format: &str, text: &str, style: &str| {
        Level::new(number, Start::new(1), NumberFormat::new(format), LevelText::new(text), LevelJc::new("left"))
            .suffix(LevelSuffixType::Nothing)
            .indent(None, Some(SpecialIndentType::FirstLine(2 * THREE)), None, None)
            .paragraph_style(style)
    };
    let levels = AbstractNumbering::new(LEVELS)
        .add_level(level(0, "chineseCountingThousand", "%1、", "Heading1"))
        .add_level(level(1, "chineseCountingThousand", "（%2）", "Heading2"))
        .add_level(level(2, "decimal", "%3.", "Heading3"))
        .add_level(level(3, "decimal", "（%4）", "Heading4"));
    let numbered = |style: Style, level: usize| {
        let mut style = style;
        style.paragraph_property =
            style.paragraph_property.numbering(NumberingId::new(LEVELS), IndentLevel::new(level));
        style
    };
    let normal = style("Normal", "Normal")
        .fonts(fonts(BODY))
        .size(THREE_HALF)
        .align(AlignmentType::Both)
        .line_spacing(exact(PITCH))
        .indent(None, Some(SpecialIndentType::FirstLine(2 * THREE)), None, None)
        .first_line_chars(200);
    let closer = {
        let mut normal = normal;
        normal.run_property = normal.run_property.character_spacing(CLOSER);
        normal
    };
    let masthead = flush("Masthead", "发文机关标志").fonts(fonts(TITLE)).color(RED).align(AlignmentType::Center);
    let table = flush("TableText", "表格文字")
        .fonts(fonts(SONG))
        .size(SMALL_HALF)
        .align(AlignmentType::Left)
        .snap_to_grid(false);
    let foot = |side: AlignmentType| {
        let number = Paragraph::new()
            .style("Footer")
            .align(side)
            .add_run(Run::new().add_text("— "))
            .add_page_num(PageNum::new())
            .add_run(Run::new().add_text(" —"));
        Footer::new().add_paragraph(number)
    };
    let mut docx = Docx::new()
        .default_fonts(fonts(BODY))
        .default_size(THREE_HALF)
        .page_size(PAGE.0, PAGE.1)
        .page_margin(MARGINS)
        .footer(foot(AlignmentType::Right))
        .even_footer(foot(AlignmentType::Left))
        .add_abstract_numbering(levels)
        .add_numbering(Numbering::new(LEVELS, LEVELS))
        .add_style(closer)
        .add_style(masthead)
        .add_style(
            flush("Title", "Title")
                .fonts(fonts(TITLE))
                .size(TWO_HALF)
                .align(AlignmentType::Center)
                .line_spacing(exact(700)),
        )
        .add_style(flush("Flush", "顶格"))
        .add_style(flush("Small", "表注").size(SMALL_HALF).snap_to_grid(false).line_spacing(exact(260)))
        .add_style(table.line_spacing(exact(260)))
        .add_style(flush("Label", "附件标识").fonts(fonts(SANS)))
        .add_style(flush("Record", "版记").size(FOUR_HALF).indent(
            Some(280),
            Some(SpecialIndentType::FirstLine(0)),
            Some(280),
            None,
        ))
        .add_style(flush("Figure", "图题").fonts(fonts(SANS)).size(24).align(AlignmentType::Left))
        .add_style(
            flush("Drawing", "图")
                .snap_to_grid(false)
                .align(AlignmentType::Center)
                .line_spacing(LineSpacing::new().line_rule(LineSpacingType::Auto).line(240)),
        )
        .add_style(flush("Footer", "footer").fonts(fonts(SONG)).size(FOUR_HALF))
        .add_style(numbered(heading("Heading1", "heading 1", SANS, 0), 0))
        .add_style(numbered(heading("Heading2", "heading 2", KAI, 1), 1))
        .add_style(numbered(heading("Heading3", "heading 3", BODY, 2), 2))
        .add_style(numbered(heading("Heading4", "heading 4", BODY, 3), 3));
    let grid = DocGrid::new().grid_type(DocGridType::Lines).line_pitch(PITCH as usize);
    docx.document.section_property = docx.document.section_property.doc_grid(grid);
    // The same edition makes the same file.
    docx.created_at(&paper.created).updated_at(&paper.created)
}

fn paragraph(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(Run::new().add_text(text))
}

/// A red rule under a paragraph.
fn ruled(paragraph: Paragraph) -> Paragraph {
    let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom).size(10).space(11).color(RED);
    paragraph.set_borders(ParagraphBorders::with_empty().set(rule))
}

fn head(paper: &Paper) -> Vec<Paragraph> {
    let is_series = paper.number.is_empty();
    let size = 48.min(420 / paper.masthead.chars().count().max(1)).max(22);
    // 35 mm below the block's top stands the masthead of a 文件; an issue of a series begins higher.
    let before = if is_series { 680 } else { 1_984 };
    let spacing = LineSpacing::new().line_rule(LineSpacingType::Exact).line(size as i32 * 24).before(before).after(0);
    let masthead = Run::new().add_text(&paper.masthead).size(size * 2);
    let mut head = vec![Paragraph::new().style("Masthead").line_spacing(spacing).add_run(masthead)];
    if is_series {
        if !paper.issue.is_empty() {
            head.push(paragraph("Flush", &format!("（{}）", paper.issue)).align(AlignmentType::Center));
        }
        let names = Run::new().add_text(&paper.issuer).add_tab().add_text(&paper.issued_on);
        let edge = Tab::new().val(TabValueType::Right).pos(BLOCK);
        head.push(ruled(Paragraph::new().style("Flush").add_tab(edge).add_run(names)));
    } else {
        head.push(paragraph("Flush", ""));
        head.push(ruled(paragraph("Flush", &paper.number).align(AlignmentType::Center)));
    }
    if !paper.warning.is_empty() {
        head.push(paragraph("Figure", &paper.warning).align(AlignmentType::Center));
    }
    head.push(paragraph("Flush", ""));
    let mut title = Paragraph::new().style("Title");
    for (at, line) in paper.title.iter().enumerate() {
        let run = if at == 0 { Run::new() } else { Run::new().add_break(BreakType::TextWrapping) };
        title = title.add_run(run.add_text(line));
    }
    head.extend([title, paragraph("Flush", "")]);
    if !paper.recipients.is_empty() {
        head.push(paragraph("Flush", &format!("{}：", paper.recipients)));
    }
    head
}

fn add(docx: Docx, block: &Block, images: Images<'_>) -> Docx {
    match block {
        Block::Heading { level, text } => {
            let level = usize::from(level.saturating_sub(1).min(3));
            let heading = paragraph(["Heading1", "Heading2", "Heading3", "Heading4"][level], text);
            docx.add_paragraph(heading.numbering(NumberingId::new(LEVELS), IndentLevel::new(level)).keep_next(true))
        }
        Block::Text { text } => docx.add_paragraph(paragraph("Normal", text)),
        Block::Small { text } => docx.add_paragraph(paragraph("Small", text)),
        Block::Table(data) => {
            let docx = match data.unit.is_empty() {
                true => docx,
                false => docx.add_paragraph(paragraph("Small", &data.unit).align(AlignmentType::Right)),
            };
            docx.add_table(table(data))
        }
        Block::Picture(picture) => drawn(docx, picture, images),
    }
}

fn drawn(docx: Docx, picture: &Picture, images: Images<'_>) -> Docx {
    let Some((number, image)) = images.next() else { return docx };
    let unit = (CHART.0 / picture.width.max(1)).min(CHART.1 / picture.height.max(1));
    let mut pic = Pic::new_with_dimensions(image, picture.width, picture.height)
        .size(unit * picture.width, unit * picture.height);
    pic.id = format!("rIdImage{number}");
    docx.add_paragraph(paragraph("Figure", &picture.title).keep_next(true))
        .add_paragraph(paragraph("Small", &picture.subtitle).keep_next(true))
        .add_paragraph(Paragraph::new().style("Drawing").add_run(Run::new().add_image(pic)))
}

fn table(data: &PaperTable) -> Table {
    let whole: u32 = data.columns.iter().map(|column| column.width).sum();
    let widths: Vec<usize> =
        data.columns.iter().map(|column| BLOCK * column.width as usize / whole.max(1) as usize).collect();
    let cell = |at: usize, content: Paragraph| {
        TableCell::new().add_paragraph(content).width(widths[at], WidthType::Dxa).vertical_align(VAlignType::Center)
    };
    let heads = data.columns.iter().enumerate().map(|(at, column)| {
        let run = Run::new().add_text(&column.head).fonts(fonts(SANS));
        cell(at, Paragraph::new().style("TableText").align(AlignmentType::Center).add_run(run))
    });
    let line = |row: &Row| {
        let cells = row.cells.iter().enumerate().map(|(at, text)| {
            let run = if row.bold { Run::new().add_text(text).bold() } else { Run::new().add_text(text) };
            let side = if data.columns[at].right { AlignmentType::Right } else { AlignmentType::Left };
            let content = Paragraph::new().style("TableText").align(side).add_run(run);
            let indented = at == 1 && row.indent > 0;
            cell(
                at,
                if indented { content.indent(Some(i32::from(row.indent) * 180), None, None, None) } else { content },
            )
        });
        TableRow::new(cells.collect()).cant_split()
    };
    let head = TableRow::new(heads.collect()).cant_split();
    let rows = std::iter::once(head).chain(data.rows.iter().map(line)).collect();
    let margins = TableCellMargins::new().margin(30, 57, 30, 57);
    Table::new(rows)
        .set_grid(widths.clone())
        .width(BLOCK, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(margins)
}

/// 附件说明, signature and date, 附注.
fn closing(paper: &Paper) -> Vec<Paragraph> {
    let mut closing = Vec::new();
    let many = paper.attachments.len() > 1;
    let signed = !paper.signature.is_empty() || !paper.dated.is_empty();
    for (at, attachment) in paper.attachments.iter().enumerate() {
        if at == 0 {
            closing.push(paragraph("Flush", ""));
        }
        let number = if many { format!("{}.", at + 1) } else { String::new() };
        let text = format!("{}{number}{}", if at == 0 { "附件：" } else { "" }, attachment.title);
        // Further titles stand under the first.
        let left = if at == 0 { 2 * THREE } else { 5 * THREE };
        // What is signed does not stand alone on a page.
        closing.push(paragraph("Flush", &text).indent(Some(left), None, None, None).keep_next(signed));
    }
    if signed {
        let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { THREE / 2 } else { THREE }).sum::<i32>();
        let (name, date) = (wide(&paper.signature), wide(&paper.dated));
        // The date ends four characters from the right edge, the issuer is centred over it.
        let over = 4 * THREE + (date - name) / 2;
        let (over, under) = if over < 0 { (0, 4 * THREE - over) } else { (over, 4 * THREE) };
        closing.push(paragraph("Flush", "").keep_next(true));
        let right = |text: &str, end: i32| {
            paragraph("Flush", text).align(AlignmentType::Right).indent(None, None, Some(end), None)
        };
        closing.extend((!paper.signature.is_empty()).then(|| right(&paper.signature, over).keep_next(true)));
        closing.extend((!paper.dated.is_empty()).then(|| right(&paper.dated, under)));
    }
    closing.extend((!paper.note.is_empty()).then(|| paragraph("Normal", &format!("（{}）", paper.note))));
    closing
}

fn attached(docx: Docx, attachment: &Attachment, (at, count): (usize, usize), images: Images<'_>) -> Docx {
    let label = if count > 1 { format!("附件{}", at + 1) } else { "附件".to_owned() };
    let title = Run::new().add_text(&attachment.title).size(36);
    let mut docx = docx
        .add_paragraph(paragraph("Label", &label).page_break_before(true))
        .add_paragraph(paragraph("Flush", ""))
        .add_paragraph(Paragraph::new().style("Title").add_run(title));
    for block in &attachment.blocks {
        docx = add(docx, block, images);
    }
    docx
}

/// 版记: at the foot of the last page, between rules of 0.35, 0.25 and 0.35 mm.
fn record(paper: &Paper) -> Option<Table> {
    let mut lines = Vec::new();
    if !paper.copies.is_empty() {
        lines.push(Run::new().add_text(format!("抄送：{}。", paper.copies)));
    }
    if !paper.printed_by.is_empty() || !paper.printed_on.is_empty() {
        let printed = if paper.printed_on.is_empty() { String::new() } else { format!("{}印发", paper.printed_on) };
        lines.push(Run::new().add_text(&paper.printed_by).add_tab().add_text(printed));
    }
    if lines.is_empty() {
        return None;
    }
    let row = |run: Run| {
        let edge = Tab::new().val(TabValueType::Right).pos(BLOCK - 560);
        let content = Paragraph::new().style("Record").add_tab(edge).add_run(run);
        TableRow::new(vec![TableCell::new().add_paragraph(content).width(BLOCK, WidthType::Dxa)])
    };
    let rule = |position, size| TableBorder::new(position).size(size);
    let borders = TableBorders::with_empty()
        .set(rule(TableBorderPosition::Top, 8))
        .set(rule(TableBorderPosition::InsideH, 6))
        .set(rule(TableBorderPosition::Bottom, 8));
    let place = TablePositionProperty::new()
        .vertical_anchor("margin")
        .horizontal_anchor("margin")
        .position_y_alignment("bottom");
    let table = Table::new(lines.into_iter().map(row).collect()).set_grid(vec![BLOCK]).width(BLOCK, WidthType::Dxa);
    Some(table.layout(TableLayoutType::Fixed).set_borders(borders).position(place))
}

/// What the library has no word for: heads that stand again on each page, pictures that are told, faces with a
/// fallback.
fn finish(docx: Docx, paper: &Paper) -> Result<Vec<u8>, String> {
    let mut parts = { docx }.build();
    let mut document = String::from_utf8(parts.document).map_err(|error| error.to_string())?;
    document = without_ids(&document.replace("<w:pPr><w:rPr />", "<w:pPr>"));
    parts.footers =
        parts.footers.into_iter().map(|foot| without_ids(&String::from_utf8_lossy(&foot)).into_bytes()).collect();
    let tables =
        document.split("<w:tbl>").map(|part| part.replacen("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />", 1));
    document = tables.collect::<Vec<_>>().join("<w:tbl>");
    for (at, picture) in pictures(paper).enumerate() {
        let told =
            format!("<wp:docPr id=\"{}\" name=\"图{}\" descr=\"{}\" />", at + 1, at + 1, escaped(&picture.title));
        document = document.replacen("<wp:docPr id=\"1\" name=\"Figure\" />", &told, 1);
    }
    parts.document = document.into_bytes();
    // The library brings a style of this name along; two would be one too many.
    let styles = String::from_utf8(parts.styles).map_err(|error| error.to_string())?;
    let styles =
        styles.replacen(LIBRARYS_NORMAL, "", 1).replace("w:styleId=\"Normal\"", "w:default=\"1\" w:styleId=\"Normal\"");
    parts.styles = styles.into_bytes();
    parts.font_table = font_table().into_bytes();
    let core = String::from_utf8(parts.doc_props.core).map_err(|error| error.to_string())?;
    let title = format!("<dc:title>{}</dc:title></cp:coreProperties>", escaped(&paper.title.concat()));
    parts.doc_props.core = core.replace("</cp:coreProperties>", &title).replace(">unknown<", ">jigai<").into_bytes();
    let mut file = Cursor::new(Vec::new());
    parts.pack(&mut file).map_err(|error| error.to_string())?;
    Ok(file.into_inner())
}

/// Without the numbers that the library gives to paragraphs: they go on counting from file to file, and the same paper
/// makes the same file.
fn without_ids(xml: &str) -> String {
    let mut parts = xml.split(" w14:paraId=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').map_or("", |(_, rest)| rest))
}

const LIBRARYS_NORMAL: &str = "<w:style w:type=\"paragraph\" w:styleId=\"Normal\"><w:name w:val=\"Normal\" /><w:rPr /><w:pPr><w:rPr /></w:pPr><w:qFormat /></w:style>";

fn font_table() -> String {
    let namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let face = |(name, other): &(&str, &str)| {
        format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"86\"/><w:pitch w:val=\"variable\"/></w:font>"
        )
    };
    let faces: String = FALLBACKS.iter().map(face).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:fonts xmlns:w=\"{namespace}\">{faces}</w:fonts>"
    )
}
