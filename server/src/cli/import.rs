//! `jigai import plan FILE` and `jigai import returns --plan ID FILE`.

use std::path::PathBuf;

use app::backend::HeldPost;
use clap::{Args, Subcommand};
use documents::returns::{ReturnRow, ReturnsFile};
use domain::Problem;
use domain::plan::Plan;
use domain::returns::{Figures, unit_slip};
use domain::rights::{Action, Object, Role};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::{Failure, Outcome, files, print};
use crate::store::{Access, Changed, PlanChange, Store, StoreError};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ImportCommand {
    /// 导入计划文件；同一计划再次导入即修订，要写 --reason
    Plan(ImportPlanArguments),
    /// 导入报送文件；有一行不对就整份不导入，重复导入不改变任何数
    Returns(ImportReturnsArguments),
}

#[derive(Args)]
pub(super) struct ImportPlanArguments {
    /// 计划文件（.plan.toml）
    file: PathBuf,
    /// 修订理由（第一次导入不用写）
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ImportReturnsArguments {
    /// 报送文件（CSV，UTF-8 或 GB18030）
    file: PathBuf,
    /// 计划的 id，例如 fuzhou-2021
    #[arg(long)]
    plan: String,
    /// 没有 goal 一列时用的目标；默认为第一个考核目标
    #[arg(long)]
    goal: Option<String>,
    /// 更正原因：文件里有与已报送不同的数时必须写
    #[arg(long)]
    reason: Option<String>,
    /// 确认与上期相差上千倍的数无误（默认按单位写错处理）
    #[arg(long)]
    accept_jumps: bool,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: ImportCommand) -> Outcome {
    match command {
        ImportCommand::Plan(arguments) => import_plan(arguments),
        ImportCommand::Returns(arguments) => {
            let database = arguments.database.clone();
            database.run(Access::Create, |store| import_returns(store, arguments))
        }
    }
}

fn reason(reason: Option<&String>) -> Option<&str> {
    reason.map(|reason| reason.trim()).filter(|reason| !reason.is_empty())
}

fn import_plan(arguments: ImportPlanArguments) -> Outcome {
    let (plan, source) = files::plan(&arguments.file)?;
    let database = arguments.database.clone();
    database.run(Access::Create, |store| store_plan(store, arguments, plan, source))
}

async fn store_plan(store: Store, arguments: ImportPlanArguments, plan: Plan, source: String) -> Outcome {
    let name = files::name_of(&arguments.file);
    let writer = arguments.acting.writer(&store, Action::ImportPlan, Object::office(plan.region.id())).await?;
    let change = store.import_plan(&source, &plan, &name, reason(arguments.reason.as_ref()), None, writer).await?;
    let done = match change {
        PlanChange::New => "已导入，第 1 版".to_owned(),
        PlanChange::Unchanged(version) => format!("与第 {version} 版相同，没有改动"),
        PlanChange::Revised(version) => format!("已修订，第 {version} 版；旧版保留"),
    };
    let findings = domain::plan::check::check(&plan);
    print(&format!("{}（{}）：{done}；核对发现 {} 处，见 jigai plan check", plan.title, plan.id, findings.len()))
}

async fn import_returns(store: Store, arguments: ImportReturnsArguments) -> Outcome {
    let bytes = files::read(&arguments.file)?;
    let plan = plan(&store, &arguments.plan).await?.plan;
    let goal = files::goal(&plan, arguments.goal.as_deref())?;
    let name = files::name_of(&arguments.file);
    let writer = arguments.acting.writer(&store, Action::ImportReturns, Object::office(plan.region.id())).await?;
    let mut read = documents::returns::parse(&plan, goal, &bytes, &name);
    read.faults.extend(others_figures(&plan, &read, &store.posts().await?));
    if !arguments.accept_jumps {
        let slips = unit_slips(&plan, &read, &store.figures(&plan.id).await?);
        read.faults.extend(slips);
    }
    let problems = read.all_problems();
    if !problems.is_empty() {
        let mut sentences = files::sentences(&arguments.file, &problems);
        sentences.push(format!("{}: 共 {} 处不对，整份没有导入；改好后再导入一次即可", arguments.file.display(), problems.len()));
        return Err(Failure::Input(sentences));
    }
    let read_blank = read.blank;
    let sha256 = documents::canonical::sha256(&bytes);
    let done = store.import_returns(&plan.id, read.rows, &sha256, &name, reason(arguments.reason.as_ref()), writer).await;
    let done = match done {
        Err(StoreError::NeedsReason(changed)) => {
            let problems: Vec<Problem> = changed.iter().map(|changed| needs_reason(&plan, changed)).collect();
            let mut sentences = files::sentences(&arguments.file, &problems);
            sentences.push(format!("{}: 以上更正要写明原因，请加 --reason \"……\"；现在没有导入任何数", arguments.file.display()));
            return Err(Failure::Input(sentences));
        }
        done => done?,
    };
    let blank =
        if read_blank > 0 { format!("；{read_blank} 行没有数，按未报处理，不改动已报的数") } else { String::new() };
    print(&format!("{}：新报送 {} 行，更正 {} 行，未变 {} 行{blank}", plan.title, done.new, done.revised, done.unchanged))
}

/// Rows of units that report for themselves: nobody but the county changes the county's figure.
fn others_figures(plan: &Plan, read: &ReturnsFile, posts: &[HeldPost]) -> Vec<Problem> {
    let reports = |unit: &str| {
        posts.iter().find(|held| {
            let domain = &held.post.domain;
            domain.role == Role::CountyReporter
                && domain.office.as_deref() == Some(plan.region.id())
                && domain.unit.as_deref() == Some(unit)
        })
    };
    let of_other = |row: &ReturnRow| {
        // What lies before the plan's years has no form: a pace by last year's shape needs it.
        if row.period.year < plan.years.0 {
            return None;
        }
        let within = plan.goal(&row.goal)?.split(&row.region)?.within.as_deref();
        let held = reports(within.unwrap_or(&row.region))?;
        Some(Problem::new(row.line, format!("这个单位的数由{}在网页上填报，不能由文件导入", held.post.title)))
    };
    read.rows.iter().filter_map(of_other).collect()
}

/// `鼓楼区 1—5月 第1次报送 累计7.1亿元，本文件 累计7.2亿元`: what differs, in the goal's unit.
fn needs_reason(plan: &Plan, changed: &Changed) -> Problem {
    let (row, before, after) = (&changed.row, &changed.before, &changed.row.figure);
    let goal = plan.goal(&row.goal);
    let name = goal.and_then(|goal| goal.split(&row.region)).map_or(plan.region.name.as_str(), |split| split.name.as_str());
    let amount = |amount: Option<domain::money::Amount>| match (amount, goal) {
        (Some(amount), Some(goal)) => format!("{}{}", goal.measure.plain(amount), goal.measure.unit),
        _ => "—".to_owned(),
    };
    let growth = |rate: Option<domain::rate::Rate>| rate.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_as_written()));
    let cells = [
        ("累计", amount(before.value), amount(after.value)),
        ("上年同期", amount(before.base), amount(after.base)),
        ("公布增幅", growth(before.published_growth), growth(after.published_growth)),
        ("说明", format!("“{}”", before.note), format!("“{}”", after.note)),
    ];
    let differing: Vec<String> =
        cells.iter().filter(|(_, was, now)| was != now).map(|(what, was, now)| format!("{what} {was} → {now}")).collect();
    Problem::new(row.line, format!("{name} {} 与第{}次报送不同：{}", row.period.label(), changed.revision, differing.join("，")))
}

/// Values about 10 000 times those of the period before, in the file or in the database.
fn unit_slips(plan: &Plan, read: &ReturnsFile, stored: &Figures) -> Vec<Problem> {
    let in_file = read.figures();
    let slip = |row: &ReturnRow| {
        let measure = &plan.goal(&row.goal)?.measure;
        let value = row.figure.value?;
        // The file's own figure wins over the stored one of the same month: it may be its correction.
        let before = [stored, &in_file].into_iter().filter_map(|figures| figures.previous_value(&row.goal, row.period, &row.region));
        let (period, previous) = before.max_by_key(|(period, _)| *period)?;
        let sentence = unit_slip(measure, value, period, previous)?;
        Some(Problem::new(row.line, format!("{sentence}；确实无误请加 --accept-jumps")))
    };
    read.rows.iter().filter_map(slip).collect()
}
