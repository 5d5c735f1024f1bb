//! Days off and make-up working days, read from the notice that says them as it is published every autumn
//! (国务院办公厅关于2026年部分节假日安排的通知).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::money::fold;
use crate::toml_words;

/// Days off and make-up working days by year; weekends where a year is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    years: BTreeMap<i32, HolidayYear>,
}

/// What one year's notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayYear {
    /// The notice's name or number: 国办发明电〔2025〕7号.
    pub source: String,
    /// 放假, with the weekends among them; the new year's first days off may stand in December.
    pub off: BTreeSet<NaiveDate>,
    /// 上班: weekends that are worked.
    pub work: BTreeSet<NaiveDate>,
}

impl Holidays {
    /// Adds the years that an administrator typed, as [`Holidays::typed`] wrote them; they take the place of those known.
    ///
    /// # Errors
    /// What is not such a text.
    pub fn add_typed(&mut self, text: &str) -> Result<(), serde_json::Error> {
        serde_json::from_str::<BTreeMap<i32, HolidayYear>>(text).map(|typed| self.years.extend(typed))
    }

    /// The years as they are kept: an object with a member per year.
    pub fn typed(&self) -> String {
        serde_json::to_string(&self.years).expect("years are numbers, days and text")
    }

    /// Adds a year's file: `year`, `source` and the text of the `notice`.
    ///
    /// # Errors
    /// What is wrong with the file, in a sentence.
    pub fn add_file(&mut self, file: &str) -> Result<i32, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            year: i32,
            source: String,
            notice: String,
        }
        let file: File = toml::from_str(file).map_err(|error| toml_words::in_words(error.message()))?;
        let year = HolidayYear::read(file.year, &file.source, &file.notice).map_err(|wrong| wrong.concat())?;
        self.set(file.year, year);
        Ok(file.year)
    }

    /// What a notice says of a year, in the place of what was known of it.
    pub fn set(&mut self, year: i32, notice: HolidayYear) {
        self.years.insert(year, notice);
    }

    pub fn is_workday(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let says = |set: fn(&HolidayYear) -> &BTreeSet<NaiveDate>| self.years.values().any(|y| set(y).contains(&day));
        says(|year| &year.work) || (!weekend && !says(|year| &year.off))
    }

    /// False when only weekends are known for this year; the page then says so.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// Every year that is known, with its notice.
    pub fn years(&self) -> impl DoubleEndedIterator<Item = (i32, &HolidayYear)> {
        self.years.iter().map(|(year, notice)| (*year, notice))
    }
}

/// What days of a notice are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Off,
    Work,
}

/// What a sentence of a notice is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Day(Option<i32>, Option<u32>, u32),
    /// 周六, said of the day before it.
    Weekday(Weekday),
    To,
    Kind(Kind),
    /// 共3天.
    Count(usize),
}

impl HolidayYear {
    /// Reads the notice of `year`, whole or its numbered paragraphs alone, or lines such as `2月15日至23日放假`.
    /// Every day is compared with its weekday, every sum of days with what the notice says, and a notice of another year
    /// is not taken.
    ///
    /// # Errors
    /// Everything that is wrong, each in a sentence.
    ///
    /// ```
    /// use domain::holidays::HolidayYear;
    ///
    /// let notice = "二、春节：2月15日（农历腊月二十八、周日）至23日（周一）放假调休，共9天。2月14日（周六）、28日（周六）上班。";
    /// let year = HolidayYear::read(2026, "国办发明电〔2025〕7号", notice).unwrap();
    /// assert_eq!((year.off.len(), year.work.len()), (9, 2));
    /// assert!(HolidayYear::read(2026, "", "2月15日至23日放假，共8天。").unwrap_err()[0].contains("9天"));
    /// ```
    pub fn read(year: i32, source: &str, text: &str) -> Result<Self, Vec<String>> {
        let folded = fold(text);
        let mut reader = Reader { year, off: BTreeSet::new(), work: BTreeSet::new(), wrong: Vec::new() };
        if let Some(of) = year_of(&folded).filter(|of| *of != year) {
            return Err(vec![format!("这是{of}年的放假通知，年份写的是{year}，请改其中之一。")]);
        }
        // What stands before 一、 says who decides and by which principle: 国庆节自10月1日起放假调休7天.
        let body = ["\n一、", "。一、", "\u{FF1A}一、", ":一、"].iter().find_map(|mark| folded.find(mark));
        for sentence in folded[body.unwrap_or(0)..].split(['。', ';', '\n']) {
            reader.sentence(sentence);
        }
        reader.finish(source)
    }
}

/// The year that a notice names in its title: 关于2026年部分节假日安排.
fn year_of(text: &str) -> Option<i32> {
    let named: String = text[..text.find("年部分节假日")?].chars().rev().take_while(char::is_ascii_digit).collect();
    named.chars().rev().collect::<String>().parse().ok()
}

struct Reader {
    year: i32,
    off: BTreeSet<NaiveDate>,
    work: BTreeSet<NaiveDate>,
    wrong: Vec<String>,
}

/// 2月15日, with its year where it is another one.
fn said(day: NaiveDate, year: i32) -> String {
    let year = if day.year() == year { String::new() } else { format!("{}年", day.year()) };
    format!("{year}{}月{}日", day.month(), day.day())
}

fn weekday_name(day: Weekday) -> char {
    ['一', '二', '三', '四', '五', '六', '日'][day.num_days_from_monday() as usize]
}

impl Reader {
    fn sentence(&mut self, sentence: &str) {
        let tokens = tokens(sentence);
        let (mut month, mut year) = (None, self.year);
        let mut waiting: Vec<NaiveDate> = Vec::new();
        let mut told: Vec<NaiveDate> = Vec::new();
        let (mut early, mut range) = (None, false);
        for token in &tokens {
            match *token {
                Token::Day(in_year, in_month, day) => {
                    month = in_month.or(month);
                    year = in_year.unwrap_or(year);
                    let from = waiting.last().copied().filter(|_| range);
                    range = false;
                    let found = month.and_then(|month| NaiveDate::from_ymd_opt(year, month, day));
                    // 12月31日至1月2日 ends in the year after.
                    let found = match (found, from) {
                        (Some(to), Some(from)) if to < from => to.with_year(to.year() + 1),
                        (found, _) => found,
                    };
                    let Some(found) = found else {
                        let month = month.map(|month| format!("{month}月")).unwrap_or_default();
                        self.wrong.push(format!("“{}”里的{month}{day}日不是日历上的一天。", sentence.trim()));
                        continue;
                    };
                    match from {
                        Some(from) if (found - from).num_days() > 31 => self.wrong.push(format!(
                            "{}至{}太长，请核对日期。",
                            said(from, self.year),
                            said(found, self.year)
                        )),
                        Some(from) => {
                            waiting.extend((1..=(found - from).num_days() as u64).map(|by| from + Days::new(by)))
                        }
                        None => waiting.push(found),
                    }
                }
                Token::Weekday(weekday) => {
                    if let Some(day) = waiting.last().filter(|day| day.weekday() != weekday) {
                        let (is, says) = (weekday_name(day.weekday()), weekday_name(weekday));
                        self.wrong.push(format!("{}是周{is}，写的是周{says}，请核对。", said(*day, self.year)));
                    }
                }
                Token::To => range = true,
                Token::Kind(kind) if waiting.is_empty() => early = early.or(Some(kind).filter(|_| told.is_empty())),
                Token::Kind(kind) => {
                    told = std::mem::take(&mut waiting);
                    self.take(kind, &told);
                }
                Token::Count(days) => {
                    let counted = if waiting.is_empty() { &told } else { &waiting };
                    if let (Some(first), true) = (counted.first(), counted.len() != days) {
                        let (first, last) = (said(*first, self.year), said(counted[counted.len() - 1], self.year));
                        let sentence = format!("{first}至{last}是{}天，写的是{days}天，请核对。", counted.len());
                        self.wrong.push(sentence);
                    }
                }
            }
        }
        match early {
            // 放假：2月15日至23日.
            Some(kind) => self.take(kind, &waiting),
            // The day on which the notice was signed stands alone.
            None if matches!(tokens[..], [Token::Day(Some(_), ..)]) => {}
            None if waiting.is_empty() => {}
            None => self.wrong.push(format!("“{}”没有说是放假还是上班，请写成“2月15日至23日放假”。", sentence.trim())),
        }
    }

    fn take(&mut self, kind: Kind, days: &[NaiveDate]) {
        for day in days {
            let name = said(*day, self.year);
            let near = (day.year() - self.year).abs() <= 1;
            if day.year() != self.year && !(near && matches!(day.month(), 1 | 12)) {
                self.wrong.push(format!("{name}不在{}年前后，请核对年份。", self.year));
                continue;
            }
            let (own, other) = match kind {
                Kind::Off => (&mut self.off, &self.work),
                Kind::Work => (&mut self.work, &self.off),
            };
            if other.contains(day) {
                self.wrong.push(format!("{name}既写了放假，又写了上班，请核对。"));
            } else if kind == Kind::Work && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                let weekday = weekday_name(day.weekday());
                self.wrong.push(format!("{name}是周{weekday}，本来就上班，请核对日期。"));
            } else {
                own.insert(*day);
            }
        }
    }

    fn finish(self, source: &str) -> Result<HolidayYear, Vec<String>> {
        let mut wrong = self.wrong;
        if self.off.is_empty() && wrong.is_empty() {
            wrong.push("没有读到放假的日子，请粘贴通知的全文，或一行一句写成“2月15日至23日放假”。".to_owned());
        }
        match wrong.is_empty() {
            true => Ok(HolidayYear { source: source.trim().to_owned(), off: self.off, work: self.work }),
            false => Err(wrong),
        }
    }
}

/// The tokens of a sentence; whatever is none of them is passed over.
fn tokens(sentence: &str) -> Vec<Token> {
    let chars: Vec<char> = sentence.chars().collect();
    let mut found = Vec::new();
    let (mut year, mut month): (Option<i32>, Option<u32>) = (None, None);
    let (mut at, mut bracket) = (0, 0usize);
    let starts = |at: usize, word: &str| chars[at..].iter().copied().take(word.chars().count()).eq(word.chars());
    while at < chars.len() {
        let c = chars[at];
        if matches!(c, '(' | ')') {
            bracket = if c == '(' { bracket + 1 } else { bracket.saturating_sub(1) };
        } else if bracket > 0 {
            // Within brackets only the weekday counts: （农历腊月二十八、周日）, （2月9日）.
            let name = ["周", "星期", "礼拜"].iter().find(|word| starts(at, word)).map(|word| word.chars().count());
            let day = name
                .and_then(|long| chars.get(at + long))
                .and_then(|c| "一二三四五六日天".chars().position(|d| d == *c));
            if let Some(day) = day {
                found.push(Token::Weekday(Weekday::try_from(day.min(6) as u8).unwrap_or(Weekday::Mon)));
            }
        } else if c.is_ascii_digit() {
            let end = (at..chars.len()).find(|end| !chars[*end].is_ascii_digit()).unwrap_or(chars.len());
            let text: String = chars[at..end].iter().collect();
            let rest: String = chars[at..].iter().collect();
            if let Some((long, y, m, d)) = numbered(&rest) {
                found.push(Token::Day(Some(y), Some(m), d));
                at += long;
                continue;
            }
            let next = (end..chars.len()).find(|next| chars[*next] != ' ').map(|next| chars[next]);
            let number: u32 = text.parse().unwrap_or(u32::MAX);
            match next {
                Some('年') => year = Some(number.min(9999) as i32),
                Some('月') => month = Some(number),
                Some('日' | '号') => found.push(Token::Day(year.take(), month.take(), number)),
                Some('天') => found.push(Token::Count(number as usize)),
                _ => {}
            }
            at = end;
            continue;
        } else if matches!(c, '至' | '到' | '—' | '–' | '~' | '～' | '-') {
            if matches!(found.last(), Some(Token::Day(..) | Token::Weekday(_))) {
                found.push(Token::To);
            }
        } else if ["放假", "休息", "调休"].iter().any(|word| starts(at, word)) {
            found.push(Token::Kind(Kind::Off));
        } else if ["上班", "补班"].iter().any(|word| starts(at, word)) {
            found.push(Token::Kind(Kind::Work));
        }
        at += 1;
    }
    found
}

/// `2026-02-15`, `2026/2/15`, `2026.2.15` at the beginning, with its length.
fn numbered(text: &str) -> Option<(usize, i32, u32, u32)> {
    let long = text.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.')).count();
    let parts: Vec<&str> = text[..long].split(['-', '/', '.']).collect();
    let [year, month, day] = parts[..] else { return None };
    let fits = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    fits.then(|| Some((long, year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The notices that ship, as `year: off/work` by first and last day.
    fn check(year: i32, text: &str, expected: &str) {
        let found = match HolidayYear::read(year, "", text) {
            Err(wrong) => wrong.concat(),
            Ok(found) => {
                let days = |days: &BTreeSet<NaiveDate>| {
                    days.iter().map(|day| day.format("%m%d").to_string()).collect::<Vec<_>>().join(" ")
                };
                format!("{}/{}", days(&found.off), days(&found.work))
            }
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn notices_as_they_are_published() {
        check(2023, "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", "1231 0101 0102/");
        check(2024, "一、元旦：1月1日放假，与周末连休。", "0101/");
        let new_year = "二、春节：2月10日至12日放假调休，共3天。2月4日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，\
                        安排职工在除夕（2月9日）休息。";
        check(2024, new_year, "0210 0211 0212/0204");
        let whole = "国务院办公厅关于2025年\u{3000}部分节假日安排的通知\n除个别特殊情形外，国庆节自10月1日起放假调休7天。\n\
                     按照上述原则，通知如下。\n一、元旦：1月1日（周三）放假1天，不调休。\n\u{3000}\u{3000}二、清明节：4月4日（周五）\
                     至6日（周日）放假，共3天。\n国务院办公厅\n2024年11月12日";
        check(2025, whole, "0101 0404 0405 0406/");
    }

    #[test]
    fn days_as_people_list_them() {
        check(2026, "放假：2月15日至17日、2月20日；上班：2月14日、28日", "0215 0216 0217 0220/0214 0228");
        check(2026, "2026-02-15至2026-02-17放假\n2026/2/14上班", "0215 0216 0217/0214");
        check(2026, "２月１５日—１７日休息", "0215 0216 0217/");
        check(2026, "4月30日至5月2日放假", "0430 0501 0502/");
    }

    #[test]
    fn what_does_not_agree_is_said() {
        let weekday = "4月4日（周五）放假。";
        check(2026, weekday, "4月4日是周六，写的是周五，请核对。");
        check(2026, "2月15日至23日放假，共8天", "2月15日至2月23日是9天，写的是8天，请核对。");
        check(2026, "2月15日放假。2月15日上班", "2月15日既写了放假，又写了上班，请核对。");
        check(2026, "2月16日放假。2月17日上班", "2月17日是周二，本来就上班，请核对日期。");
        check(2026, "2月30日放假", "“2月30日放假”里的2月30日不是日历上的一天。");
        check(2026, "2月15日至23日", "“2月15日至23日”没有说是放假还是上班，请写成“2月15日至23日放假”。");
        check(
            2026,
            "关于2025年部分节假日安排的通知\n1月1日放假",
            "这是2025年的放假通知，年份写的是2026，请改其中之一。",
        );
        check(2026, "2024年5月1日放假", "2024年5月1日不在2026年前后，请核对年份。");
        check(2026, "通知已收到", "没有读到放假的日子，请粘贴通知的全文，或一行一句写成“2月15日至23日放假”。");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_in_sentences(text in "[0-9年月日至周六放假上班，。（）\\-: 一、元旦共天a\n]{0,80}") {
            match HolidayYear::read(2026, "", &text) {
                Ok(year) => prop_assert!(!year.off.is_empty() && year.off.is_disjoint(&year.work)),
                Err(wrong) => prop_assert!(!wrong.is_empty()),
            }
        }
    }
}
