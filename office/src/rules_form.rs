//! The rules of an assessment as boxes of the plan editor, both ways: what a box says of the plan, and what is read from
//! it. The file's reader has the last word on what goes together.

use domain::assessment::{Compare, CompletedWhen, RankBy, Reading, Rules, Ties};
use domain::money::fold;
use domain::plan::{
    Against, Assessment, AwardGroup, AwardRule, Band, Component, ComponentFrom, From, Gate, Grade, OBJECTION_DAYS,
    Plan, RanksFrom, Scoring, Steps, When,
};
use domain::rate::{Rate, big_plain};

use crate::box_reader::Reader;
use crate::posted::Posted;

/// So many lists of awards and parts of a score a form can hold.
pub const LISTS: usize = 20;
pub const PARTS: usize = 20;

pub const WHENS: [(&str, When, &str); 3] = [
    ("completed", When::Completed, "完成目标的"),
    ("not_completed", When::NotCompleted, "未完成目标的"),
    ("always", When::Always, "不看是否完成"),
];

pub const FROMS: [(&str, From, &str); 3] =
    [("top", From::Top, "从第一名起"), ("bottom", From::Bottom, "从最后一名起"), ("all", From::All, "每个都给")];

/// How a part of a score is counted, with what its box expects.
pub const METHODS: [(&str, &str, &str); 6] = [
    ("proportional", "按比例", ""),
    ("distance", "每点加减", "高 0.5，低 1；分段写 高 5以内0.2、10以内0.4"),
    ("by_target", "按目标高低", "0起0.2、8起0.3、12起0.5"),
    ("places", "按名次", "60、57、54、51、48"),
    ("scale", "功效系数", "60、100"),
    ("best_share", "占第一名的比重", ""),
];

/// A name of a list's box: `a.0.places`; of a part's: `s.0.weight`.
pub fn list_name(index: usize, field: &str) -> String {
    format!("a.{index}.{field}")
}

pub fn part_name(index: usize, field: &str) -> String {
    format!("s.{index}.{field}")
}

/// The lists of an assessment as the form shows them: the usual two in boxes of their own, all others in rows.
struct Lists<'a> {
    top: Option<&'a AwardRule>,
    bottom: Option<&'a AwardRule>,
    others: Vec<&'a AwardRule>,
}

impl<'a> Lists<'a> {
    fn of(assessment: &'a Assessment) -> Self {
        let mut lists = Lists { top: None, bottom: None, others: Vec::new() };
        for list in &assessment.awards {
            let plain = list.count_as.is_none() && list.group.is_none() && list.gates.is_empty();
            let usual = |when: When| plain && (list.when == when || list.when == When::Always);
            let same_unit = |other: Option<&AwardRule>| other.is_none_or(|other| other.unit == list.unit);
            // The lists keep their order: what stands before the usual two would come after them.
            let first = lists.others.is_empty();
            match list.from {
                From::Top if first && lists.top.is_none() && lists.bottom.is_none() && usual(When::Completed) => {
                    lists.top = Some(list);
                }
                From::Bottom
                    if first && lists.bottom.is_none() && usual(When::NotCompleted) && same_unit(lists.top) =>
                {
                    lists.bottom = Some(list);
                }
                _ => lists.others.push(list),
            }
        }
        lists
    }
}

/// What the form's boxes say of the rules in force; empty boxes of rows are left out.
pub(crate) fn put(boxes: &mut Posted, plan: &Plan, assessment: Option<&Assessment>) {
    boxes.set("assess", if assessment.is_some() { "yes" } else { "no" });
    let Some(assessment) = assessment else { return };
    let rules = assessment.rules;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let bureau = assessment.ranks_from == RanksFrom::Bureau;
    for (name, value) in [
        ("assess_clause", text(&assessment.clause)),
        ("assess_quote", text(&assessment.quote)),
        ("assess_assumed", assessment.assumed.join("\n")),
        ("assess_responsible", assessment.responsible.join("\n")),
        ("rank_by", rules.rank_by.word().to_owned()),
        ("completed_when", rules.completed_when.word().to_owned()),
        ("reading", rules.reading.word().to_owned()),
        ("ties", rules.ties.word().to_owned()),
        ("compare", rules.compare.to_string()),
        ("ranks_from", if bureau { "bureau" } else { "county" }.to_owned()),
        ("objection_days", assessment.objection_days.to_string()),
        ("self_month", number(assessment.self_assessment_by.map(|(month, _)| month))),
        ("self_day", number(assessment.self_assessment_by.map(|(_, day)| day))),
        ("verification_month", number(assessment.verification_in)),
    ] {
        boxes.set(name, &value);
    }
    put_lists(boxes, plan, assessment);
}

fn put_lists(boxes: &mut Posted, plan: &Plan, assessment: &Assessment) {
    let mut put = |name: &str, text: String| {
        if !text.is_empty() {
            boxes.set(name, &text);
        }
    };
    let lists = Lists::of(assessment);
    for (name, list) in [("top", lists.top), ("bottom", lists.bottom)] {
        put(name, list.map(|list| points_text(&list.places)).unwrap_or_default());
        if list.is_some_and(|list| list.when == When::Always) {
            put(&format!("{name}_always"), "on".to_owned());
        }
    }
    put("award_unit", lists.top.or(lists.bottom).map(|list| list.unit.clone()).unwrap_or_default());
    for (index, list) in lists.others.iter().enumerate() {
        let when = WHENS.iter().find(|(_, when, _)| *when == list.when).map_or("", |found| found.0);
        let from = FROMS.iter().find(|(_, from, _)| *from == list.from).map_or("", |found| found.0);
        put(&list_name(index, "when"), when.to_owned());
        put(&list_name(index, "from"), from.to_owned());
        put(&list_name(index, "places"), points_text(&list.places));
        put(&list_name(index, "unit"), list.count_as.clone().unwrap_or_else(|| list.unit.clone()));
        let word = list.count_as.as_ref().filter(|thing| list.unit != domain::plan::measure_word(thing));
        put(&list_name(index, "word"), word.map(|_| list.unit.clone()).unwrap_or_default());
        put(&list_name(index, "group"), group_text(list));
        put(&list_name(index, "gate"), gates_text(plan, &list.gates));
    }
    for (index, part) in assessment.components.iter().enumerate() {
        let word = |words: &[(&'static str, ComponentFrom)]| {
            words.iter().find(|(_, from)| *from == part.from).map(|(word, _)| *word)
        };
        let against = Against::WORDS.iter().find(|(_, against)| Some(*against) == part.against).map(|(word, _)| *word);
        let (method, points) = scoring_text(&part.scoring);
        let number = |rate: Option<Rate>| rate.map(decimal).unwrap_or_default();
        put(&part_name(index, "name"), part.name.clone());
        put(&part_name(index, "from"), word(&ComponentFrom::WORDS).unwrap_or_default().to_owned());
        put(&part_name(index, "goal"), part.goal.clone().unwrap_or_default());
        put(&part_name(index, "period"), if part.quarter_alone { "quarter_alone".to_owned() } else { String::new() });
        put(&part_name(index, "against"), against.unwrap_or_default().to_owned());
        put(&part_name(index, "weight"), number(part.weight));
        put(&part_name(index, "method"), method.to_owned());
        put(&part_name(index, "points"), points);
        put(&part_name(index, "threshold"), number(part.threshold));
        put(&part_name(index, "cap"), number(part.cap));
        put(&part_name(index, "floor"), number(part.floor));
    }
    put("grades", grades_text(&assessment.grades));
    put("gate", gates_text(plan, &assessment.gates));
    put("rank_also", assessment.rank_also.map(|by| by.word().to_owned()).unwrap_or_default());
}

fn decimal(rate: Rate) -> String {
    big_plain(&rate.to_big())
}

/// `0.3、0.2、0.1`.
fn points_text(places: &[Rate]) -> String {
    places.iter().map(|points| decimal(*points)).collect::<Vec<_>>().join("、")
}

fn group_text(list: &AwardRule) -> String {
    match &list.group {
        None => String::new(),
        Some(AwardGroup::Each) => EACH.to_owned(),
        Some(AwardGroup::Named(name)) => name.clone(),
    }
}

/// Units of awards that are numbers.
const NUMBERS: [&str; 7] = ["分", "元", "万元", "亿元", "%", "个百分点", "百分点"];

const EACH: &str = "各组分别";

/// Names of goals and of things that must not have happened: `单位能耗、安全事故`.
fn gates_text(plan: &Plan, gates: &[Gate]) -> String {
    let name = |gate: &Gate| match gate {
        Gate::Goal(id) => plan.goal(id).map_or(id.clone(), |goal| goal.name.clone()),
        Gate::Entered(name) => name.clone(),
    };
    gates.iter().map(name).collect::<Vec<_>>().join("、")
}

/// `90 优秀、80 良好`.
fn grades_text(grades: &[Grade]) -> String {
    grades.iter().map(|grade| format!("{} {}", decimal(grade.from), grade.name)).collect::<Vec<_>>().join("、")
}

/// The method's word and what stands in its box.
fn scoring_text(scoring: &Scoring) -> (&'static str, String) {
    match scoring {
        Scoring::Proportional => ("proportional", String::new()),
        Scoring::Distance { above, below } => {
            let side = |name: &str, steps: &Steps| match steps {
                Steps::Level => None,
                Steps::PerAmount(points) => Some(format!("{name} {}", decimal(*points))),
                Steps::PerPoint(bands) => {
                    let band = |band: &Band| match band.to {
                        Some(to) => format!("{}以内{}", decimal(to), decimal(band.points)),
                        None => decimal(band.points),
                    };
                    Some(format!("{name} {}", bands.iter().map(band).collect::<Vec<_>>().join("、")))
                }
            };
            let sides = [side("高", above), side("低", below)];
            ("distance", sides.into_iter().flatten().collect::<Vec<_>>().join("，"))
        }
        Scoring::ByTarget(steps) => {
            let step = |(from, points): &(Rate, Rate)| format!("{}起{}", decimal(*from), decimal(*points));
            ("by_target", steps.iter().map(step).collect::<Vec<_>>().join("、"))
        }
        Scoring::Places(places) => ("places", points_text(places)),
        Scoring::MinMax { least, most } => ("scale", points_text(&[*least, *most])),
        Scoring::BestShare => ("best_share", String::new()),
    }
}

/// Reads the assessment of a goal into the plan; a page without its boxes leaves it as it is.
pub(crate) fn read(reader: &mut Reader<'_>, plan: &mut Plan, goal: &str) {
    if reader.posted.get("assess").is_none() {
        return;
    }
    // The order of the assessments decides which goal a bulletin is about: it stays.
    let at = plan.assessments.iter().position(|assessment| assessment.goal == goal);
    if reader.posted.text("assess") != "yes" {
        at.map(|at| plan.assessments.remove(at));
        return;
    }
    let old = at.map(|at| plan.assessments[at].clone());
    fn word<T: std::str::FromStr>(reader: &Reader<'_>, name: &str, before: T) -> T {
        reader.posted.text(name).parse().unwrap_or(before)
    }
    let before = old.as_ref().map(|old| old.rules).unwrap_or_default();
    let rules = Rules {
        rank_by: word::<RankBy>(reader, "rank_by", before.rank_by),
        reading: word::<Reading>(reader, "reading", before.reading),
        ties: word::<Ties>(reader, "ties", before.ties),
        compare: word::<Compare>(reader, "compare", before.compare),
        completed_when: word::<CompletedWhen>(reader, "completed_when", before.completed_when),
    };
    let unit = reader.optional("award_unit").unwrap_or_else(|| "分".to_owned());
    let usual = [("top", From::Top, When::Completed), ("bottom", From::Bottom, When::NotCompleted)];
    let mut awards = Vec::new();
    for (name, from, when) in usual {
        let places = points(reader, name, "奖惩分值", "0.3、0.2、0.1（从第一名起）");
        let when = if reader.posted.text(&format!("{name}_always")) == "on" { When::Always } else { when };
        if !places.is_empty() {
            awards.push(AwardRule::new(when, from, places, unit.clone()));
        }
    }
    awards.extend(lists(reader, plan));
    let components = components(reader, plan);
    let grades = grades(reader);
    let gates = gates(reader, "gate", plan);
    let rank_also = reader.posted.text("rank_also").parse().ok().filter(|also| *also != rules.rank_by);
    let objection_days = reader.number("objection_days", "异议期天数", 0..=365, Some(OBJECTION_DAYS as i32)) as u32;
    let ranks_from = if reader.posted.text("ranks_from") == "bureau" { RanksFrom::Bureau } else { RanksFrom::County };
    let blank = Assessment {
        goal: goal.to_owned(),
        clause: None,
        quote: None,
        assumed: Vec::new(),
        responsible: Vec::new(),
        rules,
        rank_also,
        components: Vec::new(),
        grades: Vec::new(),
        awards: Vec::new(),
        gates: Vec::new(),
        self_assessment_by: None,
        verification_in: None,
        ranks_from,
        objection_days,
    };
    let mut new = old.unwrap_or(blank);
    reader.keep("assess_clause", &mut new.clause);
    reader.keep("assess_quote", &mut new.quote);
    reader.keep_lines("assess_assumed", &mut new.assumed);
    reader.keep_lines("assess_responsible", &mut new.responsible);
    if reader.has("self_month") {
        new.self_assessment_by = self_assessment(reader);
    }
    if reader.has("verification_month") {
        let month = reader.number_or_none("verification_month", "核查评估的月份", 1..=12);
        new.verification_in = month.map(|month| month as u32);
    }
    let new = Assessment { rules, rank_also, components, grades, awards, gates, ranks_from, objection_days, ..new };
    match at {
        Some(at) => plan.assessments[at] = new,
        None => plan.assessments.push(new),
    }
}

/// The day of the next year until which units assess themselves.
fn self_assessment(reader: &mut Reader<'_>) -> Option<(u32, u32)> {
    let (month, day) = ("self_month", "self_day");
    if reader.text(month).is_empty() && reader.text(day).is_empty() {
        return None;
    }
    let (month, at) = (reader.number(month, "自评的月份", 1..=12, None) as u32, day);
    let day = reader.number(at, "自评的日期", 1..=31, None) as u32;
    // 2023 has no leap day: a rule must hold in every year.
    match chrono::NaiveDate::from_ymd_opt(2023, month, day) {
        Some(_) => Some((month, day)),
        None => reader.wrong(at, format!("{month}月{day}日不是每年都有的日期，请改自评的日期。")),
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ',', ' ', ';']).map(str::trim).filter(|part| !part.is_empty())
}

/// A list of points; what is no number is said with the box's label.
fn points(reader: &mut Reader<'_>, name: &str, label: &str, example: &str) -> Vec<Rate> {
    let text = fold(&reader.text(name));
    let mut found = Vec::new();
    for part in parts(&text) {
        match Rate::parse_share(part) {
            Ok(points) => found.push(points),
            Err(error) => reader.say(name, format!("{label}：{error}；请写成 {example}。")),
        }
    }
    found
}

/// The rows of further lists of awards.
fn lists(reader: &mut Reader<'_>, plan: &Plan) -> Vec<AwardRule> {
    let mut lists = Vec::new();
    for index in 0..LISTS {
        let name = |field: &str| list_name(index, field);
        if reader.text(&name("places")).is_empty() {
            if !reader.text(&name("unit")).is_empty() || !reader.text(&name("group")).is_empty() {
                let sentence = format!("其他奖惩第 {} 行没有填给多少，请写成 30、20、10，不要的整行清空。", index + 1);
                reader.say(&name("places"), sentence);
            }
            continue;
        }
        let label = format!("其他奖惩第 {} 行", index + 1);
        let places = points(reader, &name("places"), &label, "30、20、10");
        let when = WHENS.iter().find(|(word, ..)| *word == reader.posted.text(&name("when")));
        let from = FROMS.iter().find(|(word, ..)| *word == reader.posted.text(&name("from")));
        let (when, from) = (when.map_or(When::Completed, |found| found.1), from.map_or(From::Top, |found| found.1));
        let written = reader.optional(&name("unit")).unwrap_or_else(|| "分".to_owned());
        // Money and points are numbers; anything else that is given is a thing: 红牌.
        let thing = (!NUMBERS.contains(&written.as_str())).then(|| written.clone());
        let word = |thing: &String| domain::plan::measure_word(thing).to_owned();
        let counted = |thing: &String| reader.optional(&name("word")).unwrap_or_else(|| word(thing));
        let unit = thing.as_ref().map_or(written, counted);
        if from == From::All && places.len() > 1 {
            reader.say(&name("places"), format!("{label}：每个都给的只写一个数，例如 30。"));
        }
        let mut list = AwardRule::new(when, from, places, unit);
        list.count_as = thing;
        list.group = reader.optional(&name("group")).map(|group| match group.as_str() {
            EACH | "each" => AwardGroup::Each,
            _ => AwardGroup::Named(group),
        });
        list.gates = gates(reader, &name("gate"), plan);
        lists.push(list);
    }
    lists
}

/// Names of goals are goals, everything else is entered at verification.
fn gates(reader: &Reader<'_>, name: &str, plan: &Plan) -> Vec<Gate> {
    let text = reader.text(name);
    let gate = |name: &str| match plan.goals.iter().find(|goal| goal.id == name || goal.name == name) {
        Some(goal) => Gate::Goal(goal.id.clone()),
        None => Gate::Entered(name.to_owned()),
    };
    text.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|name| !name.is_empty()).map(gate).collect()
}

fn grades(reader: &mut Reader<'_>) -> Vec<Grade> {
    let text = fold(&reader.text("grades"));
    let mut grades = Vec::new();
    for part in text.split(['、', ',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let digits = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
        let (from, name) = part.split_at(digits);
        match (Rate::parse_share(from), name.trim().trim_start_matches("分以上").trim_start_matches("分起").trim())
        {
            (Ok(from), name) if !name.is_empty() => grades.push(Grade { from, name: name.to_owned() }),
            _ => {
                let sentence = format!("等次“{part}”请写成多少分起、什么等次，例如 90 优秀、80 良好。");
                reader.say("grades", sentence);
            }
        }
    }
    grades
}

/// The rows of the parts of a score.
fn components(reader: &mut Reader<'_>, plan: &Plan) -> Vec<Component> {
    let mut found = Vec::new();
    for index in 0..PARTS {
        let name = |field: &str| part_name(index, field);
        let Some(called) = reader.optional(&name("name")) else {
            if !reader.text(&name("weight")).is_empty() {
                let sentence = format!("得分的组成第 {} 行有满分，没有名称；请补上名称，不要的整行清空。", index + 1);
                reader.say(&name("name"), sentence);
            }
            continue;
        };
        let from = ComponentFrom::WORDS.iter().find(|(word, _)| *word == reader.posted.text(&name("from")));
        let against = Against::WORDS.iter().find(|(word, _)| *word == reader.posted.text(&name("against")));
        let from = from.map_or(ComponentFrom::Completion, |(_, from)| *from);
        found.push(Component {
            from,
            goal: reader.optional(&name("goal")).filter(|id| plan.goal(id).is_some()),
            quarter_alone: reader.posted.text(&name("period")) == "quarter_alone",
            against: against.map(|(_, against)| *against),
            weight: share(reader, &name("weight"), &format!("{called}的满分")),
            scoring: scoring(reader, index, from, &called),
            threshold: share(reader, &name("threshold"), &format!("{called}的起算线")),
            cap: share(reader, &name("cap"), &format!("{called}的封顶")),
            floor: share(reader, &name("floor"), &format!("{called}的保底")),
            name: called,
        });
    }
    found
}

/// A decimal, or a percentage as a share of one.
fn share(reader: &mut Reader<'_>, name: &str, label: &str) -> Option<Rate> {
    let text = fold(&reader.text(name));
    if text.is_empty() {
        return None;
    }
    let read = if text.ends_with('%') { Rate::parse_percent(&text) } else { Rate::parse_share(&text) };
    match read {
        Ok(share) => Some(share),
        Err(error) => reader.wrong(name, format!("{label}：{error}。")),
    }
}

fn scoring(reader: &mut Reader<'_>, index: usize, from: ComponentFrom, called: &str) -> Scoring {
    let method = reader.posted.text(&part_name(index, "method")).to_owned();
    let name = part_name(index, "points");
    let text = fold(&reader.text(&name));
    let example = METHODS.iter().find(|(word, ..)| *word == method).map_or("", |(.., example)| *example);
    let label = format!("{called}的计分");
    let wrong = |reader: &mut Reader<'_>| {
        reader.say(&part_name(index, "points"), format!("{label}“{text}”读不懂，请写成 {example}。"));
        Scoring::Proportional
    };
    match method.as_str() {
        "distance" => match distance(&text, from) {
            Some(scoring) => scoring,
            None => wrong(reader),
        },
        "by_target" => {
            let step = |part: &str| {
                let (from, points) = part.split_once('起')?;
                Some((Rate::parse_share(from).ok()?, Rate::parse_share(points).ok()?))
            };
            match parts(&text).map(step).collect::<Option<Vec<_>>>().filter(|steps| !steps.is_empty()) {
                Some(steps) => Scoring::ByTarget(steps),
                None => wrong(reader),
            }
        }
        "places" => match points(reader, &name, &label, example) {
            places if places.is_empty() => wrong(reader),
            places => Scoring::Places(places),
        },
        "scale" => match points(reader, &name, &label, example)[..] {
            [least, most] => Scoring::MinMax { least, most },
            _ => wrong(reader),
        },
        "best_share" => Scoring::BestShare,
        _ => Scoring::Proportional,
    }
}

/// `0.5`, the same on both sides; `高 0.5，低 1`; `高 5以内0.2、10以内0.4`. Of a total each unit counts, of a rate each
/// percentage point.
fn distance(text: &str, from: ComponentFrom) -> Option<Scoring> {
    let steps = |text: &str| -> Option<Steps> {
        if from == ComponentFrom::Value {
            return Rate::parse_share(text.trim()).ok().map(Steps::PerAmount);
        }
        let band = |part: &str| match part.split_once("以内") {
            Some((to, points)) => {
                Some(Band { to: Some(Rate::parse_share(to).ok()?), points: Rate::parse_share(points).ok()? })
            }
            None => Some(Band { to: None, points: Rate::parse_share(part).ok()? }),
        };
        let bands: Vec<Band> = parts(text).map(band).collect::<Option<_>>()?;
        (!bands.is_empty()).then_some(Steps::PerPoint(bands))
    };
    let text = text.trim();
    let (above, below) = match (text.find('高'), text.find('低')) {
        (None, None) => (Some(text), Some(text)),
        (Some(0), None) => (Some(&text['高'.len_utf8()..]), None),
        (None, Some(0)) => (None, Some(&text['低'.len_utf8()..])),
        (Some(0), Some(low)) => {
            let above = text['高'.len_utf8()..low].trim_end_matches([' ', ',', '、', ';', '；', '，']);
            (Some(above), Some(&text[low + '低'.len_utf8()..]))
        }
        _ => return None,
    };
    let side = |text: Option<&str>| text.map_or(Some(Steps::Level), steps);
    Some(Scoring::Distance { above: side(above)?, below: side(below)? })
}
