//! `jigai fund import --plan ID --fund ID FILE`, `jigai fund show --plan ID`: ledgers as their page reads and writes
//! them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::calendar::at_shanghai;
use domain::day::{Day, EXAMPLES};
use domain::fund::record::records;
use domain::rights::{Action, Object};
use office::commands::fund::{ImportFund, NEEDED, heads};
use store::{Access, Store};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::files;
use super::outcome::{Failure, Format, Outcome, print, print_table};
use super::sheet::{form_rows, not_imported, not_in_plan};
use crate::clock::Clock;

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum FundCommand {
    /// 从工作簿登记一个台账的往来；有一行不对就整份不登记，重复的不再登记；登记以后由另一个人在网页上确认
    Import(ImportArguments),
    /// 列出全部台账到某一天的合同
    Show(ShowArguments),
}

#[derive(Args)]
pub(super) struct ImportArguments {
    /// CSV、xlsx 或旧版 xls：登记、合同编号、日期、金额、凭证号；签约的行另写企业、县（市、区）、银行、利率、到期日；
    /// 利率浮动的不写年利率，写浮动基准、加减基点、重定价；有罚息的写逾期加收
    file: PathBuf,
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 台账的 id（计划里的 [[fund]]）
    #[arg(long)]
    fund: String,
    /// 工作簿里哪一张表；默认为第一张
    #[arg(long)]
    sheet: Option<String>,
    /// 只核对，不写入
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ShowArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 截至哪一天；默认为今天
    #[arg(long)]
    on: Option<String>,
    /// 列出每一笔登记，不列合同
    #[arg(long)]
    entries: bool,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: FundCommand) -> Outcome {
    match command {
        FundCommand::Import(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| import(store, arguments))
        }
        FundCommand::Show(arguments) => arguments.database.clone().run(Access::AsItIs, |store| show(store, arguments)),
    }
}

async fn import(store: Store, arguments: ImportArguments) -> Outcome {
    let plan = plan(&store, &arguments.plan).await?.plan;
    let path = &arguments.file;
    let Some(fund) = plan.policies.fund(&arguments.fund) else {
        let known = plan.policies.funds.iter().map(|fund| fund.id.as_str());
        return Err(not_in_plan("--fund", &arguments.fund, "这个台账", known));
    };
    let who = arguments.acting.who(&store, Action::EnterFund, Object::office(plan.region.id())).await?;
    let rows = form_rows(path, arguments.sheet.as_deref(), &heads(), &NEEDED)?;
    let dry_run = arguments.dry_run;
    let (plan_id, fund_id) = (plan.id.clone(), fund.id.clone());
    let command = ImportFund { plan: plan_id, fund: fund_id, rows, file: files::name_of(path), dry_run };
    let done = store.carry_out(command, who).await.map_err(|refusal| not_imported(path, refusal))?;
    let said = match dry_run {
        true => format!("将登记 {} 笔，已有 {} 笔（没有写入）", done.added, done.same),
        false => format!("“{}”：登记 {} 笔，待另一个人确认；已有 {} 笔", fund.title, done.added, done.same),
    };
    print(&said)
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
    let records = records(&plan.policies, &store.read().await?.fund_steps(&plan.id).await?);
    match arguments.format {
        Format::Json => print(&documents::funds::json(&plan, &records, day)?),
        format if arguments.entries => print_table(documents::funds::entries(&plan, &records), format == Format::Csv),
        format => print_table(documents::funds::contracts(&plan, &records, day), format == Format::Csv),
    }
}
