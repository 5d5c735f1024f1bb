//! `jigai export csv|json|xlsx|docx|pdf`: the standings of the database as the files command prints them, and published
//! editions as files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::backend::Edition;
use clap::{Args, Subcommand};
use documents::bulletin_workbook;

use super::database::{DatabaseArguments, plan};
use super::{Failure, Outcome, files, print};
use crate::papers::{PaperKind, Printer};
use crate::store::{Access, Store};

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
    #[arg(long)]
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
    }
}

fn standings(arguments: ExportArguments, json: bool) -> Outcome {
    let database = arguments.database.clone();
    database.run(Access::Existing, |store| async move {
        let plan = plan(&store, &arguments.plan).await?.plan;
        let goal = files::goal(&plan, arguments.goal.as_deref())?;
        let period = files::period(&plan, &arguments.period)?;
        let figures = store.figures(&plan.id).await?;
        let standings = domain::standing::compute(&plan, goal, &figures, period, plan.rules(&goal.id));
        print(&if json { documents::standings::json(&standings, &[])? } else { documents::standings::csv(&standings)? })
    })
}

fn edition(arguments: EditionArguments, kind: &'static str) -> Outcome {
    let database = arguments.database.clone();
    database.run(Access::Existing, |store| async move {
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

async fn published(store: &Store, arguments: &EditionArguments) -> Result<Edition, Failure> {
    let plan = plan(store, &arguments.plan).await?.plan;
    let period = files::period(&plan, &arguments.period)?;
    store.edition(&plan.id, period, arguments.edition).await?.ok_or_else(|| {
        let which = arguments.edition.map_or("还没有发布".to_owned(), |number| format!("没有第{number}版"));
        Failure::input(format!("{}{which}；已发布的各版见 jigai bulletin list", period.label()))
    })
}

async fn made(store: &Store, edition: Edition, kind: &str, data: &Path) -> Result<Vec<u8>, Failure> {
    if kind == "xlsx" {
        let summary = &edition.summary;
        let of = bulletin_workbook::Edition { bulletin: &edition.bulletin, edition: summary.edition, sha256: &summary.sha256 };
        return bulletin_workbook::write(&of).map_err(|error| Failure::Other(format!("工作簿：{error}")));
    }
    let (plan, period, number) = (&edition.summary.plan, edition.summary.period, edition.summary.edition);
    let letterhead = store.letterhead(plan, period, number).await?.unwrap_or_default();
    let printer = Arc::new(Printer::new(data.join("fonts")));
    let kind = if kind == "pdf" { PaperKind::Pdf } else { PaperKind::Docx };
    Ok(printer.print(edition, letterhead, kind).await?)
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
