//! Policies, their groups and parameters.

use super::{File, projects::money, quoted};
use crate::money::Amount;
use crate::plan::policy::{
    Bound, Caps, Combine, Condition, Group, Increment, Interest, Order, Parameter, Per, Policies, Policy, Quantity,
    Recipient, Test, Tier, Valid, What,
};
use crate::rate::Rate;

pub(super) fn write(file: &mut File, policies: &Policies) {
    policies.parameters.iter().for_each(|found| parameter(file, found));
    policies.groups.iter().for_each(|found| group(file, found));
    policies.list.iter().for_each(|found| policy(file, found));
    policies.funds.iter().for_each(|found| super::funds::fund(file, found));
    policies.lists.iter().for_each(|found| super::funds::list(file, found));
    policies.bodies.iter().for_each(|found| super::bodies::body(file, found));
}

/// The same by itself: what the editor shows in one box.
pub fn text(policies: &Policies) -> String {
    let mut file = File(String::new());
    write(&mut file, policies);
    file.0.trim().to_owned()
}

fn parameter(file: &mut File, parameter: &Parameter) {
    file.line("\n[[parameter]]");
    file.text("id", &parameter.id);
    file.text("name", &parameter.name);
    file.optional("source", parameter.source.as_ref());
    let values = parameter.values.iter();
    let values =
        values.map(|(from, rate)| format!("{{ from = {from}, pct = {} }}", quoted(&rate.percent_as_written())));
    file.line(&format!("values = [{}]", values.collect::<Vec<_>>().join(", ")));
}

fn group(file: &mut File, group: &Group) {
    file.line("\n[[policy_group]]");
    file.text("id", &group.id);
    file.text("title", &group.title);
    file.optional("clause", group.clause.as_ref());
    file.optional("quote", group.quote.as_ref());
    file.word("combine", group.combine.word(), Combine::Unsaid.word());
    file.word("per", group.per.word(), Per::Firm.word());
    if group.within_local_tax {
        file.text("limit", "local_tax_share");
    }
    file.optional("limit_taxes", group.taxes.as_ref());
    budget(file, group.budget, group.order);
    valid(file, group.valid);
    file.texts("assumed", &group.assumed);
}

fn valid(file: &mut File, valid: Valid) {
    for (key, day) in [("valid_from", valid.from), ("valid_to", valid.to)] {
        if let Some(day) = day {
            file.line(&format!("{key} = {day}"));
        }
    }
}

fn budget(file: &mut File, budget: Option<Amount>, order: Option<Order>) {
    file.optional("budget", budget.map(money).as_ref());
    if let Some(order) = order {
        file.text("order", order.word());
    }
}

fn policy(file: &mut File, policy: &Policy) {
    file.line("\n[[policy]]");
    file.text("id", &policy.id);
    file.text("title", &policy.title);
    file.optional("clause", policy.clause.as_ref());
    file.text("quote", &policy.quote);
    file.word("recipient", policy.recipient.word(), Recipient::Firm.word());
    file.texts("paid_by", &shares(&policy.payers));
    file.text("what", policy.what.word());
    what(file, policy);
    file.optional("base_words", policy.base_words.as_ref());
    let conditions: Vec<String> = policy.conditions.iter().map(condition).collect();
    if !conditions.is_empty() {
        file.line(&format!("conditions = [{}]", conditions.join(", ")));
    }
    file.word("bound", policy.bound.word(), Bound::Exact.word());
    caps(file, &policy.caps);
    if let Some(days) = policy.notice_days {
        file.line(&format!("notice_days = {days}"));
    }
    if let Some(years) = policy.years {
        file.line(&format!("years = {years}"));
    }
    if policy.once {
        file.line("once = true");
    }
    valid(file, policy.valid);
    file.optional("group", policy.group.as_ref());
    budget(file, policy.budget, policy.order);
    file.optional("depends_on", policy.depends_on.as_ref());
    file.texts("responsible", &policy.responsible);
    file.texts("assumed", &policy.assumed);
}

pub(super) fn shares(of: &[(String, Rate)]) -> Vec<String> {
    match of {
        [(name, _)] => vec![name.clone()],
        each => each.iter().map(|(name, share)| format!("{name} {}%", share.percent_as_written())).collect(),
    }
}

fn pct(file: &mut File, share: Option<Rate>) {
    file.optional("share_pct", share.map(Rate::percent_as_written).as_ref());
}

fn what(file: &mut File, policy: &Policy) {
    let plain = match policy.tiers.as_slice() {
        [one] if one.level.is_none() && one.from.is_none() && one.below.is_none() => Some(one),
        _ => None,
    };
    match &policy.what {
        What::Amount => file.optional("amount", plain.and_then(|one| one.amount).map(money).as_ref()),
        What::Share(base) => {
            file.text("base", base.word());
            pct(file, plain.and_then(|one| one.share));
        }
        What::Unit(base, per) => {
            file.text("base", base.word());
            file.text("per_unit", &money(*per));
        }
        What::Interest(Interest::Rate(rate)) => pct(file, Some(*rate)),
        What::Increment(of) => {
            pct(file, Some(of.share));
            file.word("base_year", &of.base.word(), &Increment::USUAL.word());
            let usual = Increment::usual_first(of.base, policy.years.is_some());
            file.optional("years_from", of.years_from().filter(|_| of.first != usual).as_ref());
        }
        What::Interest(Interest::Above(parameter)) => file.text("above", parameter),
        What::Choice(amounts) => {
            let amounts: Vec<String> = amounts.iter().map(|amount| money(*amount)).collect();
            file.texts("amounts", &amounts);
        }
        What::Open => {}
        What::Elsewhere(document) => file.text("elsewhere", document),
    }
    if plain.is_none() && !policy.tiers.is_empty() {
        let tiers: Vec<String> = policy.tiers.iter().map(|tier| self::tier(tier, policy.base())).collect();
        file.line(&format!("tiers = [{}]", tiers.join(", ")));
    }
}

fn inline(parts: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    let parts = parts.into_iter().filter_map(|(key, text)| Some(format!("{key} = {}", quoted(&text?))));
    format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
}

/// A bound as it is written: `500万元`, `300`.
pub fn bound(quantity: Quantity, bound: Amount) -> String {
    if quantity.is_money() { money(bound) } else { quantity.measure().plain(bound) }
}

fn tier(tier: &Tier, base: Option<Quantity>) -> String {
    let of_base = |amount: Option<Amount>| base.zip(amount).map(|(base, amount)| bound(base, amount));
    inline([
        ("level", tier.level.clone()),
        ("from", of_base(tier.from)),
        ("below", of_base(tier.below)),
        ("amount", tier.amount.map(money)),
        ("share_pct", tier.share.map(Rate::percent_as_written)),
        ("cap", tier.cap.map(money)),
    ])
}

fn condition(condition: &Condition) -> String {
    let more = [("when", condition.when.map(|flag| flag.word().to_owned())), ("words", condition.words.clone())];
    let own = match &condition.test {
        Test::Is(flag) => vec![("is", Some(flag.word().to_owned()))],
        Test::Least(of, least) => vec![("of", Some(of.word().to_owned())), ("least", Some(bound(*of, *least)))],
        Test::Over(of, over) => vec![("of", Some(of.word().to_owned())), ("over", Some(bound(*of, *over)))],
        Test::CompletedIn(years) => {
            let years: Vec<String> = years.iter().map(i32::to_string).collect();
            let more = inline(more);
            let more = more.trim_start_matches("{ ").trim_end_matches(" }").trim();
            let comma = if more.is_empty() { "" } else { ", " };
            return format!("{{ completed_in = [{}]{comma}{more} }}", years.join(", "));
        }
    };
    inline(own.into_iter().chain(more))
}

fn caps(file: &mut File, caps: &Caps) {
    if *caps == Caps::default() {
        return;
    }
    let (share, of) = caps.share.map(|(share, of)| (share.percent_as_written(), of.word().to_owned())).unzip();
    let parts = [
        ("project", caps.project.map(money)),
        ("firm", caps.firm.map(money)),
        ("firm_all_years", caps.firm_all_years.map(money)),
        ("principal", caps.principal.map(money)),
        ("share_pct", share),
        ("share_of", of),
    ];
    file.line(&format!("cap = {}", inline(parts)));
}
