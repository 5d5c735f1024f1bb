//! A claim as it is stated, fact by fact.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::day::{self, Day};
use crate::entry::{one_line, understand};
use crate::firms::{Firms, Named, is_same};
use crate::money::{Amount, Measure, fold};
use crate::plan::policy::{Flag, Per, Policies, Quantity, fold_level};
use crate::projects::codes;
use crate::region::{fold_document, fold_name};

/// One request for one policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claim {
    /// Its own number: what is named in results, and who comes first among equals.
    pub id: String,
    pub recipient: String,
    /// 统一社会信用代码, with its check digit; who has none leaves it out.
    pub credit_code: Option<String>,
    /// The policy's id.
    pub policy: String,
    pub project: String,
    pub level: Option<String>,
    pub quantities: BTreeMap<Quantity, Amount>,
    pub flags: BTreeMap<Flag, bool>,
    /// Year in which the project was completed.
    pub completion: Option<i32>,
    /// When what is claimed came about: recognised, issued, spent.
    pub date: Option<NaiveDate>,
    pub approved: Option<NaiveDate>,
    /// When it was approved to the millisecond (UTC), where that is on record: who comes first on one day.
    pub approved_at: Option<i64>,
    /// What two people have decided that it gives, where that is more than nothing: it stays whatever others get.
    pub given: Option<Given>,
    /// Two have decided that nothing is given: it has no place before others.
    pub declined: bool,
    /// Sent back after it was decided: it asks for nothing until it is stated anew.
    pub withdrawn: bool,
    /// Already had this year under another document for what the group forbids twice.
    pub elsewhere: Option<Amount>,
    /// That document, with its year.
    pub elsewhere_by: String,
    /// Already had under this policy in earlier years.
    pub before: Option<Amount>,
    pub before_by: String,
    /// What the office decided, where the document leaves it room.
    pub decided: Option<Amount>,
    pub local_tax: Option<Amount>,
}

/// What a decision of two gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    pub sum: Amount,
    /// As much of the loan as interest was granted for, where it is one.
    pub loan: Amount,
    /// Whether something else is stated since: what it comes to beyond the sum is not decided.
    pub anew: bool,
}

impl Claim {
    /// Whoever claims, as a firm is named.
    pub fn firm(&self) -> Named<'_> {
        (&self.recipient, self.credit_code.as_deref())
    }

    /// The same firm's, for the same project, by the same policy.
    pub fn is_of_same_matter(&self, other: &Claim) -> bool {
        self.policy == other.policy && is_same(self.firm(), other.firm()) && self.project_key() == other.project_key()
    }

    /// Its project, however somebody writes the name.
    pub fn project_key(&self) -> String {
        fold_name(&self.project).to_lowercase()
    }

    /// Its level, however somebody writes it: 国家级 and 国家 are one.
    pub fn level_key(&self) -> String {
        self.level.as_deref().map(fold_level).unwrap_or_default()
    }
}

/// What was decided on a claim of another year of the same plan, or stated there of the years before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Had {
    pub year: i32,
    /// Of the claim in its year.
    pub number: u32,
    /// As it was decided; as it is stated, where nothing is.
    pub claim: Claim,
    /// Nothing where the claim only states what was had before it.
    pub amount: Amount,
}

impl Had {
    /// Whether it came before a claim of `year`: whatever is not approved yet comes after all that is. What is only
    /// stated is of the years before.
    pub(super) fn precedes(&self, claim: &Claim, year: i32) -> bool {
        if self.amount.0 == 0 {
            return self.year < year;
        }
        let when = |claim: &Claim, year: i32| (claim.approved, claim.approved_at, year);
        claim.approved.is_none() || when(&self.claim, self.year) < when(claim, year)
    }

    /// 2022年第3号
    pub(super) fn named(&self) -> String {
        format!("{}年第{}号", self.year, self.number)
    }
}

/// What is known of those who claim, whatever they claim.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recipients {
    firms: Firms,
    /// What of a firm's taxes of the year the local treasury kept, by [`Firms::key`].
    local_tax: BTreeMap<String, Amount>,
    /// Decisions of other years.
    had: Vec<Had>,
}

impl Recipients {
    /// What the claims say about their recipients, and what those had in other years.
    pub fn of(claims: &[Claim], had: Vec<Had>) -> Self {
        let firms = Firms::of(claims.iter().chain(had.iter().map(|had| &had.claim)).map(Claim::firm));
        let mut local_tax: BTreeMap<String, Amount> = BTreeMap::new();
        for claim in claims {
            if let Some(stated) = claim.local_tax {
                let most = local_tax.entry(firms.key(claim.firm())).or_insert(stated);
                *most = stated.max(*most);
            }
        }
        Self { firms, local_tax, had }
    }

    pub(super) fn key(&self, claim: &Claim) -> String {
        self.firms.key(claim.firm())
    }

    pub(super) fn local_tax(&self, key: &str) -> Option<Amount> {
        self.local_tax.get(key).copied()
    }

    /// Decisions of other years with whose each is.
    pub(super) fn had(&self) -> impl Iterator<Item = (String, &Had)> {
        self.had.iter().map(|had| (self.key(&had.claim), had))
    }
}

/// What the claims say about their recipients.
pub fn recipients(claims: &[Claim]) -> Recipients {
    Recipients::of(claims, Vec::new())
}

/// A sentence for each number of a recipient that his claims state differently, and for each name with several codes.
pub fn disagreements(policies: &Policies, claims: &[Claim], year: i32) -> Vec<String> {
    // By the id of the group or the policy within which a firm has one number.
    let mut stated: BTreeMap<(Fact, String, String), (&str, BTreeSet<Amount>)> = BTreeMap::new();
    let firms = Firms::of(claims.iter().map(Claim::firm));
    for claim in claims {
        let name = firms.key(claim.firm());
        let policy = policies.get(&claim.policy);
        let group = policy.and_then(|policy| policies.group(policy));
        // Within a matter or a project each has its own.
        let group = group.filter(|group| group.per == Per::Firm && !group.combine.is_both());
        let capped = policy.filter(|policy| policy.caps.firm_all_years.is_some());
        // What the treasury kept of a firm is the firm's; before its project, that of the project's year.
        let kept = |quantity: Quantity| claim.quantities.get(&quantity).copied();
        let base = policy.and_then(|policy| policy.base_year(claim.completion, year));
        let base = base.map(|year| year.to_string()).unwrap_or_default();
        let facts = [
            Some((Fact::LocalTax, String::new(), claim.local_tax)),
            Some((Fact::Quantity(Quantity::Retained), String::new(), kept(Quantity::Retained))),
            Some((Fact::Quantity(Quantity::RetainedBefore), base, kept(Quantity::RetainedBefore))),
            // What came by several documents adds up.
            group.map(|group| {
                let of = format!("{} {}", group.id, fold_document(&claim.elsewhere_by));
                (Fact::Elsewhere, of, claim.elsewhere)
            }),
            capped.map(|policy| (Fact::Before, policy.id.clone(), claim.before)),
        ];
        for (fact, of, amount) in facts.into_iter().flatten() {
            let (_, amounts) = stated.entry((fact, name.clone(), of)).or_insert((&claim.recipient, BTreeSet::new()));
            amounts.extend(amount);
        }
    }
    let apart = stated.into_iter().filter(|(_, (_, amounts))| amounts.len() > 1);
    let sentence = |((fact, ..), (recipient, amounts)): ((Fact, String, String), (&str, BTreeSet<Amount>))| {
        let amounts: Vec<String> = amounts.into_iter().map(super::words::yuan).collect();
        format!("{recipient}的{}写了几个数：{}，请改成一样", fact.name(), amounts.join("、"))
    };
    apart.map(sentence).chain(several_codes(claims)).collect()
}

fn several_codes(claims: &[Claim]) -> Vec<String> {
    let mut codes: BTreeMap<String, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for claim in claims {
        let (_, known) = codes.entry(fold_name(&claim.recipient)).or_insert((&claim.recipient, BTreeSet::new()));
        known.extend(claim.credit_code.as_deref());
    }
    let several = codes.into_values().filter(|(_, codes)| codes.len() > 1);
    let sentence = |(recipient, codes): (&str, BTreeSet<&str>)| {
        let codes: Vec<&str> = codes.into_iter().collect();
        let name = Fact::CreditCode.name();
        format!("{recipient}写了几个{name}：{}，请照营业执照改成一样", codes.join("、"))
    };
    several.map(sentence).collect()
}

/// One fact of a claim: a column of a table, a box of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    Id,
    Recipient,
    CreditCode,
    Policy,
    Project,
    Level,
    Quantity(Quantity),
    Flag(Flag),
    Completion,
    Date,
    Approved,
    Elsewhere,
    ElsewhereBy,
    Before,
    BeforeBy,
    Decided,
    LocalTax,
}

const YES: [&str; 8] = ["是", "yes", "true", "1", "√", "有", "符合", "y"];
const NO: [&str; 8] = ["否", "no", "false", "0", "×", "无", "不符合", "n"];

impl Fact {
    const PLAIN: [Fact; 15] = [
        Fact::Id,
        Fact::Recipient,
        Fact::CreditCode,
        Fact::Policy,
        Fact::Project,
        Fact::Level,
        Fact::Completion,
        Fact::Date,
        Fact::Approved,
        Fact::Elsewhere,
        Fact::ElsewhereBy,
        Fact::Before,
        Fact::BeforeBy,
        Fact::Decided,
        Fact::LocalTax,
    ];

    /// Whether it is a firm's tax figure, which the finance post states and few may see.
    pub fn is_of_taxes(self) -> bool {
        matches!(self, Fact::LocalTax | Fact::Quantity(Quantity::Retained | Quantity::RetainedBefore))
    }

    pub fn all() -> impl Iterator<Item = Fact> {
        let quantities = Quantity::ALL.into_iter().map(Fact::Quantity);
        Fact::PLAIN.into_iter().chain(quantities).chain(Flag::ALL.into_iter().map(Fact::Flag))
    }

    pub fn word(self) -> &'static str {
        match self {
            Fact::Id => "claim",
            Fact::Recipient => "recipient",
            Fact::CreditCode => "credit_code",
            Fact::Policy => "policy",
            Fact::Project => "project",
            Fact::Level => "level",
            Fact::Quantity(quantity) => quantity.word(),
            Fact::Flag(flag) => flag.word(),
            Fact::Completion => "completion",
            Fact::Date => "date",
            Fact::Approved => "approved",
            Fact::Elsewhere => "elsewhere",
            Fact::ElsewhereBy => "elsewhere_by",
            Fact::Before => "before",
            Fact::BeforeBy => "before_by",
            Fact::Decided => "decided",
            Fact::LocalTax => "local_tax",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Fact::Id => "申报编号",
            Fact::Recipient => "申报单位",
            Fact::CreditCode => "统一社会信用代码",
            Fact::Policy => "政策",
            Fact::Project => "项目",
            Fact::Level => "级别",
            Fact::Quantity(quantity) => quantity.name(),
            Fact::Flag(flag) => flag.name(),
            Fact::Completion => "完工年份",
            Fact::Date => "认定日期",
            Fact::Approved => "批准日期",
            Fact::Elsewhere => "当年已获其他奖补",
            Fact::ElsewhereBy => "其他奖补的文件",
            Fact::Before => "以前年度已享受",
            Fact::BeforeBy => "以前享受的文件",
            Fact::Decided => "核定金额",
            Fact::LocalTax => "当年税收地方实得",
        }
    }

    /// The head of its column: 设备投资额（万元）.
    pub fn head(self) -> String {
        match self.measure() {
            Some(measure) => format!("{}（{}）", self.name(), measure.unit),
            None => self.name().to_owned(),
        }
    }

    /// A head as people write it, with its unit in brackets or without; its word too.
    pub fn parse(head: &str) -> Option<Self> {
        let folded = fold_name(head);
        let name = folded.split('(').next().unwrap_or_default();
        let known = Fact::all().find(|fact| fact.word() == folded || fold_name(fact.name()) == name);
        known.or_else(|| matches!(name, "信用代码" | "社会信用代码" | "统一信用代码").then_some(Fact::CreditCode))
    }

    /// How it is counted; nothing for what is no number.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Fact::Quantity(quantity) => Some(quantity.measure()),
            Fact::Elsewhere | Fact::Before | Fact::Decided | Fact::LocalTax => Measure::money("万元"),
            _ => None,
        }
    }

    /// Writes what somebody typed into the claim; a blank leaves it unknown. The error says what to write.
    pub fn set(self, claim: &mut Claim, written: &str, policies: &Policies, year: i32) -> Result<(), String> {
        let text = written.trim();
        let some = (!text.is_empty()).then(|| one_line(text));
        match self {
            Fact::Id => claim.id = one_line(text),
            Fact::Recipient => claim.recipient = one_line(text),
            Fact::CreditCode => claim.credit_code = some.map(|text| codes::credit_code(&text)).transpose()?,
            Fact::Project => claim.project = one_line(text),
            Fact::Level => claim.level = some,
            Fact::Policy if text.is_empty() => return Err("没有写政策，请补上".to_owned()),
            Fact::Policy => {
                let found = policies.find(text).ok_or_else(|| {
                    let known: Vec<&str> = policies.list.iter().map(|policy| policy.title.as_str()).collect();
                    let shown = crate::month::shorten(text);
                    format!("计划里没有政策“{shown}”，请写 {} 之一", known.join("、"))
                })?;
                claim.policy = found.id.clone();
            }
            Fact::Flag(flag) => match read_flag(text).map_err(|sentence| format!("{}：{sentence}", flag.name()))? {
                Some(holds) => drop(claim.flags.insert(flag, holds)),
                None => drop(claim.flags.remove(&flag)),
            },
            Fact::Quantity(quantity) => match self.read_amount(text)? {
                Some(amount) => drop(claim.quantities.insert(quantity, amount)),
                None => drop(claim.quantities.remove(&quantity)),
            },
            Fact::Completion => {
                let digits = fold(text).trim_end_matches('年').to_owned();
                claim.completion =
                    match some {
                        None => None,
                        Some(_) => {
                            Some(digits.parse().ok().filter(|year| (1900..=2999).contains(year)).ok_or_else(|| {
                                format!("完工年份“{}”不是年份，请写成 2019", crate::month::shorten(text))
                            })?)
                        }
                    };
            }
            Fact::Date => claim.date = read_day(self, text, year)?,
            Fact::Approved => claim.approved = read_day(self, text, year)?,
            Fact::Elsewhere => claim.elsewhere = self.read_amount(text)?,
            Fact::ElsewhereBy => claim.elsewhere_by = one_line(text),
            Fact::Before => claim.before = self.read_amount(text)?,
            Fact::BeforeBy => claim.before_by = one_line(text),
            Fact::Decided => claim.decided = self.read_amount(text)?,
            Fact::LocalTax => claim.local_tax = self.read_amount(text)?,
        }
        Ok(())
    }

    fn read_amount(self, text: &str) -> Result<Option<Amount>, String> {
        let Some(measure) = self.measure() else { return Ok(None) };
        let name = self.name();
        let found = understand(&measure, text).map_err(|error| format!("{name}：{error}"))?;
        let shown = crate::month::shorten(text);
        match found.map(|understood| understood.amount) {
            // A loss of taxes is possible, nothing else falls below zero.
            Some(amount) if amount.0 < 0 && !matches!(self, Fact::Quantity(Quantity::Retained)) => {
                Err(format!("{name}“{shown}”不能是负数，请核对"))
            }
            Some(amount) if amount.0.abs() > self.most() => {
                let most = measure.plain(Amount(self.most()));
                Err(format!("{name}“{shown}”太大，最多 {most}{}，请核对单位", measure.unit))
            }
            found => Ok(found),
        }
    }

    /// What no claim goes beyond, in the smallest unit: a slip of the unit, and sums that stay exact.
    fn most(self) -> i64 {
        let unit = self.measure().map_or(1, |measure| measure.per_unit);
        match self {
            Fact::Quantity(Quantity::Saved) => 1_000_000_000 * unit,
            Fact::Quantity(Quantity::OwnShare | Quantity::Coupon) => 100 * unit,
            Fact::Quantity(Quantity::Months) => 12,
            Fact::Quantity(Quantity::MonthsBefore) => 600,
            // 1万亿元
            _ => 1_000_000_000_000,
        }
    }
}

fn read_flag(text: &str) -> Result<Option<bool>, String> {
    let folded = fold(text).to_lowercase();
    match folded.as_str() {
        "" => Ok(None),
        known if YES.contains(&known) => Ok(Some(true)),
        known if NO.contains(&known) => Ok(Some(false)),
        _ => Err(format!("“{}”请写 是 或 否", crate::month::shorten(text))),
    }
}

fn read_day(fact: Fact, text: &str, year: i32) -> Result<Option<NaiveDate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = Day::parse(text).and_then(|day| day.near(Day::middle_of(year)));
    let shown = crate::month::shorten(text);
    found.map(Some).ok_or_else(|| format!("{}“{shown}”不是日期，请写成 {}", fact.name(), day::EXAMPLES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::firms::is_same;

    const CODES: [&str; 2] = ["91350100M000100Y43", "91350100M000200Y4T"];

    fn claim(recipient: &str, code: Option<&str>) -> Claim {
        Claim { recipient: recipient.to_owned(), credit_code: code.map(str::to_owned), ..Claim::default() }
    }

    #[test]
    fn a_firm_is_known_by_its_code_under_any_name() {
        let [one, other] = CODES.map(Some);
        assert!(is_same(("甲公司", one), ("甲集团", one)) && !is_same(("甲公司", one), ("甲公司", other)));
        assert!(is_same(("甲公司", one), ("甲 公司", None)));
        // Those without a code join by the name; whichever stands first.
        let claims = [claim("甲公司", None), claim("甲集团", one), claim("甲 公司", one), claim("乙公司", None)];
        let firms = Firms::of(claims.iter().map(Claim::firm));
        let keys: BTreeSet<String> = claims.iter().map(|claim| firms.key(claim.firm())).collect();
        assert_eq!(keys.into_iter().collect::<Vec<_>>(), [CODES[0].to_owned(), fold_name("乙公司")]);
    }

    #[test]
    fn a_name_with_two_codes_is_named() {
        let claims = [claim("甲公司", Some(CODES[0])), claim("甲 公司", Some(CODES[1])), claim("甲公司", None)];
        let told = disagreements(&Policies::default(), &claims, 2021);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("甲公司写了几个统一社会信用代码") && CODES.iter().all(|code| told[0].contains(code)));
        assert_eq!(disagreements(&Policies::default(), &claims[..1], 2021), Vec::<String>::new());
    }

    #[test]
    fn a_name_is_one_line() {
        let mut read = Claim::default();
        for fact in [Fact::Recipient, Fact::Project, Fact::ElsewhereBy] {
            fact.set(&mut read, " 甲公司\r\n（福清）\t厂 ", &Policies::default(), 2021).unwrap();
        }
        assert_eq!([&*read.recipient, &*read.project, &*read.elsewhere_by], ["甲公司 （福清） 厂"; 3]);
    }

    #[test]
    fn a_codes_check_digit_is_checked() {
        let mut read = Claim::default();
        let wrong = Fact::CreditCode.set(&mut read, "91350100M000100Y44", &Policies::default(), 2021).unwrap_err();
        assert!(wrong.contains("校验码"), "{wrong}");
        Fact::CreditCode.set(&mut read, " 91350100m000100y43 ", &Policies::default(), 2021).unwrap();
        assert_eq!(read.credit_code.as_deref(), Some(CODES[0]));
        Fact::CreditCode.set(&mut read, " ", &Policies::default(), 2021).unwrap();
        assert_eq!(read.credit_code, None);
        assert_eq!(Fact::parse("社会信用代码"), Some(Fact::CreditCode));
    }
}
