//! `jigai export csv|json --plan ID --period P`: the standings of the database, as the files command prints them.

use clap::{Args, Subcommand};

use super::database::{DatabaseArguments, plan};
use super::{Outcome, files, print};
use crate::store::Access;

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ExportCommand {
    /// 每个单位一行
    Csv(ExportArguments),
    /// 与 jigai standings --format json 相同
    Json(ExportArguments),
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

pub(super) fn run(command: ExportCommand) -> Outcome {
    let (arguments, json) = match command {
        ExportCommand::Csv(arguments) => (arguments, false),
        ExportCommand::Json(arguments) => (arguments, true),
    };
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
