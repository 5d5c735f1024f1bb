//! The way of a return proved: random commands by random people against a model, two people at once, the edges of time.
//!
//! The model is written in its own words: it asks neither `domain::workflow` nor `domain::rights`.

use std::sync::atomic::Ordering;

use domain::entry::{Content, ContentRow};
use domain::money::Amount;
use domain::month::Period;
use domain::rights::{Reach, Role};
use domain::workflow::{State, Step};
use office::facts::{CellChange, ReportKey, StepRecord};
use office::viewer::{Account, Post, Viewer};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use office::commands::save_draft::SaveDraft;
use office::commands::steps::{self, NewStep};
use office::ports::Ledger;
use office::refusal::Refusal;
use office::who::Who;

use super::bench::{Bench, COUNT};

const OFFICE: &str = "350100";

/// Everybody who tries: name, role, office, and whether of the unit in question.
const PEOPLE: [(&str, Role, &str, bool); 16] = [
    ("填报甲", Role::CountyReporter, OFFICE, true),
    ("填报乙", Role::CountyReporter, OFFICE, true),
    ("签核甲", Role::CountyApprover, OFFICE, true),
    ("签核乙", Role::CountyApprover, OFFICE, true),
    ("审核甲", Role::CityReviewer, OFFICE, false),
    ("审核乙", Role::CityReviewer, OFFICE, false),
    ("发布人", Role::Publisher, OFFICE, false),
    ("领导", Role::Leader, OFFICE, false),
    ("邻县填报", Role::CountyReporter, OFFICE, false),
    ("邻市审核", Role::CityReviewer, "350200", false),
    ("系统管理员", Role::SystemAdmin, "", false),
    // The same two persons on other posts.
    ("填报甲", Role::CountyApprover, OFFICE, true),
    ("签核甲", Role::CityReviewer, OFFICE, false),
    ("挂钩领导", Role::Official, OFFICE, true),
    ("效能办", Role::Observer, OFFICE, false),
    ("财政局", Role::Finance, OFFICE, false),
];

/// The account behind a post.
fn account_of(person: usize) -> i64 {
    match person {
        11 => 1,
        12 => 3,
        other => other as i64 + 1,
    }
}

impl Bench {
    async fn steps(&self, key: &ReportKey) -> Vec<(Step, State, i64)> {
        let steps = self.store.read().await.unwrap().steps(key).await.unwrap();
        steps.iter().map(|step| (step.step, step.state, step.account)).collect()
    }

    /// The figure in force, in whole 元.
    async fn in_force(&self, key: &ReportKey) -> Option<i64> {
        let figures = self.store.read().await.unwrap().figures(&key.plan).await.unwrap();
        figures.get("investment", key.period(), &key.unit).and_then(|figure| figure.value).map(|value| value.0)
    }

    async fn take(&self, key: &ReportKey, person: usize, new: NewStep, at: i64) -> Result<StepRecord, Refusal> {
        let who = Who { session: None, ..Who::signed_in(viewer(person, &key.unit), at) };
        self.store.carry_out(Take { key: key.clone(), new }, who).await
    }
}

/// A step past its form: what all steps have in common.
struct Take {
    key: ReportKey,
    new: NewStep,
}

#[async_trait::async_trait]
impl office::commands::Command for Take {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        steps::take(ledger, who, OFFICE, &self.key, self.new).await
    }
}

/// A return that nobody has touched.
fn fresh() -> ReportKey {
    let unit = format!("u{}", COUNT.fetch_add(1, Ordering::Relaxed));
    ReportKey { plan: "p".to_owned(), round: Period { year: 2021, month: 6 }.into(), unit }
}

fn viewer(person: usize, unit: &str) -> Viewer {
    let (name, role, office, of_unit) = PEOPLE[person];
    let own = if of_unit { unit.to_owned() } else { "elsewhere".to_owned() };
    let domain =
        Reach { role, office: (!office.is_empty()).then(|| office.to_owned()), unit: role.is_county().then_some(own) };
    let account = Account {
        id: account_of(person),
        login: format!("p{person}"),
        name: name.to_owned(),
        phone: String::new(),
        disabled: false,
        has_totp: false,
        password_at: None,
        last_log_in: None,
    };
    let post = Post { id: format!("post-{person}"), domain, title: role.name().to_owned() };
    Viewer {
        account,
        post: Some(post),
        session: String::new(),
        must_change: false,
        password_ends: None,
        must_enrol: false,
    }
}

fn content(key: &ReportKey, value: i64) -> Content {
    let row = ContentRow {
        goal: "investment".to_owned(),
        region: key.unit.clone(),
        value: Some(Amount(value)),
        base: None,
        growth: None,
        note: String::new(),
        doubts: Vec::new(),
        question: String::new(),
        answer: String::new(),
    };
    Content {
        plan: key.plan.clone(),
        rhythm: key.round.rhythm.clone(),
        period: key.period(),
        unit: key.unit.clone(),
        unit_name: "某县".to_owned(),
        rows: vec![row],
        projects: Vec::new(),
        texts: Vec::new(),
    }
}

fn new_step(key: &ReportKey, step: Step, seen: i64, value: i64) -> NewStep {
    let mut new = steps::Taking { report: key.clone(), seen, key: None }.step(step);
    new.reason = step.needs_reason().then(|| "理由".to_owned());
    if matches!(step, Step::Submit | Step::AskCorrection) {
        new.content = Some(content(key, value));
    }
    if step == Step::SendBackToCounty {
        new.questions = vec![("investment".to_owned(), key.unit.clone(), "为什么？".to_owned())];
    }
    new
}

/// Somebody tries something.
#[derive(Debug, Clone)]
enum Command {
    Save {
        person: usize,
        seen: bool,
        value: i64,
    },
    Take {
        person: usize,
        step: Step,
        seen: bool,
        value: i64,
    },
    /// One of the steps that can be taken now, so that walks go far.
    Fitting {
        pick: usize,
        value: i64,
    },
    /// One that is refused although post and state are right: one's own work, or too late.
    Refused {
        pick: usize,
        value: i64,
    },
    Wait(i64),
}

fn command() -> impl Strategy<Value = Command> {
    let person = || 0..PEOPLE.len();
    let any = (person(), proptest::sample::select(Step::ALL.to_vec()));
    let seen = || proptest::bool::weighted(0.9);
    prop_oneof![
        2 => (person(), seen(), 1..1000_i64).prop_map(|(person, seen, value)| Command::Save { person, seen, value }),
        6 => (0..1000_usize, 1..1000_i64).prop_map(|(pick, value)| Command::Fitting { pick, value }),
        2 => (0..1000_usize, 1..1000_i64).prop_map(|(pick, value)| Command::Refused { pick, value }),
        3 => (any, seen(), 1..1000_i64).prop_map(|((person, step), seen, value)| Command::Take { person, step, seen, value }),
        1 => proptest::sample::select(vec![1, 9_999, 10_000, 10_001]).prop_map(Command::Wait),
    ]
}

/// Why the model refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum No {
    Forbidden,
    Moved,
    OwnWork,
    TooLate,
}

fn kind_of(error: &Refusal) -> No {
    match error {
        Refusal::Forbidden(..) => No::Forbidden,
        Refusal::Moved(_) => No::Moved,
        Refusal::OwnWork => No::OwnWork,
        Refusal::Invalid(_) => No::TooLate,
        other => panic!("{other:?}"),
    }
}

/// What ought to be there.
#[derive(Debug, Clone, Default)]
struct Model {
    steps: Vec<(Step, State, i64, i64)>,
    /// The value of the newest submission, the one in force, and those in force before it.
    submitted: Option<i64>,
    in_force: Vec<Option<i64>>,
    draft: Option<(i64, i64)>,
    now: i64,
}

impl Model {
    fn state(&self) -> State {
        self.steps.last().map_or(State::Draft, |step| step.1)
    }

    fn value_in_force(&self) -> Option<i64> {
        self.in_force.last().copied().flatten()
    }

    /// May this person save a box now?
    fn save(&mut self, person: usize, seen: bool, value: i64) -> Result<(), No> {
        if !matches!(person, 0 | 1) {
            return Err(No::Forbidden);
        }
        if !matches!(self.state(), State::Draft | State::SentBack) {
            return Err(No::Moved);
        }
        match self.draft {
            Some((_, now)) if now == value => {}
            // Whoever looks at an old version is asked; the store says so as a conflict of boxes.
            Some(_) if !seen => return Err(No::Moved),
            Some((version, _)) => self.draft = Some((version + 1, value)),
            None => self.draft = Some((1, value)),
        }
        Ok(())
    }

    fn take(&mut self, person: usize, step: Step, seen: bool, value: i64) -> Result<(), No> {
        use State::*;
        let who: &[usize] = match step {
            Step::Submit | Step::Withdraw | Step::AskCorrection => &[0, 1],
            Step::SignOff | Step::TakeBack | Step::SendBackToReporter => &[2, 3, 11],
            _ => &[4, 5, 12],
        };
        if !who.contains(&person) {
            return Err(No::Forbidden);
        }
        let account = account_of(person);
        let next = match (self.state(), step) {
            (Draft | SentBack, Step::Submit) => Submitted,
            (Submitted, Step::Withdraw) => Draft,
            (Submitted, Step::SignOff) => Signed,
            (Submitted, Step::SendBackToReporter) => SentBack,
            (Signed, Step::TakeBack) => Submitted,
            (Signed, Step::SendBackToCounty) => SentBack,
            (Signed, Step::Approve) => Approved,
            (Approved, Step::AskCorrection) => CorrectionAsked,
            (CorrectionAsked, Step::AllowCorrection) => SentBack,
            (CorrectionAsked, Step::RefuseCorrection | Step::TrueUp) => Approved,
            (Approved | SentBack, Step::Undo) => Signed,
            _ => return Err(No::Moved),
        };
        if !seen {
            return Err(No::Moved);
        }
        let did =
            |what: Step| self.steps.iter().rev().find(|step| step.0 == what).is_some_and(|step| step.2 == account);
        let own = match step {
            Step::SignOff => did(Step::Submit),
            Step::Approve => did(Step::Submit) || did(Step::SignOff),
            _ => false,
        };
        if own {
            return Err(No::OwnWork);
        }
        let last = self.steps.last().copied();
        if step == Step::Undo {
            let (what, _, by, at) = last.unwrap_or((Step::Submit, Draft, 0, 0));
            let fresh = self.now - at < 10_000;
            if by != account || !matches!(what, Step::Approve | Step::SendBackToCounty) || !fresh {
                return Err(No::TooLate);
            }
            if what == Step::Approve {
                self.in_force.pop();
            }
        }
        match step {
            Step::Submit => self.submitted = Some(value),
            Step::Approve => self.in_force.push(self.submitted),
            _ => {}
        }
        self.steps.push((step, next, account, self.now));
        Ok(())
    }

    /// One of the steps of which the model says this, or any where there is none.
    fn pick(&self, pick: usize, value: i64, wanted: fn(Result<(), No>) -> bool) -> Command {
        let all: Vec<(usize, Step)> =
            (0..PEOPLE.len()).flat_map(|person| Step::ALL.map(|step| (person, step))).collect();
        let fitting = all.iter().filter(|(person, step)| wanted(self.clone().take(*person, *step, true, value)));
        let fitting: Vec<(usize, Step)> = fitting.copied().collect();
        let from = if fitting.is_empty() { &all } else { &fitting };
        let (person, step) = from[pick % from.len()];
        Command::Take { person, step, seen: true, value }
    }
}

/// What the walks have come across: a step that was taken, or a refusal.
type Seen = std::collections::BTreeSet<Result<&'static str, No>>;

/// Plays the commands on the store and on the model, and compares after each.
async fn play(bench: &Bench, commands: &[Command], come_across: &mut Seen) {
    let key = fresh();
    let cell = format!("investment/{}/value", key.unit);
    let mut model = Model { now: 1_000_000, ..Model::default() };
    for command in commands {
        let command = match *command {
            Command::Fitting { pick, value } => model.pick(pick, value, |found| found.is_ok()),
            Command::Refused { pick, value } => {
                model.pick(pick, value, |found| matches!(found, Err(No::OwnWork | No::TooLate)))
            }
            ref other => other.clone(),
        };
        let head = bench.store.read().await.unwrap().head().await.unwrap();
        let (expected, found) = match command {
            Command::Wait(by) => {
                model.now += by;
                continue;
            }
            Command::Fitting { .. } | Command::Refused { .. } => unreachable!("resolved above"),
            Command::Save { person, seen, value } => {
                let version = model.draft.map_or(0, |(version, _)| version);
                // An old page shows version 0 and nothing in the box.
                let change = CellChange {
                    cell: cell.clone(),
                    seen: if seen { version } else { 0 },
                    shown: String::new(),
                    text: value.to_string(),
                };
                let viewer = viewer(person, &key.unit);
                let who = Who { session: None, ..Who::signed_in(viewer, model.now) };
                let command = SaveDraft { report: key.clone(), changes: vec![change] };
                let saved = bench.store.carry_out(command, who).await;
                let found = match saved {
                    Err(Refusal::Conflict(_)) => Err(No::Moved),
                    other => other.map(drop).map_err(|error| kind_of(&error)),
                };
                (model.save(person, seen, value), found)
            }
            Command::Take { person, step, seen, value } => {
                let known = model.steps.len() as i64;
                let new = new_step(&key, step, if seen { known } else { known - 1 }, value);
                let found = bench.take(&key, person, new, model.now).await.map(drop).map_err(|error| kind_of(&error));
                (model.take(person, step, seen, value), found)
            }
        };
        assert_eq!(found, expected, "{command:?} in {:?}", model.state());
        come_across.insert(match command {
            Command::Take { step, .. } => found.map(|()| step.id()),
            _ => found.map(|()| "save"),
        });
        if found.is_err() {
            assert_eq!(
                bench.store.read().await.unwrap().head().await.unwrap(),
                head,
                "a refusal wrote something: {command:?}"
            );
        }
        let steps: Vec<(Step, State, i64)> =
            model.steps.iter().map(|(step, state, account, _)| (*step, *state, *account)).collect();
        assert_eq!(bench.steps(&key).await, steps, "{command:?}");
        assert_eq!(bench.in_force(&key).await, model.value_in_force(), "{command:?}");
        let drafts = bench.store.read().await.unwrap().drafts(&key).await.unwrap();
        let newest = drafts.last().map(|draft| (draft.version, draft.text.parse().unwrap()));
        assert_eq!(newest, model.draft, "{command:?}");
    }
}

/// How many random walks, each of up to [`LENGTH`] commands.
const WALKS: u32 = 48;
const LENGTH: usize = 40;

/// Walking goes on for so many rounds where chance has not led to every step in one.
const ROUNDS: u32 = 8;

fn walks(bench: &Bench) {
    let commands = proptest::collection::vec(command(), 1..LENGTH);
    let come_across = std::cell::RefCell::new(Seen::new());
    // Every step was taken somewhere, and every kind of refusal met: else nothing was proved about it.
    let steps = Step::ALL.map(|step| Ok(step.id()));
    let refusals = [No::Forbidden, No::Moved, No::OwnWork, No::TooLate].map(Err);
    let missing = || -> Vec<Result<&'static str, No>> {
        steps.iter().chain(&refusals).filter(|wanted| !come_across.borrow().contains(wanted)).cloned().collect()
    };
    for _ in 0..ROUNDS {
        let config = Config { cases: WALKS, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
        let walked = TestRunner::new(config).run(&commands, |commands| {
            bench.runtime.block_on(play(bench, &commands, &mut come_across.borrow_mut()));
            Ok(())
        });
        walked.unwrap_or_else(|error| panic!("{error}"));
        if missing().is_empty() {
            break;
        }
    }
    bench.runtime.block_on(async { bench.store.verify().await.unwrap() });
    assert!(missing().is_empty(), "{:?}", missing());
}

/// Two people who act on one return at the same moment: who, what, and what had happened before.
const PAIRS: [[(usize, Step); 2]; 6] = [
    [(4, Step::Approve), (5, Step::SendBackToCounty)],
    [(4, Step::Approve), (5, Step::Approve)],
    [(4, Step::Approve), (2, Step::TakeBack)],
    [(2, Step::SignOff), (0, Step::Withdraw)],
    [(2, Step::SignOff), (3, Step::SendBackToReporter)],
    [(0, Step::Submit), (1, Step::Submit)],
];

/// How many times two meet.
const MEETINGS: usize = 1000;

fn meetings(bench: &Bench) {
    let mut wins = [[0_u32; 2]; PAIRS.len()];
    for meeting in 0..MEETINGS {
        let which = meeting % PAIRS.len();
        let pair = PAIRS[which];
        let before: &[(usize, Step)] = match pair[0].1 {
            Step::Approve => &[(0, Step::Submit), (3, Step::SignOff)],
            Step::SignOff => &[(0, Step::Submit)],
            _ => &[],
        };
        bench.runtime.block_on(async {
            let key = fresh();
            for (seen, (person, step)) in before.iter().enumerate() {
                bench.take(&key, *person, new_step(&key, *step, seen as i64, 7), 1_000).await.unwrap();
            }
            let seen = before.len() as i64;
            // Now one is first on the way, now the other.
            let go = |(person, step): (usize, Step), late: usize| {
                let (key, store) = (key.clone(), bench.store.clone());
                tokio::spawn(async move {
                    for _ in 0..late {
                        tokio::task::yield_now().await;
                    }
                    let viewer = viewer(person, &key.unit);
                    let who = Who { session: None, ..Who::signed_in(viewer, 2_000) };
                    let value = 10 + person as i64;
                    let taken = store.carry_out(Take { key: key.clone(), new: new_step(&key, step, seen, value) }, who);
                    taken.await.map(|step| step.account).map_err(|error| kind_of(&error))
                })
            };
            let (one, other) = (go(pair[0], meeting % 7), go(pair[1], meeting % 5));
            let (one, other) = (one.await.unwrap(), other.await.unwrap());
            assert!(one.is_ok() != other.is_ok(), "{pair:?}: {one:?} {other:?}");
            let lost = one.err().or(other.err());
            assert_eq!(lost, Some(No::Moved), "{pair:?}");
            wins[which][usize::from(one.is_err())] += 1;
            let steps = bench.steps(&key).await;
            assert_eq!(steps.len(), before.len() + 1, "{pair:?}: {steps:?}");
            let approved = matches!(steps.last(), Some((Step::Approve, ..)));
            assert_eq!(bench.in_force(&key).await.is_some(), approved, "{pair:?}");
        });
    }
    // Both orders were seen, or nothing was proved about them.
    assert!(wins.iter().all(|[one, other]| *one > 0 && *other > 0), "{wins:?}");
    bench.runtime.block_on(async { bench.store.verify().await.unwrap() });
}

/// −1 ms, 0, +1 ms at the end of the ten seconds, through the command itself.
fn edges(bench: &Bench) {
    for (after, expected) in
        [(9_999, Ok(())), (10_000, Err(No::TooLate)), (10_001, Err(No::TooLate)), (-1, Err(No::TooLate))]
    {
        bench.runtime.block_on(async {
            let key = fresh();
            let way = [(0, Step::Submit), (2, Step::SignOff), (4, Step::Approve)];
            for (seen, (person, step)) in way.into_iter().enumerate() {
                bench.take(&key, person, new_step(&key, step, seen as i64, 7), 50_000).await.unwrap();
            }
            let undone = bench.take(&key, 4, new_step(&key, Step::Undo, 3, 7), 50_000 + after).await;
            assert_eq!(undone.map(drop).map_err(|error| kind_of(&error)), expected, "{after} ms");
            assert_eq!(bench.in_force(&key).await.is_some(), expected.is_err(), "{after} ms");
        });
    }
}

#[test]
fn random_walks_agree_with_the_model_on_sqlite() {
    walks(&Bench::sqlite());
}

#[test]
fn random_walks_agree_with_the_model_on_postgres() {
    walks(&Bench::postgres());
}

#[test]
fn of_two_at_once_one_wins_on_sqlite() {
    meetings(&Bench::sqlite());
}

#[test]
fn of_two_at_once_one_wins_on_postgres() {
    meetings(&Bench::postgres());
}

#[test]
fn the_edge_of_taking_back() {
    edges(&Bench::sqlite());
    edges(&Bench::postgres());
}
