//! What an office writes on its paper around a bulletin: masthead, number, addressee, date, copies (GB/T 9704-2012,
//! 7.2–7.4).
//!
//! All of it is typed by somebody. What is empty is left out; nothing is ever made up.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::money::fold;

/// One letterhead; empty text and no date mean: not on the paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Letterhead {
    /// 发文机关标志: `福州市工业和信息化局文件`, `福州市技改工作简报`.
    pub masthead: String,
    /// 发文字号: `榕工信〔2021〕34号`.
    pub number: String,
    /// 期号 of a series: `第4期`.
    pub issue: String,
    /// 主送机关, without the colon.
    pub recipients: String,
    /// 发文机关署名.
    pub signature: String,
    /// 成文日期.
    pub dated: Option<NaiveDate>,
    /// 附注, without the parentheses: `此件主动公开`.
    pub note: String,
    /// 抄送机关, without the full stop.
    pub copies: String,
    /// 印发机关.
    pub printed_by: String,
    /// 印发日期.
    pub printed_on: Option<NaiveDate>,
}

/// A field's name in forms, what it is called, and the most characters it may have.
pub const TEXTS: [(&str, &str, usize); 8] = [
    ("masthead", "发文机关标志", 24),
    ("number", "发文字号", 30),
    ("issue", "期号", 20),
    ("recipients", "主送机关", 400),
    ("signature", "发文机关署名", 60),
    ("note", "附注", 60),
    ("copies", "抄送机关", 400),
    ("printed_by", "印发机关", 40),
];

pub const DATES: [(&str, &str); 2] = [("dated", "成文日期"), ("printed_on", "印发日期")];

impl Letterhead {
    /// Reads the fields that `of` gives by name, a day without a year as near as it can be to `about`; every fault is a
    /// sentence.
    pub fn parse<'f>(of: impl Fn(&str) -> &'f str, about: NaiveDate) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let mut text = |at: usize| {
            let (name, called, most) = TEXTS[at];
            // Marks that nobody sees could turn a line around on the paper.
            let text = crate::entry::one_line(&crate::entry::clean(of(name)));
            let text = if name == "number" || name == "issue" {
                fold(&text).replace('(', "（").replace(')', "）")
            } else {
                text
            };
            let length = text.chars().count();
            if length > most {
                faults.push(format!("{called}写了 {length} 字，请缩短到 {most} 字以内。"));
            }
            text
        };
        let (masthead, number, issue, recipients) = (text(0), text(1), text(2), text(3));
        let (signature, note, copies, printed_by) = (text(4), text(5), text(6), text(7));
        faults.extend(number_fault(&number));
        let mut date = |at: usize| {
            let (name, called) = DATES[at];
            let written = of(name).trim();
            let read = Day::parse(written).and_then(|day| day.near(about));
            if read.is_none() && !written.is_empty() {
                faults.push(format!("{called}“{written}”不是日期，请写成 {}。", crate::day::EXAMPLES));
            }
            read
        };
        let letterhead = Self {
            masthead,
            number,
            issue: bare(&issue, '（', '）'),
            recipients: recipients.trim_end_matches(['：', ':']).to_owned(),
            signature,
            dated: date(0),
            note: bare(&note, '（', '）'),
            copies: copies.strip_prefix("抄送：").unwrap_or(&copies).trim_end_matches('。').to_owned(),
            printed_by,
            printed_on: date(1),
        };
        if letterhead.dated.zip(letterhead.printed_on).is_some_and(|(dated, printed)| printed < dated) {
            faults.push("印发日期早于成文日期，请核对。".to_owned());
        }
        if !letterhead.number.is_empty() && !letterhead.issue.is_empty() {
            faults.push("发文字号和期号只写一个：写文号按“文件”排，写期号按“简报”排。".to_owned());
        }
        if faults.is_empty() { Ok(letterhead) } else { Err(faults) }
    }

    /// The text of a field by its name in forms.
    pub fn text(&self, name: &str) -> String {
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        match name {
            "masthead" => self.masthead.clone(),
            "number" => self.number.clone(),
            "issue" => self.issue.clone(),
            "recipients" => self.recipients.clone(),
            "signature" => self.signature.clone(),
            "note" => self.note.clone(),
            "copies" => self.copies.clone(),
            "printed_by" => self.printed_by.clone(),
            "dated" => date(self.dated),
            "printed_on" => date(self.printed_on),
            _ => String::new(),
        }
    }

    /// What the next bulletin's paper starts from: everything but what belongs to one paper alone.
    pub fn for_another(&self) -> Self {
        Self { number: String::new(), issue: String::new(), dated: None, printed_on: None, ..self.clone() }
    }
}

/// Without a pair of parentheses around it, full-width or not.
fn bare(text: &str, open: char, close: char) -> String {
    let inner = text.strip_prefix([open, '(']).and_then(|rest| rest.strip_suffix([close, ')']));
    inner.unwrap_or(text).trim().to_owned()
}

/// 机关代字〔年份〕序号号: the year in 〔〕, no 第, no leading zero (GB/T 9704-2012, 7.2.5).
fn number_fault(number: &str) -> Option<String> {
    if number.is_empty() {
        return None;
    }
    let wanted = "请写成 榕工信〔2021〕34号 这样：年份用六角括号〔〕括起，序号不加“第”，前面不补零";
    let Some((office, rest)) = number.split_once('〔') else {
        return Some(format!("发文字号“{number}”里没有六角括号，{wanted}。"));
    };
    let parts = rest.split_once('〕').and_then(|(year, rest)| Some((year, rest.strip_suffix('号')?)));
    let fits = parts.is_some_and(|(year, serial)| {
        let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        year.len() == 4 && digits(year) && digits(serial) && !serial.starts_with('0')
    });
    (!fits || office.trim().is_empty()).then(|| format!("发文字号“{number}”的写法不对，{wanted}。"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &[(&str, &'static str)]) -> Result<Letterhead, Vec<String>> {
        let about = NaiveDate::from_ymd_opt(2021, 5, 31).unwrap();
        Letterhead::parse(|name| fields.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text), about)
    }

    #[test]
    fn nothing_typed_is_nothing_on_the_paper() {
        assert_eq!(check(&[]), Ok(Letterhead::default()));
    }

    #[test]
    fn what_the_layout_adds_is_not_typed_twice() {
        let read = check(&[
            ("recipients", "各县（市）区人民政府，高新区管委会："),
            ("issue", "（第4期）"),
            ("note", "（此件主动公开）"),
            ("copies", "抄送：市委办公厅。"),
            ("dated", "2021年6月8日"),
            ("printed_on", "６月9日"),
        ]);
        let read = read.unwrap();
        let texts = ["recipients", "issue", "note", "copies", "dated", "printed_on"].map(|name| read.text(name));
        assert_eq!(
            texts,
            ["各县（市）区人民政府，高新区管委会", "第4期", "此件主动公开", "市委办公厅", "2021-06-08", "2021-06-09"]
        );
    }

    #[test]
    fn a_number_is_written_as_the_standard_asks() {
        for good in ["榕工信〔2021〕34号", "闽政办发明电〔2021〕9号"] {
            assert!(check(&[("number", good)]).is_ok(), "{good}");
        }
        for bad in [
            "榕工信[2021]34号",
            "榕工信〔2021〕第34号",
            "榕工信〔2021〕034号",
            "榕工信〔21〕34号",
            "〔2021〕34号",
            "榕工信〔2021〕34",
        ] {
            let faults = check(&[("number", bad)]).unwrap_err();
            assert!(faults[0].contains("请写成 榕工信〔2021〕34号"), "{bad}: {faults:?}");
        }
    }

    #[test]
    fn full_width_figures_are_folded_and_what_contradicts_is_said() {
        assert_eq!(check(&[("number", "榕工信〔２０２１〕３４号")]).unwrap().number, "榕工信〔2021〕34号");
        assert!(
            check(&[("dated", "2021-06-08"), ("printed_on", "2021-06-07")]).unwrap_err()[0]
                .contains("印发日期早于成文日期")
        );
        assert!(check(&[("number", "榕工信〔2021〕34号"), ("issue", "第4期")]).unwrap_err()[0].contains("只写一个"));
    }

    #[test]
    fn faults_come_together() {
        let faults = check(&[
            ("number", "34"),
            ("dated", "六月下旬"),
            ("printed_on", "2021-02-30"),
            ("masthead", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"),
        ]);
        assert_eq!(faults.unwrap_err().len(), 4);
    }

    #[test]
    fn the_next_paper_keeps_the_office_and_drops_number_and_dates() {
        let read =
            check(&[("masthead", "福州市技改工作简报"), ("number", "榕工信〔2021〕34号"), ("dated", "2021-06-08")])
                .unwrap();
        assert_eq!(read.for_another(), check(&[("masthead", "福州市技改工作简报")]).unwrap());
    }
}
