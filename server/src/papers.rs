//! Editions as official papers: the letterhead of the store, the charts of the page, set by `typeset` or written as
//! Word.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, OnceLock};

use app::charts::Size;
use app::charts::chosen::Chart;
use documents::bulletin_workbook;
use documents::paper::{self, Paper, Picture};
use documents::publication::Published;
use domain::letterhead::Letterhead;
use domain::plan::Plan;
use office::facts::{Edition, Publication, PublicationBody};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::Semaphore;
use typeset::Faces;

use store::{Store, StoreError};

/// The charts of a paper, in their order.
const CHARTS: [&str; 7] = ["score", "growth", "cumulative", "contribution", "slope", "quadrant", "paths"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PaperKind {
    Docx,
    Pdf,
}

impl PaperKind {
    fn word(self) -> &'static str {
        match self {
            PaperKind::Docx => "docx",
            PaperKind::Pdf => "pdf",
        }
    }
}

/// Sets papers, one at a time: pages have the other processor.
pub(crate) struct Printer {
    /// Where an office lays its own faces.
    folder: PathBuf,
    faces: OnceLock<Faces>,
    /// Whether a paper may have boxes in the place of characters that no face has.
    boxes: bool,
    /// Whether each paper is set by a process of its own.
    apart: bool,
    turn: Semaphore,
}

impl Printer {
    /// Faces are read when the first paper is asked for.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, faces: OnceLock::new(), boxes: false, apart: false, turn: Semaphore::new(1) }
    }

    /// For a site: a paper of thousands of rows takes more memory than all pages together, which goes back with the
    /// process that set it; and whatever befalls that, the site stays.
    pub(crate) fn of_site(folder: PathBuf) -> Self {
        Self { apart: true, ..Self::new(folder) }
    }

    /// For the check of a pack, which may have been set in an office's faces that are not here: boxes are no fault of it.
    pub(crate) fn of_check() -> Self {
        Self { boxes: true, ..Self::new(PathBuf::new()) }
    }

    fn faces(&self) -> &Faces {
        self.faces.get_or_init(|| Faces::load(Some(&self.folder)))
    }

    /// The file of an edition's paper, under the letterhead saved for it.
    pub(crate) async fn print_edition(
        self: &Arc<Self>,
        store: &Store,
        edition: Arc<Edition>,
        kind: PaperKind,
    ) -> Result<Vec<u8>, StoreError> {
        let summary = &edition.summary;
        let letterhead =
            store.read().await?.letterhead(&summary.plan, summary.period, summary.edition).await?.0.unwrap_or_default();
        let _turn = self.turn.acquire().await.map_err(failed)?;
        let paper = self.aside(move |_| compose(&edition, &letterhead)).await?;
        self.made(paper, kind).await
    }

    /// The file of a paper; refused where it has characters that no face has.
    pub(crate) async fn print(self: &Arc<Self>, paper: Paper, kind: PaperKind) -> Result<Vec<u8>, StoreError> {
        let _turn = self.turn.acquire().await.map_err(failed)?;
        self.made(paper, kind).await
    }

    /// A chart of an edition as a picture by itself, its finding above and its source below; `None` for one that the
    /// edition has not.
    pub(crate) async fn chart(
        self: &Arc<Self>,
        edition: Arc<Edition>,
        name: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(name) = CHARTS.into_iter().find(|known| *known == name) else { return Ok(None) };
        let _turn = self.turn.acquire().await.map_err(failed)?;
        self.aside(move |printer| {
            let Some(chart) = Chart::of(&edition.bulletin, [name]).pop() else { return Ok(None) };
            let (svg, width, height) = app::charts::alone::draw(&edition, &chart);
            let picture = Picture { title: chart.title, subtitle: chart.subtitle, svg, width, height };
            printer.can_letter("图里", &picture.lettering().collect::<String>())?;
            typeset::png(&picture, printer.faces()).map(Some).map_err(failed)
        })
        .await?
    }

    /// Characters of a paper that no face has, and the faces that the office laid in. Nobody's turn: a page asks this.
    pub(crate) async fn check(self: &Arc<Self>, paper: Paper) -> Result<(Vec<char>, Vec<String>), StoreError> {
        self.aside(move |printer| (printer.faces().missing(&paper.words()), printer.faces().own().to_vec())).await
    }

    /// The families that the office laid in.
    pub(crate) async fn own_faces(self: &Arc<Self>) -> Result<Vec<String>, StoreError> {
        self.aside(|printer| printer.faces().own().to_vec()).await
    }

    /// On a thread of its own: pages are answered meanwhile.
    async fn aside<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let printer = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&printer)).await.map_err(failed)
    }

    /// Refuses words that no face has letters for.
    fn can_letter(&self, what: &str, words: &str) -> Result<(), StoreError> {
        let missing = self.faces().missing(words);
        match self.boxes || missing.is_empty() {
            true => Ok(()),
            false => Err(StoreError::refused(office::refusal::without_faces(what, &missing))),
        }
    }

    async fn made(self: &Arc<Self>, paper: Paper, kind: PaperKind) -> Result<Vec<u8>, StoreError> {
        let checked = move |printer: &Self| {
            // A Word file is lettered with its reader's faces; only its charts are drawn here.
            let (what, words) = match kind {
                PaperKind::Pdf => ("PDF ", paper.words()),
                PaperKind::Docx => ("Word 文件的图里", paper.lettering()),
            };
            printer.can_letter(what, &words).map(|()| paper)
        };
        let paper = self.aside(checked).await??;
        match self.apart {
            true => self.set_apart(paper, kind).await,
            false => self.aside(move |printer| printer.set(&paper, kind)).await?,
        }
    }

    /// The same as [`Self::set`], by this program started once more; it ends when nobody waits for the paper any more.
    async fn set_apart(&self, paper: Paper, kind: PaperKind) -> Result<Vec<u8>, StoreError> {
        let json = serde_json::to_vec(&paper).map_err(failed)?;
        drop(paper);
        // The program that runs, also where another version lies in its place meanwhile.
        let running = PathBuf::from("/proc/self/exe");
        let program = if running.exists() { running } else { std::env::current_exe().map_err(failed)? };
        let mut command = Command::new(program);
        command.args(["set-paper", kind.word(), "--fonts"]).arg(&self.folder).env_clear().kill_on_drop(true);
        // On one processor: pages have the other. What it gives back goes back at once.
        command.env("RAYON_NUM_THREADS", "1").env("MIMALLOC_PURGE_DELAY", "0");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            // One that ended early says why itself.
            let _ = input.write_all(&json).await;
        }
        drop(json);
        let done = child.wait_with_output().await.map_err(failed)?;
        match done.status.success() {
            true => Ok(done.stdout),
            false => Err(failed(format!("{}：{}", done.status, String::from_utf8_lossy(&done.stderr).trim()))),
        }
    }

    /// The file of a paper whose letters there are.
    pub(crate) fn set(&self, paper: &Paper, kind: PaperKind) -> Result<Vec<u8>, StoreError> {
        let faces = self.faces();
        match kind {
            PaperKind::Pdf => typeset::pdf(paper, faces).map_err(failed),
            PaperKind::Docx => {
                let drawn = |picture: &Picture| typeset::png(picture, faces).map_err(|error| error.to_string());
                documents::docx::write(paper, drawn).map_err(failed)
            }
        }
    }
}

/// The paper of an edition: its own figures and words, nothing computed anew.
pub(crate) fn compose(edition: &Edition, letterhead: &Letterhead) -> Paper {
    let bulletin = &edition.bulletin;
    let pictures = Chart::of(bulletin, CHARTS).into_iter().map(|chart| {
        let svg = (chart.draw)(bulletin, Size::Paper);
        let (width, height) = app::charts::size(&svg);
        Picture { title: chart.title, subtitle: chart.subtitle, svg, width, height }
    });
    paper::compose(&frozen(edition), letterhead, pictures.collect())
}

/// The paper of a comparison or a closed result.
pub(crate) fn publication(found: &Publication, plan: &Plan, demo: bool) -> Paper {
    let summary = &found.summary;
    let head = summary.prints_head.then(|| paper::Head {
        seq: summary.audit_seq,
        hash: &summary.audit_hash,
        public_key: summary.public_key.as_deref(),
    });
    let on = domain::calendar::at_shanghai(summary.at).date_naive();
    let published = Published { edition: summary.edition, sha256: &summary.sha256, on, head };
    match &found.body {
        PublicationBody::Comparison(quarter) => documents::publication::of_comparison(quarter, &published),
        PublicationBody::Claims(notice) => documents::publication::of_claims(notice, &published),
        PublicationBody::Selection(edition) => documents::publication::of_selection(edition, &published),
        PublicationBody::Library(library) => documents::publication::of_library(library, &published),
        PublicationBody::Result(result) => {
            documents::publication::of_result(result, &plan.basis(), plan.near, demo, &published)
        }
    }
}

/// The workbook of an edition.
pub(crate) fn workbook(edition: &Edition) -> Result<Vec<u8>, StoreError> {
    bulletin_workbook::write(&frozen(edition)).map_err(|error| StoreError::Unreadable(format!("工作簿：{error}")))
}

fn frozen(edition: &Edition) -> paper::Edition<'_> {
    let summary = &edition.summary;
    let head = summary.prints_head.then(|| paper::Head {
        seq: summary.audit_seq,
        hash: &summary.audit_hash,
        public_key: summary.public_key.as_deref(),
    });
    paper::Edition { bulletin: &edition.bulletin, edition: summary.edition, sha256: &summary.sha256, head }
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("公文：{error}"))
}
