//! How many questions a page asks of its database, whatever the number of plans. A test of its own: the counter is the
//! process's.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::Round;
use office::commands::keep_plan::ImportPlan;
use office::portfolio::portfolio;
use office::reports::unit_states;
use office::who::Who;
use store::{Access, Location, Store};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static ASKED: AtomicUsize = AtomicUsize::new(0);

/// Counts what sqlx says it asked.
struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqlx::query")
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {
        ASKED.fetch_add(1, Relaxed);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

const PLANS: [&str; 5] = [
    include_str!("../../assets/plans/fuzhou-2021.plan.toml"),
    include_str!("../../assets/plans/ningde-2021.plan.toml"),
    include_str!("../../assets/plans/fengze-2022.plan.toml"),
    include_str!("../../assets/plans/longnan-2022.plan.toml"),
    include_str!("../../assets/plans/fujian-2013.plan.toml"),
];

#[tokio::test]
async fn pages_ask_as_many_questions_whatever_there_is() {
    tracing::subscriber::set_global_default(Counter).unwrap();
    let folder = tests::Folder::new();
    let store = Store::open(&Location::Folder(folder.path().to_owned()), Access::Create).await.unwrap();
    let at = 1_625_200_000_000; // 2 July 2021: 福州 and 宁德 wait for June's figures.
    let mut asked = Vec::new();
    for (index, source) in PLANS.into_iter().enumerate() {
        let plan = domain::plan::file::parse(source).unwrap();
        let import = ImportPlan { plan, source: source.to_owned(), file_name: "plan.toml".to_owned(), reason: None };
        store.carry_out(import, Who::machine("测试", at)).await.unwrap();
        if index == 0 {
            continue;
        }
        let mut state = store.read().await.unwrap();
        let before = ASKED.load(Relaxed);
        let lines = portfolio(&mut state, Some("350100"), at, &Holidays::default()).await.unwrap();
        asked.push((lines.len(), ASKED.load(Relaxed) - before));
    }
    assert!(asked.iter().all(|(_, questions)| (1..=6).contains(questions)), "(lines, questions): {asked:?}");
    assert_eq!(
        asked.first().map(|(_, questions)| questions),
        asked.last().map(|(_, questions)| questions),
        "{asked:?}"
    );
    // Where all units stand is asked once for all periods of a plan, whatever their number.
    let plan = domain::plan::file::parse(PLANS[0]).unwrap();
    let rounds: Vec<Round> = (3..=12).map(|month| Round::from(Period { year: 2021, month })).collect();
    let mut asked = Vec::new();
    for some in [&rounds[..1], &rounds[..]] {
        let mut state = store.read().await.unwrap();
        let before = ASKED.load(Relaxed);
        let states = unit_states(&mut state, &plan, some, at).await.unwrap();
        assert!(states.len() == some.len() && states.iter().all(|units| units.len() > 10));
        asked.push(ASKED.load(Relaxed) - before);
    }
    assert_eq!(asked, [asked[0]; 2]);
    // What a page asks for again, of a plan or of all, is read once.
    let mut state = store.read().await.unwrap();
    let before = ASKED.load(Relaxed);
    for _ in 0..3 {
        state.plans().await.unwrap();
        state.plan("fuzhou-2021").await.unwrap().unwrap();
        state.editions().await.unwrap();
        state.password_rules().await.unwrap();
    }
    let read = ASKED.load(Relaxed) - before;
    assert!((4..=8).contains(&read), "{read}");
}
