//! What a policy has to be told before it can be computed: the columns of its claims, the boxes of its calculator.

use super::claim::{Claim, Fact};
use super::words::condition;
use crate::plan::policy::{
    BaseYear, Caps, Combine, Flag, Group, Increment, Interest, Policies, Policy, Quantity, Test, What,
};

/// How a fact is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A number in this unit.
    Number(String),
    YesNo,
    OneOf(Vec<String>),
    Year,
    Day,
    Words,
}

/// A fact that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub fact: Fact,
    /// In the document's words.
    pub label: String,
    pub entry: Entry,
    /// Without it nothing is computed.
    pub required: bool,
}

impl Asked {
    /// Writes what somebody typed into the claim. The error calls the fact as its form does.
    pub fn set(&self, claim: &mut Claim, written: &str, policies: &Policies, year: i32) -> Result<(), String> {
        let wrong = |sentence: String| sentence.replacen(self.fact.name(), &self.label, 1);
        self.fact.set(claim, written, policies, year).map_err(wrong)
    }
}

/// All facts that a policy asks for, each once, in the order in which a form asks them.
pub fn asked(policies: &Policies, policy: &Policy) -> Vec<Asked> {
    let mut found: Vec<Asked> = Vec::new();
    let mut ask = |fact: Fact, label: &str, entry: Entry, required: bool| {
        if !found.iter().any(|asked| asked.fact == fact) {
            found.push(Asked { fact, label: label.to_owned(), entry, required });
        }
    };
    let number = |fact: Fact| Entry::Number(fact.measure().map(|measure| measure.unit).unwrap_or_default());
    if matches!(policy.what, What::Elsewhere(_)) {
        return found;
    }
    if policy.has_levels() {
        let levels = policy.tiers.iter().filter_map(|tier| tier.level.clone()).collect();
        ask(Fact::Level, "级别", Entry::OneOf(levels), true);
    }
    // What decides whether another condition is asked at all comes before it.
    for (at, each) in policy.conditions.iter().enumerate() {
        if let Some(flag) = each.when {
            ask(Fact::Flag(flag), flag.name(), Entry::YesNo, true);
        }
        match &each.test {
            Test::Is(flag) => {
                let label = condition(policy, &each.test, each.words.as_deref());
                ask(Fact::Flag(*flag), &label, Entry::YesNo, true);
            }
            Test::Least(of, _) | Test::Over(of, _) => {
                // A number that only some have to state is asked of all where all have a bound of it.
                let always = policy.conditions.iter().any(|other| other.when.is_none() && is_of(&other.test, *of));
                let required = always || policy.conditions[at].when.is_none();
                let fact = Fact::Quantity(*of);
                ask(fact, policy.quantity_name(*of), number(fact), required);
            }
            Test::CompletedIn(_) => ask(Fact::Completion, "完工投产年份", Entry::Year, true),
        }
    }
    for quantity in quantities(policy) {
        let fact = Fact::Quantity(quantity);
        ask(fact, policy.quantity_name(quantity), number(fact), quantity != Quantity::MonthsBefore);
    }
    let on_completion = |of: &Increment| matches!(of.base, BaseYear::Completion(_)) || of.first.is_some();
    if matches!(&policy.what, What::Increment(of) if on_completion(of)) {
        ask(Fact::Completion, "完工投产年份", Entry::Year, true);
    }
    if matches!(policy.what, What::Interest(Interest::Above(_))) {
        ask(Fact::Date, "发行日期", Entry::Day, true);
    }
    let group = policies.group(policy);
    if let Some(group) = group.filter(|group| group.within_local_tax) {
        ask(Fact::LocalTax, &group.local_tax_words(), number(Fact::LocalTax), true);
    }
    if policies.valid(policy).in_words().is_some() {
        ask(Fact::Date, "认定（发生）日期", Entry::Day, false);
    }
    if group.is_some_and(Group::asks_elsewhere) {
        ask(Fact::Elsewhere, "当年已获的其他同类奖补", number(Fact::Elsewhere), false);
        ask(Fact::ElsewhereBy, "其他奖补的文件（文号和年度，凭证作为材料附上）", Entry::Words, false);
    }
    if policy.once || policy.caps.firm_all_years.is_some() || policy.budget.is_some() {
        let label = match (policy.caps.firm_all_years, policy.once) {
            (Some(_), _) | (None, false) => "以前年度已享受本项（本单位各项目合计）",
            (None, true) if policy.is_once_a_project() => "以前年度同一项目已享受本项",
            (None, true) => "以前年度已享受本项",
        };
        ask(Fact::Before, label, number(Fact::Before), false);
        ask(Fact::BeforeBy, "以前享受的文件（文号和年度，凭证作为材料附上）", Entry::Words, false);
    }
    found
}

impl Group {
    /// Whether what was had elsewhere moves the result.
    pub fn asks_elsewhere(&self) -> bool {
        matches!(self.combine, Combine::NotTwice | Combine::TopUp)
    }
}

fn is_of(test: &Test, quantity: Quantity) -> bool {
    matches!(test, Test::Least(of, _) | Test::Over(of, _) if *of == quantity)
}

/// Numbers that the sum itself is made of.
fn quantities(policy: &Policy) -> Vec<Quantity> {
    let Caps { share, .. } = &policy.caps;
    let own = match &policy.what {
        What::Share(base) | What::Unit(base, _) => vec![*base],
        What::Interest(interest) => {
            let coupon = matches!(interest, Interest::Above(_)).then_some(Quantity::Coupon);
            let before = policy.years.map(|_| Quantity::MonthsBefore);
            [Quantity::Loan, Quantity::Months].into_iter().chain(coupon).chain(before).collect()
        }
        What::Increment(_) => vec![Quantity::Retained, Quantity::RetainedBefore],
        _ => Vec::new(),
    };
    own.into_iter().chain(share.map(|(_, of)| of)).collect()
}

/// Flags on which a condition depends.
pub(super) fn is_told(flag: Option<Flag>, holds: impl Fn(Flag) -> Option<bool>) -> Option<bool> {
    flag.map_or(Some(true), holds)
}
