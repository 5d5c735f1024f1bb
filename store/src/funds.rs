//! Ledgers of funds.

use domain::fund::interest::{Floating, Reset};
use domain::fund::record::Act;
use domain::fund::{LoanRate, Movement, Stated, Terms};
use domain::money::Amount;
use domain::plan::fund::DayCount;
use domain::rate::Rate;
use office::facts::FundStep;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("资金台账：{what}"))
}

/// A column that may be empty, read; what cannot be read is an error.
fn read<T>(row: &AnyRow, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, StoreError> {
    let text: Option<String> = row.get(name);
    text.map(|text| parse(&text).ok_or_else(|| unreadable(name))).transpose()
}

/// The fixed rate, or the floating one: a row has at most one of them.
fn rate(row: &AnyRow) -> Result<Option<LoanRate>, StoreError> {
    let Some(parameter) = row.get("rate_base") else {
        return Ok(read(row, "rate", Rate::parse_exact)?.map(LoanRate::Fixed));
    };
    let spread = read(row, "rate_spread", Rate::parse_exact)?.ok_or_else(|| unreadable("rate_spread"))?;
    let reset = read(row, "rate_reset", Reset::parse)?.ok_or_else(|| unreadable("rate_reset"))?;
    Ok(Some(LoanRate::Floating(Floating { parameter, spread, reset })))
}

fn terms(row: &AnyRow) -> Result<Option<Terms>, StoreError> {
    let unit: Option<String> = row.get("unit_id");
    let text = |name: &str| row.get::<Option<String>, _>(name).unwrap_or_default();
    let Some(unit) = unit else { return Ok(None) };
    Ok(Some(Terms {
        firm: text("firm"),
        credit_code: row.get("credit_code"),
        unit,
        bank: text("bank"),
        rate: rate(row)?,
        penalty: read(row, "rate_penalty", Rate::parse_exact)?,
        day_count: read(row, "day_count", DayCount::parse)?,
        due: read(row, "due", |text| text.parse().ok())?,
    }))
}

fn stated(row: &AnyRow) -> Result<Option<Stated>, StoreError> {
    let Some(movement) = read(row, "movement", Movement::parse)? else { return Ok(None) };
    let text = |name: &str| row.get::<Option<String>, _>(name).unwrap_or_default();
    Ok(Some(Stated {
        movement,
        contract: text("contract"),
        day: read(row, "day", |text| text.parse().ok())?.ok_or_else(|| unreadable("day"))?,
        amount: Amount(row.get::<Option<i64>, _>("amount").ok_or_else(|| unreadable("amount"))?),
        voucher: text("voucher"),
        terms: terms(row)?,
    }))
}

fn step(row: &AnyRow) -> Result<FundStep, StoreError> {
    Ok(FundStep {
        fund: row.get("fund"),
        entry: u32::try_from(row.get::<i64, _>("entry")).map_err(|_| unreadable("entry"))?,
        version: row.get("version"),
        act: Act::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("step"))?,
        stated: stated(row)?,
        words: row.get("words"),
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
    })
}

impl Transaction {
    /// Every step of the entries of a plan's funds; each entry's own are in their order.
    pub async fn fund_steps(&mut self, plan: &str) -> Result<Vec<FundStep>, StoreError> {
        let sql = "SELECT fund, entry, version, step, movement, contract, day, amount, voucher, firm, credit_code, \
                   unit_id, bank, rate, day_count, due, rate_base, rate_spread, rate_reset, rate_penalty, \
                   words, at, actor, account_id \
                   FROM fund_step WHERE plan_id = $1 ORDER BY fund, entry, version";
        let found = sqlx::query(sql).bind(plan).fetch_all(&mut **self).await?;
        found.iter().map(step).collect()
    }
}
