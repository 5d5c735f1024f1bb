//! 一季一评比: the quarterly comparisons, each with its columns.

use domain::plan::Plan;
use domain::plan::comparison::{Compared, Comparison};
use domain::plan::rules::RankBy;
use domain::rate::Rate;

use super::lists::{names, rows};
use crate::box_reader::Reader;
use crate::posted::Posted;

/// Rows of columns that a comparison's form has.
pub const COLUMNS: usize = 8;
/// By what units are compared in a column.
pub const COMPARED_BY: [(&str, &str); 3] = [("value", "数值本身"), ("growth", "增幅"), ("completion", "完成率")];

/// Names of a comparison's boxes: `cmp.0.name`.
pub fn comparison_name(index: usize, field: &str) -> String {
    format!("cmp.{index}.{field}")
}

/// Names of a column's boxes: `cmp.0.2.goal`.
pub fn column_name(index: usize, column: usize, field: &str) -> String {
    format!("cmp.{index}.{column}.{field}")
}

pub(super) fn put(boxes: &mut Posted, plan: &Plan) {
    for (index, comparison) in plan.comparisons.iter().enumerate() {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        for (field, value) in [
            ("name", comparison.name.clone()),
            ("id", comparison.id.clone()),
            ("clause", text(&comparison.clause)),
            ("quote", text(&comparison.quote)),
            ("assumed", comparison.assumed.join("\n")),
            ("responsible", comparison.responsible.join("、")),
        ] {
            boxes.set(&comparison_name(index, field), &value);
        }
        for (number, column) in comparison.columns.iter().enumerate() {
            let by = RankBy::WORDS.iter().find(|(_, by)| *by == column.by).map_or("growth", |(word, _)| *word);
            for (field, value) in [
                ("goal", column.goal.clone()),
                ("by", by.to_owned()),
                ("weight", column.weight.map(weight_text).unwrap_or_default()),
            ] {
                boxes.set(&column_name(index, number, field), &value);
            }
        }
    }
}

/// Points as they are written: 30.
fn weight_text(weight: Rate) -> String {
    weight.times(1, 100).percent_as_written()
}

pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan) {
    let count = rows(reader, |row| comparison_name(row, "name"));
    let goals: Vec<String> = plan.goals.iter().map(|goal| goal.id.clone()).collect();
    plan.comparisons = (0..count).filter_map(|row| comparison(reader, row, &goals)).collect();
}

fn comparison(reader: &mut Reader<'_>, row: usize, goals: &[String]) -> Option<Comparison> {
    let field = |name: &str| comparison_name(row, name);
    let columns: Vec<Compared> = (0..COLUMNS).filter_map(|number| column(reader, (row, number), goals)).collect();
    let Some(name) = reader.optional(&field("name")) else {
        let used =
            !columns.is_empty() || ["id", "clause", "quote"].iter().any(|name| !reader.text(&field(name)).is_empty());
        if used {
            reader.say(&field("name"), "评比还没有名称，例如 工业项目一季一评比；不要的整个清空。");
        }
        return None;
    };
    let id = reader.required(&field("id"), "评比的英文名", "quarter");
    if columns.is_empty() {
        reader.say(&column_name(row, 0, "goal"), "还没有选比哪几项，请至少选一项。");
    }
    let weighed = columns.iter().filter(|column| column.weight.is_some()).count();
    if weighed > 0 && weighed < columns.len() {
        let first = columns.iter().position(|column| column.weight.is_none()).unwrap_or_default();
        let sentence = "满分要么每一项都写，加权排出综合位次；要么都不写，只分项排位。";
        reader.say(&column_name(row, first, "weight"), sentence);
    }
    let mut assumed = Vec::new();
    reader.keep_lines(&field("assumed"), &mut assumed);
    Some(Comparison {
        id,
        name,
        columns,
        clause: reader.optional(&field("clause")),
        quote: reader.optional(&field("quote")),
        assumed,
        responsible: names(&reader.text(&field("responsible"))),
    })
}

fn column(reader: &mut Reader<'_>, (row, number): (usize, usize), goals: &[String]) -> Option<Compared> {
    let field = |name: &str| column_name(row, number, name);
    let goal = reader.optional(&field("goal")).filter(|goal| goals.contains(goal))?;
    let by = reader.posted.text(&field("by"));
    let by = RankBy::WORDS.iter().find(|(word, _)| *word == by).map_or(RankBy::Growth, |(_, by)| *by);
    let weight = reader.optional(&field("weight")).and_then(|text| {
        let read = Rate::parse_share(&text).ok().filter(|weight| weight.is_positive());
        read.or_else(|| reader.wrong(&field("weight"), format!("满分“{text}”不是正数，例如 30；不加权的不填。")))
    });
    Some(Compared { goal, by, weight })
}
