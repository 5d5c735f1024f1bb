//! Where a problem of a plan's file has its box in the editor, and how its sentence reads beside one.

use domain::plan::Plan;

use super::lists::{category_name, rhythm_name, unit_name};
use super::projects::{level_name, rule_name, window_name};
use super::{Part, ROWS, row_name, target_name};
use crate::posted::Posted;
use crate::rules_form::{list_name, part_name};

/// The place of a line: `goal` 2, in it `split` 0, key `value`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place<'s> {
    block: &'s str,
    index: usize,
    inner: Option<(&'s str, usize)>,
    key: &'s str,
}

/// Walks the lines of a file that [`domain::plan::writer`] wrote: one key a line.
fn place(source: &str, line: usize) -> Place<'_> {
    let mut place = Place::default();
    let mut seen: Vec<&str> = Vec::new();
    for text in source.lines().take(line).map(str::trim).filter(|text| !text.is_empty()) {
        let Some(header) = text.strip_prefix('[') else {
            place.key = text.split(" = ").next().unwrap_or_default();
            continue;
        };
        let header = header.trim_matches(['[', ']']);
        place.key = "";
        match header.split_once('.') {
            Some((_, inner)) => {
                let before = place.inner.filter(|(known, _)| *known == inner).map(|(_, index)| index + 1);
                // Components stand before the awards of an assessment, so that each kind counts from its first.
                place.inner = Some((inner, before.unwrap_or_default()));
            }
            None => {
                place.block = header;
                place.index = seen.iter().filter(|known| **known == header).count();
                place.inner = None;
                seen.push(header);
            }
        }
    }
    place
}

/// The row of the page that became the list's `nth`: rows that were left empty stand between.
fn row(posted: &Posted, name: impl Fn(usize) -> String, nth: usize) -> usize {
    let filled = (0..ROWS).take_while(|row| posted.get(&name(*row)).is_some());
    let mut filled = filled.filter(|row| !posted.text(&name(*row)).trim().is_empty());
    filled.nth(nth).unwrap_or(nth)
}

/// The page and the box of a problem in the file of `plan`, which the editor wrote of what was posted.
pub(super) fn of(plan: &Plan, source: &str, line: usize, posted: &Posted) -> (Part, String) {
    let place = place(source, line);
    let unit = |nth: usize| row(posted, |row| unit_name(row, "name"), nth);
    let category = |nth: usize| row(posted, |row| category_name(row, "name"), nth);
    let rhythm = |nth: usize| row(posted, |row| rhythm_name(row, "cadence"), nth);
    let split = |nth: usize| row(posted, |row| row_name(row, "name"), nth);
    let part = |nth: usize| row(posted, |row| part_name(row, "name"), nth);
    let list = |nth: usize| row(posted, |row| list_name(row, "places"), nth);
    let own = |key: &str| key.to_owned();
    match (place.block, place.inner) {
        ("goal", inner) => {
            let part = Part::Goal(plan.goals.get(place.index).map(|goal| goal.id.clone()).unwrap_or_default());
            let field = match (inner, place.key) {
                (Some((_, nth)), key) => row_name(split(nth), split_field(key)),
                (None, "targets") => target_name(plan.years.0 != plan.years.1, plan.years.0, "value"),
                (None, key) => own(goal_field(key)),
            };
            (part, field)
        }
        ("assessment", inner) => {
            let goal = plan.assessments.get(place.index).map(|assessment| assessment.goal.clone());
            let field = match (inner, place.key) {
                (Some(("component", nth)), key) => part_name(part(nth), component_field(key)),
                (Some((_, nth)), _) => {
                    let usual = ["top", "bottom"].into_iter().filter(|name| !posted.text(name).trim().is_empty());
                    let usual: Vec<&str> = usual.collect();
                    let further = || list_name(list(nth - usual.len()), "places");
                    usual.get(nth).map_or_else(further, |name| own(name))
                }
                (None, "grades" | "gate" | "rank_also") => own(place.key),
                (None, _) => own("rank_by"),
            };
            (Part::Goal(goal.unwrap_or_default()), field)
        }
        ("rhythm", _) => (Part::Rhythms, rhythm_name(rhythm(place.index), calendar_field(place.key))),
        ("unit", _) => {
            (Part::Units, unit_name(unit(place.index), if place.key.is_empty() { "name" } else { place.key }))
        }
        ("category", _) => {
            (Part::Units, category_name(category(place.index), if place.key.is_empty() { "name" } else { place.key }))
        }
        ("task", _) => {
            let id = plan.tasks.get(place.index).map(|task| task.id.clone()).unwrap_or_default();
            let field = match place.key {
                "by" | "" => super::task::by_name(0),
                key => format!("task_{key}"),
            };
            (Part::Task(id), field)
        }
        ("project_level", _) => {
            let nth = row(posted, |row| level_name(row, "name"), place.index);
            (Part::Projects, level_name(nth, if place.key.is_empty() { "name" } else { place.key }))
        }
        ("project_rule", _) => {
            let nth = row(posted, |row| rule_name(row, "test"), place.index);
            (Part::Projects, rule_name(nth, if place.key.is_empty() { "test" } else { place.key }))
        }
        ("project_window", _) => {
            let nth = row(posted, |row| window_name(row, "months"), place.index);
            (Part::Projects, window_name(nth, if place.key.is_empty() { "months" } else { place.key }))
        }
        ("policy" | "policy_group", _) if matches!(Part::sent(posted), Part::Policy(..)) => {
            (Part::sent(posted), super::policy::policy_box(if place.key.is_empty() { "title" } else { place.key }))
        }
        ("policy" | "policy_group" | "parameter" | "selection" | "fund" | "list" | "body", _) => {
            (Part::Policies, own(super::policies::POLICIES))
        }
        ("calendar", _) => (Part::Plan, own(calendar_field(place.key))),
        ("document", _) => {
            let field = match place.key {
                "title" => "document_title",
                "source" => "document_source",
                key => key,
            };
            (Part::Plan, own(field))
        }
        _ => {
            let field = match place.key {
                "region" => "region_name",
                "years" => "year_to",
                "assumed" => "plan_assumed",
                key => key,
            };
            (Part::Plan, own(field))
        }
    }
}

fn goal_field(key: &str) -> &str {
    match key {
        "id" => "goal_id",
        "name" | "" => "goal_name",
        "whole" => "whole_value",
        "assumed" => "goal_assumed",
        "each" => "each_of",
        "share_of" => "share_part",
        "parent" => "parent_plan",
        "target" => "reference",
        "duties" => "d.0.by",
        "from_projects" => "project_count",
        "from_list" => "list_title",
        "pace" => "pace",
        key => key,
    }
}

fn split_field(key: &str) -> &str {
    match key {
        "targets" => "value",
        "target" => "value",
        "region" => "code",
        "whole" => "whole_value",
        "" => "name",
        key => key,
    }
}

fn component_field(key: &str) -> &str {
    match key {
        "name" | "from" | "goal" | "period" | "against" | "weight" | "threshold" | "cap" | "floor" => key,
        "" => "name",
        _ => "points",
    }
}

fn calendar_field(key: &str) -> &str {
    match key {
        "deadline" => "deadline_day",
        "final" => "final_month",
        "source" => "calendar_source",
        "assumed" => "calendar_assumed",
        "" => "cadence",
        key => key,
    }
}

/// What keys and words of the file are called on the editor's pages; longer ones first.
const WORDS: [(&str, &str); 74] = [
    ("project_rule 的 below 要大于 from、over", "规则的“不到”要大于“达到”“超过”"),
    ("请写 below，例如 below = \"80\"", "请填“不到”，例如 80"),
    ("请写 from（达到）或 over（超过），例如 from = \"10\"", "请填“达到”或“超过”，例如 10"),
    (
        "project_level 要写门槛，例如 min_total = \"1亿元\"、min_equipment = \"1000万元\"",
        "项目库要填门槛，例如总投资1亿元",
    ),
    ("project_level 请从低到高写", "项目库请从低到高写"),
    ("project_window", "入库退库的月份"),
    ("project_level", "项目库"),
    ("project_rule", "规则"),
    ("from_projects", "从项目库数"),
    ("from_list", "从认定名单数"),
    ("behind_points", "落后进度的百分点"),
    ("pace_share", "完成数占进度的%"),
    ("[[rhythm]]", "报送周期"),
    (" 的 level ", "的级别"),
    ("或删去 level", "或不选级别"),
    ("target = \"none\"（只监测，没有目标）", "“只监测，没有目标”"),
    ("compared_with（与别的数比较）", "“与别的数比较”"),
    ("each（每个单位各有目标）", "“每个单位各有目标”"),
    ("due：期间", "完成期限：期间"),
    ("请补写 final = { month = 1, day = 15 }", "请填年终定报的月和日"),
    ("请写 completed_when = \"growth\"", "请把“何为完成”改成“增幅达到目标”"),
    ("，请补写 [[rhythm]]，或删去这一行（按 [calendar] 报送）", "，请在“报送周期”页补上，或改选别的周期"),
    ("或写 [[category]] 的类别", "或写类目表里的类别"),
    ("并用 [[unit]] 列出", "并在“单位”页列出"),
    ("补写 [[calendar]]", "补填报送时间"),
    ("counts = \"stock\"", "“期末总数（存量）”"),
    ("target = \"none\"", "“只监测，没有目标”"),
    ("bulletin = true", "“在这个周期发通报”"),
    ("from = \"entered\"", "“核验评分”"),
    ("from = \"value\"", "“总量”"),
    ("from = \"completion\"", "“完成率”"),
    ("rank_by = \"score\"", "按得分排位"),
    ("（of = \"last_month_of_period\"）", ""),
    ("start = \"…\"（年初数）", "年初已有的数"),
    ("[[assessment.component]]", "得分的组成"),
    ("[[assessment]]", "考核"),
    ("[[category]]", "类目"),
    ("[[rhythm]]", "报送周期"),
    ("[[unit]]", "单位"),
    ("[[goal]]", "目标"),
    ("[calendar]", "报送时间"),
    ("assessment.component", "得分的组成"),
    ("share_of.part", "分子"),
    ("share_of.of", "分母"),
    ("compared_with", "与什么比较"),
    ("publish_provisional", "年终前公布暂定奖惩"),
    ("average_growth", "年均增速"),
    ("average_of", "谁的平均增速"),
    ("stated_by", "总数由谁填"),
    ("growth_pct", "增幅"),
    ("unit_noun", "各单位的统称"),
    ("watches", "监测哪个目标"),
    ("share_of", "两个目标之比"),
    ("per_amount", "每个计量单位的分值"),
    ("per_point", "每个百分点的分值"),
    ("by_target", "按目标高低"),
    ("rank_also", "另列的位次"),
    ("deadline", "截止日"),
    ("bulletin", "通报"),
    ("each.of", "对谁定目标"),
    ("task.by", "由谁完成"),
    ("task.due", "完成时限"),
    ("duties", "报送任务"),
    ("targets", "各年目标"),
    ("rhythm", "报送周期"),
    ("within", "属于（其中）"),
    ("parent", "上级"),
    ("counts", "怎样计数"),
    ("ratio", "比率"),
    ("grades", "等次"),
    ("whole", "跨年目标"),
    ("until", "止于"),
    ("value", "目标"),
    ("final", "年终定报"),
];

/// A sentence about a plan's file in the words of the pages.
pub fn in_words(sentence: &str) -> String {
    let mut said = sentence.to_owned();
    for (key, word) in WORDS {
        said = said.replace(key, word);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_place() {
        let source = "id = \"p\"\n[document]\ntitle = \"t\"\n[[goal]]\nid = \"a\"\n[[goal]]\nid = \"b\"\n\n  \
                      [[goal.split]]\n  name = \"x\"\n\n  [[goal.split]]\n  name = \"y\"\n  value = \"1\"\n[[task]]\n";
        let check = |line: usize, block: &str, index: usize, inner: Option<(&str, usize)>, key: &str| {
            assert_eq!(place(source, line), Place { block, index, inner, key }, "line {line}");
        };
        check(1, "", 0, None, "id");
        check(3, "document", 0, None, "title");
        check(7, "goal", 1, None, "id");
        check(10, "goal", 1, Some(("split", 0)), "name");
        check(14, "goal", 1, Some(("split", 1)), "value");
        check(15, "task", 0, None, "");
    }
}
