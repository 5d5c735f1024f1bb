//! Made-up projects of three plans: the list as a file in our own form, what is reported of it each month, visits and
//! 会诊. Some start late, some fall behind, some fall silent.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use documents::project_table::{Around, preview};
use domain::budget::Budget;
use domain::comparison::is_quarter;
use domain::money::Amount;
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::edition::LIBRARY;
use domain::projects::{Entry, Reported, Role, Step, When};
use office::commands::projects::{EnterProjects, HandleMatter, Handling, HoldMeeting, NewMatter, RecordVisit};
use office::commands::publish_comparison::PublishComparison;
use office::refusal::Refusal;
use office::who::Who;
use store::Store;

use super::{Act, SEED, SHAPE, Story, What, due, mix, round_step, writer};
use crate::assets;

/// What is done about projects.
pub(super) enum Deed {
    Enter(EnterProjects),
    Visit(RecordVisit),
    Meet(HoldMeeting),
    Handle(HandleMatter),
    Publish(PublishComparison),
}

impl Deed {
    pub(super) async fn carry_out(self, store: &Store, who: Who) -> Result<(), Refusal> {
        match self {
            Deed::Enter(command) => store.carry_out(command, who).await.map(|_| ()),
            Deed::Visit(command) => store.carry_out(command, who).await,
            Deed::Meet(command) => store.carry_out(command, who).await.map(|_| ()),
            Deed::Handle(command) => store.carry_out(command, who).await,
            Deed::Publish(command) => store.carry_out(command, who).await.map(|_| ()),
        }
    }
}

/// How a project goes: in thousandths of its year's plan, months its start or its finish is late, the last month that
/// it reports.
struct Course {
    reaches: i64,
    late: u32,
    reports_until: u32,
    lacks: &'static str,
}

const LACKS: [&str; 5] = ["用地报批未完成", "用电增容未到位", "银行贷款未到位", "设备到货延迟", "用工不足"];

/// Always the same for a project: most keep the pace, one in six is behind, a few start late or fall silent.
fn course(entry: &Entry) -> Course {
    let number = |word: &str, below: u64| {
        let bytes = entry.project.id.bytes().chain(entry.project.unit.bytes()).chain(word.bytes());
        (bytes.fold(SEED, |hash, byte| mix(hash ^ u64::from(byte))) % below) as i64
    };
    let lacks = LACKS[number("lacks", 5) as usize];
    let kept = Course { reaches: 960 + number("pace", 110), late: 0, reports_until: 12, lacks };
    match number("course", 24) {
        0..=3 => Course { reaches: 520 + number("behind", 250), ..kept },
        4 | 5 => Course { late: 2 + number("late", 4) as u32, reaches: 850, ..kept },
        6 => Course { reports_until: 7 + number("silent", 2) as u32, ..kept },
        _ => Course { lacks: "", ..kept },
    }
}

fn later(when: When, months: u32) -> Period {
    let at = when.month();
    let months = at.month - 1 + months;
    Period { year: at.year + (months / 12) as i32, month: months % 12 + 1 }
}

/// A project as it is known at the end of a month of its list's year, with what was reported up to then.
fn at_month(listed: &Entry, months: &[Period]) -> Entry {
    let mut entry = listed.clone();
    let course = course(listed);
    let Some(at) = months.last() else { return entry };
    let Some(list) = listed.years.get(&at.year) else { return entry };
    let mut begin = |step: Step, planned: Option<When>| {
        let when = planned.map(|planned| later(planned, course.late)).filter(|when| when <= at);
        if let Some(when) = when {
            entry.steps.entry(step).or_default().actual.get_or_insert(When::Month(when));
        }
    };
    begin(Step::Start, listed.planned(Step::Start));
    // What is behind does not finish in time either.
    if course.reaches > 900 {
        begin(Step::Finish, listed.planned(Step::Finish));
        begin(Step::Production, listed.planned(Step::Production));
    }
    let first = later(listed.planned(Step::Start).unwrap_or(When::Month(*at)), course.late);
    let from = if first.year < at.year { 0 } else { first.month - 1 };
    let ends = listed.planned(Step::Finish).map(When::month).filter(|end| end.year == at.year);
    let until = ends.map_or(12, |end| end.month.max(from + 1));
    let planned = list.planned.unwrap_or_default().0;
    let total = listed.project.total.unwrap_or_default().0;
    let before = if first.year < at.year { round_step((total - planned) / 10 * 4, 1_000_000) } else { 0 };
    let share = |month: u32| SHAPE[month as usize] - SHAPE[from as usize];
    for period in months.iter().filter(|period| period.month <= course.reports_until) {
        let begun = first <= *period;
        let gone = if begun { share(period.month.min(until)).max(0) * course.reaches / share(until).max(1) } else { 0 };
        let this_year = round_step(planned / 1000 * gone.min(1000), 100_000);
        let progress = match gone {
            _ if !begun => "前期准备",
            0..=150 => "基础施工",
            151..=450 => "主体施工",
            451..=800 => "设备安装",
            801..=950 => "设备调试",
            _ if until < 12 => "已竣工",
            _ => "完成年度建设内容",
        };
        let words = |text: &str| if course.lacks.is_empty() { String::new() } else { text.to_owned() };
        let reported = Reported {
            this_year: Some(Amount(this_year)),
            since_start: Some(Amount(before + this_year)),
            progress: progress.to_owned(),
            problem: words(course.lacks),
            next: words("专班跟进，抓紧解决"),
        };
        entry.returns.insert(*period, reported);
    }
    entry
}

/// The list that ships for a plan, in our own form; empty where it has none.
fn list(plan: &Plan) -> Result<BTreeMap<String, Entry>, Refusal> {
    let file = format!("demo/{}.projects.csv", plan.id);
    let Some(text) = assets::text(&file) else { return Ok(BTreeMap::new()) };
    let wrong = |message: String| Refusal::whole(format!("{file}：{message}"));
    let sheets = documents::grid::read(text.as_bytes(), &file, Budget::ENDLESS).map_err(|it| wrong(it.message))?;
    let (uses, known) = (BTreeMap::new(), BTreeMap::new());
    let year = plan.years.0;
    let around = Around { plan, year, period: None, unit: None, uses: &uses, known: &known, own_unit: None };
    let sheet = sheets.first().ok_or_else(|| wrong("是空的".to_owned()))?;
    let read = preview(sheet, &around, Budget::ENDLESS).map_err(|_| wrong("没有读完".to_owned()))?;
    match read.doubts.iter().find(|doubt| doubt.stops) {
        Some(doubt) => Err(wrong(format!("{} {}", doubt.address, doubt.message))),
        None => Ok(read.entries),
    }
}

/// What happens to a plan's projects in the first year of its list.
pub(super) fn acts<'a>(plan: &'a Plan, story: &Story) -> Result<Vec<Act<'a>>, Refusal> {
    let listed = list(plan)?;
    let (year, holidays) = (plan.years.0, assets::holidays());
    let first = plan.calendar.as_ref().map_or(1, |calendar| calendar.first_month);
    let reported = |month: &u32| *month >= first && (story.from..=story.to).contains(&(year, *month));
    let months: Vec<Period> =
        story.months.iter().copied().filter(reported).filter_map(|month| Period::new(year, month)).collect();
    let Some(begin) = months.first().filter(|_| !listed.is_empty()) else { return Ok(Vec::new()) };
    let act = |day: NaiveDate, hour: u32, period: Period, deed: Deed| Act {
        at: writer(day, hour).at,
        plan,
        period,
        what: What::Projects(deed),
        reason: None,
    };
    let enter = |entries: Vec<Entry>, reason: Option<String>, file: String| {
        Deed::Enter(EnterProjects { plan: plan.id.clone(), entries, seen: i64::MAX, reason, file })
    };
    let file = format!("演示-{}.projects.csv", plan.id);
    // The list stands before the first month is reported.
    let day = due(plan, *begin, &holidays);
    let mut acts = vec![act(day, 9, *begin, enter(listed.values().cloned().collect(), None, file.clone()))];
    for (index, period) in months.iter().enumerate() {
        let entries = listed.values().map(|entry| at_month(entry, &months[..=index])).collect();
        let reason = format!("演示：{}报送", period.label());
        let day = due(plan, *period, &holidays);
        acts.push(act(day, 16, *period, enter(entries, Some(reason), file.clone())));
        if is_quarter(*period) {
            let (plan, id, period) = (plan.id.clone(), LIBRARY.to_owned(), *period);
            let freeze = PublishComparison { plan, id, period, reason: None, based_on: None, public_key: None };
            acts.push(act(day, 17, period, Deed::Publish(freeze)));
        }
    }
    if plan.id == "fuzhou-2021" {
        acts.extend(consultations(plan, &listed).into_iter().map(|(day, deed)| act(day, 11, *begin, deed)));
    }
    Ok(acts)
}

/// Two 会诊 of what lags, with what became of their decisions, and the visits before them.
fn consultations(plan: &Plan, listed: &BTreeMap<String, Entry>) -> Vec<(NaiveDate, Deed)> {
    let day = |month: u32, day: u32| NaiveDate::from_ymd_opt(2021, month, day).unwrap_or_default();
    let lagging: Vec<&Entry> = listed
        .values()
        .filter(|entry| {
            let role = entry.years.get(&2021).map(|list| list.role);
            !course(entry).lacks.is_empty() && role != Some(Role::Preparation)
        })
        .collect();
    let held = day(6, 22);
    let mut deeds = Vec::new();
    for (number, entry) in lagging.iter().take(6).enumerate() {
        let own = &entry.project;
        deeds.push((
            day(5, 17) + Days::new(number as u64),
            Deed::Visit(RecordVisit {
                plan: plan.id.clone(),
                project: own.id.clone(),
                day: day(5, 17) + Days::new(number as u64),
                by_whom: own.unit_official.clone().unwrap_or_else(|| "市工信局（演示）".to_owned()),
                found: format!("演示：进度滞后，{}", course(entry).lacks),
                promised: "演示：提请会诊研究".to_owned(),
            }),
        ));
    }
    let matter = |entry: &&Entry, due: NaiveDate| {
        let lacks = course(entry).lacks;
        let kind = ["用地", "用电", "资金", "用工"].into_iter().find(|kind| lacks.contains(kind)).unwrap_or("其他");
        let owner = if kind == "资金" { "市工信局".to_owned() } else { entry.project.unit.clone() };
        let words = format!("演示：解决{}{lacks}的问题", entry.project.name);
        NewMatter { project: entry.project.id.clone(), kind: kind.to_owned(), words, owner, due: Some(due) }
    };
    let meet = |held: NaiveDate, about: &[&Entry], due: NaiveDate| {
        Deed::Meet(HoldMeeting {
            plan: plan.id.clone(),
            kind: "会诊".to_owned(),
            day: held,
            attended: "演示：市工信局、有关县（市）区工信局、项目业主".to_owned(),
            words: "演示：对建设进度滞后的项目逐一会诊".to_owned(),
            projects: about.iter().map(|entry| entry.project.id.clone()).collect(),
            decisions: about.iter().map(|entry| matter(entry, due)).collect(),
        })
    };
    let (one, two) = lagging.split_at(lagging.len().min(6));
    let two = &two[..two.len().min(5)];
    deeds.push((held, meet(held, one, day(7, 31))));
    // Two of three are solved in time; the others are still open, and one of them was passed upwards.
    let handle = |matter: usize, what: Handling| {
        Deed::Handle(HandleMatter { plan: plan.id.clone(), matter: matter as i64, seen: 1, what })
    };
    for number in (1..=one.len()).filter(|number| number % 3 != 0) {
        let solved = day(7, 12) + Days::new(number as u64);
        deeds.push((solved, handle(number, Handling::Solve { day: solved, how: "演示：已协调解决".to_owned() })));
    }
    if one.len() >= 3 {
        let to = Handling::Escalate {
            to: "市政府".to_owned(),
            reason: "演示：县级协调不了，提请市政府协调".to_owned(),
        };
        deeds.push((day(8, 20), handle(3, to)));
    }
    deeds.push((day(9, 23), meet(day(9, 23), two, day(11, 30))));
    for number in 1..=two.len() / 2 {
        let solved = day(11, 8) + Days::new(number as u64);
        let how = "演示：已协调解决".to_owned();
        deeds.push((solved, handle(one.len() + number, Handling::Solve { day: solved, how })));
    }
    deeds
}
