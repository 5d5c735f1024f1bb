//! Made-up figures of all goals of a plan: what its document sets for the year, along the common curve, some ahead and
//! some behind, always the same.

use domain::money::Amount;
use domain::month::Period;
use domain::plan::meaning::{Each, Made};
use domain::plan::{Direction, Goal, Kind, Plan};

use super::{SEED, SHAPE, mix, round_step};

/// Published growth of the goals whose average over the years is judged: plan, year, percent.
const GROWTH: [(&str, i32, &str); 7] = [
    ("fengze-2022", 2021, "26.4"),
    ("fengze-2022", 2022, "23.8"),
    ("fengze-2022", 2023, "25.6"),
    ("longnan-2022", 2022, "24"),
    ("longnan-2022", 2023, "15"),
    ("longnan-2022", 2024, "21"),
    ("longnan-2022", 2025, "19.5"),
];

/// The returns file of one period: every goal that is due, but the ranked one, whose units have curves of their own;
/// `None` where nothing is.
pub(super) fn csv(plan: &Plan, period: Period) -> Option<String> {
    let ranked = |goal: &Goal| goal.id == plan.default_goal().id && goal.splits.iter().any(|split| !split.declared);
    let mut lines = vec!["goal,region,period,value,base,growth_pct,note".to_owned()];
    for goal in plan.goals.iter().filter(|goal| plan.is_due(goal, &plan.round_of(goal, period)) && !ranked(goal)) {
        match &goal.meaning.made {
            Made::ShareOf { .. } | Made::AverageOf(_) => {}
            _ if goal.kind == Kind::AverageGrowth || !goal.has_figure() => {}
            Made::Each(Each { target: Some(target), .. }) => lines.extend(of_each(goal, *target, period)),
            Made::Reported | Made::Each(_) => lines.extend(reported(plan, goal, period)),
        }
    }
    (lines.len() > 1).then(|| lines.join("\n") + "\n")
}

/// Always the same number for a word.
pub(super) fn number(word: &str, below: u64) -> i64 {
    (word.bytes().fold(SEED, |hash, byte| mix(hash ^ u64::from(byte))) % below) as i64
}

fn line(goal: &Goal, name: &str, period: Period, [value, base, growth]: [String; 3]) -> String {
    format!("{},{name},{period},{value},{base},{growth},演示数据，非官方统计", goal.id)
}

/// How many of them each unit or industry has: about what is asked of it.
fn of_each(goal: &Goal, target: Amount, period: Period) -> Vec<String> {
    let done = |split: &domain::plan::Split| {
        let more = number(&format!("{}{}", goal.id, split.region), 4) - 1;
        let whole = target.0 + more * step(goal, target.0);
        round_step(times(whole, &[SHAPE[period.month as usize]]).max(0), step(goal, target.0))
    };
    let plain = |amount: i64| goal.measure.plain(Amount(amount));
    goal.splits
        .iter()
        .map(|split| line(goal, &split.name, period, [plain(done(split)), String::new(), String::new()]))
        .collect()
}

/// What a figure is a multiple of: whole pieces, hundredths of a percentage, sums of some size.
fn step(goal: &Goal, amount: i64) -> i64 {
    let stated = goal.meaning.step.map(|step| step.0);
    stated.unwrap_or(match goal.kind {
        Kind::Count => goal.measure.per_unit,
        Kind::Amount => if amount >= 1_000_000_000 { 1_000_000 } else { 10_000 }.min(goal.measure.per_unit),
        _ if goal.measure.is_percentage() => goal.measure.per_unit / 10,
        _ => goal.measure.per_unit / 1000,
    })
}

/// The goal's total, or what each unit that reports it says.
fn reported(plan: &Plan, goal: &Goal, period: Period) -> Vec<String> {
    let total = total(goal, period);
    let size = step(goal, total);
    let plain = |amount: i64| goal.measure.plain(Amount(amount));
    // Last year's figure of what has no target, so that it has a growth.
    let base = |value: i64| {
        let is_needed = goal.meaning.watched && !matches!(goal.kind, Kind::Ratio | Kind::Growth);
        let growth = 1_040 + number(&goal.id, 180);
        is_needed.then(|| plain(round_step(value * 1_000 / growth, size)))
    };
    let cells = |value: i64| [plain(value), base(value).unwrap_or_default(), String::new()];
    let published = GROWTH.iter().find(|(of, year, _)| *of == plan.id && *year == period.year);
    if let Some((.., growth)) = published.filter(|_| goal.id == "investment") {
        return vec![line(goal, &plan.region.name, period, [plain(total), String::new(), (*growth).to_owned()])];
    }
    let mut lines = match goal.splits.len() as i64 {
        0 => vec![line(goal, &plan.region.name, period, cells(total))],
        units => {
            let share = |index: i64| match goal.kind {
                // Rates that are only compared: each has its own, and moves.
                Kind::Ratio if goal.meaning.watched => {
                    let seed = format!("{}{}{}", goal.id, goal.splits[index as usize].region, period.month);
                    (total + (number(&seed, 120) - 60) * size).min(100 * goal.measure.per_unit)
                }
                // Each has its own rate.
                Kind::Ratio | Kind::Growth | Kind::Completion => {
                    total + (number(&goal.splits[index as usize].region, 9) - 4) * size
                }
                // What is counted once is one unit's.
                _ => {
                    round_down(total / units * (index + 1) + total % units * (index + 1) / units, size)
                        - round_down(total / units * index + total % units * index / units, size)
                }
            };
            let of_unit = |(index, split): (usize, &domain::plan::Split)| {
                line(goal, &split.name, period, cells(share(index as i64)))
            };
            let mut lines: Vec<String> = goal.splits.iter().enumerate().map(of_unit).collect();
            if matches!(goal.kind, Kind::Ratio | Kind::Growth | Kind::Completion) {
                lines.push(line(goal, &plan.region.name, period, cells(total)));
            }
            lines
        }
    };
    // 全市平均水平: what the office states as the reference.
    if let Some(words) = &goal.meaning.compared_with {
        let worse = if goal.direction == Direction::AtMost { size * 3 } else { -size * 3 };
        lines.push(line(goal, words, period, [plain(total + worse), String::new(), String::new()]));
    }
    lines
}

fn round_down(amount: i64, step: i64) -> i64 {
    amount / step * step
}

/// `amount` times factors in thousandths, to the nearest.
fn times(amount: i64, thousandths: &[i64]) -> i64 {
    let whole = thousandths.iter().map(|factor| i128::from(*factor)).product::<i128>() * i128::from(amount);
    let of = 1_000_i128.pow(thousandths.len() as u32);
    ((whole + whole.signum() * of / 2) / of) as i64
}

/// Where the whole stands at the end of a period.
fn total(goal: &Goal, period: Period) -> i64 {
    let unit = goal.measure.per_unit;
    let target = goal.target(period.year).and_then(|target| target.value).map(|value| value.0);
    // Eight to eleven tenths of what is asked for by then.
    let end = 800 + number(&goal.id, 300);
    let share = SHAPE[period.month as usize];
    if let Some(whole) = goal.whole_in(period.year).filter(|_| goal.kind.is_flow() && !goal.is_stock()) {
        // Since the start of its span, less what stood at the end of the year before.
        let years = i64::from(whole.to - whole.from + 1);
        let size = step(goal, whole.value.0);
        let since = |years_before: i64, share: i64| {
            round_step(times(whole.value.0, &[(years_before * 1_000 + share) / years, end]), size)
        };
        let before = i64::from(period.year - whole.from);
        return since(before, share) - if before > 0 { since(before - 1, 1_000) } else { 0 };
    }
    let whole = goal.whole_in(period.year).map(|whole| whole.value.0);
    let aim = target.or(whole).or(goal.implied_target().map(|target| target.0));
    let reached = match (goal.kind, aim) {
        (Kind::Ratio | Kind::Growth, Some(aim)) => times(aim, &[980 + number(&goal.id, 40)]),
        (Kind::Ratio, None) if goal.measure.is_percentage() => unit * (70 + number(&goal.id, 25)),
        (Kind::Ratio, None) => times(unit, &[300 + number(&goal.id, 200)]),
        (Kind::Growth, None) => times(unit, &[6_000 + number(&goal.id, 6_000)]),
        (_, None) => times(unit * (90 + number(&goal.id, 60)), &[share]),
        (_, Some(aim)) => match goal.meaning.stock {
            Some(stock) => {
                let start = stock.start.map_or(aim / 2, |start| start.0);
                start + times(aim - start, &[share, end])
            }
            None => times(aim, &[share, end]),
        },
    };
    round_step(reached, step(goal, reached))
}
