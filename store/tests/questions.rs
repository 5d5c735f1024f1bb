//! How many questions a page asks of its database, whatever the number of plans. A test of its own: the counter is the
//! process's.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::Round;
use office::commands::keep_plan::ImportPlan;
use office::portfolio::portfolio;
use office::ports::Facts;
use office::reports::unit_states;
use office::who::Who;
use store::{Access, Location, Store, Writer};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static ASKED: AtomicUsize = AtomicUsize::new(0);

/// Counts what sqlx says it asked; how a new connection is set up is no page's question.
struct Counter;

impl Visit for Counter {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "summary" && !format!("{value:?}").contains("PRAGMA") {
            ASKED.fetch_add(1, Relaxed);
        }
    }
}

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqlx::query")
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Counter);
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
        let first = ASKED.load(Relaxed) - before;
        drop(state);
        let mut next = store.read().await.unwrap();
        assert_eq!(portfolio(&mut next, Some("350100"), at, &Holidays::default()).await.unwrap().len(), lines.len());
        // Of what was read before, the end of the chain is all that is asked for: editions are kept once there are any.
        assert_eq!(ASKED.load(Relaxed) - before, first + 2);
        asked.push((lines.len(), first));
    }
    // One of them is the end of the chain; all but the first page ask besides what moved since the one before.
    assert!(asked.iter().all(|(_, questions)| (1..=8).contains(questions)), "(lines, questions): {asked:?}");
    assert!(asked[1..].windows(2).all(|two| two[0].1 == two[1].1), "{asked:?}");
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
    // What a page asks for again is read once, and by the next page not at all until something is written.
    let mut asked = Vec::new();
    for written in [true, false, false, true] {
        if written {
            store.set_setting("office", &asked.len().to_string(), writer(at)).await.unwrap();
        }
        let before = ASKED.load(Relaxed);
        let mut state = store.read().await.unwrap();
        for _ in 0..3 {
            state.password_rules().await.unwrap();
            let facts: &mut dyn Facts = &mut state;
            facts.plans().await.unwrap();
            facts.plan("fuzhou-2021").await.unwrap().unwrap();
            facts.editions().await.unwrap();
            facts.figures("fuzhou-2021").await.unwrap();
            facts.published_figures(&plan).await.unwrap();
        }
        asked.push(ASKED.load(Relaxed) - before);
    }
    let [first, second, third, after] = asked[..] else { panic!("{asked:?}") };
    assert!((5..=14).contains(&first), "{asked:?}");
    // The end of the chain is all they ask for.
    assert_eq!([second, third], [1, 1], "{asked:?}");
    assert!((5..=14).contains(&after), "{asked:?}");
    // What a visitor may see needs no question until somebody commits, here or in another process.
    let other = Store::open(&Location::Folder(folder.path().to_owned()), Access::Existing).await.unwrap();
    for round in 0..20 {
        let by = if round % 2 == 0 { &store } else { &other };
        let open = if round % 3 == 0 { "open" } else { "closed" };
        by.set_setting("public_reading", open, writer(at)).await.unwrap();
        assert_eq!(store.shown().await.unwrap().open, open == "open", "round {round}");
        let before = ASKED.load(Relaxed);
        assert_eq!(store.shown().await.unwrap().open, open == "open");
        assert_eq!(ASKED.load(Relaxed), before);
    }
}

fn writer(at: i64) -> Writer {
    Writer { actor: "测试".to_owned(), at, session: None }
}
