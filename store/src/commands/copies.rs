//! Backups and packs carry what units reported of dated tasks and between the periods, and prove it.

use domain::day::Day;
use domain::money::Amount;
use domain::rights::Role;
use office::commands::task::{RecordTask, What};
use office::commands::watch::{NewWatched, Watch};
use office::facts::TaskStep;
use office::who::Who;

use super::super::bench::Bench;
use super::super::{Access, Location, Store, StoreError};
use super::{on_both, somebody};

const PLAN: &str = "format = 1\nid = \"copied\"\ntitle = \"例\"\nregion = { code = \"350100\", name = \"福州市\" }\n\
    years = [2021, 2021]\n\n[calendar]\ncadence = \"monthly\"\n\n[[rhythm]]\nid = \"week\"\ncadence = \"weekly\"\n\n\
    [[unit]]\nid = \"350181\"\nname = \"福清市\"\n\n[[goal]]\nid = \"power\"\nname = \"用电量\"\nkind = \"count\"\n\
    unit = \"万千瓦时\"\ntarget = \"none\"\nrhythm = \"week\"\nduties = [\"350181\"]\n\n[[task]]\nid = \"audit\"\n\
    title = \"能源审计\"\ndue = \"2021-05-31\"\nby = [\"350181\"]\n";
const UNIT: &str = "350181";
/// Noon of 2021-06-29 in Asia/Shanghai: the last Sunday was the 27th.
const NOW: i64 = 1_624_939_200_000;

fn reporter() -> Who {
    let mut who = somebody(1, Role::CountyReporter, NOW);
    who.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some(UNIT.to_owned());
    who
}

/// A task that is done and confirmed, and two weeks of which one was corrected.
fn at_work(bench: &Bench) {
    bench.import_plan(PLAN, None, super::machine()).unwrap();
    let day = |text: &str| Day::parse(text).unwrap();
    let task = |seen: i64, what: What| RecordTask {
        plan: "copied".to_owned(),
        task: "audit".to_owned(),
        unit: UNIT.to_owned(),
        seen,
        what,
    };
    let report =
        What::Report { day: day("2021-05-30"), words: "审计完成".to_owned(), proof: "审计报告".to_owned() };
    bench.run(task(0, report), reporter()).unwrap();
    bench.run(task(1, What::Confirm { words: "属实".to_owned() }), somebody(3, Role::CityReviewer, NOW)).unwrap();
    for (as_of, seen, value) in [("2021-06-20", 0, 100), ("2021-06-27", 0, 120), ("2021-06-27", 1, 125)] {
        let value = Some(Amount(value));
        let figure = NewWatched { goal: "power".to_owned(), region: UNIT.to_owned(), seen, value, growth: None };
        let watch =
            Watch { plan: "copied".to_owned(), unit: UNIT.to_owned(), as_of: Some(day(as_of)), figures: vec![figure] };
        assert_eq!(bench.run(watch, reporter()).unwrap(), 1);
    }
}

async fn found(store: &Store) -> (Vec<TaskStep>, Vec<(String, Option<Amount>)>) {
    let mut state = store.read().await.unwrap();
    let course = state.watched("copied").await.unwrap().course("power", UNIT);
    let course = course.into_iter().map(|(day, figure)| (day.to_string(), figure.value)).collect();
    (state.task_steps("copied").await.unwrap(), course)
}

#[test]
fn a_backup_holds_tasks_and_watched_figures() {
    on_both(|bench| {
        at_work(bench);
        let other = Location::Postgres(Bench::new_database());
        bench.runtime.block_on(async {
            let other = Store::open(&other, Access::Create).await.unwrap();
            bench.store.copy_to(&other).await.unwrap();
            let (steps, course) = found(&other).await;
            assert_eq!((steps.clone(), course.clone()), found(&bench.store).await);
            assert_eq!((steps.len(), course.len(), course[1].1), (2, 2, Some(Amount(125))));
            other.verify().await.unwrap();
        });
    });
}

#[test]
fn a_pack_holds_tasks_and_watched_figures() {
    on_both(|bench| {
        at_work(bench);
        bench.runtime.block_on(async {
            let extract = bench.store.extract("copied").await.unwrap();
            let rows = |table: &str| extract.tables.iter().find(|(name, _)| name == table).unwrap().1.len();
            assert_eq!((rows("task_step"), rows("watched_figure")), (2, 3));
            let check = async |extract: &super::super::Extract| {
                let empty = Bench::empty_folder();
                let store = Store::open(&Location::Folder(empty.clone()), Access::Create).await.unwrap();
                store.fill(extract, None).await.unwrap();
                let verified = store.verify_extract(extract, "copied").await.map(|_| ());
                std::fs::remove_dir_all(empty).unwrap();
                verified
            };
            check(&extract).await.unwrap();
            // A word of a confirmation, or a week's figure, that is not the one that was written.
            for (table, column) in [("task_step", "words"), ("watched_figure", "actor")] {
                let mut forged = extract.clone();
                let records = forged.tables.iter_mut().find(|(name, _)| name == table).unwrap();
                records.1[0].insert(column.to_owned(), "别的".into());
                let refused = check(&forged).await;
                assert!(matches!(&refused, Err(StoreError::Altered(what)) if what.contains(table)), "{refused:?}");
            }
        });
    });
}
