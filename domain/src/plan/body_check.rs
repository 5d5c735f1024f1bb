//! Findings of bodies: what the document leaves to somebody.

use super::Plan;
use super::body::Body;
use super::finding::{Finding, finding};

pub(super) fn findings_of_bodies(plan: &Plan) -> Vec<Finding> {
    plan.policies.bodies.iter().flat_map(of_body).collect()
}

fn of_body(body: &Body) -> Vec<Finding> {
    let numbers = [("body", body.id.clone())];
    let mut findings = Vec::new();
    if body.members.is_empty() {
        let sentence = format!("“{}”：成员文件没有写，请办公室确定后补写（body.member）", body.title);
        findings.push(finding("body_members_open", sentence, &numbers));
    }
    let untitled: Vec<&str> =
        body.members.iter().filter(|member| member.title.is_none()).filter_map(|it| it.name.as_deref()).collect();
    if !untitled.is_empty() {
        let sentence = format!("“{}”：{}没有写职务，请核对文件", body.title, untitled.join("、"));
        findings.push(finding("body_title_open", sentence, &numbers));
    }
    let assumed =
        |sentence: &String| finding("assumed", format!("文件未写明，本计划假定：{}，{sentence}", body.title), &numbers);
    findings.extend(body.assumed.iter().map(assumed));
    findings
}
