//! Average growth over years, judged exactly: Π(1 + gᵢ) against (1 + t)ⁿ.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed};
use serde::{Deserialize, Serialize};

use super::{GoalRow, Quantity, Scene, Verdict, finding};
use crate::calendar::{at_shanghai, chinese_date};
use crate::money::Amount;
use crate::month::Period;
use crate::plan::meaning::{AverageBy, ChosenAverage, Made};
use crate::plan::{Direction, Goal};
use crate::rate::{Rate, big_percent_beside};
use crate::standing::compute;

/// What the growths of the years come to; percentages as printed, rounded half up to one decimal, with more digits
/// while the rounded one would contradict the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Average {
    /// 复合平均: the n-th root of Π(1 + gᵢ), less 1.
    pub compound: Option<String>,
    /// 算术平均.
    pub arithmetic: Option<String>,
    /// The compound average that the amounts of the last and of the base year mean.
    pub from_amounts: Option<String>,
    /// The growth that each remaining year needs; `None` where none remains.
    pub needed: Option<String>,
    /// Years that are over and whose growth nobody has stated.
    pub missing_years: Vec<i32>,
    /// Which of them judges, where somebody chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<AverageBy>,
}

/// What is known of the years of an average.
struct Years {
    /// The years of the span that are over, rising, with the growth of each.
    over: Vec<(i32, Option<Rate>)>,
    /// Years of the span still to come.
    remaining: u32,
    /// The amounts of the last year that is over and of the base year.
    amounts: Option<(Amount, Amount)>,
    /// An average that was itself stated, in %.
    stated: Option<Amount>,
}

pub(super) fn fill(scene: &Scene<'_>, row: &mut GoalRow) {
    let goal = scene.goal;
    let Some((from, to, target)) = span(scene) else { return };
    row.span = Some((from, to));
    row.target = Some(Quantity::Amount(target));
    let years = Years::of(scene, from, to);
    row.value = years.stated.map(Quantity::Amount);
    let Some(aim) = scene.as_share(target).map(Rate::to_big) else { return };
    let known: Option<Vec<BigRational>> =
        years.over.iter().map(|(_, growth)| growth.map(|growth| growth.to_big())).collect();
    let missing: Vec<i32> = years.over.iter().filter(|(_, growth)| growth.is_none()).map(|(year, _)| *year).collect();
    let chosen = goal.meaning.judged_by.as_ref();
    let judged_by = chosen.map(|chosen| chosen.by);
    let mut average = Average { missing_years: missing.clone(), judged_by, ..Average::default() };
    row.findings.extend(chosen.map(|chosen| told(goal, chosen)));
    let mut verdict = None;
    if let Some(growths) = known.filter(|growths| !growths.is_empty()) {
        let n = growths.len() as u32;
        let product: BigRational = growths.iter().map(|growth| growth + BigRational::one()).product();
        verdict = Some(so_far(scene, (&product, n), &aim, years.remaining));
        average.compound = Some(printed_root(&product, n, &aim));
        let sum: BigRational = growths.iter().cloned().sum();
        let mean = sum / BigRational::from_integer(BigInt::from(n));
        average.arithmetic = Some(match judged_by {
            Some(AverageBy::Arithmetic) => big_percent_beside(&mean, &aim),
            _ => percent(&mean, 1),
        });
        if judged_by == Some(AverageBy::Arithmetic) {
            // A mean is its own first root.
            verdict = Some(so_far(scene, (&(mean + BigRational::one()), 1), &aim, years.remaining));
        }
        average.needed = needed(&product, &aim, (n, years.remaining));
        let ratio = years.ratio();
        if judged_by == Some(AverageBy::Amounts) {
            verdict = ratio.as_ref().map(|ratio| so_far(scene, (ratio, n), &aim, years.remaining));
            if ratio.is_none() {
                let message = format!("{}：缺末年或基年的数，选定的算法算不出年均增速", goal.name);
                row.findings.push(finding("amounts_missing", message));
                row.verdict = Verdict::Undecided;
                row.average = Some(average);
                return;
            }
        }
        if let Some(ratio) = ratio {
            average.from_amounts = Some(printed_root(&ratio, n, &aim));
            let by_amounts = Verdict::level(goal.direction, side(&ratio, &aim, n));
            let by_growths = Verdict::level(goal.direction, side(&product, &aim, n));
            if by_amounts != by_growths && chosen.is_none() {
                row.findings.push(apart(goal, &average));
                row.verdict = Verdict::Undecided;
                row.average = Some(average);
                return;
            }
        }
    }
    if !missing.is_empty() {
        let named: Vec<String> = missing.iter().map(|year| format!("{year}年")).collect();
        let message = format!("{}：缺{}的增幅，年均增速无法判断", goal.name, named.join("、"));
        row.findings.push(finding("missing_years", message));
    }
    row.verdict = match (verdict, years.stated) {
        (Some(verdict), _) => verdict,
        (None, Some(stated)) => Verdict::level(goal.direction, stated.cmp(&target)),
        (None, None) if !missing.is_empty() => Verdict::Undecided,
        (None, None) => Verdict::NotDue,
    };
    row.average = Some(average);
}

/// The first and last year, and the target in the goal's unit: over the span, or the one of the plan's last year.
fn span(scene: &Scene<'_>) -> Option<(i32, i32, Amount)> {
    let goal = scene.goal;
    if let Some(whole) = goal.whole {
        return Some((whole.from, whole.to, whole.value));
    }
    let target = goal.targets.iter().rev().find(|target| target.year >= scene.own.year).or(goal.targets.last())?;
    let from = goal.base_year.map_or(scene.plan.years.0, |base| base + 1);
    Some((from, target.year, target.value?))
}

impl Years {
    fn of(scene: &Scene<'_>, from: i32, to: i32) -> Self {
        let over = from..=to.min(if scene.own.is_year_end() { scene.own.year } else { scene.own.year - 1 });
        let total = |year: i32| {
            let (goal, period) = (source(scene), Period { year, month: 12 });
            compute(scene.plan, goal, scene.figures, period, scene.plan.rules(&goal.id)).total
        };
        let own = matches!(scene.goal.meaning.made, Made::Reported);
        let last = *over.end();
        let growth = |year: i32| {
            if own {
                // Its own rows: the growth of each year; their value is the average itself.
                let figure = scene.figures.get(&scene.goal.id, Period { year, month: 12 }, scene.plan.region.id());
                return figure.and_then(|figure| figure.published_growth);
            }
            total(year).growth
        };
        let base_year = scene.goal.base_year.unwrap_or(from - 1);
        let amounts = (!own && last >= from).then(|| {
            let start = total(base_year).value.or_else(|| total(from).base.filter(|_| base_year == from - 1));
            total(last).value.zip(start)
        });
        let stated = scene.figures.get(&scene.goal.id, scene.own, scene.plan.region.id());
        Self {
            remaining: u32::try_from(to - last.max(from - 1)).unwrap_or(0),
            over: over.map(|year| (year, growth(year))).collect(),
            amounts: amounts.flatten(),
            stated: stated.and_then(|figure| figure.value),
        }
    }

    /// Vₙ ÷ V₀; `None` without both, or from nothing.
    fn ratio(&self) -> Option<BigRational> {
        let (last, base) = self.amounts.filter(|(_, base)| base.0 > 0)?;
        Some(BigRational::new(BigInt::from(last.0), BigInt::from(base.0)))
    }
}

/// Whose growths are averaged.
fn source<'a>(scene: &Scene<'a>) -> &'a Goal {
    match &scene.goal.meaning.made {
        Made::AverageOf(id) => scene.plan.goal(id).unwrap_or(scene.goal),
        _ => scene.goal,
    }
}

/// Π against (1 + t)ⁿ: what the compound average is against the target.
fn side(product: &BigRational, aim: &BigRational, n: u32) -> Ordering {
    product.cmp(&num_traits::pow(aim + BigRational::one(), n as usize))
}

/// Of the years that are over: before the last one an average is on its way, and can still be lost.
fn so_far(scene: &Scene<'_>, (product, n): (&BigRational, u32), aim: &BigRational, remaining: u32) -> Verdict {
    let direction = scene.goal.direction;
    let verdict = Verdict::level(direction, side(product, aim, n));
    let near = scene.plan.near.to_big();
    let near = if direction == Direction::AtMost { aim + near } else { aim - near };
    match verdict {
        Verdict::Reached if remaining > 0 => Verdict::OnPace,
        Verdict::NotReached if remaining > 0 => match Verdict::level(direction, side(product, &near, n)) {
            Verdict::Reached => Verdict::Near,
            _ => Verdict::Behind,
        },
        verdict => verdict,
    }
}

/// Who chose, when, which and why: pages, bulletin and papers print it.
fn told(goal: &Goal, chosen: &ChosenAverage) -> crate::plan::check::Finding {
    let day = chinese_date(at_shanghai(chosen.at).date_naive());
    let (by, actor, reason) = (chosen.by.name(), &chosen.actor, chosen.reason.trim_end_matches('。'));
    let message = format!("{}：按{by}判断，{actor}于{day}选定，理由：{reason}", goal.name);
    finding("average_chosen", message)
}

/// Both come to other verdicts: somebody has to choose.
fn apart(goal: &Goal, average: &Average) -> crate::plan::check::Finding {
    let printed = |text: &Option<String>| text.clone().unwrap_or_default();
    let (growths, amounts) = (printed(&average.compound), printed(&average.from_amounts));
    let message = format!(
        "{}：按各年公布的增幅，复合平均{growths}%；按末年与基年的数，复合平均{amounts}%；两者的结论不同，请办公室选定",
        goal.name
    );
    let mut found = finding("average_differs", message);
    found.numbers.insert("compound".to_owned(), growths);
    found.numbers.insert("from_amounts".to_owned(), amounts);
    found
}

/// The growth of each remaining year that brings the average to its target.
fn needed(product: &BigRational, aim: &BigRational, (n, remaining): (u32, u32)) -> Option<String> {
    if remaining == 0 || !product.is_positive() {
        return None;
    }
    let all = num_traits::pow(aim + BigRational::one(), (n + remaining) as usize);
    Some(root_percent(&(all / product), remaining, 1))
}

/// The n-th root less 1 as a percentage; more digits while the rounded one stands on another side of the target.
fn printed_root(power: &BigRational, n: u32, aim: &BigRational) -> String {
    let exact = side(power, aim, n);
    let fits = |digits: &u32| {
        let scaled = root_scaled(power, n, *digits);
        let shown = BigRational::new(scaled, BigInt::from(10).pow(*digits + 2));
        shown.cmp(aim) == exact
    };
    let digits = (1..=8).find(fits).unwrap_or(8);
    root_percent(power, n, digits)
}

fn root_percent(power: &BigRational, n: u32, digits: u32) -> String {
    percent(&BigRational::new(root_scaled(power, n, digits), BigInt::from(10).pow(digits + 2)), digits)
}

/// The n-th root less 1 in units of 10^-(digits + 2), rounded half up: the largest k whose lower edge, k − ½, is not
/// above it. Exact: only whole powers are compared.
fn root_scaled(power: &BigRational, n: u32, digits: u32) -> BigInt {
    let scale = BigInt::from(10).pow(digits + 2);
    let twice = BigRational::from_integer(&scale * 2);
    // (1 + (2k − 1) / 2s)ⁿ ≤ power
    let holds = |k: &BigInt| {
        let edge = BigRational::one() + BigRational::from_integer(k * 2 - 1) / &twice;
        edge.is_negative() || num_traits::pow(edge, n as usize) <= *power
    };
    let mut low = -scale.clone();
    let mut high = scale.clone();
    while holds(&high) {
        high *= 2;
    }
    while &high - &low > BigInt::one() {
        let middle: BigInt = (&low + &high) / 2;
        if holds(&middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn percent(share: &BigRational, digits: u32) -> String {
    crate::rate::big_percent(share, digits)
}
