//! What claims would cost under another budget, for programs (JSON, CSV) and for a terminal. The JSON keys are a stable
//! contract.

use std::fmt::Write;

use domain::plan::Plan;
use domain::plan::policy::Order;
use domain::policy::what_if::{Line, WhatIf};
use domain::policy::{Answer, yuan};
use serde::Serialize;

#[derive(Serialize)]
struct WhatIfJson<'a> {
    plan: &'a str,
    #[serde(flatten)]
    what_if: &'a WhatIf,
}

pub fn json(plan: &Plan, what_if: &WhatIf) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&WhatIfJson { plan: &plan.id, what_if })
}

const COLUMNS: [&str; 11] = [
    "申报编号",
    "申报单位",
    "项目",
    "政策",
    "现行条款",
    "按批准先后：不设预算（元）",
    "按批准先后：可得（元）",
    "按批准先后：少得（元）",
    "按比例：不设预算（元）",
    "按比例：可得（元）",
    "按比例：少得（元）",
];

pub fn csv(what_if: &WhatIf) -> String {
    let rows = what_if.lines.iter().map(|line| {
        let words = [&line.claim, &line.recipient, &line.project, &line.policy_title, &line.now_text];
        let shares = Order::ALL.into_iter().flat_map(|order| match line.of(order) {
            Some(share) => [share.asks, share.given, share.less].map(|amount| amount.0.to_string()),
            None => Default::default(),
        });
        words.into_iter().cloned().chain(shares).collect::<Vec<_>>()
    });
    crate::csv_text::write(&COLUMNS, rows)
}

/// For a terminal: both readings, then who gets less.
pub fn text(plan: &Plan, what_if: &WhatIf) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}年预算测算（只作比较，不改动计划和申报）", plan.title, what_if.year);
    let _ = writeln!(out, "“{}”预算{}", what_if.title, yuan(what_if.budget));
    for change in &what_if.changes {
        let _ = writeln!(out, "{change}");
    }
    let whose = |line: &Line| {
        let project = if line.project.is_empty() { String::new() } else { format!(" {}", line.project) };
        format!("{} {}{project}　{}", line.claim, line.recipient, line.policy_title)
    };
    if !what_if.changes.is_empty() {
        let _ = writeln!(out, "\n改了条款、不设预算：");
        let mut moved = 0;
        for line in &what_if.lines {
            let Some(asks) = Order::ALL.into_iter().find_map(|order| line.of(order)).map(|share| share.asks) else {
                continue;
            };
            if line.now.amount() != Some(asks) {
                let bound = match line.now {
                    Answer::Sum { bound, .. } => bound,
                    _ => plan.policies.get(&line.policy).map(|policy| policy.bound).unwrap_or_default(),
                };
                let _ =
                    writeln!(out, "  {}：现行{}，改后{}", whose(line), line.now_text, Answer::of(bound, asks).text());
                moved += 1;
            }
        }
        if moved == 0 {
            let _ = writeln!(out, "  各项申报的金额都不变");
        }
    }
    for reading in &what_if.readings {
        let _ = writeln!(out, "\n{}", reading.sentence());
        for line in &what_if.lines {
            let Some(share) = line.of(reading.order).filter(|share| share.less.0 > 0) else { continue };
            let _ = writeln!(out, "  {}：得{}，少得{}", whose(line), yuan(share.given), yuan(share.less));
        }
    }
    if what_if.open > 0 {
        let _ = writeln!(out, "\n另有{}项还没有确定的金额，不在内", what_if.open);
    }
    out
}
