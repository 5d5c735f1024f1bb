//! What claims come to, for programs (JSON, CSV) and for a terminal. The JSON keys are a stable contract.

use std::fmt::Write;

use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::policy::Bound;
use domain::policy::{Answer, BudgetUse, Settled, Settlement, yuan};
use serde::Serialize;

#[derive(Serialize)]
struct SettlementJson<'a> {
    plan: &'a str,
    year: i32,
    claims: Vec<ClaimJson<'a>>,
    budgets: &'a [BudgetUse],
    payers: Vec<PayerJson<'a>>,
    /// The sum of what is certain; of what is at most or at least something; how many claims are none of it.
    total: Amount,
    at_most: Amount,
    at_least: Amount,
    open: usize,
}

#[derive(Serialize)]
struct ClaimJson<'a> {
    claim: &'a str,
    recipient: &'a str,
    project: &'a str,
    policy: &'a str,
    policy_title: &'a str,
    level: Option<&'a str>,
    answer: &'a Answer,
    answer_text: String,
    payers: Vec<PayerJson<'a>>,
    trace: &'a [String],
}

#[derive(Serialize)]
struct PayerJson<'a> {
    payer: &'a str,
    amount: Amount,
}

fn title<'p>(plan: &'p Plan, settled: &'p Settled) -> &'p str {
    plan.policies.get(&settled.policy).map_or(settled.policy.as_str(), |policy| &policy.title)
}

fn payers(settled: &Settled) -> impl Iterator<Item = PayerJson<'_>> {
    settled.payers.iter().map(|(payer, amount)| PayerJson { payer, amount: *amount })
}

pub fn json(plan: &Plan, settlement: &Settlement) -> Result<String, serde_json::Error> {
    let claims = settlement.claims.iter().map(|settled| ClaimJson {
        claim: &settled.claim,
        recipient: &settled.recipient,
        project: &settled.project,
        policy: &settled.policy,
        policy_title: title(plan, settled),
        level: settled.level.as_deref(),
        answer: &settled.answer,
        answer_text: settled.answer.text(),
        payers: payers(settled).collect(),
        trace: &settled.trace,
    });
    let by_payer = settlement.by_payer();
    serde_json::to_string_pretty(&SettlementJson {
        plan: &plan.id,
        year: settlement.year,
        claims: claims.collect(),
        budgets: &settlement.budgets,
        payers: by_payer.into_iter().map(|(payer, amount)| PayerJson { payer, amount }).collect(),
        total: settlement.total(),
        at_most: settlement.within(Bound::AtMost).1,
        at_least: settlement.within(Bound::AtLeast).1,
        open: settlement.open(),
    })
}

const COLUMNS: [&str; 8] = ["申报编号", "申报单位", "项目", "政策", "级别", "结果", "金额（元）", "依据"];

pub fn csv(plan: &Plan, settlement: &Settlement) -> String {
    let rows = settlement.claims.iter().map(|settled| {
        vec![
            settled.claim.clone(),
            settled.recipient.clone(),
            settled.project.clone(),
            title(plan, settled).to_owned(),
            settled.level.clone().unwrap_or_default(),
            settled.answer.text(),
            settled.answer.amount().map(|amount| amount.0.to_string()).unwrap_or_default(),
            settled.trace.join(" "),
        ]
    });
    crate::csv_text::write(&COLUMNS, rows)
}

/// For a terminal: each claim with the sentences that lead to its result.
pub fn text(plan: &Plan, settlement: &Settlement) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}年扶持政策测算", plan.title, settlement.year);
    for settled in &settlement.claims {
        let project = if settled.project.is_empty() { String::new() } else { format!(" {}", settled.project) };
        let level = settled.level.as_ref().map(|level| format!("（{level}）")).unwrap_or_default();
        let _ = writeln!(
            out,
            "\n{} {}{project}　{}{level}：{}",
            settled.claim,
            settled.recipient,
            title(plan, settled),
            settled.answer.text()
        );
        for sentence in &settled.trace {
            let _ = writeln!(out, "  {sentence}");
        }
        for (payer, amount) in settled.payers.iter().filter(|_| settled.payers.len() > 1) {
            let _ = writeln!(out, "  其中{payer}承担{}。", yuan(*amount));
        }
    }
    let _ = writeln!(out, "\n合计{}", yuan(settlement.total()));
    let mut unnamed = settlement.total();
    for (payer, amount) in settlement.by_payer() {
        let _ = writeln!(out, "  {payer}：{}", yuan(amount));
        unnamed.0 -= amount.0;
    }
    if unnamed.0 > 0 {
        let _ = writeln!(out, "  文件没有写由谁承担：{}", yuan(unnamed));
    }
    for bound in [Bound::AtMost, Bound::AtLeast] {
        let (count, sum) = settlement.within(bound);
        if count > 0 {
            let _ = writeln!(out, "另有{count}项共{}{}，不在合计内", bound.before(), yuan(sum));
        }
    }
    if settlement.open() > 0 {
        let _ = writeln!(out, "另有{}项还没有确定的金额，不在合计内", settlement.open());
    }
    for used in &settlement.budgets {
        let short = if used.short().0 > 0 { format!("，不足{}", yuan(used.short())) } else { String::new() };
        let _ = writeln!(
            out,
            "“{}”资金总额{}{}：今年{}{}{short}",
            used.title,
            yuan(used.budget),
            used.had(),
            yuan(used.given),
            used.proviso()
        );
    }
    out
}
