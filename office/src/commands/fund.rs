//! Ledgers of funds: a movement entered by the office or the finance post, confirmed by somebody else; corrected and
//! struck likewise.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::NaiveDate;
use documents::form_rows::Head;
use domain::calendar::{at_shanghai, chinese_date};
use domain::day::{Day, EXAMPLES};
use domain::entry::{one_line, understand};
use domain::fund::interest::{Floating, Reset, parse_points};
use domain::fund::record::{Act, Record, State, records};
use domain::fund::{LoanRate, Movement, Stated, Terms, fault};
use domain::money::{Amount, Measure, is_blank};
use domain::plan::Plan;
use domain::plan::fund::{DayCount, Fund, Kind};
use domain::projects::codes;
use domain::projects::field::units;
use domain::rate::Rate;
use domain::region::fold_name;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::{optional, percent, required};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const FUND: &str = "fund";
    /// Of the entry; empty for a new one.
    pub const NUMBER: &str = "number";
    pub const ACT: &str = "act";
    /// How many steps of the entry the page had seen.
    pub const SEEN: &str = "seen";
    pub const MOVEMENT: &str = "movement";
    pub const CONTRACT: &str = "contract";
    pub const DAY: &str = "day";
    pub const AMOUNT: &str = "amount";
    pub const VOUCHER: &str = "voucher";
    pub const FIRM: &str = "firm";
    pub const CREDIT_CODE: &str = "credit_code";
    pub const UNIT: &str = "unit";
    pub const BANK: &str = "bank";
    pub const RATE: &str = "rate";
    /// Of a floating rate: the plan's parameter, what is added, and the days on which it is repriced.
    pub const BASE: &str = "base";
    pub const SPREAD: &str = "spread";
    pub const RESET: &str = "reset";
    pub const PENALTY: &str = "penalty";
    pub const DAY_COUNT: &str = "day_count";
    pub const DUE: &str = "due";
    pub const WORDS: &str = "words";
    /// Of a line of a file: which ledger it is of, and what became of it there.
    pub const LEDGER: &str = "ledger";
    pub const STATE: &str = "state";
    /// Of what is confirmed together, once for each: its number and how many steps the page had seen, `12:1`.
    pub const ENTRY: &str = "entry";
}

/// The step of [`ConfirmFund`], beside those of one entry.
pub const CONFIRM_ALL: &str = "confirm_all";

/// The most that one movement may be: 一万亿元. More is a slip of the unit.
const MOST: i64 = 1_000_000_000_000;

/// The next step of an entry; without a number the first of a new one.
#[derive(Debug, Clone)]
pub struct RecordFund {
    pub plan: String,
    pub fund: String,
    pub number: Option<u32>,
    pub seen: i64,
    pub what: Doing,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// With the reason, where it is stated anew.
    Enter(Box<Stated>, String),
    Strike(String),
    SendBack(String),
    Confirm,
}

impl Doing {
    fn act(&self) -> Act {
        match self {
            Doing::Enter(..) => Act::Enter,
            Doing::Strike(_) => Act::Strike,
            Doing::SendBack(_) => Act::SendBack,
            Doing::Confirm => Act::Confirm,
        }
    }
}

/// Who may take a step.
pub fn right(act: Act) -> Action {
    match act {
        Act::Enter | Act::Strike => Action::EnterFund,
        Act::SendBack | Act::Confirm => Action::ConfirmFund,
    }
}

fn fund_of<'p>(plan: &'p Plan, id: &str) -> Result<&'p Fund, Refusal> {
    plan.policies.fund(id).ok_or_else(|| Refusal::whole("计划里没有这个台账，请刷新页面"))
}

impl RecordFund {
    /// As the forms of `/funds/{plan}` send it: everything that is wrong with it at once.
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let act = Act::parse(posted.text(field::ACT)).ok_or_else(|| Refusal::whole("没有这一步，请刷新页面"))?;
        let fund = fund_of(plan, posted.text(field::FUND))?;
        let number = posted.text(field::NUMBER);
        let number = match number.is_empty() {
            true => None,
            false => Some(number.parse().map_err(|_| Refusal::whole("没有这一笔，请刷新页面"))?),
        };
        let what = match act {
            Act::Enter => {
                let today = at_shanghai(now).date_naive();
                let words = optional(posted, field::WORDS, "更正的理由");
                match (stated(plan, fund, posted, today), words) {
                    (Ok(stated), Ok(words)) => Doing::Enter(Box::new(stated), words.unwrap_or_default()),
                    (stated, words) => {
                        return Err(Refusal::all([stated.err(), words.err()].into_iter().flatten().collect()));
                    }
                }
            }
            Act::Strike => Doing::Strike(required(posted, field::WORDS, "注销的理由")?),
            Act::SendBack => Doing::SendBack(required(posted, field::WORDS, "退回的理由")?),
            Act::Confirm => Doing::Confirm,
        };
        let seen = posted.text(field::SEEN).parse().unwrap_or(-1);
        Ok(Self { plan: plan.id.clone(), fund: fund.id.clone(), number, seen, what })
    }
}

/// What the boxes say, with every fault of theirs.
struct Boxes<'b> {
    posted: &'b Posted,
    today: NaiveDate,
    faults: Vec<Refusal>,
}

impl Boxes<'_> {
    fn keep<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.faults.push(refusal)).ok()
    }

    fn text(&mut self, name: &str, label: &str) -> String {
        let read = required(self.posted, name, label);
        self.keep(read).map(|text| one_line(&text)).unwrap_or_default()
    }

    fn optional(&mut self, name: &str, label: &str) -> String {
        let read = optional(self.posted, name, label);
        self.keep(read).flatten().map(|text| one_line(&text)).unwrap_or_default()
    }

    fn day(&mut self, name: &str, label: &str) -> NaiveDate {
        let text = self.posted.text(name);
        let day = Day::parse(text).and_then(|day| day.near(self.today));
        let wrong = || Refusal::field(name, format!("{label}请写成日期，例如 {EXAMPLES}"));
        self.keep(day.ok_or_else(wrong)).unwrap_or_default()
    }

    /// Whether a box has a day: nothing is said of what hangs on it where it has none.
    fn is_day(&self, name: &str) -> bool {
        Day::parse(self.posted.text(name)).and_then(|day| day.near(self.today)).is_some()
    }

    /// In 万元 unless the unit is written.
    fn amount(&mut self, name: &str, label: &str) -> Amount {
        let read = required(self.posted, name, label).and_then(|text| {
            let read = match understand(&Measure::wan_yuan(), &text) {
                Ok(read) => read.map(|read| read.amount),
                Err(error) => return Err(Refusal::field(name, format!("{label}：{error}"))),
            };
            let shown = domain::month::shorten(&text);
            match read {
                Some(amount) if amount.0 > 0 && amount.0 <= MOST => Ok(amount),
                Some(amount) if amount.0 > MOST => {
                    Err(Refusal::field(name, format!("{label}“{shown}”超过一万亿元，请核对单位")))
                }
                _ => {
                    let sentence =
                        format!("{label}“{shown}”请写大于0的金额，不带单位的按万元计，例如 2000 或 2000万元");
                    Err(Refusal::field(name, sentence))
                }
            }
        });
        self.keep(read).unwrap_or_default()
    }
}

fn stated(plan: &Plan, fund: &Fund, posted: &Posted, today: NaiveDate) -> Result<Stated, Refusal> {
    let movement = Movement::parse(posted.text(field::MOVEMENT));
    let movement = movement.ok_or_else(|| Refusal::field(field::MOVEMENT, "请选择登记什么"))?;
    let name = movement.name(fund.kind);
    let mut boxes = Boxes { posted, today, faults: Vec::new() };
    let contract = boxes.text(field::CONTRACT, contract_name(fund.kind));
    let day = boxes.day(field::DAY, &format!("{name}日期"));
    if day > today {
        let sentence = format!("{name}日期不能在今天（{}）以后", chinese_date(today));
        boxes.faults.push(Refusal::field(field::DAY, sentence));
    }
    let amount = boxes.amount(field::AMOUNT, &format!("{name}金额"));
    let voucher = boxes.text(field::VOUCHER, "凭证号或文号");
    let terms = (movement == Movement::Commit).then(|| terms(plan, fund, day, &mut boxes));
    match boxes.faults.is_empty() {
        true => Ok(Stated { movement, contract, day, amount, voucher, terms }),
        false => Err(Refusal::all(boxes.faults)),
    }
}

/// What a fund's contracts are known by.
pub fn contract_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Loan => "借款合同编号",
        Kind::Guarantee => "保函或担保合同编号",
        Kind::Grant => "资金文号",
    }
}

fn terms(plan: &Plan, fund: &Fund, day: NaiveDate, boxes: &mut Boxes<'_>) -> Terms {
    let posted = boxes.posted;
    let code = || required(posted, field::CREDIT_CODE, "统一社会信用代码");
    let checked = |code: String| {
        codes::credit_code(&code).map_err(|sentence| Refusal::field(field::CREDIT_CODE, sentence)).map(Some)
    };
    let unit = required(posted, field::UNIT, "所在县（市、区）").and_then(|unit| {
        let found = domain::projects::field::unit(plan, &unit);
        found.map_err(|sentence| Refusal::field(field::UNIT, sentence))
    });
    let places = plan.places(units(plan));
    let is_place = |unit: &str| unit == plan.region.id() || places.iter().any(|(id, _)| id == unit);
    let unit = unit.and_then(|unit| match fund.kind == Kind::Grant || is_place(&unit) {
        true => Ok(unit),
        false => Err(Refusal::field(field::UNIT, "企业所在县（市、区）不能是部门，请重新选择")),
    });
    let unit = boxes.keep(unit).unwrap_or_default();
    if fund.kind == Kind::Grant {
        // To a unit as a whole, or to a firm.
        let firm = boxes.optional(field::FIRM, "企业名称");
        let read = optional(posted, field::CREDIT_CODE, "统一社会信用代码");
        let read = read.and_then(|code| code.map_or(Ok(None), checked));
        let credit_code = boxes.keep(read).flatten();
        if credit_code.is_some() && firm.is_empty() {
            boxes.faults.push(Refusal::field(field::FIRM, "写了信用代码，请写明企业名称"));
        }
        return Terms { firm, credit_code, unit, ..Terms::default() };
    }
    let firm = boxes.text(field::FIRM, "企业名称");
    let credit_code = boxes.keep(code().and_then(checked)).flatten();
    let bank = boxes.text(field::BANK, "经办银行");
    let due = boxes.day(field::DUE, "到期日");
    if boxes.is_day(field::DUE) && boxes.is_day(field::DAY) && due <= day {
        let sentence = format!("到期日要在{}日期以后", Movement::Commit.name(fund.kind));
        boxes.faults.push(Refusal::field(field::DUE, sentence));
    }
    let mut terms = Terms { firm, credit_code, unit, bank, due: Some(due), ..Terms::default() };
    if fund.kind == Kind::Loan {
        terms.rate = rate(plan, boxes);
        let dated = terms.rate.as_ref().filter(|_| boxes.is_day(field::DAY));
        let fault = dated.and_then(|rate| rate.fault(&plan.policies, day));
        boxes.faults.extend(fault.map(|fault| Refusal::field(field::BASE, fault)));
        terms.penalty = boxes.keep(penalty(posted)).flatten();
        if fund.day_count.is_none() {
            let count = DayCount::parse(posted.text(field::DAY_COUNT));
            let asked = || Refusal::field(field::DAY_COUNT, "请照合同选择利息按360天还是365天计");
            terms.day_count = boxes.keep(count.ok_or_else(asked));
        }
    }
    terms
}

/// The rate of a loan: fixed, or a parameter of the plan with what is added to it.
fn rate(plan: &Plan, boxes: &mut Boxes<'_>) -> Option<LoanRate> {
    let posted = boxes.posted;
    let wrong = |name: &str, sentence: &str| Refusal::field(name, sentence.to_owned());
    let floats = [field::BASE, field::SPREAD, field::RESET].iter().any(|name| !is_blank(posted.text(name)));
    let fixed = percent("年利率", posted, field::RATE);
    if floats {
        if !matches!(fixed, Ok(None)) {
            let sentence = "固定利率和浮动利率只能写一种：浮动的请把年利率空着，固定的请不选浮动基准";
            boxes.faults.push(wrong(field::RATE, sentence));
        }
        return floating(plan, boxes).map(LoanRate::Floating);
    }
    let fixed = fixed.and_then(|rate| match rate {
        Some(rate) if !rate.is_negative() && rate <= Rate::ONE => Ok(LoanRate::Fixed(rate)),
        Some(_) => Err(wrong(field::RATE, "年利率要在0到100之间，例如 3.85")),
        None if plan.policies.parameters.is_empty() => Err(wrong(field::RATE, "请照合同写年利率（%），例如 3.85")),
        None => Err(wrong(field::RATE, "请照合同写年利率（%），例如 3.85；利率浮动的请选浮动基准")),
    });
    boxes.keep(fixed)
}

/// All three of its boxes, each with its fault.
fn floating(plan: &Plan, boxes: &mut Boxes<'_>) -> Option<Floating> {
    let posted = boxes.posted;
    let known = &plan.policies.parameters;
    let base = posted.text(field::BASE).trim();
    let parameter = plan.policies.find_parameter(base).map(|parameter| parameter.id.clone());
    let parameter = parameter.ok_or_else(|| {
        let names = known.iter().map(|parameter| format!("“{}”", parameter.name)).collect::<Vec<_>>().join("、");
        let shown = domain::month::shorten(base);
        let sentence = match (known.is_empty(), base.is_empty()) {
            (true, _) => "计划里没有可以浮动的基准，请写固定的年利率".to_owned(),
            (_, true) => format!("写了加减基点或重定价，请选浮动基准：{names}"),
            _ => format!("浮动基准“{shown}”计划里没有，现有：{names}"),
        };
        Refusal::field(field::BASE, sentence)
    });
    let spread = posted.text(field::SPREAD);
    let shown = domain::month::shorten(spread.trim());
    let spread = match parse_points(spread) {
        Some(spread) if spread.abs() <= Rate::ONE => Ok(spread),
        _ if shown.is_empty() => Err("请照合同写加减多少基点，例如 85 或 -20；不加不减写 0".to_owned()),
        Some(_) => Err(format!("加减基点“{shown}”超过100%，请核对（1个基点是0.01%）")),
        None => Err(format!("加减基点“{shown}”不是数，请写例如 85 或 -20，最多两位小数（1个基点是0.01%）")),
    };
    let spread = spread.map_err(|sentence| Refusal::field(field::SPREAD, sentence));
    let reset = Reset::read(posted.text(field::RESET)).ok_or_else(|| {
        let names = Reset::ALL.map(Reset::name).join("、");
        Refusal::field(field::RESET, format!("请照合同选择哪天重定价：{names}"))
    });
    let read = (boxes.keep(parameter), boxes.keep(spread), boxes.keep(reset));
    let (Some(parameter), Some(spread), Some(reset)) = read else { return None };
    Some(Floating { parameter, spread, reset })
}

/// 逾期加收, at most two decimals of a percent; a blank box is none.
fn penalty(posted: &Posted) -> Result<Option<Rate>, Refusal> {
    let fits = |share: &Rate| !share.is_negative() && *share <= Rate::ONE && 10_000 % share.denominator() == 0;
    match percent("逾期加收", posted, field::PENALTY)? {
        Some(share) if !fits(&share) => {
            let sentence = "逾期加收要在0到100之间，最多两位小数，例如 50；合同没有写的空着";
            Err(Refusal::field(field::PENALTY, sentence))
        }
        share => Ok(share),
    }
}

#[async_trait]
impl Command for RecordFund {
    type Done = u32;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<u32, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let act = self.what.act();
        who.may(right(act), Object::office(plan.region.id()))?;
        let fund = fund_of(&plan, &self.fund)?;
        let steps = ledger.fund_steps(&plan.id).await?;
        let all = records(&plan.policies, &steps);
        let own: Vec<&Record> = all.iter().filter(|record| record.fund == fund.id).collect();
        let record = match self.number {
            None => None,
            Some(number) => {
                let found = own.iter().find(|record| record.number == number);
                Some(*found.ok_or_else(|| Refusal::whole("没有这一笔，请刷新页面"))?)
            }
        };
        let known = record.map_or(0, |record| record.steps.len() as i64);
        if known != self.seen {
            let by = meanwhile(record);
            return Err(Refusal::whole(format!("您打开页面之后{by}这一步没有执行；请看过之后再办")));
        }
        let waits = record.is_some_and(|record| record.state == State::Waiting);
        let (stated, words) = match (&self.what, record) {
            (Doing::Enter(..) | Doing::Strike(_), Some(_)) if waits => {
                return Err(Refusal::whole("这一笔正在等第二人确认；要改，请先退回"));
            }
            (Doing::Enter(stated, words), _) => {
                let same = record.and_then(|record| record.holds.as_ref()) == Some(&**stated);
                if same {
                    return Err(Refusal::whole("与已经登记的一样，没有要改的"));
                }
                if record.is_some() && words.is_empty() {
                    return Err(Refusal::field(field::WORDS, "更正已经登记的一笔，请写明理由"));
                }
                // Beside everything that waits: two that wait may not be too much together.
                let mut entries: Vec<(u32, &Stated)> = own
                    .iter()
                    .filter(|other| Some(other.number) != self.number)
                    .filter_map(|other| Some((other.number, other.next()?)))
                    .collect();
                entries.push((self.number.unwrap_or_else(|| next(&own)), stated));
                fits(fund, &entries)?;
                (Some(&**stated), words.clone())
            }
            (Doing::Strike(words), Some(record)) => {
                if record.holds.is_none() {
                    return Err(Refusal::whole("这一笔没有经两人确认，不用注销"));
                }
                fits(fund, &without(&own, record.number))?;
                (None, words.clone())
            }
            (Doing::SendBack(words), Some(_)) if waits => (None, words.clone()),
            (Doing::Confirm, Some(record)) if waits => {
                confirms(record, who)?;
                let mut entries = without(&own, record.number);
                entries.extend(record.next().map(|stated| (record.number, stated)));
                fits(fund, &entries)?;
                (None, String::new())
            }
            (Doing::SendBack(_) | Doing::Confirm, Some(_)) => {
                return Err(Refusal::whole("这一笔没有在等确认，请刷新页面"));
            }
            (_, None) => return Err(Refusal::whole("没有这一笔，请刷新页面")),
        };
        let number = self.number.unwrap_or_else(|| next(&own));
        let place = (&plan.id, &fund.id, number, known + 1);
        ledger.append(who, entry(who, place, act, stated, &words)).await?;
        Ok(number)
    }
}

/// Who was there after a page was opened: 张三已经确认，
fn meanwhile(record: Option<&Record>) -> String {
    let last = record.and_then(|record| record.steps.last());
    last.map_or_else(String::new, |step| format!("{}已经{}，", step.actor, step.act.name()))
}

/// Whether `who` may confirm what waits of an entry: nobody confirms himself.
fn confirms(record: &Record, who: &Who) -> Result<(), Refusal> {
    match record.asked() {
        None => Err(Refusal::whole(format!("第{}号没有在等确认，请刷新页面", record.number))),
        Some(asked) if asked.account == who.account() => Err(Refusal::OwnWork),
        Some(_) => Ok(()),
    }
}

/// What waits of a ledger, confirmed by the second person at once: all that he chose, or nothing.
#[derive(Debug, Clone)]
pub struct ConfirmFund {
    pub plan: String,
    pub fund: String,
    /// Number of each entry, and how many steps of it were seen.
    pub entries: BTreeMap<u32, i64>,
}

impl ConfirmFund {
    /// As the form of `/funds/{plan}` sends it.
    pub fn read(plan: &Plan, posted: &Posted) -> Result<Self, Refusal> {
        let fund = fund_of(plan, posted.text(field::FUND))?;
        let read = |text: &str| {
            let (number, seen) = text.split_once(':')?;
            Some((number.parse().ok()?, seen.parse().ok()?))
        };
        let entries: Option<BTreeMap<u32, i64>> = posted.all(field::ENTRY).into_iter().map(read).collect();
        let entries = entries.ok_or_else(|| Refusal::whole("没有这一笔，请刷新页面"))?;
        if entries.is_empty() {
            return Err(Refusal::field(field::ENTRY, "没有选要确认的，请至少选一笔"));
        }
        Ok(Self { plan: plan.id.clone(), fund: fund.id.clone(), entries })
    }
}

#[async_trait]
impl Command for ConfirmFund {
    type Done = usize;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<usize, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(right(Act::Confirm), Object::office(plan.region.id()))?;
        let fund = fund_of(&plan, &self.fund)?;
        let steps = ledger.fund_steps(&plan.id).await?;
        let all = records(&plan.policies, &steps);
        let own: Vec<&Record> = all.iter().filter(|record| record.fund == fund.id).collect();
        let mut rows = Vec::new();
        for (number, seen) in &self.entries {
            let record = own.iter().find(|record| record.number == *number);
            let record = record.ok_or_else(|| Refusal::whole("没有这一笔，请刷新页面"))?;
            let known = record.steps.len() as i64;
            if known != *seen {
                let by = meanwhile(Some(record));
                let sentence = format!("您打开页面之后第{number}号{by}一笔也没有确认；请看过之后再办");
                return Err(Refusal::whole(sentence));
            }
            confirms(record, who)?;
            rows.push(row(who, (&plan.id, &fund.id, *number, known + 1), Act::Confirm, None, ""));
        }
        // As the ledger stands after all of them, not one after the other: 投放 may be numbered before its 签约.
        let after = own.iter().filter_map(|record| {
            let stated = match self.entries.contains_key(&record.number) {
                true => record.next(),
                false => record.holds.as_ref(),
            };
            Some((record.number, stated?))
        });
        fits(fund, &after.collect::<Vec<_>>())?;
        let (count, first) = (rows.len(), self.entries.keys().next().copied().unwrap_or_default());
        let detail = json!({ "words": "", "entries": count });
        let object = format!("funds/{}/{}/{first}", plan.id, fund.id);
        ledger.append(who, Entry::new("confirm_fund", object, detail).with_rows(rows)).await?;
        Ok(count)
    }
}

fn next(own: &[&Record]) -> u32 {
    own.iter().map(|record| record.number).max().unwrap_or_default() + 1
}

/// What holds of the others.
fn without<'r>(own: &[&'r Record], number: u32) -> Vec<(u32, &'r Stated)> {
    let others = own.iter().filter(|other| other.number != number);
    others.filter_map(|other| Some((other.number, other.holds.as_ref()?))).collect()
}

fn fits(fund: &Fund, entries: &[(u32, &Stated)]) -> Result<(), Refusal> {
    fault(fund, entries).map_or(Ok(()), |sentence| Err(Refusal::whole(sentence)))
}

fn entry(
    who: &Who,
    (plan, fund, number, version): (&String, &String, u32, i64),
    act: Act,
    stated: Option<&Stated>,
    words: &str,
) -> Entry {
    let action = match act {
        Act::Enter => "enter_fund",
        Act::Strike => "strike_fund",
        Act::SendBack => "send_back_fund",
        Act::Confirm => "confirm_fund",
    };
    // Whom the money is for stands in the row alone: the journal has more readers than the ledger.
    let detail = json!({ "words": words });
    let row = row(who, (plan, fund, number, version), act, stated, words);
    Entry::new(action, format!("funds/{plan}/{fund}/{number}"), detail).with_rows(vec![row])
}

fn row(
    who: &Who,
    (plan, fund, number, version): (&String, &String, u32, i64),
    act: Act,
    stated: Option<&Stated>,
    words: &str,
) -> NewRow {
    let terms = stated.and_then(|stated| stated.terms.as_ref());
    let day = stated.map(|stated| stated.day.to_string());
    let due = terms.and_then(|terms| terms.due).map(|due| due.to_string());
    let rate = terms.and_then(|terms| terms.rate.as_ref());
    let fixed = rate.and_then(LoanRate::fixed).map(Rate::exact);
    let floating = rate.and_then(LoanRate::floating);
    let spread = floating.map(|floating| floating.spread.exact());
    let penalty = terms.and_then(|terms| terms.penalty).map(Rate::exact);
    NewRow {
        table: "fund_step",
        cells: vec![
            ("plan_id", plan.into()),
            ("fund", fund.into()),
            ("entry", number.into()),
            ("version", version.into()),
            ("step", act.id().into()),
            ("movement", stated.map(|stated| stated.movement.id()).into()),
            ("contract", stated.map(|stated| stated.contract.as_str()).into()),
            ("day", day.as_deref().into()),
            ("amount", stated.map(|stated| stated.amount.0).into()),
            ("voucher", stated.map(|stated| stated.voucher.as_str()).into()),
            ("firm", terms.map(|terms| terms.firm.as_str()).into()),
            ("credit_code", terms.and_then(|terms| terms.credit_code.as_deref()).into()),
            ("unit_id", terms.map(|terms| terms.unit.as_str()).into()),
            ("bank", terms.map(|terms| terms.bank.as_str()).into()),
            ("rate", fixed.as_deref().into()),
            ("day_count", terms.and_then(|terms| terms.day_count).map(DayCount::word).into()),
            ("due", due.as_deref().into()),
            ("rate_base", floating.map(|floating| floating.parameter.as_str()).into()),
            ("rate_spread", spread.as_deref().into()),
            ("rate_reset", floating.map(|floating| floating.reset.id()).into()),
            ("rate_penalty", penalty.as_deref().into()),
            ("words", words.into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    }
}

/// Entries of a ledger from a workbook: all of them or none. What is recorded already is left as it is, so that the
/// same file twice is nothing; each new one waits for a second person, as from the form.
#[derive(Debug, Clone)]
pub struct ImportFund {
    pub plan: String,
    pub fund: String,
    /// The form's boxes with the line of the file that they stand in; movement and 计息 by their names too.
    pub rows: Vec<(usize, Posted)>,
    pub file: String,
    /// Says what would be done, and writes nothing.
    pub dry_run: bool,
}

/// The columns of a file of entries: those that the exported ledgers have.
pub fn heads() -> Vec<Head> {
    vec![
        Head::new(field::MOVEMENT, &["登记", "往来", "事项"]),
        Head::new(field::CONTRACT, &["合同编号", "借款合同编号", "保函或担保合同编号", "资金文号"]),
        Head::new(field::DAY, &["日期", "签约日期", "发生日期"]),
        Head::new(field::AMOUNT, &["金额"]),
        Head::new(field::VOUCHER, &["凭证号或文号", "凭证号", "文号"]),
        Head::new(field::FIRM, &["企业名称", "企业"]),
        Head::new(field::CREDIT_CODE, &["统一社会信用代码", "信用代码"]),
        Head::new(field::UNIT, &["县（市、区）", "县市区", "所在县（市、区）"]),
        Head::new(field::BANK, &["经办银行", "银行"]),
        Head::new(field::RATE, &["年利率", "利率"]),
        Head::new(field::DAY_COUNT, &["计息"]),
        Head::new(field::DUE, &["到期日"]),
        Head::new(field::BASE, &["浮动基准"]),
        Head::new(field::SPREAD, &["加减基点"]),
        Head::new(field::RESET, &["重定价", "重定价日"]),
        Head::new(field::PENALTY, &["逾期加收"]),
        Head::new(field::LEDGER, &["台账"]),
        Head::new(field::STATE, &["状态"]),
    ]
}

/// The columns without which a line says nothing.
pub const NEEDED: [&str; 4] = [field::MOVEMENT, field::CONTRACT, field::DAY, field::AMOUNT];

/// What became of the lines of a file of entries: each with its line, whether it was on record, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedFund {
    pub added: usize,
    pub same: usize,
    pub lines: Vec<(usize, bool, Stated)>,
}

/// The faults of a line, with its number before each.
pub(super) fn at_line(line: usize, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(faults) => {
            Refusal::Invalid(faults.into_iter().map(|(of, said)| (of, format!("第{line}行：{said}"))).collect())
        }
        other => other,
    }
}

/// Refuses what an exported file has beside the entries of `fund`: those of other ledgers, and those that count no
/// more.
fn is_of(fund: &Fund, posted: &Posted) -> Result<(), Refusal> {
    let ledger = posted.text(field::LEDGER);
    if !ledger.is_empty() && fold_name(ledger) != fold_name(&fund.title) && ledger != fund.id {
        let (shown, title) = (domain::month::shorten(ledger), &fund.title);
        let said = format!("这一行是“{shown}”的，现在导入的是“{title}”，请删去这一行");
        return Err(Refusal::field(field::LEDGER, said));
    }
    let state = posted.text(field::STATE);
    match [State::SentBack, State::Struck].into_iter().find(|known| known.name() == state) {
        Some(_) => Err(Refusal::field(field::STATE, format!("这一行的状态是{state}，导入等于重新登记，请删去这一行"))),
        None => Ok(()),
    }
}

impl ImportFund {
    fn stated(&self, plan: &Plan, fund: &Fund, posted: &Posted, today: NaiveDate) -> Result<Stated, Refusal> {
        is_of(fund, posted)?;
        let mut posted = posted.clone();
        let movement = posted.text(field::MOVEMENT).to_owned();
        let named = Movement::ALL.into_iter().find(|known| known.name(fund.kind) == movement || known.id() == movement);
        let Some(named) = named else {
            let known = Movement::ALL.map(|known| known.name(fund.kind)).join("、");
            let shown = domain::month::shorten(&movement);
            return Err(Refusal::field(field::MOVEMENT, format!("登记“{shown}”不对，请写 {known} 之一")));
        };
        posted.set(field::MOVEMENT, named.id());
        let count = posted.text(field::DAY_COUNT).to_owned();
        if let Some(known) = DayCount::ALL.into_iter().find(|known| known.name() == count) {
            posted.set(field::DAY_COUNT, known.word());
        }
        stated(plan, fund, &posted, today)
    }
}

#[async_trait]
impl Command for ImportFund {
    type Done = ImportedFund;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<ImportedFund, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(right(Act::Enter), Object::office(plan.region.id()))?;
        let fund = fund_of(&plan, &self.fund)?;
        let steps = ledger.fund_steps(&plan.id).await?;
        let all = records(&plan.policies, &steps);
        let own: Vec<&Record> = all.iter().filter(|record| record.fund == fund.id).collect();
        let today = at_shanghai(who.at).date_naive();
        let (mut done, mut faults, mut new) = (ImportedFund::default(), Vec::new(), Vec::<(usize, Stated)>::new());
        for (line, posted) in &self.rows {
            match self.stated(&plan, fund, posted, today) {
                Err(refusal) => faults.push(at_line(*line, refusal)),
                Ok(stated) if own.iter().any(|record| record.next() == Some(&stated)) => {
                    done.same += 1;
                    done.lines.push((*line, true, stated));
                }
                Ok(stated) => {
                    if let Some((other, _)) = new.iter().find(|(_, known)| *known == stated) {
                        let said = format!("与第{other}行完全一样，请删去一行，或写明各自的凭证号");
                        faults.push(at_line(*line, Refusal::field(field::VOUCHER, said)));
                    }
                    done.lines.push((*line, false, stated.clone()));
                    new.push((*line, stated));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::all(faults));
        }
        done.added = new.len();
        let first = next(&own);
        let mut entries: Vec<(u32, &Stated)> =
            own.iter().filter_map(|record| Some((record.number, record.next()?))).collect();
        entries.extend((first..).zip(new.iter().map(|(_, stated)| stated)));
        fits(fund, &entries)?;
        if self.dry_run || new.is_empty() {
            return Ok(done);
        }
        let written = (first..).zip(&new);
        let rows = written
            .map(|(number, (_, stated))| row(who, (&plan.id, &fund.id, number, 1), Act::Enter, Some(stated), ""));
        let rows: Vec<NewRow> = rows.collect();
        let detail = json!({ "words": "", "file": self.file, "entries": done.added });
        let object = format!("funds/{}/{}/{first}", plan.id, fund.id);
        ledger.append(who, Entry::new("enter_fund", object, detail).with_rows(rows)).await?;
        Ok(done)
    }
}
