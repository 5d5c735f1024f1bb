//! The plan editor: by form, by pasted table, by file; revisions with their ground; the next year from the last.

use tests::{Office, Page, TestApp, on_both_databases};

/// The annex of 榕政综〔2021〕34号, its two halves side by side.
const SIDE_BY_SIDE: &str = "序号\t县（市）区\t总量（亿元）\t比增（%）\t序号\t县（市）区\t总量（亿元）\t比增（%）\n\
    1\t鼓楼区\t21\t9\t7\t福清市\t308\t13\n2\t台江区\t/\t/\t8\t闽侯县\t122\t13\n3\t仓山区\t22.5\t10\t\t其中：高新区\t34\t13\n\
    4\t晋安区\t16.5\t13\t9\t连江县\t193.5\t12\n5\t马尾区\t45\t10\t10\t闽清县\t42\t10\n6\t长乐区\t261\t12\t11\t罗源县\t82\t13\n\
    \t\t\t\t12\t永泰县\t7.5\t10\n";

const BASICS: [(&str, &str); 12] = [
    ("id", "fuzhou-2022"),
    ("title", "2022年技术改造行动方案"),
    ("region_name", "福州市"),
    ("region_code", "350100"),
    ("year_from", "2022"),
    ("goal_name", "工业技改投资"),
    ("unit", "亿元"),
    ("total_value", "1120"),
    ("total_growth", "12"),
    ("deadline_day", "5"),
    ("first_month", "2"),
    ("number", "榕政综〔2022〕12号"),
];

on_both_databases! {
    fn a_new_plan_by_two_tables_side_by_side(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        reviewer.get("/plans").assert_success().shows("新建计划");
        let page = reviewer.get("/plans/new").assert_success();
        // Everything that is wrong is said at once, and kept.
        let wrong = reviewer.submit(&page, "#plan-form", &[("then", "save"), ("id", "福州"), ("year_from", "去年"), ("total_value", "一千"), ("deadline_day", "31")]);
        assert_eq!(wrong.status, 422);
        for says in ["还没有保存", "还没有填计划名称", "起始年请写", "报送截止日请写 1 至 28", "总目标", "还没有填指标名称"] {
            wrong.shows(says);
        }
        assert!(wrong.html.contains("value=\"一千\""));
        let fields = [&BASICS[..], &[("block", SIDE_BY_SIDE), ("then", "check")]].concat();
        let checked = reviewer.submit(&page, "#plan-form", &fields);
        assert_eq!(checked.status, 200);
        checked.shows("已按分解表（2个表并排）填好 13 行").shows("1121.00亿元").shows("999.13");
        let names: Vec<String> = (0..13).map(|index| {
            let (_, fields) = checked.form("#plan-form");
            fields.iter().find(|(name, _)| *name == format!("r.{index}.name")).unwrap().1.clone()
        }).collect();
        assert_eq!(names.join(" "), "鼓楼区 台江区 仓山区 晋安区 马尾区 长乐区 福清市 闽侯县 高新区 连江县 闽清县 罗源县 永泰县");
        // A table that can be read is not lost because something else is missing.
        let half = reviewer.submit(&page, "#plan-form", &[("block", SIDE_BY_SIDE), ("then", "save"), ("id", "FZ 2022")]);
        assert_eq!(half.status, 422);
        let (_, kept) = half.form("#plan-form");
        assert!(kept.contains(&("r.6.name".to_owned(), "福清市".to_owned())), "{kept:?}");
        // The same without a submit: what the page asks while one types.
        let (_, boxes) = checked.form("#plan-form");
        let json = serde_json::json!({ "plan": "", "boxes": boxes }).to_string();
        let live = office.site.post("/api/plan-check", &json, &[("cookie", &reviewer.cookie), ("content-type", "application/json")]);
        assert_eq!(live.status, 200, "{}", live.html);
        assert!(live.html.contains("1121.00亿元") && live.html.contains("\"problems\":[]"), "{}", live.html);
        let done = reviewer.submit(&checked, "#plan-form", &[("then", "save")]);
        assert_eq!((done.status, done.header("location")), (303, "/plans/fuzhou-2022"), "{}", done.text());
        let plan = reviewer.get("/plans/fuzhou-2022").assert_success();
        plan.shows("其中：高新区").shows("308.00").shows("榕政综〔2022〕12号").shows("完成目标且增幅居前3位：+0.3、+0.2、+0.1 分");
        let again = reviewer.submit(&checked, "#plan-form", &[("then", "save")]);
        assert_eq!(again.status, 422);
        again.shows("已经有英文名为 fuzhou-2022 的计划");
        let foreign = reviewer.submit(&checked, "#plan-form", &[("then", "save"), ("id", "xiamen-2022"), ("region_name", "厦门市"), ("region_code", "350200")]);
        assert_eq!(foreign.status, 422);
        foreign.shows("您所在的地区是福州市（350100）");
        for login in ["fuqing", "lingdao", "fabu", "xitong"] {
            assert_eq!(office.person(login).get("/plans/new").status, 403, "{login}");
            assert_eq!(office.person(login).post("/plans/new", &[("then", "save")]).status, 403, "{login}");
        }
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_target_is_revised_with_its_ground(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,"]);
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        let reviewer = office.person("shenhe");
        let at = "/plans/fuzhou-2021/edit";
        let page = reviewer.get(at).assert_success();
        let (_, boxes) = page.form("#plan-form");
        let fuqing = boxes.iter().find(|(name, value)| name.ends_with(".name") && value == "福清市").unwrap().0.replace("name", "value");
        let same = reviewer.submit(&page, "#plan-form", &[("then", "save"), ("basis", "x"), ("reason", "x")]);
        assert_eq!(same.status, 422);
        same.shows("没有改动任何内容");
        let groundless = reviewer.submit(&page, "#plan-form", &[("then", "save"), (&fuqing, "300"), ("reason", "市政府同意调减")]);
        assert_eq!(groundless.status, 422);
        groundless.shows("请写明修订依据的文号").shows("市政府同意调减");
        let fields = [("then", "save"), (fuqing.as_str(), "300"), ("basis", "榕政综〔2021〕50号"), ("reason", "市政府同意调减")];
        let done = reviewer.submit(&page, "#plan-form", &fields);
        assert_eq!((done.status, done.header("location")), (303, "/plans/fuzhou-2021/changes"), "{}", done.text());
        // Attack 11: it is the office's until somebody else has confirmed it.
        let publisher = office.person("fabu");
        let changes_at = "/plans/fuzhou-2021/changes";
        let waiting = publisher.get(changes_at).assert_success();
        let change = "福清市：308亿元、增幅13% → 300亿元、增幅13%";
        waiting.shows("待确认的修订").shows(change).shows("依据榕政综〔2021〕50号：市政府同意调减").lacks("第 2 版");
        for login in ["lingdao", "fuqing"] {
            office.person(login).get(changes_at).assert_success().lacks("待确认的修订").lacks("300亿元");
            office.person(login).get("/plans/fuzhou-2021").assert_success().shows("现行第 1 版").lacks("300.00").lacks("第二人确认");
            assert_eq!(office.person(login).post(changes_at, &[("decision", "confirmed")]).status, 403, "{login}");
        }
        publisher.get("/plans/fuzhou-2021").assert_success().shows("现行第 1 版").shows("在等第二人确认").lacks("300.00");
        publisher.get("/publish/fuzhou-2021/2021-06").assert_success().shows("308.00").shows("计划文件第1版");
        let (own, confirm) = ("form.step:has(input[value=dropped])", "form.step:has(input[value=confirmed])");
        let mine = reviewer.get(changes_at).assert_success();
        mine.shows("要由另一个人确认");
        let sha256 = mine.form(own).1.into_iter().find(|(name, _)| name == "sha256").unwrap().1;
        let alone = reviewer.post(changes_at, &[("decision", "confirmed"), ("sha256", &sha256)]);
        assert_eq!(alone.status, 422);
        alone.shows("自己提出的不能自己确认");
        // One at a time, and he confirms what he saw and nothing else.
        let second = reviewer.submit(&page, "#plan-form", &[("then", "save"), (&fuqing, "299"), ("basis", "x"), ("reason", "x")]);
        assert_eq!(second.status, 422);
        second.shows("还有一个修订在等第二人确认");
        let other = publisher.post(changes_at, &[("decision", "confirmed"), ("sha256", &"0".repeat(64))]);
        assert_eq!(other.status, 422);
        other.shows("请重新核对");
        // Dropped by whoever proposed it, proposed again, and confirmed by another.
        assert_eq!(reviewer.submit(&mine, own, &[]).status, 303);
        reviewer.get(changes_at).assert_success().lacks("待确认的修订").lacks(change);
        let dropped = publisher.submit(&waiting, confirm, &[]);
        assert_eq!(dropped.status, 422);
        dropped.shows("没有待确认的修订");
        assert_eq!(reviewer.submit(&page, "#plan-form", &fields).status, 303);
        assert_eq!(publisher.submit(&publisher.get(changes_at), confirm, &[]).status, 303);
        let changes = office.person("lingdao").get(changes_at).assert_success();
        changes.shows(change).shows("依据榕政综〔2021〕50号：市政府同意调减").shows("第 2 版").shows("提出，").shows("确认）");
        // A unit that has reported is not taken out, and its code stays.
        let page2 = reviewer.get(at).assert_success();
        let (name, growth) = (fuqing.replace("value", "name"), fuqing.replace("value", "growth"));
        for changes in [vec![(name.as_str(), ""), (fuqing.as_str(), "")], vec![(name.as_str(), "福清新市"), ("r.6.code", "350199")]] {
            let changes = [&changes[..], &[("then", "save"), ("basis", "x"), ("reason", "x"), (&growth, "")]].concat();
            let refused = reviewer.submit(&page2, "#plan-form", &changes);
            assert_eq!(refused.status, 422);
            refused.shows("已有数据");
        }
        // Whoever still has the old page open is told.
        let behind = reviewer.submit(&page, "#plan-form", &[("then", "save"), (&fuqing, "299"), ("basis", "x"), ("reason", "x")]);
        assert_eq!(behind.status, 422);
        behind.shows("刚被别人保存了第 2 版");
        // The edition keeps the version it used.
        let edition = office.person("lingdao").get("/bulletins/fuzhou-2021/2021-06").assert_success();
        edition.shows("计划文件第1版").shows("308.00");
        reviewer.get("/publish/fuzhou-2021/2021-06").assert_error(403);
        office.person("fabu").get("/publish/fuzhou-2021/2021-06").assert_success().shows("300.00").shows("计划文件第2版");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    // Attack 11: what the form asks while one types told another office's targets.
    fn another_offices_targets_are_not_told(app: TestApp) {
        let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
        let theirs = source.replacen("fuzhou-2021", "xiamen-2021", 1).replace("福州市", "厦门市").replacen("350100", "350200", 1).replace("\"308\"", "\"123.45\"");
        let file = app.folder.write("x.plan.toml", &theirs);
        app.jigai(&["import", "plan", &file]).assert_done();
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let headers = [("cookie", reviewer.cookie.as_str()), ("content-type", "application/json")];
        let ask = |plan: &str, from: &str| {
            let source = if plan == "fuzhou-2021" { source.replace("\"308\"", "\"300\"") } else { theirs.replace("123.45", "300") };
            let boxes = [("by", "file"), ("source", source.as_str()), ("from", from)];
            let json = serde_json::json!({ "plan": plan, "boxes": boxes }).to_string();
            office.site.post("/api/plan-check", &json, &headers).assert_success().html
        };
        let own = ask("fuzhou-2021", "");
        assert!(own.contains("308亿元"), "{own}");
        for (plan, from) in [("xiamen-2021", ""), ("", "xiamen-2021")] {
            let told = ask(plan, from);
            assert!(!told.contains("123.45") && !told.contains("→"), "{told}");
        }
        let next = [("then", "check"), ("from", "xiamen-2021"), ("by", "form")];
        assert!(!reviewer.post("/plans/new", &next).html.contains("123.45"));
    }

    // Attack 11: by command likewise, and a plan without returns binds at its first save.
    fn a_running_plan_is_revised_by_two(app: TestApp) {
        let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
        let office = Office::new(app);
        let app = &office.site.app;
        let (reviewer, publisher) = ("350100-city-reviewer", "350100-publisher");
        let import = |target: &str| {
            let file = app.folder.write("r.plan.toml", source.replace("\"308\"", target));
            app.jigai_as(reviewer, &["import", "plan", &file, "--reason", "调减"])
        };
        import("\"307\"").assert_done().says("第 2 版；旧版保留");
        app.jigai_as(publisher, &["plan", "confirm", "fuzhou-2021"]).assert_refused().says("没有在等确认的修订");
        office.submit_fuqing();
        import("\"306\"").assert_done().says("还没有生效").says("jigai plan confirm fuzhou-2021 --as");
        import("\"305\"").assert_refused().says("还有一个修订在等第二人确认");
        app.jigai_as(publisher, &["plan", "confirm", "fuzhou-2021"]).assert_done().says("福清市：307亿元、增幅13% → 306亿元、增幅13%");
        app.jigai_as(publisher, &["plan", "confirm", "fuzhou-2021", "--sha256", "00"]).assert_refused().says("重新核对");
        app.confirm_plan(reviewer, "fuzhou-2021").assert_refused().says("自己提出的不能自己确认");
        office.person("lingdao").get("/plans/fuzhou-2021").assert_success().shows("307.00").lacks("306.00");
        app.confirm_plan(publisher, "fuzhou-2021").assert_done().says("第 3 版生效");
        office.person("lingdao").get("/plans/fuzhou-2021").assert_success().shows("306.00");
        import("\"305\"").assert_done().says("还没有生效");
        app.jigai_as(reviewer, &["plan", "confirm", "fuzhou-2021", "--drop"]).assert_done().says("仍用第 3 版");
        app.jigai(&["verify"]).assert_done().says("计划 3 版");
        // What waited is proved, too.
        app.tamper("plan_proposal", "UPDATE plan_proposal SET source = 'x' WHERE step = 'proposed'");
        app.jigai(&["verify"]).says("核验不通过").says("plan_proposal fuzhou-2021");
    }

    fn a_plan_by_its_file_in_the_browser(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let page = reviewer.get("/plans/new?by=file").assert_success();
        let broken = reviewer.submit(&page, "#plan-form", &[("then", "save"), ("source", "format = 1\nid = \"x\"\ntitel = \"y\"\n")]);
        assert_eq!(broken.status, 422);
        broken.shows("第 3 行").shows("titel");
        let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap().replace("fuzhou-2021", "fuzhou-2021-b");
        // To the form and back nothing is lost.
        let as_form = reviewer.submit(&page, "#plan-form", &[("then", "form"), ("source", &source)]);
        let (_, boxes) = as_form.form("#plan-form");
        assert!(boxes.contains(&("id".to_owned(), "fuzhou-2021-b".to_owned())) && boxes.iter().any(|(_, value)| value == "福清市"), "{boxes:?}");
        let as_file = reviewer.submit(&as_form, "#plan-form", &[("then", "file")]);
        assert!(as_file.form("#plan-form").1.iter().any(|(name, value)| name == "source" && value.contains("福清市")));
        let done = reviewer.submit(&page, "#plan-form", &[("then", "save"), ("source", &source)]);
        assert_eq!((done.status, done.header("location")), (303, "/plans/fuzhou-2021-b"), "{}", done.text());
    }

    fn the_next_year_starts_from_the_last(app: TestApp) {
        let office = Office::with_figures(app, &["长乐区,2021-12,261.5,233,,", "福清市,2021-12,310,270,,"]);
        let reviewer = office.person("shenhe");
        reviewer.get("/plans/fuzhou-2021").assert_success().shows("以它新建下一年的计划");
        let page = reviewer.get("/plans/new?from=fuzhou-2021").assert_success();
        let (_, boxes) = page.form("#plan-form");
        let value = |name: &str| boxes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap();
        assert_eq!((value("id"), value("year_from"), value("number"), value("total_value")), ("fuzhou-2022", "2022", "", ""));
        // 长乐区 gets another name and code; what it was stays known.
        let row = boxes.iter().find(|(name, value)| name.ends_with(".name") && value == "长乐区").unwrap().0.trim_end_matches(".name").to_owned();
        let fields = [
            ("then", "save"),
            ("total_value", "1250"),
            (&format!("{row}.name"), "滨海新区"),
            (&format!("{row}.code"), "350199"),
            (&format!("{row}.value"), "290"),
        ];
        let done = reviewer.submit(&page, "#plan-form", &fields);
        assert_eq!((done.status, done.header("location")), (303, "/plans/fuzhou-2022"), "{}", done.text());
        // Last year's final figure is the base, under the new name too.
        let office = office.at("2023-01-03T09:00:00+08:00").logged_in_again();
        let own = office.person("fuqing").get("/report/fuzhou-2022/2022-12/350181").assert_success();
        assert!(own.html.contains("placeholder=\"310\""), "{}", own.text());
        // Files that still use the old name are understood.
        let file = office.site.app.folder.write("old.csv", "region,period,value,base,growth_pct,note\n长乐区,2022-02,30,26,,\n");
        office.site.app.jigai_as("350100-city-reviewer", &["import", "returns", "--plan", "fuzhou-2022", &file]).assert_done();
        office.person("shenhe").get("/units/fuzhou-2022/350199").assert_success().shows("30.00");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_post_is_handed_over_with_its_open_drafts(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[("c.investment/350181/value", "140.5")]);
        let token = office.site.app.account("system-system-admin", "fuqing2");
        let posts = office.site.app.query("SELECT id FROM post WHERE unit = '350181' AND role = 'county_reporter'");
        office.site.app.jigai_as("system-security-admin", &["post", "appoint", &posts[0], "fuqing2"]).assert_done();
        office.site.app.jigai_as("system-system-admin", &["user", "confirm", "1"]).assert_done();
        let cookie = office.site.first_log_in("fuqing2", &token);
        let successor = office.site.as_person(&cookie);
        let form = successor.get("/report/fuzhou-2021/2021-06/350181").assert_success();
        assert!(form.html.contains("value=\"140.5\""));
        let done = successor.submit(&form, "#entry", &[("then", "save"), ("c.investment/350181/base", "120.25")]);
        assert_eq!(done.status, 303);
        successor.get("/report/fuzhou-2021/2021-06/350181/history").assert_success().shows("fuqing甲").shows("fuqing2甲");
    }

    fn a_split_is_read_from_a_file(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let at = "/plans/fuzhou-2021/edit/table";
        let (_, fields) = reviewer.get("/plans/fuzhou-2021/edit").assert_success().form("form.plan-form");
        let send = |name: &str, bytes: &[u8]| office.site.upload_form(at, &fields, ("table", name, bytes), &reviewer.cookie);
        let table = "2021年目标分解表,,,\n单位：亿元,,,\n单位,2020年完成,2021年目标,比增(%)\n鼓楼区,19,23,9\n福青市,280,306,13\n全市,1000,1120,12\n注：略,,,\n";
        // First it is shown how the file is read; the editor's own boxes go along.
        let seen = send("分解.csv", table.as_bytes()).assert_success();
        seen.shows("读出 2 个单位，合计 1120.00亿元").shows("A5 计划里没有“福青市”，是否应为“福清市”？").shows("新单位");
        seen.shows("现为 21，增幅 9");
        let again = |page: &Page, changes: &[(&str, &str)]| {
            let (_, mut fields) = page.form("form.import-form");
            for (name, value) in changes {
                // A box of several is ticked beside the others.
                let one = name.strip_prefix('+');
                fields.retain(|(known, _)| one.is_some() || known != name);
                fields.push((one.unwrap_or(name).to_string(), (*value).to_owned()));
            }
            office.site.upload_form(at, &fields, ("table", "", b""), &reviewer.cookie)
        };
        // Taking what was not looked at is refused; so is a line number that is none.
        let changed = again(&seen, &[("split.col.B", "value"), ("split.col.C", "ignore"), ("then", "take")]);
        changed.assert_status(422).shows("您改过读法，还没有填到计划里").shows("现为 21，增幅 9").shows("19");
        again(&seen, &[("split.first_row", "五"), ("then", "look")]).assert_status(422).shows("请写行号");
        let skipped = again(&seen, &[("split.skip", "A5"), ("then", "look")]).assert_success();
        skipped.shows("读出 1 个单位");
        let taken = again(&skipped, &[("then", "take")]).assert_success();
        taken.shows("已按分解表填好 1 行").shows("读入这个文件");
        assert!(taken.html.contains("value=\"23\"") && !taken.html.contains("福青市"), "{}", taken.text());
        // Going back keeps what was typed.
        let dropped = again(&seen, &[("title", "改过的名称"), ("then", "drop")]).assert_success();
        assert!(dropped.html.contains("改过的名称") && dropped.html.contains("value=\"21\""), "{}", dropped.text());
        send("分解.csv", "单位,目标\n鼓楼区,二十三\n鼓楼区,5\n".as_bytes()).shows("B2 鼓楼区的目标");
        send("分解.et", b"x").assert_status(422).shows("WPS 的 et 文件");
        send("分解.xlsx", b"").assert_status(422).shows("还没有选择文件");
        // What is right as it is can be accepted; a unit that cannot be read has to be chosen.
        let other = send("分解.csv", "2020年目标分解表,\n单位：千元,\n单位,目标\n鼓楼区,23\n".as_bytes()).assert_success();
        other.shows("表里写的是2020年").shows("只能读亿元、万元和元").lacks("填到计划里</button>");
        let same = again(&other, &[("then", "look")]).assert_success();
        same.shows("表里写的是2020年").shows("只能读亿元、万元和元");
        let accepted = again(&same, &[("+split.accept", "year"), ("split.unit", "亿元"), ("then", "look")]).assert_success();
        accepted.shows("（已确认）").shows("按您定的亿元读；数已换算好才能确认").lacks("填到计划里</button>");
        let accepted = again(&accepted, &[("+split.accept", "unit"), ("then", "look")]).assert_success();
        again(&accepted, &[("then", "take")]).assert_success().shows("已按分解表填好 1 行");
        // A table without a unit of money is taken as it was shown.
        let plain = send("分解.csv", "单位,目标\n鼓楼区,23\n".as_bytes()).assert_success();
        plain.shows("没有写金额单位").shows("计划里有、表里没有：台江区");
        again(&plain, &[("then", "take")]).assert_success().shows("已按分解表填好 1 行");
        // A file that was chosen and not read is not passed over.
        let page = reviewer.get("/plans/fuzhou-2021/edit");
        let unread = reviewer.submit(&page, "#plan-form", &[("table", "分解.xlsx"), ("basis", "会议"), ("reason", "调整"), ("then", "save")]);
        unread.assert_status(422).shows("选了文件“分解.xlsx”，还没有读入");
        // A new plan: whose year is not typed yet, and whose is.
        let new = |fields: &[(String, String)]| {
            office.site.upload_form("/plans/new/table", fields, ("table", "分解.csv", table.as_bytes()), &reviewer.cookie)
        };
        new(&[]).assert_status(422).shows("请先填计划的起始年").shows("读入这个文件");
        // The form begins with the year it is, so that a file can be read first of all.
        let (_, begun) = reviewer.get("/plans/new").assert_success().form("#plan-form");
        assert!(begun.contains(&("year_from".to_owned(), "2021".to_owned())), "{begun:?}");
        new(&[("year_from".to_owned(), "2021".to_owned())]).assert_success().shows("读出 2 个单位");
        assert_eq!(office.site.upload_form(at, &[], ("table", "a.csv", b"x"), &office.person("fuqing").cookie).status, 403);
        let plan = tests::contract("fuzhou-2021.plan.toml");
        let file = office.site.app.folder.write("t.csv", table);
        let made = tests::jigai(&["plan", "split", "--plan", plan.to_str().unwrap(), &file]);
        made.assert_done().says("读出 2 个单位").says("value = \"306\"").says("是否应为“福清市”");
        let wrong = office.site.app.folder.write("w.csv", "单位,目标甲（亿元）,目标乙（亿元）\n鼓楼区,二十三,21\n福清市,1,308\n");
        let split = |more: &[&str]| tests::jigai(&[&["plan", "split", "--plan", plan.to_str().unwrap(), &wrong], more].concat());
        split(&[]).assert_refused().says("w.csv: B2 鼓楼区的目标").says("w.csv: C列").says("先用 --dry-run 看怎样读");
        let dry = split(&["--dry-run"]);
        dry.assert_done().says("B列　目标甲（亿元） → 目标").says("✗ B2").says("[columns]   # number name value growth growth_share ignore");
        let mapping = "first_row = 2\nunit = \"亿元\"\n[columns]\nA = \"name\"\nB = \"ignore\"\nC = \"value\"\n";
        let mapping = office.site.app.folder.write("m.toml", mapping);
        split(&["--mapping", &mapping]).assert_done().says("读出 2 个单位").says("value = \"308\"");
        // What the table does not say stays: the growth, the place within another unit, former names, the total's
        // growth.
        let bare = office.site.app.folder.write("b.csv", "单位,目标（亿元）\n闽侯县,130\n长乐区,261\n高新区,35\n合计,2000\n");
        let kept = tests::jigai(&["plan", "split", "--plan", plan.to_str().unwrap(), &bare]);
        kept.assert_done().says("within = \"350121\"").says("value = \"130\", growth_pct = \"13\"").says("高新区在计划里属于闽侯县之内");
        kept.says("value = \"2000\", growth_pct = \"12\"").says("计划里有、表里没有：鼓楼区");
        split(&["--year", "2031"]).assert_refused().says("--year 2031: 计划是 2021 至 2021 年的");
        split(&["--sheet", "明年"]).assert_refused().says("没有名为“明年”的表");
    }
}
