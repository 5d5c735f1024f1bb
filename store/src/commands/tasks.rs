//! Dated tasks through the office's own commands, on both databases.

use domain::rights::Role;
use domain::tasks::{TaskState, due};
use office::commands::keep_plan::PlanChange;
use office::commands::task::{RecordTask, field};
use office::posted::Posted;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::{PLAN, on_both, somebody};

const TASKS: &str = "\n[[task]]\nid = \"plan\"\ntitle = \"制定方案\"\ndue = \"2021-05-31\"\nby = [\"350181\", \"350121\"]\n\
    [[task]]\nid = \"summary\"\ntitle = \"汇总\"\ndue = \"2021-06\"\n";
const UNITS: &str = "\n[[unit]]\nid = \"350181\"\nname = \"福清市\"\n\n[[unit]]\nid = \"350121\"\nname = \"闽侯县\"\n";

/// Noon of a day of 2021 in Asia/Shanghai.
fn noon(month: u32, day: u32) -> i64 {
    let day = chrono::NaiveDate::from_ymd_opt(2021, month, day).unwrap().and_hms_opt(4, 0, 0).unwrap();
    day.and_utc().timestamp_millis()
}

fn reporter(at: i64) -> Who {
    let mut who = somebody(1, Role::CountyReporter, at);
    who.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some("350181".to_owned());
    who
}

fn reviewer(at: i64) -> Who {
    somebody(3, Role::CityReviewer, at)
}

impl Bench {
    fn fuzhou_with_tasks(&self) {
        let source = format!("{PLAN}{UNITS}{TASKS}");
        assert_eq!(self.import_plan(&source, None, super::machine()).unwrap(), PlanChange::New);
    }

    /// Sends a form of `/tasks/fuzhou-2021`.
    fn task(&self, (task, unit): (&str, &str), seen: i64, fields: &[(&str, &str)], who: Who) -> Result<(), Refusal> {
        let plan = self.runtime.block_on(async { self.store.read().await.unwrap().plan("fuzhou-2021").await.unwrap() });
        let seen = seen.to_string();
        let own = [(field::TASK, task), (field::UNIT, unit), (field::SEEN, seen.as_str())];
        let sent = fields.iter().chain(&own).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let command = RecordTask::read(&plan.unwrap().plan, &Posted::new(sent.collect()))?;
        self.run(command, who)
    }

    fn states(&self, month: u32, day: u32) -> Vec<TaskState> {
        self.runtime.block_on(async {
            let mut state = self.store.read().await.unwrap();
            let plan = state.plan("fuzhou-2021").await.unwrap().unwrap().plan;
            let steps = state.task_steps("fuzhou-2021").await.unwrap();
            due(&plan, &steps, chrono::NaiveDate::from_ymd_opt(2021, month, day).unwrap())
        })
    }
}

const REPORT: &[(&str, &str)] =
    &[("act", "report"), ("day", "5月28日"), ("words", "方案已印发"), ("proof", "融政办〔2021〕12号")];

#[test]
fn a_unit_reports_and_the_office_confirms() {
    on_both(|bench| {
        bench.fuzhou_with_tasks();
        let plan = ("plan", "350181");
        bench.task(plan, 0, REPORT, reporter(noon(5, 28))).unwrap();
        // A second press of the same page is the same step.
        bench.task(plan, 0, REPORT, reporter(noon(5, 28))).unwrap();
        assert_eq!(bench.states(5, 29)[0].parts[0].state(), "待确认");
        bench.task(plan, 1, &[("act", "confirm")], reviewer(noon(6, 2))).unwrap();
        let states = bench.states(6, 2);
        assert_eq!(states[0].parts[0].state(), "按期完成");
        assert_eq!(
            (states[0].parts[1].state(), states[0].state()),
            ("逾期未完成2天".to_owned(), "逾期未完成2天".to_owned())
        );
        bench.runtime.block_on(bench.store.verify()).unwrap();
        // What was recorded is proved: by the whole proof, and by publishing.
        bench.import(super::RETURNS, None).unwrap();
        assert_eq!(bench.publish(None).unwrap(), 1);
        bench.unlock("task_step");
        bench.sql(&["UPDATE task_step SET day = '2021-05-30' WHERE version = 1"]);
        let altered = bench.runtime.block_on(bench.store.verify()).unwrap_err().to_string();
        assert!(altered.contains("task_step"), "{altered}");
        let refused = bench.publish(Some("再发")).unwrap_err().sentence();
        assert!(refused.contains("task_step"), "{refused}");
    });
}

#[test]
fn nobody_confirms_what_he_reported_himself() {
    on_both(|bench| {
        bench.fuzhou_with_tasks();
        // For a unit without a post, and for a task that names nobody, somebody of the office reports.
        for at in [("plan", "350121"), ("summary", "350100")] {
            bench.task(at, 0, REPORT, reviewer(noon(5, 28))).unwrap();
            let own = bench.task(at, 1, &[("act", "confirm")], reviewer(noon(5, 29))).unwrap_err();
            assert!(matches!(own, Refusal::OwnWork), "{own:?}");
            bench.task(at, 1, &[("act", "confirm")], somebody(4, Role::Publisher, noon(5, 29))).unwrap();
        }
        let refused = bench.task(("plan", "350181"), 0, &[("act", "confirm")], reviewer(noon(5, 29))).unwrap_err();
        assert!(refused.sentence().contains("没有在等确认的报告"), "{}", refused.sentence());
    });
}

#[test]
fn an_extension_keeps_the_first_day() {
    on_both(|bench| {
        bench.fuzhou_with_tasks();
        let (at, extend) = (("plan", "350181"), |day| [("act", "extend"), ("day", day), ("words", "等上级方案")]);
        let too_early = bench.task(at, 0, &extend("2021-05-31"), reviewer(noon(5, 20))).unwrap_err().sentence();
        assert!(too_early.contains("延期要晚于现在的期限（2021年5月31日）"), "{too_early}");
        bench.task(at, 0, &extend("6月15日"), reviewer(noon(5, 20))).unwrap();
        bench.task(("plan", "350121"), 0, &extend("6月15日"), reviewer(noon(6, 3))).unwrap();
        let state = &bench.states(6, 3)[0];
        assert_eq!(state.parts[0].state(), "12天后到期");
        assert_eq!(state.parts[1].state(), "逾期未完成3天");
        let told = "原定2021年5月31日，福清市延期至2021年6月15日；闽侯县延期至2021年6月15日（过期后才延期，仍算逾期）";
        assert_eq!(state.extension().as_deref(), Some(told));
    });
}

#[test]
fn an_extension_may_be_everybodys() {
    on_both(|bench| {
        bench.fuzhou_with_tasks();
        bench.task(("plan", "350181"), 0, REPORT, reporter(noon(5, 28))).unwrap();
        let extend: &[(&str, &str)] = &[("act", "extend"), ("day", "2021-06-15"), ("words", "等上级方案")];
        bench.task(("plan", "all"), 1, extend, reviewer(noon(5, 29))).unwrap();
        bench.task(("plan", "all"), 1, extend, reviewer(noon(5, 29))).unwrap();
        let state = &bench.states(5, 30)[0];
        assert_eq!(state.extension().as_deref(), Some("原定2021年5月31日，闽侯县延期至2021年6月15日"));
        let foreign = bench.task(("plan", "all"), 2, extend, reporter(noon(5, 30))).unwrap_err();
        assert!(matches!(foreign, Refusal::Forbidden(..)), "{foreign:?}");
        // Only an extension is everybody's.
        let report = bench.task(("plan", "all"), 2, REPORT, reviewer(noon(5, 30))).unwrap_err().sentence();
        assert!(report.contains("没有执行") || report.contains("不由这个单位办理"), "{report}");
    });
}

#[test]
fn a_task_is_refused_in_a_sentence() {
    on_both(|bench| {
        bench.fuzhou_with_tasks();
        let at = ("plan", "350181");
        let (early, says) = (noon(5, 20), |refused: Result<(), Refusal>, part: &str| {
            let sentence = refused.unwrap_err().sentence();
            assert!(sentence.contains(part), "{sentence}");
        });
        // Everything that is wrong at once.
        let empty = bench.task(at, 0, &[("act", "report"), ("day", "某天")], reporter(early)).unwrap_err().sentence();
        for part in ["完成日期请写成日期", "请写明完成情况", "请写明证明材料"] {
            assert!(empty.contains(part), "{empty}");
        }
        says(bench.task(at, 0, REPORT, reporter(early)), "完成日期不能在今天（2021年5月20日）以后");
        says(bench.task(("summary", "350181"), 0, REPORT, reporter(noon(5, 29))), "不由这个单位办理");
        says(bench.task(("gone", "350181"), 0, REPORT, reporter(noon(5, 29))), "没有这项任务");
        // Another unit's, and what only the office may.
        let foreign = bench.task(("plan", "350121"), 0, REPORT, reporter(noon(5, 29))).unwrap_err();
        assert!(matches!(foreign, Refusal::Forbidden(..)), "{foreign:?}");
        bench.task(at, 0, REPORT, reporter(noon(5, 29))).unwrap();
        let own = bench.task(at, 1, &[("act", "confirm")], reporter(noon(5, 29))).unwrap_err();
        assert!(matches!(own, Refusal::Forbidden(..)), "{own:?}");
        // Somebody was there in between.
        says(bench.task(at, 0, &[("act", "withdraw")], reporter(noon(5, 29))), "报告完成，这一步没有执行");
        says(bench.task(at, 1, &[("act", "send_back")], reviewer(noon(5, 30))), "请写明退回的理由");
        bench.task(at, 1, &[("act", "send_back"), ("words", "没有附方案")], reviewer(noon(5, 30))).unwrap();
        bench.task(at, 2, REPORT, reporter(noon(5, 31))).unwrap();
        bench.task(at, 3, &[("act", "withdraw")], reporter(noon(5, 31))).unwrap();
        assert_eq!(bench.states(6, 5)[0].parts[0].state(), "逾期未完成5天");
        // What is recorded is not taken out of the plan.
        let without = format!("{PLAN}{UNITS}");
        let lost = bench.import_plan(&without, Some("改"), super::machine()).unwrap_err().sentence();
        assert!(lost.contains("限时任务“制定方案”（plan）已有办理记录"), "{lost}");
    });
}
