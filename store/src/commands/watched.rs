//! 监测数: entered by the unit's reporter, newest version, proved; and nothing that counts sees them.

use domain::money::Amount;
use domain::rights::Role;
use office::commands::watch::Watch;
use office::posted::Posted;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::{on_both, somebody};

const UNIT: &str = "350181";
/// 2021-06-30 09:00 in Asia/Shanghai: the last Sunday was the 27th.
const WEDNESDAY: i64 = 1_625_014_800_000;

const PLAN: &str = r#"
format = 1
id = "watched"
title = "周监测"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]

[calendar]
cadence = "monthly"

[[rhythm]]
id = "week"
cadence = "weekly"

[[goal]]
id = "power"
name = "用电量"
kind = "count"
unit = "万千瓦时"
target = "none"
[[goal.split]]
region = "350181"
name = "福清市"
[[goal.split]]
region = "350121"
name = "闽侯县"

[[goal]]
id = "power_weekly"
name = "用电量（周）"
kind = "count"
unit = "万千瓦时"
target = "none"
rhythm = "week"
watches = "power"
[[goal.split]]
region = "350181"
name = "福清市"
[[goal.split]]
region = "350121"
name = "闽侯县"
"#;

fn of_unit(role: Role, unit: &str) -> Who {
    let mut who = somebody(1, role, WEDNESDAY);
    who.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some(unit.to_owned());
    who
}

impl Bench {
    fn watch(&self, fields: &[(&str, &str)], who: Who) -> Result<usize, Refusal> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let plan = domain::plan::file::parse(PLAN).unwrap();
        self.run(Watch::read(&plan, UNIT, &Posted::new(fields))?, who)
    }
}

#[test]
fn a_reporter_enters_what_is_watched_and_nothing_counts_it() {
    on_both(|bench| {
        bench.import_plan(PLAN, None, super::machine()).unwrap();
        let reporter = || of_unit(Role::CountyReporter, UNIT);
        let day = ("as_of", "2021-06-27");
        let [value, seen] = ["v.power_weekly/350181", "s.power_weekly/350181"];
        let first = [day, (value, "987654"), (seen, "0")];
        // The unit's reporter and nobody else.
        for who in [
            of_unit(Role::CountyApprover, UNIT),
            of_unit(Role::CountyReporter, "350121"),
            somebody(1, Role::CityReviewer, WEDNESDAY),
            somebody(1, Role::Leader, WEDNESDAY),
        ] {
            assert!(matches!(bench.watch(&first, who), Err(Refusal::Forbidden(..))));
        }
        for (fields, part) in [
            ([("as_of", "2021-06-26"), first[1], first[2]], "星期日"),
            ([("as_of", "2021-07-04"), first[1], first[2]], "还没有到"),
            ([("as_of", "2020-06-28"), first[1], first[2]], "不监测"),
            ([("as_of", "六月"), first[1], first[2]], "截至日期请写成"),
            ([day, (value, "-1"), first[2]], "负数"),
            ([day, (value, "很多"), first[2]], "福清市用电量（周）"),
        ] {
            let refused = bench.watch(&fields, reporter()).expect_err(part).sentence();
            assert!(refused.contains(part), "{part}: {refused}");
        }
        let before = bench.runtime.block_on(async { bench.store.read().await.unwrap().facts_head().await.unwrap() });
        assert_eq!(bench.watch(&first, reporter()).unwrap(), 1);
        assert_eq!(bench.watch(&first, reporter()).unwrap(), 0);
        // The newest version counts; a page that had not seen it changes nothing.
        let stale = bench.watch(&[day, (value, "987655"), (seen, "0")], reporter()).expect_err("stale").sentence();
        assert!(stale.contains("刚填过这一天的数"), "{stale}");
        assert_eq!(bench.watch(&[day, (value, "987655"), (seen, "1")], reporter()).unwrap(), 1);
        let (watched, figures, after) = bench.runtime.block_on(async {
            let mut state = bench.store.read().await.unwrap();
            let watched = state.watched("watched").await.unwrap();
            (watched, state.figures("watched").await.unwrap(), state.facts_head().await.unwrap())
        });
        let course = watched.course("power_weekly", UNIT);
        assert_eq!(
            course.values().map(|figure| (figure.version, figure.value)).collect::<Vec<_>>(),
            [(2, Some(Amount(987_655)))]
        );
        // Neither figures nor what readers' pages rest on move.
        assert!(figures.periods("power_weekly").is_empty() && figures.periods("power").is_empty());
        assert_eq!(before, after);
        bench.runtime.block_on(bench.store.verify()).unwrap();
        // Its goal and rhythm end, and do not vanish.
        let without = PLAN.split_once("[[goal]]\nid = \"power_weekly\"").unwrap().0;
        let refused = bench.import_plan(without, Some("修订"), super::machine()).expect_err("used").sentence();
        assert!(refused.contains("power_weekly"), "{refused}");
        // Blank takes back.
        assert_eq!(bench.watch(&[day, (value, ""), (seen, "2")], reporter()).unwrap(), 1);
        let watched =
            bench.runtime.block_on(async { bench.store.read().await.unwrap().watched("watched").await.unwrap() });
        assert!(watched.course("power_weekly", UNIT).is_empty());
        bench.unlock("watched_figure");
        bench.sql(&["UPDATE watched_figure SET value = 1 WHERE version = 1"]);
        let altered = bench.runtime.block_on(bench.store.verify()).unwrap_err().to_string();
        assert!(altered.contains("watched_figure watched power_weekly 350181 2021-06-27 1"), "{altered}");
    });
}
