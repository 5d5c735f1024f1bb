//! What the plan says of its key projects: levels, rules, windows; and which of them a goal counts.

use domain::money::{Amount, fold};
use domain::plan::file::projects::{money, read_bound};
use domain::plan::projects::{
    Counted, FromProjects, Gives, ProjectLevel, ProjectRule, ProjectRules, ProjectWindow, Role, Test,
};
use domain::plan::writer::projects::{bound_text, money as money_text};
use domain::plan::{Kind, Plan};
use domain::rate::Rate;

use super::lists::{names, rows};
use super::references::rename_level;
use super::{YES, yes};
use crate::box_reader::Reader;
use crate::posted::Posted;

/// For whom a window is open.
pub const WINDOWS: [(&str, &str); 3] = [("both", "入库和退库"), ("enter", "只入库"), ("leave", "只退库")];
/// Which figure judges a goal that projects are counted for.
pub const JUDGES: [(&str, &str); 2] =
    [("stated", "填报的数（项目库的数并列，不一致的提示）"), ("projects", "项目库数出来的数")];

/// Names of rows' boxes: `pl.0.name` of a level, `pr.2.test` of a rule, `pw.0.months` of a window.
pub fn level_name(index: usize, field: &str) -> String {
    format!("pl.{index}.{field}")
}

pub fn rule_name(index: usize, field: &str) -> String {
    format!("pr.{index}.{field}")
}

pub fn window_name(index: usize, field: &str) -> String {
    format!("pw.{index}.{field}")
}

pub(super) fn put(boxes: &mut Posted, plan: &Plan) {
    let amount = |amount: Option<Amount>| amount.map(money_text).unwrap_or_default();
    let clause = |clause: &Option<String>| clause.clone().unwrap_or_default();
    let ProjectRules { rules, levels, windows, publish_laggards } = &plan.projects;
    boxes.set("publish_laggards", &yes(*publish_laggards));
    for (index, level) in levels.iter().enumerate() {
        for (field, value) in [
            ("name", level.name.clone()),
            ("min_total", amount(level.min_total)),
            ("min_equipment", amount(level.min_equipment)),
            ("started", yes(level.started)),
            ("clause", clause(&level.clause)),
            ("was", level.name.clone()),
        ] {
            boxes.set(&level_name(index, field), &value);
        }
    }
    for (index, rule) in rules.iter().enumerate() {
        let bound = |bound: Option<Rate>| bound.map(|bound| bound_text(rule.test, bound)).unwrap_or_default();
        for (field, value) in [
            ("test", rule.test.word().to_owned()),
            ("from", bound(rule.from)),
            ("over", bound(rule.over)),
            ("below", bound(rule.below)),
            ("unless", yes(rule.unless_reason)),
            ("gives", rule.gives.word().to_owned()),
            ("words", rule.words.clone()),
            ("clause", clause(&rule.clause)),
        ] {
            boxes.set(&rule_name(index, field), &value);
        }
        for role in &rule.roles {
            boxes.set(&rule_name(index, role.id()), YES);
        }
    }
    for (index, window) in windows.iter().enumerate() {
        let months: Vec<String> = window.months.iter().map(u32::to_string).collect();
        let open = match (window.enter, window.leave) {
            (true, false) => "enter",
            (false, _) => "leave",
            _ => "both",
        };
        for (field, value) in
            [("months", months.join("、")), ("for", open.to_owned()), ("clause", clause(&window.clause))]
        {
            boxes.set(&window_name(index, field), &value);
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan) {
    let (levels, renamed) = read_levels(reader);
    renamed.iter().for_each(|(was, now)| rename_level(plan, was, now));
    let rules = (0..rows(reader, |row| rule_name(row, "test"))).filter_map(|row| read_rule(reader, row)).collect();
    let windows = rows(reader, |row| window_name(row, "months"));
    let windows = (0..windows).filter_map(|row| read_window(reader, row)).collect();
    let publish_laggards = reader.posted.text("publish_laggards") == YES;
    plan.projects = ProjectRules { rules, levels, windows, publish_laggards };
}

/// The levels, and which of them were called otherwise before.
fn read_levels(reader: &mut Reader<'_>) -> (Vec<ProjectLevel>, Vec<(String, String)>) {
    let (mut levels, mut renamed) = (Vec::new(), Vec::new());
    for row in 0..rows(reader, |row| level_name(row, "name")) {
        let field = |name: &str| level_name(row, name);
        let Some(name) = reader.optional(&field("name")) else {
            if ["min_total", "min_equipment", "clause"].iter().any(|name| !reader.text(&field(name)).is_empty()) {
                reader.say(&field("name"), format!("项目库第 {} 行没有名称，请补上；不要的整行清空。", row + 1));
            }
            continue;
        };
        let was = reader.text(&field("was"));
        if !was.is_empty() && was != name {
            renamed.push((was, name.clone()));
        }
        levels.push(ProjectLevel {
            name,
            min_total: read_money(reader, &field("min_total"), "总投资"),
            min_equipment: read_money(reader, &field("min_equipment"), "设备投资"),
            started: reader.posted.text(&field("started")) == YES,
            clause: reader.optional(&field("clause")),
        });
    }
    (levels, renamed)
}

fn read_money(reader: &mut Reader<'_>, name: &str, label: &str) -> Option<Amount> {
    let text = reader.optional(name)?;
    let sentence = || format!("{label}门槛“{text}”要写金额和单位，例如 1亿元、500万元。");
    money(&text).or_else(|| reader.wrong(name, sentence()))
}

fn read_rule(reader: &mut Reader<'_>, row: usize) -> Option<ProjectRule> {
    let field = |name: &str| rule_name(row, name);
    let Some(test) = Test::ALL.into_iter().find(|test| test.word() == reader.posted.text(&field("test"))) else {
        if ["from", "over", "below", "words", "clause"].iter().any(|name| !reader.text(&field(name)).is_empty()) {
            reader.say(&field("test"), format!("第 {} 条规则没有选看什么，请选；不要的整条清空。", row + 1));
        }
        return None;
    };
    let gives = Gives::ALL.into_iter().find(|gives| gives.word() == reader.posted.text(&field("gives")));
    let bounds = [("from", "达到"), ("over", "超过"), ("below", "不到")].map(|(name, label)| {
        let text = fold(&reader.optional(&field(name))?);
        let what =
            if test.is_share() { "百分点或百分数，例如 10" } else { "月数，请写整数，例如 3" };
        let text = text.trim_end_matches(test.unit()).trim();
        let sentence = || format!("第 {} 条规则的“{label}”写的“{text}”不是{what}。", row + 1);
        read_bound(test.is_share(), text).or_else(|| reader.wrong(&field(name), sentence()))
    });
    let mut roles: Vec<Role> = Role::ALL.into_iter().filter(|role| reader.text(&field(role.id())) == YES).collect();
    roles.sort_unstable();
    let [from, over, below] = bounds;
    Some(ProjectRule {
        test,
        from,
        over,
        below,
        roles,
        unless_reason: reader.posted.text(&field("unless")) == YES,
        gives: gives.unwrap_or(Gives::Yellow),
        words: reader.required(&field("words"), &format!("第 {} 条规则给出的话", row + 1), "到期没有开工"),
        clause: reader.optional(&field("clause")),
    })
}

fn read_window(reader: &mut Reader<'_>, row: usize) -> Option<ProjectWindow> {
    let field = |name: &str| window_name(row, name);
    let written = reader.text(&field("months"));
    let months = names(&written);
    if months.is_empty() {
        if !reader.text(&field("clause")).is_empty() {
            reader.say(&field("months"), "还没有填入库、退库的月份，例如 5、9；不要的整行清空。");
        }
        return None;
    }
    let number = |month: &String| fold(month).trim_end_matches('月').trim().parse().ok();
    let read: Option<Vec<u32>> = months.iter().map(number).collect();
    let Some(months) = read.filter(|months| months.iter().all(|month| (1..=12).contains(month))) else {
        return reader.wrong(&field("months"), format!("“{written}”不是月份，请写 1 至 12，例如 5、9。"));
    };
    let (enter, leave) = match reader.posted.text(&field("for")) {
        "enter" => (true, false),
        "leave" => (false, true),
        _ => (true, true),
    };
    Some(ProjectWindow { months, enter, leave, clause: reader.optional(&field("clause")) })
}

/// What of the library a goal counts.
pub(super) fn put_source(boxes: &mut Posted, from: Option<&FromProjects>) {
    let text = |text: Option<String>| text.unwrap_or_default();
    for (name, value) in [
        ("project_count", text(from.map(|from| from.count.word().to_owned()))),
        ("project_level", text(from.and_then(|from| from.level.clone()))),
        ("project_role", text(from.and_then(|from| from.role).map(|role| role.id().to_owned()))),
        ("project_label", text(from.and_then(|from| from.label.clone()))),
        ("figure_from", if from.is_some_and(|from| from.judges) { "projects" } else { "stated" }.to_owned()),
    ] {
        boxes.set(name, &value);
    }
}

pub(super) fn read_source(reader: &mut Reader<'_>, kind: Kind) -> Option<FromProjects> {
    let judges = reader.posted.text("figure_from") == "projects";
    let count = Counted::ALL.into_iter().find(|count| count.word() == reader.posted.text("project_count"));
    let level = reader.optional("project_level");
    let label = reader.optional("project_label");
    let role = Role::ALL.into_iter().find(|role| role.id() == reader.posted.text("project_role"));
    let Some(count) = count else {
        if judges || level.is_some() || label.is_some() || role.is_some() {
            reader.say("project_count", "还没有选从项目库数什么，请选；不从项目库数的，后面几项清空，用填报的数。");
        }
        return None;
    };
    let needs = count.kind();
    if kind != needs {
        let sentence = format!("“{}”要求“是什么数”选{}，与本目标不符。", count.name(), needs.name());
        reader.say("project_count", sentence);
    }
    Some(FromProjects { count, level, role, label, judges })
}
