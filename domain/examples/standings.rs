//! Benchmark: standings of 3 000 units × 12 months. Prints the milliseconds of one period and of all twelve.

use std::fmt::Write;
use std::time::Instant;

use domain::money::Amount;
use domain::month::Period;
use domain::returns::{Figure, Figures};

const UNITS: usize = 3_000;

fn main() {
    let mut source = String::from(
        "format = 1\nid = \"bench\"\ntitle = \"bench\"\nregion = { name = \"某省\" }\nyears = [2025, 2025]\n\
         [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\ntargets = [{ year = 2025, value = \"3000000\", growth_pct = \"10\" }]\n",
    );
    for unit in 0..UNITS {
        let _ = write!(
            source,
            "  [[goal.split]]\n  name = \"单位{unit}\"\n  value = \"{}\"\n  growth_pct = \"{}\"\n",
            1000 + unit % 97,
            5 + unit % 11
        );
    }
    source.push_str("[[assessment]]\ngoal = \"g\"\n  [[assessment.award]]\n  when = \"completed\"\n  from = \"top\"\n  places = [\"0.3\", \"0.2\", \"0.1\"]\n  unit = \"分\"\n");
    let start = Instant::now();
    let plan = domain::plan::file::parse(&source).expect("a valid plan");
    let parsing = start.elapsed();
    let goal = &plan.goals[0];
    let mut figures = Figures::default();
    let periods: Vec<Period> = (1..=12).filter_map(|month| Period::new(2025, month)).collect();
    for period in &periods {
        for (index, split) in goal.splits.iter().enumerate() {
            let base = 800_000 + (index as i64 * 7_919) % 400_000;
            let value = base * i64::from(period.month) / 12 + (index as i64 * 104_729) % 90_000;
            let figure = Figure {
                value: Some(Amount(value)),
                base: Some(Amount(base * i64::from(period.month) / 12)),
                ..Figure::default()
            };
            figures.insert("g", *period, &split.region, figure);
        }
    }
    let rules = plan.rules("g");
    let start = Instant::now();
    let ranked: usize = periods
        .iter()
        .map(|period| domain::standing::compute(&plan, goal, &figures, *period, rules).ranked().len())
        .sum();
    let all = start.elapsed();
    assert_eq!(ranked, UNITS * 12);
    println!("{:.1} {:.1} {:.1}", parsing.as_secs_f64() * 1e3, all.as_secs_f64() * 1e3 / 12.0, all.as_secs_f64() * 1e3);
}
