//! A comparison, a quarter's library or a closed result as an official paper and as CSV: the same table as on its page.

use domain::bulletin::tables::{self, Table as Cells};
use domain::bulletin::words;
use domain::calendar::chinese_date;
use domain::comparison::{Correction, Quarter};
use domain::policy::notice::ClaimNotice;
use domain::projects::edition::LibraryEdition;
use domain::projects::table::Spec;
use domain::rate::Rate;
use domain::selection::edition::{SelectionEdition, Stage};
use domain::year_end::YearResult;

use crate::paper::{Attachment, Block, Column, Head, Paper, Row, Table};

/// Where a publication stands: which edition, its hash, and the trail's row.
pub struct Published<'p> {
    pub edition: u32,
    pub sha256: &'p str,
    pub on: chrono::NaiveDate,
    pub head: Option<Head<'p>>,
}

/// The paper of a quarter's comparison.
pub fn of_comparison(quarter: &Quarter, published: &Published<'_>) -> Paper {
    let mut body = corrected(quarter.edition, quarter.correction.as_ref());
    body.extend(quarter.sentences.iter().map(|sentence| Block::Text { text: sentence.clone() }));
    let imprint = imprint(quarter.demo, &quarter.basis, published);
    let mut attachments = vec![Attachment {
        title: format!("{}表", quarter.title()),
        blocks: vec![table(&quarter.table()), small(quarter.notes.concat()), small(imprint.clone())],
    }];
    attachments.extend(corrections(quarter.correction.as_ref(), &imprint));
    let label = domain::comparison::label(quarter.period);
    let title = vec![format!("关于{label}{}", quarter.whole), format!("{}结果的通报", quarter.name)];
    paper(quarter.name.clone(), title, quarter.demo, body, attachments, imprint, published)
}

/// The paper that puts decided claims before the public.
pub fn of_claims(notice: &ClaimNotice, published: &Published<'_>) -> Paper {
    let body = notice.sentences.iter().map(|sentence| Block::Text { text: sentence.clone() }).collect();
    let imprint = imprint(notice.demo, &notice.basis, published);
    let cells = notice.table();
    let widths = [7, 18, 9, 18, 14, 7, 10];
    let columns = cells.header.iter().zip(widths).map(|(head, width)| Column {
        head: head.clone(),
        width,
        right: head.starts_with("金额"),
    });
    let listed = Table { unit: String::new(), columns: columns.collect(), rows: rows(&cells) };
    let title = notice.title();
    let attachments = vec![Attachment {
        title: format!("{title}名单"),
        blocks: vec![Block::Table(listed), small(imprint.clone())],
    }];
    paper("公示".to_owned(), vec![title], notice.demo, body, attachments, imprint, published)
}

/// The paper that puts a selection before the public, or publishes its result.
pub fn of_selection(edition: &SelectionEdition, published: &Published<'_>) -> Paper {
    let body = edition.sentences.iter().map(|sentence| Block::Text { text: sentence.clone() }).collect();
    let imprint = imprint(edition.demo, &edition.basis, published);
    let cells = edition.table();
    let columns = cells.header.iter().map(|head| Column {
        head: head.clone(),
        width: if head.ends_with("名称") { 20 } else { 9 },
        right: head.starts_with("总投资") || head == "得分",
    });
    let listed = Table { unit: String::new(), columns: columns.collect(), rows: rows(&cells) };
    let title = edition.title();
    let attachments = vec![Attachment {
        title: format!("{title}名单"),
        blocks: vec![Block::Table(listed), small(imprint.clone())],
    }];
    let kind = if edition.stage == Stage::Notice { "公示" } else { "评选结果" };
    paper(kind.to_owned(), vec![title], edition.demo, body, attachments, imprint, published)
}

/// The paper of the library at a quarter's end: its words, then by unit, by project, and who came and went.
pub fn of_library(library: &LibraryEdition, published: &Published<'_>) -> Paper {
    let mut body = corrected(library.edition, library.correction.as_ref());
    body.extend(library.sentences.iter().map(|sentence| Block::Text { text: sentence.clone() }));
    let imprint = imprint(library.demo, &library.basis, published);
    let title = library.title();
    let columns = Spec::Detail.paper_columns();
    let heads = library.list.header.iter().zip(&columns);
    let listed = Table {
        unit: String::new(),
        columns: heads
            .map(|(head, column)| Column { head: head.clone(), width: column.width(), right: column.is_number() })
            .collect(),
        rows: rows(&library.list),
    };
    let notes = || small(library.notes.concat());
    let mut attachments = vec![
        Attachment {
            title: format!("{title}汇总表"),
            blocks: vec![fitted(&library.by_unit), notes(), small(imprint.clone())],
        },
        Attachment { title: format!("{title}项目表"), blocks: vec![Block::Table(listed), small(imprint.clone())] },
    ];
    let moved = library.moved();
    if !moved.rows.is_empty() {
        let widths = [5, 9, 18, 9, 9, 9, 18];
        let columns = moved.header.iter().zip(widths).map(|(head, width)| Column {
            head: head.clone(),
            width,
            right: head.starts_with("总投资"),
        });
        let table = Table { unit: String::new(), columns: columns.collect(), rows: rows(&moved) };
        attachments.push(Attachment {
            title: format!("{title}入库退库表"),
            blocks: vec![Block::Table(table), small(imprint.clone())],
        });
    }
    attachments.extend(corrections(library.correction.as_ref(), &imprint));
    let heading = vec![
        format!("关于{}末", domain::comparison::label(library.period)),
        format!("{}重点项目库的通报", library.whole),
    ];
    paper("重点项目库".to_owned(), heading, library.demo, body, attachments, imprint, published)
}

/// The paper of a year's result that was closed.
pub fn of_result(result: &YearResult, basis: &str, near: Rate, demo: bool, published: &Published<'_>) -> Paper {
    let standings = &result.standings;
    let text = format!(
        "{}年{}考核已于{}办结，结果见附件。依据1—12月通报第{}版（SHA-256 {}）。",
        result.year,
        standings.goal_name,
        chinese_date(published.on),
        result.edition,
        result.edition_sha256
    );
    let replaced = result.replaces.as_ref().map(|of| Block::Text { text: format!("{}。", of.sentence()) });
    let imprint = imprint(demo, basis, published);
    let attachment = Attachment {
        title: format!("{}年{}考核结果表", result.year, standings.goal_name),
        blocks: vec![
            table(&result.table(near)),
            small("位次按精确值排，印出的数四舍五入；“—”不适用。".to_owned()),
            small(imprint.clone()),
        ],
    };
    let whole = words::whole(&standings.total.name);
    let title = vec![format!("关于{}年{whole}", result.year), format!("{}考核结果的通报", standings.goal_name)];
    let masthead = format!("{}考核结果", standings.goal_name);
    let body = std::iter::once(Block::Text { text }).chain(replaced).collect();
    paper(masthead, title, demo, body, vec![attachment], imprint, published)
}

/// That an edition corrects an earlier one, before anything else.
fn corrected(edition: u32, correction: Option<&Correction>) -> Vec<Block> {
    let said = correction.map(|correction| Block::Text {
        text: format!(
            "本期为第{edition}版，更正第{}版。原因：{}。改动 {} 处，见附件“更正对照表”。",
            correction.edition,
            correction.reason,
            correction.changes.len()
        ),
    });
    said.into_iter().collect()
}

/// What it changes, as the last attachment.
fn corrections(correction: Option<&Correction>, imprint: &str) -> Option<Attachment> {
    let correction = correction?;
    let before = format!("更正前为第{}版，SHA-256 {}", correction.edition, correction.sha256);
    let blocks = vec![table(&tables::corrections(&correction.changes)), small(before), small(imprint.to_owned())];
    Some(Attachment { title: "更正对照表".to_owned(), blocks })
}

fn small(text: String) -> Block {
    Block::Small { text }
}

/// The first column is a name, all others are figures.
fn table(cells: &Cells) -> Block {
    let columns = cells.header.iter().enumerate().map(|(at, head)| Column {
        head: head.clone(),
        width: if at == 0 { 10 } else { 6.max(head.chars().count().min(10) as u32) },
        right: at > 0,
    });
    Block::Table(Table { unit: String::new(), columns: columns.collect(), rows: rows(cells) })
}

/// The same for many narrow columns: each is as wide as its longest cell, and heads break.
fn fitted(cells: &Cells) -> Block {
    // A Chinese character is as wide as two figures.
    let wide = |text: &String| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u32>();
    let columns = cells.header.iter().enumerate().map(|(at, head)| Column {
        head: head.clone(),
        width: cells.rows.iter().filter_map(|row| row.get(at)).map(wide).max().unwrap_or_default().max(3) + 1,
        right: at > 0,
    });
    Block::Table(Table { unit: String::new(), columns: columns.collect(), rows: rows(cells) })
}

fn rows(cells: &Cells) -> Vec<Row> {
    cells.rows.iter().map(|cells| Row { cells: cells.clone(), bold: false, indent: 0 }).collect()
}

fn imprint(demo: bool, basis: &str, published: &Published<'_>) -> String {
    let demo = if demo { "演示数据，非官方统计；" } else { "" };
    let head = published.head.as_ref().map(|head| format!("　{}", head.sentence())).unwrap_or_default();
    let (on, edition, sha256) = (chinese_date(published.on), published.edition, published.sha256);
    format!("{demo}依据：{basis}　{on}　第{edition}版　SHA-256 {sha256}{head}")
}

fn paper(
    masthead: String,
    title: Vec<String>,
    demo: bool,
    body: Vec<Block>,
    attachments: Vec<Attachment>,
    imprint: String,
    published: &Published<'_>,
) -> Paper {
    Paper {
        masthead,
        number: String::new(),
        issue: format!("第{}版", published.edition),
        issuer: String::new(),
        issued_on: chinese_date(published.on),
        title,
        warning: if demo { "演示数据，非官方统计".to_owned() } else { String::new() },
        recipients: String::new(),
        body,
        attachments,
        signature: String::new(),
        dated: String::new(),
        note: String::new(),
        copies: String::new(),
        printed_by: String::new(),
        printed_on: String::new(),
        created: format!("{}T00:00:00Z", published.on),
        imprint,
    }
}
