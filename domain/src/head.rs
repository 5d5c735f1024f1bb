//! What the head of a column says: one place for the words that offices write there, for tables of returns and splits of
//! targets alike. Words were collected from published tables of cities, counties and statistics bureaus.

use crate::money::fold;
use crate::region::fold_name;

/// The longer ones first: 百万元 is not 万元.
pub const UNITS: [&str; 9] = ["百万元", "千万元", "亿美元", "万美元", "千元", "亿元", "万元", "美元", "元"];

/// The unit that a head names: `累计完成（万元）`, `投资额 亿元`, `目标（亿）`.
pub fn unit_word(head: &str) -> Option<&'static str> {
    let text = fold_name(head).replace('（', "(").replace('）', ")");
    let short =
        [("(亿)", "亿元"), ("(万)", "万元")].into_iter().find(|(short, _)| text.contains(short)).map(|(_, unit)| unit);
    let named =
        |unit: &&str| text.ends_with(unit) || text.contains(&format!("({unit}")) || text.contains(&format!("{unit})"));
    UNITS.into_iter().find(named).or(short)
}

/// What kind of column a head names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// 序号.
    Number,
    /// 备注, 说明.
    Note,
    /// 位次, 责任单位, 代码, 指数: nothing that is counted here.
    Aside,
    /// 完成率, 占比, 进度 and any percentage that is no growth.
    Share,
    /// Growth over the year before, in percent.
    Growth,
    /// 增加额, 增减百分点: how much more, not by which rate.
    Difference,
    /// 总投资, 自开工累计, 截至上年底: not of one year.
    SinceStart,
    Amount,
}

/// A head as it is understood: of several lines of heads the lowest that says something counts, the upper ones say what
/// it leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// All of it, folded, without blanks.
    pub text: String,
    pub says: Option<Says>,
    pub percent: bool,
    /// 上年, 去年, 同期.
    pub past: bool,
    /// 比上年, 较去年: measured against it.
    pub compared: bool,
    /// 同期, or a base by its name.
    pub same_period: bool,
    /// 本年, 今年, 自年初.
    pub this_year: bool,
    /// 当月, 本月, without 累计.
    pub alone: bool,
    /// 目标, 任务, 计划.
    pub planned: bool,
    /// 完成, 实际.
    pub done: bool,
    /// （个）, （户）, 项目数: not money.
    pub of_things: bool,
    pub years: Vec<i32>,
    /// Spans of months, from and to.
    pub months: Vec<(u32, u32)>,
    /// 累计, 截至, 月底: a single month named is the end of a span.
    to_date: bool,
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

const PAST: [&str; 6] = ["上年", "去年", "同期", "基数", "基期", "上一年"];
const TO_DATE: [&str; 11] = ["累计", "截至", "截止", "底", "末", "止", "以来", "至今", "年初", "至本月", "-本月"];
const THIS_YEAR: [&str; 8] = ["本年", "今年", "年内", "当年", "自年初", "年初至", "年初以来", "年度完成"];
const PLANNED: [&str; 5] = ["目标", "任务", "计划", "预期", "指导性"];
const DONE: [&str; 4] = ["完成", "实际", "实绩", "实现"];

impl Head {
    /// Reads a head; blanks part its lines, the upper ones first.
    pub fn of(text: &str) -> Self {
        let parts: Vec<String> = text.split_whitespace().map(folded).collect();
        let all = parts.concat();
        let lowest = |found: &dyn Fn(&str) -> bool| parts.iter().rev().find(|part| found(part)).map(String::as_str);
        let percent = all.contains('%') || has(&all, &["百分比", "百分之"]);
        let says = parts.iter().rev().find_map(|part| says(part, percent));
        let plan_or_done = lowest(&|part| has(part, &PLANNED) || has(part, &DONE)).unwrap_or_default();
        let months = parts.iter().rev().map(|part| months_in(part)).find(|months| !months.is_empty());
        let years = parts.iter().rev().map(|part| years_in(part)).find(|years| !years.is_empty());
        let timed = lowest(&|part| is_alone(part) || has(part, &TO_DATE)).unwrap_or_default();
        let past = has(&all, &PAST);
        let time = || past || months.is_some() || years.is_some() || has(&all, &TO_DATE) || has(&all, &THIS_YEAR);
        Self {
            says: says
                .or_else(|| (time() || all.contains('月')).then_some(if percent { Says::Share } else { Says::Amount })),
            percent,
            past,
            compared: is_compared(&all),
            same_period: has(&all, &["同期", "基数", "基期"]),
            this_year: has(&all, &THIS_YEAR),
            alone: is_alone(timed),
            planned: has(plan_or_done, &PLANNED),
            done: has(plan_or_done, &DONE) && (!has(plan_or_done, &PLANNED) || plan_or_done.contains("实际")),
            of_things: has(&all, &["个)", "项)", "户)", "家)", "项目数", "企业数"]),
            years: years.unwrap_or_default(),
            months: months.unwrap_or_default(),
            to_date: has(&all, &TO_DATE),
            text: all,
        }
    }

    /// Whether all years it names are this one.
    pub fn is_all_of(&self, year: i32) -> bool {
        !self.years.is_empty() && self.years.iter().all(|named| *named == year)
    }

    pub fn is_of_another_year(&self, year: i32) -> bool {
        !self.years.is_empty() && !self.years.contains(&year)
    }

    /// Whether it names months, but not those up to `month`.
    pub fn is_of_other_months(&self, month: u32) -> bool {
        let fits = |&(from, to): &(u32, u32)| to == month && (from == 1 || self.to_date);
        !self.months.is_empty() && !self.months.iter().any(fits)
    }
}

fn folded(text: &str) -> String {
    fold_name(text).replace(['—', '–', '～', '~'], "-")
}

/// 比上年同期, 较去年, 与上年相比: 比重 and 占比 compare nothing.
fn is_compared(text: &str) -> bool {
    let before = ["比", "较", "与"];
    let years = ["上年", "去年", "上一年", "同期", "20", "上月", "上期", "1-"];
    before.iter().any(|before| years.iter().any(|year| text.contains(&format!("{before}{year}"))))
        || has(text, &["同比", "环比", "相比", "同期比", "上年比", "去年比", "比增", "±"])
}

/// The figure of a single month; 本月止 and 本月末 end a span.
fn is_alone(part: &str) -> bool {
    has(part, &["当月", "本月", "单月", "同月", "新增"]) && !has(part, &TO_DATE)
}

/// What one line of a head says; `None` where it has only a time, a unit or nothing known.
fn says(part: &str, percent: bool) -> Option<Says> {
    // 增加值 is a quantity, no increase.
    let part = part.replace("增加值", "产值");
    let part = part.as_str();
    let has = |words: &[&str]| has(part, words);
    // 总投资5000万元以上项目 and 新开工项目 say which projects, not since when.
    let plain = part.replace("新开工", "").replace("开工项目", "");
    let since_start =
        self::has(&plain, &["自开工", "开工以来", "开工至今", "开工累计", "开工起", "概算", "历年", "以前年度"])
            || (has(&["以来", "至今"]) && !has(&["年初", "今年", "本年", "1月"]))
            || (has(&["总投资", "总规模"]) && !has(&["以上", "完成总投资"]))
            || has(&["上年底", "上年末", "去年底", "去年末", "开始建设"]);
    let more = has(&["增减", "增加", "变化", "变动", "提高", "升降", "回落"]);
    let rate = has(&["增幅", "增速", "增长", "比增", "涨幅", "降幅", "±", "+-", "+/-"]);
    let growth = rate || part.contains("同比") || (is_compared(part) && self::has(part, &PAST));
    match () {
        () if part.is_empty() => None,
        () if has(&["序号", "编号", "栏次"]) => Some(Says::Number),
        () if has(&["位次", "排名", "排位", "名次", "代码", "电话", "联系", "责任", "牵头", "配合", "指数"]) => {
            Some(Says::Aside)
        }
        () if has(&["备注", "说明", "原因"]) => Some(Says::Note),
        () if has(&["百分点", "增加额", "增减额", "增长额", "增长量", "增减量", "增量", "净增"]) => {
            Some(Says::Difference)
        }
        () if has(&[
            "贡献",
            "拉动",
            "完成率",
            "比重",
            "占",
            "进度",
            "序时",
            "百分比",
            "发展速度",
            "两年平均",
            "比例",
        ]) =>
        {
            Some(Says::Share)
        }
        () if has(&["上期", "上月", "环比"]) => Some(if percent { Says::Share } else { Says::Aside }),
        // 为上年同期的%: 108.3 where the growth is 8.3.
        () if percent && has(&["为上年", "为去年", "相当于", "是上年", "是去年"]) => Some(Says::Share),
        () if (growth || more)
            && (unit_word(part).is_some() || has(&["个)", "项)", "户)", "家)"]))
            && !part.contains('%') =>
        {
            Some(Says::Difference)
        }
        () if more && !rate && !percent => Some(Says::Difference),
        () if growth || more => Some(Says::Growth),
        () if part.contains('%') && has(&["完成", "目标", "任务", "计划"]) => Some(Says::Share),
        () if since_start => Some(Says::SinceStart),
        () if has(&[
            "完成", "投资", "实际", "本期", "总量", "金额", "数量", "总额", "总值", "产值", "绝对", "目标", "任务",
            "计划",
        ]) =>
        {
            Some(if percent && part.contains('%') { Says::Share } else { Says::Amount })
        }
        () => None,
    }
}

/// The years that a text names: 2021年, or 2021 alone.
pub fn years_in(text: &str) -> Vec<i32> {
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
pub fn months_in(text: &str) -> Vec<(u32, u32)> {
    let folded: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    for (words, span) in [
        ("上半年", (1, 6)),
        ("下半年", (7, 12)),
        ("前三季度", (1, 9)),
        ("三季度", (7, 9)),
        ("二季度", (4, 6)),
        ("四季度", (10, 12)),
        ("一季度", (1, 3)),
        ("全年", (1, 12)),
    ] {
        if folded.contains(words) {
            return vec![span];
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
