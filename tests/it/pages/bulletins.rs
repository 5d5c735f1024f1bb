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
        site.get("/").assert_success().shows("还没有发布通报").shows("jigai import plan");
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

    fn the_print_page_has_the_same_content_without_navigation_tools(app: TestApp) {
        let site = published(app);
        let page = site.get("/bulletins/fuzhou-2021/2021-05/print").assert_success();
        page.shows("全市累计完成工业技改投资410.20亿元");
        assert!(page.all(".periods").is_empty());
        site.get("/bulletins/fuzhou-2021/2021-05/e1/print").assert_success();
    }
}
