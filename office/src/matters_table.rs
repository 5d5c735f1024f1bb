//! 交办事项, 会诊 and 调度会 as tables, those of no single project too: one computation for every file of them.

use chrono::NaiveDate;
use domain::bulletin::tables::Table;
use domain::calendar::{at_shanghai, chinese_date};
use domain::plan::Plan;
use domain::projects::field::unit_name;

use crate::projects::{Matter, Meeting, Projects};

const MATTERS: [&str; 11] = [
    "编号",
    "类别",
    "事项",
    "项目编号",
    "项目名称",
    "责任单位",
    "办理期限",
    "办结日期",
    "办理情况",
    "交办日期",
    "经手人",
];

const MEETINGS: [&str; 8] = ["编号", "会议", "日期", "参加人", "内容", "议及项目", "决定事项", "经手人"];

fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Table {
    Table { header: heads.map(str::to_owned).to_vec(), rows: rows.map(Vec::from).collect() }
}

fn name_of(projects: &Projects, id: &str) -> String {
    projects.get(id).map(|known| known.entry.project.name.clone()).unwrap_or_default()
}

/// What was handed over, solved or not, in the order of the days it is due.
pub fn matters(plan: &Plan, found: &[Matter], projects: &Projects, today: NaiveDate) -> Table {
    let mut found: Vec<&Matter> = found.iter().collect();
    found.sort_by_key(|matter| (matter.due.is_none(), matter.due, matter.matter));
    let day = |day: Option<NaiveDate>| day.map(chinese_date).unwrap_or_default();
    let row = |matter: &Matter| {
        let state = match (matter.solved, matter.overdue(today)) {
            (Some(_), _) => matter.how.clone(),
            (None, Some(days)) => format!("逾期{days}天"),
            (None, None) => "在办".to_owned(),
        };
        let up = matter.escalated_to.as_ref().map(|to| format!("；已提请{to}协调")).unwrap_or_default();
        [
            matter.matter.to_string(),
            matter.kind.clone(),
            matter.words.clone(),
            matter.project.clone(),
            name_of(projects, &matter.project),
            unit_name(plan, &matter.owner).to_owned(),
            day(matter.due),
            day(matter.solved),
            format!("{state}{up}"),
            chinese_date(at_shanghai(matter.at).date_naive()),
            matter.actor.clone(),
        ]
    };
    table(MATTERS, found.into_iter().map(row))
}

/// Meetings with what they decided, oldest first.
pub fn meetings(found: &[Meeting], matters: &[Matter], projects: &Projects) -> Table {
    let row = |meeting: &Meeting| {
        let source = meeting.source();
        let decided = matters.iter().filter(|matter| matter.source == source);
        let decided: Vec<String> = decided.map(|matter| format!("{}（第{}号）", matter.words, matter.matter)).collect();
        let about: Vec<String> = meeting.projects.iter().map(|id| format!("{id} {}", name_of(projects, id))).collect();
        let about = if about.is_empty() { "计划整体".to_owned() } else { about.join("；") };
        [
            meeting.meeting.to_string(),
            meeting.kind.clone(),
            chinese_date(meeting.day),
            meeting.who.clone(),
            meeting.words.clone(),
            about,
            decided.join("；"),
            meeting.actor.clone(),
        ]
    };
    table(MEETINGS, found.iter().map(row))
}
