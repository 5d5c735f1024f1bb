//! The library of projects through the office's own commands, on both databases.

use std::collections::BTreeMap;

use domain::money::{Amount, Measure};
use domain::month::Period;
use domain::projects::field::{Field, Place};
use domain::projects::{Entry, Role as Listing};
use domain::rights::Role;
use office::commands::projects::{EnterProjects, Entered, RecordVisit, faults, field};
use office::posted::Posted;
use office::projects::Projects;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::{PLAN, on_both, somebody};

const MAY: Period = Period { year: 2021, month: 5 };

fn reviewer(at: i64) -> Who {
    somebody(3, Role::CityReviewer, at)
}

impl Bench {
    fn fuzhou_plan(&self) -> domain::plan::Plan {
        let found = async { self.store.read().await.unwrap().plan("fuzhou-2021").await.unwrap() };
        self.runtime.block_on(found).unwrap().plan
    }

    fn library(&self) -> Projects {
        self.runtime.block_on(async { self.store.read().await.unwrap().projects("350100", None).await.unwrap() })
    }

    /// Enters projects as boxes say them: (number, [(field, text)]).
    fn enter(
        &self,
        projects: &[(&str, &[(&str, &str)])],
        seen: i64,
        reason: Option<&str>,
        who: Who,
    ) -> Result<Entered, Refusal> {
        let (plan, known) = (self.fuzhou_plan(), self.library());
        let place = Place { plan: &plan, year: 2021, period: Some(MAY), measure: Measure::money("万元").unwrap() };
        let entry = |(id, boxes): &(&str, &[(&str, &str)])| {
            let mut entry = known.get(*id).map(|known| known.entry.clone()).unwrap_or_default();
            for (name, text) in *boxes {
                Field::parse(name).unwrap().set(&mut entry, text, &place).unwrap();
            }
            entry.project.id = (*id).to_owned();
            entry
        };
        let command = EnterProjects {
            plan: plan.id.clone(),
            entries: projects.iter().map(entry).collect(),
            seen,
            reason: reason.map(str::to_owned),
            file: String::new(),
        };
        self.run(command, who)
    }
}

const GLASS: (&str, &[(&str, &str)]) = (
    "2021-001",
    &[("name", "玻璃智能化改造"), ("unit", "福清市"), ("role", "续建"), ("total", "100000"), ("planned", "40000")],
);

#[test]
fn projects_enter_change_and_are_proved() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let (first, second) = (1_620_000_000_000, 1_620_000_060_000);
        assert_eq!(bench.enter(&[GLASS], 0, None, reviewer(first)).unwrap(), Entered { added: 1, changed: 0, same: 0 });
        let known = bench.library();
        let (seq, entry) = (known["2021-001"].seq, known["2021-001"].entry.clone());
        assert_eq!(entry.project.total, Some(Amount(1_000_000_000)));
        assert_eq!(entry.years[&2021].role, Listing::Continued);
        // The same again is nothing; a change has its reason; a page from before it is told.
        assert_eq!(bench.enter(&[GLASS], seq, None, reviewer(second)).unwrap().same, 1);
        let change: (&str, &[(&str, &str)]) = ("2021-001", &[("planned", "45000"), ("this_year", "17000")]);
        let refused = bench.enter(&[change], seq, None, reviewer(second)).unwrap_err();
        assert!(refused.sentence().contains("要写理由"), "{}", refused.sentence());
        bench.enter(&[change], seq, Some("市里调整"), reviewer(second)).unwrap();
        let again: (&str, &[(&str, &str)]) = ("2021-001", &[("planned", "46000")]);
        let refused = bench.enter(&[again], seq, Some("再调"), reviewer(second + 1)).unwrap_err();
        assert!(refused.sentence().contains("有了新的记录"), "{}", refused.sentence());
        let entry = &bench.library()["2021-001"].entry;
        assert_eq!(entry.returns[&MAY].this_year, Some(Amount(170_000_000)));
        // As it was before that moment.
        let before = bench
            .runtime
            .block_on(async { bench.store.read().await.unwrap().projects_without("350100", second, 3).await.unwrap() });
        assert_eq!(before["2021-001"].entry.years[&2021].planned, Some(Amount(400_000_000)));
        assert!(before["2021-001"].entry.returns.is_empty());
        // Who is not of the office may not; what is written is proved, by the whole proof and by publishing.
        let mut county = somebody(1, Role::CountyReporter, second);
        county.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some("350181".to_owned());
        assert!(matches!(bench.enter(&[again], 0, Some("改"), county), Err(Refusal::Forbidden(..))));
        bench.runtime.block_on(bench.store.verify()).unwrap();
        bench.import(super::RETURNS, None).unwrap();
        assert_eq!(bench.publish(None).unwrap(), 1);
        bench.unlock("project_year");
        bench.sql(&["UPDATE project_year SET planned = 1 WHERE version = 2"]);
        let altered = bench.runtime.block_on(bench.store.verify()).unwrap_err().to_string();
        assert!(altered.contains("project_year"), "{altered}");
        let refused = bench.publish(Some("再发")).unwrap_err().sentence();
        assert!(refused.contains("project_year"), "{refused}");
    });
}

#[track_caller]
fn refused(boxes: &[(&str, &str)], expected: &str) {
    let plan = domain::plan::file::parse(PLAN).unwrap();
    let place = Place { plan: &plan, year: 2021, period: Some(MAY), measure: Measure::money("万元").unwrap() };
    let make = |id: &str, boxes: &[(&str, &str)]| {
        let mut entry = Entry::default();
        for (name, text) in boxes {
            Field::parse(name).unwrap().set(&mut entry, text, &place).unwrap();
        }
        entry.project.id = id.to_owned();
        entry
    };
    let (known, new) = (make("2021-001", GLASS.1), make("2021-002", boxes));
    let wanted: BTreeMap<String, &Entry> = [("2021-001".to_owned(), &known), ("2021-002".to_owned(), &new)].into();
    let found = faults(&plan, &wanted, &["2021-002"].into());
    assert!(found.iter().any(|(_, sentence)| sentence.contains(expected)), "{found:?}");
}

#[test]
fn a_library_holds_no_nonsense() {
    refused(&[("name", "玻璃智能化 改造"), ("unit", "福清市")], "已有同名项目 2021-001");
    refused(&[("name", "某"), ("unit", "福清市"), ("total", "100"), ("equipment", "101")], "设备投资大于总投资");
    refused(&[("name", "某"), ("unit", "福清市"), ("left", "2021-11")], "退库要写依据");
    let early =
        [("name", "某"), ("unit", "福清市"), ("entered", "2021-05"), ("left", "2021-03"), ("list_reason", "会议")];
    refused(&early, "退库时间早于入库时间");
    refused(&[("name", "某"), ("unit", "福清市"), ("successors", "2020-009")], "不在库里");
}

#[test]
fn a_visit_is_recorded_by_who_may() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let now = 1_625_000_000_000;
        bench.enter(&[GLASS], 0, None, reviewer(now)).unwrap();
        let plan = bench.fuzhou_plan();
        let posted = |day: &str| {
            let sent = [(field::DAY, day), (field::BY, "王敏"), (field::FOUND, "缺钢结构")];
            Posted::new(sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
        };
        let late = RecordVisit::read(&plan, "2021-001", &posted("2021-12-01"), now).unwrap_err().sentence();
        assert!(late.contains("不能在今天"), "{late}");
        let visit = RecordVisit::read(&plan, "2021-001", &posted("6月20日"), now).unwrap();
        bench.run(visit.clone(), reviewer(now)).unwrap();
        let leader = bench.run(visit, somebody(5, Role::Leader, now));
        assert!(matches!(leader, Err(Refusal::Forbidden(..))));
        let visits = bench
            .runtime
            .block_on(async { bench.store.read().await.unwrap().visits("350100", Some("2021-001")).await.unwrap() });
        assert_eq!((visits.len(), visits[0].found.as_str()), (1, "缺钢结构"));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}
