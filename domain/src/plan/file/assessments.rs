//! `[[assessment]]`: rules, components of a score, awards, gates and grades; of each quarter: [`comparisons`].

use super::{comparisons, number, optional, plain, read_near};
use crate::plan::comparison::Comparison;
use crate::plan::rules::{CompletedWhen, RankBy, Reading, Ties};
use crate::plan::toml_reader::{Fields, Problems, Text};
use crate::plan::*;

pub(super) struct ReadAssessment {
    pub(super) assessment: Assessment,
    pub(super) publish_provisional: bool,
}

pub(super) fn read(
    top: &mut Fields<'_>,
    goals: &[Goal],
    problems: &mut Problems,
) -> (Vec<(Option<Rate>, ReadAssessment)>, Vec<Comparison>) {
    let mut read: Vec<(Option<Rate>, ReadAssessment)> = Vec::new();
    let mut compared: Vec<Comparison> = Vec::new();
    for mut block in top.tables("assessment", problems) {
        let at = block.offset();
        if block.choice("at", &[("year", false), ("quarter", true)], false, problems) {
            let Some(comparison) = comparisons::read(block, goals, problems) else { continue };
            if compared.iter().any(|other| other.id == comparison.id) {
                problems.at(at, format!("评比 id “{}”出现两次，请改成不同的名字", comparison.id));
            }
            compared.push(comparison);
            continue;
        }
        let near = read_near(&mut block, problems);
        let Some(assessment) = read_assessment(block, goals, problems) else { continue };
        if read.iter().any(|(_, other)| other.assessment.goal == assessment.assessment.goal) {
            problems.at(at, format!("目标 {} 有两个 [[assessment]]，请合并成一个", assessment.assessment.goal));
        }
        read.push((near, assessment));
    }
    (read, compared)
}

/// The id of a goal that has to be one of the plan's.
pub(super) fn known_goal(written: Option<Text>, key: &str, goals: &[Goal], problems: &mut Problems) -> Option<String> {
    let written = written?;
    if !goals.is_empty() && !goals.iter().any(|known| known.id == written.text) {
        let ids: Vec<&str> = goals.iter().map(|goal| goal.id.as_str()).collect();
        problems.at(written.at, format!("{key} “{}”不是已有的目标，请写 {} 之一", written.text, ids.join("、")));
    }
    Some(written.text)
}

fn read_assessment(mut fields: Fields<'_>, goals: &[Goal], problems: &mut Problems) -> Option<ReadAssessment> {
    let at = fields.offset();
    let goal = fields.required_text("goal", "investment", problems);
    let goal = known_goal(goal, "assessment.goal", goals, problems);
    let assessed = goals.iter().find(|known| Some(&known.id) == goal.as_ref());
    let rules = read_rules(&mut fields, problems);
    let rank_also = read_rank_also(&mut fields, rules.rank_by, problems);
    let clause = optional(fields.text("clause", problems));
    let quote = optional(fields.text("quote", problems));
    let assumed = plain(fields.texts("assumed", problems));
    let responsible = plain(fields.texts("responsible", problems));
    let components = fields
        .tables("component", problems)
        .into_iter()
        .filter_map(|block| read_component(block, goals, problems))
        .collect::<Vec<_>>();
    let grades_at = fields.at("grades");
    let grades = read_grades(&mut fields, problems);
    let gates = read_gates(&mut fields, goals, problems);
    let awards = fields
        .tables("award", problems)
        .into_iter()
        .filter_map(|block| read_award(block, assessed, goals, problems))
        .collect::<Vec<_>>();
    let self_assessment_by = fields.table("self_assessment_by", problems).and_then(|block| read_day(block, problems));
    let verification_in = fields.table("verification_in", problems).and_then(|mut block| {
        let month = block.integer("month", 1..=12, problems);
        block.finish(problems);
        month.map(|month| month as u32)
    });
    let sources = [("county", RanksFrom::County), ("bureau", RanksFrom::Bureau)];
    let ranks_from = fields.choice("ranks_from", &sources, RanksFrom::County, problems);
    let publish_provisional = fields.boolean("publish_provisional", problems).unwrap_or(false);
    let objection_days = fields.integer("objection_days", 0..=365, problems).map_or(OBJECTION_DAYS, |days| days as u32);
    fields.finish(problems);
    if rules.rank_by == RankBy::Score && components.is_empty() {
        problems.at(at, "rank_by = \"score\" 需要至少一个 [[assessment.component]]");
    }
    if let Some(name) = twice(components.iter().map(|component| component.name.as_str())) {
        problems.at(at, format!("得分的组成“{name}”出现两次，请改成不同的名字"));
    }
    if rules.rank_by != RankBy::Score && !grades.is_empty() {
        problems.at(grades_at, "grades 按得分定等次，请同时写 rank_by = \"score\" 和 [[assessment.component]]");
    }
    let assessment = Assessment {
        goal: goal?,
        clause,
        quote,
        assumed,
        responsible,
        rules,
        rank_also,
        components,
        grades,
        awards,
        gates,
        self_assessment_by,
        verification_in,
        ranks_from,
        objection_days,
    };
    Some(ReadAssessment { assessment, publish_provisional })
}

/// The first name that stands a second time.
fn twice<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut seen = std::collections::HashSet::new();
    names.find(|name| !seen.insert(*name))
}

fn read_rank_also(fields: &mut Fields<'_>, rank_by: RankBy, problems: &mut Problems) -> Option<RankBy> {
    let at = fields.at("rank_also");
    let given = fields.has("rank_also");
    let also = fields.choice("rank_also", &RankBy::WORDS, rank_by, problems);
    if given && matches!(also, RankBy::Score) {
        problems.at(at, "rank_also 是另一列位次，请写 growth、completion 或 value");
    }
    (also != rank_by).then_some(also)
}

fn read_rules(fields: &mut Fields<'_>, problems: &mut Problems) -> Rules {
    let defaults = Rules::default();
    let at = fields.at("compare");
    let rank_by = fields.choice("rank_by", &RankBy::WORDS, defaults.rank_by, problems);
    let completed_when = fields.choice("completed_when", &CompletedWhen::WORDS, defaults.completed_when, problems);
    let reading = fields.choice("reading", &Reading::WORDS, defaults.reading, problems);
    let ties = fields.choice("ties", &Ties::WORDS, defaults.ties, problems);
    // `compare` is a word or a number: "exact", "1" or 1.
    let mut probe = Problems::new("");
    let compare = match fields.integer("compare", 0..=6, &mut probe) {
        Some(digits) => crate::assessment::Compare::Digits(digits as u32),
        None => match fields.text("compare", &mut probe) {
            None if fields.has("compare") => {
                problems.at(at, "assessment.compare 应为 \"exact\" 或 0 至 6 的小数位数");
                defaults.compare
            }
            None => defaults.compare,
            Some(text) => text.text.parse().unwrap_or_else(|message: String| {
                problems.at(text.at, format!("assessment.compare：{message}"));
                defaults.compare
            }),
        },
    };
    Rules { rank_by, reading, ties, compare, completed_when }
}

fn read_day(mut fields: Fields<'_>, problems: &mut Problems) -> Option<(u32, u32)> {
    let at = fields.offset();
    let month = fields.integer("month", 1..=12, problems);
    let day = fields.integer("day", 1..=31, problems);
    if !fields.has("month") || !fields.has("day") {
        problems.at(at, "日期要写月和日，例如 { month = 1, day = 31 }");
    }
    fields.finish(problems);
    let (month, day) = (month? as u32, day? as u32);
    // 2023 has no leap day: a rule must hold in every year.
    if chrono::NaiveDate::from_ymd_opt(2023, month, day).is_none() {
        problems.at(at, format!("{month}月{day}日 不是每年都有的日期"));
        return None;
    }
    Some((month, day))
}

fn read_component(mut fields: Fields<'_>, goals: &[Goal], problems: &mut Problems) -> Option<Component> {
    let at = fields.offset();
    let name = fields.required_text("name", "投资目标完成情况", problems);
    let from = fields.choice("from", &ComponentFrom::WORDS, ComponentFrom::Completion, problems);
    let goal = fields.text("goal", problems);
    let goal = known_goal(goal, "assessment.component.goal", goals, problems);
    let quarter_alone = fields.choice("period", &[("quarter_alone", true)], false, problems);
    let against = fields.has("against");
    let against = Some(fields.choice("against", &Against::WORDS, Against::Target, problems)).filter(|_| against);
    let weight = number(&mut fields, "weight", problems, Rate::parse_share);
    let scoring = read_scoring(&mut fields, problems);
    let threshold = number(&mut fields, "threshold", problems, Rate::parse_share);
    let cap = number(&mut fields, "cap", problems, Rate::parse_share);
    let floor = number(&mut fields, "floor", problems, Rate::parse_share);
    fields.finish(problems);
    if let (Some(floor), Some(cap)) = (floor, cap)
        && floor > cap
    {
        problems.at(at, "assessment.component 的 floor 不能大于 cap");
    }
    let component =
        Component { name: name?.text, from, goal, quarter_alone, against, weight, scoring, threshold, cap, floor };
    if let Some(contradiction) = contradiction(&component) {
        problems.at(at, format!("得分的组成“{}”：{contradiction}", component.name));
    }
    Some(component)
}

/// Keys that do not go together, as a sentence that says what to write instead.
fn contradiction(component: &Component) -> Option<&'static str> {
    let sides = match &component.scoring {
        Scoring::Distance { above, below } => vec![above, below],
        _ => Vec::new(),
    };
    let per_amount = sides.iter().any(|steps| matches!(steps, Steps::PerAmount(_)));
    let by_target = matches!(component.scoring, Scoring::ByTarget(_));
    let per_point = by_target || sides.iter().any(|steps| matches!(steps, Steps::PerPoint(_)));
    if component.from == ComponentFrom::Entered {
        if component.goal.is_some() || component.quarter_alone || component.against.is_some() {
            return Some("from = \"entered\" 由核验时填写，不能再写 goal、period 或 against");
        }
        if component.scoring != Scoring::Proportional {
            return Some("from = \"entered\" 由核验时按满分的百分之几填写，只能写 weight、threshold、cap 和 floor");
        }
        return None;
    }
    if per_amount && component.from != ComponentFrom::Value {
        return Some("per_amount 按总量每超（欠）一个计量单位给分，请写 from = \"value\"");
    }
    if per_point && component.from == ComponentFrom::Value {
        return Some("per_point 按百分点给分，from = \"value\" 请改写 per_amount，或改写 from = \"completion\"");
    }
    if by_target && component.against.is_some_and(|against| against != Against::Target) {
        return Some("by_target 按本单位目标的高低给分，不能再写 against");
    }
    None
}

fn read_scoring(fields: &mut Fields<'_>, problems: &mut Problems) -> Scoring {
    let at = fields.offset();
    let mut found: Vec<(&str, Scoring)> = Vec::new();
    if let Some(points) = number(fields, "per_point", problems, Rate::parse_share) {
        let both = || Steps::per_point(points);
        found.push(("per_point", Scoring::Distance { above: both(), below: both() }));
    }
    let above = fields.table("above", problems).map(|block| read_steps(block, problems));
    let below = fields.table("below", problems).map(|block| read_steps(block, problems));
    if above.is_some() || below.is_some() {
        let [above, below] = [above, below].map(|steps| steps.unwrap_or(Steps::Level));
        found.push(("above、below", Scoring::Distance { above, below }));
    }
    let by_target = read_by_target(fields, problems);
    if !by_target.is_empty() {
        found.push(("by_target", Scoring::ByTarget(by_target)));
    }
    let places = points(fields, "places", problems);
    if !places.is_empty() {
        found.push(("places", Scoring::Places(places)));
    }
    if let Some(mut block) = fields.table("scale", problems) {
        let at = block.offset();
        let ends = points(&mut block, "min_max", problems);
        block.finish(problems);
        match ends[..] {
            [least, most] if least < most => found.push(("scale", Scoring::MinMax { least, most })),
            _ => {
                problems.at(at, "scale 写最末和第一名各得满分的百分之几，例如 scale = { min_max = [\"60\", \"100\"] }")
            }
        }
    }
    if fields.boolean("best_share", problems) == Some(true) {
        found.push(("best_share", Scoring::BestShare));
    }
    if found.len() > 1 {
        let keys: Vec<&str> = found.iter().map(|(key, _)| *key).collect();
        problems.at(at, format!("得分的组成同时写了 {}，计分办法只能写一种", keys.join(" 和 ")));
    }
    found.into_iter().next().map_or(Scoring::Proportional, |(_, scoring)| scoring)
}

/// A list of points as decimal strings.
fn points(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Vec<Rate> {
    let mut points = Vec::new();
    for text in fields.texts(key, problems) {
        match Rate::parse_share(&text.text) {
            Ok(found) => points.push(found),
            Err(error) => problems.at(text.at, format!("{key}：{error}")),
        }
    }
    points
}

/// `{ per_point = "0.5" }`, `{ per_amount = "0.1" }`, `{ bands = [{ to = "5", per_point = "0.2" }, { per_point = "0.1" }] }`.
fn read_steps(mut fields: Fields<'_>, problems: &mut Problems) -> Steps {
    let at = fields.offset();
    let per_point = number(&mut fields, "per_point", problems, Rate::parse_share);
    let per_amount = number(&mut fields, "per_amount", problems, Rate::parse_share);
    let bands = read_bands(&mut fields, problems);
    fields.finish(problems);
    match (per_point, per_amount, bands.is_empty()) {
        (Some(points), None, true) => Steps::per_point(points),
        (None, Some(points), true) => Steps::PerAmount(points),
        (None, None, false) => Steps::PerPoint(bands),
        _ => {
            problems.at(
                at,
                "above、below 写 per_point（每个百分点）、per_amount（每个计量单位）或 bands（分段）之一，例如 above = { per_point = \"0.5\" }",
            );
            Steps::Level
        }
    }
}

fn read_bands(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for mut block in fields.tables("bands", problems) {
        let at = block.offset();
        let to = number(&mut block, "to", problems, Rate::parse_share);
        let points = number(&mut block, "per_point", problems, Rate::parse_share);
        block.finish(problems);
        let Some(points) = points else {
            problems.at(at, "bands 的每一段要写 per_point，例如 { to = \"5\", per_point = \"0.2\" }");
            continue;
        };
        let follows = match bands.last() {
            Some(Band { to: None, .. }) => false,
            Some(Band { to: Some(last), .. }) => to.is_none_or(|to| to > *last),
            None => to.is_none_or(|to| to > Rate::ZERO),
        };
        if !follows {
            problems.at(at, "bands 的 to 是离基准多少个百分点为止，要逐段增大；只有最后一段可以不写");
        }
        bands.push(Band { to, points });
    }
    bands
}

fn read_by_target(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<(Rate, Rate)> {
    let mut steps: Vec<(Rate, Rate)> = Vec::new();
    for mut block in fields.tables("by_target", problems) {
        let at = block.offset();
        let from = number(&mut block, "from", problems, Rate::parse_share);
        let points = number(&mut block, "per_point", problems, Rate::parse_share);
        block.finish(problems);
        let (Some(from), Some(points)) = (from, points) else {
            problems.at(at, "by_target 的每一项要写 from 和 per_point，例如 { from = \"12\", per_point = \"0.5\" }");
            continue;
        };
        if steps.last().is_some_and(|&(last, _)| from <= last) {
            problems.at(at, "by_target 的 from（目标达到多少起）要逐项增大");
        }
        steps.push((from, points));
    }
    steps
}

fn read_grades(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<Grade> {
    let mut grades: Vec<Grade> = Vec::new();
    for mut block in fields.tables("grades", problems) {
        let at = block.offset();
        let from = number(&mut block, "from", problems, Rate::parse_share);
        let name = block.text("name", problems);
        block.finish(problems);
        let (Some(from), Some(name)) = (from, name) else {
            problems.at(at, "grades 的每一项要写 from 和 name，例如 { from = \"90\", name = \"优秀\" }");
            continue;
        };
        if grades.last().is_some_and(|last| from >= last.from) {
            problems.at(at, "grades 由高到低写，from（多少分起）要逐项减小");
        }
        grades.push(Grade { from, name: name.text });
    }
    grades
}

/// One table, or a list of them.
fn read_gates(fields: &mut Fields<'_>, goals: &[Goal], problems: &mut Problems) -> Vec<Gate> {
    if !fields.has("gate") {
        let _ = fields.text("gate", problems);
        return Vec::new();
    }
    let mut probe = Problems::new("");
    let blocks = match fields.table("gate", &mut probe) {
        Some(block) => vec![block],
        None => fields.tables("gate", problems),
    };
    let mut gates = Vec::new();
    for mut block in blocks {
        let at = block.offset();
        let goal = block.text("goal", problems);
        let goal = known_goal(goal, "gate.goal", goals, problems);
        let entered = optional(block.text("entered", problems));
        block.finish(problems);
        match (goal, entered) {
            (Some(goal), None) => gates.push(Gate::Goal(goal)),
            (None, Some(name)) => gates.push(Gate::Entered(name)),
            _ => problems.at(
                at,
                "gate 写一个目标（要完成才能得奖），或一件核验时填写的事（发生了就不能得奖），例如 gate = { goal = \"energy\" } 或 gate = { entered = \"安全事故\" }",
            ),
        }
    }
    gates
}

fn read_award(
    mut fields: Fields<'_>,
    assessed: Option<&Goal>,
    goals: &[Goal],
    problems: &mut Problems,
) -> Option<AwardRule> {
    let at = fields.offset();
    let all = number(&mut fields, "all", problems, Rate::parse_share);
    let needed: &[(&str, &str)] = match all {
        Some(_) => &[("when", "completed、not_completed 或 always")],
        None => &[("when", "completed、not_completed 或 always"), ("from", "top 或 bottom")],
    };
    for (key, choices) in needed {
        if !fields.has(key) && !fields.misspelt(key) {
            problems.at(at, format!("奖惩缺少 {key}，请写 {choices}"));
        }
    }
    let whens = [("completed", When::Completed), ("not_completed", When::NotCompleted), ("always", When::Always)];
    let when = fields.choice("when", &whens, When::Always, problems);
    let has_from = fields.has("from");
    let from = fields.choice("from", &[("top", From::Top), ("bottom", From::Bottom)], From::Top, problems);
    let before = problems.found.len();
    let places = points(&mut fields, "places", problems);
    let group = fields.text("group", problems);
    let count_as = optional(fields.text("count_as", problems));
    let unit = match &count_as {
        None => fields.required_text("unit", "分", problems).map(|unit| unit.text),
        Some(thing) => optional(fields.text("unit", problems)).or_else(|| Some(measure_word(thing).to_owned())),
    };
    let gates = read_gates(&mut fields, goals, problems);
    fields.finish(problems);
    let group = group.and_then(|group| read_group(group, assessed, problems));
    let (from, places) = match all {
        Some(_) if has_from || !places.is_empty() => {
            problems.at(at, "all 给符合条件的每一个单位，不看名次，不能再写 from 和 places");
            (From::All, places)
        }
        Some(points) => (From::All, vec![points]),
        None => (from, places),
    };
    if places.is_empty() && problems.found.len() == before {
        problems.at(
            at,
            "奖惩没有名次，请写 places = [\"0.3\", \"0.2\", \"0.1\"]（第一项给第一名；from = \"bottom\" 时给最后一名）",
        );
    }
    Some(AwardRule { when, from, places, unit: unit?, count_as, group, gates })
}

/// `each`, or the name of a group that some row of the split has.
fn read_group(group: Text, assessed: Option<&Goal>, problems: &mut Problems) -> Option<AwardGroup> {
    let mut names: Vec<&str> = Vec::new();
    for name in assessed.iter().flat_map(|goal| &goal.splits).filter_map(|split| split.group.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if group.text == "each" && !names.is_empty() {
        return Some(AwardGroup::Each);
    }
    if names.contains(&group.text.as_str()) {
        return Some(AwardGroup::Named(group.text));
    }
    let instead = match names.is_empty() {
        true => "分解表的各行还没有写 group，请先写，例如 group = \"一类县\"".to_owned(),
        false => format!("请写 each（各组分别）或 {} 之一", names.join("、")),
    };
    problems.at(group.at, format!("奖惩的 group “{}”不是已有的组，{instead}", group.text));
    None
}
