//! Rules of a score, written in the browser, reach everybody who reads a result.

use std::io::Cursor;

use calamine::Reader;
use tests::{Office, TestApp, on_both_databases};

const EDIT: &str = "/plans/fuzhou-2021/edit";
const ASSESS: &str = "/assess/fuzhou-2021?period=2021-12";

/// 70 for the target, 20 for growth by places, 10 entered at verification; money above, points and cards below.
const RULES: [(&str, &str); 30] = [
    ("rank_by", "score"),
    ("rank_also", "growth"),
    ("top", "30、20、10"),
    ("award_unit", "万元"),
    ("bottom", ""),
    ("a.0.when", "not_completed"),
    ("a.0.from", "bottom"),
    ("a.0.places", "-0.5"),
    ("a.0.unit", "分"),
    ("a.1.when", "not_completed"),
    ("a.1.from", "bottom"),
    ("a.1.places", "1"),
    ("a.1.unit", "红牌"),
    ("gate", "安全事故"),
    ("grades", "90 优秀、80 良好"),
    ("s.0.name", "投资目标"),
    ("s.0.weight", "70"),
    ("s.0.cap", "75"),
    ("s.1.name", "增幅名次"),
    ("s.1.from", "growth"),
    ("s.1.method", "places"),
    ("s.1.points", "20、18、16、14、12、10、8、6、4、2、1"),
    ("s.2.name", "措施落实"),
    ("s.2.from", "entered"),
    ("s.2.weight", "10"),
    ("s.2.method", "proportional"),
    ("s.0.method", "proportional"),
    ("reason", "改按得分考核"),
    ("basis", "榕政办〔2021〕60号"),
    ("then", "save"),
];

fn office(app: TestApp) -> Office {
    let text = std::fs::read_to_string(tests::contract("fuzhou-2021.returns.csv")).unwrap();
    Office::with_figures(app, &text.lines().skip(1).collect::<Vec<_>>())
}

on_both_databases! {
    fn a_score_is_written_in_the_browser_and_reaches_every_reader(app: TestApp) {
        let office = office(app);
        let reviewer = office.person("shenhe");
        // What cannot be read is said in the box's own words, and stays.
        let page = reviewer.get(EDIT).assert_success();
        let rows = [&RULES[..], &[("s.1.points", "二十分"), ("grades", "优秀")]].concat();
        let wrong = reviewer.submit(&page, "#plan-form", &rows);
        assert_eq!(wrong.status, 422);
        wrong.shows("增幅名次的计分：“二十分”不是数字").shows("例如 90 优秀、80 良好");
        let (_, kept) = wrong.form("#plan-form");
        for field in [("s.1.points", "二十分"), ("a.1.unit", "红牌"), ("gate", "安全事故")] {
            assert!(kept.contains(&(field.0.to_owned(), field.1.to_owned())), "{field:?} in {kept:?}");
        }
        let done = reviewer.submit(&page, "#plan-form", &RULES);
        assert_eq!(done.status, 303, "{}", done.text());
        office.site.app.confirm_plan("350100-publisher", "fuzhou-2021").assert_done();
        // The editor shows what it wrote, and writes it again unchanged.
        let page = reviewer.get(EDIT).assert_success();
        let (_, boxes) = page.form("#plan-form");
        for (name, value) in RULES.iter().filter(|(name, _)| !["bottom", "reason", "basis", "then"].contains(name)) {
            assert!(boxes.contains(&((*name).to_owned(), (*value).to_owned())), "{name} = {value} in {boxes:?}");
        }
        reviewer.submit(&page, "#plan-form", &[("then", "check")]).lacks("写入：").lacks("去掉：");
        reviewer.get("/plans/fuzhou-2021").assert_success()
            .shows("完成目标且得分居前3位：30、20、10 万元").shows("1 张红牌").shows("得分：增幅名次，增幅，按名次20、18")
            .shows("90分以上为优秀").shows("一票否决：发生安全事故的不得奖励");

        // Through the year the parts that are known count.
        let leader = office.person("lingdao");
        let ranking = reviewer.get("/rank/fuzhou-2021/2021-12?by=score").assert_success();
        ranking.shows("得分（满分90）").shows("措施落实尚无数据，未计入").shows("增幅位次");
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-12"]).assert_done();
        let bulletin = leader.get("/bulletins/fuzhou-2021/2021-12").assert_success();
        bulletin.shows("得分最高").shows("投资目标（满分70）").shows("得分（满分90）");
        assert!(bulletin.all("#chart-score svg").len() >= 2);
        let book = leader.get("/export/bulletin/fuzhou-2021.2021-12.e1.table.xlsx").assert_success();
        let mut sheets: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(book.bytes)).unwrap();
        let scores = sheets.worksheet_range("得分").unwrap();
        assert_eq!(scores.get_value((2, 3)).unwrap().to_string(), "投资目标得分（满分70）");
        let formulas = sheets.worksheet_formula("得分").unwrap();
        assert!(formulas.used_cells().any(|(.., formula)| formula == "D4+F4"), "{formulas:?}");
        let json = leader.get("/export/rank/fuzhou-2021.2021-12.investment.score.json").assert_success().text();
        for key in ["\"score_parts\"", "\"full\": \"70\"", "\"rank_also\"", "\"unit\": \"张红牌\""] {
            assert!(json.contains(key), "{key} in {json}");
        }

        // After the year: the entered part and the veto are stated unit by unit.
        let office = office.at("2022-02-10T09:00:00+08:00").logged_in_again();
        let reviewer = office.person("shenhe");
        let unit_at = |region: &str| format!("/assess/fuzhou-2021/year-end/{region}");
        let page = reviewer.get(&unit_at("350111")).assert_success();
        let form = "form:has(input[value=verified])";
        let open = reviewer.submit(&page, form, &[("share.2", "90")]);
        assert_eq!(open.status, 422);
        open.shows("还没有选安全事故有没有发生");
        let bare = reviewer.submit(&page, form, &[("share.2", "90"), ("happened.0", "yes"), ("remark", "")]);
        assert_eq!(bare.status, 422);
        bare.shows("请在意见里写明认定的文件");
        let veto = [("share.2", "90"), ("happened.0", "yes"), ("remark", "榕安委〔2021〕12号")];
        assert_eq!(reviewer.submit(&page, form, &veto).status, 303);
        reviewer.get(&unit_at("350111")).assert_success().shows("措施落实 90%").shows("安全事故：有");
        let page = reviewer.get(&unit_at("350181")).assert_success();
        assert_eq!(reviewer.submit(&page, form, &[("share.2", "100"), ("happened.0", "no")]).status, 303);
        // While most of the others lack the part, nothing is reckoned; /assess says who lacks it.
        let page = reviewer.get(ASSESS).assert_success();
        page.shows("已核验2个单位，按核验数计算").shows("闽侯县、连江县、闽清县、罗源县、永泰县缺措施落实").shows("暂不测算");
        for region in ["350102", "350104", "350105", "350112", "350121", "350122", "350124", "350123", "350125"] {
            let page = reviewer.get(&unit_at(region)).assert_success();
            let done = reviewer.submit(&page, form, &[("share.2", "80"), ("happened.0", "no")]);
            assert_eq!(done.status, 303, "{region}: {}", done.text());
        }
        let page = reviewer.get(ASSESS).assert_success();
        page.shows("各单位都已核验，按核验数计算").shows("按核验数预计").shows("得分（满分100）").lacks("暂不测算");
        page.shows("晋安区（安全事故）按规定不得奖励");
        let one = reviewer.get("/assess/fuzhou-2021/350111?period=2021-12").assert_success();
        one.shows("安全事故，按规定不得奖励").shows("措施落实 9.00分");
        // Nobody else knows a verified figure before it is announced.
        office.person("lingdao").get(ASSESS).assert_success();
        office.person("minhou").get(ASSESS).assert_success().lacks("按核验数预计").shows("按已报数预计");
        office.site.app.jigai(&["verify"]).assert_done();
    }
}
