//! `[[assessment]]` with `at = "quarter"`: the columns by which units are compared.

use super::{assessments::known_goal, is_url_id, number, optional, plain};
use crate::plan::comparison::{Compared, Comparison};
use crate::plan::rules::RankBy;
use crate::plan::toml_reader::{Fields, Problems};
use crate::plan::{Direction, Goal};
use crate::rate::Rate;

const BY: [(&str, RankBy); 3] =
    [("value", RankBy::Value), ("growth", RankBy::Growth), ("completion", RankBy::Completion)];

pub(super) fn read(mut fields: Fields<'_>, goals: &[Goal], problems: &mut Problems) -> Option<Comparison> {
    let at = fields.offset();
    let id = fields.required_text("id", "quarter", problems);
    if let Some(id) = id.as_ref().filter(|id| !is_url_id(&id.text)) {
        let shown = crate::month::shorten(&id.text);
        problems.at(id.at, format!("assessment.id “{shown}”只能用小写字母、数字、连字符和下划线"));
    }
    if let Some(id) = id.as_ref().filter(|id| id.text == crate::projects::edition::LIBRARY) {
        problems.at(id.at, "assessment.id “library”是项目库的名字，请换一个，例如 quarter");
    }
    let name = fields.required_text("name", "工业项目一季一评比", problems);
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    let assumed = plain(fields.texts("assumed", problems));
    let responsible = plain(fields.texts("responsible", problems));
    let blocks = fields.tables("columns", problems);
    let columns: Vec<Compared> = blocks.into_iter().filter_map(|block| column(block, goals, problems)).collect();
    fields.finish(problems);
    if columns.is_empty() {
        problems.at(at, "at = \"quarter\" 是一季一评比，要写比哪几项，例如 columns = [{ goal = \"start_rate\" }]");
    }
    let comparison = Comparison { id: id?.text, name: name?.text, columns, clause, quote, assumed, responsible };
    let weighed = comparison.columns.iter().filter(|column| column.weight.is_some()).count();
    if weighed > 0 && !comparison.is_weighed() {
        problems.at(at, "columns 的 weight 要么每一项都写，加权排出综合位次；要么都不写，只分项排位");
    }
    Some(comparison)
}

fn column(mut fields: Fields<'_>, goals: &[Goal], problems: &mut Problems) -> Option<Compared> {
    let at = fields.offset();
    let goal = fields.required_text("goal", "start_rate", problems);
    let goal = known_goal(goal, "assessment.columns.goal", goals, problems);
    let known = goals.iter().find(|known| Some(&known.id) == goal.as_ref());
    let by = fields.choice("by", &BY, known.map_or(RankBy::Growth, usual), problems);
    let weight = number(&mut fields, "weight", problems, Rate::parse_share);
    fields.finish(problems);
    if weight.is_some_and(|weight| !weight.is_positive()) {
        problems.at(at, "columns 的 weight 是满分多少，请写正数，例如 weight = \"30\"");
    }
    if let Some(known) = known.filter(|_| weight.is_some()) {
        let percentage = by != RankBy::Value || known.measure.is_percentage();
        if !percentage || known.direction == Direction::AtMost {
            let what = if percentage { "越低越好" } else { "总量不是百分比" };
            problems.at(at, format!("{}：{what}，不能加权相加；请改写 by，或各项都不写 weight", known.name));
        }
    }
    Some(Compared { goal: goal?, by, weight })
}

/// A rate by itself, what has targets by completion, all else by growth.
fn usual(goal: &Goal) -> RankBy {
    let has_targets = goal.splits.iter().any(|split| split.targets.iter().any(|target| target.value.is_some()));
    match goal.measure.is_ratio() {
        true if matches!(goal.kind, crate::plan::Kind::Growth) => RankBy::Growth,
        true => RankBy::Value,
        false if has_targets => RankBy::Completion,
        false => RankBy::Growth,
    }
}
