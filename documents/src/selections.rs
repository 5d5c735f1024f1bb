//! A selection's year as a table and as JSON, whose keys are a stable contract: money in whole 元, points as decimals.

use domain::bulletin::tables::Table;
use domain::plan::Plan;
use domain::plan::selection::{Selection, plain};
use domain::projects::field::unit_name;
use domain::selection::edition::ranking;
use domain::selection::record::Course;
use serde_json::{Value, json};

/// Every nomination with its scores, place and outcome; a column for each criterion.
pub fn table(plan: &Plan, course: &Course) -> Table {
    let ranking = ranking(course);
    let criteria = course.terms.criteria.iter().map(|criterion| criterion.name.clone());
    let first = ["编号", "名称", "企业名称", "统一社会信用代码", "推荐单位", "总投资（元）", "推荐理由", "状态"];
    let last = ["得分", "名次", "结果"].map(str::to_owned);
    let header = first.map(str::to_owned).into_iter().chain(criteria).chain(last).collect();
    let rows = course.records.iter().map(|record| {
        let nomination = &record.nomination;
        let own = [
            record.number.to_string(),
            nomination.name.clone(),
            nomination.firm.clone(),
            nomination.credit_code.clone().unwrap_or_default(),
            unit_name(plan, &record.unit).to_owned(),
            nomination.amount.map(|amount| amount.0.to_string()).unwrap_or_default(),
            nomination.reason.clone(),
            record.state.name().to_owned(),
        ];
        let scores = (0..course.terms.criteria.len()).map(|at| record.scores.get(at).map(|score| plain(*score)));
        let ranked = ranking.get(record.number);
        let place = [
            ranked.map(|line| plain(line.total)),
            ranked.map(|line| line.place.to_string()),
            ranked.map(|line| line.outcome.name().to_owned()),
        ];
        own.into_iter().chain(scores.chain(place).map(Option::unwrap_or_default)).collect()
    });
    Table { header, rows: rows.collect() }
}

/// For programs.
///
/// # Errors
/// None that this content can cause.
pub fn json(plan: &Plan, selection: &Selection, year: i32, course: &Course) -> serde_json::Result<String> {
    let ranking = ranking(course);
    let nominations = course.records.iter().map(|record| {
        let nomination = &record.nomination;
        let scores = course.terms.criteria.iter().zip(&record.scores);
        let scores = scores.map(|(criterion, score)| json!({ "criterion": criterion.name, "score": plain(*score) }));
        let ranked = ranking.get(record.number);
        json!({
            "number": record.number, "name": nomination.name, "firm": nomination.firm,
            "credit_code": nomination.credit_code, "project": nomination.project,
            "amount": nomination.amount.map(|amount| amount.0.to_string()),
            "unit": record.unit, "unit_name": unit_name(plan, &record.unit), "state": record.state.name(),
            "scores": scores.collect::<Vec<Value>>(), "total": ranked.map(|line| plain(line.total)),
            "place": ranked.map(|line| line.place), "outcome": ranked.map(|line| line.outcome.name()),
        })
    });
    let nominations: Vec<Value> = nominations.collect();
    let (id, title) = (&selection.id, &selection.title);
    domain::canonical::to_json(&json!({
        "plan": plan.id, "selection": id, "title": title, "year": year, "nominations": nominations,
    }))
}
