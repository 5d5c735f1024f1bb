//! 台账 of a project as a table: what is known, its dates, its years and months, its 节点, matters and visits. Files and
//! papers render it, a sheet for each project.

use chrono::NaiveDate;
use domain::bulletin::tables::Table;
use domain::calendar::chinese_date;
use domain::projects::field::{Field, Place, unit_name};
use domain::projects::{Entry, Step};

use crate::projects::{Contact, Matter, Node, Visit};

/// What is recorded of projects beside their own facts.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    pub nodes: Vec<Node>,
    pub matters: Vec<Matter>,
    pub visits: Vec<Visit>,
    /// Of the projects whose contacts whoever asks may see.
    pub contacts: Vec<Contact>,
}

/// As addresses of files name it, and as pages do.
pub const ID: &str = "ledger";
pub const NAME: &str = "重点项目台账（一项目一张）";

/// The heads of a ledger sheet.
pub const HEADS: [&str; 3] = ["部分", "栏目", "内容"];

/// The sheet of one project as it is known on a day; amounts in 万元, months up to `place.period`.
pub fn table(entry: &Entry, place: &Place<'_>, recorded: &Recorded, today: NaiveDate) -> Table {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut say = |part: &str, name: String, text: String| {
        if !text.is_empty() {
            rows.push(vec![part.to_owned(), name, text]);
        }
    };
    let dated = |of: &Field| matches!(of, Field::PlannedOf(_) | Field::ActualOf(_) | Field::Span | Field::SuspendedFor);
    for of in Field::ALL.into_iter().filter(|of| !of.is_reported() && !of.is_listed() && !dated(of)) {
        let unit = if of.is_money() { "（万元）" } else { "" };
        say("项目情况", format!("{}{unit}", of.name()), of.text(entry, place));
    }
    for step in Step::ALL {
        let Some(dates) = entry.steps.get(&step) else { continue };
        let when =
            |name: &str, when: Option<domain::projects::When>| when.map(|when| format!("{name}{}", when.words()));
        let parts = [when("计划", dates.planned), when("实际", dates.actual), dates.reason.clone()];
        say("时间", step.name().to_owned(), parts.into_iter().flatten().collect::<Vec<_>>().join("；"));
    }
    for (year, listed) in &entry.years {
        let of_year = Place { plan: place.plan, year: *year, period: None, measure: place.measure.clone() };
        let said = Field::ALL.into_iter().filter(|of| of.is_listed() && *of != Field::Role).filter_map(|of| {
            let text = of.text(entry, &of_year);
            let unit = if of.is_money() { "万元" } else { "" };
            (!text.is_empty()).then(|| format!("{}{text}{unit}", of.name()))
        });
        let said: Vec<String> = std::iter::once(listed.role.name().to_owned()).chain(said).collect();
        say("历年列入", format!("{year}年"), said.join("；"));
    }
    let money = |name: &str, amount: Option<domain::money::Amount>| {
        amount.map(|amount| format!("{name}{}", place.measure.with_unit(amount)))
    };
    let words = |name: &str, text: &str| (!text.is_empty()).then(|| format!("{name}：{text}"));
    for (period, found) in entry.returns.iter().filter(|(period, _)| place.period.is_none_or(|at| **period <= at)) {
        let parts = [
            money("本年累计", found.this_year),
            money("开工以来", found.since_start),
            words("形象进度", &found.progress),
            words("存在问题", &found.problem),
            words("下步措施", &found.next),
        ];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join("；");
        say("逐月完成", format!("{}年{}月", period.year, period.month), text);
    }
    let id = &entry.project.id;
    for person in
        recorded.contacts.iter().filter(|contact| contact.project == *id).filter_map(|own| own.person.as_ref())
    {
        let duty = if person.duty.is_empty() { "联系人" } else { &person.duty };
        say("联系人", duty.to_owned(), format!("{}　{}", person.name, person.phone).trim_end().to_owned());
    }
    for node in recorded.nodes.iter().filter(|node| node.project == *id) {
        let state = match (node.done, node.overdue(today)) {
            (Some(day), _) => format!("{}完成", chinese_date(day)),
            (None, Some(days)) => format!("逾期{days}天"),
            (None, None) => "未完成".to_owned(),
        };
        let due = node.due.map(|due| format!("{}前", chinese_date(due)));
        let parts = [due, words("责任", &node.who), words("情况", &node.words), Some(state)];
        say("节点", node.name.clone(), parts.into_iter().flatten().collect::<Vec<_>>().join("；"));
    }
    for matter in recorded.matters.iter().filter(|matter| matter.project == *id) {
        let due = matter.due.map(|due| format!("{}前", chinese_date(due)));
        let state = match (matter.solved, matter.overdue(today)) {
            (Some(day), _) => format!("{}办结：{}", chinese_date(day), matter.how),
            (None, Some(days)) => format!("逾期{days}天"),
            (None, None) => "在办".to_owned(),
        };
        let owner = unit_name(place.plan, &matter.owner).to_owned();
        let up = matter.escalated_to.as_ref().map(|to| format!("已提请{to}协调"));
        let parts = [Some(format!("由{owner}办理")), due, up, Some(state)];
        let text = format!("{}；{}", matter.words, parts.into_iter().flatten().collect::<Vec<_>>().join("；"));
        say("事项", matter.kind.clone(), text);
    }
    for visit in recorded.visits.iter().filter(|visit| visit.project == *id) {
        let promised = words("答复和承诺", &visit.promised).map(|text| format!("；{text}")).unwrap_or_default();
        say("走访", chinese_date(visit.day), format!("{}：{}{promised}", visit.by_whom, visit.found));
    }
    Table { header: HEADS.map(str::to_owned).to_vec(), rows }
}

/// All sheets below each other, each line with its project's number and name: as files of one table have them.
pub fn together<'t>(sheets: impl Iterator<Item = (&'t Entry, &'t Table)>) -> Table {
    let header = ["项目编号", "项目名称"].into_iter().chain(HEADS).map(str::to_owned).collect();
    let rows = sheets.flat_map(|(entry, table)| {
        let own = [entry.project.id.clone(), entry.project.name.clone()];
        table.rows.iter().map(move |row| own.iter().cloned().chain(row.iter().cloned()).collect())
    });
    Table { header, rows: rows.collect() }
}
