//! The findings above the charts, with figures that turn: what a title says is true of the numbers under it.

use domain::bulletin::{Bulletin, Context, compose, tables};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::file;
use domain::rate::Rate;
use domain::returns::{Figure, Figures};

const PLAN: &str = "format = 1\nid = 'p'\ntitle = '计划'\nregion = { name = '某市' }\nyears = [2021, 2021]\n\
    [[goal]]\nid = 'g'\nname = '投资'\nkind = 'amount'\nunit = '元'\n\
    [[goal.split]]\nname = '甲县'\nvalue = '1200'\n\
    [[goal.split]]\nname = '乙县'\nvalue = '1200'\n\
    [[goal.split]]\nname = '丙县'\nvalue = '1200'\n\
    [[goal.split]]\nname = '丁区'\nwithin = '丙县'\nvalue = '600'\n\
    [[assessment]]\ngoal = 'g'\n\
    [[assessment.award]]\nwhen = 'completed'\nfrom = 'top'\nplaces = ['0.3', '0.2', '0.1']\nunit = '分'\n";

/// Values of 甲县, 乙县, 丙县 and 丁区, and what the office states for the whole.
type Month = ([i64; 4], Option<i64>);

/// The bulletin of the last month, every unit's base being 100 a month.
fn bulletin(months: &[(u32, Month)]) -> Bulletin {
    let plan = file::parse(PLAN).unwrap();
    let mut figures = Figures::default();
    for &(month, (values, total)) in months {
        let period = Period { year: 2021, month };
        let base = Amount(i64::from(month) * 100);
        for (name, value) in ["甲县", "乙县", "丙县", "丁区"].into_iter().zip(values) {
            figures.insert(
                "g",
                period,
                name,
                Figure { value: Some(Amount(value)), base: Some(base), ..Figure::default() },
            );
        }
        if let Some(total) = total {
            let figure = Figure { value: Some(Amount(total)), base: Some(Amount(base.0 * 3)), ..Figure::default() };
            figures.insert("g", period, "某市", figure);
        }
    }
    let period = Period { year: 2021, month: months.last().unwrap().0 };
    compose(&plan, plan.default_goal(), &figures, period, &Context::default())
}

fn check(months: &[(u32, Month)], slope: &str, paths: &str, contribution: &str) {
    let found = bulletin(months).headlines;
    assert_eq!([found.slope, found.paths, found.contribution], [slope, paths, contribution]);
}

#[test]
fn the_first_month_has_no_movement_and_no_path() {
    check(&[(2, ([300, 220, 210, 10], None))], "", "", "甲县拉动最大，16.7个百分点，各单位都是正拉动");
}

#[test]
fn who_moved_most_is_named() {
    check(
        &[(2, ([230, 220, 210, 10], None)), (3, ([340, 350, 360, 20], None))],
        "与1—2月相比，丙县升2位，甲县降2位",
        "3个单位都跟上序时进度",
        "丙县拉动最大，6.7个百分点，各单位都是正拉动",
    );
}

#[test]
fn one_place_each_is_not_called_most() {
    check(
        &[(2, ([230, 220, 210, 10], None)), (3, ([340, 350, 330, 20], None))],
        "与1—2月相比，乙县升1位，甲县降1位",
        "3个单位都跟上序时进度",
        "乙县拉动最大，5.6个百分点，各单位都是正拉动",
    );
}

#[test]
fn nobody_moved() {
    let unmoved = "与1—2月相比，各单位位次没有变化";
    let lowest = "甲县拉动最大，3.3个百分点；只有丙县拉低，5.6个百分点";
    check(
        &[(2, ([230, 220, 210, 10], None)), (3, ([330, 320, 250, 20], None))],
        unmoved,
        "丙县落后且差距还在拉大",
        lowest,
    );
}

#[test]
fn all_fell() {
    check(
        &[(2, ([190, 180, 170, 10], None)), (3, ([295, 285, 275, 20], None))],
        "与1—2月相比，各单位位次没有变化",
        "3个单位都未跟上序时进度，但差距没有再拉大",
        "各县均下拉全市增速，丙县下拉最多，2.8个百分点",
    );
}

#[test]
fn contributions_and_the_discrepancy_make_the_stated_growth() {
    for total in [None, Some(1000), Some(1130)] {
        let bulletin = bulletin(&[(2, ([230, 220, 210, 10], None)), (3, ([340, 350, 360, 20], total))]);
        let standings = &bulletin.standings;
        let added = tables::contribution_rows(&bulletin);
        // 丁区 lies within 丙县: shown, not added.
        assert!(added.iter().all(|row| row.name != "丁区"));
        assert_eq!(
            tables::contribution_within(&bulletin).iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
            ["丁区"]
        );
        let growth = standings.total.growth.unwrap();
        // 1050 were reported by the units together: what the stated total has beyond or below them is the discrepancy.
        assert_eq!(growth, Rate::new(i128::from(total.unwrap_or(1050) - 900), 900).unwrap());
        let lacking = total.map(|total| Rate::new(i128::from(total - 1050), 900).unwrap());
        assert_eq!(tables::discrepancy(&bulletin), lacking);
        let rows = tables::contribution(&bulletin).rows;
        let names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        let discrepancy = lacking.map(|_| "统计误差");
        let expected: Vec<&str> = ["丙县", "乙县", "甲县", "其中：丁区（不相加）"]
            .into_iter()
            .chain(discrepancy)
            .chain(["全市增长"])
            .collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn who_shares_a_place_in_growth_is_named_with_it() {
    let growth = |values: [i64; 4]| bulletin(&[(2, (values, None))]).headlines.growth;
    assert_eq!(growth([230, 220, 210, 10]), "甲县增长15.0%居首，丙县增长5.0%居末");
    assert_eq!(growth([230, 230, 210, 10]), "甲县、乙县增长15.0%并列居首，丙县增长5.0%居末");
    assert_eq!(growth([230, 190, 190, 10]), "甲县增长15.0%居首，乙县、丙县下降5.0%并列居末");
    assert_eq!(growth([210, 210, 210, 10]), "3个单位同比增长5.0%，没有差别");
}

#[test]
fn equal_gaps_and_equal_pulls_name_nobody() {
    let found = |values: [i64; 4]| {
        let found = bulletin(&[(2, (values, None))]).headlines;
        (found.table, found.contribution)
    };
    let (table, contribution) = found([200, 200, 200, 10]);
    assert!(table.ends_with("没有差别") || table.ends_with("差距相同"), "{table}");
    assert_eq!(contribution, "3个单位的拉动相同，各0.0个百分点");
    let (table, contribution) = found([230, 230, 210, 10]);
    assert!(table.contains("甲县、乙县"), "{table}");
    assert_eq!(contribution, "甲县、乙县并列拉动最大，各5.0个百分点，各单位都是正拉动");
    assert_eq!(found([200, 200, 190, 10]).1, "丙县拉低最多，1.7个百分点");
}

#[test]
fn the_year_ends_with_the_target_and_no_pace() {
    let year = bulletin(&[(11, ([1090, 1100, 1150, 10], None)), (12, ([1190, 1200, 1250, 10], None))]);
    assert_eq!(year.headlines.table, "3个县中2个完成年度目标，丙县超额最多，甲县差距最大");
    assert!(!narrative(&year).contains("序时"), "{}", narrative(&year));
    assert!(narrative(&year).contains("未完成的1个（甲县）"), "{}", narrative(&year));
}

fn narrative(bulletin: &Bulletin) -> String {
    let sentences = bulletin.paragraphs.iter().flat_map(|paragraph| &paragraph.sentences);
    sentences.map(|sentence| domain::bulletin::narrative::plain(sentence)).collect()
}
