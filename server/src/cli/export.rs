//! `jigai export csv|json|xlsx|docx|pdf|assessment`: the standings of the database as the files command prints them,
//! and published editions and the year's pack as files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use office::facts::Edition;

use super::database::{DatabaseArguments, plan};
use super::files;
use super::outcome::{Failure, Outcome, print, tell};
use crate::pack;
use crate::papers::{self, PaperKind, Printer};
use crate::signing::Signer;
use store::{Access, Store, StoreError};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ExportCommand {
    /// 每个单位一行
    Csv(ExportArguments),
    /// 与 jigai standings --format json 相同
    Json(ExportArguments),
    /// 已发布的一版通报：工作簿，公式可核对
    Xlsx(EditionArguments),
    /// 已发布的一版通报：Word 公文稿
    Docx(EditionArguments),
    /// 已发布的一版通报：PDF 公文稿
    Pdf(EditionArguments),
    /// 年终考核归档包（.zip）：结果、工作簿、通知、条款、读法、推导、全部记录和审计链；用 jigai verify 核验
    Assessment(PackArguments),
}

#[derive(Args)]
pub(super) struct PackArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 目标的 id；默认为第一个考核目标
    #[arg(long)]
    goal: Option<String>,
    /// 年度；默认为计划的最后一年
    #[arg(long, allow_negative_numbers = true)]
    year: Option<i32>,
    /// 写到这个文件；默认为 计划-年度-assessment.zip；已有同名文件时拒绝
    #[arg(long, short)]
    output: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ExportArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 期间，例如 2021-05
    #[arg(long)]
    period: String,
    /// 目标的 id；默认为第一个考核目标
    #[arg(long)]
    goal: Option<String>,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct EditionArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 期间，例如 2021-05
    #[arg(long)]
    period: String,
    /// 第几版；默认为最新一版
    #[arg(long, allow_negative_numbers = true)]
    edition: Option<u32>,
    /// 写到这个文件；默认为 计划.期间.e版.后缀；已有同名文件时拒绝
    #[arg(long, short)]
    output: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: ExportCommand) -> Outcome {
    match command {
        ExportCommand::Csv(arguments) => standings(arguments, false),
        ExportCommand::Json(arguments) => standings(arguments, true),
        ExportCommand::Xlsx(arguments) => edition(arguments, "xlsx"),
        ExportCommand::Docx(arguments) => edition(arguments, "docx"),
        ExportCommand::Pdf(arguments) => edition(arguments, "pdf"),
        ExportCommand::Assessment(arguments) => assessment(arguments),
    }
}

fn standings(arguments: ExportArguments, json: bool) -> Outcome {
    let database = arguments.database.clone();
    database.run(Access::AsItIs, |store| async move {
        let plan = plan(&store, &arguments.plan).await?.plan;
        let goal = files::goal(&plan, arguments.goal.as_deref())?;
        let period = files::period(&plan, &arguments.period)?;
        let figures = store.read().await?.figures(&plan.id).await?;
        let standings = domain::standing::compute(&plan, goal, &figures, period, plan.rules(&goal.id));
        print(&if json { documents::standings::json(&standings, &[])? } else { documents::standings::csv(&standings)? })
    })
}

fn edition(arguments: EditionArguments, kind: &'static str) -> Outcome {
    let database = arguments.database.clone();
    database.run(Access::AsItIs, |store| async move {
        let found = published(&store, &arguments).await?;
        let summary = &found.summary;
        let name = format!("{}.{}.e{}.{kind}", summary.plan, summary.period, summary.edition);
        let file = arguments.output.unwrap_or_else(|| PathBuf::from(name));
        refuse_existing(&file)?;
        let bytes = made(&store, found, kind, &arguments.database.data).await?;
        write_new(&file, &bytes)?;
        print(&format!("已写入 {}（{} 字节）", file.display(), bytes.len()))
    })
}

fn assessment(arguments: PackArguments) -> Outcome {
    let database = arguments.database.clone();
    database.run(Access::AsItIs, |store| async move {
        let plan = plan(&store, &arguments.plan).await?.plan;
        let (goal, _, year) =
            office::year_end::scope(&plan, arguments.goal.as_deref(), arguments.year).map_err(Failure::input)?;
        let file = arguments.output.unwrap_or_else(|| PathBuf::from(pack::file_name(&plan.id, year)));
        refuse_existing(&file)?;
        let printer = Arc::new(Printer::new(arguments.database.data.join("fonts")));
        let told = |step: usize| tell(&format!("{}……", pack::STEPS[step]));
        let signer = Signer::new(&arguments.database.data);
        let made = pack::make(&store, &printer, &signer, (&plan.id, &goal.id, year), told).await?;
        write_new(&file, &made.bytes)?;
        let state = if made.manifest.closed_at.is_some() { "已办结" } else { "尚未办结，结果为预计" };
        let lines = [
            format!("已写入 {}（{} 字节，{state}）", file.display(), made.bytes.len()),
            format!("清单 SHA-256 {}", made.digest),
            format!("签名公钥 {}", signer.public_key().map_err(Failure::Other)?),
            format!("核验：jigai verify {}", file.display()),
        ];
        print(&lines.join("\n"))
    })
}

async fn published(store: &Store, arguments: &EditionArguments) -> Result<Arc<Edition>, Failure> {
    let plan = plan(store, &arguments.plan).await?.plan;
    let period = files::period(&plan, &arguments.period)?;
    store.read().await?.edition(&plan.id, period, arguments.edition).await?.ok_or_else(|| {
        let which = arguments.edition.map_or("还没有发布".to_owned(), |number| format!("没有第{number}版"));
        Failure::input(format!("{}{which}；已发布的各版见 jigai bulletin list", period.label()))
    })
}

async fn made(store: &Store, edition: Arc<Edition>, kind: &str, data: &Path) -> Result<Vec<u8>, StoreError> {
    let kind = match kind {
        "xlsx" => return papers::workbook(&edition),
        "pdf" => PaperKind::Pdf,
        _ => PaperKind::Docx,
    };
    Arc::new(Printer::new(data.join("fonts"))).print_edition(store, edition, kind).await
}

pub(super) fn refuse_existing(file: &Path) -> Outcome {
    match file.exists() {
        true => Err(Failure::input(format!("{} 已经存在，没有覆盖；请用 --output 换一个文件名", file.display()))),
        false => Ok(()),
    }
}

/// Written beside its name first: a file that is there is whole.
pub(super) fn write_new(file: &Path, bytes: &[u8]) -> Outcome {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = file.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, file));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Failure::Other(format!("{} 写不进去（{error}）；请换一个有权限的文件夹", file.display()))
    })
}
