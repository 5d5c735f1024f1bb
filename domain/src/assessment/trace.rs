//! The trace of a result: clause → inputs with their version → completion → order → ties → reading → outcome.

use super::completed::Parts;
use crate::plan::rules::{CompletedWhen, From, RankBy, When};
use crate::plan::{Assessment, Plan};
use crate::rate::{big_percent, big_plain, big_round};
use crate::shown::{NO_TARGET, Shown, UNREPORTED};
use crate::standing::{Award, Basis, Row, Standings};

/// Writes the trace of every award.
pub(crate) fn fill(plan: &Plan, standings: &mut Standings) {
    let Some(assessment) = plan.assessment(&standings.goal) else { return };
    for index in 0..standings.rows.len() {
        for at in 0..standings.rows[index].awards.len() {
            let row = &standings.rows[index];
            let trace = trace(plan, assessment, standings, row, &row.awards[at..=at]);
            standings.rows[index].awards[at].trace = trace;
        }
    }
}

/// The trace of any unit: of its awards, or of why it has none.
pub fn explain(plan: &Plan, standings: &Standings, row: &Row) -> Vec<String> {
    match plan.assessment(&standings.goal) {
        Some(assessment) => trace(plan, assessment, standings, row, &row.awards),
        None => vec!["本目标没有考核规则。".to_owned()],
    }
}

fn trace(plan: &Plan, assessment: &Assessment, standings: &Standings, row: &Row, awards: &[Award]) -> Vec<String> {
    let mut steps = vec![clause(plan, assessment), inputs(standings, row), completion(plan, standings, row)];
    steps.extend(score(standings, row));
    steps.push(order(plan, standings, row));
    steps.extend(ties(standings, row));
    if row.rank.is_some() {
        let reading = standings.rules.reading;
        steps.push(format!("读法：{}——{}。", reading.name(), assessment.explanation(reading)));
    }
    steps.push(outcome(standings, row, awards));
    steps
}

fn clause(plan: &Plan, assessment: &Assessment) -> String {
    let clause = assessment.clause.as_deref().unwrap_or("条款未注明");
    format!("依据：{} {clause}。", plan.citation())
}

fn inputs(standings: &Standings, row: &Row) -> String {
    let measure = &standings.measure;
    let amount = |amount| measure.with_unit(amount);
    let value = row.value.shown_or(UNREPORTED, amount);
    let base = row.base.shown(amount);
    let source = row.source.as_ref().map_or("无报送记录".to_owned(), |source| source.describe());
    let published = row.published_growth.map(|growth| format!("，公布增幅{}%（可比口径）", growth.percent_on_page(1)));
    format!(
        "数据：{}累计 {value}，上年同期 {base}{}（{source}）。",
        standings.period.label(),
        published.unwrap_or_default()
    )
}

fn completion(plan: &Plan, standings: &Standings, row: &Row) -> String {
    let word = match row.completed {
        Some(true) => "已完成",
        Some(false) => "未完成",
        None => "无法判定是否完成",
    };
    if standings.basis == Basis::Pace {
        let pace = row.pace.shown(|pace| pace.in_percent(1));
        let reached = row.completion_text().shown(|text| format!("{text}%"));
        return format!("完成：按序时进度预计，完成率 {reached}，序时进度 {pace}，视为{word}。");
    }
    let target = row.target.shown_or(NO_TARGET, |target| standings.measure.with_unit(target));
    let reached = row.completion_text().map(|text| format!("，完成率 {text}%")).unwrap_or_default();
    let parts = parts(plan, standings, row);
    let growth = row.target_growth.zip(parts.growth).map(|(target, reached)| {
        let reached = if reached { "达到" } else { "未达到" };
        format!("；增幅目标 {}%，{reached}", target.percent_as_written())
    });
    let why = match standings.rules.completed_when {
        CompletedWhen::Both => format!("{}，", settled_by(row, parts)),
        CompletedWhen::Value | CompletedWhen::Growth => String::new(),
    };
    let rule = standings.rules.completed_when.name();
    format!("完成：年度目标 {target}{reached}{}；按“{rule}”判定，{why}{word}。", growth.unwrap_or_default())
}

fn parts(plan: &Plan, standings: &Standings, row: &Row) -> Parts {
    let split = plan.goal(&standings.goal).and_then(|goal| goal.split(&row.region));
    let over_years = split.and_then(|split| split.whole_in(standings.period.year)).is_some();
    Parts::of(&standings.rules, standings.direction, row, over_years)
}

/// Which of the two parts settles it, or which one is unknown and why.
fn settled_by(row: &Row, parts: Parts) -> String {
    let unknown_value = if row.target.is_none() { "没有总量目标" } else { "总量未知" };
    let unknown_growth = if row.target_growth.is_none() { "没有增幅目标" } else { "增幅未知" };
    match (parts.value, parts.growth) {
        (Some(true), Some(true)) => "总量、增幅都达到".to_owned(),
        (Some(false), Some(false)) => "总量、增幅都未达到".to_owned(),
        (Some(false), Some(true)) => "总量未达到".to_owned(),
        (Some(true), Some(false)) => "增幅未达到".to_owned(),
        (Some(false), None) => format!("总量未达到（{unknown_growth}，不影响判定）"),
        (None, Some(false)) => format!("增幅未达到（{unknown_value}，不影响判定）"),
        (Some(true), None) => format!("总量达到，{unknown_growth}"),
        (None, Some(true)) => format!("增幅达到，{unknown_value}"),
        (None, None) => format!("{unknown_value}，{unknown_growth}"),
    }
}

/// 得分：投资目标 56（满分70）+ …: its parts, and what is not in it.
fn score(standings: &Standings, row: &Row) -> Option<String> {
    let (formed, score) = (standings.formed.as_ref()?, row.score.as_ref()?);
    let full = |name: &str| formed.parts.iter().find(|part| part.name == name).map(|part| part.full);
    let parts = row.parts.iter().map(|part| {
        let full = full(&part.name).map(|full| big_plain(&full.to_big())).unwrap_or_default();
        let share = part.share.as_ref().map(|share| format!("，为基准的{}%", big_percent(share, 1)));
        format!("{} {}分（满分{full}分{}）", part.name, big_round(&part.points, 2), share.unwrap_or_default())
    });
    let left_out: Vec<&str> = formed.left_out().collect();
    let left_out = match left_out.is_empty() {
        true => String::new(),
        false => format!("；{}尚无数据，未计入，权重不变", left_out.join("、")),
    };
    let grade = row.grade.as_ref().map(|grade| format!("，等次为{grade}")).unwrap_or_default();
    Some(format!(
        "得分：{} = {}分（满分{}分{left_out}）{grade}。",
        parts.collect::<Vec<_>>().join(" + "),
        big_round(score, 2),
        big_plain(&formed.full().to_big())
    ))
}

fn order(plan: &Plan, standings: &Standings, row: &Row) -> String {
    let (Some(rank), Some(bottom)) = (row.rank, row.rank_from_bottom) else {
        let noun = plan.goal(&standings.goal).map(|goal| plan.unit_noun(goal)).unwrap_or_default();
        let why = row.unranked.map_or("不排位".to_owned(), |unranked| unranked.sentence(&noun));
        return format!("排位：{why}。");
    };
    let by = match standings.rules.rank_by {
        RankBy::Growth => row.growth.map(|growth| {
            let printed =
                row.target_growth.map_or_else(|| growth.percent_on_page(2), |target| growth.percent_beside(target, 2));
            format!("增幅 {printed}%（精确值 {}）", growth.exact_on_page())
        }),
        RankBy::Completion => {
            row.completion.map(|rate| format!("完成率 {}%（精确值 {}）", rate.percent_on_page(2), rate.exact_on_page()))
        }
        RankBy::Value => row.value.map(|value| format!("总量 {}", standings.measure.with_unit(value))),
        RankBy::Score => match &row.score {
            Some(score) => Some(format!("得分 {}", big_round(score, 2))),
            None => {
                row.completion.map(|rate| format!("完成率 {}%（得分权重未定，暂按完成率）", rate.percent_on_page(2)))
            }
        },
    };
    let ranked = standings.rows.iter().filter(|row| row.rank.is_some()).count();
    let by = by.unwrap_or_default();
    let compare = standings.rules.compare.name();
    let group = row.group.as_ref().zip(row.group_rank).map(|(group, place)| format!("，在{group}中居第{place}位"));
    let also = standings.rank_also.zip(row.rank_also).map(|(by, place)| format!("；{}居第{place}位", by.name()));
    format!(
        "排位：按{by}，{compare}，{ranked} 个单位参加排位，居第{rank}位，倒数第{bottom}位{}{}。",
        group.unwrap_or_default(),
        also.unwrap_or_default()
    )
}

fn ties(standings: &Standings, row: &Row) -> Option<String> {
    let rank = row.rank?;
    let others: Vec<&str> = standings
        .rows
        .iter()
        .filter(|other| other.rank == Some(rank) && other.region != row.region)
        .map(|other| other.name.as_str())
        .collect();
    let rule = standings.rules.ties.name();
    match others.is_empty() {
        true => Some("并列：没有并列。".to_owned()),
        false => Some(format!("并列：与{}并列第{rank}位，规则为“{rule}”。", others.join("、"))),
    }
}

fn outcome(standings: &Standings, row: &Row, awards: &[Award]) -> String {
    let provisional = match (standings.provisional, standings.period.is_year_end()) {
        (false, _) => "",
        (true, false) => "（预计，未到年终结算）",
        (true, true) => "（预计，尚有单位未报或未定）",
    };
    let undecided = standings.undecided.get(standings.rules.reading).contains(&row.region);
    let barred = match row.barred.is_empty() {
        true => String::new(),
        false => format!("{}，按规定不得奖励；", row.barred.join("、")),
    };
    if !awards.is_empty() {
        return format!("结果：{barred}{}{provisional}。", awards.iter().map(given).collect::<Vec<_>>().join("；"));
    }
    if row.rank.is_none() {
        format!("结果：不参加排位，不加分也不扣分{provisional}。")
    } else if standings.rules.rank_by == RankBy::Score && row.score.is_none() {
        "结果：得分权重未定，暂不产生奖惩。".to_owned()
    } else if undecided {
        "结果：是否完成无法判定，名次在奖惩范围内，暂不能确定加减分。".to_owned()
    } else {
        match row.barred.is_empty() {
            true => format!("结果：名次与完成情况不同时符合任何一档，不加分也不扣分{provisional}。"),
            false => format!("结果：{}不加分也不扣分{provisional}。", barred),
        }
    }
}

/// 已完成目标，取第3位，得 0.1 分.
fn given(award: &Award) -> String {
    let points = big_plain(&award.points);
    let sign = if points.starts_with('-') { "扣" } else { "得" };
    let place = match award.from {
        From::Top => format!("取第{}位，", award.place),
        From::Bottom => format!("取倒数第{}位，", award.place),
        From::All => String::new(),
    };
    format!("{}，{place}{sign} {} {}", condition(award.when), points.trim_start_matches('-'), award.unit)
}

fn condition(when: When) -> &'static str {
    match when {
        When::Completed => "已完成目标",
        When::NotCompleted => "未完成目标",
        When::Always => "不论是否完成",
    }
}
