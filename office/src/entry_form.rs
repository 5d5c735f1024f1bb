//! The entry form as data: rows, what stands in each box, what follows from it. One computation for the page, the
//! check page, the server functions and what is frozen at submission.

use chrono::Datelike;
use domain::calendar::{HolidayRule, Standing, at_shanghai, chinese_date, time_left};
use domain::entry::{
    Cell, Content, ContentRow, EntryCheck, EntryLine, Field, TEXT_LIMIT, TextBox, Typed, check, is_percent, lines,
    text_boxes,
};
use domain::holidays::Holidays;
use domain::money::Amount;
use domain::plan::{Plan, Round};
use domain::projects::field::Place;
use domain::projects::measure;
use domain::projects::sheet::{self, SheetBox, SheetLine, parse_cell};
use domain::workflow::State;

use crate::facts::{CellChange, CellConflict, Draft, Report};
use crate::posted::Posted;
use crate::projects::KnownProject;
use crate::refusal::Refusal;

/// The names of the form's fields; each is followed by the box's id.
pub mod field {
    /// What stands in a box.
    pub const BOX: &str = "c.";
    /// The version that the box shows.
    pub const VERSION: &str = "v.";
    /// Of two versions of a box, `mine` or `theirs`.
    pub const PICK: &str = "pick.";
}

/// Longest text that is even kept as a draft.
pub const KEPT: usize = 4000;

/// The form of one return.
pub struct Form {
    pub lines: Vec<EntryLine>,
    pub typed: Vec<Typed>,
    pub checked: Vec<EntryCheck>,
    pub texts: Vec<(TextBox, String)>,
    /// Of the return of projects.
    pub projects: Vec<SheetLine>,
}

/// Which version of a form is meant.
#[derive(Clone, Copy)]
enum Shown<'a> {
    /// What the county is typing; what a form sent goes first.
    Typed(Option<&'a Posted>),
    /// What was submitted, else what is in force: what the county changes meanwhile is its own.
    HandedIn(Option<&'a Content>),
}

fn text_of(report: &Report, shown: Shown<'_>, cell: &str) -> String {
    match shown {
        Shown::HandedIn(Some(content)) => submitted_text(report, content, cell),
        Shown::HandedIn(None) => in_force(report, cell),
        Shown::Typed(posted) => {
            let sent = posted.and_then(|posted| posted.get(&field_name(cell)));
            sent.map_or_else(|| saved_text(report, cell), str::to_owned)
        }
    }
}

/// What stands in a box before anything is typed: the newest draft, else the figure in force that is being corrected.
pub fn saved_text(report: &Report, cell: &str) -> String {
    report
        .draft(cell)
        .filter(|draft| is_current(report, cell, draft))
        .map_or_else(|| in_force(report, cell), |draft| draft.text.clone())
}

/// An answer belongs to the question it was given to.
fn is_current(report: &Report, cell: &str, draft: &Draft) -> bool {
    if let Some((project, SheetBox::Answer)) = parse_cell(cell) {
        let asked = report.open_question(sheet::GOAL, project);
        let asked = asked.and_then(|asked| report.steps.iter().find(|step| step.version == asked.step));
        return asked.is_none_or(|step| draft.at >= step.at);
    }
    let Some(Cell::Row { goal, region, field: Field::Answer }) = Cell::parse(cell) else { return true };
    let asked = report
        .open_question(&goal, &region)
        .and_then(|asked| report.steps.iter().find(|step| step.version == asked.step));
    asked.is_none_or(|step| draft.at >= step.at)
}

fn in_force(report: &Report, cell: &str) -> String {
    if let Some((project, SheetBox::Of(field))) = parse_cell(cell) {
        let period = report.key.period();
        let place = Place { plan: &report.version.plan, year: period.year, period: Some(period), measure: measure() };
        return report.projects.get(project).map(|known| field.text(&known.entry, &place)).unwrap_or_default();
    }
    let Some(Cell::Row { goal, region, field }) = Cell::parse(cell) else { return String::new() };
    let Some(figure) = report.figures.get(&goal, report.key.period(), &region) else { return String::new() };
    let Some(goal) = report.version.plan.goal(&goal) else { return String::new() };
    let amount = |amount: Option<Amount>| amount.map(|amount| goal.measure.plain(amount)).unwrap_or_default();
    match field {
        Field::Value if is_percent(goal) => {
            figure.published_growth.map(|rate| rate.percent_as_written()).unwrap_or_default()
        }
        Field::Value => amount(figure.value),
        Field::Base => amount(figure.base),
        Field::Note => figure.note.clone(),
        Field::Answer => String::new(),
    }
}

fn submitted_text(report: &Report, content: &Content, cell: &str) -> String {
    if let Some((project, of)) = parse_cell(cell) {
        let line = content.projects.iter().find(|line| line.project == project);
        return line.map(|line| line.text(of).to_owned()).unwrap_or_default();
    }
    match Cell::parse(cell) {
        Some(Cell::Text(text)) => content.text(&text).to_owned(),
        Some(Cell::Row { goal, region, field }) => {
            let (Some(row), Some(goal)) = (content.row(&goal, &region), report.version.plan.goal(&goal)) else {
                return String::new();
            };
            let amount = |amount: Option<Amount>| amount.map(|amount| goal.measure.plain(amount)).unwrap_or_default();
            match field {
                Field::Value => row.growth.map_or_else(|| amount(row.value), |rate| rate.percent_as_written()),
                Field::Base => amount(row.base),
                Field::Note => row.note.clone(),
                Field::Answer => row.answer.clone(),
            }
        }
        None => String::new(),
    }
}

/// The name of a box in the form, and of the version it shows.
pub fn field_name(cell: &str) -> String {
    format!("{}{cell}", field::BOX)
}

pub fn version_name(cell: &str) -> String {
    format!("{}{cell}", field::VERSION)
}

/// The version of a box that a page shows: as posted back, else the newest.
pub fn version_of(report: &Report, posted: Option<&Posted>, cell: &str) -> i64 {
    let sent = posted.and_then(|posted| posted.get(&version_name(cell))).and_then(|text| text.parse().ok());
    sent.unwrap_or_else(|| report.draft(cell).map_or(0, |draft| draft.version))
}

impl Form {
    pub fn new(report: &Report, posted: Option<&Posted>) -> Self {
        Self::made(report, Shown::Typed(posted))
    }

    /// As it was last submitted: for whoever may not see what the county types meanwhile.
    pub fn handed_in(report: &Report) -> Self {
        Self::made(report, Shown::HandedIn(report.submission().and_then(|step| step.content.as_ref())))
    }

    fn made(report: &Report, shown: Shown<'_>) -> Self {
        let mut lines = lines(&report.version.plan, &report.key.unit, &report.key.round, &report.figures);
        lines.iter_mut().for_each(|line| line.question = question(report, shown, line));
        let typed: Vec<Typed> = lines.iter().map(|line| typed(report, shown, line)).collect();
        let checked = check(&lines, &typed);
        let boxes = text_boxes(&report.version.plan, &report.key.unit, &report.key.round).into_iter();
        let texts = boxes.map(|text| (text.clone(), text_of(report, shown, &Cell::Text(text).id()))).collect();
        let projects = projects(report, shown);
        Self { lines, typed, checked, texts, projects }
    }

    /// Every box of the form by its id.
    pub fn cells(&self) -> Vec<String> {
        let boxes = self.lines.iter().flat_map(|line| Field::ALL.map(|field| line.cell(field).id()));
        let of_projects = self.projects.iter().flat_map(|line| SheetBox::all().map(|of| sheet::cell(&line.id, of)));
        boxes.chain(self.texts.iter().map(|(text, _)| Cell::Text(text.clone()).id())).chain(of_projects).collect()
    }

    /// What is wrong with the texts.
    pub fn text_faults(&self) -> Vec<(TextBox, String)> {
        let too_long = |(of, text): &(TextBox, String)| {
            let length = text.chars().count();
            let sentence = || format!("{}写了 {length} 字，请缩短到 {TEXT_LIMIT} 字以内。", of.topic.name());
            (length > TEXT_LIMIT).then(|| (of.clone(), sentence()))
        };
        self.texts.iter().filter_map(too_long).collect()
    }

    /// Everything that stops a submission: the box's id and the sentence.
    pub fn faults(&self) -> Vec<(String, String)> {
        let of_rows = self.lines.iter().zip(&self.checked).flat_map(|(line, row)| {
            let several = self.lines.len() > 1;
            row.hard.iter().map(move |remark| {
                let sentence = if several {
                    format!("{}：{}", line.row_name(), remark.sentence)
                } else {
                    remark.sentence.clone()
                };
                (line.cell(remark.field).id(), sentence)
            })
        });
        let of_projects = self.projects.iter().flat_map(|line| {
            line.hard.iter().map(|(of, sentence)| (sheet::cell(&line.id, *of), format!("{}：{sentence}", line.name)))
        });
        of_rows
            .chain(of_projects)
            .chain(self.text_faults().into_iter().map(|(text, sentence)| (Cell::Text(text).id(), sentence)))
            .collect()
    }

    pub fn doubts(&self) -> usize {
        let of_projects = self.projects.iter().map(|line| line.soft.len());
        self.checked.iter().map(|row| row.soft.len()).chain(of_projects).sum()
    }

    /// What is frozen with a submission.
    pub fn content(&self, report: &Report) -> Content {
        let rows = self.lines.iter().zip(&self.checked).map(|(line, row)| ContentRow {
            goal: line.goal.clone(),
            region: line.region.clone(),
            value: row.value,
            base: row.base,
            growth: row.stated_growth,
            note: row.note.clone(),
            doubts: row.soft.iter().map(|remark| remark.sentence.clone()).collect(),
            question: line.question.clone().unwrap_or_default(),
            answer: line.question.as_ref().map(|_| row.answer.clone()).unwrap_or_default(),
        });
        let texts = self.texts.iter().map(|(of, text)| (of.key(), text.trim().to_owned()));
        Content {
            plan: report.key.plan.clone(),
            rhythm: report.key.round.rhythm.clone(),
            period: report.key.period(),
            unit: report.key.unit.clone(),
            unit_name: report.unit_name.clone(),
            rows: rows.collect(),
            texts: texts.collect(),
            projects: self.projects.iter().map(SheetLine::content).collect(),
        }
    }
}

/// The lines of the sheet of projects.
fn projects(report: &Report, shown: Shown<'_>) -> Vec<SheetLine> {
    let line = |known: &KnownProject| {
        let id = &known.entry.project.id;
        let texts = SheetBox::all().map(|of| (of, text_of(report, shown, &sheet::cell(id, of)))).collect();
        let question = match shown {
            Shown::Typed(_) => report.open_question(sheet::GOAL, id).map(|asked| asked.text.clone()),
            Shown::HandedIn(content) => {
                let line = content.and_then(|content| content.projects.iter().find(|line| line.project == *id));
                line.map(|line| line.question.clone()).filter(|question| !question.is_empty())
            }
        };
        SheetLine::new(&report.version.plan, &known.entry, report.key.period(), texts, question)
    };
    report.projects.values().map(|known| line(known)).collect()
}

/// What the office asks about a row: what waits for an answer, or what was answered with the submission shown.
fn question(report: &Report, shown: Shown<'_>, line: &EntryLine) -> Option<String> {
    match shown {
        Shown::Typed(_) => report.open_question(&line.goal, &line.region).map(|asked| asked.text.clone()),
        Shown::HandedIn(content) => {
            let row = content?.row(&line.goal, &line.region)?;
            Some(row.question.clone()).filter(|question| !question.is_empty())
        }
    }
}

/// What a box is called in a sentence.
pub fn cell_name(form: &Form, id: &str) -> String {
    if let Some((project, of)) = parse_cell(id) {
        let line = form.projects.iter().find(|line| line.id == project);
        return format!("{} {}", line.map(|line| line.name.as_str()).unwrap_or_default(), of.name());
    }
    match Cell::parse(id) {
        Some(Cell::Text(text)) => text.topic.name().to_owned(),
        Some(Cell::Row { goal, region, field }) => {
            let line = form.lines.iter().find(|line| line.goal == goal && line.region == region);
            format!("{} {}", line.map(EntryLine::row_name).unwrap_or_default(), field.name())
        }
        None => id.to_owned(),
    }
}

fn typed(report: &Report, shown: Shown<'_>, line: &EntryLine) -> Typed {
    let text = |field: Field| text_of(report, shown, &line.cell(field).id());
    Typed { value: text(Field::Value), base: text(Field::Base), note: text(Field::Note), answer: text(Field::Answer) }
}

/// The sentence for a box that is not even kept as a draft.
fn too_long(length: usize) -> String {
    format!("有一格写了 {length} 字，太长了，没有保存；请缩短到 {TEXT_LIMIT} 字以内")
}

/// The boxes that a form sent; unknown names are not looked at. `picks` settle conflicts: `mine` or `theirs`.
pub fn changes(report: &Report, form: &Form, posted: &Posted) -> Result<Vec<CellChange>, Refusal> {
    let mut changes = Vec::new();
    for cell in form.cells() {
        let Some(sent) = posted.get(&field_name(&cell)) else { continue };
        let seen = version_of(report, Some(posted), &cell);
        let theirs = match posted.text(&format!("{}{cell}", field::PICK)) {
            "theirs" => report.draft(&cell),
            _ => None,
        };
        let text = theirs.map_or(sent, |theirs| &theirs.text);
        changes.push(change(report, cell, seen, text.to_owned())?);
    }
    Ok(changes)
}

/// A box about to be saved, cleaned; version 0 of a box that is being corrected showed the figure in force.
pub fn change(report: &Report, cell: String, seen: i64, text: String) -> Result<CellChange, Refusal> {
    let text = domain::entry::clean(&text);
    let length = text.chars().count();
    if length > KEPT {
        return Err(Refusal::field(&field_name(&cell), too_long(length)));
    }
    let shown = if seen == 0 { in_force(report, &cell) } else { String::new() };
    Ok(CellChange { cell, seen, shown, text })
}

/// The form again after a conflict: each box in question now shows the newest version's number, so that whatever is
/// chosen is chosen with both on the page.
pub fn settle(posted: &mut Posted, conflicts: &[CellConflict]) {
    for conflict in conflicts {
        posted.set(&version_name(&conflict.cell), &conflict.theirs.version.to_string());
    }
}

/// Why a return cannot be submitted now, as far as the calendar goes. A return that was sent back may come again after
/// the deadline: the office asked for it.
pub fn not_open(report: &Report, now: i64, holidays: &Holidays) -> Option<String> {
    let (plan, period) = (&report.version.plan, report.key.period());
    let label = || plan.round_label(&report.key.round);
    let calendar = plan.calendar_of_round(&report.key.round)?;
    match calendar.standing(period, at_shanghai(now), holidays) {
        Standing::Open => None,
        Standing::NotYet => {
            let day = calendar.opening_day(period).map(chinese_date).unwrap_or_default();
            Some(format!("{}还没有开始报送，{day}起可以提交；现在填的会保存为草稿。", label()))
        }
        Standing::Closed if report.state() == State::SentBack => None,
        Standing::Closed if report.exception.as_ref().is_some_and(|exception| now < exception.until) => None,
        Standing::Closed => {
            let day = calendar.deadline_day(period, holidays).map(chinese_date).unwrap_or_default();
            Some(format!(
                "{}的报送已于{day}截止，不能再提交；确需补报请办公室的审核员准予补报，填的内容会保存为草稿。",
                label()
            ))
        }
    }
}

/// Why a submission cannot be withdrawn: after the deadline it could not come back.
pub fn not_withdrawable(report: &Report, now: i64, holidays: &Holidays) -> Option<String> {
    let calendar = report.version.plan.calendar_of_round(&report.key.round)?;
    let excepted = report.exception.as_ref().is_some_and(|exception| now < exception.until);
    let closed = calendar.standing(report.key.period(), at_shanghai(now), holidays) == Standing::Closed && !excepted;
    closed.then(|| {
        "已过截止时间，撤回后就不能再提交了，所以没有撤回。要改数请县级审核人退回，退回后可以改了再提交。".to_owned()
    })
}

/// `还有 2 天 3 小时（7月5日 24:00 截止）`.
pub fn due(plan: &Plan, round: &Round, now: i64, holidays: &Holidays) -> Option<String> {
    let calendar = plan.calendar_of_round(round)?;
    let now = at_shanghai(now);
    let last = calendar.final_report_of(round.period).filter(|_| calendar.is_final(round.period, now));
    if let Some((_, until)) = last {
        let (month, day) = calendar.final_report.unwrap_or_default();
        return Some(format!("年终定报，还有 {}（{month}月{day}日 24:00 截止）", time_left(now, until)));
    }
    let deadline = calendar.deadline(round.period, holidays)?;
    let day = calendar.deadline_day(round.period, holidays)?;
    let unknown = calendar.holidays != HolidayRule::None && !holidays.knows(day.year());
    let caution = if unknown {
        format!("；{}年放假安排未载入，遇节假日以通知为准", day.year())
    } else {
        String::new()
    };
    let day = day.format("%-m月%-d日");
    Some(match now < deadline {
        true => format!("还有 {}（{day} 24:00 截止{caution}）", time_left(now, deadline)),
        false => format!("已于{day} 24:00 截止"),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::facts::{Exception, PlanVersion, ReportKey, StepRecord};
    use domain::month::Period;
    use domain::returns::Figures;
    use domain::workflow::Step;

    pub(crate) fn report() -> Report {
        let source = include_str!("../../tests/fixtures/contract/fuzhou-2021.plan.toml").to_owned();
        let plan = domain::plan::file::parse(&source).unwrap();
        let key = ReportKey {
            plan: plan.id.clone(),
            round: Period { year: 2021, month: 6 }.into(),
            unit: "350181".to_owned(),
        };
        let version = PlanVersion {
            plan: plan.into(),
            source: source.into(),
            version: 1,
            sha256: String::new(),
            file_name: String::new(),
            reason: None,
            recorded_at: 0,
            recorded_by: String::new(),
        };
        Report {
            version,
            key,
            unit_name: "福清市".to_owned(),
            figures: Arc::new(Figures::default()),
            drafts: Vec::new(),
            steps: Vec::new(),
            exception: None,
            questions: Vec::new(),
            true_ups: Vec::new(),
            asked_again: false,
            projects: Arc::default(),
        }
    }

    fn at(text: &str) -> i64 {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    /// What may be done one millisecond before an instant, at it, and one after.
    fn check(report: &Report, instant: i64, what: fn(&Report, i64, &Holidays) -> Option<String>, open: [bool; 3]) {
        let found = [-1, 0, 1].map(|by| what(report, instant + by, &Holidays::default()).is_none());
        assert_eq!(found, open);
    }

    #[test]
    fn the_edges_of_a_period() {
        let (opens, closes) = (at("2021-07-01T00:00:00+08:00"), at("2021-07-06T00:00:00+08:00"));
        let mut report = report();
        check(&report, opens, not_open, [false, true, true]);
        check(&report, closes, not_open, [true, false, false]);
        // What could not be handed in again is not withdrawn.
        check(&report, closes, not_withdrawable, [true, false, false]);
        // 补报 ends at its own instant.
        let until = at("2021-07-09T00:00:00+08:00");
        report.exception =
            Some(Exception { version: 1, until, reason: "台风".to_owned(), at: 0, actor: String::new() });
        check(&report, closes, not_open, [true, true, true]);
        check(&report, until, not_open, [true, false, false]);
        check(&report, until, not_withdrawable, [true, false, false]);
        // What the office sent back may come again at any time.
        report.exception = None;
        let back = StepRecord {
            version: 1,
            step: Step::SendBackToCounty,
            state: State::SentBack,
            at: 0,
            actor: String::new(),
            account: 1,
            reason: None,
            content: None,
            sha256: None,
        };
        report.steps = vec![back];
        check(&report, closes, not_open, [true, true, true]);
    }
}
