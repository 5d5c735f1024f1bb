//! What heads and titles say: what a column is used for, of which months and year, in which unit of money.

use domain::head::{Head, Says, UNITS, months_in, unit_word, years_in};
use domain::month::Period;
use domain::plan::{Kind, Plan};
use domain::region::fold_name;

use super::Use;
pub(super) use super::cells::{distinct, is_figure, numbers_columns};
use crate::grid::Grid;

/// The units that a title or note states as such: behind 单位, or alone in parentheses. 亿元以上项目 states none; 亿元、万元
/// states two.
pub(super) fn stated_units(text: &str) -> Vec<&'static str> {
    let folded = fold_name(text).replace('（', "(").replace('）', ")");
    let unit_of = |text: &str| UNITS.into_iter().find(|unit| text.starts_with(unit));
    let mut behind = folded.split("单位").skip(1).map(|rest| rest.trim_start_matches([':', '：', '为', '(']));
    let Some((rest, unit)) = behind.find_map(|rest| Some((rest, unit_of(rest)?))) else {
        return UNITS.into_iter().find(|unit| folded.contains(&format!("({unit})"))).into_iter().collect();
    };
    let next = rest[unit.len()..].strip_prefix(['、', '/', '或', ',']).and_then(unit_of);
    std::iter::once(unit).chain(next).collect()
}

/// A line with one text, merged over the table or alone: a title, or 单位：万元 at the right.
pub(super) fn is_title(row: &[String]) -> bool {
    let texts = distinct(row);
    match texts[..] {
        [] => true,
        // One text over the table is its title; a head of its own would say what its column holds.
        [only] => {
            let head = matches!(use_of(only, None, Kind::Amount), Use::Value | Use::Base);
            !row[0].trim().is_empty() || !head || only.contains("情况") || only.ends_with('表')
        }
        _ => texts.iter().any(|text| text.contains("填报单位") || text.contains("填表人") || text.contains("制表")),
    }
}

/// More lines of heads than any table has; of more, the nearest to the first line are read.
const LINES: usize = 8;
/// So many lines above the first are looked at: titles stand no farther.
const FARTHEST: usize = 100;
/// What of a head is read, in characters.
const LONGEST: usize = 120;

/// What stands above the first line: the titles' texts, and for each column its head, one part for each line of heads.
pub(super) fn above_and_heads(grid: &Grid, first: usize) -> (Vec<&str>, Vec<String>) {
    let first = first.min(grid.rows.len());
    let rows = (first.saturating_sub(FARTHEST)..first).filter(|&row| !numbers_columns(&grid.rows[row]));
    let (titles, heads): (Vec<usize>, Vec<usize>) = rows.partition(|&row| is_title(&grid.rows[row]));
    let [titles, heads] = [&titles, &heads].map(|rows| &rows[rows.len().saturating_sub(LINES)..]);
    // A blank parts lines of heads: those inside a cell only spread its characters.
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let head = |column: usize| {
        let texts: Vec<String> = heads.iter().map(|&row| plain(grid.cell(row, column))).collect();
        distinct(&texts).join(" ").chars().take(LONGEST).collect()
    };
    (titles.iter().flat_map(|&row| distinct(&grid.rows[row])).collect(), (0..grid.width()).map(head).collect())
}

/// What a head means for a goal of this kind, where the sheet is of this period.
pub(super) fn use_of(text: &str, period: Option<Period>, kind: Kind) -> Use {
    let head = Head::of(text);
    // The figure of a ratio is itself a share; things are counted, money is not.
    let figure = match head.says {
        Some(Says::Amount) => match kind {
            Kind::Amount => !head.of_things,
            Kind::Count => unit_word(text).is_none(),
            Kind::Ratio | Kind::Growth | Kind::AverageGrowth => true,
            Kind::Completion | Kind::Text => false,
        },
        Some(Says::Share) => matches!(kind, Kind::Ratio | Kind::Completion),
        _ => false,
    };
    let last_year = period.is_some_and(|period| head.is_all_of(period.year - 1));
    let other_year = period.is_some_and(|period| head.is_of_another_year(period.year)) && !last_year;
    // A head that names months is of those: 1—4月 beside 1—5月, and a single month without 累计.
    let other_months = period.is_some_and(|period| head.is_of_other_months(period.month));
    let of_this_time = !other_year && !other_months && !head.alone;
    let past = (last_year || head.past) && !head.compared;
    match head.says {
        Some(Says::Note) => Use::Note,
        Some(Says::Growth) if of_this_time && !past && !head.planned => Use::Growth,
        _ if !figure || !of_this_time || (head.planned && !head.done) => Use::Ignore,
        _ if past => Use::Base,
        _ => Use::Value,
    }
}

/// How well a head names the time that is looked for: the sheet's months or this year.
pub(super) fn names_time(text: &str, period: Option<Period>) -> bool {
    let head = Head::of(text);
    let named = |period: Period| {
        (!head.months.is_empty() && !head.is_of_other_months(period.month)) || head.years.contains(&period.year)
    };
    head.this_year || head.same_period || period.is_some_and(named)
}

/// What a head means in the split of this year's target.
pub(super) fn use_in_split(text: &str, year: i32, money: bool) -> Use {
    let head = Head::of(text);
    let has = |words: &[&str]| words.iter().any(|word| head.text.contains(word));
    let other = head.is_of_another_year(year);
    let past = (other || head.past) && !head.compared;
    let part = (has(&["季度", "上半年", "下半年", "月均", "序时", "五年", "十四五", "十三五"])
        || !head.months.is_empty())
        && !head.months.contains(&(1, 12));
    let of_things = if money { head.of_things } else { unit_word(text).is_some() };
    match head.says {
        Some(Says::Number) => Use::Number,
        Some(Says::Growth) if part || past || (head.done && !head.planned) => Use::Ignore,
        Some(Says::Growth) => Use::Growth,
        Some(Says::Note | Says::Aside | Says::Share | Says::Difference) => Use::Ignore,
        _ if part || of_things || other || (past || head.done) && !head.planned => Use::Ignore,
        None if !has(&["指标", "年度", "全年", "亿元", "万元"]) => Use::Ignore,
        _ => Use::Value,
    }
}

/// Lines that say when something was filled in, not of which months it is.
const DATES: [&str; 7] = ["填报日期", "填表", "报送", "制表", "打印", "日期", "时间"];

/// The period that titles name, else heads, else the sheet: one span from January, or one month alone. Several that
/// differ are none, and so is a year that the plan does not have.
pub(super) fn period_in(above: &[&str], heads: &[&str], sheet: &str, plan: &Plan) -> Option<Period> {
    let dated = |text: &&str| {
        DATES.iter().any(|word| text.contains(word)) && !months_in(text).iter().any(|(from, to)| from < to)
    };
    let above: Vec<&str> = above.iter().copied().filter(|text| !dated(text)).collect();
    let titled: Vec<i32> = above.iter().copied().flat_map(years_in).collect();
    let years =
        if titled.is_empty() { heads.iter().copied().chain([sheet]).flat_map(years_in).collect() } else { titled };
    let known = years.iter().copied().filter(|year| (plan.years.0..=plan.years.1).contains(year)).max();
    let year = if years.is_empty() { (plan.years.0 == plan.years.1).then_some(plan.years.0)? } else { known? };
    let sheet = [sheet];
    for (texts, spans) in [
        (&above[..], true),
        (heads, true),
        (&above[..], false),
        (&sheet[..], true),
        (heads, false),
        (&sheet[..], false),
    ] {
        let named = texts.iter().flat_map(|text| months_in(text));
        let fits = |(from, to): &(u32, u32)| if spans { *from == 1 && *to > 1 } else { from == to };
        let mut ends: Vec<u32> = named.filter(fits).map(|(_, to)| to).collect();
        ends.sort_unstable();
        ends.dedup();
        match ends[..] {
            [] => {}
            [month] => {
                let period = Period::new(year, month);
                return period.filter(|period| plan.allows(*period).is_ok());
            }
            _ => return None,
        }
    }
    None
}
