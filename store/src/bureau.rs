//! The statistics bureau's figures beside the counties', and the total that the office states.

use chrono::NaiveDate;
use domain::money::Amount;
use domain::month::Period;
use domain::rate::Rate;
use domain::returns::ReturnRow;
use domain::returns::{BureauFigure, Figure, Figures};
use domain::rights::{Action, Object};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::reports::Acting;
use super::returns::{self, NewRevision, Revisions};
use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, audit, rows};

/// One unit's figure as the bureau states it.
#[derive(Debug, Clone)]
pub struct NewBureauFigure {
    pub region: String,
    /// The version that the page showed; 0 for none.
    pub seen: i64,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub growth: Option<Rate>,
}

/// Where figures of one goal and period were taken from.
#[derive(Debug, Clone)]
pub struct Publication {
    pub name: String,
    pub dated: NaiveDate,
    /// Needed where an earlier record is replaced.
    pub reason: Option<String>,
}

const COLUMNS: &str = "goal_id, region_id, year, month, version, value, base, growth, source, dated, reason, at, actor";

fn read(row: &AnyRow) -> Result<(String, String, Period, BureauFigure), StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("统计部门数：{what}"));
    let period = Period::new(row.get::<i64, _>(2) as i32, row.get::<i64, _>(3) as u32).ok_or_else(|| unreadable("期间"))?;
    let growth: Option<String> = row.get(7);
    let growth = growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| unreadable("增幅"))).transpose()?;
    let figure = BureauFigure {
        version: row.get::<i64, _>(4) as u32,
        value: row.get::<Option<i64>, _>(5).map(Amount),
        base: row.get::<Option<i64>, _>(6).map(Amount),
        published_growth: growth,
        publication: row.get(8),
        dated: row.get::<String, _>(9).parse().map_err(|_| unreadable("日期"))?,
        reason: row.get(10),
        recorded_at: row.get(11),
        by: row.get(12),
    };
    Ok((row.get(0), row.get(1), period, figure))
}

impl Transaction {
    /// Adds the newest records of a plan to its figures.
    pub(super) async fn bureau_into(&mut self, plan: &str, figures: &mut Figures) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM bureau_figure WHERE plan_id = $1 ORDER BY goal_id, region_id, year, month, version");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await? {
            // Versions rise: the last one in stays.
            let (goal, region, period, figure) = read(&row)?;
            figures.record_bureau(&goal, period, &region, figure);
        }
        Ok(())
    }
}

impl Store {
    /// Records what the bureau states, all or nothing; figures that are the same stay as they are. Returns how many changed.
    pub async fn record_bureau(
        &self,
        (plan, goal, period): (&str, &str, Period),
        figures: Vec<NewBureauFigure>,
        publication: Publication,
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<usize, StoreError> {
        let (plan, goal, viewer, office) = (plan.to_owned(), goal.to_owned(), acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::RecordFigures, Object::office(&office));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::RecordFigures, refusal))?;
                let mut new = Vec::new();
                for figure in figures {
                    let known = newest(transaction, &plan, &goal, &figure.region, period).await?;
                    let version = known.as_ref().map_or(0, |known| i64::from(known.version));
                    let same = known.as_ref().is_some_and(|known| {
                        (known.value, known.base, known.published_growth) == (figure.value, figure.base, figure.growth)
                    });
                    let nothing = known.is_none() && figure.value.is_none() && figure.base.is_none() && figure.growth.is_none();
                    if same || nothing {
                        continue;
                    }
                    if version != figure.seen {
                        let by = known.map(|known| known.by).unwrap_or_default();
                        return Err(StoreError::refused(format!("您打开页面之后，{by}刚登记过统计部门数，没有保存；请看过新的数再登记")));
                    }
                    if version > 0 && publication.reason.is_none() {
                        return Err(StoreError::refused("改动已登记的统计部门数，要写明原因"));
                    }
                    new.push(row(&plan, &goal, period, &figure, version + 1, &publication, viewer.account.id, &writer));
                }
                if new.is_empty() {
                    return Ok(0);
                }
                let object = format!("{plan}/{period}/{goal}");
                let detail = json!({ "source": publication.name, "dated": publication.dated.to_string(), "reason": publication.reason });
                rows::append(transaction, &writer, "record_bureau", &object, detail, &new).await?;
                Ok(new.len())
            })
        })
        .await
    }

    /// States the total of a period, or takes it back by a blank figure. Another one than the one in force needs a reason;
    /// the same changes nothing. `seen` is the revision that the page showed.
    pub async fn state_total(
        &self,
        plan: &str,
        row: ReturnRow,
        (reason, seen): (Option<String>, i64),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<bool, StoreError> {
        let (plan, viewer, office) = (plan.to_owned(), acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::RecordFigures, Object::office(&office));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::RecordFigures, refusal))?;
                let in_force = returns::in_force(transaction, &plan, &row).await?;
                if in_force.as_ref().is_some_and(|(_, figure)| figure.same_figures(&row.figure)) {
                    return Ok(false);
                }
                let revision = in_force.as_ref().map_or(1, |(revision, _)| revision + 1);
                if revision != seen + 1 {
                    let by = in_force.and_then(|(_, figure)| figure.source.by).unwrap_or_default();
                    return Err(StoreError::refused(format!("您打开页面之后，{by}刚填过总数，没有保存；请看过新的数再填")));
                }
                if revision > 1 && reason.is_none() {
                    return Err(StoreError::refused("改动已填的总数，要写明原因"));
                }
                let object = format!("{plan}/{}/{}", row.period, row.region);
                let state = if row.figure.is_blank() { "withdrawn" } else { "approved" };
                let new = vec![NewRevision { state, ..NewRevision::new(row, revision, reason.filter(|_| revision > 1)) }];
                let revisions = Revisions { plan, rows: new, file: None, at: writer.at, by: writer.actor.clone() };
                let detail = json!({ "rows": 1, "digest": revisions.digest() });
                let seq = audit::append(transaction, &writer, "state_total", &object, &detail).await?;
                revisions.insert(transaction, seq).await?;
                Ok(true)
            })
        })
        .await
    }
}

async fn newest(
    transaction: &mut Transaction,
    plan: &str,
    goal: &str,
    region: &str,
    period: Period,
) -> Result<Option<BureauFigure>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bureau_figure \
         WHERE plan_id = $1 AND goal_id = $2 AND region_id = $3 AND year = $4 AND month = $5 ORDER BY version DESC LIMIT 1"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(plan)
        .bind(goal)
        .bind(region)
        .bind(i64::from(period.year))
        .bind(i64::from(period.month))
        .fetch_optional(&mut **transaction)
        .await?;
    found.map(|row| Ok(read(&row)?.3)).transpose()
}

fn row(
    plan: &str,
    goal: &str,
    period: Period,
    figure: &NewBureauFigure,
    version: i64,
    publication: &Publication,
    account: i64,
    writer: &Writer,
) -> NewRow {
    NewRow {
        table: "bureau_figure",
        cells: vec![
            ("plan_id", plan.into()),
            ("goal_id", goal.into()),
            ("region_id", (&figure.region).into()),
            ("year", i64::from(period.year).into()),
            ("month", i64::from(period.month).into()),
            ("version", version.into()),
            ("value", figure.value.map(|amount| amount.0).into()),
            ("base", figure.base.map(|amount| amount.0).into()),
            ("growth", figure.growth.map(Rate::exact).as_deref().into()),
            ("source", (&publication.name).into()),
            ("dated", publication.dated.to_string().as_str().into()),
            ("reason", publication.reason.as_deref().filter(|_| version > 1).into()),
            ("at", writer.at.into()),
            ("actor", (&writer.actor).into()),
            ("account_id", account.into()),
        ],
    }
}

/// The total as a row of the plan's own region.
pub fn total_row(goal: &str, region: &str, period: Period, figure: Figure) -> ReturnRow {
    ReturnRow { line: 0, goal: goal.to_owned(), region: region.to_owned(), period, figure }
}
