//! `jigai roster show --plan ID`: the rosters as their page shows them.

use clap::{Args, Subcommand};
use domain::calendar::at_shanghai;
use domain::day::{Day, EXAMPLES};
use store::{Access, Store};

use super::database::{DatabaseArguments, plan};
use super::outcome::{Failure, Format, Outcome, print, print_table};
use crate::clock::Clock;

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum RosterCommand {
    /// 列出领导小组、专班、办公室到某一天的成员
    Show(ShowArguments),
}

#[derive(Args)]
pub(super) struct ShowArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 哪一天的成员；默认为今天
    #[arg(long)]
    on: Option<String>,
    /// 列出有变动的席位历任是谁，不列某一天的成员
    #[arg(long)]
    changes: bool,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: RosterCommand) -> Outcome {
    let RosterCommand::Show(arguments) = command;
    arguments.database.clone().run(Access::AsItIs, |store| show(store, arguments))
}

async fn show(store: Store, arguments: ShowArguments) -> Outcome {
    let plan = plan(&store, &arguments.plan).await?.plan;
    let today = at_shanghai(Clock::from_environment().now()).date_naive();
    let day = match &arguments.on {
        None => today,
        Some(text) => Day::parse(text)
            .and_then(|day| day.near(today))
            .ok_or_else(|| Failure::input(format!("--on: “{text}”不是日期，例如 {EXAMPLES}")))?,
    };
    let steps = store.read().await?.body_steps(&plan.id).await?;
    match arguments.format {
        Format::Json => print(&documents::rosters::json(&plan, &steps, day)?),
        format if arguments.changes => print_table(documents::rosters::changes(&plan, &steps), format == Format::Csv),
        format => print_table(documents::rosters::table_on(&plan, &steps, day), format == Format::Csv),
    }
}
