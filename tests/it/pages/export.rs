//! `/export/{page}/{file}`: the same computation as the page.

use std::io::Cursor;

use calamine::{DataType, Reader, Xlsx};
use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn files_of_a_bulletin_and_of_the_ranking(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        let csv = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.table.csv").assert_success();
        assert!(csv.html.starts_with("\u{FEFF}region,name,"), "{}", csv.html);
        assert!(csv.header("content-disposition").contains("fuzhou-2021.2021-05.e1.table.csv"));
        let picture = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.growth.png").assert_success();
        assert_eq!(picture.header("content-type"), "image/png");
        assert!(picture.bytes.starts_with(b"\x89PNG") && picture.bytes.len() > 10_000, "{}", picture.bytes.len());
        site.get("/export/bulletin/fuzhou-2021.2021-05.e1.score.png").assert_error(404);
        site.get("/export/bulletin/fuzhou-2021.2021-05.e1.table.png").assert_error(404);
        let growth = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.growth.csv").assert_success();
        assert!(growth.html.contains("1,晋安区,18.0%,13.0%") && growth.html.contains("11,永泰县,-6.1%,10.0%"), "{}", growth.html);
        site.get("/export/bulletin/fuzhou-2021.2021-05.e1.cumulative.csv").assert_success();
        // The same table as JSON.
        let table: serde_json::Value = serde_json::from_str(&site.get("/export/bulletin/fuzhou-2021.2021-05.e1.growth.json").assert_success().html).unwrap();
        assert_eq!((&table["header"][1], &table["rows"][0][2]), (&serde_json::json!("单位"), &serde_json::json!("18.0%")));
        let json = site.get("/export/rank/fuzhou-2021.2021-05.investment.growth.json").assert_success();
        let files = site.app.jigai(&["export", "json", "--plan", "fuzhou-2021", "--period", "2021-05"]);
        assert_eq!(json.html.trim(), files.out.trim());
        for wrong in ["bulletin/x.csv", "bulletin/fuzhou-2021.2021-05.e9.table.csv", "bulletin/fuzhou-2021.2021-99.e1.table.csv", "rank/a.b.c.d.e", "what/x.csv"] {
            site.get(&format!("/export/{wrong}")).assert_error(404);
        }
    }

    fn the_workbooks_formulas_agree_with_the_page(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-12", &[]).assert_done();
        let site = app.serve(&[]);
        let file = site.get("/export/bulletin/fuzhou-2021.2021-12.e1.table.xlsx").assert_success();
        assert!(file.header("content-type").contains("spreadsheetml"));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["通报", "各项目标", "排名", "各期", "考核", "推导", "来源", "说明", "报送格式"]);
        let page = site.get("/bulletins/fuzhou-2021/2021-12").assert_success();
        let printed = |column: &str| page.all(&format!("table.standings tbody .{column}"));
        let (completions, growths, gaps) = (printed("completion"), printed("growth"), printed("gap"));
        let (values, formulas) = (book.worksheet_range("通报").unwrap(), book.worksheet_formula("通报").unwrap());
        let number = |row: u32, column: u32| values.get_value((row, column)).and_then(|cell| cell.as_f64());
        let mut checked = 0;
        for (index, name) in printed("name").iter().enumerate() {
            let row = 3 + index as u32;
            assert_eq!(values.get_value((row, 1)).unwrap().to_string().trim(), name);
            let of = row + 1;
            let shown = |column: u32| formulas.get_value((row, column)).cloned().unwrap_or_default();
            for (column, formula, text, computed) in [
                (4, format!("D{of}/C{of}"), &completions[index], number(row, 3).zip(number(row, 2)).map(|(value, target)| value / target)),
                (8, format!("D{of}/H{of}-1"), &growths[index], number(row, 3).zip(number(row, 7)).map(|(value, base)| value / base - 1.0)),
            ] {
                if shown(column).is_empty() {
                    continue;
                }
                assert_eq!(shown(column).trim_start_matches('='), formula, "{name}");
                // As many decimals as the page prints: more where rounding would hide a difference.
                let digits = text.trim_end_matches('%').split('.').nth(1).map_or(0, str::len);
                assert_eq!(&format!("{:.digits$}%", computed.unwrap() * 100.0).replace('-', "−"), text, "{name}");
                checked += 1;
            }
            if !shown(6).is_empty() {
                let digits = gaps[index].split('.').nth(1).map_or(0, str::len);
                let gap = (number(row, 3).unwrap() / number(row, 2).unwrap() - number(row, 5).unwrap()) * 100.0;
                assert_eq!(format!("{gap:.digits$}").replace('-', "−"), gaps[index], "{name}");
            }
        }
        assert!(checked >= 25, "{checked}");
        // The way to the points, as the edition froze it.
        let traces = book.worksheet_range("推导").unwrap();
        let said: String = traces.cells().map(|(.., cell)| cell.to_string()).collect();
        assert!(said.contains("依据：榕政综〔2021〕34号") && said.contains("+0.3分"), "{said}");
        // Places computed in the sheet are those of the rule.
        let awards = book.worksheet_range("考核").unwrap();
        let places = |column: u32| (3..14).map(|row| awards.get_value((row, column)).unwrap().to_string()).collect::<Vec<_>>();
        assert_eq!(places(1), places(8));
    }

    fn what_is_exported_can_be_imported_unchanged(app: TestApp) {
        app.import_fuzhou();
        // What a county writes is text, whatever it looks like.
        app.import_lines("n.csv", &["鼓楼区,2021-12,21.4,19.3,,\"=HYPERLINK(\"\"http://x\"\")\""], &["--reason", "补说明"]).assert_done();
        app.publish("2021-12", &[]).assert_done();
        let site = app.serve(&[]);
        let file = site.get("/export/bulletin/fuzhou-2021.2021-12.e1.table.xlsx").assert_success();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes.clone())).unwrap();
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert!(formulas.used_cells().all(|(.., formula)| !formula.contains("HYPERLINK")), "{sheet}");
        }
        let path = site.app.folder.path().join("again.xlsx");
        std::fs::write(&path, file.bytes).unwrap();
        let again = site.app.jigai(&["import", "returns", path.to_str().unwrap(), "--plan", "fuzhou-2021"]);
        again.assert_done().says("新报送 0 行，更正 0 行");
        // The same bytes each time: the edition, not the day of the download.
        let once_more = site.get("/export/bulletin/fuzhou-2021.2021-12.e1.table.xlsx");
        assert_eq!(once_more.bytes, std::fs::read(&path).unwrap());
    }

    fn old_programs_get_gb18030(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-12", &[]).assert_done();
        let site = app.serve(&[]);
        let file = site.get("/export/bulletin/fuzhou-2021.2021-12.e1.growth.csv?encoding=gb18030").assert_success();
        assert_eq!(file.header("content-type"), "text/csv; charset=gb18030");
        // 位次 in GB18030.
        assert!(file.bytes.starts_with(&[0xCE, 0xBB, 0xB4, 0xCE]), "{:?}", &file.bytes[..8]);
        let wrong = site.get("/export/bulletin/fuzhou-2021.2021-12.e1.growth.csv?encoding=big5").assert_error(400);
        wrong.shows("encoding 请写 utf8 或 gb18030");
    }
}
