//! Rosters as tables and as JSON, whose keys are a stable contract.

use chrono::NaiveDate;
use domain::bulletin::tables::Table;
use domain::plan::Plan;
use domain::projects::field::unit_name;
use domain::roster::{Holder, Seat, Step, all};
use serde_json::{Value, json};

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn unit_of(plan: &Plan, seat: &Seat) -> String {
    seat.unit.as_deref().map(|unit| unit_name(plan, unit).to_owned()).unwrap_or_default()
}

fn person(holder: &Holder) -> [String; 2] {
    let name = if holder.is_vacant() { Some("（空缺）".to_owned()) } else { holder.name.clone() };
    [name, holder.title.clone()].map(Option::unwrap_or_default)
}

/// Whoever stands in each seat at the end of `on`, in the document's order.
pub fn table_on(plan: &Plan, steps: &[Step], on: NaiveDate) -> Table {
    let rows = all(plan, steps).into_iter().flat_map(|(body, seats)| {
        let row = |seat: Seat| {
            let holder = seat.on(on);
            let [name, title] = person(holder);
            let first = [body.title.clone(), seat.role.clone(), name, title, unit_of(plan, &seat)];
            first.into_iter().chain([day(holder.since), holder.words.clone()]).collect()
        };
        seats.into_iter().map(row).collect::<Vec<_>>()
    });
    Table::of(&["机构", "名单中的身份", "姓名", "职务", "负责的单位", "接任日期", "依据"], rows)
}

/// Widths of its columns in a workbook.
pub const WIDTHS: [f64; 7] = [40.0, 16.0, 12.0, 34.0, 14.0, 12.0, 34.0];

/// Everybody who ever stood in a seat where somebody has gone, oldest first, whatever the day.
pub fn changes(plan: &Plan, steps: &[Step]) -> Table {
    let rows = all(plan, steps).into_iter().flat_map(|(body, seats)| {
        let of_seat = |seat: Seat| {
            let holders = seat.holders.iter().enumerate().map(|(at, holder)| {
                let [name, title] = person(holder);
                let until = seat.holders.get(at + 1).and_then(|next| next.since);
                let first = [body.title.clone(), seat.role.clone(), unit_of(plan, &seat), name, title];
                first.into_iter().chain([day(holder.since), day(until), holder.words.clone()]).collect()
            });
            holders.collect::<Vec<Vec<String>>>()
        };
        let changed = seats.into_iter().filter(|seat| seat.holders.len() > 1);
        changed.flat_map(of_seat).collect::<Vec<_>>()
    });
    Table::of(&["机构", "名单中的身份", "负责的单位", "姓名", "职务", "起", "止", "依据"], rows)
}

/// Widths of its columns in a workbook.
pub const CHANGES: [f64; 8] = [40.0, 16.0, 14.0, 12.0, 34.0, 12.0, 12.0, 34.0];

fn holder_as_json(holder: &Holder) -> Value {
    json!({
        "name": holder.name, "title": holder.title, "vacant": holder.is_vacant(),
        "since": holder.since.map(|day| day.to_string()),
        "source": (!holder.words.is_empty()).then_some(&holder.words),
    })
}

/// For programs.
///
/// # Errors
/// None that this content can cause.
pub fn json(plan: &Plan, steps: &[Step], on: NaiveDate) -> serde_json::Result<String> {
    let bodies = all(plan, steps).into_iter().map(|(body, seats)| {
        let seats = seats.iter().map(|seat| {
            json!({
                "role": seat.role, "unit": seat.unit,
                "unit_name": seat.unit.as_deref().map(|unit| unit_name(plan, unit)),
                "holder": holder_as_json(seat.on(on)),
                "holders": seat.holders.iter().map(holder_as_json).collect::<Vec<_>>(),
            })
        });
        json!({
            "body": body.id, "title": body.title, "clause": body.clause, "quote": body.quote, "duties": body.duties,
            "seats": seats.collect::<Vec<_>>(),
        })
    });
    let bodies: Vec<Value> = bodies.collect();
    domain::canonical::to_json(&json!({ "plan": plan.id, "day": on.to_string(), "bodies": bodies }))
}
