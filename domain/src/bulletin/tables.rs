//! The tables behind the charts: exactly what is drawn, as printed. Pages show them, files carry them.

use serde::{Deserialize, Serialize};

use super::columns::{Column, Columns};
use super::diff::Change;
use super::{AwardColumn, Bulletin, Conventions, words};
use crate::money::Amount;
use crate::month::Period;
use crate::plan::Direction;
use crate::plan::rules::RankBy;
use crate::rate::{BigRational, Rate, big_percent, big_plain, big_round};
use crate::shown::{DASH, Shown, UNREPORTED};
use crate::standing::{FormedPart, Lamp, Measured, Row, Standings};

/// The table of a chart, by its name in addresses.
pub fn of_chart(bulletin: &Bulletin, name: &str) -> Option<Table> {
    match name {
        // What most units are waited for with has no ranking.
        "growth" | "slope" | "paths" | "contribution" | "quadrant" if !bulletin.withheld.is_empty() => None,
        "growth" => Some(growth(bulletin)),
        "cumulative" => Some(cumulative(bulletin)),
        "slope" => Some(slope(bulletin)),
        "paths" => Some(paths(bulletin)),
        "contribution" => Some(contribution(bulletin)),
        "quadrant" => Some(quadrant(bulletin)),
        "score" => scores(&bulletin.standings),
        "goals" => bulletin.overview.as_ref().map(|overview| super::whole_plan::table(overview, bulletin.near)),
        "texts" => (!bulletin.texts.is_empty()).then(|| super::texts::table(&bulletin.texts)),
        "projects" => bulletin.projects.as_ref().map(super::projects::table),
        "tasks" => (!bulletin.tasks.is_empty()).then(|| super::dated::table(&bulletin.tasks)),
        _ => None,
    }
}

/// A table as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn of(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: rows.into_iter().collect() }
    }
}

/// The main table as paper shows it: the whole first, then the rows of `standings` in their order, 其中 rows named so.
pub fn standings(bulletin: &Bulletin) -> Table {
    let standings = &bulletin.standings;
    let awards = bulletin.award_columns();
    let mut header = vec![format!("{}位次", standings.ranked_by().name()), bulletin.heading.unit_noun.clone()];
    let extra = extra_columns(standings);
    let columns = Columns::of(bulletin);
    let shown = columns.shown();
    header.extend(shown.iter().map(|column| columns.head(*column)));
    header.push("进度".to_owned());
    header.extend(extra.iter().map(|column| column.head.clone()));
    header.extend(awards.iter().map(AwardColumn::head));
    let total = |column: &Column| columns.cell_of_total(*column).shown_or(columns.mark_of_total(*column), |text| text);
    let mut whole = vec![DASH.to_owned(), bulletin.heading.whole.clone()];
    whole.extend(shown.iter().map(total));
    whole.resize(header.len(), DASH.to_owned());
    let line = |row: &Row| {
        let name = if row.within.is_some() { format!("其中：{}", row.name) } else { row.name.clone() };
        let mut cells = vec![bulletin.place(row).or_dash(), name];
        let cell = |column: &Column| columns.cell(*column, row).shown_or(columns.mark(*column, row), |text| text);
        cells.extend(shown.iter().map(cell));
        let (lamp, word) = columns.lamp(row);
        cells.push(if word == DASH { DASH.to_owned() } else { format!("{} {word}", lamp.mark()) });
        cells.extend(extra.iter().map(|column| (column.of)(row).or_dash()));
        cells.extend(awards.iter().map(|column| column.text(&row.region)));
        cells
    };
    let rows = std::iter::once(whole).chain(standings.rows.iter().map(line)).collect();
    Table { header, rows }
}

/// Where a row's figures came from. A unit that nothing is due from is not 未报.
pub fn source_of(bulletin: &Bulletin, row: &Row) -> String {
    let nothing = match (bulletin.conventions, row.lamp) {
        (Conventions::Second, Lamp::NotAssessed) => DASH,
        _ => "本期未报",
    };
    row.source.as_ref().shown_or(nothing, |source| source.describe())
}

/// What each ranked unit's score is the sum of, best first; `None` where places follow no score.
pub fn scores(standings: &Standings) -> Option<Table> {
    let formed = standings.formed.as_ref()?;
    let full = |rate: Rate| big_plain(&rate.to_big());
    let counted: Vec<&FormedPart> = formed.parts.iter().filter(|part| part.counted).collect();
    let ranked = standings.ranked();
    let graded = ranked.iter().any(|row| row.grade.is_some());
    let digits = score_digits(&ranked);
    let mut header = vec!["位次".to_owned(), "单位".to_owned()];
    header.extend(counted.iter().map(|part| format!("{}（满分{}）", part.name, full(part.full))));
    header.push(format!("得分（满分{}）", full(formed.full())));
    header.extend(graded.then(|| "等次".to_owned()));
    let line = |row: &&Row| {
        let mut cells = vec![row.rank.or_dash(), row.name.clone()];
        let part = |name: &str| row.parts.iter().find(|part| part.name == name);
        cells.extend(counted.iter().map(|counted| {
            part(&counted.name).shown(|part| match &part.share {
                Some(share) => {
                    format!("{}（{}%）", score_text(&part.points, digits), big_percent(share, 1).replace('-', "−"))
                }
                None => score_text(&part.points, digits),
            })
        }));
        cells.push(row.score.as_ref().shown(|score| score_text(score, digits)));
        cells.extend(graded.then(|| row.grade.clone().or_dash()));
        cells
    };
    Some(Table { rows: ranked.iter().map(line).collect(), header })
}

/// What a score leaves out, as a note below its table.
pub fn score_note(standings: &Standings) -> Option<String> {
    let formed = standings.formed.as_ref()?;
    let left_out: Vec<&str> = formed.left_out().collect();
    let open = match left_out.is_empty() {
        true => String::new(),
        false => format!("{}尚无数据，未计入，其余各项满分不变。", left_out.join("、")),
    };
    Some(format!("括号内为与基准之比。{open}"))
}

/// Two decimals, or as many as tell different scores apart.
fn score_digits(ranked: &[&Row]) -> u32 {
    let mut scores: Vec<&BigRational> = ranked.iter().filter_map(|row| row.score.as_ref()).collect();
    scores.sort_unstable();
    scores.dedup();
    let alike = |digits: u32| scores.windows(2).any(|pair| big_round(pair[0], digits) == big_round(pair[1], digits));
    (2..=8).find(|&digits| !alike(digits)).unwrap_or(8)
}

fn score_text(points: &BigRational, digits: u32) -> String {
    big_round(points, digits).replace('-', "−")
}

/// Columns that only some rules have: the place within the group, the second place, the score.
pub struct Extra {
    pub head: String,
    pub of: fn(&Row) -> Option<String>,
}

/// The columns of these standings beyond those of every table, in their order.
pub fn extra_columns(standings: &Standings) -> Vec<Extra> {
    let mut columns = Vec::new();
    if standings.rows.iter().any(|row| row.group.is_some()) {
        let of = |row: &Row| {
            row.group.as_ref().map(|group| match row.group_rank {
                Some(place) => format!("{group} {place}"),
                None => group.clone(),
            })
        };
        columns.push(Extra { head: "组内位次".to_owned(), of });
    }
    columns.extend(standings.rank_also.map(|by| Extra {
        head: format!("{}位次", by.name()),
        of: |row: &Row| row.rank_also.map(|place| place.to_string()),
    }));
    columns.extend(standings.formed.as_ref().map(|formed| Extra {
        head: format!("得分（满分{}）", big_plain(&formed.full().to_big())),
        of: |row: &Row| row.score.as_ref().map(|score| score_text(score, 2)),
    }));
    columns
}

/// Every figure exactly, and where it came from: the whole first, then the rows in their order.
pub fn sources(bulletin: &Bulletin) -> Table {
    let standings = &bulletin.standings;
    let exact = |amount: Option<Amount>| amount.shown(|amount| standings.measure.exact_on_page(amount));
    let line = |name: &str, value, base, growth: Option<Rate>, source: String| {
        vec![name.to_owned(), exact(value), exact(base), growth.shown(Rate::exact_on_page), source]
    };
    let total = &standings.total;
    let from = match &total.source {
        Some(source) => source.describe(),
        None if total.value.is_none() => "没有报送，也没有可以相加的数".to_owned(),
        None => "未单独报送，为各单位已报数之和".to_owned(),
    };
    let mut rows = vec![line(&bulletin.heading.whole, total.value, total.base, total.growth, from)];
    rows.extend(
        standings.rows.iter().map(|row| line(&row.name, row.value, row.base, row.growth, source_of(bulletin, row))),
    );
    let unit = if standings.measure.money { "元" } else { standings.measure.unit.as_str() };
    let (value, base) = (format!("累计完成（{unit}）"), format!("上年同期（{unit}）"));
    Table { header: ["单位", &value, &base, "增幅（分数）", "来源"].map(str::to_owned).to_vec(), rows }
}

/// What a correction changes, cell by cell.
pub fn corrections(changes: &[Change]) -> Table {
    let lines = changes
        .iter()
        .map(|change| [&change.name, &change.what, &change.before, &change.after].map(String::clone).to_vec());
    Table::of(&["单位", "项目", "更正前", "更正后"], lines)
}

/// Whether the places are those of growth: only then a list by growth may carry them.
pub fn placed_by_growth(bulletin: &Bulletin) -> bool {
    bulletin.standings.ranked_by() == RankBy::Growth
}

/// Ranked units with growth, highest growth first.
pub fn growth_rows(bulletin: &Bulletin) -> Vec<&Row> {
    let mut rows: Vec<&Row> = bulletin.standings.ranked().into_iter().filter(|row| row.growth.is_some()).collect();
    if !placed_by_growth(bulletin) {
        rows.sort_by_key(|row| std::cmp::Reverse(row.growth));
        // Where less is better the lowest leads; editions from before that was so keep their order.
        if bulletin.conventions == Conventions::Second && bulletin.standings.direction == Direction::AtMost {
            rows.reverse();
        }
    }
    rows
}

pub fn growth(bulletin: &Bulletin) -> Table {
    let rows = growth_rows(bulletin);
    let columns = Columns::of(bulletin);
    let lines = rows.iter().map(|row| {
        let target = row.target_growth.shown(|target| target.in_percent(1));
        let place = if placed_by_growth(bulletin) { row.rank.or_dash() } else { DASH.to_owned() };
        vec![place, row.name.clone(), columns.growth(row).shown(|text| format!("{text}%")), target]
    });
    Table::of(&["位次", "单位", "同比增长", "目标增幅"], lines)
}

pub fn cumulative(bulletin: &Bulletin) -> Table {
    let (series, measure) = (&bulletin.series, &bulletin.standings.measure);
    let lines = series.value.iter().map(|(month, value)| {
        let base = series.last_year.iter().find(|(at, _)| at == month).shown(|(_, base)| measure.format(*base));
        let period = Period { year: bulletin.standings.period.year, month: *month };
        vec![period.months(), measure.format(*value), base]
    });
    let (value, base) = (format!("累计（{}）", measure.unit), format!("上年同期（{}）", measure.unit));
    Table::of(&["期间", &value, &base], lines)
}

/// Ranked units with a completion, best first.
pub fn quadrant_rows(bulletin: &Bulletin) -> Vec<&Row> {
    // Without a way through the year there is nothing to set against the places.
    if Columns::of(bulletin).measured() != Measured::Progress {
        return Vec::new();
    }
    bulletin.standings.ranked().into_iter().filter(|row| row.completion.is_some()).collect()
}

/// What a unit lacks to complete, and to the place before it; nothing in editions from before that was told.
fn step_cells(bulletin: &Bulletin, row: &Row) -> Vec<String> {
    if bulletin.steps.is_empty() {
        return Vec::new();
    }
    let step = bulletin.steps.iter().find(|step| step.region == row.region);
    let amount = |amount: Option<Amount>| amount.shown(|amount| bulletin.standings.measure.format_visible(amount));
    let growth = step.and_then(|step| step.next_growth).shown(words::points);
    vec![amount(step.and_then(|step| step.to_complete)), amount(step.and_then(|step| step.to_next)), growth]
}

pub fn quadrant(bulletin: &Bulletin) -> Table {
    let (rows, columns) = (quadrant_rows(bulletin), Columns::of(bulletin));
    let lines = rows.iter().map(|row| {
        let award = bulletin.shown_award(&row.region).or_dash();
        let completion = columns.completion(row).shown(|text| format!("{text}%"));
        let growth = match bulletin.conventions {
            Conventions::First => row.growth.shown(|growth| growth.in_percent(1)),
            Conventions::Second => columns.growth(row).shown(|text| format!("{text}%")),
        };
        let cells = [row.rank.or_dash(), row.name.clone(), completion, row.completed_text().to_owned(), growth, award];
        cells.into_iter().chain(step_cells(bulletin, row)).collect()
    });
    let measure = &bulletin.standings.measure;
    let (complete, next) = (format!("距完成目标（{}）", measure.unit), format!("距前一位（{}）", measure.unit));
    let award = bulletin.award_columns().last().map_or("加减分", |column| column.name);
    let mut header = vec!["位次", "单位", "完成率", "是否完成", "同比增长", award];
    if !bulletin.steps.is_empty() {
        header.extend([complete.as_str(), next.as_str(), "距前一位（个百分点）"]);
    }
    Table::of(&header, lines)
}

/// Ranked units whose movement is told, with their places before and now, by today's place.
pub fn slope_rows(bulletin: &Bulletin) -> Vec<(&Row, usize, usize)> {
    let ranked = bulletin.standings.ranked().into_iter();
    ranked.filter_map(|row| bulletin.places(&row.region).map(|(before, now)| (row, before, now))).collect()
}

/// How many ranked units have no movement, where others have.
pub fn unmoved_by_absence(bulletin: &Bulletin) -> usize {
    match slope_rows(bulletin).len() {
        0 => 0,
        _ if bulletin.conventions == Conventions::First => 0,
        told => bulletin.standings.count_ranked() - told,
    }
}

pub fn slope(bulletin: &Bulletin) -> Table {
    let lines = slope_rows(bulletin).into_iter().map(|(row, before, now)| {
        let moved = words::moved(before as i64 - now as i64);
        vec![row.name.clone(), before.to_string(), now.to_string(), moved]
    });
    Table::of(&["单位", "上期位次", "本期位次", "变动"], lines)
}

/// One line per unit, one column per period.
pub fn paths(bulletin: &Bulletin) -> Table {
    let mut months: Vec<u32> =
        bulletin.paths.iter().flat_map(|path| &path.completion).map(|(month, _)| *month).collect();
    months.sort_unstable();
    months.dedup();
    let year = bulletin.standings.period.year;
    let header = months.iter().map(|month| Period { year, month: *month }.months());
    let rows = bulletin.paths.iter().map(|path| {
        let at = |month: &u32| path.completion.iter().find(|(known, _)| known == month);
        let cells = months
            .iter()
            .map(|month| at(month).shown_or(UNREPORTED, |(_, rate)| format!("{}%", rate.percent_beside(Rate::ONE, 1))));
        std::iter::once(path.name.clone()).chain(cells).collect()
    });
    Table { header: std::iter::once("单位".to_owned()).chain(header).collect(), rows: rows.collect() }
}

/// Units with a contribution, the largest first; 其中 rows are not added and stand apart.
pub fn contribution_rows(bulletin: &Bulletin) -> Vec<&Row> {
    let mut rows: Vec<&Row> =
        bulletin.standings.rows.iter().filter(|row| row.within.is_none() && row.contribution.is_some()).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.contribution));
    rows
}

/// 其中 rows with a contribution: shown, never added.
pub fn contribution_within(bulletin: &Bulletin) -> Vec<&Row> {
    bulletin.standings.rows.iter().filter(|row| row.within.is_some() && row.contribution.is_some()).collect()
}

/// What the contributions lack of the stated growth: 统计误差; `None` where the total has no growth, and where it would
/// print 0.0.
pub fn discrepancy(bulletin: &Bulletin) -> Option<Rate> {
    let growth = bulletin.standings.total.growth?;
    let sum = contribution_rows(bulletin).iter().filter_map(|row| row.contribution).fold(Rate::ZERO, Rate::plus);
    let lacking = growth.minus(sum);
    Some(lacking).filter(|rate| bulletin.conventions == Conventions::First || rate.rounded(1) != Rate::ZERO)
}

/// A contribution with its sign as printed: `3.7`, `−0.04`.
pub fn points_text(rate: Rate) -> String {
    format!("{}{}", if rate.is_negative() { "−" } else { "" }, words::points(rate))
}

pub fn contribution(bulletin: &Bulletin) -> Table {
    let line = |name: String, rate: Rate| vec![name, points_text(rate)];
    let mut rows: Vec<Vec<String>> =
        contribution_rows(bulletin).iter().filter_map(|row| Some(line(row.name.clone(), row.contribution?))).collect();
    rows.extend(
        contribution_within(bulletin)
            .iter()
            .filter_map(|row| Some(line(format!("其中：{}（不相加）", row.name), row.contribution?))),
    );
    rows.extend(discrepancy(bulletin).map(|rate| line("统计误差".to_owned(), rate)));
    rows.extend(bulletin.standings.total.growth.map(|rate| line(format!("{}增长", bulletin.heading.whole), rate)));
    Table::of(&["单位", "拉动（个百分点）"], rows)
}
