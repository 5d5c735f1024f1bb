//! The office's ports on a transaction: reads pass on, an entry is appended with all it covers. A failure goes to the
//! log once, here, under the reference that the reader sees.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

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
use office::commands::Command;
use office::facts::*;
use office::ports::{Facts, Ledger};
use office::projects::{Contact, KnownProject, Leaving, Matter, Meeting, Node, Projects, Term, Visit};
use office::refusal::Refusal;
use office::rows::Entry;
use office::viewer::Account;
use office::who::Who;
use serde_json::json;

use super::kept::kept;
use super::{
    Store, StoreError, Transaction, Writer, contacts, editions, evidence, is_busy, is_lost, is_read_only, plans,
    returns, rows,
};

/// Logs a failure and gives the reader a number to quote.
pub fn unavailable(error: &StoreError) -> Unavailable {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let reference = format!("{:X}-{count:X}", chrono::Utc::now().timestamp());
    tracing::error!(reference, %error, "store");
    let why = match error {
        StoreError::Uncertain(_) => Why::Uncertain,
        StoreError::Database(inner) if is_busy(inner) => Why::Busy,
        StoreError::NoConnection => Why::Lost,
        StoreError::Database(inner) if is_lost(inner) => Why::Lost,
        StoreError::ReadOnly => Why::ReadOnly,
        StoreError::Database(inner) if is_read_only(inner) => Why::ReadOnly,
        _ => Why::Failed,
    };
    Unavailable { why, reference, cause: error.to_string() }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(sentences) => {
                Refusal::Invalid(sentences.into_iter().map(|sentence| (String::new(), sentence)).collect())
            }
            StoreError::Altered(what) => Refusal::Altered(what),
            other => Refusal::Unavailable(unavailable(&other)),
        }
    }
}

/// Passes each read of the port on to the transaction's own; of the first ones what was found is kept.
macro_rules! pass_on {
    (
        kept: $(fn $kept:ident($($named:ident: $by:ty),*) -> $known:ty;)+
        read: $(fn $name:ident($($argument:ident: $of:ty),*) -> $found:ty;)+
    ) => {
        #[async_trait]
        impl Facts for Transaction {
            $(async fn $kept(&mut self, $($named: $by),*) -> Result<$known, Unavailable> {
                let question = format!("{} {:?}", stringify!($kept), ($(&$named,)*));
                let found: Result<$known, StoreError> = async {
                    Ok(kept!(self, question, Transaction::$kept(self, $($named),*).await?))
                }
                .await;
                found.map_err(|error| unavailable(&error))
            })+
            $(async fn $name(&mut self, $($argument: $of),*) -> Result<$found, Unavailable> {
                Transaction::$name(self, $($argument),*).await.map_err(|error| unavailable(&error))
            })+
        }
    };
}

pass_on! {
    // Of each the arguments name all it depends on, and every change of it has its row in the trail.
    kept:
    fn evidence(plan: &str, subject: Option<&str>) -> Vec<Evidence>;
    fn pending_erasures() -> Vec<PendingErasure>;
    fn figures_for_form(key: &ReportKey, cells: &BTreeSet<(String, String)>) -> Figures;
    fn drafts(key: &ReportKey) -> Vec<Draft>;
    fn facts_head() -> i64;
    fn is_demo() -> bool;
    fn plans() -> Vec<PlanVersion>;
    fn unreadable_plans() -> Vec<UnreadablePlan>;
    fn plan(id: &str) -> Option<PlanVersion>;
    fn plan_versions(id: &str) -> Vec<PlanVersion>;
    fn is_plan_running(plan: &str) -> bool;
    fn plan_proposal(plan: &str) -> Option<PlanProposal>;
    fn steps(key: &ReportKey) -> Vec<StepRecord>;
    fn rounds_under_way(plan: &str) -> Vec<Round>;
    fn questions(key: &ReportKey) -> Vec<Question>;
    fn true_ups(key: &ReportKey) -> Vec<TrueUp>;
    fn messages(plan: &str, of: Option<&ReportKey>) -> Vec<Message>;
    fn exception(key: &ReportKey) -> Option<Exception>;
    fn watched(plan: &str) -> Watched;
    fn handed_in(of: &[(String, Period)]) -> Vec<(String, String)>;
    fn receipts(plan: &str, period: Period, edition: u32) -> Vec<EditionReceipt>;
    fn publications() -> Vec<PublicationSummary>;
    fn claim_notices() -> Arc<Vec<(PublicationSummary, ClaimNotice)>>;
    fn selection_editions() -> Arc<Vec<(PublicationSummary, SelectionEdition)>>;
    fn publication_receipts(key: &PublicationKey, edition: u32) -> Vec<EditionReceipt>;
    fn letterhead(plan: &str, period: Period, edition: u32) -> (Option<Letterhead>, i64);
    fn letterhead_to_start_from(plan: &str) -> Letterhead;
    fn readings(plan: &str) -> Vec<ReadingChoice>;
    fn average_choices(plan: &str) -> Vec<AverageChoice>;
    fn year_end(plan: &str, goal: &str, year: i32) -> YearEnd;
    fn objections(plan: &str, year: i32) -> Vec<ObjectionRecord>;
    fn task_steps(plan: &str) -> Vec<TaskStep>;
    fn claim_steps(plan: &str, year: i32) -> Vec<ClaimStep>;
    fn claim_years(plan: &str) -> BTreeMap<i32, Vec<ClaimStep>>;
    fn claim_objections(plan: &str, year: i32) -> Vec<ClaimObjection>;
    fn fund_steps(plan: &str) -> Vec<FundStep>;
    fn body_steps(plan: &str) -> Vec<SeatStep>;
    fn recognitions(office: &str) -> Vec<Recognition>;
    fn selection_steps(plan: &str, selection: &str, year: i32) -> Vec<Step>;
    fn text_picks(plan: &str, period: Period) -> Vec<TextPick>;
    fn terms(office: &str, project: Option<&str>) -> Vec<Term>;
    fn visits(office: &str, project: Option<&str>) -> Vec<Visit>;
    fn nodes(office: &str, project: Option<&str>) -> Vec<Node>;
    fn leaves(office: &str) -> Vec<Leaving>;
    fn meetings(office: &str) -> Vec<Meeting>;
    fn matters(office: &str) -> Vec<Matter>;
    fn is_closed(plan: &str, goal: &str, year: i32) -> bool;
    fn used_goals(plan: &str) -> Vec<String>;
    fn posts() -> Vec<HeldPost>;
    fn accounts() -> Vec<Account>;
    read:
    fn erasure_of(plan: &str, number: i64, sha256: &str) -> Sharing;
    fn typed(key: &ReportKey) -> Vec<Draft>;
    fn draft_in(key: &ReportKey, cell: &str, version: i64) -> Option<Draft>;
    fn account(id: i64) -> Option<Account>;
    fn figures(plan: &str) -> Figures;
    fn figures_of(plan: &str, cells: &BTreeSet<(String, String)>) -> Figures;
    fn published_figures(plan: &Plan) -> Figures;
    fn revisions(plan: &str, region: Option<&str>) -> Vec<ReturnRevision>;
    fn in_force(plan: &str, row: &ReturnRow) -> Option<(i64, Figure)>;
    fn withdrawn(plan: &str) -> Vec<ReturnRevision>;
    fn before(plan: &str, row: &ReturnRow, revision: i64) -> Option<Figure>;
    fn put_by_step(key: &ReportKey, version: i64) -> Vec<(ReturnRow, i64)>;
    fn units_in_force(plan: &Plan, rounds: &[Round]) -> BTreeMap<Round, HashSet<String>>;
    fn round_facts(plan: &Plan, rounds: &[Round]) -> BTreeMap<Round, RoundFacts>;
    fn moved(plan: &Plan) -> Vec<(Period, Vec<String>)>;
    fn typed_figures(plan: &str, round: &Round) -> Vec<(String, Draft)>;
    fn step_with_key(key: &str) -> Option<(ReportKey, i64)>;
    fn is_published_since(key: &ReportKey, version: i64) -> bool;
    fn bureau_figure(plan: &str, goal: &str, region: &str, period: Period) -> Option<BureauFigure>;
    fn editions() -> Vec<EditionSummary>;
    fn newest_editions() -> Vec<Arc<Edition>>;
    fn edition(plan: &str, period: Period, edition: Option<u32>) -> Option<Arc<Edition>>;
    fn publication(key: &PublicationKey, edition: Option<u32>) -> Option<Publication>;
    fn projects(office: &str, year: Option<i32>) -> Projects;
    fn project(office: &str, id: &str) -> Option<KnownProject>;
    fn projects_without(office: &str, at: i64, account: i64) -> Projects;
    fn contacts(office: &str, project: Option<&str>) -> Vec<Contact>;
    fn is_rhythm_used(plan: &str, rhythm: &str) -> bool;
    fn is_unit_used(plan: &str, region: &str) -> bool;
    fn open_jobs(account: i64) -> usize;
    fn setting_version(name: &str) -> Option<(String, i64)>;
    fn last_proof() -> Option<Proof>;
}

impl Transaction {
    async fn append_entry(&mut self, who: &Who, mut entry: Entry) -> Result<i64, StoreError> {
        if who.viewer.is_none() && !self.posts().await?.is_empty() {
            return Err(StoreError::refused("已有岗位，写入要说明以哪个岗位的身份"));
        }
        if let Some(figures) = &entry.figures {
            (entry.detail["rows"], entry.detail["digest"]) =
                (json!(figures.rows.len()), json!(returns::digest_of(figures)));
        }
        if let Some(content) = entry.content.take() {
            evidence::insert(content, self).await?;
        }
        if let Some(personal) = entry.personal.take() {
            contacts::put(personal, self).await?;
        }
        let writer = Writer { actor: who.actor.clone(), at: who.at, session: who.session.clone() };
        let seq = rows::append(self, &writer, entry.action, &entry.object, entry.detail, &entry.rows).await?;
        if let Some(figures) = &entry.figures {
            returns::insert(figures, self, seq).await?;
        }
        if let Some(version) = &entry.plan {
            plans::insert(version, self, &writer, seq).await?;
        }
        if let Some(edition) = &entry.edition {
            editions::insert(edition, self, &writer, seq).await?;
        }
        Ok(seq)
    }
}

#[async_trait]
impl Ledger for Transaction {
    async fn append(&mut self, who: &Who, entry: Entry) -> Result<i64, Refusal> {
        Ok(self.append_entry(who, entry).await?)
    }

    async fn prove(&mut self, plan: &str, period: Period) -> Result<ProvedHead, Refusal> {
        Ok(self.prove_basis(plan, period).await?)
    }

    async fn add_job(&mut self, job: NewJob) -> Result<(), Unavailable> {
        self.insert_job(job).await.map_err(|error| unavailable(&error))
    }
}

impl Store {
    /// Carries out a command of the office in somebody's name: one transaction, committed when all of it was done.
    pub async fn carry_out<C: Command>(&self, command: C, who: Who) -> Result<C::Done, Refusal> {
        self.transact_with(move |transaction| Box::pin(async move { command.run(&who, transaction).await })).await
    }
}
