//! `jigai standings --plan PLAN.toml --returns FILE --period 2021-12`.

use clap::Args;

use super::files::{self, FilesArguments};
use super::outcome::{Format, Outcome, print};

#[derive(Args)]
pub(super) struct StandingsArguments {
    #[command(flatten)]
    files: FilesArguments,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(arguments: &StandingsArguments) -> Outcome {
    let loaded = files::Loaded::read(&arguments.files)?;
    let rules = arguments.files.rules.over(loaded.plan.rules(&loaded.goal));
    let figures = loaded.returns.figures();
    let standings = domain::standing::compute(&loaded.plan, loaded.goal(), &figures, loaded.period, rules);
    print(&match arguments.format {
        Format::Text => documents::standings::text(&standings, loaded.plan.near),
        Format::Json => documents::standings::json(&standings, &loaded.returns.unknown)?,
        Format::Csv => documents::standings::csv(&standings)?,
    })
}
