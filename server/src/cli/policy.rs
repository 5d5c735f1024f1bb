//! `jigai policy settle --plan PLAN.toml --claims FILE`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use domain::plan::Plan;
use domain::policy::what_if::{Supposed, field, what_if};

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
    /// 哪一年；默认为可以申报的第一年
    #[arg(long, allow_negative_numbers = true)]
    year: Option<i32>,
    /// 预算测算：有这么多钱时各项得多少、少多少（万元，或写明单位，例如 1.2亿元）
    #[arg(long, allow_hyphen_values = true)]
    budget: Option<String>,
    /// 预算给哪一项政策或政策组（编号或名称）；默认为当年全部奖补
    #[arg(long, requires = "budget")]
    of: Option<String>,
    /// 同时假设改哪一项政策（编号或名称）的比例或上限
    #[arg(long, requires = "budget")]
    changed: Option<String>,
    /// 改后的比例（%）
    #[arg(long, value_name = "PERCENT", requires = "changed", allow_hyphen_values = true)]
    share: Option<String>,
    /// 改后的上限（万元，或写明单位）
    #[arg(long, requires = "changed", allow_hyphen_values = true)]
    cap: Option<String>,
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
    let first = plan.policies.list.iter().map(|policy| plan.claim_years(policy).0).min();
    // 完工奖励 may be claimed for years before the plan's own: these are named.
    let first = first.unwrap_or_default().max(plan.years.0);
    let year = arguments.year.unwrap_or(first);
    if !(1900..=2999).contains(&year) {
        return Err(Failure::input(format!("--year: “{year}”不是年份，请写成 {first}")));
    }
    let path = &arguments.claims;
    let read = documents::claims::parse(&files::read(path)?, &files::name_of(path), &plan.policies, year);
    let (claims, recipients) = read.map_err(|problems| Failure::Input(files::sentences(path, &problems)))?;
    if arguments.budget.is_some() {
        let supposed = supposed(arguments, &plan)?;
        let found = what_if(&plan, &recipients, &claims, year, &supposed);
        return print(&match arguments.format {
            Format::Text => documents::policy_what_if::text(&plan, &found),
            Format::Json => documents::policy_what_if::json(&plan, &found)?,
            Format::Csv => documents::policy_what_if::csv(&found),
        });
    }
    let settlement = domain::policy::settle(&plan, &recipients, &claims, year);
    print(&match arguments.format {
        Format::Text => documents::policies::text(&plan, &settlement),
        Format::Json => documents::policies::json(&plan, &settlement)?,
        Format::Csv => documents::policies::csv(&plan, &settlement),
    })
}

/// What the options suppose, read as the page of the budget reads its boxes.
fn supposed(arguments: &SettleArguments, plan: &Plan) -> Result<Supposed, Failure> {
    let typed = |name: &str| {
        let option = match name {
            field::BUDGET => &arguments.budget,
            field::OF => &arguments.of,
            field::CHANGED => &arguments.changed,
            field::SHARE => &arguments.share,
            field::CAP => &arguments.cap,
            _ => &None,
        };
        option.as_deref().unwrap_or_default()
    };
    let named = |(name, sentence): (&str, String)| format!("--{name}: {sentence}");
    Supposed::read(&plan.policies, typed).map_err(|wrong| Failure::Input(wrong.into_iter().map(named).collect()))
}
