//! The primary fails under load and its synchronous standby is promoted: two copies of the program go on by themselves,
//! nothing acknowledged is lost, and readers read. `JIGAI_STANDBY_MINUTES` makes it long, with failovers to and fro
//! (`cargo xtask long standby`).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tests::cluster::Cluster;
use tests::{Engine, Office, TestApp};

use crate::ledger::Writer;

/// Counties with a reporter each: log-in, name, code.
const COUNTIES: [(&str, &str, &str); 4] = [
    ("fuqing", "福清市", "350181"),
    ("minhou", "闽侯县", "350121"),
    ("changle", "长乐区", "350112"),
    ("gulou", "鼓楼区", "350102"),
];
/// Published pages, and what each shows.
const READ: [(&str, &str); 2] = [("/bulletins/fuzhou-2021/2021-05", "福清市"), ("/rank/fuzhou-2021/2021-05", "福清市")];
/// Within so long writing has to come back, and every reader to have an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What readers got.
#[derive(Default)]
struct Read {
    pages: usize,
    /// A page that says that the database is gone or being changed over, instead.
    sentences: usize,
    /// Anything else.
    unclear: Vec<String>,
    longest: Duration,
}

/// All that goes on at once.
struct Work {
    bases: [String; 2],
    ended: AtomicBool,
    /// When each write was acknowledged, and by which copy.
    written: Mutex<Vec<(Instant, usize)>>,
    read: Mutex<Read>,
}

impl Work {
    fn goes_on(&self) -> bool {
        !self.ended.load(Ordering::Relaxed)
    }

    /// One after the other at both copies, until the end.
    fn write(&self, writer: &mut Writer, first: usize) {
        for turn in first.. {
            if !self.goes_on() {
                return;
            }
            let copy = turn % 2;
            if writer.write_at(&self.bases[copy]) {
                self.written.lock().unwrap().push((Instant::now(), copy));
            } else {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }

    /// Published pages at one copy, until the end: each answer is the page or says what is wrong.
    fn read(&self, copy: usize) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into();
        for (path, part) in READ.iter().cycle() {
            if !self.goes_on() {
                return;
            }
            let begun = Instant::now();
            let mut answer = agent.get(format!("{}{path}", self.bases[copy])).call().unwrap();
            let html = answer.body_mut().read_to_string().unwrap();
            let mut read = self.read.lock().unwrap();
            match answer.status().as_u16() {
                200 if html.contains(part) => read.pages += 1,
                503 if html.contains("<h1>") && html.contains("和数据库的连接断了") => read.sentences += 1,
                status => read.unclear.push(format!("{status} {html}")),
            }
            read.longest = read.longest.max(begun.elapsed());
            drop(read);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until both copies have written since this moment; how long nothing was written around it.
    fn comes_back(&self, since: Instant) -> Duration {
        loop {
            let written = self.written.lock().unwrap();
            let after = |copy| written.iter().find(|(at, by)| *at > since && *by == copy).map(|(at, _)| *at);
            if let (Some(one), Some(other)) = (after(0), after(1)) {
                let last = written.iter().map(|(at, _)| *at).filter(|at| *at <= since).max();
                return one.min(other).duration_since(last.unwrap_or(since));
            }
            drop(written);
            assert!(since.elapsed() < PATIENCE, "writing did not come back");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_synchronous_standby_is_promoted_under_load() {
    let minutes = std::env::var("JIGAI_STANDBY_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok());
    let calm = Duration::from_secs(if minutes.is_some() { 8 } else { 1 });
    let servers = [Cluster::primary(), Cluster::prepared()];
    servers[0].sql(&["CREATE DATABASE jigai"]);
    servers[1].follow(&servers[0]);
    servers[0].wait_for_a_standby();
    let [one, other] = [servers[0].port, servers[1].port];
    let url = format!(
        "postgres://postgres@127.0.0.1:{one},127.0.0.1:{other}/jigai?target_session_attrs=read-write&connect_timeout=2"
    );
    let app = TestApp::new(Engine::Sqlite).on_database(&url);
    app.import_fuzhou();
    app.publish("2021-05", &[]).assert_done();
    app.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
    let twin = app.another_copy();
    let mut office = Office::new(app);
    for (login, county, _) in &COUNTIES[2..] {
        office.appoint(login, "county_reporter", county);
    }
    let twin = twin.at(tests::OPEN).start(&[]);
    let folder = office.site.app.folder.path();
    let mut writers = COUNTIES.map(|(login, _, code)| Writer::new(folder, code, office.cookie(login)));
    let work = Work {
        bases: [office.site.base.clone(), twin.base.clone()],
        ended: AtomicBool::new(false),
        written: Mutex::default(),
        read: Mutex::default(),
    };
    let mut primary = 0;
    std::thread::scope(|scope| {
        // Whatever fails here ends the work of the others.
        let _end = Ended(&work.ended);
        for (first, writer) in writers.iter_mut().enumerate() {
            let work = &work;
            scope.spawn(move || work.write(writer, first));
        }
        for copy in [0, 1, 0, 1] {
            let work = &work;
            scope.spawn(move || work.read(copy));
        }
        let begun = Instant::now();
        work.comes_back(begun);
        loop {
            std::thread::sleep(calm);
            let (old, new) = (&servers[primary], &servers[1 - primary]);
            let killed = Instant::now();
            old.kill();
            new.promote();
            let promoted = killed.elapsed();
            let without = work.comes_back(killed + promoted);
            println!(
                "killed; promoted after {:.1} s; {:.1} s without a write",
                promoted.as_secs_f64(),
                without.as_secs_f64()
            );
            primary = 1 - primary;
            std::thread::sleep(calm);
            if minutes.is_none_or(|minutes| begun.elapsed() >= Duration::from_secs(60 * minutes)) {
                break;
            }
            // The old one never comes back as it was: it is made anew from the one that went on.
            old.follow(new);
            new.wait_for_a_standby();
        }
    });
    let read = work.read.into_inner().unwrap();
    assert!(read.pages > 0);
    assert!(read.unclear.is_empty(), "{:?}: {:?}", read.unclear, office.site.said());
    let alone = TestApp::new(Engine::Sqlite)
        .on_database(&format!("postgres://postgres@127.0.0.1:{}/jigai", servers[primary].port));
    alone.jigai(&["verify"]).assert_done().says("通报 1 版");
    writers.iter().for_each(|writer| writer.whole_in(&alone));
    let counts = writers.iter().map(Writer::counts);
    let (sent, acknowledged) = counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("{sent} writes, {acknowledged} acknowledged, none lost");
    println!(
        "{} pages read, {} sentences instead, no answer later than {:.1} s",
        read.pages,
        read.sentences,
        read.longest.as_secs_f64()
    );
}

/// Ends the work when it is dropped.
struct Ended<'w>(&'w AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
