//! What the office knows: facts as they are stored, and what is put together from them for whoever asks.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use domain::assessment::Rules;
use domain::bulletin::Bulletin;
use domain::bulletin::tables::Table;
use domain::calendar::at_shanghai;
use domain::comparison::{Correction, Quarter};
use domain::entry::{Content, Topic};
use domain::evidence::{FileKind, FileStep, Subject};
pub use domain::fund::record::Step as FundStep;
use domain::letterhead::Letterhead;
use domain::month::Period;
use domain::plan::meaning::ChosenAverage;
use domain::plan::{Goal, Plan, Round};
use domain::policy::notice::{self, ClaimNotice};
pub use domain::policy::record::Step as ClaimStep;
use domain::projects::edition::{LIBRARY, LibraryEdition};
use domain::rate::Rate;
use domain::region::RegionId;
use domain::returns::{Figure, Figures, Source};
use domain::rights::Role;
pub use domain::roster::Step as SeatStep;
use domain::selection::edition::{self, SelectionEdition};
pub use domain::tasks::Step as TaskStep;
use domain::workflow::{State, Step};
use domain::year_end::{About, ObjectionOutcome, YearEndFigure, YearResult};

use crate::projects::Projects;
use crate::viewer::{Account, Post, Viewer};

/// A plan as imported. Pages share what was read: neither plan nor text is copied for each.
#[derive(Debug, Clone)]
pub struct PlanVersion {
    /// With its rules as the office chose to read them.
    pub plan: Arc<Plan>,
    /// The file's text.
    pub source: Arc<str>,
    pub version: u32,
    pub sha256: String,
    pub file_name: String,
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub recorded_at: i64,
    pub recorded_by: String,
}

impl PlanVersion {
    /// The plan in the file's own words, not as the office reads its rules: what an editor starts from.
    pub fn own_words(&self) -> Option<(Plan, u32)> {
        Some((domain::plan::file::parse(&self.source).ok()?, self.version))
    }
}

/// A step of a revision that one person proposes and another confirms or drops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanProposal {
    pub version: i64,
    /// Never [`Decision::Chosen`].
    pub step: Decision,
    /// The version of the plan that it revises.
    pub revises: u32,
    /// The plan's file, with the step that proposed it.
    pub source: Option<String>,
    /// Of the file.
    pub sha256: String,
    pub file_name: String,
    pub reason: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

impl PlanProposal {
    /// Whether it waits for a second person.
    pub fn is_open(&self) -> bool {
        self.step == Decision::Proposed
    }

    /// The plan as it would be; `None` after its last step, or where this program does not understand it.
    pub fn plan(&self) -> Option<Plan> {
        domain::plan::file::parse(self.source.as_deref()?).ok()
    }
}

/// A stored plan that this program, stricter than the one that took it, does not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadablePlan {
    pub id: String,
    pub version: u32,
    /// The first thing that is not understood, without a full stop.
    pub problem: String,
}

impl UnreadablePlan {
    /// Without a full stop.
    pub fn sentence(&self) -> String {
        format!("计划 {} 第 {} 版读不懂：{}", self.id, self.version, self.problem)
    }
}

/// One revision of one unit's figures.
#[derive(Debug, Clone)]
pub struct ReturnRevision {
    pub goal: String,
    pub region: String,
    pub period: Period,
    pub figure: Figure,
}

/// A published bulletin without its content.
#[derive(Debug, Clone)]
pub struct EditionSummary {
    pub plan: String,
    pub goal: String,
    pub period: Period,
    pub edition: u32,
    pub sha256: String,
    pub reason: Option<String>,
    pub published_at: i64,
    pub published_by: String,
    /// Number and hash of the audit row that recorded it: the chain's head when it was published.
    pub audit_seq: i64,
    pub audit_hash: String,
    /// Whether its papers print that head; those of editions from before they did never will.
    pub prints_head: bool,
    /// What the office signed with when it was published, as it is printed.
    pub public_key: Option<String>,
}

/// A published bulletin as it was frozen.
#[derive(Debug, Clone)]
pub struct Edition {
    pub summary: EditionSummary,
    /// Canonical JSON.
    pub content: String,
    pub bulletin: Bulletin,
}

/// One plan and its figures in force: one snapshot.
#[derive(Debug, Clone)]
pub struct Facts {
    pub version: PlanVersion,
    pub figures: Arc<Figures>,
}

/// A failure the reader cannot mend; details went to the log under this reference.
#[derive(Debug, Clone)]
pub struct Unavailable {
    pub why: Why,
    pub reference: String,
    /// What happened, for whoever runs the machine; pages show the reference alone.
    pub cause: String,
}

/// What a failure of the database means for what was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing was saved.
    Failed,
    /// Nothing was saved: another program holds the database.
    Busy,
    /// Nothing was saved: the way to the database was cut, as at its restart or a failover.
    Lost,
    /// Nothing was saved: the database takes no writes at the moment.
    ReadOnly,
    /// It may have been saved.
    Uncertain,
}

impl Unavailable {
    pub fn sentence(&self) -> String {
        let reference = &self.reference;
        match self.why {
            Why::Failed => format!(
                "读取或保存数据时出了问题，刚才的操作没有生效，已保存的数据没有受影响。请稍后再试；如仍不行，请把编号 {reference} 告诉管理员。"
            ),
            Why::Busy => format!(
                "数据库正被另一个程序占用，刚才的操作没有生效，已保存的数据没有受影响。请稍后再试；如仍不行，请把编号 {reference} 告诉管理员。"
            ),
            Why::Lost => format!(
                "和数据库的连接断了（它可能正在重启或切换），刚才的操作没有生效，已保存的数据没有受影响。请过几秒再试；如仍不行，请把编号 {reference} 告诉管理员。"
            ),
            Why::ReadOnly => format!(
                "数据库现在是只读的，只能看，不能保存，刚才的操作没有生效；已发布的内容都在。请等管理员恢复后再做；有疑问请把编号 {reference} 告诉管理员。"
            ),
            Why::Uncertain => format!(
                "保存时和数据库断了，不能确定是否已经保存。请重新打开这一页，看看刚才的内容在不在，再决定要不要重做；有疑问请把编号 {reference} 告诉管理员。"
            ),
        }
    }
}

/// Up to where the audit chain was proved, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub head: ProvedHead,
    /// UTC milliseconds.
    pub at: i64,
}

/// The number and hash of the chain's last row, when it was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedHead {
    pub seq: i64,
    pub hash: String,
}

/// Which return: a unit's, of a plan's rhythm and period.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReportKey {
    pub plan: String,
    pub round: Round,
    pub unit: RegionId,
}

impl ReportKey {
    pub fn period(&self) -> Period {
        self.round.period
    }
}

/// One version of what was typed into one box, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub cell: String,
    pub version: i64,
    pub text: String,
    pub at: i64,
    pub actor: String,
    pub audit_seq: i64,
}

/// One step of a return.
#[derive(Debug, Clone)]
pub struct StepRecord {
    pub version: i64,
    pub step: Step,
    /// The state after it.
    pub state: State,
    pub at: i64,
    pub actor: String,
    pub account: i64,
    pub reason: Option<String>,
    /// Of a submission.
    pub content: Option<Content>,
    pub sha256: Option<String>,
}

/// Whoever submitted does not sign, whoever submitted or signed does not approve: also after a change of posts.
pub fn is_own_work(step: Step, steps: &[StepRecord], account: i64) -> bool {
    let did = |of: Step| steps.iter().rev().find(|done| done.step == of).is_some_and(|done| done.account == account);
    match step {
        Step::SignOff => did(Step::Submit),
        Step::Approve => did(Step::Submit) || did(Step::SignOff),
        _ => false,
    }
}

/// A unit's return of a period with everything its form needs.
#[derive(Debug, Clone)]
pub struct Report {
    pub version: PlanVersion,
    pub key: ReportKey,
    pub unit_name: String,
    /// Those in force, with what the unit has submitted for other periods on the way.
    pub figures: Arc<Figures>,
    /// Every version of every box, oldest first within a box.
    pub drafts: Vec<Draft>,
    /// Oldest first.
    pub steps: Vec<StepRecord>,
    /// The newest 补报 that was granted.
    pub exception: Option<Exception>,
    /// What the office asked, oldest first.
    pub questions: Vec<Question>,
    /// Mistakes of earlier periods to make up for in this one.
    pub true_ups: Vec<TrueUp>,
    /// What was approved before the year's end is asked for again now: 年终定报.
    pub asked_again: bool,
    /// The unit's projects, where it is their return.
    pub projects: Arc<Projects>,
}

/// 年终定报: whether what is approved was handed in before the year's end, and the plan asks for it again now.
pub fn is_asked_again(plan: &Plan, round: &Round, steps: &[StepRecord], now: i64) -> bool {
    let approved = steps.last().is_some_and(|last| last.state == State::Approved);
    let submitted = steps.iter().rev().find(|step| step.step == Step::Submit).map(|step| at_shanghai(step.at));
    let calendar = plan.calendar_of_round(round).filter(|calendar| calendar.is_final(round.period, at_shanghai(now)));
    let from = calendar.and_then(|calendar| calendar.final_report_of(round.period)).map(|(from, _)| from);
    approved && submitted.zip(from).is_some_and(|(submitted, from)| submitted < from)
}

/// What the state of a return is called.
fn state_name(state: State, asked_again: bool) -> &'static str {
    if asked_again { "待年终定报" } else { state.name() }
}

/// 留言: words about a return between its unit and the office, outside of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub of: ReportKey,
    /// 1, 2, … within a return.
    pub version: i64,
    /// Of the office; else of the unit.
    pub by_office: bool,
    /// Empty: it was seen what the other side wrote.
    pub words: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

/// What a side wrote and the other has not answered or marked as seen: the newest of each return. Messages of a return
/// stand together, oldest first.
pub fn unanswered(messages: &[Message], by_office: bool) -> impl Iterator<Item = &Message> {
    let newest = messages.chunk_by(|one, next| one.of == next.of).filter_map(<[Message]>::last);
    newest.filter(move |message| message.by_office == by_office && !message.words.is_empty())
}

/// What the office asks about one figure when it sends a return back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The version of the step that sent it back.
    pub step: i64,
    pub goal: String,
    pub region: RegionId,
    pub text: String,
}

/// An earlier period stays as it is; what was wrong there is made up for in the current one.
#[derive(Debug, Clone)]
pub struct TrueUp {
    pub period: Period,
    /// The figures the county asked for.
    pub asked: Option<Content>,
    pub answer: StepRecord,
}

/// How something that needs one person, or two, was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// By one person.
    Chosen,
    /// By the first of two.
    Proposed,
    /// By the second.
    Confirmed,
    Dropped,
}

impl Decision {
    pub const ALL: [Decision; 4] = [Decision::Chosen, Decision::Proposed, Decision::Confirmed, Decision::Dropped];

    pub fn id(self) -> &'static str {
        match self {
            Decision::Chosen => "chosen",
            Decision::Proposed => "proposed",
            Decision::Confirmed => "confirmed",
            Decision::Dropped => "dropped",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.id() == text)
    }

    pub fn holds(self) -> bool {
        matches!(self, Decision::Chosen | Decision::Confirmed)
    }
}

/// A choice of the reading of a rule.
#[derive(Debug, Clone)]
pub struct ReadingChoice {
    pub goal: String,
    pub version: i64,
    pub step: Decision,
    /// `rank_by` is the plan's, not chosen here.
    pub rules: Rules,
    pub reason: String,
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

/// A choice of the average growth that judges a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AverageChoice {
    pub goal: String,
    /// 1 for the first; the highest is in force.
    pub version: i64,
    pub chosen: ChosenAverage,
}

/// Whether a change of a goal's reading waits for a second person; the choices are oldest first.
pub fn is_proposed(choices: &[ReadingChoice], goal: &str) -> bool {
    choices.iter().rfind(|choice| choice.goal == goal).is_some_and(|choice| choice.step == Decision::Proposed)
}

/// 签收 of an edition by a post.
#[derive(Debug, Clone)]
pub struct EditionReceipt {
    /// The post's id.
    pub post: String,
    pub at: i64,
    pub actor: String,
}

/// A unit's objection.
#[derive(Debug, Clone)]
pub struct ObjectionRecord {
    pub number: u32,
    pub goal: String,
    pub period: Period,
    pub unit: RegionId,
    pub about: About,
    pub reason: String,
    pub at: i64,
    pub actor: String,
    pub answer: Option<ObjectionAnswer>,
}

#[derive(Debug, Clone)]
pub struct ObjectionAnswer {
    pub outcome: ObjectionOutcome,
    pub text: String,
    pub at: i64,
    pub actor: String,
}

/// A step towards closing a year's assessment, with what is frozen by it.
#[derive(Debug, Clone)]
pub struct Closure {
    pub version: i64,
    pub step: Decision,
    /// Canonical JSON of the result.
    pub content: String,
    pub result: Arc<YearResult>,
    pub sha256: String,
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

/// The year's end of one goal, oldest first.
#[derive(Debug, Clone, Default)]
pub struct YearEnd {
    pub stated: Vec<YearEndFigure>,
    pub objections: Vec<ObjectionRecord>,
    pub closures: Vec<Closure>,
    pub reopenings: Vec<Reopening>,
    /// Versions of self-assessments that the unit's approver signed.
    pub signs: Vec<SelfSign>,
}

/// A step towards opening a closed assessment again.
#[derive(Debug, Clone)]
pub struct Reopening {
    pub version: i64,
    /// The version of the closing that it opens.
    pub closure: i64,
    pub step: Decision,
    pub reason: String,
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

/// A unit's approver signed a version of its self-assessment.
#[derive(Debug, Clone)]
pub struct SelfSign {
    pub region: RegionId,
    pub version: u32,
    pub at: i64,
    pub actor: String,
}

impl YearEnd {
    /// The closing that was confirmed.
    pub fn closed(&self) -> Option<&Closure> {
        let last = self.closures.last().filter(|closure| closure.step == Decision::Confirmed);
        last.filter(|closure| self.reopening_of(closure).is_none())
    }

    /// Why a closing holds no more: two persons opened it again.
    fn reopening_of(&self, closure: &Closure) -> Option<&Reopening> {
        let opens = |of: &&Reopening| of.step == Decision::Confirmed && of.closure == closure.version;
        self.reopenings.iter().find(opens)
    }

    /// The newest closing that was opened again, and why: what is closed next takes its place.
    pub fn reopened(&self) -> Option<(&Closure, &Reopening)> {
        let closed = self.closures.iter().rev().filter(|closure| closure.step == Decision::Confirmed);
        closed.into_iter().find_map(|closure| Some((closure, self.reopening_of(closure)?)))
    }

    /// The opening that waits for a second person.
    pub fn to_reopen(&self) -> Option<&Reopening> {
        let closed = self.closed()?;
        self.reopenings.last().filter(|of| of.step == Decision::Proposed && of.closure == closed.version)
    }

    /// Who signed the newest version of a unit's self-assessment.
    pub fn signed(&self, region: &str) -> Option<&SelfSign> {
        let own = domain::year_end::newest(&self.stated, region, domain::year_end::Stated::Own)?;
        self.signs.iter().find(|sign| sign.region == region && sign.version == own.version)
    }

    /// The closing that waits for a second person.
    pub fn proposed(&self) -> Option<&Closure> {
        self.closures.last().filter(|closure| closure.step == Decision::Proposed)
    }

    pub fn open_objections(&self) -> Vec<u32> {
        self.objections
            .iter()
            .filter(|objection| objection.answer.is_none())
            .map(|objection| objection.number)
            .collect()
    }
}

/// A unit may hand in late: until when, why, and by whose word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub version: i64,
    /// UTC milliseconds: the first instant at which it is over.
    pub until: i64,
    pub reason: String,
    pub at: i64,
    pub actor: String,
}

/// What stands ready to be published.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The edition as it would be frozen, or why there is none.
    pub edition: Result<Box<Edition>, String>,
    /// The audit row up to which the figures were read: publishing refuses when they have moved.
    pub based_on: i64,
    /// The last proof of the audit chain; publishing proves what is newer.
    pub proof: Option<Proof>,
    /// The reason needed because an edition is out already.
    pub corrects: Option<u32>,
    /// The figures say the same as that edition: only its words could be corrected.
    pub unchanged: bool,
}

impl Report {
    pub fn state_name(&self) -> &'static str {
        state_name(self.state(), self.asked_again)
    }

    /// Figures that came in by a file are approved without steps; what is asked for again stands as sent back.
    pub fn state(&self) -> State {
        if self.asked_again {
            return State::SentBack;
        }
        let imported = if self.imported().is_some() { State::Approved } else { State::Draft };
        self.steps.last().map_or(imported, |step| step.state)
    }

    /// Where a figure of this round comes from that came in by a file, past the form.
    pub fn imported(&self) -> Option<&Source> {
        let (plan, period) = (&self.version.plan, self.key.period());
        let stands = |goal: &Goal| {
            let rows = goal.splits.iter().map(|split| split.region.as_str());
            let mut own =
                rows.chain([plan.region.id()]).filter(|region| plan.stands_for(goal, region, period) == self.key.unit);
            own.find_map(|region| self.figures.get(&goal.id, period, region).filter(|figure| figure.is_reported()))
        };
        let mut goals =
            plan.goals.iter().filter(|goal| self.steps.is_empty() && plan.is_of_rhythm(goal, &self.key.round));
        goals.find_map(stands).map(|figure| &figure.source)
    }

    /// The region whose target the plan splits.
    pub fn office(&self) -> &str {
        self.version.plan.region.id()
    }

    /// The number of steps taken: what a step is compared with before it is added.
    pub fn step_version(&self) -> i64 {
        self.steps.last().map_or(0, |step| step.version)
    }

    /// The newest version of a box.
    pub fn draft(&self, cell: &str) -> Option<&Draft> {
        self.drafts.iter().rev().find(|draft| draft.cell == cell)
    }

    /// Names what the boxes hold: the newest audit row of a draft.
    pub fn drafts_seq(&self) -> i64 {
        self.drafts.iter().map(|draft| draft.audit_seq).max().unwrap_or(0)
    }

    /// What the office asks about a figure and the county has not answered by a submission yet.
    pub fn open_question(&self, goal: &str, region: &str) -> Option<&Question> {
        let submitted = self.submission().map_or(0, |step| step.version);
        // A sending back that was taken back asks nothing.
        let undone =
            |asked: &Question| self.steps.iter().any(|step| step.step == Step::Undo && step.version == asked.step + 1);
        let open = |asked: &&Question| {
            asked.step > submitted && asked.goal == goal && asked.region == region && !undone(asked)
        };
        self.questions.iter().rev().find(open)
    }

    /// What the county wants corrected, while the office has not answered.
    pub fn asked(&self) -> Option<&StepRecord> {
        self.steps.last().filter(|step| step.step == Step::AskCorrection)
    }

    /// What was last submitted.
    pub fn submission(&self) -> Option<&StepRecord> {
        self.steps.iter().rev().find(|step| step.step == Step::Submit)
    }

    /// The SHA-256 of what is handed in, while the unit may not change it: what a seal on paper confirms.
    pub fn handed_in(&self) -> Option<&str> {
        self.submission().filter(|_| !self.state().is_editable())?.sha256.as_deref()
    }

    /// The submission before the last: what the approver compares with.
    pub fn earlier_submission(&self) -> Option<&StepRecord> {
        self.steps.iter().rev().filter(|step| step.step == Step::Submit).nth(1)
    }
}

/// What is known of a round, by unit.
#[derive(Debug, Clone, Default)]
pub struct RoundFacts {
    /// Oldest first.
    pub steps: BTreeMap<String, Vec<StepRecord>>,
    /// The units that typed something.
    pub begun: HashSet<String>,
    /// Those that have a figure in force of a goal of the round's rhythm.
    pub in_force: HashSet<String>,
    /// The newest 补报 of each.
    pub exceptions: BTreeMap<String, Exception>,
}

/// Where each unit's return of a period stands.
#[derive(Debug, Clone)]
pub struct UnitState {
    pub unit: RegionId,
    pub name: String,
    pub state: State,
    /// 年终定报: what was approved is asked for again now.
    pub asked_again: bool,
    /// The last step.
    pub last: Option<StepRecord>,
    /// Soft checks it was submitted with.
    pub doubts: usize,
    /// Drafts were saved since.
    pub begun: bool,
    /// The newest submission.
    pub submitted: Option<Content>,
    /// As [`Report::handed_in`].
    pub handed_in: Option<String>,
    /// The accounts that submitted and signed last.
    pub hands: Vec<i64>,
    /// It corrects what was approved before.
    pub corrects: bool,
    /// Figures came in by a file, and nothing was submitted.
    pub imported: bool,
    /// The newest 补报.
    pub exception: Option<Exception>,
    /// When it was first submitted, UTC milliseconds.
    pub first_submitted: Option<i64>,
    /// How often the office sent it back and did not take that back.
    pub sent_back: usize,
    /// What had been approved was opened again and approved with other figures.
    pub corrected: bool,
}

impl UnitState {
    pub fn state_name(&self) -> &'static str {
        state_name(self.state, self.asked_again)
    }

    /// What was handed in last.
    pub fn last_content(&self) -> Option<&Content> {
        self.submitted.as_ref()
    }

    /// Whether this person handed it in or signed it.
    pub fn signed_by(&self, account: i64) -> bool {
        self.hands.contains(&account)
    }

    /// Whether this person has just approved it or sent it back.
    pub fn can_undo(&self, account: i64, now: i64) -> bool {
        self.last
            .as_ref()
            .is_some_and(|step| step.account == account && domain::workflow::can_undo(step.step, step.at, now))
    }
}

/// A box about to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    pub cell: String,
    /// The version the form showed; 0 for none.
    pub seen: i64,
    /// What version 0 showed.
    pub shown: String,
    pub text: String,
}

/// Somebody else saved the same box in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellConflict {
    pub cell: String,
    pub mine: String,
    pub theirs: Draft,
}

/// One entry of the audit trail.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub object: String,
    pub detail: String,
    pub hash: String,
}

/// A post and its holder of now.
#[derive(Debug, Clone)]
pub struct HeldPost {
    pub post: Post,
    pub holder: Option<Account>,
    pub since: i64,
    /// When the post was made, UTC milliseconds.
    pub created_at: i64,
    /// B角: the post whose work this one does too.
    pub deputy_of: Option<String>,
}

/// A post that is retired: nobody holds it, and its name stays in the records.
#[derive(Debug, Clone)]
pub struct RetiredPost {
    pub post: Post,
    pub reason: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// What a page about people may show.
#[derive(Debug, Clone)]
pub struct Policies {
    /// What the site was set up for: code and name of its region.
    pub office: Option<String>,
    /// `dengbao` or `asvs`.
    pub password: String,
    pub password_sentence: String,
    /// After how many days a password has to be changed, where the policy says so.
    pub password_days: i64,
    pub open: bool,
    pub idle_minutes: i64,
    pub absolute_hours: i64,
    /// The roles whose holders need one-time codes.
    pub totp_roles: Vec<Role>,
    /// When the key of the wall screens that is in force was made, UTC milliseconds.
    pub screen_since: Option<i64>,
}

/// How far a long export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Running,
    Done,
    Failed,
}

impl JobState {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "waiting" => Some(JobState::Waiting),
            "running" => Some(JobState::Running),
            "done" => Some(JobState::Done),
            "failed" => Some(JobState::Failed),
            _ => None,
        }
    }
}

/// A long export about to be asked for: the pack of a goal's year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub account: i64,
    pub asked_by: String,
    /// UTC milliseconds.
    pub asked_at: i64,
    pub steps: usize,
}

/// A long export that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportJob {
    pub id: String,
    pub plan: String,
    pub year: i32,
    pub asked_by: String,
    /// UTC milliseconds.
    pub asked_at: i64,
    pub state: JobState,
    /// What is being done, and how many steps are behind it.
    pub step: String,
    pub done: usize,
    pub steps: usize,
    pub file_name: Option<String>,
    pub sha256: Option<String>,
    /// Why there is no file.
    pub failure: Option<String>,
}

/// The letterhead of an edition's paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterheadState {
    /// What was written for this edition.
    pub saved: Option<Letterhead>,
    /// What a new one starts from.
    pub start: Letterhead,
    /// Characters of this paper that no face has.
    pub missing: Vec<char>,
    /// Faces that the office laid in.
    pub own_faces: Vec<String>,
}

/// What is published besides the plan's bulletin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationKind {
    /// 一季一评比.
    Comparison,
    /// A year's result that was closed.
    Result,
    /// The library of projects at a quarter's end.
    Library,
    /// 公示 of decided claims.
    Claims,
    /// 公示 and result of a selection.
    Selection,
}

impl PublicationKind {
    pub const ALL: [PublicationKind; 5] = [
        PublicationKind::Comparison,
        PublicationKind::Result,
        PublicationKind::Library,
        PublicationKind::Claims,
        PublicationKind::Selection,
    ];

    /// As stored and in addresses.
    pub fn id(self) -> &'static str {
        match self {
            PublicationKind::Comparison => "comparison",
            PublicationKind::Result => "result",
            PublicationKind::Library => LIBRARY,
            PublicationKind::Claims => "claims",
            PublicationKind::Selection => "selection",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == text)
    }
}

/// What a publication is of: its editions follow each other under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationKey {
    pub plan: String,
    pub kind: PublicationKind,
    /// Of a comparison its id in the plan, of a result its goal, of the library its one name, of a notice of claims
    /// their year with its number: `2021-1`, of a selection its id before them: `excellent-2013-1`, `…-final`.
    pub subject: String,
    /// The quarter's or the year's last month.
    pub period: Period,
}

impl PublicationKey {
    /// What its pages and papers are called before anybody reads them: 2021年第三季度工业项目一季一评比.
    pub fn title(&self, plan: &Plan) -> String {
        match self.kind {
            PublicationKind::Comparison => {
                let name = plan.comparison(&self.subject).map_or("一季一评比", |found| found.name.as_str());
                format!("{}{name}", domain::comparison::label(self.period))
            }
            PublicationKind::Result => {
                let name = plan.goal(&self.subject).map_or("", |goal| goal.name.as_str());
                format!("{}年{name}考核结果", self.period.year)
            }
            PublicationKind::Library => domain::projects::edition::title(self.period),
            PublicationKind::Claims => {
                let parts = self.subject.split_once('-');
                let parts = parts.and_then(|(year, number)| Some((year.parse().ok()?, number.parse().ok()?)));
                parts.map_or_else(|| "奖补资金公示".to_owned(), |(year, number)| notice::title(year, number))
            }
            PublicationKind::Selection => {
                let parts = edition::parse_subject(&self.subject);
                let parts = parts.and_then(|(id, year, number)| Some((plan.selection(id)?, year, number)));
                parts.map_or_else(
                    || "评选结果".to_owned(),
                    |(selection, year, number)| edition::title(year, &selection.title, number),
                )
            }
        }
    }
}

/// A publication without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationSummary {
    pub key: PublicationKey,
    /// The region whose office published it.
    pub office: String,
    pub edition: u32,
    pub sha256: String,
    /// Of a correction.
    pub reason: Option<String>,
    pub public_key: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub audit_seq: i64,
    pub audit_hash: String,
    /// Its papers print where it stands in the trail.
    pub prints_head: bool,
}

impl PublicationSummary {
    /// Whether somebody may read it: comparisons and results whoever reads bulletins; the library, which names projects
    /// with their firms, whoever sees projects of this office.
    pub fn is_open_to(&self, viewer: Option<&Viewer>) -> bool {
        self.key.kind != PublicationKind::Library || viewer.is_some_and(|viewer| viewer.sees_projects(&self.office))
    }
}

/// One edition of a publication, frozen.
#[derive(Debug, Clone)]
pub struct Publication {
    pub summary: PublicationSummary,
    /// Canonical JSON.
    pub content: String,
    pub body: PublicationBody,
}

/// What a publication says.
#[derive(Debug, Clone)]
pub enum PublicationBody {
    Comparison(Box<Quarter>),
    Result(Box<YearResult>),
    Library(Box<LibraryEdition>),
    Claims(Box<ClaimNotice>),
    Selection(Box<SelectionEdition>),
}

impl PublicationBody {
    /// The frozen form.
    pub fn content(&self) -> String {
        let json = match self {
            PublicationBody::Comparison(quarter) => domain::canonical::to_json(quarter),
            PublicationBody::Result(result) => domain::canonical::to_json(result),
            PublicationBody::Library(library) => domain::canonical::to_json(library),
            PublicationBody::Claims(notice) => domain::canonical::to_json(notice),
            PublicationBody::Selection(edition) => domain::canonical::to_json(edition),
        };
        json.expect("what is published is strings, integers and lists")
    }

    /// As its spreadsheet has it; `near` is the plan's.
    pub fn table(&self, near: Rate) -> Table {
        match self {
            PublicationBody::Comparison(quarter) => quarter.table(),
            PublicationBody::Result(result) => result.table(near),
            PublicationBody::Library(library) => library.whole_list.clone(),
            PublicationBody::Claims(notice) => notice.table(),
            PublicationBody::Selection(edition) => edition.table(),
        }
    }

    pub fn title(&self) -> String {
        match self {
            PublicationBody::Comparison(quarter) => quarter.title(),
            PublicationBody::Result(result) => format!("{}年考核结果", result.year),
            PublicationBody::Library(library) => library.title(),
            PublicationBody::Claims(notice) => notice.title(),
            PublicationBody::Selection(edition) => edition.title(),
        }
    }

    /// What it says before its tables, and below them.
    pub fn words(&self) -> (&[String], &[String]) {
        match self {
            PublicationBody::Comparison(quarter) => (&quarter.sentences, &quarter.notes),
            PublicationBody::Result(_) => (&[], &[]),
            PublicationBody::Library(library) => (&library.sentences, &library.notes),
            PublicationBody::Claims(notice) => (&notice.sentences, &[]),
            PublicationBody::Selection(edition) => (&edition.sentences, &[]),
        }
    }

    pub fn correction(&self) -> Option<&Correction> {
        match self {
            PublicationBody::Comparison(quarter) => quarter.correction.as_ref(),
            PublicationBody::Result(_) | PublicationBody::Claims(_) | PublicationBody::Selection(_) => None,
            PublicationBody::Library(library) => library.correction.as_ref(),
        }
    }

    /// Whether its figures are made up; a result does not say.
    pub fn is_demo(&self) -> bool {
        match self {
            PublicationBody::Comparison(quarter) => quarter.demo,
            PublicationBody::Result(_) => false,
            PublicationBody::Library(library) => library.demo,
            PublicationBody::Claims(notice) => notice.demo,
            PublicationBody::Selection(edition) => edition.demo,
        }
    }
}

/// The next edition of a comparison as it would be frozen now.
#[derive(Debug, Clone)]
pub struct ComparisonProposal {
    /// As it would read; `Err` says why there is nothing to read.
    pub body: Result<PublicationBody, String>,
    pub based_on: i64,
    pub proof: Option<Proof>,
    /// The edition it would correct.
    pub corrects: Option<u32>,
    /// It would say the same as that edition.
    pub unchanged: bool,
}

/// An assessment of a year that two persons closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedResult {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    /// UTC milliseconds.
    pub at: i64,
}

/// How often somebody looked at an address on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewing {
    /// `2026-11-27`.
    pub day: String,
    pub account: i64,
    /// The post and its holder of that moment.
    pub actor: String,
    pub path: String,
    pub views: i64,
    /// UTC milliseconds.
    pub first_at: i64,
    pub last_at: i64,
    /// The row of the trail that seals it; today's is open.
    pub sealed: Option<i64>,
}

/// Which views are asked for.
#[derive(Debug, Clone)]
pub struct ViewingsOf {
    /// The first and the last day, `2026-11-27`.
    pub from: String,
    pub to: String,
    pub account: Option<i64>,
    pub skip: i64,
    pub oldest_first: bool,
}

impl ViewingsOf {
    pub fn all() -> Self {
        Self { from: String::new(), to: "9999".to_owned(), account: None, skip: 0, oldest_first: false }
    }
}

/// Failed log-ins of a day that the trail does not sum up yet.
#[derive(Debug, Clone)]
pub struct FailedLogIns {
    /// `2026-11-27`.
    pub day: String,
    /// `None` for names that nobody has.
    pub login: Option<String>,
    pub address: String,
    pub failures: i64,
    pub last_at: i64,
}

/// A passage that the office picked of a unit's text for the bulletin of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPick {
    pub number: u32,
    pub version: i64,
    pub unit: RegionId,
    /// The goal it was written of; `None` where it was of the return as a whole.
    pub goal: Option<String>,
    pub topic: Topic,
    /// The sentences as the unit handed them in.
    pub source: String,
    /// As they stand in the bulletin; empty where they were taken out again.
    pub words: String,
    pub actor: String,
}

impl TextPick {
    pub fn stands(&self) -> bool {
        !self.words.is_empty()
    }

    /// Not in the unit's own words any more.
    pub fn is_edited(&self) -> bool {
        self.words != self.source
    }
}

/// 证明材料: a file as it stands after its last step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Within the plan.
    pub number: i64,
    pub subject: Subject,
    pub unit: RegionId,
    pub name: String,
    pub kind: FileKind,
    /// Bytes.
    pub size: i64,
    /// Of its content.
    pub sha256: String,
    /// 盖章扫描件: what it confirms.
    pub stamp: Option<Stamp>,
    /// When it was attached (UTC milliseconds), and by whom.
    pub at: i64,
    pub actor: String,
    /// Its last step, how many it had, when and by whom that was taken.
    pub step: FileStep,
    pub version: i64,
    pub last_at: i64,
    pub last_actor: String,
    /// That its content is to be emptied, or was.
    pub erasure: Option<Erasure>,
}

/// That somebody asked for a file's content to be emptied, and what another made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub reason: String,
    /// When it was asked for (UTC milliseconds), and by whom.
    pub at: i64,
    pub actor: String,
    pub account: i64,
    pub answer: Option<ErasureAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureAnswer {
    /// It was emptied; otherwise it was left, for the reason in `words`.
    pub erased: bool,
    pub words: String,
    pub at: i64,
    pub actor: String,
}

/// What stands about the emptying of a file, and of the others with its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sharing {
    /// How many steps there were about emptying it.
    pub steps: i64,
    /// Whether another with its content can be read.
    pub is_readable: bool,
    /// Whether another was emptied.
    pub is_erased: bool,
}

/// A file that waits for somebody to empty it or leave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingErasure {
    pub plan: String,
    pub subject: Subject,
    pub unit: RegionId,
    /// Of who asked.
    pub account: i64,
}

impl Evidence {
    pub fn is_erased(&self) -> bool {
        let answer = self.erasure.as_ref().and_then(|erasure| erasure.answer.as_ref());
        answer.is_some_and(|answer| answer.erased)
    }

    /// The request that waits for an answer.
    pub fn erasure_asked(&self) -> Option<&Erasure> {
        self.erasure.as_ref().filter(|erasure| erasure.answer.is_none())
    }

    /// Whether others than its unit see it, and what it holds.
    pub fn is_readable(&self) -> bool {
        self.is_handed_in() && !self.is_erased()
    }

    /// Whether its seal confirms what is handed in: [`Stamp::holds`], of a scan that can be looked at.
    pub fn confirms(&self, handed_in: Option<&str>) -> bool {
        !self.is_erased() && self.stamp.as_ref().is_some_and(|stamp| stamp.holds(handed_in))
    }

    /// Whether others than its unit see it.
    pub fn is_handed_in(&self) -> bool {
        matches!(self.step, FileStep::Add | FileStep::HandIn)
    }

    pub fn is_withdrawn(&self) -> bool {
        self.step == FileStep::Withdraw
    }
}

/// What a seal confirms: one submission of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The how-manieth it was.
    pub submission: i64,
    /// Of what was submitted.
    pub sha256: String,
}

impl Stamp {
    /// Whether it still confirms what is handed in ([`Report::handed_in`]).
    pub fn holds(&self, handed_in: Option<&str>) -> bool {
        handed_in == Some(&self.sha256)
    }

    /// What is said where it does not; without a full stop.
    pub fn void(&self) -> String {
        format!("该盖章件对应第{}次报送，数据已变动，需重新盖章上传", self.submission)
    }
}
