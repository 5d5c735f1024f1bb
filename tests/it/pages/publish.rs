//! `/publish/{plan}/{period}`, corrections and 补报: the whole month in the browser, by those who may.

use tests::{Office, PASSWORD, TestApp, on_both_databases};

const AT: &str = "/report/fuzhou-2021/2021-06/350181";
const VALUE: &str = "c.investment/350181/value";

fn approve_fuqing(office: &Office) {
    office.submit_fuqing();
    office.step("fuqing.sh", "350181", "sign_off", &[]);
    office.step("shenhe", "350181", "approve", &[]);
}

on_both_databases! {
    fn published_with_the_password_and_seen_by_all_at_once(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        let publisher = office.person("fabu");
        publisher.get("/").assert_success().shows("去发布");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        page.shows("还没有通过：鼓楼区").shows("审计链完整").shows("140.50").shows("发布第1版");
        for reader in ["lingdao", "minhou", "xitong"] {
            office.person(reader).get("/bulletins/fuzhou-2021/2021-06").assert_error(404);
            assert!(!office.person(reader).get("/export/rank/fuzhou-2021.2021-06.investment.value.csv").html.contains("14050000000"));
        }
        let wrong = publisher.submit(&page, "main form", &[("password", "wrong")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("密码不对，没有发布");
        // Somebody's figure comes into force while the publisher reads.
        let cells = [("c.investment/350121/value", "55.5"), ("c.investment/350121/base", "50"), ("c.investment/高新区/value", "15"), ("c.investment/高新区/base", "14")];
        office.fill("minhou", "350121", &cells);
        office.hand_in("minhou", "350121");
        office.step("minhou.sh", "350121", "sign_off", &[]);
        office.step("shenhe", "350121", "approve", &[]);
        let moved = publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        assert_eq!(moved.status, 422);
        moved.shows("又有数据变动").shows("55.50");
        let done = publisher.submit(&moved, "main form", &[("password", PASSWORD)]);
        assert_eq!((done.status, done.header("location")), (303, "/bulletins/fuzhou-2021/2021-06/e1"), "{}", done.text());
        for reader in ["lingdao", "minhou", "xitong"] {
            office.person(reader).get("/bulletins/fuzhou-2021/2021-06").assert_success().shows("140.50").shows("55.50");
        }
        let again = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        again.shows("数据与已发布的第1版相同");
        office.site.app.jigai(&["verify"]).assert_done().says("通报 1 版");
    }

    // Whatever the entrance and however old the figure: what `verify` names is not published.
    fn what_was_altered_is_refused_at_every_entrance(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        let publisher = office.person("fabu");
        let publish = || {
            let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
            publisher.submit(&page, "main form", &[("password", PASSWORD), ("reason", "闽侯县补报")])
        };
        assert_eq!(publish().status, 303);
        // The first figure is older than that proof, the second one newer.
        let cells = [
            ("c.investment/350121/value", "55.5"),
            ("c.investment/350121/base", "50"),
            ("c.investment/高新区/value", "15"),
            ("c.investment/高新区/base", "14"),
        ];
        office.fill("minhou", "350121", &cells);
        office.hand_in("minhou", "350121");
        office.step("minhou.sh", "350121", "sign_off", &[]);
        office.step("shenhe", "350121", "approve", &[]);
        let app = &office.site.app;
        app.tamper("return_revision", "UPDATE return_revision SET value = value WHERE 1 = 0");
        app.tamper("audit", "UPDATE audit SET actor = actor WHERE 1 = 0");
        app.tamper("plan_version", "UPDATE plan_version SET version = version WHERE 1 = 0");
        let figure = |region: &str, by: &str| {
            format!("UPDATE return_revision SET value = value {by} WHERE region_id = '{region}' AND month = 6")
        };
        let approval = |from: &str, to: &str| {
            format!("UPDATE audit SET actor = replace(actor, '{from}', '{to}') WHERE action = 'approve' AND object LIKE '%/350181'")
        };
        let reason = |text: &str| format!("UPDATE plan_version SET reason = {text}");
        for (alter, restore) in [
            (figure("350181", "+ 1"), figure("350181", "- 1")),
            (figure("350121", "+ 1"), figure("350121", "- 1")),
            (approval("市", "县"), approval("县", "市")),
            (reason("'x'"), reason("NULL")),
        ] {
            let head = app.head();
            app.tamper_again(&alter);
            let verified = app.jigai(&["verify"]);
            assert_eq!(verified.code, 1, "{alter}: {verified:?}");
            let said = format!("{}{}", verified.out, verified.err);
            let altered = said.trim().trim_start_matches("核验不通过：");
            let refused = publish();
            assert_eq!(refused.status, 422, "{alter}: {}", refused.text());
            refused.shows("审计核验不通过").shows(altered);
            let command = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06", "--reason", "闽侯县补报"];
            let ran = app.jigai_as("350100-publisher", &command);
            assert_eq!(ran.code, 1, "{alter}: {ran:?}");
            ran.says("审计核验不通过").says(altered);
            assert_eq!(app.head(), head);
            app.tamper_again(&restore);
            // All facts are whole again; what was taken away to alter them is not.
            app.jigai(&["verify"]).says("核验不通过：数据库里少了 触发器");
        }
        assert_eq!(publish().header("location"), "/bulletins/fuzhou-2021/2021-06/e2");
    }

    fn a_mistake_is_corrected_in_the_open(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        let publisher = office.person("fabu");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        // The county asks, with its reason; nobody else can open its figure.
        let reporter = office.person("fuqing");
        let page = reporter.get(AT).assert_success();
        let empty = reporter.submit(&page, "form:has(input[value=ask_correction])", &[("reason", "")]);
        assert_eq!(empty.status, 422);
        let same = reporter.submit(&page, "form:has(input[value=ask_correction])", &[("reason", "宏港项目少计1亿元")]);
        assert_eq!(same.status, 422);
        same.shows("没有改动任何数").shows("宏港项目少计1亿元");
        office.step("fuqing", "350181", "ask_correction", &[("reason", "宏港项目少计1亿元"), (VALUE, "141.5")]);
        office.person("shenhe").get("/").assert_success().shows("有 1 个单位申请更正");
        let review = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        review.shows("宏港项目少计1亿元").shows("2021年1—6月第1版");
        review.shows("处变动").shows("140.50亿元").shows("141.50亿元");
        office.step("shenhe", "350181", "allow_correction", &[("step", "allow_correction"), ("reason", "情况属实，请重报")]);
        reporter.get("/").assert_success().shows("已退回").shows("情况属实");
        // The form holds what was asked for.
        let form = reporter.get(AT).assert_success();
        assert!(form.html.contains("value=\"141.5\""));
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        let review = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        review.shows("处变动").shows("140.50亿元").shows("141.50亿元");
        // Until the approval nothing that is in force or published has moved.
        office.person("shenhe").get("/units/fuzhou-2021/350181").assert_success().shows("140.50").lacks("141.50");
        office.step("shenhe", "350181", "approve", &[]);
        office.person("shenhe").get("/units/fuzhou-2021/350181").assert_success().shows("141.50").shows("宏港项目少计1亿元");
        office.person("lingdao").get("/units/fuzhou-2021/350181").assert_success().shows("140.50").lacks("141.50");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        page.shows("第1版已经发布");
        let refused = publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        assert_eq!(refused.status, 422);
        refused.shows("请写明更正原因");
        let done = publisher.submit(&page, "main form", &[("password", PASSWORD), ("reason", "福清市更正")]);
        assert_eq!(done.header("location"), "/bulletins/fuzhou-2021/2021-06/e2", "{}", done.text());
        office.person("lingdao").get("/bulletins/fuzhou-2021/2021-06").assert_success().shows("141.50").shows("本版更正第1版");
        office.person("lingdao").get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().shows("140.50").shows("第2版");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn an_imported_figure_is_corrected_too(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,文件里的说明"]);
        let reporter = office.person("fuqing");
        reporter.get(AT).assert_success().shows("由文件导入").shows("140.5");
        office.step("fuqing", "350181", "ask_correction", &[("reason", "口径调整"), (VALUE, "142")]);
        office.step("shenhe", "350181", "allow_correction", &[("step", "allow_correction"), ("reason", "同意")]);
        let page = reporter.get(AT).assert_success();
        assert!(page.html.contains("value=\"142\"") && page.html.contains("value=\"文件里的说明\""));
        // The office sees what is in force, not what the county types.
        office.fill("fuqing", "350181", &[(VALUE, "142.5")]);
        office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success().shows("140.5").lacks("142.5");
        // What the county explains is for the reviewer.
        office.fill("fuqing", "350181", &[("c.investment/350181/note", "只给审核员看的说明文字")]);
        // A box that is cleared is empty, and stays so.
        office.fill("fuqing", "350181", &[("c.investment/350181/base", "")]);
        reporter.get(&format!("{AT}/check")).assert_success().shows("还没有填去年同期");
    }

    fn a_base_alone_is_no_report(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,,120.25,,"]);
        office.person("fuqing").get(AT).assert_success().shows("未提交");
        office.submit_fuqing();
    }

    fn an_explanation_is_not_published(app: TestApp) {
        let office = Office::new(app);
        let why = "去年同期有两个项目停产，基数偏低";
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), ("c.investment/350181/base", "40"), ("c.investment/350181/note", why)]);
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        for path in ["/bulletins/fuzhou-2021/2021-06", "/units/fuzhou-2021/350181"] {
            office.person("lingdao").get(path).assert_success().shows("140.50").lacks(why);
        }
        office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success().shows(why);
    }

    fn a_refused_correction_changes_nothing(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        office.step("fuqing", "350181", "ask_correction", &[("reason", "想改高一点"), (VALUE, "150")]);
        let nothing_picked = office.person("shenhe").get(AT).assert_success();
        let nothing_picked = office.person("shenhe").submit(&nothing_picked, "form.answer", &[("reason", "没有依据")]);
        assert_eq!(nothing_picked.status, 422);
        nothing_picked.shows("请先选定怎么答复").shows("没有依据");
        office.step("shenhe", "350181", "refuse_correction", &[("step", "refuse_correction"), ("reason", "没有依据")]);
        let page = office.person("fuqing").get(AT).assert_success();
        page.shows("不同意更正").shows("没有依据").shows("已通过");
        assert!(page.all("#entry").is_empty());
    }

    fn late_only_by_name(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), ("c.investment/350181/base", "120.25")]);
        office.site.app.jigai_as("system-security-admin", &["user", "policy", "absolute_hours", "24"]).assert_done();
        let office = office.at("2021-07-06T08:00:00+08:00");
        let log_in = |login: &str| office.site.log_in(login, PASSWORD);
        let (reporter, reviewer) = (log_in("fuqing"), log_in("shenhe"));
        let (reporter, reviewer) = (office.site.as_person(&reporter), office.site.as_person(&reviewer));
        reporter.get(&format!("{AT}/check")).assert_success().shows("不能再提交");
        let page = reviewer.get("/review/fuzhou-2021/2021-06").assert_success();
        page.shows("催报").shows("福清市");
        let at = "/review/fuzhou-2021/2021-06/exception";
        for (fields, says) in [
            ([("unit", "350181"), ("until", "2021-07-05"), ("reason", "停电")], "今天或以后的日期"),
            ([("unit", "350181"), ("until", "明天"), ("reason", "停电")], "今天或以后的日期"),
            ([("unit", "350181"), ("until", "2021-07-06"), ("reason", " ")], "理由"),
            ([("unit", "999999"), ("until", "2021-07-06"), ("reason", "停电")], "请选择单位"),
        ] {
            let refused = reviewer.post(at, &fields);
            assert_eq!(refused.status, 422, "{fields:?}");
            refused.shows(says);
        }
        assert_eq!(reviewer.post(at, &[("unit", "350181"), ("until", "2021-07-06"), ("reason", "台风停电两天")]).status, 303);
        let check = reporter.get(&format!("{AT}/check")).assert_success();
        check.shows("准予补报到2021年7月6日 23:59").shows("台风停电两天");
        // Another unit stays closed.
        let other = log_in("minhou");
        office.site.as_person(&other).get("/report/fuzhou-2021/2021-06/350121").assert_success().shows("不能再提交");
        let office = office.at("2021-07-07T00:00:01+08:00");
        let cookie = office.site.log_in("fuqing", PASSWORD);
        let late = office.site.as_person(&cookie).submit(&check, "form.submit", &[("tick", "on")]);
        assert_eq!(late.status, 422);
        let office = office.at("2021-07-06T23:59:00+08:00");
        let cookie = office.site.log_in("fuqing", PASSWORD);
        let in_time = office.site.as_person(&cookie).submit(&check, "form.submit", &[("tick", "on")]);
        assert_eq!(in_time.status, 303, "{}", in_time.text());
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn the_office_rewrites_sentences_and_posts_sign(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,", "闽侯县,2021-06,55.5,50,,"]);
        let publisher = office.person("fabu");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        let (_, boxes) = page.form("main form");
        let first = boxes.iter().find(|(name, _)| name == "s.0.1").unwrap().1.clone();
        // Nine of eleven are missing: that is said first.
        assert!(boxes.iter().any(|(name, text)| name == "s.0.0" && text.starts_with("11个县（市）区中9个未报")));
        assert!(first.contains("196.00亿元") && first.contains("增长15.1%"), "{first}");
        // Other words keep the figures; other figures are marked, in the preview already.
        let reworded = first.replacen("累计完成", "今年以来累计完成", 1);
        let preview = publisher.submit(&page, "main form", &[("s.0.1", &reworded), ("then", "preview"), ("password", PASSWORD)]);
        assert_eq!(preview.status, 200);
        preview.shows("今年以来累计完成").lacks("离开了数据").lacks(PASSWORD);
        let changes = [("s.0.1", reworded.as_str()), ("s.1.0", "各地进度都很好，完成率超过99.9%。"), ("addition", "下月召开调度会。"), ("then", "preview")];
        let preview = publisher.submit(&page, "main form", &changes);
        preview.shows("有 2 句离开了数据").shows("※").shows("下月召开调度会");
        office.site.app.jigai(&["verify"]).assert_done().says("通报 0 版");
        let done = publisher.submit(&preview, "main form", &[("password", PASSWORD)]);
        assert_eq!(done.status, 303, "{}", done.text());
        let leader = office.person("lingdao");
        let edition = leader.get("/bulletins/fuzhou-2021/2021-06/e1").assert_success();
        edition.shows("今年以来累计完成").shows("文字改动").shows("只改说法，数据未变").shows("※ 改写，未与数据逐一核对").shows("※ 办公室补充");
        edition.shows(&format!("系统原句：{first}"));
        // The reworded sentence still leads to its figures.
        let linked = edition.all("p.lead a.num");
        assert!(linked.contains(&"196.00".to_owned()), "{linked:?}");
        edition.shows("计划文件第1版");
        // A wording can be corrected when no figure moves; the words of the edition before are there again.
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        page.shows("只有文字要更正时才再发布").shows("下月召开调度会");
        let same = publisher.submit(&page, "main form", &[("password", PASSWORD), ("reason", "没有改动")]);
        assert_eq!(same.status, 422);
        same.shows("数据和文字都与已发布的第1版相同");
        let (_, boxes) = page.form("main form");
        let composed = boxes.iter().find(|(name, _)| name == "o.1.0").unwrap().1.clone();
        let words = [("s.1.0", composed.as_str()), ("password", PASSWORD), ("reason", "恢复系统原句")];
        let done = publisher.submit(&page, "main form", &words);
        assert_eq!(done.header("location"), "/bulletins/fuzhou-2021/2021-06/e2", "{}", done.text());
        leader.get("/bulletins/fuzhou-2021/2021-06/e2").assert_success().lacks("99.9%").shows("下月召开调度会").shows("本版更正第1版");
        // Leaders and counties sign; the office sees who has not.
        let signed = leader.submit(&edition, ".receipts form", &[]);
        assert_eq!(signed.status, 303, "{}", signed.text());
        leader.get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().shows("已签收：").lacks("签收本版通报");
        let head = office.site.app.head();
        assert_eq!(leader.post("/bulletins/fuzhou-2021/2021-06/e1/receipt", &[]).status, 303);
        assert_eq!(office.site.app.head(), head, "a second time changes nothing");
        for login in ["fuqing", "minhou.sh"] {
            let page = office.person(login).get("/bulletins/fuzhou-2021/2021-06/e1").assert_success();
            assert_eq!(office.person(login).submit(&page, ".receipts form", &[]).status, 303);
        }
        publisher.get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().shows("已签收 3 个岗位，未签收 2 个").shows("福清市审核人");
        assert_eq!(publisher.post("/bulletins/fuzhou-2021/2021-06/e1/receipt", &[]).status, 403);
        assert_eq!(leader.post("/bulletins/fuzhou-2021/2021-06/e9/receipt", &[]).status, 404);
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn nothing_unpublished_is_seen_outside_the_office(app: TestApp) {
        // 1—5月 is out; of 1—6月 nothing is, neither figures nor ranks nor drafts.
        let lines = ["福清市,2021-05,118.25,101.25,,", "罗源县,2021-05,33.25,30,,", "罗源县,2021-06,41.75,36,,", "福州市,2021-06,612.75,540,,"];
        let office = Office::with_figures(app, &lines);
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-05"]).assert_done();
        office.site.app.jigai_as("system-security-admin", &["user", "policy", "public_reading", "open"]).assert_done();
        office.submit_fuqing();
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        office.fill("minhou", "350121", &[("c.investment/350121/value", "55.55"), ("text/progress", "只写给自己的草稿")]);
        let reviewer = office.person("shenhe");
        let figures = reviewer.get("/review/fuzhou-2021/2021-06/figures").assert_success();
        let stated = [("v.350123", "47.77"), ("source", "月报"), ("dated", "2021-07-02")];
        assert_eq!(reviewer.submit(&figures, "form.bureau", &stated).status, 303);
        let secret = ["140.5", "41.75", "612.75", "55.55", "47.77", "14050000000", "4175000000", "61275000000", "只写给自己的草稿"];
        // Every page there is, and everything they link to, as everybody outside the office; 福清市 knows its own.
        let seeds: Vec<String> = [
            "/", "/board", "/bulletins", "/bulletins/fuzhou-2021/2021-05", "/bulletins/fuzhou-2021/2021-06", "/bulletins/fuzhou-2021/2021-05/e1/print",
            "/rank/fuzhou-2021/2021-05", "/rank/fuzhou-2021/2021-06?by=value", "/rank/fuzhou-2021/2021-06", "/units/fuzhou-2021",
            "/units/fuzhou-2021/350181", "/units/fuzhou-2021/350123", "/units/fuzhou-2021/350121", "/plans", "/plans/fuzhou-2021",
            "/plans/fuzhou-2021/changes", "/assess/fuzhou-2021", "/assess/fuzhou-2021?period=2021-06", "/assess/fuzhou-2021/350181?period=2021-06",
            "/assess/fuzhou-2021/readings", "/assess/fuzhou-2021/year-end", "/assess/fuzhou-2021/year-end/350181", "/assess/fuzhou-2021/objections",
            "/report/fuzhou-2021/2021-06", "/report/fuzhou-2021/2021-06/350181", "/report/fuzhou-2021/2021-06/350181/history",
            "/report/fuzhou-2021/2021-06/350123", "/report/fuzhou-2021/2021-07/350181", "/review/fuzhou-2021/2021-06", "/review/fuzhou-2021/2021-06/350181",
            "/review/fuzhou-2021/2021-06/figures", "/review/fuzhou-2021/timeliness", "/publish/fuzhou-2021/2021-06",
            "/export/rank/fuzhou-2021.2021-06.investment.value.csv", "/export/rank/fuzhou-2021.2021-06.investment.growth.csv",
            "/export/rank/fuzhou-2021.2021-06.investment.growth.json", "/export/bulletin/fuzhou-2021.2021-06.e1.table.csv", "/audit", "/help", "/about",
        ].map(str::to_owned).to_vec();
        let visitor = office.site.as_person("");
        for (who, person) in [("visitor", visitor), ("leader", office.person("lingdao")), ("county", office.person("minhou.sh")), ("admin", office.person("shenji"))] {
            let own: &[&str] = if who == "county" { &["55.55", "只写给自己的草稿"] } else { &[] };
            let (mut waiting, mut seen) = (seeds.clone(), std::collections::BTreeSet::new());
            while let Some(path) = waiting.pop() {
                if !path.starts_with('/') || !seen.insert(path.clone()) || seen.len() > 400 {
                    continue;
                }
                let page = person.get(&path);
                for figure in secret.iter().filter(|figure| !own.contains(figure)) {
                    // The trail names actions, not figures; nobody sees more.
                    assert!(!page.html.contains(figure), "{who} sees {figure} on {path}");
                }
                // A browser that asks whether its copy is still good learns nothing either.
                let etag = page.header("etag").to_owned();
                if !etag.is_empty() {
                    let again = office.site.get_with(&path, &[("cookie", &person.cookie), ("if-none-match", &etag)]);
                    assert!(matches!(again.status, 304 | 200 | 404), "{who} {path}: {}", again.status);
                }
                if page.header("content-type").starts_with("text/html") {
                    waiting.extend(page.links().into_iter().map(|link| link.split('#').next().unwrap_or_default().to_owned()));
                }
            }
            assert!(seen.len() > 40, "{who} saw {} pages", seen.len());
        }
        // The server functions too: what would a further 元 change?
        for person in [office.site.as_person(""), office.person("lingdao"), office.person("minhou")] {
            let body = tests::form(&[("plan", "fuzhou-2021"), ("region", "350181"), ("period", "2021-06"), ("more", "1")]);
            let answer = office.site.post("/api/what-if", &body, &[("cookie", &person.cookie)]);
            assert!(secret.iter().all(|figure| !answer.html.contains(figure)) && !answer.html.contains("141.5"), "{}", answer.html);
        }
        // The page that the office has just looked at is not kept for others.
        office.person("shenhe").get("/rank/fuzhou-2021/2021-06").assert_success().shows("140.50");
        office.person("lingdao").get("/rank/fuzhou-2021/2021-06").lacks("140.50");
    }
}
