//! 申请更正 and its answer: a county asks to correct what is approved; the office opens the period again, leaves it to be
//! made up for later, or refuses.

use async_trait::async_trait;
use domain::entry::Field;
use domain::projects::sheet::SheetBox;
use domain::workflow::{State, Step};

use super::Command;
use super::steps::{NewStep, Taking, field as steps, open, reason, take};
use crate::entry_form::{Form, changes, saved_text};
use crate::facts::{Report, StepRecord};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::who::Who;

/// The figures as the county wants them; its boxes have the names of the entry form.
#[derive(Debug, Clone)]
pub struct AskCorrection {
    pub taking: Taking,
    pub reason: String,
    boxes: Posted,
}

impl AskCorrection {
    pub fn read(taking: Taking, posted: &Posted) -> Result<Self, Refusal> {
        Ok(Self { taking, reason: reason(posted)?, boxes: posted.clone() })
    }

    /// What is asked for; at least one figure differs from what is in force.
    fn asked(&self, report: &Report, new: &mut NewStep) -> Result<(), Refusal> {
        let form = Form::new(report, Some(&self.boxes));
        let wrong = form.checked.iter().flat_map(|row| &row.hard);
        let wrong = wrong.filter(|remark| matches!(remark.field, Field::Value | Field::Base));
        let wrong = wrong.map(|remark| (String::new(), remark.sentence.clone()));
        // Whatever was once asked about a project is no part of this request.
        let of_projects = form.projects.iter().flat_map(|line| line.hard.iter().map(move |wrong| (line, wrong)));
        let of_projects = of_projects
            .filter(|(_, (of, _))| *of != SheetBox::Answer)
            .map(|(line, (_, sentence))| (String::new(), format!("{}：{sentence}", line.name)));
        let wrong: Vec<(String, String)> = wrong.chain(of_projects).collect();
        if !wrong.is_empty() {
            return Err(Refusal::Invalid(wrong));
        }
        let content = form.content(report);
        let differs = content.rows.iter().any(|row| {
            let now = report.figures.get(&row.goal, report.key.period(), &row.region).cloned().unwrap_or_default();
            let growth = row.growth.is_some() && now.published_growth != row.growth;
            now.value != row.value || now.base != row.base || growth
        });
        let (plan, period) = (&report.version.plan, report.key.period());
        let differs = differs || form.projects.iter().any(|line| !line.changes(plan, period).is_empty());
        if !differs {
            return Err(Refusal::whole("申请里没有改动任何数；请把有误的数改成应为的数"));
        }
        let typed = changes(report, &form, &self.boxes)?;
        new.typed = typed.into_iter().filter(|change| change.text != saved_text(report, &change.cell)).collect();
        new.content = Some(content);
        Ok(())
    }
}

/// Whether the assessment of a goal in this return is closed for the year.
async fn is_year_closed(facts: &mut dyn Facts, report: &Report) -> Result<bool, Refusal> {
    let plan = &report.version.plan;
    for goal in plan.assessments.iter().map(|assessment| &assessment.goal) {
        if facts.is_closed(&plan.id, goal, report.key.period().year).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[async_trait]
impl Command for AskCorrection {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let key = &self.taking.report;
        let report = open(ledger, who, key, Step::AskCorrection).await?;
        if is_year_closed(ledger, &report).await? {
            let sentence = format!("{}年的考核已经办结，这一年的数不能再申请更正", key.period().year);
            return Err(Refusal::whole(sentence));
        }
        let mut new = self.taking.step(Step::AskCorrection);
        new.reason = Some(self.reason.clone());
        // Where nothing is in force the step itself is refused.
        if report.state() == State::Approved {
            self.asked(&report, &mut new)?;
        }
        take(ledger, who, report.office(), key, new).await
    }
}

/// How the office answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The form opens again.
    Allow,
    /// The period stays as it is: the county makes up for it in the current one.
    TrueUp,
    Refuse,
}

impl Way {
    pub fn step(self) -> Step {
        match self {
            Way::Allow => Step::AllowCorrection,
            Way::TrueUp => Step::TrueUp,
            Way::Refuse => Step::RefuseCorrection,
        }
    }
}

/// The office's answer.
#[derive(Debug, Clone)]
pub struct AnswerCorrection {
    pub taking: Taking,
    pub way: Way,
    pub reason: String,
}

impl AnswerCorrection {
    pub fn read(taking: Taking, posted: &Posted, way: Way) -> Result<Self, Refusal> {
        Ok(Self { taking, way, reason: reason(posted)? })
    }
}

#[async_trait]
impl Command for AnswerCorrection {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let (key, step) = (&self.taking.report, self.way.step());
        let report = open(ledger, who, key, step).await?;
        if self.way == Way::TrueUp && key.period().is_year_end() {
            let sentence = "1—12月是全年最后一期，没有以后的期间可以并入；请选同意或不同意更正";
            return Err(Refusal::field(steps::STEP, sentence));
        }
        let mut new = self.taking.step(step);
        new.reason = Some(self.reason.clone());
        take(ledger, who, report.office(), key, new).await
    }
}
