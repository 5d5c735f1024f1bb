//! What the office asks of the place where facts are kept. `store` answers; every port sees one state of the database.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use domain::letterhead::Letterhead;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::policy::notice::{ClaimNotice, ClaimObjection};
use domain::recognition::Recognition;
use domain::returns::{BureauFigure, Figure, Figures, ReturnRow};
use domain::selection::edition::SelectionEdition;
use domain::selection::record::Step;
use domain::watched::Watched;

use crate::facts::*;
use crate::projects::{Contact, KnownProject, Leaving, Matter, Meeting, Node, Projects, Term, Visit};
use crate::refusal::Refusal;
use crate::rows::Entry;
use crate::viewer::Account;
use crate::who::Who;

/// Reading: a page's load is one of these, and so is a command's look around inside its own transaction.
#[async_trait]
pub trait Facts: Send {
    /// The last change of what is in force or published.
    async fn facts_head(&mut self) -> Result<i64, Unavailable>;
    async fn is_demo(&mut self) -> Result<bool, Unavailable>;
    /// The newest version of every plan that can be read, in the order of their first import.
    async fn plans(&mut self) -> Result<Vec<PlanVersion>, Unavailable>;
    /// The plans that cannot be read.
    async fn unreadable_plans(&mut self) -> Result<Vec<UnreadablePlan>, Unavailable>;
    /// The newest version, its rules as the office chose to read them.
    async fn plan(&mut self, id: &str) -> Result<Option<PlanVersion>, Unavailable>;
    /// All versions, oldest first; empty for an unknown plan.
    async fn plan_versions(&mut self, id: &str) -> Result<Vec<PlanVersion>, Unavailable>;
    /// Whether anything was reported or stated under a plan: a revision then waits for a second person.
    async fn is_plan_running(&mut self, plan: &str) -> Result<bool, Unavailable>;
    /// The last step of a plan's proposed revisions.
    async fn plan_proposal(&mut self, plan: &str) -> Result<Option<PlanProposal>, Unavailable>;
    /// The figures in force of a plan, with the bureau's beside them.
    async fn figures(&mut self, plan: &str) -> Result<Figures, Unavailable>;
    /// Those of some cells at least, goal and region, and of them the counties' alone.
    async fn figures_of(&mut self, plan: &str, cells: &BTreeSet<(String, String)>) -> Result<Figures, Unavailable>;
    /// The figures that the newest edition of each period holds.
    async fn published_figures(&mut self, plan: &Plan) -> Result<Figures, Unavailable>;
    /// Those in force of some cells at least, goal and region, with what the unit has submitted for other periods and
    /// is not approved yet.
    async fn figures_for_form(
        &mut self,
        key: &ReportKey,
        cells: &BTreeSet<(String, String)>,
    ) -> Result<Figures, Unavailable>;
    /// Every revision of a plan's figures (of one region, where named), oldest first within a cell.
    async fn revisions(&mut self, plan: &str, region: Option<&str>) -> Result<Vec<ReturnRevision>, Unavailable>;
    /// The revision in force of a row's cell, a withdrawn one included.
    async fn in_force(&mut self, plan: &str, row: &ReturnRow) -> Result<Option<(i64, Figure)>, Unavailable>;
    /// The cells of a plan whose figure was taken back, with the revision that says so.
    async fn withdrawn(&mut self, plan: &str) -> Result<Vec<ReturnRevision>, Unavailable>;
    /// The figure that a revision replaced.
    async fn before(&mut self, plan: &str, row: &ReturnRow, revision: i64) -> Result<Option<Figure>, Unavailable>;
    /// What a step of a return put in force, with the revisions' numbers.
    async fn put_by_step(&mut self, key: &ReportKey, version: i64) -> Result<Vec<(ReturnRow, i64)>, Unavailable>;
    /// The units that have a figure in force of a goal of the rhythm of each of some rounds.
    async fn units_in_force(
        &mut self,
        plan: &Plan,
        rounds: &[Round],
    ) -> Result<BTreeMap<Round, HashSet<String>>, Unavailable>;
    /// The newest version of every box.
    async fn drafts(&mut self, key: &ReportKey) -> Result<Vec<Draft>, Unavailable>;
    /// Every version of every box, oldest first within a box.
    async fn typed(&mut self, key: &ReportKey) -> Result<Vec<Draft>, Unavailable>;
    /// What a box held in one of its versions.
    async fn draft_in(&mut self, key: &ReportKey, cell: &str, version: i64) -> Result<Option<Draft>, Unavailable>;
    /// The rounds of a plan in which a return is on its way: handed in and not approved, or sent back.
    async fn rounds_under_way(&mut self, plan: &str) -> Result<Vec<Round>, Unavailable>;
    /// What [`crate::publishing::moved`] finds of a plan as it stands.
    async fn moved(&mut self, plan: &Plan) -> Result<Vec<(Period, Vec<String>)>, Unavailable>;
    /// What is known of some rounds of a plan, each of them.
    async fn round_facts(&mut self, plan: &Plan, rounds: &[Round]) -> Result<BTreeMap<Round, RoundFacts>, Unavailable>;
    /// Every version of every figure's box that was typed for a round, in the order of their writing, with its unit.
    async fn typed_figures(&mut self, plan: &str, round: &Round) -> Result<Vec<(String, Draft)>, Unavailable>;
    async fn steps(&mut self, key: &ReportKey) -> Result<Vec<StepRecord>, Unavailable>;
    /// The return and version of the step that was taken with this key.
    async fn step_with_key(&mut self, key: &str) -> Result<Option<(ReportKey, i64)>, Unavailable>;
    /// Whether an edition of the plan came out after a step.
    async fn is_published_since(&mut self, key: &ReportKey, version: i64) -> Result<bool, Unavailable>;
    /// What was said about the returns of a plan, or about one of them, oldest first within each.
    async fn messages(&mut self, plan: &str, of: Option<&ReportKey>) -> Result<Vec<Message>, Unavailable>;
    async fn questions(&mut self, key: &ReportKey) -> Result<Vec<Question>, Unavailable>;
    async fn true_ups(&mut self, key: &ReportKey) -> Result<Vec<TrueUp>, Unavailable>;
    /// The newest 补报 of a return, with its version.
    async fn exception(&mut self, key: &ReportKey) -> Result<Option<Exception>, Unavailable>;
    /// The newest record of the bureau about one unit.
    async fn bureau_figure(
        &mut self,
        plan: &str,
        goal: &str,
        region: &str,
        period: Period,
    ) -> Result<Option<BureauFigure>, Unavailable>;
    /// The newest version of every watched figure of a plan.
    async fn watched(&mut self, plan: &str) -> Result<Watched, Unavailable>;
    async fn editions(&mut self) -> Result<Vec<EditionSummary>, Unavailable>;
    /// The newest edition of each plan.
    async fn newest_editions(&mut self) -> Result<Vec<Arc<Edition>>, Unavailable>;
    /// The units that have handed in, or had figures imported, of one period of each of some plans, with the plan.
    async fn handed_in(&mut self, of: &[(String, Period)]) -> Result<Vec<(String, String)>, Unavailable>;
    /// One edition, or the newest of the period.
    async fn edition(
        &mut self,
        plan: &str,
        period: Period,
        edition: Option<u32>,
    ) -> Result<Option<Arc<Edition>>, Unavailable>;
    async fn receipts(&mut self, plan: &str, period: Period, edition: u32) -> Result<Vec<EditionReceipt>, Unavailable>;
    /// All editions of all publications besides bulletins, newest first.
    async fn publications(&mut self) -> Result<Vec<PublicationSummary>, Unavailable>;
    /// All that stood before the public of claims, oldest first.
    async fn claim_notices(&mut self) -> Result<Arc<Vec<(PublicationSummary, ClaimNotice)>>, Unavailable>;
    /// All editions of all selections, oldest first.
    async fn selection_editions(&mut self) -> Result<Arc<Vec<(PublicationSummary, SelectionEdition)>>, Unavailable>;
    /// One edition of a publication, or its newest.
    async fn publication(
        &mut self,
        key: &PublicationKey,
        edition: Option<u32>,
    ) -> Result<Option<Publication>, Unavailable>;
    async fn publication_receipts(
        &mut self,
        key: &PublicationKey,
        edition: u32,
    ) -> Result<Vec<EditionReceipt>, Unavailable>;
    /// The letterhead of an edition with its version; the version is 0 before anybody wrote one.
    async fn letterhead(
        &mut self,
        plan: &str,
        period: Period,
        edition: u32,
    ) -> Result<(Option<Letterhead>, i64), Unavailable>;
    async fn letterhead_to_start_from(&mut self, plan: &str) -> Result<Letterhead, Unavailable>;
    /// Every choice of a reading of a plan, oldest first.
    async fn readings(&mut self, plan: &str) -> Result<Vec<ReadingChoice>, Unavailable>;
    /// Every choice of the average that judges a goal, by goal, oldest first.
    async fn average_choices(&mut self, plan: &str) -> Result<Vec<AverageChoice>, Unavailable>;
    async fn year_end(&mut self, plan: &str, goal: &str, year: i32) -> Result<YearEnd, Unavailable>;
    /// All objections of a plan and year, whatever their goal, by number.
    async fn objections(&mut self, plan: &str, year: i32) -> Result<Vec<ObjectionRecord>, Unavailable>;
    /// The files of a plan (of one subject, where named by its id), by number; those that were withdrawn too.
    async fn evidence(&mut self, plan: &str, subject: Option<&str>) -> Result<Vec<Evidence>, Unavailable>;
    /// Every file of the site that waits for somebody to empty it or leave it, by plan and number.
    async fn pending_erasures(&mut self) -> Result<Vec<PendingErasure>, Unavailable>;
    /// What stands about the emptying of a file, and of others with its content, by its SHA-256.
    async fn erasure_of(&mut self, plan: &str, number: i64, sha256: &str) -> Result<Sharing, Unavailable>;
    /// What was recorded of a plan's dated tasks, oldest first.
    async fn task_steps(&mut self, plan: &str) -> Result<Vec<TaskStep>, Unavailable>;
    /// What was recorded of the claims of a plan's year: the steps of each in their order.
    async fn claim_steps(&mut self, plan: &str, year: i32) -> Result<Vec<ClaimStep>, Unavailable>;
    /// The same of all years of a plan that have any, by year.
    async fn claim_years(&mut self, plan: &str) -> Result<BTreeMap<i32, Vec<ClaimStep>>, Unavailable>;
    /// The objections to the claims of a plan's year, by claim and number.
    async fn claim_objections(&mut self, plan: &str, year: i32) -> Result<Vec<ClaimObjection>, Unavailable>;
    /// What was recorded of a plan's funds: the steps of each entry in their order.
    async fn fund_steps(&mut self, plan: &str) -> Result<Vec<FundStep>, Unavailable>;
    /// What was recorded of the seats of a plan's bodies: the steps of each in their order.
    async fn body_steps(&mut self, plan: &str) -> Result<Vec<SeatStep>, Unavailable>;
    /// The newest version of every recognition of an office's lists, by number.
    async fn recognitions(&mut self, office: &str) -> Result<Vec<Recognition>, Unavailable>;
    /// What was recorded of a selection's year, by nomination and version.
    async fn selection_steps(&mut self, plan: &str, selection: &str, year: i32) -> Result<Vec<Step>, Unavailable>;
    /// What the office picked of the units' texts for the bulletin of a period: the newest version of each, by number.
    async fn text_picks(&mut self, plan: &str, period: Period) -> Result<Vec<TextPick>, Unavailable>;
    /// An office's library of projects by number; of reports those of a year, with those before it that say how a
    /// project stood then and since when it stands still; or all.
    async fn projects(&mut self, office: &str, year: Option<i32>) -> Result<Projects, Unavailable>;
    /// One project with all that was ever reported of it.
    async fn project(&mut self, office: &str, id: &str) -> Result<Option<KnownProject>, Unavailable>;
    /// The library without what one account wrote at one moment (UTC milliseconds): as it was before that.
    async fn projects_without(&mut self, office: &str, at: i64, account: i64) -> Result<Projects, Unavailable>;
    /// Who was in charge of an office's projects, or of one of them.
    async fn terms(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Term>, Unavailable>;
    /// 联系人 of its projects, or of one of them, by number.
    async fn contacts(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Contact>, Unavailable>;
    /// Visits to its projects, or to one of them.
    async fn visits(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Visit>, Unavailable>;
    /// Nodes of its projects, or of one of them: the newest version of each, by number.
    async fn nodes(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Node>, Unavailable>;
    /// The newest step of each application to leave a year's list.
    async fn leaves(&mut self, office: &str) -> Result<Vec<Leaving>, Unavailable>;
    /// Its meetings about projects, by number.
    async fn meetings(&mut self, office: &str) -> Result<Vec<Meeting>, Unavailable>;
    /// Its matters, by number.
    async fn matters(&mut self, office: &str) -> Result<Vec<Matter>, Unavailable>;
    async fn is_closed(&mut self, plan: &str, goal: &str, year: i32) -> Result<bool, Unavailable>;
    /// The goals of a plan that anything was reported or stated for.
    async fn used_goals(&mut self, plan: &str) -> Result<Vec<String>, Unavailable>;
    /// Whether anything was typed or handed in in a rhythm.
    async fn is_rhythm_used(&mut self, plan: &str, rhythm: &str) -> Result<bool, Unavailable>;
    /// Whether a unit of a plan has reported, typed or been stated anything.
    async fn is_unit_used(&mut self, plan: &str, region: &str) -> Result<bool, Unavailable>;
    async fn posts(&mut self) -> Result<Vec<HeldPost>, Unavailable>;
    async fn accounts(&mut self) -> Result<Vec<Account>, Unavailable>;
    async fn account(&mut self, id: i64) -> Result<Option<Account>, Unavailable>;
    /// How many of an account's long exports are not finished.
    async fn open_jobs(&mut self, account: i64) -> Result<usize, Unavailable>;
    /// The newest value of a setting, with its version.
    async fn setting_version(&mut self, name: &str) -> Result<Option<(String, i64)>, Unavailable>;
    /// The last time the chain was proved up to, and when.
    async fn last_proof(&mut self) -> Result<Option<Proof>, Unavailable>;
}

/// Reading and writing: what a command gets, one transaction from its first look to its audit row.
#[async_trait]
pub trait Ledger: Facts {
    /// Appends an audit row and everything it covers; returns its number. Refuses where the session that asked has
    /// ended.
    async fn append(&mut self, who: &Who, entry: Entry) -> Result<i64, Refusal>;
    /// Proves the chain since the last proof and every row that an edition of this plan and period rests on against the
    /// entry that wrote it, whatever its age; the refusal says what was altered in the words of `verify`.
    async fn prove(&mut self, plan: &str, period: Period) -> Result<ProvedHead, Refusal>;
    /// Adds a long export to those that wait; old finished ones are cleared on this occasion. Holds no fact.
    async fn add_job(&mut self, job: NewJob) -> Result<(), Unavailable>;
}
