//! Workbooks as offices send them → the figures of the plan, with every doubt at its cell.

use documents::grid::{self, Grid};
use documents::office_table::{Doubt, Preview, Use, from_toml, preview, to_toml};
use domain::month::Period;
use domain::plan::Plan;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

fn plan() -> Plan {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/plans/fuzhou-2021.plan.toml");
    domain::plan::file::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Reads the first sheet of a file as the plan's first assessed goal.
fn read(bytes: &[u8], file: &str) -> Preview {
    let plan = plan();
    let sheets: Vec<Grid> = grid::read(bytes, file).unwrap();
    preview(&plan, plan.default_goal(), &sheets[0], None, None, file)
}

/// What came out, a line each: `鼓楼区 21.4/19.27`, growth behind `@`.
fn said(preview: &Preview) -> Vec<String> {
    let plan = plan();
    let goal = plan.default_goal();
    let line = |row: documents::returns::ReturnRow| {
        let amount = |amount: Option<domain::money::Amount>| amount.map_or("-".to_owned(), |amount| goal.measure.plain(amount));
        let name = goal.split(&row.region).map_or(plan.region.name.clone(), |split| split.name.clone());
        let growth = row.figure.published_growth.map(|growth| format!("@{}", growth.percent_as_written())).unwrap_or_default();
        format!("{name} {}/{}{growth}", amount(row.figure.value), amount(row.figure.base))
    };
    preview.rows(goal).into_iter().map(line).collect()
}

fn csv(text: &str) -> Preview {
    read(text.as_bytes(), "表.csv")
}

fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Preview {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    read(&book.save_to_buffer().unwrap(), "报表.xlsx")
}

#[track_caller]
fn doubts(preview: &Preview, wanted: &[(&str, &str)]) {
    for (address, part) in wanted {
        let fits = |doubt: &&Doubt| doubt.address == *address && doubt.message.contains(part);
        assert!(preview.doubts.iter().any(|doubt| fits(&doubt)), "{address} {part}: {:#?}", preview.doubts);
    }
}

#[test]
fn a_title_two_lines_of_heads_merged_and_the_total_first() {
    let read = sheet(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 6, "2021年1—5月福州市工业技改投资完成情况表", &plain).unwrap();
        sheet.write(1, 6, "单位：万元").unwrap();
        sheet.merge_range(2, 0, 3, 0, "序号", &plain).unwrap();
        sheet.merge_range(2, 1, 3, 1, "县（市）区", &plain).unwrap();
        sheet.merge_range(2, 2, 2, 4, "技改投资", &plain).unwrap();
        sheet.merge_range(2, 5, 3, 5, "完成率（%）", &plain).unwrap();
        sheet.merge_range(2, 6, 3, 6, "备注", &plain).unwrap();
        for (column, text) in [(2, "1—5月累计完成"), (3, "去年同期"), (4, "同比增长（%）")] {
            sheet.write(3, column, text).unwrap();
        }
        let rows = [
            ("合计", 1_300_000.0, 1_150_000.0),
            ("鼓 楼 区", 71_000.5, 68_000.0),
            ("福清", 1_100_000.0, 1_000_000.0),
            ("其中：高新区", 128_999.5, 82_000.0),
        ];
        for (index, (name, value, base)) in rows.into_iter().enumerate() {
            let row = 4 + index as u32;
            sheet.write(row, 0, index as f64).unwrap();
            sheet.write(row, 1, name).unwrap();
            sheet.write(row, 2, value).unwrap();
            sheet.write(row, 3, base).unwrap();
            sheet.write(row, 4, 13.0).unwrap();
            sheet.write(row, 5, 36.8).unwrap();
        }
        sheet.write(5, 6, "含续建").unwrap();
        sheet.write(9, 0, "注：本表为快报数。").unwrap();
    });
    assert_eq!(read.mapping.period, Period::new(2021, 5));
    assert_eq!((read.mapping.unit.as_deref(), read.mapping.first_row), (Some("万元"), 5));
    assert_eq!(said(&read), ["福州市 130/115", "鼓楼区 7.10005/6.8", "福清市 110/100", "高新区 12.89995/8.2"]);
    doubts(
        &read,
        &[("B7", "“福清”读作“福清市”"), ("E列", "增幅由本期和上年同期两数计算"), ("", "合计 130.00亿元 与各单位之和 117.10亿元 不等")],
    );
    assert_eq!(read.rows(plan().default_goal())[1].figure.note, "含续建");
}

#[test]
fn two_tables_read_across_and_the_total_last() {
    let read = csv(
        "福州市2021年上半年技改投资（亿元）,,,,,\n单位,累计完成,上年同期,单位,累计完成,上年同期\n鼓楼区,9.1,8.2,连江县,80,70\n台江区,/,/,闽清县,20,18.5\n仓山区,9，９,闽侯县,50,45\n,,,全市,２００．５,180\n",
    );
    assert!(read.stops());
    // A comma of full width divides no columns: 仓山区's line has one cell less, and says so at its place.
    doubts(&read, &[("C5", "闽侯县在这里"), ("D3", "连江县在这里"), ("C5", "“闽侯县”不是数字")]);
    let read = csv(
        "2021年上半年,,,,,\n单位,累计完成（亿元）,上年同期,单位,累计完成（亿元）,上年同期\n鼓楼区,9.1,8.2,连江县,80,70\n台江区,/,/,闽清县,20,18.5\n仓山区,９．９,9,全市,\"2,000.5\",180\n",
    );
    assert_eq!(said(&read), ["鼓楼区 9.1/8.2", "仓山区 9.9/9", "连江县 80/70", "闽清县 20/18.5", "福州市 2000.5/180"]);
}

#[test]
fn growth_only_is_what_the_bureau_states_and_a_percentage_is_read_as_shown() {
    let read = sheet(|sheet| {
        let percent = Format::new().set_num_format("0.0%");
        for (column, head) in ["地区", "1-5月增速"].into_iter().enumerate() {
            sheet.write(0, column as u16, head).unwrap();
        }
        sheet.write(1, 0, "鼓楼区").unwrap();
        sheet.write_with_format(1, 1, 0.123, &percent).unwrap();
        sheet.write(2, 0, "永泰县").unwrap();
        sheet.write_with_format(2, 1, -0.061, &percent).unwrap();
    });
    assert_eq!(said(&read), ["鼓楼区 -/-@12.3", "永泰县 -/-@-6.1"]);
}

#[test]
fn an_indented_row_keeps_its_blank_and_its_name() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "单位").unwrap();
    sheet.write(1, 0, "闽侯县").unwrap();
    sheet.write_with_format(2, 0, "高新区", &Format::new().set_indent(1)).unwrap();
    let grids = grid::read(&book.save_to_buffer().unwrap(), "a.xlsx").unwrap();
    assert_eq!(grids[0].rows, [["单位"], ["闽侯县"], ["\u{3000}高新区"]]);
}

#[test]
fn what_is_not_understood_stops_at_its_cell_until_it_is_left_out() {
    let text = "2021年5月,,\n单位,累计完成（亿元）,同期\n古楼区,7.1,6.8\n仓山区,七点一,7\n福清市,11,10\n福清市,12,10\n小计,30,20\n,5,\n";
    let read = csv(text);
    assert!(said(&read).is_empty() && read.stops());
    doubts(
        &read,
        &[
            ("A3", "是否应为“鼓楼区”"),
            ("B4", "本期累计"),
            ("A6", "已在第 5 行出现过"),
            ("A7", "不是计划里的单位，没有用"),
            ("A8", "没有单位名称"),
        ],
    );
    let plan = plan();
    let grid = &grid::read(text.as_bytes(), "a.csv").unwrap()[0];
    let mut mapping = read.mapping.clone();
    mapping.skip = vec![3, 4, 6];
    let left = preview(&plan, plan.default_goal(), grid, Some(&mapping), None, "a.csv");
    assert_eq!(said(&left), ["福清市 11/10"]);
    // The same by a file of one's own.
    assert_eq!(from_toml(&to_toml(&mapping)).unwrap().skip, [3, 4, 6]);
}

#[test]
fn what_a_column_means_can_be_said_otherwise() {
    let text = "单位,甲,乙\n鼓楼区,7.1,6.8\n";
    let read = csv(text);
    assert!(read.stops());
    doubts(&read, &[("", "没有找到“本期累计”一列"), ("", "没有写明是哪一期")]);
    let mapping =
        from_toml("period = \"2021-05\"\nunit = \"万元\"\nfirst_row = 2\n[columns]\na = \"name\"\nB = \"base\"\nC = \"value\"\n").unwrap();
    let plan = plan();
    let grid = &grid::read(text.as_bytes(), "a.csv").unwrap()[0];
    assert_eq!(said(&preview(&plan, plan.default_goal(), grid, Some(&mapping), None, "a.csv")), ["鼓楼区 0.00068/0.00071"]);
    let faults = from_toml("sheets = 1\nunit = \"斤\"\nperiod = \"五月\"\n[columns]\nB = \"money\"\n").unwrap_err();
    assert_eq!(faults.len(), 4, "{faults:?}");
}

#[test]
fn old_workbooks_and_gb18030_are_read() {
    let (text, ..) = encoding_rs::GB18030.encode("2021年一季度技改投资（万元）,\n县市区,累计完成\n鼓楼区,71000\n");
    assert_eq!(said(&read(&text, "a.csv")), ["鼓楼区 7.1/-"]);
    let old = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/old.xls")).unwrap();
    let read = read(&old, "old.xls");
    assert_eq!(said(&read), ["福州市 411.92/359.8", "鼓楼区 7.83/7.05", "福清市 113.96/96.49", "高新区 12.35/11.43"]);
    assert_eq!(read.mapping.period, Period::new(2021, 5));
}

#[test]
fn the_wrong_table_says_what_is_missing() {
    let read = csv("姓名,电话\n张三,123\n");
    doubts(&read, &[("", "没有找到单位名称一列")]);
    assert_eq!(read.mapping.columns.values().filter(|column| column.of == Use::Name).count(), 0);
}

/// A split as a file has it → what the plan editor makes of it.
fn split(fill: impl FnOnce(&mut Worksheet)) -> domain::plan::table::PastedSplit {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    let grids = grid::read(&book.save_to_buffer().unwrap(), "分解.xlsx").unwrap();
    let plan = plan();
    domain::plan::table::read(&documents::office_table::split_block(&grids[..1]), &plan.default_goal().measure, &plan.region, 2021)
}

#[test]
fn a_split_with_title_merged_heads_indentation_and_two_tables() {
    let read = split(|sheet| {
        let plain = Format::new();
        let indent = Format::new().set_indent(2);
        sheet.merge_range(0, 0, 0, 5, "附件1 2021年各县（市）区技改投资目标分解表", &plain).unwrap();
        sheet.write(1, 5, "单位：万元").unwrap();
        for start in [0, 3] {
            sheet.merge_range(2, start, 3, start, "县（市）区", &plain).unwrap();
            sheet.merge_range(2, start + 1, 2, start + 2, "年度目标", &plain).unwrap();
            sheet.write(3, start + 1, "总量").unwrap();
            sheet.write(3, start + 2, "比增（%）").unwrap();
        }
        let left = [("鼓 楼 区", "210000", "9"), ("台江区", "/", "/"), ("闽侯县", "1220000", "13"), ("高新区", "340000", "13")];
        let right =
            [("福清市", "3080000", "13"), ("连江县", "１９３５０００", "12"), ("永泰县", "75000", "10"), ("全市", "11200000", "12")];
        for (row, (one, other)) in left.into_iter().zip(right).enumerate() {
            let at = 4 + row as u32;
            sheet.write_with_format(at, 0, one.0, if one.0 == "高新区" { &indent } else { &plain }).unwrap();
            for (column, text) in [(1, one.1), (2, one.2), (3, other.0), (4, other.1), (5, other.2)] {
                sheet.write(at, column, text).unwrap();
            }
        }
        sheet.write(8, 0, "注：台江区不下达目标。").unwrap();
    });
    let plan = plan();
    let said: Vec<String> = read
        .splits
        .iter()
        .map(|split| {
            let target = split.targets.first();
            let value = target.and_then(|target| target.value).map_or("/".to_owned(), |value| plan.default_goal().measure.plain(value));
            format!("{} {value}{}", split.name, split.within.as_ref().map_or(String::new(), |within| format!(" <{within}")))
        })
        .collect();
    assert_eq!(read.problems, []);
    assert_eq!(said, ["鼓楼区 21", "台江区 /", "闽侯县 122", "高新区 34 <350121", "福清市 308", "连江县 193.5", "永泰县 7.5"]);
    assert_eq!((read.tables, read.total.and_then(|total| total.value)), (2, Some(domain::money::Amount(112_000_000_000))));
}

/// Tables that a tester got past the reader with a wrong figure: each now says the right one, or stops at the place.
#[track_caller]
fn check(text: &str, rows: &[&str], wanted: &[(&str, &str)]) {
    let read = csv(text);
    assert_eq!(said(&read), rows, "{:#?}", read.doubts);
    doubts(&read, wanted);
}

#[test]
fn units_are_taken_from_where_they_are_stated() {
    let title = "2021年1—5月总投资亿元以上重点项目和工业技改投资,\n单位：万元,\n单位,累计完成\n鼓楼区,91000\n";
    check(title, &["鼓楼区 9.1/-"], &[]);
    check("2021年1—5月,\n单位,累计完成（百万元）\n鼓楼区,910\n", &[], &[("", "表里的单位是“百万元”")]);
    check("2021年1—5月,\n单位,累计完成\n鼓楼区,9.1\n", &["鼓楼区 9.1/-"], &[("", "没有写金额单位")]);
    check("2021年1—5月,,\n单位,累计完成（亿元）,上年同期（万元）\n鼓楼区,9.1,82000\n", &[], &[("C列", "这一列的单位是万元")]);
    check("2021年1—5月,,\n单位,累计完成,计量单位\n鼓楼区,91000,万元\n", &[], &[("C3", "单位按行写在格里")]);
    check("2021年1—5月,\n单位,累计完成\n鼓楼区,91000\n注：计量单位为万元,\n", &["鼓楼区 9.1/-"], &[]);
}

#[test]
fn another_year_or_several_periods_are_not_guessed() {
    for title in ["2020年1—5月完成情况表", "2022年1—5月完成情况表", "2020年12月—2021年5月完成情况"] {
        check(&format!("{title},\n单位,累计完成（亿元）\n鼓楼区,9.1\n"), &[], &[("", "没有写明是哪一期")]);
    }
    let dated = "填报日期：2021年6月8日,\n2021年1—5月完成情况表,\n单位,累计完成（亿元）\n鼓楼区,9.1\n";
    assert_eq!(csv(dated).mapping.period, Period::new(2021, 5));
    let both = "关于报送6月调度会材料的技改投资表（2021年1—5月）,\n单位,累计完成（亿元）\n鼓楼区,9.1\n";
    assert_eq!(csv(both).mapping.period, Period::new(2021, 5));
    assert_eq!(csv("2021年1月至5月,\n单位,累计完成（亿元）\n鼓楼区,9.1\n").mapping.period, Period::new(2021, 5));
}

#[test]
fn columns_of_other_months_years_and_kinds_are_left_alone() {
    let title = "2021年1—5月完成情况表（单位：亿元）";
    check(&format!("{title},,,,\n单位,5月,1—5月,去年5月,去年1—5月\n鼓楼区,2,9.1,1.8,8.2\n"), &["鼓楼区 9.1/8.2"], &[]);
    check(&format!("{title},,,,\n单位,1—2月,1—3月,1—4月,1—5月\n鼓楼区,3,5,7,9.1\n"), &["鼓楼区 9.1/-"], &[]);
    check(&format!("{title},,,\n单位,累计完成,比上年同期增减,当月上年同期\n鼓楼区,9.1,0.9,1.7\n"), &["鼓楼区 9.1/-"], &[]);
    check(&format!("{title},,,\n单位,2021年1—5月,2020年1—5月,环比增长（%）\n鼓楼区,9.1,8.2,3\n"), &["鼓楼区 9.1/8.2"], &[]);
    check(&format!("{title},,\n单位,完成项目（个）,完成投资\n鼓楼区,3,9.1\n"), &["鼓楼区 9.1/-"], &[]);
    check(
        &format!("{title},,,\n单位,固定资产投资累计,工业投资累计,其中：技改投资累计\n鼓楼区,45.5,20,9.1\n"),
        &["鼓楼区 9.1/-"],
        &[("B列", "没有用")],
    );
    check(&format!("{title},,\n单位,甲完成,乙完成\n鼓楼区,45.5,9.1\n"), &[], &[("C列", "都像是本期累计")]);
}

#[test]
fn what_swallows_or_doubles_figures_stops() {
    let quote = "单位,1-5月累计（亿元）,备注\n鼓楼区,9.1,\n福清市,120.5,\"含江阴港\n仓山区,10.2,\n";
    assert!(grid::read(quote.as_bytes(), "a.csv").unwrap_err().message.contains("引号没有成对"));
    let commas = "2021年1—5月（单位：万元）,,\n单位,累计,同期\n福清市,1,205,000,1,102,500\n仓山区,102,000,91,000\n";
    check(commas, &[], &[("D3", "没有表头，却有数")]);
    let below = "2021年1—5月（单位：亿元）,\n单位,累计完成\n鼓楼区,9.1\n单位,上年同期\n福清市,110\n";
    check(below, &[], &[("A4", "又是一行表头")]);
    check("2021年1—5月,\n单位,增速（%）\n鼓楼区,0.123\n福清市,0.1\n", &[], &[("B列", "0.123 即 12.3%")]);
    let merged = sheet(|sheet| {
        for (at, (name, head)) in [("单位", "1—5月累计（亿元）"), ("闽侯县", ""), ("高新区", "")].into_iter().enumerate() {
            sheet.write(at as u32, 0, name).unwrap();
            if !head.is_empty() {
                sheet.write(at as u32, 1, head).unwrap();
            }
        }
        sheet.merge_range(1, 1, 2, 1, "", &Format::new()).unwrap();
        sheet.write(1, 1, 84.1).unwrap();
    });
    assert!(merged.stops());
    doubts(&merged, &[("B3", "合并的格")]);
}

#[test]
fn blank_cells_and_missing_columns_empty_nothing() {
    let read = csv("2021年1—5月（单位：亿元）,,\n单位,累计完成,上年同期\n鼓楼区,9.1,8.2\n福清市,,110\n");
    assert_eq!(said(&read), ["鼓楼区 9.1/8.2"], "a line without a figure of this period reports nothing");
}
