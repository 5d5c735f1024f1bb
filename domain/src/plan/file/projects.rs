//! `[[project_rule]]`, `[[project_level]]`, `[[project_window]]`, and a goal's `from_projects`.

use super::optional;
use crate::money::{Amount, Measure};
use crate::plan::Kind;
use crate::plan::projects::{
    Counted, FromProjects, Gives, ProjectLevel, ProjectRule, ProjectRules, ProjectWindow, Role, Test,
};
use crate::plan::toml_reader::{Fields, Problems, Text};
use crate::rate::Rate;

pub(super) fn read(top: &mut Fields<'_>, problems: &mut Problems) -> ProjectRules {
    let levels = read_levels(top, problems);
    let rules =
        top.tables("project_rule", problems).into_iter().filter_map(|block| read_rule(block, problems)).collect();
    let windows =
        top.tables("project_window", problems).into_iter().filter_map(|block| read_window(block, problems)).collect();
    let publish_laggards = top.boolean("publish_laggards", problems).unwrap_or(false);
    ProjectRules { rules, levels, windows, publish_laggards }
}

fn read_levels(top: &mut Fields<'_>, problems: &mut Problems) -> Vec<ProjectLevel> {
    let mut read: Vec<ProjectLevel> = Vec::new();
    for mut fields in top.tables("project_level", problems) {
        let at = fields.offset();
        let name = fields.required_text("name", "省", problems);
        let min_total = read_money(&mut fields, "min_total", problems);
        let min_equipment = read_money(&mut fields, "min_equipment", problems);
        let started = fields.boolean("started", problems).unwrap_or(false);
        let clause = optional(fields.text("clause", problems));
        fields.finish(problems);
        let Some(name) = name else { continue };
        if read.iter().any(|other| other.name == name.text) {
            problems.at(name.at, format!("project_level “{}”出现两次，请改成不同的名字", name.text));
        }
        if min_total.is_none() && min_equipment.is_none() && !started {
            let sentence = "project_level 要写门槛，例如 min_total = \"1亿元\"、min_equipment = \"1000万元\"";
            problems.at(at, sentence);
        }
        if read.last().is_some_and(|below| below.min_total > min_total && min_total.is_some()) {
            problems.at(at, "project_level 请从低到高写：先市级，后省级");
        }
        read.push(ProjectLevel { name: name.text, min_total, min_equipment, started, clause });
    }
    read
}

/// `1亿元`, `500万元`.
fn read_money(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<Amount> {
    let text = fields.text(key, problems)?;
    let found = money(&text.text);
    if found.is_none() {
        problems.at(text.at, format!("{key} 要写金额和单位，例如 {key} = \"1亿元\"、{key} = \"500万元\""));
    }
    found
}

/// An amount with its unit behind it: `1亿元`, `500万元`, `亿元` alone is one of it.
pub fn money(text: &str) -> Option<Amount> {
    let folded: String = crate::money::fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    let (unit, rest) = ["亿元", "万元", "元"].into_iter().find_map(|unit| Some((unit, folded.strip_suffix(unit)?)))?;
    let measure = Measure::money(unit)?;
    let number = if rest.is_empty() && unit == "亿元" { "1" } else { rest };
    measure.parse(number).ok().filter(|amount| amount.0 >= 0)
}

fn read_rule(mut fields: Fields<'_>, problems: &mut Problems) -> Option<ProjectRule> {
    let at = fields.offset();
    let tests: Vec<(&str, Test)> = Test::ALL.iter().map(|test| (test.word(), *test)).collect();
    let gives: Vec<(&str, Gives)> = Gives::ALL.iter().map(|gives| (gives.word(), *gives)).collect();
    if !fields.has("test") {
        let words: Vec<&str> = Test::ALL.iter().map(|test| test.word()).collect();
        problems.at(at, format!("缺少 project_rule.test，请写 {} 之一", words.join("、")));
    }
    let test = fields.has("test").then(|| fields.choice("test", &tests, Test::StartOverdue, problems));
    let shares = test.is_some_and(Test::is_share);
    let [from, over, below] = ["from", "over", "below"].map(|key| bound(&mut fields, key, shares, problems));
    let roles = read_roles(&mut fields, "role", problems);
    let unless_reason = fields.choice("unless", &[("reason", true)], false, problems);
    if !fields.has("gives") {
        problems.at(at, "缺少 project_rule.gives，请写 yellow、red、leave、list 之一");
    }
    let gives = fields.has("gives").then(|| fields.choice("gives", &gives, Gives::Yellow, problems));
    let words = fields.required_text("words", "到期没有开工", problems);
    let clause = optional(fields.text("clause", problems));
    fields.finish(problems);
    let (Some(test), Some(gives), Some(words)) = (test, gives, words) else { return None };
    if test == Test::PaceShare && below.is_none() {
        problems.at(at, "pace_share 是低于进度的百分之几，请写 below，例如 below = \"80\"");
    }
    if test == Test::BehindPoints && from.is_none() && over.is_none() {
        problems.at(at, "behind_points 是落后多少个百分点，请写 from（达到）或 over（超过），例如 from = \"10\"");
    }
    let lowest = from.into_iter().chain(over).max();
    if lowest.zip(below).is_some_and(|(from, below)| from >= below) {
        problems.at(at, "project_rule 的 below 要大于 from、over，不然永远不会成立");
    }
    Some(ProjectRule { test, from, over, below, roles, unless_reason, gives, words: words.text, clause })
}

/// Months as a whole number, points and per cent as written.
fn bound(fields: &mut Fields<'_>, key: &'static str, shares: bool, problems: &mut Problems) -> Option<Rate> {
    let text = fields.number_text(key, problems)?;
    let read = read_bound(shares, &text.text);
    if read.is_none() {
        let what = if shares { "百分点或百分数，例如 \"10\"" } else { "月数，请写整数，例如 3" };
        problems.at(text.at, format!("project_rule.{key} “{}”不是{what}", crate::month::shorten(&text.text)));
        return None;
    }
    read
}

/// A bound as written: percentage points or per cent where `shares`, else months.
pub fn read_bound(shares: bool, text: &str) -> Option<Rate> {
    let read = match shares {
        true => Rate::parse_percent(text).ok(),
        false => text.parse::<u32>().ok().and_then(|months| Rate::new(i128::from(months), 1)),
    };
    read.filter(|bound| !bound.is_negative())
}

/// One role or several, by id or as lists write them.
fn read_roles(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Vec<Role> {
    let mut probe = Problems::new("");
    let one = fields.text(key, &mut probe);
    let written: Vec<Text> = match one {
        Some(one) => vec![one],
        None => fields.texts(key, problems),
    };
    let mut roles = Vec::new();
    for text in written {
        match Role::read(&text.text) {
            Some(role) => roles.push(role),
            None => {
                let words: Vec<&str> = Role::ALL.iter().map(|role| role.id()).collect();
                problems.at(text.at, format!("{key} 不能写“{}”，请写 {} 之一", text.text, words.join("、")));
            }
        }
    }
    // Which roles, not in what order: the same rule is the same however it was written.
    roles.sort_unstable();
    roles.dedup();
    roles
}

fn read_window(mut fields: Fields<'_>, problems: &mut Problems) -> Option<ProjectWindow> {
    let at = fields.offset();
    let months = fields.integers("months", problems).unwrap_or_default();
    let choices = [("enter", (true, false)), ("leave", (false, true)), ("both", (true, true))];
    let (enter, leave) = fields.choice("for", &choices, (true, true), problems);
    let clause = optional(fields.text("clause", problems));
    fields.finish(problems);
    let months: Vec<u32> = months.iter().filter_map(|month| u32::try_from(*month).ok()).collect();
    if months.is_empty() || months.iter().any(|month| !(1..=12).contains(month)) {
        problems.at(at, "project_window.months 要写月份，1 至 12，例如 months = [5, 9]");
        return None;
    }
    Some(ProjectWindow { months, enter, leave, clause })
}

/// `from_projects = { count = "started", level = "省" }`, with `figure_from`.
pub(super) fn read_source(fields: &mut Fields<'_>, kind: Kind, problems: &mut Problems) -> Option<FromProjects> {
    let judges_at = fields.at("figure_from");
    let judges = fields.choice("figure_from", &[("stated", false), ("projects", true)], false, problems);
    let at = fields.at("from_projects");
    let Some(mut block) = fields.table("from_projects", problems) else {
        if judges {
            problems.at(judges_at, "figure_from = \"projects\" 要同时写 from_projects，例如 { count = \"started\" }");
        }
        return None;
    };
    let counts: Vec<(&str, Counted)> = Counted::ALL.iter().map(|count| (count.word(), *count)).collect();
    if !block.has("count") {
        let words: Vec<&str> = Counted::ALL.iter().map(|count| count.word()).collect();
        problems.at(at, format!("from_projects 缺少 count，请写 {} 之一", words.join("、")));
    }
    let count = block.choice("count", &counts, Counted::Listed, problems);
    let level = optional(block.text("level", problems));
    let role_at = block.at("role");
    let roles = read_roles(&mut block, "role", problems);
    if roles.len() > 1 {
        problems.at(role_at, "from_projects 的 role 只写一个；几种都数的不写 role");
    }
    let role = roles.first().copied();
    let label = optional(block.text("label", problems));
    block.finish(problems);
    if count.kind() != kind {
        let needs = match count.kind() {
            Kind::Amount => "金额（kind = \"amount\"）",
            Kind::Ratio => "比率（kind = \"ratio\"，unit = \"%\"）",
            _ => "个数（kind = \"count\"）",
        };
        problems.at(at, format!("from_projects 的 count = \"{}\" 数的是{needs}，与本目标的 kind 不符", count.word()));
    }
    Some(FromProjects { count, level, role, label, judges })
}
