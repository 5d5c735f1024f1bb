//! Benchmark: a bulletin of 3 000 units as workbook and as PDF. Prints milliseconds and MB of each, and the PDF's
//! pages.

use std::fmt::Write;
use std::time::Instant;

use documents::{bulletin_workbook, paper};
use domain::bulletin::{Context, compose};
use domain::letterhead::Letterhead;
use domain::money::Amount;
use domain::month::Period;
use domain::returns::{Figure, Figures};

const UNITS: usize = 3_000;

fn main() {
    let mut source = String::from(
        "format = 1\nid = \"bench\"\ntitle = \"基准\"\nregion = { name = \"某省\" }\nyears = [2025, 2025]\n\
         [[goal]]\nid = \"g\"\nname = \"技改投资\"\nkind = \"amount\"\nunit = \"万元\"\ntargets = [{ year = 2025, value = \"3000000\", growth_pct = \"10\" }]\n",
    );
    for unit in 0..UNITS {
        let _ = write!(
            source,
            "  [[goal.split]]\n  name = \"第{unit}县\"\n  value = \"{}\"\n  growth_pct = \"{}\"\n",
            1000 + unit % 97,
            5 + unit % 11
        );
    }
    let plan = domain::plan::file::parse(&source).expect("a valid plan");
    let goal = &plan.goals[0];
    let mut figures = Figures::default();
    for month in 1..=12 {
        let Some(period) = Period::new(2025, month) else { continue };
        for (index, split) in goal.splits.iter().enumerate() {
            let base = 800_000 + (index as i64 * 7_919) % 400_000;
            let value = base * i64::from(month) / 12 + (index as i64 * 104_729) % 90_000;
            let figure = Figure {
                value: Some(Amount(value)),
                base: Some(Amount(base * i64::from(month) / 12)),
                ..Figure::default()
            };
            figures.insert("g", period, &split.region, figure);
        }
    }
    let period = Period { year: 2025, month: 12 };
    let bulletin = compose(&plan, goal, &figures, period, &Context { edition: 1, ..Context::default() });
    let start = Instant::now();
    let edition = paper::Edition { bulletin: &bulletin, edition: 1, sha256: "0", head: None };
    let book = bulletin_workbook::write(&edition).expect("a workbook");
    let workbook = (start.elapsed(), peak());
    let faces = typeset::Faces::load(None);
    let start = Instant::now();
    let paper = paper::compose(&edition, &Letterhead::default(), Vec::new());
    let (pdf, pages) = typeset::pdf_counted(&paper, &faces).expect("a PDF");
    let ms = |took: std::time::Duration| took.as_secs_f64() * 1e3;
    println!(
        "{:.0} {:.1} {} {:.0} {:.1} {pages} {}",
        ms(workbook.0),
        book.len() as f64 / 1e6,
        workbook.1,
        ms(start.elapsed()),
        pdf.len() as f64 / 1e6,
        peak()
    );
}

/// The most memory this process has held, MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
