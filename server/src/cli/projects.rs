//! `jigai projects standings --plan PLAN.toml --projects FILE --period 2021-05`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use documents::project_table::{Around, preview};
use domain::budget::Budget;
use domain::day::Day;
use domain::month::Period;
use domain::projects::sums::Library;

use super::files;
use super::outcome::{Failure, Format, Outcome, print};
use crate::clock::Clock;

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ProjectsCommand {
    /// 由项目清单和报送表算出各项目进度、亮灯、名单和各单位合计（不用数据库）
    Standings(StandingsArguments),
}

#[derive(Args)]
pub(super) struct StandingsArguments {
    /// 计划文件（.plan.toml）
    #[arg(long)]
    plan: PathBuf,
    /// 项目表（CSV 或 xlsx）：每个项目每期一行
    #[arg(long)]
    projects: PathBuf,
    /// 期间，例如 2021-05
    #[arg(long)]
    period: String,
    /// 按哪一天算有没有到期；默认为今天
    #[arg(long)]
    today: Option<String>,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(command: &ProjectsCommand) -> Outcome {
    let ProjectsCommand::Standings(arguments) = command;
    let (plan, _) = files::plan(&arguments.plan)?;
    let period = Period::parse(&arguments.period).map_err(|error| Failure::input(format!("--period: {error}")))?;
    let now = domain::calendar::at_shanghai(Clock::from_environment().now()).date_naive();
    let today = match &arguments.today {
        None => now,
        Some(text) => Day::parse(text)
            .and_then(|day| day.near(now))
            .ok_or_else(|| Failure::input(format!("--today: “{text}”不是日期，请写成 {}", domain::day::EXAMPLES)))?,
    };
    let path = &arguments.projects;
    let name = files::name_of(path);
    let faults = |problem: domain::Problem| Failure::Input(files::sentences(path, &[problem]));
    let sheets = documents::grid::read(&files::read(path)?, &name, Budget::ENDLESS).map_err(faults)?;
    let sheet = sheets.first().ok_or_else(|| Failure::input(format!("{}: 是空的", path.display())))?;
    let (uses, known) = (BTreeMap::new(), BTreeMap::new());
    let around = Around {
        plan: &plan,
        year: period.year,
        period: Some(period),
        unit: None,
        uses: &uses,
        known: &known,
        own_unit: None,
    };
    let read = preview(sheet, &around, Budget::ENDLESS).map_err(|_| Failure::Other("没有读完".to_owned()))?;
    let stops: Vec<String> = read
        .doubts
        .iter()
        .filter(|doubt| doubt.stops)
        .map(|doubt| match doubt.address.as_str() {
            "" => format!("{}: {}", path.display(), doubt.message),
            at => format!("{}:{at}: {}", path.display(), doubt.message),
        })
        .collect();
    if !stops.is_empty() {
        return Err(Failure::Input(stops));
    }
    for doubt in &read.doubts {
        super::outcome::tell(&format!("{}:{}: {}", path.display(), doubt.address, doubt.message));
    }
    let library = Library::of(&plan, read.entries.values(), period, today);
    print(&match arguments.format {
        Format::Text => documents::projects::text(&plan, &library),
        Format::Json => documents::projects::json(&plan, &library)?,
        Format::Csv => documents::projects::csv(&plan, &library),
    })
}
