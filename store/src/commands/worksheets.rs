//! The reviewer's worksheet: what stands beside each figure, the doubts that most units share, what hints led to.

use domain::entry::Doubt;
use domain::month::Period;
use office::facts::ReportKey;
use office::worksheet::{Hints, Only, Order, Worksheet, worksheet};

use super::super::bench::Bench;
use super::on_both;
use super::rhythms::Return;

const UNITS: [(&str, &str); 5] =
    [("350102", "鼓楼区"), ("350103", "台江区"), ("350104", "仓山区"), ("350105", "马尾区"), ("350111", "晋安区")];

fn source() -> String {
    let split = UNITS.map(|(code, name)| {
        format!("[[goal.split]]\nregion = \"{code}\"\nname = \"{name}\"\nvalue = \"100\"\ngrowth_pct = \"10\"\n")
    });
    format!(
        "format = 1\nid = \"sheet\"\ntitle = \"计划\"\nregion = {{ code = \"350100\", name = \"福州市\" }}\n\
         years = [2021, 2021]\n[calendar]\ncadence = \"monthly\"\n[[goal]]\nid = \"investment\"\nname = \"技改投资\"\n\
         kind = \"amount\"\nunit = \"亿元\"\ntargets = [{{ year = 2021, value = \"500\" }}]\n{}",
        split.concat()
    )
}

fn of<'b>(bench: &'b Bench, unit: &str, month: u32) -> Return<'b> {
    let round = Period { year: 2021, month }.into();
    let key = ReportKey { plan: "sheet".to_owned(), round, unit: unit.to_owned() };
    Return { bench, key, now: 1_640_000_000_000 }
}

fn fill(report: &Return<'_>, value: &str, base: &str, note: &str) {
    let cell = |field: &str| format!("c.investment/{}/{field}", report.key.unit);
    let [at, under, beside] = ["value", "base", "note"].map(cell);
    report.type_in(&[(at.as_str(), value), (under.as_str(), base), (beside.as_str(), note)], report.now);
}

fn read(bench: &Bench) -> Worksheet {
    bench.runtime.block_on(async {
        let mut state = bench.store.read().await.unwrap();
        let plan = state.plan("sheet").await.unwrap().unwrap().plan;
        worksheet(&mut state, &plan, &Period { year: 2021, month: 6 }.into(), 1_640_000_000_000).await.unwrap()
    })
}

fn names(sheet: &Worksheet, order: Order, ascending: bool) -> Vec<String> {
    let mut units = sheet.listed(None, |_| true);
    order.apply(&mut units, ascending);
    units.into_iter().map(|listed| listed.unit.state.name.clone()).collect()
}

#[test]
fn a_round_beside_what_it_is_compared_with() {
    on_both(|bench| {
        bench.import_plan(&source(), None, super::machine()).unwrap();
        for (index, (unit, _)) in UNITS.iter().enumerate() {
            let may = of(bench, unit, 5);
            // Last year 5月 stood at 30: June alone brought 6.
            fill(&may, &format!("{}", 40 + index), "30", "");
            may.submit(may.now).unwrap();
            may.approve(may.now);
        }
        assert_eq!(read(bench).hints, Hints::default());
        // One is told that June is three times last year's, and finds its mistake.
        let first = of(bench, "350102", 6);
        fill(&first, "58", "36", "");
        fill(&first, "47", "36", "");
        first.submit(first.now).unwrap();
        // Three have grown as much and say why.
        for (unit, value) in [("350103", "60"), ("350104", "61"), ("350105", "62")] {
            let june = of(bench, unit, 6);
            fill(&june, value, "36", "去年同月停产检修，已核对台账");
            june.submit(june.now).unwrap();
        }
        // The fifth is still typing: nobody looks into its drafts.
        fill(&of(bench, "350111", 6), "90", "36", "");

        let sheet = read(bench);
        assert_eq!(sheet.hints, Hints { fired: 4, changed: 1, explained: 3 });
        let [common] = sheet.common.as_slice() else { panic!("{:?}", sheet.common) };
        assert_eq!(
            (common.doubt, common.names.as_slice()),
            (Doubt::Step, ["台江区", "仓山区", "马尾区"].map(str::to_owned).as_slice())
        );
        assert!(sheet.units.iter().all(|unit| sheet.is_plain(unit)), "what most share is said once");
        let row = &sheet.units[1].rows[0];
        let percent = |rate: Option<domain::rate::Rate>| rate.map(|rate| rate.percent_on_page(1)).unwrap_or_default();
        assert_eq!(row.line.measure.format(row.derived.month.unwrap()), "19.00");
        assert_eq!((percent(row.derived.growth), percent(row.growth_before)), ("66.7".into(), "36.7".into()));
        assert_eq!(percent(row.derived.completion), "60.0");
        assert_eq!(row.trend.points.iter().map(|(at, _)| at.month).collect::<Vec<_>>(), [5, 6]);
        assert_eq!(row.note, "去年同月停产检修，已核对台账");
        let fifth = &sheet.units[4].rows[0];
        assert!(fifth.figure.is_none() && fifth.derived.growth.is_none() && fifth.line.previous.is_some());

        assert_eq!(names(&sheet, Order::Growth, false), ["马尾区", "仓山区", "台江区", "鼓楼区", "晋安区"]);
        assert_eq!(names(&sheet, Order::Growth, true), ["鼓楼区", "台江区", "仓山区", "马尾区", "晋安区"]);
        let missing: Vec<&str> = sheet
            .units
            .iter()
            .filter(|unit| Only::Missing.holds(&unit.state))
            .map(|unit| unit.state.name.as_str())
            .collect();
        assert_eq!(missing.last(), Some(&"晋安区"));
    });
}
