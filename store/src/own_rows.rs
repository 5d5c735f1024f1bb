//! Since when the unit of a 其中 row reports it itself: from the first period that its whole had not handed in when the
//! unit's reporter came. Known where a plan is loaded, as the rules in force are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::month::Period;
use domain::plan::{Goal, Plan, Split};
use domain::rights::Role;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

/// Of an office and a unit that has had a reporter: the last period that a whole had handed in before, by plan, rhythm
/// and whole.
type Came = BTreeMap<(String, String), BTreeMap<(String, String, String), Period>>;

impl Transaction {
    /// Fills in [`domain::plan::Split::own_since`]: one question for all plans, none where no plan has 其中 rows.
    pub(super) async fn apply_own_rows(&mut self, plans: &mut [&mut Arc<Plan>]) -> Result<(), StoreError> {
        let nested = |plan: &&mut &mut Arc<Plan>| parts(plan).next().is_some();
        let mut plans: Vec<&mut &mut Arc<Plan>> = plans.iter_mut().filter(nested).collect();
        if plans.is_empty() {
            return Ok(());
        }
        let came = self.came(&plans).await?;
        for plan in &mut plans {
            let known: Vec<(usize, usize, Period)> = (0..plan.goals.len())
                .flat_map(|goal| (0..plan.goals[goal].splits.len()).map(move |row| (goal, row)))
                .filter_map(|(goal, row)| Some((goal, row, own_since(plan, &plan.goals[goal], row, &came)?)))
                .collect();
            for (goal, row, since) in known {
                Arc::make_mut(plan).goals[goal].splits[row].own_since = Some(since);
            }
        }
        Ok(())
    }

    async fn came(&mut self, plans: &[&mut &mut Arc<Plan>]) -> Result<Came, StoreError> {
        let ids: BTreeSet<&str> = plans.iter().map(|plan| plan.id.as_str()).collect();
        let units: BTreeSet<&str> = plans.iter().flat_map(|plan| parts(plan)).map(|(part, _)| part).collect();
        let wholes: BTreeSet<&str> = plans.iter().flat_map(|plan| parts(plan)).map(|(_, whole)| whole).collect();
        let mut place = 1;
        let mut list = |of: &BTreeSet<&str>| {
            let each: Vec<String> = of
                .iter()
                .map(|_| {
                    place += 1;
                    format!("${place}")
                })
                .collect();
            each.join(", ")
        };
        let (in_units, in_plans, in_wholes) = (list(&units), list(&ids), list(&wholes));
        let sql = format!(
            "SELECT f.office, f.unit, s.plan_id, s.rhythm, s.unit_id, MAX(s.year * 100 + s.month) AS last FROM \
             (SELECT p.office, p.unit, MIN(h.audit_seq) AS came FROM post p JOIN holding h ON h.post_id = p.id \
              WHERE p.role = $1 AND h.account_id IS NOT NULL AND p.unit IN ({in_units}) GROUP BY p.office, p.unit) f \
             LEFT JOIN return_step s ON s.step = 'submit' AND s.audit_seq < f.came \
              AND s.plan_id IN ({in_plans}) AND s.unit_id IN ({in_wholes}) \
             GROUP BY f.office, f.unit, s.plan_id, s.rhythm, s.unit_id"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(Role::CountyReporter.id().to_owned());
        let bound = units.iter().chain(&ids).chain(&wholes).fold(query, |query, of| query.bind((*of).to_owned()));
        let mut came = Came::new();
        for row in &bound.fetch_all(&mut **self).await? {
            let text = |row: &AnyRow, name: &str| row.get::<Option<String>, _>(name).unwrap_or_default();
            let of_unit = came.entry((text(row, "office"), text(row, "unit"))).or_default();
            let last = row.get::<Option<i64>, _>("last");
            if let Some(last) = last.and_then(|last| Period::new((last / 100) as i32, (last % 100) as u32)) {
                of_unit.insert((text(row, "plan_id"), text(row, "rhythm"), text(row, "unit_id")), last);
            }
        }
        Ok(came)
    }
}

/// Every 其中 row of a plan with the row that it lies within after all.
fn parts(plan: &Plan) -> impl Iterator<Item = (&str, &str)> {
    plan.goals
        .iter()
        .flat_map(|goal| goal.splits.iter().filter_map(move |row| Some((row.region.as_str(), outermost(goal, row)?))))
}

/// `None` of a row that lies within no other.
fn outermost<'g>(goal: &'g Goal, row: &'g Split) -> Option<&'g str> {
    let mut within = row.within.as_deref()?;
    while let Some(above) = goal.split(within).and_then(|row| row.within.as_deref()) {
        within = above;
    }
    Some(within)
}

fn own_since(plan: &Plan, goal: &Goal, row: usize, came: &Came) -> Option<Period> {
    let row = &goal.splits[row];
    let whole = outermost(goal, row)?;
    let handed_in = came.get(&(plan.region.id().to_owned(), row.region.clone()))?;
    let rhythm = goal.meaning.rhythm.clone().unwrap_or_default();
    let last = handed_in.get(&(plan.id.clone(), rhythm, whole.to_owned()));
    let first = Period { year: plan.years.0, month: 1 };
    Some(plan.first_from(goal, last.map_or(first, |last| next(*last))))
}

fn next(period: Period) -> Period {
    match period.month {
        12 => Period { year: period.year + 1, month: 1 },
        month => Period { year: period.year, month: month + 1 },
    }
}
