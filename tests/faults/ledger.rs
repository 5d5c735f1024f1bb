//! Somebody who writes without pause, and the ledger of what he was told.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use tests::{Office, Page, Serving, TestApp, form};

const CELL: &str = "text/progress";
/// Within so long writing has to come back.
const SECONDS: u64 = 15;

/// A reporter before its form of 1—6月, and what he was told.
pub(crate) struct Writer {
    /// The code of the county.
    unit: String,
    cookie: String,
    ledger: File,
    sent: u32,
    acknowledged: Vec<u32>,
}

impl Writer {
    /// With his ledger in this folder.
    pub(crate) fn new(folder: &Path, unit: &str, cookie: &str) -> Self {
        let ledger = File::create(folder.join(format!("ledger-{unit}"))).unwrap();
        Self { unit: unit.to_owned(), cookie: cookie.to_owned(), ledger, sent: 0, acknowledged: Vec::new() }
    }

    /// How many writes were sent, and how many of them acknowledged.
    pub(crate) fn counts(&self) -> (u32, usize) {
        (self.sent, self.acknowledged.len())
    }

    /// On disk before anything follows from it.
    fn note(&mut self, line: &str) {
        writeln!(self.ledger, "{line}").unwrap();
        self.ledger.sync_data().unwrap();
    }

    /// Writes what was never written before at a server; whether it was acknowledged.
    pub(crate) fn write_at(&mut self, base: &str) -> bool {
        self.sent += 1;
        let number = self.sent;
        self.note(&format!("sent {number}"));
        let done = self.send(base, number).unwrap_or(false);
        if done {
            self.acknowledged.push(number);
            self.note(&format!("acknowledged {number}"));
        }
        done
    }

    fn send(&self, base: &str, number: u32) -> Result<bool, ureq::Error> {
        let at = format!("/report/fuzhou-2021/2021-06/{}", self.unit);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(40)))
            .build()
            .into();
        let mut page = agent.get(format!("{base}{at}")).header("cookie", &self.cookie).call()?;
        let page = page.body_mut().read_to_string()?;
        if !page.contains(CELL) {
            return Ok(false);
        }
        // As a browser sends it, with the versions that the page shows.
        let page = Page { path: at, status: 200, html: page, bytes: Vec::new(), headers: Vec::new() };
        let (action, mut fields) = page.form("#entry");
        fields.retain(|(name, _)| *name != format!("c.{CELL}") && name != "then");
        let text = said(number);
        let own = [(format!("c.{CELL}"), text), ("then".to_owned(), "save".to_owned())];
        let all: Vec<(&str, &str)> = fields.iter().chain(&own).map(|(name, value)| (&**name, &**value)).collect();
        let body = form(&all);
        let posted = agent
            .post(format!("{base}{action}"))
            .header("cookie", &self.cookie)
            .header("origin", base)
            .content_type("application/x-www-form-urlencoded")
            .send(body)?;
        Ok(posted.status() == 303)
    }

    /// The promise, against the ledger.
    #[track_caller]
    pub(crate) fn whole_in(&self, app: &TestApp) {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let unit = &self.unit;
        let drafts = format!("SELECT content FROM draft WHERE cell = '{CELL}' AND unit_id = '{unit}' ORDER BY version");
        for text in app.query(&drafts) {
            *times.entry(text).or_default() += 1;
        }
        for number in 1..=self.sent {
            let found = times.remove(&said(number)).unwrap_or(0);
            let acknowledged = self.acknowledged.contains(&number);
            assert!(
                found == 1 || (found == 0 && !acknowledged),
                "write {number} of {unit}: {found} times, {acknowledged}"
            );
        }
        assert!(times.is_empty(), "nobody wrote {times:?}");
    }
}

pub(crate) struct Driver {
    site: Option<Serving>,
    writer: Writer,
}

impl Driver {
    /// 福清市's reporter before its form of 1—6月.
    pub(crate) fn new(app: TestApp) -> Self {
        let office = Office::new(app);
        let writer = Writer::new(office.site.app.folder.path(), "350181", office.cookie("fuqing"));
        Self { site: Some(office.site), writer }
    }

    pub(crate) fn site(&self) -> &Serving {
        self.site.as_ref().unwrap()
    }

    /// Writes what was never written before; whether it was acknowledged.
    pub(crate) fn write(&mut self) -> bool {
        let base = self.site().base.clone();
        self.write_at(&base)
    }

    /// The same at one of several servers.
    pub(crate) fn write_at(&mut self, base: &str) -> bool {
        self.writer.write_at(base)
    }

    /// So many writes, all acknowledged.
    #[track_caller]
    pub(crate) fn burst(&mut self, count: u32) {
        for _ in 0..count {
            assert!(self.write(), "write {} was not acknowledged: {:?}", self.writer.counts().0, self.site().said());
        }
    }

    /// Writing has to come back by itself.
    #[track_caller]
    pub(crate) fn comes_back(&mut self) {
        let begin = Instant::now();
        while !self.write() {
            assert!(begin.elapsed() < Duration::from_secs(SECONDS), "no writing: {:?}", self.site().said());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    pub(crate) fn stop(&mut self) -> TestApp {
        self.site.take().unwrap().stop()
    }

    pub(crate) fn start_again(&mut self) {
        let app = self.stop();
        self.site = Some(app.start(&[]));
    }

    pub(crate) fn start_at(&mut self, clock: &str) {
        let app = self.stop();
        self.site = Some(app.at(clock).start(&[]));
    }

    /// The server has to have ended by itself at this moment.
    pub(crate) fn ended(&self, last: Instant) {
        let folder = format!("/proc/{}/stat", self.site().process());
        let running = || std::fs::read_to_string(&folder).is_ok_and(|state| !state.contains(") Z "));
        while running() {
            assert!(Instant::now() < last, "still running");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The promise, against the ledger.
    #[track_caller]
    pub(crate) fn whole(&mut self) {
        let app = self.stop();
        self.whole_in(&app);
        let (sent, acknowledged) = self.writer.counts();
        println!("{sent} writes, {acknowledged} acknowledged, none lost");
    }

    #[track_caller]
    pub(crate) fn whole_in(&self, app: &TestApp) {
        app.jigai(&["verify"]).assert_done();
        self.writer.whole_in(app);
    }
}

fn said(number: u32) -> String {
    format!("第{number}笔")
}
