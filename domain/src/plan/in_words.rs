//! The rules of an assessment as sentences: what a page says of a plan.

use super::rules::{AwardGroup, AwardRule, From, RankBy, When};
use super::{Against, Assessment, Component, ComponentFrom, Gate, Plan, Scoring, Steps};
use crate::bulletin::words;
use crate::rate::{Rate, big_plain};

/// Each list of awards, each part of the score, grades and gates, one sentence each.
pub fn rules_in_words(plan: &Plan, assessment: &Assessment) -> Vec<String> {
    let by = assessment.rules.rank_by;
    let mut said: Vec<String> = assessment.awards.iter().map(|list| award(plan, list, by)).collect();
    said.extend(assessment.components.iter().map(|part| component(plan, assessment, part)));
    if !assessment.grades.is_empty() {
        let grades = assessment.grades.iter().map(|grade| format!("{}分以上为{}", plain(grade.from), grade.name));
        said.push(format!("等次：{}", grades.collect::<Vec<_>>().join("，")));
    }
    if !assessment.gates.is_empty() {
        said.push(format!("一票否决：{}的不得奖励", gates(plan, &assessment.gates)));
    }
    said.extend(assessment.rank_also.map(|also| format!("另按{}列一列位次", also.name())));
    said
}

fn plain(rate: Rate) -> String {
    big_plain(&rate.to_big()).replace('-', "−")
}

fn gates(plan: &Plan, gates: &[Gate]) -> String {
    let one = |gate: &Gate| match gate {
        Gate::Goal(id) => format!("{}未完成", plan.goal(id).map_or(id.as_str(), |goal| goal.name.as_str())),
        Gate::Entered(name) => format!("发生{name}"),
    };
    gates.iter().map(one).collect::<Vec<_>>().join("、")
}

/// 完成目标且增幅居前3位：+0.3、+0.2、+0.1分.
fn award(plan: &Plan, list: &AwardRule, by: RankBy) -> String {
    let group = match &list.group {
        None => String::new(),
        Some(AwardGroup::Each) => "各组分别，".to_owned(),
        Some(AwardGroup::Named(name)) => format!("{name}中，"),
    };
    let when = match (list.when, list.from) {
        (When::Completed, From::All) => "完成目标的",
        (When::NotCompleted, From::All) => "未完成目标的",
        (When::Always, From::All) => "全部单位",
        (When::Completed, _) => "完成目标且",
        (When::NotCompleted, _) => "未完成目标且",
        (When::Always, _) => "",
    };
    let place = match list.from {
        From::Top => format!("{}居前{}位：", by.name(), list.places.len()),
        From::Bottom => format!("{}居后{}位（末位在前）：", by.name(), list.places.len()),
        From::All => "，各：".to_owned(),
    };
    let sign = |points: &Rate| match list.unit.as_str() {
        "分" => words::signed(&big_plain(&points.to_big())),
        _ => plain(*points),
    };
    let places: Vec<String> = list.places.iter().map(sign).collect();
    let gates = match list.gates.is_empty() {
        true => String::new(),
        false => format!("（{}的除外）", gates(plan, &list.gates)),
    };
    format!("{group}{when}{place}{} {}{gates}", places.join("、"), list.counted_in())
}

/// 得分：投资目标，完成率，满分70分，按比例.
fn component(plan: &Plan, assessment: &Assessment, part: &Component) -> String {
    let goal = part.goal.as_ref().filter(|id| **id != assessment.goal).and_then(|id| plan.goal(id));
    let of = goal.map(|goal| goal.name.as_str()).unwrap_or_default();
    let quarter = if part.quarter_alone { "单季度" } else { "" };
    let mut said = vec![format!("得分：{}，{of}{quarter}{}", part.name, part.from.name())];
    said.extend(part.weight.map(|weight| format!("满分{}分", plain(weight))));
    if part.from != ComponentFrom::Entered {
        said.extend(scoring(part));
    }
    said.extend(part.threshold.map(|least| format!("不到{}的不得分", least.in_percent(0))));
    said.extend(part.cap.map(|cap| format!("至多{}分", plain(cap))));
    said.extend(part.floor.map(|floor| format!("至少{}分", plain(floor))));
    said.join("，")
}

fn scoring(part: &Component) -> Vec<String> {
    let reference = part.against.unwrap_or(Against::Target).name();
    let per = if part.from == ComponentFrom::Value { "个计量单位" } else { "个百分点" };
    match &part.scoring {
        Scoring::Proportional => vec![format!("按与{reference}的比例")],
        Scoring::Distance { above, below } => {
            let side = |word: &str, steps: &Steps| match steps {
                Steps::Level => None,
                Steps::PerAmount(points) => Some(format!("{word}1{per}{}分", plain(*points))),
                Steps::PerPoint(bands) => {
                    let band = |band: &super::Band| match band.to {
                        Some(to) => format!("{}{per}以内每{per}{}分", plain(to), plain(band.points)),
                        None => format!("每{per}{}分", plain(band.points)),
                    };
                    Some(format!("{word}{}", bands.iter().map(band).collect::<Vec<_>>().join("、")))
                }
            };
            let (high, low) = (format!("比{reference}每高，加"), format!("比{reference}每低，扣"));
            [side(&high, above), side(&low, below)].into_iter().flatten().collect()
        }
        Scoring::ByTarget(steps) => {
            let step = |(from, points): &(Rate, Rate)| format!("目标{}起每个百分点{}分", plain(*from), plain(*points));
            vec![steps.iter().map(step).collect::<Vec<_>>().join("、")]
        }
        Scoring::Places(places) => {
            let places: Vec<String> = places.iter().map(|points| plain(*points)).collect();
            vec![format!("按名次{}分", places.join("、"))]
        }
        Scoring::MinMax { least, most } => {
            let over = part.against.map(|against| format!("超出{}的部分，", against.name())).unwrap_or_default();
            vec![format!("{over}功效系数，末位得满分的{}%，首位{}%", plain(*least), plain(*most))]
        }
        Scoring::BestShare => vec!["按占第一名的比重".to_owned()],
    }
}
