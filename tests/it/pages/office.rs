//! The office's desk: approving together and taking back, questions by value, true-ups, the bureau's figures,
//! timeliness.

use tests::{Office, PASSWORD, TestApp, on_both_databases};

const REVIEW: &str = "/review/fuzhou-2021/2021-06";
const FUQING: &str = "/report/fuzhou-2021/2021-06/350181";
const VALUE: &str = "c.investment/350181/value";
const MINHOU: [(&str, &str); 4] = [
    ("c.investment/350121/value", "55.5"),
    ("c.investment/350121/base", "50"),
    ("c.investment/高新区/value", "15"),
    ("c.investment/高新区/base", "14"),
];

/// Both counties have handed in and signed.
fn two_signed(office: &Office) {
    office.submit_fuqing();
    office.step("fuqing.sh", "350181", "sign_off", &[]);
    office.fill("minhou", "350121", &MINHOU);
    office.hand_in("minhou", "350121");
    office.step("minhou.sh", "350121", "sign_off", &[]);
}

on_both_databases! {
    fn approved_together_and_taken_back_for_ten_seconds(app: TestApp) {
        let office = Office::new(app);
        two_signed(&office);
        let reviewer = office.person("shenhe");
        let list = reviewer.get(REVIEW).assert_success();
        list.shows("140.5").shows("高新区").shows("通过选中的单位").shows("市审 待审2");
        // A county takes its signature back while the list is read: nobody is approved.
        office.step("minhou.sh", "350121", "take_back", &[]);
        let moved = reviewer.submit(&list, "#worksheet", &[]);
        assert_eq!(moved.status, 422);
        moved.shows("闽侯县的报送刚刚有变动，一个也没有办理").shows("待市级审核1个");
        office.step("minhou.sh", "350121", "sign_off", &[]);
        let list = reviewer.get(REVIEW).assert_success();
        let done = reviewer.submit(&list, "#worksheet", &[]);
        assert_eq!((done.status, done.header("location")), (303, REVIEW), "{}", done.text());
        // A double press is one.
        let head = office.site.app.head();
        assert_eq!(reviewer.submit(&list, "#worksheet", &[]).status, 303);
        assert_eq!(office.site.app.head(), head);
        let page = reviewer.get(REVIEW).assert_success();
        page.shows("刚刚办理：福清市、闽侯县").shows("已通过2个");
        reviewer.get("/units/fuzhou-2021/350181").assert_success().shows("140.50");
        let back = reviewer.submit(&page, "form.undo", &[]);
        assert_eq!(back.status, 303, "{}", back.text());
        reviewer.get(REVIEW).assert_success().shows("待市级审核2个").lacks("刚刚办理");
        // The figures are out of force again; both commands are in the trail, and in the history.
        reviewer.get("/rank/fuzhou-2021/2021-06").lacks("140.50");
        let trail = office.site.app.query("SELECT action FROM audit WHERE action IN ('approve', 'undo') ORDER BY seq");
        assert_eq!(trail, ["approve", "approve", "undo", "undo"]);
        reviewer.get(&format!("{FUQING}/history")).assert_success().shows("撤销刚才的操作").shows("撤销审核通过");
        // The page that was used is used up; a new one does it again, and the source is the county's one report.
        let old = reviewer.submit(&list, "#worksheet", &[]);
        assert_eq!(old.status, 422);
        old.shows("这个页面已经用过了");
        let list = reviewer.get(REVIEW).assert_success();
        assert_eq!(reviewer.submit(&list, "#worksheet", &[]).status, 303);
        reviewer.get("/units/fuzhou-2021/350181").assert_success().shows("撤销之后重新审核通过").lacks("单位重新报送");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn nothing_is_taken_back_later_or_by_another(app: TestApp) {
        let office = Office::new(app);
        two_signed(&office);
        office.step("shenhe", "350181", "approve", &[]);
        let page = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        page.shows("已审核通过");
        let office = office.at("2021-07-03T09:10:00+08:00");
        let late = office.person("shenhe").submit(&page, "form.undo", &[]);
        assert_eq!(late.status, 422);
        late.shows("已超过10秒");
        office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success().lacks("10秒之内可以撤销");
        // What came into force with an edition stays.
        office.step("shenhe", "350121", "approve", &[]);
        let page = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350121").assert_success();
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        let published = office.person("shenhe").submit(&page, "form.undo", &[]);
        assert_eq!(published.status, 422);
        published.shows("已经发布了通报，不能撤销");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn of_two_reviewers_one_wins_and_the_other_sees_both(app: TestApp) {
        let office = Office::new(app);
        two_signed(&office);
        let token = office.site.app.appoint("shenhe2", "city_reviewer", "");
        let cookie = office.site.first_log_in("shenhe2", &token);
        let second = office.site.as_person(&cookie);
        let (mine, theirs) = (office.person("shenhe").get(FUQING), second.get(FUQING));
        let won = office.person("shenhe").submit(&mine, "form.step:has(input[value=approve])", &[]);
        assert_eq!(won.status, 303);
        let lost = second.submit(&theirs, "form.step:has(input[value=send_back_to_county])", &[("reason", "请核对台账"), ("from", "review")]);
        assert_eq!(lost.status, 409);
        lost.shows("刚才的操作没有生效").shows("shenhe甲").shows("审核通过").shows("140.5");
        // Somebody else's approval is not his to take back.
        lost.lacks("10秒之内可以撤销");
        let head = office.site.app.head();
        let refused = second.post(&format!("{FUQING}/step"), &[("step", "undo"), ("seen", "3")]);
        assert_eq!(refused.status, 422);
        refused.shows("只能撤销自己刚才做的");
        assert_eq!(office.site.app.head(), head);
    }

    fn a_question_about_one_figure_is_answered_by_the_county(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        let fields = [("reason_kind", "说明不清楚，请补充"), ("reason", "见逐项疑问"), ("q.investment/350181", "6月单月为什么翻了一番？")];
        office.step("shenhe", "350181", "send_back_to_county", &fields);
        let reporter = office.person("fuqing");
        reporter.get(FUQING).assert_success().shows("6月单月为什么翻了一番").shows("见逐项疑问");
        // Without an answer it does not come back.
        reporter.get(&format!("{FUQING}/check")).assert_success().shows("办公室问到了这个数");
        office.fill("fuqing", "350181", &[("c.investment/350181/answer", "宏港二期设备6月集中到货，发票已附台账")]);
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        let review = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        review.shows("6月单月为什么翻了一番").shows("宏港二期设备6月集中到货");
        let history = office.person("shenhe").get(&format!("{FUQING}/history")).assert_success();
        history.shows("问工业技改投资").shows("答复：宏港二期设备");
        // What the county is still typing is its own, also an answer.
        office.step("shenhe", "350181", "send_back_to_county", &[("reason", "补问"), ("q.investment/350181", "设备单价是多少？")]);
        office.fill("fuqing", "350181", &[("c.investment/350181/answer", "还在核对，先别看")]);
        office.person("shenhe").get(&format!("{FUQING}/history")).assert_success().shows("设备单价是多少").lacks("还在核对，先别看");
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        // A sending back that was taken back asks nothing.
        office.step("shenhe", "350181", "send_back_to_county", &[("reason", "误退"), ("q.investment/350181", "误问")]);
        office.step("shenhe", "350181", "undo", &[]);
        // A second question is not answered by the first answer.
        office.step("shenhe", "350181", "send_back_to_county", &[("reason", "再问"), ("q.investment/350181", "发票日期是几月？")]);
        reporter.get(&format!("{FUQING}/check")).assert_success().shows("办公室问到了这个数");
        reporter.get(FUQING).assert_success().shows("发票日期是几月").lacks("误问");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_mistake_is_made_up_for_in_the_current_period(app: TestApp) {
        let figures = ["福清市,2021-05,100,90,,", "闽侯县,2021-05,40,36,,", "福清市,2021-06,120,108,,", "罗源县,2021-06,33,30,,"];
        let office = Office::with_figures(app, &figures);
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-05"]).assert_done();
        let reporter = office.person("fuqing");
        let page = reporter.get("/report/fuzhou-2021/2021-05/350181").assert_success();
        let fields = [(VALUE, "101"), ("reason", "少计宏港项目1亿元")];
        let asked = reporter.submit(&page, "form.ask", &fields);
        assert_eq!(asked.status, 303, "{}", asked.text());
        // The office sees this period, every later cumulative figure, and the edition that holds the old one.
        let review = office.person("shenhe").get("/review/fuzhou-2021/2021-05/350181").assert_success();
        review.shows("通过之后，2021年1—5月有").shows("100.00亿元").shows("101.00亿元");
        review.shows("以后的2021年1—6月若同样更正").shows("121.00亿元").shows("2021年1—5月第1版");
        let answered = office.person("shenhe").submit(&review, "form.answer", &[("step", "true_up"), ("reason", "差额小，6月并入")]);
        assert_eq!(answered.status, 303, "{}", answered.text());
        reporter.get("/report/fuzhou-2021/2021-05/350181").assert_success().shows("已通过").shows("差额小，6月并入");
        office.person("lingdao").get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("100.00").lacks("101.00");
        // 1—6月 is approved already; the next open period says what to make up for.
        let office = office.at("2021-08-02T09:00:00+08:00");
        let cookie = office.site.log_in("fuqing", PASSWORD);
        let july = office.site.as_person(&cookie).get("/report/fuzhou-2021/2021-07/350181").assert_success();
        july.shows("请并入本期累计").shows("报的是100亿元，应为101亿元").shows("差额小，6月并入");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn the_bureaus_figures_stand_beside_the_countys(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,", "闽侯县,2021-06,55.5,50,,"]);
        let reviewer = office.person("shenhe");
        let at = format!("{REVIEW}/figures");
        let page = reviewer.get(&at).assert_success();
        page.shows("单位报的").shows("140.5").shows("按单位报的数排位");
        for (changes, says) in [
            (vec![("v.350181", "abc")], "福清市累计"),
            (vec![("v.350181", "141"), ("source", "")], "请写明出处"),
            (vec![("v.350181", "141"), ("source", "统计月报"), ("dated", "2021-07-30")], "今天或以前的日期"),
            (vec![("v.350181", "141"), ("source", "统计月报"), ("dated", "上月")], "今天或以前的日期"),
        ] {
            let refused = reviewer.submit(&page, "form.bureau", &changes);
            assert_eq!(refused.status, 422, "{changes:?}");
            refused.shows(says);
            assert!(changes[0].1.is_empty() || refused.html.contains(&format!("value=\"{}\"", changes[0].1)), "{changes:?}");
        }
        let fields = [("v.350181", "141"), ("b.350181", "120.25"), ("g.350121", "9.5"), ("source", "《统计月报》第6期"), ("dated", "2021-07-02")];
        let done = reviewer.submit(&page, "form.bureau", &fields);
        assert_eq!(done.status, 303, "{}", done.text());
        let page = reviewer.get(&at).assert_success();
        page.shows("累计+0.5亿元").shows("增幅+0.4个百分点").shows("增幅−1.5个百分点").shows("《统计月报》第6期");
        // The county's number is as it was, for everybody.
        reviewer.get("/units/fuzhou-2021/350181").assert_success().shows("140.50").shows("统计部门");
        // Another record needs a reason; a page that is behind is told.
        let again = reviewer.submit(&page, "form.bureau", &[("v.350181", "142")]);
        assert_eq!(again.status, 422);
        again.shows("要写明原因");
        assert_eq!(reviewer.submit(&page, "form.bureau", &[("v.350181", "142"), ("reason", "月报修订")]).status, 303);
        let behind = reviewer.submit(&page, "form.bureau", &[("v.350181", "143"), ("reason", "再修订")]);
        assert_eq!(behind.status, 422);
        behind.shows("刚登记过统计部门数").shows("现登记：累计 142");
        assert!(behind.html.contains("value=\"143\""));
        // Seen with both on the page, it can be settled there.
        assert_eq!(reviewer.submit(&behind, "form.bureau", &[]).status, 303);
        let page = reviewer.get(&at).assert_success();
        // A record that is cleared counts as none.
        assert_eq!(reviewer.submit(&page, "form.bureau", &[("g.350121", ""), ("reason", "填错行")]).status, 303);
        let rows = reviewer.get(&at).assert_success().all("form.bureau tbody tr");
        assert!(rows.iter().any(|row| row.starts_with("闽侯县") && row.contains('—')), "{rows:?}");
        for (field, wrong) in [("v.350181", "-7"), ("g.350181", "-150")] {
            assert_eq!(reviewer.submit(&page, "form.bureau", &[(field, wrong), ("reason", "x")]).status, 422, "{wrong}");
        }
        let early = reviewer.post("/review/fuzhou-2021/2021-12/figures", &[("kind", "total"), ("goal", "investment"), ("total", "1")]);
        assert_eq!(early.status, 422);
        early.shows("还没有结束");
        // Outside the office nobody sees it, and nobody else records it.
        for login in ["lingdao", "minhou", "xitong"] {
            assert!(matches!(office.person(login).get(&at).status, 403 | 404), "{login}");
            office.person(login).get("/units/fuzhou-2021/350181").lacks("143.00");
        }
        assert_eq!(office.person("fabu").post(&at, &[("kind", "total"), ("goal", "investment"), ("total", "1")]).status, 403);
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn where_the_plan_says_so_the_bureau_ranks(app: TestApp) {
        let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
        let source = source.replacen("rank_by = \"growth\"", "rank_by = \"growth\"\nranks_from = \"bureau\"", 1);
        assert!(source.contains("ranks_from"));
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,", "闽侯县,2021-06,55.5,50,,"]);
        let file = office.site.app.folder.write("bureau.plan.toml", source);
        office.site.app.jigai_as("350100-city-reviewer", &["import", "plan", &file, "--reason", "按统计部门数排位"]).assert_done();
        office.site.app.confirm_plan("350100-publisher", "fuzhou-2021").assert_done();
        let reviewer = office.person("shenhe");
        let page = reviewer.get(&format!("{REVIEW}/figures")).assert_success();
        page.shows("按统计部门的数排位");
        let fields = [("v.350181", "130"), ("b.350181", "125"), ("source", "《统计月报》"), ("dated", "2021-07-02")];
        assert_eq!(reviewer.submit(&page, "form.bureau", &fields).status, 303);
        // 4.0% by the bureau, 16.8% by the county; 闽侯县 has 11.0% and no figure of the bureau yet.
        let rank = reviewer.get("/rank/fuzhou-2021/2021-06").assert_success();
        rank.shows("4.0%").lacks("16.8%");
        let publish = office.person("fabu").get("/publish/fuzhou-2021/2021-06").assert_success();
        publish.shows("闽侯县尚无统计部门的数，按报送数排位").shows("《统计月报》（2021年7月2日）");
        let done = office.person("fabu").submit(&publish, "main form", &[("password", PASSWORD)]);
        assert_eq!(done.status, 303, "{}", done.text());
        let leader = office.person("lingdao");
        leader.get("/bulletins/fuzhou-2021/2021-06").assert_success().shows("闽侯县尚无统计部门的数").shows("4.0%");
        leader.get("/rank/fuzhou-2021/2021-06").assert_success().shows("4.0%").lacks("16.8%");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn the_office_states_the_total(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,"]);
        let reviewer = office.person("shenhe");
        let page = reviewer.get(&format!("{REVIEW}/figures")).assert_success();
        page.shows("总数为各单位已报数之和");
        let empty = reviewer.submit(&page, "form:has(#total)", &[]);
        assert_eq!(empty.status, 422);
        empty.shows("还没有填总数");
        let done = reviewer.submit(&page, "form:has(#total)", &[("total", "530.2"), ("total_base", "480")]);
        assert_eq!(done.status, 303, "{}", done.text());
        office.person("fabu").get("/publish/fuzhou-2021/2021-06").assert_success().shows("530.20").lacks("各单位已报数之和");
        let page = reviewer.get(&format!("{REVIEW}/figures")).assert_success();
        let again = reviewer.submit(&page, "form:has(#total)", &[("total", "531")]);
        assert_eq!(again.status, 422);
        again.shows("要写明原因");
        assert_eq!(reviewer.submit(&page, "form:has(#total)", &[("total", "531"), ("total_reason", "漏计一家")]).status, 303);
        let behind = reviewer.submit(&page, "form:has(#total)", &[("total", "532"), ("total_reason", "又改")]);
        assert_eq!(behind.status, 422);
        behind.shows("刚填过总数");
        office.person("fabu").get("/publish/fuzhou-2021/2021-06").assert_success().shows("531.00");
        // Taken back, the sum stands in again.
        let page = reviewer.get(&format!("{REVIEW}/figures")).assert_success();
        let blank = [("total", ""), ("total_base", ""), ("withdraw", "on"), ("total_reason", "误填")];
        assert_eq!(reviewer.submit(&page, "form:has(#total)", &blank).status, 303);
        office.person("fabu").get("/publish/fuzhou-2021/2021-06").assert_success().shows("为各单位已报数之和").lacks("531.00");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn what_was_sent_back_and_corrected_is_counted(app: TestApp) {
        let office = Office::new(app);
        let told = |office: &Office| -> Vec<String> {
            let page = office.person("shenhe").get("/review/fuzhou-2021/timeliness").assert_success();
            page.all("tbody tr").into_iter().filter(|row| row.starts_with("福清市")).collect()
        };
        office.submit_fuqing();
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "send_back_to_county", &[("reason", "请核对"), ("q.investment/350181", "设备单价是多少？")]);
        assert!(told(&office)[0].contains("按时，退回1次"), "{:?}", told(&office));
        // Taken back at once, it is as if it had not been.
        let page = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        assert_eq!(office.person("shenhe").submit(&page, "form.undo", &[]).status, 303);
        assert!(!told(&office)[0].contains("退回"), "{:?}", told(&office));
        office.step("shenhe", "350181", "approve", &[]);
        office.step("fuqing", "350181", "ask_correction", &[("reason", "漏报一个项目，少报0.5亿元"), (VALUE, "141")]);
        office.step("shenhe", "350181", "allow_correction", &[("step", "allow_correction"), ("reason", "同意")]);
        assert!(!told(&office)[0].contains("已更正"), "{:?}", told(&office));
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        assert!(told(&office)[0].contains("按时，已更正"), "{:?}", told(&office));
    }

    fn who_is_late_and_who_to_call(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let review = office.person("shenhe").get(REVIEW).assert_success();
        review.shows("还没有报的单位").shows("填报员 minhou甲").shows("还没有人任职").shows("【催报】");
        let early = office.person("shenhe").get("/review/fuzhou-2021/timeliness").assert_success();
        early.shows("2021年报送及时率").shows("福清市");
        let office = office.at("2021-07-06T00:00:00+08:00");
        let cookie = office.site.log_in("shenhe", PASSWORD);
        let page = office.site.as_person(&cookie).get("/review/fuzhou-2021/timeliness").assert_success();
        // 1—2月 … 1—6月 are over: five periods of twelve units, one handed in once.
        page.shows("及时率1.7%（1/60）");
        let row: Vec<String> = page.all("tbody tr").into_iter().filter(|row| row.starts_with("福清市")).collect();
        assert_eq!(row, ["福清市未报未报未报未报按时20.0%15"]);
        let drawn = page.all("#chart-timeliness .desk").concat();
        assert!(drawn.contains("福清市") && drawn.contains("20.0%"), "{drawn}");
        let file = office.site.as_person(&cookie).get("/export/timeliness/fuzhou-2021.2021.csv").assert_success();
        assert!(file.html.contains("福清市,未报,未报,未报,未报,按时,20.0%,1,5"), "{}", file.html);
        // Not for counties and the public, and only for years that have begun.
        assert_eq!(office.site.get("/export/timeliness/fuzhou-2021.2021.csv").status, 401);
        assert_eq!(office.site.as_person(&office.site.log_in("fuqing", PASSWORD)).get("/export/timeliness/fuzhou-2021.2021.csv").status, 404);
        assert_eq!(office.site.as_person(&cookie).get("/export/timeliness/fuzhou-2021.2031.csv").status, 404);
        assert!(matches!(office.site.as_person(&office.site.log_in("fuqing", PASSWORD)).get("/review/fuzhou-2021/timeliness").status, 403 | 404));
    }
}
