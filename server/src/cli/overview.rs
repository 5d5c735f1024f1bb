//! `jigai overview --plan PLAN.toml --returns FILE --period 2022-06`.

use std::path::PathBuf;

use clap::Args;
use domain::day::Day;
use domain::month::Period;

use super::files;
use super::outcome::{Failure, Format, Outcome, print};
use crate::clock::Clock;

#[derive(Args)]
pub(super) struct OverviewArguments {
    /// 计划文件（.plan.toml）
    #[arg(long)]
    plan: PathBuf,
    /// 报送文件（CSV，UTF-8 或 GB18030）
    #[arg(long)]
    returns: PathBuf,
    /// 期间，例如 2022-06；各目标取不晚于它的最近一期
    #[arg(long)]
    period: String,
    /// 只看这一个目标，写它的 id
    #[arg(long)]
    goal: Option<String>,
    /// 限时任务按哪一天算；默认为今天
    #[arg(long)]
    today: Option<String>,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(arguments: &OverviewArguments) -> Outcome {
    let (plan, _) = files::plan(&arguments.plan)?;
    let goal = files::goal(&plan, arguments.goal.as_deref())?;
    let period = Period::parse(&arguments.period).map_err(|error| Failure::input(format!("--period: {error}")))?;
    plan.allows(period).map_err(|message| Failure::input(format!("--period: {message}")))?;
    let now = domain::calendar::at_shanghai(Clock::from_environment().now()).date_naive();
    let today = match &arguments.today {
        None => now,
        Some(text) => Day::parse(text)
            .and_then(|day| day.near(now))
            .ok_or_else(|| Failure::input(format!("--today: “{text}”不是日期，请写成 {}", domain::day::EXAMPLES)))?,
    };
    let figures = files::returns(&plan, goal, &arguments.returns)?.figures();
    let mut overview = domain::overview::overview(&plan, &figures, period, today);
    if arguments.goal.is_some() {
        overview.goals.retain(|row| row.goal == goal.id);
    }
    print(&match arguments.format {
        Format::Text => documents::overview::text(&plan, &overview),
        Format::Json => documents::overview::json(&plan, &overview)?,
        Format::Csv => documents::overview::csv(&plan, &overview)?,
    })
}
