//! `jigai what-if --plan PLAN.toml --returns FILE --period 2021-10 --region 350121`.

use clap::Args;
use domain::assessment::what_if::{WhatIf, what_if};

use super::files::{self, FilesArguments};
use super::outcome::{Failure, Format, Outcome, print};

#[derive(Args)]
pub(super) struct WhatIfArguments {
    #[command(flatten)]
    files: FilesArguments,
    /// 单位的代码或名称
    #[arg(long)]
    region: String,
    /// 输出格式：text 或 json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(arguments: &WhatIfArguments) -> Outcome {
    let loaded = files::Loaded::read(&arguments.files)?;
    let goal = loaded.goal();
    let Some(split) = goal.find_split(&arguments.region) else {
        let names: Vec<&str> = goal.splits.iter().map(|split| split.name.as_str()).collect();
        let sentence = match names.is_empty() {
            true => format!("--goal {}: 这个目标没有分解到单位，不能测算", goal.id),
            false => format!("--region {}: 不在分解表内，请写 {} 之一", arguments.region, names.join("、")),
        };
        return Err(Failure::input(sentence));
    };
    let rules = arguments.files.rules.over(loaded.plan.rules(&loaded.goal));
    let figures = loaded.returns.figures();
    let answer = what_if(&loaded.plan, goal, &figures, loaded.period, rules, &split.region);
    let answer = answer.ok_or_else(|| Failure::Other("无法测算".to_owned()))?;
    match arguments.format {
        Format::Json => print(&serde_json::to_string_pretty(&answer)?),
        Format::Csv => Err(Failure::input("--format: what-if 只有 text 和 json 两种格式")),
        Format::Text => print(&text(&answer, &split.name, &goal.measure)),
    }
}

fn text(answer: &WhatIf, name: &str, measure: &domain::money::Measure) -> String {
    let mut lines = vec![format!("{name} {}，其他单位不变：", answer.period.label())];
    for goal in &answer.goals {
        let needed = match goal.more.filter(|more| more.0 > 0) {
            Some(more) => {
                let monthly = goal.per_month.map(|month| {
                    format!("，后{}个月月均 {}", answer.months_left, measure.with_unit(measure.round_up(month)))
                });
                let exact = if measure.money { format!("（{} 元）", more.0) } else { String::new() };
                format!("还需 {}{exact}{}", measure.with_unit(more), monthly.unwrap_or_default())
            }
            None => goal.sentence(|amount| measure.difference(amount)),
        };
        lines.push(format!("  {}：{needed}", goal.goal.name()));
    }
    lines.join("\n")
}
