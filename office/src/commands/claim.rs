//! 奖补申报: the county states a claim, the finance post the firm's taxes; one of the office decides, another confirms;
//! the finance post records what was paid.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date};
use domain::day::{Day, EXAMPLES, digit_of};
use domain::evidence::Subject;
use domain::firms::Firms;
use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::policy::{Combine, Policy, Quantity, Recipient as Whom, What};
use domain::policy::notice::{awaits_decision, hindrance};
use domain::policy::record::{
    Act, Frozen, Record, State, Step, Years, approved_at, had, had_by, moved, settle_one, settle_records, years,
};
use domain::policy::{Answer, Asked, Claim, Fact, Settled, Settlement, asked, outside, strange_level, yuan};
use domain::region::{fold_document, fold_name};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::claim_notice::notices;
use crate::boxes::{optional, required};
use crate::facts::Evidence;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields, besides the facts by their words.
pub mod field {
    pub const CLAIM: &str = "number";
    pub const ACT: &str = "act";
    /// How many steps of the claim the page had seen.
    pub const SEEN: &str = "seen";
    pub const UNIT: &str = "unit";
    pub const AMOUNT: &str = "amount";
    pub const DAY: &str = "day";
    pub const WORDS: &str = "words";
    /// `yes`: the firm's signed form has come on paper.
    pub const PAPER: &str = "paper_form";
    /// `yes`: whoever decides has seen the papers of what the firm had elsewhere or before.
    pub const PROOF: &str = "proof_seen";
    /// The voucher by which the firm gave back what it had elsewhere.
    pub const RETURNED: &str = "returned_by";
}

/// The next step of a claim; without a number the first of a new one.
#[derive(Debug, Clone)]
pub struct RecordClaim {
    pub plan: String,
    pub year: i32,
    pub number: Option<u32>,
    pub seen: i64,
    pub what: Doing,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    Enter {
        unit: String,
        content: BTreeMap<String, String>,
        words: String,
    },
    /// The firm's tax figures that the policy asks for, by the facts' words.
    Tax {
        content: BTreeMap<String, String>,
    },
    SendBack {
        reason: String,
    },
    /// With the office's own amount where the document leaves it room.
    Decide {
        amount: Option<String>,
        words: String,
        /// The firm's signed form has come on paper.
        paper: bool,
        /// The papers of what the firm had elsewhere or before were compared.
        proof: bool,
        /// The voucher by which it gave back what it had elsewhere; empty for none.
        returned: String,
    },
    Confirm,
    Pay {
        amount: Amount,
        day: Day,
        words: String,
    },
}

impl Doing {
    fn act(&self) -> Act {
        match self {
            Doing::Enter { .. } => Act::Enter,
            Doing::Tax { .. } => Act::Tax,
            Doing::SendBack { .. } => Act::SendBack,
            Doing::Decide { .. } => Act::Decide,
            Doing::Confirm => Act::Confirm,
            Doing::Pay { .. } => Act::Pay,
        }
    }
}

/// A firm that pays none has to be stated.
const NO_TAX: &str = "没有的请写 0";

/// What a decision says that rests on a form of paper.
const PAPER_SAID: &str = "纸质申报表已收到";

/// What a decision says that takes off what was had elsewhere or before.
pub const PROOF_SAID: &str = "已核对已获奖补的凭证";

/// What a claim states as had elsewhere or before, with the papers it names, for whoever decides to compare.
pub fn to_compare(claim: &Claim) -> Vec<String> {
    let stated =
        [(Fact::Elsewhere, claim.elsewhere, &claim.elsewhere_by), (Fact::Before, claim.before, &claim.before_by)];
    let stated = stated.into_iter().filter_map(|(of, had, by)| Some((of, had.filter(|had| had.0 > 0)?, by)));
    let stated = stated.map(|(of, had, by)| format!("{}{}（{by}）", of.name(), yuan(had)));
    let months = claim.quantities.get(&Quantity::MonthsBefore).filter(|months| months.0 > 0);
    let months = months.map(|months| format!("以前年度计息{}个月", Quantity::MonthsBefore.measure().plain(*months)));
    stated.chain(months).collect()
}

/// Whether the office may send a claim back: one that nothing is given to has nothing to lose.
pub fn may_send_back(record: &Record) -> bool {
    record.state != State::SentBack && !(record.state.is_decided() && record.decided == Some(Amount(0)))
}

/// Who may take a step.
pub fn right(act: Act) -> Action {
    match act {
        Act::Enter => Action::EnterClaim,
        Act::Tax | Act::Pay => Action::PayClaim,
        Act::SendBack | Act::Decide | Act::Confirm => Action::DecideClaim,
    }
}

/// Whether somebody reads of a step of a claim that he sees: a county is not shown that a tax figure was entered.
pub fn is_shown(step: &Step, who: &Who, office: &str) -> bool {
    step.act != Act::Tax || who.may(Action::ReadClaims, Object::office(office)).is_ok()
}

/// Whether whoever claims has a code, by which alone he is told from others: a person and a county have none.
pub fn needs_code(policy: &Policy) -> bool {
    !matches!(policy.recipient, Whom::Person | Whom::Region)
}

/// The facts that a county states of a claim of a policy.
pub fn facts(plan: &Plan, policy: &Policy) -> Vec<Fact> {
    // The taxes are the finance post's to state.
    let own = asked(&plan.policies, policy).into_iter().map(|asked| asked.fact).filter(|fact| !fact.is_of_taxes());
    // A person has no code.
    let code = (policy.recipient != Whom::Person).then_some(Fact::CreditCode);
    let first = [Some(Fact::Recipient), code, Some(Fact::Policy), Some(Fact::Project)];
    first.into_iter().flatten().chain(own).collect()
}

/// The figures of a firm's taxes that a policy asks for: the finance post states them.
pub fn taxes(plan: &Plan, policy: &Policy) -> Vec<Asked> {
    asked(&plan.policies, policy).into_iter().filter(|asked| asked.fact.is_of_taxes()).collect()
}

impl RecordClaim {
    /// As the forms of `/claims/{plan}/{year}` send it: everything that is wrong with it at once.
    pub fn read(plan: &Plan, year: i32, posted: &Posted) -> Result<Self, Refusal> {
        let act = Act::parse(posted.text(field::ACT)).ok_or_else(|| Refusal::whole("没有这一步，请刷新页面"))?;
        let what = match act {
            Act::Enter => enter(plan, year, posted)?,
            Act::Tax => tax(plan, year, posted)?,
            Act::SendBack => Doing::SendBack { reason: required(posted, field::WORDS, "退回的理由")? },
            Act::Decide => Doing::Decide {
                amount: optional(posted, field::AMOUNT, Fact::Decided.name())?,
                words: optional(posted, field::WORDS, "决定的说明")?.unwrap_or_default(),
                paper: posted.text(field::PAPER) == "yes",
                proof: posted.text(field::PROOF) == "yes",
                returned: optional(posted, field::RETURNED, "退回的凭证号")?.unwrap_or_default(),
            },
            Act::Confirm => Doing::Confirm,
            Act::Pay => pay(plan, year, posted)?,
        };
        let number = posted.text(field::CLAIM);
        let number = match number.is_empty() {
            true => None,
            false => Some(number.parse().map_err(|_| Refusal::whole("没有这项申报，请刷新页面"))?),
        };
        Ok(Self { plan: plan.id.clone(), year, number, seen: posted.text(field::SEEN).parse().unwrap_or(-1), what })
    }
}

/// Whatever was sent of a firm's taxes; which of them the claim's policy asks for, the claim itself says.
fn tax(plan: &Plan, year: i32, posted: &Posted) -> Result<Doing, Refusal> {
    let (mut content, mut faults) = (BTreeMap::new(), Vec::new());
    for fact in Fact::all().filter(|fact| fact.is_of_taxes()) {
        match optional(posted, fact.word(), fact.name()) {
            Err(refusal) => faults.push(refusal),
            Ok(None) => {}
            Ok(Some(text)) => {
                let mut read = Claim::default();
                match fact.set(&mut read, &text, &plan.policies, year) {
                    Err(sentence) => {
                        let sentence = sentence.replace("没有数请留空或写 /", NO_TAX);
                        faults.push(Refusal::field(fact.word(), sentence));
                    }
                    // “/” would take back what was stated.
                    Ok(()) if read == Claim::default() => {
                        let sentence = format!("{}没有写数；{NO_TAX}", fact.name());
                        faults.push(Refusal::field(fact.word(), sentence));
                    }
                    Ok(()) => drop(content.insert(fact.word().to_owned(), text)),
                }
            }
        }
    }
    if faults.is_empty() { Ok(Doing::Tax { content }) } else { Err(Refusal::all(faults)) }
}

fn enter(plan: &Plan, year: i32, posted: &Posted) -> Result<Doing, Refusal> {
    let unit = required(posted, field::UNIT, "申报单位所在的县（市、区）")?;
    let id = posted.text(Fact::Policy.word());
    let policy = plan.policies.get(id).ok_or_else(|| Refusal::whole("计划里没有这项政策，请刷新页面"))?;
    if let What::Elsewhere(document) = &policy.what {
        return Err(Refusal::whole(format!("“{}”按{document}执行，请按那个文件申报", policy.title)));
    }
    let mut claim = Claim::default();
    let mut content = BTreeMap::new();
    let mut faults = Vec::new();
    faults.extend(required(posted, Fact::Recipient.word(), Fact::Recipient.name()).err());
    let labelled = asked(&plan.policies, policy);
    for fact in facts(plan, policy) {
        match optional(posted, fact.word(), fact.name()) {
            Err(refusal) => faults.push(refusal),
            Ok(text) => {
                let text = text.unwrap_or_default();
                let read = match labelled.iter().find(|asked| asked.fact == fact) {
                    Some(asked) => asked.set(&mut claim, &text, &plan.policies, year),
                    None => fact.set(&mut claim, &text, &plan.policies, year),
                };
                if let Err(sentence) = read {
                    faults.push(Refusal::field(fact.word(), sentence));
                }
                if !text.is_empty() {
                    content.insert(fact.word().to_owned(), text);
                }
            }
        }
    }
    faults.extend(strange_level(policy, &claim).map(|sentence| Refusal::field(Fact::Level.word(), sentence)));
    // What is taken off or up to has a paper behind it: of this year by the next one, of years before an earlier one.
    let proofs = [
        (claim.elsewhere, &claim.elsewhere_by, (Fact::Elsewhere, Fact::ElsewhereBy), (year, year + 1)),
        (claim.before, &claim.before_by, (Fact::Before, Fact::BeforeBy), (year - 1, year - 1)),
    ];
    for (_, text, (of, by), (example, latest)) in proofs.into_iter().filter(|it| it.0.is_some_and(|had| had.0 > 0)) {
        let named = years_named(text);
        let wrong = match named.iter().min() {
            Some(first) if *first <= latest => continue,
            Some(first) => format!("只写了{first}年，应是{latest}年度或更早的；"),
            None => String::new(),
        };
        let sentence = format!(
            "写了{}，{wrong}请写明依据的文件和是哪一年度的（例如 榕政办〔{example}〕12号，{example}年度），\
             凭证提交以后作为材料附上",
            of.name()
        );
        faults.push(Refusal::field(by.word(), sentence));
    }
    let words = optional(posted, field::WORDS, "说明")?.unwrap_or_default();
    if faults.is_empty() { Ok(Doing::Enter { unit, content, words }) } else { Err(Refusal::all(faults)) }
}

/// The years that a text names: 榕政办〔2020〕12号, 二〇二〇年度, 2020-03-15, 20200315. Other numbers are those of papers
/// and vouchers.
fn years_named(text: &str) -> Vec<i32> {
    let folded: Vec<char> = domain::money::fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut written = folded.clone();
    // 依据之一2020年: a Chinese digit alone is none of a year's four.
    let is_chinese = |at: usize| folded.get(at).is_some_and(|c| !c.is_ascii_digit() && year_digit(*c).is_ascii_digit());
    for at in 0..folded.len() {
        let starts = at == 0 || !is_chinese(at - 1);
        if starts && (at..at + 4).all(is_chinese) && !is_chinese(at + 4) {
            (at..at + 4).for_each(|at| written[at] = year_digit(folded[at]));
        }
    }
    let is_digit = |at: usize| written.get(at).is_some_and(char::is_ascii_digit);
    let number = |at: usize, length: usize| -> Option<String> { Some(written.get(at..at + length)?.iter().collect()) };
    let is_year = |at: usize| number(at, 4)?.parse().ok().filter(|year| (1990..2100).contains(year));
    let year_at = |at: usize| -> Option<i32> {
        let year = is_year(at)?;
        let before = at.checked_sub(1).and_then(|at| written.get(at));
        let after = written.get(at + 4);
        let is_bracketed = matches!(before, Some('〔' | '[' | '(' | '【' | '〈' | '<' | '﹝')) && !is_digit(at + 4);
        let is_dated = matches!(after, Some('-' | '.' | '/')) && is_digit(at + 5);
        // 2019—2020年.
        let is_ranged = matches!(after, Some('—' | '–' | '~' | '～' | '至')) && is_year(at + 5).is_some();
        let is_whole = |day: String| chrono::NaiveDate::parse_from_str(&day, "%Y%m%d").is_ok();
        let is_day = !is_digit(at + 8) && number(at, 8).is_some_and(is_whole);
        let starts = before.is_none_or(|before| !before.is_ascii_digit());
        (starts && (is_bracketed || after == Some(&'年') || is_dated || is_ranged || is_day)).then_some(year)
    };
    (0..written.len()).filter_map(year_at).collect()
}

/// A digit as years are written in Chinese: 二〇二〇, 二OO八, 贰零贰零.
fn year_digit(c: char) -> char {
    const CAPITAL: [char; 9] = ['壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    match (c, CAPITAL.iter().position(|capital| *capital == c)) {
        ('O' | 'o' | '○', _) => '0',
        (_, Some(at)) => char::from(b'1' + at as u8),
        _ => digit_of(c),
    }
}

#[cfg(test)]
mod tests {
    use super::years_named;

    #[test]
    fn years_stand_in_brackets_or_dates() {
        let cases: [(&str, &[i32]); 18] = [
            ("榕政办〔2020〕12号", &[2020]),
            ("榕工信〔2021〕1999号", &[2021]),
            ("榕政办[2020]12号，2021年", &[2020, 2021]),
            ("榕政办（2020）12号", &[2020]),
            ("二〇二〇年度", &[2020]),
            ("二OO八年", &[2008]),
            ("贰零贰零年", &[2020]),
            ("２０２０年", &[2020]),
            ("2020-03-15拨付", &[2020]),
            ("20200315", &[2020]),
            ("2020 年市级技改补助", &[2020]),
            ("榕政办﹝2020﹞12号", &[2020]),
            ("依据之一2020年", &[2020]),
            ("2019—2020年", &[2019, 2020]),
            ("去年，凭证号2000", &[]),
            ("电话20191234", &[]),
            ("发票号1995", &[]),
            ("省里的文件", &[]),
        ];
        for (text, years) in cases {
            assert_eq!(years_named(text), years, "{text}");
        }
    }
}

fn pay(plan: &Plan, year: i32, posted: &Posted) -> Result<Doing, Refusal> {
    let day = Day::parse(posted.text(field::DAY))
        .ok_or_else(|| Refusal::field(field::DAY, format!("兑付日期请写成日期，例如 {EXAMPLES}")));
    let words = required(posted, field::WORDS, "拨付文号或凭证号");
    let text = required(posted, field::AMOUNT, "兑付金额");
    let amount = text.and_then(|text| {
        // A minus is money that comes back, in whichever form it is written.
        let folded = domain::money::fold(text.trim());
        let bare = folded.strip_prefix(['-', '–', '—', '﹣']);
        let bare = bare.or_else(|| folded.strip_prefix('(')?.strip_suffix(')'));
        let (back, text) = match bare {
            Some(rest) => (-1, rest.to_owned()),
            None => (1, text),
        };
        let mut claim = Claim::default();
        let read = Fact::Decided.set(&mut claim, &text, &plan.policies, year);
        let called = |sentence: String| {
            let sentence = sentence.replacen(Fact::Decided.name(), "兑付金额", 1);
            sentence.replace("没有数请留空或写 /", "请写数，例如 12，追回的写 -12")
        };
        read.map_err(|sentence| Refusal::field(field::AMOUNT, called(sentence)))?;
        Ok(Amount(claim.decided.unwrap_or_default().0 * back))
    });
    match (day, words, amount) {
        (Ok(day), Ok(words), Ok(amount)) => Ok(Doing::Pay { amount, day, words }),
        (day, words, amount) => {
            let faults = [day.err(), words.err(), amount.err()];
            Err(Refusal::all(faults.into_iter().flatten().collect()))
        }
    }
}

/// What a step writes besides its name.
#[derive(Default)]
struct Written {
    content: BTreeMap<String, String>,
    amount: Option<Amount>,
    frozen: Option<Frozen>,
    words: String,
    day: Option<NaiveDate>,
}

/// The claims of the year as the transaction finds them.
struct Year<'a> {
    plan: &'a Plan,
    version: u32,
    year: i32,
    records: Vec<Record>,
    /// Those of all years of the plan.
    years: Years,
    at: i64,
}

impl Year<'_> {
    fn settled(&self, records: &[Record], number: u32) -> Option<Settled> {
        settle_one(self.plan, records, number, (self.year, had(&self.years, self.year)))
    }

    fn approved_now(&self, number: u32, change: impl FnOnce(&mut Claim)) -> Vec<Record> {
        approved_at(&self.records, number, self.at, change)
    }

    /// Whether a claim may be stated so. Of claims that whoever states it does not see, neither number nor firm is
    /// told.
    fn entered(
        &self,
        number: Option<u32>,
        content: &BTreeMap<String, String>,
        sees: impl Fn(&Record) -> bool,
    ) -> Result<(), Refusal> {
        let claim = domain::policy::record::stated(&self.plan.policies, self.year, content);
        let same = |record: &&Record| {
            let other = &record.claim;
            Some(record.number) != number
                // What was decided stands until two decide otherwise, also while it is sent back.
                && (record.state != State::SentBack || record.is_withdrawn())
                && other.level_key() == claim.level_key()
                && other.is_of_same_matter(&claim)
        };
        // What two decided, the public was told and finance pays is this firm's, for this project, by this policy.
        let decided = self.records.iter().find(|record| Some(record.number) == number && record.decided.is_some());
        // Which project was meant may be said later.
        let is_named = |own: &Record| {
            let agreed = own.agreed.as_ref().unwrap_or(&own.claim);
            let named = Claim { project: claim.project.clone(), ..agreed.clone() };
            agreed.project.is_empty() && named.is_of_same_matter(&claim)
        };
        if let Some(own) = decided.filter(|own| !own.claim.is_of_same_matter(&claim) && !is_named(own)) {
            return Err(Refusal::whole(format!(
                "第{}号已经为{}作出决定，申报单位、项目和政策不能再改；要换，请另外申报；这一份不再要的，\
                 请办公室退回并决定不给予",
                own.number, own.claim.recipient
            )));
        }
        // Who was renamed renames his claims one by one; what nobody calls so yet is looked at.
        let own = self.records.iter().find(|record| Some(record.number) == number);
        let is_renamed = own.is_some_and(|own| own.claim.credit_code == claim.credit_code);
        let is_called_so = |other: &Record| {
            other.claim.credit_code == claim.credit_code
                && fold_name(&other.claim.recipient) == fold_name(&claim.recipient)
        };
        let all = self.years.iter().flat_map(|(year, records)| records.iter().map(move |record| (*year, record)));
        let mut others = all.filter(|_| !is_renamed);
        let found = others.clone().find(|(_, other)| is_misnamed(other, &claim));
        if let Some((year, other)) = found.filter(|_| !others.any(|(_, other)| is_called_so(other))) {
            let name = Fact::CreditCode.name();
            let year = if year == self.year { String::new() } else { format!("{year}年") };
            let sentence = match sees(other) {
                true => format!(
                    "这个{name}在{year}第{}号里写的是“{}”，请照营业执照核对名称和代码；企业改了名的，\
                     请先把{year}第{0}号改成新名称",
                    other.number, other.claim.recipient
                ),
                false => format!(
                    "这个{name}在别的县（市、区）的申报里写的是另一个名称，请照营业执照核对名称和代码；\
                     核对无误的，请与办公室联系，由办公室退回写错的那一份"
                ),
            };
            return Err(Refusal::field(Fact::CreditCode.word(), sentence));
        }
        // Another day may be written, so the box is named.
        let policy = self.plan.policies.get(&claim.policy);
        if let Some(policy) = policy
            && let Some(why) = outside(self.plan, policy, &claim, self.year)
        {
            let has_day = asked(&self.plan.policies, policy).iter().any(|asked| asked.fact == Fact::Date);
            return Err(match has_day {
                true => {
                    let sentence = format!("{why}，不能申报；日期写错了请改正，否则请申报别的政策");
                    Refusal::field(Fact::Date.word(), sentence)
                }
                false => Refusal::whole(format!("{why}，不能申报")),
            });
        }
        match self.records.iter().find(same) {
            Some(other) if sees(other) => {
                // Persons have no code: who has another's name says which one he is.
                let is_person = policy.is_some_and(|policy| policy.recipient == Whom::Person);
                let more = if is_person { "；同名不同人的，请在姓名后面写明单位" } else { "" };
                Err(Refusal::whole(format!(
                    "第{}号已经为{}申报了同一项目的同一政策，请改那一份，或写明另一个项目{more}",
                    other.number, claim.recipient
                )))
            }
            Some(_) => Err(Refusal::whole(format!(
                "别的县（市、区）已经为{}申报了同一项目的同一政策，不能重复申报；有出入的，请与办公室联系",
                claim.recipient
            ))),
            None => Ok(()),
        }
    }

    /// What a firm's taxes, stated at one of its claims, say at its others: they are the firm's, and those of a base
    /// year of claims with that one. None of these claims may be waiting for a second person.
    fn taxes_of_others(&self, own: &Record, content: &BTreeMap<String, String>) -> Result<Vec<Place>, Refusal> {
        let firms = Firms::of(self.records.iter().map(|record| record.claim.firm()));
        let key = |record: &Record| firms.key(record.claim.firm());
        let others = self.records.iter().filter(|other| other.number != own.number && key(other) == key(own));
        let base = |record: &Record| {
            let policy = self.plan.policies.get(&record.claim.policy);
            policy.and_then(|policy| policy.base_year(record.claim.completion, self.year))
        };
        let mut places = Vec::new();
        for other in others {
            let policy = self.plan.policies.get(&other.claim.policy);
            let asked = policy.map(|policy| taxes(self.plan, policy)).unwrap_or_default();
            let is_its = |fact: Fact| match fact {
                Fact::LocalTax => true,
                Fact::Quantity(Quantity::RetainedBefore) if base(other) != base(own) => false,
                fact => asked.iter().any(|asked| asked.fact == fact),
            };
            let its = content.iter().filter(|(word, _)| Fact::parse(word).is_some_and(is_its));
            let content: BTreeMap<String, String> = its.map(|(word, text)| (word.clone(), text.clone())).collect();
            if content.is_empty() {
                continue;
            }
            if other.state == State::Proposed {
                let sentence = format!("这家企业的第{}号正在等第二人确认决定；要改，请办公室先退回", other.number);
                return Err(Refusal::whole(sentence));
            }
            let version = other.steps.len() as i64 + 1;
            places.push(Place { number: other.number, version, unit: other.unit.clone(), content });
        }
        Ok(places)
    }

    /// The decision as it would be frozen now.
    fn decided(&self, record: &Record, amount: Option<&String>, returned: &str) -> Result<Written, Refusal> {
        let policy = self.plan.policies.get(&record.claim.policy);
        let policy = policy.ok_or_else(|| Refusal::whole("计划里已经没有这项政策，请先修订计划"))?;
        let bare = self.approved_now(record.number, |claim| claim.decided = None);
        let is_left_open = self.settled(&bare, record.number).is_some_and(|settled| settled.nameable);
        let has_room = !record.claim.withdrawn && (is_left_open || policy.leaves_room());
        let wrong = |sentence: String| Refusal::field(field::AMOUNT, sentence);
        let (mut content, mut named) = (BTreeMap::new(), None);
        if let Some(text) = amount.filter(|_| has_room) {
            let mut read = Claim::default();
            Fact::Decided.set(&mut read, text, &self.plan.policies, self.year).map_err(wrong)?;
            named = read.decided;
            content.insert(Fact::Decided.word().to_owned(), text.clone());
        }
        let records = self.approved_now(record.number, |claim| claim.decided = named);
        if amount.is_some() && !has_room {
            return Err(wrong("本项按文件计算，不用写核定金额，请清空".to_owned()));
        }
        if amount.is_none() && has_room {
            return Err(wrong("文件给了范围，请写核定金额".to_owned()));
        }
        let settled =
            self.settled(&records, record.number).ok_or_else(|| Refusal::whole("没有这项申报，请刷新页面"))?;
        let sum = match &settled.answer {
            Answer::Sum { amount, .. } => *amount,
            Answer::Nothing => Amount(0),
            Answer::Either { .. } => {
                let sentence = "资金或限额不够，先后不同结果不同，文件没有写谁先谁后；请有权修订计划的人在计划的\
                                “扶持政策”页给这项政策或它的组写一行 order = \"approval\"（按批准先后）或 order = \"pro_rata\"\
                                （按比例），再决定";
                return Err(Refusal::whole(sentence));
            }
            other => {
                let (text, reason) = (other.text(), settled.reason());
                let text = if reason.starts_with(&text) { String::new() } else { format!("（{text}）") };
                return Err(Refusal::whole(format!("现在还不能决定{text}：{reason}")));
            }
        };
        if let Some(named) = named.filter(|named| named.0 > 0 && sum.0 == 0) {
            return Err(wrong(format!(
                "写了核定金额{}，但现在算得{}：{}；要给的是本项、不是那一项的，请先把那一项退回并决定不给予；\
                 本项不给的，请把核定金额写成0并写明理由",
                yuan(named),
                settled.answer.text(),
                settled.reason()
            )));
        }
        let is_numbered = returned.chars().any(|c| c.is_ascii_digit());
        if let Some(returns) = settled.returns.filter(|_| !is_numbered) {
            let sentence = format!(
                "已获的{}加上这次核定的{}超过本项金额，同一事项不能重复享受：已获的退回以后，请写退回的凭证号，\
                 没有退回的请把核定金额写小",
                yuan(returns),
                yuan(sum)
            );
            return Err(Refusal::field(field::RETURNED, sentence));
        }
        // Made up to the highest it may be less than what was named.
        let tops_up = self.plan.policies.group(policy).is_some_and(|group| group.combine == Combine::TopUp);
        if let Some(named) = named.filter(|named| !tops_up && *named > sum) {
            let sentence = format!("核定金额{}超过现在可以给的{}：{}", yuan(named), yuan(sum), settled.reason());
            return Err(wrong(sentence));
        }
        let steps = |records: &[Record], is_input: &dyn Fn(&Record) -> bool| -> BTreeMap<u32, i64> {
            let inputs = records.iter().filter(|record| is_input(record));
            inputs.map(|record| (record.number, record.steps.len() as i64)).collect()
        };
        let inputs = steps(&records, &|_| true);
        let others = self.years.iter().filter(|(year, _)| **year != self.year);
        let takes = |year: i32| move |record: &Record| record.decided.is_some() || had_by(record, year).is_some();
        let others = others.map(|(year, records)| (*year, steps(records, &takes(*year))));
        let other_years = others.filter(|(_, inputs)| !inputs.is_empty()).collect();
        let (plan_version, principal) = (Some(self.version), settled.principal);
        let frozen = Some(Frozen { settled, plan_version, principal, inputs, other_years });
        Ok(Written { content, amount: Some(sum), frozen, ..Written::default() })
    }

    /// The same result as the one that was frozen, or what it has become.
    fn confirmed(&self, record: &Record, who: &Who) -> Result<Written, Refusal> {
        let proposed = record.proposed().ok_or_else(|| Refusal::whole("没有在等确认的决定，请刷新页面"))?;
        if proposed.account == who.account() {
            return Err(Refusal::OwnWork);
        }
        let had = had(&self.years, self.year);
        match moved(self.plan, &self.records, record, (self.year, had), self.at) {
            Some(sentence) => Err(Refusal::whole(sentence)),
            None => Ok(Written::default()),
        }
    }

    /// What is set aside for a policy or its group is not passed by what was paid of it, while something of that has to
    /// come back.
    fn within_budget(&self, record: &Record, amount: Amount) -> Result<(), Refusal> {
        let policies = &self.plan.policies;
        let Some(policy) = policies.get(&record.claim.policy).filter(|_| amount.0 > 0) else { return Ok(()) };
        let own = policy.budget.map(|budget| (&policy.title, budget, None));
        let group = policies.group(policy);
        let group = group.and_then(|group| Some((&group.title, group.budget?, Some(&group.id))));
        for (title, budget, group) in own.into_iter().chain(group) {
            let is_of = |id: &str| match group {
                Some(group) => policies.get(id).is_some_and(|other| other.group.as_ref() == Some(group)),
                None => id == policy.id,
            };
            let of_pot = self.years.values().flatten().filter(|other| is_of(&other.claim.policy));
            let paid = Amount(of_pot.map(|other| other.paid.0).sum());
            if paid.0 + amount.0 > budget.0 {
                let (budget, left) = (yuan(budget), yuan(Amount((budget.0 - paid.0).max(0))));
                return Err(Refusal::field(
                    field::AMOUNT,
                    format!(
                        "“{title}”资金总额{budget}，已兑付{}，现在最多再付{left}；有应追回的，追回以后再付",
                        yuan(paid)
                    ),
                ));
            }
        }
        Ok(())
    }

    fn paid(
        &self,
        record: &Record,
        amount: Amount,
        day: Day,
        words: &str,
        today: NaiveDate,
    ) -> Result<Written, Refusal> {
        let settlement = settle_records(self.plan, &self.records, self.year, had(&self.years, self.year));
        let now = settlement.of(&record.claim.id);
        let due = record.due(now).map_err(Refusal::whole)?;
        let outstanding = record.outstanding();
        let wrong = |sentence: String| Err(Refusal::field(field::AMOUNT, sentence));
        let fits =
            amount.0 != 0 && amount.0.signum() == outstanding.0.signum() && amount.0.abs() <= outstanding.0.abs();
        if !fits {
            return match outstanding.0 {
                more if more > 0 && amount.0 <= 0 => {
                    wrong(format!("还要兑付{}，兑付金额请写大于0的数", yuan(outstanding)))
                }
                more if more > 0 => wrong(format!("还要兑付{}，请写不超过它的金额", yuan(outstanding))),
                back if amount.0 >= 0 => wrong(format!("多付了{}，要追回，请写成负数", yuan(Amount(-back)))),
                back => wrong(format!("多付了{}，追回的请不要超过它", yuan(Amount(-back)))),
            };
        }
        if amount.0 > 0 && amount > due {
            return wrong(format!("有关数据后来变了，现在最多再付{}；其余的请办公室先重新决定", yuan(due)));
        }
        if let Some(sentence) = owed_first(&self.years, (self.year, record), &settlement).filter(|_| amount.0 > 0) {
            return Err(Refusal::whole(sentence));
        }
        self.within_budget(record, amount)?;
        // One paper may pay several claims, and each once.
        let is_same = |step: &&Step| {
            let sign = step.amount.unwrap_or_default().0.signum();
            step.act == Act::Pay && sign == amount.0.signum() && fold_document(&step.words) == fold_document(words)
        };
        if let Some(same) = record.steps.iter().rfind(is_same) {
            let on = same.day.map(chinese_date).unwrap_or_default();
            let sentence = format!(
                "这个文号已在{on}登记过本项{}；确是另一笔的，请在文号后面写明第几笔",
                yuan(Amount(same.amount.unwrap_or_default().0.abs()))
            );
            return Err(Refusal::field(field::WORDS, sentence));
        }
        let paid = day.near(today).filter(|day| *day <= today);
        let sentence = format!("兑付日期不能在今天（{}）以后", chinese_date(today));
        let paid = paid.ok_or_else(|| Refusal::field(field::DAY, sentence))?;
        if let Some(decided_on) = record.decided_on(amount).filter(|decided_on| paid < *decided_on) {
            let sentence = format!("日期不能在作出决定（{}）以前", chinese_date(decided_on));
            return Err(Refusal::field(field::DAY, sentence));
        }
        Ok(Written { amount: Some(amount), day: Some(paid), words: words.to_owned(), ..Written::default() })
    }
}

#[async_trait]
impl Command for RecordClaim {
    type Done = u32;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<u32, Refusal> {
        let found = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let (plan, version) = (found.plan, found.version);
        let (act, office) = (self.what.act(), plan.region.id());
        let years = years(&plan.policies, &ledger.claim_years(&plan.id).await?);
        let records = years.get(&self.year).cloned().unwrap_or_default();
        let year = Year { records, years, plan: &plan, version, year: self.year, at: who.at };
        let record = match self.number {
            None => None,
            Some(number) => {
                let found = year.records.iter().find(|record| record.number == number);
                Some(found.ok_or_else(|| Refusal::whole("没有这项申报，请刷新页面"))?)
            }
        };
        let unit = match (&self.what, record) {
            (_, Some(record)) => record.unit.clone(),
            (Doing::Enter { unit, .. }, None) => unit.clone(),
            _ => return Err(Refusal::whole("没有这项申报，请刷新页面")),
        };
        let object = if act == Act::Enter { Object::unit(office, &unit) } else { Object::office(office) };
        who.may(right(act), object)?;
        // What is on record goes on whatever the plan says since: it is paid, recovered, sent back.
        if record.is_none() && !domain::entry::units(&plan).iter().any(|(id, _)| *id == unit) {
            return Err(Refusal::field(field::UNIT, "计划里没有这个单位，请重新选择"));
        }
        let places = plan.places(domain::entry::units(&plan));
        if record.is_none() && !places.iter().any(|(id, _)| *id == unit) {
            return Err(Refusal::field(field::UNIT, "申报单位所在的县（市、区）不能是部门，请重新选择"));
        }
        let (from, to) = plan.all_claim_years();
        if record.is_none() && !(from..=to).contains(&self.year) {
            return Err(Refusal::whole(format!("{}年不在可以申报的{from}—{to}年之内", self.year)));
        }
        let known = record.map_or(0, |record| record.steps.len() as i64);
        let is_shown = |step: &&Step| is_shown(step, who, office);
        let shown = record.map_or(0, |record| record.steps.iter().filter(is_shown).count() as i64);
        if shown != self.seen {
            let last = record.and_then(|record| record.steps.iter().rfind(is_shown));
            let by = last.map_or_else(String::new, |step| format!("{}已经{}，", step.actor, step.act.name()));
            return Err(Refusal::whole(format!("您打开页面之后{by}这一步没有执行；请看过之后再办")));
        }
        let state = record.map(|record| record.state);
        let today = at_shanghai(who.at).date_naive();
        let waits = || Refusal::whole("正在等第二人确认决定；要改，请办公室先退回");
        let written = match (&self.what, record) {
            (Doing::Enter { .. } | Doing::Tax { .. }, _) if state == Some(State::Proposed) => return Err(waits()),
            (Doing::Enter { content, words, .. }, _) => {
                let sees = |record: &Record| who.may(Action::ReadClaims, Object::unit(office, &record.unit)).is_ok();
                year.entered(self.number, content, sees)?;
                Written { content: content.clone(), words: words.clone(), ..Written::default() }
            }
            (Doing::Tax { content }, Some(record)) => {
                let policy = plan.policies.get(&record.claim.policy);
                let asked = policy.map(|policy| taxes(&plan, policy)).unwrap_or_default();
                if asked.is_empty() {
                    return Err(Refusal::whole("这项政策不看企业的税收，不用填税收数"));
                }
                let missing = asked.iter().filter(|asked| !content.contains_key(asked.fact.word()));
                let missing: Vec<Refusal> = missing
                    .map(|asked| Refusal::field(asked.fact.word(), format!("{}没有填，请填写", asked.label)))
                    .collect();
                if !missing.is_empty() {
                    return Err(Refusal::all(missing));
                }
                let own = content.iter().filter(|(word, _)| asked.iter().any(|asked| asked.fact.word() == *word));
                let content = own.map(|(word, text)| (word.clone(), text.clone())).collect();
                Written { content, ..Written::default() }
            }
            (Doing::SendBack { reason }, Some(record)) => match may_send_back(record) {
                true => Written { words: reason.clone(), ..Written::default() },
                false => return Err(Refusal::whole("这项申报已经退回或不给予，不用再退回，请刷新页面")),
            },
            (Doing::Decide { .. }, Some(_)) if state == Some(State::Proposed) => return Err(waits()),
            (Doing::Decide { .. }, Some(record)) if state == Some(State::SentBack) && !record.is_withdrawn() => {
                return Err(Refusal::whole("这项申报已经退回，等重新填报以后再决定"));
            }
            (Doing::Decide { amount, words, paper, proof, returned }, Some(record)) => {
                let form = Subject::Claim { year: self.year, number: record.number };
                let files = ledger.evidence(&plan.id, Some(&form.id())).await?;
                let mut faults = Vec::new();
                if !record.claim.withdrawn && !paper && !files.iter().any(Evidence::is_readable) {
                    let sentence = "还没有附企业盖章的申报表：请申报的县（市、区）先附上；纸质的已经收到的，\
                                    请勾选“纸质申报表已收到”";
                    faults.push(Refusal::field(field::PAPER, sentence));
                }
                let written = match year.decided(record, amount.as_ref(), returned) {
                    Ok(written) => written,
                    Err(refusal) => {
                        faults.push(refusal);
                        return Err(Refusal::all(faults));
                    }
                };
                let policy = plan.policies.get(&record.claim.policy);
                let is_firm = policy.is_some_and(needs_code);
                let gives = written.amount.is_some_and(|amount| amount.0 > 0);
                if gives && is_firm && record.claim.credit_code.is_none() {
                    let sentence = "这项申报没有写统一社会信用代码：上限、重复享受和退款都凭代码认同一家单位，\
                                    请申报的县（市、区）重新填报补上，再决定";
                    faults.push(Refusal::whole(sentence));
                }
                let to_compare = to_compare(&record.claim);
                if gives && !to_compare.is_empty() && !proof {
                    let stated = to_compare.join("、");
                    let sentence = format!("这项申报写了{stated}，请核对凭证以后勾选“{PROOF_SAID}”");
                    faults.push(Refusal::field(field::PROOF, sentence));
                }
                // The county tells the firm, and is shown nothing else of it.
                if written.amount == Some(Amount(0)) && words.is_empty() {
                    let sentence = "决定不给予的，请写理由，申报的县（市、区）要告诉企业";
                    faults.push(Refusal::field(field::WORDS, sentence));
                }
                if !faults.is_empty() {
                    return Err(Refusal::all(faults));
                }
                // Stated anew with the same result, the decision is upheld.
                let objections = ledger.claim_objections(&plan.id, self.year).await?;
                let asked_for = awaits_decision(record, &objections);
                if record.state != State::Waiting && record.decided == written.amount && !asked_for {
                    return Err(Refusal::whole("与已经作出的决定一样，不用再决定"));
                }
                let returned = (!returned.is_empty()).then(|| format!("已获的已经退回，凭证号{returned}"));
                let compared = (*proof && !to_compare.is_empty()).then(|| PROOF_SAID.to_owned());
                let said = [paper.then(|| PAPER_SAID.to_owned()), compared, returned, Some(words.clone())];
                let said: Vec<String> = said.into_iter().flatten().filter(|said| !said.is_empty()).collect();
                Written { words: said.join("；"), ..written }
            }
            (Doing::Confirm, Some(record)) => year.confirmed(record, who)?,
            (Doing::Pay { amount, day, words }, Some(record)) => {
                let notices = notices(ledger, &plan.id, self.year).await?;
                let objections = ledger.claim_objections(&plan.id, self.year).await?;
                if let Some(sentence) = hindrance(&plan, record, &notices, &objections, today) {
                    return Err(Refusal::whole(sentence));
                }
                year.paid(record, *amount, *day, words, today)?
            }
            (_, None) => return Err(Refusal::whole("没有这项申报，请刷新页面")),
        };
        let next = year.records.iter().map(|record| record.number).max().unwrap_or_default() + 1;
        let number = self.number.unwrap_or(next);
        let mut places = vec![Place { number, version: known + 1, unit, content: written.content.clone() }];
        if let Some(own) = record.filter(|_| act == Act::Tax) {
            places.extend(year.taxes_of_others(own, &written.content)?);
        }
        append(who, ledger, (&plan, self.year, act), &places, &written).await?;
        Ok(number)
    }
}

/// Why nothing is paid to a firm that has to give something back first, under whichever of its claims; without a full
/// stop. Nothing where the claim has nothing to be paid.
pub fn owed_first(years: &Years, (year, record): (i32, &Record), settlement: &Settlement) -> Option<String> {
    if record.outstanding().0 <= 0 {
        return None;
    }
    let all = years.iter().flat_map(|(year, records)| records.iter().map(move |other| (*year, other)));
    let is_other = |at: i32, other: &Record| (at, other.number) != (year, record.number);
    let mut others = all.filter(|(at, other)| is_other(*at, other) && other.is_of_same_firm(record));
    others.find_map(|(at, other)| {
        let owed = other.owed(settlement.of(&other.claim.id).filter(|_| at == year));
        let which = if at == year { String::new() } else { format!("{at}年") };
        (owed.0 > 0).then(|| {
            format!(
                "这家企业{which}第{}号应追回{}，追回以后才能兑付；不该追回的，请办公室先重新决定那一项",
                other.number,
                yuan(owed)
            )
        })
    })
}

/// Whether the firm's signed form came on paper, as whoever decided last said.
pub fn came_on_paper(record: &Record) -> bool {
    let decided = record.steps.iter().rfind(|step| step.act == Act::Decide);
    decided.is_some_and(|step| step.words.starts_with(PAPER_SAID))
}

/// Where a step stands, and what it states there.
struct Place {
    number: u32,
    version: i64,
    unit: String,
    content: BTreeMap<String, String>,
}

/// Another firm's name beside the same code.
fn is_misnamed(record: &Record, claim: &Claim) -> bool {
    record.state != State::SentBack
        && claim.credit_code.is_some()
        && record.claim.credit_code == claim.credit_code
        && fold_name(&record.claim.recipient) != fold_name(&claim.recipient)
}

/// Writes a step at the claims it is of.
async fn append(
    who: &Who,
    ledger: &mut dyn Ledger,
    (plan, year, act): (&Plan, i32, Act),
    places: &[Place],
    written: &Written,
) -> Result<(), Refusal> {
    let text = |value: serde_json::Result<String>| value.map_err(|_| Refusal::whole("内容无法保存，请核对"));
    let frozen = written.frozen.as_ref().map(|frozen| text(serde_json::to_string(frozen))).transpose()?;
    let day = written.day.map(|day| day.to_string());
    let row = |(place, content): (&Place, String)| NewRow {
        table: "claim_step",
        cells: vec![
            ("plan_id", (&plan.id).into()),
            ("year", year.into()),
            ("claim", place.number.into()),
            ("version", place.version.into()),
            ("unit_id", (&place.unit).into()),
            ("step", act.id().into()),
            ("content", (&content).into()),
            ("amount", written.amount.map(|amount| amount.0).into()),
            ("frozen", frozen.as_deref().into()),
            ("words", (&written.words).into()),
            ("day", day.as_deref().into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    };
    let action = match act {
        Act::Enter => "enter_claim",
        Act::Tax => "tax_claim",
        Act::SendBack => "send_back_claim",
        Act::Decide => "decide_claim",
        Act::Confirm => "confirm_claim",
        Act::Pay => "pay_claim",
    };
    // The firm's taxes stand in the row alone: the journal has more readers than the row.
    let detail = json!({ "amount": written.amount, "day": day, "words": written.words });
    // Nothing of the plan's own: a plan's pack says of it that it happened, and no more.
    let number = places.first().map(|place| place.number).unwrap_or_default();
    let object = format!("claims/{}/{year}/{number}", plan.id);
    let rows = places.iter().map(|place| Ok(row((place, text(serde_json::to_string(&place.content))?))));
    let rows = rows.collect::<Result<Vec<_>, Refusal>>()?;
    ledger.append(who, Entry::new(action, object, detail).with_rows(rows)).await?;
    Ok(())
}
