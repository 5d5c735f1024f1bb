//! What a plan promises firms and others: `[[policy]]`, `[[policy_group]]`, `[[parameter]]`. Each policy is data with
//! the document's words beside it; [`crate::policy`] computes what it comes to.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Plan;
use super::body::Body;
use super::fund::{Fund, List};
use crate::calendar::chinese_date;
use crate::money::{Amount, Measure};
use crate::rate::Rate;

/// To whom a policy gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Firm,
    Person,
    Park,
    Product,
    Fund,
    /// A county or city: 争取省级按当地财政补助50%.
    Region,
}

impl Recipient {
    pub const ALL: [Recipient; 6] =
        [Recipient::Firm, Recipient::Person, Recipient::Park, Recipient::Product, Recipient::Fund, Recipient::Region];

    pub fn word(self) -> &'static str {
        match self {
            Recipient::Firm => "firm",
            Recipient::Person => "person",
            Recipient::Park => "park",
            Recipient::Product => "product",
            Recipient::Fund => "fund",
            Recipient::Region => "region",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Recipient::Firm => "企业",
            Recipient::Person => "个人",
            Recipient::Park => "园区",
            Recipient::Product => "产品",
            Recipient::Fund => "基金",
            Recipient::Region => "县（市、区）",
        }
    }
}

/// A number that a claim states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    Equipment,
    /// Equipment together with what was spent on information systems.
    EquipmentIt,
    Total,
    Research,
    Fee,
    Price,
    Turnover,
    Revenue,
    /// Principal of a loan or bond.
    Loan,
    /// 年化融资额
    Financing,
    /// What another level awarded for the same.
    Award,
    /// The local share of what the firm paid the treasury in the year, and in the base year.
    Retained,
    RetainedBefore,
    /// 吨标准煤 saved in a year.
    Saved,
    /// The claimant's own share of the investment, in %.
    OwnShare,
    /// Months of the year for which interest ran, and those of earlier years.
    Months,
    MonthsBefore,
    /// A bond's rate of interest, in %.
    Coupon,
}

impl Quantity {
    pub const ALL: [Quantity; 18] = [
        Quantity::Equipment,
        Quantity::EquipmentIt,
        Quantity::Total,
        Quantity::Research,
        Quantity::Fee,
        Quantity::Price,
        Quantity::Turnover,
        Quantity::Revenue,
        Quantity::Loan,
        Quantity::Financing,
        Quantity::Award,
        Quantity::Retained,
        Quantity::RetainedBefore,
        Quantity::Saved,
        Quantity::OwnShare,
        Quantity::Months,
        Quantity::MonthsBefore,
        Quantity::Coupon,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Quantity::Equipment => "equipment",
            Quantity::EquipmentIt => "equipment_it",
            Quantity::Total => "total",
            Quantity::Research => "research",
            Quantity::Fee => "fee",
            Quantity::Price => "price",
            Quantity::Turnover => "turnover",
            Quantity::Revenue => "revenue",
            Quantity::Loan => "loan",
            Quantity::Financing => "financing",
            Quantity::Award => "award",
            Quantity::Retained => "retained",
            Quantity::RetainedBefore => "retained_before",
            Quantity::Saved => "saved",
            Quantity::OwnShare => "own_share",
            Quantity::Months => "months",
            Quantity::MonthsBefore => "months_before",
            Quantity::Coupon => "coupon",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Quantity::Equipment => "设备投资额",
            Quantity::EquipmentIt => "设备和信息化投资额",
            Quantity::Total => "投资额",
            Quantity::Research => "研发费用",
            Quantity::Fee => "服务费用",
            Quantity::Price => "市场销售单价",
            Quantity::Turnover => "年交易额",
            Quantity::Revenue => "年营业收入",
            Quantity::Loan => "融资本金",
            Quantity::Financing => "年化融资额",
            Quantity::Award => "上级奖励金额",
            Quantity::Retained => "当年地方留成",
            Quantity::RetainedBefore => "基年地方留成",
            Quantity::Saved => "年节能量",
            Quantity::OwnShare => "投资占比",
            Quantity::Months => "当年计息月数",
            Quantity::MonthsBefore => "以前年度计息月数",
            Quantity::Coupon => "债券利率",
        }
    }

    /// How people write it in a form or table: money in 万元.
    pub fn measure(self) -> Measure {
        match self {
            Quantity::Saved => Measure::ratio("吨标准煤"),
            Quantity::OwnShare | Quantity::Coupon => Measure::ratio("%"),
            Quantity::Months | Quantity::MonthsBefore => Measure::count("个月"),
            _ => Measure { unit: "万元".to_owned(), per_unit: 10_000, money: true },
        }
    }

    pub fn is_money(self) -> bool {
        self.measure().money
    }
}

/// Something that holds of a claim or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// On the list, recognised or certified as the policy's words say.
    Recognised,
    /// For the first time.
    First,
    /// 纳入固投统计
    InStatistics,
    /// 规模以上
    AboveScale,
    /// Newly counted by the statistics: 新投产纳统、规下转规上.
    NewlyCounted,
    Completed,
    Accepted,
    /// Registered, or done, in the plan's region.
    Local,
    /// A project in industry.
    Industrial,
    /// Money that went into technical upgrading.
    ForUpgrading,
}

impl Flag {
    pub const ALL: [Flag; 10] = [
        Flag::Recognised,
        Flag::First,
        Flag::InStatistics,
        Flag::AboveScale,
        Flag::NewlyCounted,
        Flag::Completed,
        Flag::Accepted,
        Flag::Local,
        Flag::Industrial,
        Flag::ForUpgrading,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Flag::Recognised => "recognised",
            Flag::First => "first",
            Flag::InStatistics => "in_statistics",
            Flag::AboveScale => "above_scale",
            Flag::NewlyCounted => "newly_counted",
            Flag::Completed => "completed",
            Flag::Accepted => "accepted",
            Flag::Local => "local",
            Flag::Industrial => "industrial",
            Flag::ForUpgrading => "for_upgrading",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Flag::Recognised => "获得认定",
            Flag::First => "首次",
            Flag::InStatistics => "纳入统计",
            Flag::AboveScale => "规模以上",
            Flag::NewlyCounted => "新纳统",
            Flag::Completed => "已竣工",
            Flag::Accepted => "通过验收",
            Flag::Local => "属本地",
            Flag::Industrial => "工业项目",
            Flag::ForUpgrading => "用于技改",
        }
    }
}

/// What has to hold before a policy gives anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub test: Test,
    /// Asked only where this holds: 其中工业项目年节能量在500吨标准煤以上.
    pub when: Option<Flag>,
    /// The document's words for it.
    pub words: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Is(Flag),
    /// 达到（含）
    Least(Quantity, Amount),
    /// 超过
    Over(Quantity, Amount),
    /// 对2018、2019年度完工投产的项目
    CompletedIn(Vec<i32>),
}

/// One line of a policy's scale: of a level (国家级), or of what lies between two bounds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tier {
    pub level: Option<String>,
    /// From this much of the base, included; up to below that much.
    pub from: Option<Amount>,
    pub below: Option<Amount>,
    pub amount: Option<Amount>,
    pub share: Option<Rate>,
    pub cap: Option<Amount>,
}

impl Tier {
    pub fn holds(&self, base: Amount) -> bool {
        self.from.is_none_or(|from| base >= from) && self.below.is_none_or(|below| base < below)
    }
}

/// A rate that stands in the document, or what lies above a published one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interest {
    Rate(Rate),
    /// The bond's rate less the parameter of this id at its date.
    Above(String),
}

/// A share of a rise: 以完工前一年为基数，从完工投产当年起连续三年，按增量部分的40%.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Increment {
    pub share: Rate,
    pub base: BaseYear,
    /// The first year for which it is given, in years after that of completion; where that does not matter, nothing.
    pub first: Option<u32>,
}

/// The year over which something rose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseYear {
    /// So many years before that of completion; 0: that year itself.
    Completion(u32),
    /// The year before the one that is claimed for.
    Last,
    Year(i32),
}

impl BaseYear {
    /// In files: `completion-1`, `completion`, `last`, `2020`.
    pub fn word(self) -> String {
        match self {
            BaseYear::Completion(0) => "completion".to_owned(),
            BaseYear::Completion(before) => format!("completion-{before}"),
            BaseYear::Last => "last".to_owned(),
            BaseYear::Year(year) => year.to_string(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let year = |text: &str| plain_number(text).filter(|year| (1900..=2999).contains(year)).map(|year| year as i32);
        match text.strip_prefix("completion") {
            Some("") => Some(BaseYear::Completion(0)),
            Some(rest) => {
                let before = plain_number(rest.trim_start().strip_prefix('-')?.trim());
                before.filter(|before| (1..=5).contains(before)).map(BaseYear::Completion)
            }
            None if text == "last" => Some(BaseYear::Last),
            None => year(text).map(BaseYear::Year),
        }
    }

    /// Of a claim of a year, for what was completed in one.
    pub fn year(self, completed: Option<i32>, year: i32) -> Option<i32> {
        match self {
            BaseYear::Completion(before) => completed.map(|completed| completed - before as i32),
            BaseYear::Last => Some(year - 1),
            BaseYear::Year(year) => Some(year),
        }
    }

    /// 完工前一年.
    pub fn name(self) -> String {
        match self {
            BaseYear::Completion(0) => "完工当年".to_owned(),
            BaseYear::Completion(1) => "完工前一年".to_owned(),
            BaseYear::Completion(before) => format!("完工前第{before}年"),
            BaseYear::Last => "上一年".to_owned(),
            BaseYear::Year(year) => format!("{year}年"),
        }
    }

    /// 完工前一年（2018年）, of a claim as in [`BaseYear::year`].
    pub fn named(self, completed: Option<i32>, year: i32) -> String {
        match (self, self.year(completed, year)) {
            (BaseYear::Year(_), _) | (_, None) => self.name(),
            (_, Some(year)) => format!("{}（{year}年）", self.name()),
        }
    }
}

fn plain_number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl Policy {
    /// The year over which an increment is counted.
    pub fn base_year(&self, completed: Option<i32>, year: i32) -> Option<i32> {
        match &self.what {
            What::Increment(increment) => increment.base.year(completed, year),
            _ => None,
        }
    }

    /// The same in words: 完工前一年（2018年）.
    pub fn base_year_named(&self, completed: Option<i32>, year: i32) -> Option<String> {
        match &self.what {
            What::Increment(increment) => Some(increment.base.named(completed, year)),
            _ => None,
        }
    }
}

impl Increment {
    /// The year over which it is counted where the file names none.
    pub const USUAL: BaseYear = BaseYear::Completion(1);

    /// The first year where the file names none: what follows completion, or has an end, begins with it.
    pub fn usual_first(base: BaseYear, has_end: bool) -> Option<u32> {
        (has_end || matches!(base, BaseYear::Completion(_))).then_some(0)
    }

    /// 从完工投产当年起; empty where that does not matter.
    pub fn from_words(self) -> String {
        match self.first {
            None => String::new(),
            Some(0) => "从完工投产当年起".to_owned(),
            Some(1) => "从完工投产次年起".to_owned(),
            Some(later) => format!("从完工投产后第{later}年起"),
        }
    }

    /// In files: `completion`, `completion+1`.
    pub fn years_from(self) -> Option<String> {
        let first = self.first?;
        Some(if first == 0 { "completion".to_owned() } else { format!("completion+{first}") })
    }

    pub fn parse_years_from(text: &str) -> Option<u32> {
        let rest = text.trim().strip_prefix("completion")?;
        match rest {
            "" => Some(0),
            _ => plain_number(rest.trim_start().strip_prefix('+')?.trim()).filter(|first| (1..=5).contains(first)),
        }
    }
}

/// What a policy gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The amounts of its tiers, or of its one tier without a level.
    Amount,
    /// A share of the base, of each tier its own.
    Share(Quantity),
    /// So much for each unit: 每吨标准煤500元.
    Unit(Quantity, Amount),
    /// Interest on a principal for the months that it ran.
    Interest(Interest),
    /// A share of what the local share of the firm's taxes rose by over another year.
    Increment(Increment),
    /// Several amounts without a scale: the office says which.
    Choice(Vec<Amount>),
    /// The document names no amount.
    Open,
    /// The terms stand in another document.
    Elsewhere(String),
}

impl What {
    pub const WORDS: [&'static str; 8] =
        ["amount", "share", "unit", "interest", "increment", "choice", "open", "elsewhere"];

    pub fn word(&self) -> &'static str {
        match self {
            What::Amount => "amount",
            What::Share(_) => "share",
            What::Unit(..) => "unit",
            What::Interest(_) => "interest",
            What::Increment(_) => "increment",
            What::Choice(_) => "choice",
            What::Open => "open",
            What::Elsewhere(_) => "elsewhere",
        }
    }
}

/// What the words of a sum say: 给予, 不超过, 不低于.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    #[default]
    Exact,
    AtMost,
    AtLeast,
}

impl Bound {
    /// Before the sum: 最多, 至少.
    pub fn before(self) -> &'static str {
        match self {
            Bound::Exact => "",
            Bound::AtMost => "最多",
            Bound::AtLeast => "至少",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Bound::Exact => "exact",
            Bound::AtMost => "at_most",
            Bound::AtLeast => "at_least",
        }
    }
}

/// The most that a policy gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caps {
    pub project: Option<Amount>,
    /// One firm (person, park …) in one year.
    pub firm: Option<Amount>,
    /// One firm in all years together.
    pub firm_all_years: Option<Amount>,
    /// A share of another number: 不超过投资额30%.
    pub share: Option<(Rate, Quantity)>,
    /// The principal of one firm that is counted: 单个企业投放资金不超过2亿元.
    pub principal: Option<Amount>,
}

/// What is done with the claims of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// The document does not say: both, which is a finding.
    #[default]
    Unsaid,
    Both,
    /// 从优不重复: the highest alone.
    NotTwice,
    /// 就高补差: what was had elsewhere is made up to the highest.
    TopUp,
    /// 贴息或补助: one of them, which the claimant says.
    OneOf,
}

impl Combine {
    pub const ALL: [Combine; 4] = [Combine::Both, Combine::NotTwice, Combine::TopUp, Combine::OneOf];

    /// Empty where nothing is said.
    pub fn word(self) -> &'static str {
        match self {
            Combine::Unsaid => "",
            Combine::Both => "both",
            Combine::NotTwice => "not_twice",
            Combine::TopUp => "highest_with_top_up",
            Combine::OneOf => "one_of",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Combine::Unsaid => "能否同时享受，文件没有写，按可以同时享受计算",
            Combine::Both => "可同时享受",
            Combine::NotTwice => "从优不重复",
            Combine::TopUp => "就高补差",
            Combine::OneOf => "择一享受",
        }
    }

    /// Whether each claim is given whatever the others are.
    pub fn is_both(self) -> bool {
        matches!(self, Combine::Unsaid | Combine::Both)
    }
}

/// Among which claims a group's rule holds, always of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// All of the year.
    #[default]
    Firm,
    Project,
    /// One policy for one project: the same matter under several levels or documents.
    Matter,
}

impl Per {
    pub const ALL: [Per; 3] = [Per::Firm, Per::Project, Per::Matter];

    pub fn word(self) -> &'static str {
        match self {
            Per::Firm => "firm",
            Per::Project => "project",
            Per::Matter => "matter",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Per::Firm => "同一企业一个年度内",
            Per::Project => "同一项目",
            Per::Matter => "同一事项",
        }
    }
}

/// Who comes first where there is not enough for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    Approval,
    ProRata,
}

impl Order {
    pub const ALL: [Order; 2] = [Order::Approval, Order::ProRata];

    pub fn word(self) -> &'static str {
        match self {
            Order::Approval => "approval",
            Order::ProRata => "pro_rata",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Order::Approval => "按批准先后",
            Order::ProRata => "按比例",
        }
    }
}

/// A clause about several policies together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    pub id: String,
    pub title: String,
    pub clause: Option<String>,
    pub quote: Option<String>,
    pub combine: Combine,
    pub per: Per,
    /// Not more than the local share of the taxes the firm paid in the year.
    pub within_local_tax: bool,
    /// Which taxes these are, in the document's words: 增值税、企业所得税.
    pub taxes: Option<String>,
    pub budget: Option<Amount>,
    pub order: Option<Order>,
    pub valid: Valid,
    pub assumed: Vec<String>,
}

/// The days on which what is claimed must have come about, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Valid {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Group {
    /// 企业当年税收（增值税、企业所得税）地方财政实得部分.
    pub fn local_tax_words(&self) -> String {
        let taxes = self.taxes.as_ref().map(|taxes| format!("（{taxes}）")).unwrap_or_default();
        format!("企业当年税收{taxes}地方财政实得部分")
    }
}

impl Valid {
    /// 2022年1月21日至2025年1月20日; nothing where no day is written.
    pub fn in_words(self) -> Option<String> {
        match (self.from, self.to) {
            (Some(from), Some(to)) => Some(format!("{}至{}", chinese_date(from), chinese_date(to))),
            (Some(from), None) => Some(format!("{}起", chinese_date(from))),
            (None, Some(to)) => Some(format!("至{}", chinese_date(to))),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub id: String,
    pub title: String,
    pub clause: Option<String>,
    pub quote: String,
    pub recipient: Recipient,
    /// Who pays, and what share: 省30%、市30%、县（市、区）40%. One alone pays it all.
    pub payers: Vec<(String, Rate)>,
    pub conditions: Vec<Condition>,
    pub what: What,
    pub tiers: Vec<Tier>,
    /// The document's words for the base.
    pub base_words: Option<String>,
    pub bound: Bound,
    pub caps: Caps,
    /// For so many years: from completion, or of interest.
    pub years: Option<u32>,
    /// 一次性: not again to whoever had it.
    pub once: bool,
    /// Its own days; what it does not write is its group's ([`Policies::valid`]).
    pub valid: Valid,
    pub group: Option<String>,
    pub budget: Option<Amount>,
    pub order: Option<Order>,
    /// 公示: so many days before what was decided is paid.
    pub notice_days: Option<u32>,
    /// On what a choice depends, in the document's words: 投资规模.
    pub depends_on: Option<String>,
    pub responsible: Vec<String>,
    pub assumed: Vec<String>,
}

impl Policy {
    /// The number that its sum follows.
    pub fn base(&self) -> Option<Quantity> {
        match &self.what {
            What::Share(base) | What::Unit(base, _) => Some(*base),
            What::Interest(_) => Some(Quantity::Loan),
            What::Increment(_) => Some(Quantity::Retained),
            _ => None,
        }
    }

    /// What the document calls a number of the policy.
    pub fn quantity_name(&self, quantity: Quantity) -> &str {
        match &self.base_words {
            Some(words) if self.base() == Some(quantity) => words,
            _ => quantity.name(),
        }
    }

    /// What may be had once: an award by its firm, whatever follows a base by each project, and a product's by each.
    pub fn once_per(&self, claim: &crate::policy::Claim) -> String {
        if self.is_of_projects() { claim.project_key() } else { String::new() }
    }

    /// 一次性, for each project: a firm may have it for several.
    pub fn is_once_a_project(&self) -> bool {
        self.once && self.is_of_projects()
    }

    fn is_of_projects(&self) -> bool {
        self.base().is_some() || self.recipient != Recipient::Firm
    }

    /// Whether the document leaves the office its own amount, whatever is claimed.
    pub fn leaves_room(&self) -> bool {
        self.bound != Bound::Exact || matches!(self.what, What::Choice(_) | What::Open)
    }

    /// Whether it is settled by computation at all.
    pub fn computes(&self) -> bool {
        !matches!(self.what, What::Open | What::Elsewhere(_))
    }

    pub fn has_levels(&self) -> bool {
        self.tiers.iter().any(|tier| tier.level.is_some())
    }

    /// The line of its scale for a level: 国家级 and 国家 are the same.
    pub fn tier_of(&self, level: &str) -> Option<&Tier> {
        let wanted = fold_level(level);
        self.tiers.iter().find(|tier| tier.level.as_deref().is_some_and(|known| fold_level(known) == wanted))
    }
}

pub(crate) fn fold_level(level: &str) -> String {
    let folded: String = crate::money::fold(level).chars().filter(|c| !c.is_whitespace()).collect();
    folded.strip_suffix('级').map_or(folded.clone(), str::to_owned)
}

/// A number from outside the document, by the day from which it held: LPR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub id: String,
    pub name: String,
    pub source: Option<String>,
    pub values: BTreeMap<NaiveDate, Rate>,
}

impl Parameter {
    /// The newest that was published by `day`.
    pub fn at(&self, day: NaiveDate) -> Option<(NaiveDate, Rate)> {
        self.values.range(..=day).next_back().map(|(from, rate)| (*from, *rate))
    }
}

/// All that a plan promises.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies {
    /// In the document's order.
    pub list: Vec<Policy>,
    pub groups: Vec<Group>,
    pub parameters: Vec<Parameter>,
    pub funds: Vec<Fund>,
    pub lists: Vec<List>,
    /// Leading groups, task forces, offices, and who answers for units.
    pub bodies: Vec<Body>,
}

impl Policies {
    pub fn get(&self, id: &str) -> Option<&Policy> {
        self.list.iter().find(|policy| policy.id == id)
    }

    /// By id, or by title as people write it.
    pub fn find(&self, written: &str) -> Option<&Policy> {
        let wanted = crate::region::fold_name(written);
        self.get(written.trim())
            .or_else(|| self.list.iter().find(|policy| crate::region::fold_name(&policy.title) == wanted))
    }

    pub fn group(&self, policy: &Policy) -> Option<&Group> {
        let id = policy.group.as_ref()?;
        self.groups.iter().find(|group| group.id == *id)
    }

    /// The days that hold for a policy: its own, else its group's.
    pub fn valid(&self, policy: &Policy) -> Valid {
        let group = self.group(policy).map(|group| group.valid).unwrap_or_default();
        Valid { from: policy.valid.from.or(group.from), to: policy.valid.to.or(group.to) }
    }

    pub fn fund(&self, id: &str) -> Option<&Fund> {
        self.funds.iter().find(|fund| fund.id == id)
    }

    pub fn body(&self, id: &str) -> Option<&Body> {
        self.bodies.iter().find(|body| body.id == id)
    }

    /// The list under a title as somebody wrote it.
    pub fn declared_list(&self, title: &str) -> Option<&List> {
        let wanted = crate::region::fold_name(title);
        self.lists.iter().find(|list| crate::region::fold_name(&list.title) == wanted)
    }

    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.id == id)
    }

    /// By id, or by name as people write it.
    pub fn find_parameter(&self, written: &str) -> Option<&Parameter> {
        let wanted = crate::region::fold_name(written);
        let named = |parameter: &&Parameter| crate::region::fold_name(&parameter.name) == wanted;
        self.parameter(written.trim()).or_else(|| self.parameters.iter().find(named))
    }
}

impl Plan {
    /// The years for which a policy is claimed, both included: those of its days, else the plan's; what is given for
    /// several years (贴息2年, 连续三年) goes on after the plan's last.
    pub fn claim_years(&self, policy: &Policy) -> (i32, i32) {
        let Valid { from, to } = self.policies.valid(policy);
        let (first, last) = self.years;
        let years = policy.years.unwrap_or_default() as i32;
        let first = from.map_or(first, |from| from.year());
        let last = to.map_or(last, |to| to.year()).max(first);
        match policy.what {
            // Interest that begins within the last year ends within another.
            What::Interest(_) => (first, last + years),
            // 对2018、2019年度完工投产的项目，从完工投产当年起连续三年.
            What::Increment(increment) => {
                let completed = policy.conditions.iter().find_map(|each| match &each.test {
                    Test::CompletedIn(years) => years.iter().min().copied().zip(years.iter().max().copied()),
                    _ => None,
                });
                let (earliest, latest) = completed.unwrap_or((first, last));
                let begins = increment.first.unwrap_or_default() as i32;
                let first = from.map_or(earliest + completed.map_or(0, |_| begins), |_| first);
                let end = if years > 0 { latest + begins + years - 1 } else { last };
                (first, end.max(first))
            }
            _ => (first, last),
        }
    }

    /// The years of which there are claims at all.
    pub fn all_claim_years(&self) -> (i32, i32) {
        let all = self.policies.list.iter().map(|policy| self.claim_years(policy));
        all.fold(self.years, |(first, last), (from, to)| (first.min(from), last.max(to)))
    }

    /// Where a policy stands: 榕政综〔2021〕34号 三、（四）.
    pub fn policy_source(&self, clause: Option<&str>) -> String {
        let cited = self.citation();
        // A document without a number is cited by its title.
        let is_number = self.document.number.as_deref().is_some_and(|number| number.trim() == cited);
        let cited = if is_number || cited.starts_with('《') { cited.to_owned() } else { format!("《{cited}》") };
        format!("{cited} {}", clause.unwrap_or("条款未注明"))
    }
}
