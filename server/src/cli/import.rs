//! `jigai import plan FILE` and `jigai import returns --plan ID FILE`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use documents::returns::{ReturnRow, ReturnsFile};
use domain::Problem;
use domain::plan::Plan;
use domain::returns::{Figures, unit_slip};

use super::database::{DatabaseArguments, block_on, plan, writer};
use super::{Failure, Outcome, files, print};
use crate::store::PlanChange;

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ImportCommand {
    /// 导入计划文件；同一计划再次导入即修订，要写 --reason
    Plan(ImportPlanArguments),
    /// 导入报送文件；有一行不对就整份不导入，重复导入不改变任何数
    Returns(ImportReturnsArguments),
}

#[derive(Args)]
pub(super) struct ImportPlanArguments {
    /// 计划文件（.plan.toml）
    file: PathBuf,
    /// 修订理由（第一次导入不用写）
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ImportReturnsArguments {
    /// 报送文件（CSV，UTF-8 或 GB18030）
    file: PathBuf,
    /// 计划的 id，例如 fuzhou-2021
    #[arg(long)]
    plan: String,
    /// 没有 goal 一列时用的目标；默认为第一个考核目标
    #[arg(long)]
    goal: Option<String>,
    /// 更正原因：文件里有与已报送不同的数时必须写
    #[arg(long)]
    reason: Option<String>,
    /// 确认与上期相差上千倍的数无误（默认按单位写错处理）
    #[arg(long)]
    accept_jumps: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: ImportCommand) -> Outcome {
    match command {
        ImportCommand::Plan(arguments) => block_on(import_plan(arguments)),
        ImportCommand::Returns(arguments) => block_on(import_returns(arguments)),
    }
}

fn reason(reason: Option<&String>) -> Option<&str> {
    reason.map(|reason| reason.trim()).filter(|reason| !reason.is_empty())
}

async fn import_plan(arguments: ImportPlanArguments) -> Outcome {
    let (plan, source) = files::plan(&arguments.file)?;
    let store = arguments.database.open().await?;
    let name = files::name_of(&arguments.file);
    let change = store.import_plan(&source, &plan, &name, reason(arguments.reason.as_ref()), writer()).await?;
    let done = match change {
        PlanChange::New => "已导入，第 1 版".to_owned(),
        PlanChange::Unchanged(version) => format!("与第 {version} 版相同，没有改动"),
        PlanChange::Revised(version) => format!("已修订，第 {version} 版；旧版保留"),
    };
    let findings = domain::plan::check::check(&plan);
    print(&format!("{}（{}）：{done}；核对发现 {} 处，见 jigai plan check", plan.title, plan.id, findings.len()))
}

async fn import_returns(arguments: ImportReturnsArguments) -> Outcome {
    let bytes = files::read(&arguments.file)?;
    let store = arguments.database.open().await?;
    let plan = plan(&store, &arguments.plan).await?.plan;
    let goal = files::goal(&plan, arguments.goal.as_deref())?;
    let name = files::name_of(&arguments.file);
    let mut read = documents::returns::parse(&plan, goal, &bytes, &name);
    if !arguments.accept_jumps {
        let slips = unit_slips(&plan, &read, &store.figures(&plan.id).await?);
        read.faults.extend(slips);
    }
    let problems = read.all_problems();
    if !problems.is_empty() {
        let mut sentences = files::sentences(&arguments.file, &problems);
        sentences.push(format!("{}: 共 {} 处不对，整份没有导入；改好后再导入一次即可", arguments.file.display(), problems.len()));
        return Err(Failure::Input(sentences));
    }
    let sha256 = documents::canonical::sha256(&bytes);
    let done = store.import_returns(&plan.id, read.rows, &sha256, &name, reason(arguments.reason.as_ref()), writer()).await?;
    print(&format!("{}：新报送 {} 行，更正 {} 行，未变 {} 行", plan.title, done.new, done.revised, done.unchanged))
}

/// Values about 10 000 times those of the period before, in the file or in the database.
fn unit_slips(plan: &Plan, read: &ReturnsFile, stored: &Figures) -> Vec<Problem> {
    let in_file = read.figures();
    let slip = |row: &ReturnRow| {
        let measure = &plan.goal(&row.goal)?.measure;
        let value = row.figure.value?;
        let before = [&in_file, stored].into_iter().filter_map(|figures| figures.previous_value(&row.goal, row.period, &row.region));
        let (period, previous) = before.max_by_key(|(period, _)| *period)?;
        let sentence = unit_slip(measure, value, period, previous)?;
        Some(Problem::new(row.line, format!("{sentence}；确实无误请加 --accept-jumps")))
    };
    read.rows.iter().filter_map(slip).collect()
}
