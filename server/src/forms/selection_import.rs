//! Nominations or scores of a selection from a workbook: looked at line by line, then confirmed.

use std::sync::Arc;

use app::pages::selection_import::{SelectionPreview, WHAT};
use app::parts::links;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use documents::form_rows;
use documents::grid::Grid;
use documents::office_table::sheet_of;
use domain::Problem;
use domain::plan::Plan;
use domain::selection::record::{Act, Course};
use office::commands::selection::right;
use office::commands::selection_import::{FILES, Fate, ImportSelection, act_of, brings, heads, needed};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::{Answer, Fields, Refused, carry_out, plan_of, preview_page, settle, sheet_sent};
use crate::reading::reading;
use crate::state::AppState;
use crate::web::sentence::{forbidden, not_done, unavailable_page};
use crate::web::session::Signed;

/// Lines with their boxes: what goes to the page and comes back.
type Rows = Vec<(usize, Vec<(String, String)>)>;

/// The selection's year of an address, as its page says whether there is one.
struct Place {
    plan: Arc<Plan>,
    selection: String,
    year: i32,
}

impl Place {
    /// For somebody who may bring one of the files.
    async fn of(
        state: &AppState,
        viewer: &Viewer,
        (plan, selection, year): (String, String, String),
    ) -> Result<Self, Refused> {
        let plan = plan_of(state, &plan).await?;
        if !FILES.iter().any(|(_, act)| brings(viewer, &plan, *act)) {
            let may = FILES.iter().flat_map(|(_, act)| domain::rights::who_may(right(*act)));
            let mut may: Vec<_> = may.collect();
            may.sort_unstable();
            may.dedup();
            return Err(forbidden(&may).into());
        }
        Ok(Self { plan, selection, year: year.parse().unwrap_or_default() })
    }

    fn address(&self) -> String {
        links::selection_import(&self.plan.id, &self.selection, self.year)
    }

    fn command(&self, act: Act, rows: &Rows, seen: Option<String>, dry_run: bool) -> ImportSelection {
        ImportSelection {
            plan: self.plan.id.clone(),
            selection: self.selection.clone(),
            year: self.year,
            act,
            rows: rows.iter().map(|(line, boxes)| (*line, Posted::new(boxes.clone()))).collect(),
            seen,
            dry_run,
        }
    }

    async fn back(&self, state: &AppState, viewer: &Viewer, posted: Posted) -> Answer {
        Ok(preview_page(state, viewer, &self.address(), posted, None::<SelectionPreview>).await)
    }

    /// The preview as a page; with `error` above it.
    async fn look(&self, state: &AppState, viewer: &Viewer, act: Act, rows: &Rows, posted: Posted) -> Answer {
        let mut preview = SelectionPreview {
            file: posted.text("file").to_owned(),
            act,
            rows: String::new(),
            lines: Vec::new(),
            faults: Vec::new(),
            shown: String::new(),
        };
        match carry_out(state, viewer, self.command(act, rows, None, true)).await {
            Ok(done) => {
                preview.shown = done.digest();
                preview.rows = serde_json::to_string(rows).unwrap_or_default();
                preview.lines = done.lines;
            }
            Err(Refusal::Invalid(faults)) => preview.faults = faults.into_iter().map(|(_, said)| said).collect(),
            Err(refusal) => return Ok(not_done(&refusal)),
        }
        Ok(preview_page(state, viewer, &self.address(), posted, Some(preview)).await)
    }

    /// The lines of a sheet as the columns of this selection name them.
    async fn rows(&self, state: &AppState, act: Act, sheet: Grid) -> Result<Result<Rows, String>, Refused> {
        let steps =
            async { state.store.read().await?.selection_steps(&self.plan.id, &self.selection, self.year).await };
        let steps = steps.await.map_err(|error| unavailable_page(&error))?;
        let Some(selection) = self.plan.selection(&self.selection) else {
            return Ok(Err("计划里没有这项评选".to_owned()));
        };
        let course = Course::of(selection, &steps);
        if act == Act::Score && course.terms.criteria.is_empty() {
            return Ok(Err("还没有评分标准，请先登记评选办法".to_owned()));
        }
        let heads = heads(act, &course);
        let read = reading(move |_| {
            let at = |problem: Problem| format!("第{}行：{}", problem.line, problem.message);
            let read = form_rows::read(&sheet, &heads, needed(act));
            let rows = read.map_err(|problems| domain::listed(problems.into_iter().map(at)).join("；"))?;
            Ok(rows.into_iter().map(|row| (row.row, row.boxes)).collect::<Rows>())
        });
        Ok(read.await)
    }
}

const UNTOUCHED: &str = "评选没有改动";

pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(place): Path<(String, String, String)>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let place = Place::of(&state, &viewer, place).await?;
    let sheet = |sheets: &[Grid], wanted: &str| sheet_of(sheets, wanted, |_| true).cloned();
    let (posted, sheet) = match sheet_sent(multipart, UNTOUCHED, sheet).await {
        Ok(sent) => sent,
        Err(posted) => return place.back(&state, &viewer, posted).await,
    };
    let Some(act) = act_of(posted.text(WHAT)) else {
        return place.back(&state, &viewer, posted.with_error("请选择文件里是推荐还是得分。")).await;
    };
    if !brings(&viewer, &place.plan, act) {
        return Err(forbidden(&domain::rights::who_may(right(act))).into());
    }
    match place.rows(&state, act, sheet).await? {
        Ok(rows) => place.look(&state, &viewer, act, &rows, posted).await,
        Err(sentence) => {
            let posted = posted.with_error(&format!("{sentence}。{UNTOUCHED}。"));
            place.back(&state, &viewer, posted).await
        }
    }
}

pub(crate) async fn import(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(place): Path<(String, String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let place = Place::of(&state, &viewer, place).await?;
    let posted = Posted::new(fields);
    let address = place.address();
    let rows = serde_json::from_str::<Rows>(posted.text("rows"));
    let (Ok(rows), Some(act)) = (rows, act_of(posted.text(WHAT))) else {
        return settle(&state, &viewer, &address, Posted::default(), Err(Refusal::whole("请先选择文件预览"))).await;
    };
    let seen = Some(posted.text("shown").to_owned());
    match carry_out(&state, &viewer, place.command(act, &rows, seen, false)).await {
        Err(Refusal::Stale | Refusal::Invalid(_)) => {
            let posted = posted.with_error("评选变过，没有登记。下面是新的预览，请看过再确认。");
            place.look(&state, &viewer, act, &rows, posted).await
        }
        done => {
            let done = done.map(|done| {
                let [new, changed, same] = [Fate::New, Fate::Changed, Fate::Same].map(|fate| done.count(fate));
                format!("{address}?{WHAT}={}&done={new}-{changed}-{same}", posted.text(WHAT))
            });
            settle(&state, &viewer, &address, posted.only(&[]), done).await
        }
    }
}
