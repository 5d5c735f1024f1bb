//! Benchmark: a returns file of many units × 12 months, from reading it to what the database keeps. Prints a line for
//! each size: how many units, then milliseconds of a processor to read the plan, to read the file, to rank all twelve
//! periods, to import the file with all its checks, to import it once more, and to prove everything.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Instant;

use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::standing::Computation;
use office::commands::import_returns::{ImportReturns, Imported};
use office::commands::keep_plan::ImportPlan;
use office::incoming::{Reporters, doubtful, emptied, others_figures};
use office::who::Who;
use store::{Access, Location, Store};

// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    for units in if sizes.is_empty() { vec![100, 1_000, 10_000] } else { sizes } {
        let (source, returns) = (plan(units), returns(units));
        let start = Spent::so_far();
        let plan = domain::plan::file::parse(&source).expect("a valid plan");
        let planned = start.since();
        let goal = &plan.goals[0];
        // Of few units one reading takes less than can be told apart.
        let often = (10_000 / units.max(1)).max(3);
        let start = Spent::so_far();
        for _ in 1..often {
            read(&plan, goal, &returns).figures();
        }
        let figures = read(&plan, goal, &returns).figures();
        let reading = start.since() / often as f64;
        let start = Spent::so_far();
        let mut ranked = 0;
        for _ in 0..often {
            let computation = Computation::of(&plan, goal, &figures);
            let periods = (1..=12).filter_map(|month| Period::new(2025, month));
            ranked += periods.map(|period| computation.at(period, plan.rules("g")).ranked().len()).sum::<usize>();
        }
        let ranking = start.since() / often as f64;
        assert_eq!(ranked, units * 12 * often);
        let folder = std::env::temp_dir().join(format!("jigai-units-{}-{units}", std::process::id()));
        let store = Store::open(&Location::Folder(folder.clone()), Access::Create).await.expect("a database");
        let kept = ImportPlan { plan: plan.clone(), source, file_name: "bench.plan.toml".to_owned(), reason: None };
        store.carry_out(kept, Who::machine("测", 1_700_000_000_000)).await.expect("the plan");
        let start = Spent::so_far();
        let first = import(&store, &plan, &returns).await;
        let importing = start.since();
        let start = Spent::so_far();
        let again = import(&store, &plan, &returns).await;
        let importing_again = start.since();
        assert_eq!((first.new, again.unchanged), (units * 12, units * 12));
        let start = Spent::so_far();
        assert_eq!(store.verify().await.expect("a whole database").figures, units * 12);
        let proving = start.since();
        println!("{units} {planned:.1} {reading:.1} {ranking:.1} {importing:.1} {importing_again:.1} {proving:.1}");
        store.close().await;
        let _ = std::fs::remove_dir_all(folder);
    }
}

fn read(plan: &Plan, goal: &Goal, returns: &str) -> documents::returns::ReturnsFile {
    let read = documents::returns::parse(plan, goal, returns.as_bytes(), "bench.csv");
    assert!(read.all_problems().is_empty());
    read
}

/// As the command line imports a file: read, checked before, and checked again in the transaction that writes.
async fn import(store: &Store, plan: &Plan, returns: &str) -> Imported {
    let rows = read(plan, &plan.goals[0], returns).rows;
    let mut now = store.read().await.expect("a state");
    let stored = now.figures(&plan.id).await.expect("figures");
    let reporters = Reporters::load(&mut now, &plan.id, Default::default()).await.expect("posts");
    assert!(others_figures(plan, &rows, &reporters).is_empty() && emptied(plan, &rows, &stored).is_empty());
    let accept: BTreeSet<String> =
        doubtful(plan, &rows, &stored).iter().filter_map(|found| found.key).map(str::to_owned).collect();
    drop(now);
    let command = ImportReturns {
        plan: plan.id.clone(),
        rows,
        file_name: "bench.csv".to_owned(),
        file_sha256: domain::canonical::sha256(returns.as_bytes()),
        reason: None,
        accept,
        holidays: Default::default(),
    };
    store.carry_out(command, Who::machine("测", 1_700_000_100_000)).await.expect("the returns")
}

/// What this process has had of a processor, where the system tells it.
struct Spent(Instant, Option<f64>);

impl Spent {
    fn so_far() -> Self {
        Self(Instant::now(), tests::large::spent("self"))
    }

    /// Milliseconds.
    fn since(&self) -> f64 {
        let own = self.1.zip(Self::so_far().1).map(|(before, now)| now - before);
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
