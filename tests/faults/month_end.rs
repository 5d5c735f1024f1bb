//! The last minutes before a deadline: every unit of a province logs in, types and hands in while readers read; nobody
//! is turned away, and each has an answer in time. `JIGAI_MONTH_END` makes it long: units, seconds, readers
//! (`cargo xtask long month-end`).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::rights::Role;
use office::people::NewPost;
use store::{Access, Location, Store, Writer, passwords};
use tests::large::{LAST, plan, returns, spent, value};
use tests::{PASSWORD, Page, Serving, TestApp, on_both_databases};

/// The last of the plan, which names no deadline: open on whatever day this runs, as what is installed goes by the
/// machine's clock alone.
const PERIOD: &str = "2025-12";
/// A reader looks at a page for so long.
const LOOKS: Duration = Duration::from_secs(2);
/// Units that are busy at the same time; more of them wait here, which is counted.
const CLERKS: usize = 32;
/// Whoever waits longer has given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What one wait was for, and how long it took.
type Waits = Mutex<Vec<(&'static str, Duration)>>;

struct Size {
    units: usize,
    window: Duration,
    readers: usize,
}

fn size() -> Size {
    let said = std::env::var("JIGAI_MONTH_END").unwrap_or_else(|_| "12 4 8".to_owned());
    let numbers: Vec<u64> = said.split(' ').map(|number| number.parse().expect("units, seconds, readers")).collect();
    let [units, seconds, readers] = numbers[..] else { panic!("units, seconds, readers, not {said}") };
    Size { units: units as usize, window: Duration::from_secs(seconds), readers: readers as usize }
}

on_both_databases! {
    fn all_units_hand_in_while_readers_read(app: TestApp) {
        let size = size();
        prepare(&app, &size);
        let site = app.start(&[]);
        let waits = Waits::default();
        let (next, handed_in, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
        let over = AtomicBool::new(false);
        let process = site.process().to_string();
        let (before, begun) = (spent(&process).unwrap_or_default(), Instant::now());
        std::thread::scope(|threads| {
            let clerks: Vec<_> = (0..CLERKS.min(size.units)).map(|_| threads.spawn(|| {
                loop {
                    let unit = next.fetch_add(1, Ordering::Relaxed);
                    if unit >= size.units {
                        return;
                    }
                    // Each at a time of its own: one who waits for his turn has waited since then.
                    let due = begun + size.window.mul_f64(unit as f64 / size.units as f64);
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    match catch_unwind(AssertUnwindSafe(|| hand_in(&site, unit, &waits))) {
                        Ok(Ok(())) => {
                            handed_in.fetch_add(1, Ordering::Relaxed);
                            waits.lock().unwrap().push(("all of it, since its turn", due.elapsed()));
                        }
                        Ok(Err(said)) => failed.lock().unwrap().push(format!("unit {unit}: {said}")),
                        Err(_) => failed.lock().unwrap().push(format!("unit {unit}: no answer")),
                    }
                }
            })).collect();
            for reader in 0..size.readers {
                let (site, waits, failed, over) = (&site, &waits, &failed, &over);
                threads.spawn(move || read(site, reader, waits, failed, over));
            }
            clerks.into_iter().for_each(|clerk| clerk.join().unwrap());
            over.store(true, Ordering::Relaxed);
        });
        let (took, busy) = (begun.elapsed(), spent(&process).unwrap_or_default() - before);
        let failed = failed.into_inner().unwrap();
        println!(
            "{} of {} units in {:.0} s beside {} readers; {} errors; server {:.0} s of a processor, {} MB at most",
            handed_in.load(Ordering::Relaxed), size.units, took.as_secs_f64(), size.readers, failed.len(),
            busy / 1e3, site.memory_peak() / 1024
        );
        tell(&waits.into_inner().unwrap());
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        assert_eq!(handed_in.into_inner(), size.units);
        let stopped = site.stop();
        let handed_in = "SELECT COUNT(DISTINCT unit_id) FROM return_step WHERE step = 'submit'";
        assert_eq!(stopped.query(handed_in), [size.units.to_string()]);
        stopped.jigai(&["verify"]).assert_done();
    }
}

/// A plan with the figures until November, November published, and a reporter with a password in every unit.
fn prepare(app: &TestApp, size: &Size) {
    let units = i32::try_from(size.units).unwrap();
    app.jigai(&["import", "plan", &app.folder.write("bench.plan.toml", plan(units))]).assert_done();
    for (year, months) in [(LAST - 1, 12), (LAST, 11)] {
        let file = app.folder.write(&format!("{year}.csv"), returns(units, year, months));
        app.jigai(&["import", "returns", "--plan", "bench", &file]).assert_done();
    }
    app.jigai(&["bulletin", "publish", "--plan", "bench", "--period", "2025-11"]).assert_done();
    app.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
    let location = match app.database_url() {
        Some(url) => Location::Postgres(url.to_owned()),
        None => Location::Folder(app.folder.path().to_owned()),
    };
    let appointed = async {
        let store = Store::open(&location, Access::Existing).await.expect("a database");
        let at = chrono::Utc::now().timestamp_millis();
        let writer = || Writer { actor: "测".to_owned(), at, session: None };
        let hash = passwords::hash(PASSWORD).await;
        for unit in 0..size.units {
            let name = format!("第{unit}县");
            let place = |name: &str| Some((name.to_owned(), name.to_owned()));
            let post = NewPost { role: Role::CountyReporter, office: place("某省"), unit: place(&name) };
            let account = store.create_account(&login(unit), &name, "0591-00000000", writer()).await.expect("one");
            store.set_password(account, &hash, None, writer()).await.expect("a password");
            let post = store.create_post(post, writer()).await.expect("a post");
            store.appoint(&post.id, Some(account), writer()).await.expect("appointed");
        }
        store.close().await;
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(appointed);
}

fn login(unit: usize) -> String {
    format!("county{unit}")
}

/// A page, with what it was waited for.
fn timed(waits: &Waits, what: &'static str, ask: impl FnOnce() -> Page) -> Page {
    let begun = Instant::now();
    let page = ask();
    waits.lock().unwrap().push((what, begun.elapsed()));
    page
}

/// A unit's clerk logs in, opens the form, types the figure, checks and submits.
fn hand_in(site: &Serving, unit: usize, waits: &Waits) -> Result<(), String> {
    let is = |page: &Page, status: u16| match page.status == status {
        true => Ok(()),
        false => Err(format!("{} answered {}: {}", page.path, page.status, page.text())),
    };
    let typed = tests::form(&[("login", &login(unit)), ("password", PASSWORD)]);
    let page = timed(waits, "log in", || site.post("/login", &typed, &[("cookie", "")]));
    is(&page, 303)?;
    let person = site.as_person(&page.cookies());
    let path = format!("/report/bench/{PERIOD}/第{unit}县");
    let form = timed(waits, "open the form", || person.get(&path));
    is(&form, 200)?;
    // The base stands there already: last year's figure.
    let figure = value(i32::try_from(unit).unwrap(), LAST, 12).to_string();
    let (value, note) = (format!("c.g/第{unit}县/value"), format!("c.g/第{unit}县/note"));
    // Some months stand out, and want a reason.
    let cells = [(&*value, &*figure), (&*note, "已与项目单位逐户核对，是集中结算"), ("then", "save")];
    is(&timed(waits, "save", || person.submit(&form, "#entry", &cells)), 303)?;
    let check = timed(waits, "check", || person.get(&format!("{path}/check")));
    is(&check, 200)?;
    let handed_in = timed(waits, "submit", || person.submit(&check, "form.submit", &[("tick", "on")]));
    is(&handed_in, 303)
}

/// Reads published pages, one after the other, until all have handed in.
fn read(site: &Serving, reader: usize, waits: &Waits, failed: &Mutex<Vec<String>>, over: &AtomicBool) {
    let pages = ["/rank/bench/2025-11", "/bulletins/bench/2025-11", "/"];
    // Not all at the same moment.
    std::thread::sleep(LOOKS.mul_f64((reader % 16) as f64 / 16.0));
    for turn in reader.. {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let path = pages[turn % pages.len()];
        // As browsers ask: a page of 3 000 units has 5 MB unpacked.
        let ask = || site.get_with(path, &[("accept-encoding", "gzip")]);
        let page = catch_unwind(AssertUnwindSafe(|| timed(waits, "a reader's page", ask)));
        match page {
            Ok(page) if page.status == 200 => {}
            Ok(page) => failed.lock().unwrap().push(format!("{path} answered {}", page.status)),
            Err(_) => failed.lock().unwrap().push(format!("{path}: no answer")),
        }
        std::thread::sleep(LOOKS);
    }
}

/// How long each kind of wait took.
fn tell(waits: &[(&'static str, Duration)]) {
    for what in ["log in", "open the form", "save", "check", "submit", "all of it, since its turn", "a reader's page"] {
        let mut took: Vec<f64> =
            waits.iter().filter(|(of, _)| *of == what).map(|(_, took)| took.as_secs_f64() * 1e3).collect();
        took.sort_by(f64::total_cmp);
        let at = |share: f64| took.get(((took.len() as f64 * share) as usize).min(took.len().saturating_sub(1)));
        let shown = |share: f64| at(share).map_or_else(String::new, |ms| format!("{ms:.0}"));
        println!("{what}: {} times, p50 {} ms, p99 {}, most {}", took.len(), shown(0.5), shown(0.99), shown(1.0));
        assert!(at(1.0).is_none_or(|most| *most < PATIENCE.as_secs_f64() * 1e3), "{what} took too long");
    }
}
