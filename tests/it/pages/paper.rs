//! The office's paper: Word and PDF of an edition, and what is written around it. Read back as other programs read
//! them.

use std::io::{Cursor, Read};
use std::process::Command;

use calamine::{Reader, Xlsx};
use tests::{Office, PASSWORD, Page, TestApp, contract, on_both_databases};

/// A part of a Word file.
fn part(file: &Page, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What stands in each element of this name, without markup.
fn texts(xml: &str, element: &str) -> Vec<String> {
    let plain = |body: &str| {
        let runs = body.split("<w:t ").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</w:t>"));
        runs.map(|(text, _)| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).collect::<String>()
    };
    let mut found: Vec<String> = xml.split(&format!("</{element}>")).map(plain).collect();
    found.pop();
    found
}

/// A PDF's text in reading order, as a reader copies it: nothing between characters that only spacing set apart.
fn pdf_text(app: &TestApp, file: &Page) -> String {
    let path = app.folder.write("paper.pdf", &file.bytes);
    let read = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", &path, "-"])
        .output()
        .expect("pdftotext of poppler-utils");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap().split_whitespace().collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The cells of the main table as the page shows them: place, name, target, value, completion, gap, growth, lamp,
/// awards.
fn page_rows(page: &Page) -> Vec<Vec<String>> {
    let columns = ["rank", "name", "target", "value", "completion", "gap", "growth", "lamp-cell"];
    let mut columns: Vec<Vec<String>> =
        columns.iter().map(|name| page.all(&format!("table.standings tbody .{name}"))).collect();
    let awards = page.all("table.standings tbody .award");
    let rows = columns[0].len();
    let each = awards.len() / rows;
    for award in 0..each {
        columns.push((0..rows).map(|row| awards[row * each + award].clone()).collect());
    }
    (0..rows).map(|row| columns.iter().map(|column| squeezed(&column[row])).collect()).collect()
}

on_both_databases! {
    fn word_pdf_workbook_and_csv_say_what_the_page_says(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-12", &[]).assert_done();
        let site = app.serve(&[]);
        let page = site.get("/bulletins/fuzhou-2021/2021-12").assert_success();
        let file = |name: &str| site.get(&format!("/export/bulletin/fuzhou-2021.2021-12.e1.{name}")).assert_success();
        let (docx, pdf) = (file("paper.docx"), file("paper.pdf"));
        assert!(docx.header("content-type").contains("wordprocessingml") && pdf.header("content-type") == "application/pdf");
        let document = part(&docx, "word/document.xml");
        let table = document.split("<w:tbl>").nth(1).unwrap().split("</w:tbl>").next().unwrap();
        let rows: Vec<Vec<String>> = table.split("<w:tr>").skip(1).map(|row| texts(row, "w:tc").iter().map(|cell| squeezed(cell)).collect()).collect();
        let shown = page_rows(&page);
        assert_eq!(shown.len(), 14);
        // A movement stands beside the place on the page only.
        let place = |cell: &str| cell.split(['↑', '↓']).next().unwrap_or_default().to_owned();
        let text = pdf_text(&site.app, &pdf);
        for (word, page) in rows[1..].iter().zip(&shown) {
            assert_eq!(word[0], place(&page[0]));
            // The total has no lamp and no awards.
            let known = if page[1] == "全市" { 7 } else { page.len() };
            assert_eq!(word[1..known], page[1..known]);
            let line: String = word.concat();
            assert!(text.contains(&line), "{line} not in {text}");
        }
        // Every sentence, in both.
        let words: String = texts(&document, "w:p").iter().map(|text| squeezed(text)).collect();
        let sentences = page.all("p.lead, p.body");
        assert!(sentences.len() >= 4, "{sentences:?}");
        for sentence in sentences {
            let head = page.all("b.para-head").into_iter().find(|head| sentence.starts_with(head.as_str())).unwrap_or_default();
            let body = squeezed(sentence.strip_prefix(head.as_str()).unwrap_or(&sentence));
            assert!(words.contains(&body) && text.contains(&body), "{body}\n{text}");
        }
        // Exact figures: the page's list of sources, the papers', the workbook's.
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file("table.xlsx").bytes)).unwrap();
        let cells: Vec<String> = book.sheet_names().iter().flat_map(|name| book.worksheet_range(name).unwrap().cells().map(|(.., cell)| cell.to_string()).collect::<Vec<_>>()).collect();
        let csv = file("table.csv").html;
        for (at, figure) in page.all("#sources td.r").into_iter().enumerate() {
            assert!(words.contains(&figure) && text.contains(&figure), "{figure}");
            // The CSV has the units' rows, the whole stands on the paper and in the workbook's main sheet.
            if at >= 3 && figure.contains(',') {
                let plain = figure.replace(',', "");
                assert!(csv.contains(&plain) && cells.iter().any(|cell| *cell == plain || cell.replace(',', "") == plain), "{figure}");
            }
        }
        let hash = page.all("footer.colophon code").into_iter().find(|code| code.len() == 64).unwrap();
        assert!(text.contains("演示数据").eq(&false) && document.contains("SHA-256"));
        assert!(page.html.contains(&hash));
    }

    fn word_is_made_to_be_edited(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        let docx = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.paper.docx").assert_success();
        let (document, styles) = (part(&docx, "word/document.xml"), part(&docx, "word/styles.xml"));
        for (name, what) in [("heading 1", "黑体"), ("heading 2", "楷体_GB2312"), ("Normal", "仿宋_GB2312"), ("Title", "方正小标宋简体")] {
            let style = styles.split("<w:style ").find(|style| style.contains(&format!("<w:name w:val=\"{name}\""))).unwrap();
            assert!(style.contains(what), "{name}: {style}");
        }
        let numbering = part(&docx, "word/numbering.xml");
        for format in ["%1、", "（%2）", "%3.", "（%4）", "chineseCounting"] {
            assert!(numbering.contains(format), "{format}");
        }
        assert!(document.contains("w:pgMar w:top=\"2098\"") && document.contains("w:left=\"1587\"") && document.contains("w:linePitch=\"580\""), "margins of the standard");
        // A head for each table, and no more: it stands again on every page.
        assert_eq!(document.matches("<w:tblHeader />").count(), document.matches("<w:tbl>").count());
        let charts = site.get("/bulletins/fuzhou-2021/2021-05").all("figure.chart").len();
        assert!(charts > 0 && document.matches("descr=\"").count() == charts, "each chart is told: {charts}");
        assert!(part(&docx, "word/fontTable.xml").contains("<w:font w:name=\"仿宋_GB2312\"><w:altName w:val=\"仿宋\"/>"));
        let feet = [part(&docx, "word/footer1.xml"), part(&docx, "word/footer2.xml")];
        assert!(feet.iter().all(|foot| foot.contains("— ") && foot.contains("PAGE")) && part(&docx, "word/settings.xml").contains("evenAndOddHeaders"));
        assert!(document.contains("w:numPr") && !document.contains("一、"), "numbers are the program's own");
    }

    fn the_office_writes_its_paper(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        let publisher = office.person("fabu");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        publisher.submit(&page, "main form", &[("password", PASSWORD)]).assert_status(303);
        let at = "/bulletins/fuzhou-2021/2021-06/e1";
        publisher.get(at).assert_success().shows("公文稿头");
        office.person("lingdao").get(at).assert_success().lacks("公文稿头");
        let file = |name: &str| publisher.get(&format!("/export/bulletin/fuzhou-2021.2021-06.e1.{name}")).assert_success();
        // Nothing is made up before anybody wrote anything.
        let bare = pdf_text(&office.site.app, &file("paper.pdf"));
        assert!(bare.starts_with("工业技改投资通报") && !bare.contains("号关于") && !bare.contains("抄送") && !bare.contains("印发"), "{bare}");
        let page = publisher.get(&format!("{at}/paper")).assert_success();
        page.shows("还没有保存稿头").shows("不画印章");
        let faulty = [("number", "榕工信[2021]34号"), ("dated", "六月下旬"), ("recipients", "各县（市）区人民政府")];
        let refused = publisher.submit(&page, "form.letterhead", &faulty).assert_status(422);
        refused.shows("请写成 榕工信〔2021〕34号").shows("成文日期“六月下旬”不是日期");
        assert!(refused.html.contains("各县（市）区人民政府") && refused.html.contains("六月下旬"), "what was typed is kept");
        let written = [
            ("masthead", "福州市工业和信息化局文件"),
            ("number", "榕工信〔2021〕34号"),
            ("recipients", "各县（市）区人民政府，高新区管委会："),
            ("signature", "福州市工业和信息化局"),
            ("dated", "2021年7月8日"),
            ("note", "此件主动公开"),
            ("copies", "市委办公厅，市人大常委会办公厅"),
            ("printed_by", "福州市工业和信息化局办公室"),
            ("printed_on", "2021-07-09"),
        ];
        let saved = publisher.submit(&refused, "form.letterhead", &written);
        assert_eq!((saved.status, saved.header("location").to_owned()), (303, format!("{at}/paper")), "{}", saved.text());
        publisher.get(&format!("{at}/paper")).assert_success().shows("稿头已保存");
        let parts = [
            "福州市工业和信息化局文件", "榕工信〔2021〕34号", "关于2021年上半年", "各县（市）区人民政府，高新区管委会：", "一、进度情况",
            "附件：1.", "福州市工业和信息化局2021年7月8日", "（此件主动公开）", "附件1", "抄送：市委办公厅，市人大常委会办公厅。",
            "福州市工业和信息化局办公室2021年7月9日印发",
        ];
        let text = pdf_text(&office.site.app, &file("paper.pdf"));
        let document = part(&file("paper.docx"), "word/document.xml");
        let words: String = texts(&document, "w:p").iter().map(|text| squeezed(text)).collect();
        let mut from = 0;
        for part in parts {
            from += text[from..].find(part).unwrap_or_else(|| panic!("{part} not in order in {text}"));
            // Word numbers the levels itself.
            assert!(part == "一、进度情况" || words.contains(part), "{part}: {words}");
        }
        // The same once more writes nothing; the trail knows who wrote.
        let head = office.site.app.head();
        publisher.submit(&publisher.get(&format!("{at}/paper")), "form.letterhead", &[]).assert_status(303);
        assert_eq!(office.site.app.head(), head);
        office.site.app.jigai(&["verify"]).assert_done();
        // Nobody else's hand.
        for login in ["lingdao", "fuqing", "xitong"] {
            office.person(login).get(&format!("{at}/paper")).assert_status(403);
            office.person(login).post(&format!("{at}/paper"), &written).assert_status(403);
        }
        publisher.post("/bulletins/fuzhou-2021/2021-06/e9/paper", &written).assert_status(404);
    }

    // 延吉市 writes its name in 朝鲜文 too.
    fn a_name_without_a_face_is_refused_before_the_paper_is_made(app: TestApp) {
        let of_fuzhou = |file: &str| std::fs::read_to_string(contract(file)).unwrap();
        let renamed = |text: String, to: &str| text.replace("鼓楼区", to);
        let export = |kind: &str, file: &str| {
            let output = app.folder.path().join(file);
            app.jigai(&["export", kind, "--plan", "fuzhou-2021", "--period", "2021-05", "--output", output.to_str().unwrap()])
        };
        let publish = |name: &str| {
            let plan = app.folder.write("named.plan.toml", renamed(of_fuzhou("fuzhou-2021.plan.toml"), name));
            let returns = app.folder.write("named.csv", renamed(of_fuzhou("fuzhou-2021.returns.csv"), name));
            app.jigai(&["import", "plan", &plan, "--reason", "更正单位名称"]).assert_done();
            app.jigai(&["import", "returns", "--plan", "fuzhou-2021", &returns]).assert_done();
            app.publish("2021-05", &["--reason", "更正单位名称"]).assert_done();
        };
        publish("𬭸岛㮾梨");
        export("pdf", "real.pdf").assert_done();
        export("docx", "real.docx").assert_done();
        publish("연길市");
        for kind in ["pdf", "docx"] {
            let refused = export(kind, &format!("boxes.{kind}"));
            refused.assert_refused().says("“길”（U+AE38）、“연”（U+C5F0）").says("本单位字体").says("data/fonts");
            assert!(!app.folder.path().join(format!("boxes.{kind}")).exists());
        }
        // The office's own face has them.
        let fonts = app.folder.path().join("fonts");
        std::fs::create_dir_all(&fonts).unwrap();
        let own = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
        std::fs::copy(own, fonts.join("own.ttc")).unwrap();
        export("pdf", "own.pdf").assert_done();
        export("docx", "own.docx").assert_done();
        std::fs::remove_dir_all(&fonts).unwrap();
        let site = app.serve(&[]);
        for kind in ["pdf", "docx"] {
            let at = format!("/export/bulletin/fuzhou-2021.2021-05.e2.paper.{kind}");
            site.get(&at).assert_status(422).shows("没有生成文件").shows("“길”（U+AE38）").shows("data/fonts");
        }
    }

    fn a_correction_says_what_it_corrects(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-12", &[]).assert_done();
        app.import_lines("c.csv", &["福清市,2021-12,309.5,272.57,,"], &["--reason", "漏报宏港项目"]).assert_done();
        app.publish("2021-12", &["--reason", "福清市漏报一个项目"]).assert_done();
        let pdf = app.folder.path().join("two.pdf");
        let made = app.jigai(&["export", "pdf", "--plan", "fuzhou-2021", "--period", "2021-12", "--output", pdf.to_str().unwrap()]);
        made.assert_done().says("已写入");
        app.jigai(&["export", "pdf", "--plan", "fuzhou-2021", "--period", "2021-12", "--output", pdf.to_str().unwrap()]).assert_refused().says("没有覆盖");
        app.jigai(&["export", "docx", "--plan", "fuzhou-2021", "--period", "2021-12", "--edition", "7"]).assert_refused().says("没有第7版");
        let page = Page { path: String::new(), status: 200, html: String::new(), bytes: std::fs::read(pdf).unwrap(), headers: Vec::new() };
        let text = pdf_text(&app, &page);
        assert!(text.contains("本期为第2版，更正第1版。原因：福清市漏报一个项目。") && text.contains("更正对照表"), "{text}");
        assert!(text.contains("福清市累计完成308.00亿元309.50亿元"), "{text}");
    }
}

/// Opens files as an office does, and returns their text page by page.
fn opened(app: &TestApp, files: &[&str]) -> Vec<String> {
    let folder = app.folder.path();
    let home = format!("-env:UserInstallation=file://{}/libreoffice", folder.display());
    let out = folder.join("opened");
    let mut office = Command::new("soffice");
    office.args([&home, "--headless", "--convert-to", "pdf", "--outdir"]).arg(&out).args(files);
    let ran = office.output().expect("soffice of LibreOffice");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = |file: &&str| {
        let stem = std::path::Path::new(file).file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(out.join(format!("{stem}.pdf")))
            .unwrap_or_else(|_| panic!("{file} was not opened: {}", String::from_utf8_lossy(&ran.stdout)));
        pdf_text(app, &Page { path: String::new(), status: 200, html: String::new(), bytes, headers: Vec::new() })
    };
    files.iter().map(text).collect()
}

#[test]
fn libreoffice_opens_word_and_workbooks() {
    let app = TestApp::new(tests::Engine::Sqlite);
    app.import_fuzhou();
    app.publish("2021-12", &[]).assert_done();
    let path = |name: &str| app.folder.path().join(name).to_str().unwrap().to_owned();
    for kind in ["docx", "xlsx"] {
        let output = path(&format!("edition-{kind}.{kind}"));
        app.jigai(&["export", kind, "--plan", "fuzhou-2021", "--period", "2021-12", "--output", &output]).assert_done();
    }
    let pack = path("pack.zip");
    app.jigai(&["export", "assessment", "--plan", "fuzhou-2021", "--output", &pack]).assert_done();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(pack).unwrap()).unwrap();
    for (name, file) in [("结果通知.docx", "notice.docx"), ("考核工作簿.xlsx", "assessment.xlsx")] {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        app.folder.write(file, bytes);
    }
    let files = [path("edition-docx.docx"), path("edition-xlsx.xlsx"), path("notice.docx"), path("assessment.xlsx")];
    let texts = opened(&app, &files.each_ref().map(String::as_str));
    let wanted = [
        // Word's own numbering and the tables' cells, as the program that opens them shows them.
        vec!["一、进度情况", "附件1", "福清市308.00308.00100.00%0.0012.6%"],
        vec!["福清市308.00308.00100.00%100.0%0.00273.5012.6%", "闽侯县122.00121.9599.96%100.0%-0.04", "推导过程"],
        vec!["一、加分", "（一）", "各种读法的结果对照"],
        vec!["晋安区16.5013.0%16.9014.5516.2%102.42%已完成11+0.3", "闽侯县122.0013.0%121.95105.6015.5%99.96%未完成22—"],
    ];
    for (text, parts) in texts.iter().zip(wanted) {
        for part in parts {
            assert!(text.contains(part), "{part} not in {text}");
        }
    }
}
