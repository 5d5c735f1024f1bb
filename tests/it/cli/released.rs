//! Makes the fixture of today's form: a year of 福州 as people live it, and the next one on its way. Run by hand with the
//! program that is released, before the first migration that follows it (see `tests/fixtures/released/README.md`).

use tests::{Engine, Office, PASSWORD, Page, Person, TestApp, contract};

const PLAN: &str = "fuzhou-2021";
const NEXT: &str = "fuzhou-2022";
const REVIEWER: &str = "350100-city-reviewer";
const PUBLISHER: &str = "350100-publisher";
/// 1—12月 of the second year is open until 5 January.
const END: &str = "2023-01-03T09:00:00+08:00";

#[test]
#[ignore = "makes a fixture: JIGAI_MAKE_RELEASED names the folder"]
fn sqlite() {
    let app = story(TestApp::new(Engine::Sqlite));
    let file = folder().join("jigai.db");
    // One file without a journal beside it.
    app.tamper_again(&format!("VACUUM INTO '{}'", file.display()));
}

#[test]
#[ignore = "makes a fixture: JIGAI_MAKE_RELEASED names the folder"]
fn postgres() {
    let app = story(TestApp::new(Engine::Postgres));
    app.dump_into(&folder().join("postgres.sql"));
}

fn folder() -> std::path::PathBuf {
    std::env::var("JIGAI_MAKE_RELEASED").expect("JIGAI_MAKE_RELEASED: the folder of the new fixture").into()
}

/// Everything a database can hold, at least once. The last program that runs is ended in the middle of an export.
fn story(app: TestApp) -> TestApp {
    let office = half_a_year(before_there_were_posts(app));
    let office = closed(second_half(office));
    the_next_year(office)
}

/// Other offices' years, and the first periods of 福州, by files and commands alone.
fn before_there_were_posts(app: TestApp) -> TestApp {
    let app = app.at("2021-06-03T10:00:00+08:00");
    let edge = std::fs::read_to_string(contract("edge.plan.toml")).unwrap().replace("2022", "2020");
    let figures = std::fs::read_to_string(contract("edge.returns.csv")).unwrap().replace("2022-", "2020-");
    import(&app, "", "edge", &edge, &[]);
    returns(&app, "", "edge", &figures.split_once('\n').unwrap().1.lines().collect::<Vec<_>>(), &[]);
    publish(&app, "", "edge", "2020-05", &[]);
    publish(&app, "", "edge", "2020-12", &[]);
    import(&app, "", "fujian-2013", &std::fs::read_to_string(contract("fujian-2013.plan.toml")).unwrap(), &[]);
    let province = [
        "福州市,2013-11,612.4,470.1,,\n厦门市,2013-11,171.25,150,,\n漳州市,2013-11,240.3,179.8,,",
        "泉州市,2013-11,452,351.1,,\n三明市,2013-11,431.07,330,,\n莆田市,2013-11,129.9,98.2,,",
        "南平市,2013-11,,,21.5,只公布了增幅\n龙岩市,2013-11,199,160.4,,\n福建省,2013-11,2380.5,1840,,",
    ];
    returns(&app, "", "fujian-2013", &province, &[]);
    publish(&app, "", "fujian-2013", "2013-11", &[]);
    let plan = std::fs::read_to_string(contract("fuzhou-2021.plan.toml")).unwrap();
    import(&app, "", PLAN, &plan, &[]);
    let text = std::fs::read_to_string(contract("fuzhou-2021.returns.csv")).unwrap();
    returns(&app, "", PLAN, &text.lines().filter(|line| line.contains("2021-05")).collect::<Vec<_>>(), &[]);
    returns(&app, "", PLAN, &["福清市,2021-04,83.4,75,,", "闽侯县,2021-04,33,30.2,,"], &[]);
    publish(&app, "", PLAN, "2021-05", &[]);
    app
}

/// 1—6月 by forms: questions, an undone approval, corrections, the bureau's figures, words and paper of the office.
fn half_a_year(app: TestApp) -> Office {
    let office = Office::new(app);
    people_come_and_go(&office);
    let (fuqing, reviewer, publisher) = (office.person("fuqing"), office.person("shenhe"), office.person("fabu"));
    let june = "2021-06";
    let text = [("text/progress", "上半年进展顺利，宏港二期设备6月集中到货。")];
    let value = [("c.investment/350181/value", "140.5"), ("c.investment/350181/base", "120.25")];
    fill(&fuqing, PLAN, june, "350181", &value);
    fill(&fuqing, PLAN, june, "350181", &text);
    office.hand_in("fuqing", "350181");
    step(&fuqing, PLAN, june, "350181", "withdraw", &[]);
    fill(&fuqing, PLAN, june, "350181", &[("c.investment/350181/note", "6月集中到货，台账齐全")]);
    office.hand_in("fuqing", "350181");
    step(&office.person("fuqing.sh"), PLAN, june, "350181", "sign_off", &[]);
    let question = [
        ("reason_kind", "说明不清楚，请补充"),
        ("reason", "见逐项疑问"),
        ("q.investment/350181", "6月单月为什么翻了一番？"),
    ];
    step(&reviewer, PLAN, june, "350181", "send_back_to_county", &question);
    fill(&fuqing, PLAN, june, "350181", &[("c.investment/350181/answer", "宏港二期设备6月集中到货，发票已附台账")]);
    office.hand_in("fuqing", "350181");
    step(&office.person("fuqing.sh"), PLAN, june, "350181", "sign_off", &[]);
    step(&reviewer, PLAN, june, "350181", "approve", &[]);
    step(&reviewer, PLAN, june, "350181", "undo", &[]);
    step(&reviewer, PLAN, june, "350181", "approve", &[]);
    let minhou = minhou_cells(["55.5", "50", "15", "14"]);
    office.fill("minhou", "350121", &minhou);
    office.hand_in("minhou", "350121");
    step(&office.person("minhou.sh"), PLAN, june, "350121", "send_back_to_reporter", &[("reason", "高新区的数请再核")]);
    office.fill("minhou", "350121", &[("c.investment/高新区/value", "15.2")]);
    office.hand_in("minhou", "350121");
    step(&office.person("minhou.sh"), PLAN, june, "350121", "sign_off", &[]);
    step(&office.person("minhou.sh"), PLAN, june, "350121", "take_back", &[]);
    approve(&office, PLAN, june, "350121");
    figures_of_the_office(&reviewer);
    readings(
        &reviewer,
        PLAN,
        &[("reading", "mixed"), ("reason", "只有扣分条款写了“全市”，市政府办7月会议明确"), ("warned", "on")],
    );
    // The first edition: few units, a sentence in other words, one of the office's own.
    let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
    let (_, boxes) = page.form("main form");
    let says = |(name, text): &&(String, String)| name.starts_with("s.") && text.contains("累计完成");
    let (name, sentence) = boxes.iter().find(says).unwrap();
    let reworded = sentence.replacen("累计完成", "今年以来累计完成", 1);
    let other = boxes.iter().find(|(other, _)| other.starts_with("s.1.") && other != name).unwrap();
    let words = [
        (name.as_str(), reworded.as_str()),
        (other.0.as_str(), "各地进度都很好，完成率超过99.9%。"),
        ("addition", "下月召开调度会。"),
    ];
    let preview = publisher.submit(&page, "main form", &[&words[..], &[("then", "preview")]].concat());
    done(&publisher.submit(&preview, "main form", &[("password", PASSWORD)]));
    letterhead(&publisher, "2021-06/e1", &[("number", "榕工信〔2021〕34号"), ("masthead", "福州市工业和信息化局文件")]);
    letterhead(
        &publisher,
        "2021-06/e1",
        &[("recipients", "各县（市）区人民政府，高新区管委会："), ("dated", "2021年7月8日")],
    );
    for login in ["lingdao", "fuqing", "minhou.sh"] {
        // Who lost a post meanwhile lost his session with it.
        let cookie = office.site.log_in(login, PASSWORD);
        let person = office.site.as_person(&cookie);
        let page = person.get("/bulletins/fuzhou-2021/2021-06/e1").assert_success();
        done(&person.submit(&page, ".receipts form", &[]));
    }
    corrections(&office);
    office
}

/// Posts whose holders change, an account nobody has used, settings, the screen's key.
fn people_come_and_go(office: &Office) {
    let app = &office.site.app;
    let run = |post: &str, arguments: &[&str]| {
        app.jigai_as(post, arguments).assert_done();
    };
    app.account("system-system-admin", "xinren");
    let leader = app.account("system-system-admin", "lingdao2");
    run("system-security-admin", &["post", "appoint", "350100-leader", "lingdao2"]);
    office.site.first_log_in("lingdao2", &leader);
    run("system-security-admin", &["post", "vacate", "350100-leader"]);
    run("system-security-admin", &["post", "appoint", "350100-leader", "lingdao"]);
    run("system-system-admin", &["user", "disable", "lingdao2"]);
    let hours = "absolute_hours";
    for (name, value) in [("public_reading", "open"), ("idle_minutes", "60"), (hours, "24"), (hours, "12")] {
        run("system-security-admin", &["user", "policy", name, value]);
    }
    let key = |what: &str| office.person("anquan").post("/admin/screen", &[("do", what)]);
    key("issue").assert_success();
    key("withdraw").assert_status(303);
    key("issue").assert_success();
}

/// Other units' figures by a file, the bureau's beside them, and a total: each once and once more.
fn figures_of_the_office(reviewer: &Person<'_>) {
    let at = "/review/fuzhou-2021/2021-06/figures";
    let source = [("source", "《统计月报》第6期"), ("dated", "2021-07-02")];
    let bureau = [("v.350181", "141"), ("b.350181", "120.25"), ("g.350121", "9.5")];
    done(&reviewer.submit(&reviewer.get(at), "form.bureau", &[&bureau[..], &source].concat()));
    done(&reviewer.submit(&reviewer.get(at), "form.bureau", &[("v.350181", "142"), ("reason", "月报修订")]));
    done(&reviewer.submit(&reviewer.get(at), "form:has(#total)", &[("total", "530.2"), ("total_base", "480")]));
    done(&reviewer.submit(&reviewer.get(at), "form:has(#total)", &[("total", "531"), ("total_reason", "漏计一家")]));
}

/// Asked and allowed, refused, made up for in the next period; the second editions.
fn corrections(office: &Office) {
    let (reviewer, app) = (office.person("shenhe"), &office.site.app);
    let (ask, value) = ("ask_correction", "c.investment/350181/value");
    let fuqing = office.person("fuqing");
    step(&fuqing, PLAN, "2021-06", "350181", ask, &[("reason", "宏港项目少计1亿元"), (value, "141.5")]);
    let allow = [("step", "allow_correction"), ("reason", "情况属实，请重报")];
    step(&reviewer, PLAN, "2021-06", "350181", "allow_correction", &allow);
    office.hand_in("fuqing", "350181");
    approve(office, PLAN, "2021-06", "350181");
    let more = [("reason", "想改高一点"), ("c.investment/350121/value", "60")];
    step(&office.person("minhou"), PLAN, "2021-06", "350121", ask, &more);
    let refuse = [("step", "refuse_correction"), ("reason", "没有依据")];
    step(&reviewer, PLAN, "2021-06", "350121", "refuse_correction", &refuse);
    step(&fuqing, PLAN, "2021-04", "350181", ask, &[("reason", "少计一个项目"), (value, "83.9")]);
    step(&reviewer, PLAN, "2021-04", "350181", "true_up", &[("step", "true_up"), ("reason", "差额小，以后并入")]);
    let others = [
        "鼓楼区,2021-06,9.1,8.6,,\n台江区,2021-06,0.5,0.45,,\n仓山区,2021-06,10.2,9.1,,",
        "晋安区,2021-06,8.3,7.2,,\n马尾区,2021-06,20.1,19.3,,\n长乐区,2021-06,121.4,107,,",
        "连江县,2021-06,88.8,79.9,,\n闽清县,2021-06,18.7,17.1,,\n罗源县,2021-06,38.5,33,,",
        "永泰县,2021-06,3.1,3.2,,",
    ];
    returns(app, REVIEWER, PLAN, &others, &[]);
    let publisher = office.person("fabu");
    let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
    done(&publisher.submit(&page, "main form", &[("password", PASSWORD), ("reason", "福清市更正，各地补齐")]));
    returns(app, REVIEWER, PLAN, &["长乐区,2021-05,98.90,86.10,,"], &["--reason", "漏报一个项目"]);
    publish(app, PUBLISHER, PLAN, "2021-05", &["--reason", "长乐区漏报一个项目"]);
}

/// A revised plan, a late return by name, and the whole year's figures.
fn second_half(office: Office) -> Office {
    let office = office.at("2021-08-06T09:00:00+08:00").logged_in_again();
    let late = [("unit", "350181"), ("until", "2021-08-09"), ("reason", "台风停电两天")];
    done(&office.person("shenhe").post("/review/fuzhou-2021/2021-07/exception", &late));
    let fuqing = office.person("fuqing");
    let note = ("c.investment/350181/note", "已并入4月少计的项目");
    let july = [("c.investment/350181/value", "165.25"), ("c.investment/350181/base", "141"), note];
    fill(&fuqing, PLAN, "2021-07", "350181", &july);
    hand_in(&fuqing, PLAN, "2021-07", "350181");
    approve(&office, PLAN, "2021-07", "350181");
    let app = &office.site.app;
    let plan = std::fs::read_to_string(contract("fuzhou-2021.plan.toml")).unwrap();
    import(app, REVIEWER, PLAN, &plan.replace("\"7.5\"", "\"7.4\""), &["--reason", "永泰县调减"]);
    app.confirm_plan(PUBLISHER, PLAN).assert_done();
    publish(app, PUBLISHER, PLAN, "2021-07", &[]);
    let office = office.at("2022-01-04T09:00:00+08:00").logged_in_again();
    hand_in_and_approve(&office, PLAN, "2021-12", ["308.00", "273.50"], ["121.95", "105.60", "33.10", "30.20"]);
    let app = &office.site.app;
    let text = std::fs::read_to_string(contract("fuzhou-2021.returns.csv")).unwrap();
    let by_form = ["福清市", "闽侯县", "高新区"];
    let by_file = |line: &&str| line.contains("2021-12") && !by_form.iter().any(|name| line.starts_with(name));
    returns(app, REVIEWER, PLAN, &text.lines().filter(by_file).collect::<Vec<_>>(), &[]);
    publish(app, PUBLISHER, PLAN, "2021-12", &[]);
    returns(app, REVIEWER, PLAN, &["长乐区,2021-12,261.30,228.90,,"], &["--reason", "漏报一笔"]);
    publish(app, PUBLISHER, PLAN, "2021-12", &["--reason", "长乐区漏报一笔"]);
    // What was proposed is dropped once and confirmed once.
    for (reading, decision) in [("rank_then_filter", "dropped"), ("filter_then_rank", "confirmed")] {
        readings(&office.person("shenhe"), PLAN, &[("reading", reading), ("reason", "法制处意见"), ("warned", "on")]);
        let publisher = office.person("fabu");
        let page = publisher.get("/assess/fuzhou-2021/readings").assert_success();
        done(&publisher.submit(&page, &format!("form.step:has(input[value={decision}])"), &[]));
    }
    office
}

/// Self-assessed, verified, objected to, closed by two.
fn closed(office: Office) -> Office {
    let (year_end, objections) = ("/assess/fuzhou-2021/year-end", "/assess/fuzhou-2021/objections");
    let unit = format!("{year_end}/350181");
    let own = [("value", "309.1"), ("base", "273.5"), ("remark", "全年完成，台账齐全")];
    let fuqing = office.person("fuqing");
    done(&fuqing.submit(&fuqing.get(&unit), "form:has(input[value=self])", &own));
    let office = office.at("2022-02-10T09:00:00+08:00").logged_in_again();
    let reviewer = office.person("shenhe");
    let verified = [("value", "307.9"), ("base", "273.5"), ("remark", "核减一个重复项目")];
    done(&reviewer.submit(&reviewer.get(&unit), "form:has(input[value=verified])", &verified));
    done(&reviewer.submit(&reviewer.get(year_end), "form:has(input[name=unit])", &[]));
    done(&reviewer.submit(&reviewer.get(year_end), "form:has(input[value=proposed])", &[]));
    let fuqing = office.person("fuqing");
    let about = [("what", "investment/2021-12/award"), ("reason", "重复项目已在5月剔除，请复核")];
    done(&fuqing.submit(&fuqing.get(objections), "form:has(select[name=what])", &about));
    let office = office.at("2022-02-18T09:00:00+08:00").logged_in_again();
    let reviewer = office.person("shenhe");
    let answer = [("outcome", "rejected"), ("answer", "复核无误，5月剔除的是另一个项目")];
    done(&reviewer.submit(&reviewer.get(objections), "form:has(textarea[name=answer])", &answer));
    let publisher = office.person("fabu");
    done(&publisher.submit(&publisher.get(year_end), "form:has(input[value=confirmed])", &[]));
    office
}

/// Where the bureau ranks: an edition by the form, then 1—12月 on its way in every state.
fn the_next_year(office: Office) -> TestApp {
    let office = office.at("2022-12-03T09:00:00+08:00").logged_in_again();
    let (reviewer, publisher, app) = (office.person("shenhe"), office.person("fabu"), &office.site.app);
    let plan = std::fs::read_to_string(contract("fuzhou-2021.plan.toml")).unwrap().replace("2021, 2021", "2022, 2022");
    let plan = plan.replace(PLAN, NEXT).replace("year = 2021", "year = 2022").replace("\"2021年", "\"2022年");
    let plan = plan.replacen("rank_by = \"growth\"", "rank_by = \"growth\"\nranks_from = \"bureau\"", 1);
    import(app, REVIEWER, NEXT, &plan, &[]);
    hand_in_and_approve(&office, NEXT, "2022-11", ["301", "262.5"], ["118.4", "103", "31.5", "28"]);
    let november = [
        "罗源县,2022-11,77,70.1,,",
        "连江县,2022-11,180.2,160,,",
        "长乐区,2022-11,240,222,,",
        "永泰县,2022-11,0,6.5,,",
    ];
    returns(app, REVIEWER, NEXT, &november, &[]);
    let at = "/review/fuzhou-2022/2022-11/figures";
    let bureau =
        [("v.350181", "298"), ("b.350181", "262.5"), ("source", "《统计月报》第11期"), ("dated", "2022-12-02")];
    done(&reviewer.submit(&reviewer.get(at), "form.bureau", &bureau));
    done(&publisher.submit(&publisher.get("/publish/fuzhou-2022/2022-11"), "main form", &[("password", PASSWORD)]));
    let office = office.at(END).logged_in_again();
    let app = &office.site.app;
    let units = [("luoyuan", "罗源县"), ("luoyuan.sh", "罗源县"), ("lianjiang", "连江县"), ("lianjiang.sh", "连江县")];
    for (login, unit) in units.into_iter().chain([("minqing", "闽清县")]) {
        let role = if login.ends_with(".sh") { "county_approver" } else { "county_reporter" };
        office.site.first_log_in(login, &app.appoint(login, role, unit));
    }
    app.jigai_as("system-security-admin", &["post", "vacate", "350124-county-reporter"]).assert_done();
    on_their_way(&office);
    let minutes = [("reason", "按年末会议纪要"), ("warned", "on")];
    let reading = [("reading", "mixed"), ("ties", "split_points")];
    readings(&office.person("shenhe"), NEXT, &[reading, minutes].concat());
    exports(&office);
    office.site.stop()
}

/// 1—12月: typed, handed in, signed, sent back; and a correction of 1—11月 that nobody has answered yet.
fn on_their_way(office: &Office) {
    let cookies = ["luoyuan", "lianjiang", "lianjiang.sh"].map(|login| office.site.log_in(login, PASSWORD));
    let [luoyuan, lianjiang, approver] = cookies.each_ref().map(|cookie| office.site.as_person(cookie));
    let (fuqing, minhou, period) = (office.person("fuqing"), office.person("minhou"), "2022-12");
    let typed = [(&luoyuan, "350123", "90.4", "83.1"), (&lianjiang, "350122", "205", "194.2")];
    for (person, unit, value, base) in typed.into_iter().chain([(&fuqing, "350181", "320", "308")]) {
        let [value_at, base_at, note_at] = ["value", "base", "note"].map(|name| format!("c.investment/{unit}/{name}"));
        let note = "年底设备集中到货，台账齐全";
        fill(person, NEXT, period, unit, &[(&value_at, value), (&base_at, base), (&note_at, note)]);
    }
    hand_in(&luoyuan, NEXT, period, "350123");
    hand_in(&lianjiang, NEXT, period, "350122");
    step(&approver, NEXT, period, "350122", "sign_off", &[]);
    let asked = [("reason", "见逐项疑问"), ("q.investment/350122", "12月单月的设备到货清单？")];
    step(&office.person("shenhe"), NEXT, period, "350122", "send_back_to_county", &asked);
    fill(&minhou, NEXT, period, "350121", &minhou_cells(["126.5", "121.95", "35", "33.1"]));
    hand_in(&minhou, NEXT, period, "350121");
    step(&office.person("minhou.sh"), NEXT, period, "350121", "sign_off", &[]);
    let ask = [("reason", "少计一台设备"), ("c.investment/350121/value", "118.9")];
    step(&minhou, NEXT, "2022-11", "350121", "ask_correction", &ask);
}

/// Value and base of 闽侯县 and of 高新区 within it.
fn minhou_cells(figures: [&str; 4]) -> [(&str, &str); 4] {
    let [value, base] = ["c.investment/350121/value", "c.investment/350121/base"];
    let names = [value, base, "c.investment/高新区/value", "c.investment/高新区/base"];
    std::array::from_fn(|at| (names[at], figures[at]))
}

/// Both counties' figures of a period come into force.
fn hand_in_and_approve(office: &Office, plan: &str, period: &str, fuqing: [&str; 2], minhou: [&str; 4]) {
    let fuqing = [("c.investment/350181/value", fuqing[0]), ("c.investment/350181/base", fuqing[1])];
    let minhou = minhou_cells(minhou);
    for (login, unit, cells) in [("fuqing", "350181", &fuqing[..]), ("minhou", "350121", &minhou)] {
        fill(&office.person(login), plan, period, unit, cells);
        hand_in(&office.person(login), plan, period, unit);
        approve(office, plan, period, unit);
    }
}

fn approve(office: &Office, plan: &str, period: &str, unit: &str) {
    let approver = if unit == "350181" { "fuqing.sh" } else { "minhou.sh" };
    step(&office.person(approver), plan, period, unit, "sign_off", &[]);
    step(&office.person("shenhe"), plan, period, unit, "approve", &[]);
}

/// A pack that was made, one that could not be, one that is waited for; and a wrong password at the very end.
fn exports(office: &Office) {
    let (reviewer, app) = (office.person("shenhe"), &office.site.app);
    let ask = |plan: &str, year: &str| {
        done(&reviewer.post("/exports", &[("plan", plan), ("goal", "investment"), ("year", year)]));
    };
    for (plan, year, state) in [(PLAN, "2021", "done"), (NEXT, "2022", "failed")] {
        ask(plan, year);
        let sql = format!("SELECT state FROM export_job WHERE plan_id = '{plan}'");
        // It takes longer than other things one waits for.
        (0..12).for_each(|_| office.site.settle(|| app.query(&sql) == [state]));
        assert_eq!(app.query(&sql), [state]);
    }
    // The finished file is no fact and large: an empty archive stands for it.
    let empty = match app.is_on(Engine::Sqlite) {
        true => "X'504b0506000000000000000000000000000000000000'",
        false => "'\\x504b0506000000000000000000000000000000000000'::bytea",
    };
    let sha256 = "8739c76e681f900923b900c9df0ef75cf421d39cabb54650c4b9ad19b6a76d85";
    app.tamper_again(&format!("UPDATE export_job SET content = {empty}, sha256 = '{sha256}' WHERE state = 'done'"));
    ask(PLAN, "2021");
    let wrong = tests::form(&[("login", "fuqing"), ("password", "not this one")]);
    assert_ne!(office.site.post("/login", &wrong, &[("cookie", "")]).status, 303);
}

fn import(app: &TestApp, post: &str, id: &str, source: &str, options: &[&str]) {
    let file = app.folder.write(&format!("{id}.plan.toml"), source);
    app.jigai_as(post, &[&["import", "plan", &file], options].concat()).assert_done();
}

fn returns(app: &TestApp, post: &str, plan: &str, lines: &[&str], options: &[&str]) {
    let text = format!("region,period,value,base,growth_pct,note\n{}\n", lines.join("\n"));
    let file = app.folder.write(&format!("{plan}.returns.csv"), text);
    app.jigai_as(post, &[&["import", "returns", "--plan", plan, &file], options].concat()).assert_done();
}

fn publish(app: &TestApp, post: &str, plan: &str, period: &str, options: &[&str]) {
    app.jigai_as(post, &[&["bulletin", "publish", "--plan", plan, "--period", period], options].concat()).assert_done();
}

#[track_caller]
fn done(answer: &Page) {
    assert_eq!(answer.status, 303, "{}: {}", answer.path, answer.text());
}

#[track_caller]
fn fill(person: &Person<'_>, plan: &str, period: &str, unit: &str, cells: &[(&str, &str)]) {
    let page = person.get(&format!("/report/{plan}/{period}/{unit}")).assert_success();
    done(&person.submit(&page, "#entry", &[cells, &[("then", "save")]].concat()));
}

#[track_caller]
fn hand_in(person: &Person<'_>, plan: &str, period: &str, unit: &str) {
    let page = person.get(&format!("/report/{plan}/{period}/{unit}/check")).assert_success();
    done(&person.submit(&page, "form.submit", &[("tick", "on")]));
}

#[track_caller]
fn step(person: &Person<'_>, plan: &str, period: &str, unit: &str, step: &str, fields: &[(&str, &str)]) {
    let page = person.get(&format!("/report/{plan}/{period}/{unit}")).assert_success();
    done(&person.submit(&page, &format!("form:has(input[name=step][value={step}])"), fields));
}

#[track_caller]
fn readings(person: &Person<'_>, plan: &str, fields: &[(&str, &str)]) {
    let page = person.get(&format!("/assess/{plan}/readings")).assert_success();
    done(&person.submit(&page, "form.readings-form", fields));
}

#[track_caller]
fn letterhead(person: &Person<'_>, edition: &str, fields: &[(&str, &str)]) {
    let page = person.get(&format!("/bulletins/{PLAN}/{edition}/paper")).assert_success();
    done(&person.submit(&page, "form.letterhead", fields));
}
