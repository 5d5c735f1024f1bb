//! Benchmark: the page of 3 000 projects with twelve months of one year, and of five. Prints the milliseconds of the
//! median for each, of reading the library and computing the page: standings, filter, sums by unit.

use std::collections::BTreeMap;
use std::time::Instant;

use domain::money::Amount;
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::filter::Filter;
use domain::projects::sums::{Library, sums};
use domain::projects::{Entry, Listed, Project, Reported, Role, Step, When};
use office::commands::keep_plan::ImportPlan;
use office::commands::projects::EnterProjects;
use office::who::Who;
use store::{Access, Location, Store};

const PROJECTS: usize = 3_000;
const UNITS: usize = 30;
const TIMES: usize = 7;
const FIRST: i32 = 2021;

fn plan() -> (Plan, String) {
    let units: String = (0..UNITS)
        .map(|unit| format!("[[goal.split]]\nname = \"第{unit}县\"\ntargets = [{{ year = 2021, value = \"1\" }}]\n"))
        .collect();
    let rules = "[[project_rule]]\ntest = \"start_overdue\"\nfrom = 1\ngives = \"yellow\"\nwords = \"应开未开\"\n\
                 [[project_rule]]\ntest = \"behind_points\"\nover = \"30\"\ngives = \"red\"\nwords = \"落后三十个百分点\"\n\
                 [[project_rule]]\ntest = \"silent_months\"\nfrom = 3\ngives = \"leave\"\nwords = \"三个月未报\"\n";
    let source = format!(
        "format = 1\nid = \"big\"\ntitle = \"重点项目\"\nregion = {{ code = \"350000\", name = \"某省\" }}\nyears = [2021, 2025]\n\
         [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"亿元\"\n\
         targets = [{{ year = 2021, value = \"30\" }}]\n{units}{rules}"
    );
    (domain::plan::file::parse(&source).expect("a plan"), source)
}

fn project(plan: &Plan, number: usize, years: i32) -> Entry {
    let unit = plan.goals[0].splits[number % UNITS].region.clone();
    let name = format!("技改项目{number}号生产线智能化改造");
    let total = Some(Amount(100_000_000 + number as i64 * 10_000));
    let project = Project { id: format!("2021-{number:04}"), name, unit, total, ..Project::default() };
    let listed = |year: i32| Listed {
        year,
        role: if year == FIRST { Role::Start } else { Role::Continued },
        planned: Some(Amount(20_000_000)),
        by_month: BTreeMap::new(),
        milestone: Some("主体完工".to_owned()),
        batch: None,
        entered: None,
        left: None,
        reason: None,
        excused: None,
    };
    let mut entry = Entry { project, ..Entry::default() };
    entry.years = (FIRST..FIRST + years).map(|year| (year, listed(year))).collect();
    let start = Period { year: FIRST, month: 1 + number as u32 % 12 };
    entry.steps.entry(Step::Start).or_default().planned = Some(When::Month(start));
    entry
}

fn reported(number: usize, year: i32, month: u32) -> Reported {
    let done = i64::from(month) * 1_500_000 + (number as i64 % 7) * 10_000;
    Reported {
        this_year: Some(Amount(done)),
        since_start: Some(Amount(i64::from(year - FIRST) * 18_000_000 + done)),
        progress: format!("{month}月：主体施工，设备安装"),
        problem: if number.is_multiple_of(9) { "用地报批未完成".to_owned() } else { String::new() },
        next: "专班跟进".to_owned(),
    }
}

/// Fills an empty database month by month, as counties report, and times the page of its last month.
async fn measured(years: i32) -> (f64, usize) {
    let folder = std::env::temp_dir().join(format!("jigai-library-{}-{years}", std::process::id()));
    let store = Store::open(&Location::Folder(folder.clone()), Access::Create).await.expect("a database");
    let (plan, source) = plan();
    let who = |at: i64| Who::machine("测", at);
    let import = ImportPlan { plan: plan.clone(), source, file_name: "big.plan.toml".to_owned(), reason: None };
    store.carry_out(import, who(1_600_000_000_000)).await.expect("the plan");
    let mut entries: Vec<Entry> = (0..PROJECTS).map(|number| project(&plan, number, years)).collect();
    for year in FIRST..FIRST + years {
        for month in 1..=12 {
            for (number, entry) in entries.iter_mut().enumerate() {
                entry.returns.insert(Period { year, month }, reported(number, year, month));
            }
            let command = EnterProjects {
                plan: plan.id.clone(),
                entries: entries.clone(),
                seen: i64::MAX,
                reason: Some("报送".to_owned()),
                file: "月报.csv".to_owned(),
            };
            let at = 1_600_000_000_000 + i64::from((year - FIRST) * 12) * 86_400_000 + i64::from(month) * 86_400_000;
            store.carry_out(command, who(at)).await.expect("a month");
        }
    }
    let at = Period { year: FIRST + years - 1, month: 12 };
    let mut took: Vec<f64> = Vec::new();
    let mut red = 0;
    for _ in 0..TIMES {
        let begin = Instant::now();
        let mut state = store.read().await.expect("a state");
        let known = state.projects(plan.region.id(), Some(at.year)).await.expect("the library");
        let library = Library::of(&plan, known.values().map(|known| &known.entry), at, at.last_day());
        let asked = |key: &str| (key == "sort").then(|| "gap".to_owned());
        let chosen = Filter::read(asked).choose(&plan, &library.rows);
        red = sums(chosen.iter().map(|(entry, standing)| (*entry, standing)), at).red + library.by_unit(&plan).len();
        took.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    let _ = std::fs::remove_dir_all(folder);
    (took[TIMES / 2], red)
}

#[tokio::main]
async fn main() {
    let (one, five) = (measured(1).await, measured(5).await);
    println!("{:.1} {:.1}", one.0, five.0);
}
