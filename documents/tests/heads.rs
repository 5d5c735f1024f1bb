//! Heads as published tables have them → what each column is used for, in a table of returns and in a split alike.

use documents::grid;
use documents::office_table::{Preview, SplitOf, Use, preview, preview_split};
use domain::budget::Budget;
use domain::month::Period;
use domain::plan::Plan;

fn plan() -> Plan {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/plans/fuzhou-2021.plan.toml");
    domain::plan::file::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A table of 1—5月 with these lines of heads and two units.
fn table(heads: &[&str]) -> Preview {
    let columns = heads[0].split('|').count();
    let line = |text: &str| format!("{}\n", text.replace('|', ","));
    let figures = |name: &str| format!("{name}{}\n", ",9.1".repeat(columns));
    let heads: String = heads
        .iter()
        .enumerate()
        .map(|(at, head)| line(&format!("{}|{head}", if at == 0 { "县（市）区" } else { "" })))
        .collect();
    let title = format!("2021年1—5月工业技改投资情况{}\n单位：亿元{0}\n", ",".repeat(columns));
    let text = format!("{title}{heads}{}{}", figures("鼓楼区"), figures("福清市"));
    let (plan, grid) = (plan(), grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0));
    preview(&plan, plan.default_goal(), &grid, None, Period::new(2021, 5), "a.csv", Budget::ENDLESS).unwrap()
}

fn uses(read: &Preview) -> Vec<&'static str> {
    read.mapping.columns.values().skip(1).map(|column| column.of.id()).collect()
}

/// Heads, a line of them each → the uses of their columns, where nothing stops.
#[track_caller]
fn check(heads: &[&str], wanted: &str) {
    let read = table(heads);
    assert_eq!(uses(&read).join(" "), wanted, "{heads:?} {:#?}", read.doubts);
    assert!(!read.stops(), "{heads:?} {:#?}", read.doubts);
}

/// Heads where somebody has to choose, and what is said at which column.
#[track_caller]
fn check_stops(heads: &[&str], (address, part): (&str, &str)) {
    let read = table(heads);
    let fits = read.doubts.iter().any(|doubt| doubt.stops && doubt.address == address && doubt.message.contains(part));
    assert!(fits, "{heads:?} {:#?}", read.doubts);
}

#[test]
fn every_usual_head_of_growth_is_growth() {
    for head in [
        "增幅",
        "增速（%）",
        "同比增长（%）",
        "同比增速",
        "同比±%",
        "±%",
        "同比（%）",
        "同比增减（%）",
        "同比增加（%）",
        "比上年同期增长（%）",
        "比上年同期±%",
        "比上年同期增减%",
        "较上年同期增长%",
        "较上年同期±（%）",
        "比去年同期增减%",
        "较去年同期增长（%）",
        "比上年增长（%）",
        "比2020年同期增长（%）",
        "与上年同期相比（%）",
        "累计增长（%）",
        "累计同比增长",
        "本月止累计增长%",
        "本月止累计比上年同期增长（%）",
        "1—5月增长（%）",
        "1-5月累计比上年同期±%",
        "增长率（%）",
        "增长速度",
        "升降幅度（%）",
        "增减幅度（%）",
        "较同期增减％",
    ] {
        check(&[head], "growth");
        check(&[&format!("1—5月累计完成|{head}")], "value growth");
    }
}

#[test]
fn growth_of_another_time_or_kind_is_told_and_not_used() {
    for (head, why) in [
        ("5月增速（%）", "别的时期"),
        ("当月同比（%）", "当月"),
        ("本月增长（%）", "当月"),
        ("比上年同月增长（%）", "当月"),
        ("1—4月增速（%）", "别的时期"),
        ("上年同期增速（%）", "别的时期"),
        ("2019年以来两年平均增长（%）", "没有用"),
        ("环比增长（%）", "没有用"),
        ("比上月增长（%）", "没有用"),
        ("增速目标（%）", "是目标"),
        ("比上年同期提高百分点", "百分点"),
        ("增速较1—4月增减（百分点）", "百分点"),
        ("完成率（%）", "完成率"),
        ("占全年计划（%）", "完成率"),
        ("完成年度任务%", "完成率"),
        ("序时进度（%）", "完成率"),
        ("占比（%）", "完成率"),
        ("为上年同期的%", "完成率"),
        ("增长贡献率（%）", "完成率"),
    ] {
        let read = table(&[&format!("1—5月累计完成|{head}")]);
        assert_eq!(uses(&read), ["value", "ignore"], "{head}");
        assert!(
            read.doubts.iter().any(|doubt| doubt.address == "C列" && doubt.message.contains(why)),
            "{head}: {:#?}",
            read.doubts
        );
    }
    check(&["1—5月累计完成|同比增加（亿元）|比上年同期增减|增加额"], "value ignore ignore ignore");
}

#[test]
fn a_percentage_in_the_cells_is_told_too() {
    let text = "2021年1—5月（亿元）,,\n县（市）区,累计完成,情况\n鼓楼区,9.1,12.3%\n";
    let (plan, grid) = (plan(), grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0));
    let read = preview(&plan, plan.default_goal(), &grid, None, None, "a.csv", Budget::ENDLESS).unwrap();
    assert!(read.doubts.iter().any(|doubt| doubt.address == "C列" && doubt.message.contains("是百分数，没有用")));
}

#[test]
fn of_two_lines_of_heads_the_lower_says_what_and_the_upper_when() {
    check(&["投资额|增长速度|增长速度", "|比上年同月|比上年同期"], "value ignore growth");
    check(&["累计完成|增长速度（%）|增长速度（%）", "|当月|累计"], "value ignore growth");
    check(&["1—5月|1—5月|1—5月", "完成（亿元）|上年同期|增长（%）"], "value base ignore");
    check(&["本月止累计|本月止累计", "绝对额（亿元）|比上年同期增长（%）"], "value growth");
    check(&["本月|本月|1—本月|1—本月", "完成|增长%|完成|增长%"], "ignore ignore value growth");
    check(&["目标任务完成情况|目标任务完成情况|目标任务完成情况", "目标数|完成数|完成率（%）"], "ignore value ignore");
    check(&["累计完成及增长情况|累计完成及增长情况", "完成额（亿元）|增长（%）"], "value growth");
    check(
        &["绝对额（亿元）|绝对额（亿元）|比上年同期增长（%）|比上年同期增长（%）", "5月|1—5月|5月|1—5月"],
        "ignore value ignore growth",
    );
}

#[test]
fn the_head_of_this_year_wins_over_since_the_start() {
    for since in [
        "自开工累计完成投资",
        "开工以来累计完成投资",
        "自开工以来完成投资",
        "开工至今累计完成",
        "累计至今完成投资",
        "项目总投资",
        "计划总投资",
        "总投资",
        "截至上年底累计完成投资",
        "历年累计完成投资",
        "累计完成投资",
    ] {
        for this in [
            "1—5月完成投资",
            "今年累计完成投资",
            "本年完成投资",
            "自年初累计完成投资",
            "年初至今完成投资",
            "2021年完成投资",
            "截至5月底完成（亿元）",
        ] {
            check(&[&format!("{since}|{this}")], "ignore value");
            check(&[&format!("{this}|{since}")], "value ignore");
        }
    }
    check(&["总投资|自开工累计完成投资|1-5月完成投资"], "ignore ignore value");
    // Nothing of this year: no figure, and it is said why.
    let read = table(&["总投资|自开工累计完成投资"]);
    assert!(read.stops() && uses(&read) == ["ignore", "ignore"]);
    assert!(read.doubts.iter().any(|doubt| doubt.address == "C列" && doubt.message.contains("不是今年的数")));
    check_stops(&["总投资|累计完成投资"], ("C列", "没有写是今年的还是自开工以来的"));
}

#[test]
fn two_that_could_be_meant_stop() {
    check_stops(&["累计完成投资|完成投资额"], ("C列", "都像是本期累计"));
    check_stops(&["技改完成投资|1—5月完成投资"], ("C列", "都像是本期累计"));
    check_stops(&["完成投资|同比增速|可比增速"], ("D列", "都像是公布增幅"));
}

#[test]
fn the_same_period_wins_over_all_of_last_year_and_what_is_done_over_what_is_planned() {
    check(&["1—5月完成|上年同期|上年全年"], "value base ignore");
    check(&["1—5月完成|上年完成|上年同期完成"], "value ignore base");
    check(&["1—5月完成|2020年|2020年1—5月"], "value ignore base");
    check(&["1—5月完成|去年全年完成"], "value ignore");
    let read = table(&["1—5月完成|上年完成"]);
    assert_eq!(uses(&read), ["value", "base"]);
    assert!(read.doubts.iter().any(|doubt| doubt.message.contains("上年全年")), "{:#?}", read.doubts);
    check(&["当月完成|累计完成|当月同期|累计同期"], "ignore value ignore base");
    check(&["本月|本月止累计|上年同期累计"], "ignore value base");
    check(&["1—5月计划完成|1—5月实际完成"], "ignore value");
    check(&["年度计划|年度目标|1—5月完成"], "ignore ignore value");
    check(&["1—5月工业增加值|1—5月技改投资"], "ignore value");
}

#[test]
fn a_split_reads_the_same_words() {
    for head in [
        "比2020年增长（%）",
        "比上年增长（%）",
        "比上年±%",
        "较上年增长%",
        "增幅目标",
        "增长目标（%）",
        "同比增加（%）",
        "增减幅度（%）",
    ] {
        let text = format!("县（市）区,2021年目标（亿元）,{head}\n鼓楼区,21,9\n福清市,308,13\n");
        let (grid, plan) = (grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0), plan());
        let goal = plan.default_goal();
        let of = SplitOf {
            goal: &goal.name,
            measure: &goal.measure,
            own: &plan.region,
            year: 2021,
            units: &goal.splits,
            total: None,
        };
        let read = preview_split(&of, &grid, None, Budget::ENDLESS).unwrap();
        assert_eq!(read.mapping.columns["C"].of, Use::Growth, "{head}");
    }
    // What is not used of percentages is told there too.
    let text = "县（市）区,2021年目标（亿元）,2020年增速（%）\n鼓楼区,21,9\n福清市,308,13\n";
    let (grid, plan) = (grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0), plan());
    let goal = plan.default_goal();
    let (goal_name, measure) = (&goal.name, &goal.measure);
    let of = SplitOf { goal: goal_name, measure, own: &plan.region, year: 2021, units: &goal.splits, total: None };
    let read = preview_split(&of, &grid, None, Budget::ENDLESS).unwrap();
    assert!(read.doubts.iter().any(|doubt| doubt.address == "C列" && doubt.message.contains("是百分数，没有用")));
}
