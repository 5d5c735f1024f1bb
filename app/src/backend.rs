//! What pages may ask of the outside: load a scope. `server` implements it; `app` knows no SQL and no axum state.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::budget::Budget;
use domain::evidence::{FileStep, Subject};
use domain::fund;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::policy::notice::{ClaimObjection, Published};
use domain::projects::Entry;
use domain::recognition::Recognition;
use domain::selection::edition;
use domain::selection::record::Step;
use domain::watched::Watched;
use leptos::prelude::{Owner, use_context};
use office::access::{AccessRequest, Notice, WaitingRoster};
use office::commands::save_draft::SaveDraft;
use office::facts::*;
use office::portfolio::PlanLine;
use office::projects::{Contact, KnownProject, Leaving, Matter, Meeting, Node, Projects, Term, Visit};
use office::refusal::Refusal;
use office::viewer::{Account, SessionSummary, Viewer};
use office::worksheet::Worksheet;

use crate::wire::Paste;

/// What a pasted block would put where, worked out within a budget.
pub type PasteWork = Box<dyn FnOnce(Budget<'_>) -> Result<Paste, String> + Send>;

/// Everything a page can load, as far as whoever asks may see it.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Who is asking.
    fn viewer(&self) -> Option<&Viewer>;
    /// A random key for one rendering of a form.
    fn fresh_key(&self) -> String;
    /// UTC milliseconds: the clock of this request.
    fn now(&self) -> i64;
    /// A unit's return; `None` where the plan or its unit is not known.
    async fn report(&self, key: &ReportKey) -> Result<Option<Report>, Unavailable>;
    /// All that was ever typed into a return, oldest first within a box.
    async fn typed(&self, key: &ReportKey) -> Result<Vec<Draft>, Unavailable>;
    /// Where all units of a plan that owe something in a round stand in it, in the plan's order.
    async fn unit_states(&self, plan: &Plan, rounds: &[Round]) -> Result<Vec<Vec<UnitState>>, Unavailable>;
    /// A round's returns beside what they are compared with: for the office.
    async fn worksheet(&self, plan: &Plan, round: &Round) -> Result<Worksheet, Unavailable>;
    /// A plan's watched figures: all of them for its office and leaders, its own for a unit, none for anybody else.
    async fn watched(&self, plan: &Plan) -> Result<Watched, Unavailable>;
    /// Saves boxes, all or none; returns the newest version of each.
    async fn save_drafts(&self, command: SaveDraft) -> Result<Vec<Draft>, Refusal>;
    /// The next edition of a period as it would be frozen now.
    async fn proposal(&self, plan: &Plan, period: Period) -> Result<Proposal, Unavailable>;
    /// The next edition of a quarter's comparison as it would be frozen now.
    async fn comparison_proposal(
        &self,
        plan: &Plan,
        id: &str,
        period: Period,
    ) -> Result<ComparisonProposal, Unavailable>;
    /// All editions of what is published besides bulletins, newest first.
    async fn publications(&self) -> Result<Vec<PublicationSummary>, Unavailable>;
    /// One edition of a publication, or its newest.
    async fn publication(&self, key: &PublicationKey, edition: Option<u32>)
    -> Result<Option<Publication>, Unavailable>;
    /// Who has signed for it, as [`Backend::receipts`].
    async fn publication_receipts(
        &self,
        plan: &Plan,
        key: &PublicationKey,
        edition: u32,
    ) -> Result<Vec<EditionReceipt>, Unavailable>;
    /// Every choice of a reading of a plan's rules, oldest first.
    async fn readings(&self, plan: &str) -> Result<Vec<ReadingChoice>, Unavailable>;
    /// Who has signed for an edition, oldest first: all of them for the office, his own for everybody else.
    async fn receipts(&self, plan: &Plan, period: Period, edition: u32) -> Result<Vec<EditionReceipt>, Unavailable>;
    /// The viewer's own long exports, newest first.
    async fn jobs(&self) -> Result<Vec<ExportJob>, Unavailable>;
    /// The letterhead of an edition; `None` where there is no such edition.
    async fn letterhead(
        &self,
        plan: &str,
        period: Period,
        edition: u32,
    ) -> Result<Option<LetterheadState>, Unavailable>;
    /// Every choice of the average that judges a goal, by goal, oldest first: the office's alone.
    async fn average_choices(&self, plan: &Plan) -> Result<Vec<AverageChoice>, Unavailable>;
    /// The year's end: everything for the office, its own for a unit; for others what a confirmed closing froze.
    async fn year_end(&self, plan: &Plan, goal: &str, year: i32) -> Result<YearEnd, Unavailable>;
    /// Assessments that were closed at `since` (UTC milliseconds) or later, newest first.
    async fn closed_results(&self, since: i64) -> Result<Vec<ClosedResult>, Unavailable>;
    /// The steps of a plan's dated tasks: all of them for the office, its own for a unit, none for others.
    async fn task_steps(&self, plan: &Plan) -> Result<Vec<TaskStep>, Unavailable>;
    /// The files of a plan, or of one subject: its own for a unit, what was handed in for the office, none for others.
    async fn evidence(&self, plan: &Plan, subject: Option<&Subject>) -> Result<Vec<Evidence>, Unavailable>;
    /// The files of a plan that wait for the viewer to empty or leave them.
    async fn pending_erasures(&self, plan: &Plan) -> Result<Vec<PendingErasure>, Unavailable>;
    /// As what the viewer's next file would come to a subject; the inner error says why none is taken; `None` for
    /// whoever attaches none.
    async fn takes_evidence(
        &self,
        plan: &Plan,
        subject: &Subject,
        unit: &str,
    ) -> Result<Option<Result<FileStep, String>>, Unavailable>;
    /// The steps of a year's claims of support: all of them for the office and the finance post; its own for a unit,
    /// without the firms' tax figures and what rests on them; none for others.
    async fn claim_steps(&self, plan: &Plan, year: i32) -> Result<Vec<ClaimStep>, Unavailable>;
    /// The same of all years of the plan that have any.
    async fn claim_years(&self, plan: &Plan) -> Result<BTreeMap<i32, Vec<ClaimStep>>, Unavailable>;
    /// Objections to the year's claims, for whoever sees all of them.
    async fn claim_objections(&self, plan: &Plan, year: i32) -> Result<Vec<ClaimObjection>, Unavailable>;
    /// The notices that put the year's claims before the public, oldest first.
    async fn claim_notices(&self, plan: &Plan, year: i32) -> Result<Vec<Published>, Unavailable>;
    /// Those of the other offices of this site, oldest first.
    async fn claim_notices_of_others(&self, plan: &Plan) -> Result<Vec<Published>, Unavailable>;
    /// The steps of a selection's year: all of them for the office, a unit's own nominations; for others how it
    /// chooses.
    async fn selection_steps(&self, plan: &Plan, selection: &str, year: i32) -> Result<Vec<Step>, Unavailable>;
    /// What a selection's year put before the public, oldest first.
    async fn selection_editions(
        &self,
        plan: &Plan,
        selection: &str,
        year: i32,
    ) -> Result<Vec<edition::Published>, Unavailable>;
    /// The entries of a plan's funds, for whoever sees them; none for others.
    async fn fund_records(&self, plan: &Plan) -> Result<Vec<fund::record::Record>, Unavailable>;
    /// What the funds that the plan publishes come to at the end of a day, by their ids: sums alone, for anybody.
    async fn fund_sums(&self, plan: &Plan, day: NaiveDate) -> Result<Vec<(String, fund::Standing)>, Unavailable>;
    /// What was recorded of the seats of a plan's bodies, for anybody: who leads them is published.
    async fn body_steps(&self, plan: &Plan) -> Result<Vec<SeatStep>, Unavailable>;
    /// The lists of recognised firms of a plan's office: all of them for the office, its own firms for a unit.
    async fn recognitions(&self, plan: &Plan) -> Result<Vec<Recognition>, Unavailable>;
    /// What the office picked of the units' texts for a bulletin: the office's alone until it is published.
    /// What was said about the returns of a plan, or about one of them: its own for a unit, all for the office.
    async fn messages(&self, plan: &Plan, of: Option<&ReportKey>) -> Result<Vec<Message>, Unavailable>;
    async fn text_picks(&self, plan: &Plan, period: Period) -> Result<Vec<TextPick>, Unavailable>;
    /// The projects of a plan's office as far as he may see them: all for the office, its own for a unit, an official's
    /// own, none for anybody else. Of reports those of a year with what was before it, or all.
    async fn projects(&self, plan: &Plan, year: Option<i32>) -> Result<Projects, Unavailable>;
    /// One of them with all that was ever reported of it.
    async fn project(&self, plan: &Plan, id: &str) -> Result<Option<KnownProject>, Unavailable>;
    /// Who was in charge of them, or of one of them.
    async fn terms(&self, plan: &Plan, project: Option<&str>) -> Result<Vec<Term>, Unavailable>;
    /// 联系人 of those of them that he keeps or is the official of; `None` where there is none such.
    async fn contacts(&self, plan: &Plan, of: &[&Entry]) -> Result<Option<Vec<Contact>>, Unavailable>;
    /// Visits to one of them.
    async fn visits(&self, plan: &Plan, project: Option<&str>) -> Result<Vec<Visit>, Unavailable>;
    /// Nodes of what somebody sees, or of one project.
    async fn nodes(&self, plan: &Plan, project: Option<&str>) -> Result<Vec<Node>, Unavailable>;
    /// Applications to leave a list, of what somebody sees.
    async fn leaves(&self, plan: &Plan) -> Result<Vec<Leaving>, Unavailable>;
    /// Meetings about any of them.
    async fn meetings(&self, plan: &Plan) -> Result<Vec<Meeting>, Unavailable>;
    /// Matters of any of them, and those that his unit owns.
    async fn matters(&self, plan: &Plan) -> Result<Vec<Matter>, Unavailable>;
    /// The last change of what is in force: commands that rest on it name it.
    async fn facts_head(&self) -> Result<i64, Unavailable>;
    async fn posts(&self) -> Result<Vec<HeldPost>, Unavailable>;
    /// Posts that are nobody's any more, the last one first.
    async fn retired_posts(&self) -> Result<Vec<RetiredPost>, Unavailable>;
    /// 花名册 that waits for its posts.
    async fn waiting_roster(&self) -> Result<Option<WaitingRoster>, Unavailable>;
    async fn accounts(&self) -> Result<Vec<Account>, Unavailable>;
    async fn sessions(&self, account: i64) -> Result<Vec<SessionSummary>, Unavailable>;
    async fn policies(&self) -> Result<Policies, Unavailable>;
    /// What the office signs packs and heads with, as it is printed; `None` where the key file cannot be used.
    fn public_key(&self) -> Option<String>;
    /// The audit trail from `before` downwards, newest first.
    async fn audit(
        &self,
        before: Option<i64>,
        action: Option<&str>,
        find: &str,
    ) -> Result<Vec<AuditEntry>, Unavailable>;
    /// Who of an office looked at figures that may not be published, newest first.
    async fn viewings(&self, of: &ViewingsOf) -> Result<Vec<Viewing>, Unavailable>;
    /// The viewer's seed for an authenticator app that no code has proved yet, and its picture.
    async fn offered_seed(&self) -> Result<Option<(String, Option<String>)>, Unavailable>;
    /// Changes of who gets in that wait for a second person, oldest first.
    async fn access_requests(&self) -> Result<Vec<AccessRequest>, Unavailable>;
    /// What the viewer has not been told yet about log-ins, newest first.
    async fn notices(&self) -> Result<Vec<Notice>, Unavailable>;
    /// How many log-ins failed that the trail does not sum up yet, and the most frequent by account and address.
    async fn failed_log_ins(&self) -> Result<(i64, Vec<FailedLogIns>), Unavailable>;
    /// Whose one-time link this is: the outer `None` for none that lives.
    async fn link(&self, token: &str) -> Result<Option<Option<Account>>, Unavailable>;
    /// The newest version of every plan.
    async fn plans(&self) -> Result<Vec<PlanVersion>, Unavailable>;
    /// The plans whose newest version this program does not understand.
    async fn unreadable_plans(&self) -> Result<Vec<UnreadablePlan>, Unavailable>;
    /// 总览: every plan in one line, those of the viewer's own office first.
    async fn portfolio(&self) -> Result<Vec<PlanLine>, Unavailable>;
    /// All versions of a plan, oldest first; empty for an unknown plan.
    async fn plan_versions(&self, plan: &str) -> Result<Vec<PlanVersion>, Unavailable>;
    /// The revision of a plan that waits for a second person: the office's alone.
    async fn plan_proposal(&self, plan: &Plan) -> Result<Option<PlanProposal>, Unavailable>;
    /// The goals of a plan that anything was reported or stated for, for whoever edits it.
    async fn used_goals(&self, plan: &Plan) -> Result<Vec<String>, Unavailable>;
    async fn facts(&self, plan: &str) -> Result<Option<Facts>, Unavailable>;
    /// Every revision of one unit's figures, oldest first within a period.
    async fn revisions(&self, plan: &str, region: &str) -> Result<Vec<ReturnRevision>, Unavailable>;
    /// All editions, newest period and edition first.
    async fn editions(&self) -> Result<Vec<EditionSummary>, Unavailable>;
    /// The periods of a plan whose newest edition no longer says what is in force, with the units that moved: the
    /// office's alone.
    async fn moved(&self, plan: &Plan) -> Result<Vec<(Period, Vec<String>)>, Unavailable>;
    /// The rounds of a plan in which a return is on its way: handed in and not approved, or sent back.
    async fn rounds_under_way(&self, plan: &str) -> Result<Vec<Round>, Unavailable>;
    /// One edition, or the newest of the period.
    async fn edition(
        &self,
        plan: &str,
        period: Period,
        edition: Option<u32>,
    ) -> Result<Option<Arc<Edition>>, Unavailable>;
    /// Whether the figures are made up.
    async fn is_demo(&self) -> Result<bool, Unavailable>;
    /// Reads a pasted block in its turn, as long as somebody waits for it.
    async fn paste(&self, work: PasteWork) -> Result<Paste, String>;
    /// The calendar's days off.
    fn holidays(&self) -> &domain::holidays::Holidays;
}

/// The backend of the request being answered.
pub fn backend() -> Arc<dyn Backend> {
    debug_assert!(Owner::current().is_some(), "only pages ask the backend");
    use_context::<Arc<dyn Backend>>().expect("the server provides the backend to every request")
}
