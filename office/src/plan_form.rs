//! The plan editor as data: what its pages' boxes say, as a plan with its file's text, or every problem at its box.
//!
//! Each page edits a part of the plan over a working copy, which goes along from page to page as the text of its file;
//! what a page does not show stays as it was. The file's reader has the last word.

mod basics;
mod comparisons;
mod goal;
mod lists;
mod order;
mod pasted;
mod places;
mod policies;
mod policy;
mod projects;
mod references;
mod split;
mod task;
mod turn;

use domain::money::{Measure, fold};
use domain::plan::check::{Finding, check};
use domain::plan::table::PastedSplit;
use domain::plan::{Document, Goal, Kind, Plan, Split, Target, file, table, writer};
use domain::rate::Rate;
use domain::region::Region;

pub use crate::box_reader::Wrong;
pub use comparisons::{COLUMNS, COMPARED_BY, column_name, comparison_name};
pub use goal::{
    COUNTS, DIRECTIONS, MADE, PACES, REFERENCES, WHATS, by_options, category_sort, duty_name, each_options, pace_name,
    target_name,
};
pub use lists::{SORTS, category_name, rhythm_name, unit_name};
pub use order::goal_row;
pub use pasted::{GOALS, TASKS};
pub use places::in_words;
pub use policies::POLICIES;
pub use policy::{Field, Kind as BoxKind, LISTS, Sort, changes as policy_changes, group_row, policy_box, policy_row};
pub use projects::{JUDGES, WINDOWS, level_name, rule_name, window_name};
pub use split::{RANKED, SPLIT_KINDS, unmatched, with_split};
pub use task::by_name;
pub use turn::{THEN, Turn, home, turn};

use crate::box_reader::Reader;
use crate::posted::Posted;
use crate::rules_form;

/// A page of the editor. Its code stands in the box [`PART`] and in the buttons that lead there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The plan and one goal: all that a plan of one goal needs.
    Whole,
    Plan,
    Rhythms,
    Units,
    Goals,
    /// By its id; without one a goal to come.
    Goal(String),
    Tasks,
    Task(String),
    Projects,
    Comparisons,
    Policies,
    /// One policy, or one clause about several, by its id; without one what is to come.
    Policy(Sort, String),
}

/// The box that says which page was sent.
pub const PART: &str = "part";
/// The box that holds the file of the working copy, where it differs from the plan in force.
pub const DRAFT: &str = "draft";

impl Part {
    pub fn code(&self) -> String {
        match self {
            Part::Whole => "whole".to_owned(),
            Part::Plan => "plan".to_owned(),
            Part::Rhythms => "rhythms".to_owned(),
            Part::Units => "units".to_owned(),
            Part::Goals => "goals".to_owned(),
            Part::Goal(id) => format!("goal:{id}"),
            Part::Tasks => "tasks".to_owned(),
            Part::Task(id) => format!("task:{id}"),
            Part::Projects => "projects".to_owned(),
            Part::Comparisons => "comparisons".to_owned(),
            Part::Policies => "policies".to_owned(),
            Part::Policy(Sort::Policy, id) => format!("policy:{id}"),
            Part::Policy(Sort::Group, id) => format!("policy_group:{id}"),
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        let part = match code.split_once(':').unwrap_or((code, "")) {
            ("whole", _) => Part::Whole,
            ("plan", _) => Part::Plan,
            ("rhythms", _) => Part::Rhythms,
            ("units", _) => Part::Units,
            ("goals", _) => Part::Goals,
            ("goal", id) => Part::Goal(id.to_owned()),
            ("tasks", _) => Part::Tasks,
            ("task", id) => Part::Task(id.to_owned()),
            ("projects", _) => Part::Projects,
            ("comparisons", _) => Part::Comparisons,
            ("policies", _) => Part::Policies,
            ("policy", id) => Part::Policy(Sort::Policy, id.to_owned()),
            ("policy_group", id) => Part::Policy(Sort::Group, id.to_owned()),
            _ => return None,
        };
        Some(part)
    }

    /// The page a form came from.
    pub fn sent(posted: &Posted) -> Self {
        Self::parse(posted.text(PART)).unwrap_or(Part::Whole)
    }

    /// Whether a problem of another page is shown on this one; what is to come has no id in `plan` yet.
    pub fn shows(&self, other: &Part, plan: &Plan, goal: &str) -> bool {
        let is_task = |id: &String| plan.tasks.iter().any(|task| task.id == *id);
        match (self, other) {
            (Part::Goal(id), Part::Goal(other)) if plan.goal(id).is_none() => plan.goal(other).is_none(),
            (Part::Task(id), Part::Task(other)) if !is_task(id) => !is_task(other),
            (Part::Policy(sort, id), Part::Policy(other_sort, other)) if sort == other_sort => {
                id == other || !(sort.is_known(plan, id) || sort.is_known(plan, other))
            }
            (Part::Whole, Part::Plan) => true,
            (Part::Whole, Part::Goal(id)) => plan.goal(goal).is_none_or(|goal| goal.id == *id),
            _ => self == other,
        }
    }
}

/// A problem: the page on which it stands and its box there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub part: Part,
    pub field: String,
    pub sentence: String,
}

/// What an editor's form came to.
pub struct Edited {
    /// The plan and its file's text; `None` while something is wrong.
    pub plan: Option<(Plan, String)>,
    pub faults: Vec<Fault>,
    pub findings: Vec<Finding>,
    /// A pasted table that was read.
    pub pasted: Option<PastedSplit>,
    /// What the plan in force says otherwise, as sentences.
    pub changes: Vec<String>,
    /// What that moves in the library of projects, which the form does not know: the page adds it.
    pub effects: Vec<String>,
}

impl Edited {
    /// What is wrong in sentences, each once.
    pub fn problems(&self) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for fault in &self.faults {
            if !said.contains(&fault.sentence) {
                said.push(fault.sentence.clone());
            }
        }
        said
    }
}

/// The kinds of goals by the word of the file.
pub const KINDS: [(&str, Kind); 7] = [
    ("amount", Kind::Amount),
    ("count", Kind::Count),
    ("ratio", Kind::Ratio),
    ("growth", Kind::Growth),
    ("average_growth", Kind::AverageGrowth),
    ("completion", Kind::Completion),
    ("text", Kind::Text),
];

/// The word of a box that is yes or no.
pub const YES: &str = "yes";

fn yes(yes: bool) -> String {
    if yes { YES } else { "no" }.to_owned()
}

/// A name of a row's box: `r.3.value`.
pub fn row_name(index: usize, field: &str) -> String {
    format!("r.{index}.{field}")
}

/// So many rows a form can hold.
pub const ROWS: usize = 300;

/// An id that nobody typed: `goal-2`.
fn free_id(word: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut ids = std::iter::once(word.to_owned()).chain((2..).map(|number| format!("{word}-{number}")));
    ids.find(|id| !taken(id)).unwrap_or_default()
}

/// The plan that a form edits: the working copy it carries, else the version in force, else a new one.
pub fn working(posted: &Posted, base: Option<&Plan>) -> Plan {
    let draft = Some(posted.text(DRAFT)).filter(|text| !text.is_empty());
    let mut plan = draft.and_then(|text| file::parse(text).ok()).or_else(|| base.cloned()).unwrap_or_else(empty);
    plan.remove_rows();
    plan
}

/// What the boxes of a page say of a plan.
pub fn boxes(plan: &Plan, part: &Part, goal: &str, year: i32) -> Posted {
    let mut boxes = Posted::default();
    let put_goal = |boxes: &mut Posted, goal: &Goal| {
        goal::put(boxes, plan, goal, year);
        split::put(boxes, goal, year);
        rules_form::put(boxes, plan, plan.assessment(&goal.id));
    };
    match part {
        Part::Whole => {
            basics::put(&mut boxes, plan);
            put_goal(&mut boxes, goal_of(plan, goal));
        }
        Part::Plan => basics::put(&mut boxes, plan),
        Part::Rhythms => lists::put_rhythms(&mut boxes, plan),
        Part::Units => lists::put_units(&mut boxes, plan),
        Part::Goals => order::put(&mut boxes, plan),
        Part::Goal(id) => match plan.goal(id) {
            Some(goal) => put_goal(&mut boxes, goal),
            None => put_goal(&mut boxes, &goal::empty()),
        },
        Part::Tasks => order::put_tasks(&mut boxes, plan),
        Part::Task(id) => {
            let known = plan.tasks.iter().find(|task| task.id == *id).cloned();
            task::put(&mut boxes, &known.unwrap_or_else(task::empty));
        }
        Part::Projects => projects::put(&mut boxes, plan),
        Part::Comparisons => comparisons::put(&mut boxes, plan),
        Part::Policies => {
            order::put_policies(&mut boxes, plan);
            policies::put(&mut boxes, plan);
        }
        Part::Policy(sort, id) => policy::put(&mut boxes, plan, *sort, id),
    }
    boxes
}

/// Reads a form over the plan it edits; `base` is the version in force, or last year's plan moved on by a year.
pub fn read(posted: &Posted, base: Option<&Plan>) -> Edited {
    let mut pasted = None;
    let part = Part::sent(posted);
    let by_file = posted.text("by") == "file";
    let made = match by_file {
        true => Ok((posted.text("source").to_owned(), None)),
        false => from_form(posted, base, &part, &mut pasted).map(|plan| (writer::write(&plan), Some(plan))),
    };
    let parsed = made.and_then(|(source, written)| match file::parse(&source) {
        Ok(plan) => Ok((plan, source)),
        Err(problems) => Err(problems
            .into_iter()
            .map(|problem| match &written {
                None => {
                    let line = if problem.line > 0 { format!("第 {} 行：", problem.line) } else { String::new() };
                    Fault {
                        part: part.clone(), field: String::new(), sentence: format!("{line}{}。", problem.message)
                    }
                }
                Some(plan) => {
                    let (part, field) = places::of(plan, &source, problem.line, posted);
                    Fault { part, field, sentence: format!("{}。", places::in_words(&problem.message)) }
                }
            })
            .collect()),
    });
    match parsed {
        Ok((plan, source)) => {
            let changes = base
                .filter(|base| base.id == plan.id)
                .map(|base| crate::plan_changes::changes(base, &plan))
                .unwrap_or_default();
            Edited {
                findings: check(&plan),
                plan: Some((plan, source)),
                faults: Vec::new(),
                pasted,
                changes,
                effects: Vec::new(),
            }
        }
        Err(faults) => {
            Edited { plan: None, faults, findings: Vec::new(), pasted, changes: Vec::new(), effects: Vec::new() }
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
    next.tasks = Vec::new();
    next.policies = Default::default();
    next.selections = Vec::new();
    for goal in &mut next.goals {
        (goal.targets, goal.whole, goal.quote, goal.assumed) = (Vec::new(), None, None, Vec::new());
        let meaning = &mut goal.meaning;
        (meaning.due, meaning.until, meaning.parent) = (None, None, None);
        meaning.up_to.clear();
        meaning.stock.iter_mut().for_each(|stock| stock.start = None);
        for split in &mut goal.splits {
            (split.targets, split.whole) = (Vec::new(), None);
        }
    }
    for assessment in &mut next.assessments {
        (assessment.quote, assessment.assumed) = (None, Vec::new());
    }
    for comparison in &mut next.comparisons {
        (comparison.quote, comparison.assumed) = (None, Vec::new());
    }
    next
}

/// The goal a form edits: the one it names, else the plan's first.
pub fn goal_of<'p>(plan: &'p Plan, id: &str) -> &'p Goal {
    plan.goal(id).unwrap_or(plan.default_goal())
}

fn from_form(
    posted: &Posted,
    base: Option<&Plan>,
    part: &Part,
    pasted: &mut Option<PastedSplit>,
) -> Result<Plan, Vec<Fault>> {
    let mut reader = Reader::of(posted);
    let mut plan = working(posted, base);
    match part {
        Part::Whole => {
            basics::read(&mut reader, &mut plan);
            let edits = goal_of(&plan, posted.text("goal")).id.clone();
            read_goal(&mut reader, &mut plan, &edits, base, pasted);
        }
        Part::Plan => basics::read(&mut reader, &mut plan),
        Part::Rhythms => lists::read_rhythms(&mut reader, &mut plan),
        Part::Units => lists::read_units(&mut reader, &mut plan, base),
        Part::Goals => {
            order::read(&mut reader, &mut plan);
            pasted::goals(&mut reader, &mut plan);
        }
        Part::Goal(id) => read_goal(&mut reader, &mut plan, id, base, pasted),
        Part::Tasks => {
            order::read_tasks(&mut reader, &mut plan);
            pasted::tasks(&mut reader, &mut plan);
        }
        Part::Task(id) => {
            let at = plan.tasks.iter().position(|task| task.id == *id);
            let old = at.map_or_else(task::empty, |at| plan.tasks[at].clone());
            let read = task::read(&mut reader, &plan, &old);
            match at {
                Some(at) => plan.tasks[at] = read,
                None => plan.tasks.push(read),
            }
        }
        Part::Projects => projects::read(&mut reader, &mut plan),
        Part::Comparisons => comparisons::read(&mut reader, &mut plan),
        Part::Policies => {
            policies::read(&mut reader, &mut plan);
            order::read_policies(&mut reader, &mut plan);
            policy::drop_groups(&mut reader, &mut plan);
        }
        Part::Policy(sort, id) => policy::read(&mut reader, &mut plan, *sort, id),
    }
    if reader.problems.is_empty() {
        return Ok(plan);
    }
    let fault = |wrong: Wrong| Fault { part: part.clone(), field: wrong.field, sentence: wrong.sentence };
    Err(reader.problems.into_iter().map(fault).collect())
}

/// Reads a goal with its split and its rules; one without an id comes behind the last of its section.
fn read_goal(
    reader: &mut Reader<'_>,
    plan: &mut Plan,
    id: &str,
    base: Option<&Plan>,
    pasted: &mut Option<PastedSplit>,
) {
    let at = plan.goals.iter().position(|goal| goal.id == id);
    let old = at.map_or_else(goal::empty, |at| plan.goals[at].clone());
    let year = target_year(reader.posted, plan);
    let mut read = goal::read(reader, plan, &old, year);
    let in_force = base.and_then(|base| base.goal(&old.id));
    let block = reader.posted.text("block").to_owned();
    if block.trim().is_empty() {
        if reader.has(&row_name(0, "name")) {
            read.splits = split::rows(reader, (plan, &read.measure, year), &read, in_force).into();
        }
    } else {
        let table = table::read(&block, &read.measure, &plan.region, year);
        for problem in &table.problems {
            reader.say("block", format!("粘贴的表第 {} 行：{}。", problem.line, problem.message));
        }
        with_split(&mut read, &table, year);
        *pasted = Some(table);
    }
    let new = read.id.clone();
    match at {
        Some(at) => plan.goals[at] = read,
        None => {
            let behind = plan.goals.iter().rposition(|goal| goal.meaning.section == read.meaning.section);
            plan.goals.insert(behind.map_or(plan.goals.len(), |at| at + 1), read);
        }
    }
    if old.id != new && !old.id.is_empty() {
        references::rename_goal(plan, &old.id, &new);
    }
    rules_form::read(reader, plan, &new);
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
        goals: vec![Goal { id: "investment".to_owned(), ..goal::empty() }],
        assessments: Vec::new(),
        comparisons: Vec::new(),
        assumed: Vec::new(),
        near: Rate::new(5, 100).unwrap_or(Rate::ZERO),
        step: Rate::new(1, 2).unwrap_or(Rate::ONE),
        publish_provisional: false,
        unit_noun: None,
        rhythms: Vec::new(),
        units: Vec::new(),
        categories: Vec::new(),
        tasks: Vec::new(),
        projects: Default::default(),
        policies: Default::default(),
        selections: Vec::new(),
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
    let plan = working(posted, base);
    let old = match Part::sent(posted) {
        Part::Goal(id) if plan.goal(&id).is_none() => goal::empty(),
        _ => goal_of(&plan, posted.text("goal")).clone(),
    };
    let text = |name: &str, known: &str| posted.get(name).map_or(known, str::trim).to_owned();
    // A page of a goal says nothing of the plan's years.
    let from = fold(posted.text("year_from")).trim().parse().ok().filter(|year| (1900..=2999).contains(year));
    let years = from.map_or(plan.years, |from| {
        (from, fold(posted.text("year_to")).trim().parse().ok().filter(|to| *to >= from).unwrap_or(from))
    });
    if years.0 == 0 {
        return Err("请先填计划的起始年，才知道读哪一年的目标；别的都还在，文件请再选一次。".to_owned());
    }
    let unit = text("unit", &old.measure.unit);
    let kind = goal::kind(posted).unwrap_or(old.kind);
    let decimals = fold(posted.text("decimals")).trim().parse().ok().filter(|decimals| *decimals <= 5);
    let measure = goal::measure(kind, if unit.is_empty() { "亿元" } else { &unit }, decimals)
        .ok_or_else(|| format!("金额的单位不能写“{unit}”，请写 亿元、万元 或 元；文件请再选一次。"))?;
    let code = posted.get("region_code").map(|code| code.trim().to_owned()).or_else(|| plan.region.code.clone());
    let own = Region { code: code.filter(|code| !code.is_empty()), name: text("region_name", &plan.region.name) };
    let year = target_year(posted, &Plan { years, ..plan });
    let total = old.target(year);
    Ok(SplitTarget { goal: text("goal_name", &old.name), measure, own, year, units: old.splits.into(), total })
}

/// The year whose targets the form shows.
pub fn target_year(posted: &Posted, plan: &Plan) -> i32 {
    let asked = posted.text("target_year").parse().ok().filter(|year| (plan.years.0..=plan.years.1).contains(year));
    asked.unwrap_or(plan.years.0)
}

/// The plan that the form shows after a table was pasted, whatever else is still missing.
pub fn with_pasted(posted: &Posted, base: Option<&Plan>, table: &PastedSplit) -> Plan {
    let mut plan = working(posted, base);
    let year =
        table.splits.iter().flat_map(|split| &split.targets).chain(&table.total).map(|target| target.year).next();
    if base.is_none() && plan.years.0 == 0 {
        plan.years = year.map_or((0, 0), |year| (year, year));
    }
    let at = match Part::sent(posted) {
        Part::Goal(id) => plan.goals.iter().position(|goal| goal.id == id).unwrap_or_else(|| {
            plan.goals.push(goal::empty());
            plan.goals.len() - 1
        }),
        _ => plan.goals.iter().position(|goal| goal.id == posted.text("goal")).unwrap_or(0),
    };
    let goal = &mut plan.goals[at];
    if let Some(measure) = Measure::money(posted.text("unit").trim()) {
        goal.measure = measure;
    }
    with_split(goal, table, year.unwrap_or_default());
    plan
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod rules_tests {
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
            let mut boxes = Posted::default();
            rules_form::put(&mut boxes, &before, Some(&before.assessments[0]));
            let (mut after, mut reader) = (before.clone(), Reader::of(&boxes));
            rules_form::read(&mut reader, &mut after, "g");
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
