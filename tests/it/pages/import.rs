//! `/import/{plan}`: the office's own table, looked at first, written when confirmed; and the blanks that are sent out.

use rust_xlsxwriter::{Format, Workbook};
use tests::{Office, TestApp, on_both_databases};

const AT: &str = "/import/fuzhou-2021";

/// A workbook as an office sends it: title, unit, two lines of heads, the total last.
fn workbook(gulou: &str, value: f64) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 3, "2021年1—7月工业技改投资完成情况表", &plain).unwrap();
    sheet.write(1, 3, "单位：万元").unwrap();
    sheet.merge_range(2, 1, 2, 2, "技改投资", &plain).unwrap();
    for (column, head) in ["县（市）区", "累计完成", "上年同期", "备注"].into_iter().enumerate() {
        sheet.write(3, column as u16, head).unwrap();
    }
    for (index, (name, value, base)) in
        [(gulou, value, 100_000.0), ("仓山", 120_000.0, 110_000.0), ("全市", 6_305_000.0, 5_600_000.0)]
            .into_iter()
            .enumerate()
    {
        sheet.write(4 + index as u32, 0, name).unwrap();
        sheet.write(4 + index as u32, 1, value).unwrap();
        sheet.write(4 + index as u32, 2, base).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn rows(office: &Office) -> usize {
    office.site.app.query("SELECT region_id FROM return_revision").len()
}

on_both_databases! {
    fn a_table_is_looked_at_and_then_written(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        reviewer.get("/review/fuzhou-2021/2021-07").assert_success().shows("从表格导入");
        reviewer.get(AT).assert_success().shows("先给您看怎样读").shows("下载空白模板");
        let before = rows(&office);
        let upload = |bytes: &[u8]| office.site.upload(&format!("{AT}/upload"), "七月.xlsx", bytes, &reviewer.cookie);
        let page = upload(&workbook("古楼区", 110_500.0)).assert_success();
        page.shows("A5").shows("计划里没有“古楼区”，是否应为“鼓楼区”").shows("2021年1—7月").shows("“仓山”读作“仓山区”").lacks("确认导入");
        assert_eq!(rows(&office), before, "a look writes nothing");
        let page = upload(&workbook("鼓楼区", 110_500.0)).assert_success();
        page.shows("将新报送 3 行，更正 0 行").shows("11.05").shows("12").shows("确认导入");
        // Another reading is looked at before it is written.
        let changed = reviewer.submit(&page, "form.import-form", &[("unit", "亿元"), ("then", "confirm")]).assert_status(422);
        changed.shows("您改过读法，没有导入");
        let page = reviewer.submit(&page, "form.import-form", &[("col.C", "ignore"), ("then", "preview")]).assert_success();
        page.shows("确认导入");
        let page = reviewer.submit(&page, "form.import-form", &[("col.C", "base"), ("then", "preview")]).assert_success();
        assert_eq!(rows(&office), before);
        let done = reviewer.submit(&page, "form.import-form", &[("then", "confirm")]);
        assert_eq!((done.status, done.header("location")), (303, "/import/fuzhou-2021?done=3-0-0"), "{}", done.text());
        reviewer.get("/import/fuzhou-2021?done=3-0-0").assert_success().shows("新报送 3 行");
        assert_eq!(rows(&office), before + 3);
        // The source is the file and its line, the amount whole 元.
        assert_eq!(office.site.app.query("SELECT value FROM return_revision WHERE month = 7 AND file_name = '七月.xlsx' AND file_line = 5"), ["1105000000"]);
        // A changed figure needs a reason; what was typed is kept.
        let page = upload(&workbook("鼓楼区", 110_600.0)).assert_success();
        page.shows("更正 1 行").shows("已报 11.05");
        let refused = reviewer.submit(&page, "form.import-form", &[("then", "confirm")]).assert_status(422);
        refused.shows("请写明更正原因");
        let done = reviewer.submit(&refused, "form.import-form", &[("reason", "统计核增"), ("then", "confirm")]);
        assert_eq!(done.header("location"), "/import/fuzhou-2021?done=0-1-2", "{}", done.text());
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn our_own_form_is_recognised_in_the_browser(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let before = rows(&office);
        let file = "region,period,value,base,growth_pct,note\n鼓楼区,2021-07,11.05,10,,\n仓山区,2021-07,-12,11,,\n福清市,2021-07,150,140,,\n晋安区,2021-07,0.0009,0.0008,,\n";
        let page = office.site.upload(&format!("{AT}/upload"), "七月.csv", file.as_bytes(), &reviewer.cookie).assert_success();
        page.shows("报送格式的文件，4 行").shows("由福清市填报员在网页上填报").shows("仓山区1—7月：本期累计−12.00亿元是负数").shows("晋安区1—7月：本期累计0.0009亿元，不到按目标").lacks("确认导入").lacks("怎样读");
        let page = reviewer.submit(&page, "form.import-form", &[("then", "leave")]).assert_success();
        page.lacks("由福清市填报员").shows("是负数").lacks("确认导入");
        let fewer = file.lines().filter(|line| !line.contains("仓山区") && !line.contains("晋安区")).map(|line| format!("{line}\n")).collect::<String>();
        let page = office.site.upload(&format!("{AT}/upload"), "七月.csv", fewer.as_bytes(), &reviewer.cookie).assert_success();
        let page = reviewer.submit(&page, "form.import-form", &[("then", "leave")]).assert_success();
        page.shows("将新报送 1 行").shows("确认导入");
        assert_eq!(rows(&office), before, "a look writes nothing");
        let done = reviewer.submit(&page, "form.import-form", &[("then", "confirm")]);
        assert_eq!(done.header("location"), "/import/fuzhou-2021?done=1-0-0", "{}", done.text());
        assert_eq!(office.site.app.query("SELECT value FROM return_revision WHERE month = 7 AND file_name = '七月.csv' AND file_line = 2"), ["1105000000"]);
        // What somebody finds right is taken as it is.
        let page = office.site.upload(&format!("{AT}/upload"), "a.csv", "region,period,value\n晋安区,2021-07,0.0009\n".as_bytes(), &reviewer.cookie).assert_success();
        let page = reviewer.submit(&page, "form.import-form", &[("accept", "scale"), ("then", "preview")]).assert_success();
        page.shows("（已确认）").shows("确认导入");
        let done = reviewer.submit(&page, "form.import-form", &[("then", "confirm")]);
        assert_eq!(done.header("location"), "/import/fuzhou-2021?done=1-0-0", "{}", done.text());
    }

    fn the_countys_own_figure_and_rubbish_are_refused(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let upload = |name: &str, bytes: &[u8]| office.site.upload(&format!("{AT}/upload"), name, bytes, &reviewer.cookie);
        // 福清市 has a reporter: only it changes its figure. Left out, the rest can be written.
        let page = upload("a.csv", "2021年7月（亿元）,,\n单位,累计,同期\n福清市,150,140\n鼓楼区,10,9\n".as_bytes()).assert_success();
        page.shows("由福清市填报员在网页上填报").lacks("确认导入");
        let page = reviewer.submit(&page, "form.import-form", &[("skip", "3"), ("then", "preview")]).assert_success();
        page.shows("将新报送 1 行").shows("确认导入");
        // All such units at once, also where another unit stands in the same line.
        let across = "2021年7月（亿元）,,,\n单位,累计,单位,累计\n鼓楼区,10,福清市,150\n仓山区,9,闽侯县,60\n";
        let page = upload("b.csv", across.as_bytes()).assert_success();
        page.shows("C3、C4 这些单位的数由福清市填报员、闽侯县填报员在网页上填报").lacks("确认导入");
        let page = reviewer.submit(&page, "form.import-form", &[("then", "leave")]).assert_success();
        page.shows("将新报送 2 行").lacks("行不导入");
        let done = reviewer.submit(&page, "form.import-form", &[("then", "confirm")]);
        assert_eq!(done.header("location"), "/import/fuzhou-2021?done=2-0-0", "{}", done.text());
        for (name, bytes, says) in [
            ("a.et", b"x".as_slice(), "WPS 的 et 文件"),
            ("a.xls", &[0xD0, 0xCF, 0x11, 0xE0, 1, 2], "不是能读的旧版工作簿"),
            ("a.xlsx", b"PK\x03\x04", "工作簿打不开"),
            ("a.csv", b"", "还没有选择文件"),
            ("a.bin", &[0, 1, 2, 3], "不是文本文件"),
        ] {
            upload(name, bytes).assert_status(422).shows(says).shows("预览");
        }
        // What was chosen beside it is kept.
        let (action, mut fields) = reviewer.get(AT).assert_success().form("form.import-file");
        for (name, value) in &mut fields {
            let typed = [("period", "2021-07"), ("sheet", "总表")].into_iter().find(|(typed, _)| typed == name);
            *value = typed.map_or(value.clone(), |(_, typed)| typed.to_owned());
        }
        assert!(fields.iter().any(|(_, value)| value == "2021-07") && fields.iter().any(|(_, value)| value == "总表"));
        let refused = office.site.upload_form(&action, &fields, ("file", "a.csv", b""), &reviewer.cookie);
        assert_eq!(refused.assert_status(422).form("form.import-file").1, fields);
        upload("a.csv", "姓名,电话\n张三,1\n".as_bytes()).assert_success().shows("没有找到单位名称一列").lacks("确认导入");
        for other in ["fabu", "fuqing", "lingdao", "xitong"] {
            let person = office.person(other);
            person.get(AT).assert_status(403);
            assert_eq!(office.site.upload(&format!("{AT}/upload"), "a.csv", b"x", &person.cookie).status, 403);
        }
        reviewer.post(AT, &[("then", "confirm")]).assert_status(422).shows("请先选择文件预览");
        // The same on the command line, for an office's own table and for the form that the product asks for.
        let import = |name: &str, text: &str, more: &[&str]| {
            let file = office.site.app.folder.write(name, text);
            let arguments = [&["import", "returns", "--plan", "fuzhou-2021", file.as_str()], more].concat();
            office.site.app.jigai_as("350100-city-reviewer", &arguments)
        };
        let own = "2021年8月（亿元）,\n单位,累计\n福清市,170\n鼓楼区,12\n";
        import("own.csv", own, &["--dry-run"]).assert_done().says("由福清市填报员在网页上填报");
        import("own.csv", own, &["--dry-run", "--skip-reporting"]).assert_done().says("1 行的单位自己在网上填报").says("新报送 1 行");
        let form = "region,period,value,base,growth_pct,note\n福清市,2021-08,170,,,\n鼓楼区,2021-08,12,,,\n";
        import("form.csv", form, &[]).assert_refused().says("由福清市填报员在网页上填报");
        import("form.csv", form, &["--skip-reporting"]).assert_done().says("1 行的单位自己在网上填报").says("新报送 1 行");
    }

    fn the_office_enters_a_figure_in_a_countys_place(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let upload = |value: &str| {
            let table = format!("2021年1—6月（亿元）,,\n单位,累计,同期\n福清市,{value},128.7\n鼓楼区,8.9,8.1\n");
            office.site.upload(&format!("{AT}/upload"), "六月.csv", table.as_bytes(), &reviewer.cookie).assert_success()
        };
        let page = upload("141.3");
        page.shows("单位确实报不了的，可以由办公室代报").shows("由办公室代报").lacks("确认导入").lacks("代报的原因");
        let page = reviewer.submit(&page, "form.import-form", &[("accept", "behalf"), ("then", "preview")]).assert_success();
        page.shows("代报的原因和依据（必填，单位看得到）").shows("将新报送 2 行");
        let silent = reviewer.submit(&page, "form.import-form", &[("then", "confirm")]).assert_status(422);
        silent.shows("由办公室代报，请写明原因和依据").shows("确认导入");
        assert_eq!(rows(&office), 0);
        let why = "填报员病假，按福清市7月3日盖章报来的表录入";
        let done = reviewer.submit(&silent, "form.import-form", &[("reason", why), ("then", "confirm")]);
        assert_eq!(done.header("location"), "/import/fuzhou-2021?done=2-0-0", "{}", done.text());
        // The county reads who wrote its figure and why, asks to correct what is wrong, and is not asked to report again.
        let reporter = office.person("fuqing");
        let report = "/report/fuzhou-2021/2021-06/350181";
        reporter.get("/").assert_success().shows("这一期的数由办公室录入，请核对");
        let page = reporter.get(report).assert_success();
        page.shows("这一期的数不是本单位报的，由").shows("（代报）在").shows(why).shows("申请更正");
        reporter.get(&format!("{report}/history")).assert_success().shows("（代报）").shows(why).shows("141.3");
        let page = office.person("fabu").get("/publish/fuzhou-2021/2021-06").assert_success();
        page.shows("由办公室用文件导入或代报，没有经单位网上填报：鼓楼区、福清市");
        let page = reporter.get(report).assert_success();
        let asked = [("c.investment/350181/value", "142.3"), ("reason", "6月底有一笔到货未计入")];
        assert_eq!(reporter.submit(&page, "form.ask", &asked).status, 303);
        // Once the unit is at work on it, nobody writes in its place.
        let page = upload("150");
        let page = reviewer.submit(&page, "form.import-form", &[("accept", "behalf"), ("then", "preview")]).assert_success();
        let refused = reviewer.submit(&page, "form.import-form", &[("reason", why), ("then", "confirm")]);
        refused.assert_status(422).shows("单位自己已在网页上报过，不能由文件承接或代报");
        // By the command line with the same words.
        let import = |more: &[&str]| {
            let form = "region,period,value,base,growth_pct,note\n闽侯县,2021-06,60.1,52.4,,\n";
            let file = office.site.app.folder.write("form.csv", form);
            let arguments = [&["import", "returns", "--plan", "fuzhou-2021", file.as_str()], more].concat();
            office.site.app.jigai_as("350100-city-reviewer", &arguments)
        };
        import(&["--accept", "behalf"]).assert_refused().says("由办公室代报，请写明原因和依据");
        import(&["--accept", "behalf", "--reason", "县里停电，电话报数"]).assert_done().says("新报送 1 行");
        // Two units in one line: only the one that reports for itself was entered in its place.
        let across = "2021年1—7月（亿元）,,,,,\n单位,累计,同期,单位,累计,同期\n仓山区,10.1,9.2,闽侯县,70.2,61.5\n";
        let page = office.site.upload(&format!("{AT}/upload"), "七月.csv", across.as_bytes(), &reviewer.cookie);
        let page = reviewer.submit(&page, "form.import-form", &[("accept", "behalf"), ("then", "preview")]).assert_success();
        let done = reviewer.submit(&page, "form.import-form", &[("reason", why), ("then", "confirm")]);
        assert_eq!(done.header("location"), "/import/fuzhou-2021?done=2-0-0", "{}", done.text());
        let by = "SELECT region_id FROM return_revision WHERE month = 7 AND recorded_by LIKE '%（代报）'";
        assert_eq!(office.site.app.query(by), ["350121"]);
        let entries = office.site.app.query("SELECT detail FROM audit WHERE action = 'import_returns' ORDER BY seq");
        assert!(entries.iter().all(|detail| detail.contains("\"on_behalf\":[\"3501")), "{entries:?}");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_blank_goes_out_and_comes_back(app: TestApp) {
        let office = Office::new(app);
        let reviewer = office.person("shenhe");
        let blank = reviewer.get("/export/template/fuzhou-2021.2021-07.investment.xlsx").assert_success();
        // As it went out it says nothing, and nothing is doubtful.
        let page = office.site.upload(&format!("{AT}/upload"), "模板.xlsx", &blank.bytes, &reviewer.cookie).assert_success();
        page.shows("将新报送 0 行").lacks("要先改好");
        // A county gets its own rows only, and sends them back on its own form.
        let county = office.person("minhou");
        let address = "/export/template/fuzhou-2021.2021-07.investment.350121.xlsx";
        let own = county.get(address).assert_success();
        office.person("fuqing").get(address).assert_error(404);
        office.person("lingdao").get("/export/template/fuzhou-2021.2021-07.investment.xlsx").assert_error(404);
        county.get("/report/fuzhou-2021/2021-07/350121").assert_success().shows("下载空白模板");
        let at = "/report/fuzhou-2021/2021-07/350121/upload";
        office.site.upload(at, "own.xlsx", &own.bytes, &county.cookie).assert_status(422).shows("没有可用的数");
        // A table of the whole city: only its own lines are taken.
        let all = "2021年1—7月（万元）,,\n单位,累计完成,去年同期\n鼓楼区,100000,90000\n闽侯县,560000,500000\n其中：高新区,160000,140000\n";
        let page = office.site.upload(at, "全市.csv", all.as_bytes(), &county.cookie).assert_success();
        assert!(page.html.contains("value=\"56\"") && page.html.contains("value=\"16\"") && !page.html.contains("value=\"10\""), "{}", page.text());
        let across = "2021年1—7月（万元）,,,\n单位,累计完成,单位,累计完成\n鼓楼区,十万,闽侯县,570000\n";
        let page = office.site.upload(at, "全市.csv", across.as_bytes(), &county.cookie).assert_success();
        assert!(page.html.contains("value=\"57\""), "{}", page.text());
        // Of another month it is refused; a growth is not the county's to state.
        let june = all.replace("1—7月", "1—6月");
        office.site.upload(at, "六月.csv", june.as_bytes(), &county.cookie).assert_status(422).shows("表里写的是2021年1—6月").shows("空白模板");
        let growth = "2021年1—7月（万元）,,\n单位,累计完成,增长%\n闽侯县,580000,12\n";
        let page = office.site.upload(at, "增长.csv", growth.as_bytes(), &county.cookie).assert_success();
        assert!(page.html.contains("value=\"58\""), "{}", page.text());
        let wrong = "2021年1—7月（万元）,,\n单位,累计完成,去年同期\n闽侯县,五十六亿,500000\n";
        office.site.upload(at, "全市.csv", wrong.as_bytes(), &county.cookie).assert_status(422).shows("B3");
    }

    fn on_the_command_line_with_a_mapping(app: TestApp) {
        app.import_fuzhou();
        let file = app.folder.write("七月.xlsx", workbook("鼓楼区", 110_500.0));
        let import = |more: &[&str]| app.jigai(&[&["import", "returns", "--plan", "fuzhou-2021", file.as_str()], more].concat());
        import(&[]).assert_refused().says("不是标准格式").says("--dry-run");
        let shown = import(&["--dry-run"]);
        shown.assert_done().says("B列　技改投资 累计完成 → 本期累计").says("没有写入").says("新报送 3 行").says("B = \"value\"");
        app.jigai(&["verify"]).assert_done().says("报送数据 28 行");
        let mapping = shown.out.split("\n\n").last().map(|_| shown.out[shown.out.find("sheet = ").unwrap()..].to_owned()).unwrap();
        let map = app.folder.write("对应.toml", mapping.replace("unit = \"万元\"", "unit = \"斤\""));
        import(&["--mapping", &map]).assert_refused().says("unit 请写 亿元、万元 或 元");
        let map = app.folder.write("对应.toml", mapping);
        import(&["--mapping", &map]).assert_done().says("新报送 3 行");
        import(&["--mapping", &map]).assert_done().says("未变 3 行");
        app.jigai(&["export", "json", "--plan", "fuzhou-2021", "--period", "2021-07"]).says("\"value\": \"1105000000\"");
        // The form that the product asks for goes the short way, also as a look only.
        let own = app.folder.write("own.csv", "region,period,value,base,growth_pct,note\n鼓楼区,2021-08,12,11,,\n");
        app.jigai(&["import", "returns", "--plan", "fuzhou-2021", &own, "--dry-run"]).assert_done().says("新报送 1 行").says("没有写入");
        app.jigai(&["verify"]).assert_done().says("报送数据 31 行");
    }
}
