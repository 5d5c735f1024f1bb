//! `jigai comparison preview|publish|list|export`: 一季一评比, the library of projects by quarter, and closed results as
//! publications.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::plan::Plan;
use domain::projects::edition::LIBRARY;
use domain::rights::{Action, Object};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::export::{refuse_existing, write_new};
use super::files;
use super::outcome::{Failure, Format, Outcome, print};
use crate::papers::{self, PaperKind, Printer};
use crate::signing::Signer;
use office::commands::publish_comparison::PublishComparison;
use office::facts::{PublicationBody, PublicationSummary};
use office::publications::{draft, has_library, key_of};
use store::{Access, Store};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ComparisonCommand {
    /// 预览一季一评比：按现有数据编成，不保存
    Preview(PreviewArguments),
    /// 发布一季一评比：冻结为一版；更正再发布为下一版，要写 --reason
    Publish(PublishArguments),
    /// 列出已发布的评比和已办结的考核结果
    List(ListArguments),
    /// 把已发布的一版写成文件：json、csv、docx、pdf，看后缀
    Export(ExportArguments),
}

#[derive(Args)]
struct Which {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 季末的期间，例如 2021-09
    #[arg(long)]
    period: String,
    /// 评比的 id（计划里 at = "quarter" 的 [[assessment]]），项目库写 library；默认为第一项
    #[arg(long)]
    id: Option<String>,
}

#[derive(Args)]
pub(super) struct PreviewArguments {
    #[command(flatten)]
    which: Which,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct PublishArguments {
    #[command(flatten)]
    which: Which,
    /// 更正原因：这一季已发布过时必须写
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ExportArguments {
    #[command(flatten)]
    which: Which,
    /// 第几版；默认为最新一版
    #[arg(long, allow_negative_numbers = true)]
    edition: Option<u32>,
    /// 写到这个文件，后缀是 json、csv、docx 或 pdf；已有同名文件时拒绝
    #[arg(long, short)]
    output: PathBuf,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: ComparisonCommand) -> Outcome {
    match command {
        ComparisonCommand::Preview(arguments) => {
            arguments.database.clone().run(Access::AsItIs, |store| preview(store, arguments))
        }
        ComparisonCommand::Publish(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| publish(store, arguments))
        }
        ComparisonCommand::List(arguments) => arguments.database.run(Access::AsItIs, list),
        ComparisonCommand::Export(arguments) => {
            arguments.database.clone().run(Access::AsItIs, |store| export(store, arguments))
        }
    }
}

/// The comparison that is meant.
fn id(plan: &Plan, which: &Which) -> Result<String, Failure> {
    let mut ids: Vec<&str> = plan.comparisons.iter().map(|comparison| comparison.id.as_str()).collect();
    ids.extend(has_library(plan).then_some(LIBRARY));
    let Some(first) = ids.first() else {
        let sentence = "这个计划没有一季一评比，也没有项目库；评比要写在计划文件里：[[assessment]] at = \"quarter\"";
        return Err(Failure::input(sentence));
    };
    match &which.id {
        None => Ok((*first).to_owned()),
        Some(id) if ids.contains(&id.as_str()) => Ok(id.clone()),
        Some(id) => Err(Failure::input(format!("没有评比“{id}”，请写 {} 之一", ids.join("、")))),
    }
}

async fn preview(store: Store, arguments: PreviewArguments) -> Outcome {
    let version = plan(&store, &arguments.which.plan).await?;
    let period = files::period(&version.plan, &arguments.which.period)?;
    let id = id(&version.plan, &arguments.which)?;
    let now = crate::clock::Clock::from_environment().now();
    let mut state = store.read().await?;
    let drafted = draft(&mut state, &version.plan.id, &id, period, None, now).await?;
    let refusal = drafted.refusal(&id, period).unwrap_or_default();
    let body = drafted.found().map(|new| new.body).ok_or_else(|| Failure::input(refusal))?;
    let near = version.plan.near;
    match arguments.format {
        Format::Json => print(&body.content()),
        Format::Csv => print(&String::from_utf8_lossy(&crate::exports::csv(body.table(near)))),
        Format::Text => print(&text(&body, near)),
    }
}

fn text(body: &PublicationBody, near: domain::rate::Rate) -> String {
    let demo = if body.is_demo() { "演示数据，非官方统计\n" } else { "" };
    let tables = match body {
        PublicationBody::Library(library) => vec![library.by_unit.clone(), library.list.clone(), library.moved()],
        _ => vec![body.table(near)],
    };
    let aligned = tables.into_iter().map(|table| {
        let lines: Vec<Vec<String>> = std::iter::once(table.header).chain(table.rows).collect();
        documents::standings::aligned(&lines)
    });
    let (sentences, notes) = body.words();
    let tables = aligned.collect::<Vec<_>>().join("\n");
    format!("{}\n{demo}{}\n\n{tables}\n{}", body.title(), sentences.join("\n"), notes.concat())
}

async fn publish(store: Store, arguments: PublishArguments) -> Outcome {
    let version = plan(&store, &arguments.which.plan).await?;
    let period = files::period(&version.plan, &arguments.which.period)?;
    let id = id(&version.plan, &arguments.which)?;
    let reason = arguments.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let who = arguments.acting.who(&store, Action::Publish, Object::office(version.plan.region.id())).await?;
    let key = Signer::new(&arguments.database.data).public_key().map_err(Failure::Other)?;
    let command = PublishComparison {
        plan: version.plan.id.clone(),
        id,
        period,
        reason: reason.map(str::to_owned),
        based_on: None,
        public_key: Some(key.to_string()),
    };
    let published = store.carry_out(command, who).await?;
    let (title, edition) = (published.key.title(&version.plan), published.edition);
    print(&format!("已发布 {title} 第{edition}版，SHA-256 {}", published.sha256))
}

async fn list(store: Store) -> Outcome {
    let mut state = store.read().await?;
    let published = state.publications().await?;
    if published.is_empty() {
        return print("还没有发布过评比，也没有办结过考核");
    }
    let plans = state.plans().await?;
    let line = |found: &PublicationSummary| {
        let at = domain::calendar::at_shanghai(found.at).format("%Y-%m-%d %H:%M");
        let plan = plans.iter().map(|version| &*version.plan).find(|plan| plan.id == found.key.plan);
        let title = plan.map_or_else(|| found.key.subject.clone(), |plan| found.key.title(plan));
        let reason = found.reason.as_ref().map(|reason| format!("  更正：{reason}")).unwrap_or_default();
        let key = &found.key;
        format!(
            "{} {} {title} 第{}版  {at}  {}  {}{reason}",
            key.plan, key.period, found.edition, found.actor, found.sha256
        )
    };
    print(&published.iter().map(line).collect::<Vec<_>>().join("\n"))
}

async fn export(store: Store, arguments: ExportArguments) -> Outcome {
    let version = plan(&store, &arguments.which.plan).await?;
    let period = files::period(&version.plan, &arguments.which.period)?;
    let key = key_of(&version.plan.id, &id(&version.plan, &arguments.which)?, period);
    let mut state = store.read().await?;
    let found = state.publication(&key, arguments.edition).await?;
    let found = found.ok_or_else(|| Failure::input("还没有发布这一版；已发布的各版见 jigai comparison list"))?;
    let demo = state.is_demo().await?;
    drop(state);
    refuse_existing(&arguments.output)?;
    let printer = Arc::new(Printer::new(arguments.database.data.join("fonts")));
    let paper = |kind: PaperKind| printer.print(papers::publication(&found, &version.plan, demo), kind);
    let bytes = match arguments.output.extension().and_then(|ending| ending.to_str()) {
        Some("json") => found.content.clone().into_bytes(),
        Some("csv") => crate::exports::csv(found.body.table(version.plan.near)),
        Some("docx") => paper(PaperKind::Docx).await?,
        Some("pdf") => paper(PaperKind::Pdf).await?,
        _ => return Err(Failure::input("文件名的后缀请写 json、csv、docx 或 pdf")),
    };
    write_new(&arguments.output, &bytes)?;
    print(&format!("已写入 {}（{} 字节）", arguments.output.display(), bytes.len()))
}
