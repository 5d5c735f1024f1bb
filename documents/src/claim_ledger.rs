//! The claims of a plan's year as tables and as JSON, whose keys are a stable contract: what each comes to now, what
//! was decided and paid, and who bears what of it. Tax figures stand in none of them.

use domain::bulletin::tables::Table;
use domain::money::Amount;
use domain::plan::Plan;
use domain::policy::record::Record;
use domain::policy::{Borne, Settled, Settlement, borne};
use domain::projects::field::unit_name;
use serde_json::{Value, json};

fn title<'p>(plan: &'p Plan, record: &'p Record) -> (&'p str, &'p str) {
    let policy = plan.policies.get(&record.claim.policy);
    policy.map_or((&record.claim.policy, ""), |policy| (&policy.title, policy.clause.as_deref().unwrap_or_default()))
}

/// Of each unit with claims that were decided or paid, as they come; then of all together.
fn by_unit<'r>(plan: &Plan, records: &'r [Record]) -> Vec<(Option<&'r str>, Vec<Borne>)> {
    let mut units: Vec<&str> = Vec::new();
    for record in records {
        if !units.contains(&record.unit.as_str()) {
            units.push(&record.unit);
        }
    }
    let of = |unit: Option<&str>| -> Vec<&Record> {
        records.iter().filter(|record| unit.is_none_or(|unit| record.unit == unit)).collect()
    };
    let all = units.into_iter().map(Some).chain([None]);
    let borne = all.map(|unit| (unit, borne(&plan.policies, &of(unit))));
    borne.filter(|(_, borne)| !borne.is_empty()).collect()
}

/// By number.
pub fn table(plan: &Plan, records: &[Record], now: &Settlement) -> Table {
    let yuan = |amount: Amount| amount.0.to_string();
    let row = |record: &Record| {
        let (claim, (policy, clause)) = (&record.claim, title(plan, record));
        let answer = now.of(&claim.id).map(|settled| settled.answer.text()).unwrap_or_default();
        vec![
            record.number.to_string(),
            unit_name(plan, &record.unit).to_owned(),
            claim.recipient.clone(),
            claim.credit_code.clone().unwrap_or_default(),
            claim.project.clone(),
            policy.to_owned(),
            clause.to_owned(),
            claim.level.clone().unwrap_or_default(),
            record.state.name().to_owned(),
            answer,
            record.decided.map(yuan).unwrap_or_default(),
            yuan(record.paid),
            yuan(Amount(record.outstanding().0.max(0))),
            yuan(Amount((-record.outstanding().0).max(0))),
        ]
    };
    let header = [
        "编号",
        "县（市、区）",
        "企业",
        "统一社会信用代码",
        "项目",
        "政策",
        "条款",
        "级别",
        "状态",
        "按现在的数据",
        "已决定（元）",
        "已兑付（元）",
        "还要兑付（元）",
        "应追回（元）",
    ];
    Table::of(&header, records.iter().map(row))
}

/// Widths of its columns in a workbook.
pub const WIDTHS: [f64; 14] = [6.0, 14.0, 30.0, 22.0, 24.0, 24.0, 14.0, 12.0, 16.0, 24.0, 16.0, 16.0, 16.0, 16.0];

/// Who bears what, by unit and of all together.
pub fn shares(plan: &Plan, records: &[Record]) -> Table {
    let rows = by_unit(plan, records).into_iter().flat_map(|(unit, borne)| {
        let unit = unit.map_or("合计", |unit| unit_name(plan, unit));
        let row = |one: Borne| {
            let figures = [one.decided.0, one.paid.0, one.outstanding.0, one.back.0];
            [unit.to_owned(), one.name().to_owned()]
                .into_iter()
                .chain(figures.map(|figure| figure.to_string()))
                .collect()
        };
        borne.into_iter().map(row).collect::<Vec<Vec<String>>>()
    });
    Table::of(&["县（市、区）", "出资", "已决定（元）", "已兑付（元）", "还要兑付（元）", "应追回（元）"], rows)
}

/// Widths of its columns in a workbook.
pub const SHARES: [f64; 6] = [16.0, 40.0, 16.0, 16.0, 16.0, 16.0];

/// For programs; amounts are whole 元.
///
/// # Errors
/// None that this content can cause.
pub fn json(plan: &Plan, year: i32, records: &[Record], now: &Settlement) -> serde_json::Result<String> {
    let borne_as_json = |borne: Vec<Borne>| -> Vec<Value> {
        let one = |one: Borne| {
            let payer = (!one.payer.is_empty()).then_some(one.payer);
            json!({ "payer": payer, "decided": one.decided, "paid": one.paid })
        };
        borne.into_iter().map(one).collect()
    };
    let claims = records.iter().map(|record| {
        let (claim, settled) = (&record.claim, now.of(&record.claim.id));
        json!({
            "number": record.number, "unit": record.unit, "unit_name": unit_name(plan, &record.unit),
            "firm": claim.recipient, "credit_code": claim.credit_code, "project": claim.project,
            "policy": claim.policy, "level": claim.level, "state": record.state.name(),
            "now": settled.map(|settled| settled.answer.text()),
            "now_amount": settled.and_then(Settled::certain),
            "decided": record.decided, "paid": record.paid, "outstanding": record.outstanding(),
            "borne": borne_as_json(borne(&plan.policies, &[record])),
        })
    });
    let borne = by_unit(plan, records)
        .into_iter()
        .map(|(unit, borne)| json!({ "unit": unit, "payers": borne_as_json(borne) }))
        .collect::<Vec<_>>();
    let claims: Vec<Value> = claims.collect();
    domain::canonical::to_json(&json!({ "plan": plan.id, "year": year, "claims": claims, "borne": borne }))
}
