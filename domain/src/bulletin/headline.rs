//! Titles that state the finding: what a leader reads in ten seconds above a table or a chart.

use super::{Bulletin, aims, words};
use crate::plan::{Direction, SplitKind};
use crate::rate::Rate;
use crate::standing::{Lamp, Measured, Row};

pub use super::text::Headlines;

pub fn headlines(bulletin: &Bulletin) -> Headlines {
    if !bulletin.withheld.is_empty() {
        return Headlines {
            table: bulletin.withheld.clone(),
            cumulative: cumulative(bulletin),
            ..Headlines::default()
        };
    }
    Headlines {
        table: table(bulletin),
        cumulative: cumulative(bulletin),
        bullet: bullet(bulletin),
        growth: growth(bulletin),
        quadrant: quadrant(bulletin),
        slope: slope(bulletin),
        paths: paths(bulletin),
        contribution: contribution(bulletin),
        score: score(bulletin),
    }
}

/// Whether completion and pace say anything.
fn measures_progress(bulletin: &Bulletin) -> bool {
    bulletin.standings.measured() == Measured::Progress
}

/// 丙市得分最高，63.00分（满分70分），乙市最低，49.00分.
fn score(bulletin: &Bulletin) -> String {
    let standings = &bulletin.standings;
    let ranked = standings.ranked();
    let (Some(formed), Some(first), Some(last)) = (&standings.formed, ranked.first(), ranked.last()) else {
        return String::new();
    };
    let on = |place: Option<usize>| {
        let names: Vec<&str> = ranked.iter().filter(|row| row.rank == place).map(|row| row.name.as_str()).collect();
        names.join("、")
    };
    let points = |row: &Row| row.score.as_ref().map(|score| crate::rate::big_round(score, 2)).unwrap_or_default();
    let full = crate::rate::big_plain(&formed.full().to_big());
    if first.rank == last.rank {
        return format!("{}个{}得分相同", ranked.len(), bulletin.heading.unit_noun);
    }
    format!(
        "{}得分最高，{}分（满分{full}分），{}最低，{}分",
        on(first.rank),
        points(first),
        on(last.rank),
        points(last)
    )
}

/// Units whose gap is known, furthest behind first.
fn by_gap(bulletin: &Bulletin) -> Vec<&Row> {
    let assessed = |row: &&Row| row.gap.is_some() && row.within.is_none() && row.kind != SplitKind::Department;
    let mut rows: Vec<&Row> = bulletin.standings.rows.iter().filter(assessed).collect();
    rows.sort_by_key(|row| row.gap);
    rows
}

/// Everybody whose gap is this one, as a title names them; several are 并列.
fn with_gap(rows: &[&Row], gap: Option<Rate>) -> String {
    let same: Vec<&str> = rows.iter().filter(|row| row.gap == gap).map(|row| row.name.as_str()).collect();
    shared(&same)
}

/// 甲县; 甲县、乙县并列: whoever shares an end of a list.
fn shared(same: &[&str]) -> String {
    format!("{}{}", names(same), if same.len() > 1 { "并列" } else { "" })
}

fn table(bulletin: &Bulletin) -> String {
    if !measures_progress(bulletin) {
        return aims::headline(bulletin);
    }
    let rows = by_gap(bulletin);
    let noun = &bulletin.heading.unit_noun;
    let on_pace = rows.iter().filter(|row| row.lamp == Lamp::OnPace).count();
    let missing =
        bulletin.standings.rows.iter().filter(|row| row.lamp == Lamp::Missing && row.within.is_none()).count();
    let noun = &if missing > 0 { format!("已报的{noun}") } else { noun.clone() };
    match (rows.first(), rows.last()) {
        (Some(worst), Some(best)) if rows.len() > 1 && worst.gap == best.gap => match worst.gap {
            Some(gap) if gap.is_negative() => format!("{}个{noun}与序时进度的差距相同", rows.len()),
            _ => format!("{}个{noun}全部达到序时进度，没有差别", rows.len()),
        },
        (Some(worst), Some(best)) if rows.len() > 1 && bulletin.standings.period.is_year_end() => {
            year_end(&rows, noun, worst, best)
        }
        (Some(worst), Some(best)) if rows.len() > 1 => match on_pace {
            0 => format!(
                "{}个{noun}均未达到序时进度，{}差距最小，{}差距最大",
                rows.len(),
                with_gap(&rows, best.gap),
                with_gap(&rows, worst.gap)
            ),
            all if all == rows.len() => format!("{all}个{noun}全部达到序时进度，{}领先最多", with_gap(&rows, best.gap)),
            some => {
                let (best, worst) = (with_gap(&rows, best.gap), with_gap(&rows, worst.gap));
                format!("{}个{noun}中{some}个达到序时进度，{best}领先最多，{worst}落后最多", rows.len())
            }
        },
        _ => format!("{}{}完成情况", bulletin.heading.whole, bulletin.standings.goal_name),
    }
}

/// 11个县（市）区中7个完成年度目标，晋安区超额最多，永泰县差距最大.
fn year_end(rows: &[&Row], noun: &str, worst: &Row, best: &Row) -> String {
    let (worst, best) = (with_gap(rows, worst.gap), with_gap(rows, best.gap));
    let (all, done) = (rows.len(), rows.iter().filter(|row| row.completed == Some(true)).count());
    match done {
        0 => format!("{all}个{noun}均未完成年度目标，{best}差距最小，{worst}差距最大"),
        done if done == all => format!("{all}个{noun}全部完成年度目标，{best}超额最多"),
        some => format!("{all}个{noun}中{some}个完成年度目标，{best}超额最多，{worst}差距最大"),
    }
}

fn cumulative(bulletin: &Bulletin) -> String {
    let total = &bulletin.standings.total;
    let measure = &bulletin.standings.measure;
    let whole = &bulletin.heading.whole;
    if let Some(value) = total.value.filter(|_| bulletin.total_is_partial()) {
        return format!("已报单位累计{}", measure.with_unit(value));
    }
    if !measures_progress(bulletin) {
        return aims::of_the_whole(bulletin);
    }
    let apart = |amount: crate::money::Amount| match measure.is_percentage() {
        true => format!("{}个百分点", measure.format_to(amount, 1)),
        false => measure.visible_with_unit(amount),
    };
    let (Some(value), Some(target), Some(pace), None) = (total.value, total.target, total.pace, total.whole) else {
        return total
            .value
            .map_or(format!("{whole}累计进度"), |value| format!("{whole}累计{}", measure.with_unit(value)));
    };
    // The amount due by now, rounded half up to the smallest unit.
    let due = crate::money::round_to(pace.numerator() * i128::from(target.0), pace.denominator(), 0);
    let ahead = crate::money::Amount(i64::try_from(i128::from(value.0) - due).unwrap_or(0));
    let value = measure.with_unit(value);
    if bulletin.standings.period.is_year_end() {
        return match ahead.0 {
            0 => format!("{whole}全年完成{value}，正好完成年度目标"),
            more if more > 0 => format!("{whole}全年完成{value}，超额{}", apart(ahead)),
            less => format!("{whole}全年完成{value}，距年度目标差{}", apart(crate::money::Amount(-less))),
        };
    }
    match ahead.0 {
        0 => format!("{whole}累计{value}，与序时进度持平"),
        more if more > 0 => format!("{whole}累计{value}，比序时进度多{}", apart(ahead)),
        less => format!("{whole}累计{value}，距序时进度还差{}", apart(crate::money::Amount(-less))),
    }
}

fn bullet(bulletin: &Bulletin) -> String {
    if !measures_progress(bulletin) {
        return String::new();
    }
    let rows = by_gap(bulletin);
    let behind: Vec<&&Row> = rows.iter().filter(|row| row.lamp == Lamp::Behind).collect();
    match (behind.len(), rows.first()) {
        (_, None) => "各单位完成年度目标的情况".to_owned(),
        (0, Some(_)) => "没有单位落后序时进度较多".to_owned(),
        (count, Some(worst)) => {
            let gap = worst.gap.unwrap_or(Rate::ZERO);
            format!("{count}个单位滞后，{}落后最多，差{}个百分点", with_gap(&rows, worst.gap), words::points(gap))
        }
    }
}

/// A title has room for three names.
fn names(names: &[&str]) -> String {
    if names.len() > 3 { format!("{}个单位", names.len()) } else { names.join("、") }
}

fn growth(bulletin: &Bulletin) -> String {
    let mut rows: Vec<&Row> =
        bulletin.standings.rows.iter().filter(|row| row.rank.is_some() && row.growth.is_some()).collect();
    rows.sort_by_key(|row| row.growth);
    // Where less is better the lowest leads.
    if bulletin.standings.direction == Direction::AtMost {
        rows.reverse();
    }
    match (rows.last(), rows.first()) {
        (Some(best), Some(worst)) if rows.len() > 1 => {
            let same = |end: &Row| -> Vec<&str> {
                rows.iter().filter(|row| row.growth == end.growth).map(|row| row.name.as_str()).collect()
            };
            let end = |end: &Row, word: &str| {
                let same = same(end);
                let together = if same.len() > 1 { "并列" } else { "" };
                format!("{}{}{together}{word}", names(&same), end.growth.map(words::growth).unwrap_or_default())
            };
            if best.growth == worst.growth {
                return format!(
                    "{}个单位同比{}，没有差别",
                    rows.len(),
                    best.growth.map(words::growth).unwrap_or_default()
                );
            }
            if super::narrative::all_falling(bulletin) {
                // Nobody leads where all fall.
                let fell = |end: &Row, word: &str| {
                    let by = end.growth.map(|growth| growth.abs().percent_on_page(1)).unwrap_or_default();
                    format!("{}降幅{word}（{by}%）", shared(&same(end)))
                };
                let noun = &bulletin.heading.unit_noun;
                return format!("{}个{noun}均同比下降，{}，{}", rows.len(), fell(best, "最小"), fell(worst, "最大"));
            }
            format!("{}，{}", end(best, "居首"), end(worst, "居末"))
        }
        _ => "各单位同比增幅".to_owned(),
    }
}

fn quadrant(bulletin: &Bulletin) -> String {
    let rules = &bulletin.standings.rules;
    // Before the year's end hardly anybody has completed: what the pace would bring is the finding.
    let points = bulletin
        .provisional
        .as_ref()
        .map_or_else(|| bulletin.standings.readings.get(rules.reading), |awards| &awards.by_pace);
    let minus = points.iter().filter(|(_, points)| points.starts_with('-')).count();
    let plus = points.len() - minus;
    let expected = match (bulletin.standings.provisional, bulletin.standings.period.is_year_end()) {
        (false, _) => "",
        (true, false) => "若以序时进度衡量，",
        (true, true) => "预计",
    };
    let unit = bulletin.award_columns().first().map_or("分".to_owned(), |column| column.unit.clone());
    let (gain, lose) = if unit == "分" { ("加分", "扣分") } else { ("获奖励", "被扣减") };
    match (plus, minus) {
        (0, 0) => format!("{expected}没有单位{gain}或{lose}"),
        (0, minus) => format!("{expected}{minus}个单位{lose}，没有单位{gain}"),
        (plus, 0) => format!("{expected}{plus}个单位{gain}，没有单位{lose}"),
        (plus, minus) => format!("{expected}{plus}个单位{gain}，{minus}个单位{lose}"),
    }
}

/// 与1—4月相比，罗源县升3位最多，福清市降2位最多; 罗源县、长乐区各进退1位 is told by names alone.
fn slope(bulletin: &Bulletin) -> String {
    let Some(previous) = &bulletin.previous else { return String::new() };
    let mut moves: Vec<(i64, &str)> = bulletin
        .standings
        .rows
        .iter()
        .filter_map(|row| Some((bulletin.movement(&row.region)?, row.name.as_str())))
        .collect();
    if moves.len() < 2 {
        return String::new();
    }
    moves.sort();
    let since = format!("与{}相比", previous.period.months());
    let (down, up) = (moves[0], moves[moves.len() - 1]);
    let names =
        |by: i64| names(&moves.iter().filter(|(moved, _)| *moved == by).map(|(_, name)| *name).collect::<Vec<_>>());
    // “Most” only where somebody moved less in the same direction.
    let most = |by: i64| {
        if moves.iter().any(|(moved, _)| moved.signum() == by.signum() && *moved != by) { "最多" } else { "" }
    };
    let each = |by: i64| if moves.iter().filter(|(moved, _)| *moved == by).count() > 1 { "各" } else { "" };
    let part = |by: i64, word: &str| format!("{}{}{word}{}位{}", names(by), each(by), by.abs(), most(by));
    match (up.0 > 0, down.0 < 0) {
        (true, true) => format!("{since}，{}，{}", part(up.0, "升"), part(down.0, "降")),
        (true, false) => format!("{since}，{}", part(up.0, "升")),
        (false, true) => format!("{since}，{}", part(down.0, "降")),
        (false, false) => format!("{since}，各单位位次没有变化"),
    }
}

/// 福清市、永泰县落后且差距还在拉大; nothing before there are two periods to tell a path from.
fn paths(bulletin: &Bulletin) -> String {
    if !measures_progress(bulletin)
        || bulletin.paths.iter().all(|path| path.completion.len() < 2 || path.pace.is_empty())
    {
        return String::new();
    }
    // Behind the pace now, and further behind than in the period before.
    let falling: Vec<&str> =
        bulletin.paths.iter().filter(|path| is_falling(path)).map(|path| path.name.as_str()).collect();
    let on_pace = bulletin.standings.ranked().iter().filter(|row| row.lamp == Lamp::OnPace).count();
    let all = bulletin.paths.len();
    match (falling.len(), on_pace) {
        _ if bulletin.standings.period.is_year_end() => {
            let done = bulletin.standings.ranked().iter().filter(|row| row.completed == Some(true)).count();
            format!("{all}个单位中{done}个完成年度目标")
        }
        (0, on_pace) if on_pace == all => format!("{all}个单位都跟上序时进度"),
        (0, 0) => format!("{all}个单位都未跟上序时进度，但差距没有再拉大"),
        (0, on_pace) => format!("{all}个单位中{on_pace}个跟上序时进度，其余差距没有再拉大"),
        (count, 0) => {
            let which = if count == all {
                "差距都在拉大".to_owned()
            } else {
                format!("其中{}差距还在拉大", names(&falling))
            };
            format!("{all}个单位都落后，{which}")
        }
        _ => format!("{}落后且差距还在拉大", names(&falling)),
    }
}

fn is_falling(path: &super::UnitPath) -> bool {
    let pace = |month: u32| path.pace.iter().find(|(at, _)| *at == month).map(|(_, share)| *share);
    let mut newest =
        path.completion.iter().rev().filter_map(|(month, completion)| Some(completion.minus(pace(*month)?)));
    match (newest.next(), newest.next()) {
        (Some(now), Some(before)) => now.is_negative() && now < before,
        _ => false,
    }
}

/// 福清市拉动最大，3.7个百分点；永泰县拉低最多，0.04个百分点.
fn contribution(bulletin: &Bulletin) -> String {
    let rows = super::tables::contribution_rows(bulletin);
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return String::new() };
    if rows.len() < 2 {
        return String::new();
    }
    let of = |end: &Row| {
        shared(
            &rows
                .iter()
                .filter(|row| row.contribution == end.contribution)
                .map(|row| row.name.as_str())
                .collect::<Vec<_>>(),
        )
    };
    let points = |row: &Row| {
        let each = rows.iter().filter(|other| other.contribution == row.contribution).count() > 1;
        format!("{}{}", if each { "各" } else { "" }, words::points(row.contribution.unwrap_or(Rate::ZERO)))
    };
    let below = rows.iter().filter(|row| row.contribution.is_some_and(Rate::is_negative)).count();
    let (most, least) = (
        format!("{}拉动最大，{}个百分点", of(first), points(first)),
        format!("{}拉低最多，{}个百分点", of(last), points(last)),
    );
    let none_pulls = first.contribution == Some(Rate::ZERO);
    match (none_pulls, below) {
        _ if first.contribution == last.contribution && below == 0 => {
            format!("{}个单位的拉动相同，{}个百分点", rows.len(), points(first))
        }
        (true, 0) => "没有单位拉动增长".to_owned(),
        (_, 0) => format!("{most}，各单位都是正拉动"),
        (_, all) if all == rows.len() => {
            let (noun, whole) = (&bulletin.heading.unit_noun, &bulletin.heading.whole);
            format!("各{noun}均下拉{whole}增速，{}下拉最多，{}个百分点", of(last), points(last))
        }
        (true, _) => least,
        (_, 1) => format!("{most}；只有{}拉低，{}个百分点", of(last), points(last)),
        _ => format!("{most}；{least}"),
    }
}
