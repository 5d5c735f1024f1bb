//! `jigai policy settle --plan PLAN.toml --claims FILE`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::files;
use super::outcome::{Failure, Format, Outcome, print};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum PolicyCommand {
    /// 由计划文件和申报表算出各项扶持政策的金额，附依据（不用数据库）
    Settle(SettleArguments),
}

#[derive(Args)]
pub(super) struct SettleArguments {
    /// 计划文件（.plan.toml）
    #[arg(long)]
    plan: PathBuf,
    /// 申报表（CSV 或 xlsx）：每项申报一行
    #[arg(long)]
    claims: PathBuf,
    /// 哪一年；默认为计划的第一年
    #[arg(long)]
    year: Option<i32>,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(command: &PolicyCommand) -> Outcome {
    let PolicyCommand::Settle(arguments) = command;
    let (plan, _) = files::plan(&arguments.plan)?;
    if plan.policies.list.is_empty() {
        let sentence = format!("{}: 计划没有写扶持政策，请补写 [[policy]]", arguments.plan.display());
        return Err(Failure::input(sentence));
    }
    let year = arguments.year.unwrap_or(plan.years.0);
    if !(1900..=2999).contains(&year) {
        return Err(Failure::input(format!("--year: “{year}”不是年份，请写成 {}", plan.years.0)));
    }
    let path = &arguments.claims;
    let read = documents::claims::parse(&files::read(path)?, &files::name_of(path), &plan.policies, year);
    let (claims, recipients) = read.map_err(|problems| Failure::Input(files::sentences(path, &problems)))?;
    let settlement = domain::policy::settle(&plan, &recipients, &claims, year);
    print(&match arguments.format {
        Format::Text => documents::policies::text(&plan, &settlement),
        Format::Json => documents::policies::json(&plan, &settlement)?,
        Format::Csv => documents::policies::csv(&plan, &settlement),
    })
}
