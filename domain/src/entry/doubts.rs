//! What is doubtful about a figure: one set of checks for the entry form, files, tables and pastes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Field;
use super::due::FEW;
use super::lines::{EntryLine, line_of};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::Plan;
use crate::rate::Rate;
use crate::returns::{Figures, ReturnRow, unit_slip};

/// Which soft check speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    BelowPrevious,
    /// A correction above what was reported for a later month.
    AboveNext,
    SameAsPrevious,
    Step,
    Growth,
    OverTarget,
    WithinExceeds,
    /// About 10 000 times last month's, or its ten-thousandth.
    UnitSlip,
    /// Far outside what the target makes due by this month.
    OffTarget,
    /// Likewise last year's figure, and this year's against it.
    OffBase,
    BaseDiffers,
    /// A base of zero gives no growth.
    NoGrowth,
    Negative,
}

impl Doubt {
    /// As a sentence about many figures says it.
    pub fn name(self) -> &'static str {
        match self {
            Doubt::BelowPrevious => "本期累计小于上期累计",
            Doubt::AboveNext => "本期累计大于后面月份的累计",
            Doubt::SameAsPrevious => "本期累计与上期累计相同",
            Doubt::Step => "本月的数与去年同月或计划进度相差过多",
            Doubt::Growth => "同比增幅过大或过小",
            Doubt::OverTarget => "本期累计超过年度目标的150%",
            Doubt::WithinExceeds => "其中数大于所在单位的数",
            Doubt::UnitSlip | Doubt::OffTarget => "本期累计像是单位写错",
            Doubt::OffBase => "去年同期像是单位写错",
            Doubt::BaseDiffers => "去年同期与系统里去年的数不同",
            Doubt::NoGrowth => "去年同期为零，算不出增幅",
            Doubt::Negative => "有负数",
        }
    }

    /// What a file's import waits for, by the word that accepts it; the others are told and stop nothing there.
    pub fn stops_import(self) -> Option<&'static str> {
        match self {
            Doubt::BelowPrevious | Doubt::AboveNext => Some("fall"),
            Doubt::UnitSlip | Doubt::OffTarget | Doubt::OffBase => Some("scale"),
            Doubt::Negative => Some("negative"),
            Doubt::WithinExceeds => Some("within"),
            Doubt::SameAsPrevious
            | Doubt::Step
            | Doubt::Growth
            | Doubt::OverTarget
            | Doubt::BaseDiffers
            | Doubt::NoGrowth => None,
        }
    }
}

/// One sentence about one box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub field: Field,
    /// What is the matter, without what to do about it and without a full stop.
    pub fact: String,
    pub sentence: String,
    /// `None` for a hard check.
    pub doubt: Option<Doubt>,
}

fn remark(doubt: Doubt, field: Field, fact: String, ask: &str) -> Remark {
    Remark { field, sentence: format!("{fact}。{ask}"), fact, doubt: Some(doubt) }
}

/// So many times apart, this year's figure and last year's are not in one unit.
const APART: i128 = 200;

/// All that is doubtful about a row's figures.
pub(super) fn of_figure(
    line: &EntryLine,
    value: Option<Amount>,
    base: Option<Amount>,
    growth: Option<Rate>,
) -> Vec<Remark> {
    let mut found = Vec::new();
    if let Some(value) = value {
        of_value(line, value, base, &mut found);
    }
    found.extend(growth.and_then(of_growth));
    if let Some(base) = base {
        of_base(line, value, base, &mut found);
    }
    found
}

fn of_value(line: &EntryLine, value: Amount, base: Option<Amount>, found: &mut Vec<Remark>) {
    let measure = &line.measure;
    let amount = |amount: Amount| measure.visible_with_unit(amount);
    if value.0 < 0 && line.flow {
        let fact = format!("本期累计{}是负数", amount(value));
        found.push(remark(Doubt::Negative, Field::Value, fact, "累计一般不会是负数，请改正或写说明。"));
    }
    let slip = line.previous.and_then(|(at, before)| unit_slip(measure, value, at, before));
    let off_target = || line.due.and_then(|due| due.far(measure, line.month, "本期累计", value));
    let far = match slip {
        Some(fact) => Some((Doubt::UnitSlip, fact)),
        None => off_target().map(|fact| (Doubt::OffTarget, fact)),
    };
    let is_far = far.as_ref().map(|(doubt, _)| *doubt);
    found.extend(far.map(|(doubt, fact)| remark(doubt, Field::Value, fact, "确实无误请写说明。")));
    if line.flow {
        found.extend(line.previous.and_then(|previous| step(line, value, base, previous)));
        // A figure in another unit is above or below everything: that is said already.
        found.extend(line.next.filter(|_| is_far.is_none()).and_then(|next| above_next(measure, value, next)));
        if is_far.is_some() {
            found.retain(|remark| remark.doubt != Some(Doubt::BelowPrevious));
        }
    }
    if let Some(target) = line.target.filter(|target| line.flow && target.0 > 0 && is_far != Some(Doubt::OffTarget))
        && i128::from(value.0) * 2 > i128::from(target.0) * 3
    {
        let share = Rate::of(value, target).map(|share| share.percent_on_page(1)).unwrap_or_default();
        let fact = format!("本期累计{}是年度目标{}的{share}%，超过150%", amount(value), amount(target));
        found.push(remark(Doubt::OverTarget, Field::Value, fact, "请核对单位和口径，无误请写说明。"));
    }
}

fn of_base(line: &EntryLine, value: Option<Amount>, base: Amount, found: &mut Vec<Remark>) {
    let measure = &line.measure;
    let amount = |amount: Amount| measure.visible_with_unit(amount);
    if base.0 < 0 && line.flow {
        let fact = format!("去年同期{}是负数", amount(base));
        found.push(remark(Doubt::Negative, Field::Base, fact, "算不出增幅，请改正或写说明。"));
    } else if base.0 <= 0 && line.needs_base {
        let fact = format!("去年同期是{}，算不出增幅，不能参加排位", amount(base));
        found.push(remark(Doubt::NoGrowth, Field::Base, fact, "请核对，无误请写说明。"));
    }
    let is_far = |remark: &Remark| matches!(remark.doubt, Some(Doubt::UnitSlip | Doubt::OffTarget));
    let apart = || {
        let value = value.filter(|value| value.0 > 0 && base.0 > 0 && !found.iter().any(is_far))?;
        let (more, less) = (i128::from(value.0.max(base.0)), i128::from(value.0.min(base.0)));
        let few = measure.per_unit == 1 && !measure.money && more <= i128::from(FEW);
        (more > less * APART && !few).then(|| {
            let times = more / less;
            format!("本期累计{}与去年同期{}相差{times}倍，像是两列单位不同", amount(value), amount(base))
        })
    };
    if let Some(fact) = line.due.and_then(|due| due.far(measure, line.month, "去年同期", base)).or_else(apart) {
        found.push(remark(Doubt::OffBase, Field::Base, fact, "确实无误请写说明。"));
    }
    if let Some(proposed) = line.proposed_base.filter(|proposed| *proposed != base) {
        let fact = format!("去年同期{}与系统里去年的数{}不同", amount(base), amount(proposed));
        found.push(remark(Doubt::BaseDiffers, Field::Base, fact, "请用去年的数，或说明为什么不同。"));
    }
}

fn above_next(measure: &Measure, value: Amount, (at, after): (Period, Amount)) -> Option<Remark> {
    (value > after).then(|| {
        let amount = |amount: Amount| measure.visible_with_unit(amount);
        let fact = format!("本期累计{}大于已报的{}累计{}", amount(value), at.months(), amount(after));
        remark(Doubt::AboveNext, Field::Value, fact, "后面月份的累计也要更正的请一并更正，否则请改正或写说明。")
    })
}

/// What the months since the figure before are measured by.
struct Measured {
    /// 去年同月, 计划进度, 上月.
    by: &'static str,
    /// What they should bring, as an exact fraction of 元 (or things); above zero.
    expected: (i128, i128),
    /// By so many months both are divided where they are shown.
    shown_by: i128,
}

/// Last year's same months have the same season; where they are not known, the plan's own curve says what is due; only
/// where there is neither, a month is measured by the months before, of which the first period of a year covers
/// several.
fn measured(line: &EntryLine, base: Option<Amount>, (at, before): (Period, Amount)) -> Option<Measured> {
    let months = i128::from(line.month) - i128::from(at.month);
    let positive = |measured: &Measured| months > 0 && measured.expected.0 > 0 && measured.expected.1 > 0;
    let last_year = base.or(line.proposed_base).zip(line.previous_base).map(|(now, before)| Measured {
        by: if months == 1 { "去年同月" } else { "去年这几个月" },
        expected: (i128::from(now.0) - i128::from(before.0), 1),
        shown_by: 1,
    });
    let planned = || {
        line.planned.map(|(target, share)| Measured {
            by: "计划进度",
            expected: (i128::from(target.0) * share.numerator(), share.denominator()),
            shown_by: 1,
        })
    };
    let months_before = || {
        let (start, base_of_step) = line.before_previous.map_or((0, 0), |(at, amount)| (at.month, amount.0));
        let count = i128::from(at.month) - i128::from(start);
        let expected = (i128::from(before.0) - i128::from(base_of_step)) * months;
        Measured { by: "上月", expected: (expected, count), shown_by: months }
    };
    last_year.filter(positive).or_else(|| planned().filter(positive)).or_else(|| Some(months_before()).filter(positive))
}

fn step(line: &EntryLine, value: Amount, base: Option<Amount>, (at, before): (Period, Amount)) -> Option<Remark> {
    let amount = |amount: Amount| line.measure.visible_with_unit(amount);
    if value < before {
        let fact = format!("本期累计{}小于{}累计{}", amount(value), at.months(), amount(before));
        return Some(remark(Doubt::BelowPrevious, Field::Value, fact, "如属统计核减请写说明，否则请改正。"));
    }
    if value == before {
        let fact = format!("本期累计与{}累计相同，都是{}", at.months(), amount(value));
        let ask = "本月确实没有完成投资请写说明，否则请改正。";
        return Some(remark(Doubt::SameAsPrevious, Field::Value, fact, ask));
    }
    let Measured { by, expected: (expected, parts), shown_by } = measured(line, base, (at, before))?;
    let step = i128::from(value.0) - i128::from(before.0);
    // |step − expected| > expected × threshold, without division.
    let apart = step * parts - expected;
    (apart.abs() * line.step.denominator() > expected * line.step.numerator()).then(|| {
        let change = Rate::new(apart, expected).unwrap_or(Rate::ZERO);
        let word = if change.is_negative() { "减少" } else { "增加" };
        let what = if line.month == at.month + 1 || by == "上月" { "本月" } else { "这几个月" };
        let fact = format!(
            "{what}完成{}，比{by}的{}{word}{}%，超过{}%",
            amount(Amount((step / shown_by) as i64)),
            amount(Amount((expected / parts / shown_by) as i64)),
            change.abs().percent_on_page(1),
            line.step.percent_as_written(),
        );
        remark(Doubt::Step, Field::Value, fact, "无误请写说明。")
    })
}

pub(super) fn of_growth(growth: Rate) -> Option<Remark> {
    let (low, high) = (Rate::new(-1, 2)?, Rate::new(2, 1)?);
    (growth < low || growth > high).then(|| {
        let fact = format!("同比{}，在 −50% 至 200% 之外", crate::bulletin::words::growth(growth));
        remark(Doubt::Growth, Field::Value, fact, "请核对本期和去年同期的数，无误请写说明。")
    })
}

/// 其中 cannot be more than its unit.
pub(super) fn within(
    (line, part): (&EntryLine, Option<Amount>),
    (whole, total): (&str, Option<Amount>),
) -> Option<Remark> {
    let (part, total) = part.zip(total).filter(|(part, total)| line.flow && part > total)?;
    let measure = &line.measure;
    let (part, total) = (measure.with_unit(part), measure.with_unit(total));
    let fact = format!("其中{}{part}大于{whole}的{total}", line.name);
    Some(remark(Doubt::WithinExceeds, Field::Value, fact, "请改正其中一个，或写说明。"))
}

/// The same where the part and its unit have a form each: neither learns the other's figure, which nobody but the
/// office has seen before an edition.
pub(super) fn apart(line: &EntryLine, value: Option<Amount>) -> Option<Remark> {
    let value = value.filter(|_| line.flow)?;
    let below = line.whole.as_ref().filter(|(_, whole)| value > *whole);
    let above = line.parts.iter().find(|(_, part)| *part > value);
    let fact = match (below, above) {
        (Some((whole, _)), _) => format!("{}是{whole}的其中数，却大于{whole}已报的数", line.name),
        (None, Some((part, _))) => format!("{}已报的其中数大于这里的数，{}的数应包含它", part, line.name),
        (None, None) => return None,
    };
    Some(remark(Doubt::WithinExceeds, Field::Value, fact, "请与对方核对，改正其中一个，或写说明。"))
}

/// What is doubtful about the rows of a file, each with the row it is about; `stored` are the figures in force. What a
/// row leaves as it is in force was looked at when it came in.
pub fn of_rows<'r>(plan: &Plan, rows: &'r [ReturnRow], stored: &Figures) -> Vec<(&'r ReturnRow, Remark)> {
    // The file's own figure wins over the stored one of the same month: it may be its correction.
    let mut figures = stored.clone();
    for row in rows {
        figures.insert(&row.goal, row.period, &row.region, row.figure.clone());
    }
    let changed = |row: &&ReturnRow| {
        stored.get(&row.goal, row.period, &row.region).is_none_or(|now| !now.same_figures(&row.figure))
    };
    let in_file: HashSet<(&str, Period, &str)> =
        rows.iter().map(|row| (row.goal.as_str(), row.period, row.region.as_str())).collect();
    let mut found = Vec::new();
    for row in rows.iter().filter(changed) {
        let Some(goal) = plan.goal(&row.goal) else { continue };
        let mut line = line_of(plan, goal, &row.region, row.period, &figures);
        // Of two rows of one file the later one says that they do not agree.
        line.next = line.next.filter(|(at, _)| !in_file.contains(&(row.goal.as_str(), *at, row.region.as_str())));
        let figure = &row.figure;
        let remarks = of_figure(&line, figure.value, figure.base, figure.growth());
        let whole = line.within.as_deref().and_then(|unit| goal.split(unit));
        let nested = whole.and_then(|whole| {
            let total = figures.get(&row.goal, row.period, &whole.region)?.value;
            within((&line, figure.value), (&whole.name, total))
        });
        found.extend(remarks.into_iter().chain(nested).map(|remark| (row, remark)));
    }
    found
}
