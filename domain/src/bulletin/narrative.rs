//! The bulletin's text, composed sentence by sentence from the figures; every number knows where it came from.

use super::columns::Columns;
use super::{Bulletin, aims, words};
use crate::money::Amount;
use crate::plan::Direction;
use crate::plan::rules::RankBy;
use crate::rate::Rate;
use crate::standing::{Lamp, Measured, Parts, Row};

pub use super::text::{Paragraph, Span, plain};

/// Builds a sentence of words and numbers about one row after another.
pub(super) struct Sentence {
    spans: Vec<Span>,
}

impl Sentence {
    pub(super) fn new() -> Self {
        Self { spans: Vec::new() }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.spans.push(Span::Text(text.into()));
        self
    }

    pub(super) fn number(mut self, text: impl Into<String>, region: &str, exact: impl Into<String>) -> Self {
        self.spans.push(Span::Number { text: text.into(), region: region.to_owned(), exact: exact.into() });
        self
    }

    /// Growth with its word: 增长 13.2%, 下降 3.1%, 持平.
    fn growth(self, rate: Rate, region: &str) -> Self {
        self.growth_as(rate, &rate.percent_on_page(1), region)
    }

    /// The same as its column prints it.
    fn growth_as(self, rate: Rate, printed: &str, region: &str) -> Self {
        match words::growth_word(rate, printed) {
            word @ ("增长" | "下降") => {
                self.text(word).number(format!("{}%", printed.trim_start_matches('−')), region, rate.exact())
            }
            level => self.text(level),
        }
    }

    pub(super) fn done(self) -> Vec<Span> {
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
    let mut sentences: Vec<Vec<Span>> = most_missing(bulletin).into_iter().collect();
    sentences.extend(lead_of_total(bulletin));
    sentences
}

/// 8个县（市）区中7个未报（…），以下只是已报单位的情况，暂不排位、不测算。 Who is missing comes first while that is most.
fn most_missing(bulletin: &Bulletin) -> Option<Vec<Span>> {
    let awaited = bulletin.standings.mostly_awaited().filter(|awaited| awaited.awaited.len() < awaited.all)?;
    let named = match awaited.awaited.len() <= NAMED {
        true => format!("（{}）", names(&awaited.awaited)),
        false => String::new(),
    };
    let text =
        format!("{}{named}，以下只反映已报单位的情况，暂不排位和测算。", awaited.sentence(&bulletin.heading.unit_noun));
    Some(Sentence::new().text(text).done())
}

fn lead_of_total(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let (heading, standings) = (&bulletin.heading, &bulletin.standings);
    let (total, measure, region) = (&standings.total, &standings.measure, heading.region.as_str());
    let Some(value) = total.value else {
        let start = format!("{}，{}{}", standings.period.months(), heading.whole, standings.goal_name);
        let reported = standings.rows.iter().any(|row| row.value.is_some() || row.growth.is_some());
        let sentence = match total.growth {
            // Where nothing but growths is reported, no amount is waited for.
            Some(growth) if standings.measured() == Measured::Growth => {
                beside_growth_target(Sentence::new().text(format!("{start}同比")).growth(growth, region), bulletin)
                    .text("。")
            }
            Some(growth) => Sentence::new().text(format!("{start}同比")).growth(growth, region).text("（总量未报）。"),
            None if reported => Sentence::new().text(format!("{start}的总数未报，各{}情况如下。", heading.unit_noun)),
            None => Sentence::new().text(format!("{start}尚无报送数据。")),
        };
        let mut sentences = vec![sentence.done()];
        sentences.extend(since_last(bulletin));
        return sentences;
    };
    let measured = standings.measured();
    let is_level = measured == Measured::Distance && !standings.flow;
    let completion_only = standings.is_completion_only();
    let whole = if bulletin.total_is_partial() { "已报单位" } else { &heading.whole };
    let start = format!("{}，{whole}", standings.period.months());
    let mut sentence = match (is_level, completion_only) {
        (_, true) => Sentence::new().text(format!("{start}{}", standings.goal_name)),
        (true, _) => Sentence::new().text(format!("{start}{}为", standings.goal_name)),
        (false, false) => Sentence::new().text(format!("{start}累计完成{}", standings.goal_name)),
    };
    if !completion_only {
        sentence = sentence.number(measure.format(value), region, measure.exact(value)).text(measure.unit.clone());
    }
    let columns = Columns::of(bulletin);
    if let Some((completion, printed)) = total.completion.zip(columns.total_completion()) {
        let printed = format!("{printed}%");
        let comma = if completion_only { "" } else { "，" };
        sentence = sentence.text(format!("{comma}完成{}的", target_name(bulletin)));
        sentence = sentence.number(printed, region, completion.exact());
    }
    if let Some(distance) =
        standings.total_distance().filter(|_| measured == Measured::Distance && !bulletin.total_is_partial())
    {
        sentence = aims::beside_target(sentence, bulletin, distance, &target_name(bulletin));
    }
    // At the year's end the completion has said it.
    let gap = total.gap.zip(columns.total_gap()).filter(|_| !standings.period.is_year_end());
    if let Some((gap, printed)) = gap {
        let word = if gap.is_negative() { "，慢于序时进度" } else { "，快于序时进度" };
        sentence = match gap == Rate::ZERO {
            true => sentence.text("，与序时进度持平"),
            false => sentence.text(word).number(printed.trim_start_matches('−'), region, gap.exact()).text("个百分点"),
        };
    }
    // A figure that is a growth itself has said it.
    let itself = is_level && measure.is_percentage() && total.base.is_none();
    if let Some(growth) = total.growth.filter(|_| !itself) {
        let printed = columns.total_growth().unwrap_or_default();
        sentence = beside_growth_target(sentence.text("；同比").growth_as(growth, &printed, region), bulletin);
    }
    let mut sentences = vec![sentence.text("。").done()];
    let left_out = left_out(bulletin);
    if !left_out.is_empty() && !bulletin.total_is_partial() {
        let who = match left_out.len() > NAMED {
            true => format!("有{}个单位", left_out.len()),
            false => left_out.join("、"),
        };
        sentences.push(Sentence::new().text(format!("{who}未报，以上合计不含。")).done());
    }
    sentences.extend(unlike_its_parts(bulletin));
    sentences.extend(since_last(bulletin));
    sentences
}

/// 高于年度增幅目标0.5个百分点, behind the growth of the whole.
fn beside_growth_target(sentence: Sentence, bulletin: &Bulletin) -> Sentence {
    let total = &bulletin.standings.total;
    let aim = total.target_growth.filter(|_| !bulletin.total_is_partial());
    let Some((growth, target)) = total.growth.zip(aim) else { return sentence };
    let over = growth.minus(target);
    match over == Rate::ZERO {
        true => sentence.text("，与年度增幅目标持平"),
        false => sentence
            .text(if over.is_negative() { "，低于年度增幅目标" } else { "，高于年度增幅目标" })
            .number(words::points(over), &bulletin.heading.region, over.exact())
            .text("个百分点"),
    }
}

/// 各县（市）区合计2640.87亿元，比全市总数多17.69亿元，以报送的总数为准。 Only where rounding does not explain it.
fn unlike_its_parts(bulletin: &Bulletin) -> Option<Vec<Span>> {
    let (heading, measure) = (&bulletin.heading, &bulletin.standings.measure);
    let Parts::Apart { sum, more } = bulletin.standings.parts()? else { return None };
    let region = heading.region.as_str();
    let word = if more.0 > 0 { "多" } else { "少" };
    let apart = Amount(more.0.abs());
    let sentence = Sentence::new()
        .text(format!("各{}合计", heading.unit_noun))
        .number(measure.format(sum), region, measure.exact(sum))
        .text(format!("{}，比{}总数{word}", measure.unit, heading.whole))
        .number(measure.format_visible(apart), region, measure.exact(apart))
        .text(format!("{}，以报送的总数为准。", measure.unit));
    Some(sentence.done())
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
        // 降幅 of what falls in both, 增幅 else.
        let (what, up, down) = match now.is_negative() && before.is_negative() {
            true => ("降幅", "收窄", "扩大"),
            false => ("增幅", "提高", "回落"),
        };
        sentence = match step.rounded(1) == Rate::ZERO {
            true => sentence.text(format!("，{what}{}", words::level(step))),
            false => sentence
                .text(format!("，{what}{}", if step.is_negative() { down } else { up }))
                .number(words::points(step), region, step.exact())
                .text("个百分点"),
        };
        said = true;
    }
    let no_pace = bulletin.standings.period.is_year_end() || bulletin.standings.measured() != Measured::Progress;
    if let (Some(now), Some(before), false) = (total.gap, previous.gap, no_pace) {
        sentence = match (now.is_negative(), before.is_negative()) {
            (true, true) | (false, false) => {
                let step = now.abs().minus(before.abs());
                let side =
                    if now.is_negative() { "落后序时进度的差距" } else { "快于序时进度的幅度" };
                match step.rounded(1) == Rate::ZERO {
                    true => sentence.text(format!("，{side}{}", words::level(step))),
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
pub(super) fn units(bulletin: &Bulletin) -> impl Iterator<Item = &Row> {
    bulletin.standings.rows.iter().filter(|row| row.within.is_none() && row.kind != crate::plan::SplitKind::Department)
}

pub(super) fn names(rows: &[&Row]) -> String {
    rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("、")
}

/// More names than this are only counted.
pub(super) const NAMED: usize = 8;

/// 11个县（市）区; where some are left out, how those are that are counted: 已报送的10个县（市）区.
fn counted(bulletin: &Bulletin, count: usize) -> String {
    let noun = &bulletin.heading.unit_noun;
    let missing = units(bulletin).any(|row| row.lamp == Lamp::Missing);
    let without = units(bulletin).any(|row| row.lamp == Lamp::NotAssessed && row.completion.is_none());
    match (without, missing) {
        (false, false) => format!("{count}个{noun}"),
        (true, false) => format!("有目标的{count}个{noun}"),
        (false, true) => format!("已报送的{count}个{noun}"),
        (true, true) => format!("有目标且已报送的{count}个{noun}"),
    }
}

fn progress(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    if bulletin.standings.measured() != Measured::Progress {
        return aims::reached(bulletin);
    }
    let with = |lamp: Lamp| -> Vec<&Row> { units(bulletin).filter(|row| row.lamp == lamp).collect() };
    let (on_pace, near, behind) = (with(Lamp::OnPace), with(Lamp::Near), with(Lamp::Behind));
    let assessed = on_pace.len() + near.len() + behind.len();
    if assessed == 0 {
        return Vec::new();
    }
    if bulletin.standings.period.is_year_end() {
        return year_end(bulletin);
    }
    let subject = match [&on_pace, &near, &behind].iter().find_map(|rows| rows.first()) {
        Some(only) if assessed == 1 => only.name.clone(),
        _ => counted(bulletin, assessed),
    };
    let all = if assessed > 1 { "均" } else { "" };
    let text = match (on_pace.len(), near.len(), behind.len()) {
        (_, 0, 0) => format!("{subject}{}达到序时进度。", if assessed > 1 { "全部" } else { "" }),
        (0, 0, _) | (0, _, 0) => format!("{subject}{all}低于序时进度。"),
        (0, near, behind) => format!("{subject}{all}低于序时进度，其中接近的{near}个，滞后的{behind}个。"),
        (reached, near, behind) => {
            let named = if reached <= 6 { format!("（{}）", names(&on_pace)) } else { String::new() };
            let others = [("接近序时进度", near), ("滞后", behind)].into_iter().filter(|(_, count)| *count > 0);
            let others: String = others.map(|(word, count)| format!("，{word}的{count}个")).collect();
            format!("{subject}中，达到序时进度的{reached}个{named}{others}。")
        }
    };
    let mut sentences = vec![Sentence::new().text(text).done()];
    sentences.extend(furthest_behind(bulletin, behind));
    sentences
}

/// 落后最多的依次是永泰县（慢9.2个百分点）、马尾区和晋安区（均慢6.0个百分点）。
fn furthest_behind(bulletin: &Bulletin, mut behind: Vec<&Row>) -> Option<Vec<Span>> {
    behind.sort_by_key(|row| row.gap);
    let worst = just_three(&behind, |row| row.gap);
    let (first, columns) = (worst.first()?, Columns::of(bulletin));
    let mut sentence = Sentence::new().text(if worst.len() > 1 && worst.iter().any(|row| row.gap != first.gap) {
        "落后最多的依次是"
    } else {
        "落后最多的是"
    });
    for (index, group) in worst.chunk_by(|one, other| one.gap == other.gap).enumerate() {
        let Some((gap, printed)) = group[0].gap.zip(columns.gap(group[0])) else { continue };
        sentence = sentence
            .text(format!("{}{}（{}慢", comma(index), together(group), each(group)))
            .number(printed.trim_start_matches('−'), &group[0].region, gap.exact())
            .text("个百分点）");
    }
    Some(sentence.text("。").done())
}

/// The first three, or fewer where a fourth has the same figure: three names would be unjust.
fn just_three<'r, T: PartialEq>(rows: &[&'r Row], figure: impl Fn(&Row) -> T) -> Vec<&'r Row> {
    let just = |at: usize| at == rows.len() || figure(rows[at]) != figure(rows[at - 1]);
    let told = (1..=3.min(rows.len())).rev().find(|&at| just(at)).unwrap_or(0);
    rows[..told].to_vec()
}

fn comma(index: usize) -> &'static str {
    if index > 0 { "、" } else { "" }
}

/// 丙县、丁县和戊县: names that share a figure, in a list of others; too many are only counted.
fn together(rows: &[&Row]) -> String {
    match rows {
        [] => String::new(),
        _ if rows.len() > NAMED => format!("{}等{}个单位", rows[0].name, rows.len()),
        [one] => one.name.clone(),
        [before @ .., last] => format!("{}和{}", names(before), last.name),
    }
}

fn each(rows: &[&Row]) -> &'static str {
    if rows.len() > 1 { "均" } else { "" }
}

/// Who completed the year's target, and who lacks most of it.
fn year_end(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let (done, mut open): (Vec<&Row>, Vec<&Row>) =
        units(bulletin).filter(|row| row.completed.is_some()).partition(|row| row.completed == Some(true));
    let subject = counted(bulletin, done.len() + open.len());
    let text = match (done.len(), open.len()) {
        (0, 0) => return Vec::new(),
        (1, 0) => format!("{subject}完成年度目标。"),
        (_, 0) => format!("{subject}全部完成年度目标。"),
        (0, 1) => format!("{subject}未完成年度目标。"),
        (0, _) => format!("{subject}均未完成年度目标。"),
        (some, missed) => {
            let named = if missed <= NAMED { format!("（{}）", names(&open)) } else { String::new() };
            format!("{subject}中，完成年度目标的{some}个，未完成的{missed}个{named}。")
        }
    };
    let mut sentences = vec![Sentence::new().text(text).done()];
    open.retain(|row| row.gap.is_some_and(Rate::is_negative));
    open.sort_by_key(|row| row.gap);
    let worst: Vec<&Row> = open.iter().copied().take_while(|row| row.gap == open[0].gap).collect();
    if let Some((gap, printed)) = worst.first().and_then(|row| row.gap.zip(Columns::of(bulletin).gap(row))) {
        let sentence = Sentence::new().text(format!("差距最大的是{}（{}差", together(&worst), each(&worst)));
        let sentence = sentence.number(printed.trim_start_matches('−'), &worst[0].region, gap.exact());
        sentences.push(sentence.text("个百分点）。").done());
    }
    sentences
}

/// Who leads and who comes last, by what ranks.
fn growth(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let standings = &bulletin.standings;
    let ranked = standings.ranked();
    if ranked.len() < 2 || !bulletin.withheld.is_empty() {
        return Vec::new();
    }
    let listed = Listed { bulletin, columns: Columns::of(bulletin) };
    if standings.rules.rank_by == crate::plan::rules::RankBy::Growth && all_falling(bulletin) {
        return vec![listed.falling(&ranked)];
    }
    vec![listed.ends(&ranked)]
}

/// Every ranked unit fell, where more would be better: nobody leads.
pub fn all_falling(bulletin: &Bulletin) -> bool {
    let ranked = bulletin.standings.ranked();
    let falls = |row: &&Row| row.growth.is_some_and(|growth| growth.rounded(1).is_negative());
    bulletin.standings.direction != Direction::AtMost && !ranked.is_empty() && ranked.iter().all(falls)
}

/// Ranked units in a sentence, with what ranks them.
struct Listed<'b> {
    bulletin: &'b Bulletin,
    columns: Columns<'b>,
}

impl Listed<'_> {
    /// 福清市（增长13.4%）、甲县和乙县（均增长12.0%，并列第2位）; `end` names a shared place.
    fn list(&self, mut sentence: Sentence, rows: &[&Row], end: fn(&Row) -> String) -> Sentence {
        for (index, group) in rows.chunk_by(|one, other| one.rank == other.rank).enumerate() {
            sentence = sentence.text(format!("{}{}", comma(index), together(group)));
            let place = if group.len() > 1 { format!("并列{}", end(group[0])) } else { String::new() };
            let growth = group[0].growth.zip(self.columns.growth(group[0]));
            let growth = growth.filter(|_| super::tables::placed_by_growth(self.bulletin));
            // Who shares a place by a rule that rounds need not share the figure.
            let same = group.iter().all(|row| row.growth == group[0].growth);
            sentence = match growth.filter(|_| same) {
                Some((rate, printed)) => {
                    let sentence = sentence.text(format!("（{}", each(group)));
                    let comma = if place.is_empty() { "" } else { "，" };
                    sentence.growth_as(rate, &printed, &group[0].region).text(format!("{comma}{place}）"))
                }
                None if place.is_empty() => sentence,
                None => sentence.text(format!("（{place}）")),
            };
        }
        sentence
    }

    /// The first three and the last three, those who share a place with them too.
    fn ends(&self, ranked: &[&Row]) -> Vec<Span> {
        let standings = &self.bulletin.standings;
        // Where less is better, the list begins with the lowest, and falls are the achievement.
        let lower = standings.direction == Direction::AtMost && standings.ranked_by() != RankBy::Score;
        let falls = |row: &&Row| row.growth.is_some_and(Rate::is_negative);
        let falling = lower && standings.ranked_by() == RankBy::Growth && ranked.iter().all(falls);
        let (by, order) = match (falling, lower) {
            (true, _) => ("降幅", ""),
            (false, true) => (standings.ranked_by().name(), "由低到高"),
            (false, false) => (standings.ranked_by().name(), ""),
        };
        let by = format!("{by}{order}");
        let down = if order.is_empty() { "由高到低" } else { "" };
        let top = |row: &Row| format!("第{}位", row.rank.unwrap_or_default());
        if ranked.len() <= 3 {
            return self.list(Sentence::new().text(format!("{by}{down}依次为")), ranked, top).text("。").done();
        }
        let best: Vec<&Row> = ranked.iter().copied().filter(|row| row.rank.is_some_and(|rank| rank <= 3)).collect();
        let last = |row: &&Row| {
            row.rank_from_bottom.is_some_and(|rank| rank <= 3) && !best.iter().any(|other| other.region == row.region)
        };
        let worst: Vec<&Row> = ranked.iter().copied().filter(last).collect();
        let mut sentence = self.list(Sentence::new().text(format!("{by}居前三位的依次为")), &best, top);
        let bottom = |row: &Row| match row.rank_from_bottom {
            Some(1) => "末位".to_owned(),
            place => format!("倒数第{}位", place.unwrap_or_default()),
        };
        // With fewer than six units the last three are not all left to be named.
        let head = match worst.len() {
            0 => return sentence.text("。").done(),
            1 => "；居末位的是",
            2 => "；居后两位的依次为",
            _ => "；居后三位的依次为",
        };
        sentence = self.list(sentence.text(head), &worst, bottom);
        sentence.text("。").done()
    }

    /// 3个区均同比下降，降幅由小到大依次为城关区（14.9%）…
    fn falling(&self, ranked: &[&Row]) -> Vec<Span> {
        let subject = counted(self.bulletin, ranked.len());
        let groups: Vec<&[&Row]> = ranked.chunk_by(|one, other| one.growth == other.growth).collect();
        let list = |mut sentence: Sentence, groups: &[&[&Row]]| {
            for (index, group) in groups.iter().enumerate() {
                let Some((rate, printed)) = group[0].growth.zip(self.columns.growth(group[0])) else { continue };
                let number = format!("{}%", printed.trim_start_matches('−'));
                sentence = sentence
                    .text(format!("{}{}（{}", comma(index), together(group), each(group)))
                    .number(number, &group[0].region, rate.exact())
                    .text("）");
            }
            sentence
        };
        let sentence = Sentence::new().text(format!("{subject}均同比下降，降幅"));
        let sentence = match groups.len() {
            1 => list(sentence.text("相同："), &groups),
            few if few <= 6 => list(sentence.text("由小到大依次为"), &groups),
            many => {
                let sentence = list(sentence.text("较小的依次为"), &groups[..3]);
                let largest: Vec<&[&Row]> = groups[many - 3..].iter().rev().copied().collect();
                list(sentence.text("；降幅较大的依次为"), &largest)
            }
        };
        sentence.text("。").done()
    }
}

/// 福清市、长乐区、连江县分别拉动全市增长3.5个、2.9个、2.1个百分点。
fn contribution(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let Some(growth) = bulletin.standings.total.growth.filter(|_| bulletin.withheld.is_empty()) else {
        return Vec::new();
    };
    let pulls = |row: &&Row| row.contribution.is_some_and(|rate| rate.rounded(1) > Rate::ZERO);
    let mut rows: Vec<&Row> = units(bulletin).filter(pulls).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.contribution));
    let top = just_three(&rows, |row| row.contribution);
    if top.is_empty() || units(bulletin).filter(|row| row.contribution.is_some()).count() < 2 {
        return Vec::new();
    }
    // Where the whole falls they only hold against it.
    let what = if growth.is_negative() { "向上拉动" } else { "拉动" };
    let rises = if growth.is_negative() { "增速" } else { "增长" };
    let apart = if top.len() > 1 { "分别" } else { "" };
    let mut sentence = Sentence::new().text(format!("{}{apart}{what}{}{rises}", names(&top), bulletin.heading.whole));
    for (index, row) in top.iter().enumerate() {
        let Some(rate) = row.contribution else { continue };
        let unit = if index + 1 == top.len() { "个百分点" } else { "个、" };
        sentence = sentence.number(rate.percent_on_page(1), &row.region, rate.exact()).text(unit);
    }
    vec![sentence.text("。").done()]
}

fn remaining(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let standings = &bulletin.standings;
    let total = &standings.total;
    let rising = standings.flow && standings.direction == crate::plan::Direction::AtLeast;
    let told = rising && !bulletin.total_is_partial();
    let (Some(value), Some(target), true) = (total.so_far, total.target, told) else { return Vec::new() };
    let (measure, region) = (&standings.measure, bulletin.heading.region.as_str());
    // A completion lacks 个百分点, told to the tenth.
    let percentage = measure.is_percentage();
    let unit = if percentage { "个百分点" } else { measure.unit.as_str() };
    let printed = |amount: Amount| match percentage {
        true => measure.format_to(amount, 1),
        false => measure.format(amount),
    };
    let up = |amount: Amount| match percentage {
        true => Amount((amount.0 + measure.per_unit / 10 - 1) / (measure.per_unit / 10) * (measure.per_unit / 10)),
        false => measure.round_up(amount),
    };
    let visible = |amount: Amount| if percentage { printed(amount) } else { measure.format_visible(amount) };
    let left = Amount(target.0 - value.0);
    if left.0 <= 0 {
        let over = Amount(-left.0);
        let text = if over.0 == 0 {
            format!("正好完成{}。", target_name(bulletin))
        } else {
            format!("超额完成{}{}{}。", target_name(bulletin), visible(over), unit)
        };
        return vec![Sentence::new().text(text).done()];
    }
    let months = standings.period.months_left();
    let sentence = Sentence::new()
        .text(format!("距{}还差", target_name(bulletin)))
        .number(visible(left), region, measure.exact(left))
        .text(unit);
    // Over several years the months of this year say nothing about the pace that is needed.
    if months == 0 || total.whole.is_some() {
        return vec![sentence.text("。").done()];
    }
    let monthly = Amount((left.0 + i64::from(months) - 1) / i64::from(months));
    let so_far = Amount(value.0 / i64::from(standings.period.month));
    let sentence = sentence
        .text(if months == 1 { "，12月需完成".to_owned() } else { format!("，后{months}个月月均需完成") })
        .number(printed(up(monthly)), region, measure.exact(monthly))
        .text(format!("{unit}（前{}个月月均", standings.period.month))
        .number(printed(so_far), region, measure.exact(so_far))
        .text(format!("{unit}）。"));
    vec![sentence.done()]
}

fn awards(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let sentence = |column: &super::AwardColumn| {
        let mut named: Vec<(&Row, &str)> = column
            .points
            .iter()
            .filter_map(|(region, points)| Some((bulletin.standings.row(region)?, points.as_str())))
            .collect();
        named.sort_by_key(|(row, _)| row.rank);
        let start = match (bulletin.provisional.is_some(), bulletin.standings.provisional) {
            (true, _) if column.name == super::BY_PACE => "若以序时进度衡量，",
            (true, _) => "按本期数据测算，",
            (false, true) => "尚有单位未报或未定，据已报数据测算，",
            (false, false) => "据已报数据测算（以年终核定结果为准），",
        };
        let mut sentence = Sentence::new().text(start);
        if named.is_empty() {
            sentence = sentence.text(format!(
                "没有单位{}或{}",
                words::gives(&column.unit, false),
                words::gives(&column.unit, true)
            ));
        }
        for (index, group) in named.chunk_by(|(_, one), (_, other)| one == other).enumerate() {
            let (rows, points): (Vec<&Row>, &str) = (group.iter().map(|(row, _)| *row).collect(), group[0].1);
            let each = if rows.len() > 1 { "各" } else { "" };
            // Several kinds for one unit are parted by 、, the units by more.
            let comma = if column.unit.is_empty() && index > 0 { "；" } else { comma(index) };
            sentence = sentence.text(format!("{comma}{}{each}", together(&rows)));
            for (at, (verb, number, unit)) in words::giving(points, &column.unit).into_iter().enumerate() {
                let and = if at > 0 { "、" } else { "" };
                let (text, unit) = (format!("{and}{verb}"), unit.to_owned());
                sentence = sentence.text(text).number(number, &rows[0].region, points).text(unit);
            }
        }
        sentence.text("。").done()
    };
    let columns = bulletin.award_columns();
    let barred = bulletin.standings.barred_in_words().filter(|_| !columns.is_empty());
    let barred = barred.map(|barred| Sentence::new().text(format!("{barred}。")).done());
    columns.iter().map(sentence).chain(barred).collect()
}

fn missing(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let rows: Vec<&Row> = units(bulletin).filter(|row| row.lamp == Lamp::Missing).collect();
    let mut sentences = Vec::new();
    // Said already, before anything else.
    if most_missing(bulletin).is_some() {
        return sentences;
    }
    if !rows.is_empty() {
        sentences
            .push(Sentence::new().text(format!("截至编制时未报送的有{}个：{}。", rows.len(), names(&rows))).done());
    }
    sentences
}

/// The notes under the table: marks, pace, what does not add up.
pub fn notes(bulletin: &Bulletin) -> Vec<String> {
    let standings = &bulletin.standings;
    let withheld = Some(&bulletin.withheld).filter(|text| !text.is_empty()).map(|text| format!("{text}。"));
    let mut notes: Vec<String> = withheld.into_iter().collect();
    notes.push("“—”不适用，“/”无目标，“未报”为本期没有数据，“0.00”为零。".to_owned());
    if let Some(pace) = standings.total.pace.filter(|_| standings.measured() == Measured::Progress) {
        notes.push(format!("序时进度（{}）为{}%。", bulletin.pace_name, pace.percent_on_page(1)));
    }
    let legend = aims::legend(&Columns::of(bulletin));
    let near = bulletin.near.percent(2);
    let near = near.trim_end_matches('0').trim_end_matches('.');
    notes.push(match standings.period.is_year_end() {
        _ if legend.is_some() => legend.unwrap_or_default(),
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
    let unmoved = super::tables::unmoved_by_absence(bulletin);
    if bulletin.previous.as_ref().is_some_and(|previous| !previous.ranks.is_empty() && previous.moves.is_empty()) {
        notes.push("上期与本期参加排位的单位相差较多，不比较位次升降。".to_owned());
    } else if unmoved > 0 {
        notes.push("位次升降只在两期都参加排位的单位之间比较。".to_owned());
    }
    if standings.parts() == Some(Parts::Rounded) {
        notes.push("因四舍五入，分项之和与合计略有出入。".to_owned());
    }
    notes
}
