//! Benchmark: what the pages of an office's staff cost the server where a plan has many units, with one year behind it
//! and with several. Arguments: units, years, and how many rows the trail has besides. Each month of each year has
//! figures and an edition.
//!
//! A line for each page: its name, milliseconds of a processor the first time after a figure was corrected and when it
//! is asked for again, and its bytes. Then `peak`: the most memory that the server has taken, in MB; and `site`: where
//! it stays, open to visitors, the number of its process, and its folder, until the input ends.
//!
//! `JIGAI_TEST_BINARY` names the program that is measured.

use store::{Access, Location, Store, Writer};
use tests::large::{self, LAST, plan, returns};
use tests::{Engine, Office, TestApp};

/// The months of the year it is that have figures.
const MONTHS: i32 = 6;
/// So many writes before the middle one counts: of few, noise is taken for what it measures.
const ROUNDS: usize = 7;
/// Milliseconds of a processor that a page is asked for again, three to a hundred times.
const ENOUGH: f64 = 100.0;
const NOW: &str = "2025-07-03T09:00:00+08:00";

fn main() {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse::<i32>().expect("a number"));
    let (units, years) = (arguments.next().unwrap_or(1_000), arguments.next().unwrap_or(1));
    let rows = arguments.next().unwrap_or(0);
    let first = LAST + 1 - years;
    let app = TestApp::new(Engine::Sqlite).at(NOW);
    let of = |app: &TestApp, arguments: &[&str]| app.jigai(arguments).assert_done().out.clone();
    of(&app, &["import", "plan", &app.folder.write("bench.plan.toml", plan(units))]);
    for year in first..=LAST {
        let file = app.folder.write(&format!("{year}.csv"), returns(units, year, months(year)));
        of(&app, &["import", "returns", "--plan", "bench", &file]);
        for month in 1..=months(year) {
            of(&app, &["bulletin", "publish", "--plan", "bench", "--period", &format!("{year}-{month:02}")]);
        }
    }
    of(&app, &["user", "policy", "public_reading", "open"]);
    lengthen(&app, rows);
    let people = [("shenhe", "city_reviewer", ""), ("fabu", "publisher", ""), ("lingdao", "leader", "")];
    let office = Office::of(app, &plan(units), "某省", &people);
    measure(&office);
    let (address, folder) = (office.site.base.trim_start_matches("http://"), office.site.app.folder.path());
    println!("site: {address} {} {}", office.site.process(), folder.display());
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn months(year: i32) -> i32 {
    if year == LAST { MONTHS } else { 12 }
}

/// Each page after a write, and again so often that noise is not taken for what it measures.
fn measure(office: &Office) {
    let period = format!("{LAST}-{MONTHS:02}");
    let pages = [
        ("first page", "shenhe", "/".to_owned()),
        ("ranking", "lingdao", format!("/rank/bench/{period}")),
        ("progress", "lingdao", format!("/progress/bench/{period}")),
        ("one unit", "shenhe", "/units/bench/第7县".to_owned()),
        ("figures", "shenhe", format!("/review/bench/{period}/figures")),
        ("review", "shenhe", format!("/review/bench/{period}")),
        ("periods", "shenhe", "/periods".to_owned()),
        ("year end", "shenhe", "/assess/bench/year-end".to_owned()),
        ("assessment", "shenhe", "/assess/bench".to_owned()),
        ("publish", "fabu", format!("/publish/bench/{period}")),
        ("edition", "lingdao", format!("/bulletins/bench/{period}")),
    ];
    for (number, (name, login, path)) in pages.iter().enumerate() {
        let person = office.person(login);
        let asked = || {
            let before = spent(office);
            let page = person.get(path).assert_success();
            (spent(office) - before, page.html.len())
        };
        // Once, so that nothing is measured that only the first reader ever waits for.
        let (_, bytes) = asked();
        let times = (ENOUGH / asked().0).clamp(3.0, 100.0) as usize;
        let (mut after_a_write, mut again) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            correct(office, ROUNDS * number + round);
            after_a_write.push(asked().0);
            let before = spent(office);
            person.get_again(path, times);
            again.push((spent(office) - before) / times as f64);
        }
        println!("{name}: {:.2} {:.2} {bytes}", median(after_a_write), median(again));
    }
    println!("peak: {}", office.site.memory_peak() / 1024);
}

/// The office closes to visitors and opens again so many times, without a process for each: a row of the trail each
/// time.
fn lengthen(app: &TestApp, rows: i32) {
    let folder = Location::Folder(app.folder.path().to_owned());
    let lengthened = async {
        let store = Store::open(&folder, Access::Existing).await.expect("a database");
        for number in 0..rows {
            let writer = Writer { actor: "测".to_owned(), at: 1_751_504_400_000, session: None };
            let value = if number % 2 == 0 { "closed" } else { "open" };
            store.set_setting("public_reading", value, writer).await.expect("a setting");
        }
        store.close().await;
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(lengthened);
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// One figure of the newest month is corrected, by another process.
fn correct(office: &Office, number: usize) {
    let line = format!("region,period,value\n第3县,{LAST}-{MONTHS:02},{}\n", 419_100 + number);
    let file = office.site.app.folder.write("correction.csv", line);
    let reason = ["import", "returns", "--plan", "bench", &file, "--reason", "更正"];
    office.site.app.jigai_as(&reviewer(office), &reason).assert_done();
}

fn reviewer(office: &Office) -> String {
    let posts = office.site.app.jigai(&["post", "list"]).assert_done().out.clone();
    let line = posts.lines().find(|line| line.contains("shenhe")).expect("the reviewer's post");
    line.split_whitespace().next().expect("its name").to_owned()
}

/// Milliseconds of a processor that the server has had so far.
fn spent(office: &Office) -> f64 {
    large::spent(&office.site.process().to_string()).expect("a server")
}
