//! A bulletin as an official paper, before it is Word or PDF: masthead, text in its levels, attachments (GB/T
//! 9704-2012, 7).
//!
//! Both renderings read this one form, so that their words and numbers cannot differ.

use domain::bulletin::Bulletin;
use domain::bulletin::columns::{Column as Shown, Columns};
use domain::bulletin::narrative::plain;
use domain::bulletin::projects::ProjectPart;
use domain::bulletin::tables::{self, Table as Cells};
use domain::bulletin::texts::Picked;
use domain::bulletin::{dated, projects, whole_plan};
use domain::calendar::chinese_date;
use domain::letterhead::Letterhead;
use domain::overview::Overview;
use domain::rate::Rate;
use domain::standing::Standings;
use domain::tasks::{COLUMNS, TaskState, lines};
use serde::{Deserialize, Serialize};

/// One paper from its masthead to its 版记; empty text is not printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    pub masthead: String,
    /// 发文字号; a paper without one is an issue of a series.
    pub number: String,
    pub issue: String,
    /// Left and right above the red rule, where the paper is an issue of a series.
    pub issuer: String,
    pub issued_on: String,
    /// Broken where its meaning breaks.
    pub title: Vec<String>,
    /// 演示数据 and other warnings that must not be missed.
    pub warning: String,
    pub recipients: String,
    pub body: Vec<Block>,
    pub attachments: Vec<Attachment>,
    pub signature: String,
    pub dated: String,
    pub note: String,
    pub copies: String,
    pub printed_by: String,
    pub printed_on: String,
    /// The edition's day, `2021-06-10T00:00:00Z`: when the same edition is written again, the file says the same.
    pub created: String,
    /// Which edition this is, in small type at the end of each attachment.
    pub imprint: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// 一、 at level 1, （一） at level 2; the number is the renderer's.
    Heading {
        level: u8,
        text: String,
    },
    Text {
        text: String,
    },
    /// Small type under a table or picture.
    Small {
        text: String,
    },
    Table(Table),
    Picture(Picture),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Above its right end.
    pub unit: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub head: String,
    /// Its share of the width, against the others'.
    pub width: u32,
    pub right: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub cells: Vec<String>,
    pub bold: bool,
    /// Characters from the left of the second cell.
    pub indent: u8,
}

/// A chart: what it found, what it shows, and the drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    pub title: String,
    pub subtitle: String,
    pub svg: String,
    /// Its width against its height.
    pub width: u32,
    pub height: u32,
}

impl Paper {
    /// Every word on the paper, charts included, for asking whether there are faces for it.
    pub fn words(&self) -> String {
        // Named one by one: a part that is added later has to be thought of here.
        let Self { masthead, number, issue, issuer, issued_on, title, warning, recipients, body, attachments, .. } =
            self;
        let Self { signature, dated, note, copies, printed_by, printed_on, imprint, .. } = self;
        let mut words = [masthead, number, issue, issuer, issued_on, warning, recipients].map(String::as_str).concat();
        words.extend([signature, dated, note, copies, printed_by, printed_on, imprint].map(String::as_str));
        words.extend(title.iter().chain(attachments.iter().map(|attachment| &attachment.title)).map(String::as_str));
        for block in body.iter().chain(attachments.iter().flat_map(|attachment| &attachment.blocks)) {
            match block {
                Block::Heading { text, .. } | Block::Text { text } | Block::Small { text } => words.push_str(text),
                Block::Table(Table { unit, columns, rows }) => {
                    words.push_str(unit);
                    words.extend(columns.iter().map(|column| column.head.as_str()));
                    words.extend(rows.iter().flat_map(|row| &row.cells).map(String::as_str));
                }
                Block::Picture(picture) => {
                    words.extend([&picture.title, &picture.subtitle].map(String::as_str));
                    words.extend(picture.lettering());
                }
            }
        }
        words
    }

    /// What is lettered in its charts: all that a Word file needs our faces for.
    pub fn lettering(&self) -> String {
        let attached = self.attachments.iter().flat_map(|attachment| &attachment.blocks);
        let pictures = self.body.iter().chain(attached).filter_map(|block| match block {
            Block::Picture(picture) => Some(picture),
            _ => None,
        });
        pictures.flat_map(Picture::lettering).collect()
    }
}

impl Picture {
    /// The texts between the marks of its drawing.
    pub fn lettering(&self) -> impl Iterator<Item = &str> {
        self.svg.split('<').filter_map(|mark| mark.split_once('>')).map(|(_, text)| text)
    }
}

/// A published edition, or a preview of one (number 0).
pub struct Edition<'e> {
    pub bulletin: &'e Bulletin,
    pub edition: u32,
    pub sha256: &'e str,
    /// Where it stands in the office's trail; editions from before papers said so have none.
    pub head: Option<Head<'e>>,
}

/// The trail's row that recorded an edition, and what the office signed with then.
pub struct Head<'e> {
    pub seq: i64,
    /// 64 hex digits.
    pub hash: &'e str,
    pub public_key: Option<&'e str>,
}

impl Head<'_> {
    /// Beside the edition's SHA-256: whoever keeps the paper can ask for this row later.
    pub(crate) fn sentence(&self) -> String {
        let key = self.public_key.map(|key| format!("　签名公钥 {key}")).unwrap_or_default();
        format!("审计链第{}条　{}{key}", self.seq, self.hash)
    }
}

/// The paper of a bulletin under this letterhead, with these charts.
pub fn compose(edition: &Edition<'_>, letterhead: &Letterhead, charts: Vec<Picture>) -> Paper {
    let bulletin = edition.bulletin;
    let heading = &bulletin.heading;
    let written = |date: Option<chrono::NaiveDate>| date.map(chinese_date).unwrap_or_default();
    let dated = written(letterhead.dated);
    // An issue of a series names issuer and day above its rule, a 文件 under its text: neither twice.
    let is_series = letterhead.number.is_empty();
    let only = |holds: bool, text: &str| if holds { text.to_owned() } else { String::new() };
    let series = bulletin.series_name();
    Paper {
        masthead: if letterhead.masthead.is_empty() { series } else { letterhead.masthead.clone() },
        number: letterhead.number.clone(),
        issue: letterhead.issue.clone(),
        issuer: only(is_series, &letterhead.signature),
        issued_on: only(is_series, &dated),
        title: title(bulletin),
        warning: if heading.demo { "演示数据，非官方统计".to_owned() } else { String::new() },
        recipients: letterhead.recipients.clone(),
        body: body(bulletin),
        attachments: attachments(edition, charts),
        signature: only(!is_series, &letterhead.signature),
        dated: only(!is_series, &dated),
        note: letterhead.note.clone(),
        copies: letterhead.copies.clone(),
        printed_by: letterhead.printed_by.clone(),
        printed_on: written(letterhead.printed_on),
        created: heading.published_on.map_or("1970-01-01T00:00:00Z".to_owned(), |day| format!("{day}T00:00:00Z")),
        imprint: imprint(edition),
    }
}

/// 关于…的通报, its two lines broken between the period and what it is about.
fn title(bulletin: &Bulletin) -> Vec<String> {
    let (title, period) = (&bulletin.heading.title, bulletin.standings.period.title());
    match title.strip_prefix(&period) {
        Some(subject) => vec![format!("关于{period}"), format!("{subject}的通报")],
        None => vec![format!("关于{title}的通报")],
    }
}

fn body(bulletin: &Bulletin) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(correction) = &bulletin.correction {
        let reason = correction.reason.as_ref().map(|reason| format!("原因：{reason}。")).unwrap_or_default();
        let changes = match correction.changes.len() {
            0 => "数据没有改动，只改文字。".to_owned(),
            _ if !correction.headline.is_empty() => format!("{}，见附件“更正对照表”。", correction.headline),
            count => format!("改动 {count} 处，见附件“更正对照表”。"),
        };
        let text = format!(
            "本期为第{}版，更正第{}版。{reason}{changes}第{}版自即日起以本版为准。",
            bulletin.heading.edition, correction.edition, correction.edition
        );
        blocks.push(Block::Text { text });
    }
    for paragraph in &bulletin.paragraphs {
        if !paragraph.heading.is_empty() {
            blocks.push(Block::Heading { level: 1, text: heading(&paragraph.heading) });
        }
        blocks.push(Block::Text { text: paragraph.sentences.iter().map(|sentence| plain(sentence)).collect() });
    }
    if bulletin.edited.iter().any(|edited| edited.leaves_figures) {
        blocks.push(Block::Small {
            text: "注：文中部分文字由办公室撰写，未与数据逐一核对，网页版以※标出。".to_owned(),
        });
    }
    blocks
}

/// A paragraph's head as a level of an official paper: 一、进度情况.
fn heading(text: &str) -> String {
    if text.chars().count() <= 2 { format!("{text}情况") } else { text.to_owned() }
}

fn imprint(edition: &Edition<'_>) -> String {
    let heading = &edition.bulletin.heading;
    let demo = if heading.demo { "演示数据，非官方统计；" } else { "" };
    let date = heading.published_on.map(chinese_date).unwrap_or_default();
    let which = match edition.edition {
        0 => "预览，未发布".to_owned(),
        number => format!("第{number}版　SHA-256 {}", edition.sha256),
    };
    format!("{demo}来源：{}　{date}　{which}", edition.bulletin.reported_by())
}

fn attachments(edition: &Edition<'_>, charts: Vec<Picture>) -> Vec<Attachment> {
    let bulletin = edition.bulletin;
    let (heading, standings) = (&bulletin.heading, &bulletin.standings);
    let small = |text: String| Block::Small { text };
    let imprint = || small(imprint(edition));
    let label = standings.period.label();
    let mut attachments = Vec::new();
    if bulletin.has_units() {
        attachments.push(Attachment {
            title: format!("{label}各{}{}完成情况表", heading.unit_noun, standings.goal_name),
            blocks: vec![main_table(bulletin), small(bulletin.notes.concat()), imprint()],
        });
    }
    if let Some(scores) = score_table(standings) {
        let note = small(tables::score_note(standings).unwrap_or_default());
        let title = format!("{label}各{}得分表", heading.unit_noun);
        attachments.push(Attachment { title, blocks: vec![scores, note, imprint()] });
    }
    if let Some(overview) = &bulletin.overview {
        let mut blocks = vec![goals_table(overview, bulletin.near)];
        blocks.extend(
            overview.goals.iter().flat_map(|row| &row.findings).map(|found| small(format!("{}。", found.message))),
        );
        blocks.push(imprint());
        attachments.push(Attachment { title: format!("{label}各项目标进展情况表"), blocks });
    }
    if let Some(part) = &bulletin.projects {
        let blocks = vec![projects_table(part), imprint()];
        attachments.push(Attachment { title: format!("{label}重点项目进展情况表"), blocks });
    }
    let tasks = dated::listed(bulletin);
    if !tasks.is_empty() {
        let blocks = vec![tasks_table(&tasks), imprint()];
        attachments.push(Attachment { title: format!("{label}限时任务办理情况表"), blocks });
    }
    if !bulletin.texts.is_empty() {
        let blocks = vec![texts_table(&bulletin.texts), imprint()];
        attachments.push(Attachment { title: format!("{label}各单位情况选编"), blocks });
    }
    if !charts.is_empty() && bulletin.has_units() {
        let blocks = charts.into_iter().map(Block::Picture).chain([imprint()]).collect();
        attachments
            .push(Attachment { title: format!("{label}{}{}分析图", heading.whole, standings.goal_name), blocks });
    }
    if let Some(correction) = bulletin.correction.as_ref().filter(|correction| !correction.changes.is_empty()) {
        let before = small(format!("更正前为第{}版，SHA-256 {}", correction.edition, correction.sha256));
        let table = table(
            tables::corrections(&correction.changes),
            String::new(),
            &[(4, false), (6, false), (4, true), (4, true)],
        );
        attachments.push(Attachment { title: "更正对照表".to_owned(), blocks: vec![table, before, imprint()] });
    }
    if !bulletin.has_units() {
        return attachments;
    }
    let sources =
        table(tables::sources(bulletin), String::new(), &[(4, false), (6, true), (6, true), (5, true), (14, false)]);
    let how = format!("{}。", Columns::of(bulletin).formulas());
    let head = edition.head.as_ref().map(|head| small(head.sentence()));
    let blocks = [sources, small(how), imprint()].into_iter().chain(head).collect();
    attachments.push(Attachment { title: format!("{label}数据来源表"), blocks });
    attachments
}

/// All goals of the plan, each section under its heading.
fn goals_table(overview: &Overview, near: Rate) -> Block {
    let widths = [14, 7, 12, 8, 7, 7, 7, 7, 9];
    let columns = whole_plan::COLUMNS.iter().zip(widths).map(|((head, right), width)| Column {
        head: (*head).to_owned(),
        width,
        right: *right,
    });
    let mut rows = Vec::new();
    for (heading, goals) in overview.sections() {
        if let Some(heading) = heading {
            let mut cells = vec![heading.to_owned()];
            cells.resize(widths.len(), String::new());
            rows.push(Row { cells, bold: true, indent: 0 });
        }
        rows.extend(goals.into_iter().map(|row| Row { cells: whole_plan::cells(row, near), bold: false, indent: 0 }));
    }
    Block::Table(Table { unit: String::new(), columns: columns.collect(), rows })
}

/// Projects by unit, the whole in bold.
fn projects_table(part: &ProjectPart) -> Block {
    let found = projects::table(part);
    let widths = [9, 5, 9, 8, 8, 7, 7, 7, 7, 7, 5, 5];
    let columns = found.header.into_iter().zip(widths).enumerate();
    let columns = columns.map(|(at, (head, width))| Column { head, width, right: at > 0 });
    let rows = found.rows.into_iter().enumerate().map(|(at, cells)| Row { cells, bold: at == 0, indent: 0 });
    Block::Table(Table { unit: String::new(), columns: columns.collect(), rows: rows.collect() })
}

/// Dated tasks, each section under its heading.
fn tasks_table(tasks: &[&TaskState]) -> Block {
    let widths = [15, 7, 9, 12, 9, 9, 13];
    let columns =
        COLUMNS.iter().zip(widths).map(|(head, width)| Column { head: (*head).to_owned(), width, right: false });
    let mut rows = Vec::new();
    for of_section in tasks.chunk_by(|one, other| one.section == other.section) {
        if let Some(heading) = &of_section[0].section {
            let mut cells = vec![heading.clone()];
            cells.resize(widths.len(), String::new());
            rows.push(Row { cells, bold: true, indent: 0 });
        }
        let lines = of_section.iter().flat_map(|task| lines(task));
        rows.extend(lines.map(|cells| Row { cells, bold: false, indent: 0 }));
    }
    Block::Table(Table { unit: String::new(), columns: columns.collect(), rows })
}

/// The units' words, each section under its heading, with their source.
fn texts_table(texts: &[Picked]) -> Block {
    let columns = [("目标和类别", 10), ("单位", 7), ("文字", 30), ("备注", 6)].map(|(head, width)| Column {
        head: head.to_owned(),
        width,
        right: false,
    });
    let mut rows = Vec::new();
    for of_section in texts.chunk_by(|one, other| one.section == other.section) {
        if let Some(heading) = &of_section[0].section {
            let cells = vec![heading.clone(), String::new(), String::new(), String::new()];
            rows.push(Row { cells, bold: true, indent: 0 });
        }
        rows.extend(of_section.iter().map(|text| {
            let about = format!("{}{}", text.goal_name.as_deref().unwrap_or_default(), text.topic);
            let edited = if text.edited { "经编辑" } else { "" };
            let cells = vec![about, text.unit_name.clone(), text.words.clone(), edited.to_owned()];
            Row { cells, bold: false, indent: 0 }
        }));
    }
    Block::Table(Table { unit: String::new(), columns: columns.to_vec(), rows })
}

/// 汇总表: everything that units wrote in a period, as a paper of one table.
pub fn of_texts(title: Vec<String>, masthead: &str, texts: &[Picked]) -> Paper {
    of_blocks(title, masthead, vec![texts_table(texts)])
}

/// A table of projects as a paper, sums in bold.
pub fn of_projects(title: Vec<String>, masthead: &str, rendered: &domain::projects::table::Rendered) -> Paper {
    let columns = rendered.columns.iter().zip(&rendered.header).map(|(column, head)| Column {
        head: head.clone(),
        width: column.width(),
        right: column.is_number(),
    });
    let rows =
        rendered.lines.iter().map(|line| Row { cells: line.cells.clone(), bold: line.project.is_none(), indent: 0 });
    let table = Table { unit: String::new(), columns: columns.collect(), rows: rows.collect() };
    of_blocks(title, masthead, vec![Block::Table(table)])
}

/// The paper of ledger sheets (台账), an attachment each, by title.
pub fn of_ledgers(title: Vec<String>, masthead: &str, sheets: &[(String, tables::Table)]) -> Paper {
    let text = format!("共{}个项目，每个项目一张。金额单位：万元。", sheets.len());
    let columns = |heads: &[String]| {
        let widths = [7, 12, 40];
        heads.iter().zip(widths).map(|(head, width)| Column { head: head.clone(), width, right: false }).collect()
    };
    let attachments = sheets.iter().map(|(name, sheet)| {
        let rows = sheet.rows.iter().map(|cells| Row { cells: cells.clone(), bold: false, indent: 0 });
        let table = Table { unit: String::new(), columns: columns(&sheet.header), rows: rows.collect() };
        Attachment { title: name.clone(), blocks: vec![Block::Table(table)] }
    });
    let attachments = attachments.collect();
    Paper { attachments, ..of_blocks(title, masthead, vec![Block::Text { text }]) }
}

/// A paper of blocks alone.
fn of_blocks(title: Vec<String>, masthead: &str, body: Vec<Block>) -> Paper {
    Paper {
        masthead: masthead.to_owned(),
        number: String::new(),
        issue: String::new(),
        issuer: String::new(),
        issued_on: String::new(),
        title,
        warning: String::new(),
        recipients: String::new(),
        body,
        attachments: Vec::new(),
        signature: String::new(),
        dated: String::new(),
        note: String::new(),
        copies: String::new(),
        printed_by: String::new(),
        printed_on: String::new(),
        created: "1970-01-01T00:00:00Z".to_owned(),
        imprint: String::new(),
    }
}

/// What each unit's score is the sum of; `None` where places follow no score.
pub(crate) fn score_table(standings: &Standings) -> Option<Block> {
    let cells = tables::scores(standings)?;
    let widths: Vec<(u32, bool)> = (0..cells.header.len())
        .map(|column| match column {
            0 => (5, true),
            1 => (14, false),
            _ => (9, true),
        })
        .collect();
    Some(table(cells, "单位：分、%".to_owned(), &widths))
}

fn main_table(bulletin: &Bulletin) -> Block {
    let unit = Columns::of(bulletin).units_line();
    let mut widths = vec![(5, true), (14, false)];
    widths.extend(Columns::of(bulletin).shown().iter().map(|column| match column {
        Shown::Target | Shown::TargetGrowth => (9, true),
        Shown::Value => (8, true),
        _ => (7, true),
    }));
    widths.push((10, false));
    widths.extend(tables::extra_columns(&bulletin.standings).iter().map(|_| (7, true)));
    widths.extend(bulletin.award_columns().iter().map(|_| (7, true)));
    let mut block = table(tables::standings(bulletin), unit, &widths);
    if let Block::Table(table) = &mut block {
        if let Some(whole) = table.rows.first_mut() {
            whole.bold = true;
        }
        for (line, row) in table.rows.iter_mut().skip(1).zip(&bulletin.standings.rows) {
            line.indent = u8::from(row.within.is_some());
        }
    }
    block
}

fn table(cells: Cells, unit: String, widths: &[(u32, bool)]) -> Block {
    let column = |(head, &(width, right)): (String, &(u32, bool))| Column { head, width, right };
    let columns = cells.header.into_iter().zip(widths).map(column).collect();
    let rows = cells.rows.into_iter().map(|cells| Row { cells, bold: false, indent: 0 }).collect();
    Block::Table(Table { unit, columns, rows })
}
