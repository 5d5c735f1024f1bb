//! The library of projects through the office's own commands, on both databases.

use std::collections::BTreeMap;

use domain::money::{Amount, Measure};
use domain::month::Period;
use domain::plan::Plan;
use domain::plan::projects::{Gives, ProjectRule, Test};
use domain::projects::field::{Field, Place};
use domain::projects::standing::standing;
use domain::projects::{Entry, Listed, Reported, Role as Listing, Step, When};
use domain::rate::Rate;
use domain::rights::Role;
use office::commands::project_people::{ForgetContact, KeepContact, SucceedOfficial, own as people};
use office::commands::projects::{EnterProjects, Entered, RecordVisit, faults, field};
use office::posted::Posted;
use office::projects::Projects;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::super::{Access, Engine, Location, Store};
use super::{PLAN, on_both, somebody};

const MAY: Period = Period { year: 2021, month: 5 };

fn reviewer(at: i64) -> Who {
    somebody(3, Role::CityReviewer, at)
}

impl Bench {
    fn fuzhou_plan(&self) -> std::sync::Arc<domain::plan::Plan> {
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

/// A project at a month's end as a page of its year reads it.
#[test]
fn a_year_knows_since_when_a_project_stands_still() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let (plan, moment) = (bench.fuzhou_plan(), 1_620_000_000_000);
        bench.enter(&[GLASS], 0, None, reviewer(moment)).unwrap();
        let mut entry = bench.library()["2021-001"].entry.clone();
        entry.steps.entry(Step::Start).or_default().actual = Some(When::Month(Period { year: 2017, month: 3 }));
        const AUGUST: Period = Period { year: 2021, month: 8 };
        let reports = [(2017, 3, 10), (2018, 5, 30), (2018, 11, 30), (2020, 2, 30), (2021, 2, 30), (2021, 8, 45)];
        for (year, month, since_start) in reports {
            let reported = Reported { since_start: Some(Amount(since_start)), ..Reported::default() };
            entry.returns.insert(Period { year, month }, reported);
        }
        for year in 2017..=2021 {
            entry.years.insert(year, Listed { year, ..entry.years[&2021].clone() });
        }
        let command = EnterProjects {
            plan: plan.id.clone(),
            entries: vec![entry.clone()],
            seen: i64::MAX,
            reason: Some("补录往年".to_owned()),
            file: String::new(),
        };
        bench.run(command, reviewer(moment + 1)).unwrap();
        let read = |year| {
            let found = async { bench.store.read().await.unwrap().projects("350100", Some(year)).await.unwrap() };
            bench.runtime.block_on(found)["2021-001"].clone()
        };
        let one = async { bench.store.read().await.unwrap().project("350100", "2021-001").await.unwrap() };
        assert_eq!(bench.runtime.block_on(one).unwrap().entry, entry);
        // Every rule that asks how long says the same of what a year's page reads as of everything there is.
        let rule = |months: i64| ProjectRule {
            test: Test::NoProgress,
            from: Rate::new(months.into(), 1.into()),
            over: None,
            below: None,
            roles: Vec::new(),
            unless_reason: false,
            gives: Gives::List,
            words: format!("{months}个月没有进展"),
            clause: None,
        };
        let mut plan = plan;
        std::sync::Arc::make_mut(&mut plan).projects.rules = (1..=60).map(rule).collect();
        for at in (2018..=2021).flat_map(|year| (1..=12).map(move |month| Period { year, month })) {
            let today = at.last_day();
            let known = read(at.year);
            let (whole, year) = (standing(&plan, &entry, at, today), standing(&plan, &known.entry, at, today));
            assert_eq!((year.fired.len(), year.silent), (whole.fired.len(), whole.silent), "{at}");
            assert_eq!(whole.fired.len() >= 30, at >= Period { year: 2020, month: 11 } && at < AUGUST, "{at}");
        }
    });
}

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

const CLERK: (&str, &str, &str) = ("业主联系人", "张晓明", "0591-87654321");

fn contact(number: &str, seen: &str, (duty, name, phone): (&str, &str, &str)) -> Result<KeepContact, Refusal> {
    let boxes = [
        (people::CONTACT, number),
        (field::SEEN, seen),
        (people::DUTY, duty),
        (people::NAME, name),
        (people::PHONE, phone),
    ];
    let posted = Posted::new(boxes.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    KeepContact::read(&plan_alone(), "2021-001", &posted, format!("{seen:0>64}"))
}

fn forget(number: &str, seen: &str, reason: &str) -> Result<ForgetContact, Refusal> {
    let boxes = [(people::CONTACT, number), (field::SEEN, seen), (field::REASON, reason)];
    let posted = Posted::new(boxes.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    ForgetContact::read(&plan_alone(), "2021-001", &posted)
}

fn plan_alone() -> Plan {
    domain::plan::file::parse(PLAN).unwrap()
}

#[test]
fn a_contact_is_kept_beside_the_chain_and_can_be_forgotten() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let now = 1_625_000_000_000;
        bench.enter(&[GLASS], 0, None, reviewer(now)).unwrap();
        let contacts = || {
            let found = async { bench.store.read().await.unwrap().contacts("350100", Some("2021-001")).await.unwrap() };
            bench.runtime.block_on(found)
        };
        let proved = || bench.runtime.block_on(bench.store.verify()).map_err(|error| error.to_string());
        bench.run(contact("", "0", CLERK).unwrap(), reviewer(now)).unwrap();
        bench.run(contact("", "0", ("", "李四", "１３８００００１１１１")).unwrap(), reviewer(now)).unwrap();
        let leader = bench.run(contact("", "0", CLERK).unwrap(), somebody(5, Role::Leader, now));
        assert!(matches!(leader, Err(Refusal::Forbidden(..))));
        // Another number; a page from before it is told.
        bench.run(contact("1", "1", (CLERK.0, CLERK.1, "0591-1234567 转 8")).unwrap(), reviewer(now)).unwrap();
        let late = bench.run(contact("1", "1", CLERK).unwrap(), reviewer(now)).unwrap_err().sentence();
        assert!(late.contains("有了新的记录"), "{late}");
        let phones: Vec<String> = contacts().into_iter().map(|contact| contact.person.unwrap().phone).collect();
        assert_eq!(phones, ["0591-1234567 转 8", "13800001111"]);
        assert_eq!(proved().unwrap().forgotten, None);
        // The trail and a pack say nothing of him; a backup carries him.
        let others = [Location::Postgres(Bench::new_database()), Location::Folder(Bench::empty_folder())];
        bench.runtime.block_on(async {
            let told = serde_json::to_string(&bench.store.extract("fuzhou-2021").await.unwrap().audit).unwrap();
            assert!(told.contains("keep_contact") && !told.contains("1234567") && !told.contains("张晓明"), "{told}");
            for location in others {
                let other = Store::open(&location, Access::Create).await.unwrap();
                bench.store.copy_to(&other).await.unwrap();
                other.verify().await.unwrap();
                let copied = other.read().await.unwrap().contacts("350100", None).await.unwrap();
                assert_eq!(copied[0].person.as_ref().unwrap().phone, "0591-1234567 转 8");
            }
        });
        // Deleted: all versions go, what stays says that.
        bench.run(forget("1", "2", "不再联系").unwrap(), reviewer(now + 1)).unwrap();
        let first = &contacts()[0];
        assert_eq!((first.person.as_ref(), first.reason.as_deref()), (None, Some("不再联系")));
        assert_eq!(proved().unwrap().forgotten, Some((1, now + 1)));
        let again = bench.run(forget("1", "3", "再删").unwrap(), reviewer(now)).unwrap_err().sentence();
        assert!(again.contains("已经删除"), "{again}");
        // What happens to the table behind the office's back is found.
        let of = match bench.store.engine {
            Engine::Sqlite => "",
            Engine::Postgres => " ON contact_person",
        };
        bench.sql(&[&format!("DROP TRIGGER contact_person_no_update{of}")]);
        bench.sql(&["UPDATE contact_person SET phone = '1'"]);
        assert!(proved().unwrap_err().contains("第 2 位联系人的信息被改动过"));
        bench.sql(&["DELETE FROM contact_person"]);
        assert!(proved().unwrap_err().contains("第 2 位联系人的信息不在了"));
        let row = |contact: i64, version: i64| {
            let salt = "0".repeat(64);
            format!(
                "INSERT INTO contact_person VALUES ('350100', '2021-001', {contact}, {version}, '{salt}', '', '李四', '13800001111')"
            )
        };
        bench.sql(&[&row(2, 1), &row(9, 1)]);
        assert!(proved().unwrap_err().contains("第 9 位联系人的信息没有登记"));
        bench.sql(&["DELETE FROM contact_person WHERE contact = 9", &row(1, 1)]);
        assert!(proved().unwrap_err().contains("第 1 位联系人的信息已经删除"));
    });
}

#[test]
fn contacts_are_read_from_boxes() {
    let sentence = |number, of| contact(number, "0", of).unwrap_err().sentence();
    assert!(sentence("", ("", "", "1380000")).contains("姓名"));
    assert!(sentence("", ("", "张三", "微信同号")).contains("电话请写号码"));
    assert!(sentence("", ("", "张三", "12")).contains("电话请写号码"));
    assert!(sentence("x", CLERK).contains("没有这位联系人"));
    assert!(forget("1", "1", " ").unwrap_err().sentence().contains("删除的理由"));
    for phone in ["", "0591-87654321", "0591—87654321", "+86 138 0000 1111", "（0591）87654321转803"] {
        contact("", "0", ("", "张三", phone)).unwrap();
    }
}

#[test]
fn a_successor_takes_over_all_projects_of_an_official() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        // 2021-05-01 and 2021-09-01.
        let (may, september) = (1_619_800_000_000, 1_630_425_600_000);
        let other: (&str, &[(&str, &str)]) = (
            "2021-002",
            &[("name", "数字车间"), ("unit", "福清市"), ("role", "续建"), ("official", "副市长王敏、市工信局李强")],
        );
        bench.enter(&[GLASS, other], 0, None, reviewer(may)).unwrap();
        let own: (&str, &[(&str, &str)]) = ("2021-001", &[("unit_official", "副市长王敏")]);
        bench.enter(&[own], i64::MAX, Some("补填"), reviewer(may)).unwrap();
        let command = |from: &str, to: &str, day: &str, now: i64| {
            let boxes = [(people::FROM, from), (field::TO, to), (field::DAY, day), (field::REASON, "榕政〔2021〕9号")];
            let posted = Posted::new(boxes.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
            SucceedOfficial::read(&bench.fuzhou_plan(), &posted, now)
        };
        let told = |from: &str, to: &str, day: &str| {
            let done = command(from, to, day, september).and_then(|command| bench.run(command, reviewer(september)));
            done.unwrap_err().sentence()
        };
        assert!(told("副市长王敏", "", "8月20日").contains("由谁接替"));
        assert!(told("副市长王敏", "副市长陈刚、李四", "8月20日").contains("只写一个人"));
        assert!(told("副市长王敏", "副市长王敏", "8月20日").contains("相同"));
        assert!(told("王敏", "陈刚", "8月20日").contains("没有项目由“王敏”挂钩"));
        assert!(told("副市长王敏", "副市长陈刚", "2022-01-01").contains("不能在今天"));
        let done = command("副市长王敏", "副市长陈刚", "8月20日", september).unwrap();
        assert_eq!(bench.run(done.clone(), reviewer(september)).unwrap(), 2);
        assert!(matches!(bench.run(done, somebody(5, Role::Leader, september)), Err(Refusal::Forbidden(..))));
        let library = bench.library();
        assert_eq!(library["2021-002"].entry.project.official.as_deref(), Some("副市长陈刚、市工信局李强"));
        assert_eq!(library["2021-001"].entry.project.unit_official.as_deref(), Some("副市长陈刚"));
        let terms =
            bench.runtime.block_on(async { bench.store.read().await.unwrap().terms("350100", None).await.unwrap() });
        let said: Vec<String> = terms
            .iter()
            .map(|term| {
                let until = term.until.map(|day| day.to_string()).unwrap_or_default();
                let level = if term.is_offices { "市" } else { "县" };
                format!("{} {level} {} {}—{until}", term.project, term.whom, term.from)
            })
            .collect();
        assert_eq!(
            said,
            [
                "2021-001 县 副市长王敏 2021-05-01—2021-08-20",
                "2021-001 县 副市长陈刚 2021-08-20—",
                "2021-002 市 副市长王敏 2021-05-01—2021-08-20",
                "2021-002 市 市工信局李强 2021-05-01—",
                "2021-002 市 副市长陈刚 2021-08-20—",
            ]
        );
        // Nobody takes over before he was there.
        assert!(told("副市长陈刚", "副市长林立", "8月1日").contains("从2021年8月20日起才挂钩"));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}
