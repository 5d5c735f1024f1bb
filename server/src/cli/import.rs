//! `jigai import plan FILE` and `jigai import returns --plan ID FILE`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use documents::office_table::{self, Preview, Use};
use domain::Problem;
use domain::budget::Budget;
use domain::plan::Plan;
use domain::returns::ReturnRow;
use domain::rights::{Action, Object};

use super::database::{ActingArguments, DatabaseArguments, plan};
use super::outcome::{Failure, Outcome, print, tell};
use super::{files, sheet};
use office::commands::import_returns::ImportReturns;
use office::commands::keep_plan::{ImportPlan, PlanChange};
use office::incoming::{self, Doubtful, ON_BEHALF, Reporters, compare, doubtful, emptied, others_figures};
use office::refusal::{Changed, Refusal};
use office::who::Who;
use store::{Access, Store};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum ImportCommand {
    /// 导入计划文件；同一计划再次导入即修订，要写 --reason；已有报送数据的，由另一人用 plan confirm 确认后生效
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
    /// 报送文件：CSV（UTF-8 或 GB18030）、xlsx、旧版 xls；本单位自己的表也可以，先用 --dry-run 看怎样读
    file: PathBuf,
    /// 计划的 id，例如 fuzhou-2021
    #[arg(long)]
    plan: String,
    /// 没有 goal 一列时用的目标；默认为第一个考核目标
    #[arg(long)]
    goal: Option<String>,
    /// 只预览：打印怎样读、有哪些疑点，不写入
    #[arg(long)]
    dry_run: bool,
    /// 对应关系文件（照 --dry-run 打印的写）：各列是什么、哪一期、什么单位；自己的表要有它才导入
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// 期间，例如 2021-05：表里没有写明时用
    #[arg(long)]
    period: Option<String>,
    /// 工作簿里哪一张表；默认为单位最多的一张
    #[arg(long)]
    sheet: Option<String>,
    /// 更正原因：文件里有与已报送不同的数时必须写
    #[arg(long)]
    reason: Option<String>,
    /// 自己在网上填报的单位不导入，其余照常
    #[arg(long)]
    skip_reporting: bool,
    /// 确认有疑点的数无误，按提示写，可写多个：scale（量级不对）、fall（累计下降）、negative（负数）、within（其中大于整体）、behalf（代报：单位报不了，由办公室录入，要写 --reason）
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    accept: Vec<String>,
    /// 同 --accept scale
    #[arg(long, hide = true)]
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
    let who = arguments.acting.who(&store, Action::ImportPlan, Object::office(plan.region.id())).await?;
    let reason = reason(arguments.reason.as_ref()).map(str::to_owned);
    let command = ImportPlan { plan: plan.clone(), source, file_name: name, reason };
    let change = store.carry_out(command, who).await?;
    let done = match change {
        PlanChange::New => "已导入，第 1 版".to_owned(),
        PlanChange::Unchanged(version) => format!("与第 {version} 版相同，没有改动"),
        PlanChange::Revised(version) => format!("已修订，第 {version} 版；旧版保留"),
        PlanChange::Proposed => format!(
            "已提出修订，还没有生效：这个计划已有报送数据，要由另一个人确认，请他运行 jigai plan confirm {} --as 岗位编号",
            plan.id
        ),
    };
    let findings = domain::plan::check::check(&plan);
    print(&format!("{}（{}）：{done}；核对发现 {} 处，见 jigai plan check", plan.title, plan.id, findings.len()))
}

/// Who of a plan reports for itself.
async fn reporters(store: &Store, plan: &str) -> Result<Reporters, Failure> {
    let mut now = store.read().await?;
    Ok(Reporters::load(&mut now, plan, crate::holidays::of(store).await.map_err(Refusal::from)?)
        .await
        .map_err(Refusal::from)?)
}

async fn import_returns(store: Store, arguments: ImportReturnsArguments) -> Outcome {
    let bytes = files::read(&arguments.file)?;
    let plan = plan(&store, &arguments.plan).await?.plan;
    let goal = files::goal(&plan, arguments.goal.as_deref())?;
    let name = files::name_of(&arguments.file);
    let who = arguments.acting.who(&store, Action::ImportReturns, Object::office(plan.region.id())).await?;
    let accepted = accepted(&arguments);
    let own = arguments.mapping.is_none() && arguments.sheet.is_none() && arguments.period.is_none();
    if !(own && documents::returns::is_own_form(&bytes, Budget::ENDLESS)) {
        return import_table(&store, &arguments, (&plan, goal), &bytes, who).await;
    }
    let mut read = documents::returns::parse(&plan, goal, &bytes, &name);
    let theirs = others_figures(&plan, &read.rows, &reporters(&store, &plan.id).await?);
    if arguments.skip_reporting {
        read.rows.retain(|row| !theirs.iter().any(|problem| problem.line == row.line));
        tell_skipped(theirs.len());
    } else if !accepted.contains(ON_BEHALF) {
        read.faults.extend(theirs);
    }
    read.faults.extend(emptied(&plan, &read.rows, &store.read().await?.figures(&plan.id).await?));
    let doubts = doubtful(&plan, &read.rows, &store.read().await?.figures(&plan.id).await?);
    let open = |key: &str| !accepted.contains(key) && reason(arguments.reason.as_ref()).is_none();
    let (stopping, told): (Vec<&Doubtful>, Vec<&Doubtful>) =
        doubts.iter().partition(|found| found.key.is_some_and(open));
    let stops = |found: &Doubtful| {
        let answer = format!("确实无误请加 --accept {}，或用 --reason 写明原因", found.key.unwrap_or_default());
        Problem::new(found.line, format!("{}；{answer}", found.fact))
    };
    read.faults.extend(stopping.into_iter().map(stops));
    let read_as = read.said.iter().map(|said| (said.line, said.message.as_str()));
    tell_doubts(
        &arguments.file,
        &read_as.chain(told.iter().map(|found| (found.line, found.fact.as_str()))).collect::<Vec<_>>(),
    );
    let problems = read.all_problems();
    if !problems.is_empty() {
        let mut sentences = files::sentences(&arguments.file, &problems);
        sentences.push(format!(
            "{}: 共 {} 处不对，整份没有导入；改好后再导入一次即可",
            arguments.file.display(),
            problems.len()
        ));
        return Err(Failure::Input(sentences));
    }
    if arguments.dry_run {
        return print(&format!(
            "{}（没有写入）",
            counted(&plan, &read.rows, &store.read().await?.figures(&plan.id).await?)
        ));
    }
    let blank = match read.blank {
        0 => String::new(),
        count => format!("；{count} 行没有数，按未报处理，不改动已报的数"),
    };
    let done = written(&store, &arguments, &plan, read.rows, &bytes, who).await?;
    print(&format!("{done}{blank}"))
}

/// Writes rows, and says how many; corrections without a reason are listed and nothing is written.
async fn written(
    store: &Store,
    arguments: &ImportReturnsArguments,
    plan: &Plan,
    rows: Vec<ReturnRow>,
    bytes: &[u8],
    who: Who,
) -> Result<String, Failure> {
    let command = ImportReturns {
        plan: plan.id.clone(),
        rows,
        file_name: files::name_of(&arguments.file),
        file_sha256: domain::canonical::sha256(bytes),
        reason: reason(arguments.reason.as_ref()).map(str::to_owned),
        accept: accepted(arguments),
        holidays: crate::holidays::of(store).await.map_err(Refusal::from)?,
    };
    let done = match store.carry_out(command, who).await {
        Err(Refusal::NeedsReason(changed)) => {
            let problems: Vec<Problem> = changed.iter().map(|changed| needs_reason(plan, changed)).collect();
            let mut sentences = files::sentences(&arguments.file, &problems);
            sentences.push(format!(
                "{}: 以上更正要写明原因，请加 --reason \"……\"；现在没有导入任何数",
                arguments.file.display()
            ));
            return Err(Failure::Input(sentences));
        }
        done => done?,
    };
    Ok(format!("{}：新报送 {} 行，更正 {} 行，未变 {} 行", plan.title, done.new, done.revised, done.unchanged))
}

/// The kinds of doubt that somebody finds right as they are.
fn accepted(arguments: &ImportReturnsArguments) -> BTreeSet<String> {
    let jumps = arguments.accept_jumps.then(|| "scale".to_owned());
    arguments.accept.iter().map(|key| key.trim().to_owned()).chain(jumps).collect()
}

/// So many doubts that stop nothing are told.
const TOLD: usize = 20;

/// Tells on the side how cells are read, and what is doubtful and stops nothing.
fn tell_doubts(file: &Path, doubts: &[(usize, &str)]) {
    for (line, fact) in doubts.iter().take(TOLD) {
        tell(&format!("提示 {}:{line}: {fact}", file.display()));
    }
    if doubts.len() > TOLD {
        tell(&format!("提示 另有 {} 处", doubts.len() - TOLD));
    }
}

fn tell_skipped(count: usize) {
    if count > 0 {
        tell(&format!("{count} 行的单位自己在网上填报，没有导入"));
    }
}

fn counted(plan: &Plan, rows: &[ReturnRow], in_force: &domain::returns::Figures) -> String {
    let compared = compare(rows, in_force);
    format!(
        "{}：新报送 {} 行，更正 {} 行，未变 {} 行",
        plan.title,
        compared.new,
        compared.revised.len(),
        compared.unchanged
    )
}

/// A table as an office keeps it: shown first, written with a mapping only.
async fn import_table(
    store: &Store,
    arguments: &ImportReturnsArguments,
    (plan, goal): (&Plan, &domain::plan::Goal),
    bytes: &[u8],
    who: Who,
) -> Outcome {
    let name = files::name_of(&arguments.file);
    let at = |sentence: String| format!("{}: {sentence}", arguments.file.display());
    let period = incoming::period_of(plan, arguments.period.as_deref().unwrap_or_default())
        .map_err(|error| Failure::input(format!("--period: {error}")))?;
    let mapping = arguments.mapping.as_deref().map(|path| sheet::mapping(path, &Use::RETURNS)).transpose()?;
    let sheets = documents::grid::read(bytes, &name, Budget::ENDLESS)
        .map_err(|problem| Failure::Input(files::sentences(&arguments.file, &[problem])))?;
    let wanted = arguments.sheet.as_deref().or(mapping.as_ref().map(|mapping| mapping.sheet.as_str()));
    let grid = incoming::choose(plan, goal, &sheets, wanted, period, Budget::ENDLESS)
        .map_err(|sentence| Failure::input(at(sentence)))?;
    let mut preview = office_table::preview(plan, goal, grid, mapping.as_ref(), period, &name, Budget::ENDLESS)
        .map_err(|ended| Failure::input(at(ended.to_string())))?;
    preview.mapping.accept.extend(accepted(arguments));
    let stored = store.read().await?.figures(&plan.id).await?;
    let reporters = reporters(store, &plan.id).await?;
    let theirs = incoming::check(plan, goal, &mut preview, &reporters, &stored);
    if arguments.skip_reporting && !theirs.is_empty() {
        let mut left = preview.mapping.clone();
        left.skip.extend(theirs.iter().cloned());
        preview = office_table::preview(plan, goal, grid, Some(&left), period, &name, Budget::ENDLESS)
            .map_err(|ended| Failure::input(at(ended.to_string())))?;
        incoming::check(plan, goal, &mut preview, &reporters, &stored);
        tell_skipped(theirs.len());
    }
    let shown = described(plan, goal, &preview, &stored);
    if arguments.dry_run {
        return print(&format!(
            "{shown}\n\n没有写入。要导入，请把下面的对应关系存成文件，改好后加 --mapping 文件：\n\n{}",
            office_table::to_toml(&preview.mapping, &Use::RETURNS)
        ));
    }
    if preview.stops() || mapping.is_none() {
        let why = match preview.stops() {
            true => "有不明白的地方，没有导入任何数",
            false => {
                "这不是标准格式的报送文件，没有导入任何数；先用 --dry-run 看怎样读，把打印的对应关系存成文件，再加 --mapping 文件"
            }
        };
        let mut sentences = sheet::stopping(&arguments.file, &preview.doubts);
        sentences.push(at(why.to_owned()));
        return Err(Failure::Input(sentences));
    }
    print(&written(store, arguments, plan, preview.rows(goal), bytes, who).await?)
}

/// How a sheet is read: columns, lines, doubts with their cells.
fn described(plan: &Plan, goal: &domain::plan::Goal, preview: &Preview, stored: &domain::returns::Figures) -> String {
    let mapping = &preview.mapping;
    let period = mapping.period.map_or("期间未定".to_owned(), |period| period.label());
    let unit = mapping.unit.as_deref().unwrap_or(&goal.measure.unit);
    let mut lines = vec![format!(
        "表“{}”：{}，{period}，单位 {unit}，从第 {} 行起，{} 个表",
        mapping.sheet, goal.name, mapping.first_row, preview.tables
    )];
    lines.extend(sheet::columns(mapping, Use::called));
    let amount =
        |amount: Option<domain::money::Amount>| amount.map_or("—".to_owned(), |amount| goal.measure.plain(amount));
    let mut table = vec![
        ["行", "单位", &format!("累计（{}）", goal.measure.unit), "上年同期", "公布增幅%"].map(str::to_owned).to_vec(),
    ];
    for line in preview.lines.iter().filter(|line| !line.skipped) {
        let name = line.region.as_ref().map_or(line.written.clone(), |(_, name)| name.clone());
        let growth = line.figure.published_growth.map_or("—".to_owned(), |growth| growth.percent_as_written());
        table.push(vec![line.row.to_string(), name, amount(line.figure.value), amount(line.figure.base), growth]);
    }
    lines.push(documents::standings::aligned(&table).trim_end().to_owned());
    lines.extend(sheet::doubts(&preview.doubts, "导入"));
    lines.push(counted(plan, &preview.rows(goal), stored));
    lines.join("\n")
}

/// `鼓楼区 1—5月 第1次报送 累计7.1亿元，本文件 累计7.2亿元`: what differs, in the goal's unit.
fn needs_reason(plan: &Plan, changed: &Changed) -> Problem {
    let (row, before, after) = (&changed.row, &changed.before, &changed.row.figure);
    let goal = plan.goal(&row.goal);
    let name =
        goal.and_then(|goal| goal.split(&row.region)).map_or(plan.region.name.as_str(), |split| split.name.as_str());
    let amount = |amount: Option<domain::money::Amount>| match (amount, goal) {
        (Some(amount), Some(goal)) => format!("{}{}", goal.measure.plain(amount), goal.measure.unit),
        _ => "—".to_owned(),
    };
    let growth = |rate: Option<domain::rate::Rate>| {
        rate.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_as_written()))
    };
    let cells = [
        ("累计", amount(before.value), amount(after.value)),
        ("上年同期", amount(before.base), amount(after.base)),
        ("公布增幅", growth(before.published_growth), growth(after.published_growth)),
        ("说明", format!("“{}”", before.note), format!("“{}”", after.note)),
    ];
    let differing: Vec<String> = cells
        .iter()
        .filter(|(_, was, now)| was != now)
        .map(|(what, was, now)| format!("{what} {was} → {now}"))
        .collect();
    Problem::new(
        row.line,
        format!("{name} {} 与第{}次报送不同：{}", row.period.label(), changed.revision, differing.join("，")),
    )
}
