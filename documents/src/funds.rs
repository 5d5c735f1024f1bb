//! Ledgers of funds as tables and as JSON, whose keys are a stable contract: money in whole 元 (JSON: as strings),
//! interest in 元 rounded to 分 with its exact fraction beside it.

use chrono::NaiveDate;
use domain::bulletin::tables::Table;
use domain::fund::record::{Record, holding};
use domain::fund::{Contract, Standing, Sums, fen, standing};
use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::fund::{DayCount, Fund};
use domain::projects::field::unit_name;
use serde_json::{Value, json};

fn table(header: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { header: header.iter().map(|head| (*head).to_owned()).collect(), rows }
}

fn standings<'p>(plan: &'p Plan, records: &[Record], day: NaiveDate) -> Vec<(&'p Fund, Standing)> {
    let funds = plan.policies.funds.iter();
    funds.map(|fund| (fund, standing(fund, &holding(records, &fund.id), day))).collect()
}

fn yuan(amount: Amount) -> String {
    amount.0.to_string()
}

fn sums(sums: &Sums) -> Vec<String> {
    let amounts = [sums.committed, sums.released, sums.paid, sums.repaid, sums.balance()];
    amounts.into_iter().map(yuan).chain([fen(sums.interest)]).collect()
}

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
            text(terms.rate.map(|rate| rate.percent_as_written())),
            text(one.day_count.map(|count| count.name().to_owned())),
        ];
        let late = one.overdue.map(|(amount, days)| [yuan(amount), days.to_string()]).unwrap_or_default();
        first.into_iter().chain(sums(&one.sums)).chain(late).collect()
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
        "承诺（元）",
        "解除（元）",
        "支付（元）",
        "收回（元）",
        "余额（元）",
        "利息（元）",
        "逾期（元）",
        "逾期天数",
    ];
    table(&header, rows.collect())
}

/// Widths of [`contracts`]'s columns in a workbook.
pub const CONTRACTS: [f64; 18] =
    [26.0, 20.0, 30.0, 22.0, 14.0, 20.0, 12.0, 12.0, 10.0, 14.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 10.0];

/// Sums by unit at the end of `day`, with each fund's own below them.
pub fn units(plan: &Plan, records: &[Record], day: NaiveDate) -> Table {
    let rows = standings(plan, records, day).into_iter().flat_map(|(fund, standing)| {
        let line = |unit: &str, of: &Sums| [fund.title.clone(), unit.to_owned()].into_iter().chain(sums(of)).collect();
        let units: Vec<Vec<String>> =
            standing.by_unit.iter().map(|(unit, of)| line(unit_name(plan, unit), of)).collect();
        units.into_iter().chain([line("合计", &standing.total)]).collect::<Vec<_>>()
    });
    let header =
        ["台账", "县（市、区）", "承诺（元）", "解除（元）", "支付（元）", "收回（元）", "余额（元）", "利息（元）"];
    table(&header, rows.collect())
}

/// Widths of [`units`]'s columns in a workbook.
pub const UNITS: [f64; 8] = [26.0, 14.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0];

/// Every entry, whatever its day, with its state.
pub fn entries(plan: &Plan, records: &[Record]) -> Table {
    let rows = records.iter().filter_map(|record| {
        let (fund, stated) = (plan.policies.fund(&record.fund)?, record.shown()?);
        Some(vec![
            fund.title.clone(),
            record.number.to_string(),
            stated.movement.name(fund.kind).to_owned(),
            stated.contract.clone(),
            stated.day.to_string(),
            yuan(stated.amount),
            stated.voucher.clone(),
            record.state.name().to_owned(),
        ])
    });
    let header = ["台账", "序号", "登记", "合同编号", "日期", "金额（元）", "凭证号或文号", "状态"];
    table(&header, rows.collect())
}

/// Widths of [`entries`]'s columns in a workbook.
pub const ENTRIES: [f64; 8] = [26.0, 8.0, 14.0, 20.0, 12.0, 16.0, 26.0, 16.0];

fn sums_as_json(sums: &Sums) -> Value {
    json!({
        "committed": yuan(sums.committed), "released": yuan(sums.released), "paid": yuan(sums.paid),
        "repaid": yuan(sums.repaid), "balance": yuan(sums.balance()), "undrawn": yuan(sums.undrawn()),
        "interest": fen(sums.interest), "interest_exact": sums.interest.exact(),
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
            json!({
                "contract": one.contract, "firm": terms.firm, "credit_code": terms.credit_code,
                "unit": terms.unit, "unit_name": unit_name(plan, &terms.unit), "bank": terms.bank,
                "day": one.day.to_string(), "due": terms.due.map(|due| due.to_string()),
                "rate": terms.rate.map(|rate| rate.exact()), "day_count": one.day_count.map(DayCount::word),
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
