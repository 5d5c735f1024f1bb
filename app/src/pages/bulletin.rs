//! `/bulletins/{plan}/{period}`, `…/e{n}`, `…/print`: a published bulletin, rendered from its frozen form alone.

use std::sync::Arc;

use domain::bulletin::columns::{Column, Columns};
use domain::bulletin::narrative::{Span, plain};
use domain::bulletin::{Bulletin, dated, tables};
use domain::calendar::chinese_date;
use domain::month::Period;
use domain::standing::{Lamp, Measured};
use domain::tasks::{COLUMNS, lines};
use leptos::prelude::*;

use super::{bulletin_links, param};
use crate::backend::{Backend, backend};
use crate::charts::chosen::{Chart, source};
use crate::charts::{Drawn, bullet};
use crate::parts::chart_frame::ChartFrame;
use crate::parts::frame::{DEMO, Layout};
use crate::parts::goals_table::{goals_notes, goals_table};
use crate::parts::links::source_id;
use crate::parts::standings_table::standings_table;
use crate::parts::{Menu, Page, PageError, links, page};
use crate::routes::ORIGIN;
use office::facts::{Edition, EditionSummary};

/// On a screen with navigation, or as A4 sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Screen,
    Print,
}

#[component]
pub(crate) fn NewestBulletin() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move { load(&plan, &period, None, Mode::Screen).await })
}

#[component]
pub(crate) fn FixedBulletin() -> impl IntoView {
    let (plan, period, edition) = (param("plan"), param("period"), param("edition"));
    page(async move { load(&plan, &period, Some(&edition), Mode::Screen).await })
}

#[component]
pub(crate) fn PrintedBulletin() -> impl IntoView {
    let (plan, period, edition) = (param("plan"), param("period"), param("edition"));
    let edition = (!edition.is_empty()).then_some(edition);
    page(async move { load(&plan, &period, edition.as_deref(), Mode::Print).await })
}

async fn load(plan: &str, period: &str, edition: Option<&str>, mode: Mode) -> Result<Page, PageError> {
    let backend = backend();
    let bad = |sentence: String| PageError::bad_request(sentence).with_link("往期通报", "/bulletins");
    let period = Period::parse(period).map_err(|error| bad(format!("{error}。")))?;
    let number = match edition {
        None => None,
        Some(text) => {
            match text.strip_prefix('e').and_then(|digits| digits.parse::<u32>().ok()).filter(|number| *number > 0) {
                Some(number) => Some(number),
                None => return Err(bad(format!("版次“{}”写得不对，请写成 e1、e2。", domain::month::shorten(text)))),
            }
        }
    };
    match backend.edition(plan, period, number).await? {
        Some(edition) => page_of(&backend, &edition, mode).await,
        None => Err(missing(&backend, plan, period, number).await?),
    }
}

/// Says what of an address does not exist: the plan, the period, or the edition.
async fn missing(
    backend: &Arc<dyn Backend>,
    plan: &str,
    period: Period,
    edition: Option<u32>,
) -> Result<PageError, PageError> {
    if backend.plan_versions(plan).await?.is_empty() {
        return Ok(PageError::no_plan(plan));
    }
    let mut published: Vec<Period> = backend
        .editions()
        .await?
        .into_iter()
        .filter(|edition| edition.plan == plan)
        .map(|edition| edition.period)
        .collect();
    published.sort();
    published.dedup();
    let sentence = match edition {
        Some(edition) if published.contains(&period) => format!("{}通报没有第{edition}版。", period.label()),
        _ => format!("{}的通报还没有发布。", period.label()),
    };
    let links = bulletin_links(plan, &published);
    Ok(PageError::NotFound { sentence, links }.with_link("往期通报", "/bulletins"))
}

/// The page of an edition, with links to its neighbours and to the edition that corrected it.
pub(crate) async fn page_of(backend: &Arc<dyn Backend>, edition: &Edition, mode: Mode) -> Result<Page, PageError> {
    let editions: Vec<EditionSummary> =
        backend.editions().await?.into_iter().filter(|other| other.plan == edition.summary.plan).collect();
    let bulletin = &edition.bulletin;
    let (receipts, moved) = match mode {
        Mode::Screen => {
            (super::receipts::receipts(&edition.summary).await?, moved_since(&edition.summary, &editions).await?)
        }
        Mode::Print => (None, None),
    };
    let lead =
        bulletin.paragraphs.first().and_then(|paragraph| paragraph.sentences.first()).map(|sentence| plain(sentence));
    let body = view! {
        {(mode == Mode::Screen).then(|| neighbours(&edition.summary, &editions))}
        {moved}
        {article(edition, &editions)}
        {(mode == Mode::Screen).then(|| in_messenger(&edition.summary))}
        {receipts}
    };
    Ok(Page {
        title: bulletin.heading.title.clone(),
        description: lead.unwrap_or_default(),
        menu: Menu::Bulletins,
        body: body.into_any(),
        layout: if mode == Mode::Print { Layout::Print } else { Layout::Usual },
    })
}

/// A messenger's browser can neither download nor print: how to get out of it. Shown there only.
fn in_messenger(summary: &EditionSummary) -> AnyView {
    let address = format!("{ORIGIN}{}", links::edition(&summary.plan, summary.period, summary.edition));
    view! {
        <aside class="notice messenger-only" aria-label="打印和转发">
            <p>
                "要打印或下载，请点右上角“…”，选“在浏览器打开”。转发时可长按下面的网址复制："
            </p>
            <input type="text" readonly aria-label="本期通报的网址" value=address />
        </aside>
    }
    .into_any()
}

/// The bulletin itself.
pub(crate) fn article(edition: &Edition, editions: &[EditionSummary]) -> AnyView {
    let bulletin = &edition.bulletin;
    // An edition opens with its headline; what it was published with before there was one for its correction stays first.
    let headline = bulletin.correction.as_ref().is_some_and(|correction| !correction.headline.is_empty());
    let (unheaded, headed) = match headline {
        true => (None, correction(bulletin)),
        false => (correction(bulletin), None),
    };
    view! {
        <article class="bulletin">
            {running_head(edition)} {masthead(bulletin)} {corrected_by(&edition.summary, editions)} {unheaded}
            {title(bulletin)} {headed}
            {match bulletin.has_units() {
                true => of_units(edition),
                false => paragraphs(bulletin, 0..usize::MAX, "body"),
            }} {goals(edition)} {projects(edition)} {tasks(edition)} {texts(edition)}
            {bulletin.has_units().then(|| sources(bulletin))} {edited(bulletin)} {colophon(edition)}
        </article>
    }
    .into_any()
}

/// The ranked goal: its text between its cards, table and charts.
fn of_units(edition: &Edition) -> AnyView {
    let bulletin = &edition.bulletin;
    view! {
        {paragraphs(bulletin, 0..1, "lead")}
        {cards(bulletin, true)}
        {table(bulletin)}
        {first_charts(edition)}
        {paragraphs(bulletin, 1..usize::MAX, "body")}
        {other_charts(edition)}
    }
    .into_any()
}

/// All goals of the plan, where the edition holds them.
fn goals(edition: &Edition) -> Option<AnyView> {
    let bulletin = &edition.bulletin;
    let overview = bulletin.overview.as_ref()?;
    let csv = links::edition_csv(&edition.summary, "goals").map(|address| view! { <a href=address>"CSV"</a> });
    Some(
        view! {
            <section class="all-goals-section" id="goals">
                <h2>"各项目标进展"</h2>
                <p class="subtitle">
                    {format!("截至{}，各目标取不晚于本期的最近一期　", overview.period.label())} {csv}
                </p>
                {goals_table(overview, bulletin.near, false, |_| None)}
                {goals_notes(overview)}
            </section>
        }
        .into_any(),
    )
}

/// Projects by unit at the end of the edition's period.
fn projects(edition: &Edition) -> Option<AnyView> {
    let part = edition.bulletin.projects.as_ref()?;
    let found = domain::bulletin::projects::table(part);
    let csv = links::edition_csv(&edition.summary, "projects").map(|address| view! { <a href=address>"CSV"</a> });
    let heads = found.header.clone();
    let head = heads.iter().enumerate().map(|(at, text)| {
        let class = if at == 0 { "" } else { "r" };
        view! {
            <th scope="col" class=class>
                {text.clone()}
            </th>
        }
    });
    let head = head.collect_view();
    let rows = found.rows.into_iter().map(|cells| {
        let others = cells.iter().zip(&heads).skip(1).map(|(text, head)| {
            view! {
                <td class="r" data-name=head.clone()>
                    {text.clone()}
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">{cells[0].clone()}</th>
                {others.collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let period = edition.bulletin.standings.period;
    Some(
        view! {
            <section class="all-goals-section" id="projects">
                <h2>"重点项目进展情况"</h2>
                <p class="subtitle">{format!("截至{}年{}月底　", period.year, period.month)} {csv}</p>
                <div class="scroll" tabindex="0" role="group" aria-label="重点项目进展情况">
                    <table class="data">
                        <thead>
                            <tr>{head}</tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// Dated tasks that were due, are done or behind, as they stood at the edition's moment.
fn tasks(edition: &Edition) -> Option<AnyView> {
    let bulletin = &edition.bulletin;
    let listed = dated::listed(bulletin);
    if listed.is_empty() {
        return None;
    }
    let csv = links::edition_csv(&edition.summary, "tasks").map(|address| view! { <a href=address>"CSV"</a> });
    let heads = COLUMNS.map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    let rows = listed.into_iter().flat_map(|task| lines(task).into_iter().map(move |cells| (task, cells)));
    let rows = rows.map(|(task, cells)| {
        let others = cells.iter().zip(COLUMNS).skip(1).map(|(text, head)| {
            let class = if text == domain::shown::DASH { "empty" } else { "" };
            view! {
                <td class=class data-name=head>
                    {text.clone()}
                </td>
            }
        });
        let section = task.section.clone();
        view! {
            <tr>
                <th scope="row" title=section>
                    {cells[0].clone()}
                </th>
                {others.collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let day = bulletin.heading.published_on.map(chinese_date).unwrap_or_default();
    Some(
        view! {
            <section class="all-goals-section" id="tasks">
                <h2>"限时任务办理情况"</h2>
                <p class="subtitle">{format!("截至{day}　")} {csv}</p>
                <div class="scroll" tabindex="0" role="group" aria-label="限时任务办理情况">
                    <table class="data stack">
                        <thead>
                            <tr>{heads}</tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// What the office picked of the units' texts, each passage with its source.
fn texts(edition: &Edition) -> Option<AnyView> {
    let texts = &edition.bulletin.texts;
    if texts.is_empty() {
        return None;
    }
    let csv = links::edition_csv(&edition.summary, "texts").map(|address| view! { <a href=address>"CSV"</a> });
    let sections = texts.chunk_by(|one, other| one.section == other.section).map(|of_section| {
        let heading = of_section[0].section.clone().map(|section| view! { <h3>{section}</h3> });
        let passages = of_section.iter().map(|text| {
            view! {
                <p class="body free">
                    {text.words.clone()} <small class="source">{format!("（{}）", text.source())}</small>
                </p>
            }
        });
        view! {
            {heading}
            {passages.collect_view()}
        }
    });
    let sections = sections.collect_view();
    Some(
        view! {
            <section class="all-goals-section" id="texts">
                <h2>"各单位情况选编"</h2>
                <p class="subtitle">"文字由各单位报送，办公室选编　" {csv}</p>
                {sections}
            </section>
        }
        .into_any(),
    )
}

/// Other periods of the plan, print and files.
fn neighbours(summary: &EditionSummary, editions: &[EditionSummary]) -> AnyView {
    let mut periods: Vec<Period> =
        editions.iter().map(|edition| edition.period).filter(|period| period.year == summary.period.year).collect();
    periods.sort();
    periods.dedup();
    let plan = summary.plan.clone();
    let switcher = super::period_switcher(&periods, summary.period, |period| links::bulletin(&plan, period));
    let base = links::edition(&summary.plan, summary.period, summary.edition);
    let file =
        |kind: &str| format!("/export/bulletin/{}.{}.e{}.table.{kind}", summary.plan, summary.period, summary.edition);
    let paper =
        |kind: &str| format!("/export/bulletin/{}.{}.e{}.paper.{kind}", summary.plan, summary.period, summary.edition);
    let office = use_context::<Arc<dyn Backend>>().and_then(|backend| backend.viewer().cloned());
    let office = office.and_then(|viewer| viewer.post).is_some_and(|post| post.domain.role.is_office());
    let head = office.then(|| view! { <a href=format!("{base}/paper")>"公文稿头"</a> });
    view! {
        <div class="toolbar">
            {switcher} <span class="tools">
                <a href=format!("{base}/print")>"打印版"</a>
                {head}
                <a href=format!("/board?plan={}", summary.plan) class="desk-only">
                    "大屏"
                </a>
                <a href=paper("pdf")>"PDF"</a>
                <a href=paper("docx")>"Word"</a>
                <a href=file("xlsx")>"Excel"</a>
                <a href=file("csv")>"CSV"</a>
                <a href=file("json")>"JSON"</a>
            </span>
        </div>
    }
    .into_any()
}

/// Above every sheet of paper: which bulletin it belongs to. On screens it is not shown, and not read out.
fn running_head(edition: &Edition) -> AnyView {
    let (heading, summary) = (&edition.bulletin.heading, &edition.summary);
    let demo = if heading.demo { "　演示数据，非官方统计" } else { "" };
    let which = format!("第{}版　{}", summary.edition, &summary.sha256[..8]);
    view! {
        <div class="running-head" aria-hidden="true">
            <span>
                <span>{heading.title.clone()}</span>
                <span>{which}{demo}</span>
            </span>
        </div>
    }
    .into_any()
}

/// The title, broken only between the period and what it is about.
fn title(bulletin: &Bulletin) -> AnyView {
    let (title, period) = (&bulletin.heading.title, bulletin.standings.period.title());
    let subject = title.strip_prefix(&period).unwrap_or(title).to_owned();
    let period = if subject == *title { String::new() } else { period };
    view! {
        <h1>
            <span class="keep">{period}</span>
            <span class="keep">{subject}</span>
        </h1>
    }
    .into_any()
}

fn masthead(bulletin: &Bulletin) -> AnyView {
    let heading = &bulletin.heading;
    let name = bulletin.series_name();
    let issue = match heading.edition {
        0 | 1 => format!("第{}期", heading.issue),
        edition => format!("第{}期（第{edition}版）", heading.issue),
    };
    let date = heading.published_on.map(chinese_date).unwrap_or_else(|| "预览".to_owned());
    let issuer = heading.issuer.clone().map(|_| heading.region_name.clone()).unwrap_or_default();
    view! {
        <header class="masthead">
            <p class="series">{name}</p>
            <p class="issue">
                <span>{issue}</span>
                <span class="issuer">{issuer}</span>
                <span>{date}</span>
            </p>
            {heading.demo.then(|| view! { <p class="demo-note">{DEMO}</p> })}
        </header>
    }
    .into_any()
}

/// What the office is told of an edition whose figures moved since.
async fn moved_since(summary: &EditionSummary, editions: &[EditionSummary]) -> Result<Option<AnyView>, PageError> {
    let of = editions.iter().filter(|other| other.plan == summary.plan && other.period == summary.period);
    if of.map(|other| other.edition).max() != Some(summary.edition) {
        return Ok(None);
    }
    let backend = backend();
    let Some(plan) =
        backend.plans().await?.into_iter().map(|version| version.plan).find(|plan| plan.id == summary.plan)
    else {
        return Ok(None);
    };
    let moved = backend.moved(&plan).await?.into_iter().find(|(period, _)| *period == summary.period);
    Ok(moved.map(|(_, names)| {
        let text = format!("本版发布之后，{}的数变了，还没有发布更正（只有办公室看得到这一句）。", names.join("、"));
        view! {
            <p class="notice act" role="note" id="moved">
                {text}
                <a href=links::publish(&summary.plan, summary.period)>"看更正会改动什么"</a>
            </p>
        }
        .into_any()
    }))
}

fn corrected_by(summary: &EditionSummary, editions: &[EditionSummary]) -> Option<AnyView> {
    let newer = editions
        .iter()
        .filter(|other| other.period == summary.period && other.edition > summary.edition)
        .max_by_key(|other| other.edition)?;
    let reason = newer.reason.as_ref().map(|reason| format!("，原因：{reason}")).unwrap_or_default();
    let text = format!("本版已由第{}版更正{reason}。", newer.edition);
    Some(
        view! {
            <p class="notice act" role="note">
                {text}
                <a href=links::edition(&newer.plan, newer.period, newer.edition)>"查看更正后的通报"</a>
            </p>
        }
        .into_any(),
    )
}

fn correction(bulletin: &Bulletin) -> Option<AnyView> {
    let correction = bulletin.correction.clone()?;
    let heading = &bulletin.heading;
    let reason = correction.reason.map(|reason| format!("原因：{reason}。")).unwrap_or_default();
    let count = correction.changes.len();
    let text = match correction.headline.is_empty() {
        true => format!("本版更正第{}版。{reason}改动 {count} 处：", correction.edition),
        false => format!("{}。本版更正第{}版，{reason}", correction.headline, correction.edition),
    };
    let old = links::edition(&heading.plan, bulletin.standings.period, correction.edition);
    let rows = correction.changes.into_iter().map(|change| {
        view! {
            <tr>
                <th scope="row">{change.name}</th>
                <td>{change.what}</td>
                <td class="r">{change.before}</td>
                <td class="r">{change.after}</td>
            </tr>
        }
    });
    Some(
        view! {
            <section class="notice" aria-label="更正说明">
                <p>{text}<a href=old>"查看原版"</a></p>
                <details class="changes-fold" hidden=count == 0>
                    <summary>"更正前后对照"</summary>
                    <div class="scroll" tabindex="0" role="group" aria-label="表格">
                        <table class="data changes">
                            <thead>
                                <tr>
                                    <th scope="col">"单位"</th>
                                    <th scope="col">"项目"</th>
                                    <th scope="col" class="r">
                                        "更正前"
                                    </th>
                                    <th scope="col" class="r">
                                        "更正后"
                                    </th>
                                </tr>
                            </thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </div>
                </details>
            </section>
        }
        .into_any(),
    )
}

fn paragraphs(bulletin: &Bulletin, which: std::ops::Range<usize>, class: &'static str) -> AnyView {
    let views =
        bulletin.paragraphs.iter().enumerate().filter(|(index, _)| which.contains(index)).map(|(index, paragraph)| {
            let heading =
                (!paragraph.heading.is_empty()).then(|| view! { <b class="para-head">{paragraph.heading.clone()}</b> });
            let sentences = paragraph.sentences.iter().enumerate().map(|(at, sentence)| {
                let leaves =
                    bulletin.edited.iter().any(|edited| edited.place == Some((index, at)) && edited.leaves_figures);
                let mark = leaves.then(|| {
                    view! {
                        <sup>
                            <a href="#edited" title="由办公室撰写，未与数据逐一核对">
                                "※"
                            </a>
                        </sup>
                    }
                });
                view! {
                    {sentence.iter().map(span).collect_view()}
                    {mark}
                }
            });
            let sentences = sentences.collect_view();
            view! { <p class=class>{heading}{sentences}</p> }
        });
    views.collect_view().into_any()
}

fn span(span: &Span) -> AnyView {
    match span {
        Span::Text(text) => text.clone().into_any(),
        Span::Number { text, region, exact } => {
            let title = format!("精确值 {exact}，点按查看来源");
            view! {
                <a class="num" href=format!("#{}", source_id(region)) title=title>
                    {text.clone()}
                </a>
            }
            .into_any()
        }
    }
}

pub(crate) fn cards(bulletin: &Bulletin, linked: bool) -> AnyView {
    let standings = &bulletin.standings;
    let total = &standings.total;
    if !Columns::of(bulletin).is_progress() {
        return cards_of_aims(bulletin, linked);
    }
    let mark = || "—".to_owned();
    let columns = Columns::of(bulletin);
    let completion = columns.total_completion().map_or_else(mark, |text| format!("{text}%"));
    let value = total.value.map_or_else(|| "未报".to_owned(), |value| columns.value(value));
    let target = total
        .target
        .map(|target| format!("目标 {}{}", standings.measure.plain(target), standings.measure.unit))
        .unwrap_or_default();
    let growth_target = total.target_growth.map(|target| format!("目标 {}%", target.percent_as_written()));
    let pace = total
        .pace
        .filter(|_| !standings.period.is_year_end())
        .map(|pace| format!("序时 {}%", pace.percent_on_page(1)))
        .unwrap_or_default();
    let near = standings.count(Lamp::Near);
    let behind = standings.count(Lamp::Behind);
    let missing = standings.count(Lamp::Missing);
    let at_end = standings.period.is_year_end();
    let completed =
        |done: bool| standings.rows.iter().filter(|row| row.within.is_none() && row.completed == Some(done)).count();
    let others = match missing {
        missing if at_end => {
            format!(
                "未完成 {} 个{}",
                completed(false),
                if missing > 0 { format!("，未报 {missing} 个") } else { String::new() }
            )
        }
        0 => format!("接近 {near} 个，滞后 {behind} 个"),
        missing => format!("接近 {near}，滞后 {behind}，未报 {missing}"),
    };
    let growth = columns.total_growth().map_or_else(mark, |text| format!("{text}%"));
    let card =
        |name: String, figure: String, unit: String, note: String| card(bulletin, linked, [name, figure, unit, note]);
    view! {
        <div class="cards">
            {(!standings.is_completion_only())
                .then(|| card("累计完成".to_owned(), value, standings.measure.unit.clone(), target))}
            {card("完成目标".to_owned(), completion, String::new(), pace)}
            {columns
                .shown()
                .contains(&Column::Growth)
                .then(|| card("同比增长".to_owned(), growth, String::new(), growth_target.unwrap_or_default()))}
            {match at_end {
                true => card("完成年度目标".to_owned(), completed(true).to_string(), "个".to_owned(), others),
                false => {
                    card(
                        "达到序时进度".to_owned(),
                        standings.count(Lamp::OnPace).to_string(),
                        "个".to_owned(),
                        others,
                    )
                }
            }}
        </div>
    }
    .into_any()
}

fn card(bulletin: &Bulletin, linked: bool, [name, figure, unit, note]: [String; 4]) -> AnyView {
    view! {
        <div class="card">
            <span class="card-name">{name}</span>
            <b>
                {match linked {
                    true => {
                        view! { <a href=format!("#{}", source_id(&bulletin.heading.region))>{figure}</a> }.into_any()
                    }
                    false => figure.into_any(),
                }}<small>{unit}</small>
            </b>
            <span class="card-note">{note}</span>
        </div>
    }
    .into_any()
}

/// The four numbers of figures that have no way through the year: the figure, its target, who reached it.
fn cards_of_aims(bulletin: &Bulletin, linked: bool) -> AnyView {
    let (standings, columns) = (&bulletin.standings, Columns::of(bulletin));
    let total = &standings.total;
    let shown = |column: Column| columns.cell_of_total(column).unwrap_or_else(|| "—".to_owned());
    let aim = |column: Column| columns.cell_of_total(column).map(|target| format!("目标 {target}")).unwrap_or_default();
    let units = || standings.rows.iter().filter(|row| row.within.is_none());
    let reached = |is: bool| units().filter(|row| standings.is_reached(row) == Some(is)).count();
    let (whole, unit) = (&bulletin.heading.whole, standings.measure.unit.clone());
    let mut cards: Vec<[String; 4]> = Vec::new();
    let mut add =
        |name: &str, figure: String, unit: String, note: String| cards.push([name.to_owned(), figure, unit, note]);
    if total.value.is_some() {
        add(columns.name(Column::Value), shown(Column::Value), unit, aim(Column::Target));
    }
    if columns.shown().contains(&Column::Growth) {
        add(columns.name(Column::Growth), shown(Column::Growth), String::new(), aim(Column::TargetGrowth));
    }
    if standings.total_distance().is_some() {
        let unit = standings.distance_unit().to_owned();
        add(columns.name(Column::Distance), shown(Column::Distance), unit, String::new());
    }
    if reached(true) + reached(false) > 0 {
        let note = format!("未达标 {} 个", reached(false));
        add("达到目标", reached(true).to_string(), "个".to_owned(), note);
    }
    if let Some(growth) = total.growth.filter(|_| columns.measured() == Measured::Growth) {
        let above = units().filter(|row| row.growth > Some(growth)).count();
        add(&format!("高于{whole}"), above.to_string(), "个".to_owned(), String::new());
    }
    cards.truncate(4);
    view! { <div class="cards">{cards.into_iter().map(|each| card(bulletin, linked, each)).collect_view()}</div> }
        .into_any()
}

/// What the marks of the bars in the table mean; nothing where there are no bars.
fn bar_key(bulletin: &Bulletin) -> String {
    if !Columns::of(bulletin).is_progress() {
        return String::new();
    }
    let end = bullet::scale_end(&bulletin.standings);
    let beyond = if bullet::has_beyond(&bulletin.standings) { "，◇超出的画在右端" } else { "" };
    format!(
        "进度条：蓝条为完成率，黑线为序时进度，◇为上年同期完成额相当于今年目标的比例，灰底由深到浅为滞后、接近、达到序时；\
         横条的右端为目标的{end:.0}%{beyond}。位次旁的↑↓为比上期升降的位数。"
    )
}

fn subtitle(bulletin: &Bulletin, what: &str) -> String {
    let units = Columns::of(bulletin).units_line();
    format!("{what}　{}　{units}", bulletin.standings.period.label())
}

fn table(bulletin: &Bulletin) -> AnyView {
    let what = format!("各{}{}完成情况", bulletin.heading.unit_noun, bulletin.standings.goal_name);
    // What is withheld stands in the place of the charts.
    let notes = bulletin.notes.iter().filter(|note| note.trim_end_matches('。') != bulletin.withheld);
    let notes: String = notes.map(String::as_str).collect();
    view! {
        <section class="table-section">
            <h2>{bulletin.headlines.table.clone()}</h2>
            <p class="subtitle">{subtitle(bulletin, &what)}</p>
            <div class="scroll">{standings_table(bulletin)}</div>
            <p class="notes">
                <span class="bar-key">{bar_key(bulletin)}</span>
                {notes}
            </p>
        </section>
    }
    .into_any()
}

/// The ranking and the whole's way through the year: what a leader reads right after the table.
fn first_charts(edition: &Edition) -> AnyView {
    let withheld = &edition.bulletin.withheld;
    let withheld = (!withheld.is_empty()).then(|| view! { <p class="notice">{format!("{withheld}。")}</p> });
    view! {
        {withheld}
        {chart_section(edition, ["score", "growth", "cumulative"])}
    }
    .into_any()
}

fn other_charts(edition: &Edition) -> AnyView {
    chart_section(edition, ["contribution", "slope", "quadrant", "paths"])
}

fn chart_section<const N: usize>(edition: &Edition, names: [&'static str; N]) -> AnyView {
    let bulletin = &edition.bulletin;
    let framed = |chart: Chart| -> Option<AnyView> {
        let drawn = Drawn::by(|size| (chart.draw)(bulletin, size));
        let (csv, table) = (links::edition_csv(&edition.summary, chart.name), tables::of_chart(bulletin, chart.name)?);
        let picture = csv.as_ref().map(|csv| csv.replace(".csv", ".png"));
        let (title, subtitle, source) = (chart.title, chart.subtitle, source(edition));
        Some(ChartFrame { name: chart.name, title, subtitle, drawn, source, csv, picture, table }.view())
    };
    let charts: Vec<AnyView> = Chart::of(bulletin, names).into_iter().filter_map(framed).collect();
    (!charts.is_empty()).then(|| view! { <section class="charts">{charts}</section> }).into_any()
}

/// Where every number came from: exact figures, revision, time, file, line.
fn sources(bulletin: &Bulletin) -> AnyView {
    let table = tables::sources(bulletin);
    let heads = table.header.iter().enumerate().map(|(column, head)| {
        let class = if (1..=3).contains(&column) { "r" } else { "" };
        view! {
            <th scope="col" class=class>
                {head.clone()}
            </th>
        }
    });
    let heads = heads.collect_view();
    let regions = std::iter::once(bulletin.heading.region.as_str())
        .chain(bulletin.standings.rows.iter().map(|row| row.region.as_str()));
    let rows = regions.zip(table.rows).filter_map(|(region, cells)| {
        let [name, value, base, growth, source] = <[String; 5]>::try_from(cells).ok()?;
        Some(view! {
            <tr id=source_id(region)>
                <th scope="row">{name}</th>
                <td class="r">{value}</td>
                <td class="r">{base}</td>
                <td class="r">{growth}</td>
                <td class="from">{source}</td>
            </tr>
        })
    });
    let rows = rows.collect_view();
    let label = bulletin.standings.period.label();
    view! {
        <section class="sources" id="sources">
            <h2>"数据来源"</h2>
            <p class="subtitle">
                {format!("每个数的精确值和报送记录　{label}　{}", Columns::of(bulletin).formulas())}
            </p>
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data">
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// What the office wrote itself, beside what the figures said.
fn edited(bulletin: &Bulletin) -> Option<AnyView> {
    if bulletin.edited.is_empty() {
        return None;
    }
    let items = bulletin.edited.iter().map(|edited| {
        let now = edited
            .place
            .and_then(|(index, at)| bulletin.paragraphs.get(index)?.sentences.get(at))
            .map(|sentence| plain(sentence));
        let what = match (edited.leaves_figures, &now, edited.composed.is_empty()) {
            (_, _, true) => "※ 办公室补充",
            (_, None, _) => "※ 删去",
            (true, ..) => "※ 改写，未与数据逐一核对",
            (false, ..) => "只改说法，数据未变",
        };
        let composed =
            (!edited.composed.is_empty()).then(|| view! { <p>{format!("系统原句：{}", edited.composed)}</p> });
        view! {
            <li>
                <b>{what}</b>
                {now.map(|now| view! { <p>{now}</p> })}
                {composed}
            </li>
        }
    });
    let items = items.collect_view();
    Some(
        view! {
            <section class="edited" id="edited">
                <h2>"文字改动"</h2>
                <ul class="plain">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

fn colophon(edition: &Edition) -> AnyView {
    let summary = &edition.summary;
    let heading = &edition.bulletin.heading;
    let clause = heading.clause.as_ref().map(|clause| format!("，考核依据{clause}")).unwrap_or_default();
    let version = heading
        .plan_version
        .as_ref()
        .map(|plan| view! { <p>{format!("计划文件第{}版 ", plan.version)}<code>{plan.sha256.clone()}</code></p> });
    let key = summary.public_key.clone().map(|key| view! { <p>"签名公钥 " <code>{key}</code></p> });
    view! {
        <footer class="colophon">
            <p>{format!("编制依据：{}{clause}。", edition.bulletin.basis())}</p>
            {version}
            <p>
                "本版 SHA-256 "
                <code>{if summary.audit_seq > 0 { summary.sha256.clone() } else { "发布时写入".to_owned() }}</code>
            </p>
            <p>{format!("审计链第 {} 条 ", summary.audit_seq)}<code>{summary.audit_hash.clone()}</code></p>
            {key}
            <p class="address">
                {format!("{ORIGIN}{}", links::edition(&summary.plan, summary.period, summary.edition))}
            </p>
        </footer>
    }
    .into_any()
}
