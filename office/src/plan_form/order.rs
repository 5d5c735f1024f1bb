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
    for (index, task) in plan.tasks.iter().enumerate() {
        boxes.set(&goal_row(index, "id"), &task.id);
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
    let lines = lines(reader, "order");
    let all: Vec<String> = plan.tasks.iter().map(|task| task.id.clone()).collect();
    plan.tasks = ordered(std::mem::take(&mut plan.tasks), |task| {
        let was = all.iter().position(|id| *id == task.id)? as i32 + 1;
        let line = lines.iter().find(|line| line.id == task.id);
        Some((was, line.and_then(|line| line.number).unwrap_or(was)))
    });
    plan.tasks.retain(|task| !lines.iter().any(|line| line.gone && line.id == task.id));
}

pub(super) fn put_policies(boxes: &mut Posted, plan: &Plan) {
    for (index, policy) in plan.policies.list.iter().enumerate() {
        boxes.set(&goal_row(index, "id"), &policy.id);
        boxes.set(&goal_row(index, "order"), &(index + 1).to_string());
    }
    for (index, group) in plan.policies.groups.iter().enumerate() {
        boxes.set(&group_row(index, "id"), &group.id);
    }
}

pub(super) fn read_policies(reader: &mut Reader<'_>, plan: &mut Plan) {
    let lines = lines(reader, "order");
    let policies = &mut plan.policies;
    let all: Vec<String> = policies.list.iter().map(|policy| policy.id.clone()).collect();
    policies.list = ordered(std::mem::take(&mut policies.list), |policy| {
        let was = all.iter().position(|id| *id == policy.id)? as i32 + 1;
        let line = lines.iter().find(|line| line.id == policy.id);
        Some((was, line.and_then(|line| line.number).unwrap_or(was)))
    });
    policies.list.retain(|policy| !lines.iter().any(|line| line.gone && line.id == policy.id));
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
