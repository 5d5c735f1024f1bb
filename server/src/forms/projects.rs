//! 项目库: lists uploaded and confirmed, single projects entered and changed, visits, meetings and matters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::pages::project_contacts::FORGET;
use app::pages::project_import::{ProjectLine, ProjectPreview};
use app::parts::links;
use app::parts::sheet::{SheetColumn, SheetDoubt, SheetReading, column_field};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, Query, State};
use documents::grid::Grid;
use documents::office_table::{accept, sheet_of};
use documents::project_table::{Around, Preview, Use, preview};
use domain::money::Measure;
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::field::{Place, unit_name};
use domain::projects::measure;
use domain::rights::Action;
use office::commands::Command;
use office::commands::project_course::{Leave, RecordNode};
use office::commands::project_people::{ForgetContact, KeepContact, SucceedOfficial};
use office::commands::projects::{EnterProjects, HandleMatter, HoldMeeting, RaiseMatter, RecordVisit, field, head};
use office::posted::Posted;
use office::projects::{KnownProject, Projects};
use office::refusal::Refusal;
use office::viewer::Viewer;
use store::passwords::random_token;

use super::{Answer, Fields, carry_out, carry_out_read, plan_for, plan_of, preview_page, settle, sheet_sent};
use crate::reading::reading;
use crate::state::AppState;
use crate::web::sentence::{not_done, unavailable_page};
use crate::web::session::Signed;

async fn library(state: &AppState, plan: &Plan) -> Result<Projects, super::Refused> {
    let found = async { state.store.read().await?.projects(plan.region.id(), None).await };
    Ok(found.await.map_err(|error| unavailable_page(&error))?)
}

async fn one(state: &AppState, plan: &Plan, id: &str) -> Result<Option<KnownProject>, super::Refused> {
    let found = async { state.store.read().await?.project(plan.region.id(), id).await };
    Ok(found.await.map_err(|error| unavailable_page(&error))?)
}

/// A list that somebody looks at, and how he wants it read.
struct Looked {
    grid: Grid,
    file: String,
    year: i32,
    period: Option<Period>,
    unit: Option<String>,
    uses: BTreeMap<String, Use>,
    accepted: BTreeSet<String>,
}

impl Looked {
    /// What the form says beside the sheet; columns that it does not send are guessed.
    fn wished(plan: &Plan, grid: Grid, posted: &Posted) -> Self {
        let year = posted.text("year").parse().ok().filter(|year| (plan.years.0..=plan.years.1).contains(year));
        let period = Period::parse(posted.text("period")).ok();
        let year = period.map(|period| period.year).or(year).unwrap_or(plan.years.1);
        let unit = Some(posted.text("unit").to_owned()).filter(|unit| Measure::money(unit).is_some());
        let mut uses = BTreeMap::new();
        for letters in (0..grid.width()).map(|column| grid.letters(column)) {
            if let Some(of) = posted.get(&column_field("", &letters)).and_then(Use::parse) {
                uses.insert(letters, of);
            }
        }
        let accepted = posted.all("accept").into_iter().map(str::to_owned).collect();
        Self { grid, file: posted.text("file").to_owned(), year, period, unit, uses, accepted }
    }

    /// What a preview rests on, in short: as it was read, not as it was asked for.
    fn seen(&self, found: &Preview) -> String {
        let uses: Vec<String> =
            found.columns.iter().map(|column| format!("{}={}", column.letters, column.of.id())).collect();
        let text = format!("{}|{:?}|{:?}|{uses:?}|{:?}", self.year, self.period, self.unit, self.accepted);
        domain::canonical::sha256(text.as_bytes())
    }
}

/// The sheet read onto the library.
async fn read(plan: &Plan, looked: &Arc<Looked>, known: &Arc<Projects>) -> Result<Preview, String> {
    let (plan, looked, known) = (plan.clone(), looked.clone(), known.clone());
    reading(move |budget| {
        let entries = office::projects::entries((*known).clone());
        let around = Around {
            plan: &plan,
            year: looked.year,
            period: looked.period,
            unit: looked.unit.as_deref(),
            uses: &looked.uses,
            known: &entries,
            own_unit: None,
        };
        let mut found = preview(&looked.grid, &around, budget)?;
        accept(&mut found.doubts, &looked.accepted);
        Ok(found)
    })
    .await
}

fn as_shown(plan: &Plan, looked: &Looked, found: &Preview, known: &Projects) -> ProjectPreview {
    let doubts = found.doubts.iter().map(|doubt| SheetDoubt {
        address: doubt.address.clone(),
        message: doubt.message.clone(),
        stops: doubt.stops,
        key: doubt.key.clone(),
        choice: doubt.choice,
        accepted: !doubt.key.is_empty() && looked.accepted.contains(&doubt.key),
    });
    let columns = found.columns.iter().map(|column| SheetColumn {
        letters: column.letters.clone(),
        head: column.head.clone(),
        of: column.of.id(),
    });
    let lines = found.lines.iter().map(|line| ProjectLine {
        row: line.row,
        id: line.entry.project.id.clone(),
        name: line.entry.project.name.clone(),
        unit: unit_name(plan, &line.entry.project.unit).to_owned(),
        known: line.known,
        changes: line.changes.iter().map(|(of, old, new)| (of.name().to_owned(), old.clone(), new.clone())).collect(),
    });
    let added = found.added();
    let is_changed = |id: &str| known.get(id).is_some_and(|known| found.entries.get(id) != Some(&known.entry));
    let changed = found.entries.keys().filter(|id| is_changed(id)).count();
    ProjectPreview {
        reading: SheetReading {
            file: looked.file.clone(),
            seen: looked.seen(found),
            sheet: looked.grid.name.clone(),
            money: true,
            unit: looked.unit.clone().unwrap_or_default(),
            first_row: 0,
            columns: columns.collect(),
            uses: Use::all().map(|of| (of.id(), of.name())).collect(),
            doubts: doubts.collect(),
        },
        grid: serde_json::to_string(&looked.grid).unwrap_or_default(),
        year: looked.year,
        period: looked.period,
        lines: lines.collect(),
        added,
        changed,
        same: found.entries.len() - added - changed,
        head: head(known),
    }
}

fn import_address(plan: &Plan) -> String {
    links::projects_part(&plan.id, "import")
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::EnterProjects).await?;
    let year = plan.years.1;
    let sheet = move |sheets: &[Grid], wanted: &str| {
        sheet_of(sheets, wanted, |sheet| documents::project_table::names_projects(sheet, year)).cloned()
    };
    let (posted, grid) = match sheet_sent(multipart, "没有改动任何项目", sheet).await {
        Ok(sent) => sent,
        Err(posted) => {
            return Ok(preview_page(&state, &viewer, &import_address(&plan), posted, None::<ProjectPreview>).await);
        }
    };
    look(&state, &viewer, &plan, grid, posted).await
}

/// The preview as a page.
async fn look(state: &AppState, viewer: &Viewer, plan: &Plan, grid: Grid, posted: Posted) -> Answer {
    let known = Arc::new(library(state, plan).await?);
    let looked = Arc::new(Looked::wished(plan, grid, &posted));
    let found = match read(plan, &looked, &known).await {
        Ok(found) => found,
        Err(sentence) => return Ok(not_done(&Refusal::whole(format!("{sentence}。没有改动任何项目")))),
    };
    let shown = as_shown(plan, &looked, &found, &known);
    Ok(preview_page(state, viewer, &import_address(plan), posted, Some(shown)).await)
}

pub(crate) async fn import(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::EnterProjects).await?;
    let posted = Posted::new(fields);
    let address = links::projects_part(&plan.id, "import");
    let Ok(grid) = serde_json::from_str::<Grid>(posted.text("grid")) else {
        return settle(&state, &viewer, &address, Posted::default(), Err(Refusal::whole("请先选择文件预览"))).await;
    };
    if posted.text("then") != "confirm" {
        return look(&state, &viewer, &plan, grid, posted).await;
    }
    let looked = Arc::new(Looked::wished(&plan, grid.clone(), &posted));
    let wrong =
        async |sentence: &str| look(&state, &viewer, &plan, grid.clone(), posted.clone().with_error(sentence)).await;
    let known = Arc::new(library(&state, &plan).await?);
    let found = match read(&plan, &looked, &known).await {
        Ok(found) => found,
        Err(sentence) => return Ok(not_done(&Refusal::whole(format!("{sentence}。没有改动任何项目")))),
    };
    if looked.seen(&found) != posted.text("shown") {
        return wrong("您改过读法，没有导入。下面是新的预览，请看过再确认。").await;
    }
    if found.stops() {
        return wrong("还有要先改好的地方，没有导入任何项目。").await;
    }
    let reason = Some(posted.text(field::REASON).trim()).filter(|reason| !reason.is_empty());
    let command = EnterProjects {
        plan: plan.id.clone(),
        entries: found.entries.into_values().collect(),
        seen: posted.text(field::SEEN).parse().unwrap_or(-1),
        reason: reason.map(str::to_owned),
        file: looked.file.clone(),
    };
    match carry_out(&state, &viewer, command).await {
        Err(refusal @ Refusal::Invalid(_)) => wrong(&refusal.sentence()).await,
        done => {
            let to = |done: office::commands::projects::Entered| {
                format!("{address}?done={}-{}-{}", done.added, done.changed, done.same)
            };
            settle(&state, &viewer, &address, posted.only(&[]), done.map(to)).await
        }
    }
}

pub(crate) async fn create(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::EnterProjects).await?;
    let posted = Posted::new(fields);
    let year = domain::calendar::at_shanghai(state.clock.now()).date_naive();
    let year = chrono::Datelike::year(&year).clamp(plan.years.0, plan.years.1);
    let known = library(&state, &plan).await?;
    let number = office::projects::next_id(&known, year);
    let place = Place { plan: &plan, year, period: None, measure: measure() };
    let address = links::projects_part(&plan.id, "new");
    let mut command = EnterProjects::read(&place, None, &number, &posted);
    if let Ok(command) = &mut command {
        command.seen = head(&known);
    }
    let done = carry_out_read(&state, &viewer, command).await;
    settle(&state, &viewer, &address, posted, done.map(|_| links::project(&plan.id, &number))).await
}

#[derive(serde::Deserialize)]
pub(crate) struct At {
    #[serde(default)]
    period: String,
}

pub(crate) async fn revise(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((id, project)): Path<(String, String)>,
    Query(at): Query<At>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::EnterProjects).await?;
    let posted = Posted::new(fields);
    let known = one(&state, &plan, &project).await?;
    let period = match at.period.is_empty() {
        true => Ok(None),
        false => Period::parse(&at.period).map(Some),
    };
    let page = links::project(&plan.id, &project);
    let period = match period {
        Ok(period) => period,
        Err(error) => return settle(&state, &viewer, &page, posted, Err(Refusal::whole(error.to_string()))).await,
    };
    let year = period.map_or(plan.years.1, |period| period.year);
    let place = Place { plan: &plan, year, period, measure: measure() };
    let address = if at.period.is_empty() { page } else { format!("{page}?period={}", links::encode(&at.period)) };
    let none = || Refusal::whole(format!("项目库里没有项目 {project}"));
    let command = match &known {
        Some(own) => EnterProjects::read(&place, Some(own), &project, &posted),
        None => Err(none()),
    };
    let done = carry_out_read(&state, &viewer, command).await;
    settle(&state, &viewer, &address, posted, done.map(|_| address.clone())).await
}

/// What somebody did about a project, from its page and back to it.
async fn about<C: Command>(
    state: &AppState,
    viewer: &Viewer,
    (id, project, query): (&str, &str, &str),
    fields: Vec<(String, String)>,
    read: impl FnOnce(&Plan, &Posted) -> Result<C, Refusal>,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(state, id).await?;
    let address = format!("{}{query}", links::project(&plan.id, project));
    let done = carry_out_read(state, viewer, read(&plan, &posted)).await;
    settle(state, viewer, &address, posted, done.map(|_| address.clone())).await
}

pub(crate) async fn visit(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((id, project)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let now = state.clock.now();
    let read = |plan: &Plan, posted: &Posted| RecordVisit::read(plan, &project, posted, now);
    about(&state, &viewer, (&id, &project, ""), fields, read).await
}

/// A node of a project: a new one, or what became of one.
pub(crate) async fn node(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((id, project)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let now = state.clock.now();
    let read = |plan: &Plan, posted: &Posted| RecordNode::read(plan, &project, posted, now);
    about(&state, &viewer, (&id, &project, ""), fields, read).await
}

/// 联系人: a new one, other words for one, or what is known of him deleted.
pub(crate) async fn contact(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((id, project)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let of = (id.as_str(), project.as_str(), "");
    match fields.iter().any(|(name, sent)| name == field::ACT && sent == FORGET) {
        true => about(&state, &viewer, of, fields, |plan, posted| ForgetContact::read(plan, &project, posted)).await,
        false => {
            let read = |plan: &Plan, posted: &Posted| KeepContact::read(plan, &project, posted, random_token());
            about(&state, &viewer, of, fields, read).await
        }
    }
}

/// One official in another's place.
pub(crate) async fn officials(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &id).await?;
    let address = links::projects_part(&plan.id, "officials");
    let done = carry_out_read(&state, &viewer, SucceedOfficial::read(&plan, &posted, state.clock.now())).await;
    settle(&state, &viewer, &address, posted, done.map(|_| address.clone())).await
}

/// Of an application to leave: the year of the list.
#[derive(serde::Deserialize)]
pub(crate) struct OfYear {
    #[serde(default)]
    year: String,
}

/// An application to leave a year's list, and its answer.
pub(crate) async fn leave(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((id, project)): Path<(String, String)>,
    Query(of): Query<OfYear>,
    Fields(fields): Fields,
) -> Answer {
    // The sheet of that year: the answer stands there.
    let sheet = Period::parse(&format!("{}-12", of.year)).map(|period| format!("?period={period}")).unwrap_or_default();
    let read = |plan: &Plan, posted: &Posted| Leave::read(plan, &project, &of.year, posted);
    about(&state, &viewer, (&id, &project, &sheet), fields, read).await
}

pub(crate) async fn meeting(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &id).await?;
    let address = links::meetings(&plan.id);
    let done = carry_out_read(&state, &viewer, HoldMeeting::read(&plan, &posted, state.clock.now())).await;
    let to = |number: i64| format!("{address}#meeting-{number}");
    settle(&state, &viewer, &address, posted, done.map(to)).await
}

pub(crate) async fn matters(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &id).await?;
    let address = links::projects_part(&plan.id, "matters");
    let now = state.clock.now();
    let done = match posted.text(field::ACT) {
        "raise" => {
            let raised = carry_out_read(&state, &viewer, RaiseMatter::read(&plan, &posted, now)).await;
            raised.map(|number| format!("{address}#matter-{number}"))
        }
        _ => {
            let handled = carry_out_read(&state, &viewer, HandleMatter::read(&plan, &posted, now)).await;
            handled.map(|()| address.clone())
        }
    };
    settle(&state, &viewer, &address, posted, done).await
}
