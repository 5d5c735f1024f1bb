//! `[[policy]]`, `[[policy_group]]` and `[[parameter]]`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::projects::money;
use super::{funds, is_url_id, number, optional, plain};
use crate::day::Day;
use crate::money::Amount;
use crate::plan::policy::{
    BaseYear, Bound, Caps, Combine, Condition, Flag, Group, Increment, Interest, Order, Parameter, Per, Policies,
    Policy, Quantity, Recipient, Test, Tier, Valid, What, fold_level,
};
use crate::plan::toml_reader::{Fields, Places, Problems, Text};
use crate::rate::Rate;

pub(super) fn read(top: &mut Fields<'_>, years: Option<(i32, i32)>, problems: &mut Problems) -> Policies {
    // Days without a year, as a document writes them, are meant of its first year.
    let about = Day::middle_of(years.map_or(2000, |(from, _)| from));
    let parameters =
        read_all(top.tables("parameter", problems), problems, |block, problems| parameter(block, about, problems));
    let groups =
        read_all(top.tables("policy_group", problems), problems, |block, problems| group(block, about, problems));
    let policies = read_all(top.tables("policy", problems), problems, |block, problems| policy(block, about, problems));
    unique(&parameters, "parameter", |parameter| parameter.id.clone(), problems);
    unique(&groups, "policy_group", |group| group.id.clone(), problems);
    unique(&policies, "policy", |policy| policy.id.clone(), problems);
    unique(&policies, "policy", |policy| policy.title.clone(), problems);
    let (funds, lists) = funds::read(top, problems);
    let found = Policies {
        list: policies.iter().map(|(policy, _)| policy.clone()).collect(),
        groups: groups.into_iter().map(|(group, _)| group).collect(),
        parameters: parameters.into_iter().map(|(parameter, _)| parameter).collect(),
        funds,
        lists,
        // Read when the units are known for whom somebody answers.
        bodies: Vec::new(),
    };
    for (policy, places) in &policies {
        names_what_is_there(&found, policy, places, problems);
    }
    found
}

pub(super) type Placed<T> = (T, Places);

pub(super) fn read_all<'t, T>(
    blocks: Vec<Fields<'t>>,
    problems: &mut Problems,
    mut read: impl FnMut(Fields<'t>, &mut Problems) -> Option<T>,
) -> Vec<Placed<T>> {
    let each = blocks.into_iter().filter_map(|block| {
        let places = block.places();
        Some((read(block, problems)?, places))
    });
    each.collect()
}

pub(super) fn unique<T>(blocks: &[Placed<T>], what: &str, name: impl Fn(&T) -> String, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (block, places) in blocks {
        if !seen.insert(name(block)) {
            let at = places.of(&["id", "title"]);
            problems.at(at, format!("{what} “{}”出现两次，请改成不同的名字", name(block)));
        }
    }
}

fn names_what_is_there(found: &Policies, policy: &Policy, places: &Places, problems: &mut Problems) {
    let list = |names: Vec<&str>| if names.is_empty() { "（还没有）".to_owned() } else { names.join("、") };
    if let Some(id) = policy.group.as_ref().filter(|id| !found.groups.iter().any(|group| group.id == **id)) {
        let known = list(found.groups.iter().map(|group| group.id.as_str()).collect());
        problems
            .at(places.of(&["group"]), format!("policy.group “{id}”没有定义，请写 [[policy_group]] 的 id：{known}"));
    }
    if let What::Interest(Interest::Above(id)) = &policy.what
        && found.parameter(id).is_none()
    {
        let known = list(found.parameters.iter().map(|parameter| parameter.id.as_str()).collect());
        problems.at(places.of(&["above"]), format!("policy.above “{id}”没有定义，请写 [[parameter]] 的 id：{known}"));
    }
}

pub(super) fn id_of(fields: &mut Fields<'_>, what: &str, example: &str, problems: &mut Problems) -> Option<String> {
    let id = fields.required_text("id", example, problems)?;
    if !is_url_id(&id.text) {
        let shown = crate::month::shorten(&id.text);
        problems.at(id.at, format!("{what}.id “{shown}”只能用小写字母、数字、连字符和下划线，例如 {example}"));
    }
    Some(id.text)
}

fn parameter(mut fields: Fields<'_>, about: NaiveDate, problems: &mut Problems) -> Option<Parameter> {
    let at = fields.offset();
    let id = id_of(&mut fields, "parameter", "lpr_5y", problems);
    let name = fields.required_text("name", "五年期市场报价利率（LPR）", problems);
    let source = optional(fields.text("source", problems));
    let mut values = BTreeMap::new();
    for mut block in fields.tables("values", problems) {
        let at = block.offset();
        let from = block.date("from", about, problems);
        let pct = number(&mut block, "pct", problems, Rate::parse_percent);
        block.finish(problems);
        let (Some(from), Some(pct)) = (from, pct) else {
            problems.at(at, "parameter.values 的每一项要写日期和数值，例如 { from = 2022-01-20, pct = \"4.6\" }");
            continue;
        };
        if values.insert(from, pct).is_some() {
            problems.at(at, format!("parameter.values 的 {from} 出现两次，请只留一项"));
        }
    }
    fields.finish(problems);
    if values.is_empty() {
        problems.at(at, "parameter 缺少 values，例如 values = [{ from = 2022-01-20, pct = \"4.6\" }]");
    }
    Some(Parameter { id: id?, name: name?.text, source, values })
}

fn group(mut fields: Fields<'_>, about: NaiveDate, problems: &mut Problems) -> Option<Group> {
    let at = fields.offset();
    let id = id_of(&mut fields, "policy_group", "city", problems);
    let title = fields.required_text("title", "市级扶持政策", problems);
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    let combines: Vec<(&str, Combine)> = Combine::ALL.iter().map(|it| (it.word(), *it)).collect();
    let combine = fields.choice("combine", &combines, Combine::Unsaid, problems);
    let pers: Vec<(&str, Per)> = Per::ALL.iter().map(|it| (it.word(), *it)).collect();
    let per = fields.choice("per", &pers, Per::Firm, problems);
    let within_local_tax = fields.choice("limit", &[("local_tax_share", true)], false, problems);
    let taxes = optional(fields.text("limit_taxes", problems));
    let budget = read_money(&mut fields, "budget", problems);
    let order = order(&mut fields, problems);
    let valid = valid(&mut fields, "policy_group", about, problems);
    let assumed = plain(fields.texts("assumed", problems));
    fields.finish(problems);
    if order.is_some() && !within_local_tax && budget.is_none() {
        problems.at(at, "policy_group 写了 order（先后），要同时写 budget 或 limit，没有总额就不分先后");
    }
    if taxes.is_some() && !within_local_tax {
        problems.at(at, "policy_group 写了 limit_taxes（哪几种税），要同时写 limit = \"local_tax_share\"");
    }
    Some(Group {
        id: id?,
        title: title?.text,
        clause,
        quote,
        combine,
        per,
        within_local_tax,
        taxes,
        budget,
        order,
        valid,
        assumed,
    })
}

/// `valid_from = 2022-01-21`, `valid_to = 2025-01-20`: both days included.
fn valid(fields: &mut Fields<'_>, of: &str, about: NaiveDate, problems: &mut Problems) -> Valid {
    let at = fields.offset();
    let valid =
        Valid { from: fields.date("valid_from", about, problems), to: fields.date("valid_to", about, problems) };
    if valid.from.zip(valid.to).is_some_and(|(from, to)| from > to) {
        problems.at(at, format!("{of} 的 valid_from 不能晚于 valid_to"));
    }
    valid
}

fn order(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Order> {
    let orders: Vec<(&str, Option<Order>)> = Order::ALL.iter().map(|it| (it.word(), Some(*it))).collect();
    fields.choice("order", &orders, None, problems)
}

pub(super) fn read_money(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Amount> {
    let text = fields.text(key, problems)?;
    money_of(key, &text, problems)
}

fn money_of(key: &str, text: &Text, problems: &mut Problems) -> Option<Amount> {
    let found = money(&text.text).filter(|amount| amount.0 > 0);
    if found.is_none() {
        let shown = crate::month::shorten(&text.text);
        problems.at(text.at, format!("{key} “{shown}”要写金额和单位，例如 {key} = \"500万元\""));
    }
    found
}

/// A bound in the unit of its quantity: `500万元`, `300`.
fn bound_of(quantity: Quantity, key: &'static str, text: &Text, problems: &mut Problems) -> Option<Amount> {
    if quantity.is_money() {
        return money_of(key, text, problems);
    }
    let measure = quantity.measure();
    let found = measure.parse(text.text.strip_suffix(measure.unit.as_str()).unwrap_or(&text.text));
    match found {
        Ok(amount) if amount.0 > 0 => Some(amount),
        _ => {
            let shown = crate::month::shorten(&text.text);
            problems.at(text.at, format!("{key} “{shown}”要写大于0的数（{}），例如 {key} = \"300\"", measure.unit));
            None
        }
    }
}

fn quantity(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Quantity> {
    let words: Vec<(&str, Option<Quantity>)> = Quantity::ALL.iter().map(|it| (it.word(), Some(*it))).collect();
    fields.choice(key, &words, None, problems)
}

fn flag(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Flag> {
    let words: Vec<(&str, Option<Flag>)> = Flag::ALL.iter().map(|it| (it.word(), Some(*it))).collect();
    fields.choice(key, &words, None, problems)
}

/// One of the words that `parse` knows; `words` says which.
fn read_word<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    parse: impl Fn(&str) -> Option<T>,
    words: &str,
    problems: &mut Problems,
) -> Option<T> {
    let text = fields.text(key, problems)?;
    let found = parse(&crate::money::fold(&text.text));
    if found.is_none() {
        let shown = crate::month::shorten(&text.text);
        problems.at(text.at, format!("policy.{key} “{shown}”请写成 {words}，加引号"));
    }
    found
}

/// A share of a payment or award: more than nothing, and no slip of the point.
fn share(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Rate> {
    let at = fields.at(key);
    let share = number(fields, key, problems, Rate::parse_percent)?;
    if !share.is_positive() || share > Rate::new(10, 1)? {
        problems.at(at, format!("{key} 要大于0、不超过1000，例如 {key} = \"3\""));
        return None;
    }
    Some(share)
}

fn policy(mut fields: Fields<'_>, about: NaiveDate, problems: &mut Problems) -> Option<Policy> {
    let at = fields.offset();
    let id = id_of(&mut fields, "policy", "equipment", problems);
    let title = fields.required_text("title", "设备投资补助", problems);
    let clause = optional(fields.text("clause", problems));
    let quote = fields.required_text("quote", "按设备投资额的 3%给予补助", problems);
    let recipients: Vec<(&str, Recipient)> = Recipient::ALL.iter().map(|it| (it.word(), *it)).collect();
    let recipient = fields.choice("recipient", &recipients, Recipient::Firm, problems);
    let payers = shares(&mut fields, "paid_by", problems);
    let (what, mut tiers) = what(&mut fields, at, problems)?;
    let base = match &what {
        What::Share(base) | What::Unit(base, _) => Some(*base),
        What::Interest(_) => Some(Quantity::Loan),
        _ => None,
    };
    tiers.extend(self::tiers(&mut fields, &what, base, problems));
    check_tiers(&what, &tiers, at, problems);
    let base_words = optional(fields.text("base_words", problems));
    let mut conditions = thresholds(&mut fields, base, problems);
    conditions.extend(self::conditions(&mut fields, problems));
    let bounds = [("exact", Bound::Exact), ("at_most", Bound::AtMost), ("at_least", Bound::AtLeast)];
    let bound = fields.choice("bound", &bounds, Bound::Exact, problems);
    let caps = fields.table("cap", problems).map(|block| caps(block, problems)).unwrap_or_default();
    let notice_days = fields.integer("notice_days", 1..=60, problems).map(|days| days as u32);
    let years_at = fields.at("years");
    let years = fields.integer("years", 1..=30, problems).map(|years| years as u32);
    if years.is_some() && !matches!(what, What::Interest(_) | What::Increment(_)) {
        problems.at(years_at, "years 只用于贴息（interest）和增量奖励（increment），请删去；只给一次的写 once = true");
    }
    let once = fields.boolean("once", problems).unwrap_or(false);
    let valid = valid(&mut fields, "policy", about, problems);
    let group = optional(fields.text("group", problems));
    let order_at = fields.at("order");
    let budget = read_money(&mut fields, "budget", problems);
    let order = order(&mut fields, problems);
    if order.is_some() && budget.is_none() {
        problems.at(order_at, "policy 写了 order（先后），要同时写 budget，没有总额就不分先后");
    }
    let depends_on = optional(fields.text("depends_on", problems));
    let responsible = plain(fields.texts("responsible", problems));
    let assumed = plain(fields.texts("assumed", problems));
    fields.finish(problems);
    Some(Policy {
        id: id?,
        title: title?.text,
        clause,
        quote: quote?.text,
        recipient,
        payers,
        conditions,
        what,
        tiers,
        base_words,
        bound,
        caps,
        years,
        notice_days,
        once,
        valid,
        group,
        budget,
        order,
        depends_on,
        responsible,
        assumed,
    })
}

/// `["市财政"]`, or with shares: `["省 30%", "市 30%", "县（市、区） 40%"]`.
pub(super) fn shares(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Vec<(String, Rate)> {
    let at = fields.at(key);
    let texts = fields.texts(key, problems);
    if let [one] = texts.as_slice() {
        return vec![(one.text.clone(), Rate::ONE)];
    }
    let mut payers: Vec<(String, Rate)> = Vec::new();
    for text in texts {
        // 市 30%, 市30%.
        let is_share = |c: char| c.is_ascii_digit() || matches!(c, '.' | '%' | '％' | '．' | '０'..='９');
        let (name, share) = text.text.split_at(text.text.trim_end_matches(is_share).len());
        let read = Rate::parse_percent(share).ok().filter(|_| !name.trim().is_empty());
        let read = read.map(|share| (name.trim().to_owned(), share));
        match read {
            Some(payer) => payers.push(payer),
            None => problems.at(text.at, format!("{key} “{}”要写各付多少，例如 \"市 30%\"", text.text)),
        }
    }
    let sum = payers.iter().fold(Rate::ZERO, |sum, (_, share)| sum.plus(*share));
    if !payers.is_empty() && sum != Rate::ONE {
        problems.at(at, format!("{key} 各付的比例合计 {}%，应为 100%", sum.percent_as_written()));
    }
    payers
}

/// What it gives, with its one tier where it is written without a scale.
fn what(fields: &mut Fields<'_>, at: usize, problems: &mut Problems) -> Option<(What, Vec<Tier>)> {
    if !fields.has("what") {
        let _ = fields.text("what", problems);
        problems.at(at, format!("缺少 policy.what，请写 {} 之一", What::WORDS.join("、")));
    }
    let words: Vec<(&str, Option<&str>)> = What::WORDS.iter().map(|word| (*word, Some(*word))).collect();
    let word = if fields.has("what") { fields.choice("what", &words, None, problems) } else { None };
    let base_at = fields.at("base");
    let base = quantity(fields, "base", problems);
    let amount = read_money(fields, "amount", problems);
    let share_pct = share(fields, "share_pct", problems);
    let per_unit = read_money(fields, "per_unit", problems);
    let above = optional(fields.text("above", problems));
    let amounts_at = fields.at("amounts");
    let amounts = fields.texts("amounts", problems);
    let amounts: Vec<Amount> = amounts.iter().filter_map(|text| money_of("amounts", text, problems)).collect();
    let elsewhere = optional(fields.text("elsewhere", problems));
    let base_words = "completion、completion-1（至多 -5）、last 或年份 2020";
    let base_year = read_word(fields, "base_year", BaseYear::parse, base_words, problems);
    let from = "completion 或 completion+1（至多 +5）";
    let years_from = read_word(fields, "years_from", Increment::parse_years_from, from, problems);
    let has_tiers = fields.has("tiers");
    let one = |tier: Tier| if has_tiers { Vec::new() } else { vec![tier] };
    // What stands beside a scale would be read by nobody.
    for (key, has) in [("amount", amount.is_some()), ("share_pct", share_pct.is_some())] {
        if has && has_tiers && matches!(word, Some("amount" | "share")) {
            problems.at(fields.at(key), format!("policy.{key} 和 tiers 不能都写，请只留一个"));
        }
    }
    let needs = |key: &str, example: &str, problems: &mut Problems| {
        problems.at(at, format!("policy.what = \"{}\" 要写 {key}，例如 {example}", word.unwrap_or_default()));
    };
    // Keys that say something about another kind of sum would be read by nobody.
    let idle = [
        ("base", base.is_some(), &["share", "unit", "amount"][..]),
        ("amount", amount.is_some(), &["amount"]),
        ("share_pct", share_pct.is_some(), &["share", "interest", "increment"]),
        ("per_unit", per_unit.is_some(), &["unit"]),
        ("above", above.is_some(), &["interest"]),
        ("amounts", !amounts.is_empty(), &["choice"]),
        ("elsewhere", elsewhere.is_some(), &["elsewhere"]),
        ("base_year", base_year.is_some(), &["increment"]),
        ("years_from", years_from.is_some(), &["increment"]),
        ("tiers", has_tiers, &["amount", "share"]),
    ];
    for (key, has, kinds) in idle {
        if has && word.is_some_and(|word| !kinds.contains(&word)) {
            let at = fields.at(key);
            problems.at(at, format!("policy.{key} 与 what = \"{}\" 不合，请删去或改写 what", word.unwrap_or_default()));
        }
    }
    let found = match word? {
        "amount" => {
            if base.is_some() {
                let sentence = "policy.base 与 what = \"amount\" 不合；按数额分档给钱的写 what = \"share\"，\
                                在 tiers 里写 from 和 amount";
                problems.at(base_at, sentence);
            }
            if amount.is_none() && !has_tiers {
                needs("amount 或 tiers", "amount = \"20万元\"", problems);
            }
            (What::Amount, one(Tier { amount, ..Tier::default() }))
        }
        "share" => {
            let Some(base) = base else {
                let words: Vec<&str> = Quantity::ALL.iter().map(|it| it.word()).collect();
                needs("base", &format!("base = \"equipment\"（可写 {}）", words.join("、")), problems);
                return None;
            };
            if share_pct.is_none() && !has_tiers {
                needs("share_pct 或 tiers", "share_pct = \"3\"", problems);
            }
            if !base.is_money() {
                problems.at(base_at, format!("policy.base = \"{}\" 不是金额，不能按比例给钱", base.word()));
            }
            (What::Share(base), one(Tier { share: share_pct, ..Tier::default() }))
        }
        "unit" => match (base, per_unit) {
            (Some(base), Some(per)) if !base.is_money() => (What::Unit(base, per), Vec::new()),
            _ => {
                needs("base 和 per_unit", "base = \"saved\"、per_unit = \"500元\"", problems);
                return None;
            }
        },
        "interest" => match (share_pct, above) {
            (Some(rate), None) => (What::Interest(Interest::Rate(rate)), Vec::new()),
            (None, Some(above)) => (What::Interest(Interest::Above(above)), Vec::new()),
            _ => {
                needs("share_pct 或 above 之一", "share_pct = \"2\"", problems);
                return None;
            }
        },
        "increment" => match share_pct {
            Some(share) => {
                let base = base_year.unwrap_or(Increment::USUAL);
                let first = years_from.or(Increment::usual_first(base, fields.has("years")));
                (What::Increment(Increment { share, base, first }), Vec::new())
            }
            None => {
                needs("share_pct", "share_pct = \"40\"", problems);
                return None;
            }
        },
        "choice" => {
            if amounts.len() < 2 || amounts.windows(2).any(|pair| pair[0] >= pair[1]) {
                let sentence = "what = \"choice\" 是文件写了几种金额而没有写档次，amounts 要从小到大写两种以上，\
                                例如 amounts = [\"10万元\", \"20万元\"]";
                problems.at(amounts_at, sentence);
                return None;
            }
            (What::Choice(amounts), Vec::new())
        }
        "open" => (What::Open, Vec::new()),
        _ => match elsewhere {
            Some(document) => (What::Elsewhere(document), Vec::new()),
            None => {
                needs("elsewhere（哪个文件）", "elsewhere = \"泉政办〔2021〕35号\"", problems);
                return None;
            }
        },
    };
    Some(found)
}

fn tiers(fields: &mut Fields<'_>, what: &What, base: Option<Quantity>, problems: &mut Problems) -> Vec<Tier> {
    let mut tiers = Vec::new();
    for mut block in fields.tables("tiers", problems) {
        let at = block.offset();
        let level = optional(block.text("level", problems));
        let [from, below] = ["from", "below"].map(|key| {
            let text = block.number_text(key, problems)?;
            let Some(base) = base else {
                problems.at(text.at, format!("tiers.{key} 是基数的档次，这项政策没有基数，请写 level"));
                return None;
            };
            bound_of(base, key, &text, problems)
        });
        let amount = read_money(&mut block, "amount", problems);
        let share = share(&mut block, "share_pct", problems);
        let cap = read_money(&mut block, "cap", problems);
        block.finish(problems);
        if level.is_none() && from.is_none() && below.is_none() {
            problems.at(at, "tiers 的每一项要写 level（哪一级）或 from、below（哪一档），例如 { level = \"国家级\", amount = \"100万元\" }");
        }
        let fits = match what {
            What::Amount => amount.is_some() && share.is_none(),
            _ => amount.is_some() != share.is_some(),
        };
        if !fits {
            let key = if matches!(what, What::Amount) { "amount" } else { "share_pct 或 amount 之一" };
            problems.at(at, format!("tiers 的这一项要写 {key}，例如 {{ level = \"省级\", amount = \"10万元\" }}"));
        }
        if from.zip(below).is_some_and(|(from, below)| from >= below) {
            problems.at(at, "tiers 的 below 要大于 from，不然没有数在这一档");
        }
        tiers.push(Tier { level, from, below, amount, share, cap });
    }
    tiers
}

fn check_tiers(what: &What, tiers: &[Tier], at: usize, problems: &mut Problems) {
    if !matches!(what, What::Amount | What::Share(_)) {
        return;
    }
    let levels: Vec<String> = tiers.iter().filter_map(|tier| tier.level.as_deref().map(fold_level)).collect();
    let twice = levels.iter().enumerate().find(|(at, level)| levels[..*at].contains(level));
    if let Some((_, level)) = twice {
        problems.at(at, format!("tiers 的级别“{level}”出现两次，请只留一项"));
    }
    if !levels.is_empty() && levels.len() != tiers.len() {
        problems.at(at, "tiers 要么每一项都写 level，要么都写 from、below");
    }
}

/// `threshold = "500万元"` (达到), `over = "5万元"` (超过), of the base.
fn thresholds(fields: &mut Fields<'_>, base: Option<Quantity>, problems: &mut Problems) -> Vec<Condition> {
    let mut found = Vec::new();
    for key in ["threshold", "over"] {
        let Some(text) = fields.number_text(key, problems) else { continue };
        let Some(base) = base else {
            let instead = "conditions = [{ of = \"total\", least = \"…\" }]";
            problems.at(text.at, format!("policy.{key} 是基数的门槛，这项政策没有基数；请写 {instead}"));
            continue;
        };
        let Some(bound) = bound_of(base, key, &text, problems) else { continue };
        let test = if key == "over" { Test::Over(base, bound) } else { Test::Least(base, bound) };
        found.push(Condition { test, when: None, words: None });
    }
    found
}

fn conditions(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<Condition> {
    let mut found = Vec::new();
    for mut block in fields.tables("conditions", problems) {
        let at = block.offset();
        let is = flag(&mut block, "is", problems);
        let of = quantity(&mut block, "of", problems);
        let [least, over] = ["least", "over"].map(|key| {
            let text = block.number_text(key, problems)?;
            match of {
                Some(of) => bound_of(of, key, &text, problems),
                None => {
                    problems.at(
                        text.at,
                        format!("conditions.{key} 要同时写 of（哪个数），例如 {{ of = \"saved\", {key} = \"300\" }}"),
                    );
                    None
                }
            }
        });
        let completed_at = block.at("completed_in");
        let completed = block.integers("completed_in", problems);
        let is_year = |year: &i64| (1900..=2999).contains(year);
        if let Some(year) = completed.iter().flatten().find(|year| !is_year(year)) {
            problems.at(completed_at, format!("conditions.completed_in 的 {year} 不是年份，请写成 [2018, 2019]"));
        }
        let completed: Option<Vec<i32>> =
            completed.map(|years| years.into_iter().filter(is_year).map(|year| year as i32).collect());
        let when = flag(&mut block, "when", problems);
        let words = optional(block.text("words", problems));
        block.finish(problems);
        let tests = [
            is.map(Test::Is),
            of.zip(least).map(|(of, least)| Test::Least(of, least)),
            of.zip(over).map(|(of, over)| Test::Over(of, over)),
            completed.filter(|years| !years.is_empty()).map(Test::CompletedIn),
        ];
        let mut tests = tests.into_iter().flatten();
        match (tests.next(), tests.next()) {
            (Some(test), None) => found.push(Condition { test, when, words }),
            _ => problems.at(
                at,
                "conditions 的每一项写一个条件：{ is = \"in_statistics\" }、{ of = \"saved\", least = \"300\" } 或 \
                 { completed_in = [2018, 2019] }",
            ),
        }
    }
    found
}

/// `cap = { firm = "500万元", share_pct = "30", share_of = "total" }`.
fn caps(mut block: Fields<'_>, problems: &mut Problems) -> Caps {
    let at = block.offset();
    let project = read_money(&mut block, "project", problems);
    let firm = read_money(&mut block, "firm", problems);
    let firm_all_years = read_money(&mut block, "firm_all_years", problems);
    let principal = read_money(&mut block, "principal", problems);
    let pct = share(&mut block, "share_pct", problems);
    let of = quantity(&mut block, "share_of", problems);
    block.finish(problems);
    if pct.is_some() != of.is_some() {
        problems.at(at, "cap 的 share_pct 与 share_of 要一起写，例如 { share_pct = \"30\", share_of = \"total\" }");
    }
    Caps { project, firm, firm_all_years, share: pct.zip(of).filter(|(_, of)| of.is_money()), principal }
}
