//! `jigai plan split --plan PLAN.toml TABLE.xlsx`: the split of a workbook, as a plan file.

use std::path::PathBuf;

use clap::Args;
use documents::office_table::{SplitOf, SplitPreview, Use, choose_split, preview_split, to_toml};
use domain::budget::Budget;
use domain::plan::writer;

use super::outcome::{Failure, Outcome, print, tell};
use super::{files, sheet};

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
    #[arg(long, allow_negative_numbers = true)]
    year: Option<i32>,
    /// 工作簿里哪一张表；默认为单位最多的一张
    #[arg(long)]
    sheet: Option<String>,
    /// 只预览：打印怎样读、有哪些疑点，不打印计划文件
    #[arg(long)]
    dry_run: bool,
    /// 对应关系文件（照 --dry-run 打印的写）：各列是什么、什么单位、哪些行不要
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
}

pub(super) fn run(arguments: &SplitArguments) -> Outcome {
    let (mut plan, _) = files::plan(&arguments.plan)?;
    let goal = files::goal(&plan, arguments.goal.as_deref())?.clone();
    let year = arguments.year.unwrap_or(plan.years.0);
    if !(plan.years.0..=plan.years.1).contains(&year) {
        return Err(Failure::input(format!(
            "--year {year}: 计划是 {} 至 {} 年的，请写其中一年",
            plan.years.0, plan.years.1
        )));
    }
    let at = |sentence: String| Failure::input(format!("{}: {sentence}", arguments.table.display()));
    let mapping = arguments.mapping.as_deref().map(|path| sheet::mapping(path, &Use::SPLIT)).transpose()?;
    let sheets =
        documents::grid::read(&files::read(&arguments.table)?, &files::name_of(&arguments.table), Budget::ENDLESS);
    let sheets = sheets.map_err(|problem| Failure::Input(files::sentences(&arguments.table, &[problem])))?;
    let of = SplitOf {
        goal: &goal.name,
        measure: &goal.measure,
        own: &plan.region,
        year,
        units: &goal.splits,
        total: goal.target(year),
    };
    let wanted = arguments.sheet.as_deref().or(mapping.as_ref().map(|mapping| mapping.sheet.as_str()));
    let (grid, others) = choose_split(&of, &sheets, wanted, Budget::ENDLESS).map_err(&at)?;
    if !others.is_empty() {
        let names = [&[grid.name.as_str()][..], &others].concat().join("、");
        return Err(at(format!("{} 张表都像分解表：{names}；请用 --sheet 写明读哪一张", others.len() + 1)));
    }
    let preview = preview_split(&of, grid, mapping.as_ref(), Budget::ENDLESS).map_err(|ended| at(ended.to_string()))?;
    let shown = described(&of, &preview);
    if arguments.dry_run {
        return print(&format!(
            "{shown}\n\n要改读法，请把下面的对应关系存成文件，改好后加 --mapping 文件：\n\n{}",
            to_toml(&preview.mapping, &Use::SPLIT)
        ));
    }
    if preview.stops() {
        let mut sentences = sheet::stopping(&arguments.table, &preview.doubts);
        sentences.push(format!(
            "{}: 有不明白的地方，没有打印计划文件；先用 --dry-run 看怎样读，要改读法加 --mapping 文件",
            arguments.table.display()
        ));
        return Err(Failure::Input(sentences));
    }
    tell(&format!("{shown}\n请核对后用 jigai plan check 检查"));
    let Some(goal) = plan.goals.iter_mut().find(|known| known.id == goal.id) else {
        return Err(Failure::input("计划里没有这个目标"));
    };
    // What the table does not say of a unit stays as the plan has it.
    office::plan_form::with_split(goal, &preview.split, year);
    print(&writer::write(&plan))
}

/// How a sheet is read: columns, lines, doubts with their cells.
fn described(of: &SplitOf<'_>, preview: &SplitPreview) -> String {
    let mapping = &preview.mapping;
    let unit = mapping.unit.as_deref().unwrap_or(if of.measure.money { "未定" } else { &of.measure.unit });
    let mut lines = vec![format!(
        "表“{}”：{}年{}，单位 {unit}，从第 {} 行起{}",
        mapping.sheet,
        of.year,
        of.goal,
        mapping.first_row,
        if preview.split.tables > 1 { format!("，{} 个表并排", preview.split.tables) } else { String::new() }
    )];
    lines.extend(sheet::columns(mapping, Use::called_in_split));
    let mut table = vec![["格", "单位", &format!("目标（{}）", of.measure.unit), "增幅%"].map(str::to_owned).to_vec()];
    for line in &preview.lines {
        let Some(row) = &line.read else { continue };
        let name = format!("{}{}", if row.nested { "其中：" } else { "" }, row.name);
        let value = row.value.map_or(if row.none { "/" } else { "—" }.to_owned(), |value| of.measure.plain(value));
        table.push(vec![
            line.address.clone(),
            name,
            value,
            row.growth.map_or("—".to_owned(), |growth| growth.percent_as_written()),
        ]);
    }
    lines.push(documents::standings::aligned(&table).trim_end().to_owned());
    lines.extend(sheet::doubts(&preview.doubts, "用"));
    lines.push(format!("读出 {} 个单位", preview.split.splits.len()));
    lines.join("\n")
}
