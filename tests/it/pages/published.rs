//! What never changes of a published edition, over every database that was ever released.
//!
//! For ever, byte for byte: its content and SHA-256, its JSON and CSV. For ever, in this order: every figure, place,
//! unit and stored sentence of its page and of its papers. Frame, styles, legends and layout may improve, for all
//! editions alike; then the full texts of its papers are approved anew, and somebody reads what moved.
//!
//! What is approved stands in `tests/fixtures/released/*/editions/*`, one item a line:
//!
//! - `sums.sqlite.txt`, `sums.postgres.txt`: SHA-256 of the content and of every JSON and CSV file;
//! - `page.txt`: figures, places, units and sentences of the page, in order; its A4 form has the same;
//! - `paper.txt`: those of the paper, from the Word file; the PDF has the same, between them what its charts say;
//! - `word.txt`, `pdf.txt`: all that is written on the papers.
//!
//! `JIGAI_APPROVE=1 cargo test -p tests --test it pages::published` writes them, and nothing else does: a missing file
//! fails. Sums that are there are compared even then. Whoever runs it reads the difference: of an edition that was
//! there already `word.txt` and `pdf.txt` may change; in `page.txt` and `paper.txt` a line may go or come that was of a
//! legend.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::process::Command;

use sha2::{Digest, Sha256};
use tests::{Engine, Page, Serving, TestApp, on_both_databases, root};

use super::items::{Vocabulary, items};

/// Papers are made of the frozen content alone, whose sum is compared on both databases; making them takes long.
const PAPERS_ON_POSTGRES: [&str; 2] = ["fuzhou-2021.2021-05.e1", "fuzhou-2021.2021-06.e1"];
/// Of a page's `<main>`, what says nothing of the edition itself: where else one may go, legends, what was served.
const FRAME: [&str; 7] = ["toolbar", "receipts", "bar-key", "address", "skip", "subtitle", "source"];
const SERIES: [&str; 6] = ["growth", "cumulative", "slope", "paths", "contribution", "quadrant"];

on_both_databases! {
    fn the_first_released_form(app: TestApp) {
        unchanged(app, "schema-1", 1);
    }

    fn the_third_released_form(app: TestApp) {
        unchanged(app, "schema-3", 0);
    }

    fn the_sixth_released_form(app: TestApp) {
        unchanged(app, "schema-6", 11);
    }

    fn the_seventh_released_form(app: TestApp) {
        unchanged(app, "schema-7", 11);
    }
}

#[test]
fn every_released_form_is_compared() {
    let source = std::fs::read_to_string(root().join("tests/it/pages/published.rs")).unwrap();
    for folder in std::fs::read_dir(root().join("tests/fixtures/released")).unwrap().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(!folder.path().is_dir() || source.contains(&format!("unchanged(app, \"{name}\", ")), "{name}");
    }
}

fn unchanged(app: TestApp, form: &'static str, editions: usize) {
    let engine = if app.is_on(Engine::Sqlite) { Engine::Sqlite } else { Engine::Postgres };
    app.restore_released(form);
    app.jigai(&["migrate"]).assert_done();
    let posts = app.jigai(&["post", "list"]).out.contains("system-security-admin");
    let acting = if posts { "system-security-admin" } else { "" };
    app.jigai_as(acting, &["user", "policy", "public_reading", "open"]).assert_done();
    let found = editions_of(&app);
    let names: Vec<String> = found.iter().map(Edition::name).collect();
    assert_eq!(names.len(), editions, "{form}: {names:?}");
    let approved = root().join("tests/fixtures/released").join(form).join("editions");
    let known: BTreeSet<String> = std::fs::read_dir(&approved)
        .map(|folders| folders.flatten().map(|folder| folder.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    let lost: Vec<_> = known.iter().filter(|name| !names.contains(name)).collect();
    assert!(lost.is_empty(), "{form}: these editions are gone: {lost:?}");
    let site = app.start(&[]);
    for edition in found {
        let folder = approved.join(edition.name());
        let compared = Compared { site: &site, form, engine, edition, folder };
        compared.sums();
        compared.pages();
        if engine == Engine::Sqlite || PAPERS_ON_POSTGRES.contains(&compared.edition.name().as_str()) {
            compared.papers();
        }
    }
}

struct Edition {
    plan: String,
    period: String,
    number: String,
    content: String,
    sha256: String,
    /// The hash of its row in the audit trail.
    recorded: String,
}

impl Edition {
    fn name(&self) -> String {
        format!("{}.{}.e{}", self.plan, self.period, self.number)
    }
}

fn editions_of(app: &TestApp) -> Vec<Edition> {
    let key = "plan_id || ' ' || year || ' ' || month || ' ' || edition";
    let keys = app.query(&format!("SELECT {key} FROM edition ORDER BY plan_id, year, month, edition"));
    let each = keys.iter().map(|found| {
        let parts: Vec<&str> = found.split(' ').collect();
        let column = |what: &str| app.query(&format!("SELECT {what} FROM edition WHERE {key} = '{found}'")).remove(0);
        let recorded = format!("SELECT hash FROM audit JOIN edition ON audit_seq = seq WHERE {key} = '{found}'");
        Edition {
            plan: parts[0].to_owned(),
            period: format!("{}-{:0>2}", parts[1], parts[2]),
            number: parts[3].to_owned(),
            content: column("content"),
            sha256: column("sha256"),
            recorded: app.query(&recorded).remove(0),
        }
    });
    each.collect()
}

/// An edition beside what is approved of it.
struct Compared<'s> {
    site: &'s Serving,
    form: &'static str,
    engine: Engine,
    edition: Edition,
    folder: PathBuf,
}

impl Compared<'_> {
    fn export(&self, file: &str) -> Page {
        self.site.get(&format!("/export/bulletin/{}.{file}", self.edition.name()))
    }

    /// Content, JSON and CSV, byte for byte.
    fn sums(&self) {
        let content = hex::encode(Sha256::digest(self.edition.content.as_bytes()));
        assert_eq!(content, self.edition.sha256, "{}", self.what("content"));
        let json = self.export("table.json").assert_success();
        assert_eq!(json.html, self.edition.content, "{}", self.what("table.json"));
        let mut lines = vec![format!("{content} content")];
        for series in ["table"].into_iter().chain(SERIES) {
            for kind in ["csv", "json"] {
                let file = format!("{series}.{kind}");
                let page = self.export(&file);
                assert!(matches!(page.status, 200 | 404), "{}: {}", self.what(&file), page.status);
                let sum = if page.status == 200 { hex::encode(Sha256::digest(&page.bytes)) } else { "none".to_owned() };
                lines.push(format!("{sum} {file}"));
            }
        }
        let name = if self.engine == Engine::Sqlite { "sums.sqlite.txt" } else { "sums.postgres.txt" };
        // They are approved once: no later program may make others.
        if self.folder.join(name).exists() {
            self.assert_same(name, &self.approved(name), &lines);
        } else {
            self.compare_own(name, &lines);
        }
    }

    /// The page and its A4 form say the same in the same order.
    fn pages(&self) {
        let vocabulary = self.vocabulary();
        let at = format!("/bulletins/{}/{}/e{}", self.edition.plan, self.edition.period, self.edition.number);
        let [page, print] = [at.clone(), format!("{at}/print")].map(|path| {
            let page = self.site.get(&path).assert_success();
            items(&seen(&page).replace(&self.site.base, ""), &vocabulary)
        });
        if let Some(difference) = first_difference(&page, &print) {
            panic!("{}: the page and its A4 form differ: {difference}", self.what("print"));
        }
        self.compare("page.txt", &page);
    }

    /// Word and PDF say the same in the same order, the PDF with the words of its charts between.
    fn papers(&self) {
        let vocabulary = self.vocabulary();
        let word = word_text(&self.export("paper.docx").assert_success());
        let pdf = pdf_text(&self.site.app, &self.export("paper.pdf").assert_success());
        let (paper, printed) = (items(&word.join("\n"), &vocabulary), items(&pdf.join("\n"), &vocabulary));
        self.compare("paper.txt", &paper);
        self.compare("word.txt", &word);
        self.compare("pdf.txt", &pdf);
        if let Some(at) = first_missing(&paper, &printed) {
            let line = format!("line {} of paper.txt: {}", at + 1, paper[at]);
            panic!("{}: the PDF lacks, or has elsewhere, {line}", self.what("pdf"));
        }
    }

    fn vocabulary(&self) -> Vocabulary {
        Vocabulary::of(&self.edition.content, [&self.edition.sha256, &self.edition.recorded])
    }

    /// What both databases must say alike: the fixture for PostgreSQL was written at other seconds of the same days.
    fn compare(&self, file: &str, found: &[String]) {
        match self.engine {
            Engine::Sqlite => self.compare_own(file, found),
            Engine::Postgres if approving() => {}
            Engine::Postgres => {
                let masked = |lines: &[String]| lines.iter().map(|line| without_seconds(line)).collect::<Vec<_>>();
                self.assert_same(file, &masked(&self.approved(file)), &masked(found));
            }
        }
    }

    fn compare_own(&self, file: &str, found: &[String]) {
        if approving() {
            std::fs::create_dir_all(&self.folder).unwrap();
            std::fs::write(self.folder.join(file), format!("{}\n", found.join("\n"))).unwrap();
        } else {
            self.assert_same(file, &self.approved(file), found);
        }
    }

    fn assert_same(&self, file: &str, approved: &[String], found: &[String]) {
        if let Some(difference) = first_difference(approved, found) {
            panic!("{} is not what was approved: {difference}", self.what(file));
        }
    }

    fn approved(&self, file: &str) -> Vec<String> {
        let path = self.folder.join(file);
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{}: {}: {error}", self.what(file), path.display()));
        text.lines().map(str::to_owned).collect()
    }

    fn what(&self, file: &str) -> String {
        format!("{} on {:?}, edition {}, {file}", self.form, self.engine, self.edition.name())
    }
}

fn approving() -> bool {
    std::env::var("JIGAI_APPROVE").is_ok_and(|value| value == "1")
}

/// The first line that differs, with what stands there.
fn first_difference(approved: &[String], found: &[String]) -> Option<String> {
    let end = "(nothing)".to_owned();
    let longest = approved.len().max(found.len());
    let at = (0..longest).find(|at| approved.get(*at) != found.get(*at))?;
    let [was, is] = [approved, found].map(|lines| lines.get(at).unwrap_or(&end));
    Some(format!("line {}: “{was}” became “{is}”", at + 1))
}

/// The first item that does not stand in `printed`, in this order. Figures of neighbouring cells may touch each other.
fn first_missing(items: &[String], printed: &[String]) -> Option<usize> {
    let mut at = 0;
    for found in printed {
        let [item, next] = [at, at + 1].map(|at| items.get(at).map_or("", String::as_str));
        at += match found.strip_prefix(item) {
            Some("") => 1,
            Some(rest) if next.strip_prefix("figure ") == Some(rest) => 2,
            _ => 0,
        };
        if at >= items.len() {
            return None;
        }
    }
    Some(at).filter(|at| *at < items.len())
}

/// A line with its times of day and its sums out of sight.
fn without_seconds(line: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in line.chars().chain(['\n']) {
        match c {
            '0'..='9' | 'a'..='f' | ':' => run.push(c),
            _ => {
                let digits = !run.contains(|c: char| c.is_ascii_lowercase());
                let time = digits && run.len() == 5 && run.as_bytes()[2] == b':';
                out.push_str(if time || run.len() == 64 { "…" } else { &run });
                run.clear();
                out.push(c);
            }
        }
    }
    out.trim_end().to_owned()
}

/// What a reader of a page sees, without its frame and without drawings, whose figures stand in the tables beside them.
/// A line for each block.
fn seen(page: &Page) -> String {
    let document = scraper::Html::parse_document(&page.html);
    let main = document.select(&scraper::Selector::parse("main").unwrap()).next().expect("a page has a main");
    let mut text = String::new();
    write_seen(main, &mut text);
    text
}

fn write_seen(element: scraper::ElementRef<'_>, text: &mut String) {
    let inline = ["a", "b", "i", "em", "strong", "small", "span", "sup", "code", "ins", "del", "mark"];
    for child in element.children() {
        if let Some(words) = child.value().as_text() {
            text.push_str(words);
        }
        let Some(inner) = scraper::ElementRef::wrap(child) else { continue };
        let passed = ["svg", "nav", "form", "script", "style", "aside", "template"];
        let of_the_frame = passed.contains(&inner.value().name())
            || inner.value().attr("aria-hidden") == Some("true")
            || inner.value().classes().any(|class| FRAME.contains(&class));
        if of_the_frame {
            continue;
        }
        let block = !inline.contains(&inner.value().name());
        if block {
            text.push('\n');
        }
        write_seen(inner, text);
        if block {
            text.push('\n');
        }
    }
}

/// All that is written in a Word file, a line for each paragraph and for each row of a table.
fn word_text(file: &Page) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let (mut text, mut in_table) = (String::new(), false);
    for tag in xml.split('<').skip(1) {
        let (tag, words) = tag.split_once('>').unwrap_or((tag, ""));
        match tag.split(' ').next().unwrap_or_default() {
            "w:t" => text.push_str(words),
            "w:tbl" => in_table = true,
            "/w:tbl" => in_table = false,
            "/w:tc" => text.push_str(" | "),
            "/w:tr" => text.push('\n'),
            "/w:p" if !in_table => text.push('\n'),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    lines(&text)
}

/// All that is printed in a PDF, as a reader copies it, without the numbers of its pages.
fn pdf_text(app: &TestApp, file: &Page) -> Vec<String> {
    let path = app.folder.write("published.pdf", &file.bytes);
    let mut reader = Command::new("pdftotext");
    let read = reader.args(["-raw", "-enc", "UTF-8", &path, "-"]).output().expect("pdftotext of poppler-utils");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let mut found = lines(&String::from_utf8(read.stdout).unwrap());
    found.retain(|line| !is_page_number(line));
    found
}

fn is_page_number(line: &str) -> bool {
    let inner = line.strip_prefix("— ").and_then(|rest| rest.strip_suffix(" —"));
    inner.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

fn lines(text: &str) -> Vec<String> {
    let each = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    each.map(|line| line.trim_end_matches(" |").to_owned()).filter(|line| !line.is_empty()).collect()
}
