//! What must hold of every policy of the five plans that ship, whatever is claimed: never above a cap, and more of the
//! base never gives less.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use domain::money::Amount;
use domain::plan::policy::{Bound, Flag, Interest, Policy, Quantity, Test, What};
use domain::plan::{Plan, file};
use domain::policy::{Answer, Claim, Recipients, Settlement, settle};
use proptest::prelude::*;

const PLANS: [&str; 5] = ["fuzhou-2021", "fengze-2022", "fujian-2013", "ningde-2021", "longnan-2022"];

/// In 元 of money; as much as nobody's base reaches.
const PLENTY: i64 = 100_000_000_000;

fn shipped(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../assets/plans/{name}.plan.toml"));
    file::parse(&fs::read_to_string(path).unwrap()).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

/// Every policy that computes a sum, with its plan.
static COMPUTED: LazyLock<Vec<(Plan, Policy)>> = LazyLock::new(|| {
    let of = |name| {
        let plan = shipped(name);
        let own: Vec<Policy> = plan.policies.list.iter().filter(|policy| policy.computes()).cloned().collect();
        own.into_iter().map(move |policy| (plan.clone(), policy))
    };
    PLANS.into_iter().flat_map(of).filter(|(_, policy)| !matches!(policy.what, What::Choice(_))).collect()
});

/// One that meets every condition of its policy, with so much of what its sum follows. Of a scale the line `level`.
fn claim(plan: &Plan, policy: &Policy, (id, base, level): (usize, i64, usize)) -> Claim {
    let number = |quantity: Quantity| match quantity {
        of if policy.base() == Some(of) => base,
        Quantity::OwnShare => 100 * Quantity::OwnShare.measure().per_unit,
        Quantity::Coupon => 10 * Quantity::Coupon.measure().per_unit,
        Quantity::Months => 12 * Quantity::Months.measure().per_unit,
        Quantity::MonthsBefore | Quantity::RetainedBefore => 0,
        _ => PLENTY,
    };
    let quantities = Quantity::ALL.into_iter().map(|quantity| (quantity, Amount(number(quantity))));
    let levels: Vec<&String> = policy.tiers.iter().filter_map(|tier| tier.level.as_ref()).collect();
    let completed = policy.conditions.iter().find_map(|each| match &each.test {
        Test::CompletedIn(years) => years.last().copied(),
        _ => None,
    });
    let valid = plan.policies.valid(policy);
    let day = valid.from.or(valid.to).or_else(|| NaiveDate::from_ymd_opt(plan.years.0, 6, 30));
    Claim {
        id: format!("{id:03}"),
        recipient: "甲公司".to_owned(),
        policy: policy.id.clone(),
        project: format!("项目{id}"),
        level: (!levels.is_empty()).then(|| levels[level % levels.len()].clone()),
        quantities: quantities.collect::<BTreeMap<_, _>>(),
        flags: Flag::ALL.into_iter().map(|flag| (flag, true)).collect(),
        completion: Some(completed.unwrap_or(plan.years.0)),
        date: day,
        local_tax: Some(Amount(PLENTY)),
        ..Claim::default()
    }
}

fn settled(plan: &Plan, policy: &Policy, claims: &[Claim]) -> Settlement {
    let year = plan.claim_years(policy).1.min(plan.years.1);
    settle(plan, &Recipients::of(claims, Vec::new()), claims, year)
}

/// What each comes to; nothing where one of them is left to the office, or to one of two orders.
fn sums(found: &Settlement) -> Option<Vec<i64>> {
    let sum = |answer: &Answer| answer.amount().map(|amount| amount.0);
    found.claims.iter().map(|settled| sum(&settled.answer)).collect()
}

/// What each comes to at most, by either order.
fn most(found: &Settlement) -> Vec<i64> {
    let most = |answer: &Answer| match answer {
        Answer::Sum { amount, .. } => amount.0,
        Answer::Either { by_approval, pro_rata, .. } => by_approval.0.max(pro_rata.0),
        _ => 0,
    };
    found.claims.iter().map(|settled| most(&settled.answer)).collect()
}

fn times(rate: domain::rate::Rate, of: i64) -> i64 {
    let exact = rate.times(i128::from(of), 1);
    exact.numerator().div_euclid(exact.denominator()) as i64
}

/// Every one of them gives something to whoever meets its conditions: what holds of nothing shows nothing.
#[test]
fn a_claim_that_meets_all_conditions_is_given_something() {
    let all = &COMPUTED;
    assert!(all.len() >= 40, "{}", all.len());
    for (plan, policy) in all.iter() {
        let of = |level| settled(plan, policy, &[claim(plan, policy, (1, 1_000_000_000, level))]);
        for level in 0..policy.tiers.len().max(1) {
            let found = of(level);
            assert!(most(&found)[0] > 0, "{} {}: {:#?}", plan.id, policy.id, found.claims[0]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_cap_of_any_policy_is_passed(
        at in any::<prop::sample::Index>(),
        made in prop::collection::vec((0..3_000_000_000_i64, 0..8_usize), 1..7),
    ) {
        let (plan, policy) = at.get(&COMPUTED);
        let claims: Vec<Claim> =
            made.iter().enumerate().map(|(id, (base, level))| claim(plan, policy, (id, *base, *level))).collect();
        let found = most(&settled(plan, policy, &claims));
        let caps = &policy.caps;
        let whole: i64 = found.iter().sum();
        for cap in caps.firm.into_iter().chain(caps.firm_all_years).chain(policy.budget) {
            prop_assert!(whole <= cap.0, "{whole} of {cap:?}: {}", policy.id);
        }
        if let (Some(principal), What::Interest(Interest::Rate(rate))) = (caps.principal, &policy.what) {
            prop_assert!(whole <= times(*rate, principal.0), "{whole}: {}", policy.id);
        }
        for (claim, amount) in claims.iter().zip(&found) {
            let tier = claim.level.as_ref().and_then(|level| policy.tier_of(level));
            let own = tier.and_then(|tier| tier.cap.into_iter().chain(tier.amount).min());
            let share = caps.share.map(|(rate, of)| Amount(times(rate, claim.quantities[&of].0)));
            let is_bounded = policy.bound != Bound::AtLeast;
            let caps = own.filter(|_| is_bounded).into_iter().chain(caps.project).chain(share);
            for cap in caps {
                prop_assert!(*amount <= cap.0, "{amount} of {cap:?}: {}", policy.id);
            }
        }
    }

    /// Of a firm's claims together, beside others of the same plan: what each rounds off may move by one 元.
    #[test]
    fn more_of_the_base_never_gives_less(
        plan in prop::sample::select(PLANS.to_vec()),
        made in prop::collection::vec((any::<prop::sample::Index>(), 0..600_000_000_i64, 0..8_usize, 1..13_i64), 1..6),
        raised in any::<prop::sample::Index>(),
        more in 0..600_000_000_i64,
    ) {
        let of_plan = COMPUTED.iter().filter(|(of, policy)| of.id == plan && policy.bound == Bound::Exact);
        let own: Vec<&(Plan, Policy)> = of_plan.collect();
        let plan = &own[0].0;
        let claims = |more: i64| -> Vec<Claim> {
            made.iter().enumerate().map(|(id, (policy, base, level, months))| {
                let more = if id == raised.index(made.len()) { more } else { 0 };
                let mut claim = claim(plan, &policy.get(&own).1, (id, base + more, *level));
                claim.quantities.insert(Quantity::Months, Amount(months * Quantity::Months.measure().per_unit));
                claim
            }).collect()
        };
        let policy = &made[0].0.get(&own).1;
        let of = |more: i64| sums(&settled(plan, policy, &claims(more)));
        if let Some((before, after)) = of(0).zip(of(more)) {
            let [before, after] = [before, after].map(|sums| sums.iter().sum::<i64>());
            let rounded = made.len() as i64 - 1;
            prop_assert!(after + rounded >= before, "{before} → {after}: {:?}", claims(more));
        }
    }
}
