//! Each reader with what must hold of whatever it is given.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use documents::grid::Grid;
use documents::office_table::{Doubt, SplitOf, choose_split, preview, preview_split};
use documents::{csv_text, grid, pack as packs, returns};
use domain::budget::Budget;
use domain::day::Day;
use domain::evidence::{FileKind, clean_name};
use domain::money::Measure;
use domain::plan::{Plan, file, table, writer};
use office::posted::Posted;

/// A reader, and what must hold of it.
pub(crate) type Target = fn(&[u8]);

/// Each by its name.
pub(crate) const TARGETS: [(&str, Target); 10] = [
    ("plan", plan),
    ("csv", csv),
    ("xlsx", xlsx),
    ("xls", xls),
    ("block", block),
    ("number", number),
    ("date", date),
    ("pack", pack),
    ("form", form),
    ("attachment", attachment),
];

static FUZHOU: LazyLock<Plan> =
    LazyLock::new(|| file::parse(&std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap()).unwrap());

/// A budget as a request has it; what goes on behind it is found by the time a target takes.
fn within(work: impl FnOnce(Budget<'_>)) {
    let end = Instant::now() + Duration::from_secs(10);
    work(Budget::new(&|| Instant::now() < end));
}

#[track_caller]
fn sentence(text: &str) {
    assert!(text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "no sentence: “{text}”");
}

fn plan(bytes: &[u8]) {
    match file::parse(&String::from_utf8_lossy(bytes)) {
        Ok(plan) => {
            domain::plan::check::check(&plan);
            assert_eq!(file::parse(&writer::write(&plan)).as_ref(), Ok(&plan), "written and read again");
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            problems.iter().for_each(|problem| sentence(&problem.message));
        }
    }
}

fn doubts(all: &[Doubt]) {
    all.iter().for_each(|doubt| sentence(&doubt.message));
}

/// Sheets as a table of returns and as the split of a target.
fn sheets(sheets: &[Grid], budget: Budget<'_>) {
    let (plan, goal) = (&*FUZHOU, FUZHOU.default_goal());
    let of = SplitOf {
        goal: &goal.name,
        measure: &goal.measure,
        own: &plan.region,
        year: 2021,
        units: &goal.splits,
        total: None,
    };
    for sheet in sheets {
        let Ok(read) = preview(plan, goal, sheet, None, None, "a", budget) else { return };
        doubts(&read.doubts);
        // The reading that was shown is the reading that is confirmed.
        if let Ok(again) = preview(plan, goal, sheet, Some(&read.mapping), None, "a", budget) {
            assert_eq!(again.read_rows(goal), read.read_rows(goal), "confirmed as shown");
        }
        let Ok(split) = preview_split(&of, sheet, None, budget) else { return };
        doubts(&split.doubts);
    }
    let _ = choose_split(&of, sheets, None, budget).map_err(|refusal| sentence(&refusal));
}

fn table_of(bytes: &[u8], name: &str) {
    within(|budget| match grid::read(bytes, name, budget) {
        Ok(read) => sheets(&read, budget),
        Err(problem) => sentence(&problem.message),
    });
    within(|budget| {
        let read = returns::parse_with(&FUZHOU, FUZHOU.default_goal(), bytes, name, None, budget);
        read.all_problems().iter().for_each(|problem| sentence(&problem.message));
    });
}

fn csv(bytes: &[u8]) {
    table_of(bytes, "a.csv");
    let read = |bytes: &[u8]| grid::read(bytes, "a.csv", Budget::ENDLESS).ok()?.pop();
    let Some(sheet) = read(bytes).filter(|sheet| sheet.width() > 1) else { return };
    let head: Vec<&str> = sheet.rows[0].iter().map(String::as_str).collect();
    let again = read(csv_text::write(&head, &sheet.rows[1..]).as_bytes());
    // A row stands at the line where it ends: behind a cell of two lines there is an empty one, each time.
    let said = |sheet: Grid| -> Vec<Vec<String>> {
        sheet.rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect()
    };
    assert_eq!(again.map(said), Some(said(sheet)), "written and read again");
}

fn xlsx(bytes: &[u8]) {
    table_of(bytes, "a.xlsx");
}

fn xls(bytes: &[u8]) {
    table_of(bytes, "a.xls");
}

fn block(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (plan, goal) = (&*FUZHOU, FUZHOU.default_goal());
    let read = table::read(&text, &goal.measure, &plan.region, 2021);
    read.problems.iter().for_each(|problem| sentence(&problem.message));
    let lines = domain::entry::lines(
        plan,
        "350181",
        &domain::month::Period::parse("2021-05").unwrap().into(),
        &domain::returns::Figures::default(),
    );
    domain::entry::paste(&lines, (0, domain::entry::Field::Value), &text);
    table_of(text.as_bytes(), "粘贴");
}

fn number(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for unit in ["亿元", "万元", "元"] {
        let measure = Measure::money(unit).unwrap();
        match domain::entry::understand(&measure, &text) {
            Ok(Some(read)) => assert_eq!(measure.parse(&measure.plain(read.amount)), Ok(read.amount), "read again"),
            Ok(None) => {}
            Err(refusal) => sentence(&refusal),
        }
    }
    match domain::entry::understand_growth(&text, Some(true)) {
        Ok(Some(read)) => {
            let again = domain::rate::Rate::parse_percent(&read.rate.percent_as_written());
            assert_eq!(again.ok(), Some(read.rate), "read again");
        }
        Ok(None) => {}
        Err(refusal) => sentence(&refusal),
    }
}

fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let near = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
    let read = |text: &str| Day::parse(text).and_then(|day| day.near(near));
    if let Some(day) = read(&text) {
        assert_eq!(read(&day.to_string()), Some(day), "read again");
    }
    match domain::month::Period::parse(&text) {
        Ok(period) => assert_eq!(domain::month::Period::parse(&period.to_string()), Ok(period), "read again"),
        Err(refusal) => sentence(&refusal.to_string()),
    }
}

fn pack(bytes: &[u8]) {
    match packs::read(bytes) {
        Ok(pack) => {
            assert_eq!(pack.digest().len(), 64);
            let written = packs::write(&pack.files, |_| Ok(Vec::new())).unwrap();
            assert_eq!(packs::read(&written.0).map(|again| again.files), Ok(pack.files), "written and read again");
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            faults.iter().for_each(|fault| sentence(fault));
        }
    }
}

fn form(bytes: &[u8]) {
    let posted = Posted::decode(&String::from_utf8_lossy(bytes));
    let fields: Vec<(&str, &str)> = posted.fields().collect();
    let again = Posted::decode(&tests::form(&fields));
    assert_eq!(again.fields().collect::<Vec<_>>(), fields, "written and read again");
    let _ = office::plan_form::read(&posted, None);
}

/// What a file that is attached is; and a name of such bytes.
fn attachment(bytes: &[u8]) {
    if let Err(said) = documents::attachment::kind(bytes) {
        sentence(&said);
    }
    let name = String::from_utf8_lossy(bytes);
    for kind in FileKind::ALL {
        let name = clean_name(&name, kind);
        let hides = |c: char| domain::hidden::is_hidden(c) || matches!(c, '/' | '\\' | '"' | '\r' | '\n');
        assert!(!name.chars().any(hides) && !name.starts_with('.') && name.len() <= 255, "{name:?}");
        assert_eq!(clean_name(&name, kind), name, "cleaned once");
    }
}
