//! Benchmark: a returns file of many units × 12 months, read and ranked. Prints a line for 1 000 and one for 10 000
//! units: milliseconds of a processor to read the plan, to read the file, and to rank all twelve periods.

use std::fmt::Write;
use std::time::Instant;

use domain::month::Period;
use domain::standing::compute;

fn main() {
    for units in [1_000, 10_000] {
        let (plan, returns) = (plan(units), returns(units));
        let start = Spent::so_far();
        let plan = domain::plan::file::parse(&plan).expect("a valid plan");
        let planned = start.since();
        let goal = &plan.goals[0];
        let start = Spent::so_far();
        let read = documents::returns::parse(&plan, goal, returns.as_bytes(), "bench.csv");
        let reading = start.since();
        assert_eq!((read.rows.len(), read.all_problems().len()), (units * 12, 0));
        let figures = read.figures();
        let start = Spent::so_far();
        let periods = (1..=12).filter_map(|month| Period::new(2025, month));
        let ranked = |period| compute(&plan, goal, &figures, period, plan.rules("g")).ranked().len();
        let ranked: usize = periods.map(ranked).sum();
        let ranking = start.since();
        assert_eq!(ranked, units * 12);
        println!("{planned:.1} {reading:.1} {ranking:.1}");
    }
}

/// What this thread has had of a processor, where the system tells it: another program beside it then changes little.
struct Spent(Instant, Option<f64>);

impl Spent {
    fn so_far() -> Self {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let nanoseconds = told.and_then(|told| told.split_whitespace().next()?.parse::<f64>().ok());
        Self(Instant::now(), nanoseconds)
    }

    /// Milliseconds.
    fn since(&self) -> f64 {
        let own = self.1.zip(Self::so_far().1).map(|(before, now)| (now - before) / 1e6);
        own.unwrap_or_else(|| self.0.elapsed().as_secs_f64() * 1e3)
    }
}

fn plan(units: usize) -> String {
    let mut text = String::from(
        "format = 1\nid = \"bench\"\ntitle = \"bench\"\nregion = { name = \"某省\" }\nyears = [2025, 2025]\n\
         [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
         targets = [{ year = 2025, value = \"3000000\", growth_pct = \"10\" }]\n",
    );
    for unit in 0..units {
        let (value, growth) = (1000 + unit % 97, 5 + unit % 11);
        let _ = write!(text, "[[goal.split]]\nname = \"单位{unit}\"\nvalue = \"{value}\"\ngrowth_pct = \"{growth}\"\n");
    }
    text.push_str(
        "[[assessment]]\ngoal = \"g\"\n[[assessment.award]]\nwhen = \"completed\"\nfrom = \"top\"\n\
         places = [\"0.3\", \"0.2\", \"0.1\"]\nunit = \"分\"\n",
    );
    text
}

/// Names as offices write them, with blanks to fold.
fn returns(units: usize) -> String {
    let mut text = String::from("region,period,value,base\n");
    for month in 1..=12 {
        for unit in 0..units {
            let base = 800_000 + (unit * 7_919) % 400_000;
            let value = base * month / 12 + (unit * 104_729) % 90_000;
            let _ = writeln!(text, "单位 {unit},2025-{month:02},{value}.5,{}", base * month / 12);
        }
    }
    text
}
