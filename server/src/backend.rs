//! What pages load in the name of whoever asks: one state of the database for each page.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use app::backend::{Backend, PasteWork};
use app::wire::Paste;
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::evidence::{FileStep, Subject};
use domain::fund;
use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::fund::Fund;
use domain::plan::{Assessment, Goal, Plan, Round};
use domain::policy::notice::{ClaimObjection, Published};
use domain::policy::record::Act;
use domain::projects::Entry;
use domain::recognition::Recognition;
use domain::returns::Figures;
use domain::rights::{Action, Object, Role};
use domain::selection::edition;
use domain::selection::record::Step;
use domain::watched::Watched;
use domain::workflow::State;
use office::access::{AccessRequest, Notice, WaitingRoster};
use office::commands::evidence::read_right;
use office::commands::projects::is_officials;
use office::commands::save_draft::SaveDraft;
use office::commands::{claim_notice, selection};
use office::evidence;
use office::facts::{
    AuditEntry, AverageChoice, ClaimStep, ClosedResult, ComparisonProposal, Decision, Draft, Edition, EditionReceipt,
    EditionSummary, Evidence, ExportJob, Facts as Known, FailedLogIns, HeldPost, LetterheadState, Message,
    PendingErasure, PlanProposal, PlanVersion, Policies, Proposal, Publication, PublicationKey, PublicationSummary,
    ReadingChoice, Report, ReportKey, RetiredPost, ReturnRevision, SeatStep, TaskStep, TextPick, Unavailable,
    UnitState, UnreadablePlan, Viewing, ViewingsOf, YearEnd,
};
use office::portfolio::{PlanLine, portfolio};
use office::ports::Facts;
use office::projects::{Contact, KnownProject, Leaving, Matter, Meeting, Node, Projects, Term, Visit};
use office::publications;
use office::publishing::{self, Draft as NextEdition};
use office::refusal::Refusal;
use office::reports;
use office::viewer::{Account, SessionSummary, Viewer};
use office::who::Who;
use office::worksheet::{Worksheet, worksheet};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use crate::clock::Clock;
use crate::papers::Printer;
use crate::reading::reading;
use crate::second_factor::{self, Vault};
use crate::signing::Signer;
use store::{Store, StoreError, Transaction, unavailable};

/// The store as one request may see it.
pub(crate) struct StoreBackend {
    store: Store,
    holidays: Arc<Holidays>,
    viewer: Option<Viewer>,
    /// A wall screen with its key asks.
    screen: bool,
    clock: Clock,
    printer: Arc<Printer>,
    signer: Signer,
    vault: Vault,
    /// The state of the database that this page reads, from its first question on.
    state: Mutex<Option<Transaction>>,
    /// The projects of an office that whoever asks sees.
    seen: Mutex<Option<(String, Arc<HashSet<String>>)>>,
}

impl StoreBackend {
    /// Which projects of a plan's office whoever asks sees, of all or of one; the library is read only where that
    /// depends on it, and once for a page.
    async fn seen(&self, plan: &Plan, project: Option<&str>) -> Result<Seen, Unavailable> {
        if self.viewer.as_ref().is_some_and(|viewer| viewer.sees_all_projects(plan.region.id())) {
            return Ok(Seen::All);
        }
        if let Some(id) = project {
            return Ok(Seen::These(Arc::new(
                self.project(plan, id).await?.map(|_| id.to_owned()).into_iter().collect(),
            )));
        }
        let office = plan.region.id();
        let known = self.seen.lock().await.clone();
        if let Some((_, found)) = known.filter(|(of, _)| of == office) {
            return Ok(Seen::These(found));
        }
        let found: HashSet<String> = self.projects(plan, Some(0)).await?.into_keys().collect();
        let found = Arc::new(found);
        *self.seen.lock().await = Some((office.to_owned(), found.clone()));
        Ok(Seen::These(found))
    }

    pub(crate) fn new(
        store: Store,
        holidays: Arc<Holidays>,
        viewer: Option<Viewer>,
        clock: Clock,
        printer: Arc<Printer>,
        signer: Signer,
        vault: Vault,
    ) -> Self {
        let (state, seen) = (Mutex::new(None), Mutex::new(None));
        Self { store, holidays, viewer, screen: false, clock, printer, signer, vault, state, seen }
    }

    pub(crate) fn on_screen(self) -> Self {
        Self { screen: true, ..self }
    }

    async fn state(&self) -> Result<MappedMutexGuard<'_, Transaction>, Unavailable> {
        let mut state = self.state.lock().await;
        if state.is_none() {
            *state = Some(or_unavailable(self.store.read().await)?);
        }
        Ok(MutexGuard::map(state, |state| state.as_mut().expect("begun above")))
    }

    /// All of them for the office, his own for everybody else.
    fn own_receipts(&self, plan: &Plan, receipts: &mut Vec<EditionReceipt>) {
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            let post = self.viewer.as_ref().and_then(|viewer| viewer.post.as_ref());
            receipts.retain(|receipt| post.is_some_and(|post| receipt.post == post.id));
        }
    }

    /// Whether whoever asks may read what is published: staff with a post, and visitors where the office allows it.
    async fn reads(&self) -> Result<bool, Unavailable> {
        match &self.viewer {
            Some(viewer) if viewer.post.is_some() => Ok(true),
            None if self.screen => Ok(true),
            _ => or_unavailable(self.state().await?.is_open().await),
        }
    }
}

/// The plan as the newest edition knew it, its rules as it read them: what is computed from published figures shows no
/// target and no reading that nothing published rests on.
async fn published_version(facts: &mut dyn Facts, newest: PlanVersion) -> Result<PlanVersion, Unavailable> {
    let Some(summary) = facts.editions().await?.into_iter().find(|edition| edition.plan == newest.plan.id) else {
        return Ok(newest);
    };
    let edition = facts.edition(&summary.plan, summary.period, Some(summary.edition)).await?;
    let Some(edition) = edition else { return Ok(newest) };
    let known = edition.bulletin.heading.plan_version.as_ref().map(|source| source.version);
    let mut version = match known.filter(|known| *known != newest.version) {
        Some(known) => {
            let versions = facts.plan_versions(&summary.plan).await?;
            versions.into_iter().find(|version| version.version == known).unwrap_or(newest)
        }
        None => newest,
    };
    // What was chosen since is told by the next edition. Only a plan that is another one then is copied.
    let is_later = |goal: &Goal| goal.meaning.judged_by.as_ref().is_some_and(|it| it.at > summary.published_at);
    if version.plan.goals.iter().any(is_later) {
        for goal in Arc::make_mut(&mut version.plan).goals.iter_mut().filter(|goal| is_later(goal)) {
            goal.meaning.judged_by = None;
        }
    }
    let standings = &edition.bulletin.standings;
    let is_other = |assessment: &&mut Assessment| assessment.goal == standings.goal;
    if version.plan.assessment(&standings.goal).is_some_and(|read| read.rules != standings.rules)
        && let Some(assessment) = Arc::make_mut(&mut version.plan).assessments.iter_mut().find(is_other)
    {
        assessment.rules = standings.rules;
    }
    Ok(version)
}

/// Which projects of an office somebody sees.
enum Seen {
    All,
    These(Arc<HashSet<String>>),
}

impl Seen {
    fn has(&self, project: &str) -> bool {
        match self {
            Seen::All => true,
            Seen::These(projects) => projects.contains(project),
        }
    }

    fn is_all(&self) -> bool {
        matches!(self, Seen::All)
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Seen::These(projects) if projects.is_empty())
    }
}

/// Whether somebody may see a project: his office's, his unit's, or one that he is paired with.
fn sees_project(viewer: &Viewer, office: &str, entry: &Entry) -> bool {
    let may = viewer.may(Action::ReadProjects, Object::unit(office, &entry.project.unit)).is_ok();
    may && (viewer.role() != Some(Role::Official) || is_officials(entry, viewer))
}

/// Leaves of claims what a viewer may read: all of them, or his unit's without a firm's taxes and the sentences that
/// hold them.
fn hide_claims(viewer: &Viewer, plan: &Plan, steps: &mut Vec<ClaimStep>) {
    let office = plan.region.id();
    if viewer.may(Action::ReadClaims, Object::office(office)).is_ok() {
        return;
    }
    let own = |unit: &str| viewer.may(Action::ReadClaims, Object::unit(office, unit)).is_ok();
    steps.retain(|step| step.act != Act::Tax && own(&step.unit));
    for frozen in steps.iter_mut().filter_map(|step| step.frozen.as_mut()) {
        frozen.settled.trace.clear();
    }
}

fn sees_unpublished(viewer: Option<&Viewer>, plan: &Plan) -> bool {
    let office = Object::office(plan.region.id());
    viewer.is_some_and(|viewer| viewer.may(Action::ReadUnpublished, office).is_ok())
}

/// Figures in force for the office; for everybody else what the newest editions hold.
pub(crate) async fn figures_for(
    facts: &mut dyn Facts,
    viewer: Option<&Viewer>,
    plan: &Plan,
) -> Result<Figures, Unavailable> {
    match sees_unpublished(viewer, plan) {
        true => facts.figures(&plan.id).await,
        false => facts.published_figures(plan).await,
    }
}

fn or_unavailable<T>(result: Result<T, StoreError>) -> Result<T, Unavailable> {
    result.map_err(|error| unavailable(&error))
}

/// Reads that are the same for everybody.
macro_rules! pass_on {
    ($self:ident.$name:ident($($argument:expr),*)) => {
        Facts::$name(&mut *$self.state().await?, $($argument),*).await
    };
}

#[async_trait]
impl Backend for StoreBackend {
    fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    fn fresh_key(&self) -> String {
        store::passwords::random_token()[..32].to_owned()
    }

    fn now(&self) -> i64 {
        self.clock.now()
    }

    async fn offered_seed(&self) -> Result<Option<(String, Option<String>)>, Unavailable> {
        let Some(account) = self.viewer.as_ref().map(|viewer| &viewer.account) else { return Ok(None) };
        let sealed = or_unavailable(self.state().await?.offered_totp(account.id, self.clock.now()).await)?;
        let Some(sealed) = sealed else { return Ok(None) };
        // A key file that does not fit any more: another seed is offered.
        let Ok(seed) = self.vault.open(&sealed) else { return Ok(None) };
        let picture = second_factor::picture(&seed, &account.login);
        Ok(Some((seed, picture)))
    }

    async fn access_requests(&self) -> Result<Vec<AccessRequest>, Unavailable> {
        or_unavailable(self.state().await?.access_requests(self.clock.now()).await)
    }

    async fn notices(&self) -> Result<Vec<Notice>, Unavailable> {
        let Some(viewer) = &self.viewer else { return Ok(Vec::new()) };
        let mut state = self.state().await?;
        or_unavailable(state.notices(viewer.account.id, viewer.post.as_ref(), self.clock.now()).await)
    }

    async fn failed_log_ins(&self) -> Result<(i64, Vec<FailedLogIns>), Unavailable> {
        let mut state = self.state().await?;
        let all = or_unavailable(state.failed_log_ins_in_all().await)?;
        Ok((all, or_unavailable(state.failed_log_ins().await)?))
    }

    async fn typed(&self, key: &ReportKey) -> Result<Vec<Draft>, Unavailable> {
        Facts::typed(&mut *self.state().await?, key).await
    }

    async fn report(&self, key: &ReportKey) -> Result<Option<Report>, Unavailable> {
        reports::report(&mut *self.state().await?, key, self.clock.now()).await
    }

    async fn unit_states(&self, plan: &Plan, rounds: &[Round]) -> Result<Vec<Vec<UnitState>>, Unavailable> {
        reports::unit_states(&mut *self.state().await?, plan, rounds, self.clock.now()).await
    }

    async fn worksheet(&self, plan: &Plan, round: &Round) -> Result<Worksheet, Unavailable> {
        worksheet(&mut *self.state().await?, plan, round, self.clock.now()).await
    }

    async fn watched(&self, plan: &Plan) -> Result<Watched, Unavailable> {
        let Some(viewer) = &self.viewer else { return Ok(Watched::default()) };
        let facts: &mut dyn Facts = &mut *self.state().await?;
        let all = facts.watched(&plan.id).await?;
        let may = |unit: &str| viewer.may(Action::ReadWatched, Object::unit(plan.region.id(), unit)).is_ok();
        let unit_of = |goal: &str, region: &str| -> Option<String> {
            let split = plan.goal(goal)?.split(region)?;
            Some(split.within.clone().unwrap_or_else(|| split.region.clone()))
        };
        Ok(all.of(|goal, region| unit_of(goal, region).is_some_and(|unit| may(&unit))))
    }

    async fn save_drafts(&self, command: SaveDraft) -> Result<Vec<Draft>, Refusal> {
        let Some(viewer) = self.viewer.clone() else {
            return Err(Refusal::Forbidden(Action::SaveDraft, domain::rights::Refusal::Role));
        };
        self.store.carry_out(command, Who::signed_in(viewer, self.clock.now())).await
    }

    async fn proposal(&self, plan: &Plan, period: Period) -> Result<Proposal, Unavailable> {
        let mut state = self.state().await?;
        let facts: &mut dyn Facts = &mut *state;
        let before = facts.edition(&plan.id, period, None).await?.map(|edition| edition.summary.edition);
        let based_on = facts.facts_head().await?;
        // A correction's reason is written by whoever publishes; the preview shows where it will stand.
        let reason = before.map(|_| "（更正原因）");
        let (composed, now) = (Default::default(), self.clock.now());
        let drafted = publishing::draft(facts, &plan.id, period, reason, &composed, now).await?;
        let unchanged = match &drafted {
            NextEdition::Same(..) => true,
            NextEdition::Ready(new) => new.bulletin.correction.as_ref().is_some_and(|found| found.changes.is_empty()),
            _ => false,
        };
        let refusal = drafted.refusal(period).unwrap_or_default();
        let edition = match drafted {
            NextEdition::Ready(new) | NextEdition::Same(_, new) => Ok(Box::new(new.preview(now))),
            NextEdition::Empty | NextEdition::NeedsReason(_) => Err(refusal),
        };
        let proof = facts.last_proof().await?;
        Ok(Proposal { edition, based_on, proof, corrects: before, unchanged })
    }

    async fn comparison_proposal(
        &self,
        plan: &Plan,
        id: &str,
        period: Period,
    ) -> Result<ComparisonProposal, Unavailable> {
        let mut state = self.state().await?;
        let facts: &mut dyn Facts = &mut *state;
        let newest = facts.publication(&publications::key_of(&plan.id, id, period), None).await?;
        let corrects = newest.map(|newest| newest.summary.edition);
        let based_on = facts.facts_head().await?;
        let drafted = publications::draft(facts, &plan.id, id, period, None, self.clock.now()).await?;
        let unchanged = matches!(drafted, publications::Draft::Same(..));
        let refusal = drafted.refusal(id, period).unwrap_or_default();
        let body = drafted.found().map(|new| new.body).ok_or(refusal);
        Ok(ComparisonProposal { body, based_on, proof: facts.last_proof().await?, corrects, unchanged })
    }

    async fn publications(&self) -> Result<Vec<PublicationSummary>, Unavailable> {
        if !self.reads().await? {
            return Ok(Vec::new());
        }
        let mut found = pass_on!(self.publications())?;
        found.retain(|summary| summary.is_open_to(self.viewer.as_ref()));
        Ok(found)
    }

    async fn publication(
        &self,
        key: &PublicationKey,
        edition: Option<u32>,
    ) -> Result<Option<Publication>, Unavailable> {
        let found = pass_on!(self.publication(key, edition))?;
        Ok(found.filter(|found| found.summary.is_open_to(self.viewer.as_ref())))
    }

    async fn publication_receipts(
        &self,
        plan: &Plan,
        key: &PublicationKey,
        edition: u32,
    ) -> Result<Vec<EditionReceipt>, Unavailable> {
        let mut receipts = pass_on!(self.publication_receipts(key, edition))?;
        self.own_receipts(plan, &mut receipts);
        Ok(receipts)
    }

    async fn readings(&self, plan: &str) -> Result<Vec<ReadingChoice>, Unavailable> {
        pass_on!(self.readings(plan))
    }

    async fn receipts(&self, plan: &Plan, period: Period, edition: u32) -> Result<Vec<EditionReceipt>, Unavailable> {
        let mut receipts = pass_on!(self.receipts(&plan.id, period, edition))?;
        self.own_receipts(plan, &mut receipts);
        Ok(receipts)
    }

    async fn jobs(&self) -> Result<Vec<ExportJob>, Unavailable> {
        match &self.viewer {
            Some(viewer) => or_unavailable(self.state().await?.jobs(viewer.account.id).await),
            None => Ok(Vec::new()),
        }
    }

    async fn letterhead(
        &self,
        plan: &str,
        period: Period,
        edition: u32,
    ) -> Result<Option<LetterheadState>, Unavailable> {
        let Some(found) = pass_on!(self.edition(plan, period, Some(edition)))? else { return Ok(None) };
        let (saved, _) = pass_on!(self.letterhead(plan, period, edition))?;
        let start = pass_on!(self.letterhead_to_start_from(plan))?;
        let paper = crate::papers::compose(&found, saved.as_ref().unwrap_or(&start));
        let (missing, own_faces) = or_unavailable(self.printer.check(paper).await)?;
        Ok(Some(LetterheadState { saved, start, missing, own_faces }))
    }

    async fn average_choices(&self, plan: &Plan) -> Result<Vec<AverageChoice>, Unavailable> {
        match sees_unpublished(self.viewer.as_ref(), plan) {
            true => pass_on!(self.average_choices(&plan.id)),
            false => Ok(Vec::new()),
        }
    }

    async fn year_end(&self, plan: &Plan, goal: &str, year: i32) -> Result<YearEnd, Unavailable> {
        let mut year_end = pass_on!(self.year_end(&plan.id, goal, year))?;
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            let own = |unit: &str| {
                let object = Object::of_unit(plan.region.id(), unit, State::Approved);
                self.viewer.as_ref().is_some_and(|viewer| viewer.may(Action::ReadReturn, object).is_ok())
            };
            year_end.stated.retain(|figure| own(&figure.region));
            year_end.objections.retain(|objection| own(&objection.unit));
            // A proposed result is shown to all posts, so that they can object; a dropped one is nobody's.
            let of_office = |viewer: &Viewer| {
                viewer.post.as_ref().is_some_and(|post| post.domain.office.as_deref() == Some(plan.region.id()))
            };
            let shown =
                if self.viewer.as_ref().is_some_and(of_office) { Decision::Proposed } else { Decision::Confirmed };
            let last =
                year_end.closures.pop().filter(|closure| closure.step == Decision::Confirmed || closure.step == shown);
            year_end.closures = last.into_iter().collect();
            // What the office talks over is its own until two have decided.
            year_end.reopenings.retain(|reopening| reopening.step == Decision::Confirmed);
            year_end.signs.retain(|sign| own(&sign.region));
        }
        Ok(year_end)
    }

    async fn closed_results(&self, since: i64) -> Result<Vec<ClosedResult>, Unavailable> {
        or_unavailable(self.state().await?.closed_results(since).await)
    }

    async fn task_steps(&self, plan: &Plan) -> Result<Vec<TaskStep>, Unavailable> {
        if plan.tasks.is_empty() || self.viewer.is_none() {
            return Ok(Vec::new());
        }
        let mut steps = pass_on!(self.task_steps(&plan.id))?;
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            let own = |unit: &str| {
                let object = Object::of_unit(plan.region.id(), unit, State::Approved);
                self.viewer.as_ref().is_some_and(|viewer| viewer.may(Action::ReadReturn, object).is_ok())
            };
            steps.retain(|step| own(&step.unit));
        }
        Ok(steps)
    }

    async fn evidence(&self, plan: &Plan, subject: Option<&Subject>) -> Result<Vec<Evidence>, Unavailable> {
        let Some(viewer) = &self.viewer else { return Ok(Vec::new()) };
        let office = plan.region.id();
        let own = viewer.post.as_ref().and_then(|post| post.domain.unit.as_deref());
        let subject = subject.map(Subject::id);
        let mut files = pass_on!(self.evidence(&plan.id, subject.as_deref()))?;
        files.retain(|file| viewer.may(read_right(&file.subject), Object::unit(office, &file.unit)).is_ok());
        files.retain(|file| own == Some(&file.unit) || file.is_handed_in());
        Ok(files)
    }

    async fn pending_erasures(&self, plan: &Plan) -> Result<Vec<PendingErasure>, Unavailable> {
        let Some(viewer) = &self.viewer else { return Ok(Vec::new()) };
        let mut pending: Vec<PendingErasure> = pass_on!(self.pending_erasures())?;
        pending.retain(|pending| {
            let object = Object::unit(plan.region.id(), &pending.unit);
            let may = |action| viewer.may(action, object).is_ok();
            let is_another = pending.account != viewer.account.id;
            pending.plan == plan.id && is_another && may(Action::EraseEvidence) && may(read_right(&pending.subject))
        });
        Ok(pending)
    }

    async fn takes_evidence(
        &self,
        plan: &Plan,
        subject: &Subject,
        unit: &str,
    ) -> Result<Option<Result<FileStep, String>>, Unavailable> {
        let object = Object::unit(plan.region.id(), unit);
        if self.viewer.as_ref().is_none_or(|viewer| viewer.may(Action::AttachEvidence, object).is_err()) {
            return Ok(None);
        }
        let now = self.clock.now();
        let takes = evidence::takes(&mut *self.state().await?, plan, (subject, unit), now, &self.holidays).await?;
        Ok(Some(takes))
    }

    async fn claim_steps(&self, plan: &Plan, year: i32) -> Result<Vec<ClaimStep>, Unavailable> {
        let Some(viewer) = self.viewer.as_ref().filter(|_| !plan.policies.list.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut steps = pass_on!(self.claim_steps(&plan.id, year))?;
        hide_claims(viewer, plan, &mut steps);
        Ok(steps)
    }

    async fn claim_years(&self, plan: &Plan) -> Result<BTreeMap<i32, Vec<ClaimStep>>, Unavailable> {
        let Some(viewer) = self.viewer.as_ref().filter(|_| !plan.policies.list.is_empty()) else {
            return Ok(BTreeMap::new());
        };
        let mut years = pass_on!(self.claim_years(&plan.id))?;
        years.values_mut().for_each(|steps| hide_claims(viewer, plan, steps));
        Ok(years)
    }

    async fn messages(&self, plan: &Plan, of: Option<&ReportKey>) -> Result<Vec<Message>, Unavailable> {
        let Some(viewer) = &self.viewer else { return Ok(Vec::new()) };
        let mut found = pass_on!(self.messages(&plan.id, of))?;
        let office = plan.region.id();
        found.retain(|message| viewer.may(Action::Message, Object::unit(office, &message.of.unit)).is_ok());
        Ok(found)
    }

    async fn claim_objections(&self, plan: &Plan, year: i32) -> Result<Vec<ClaimObjection>, Unavailable> {
        let Some(viewer) = self.viewer.as_ref().filter(|_| !plan.policies.list.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut found: Vec<ClaimObjection> = pass_on!(self.claim_objections(&plan.id, year))?;
        let office = Object::office(plan.region.id());
        if found.is_empty() || viewer.may(Action::DecideClaim, office).is_ok() {
            return Ok(found);
        }
        // Who pays, or a county of its own claims, reads what is objected, and not by whom.
        if viewer.may(Action::ReadClaims, office).is_err() {
            let own: HashSet<u32> = self.claim_steps(plan, year).await?.into_iter().map(|step| step.claim).collect();
            found.retain(|objection| own.contains(&objection.claim));
        }
        found.iter_mut().for_each(|objection| (objection.by, objection.key) = (String::new(), None));
        Ok(found)
    }

    async fn claim_notices(&self, plan: &Plan, year: i32) -> Result<Vec<Published>, Unavailable> {
        claim_notice::notices(&mut *self.state().await?, &plan.id, year).await
    }

    async fn claim_notices_of_others(&self, plan: &Plan) -> Result<Vec<Published>, Unavailable> {
        claim_notice::notices_of_others(&mut *self.state().await?, plan.region.id()).await
    }

    async fn selection_steps(&self, plan: &Plan, selection: &str, year: i32) -> Result<Vec<Step>, Unavailable> {
        let mut steps = pass_on!(self.selection_steps(&plan.id, selection, year))?;
        let office = plan.region.id();
        let reads = |object: Object<'_>| {
            self.viewer.as_ref().is_some_and(|viewer| viewer.may(Action::ReadNominations, object).is_ok())
        };
        if !reads(Object::office(office)) {
            steps.retain(|step| {
                step.number == 0 || selection::is_units_own(step.act) && reads(Object::unit(office, &step.unit))
            });
        }
        // Who objects is known to whoever answers.
        let scores = self
            .viewer
            .as_ref()
            .is_some_and(|viewer| viewer.may(Action::ScoreNominations, Object::office(office)).is_ok());
        if !scores {
            steps.iter_mut().for_each(Step::hide_objector);
        }
        Ok(steps)
    }

    async fn selection_editions(
        &self,
        plan: &Plan,
        selection: &str,
        year: i32,
    ) -> Result<Vec<edition::Published>, Unavailable> {
        selection::editions(&mut *self.state().await?, &plan.id, selection, year).await
    }

    async fn fund_records(&self, plan: &Plan) -> Result<Vec<fund::record::Record>, Unavailable> {
        let office = Object::office(plan.region.id());
        match &self.viewer {
            Some(viewer) if viewer.may(Action::ReadFunds, office).is_ok() => {
                let steps = pass_on!(self.fund_steps(&plan.id))?;
                Ok(fund::record::records(&plan.policies, &steps))
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn fund_sums(&self, plan: &Plan, day: NaiveDate) -> Result<Vec<(String, fund::Standing)>, Unavailable> {
        let published: Vec<&Fund> = plan.policies.funds.iter().filter(|fund| fund.publish).collect();
        if published.is_empty() {
            return Ok(Vec::new());
        }
        let steps = pass_on!(self.fund_steps(&plan.id))?;
        let records = fund::record::records(&plan.policies, &steps);
        let sums = published.into_iter().map(|of| {
            let mut standing = fund::standing(&plan.policies, of, &fund::record::holding(&records, &of.id), day);
            // One firm's loan may be all that its county has.
            standing.contracts.clear();
            standing.by_unit.clear();
            (of.id.clone(), standing)
        });
        Ok(sums.collect())
    }

    async fn body_steps(&self, plan: &Plan) -> Result<Vec<SeatStep>, Unavailable> {
        pass_on!(self.body_steps(&plan.id))
    }

    async fn recognitions(&self, plan: &Plan) -> Result<Vec<Recognition>, Unavailable> {
        let (Some(viewer), office) = (self.viewer.as_ref(), plan.region.id()) else { return Ok(Vec::new()) };
        let mut found = pass_on!(self.recognitions(office))?;
        if viewer.may(Action::ReadLists, Object::office(office)).is_err() {
            found.retain(|one| viewer.may(Action::ReadLists, Object::unit(office, &one.stated.unit)).is_ok());
        }
        Ok(found)
    }

    async fn text_picks(&self, plan: &Plan, period: Period) -> Result<Vec<TextPick>, Unavailable> {
        match sees_unpublished(self.viewer.as_ref(), plan) {
            true => pass_on!(self.text_picks(&plan.id, period)),
            false => Ok(Vec::new()),
        }
    }

    async fn projects(&self, plan: &Plan, year: Option<i32>) -> Result<Projects, Unavailable> {
        let office = plan.region.id();
        let Some(viewer) = &self.viewer else { return Ok(Projects::new()) };
        let mut found = pass_on!(self.projects(office, year))?;
        found.retain(|_, known| sees_project(viewer, office, &known.entry));
        Ok(found)
    }

    async fn project(&self, plan: &Plan, id: &str) -> Result<Option<KnownProject>, Unavailable> {
        let office = plan.region.id();
        let Some(viewer) = &self.viewer else { return Ok(None) };
        let found = pass_on!(self.project(office, id))?;
        Ok(found.filter(|known| sees_project(viewer, office, &known.entry)))
    }

    async fn terms(&self, plan: &Plan, project: Option<&str>) -> Result<Vec<Term>, Unavailable> {
        let seen = self.seen(plan, project).await?;
        let mut found = if seen.is_nothing() { Vec::new() } else { pass_on!(self.terms(plan.region.id(), project))? };
        found.retain(|term| seen.has(&term.project));
        Ok(found)
    }

    async fn contacts(&self, plan: &Plan, of: &[&Entry]) -> Result<Option<Vec<Contact>>, Unavailable> {
        let office = plan.region.id();
        let Some(viewer) = &self.viewer else { return Ok(None) };
        let may = |entry: &&&Entry| {
            let keeps = viewer.may(Action::KeepProject, Object::unit(office, &entry.project.unit)).is_ok();
            keeps || (viewer.role() == Some(Role::Official) && sees_project(viewer, office, entry))
        };
        let own: HashSet<&str> = of.iter().filter(may).map(|entry| entry.project.id.as_str()).collect();
        if own.is_empty() {
            return Ok(None);
        }
        let one = own.iter().next().copied().filter(|_| own.len() == 1);
        let mut found = pass_on!(self.contacts(office, one))?;
        found.retain(|contact| own.contains(contact.project.as_str()));
        Ok(Some(found))
    }

    async fn visits(&self, plan: &Plan, project: Option<&str>) -> Result<Vec<Visit>, Unavailable> {
        let seen = self.seen(plan, project).await?;
        let mut found = if seen.is_nothing() { Vec::new() } else { pass_on!(self.visits(plan.region.id(), project))? };
        found.retain(|visit| seen.has(&visit.project));
        Ok(found)
    }

    async fn nodes(&self, plan: &Plan, project: Option<&str>) -> Result<Vec<Node>, Unavailable> {
        let seen = self.seen(plan, project).await?;
        let mut found = if seen.is_nothing() { Vec::new() } else { pass_on!(self.nodes(plan.region.id(), project))? };
        found.retain(|node| seen.has(&node.project));
        Ok(found)
    }

    async fn leaves(&self, plan: &Plan) -> Result<Vec<Leaving>, Unavailable> {
        let seen = self.seen(plan, None).await?;
        let mut found = if seen.is_nothing() { Vec::new() } else { pass_on!(self.leaves(plan.region.id()))? };
        found.retain(|leaving| seen.has(&leaving.project));
        Ok(found)
    }

    async fn meetings(&self, plan: &Plan) -> Result<Vec<Meeting>, Unavailable> {
        let seen = self.seen(plan, None).await?;
        let mut found = pass_on!(self.meetings(plan.region.id()))?;
        // One about the plan as a whole is for who sees the whole library, and for who has a decision of it to carry out.
        found.retain(|meeting| !meeting.projects.is_empty() || meeting.plan == plan.id);
        let mut own = HashSet::new();
        if !seen.is_all() && found.iter().any(|meeting| meeting.projects.is_empty()) {
            own.extend(self.matters(plan).await?.into_iter().map(|matter| matter.source));
        }
        found.retain(|meeting| match meeting.projects.is_empty() {
            true => seen.is_all() || own.contains(&meeting.source()),
            false => meeting.projects.iter().any(|id| seen.has(id)),
        });
        Ok(found)
    }

    async fn matters(&self, plan: &Plan) -> Result<Vec<Matter>, Unavailable> {
        let Some(viewer) = &self.viewer else { return Ok(Vec::new()) };
        let (office, seen) = (plan.region.id(), self.seen(plan, None).await?);
        let mut found = pass_on!(self.matters(office))?;
        let owns = |matter: &Matter| viewer.may(Action::HandleMatter, Object::unit(office, &matter.owner)).is_ok();
        found.retain(|matter| seen.has(&matter.project) || owns(matter));
        Ok(found)
    }

    async fn facts_head(&self) -> Result<i64, Unavailable> {
        pass_on!(self.facts_head())
    }

    async fn posts(&self) -> Result<Vec<HeldPost>, Unavailable> {
        pass_on!(self.posts())
    }

    async fn retired_posts(&self) -> Result<Vec<RetiredPost>, Unavailable> {
        or_unavailable(self.state().await?.retired_posts().await)
    }

    async fn waiting_roster(&self) -> Result<Option<WaitingRoster>, Unavailable> {
        or_unavailable(self.state().await?.waiting_roster().await)
    }

    async fn accounts(&self) -> Result<Vec<Account>, Unavailable> {
        pass_on!(self.accounts())
    }

    async fn sessions(&self, account: i64) -> Result<Vec<SessionSummary>, Unavailable> {
        or_unavailable(self.state().await?.sessions(account, self.clock.now()).await)
    }

    async fn policies(&self) -> Result<Policies, Unavailable> {
        let mut state = self.state().await?;
        let (policy, password_days) = or_unavailable(state.password_rules().await)?;
        let limits = or_unavailable(state.time_outs().await)?;
        Ok(Policies {
            office: or_unavailable(state.setting("office").await)?,
            password: policy.id().to_owned(),
            password_sentence: policy.sentence(password_days),
            password_days,
            open: or_unavailable(state.is_open().await)?,
            idle_minutes: limits.idle / 60_000,
            absolute_hours: limits.absolute / 3_600_000,
            totp_roles: or_unavailable(state.totp_roles().await)?,
            screen_since: or_unavailable(state.screen_key().await)?.map(|(_, at)| at),
        })
    }

    fn public_key(&self) -> Option<String> {
        let key = self.signer.public_key().inspect_err(|error| tracing::error!(error, "signing.key"));
        key.ok().map(|key| key.to_string())
    }

    async fn audit(
        &self,
        before: Option<i64>,
        action: Option<&str>,
        find: &str,
    ) -> Result<Vec<AuditEntry>, Unavailable> {
        or_unavailable(self.state().await?.audit_entries(before, action, find).await)
    }

    async fn viewings(&self, of: &ViewingsOf) -> Result<Vec<Viewing>, Unavailable> {
        or_unavailable(self.state().await?.viewings(of).await)
    }

    async fn link(&self, token: &str) -> Result<Option<Option<Account>>, Unavailable> {
        let mut state = self.state().await?;
        match or_unavailable(state.link(token, self.clock.now()).await)? {
            None => Ok(None),
            Some(None) => Ok(Some(None)),
            Some(Some(id)) => Ok(or_unavailable(state.account(id).await)?.map(Some)),
        }
    }

    async fn plans(&self) -> Result<Vec<PlanVersion>, Unavailable> {
        pass_on!(self.plans())
    }

    async fn portfolio(&self) -> Result<Vec<PlanLine>, Unavailable> {
        let office = self.viewer.as_ref().and_then(|viewer| viewer.post.as_ref()?.domain.office.clone());
        portfolio(&mut *self.state().await?, office.as_deref(), self.clock.now(), &self.holidays).await
    }

    async fn unreadable_plans(&self) -> Result<Vec<UnreadablePlan>, Unavailable> {
        pass_on!(self.unreadable_plans())
    }

    async fn plan_versions(&self, plan: &str) -> Result<Vec<PlanVersion>, Unavailable> {
        pass_on!(self.plan_versions(plan))
    }

    async fn plan_proposal(&self, plan: &Plan) -> Result<Option<PlanProposal>, Unavailable> {
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            return Ok(None);
        }
        Ok(pass_on!(self.plan_proposal(&plan.id))?.filter(PlanProposal::is_open))
    }

    async fn used_goals(&self, plan: &Plan) -> Result<Vec<String>, Unavailable> {
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            return Ok(Vec::new());
        }
        pass_on!(self.used_goals(&plan.id))
    }

    async fn moved(&self, plan: &Plan) -> Result<Vec<(Period, Vec<String>)>, Unavailable> {
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            return Ok(Vec::new());
        }
        pass_on!(self.moved(plan))
    }

    async fn rounds_under_way(&self, plan: &str) -> Result<Vec<Round>, Unavailable> {
        pass_on!(self.rounds_under_way(plan))
    }

    async fn facts(&self, plan: &str) -> Result<Option<Known>, Unavailable> {
        let mut state = self.state().await?;
        let facts: &mut dyn Facts = &mut *state;
        let Some(mut version) = facts.plan(plan).await? else { return Ok(None) };
        let figures = Arc::new(figures_for(facts, self.viewer.as_ref(), &version.plan).await?);
        if !sees_unpublished(self.viewer.as_ref(), &version.plan) {
            version = published_version(facts, version).await?;
        }
        Ok(Some(Known { version, figures }))
    }

    async fn revisions(&self, plan: &str, region: &str) -> Result<Vec<ReturnRevision>, Unavailable> {
        let mut state = self.state().await?;
        let facts: &mut dyn Facts = &mut *state;
        let Some(version) = facts.plan(plan).await? else { return Ok(Vec::new()) };
        let all = facts.revisions(plan, Some(region)).await?;
        let own = Object::of_unit(version.plan.region.id(), region, State::Approved);
        let own = self.viewer.as_ref().is_some_and(|viewer| viewer.may(Action::ReadReturn, own).is_ok());
        if own || sees_unpublished(self.viewer.as_ref(), &version.plan) {
            return Ok(all);
        }
        // Everybody else sees the versions that led to what is published.
        let published = facts.published_figures(&version.plan).await?;
        let known = |revision: &ReturnRevision| {
            let figure = published.get(&revision.goal, revision.period, &revision.region);
            figure.is_some_and(|figure| revision.figure.source.revision <= figure.source.revision)
        };
        Ok(all.into_iter().filter(known).collect())
    }

    async fn editions(&self) -> Result<Vec<EditionSummary>, Unavailable> {
        if !self.reads().await? {
            return Ok(Vec::new());
        }
        pass_on!(self.editions())
    }

    async fn edition(
        &self,
        plan: &str,
        period: Period,
        edition: Option<u32>,
    ) -> Result<Option<Arc<Edition>>, Unavailable> {
        pass_on!(self.edition(plan, period, edition))
    }

    async fn is_demo(&self) -> Result<bool, Unavailable> {
        pass_on!(self.is_demo())
    }

    async fn paste(&self, work: PasteWork) -> Result<Paste, String> {
        reading(work).await
    }

    fn holidays(&self) -> &Holidays {
        &self.holidays
    }
}
