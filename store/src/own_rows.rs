//! Since when the unit of a 其中 row reports it itself: from the first period that its whole had not handed in when the
//! unit's reporter came. Known where a plan is loaded, as the rules in force are.

use std::collections::HashMap;

use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::rights::Role;
use sqlx::Row;

use super::{StoreError, Transaction};

impl Transaction {
    /// Fills in [`domain::plan::Split::own_since`]; plans without 其中 rows ask nothing.
    pub(super) async fn apply_own_rows(&mut self, plans: &mut [&mut Plan]) -> Result<(), StoreError> {
        let nested = |plan: &Plan| plan.goals.iter().any(|goal| goal.splits.iter().any(|row| row.within.is_some()));
        let mut plans: Vec<&mut &mut Plan> = plans.iter_mut().filter(|plan| nested(plan)).collect();
        if plans.is_empty() {
            return Ok(());
        }
        let reporters = self.first_reporters().await?;
        for plan in &mut plans {
            let (id, office) = (plan.id.clone(), plan.region.id().to_owned());
            let first_period = Period { year: plan.years.0, month: 1 };
            for index in 0..plan.goals.len() {
                let goal = &plan.goals[index];
                let rhythm = goal.meaning.rhythm.clone().unwrap_or_default();
                for at in 0..goal.splits.len() {
                    let goal = &plan.goals[index];
                    let row = &goal.splits[at];
                    let came = reporters.get(&(office.clone(), row.region.clone()));
                    let Some((came, whole)) = came.zip(outermost(goal, at)) else { continue };
                    let handed_in = self.last_handed_in((&id, &rhythm, &whole), *came).await?;
                    let since = plan.first_from(goal, handed_in.map_or(first_period, next));
                    plan.goals[index].splits[at].own_since = Some(since);
                }
            }
        }
        Ok(())
    }

    /// When the first reporter of each unit of each office came, as a place in the trail.
    async fn first_reporters(&mut self) -> Result<HashMap<(String, String), i64>, StoreError> {
        let sql = "SELECT p.office, p.unit, MIN(h.audit_seq) AS came FROM post p JOIN holding h ON h.post_id = p.id \
                   WHERE p.role = $1 AND h.account_id IS NOT NULL GROUP BY p.office, p.unit";
        let found = sqlx::query(sql).bind(Role::CountyReporter.id()).fetch_all(&mut **self).await?;
        let place = |row: &sqlx::any::AnyRow, name: &str| row.get::<Option<String>, _>(name).unwrap_or_default();
        Ok(found.iter().map(|row| ((place(row, "office"), place(row, "unit")), row.get("came"))).collect())
    }

    /// The last period that a unit had handed in of a rhythm before a place in the trail.
    async fn last_handed_in(
        &mut self,
        (plan, rhythm, unit): (&str, &str, &str),
        before: i64,
    ) -> Result<Option<Period>, StoreError> {
        let sql = "SELECT MAX(year * 100 + month) AS last FROM return_step \
                   WHERE plan_id = $1 AND rhythm = $2 AND unit_id = $3 AND step = 'submit' AND audit_seq < $4";
        let row = sqlx::query(sql).bind(plan).bind(rhythm).bind(unit).bind(before).fetch_one(&mut **self).await?;
        let last: Option<i64> = row.get("last");
        Ok(last.and_then(|last| Period::new((last / 100) as i32, (last % 100) as u32)))
    }
}

/// The row that a 其中 row lies within after all; `None` of any other.
fn outermost(goal: &Goal, at: usize) -> Option<String> {
    let mut within = goal.splits[at].within.as_deref()?;
    while let Some(above) = goal.split(within).and_then(|row| row.within.as_deref()) {
        within = above;
    }
    Some(within.to_owned())
}

fn next(period: Period) -> Period {
    match period.month {
        12 => Period { year: period.year + 1, month: 1 },
        month => Period { year: period.year, month: month + 1 },
    }
}
