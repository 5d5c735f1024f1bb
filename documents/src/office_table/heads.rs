//! What heads and titles say: what a column is used for, of which months and year, in which unit of money.

use domain::money::fold;
use domain::month::Period;
use domain::plan::Plan;
use domain::region::fold_name;

use super::Use;
use crate::grid::Grid;

/// The longer ones first: 百万元 is not 万元.
pub(super) const UNITS: [&str; 9] = ["百万元", "千万元", "亿美元", "万美元", "千元", "亿元", "万元", "美元", "元"];

/// The unit that a head names: `累计完成（万元）`, `投资额 亿元`, `目标（亿）`.
pub(super) fn unit_word(head: &str) -> Option<&'static str> {
    let text = fold_name(head).replace('（', "(").replace('）', ")");
    let short =
        [("(亿)", "亿元"), ("(万)", "万元")].into_iter().find(|(short, _)| text.contains(short)).map(|(_, unit)| unit);
    let named =
        |unit: &&str| text.ends_with(unit) || text.contains(&format!("({unit}")) || text.contains(&format!("{unit})"));
    UNITS.into_iter().find(named).or(short)
}

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

pub(super) fn is_figure(text: &str) -> bool {
    let folded = fold(text).replace([',', ' ', '%'], "");
    !folded.is_empty() && domain::money::Decimal::parse(&folded).is_ok()
}

/// A line with one text, merged over the table or alone: a title, or 单位：万元 at the right.
pub(super) fn is_title(row: &[String]) -> bool {
    let texts = distinct(row);
    match texts[..] {
        [] => true,
        // One text over the table is its title; a head of its own would say what its column holds.
        [only] => {
            let head = matches!(use_of(only, None), Use::Value | Use::Base);
            !row[0].trim().is_empty() || !head || only.contains("情况") || only.ends_with('表')
        }
        _ => texts.iter().any(|text| text.contains("填报单位") || text.contains("填表人") || text.contains("制表")),
    }
}

/// 甲 1 2 3: the numbers of the columns, under their heads.
pub(super) fn numbers_columns(row: &[String]) -> bool {
    let (figures, words): (Vec<&str>, Vec<&str>) = distinct(row).into_iter().partition(|text| is_figure(text));
    let counted = figures.iter().zip(1..).all(|(text, number)| text.parse() == Ok(number));
    figures.len() > 1
        && counted
        && words.iter().all(|word| matches!(*word, "甲" | "乙" | "丙" | "栏次" | "栏号" | "列次"))
}

/// What stands above the first line: the titles' texts, and for each column its head, one part for each line of heads.
pub(super) fn above_and_heads(grid: &Grid, first: usize) -> (Vec<&str>, Vec<String>) {
    let rows = (0..first.min(grid.rows.len())).filter(|&row| !numbers_columns(&grid.rows[row]));
    let (titles, heads): (Vec<usize>, Vec<usize>) = rows.partition(|&row| is_title(&grid.rows[row]));
    let head = |column: usize| distinct(heads.iter().map(|&row| grid.cell(row, column))).join(" ");
    (titles.iter().flat_map(|&row| distinct(&grid.rows[row])).collect(), (0..grid.width()).map(head).collect())
}

/// What stands in a row or above a column, each text once: merged cells say theirs in every cell.
pub(super) fn distinct<'t, T: AsRef<str> + ?Sized + 't>(cells: impl IntoIterator<Item = &'t T>) -> Vec<&'t str> {
    let mut texts: Vec<&str> = Vec::new();
    for text in cells.into_iter().map(|cell| cell.as_ref().trim()).filter(|text| !text.is_empty()) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// What a head means, where the sheet is of this period.
pub(super) fn use_of(head: &str, period: Option<Period>) -> Use {
    let text = fold_name(head).replace('（', "(").replace('）', ")");
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let years = years_in(&text);
    let last_year = period.is_some_and(|period| !years.is_empty() && years.iter().all(|year| *year == period.year - 1));
    let other_year = period.is_some_and(|period| !years.is_empty() && !years.contains(&period.year)) && !last_year;
    // A head that names months is of those: 1—4月 beside 1—5月, and a single month without 累计.
    let other_months = period.is_some_and(|period| {
        let named = months_in(&text);
        let fits = |&(from, to): &(u32, u32)| to == period.month && (from == 1 || has(&["累计"]));
        !named.is_empty() && !named.iter().any(fits)
    });
    let rising = || match last_year || other_year || other_months || has(&["上年", "去年", "当月", "本月"]) {
        true => Use::Ignore,
        false => Use::Growth,
    };
    match () {
        () if text.is_empty() || has(&["上期", "上月", "位次", "排名", "名次", "序号", "编号", "代码", "电话"]) => {
            Use::Ignore
        }
        () if has(&["备注", "说明", "原因"]) => Use::Note,
        () if has(&[
            "增减",
            "增加额",
            "增长额",
            "增量",
            "净增",
            "同比增加",
            "环比",
            "比重",
            "占",
            "个)",
            "项)",
            "项目数",
            "户)",
        ]) =>
        {
            Use::Ignore
        }
        () if has(&["目标", "任务", "计划"]) => Use::Ignore,
        () if has(&["增幅", "增速", "增长", "比增", "±%", "同比"]) && unit_word(head).is_some() => {
            Use::Ignore
        }
        () if has(&["增幅", "增速", "增长", "比增", "±%", "同比"]) => rising(),
        () if has(&["完成率", "进度", "序时", "%", "百分比"]) => Use::Ignore,
        () if has(&["当月", "本月", "单月", "新增"]) && !has(&["累计"]) => Use::Ignore,
        () if other_year || other_months => Use::Ignore,
        () if last_year || has(&["同期", "上年", "去年", "基数", "基期"]) => Use::Base,
        () if has(&["累计", "完成", "投资", "实际", "本期", "本年", "总量", "金额", "数量", "月"])
            || !years.is_empty() =>
        {
            Use::Value
        }
        () => Use::Ignore,
    }
}

/// What a head means in the split of this year's target.
pub(super) fn use_in_split(head: &str, year: i32, money: bool) -> Use {
    let text = fold_name(head).replace('（', "(").replace('）', ")");
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let years = years_in(&text);
    let other = !years.is_empty() && !years.contains(&year);
    let compared = has(&["比", "较"]);
    let past = other || has(&["上年", "去年", "同期"]);
    let months = months_in(&text);
    let part = (has(&["季度", "上半年", "下半年", "月均", "序时", "五年", "十四五", "十三五"]) || !months.is_empty())
        && !months.contains(&(1, 12));
    match () {
        () if text.is_empty() => Use::Ignore,
        () if has(&["序号", "编号"]) => Use::Number,
        () if has(&[
            "备注",
            "说明",
            "责任",
            "牵头",
            "配合",
            "联系",
            "电话",
            "代码",
            "排名",
            "位次",
            "完成率",
            "进度",
            "占",
            "比重",
            "指数",
        ]) =>
        {
            Use::Ignore
        }
        () if !money && unit_word(head).is_some() => Use::Ignore,
        () if money && has(&["个)", "项)", "户)", "家)", "项目数", "企业数"]) => Use::Ignore,
        () if part || has(&["增长额", "增加额", "增量", "净增"]) => Use::Ignore,
        () if has(&["增幅", "比增", "增长", "增速", "同比", "±%"]) => {
            match (past && !compared) || has(&["完成", "实际"]) {
                true => Use::Ignore,
                false => Use::Growth,
            }
        }
        () if has(&["完成", "实际", "基数", "基期", "上年", "去年", "同期"])
            && !has(&["目标", "任务", "计划", "预期"]) =>
        {
            Use::Ignore
        }
        () if other => Use::Ignore,
        () if has(&[
            "目标", "任务", "计划", "总量", "投资", "数量", "指标", "年度", "全年", "亿元", "万元", "金额",
        ]) || !years.is_empty() =>
        {
            Use::Value
        }
        () => Use::Ignore,
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
                return period
                    .filter(|period| domain::calendar::allowed(plan.calendar.as_ref(), plan.years, *period).is_ok());
            }
            _ => return None,
        }
    }
    None
}

/// The years that a text names: 2021年, or 2021 alone.
pub(super) fn years_in(text: &str) -> Vec<i32> {
    let folded = fold(text);
    let mut parts: Vec<&str> = folded.split('年').collect();
    let last = parts.pop().unwrap_or_default();
    let alone = if parts.is_empty() { last.trim().parse().ok() } else { None };
    let before = parts.into_iter().map(|part| trailing_digits(part.trim_end())).filter(|digits| digits.len() == 4);
    before.filter_map(|digits| digits.parse().ok()).chain(alone).filter(|year| (1990..2100).contains(year)).collect()
}

fn trailing_digits(text: &str) -> &str {
    &text[text.trim_end_matches(|c: char| c.is_ascii_digit()).len()..]
}

/// 五月 as 5月, 1至十二月 as 1至12月: months only.
fn in_digits(text: &str) -> String {
    const MONTHS: [(&str, &str); 12] = [
        ("十二", "12"),
        ("十一", "11"),
        ("十", "10"),
        ("九", "9"),
        ("八", "8"),
        ("七", "7"),
        ("六", "6"),
        ("五", "5"),
        ("四", "4"),
        ("三", "3"),
        ("二", "2"),
        ("一", "1"),
    ];
    let mut digits = text.to_owned();
    for (word, number) in MONTHS {
        for behind in ["月", "至", "到", "-", "—", "–"] {
            digits = digits.replace(&format!("{word}{behind}"), &format!("{number}{behind}"));
        }
    }
    digits
}

/// The spans of months that a text names: 1—5月, 1月至5月, 5月, 上半年.
pub(super) fn months_in(text: &str) -> Vec<(u32, u32)> {
    let folded: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    for (words, month) in [("上半年", 6), ("前三季度", 9), ("一季度", 3), ("全年", 12)] {
        if folded.contains(words) {
            return vec![(1, month)];
        }
    }
    let folded = in_digits(&folded);
    let mut parts: Vec<&str> = folded.split('月').collect();
    parts.pop();
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for part in parts {
        let digits = trailing_digits(part);
        let Some(to) = digits.parse().ok().filter(|month| (1..=12).contains(month)) else { continue };
        let before = &part[..part.len() - digits.len()];
        let rest = before.trim_end_matches(['-', '—', '–', '－', '~', '～', '至', '到']);
        let joined = rest.len() < before.len();
        let from: Option<u32> = trailing_digits(rest).parse().ok().filter(|_| joined);
        match (from, spans.last_mut()) {
            (Some(from), _) => spans.push((from, to)),
            // 1月至5月: the month before began the span.
            (None, Some(last)) if joined && rest.is_empty() && last.0 == last.1 => last.1 = to,
            _ => spans.push((to, to)),
        }
    }
    spans
}
