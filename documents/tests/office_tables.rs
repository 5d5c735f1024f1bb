//! Workbooks as offices send them → the figures of the plan, with every doubt at its cell.

use documents::grid::{self, Grid};
use documents::office_table::{
    Doubt, Mapping, Preview, SplitOf, SplitPreview, Use, choose_split, from_toml, preview, preview_split, to_toml,
};
use std::sync::atomic::Ordering::SeqCst;

use domain::budget::Budget;
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
    let sheets: Vec<Grid> = grid::read(bytes, file, Budget::ENDLESS).unwrap();
    preview(&plan, plan.default_goal(), &sheets[0], None, None, file, Budget::ENDLESS).unwrap()
}

/// What came out, a line each: `鼓楼区 21.4/19.27`, growth behind `@`.
fn said(preview: &Preview) -> Vec<String> {
    let plan = plan();
    let goal = plan.default_goal();
    let line = |row: domain::returns::ReturnRow| {
        let amount =
            |amount: Option<domain::money::Amount>| amount.map_or("-".to_owned(), |amount| goal.measure.plain(amount));
        let name = goal.split(&row.region).map_or(plan.region.name.clone(), |split| split.name.clone());
        let growth =
            row.figure.published_growth.map(|growth| format!("@{}", growth.percent_as_written())).unwrap_or_default();
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
        &[
            ("B7", "“福清”读作“福清市”"),
            ("E列", "增幅由本期和上年同期两数计算"),
            ("", "合计 130.00亿元 与各单位之和 117.10亿元 不等"),
        ],
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
    let grids = grid::read(&book.save_to_buffer().unwrap(), "a.xlsx", Budget::ENDLESS).unwrap();
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
    let grid = &grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap()[0];
    let mut mapping = read.mapping.clone();
    mapping.skip = ["3", "4", "A6", "8"].map(str::to_owned).into();
    let left = preview(&plan, plan.default_goal(), grid, Some(&mapping), None, "a.csv", Budget::ENDLESS).unwrap();
    assert_eq!(said(&left), ["福清市 11/10"]);
    // The same by a file of one's own.
    assert_eq!(from_toml(&to_toml(&mapping, &Use::RETURNS), &Use::RETURNS).unwrap().skip, mapping.skip);
}

#[test]
fn what_a_column_means_can_be_said_otherwise() {
    let text = "单位,甲,乙\n鼓楼区,7.1,6.8\n";
    let read = csv(text);
    assert!(read.stops());
    doubts(&read, &[("", "没有找到“本期累计”一列"), ("", "没有写明是哪一期")]);
    let mapping = from_toml(
        "period = \"2021-05\"\nunit = \"万元\"\nfirst_row = 2\n[columns]\na = \"name\"\nB = \"base\"\nC = \"value\"\n",
        &Use::RETURNS,
    )
    .unwrap();
    let plan = plan();
    let grid = &grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap()[0];
    assert_eq!(
        said(&preview(&plan, plan.default_goal(), grid, Some(&mapping), None, "a.csv", Budget::ENDLESS).unwrap()),
        ["鼓楼区 0.00068/0.00071"]
    );
    let faults = from_toml("sheets = 1\nunit = \"斤\"\nperiod = \"五月\"\n[columns]\nB = \"money\"\n", &Use::RETURNS)
        .unwrap_err();
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

/// What a split's sheet is read as: `鼓楼区 21 9`, `高新区 34 <350121`, `全市 1120 12`.
fn read_split(bytes: &[u8], file: &str, wished: Option<&Mapping>) -> (SplitPreview, Vec<String>) {
    let (grids, plan) = (grid::read(bytes, file, Budget::ENDLESS).unwrap(), plan());
    let mut goal = plan.default_goal().clone();
    // Without what would be kept where a table has no column for it.
    goal.splits.iter_mut().flat_map(|split| &mut split.targets).for_each(|target| target.growth = None);
    let of = SplitOf {
        goal: &goal.name,
        measure: &goal.measure,
        own: &plan.region,
        year: 2021,
        units: &goal.splits,
        total: None,
    };
    let preview = preview_split(&of, &grids[0], wished, Budget::ENDLESS).unwrap();
    let target = |target: Option<&domain::plan::Target>| {
        let value = target.and_then(|target| target.value).map_or("/".to_owned(), |value| goal.measure.plain(value));
        let growth = target.and_then(|target| target.growth).map(|growth| format!(" {}", growth.percent_as_written()));
        format!("{value}{}", growth.unwrap_or_default())
    };
    let line = |split: &domain::plan::Split| {
        let within = split.within.as_ref().map_or(String::new(), |within| format!(" <{within}"));
        format!("{} {}{within}", split.name, target(split.targets.first()))
    };
    let total = preview.split.total.as_ref().map(|total| format!("全市 {}", target(Some(total))));
    let said = preview.split.splits.iter().map(line).chain(total).collect();
    // What the editor gets of it is the same.
    if !preview.stops() {
        let again = domain::plan::table::read(&preview.block(&goal.measure), &goal.measure, &plan.region, 2021);
        assert_eq!(
            (again.splits, again.total, again.problems),
            (preview.split.splits.clone(), preview.split.total, Vec::new())
        );
    }
    (preview, said)
}

fn split(fill: impl FnOnce(&mut Worksheet)) -> (SplitPreview, Vec<String>) {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    read_split(&book.save_to_buffer().unwrap(), "分解.xlsx", None)
}

#[test]
fn what_nobody_sees_is_told() {
    let fill = |sheet: &mut Worksheet| {
        for (column, head) in ["单位", "去年同期", "2021年1—5月累计（亿元）"].into_iter().enumerate() {
            sheet.write(0, column as u16, head).unwrap();
        }
        for (row, name, base, value) in [(1, "鼓楼区", 8.0, 9.0), (2, "福清市", 10.0, 11.0)] {
            sheet.write(row, 0, name).unwrap();
            sheet.write(row, 1, base).unwrap();
            sheet.write(row, 2, value).unwrap();
        }
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(1).unwrap();
    };
    let read = sheet(fill);
    assert_eq!(said(&read), ["鼓楼区 9/8", "福清市 11/10"]);
    doubts(&read, &[("A3", "这一行在文件里是隐藏的"), ("B列", "这一列在文件里是隐藏的")]);
    assert_eq!(read.doubts.len(), 2);
}

#[test]
fn of_two_units_in_a_line_one_is_left_out() {
    let text = "2021年1—5月（亿元）,,,\n单位,累计,单位,累计\n鼓楼区,9,福清市,11\n仓山区,7,罗源县,5\n";
    let read = csv(text);
    assert_eq!(said(&read).len(), 4);
    let (plan, grid) = (plan(), grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0));
    let mapping = Mapping { skip: ["C3".to_owned()].into(), ..read.mapping };
    let left = preview(&plan, plan.default_goal(), &grid, Some(&mapping), None, "a.csv", Budget::ENDLESS).unwrap();
    assert_eq!(said(&left), ["鼓楼区 9/-", "仓山区 7/-", "罗源县 5/-"]);
}

/// A split as CSV → its units, what is doubtful at which cell, and whether anything stops.
#[track_caller]
fn check_split(text: &str, units: &[&str], wanted: &[(&str, &str)], stops: bool) {
    let (preview, said) = read_split(text.as_bytes(), "分解.csv", None);
    assert_eq!(said, units, "{:#?}", preview.doubts);
    for (address, part) in wanted {
        let fits = |doubt: &&Doubt| doubt.address == *address && doubt.message.contains(part);
        assert!(preview.doubts.iter().any(|doubt| fits(&doubt)), "{address} {part}: {:#?}", preview.doubts);
    }
    assert_eq!(preview.stops(), stops, "{:#?}", preview.doubts);
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
        let left = [
            ("鼓 楼 区", "210000", "9"),
            ("台江区", "/", "/"),
            ("闽侯县", "1220000", "13"),
            ("高新区", "340000", "13"),
        ];
        let right = [
            ("福清市", "3080000", "13"),
            ("连江县", "１９３５０００", "12"),
            ("永泰县", "75000", "10"),
            ("全市", "11200000", "12"),
        ];
        for (row, (one, other)) in left.into_iter().zip(right).enumerate() {
            let at = 4 + row as u32;
            sheet.write_with_format(at, 0, one.0, if one.0 == "高新区" { &indent } else { &plain }).unwrap();
            for (column, text) in [(1, one.1), (2, one.2), (3, other.0), (4, other.1), (5, other.2)] {
                sheet.write(at, column, text).unwrap();
            }
        }
        sheet.write(8, 0, "注：台江区不下达目标。").unwrap();
    });
    assert_eq!(
        read.1,
        [
            "鼓楼区 21 9",
            "台江区 /",
            "闽侯县 122 13",
            "高新区 34 13 <350121",
            "福清市 308 13",
            "连江县 193.5 12",
            "永泰县 7.5 10",
            "全市 1120 12"
        ]
    );
    assert_eq!((read.0.split.tables, read.0.mapping.unit.as_deref()), (2, Some("万元")));
    assert_eq!(read.0.mapping.columns["B"].of, Use::Value);
    assert!(!read.0.stops(), "{:#?}", read.0.doubts);
}

#[test]
fn of_several_columns_of_a_split_that_of_the_year_and_the_goal_is_taken() {
    let table = "单位：亿元,,,,\n单位,2020年完成,2021年目标,2021年一季度目标,比2020年增长（%）\n鼓楼区,19,21,4,9\n福清市,280,308,60,13\n";
    check_split(table, &["鼓楼区 21 9", "福清市 308 13"], &[], false);
    let years = "单位,2020,2021,2022\n鼓楼区,19,21,23\n福清市,280,308,330\n";
    check_split(years, &["鼓楼区 21", "福清市 308"], &[("", "没有写金额单位")], false);
    let goals = "县区,固定资产投资目标（亿元）,技改投资目标（亿元）\n鼓楼区,100,21\n福清市,900,308\n";
    check_split(goals, &["鼓楼区 21", "福清市 308"], &[("B列", "也像是目标，没有用")], false);
    let alike = "县区,目标甲（亿元）,目标乙（亿元）\n鼓楼区,100,21\n福清市,900,308\n";
    check_split(alike, &["鼓楼区 100", "福清市 900"], &[("C列", "都像是目标，用的是B列")], true);
    check_split(
        "2020年目标分解表,\n县区,目标（亿元）\n鼓楼区,21\n福清市,308\n",
        &["鼓楼区 21", "福清市 308"],
        &[("", "表里写的是2020年")],
        true,
    );
    check_split("2021—2023年目标分解表,\n县区,目标（亿元）\n鼓楼区,21\n", &["鼓楼区 21"], &[], false);
    check_split("县区,完成（亿元）\n鼓楼区,21\n", &[], &[("", "没有找到2021年的目标一列")], true);
    check_split("县区,项目数（个）,目标（亿元）\n鼓楼区,12,21\n", &["鼓楼区 21"], &[], false);
    let responsible = "序号,县区,责任单位,目标（亿元）\n1,鼓楼区,鼓楼区政府,21\n2,福清市,福清市政府,308\n";
    check_split(responsible, &["鼓楼区 21", "福清市 308"], &[], false);
    check_split("县区,目标（亿元）\n甲,1\n鼓楼区,21\n", &["甲 1", "鼓楼区 21"], &[], false);
    check_split("县区,目标（亿元）,增幅\n甲,1,2\n鼓楼区,21,9\n", &["鼓楼区 21 9"], &[], false);
}

#[test]
fn what_a_split_leaves_open_is_said_at_its_cell() {
    let word = "县区,目标（亿元）,增幅（%）\n鼓楼区,二十一,9\n仓山区,22.5,若干\n福清市,308,13\n";
    check_split(word, &["福清市 308 13"], &[("B2", "鼓楼区的目标"), ("C3", "仓山区的增幅目标")], true);
    check_split("单位,目标（亿元）\n主城区,二十一\n福清市,308\n", &["福清市 308"], &[("B2", "主城区的目标")], true);
    check_split("县（市）区,目标（亿元）\n鼓楼区,二十一\n", &[], &[("B2", "鼓楼区的目标")], true);
    check_split("县区,目标（亿元）\n鼓楼区,21\n鼓楼区,22\n", &["鼓楼区 21"], &[("A3", "鼓楼区 在表里出现两次")], true);
    check_split(
        "县区,目标（亿元）\n鼓楼区,21\n仓山区,\n",
        &["鼓楼区 21"],
        &[("B3", "仓山区没有目标；确实没有目标的请写 /")],
        true,
    );
    check_split(
        "县区,目标（亿元）\n其中：高新区,3\n鼓楼区,21\n",
        &["鼓楼区 21"],
        &[("A2", "上面没有它所属的单位")],
        true,
    );
    check_split(
        "县区,目标（亿元）\n鼓楼区,21\n合计,21\n全市,22\n",
        &["鼓楼区 21", "全市 22"],
        &[("A4", "全市的目标写了两次")],
        true,
    );
    check_split(
        "县区,目标（亿元）,增幅\n鼓楼区,21,0.09\n福清市,308,0.13\n",
        &["鼓楼区 21 0.09", "福清市 308 0.13"],
        &[("C列", "都小于 1")],
        true,
    );
    check_split(
        "县区,目标（亿元）\n鼓楼区,21\n小计,21\n福清市,308\n",
        &["鼓楼区 21", "福清市 308"],
        &[("A3", "“小计”不是单位")],
        false,
    );
    check_split(
        "县区,目标（亿元）\n一、老城,\n鼓楼区,21\n福青市,308\n注：略,\n",
        &["鼓楼区 21", "福青市 308"],
        &[("A4", "是否应为“福清市”")],
        false,
    );
    check_split("县区,目标（亿元）\n鼓楼区,21\n,5\n", &["鼓楼区 21"], &[("A3", "没有单位名称，没有用")], true);
    check_split("县区,目标（百万元）\n鼓楼区,2100\n", &["鼓楼区 2100"], &[("", "表里的单位是“百万元”")], true);
    check_split("随便一句话\n", &[], &[("", "表里只有一列")], true);
    let many: String = (0..3_001).map(|at| format!("甲{at}县,1\n")).collect();
    check_split(&format!("县区,目标（亿元）\n{many}"), &[], &[("", "表里有 3001 行单位")], true);
    // Without heads, and the pair of side by side tables numbered through.
    check_split(
        "鼓楼区,21,9\n仓山区,22.5,10\n",
        &["鼓楼区 21 9", "仓山区 22.5 10"],
        &[("B列", "按目标读"), ("C列", "按增幅目标读")],
        false,
    );
    let numbered =
        "序号,单位,目标（亿元）,序号,单位,目标（亿元）\n1,鼓楼区,21,2,台江区,/\n3,仓山区,22.5,4,晋安区,16.5\n";
    check_split(numbered, &["鼓楼区 21", "台江区 /", "仓山区 22.5", "晋安区 16.5"], &[], false);
}

#[test]
fn sums_notes_and_headings_are_no_units() {
    let base = "单位,目标（亿元）\n鼓楼区,21\n福清市,308\n";
    for total in ["全市合计", "合计：", "合计（含高新区）", "福州市合计", "福州", "总数", "共计", "市合计", "全市目标"]
    {
        check_split(&format!("{base}{total},329\n"), &["鼓楼区 21", "福清市 308", "全市 329"], &[], false);
    }
    for aside in ["六区合计", "沿海县合计", "小计", "联系电话", "审核人：李四", "2021年2月", "备注", "续表", "×"]
    {
        check_split(
            &format!("{base}{aside},329\n"),
            &["鼓楼区 21", "福清市 308"],
            &[("A4", "不是单位，这一行没有用")],
            false,
        );
    }
    let headed = "单位,目标（亿元）\n一、老城区,43.5\n鼓楼区,21\n仓山区,22.5\n";
    check_split(headed, &["鼓楼区 21", "仓山区 22.5"], &[("A2", "“一、老城区”不是单位")], false);
    let numbered = "单位,目标（亿元）\n一、鼓楼区,21\n二、仓山区,22.5\n";
    check_split(numbered, &["鼓楼区 21", "仓山区 22.5"], &[], false);
    let new = "单位,目标（亿元）\n一、江东镇,21\n二、城关镇,22.5\n合计,43.5\n注：略,\n";
    check_split(new, &["江东镇 21", "城关镇 22.5", "全市 43.5"], &[("A2", "当作新的单位")], false);
    let of_all = "单位,目标（亿元）\n合计,329\n其中：鼓楼区,21\n福清市,308\n";
    check_split(of_all, &["鼓楼区 21", "福清市 308", "全市 329"], &[], false);
    check_split("序号,单位,目标（亿元）\n1,鼓楼区,21\n合计,,21\n", &["鼓楼区 21", "全市 21"], &[], false);
    check_split("单位,,目标（亿元）\n闽侯县,,122\n,高新区,34\n", &["闽侯县 122", "高新区 34 <350121"], &[], false);
    check_split(
        &format!("{base}合计,400\n"),
        &["鼓楼区 21", "福清市 308", "全市 400"],
        &[("", "与各单位之和 329.00亿元 不等")],
        false,
    );
    let again = "单位,目标（亿元）\n鼓楼区,21\n单位,目标（亿元）\n福清市,308\n";
    check_split(again, &["鼓楼区 21", "福清市 308"], &[("A3", "又是一行同样的表头")], false);
    let other = "单位,目标（亿元）\n鼓楼区,21\n单位,目标（万元）\n福清市,3080000\n";
    check_split(other, &["鼓楼区 21", "福清市 3080000"], &[("A3", "单位是万元，与上面不同")], true);
}

#[test]
fn names_are_those_of_the_plan() {
    let table = "单位,目标（亿元）\n台江,1\n1.鼓楼区,21\n（3）晋安区,16.5\n350124,42\n长乐市,261\n马尾区（含开发区）,45\n连江县人民政府,193.5\n";
    let units = ["台江区 1", "鼓楼区 21", "晋安区 16.5", "闽清县 42", "长乐区 261", "马尾区 45", "连江县 193.5"];
    check_split(
        table,
        &units,
        &[("A2", "“台江”读作“台江区”"), ("A6", "“长乐市”读作“长乐区”"), ("A7", "读作“马尾区”")],
        false,
    );
    check_split("单位,目标（亿元）\n鼓\u{200B}楼区,21\n", &["鼓楼区 21"], &[], false);
    // Marked or not: what the plan has within a unit stays there, and behind it.
    let within = "单位,目标（亿元）\n闽侯县,122\n连江县,193.5\n高新区,34\n";
    check_split(
        within,
        &["闽侯县 122", "高新区 34 <350121", "连江县 193.5"],
        &[("", "高新区在计划里属于闽侯县之内")],
        false,
    );
    check_split("单位,目标（亿元）\n鼓楼区,\n仓山区,22.5\n", &["仓山区 22.5"], &[("B2", "鼓楼区没有目标")], true);
    let merged = "单位,项目,目标（亿元）\n鼓楼区,甲项目,10\n鼓楼区,乙项目,11\n仓山区,丙项目,20\n仓山区,丁项目,2.5\n";
    check_split(merged, &["鼓楼区 10", "仓山区 20"], &[("A3", "鼓楼区 在表里出现两次")], true);
    check_split(
        "乡镇,2020,2021\n东街镇,10,20\n南街镇,11,21\n",
        &["东街镇 20", "南街镇 21"],
        &[("A2", "当作新的单位")],
        false,
    );
}

#[test]
fn what_stops_stops_until_it_is_settled() {
    let again = |text: &str, change: &dyn Fn(&mut Mapping)| {
        let (first, _) = read_split(text.as_bytes(), "a.csv", None);
        assert!(first.stops(), "{:#?}", first.doubts);
        let mut wished = first.mapping.clone();
        change(&mut wished);
        // As a form sends it back: without the heads.
        wished.columns.values_mut().for_each(|column| column.head.clear());
        read_split(text.as_bytes(), "a.csv", Some(&wished))
    };
    for (text, key) in [
        ("2022年任务分解表,\n单位,目标（亿元）\n鼓楼区,21\n", "year"),
        ("2021年上半年目标任务分解表,\n单位,目标（亿元）\n鼓楼区,21\n", "title"),
        ("2021年固定资产投资分解表,\n单位,目标（亿元）\n鼓楼区,21\n", "title"),
        ("2021年技改投资完成情况表,\n单位,投资（亿元）\n鼓楼区,21\n", "title"),
        ("单位,目标甲（亿元）,目标乙（亿元）\n鼓楼区,21,100\n", "column.C"),
        ("单位,目标（亿元）,增幅\n鼓楼区,21,9\n福清市,308,0.13\n", "growth.C"),
        ("单位,目标（亿元）\n鼓楼区,210000\n", "jump"),
        ("单位,目标（亿元）,\n鼓楼区,21,000\n", "column.C"),
    ] {
        assert!(again(text, &|_| ()).0.stops(), "{text}");
        let accepted = again(text, &|mapping| mapping.accept = [key.to_owned()].into()).0;
        assert!(!accepted.stops(), "{text} {:#?}", accepted.doubts);
        assert!(accepted.doubts.iter().any(|doubt| doubt.message.ends_with("（已确认）")));
    }
    // A unit that cannot be read is never taken for the goal's.
    for unit in ["千元", "万美元", "亿元、万元"] {
        let text = format!("单位：{unit},\n单位,目标\n鼓楼区,21\n");
        assert!(again(&text, &|_| ()).0.stops(), "{unit}");
        let (read, said) = again(&text, &|mapping| mapping.unit = Some("万元".to_owned()));
        assert!(said[0].starts_with("鼓楼区 0.0021"), "{said:?}");
        assert!(read.doubts.iter().any(|doubt| doubt.message.contains("按您定的万元读")), "{:#?}", read.doubts);
    }
    let sides = "单位,目标（亿元）,单位,目标（万元）\n鼓楼区,21,仓山区,225000\n";
    assert!(again(sides, &|_| ()).0.stops());
    let both = "单位,甲目标（亿元）,乙投资（亿元）\n鼓楼区,21,30\n";
    let (preview, _) = read_split(both.as_bytes(), "a.csv", None);
    let mut wished = preview.mapping;
    wished.columns.get_mut("C").unwrap().of = Use::Value;
    assert!(
        read_split(both.as_bytes(), "a.csv", Some(&wished))
            .0
            .doubts
            .iter()
            .any(|doubt| doubt.address == "B列、C列" && doubt.stops)
    );
    // The same for figures.
    let figures = "2021年1—5月,\n单位：千元,\n单位,累计完成\n鼓楼区,91000\n";
    let (plan, grid) = (plan(), grid::read(figures.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0));
    let first = preview_of(&plan, &grid, None);
    assert!(first.stops() && preview_of(&plan, &grid, Some(&first.mapping)).stops());
}

fn preview_of(plan: &Plan, grid: &Grid, wished: Option<&Mapping>) -> Preview {
    preview(plan, plan.default_goal(), grid, wished, None, "a.csv", Budget::ENDLESS).unwrap()
}

#[test]
fn cells_that_are_no_plain_figure() {
    check_split("单位,目标（亿元）\n鼓楼区,10 11\n", &[], &[("B2", "像是两个数")], true);
    check_split("单位,目标（亿元）\n鼓楼区,\"10\n11\"\n", &[], &[("B2", "像是两个数")], true);
    check_split("单位,目标（万元）\n福清市,3 080 000\n", &["福清市 308"], &[], false);
    check_split("单位,目标（亿元）\n鼓楼区,21.02383300045\n", &["鼓楼区 21.023833"], &[("B2", "四舍五入到元")], false);
    check_split(
        "单位,目标（亿）\n鼓楼区,21\n台江区,无\n仓山区,————\n",
        &["鼓楼区 21", "台江区 /", "仓山区 /"],
        &[],
        false,
    );
    check_split("单位;目标（亿元）\n鼓楼区;21\n", &["鼓楼区 21"], &[], false);
    check_split("单位，目标（亿元）\n鼓楼区，21\n", &["鼓楼区 21"], &[], false);
    let share = read_split("单位,目标（亿元）,增幅\n鼓楼区,21,0.09\n福清市,308,0.13\n".as_bytes(), "a.csv", None).0;
    let mut wished = share.mapping;
    wished.columns.get_mut("C").unwrap().of = Use::GrowthShare;
    let text = "单位,目标（亿元）,增幅\n鼓楼区,21,0.09\n福清市,308,0.13\n";
    assert_eq!(read_split(text.as_bytes(), "a.csv", Some(&wished)).1, ["鼓楼区 21 9", "福清市 308 13"]);
    let dated = split(|sheet| {
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write(0, 0, "单位").unwrap();
        sheet.write(0, 1, "目标（亿元）").unwrap();
        sheet.write(1, 0, "鼓楼区").unwrap();
        sheet.write_with_format(1, 1, 44217.0, &day).unwrap();
    });
    assert!(
        dated.0.doubts.iter().any(|doubt| doubt.address == "B2" && doubt.message.contains("2021-01-21")),
        "{:#?}",
        dated.0.doubts
    );
    for (bytes, says) in [("%PDF-1.4", "PDF"), ("<html><table>", "网页")] {
        assert!(grid::read(bytes.as_bytes(), "a.xls", Budget::ENDLESS).unwrap_err().message.contains(says));
    }
}

#[test]
fn figures_of_another_kind_stop() {
    let title = "2021年1—5月,,\n";
    check(&format!("{title}单位,累计（亿元）,同比增量\n鼓楼区,10.5,2.1\n"), &["鼓楼区 10.5/-"], &[]);
    check(&format!("{title}单位,累计（亿元）,同比增加（亿元）\n鼓楼区,10.5,2.1\n"), &["鼓楼区 10.5/-"], &[]);
    check(
        &format!("{title}单位,累计（亿元）,增长\n鼓楼区,9,9.4%\n福清市,110,-0.2\n"),
        &[],
        &[("C4", "“-0.2”是百分之几")],
    );
    check(
        "2021年1—5月,,,\n单位,累计（亿元）,单位,累计（亿元）\n鼓楼区,9,福清市,110\n仓山区,9,,66\n",
        &[],
        &[("C4", "没有单位名称")],
    );
    check("2021年5月投资,\n单位,完成投资（亿元）\n鼓楼区,1.5\n", &["鼓楼区 1.5/-"], &[("", "表里只写5月，没有写累计")]);
    check(
        &format!("{title}单位,累计（亿元）\n③鼓楼区,9\n填报人：张三,联系电话：83333333\n六区合计,9\n"),
        &["鼓楼区 9/-"],
        &[],
    );
    // The chosen period says which of several months' columns is meant.
    let months = "2021年技改投资（亿元）,,\n单位,1—4月,1—5月\n鼓楼区,7,9\n";
    let (plan, grid) = (plan(), grid::read(months.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0));
    let read =
        preview(&plan, plan.default_goal(), &grid, None, Period::new(2021, 5), "a.csv", Budget::ENDLESS).unwrap();
    assert_eq!(said(&read), ["鼓楼区 9/-"], "{:#?}", read.doubts);
    // Units above the first line, a column that is not there, shares that are percentages.
    let mut wished = read.mapping.clone();
    (wished.first_row, wished.unit) = (4, Some("亿元".to_owned()));
    wished.columns.insert("Z".to_owned(), wished.columns["B"].clone());
    let read = preview(&plan, plan.default_goal(), &grid, Some(&wished), None, "a.csv", Budget::ENDLESS).unwrap();
    doubts(&read, &[("A3", "在“从第几行起”之前"), ("Z列", "表里没有这一列")]);
    assert!(read.stops());
    check_split(
        "责任单位,任务（亿元）\n区工信局,6\n北峰街道办事处,3\n",
        &["区工信局 6", "北峰街道办事处 3"],
        &[],
        false,
    );
    check_split(
        "单位,目标（亿元）\n③鼓楼区,21\n福州高新区,34\n闽侯县,122\n",
        &["鼓楼区 21", "闽侯县 122", "高新区 34 <350121"],
        &[],
        false,
    );
}

#[test]
fn of_several_sheets_that_of_the_year_is_read() {
    let grids = |sheets: &[(&str, &str)]| -> Vec<Grid> {
        let one = |(name, text): &(&str, &str)| Grid {
            name: (*name).to_owned(),
            ..grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0)
        };
        sheets.iter().map(one).collect()
    };
    let plan = plan();
    let goal = plan.default_goal();
    let of = SplitOf {
        goal: &goal.name,
        measure: &goal.measure,
        own: &plan.region,
        year: 2021,
        units: &goal.splits,
        total: goal.target(2021),
    };
    let chosen = |sheets: &[Grid], named: Option<&str>| {
        choose_split(&of, sheets, named, Budget::ENDLESS)
            .map(|(sheet, others)| format!("{} {}", sheet.name, others.join(" ")).trim().to_owned())
    };
    let long = "单位,目标（亿元）\n鼓楼区,19\n福清市,280\n仓山区,20\n";
    assert_eq!(
        chosen(&grids(&[("2020年", long), ("2021年", "单位,目标（亿元）\n鼓楼区,21\n")]), None).unwrap(),
        "2021年"
    );
    let (last, this) = ("单位,2020年目标（亿元）\n鼓楼区,19\n福清市,280\n", "单位,2021年目标（亿元）\n鼓楼区,二十一\n");
    let all = grids(&[("说明", "填表说明\n"), ("去年", last), ("今年", this)]);
    assert_eq!(chosen(&all, None).unwrap(), "今年");
    assert_eq!(chosen(&all, Some("去年")).unwrap(), "去年");
    assert_eq!(chosen(&all, Some("明年")).unwrap_err(), "没有名为“明年”的表，文件里有 说明、去年、今年");
    assert_eq!(chosen(&grids(&[("甲", this), ("乙", this)]), None).unwrap(), "甲 乙");
    assert_eq!(chosen(&grids(&[("说明", "填表说明\n"), ("附注", "略\n")]), None).unwrap(), "说明");
}

#[test]
fn a_split_is_read_as_one_wishes() {
    let text = "县区,目标甲（亿元）,目标乙（万元）\n主城,5,5\n鼓楼区,100,210000\n福清市,900,3080000\n";
    let (guessed, _) = read_split(text.as_bytes(), "a.csv", None);
    assert!(guessed.stops());
    let mut wished = guessed.mapping.clone();
    wished.columns.get_mut("B").unwrap().of = Use::Ignore;
    wished.columns.get_mut("C").unwrap().of = Use::Value;
    (wished.unit, wished.skip) = (Some("万元".to_owned()), ["2".to_owned()].into());
    let (read, said) = read_split(text.as_bytes(), "a.csv", Some(&wished));
    assert_eq!(said, ["鼓楼区 21", "福清市 308"]);
    assert!(
        read.doubts.iter().all(|doubt| doubt.message.starts_with("计划里有、表里没有：台江区")),
        "{:#?}",
        read.doubts
    );
    assert!(read.lines[0].skipped);
    let file = to_toml(&wished, &Use::SPLIT);
    let again = from_toml(&file, &Use::SPLIT).unwrap();
    assert_eq!(read_split(text.as_bytes(), "a.csv", Some(&again)).1, ["鼓楼区 21", "福清市 308"]);
    let faults = from_toml("[columns]\nB = \"base\"\n", &Use::SPLIT).unwrap_err();
    assert_eq!(faults, ["columns 的 B 请写 number、name、value、growth、growth_share、ignore 之一"]);
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
    check(
        "2021年1—5月,,\n单位,累计完成（亿元）,上年同期（万元）\n鼓楼区,9.1,82000\n",
        &[],
        &[("C列", "这一列的单位是万元")],
    );
    check("2021年1—5月,,\n单位,累计完成,计量单位\n鼓楼区,91000,万元\n", &["鼓楼区 9.1/-"], &[]);
    check("2021年1—5月,\n单位,累计完成\n鼓楼区,91000\n注：计量单位为万元,\n", &["鼓楼区 9.1/-"], &[]);
}

#[test]
fn another_year_or_several_periods_are_not_guessed() {
    for title in ["2020年1—5月完成情况表", "2022年1—5月完成情况表", "2020年12月—2021年5月完成情况"]
    {
        check(&format!("{title},\n单位,累计完成（亿元）\n鼓楼区,9.1\n"), &[], &[("", "没有写明是哪一期")]);
    }
    let dated = "填报日期：2021年6月8日,\n2021年1—5月完成情况表,\n单位,累计完成（亿元）\n鼓楼区,9.1\n";
    assert_eq!(csv(dated).mapping.period, Period::new(2021, 5));
    let both = "关于报送6月调度会材料的技改投资表（2021年1—5月）,\n单位,累计完成（亿元）\n鼓楼区,9.1\n";
    assert_eq!(csv(both).mapping.period, Period::new(2021, 5));
    for title in ["2021年五月累计完成情况", "2021年一至五月完成情况", "2021年一月至五月", "2021年1—五月"]
    {
        assert_eq!(
            csv(&format!("{title},\n单位,累计完成（亿元）\n鼓楼区,9.1\n")).mapping.period,
            Period::new(2021, 5),
            "{title}"
        );
    }
    assert_eq!(csv("2021年十二月,\n单位,累计完成（亿元）\n鼓楼区,9.1\n").mapping.period, Period::new(2021, 12));
    assert_eq!(csv("2021年1月至5月,\n单位,累计完成（亿元）\n鼓楼区,9.1\n").mapping.period, Period::new(2021, 5));
}

#[test]
fn columns_of_other_months_years_and_kinds_are_left_alone() {
    let title = "2021年1—5月完成情况表（单位：亿元）";
    check(&format!("{title},,,,\n单位,5月,1—5月,去年5月,去年1—5月\n鼓楼区,2,9.1,1.8,8.2\n"), &["鼓楼区 9.1/8.2"], &[]);
    check(&format!("{title},,,,\n单位,1—2月,1—3月,1—4月,1—5月\n鼓楼区,3,5,7,9.1\n"), &["鼓楼区 9.1/-"], &[]);
    check(
        &format!("{title},,,\n单位,累计完成,比上年同期增减,当月上年同期\n鼓楼区,9.1,0.9,1.7\n"),
        &["鼓楼区 9.1/-"],
        &[],
    );
    check(
        &format!("{title},,,\n单位,2021年1—5月,2020年1—5月,环比增长（%）\n鼓楼区,9.1,8.2,3\n"),
        &["鼓楼区 9.1/8.2"],
        &[],
    );
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
    assert!(grid::read(quote.as_bytes(), "a.csv", Budget::ENDLESS).unwrap_err().message.contains("引号没有成对"));
    let commas = "2021年1—5月（单位：万元）,,\n单位,累计,同期\n福清市,1,205,000,1,102,500\n仓山区,102,000,91,000\n";
    check(commas, &[], &[("D3", "没有表头，却有数")]);
    let below = "2021年1—5月（单位：亿元）,\n单位,累计完成\n鼓楼区,9.1\n单位,上年同期\n福清市,110\n";
    check(below, &[], &[("A4", "又是一行表头")]);
    check("2021年1—5月,\n单位,增速（%）\n鼓楼区,0.123\n福清市,0.1\n", &[], &[("B列", "0.123 即 12.3%")]);
    let merged = sheet(|sheet| {
        for (at, (name, head)) in
            [("单位", "1—5月累计（亿元）"), ("闽侯县", ""), ("高新区", "")].into_iter().enumerate()
        {
            sheet.write(at as u32, 0, name).unwrap();
            if !head.is_empty() {
                sheet.write(at as u32, 1, head).unwrap();
            }
        }
        sheet.merge_range(1, 1, 2, 1, "", &Format::new()).unwrap();
        sheet.write(1, 1, 84.1).unwrap();
    });
    assert!(merged.stops());
    doubts(&merged, &[("B3", "几行合并成一格")]);
}

#[test]
fn cells_in_words_are_read_and_shown_as_read() {
    let title = "2021年1—5月（亿元）,\n单位,累计完成,同比增长（%）\n";
    let growth = |cells: &[&str], more: &str| {
        let units = ["鼓楼区", "仓山区", "福清市", "闽侯县", "连江县"];
        let lines: String = units.iter().zip(cells).map(|(unit, cell)| format!("{unit},9,{cell}\n")).collect();
        csv(&format!("{title}{lines}{more}"))
    };
    let read = growth(&["增长1.39倍", "下降3.1%", "持平", "(3.1)", "↓3.1"], "");
    assert_eq!(
        said(&read),
        ["鼓楼区 9/-@139", "仓山区 9/-@-3.1", "福清市 9/-@0", "闽侯县 9/-@-3.1", "连江县 9/-@-3.1"]
    );
    doubts(&read, &[("C3", "“增长1.39倍”读作 139%"), ("C4", "“下降3.1%”读作 −3.1%"), ("C6", "“(3.1)”读作 −3.1%")]);
    // A triangle is a rise where falls have their own mark, or the table says so; else somebody has to say.
    assert_eq!(said(&growth(&["▲12.3", "▼3.1"], "")), ["鼓楼区 9/-@12.3", "仓山区 9/-@-3.1"]);
    assert_eq!(said(&growth(&["▲12.3", "3.1"], "注：▲表示下降,,\n")), ["鼓楼区 9/-@-12.3", "仓山区 9/-@3.1"]);
    let read = growth(&["▲12.3", "3.1"], "");
    assert!(read.stops());
    doubts(&read, &[("C3", "“▲12.3”按增长读")]);
    let plan = plan();
    let text = format!("{title}鼓楼区,9,▲12.3\n");
    let grid = &grid::read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap()[0];
    let wished = Mapping { accept: ["triangle.C".to_owned()].into(), ..csv(&text).mapping };
    assert_eq!(
        said(&preview(&plan, plan.default_goal(), grid, Some(&wished), None, "a.csv", Budget::ENDLESS).unwrap()),
        ["鼓楼区 9/-@12.3"]
    );
    // What stays unreadable gets a sentence about its cell.
    let read = growth(&["基本持平", "1.39倍"], "");
    doubts(&read, &[("C3", "“基本持平”没有写数"), ("C4", "“1.39倍”是增长这么多倍，还是上年的这么多倍")]);
    let amounts = csv("2021年1—5月（亿元）,\n单位,累计完成\n鼓楼区,(3.1)\n仓山区,未报\n福清市,约12\n闽侯县,增长3%\n");
    doubts(&amounts, &[("B3", "“(3.1)”读作 −3.1 亿元"), ("B5", "不是准数"), ("B6", "是增减，不是累计数")]);
    check_split("单位,目标（亿元）,增幅\n鼓楼区,21,增长9%\n", &["鼓楼区 21 9"], &[("C2", "读作 9%")], false);
}

#[test]
fn a_table_with_goals_down_its_side_states_the_whole() {
    let read = csv(
        "2021年1—5月主要指标完成情况,,,\n指标名称,计量单位,本月止累计,比上年同期增长（%）\n规模以上工业增加值,亿元,900,8.1\n工业技改投资,亿元,410.2,12.5\n社会消费品零售总额,亿元,1500,6\n",
    );
    assert_eq!(said(&read), ["福州市 410.2/-@12.5"], "{:#?}", read.doubts);
    doubts(&read, &[("", "表里各行是指标，取“工业技改投资”一行，作为福州市的数")]);
}

#[test]
fn hidden_digits_are_told_and_the_office_chooses() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (one, percent, day) = (
        Format::new().set_num_format("0.0_ "),
        Format::new().set_num_format("0.0%"),
        Format::new().set_num_format("#,##0.00\"亿元\""),
    );
    for (column, head) in ["单位", "1—5月累计（亿元）", "同比增长（%）"].into_iter().enumerate() {
        sheet.write(1, column as u16, head).unwrap();
    }
    sheet.write(0, 0, "2021年1—5月").unwrap();
    for (row, name, value, growth, format) in
        [(2, "鼓楼区", 9.126, 4.449, &one), (3, "福清市", 110.5, 5.5, &one), (4, "仓山区", 8.0, 0.04449, &percent)]
    {
        sheet.write(row, 0, name).unwrap();
        sheet.write_with_format(row, 1, value, &day).unwrap();
        sheet.write_with_format(row, 2, growth, format).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let first = read(&bytes, "报表.xlsx");
    assert_eq!(said(&first), ["鼓楼区 9.126/-@4.4", "福清市 110.5/-@5.5", "仓山区 8/-@4.4"]);
    doubts(
        &first,
        &[
            ("B列", "有 1 格显示的位数比存的少（B3显示 9.13，存的是 9.126），按存的数读"),
            ("C列", "有 2 格显示的位数比存的少（C3显示 4.4，存的是 4.449），按显示的数读"),
        ],
    );
    let (plan, grid) = (plan(), grid::read(&bytes, "a.xlsx", Budget::ENDLESS).unwrap().remove(0));
    let wished = Mapping { accept: ["shown.B", "held.C"].map(str::to_owned).into(), ..first.mapping };
    let read = preview(&plan, plan.default_goal(), &grid, Some(&wished), None, "a.xlsx", Budget::ENDLESS).unwrap();
    assert_eq!(said(&read), ["鼓楼区 9.13/-@4.449", "福清市 110.5/-@5.5", "仓山区 8/-@4.449"]);
}

#[test]
fn the_own_form_reads_cells_in_words_too() {
    let csv =
        "region,period,value,base,growth_pct,note\n鼓楼区,2021-05,７.1,(6.8),下降3.1%,\n仓山区,2021-05,约9,,持平,\n";
    let plan = plan();
    let read = documents::returns::parse(&plan, plan.default_goal(), csv.as_bytes(), "r.csv");
    let told: Vec<String> = read.said.iter().map(|said| format!("{} {}", said.line, said.message)).collect();
    assert_eq!(told, ["2 “７.1”读作 7.1 亿元", "2 “(6.8)”读作 −6.8 亿元", "2 “下降3.1%”读作 −3.1%", "3 “持平”读作 0%"]);
    assert_eq!(read.all_problems()[0].message, "累计完成（value）：“约9”不是准数；请写准确的数");
}

#[test]
fn blank_cells_and_missing_columns_empty_nothing() {
    let read = csv("2021年1—5月（单位：亿元）,,\n单位,累计完成,上年同期\n鼓楼区,9.1,8.2\n福清市,,110\n");
    assert_eq!(said(&read), ["鼓楼区 9.1/8.2"], "a line without a figure of this period reports nothing");
}

/// A sheet of heads alone.
fn wide(width: usize) -> Grid {
    let line = |row| (0..width).map(|column| format!("累计完成{row}项目{column}（万元）")).collect();
    Grid { rows: (0..120).map(line).collect(), ..Grid::default() }
}

/// Attack 6: 300 lines of 300 heads took 16 s. However wide a sheet is, its lines are gone through as often.
#[test]
fn a_wide_sheet_of_heads_costs_no_more_than_its_cells() {
    let (plan, checks) = (plan(), std::sync::atomic::AtomicUsize::new(0));
    let goal = plan.default_goal();
    let budget = || {
        checks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        true
    };
    let steps = |width: usize| {
        checks.store(0, std::sync::atomic::Ordering::Relaxed);
        preview(&plan, goal, &wide(width), None, None, "宽表.csv", Budget::new(&budget)).unwrap();
        checks.load(std::sync::atomic::Ordering::Relaxed)
    };
    let (narrow, wide) = (steps(75), steps(300));
    assert!(wide <= narrow + 300, "{narrow} steps for 75 columns, {wide} for 300");
}

/// Attack 6: work on a file ends with its budget, wherever in the reader it is, with a sentence.
#[test]
fn every_reader_ends_with_its_budget() {
    let plan = plan();
    let goal = plan.default_goal();
    let of = SplitOf {
        goal: &goal.name,
        measure: &goal.measure,
        own: &plan.region,
        year: 2021,
        units: &goal.splits,
        total: None,
    };
    let left = std::sync::atomic::AtomicUsize::new(0);
    let budget = || left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok();
    let sheet = wide(20);
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (row, line) in sheet.rows.iter().enumerate() {
        page.write_row(row as u32, 0, line).unwrap();
    }
    let xlsx = book.save_to_buffer().unwrap();
    let xls = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/old.xls")).unwrap();
    let csv: String = sheet.rows.iter().map(|line| line.join(",") + "\n").collect();
    let ended = domain::budget::Ended.to_string();
    for steps in [0, 1, 2, 100] {
        let budget = || {
            left.store(steps, SeqCst);
            Budget::new(&budget)
        };
        assert_eq!(preview(&plan, goal, &sheet, None, None, "a", budget()).map(drop), Err(domain::budget::Ended));
        assert_eq!(preview_split(&of, &sheet, None, budget()).map(drop), Err(domain::budget::Ended));
        assert_eq!(choose_split(&of, std::slice::from_ref(&sheet), None, budget()).map(drop), Err(ended.clone()));
        for (bytes, name) in [(&xlsx[..], "a.xlsx"), (csv.as_bytes(), "a.csv")] {
            assert_eq!(
                grid::read(bytes, name, budget()).map(drop).map_err(|why| why.message),
                Err(ended.clone()),
                "{name}"
            );
        }
    }
    left.store(0, SeqCst);
    assert_eq!(
        grid::read(&xls, "a.xls", Budget::new(&budget)).map(drop).map_err(|why| why.message),
        Err(ended.clone())
    );
    let own = "region,period,value\n鼓楼区,2021-05,1\n";
    let read = documents::returns::parse_with(&plan, goal, own.as_bytes(), "a", None, Budget::new(&budget));
    assert_eq!(read.faults[0].message, ended);
}
