//! The plan file: TOML ↔ [`Plan`], with every error of the file in one run.
//!
//! The form is described in `docs/rules.md`. Numbers are decimal strings, so that they keep their printed precision.

mod assessments;
mod bodies;
mod comparisons;
mod declared;
mod funds;
mod meaning;
mod policies;
pub mod projects;
mod selections;

use std::collections::{BTreeMap, HashMap};

use toml::de::DeTable;

use super::toml_reader::{Fields, Places, Problems, Text};
use super::*;
use crate::Problem;
use crate::calendar::{Cadence, Calendar, DeadlineOf, DeadlineRule, HolidayRule};
use crate::toml_words;

const FORMAT: i64 = 1;

const MANY_SYNTAX_ERRORS: usize = 5;

/// Reads a plan file. On failure every problem found, in the order of their lines.
pub fn parse(source: &str) -> Result<Plan, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut problems = Problems::new(source);
    say_syntax(&errors, &mut problems);
    let syntax = std::mem::take(&mut problems.found);
    // A broken bracket makes nonsense of everything behind it: only its first place helps.
    if syntax.len() > MANY_SYNTAX_ERRORS {
        return Err(vec![syntax[0].clone()]);
    }
    let plan = read_plan(Fields::new(table.get_ref(), "", 0), &mut problems);
    let mut found = problems.found;
    // Where the reader has its own sentence for a line (an impossible date), it is the better one.
    let unsaid =
        syntax.into_iter().filter(|error| !found.iter().any(|problem| problem.line == error.line)).collect::<Vec<_>>();
    found.extend(unsaid);
    found.sort_by_key(|problem| problem.line);
    match plan {
        Some(plan) if found.is_empty() => Ok(plan),
        _ => Err(found),
    }
}

fn say_syntax(errors: &[toml::de::Error], problems: &mut Problems) {
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        problems.at(at, format!("不合 TOML 的写法：{}", toml_words::in_words(error.message())));
    }
}

/// Reads policies, their groups and parameters, and selections by themselves, as they stand in a plan file.
pub fn policies(source: &str, plan: &Plan) -> Result<(Policies, Vec<Selection>), Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut problems = Problems::new(source);
    say_syntax(&errors, &mut problems);
    if !errors.is_empty() {
        problems.found.truncate(1);
        return Err(problems.found);
    }
    let mut top = Fields::new(table.get_ref(), "", 0);
    let mut found = policies::read(&mut top, Some(plan.years), &mut problems);
    let bodies = bodies::read(&mut top, &mut problems);
    found.bodies = bodies::check(bodies, plan, &mut problems);
    let selections = selections::read(&mut top, &mut problems);
    selections::check(&selections, &plan.goals, &mut problems);
    top.finish(&mut problems);
    let mut problems = problems.found;
    problems.sort_by_key(|problem| problem.line);
    let selections = selections.into_iter().map(|(selection, _)| selection).collect();
    if problems.is_empty() { Ok((found, selections)) } else { Err(problems) }
}

/// Every key that reading this file asks for, as `goal.split.name`, and whether the file has it.
pub fn keys(source: &str) -> BTreeMap<String, bool> {
    let (table, _) = DeTable::parse_recoverable(source);
    let mut problems = Problems::new(source);
    read_plan(Fields::new(table.get_ref(), "", 0), &mut problems);
    problems.keys
}

fn read_plan(mut top: Fields<'_>, problems: &mut Problems) -> Option<Plan> {
    if !top.has("format") {
        problems.at(0, "缺少 format，请在第一行写 format = 1");
    }
    if let Some(format) = top.integer("format", 1..=i64::from(i32::MAX), problems)
        && format != FORMAT
    {
        problems.at(
            top.at("format"),
            format!("format = {format} 是更新的格式，本程序只认识 format = {FORMAT}，请升级程序"),
        );
    }
    let id = top.required_text("id", "fuzhou-2021", problems);
    if let Some(id) = &id
        && !is_url_id(&id.text)
    {
        problems.at(
            id.at,
            format!("id “{}”只能用小写字母、数字和连字符，例如 fuzhou-2021", crate::month::shorten(&id.text)),
        );
    }
    if let Some(id) = &id
        && id.text == "new"
    {
        problems.at(id.at, "id 不能写 new，它是新建计划的网址，请换一个，例如 fuzhou-2021");
    }
    let title = top.required_text("title", "2021年技术改造专项行动方案", problems);
    let region = read_region(&mut top, problems);
    let years = read_years(&mut top, problems);
    let document =
        top.table("document", problems).map(|fields| read_document(fields, years, problems)).unwrap_or_default();
    let unit_noun = read_unit_noun(&mut top, problems);
    let calendar = top.table("calendar", problems).and_then(|fields| read_calendar(fields, problems));
    let assumed = plain(top.texts("assumed", problems));
    let near = read_near(&mut top, problems).unwrap_or(Rate::new(5, 100)?);
    let step = read_step(&mut top, problems).unwrap_or(Rate::new(1, 2)?);
    let publish_provisional = top.boolean("publish_provisional", problems).unwrap_or(false);
    let rhythms = declared::rhythms(&mut top, problems);
    let units = declared::units(&mut top, region.as_ref(), problems);
    let categories = declared::categories(&mut top, &units, problems);
    let tasks = declared::tasks(&mut top, (&units, years), problems);
    let projects = projects::read(&mut top, problems);
    let policies = policies::read(&mut top, years, problems);
    let bodies = bodies::read(&mut top, problems);
    let selections = selections::read(&mut top, problems);
    let (goals, places): (Vec<Goal>, Vec<Places>) =
        read_goals(&mut top, years, region.as_ref(), problems).into_iter().unzip();
    selections::check(&selections, &goals, problems);
    let (assessments, comparisons) = assessments::read(&mut top, &goals, problems);
    top.finish(problems);
    let plan_near = assessments.iter().find_map(|(near, _)| *near).unwrap_or(near);
    let publish = publish_provisional || assessments.iter().any(|(_, read)| read.publish_provisional);
    let mut plan = Plan {
        id: id?.text,
        title: title?.text,
        region: region?,
        years: years?,
        document,
        calendar,
        goals,
        assessments: assessments.into_iter().map(|(_, read)| read.assessment).collect(),
        comparisons,
        assumed,
        near: plan_near,
        step,
        publish_provisional: publish,
        unit_noun,
        rhythms,
        units,
        categories,
        tasks,
        projects,
        policies,
        selections: selections.into_iter().map(|(selection, _)| selection).collect(),
    };
    plan.policies.bodies = bodies::check(bodies, &plan, problems);
    meaning::check(&plan, &places, problems);
    plan.add_rows();
    Some(plan)
}

fn is_url_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

fn plain(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.text).collect()
}

fn optional(text: Option<Text>) -> Option<String> {
    text.map(|text| text.text)
}

fn read_region(top: &mut Fields<'_>, problems: &mut Problems) -> Option<Region> {
    if !top.has("region") {
        problems.at(0, "缺少 region，请补一行 region = { code = \"350100\", name = \"福州市\" }");
    }
    let mut fields = top.table("region", problems)?;
    let code = fields.text("code", problems);
    let name = fields.required_text("name", "福州市", problems);
    fields.finish(problems);
    Some(Region { code: optional(code), name: name?.text })
}

fn read_years(top: &mut Fields<'_>, problems: &mut Problems) -> Option<(i32, i32)> {
    if !top.has("years") {
        problems.at(0, "缺少 years，请补一行 years = [2021, 2021]（起始年、结束年）");
    }
    let at = top.at("years");
    let numbers = top.integers("years", problems)?;
    match numbers[..] {
        [from, to] if from <= to && (1900..=2999).contains(&from) && to - from <= 20 => Some((from as i32, to as i32)),
        _ => {
            problems.at(at, "years 应为起始年和结束年，起始年不晚于结束年，例如 years = [2021, 2023]");
            None
        }
    }
}

/// Longest word for the units together, in characters.
pub const LONGEST_NOUN: usize = 12;

fn read_unit_noun(top: &mut Fields<'_>, problems: &mut Problems) -> Option<String> {
    let noun = top.text("unit_noun", problems)?;
    let length = noun.text.chars().count();
    if length > LONGEST_NOUN {
        let sentence =
            format!("unit_noun 是各单位的统称，写了 {length} 字，请缩短到 {LONGEST_NOUN} 字以内，例如 \"旗（区）\"");
        problems.at(noun.at, sentence);
    }
    Some(noun.text)
}

fn read_document(mut fields: Fields<'_>, years: Option<(i32, i32)>, problems: &mut Problems) -> Document {
    // A plan is written around the beginning of its first year.
    let about = chrono::NaiveDate::from_ymd_opt(years.map_or(2000, |(from, _)| from), 4, 1).unwrap_or_default();
    let document = Document {
        number: optional(fields.text("number", problems)),
        title: optional(fields.text("title", problems)),
        issuer: optional(fields.text("issuer", problems)),
        dated: fields.date("dated", about, problems),
        source: optional(fields.text("source", problems)),
    };
    fields.finish(problems);
    document
}

/// `[calendar]`: its periods close, so it is neither weekly nor every ten days.
fn read_calendar(fields: Fields<'_>, problems: &mut Problems) -> Option<Calendar> {
    read_calendar_of(fields, &[Cadence::Monthly, Cadence::Quarterly, Cadence::HalfYearly, Cadence::Yearly], problems)
}

fn read_calendar_of(mut fields: Fields<'_>, cadences: &[Cadence], problems: &mut Problems) -> Option<Calendar> {
    let cadences: Vec<(&str, Cadence)> = cadences.iter().map(|cadence| (cadence.word(), *cadence)).collect();
    let cadence = fields.choice("cadence", &cadences, Cadence::Monthly, problems);
    let first_month = fields.integer("first_month", 1..=12, problems).unwrap_or(1) as u32;
    let deadline = fields.table("deadline", problems).and_then(|deadline| read_deadline(deadline, problems));
    let rules = [("next_workday", HolidayRule::NextWorkday), ("none", HolidayRule::None)];
    let holidays = fields.choice("holidays", &rules, HolidayRule::None, problems);
    let final_at = fields.at("final");
    let final_report = fields.table("final", problems).and_then(|day| read_month_day(day, problems));
    if final_report.is_some() && deadline.is_none_or(|rule| rule.of == DeadlineOf::NextMonth) {
        problems.at(final_at, "final 是年终定报，只用于截止日早于期末的报送（of = \"last_month_of_period\"），请删去");
    }
    let source = optional(fields.text("source", problems));
    let assumed = plain(fields.texts("assumed", problems));
    fields.finish(problems);
    Some(Calendar { cadence, first_month, deadline, holidays, final_report, source, assumed })
}

fn read_month_day(mut fields: Fields<'_>, problems: &mut Problems) -> Option<(u32, u32)> {
    let at = fields.offset();
    let month = fields.integer("month", 1..=12, problems);
    let day = fields.integer("day", 1..=28, problems);
    fields.finish(problems);
    if month.is_none() || day.is_none() {
        problems.at(at, "final 要写次年的月和日，例如 final = { month = 1, day = 15 }");
    }
    Some((month? as u32, day? as u32))
}

fn read_deadline(mut fields: Fields<'_>, problems: &mut Problems) -> Option<DeadlineRule> {
    let at = fields.offset();
    let day = fields.integer("day", 1..=31, problems);
    let choices = [("next_month", DeadlineOf::NextMonth), ("last_month_of_period", DeadlineOf::LastMonthOfPeriod)];
    let of = fields.choice("of", &choices, DeadlineOf::NextMonth, problems);
    let assumed = fields.boolean("assumed", problems).unwrap_or(false);
    if day.is_none() && !fields.has("day") {
        problems.at(at, "calendar.deadline 缺少 day，例如 deadline = { day = 5, of = \"next_month\" }");
    }
    fields.finish(problems);
    let day = day? as u32;
    if day > 28 {
        problems.at(at, format!("calendar.deadline.day = {day} 并非每月都有，请写 1 至 28"));
        return None;
    }
    Some(DeadlineRule { day, of, assumed })
}

/// Reads a decimal string with `convert`; the problem names the key and quotes the text.
fn number<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    problems: &mut Problems,
    convert: impl Fn(&str) -> Result<T, crate::money::NumberError>,
) -> Option<T> {
    let text = fields.text(key, problems)?;
    match convert(&text.text) {
        Ok(value) => Some(value),
        Err(error) => {
            problems.at(text.at, format!("{key}：{error}"));
            None
        }
    }
}

fn read_step(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Rate> {
    let at = fields.at("step_pct");
    let step = number(fields, "step_pct", problems, Rate::parse_percent)?;
    if step.is_negative() || step == Rate::ZERO {
        problems.at(at, "step_pct 是当月与去年同月相差百分之几以上要写说明，请写大于0的数，例如 step_pct = \"50\"");
        return None;
    }
    Some(step)
}

fn read_near(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Rate> {
    let at = fields.at("near_pp");
    let near = number(fields, "near_pp", problems, Rate::parse_percent)?;
    if near.is_negative() {
        problems.at(at, "near_pp 是落后多少个百分点以内仍算“接近”，请写 0 或正数，例如 near_pp = \"5\"");
        return None;
    }
    Some(near)
}

fn read_goals(
    top: &mut Fields<'_>,
    years: Option<(i32, i32)>,
    own: Option<&Region>,
    problems: &mut Problems,
) -> Vec<(Goal, Places)> {
    let blocks = top.tables("goal", problems);
    if blocks.is_empty() {
        problems.at(0, "没有任何目标，请至少写一个 [[goal]]");
    }
    let mut goals: Vec<(Goal, Places)> = Vec::new();
    for block in blocks {
        let places = block.places();
        let Some(goal) = read_goal(block, years, own, problems) else { continue };
        if goals.iter().any(|(other, _)| other.id == goal.id) {
            problems.at(places.of(&["id"]), format!("目标 id “{}”出现两次，请改成不同的名字", goal.id));
        }
        goals.push((goal, places));
    }
    goals
}

fn read_goal(
    mut fields: Fields<'_>,
    years: Option<(i32, i32)>,
    own: Option<&Region>,
    problems: &mut Problems,
) -> Option<Goal> {
    let id = fields.required_text("id", "investment", problems);
    if let Some(id) = &id
        && !is_url_id(&id.text)
    {
        problems
            .at(id.at, format!("goal.id “{}”只能用小写字母、数字、连字符和下划线", crate::month::shorten(&id.text)));
    }
    let name = fields.required_text("name", "工业技改投资", problems);
    let kind_given = fields.has("kind");
    if !kind_given {
        problems.at(
            fields.offset(),
            "缺少 goal.kind，请写 amount、count、ratio、growth、average_growth、completion、text 之一",
        );
    }
    let kinds = [
        ("amount", Kind::Amount),
        ("count", Kind::Count),
        ("ratio", Kind::Ratio),
        ("growth", Kind::Growth),
        ("average_growth", Kind::AverageGrowth),
        ("completion", Kind::Completion),
        ("text", Kind::Text),
    ];
    let before = problems.found.len();
    let kind = fields.choice("kind", &kinds, Kind::Amount, problems);
    let kind_known = kind_given && problems.found.len() == before;
    let unit_at = fields.at("unit");
    let unit = match kind {
        Kind::Text => fields.text("unit", problems),
        _ => fields.required_text("unit", "亿元", problems),
    };
    if let Some(unit) = unit.as_ref().filter(|_| kind == Kind::Text) {
        let sentence = "kind = \"text\" 的工作只报文字，没有数，请删去 unit";
        problems.at(unit_at, format!("{sentence}（“{}”）", crate::month::shorten(&unit.text)));
    }
    let decimals = fields.integer("decimals", 0..=MOST_DECIMALS, problems).map(|decimals| decimals as u32);
    let measure = match unit.filter(|_| kind_known) {
        _ if kind == Kind::Text => Some(Measure::count("")),
        unit => unit.and_then(|unit| measure(kind, unit, decimals, problems)),
    };
    let directions = [("at_least", Direction::AtLeast), ("at_most", Direction::AtMost), ("about", Direction::About)];
    let direction = fields.choice("direction", &directions, Direction::AtLeast, problems);
    let reader = TargetReader { kind, measure: measure.as_ref(), years, own };
    let (targets, whole, up_to) = meaning::read_targets(&mut fields, &reader, problems);
    let base_year = fields.integer("base_year", 1900..=2999, problems).map(|year| year as i32);
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    let assumed = plain(fields.texts("assumed", problems));
    let pace = read_pace(&mut fields, problems);
    let lead = plain(fields.texts("lead", problems));
    let responsible = plain(fields.texts("responsible", problems));
    let meaning = Meaning { decimals, ..meaning::read(&mut fields, &reader, up_to, problems) };
    let splits = read_splits(&mut fields, &reader, problems);
    fields.finish(problems);
    Some(Goal {
        id: id?.text,
        name: name?.text,
        kind,
        // Without one the file is refused; the goal still counts as named.
        measure: measure.unwrap_or_else(|| Measure::count("")),
        direction,
        targets,
        whole,
        base_year,
        clause,
        quote,
        assumed,
        pace,
        lead,
        responsible,
        meaning,
        splits: splits.into(),
    })
}

/// What is printed of a figure behind its point.
const MOST_DECIMALS: i64 = 5;

/// How a goal's figures are counted; `decimals` lets what is weighed be counted in parts of a unit: 41.6万吨.
fn measure(kind: Kind, unit: Text, decimals: Option<u32>, problems: &mut Problems) -> Option<Measure> {
    match kind {
        Kind::Amount => {
            let measure = Measure::money(&unit.text);
            if measure.is_none() {
                problems.at(unit.at, format!("金额的单位不能写“{}”，请写 亿元、万元 或 元", unit.text));
            }
            measure
        }
        Kind::Count => {
            let per_unit = 10_i64.pow(decimals.unwrap_or_default());
            Some(Measure { per_unit, ..Measure::count(&unit.text) })
        }
        Kind::Completion if unit.text != "%" => {
            problems.at(unit.at, format!("只公布完成率的目标，单位不能写“{}”，请写 %", unit.text));
            None
        }
        Kind::Ratio | Kind::Growth | Kind::AverageGrowth | Kind::Completion => Some(Measure::ratio(&unit.text)),
        Kind::Text => Some(Measure::count("")),
    }
}

/// Reads targets in the goal's unit and within the plan's years.
struct TargetReader<'m> {
    kind: Kind,
    measure: Option<&'m Measure>,
    years: Option<(i32, i32)>,
    /// The plan's own region: its figure is the total, so it is no row of a split.
    own: Option<&'m Region>,
}

impl TargetReader<'_> {
    /// `up_to` takes what ranges say above a year's target.
    fn targets(
        &self,
        fields: &mut Fields<'_>,
        up_to: &mut BTreeMap<i32, Amount>,
        problems: &mut Problems,
    ) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for mut block in fields.tables("targets", problems) {
            let at = block.offset();
            let year = block.integer("year", 1900..=2999, problems).map(|year| year as i32);
            if year.is_none() && !block.has("year") {
                problems.at(at, "targets 的每一项要写年份，例如 { year = 2021, value = \"1120\" }");
            }
            let (mut value, growth) = self.value_and_growth(&mut block, problems);
            let range = self.range(&mut block, problems);
            block.finish(problems);
            let Some(year) = year else { continue };
            if let Some((from, to)) = range {
                if value.replace(from).is_some() {
                    problems.at(at, "value 与 range 只能写一种，请删去其中之一");
                }
                up_to.insert(year, to);
            }
            if let Some((from, to)) = self.years
                && !(from..=to).contains(&year)
            {
                problems.at(at, format!("目标年份 {year} 不在计划的 {from}—{to} 年之内，请改目标年份，或改写 years"));
            }
            if targets.iter().any(|target| target.year == year) {
                problems.at(at, format!("{year} 年的目标出现两次，请只留一个"));
            }
            if value.is_none() && growth.is_none() {
                problems.at(at, format!("{year} 年的目标既没有 value 也没有 growth_pct，请至少写一个"));
            }
            targets.push(Target { year, value, growth });
        }
        targets
    }

    fn value_and_growth(&self, fields: &mut Fields<'_>, problems: &mut Problems) -> (Option<Amount>, Option<Rate>) {
        let at = fields.offset();
        let value = self.written(fields, "value", problems);
        match value {
            Some(_) if self.kind == Kind::Completion => {
                problems.at(at, "只公布完成率的目标就是 100%，请删去 value；没有目标的单位写 target = \"none\"")
            }
            Some(value) if self.must_be_positive(value) => {
                problems.at(at, "目标 value 不能是负数，请改成 0 或正数；只有比率和增幅可以是负数");
            }
            _ => {}
        }
        let growth_at = fields.at("growth_pct");
        let growth = number(fields, "growth_pct", problems, Rate::parse_percent);
        if growth.is_some_and(|growth| growth <= Rate::ZERO.minus(Rate::ONE)) {
            problems.at(growth_at, "增幅 growth_pct 要大于 -100，请写成例如 \"12\" 或 \"-3.5\"");
        }
        (value, growth)
    }

    /// A level may be asked to fall below zero, what is counted may not.
    fn must_be_positive(&self, value: Amount) -> bool {
        value.0 < 0 && self.measure.is_some_and(|measure| !measure.is_ratio())
    }

    fn whole(
        &self,
        fields: &mut Fields<'_>,
        up_to: &mut BTreeMap<i32, Amount>,
        problems: &mut Problems,
    ) -> Option<Whole> {
        let mut block = fields.table("whole", problems)?;
        let at = block.offset();
        let from = block.integer("from", 1900..=2999, problems);
        let to = block.integer("to", 1900..=2999, problems);
        let value = self.written(&mut block, "value", problems);
        let range = self.range(&mut block, problems);
        block.finish(problems);
        if value.is_some() && range.is_some() {
            problems.at(at, "value 与 range 只能写一种，请删去其中之一");
        }
        let value = value.or(range.map(|(from, _)| from));
        if let (Some(from), Some(to), Some((_, most))) = (from, to, range) {
            up_to.extend((from as i32..=to as i32).map(|year| (year, most)));
        }
        match (from, to, value) {
            (Some(_), Some(_), Some(value)) if self.must_be_positive(value) => {
                problems.at(at, "目标 whole.value 不能是负数，请改成 0 或正数");
                None
            }
            (Some(from), Some(to), Some(value)) if from <= to => {
                Some(Whole { from: from as i32, to: to as i32, value })
            }
            _ => {
                problems.at(at, "whole 应写起止年份和目标，例如 whole = { from = 2022, to = 2025, value = \"110\" }");
                None
            }
        }
    }
}

fn read_pace(fields: &mut Fields<'_>, problems: &mut Problems) -> Pace {
    if !fields.has("pace") {
        let _ = fields.text("pace", problems);
        return Pace::Linear;
    }
    let mut probe = Problems::new("");
    if let Some(mut table) = fields.table("pace", &mut probe) {
        let pace = read_curve(&mut table, problems);
        table.finish(problems);
        return pace;
    }
    match fields.choice("pace", &[("linear", false), ("last_year", true)], false, problems) {
        true => Pace::LastYear,
        false => Pace::Linear,
    }
}

fn read_curve(table: &mut Fields<'_>, problems: &mut Problems) -> Pace {
    let at = table.offset();
    let mut points: Vec<(u32, Rate)> = Vec::new();
    for mut point in table.tables("curve", problems) {
        let at = point.offset();
        let month = point.integer("month", 1..=12, problems).map(|month| month as u32);
        let share = number(&mut point, "share", problems, Rate::parse_share);
        point.finish(problems);
        let (Some(month), Some(share)) = (month, share) else {
            problems.at(at, "进度曲线的每一点要写月份和累计比重，例如 { month = 3, share = \"0.184\" }");
            continue;
        };
        if points.last().is_some_and(|&(last, _)| month <= last) {
            problems.at(at, format!("进度曲线的月份要逐点增大，{month} 月不应在这里"));
        }
        if share.is_negative() || points.last().is_some_and(|&(_, last)| share < last) {
            problems.at(at, format!("进度曲线在 {month} 月下降了，累计比重不能变小"));
        }
        points.push((month, share));
    }
    if points.last() != Some(&(12, Rate::ONE)) {
        problems.at(at, "进度曲线的最后一点应为 { month = 12, share = \"1\" }");
    }
    Pace::Curve(points)
}

fn read_splits(fields: &mut Fields<'_>, reader: &TargetReader<'_>, problems: &mut Problems) -> Vec<Split> {
    let mut splits: Vec<(Split, usize, Option<Text>)> = Vec::new();
    // Ids and folded names seen so far, with the name as it was written.
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut formers: HashMap<String, String> = HashMap::new();
    for block in fields.tables("split", problems) {
        let at = block.offset();
        let Some((split, within)) = read_split(block, reader, problems) else { continue };
        let folded = fold_name(&split.name);
        if reader.own.is_some_and(|own| split.region == own.id() || folded == fold_name(&own.name)) {
            problems
                .at(at, format!("{} 是计划本身的地区，它的目标写在 [[goal]] 的 targets 里，请删去这一行", split.name));
        }
        if let Some(other) = seen.get(&split.region).or_else(|| seen.get(&folded)) {
            problems.at(at, format!("{} 在分解表里出现两次（另一处写作{other}），请只留一行", split.name));
        }
        seen.insert(split.region.clone(), split.name.clone());
        seen.insert(folded, split.name.clone());
        for former in &split.former {
            match formers.get(former) {
                Some(other) => {
                    problems.at(at, format!("曾用名 {former} 同时写在{other}和{}，请只留一处", split.name));
                }
                None => drop(formers.insert(former.clone(), split.name.clone())),
            }
        }
        splits.push((split, at, within));
    }
    resolve_within(splits, problems)
}

fn read_split(
    mut fields: Fields<'_>,
    reader: &TargetReader<'_>,
    problems: &mut Problems,
) -> Option<(Split, Option<Text>)> {
    let at = fields.offset();
    let code = fields.text("region", problems);
    let name = fields.required_text("name", "鼓楼区", problems);
    let kinds = [("region", SplitKind::Region), ("zone", SplitKind::Zone), ("department", SplitKind::Department)];
    let kind = fields.choice("kind", &kinds, SplitKind::Region, problems);
    let within = fields.text("within", problems);
    let no_target = fields.choice("target", &[("none", true)], false, problems);
    let mut up_to = BTreeMap::new();
    let mut targets = reader.targets(&mut fields, &mut up_to, problems);
    let (value, growth) = reader.value_and_growth(&mut fields, problems);
    let whole = reader.whole(&mut fields, &mut up_to, problems);
    if !up_to.is_empty() {
        problems.at(at, "分解表里请写下限 value = \"3\"；区间 range 写在目标上");
    }
    let ranked = fields.boolean("ranked", problems);
    let former = plain(fields.texts("former", problems));
    let group = optional(fields.text("group", problems));
    let until = meaning::read_period(&mut fields, "until", problems);
    fields.finish(problems);
    if value.is_some() || growth.is_some() {
        match reader.years {
            Some((from, to)) if from == to && targets.is_empty() => targets.push(Target { year: from, value, growth }),
            Some((from, to)) if from != to => problems
                .at(at, format!("计划跨 {from}—{to} 年，分解要写成 targets = [{{ year = {from}, value = \"…\" }}]")),
            Some(_) => problems.at(at, "value 与 targets 只能写一种，请删去其中之一"),
            None => {}
        }
    }
    if no_target && (!targets.is_empty() || whole.is_some()) {
        problems.at(at, "写了 target = \"none\"（无目标）就不能再写 value、growth_pct 或 targets");
    }
    let name = name?.text;
    let region = code.map_or_else(|| fold_name(&name), |code| fold_name(&code.text));
    let split = Split {
        region,
        name,
        kind,
        within: None,
        no_target,
        targets,
        whole,
        ranked,
        former,
        group,
        until,
        unit_until: None,
        own_since: None,
        declared: false,
    };
    Some((split, within))
}

/// `within` names a row by code or by name; here it becomes that row's id.
fn resolve_within(splits: Vec<(Split, usize, Option<Text>)>, problems: &mut Problems) -> Vec<Split> {
    let names: Vec<(String, String)> =
        splits.iter().map(|(split, ..)| (split.region.clone(), fold_name(&split.name))).collect();
    // Of two rows with one name the first is meant; that there are two is said where they stand.
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (index, (region, name)) in names.iter().enumerate() {
        for key in [region, name] {
            places.entry(key).or_insert(index);
        }
    }
    let find = |written: &str| places.get(fold_name(written).as_str()).copied();
    let parents: Vec<Option<usize>> =
        splits.iter().map(|(.., within)| within.as_ref().and_then(|within| find(&within.text))).collect();
    let endless = endless(&parents);
    let mut resolved = Vec::with_capacity(splits.len());
    for (index, (mut split, at, within)) in splits.into_iter().enumerate() {
        if let Some(written) = within {
            match parents[index] {
                None => problems.at(
                    written.at,
                    format!(
                        "{} 的 within = \"{}\" 不是分解表里的任何一行，请写那一行的代码或名称",
                        split.name, written.text
                    ),
                ),
                Some(_) if endless[index] => {
                    problems.at(at, format!("{} 的 within 绕成了圈，请让它指向不在它之内的一行", split.name));
                }
                Some(parent) => split.within = Some(names[parent].0.clone()),
            }
        }
        resolved.push(split);
    }
    resolved
}

/// Which rows never come to one that stands for itself; each row is walked over once.
fn endless(parents: &[Option<usize>]) -> Vec<bool> {
    let mut known: Vec<Option<bool>> = vec![None; parents.len()];
    let mut on_way = vec![false; parents.len()];
    for start in 0..parents.len() {
        let (mut way, mut at) = (Vec::new(), Some(start));
        let found = loop {
            match at {
                None => break false,
                Some(row) if on_way[row] => break true,
                Some(row) => match known[row] {
                    Some(found) => break found,
                    None => {
                        on_way[row] = true;
                        way.push(row);
                        at = parents[row];
                    }
                },
            }
        };
        for row in way {
            on_way[row] = false;
            known[row] = Some(found);
        }
    }
    known.into_iter().map(|found| found == Some(true)).collect()
}
