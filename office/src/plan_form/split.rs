//! The split of a goal for one year: rows of the editor, and what a pasted table says of them.

use domain::money::{Amount, Measure, fold};
use domain::plan::table::PastedSplit;
use domain::plan::{Goal, Plan, Split, SplitKind, Target, Whole};
use domain::rate::Rate;
use domain::region::{code_of, fold_name};

use super::goal::put_target;
use super::lists::names;
use super::{ROWS, row_name};
use crate::box_reader::Reader;
use crate::posted::Posted;

pub const SPLIT_KINDS: [(&str, &str); 3] =
    [("region", "县（市）区"), ("zone", "开发区"), ("department", "部门（不排位）")];

/// Whether a row takes part in the ranking: as its kind says, or against it.
pub const RANKED: [(&str, &str); 3] = [("", "按类别"), ("yes", "排位"), ("no", "不排位")];

pub(super) fn put(boxes: &mut Posted, goal: &Goal, year: i32) {
    let amount = |amount: Option<Amount>| amount.map(|amount| goal.measure.plain(amount)).unwrap_or_default();
    let splits = goal.splits.iter().filter(|split| !split.declared);
    for (index, split) in splits.enumerate() {
        let target = split.target(year);
        let within = split.within.as_ref().map(|id| goal.split(id).map_or(id.clone(), |unit| unit.name.clone()));
        let kind = match split.kind {
            SplitKind::Region => "region",
            SplitKind::Zone => "zone",
            SplitKind::Department => "department",
        };
        let ranked = split.ranked.map_or("", |ranked| if ranked { "yes" } else { "no" });
        let whole = split.whole;
        let year_text = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
        let value = if split.no_target { "/".to_owned() } else { amount(target.and_then(|target| target.value)) };
        let growth = target.and_then(|target| target.growth).map(Rate::percent_as_written);
        let code = if split.region == fold_name(&split.name) { String::new() } else { split.region.clone() };
        for (field, value) in [
            ("name", split.name.clone()),
            ("value", value),
            ("growth", growth.unwrap_or_default()),
            ("within", within.unwrap_or_default()),
            ("code", code),
            ("group", split.group.clone().unwrap_or_default()),
            ("kind", kind.to_owned()),
            ("ranked", ranked.to_owned()),
            ("former", split.former.join("、")),
            ("until", split.until.map(|until| until.to_string()).unwrap_or_default()),
            ("whole_from", year_text(whole.map(|whole| whole.from))),
            ("whole_to", year_text(whole.map(|whole| whole.to))),
            ("whole_value", amount(whole.map(|whole| whole.value))),
            ("was", split.region.clone()),
        ] {
            boxes.set(&row_name(index, field), &value);
        }
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
    goal.splits = pasted_rows(table, &goal.clone(), year).into();
    if let Some(said) = table.total {
        let (value, growth) = goal.target(year).map_or((None, None), |known| (known.value, known.growth));
        put_target(&mut goal.targets, Target { year, value: said.value.or(value), growth: said.growth.or(growth) });
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
    split.targets.iter().for_each(|target| put_target(&mut targets, *target));
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

/// Reads the rows over those of `old`; whoever stands in `in_force` keeps what he was called.
pub(super) fn rows(
    reader: &mut Reader<'_>,
    (plan, measure, year): (&Plan, &Measure, i32),
    old: &Goal,
    in_force: Option<&Goal>,
) -> Vec<Split> {
    let mut splits = Vec::new();
    if reader.has(&row_name(ROWS, "name")) {
        let sentence = format!("分解表超过 {ROWS} 行，表格里放不下；请改用计划文件。");
        reader.say(&row_name(ROWS, "name"), sentence);
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
                let sentence = format!("分解表第 {} 行有目标，没有单位名称。", index + 1);
                reader.say(&field("name"), sentence);
            }
            continue;
        }
        let was = reader.text(&field("was"));
        let before = old.splits.iter().find(|split| split.region == was);
        let code = reader.optional(&field("code")).or_else(|| {
            let known = before.map(|before| before.region.clone());
            known.or_else(|| declared_id(plan, &name)).or_else(|| code_of(&name, &plan.region).map(str::to_owned))
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
            until: None,
            unit_until: None,
            own_since: None,
            declared: false,
        });
        if reader.has(&field("former")) {
            split.former = names(&reader.text(&field("former")));
        }
        if reader.has(&field("until")) {
            split.until = reader.month(&field("until"), "止于");
        }
        // What a unit was called before stays known.
        let known = in_force.is_some_and(|goal| goal.split(&split.region).is_some());
        let earlier = [(&split.name, &name), (&split.region, &region)].into_iter();
        let earlier: Vec<String> =
            earlier.filter(|(was, now)| known && was != now).map(|(was, _)| was.clone()).collect();
        for earlier in earlier {
            if !split.former.contains(&earlier) && fold_name(&earlier) != fold_name(&name) {
                split.former.push(earlier);
            }
        }
        (split.region, split.name, split.no_target) = (region, name, no_target);
        let other_years = split.targets.iter().any(|target| target.year != year);
        if no_target && other_years {
            let name = &split.name;
            let sentence = format!("{name}别的年份有目标；/ 只用于各年都没有目标的单位，这一年没有目标的请留空。");
            reader.say(&field("value"), sentence);
        } else if no_target {
            split.targets.clear();
        } else {
            put_target(&mut split.targets, Target { year, value, growth });
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
        if reader.has(&field("ranked")) {
            split.ranked = match reader.posted.text(&field("ranked")) {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
        }
        if reader.has(&field("whole_value")) {
            split.whole = whole(reader, plan, measure, index, &split.name);
        }
        splits.push(split);
    }
    splits
}

/// A unit that the plan declares has one id everywhere.
fn declared_id(plan: &Plan, name: &str) -> Option<String> {
    plan.units.iter().find(|unit| fold_name(&unit.name) == fold_name(name)).map(|unit| unit.id.clone())
}

fn whole(reader: &mut Reader<'_>, plan: &Plan, measure: &Measure, index: usize, unit: &str) -> Option<Whole> {
    let field = |name: &str| row_name(index, name);
    let value = reader.amount(&field("whole_value"), &format!("{unit}的跨年目标"), measure)?;
    let mut year = |name: &str, default: i32| {
        reader.number(&field(name), &format!("{unit}的跨年目标的年份"), 1900..=2999, Some(default))
    };
    let (from, to) = (year("whole_from", plan.years.0), year("whole_to", plan.years.1));
    if from > to {
        return reader.wrong(&field("whole_to"), format!("{unit}的跨年目标，结束年不能早于起始年。"));
    }
    Some(Whole { from, to, value })
}
