//! Findings of funds: what the document leaves to somebody.

use super::Plan;
use super::finding::{Finding, finding};
use super::fund::{Fund, Kind};

pub(super) fn findings_of_funds(plan: &Plan) -> Vec<Finding> {
    plan.policies.funds.iter().flat_map(|fund| of_fund(fund, plan)).collect()
}

fn of_fund(fund: &Fund, plan: &Plan) -> Vec<Finding> {
    let numbers = [("fund", fund.id.clone())];
    let mut findings = Vec::new();
    let mut say = |code: &str, sentence: &str| {
        findings.push(finding(code, format!("“{}”：{sentence}", fund.title), &numbers));
    };
    if fund.quota.is_none() && fund.kind != Kind::Grant {
        say("fund_quota_open", "文件没有写总额度，登记时不核对额度");
    }
    if fund.quota.is_some() && fund.revolving.is_none() {
        let sentence = "还回的额度能不能再用，文件没有写；两种余额都列出，请办公室确定";
        say("fund_revolving_open", sentence);
    }
    if fund.kind == Kind::Guarantee && fund.shares.is_empty() {
        say("fund_shares_open", "风险共担各方的比例文件没有写，请办公室确定");
    }
    if fund.kind == Kind::Loan && fund.day_count.is_none() {
        say("fund_day_count_open", "利息按360天还是365天计，文件没有写，逐笔按合同填写");
    }
    if let Some(goal) = fund.goal.as_ref().filter(|id| plan.goal(id).is_none_or(|goal| !goal.measure.money)) {
        let sentence = format!("goal “{goal}”不是计划里按金额计的目标，不能对照，请核对");
        findings.push(finding("fund_goal_unknown", format!("“{}”：{sentence}", fund.title), &numbers));
    }
    let assumed =
        |sentence: &String| finding("assumed", format!("文件未写明，本计划假定：{}，{sentence}", fund.title), &numbers);
    findings.extend(fund.assumed.iter().map(assumed));
    findings
}
