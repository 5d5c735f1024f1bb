//! `/`, `/bulletins…`: what a leader reads.

use tests::{TestApp, on_both_databases};

/// Fuzhou's contract figures, published for May and December.
fn published(app: TestApp) -> tests::Serving {
    app.import_fuzhou();
    app.publish("2021-05", &[]).assert_done();
    app.publish("2021-12", &[]).assert_done();
    app.serve(&[])
}

on_both_databases! {
    fn while_most_are_missing_nothing_is_ranked(app: TestApp) {
        app.jigai(&["import", "plan", &tests::contract("fuzhou-2021.plan.toml").display().to_string()]).assert_done();
        let file = app.folder.write("two.csv", "region,period,value,base\n福清市,2021-05,140.5,120.25\n闽侯县,2021-05,55.5,50\n");
        app.jigai(&["import", "returns", "--plan", "fuzhou-2021", &file]).assert_done();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        let page = site.get("/bulletins/fuzhou-2021/2021-05").assert_success();
        page.shows("11个县（市）区中9个未报，以下只反映已报单位的情况").shows("11个县（市）区中9个未报，暂不测算").lacks("居首").lacks("跟上序时进度");
        assert_eq!(page.all("figure.chart").len(), 1, "the way of the whole through the year alone");
        site.get("/board?plan=fuzhou-2021").assert_success().shows("11个县（市）区中9个未报，暂不测算").lacks("跟上序时进度");
        site.get("/assess/fuzhou-2021").assert_success().shows("11个县（市）区中9个未报，暂不测算").lacks("若以本期为终（分）");
        site.get("/assess/fuzhou-2021/350181").assert_success().shows("暂不测算").lacks("加分线测算");
        site.get("/units/fuzhou-2021/350181").assert_success().lacks("居第");
        site.get("/rank/fuzhou-2021/2021-05").assert_success().shows("11个县（市）区中9个未报，以下只是已报单位的排列");
        assert_eq!(site.get("/export/bulletin/fuzhou-2021.2021-05.e1.growth.csv").status, 404);
        // The command line's contract stays.
        let arguments = ["standings", "--plan", "fuzhou-2021.plan.toml", "--returns", &file, "--period", "2021-05"];
        let arguments = arguments.map(|part| if part.ends_with(".toml") { tests::contract(part).display().to_string() } else { part.to_owned() });
        tests::jigai(&arguments.each_ref().map(String::as_str)).assert_done().says("-0.3分");
    }

    fn a_correction_opens_with_its_headline_and_one_line(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let file = app.folder.write("right.csv", "region,period,value,base\n晋安区,2021-05,6.2,5.9\n");
        app.jigai(&["import", "returns", "--plan", "fuzhou-2021", &file, "--reason", "笔误"]).assert_done();
        app.publish("2021-05", &["--reason", "晋安区原报有误"]).assert_done().says("主要是晋安区位次由1降为");
        let site = app.serve(&[]);
        let page = site.get("/bulletins/fuzhou-2021/2021-05/e2").assert_success();
        let text = page.text();
        let (title, line) = (text.find("完成情况").unwrap(), text.find("主要是晋安区位次由1降为").unwrap());
        assert!(title < line, "the headline first");
        page.shows("本版更正第1版，原因：晋安区原报有误。");
        assert_eq!(page.all("details.changes-fold summary"), ["更正前后对照"]);
        assert!(page.all("details.changes-fold td").len() > 4);
    }

    fn before_anything_is_published_readers_are_told_that(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve(&[]);
        site.get("/units/fuzhou-2021").assert_success().shows("尚未发布通报").lacks("报送数据");
        site.get("/units/fuzhou-2021/350181").assert_success().shows("尚未发布通报").lacks("报送数据");
        site.get("/assess/fuzhou-2021").assert_success().shows("尚未发布通报，暂时没有考核结果").lacks("报送数据");
    }

    fn growth_targets_alone_read_so_on_every_page_and_file(app: TestApp) {
        publish_own(&app, "kind = 'amount'\nunit = '亿元'\ntargets = [{ year = 2021, growth_pct = '12' }]", "growth_pct = '12'",
            "completed_when = 'growth'", &["某市,2021-04,,,11.8,", "某市,2021-05,,,12.3,", "甲县,2021-05,,,13.5,", "乙县,2021-05,,,11,", "丙县,2021-05,,,12,"]);
        let ran = app.jigai(&["bulletin", "preview", "--plan", "own", "--period", "2021-05"]);
        ran.assert_done().says("增幅未达标").says("高于年度增幅目标0.3个百分点").says("未达到的1个（乙县低1.0个百分点）");
        let site = app.serve(&[]);
        let page = site.get("/bulletins/own/2021-05").assert_success();
        page.shows("3个县中2个增幅达到目标，乙县差距最大").shows("■ 增幅未达标").lacks("不考核").lacks("完成率").lacks("总量未报");
        assert_eq!(page.all("table.standings tbody .distance"), ["0.3", "1.5", "−1.0", "0.0"]);
        site.get("/rank/own/2021-05").assert_success().shows("与目标差（个百分点）").shows("增幅达标").lacks("不考核");
        site.get("/units/own").assert_success().shows("增长12%").shows("与目标差").lacks("不考核");
        site.get("/units/own/乙县").assert_success().shows("同比增长11.0%，低于目标1.0个百分点").lacks("不考核");
        site.get("/board").assert_success().shows("与目标差").lacks("不考核");
        let docx = site.get("/export/bulletin/own.2021-05.e1.paper.docx").assert_success();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&docx.bytes)).unwrap();
        let mut document = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut document).unwrap();
        assert!(document.contains("与目标差（个百分点）") && document.contains("■ 增幅未达标") && !document.contains("不考核"));
        // The keys and values of the data stay: a growth has no lamp of the pace.
        site.get("/export/bulletin/own.2021-05.e1.table.json").assert_success().shows("not_assessed");
        site.get("/export/bulletin/own.2021-05.e1.paper.pdf").assert_success();
        site.get("/export/bulletin/own.2021-05.e1.table.xlsx").assert_success();
    }

    fn less_is_better_on_every_page(app: TestApp) {
        publish_own(&app, "kind = 'ratio'\nunit = '吨标准煤/万元'\ndirection = 'at_most'\ntargets = [{ year = 2021, value = '0.508' }]",
            "value = '0.644'", "rank_by = 'value'", &["某市,2021-05,0.512,,,", "甲县,2021-05,0.45,,,", "乙县,2021-05,0.65,,,", "丙县,2021-05,0.644,,,"]);
        let site = app.serve(&[]);
        let page = site.get("/bulletins/own/2021-05").assert_success();
        page.shows("高于年度目标0.004吨标准煤/万元").shows("乙县高0.006吨标准煤/万元").lacks("完成年度目标的").lacks("完成率");
        assert_eq!(page.all("table.standings tbody .distance"), ["0.004", "−0.194", "0.006", "0.000"]);
        site.get("/units/own/乙县").assert_success().shows("高于目标0.006吨标准煤/万元").lacks("完成年度目标的");
        let unit = site.get("/assess/own/乙县?period=2021-05").assert_success();
        unit.shows("还需降低 0.006吨标准煤/万元");
        site.get("/assess/own/甲县?period=2021-05").assert_success().shows("已经达到（尚有 0.194吨标准煤/万元 的余量）");
    }

    fn the_completion_alone_has_its_page(app: TestApp) {
        publish_own(&app, "kind = 'completion'\nunit = '%'", "kind = 'region'", "rank_by = 'completion'",
            &["某市,2021-08,65.2,,,", "甲县,2021-08,70.1,,,", "乙县,2021-08,64.5,,,", "丙县,2021-08,50,,,"]);
        let site = app.serve(&[]);
        let page = site.get("/bulletins/own/2021-08").assert_success();
        page.shows("全市技改投资完成年度目标的65.2%，慢于序时进度1.5个百分点").lacks("各县合计").lacks("累计完成技改投资");
        assert_eq!(page.all("table.standings tbody .gap"), ["−1.5", "3.4", "−2.2", "−16.7"]);
    }

    fn the_bulletin_shows_sentence_numbers_ranking_and_charts(app: TestApp) {
        let site = published(app);
        let page = site.get("/bulletins/fuzhou-2021/2021-05").assert_success();
        page.shows("2021年1—5月全市工业技改投资完成情况").shows("第4期");
        page.shows("全市累计完成工业技改投资410.20亿元");
        page.shows("11个县（市）区均未达到序时进度，晋安区差距最小，永泰县差距最大");
        assert_eq!(page.all("h1").len(), 1);
        let names = page.all("table.standings tbody .name");
        assert_eq!(names[..4], ["全市", "鼓楼区", "台江区", "仓山区"]);
        assert!(names.contains(&"其中：高新区".to_owned()));
        let ranks = page.all("table.standings tbody .rank");
        assert_eq!(ranks[1..4], ["10", "—", "7"]);
        // The first bulletin of its year, before the year's end: no movement, no way through the year, no awards
        // published.
        let findings = page.all("figure.chart h2");
        assert_eq!(findings[..2], ["晋安区增长18.0%居首，永泰县下降6.1%居末", "全市累计410.20亿元，距序时进度还差56.47亿元"]);
        assert_eq!(findings[2..], ["福清市拉动最大，3.7个百分点；只有永泰县拉低，0.04个百分点"]);
        page.lacks("若以本期为终");
        page.lacks("演示数据");
    }

    fn a_picture_says_what_its_table_says(app: TestApp) {
        let site = published(app);
        let page = site.get("/bulletins/fuzhou-2021/2021-12").assert_success();
        assert_eq!(page.all("figure.chart").len(), 6);
        for (file, column) in [("growth", 2), ("contribution", 1), ("slope", 2), ("paths", 2)] {
            let csv = site.get(&format!("/export/bulletin/fuzhou-2021.2021-12.e1.{file}.csv")).assert_success();
            let cells: Vec<Vec<&str>> = csv.html.trim_start_matches('\u{feff}').lines().skip(1).map(|line| line.split(',').collect()).collect();
            assert!(cells.len() >= 11, "{file}");
            let drawn = page.all(&format!("#chart-{file} .desk svg > g > text"));
            for line in cells {
                let name = line[0].trim_end_matches("（不相加）");
                let (name, number) = if file == "growth" { (line[1], line[2]) } else { (name, line[column]) };
                assert!(drawn.iter().any(|text| text == name), "{file}: {name} {drawn:?}");
                // A file for spreadsheets writes the hyphen they take for a minus sign.
                let number = number.replace('-', "−");
                assert!(drawn.contains(&number), "{file}: {name} {number} {drawn:?}");
            }
        }
    }

    fn the_table_of_awards_says_what_each_unit_lacks(app: TestApp) {
        let site = published(app);
        let csv = site.get("/export/bulletin/fuzhou-2021.2021-12.e1.quadrant.csv").assert_success();
        let lines: Vec<&str> = csv.html.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "位次,单位,完成率,是否完成,同比增长,预计结果,距完成目标（亿元）,距前一位（亿元）,距前一位（个百分点）");
        // 22.49 of 22.5; 21.4 ÷ 19.3 stands before 22.49 ÷ 20.3. The first has nobody before it.
        assert!(lines.contains(&"8,仓山区,99.96%,未完成,10.8%,—,0.01,0.02,0.1"), "{lines:?}");
        assert!(lines[1].starts_with("1,晋安区,102.42%,已完成,16.2%,+0.3,—,—,—"), "{}", lines[1]);
        // The same search answers on the command line.
        let arguments = ["--plan", "fuzhou-2021.plan.toml", "--returns", "fuzhou-2021.returns.csv"].map(|part| {
            if part.starts_with("--") { part.to_owned() } else { tests::contract(part).display().to_string() }
        });
        let asked = tests::jigai(&[&["what-if"], &arguments.each_ref().map(String::as_str)[..], &["--period", "2021-12", "--region", "350104"]].concat());
        asked.assert_done().says("完成年度目标：还需 0.01亿元").says("前进一位：还需 0.02亿元");
    }

    fn every_number_opens_to_its_source(app: TestApp) {
        let site = published(app);
        let page = site.get("/bulletins/fuzhou-2021/2021-05").assert_success();
        let anchors: Vec<String> = page.links().into_iter().filter(|link| link.starts_with("#source-")).collect();
        assert!(anchors.len() > 60, "{}", anchors.len());
        for anchor in anchors {
            assert!(page.html.contains(&format!("id=\"{}\"", &anchor[1..])), "{anchor}");
        }
        page.shows("第1次报送").shows("fuzhou-2021.returns.csv 第4行").shows("710,000,000").shows("3/68");
    }

    fn the_year_ends_with_awards_and_more_digits_where_rounding_would_lie(app: TestApp) {
        let site = published(app);
        let page = site.get("/bulletins/fuzhou-2021/2021-12").assert_success();
        page.shows("预计结果").shows("+0.3").shows("−0.2");
        // 仓山区 reached 99.96%: never printed as 100.0% beside 未完成; 闽侯县 99.959%.
        let completions = page.all("table.standings tbody .completion");
        assert!(completions.contains(&"99.96%".to_owned()), "{completions:?}");
        assert!(page.all("figure.chart h2").iter().any(|title| title.contains("个单位加分")));
    }

    fn home_is_the_newest_bulletin_or_how_to_begin(app: TestApp) {
        let site = app.serve(&[]);
        site.get("/").assert_success().shows("还没有发布通报").shows("开始使用");
        site.app.import_fuzhou();
        site.app.publish("2021-05", &[]).assert_done();
        site.get("/").assert_success().shows("2021年1—5月全市工业技改投资完成情况");
        site.get("/bulletins").assert_success().shows("2021年1—5月").shows("首次发布");
    }

    fn an_unchanged_page_costs_a_304(app: TestApp) {
        let site = published(app);
        let first = site.get("/bulletins/fuzhou-2021/2021-05/e1").assert_success();
        assert_eq!(first.header("cache-control"), "no-cache");
        let etag = first.header("etag").to_owned();
        let again = site.get_with("/bulletins/fuzhou-2021/2021-05/e1", &[("if-none-match", &etag)]);
        assert_eq!((again.status, again.html.len()), (304, 0));
    }

    // A page of more than 1 MiB was never kept: a reader who had it already waited until it was rendered again.
    fn a_bulletin_of_many_units_is_kept_too(app: TestApp) {
        let units = 0..600;
        let splits: String = units.clone().map(|n| format!("[[goal.split]]\nname = '单位{n}'\nvalue = '1'\n")).collect();
        let plan = format!(
            "format = 1\nid = 'own'\ntitle = '计划'\nregion = {{ name = '某市' }}\nyears = [2021, 2021]\n[[goal]]\n\
             id = 'g'\nname = '技改投资'\nkind = 'amount'\nunit = '亿元'\n{splits}"
        );
        let lines: String = units.map(|n| format!("单位{n},2021-05,0.{},0.4\n", 400 + n % 100)).collect();
        let plan = app.folder.write("own.plan.toml", plan);
        let returns = app.folder.write("own.csv", format!("region,period,value,base\n{lines}"));
        app.jigai(&["import", "plan", &plan]).assert_done();
        app.jigai(&["import", "returns", "--plan", "own", &returns]).assert_done();
        app.jigai(&["bulletin", "publish", "--plan", "own", "--period", "2021-05"]).assert_done();
        let site = app.serve(&[]);
        let address = "/bulletins/own/2021-05/e1";
        let first = site.get_with(address, &[("accept-encoding", "identity")]).assert_success();
        assert!(first.html.len() > 1024 * 1024, "{}", first.html.len());
        // What is kept is the packed page alone: whoever cannot unpack it gets the same.
        let again = site.get_with(address, &[("accept-encoding", "identity")]);
        assert_eq!((again.header("content-encoding"), &again.html), ("", &first.html));
        assert_eq!(site.get_with(address, &[("accept-encoding", "gzip")]).header("etag"), first.header("etag"));
        let known = site.get_with(address, &[("if-none-match", first.header("etag"))]);
        assert_eq!((known.status, known.html.len()), (304, 0));
    }

    fn the_print_page_has_the_same_content_without_navigation_tools(app: TestApp) {
        let site = published(app);
        let page = site.get("/bulletins/fuzhou-2021/2021-05/print").assert_success();
        page.shows("全市累计完成工业技改投资410.20亿元");
        assert!(page.all(".periods").is_empty());
        site.get("/bulletins/fuzhou-2021/2021-05/e1/print").assert_success();
    }
}

/// A plan of 某市 with one goal of these keys, three counties of these, its figures imported and the newest published.
fn publish_own(app: &TestApp, goal: &str, split: &str, rules: &str, lines: &[&str]) {
    let splits: String =
        ["甲县", "乙县", "丙县"].iter().map(|name| format!("[[goal.split]]\nname = '{name}'\n{split}\n")).collect();
    let plan = format!(
        "format = 1\nid = 'own'\ntitle = '计划'\nregion = {{ name = '某市' }}\nyears = [2021, 2021]\n[[goal]]\nid = 'g'\n\
         name = '技改投资'\n{goal}\n{splits}[[assessment]]\ngoal = 'g'\n{rules}\n[[assessment.award]]\nwhen = 'completed'\n\
         from = 'top'\nplaces = ['0.1']\nunit = '分'\n"
    );
    let plan = app.folder.write("own.plan.toml", plan);
    let returns = format!("region,period,value,base,growth_pct,note\n{}\n", lines.join("\n"));
    let returns = app.folder.write("own.csv", returns);
    app.jigai(&["import", "plan", &plan]).assert_done();
    app.jigai(&["import", "returns", "--plan", "own", &returns]).assert_done();
    let period = lines.last().and_then(|line| line.split(',').nth(1)).unwrap();
    app.jigai(&["bulletin", "publish", "--plan", "own", "--period", period]).assert_done();
}
