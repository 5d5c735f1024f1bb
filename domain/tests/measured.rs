//! Figures without a way through the year: of which less is better, growth targets alone, growths alone, and the
//! completion alone. What the bulletin says of them, in its table, its sentences and its titles.

use domain::assessment::what_if::what_if;
use domain::bulletin::narrative::plain;
use domain::bulletin::{Bulletin, Context, compose, tables};
use domain::month::Period;
use domain::plan::{Plan, file, writer};
use domain::rate::Rate;
use domain::returns::{Figure, Figures};

/// A plan of one goal with these keys and these splits, under 某省.
fn plan(goal: &str, splits: &[&str], rules: &str) -> Plan {
    let splits: String = splits.iter().map(|split| format!("[[goal.split]]\n{split}\n")).collect();
    let text = format!(
        "format = 1\nid = 'p'\ntitle = '计划'\nregion = {{ name = '某省' }}\nyears = [2021, 2021]\n\
         [[goal]]\nid = 'g'\n{goal}\n{splits}[[assessment]]\ngoal = 'g'\n{rules}\n"
    );
    let plan = file::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(file::parse(&writer::write(&plan)).as_ref(), Ok(&plan), "written and read again");
    plan
}

/// Figures of a month as `name value base growth`, `-` for none.
fn figures(plan: &Plan, month: u32, lines: &[&str], into: &mut Figures) {
    for line in lines {
        let parts: Vec<&str> = line.split(' ').collect();
        let amount = |text: &str| (text != "-").then(|| plan.goals[0].measure.parse(text).unwrap());
        let published_growth =
            Some(parts[3]).filter(|text| *text != "-").map(|text| Rate::parse_percent(text).unwrap());
        let figure = Figure { value: amount(parts[1]), base: amount(parts[2]), published_growth, ..Figure::default() };
        into.insert("g", Period { year: 2021, month }, parts[0], figure);
    }
}

fn bulletin(plan: &Plan, months: &[(u32, &[&str])]) -> Bulletin {
    let mut known = Figures::default();
    months.iter().for_each(|(month, lines)| figures(plan, *month, lines, &mut known));
    let period = Period { year: 2021, month: months.last().unwrap().0 };
    compose(plan, plan.default_goal(), &known, period, &Context::default())
}

/// All paragraphs as one text, heading by heading.
fn text(bulletin: &Bulletin) -> String {
    let said = |paragraph: &domain::bulletin::text::Paragraph| {
        let sentences: String = paragraph.sentences.iter().map(|sentence| plain(sentence)).collect();
        format!("{}：{sentences}\n", paragraph.heading)
    };
    bulletin.paragraphs.iter().map(said).collect()
}

fn table(bulletin: &Bulletin) -> Vec<String> {
    let table = tables::standings(bulletin);
    std::iter::once(table.header).chain(table.rows).map(|cells| cells.join("｜")).collect()
}

/// 各省市万元工业增加值能耗降低率: targets printed as negative rates, the lowest leads.
const ENERGY: &str = "name = '单位能耗'\nkind = 'growth'\nunit = '%'\ndirection = 'at_most'\n\
    targets = [{ year = 2021, value = '-4.40' }]";

#[test]
fn less_is_better_and_targets_are_negative_rates() {
    let plan = plan(
        ENERGY,
        &[
            "name = '北京市'\nvalue = '-5.00'",
            "name = '山西省'\nvalue = '-4.50'",
            "name = '辽宁省'\nvalue = '-4.40'",
            "name = '海南省'\nvalue = '-2.00'",
        ],
        "",
    );
    let now = bulletin(
        &plan,
        &[(12, &["某省 -4.2 - -", "北京市 -6.0 - -", "山西省 -4.5 - -", "辽宁省 -4.0 - -", "海南省 -2.5 - -"])],
    );
    assert_eq!(
        table(&now),
        [
            "增幅位次｜设区市｜年度目标（%）｜本期数（%）｜与目标差（个百分点）｜进度",
            "—｜全省｜−4.4｜−4.2｜0.2｜—",
            "1｜北京市｜−5.0｜−6.0｜−1.0｜● 达标",
            "2｜山西省｜−4.5｜−4.5｜0.0｜● 达标",
            "3｜辽宁省｜−4.4｜−4.0｜0.4｜■ 未达标",
            "4｜海南省｜−2.0｜−2.5｜−0.5｜● 达标",
        ]
    );
    let said = text(&now);
    assert!(said.contains("全省单位能耗为−4.2%，高于年度目标0.2个百分点。"), "{said}");
    assert!(said.contains("4个设区市中，达到目标的3个，未达到的1个（辽宁省高0.4个百分点）。"), "{said}");
    assert!(said.contains("降幅居前三位的依次为北京市（下降6.0%）、山西省（下降4.5%）、辽宁省（下降4.0%）；居末位的是海南省（下降2.5%）。"), "{said}");
    assert_eq!(now.headlines.growth, "北京市下降6.0%居首，海南省下降2.5%居末");
    assert_eq!(now.headlines.table, "4个设区市中3个达到目标，辽宁省差距最大");
    assert!(!said.contains("完成年度目标的") && !said.contains("序时"), "{said}");
}

#[test]
fn a_level_that_may_not_be_exceeded_says_how_far_it_is() {
    let goal = "name = '单位能耗'\nkind = 'ratio'\nunit = '吨标准煤/万元'\ndirection = 'at_most'\n\
        targets = [{ year = 2021, value = '0.508' }]";
    let plan = plan(goal, &["name = '甲市'\nvalue = '0.452'", "name = '乙市'\nvalue = '0.644'"], "rank_by = 'value'");
    let lines = ["某省 0.512 - -", "甲市 0.450 - -", "乙市 0.650 - -"];
    let now = bulletin(&plan, &[(12, &lines)]);
    let said = text(&now);
    assert!(said.contains("全省单位能耗为0.512吨标准煤/万元，高于年度目标0.004吨标准煤/万元。"), "{said}");
    assert!(said.contains("未达到的1个（乙市高0.006吨标准煤/万元）。"), "{said}");
    assert!(table(&now)[2].ends_with("甲市｜0.452｜0.450｜−0.002｜● 达标"), "{:?}", table(&now));
    assert!(!said.contains("完成年度目标的"), "{said}");
    let mut known = Figures::default();
    figures(&plan, 12, &lines, &mut known);
    let asked = |region: &str| {
        let goal = plan.default_goal();
        what_if(&plan, goal, &known, Period { year: 2021, month: 12 }, plan.rules("g"), region).unwrap()
    };
    let more = |region: &str| asked(region).goals[0].more.map(|amount| plan.goals[0].measure.plain(amount));
    assert_eq!((more("甲市"), more("乙市").as_deref()), (None, Some("-0.006")));
}

const FIVE: [&str; 4] = ["甲市", "乙市", "丙市", "丁市"];

#[test]
fn a_plan_of_growth_targets_only_says_who_reached_them() {
    let splits: Vec<String> = FIVE.iter().map(|name| format!("name = '{name}'\ngrowth_pct = '12'")).collect();
    let splits: Vec<&str> = splits.iter().map(String::as_str).collect();
    let goal = "name = '技改投资'\nkind = 'amount'\nunit = '亿元'\ntargets = [{ year = 2021, growth_pct = '12' }]";
    let plan = plan(goal, &splits, "completed_when = 'growth'");
    let now = bulletin(
        &plan,
        &[
            (4, &["某省 - - 11.8", "甲市 - - 13", "乙市 - - 9", "丙市 - - 12", "丁市 - - 2"]),
            (5, &["某省 - - 12.3", "甲市 - - 13.5", "乙市 - - 11", "丙市 - - 12", "丁市 - - -1"]),
        ],
    );
    assert_eq!(
        table(&now),
        [
            "增幅位次｜设区市｜增幅目标｜同比增长｜与目标差（个百分点）｜进度",
            "—｜全省｜12.0%｜12.3%｜0.3｜—",
            "1｜甲市｜12.0%｜13.5%｜1.5｜● 增幅达标",
            "3｜乙市｜12.0%｜11.0%｜−1.0｜■ 增幅未达标",
            "2｜丙市｜12.0%｜12.0%｜0.0｜● 增幅达标",
            "4｜丁市｜12.0%｜−1.0%｜−13.0｜■ 增幅未达标",
        ]
    );
    let said = text(&now);
    assert!(said.contains("全省技改投资同比增长12.3%，高于年度增幅目标0.3个百分点。"), "{said}");
    assert!(said.contains("与1—4月相比，增幅提高0.5个百分点。"), "{said}");
    assert!(
        said.contains("4个设区市中，增幅达到目标的2个，未达到的2个（丁市低13.0个百分点、乙市低1.0个百分点）。"),
        "{said}"
    );
    assert!(said.contains("4个设区市中，同比增长的3个，下降的1个（丁市）；高于全省的1个。"), "{said}");
    let all = format!("{said}{:?}{:?}", table(&now), now.notes);
    for word in ["不考核", "未报送", "总量未报", "序时进度（"] {
        assert!(!all.contains(word), "{word}: {all}");
    }
    // What is frozen keeps its keys: a growth has no lamp of the pace.
    assert!(now.standings.rows.iter().all(|row| row.lamp == domain::standing::Lamp::NotAssessed));
}

#[test]
fn a_target_for_the_whole_alone_is_said_of_the_whole() {
    let splits: Vec<String> = FIVE.iter().map(|name| format!("name = '{name}'")).collect();
    let splits: Vec<&str> = splits.iter().map(String::as_str).collect();
    let goal = "name = '技改投资'\nkind = 'amount'\nunit = '亿元'\ntargets = [{ year = 2021, growth_pct = '12' }]";
    let plan = plan(goal, &splits, "");
    let now = bulletin(&plan, &[(5, &["某省 - - 11", "甲市 - - 13.5", "乙市 - - 11", "丙市 - - 12", "丁市 - - -1"])]);
    assert_eq!(now.headlines.table, "全省低于目标1.0个百分点");
    let said = text(&now);
    assert!(said.contains("同比增长11.0%，低于年度增幅目标1.0个百分点。"), "{said}");
    let all = format!("{said}{:?}{:?}", table(&now), now.notes);
    assert!(!all.contains("不考核") && !all.contains("没有目标"), "{all}");
}

#[test]
fn units_without_a_target_are_one_finding() {
    let splits: Vec<String> = (1..=14).map(|n| format!("name = '单位{n}'\ntarget = 'none'")).collect();
    let splits: Vec<&str> = splits.iter().map(String::as_str).collect();
    let goal = "name = '技改投资'\nkind = 'amount'\nunit = '亿元'\ntargets = [{ year = 2021, growth_pct = '12' }]";
    let plan = plan(goal, &splits, "");
    let found: Vec<_> = domain::plan::check::findings_of_goal(&plan, plan.default_goal())
        .into_iter()
        .filter(|found| found.code == "no_target")
        .collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("14个单位"), "{}", found[0].message);
}

/// 宁德 1—8月: nothing but the completion is published.
#[test]
fn the_completion_alone_has_a_pace_and_a_gap() {
    let goal = "name = '技改投资'\nkind = 'completion'\nunit = '%'";
    let plan = plan(goal, &["name = '甲市'", "name = '乙市'", "name = '丙市'"], "rank_by = 'completion'");
    let now = bulletin(
        &plan,
        &[
            (7, &["某省 57.1 - -", "甲市 60 - -", "乙市 55 - -", "丙市 40 - -"]),
            (8, &["某省 65.2 - -", "甲市 70.1 - -", "乙市 64.5 - -", "丙市 50 - -"]),
        ],
    );
    assert_eq!(
        table(&now),
        [
            "完成率位次｜设区市｜完成率｜与序时差（个百分点）｜进度",
            "—｜全省｜65.2%｜−1.5｜—",
            "1｜甲市｜70.1%｜3.4｜● 达到序时",
            "2｜乙市｜64.5%｜−2.2｜▲ 接近序时",
            "3｜丙市｜50.0%｜−16.7｜■ 滞后",
        ]
    );
    let said = text(&now);
    assert!(said.contains("1—8月，全省技改投资完成年度目标的65.2%，慢于序时进度1.5个百分点。"), "{said}");
    assert!(
        said.contains("距年度目标还差34.8个百分点，后4个月月均需完成8.7个百分点（前8个月月均8.2个百分点）。"),
        "{said}"
    );
    assert_eq!(now.headlines.cumulative, "全省累计65.2%，距序时进度还差1.5个百分点");
    let refused = |goal: &str| {
        let text = format!(
            "format = 1\nid = 'p'\ntitle = '计划'\nregion = {{ name = '某省' }}\nyears = [2021, 2021]\n[[goal]]\nid = 'g'\n{goal}\n"
        );
        format!("{:?}", file::parse(&text).unwrap_err())
    };
    assert!(refused("name = 'a'\nkind = 'completion'\nunit = '亿元'").contains("请写 %"));
    assert!(
        refused("name = 'a'\nkind = 'completion'\nunit = '%'\ntargets = [{ year = 2021, value = '90' }]")
            .contains("就是 100%")
    );
}
