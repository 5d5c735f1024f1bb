//! What is kept of a state is what stands there: whoever writes, and whichever chain it is.

use std::collections::{BTreeSet, HashSet};

use domain::month::Period;
use domain::returns::{Figure, Figures};
use domain::workflow::Step;

use office::facts::Draft;
use office::ports::Facts;

use super::super::audit::Head;
use super::super::bench::Bench;
use super::super::{Source, Store, Writer};
use super::returns::{OPEN, approver, key, reporter, reviewer};
use super::{MAY, PLAN, machine, on_both};

const JUNE: Period = Period { year: 2021, month: 6 };

/// All that pages keep of a plan, as text: of what one process has read before, or of one that was started now.
fn seen(bench: &Bench, store: &Store) -> String {
    let plan = domain::plan::file::parse(PLAN).unwrap();
    bench.runtime.block_on(async {
        let mut state = store.read().await.unwrap();
        let (figures, published) =
            (state.figures(&plan.id).await.unwrap(), state.published_figures(&plan).await.unwrap());
        let moved = state.moved(&plan).await.unwrap();
        let newest = state.newest_editions().await.unwrap();
        let edition = state.edition(&plan.id, MAY, None).await.unwrap();
        let (plans, office) = (state.plans().await.unwrap(), state.setting("office").await.unwrap());
        let (key, facts): (_, &mut dyn Facts) = (key(), &mut state);
        let (drafts, rounds) = (
            facts.drafts(&key).await.unwrap(),
            facts.round_facts(&plan, std::slice::from_ref(&key.round)).await.unwrap(),
        );
        let (accounts, posts) = (facts.accounts().await.unwrap(), facts.posts().await.unwrap());
        let sorted = |units: &HashSet<String>| units.iter().cloned().collect::<BTreeSet<String>>();
        let rounds: Vec<_> =
            rounds.values().map(|of| (&of.steps, sorted(&of.begun), sorted(&of.in_force), &of.exceptions)).collect();
        let own = format!("{drafts:?}\n{rounds:?}\n{accounts:?}\n{posts:?}");
        format!("{own}\n{figures:?}\n{published:?}\n{moved:?}\n{newest:?}\n{edition:?}\n{plans:?}\n{office:?}")
    })
}

#[test]
fn what_another_process_wrote_is_seen_by_the_next_page() {
    on_both(|bench| {
        let other = bench.another();
        let mut before = String::new();
        let mut check = |what: &str| {
            let found = seen(bench, &other);
            assert_eq!(found, seen(bench, &bench.another()), "{what}");
            assert_ne!(found, before, "{what} changes something");
            assert_eq!(found, seen(bench, &other), "{what}, the next page");
            before = found;
        };
        bench.fuzhou();
        check("the first figures");
        bench.type_in(&[("c.investment/350181/value", "140.5")], reporter(OPEN)).unwrap();
        check("what a county types");
        bench.type_in(&[("c.investment/350181/base", "120.25")], reporter(OPEN)).unwrap();
        check("what it types beside it");
        for (step, fields, who) in [
            (Step::Submit, &[("tick", "on")][..], reporter(OPEN)),
            (Step::SignOff, &[], approver(OPEN)),
            (Step::Approve, &[], reviewer(OPEN)),
        ] {
            bench.step(step, fields, who).unwrap();
            check(step.id());
        }
        let source = Source { address: "127.0.0.1".to_owned(), agent: String::new(), device: None };
        let at = Writer { actor: "某0".to_owned(), at: OPEN, session: None };
        assert!(bench.runtime.block_on(bench.store.begin_session(1, &source, None, None, None, at)).unwrap().is_some());
        check("a log-in");
        bench.publish(None).unwrap();
        check("an edition");
        let csv = "region,period,value,base,growth_pct,note\n鼓楼区,2021-05,7.60,6.80,,\n福清市,2021-06,150,120,,\n";
        bench.import(csv, Some("核对后更正")).unwrap();
        check("a correction and another period");
        bench.publish(Some("核对后更正")).unwrap();
        check("a corrected edition");
        let revised = PLAN.replacen("1120", "1121", 1);
        bench.import_plan(&revised, Some("调整"), machine()).unwrap();
        check("a revised plan");
        let writer = Writer { actor: "测试".to_owned(), at: 0, session: None };
        bench.runtime.block_on(bench.store.set_setting("office", "市工信局", writer)).unwrap();
        check("a setting");
    });
}

#[test]
fn figures_of_a_chain_that_was_lost_are_read_afresh() {
    on_both(|bench| {
        bench.fuzhou();
        let true_ones = seen(bench, &bench.another());
        // As after a failover to a copy that never got the last rows: the number is known, under another hash.
        for seq in [1, bench.head() - 1, bench.head(), bench.head() + 7] {
            let mut figures = Figures::default();
            figures.insert("investment", JUNE, "350181", Figure::default());
            bench.store.memory.put_figures("fuzhou-2021", Head { seq, hash: "0".repeat(64) }, figures);
            assert_eq!(seen(bench, &bench.store), true_ones, "{seq}");
        }
    });
}

#[test]
fn of_each_box_the_newest_is_read_however_often_it_was_typed() {
    on_both(|bench| {
        bench.fuzhou();
        let [value, base] = ["c.investment/350181/value", "c.investment/350181/base"];
        for (name, text) in [(value, "140"), (base, "120"), (value, "141"), (value, "142.5"), (base, "121")] {
            bench.type_in(&[(name, text)], reporter(OPEN)).unwrap();
        }
        bench.runtime.block_on(async {
            let mut state = bench.store.read().await.unwrap();
            let said = |drafts: Vec<Draft>| -> Vec<(String, i64, String)> {
                drafts.into_iter().map(|draft| (draft.cell, draft.version, draft.text)).collect()
            };
            let of = |version: i64, name: &str, text: &str| (name[2..].to_owned(), version, text.to_owned());
            assert_eq!(said(state.drafts(&key()).await.unwrap()), [of(2, base, "121"), of(3, value, "142.5")]);
            let all = said(state.typed(&key()).await.unwrap());
            assert_eq!(all[..2], [of(1, base, "120"), of(2, base, "121")]);
            assert_eq!(all[2..], [of(1, value, "140"), of(2, value, "141"), of(3, value, "142.5")]);
            let second = state.draft_in(&key(), &value[2..], 2).await.unwrap();
            assert_eq!(said(second.into_iter().collect()), [of(2, value, "141")]);
            assert!(state.draft_in(&key(), &value[2..], 4).await.unwrap().is_none());
        });
    });
}
