//! Lists of projects as offices keep them → the library, with every doubt at its cell; and what is exported comes in
//! again as it was.

use std::collections::BTreeMap;

use documents::grid;
use documents::project_table::{Around, Preview, Use, preview};
use documents::table_workbook::{Sheet, write};
use domain::budget::Budget;
use domain::money::{Amount, Measure};
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::field::{Field, Place};
use domain::projects::sums::Library;
use domain::projects::table::{Spec, render};
use domain::projects::{Entry, Role, Stage};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

const MAY: Period = Period { year: 2021, month: 5 };

fn plan() -> Plan {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/contract/fuzhou-2021.plan.toml");
    domain::plan::file::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Reads the first sheet of a file onto what is known.
fn read_onto(bytes: &[u8], file: &str, period: Option<Period>, known: &BTreeMap<String, Entry>) -> Preview {
    let (plan, uses) = (plan(), BTreeMap::<String, Use>::new());
    let around = Around { plan: &plan, year: 2021, period, unit: None, uses: &uses, known, own_unit: None };
    let sheets = grid::read(bytes, file, Budget::ENDLESS).unwrap();
    preview(&sheets[0], &around, Budget::ENDLESS).unwrap()
}

fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Preview {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    read_onto(&book.save_to_buffer().unwrap(), "项目.xlsx", Some(MAY), &BTreeMap::new())
}

#[track_caller]
fn stops(preview: &Preview, wanted: &[(&str, &str)]) {
    let found: Vec<_> = preview.doubts.iter().filter(|doubt| doubt.stops).collect();
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    for (address, part) in wanted {
        assert!(
            found.iter().any(|it| it.address == *address && it.message.contains(part)),
            "{address} {part}: {found:#?}"
        );
    }
}

/// `2021-001 福清市 甲项目 continued 20000/12000/5200/14200`: total, plan, this year, since the start, in 万元.
fn said(preview: &Preview) -> Vec<String> {
    let (plan, measure) = (plan(), Measure::money("万元").unwrap());
    let money = |amount: Option<Amount>| amount.map_or("-".to_owned(), |amount| measure.plain(amount));
    let line = |entry: &Entry| {
        let (own, listed) = (&entry.project, &entry.years[&2021]);
        let reported = entry.returns.get(&MAY).cloned().unwrap_or_default();
        format!(
            "{} {} {} {} {}/{}/{}/{}",
            own.id,
            domain::projects::field::unit_name(&plan, &own.unit),
            own.name,
            listed.role.id(),
            money(own.total),
            money(listed.planned),
            money(reported.this_year),
            money(reported.since_start)
        )
    };
    preview.lines.iter().map(|line_of| line(&line_of.entry)).collect()
}

/// 漳州's 明细表: two rows of heads over twenty columns, a sum for all and one for each county.
fn detail(wrong_sum: bool) -> Preview {
    sheet(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 19, "2021年市级重点技改项目1—5月进展情况明细表", &plain).unwrap();
        sheet.write(1, 17, "单位：万元").unwrap();
        let alone = [
            (0, "序号"),
            (1, "项目名称"),
            (2, "建设性质"),
            (3, "建设规模及主要建设内容"),
            (4, "建设起止年限"),
            (5, "总投资"),
            (6, "至2020年底累计完成投资"),
            (12, "项目业主"),
            (13, "挂钩责任单位"),
            (16, "责任人"),
            (17, "联系电话"),
            (18, "所属行业"),
            (19, "备注"),
        ];
        for (column, head) in alone {
            sheet.merge_range(2, column, 3, column, head, &plain).unwrap();
        }
        sheet.merge_range(2, 7, 2, 9, "2021年", &plain).unwrap();
        sheet.merge_range(2, 10, 2, 11, "后几个月", &plain).unwrap();
        sheet.merge_range(2, 14, 2, 15, "挂钩领导", &plain).unwrap();
        let below = [
            (7, "计划投资"),
            (8, "1—5月完成投资"),
            (9, "占年计划%"),
            (10, "节点安排"),
            (11, "力争完成投资"),
            (14, "市领导"),
            (15, "县领导"),
        ];
        for (column, head) in below {
            sheet.write(3, column, head).unwrap();
        }
        let total = if wrong_sum { 40_000.0 } else { 38_000.0 };
        let sums = [
            (4, "合计（3个）", total, 21_000.0),
            (5, "一、福清市（2个）", 30_000.0, 17_000.0),
            (8, "二、闽侯县（1个）", 8_000.0, 4_000.0),
        ];
        for (row, name, total, planned) in sums {
            sheet.write(row, 1, name).unwrap();
            sheet.write(row, 5, total).unwrap();
            sheet.write(row, 7, planned).unwrap();
        }
        let lines = [
            (6, 1, "甲公司智能工厂", "改建", "2020-2022", 20_000.0, 9_000.0, 12_000.0, 5_200.0, "主体封顶", "林县长"),
            (7, 2, "乙公司生产线", "新建", "2021.03-2021.12", 10_000.0, 0.0, 5_000.0, 1_000.5, "设备安装", "陈县长"),
            (9, 3, "丙公司扩能", "扩建", "2021年6月至2022年底", 8_000.0, 0.0, 4_000.0, 0.0, "开工", "王县长"),
        ];
        for (row, number, name, nature, span, total, before, planned, done, next, leader) in lines {
            sheet.write(row, 0, number).unwrap();
            for (column, text) in [
                (1, name),
                (2, nature),
                (4, span),
                (10, next),
                (12, "某公司"),
                (13, "市工信局"),
                (14, "张局长"),
                (15, leader),
                (18, "机械"),
            ] {
                sheet.write(row, column, text).unwrap();
            }
            for (column, amount) in [(5, total), (6, before), (7, planned), (8, done)] {
                sheet.write(row, column, amount).unwrap();
            }
        }
    })
}

#[test]
fn a_detailed_list_of_twenty_columns_is_read_by_county() {
    let read = detail(false);
    stops(&read, &[]);
    assert_eq!(
        said(&read),
        [
            "2021-001 福清市 甲公司智能工厂 continued 20000/12000/5200/14200",
            "2021-002 福清市 乙公司生产线 continued 10000/5000/1000.5/1000.5",
            "2021-003 闽侯县 丙公司扩能 continued 8000/4000/0/0",
        ]
    );
    let first = &read.lines[0].entry;
    let place = Place { plan: &plan(), year: 2021, period: Some(MAY), measure: Measure::money("万元").unwrap() };
    for (field, text) in [
        (Field::Nature, "改建"),
        (Field::Span, "2020-01至2022-12"),
        (Field::Next, "主体封顶"),
        (Field::Firm, "某公司"),
        (Field::Lead, "市工信局"),
        (Field::Official, "张局长"),
        (Field::UnitOfficial, "林县长"),
        (Field::Industry, "机械"),
        (Field::Before, "9000"),
        (Field::Progress, ""),
    ] {
        assert_eq!(field.text(first, &place), text, "{}", field.name());
    }
    // Telephones and percentages are not taken.
    let ignored: Vec<&str> =
        read.columns.iter().filter(|column| column.of == Use::Ignore).map(|column| column.head.as_str()).collect();
    assert_eq!(ignored, ["2021年 占年计划%", "后几个月 力争完成投资", "责任人", "联系电话", "备注"]);
    stops(&detail(true), &[("F5", "与各项目相加 38,000万元 不符（3个项目）")]);
}

/// 南平's 月报: projects being built before those prepared, in each the city's own before the counties'.
#[test]
fn a_monthly_report_by_role_and_county_is_read() {
    let csv = "2021年重点技改项目1—5月完成情况,,,,,,,,,,,,\n\
        序号,项目名称,总投资（万元）,截至上年底累计完成,年度计划投资（万元）,1—5月完成投资（万元）,占年计划%,形象进度,存在问题,建设单位,责任单位,市领导,县（市、区）领导\n\
        ,合计（3个）,90000,,32000,10500,32.8,,,,,,\n\
        一、,在建项目（2个）,60000,,30000,10500,35,,,,,,\n\
        （一）,市本级（1个）,50000,,20000,8000,40,,,,,,\n\
        1,丁公司搬迁,5万,12000,20000,8000,40,基础施工,用地未批,丁公司,市工信局,李市长,\n\
        （二）,闽侯县（1个）,10000,,10000,2500,25,,,,,,\n\
        2,戊公司技改,10000,,10000,2500,25,设备到厂,无,戊公司,闽侯县政府,,周县长\n\
        二、,预备项目（1个）,30000,,2000,,,,,,,,\n\
        （一）,福清市（1个）,30000,,2000,,,,,,,,\n\
        3,己公司新厂,30000,,2000,,,可研编制,资金,己公司,福清市政府,,\n";
    let read = |csv: &str| read_onto(csv.as_bytes(), "月报.csv", Some(MAY), &BTreeMap::new());
    // A head without its unit of money, and an amount that is counted in 万元 twice: the sums do not agree.
    stops(&read(csv), &[("D", "没有写明金额单位"), ("C3", "不符"), ("C4", "不符"), ("C5", "5万元 不符")]);
    let csv = csv.replace("截至上年底累计完成", "截至上年底累计完成（万元）").replace(",5万,", ",50000,");
    let read = read(&csv);
    stops(&read, &[]);
    assert_eq!(
        said(&read),
        [
            "2021-001 市本级 丁公司搬迁 continued 50000/20000/8000/20000",
            "2021-002 闽侯县 戊公司技改 continued 10000/10000/2500/-",
            "2021-003 福清市 己公司新厂 preparation 30000/2000/-/-",
        ]
    );
    assert_eq!(read.lines[0].entry.returns[&MAY].problem, "用地未批");
}

/// Our own form: one line per project and period.
const OWN: &str = "项目编号,项目名称,项目代码,所在单位,年度,期间,年度类别,行业,改造方向,建设性质,建设规模及内容,总投资（亿元）,设备投资（万元）,\
    年计划投资（万元）,分月计划（万元）,年度形象进度目标,标签,责任单位,挂钩领导,县级挂钩领导,项目业主,批次,入库时间,认可的延期理由,\
    计划开工时间,实际开工时间,纳统时间,计划竣工时间,实际竣工时间,计划投产时间,实际投产时间,本年累计完成投资（万元）,\
    开工以来累计完成投资（万元）,形象进度,存在问题,下步措施\n\
    2021-001,甲项目,,福清市,2021,2021-04,续建,机械,数字化,改建,\"年产10万台，含仓库\",1.2,3000,6000,3月 1000；6月 3000；12月 6000,投产,重中之重、百项千亿,市工信局,张局长,林县长,甲公司,第一批,2021-01,,2020-03,2020-03-15,2020-06,2021-12,,2022-03,,1500,6500,主体,无,抓紧\n\
    2021-001,甲项目,,福清市,2021,2021-05,续建,机械,数字化,改建,\"年产10万台，含仓库\",1.2,3000,6000,3月 1000；6月 3000；12月 6000,投产,重中之重、百项千亿,市工信局,张局长,林县长,甲公司,第一批,2021-01,,2020-03,2020-03-15,2020-06,2021-12,,2022-03,,2200.5,7200.5,封顶,资金,贷款\n\
    2021-002,乙项目,,福清市,2021,2021-05,新开工,化工,绿色化,新建,,0.8,,3000,,开工,,,,,乙公司,,2021-02,等用地批复,2021-03,,,,,,,0,0,未开工,用地,报批\n\
    2021-003,丙项目,,高新区,2021,2021-05,竣工投产,电子,服务化,扩建,,0.06,100,600,,投产,,,,,丙公司,,,,2020-08,2020-08,2020-10,2021-05,2021-04,2021-06,2021-05,600,600,投产,,\n\
    2021-004,丁项目,,市本级,2021,,储备,,高端化,新建,谋划中,3,,,,,,,,,,,,,2022-03,,,,,,,,,,,\n";

fn library() -> BTreeMap<String, Entry> {
    let read = read_onto(OWN.as_bytes(), "项目.csv", None, &BTreeMap::new());
    stops(&read, &[]);
    read.entries
}

#[test]
fn our_own_form_has_a_line_for_each_period() {
    let library = library();
    assert_eq!(library.keys().collect::<Vec<_>>(), ["2021-001", "2021-002", "2021-003", "2021-004"]);
    let first = &library["2021-001"];
    assert_eq!((first.project.total, first.project.equipment), (Some(Amount(120_000_000)), Some(Amount(30_000_000))));
    assert_eq!(
        first.years[&2021].by_month,
        BTreeMap::from([(3, Amount(10_000_000)), (6, Amount(30_000_000)), (12, Amount(60_000_000))])
    );
    assert_eq!(first.returns.keys().map(|at| at.month).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(first.project.labels, ["重中之重", "百项千亿"]);
    assert_eq!(library["2021-002"].years[&2021].role, Role::Start);
    assert_eq!(library["2021-003"].stage(MAY), Stage::Producing);
    assert!(library["2021-004"].returns.is_empty());
    // Sent again, nothing changes.
    let again = read_onto(OWN.as_bytes(), "项目.csv", None, &library);
    assert_eq!((again.added(), &again.entries), (0, &library));
    assert_eq!(again.entries.len(), 4);
    // What is wrong is said at its cell.
    let wrong = OWN.replace(",市本级,", ",市本部,").replace("2020-03-15", "去年春天").replace(",0.8,", ",-0.8,");
    let wrong = read_onto(wrong.as_bytes(), "项目.csv", None, &BTreeMap::new());
    stops(
        &wrong,
        &[("Z2", "看不懂"), ("Z3", "看不懂"), ("L4", "负数"), ("D6", "计划里没有单位"), ("B6", "属于哪个单位")],
    );
}

/// Every table of the library, as a workbook and as CSV, is read onto the same library without a change or a stop.
#[test]
fn what_is_exported_comes_in_unchanged() {
    let (plan, known) = (plan(), library());
    let today = chrono::NaiveDate::from_ymd_opt(2021, 6, 8).unwrap();
    let library = Library::of(&plan, known.values(), MAY, today);
    let place = Place { plan: &plan, year: 2021, period: Some(MAY), measure: Measure::money("万元").unwrap() };
    // 年度汇总 has no projects, a list of what lags needs rules.
    for spec in Spec::ALL.into_iter().filter(|spec| !matches!(spec, Spec::Year | Spec::Lag)) {
        let rendered = render(spec, spec.columns(), &library.rows, &place, &library);
        let lines = rendered.lines.iter().filter(|line| line.project.is_some()).count();
        assert!(lines > 0, "{}", spec.name());
        let table = rendered.table();
        let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
        let csv = documents::csv_text::write(&header, table.rows.iter());
        let widths: Vec<f64> = rendered.columns.iter().map(|column| f64::from(column.width())).collect();
        let title = format!("福州市{}{}", MAY.title(), spec.name());
        let sheet =
            Sheet {
                name: spec.name(), title: &title, below: "技改　单位：万元", table: &table, widths: &widths
            };
        for (bytes, file) in [(csv.into_bytes(), "表.csv"), (write(&sheet).unwrap(), "表.xlsx")] {
            let read = read_onto(&bytes, file, Some(MAY), &known);
            stops(&read, &[]);
            assert_eq!(read.lines.len(), lines, "{} {file}", spec.name());
            for line in &read.lines {
                assert_eq!(
                    (line.known, &line.changes),
                    (true, &Vec::new()),
                    "{} {file} {}",
                    spec.name(),
                    line.entry.project.id
                );
                assert_eq!(line.entry, known[&line.entry.project.id], "{} {file}", spec.name());
            }
        }
    }
}
