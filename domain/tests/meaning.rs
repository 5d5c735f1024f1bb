//! What goals mean beyond their targets, units, rhythms and tasks in the plan file: read, written back, refused.

use domain::plan::{Plan, check, file, writer};

const HEAD: &str = "format = 1\nid = \"case\"\ntitle = \"例\"\nregion = { name = \"某市\" }\nyears = [2013, 2013]\n\n\
                    [calendar]\ncadence = \"monthly\"\n";
const GOAL: &str = "\n[[goal]]\nid = \"g\"\nname = \"目标\"\nkind = \"count\"\nunit = \"个\"\n";

/// Everything at once, in the order in which the editor writes it.
const WHOLE: &str = r#"
[[rhythm]]
id = "quarter"
cadence = "quarterly"
deadline = { day = 25, of = "last_month_of_period" }
final = { month = 1, day = 15 }
bulletin = true

[[rhythm]]
id = "week"
cadence = "weekly"

[[unit]]
id = "350503001"
name = "东湖街道"
sort = "street"
former = ["东湖镇"]

[[unit]]
name = "区工信科技局"
sort = "department"

[[unit]]
name = "高新园"
sort = "park"
parent = "350503001"

[[category]]
name = "钢铁"
sort = "行业"

[[goal]]
id = "lines"
name = "数字化生产线"
kind = "count"
unit = "条"
section = "二、（二）数字化工程"
due = "2013-09"
range = ["3", "5"]
rhythm = "quarter"
duties = ["350503001", "sort:park"]
stated_by = "区工信科技局"
step = "1"

[[goal]]
id = "leaders"
name = "龙头企业"
kind = "count"
unit = "家"
targets = [{ year = 2013, value = "30" }]
counts = "stock"
start = "21"
until = "2013-11"
decimals = 0

[[goal]]
id = "certified"
name = "认证"
kind = "count"
unit = "家"
each = { of = "行业", range = ["3", "5"] }

[[goal]]
id = "industrial"
name = "工业投资"
kind = "amount"
unit = "亿元"
target = "none"

[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2013, value = "660" }]
parent = { plan = "fujian-2013", goal = "investment", unit = "350100" }

[[goal]]
id = "share"
name = "比重"
kind = "ratio"
unit = "%"
targets = [{ year = 2013, value = "50" }]
share_of = { part = "investment", of = "industrial" }

[[goal]]
id = "energy"
name = "单位能耗"
kind = "ratio"
unit = "吨标准煤/万元"
direction = "at_most"
compared_with = "全市平均水平"

[[goal]]
id = "average"
name = "年均增速"
kind = "average_growth"
unit = "%"
whole = { from = 2013, to = 2013, value = "-4.40" }
average_of = "investment"
duties = [{ by = "sort:street", what = "text" }, { by = "区工信科技局" }]

[[goal]]
id = "power"
name = "用电量"
kind = "amount"
unit = "亿元"
target = "none"
rhythm = "week"

[[task]]
id = "audit"
title = "完成能源审计"
section = "三"
quote = "3月底前完成"
due = "2013-03"
by = ["sort:street", "区工信科技局"]
evidence = "审计报告"

[[task]]
id = "meeting"
title = "召开推进会"
due = { from = "2013-02-01", to = "2013-02-28" }

[[task]]
id = "plan"
title = "上报计划"
due = "2013-04-10"
"#;

fn plan(blocks: &str) -> Plan {
    file::parse(&format!("{HEAD}{blocks}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn what_is_written_reads_back_the_same() {
    let plan = plan(WHOLE);
    let written = writer::write(&plan);
    assert_eq!(file::parse(&written).unwrap_or_else(|problems| panic!("{problems:#?}\n{written}")), plan, "{written}");
    // The rows of units and categories are no rows of a split.
    assert!(!written.contains("[[goal.split]]"), "{written}");
}

#[test]
fn who_reports_has_a_row() {
    let plan = plan(WHOLE);
    let rows =
        |goal: &str| plan.goal(goal).unwrap().splits.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("、");
    assert_eq!(rows("lines"), "东湖街道、高新园");
    assert_eq!(rows("certified"), "钢铁");
    // Texts alone make no row of figures.
    assert_eq!(rows("average"), "区工信科技局");
    assert_eq!(rows("leaders"), "");
}

/// 按行业、企业监测: a row for each, stated by the one unit of the duties, with nothing to reach.
#[test]
fn what_is_watched_by_industry_has_a_row_for_each() {
    let each = "target = \"none\"\neach = { of = \"行业\" }\nduties = [\"区工信科技局\"]\n";
    let industries = "\n[[unit]]\nname = \"区工信科技局\"\nsort = \"department\"\n\n[[category]]\nname = \"钢铁\"\nsort = \"行业\"\n\n\
                      [[category]]\nname = \"纺织\"\nsort = \"行业\"\n";
    let plan = plan(&format!("{GOAL}{each}{industries}"));
    let goal = plan.goal("g").unwrap();
    let period = domain::month::Period::parse("2013-05").unwrap();
    let rows: Vec<(&str, bool, Option<&str>)> = goal
        .splits
        .iter()
        .map(|row| (row.name.as_str(), row.no_target, plan.reporter(goal, &row.region, period)))
        .collect();
    assert_eq!(rows, [("钢铁", true, Some("区工信科技局")), ("纺织", true, Some("区工信科技局"))]);
    let mut figures = domain::returns::Figures::default();
    for (row, value) in goal.splits.iter().zip([30, 12]) {
        let figure = domain::returns::Figure { value: Some(domain::money::Amount(value)), ..Default::default() };
        figures.insert("g", period, &row.region, figure);
    }
    let row = domain::overview::goal_row(&plan, goal, &figures, period);
    assert_eq!(row.verdict, domain::overview::Verdict::Watched);
    assert_eq!(row.value, Some(domain::overview::Quantity::Amount(domain::money::Amount(42))), "they add up");
    assert!(row.reach.is_none());
    check_goal("each = { of = \"region\" }", "each 要写对谁定目标和目标数");
    check_goal("target = \"none\"\neach = { of = \"region\", value = \"3\" }", "each 只写 of，请删去 value 或 range");
}

#[test]
fn a_title_says_its_year_once() {
    let titled = |title: &str, period: &str| {
        let plan = Plan { title: title.to_owned(), ..plan(GOAL) };
        plan.title_at(domain::month::Period::parse(period).unwrap())
    };
    assert_eq!(titled("2013年全省工业转型升级专项行动计划", "2013-11"), "2013年1—11月全省工业转型升级专项行动计划");
    assert_eq!(titled("绿色数字技改专项行动方案", "2022-03"), "2022年一季度绿色数字技改专项行动方案");
    assert_eq!(titled("2021年三年行动方案", "2022-12"), "2022年全年2021年三年行动方案");
}

/// What the first sentence says of a goal with these lines.
fn check_goal(lines: &str, expected: &str) {
    check_blocks(&format!("{GOAL}{lines}\n"), expected);
}

fn check_blocks(blocks: &str, expected: &str) {
    let problems = file::parse(&format!("{HEAD}{blocks}")).err().unwrap_or_default();
    assert!(problems.iter().any(|problem| problem.message.contains(expected)), "{blocks}\n{problems:#?}");
}

#[test]
fn what_does_not_fit_is_refused_with_what_to_write() {
    let target = "targets = [{ year = 2013, value = \"3\" }]";
    check_goal("start = \"3\"", "请同时写 counts = \"stock\"");
    check_goal("due = \"3月\"", "请写成 2021-05");
    check_goal("due = \"2014-03\"", "期间 2014-03 不在计划的 2013 年之内");
    check_goal("range = [\"5\", \"3\"]", "range 的上限要大于下限");
    check_goal("range = [\"3\"]", "range 要写下限和上限两个数");
    check_goal(&format!("range = [\"3\", \"5\"]\n{target}"), "range 与 targets、whole 只能写一种");
    check_goal("targets = [{ year = 2013, value = \"3\", range = [\"3\", \"5\"] }]", "value 与 range 只能写一种");
    check_goal("each = { of = \"region\" }", "each 要写对谁定目标和目标数");
    check_goal("each = { of = \"region\", value = \"3\" }", "没有对应的单位");
    check_goal(&format!("target = \"none\"\n{target}"), "就不能再写 targets 或 whole");
    check_goal(&format!("compared_with = \"全市平均水平\"\n{target}"), "就不能再写 targets 或 whole");
    check_goal("share_of = { part = \"g\", of = \"g\" }", "kind 请写 ratio");
    check_goal("average_of = \"g\"", "kind 请写 average_growth");
    check_goal("rhythm = \"quarter\"", "没有定义，请补写 [[rhythm]]");
    check_goal("duties = [\"sort:street\"]", "没有对应的 [[unit]]");
    check_goal("stated_by = \"工信局\"", "没有对应的 [[unit]]");
    check_goal("parent = { plan = \"a\" }", "parent 要写上级计划、目标和本地区所在的行");
    check_goal("step = \"0\"", "请写正数");
    check_goal("sections = \"一\"", "是否应为 section？");
    check_blocks(
        &format!("\n[[rhythm]]\nid = \"calendar\"\ncadence = \"weekly\"\n{GOAL}"),
        "calendar 是 [calendar] 自己的名字",
    );
    check_blocks(&format!("\n[[rhythm]]\nid = \"w\"\n{GOAL}"), "缺少 rhythm.cadence");
    check_blocks(
        &format!("\n[[rhythm]]\nid = \"w\"\ncadence = \"weekly\"\n{GOAL}rhythm = \"w\"\n{target}\n"),
        "按周、按旬的数只作监测",
    );
    check_blocks(&format!("\n[[unit]]\nname = \"某市\"\n{GOAL}"), "是计划本身的地区");
    check_blocks(&format!("\n[[unit]]\nname = \"甲县\"\n\n[[unit]]\nname = \"甲 县\"\n{GOAL}"), "出现两次");
    check_blocks(&format!("\n[[unit]]\nname = \"甲县\"\nparent = \"乙市\"\n{GOAL}"), "不是别的 [[unit]]");
    check_blocks(&format!("\n[[category]]\nname = \"钢铁\"\nsort = \"street\"\n{GOAL}"), "那是单位的类别");
    check_blocks(&format!("{GOAL}\n[[task]]\nid = \"t\"\ntitle = \"做\"\n"), "缺少 task.due");
    check_blocks(&format!("{GOAL}\n[[task]]\nid = \"t\"\ntitle = \"做\"\ndue = \"2013-02-30\"\n"), "不是存在的日期");
    check_blocks(
        &format!("{GOAL}\n[[task]]\nid = \"t\"\ntitle = \"做\"\ndue = \"2013-03\"\nby = [\"区局\"]\n"),
        "task.by 里的 区局 没有对应的 [[unit]]",
    );
}

#[test]
fn what_the_file_leaves_open_is_found() {
    let codes = |blocks: &str| {
        let plan = plan(blocks);
        let found = check::check(&plan).into_iter().map(|finding| finding.code);
        found
            .filter(|code| !matches!(code.as_str(), "average_growth_undefined" | "deadline_assumed"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        codes(&format!("{GOAL}counts = \"stock\"\ntargets = [{{ year = 2013, value = \"30\" }}]\n")),
        ["start_unknown"]
    );
    let early = "deadline = { day = 25, of = \"last_month_of_period\" }\n";
    assert_eq!(codes(&format!("{early}{GOAL}")), ["no_final"]);
    assert_eq!(codes(&format!("{early}final = {{ month = 1, day = 15 }}\n{GOAL}")), Vec::<String>::new());
    let unit = "\n[[unit]]\nname = \"市工信局\"\nsort = \"department\"\n";
    assert_eq!(codes(&format!("{unit}{GOAL}lead = [\"市 工信局\"]\nresponsible = [\"各县\"]\n")), ["unit_unknown"]);
    // Where no unit is declared, words are words.
    assert_eq!(codes(&format!("{GOAL}lead = [\"市工信局\"]\n")), Vec::<String>::new());
}

#[test]
fn words_of_the_document_name_units() {
    use domain::plan::declared::Sort;
    let unit = |name: &str| {
        let plan = file::parse(&format!("{HEAD}\n[[unit]]\nname = \"{name}\"\n{GOAL}")).unwrap();
        plan.units[0].clone()
    };
    // Short of the level before it, or with the office that stands for it.
    for words in ["市发改委", "发改委", "市 发改委"] {
        assert!(unit("市发改委").is_named(words), "{words}");
    }
    assert!(unit("高新区").is_named("高新区管委会") && unit("鼓楼区").is_named("鼓楼区人民政府"));
    assert!(!unit("高新区").is_named("高新区公司") && !unit("市发改委").is_named("改委"));
    for (words, sort) in [
        ("各街道办事处", Sort::Street),
        ("各园区管委会", Sort::Park),
        ("各县（市、区）人民政府", Sort::Region),
        ("各设区市", Sort::Region),
        ("各部门", Sort::Department),
    ] {
        assert_eq!(Sort::named(words), Some(sort), "{words}");
    }
    assert_eq!(Sort::named("县工信局"), None);
}

#[test]
fn what_is_weighed_is_counted_in_parts() {
    let coal = GOAL.replace("个", "万吨") + "targets = [{ year = 2013, value = \"80\" }]\n";
    let parse = |lines: &str, figure: &str| {
        let plan = file::parse(&format!("{HEAD}{coal}{lines}")).unwrap();
        let measure = &plan.goals[0].measure;
        measure.parse(figure).ok().map(|amount| measure.plain(amount))
    };
    assert_eq!(parse("decimals = 1\n", "41.6").as_deref(), Some("41.6"));
    assert_eq!(parse("decimals = 1\n", "41.65"), None);
    // A count is a whole number unless said.
    assert_eq!(parse("", "41.6"), None);
    assert_eq!(parse("", "41").as_deref(), Some("41"));
}

#[test]
fn rows_of_duties_are_no_findings() {
    let unit = "\n[[unit]]\nname = \"东湖街道\"\nsort = \"street\"\n";
    let lines = "target = \"none\"\nresponsible = [\"各街道办事处\"]\nduties = [\"sort:street\"]\n";
    let plan = file::parse(&format!("{HEAD}{unit}{GOAL}{lines}")).unwrap();
    assert_eq!(plan.goals[0].splits.len(), 1);
    assert_eq!(check::check(&plan), Vec::new());
}
