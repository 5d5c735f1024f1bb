//! From page to page of the editor: what is shown in answer to what was sent.

use domain::plan::{Plan, writer};

use super::{DRAFT, Edited, Part, Sort, boxes, goal_of, read, target_year, unmatched, with_pasted, working};
use crate::commands::keep_plan::field;
use crate::posted::Posted;

/// The box of a button: what to do with the form. `go:units` leads to another page, `leave:goals` likewise without
/// reading this one, `year:2023` shows another year of a goal, `file` and `form` change the way of editing.
pub const THEN: &str = "then";

/// A page of the editor, as data.
pub struct Turn {
    pub part: Part,
    /// The goal of a page that has one.
    pub goal: String,
    /// Whose targets a page of a goal shows.
    pub year: i32,
    /// The file itself is edited.
    pub by_file: bool,
    /// The working copy.
    pub plan: Plan,
    /// Its file, as the page carries it on; empty where it is the plan in force.
    pub draft: String,
    /// What the boxes hold: as they were sent, else as the working copy has them.
    pub posted: Posted,
    pub known: Posted,
    /// The file, where it is edited.
    pub source: String,
    pub edited: Option<Edited>,
    /// What became of a pasted table.
    pub said: Option<String>,
}

/// What a revision says of itself goes along from page to page.
const CARRIED: [&str; 4] = [field::BASIS, field::REASON, field::SEEN, field::FROM];

/// A new plan begins with what most documents say.
const USUAL: [(&str, &str); 10] = [
    ("unit", "亿元"),
    ("cadence", "monthly"),
    ("first_month", "2"),
    ("deadline_day", "5"),
    ("deadline_of", "next_month"),
    ("holidays", "next_workday"),
    ("assess", "yes"),
    ("top", "0.3、0.2、0.1"),
    ("bottom", "-0.3、-0.2、-0.1"),
    ("award_unit", "分"),
];

/// Answers a form, or opens the page of an address.
pub fn turn(mut posted: Posted, base: Option<&Plan>, opened: Part, by_file: bool) -> Turn {
    let sent = posted.get("by").is_some();
    let before = working(&posted, base);
    let edited = sent.then(|| read(&posted, base));
    let then = posted.text(THEN).to_owned();
    let (verb, to) = then.split_once(':').unwrap_or((&then, ""));
    // What was left is not looked at.
    let edited = edited.filter(|_| verb != "leave");
    let good = edited.as_ref().and_then(|edited| edited.plan.clone());
    let part = if sent { Part::sent(&posted) } else { opened };
    let typed_file = posted.text("by") == "file";
    let draft_of = |plan: &Plan, source: &str| if base == Some(plan) { String::new() } else { source.to_owned() };
    let went = Part::parse(to);
    // Which page comes next, and what it rests on; `None` where this one stays as it was sent.
    let next: Option<(Part, Plan, String)> = match (verb, went, &good) {
        ("leave", Some(to), _) => Some((to, before.clone(), posted.text(DRAFT).to_owned())),
        ("go", Some(to), Some((plan, source))) => Some((to, plan.clone(), draft_of(plan, source))),
        ("form", _, Some((plan, source))) => Some((home(plan), plan.clone(), draft_of(plan, source))),
        ("check" | "year", _, Some((plan, source))) if !typed_file && posted.error.is_none() => {
            Some((stayed(&part, &before, plan), plan.clone(), draft_of(plan, source)))
        }
        _ => None,
    };
    let by_file = match (verb, &good) {
        ("file", Some(_)) => true,
        ("form", Some(_)) => false,
        _ => typed_file || (!sent && by_file),
    };
    let source = match (posted.get("source"), &good) {
        (Some(sent), _) if typed_file => sent.to_owned(),
        (_, Some((_, source))) => source.clone(),
        _ if base.is_none() && posted.text(DRAFT).is_empty() => String::new(),
        _ => writer::write(&before),
    };
    let pasted = edited.as_ref().and_then(|edited| edited.pasted.clone()).filter(|pasted| pasted.problems.is_empty());
    let said = pasted.as_ref().map(|pasted| {
        let tables = if pasted.tables > 1 { format!("（{}个表并排）", pasted.tables) } else { String::new() };
        let gone = base.map(|base| unmatched(pasted, goal_of(base, posted.text("goal")))).unwrap_or_default();
        let gone = match gone.is_empty() {
            true => String::new(),
            false => format!("原来有、表里没有的：{}；若是改了名，请在表里改名称而不是另起一行。", gone.join("、")),
        };
        format!("已按分解表{tables}填好 {} 行，请核对。{gone}", pasted.splits.len())
    });
    let (part, mut plan, draft) = match next {
        Some((part, plan, draft)) => {
            let year = if verb == "year" { to.to_owned() } else { posted.text("target_year").to_owned() };
            posted = posted.only(&CARRIED);
            posted.set("target_year", &year);
            (part, plan, draft)
        }
        None => {
            // A table that can be read is not lost because something else is missing.
            let plan = pasted.as_ref().map(|pasted| {
                posted = std::mem::take(&mut posted).without_prefix("r.").without(&["block"]);
                let shown = with_pasted(&posted, base, pasted);
                for name in ["total_value", "total_growth"].map(str::to_owned).into_iter().chain(
                    (shown.years.0..=shown.years.1)
                        .flat_map(|year| ["value", "growth"].map(|field| super::target_name(true, year, field))),
                ) {
                    if posted.get(&name) == Some("") || pasted.total.is_some() {
                        posted = std::mem::take(&mut posted).without(&[name.as_str()]);
                    }
                }
                shown
            });
            let draft = posted.text(DRAFT).to_owned();
            (part, plan.unwrap_or(before), draft)
        }
    };
    plan.remove_rows();
    let year = target_year(&posted, &plan);
    let goal = match &part {
        Part::Goal(id) => id.clone(),
        _ => Some(posted.text("goal"))
            .filter(|id| !id.is_empty())
            .map_or_else(|| goal_of(&plan, "").id.clone(), str::to_owned),
    };
    let mut known = boxes(&plan, &part, &goal, year);
    if base.is_none() && !sent {
        USUAL.iter().for_each(|(name, value)| known.set(name, value));
    }
    Turn { part, goal, year, by_file, plan, draft, posted, known, source, edited, said }
}

/// With so many goals the main one stands on the first page with the plan.
const FEW: usize = 3;

/// The first page of a plan: the plan with its main goal, or the list of many goals.
pub fn home(plan: &Plan) -> Part {
    if plan.goals.len() <= FEW { Part::Whole } else { Part::Goals }
}

/// The same page after it was read: what was to come has an id now.
fn stayed(part: &Part, before: &Plan, now: &Plan) -> Part {
    let goal = || now.goals.iter().find(|goal| before.goal(&goal.id).is_none()).map(|goal| goal.id.clone());
    let task = || {
        let is_new = |id: &String| !before.tasks.iter().any(|task| task.id == *id);
        now.tasks.iter().map(|task| task.id.clone()).find(is_new)
    };
    match part {
        Part::Goal(id) if now.goal(id).is_none() => Part::Goal(goal().unwrap_or_default()),
        Part::Task(id) if !now.tasks.iter().any(|task| task.id == *id) => Part::Task(task().unwrap_or_default()),
        Part::Policy(sort, id) if !sort.is_known(now, id) => {
            let policies = &now.policies;
            let ids: Vec<&String> = match sort {
                Sort::Policy => policies.list.iter().map(|policy| &policy.id).collect(),
                Sort::Group => policies.groups.iter().map(|group| &group.id).collect(),
            };
            let new = ids.into_iter().find(|id| !sort.is_known(before, id));
            Part::Policy(*sort, new.cloned().unwrap_or_default())
        }
        part => part.clone(),
    }
}
