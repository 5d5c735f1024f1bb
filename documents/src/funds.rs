//! Ledgers of funds as tables and as JSON, whose keys are a stable contract: money in whole 元 (JSON: as strings),
//! interest in 元 rounded to 分 with its exact fraction beside it.

use chrono::NaiveDate;
use domain::bulletin::tables::Table;
use domain::fund::interest::{Floating, Piece, Source, points};
use domain::fund::record::{Record, holding};
use domain::fund::{Contract, LoanRate, Standing, Sums, Terms, fen, standing};
use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::fund::{DayCount, Fund, Kind};
use domain::projects::field::unit_name;
use domain::rate::Rate;
use serde_json::{Value, json};

fn standings<'p>(plan: &'p Plan, records: &[Record], day: NaiveDate) -> Vec<(&'p Fund, Standing)> {
    let funds = plan.policies.funds.iter();
    funds.map(|fund| (fund, standing(&plan.policies, fund, &holding(records, &fund.id), day))).collect()
}

fn yuan(amount: Amount) -> String {
    amount.0.to_string()
}

fn sums(sums: &Sums) -> Vec<String> {
    let amounts = [sums.committed, sums.released, sums.paid, sums.repaid, sums.balance()];
    amounts.into_iter().map(yuan).chain([fen(sums.interest)]).collect()
}

/// Heads of [`sums`]: of a guarantee the balance is what was called and not recovered.
const SUMS: [&str; 6] =
    ["承诺（元）", "解除（元）", "支付（元）", "收回（元）", "余额或代偿未收回（元）", "利息（元）"];

/// What a guarantee stands for; of other funds nothing.
const STANDS: &str = "在保（元）";

fn stands(fund: &Fund, sums: &Sums) -> String {
    if fund.kind == Kind::Guarantee { yuan(sums.undrawn()) } else { String::new() }
}

/// What columns of a floating rate and a penalty hold: 浮动基准, 加减基点, 重定价, 逾期加收.
fn priced(plan: &Plan, terms: Option<&Terms>) -> [String; 4] {
    let floating = terms.and_then(|terms| terms.rate.as_ref()?.floating());
    let of = |read: &dyn Fn(&Floating) -> String| floating.map(read).unwrap_or_default();
    [
        of(&|floating| floating.name(&plan.policies).to_owned()),
        of(&|floating| points(floating.spread)),
        of(&|floating| floating.reset.name().to_owned()),
        terms.and_then(|terms| terms.penalty).map(Rate::percent_as_written).unwrap_or_default(),
    ]
}

/// The fixed rate of a contract, as a percentage; a floating one stands in [`priced`]'s columns.
fn fixed(terms: &Terms) -> String {
    terms.rate.as_ref().and_then(LoanRate::fixed).map(Rate::percent_as_written).unwrap_or_default()
}

const PRICED: [&str; 4] = ["浮动基准", "加减基点", "重定价", "逾期加收（%）"];

/// Every contract at the end of `day`.
pub fn contracts(plan: &Plan, records: &[Record], day: NaiveDate) -> Table {
    let row = |fund: &Fund, one: &Contract| {
        let terms = &one.terms;
        let text = |text: Option<String>| text.unwrap_or_default();
        let first = [
            fund.title.clone(),
            one.contract.clone(),
            terms.firm.clone(),
            text(terms.credit_code.clone()),
            unit_name(plan, &terms.unit).to_owned(),
            terms.bank.clone(),
            one.day.to_string(),
            text(terms.due.map(|due| due.to_string())),
            fixed(terms),
            text(one.day_count.map(|count| count.name().to_owned())),
        ];
        let late = one.overdue.map(|(amount, days)| [yuan(amount), days.to_string()]).unwrap_or_default();
        let now = terms.rate.as_ref().map(|rate| rate.on(&plan.policies, one.day, day).rate.percent_as_written());
        let last = [text(now), fen(one.sums.penalty), stands(fund, &one.sums)];
        let priced = priced(plan, Some(terms)).into_iter().chain(last);
        first.into_iter().chain(sums(&one.sums)).chain(late).chain(priced).collect()
    };
    let standings = standings(plan, records, day);
    let rows = standings.iter().flat_map(|(fund, standing)| standing.contracts.iter().map(|one| row(fund, one)));
    let header = [
        "台账",
        "合同编号",
        "企业名称",
        "统一社会信用代码",
        "县（市、区）",
        "经办银行",
        "签约日期",
        "到期日",
        "年利率（%）",
        "计息",
    ];
    let last = ["当日年利率（%）", "其中逾期加收（元）", STANDS];
    Table::of(&[&header[..], &SUMS, &["逾期（元）", "逾期天数"], &PRICED, &last].concat(), rows)
}

/// Widths of [`contracts`]'s columns in a workbook.
pub const CONTRACTS: [f64; 25] = [
    26.0, 20.0, 30.0, 22.0, 14.0, 20.0, 12.0, 12.0, 10.0, 14.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 10.0, 26.0,
    10.0, 14.0, 12.0, 14.0, 18.0, 16.0,
];

/// How the interest of every contract came about to the end of `day`: days with one balance and one rate each.
pub fn pieces(plan: &Plan, records: &[Record], day: NaiveDate) -> Table {
    let row = |fund: &Fund, one: &Contract, piece: &Piece| {
        vec![
            fund.title.clone(),
            one.contract.clone(),
            piece.from.to_string(),
            piece.last().to_string(),
            piece.days().to_string(),
            piece.balance.to_string(),
            piece.rate().percent_as_written(),
            piece.quote.in_words(),
            piece.surcharge.percent_as_written(),
            fen(piece.interest),
            fen(piece.penalty),
        ]
    };
    let standings = standings(plan, records, day);
    let contracts = standings.iter().flat_map(|(fund, standing)| standing.contracts.iter().map(|one| (*fund, one)));
    let rows = contracts.flat_map(|(fund, one)| one.pieces.iter().map(move |piece| row(fund, one, piece)));
    let header = [
        "台账",
        "合同编号",
        "起",
        "止（含）",
        "天数",
        "余额（元）",
        "年利率（%）",
        "利率来源",
        "其中逾期加收（%）",
        "利息（元）",
        "其中逾期加收（元）",
    ];
    Table::of(&header, rows)
}

/// Widths of [`pieces`]'s columns in a workbook.
pub const PIECES: [f64; 11] = [26.0, 20.0, 12.0, 12.0, 8.0, 16.0, 12.0, 40.0, 18.0, 16.0, 18.0];

/// Sums by unit at the end of `day`, with each fund's own below them.
pub fn units(plan: &Plan, records: &[Record], day: NaiveDate) -> Table {
    let rows = standings(plan, records, day).into_iter().flat_map(|(fund, standing)| {
        let line = |unit: &str, of: &Sums| {
            let first = [fund.title.clone(), unit.to_owned()];
            first.into_iter().chain(sums(of)).chain([fen(of.penalty), stands(fund, of)]).collect()
        };
        let units: Vec<Vec<String>> =
            standing.by_unit.iter().map(|(unit, of)| line(unit_name(plan, unit), of)).collect();
        units.into_iter().chain([line("合计", &standing.total)]).collect::<Vec<_>>()
    });
    Table::of(&[&["台账", "县（市、区）"], &SUMS[..], &["其中逾期加收（元）", STANDS]].concat(), rows)
}

/// Widths of [`units`]'s columns in a workbook.
pub const UNITS: [f64; 10] = [26.0, 14.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 18.0, 16.0];

/// Every entry, whatever its day, with its state; of a contract's first its terms: what an import reads.
pub fn entries(plan: &Plan, records: &[Record]) -> Table {
    let rows = records.iter().filter_map(|record| {
        let (fund, stated) = (plan.policies.fund(&record.fund)?, record.shown()?);
        let terms = stated.terms.as_ref();
        let of = |text: Option<String>| text.unwrap_or_default();
        let own = [
            of(terms.map(|terms| terms.firm.clone())),
            of(terms.and_then(|terms| terms.credit_code.clone())),
            of(terms.map(|terms| unit_name(plan, &terms.unit).to_owned())),
            of(terms.map(|terms| terms.bank.clone())),
            of(terms.map(fixed)),
            of(terms.and_then(|terms| terms.day_count).map(|count| count.name().to_owned())),
            of(terms.and_then(|terms| terms.due).map(|due| due.to_string())),
        ];
        let first = [
            fund.title.clone(),
            record.number.to_string(),
            stated.movement.name(fund.kind).to_owned(),
            stated.contract.clone(),
            stated.day.to_string(),
            yuan(stated.amount),
            stated.voucher.clone(),
            record.state.name().to_owned(),
        ];
        Some(first.into_iter().chain(own).chain(priced(plan, terms)).collect())
    });
    let header = [
        "台账",
        "序号",
        "登记",
        "合同编号",
        "日期",
        "金额（元）",
        "凭证号或文号",
        "状态",
        "企业名称",
        "统一社会信用代码",
        "县（市、区）",
        "经办银行",
        "年利率（%）",
        "计息",
        "到期日",
    ];
    Table::of(&[&header[..], &PRICED].concat(), rows)
}

/// Widths of [`entries`]'s columns in a workbook.
pub const ENTRIES: [f64; 19] =
    [26.0, 8.0, 14.0, 20.0, 12.0, 16.0, 26.0, 16.0, 30.0, 22.0, 14.0, 20.0, 10.0, 14.0, 12.0, 26.0, 10.0, 14.0, 12.0];

fn sums_as_json(sums: &Sums) -> Value {
    json!({
        "committed": yuan(sums.committed), "released": yuan(sums.released), "paid": yuan(sums.paid),
        "repaid": yuan(sums.repaid), "balance": yuan(sums.balance()), "undrawn": yuan(sums.undrawn()),
        "interest": fen(sums.interest), "interest_exact": sums.interest.exact(),
        "penalty": fen(sums.penalty), "penalty_exact": sums.penalty.exact(),
    })
}

fn piece_as_json(piece: &Piece) -> Value {
    let published = match piece.quote.source {
        Source::Published { value, on, .. } => json!({ "value": value.exact(), "on": on.to_string() }),
        Source::Contract | Source::Unknown => Value::Null,
    };
    json!({
        "from": piece.from.to_string(), "last": piece.last().to_string(), "days": piece.days(),
        "balance": piece.balance.to_string(), "rate": piece.rate().exact(), "published": published,
        "surcharge": piece.surcharge.exact(), "interest_exact": piece.interest.exact(),
        "penalty_exact": piece.penalty.exact(), "source": piece.quote.in_words(),
    })
}

fn floating_as_json(floating: &Floating) -> Value {
    json!({
        "parameter": floating.parameter, "spread": floating.spread.exact(), "reset": floating.reset.id(),
    })
}

/// For programs.
///
/// # Errors
/// None that this content can cause.
pub fn json(plan: &Plan, records: &[Record], day: NaiveDate) -> serde_json::Result<String> {
    let funds = standings(plan, records, day).into_iter().map(|(fund, standing)| {
        let contracts = standing.contracts.iter().map(|one| {
            let terms = &one.terms;
            let rate = terms.rate.as_ref();
            json!({
                "contract": one.contract, "firm": terms.firm, "credit_code": terms.credit_code,
                "unit": terms.unit, "unit_name": unit_name(plan, &terms.unit), "bank": terms.bank,
                "day": one.day.to_string(), "due": terms.due.map(|due| due.to_string()),
                "rate": rate.and_then(LoanRate::fixed).map(Rate::exact),
                "floating": rate.and_then(LoanRate::floating).map(floating_as_json),
                "penalty": terms.penalty.map(Rate::exact),
                "pieces": one.pieces.iter().map(piece_as_json).collect::<Vec<_>>(),
                "day_count": one.day_count.map(DayCount::word),
                "sums": sums_as_json(&one.sums),
                "overdue": one.overdue.map(|(amount, days)| json!({ "amount": yuan(amount), "days": days })),
            })
        });
        let units = standing.by_unit.iter().map(
            |(unit, sums)| json!({ "unit": unit, "unit_name": unit_name(plan, unit), "sums": sums_as_json(sums) }),
        );
        let borne = standing.borne.iter().map(|(party, fen)| json!({ "party": party, "fen": fen.to_string() }));
        json!({
            "fund": fund.id, "title": fund.title, "kind": fund.kind.word(), "quota": fund.quota.map(yuan),
            "revolving": fund.revolving, "in_use_if_revolving": yuan(standing.total.in_use(true)),
            "in_use_if_not": yuan(standing.total.in_use(false)), "sums": sums_as_json(&standing.total),
            "units": units.collect::<Vec<_>>(), "contracts": contracts.collect::<Vec<_>>(),
            "borne": borne.collect::<Vec<_>>(),
        })
    });
    let funds: Vec<Value> = funds.collect();
    domain::canonical::to_json(&json!({ "plan": plan.id, "day": day.to_string(), "funds": funds }))
}
