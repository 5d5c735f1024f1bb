//! What units wrote, picked for the bulletin: with its source, marked when edited; and the 汇总表.

use std::io::Cursor;

use calamine::{DataType, Reader, Xlsx};
use tests::{TestApp, on_both_databases};

use super::whole_plan::STREETS;

const PAGE: &str = "/review/streets-2022/2022-03/texts";

on_both_databases! {
    fn the_office_picks_sentences_into_the_bulletin(app: TestApp) {
        let app = app.at("2022-03-20T09:00:00+08:00");
        let folder = tests::Folder::new();
        app.jigai(&["import", "plan", &folder.write("s.plan.toml", STREETS)]).assert_done();
        app.administrators();
        app.jigai_as("system-security-admin", &["user", "policy", "public_reading", "open"]).assert_done();
        let people = [("donghu", "county_reporter", "350503001"), ("donghu.sh", "county_approver", "350503001"), ("shenhe", "city_reviewer", "")];
        let people = people.map(|(login, role, unit)| (login, app.appoint_at("丰泽区", login, role, unit)));
        app.appoint_at("丰泽区", "fabu", "publisher", "");
        let site = app.start(&[]);
        let cookies = people.each_ref().map(|(login, token)| site.first_log_in(login, token));
        let [reporter, approver, reviewer] = cookies.each_ref().map(|cookie| site.as_person(cookie));
        let form = reporter.get("/report/streets-2022/2022-03/350503001").assert_success();
        let typed = [
            ("c.lines/350503001/value", "1"),
            ("c.text/software/progress", "一款工业软件已立项。正在对接两家高校；\n预计 6 月交付"),
            ("c.text/cloud/problems", "两家企业缺少上云资金。"),
            ("then", "save"),
        ];
        assert_eq!(reporter.submit(&form, "#entry", &typed).status, 303);
        let check = reporter.get("/report/streets-2022/2022-03/350503001/check").assert_success();
        assert_eq!(reporter.submit(&check, "form.submit", &[("tick", "on")]).status, 303);
        let page = approver.get("/report/streets-2022/2022-03/350503001").assert_success();
        assert_eq!(approver.submit(&page, "form.step:has(input[value=sign_off])", &[]).status, 303);
        let page = reviewer.get("/report/streets-2022/2022-03/350503001").assert_success();
        assert_eq!(reviewer.submit(&page, "form.step:has(input[value=approve])", &[]).status, 303);

        // Nothing ticked, or nothing that the unit wrote, picks nothing.
        let page = reviewer.get(PAGE).assert_success();
        let of = |goal: &str| format!("dd form:has(input[value='{goal}'])");
        reviewer.submit(&page, &of("software"), &[]).assert_status(422).shows("请勾选要选入通报的句子");
        reviewer.submit(&page, &of("software"), &[("sentence", "三款软件已交付。")]).assert_status(422).shows("不在单位提交的文字里");
        assert_eq!(page.all(&format!("{} .pick", of("software"))), ["一款工业软件已立项。", "正在对接两家高校；", "预计 6 月交付"]);
        let own = [("unit", "350503001"), ("goal", "software"), ("topic", "progress")];
        let ticked = [&own[..], &[("sentence", "预计 6 月交付"), ("sentence", "一款工业软件已立项。")]].concat();
        // Twice the same is once, in the unit's order.
        assert_eq!(reviewer.post(PAGE, &ticked).status, 303);
        assert_eq!(reviewer.post(PAGE, &ticked).status, 303);
        assert_eq!(reviewer.submit(&page, &of("cloud"), &[("sentence", "两家企业缺少上云资金。")]).status, 303);
        let page = reviewer.get(PAGE).assert_success();
        page.shows("选入2022年1—3月通报的2段").shows("一款工业软件已立项。预计 6 月交付");
        assert_eq!(reporter.post(PAGE, &ticked).status, 403);
        // In other words, and what was written stays beside them; an old page overwrites nothing.
        let form = "#pick-2 form";
        assert_eq!(reviewer.submit(&page, form, &[("words", "部分企业上云资金不足。")]).status, 303);
        let old = reviewer.submit(&page, form, &[("words", "资金不足。")]).assert_status(422);
        old.shows("刚改过这一段，没有保存");
        let page = reviewer.get(PAGE).assert_success();
        page.shows("东湖街道 企业上云存在问题 经编辑").shows("原文：两家企业缺少上云资金。");
        site.get("/bulletins/streets-2022/2022-03").assert_error(404);

        let publish = ["bulletin", "publish", "--plan", "streets-2022", "--period", "2022-03"];
        site.app.jigai_as("350503-publisher", &publish).assert_done();
        let bulletin = site.get("/bulletins/streets-2022/2022-03").assert_success();
        bulletin.shows("各单位情况选编").shows("二、（三）平台工程");
        let passages = bulletin.all("#texts p.body").join("|").split_whitespace().collect::<String>();
        assert_eq!(
            passages,
            "一款工业软件已立项。预计6月交付（东湖街道，工业软件进展）|部分企业上云资金不足。（东湖街道，企业上云存在问题，经编辑）"
        );
        bulletin.lacks("两家企业缺少上云资金");
        let csv = site.get("/export/bulletin/streets-2022.2022-03.e1.texts.csv").assert_success();
        assert!(csv.html.contains("二、（三）平台工程,企业上云,存在问题,东湖街道,部分企业上云资金不足。,经编辑"), "{}", csv.html);
        let file = site.get("/export/bulletin/streets-2022.2022-03.e1.table.xlsx").assert_success();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
        assert!(book.worksheet_range("各单位情况").is_ok());
        let frozen = site.get("/export/bulletin/streets-2022.2022-03.e1.table.json").assert_success().html;
        let content: serde_json::Value = serde_json::from_str(&frozen).unwrap();
        assert_eq!(content["texts"].as_array().unwrap().len(), 2);
        assert_eq!((&content["texts"][0]["edited"], &content["texts"][1]["edited"]), (&serde_json::Value::Null, &true.into()));

        // Taken out again: the next edition lacks it, the first keeps it.
        assert_eq!(reviewer.submit(&page, form, &[("out", "1")]).status, 303);
        site.app.jigai_as("350503-publisher", &publish).says("再发布就是更正");
        site.app.jigai_as("350503-publisher", &[&publish[..], &["--reason", "删去一段"]].concat()).assert_done();
        site.get("/bulletins/streets-2022/2022-03").assert_success().lacks("上云资金不足");
        assert_eq!(site.get("/export/bulletin/streets-2022.2022-03.e1.table.json").assert_success().html, frozen);

        // 汇总表: everything handed in, for the office.
        let file = reviewer.get("/export/texts/streets-2022.2022-03.xlsx").assert_success();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
        let sheet = book.worksheet_range("汇总表").unwrap();
        let words: Vec<String> = sheet.rows().filter_map(|row| Some(row.get(4)?.get_string()?.to_owned())).collect();
        assert_eq!(words[1..], ["一款工业软件已立项。正在对接两家高校；\n预计 6 月交付", "两家企业缺少上云资金。"]);
        let word = reviewer.get("/export/texts/streets-2022.2022-03.docx").assert_success();
        assert!(word.bytes.starts_with(b"PK") && word.bytes.len() > 3_000);
        site.get("/export/texts/streets-2022.2022-03.xlsx").assert_error(404);
        // What was picked is proved.
        site.app.jigai(&["verify"]).assert_done();
        site.app.tamper("text_pick", "UPDATE text_pick SET words = '上云资金充足。' WHERE number = 2 AND version = 2");
        site.app.jigai(&["verify"]).says("text_pick");
    }
}
