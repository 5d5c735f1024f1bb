//! `jigai list import --plan ID FILE`, `jigai list show --plan ID`: 认定名单 as its pages read and write it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use documents::office_table::sheet_of;
use documents::recognitions::{self, Around, names_firms, preview};
use domain::budget::Budget;
use domain::calendar::at_shanghai;
use domain::recognition::Field;
use domain::rights::{Action, Object};
use office::commands::recognitions::{KeepRecognitions, seen};
use store::{Access, Store};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::files;
use super::outcome::{Failure, Format, Outcome, print, print_table, tell};
use super::sheet::not_imported;
use crate::clock::Clock;

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ListCommand {
    /// 导入一张认定名单；有一行不对就整份不导入，重复导入不改变任何一条
    Import(ImportArguments),
    /// 列出认定名单
    Show(ShowArguments),
}

#[derive(Args)]
pub(super) struct ImportArguments {
    /// 名单：CSV、xlsx 或旧版 xls，表头里要有“企业名称”（或平台、产品、标准名称）
    file: PathBuf,
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 工作簿里哪一张表；默认为第一张有“企业名称”的
    #[arg(long)]
    sheet: Option<String>,
    /// 认定名称：表里没有这一列时写，以下同
    #[arg(long)]
    title: Option<String>,
    /// 级别
    #[arg(long)]
    level: Option<String>,
    /// 批次
    #[arg(long)]
    batch: Option<String>,
    /// 认定文件
    #[arg(long)]
    document: Option<String>,
    /// 认定日期
    #[arg(long)]
    day: Option<String>,
    /// 理由：文件里有与名单不同的条目时必须写
    #[arg(long)]
    reason: Option<String>,
    /// 只预览：打印怎样读、改动什么，不写入
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ShowArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 只列这一种认定
    #[arg(long)]
    title: Option<String>,
    /// 只列这一级
    #[arg(long)]
    level: Option<String>,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: ListCommand) -> Outcome {
    match command {
        ListCommand::Import(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| import(store, arguments))
        }
        ListCommand::Show(arguments) => arguments.database.clone().run(Access::AsItIs, |store| show(store, arguments)),
    }
}

async fn import(store: Store, arguments: ImportArguments) -> Outcome {
    let plan = plan(&store, &arguments.plan).await?.plan;
    let (path, office) = (&arguments.file, plan.region.id());
    let who = arguments.acting.who(&store, Action::KeepLists, Object::office(office)).await?;
    let sheets = documents::grid::read(&files::read(path)?, &files::name_of(path), Budget::ENDLESS);
    let sheets = sheets.map_err(|problem| Failure::Input(files::sentences(path, &[problem])))?;
    let wanted = arguments.sheet.as_deref().unwrap_or_default();
    let at = |sentence: String| Failure::input(format!("{}: {sentence}", path.display()));
    let sheet = sheet_of(&sheets, wanted, names_firms).map_err(at)?;
    let typed = [
        (Field::Title, arguments.title),
        (Field::Level, arguments.level),
        (Field::Batch, arguments.batch),
        (Field::Document, arguments.document),
        (Field::Day, arguments.day),
    ];
    let usual: BTreeMap<Field, String> = typed.into_iter().filter_map(|(of, text)| Some((of, text?))).collect();
    let known = store.read().await?.recognitions(office).await?;
    let today = at_shanghai(Clock::from_environment().now()).date_naive();
    let around = Around { plan: &plan, known: &known, usual: &usual, today };
    let found = preview(sheet, &around, Budget::ENDLESS).map_err(|ended| at(ended.to_string()))?;
    for head in &found.unread {
        tell(&format!("提示 {}: 列“{head}”没有读", path.display()));
    }
    if found.stops() {
        let mut sentences: Vec<String> =
            domain::listed(found.faults.iter().map(|(cell, sentence)| match cell.as_str() {
                "" => format!("{}: {sentence}", path.display()),
                cell => format!("{}:{cell}: {sentence}", path.display()),
            }));
        sentences.push(format!("{}: 共 {} 处不对，整份没有导入", path.display(), found.faults.len()));
        return Err(Failure::Input(sentences));
    }
    let changed = found.lines.iter().filter(|line| line.known.is_some() && !line.changes.is_empty());
    for line in changed.clone() {
        let changes = line.changes.iter().map(|(of, old, new)| format!("{} {old} → {new}", of.name()));
        let changes: Vec<String> = changes.collect();
        tell(&format!("第{}行 {}：{}", line.row, line.stated.firm, changes.join("，")));
    }
    if arguments.dry_run {
        let new = found.lines.iter().filter(|line| line.known.is_none()).count();
        let changed = changed.count();
        let same = found.lines.len() - new - changed;
        return print(&format!("将新增 {new} 条，改动 {changed} 条，未变 {same} 条（没有写入）"));
    }
    let command = KeepRecognitions {
        plan: plan.id.clone(),
        lines: found.lines.into_iter().map(|line| (line.known, line.stated)).collect(),
        seen: seen(&known),
        reason: arguments.reason.filter(|reason| !reason.trim().is_empty()),
        file: files::name_of(path),
    };
    let done = store.carry_out(command, who).await.map_err(|refusal| not_imported(path, refusal))?;
    print(&format!("已导入：新增 {} 条，改动 {} 条，未变 {} 条", done.added, done.changed, done.same))
}

async fn show(store: Store, arguments: ShowArguments) -> Outcome {
    let plan = plan(&store, &arguments.plan).await?.plan;
    let list = store.read().await?.recognitions(plan.region.id()).await?;
    let list = app::pages::lists::chosen(list, arguments.title.as_deref(), arguments.level.as_deref());
    match arguments.format {
        Format::Json => print(&recognitions::json(&plan, &list)?),
        format => print_table(recognitions::table(&plan, &list), format == Format::Csv),
    }
}
