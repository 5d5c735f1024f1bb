//! The lists of goals, tasks and policies: their order, and which of them go.

use domain::money::fold;
use domain::plan::Plan;

use super::YES;
use super::lists::rows;
use super::policy::group_row;
use crate::box_reader::Reader;
use crate::posted::Posted;

/// The box of a line of the list: `o.3.order`; its `drop` takes the goal or the task out.
pub fn goal_row(index: usize, field: &str) -> String {
    format!("o.{index}.{field}")
}

pub(super) fn put(boxes: &mut Posted, plan: &Plan) {
    for (index, goal) in plan.goals.iter().enumerate() {
        let assessed = plan.assessments.iter().position(|assessment| assessment.goal == goal.id);
        boxes.set(&goal_row(index, "id"), &goal.id);
        boxes.set(&goal_row(index, "order"), &(index + 1).to_string());
        boxes.set(&goal_row(index, "assess"), &assessed.map(|at| (at + 1).to_string()).unwrap_or_default());
    }
}

pub(super) fn put_tasks(boxes: &mut Posted, plan: &Plan) {
    number(boxes, plan.tasks.iter().map(|task| &task.id));
}

/// A list's lines as they stand: each with its id and its place.
fn number<'p>(boxes: &mut Posted, ids: impl Iterator<Item = &'p String>) {
    for (index, id) in ids.enumerate() {
        boxes.set(&goal_row(index, "id"), id);
        boxes.set(&goal_row(index, "order"), &(index + 1).to_string());
    }
}

pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan) {
    let lines = lines(reader, "order");
    let assessed = self::lines(reader, "assess");
    let known: Vec<String> = plan.assessments.iter().map(|assessment| assessment.goal.clone()).collect();
    let place = |id: &String, lines: &[Line]| lines.iter().find(|line| line.id == *id).map(|line| line.number);
    plan.assessments = ordered(std::mem::take(&mut plan.assessments), |assessment| {
        let was = known.iter().position(|id| *id == assessment.goal)? as i32 + 1;
        Some((was, place(&assessment.goal, &assessed).flatten().unwrap_or(was)))
    });
    let gone: Vec<&String> = lines.iter().filter(|line| line.gone).map(|line| &line.id).collect();
    let all: Vec<String> = plan.goals.iter().map(|goal| goal.id.clone()).collect();
    plan.goals = ordered(std::mem::take(&mut plan.goals), |goal| {
        let was = all.iter().position(|id| *id == goal.id)? as i32 + 1;
        Some((was, place(&goal.id, &lines).flatten().unwrap_or(was)))
    });
    plan.goals.retain(|goal| !gone.contains(&&goal.id));
    plan.assessments.retain(|assessment| !gone.contains(&&assessment.goal));
    for comparison in &mut plan.comparisons {
        comparison.columns.retain(|column| !gone.contains(&&column.goal));
    }
    plan.comparisons.retain(|comparison| !comparison.columns.is_empty());
    if plan.goals.is_empty() {
        reader.say(&goal_row(0, "drop"), "计划至少要有一个目标，请至少留一个。");
    }
}

pub(super) fn read_tasks(reader: &mut Reader<'_>, plan: &mut Plan) {
    arrange(reader, &mut plan.tasks, |task| &task.id);
}

/// The list in the order that was typed, without what is ticked to go. A number that was not touched says nothing: the
/// same page may have moved its line otherwise.
fn arrange<T>(reader: &mut Reader<'_>, list: &mut Vec<T>, id: impl Fn(&T) -> &String) {
    let lines = lines(reader, "order");
    let all: Vec<String> = list.iter().map(|item| id(item).clone()).collect();
    *list = ordered(std::mem::take(list), |item| {
        let was = all.iter().position(|known| known == id(item))? as i32 + 1;
        let typed = lines.iter().zip(1..).find(|(line, _)| line.id == *id(item));
        let number = typed.and_then(|(line, row)| line.number.filter(|number| *number != row));
        Some((was, number.unwrap_or(was)))
    });
    list.retain(|item| !lines.iter().any(|line| line.gone && line.id == *id(item)));
}

pub(super) fn put_policies(boxes: &mut Posted, plan: &Plan) {
    number(boxes, plan.policies.list.iter().map(|policy| &policy.id));
    for (index, group) in plan.policies.groups.iter().enumerate() {
        boxes.set(&group_row(index, "id"), &group.id);
    }
}

pub(super) fn read_policies(reader: &mut Reader<'_>, plan: &mut Plan) {
    arrange(reader, &mut plan.policies.list, |policy| &policy.id);
}

struct Line {
    id: String,
    /// What was typed; `None` where the box is empty.
    number: Option<i32>,
    gone: bool,
}

fn lines(reader: &mut Reader<'_>, field: &str) -> Vec<Line> {
    let mut found = Vec::new();
    for row in 0..rows(reader, |row| goal_row(row, "id")) {
        let name = goal_row(row, field);
        let text = fold(&reader.text(&name));
        let number = text.parse().ok();
        if number.is_none() && !text.is_empty() {
            reader.say(&name, format!("次序“{text}”不是整数，请写 1、2、3。"));
        }
        let gone = reader.posted.text(&goal_row(row, "drop")) == YES;
        found.push(Line { id: reader.text(&goal_row(row, "id")), number, gone });
    }
    found
}

/// In the order of the numbers that were typed. What was moved up stands before whatever has that number already, what
/// was moved down behind it.
fn ordered<T>(items: Vec<T>, places: impl Fn(&T) -> Option<(i32, i32)>) -> Vec<T> {
    let mut items: Vec<(T, (i32, i32))> =
        items.into_iter().map(|item| (places(&item).unwrap_or_default(), item)).map(|(at, item)| (item, at)).collect();
    items.sort_by_key(|(_, (was, now))| (*now, (now - was).signum(), *was));
    items.into_iter().map(|(item, _)| item).collect()
}
