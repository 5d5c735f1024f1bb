//! Addresses of pages and files: the one place that spells them.

use domain::evidence::Subject;
use domain::month::Period;
use domain::plan::Round;
use domain::selection::edition::SelectionEdition;
use office::facts::{EditionSummary, PublicationKey, PublicationSummary};

pub(crate) fn plan(plan: &str) -> String {
    format!("/plans/{plan}")
}

pub(crate) fn bulletin(plan: &str, period: Period) -> String {
    format!("/bulletins/{plan}/{period}")
}

pub fn edition(plan: &str, period: Period, edition: u32) -> String {
    format!("/bulletins/{plan}/{period}/e{edition}")
}

pub(crate) fn rank(plan: &str, period: Period) -> String {
    format!("/rank/{plan}/{period}")
}

/// All goals of a plan at a period.
pub fn progress(plan: &str, period: Period) -> String {
    format!("/progress/{plan}/{period}")
}

/// The dated tasks of a plan.
pub fn tasks(plan: &str) -> String {
    format!("/tasks/{plan}")
}

/// What a plan promises, with a calculator.
pub fn policies(plan: &str) -> String {
    format!("/policies/{plan}")
}

/// The claims of a plan's year.
pub fn claims(plan: &str, year: &str) -> String {
    format!("/claims/{plan}/{}", encode(year))
}

/// Movements of a ledger from a workbook.
pub fn fund_import(plan: &str) -> String {
    format!("/funds/{plan}/import")
}

/// What the claims of a year cost under another budget.
pub fn claim_budget(plan: &str, year: i32) -> String {
    format!("/claims/{plan}/{year}/budget")
}

/// The notice that puts claims before the public.
pub fn claim_notice(plan: &str, year: i32, number: u32, on: chrono::NaiveDate) -> String {
    format!("/publications/{plan}/claims/{year}-{number}/{}", on.format("%Y-%m"))
}

/// What a plan chooses in the open.
pub fn selections(plan: &str) -> String {
    format!("/selections/{plan}")
}

/// A selection's year.
pub fn selection(plan: &str, selection: &str, year: i32) -> String {
    format!("/selections/{plan}/{}/{year}", encode(selection))
}

/// Where nominations and scores of a selection's year come from a workbook.
pub fn selection_import(plan: &str, id: &str, year: i32) -> String {
    format!("{}/import", selection(plan, id, year))
}

/// The blank of such a file: `nominations` or `scores`.
pub fn selection_blank(plan: &str, id: &str, year: i32, file: &str) -> String {
    format!("/export/selections/{plan}.{}.{year}.{file}.xlsx", encode(id))
}

/// A notice of a selection, or its final list.
pub fn selection_edition(edition: &SelectionEdition, on: chrono::NaiveDate) -> String {
    format!("/publications/{}/selection/{}/{}", edition.plan, edition.key(), on.format("%Y-%m"))
}

/// The ledgers of a plan's funds.
pub fn funds(plan: &str) -> String {
    format!("/funds/{plan}")
}

/// The members of a plan's leading groups, task forces and offices.
pub fn rosters(plan: &str) -> String {
    format!("/rosters/{plan}")
}

/// The lists of recognised firms of a plan's office.
pub fn lists(plan: &str) -> String {
    format!("/lists/{plan}")
}

/// All that is known of a firm in one's own office.
pub fn firm(named: domain::firms::Named<'_>) -> String {
    format!("/firms/{}", domain::firms::address(named))
}

/// The library of projects as a plan sees it.
pub fn projects(plan: &str) -> String {
    format!("/projects/{plan}")
}

/// A part of it: `lag`, `matters`, `import`, `new`.
pub fn projects_part(plan: &str, part: &str) -> String {
    format!("/projects/{plan}/{part}")
}

/// The ledger sheet of one project.
pub fn project(plan: &str, project: &str) -> String {
    format!("/projects/{plan}/{}", encode(project))
}

/// Meetings about projects.
pub fn meetings(plan: &str) -> String {
    format!("/meetings/{plan}")
}

pub(crate) fn unit(plan: &str, region: &str) -> String {
    format!("/units/{plan}/{}", encode(region))
}

pub(crate) fn assess(plan: &str, period: Period) -> String {
    format!("/assess/{plan}?period={period}")
}

pub(crate) fn assess_unit(plan: &str, region: &str, period: Period) -> String {
    format!("/assess/{plan}/{}?period={period}", encode(region))
}

/// The form of a unit; its parts are `…/check`, `…/receipt`, `…/history`.
pub fn report(plan: &str, round: &Round, unit: &str) -> String {
    format!("/report/{plan}/{round}/{}", encode(unit))
}

/// Where files are attached to what is reported under a plan.
pub fn evidence(plan: &str) -> String {
    format!("/evidence/{plan}")
}

/// One of them.
pub fn evidence_file(plan: &str, number: i64) -> String {
    format!("/evidence/{plan}/{number}")
}

/// Where the files of a subject stand on its page.
pub fn evidence_id(subject: &Subject, unit: &str) -> String {
    let id = match subject {
        Subject::Return(_) => "return".to_owned(),
        Subject::Correction(_) => "correction".to_owned(),
        Subject::SelfAssessment { .. } => "self".to_owned(),
        Subject::Objection { year, number } => format!("objection-{year}-{number}"),
        Subject::Task(task) => format!("task-{}-{}", encode(task), encode(unit)),
        Subject::Claim { year, number } => format!("claim-{year}-{number}"),
    };
    format!("evidence-{id}")
}

/// 异议 under a plan.
pub fn objections(plan: &str) -> String {
    format!("/assess/{plan}/objections")
}

/// The watched figures of a plan: a unit's own form, or all units.
pub fn watch(plan: &str) -> String {
    format!("/watch/{plan}")
}

/// Those of one unit.
pub fn watch_unit(plan: &str, unit: &str) -> String {
    format!("/watch/{plan}/{}", encode(unit))
}

pub fn publish(plan: &str, period: Period) -> String {
    format!("/publish/{plan}/{period}")
}

/// The comparison of a quarter before it is frozen.
pub fn publish_comparison(plan: &str, period: Period, id: &str) -> String {
    format!("/publish/{plan}/{period}/{id}")
}

/// A publication besides the plan's bulletin, one edition of it.
pub fn publication(key: &PublicationKey, edition: u32) -> String {
    let PublicationKey { plan, kind, subject, period } = key;
    format!("/publications/{plan}/{}/{subject}/{period}/e{edition}", kind.id())
}

/// A file of a publication.
pub(crate) fn publication_file(summary: &PublicationSummary, ending: &str) -> String {
    let PublicationKey { plan, kind, subject, period } = &summary.key;
    format!("/export/publication/{plan}.{}.{subject}.{period}.e{}.{ending}", kind.id(), summary.edition)
}

pub fn review(plan: &str, round: &Round) -> String {
    format!("/review/{plan}/{round}")
}

/// The units' texts of a round.
pub fn review_texts(plan: &str, round: &Round) -> String {
    format!("{}/texts", review(plan, round))
}

pub fn review_unit(plan: &str, round: &Round, unit: &str) -> String {
    format!("/review/{plan}/{round}/{}", encode(unit))
}

/// The CSV of a table or chart of an edition; a preview, which has no place in the trail yet, has no files.
pub(crate) fn edition_csv(edition: &EditionSummary, what: &str) -> Option<String> {
    let EditionSummary { plan, period, edition: number, .. } = edition;
    (edition.audit_seq > 0).then(|| format!("/export/bulletin/{plan}.{period}.e{number}.{what}.csv"))
}

/// Percent-encodes a path segment: region ids can be Chinese names.
pub fn encode(segment: &str) -> String {
    segment
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Where a unit's sources stand on the page of a bulletin.
pub(crate) fn source_id(region: &str) -> String {
    format!("source-{region}")
}
