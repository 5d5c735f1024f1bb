//! Plans: each version is the text of the file that was imported.

use domain::plan::Plan;
use office::facts::PlanVersion;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction, Writer, audit, readings};

/// What an import of a plan did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanChange {
    New,
    Unchanged(u32),
    Revised(u32),
}

const COLUMNS: &str = "version, source, sha256, file_name, reason, recorded_at, recorded_by";

fn read(row: &AnyRow) -> Result<PlanVersion, StoreError> {
    let source: String = row.get(1);
    let plan = domain::plan::file::parse(&source).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
        StoreError::Unreadable(format!("计划文件第 {} 版：{first}", row.get::<i64, _>(0)))
    })?;
    Ok(PlanVersion {
        plan,
        source,
        version: row.get::<i64, _>(0) as u32,
        sha256: row.get(2),
        file_name: row.get(3),
        reason: row.get(4),
        recorded_at: row.get(5),
        recorded_by: row.get(6),
    })
}

fn read_source(source: String) -> Result<Plan, StoreError> {
    domain::plan::file::parse(&source).map_err(|problems| StoreError::Unreadable(format!("计划文件：{}", problems[0].message)))
}

/// Figures are stored in a goal's smallest unit: while there are any, a revision may not count in another.
async fn refuse_other_measures(transaction: &mut Transaction, before: &Plan, after: &Plan) -> Result<(), StoreError> {
    for goal in &after.goals {
        let Some(old) = before.goal(&goal.id) else { continue };
        // 亿元, 万元 and 元 are all stored as 元.
        let same = old.measure.money == goal.measure.money && (goal.measure.money || old.measure.per_unit == goal.measure.per_unit);
        if same {
            continue;
        }
        let mut used = false;
        for table in ["return_revision", "bureau_figure", "year_end_figure"] {
            let sql = format!("SELECT 1 FROM {table} WHERE plan_id = $1 AND goal_id = $2 LIMIT 1");
            let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&after.id).bind(&goal.id).fetch_optional(&mut **transaction).await?;
            used |= found.is_some();
        }
        if used {
            return Err(StoreError::refused(format!("目标“{}”已有报送数据，不能改变它的类型（kind）；请另立一个目标", goal.name)));
        }
    }
    Ok(())
}

/// The tables that hold what a unit reported or what was stated of it, with the name of the unit's column.
const OF_UNITS: [(&str, &str); 5] = [
    ("return_revision", "region_id"),
    ("bureau_figure", "region_id"),
    ("year_end_figure", "region_id"),
    ("return_step", "unit_id"),
    ("draft", "unit_id"),
];

/// A unit with a history stays under its code: taking it out or giving it another would hide what it reported.
async fn refuse_lost_units(transaction: &mut Transaction, before: &Plan, after: &Plan) -> Result<(), StoreError> {
    let known = |plan: &Plan, region: &str| plan.goals.iter().any(|goal| goal.split(region).is_some());
    let mut gone: Vec<(&str, &str)> =
        before.goals.iter().flat_map(|goal| &goal.splits).map(|split| (split.region.as_str(), split.name.as_str())).collect();
    gone.retain(|(region, _)| !known(after, region));
    gone.dedup();
    for (region, name) in gone {
        for (table, column) in OF_UNITS {
            let sql = format!("SELECT 1 FROM {table} WHERE plan_id = $1 AND {column} = $2 LIMIT 1");
            let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&after.id).bind(region).fetch_optional(&mut **transaction).await?;
            if found.is_some() {
                let sentence = format!(
                    "{name}（{region}）在这个计划里已有数据，修订不能去掉它或改它的代码；名称可以改，代码变了的单位请在下一年的计划里改"
                );
                return Err(StoreError::refused(sentence));
            }
        }
    }
    Ok(())
}

impl Transaction {
    /// The newest version of every plan, in the order of their first import.
    pub async fn plans(&mut self) -> Result<Vec<PlanVersion>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM plan_version p \
             WHERE version = (SELECT MAX(version) FROM plan_version q WHERE q.plan_id = p.plan_id) \
             ORDER BY (SELECT MIN(audit_seq) FROM plan_version q WHERE q.plan_id = p.plan_id)"
        ));
        let mut plans: Vec<PlanVersion> = sqlx::query(sql).fetch_all(&mut **self).await?.iter().map(read).collect::<Result<_, _>>()?;
        for id in self.plans_with_readings().await? {
            if let Some(plan) = plans.iter_mut().find(|plan| plan.plan.id == id)
                && let Some(newest) = self.plan(&id).await?
            {
                *plan = newest;
            }
        }
        Ok(plans)
    }

    pub async fn plan(&mut self, id: &str) -> Result<Option<PlanVersion>, StoreError> {
        Ok(self.plan_versions(id).await?.pop())
    }

    /// All versions of a plan, oldest first; the newest with its rules as the office chose to read them.
    pub async fn plan_versions(&mut self, id: &str) -> Result<Vec<PlanVersion>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM plan_version WHERE plan_id = $1 ORDER BY version"));
        let found = sqlx::query(sql).bind(id).fetch_all(&mut **self).await?;
        let mut versions: Vec<PlanVersion> = found.iter().map(read).collect::<Result<_, _>>()?;
        readings::apply(&mut versions, &self.readings(id).await?);
        Ok(versions)
    }
}

impl Store {
    /// Stores a plan file. The same file again changes nothing; another one is a new version and needs a reason.
    /// `seen` is the version that an editor rests on; 0 for a plan that must not be there yet.
    pub async fn import_plan(
        &self,
        source: &str,
        plan: &Plan,
        file_name: &str,
        reason: Option<&str>,
        seen: Option<i64>,
        writer: Writer,
    ) -> Result<PlanChange, StoreError> {
        let (source, id, file_name, plan) = (source.to_owned(), plan.id.clone(), file_name.to_owned(), plan.clone());
        let reason = reason.map(str::to_owned);
        let sha256 = domain::canonical::sha256(source.as_bytes());
        self.transact(move |transaction| {
            Box::pin(async move {
                let newest =
                    sqlx::query("SELECT version, sha256, source FROM plan_version WHERE plan_id = $1 ORDER BY version DESC LIMIT 1")
                        .bind(&id)
                        .fetch_optional(&mut **transaction)
                        .await?;
                let known = newest.as_ref().map_or(0, |row| row.get::<i64, _>(0));
                if seen.is_some_and(|seen| seen != known) {
                    return Err(StoreError::refused(format!(
                        "您打开页面之后，计划 {id} 刚被别人保存了第 {known} 版，没有保存；请看过那一版再修订"
                    )));
                }
                let version = match &newest {
                    Some(row) if row.get::<String, _>(1) == sha256 => return Ok(PlanChange::Unchanged(row.get::<i64, _>(0) as u32)),
                    Some(row) => row.get::<i64, _>(0) + 1,
                    None => 1,
                };
                if let Some(row) = &newest {
                    let before = read_source(row.get(2))?;
                    refuse_other_measures(transaction, &before, &plan).await?;
                    refuse_lost_units(transaction, &before, &plan).await?;
                }
                if version > 1 && reason.is_none() {
                    return Err(StoreError::refused(format!(
                        "计划 {id} 已有第 {} 版，内容不同；修订要写明理由，请加 --reason \"……\"",
                        version - 1
                    )));
                }
                let detail = serde_json::json!({ "plan": id, "version": version, "sha256": sha256, "file": file_name, "reason": reason });
                let seq = audit::append(transaction, &writer, "import_plan", &id, &detail).await?;
                sqlx::query(
                    "INSERT INTO plan_version (plan_id, version, source, sha256, file_name, reason, recorded_at, recorded_by, audit_seq) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                )
                .bind(&id)
                .bind(version)
                .bind(&source)
                .bind(&sha256)
                .bind(&file_name)
                .bind(&reason)
                .bind(writer.at)
                .bind(&writer.actor)
                .bind(seq)
                .execute(&mut **transaction)
                .await?;
                Ok(if version == 1 { PlanChange::New } else { PlanChange::Revised(version as u32) })
            })
        })
        .await
    }
}
