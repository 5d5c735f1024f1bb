//! The plan editor as data: what a form says, as a plan with its file's text, or every problem in sentences.
//!
//! The form edits one goal of a plan; everything it does not show stays as it was. The file's reader has the last word.

use domain::assessment::{CompletedWhen, RankBy, Reading, Rules, Ties};
use domain::calendar::{Cadence, Calendar, DeadlineOf, DeadlineRule, HolidayRule};
use domain::day::{Day, EXAMPLES};
use domain::money::{Measure, fold};
use domain::plan::check::{Finding, check};
use domain::plan::meaning::Meaning;
use domain::plan::table::PastedSplit;
use domain::plan::{
    Assessment, AwardRule, Direction, Document, From, Goal, Kind, OBJECTION_DAYS, Pace, Plan, RanksFrom, Split,
    SplitKind, Target, When, file, table, writer,
};
use domain::rate::Rate;
use domain::region::{Region, code_of, fold_name};

use crate::box_reader::Reader;
use crate::posted::Posted;
use crate::rules_form;

/// What an editor's form came to.
pub struct Edited {
    /// The plan and its file's text; `None` while something is wrong.
    pub plan: Option<(Plan, String)>,
    pub problems: Vec<String>,
    pub findings: Vec<Finding>,
    /// A pasted table that was read.
    pub pasted: Option<PastedSplit>,
    /// What the plan in force says otherwise, as sentences.
    pub changes: Vec<String>,
}

/// The kinds of goals by the word of the file.
pub const KINDS: [(&str, Kind); 6] = [
    ("amount", Kind::Amount),
    ("count", Kind::Count),
    ("ratio", Kind::Ratio),
    ("growth", Kind::Growth),
    ("average_growth", Kind::AverageGrowth),
    ("completion", Kind::Completion),
];

/// A name of a row's box: `r.3.value`.
pub fn row_name(index: usize, field: &str) -> String {
    format!("r.{index}.{field}")
}

/// So many rows a form can hold.
pub const ROWS: usize = 300;

/// Reads a form over the plan it edits; `base` is the version in force, or last year's plan moved on by a year.
pub fn read(posted: &Posted, base: Option<&Plan>) -> Edited {
    let mut pasted = None;
    let made = match posted.text("by") {
        "file" => Ok(posted.text("source").to_owned()),
        _ => from_form(posted, base, &mut pasted).map(|plan| writer::write(&plan)),
    };
    let parsed: Result<(Plan, String), Vec<String>> = made.and_then(|source| match file::parse(&source) {
        Ok(plan) => Ok((plan, source)),
        Err(problems) => Err(problems
            .into_iter()
            .map(|problem| match posted.text("by") {
                "file" if problem.line > 0 => format!("第 {} 行：{}。", problem.line, problem.message),
                _ => format!("{}。", problem.message),
            })
            .collect()),
    });
    match parsed {
        Ok((plan, source)) => {
            let changes = base
                .filter(|base| base.id == plan.id)
                .map(|base| crate::plan_changes::changes(base, &plan))
                .unwrap_or_default();
            Edited { findings: check(&plan), plan: Some((plan, source)), problems: Vec::new(), pasted, changes }
        }
        Err(mut problems) => {
            let mut seen = std::collections::BTreeSet::new();
            problems.retain(|problem| seen.insert(problem.clone()));
            Edited { plan: None, problems, findings: Vec::new(), pasted, changes: Vec::new() }
        }
    }
}

/// Last year's plan for the next year: units, names and rules stay, what belongs to the document goes.
pub fn next_year(plan: &Plan) -> Plan {
    let shift = plan.years.1 - plan.years.0 + 1;
    let year = |text: &str| text.replace(&plan.years.0.to_string(), &(plan.years.0 + shift).to_string());
    let mut next = plan.clone();
    next.id = year(&plan.id);
    if next.id == plan.id {
        next.id = format!("{}-{}", plan.id, plan.years.0 + shift);
    }
    next.title = year(&plan.title);
    next.years = (plan.years.0 + shift, plan.years.1 + shift);
    next.document = Document::default();
    next.assumed = Vec::new();
    for goal in &mut next.goals {
        (goal.targets, goal.whole, goal.quote, goal.assumed) = (Vec::new(), None, None, Vec::new());
        for split in &mut goal.splits {
            (split.targets, split.whole) = (Vec::new(), None);
        }
    }
    for assessment in &mut next.assessments {
        (assessment.quote, assessment.assumed) = (None, Vec::new());
    }
    next
}

/// The goal a form edits: the one it names, else the plan's first.
pub fn goal_of<'p>(plan: &'p Plan, id: &str) -> &'p Goal {
    plan.goal(id).unwrap_or(plan.default_goal())
}

fn from_form(posted: &Posted, base: Option<&Plan>, pasted: &mut Option<PastedSplit>) -> Result<Plan, Vec<String>> {
    let mut reader = Reader::of(posted);
    let mut plan = base.cloned().unwrap_or_else(empty);
    plan.remove_rows();
    plan.id = reader.required("id", "计划的英文名（用在网址里）", "fuzhou-2022");
    plan.title = reader.required("title", "计划名称", "2022年技术改造行动方案");
    plan.region =
        Region { code: reader.optional("region_code"), name: reader.required("region_name", "地区", "福州市") };
    let from = reader.number("year_from", "起始年", 1900..=2999, None);
    plan.years = (from, reader.number("year_to", "结束年", 1900..=2999, Some(from)));
    document(&mut reader, &mut plan);
    calendar(&mut reader, &mut plan);
    let edits = reader.text("goal");
    let at = plan.goals.iter().position(|goal| goal.id == edits).unwrap_or(0);
    let old_id = plan.goals[at].id.clone();
    let goal = goal(&mut reader, &plan, &plan.goals[at], pasted);
    let new_id = goal.id.clone();
    plan.goals[at] = goal;
    for assessment in plan.assessments.iter_mut().filter(|assessment| assessment.goal == old_id) {
        assessment.goal.clone_from(&new_id);
    }
    assessment(&mut reader, &mut plan, &new_id);
    if reader.problems.is_empty() { Ok(plan) } else { Err(reader.problems) }
}

/// A plan to begin with.
fn empty() -> Plan {
    Plan {
        id: String::new(),
        title: String::new(),
        region: Region { code: None, name: String::new() },
        years: (0, 0),
        document: Document::default(),
        calendar: None,
        goals: vec![Goal {
            id: "investment".to_owned(),
            name: String::new(),
            kind: Kind::Amount,
            measure: Measure::count(""),
            direction: Direction::AtLeast,
            targets: Vec::new(),
            whole: None,
            base_year: None,
            clause: None,
            quote: None,
            assumed: Vec::new(),
            pace: Pace::Linear,
            lead: Vec::new(),
            responsible: Vec::new(),
            meaning: Meaning::default(),
            splits: Vec::new(),
        }],
        assessments: Vec::new(),
        assumed: Vec::new(),
        near: Rate::new(5, 100).unwrap_or(Rate::ZERO),
        publish_provisional: false,
        unit_noun: None,
        rhythms: Vec::new(),
        units: Vec::new(),
        categories: Vec::new(),
        tasks: Vec::new(),
    }
}

fn document(reader: &mut Reader<'_>, plan: &mut Plan) {
    plan.document.number = reader.optional("number");
    plan.document.title = reader.optional("document_title");
    plan.document.issuer = reader.optional("issuer");
    plan.unit_noun = reader.optional("unit_noun");
    // A plan is written around the beginning of its first year.
    let about = chrono::NaiveDate::from_ymd_opt(plan.years.0, 4, 1).unwrap_or_default();
    plan.document.dated = reader.optional("dated").and_then(|text| {
        let day = Day::parse(&text).and_then(|day| day.near(about));
        day.or_else(|| reader.wrong(format!("成文日期“{text}”不是日期，请写成 {EXAMPLES}。")))
    });
}

fn calendar(reader: &mut Reader<'_>, plan: &mut Plan) {
    let word = reader.posted.text("cadence");
    let cadence = Cadence::ALL.into_iter().find(|cadence| cadence.word() == word && !cadence.is_watched());
    let Some(cadence) = cadence else {
        plan.calendar = None;
        return;
    };
    let old = plan.calendar.take();
    let first_month = reader.number("first_month", "第一期的月份", 1..=12, Some(1)) as u32;
    let of = if reader.posted.text("deadline_of") == "last_month_of_period" {
        DeadlineOf::LastMonthOfPeriod
    } else {
        DeadlineOf::NextMonth
    };
    let deadline = (!reader.text("deadline_day").is_empty()).then(|| {
        let day = reader.number("deadline_day", "报送截止日", 1..=28, None) as u32;
        let same = old.as_ref().and_then(|old| old.deadline).filter(|old| (old.day, old.of) == (day, of));
        DeadlineRule { day, of, assumed: same.is_some_and(|old| old.assumed) }
    });
    let holidays =
        if reader.posted.text("holidays") == "next_workday" { HolidayRule::NextWorkday } else { HolidayRule::None };
    // Only a deadline before the period's end leaves something for a final report.
    let early = deadline.is_some_and(|rule| rule.of == DeadlineOf::LastMonthOfPeriod);
    let final_report = old.as_ref().and_then(|old| old.final_report).filter(|_| early);
    let (source, assumed) = old.map(|old| (old.source, old.assumed)).unwrap_or_default();
    plan.calendar = Some(Calendar { cadence, first_month, deadline, holidays, final_report, source, assumed });
}

fn goal(reader: &mut Reader<'_>, plan: &Plan, old: &Goal, pasted: &mut Option<PastedSplit>) -> Goal {
    let mut goal = old.clone();
    goal.name = reader.required("goal_name", "指标名称", "工业技改投资");
    goal.kind = kind(reader.posted).unwrap_or(old.kind);
    let unit = reader.required("unit", "单位", "亿元");
    goal.measure = measure(goal.kind, &unit).unwrap_or_else(|| {
        reader.problems.push(format!("金额的单位不能写“{unit}”，请写 亿元、万元 或 元。"));
        Measure::count(&unit)
    });
    goal.direction = match reader.posted.text("direction") {
        "at_most" => Direction::AtMost,
        "about" => Direction::About,
        _ => Direction::AtLeast,
    };
    (goal.clause, goal.quote) = (reader.optional("clause"), reader.optional("quote"));
    let year = target_year(reader.posted, plan);
    let measure = goal.measure.clone();
    let block = reader.posted.text("block").to_owned();
    let total = Target {
        year,
        value: reader.amount("total_value", "总目标", &measure),
        growth: reader.percent("total_growth", "总增幅目标"),
    };
    put(&mut goal.targets, total);
    if block.trim().is_empty() {
        goal.splits = rows(reader, &measure, old, year);
        return goal;
    }
    let table = table::read(&block, &measure, &plan.region, year);
    reader
        .problems
        .extend(table.problems.iter().map(|problem| format!("粘贴的表第 {} 行：{}。", problem.line, problem.message)));
    with_split(&mut goal, &table, year);
    *pasted = Some(table);
    goal
}

fn kind(posted: &Posted) -> Option<Kind> {
    KINDS.into_iter().find(|(word, _)| *word == posted.text("kind")).map(|(_, kind)| kind)
}

/// What such a goal is counted in; money has its own units.
fn measure(kind: Kind, unit: &str) -> Option<Measure> {
    match kind {
        Kind::Amount => Measure::money(unit),
        Kind::Count => Some(Measure::count(unit)),
        _ => Some(Measure::ratio(unit)),
    }
}

/// The target that a file's split is read for, as far as the form says it.
pub struct SplitTarget {
    pub goal: String,
    pub measure: Measure,
    pub own: Region,
    pub year: i32,
    /// Units that the plan has already, and its total for the year.
    pub units: Vec<Split>,
    pub total: Option<Target>,
}

/// What the form says of its goal, its region and the year shown.
///
/// # Errors
/// The form does not say yet which year it is about, or in what the goal is counted: a sentence.
pub fn split_target(posted: &Posted, base: Option<&Plan>) -> Result<SplitTarget, String> {
    let plan = base.cloned().unwrap_or_else(empty);
    let old = goal_of(&plan, posted.text("goal")).clone();
    let text = |name: &str, known: &str| posted.get(name).map_or(known, str::trim).to_owned();
    let from = fold(posted.text("year_from")).trim().parse().ok().filter(|year| (1900..=2999).contains(year));
    let years = from.map_or(plan.years, |from| {
        (from, fold(posted.text("year_to")).trim().parse().ok().filter(|to| *to >= from).unwrap_or(from))
    });
    if years.0 == 0 {
        return Err("请先填计划的起始年，才知道读哪一年的目标；别的都还在，文件请再选一次。".to_owned());
    }
    let unit = text("unit", &old.measure.unit);
    let kind = kind(posted).unwrap_or(old.kind);
    let measure = measure(kind, if unit.is_empty() { "亿元" } else { &unit })
        .ok_or_else(|| format!("金额的单位不能写“{unit}”，请写 亿元、万元 或 元；文件请再选一次。"))?;
    let code = posted.get("region_code").map(|code| code.trim().to_owned()).or_else(|| plan.region.code.clone());
    let own = Region { code: code.filter(|code| !code.is_empty()), name: text("region_name", &plan.region.name) };
    let year = target_year(posted, &Plan { years, ..plan });
    let total = old.target(year);
    Ok(SplitTarget { goal: text("goal_name", &old.name), measure, own, year, units: old.splits, total })
}

/// The year whose targets the form shows.
pub fn target_year(posted: &Posted, plan: &Plan) -> i32 {
    let asked = posted.text("target_year").parse().ok().filter(|year| (plan.years.0..=plan.years.1).contains(year));
    asked.unwrap_or(plan.years.0)
}

/// The target of its year in the place of the one before; an empty one goes.
fn put(targets: &mut Vec<Target>, target: Target) {
    targets.retain(|known| known.year != target.year);
    if target.value.is_some() || target.growth.is_some() {
        targets.push(target);
        targets.sort_by_key(|target| target.year);
    }
}

/// The rows of a pasted table, each with what the plan knows of its unit beyond it.
fn pasted_rows(table: &PastedSplit, old: &Goal, year: i32) -> Vec<Split> {
    let rows: Vec<Split> = table.splits.iter().map(|split| known(split.clone(), old, year)).collect();
    // A unit may have another id in the plan than the table gave it: what is 其中 of it follows.
    let ids: Vec<(&str, &str)> =
        table.splits.iter().zip(&rows).map(|(was, now)| (was.region.as_str(), now.region.as_str())).collect();
    let renamed = |within: &String| {
        ids.iter().find(|(was, _)| was == within).map_or(within.clone(), |(_, now)| (*now).to_owned())
    };
    // Of a unit that the table does not have nothing can be 其中.
    let there = |within: &String| rows.iter().any(|row| row.region == *within);
    rows.iter().map(|row| Split { within: row.within.as_ref().map(renamed).filter(there), ..row.clone() }).collect()
}

/// A goal with the split of a table for one year: what the table does not say of a unit stays as the goal has it.
pub fn with_split(goal: &mut Goal, table: &PastedSplit, year: i32) {
    goal.splits = pasted_rows(table, &goal.clone(), year);
    if let Some(said) = table.total {
        let (value, growth) = goal.target(year).map_or((None, None), |known| (known.value, known.growth));
        put(&mut goal.targets, Target { year, value: said.value.or(value), growth: said.growth.or(growth) });
    }
}

/// The units of the plan that a pasted table does not name: renamed, or gone.
pub fn unmatched(table: &PastedSplit, old: &Goal) -> Vec<String> {
    let rows = pasted_rows(table, old, 0);
    old.splits
        .iter()
        .filter(|split| !rows.iter().any(|row| row.region == split.region))
        .map(|split| split.name.clone())
        .collect()
}

/// The plan that the form shows after a table was pasted, whatever else is still missing.
pub fn with_pasted(posted: &Posted, base: Option<&Plan>, table: &PastedSplit) -> Plan {
    let mut plan = base.cloned().unwrap_or_else(empty);
    plan.remove_rows();
    let year =
        table.splits.iter().flat_map(|split| &split.targets).chain(&table.total).map(|target| target.year).next();
    if base.is_none() {
        plan.years = year.map_or((0, 0), |year| (year, year));
    }
    let at = plan.goals.iter().position(|goal| goal.id == posted.text("goal")).unwrap_or(0);
    let goal = &mut plan.goals[at];
    if let Some(measure) = Measure::money(posted.text("unit").trim()) {
        goal.measure = measure;
    }
    with_split(goal, table, year.unwrap_or_default());
    plan
}

/// What a pasted row does not say stays as the plan has it: kind, ranking, other years.
fn known(mut split: Split, old: &Goal, year: i32) -> Split {
    let (folded, region) = (fold_name(&split.name), split.region.clone());
    let is_it = |before: &&Split| {
        before.region == region
            || fold_name(&before.name) == folded
            || before.former.iter().any(|name| fold_name(name) == folded)
    };
    let Some(before) = old.splits.iter().find(is_it) else { return split };
    let mut targets: Vec<Target> = before.targets.clone();
    targets.retain(|target| target.year != year);
    split.targets.iter().for_each(|target| put(&mut targets, *target));
    split.targets = targets;
    (split.kind, split.ranked, split.whole) = (before.kind, before.ranked, before.whole);
    if split.within.is_none() {
        split.within.clone_from(&before.within);
    }
    split.group.clone_from(&before.group);
    split.former.clone_from(&before.former);
    split.region.clone_from(&before.region);
    split
}

fn rows(reader: &mut Reader<'_>, measure: &Measure, old: &Goal, year: i32) -> Vec<Split> {
    let mut splits = Vec::new();
    if reader.posted.get(&row_name(ROWS, "name")).is_some() {
        reader.problems.push(format!("分解表超过 {ROWS} 行，表格里放不下；请改用计划文件。"));
    }
    for index in 0..ROWS {
        let field = |name: &str| row_name(index, name);
        let name = reader.text(&field("name"));
        if reader.posted.get(&field("name")).is_none() {
            break;
        }
        let value_text = reader.text(&field("value"));
        if name.is_empty() {
            if !value_text.is_empty() || !reader.text(&field("growth")).is_empty() {
                reader.problems.push(format!("分解表第 {} 行有目标，没有单位名称。", index + 1));
            }
            continue;
        }
        let was = reader.text(&field("was"));
        let before = old.splits.iter().find(|split| split.region == was);
        let code = reader.optional(&field("code")).or_else(|| {
            let own = Region { code: reader.optional("region_code"), name: reader.text("region_name") };
            before.map(|before| before.region.clone()).or_else(|| code_of(&name, &own).map(str::to_owned))
        });
        let region = code.map_or_else(|| fold_name(&name), |code| fold_name(&code));
        let no_target = matches!(fold(&value_text).as_str(), "/" | "—");
        let value = if no_target { None } else { reader.amount(&field("value"), &format!("{name}的目标"), measure) };
        let growth_text = fold(&reader.text(&field("growth")));
        let growth = if matches!(growth_text.as_str(), "/" | "—") {
            None
        } else {
            reader.percent(&field("growth"), &format!("{name}的增幅"))
        };
        let mut split = before.cloned().unwrap_or(Split {
            region: region.clone(),
            name: name.clone(),
            kind: SplitKind::Region,
            within: None,
            no_target,
            targets: Vec::new(),
            whole: None,
            ranked: None,
            former: Vec::new(),
            group: None,
            declared: false,
        });
        // What a unit was called before stays known.
        for earlier in [(&split.name, &name), (&split.region, &region)]
            .into_iter()
            .filter(|(was, now)| was != now)
            .map(|(was, _)| was.clone())
        {
            if !split.former.contains(&earlier) && fold_name(&earlier) != fold_name(&name) {
                split.former.push(earlier);
            }
        }
        (split.region, split.name, split.no_target) = (region, name, no_target);
        let other_years = split.targets.iter().any(|target| target.year != year);
        if no_target && other_years {
            reader
                .problems
                .push(format!("{}别的年份有目标；/ 只用于各年都没有目标的单位，这一年没有目标的请留空。", split.name));
        } else if no_target {
            split.targets.clear();
        } else {
            put(&mut split.targets, Target { year, value, growth });
        }
        if reader.posted.get(&field("group")).is_some() {
            split.group = reader.optional(&field("group"));
        }
        split.within = reader.optional(&field("within")).map(|within| fold_name(&within));
        split.kind = match reader.posted.text(&field("kind")) {
            "zone" => SplitKind::Zone,
            "department" => SplitKind::Department,
            "region" => SplitKind::Region,
            _ => split.kind,
        };
        splits.push(split);
    }
    splits
}

fn assessment(reader: &mut Reader<'_>, plan: &mut Plan, goal: &str) {
    if reader.posted.get("assess").is_none() {
        return;
    }
    // The order of the assessments decides which goal a bulletin is about: it stays.
    let at = plan.assessments.iter().position(|assessment| assessment.goal == goal);
    if reader.posted.text("assess") != "yes" {
        at.map(|at| plan.assessments.remove(at));
        return;
    }
    let old = at.map(|at| plan.assessments[at].clone());
    fn word<T: std::str::FromStr + Default>(reader: &Reader<'_>, name: &str) -> T {
        reader.posted.text(name).parse().unwrap_or_default()
    }
    let rules = Rules {
        rank_by: word::<RankBy>(reader, "rank_by"),
        reading: old.as_ref().map_or(Reading::default(), |old| old.rules.reading),
        ties: old.as_ref().map_or(Ties::default(), |old| old.rules.ties),
        compare: old.as_ref().map(|old| old.rules.compare).unwrap_or_default(),
        completed_when: word::<CompletedWhen>(reader, "completed_when"),
    };
    let unit = reader.optional("award_unit").unwrap_or_else(|| "分".to_owned());
    let usual = [("top", From::Top, When::Completed), ("bottom", From::Bottom, When::NotCompleted)];
    let mut awards = Vec::new();
    for (name, from, when) in usual {
        let places = rules_form::points(reader, name, "奖惩分值", "0.3、0.2、0.1（从第一名起）");
        let when = if reader.posted.text(&format!("{name}_always")) == "on" { When::Always } else { when };
        if !places.is_empty() {
            awards.push(AwardRule::new(when, from, places, unit.clone()));
        }
    }
    awards.extend(rules_form::lists(reader, plan));
    let components = rules_form::components(reader, plan);
    let grades = rules_form::grades(reader);
    let gates = rules_form::gates(reader, "gate", plan);
    let rank_also = reader.posted.text("rank_also").parse().ok().filter(|also| *also != rules.rank_by);
    let objection_days = reader.number("objection_days", "异议期天数", 0..=365, Some(OBJECTION_DAYS as i32)) as u32;
    let ranks_from = if reader.posted.text("ranks_from") == "bureau" { RanksFrom::Bureau } else { RanksFrom::County };
    let clause = reader.optional("assess_clause");
    let blank = Assessment {
        goal: goal.to_owned(),
        clause: None,
        quote: None,
        assumed: Vec::new(),
        responsible: Vec::new(),
        rules,
        rank_also,
        components: Vec::new(),
        grades: Vec::new(),
        awards: Vec::new(),
        gates: Vec::new(),
        self_assessment_by: None,
        verification_in: None,
        ranks_from,
        objection_days,
    };
    let old = old.unwrap_or(blank);
    let new =
        Assessment { clause, rules, rank_also, components, grades, awards, gates, ranks_from, objection_days, ..old };
    match at {
        Some(at) => plan.assessments[at] = new,
        None => plan.assessments.push(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"
format = 1
id = "p"
title = "计划"
region = { name = "某市" }
years = [2021, 2021]
[[goal]]
id = "g"
name = "投资"
kind = "amount"
unit = "亿元"
  [[goal.split]]
  name = "甲县"
  value = "10"
  group = "一类"
[[goal]]
id = "energy"
name = "单位能耗"
kind = "ratio"
unit = "%"
direction = "at_most"
[[assessment]]
goal = "g"
rank_by = "score"
rank_also = "growth"
grades = [{ from = "90", name = "优秀" }, { from = "80.5", name = "良好" }]
gate = [{ goal = "energy" }, { entered = "安全事故" }]
"#;

    /// What the boxes of the rules say is read back as the same rules.
    #[test]
    fn rules_go_through_the_boxes_and_back() {
        let check = |more: &str| {
            let before =
                file::parse(&format!("{PLAN}{more}")).unwrap_or_else(|problems| panic!("{more}: {problems:?}"));
            let rules = before.assessments[0].rules;
            let mut boxes = rules_form::boxes(&before, &before.assessments[0]);
            let always =
                [("assess", "yes"), ("rank_by", rules.rank_by.word()), ("completed_when", rules.completed_when.word())];
            always.into_iter().for_each(|(name, value)| boxes.set(name, value));
            let (mut after, mut reader) = (before.clone(), Reader::of(&boxes));
            assessment(&mut reader, &mut after, "g");
            assert_eq!((reader.problems, &after), (Vec::new(), &before), "{more}");
        };
        let part = |keys: &str| format!("[[assessment.component]]\nname = '甲'\nweight = '10'\n{keys}\n");
        let list = |keys: &str| format!("{}[[assessment.award]]\n{keys}\n", part(""));
        check(&part(""));
        check(&part("per_point = '0.5'\ncap = '12'\nfloor = '8'"));
        check(&part("from = 'growth'\nabove = { per_point = '0.5' }\nbelow = { per_point = '1' }\nagainst = 'whole'"));
        check(&part("below = { bands = [{ to = '5', per_point = '0.2' }, { to = '10', per_point = '0.4' }] }"));
        check(&part("above = { bands = [{ to = '5', per_point = '0.2' }, { per_point = '0.4' }] }"));
        check(&part("from = 'value'\nabove = { per_amount = '0.5' }\nbelow = { per_amount = '1' }\nthreshold = '0.6'"));
        check(&part(
            "from = 'growth'\nby_target = [{ from = '0', per_point = '0.2' }, { from = '12', per_point = '0.5' }]",
        ));
        check(&part("from = 'growth'\nplaces = ['60', '57', '54.5']"));
        check(&part(
            "from = 'value'\nperiod = 'quarter_alone'\nagainst = 'target'\nscale = { min_max = ['60', '100'] }",
        ));
        check(&part("goal = 'energy'\nbest_share = true"));
        check(&part("from = 'entered'"));
        check(&list("when = 'completed'\nfrom = 'top'\nplaces = ['0.3', '0.2']\nunit = '分'"));
        check(&list("when = 'always'\nfrom = 'bottom'\nplaces = ['-1']\nunit = '万元'"));
        check(&list("when = 'always'\nall = '30'\nunit = '万元'"));
        check(&list("when = 'not_completed'\nfrom = 'bottom'\nplaces = ['0', '1']\ncount_as = '黄牌'"));
        check(&list("when = 'completed'\nfrom = 'top'\nplaces = ['10']\nunit = '分'\ngroup = 'each'"));
        check(&list(
            "when = 'completed'\nfrom = 'top'\nplaces = ['10']\nunit = '分'\ngroup = '一类'\ngate = { entered = '约谈' }",
        ));
        let bottom_first =
            "when = 'not_completed'\nfrom = 'bottom'\nplaces = ['-1']\nunit = '分'\n[[assessment.award]]\n";
        check(&list(&format!("{bottom_first}when = 'completed'\nfrom = 'top'\nplaces = ['1']\nunit = '分'")));
        let money_first = "when = 'completed'\nfrom = 'top'\nplaces = ['30']\nunit = '万元'\n[[assessment.award]]\n";
        check(&list(&format!("{money_first}when = 'not_completed'\nfrom = 'bottom'\nplaces = ['-0.5']\nunit = '分'")));
    }
}
