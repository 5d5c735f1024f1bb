//! `/export/{page}/{file}`: a page's figures as files. The same load and computation as the page, another rendering.

use std::collections::HashMap;

use app::backend::Backend;
use app::pages::projects::Known;
use app::parts::links;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use documents::table_workbook::{self, Sheet};
use documents::{bulletin_workbook, claim_ledger, csv_text, funds, recognitions, rosters, standings};
use domain::assessment::Rules;
use domain::bulletin::dated;
use domain::bulletin::tables::{self, Table};
use domain::bulletin::texts::Picked;
use domain::calendar::{at_shanghai, chinese_date};
use domain::month::Period;
use domain::plan::selection::plain;
use domain::plan::{Plan, Round};
use domain::policy::record::{had, settle_records, years as by_year};
use domain::projects::field::Place;
use domain::projects::filter::Filter;
use domain::projects::standing::Standing;
use domain::projects::sums::Library;
use domain::projects::table::Spec;
use domain::projects::{Entry, measure};
use domain::rights::{Action, Object};
use domain::selection::record::{Act, Course};
use office::commands::selection_import;
use office::facts::{Facts, PublicationKey, PublicationKind};
use office::matters_table;
use office::project_ledger::{self, Recorded};
use office::ranking::asked;
use office::viewer::Viewer;

use crate::cache::{ASK_EACH_TIME, NO_STORE};
use crate::papers::{self, PaperKind};
use crate::state::AppState;
use crate::web::asking::Asking;
use crate::web::sentence::sentence_page;
use office::facts::Unavailable;
use store::StoreError;

/// A file and how it may be kept.
struct File {
    name: String,
    format: Format,
    body: Vec<u8>,
    policy: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
    Xlsx,
    Docx,
    Pdf,
    Png,
}

impl Format {
    const ALL: [Format; 6] = [Format::Csv, Format::Json, Format::Xlsx, Format::Docx, Format::Pdf, Format::Png];

    fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Xlsx => "xlsx",
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Png => "png",
        }
    }

    fn mime(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Pdf => "application/pdf",
            Format::Png => "image/png",
        }
    }
}

/// How text is written: older programs take a CSV for GB18030.
#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Gb18030,
}

enum NoFile {
    /// The address names nothing.
    Unknown,
    /// It cannot be made as it is: the sentences say why, and what to do.
    Refused(Vec<String>),
    Unavailable(Unavailable),
}

impl From<Unavailable> for NoFile {
    fn from(error: Unavailable) -> Self {
        NoFile::Unavailable(error)
    }
}

impl From<StoreError> for NoFile {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(sentences) => NoFile::Refused(sentences),
            error => NoFile::Unavailable(store::unavailable(&error)),
        }
    }
}

impl From<serde_json::Error> for NoFile {
    fn from(error: serde_json::Error) -> Self {
        StoreError::Unreadable(error.to_string()).into()
    }
}

pub(crate) async fn export(
    State(state): State<AppState>,
    Extension(Asking(viewer)): Extension<Asking>,
    Path((page, file)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response<Body> {
    let encoding = match query.get("encoding").map_or("utf8", String::as_str) {
        "utf8" => Encoding::Utf8,
        "gb18030" => Encoding::Gb18030,
        _ => return sentence_page(StatusCode::BAD_REQUEST, "编码不对", "encoding 请写 utf8 或 gb18030。"),
    };
    let parts: Vec<&str> = file.split('.').collect();
    let made = match page.as_str() {
        "bulletin" => bulletin(&state, &parts).await,
        "publication" => publication(&state, viewer.as_ref(), &parts).await,
        "timeliness" => timeliness(&state, viewer.as_ref(), &parts).await,
        "places" => places(&state, viewer.as_ref(), &parts).await,
        "years" => years(&state, viewer.as_ref(), &parts).await,
        "template" => template(&state, viewer.as_ref(), &parts).await,
        "texts" => texts(&state, viewer.as_ref(), &parts).await,
        "tasks" => tasks(&state, viewer.as_ref(), &parts).await,
        "funds" => funds(&state, viewer.as_ref(), &parts, &query).await,
        "claims" => claims(&state, viewer.as_ref(), &parts).await,
        "rosters" => rosters(&state, viewer.as_ref(), &parts, &query).await,
        "selections" => selections(&state, viewer.as_ref(), &parts).await,
        "lists" => lists(&state, viewer.as_ref(), &parts, &query).await,
        "projects" => projects(&state, viewer.as_ref(), &parts, &query).await,
        "matters" => matters(&state, viewer.as_ref(), &parts).await,
        "rank" => rank(&state, viewer.as_ref(), &parts).await,
        _ => Err(NoFile::Unknown),
    };
    match made {
        Ok(file) => answer(file, encoding),
        Err(NoFile::Unknown) => sentence_page(
            StatusCode::NOT_FOUND,
            "没有这个文件",
            "没有这个文件，或它不给您的岗位看；请从有下载链接的页面下载。",
        ),
        Err(NoFile::Refused(sentences)) => {
            let sentence = format!("{}。", sentences.join("；"));
            sentence_page(StatusCode::UNPROCESSABLE_ENTITY, "没有生成文件", &sentence)
        }
        Err(NoFile::Unavailable(error)) => {
            let reference = error.reference;
            let sentence = format!(
                "暂时不能生成文件，已保存的数据没有受影响。请稍后再试；如仍不行，请把编号 {reference} 告诉管理员。"
            );
            sentence_page(StatusCode::SERVICE_UNAVAILABLE, "暂时不能下载", &sentence)
        }
    }
}

fn format(ending: &str) -> Result<Format, NoFile> {
    Format::ALL.into_iter().find(|format| format.ending() == ending).ok_or(NoFile::Unknown)
}

/// `{plan}.{period}.e{n}.{table|paper|growth|cumulative|slope|paths|contribution|quadrant}.{csv|json|xlsx|docx|pdf}`;
/// JSON is the frozen edition itself.
async fn bulletin(state: &AppState, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, period, edition, what, ending] = parts else { return Err(NoFile::Unknown) };
    let period = Period::parse(period).map_err(|_| NoFile::Unknown)?;
    let number: u32 = edition.strip_prefix('e').and_then(|digits| digits.parse().ok()).ok_or(NoFile::Unknown)?;
    let format = format(ending)?;
    let edition = state.store.read().await?.edition(plan, period, Some(number)).await?.ok_or(NoFile::Unknown)?;
    let body = match (*what, format) {
        ("table", Format::Json) => edition.content.clone().into_bytes(),
        ("table", Format::Csv) => standings::csv(&edition.bulletin.standings)?.into_bytes(),
        ("table", Format::Xlsx) => papers::workbook(&edition)?,
        ("paper", Format::Docx) => state.printer.print_edition(&state.store, edition, PaperKind::Docx).await?,
        ("paper", Format::Pdf) => state.printer.print_edition(&state.store, edition, PaperKind::Pdf).await?,
        (chart, Format::Png) => state.printer.chart(edition, chart).await?.ok_or(NoFile::Unknown)?,
        (chart, Format::Csv) => csv(tables::of_chart(&edition.bulletin, chart).ok_or(NoFile::Unknown)?),
        (chart, Format::Json) => {
            let Table { header, rows } = tables::of_chart(&edition.bulletin, chart).ok_or(NoFile::Unknown)?;
            serde_json::to_vec_pretty(&serde_json::json!({ "header": header, "rows": rows }))?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: parts.join("."), format, body, policy: ASK_EACH_TIME })
}

/// `{plan}.{kind}.{subject}.{period}.e{n}.{csv|json|docx|pdf}` of a comparison or a closed result; JSON is the frozen
/// content itself.
async fn publication(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, kind, subject, period, edition, ending] = parts else { return Err(NoFile::Unknown) };
    let period = Period::parse(period).map_err(|_| NoFile::Unknown)?;
    let kind = PublicationKind::parse(kind).ok_or(NoFile::Unknown)?;
    let number: u32 = edition.strip_prefix('e').and_then(|digits| digits.parse().ok()).ok_or(NoFile::Unknown)?;
    let key = PublicationKey { plan: (*plan).to_owned(), kind, subject: (*subject).to_owned(), period };
    let mut known = state.store.read().await?;
    let found = known.publication(&key, Some(number)).await?;
    let found = found.filter(|found| found.summary.is_open_to(viewer)).ok_or(NoFile::Unknown)?;
    let plan = known.plan(plan).await?.ok_or(NoFile::Unknown)?.plan;
    let demo = known.is_demo().await?;
    drop(known);
    let format = format(ending)?;
    let body = match format {
        Format::Json => found.content.into_bytes(),
        Format::Csv => csv(found.body.table(plan.near)),
        Format::Docx => state.printer.print(papers::publication(&found, &plan, demo), PaperKind::Docx).await?,
        Format::Pdf => state.printer.print(papers::publication(&found, &plan, demo), PaperKind::Pdf).await?,
        Format::Xlsx | Format::Png => return Err(NoFile::Unknown),
    };
    Ok(File { name: parts.join("."), format, body, policy: ASK_EACH_TIME })
}

/// A workbook or a paper of so many sheets at most: more are asked for by unit.
const LEDGERS: usize = 300;

/// 台账: a sheet for each project that was chosen.
async fn ledger(
    state: &AppState,
    backend: &dyn Backend,
    (plan, known): (&Plan, &Known),
    chosen: &[(&Entry, Standing)],
    format: Format,
) -> Result<Vec<u8>, NoFile> {
    if chosen.is_empty() {
        return Err(NoFile::Unknown);
    }
    if chosen.len() > LEDGERS {
        let sentence = format!("选了{}个项目，台账一次最多{LEDGERS}个，请先按单位或类别筛选再下载", chosen.len());
        return Err(NoFile::Refused(vec![sentence]));
    }
    let visits = backend.visits(plan, None).await?;
    let (nodes, matters) = (backend.nodes(plan, None).await?, backend.matters(plan).await?);
    let entries: Vec<&Entry> = chosen.iter().map(|(entry, _)| *entry).collect();
    let contacts = backend.contacts(plan, &entries).await?.unwrap_or_default();
    let recorded = Recorded { nodes, matters, visits, contacts };
    let place = Place { plan, year: known.at.year, period: Some(known.at), measure: measure() };
    let sheets: Vec<(&Entry, Table)> = chosen
        .iter()
        .map(|(entry, _)| (*entry, project_ledger::table(entry, &place, &recorded, known.today)))
        .collect();
    let all = || project_ledger::together(sheets.iter().map(|(entry, table)| (*entry, table)));
    let title = format!("{}{}重点项目台账", plan.region.name, known.at.title());
    Ok(match format {
        Format::Png => return Err(NoFile::Unknown),
        Format::Csv => csv(all()),
        Format::Json => json(&place, project_ledger::ID, &title, all())?,
        Format::Xlsx => {
            let below = format!("{}　{}　金额单位：万元", plan.title, known.at.title());
            let names = sheets.iter().map(|(entry, _)| sheet_name(&entry.project.id));
            let names: Vec<String> = names.collect();
            let written: Vec<Sheet<'_>> = sheets
                .iter()
                .zip(&names)
                .map(|((entry, table), name)| Sheet {
                    name,
                    title: &entry.project.name,
                    below: &below,
                    table,
                    widths: &[12.0, 24.0, 90.0],
                })
                .collect();
            workbook(&written)?
        }
        Format::Docx | Format::Pdf => {
            let named = sheets
                .iter()
                .map(|(entry, table)| (format!("{} {}", entry.project.id, entry.project.name), table.clone()));
            let named: Vec<(String, Table)> = named.collect();
            let paper = documents::paper::of_ledgers(vec![title], &plan.title, &named);
            let kind = if format == Format::Docx { PaperKind::Docx } else { PaperKind::Pdf };
            state.printer.print(paper, kind).await?
        }
    })
}

/// `{plan}.{matters|meetings}.{csv|json}`, or `{plan}.matters.xlsx` with both, as far as whoever asks sees them.
async fn matters(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, what, ending] = parts else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(viewer.cloned());
    let plan = state.store.read().await?.plan(plan).await?.ok_or(NoFile::Unknown)?.plan;
    if viewer.is_none_or(|viewer| !viewer.sees_projects(plan.region.id())) {
        return Err(NoFile::Unknown);
    }
    let today = at_shanghai(backend.now()).date_naive();
    let (matters, meetings) = (backend.matters(&plan).await?, backend.meetings(&plan).await?);
    let projects = backend.projects(&plan, Some(0)).await?;
    let handed = || matters_table::matters(&plan, &matters, &projects, today);
    let held = || matters_table::meetings(&meetings, &matters, &projects);
    let table = match *what {
        "matters" => handed(),
        "meetings" => held(),
        _ => return Err(NoFile::Unknown),
    };
    let format = format(ending)?;
    let body = match (format, *what) {
        (Format::Csv, _) => csv(table),
        (Format::Json, _) => {
            let Table { header, rows } = table;
            let said = serde_json::json!({ "plan": plan.id, "table": what, "header": header, "rows": rows });
            domain::canonical::to_json(&said)?.into_bytes()
        }
        (Format::Xlsx, "matters") => {
            let below = format!("{}　{}", plan.title, chinese_date(today));
            let (handed, held) = (handed(), held());
            let sheet = |name, table, widths| Sheet { name, title: name, below: &below, table, widths };
            let wide: &[f64] = &[6.0, 8.0, 48.0, 12.0, 28.0, 16.0, 16.0, 16.0, 28.0, 16.0, 18.0];
            let of_meetings: &[f64] = &[6.0, 14.0, 16.0, 28.0, 48.0, 36.0, 48.0, 18.0];
            workbook(&[sheet("交办事项", &handed, wide), sheet("会诊和调度会", &held, of_meetings)])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: parts.join("."), format, body, policy: NO_STORE })
}

fn workbook(sheets: &[Sheet<'_>]) -> Result<Vec<u8>, NoFile> {
    table_workbook::write_all(sheets).map_err(|error| StoreError::Unreadable(error.to_string()).into())
}

/// A table of the library as JSON, whichever it is.
fn json(place: &Place<'_>, table: &str, title: &str, Table { header, rows }: Table) -> Result<Vec<u8>, NoFile> {
    let said = serde_json::json!({
        "plan": place.plan.id, "period": place.period, "table": table, "title": title, "unit": place.measure.unit,
        "header": header, "rows": rows,
    });
    Ok(domain::canonical::to_json(&said)?.into_bytes())
}

/// A worksheet's name has no marks of paths and formulas, and at most 31 characters.
fn sheet_name(id: &str) -> String {
    id.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}

/// A page's table as a spreadsheet reads it.
pub(crate) fn csv(table: Table) -> Vec<u8> {
    csv_text::of_table(table).into_bytes()
}

/// `{plan}.{year}.csv`, for those who see unpublished figures.
async fn timeliness(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, year, "csv"] = parts else { return Err(NoFile::Unknown) };
    let year: i32 = year.parse().map_err(|_| NoFile::Unknown)?;
    let backend = state.backend_for(viewer.cloned());
    let version = backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?;
    let office = Object::office(version.plan.region.id());
    viewer.and_then(|viewer| viewer.may(Action::ReadUnpublished, office).ok()).ok_or(NoFile::Unknown)?;
    let found = app::pages::timeliness::gather(backend.as_ref(), &version.plan, year).await;
    let found = found?.ok_or(NoFile::Unknown)?;
    let table = found.table();
    Ok(File { name: parts.join("."), format: Format::Csv, body: csv(table), policy: NO_STORE })
}

/// `{plan}.{period}.{goal}.xlsx`: a blank for all units, for the office; `{plan}.{period}.{goal}.{region}.xlsx` for one
/// unit.
async fn template(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let (plan, period, goal, unit) = match parts {
        [plan, period, goal, "xlsx"] => (plan, period, goal, None),
        [plan, period, goal, unit, "xlsx"] => (plan, period, goal, Some(*unit)),
        _ => return Err(NoFile::Unknown),
    };
    let mut known = state.store.read().await?;
    let plan = known.plan(plan).await?.ok_or(NoFile::Unknown)?.plan;
    let period = Period::parse(period).map_err(|_| NoFile::Unknown)?;
    plan.allows(period).map_err(|_| NoFile::Unknown)?;
    let goal = plan.goal(goal).ok_or(NoFile::Unknown)?;
    let office = plan.region.id();
    let allowed = match unit {
        None => viewer.and_then(|viewer| viewer.may(Action::ReadUnpublished, Object::office(office)).ok()),
        Some(unit) => viewer.and_then(|viewer| {
            viewer.may(Action::ReadReturn, Object::of_unit(office, unit, domain::workflow::State::Draft)).ok()
        }),
    };
    allowed.ok_or(NoFile::Unknown)?;
    let total = plan.total_row();
    let rows: Vec<&domain::plan::Split> = match unit {
        None => goal.running(period).collect(),
        Some(unit) => {
            let states = plan.states_total(goal) == Some(unit);
            plan.rows_of(goal, unit, period).chain(states.then_some(&total)).collect()
        }
    };
    if rows.is_empty() {
        return Err(NoFile::Unknown);
    }
    let figures = known.figures(&plan.id).await?;
    let last_year = Period { year: period.year - 1, month: period.month };
    let base = |region: &String| {
        let before = figures.get(&goal.id, last_year, region).and_then(|figure| figure.value);
        figures.get(&goal.id, period, region).and_then(|figure| figure.base).or(before)
    };
    let body = documents::template::write(&plan, goal, period, &rows, base);
    let body = body.map_err(|error| NoFile::from(StoreError::Unreadable(error.to_string())))?;
    Ok(File { name: format!("template.{}", parts.join(".")), format: Format::Xlsx, body, policy: NO_STORE })
}

/// `{plan}.{year}.csv`: every unit's place through a year; `{plan}.csv` through the newest one.
async fn places(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let (plan, year) = match parts {
        [plan, "csv"] => (plan, None),
        [plan, year, "csv"] => (plan, Some(year.parse().map_err(|_| NoFile::Unknown)?)),
        _ => return Err(NoFile::Unknown),
    };
    let facts = facts(state, viewer, plan).await?;
    let places = app::pages::unit::places(&facts, year);
    if places.courses.is_empty() {
        return Err(NoFile::Unknown);
    }
    Ok(File { name: parts.join("."), format: Format::Csv, body: csv(places.table()), policy: NO_STORE })
}

/// `{plan}.{period}.{goal}.{csv|json|xlsx}`: a goal beside the same period of last year.
async fn years(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, period, goal, ending] = parts else { return Err(NoFile::Unknown) };
    let format = format(ending)?;
    let period = Period::parse(period).map_err(|_| NoFile::Unknown)?;
    let facts = facts(state, viewer, plan).await?;
    let backend = state.backend_for(viewer.cloned());
    let found = app::pages::years::gather(backend.as_ref(), &facts, period, goal).await?;
    let (compared, before) = found.ok_or(NoFile::Unknown)?;
    let table = compared.table();
    let body = match format {
        Format::Csv => csv(table),
        Format::Json => {
            let said = serde_json::json!({
                "plan": plan, "period": period, "goal": goal, "unit": compared.measure.unit, "before": before,
                "header": table.header, "rows": table.rows,
            });
            domain::canonical::to_json(&said)?.into_bytes()
        }
        Format::Xlsx => {
            let title = format!("{}{}与上年同期比较", period.title(), compared.goal_name);
            let widths = [16.0, 14.0, 14.0, 12.0, 10.0, 10.0, 12.0, 12.0, 14.0, 10.0, 10.0];
            let sheet =
                Sheet { name: "与上年同期比较", title: &title, below: &before, table: &table, widths: &widths };
            workbook(&[sheet])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: parts.join("."), format, body, policy: NO_STORE })
}

/// `{plan}.{round}.{docx|xlsx}`: 汇总表 of what units wrote and handed in, for the office.
async fn texts(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, round @ .., ending] = parts else { return Err(NoFile::Unknown) };
    let round = Round::parse(&round.join(".")).map_err(|_| NoFile::Unknown)?;
    let backend = state.backend_for(viewer.cloned());
    let version = backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?;
    let plan = &version.plan;
    let office = Object::office(plan.region.id());
    viewer.and_then(|viewer| viewer.may(Action::ReadUnpublished, office).ok()).ok_or(NoFile::Unknown)?;
    plan.asks(&round).map_err(|_| NoFile::Unknown)?;
    let found = app::pages::review_texts::gather(backend.as_ref(), plan, &round).await?;
    let texts: Vec<Picked> = found.written.iter().map(|text| text.as_picked(plan)).collect();
    if texts.is_empty() {
        return Err(NoFile::Refused(vec!["还没有单位提交文字，没有可汇总的".to_owned()]));
    }
    let format = format(ending)?;
    let title = format!("{}各单位文字材料汇总表", plan.round_label(&round));
    let body = match format {
        Format::Docx => {
            let paper = documents::paper::of_texts(vec![title], &plan.title, &texts);
            let no_picture = |_: &documents::paper::Picture| Ok(Vec::new());
            documents::docx::write(&paper, no_picture).map_err(StoreError::Unreadable)?
        }
        Format::Xlsx => {
            let (table, widths) = (domain::bulletin::texts::table(&texts), &bulletin_workbook::TEXT_WIDTHS);
            let sheet = Sheet { name: "汇总表", title: &title, below: &plan.title, table: &table, widths };
            workbook(&[sheet])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: format!("texts.{}", parts.join(".")), format, body, policy: NO_STORE })
}

/// `{plan}.{csv|xlsx}`: dated tasks as whoever asks knows them.
async fn tasks(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, ending] = parts else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(viewer.cloned());
    let version = backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?;
    let plan = &version.plan;
    let known = app::pages::tasks::gather(backend.as_ref(), plan).await?;
    let states = if known.all.is_empty() { &known.own } else { &known.all };
    if states.is_empty() {
        return Err(NoFile::Refused(vec!["还没有通报说过限时任务的办理情况，没有可下载的表".to_owned()]));
    }
    let table = dated::table(states);
    let format = format(ending)?;
    let body = match format {
        Format::Csv => csv(table),
        Format::Xlsx => {
            let title = format!("{}限时任务办理情况表", plan.region.name);
            let below = match &known.edition {
                Some(edition) => format!("{}　据{}通报第{}版", plan.title, edition.period.label(), edition.edition),
                None => format!("{}　截至{}", plan.title, chinese_date(at_shanghai(backend.now()).date_naive())),
            };
            let (name, widths) = ("限时任务", &bulletin_workbook::TASK_WIDTHS);
            let sheet = Sheet { name, title: &title, below: &below, table: &table, widths };
            workbook(&[sheet])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: format!("tasks.{}", parts.join(".")), format, body, policy: NO_STORE })
}

/// The day that `?on=` asks for: today where it asks for none.
fn day_of(query: &HashMap<String, String>, now: i64) -> Result<NaiveDate, NoFile> {
    let today = at_shanghai(now).date_naive();
    let day = app::pages::funds::day_of(query.get("on").map(String::as_str), today);
    day.map_err(|sentence| NoFile::Refused(vec![sentence]))
}

/// `{plan}.{csv|json|xlsx}`: the ledgers of a plan's funds at the end of a day, for whoever sees their entries; `?on=`.
async fn funds(
    state: &AppState,
    viewer: Option<&Viewer>,
    parts: &[&str],
    query: &HashMap<String, String>,
) -> Result<File, NoFile> {
    let [plan, ending] = parts else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(viewer.cloned());
    let plan = &backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?.plan;
    let day = day_of(query, backend.now())?;
    let records = backend.fund_records(plan).await?;
    if records.is_empty() {
        return Err(NoFile::Unknown);
    }
    let format = format(ending)?;
    let contracts = funds::contracts(plan, &records, day);
    let body = match format {
        Format::Csv => csv(contracts),
        Format::Json => funds::json(plan, &records, day)?.into_bytes(),
        Format::Xlsx => {
            let title = format!("{}资金台账", plan.region.name);
            let below = format!("截至{}，金额单位为元，利息四舍五入到分", chinese_date(day));
            let (units, entries) = (funds::units(plan, &records, day), funds::entries(plan, &records));
            let pieces = funds::pieces(plan, &records, day);
            let sheet = |name, table, widths| Sheet { name, title: &title, below: &below, table, widths };
            workbook(&[
                sheet("逐笔合同", &contracts, &funds::CONTRACTS[..]),
                sheet("分县（市、区）", &units, &funds::UNITS[..]),
                sheet("登记", &entries, &funds::ENTRIES[..]),
                sheet("计息", &pieces, &funds::PIECES[..]),
            ])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: format!("funds.{}", parts.join(".")), format, body, policy: NO_STORE })
}

/// `{plan}.{year}.{csv|json|xlsx}`: a year's claims, for whoever sees all of them. The workbook has who bears what,
/// too.
async fn claims(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let ([plan, year, ending], Some(viewer)) = (parts, viewer) else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(Some(viewer.clone()));
    let plan = &backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?.plan;
    let (first, last) = plan.all_claim_years();
    let year: i32 = year.parse().map_err(|_| NoFile::Unknown)?;
    if viewer.may(Action::ReadClaims, Object::office(plan.region.id())).is_err() {
        return Err(NoFile::Unknown);
    }
    let mut years = by_year(&plan.policies, &backend.claim_years(plan).await?);
    if !(first..=last).contains(&year) && !years.contains_key(&year) {
        return Err(NoFile::Unknown);
    }
    let had = had(&years, year);
    let records = years.remove(&year).unwrap_or_default();
    let now = settle_records(plan, &records, year, had);
    let format = format(ending)?;
    let table = claim_ledger::table(plan, &records, &now);
    let body = match format {
        Format::Csv => csv(table),
        Format::Json => claim_ledger::json(plan, year, &records, &now)?.into_bytes(),
        Format::Xlsx => {
            let title = format!("{}{year}年奖补申报", plan.region.name);
            let below = format!("截至{}，金额单位为元", chinese_date(at_shanghai(backend.now()).date_naive()));
            let shares = claim_ledger::shares(plan, &records);
            let sheet = |name, table, widths| Sheet { name, title: &title, below: &below, table, widths };
            workbook(&[
                sheet("申报", &table, &claim_ledger::WIDTHS[..]),
                sheet("各方出资", &shares, &claim_ledger::SHARES[..]),
            ])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: format!("claims.{}", parts.join(".")), format, body, policy: NO_STORE })
}

/// `{plan}.{csv|json|xlsx}`: the members of a plan's bodies on a day; `?on=`. The workbook has everybody before, too.
async fn rosters(
    state: &AppState,
    viewer: Option<&Viewer>,
    parts: &[&str],
    query: &HashMap<String, String>,
) -> Result<File, NoFile> {
    let [plan, ending] = parts else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(viewer.cloned());
    let plan = &backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?.plan;
    if plan.policies.bodies.is_empty() {
        return Err(NoFile::Unknown);
    }
    let day = day_of(query, backend.now())?;
    let steps = backend.body_steps(plan).await?;
    let format = format(ending)?;
    let members = rosters::table_on(plan, &steps, day);
    let body = match format {
        Format::Csv => csv(members),
        Format::Json => rosters::json(plan, &steps, day)?.into_bytes(),
        Format::Xlsx => {
            let title = format!("{}机构名单", plan.region.name);
            let below = format!("{}　截至{}", plan.title, chinese_date(day));
            let changes = rosters::changes(plan, &steps);
            let sheet = |name, table, widths| Sheet { name, title: &title, below: &below, table, widths };
            workbook(&[sheet("成员", &members, &rosters::WIDTHS[..]), sheet("历任", &changes, &rosters::CHANGES[..])])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: format!("rosters.{}", parts.join(".")), format, body, policy: NO_STORE })
}

/// `{plan}.{selection}.{year}.{nominations|scores}.xlsx`: a blank to be filled in and brought back, for whoever may.
async fn selections(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let ([plan, id, year, file, "xlsx"], Some(viewer)) = (parts, viewer) else { return Err(NoFile::Unknown) };
    let act = selection_import::act_of(file).ok_or(NoFile::Unknown)?;
    let mut known = state.store.read().await?;
    let plan = known.plan(plan).await?.ok_or(NoFile::Unknown)?.plan;
    let selection = plan.selection(id).ok_or(NoFile::Unknown)?;
    let (first, last) = plan.years;
    let year = year.parse().ok().filter(|year| (first..=last).contains(year)).ok_or(NoFile::Unknown)?;
    if !selection_import::brings(viewer, &plan, act) {
        return Err(NoFile::Unknown);
    }
    let course = Course::of(selection, &known.selection_steps(&plan.id, id, year).await?);
    let table = selection_import::blank(act, selection, &course);
    let (what, below) = match act {
        Act::Score => {
            let criteria = course.terms.criteria.iter().map(|of| format!("{}满分{}", of.name, plain(of.full)));
            let criteria: Vec<String> = criteria.collect();
            ("得分", format!("{}。编号和名称不要改，还没有评的空着，填好上传。", criteria.join("，")))
        }
        _ => ("推荐", "一行一项，推荐单位照计划里的名称写，填好上传。".to_owned()),
    };
    let widths: Vec<f64> = table.header.iter().map(|head| if head == "编号" { 8.0 } else { 22.0 }).collect();
    let title = format!("{year}年{}评选{what}", selection.title);
    let body = workbook(&[Sheet { name: what, title: &title, below: &below, table: &table, widths: &widths }])?;
    Ok(File { name: format!("selections.{}", parts.join(".")), format: Format::Xlsx, body, policy: NO_STORE })
}

/// `{plan}.{csv|json|xlsx}`: the lists of recognised firms that whoever asks sees; `?title=`, `?level=`.
async fn lists(
    state: &AppState,
    viewer: Option<&Viewer>,
    parts: &[&str],
    query: &HashMap<String, String>,
) -> Result<File, NoFile> {
    let [plan, ending] = parts else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(viewer.cloned());
    let version = backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?;
    let plan = &version.plan;
    let asked = |name: &str| query.get(name).map(String::as_str);
    let list = app::pages::lists::chosen(backend.recognitions(plan).await?, asked("title"), asked("level"));
    if list.is_empty() {
        return Err(NoFile::Unknown);
    }
    let format = format(ending)?;
    let body = match format {
        Format::Csv => csv(recognitions::table(plan, &list)),
        Format::Json => recognitions::json(plan, &list)?.into_bytes(),
        Format::Xlsx => {
            let title = format!("{}认定名单", plan.region.name);
            let below = format!("截至{}", chinese_date(at_shanghai(backend.now()).date_naive()));
            let (name, table) = ("认定名单", recognitions::table(plan, &list));
            let sheet = Sheet { name, title: &title, below: &below, table: &table, widths: &recognitions::WIDTHS };
            workbook(&[sheet])?
        }
        _ => return Err(NoFile::Unknown),
    };
    Ok(File { name: format!("lists.{}", parts.join(".")), format, body, policy: NO_STORE })
}

/// `{plan}.{period}.{detail|month|finish|start|lag|year}.{csv|xlsx|docx|pdf}`, of what the address chooses;
/// `{plan}.{period}.standings.json`: the library as the command line prints it.
async fn projects(
    state: &AppState,
    viewer: Option<&Viewer>,
    parts: &[&str],
    query: &HashMap<String, String>,
) -> Result<File, NoFile> {
    let [plan, period, spec, ending] = parts else { return Err(NoFile::Unknown) };
    let backend = state.backend_for(viewer.cloned());
    let version = backend.plan_versions(plan).await?.pop().ok_or(NoFile::Unknown)?;
    let plan = &version.plan;
    let asked = Period::parse(period).map_err(|_| NoFile::Unknown)?;
    let known = app::pages::projects::gather(backend.as_ref(), plan, Some(period)).await?;
    let library = known.library(plan);
    if library.rows.is_empty() || known.at != asked {
        return Err(NoFile::Unknown);
    }
    let format = format(ending)?;
    let chosen = Filter::read(|key| query.get(key).cloned()).choose(plan, &library.rows);
    let file = |body: Vec<u8>| File { name: format!("projects.{}", parts.join(".")), format, body, policy: NO_STORE };
    if *spec == "standings" && format == Format::Json {
        let chosen = Library { at: library.at, rows: chosen };
        return Ok(file(documents::projects::json(plan, &chosen)?.into_bytes()));
    }
    if *spec == project_ledger::ID {
        return Ok(file(ledger(state, backend.as_ref(), (plan, &known), &chosen, format).await?));
    }
    let spec = Spec::parse(spec).ok_or(NoFile::Unknown)?;
    let place = Place { plan, year: known.at.year, period: Some(known.at), measure: measure() };
    let on_paper = matches!(format, Format::Docx | Format::Pdf);
    let columns = if on_paper { spec.paper_columns() } else { spec.columns() };
    let rendered = domain::projects::table::render(spec, columns, &chosen, &place, &library);
    let title = format!("{}{}{}", plan.region.name, known.at.title(), spec.name());
    let body = match format {
        Format::Png => return Err(NoFile::Unknown),
        Format::Csv => csv(rendered.table()),
        Format::Xlsx => {
            let widths: Vec<f64> = rendered.columns.iter().map(|column| f64::from(column.width())).collect();
            let (table, below) = (rendered.table(), format!("{}　单位：万元", plan.title));
            let sheet = Sheet { name: spec.name(), title: &title, below: &below, table: &table, widths: &widths };
            workbook(&[sheet])?
        }
        Format::Docx | Format::Pdf => {
            let paper = documents::paper::of_projects(vec![title], &plan.title, &rendered);
            let kind = if format == Format::Docx { PaperKind::Docx } else { PaperKind::Pdf };
            state.printer.print(paper, kind).await?
        }
        Format::Json => json(&place, spec.id(), &title, rendered.table())?,
    };
    Ok(file(body))
}

/// The plan and the figures that whoever asks may see.
async fn facts(state: &AppState, viewer: Option<&Viewer>, plan: &str) -> Result<Facts, NoFile> {
    let found = state.backend_for(viewer.cloned()).facts(plan).await;
    found?.ok_or(NoFile::Unknown)
}

/// `{plan}.{period}.{goal}.{growth|completion|value}.{csv|json}`.
async fn rank(state: &AppState, viewer: Option<&Viewer>, parts: &[&str]) -> Result<File, NoFile> {
    let [plan, period, goal, by, ending] = parts else { return Err(NoFile::Unknown) };
    let period = Period::parse(period).map_err(|_| NoFile::Unknown)?;
    let format = format(ending)?;
    let facts = facts(state, viewer, plan).await?;
    let plan = &facts.version.plan;
    plan.allows(period).map_err(|_| NoFile::Unknown)?;
    let (goal, rank_by) = asked(plan, Some(goal), Some(by)).map_err(|_| NoFile::Unknown)?;
    if facts.figures.is_published() && !facts.figures.periods(&goal.id).contains(&period) {
        return Err(NoFile::Unknown);
    }
    let rules = Rules { rank_by, ..plan.rules(&goal.id) };
    let computed = domain::standing::compute(plan, goal, &facts.figures, period, rules);
    let body = match format {
        Format::Json => standings::json(&computed, &[])?,
        Format::Csv => standings::csv(&computed)?,
        Format::Xlsx | Format::Docx | Format::Pdf | Format::Png => return Err(NoFile::Unknown),
    };
    Ok(File { name: parts.join("."), format, body: body.into_bytes(), policy: NO_STORE })
}

/// A file to be saved: its name in its own characters, and one for readers that know no others (RFC 6266, 4.3).
pub(crate) fn attachment(plain: &str, name: &str) -> String {
    match plain == name {
        true => format!("attachment; filename=\"{plain}\""),
        false => format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", links::encode(name)),
    }
}

fn answer(file: File, encoding: Encoding) -> Response<Body> {
    let (mime, body) = match (file.format, encoding) {
        (Format::Csv, Encoding::Gb18030) => ("text/csv; charset=gb18030", csv_text::gb18030(&file.body)),
        // Excel and WPS take a CSV for UTF-8 only with a byte order mark.
        (Format::Csv, Encoding::Utf8) => (Format::Csv.mime(), ["\u{FEFF}".as_bytes(), &file.body].concat()),
        // Of JSON exactly the frozen bytes: their SHA-256 is printed on the bulletin.
        (format, _) => (format.mime(), file.body),
    };
    // A unit may be named in Chinese.
    let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let parts = file.name.split('.').map(|part| part.chars().filter(safe).collect::<String>());
    let plain = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
    let headers = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&plain, &file.name)),
        (header::CACHE_CONTROL, file.policy.to_owned()),
    ];
    (headers, body).into_response()
}
