//! `/funds/{plan}`: the ledgers of funds, guarantees and appropriations with what they come to on a day, and the forms of
//! the office and the finance post. Visitors read the sums of those that the plan publishes.

use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::day::{Day, EXAMPLES};
use domain::fund::interest::{Piece, Reset, penalty_in_words, points};
use domain::fund::record::{Act, Record, State, Step, holding};
use domain::fund::{Contract, LoanRate, Movement, Standing, Stated, Sums, fen, standing};
use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::fund::{DayCount, Fund, Kind};
use domain::plan::policy::Policies;
use domain::policy::yuan;
use domain::projects::field::{unit_name, units};
use domain::rate::Rate;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::fund::{CONFIRM_ALL, contract_name, field, right};
use office::posted::Posted;

use super::policies::plain_box;
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, data_table, day_chooser, downloads, links, page};

/// The names of what the address says, besides the form's own.
const ON: &str = "on";
const EDIT: &str = "edit";

#[component]
pub(crate) fn Funds() -> impl IntoView {
    let (plan, on, edit) = (param("plan"), query(ON), query(EDIT));
    let (fund, movement) = (query(field::FUND), query(field::MOVEMENT));
    page(async move {
        let asked = Asked { on, edit, fund, movement };
        load(&plan, &asked).await
    })
}

/// What the address asks for.
struct Asked {
    on: Option<String>,
    edit: Option<String>,
    fund: Option<String>,
    movement: Option<String>,
}

/// What all parts of the page know.
struct Scene<'p> {
    plan: &'p Plan,
    posted: Posted,
    records: Vec<Record>,
    today: NaiveDate,
    /// Whoever sees every entry, not sums alone.
    reads: bool,
}

impl Scene<'_> {
    fn may(&self, act: Act) -> bool {
        may(self.plan, right(act))
    }

    /// What was typed into a form that came back.
    fn typed(&self, fund: &str, number: &str, act: Act, name: &str, usual: &str) -> String {
        if self.is_back(fund, number, act) { self.posted.text(name).to_owned() } else { usual.to_owned() }
    }

    fn is_back(&self, fund: &str, number: &str, act: Act) -> bool {
        let text = |name: &str| self.posted.text(name);
        text(field::FUND) == fund && text(field::NUMBER) == number && text(field::ACT) == act.id()
    }
}

fn may(plan: &Plan, action: Action) -> bool {
    let office = Object::office(plan.region.id());
    backend().viewer().is_some_and(|viewer| viewer.may(action, office).is_ok())
}

/// Whether whoever asks finds anything at this address.
pub(super) fn is_open(plan: &Plan) -> bool {
    let funds = &plan.policies.funds;
    !funds.is_empty() && (may(plan, Action::ReadFunds) || funds.iter().any(|fund| fund.publish))
}

/// The day that an address asks for: today where it names none.
///
/// # Errors
/// As a sentence, for what is no day.
pub fn day_of(asked: Option<&str>, today: NaiveDate) -> Result<NaiveDate, String> {
    let Some(text) = asked.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(today) };
    let day = Day::parse(text).and_then(|day| day.near(today));
    day.ok_or_else(|| format!("“{}”不是日期，例如 {EXAMPLES}", domain::month::shorten(text)))
}

async fn load(plan: &str, asked: &Asked) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    if !is_open(plan) {
        let sentence = "这个计划没有资金台账，或台账不公开。";
        return Err(PageError::not_found(sentence).with_link("计划", links::plan(&plan.id)));
    }
    let today = at_shanghai(backend.now()).date_naive();
    let day = day_of(asked.on.as_deref(), today).map_err(|sentence| {
        PageError::bad_request(format!("{sentence}。")).with_link("资金台账", links::funds(&plan.id))
    })?;
    let scene = Scene {
        plan,
        posted: use_context::<Posted>().unwrap_or_default(),
        records: backend.fund_records(plan).await?,
        today,
        reads: may(plan, Action::ReadFunds),
    };
    let published = backend.fund_sums(plan, day).await?;
    let mut shown = Vec::new();
    for fund in &plan.policies.funds {
        let standing = match scene.reads {
            true => Some(standing(&plan.policies, fund, &holding(&scene.records, &fund.id), day)),
            false => published.iter().find(|(id, _)| *id == fund.id).map(|(_, standing)| standing.clone()),
        };
        if let Some(standing) = standing {
            let beside = beside(plan, fund, &standing).await?;
            shown.push(one(&scene, fund, &standing, beside));
        }
    }
    let title = "资金台账".to_owned();
    let files = scene.reads.then(|| downloads(&format!("/export/funds/{}", plan.id), &format!("?{ON}={day}")));
    let files = files.map(|files| view! { <p>{files}</p> });
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::plan(&plan.id)>{plan.title.clone()}</a>
            </p>
            {scene.posted.error.clone().map(alert)}
            {day_chooser(links::funds(&plan.id), "截至", ON, day)}
            {files}
            {enter(&scene, asked)}
            {shown}
            <p class="notes">
                "利息逐日计算，支付当天计、收回当天不计，不计复利；合同写了逾期加收的，到期日未还的余额从那天起加收。只在列示时四舍五入到分，合计用没有舍入的利息相加。"
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// What is committed beside the figure that was reported of the fund's goal.
async fn beside(plan: &Plan, fund: &Fund, standing: &Standing) -> Result<Option<AnyView>, PageError> {
    let goal = fund.goal.as_ref().and_then(|id| plan.goal(id)).filter(|goal| goal.measure.money);
    let Some(goal) = goal else { return Ok(None) };
    let Some(facts) = backend().facts(&plan.id).await? else { return Ok(None) };
    let region = plan.region.id();
    let past = facts.figures.periods(&goal.id).into_iter().filter(|period| period.last_day() <= standing.day);
    let stated =
        past.max().and_then(|at| Some((at, facts.figures.get(&goal.id, at, region).and_then(|figure| figure.value)?)));
    let used = standing.total.in_use(fund.revolving != Some(false));
    // What is published holds some goals as a whole elsewhere: nothing is said of what is not seen here.
    if stated.is_none() && facts.figures.is_published() {
        return Ok(None);
    }
    let said = match stated {
        None => "没有报送数".to_owned(),
        Some((at, stated)) if stated == used => format!("报送数（{}）与台账一致", at.label()),
        Some((at, stated)) => {
            let more = if stated > used { "多" } else { "少" };
            let difference = yuan(Amount((stated.0 - used.0).abs()));
            let stated = yuan(stated);
            format!("报送数（{}）{stated}，比台账{more}{difference}，以报送数为准，差异请核对", at.label())
        }
    };
    Ok(Some(view! { <p>{format!("与目标“{}”对照：台账{}；{said}。", goal.name, yuan(used))}</p> }.into_any()))
}

fn one(scene: &Scene<'_>, fund: &Fund, standing: &Standing, beside: Option<AnyView>) -> AnyView {
    let clause = fund.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    let quote = fund.quote.as_ref().map(|quote| view! { <p class="quote">{format!("“{quote}”{clause}")}</p> });
    let open = domain::plan::check::check(scene.plan).into_iter();
    let open = open.filter(|finding| finding.numbers.get("fund") == Some(&fund.id));
    let open = open.map(|finding| view! { <p class="notes">{format!("{}。", finding.message)}</p> }).collect_view();
    let details = scene.reads.then(|| {
        let own = scene.records.iter().filter(|record| record.fund == fund.id);
        // What waits comes first, then the newest.
        let mut own: Vec<&Record> = own.collect();
        own.sort_by_key(|record| (record.state != State::Waiting, std::cmp::Reverse(record.number)));
        let cards = own.iter().map(|record| card(scene, fund, record)).collect_view();
        view! {
            {by_unit(scene.plan, fund, standing)}
            {contracts(scene.plan, fund, standing)}
            {confirm_all(scene, fund, &own)}
            <div class="tasks dated">{cards}</div>
        }
    });
    view! {
        <section id=format!("fund-{}", fund.id)>
            <h2>{fund.title.clone()}</h2>
            {quote}
            <p>{sums_in_words(fund, standing)}</p>
            {borne(fund, standing)}
            {beside}
            {open}
            {details}
        </section>
    }
    .into_any()
}

/// 截至2021年7月3日：签约3亿元，投放2亿元，还款5000万元，余额1.5亿元；总额度100亿元，占用2.5亿元，还可签约97.5亿元.
fn sums_in_words(fund: &Fund, standing: &Standing) -> String {
    let (sums, name) = (&standing.total, |movement: Movement| movement.name(fund.kind));
    let released = (sums.released.0 > 0).then(|| format!("，{}{}", name(Movement::Release), yuan(sums.released)));
    let balance = balance_name(fund.kind);
    let stands = (fund.kind == Kind::Guarantee).then(|| format!("，在保{}", yuan(sums.undrawn())));
    let interest = (fund.kind == Kind::Loan).then(|| format!("，累计利息{}", interest_in_words(sums)));
    let quota = fund.quota.map(|quota| {
        let left = |revolving: bool| {
            let used = sums.in_use(revolving);
            format!("占用{}，还可{}{}", yuan(used), name(Movement::Commit), yuan(Amount(quota.0 - used.0)))
        };
        let used = match fund.revolving {
            Some(revolving) => left(revolving),
            None if sums.repaid.0 == 0 => left(true),
            None => format!("还回的能再用则{}；不能再用则{}", left(true), left(false)),
        };
        format!("；总额度{}，{used}", yuan(quota))
    });
    let overdue = (standing.overdue.1 > 0).then(|| {
        let what = if fund.kind == Kind::Guarantee { "到期未解除" } else { "逾期" };
        format!("；{what}{}笔、{}", standing.overdue.1, yuan(standing.overdue.0))
    });
    let parts = [released, stands, interest, quota, overdue].map(Option::unwrap_or_default);
    let [released, stands, interest, quota, overdue] = parts;
    format!(
        "截至{}：{}{}{released}，{}{}，{}{}{stands}，{balance}{}{interest}{quota}{overdue}。",
        chinese_date(standing.day),
        name(Movement::Commit),
        yuan(sums.committed),
        name(Movement::Pay),
        yuan(sums.paid),
        name(Movement::Repay),
        yuan(sums.repaid),
        yuan(sums.balance()),
    )
}

/// What is paid and not paid back.
fn balance_name(kind: Kind) -> &'static str {
    if kind == Kind::Guarantee { "代偿未收回" } else { "余额" }
}

/// 56000.00元（其中逾期加收1200.00元）.
pub(super) fn interest_in_words(sums: &Sums) -> String {
    let penalty = sums.penalty.is_positive().then(|| format!("（其中逾期加收{}元）", fen(sums.penalty)));
    format!("{}元{}", fen(sums.interest), penalty.unwrap_or_default())
}

/// What each party bears of what was called and not recovered.
fn borne(fund: &Fund, standing: &Standing) -> Option<AnyView> {
    if fund.kind != Kind::Guarantee || standing.borne.is_empty() {
        return None;
    }
    let share = |(party, share): &(String, Rate)| format!("{party}{}%", share.percent_as_written());
    let shares: Vec<String> = fund.shares.iter().map(share).collect();
    let parts = standing.borne.iter().map(|(party, of)| {
        let amount = Rate::new(i128::from(*of), 100).map(fen).unwrap_or_default();
        format!("{party}{amount}元")
    });
    let parts: Vec<String> = parts.collect();
    let said = format!(
        "风险分担（{}）：代偿未收回的由{}承担（分到分，除不尽的归第一方）。",
        shares.join("、"),
        parts.join("、")
    );
    Some(view! { <p>{said}</p> }.into_any())
}

/// Cells of sums; interest of loans only.
fn cells(fund: &Fund, sums: &Sums) -> AnyView {
    let cell = |movement: Option<Movement>, amount: Amount| {
        let name = movement.map_or(balance_name(fund.kind), |movement| movement.name(fund.kind));
        view! {
            <td class="r" data-name=name>
                {yuan(amount)}
            </td>
        }
    };
    let interest = (fund.kind == Kind::Loan).then(|| {
        let penalty = sums.penalty.is_positive().then(|| format!("其中逾期加收{}", fen(sums.penalty)));
        let penalty = penalty.map(|penalty| view! { <br /> <small>{penalty}</small> });
        view! {
            <td class="r" data-name="利息（元）">
                {fen(sums.interest)}
                {penalty}
            </td>
        }
    });
    let stands = (fund.kind == Kind::Guarantee).then(|| {
        view! {
            <td class="r" data-name="在保">
                {yuan(sums.undrawn())}
            </td>
        }
    });
    view! {
        {cell(Some(Movement::Commit), sums.committed)}
        {cell(Some(Movement::Release), sums.released)}
        {cell(Some(Movement::Pay), sums.paid)}
        {cell(Some(Movement::Repay), sums.repaid)}
        {cell(None, sums.balance())}
        {stands}
        {interest}
    }
    .into_any()
}

fn heads(fund: &Fund) -> Vec<(&'static str, bool)> {
    let movements = [Movement::Commit, Movement::Release, Movement::Pay, Movement::Repay];
    let movements = movements.map(|movement| (movement.name(fund.kind), true));
    let interest = (fund.kind == Kind::Loan).then_some(("利息（元）", true));
    let stands = (fund.kind == Kind::Guarantee).then_some(("在保", true));
    movements.into_iter().chain([(balance_name(fund.kind), true)]).chain(stands).chain(interest).collect()
}

fn by_unit(plan: &Plan, fund: &Fund, standing: &Standing) -> Option<AnyView> {
    if standing.by_unit.is_empty() {
        return None;
    }
    let rows = standing.by_unit.iter().map(|(unit, sums)| {
        view! {
            <tr>
                <th scope="row">{unit_name(plan, unit).to_owned()}</th>
                {cells(fund, sums)}
            </tr>
        }
    });
    let heads: Vec<(&str, bool)> = [("县（市、区）", false)].into_iter().chain(heads(fund)).collect();
    Some(data_table("分县（市、区）", "data stack", &heads, rows.collect_view()))
}

fn contracts(plan: &Plan, fund: &Fund, standing: &Standing) -> Option<AnyView> {
    if standing.contracts.is_empty() {
        return None;
    }
    let rows = standing.contracts.iter().map(|one| contract(plan, fund, one, standing.day)).collect_view();
    let first = [("编号", false), ("企业", false), ("条件", false)];
    let heads: Vec<(&str, bool)> = first.into_iter().chain(heads(fund)).collect();
    let traces = standing.contracts.iter().filter_map(trace).collect_view();
    Some(
        view! {
            {data_table("逐笔合同", "data stack", &heads, rows)}
            {traces}
        }
        .into_any(),
    )
}

/// How a contract's interest came about.
fn trace(one: &Contract) -> Option<AnyView> {
    if one.pieces.is_empty() {
        return None;
    }
    let rows = one.pieces.iter().map(piece).collect_view();
    let heads = [
        ("起止（含）", false),
        ("天数", true),
        ("余额", true),
        ("年利率", true),
        ("利率来源", false),
        ("利息（元）", true),
        ("其中逾期加收", true),
    ];
    let summary = format!("{}的利息{}元怎样算出", one.contract, fen(one.sums.interest));
    let count = one.day_count.map(|count| format!("每段利息 = 余额 × 年利率 × 天数 ÷ {}。", count.days()));
    Some(
        view! {
            <details class="interest">
                <summary>{summary}</summary>
                {data_table("计息", "data stack", &heads, rows)}
                <p class="notes">{count}</p>
            </details>
        }
        .into_any(),
    )
}

fn piece(piece: &Piece) -> AnyView {
    let days = format!("{}至{}", chinese_date(piece.from), chinese_date(piece.last()));
    let added = piece.surcharge.is_positive().then(|| format!("，逾期加收{}%", piece.surcharge.percent_as_written()));
    view! {
        <tr>
            <th scope="row">{days}</th>
            <td class="r" data-name="天数">
                {piece.days()}
            </td>
            <td class="r" data-name="余额">
                {yuan(Amount(piece.balance))}
            </td>
            <td class="r" data-name="年利率">
                {format!("{}%", piece.rate().percent_as_written())}
            </td>
            <td data-name="利率来源">{piece.quote.in_words()} {added}</td>
            <td class="r" data-name="利息（元）">
                {fen(piece.interest)}
            </td>
            <td class="r" data-name="其中逾期加收">
                {fen(piece.penalty)}
            </td>
        </tr>
    }
    .into_any()
}

fn contract(plan: &Plan, fund: &Fund, one: &Contract, day: NaiveDate) -> AnyView {
    let terms = &one.terms;
    let unit = unit_name(plan, &terms.unit).to_owned();
    let firm = if terms.firm.is_empty() { unit.clone() } else { terms.firm.clone() };
    let below = [terms.credit_code.clone(), (firm != unit).then_some(unit)];
    let below: Vec<String> = below.into_iter().flatten().collect();
    let named = (terms.firm.as_str(), terms.credit_code.as_deref());
    let whole = (!terms.firm.is_empty()).then(|| view! { "　" {super::firm::link(named)} });
    let late = one.overdue.map(|(amount, days)| {
        let what = if fund.kind == Kind::Guarantee { "到期未解除" } else { "逾期" };
        view! {
            <br />
            <span class="lamp behind">{format!("{what}{}，{days}天", yuan(amount))}</span>
        }
    });
    view! {
        <tr>
            <th scope="row">{one.contract.clone()}</th>
            <td data-name="企业">{firm} <br /> <small>{below.join("　")} {whole}</small></td>
            <td data-name="条件">{format!("{}起", chinese_date(one.day))} {in_words(plan, one, day)} {late}</td>
            {cells(fund, &one.sums)}
        </tr>
    }
    .into_any()
}

/// ，2023年6月30日到期，年利率3.85%，逾期加收50%，实际天数/360，兴业银行.
fn in_words(plan: &Plan, one: &Contract, day: NaiveDate) -> String {
    let terms = &one.terms;
    let parts = [
        terms.due.map(|due| format!("{}到期", chinese_date(due))),
        rate_in_words(plan, one, day),
        one.day_count.map(|count| count.name().to_owned()),
        Some(terms.bank.clone()).filter(|bank| !bank.is_empty()),
    ];
    parts.into_iter().flatten().map(|part| format!("，{part}")).collect()
}

/// What a contract costs on a day: 年利率3.85%，逾期加收50%; nothing of what bears no interest.
pub(super) fn rate_in_words(plan: &Plan, one: &Contract, day: NaiveDate) -> Option<String> {
    let rate = one.terms.rate.as_ref()?.in_words_on(&plan.policies, one.day, day);
    Some([Some(rate), one.terms.penalty.map(penalty_in_words)].into_iter().flatten().collect::<Vec<_>>().join("，"))
}

fn card(scene: &Scene<'_>, fund: &Fund, record: &Record) -> Option<AnyView> {
    let stated = record.shown()?;
    let what = format!(
        "第{}号　{}　{}　{}　{}　",
        record.number,
        stated.movement.name(fund.kind),
        stated.contract,
        yuan(stated.amount),
        chinese_date(stated.day)
    );
    let class = match record.state {
        State::Waiting => "lamp near",
        State::SentBack | State::Struck => "lamp behind",
        State::Holds => "lamp on-pace",
    };
    let line = |step: &Step| view! { <li class="free">{said(scene.plan, fund, step)}</li> };
    let lines = record.steps.iter().map(line).collect_view();
    let card = view! {
        <article class="task" id=format!("fund-{}-{}", fund.id, record.number)>
            <h4>{what} <span class=class>{record.state.name()}</span></h4>
            <ol class="steps-of-task">{lines}</ol>
            {forms(scene, fund, record)}
        </article>
    };
    Some(card.into_any())
}

/// One form for all that waits for whoever asks: an imported file is many entries. Each stands with its sentence and
/// can be left out.
fn confirm_all(scene: &Scene<'_>, fund: &Fund, own: &[&Record]) -> Option<AnyView> {
    let account = backend().viewer()?.account.id;
    let waiting = own.iter().filter_map(|record| Some((record, record.asked()?)));
    let mut waiting: Vec<_> = waiting.filter(|(_, asked)| asked.account != account).collect();
    if waiting.len() < 2 || !scene.may(Act::Confirm) {
        return None;
    }
    waiting.sort_by_key(|(record, _)| record.number);
    let text = |name: &str| scene.posted.text(name);
    let is_back = text(field::FUND) == fund.id && text(field::ACT) == CONFIRM_ALL;
    let chosen = scene.posted.all(field::ENTRY);
    let lines = waiting.iter().map(|(record, asked)| {
        let value = format!("{}:{}", record.number, record.steps.len());
        let ticked = !is_back || chosen.contains(&value.as_str());
        let contract = record.shown().map(|stated| stated.contract.clone()).unwrap_or_default();
        let said = format!("第{}号　{contract}　{}", record.number, said(scene.plan, fund, asked));
        view! {
            <label class="tick">
                <input type="checkbox" name=field::ENTRY value=value checked=ticked />
                {said}
            </label>
        }
    });
    let lines = lines.collect_view();
    Some(
        view! {
            <details class="confirm-all" open=is_back>
                <summary>{format!("有{}笔等您确认，看过以后一次确认", waiting.len())}</summary>
                <form method="post" action=links::funds(&scene.plan.id) class="stacked" autocomplete="off">
                    <input type="hidden" name=field::FUND value=fund.id.clone() />
                    <input type="hidden" name=field::ACT value=CONFIRM_ALL />
                    {lines}
                    <button type="submit">"确认选中的"</button>
                </form>
            </details>
        }
        .into_any(),
    )
}

/// 2021年5月10日 10:03 某某登记：投放2000万元，2021年5月9日，凭证3号.
fn said(plan: &Plan, fund: &Fund, step: &Step) -> String {
    let stated = step.stated.as_ref().map(|stated| in_one_line(plan, fund, stated));
    let parts: Vec<String> =
        [stated, Some(step.words.clone()).filter(|words| !words.is_empty())].into_iter().flatten().collect();
    let what = if parts.is_empty() { String::new() } else { format!("：{}", parts.join("。")) };
    format!("{}　{}{}{what}", moment(step.at), step.actor, step.act.name())
}

/// 投放2000万元，2021年5月9日，凭证3号.
pub fn in_one_line(plan: &Plan, fund: &Fund, stated: &Stated) -> String {
    let terms = stated.terms.as_ref();
    let rate = terms.and_then(|terms| terms.rate.as_ref()).map(|rate| rate.in_words(&plan.policies));
    let penalty = terms.and_then(|terms| terms.penalty).map(penalty_in_words);
    let firm = terms.map(|terms| terms.firm.clone()).filter(|firm| !firm.is_empty());
    let what = format!("{}{}", stated.movement.name(fund.kind), yuan(stated.amount));
    let parts = [Some(what), Some(chinese_date(stated.day)), firm, rate, penalty, Some(stated.voucher.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// What whoever asks may do next.
fn forms(scene: &Scene<'_>, fund: &Fund, record: &Record) -> AnyView {
    let waits = record.state == State::Waiting;
    let own = record.asked().map(|step| step.account) == backend().viewer().map(|viewer| viewer.account.id);
    let offers =
        [(Act::Confirm, waits && !own), (Act::SendBack, waits), (Act::Strike, !waits && record.holds.is_some())];
    let offered = offers.into_iter().filter(|(act, fits)| *fits && scene.may(*act));
    let offered = offered.map(|(act, _)| form(scene, fund, record, act)).collect_view();
    let edit = (!waits && scene.may(Act::Enter)).then(|| {
        let at = format!("{}?{}={}&{EDIT}={}#enter", links::funds(&scene.plan.id), field::FUND, fund.id, record.number);
        view! { <a href=at>"更正"</a> }
    });
    view! { <div class="offers">{edit} {offered}</div> }.into_any()
}

fn hidden(fund: &Fund, number: &str, act: Act, seen: usize) -> AnyView {
    view! {
        <input type="hidden" name=field::FUND value=fund.id.clone() />
        <input type="hidden" name=field::NUMBER value=number.to_owned() />
        <input type="hidden" name=field::ACT value=act.id() />
        <input type="hidden" name=field::SEEN value=seen.to_string() />
    }
    .into_any()
}

fn form(scene: &Scene<'_>, fund: &Fund, record: &Record, act: Act) -> AnyView {
    let number = record.number.to_string();
    let name = match (act, record.asked().map(|step| step.act)) {
        (Act::Confirm, Some(Act::Strike)) => "确认注销",
        _ => act.name(),
    };
    let words = (act != Act::Confirm).then(|| {
        let label = format!("{}的理由（必填）", if act == Act::Strike { "注销" } else { "退回" });
        plain_box(field::WORDS, &label, &scene.typed(&fund.id, &number, act, field::WORDS, ""))
    });
    view! {
        <details open=scene.is_back(&fund.id, &number, act)>
            <summary>{name}</summary>
            <form method="post" action=links::funds(&scene.plan.id) class="stacked" autocomplete="off">
                {hidden(fund, &number, act, record.steps.len())}
                {words}
                <button type="submit">{name}</button>
            </form>
        </details>
    }
    .into_any()
}

/// The form of a new entry, or of one that is stated anew.
fn enter(scene: &Scene<'_>, asked: &Asked) -> AnyView {
    if !scene.may(Act::Enter) {
        return ().into_any();
    }
    let fund = asked.fund.as_deref().and_then(|id| scene.plan.policies.fund(id));
    let edited = fund.zip(asked.edit.as_deref()).and_then(|(fund, number)| {
        scene.records.iter().find(|record| record.fund == fund.id && record.number.to_string() == number)
    });
    let movement = match edited.and_then(Record::shown) {
        Some(stated) => Some(stated.movement),
        None => asked.movement.as_deref().and_then(Movement::parse),
    };
    // One chooser a fund: what its movements are called is its own.
    let choosers = edited.is_none().then(|| {
        let each = scene.plan.policies.funds.iter().map(|of| {
            let options = Movement::ALL.map(|one| {
                let chosen = fund == Some(of) && movement == Some(one);
                view! {
                    <option value=one.id() selected=chosen>
                        {one.name(of.kind)}
                    </option>
                }
            });
            let options = options.into_iter().collect_view();
            view! {
                <form method="get" action=format!("{}#enter", links::funds(&scene.plan.id)) class="chooser">
                    <input type="hidden" name=field::FUND value=of.id.clone() />
                    <label>
                        {format!("登记“{}”：", of.title)} <select name=field::MOVEMENT>{options}</select>
                    </label>
                    <button type="submit" class="second">
                        "填这一笔"
                    </button>
                </form>
            }
        });
        each.collect_view()
    });
    let form = fund.zip(movement).map(|(fund, movement)| entry_form(scene, fund, movement, edited));
    let import = edited.is_none().then(|| {
        view! {
            <p>
                <a href=links::fund_import(&scene.plan.id)>"从工作簿导入往来"</a>
            </p>
        }
    });
    view! {
        {choosers}
        {import}
        {form}
    }
    .into_any()
}

/// An entry as its boxes hold it.
fn usual(stated: &Stated, name: &str) -> String {
    let terms = stated.terms.as_ref();
    let rate = terms.and_then(|terms| terms.rate.as_ref());
    let floating = rate.and_then(LoanRate::floating);
    let of = |text: Option<String>| text.unwrap_or_default();
    match name {
        field::CONTRACT => stated.contract.clone(),
        field::DAY => stated.day.to_string(),
        field::AMOUNT => domain::plan::writer::projects::money(stated.amount),
        field::VOUCHER => stated.voucher.clone(),
        field::FIRM => of(terms.map(|terms| terms.firm.clone())),
        field::CREDIT_CODE => of(terms.and_then(|terms| terms.credit_code.clone())),
        field::UNIT => of(terms.map(|terms| terms.unit.clone())),
        field::BANK => of(terms.map(|terms| terms.bank.clone())),
        field::RATE => of(rate.and_then(LoanRate::fixed).map(Rate::percent_as_written)),
        field::BASE => of(floating.map(|floating| floating.parameter.clone())),
        field::SPREAD => of(floating.map(|floating| points(floating.spread))),
        field::RESET => of(floating.map(|floating| floating.reset.id().to_owned())),
        field::PENALTY => of(terms.and_then(|terms| terms.penalty).map(Rate::percent_as_written)),
        field::DAY_COUNT => of(terms.and_then(|terms| terms.day_count).map(|count| count.word().to_owned())),
        field::DUE => of(terms.and_then(|terms| terms.due).map(|due| due.to_string())),
        _ => String::new(),
    }
}

fn entry_form(scene: &Scene<'_>, fund: &Fund, movement: Movement, edited: Option<&Record>) -> AnyView {
    let number = edited.map(|record| record.number.to_string()).unwrap_or_default();
    let known = edited.and_then(Record::shown);
    let typed = |name: &str| {
        let usual = match known {
            Some(stated) => usual(stated, name),
            None if name == field::DAY => scene.today.to_string(),
            None => String::new(),
        };
        scene.typed(&fund.id, &number, Act::Enter, name, &usual)
    };
    let name = movement.name(fund.kind);
    let heading = match edited {
        Some(record) => format!("更正“{}”第{}号：{name}", fund.title, record.number),
        None => format!("登记“{}”：{name}", fund.title),
    };
    let contract = match movement {
        Movement::Commit => plain_box(field::CONTRACT, contract_name(fund.kind), &typed(field::CONTRACT)),
        _ => contract_choice(scene, fund, &typed(field::CONTRACT)),
    };
    let terms = (movement == Movement::Commit).then(|| terms_boxes(scene, fund, &typed));
    let reason = edited.map(|_| {
        let typed = typed(field::WORDS);
        view! {
            <label for="reason">"更正的理由（必填）"</label>
            <textarea id="reason" name=field::WORDS rows="2" inner_html=area(&typed) />
        }
    });
    let seen = edited.map_or(0, |record| record.steps.len());
    view! {
        <section id="enter">
            <h2>{heading}</h2>
            <p class="subtitle">"登记以后由另一个人确认，确认以前不计入余额。"</p>
            <form method="post" action=links::funds(&scene.plan.id) class="stacked" autocomplete="off">
                {hidden(fund, &number, Act::Enter, seen)}
                <input type="hidden" name=field::MOVEMENT value=movement.id() />
                {contract}
                {terms}
                {plain_box(field::DAY, &format!("{name}日期"), &typed(field::DAY))}
                {plain_box(field::AMOUNT, &format!("{name}金额（万元）"), &typed(field::AMOUNT))}
                {plain_box(field::VOUCHER, "凭证号或文号", &typed(field::VOUCHER))}
                {reason}
                <button type="submit">"登记"</button>
            </form>
        </section>
    }
    .into_any()
}

/// The contracts that somebody stated, those that wait too.
fn contract_choice(scene: &Scene<'_>, fund: &Fund, typed: &str) -> AnyView {
    let own = scene.records.iter().filter(|record| record.fund == fund.id);
    let own = own.filter_map(Record::next).filter(|stated| stated.movement == Movement::Commit);
    let options = own.map(|stated| {
        let firm = stated.terms.as_ref().map(|terms| terms.firm.clone()).unwrap_or_default();
        let contract = stated.contract.clone();
        view! {
            <option value=contract.clone() selected=contract == typed>
                {format!("{contract}　{firm}　{}", yuan(stated.amount))}
            </option>
        }
    });
    let options = options.collect_view();
    view! {
        <label>{contract_name(fund.kind)} <select name=field::CONTRACT>{options}</select></label>
    }
    .into_any()
}

/// A choice of a select, as it was typed.
fn choice(name: &'static str, label: &str, typed: &str, options: Vec<(String, String)>) -> AnyView {
    let options = options.into_iter().map(|(value, label)| {
        let chosen = value == typed;
        view! {
            <option value=value selected=chosen>
                {label}
            </option>
        }
    });
    let options = options.collect_view();
    view! {
        <label>
            {label.to_owned()} <select name=name>
                <option value="">"请选择"</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// A fixed rate or, where the plan has something published to float on, a floating one; and the penalty.
fn rate_boxes(policies: &Policies, typed: &dyn Fn(&str) -> String) -> AnyView {
    let known = &policies.parameters;
    let bases = known.iter().map(|parameter| (parameter.id.clone(), parameter.name.clone())).collect::<Vec<_>>();
    let floats = !bases.is_empty();
    let floating = floats.then(|| {
        let resets = Reset::ALL.map(|reset| (reset.id().to_owned(), reset.name().to_owned())).to_vec();
        view! {
            {choice(field::BASE, "浮动基准（利率固定的不选）", &typed(field::BASE), bases)}
            {plain_box(field::SPREAD, "加减基点（1个基点是0.01%，例如 85 或 -20）", &typed(field::SPREAD))}
            {choice(field::RESET, "重定价日（利率固定的不选）", &typed(field::RESET), resets)}
        }
    });
    let label = if floats { "年利率（%），利率浮动的空着" } else { "年利率（%）" };
    view! {
        {plain_box(field::RATE, label, &typed(field::RATE))}
        {floating}
        {plain_box(field::PENALTY, "逾期加收（%），例如 50；合同没有写的空着", &typed(field::PENALTY))}
    }
    .into_any()
}

fn terms_boxes(scene: &Scene<'_>, fund: &Fund, typed: &dyn Fn(&str) -> String) -> AnyView {
    let is_grant = fund.kind == Kind::Grant;
    let open = if is_grant { "，给整个县（市、区）的空着" } else { "" };
    // A firm lies in a county; an appropriation may go to a department.
    let units = units(scene.plan);
    let options = if is_grant { units } else { scene.plan.places(units) };
    let more = (!is_grant).then(|| {
        let rate = (fund.kind == Kind::Loan).then(|| rate_boxes(&scene.plan.policies, typed));
        let count = (fund.kind == Kind::Loan && fund.day_count.is_none()).then(|| {
            let options = DayCount::ALL.map(|count| (count.word().to_owned(), count.name().to_owned())).to_vec();
            choice(field::DAY_COUNT, "利息怎样计天数（照合同）", &typed(field::DAY_COUNT), options)
        });
        view! {
            {plain_box(field::BANK, "经办银行", &typed(field::BANK))}
            {rate}
            {count}
            {plain_box(field::DUE, "到期日", &typed(field::DUE))}
        }
    });
    view! {
        {plain_box(field::FIRM, &format!("企业名称（与营业执照一致）{open}"), &typed(field::FIRM))}
        {plain_box(field::CREDIT_CODE, &format!("统一社会信用代码{open}"), &typed(field::CREDIT_CODE))}
        {choice(field::UNIT, "所在县（市、区）", &typed(field::UNIT), options)}
        {more}
    }
    .into_any()
}
