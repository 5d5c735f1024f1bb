//! Loads what pages ask for; a failure goes to the log once, here, under the reference the reader sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::backend::Backend;
use async_trait::async_trait;
use domain::calendar::Holidays;
use domain::entry::Content;
use domain::month::Period;
use domain::plan::Plan;
use domain::returns::Figures;
use domain::rights::{Action, Object, Refusal};
use domain::workflow::{State, Step};
use office::facts::{
    AuditEntry, CellChange, CommandError, Decision, Draft, Edition, EditionReceipt, EditionSummary, ExportJob, Facts, HeldPost,
    LetterheadState, PlanVersion, Policies, Proposal, ReadingChoice, Report, ReportKey, ReturnRevision, StepRecord, Unavailable, UnitState,
    YearEnd,
};
use office::viewer::{Account, SessionSummary, Viewer};

use crate::clock::Clock;
use crate::papers::Printer;
use crate::publishing::{self, Draft as NextEdition};
use crate::second_factor;
use store::{Acting, Store, StoreError, Writer};

/// The store as one request may see it.
pub(crate) struct StoreBackend {
    store: Store,
    holidays: Arc<Holidays>,
    viewer: Option<Viewer>,
    /// A wall screen with its key asks.
    screen: bool,
    clock: Clock,
    printer: Arc<Printer>,
}

impl StoreBackend {
    pub(crate) fn new(store: Store, holidays: Arc<Holidays>, viewer: Option<Viewer>, clock: Clock, printer: Arc<Printer>) -> Self {
        Self { store, holidays, viewer, screen: false, clock, printer }
    }

    pub(crate) fn on_screen(self) -> Self {
        Self { screen: true, ..self }
    }

    /// Whether whoever asks may read what is published: staff with a post, and visitors where the office allows it.
    async fn reads(&self) -> Result<bool, Unavailable> {
        match &self.viewer {
            Some(viewer) if viewer.post.is_some() => Ok(true),
            None if self.screen => Ok(true),
            _ => or_unavailable(self.store.is_open().await),
        }
    }

    /// The plan as the newest edition knew it, its rules as it read them: what is computed from published figures shows no
    /// target and no reading that nothing published rests on.
    async fn published_version(&self, newest: PlanVersion) -> Result<PlanVersion, StoreError> {
        let Some(summary) = self.store.editions().await?.into_iter().find(|edition| edition.plan == newest.plan.id) else {
            return Ok(newest);
        };
        let Some(edition) = self.store.edition(&summary.plan, summary.period, Some(summary.edition)).await? else { return Ok(newest) };
        let known = edition.bulletin.heading.plan_version.as_ref().map(|source| source.version);
        let mut version = match known.filter(|known| *known != newest.version) {
            Some(known) => {
                self.store.plan_versions(&summary.plan).await?.into_iter().find(|version| version.version == known).unwrap_or(newest)
            }
            None => newest,
        };
        let goal = &edition.bulletin.standings.goal;
        if let Some(assessment) = version.plan.assessments.iter_mut().find(|assessment| assessment.goal == *goal) {
            assessment.rules = edition.bulletin.standings.rules;
        }
        Ok(version)
    }

    /// A year's figures as they ended: verified, where the assessment was closed.
    async fn last_figures(&self, plan: &Plan, year: i32) -> Result<Figures, StoreError> {
        let mut figures = self.store.figures(&plan.id).await?;
        for goal in plan.assessments.iter().filter_map(|assessment| plan.goal(&assessment.goal)) {
            if self.store.is_closed(&plan.id, &goal.id, year).await? {
                let year_end = self.store.year_end(&plan.id, &goal.id, year).await?;
                figures = domain::year_end::verified(goal, &figures, year, &year_end.stated);
            }
        }
        Ok(figures)
    }

    fn writer(&self) -> Writer {
        let actor = self.viewer.as_ref().map(Viewer::actor).unwrap_or_default();
        Writer { actor, at: self.clock.now(), session: self.viewer.as_ref().map(|viewer| viewer.session.clone()) }
    }
}

/// Whether whoever asks sees figures of this plan that no edition holds yet.
fn sees_unpublished(viewer: Option<&Viewer>, plan: &Plan) -> bool {
    viewer.is_some_and(|viewer| viewer.may(Action::ReadUnpublished, Object::office(plan.region.id())).is_ok())
}

/// Figures in force for the office; for everybody else what the newest editions hold.
pub(crate) async fn figures_for(store: &Store, viewer: Option<&Viewer>, plan: &Plan) -> Result<Figures, StoreError> {
    match sees_unpublished(viewer, plan) {
        true => store.figures(&plan.id).await,
        false => store.published_figures(plan).await,
    }
}

/// A store's refusal as pages and forms know it; a failure goes to the log once, here.
pub(crate) fn command_error(error: StoreError) -> CommandError {
    match error {
        StoreError::Forbidden(action, refusal) => CommandError::Forbidden(action, refusal),
        StoreError::OwnWork => CommandError::OwnWork,
        StoreError::Cells(conflicts) => CommandError::Cells(conflicts),
        StoreError::Moved(step) => CommandError::Moved(step),
        StoreError::Stale => CommandError::Stale,
        StoreError::Refused(sentences) => CommandError::Refused(sentences),
        other => CommandError::Unavailable(unavailable(&other)),
    }
}

/// Logs a failure and gives the reader a number to quote.
pub(crate) fn unavailable(error: &StoreError) -> Unavailable {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let reference = format!("{:X}-{count:X}", chrono::Utc::now().timestamp());
    tracing::error!(reference, %error, "store");
    Unavailable { reference }
}

/// The steps that nobody took back within its seconds.
fn kept_steps<'s>(steps: &'s [&StepRecord]) -> impl Iterator<Item = &'s StepRecord> {
    let undone = |index: usize| steps.get(index + 1).is_some_and(|next| next.step == Step::Undo);
    steps.iter().enumerate().filter(move |(index, _)| !undone(*index)).map(|(_, step)| *step)
}

/// Whether an approval stands among these steps that nobody took back.
fn approved_and_kept(steps: &[&StepRecord]) -> bool {
    kept_steps(steps).any(|step| step.step == Step::Approve)
}

fn or_unavailable<T>(result: Result<T, StoreError>) -> Result<T, Unavailable> {
    result.map_err(|error| unavailable(&error))
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

    fn new_seed(&self) -> (String, Option<String>) {
        let seed = second_factor::new_seed();
        let picture = self.seed_picture(&seed);
        (seed, picture)
    }

    fn seed_picture(&self, seed: &str) -> Option<String> {
        second_factor::picture(seed, &self.viewer.as_ref()?.account.login)
    }

    async fn report(&self, key: &ReportKey) -> Result<Option<Report>, Unavailable> {
        let Some(version) = or_unavailable(self.store.plan(&key.plan).await)? else { return Ok(None) };
        let known = domain::calendar::allowed(version.plan.calendar.as_ref(), version.plan.years, key.period).is_ok();
        let units = domain::entry::units(&version.plan);
        let Some((_, unit_name)) = units.into_iter().find(|(unit, _)| *unit == key.unit && known) else { return Ok(None) };
        let mut figures = or_unavailable(self.store.figures_for_form(key).await)?;
        // Last year's plan of the same office proposes the bases.
        let last_year = key.period.year - 1;
        for other in or_unavailable(self.store.plans().await)?.into_iter().map(|other| other.plan) {
            let covers = other.region.id() == version.plan.region.id() && (other.years.0..=other.years.1).contains(&last_year);
            if covers && other.id != key.plan {
                let measure = |plan: &Plan, goal: &str| plan.goal(goal).map(|goal| goal.measure.clone());
                let same = |goal: &str| measure(&other, goal) == measure(&version.plan, goal);
                let last = or_unavailable(self.last_figures(&other, last_year).await)?;
                figures.take_year(last, last_year, same, |goal, region| version.plan.renamed(goal, region));
            }
        }
        let figures = Arc::new(figures);
        let drafts = or_unavailable(self.store.drafts(key).await)?;
        let steps = or_unavailable(self.store.steps(key).await)?;
        let exception = or_unavailable(self.store.exception(key).await)?;
        let questions = or_unavailable(self.store.questions(key).await)?;
        let true_ups = or_unavailable(self.store.true_ups(key).await)?;
        Ok(Some(Report { version, key: key.clone(), unit_name, figures, drafts, steps, exception, questions, true_ups }))
    }

    async fn unit_states(&self, plan: &Plan, period: Period) -> Result<Vec<UnitState>, Unavailable> {
        let steps = or_unavailable(self.store.last_steps(&plan.id, period).await)?;
        let begun = or_unavailable(self.store.units_with_drafts(&plan.id, period).await)?;
        let imported = or_unavailable(self.store.units_in_force(&plan.id, period).await)?;
        let exceptions = or_unavailable(self.store.exceptions(&plan.id, period).await)?;
        let state = |(unit, name): (String, String)| {
            let own: Vec<&StepRecord> = steps.iter().filter(|(of, _)| *of == unit).map(|(_, step)| step).collect();
            let last = own.last().copied().cloned();
            let unstepped = if imported.contains(&unit) { State::Approved } else { State::Draft };
            let submitted = own.iter().rev().filter(|step| step.step == Step::Submit).find_map(|step| step.content.as_ref());
            let doubts =
                submitted.filter(|_| !matches!(last.as_ref().map(|step| step.state), Some(State::Draft))).map_or(0, Content::doubts);
            let by = |of: Step| own.iter().rev().find(|step| step.step == of).map(|step| step.account);
            UnitState {
                state: last.as_ref().map_or(unstepped, |step| step.state),
                begun: begun.contains(&unit),
                doubts,
                submitted: submitted.cloned(),
                hands: [by(Step::Submit), by(Step::SignOff)].into_iter().flatten().collect(),
                corrects: approved_and_kept(&own),
                imported: own.iter().all(|step| step.step != Step::Submit) && imported.contains(&unit),
                exception: exceptions.get(&unit).cloned(),
                sent_back: kept_steps(&own).filter(|step| step.step == Step::SendBackToCounty).count(),
                corrected: kept_steps(&own).skip_while(|step| step.step != Step::AllowCorrection).any(|step| step.step == Step::Approve),
                first_submitted: own.iter().find(|step| step.step == Step::Submit).map(|step| step.at),
                last,
                unit,
                name,
            }
        };
        Ok(domain::entry::units(plan).into_iter().map(state).collect())
    }

    async fn save_drafts(&self, key: &ReportKey, changes: Vec<CellChange>) -> Result<Vec<Draft>, CommandError> {
        let scope = CommandError::Forbidden(Action::SaveDraft, Refusal::Scope);
        let Some(viewer) = &self.viewer else { return Err(scope) };
        let Some(version) = or_unavailable(self.store.plan(&key.plan).await)? else { return Err(scope) };
        let acting = Acting { viewer, office: version.plan.region.id() };
        self.store.save_drafts(key, changes, acting, self.writer()).await.map_err(command_error)
    }

    async fn proposal(&self, plan: &Plan, period: Period) -> Result<Proposal, Unavailable> {
        let before = or_unavailable(self.store.edition(&plan.id, period, None).await)?.map(|edition| edition.summary.edition);
        let based_on = or_unavailable(self.store.facts_head().await)?;
        // A correction's reason is written by whoever publishes; the preview shows where it will stand.
        let reason = before.map(|_| "（更正原因）");
        let composed = Default::default();
        let drafted = publishing::draft(&self.store, &plan.id, period, reason, &composed, self.clock.now()).await;
        let drafted = or_unavailable(drafted)?;
        let unchanged = match &drafted {
            NextEdition::Same(..) => true,
            NextEdition::Ready(new) => new.bulletin.correction.as_ref().is_some_and(|correction| correction.changes.is_empty()),
            _ => false,
        };
        let refusal = drafted.refusal(period).unwrap_or_default();
        let edition = match drafted {
            NextEdition::Ready(new) | NextEdition::Same(_, new) => Ok(Box::new(or_unavailable(new.preview(self.clock.now()))?)),
            NextEdition::Empty | NextEdition::NeedsReason(_) => Err(refusal),
        };
        let proof = or_unavailable(self.store.verify().await)?.map(|verified| verified.head);
        Ok(Proposal { edition, based_on, proof, corrects: before, unchanged })
    }

    async fn readings(&self, plan: &str) -> Result<Vec<ReadingChoice>, Unavailable> {
        or_unavailable(self.store.readings(plan).await)
    }

    async fn receipts(&self, plan: &Plan, period: Period, edition: u32) -> Result<Vec<EditionReceipt>, Unavailable> {
        let mut receipts = or_unavailable(self.store.receipts(&plan.id, period, edition).await)?;
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            let own = self.viewer.as_ref().and_then(|viewer| viewer.post.as_ref()).map(|post| post.id.clone());
            receipts.retain(|receipt| Some(&receipt.post) == own.as_ref());
        }
        Ok(receipts)
    }

    async fn jobs(&self) -> Result<Vec<ExportJob>, Unavailable> {
        match &self.viewer {
            Some(viewer) => or_unavailable(self.store.jobs(viewer.account.id).await),
            None => Ok(Vec::new()),
        }
    }

    async fn letterhead(&self, plan: &str, period: Period, edition: u32) -> Result<Option<LetterheadState>, Unavailable> {
        let Some(found) = or_unavailable(self.store.edition(plan, period, Some(edition)).await)? else { return Ok(None) };
        let saved = or_unavailable(self.store.letterhead(plan, period, edition).await)?;
        let start = or_unavailable(self.store.letterhead_to_start_from(plan).await)?;
        let paper = crate::papers::compose(&found, saved.as_ref().unwrap_or(&start));
        let (missing, own_faces) = or_unavailable(self.printer.check(paper).await)?;
        Ok(Some(LetterheadState { saved, start, missing, own_faces }))
    }

    async fn year_end(&self, plan: &Plan, goal: &str, year: i32) -> Result<YearEnd, Unavailable> {
        let mut year_end = or_unavailable(self.store.year_end(&plan.id, goal, year).await)?;
        if !sees_unpublished(self.viewer.as_ref(), plan) {
            let own = |unit: &str| {
                let object = Object::of_unit(plan.region.id(), unit, State::Approved);
                self.viewer.as_ref().is_some_and(|viewer| viewer.may(Action::ReadReturn, object).is_ok())
            };
            year_end.stated.retain(|figure| own(&figure.region));
            year_end.objections.retain(|objection| own(&objection.unit));
            // A proposed result is shown to all posts, so that they can object; a dropped one is nobody's.
            let of_office =
                |viewer: &Viewer| viewer.post.as_ref().is_some_and(|post| post.domain.office.as_deref() == Some(plan.region.id()));
            let shown = if self.viewer.as_ref().is_some_and(of_office) { Decision::Proposed } else { Decision::Confirmed };
            let last = year_end.closures.pop().filter(|closure| closure.step == Decision::Confirmed || closure.step == shown);
            year_end.closures = last.into_iter().collect();
        }
        Ok(year_end)
    }

    async fn facts_head(&self) -> Result<i64, Unavailable> {
        or_unavailable(self.store.facts_head().await)
    }

    async fn posts(&self) -> Result<Vec<HeldPost>, Unavailable> {
        or_unavailable(self.store.posts().await)
    }

    async fn accounts(&self) -> Result<Vec<Account>, Unavailable> {
        or_unavailable(self.store.accounts().await)
    }

    async fn sessions(&self, account: i64) -> Result<Vec<SessionSummary>, Unavailable> {
        or_unavailable(self.store.sessions(account, self.clock.now()).await)
    }

    async fn policies(&self) -> Result<Policies, Unavailable> {
        let policy = or_unavailable(self.store.policy().await)?;
        let limits = or_unavailable(self.store.time_outs().await)?;
        Ok(Policies {
            password: policy.id().to_owned(),
            password_sentence: policy.sentence().to_owned(),
            open: or_unavailable(self.store.is_open().await)?,
            idle_minutes: limits.idle / 60_000,
            absolute_hours: limits.absolute / 3_600_000,
            screen_since: or_unavailable(self.store.screen_key().await)?.map(|(_, at)| at),
        })
    }

    async fn audit(&self, before: Option<i64>, action: Option<&str>) -> Result<Vec<AuditEntry>, Unavailable> {
        or_unavailable(self.store.audit_entries(before, action).await)
    }

    async fn link(&self, token: &str) -> Result<Option<Option<Account>>, Unavailable> {
        match or_unavailable(self.store.link(token, self.clock.now()).await)? {
            None => Ok(None),
            Some(None) => Ok(Some(None)),
            Some(Some(id)) => Ok(or_unavailable(self.store.account(id).await)?.map(Some)),
        }
    }

    async fn plans(&self) -> Result<Vec<PlanVersion>, Unavailable> {
        or_unavailable(self.store.plans().await)
    }

    async fn plan_versions(&self, plan: &str) -> Result<Vec<PlanVersion>, Unavailable> {
        or_unavailable(self.store.plan_versions(plan).await)
    }

    async fn facts(&self, plan: &str) -> Result<Option<Facts>, Unavailable> {
        let Some(mut version) = or_unavailable(self.store.plan(plan).await)? else { return Ok(None) };
        let figures = Arc::new(or_unavailable(figures_for(&self.store, self.viewer.as_ref(), &version.plan).await)?);
        if !sees_unpublished(self.viewer.as_ref(), &version.plan) {
            version = or_unavailable(self.published_version(version).await)?;
        }
        Ok(Some(Facts { version, figures }))
    }

    async fn revisions(&self, plan: &str, region: &str) -> Result<Vec<ReturnRevision>, Unavailable> {
        let Some(version) = or_unavailable(self.store.plan(plan).await)? else { return Ok(Vec::new()) };
        let all = or_unavailable(self.store.revisions(plan, Some(region)).await)?;
        let own = Object::of_unit(version.plan.region.id(), region, State::Approved);
        let own = self.viewer.as_ref().is_some_and(|viewer| viewer.may(Action::ReadReturn, own).is_ok());
        if own || sees_unpublished(self.viewer.as_ref(), &version.plan) {
            return Ok(all);
        }
        // Everybody else sees the versions that led to what is published.
        let published = or_unavailable(self.store.published_figures(&version.plan).await)?;
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
        or_unavailable(self.store.editions().await)
    }

    async fn edition(&self, plan: &str, period: Period, edition: Option<u32>) -> Result<Option<Edition>, Unavailable> {
        or_unavailable(self.store.edition(plan, period, edition).await)
    }

    async fn is_demo(&self) -> Result<bool, Unavailable> {
        or_unavailable(self.store.is_demo().await)
    }

    fn holidays(&self) -> &Holidays {
        &self.holidays
    }
}
