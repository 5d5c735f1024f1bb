//! What incoming figures are checked against: whose they are, what is in force, and the slip of a unit.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::facts::{HeldPost, Unavailable};
use crate::ports::Facts;
use documents::grid::Grid;
use documents::office_table::{self, Preview};
use domain::Problem;
use domain::budget::{Budget, Ended};
use domain::calendar::at_shanghai;
use domain::entry::{Doubt, NOTE_LEAST, Remark};
use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::region::RegionId;
use domain::returns::{Figure, Figures, ReturnRow};
use domain::rights::Role;

/// Who reports for itself, and from when on.
#[derive(Debug, Clone, Default)]
pub struct Reporters {
    /// Who reports for a unit of an office, by both.
    posts: HashMap<(String, RegionId), HeldPost>,
    holidays: Arc<Holidays>,
    /// When the plan came, UTC milliseconds.
    begun: i64,
}

impl Reporters {
    /// Those of a plan, as they are now.
    pub async fn load(facts: &mut dyn Facts, plan: &str, holidays: Arc<Holidays>) -> Result<Self, Unavailable> {
        let begun = facts.plan_versions(plan).await?.first().map_or(0, |version| version.recorded_at);
        Ok(Self { posts: reporting(facts.posts().await?), holidays, begun })
    }

    /// The post that reports for a row's unit, where there is one: nobody but the county changes the county's figure.
    fn of(&self, plan: &Plan, row: &ReturnRow) -> Option<&HeldPost> {
        // What lies before the plan's years has no form: a pace by last year's shape needs it.
        if row.period.year < plan.years.0 {
            return None;
        }
        self.posts.get(&(plan.region.id().to_owned(), unit_of(plan, row)?.to_owned()))
    }

    /// 承接: the period was over before its unit could report it here, because plan or post came later. The office takes
    /// such a figure over.
    pub fn is_taken_over(&self, plan: &Plan, row: &ReturnRow) -> bool {
        let (Some(post), Some(goal)) = (self.of(plan, row), plan.goal(&row.goal)) else { return false };
        let calendar = plan.calendar_of_round(&plan.round_of(goal, row.period));
        let over = calendar.and_then(|calendar| calendar.deadline(row.period, &self.holidays));
        let from = post.created_at.max(self.begun);
        match over {
            Some(over) => over.timestamp_millis() <= from,
            None => row.period.last_day() < at_shanghai(from).date_naive(),
        }
    }

    /// The post whose own figure this row would change.
    pub(crate) fn owner(&self, plan: &Plan, row: &ReturnRow) -> Option<&HeldPost> {
        self.of(plan, row).filter(|_| !self.is_taken_over(plan, row))
    }
}

/// The posts of those who report, each by its office and unit; of several of one unit the first.
fn reporting(posts: Vec<HeldPost>) -> HashMap<(String, RegionId), HeldPost> {
    let mut found = HashMap::new();
    for held in posts.into_iter().filter(|held| held.post.domain.role == Role::CountyReporter) {
        if let (Some(office), Some(unit)) = (held.post.domain.office.clone(), held.post.domain.unit.clone()) {
            found.entry((office, unit)).or_insert(held);
        }
    }
    found
}

/// The unit that reports a row.
pub fn unit_of<'r>(plan: &'r Plan, row: &'r ReturnRow) -> Option<&'r str> {
    plan.reporter(plan.goal(&row.goal)?, &row.region, row.period)
}

/// 代报: the word by which the office enters figures in the place of units that report for themselves. A reason goes with
/// it, and whoever handed in the period himself stays the only one who changes it.
pub const ON_BEHALF: &str = "behalf";

fn reports_itself(which: &str, titles: &str) -> String {
    format!("{which}的数由{titles}在网页上填报，不能由文件导入")
}

/// Rows of units that report for themselves.
pub fn others_figures(plan: &Plan, rows: &[ReturnRow], reporters: &Reporters) -> Vec<Problem> {
    let of_other = |row: &ReturnRow| {
        let held = reporters.owner(plan, row)?;
        Some(Problem::new(row.line, reports_itself("这个单位", &held.post.title)))
    };
    rows.iter().filter_map(of_other).collect()
}

/// Those rows, by place and post, as a preview tells them: together, since one word takes all of them in the units'
/// place.
fn theirs_as_doubt(theirs: &[(String, &str)]) -> Option<office_table::Doubt> {
    let mut titles: Vec<&str> = theirs.iter().map(|(_, title)| *title).collect();
    titles.dedup();
    let which = if titles.len() > 1 { "这些单位" } else { "这个单位" };
    let sentence = reports_itself(which, &titles.join("、"));
    let message = format!("{sentence}；单位确实报不了的，可以由办公室代报，写明原因和依据");
    let places: Vec<&str> = theirs.iter().map(|(place, _)| place.as_str()).collect();
    let doubt = office_table::Doubt::new(places.join("、"), message, true);
    (!theirs.is_empty()).then(|| doubt.or_choose(ON_BEHALF, "由办公室代报"))
}

/// A figure that somebody has to look at before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubtful {
    /// Of the file, counted from 1.
    pub line: usize,
    pub region: RegionId,
    /// `鼓楼区：本期累计……`, without a full stop.
    pub fact: String,
    /// The word it is accepted by; `None`: it is told and stops nothing.
    pub key: Option<&'static str>,
}

/// What the checks of the entry form say about incoming rows, those that their own note explains left out.
pub fn doubtful(plan: &Plan, rows: &[ReturnRow], stored: &Figures) -> Vec<Doubtful> {
    let explained = |row: &ReturnRow| row.figure.note.chars().count() >= NOTE_LEAST;
    let of = |(row, remark): (&ReturnRow, Remark)| {
        let split = plan.goal(&row.goal).and_then(|goal| goal.split(&row.region));
        let name = split.map_or(plan.region.name.as_str(), |split| split.name.as_str());
        let fact = format!("{name}{}：{}", row.period.months(), remark.fact);
        Doubtful { line: row.line, region: row.region.clone(), fact, key: remark.doubt.and_then(Doubt::stops_import) }
    };
    let remarks = domain::entry::of_rows(plan, rows, stored).into_iter();
    remarks.filter(|(row, _)| !explained(row)).map(of).collect()
}

/// Incoming rows against what is in force.
#[derive(Debug, Default)]
pub struct Compared<'r> {
    pub new: usize,
    pub unchanged: usize,
    /// With the figure that is in force.
    pub revised: Vec<(&'r ReturnRow, Figure)>,
}

pub fn compare<'r>(rows: &'r [ReturnRow], in_force: &Figures) -> Compared<'r> {
    let mut compared = Compared::default();
    for row in rows {
        match in_force.get(&row.goal, row.period, &row.region) {
            None => compared.new += 1,
            Some(figure) if figure.same_figures(&row.figure) => compared.unchanged += 1,
            Some(figure) => compared.revised.push((row, figure.clone())),
        }
    }
    compared
}

/// The sheet that fits the plan best: the one named, else the one with most units of the plan, of the period asked for;
/// several that fit alike are for a person to choose from.
pub fn choose<'g>(
    plan: &Plan,
    goal: &Goal,
    sheets: &'g [Grid],
    named: Option<&str>,
    period: Option<Period>,
    budget: Budget<'_>,
) -> Result<&'g Grid, String> {
    if let Some(name) = named.map(str::trim).filter(|name| !name.is_empty()) {
        return office_table::sheet_named(sheets, name);
    }
    let look = |sheet: &'g Grid| {
        let preview = office_table::preview(plan, goal, sheet, None, None, "", budget)?;
        let units = preview.lines.iter().filter(|line| line.region.is_some()).count();
        Ok((sheet, units, preview.mapping.period))
    };
    let looked = sheets.iter().map(look).collect::<Result<Vec<(&Grid, usize, Option<Period>)>, Ended>>()?;
    let most = looked.iter().map(|(_, units, _)| *units).max().unwrap_or(0);
    let mut best: Vec<&(&Grid, usize, Option<Period>)> = looked.iter().filter(|(_, units, _)| *units == most).collect();
    // A sheet for each month: the one of the month that is asked for.
    if best.len() > 1 && best.iter().any(|(.., own)| period.is_some() && *own == period) {
        best.retain(|(.., own)| *own == period);
    }
    match best[..] {
        [] => Err("文件是空的，没有可用的表".to_owned()),
        [(only, ..)] => Ok(only),
        [(first, ..), ..] if most == 0 => Ok(first),
        _ => {
            let names: Vec<&str> = best.iter().map(|(sheet, ..)| sheet.name.as_str()).collect();
            Err(format!("{} 张表都有这些单位：{}；请写明工作表名", names.len(), names.join("、")))
        }
    }
}

/// Adds to a preview what the store knows against it: figures that are the county's own, and what is doubtful about
/// figures. Returns the cells with the names of units that report for themselves.
pub fn check(plan: &Plan, goal: &Goal, preview: &mut Preview, reporters: &Reporters, stored: &Figures) -> Vec<String> {
    preview.keep(stored, goal);
    let rows = preview.read_rows(goal);
    // Of several lines of one unit the first.
    let mut addresses: HashMap<RegionId, String> = HashMap::new();
    for line in preview.lines.iter().filter(|line| !line.skipped) {
        if let Some((region, _)) = &line.region {
            addresses.entry(region.clone()).or_insert_with(|| line.address.clone());
        }
    }
    let named = |region: &str| addresses.get(region).cloned().unwrap_or_default();
    // What stays as it is touches nobody's figure.
    let changed = |row: &&ReturnRow| {
        stored.get(&row.goal, row.period, &row.region).is_none_or(|now| !now.same_figures(&row.figure))
    };
    let of_other = |row: &ReturnRow| Some((named(&row.region), reporters.owner(plan, row)?.post.title.as_str()));
    let theirs: Vec<(String, &str)> = rows.iter().filter(changed).filter_map(of_other).collect();
    let places = theirs.iter().map(|(place, _)| place.clone()).collect();
    let doubts = as_doubts(&doubtful(plan, &rows, stored), |found| named(&found.region));
    let found: Vec<office_table::Doubt> = theirs_as_doubt(&theirs).into_iter().chain(doubts).collect();
    preview.add(found);
    places
}

/// Doubtful figures as a preview tells them, each at its place. One word accepts all of a kind: they are told together.
pub fn as_doubts(all: &[Doubtful], place: impl Fn(&Doubtful) -> String) -> Vec<office_table::Doubt> {
    let told = all.iter().filter(|found| found.key.is_none());
    let told = told.map(|found| office_table::Doubt::new(place(found), found.fact.clone(), false));
    let kinds: BTreeSet<&str> = all.iter().filter_map(|found| found.key).collect();
    let stopping = kinds.into_iter().map(|key| {
        let of_kind: Vec<&Doubtful> = all.iter().filter(|found| found.key == Some(key)).collect();
        let mut places: Vec<String> = of_kind.iter().map(|found| place(found)).collect();
        places.dedup();
        let facts: Vec<&str> = of_kind.iter().map(|found| found.fact.as_str()).collect();
        office_table::Doubt::new(places.join("、"), facts.join("；"), true).or_accept(key)
    });
    stopping.chain(told).collect()
}

/// A file in our own form as it would be taken, with all that is doubtful about it at its line.
#[derive(Debug, Default)]
pub struct OwnForm {
    /// Every line that could be read, those left out too.
    pub rows: Vec<ReturnRow>,
    pub doubts: Vec<office_table::Doubt>,
    /// The lines of units that report for themselves.
    pub theirs: Vec<usize>,
    /// Rows without any figure.
    pub blank: usize,
}

/// Reads our own form for a preview; `skip` are lines that somebody leaves out.
pub fn own_form(
    (plan, goal): (&Plan, &Goal),
    (text, file): (&str, &str),
    skip: &BTreeSet<String>,
    reporters: &Reporters,
    stored: &Figures,
    budget: Budget<'_>,
) -> OwnForm {
    let read = documents::returns::parse_with(plan, goal, text.as_bytes(), file, None, budget);
    let kept = |line: usize| !skip.contains(&line.to_string());
    let wanted: Vec<ReturnRow> = read.rows.iter().filter(|row| kept(row.line)).cloned().collect();
    let same = |row: &ReturnRow| {
        stored.get(&row.goal, row.period, &row.region).is_some_and(|now| now.same_figures(&row.figure))
    };
    let changed: Vec<ReturnRow> = wanted.iter().filter(|row| !same(row)).cloned().collect();
    let of_other = |row: &ReturnRow| Some((row.line, reporters.owner(plan, row)?.post.title.as_str()));
    let theirs: Vec<(usize, &str)> = changed.iter().filter_map(of_other).collect();
    let place = |line: usize| if line > 0 { format!("第 {line} 行") } else { String::new() };
    let faults = read.all_problems().into_iter().filter(|problem| kept(problem.line));
    let stopping = faults.chain(emptied(plan, &wanted, stored));
    let mut doubts: Vec<office_table::Doubt> =
        stopping.map(|problem| office_table::Doubt::new(place(problem.line), problem.message, true)).collect();
    let of_others: Vec<(String, &str)> = theirs.iter().map(|(line, title)| (place(*line), *title)).collect();
    doubts.extend(theirs_as_doubt(&of_others));
    doubts.extend(as_doubts(&doubtful(plan, &wanted, stored), |found| place(found.line)));
    let said = read.said.iter().filter(|said| kept(said.line));
    doubts.extend(said.map(|said| office_table::Doubt::new(place(said.line), said.message.clone(), false)));
    let theirs = theirs.into_iter().map(|(line, _)| line).collect();
    OwnForm { rows: read.rows, doubts, theirs, blank: read.blank }
}

/// A period of the plan from what somebody typed or chose; nothing is no wish.
pub fn period_of(plan: &Plan, text: &str) -> Result<Option<Period>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let period = Period::parse(text.trim()).map_err(|error| error.to_string())?;
    plan.allows(period)?;
    Ok(Some(period))
}

/// Rows with last year's figure alone, where this year's has been reported: they would empty it.
pub fn emptied(plan: &Plan, rows: &[ReturnRow], in_force: &Figures) -> Vec<Problem> {
    let of = |row: &ReturnRow| {
        let now = in_force
            .get(&row.goal, row.period, &row.region)
            .filter(|now| now.is_reported() && !row.figure.is_reported())?;
        let measure = &plan.goal(&row.goal)?.measure;
        let value = now.value.map_or("公布增幅".to_owned(), |value| measure.with_unit(value));
        Some(Problem::new(row.line, format!("这一行没有累计数，已报的 {value} 会被清空；请补上累计数，或删去这一行")))
    };
    rows.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        domain::plan::file::parse(include_str!("../../assets/plans/fuzhou-2021.plan.toml")).unwrap()
    }

    /// What is in force: 鼓楼区 with 9亿元 for 1—3月.
    fn stored(plan: &Plan) -> Figures {
        let mut figures = Figures::default();
        let value = plan.default_goal().measure.parse("9").ok();
        let march = Period::parse("2021-03").unwrap();
        figures.insert(&plan.default_goal().id, march, "350102", Figure { value, ..Figure::default() });
        figures
    }

    /// A table as an office keeps it → what stops: address, words and key.
    #[track_caller]
    fn check_table(text: &str, wanted: &[(&str, &str, &str)]) {
        let plan = plan();
        let goal = plan.default_goal();
        let grid = documents::grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0);
        let mut preview = office_table::preview(&plan, goal, &grid, None, None, "a.csv", Budget::ENDLESS).unwrap();
        check(&plan, goal, &mut preview, &Reporters::default(), &stored(&plan));
        let stops: Vec<_> = preview.doubts.iter().filter(|doubt| doubt.stops).collect();
        assert_eq!(stops.len(), wanted.len(), "{stops:#?}");
        for (doubt, (address, part, key)) in stops.iter().zip(wanted) {
            assert_eq!((doubt.address.as_str(), doubt.key.as_str()), (*address, *key), "{doubt:#?}");
            assert!(doubt.message.contains(part), "{doubt:#?}");
        }
        // Accepted by its word, all of it is taken.
        preview = office_table::preview(&plan, goal, &grid, None, None, "a.csv", Budget::ENDLESS).unwrap();
        preview.mapping.accept = wanted.iter().map(|(.., key)| (*key).to_owned()).collect();
        check(&plan, goal, &mut preview, &Reporters::default(), &stored(&plan));
        assert!(!preview.stops() && !preview.rows(goal).is_empty(), "{:#?}", preview.doubts);
    }

    #[test]
    fn a_table_is_measured_against_target_base_and_what_is_in_force() {
        let may = "2021年1—5月,,\n单位,累计（亿元）,同期\n";
        check_table(&format!("{may}鼓楼区,10.5,9.6\n"), &[]);
        check_table(&format!("{may}鼓楼区,105000,96000\n"), &[("A3", "鼓楼区1—5月：", "scale")]);
        let first = "2021年1—2月技改投资（单位：万元）,\n县（市）区,累计完成\n仓山区,3.1\n福清市,40.2\n";
        let both = "仓山区1—2月：本期累计0.00031亿元，不到按目标1—2月应完成3.75亿元的1/200";
        check_table(first, &[("A3、A4", both, "scale")]);
        let units = "2021年1—5月,,\n单位：亿元,,\n单位,累计（万元）,同期\n仓山区,105000,9.6\n";
        check_table(units, &[("A4", "去年同期0.00096亿元", "scale")]);
        check_table(&format!("{may}鼓楼区,7,6\n"), &[("A3", "小于1—3月累计9.00亿元", "fall")]);
        check_table(&format!("{may}仓山区,-7,6\n"), &[("A3", "本期累计−7.00亿元是负数", "negative")]);
        check_table(&format!("{may}仓山区,7,-6\n"), &[("A3", "去年同期−6.00亿元是负数", "negative")]);
        let february = "2021年1—2月,,\n单位,累计（亿元）,同期\n鼓楼区,9.5,9\n";
        check_table(february, &[("A3", "大于已报的1—3月累计9.00亿元", "fall")]);
    }

    #[test]
    fn a_note_explains_a_figure_in_a_file() {
        let plan = plan();
        let keys = |line: &str| {
            let csv = format!("region,period,value,base,growth_pct,note\n{line}\n");
            let read = documents::returns::parse(&plan, plan.default_goal(), csv.as_bytes(), "r.csv");
            let found = doubtful(&plan, &read.rows, &stored(&plan));
            found.into_iter().filter_map(|found| found.key).collect::<Vec<_>>()
        };
        assert_eq!(keys("鼓楼区,2021-05,7,6,,"), ["fall"]);
        assert_eq!(keys("鼓楼区,2021-05,7,6,,统计部门核减往年重复上报数"), Vec::<&str>::new());
        // What is in force already was looked at when it came in.
        assert_eq!(keys("鼓楼区,2021-03,9,,,"), Vec::<&str>::new());
        // Of two rows of one file the later says that they do not agree.
        assert_eq!(keys("鼓楼区,2021-02,9.5,9,,\n鼓楼区,2021-03,9,8.5,,"), ["fall"]);
    }

    /// A post of 福清市 made on a day, and the plan on another → whether 1—period is the unit's own.
    #[track_caller]
    fn check_taken_over(post: &str, begun: &str, period: &str, taken_over: bool) {
        let at = |day: &str| {
            chrono::DateTime::parse_from_rfc3339(&format!("{day}T09:00:00+08:00")).unwrap().timestamp_millis()
        };
        let reach = domain::rights::Reach {
            role: Role::CountyReporter,
            office: Some("350100".to_owned()),
            unit: Some("350181".to_owned()),
        };
        let post = HeldPost {
            post: crate::viewer::Post { id: "a".to_owned(), domain: reach, title: "福清市填报员".to_owned() },
            holder: None,
            since: 0,
            created_at: at(post),
            deputy_of: None,
        };
        let reporters = Reporters { posts: reporting(vec![post]), begun: at(begun), ..Reporters::default() };
        let (plan, period) = (plan(), Period::parse(period).unwrap());
        let (goal, region) = (plan.default_goal().id.clone(), "350181".to_owned());
        let row = ReturnRow { line: 2, goal, region, period, figure: Figure::default() };
        assert_eq!(reporters.is_taken_over(&plan, &row), taken_over);
        assert_eq!(others_figures(&plan, &[row], &reporters).is_empty(), taken_over);
    }

    #[test]
    fn what_was_over_before_a_unit_could_report_is_taken_over() {
        check_taken_over("2021-10-08", "2021-01-04", "2021-08", true);
        // Its deadline was still to come.
        check_taken_over("2021-10-08", "2021-01-04", "2021-10", false);
        check_taken_over("2021-01-04", "2021-01-04", "2021-03", false);
        // The unit was there, and the plan came in October.
        check_taken_over("2020-01-04", "2021-10-08", "2021-03", true);
    }
}
