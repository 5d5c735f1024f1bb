//! 退回: the county's approver sends a return back to the reporter, the office to the county, with what is in doubt.

use async_trait::async_trait;
use domain::entry::{EntryLine, TEXT_LIMIT};
use domain::projects::sheet;
use domain::workflow::Step;

use super::Command;
use super::steps::{Taking, open, reason, take};
use crate::entry_form::Form;
use crate::facts::{Report, StepRecord};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::who::Who;

/// The names of the form's fields, beside those of every step.
pub mod field {
    /// Before goal and region: what is asked about a figure.
    pub const QUESTION: &str = "q.";
}

/// The name of the box for a question about a row.
pub fn question_name(line: &EntryLine) -> String {
    format!("{}{}/{}", field::QUESTION, line.goal, line.region)
}

/// The name of the box for a question about a project.
pub fn project_question_name(project: &str) -> String {
    format!("{}{}/{project}", field::QUESTION, sheet::GOAL)
}

/// One return that is sent back.
#[derive(Debug, Clone)]
pub struct SendBack {
    pub taking: Taking,
    /// To the county, by the office; else to the reporter, by the county's approver.
    pub to_county: bool,
    pub reason: String,
    /// Of the boxes for questions: name and text.
    questions: Vec<(String, String)>,
}

impl SendBack {
    pub fn read(taking: Taking, posted: &Posted, to_county: bool) -> Result<Self, Refusal> {
        let asked = posted.fields().filter(|(name, _)| name.starts_with(field::QUESTION));
        let questions = asked.map(|(name, text)| (name.to_owned(), domain::entry::clean(text))).collect();
        Ok(Self { taking, to_county, reason: reason(posted)?, questions })
    }

    /// What is asked about each figure that was handed in: goal, region, question.
    fn asked(&self, report: &Report) -> Result<Vec<(String, String, String)>, Refusal> {
        let mut asked = Vec::new();
        let form = Form::handed_in(report);
        for line in form.lines {
            let name = question_name(&line);
            let Some((_, question)) = self.questions.iter().find(|(known, _)| *known == name) else { continue };
            if question.chars().count() > TEXT_LIMIT {
                let sentence = format!("对{}的疑问超过 {TEXT_LIMIT} 字，请缩短", line.row_name());
                return Err(Refusal::field(&name, sentence));
            }
            if !question.trim().is_empty() {
                asked.push((line.goal, line.region, question.trim().to_owned()));
            }
        }
        for line in form.projects {
            let name = project_question_name(&line.id);
            let Some((_, question)) = self.questions.iter().find(|(known, _)| *known == name) else { continue };
            if question.chars().count() > TEXT_LIMIT {
                let sentence = format!("对“{}”的疑问超过 {TEXT_LIMIT} 字，请缩短", line.name);
                return Err(Refusal::field(&name, sentence));
            }
            if !question.trim().is_empty() {
                asked.push((sheet::GOAL.to_owned(), line.id, question.trim().to_owned()));
            }
        }
        Ok(asked)
    }
}

#[async_trait]
impl Command for SendBack {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let step = if self.to_county { Step::SendBackToCounty } else { Step::SendBackToReporter };
        let key = &self.taking.report;
        let report = open(ledger, who, key, step).await?;
        let mut new = self.taking.step(step);
        new.questions = if self.to_county { self.asked(&report)? } else { Vec::new() };
        new.reason = Some(self.reason.clone());
        take(ledger, who, report.office(), key, new).await
    }
}
