//! The sum of one claim that meets its policy's conditions: base → amount → cap of the project.

use super::claim::{Claim, Fact};
use super::words::{number, yuan};
use crate::calendar::chinese_date;
use crate::money::Amount;
use crate::plan::policy::{Increment, Interest, Parameter, Policies, Policy, Quantity, Tier, What};
use crate::rate::Rate;

/// What a claim comes to by itself.
pub(super) enum Sum {
    Of(Amount),
    Nothing(String),
    /// The office has to choose among these.
    Choice(Vec<Amount>),
    /// The document does not say which of several rules holds.
    Undecided(String),
}

/// Principal of the same recipient under the same policy, where only so much of all of it counts.
pub(super) struct Principal {
    pub(super) all: Amount,
    pub(super) counted: Amount,
    /// Of this claim's own, and why no more; nothing where it has its share.
    pub(super) own: Option<(Amount, &'static str)>,
}

/// What else a sum depends on.
pub(super) struct Earlier<'a> {
    pub(super) principal: Option<&'a Principal>,
    /// Months for which interest was decided in other years.
    pub(super) months: i64,
}

struct Reader<'a> {
    policy: &'a Policy,
    claim: &'a Claim,
}

impl Reader<'_> {
    fn amount(&self, quantity: Quantity) -> Amount {
        self.claim.quantities.get(&quantity).copied().unwrap_or_default()
    }

    fn stated(&self, quantity: Quantity) -> String {
        format!("{}{}", self.policy.quantity_name(quantity), number(quantity, self.amount(quantity)))
    }
}

/// Every number it needs is stated: `eligible` saw to that.
pub(super) fn sum(
    policies: &Policies,
    policy: &Policy,
    (claim, year): (&Claim, i32),
    earlier: &Earlier<'_>,
    trace: &mut Vec<String>,
) -> Sum {
    let reader = Reader { policy, claim };
    let tier = match (&claim.level, policy.has_levels()) {
        (Some(level), true) => policy.tier_of(level),
        _ => None,
    };
    let (exact, said) = match &policy.what {
        What::Amount => {
            let Some(amount) = tier.or(policy.tiers.first()).and_then(|tier| tier.amount) else {
                return Sum::Nothing("文件没有这一级的金额。".to_owned());
            };
            let level = tier.and_then(|tier| tier.level.as_deref()).unwrap_or("每项");
            trace.push(format!("计算：{level}{}{}。", policy.bound.before(), yuan(amount)));
            return Sum::Of(capped(&reader, tier, amount, trace));
        }
        What::Share(base) => match share(&reader, *base, tier) {
            Ok(found) => found,
            Err(sum) => return sum,
        },
        What::Unit(base, per) => {
            let amount = reader.amount(*base);
            let per_unit = i128::from(base.measure().per_unit);
            let said = format!("{} × {}", reader.stated(*base), yuan(*per));
            (whole(*per).times(i128::from(amount.0), per_unit), said)
        }
        What::Interest(interest) => match self::interest(policies, &reader, interest, earlier) {
            Ok(found) => found,
            Err(why) => return Sum::Nothing(why),
        },
        What::Increment(Increment { share, base, .. }) => {
            let (now, before) = (reader.amount(Quantity::Retained), reader.amount(Quantity::RetainedBefore));
            let gain = Amount(now.0 - before.0);
            let base = base.named(claim.completion, year);
            let said = format!("当年地方留成{} − {base}{}", yuan(now), yuan(before));
            if gain.0 <= 0 {
                return Sum::Nothing(format!("{said}，没有增量。"));
            }
            let pct = share.percent_as_written();
            (of(gain, *share), format!("{said} = 增量{}；{} × {pct}%", yuan(gain), yuan(gain)))
        }
        What::Choice(amounts) => return Sum::Choice(amounts.clone()),
        What::Open | What::Elsewhere(_) => return Sum::Nothing("本项不在这里计算。".to_owned()),
    };
    let formed = exact.floor();
    let dropped = if exact == whole(formed) { "" } else { "（不足1元的部分舍去）" };
    trace.push(format!("计算：{said}，得{}{dropped}。", yuan(formed)));
    Sum::Of(capped(&reader, tier, formed, trace))
}

fn whole(amount: Amount) -> Rate {
    Rate::new(i128::from(amount.0), 1).unwrap_or(Rate::ZERO)
}

fn of(amount: Amount, share: Rate) -> Rate {
    share.times(i128::from(amount.0), 1)
}

fn share(reader: &Reader<'_>, base: Quantity, tier: Option<&Tier>) -> Result<(Rate, String), Sum> {
    let amount = reader.amount(base);
    let all = reader.policy.tiers.iter().filter(|tier| tier.level.is_none() && tier.holds(amount));
    let all: Vec<&Tier> = all.collect();
    let tier = match (tier, all.as_slice()) {
        (Some(tier), _) if !tier.holds(amount) => {
            let tier = super::words::tier(reader.policy, tier);
            return Err(Sum::Nothing(format!("{}不在这一级之内（{tier}）。", reader.stated(base))));
        }
        (Some(tier), _) | (None, &[tier]) => tier,
        (None, []) => return Err(Sum::Nothing(format!("{}不在任何一档之内。", reader.stated(base)))),
        (None, several) => {
            let tiers: Vec<String> = several.iter().map(|each| super::words::tier(reader.policy, each)).collect();
            let sentence = format!("{}同在几档之内（{}），文件没有写按哪一档。", reader.stated(base), tiers.join("；"));
            return Err(Sum::Undecided(sentence));
        }
    };
    let level = tier.level.as_ref().map(|level| format!("{level}，")).unwrap_or_default();
    match (tier.amount, tier.share) {
        (Some(fixed), _) => Ok((whole(fixed), format!("{level}{}，这一档{}", reader.stated(base), yuan(fixed)))),
        (None, Some(share)) => {
            let pct = share.percent_as_written();
            Ok((of(amount, share), format!("{level}{} × {pct}%", reader.stated(base))))
        }
        _ => Err(Sum::Nothing(format!("{}不在任何一档之内。", reader.stated(base)))),
    }
}

fn interest(
    policies: &Policies,
    reader: &Reader<'_>,
    interest: &Interest,
    earlier: &Earlier<'_>,
) -> Result<(Rate, String), String> {
    let Reader { policy, claim } = reader;
    let (rate, rate_said) = match interest {
        Interest::Rate(rate) => (*rate, format!("{}%", rate.percent_as_written())),
        Interest::Above(id) => above(claim, policies.parameter(id))?,
    };
    let months = reader.amount(Quantity::Months);
    let (before, counted) = months_of(policy, claim, earlier.months);
    if counted == 0 && months.0 > 0 {
        let years = policy.years.unwrap_or_default();
        return Err(format!("期限{years}年，以前年度已计息{before}个月，期限已满。"));
    }
    let own = reader.amount(Quantity::Loan);
    let mut base = whole(own);
    let mut said = reader.stated(Quantity::Loan);
    if let Some(Principal { all, counted, own: by_approval }) = earlier.principal {
        let (all_said, most) = (yuan(*all), yuan(*counted));
        said = match by_approval {
            // Counted whole, others are no matter.
            Some((counted, _)) if *counted == own => said,
            Some((own, first)) => {
                base = whole(*own);
                format!("{said}，只计{}（本单位合计{all_said}，最多计{most}，{first}）", yuan(*own))
            }
            None => {
                base = base.times(i128::from(counted.0), i128::from(all.0));
                match *all == own {
                    true => format!("{said}，只计{most}"),
                    false => format!("{said}，按比例计{}（本单位合计{all_said}，最多计{most}）", yuan(base.floor())),
                }
            }
        };
    }
    let capped = if counted < months.0 { format!("（期限内还有{counted}个月）") } else { String::new() };
    let said = format!("{said} × 年{rate_said} × {counted}个月 ÷ 12{capped}");
    let yearly = Rate::new(base.numerator(), base.denominator()).unwrap_or(Rate::ZERO);
    let yearly = yearly.times(rate.numerator(), rate.denominator());
    Ok((yearly.times(i128::from(counted), 12), said))
}

/// Months of interest: those before the year, as the claim states them or as they were decided where that is more, and
/// those of the year that the term still holds.
fn months_of(policy: &Policy, claim: &Claim, decided: i64) -> (i64, i64) {
    let of = |quantity: Quantity| claim.quantities.get(&quantity).copied().unwrap_or_default().0;
    let before = of(Quantity::MonthsBefore).max(decided);
    let left = policy.years.map(|years| (i64::from(years) * 12 - before).max(0));
    let months = of(Quantity::Months);
    (before, left.map_or(months, |left| months.min(left)))
}

/// What one 元 of a loan's principal bears, times twelve: of several loans those that bear more count first.
pub(super) fn borne_by_one(policies: &Policies, policy: &Policy, claim: &Claim, decided: i64) -> Rate {
    let rate = match &policy.what {
        What::Interest(Interest::Rate(rate)) => Some(*rate),
        What::Interest(Interest::Above(id)) => above(claim, policies.parameter(id)).ok().map(|(rate, _)| rate),
        _ => None,
    };
    let (_, months) = months_of(policy, claim, decided);
    rate.map_or(Rate::ZERO, |rate| rate.times(i128::from(months), 1))
}

/// The bond's rate less the published one at its date.
fn above(claim: &Claim, parameter: Option<&Parameter>) -> Result<(Rate, String), String> {
    let parameter = parameter.ok_or("计划没有写这项参数。")?;
    let day = claim.date.ok_or("没有写发行日期。")?;
    let Some((from, published)) = parameter.at(day) else {
        return Err(format!("计划没有{}的{}，请补写 [[parameter]]。", chinese_date(day), parameter.name));
    };
    let measure = Quantity::Coupon.measure();
    let coupon = claim.quantities.get(&Quantity::Coupon).copied().unwrap_or_default();
    let coupon = Rate::of_percent(coupon, &measure).unwrap_or(Rate::ZERO);
    let (own, other) = (coupon.percent_as_written(), published.percent_as_written());
    let said = format!("{}{}%（{}起）", parameter.name, other, chinese_date(from));
    let over = coupon.minus(published);
    if !over.is_positive() {
        return Err(format!("债券利率{own}%，没有高于{said}。"));
    }
    Ok((over, format!("（{own}% − {said}）")))
}

/// The caps that a claim meets by itself: of its level, of its project, of a share of another number.
fn capped(reader: &Reader<'_>, tier: Option<&Tier>, formed: Amount, trace: &mut Vec<String>) -> Amount {
    let caps = &reader.policy.caps;
    let share = caps.share.map(|(share, of_what)| {
        let most = of(reader.amount(of_what), share).floor();
        (most, format!("不超过{}的{}%，即{}", reader.stated(of_what), share.percent_as_written(), yuan(most)))
    });
    let named = |name: &str, cap: Option<Amount>| cap.map(|cap| (cap, format!("{name}最高{}", yuan(cap))));
    let all = [named("这一级", tier.and_then(|tier| tier.cap)), named("每项", caps.project), share];
    let mut amount = formed;
    for (cap, said) in all.into_iter().flatten() {
        if amount > cap {
            amount = cap;
            trace.push(format!("上限：{said}，减为{}。", yuan(cap)));
        } else {
            trace.push(format!("上限：{said}，没有超过。"));
        }
    }
    amount
}

/// What the office decided within the room that the document leaves; else the sentence of what it may decide.
pub(super) fn decided(claim: &Claim, from: Amount, to: Option<Amount>) -> Result<Option<Amount>, String> {
    let Some(decided) = claim.decided else { return Ok(None) };
    let low = decided < from;
    let high = to.is_some_and(|to| decided > to);
    match (low, high) {
        (false, false) => Ok(Some(decided)),
        _ => {
            let most = to.map(|to| format!("，不超过{}", yuan(to))).unwrap_or_default();
            let least = if from.0 > 0 { format!("，不低于{}", yuan(from)) } else { String::new() };
            let name = Fact::Decided.name();
            Err(format!("{name}{}不在文件的范围内{least}{most}，请改正后再算。", yuan(decided)))
        }
    }
}
