//! `jigai selection import --plan ID --selection ID --year Y --what nominations FILE`, `jigai selection show …`: 评选 as
//! its page reads and writes it.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use domain::plan::Plan;
use domain::plan::selection::Selection;
use domain::rights::{Action, Object};
use domain::selection::record::{Act, Course};
use office::commands::selection::{field, right};
use office::commands::selection_import::{Fate, ImportSelection, heads, needed};
use store::{Access, Store};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::outcome::{Failure, Format, Outcome, print, print_table};
use super::sheet::{form_rows, not_imported, not_in_plan};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum SelectionCommand {
    /// 从工作簿登记推荐或得分；有一行不对就整份不登记，重复的不再登记；得分由另一个人在网页上确认
    Import(ImportArguments),
    /// 列出一年的推荐、得分和名次
    Show(ShowArguments),
}

#[derive(Args)]
pub(super) struct WhichArguments {
    /// 计划的 id
    #[arg(long)]
    plan: String,
    /// 评选的 id（计划里的 [[selection]]）
    #[arg(long)]
    selection: String,
    /// 哪一年；默认为计划的第一年
    #[arg(long, allow_negative_numbers = true)]
    year: Option<i32>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Nominations,
    Scores,
}

#[derive(Args)]
pub(super) struct ImportArguments {
    /// CSV、xlsx 或旧版 xls：推荐写名称、企业名称、推荐单位、推荐理由；得分写编号和各项标准
    file: PathBuf,
    #[command(flatten)]
    which: WhichArguments,
    /// 文件里是推荐（nominations）还是得分（scores）
    #[arg(long, value_enum)]
    what: What,
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
    #[command(flatten)]
    which: WhichArguments,
    /// 输出格式：text、json 或 csv
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: SelectionCommand) -> Outcome {
    match command {
        SelectionCommand::Import(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| import(store, arguments))
        }
        SelectionCommand::Show(arguments) => {
            arguments.database.clone().run(Access::AsItIs, |store| show(store, arguments))
        }
    }
}

/// The plan, its selection, and the year with what is on record.
async fn found(store: &Store, which: &WhichArguments) -> Result<(Arc<Plan>, Selection, i32, Course), Failure> {
    let plan = plan(store, &which.plan).await?.plan;
    let Some(selection) = plan.selection(&which.selection).cloned() else {
        let known = plan.selections.iter().map(|selection| selection.id.as_str());
        return Err(not_in_plan("--selection", &which.selection, "这项评选", known));
    };
    let (first, last) = plan.years;
    let year = which.year.unwrap_or(first);
    if !(first..=last).contains(&year) {
        return Err(Failure::input(format!("--year: “{year}”不是计划的年份，请写 {first} 至 {last}")));
    }
    let steps = store.read().await?.selection_steps(&plan.id, &selection.id, year).await?;
    let course = Course::of(&selection, &steps);
    Ok((plan, selection, year, course))
}

async fn import(store: Store, arguments: ImportArguments) -> Outcome {
    let (plan, selection, year, course) = found(&store, &arguments.which).await?;
    let path = &arguments.file;
    let act = match arguments.what {
        What::Nominations => Act::Nominate,
        What::Scores => Act::Score,
    };
    if act == Act::Score && course.terms.criteria.is_empty() {
        return Err(Failure::input("还没有评分标准，请先在网页上登记评选办法"));
    }
    let rows = form_rows(path, arguments.sheet.as_deref(), &heads(act, &course), needed(act))?;
    let action = right(act);
    // A unit's post nominates for its own; the command asks again for every line.
    let named = rows.first().map(|(_, posted)| domain::region::fold_name(posted.text(field::UNIT))).unwrap_or_default();
    let units = domain::entry::units_with_posts(&plan);
    let unit = units.iter().find(|(id, name)| *id == named || domain::region::fold_name(name) == named);
    let object = match (action, unit) {
        (Action::Nominate, Some((unit, _))) => Object::unit(plan.region.id(), unit),
        _ => Object::office(plan.region.id()),
    };
    let who = arguments.acting.who(&store, action, object).await?;
    let dry_run = arguments.dry_run;
    let command =
        ImportSelection { plan: plan.id.clone(), selection: selection.id, year, act, rows, seen: None, dry_run };
    let done = store.carry_out(command, who).await.map_err(|refusal| not_imported(path, refusal))?;
    let what = if act == Act::Score { "得分" } else { "推荐" };
    let (written, same) = (done.written(), done.count(Fate::Same));
    let said = match dry_run {
        true => format!("将登记{what} {written} 项，已有 {same} 项（没有写入）"),
        false => format!("登记{what} {written} 项，已有 {same} 项"),
    };
    let blank = match done.count(Fate::Blank) {
        0 => String::new(),
        count => format!("；没有写得分的 {count} 项没有登记"),
    };
    print(&format!("{said}{blank}"))
}

async fn show(store: Store, arguments: ShowArguments) -> Outcome {
    let (plan, selection, year, course) = found(&store, &arguments.which).await?;
    match arguments.format {
        Format::Json => print(&documents::selections::json(&plan, &selection, year, &course)?),
        format => print_table(documents::selections::table(&plan, &course), format == Format::Csv),
    }
}
