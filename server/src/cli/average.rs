//! `jigai average choose|list`: which average judges a goal of average growth, by name, reason and date.

use clap::{Args, Subcommand};
use domain::calendar::moment;
use domain::plan::meaning::AverageBy;
use domain::rights::{Action, Object};
use office::commands::choose_average::ChooseAverage;
use office::facts::AverageChoice;
use store::{Access, Store};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::outcome::{Failure, Outcome, print};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum AverageCommand {
    /// 选定按哪一种平均判断；写明理由，以后各版通报按它
    Choose(ChooseArguments),
    /// 列出选定的经过
    List(ListArguments),
}

#[derive(Args)]
pub(super) struct ChooseArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 年均增速目标的 id
    #[arg(long)]
    goal: String,
    /// compound（各年公布增幅的复合平均）、arithmetic（算术平均）或 amounts（末年与基年的数折算）
    #[arg(long)]
    by: String,
    /// 理由和依据
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ListArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: AverageCommand) -> Outcome {
    match command {
        AverageCommand::Choose(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| choose(store, arguments))
        }
        AverageCommand::List(arguments) => {
            arguments.database.clone().run(Access::AsItIs, |store| list(store, arguments.plan))
        }
    }
}

async fn choose(store: Store, arguments: ChooseArguments) -> Outcome {
    let version = plan(&store, &arguments.plan).await?;
    let words = AverageBy::ALL.map(AverageBy::word).join("、");
    let by = AverageBy::parse(&arguments.by)
        .ok_or_else(|| Failure::input(format!("--by “{}”不对，请写 {words} 之一", arguments.by)))?;
    let object = Object::office(version.plan.region.id());
    let who = arguments.acting.who(&store, Action::ChooseReading, object).await?;
    let (id, goal) = (version.plan.id.clone(), arguments.goal);
    let command = ChooseAverage { plan: id, goal: goal.clone(), by, reason: arguments.reason, seen: None };
    store.carry_out(command, who).await?;
    print(&format!("{goal}：按{}判断；已发布的通报不变", by.name()))
}

async fn list(store: Store, id: String) -> Outcome {
    let version = plan(&store, &id).await?;
    let choices = store.read().await?.average_choices(&version.plan.id).await?;
    if choices.is_empty() {
        return print("还没有选定过");
    }
    let line = |choice: &AverageChoice| {
        let chosen = &choice.chosen;
        format!("{} {}  {}  {}：{}", choice.goal, chosen.by.word(), moment(chosen.at), chosen.actor, chosen.reason)
    };
    print(&choices.iter().map(line).collect::<Vec<_>>().join("\n"))
}
