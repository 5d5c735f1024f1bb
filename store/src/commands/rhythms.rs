//! A unit's returns of several rhythms that end with the same period: each goes its own way.

use std::sync::Arc;

use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::Round;
use domain::rights::Role;
use domain::workflow::{State, Step};
use office::commands::exception::GrantException;
use office::commands::one_step::OneStep;
use office::commands::save_draft::SaveDraft;
use office::entry_form::{Form, not_open};
use office::facts::{Report, ReportKey, StepRecord};
use office::posted::Posted;
use office::refusal::Refusal;
use office::reports;
use office::who::Who;

use super::super::bench::Bench;
use super::{on_both, somebody};

const UNIT: &str = "350181";
const JUNE: Period = Period { year: 2021, month: 6 };
/// 2021-07-03 09:00 in Asia/Shanghai.
const THIRD: i64 = 1_625_274_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Months until the 5th, quarters until the 10th, the year without a day.
const PLAN: &str = r#"
format = 1
id = "several"
title = "几种周期"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]

[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }

[[rhythm]]
id = "quarter"
cadence = "quarterly"
deadline = { day = 10, of = "next_month" }

[[rhythm]]
id = "year"
cadence = "yearly"

[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "100" }]
[[goal.split]]
region = "350181"
name = "福清市"
targets = [{ year = 2021, value = "100" }]

[[goal]]
id = "projects"
name = "开工项目"
kind = "count"
unit = "项"
rhythm = "quarter"
targets = [{ year = 2021, value = "8" }]
[[goal.split]]
region = "350181"
name = "福清市"
targets = [{ year = 2021, value = "8" }]
"#;

pub(super) fn posted(fields: &[(&str, &str)]) -> Posted {
    Posted::new(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// One of a unit's returns.
pub(super) struct Return<'b> {
    pub bench: &'b Bench,
    pub key: ReportKey,
    pub now: i64,
}

impl<'b> Return<'b> {
    fn of(bench: &'b Bench, rhythm: &str) -> Self {
        let round = Round { period: JUNE, rhythm: rhythm.to_owned() };
        Self { bench, key: ReportKey { plan: "several".to_owned(), round, unit: UNIT.to_owned() }, now: THIRD }
    }

    fn of_unit(&self, id: i64, role: Role, at: i64) -> Who {
        let mut who = somebody(id, role, at);
        who.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some(self.key.unit.clone());
        who
    }

    pub(super) fn report(&self) -> Report {
        self.bench.runtime.block_on(async {
            let mut state = self.bench.store.read().await.unwrap();
            reports::report(&mut state, &self.key, self.now).await.unwrap().unwrap()
        })
    }

    pub(super) fn type_in(&self, cells: &[(&str, &str)], at: i64) {
        let report = self.report();
        let command = SaveDraft::read(&report, &Form::new(&report, None), &posted(cells)).unwrap();
        assert!(!command.changes.is_empty(), "no such box");
        self.bench.run(command, self.of_unit(1, Role::CountyReporter, at)).unwrap();
    }

    pub(super) fn step(&self, step: Step, fields: &[(&str, &str)], who: Who) -> Result<StepRecord, Refusal> {
        let report = self.report();
        let (seen, drafts) = (report.step_version().to_string(), report.drafts_seq().to_string());
        let sent = [fields, &[("seen", &seen), ("drafts", &drafts)]].concat();
        let holidays = Arc::new(Holidays::default());
        self.bench.run(OneStep::read(self.key.clone(), step, &posted(&sent), &holidays)?, who)
    }

    pub(super) fn submit(&self, at: i64) -> Result<StepRecord, Refusal> {
        self.step(Step::Submit, &[("tick", "on")], self.of_unit(1, Role::CountyReporter, at))
    }

    pub(super) fn approve(&self, at: i64) {
        self.step(Step::SignOff, &[], self.of_unit(2, Role::CountyApprover, at)).unwrap();
        self.step(Step::Approve, &[], somebody(3, Role::CityReviewer, at)).unwrap();
    }

    pub(super) fn unit_state(&self) -> Vec<(State, bool)> {
        let plan = self.report().version.plan;
        self.bench.runtime.block_on(async {
            let mut state = self.bench.store.read().await.unwrap();
            let units = reports::unit_states(&mut state, &plan, std::slice::from_ref(&self.key.round), self.now)
                .await
                .unwrap()
                .remove(0);
            units.iter().map(|unit| (unit.state, unit.begun)).collect()
        })
    }
}

#[test]
fn returns_of_two_rhythms_go_their_own_ways() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let [month, quarter, year] = ["", "quarter", "year"].map(|rhythm| Return::of(bench, rhythm));
        // A form holds what its rhythm asks and nothing else; nobody asks for a year in June.
        let goals = |of: &Return<'_>| {
            Form::new(&of.report(), None).lines.iter().map(|line| line.goal.clone()).collect::<Vec<_>>()
        };
        assert_eq!((goals(&month), goals(&quarter)), (vec!["investment".to_owned()], vec!["projects".to_owned()]));
        assert!(month.report().version.plan.asks(&year.key.round).unwrap_err().contains("请写 2021-12"));
        assert_eq!(
            (month.unit_state(), quarter.unit_state()),
            (vec![(State::Draft, false)], vec![(State::Draft, false)])
        );

        // The same box of both, and each hands in until its own day.
        quarter.type_in(&[("c.projects/350181/value", "3"), ("c.text/progress", "三项开工")], THIRD);
        month.type_in(&[("c.investment/350181/value", "40.5"), ("c.text/progress", "投资过四成")], THIRD);
        assert_eq!(month.report().draft("text/progress").unwrap().text, "投资过四成");
        assert_eq!(quarter.report().draft("text/progress").unwrap().text, "三项开工");
        let sixth = THIRD + 3 * DAY;
        assert!(month.submit(sixth).unwrap_err().sentence().contains("2021年1—6月的报送已于2021年7月5日截止"));
        quarter.submit(sixth).unwrap();
        assert_eq!(quarter.report().submission().unwrap().content.as_ref().unwrap().rhythm, "quarter");
        assert_eq!((month.report().state(), quarter.report().state()), (State::Draft, State::Submitted));
        // What comes into force by one says nothing of the other.
        quarter.approve(sixth);
        assert_eq!(quarter.unit_state(), [(State::Approved, true)]);
        assert_eq!((month.report().state(), month.unit_state()), (State::Draft, vec![(State::Draft, true)]));

        // 补报 is of one return.
        let reviewer = |at: i64| somebody(3, Role::CityReviewer, at);
        let fields = [("unit", UNIT), ("until", "2021-07-12"), ("reason", "台风")];
        let plan = month.report().version.plan;
        bench.run(GrantException::read(&plan, month.key.round.clone(), &posted(&fields)), reviewer(sixth)).unwrap();
        assert!(quarter.report().exception.is_none());
        month.submit(sixth).unwrap();
        // So is a question.
        month.step(Step::SignOff, &[], month.of_unit(2, Role::CountyApprover, sixth)).unwrap();
        let back = [("reason", "请核对"), ("q.investment/350181", "为什么？")];
        month.step(Step::SendBackToCounty, &back, reviewer(sixth)).unwrap();
        assert_eq!((month.report().questions.len(), quarter.report().questions.len()), (1, 0));
        assert!(not_open(&month.report(), sixth, &Holidays::default()).is_none());
        bench.runtime.block_on(bench.store.verify()).unwrap();

        // The rhythm is proved: one return is not passed off as another.
        bench.unlock("draft");
        bench.sql(&["UPDATE draft SET rhythm = 'year' WHERE rhythm = 'quarter'"]);
        let altered = bench.runtime.block_on(bench.store.verify()).unwrap_err().to_string();
        assert!(altered.contains("draft several") && altered.contains("year"), "{altered}");
        bench.sql(&["UPDATE draft SET rhythm = 'quarter' WHERE rhythm = 'year'"]);
    });
}

#[test]
fn what_was_reported_ends_and_is_not_taken_out() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let quarter = Return::of(bench, "quarter");
        quarter.type_in(&[("c.projects/350181/value", "3")], THIRD);
        quarter.submit(THIRD).unwrap();
        quarter.approve(THIRD);
        let revise = |source: &str| bench.import_plan(source, Some("修订"), super::machine());
        let refused = |source: &str| revise(source).expect_err("this must be refused").sentence();
        let (before, _) = PLAN.split_once("[[goal]]\nid = \"projects\"").unwrap();
        assert!(refused(before).contains("目标“开工项目”（projects）在这个计划里已有数据"), "{}", refused(before));
        let renamed = PLAN.replace("\"quarter\"", "\"quarters\"");
        assert!(refused(&renamed).contains("报送周期“按季度报送”（quarter）"), "{}", refused(&renamed));
        // A rhythm in which nobody reported goes; the other one ends.
        let ended = PLAN.replace("[[rhythm]]\nid = \"year\"\ncadence = \"yearly\"\n", "");
        let ended = ended.replace("cadence = \"quarterly\"", "cadence = \"quarterly\"\nuntil = \"2021-06\"");
        revise(&ended).unwrap();
        let plan = quarter.report().version.plan;
        let round = |month: u32| Round { period: Period { year: 2021, month }, rhythm: "quarter".to_owned() };
        assert!(plan.asks(&round(6)).is_ok() && plan.asks(&round(9)).unwrap_err().contains("2021年1—6月为止"));
        assert_eq!(domain::overview::own_period(&plan, &plan.goals[1], Period { year: 2021, month: 12 }), Some(JUNE));
        assert_eq!(domain::plan::file::parse(&domain::plan::writer::write(&plan)).unwrap().rhythms, plan.rhythms);
    });
}

#[test]
fn the_last_period_is_asked_for_again_after_the_year() {
    on_both(|bench| {
        let early = "cadence = \"quarterly\"\ndeadline = { day = 25, of = \"last_month_of_period\" }\nfinal = { month = 1, day = 15 }";
        let plan = PLAN.replace("cadence = \"quarterly\"\ndeadline = { day = 10, of = \"next_month\" }", early);
        assert_ne!(plan, PLAN);
        bench.import_plan(&plan, None, super::machine()).unwrap();
        let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
        let on = |now: &str| {
            let round = Round { period: Period { year: 2021, month: 12 }, rhythm: "quarter".to_owned() };
            let key = ReportKey { plan: "several".to_owned(), round, unit: UNIT.to_owned() };
            Return { bench, key, now: at(now) }
        };
        let value = || {
            let figures =
                bench.runtime.block_on(async { bench.store.read().await.unwrap().figures("several").await.unwrap() });
            figures
                .get("projects", Period { year: 2021, month: 12 }, UNIT)
                .map(|figure| (figure.value.unwrap().0, figure.source.reason.clone()))
        };
        let december = on("2021-12-20T09:00:00+08:00");
        december.type_in(&[("c.projects/350181/value", "7")], december.now);
        december.submit(december.now).unwrap();
        december.approve(december.now);
        // Until the year is over what is approved stands; from its first instant on it is asked for again.
        for (now, state) in [
            ("2021-12-31T23:59:59.999+08:00", State::Approved),
            ("2022-01-01T00:00:00+08:00", State::SentBack),
            ("2022-01-15T23:59:59.999+08:00", State::SentBack),
            ("2022-01-16T00:00:00+08:00", State::Approved),
        ] {
            assert_eq!((on(now).report().state(), on(now).unit_state()[0].0), (state, state), "{now}");
        }
        let over = on("2022-01-16T00:00:00+08:00");
        assert!(over.submit(over.now).is_err());
        let january = on("2022-01-10T09:00:00+08:00");
        assert_eq!(january.report().state_name(), "待年终定报");
        january.type_in(&[("c.projects/350181/value", "8")], january.now);
        assert_eq!(value(), Some((7, None)));
        january.submit(january.now).unwrap();
        january.approve(january.now);
        assert_eq!(january.report().state(), State::Approved);
        assert_eq!(value(), Some((8, Some("年终定报".into()))));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}
