//! The bulletin's text, composed sentence by sentence from the figures; every number knows where it came from.

use super::{Bulletin, words};
use crate::money::Amount;
use crate::rate::Rate;
use crate::standing::{Lamp, Row};

pub use super::text::{Paragraph, Span, plain};

/// Builds a sentence of words and numbers about one row after another.
struct Sentence {
    spans: Vec<Span>,
}

impl Sentence {
    fn new() -> Self {
        Self { spans: Vec::new() }
    }

    fn text(mut self, text: impl Into<String>) -> Self {
        self.spans.push(Span::Text(text.into()));
        self
    }

    fn number(mut self, text: impl Into<String>, region: &str, exact: impl Into<String>) -> Self {
        self.spans.push(Span::Number { text: text.into(), region: region.to_owned(), exact: exact.into() });
        self
    }

    /// Growth with its word: 增长 13.2%, 下降 3.1%, 持平.
    fn growth(self, rate: Rate, region: &str) -> Self {
        if rate == Rate::ZERO {
            return self.text("持平");
        }
        let word = if rate.is_negative() { "下降" } else { "增长" };
        self.text(word).number(format!("{}%", words::points(rate)), region, rate.exact())
    }

    fn done(self) -> Vec<Span> {
        self.spans
    }
}

/// All paragraphs of a bulletin.
pub fn paragraphs(bulletin: &Bulletin) -> Vec<Paragraph> {
    let by_growth = bulletin.standings.rules.rank_by == crate::plan::rules::RankBy::Growth;
    let parts = [
        ("", lead(bulletin)),
        ("进度", progress(bulletin)),
        (if by_growth { "增幅" } else { "排位" }, growth(bulletin)),
        ("拉动", contribution(bulletin)),
        (if bulletin.standings.period.is_year_end() { "全年目标" } else { "后期任务" }, remaining(bulletin)),
        ("考核", awards(bulletin)),
        ("未报情况", missing(bulletin)),
    ];
    parts
        .into_iter()
        .filter(|(_, sentences)| !sentences.is_empty())
        .map(|(heading, sentences)| Paragraph { heading: heading.to_owned(), sentences })
        .collect()
}

/// 年度目标, or 2022—2025年目标.
fn target_name(bulletin: &Bulletin) -> String {
    bulletin.standings.total.whole.map_or("年度目标".to_owned(), |(from, to)| format!("{from}—{to}年目标"))
}

fn lead(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let (heading, standings) = (&bulletin.heading, &bulletin.standings);
    let (total, measure, region) = (&standings.total, &standings.measure, heading.region.as_str());
    let Some(value) = total.value else {
        let start = format!("{}，{}{}", standings.period.months(), heading.whole, standings.goal_name);
        let reported = standings.rows.iter().any(|row| row.value.is_some() || row.growth.is_some());
        let sentence = match total.growth {
            Some(growth) => Sentence::new().text(format!("{start}同比")).growth(growth, region).text("（总量未报）。"),
            None if reported => Sentence::new().text(format!("{start}的总数未报，各{}情况如下。", heading.unit_noun)),
            None => Sentence::new().text(format!("{start}尚无报送数据。")),
        };
        return vec![sentence.done()];
    };
    let mut sentence = Sentence::new()
        .text(format!("{}，{}累计完成{}", standings.period.months(), heading.whole, standings.goal_name))
        .number(measure.format(value), region, measure.exact(value))
        .text(measure.unit.clone());
    if let Some(completion) = total.completion {
        let printed = format!("{}%", completion.percent_beside(Rate::ONE, 1));
        sentence =
            sentence.text(format!("，完成{}的", target_name(bulletin))).number(printed, region, completion.exact());
    }
    // At the year's end the completion has said it.
    if let Some(gap) = total.gap.filter(|_| !standings.period.is_year_end()) {
        let word = if gap.is_negative() { "，慢于序时进度" } else { "，快于序时进度" };
        let printed = crate::standing::gap_text(gap, bulletin.near);
        sentence = match gap == Rate::ZERO {
            true => sentence.text("，与序时进度持平"),
            false => sentence.text(word).number(printed.trim_start_matches('−'), region, gap.exact()).text("个百分点"),
        };
    }
    if let Some(growth) = total.growth {
        sentence = sentence.text("；同比").growth(growth, region);
        if let Some(target) = total.target_growth {
            let over = growth.minus(target);
            sentence = match over == Rate::ZERO {
                true => sentence.text("，与年度增幅目标持平"),
                false => sentence
                    .text(if over.is_negative() {
                        "，低于年度增幅目标"
                    } else {
                        "，高于年度增幅目标"
                    })
                    .number(words::points(over), region, over.exact())
                    .text("个百分点"),
            };
        }
    }
    let mut sentences = vec![sentence.text("。").done()];
    let left_out = left_out(bulletin);
    if !left_out.is_empty() {
        sentences.push(Sentence::new().text(format!("{}未报，以上合计不含。", left_out.join("、"))).done());
    }
    sentences.extend(since_last(bulletin));
    sentences
}

/// Whose values the total lacks, where it was added up.
fn left_out(bulletin: &Bulletin) -> Vec<&str> {
    if bulletin.standings.total.value.is_none() {
        return Vec::new();
    }
    let rows = bulletin.standings.total_incomplete.iter().filter_map(|region| bulletin.standings.row(region));
    rows.map(|row| row.name.as_str()).collect()
}

/// 与1—4月相比，增幅提高0.3个百分点，与序时进度的差距收窄0.5个百分点。
fn since_last(bulletin: &Bulletin) -> Option<Vec<Span>> {
    let previous = bulletin.previous.as_ref()?;
    if previous.incomplete != bulletin.standings.total_incomplete {
        // A unit's silence is no fall of the whole, nor its return a rise.
        let text = format!("合计所含的单位与{}不同，不作比较。", previous.period.months());
        return Some(Sentence::new().text(text).done());
    }
    let (total, region) = (&bulletin.standings.total, bulletin.heading.region.as_str());
    let mut sentence = Sentence::new().text(format!("与{}相比", previous.period.months()));
    let mut said = false;
    if let (Some(now), Some(before)) = (total.growth, previous.growth) {
        let step = now.minus(before);
        sentence = match step == Rate::ZERO {
            true => sentence.text("，增幅持平"),
            false => sentence
                .text(if step.is_negative() { "，增幅回落" } else { "，增幅提高" })
                .number(words::points(step), region, step.exact())
                .text("个百分点"),
        };
        said = true;
    }
    let at_end = bulletin.standings.period.is_year_end();
    if let (Some(now), Some(before), false) = (total.gap, previous.gap, at_end) {
        sentence = match (now.is_negative(), before.is_negative()) {
            (true, true) | (false, false) => {
                let step = now.abs().minus(before.abs());
                let side =
                    if now.is_negative() { "落后序时进度的差距" } else { "快于序时进度的幅度" };
                match step == Rate::ZERO {
                    true => sentence.text(format!("，{side}不变")),
                    false => sentence
                        .text(format!("，{side}{}", if step.is_negative() { "收窄" } else { "扩大" }))
                        .number(words::points(step), region, step.exact())
                        .text("个百分点"),
                }
            }
            (false, true) => sentence.text("，由慢于序时进度转为达到序时进度"),
            (true, false) => sentence.text("，由达到序时进度转为慢于序时进度"),
        };
        said = true;
    }
    said.then(|| sentence.text("。").done())
}

/// Rows that stand for themselves: not inside another, no departments.
fn units(bulletin: &Bulletin) -> impl Iterator<Item = &Row> {
    bulletin.standings.rows.iter().filter(|row| row.within.is_none() && row.kind != crate::plan::SplitKind::Department)
}

fn names(rows: &[&Row]) -> String {
    rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("、")
}

fn progress(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    if !bulletin.standings.flow {
        return Vec::new();
    }
    let with = |lamp: Lamp| -> Vec<&Row> { units(bulletin).filter(|row| row.lamp == lamp).collect() };
    let (on_pace, near, mut behind) = (with(Lamp::OnPace), with(Lamp::Near), with(Lamp::Behind));
    let assessed = on_pace.len() + near.len() + behind.len();
    if assessed == 0 {
        return Vec::new();
    }
    let noun = &bulletin.heading.unit_noun;
    if bulletin.standings.period.is_year_end() {
        return year_end(bulletin);
    }
    let mut text = format!("{assessed}个有目标且已报送的{noun}中，");
    let parts = [("达到序时进度", &on_pace), ("接近序时进度", &near), ("滞后", &behind)];
    let said = parts.iter().filter(|(_, rows)| !rows.is_empty()).map(|(word, rows)| {
        let named = if *word == "达到序时进度" && rows.len() <= 6 {
            format!("（{}）", names(rows))
        } else {
            String::new()
        };
        format!("{word}的{}个{named}", rows.len())
    });
    let said: Vec<String> = said.collect();
    text.push_str(&format!("{}。", said.join("，")));
    let mut sentences = vec![Sentence::new().text(text).done()];
    behind.sort_by_key(|row| row.gap);
    // Where a fourth is as far behind, three names would be unjust.
    let just = |at: usize| behind.get(at).map(|row| row.gap) != behind.get(at - 1).map(|row| row.gap);
    let told = (1..=3.min(behind.len())).rev().find(|&at| at == behind.len() || just(at)).unwrap_or(0);
    let worst: Vec<&Row> = behind.into_iter().take(told).collect();
    if !worst.is_empty() {
        let mut sentence =
            Sentence::new().text(if worst.len() > 1 { "落后最多的依次是" } else { "落后最多的是" });
        for (index, row) in worst.iter().enumerate() {
            let Some(gap) = row.gap else { continue };
            let printed = crate::standing::gap_text(gap, bulletin.near);
            sentence = sentence
                .text(format!("{}{}（慢", if index > 0 { "、" } else { "" }, row.name))
                .number(printed.trim_start_matches('−'), &row.region, gap.exact())
                .text("个百分点）");
        }
        sentences.push(sentence.text("。").done());
    }
    sentences
}

/// Who completed the year's target, and who lacks most of it.
fn year_end(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let (done, mut open): (Vec<&Row>, Vec<&Row>) =
        units(bulletin).filter(|row| row.completed.is_some()).partition(|row| row.completed == Some(true));
    let (noun, all) = (&bulletin.heading.unit_noun, done.len() + open.len());
    let mut text = format!("{all}个有目标且已报送的{noun}中，");
    match (done.len(), open.len()) {
        (_, 0) => text = format!("{all}个有目标且已报送的{noun}全部完成年度目标。"),
        (0, _) => text.push_str("没有单位完成年度目标。"),
        (some, missed) => text.push_str(&format!("完成年度目标的{some}个，未完成的{missed}个（{}）。", names(&open))),
    }
    let mut sentences = vec![Sentence::new().text(text).done()];
    open.retain(|row| row.gap.is_some_and(Rate::is_negative));
    open.sort_by_key(|row| row.gap);
    if let Some((row, gap)) = open.first().and_then(|row| Some((row, row.gap?))) {
        let printed = crate::standing::gap_text(gap, bulletin.near);
        let sentence = Sentence::new().text(format!("差距最大的是{}（差", row.name));
        sentences.push(
            sentence.number(printed.trim_start_matches('−'), &row.region, gap.exact()).text("个百分点）。").done(),
        );
    }
    sentences
}

fn growth(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let standings = &bulletin.standings;
    if standings.rules.rank_by != crate::plan::rules::RankBy::Growth {
        return ranking_by_other(bulletin);
    }
    let ranked = standings.ranked();
    if ranked.len() < 2 {
        return Vec::new();
    }
    let (best, worst) = ends(&ranked);
    let list = |mut sentence: Sentence, rows: &[&Row]| {
        for (index, row) in rows.iter().enumerate() {
            let Some(growth) = row.growth else { continue };
            sentence = sentence
                .text(format!("{}{}（", if index > 0 { "、" } else { "" }, row.name))
                .growth(growth, &row.region)
                .text("）");
        }
        sentence
    };
    let mut sentence = list(Sentence::new().text("增幅居前三位的依次为"), &best);
    if !worst.is_empty() {
        sentence = list(sentence.text("；居后三位的由末位起依次为"), &worst);
    }
    vec![sentence.text("。").done()]
}

/// The first three and the last three (worst first); with fewer than six ranked units the last are not named twice.
fn ends<'r>(ranked: &[&'r Row]) -> (Vec<&'r Row>, Vec<&'r Row>) {
    let best: Vec<&Row> = ranked.iter().copied().filter(|row| row.rank.is_some_and(|rank| rank <= 3)).collect();
    let mut worst: Vec<&Row> = ranked
        .iter()
        .copied()
        .filter(|row| row.rank_from_bottom.is_some_and(|rank| rank <= 3) && row.rank.is_some_and(|rank| rank > 3))
        .collect();
    worst.sort_by_key(|row| row.rank_from_bottom);
    (best, worst)
}

fn ranking_by_other(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let ranked = bulletin.standings.ranked();
    if ranked.len() < 2 {
        return Vec::new();
    }
    let (best, worst) = ends(&ranked);
    let by = bulletin.standings.ranked_by().name();
    let tail = if worst.is_empty() {
        String::new()
    } else {
        format!("；居后三位的由末位起依次为{}", names(&worst))
    };
    vec![Sentence::new().text(format!("{by}居前三位的依次为{}{tail}。", names(&best))).done()]
}

fn contribution(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let mut rows: Vec<&Row> =
        units(bulletin).filter(|row| row.contribution.is_some_and(|rate| rate > Rate::ZERO)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.contribution));
    let top: Vec<&Row> = rows.into_iter().take(3).collect();
    if top.len() < 3 || bulletin.standings.total.growth.is_none() {
        return Vec::new();
    }
    let mut sentence = Sentence::new().text(format!("对{}增幅拉动最大的是", bulletin.heading.whole));
    for (index, row) in top.iter().enumerate() {
        let Some(rate) = row.contribution else { continue };
        sentence = sentence
            .text(format!("{}{}（", if index > 0 { "、" } else { "" }, row.name))
            .number(rate.percent_on_page(1), &row.region, rate.exact())
            .text("个百分点）");
    }
    vec![sentence.text("。").done()]
}

fn remaining(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let standings = &bulletin.standings;
    let total = &standings.total;
    let rising = standings.flow && standings.direction == crate::plan::Direction::AtLeast;
    let (Some(value), Some(target), true) = (total.so_far, total.target, rising) else { return Vec::new() };
    let (measure, region) = (&standings.measure, bulletin.heading.region.as_str());
    let left = Amount(target.0 - value.0);
    if left.0 <= 0 {
        let over = Amount(-left.0);
        let text = if over.0 == 0 {
            format!("正好完成{}。", target_name(bulletin))
        } else {
            format!("超出{}{}{}。", target_name(bulletin), measure.format_visible(over), measure.unit)
        };
        return vec![Sentence::new().text(text).done()];
    }
    let months = standings.period.months_left();
    let sentence = Sentence::new()
        .text(format!("距{}还差", target_name(bulletin)))
        .number(measure.format_visible(left), region, measure.exact(left))
        .text(measure.unit.clone());
    // Over several years the months of this year say nothing about the pace that is needed.
    if months == 0 || total.whole.is_some() {
        return vec![sentence.text("。").done()];
    }
    let monthly = Amount((left.0 + i64::from(months) - 1) / i64::from(months));
    let so_far = Amount(value.0 / i64::from(standings.period.month));
    let sentence = sentence
        .text(if months == 1 { "，12月需完成".to_owned() } else { format!("，后{months}个月月均需完成") })
        .number(measure.format(measure.round_up(monthly)), region, measure.exact(monthly))
        .text(format!("{}（前{}个月月均", measure.unit, standings.period.month))
        .number(measure.format(so_far), region, measure.exact(so_far))
        .text(format!("{}）。", measure.unit));
    vec![sentence.done()]
}

fn awards(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let sentence = |column: &super::AwardColumn| {
        let named: Vec<(&Row, &str)> = column
            .points
            .iter()
            .filter_map(|(region, points)| Some((bulletin.standings.row(region)?, points.as_str())))
            .collect();
        let start = match (bulletin.provisional.is_some(), bulletin.standings.provisional) {
            (true, _) => format!("{}，预计：", column.name),
            (false, true) => "尚有单位未报或未定，预计：".to_owned(),
            (false, false) => "按已报数预计，以年终核验办结为准：".to_owned(),
        };
        let mut sentence = Sentence::new().text(start);
        if named.is_empty() {
            sentence = sentence.text("没有单位加分或扣分");
        }
        for (index, (row, points)) in named.iter().enumerate() {
            let comma = if index > 0 { "、" } else { "" };
            let text = format!("{comma}{}", row.name);
            sentence =
                sentence.text(text).number(words::signed(points), &row.region, *points).text(column.unit.clone());
        }
        sentence.text("。").done()
    };
    bulletin.award_columns().iter().map(sentence).collect()
}

fn missing(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let rows: Vec<&Row> = units(bulletin).filter(|row| row.lamp == Lamp::Missing).collect();
    let mut sentences = Vec::new();
    if !rows.is_empty() {
        sentences
            .push(Sentence::new().text(format!("截至编制时未报送的有{}个：{}。", rows.len(), names(&rows))).done());
    }
    sentences
}

/// The notes under the table: marks, pace, what does not add up.
pub fn notes(bulletin: &Bulletin) -> Vec<String> {
    let standings = &bulletin.standings;
    let mut notes = vec!["“—”不适用，“/”无目标，“未报”为本期没有数据，“0.00”为零。".to_owned()];
    if let Some(pace) = standings.total.pace {
        notes.push(format!("序时进度（{}）为{}%。", bulletin.pace_name, pace.percent_on_page(1)));
    }
    let near = bulletin.near.percent(2);
    let near = near.trim_end_matches('0').trim_end_matches('.');
    notes.push(match standings.period.is_year_end() {
        true => {
            format!("● 总量达到年度目标；▲ 差{near}个百分点以内；■ 差{near}个百分点以上；◇ 未报；旁边的“已完成”“未完成”按考核办法判定。")
        }
        false => format!("● 达到序时进度；▲ 落后{near}个百分点以内；■ 落后{near}个百分点以上；◇ 未报。"),
    });
    let shown = ["split_total", "within", "weights_missing", "pace_unknown", "without_bureau"];
    notes.extend(
        standings
            .findings
            .iter()
            .filter(|finding| shown.contains(&finding.code.as_str()))
            .map(|finding| format!("{}。", finding.message)),
    );
    if !standings.total.stated && standings.total.value.is_some() {
        notes.push("总数未单独报送，为各单位已报数之和。".to_owned());
    }
    notes.push("个别数多列小数，以免四舍五入后看不出差别。".to_owned());
    notes.push("部分数据因四舍五入，存在分项之和与合计不等的情况。".to_owned());
    notes
}
