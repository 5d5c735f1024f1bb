//! Benchmark: proving a long trail. Fills a database with as many saved boxes as are named (20 000 unless said), then
//! prints how many entries the trail has, the milliseconds that proving everything took, and by how many MB the most
//! memory that it needed is above what the program had before.

use std::fmt::Write;
use std::time::Instant;

use domain::month::Period;
use domain::rights::{Reach, Role};
use office::commands::keep_plan::ImportPlan;
use office::commands::save_draft::SaveDraft;
use office::facts::{CellChange, ReportKey};
use office::viewer::{Account, Post, Viewer};
use office::who::Who;
use store::{Access, Location, Store};

const UNITS: usize = 300;
const BEGUN: i64 = 1_600_000_000_000;

#[tokio::main]
async fn main() {
    let entries = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let folder = std::env::temp_dir().join(format!("jigai-trail-{}", std::process::id()));
    let store = Store::open(&Location::Folder(folder.clone()), Access::Create).await.expect("a database");
    let mut source = String::from(
        "format = 1\nid = \"long\"\ntitle = \"计划\"\nregion = { code = \"350000\", name = \"某省\" }\n\
         years = [2021, 2021]\n\
         [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n",
    );
    for unit in 0..UNITS {
        let _ = write!(source, "[[goal.split]]\nname = \"单位{unit}\"\nvalue = \"1000\"\n");
    }
    let plan = domain::plan::file::parse(&source).expect("a plan");
    let import = ImportPlan { plan, source, file_name: "long.plan.toml".to_owned(), reason: None };
    store.carry_out(import, Who::machine("测", BEGUN)).await.expect("the plan");
    for entry in 0..entries {
        let (unit, round, version) = (entry % UNITS, entry / UNITS % 12, entry / UNITS / 12);
        let unit = format!("单位{unit}");
        let round = Period { year: 2021, month: round as u32 + 1 };
        let report = ReportKey { plan: "long".to_owned(), round: round.into(), unit: unit.clone() };
        let shown = if version == 0 { String::new() } else { (version - 1).to_string() };
        let (cell, text) = (format!("g/{unit}/value"), version.to_string());
        let changes = vec![CellChange { cell, seen: version as i64, shown, text }];
        let who = Who { session: None, ..Who::signed_in(reporter(&unit), BEGUN + entry as i64) };
        store.carry_out(SaveDraft { report, changes }, who).await.expect("a box");
    }
    let before = megabytes("VmRSS");
    let begin = Instant::now();
    let verified = store.verify().await.expect("a whole database");
    let took = begin.elapsed().as_secs_f64() * 1e3;
    println!("{} {took:.0} {}", verified.entries, megabytes("VmHWM").saturating_sub(before));
    store.close().await;
    let _ = std::fs::remove_dir_all(folder);
}

fn reporter(unit: &str) -> Viewer {
    let account = Account {
        id: 1,
        login: "a".to_owned(),
        name: "填报".to_owned(),
        phone: String::new(),
        disabled: false,
        has_totp: false,
        password_at: None,
        last_log_in: None,
    };
    let (office, unit) = (Some("350000".to_owned()), Some(unit.to_owned()));
    let domain = Reach { role: Role::CountyReporter, office, unit };
    let post = Post { id: "a".to_owned(), domain, title: "填报员".to_owned() };
    Viewer {
        account,
        post: Some(post),
        session: String::new(),
        must_change: false,
        password_ends: None,
        must_enrol: false,
    }
}

fn megabytes(of: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(of)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
