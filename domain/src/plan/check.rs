//! Findings: what does not agree inside a plan, or what its document leaves open. A finding never changes a number.

use std::collections::BTreeMap;

use super::body_check::findings_of_bodies;
use super::declared::Sort;
pub use super::finding::Finding;
use super::finding::finding;
use super::fund_check::findings_of_funds;
use super::policy_check::findings_of_policies;
use super::projects::{Gives, ProjectRule, ProjectRules, Test};
use super::rules::{CompletedWhen, RankBy};
use super::selection::findings_of_selections;
use super::*;
use crate::calendar::DeadlineOf;
use crate::money::{print_scaled, round_to};
use crate::month::Period;

/// All findings of a plan: of its goals in order, its calendar, its assessments, its assumptions.
pub fn check(plan: &Plan) -> Vec<Finding> {
    let mut findings: Vec<Finding> = plan.goals.iter().flat_map(|goal| findings_of_goal(plan, goal)).collect();
    for goal in plan.goals.iter().filter(|goal| goal.pace == Pace::LastYear) {
        findings.push(pace_unknown(goal, None));
    }
    findings.extend(plan.calendar.iter().flat_map(findings_of_calendar));
    findings.extend(plan.rhythms.iter().flat_map(|rhythm| findings_of_calendar(&rhythm.calendar)));
    findings.extend(units_unknown(plan));
    if plan.calendar.is_none() {
        findings.push(finding(
            "deadline_assumed",
            "文件没有规定报送时间，计划也未设定；请办公室确定后补写 [calendar]".to_owned(),
            &[],
        ));
    }
    findings.extend(findings_of_projects(plan));
    findings.extend(findings_of_policies(plan));
    findings.extend(findings_of_selections(plan));
    findings.extend(findings_of_funds(plan));
    findings.extend(findings_of_bodies(plan));
    findings.extend(plan.assessments.iter().flat_map(|assessment| findings_of_assessment(plan, assessment)));
    let open = |goal: Option<&str>, sentence: &String| {
        let numbers: Vec<(&str, String)> = goal.into_iter().map(|goal| ("goal", goal.to_owned())).collect();
        finding("assumed", format!("文件未写明，本计划假定：{sentence}"), &numbers)
    };
    findings.extend(plan.assumed.iter().map(|sentence| open(None, sentence)));
    for goal in &plan.goals {
        findings.extend(goal.assumed.iter().map(|sentence| open(Some(&goal.id), sentence)));
    }
    for assessment in &plan.assessments {
        findings.extend(assessment.assumed.iter().map(|sentence| open(Some(&assessment.goal), sentence)));
    }
    findings
}

/// Rules of projects that cannot fire, that another one makes idle, or whose list never opens.
fn findings_of_projects(plan: &Plan) -> Vec<Finding> {
    let ProjectRules { rules, levels, windows, .. } = &plan.projects;
    let mut findings = Vec::new();
    let called = |at: usize| format!("第 {} 条 project_rule（{}）", at + 1, rules[at].words);
    for (at, rule) in rules.iter().enumerate() {
        let mut say = |code: &str, sentence: String| {
            let numbers = [("rule", (at + 1).to_string())];
            findings.push(finding(code, format!("{}：{sentence}", called(at)), &numbers));
        };
        if let Some(reason) = never(rule) {
            say("project_rule_never", format!("{reason}，这条规则不会成立，请改门槛"));
        }
        let first = rules[..at].iter().position(|other| other.fires_alike(rule));
        if let Some(first) = first {
            say("project_rule_twice", format!("与第 {} 条看的数、门槛和项目都一样，请删去一条", first + 1));
        }
        if rule.gives == Gives::Leave && !windows.is_empty() && !windows.iter().any(|window| window.leave) {
            say(
                "project_leave_closed",
                "建议退库，但 project_window 没有可以退库的月份，请补写 for = \"leave\"".to_owned(),
            );
        }
    }
    for (at, level) in levels.iter().enumerate().skip(1) {
        let below = &levels[at - 1];
        let same = (level.min_total, level.min_equipment, level.started)
            == (below.min_total, below.min_equipment, below.started);
        if same {
            let message = format!(
                "{}级和{}级项目库的门槛一样，项目都算{}级，{}级不会有项目",
                below.name, level.name, level.name, below.name
            );
            findings.push(finding("project_level_empty", message, &[("level", below.name.clone())]));
        }
    }
    findings
}

/// Why no project can ever be within a rule's bounds.
fn never(rule: &ProjectRule) -> Option<&'static str> {
    let whole = Rate::ONE;
    // A project that is overdue or silent is so for a month at least.
    let least = match rule.test {
        Test::StartOverdue | Test::FinishOverdue | Test::SilentMonths => Rate::ONE,
        _ => Rate::ZERO,
    };
    let below_least = rule.below.is_some_and(|below| below <= least);
    let between = rule.over.zip(rule.below).is_some_and(|(over, below)| below.minus(over) <= Rate::ONE);
    match rule.test {
        Test::BehindPoints => {
            let far = rule.from.is_some_and(|from| from > whole) || rule.over.is_some_and(|over| over >= whole);
            far.then_some("落后进度最多 100 个百分点")
        }
        Test::PaceShare => below_least.then_some("完成数占进度的%不会小于 0"),
        _ if below_least && least == Rate::ONE => Some("超期、没有报送的至少是 1 个月"),
        _ if below_least => Some("月数不会小于 0"),
        _ => between.then_some("月数是整数，over 和 below 之间没有整数"),
    }
}

fn findings_of_calendar(calendar: &Calendar) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(rule) = calendar.deadline.filter(|rule| rule.assumed) {
        let source = calendar.source.as_ref().map(|source| format!("（{source}）")).unwrap_or_default();
        let message = format!("文件没有规定报送日期，暂按每期 {} 日{source}，请办公室确认", rule.day);
        findings.push(finding("deadline_assumed", message, &[("day", rule.day.to_string())]));
    }
    if let Some(rule) = calendar.deadline.filter(|rule| rule.of == DeadlineOf::LastMonthOfPeriod)
        && calendar.final_report.is_none()
        && rule.day < 28
    {
        let message = format!(
            "12月的数在当月 {} 日前报送，年底还有几天没有计入，计划没有安排年终定报：结论按截至 12 月 {} 日的数；\
             需要定报的请补写 final = {{ month = 1, day = 15 }}",
            rule.day, rule.day
        );
        findings.push(finding("no_final", message, &[("day", rule.day.to_string())]));
    }
    findings.extend(
        calendar.assumed.iter().map(|sentence| finding("assumed", format!("文件未写明，本计划假定：{sentence}"), &[])),
    );
    findings
}

/// Findings of one goal: its split against its target, its nested rows, its years.
pub fn findings_of_goal(plan: &Plan, goal: &Goal) -> Vec<Finding> {
    let mut findings = Vec::new();
    for year in plan.years.0..=plan.years.1 {
        findings.extend(split_total(goal, year));
        findings.extend(implied_base(goal, year));
        findings.extend(within_exceeds_parent(goal, year));
    }
    findings.extend(no_target(goal));
    findings.extend(within(goal));
    findings.extend(yearly_sum(goal));
    findings.extend(average_growth(goal));
    findings.extend(start_unknown(goal));
    findings
}

/// A level whose start nobody wrote down has no pace.
fn start_unknown(goal: &Goal) -> Option<Finding> {
    let unknown = goal.meaning.stock.is_some_and(|stock| stock.start.is_none()) && !goal.meaning.watched;
    unknown.then(|| {
        let message = format!("{}：是存量，没有写起点，没有序时进度；请补写 start = \"…\"（年初数）", goal.name);
        finding("start_unknown", message, &[("goal", goal.id.clone())])
    })
}

/// Words of 牵头单位 and 责任单位 that name none of the declared units: they are shown, and give nobody a duty.
fn units_unknown(plan: &Plan) -> Vec<Finding> {
    if plan.units.is_empty() {
        return Vec::new();
    }
    let split = plan.goals.iter().any(|goal| goal.splits.iter().any(|row| !row.declared));
    let together = |words: &str| {
        let declared = |sort: Sort| plan.units.iter().any(|unit| unit.sort == sort);
        Sort::named(words).is_some_and(|sort| declared(sort) || (sort == Sort::Region && split))
    };
    let known = |words: &str| together(words) || plan.units.iter().any(|unit| unit.is_named(words));
    let mut unknown: Vec<&str> = Vec::new();
    for words in plan.goals.iter().flat_map(|goal| goal.lead.iter().chain(&goal.responsible)) {
        if !known(words) && !unknown.contains(&words.as_str()) {
            unknown.push(words);
        }
    }
    let message = |words: &str| format!("“{words}”没有对应的 [[unit]]：照原文列出，不产生报送任务");
    unknown.into_iter().map(|words| finding("unit_unknown", message(words), &[("unit", words.to_owned())])).collect()
}

/// Rows that add up: neither nested nor without a target.
fn parts(goal: &Goal, year: i32) -> Vec<(&Split, Target)> {
    goal.splits
        .iter()
        .filter(|split| split.within.is_none() && !split.no_target)
        .filter_map(|split| Some((split, split.target(year)?)))
        .collect()
}

fn split_total(goal: &Goal, year: i32) -> Option<Finding> {
    if !goal.kind.adds_up() {
        return None;
    }
    let stated = goal.target(year)?.value?;
    let parts = parts(goal, year);
    let values: Vec<Amount> = parts.iter().filter_map(|(_, target)| target.value).collect();
    let sum: Amount = values.iter().copied().sum();
    if values.is_empty() || sum == stated {
        return None;
    }
    let measure = &goal.measure;
    let difference = Amount((sum.0 - stated.0).abs());
    let more = if sum > stated { "多" } else { "少" };
    let message = format!(
        "分项目标合计 {}{unit}，与总目标 {}{unit} 相差 {}{unit}（分项{more}）；以各自写明的数为准，不作调整",
        measure.format(sum),
        measure.format(stated),
        measure.format(difference),
        unit = measure.unit,
    );
    let numbers =
        [("parts", measure.plain(sum)), ("stated", measure.plain(stated)), ("difference", measure.plain(difference))];
    Some(finding("split_total", message, &numbers))
}

/// numerator ÷ denominator × 10^digits, rounded half away from zero, whatever the sign of either.
fn rounded(numerator: i128, denominator: i128, digits: u32) -> i128 {
    let sign = denominator.signum();
    round_to(numerator * sign, denominator * sign, digits)
}

/// target ÷ (1 + growth), rounded half away from zero to whole 元. Amounts end at 10^15 and percentages at 8 decimals:
/// nothing here comes near the end of an `i128`.
fn implied(target: &Target) -> Option<i128> {
    let factor = target.growth?.plus(Rate::ONE);
    let product = i128::from(target.value?.0).checked_mul(factor.denominator())?;
    (factor != Rate::ZERO).then(|| rounded(product, factor.numerator(), 0))
}

/// Σ implied bases of the parts against the total's, and the weighted growth they mean.
fn implied_base(goal: &Goal, year: i32) -> Vec<Finding> {
    let Some(total) = goal.target(year) else { return Vec::new() };
    let parts = parts(goal, year);
    let bases: Option<Vec<i128>> = parts.iter().map(|(_, target)| implied(target)).collect();
    let (Some(bases), Some(stated_base), Some(stated_growth)) = (bases, implied(&total), total.growth) else {
        return Vec::new();
    };
    let sum: i128 = bases.iter().sum();
    if bases.is_empty() || !goal.measure.money || sum == 0 {
        return Vec::new();
    }
    let in_unit = |yuan: i128| print_scaled(rounded(yuan, i128::from(goal.measure.per_unit), 2), 2);
    let mut findings = Vec::new();
    let difference = (sum - stated_base).abs();
    if difference >= 1_000_000 {
        let (of_parts, of_total) = (in_unit(sum), in_unit(stated_base));
        let message = format!(
            "由目标和增幅倒推，各分项的上年基数合计 {of_parts}{unit}，由总目标倒推为 {of_total}{unit}，两者不一致",
            unit = goal.measure.unit
        );
        let numbers = [("parts", of_parts), ("stated", of_total), ("difference", in_unit(difference))];
        findings.push(finding("implied_base", message, &numbers));
    }
    let targets: i128 = parts.iter().filter_map(|(_, target)| target.value).map(|value| i128::from(value.0)).sum();
    // In percent with one decimal.
    let (weighted, stated) = (print_scaled(rounded(targets - sum, sum, 3), 1), stated_growth.percent(1));
    if weighted != stated {
        let plain = stated_growth.percent_as_written();
        let message = format!("各分项目标合起来相当于增长 {weighted}%，总目标的增幅是 {plain}%，两者不一致");
        findings.push(finding("weighted_growth", message, &[("parts", weighted), ("stated", plain)]));
    }
    findings
}

fn no_target(goal: &Goal) -> Vec<Finding> {
    let without: Vec<&Split> = goal.splits.iter().filter(|split| split.no_target && !split.declared).collect();
    // A line for each would bury the other findings.
    if without.len() > 3 {
        let regions: Vec<&str> = without.iter().map(|split| split.region.as_str()).collect();
        let message = format!(
            "{}、{}等{}个单位没有{}目标（文件写“/”）：列在表内，不排位，也不算未报",
            without[0].name,
            without[1].name,
            without.len(),
            goal.name
        );
        return vec![finding("no_target", message, &[("regions", regions.join(","))])];
    }
    without
        .into_iter()
        .map(|split| {
            let message = format!("{}没有{}目标（文件写“/”）：列在表内，不排位，也不算未报", split.name, goal.name);
            finding("no_target", message, &[("region", split.region.clone())])
        })
        .collect()
}

fn within(goal: &Goal) -> Vec<Finding> {
    let nested = goal.splits.iter().filter_map(|split| Some((split, goal.split(split.within.as_deref()?)?)));
    nested
        .map(|(split, parent)| {
            let message = format!("{}含在{}之内：列在其下，不重复相加，不单独排位", split.name, parent.name);
            finding("within", message, &[("region", split.region.clone()), ("parent", parent.region.clone())])
        })
        .collect()
}

fn within_exceeds_parent(goal: &Goal, year: i32) -> Vec<Finding> {
    let value = |split: &Split| split.target(year).and_then(|target| target.value);
    let mut findings = Vec::new();
    let mut inside: BTreeMap<&str, i64> = BTreeMap::new();
    for split in &goal.splits {
        if let Some((within, value)) = split.within.as_deref().zip(value(split)) {
            *inside.entry(within).or_default() += value.0;
        }
    }
    for parent in &goal.splits {
        let sum = Amount(inside.get(parent.region.as_str()).copied().unwrap_or_default());
        if let Some(own) = value(parent)
            && goal.kind.adds_up()
            && sum > own
        {
            let (sum, own) = (goal.measure.format(sum), goal.measure.format(own));
            let message = format!(
                "{}之内各项的目标合计 {sum}{unit}，超过它自己的 {own}{unit}",
                parent.name,
                unit = goal.measure.unit
            );
            findings.push(finding("within_exceeds_parent", message, &[("inside", sum), ("parent", own)]));
        }
    }
    findings
}

fn yearly_sum(goal: &Goal) -> Option<Finding> {
    let whole = goal.whole.filter(|_| goal.kind.adds_up())?;
    let years: Option<Vec<Amount>> = (whole.from..=whole.to).map(|year| goal.target(year)?.value).collect();
    let years = years?;
    let sum: Amount = years.iter().copied().sum();
    let measure = &goal.measure;
    let terms: Vec<String> = years.iter().map(|&year| measure.plain(year)).collect();
    let verdict = if sum == whole.value { "一致" } else { "不一致" };
    let message = format!(
        "{}：各年目标 {} = {}，与 {}—{} 年合计 {} {verdict}",
        goal.name,
        terms.join("+"),
        measure.plain(sum),
        whole.from,
        whole.to,
        measure.plain(whole.value),
    );
    Some(finding("yearly_sum", message, &[("years", measure.plain(sum)), ("whole", measure.plain(whole.value))]))
}

fn average_growth(goal: &Goal) -> Option<Finding> {
    (goal.kind == Kind::AverageGrowth).then(|| {
        let message = format!("{}：文件没有说明“年均”按复合平均还是算术平均，暂按复合平均，请办公室确定", goal.name);
        finding("average_growth_undefined", message, &[])
    })
}

/// Findings of an assessment rule.
pub fn findings_of_assessment(plan: &Plan, assessment: &Assessment) -> Vec<Finding> {
    let goal = plan.goal(&assessment.goal);
    let mut findings: Vec<Finding> = goal.and_then(|goal| growth_alone(goal, assessment)).into_iter().collect();
    let unweighed: Vec<&str> =
        assessment.components.iter().filter(|part| !part.is_weighed()).map(|part| part.name.as_str()).collect();
    if assessment.rules.rank_by == RankBy::Score && !unweighed.is_empty() {
        let message = format!("文件没有规定{}的权重：补齐之前按完成率排位，不产生奖惩", unweighed.join("、"));
        findings.push(finding("weights_missing", message, &[]));
    }
    let always = |from: From| assessment.awards.iter().any(|list| list.from == from && list.when == When::Always);
    let has = |from: From| assessment.awards.iter().any(|list| list.from == from);
    if (always(From::Top) && has(From::Bottom)) || (always(From::Bottom) && has(From::Top)) {
        let message = "有一项奖惩不看是否完成：单位少时，同一单位可能同时列入前几位和后几位".to_owned();
        findings.push(finding("always_overlaps", message, &[]));
    }
    findings
}

/// Every unit has a growth target alone, and the rule asks for a value: nobody can complete.
fn growth_alone(goal: &Goal, assessment: &Assessment) -> Option<Finding> {
    let targets = || goal.splits.iter().flat_map(|split| &split.targets);
    let alone = targets().all(|target| target.value.is_none()) && targets().any(|target| target.growth.is_some());
    let whole = goal.splits.iter().any(|split| split.whole.is_some());
    (alone && !whole && assessment.rules.completed_when != CompletedWhen::Growth && !assessment.awards.is_empty()).then(
        || {
            let message = format!(
                "{}：各单位只有增幅目标，而“完成”按总量判定，谁都无法判定是否完成；请写 completed_when = \"growth\"",
                goal.name
            );
            finding("growth_alone", message, &[])
        },
    )
}

/// The pace follows last year's shape, and last year is not (or not yet) known.
pub fn pace_unknown(goal: &Goal, period: Option<Period>) -> Finding {
    let when = period.map(|period| format!("{}：", period.label())).unwrap_or_default();
    let message = format!("{when}{}的序时进度按上年进度计算，缺上年数据的单位没有序时进度", goal.name);
    finding("pace_unknown", message, &[])
}
