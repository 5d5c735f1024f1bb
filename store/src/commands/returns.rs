//! The way of a return through its own forms' commands, from the first box to a correction.

use std::sync::Arc;

use domain::holidays::Holidays;
use domain::month::Period;
use domain::rights::Role;
use domain::workflow::{State, Step};
use office::commands::approve::Approve;
use office::commands::bureau::{RecordBureau, StateTotal};
use office::commands::exception::GrantException;
use office::commands::one_step::OneStep;
use office::commands::save_draft::SaveDraft;
use office::entry_form::Form;
use office::facts::{Report, ReportKey, StepRecord};
use office::posted::Posted;
use office::refusal::Refusal;
use office::reports;
use office::who::Who;

use super::super::bench::Bench;
use super::{on_both, somebody};

const UNIT: &str = "350181";
const JUNE: Period = Period { year: 2021, month: 6 };
/// 2021-07-03 09:00 in Asia/Shanghai: June is open until the 5th.
pub(super) const OPEN: i64 = 1_625_274_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

pub(super) fn key() -> ReportKey {
    ReportKey { plan: "fuzhou-2021".to_owned(), round: JUNE.into(), unit: UNIT.to_owned() }
}

fn holidays() -> Arc<Holidays> {
    Arc::new(Holidays::default())
}

fn posted(fields: &[(&str, &str)]) -> Posted {
    Posted::new(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// Somebody of the unit.
fn of_unit(id: i64, role: Role, at: i64) -> Who {
    let mut who = somebody(id, role, at);
    let post = who.viewer.as_mut().unwrap().post.as_mut().unwrap();
    post.domain.unit = Some(UNIT.to_owned());
    who
}

pub(super) fn reporter(at: i64) -> Who {
    of_unit(1, Role::CountyReporter, at)
}

pub(super) fn approver(at: i64) -> Who {
    of_unit(2, Role::CountyApprover, at)
}

pub(super) fn reviewer(at: i64) -> Who {
    somebody(3, Role::CityReviewer, at)
}

impl Bench {
    fn report(&self) -> Report {
        self.runtime.block_on(async {
            let mut state = self.store.read().await.unwrap();
            reports::report(&mut state, &key(), OPEN).await.unwrap().unwrap()
        })
    }

    pub(super) fn type_in(&self, cells: &[(&str, &str)], who: Who) -> Result<usize, Refusal> {
        let report = self.report();
        let command = SaveDraft::read(&report, &Form::new(&report, None), &posted(cells))?;
        self.run(command, who).map(|drafts| drafts.len())
    }

    pub(super) fn step(&self, step: Step, fields: &[(&str, &str)], who: Who) -> Result<StepRecord, Refusal> {
        let report = self.report();
        let (seen, drafts) = (report.step_version().to_string(), report.drafts_seq().to_string());
        let own = [("seen", seen.as_str()), ("drafts", drafts.as_str())];
        let sent: Vec<(&str, &str)> = fields.iter().copied().chain(own).collect();
        self.run(OneStep::read(key(), step, &posted(&sent), &holidays())?, who)
    }

    /// The figure in force, in whole 元.
    fn value_in_force(&self) -> Option<i64> {
        let figures =
            self.runtime.block_on(async { self.store.read().await.unwrap().figures("fuzhou-2021").await.unwrap() });
        figures.get("investment", JUNE, UNIT).and_then(|figure| figure.value).map(|value| value.0)
    }

    fn approved(&self) {
        let cells = [("c.investment/350181/value", "140.5"), ("c.investment/350181/base", "120.25")];
        self.type_in(&cells, reporter(OPEN)).unwrap();
        self.step(Step::Submit, &[("tick", "on")], reporter(OPEN)).unwrap();
        self.step(Step::SignOff, &[], approver(OPEN)).unwrap();
        self.step(Step::Approve, &[], reviewer(OPEN)).unwrap();
    }
}

fn says(refused: Result<StepRecord, Refusal>, part: &str) {
    let sentence = refused.expect_err("this must be refused").sentence();
    assert!(sentence.contains(part), "{part}: {sentence}");
}

#[test]
fn a_return_goes_its_way_and_every_rule_stands_in_it() {
    on_both(|bench| {
        bench.fuzhou();
        let cells = [("c.investment/350181/value", "140.5"), ("c.investment/350181/base", "120.25")];
        assert!(matches!(bench.type_in(&cells, reviewer(OPEN)), Err(Refusal::Forbidden(..))));
        says(bench.step(Step::Submit, &[("tick", "on")], reporter(OPEN)), "还有没改好的地方");
        assert_eq!(bench.type_in(&cells, reporter(OPEN)).unwrap(), 2);
        says(bench.step(Step::Submit, &[], reporter(OPEN)), "请先勾选");
        says(bench.step(Step::Submit, &[("tick", "on")], reporter(OPEN - 5 * DAY)), "还没有开始报送");
        says(bench.step(Step::Submit, &[("tick", "on")], reporter(OPEN + 5 * DAY)), "截止");
        let form = posted(&[("seen", "0"), ("tick", "on"), ("drafts", "1")]);
        let old = bench.run(OneStep::read(key(), Step::Submit, &form, &holidays()).unwrap(), reporter(OPEN));
        assert!(matches!(old, Err(Refusal::Stale)), "{old:?}");
        bench.step(Step::Submit, &[("tick", "on"), ("key", "k1")], reporter(OPEN)).unwrap();
        // The same page once more is the same step; another one from it is refused.
        let again = posted(&[("seen", "0"), ("tick", "on"), ("key", "k1")]);
        let again = bench.run(OneStep::read(key(), Step::Submit, &again, &holidays()).unwrap(), reporter(OPEN));
        assert_eq!(again.unwrap().version, 1);
        says(bench.step(Step::Withdraw, &[("key", "k1")], reporter(OPEN)), "这个页面已经用过了");
        // What could not be handed in again is not taken back.
        says(bench.step(Step::Withdraw, &[], reporter(OPEN + 5 * DAY)), "已过截止时间");
        let own = of_unit(1, Role::CountyApprover, OPEN);
        assert!(matches!(bench.step(Step::SignOff, &[], own), Err(Refusal::OwnWork)));
        bench.step(Step::SignOff, &[], approver(OPEN)).unwrap();
        says(bench.step(Step::SendBackToCounty, &[("reason", "")], reviewer(OPEN)), "请写具体说明");
        let back = [("reason", "请核对"), ("q.investment/350181", "为什么比上月多一倍？")];
        bench.step(Step::SendBackToCounty, &back, reviewer(OPEN)).unwrap();
        let asked = bench.report().open_question("investment", UNIT).map(|question| question.text.clone());
        assert_eq!(asked.as_deref(), Some("为什么比上月多一倍？"));
        bench.step(Step::Undo, &[], reviewer(OPEN + 9_999)).unwrap();
        assert_eq!(bench.report().open_question("investment", UNIT), None);
        assert_eq!(bench.value_in_force(), None);
        let report = bench.report();
        let unit = format!("{UNIT}@{}", report.step_version());
        let all = posted(&[("unit", &unit), ("key", "all")]);
        let all = Approve::read(&report.version.plan, &JUNE.into(), &all).unwrap();
        bench.run(all, reviewer(OPEN)).unwrap();
        assert_eq!((bench.report().state(), bench.value_in_force()), (State::Approved, Some(14_050_000_000)));
        says(bench.step(Step::Undo, &[], reviewer(OPEN + 10_000)), "已超过10秒");
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn a_correction_is_asked_for_with_the_right_figures_and_answered() {
    on_both(|bench| {
        bench.fuzhou();
        bench.approved();
        let ask = |value: &str| {
            let fields = [("reason", "宏港项目少计1亿元"), ("c.investment/350181/value", value)];
            bench.step(Step::AskCorrection, &fields, reporter(OPEN))
        };
        says(ask("140.5"), "没有改动任何数");
        ask("141.5").unwrap();
        assert_eq!(bench.value_in_force(), Some(14_050_000_000));
        says(bench.step(Step::AllowCorrection, &[("reason", " ")], reviewer(OPEN)), "请写具体说明");
        bench.step(Step::AllowCorrection, &[("reason", "情况属实")], reviewer(OPEN)).unwrap();
        // The office asked for it: it may come after the deadline.
        bench.step(Step::Submit, &[("tick", "on")], reporter(OPEN + 30 * DAY)).unwrap();
        bench.step(Step::SignOff, &[], approver(OPEN + 30 * DAY)).unwrap();
        bench.step(Step::Approve, &[], reviewer(OPEN + 30 * DAY)).unwrap();
        assert_eq!(bench.value_in_force(), Some(14_150_000_000));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn late_entry_is_granted_by_name_until_a_day_and_for_a_reason() {
    on_both(|bench| {
        bench.fuzhou();
        let plan = bench.report().version.plan;
        let grant = |fields: &[(&str, &str)], who: Who| {
            bench.run(GrantException::read(&plan, JUNE.into(), &posted(fields)), who)
        };
        let late = OPEN + 5 * DAY;
        for (fields, part) in [
            ([("unit", "350999"), ("until", "2021-07-12"), ("reason", "台风")], "请选择单位"),
            ([("unit", UNIT), ("until", "2021-07-01"), ("reason", "台风")], "补报期限"),
            ([("unit", UNIT), ("until", "七月"), ("reason", "台风")], "补报期限"),
            ([("unit", UNIT), ("until", "2021-07-12"), ("reason", " ")], "理由"),
        ] {
            let refused = grant(&fields, reviewer(late)).expect_err("this must be refused");
            assert!(refused.sentence().contains(part), "{part}: {refused:?}");
        }
        let fields = [("unit", UNIT), ("until", "7月12日"), ("reason", "台风")];
        assert!(matches!(grant(&fields, approver(late)), Err(Refusal::Forbidden(..))));
        grant(&fields, reviewer(late)).unwrap();
        let cells = [("c.investment/350181/value", "140.5"), ("c.investment/350181/base", "120.25")];
        bench.type_in(&cells, reporter(late)).unwrap();
        bench.step(Step::Submit, &[("tick", "on")], reporter(late)).unwrap();
    });
}

#[test]
fn the_bureaus_figures_and_the_total_need_source_day_and_reason() {
    on_both(|bench| {
        bench.fuzhou();
        let plan = bench.report().version.plan;
        let goal = plan.goal("investment").unwrap();
        let bureau = |fields: &[(&str, &str)]| {
            let command = RecordBureau::read(&plan, goal, JUNE, &posted(fields), holidays())?;
            bench.run(command, reviewer(OPEN))
        };
        let source = [("source", "市统计局6月月报"), ("dated", "2021年7月2日")];
        let figure = [("v.350181", "140"), ("b.350181", "120"), ("g.350181", ""), ("s.350181", "0")];
        let with = |more: &[(&'static str, &'static str)]| [&figure[..], more].concat();
        for (more, part) in [(vec![source[1]], "出处"), (vec![source[0], ("dated", "2021-07-09")], "资料日期")] {
            let refused = bureau(&with(&more)).expect_err("this must be refused");
            assert!(refused.sentence().contains(part), "{part}: {refused:?}");
        }
        assert_eq!(bureau(&with(&source)).unwrap(), 1);
        let other = [("v.350181", "141"), ("b.350181", "120"), ("s.350181", "1"), source[0], source[1]];
        assert!(bureau(&other).expect_err("no reason").sentence().contains("写明原因"));
        assert_eq!(bureau(&[&other[..], &[("reason", "统计核增")]].concat()).unwrap(), 1);
        let total = |fields: &[(&str, &str)]| {
            let command = StateTotal::read(&plan, goal, JUNE, &posted(fields), holidays())?;
            bench.run(command, reviewer(OPEN))
        };
        assert!(total(&[("total_seen", "0")]).expect_err("nothing").sentence().contains("还没有填总数"));
        let seen = bench.runtime.block_on(async {
            let figures = bench.store.read().await.unwrap().figures("fuzhou-2021").await.unwrap();
            figures.get("investment", JUNE, "350100").map_or(0, |figure| figure.source.revision)
        });
        let (seen, stale) = (seen.to_string(), (seen + 5).to_string());
        let fields = [("total", "500"), ("total_base", "400"), ("total_reason", "核定")];
        assert!(total(&[&fields[..], &[("total_seen", stale.as_str())]].concat()).is_err());
        assert!(total(&[&fields[..], &[("total_seen", seen.as_str())]].concat()).unwrap());
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}
