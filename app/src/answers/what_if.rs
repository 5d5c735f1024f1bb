//! Where a unit would stand with more.

use std::sync::Arc;

use domain::assessment::what_if::with_more;
use domain::bulletin::words;
use domain::money::{Amount, Measure};
use domain::month::Period;
use domain::plan::{Direction, Goal, Plan, Split};
use office::facts::Facts;

use crate::backend::Backend;
use crate::load::{facts, period_of, unknown_region};
use crate::parts::PageError;
use crate::wire::WhatIfAnswer;

/// The answer of the server function and of the plain form.
pub(crate) async fn answer(
    backend: &Arc<dyn Backend>,
    plan: &str,
    region: &str,
    period: &str,
    more: &str,
) -> Result<WhatIfAnswer, PageError> {
    let facts = facts(backend, plan).await?;
    let plan = &facts.version.plan;
    let period = period_of(plan, period)?;
    let goal = plan.default_goal();
    let split = goal.find_split(region).ok_or_else(|| unknown_region(plan, region))?;
    Ok(suppose(&facts, goal, split, period, more))
}

/// Where the unit stands with `more`, as sentences; a text that is no number gets the sentence that says what to write.
pub(crate) fn suppose(facts: &Facts, goal: &Goal, split: &Split, period: Period, more: &str) -> WhatIfAnswer {
    let plan: &Plan = &facts.version.plan;
    let wrong = |sentence: String| WhatIfAnswer { lines: vec![format!("{sentence}。")], is_error: true };
    // Where less is better, what is taken off is asked about.
    let lower = goal.direction == Direction::AtMost;
    let amount = match goal.measure.parse(more) {
        Ok(amount) if amount.0 >= 0 || lower => amount,
        Ok(_) => return wrong("请写正数：再增加多少".to_owned()),
        Err(error) => return wrong(error.to_string()),
    };
    let rules = plan.rules(&goal.id);
    let now = with_more(plan, goal, &facts.figures, period, rules, &split.region, Amount(0));
    let then = with_more(plan, goal, &facts.figures, period, rules, &split.region, amount);
    let (Some(now), Some(then)) = (now, then) else { return wrong("这个单位不在分解表内".to_owned()) };
    let changed = match amount.0 < 0 {
        true => format!("再降低{}", amount_text(&goal.measure, Amount(-amount.0))),
        false => format!("再增加{}", amount_text(&goal.measure, amount)),
    };
    let mut lines = vec![match (now.rank, then.rank) {
        (Some(was), Some(rank)) if rank < was => {
            format!("{changed}，由第{was}位升到第{rank}位。")
        }
        (Some(was), Some(rank)) if rank > was => format!("{changed}，由第{was}位降到第{rank}位。"),
        (Some(_), Some(rank)) => format!("{changed}，仍居第{rank}位。"),
        _ => "这个单位不参加排位，增加总量不改变位次。".to_owned(),
    }];
    let progress = goal.kind.is_flow() && !lower;
    let completion =
        then.completion_text().filter(|_| progress).map(|text| format!("完成年度目标的{text}%")).unwrap_or_default();
    let growth = then.growth.map(|growth| format!("同比{}", words::growth(growth))).unwrap_or_default();
    let completed = match then.completed {
        Some(true) => "，已完成年度目标",
        Some(false) => "，尚未完成年度目标",
        None => "",
    };
    let parts: Vec<String> = [completion, growth].into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        lines.push(format!(
            "{}{}，{}{completed}。",
            if goal.kind.is_flow() { "累计" } else { "这时为" },
            then.value.map(|value| goal.measure.with_unit(value)).unwrap_or_default(),
            parts.join("，")
        ));
    }
    WhatIfAnswer { lines, is_error: false }
}

/// An amount below half a printed digit is said in 万元 or 元, never as 0.00亿元.
pub(crate) fn amount_text(measure: &Measure, amount: Amount) -> String {
    let small = measure.money && measure.per_unit == 100_000_000 && amount.0 < 1_000_000;
    match small {
        true if amount.0 < 10_000 => format!("{}元", amount.0),
        true => format!("{}万元", Measure::wan_yuan().plain(Amount(amount.0 / 10_000 * 10_000))),
        false => measure.difference(amount),
    }
}
