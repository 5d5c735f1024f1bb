//! Sentences about figures that have no way through the year: how far a level or a growth is from its target, who
//! reached it, and where only growths are known, who rises and who stands above the whole.

use super::columns::Columns;
use super::narrative::{NAMED, Sentence, names, units};
use super::text::Span;
use super::{Bulletin, words};
use crate::plan::Direction;
use crate::standing::{Distance, Measured, Row, Standings};

/// 低于目标0.006吨标准煤/万元, as spans behind a comma.
pub(super) fn beside_target(sentence: Sentence, bulletin: &Bulletin, distance: Distance, target: &str) -> Sentence {
    let standings = &bulletin.standings;
    if distance.is_zero() {
        return sentence.text(format!("，与{target}持平"));
    }
    let word = if distance.is_negative() { "低于" } else { "高于" };
    sentence
        .text(format!("，{word}{target}"))
        .number(distance.printed(standings), &bulletin.heading.region, distance.exact(standings))
        .text(standings.distance_unit().to_owned())
}

/// What is reached: 增幅达到目标, 达到目标.
fn aim(measured: Measured) -> &'static str {
    if measured == Measured::Growth { "增幅达到目标" } else { "达到目标" }
}

/// Who reached the target and who missed it, by name and distance; without any target, who rises and who falls.
pub(super) fn reached(bulletin: &Bulletin) -> Vec<Vec<Span>> {
    let standings = &bulletin.standings;
    let judged: Vec<&Row> = units(bulletin).filter(|row| standings.is_reached(row).is_some()).collect();
    let mut sentences = Vec::new();
    if !judged.is_empty() {
        sentences.push(who_reached(bulletin, &judged));
    }
    if standings.measured() == Measured::Growth {
        sentences.extend(rising(bulletin));
    }
    sentences
}

fn who_reached(bulletin: &Bulletin, judged: &[&Row]) -> Vec<Span> {
    let (standings, noun) = (&bulletin.standings, &bulletin.heading.unit_noun);
    let aim = aim(standings.measured());
    let (done, mut open): (Vec<&Row>, Vec<&Row>) =
        judged.iter().copied().partition(|row| standings.is_reached(row) == Some(true));
    // Furthest from the target first.
    open.sort_by_key(|row| standings.distance(row));
    let (low, word) = match standings.direction {
        Direction::AtMost => (false, "高"),
        _ => (true, "低"),
    };
    if !low {
        open.reverse();
    }
    let subject = format!("{}个{noun}", judged.len());
    let start = match (done.len(), open.len()) {
        (all, 0) => {
            let all = if all > 1 { "全部" } else { "" };
            return Sentence::new().text(format!("{subject}{all}{aim}。")).done();
        }
        (0, all) => format!("{subject}{}未{aim}", if all > 1 { "均" } else { "" }),
        (some, missed) => format!("{subject}中，{aim}的{some}个，未达到的{missed}个"),
    };
    let mut sentence = Sentence::new().text(start);
    if open.len() > NAMED {
        return sentence.text("。").done();
    }
    for (index, row) in open.iter().enumerate() {
        let Some(distance) = standings.distance(row) else { continue };
        sentence = sentence
            .text(format!("{}{}{word}", if index > 0 { "、" } else { "（" }, row.name))
            .number(distance.printed(standings), &row.region, distance.exact(standings))
            .text(standings.distance_unit().to_owned());
    }
    sentence.text("）。").done()
}

/// 11个县（市）区中，增长的8个，下降的3个（…）；高于全市的5个。
fn rising(bulletin: &Bulletin) -> Option<Vec<Span>> {
    let (standings, heading) = (&bulletin.standings, &bulletin.heading);
    let grown: Vec<&Row> = units(bulletin).filter(|row| row.growth.is_some()).collect();
    if grown.len() < 2 {
        return None;
    }
    let said = |row: &Row| row.growth.map(|growth| words::growth_word(growth, &growth.percent_on_page(1)));
    let with = |word: &str| -> Vec<&Row> { grown.iter().copied().filter(|row| said(row) == Some(word)).collect() };
    let (rising, falling) = (with("增长"), with("下降"));
    let level = grown.len() - rising.len() - falling.len();
    let mut parts = Vec::new();
    if !rising.is_empty() {
        parts.push(format!("增长的{}个", rising.len()));
    }
    if level > 0 {
        parts.push(format!("持平或基本持平的{level}个"));
    }
    if !falling.is_empty() {
        let named = if falling.len() <= NAMED { format!("（{}）", names(&falling)) } else { String::new() };
        parts.push(format!("下降的{}个{named}", falling.len()));
    }
    let subject = format!("{}个{}", grown.len(), heading.unit_noun);
    let mut text = match (rising.len(), falling.len()) {
        (all, _) if all == grown.len() => format!("{subject}均同比增长"),
        (_, all) if all == grown.len() => format!("{subject}均同比下降"),
        _ => format!("{subject}中，同比{}", parts.join("，")),
    };
    if let Some(whole) = standings.total.growth {
        let above = grown.iter().filter(|row| row.growth > Some(whole)).count();
        text.push_str(&match above {
            0 => format!("；没有高于{}的", heading.whole),
            above => format!("；高于{}的{above}个", heading.whole),
        });
    }
    Some(Sentence::new().text(format!("{text}。")).done())
}

/// 11个县（市）区中8个增幅达到目标，甲县高出最多，乙县差距最大.
pub(super) fn headline(bulletin: &Bulletin) -> String {
    let (standings, heading) = (&bulletin.standings, &bulletin.heading);
    let aim = aim(standings.measured());
    let judged: Vec<&Row> = units(bulletin).filter(|row| standings.is_reached(row).is_some()).collect();
    let whole = || match (standings.total_distance(), standings.is_total_reached()) {
        (Some(_), Some(true)) => format!("{}{aim}", heading.whole),
        (Some(distance), Some(false)) => {
            let word = if distance.is_negative() { "低于" } else { "高于" };
            format!("{}{word}目标{}{}", heading.whole, distance.printed(standings), standings.distance_unit())
        }
        _ => format!("{}{}情况", heading.whole, standings.goal_name),
    };
    if judged.is_empty() {
        return whole();
    }
    let done = judged.iter().filter(|row| standings.is_reached(row) == Some(true)).count();
    let count = match done {
        0 => format!("{}个{}均未{aim}", judged.len(), heading.unit_noun),
        all if all == judged.len() => format!("{all}个{}全部{aim}", heading.unit_noun),
        some => format!("{}个{}中{some}个{aim}", judged.len(), heading.unit_noun),
    };
    match furthest(standings, &judged) {
        Some(names) if done < judged.len() => format!("{count}，{names}差距最大"),
        _ => count,
    }
}

/// 全省单位能耗为0.45吨标准煤/万元，低于目标0.006吨标准煤/万元.
pub(super) fn of_the_whole(bulletin: &Bulletin) -> String {
    let (standings, whole) = (&bulletin.standings, &bulletin.heading.whole);
    let Some(value) = standings.total.value else { return format!("{whole}{}", standings.goal_name) };
    let said = if standings.flow { "累计".to_owned() } else { format!("{}为", standings.goal_name) };
    let beside = standings.total_distance().filter(|_| standings.measured() == Measured::Distance);
    let beside = beside.map_or_else(String::new, |distance| {
        let word = if distance.is_negative() { "低于" } else { "高于" };
        match distance.is_zero() {
            true => "，与目标持平".to_owned(),
            false => format!("，{word}目标{}{}", distance.printed(standings), standings.distance_unit()),
        }
    });
    format!("{whole}{said}{}{beside}", standings.measure.with_unit(value))
}

/// Whoever is furthest on the wrong side of the target; nobody where more than three share it.
fn furthest(standings: &Standings, judged: &[&Row]) -> Option<String> {
    let distances = judged.iter().filter_map(|row| standings.distance(row));
    let worst = match standings.direction {
        Direction::AtMost => distances.max(),
        _ => distances.min(),
    }?;
    let same: Vec<&Row> = judged.iter().copied().filter(|row| standings.distance(row) == Some(worst)).collect();
    (same.len() <= 3).then(|| format!("{}{}", names(&same), if same.len() > 1 { "并列" } else { "" }))
}

/// What the marks beside the units mean.
pub(super) fn legend(columns: &Columns<'_>) -> Option<String> {
    match columns.measured() {
        Measured::Progress => None,
        Measured::Growth => Some("● 增幅达到目标；■ 未达到；◇ 未报。".to_owned()),
        Measured::Distance => Some("● 达到目标；■ 未达到；◇ 未报。".to_owned()),
    }
}
