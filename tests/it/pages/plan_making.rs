//! An office makes its whole plan in the browser, from an empty site: 泉丰政办综〔2022〕2号 of 丰泽区.

use tests::{Page, Person, Serving, TestApp, on_both_databases};

/// The document's four works: name, unit, each year or 2021—2023, how many, section.
const GOALS: [(&str, &str, bool, &str, &str); 9] = [
    ("节能减碳项目", "个", true, "2", "（一）绿色化发展工程"),
    ("数字化生产线", "条", true, "4", "（二）智能化改造工程"),
    ("数字化车间", "个", false, "1", "（二）智能化改造工程"),
    ("工业互联网平台", "个", false, "1", "（三）信息化建设工程"),
    ("企业上云上平台", "家", true, "20", "（三）信息化建设工程"),
    ("工业软件", "个", false, "3", "（三）信息化建设工程"),
    ("工业APP典型应用案例", "个", false, "3", "（四）数字化应用工程"),
    ("“5G+工业互联网”项目", "个", false, "1", "（四）数字化应用工程"),
    ("技改投资", "亿元", false, "", "一、工作目标"),
];

const UNITS: &str = "单位\t代码\t类别\n东湖街道\t350503001\t街道\n丰泽街道\t350503002\t街道\n泉秀街道\t350503003\t街道\n\
    清源街道\t350503004\t街道\n华大街道\t350503005\t街道\n城东街道\t350503006\t街道\n东海街道\t350503007\t街道\n\
    北峰街道\t350503008\t街道\n高新产业园区\t\t园区\n泉州软件园\n海西广告园区\n区工信科技局\n区发改局\n";

const EDIT: &str = "/plans/fengze-2022/edit";

/// The reviewer of 丰泽区, on a site without plans.
fn site(app: TestApp) -> (Serving, String) {
    let app = app.at("2022-03-01T09:00:00+08:00");
    app.jigai(&["migrate"]).assert_done();
    app.administrators();
    let token = app.appoint_at("丰泽区 350503", "fengze", "city_reviewer", "");
    let site = app.start(&[]);
    let cookie = site.first_log_in("fengze", &token);
    (site, cookie)
}

/// Fills boxes of the page and presses a button: nothing is wrong.
#[track_caller]
fn press(person: &Person<'_>, page: &Page, button: &str, boxes: &[(&str, &str)]) -> Page {
    let answer = person.submit(page, "#plan-form", &[boxes, &[("then", button)]].concat());
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.lacks("要改的");
    answer
}

on_both_databases! {
    fn an_office_makes_its_plan_from_an_empty_site(app: TestApp) {
        let (site, cookie) = site(app);
        let office = site.as_person(&cookie);
        let new = office.get("/plans/new").assert_success();
        let basics = [
            ("id", "fengze-2022"), ("title", "丰泽区绿色数字技改专项行动方案"), ("region_name", "丰泽区"),
            ("region_code", "350503"), ("year_from", "2021"), ("year_to", "2024"), ("number", "泉丰政办综〔2022〕2号"),
            ("dated", "2022年1月21日"), ("cadence", "quarterly"), ("deadline_day", "25"),
            ("deadline_of", "last_month_of_period"), ("holidays", "none"),
            ("goal_name", "技术改造项目"), ("kind", "count"), ("unit", "项"), ("section", "一、工作目标"), ("assess", "no"),
        ];
        // The years are known now, and each has its target.
        let page = press(&office, &new, "check", &basics);
        let years = [2021, 2022, 2023, 2024].map(|year| format!("t.{year}.value"));
        let twelve: Vec<(&str, &str)> = years.iter().map(|name| (name.as_str(), "12")).collect();
        let page = press(&office, &page, "go:units", &twelve);
        let page = press(&office, &page, "check", &[("units_block", UNITS)]);
        page.shows("单位（13个）");
        let (_, units) = page.form("#plan-form");
        for unit in [("u.0.name", "东湖街道"), ("u.0.sort", "street"), ("u.9.sort", "park"), ("u.11.sort", "department")] {
            assert!(units.contains(&(unit.0.to_owned(), unit.1.to_owned())), "{unit:?} in {units:?}");
        }
        let page = press(&office, &page, "go:rhythms", &[]);
        let mut page = press(&office, &page, "go:goals", &[("y.0.cadence", "yearly"), ("y.0.id", "year"), ("y.0.holidays", "none")]);
        for (name, unit, yearly, number, section) in GOALS {
            page = press(&office, &page, "go:goal:", &[]);
            let watched = if number.is_empty() { "watched" } else { "number" };
            let mut boxes = vec![
                ("goal_name", name), ("kind", if unit == "亿元" { "amount" } else { "count" }), ("unit", unit),
                ("section", section), ("reference", watched), ("lead", "区工信科技局"),
                ("responsible", "各街道办事处\n各园区管委会"),
            ];
            if unit != "亿元" {
                boxes.extend([("d.0.by", "sort:street"), ("d.0.what", "text"), ("d.1.by", "sort:park"), ("d.1.what", "text")]);
            }
            match yearly {
                true => boxes.extend(years.iter().map(|name| (name.as_str(), number))),
                false if number.is_empty() => {}
                false => boxes.extend([("whole_value", number), ("whole_from", "2021"), ("whole_to", "2023"), ("until", "2023年12月")]),
            }
            page = press(&office, &page, "go:goals", &boxes);
        }
        page.shows("目标（10个）");
        // Three years' average growth of what the list has by now, and what is compared with the city's mean.
        let (_, list) = page.form("#plan-form");
        let place = list.iter().find(|(name, value)| name.starts_with("o.") && value == "goal-9").map(|(name, _)| name.clone());
        assert!(place.is_some(), "{list:?}");
        let page = press(&office, &page, "go:goal:", &[]);
        let average = [
            ("goal_name", "技改投资年平均增速"), ("goal_id", "average"), ("kind", "average_growth"), ("unit", "%"),
            ("section", "一、工作目标"), ("made", "average"), ("average_of", "goal-9"), ("base_year", "2020"),
            ("whole_value", "25"), ("whole_from", "2021"), ("whole_to", "2023"), ("until", "2023-12"),
        ];
        let page = press(&office, &page, "go:goal:", &average);
        let compared = [
            ("goal_name", "规上工业单位增加值能耗"), ("goal_id", "energy"), ("kind", "ratio"), ("unit", "吨标准煤/万元"),
            ("direction", "at_most"), ("section", "（一）绿色化发展工程"), ("reference", "compared"),
            ("compared_with", "全市平均水平"), ("rhythm", "year"), ("decimals", "3"), ("until", "2023-12"),
        ];
        let page = press(&office, &page, "go:tasks", &compared);
        let page = press(&office, &page, "go:task:", &[]);
        let task = [
            ("task_title", "成立工作小组"), ("task_due", "2022年3月25日前"), ("task_section", "四、保障措施"),
            ("task_evidence", "工作小组成立文件或名单"), ("b.0", "sort:street"), ("b.1", "区发改局"),
        ];
        let page = press(&office, &page, "go:tasks", &task);
        page.shows("成立工作小组").shows("2022年3月25日前");
        let done = office.submit(&page, "#plan-form", &[("then", "save")]);
        assert_eq!((done.status, done.header("location")), (303, "/plans/fengze-2022"), "{}", done.text());
        office.get("/plans/fengze-2022").assert_success().shows("技改投资年平均增速").shows("与全市平均水平比较");

        // What was written is a plan file that the command line accepts, and the editor opens again as it is.
        let (_, by_file) = office.get("/plans/fengze-2022/edit?by=file").assert_success().form("#plan-form");
        let source = by_file.iter().find(|(name, _)| name == "source").unwrap().1.clone();
        for line in ["average_of = \"goal-9\"", "compared_with = \"全市平均水平\"", "until = \"2023-12\"", "rhythm = \"year\""] {
            assert!(source.contains(line), "{line} in {source}");
        }
        let file = site.app.folder.write("made.plan.toml", &source);
        tests::jigai(&["plan", "check", &file]).assert_done();
        let again = office.get(EDIT).assert_success();
        again.shows("目标（12个）");
        let same = office.submit(&again, "#plan-form", &[("then", "save"), ("basis", "会议"), ("reason", "核对")]);
        same.assert_status(422).shows("没有改动任何内容");
        site.app.jigai(&["verify"]).assert_done();
    }

    fn what_is_wrong_stands_at_its_box_and_nothing_is_lost(app: TestApp) {
        app.jigai(&["import", "plan", tests::root().join("assets/plans/fengze-2022.plan.toml").to_str().unwrap()]).assert_done();
        let (site, cookie) = site(app);
        let office = site.as_person(&cookie);
        // Many goals: a list, and a page for each.
        let list = office.get(EDIT).assert_success();
        list.shows("目标（12个）").shows("（四）数字化应用工程").lacks("goal_name");
        let check = |at: &str, boxes: &[(&str, &str)], field: &str, says: &str| {
            let page = office.get(at).assert_success();
            let changes = [boxes, &[("then", "go:units")]].concat();
            let wrong = office.submit(&page, "#plan-form", &changes);
            wrong.shows(says).shows("要改的");
            let place = format!("id=\"wrong-{field}\"");
            assert!(wrong.html.contains(&place), "{place} of {boxes:?}: {}", wrong.text());
            let (_, kept) = wrong.form("#plan-form");
            for (name, value) in boxes {
                assert!(kept.contains(&((*name).to_owned(), (*value).to_owned())), "{name} = {value} is lost");
            }
        };
        let goal = format!("{EDIT}?goal=digital_lines");
        check(&goal, &[("t.2022.value", "四条")], "t.2022.value", "“四条”不是数字");
        check(&goal, &[("unit", ""), ("until", "前年")], "unit", "还没有填单位");
        check(&goal, &[("unit", ""), ("until", "前年")], "until", "请写成 2023-12");
        check(&goal, &[("until", "2022-05")], "until", "不是报送期");
        check(&goal, &[("due", "2022-05")], "due", "完成期限：期间 2022-05 不是报送期");
        check(&goal, &[("reference", "compared")], "compared_with", "还没有填与什么比较");
        check(&goal, &[("made", "each"), ("each_value", "3"), ("each_of", "zone")], "each_of", "没有对应的单位");
        check(&goal, &[("made", "share"), ("share_part", "investment"), ("share_of", "")], "share_of", "还没有填占哪个目标");
        check(&goal, &[("kind", "ratio"), ("unit", "%")], "list_title", "请选数量");
        let other = format!("{EDIT}?goal=digital_workshops");
        let share = [("kind", "ratio"), ("unit", "%"), ("made", "share"), ("share_part", "investment")];
        let share = [&share[..], &[("share_of", "digital_lines"), ("list_title", "")]].concat();
        check(&other, &share, "share_part", "单位不同");
        check(&goal, &[("d.0.what", "figure"), ("d.1.by", "350503001"), ("d.1.what", "figure")], "d.0.by", "一行数只能由一个单位报");
        check(&goal, &[("pace", "curve"), ("p.3", "50"), ("p.6", "40")], "p.6", "累计比重不能变小");
        check(&goal, &[("t.2022.up_to", "3")], "t.2022.up_to", "上限要大于目标");
        check(&format!("{EDIT}?part=goal:"), &[("goal_name", "新的"), ("unit", "家"), ("kind", "count"), ("until", "2022-05")], "until", "不是报送期");
        check(&format!("{EDIT}?part=tasks"), &[("o.0.order", "头一个")], "o.0.order", "不是整数");
        check(&format!("{EDIT}?part=task:refined_tasks"), &[("task_due", "尽快")], "task_due", "完成时限“尽快”读不懂");
        check(&format!("{EDIT}?part=units"), &[("u.0.parent", "没有的街道")], "u.0.parent", "不在单位表里");
        check(&format!("{EDIT}?part=rhythms"), &[("y.1.cadence", "weekly"), ("y.1.deadline_day", "5")], "y.1.cadence", "只作监测");
        check(&format!("{EDIT}?part=plan"), &[("year_to", "2019")], "year_to", "结束年不能早于起始年");
        check(&format!("{EDIT}?part=plan"), &[("final_month", "13")], "final_month", "年终定报的月份请写 1 至 12");
        // A unit that goals still name says which ones.
        let units = office.get(&format!("{EDIT}?part=units")).assert_success();
        let gone = office.submit(&units, "#plan-form", &[("u.12.name", ""), ("u.12.id", ""), ("then", "go:goals")]);
        gone.shows("节能减碳项目：报送任务里的 区发改局 没有对应的单位").lacks("duties").lacks("[[unit]]");
        assert!(site.app.query("SELECT version FROM plan_version").len() == 1);
        site.app.jigai(&["verify"]).assert_done();
    }

    fn rules_of_projects_are_made_on_their_page(app: TestApp) {
        app.jigai(&["import", "plan", tests::root().join("assets/plans/fengze-2022.plan.toml").to_str().unwrap()]).assert_done();
        let (site, cookie) = site(app);
        let office = site.as_person(&cookie);
        let at = format!("{EDIT}?part=projects");
        let page = office.get(&at).assert_success();
        // What one chooses is said in Chinese, not as the file has it.
        page.shows("应开未开的月数").shows("建议退库").shows("竣工投产");
        assert!(!page.text().contains("start_overdue"), "{}", page.text());
        let boxes = [
            ("pl.0.name", "区"), ("pl.0.min_total", "500万元"), ("pl.1.name", "市"), ("pl.1.min_total", "1亿元"),
            ("pl.1.min_equipment", "1000万元"), ("pl.1.started", "yes"),
            ("pr.0.test", "start_overdue"), ("pr.0.from", "1个月"), ("pr.0.below", "3"), ("pr.0.unless", "yes"),
            ("pr.0.gives", "yellow"), ("pr.0.words", "到期没有开工"), ("pr.0.start", "yes"), ("pr.0.clause", "三、（二）"),
            ("pw.0.months", "5月、9月"), ("pw.0.for", "enter"), ("publish_laggards", "yes"),
        ];
        let page = press(&office, &page, "check", &boxes);
        page.shows("重点项目（1条规则）").shows("级别").shows("再加一条规则");
        let page = press(&office, &page, "check", &[
            ("pr.1.test", "pace_share"), ("pr.1.below", "60"), ("pr.1.gives", "red"), ("pr.1.words", "不到进度的六成"),
        ]);
        let page = press(&office, &page, "go:goal:", &[]);
        let counted = [
            ("goal_name", "新开工的市级项目"), ("kind", "count"), ("unit", "个"), ("reference", "watched"),
            ("project_count", "started"), ("project_level", "市"), ("project_role", "start"),
            ("project_label", "重中之重"), ("figure_from", "projects"),
        ];
        let page = press(&office, &page, "check", &counted);
        // A level that is called otherwise is so where a goal names it.
        let page = press(&office, &page, "go:projects", &[]);
        let page = press(&office, &page, "check", &[("pl.1.name", "泉州市")]);
        let why = [("basis", "会议"), ("reason", "列出重点项目规则"), ("then", "save")];
        let saved = office.submit(&page, "#plan-form", &why);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let (_, by_file) = office.get(&format!("{EDIT}?by=file")).assert_success().form("#plan-form");
        let source = by_file.iter().find(|(name, _)| name == "source").unwrap().1.clone();
        for line in [
            "publish_laggards = true",
            "[[project_level]]\nname = \"泉州市\"\nmin_total = \"1亿元\"\nmin_equipment = \"1000万元\"\nstarted = true\n",
            "[[project_rule]]\ntest = \"start_overdue\"\nfrom = \"1\"\nbelow = \"3\"\nrole = [\"start\"]\n\
             unless = \"reason\"\ngives = \"yellow\"\nwords = \"到期没有开工\"\nclause = \"三、（二）\"\n",
            "test = \"pace_share\"\nbelow = \"60\"\ngives = \"red\"\n",
            "[[project_window]]\nmonths = [5, 9]\nfor = \"enter\"\n",
            "from_projects = { count = \"started\", level = \"泉州市\", role = \"start\", label = \"重中之重\" }\n\
             figure_from = \"projects\"\n",
        ] {
            assert!(source.contains(line), "{line} in {source}");
        }
        let file = site.app.folder.write("made.plan.toml", &source);
        tests::jigai(&["plan", "check", &file]).assert_done();
        site.app.jigai(&["verify"]).assert_done();
    }

    fn what_is_wrong_with_rules_of_projects_stands_at_its_box(app: TestApp) {
        app.jigai(&["import", "plan", tests::root().join("assets/plans/fengze-2022.plan.toml").to_str().unwrap()]).assert_done();
        let (site, cookie) = site(app);
        let office = site.as_person(&cookie);
        let check = |at: &str, boxes: &[(&str, &str)], field: &str, says: &str| {
            let page = office.get(&format!("{EDIT}?{at}")).assert_success();
            let wrong = office.submit(&page, "#plan-form", &[boxes, &[("then", "go:units")]].concat());
            wrong.shows(says).shows("要改的");
            let keys = ["project_", "below", "behind_points"];
            assert!(!keys.iter().any(|key| wrong.text().contains(key)), "{}", wrong.text());
            let place = format!("id=\"wrong-{field}\"");
            assert!(wrong.html.contains(&place), "{place} of {boxes:?}: {}", wrong.text());
        };
        let projects = |boxes: &[(&str, &str)], field: &str, says: &str| check("part=projects", boxes, field, says);
        projects(&[("pl.0.min_total", "1亿元")], "pl.0.name", "没有名称");
        projects(&[("pl.0.name", "省"), ("pl.0.min_total", "一个亿")], "pl.0.min_total", "要写金额和单位，例如 1亿元");
        projects(&[("pl.0.name", "省")], "pl.0.name", "要填门槛");
        let two = [("pl.0.name", "省"), ("pl.0.min_total", "1亿元"), ("pl.2.name", "市"), ("pl.2.min_total", "500万元")];
        projects(&two, "pl.2.name", "从低到高写");
        projects(&[("pr.0.words", "某")], "pr.0.test", "没有选看什么");
        let rule = |test: &'static str| vec![("pr.0.test", test), ("pr.0.words", "某"), ("pr.0.gives", "red")];
        let with = |test: &'static str, more: &[(&'static str, &'static str)]| [rule(test), more.to_vec()].concat();
        projects(&with("silent_months", &[("pr.0.from", "三")]), "pr.0.from", "不是月数");
        projects(&with("pace_share", &[("pr.0.from", "3")]), "pr.0.test", "请填“不到”");
        projects(&with("behind_points", &[]), "pr.0.test", "请填“达到”或“超过”");
        projects(&with("start_overdue", &[("pr.0.from", "3"), ("pr.0.below", "3")]), "pr.0.test", "“不到”要大于");
        projects(&[("pr.0.test", "suspended")], "pr.0.words", "还没有填第 1 条规则给出的话");
        projects(&[("pw.0.months", "13")], "pw.0.months", "不是月份");
        let goal = "goal=digital_lines";
        check(goal, &[("project_count", "total")], "project_count", "要求“是什么数”选");
        check(goal, &[("figure_from", "projects")], "project_count", "还没有选从项目库数什么");
        check(goal, &[("project_count", "started"), ("project_level", "省")], "project_count", "级别“省”没有定义");
        assert!(site.app.query("SELECT version FROM plan_version").len() == 1);
    }

    fn goals_are_ordered_and_ended_and_never_lost(app: TestApp) {
        let plan = std::fs::read_to_string(tests::root().join("assets/plans/fengze-2022.plan.toml")).unwrap();
        let file = app.folder.write("f.plan.toml", &plan);
        app.jigai(&["import", "plan", &file]).assert_done();
        let lines = "goal,region,period,value,base,growth_pct,note\ndigital_lines,丰泽区,2021-12,4,,,\n";
        let returns = app.folder.write("r.csv", lines);
        app.jigai(&["import", "returns", "--plan", "fengze-2022", &returns]).assert_done();
        let (site, cookie) = site(app);
        let office = site.as_person(&cookie);
        let list = office.get(EDIT).assert_success();
        list.shows("已有数据，只能止于");
        let (_, boxes) = list.form("#plan-form");
        let row = |id: &str| {
            let (name, _) = boxes.iter().find(|(name, value)| name.ends_with(".id") && value == id).unwrap();
            name.trim_end_matches(".id").to_owned()
        };
        // From the last place to the first.
        let moved = press(&office, &list, "check", &[(&format!("{}.order", row("industrial_5g_projects")), "1")]);
        assert_eq!(moved.form("#plan-form").1.iter().find(|(name, _)| name == "o.0.id").unwrap().1, "industrial_5g_projects");
        // With figures it stays, whatever the form says; the others may go.
        let why = [("basis", "会议"), ("reason", "调整"), ("then", "save")];
        let drop = |id: &str| (format!("{}.drop", row(id)), "yes");
        let (name, yes) = drop("digital_lines");
        let refused = office.submit(&list, "#plan-form", &[&why[..], &[(name.as_str(), yes)]].concat());
        refused.assert_status(422).shows("“数字化生产线”（digital_lines）在这个计划里已有数据，修订不能去掉它").shows("止于");
        let renamed = office.submit(&office.get(&format!("{EDIT}?goal=digital_lines")), "#plan-form", &[&why[..], &[("goal_id", "lines")]].concat());
        renamed.assert_status(422).shows("不能去掉它或改它的 id");
        let (name, yes) = drop("industrial_software");
        let fewer = press(&office, &list, "check", &[(name.as_str(), yes)]);
        fewer.shows("去掉目标“工业软件”").shows("目标（11个）");
        // By command likewise.
        let without = plan.replace("id = \"digital_lines\"", "id = \"lines\"");
        let without = site.app.folder.write("w.plan.toml", &without);
        site.app.jigai_as("350503-city-reviewer", &["import", "plan", &without, "--reason", "x"]).assert_refused().says("修订不能去掉它");
        // It ends, and the revision of a running plan waits for a second person.
        let page = office.get(&format!("{EDIT}?goal=digital_lines")).assert_success();
        let ended = office.submit(&page, "#plan-form", &[&why[..], &[("until", "2022-06")]].concat());
        assert_eq!((ended.status, ended.header("location")), (303, "/plans/fengze-2022/changes"), "{}", ended.text());
        office.get("/plans/fengze-2022/changes").assert_success().shows("待确认的修订").shows("2022-06");
        // An id that others name is changed where they name it.
        let page = office.get(&format!("{EDIT}?goal=investment")).assert_success();
        let other = press(&office, &page, "go:goal:investment_average_growth", &[("goal_name", "工业技改投资")]);
        other.shows("工业技改投资").shows("还没有保存");
        site.app.jigai(&["verify"]).assert_done();
    }
}
