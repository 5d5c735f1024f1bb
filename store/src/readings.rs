//! Which reading of a rule the office chose: every choice is kept, the newest that holds is in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::assessment::Rules;
use domain::plan::Kind;
use domain::plan::meaning::{AverageBy, ChosenAverage};
use office::facts::{AverageChoice, Decision, PlanVersion, ReadingChoice};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::kept::kept;
use super::{StoreError, Transaction};

const COLUMNS: &str =
    "plan_id, goal_id, version, step, reading, completed_when, ties, compare, reason, at, actor, account_id";

fn read(row: &AnyRow) -> Result<ReadingChoice, StoreError> {
    let unreadable = |what: String| StoreError::Unreadable(format!("条款读法：{what}"));
    let text = |name: &str| row.get::<String, _>(name);
    let rules = Rules {
        reading: text("reading").parse().map_err(unreadable)?,
        completed_when: text("completed_when").parse().map_err(unreadable)?,
        ties: text("ties").parse().map_err(unreadable)?,
        compare: text("compare").parse().map_err(unreadable)?,
        ..Rules::default()
    };
    let choice = ReadingChoice {
        goal: text("goal_id"),
        version: row.get("version"),
        step: Decision::parse(&text("step")).ok_or_else(|| unreadable("步骤".to_owned()))?,
        rules,
        reason: text("reason"),
        at: row.get("at"),
        actor: text("actor"),
        account: row.get("account_id"),
    };
    Ok(choice)
}

/// The newest version's rules as the office chose to read them. A choice ends where a later version of the plan changes
/// what it chose: the revision has its own document and reason.
pub(super) fn apply(versions: &mut [PlanVersion], choices: &[ReadingChoice]) {
    let Some((newest, earlier)) = versions.split_last_mut().filter(|_| !choices.is_empty()) else { return };
    for assessment in &mut Arc::make_mut(&mut newest.plan).assessments {
        let Some(chosen) = choices.iter().rev().find(|choice| choice.goal == assessment.goal && choice.step.holds())
        else {
            continue;
        };
        let of_its_day =
            earlier.iter().rev().find(|version| version.recorded_at <= chosen.at && newest.recorded_at > chosen.at);
        let revised = of_its_day
            .and_then(|version| version.plan.assessment(&assessment.goal))
            .is_some_and(|then| then.rules != assessment.rules);
        if !revised {
            assessment.rules = Rules { rank_by: assessment.rules.rank_by, ..chosen.rules };
        }
    }
}

/// The averages that judge the newest version's goals, as the office chose.
pub(super) fn apply_averages(versions: &mut [PlanVersion], choices: &[AverageChoice]) {
    let Some(newest) = versions.last_mut().filter(|_| !choices.is_empty()) else { return };
    for goal in Arc::make_mut(&mut newest.plan).goals.iter_mut().filter(|goal| goal.kind == Kind::AverageGrowth) {
        let chosen = choices.iter().rfind(|choice| choice.goal == goal.id);
        goal.meaning.judged_by = chosen.map(|choice| choice.chosen.clone());
    }
}

impl Transaction {
    /// Every choice of the average that judges a goal, by goal, oldest first.
    pub async fn average_choices(&mut self, plan: &str) -> Result<Vec<AverageChoice>, StoreError> {
        Ok(self.all_averages().await?.remove(plan).unwrap_or_default())
    }

    /// Those of every plan of which one was ever made.
    pub(super) async fn all_averages(&mut self) -> Result<BTreeMap<String, Vec<AverageChoice>>, StoreError> {
        Ok(kept!(self, "averages".to_owned(), self.read_averages().await?))
    }

    async fn read_averages(&mut self) -> Result<BTreeMap<String, Vec<AverageChoice>>, StoreError> {
        let sql = "SELECT plan_id, goal_id, version, average, reason, at, actor FROM average_choice \
                   ORDER BY plan_id, goal_id, version";
        let mut all: BTreeMap<String, Vec<AverageChoice>> = BTreeMap::new();
        for row in &sqlx::query(sql).fetch_all(&mut **self).await? {
            let by: String = row.get("average");
            let by = AverageBy::parse(&by).ok_or_else(|| StoreError::Unreadable(format!("年均增速的算法：{by}")))?;
            let chosen = ChosenAverage { by, reason: row.get("reason"), actor: row.get("actor"), at: row.get("at") };
            let choice = AverageChoice { goal: row.get("goal_id"), version: row.get("version"), chosen };
            all.entry(row.get("plan_id")).or_default().push(choice);
        }
        Ok(all)
    }

    /// Every choice of a plan, oldest first.
    pub async fn readings(&mut self, plan: &str) -> Result<Vec<ReadingChoice>, StoreError> {
        Ok(self.all_readings().await?.remove(plan).unwrap_or_default())
    }

    /// Every choice of every plan of which a reading was ever chosen, oldest first.
    pub(super) async fn all_readings(&mut self) -> Result<BTreeMap<String, Vec<ReadingChoice>>, StoreError> {
        Ok(kept!(self, "readings".to_owned(), self.read_readings().await?))
    }

    async fn read_readings(&mut self) -> Result<BTreeMap<String, Vec<ReadingChoice>>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM reading_choice ORDER BY plan_id, goal_id, version");
        let mut all: BTreeMap<String, Vec<ReadingChoice>> = BTreeMap::new();
        for row in &sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await? {
            all.entry(row.get("plan_id")).or_default().push(read(row)?);
        }
        Ok(all)
    }
}
