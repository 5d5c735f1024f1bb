//! The year's end: self-assessment and verification, objections with their answers, the closing by two persons.

use app::backend::{Closure, Decision, ObjectionAnswer, ObjectionRecord, YearEnd};
use domain::money::Amount;
use domain::month::Period;
use domain::rate::Rate;
use domain::rights::{Action, Object};
use domain::workflow::State;
use domain::year_end::{About, ObjectionOutcome as Outcome, Stated, YearEndFigure};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::reports::Acting;
use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, rows};

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("年终考核：{what}"))
}

const STATED: &str = "region_id, kind, version, value, base, growth, shares, remark, at, actor";

fn stated(row: &AnyRow) -> Result<YearEndFigure, StoreError> {
    let growth: Option<String> = row.get(5);
    let growth = growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| unreadable("增幅"))).transpose()?;
    Ok(YearEndFigure {
        region: row.get(0),
        stated: if row.get::<String, _>(1) == "self" { Stated::Own } else { Stated::Verified },
        version: row.get::<i64, _>(2) as u32,
        value: row.get::<Option<i64>, _>(3).map(Amount),
        base: row.get::<Option<i64>, _>(4).map(Amount),
        published_growth: growth,
        shares: serde_json::from_str(&row.get::<String, _>(6)).map_err(|_| unreadable("分项得分"))?,
        remark: row.get(7),
        at: row.get(8),
        by: row.get(9),
    })
}

fn objection(row: &AnyRow) -> Result<ObjectionRecord, StoreError> {
    let outcome: Option<String> = row.get(8);
    let answer = match outcome {
        None => None,
        Some(outcome) => Some(ObjectionAnswer {
            outcome: Outcome::parse(&outcome).ok_or_else(|| unreadable("异议的答复"))?,
            text: row.get(9),
            at: row.get(10),
            actor: row.get(11),
        }),
    };
    Ok(ObjectionRecord {
        number: row.get::<i64, _>(0) as u32,
        goal: row.get(12),
        period: Period::new(row.get::<i64, _>(1) as i32, row.get::<i64, _>(2) as u32).ok_or_else(|| unreadable("期间"))?,
        unit: row.get(3),
        about: About::parse(&row.get::<String, _>(4)).ok_or_else(|| unreadable("异议"))?,
        reason: row.get(5),
        at: row.get(6),
        actor: row.get(7),
        answer,
    })
}

const CLOSURE: &str = "version, step, content, sha256, at, actor, account_id";

fn closure(row: &AnyRow) -> Result<Closure, StoreError> {
    let content: String = row.get(2);
    let result = serde_json::from_str(&content).map_err(|error| unreadable(&error.to_string()))?;
    Ok(Closure {
        version: row.get(0),
        step: Decision::parse(&row.get::<String, _>(1)).ok_or_else(|| unreadable("办结"))?,
        content,
        result: std::sync::Arc::new(result),
        sha256: row.get(3),
        at: row.get(4),
        actor: row.get(5),
        account: row.get(6),
    })
}

impl Store {
    /// Everything of a year's end, oldest first.
    pub(crate) async fn year_end(&self, plan: &str, goal: &str, year: i32) -> Result<YearEnd, StoreError> {
        let of_goal = |sql: String| sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(goal).bind(i64::from(year));
        let sql = format!(
            "SELECT {STATED} FROM year_end_figure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY region_id, kind, version"
        );
        let found = of_goal(sql).fetch_all(&self.read).await?;
        let stated: Vec<YearEndFigure> = found.iter().map(stated).collect::<Result<_, _>>()?;
        let sql = format!("SELECT {CLOSURE} FROM assessment_closure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY version");
        let found = of_goal(sql).fetch_all(&self.read).await?;
        let closures: Vec<Closure> = found.iter().map(closure).collect::<Result<_, _>>()?;
        let sql = "SELECT o.number, o.year, o.month, o.unit_id, o.about, o.reason, o.at, o.actor, a.outcome, a.answer, a.at, a.actor, o.goal_id \
                   FROM objection o LEFT JOIN objection_answer a ON a.plan_id = o.plan_id AND a.year = o.year AND a.number = o.number \
                   WHERE o.plan_id = $1 AND o.goal_id = $2 AND o.year = $3 ORDER BY o.number";
        let found = sqlx::query(sql).bind(plan).bind(goal).bind(i64::from(year)).fetch_all(&self.read).await?;
        let objections: Vec<ObjectionRecord> = found.iter().map(objection).collect::<Result<_, _>>()?;
        Ok(YearEnd { stated, objections, closures })
    }

    /// Whether a year's assessment is closed.
    pub(crate) async fn is_closed(&self, plan: &str, goal: &str, year: i32) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM assessment_closure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 AND step = 'confirmed'";
        Ok(sqlx::query(sql).bind(plan).bind(goal).bind(i64::from(year)).fetch_optional(&self.read).await?.is_some())
    }

    /// Self-assessments, or the office's verifications, all or none; each with the version that its page showed, and
    /// `based_on` the last change of what is in force that it knew, where they rest on that.
    pub(crate) async fn state_year_end(
        &self,
        (plan, goal, year): (&str, &str, i32),
        (figures, based_on): (Vec<(YearEndFigure, u32)>, Option<i64>),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (plan, goal, viewer, office) = (plan.to_owned(), goal.to_owned(), acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let step = |stated: Stated| match stated {
                    Stated::Own => (Action::AssessSelf, "assess_self"),
                    Stated::Verified => (Action::Verify, "verify_unit"),
                };
                for (figure, _) in &figures {
                    let action = step(figure.stated).0;
                    let object = Object::of_unit(&office, &figure.region, State::Approved);
                    viewer.may(action, object).map_err(|refusal| StoreError::Forbidden(action, refusal))?;
                }
                refuse_closed(transaction, &plan, &goal, year).await?;
                if let Some(based_on) = based_on {
                    refuse_moved(transaction, based_on).await?;
                }
                for (figure, seen) in figures {
                    let name = step(figure.stated).1;
                    let version = newest_version(transaction, (&plan, &goal, year), &figure).await?;
                    if version != i64::from(seen) {
                        let sentence = format!("您打开页面之后，{}刚被别人改过，没有保存；请看过之后再填", figure.stated.name());
                        return Err(StoreError::refused(sentence));
                    }
                    let row = stated_row((&plan, &goal, year), &figure, version + 1, viewer.account.id, &writer)?;
                    let object = format!("{plan}/{year}/{}", figure.region);
                    rows::append(transaction, &writer, name, &object, json!({ "version": version + 1 }), &[row]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// A unit objects; returns the objection's number.
    pub(crate) async fn object(
        &self,
        (plan, goal, period): (&str, &str, Period),
        (unit, about, reason): (&str, About, &str),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<u32, StoreError> {
        let (plan, goal, unit, reason) = (plan.to_owned(), goal.to_owned(), unit.to_owned(), reason.to_owned());
        let (viewer, office) = (acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::Object, Object::of_unit(&office, &unit, State::Approved));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::Object, refusal))?;
                refuse_closed(transaction, &plan, &goal, period.year).await?;
                let same = "SELECT o.number FROM objection o LEFT JOIN objection_answer a \
                            ON a.plan_id = o.plan_id AND a.year = o.year AND a.number = o.number \
                            WHERE o.plan_id = $1 AND o.year = $2 AND o.month = $3 AND o.unit_id = $4 AND o.reason = $5 AND a.number IS NULL LIMIT 1";
                let same = sqlx::query(same).bind(&plan).bind(i64::from(period.year)).bind(i64::from(period.month)).bind(&unit).bind(&reason);
                if let Some(row) = same.fetch_optional(&mut **transaction).await? {
                    // A second press of the same page.
                    return Ok(row.get::<i64, _>(0) as u32);
                }
                let sql = "SELECT MAX(number) FROM objection WHERE plan_id = $1 AND year = $2";
                let known = sqlx::query(sql).bind(&plan).bind(i64::from(period.year)).fetch_one(&mut **transaction).await?;
                let number = known.get::<Option<i64>, _>(0).unwrap_or(0) + 1;
                let row = NewRow {
                    table: "objection",
                    cells: vec![
                        ("plan_id", (&plan).into()),
                        ("year", i64::from(period.year).into()),
                        ("month", i64::from(period.month).into()),
                        ("number", number.into()),
                        ("goal_id", (&goal).into()),
                        ("unit_id", (&unit).into()),
                        ("about", about.id().into()),
                        ("reason", (&reason).into()),
                        ("at", writer.at.into()),
                        ("actor", (&writer.actor).into()),
                        ("account_id", viewer.account.id.into()),
                    ],
                };
                let object = format!("{plan}/{period}/{unit}");
                rows::append(transaction, &writer, "object", &object, json!({ "number": number, "reason": reason }), &[row]).await?;
                Ok(number as u32)
            })
        })
        .await
    }

    /// Answers an objection, or takes it back in the unit's name; once.
    pub(crate) async fn answer_objection(
        &self,
        (plan, year, number): (&str, i32, u32),
        (outcome, text): (Outcome, &str),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (plan, text) = (plan.to_owned(), text.to_owned());
        let (viewer, office) = (acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let key = |sql| sqlx::query(sql).bind(&plan).bind(i64::from(year)).bind(i64::from(number));
                let found = key("SELECT unit_id FROM objection WHERE plan_id = $1 AND year = $2 AND number = $3");
                let Some(found) = found.fetch_optional(&mut **transaction).await? else {
                    return Err(StoreError::refused("没有这个异议"));
                };
                let unit: String = found.get(0);
                let action = if outcome == Outcome::Withdrawn { Action::Object } else { Action::AnswerObjection };
                let allowed = viewer.may(action, Object::of_unit(&office, &unit, State::Approved));
                allowed.map_err(|refusal| StoreError::Forbidden(action, refusal))?;
                let answered = key("SELECT actor FROM objection_answer WHERE plan_id = $1 AND year = $2 AND number = $3");
                if let Some(row) = answered.fetch_optional(&mut **transaction).await? {
                    return Err(StoreError::refused(format!("{}已经办理过这个异议", row.get::<String, _>(0))));
                }
                let row = NewRow {
                    table: "objection_answer",
                    cells: vec![
                        ("plan_id", (&plan).into()),
                        ("year", i64::from(year).into()),
                        ("number", i64::from(number).into()),
                        ("outcome", outcome.id().into()),
                        ("answer", (&text).into()),
                        ("at", writer.at.into()),
                        ("actor", (&writer.actor).into()),
                        ("account_id", viewer.account.id.into()),
                    ],
                };
                let object = format!("{plan}/{year}/异议{number}");
                rows::append(transaction, &writer, "answer_objection", &object, json!({ "outcome": outcome, "answer": text }), &[row])
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// Proposes, confirms or drops the closing of a year's assessment. `content` is what is frozen; whoever confirms
    /// must have seen the same, and be somebody else.
    pub(crate) async fn close_assessment(
        &self,
        (plan, goal, year): (&str, &str, i32),
        (step, seen): (Decision, i64),
        (content, based_on): (String, i64),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (plan, goal, viewer, office) = (plan.to_owned(), goal.to_owned(), acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::CloseAssessment, Object::office(&office));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::CloseAssessment, refusal))?;
                refuse_closed(transaction, &plan, &goal, year).await?;
                let last = last_closure(transaction, &plan, &goal, year).await?;
                if last.as_ref().map_or(0, |closure| closure.version) != seen {
                    return Err(StoreError::refused("您打开页面之后，别人刚办理过，没有执行；请看过之后再办"));
                }
                if step != Decision::Dropped {
                    refuse_moved(transaction, based_on).await?;
                }
                let open = last.as_ref().filter(|closure| closure.step == Decision::Proposed);
                let sha256 = documents::canonical::sha256(content.as_bytes());
                let action = match (step, open) {
                    (Decision::Proposed, None) => "propose_closing",
                    (Decision::Confirmed, Some(open)) if open.account == viewer.account.id => return Err(StoreError::OwnWork),
                    (Decision::Confirmed, Some(open)) if open.sha256 != sha256 => {
                        return Err(StoreError::refused("提出办结之后结果变了，不能确认；请先取消，再重新提出"));
                    }
                    (Decision::Confirmed, Some(_)) => "confirm_closing",
                    (Decision::Dropped, Some(_)) => "drop_closing",
                    (Decision::Proposed, Some(_)) => return Err(StoreError::refused("已经有人提出办结，请由另一人确认，或先取消")),
                    _ => return Err(StoreError::refused("没有待确认的办结，请刷新页面")),
                };
                let row = NewRow {
                    table: "assessment_closure",
                    cells: vec![
                        ("plan_id", (&plan).into()),
                        ("goal_id", (&goal).into()),
                        ("year", i64::from(year).into()),
                        ("version", (seen + 1).into()),
                        ("step", step.id().into()),
                        ("content", (&content).into()),
                        ("sha256", (&sha256).into()),
                        ("at", writer.at.into()),
                        ("actor", (&writer.actor).into()),
                        ("account_id", viewer.account.id.into()),
                    ],
                };
                rows::append(transaction, &writer, action, &format!("{plan}/{year}/{goal}"), json!({ "sha256": sha256 }), &[row]).await?;
                Ok(())
            })
        })
        .await
    }
}

async fn newest_version(
    transaction: &mut Transaction,
    (plan, goal, year): (&str, &str, i32),
    figure: &YearEndFigure,
) -> Result<i64, StoreError> {
    let sql = "SELECT MAX(version) FROM year_end_figure \
               WHERE plan_id = $1 AND goal_id = $2 AND region_id = $3 AND year = $4 AND kind = $5";
    let known = sqlx::query(sql).bind(plan).bind(goal).bind(&figure.region).bind(i64::from(year)).bind(figure.stated.id());
    Ok(known.fetch_one(&mut **transaction).await?.get::<Option<i64>, _>(0).unwrap_or(0))
}

fn stated_row(
    (plan, goal, year): (&str, &str, i32),
    figure: &YearEndFigure,
    version: i64,
    account: i64,
    writer: &Writer,
) -> Result<NewRow, StoreError> {
    let shares = documents::canonical::to_json(&figure.shares).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok(NewRow {
        table: "year_end_figure",
        cells: vec![
            ("plan_id", plan.into()),
            ("goal_id", goal.into()),
            ("region_id", (&figure.region).into()),
            ("year", i64::from(year).into()),
            ("kind", figure.stated.id().into()),
            ("version", version.into()),
            ("value", figure.value.map(|amount| amount.0).into()),
            ("base", figure.base.map(|amount| amount.0).into()),
            ("growth", figure.published_growth.map(Rate::exact).as_deref().into()),
            ("shares", (&shares).into()),
            ("remark", (&figure.remark).into()),
            ("at", writer.at.into()),
            ("actor", (&writer.actor).into()),
            ("account_id", account.into()),
        ],
    })
}

async fn last_closure(transaction: &mut Transaction, plan: &str, goal: &str, year: i32) -> Result<Option<Closure>, StoreError> {
    let sql =
        format!("SELECT {CLOSURE} FROM assessment_closure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY version DESC LIMIT 1");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(goal).bind(i64::from(year));
    found.fetch_optional(&mut **transaction).await?.as_ref().map(closure).transpose()
}

/// What the page showed must still be what is in force.
async fn refuse_moved(transaction: &mut Transaction, based_on: i64) -> Result<(), StoreError> {
    let head = sqlx::query(sqlx::AssertSqlSafe(super::audit::facts_head_sql())).fetch_one(&mut **transaction).await?;
    match head.get::<Option<i64>, _>(0).unwrap_or(0) == based_on {
        true => Ok(()),
        false => Err(StoreError::refused("您打开页面之后又有数据变动，没有执行；请看过新的情况再办")),
    }
}

/// What is closed stays as it is.
async fn refuse_closed(transaction: &mut Transaction, plan: &str, goal: &str, year: i32) -> Result<(), StoreError> {
    let closed = last_closure(transaction, plan, goal, year).await?.filter(|closure| closure.step == Decision::Confirmed);
    match closed {
        Some(closure) => Err(StoreError::refused(format!("{year}年的考核已由{}确认办结，不能再改", closure.actor))),
        None => Ok(()),
    }
}
