//! `jigai plan check PLAN.toml`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::files;
use super::outcome::{Failure, Format, Outcome, print};

#[derive(Args)]
pub(super) struct CheckArguments {
    /// 计划文件（.plan.toml）
    plan: PathBuf,
    /// 输出格式：text 或 json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Checked<'a> {
    plan: &'a str,
    findings: &'a [domain::plan::check::Finding],
}

pub(super) fn run(arguments: &CheckArguments) -> Outcome {
    let (plan, source) = files::plan(&arguments.plan)?;
    // An import would refuse them.
    let hidden = domain::hidden::in_toml(&source);
    if !hidden.is_empty() {
        return Err(Failure::Input(files::sentences(&arguments.plan, &hidden)));
    }
    let findings = domain::plan::check::check(&plan);
    match arguments.format {
        Format::Json => print(&serde_json::to_string_pretty(&Checked { plan: &plan.id, findings: &findings })?),
        Format::Csv => Err(Failure::input("--format: plan check 只有 text 和 json 两种格式")),
        Format::Text if findings.is_empty() => print(&format!("{}：没有发现不一致，也没有未写明之处", plan.title)),
        Format::Text => {
            let lines: Vec<String> =
                findings.iter().map(|finding| format!("{:<26}{}", finding.code, finding.message)).collect();
            print(&format!("{}：{} 处\n{}", plan.title, findings.len(), lines.join("\n")))
        }
    }
}
