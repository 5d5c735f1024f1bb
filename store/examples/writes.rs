//! Benchmark: how many writes one trail takes when 1, 8 and 32 offices correct a figure without pause, each write a
//! transaction of its own with all its checks and its row in the trail. A line for each engine and number of offices:
//! writes a second, then the median and the 99th of 100 in milliseconds, and how many were refused.
//!
//! Arguments: seconds for each line, and the address of a PostgreSQL server (`postgres://…/postgres`); without it SQLite
//! alone. On PostgreSQL each line has a database of its own, which stays.

use std::time::{Duration, Instant};

use office::commands::import_returns::ImportReturns;
use office::commands::keep_plan::ImportPlan;
use office::who::Who;
use store::{Access, Location, Store};

/// UTC milliseconds: 3 July 2025, 09:00 in China.
const NOW: i64 = 1_751_504_400_000;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let lasts =
        arguments.next().and_then(|seconds| seconds.parse().ok()).map_or(Duration::from_secs(10), Duration::from_secs);
    let server: Option<String> = arguments.next();
    for offices in [1, 8, 32] {
        let folder = std::env::temp_dir().join(format!("jigai-writes-{}-{offices}", std::process::id()));
        report("SQLite", offices, write(Location::Folder(folder.clone()), offices, lasts).await);
        let _ = std::fs::remove_dir_all(folder);
    }
    let Some(server) = server else { return };
    for offices in [1, 8, 32] {
        let name = format!("writes_{}_{offices}", std::process::id());
        let (of, made) = (server.clone(), format!("CREATE DATABASE {name}"));
        let making = tokio::task::spawn_blocking(move || tests::execute_sql(&of, &made));
        making.await.expect("a database");
        let url = format!("{}/{name}", server.rsplit_once('/').expect("an address").0);
        report("PostgreSQL", offices, write(Location::Postgres(url), offices, lasts).await);
    }
}

/// What came of all writes.
struct Written {
    /// How long each took that was done, sorted.
    took: Vec<Duration>,
    refused: usize,
    within: Duration,
}

fn report(engine: &str, offices: usize, written: Written) {
    let Written { took, refused, within } = written;
    let at = |part: usize| took.get(took.len() * part / 100).map_or(0.0, |took| took.as_secs_f64() * 1e3);
    let each_second = took.len() as f64 / within.as_secs_f64();
    println!("{engine} {offices} {each_second:.0} {:.1} {:.1} {refused}", at(50), at(99));
}

/// So many offices, each with a plan of its own, write until the time is over; what they wrote is proved.
async fn write(location: Location, offices: usize, lasts: Duration) -> Written {
    let store = Store::open(&location, Access::Create).await.expect("a database");
    for office in 0..offices {
        let source = plan(office);
        let plan = domain::plan::file::parse(&source).expect("a valid plan");
        let kept = ImportPlan { plan, source, file_name: "bench.plan.toml".to_owned(), reason: None };
        store.carry_out(kept, Who::machine("测", NOW)).await.expect("the plan");
    }
    let begun = Instant::now();
    let offices: Vec<_> = (0..offices)
        .map(|office| {
            let store = store.clone();
            tokio::spawn(async move { write_as(&store, office, begun + lasts).await })
        })
        .collect();
    let (mut took, mut refused) = (Vec::new(), 0);
    for office in offices {
        let (of_one, refused_to_one) = office.await.expect("an office");
        took.extend(of_one);
        refused += refused_to_one;
    }
    let within = begun.elapsed();
    took.sort();
    assert!(!took.is_empty(), "nothing was written");
    store.verify().await.expect("a whole database");
    store.close().await;
    Written { took, refused, within }
}

/// One office corrects one figure again and again; how long each write took, and how many were refused.
async fn write_as(store: &Store, office: usize, end: Instant) -> (Vec<Duration>, usize) {
    let plan = domain::plan::file::parse(&plan(office)).expect("a valid plan");
    let (mut took, mut refused) = (Vec::new(), 0);
    for number in 0_u64.. {
        if Instant::now() >= end {
            break;
        }
        let text = format!("region,period,value\n某区,2025-06,{}\n", 300 + number % 97);
        let read = documents::returns::parse(&plan, &plan.goals[0], text.as_bytes(), "bench.csv");
        let import = ImportReturns {
            plan: plan.id.clone(),
            rows: read.rows,
            file_name: "bench.csv".to_owned(),
            file_sha256: domain::canonical::sha256(text.as_bytes()),
            reason: Some("更正".to_owned()),
            accept: Default::default(),
            holidays: Default::default(),
        };
        let begun = Instant::now();
        match store.carry_out(import, Who::machine("测", NOW)).await {
            Ok(_) => took.push(begun.elapsed()),
            Err(refusal) => {
                if refused == 0 {
                    eprintln!("{refusal:?}");
                }
                refused += 1;
            }
        }
    }
    (took, refused)
}

fn plan(office: usize) -> String {
    format!(
        "format = 1\nid = \"bench{office}\"\ntitle = \"bench\"\nregion = {{ name = \"第{office}市\" }}\nyears = [2025, 2025]\n\
         [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
         targets = [{{ year = 2025, value = \"1000\", growth_pct = \"10\" }}]\n\
         [[goal.split]]\nname = \"某区\"\nvalue = \"1000\"\ngrowth_pct = \"10\"\n"
    )
}
