//! `jigai plan split --plan PLAN.toml TABLE.xlsx`: the split of a workbook, as a plan file.

use std::path::PathBuf;

use clap::Args;
use domain::plan::{table, writer};

use super::{Failure, Outcome, files, print};

#[derive(Args)]
pub(super) struct SplitArguments {
    /// 分解表：xlsx、旧版 xls 或 CSV
    table: PathBuf,
    /// 要换上这张分解表的计划文件（.plan.toml）；打印换好的计划文件，不改动它
    #[arg(long)]
    plan: PathBuf,
    /// 目标的 id；默认为第一个考核目标
    #[arg(long)]
    goal: Option<String>,
    /// 哪一年的目标；默认为计划的第一年
    #[arg(long)]
    year: Option<i32>,
}

pub(super) fn run(arguments: &SplitArguments) -> Outcome {
    let (mut plan, _) = files::plan(&arguments.plan)?;
    let goal = files::goal(&plan, arguments.goal.as_deref())?.id.clone();
    let year = arguments.year.unwrap_or(plan.years.0);
    let name = files::name_of(&arguments.table);
    let sheets = documents::grid::read(&files::read(&arguments.table)?, &name);
    let sheets = sheets.map_err(|problem| Failure::Input(files::sentences(&arguments.table, &[problem])))?;
    let block = documents::office_table::split_block(&sheets);
    let region = plan.region.clone();
    let Some(goal) = plan.goals.iter_mut().find(|known| known.id == goal) else {
        return Err(Failure::input("计划里没有这个目标"));
    };
    let read = table::read(&block, &goal.measure, &region, year);
    if !read.problems.is_empty() {
        return Err(Failure::Input(files::sentences(&arguments.table, &read.problems)));
    }
    let count = read.splits.len();
    goal.splits = read.splits;
    if let Some(total) = read.total {
        goal.targets.retain(|known| known.year != total.year);
        goal.targets.push(total);
        goal.targets.sort_by_key(|target| target.year);
    }
    eprintln!("{}: 读出 {count} 个单位；请核对后用 jigai plan check 检查", arguments.table.display());
    print(&writer::write(&plan))
}
