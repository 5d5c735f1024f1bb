//! 证明材料: whether a file may be attached now, and what handing in makes of those that wait.

use domain::calendar::{Standing as Term, at_shanghai, chinese_date};
use domain::evidence::{FileStep, Subject};
use domain::holidays::Holidays;
use domain::plan::{Plan, Round};
use domain::policy::record::{Record, State as ClaimState, records};
use domain::tasks::{Standing, due};
use domain::workflow::State;
use domain::year_end::{Stated, newest, self_assessment_days};

use crate::entry_form::not_open;
use crate::facts::{Evidence, Report, ReportKey, Unavailable};
use crate::ports::Facts;
use crate::reports::report;
use crate::rows::NewRow;
use crate::who::Who;

/// As what a file would come to its subject at a moment (UTC milliseconds): [`FileStep::Attach`] where it waits for the
/// handing in, [`FileStep::Add`] where that has happened; otherwise why none is taken, without a full stop.
pub async fn takes(
    facts: &mut dyn Facts,
    plan: &Plan,
    (subject, unit): (&Subject, &str),
    now: i64,
    holidays: &Holidays,
) -> Result<Result<FileStep, String>, Unavailable> {
    match subject {
        Subject::Return(round) => {
            let Some(report) = report(facts, &key(plan, round, unit), now).await? else { return Ok(Err(nothing())) };
            if let Some(closed) = closed(facts, plan, None, round.period.year).await? {
                return Ok(Err(closed));
            }
            Ok(of_return(&report, now, holidays))
        }
        Subject::Correction(round) => {
            let Some(report) = report(facts, &key(plan, round, unit), now).await? else { return Ok(Err(nothing())) };
            if let Some(closed) = closed(facts, plan, None, round.period.year).await? {
                return Ok(Err(closed));
            }
            Ok(match report.state() {
                State::Approved => Ok(FileStep::Attach),
                State::CorrectionAsked => Ok(FileStep::Add),
                _ => Err("审核通过以后才能申请更正，现在没有可以附材料的更正申请".to_owned()),
            })
        }
        Subject::SelfAssessment { goal, year } => of_self_assessment(facts, plan, (goal, *year, unit), now).await,
        Subject::Objection { year, number } => {
            let known = facts.objections(&plan.id, *year).await?;
            let Some(found) = known.into_iter().find(|known| known.number == *number && known.unit == unit) else {
                return Ok(Err(nothing()));
            };
            if let Some(answer) = found.answer {
                return Ok(Err(format!("{}已经办理过这个异议，不再附材料", answer.actor)));
            }
            let closed = closed(facts, plan, Some(&found.goal), *year).await?;
            Ok(closed.map_or(Ok(FileStep::Add), Err))
        }
        Subject::Claim { year, number } => {
            let steps = facts.claim_steps(&plan.id, *year).await?;
            let all = records(&plan.policies, *year, &steps);
            let found = all.into_iter().find(|record| record.number == *number && record.unit == unit);
            Ok(found.map_or_else(|| Err(nothing()), |record| of_claim(&record)))
        }
        Subject::Task(task) => {
            let steps = facts.task_steps(&plan.id).await?;
            let states = due(plan, &steps, at_shanghai(now).date_naive());
            let state = states.into_iter().find(|state| state.task == *task);
            let part = state.as_ref().and_then(|state| state.parts.iter().find(|part| part.unit == unit));
            Ok(match part.map(|part| part.standing) {
                None => Err(nothing()),
                Some(Standing::Waiting) => Ok(FileStep::Add),
                Some(Standing::Ended) => Err("这项任务在计划里已经终止，不再附材料".to_owned()),
                Some(done) if done.is_done() => {
                    Err("这项任务已经确认完成，不再附材料；要补的，请办公室先退回".to_owned())
                }
                Some(_) => Ok(FileStep::Attach),
            })
        }
    }
}

fn nothing() -> String {
    "没有这个事项，或它不属于本单位；请刷新页面".to_owned()
}

fn key(plan: &Plan, round: &Round, unit: &str) -> ReportKey {
    ReportKey { plan: plan.id.clone(), round: round.clone(), unit: unit.to_owned() }
}

/// A claim takes files until all of it is paid, or nothing is given.
pub fn of_claim(record: &Record) -> Result<FileStep, String> {
    match record.state {
        ClaimState::Paid => Err("这项申报已经全部兑付，不再附材料".to_owned()),
        ClaimState::Declined => Err("这项申报已经决定不给予，不再附材料；要补充的，请先重新填报".to_owned()),
        _ => Ok(FileStep::Add),
    }
}

/// What is handed in gets further files at any time; what is not waits for it, as long as it may come.
fn of_return(report: &Report, now: i64, holidays: &Holidays) -> Result<FileStep, String> {
    if !report.state().is_editable() {
        return Ok(FileStep::Add);
    }
    let plan = &report.version.plan;
    let over = plan
        .calendar_of_round(&report.key.round)
        .is_some_and(|calendar| calendar.standing(report.key.period(), at_shanghai(now), holidays) == Term::Closed);
    if over && not_open(report, now, holidays).is_some() {
        let label = plan.round_label(&report.key.round);
        return Err(format!("{label}的报送已经截止，还没有提交，不能附材料；确需补报请办公室的审核员准予补报"));
    }
    Ok(FileStep::Attach)
}

async fn of_self_assessment(
    facts: &mut dyn Facts,
    plan: &Plan,
    (goal, year, unit): (&str, i32, &str),
    now: i64,
) -> Result<Result<FileStep, String>, Unavailable> {
    let is_split = plan.goal(goal).is_some_and(|goal| goal.split(unit).is_some());
    let days = plan.assessment(goal).and_then(|known| self_assessment_days(known.self_assessment_by, year));
    let Some((from, to)) = days.filter(|_| is_split && (plan.years.0..=plan.years.1).contains(&year)) else {
        return Ok(Err(nothing()));
    };
    if let Some(closed) = closed(facts, plan, Some(goal), year).await? {
        return Ok(Err(closed));
    }
    let today = at_shanghai(now).date_naive();
    if newest(&facts.year_end(&plan.id, goal, year).await?.stated, unit, Stated::Own).is_some() {
        return Ok(Ok(FileStep::Add));
    }
    Ok(match today {
        today if today < from => Err(format!("{year}年还没有结束，{}起才能自评和附材料", chinese_date(from))),
        today if today > to => Err(format!("自评已于{}截止，还没有提交，不能附材料", chinese_date(to))),
        _ => Ok(FileStep::Attach),
    })
}

/// Why nothing is attached any more where a year's assessment, of a goal or of any, is closed.
async fn closed(
    facts: &mut dyn Facts,
    plan: &Plan,
    goal: Option<&str>,
    year: i32,
) -> Result<Option<String>, Unavailable> {
    let assessed = plan.assessments.iter().map(|assessment| assessment.goal.as_str());
    for own in assessed.filter(|own| goal.is_none_or(|goal| goal == *own)) {
        if facts.is_closed(&plan.id, own, year).await? {
            return Ok(Some(format!("{year}年的考核已经办结，不再附材料")));
        }
    }
    Ok(None)
}

/// The files that wait for a subject's handing in go with it.
pub async fn hand_in(
    facts: &mut dyn Facts,
    plan: &str,
    (subject, unit): (&Subject, &str),
    who: &Who,
) -> Result<Vec<NewRow>, Unavailable> {
    let files = facts.evidence(plan, Some(&subject.id())).await?;
    let waiting = files.iter().filter(|file| file.unit == unit && file.step == FileStep::Attach);
    Ok(waiting.map(|file| row(plan, file, FileStep::HandIn, who)).collect())
}

/// The row of a file's next step.
pub fn row(plan: &str, file: &Evidence, step: FileStep, who: &Who) -> NewRow {
    let stamp = file.stamp.as_ref();
    NewRow {
        table: "evidence",
        cells: vec![
            ("plan_id", plan.into()),
            ("number", file.number.into()),
            ("version", (file.version + 1).into()),
            ("step", step.id().into()),
            ("subject", file.subject.id().as_str().into()),
            ("unit_id", (&file.unit).into()),
            ("name", (&file.name).into()),
            ("kind", file.kind.id().into()),
            ("size", file.size.into()),
            ("sha256", (&file.sha256).into()),
            ("submission", stamp.map(|stamp| stamp.submission).into()),
            ("stamps", stamp.map(|stamp| stamp.sha256.as_str()).into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    }
}
