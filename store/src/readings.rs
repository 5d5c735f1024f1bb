//! Which reading of a rule the office chose: every choice is kept, the newest that holds is in force.

use domain::assessment::Rules;
use domain::rights::{Action, Object};
use office::facts::{Decision, PlanVersion, ReadingChoice};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::reports::Acting;
use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, rows};

const COLUMNS: &str = "plan_id, goal_id, version, step, reading, completed_when, ties, compare, reason, at, actor, account_id";

fn read(row: &AnyRow) -> Result<ReadingChoice, StoreError> {
    let unreadable = |what: String| StoreError::Unreadable(format!("条款读法：{what}"));
    let text = |index: usize| row.get::<String, _>(index);
    let rules = Rules {
        reading: text(4).parse().map_err(unreadable)?,
        completed_when: text(5).parse().map_err(unreadable)?,
        ties: text(6).parse().map_err(unreadable)?,
        compare: text(7).parse().map_err(unreadable)?,
        ..Rules::default()
    };
    let choice = ReadingChoice {
        goal: text(1),
        version: row.get(2),
        step: Decision::parse(&text(3)).ok_or_else(|| unreadable("步骤".to_owned()))?,
        rules,
        reason: text(8),
        at: row.get(9),
        actor: text(10),
        account: row.get(11),
    };
    Ok(choice)
}

/// The newest version's rules as the office chose to read them. A choice ends where a later version of the plan changes
/// what it chose: the revision has its own document and reason.
pub(super) fn apply(versions: &mut [PlanVersion], choices: &[ReadingChoice]) {
    let Some((newest, earlier)) = versions.split_last_mut() else { return };
    for assessment in &mut newest.plan.assessments {
        let Some(chosen) = choices.iter().rev().find(|choice| choice.goal == assessment.goal && choice.step.holds()) else { continue };
        let of_its_day = earlier.iter().rev().find(|version| version.recorded_at <= chosen.at && newest.recorded_at > chosen.at);
        let revised =
            of_its_day.and_then(|version| version.plan.assessment(&assessment.goal)).is_some_and(|then| then.rules != assessment.rules);
        if !revised {
            assessment.rules = Rules { rank_by: assessment.rules.rank_by, ..chosen.rules };
        }
    }
}

impl Transaction {
    /// Every choice of a plan, oldest first.
    pub async fn readings(&mut self, plan: &str) -> Result<Vec<ReadingChoice>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM reading_choice WHERE plan_id = $1 ORDER BY goal_id, version");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await?;
        found.iter().map(read).collect()
    }

    /// The plans of which a reading was ever chosen.
    pub(super) async fn plans_with_readings(&mut self) -> Result<Vec<String>, StoreError> {
        let found = sqlx::query("SELECT DISTINCT plan_id FROM reading_choice").fetch_all(&mut **self).await?;
        Ok(found.iter().map(|row| row.get(0)).collect())
    }
}

impl Store {
    /// Chooses a reading, or proposes one where a second person must confirm it.
    pub async fn choose_reading(
        &self,
        (plan, goal, last_year): (&str, &str, i32),
        rules: Rules,
        reason: &str,
        (step, seen): (Decision, i64),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (plan, goal, reason) = (plan.to_owned(), goal.to_owned(), reason.to_owned());
        let (viewer, office) = (acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::ChooseReading, Object::office(&office));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::ChooseReading, refusal))?;
                let sql =
                    "SELECT year FROM assessment_closure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 AND step = 'confirmed' LIMIT 1";
                if sqlx::query(sql).bind(&plan).bind(&goal).bind(i64::from(last_year)).fetch_optional(&mut **transaction).await?.is_some() {
                    return Err(StoreError::refused("这项考核已经办结，读法不能再改"));
                }
                let last = last(transaction, &plan, &goal).await?;
                if last.as_ref().map_or(0, |choice| choice.version) != seen {
                    return Err(StoreError::refused("您打开页面之后，别人刚定过读法，没有保存；请看过之后再定"));
                }
                let open = last.as_ref().filter(|choice| choice.step == Decision::Proposed);
                match (step, open) {
                    (Decision::Chosen | Decision::Proposed, Some(_)) => {
                        return Err(StoreError::refused("还有一个改动在等第二人确认，请先确认或取消它"));
                    }
                    (Decision::Confirmed | Decision::Dropped, None) => return Err(StoreError::refused("没有待确认的改动，请刷新页面")),
                    (Decision::Confirmed, Some(open)) if open.account == viewer.account.id => return Err(StoreError::OwnWork),
                    _ => {}
                }
                // Whoever confirms confirms what was proposed, and nothing else.
                let rules = open.map_or(rules, |open| open.rules);
                let reason = open.filter(|_| step == Decision::Confirmed).map_or(reason, |open| open.reason.clone());
                let action = match step {
                    Decision::Chosen => "choose_reading",
                    Decision::Proposed => "propose_reading",
                    Decision::Confirmed => "confirm_reading",
                    Decision::Dropped => "drop_reading",
                };
                let row = NewRow {
                    table: "reading_choice",
                    cells: vec![
                        ("plan_id", (&plan).into()),
                        ("goal_id", (&goal).into()),
                        ("version", (seen + 1).into()),
                        ("step", step.id().into()),
                        ("reading", rules.reading.word().into()),
                        ("completed_when", rules.completed_when.word().into()),
                        ("ties", rules.ties.word().into()),
                        ("compare", rules.compare.to_string().as_str().into()),
                        ("reason", (&reason).into()),
                        ("at", writer.at.into()),
                        ("actor", (&writer.actor).into()),
                        ("account_id", viewer.account.id.into()),
                    ],
                };
                rows::append(transaction, &writer, action, &format!("{plan}/{goal}"), json!({ "reason": reason }), &[row]).await?;
                Ok(())
            })
        })
        .await
    }
}

async fn last(transaction: &mut Transaction, plan: &str, goal: &str) -> Result<Option<ReadingChoice>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM reading_choice WHERE plan_id = $1 AND goal_id = $2 ORDER BY version DESC LIMIT 1");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(goal).fetch_optional(&mut **transaction).await?;
    found.as_ref().map(read).transpose()
}
