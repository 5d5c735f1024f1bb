//! Sums and terms in words.

use crate::money::{Amount, Measure};
use crate::plan::policy::{Bound, Condition, Interest, Policy, Quantity, Test, Tier, What};

/// A sum in the largest unit in which it needs at most two decimals: 2亿元, 12.5万元, 150,003元; 500元 below 1万元.
pub fn yuan(amount: Amount) -> String {
    let unit = match amount.0 {
        whole if whole != 0 && whole % 100_000_000 == 0 => "亿元",
        whole if whole.abs() >= 10_000 && whole % 100 == 0 => "万元",
        _ => "元",
    };
    in_unit(amount, unit)
}

fn in_unit(amount: Amount, unit: &str) -> String {
    let Some(measure) = Measure::money(unit) else { return String::new() };
    let number = if measure.per_unit == 1 { measure.exact_on_page(amount) } else { measure.plain(amount) };
    format!("{number}{unit}")
}

/// How sums that stand beside each other are printed, all in one unit: 万元 if none needs more than two decimals of
/// it, else 元. Nothing is 0元.
pub fn alike(amounts: impl IntoIterator<Item = Amount>) -> impl Fn(Amount) -> String {
    let (mut is_large, mut is_round) = (false, true);
    for amount in amounts {
        is_large |= amount.0.abs() >= 10_000;
        is_round &= amount.0 % 100 == 0;
    }
    let unit = if is_large && is_round { "万元" } else { "元" };
    move |amount| in_unit(amount, if amount.0 == 0 { "元" } else { unit })
}

/// A number of a claim with its unit.
pub(super) fn number(quantity: Quantity, amount: Amount) -> String {
    if quantity.is_money() {
        return yuan(amount);
    }
    let measure = quantity.measure();
    format!("{}{}", measure.plain(amount), measure.unit)
}

/// What has to hold, in the document's words where the plan has them.
pub(super) fn condition(policy: &Policy, test: &Test, words: Option<&str>) -> String {
    if let Some(words) = words {
        return words.to_owned();
    }
    match test {
        Test::Is(flag) => flag.name().to_owned(),
        Test::Least(of, least) => format!("{}达到{}", policy.quantity_name(*of), number(*of, *least)),
        Test::Over(of, over) => format!("{}超过{}", policy.quantity_name(*of), number(*of, *over)),
        Test::CompletedIn(years) => {
            let years: Vec<String> = years.iter().map(i32::to_string).collect();
            format!("{}年完工投产", years.join("、"))
        }
    }
}

/// Who pays: 省30%、市30%、县（市、区）40%; nothing where the document does not say.
pub fn payers_in_words(policy: &Policy) -> Option<String> {
    let each = policy.payers.iter().map(|(name, share)| match policy.payers.len() {
        1 => name.clone(),
        _ => format!("{name}{}%", share.percent_as_written()),
    });
    (!policy.payers.is_empty()).then(|| each.collect::<Vec<_>>().join("、"))
}

/// Everything that has to hold, one phrase each.
pub fn conditions_in_words(policy: &Policy) -> Vec<String> {
    let each = policy.conditions.iter();
    let said = |condition: &Condition| {
        let said = self::condition(policy, &condition.test, condition.words.as_deref());
        match (condition.when, &condition.words) {
            (Some(flag), None) => format!("{}的，{said}", flag.name()),
            _ => said,
        }
    };
    each.map(said).collect()
}

/// One line of a scale: 国家级不低于100万元; 1000万元以上、不到3000万元 3%（最高50万元）.
pub(super) fn tier(policy: &Policy, tier: &Tier) -> String {
    let base = policy.base();
    let bound = |amount: Amount| base.map_or_else(|| yuan(amount), |base| number(base, amount));
    let whose = match (&tier.level, tier.from, tier.below) {
        (Some(level), ..) => level.clone(),
        (None, Some(from), Some(below)) => format!("{}以上、不到{}", bound(from), bound(below)),
        (None, Some(from), None) => format!("{}以上", bound(from)),
        (None, None, Some(below)) => format!("不到{}", bound(below)),
        _ => String::new(),
    };
    let within = within(policy.bound);
    // Between two numbers stands a space where no word does.
    let gap = if whose.is_empty() || !within.is_empty() { "" } else { " " };
    let gives = match (tier.amount, tier.share) {
        (Some(amount), _) => format!("{gap}{within}{}", yuan(amount)),
        (None, Some(share)) => format!("{gap}{within}{}%", share.percent_as_written()),
        _ => String::new(),
    };
    let cap = tier.cap.map(|cap| format!("（最高{}）", yuan(cap))).unwrap_or_default();
    format!("{whose}{gives}{cap}")
}

/// 不超过, 不低于.
fn within(bound: Bound) -> &'static str {
    match bound {
        Bound::Exact => "",
        Bound::AtMost => "不超过",
        Bound::AtLeast => "不低于",
    }
}

/// What a policy gives, in one phrase: 年度技改设备投资额的3%，单个企业最高500万元.
pub fn in_words(policy: &Policy) -> String {
    let base = policy.base().map(|base| policy.quantity_name(base)).unwrap_or_default();
    let tiers = || policy.tiers.iter().map(|each| tier(policy, each)).collect::<Vec<_>>().join("；");
    let before = within(policy.bound);
    let years = policy.years.map(|years| format!("，{years}年")).unwrap_or_default();
    let main = match &policy.what {
        What::Amount => tiers(),
        What::Share(_) if policy.tiers.iter().all(|tier| tier.share.is_none()) => format!("按{base}：{}", tiers()),
        What::Share(_) if policy.tiers.len() > 1 => format!("按{base}的比例：{}", tiers()),
        // 不超过年度云服务费用的30%
        What::Share(_) => match policy.tiers.as_slice() {
            [Tier { share: Some(share), cap: None, level: None, from: None, below: None, .. }] => {
                format!("{before}{base}的{}%", share.percent_as_written())
            }
            _ => format!("按{base}的比例：{}", tiers()),
        },
        What::Unit(of, per) => format!("每{}{before}{}，按{base}计", of.measure().unit, yuan(*per)),
        What::Interest(Interest::Rate(rate)) => format!("每年{before}{}%贴息{years}", rate.percent_as_written()),
        What::Interest(Interest::Above(_)) => format!("利率高出部分贴息{}", years.replace('，', "，最长")),
        What::Increment(of) => {
            let pct = of.share.percent_as_written();
            let how_long = format!("{}{}", of.from_words(), years.replace('，', "连续"));
            let how_long = if how_long.is_empty() { how_long } else { format!("，{how_long}") };
            format!("地方留成比{}增量部分的{pct}%{how_long}", of.base.name())
        }
        What::Choice(amounts) => {
            let amounts: Vec<String> = amounts.iter().map(|amount| yuan(*amount)).collect();
            let on = policy.depends_on.as_ref().map(|on| format!("（按{on}，文件没有写档次）")).unwrap_or_default();
            format!("{}{on}", amounts.join("或"))
        }
        What::Open => "文件没有写金额".to_owned(),
        What::Elsewhere(document) => format!("按{document}执行"),
    };
    let caps = &policy.caps;
    let whom = policy.recipient.name();
    let parts = [
        caps.project.map(|cap| format!("每项最高{}", yuan(cap))),
        caps.firm.map(|cap| format!("单个{whom}一年最高{}", yuan(cap))),
        caps.firm_all_years.map(|cap| format!("单个{whom}各年合计最高{}", yuan(cap))),
        caps.share.map(|(share, of)| format!("不超过{}的{}%", policy.quantity_name(of), share.percent_as_written())),
        caps.principal.map(|cap| format!("单个{whom}本金不超过{}", yuan(cap))),
        policy.once.then(|| "一次性".to_owned()),
        policy.budget.map(|budget| format!("资金总额{}", yuan(budget))),
    ];
    let parts: Vec<String> = std::iter::once(main).chain(parts.into_iter().flatten()).collect();
    parts.join("，")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_printed_whole() {
        let check = |amount: i64, printed: &str| assert_eq!(yuan(Amount(amount)), printed);
        check(0, "0元");
        check(200_000_000, "2亿元");
        check(5_000_000, "500万元");
        check(125_000, "12.5万元");
        check(123_456_700, "12345.67万元");
        check(150_003, "150,003元");
        check(500, "500元");
    }

    #[test]
    fn sums_beside_each_other_have_one_unit() {
        let check = |amounts: &[i64], printed: &[&str]| {
            let print = alike(amounts.iter().copied().map(Amount));
            assert_eq!(amounts.iter().map(|amount| print(Amount(*amount))).collect::<Vec<_>>(), printed);
        };
        check(&[300_000, 214_285], &["300,000元", "214,285元"]);
        check(&[200_000_000, 125_000, 0], &["20000万元", "12.5万元", "0元"]);
        check(&[500, 0], &["500元", "0元"]);
        check(&[], &[]);
    }
}
