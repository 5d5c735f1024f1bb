//! 认定名单: firms that a level of government recognised as something, with the document that says so, and lists of
//! platforms, standards and products; which goals are counted from them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::day::{Day, EXAMPLES};
use crate::entry::one_line;
use crate::month::Period;
use crate::plan::Plan;
use crate::plan::fund::Of;
use crate::plan::meaning::FromList;
use crate::plan::policy::fold_level;
use crate::projects::codes;
use crate::projects::field::{unit, unit_name};
use crate::region::{RegionId, fold_name};

/// The longest name, title or document, in characters.
const LONGEST: usize = 200;

/// What is stated of one recognition.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stated {
    /// Of a list of other things the thing's name.
    pub firm: String,
    /// The firm that runs a platform or makes a product.
    pub owner: Option<String>,
    /// With its check digit.
    pub credit_code: Option<String>,
    pub unit: RegionId,
    pub title: String,
    pub level: String,
    pub batch: String,
    /// The document that recognised it.
    pub document: String,
    pub day: NaiveDate,
    pub withdrawn: Option<NaiveDate>,
    /// 挂钩帮扶: which official or department looks after the firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paired: Option<String>,
}

/// A recognition on record: its newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition {
    /// Its number in the office.
    pub number: u32,
    pub version: i64,
    pub stated: Stated,
    pub reason: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

/// One fact of a recognition: a column of a table, a box of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Firm,
    Owner,
    CreditCode,
    Unit,
    Title,
    Level,
    Batch,
    Document,
    Day,
    Withdrawn,
    Paired,
}

impl Field {
    pub const ALL: [Field; 11] = [
        Field::Firm,
        Field::Owner,
        Field::CreditCode,
        Field::Unit,
        Field::Title,
        Field::Level,
        Field::Batch,
        Field::Document,
        Field::Day,
        Field::Withdrawn,
        Field::Paired,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Field::Firm => "firm",
            Field::Owner => "owner",
            Field::CreditCode => "credit_code",
            Field::Unit => "unit",
            Field::Title => "title",
            Field::Level => "level",
            Field::Batch => "batch",
            Field::Document => "document",
            Field::Day => "day",
            Field::Withdrawn => "withdrawn",
            Field::Paired => "paired",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Field::Firm => "企业名称",
            Field::Owner => "所属企业",
            Field::CreditCode => "统一社会信用代码",
            Field::Unit => "县（市、区）",
            Field::Title => "认定名称",
            Field::Level => "级别",
            Field::Batch => "批次",
            Field::Document => "认定文件",
            Field::Day => "认定日期",
            Field::Withdrawn => "撤销日期",
            Field::Paired => "挂钩帮扶",
        }
    }

    /// A column's head as offices write it.
    pub fn of_head(head: &str) -> Option<Self> {
        let folded = fold_name(head);
        let is = |names: &[&str]| names.iter().any(|name| fold_name(name) == folded);
        let found = Field::ALL.into_iter().find(|field| fold_name(field.name()) == folded || field.id() == folded);
        found.or_else(|| match () {
            () if is(&["企业", "单位名称", "申报单位", "公司名称", "企业全称"]) => Some(Field::Firm),
            () if is(&["平台名称", "产品名称", "技术名称", "标准名称", "项目名称"]) => {
                Some(Field::Firm)
            }
            () if is(&["建设单位", "运营单位", "生产企业", "依托单位", "申报企业"]) => {
                Some(Field::Owner)
            }
            () if is(&["信用代码", "社会信用代码", "统一信用代码"]) => Some(Field::CreditCode),
            () if is(&["县区", "县(市、区)", "所在县区", "所在地", "属地", "所属县区", "地区", "县市区"]) => {
                Some(Field::Unit)
            }
            () if is(&["名单", "称号", "荣誉", "类别", "认定类别", "名称"]) => Some(Field::Title),
            () if is(&["认定级别", "等级"]) => Some(Field::Level),
            () if is(&["认定批次"]) => Some(Field::Batch),
            () if is(&["文件", "文号", "依据", "认定文号"]) => Some(Field::Document),
            () if is(&["日期", "认定时间", "公布日期", "发文日期"]) => Some(Field::Day),
            () if is(&["撤销时间", "取消日期"]) => Some(Field::Withdrawn),
            () if is(&[
                "挂钩领导",
                "挂钩单位",
                "挂钩领导和单位",
                "挂钩帮扶领导",
                "帮扶单位",
                "联系领导",
                "包联领导",
            ]) =>
            {
                Some(Field::Paired)
            }
            () => None,
        })
    }

    pub fn may_be_empty(self) -> bool {
        matches!(
            self,
            Field::Owner | Field::Level | Field::CreditCode | Field::Batch | Field::Withdrawn | Field::Paired
        )
    }

    /// Writes what somebody typed; the error says what to write.
    pub fn set(self, stated: &mut Stated, written: &str, plan: &Plan, today: NaiveDate) -> Result<(), String> {
        let text = one_line(written);
        let text = text.as_str();
        let day = || match Day::parse(text).and_then(|day| day.near(today)) {
            Some(day) => Ok(day),
            None => Err(format!("{}“{}”不是日期，例如 {EXAMPLES}", self.name(), crate::month::shorten(text))),
        };
        if text.chars().count() > LONGEST {
            return Err(format!("{}超过 {LONGEST} 字，请缩短", self.name()));
        }
        if text.is_empty() && !self.may_be_empty() {
            return Err(format!("请写明{}", self.name()));
        }
        match self {
            Field::Firm => stated.firm = text.to_owned(),
            Field::Owner => stated.owner = Some(text.to_owned()).filter(|text| !text.is_empty()),
            Field::CreditCode if text.is_empty() => stated.credit_code = None,
            Field::CreditCode => stated.credit_code = Some(codes::credit_code(text)?),
            Field::Unit => stated.unit = unit(plan, text)?,
            Field::Title => stated.title = text.to_owned(),
            Field::Level => stated.level = text.to_owned(),
            Field::Batch => stated.batch = text.to_owned(),
            Field::Document => stated.document = text.to_owned(),
            Field::Day => stated.day = day()?,
            Field::Withdrawn if text.is_empty() => stated.withdrawn = None,
            Field::Withdrawn => stated.withdrawn = Some(day()?),
            Field::Paired => stated.paired = Some(text.to_owned()).filter(|text| !text.is_empty()),
        }
        Ok(())
    }

    pub fn text(self, stated: &Stated, plan: &Plan) -> String {
        match self {
            Field::Firm => stated.firm.clone(),
            Field::Owner => stated.owner.clone().unwrap_or_default(),
            Field::CreditCode => stated.credit_code.clone().unwrap_or_default(),
            Field::Unit => unit_name(plan, &stated.unit).to_owned(),
            Field::Title => stated.title.clone(),
            Field::Level => stated.level.clone(),
            Field::Batch => stated.batch.clone(),
            Field::Document => stated.document.clone(),
            Field::Day => stated.day.to_string(),
            Field::Withdrawn => stated.withdrawn.map(|day| day.to_string()).unwrap_or_default(),
            Field::Paired => stated.paired.clone().unwrap_or_default(),
        }
    }
}

/// How no level is stored: a list that has none.
pub const NO_LEVEL: &str = "不分级";

impl Stated {
    /// Whether both are the same firm's recognition as the same thing: a second of them would count it twice.
    pub fn repeats(&self, other: &Stated) -> bool {
        let same = |one: &str, other: &str| fold_name(one) == fold_name(other);
        let same_firm = match (&self.credit_code, &other.credit_code) {
            // A firm may run several platforms.
            _ if self.owner.is_some() || other.owner.is_some() => {
                let owner = |stated: &Stated| stated.owner.as_deref().map(fold_name);
                same(&self.firm, &other.firm) && owner(self) == owner(other)
            }
            (Some(one), Some(other)) => one == other,
            _ => same(&self.firm, &other.firm),
        };
        same_firm && same(&self.title, &other.title) && fold_level(&self.level) == fold_level(&other.level)
    }

    /// Whether its level is one of these; where none are named, every one is.
    fn is_of(&self, levels: &[String]) -> bool {
        levels.is_empty() || levels.iter().any(|level| fold_level(level) == fold_level(&self.level))
    }

    pub fn is_in_force(&self, on: NaiveDate) -> bool {
        self.day <= on && self.withdrawn.is_none_or(|withdrawn| withdrawn > on)
    }

    /// What of it does not fit the list as the plan declares it, with its field.
    pub fn misfit(&self, plan: &Plan) -> Option<(Field, String)> {
        let list = plan.policies.declared_list(&self.title);
        if self.level.is_empty() && list.is_none_or(|list| !list.levels.is_empty()) {
            return Some((Field::Level, "请写明级别".to_owned()));
        }
        let list = list?;
        let title = &list.title;
        if list.of == Of::Firm && self.owner.is_some() {
            return Some((Field::Owner, format!("“{title}”是企业名单，所属企业请空着")));
        }
        if list.of != Of::Firm && self.credit_code.is_some() && self.owner.is_none() {
            let what = list.of.name();
            return Some((Field::Owner, format!("“{title}”是{what}名单，写了信用代码，请写明所属企业")));
        }
        let known = self.is_of(&list.levels);
        let levels = list.levels.join("、");
        (!known).then(|| (Field::Level, format!("“{title}”的级别请写 {levels} 之一，这里是“{}”", self.level)))
    }

    /// What does not agree within it, with its field.
    pub fn fault(&self, today: NaiveDate) -> Option<(Field, String)> {
        if self.day > today {
            return Some((Field::Day, "认定日期不能在今天以后".to_owned()));
        }
        let withdrawn = self.withdrawn?;
        if withdrawn < self.day {
            return Some((Field::Withdrawn, "撤销日期不能早于认定日期".to_owned()));
        }
        (withdrawn > today).then(|| (Field::Withdrawn, "撤销日期不能在今天以后，到那天再登记".to_owned()))
    }
}

/// Where recognitions stand that one may repeat, so that nobody has to look at all of them.
#[derive(Debug, Clone, Default)]
pub struct Index(BTreeMap<[String; 3], Vec<usize>>);

impl Index {
    pub fn of<'s>(all: impl IntoIterator<Item = &'s Stated>) -> Self {
        let mut index = Self::default();
        all.into_iter().enumerate().for_each(|(at, stated)| index.put(at, stated));
        index
    }

    /// Its name, and its code if it has one: whatever it [`Stated::repeats`] shares one of them.
    fn keys(stated: &Stated) -> impl Iterator<Item = [String; 3]> {
        let names = [Some(fold_name(&stated.firm)), stated.credit_code.clone()];
        names.into_iter().flatten().map(|name| [name, fold_name(&stated.title), fold_level(&stated.level)])
    }

    pub fn put(&mut self, at: usize, stated: &Stated) {
        for key in Self::keys(stated) {
            self.0.entry(key).or_default().push(at);
        }
    }

    /// The places of all that it may repeat, ascending; [`Stated::repeats`] says whether it does.
    pub fn near(&self, stated: &Stated) -> Vec<usize> {
        let found: BTreeSet<usize> = Self::keys(stated).filter_map(|key| self.0.get(&key)).flatten().copied().collect();
        found.into_iter().collect()
    }
}

/// How many firms a goal counts at a period's end: of a stock all that are recognised then, else those that were
/// recognised in the year so far. A firm counts once, whatever its levels and batches.
pub fn counted(asked: &FromList, is_stock: bool, list: &[Recognition], at: Period) -> usize {
    let end = at.last_day();
    let of_year = |stated: &Stated| is_stock || chrono::Datelike::year(&stated.day) == at.year;
    let same = |one: &str, other: &str| fold_name(one) == fold_name(other);
    let found: Vec<&Stated> = list
        .iter()
        .map(|recognition| &recognition.stated)
        .filter(|stated| same(&stated.title, &asked.title))
        .filter(|stated| stated.is_of(&asked.levels))
        .filter(|stated| stated.is_in_force(end) && of_year(stated))
        .collect();
    // Some lines of a firm have its code, others its name alone; what a firm runs or makes has its own name.
    let firms = found.iter().filter(|stated| stated.owner.is_none());
    let codes: BTreeMap<String, &str> =
        firms.filter_map(|stated| Some((fold_name(&stated.firm), stated.credit_code.as_deref()?))).collect();
    let firm = |stated: &&Stated| {
        let name = fold_name(&stated.firm);
        if let Some(owner) = &stated.owner {
            return format!("{name}/{}", fold_name(owner));
        }
        let code = stated.credit_code.as_deref().or_else(|| codes.get(&name).copied());
        code.map_or(name, str::to_owned)
    };
    found.iter().map(firm).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(
        number: u32,
        firm: &str,
        code: Option<&str>,
        level: &str,
        day: &str,
        withdrawn: Option<&str>,
    ) -> Recognition {
        let stated = Stated {
            firm: firm.to_owned(),
            credit_code: code.map(str::to_owned),
            title: "绿色工厂".to_owned(),
            level: level.to_owned(),
            day: day.parse().unwrap(),
            withdrawn: withdrawn.map(|day| day.parse().unwrap()),
            ..Stated::default()
        };
        Recognition { number, version: 1, stated, reason: String::new(), at: 0, actor: String::new() }
    }

    #[test]
    fn a_firm_counts_once_and_only_while_it_is_recognised() {
        let code = "91350100M000100Y43";
        let list = [
            line(1, "甲公司", Some(code), "省级", "2020-05-01", None),
            line(2, "甲 公司", None, "国家级", "2021-03-01", None),
            // Under its new name.
            line(3, "甲集团", Some(code), "市级", "2021-04-01", None),
            line(4, "乙公司", None, "省级", "2021-06-30", Some("2021-09-30")),
            line(5, "丙公司", None, "省级", "2021-07-01", None),
        ];
        let count = |levels: &[&str], is_stock: bool, at: &str| {
            let levels = levels.iter().map(|level| (*level).to_owned()).collect();
            let asked = FromList { title: "绿色 工厂".to_owned(), levels };
            counted(&asked, is_stock, &list, Period::parse(at).unwrap())
        };
        assert_eq!(count(&[], true, "2021-05"), 1);
        assert_eq!(count(&[], true, "2021-06"), 2);
        assert_eq!(count(&[], true, "2021-08"), 3);
        assert_eq!(count(&[], true, "2021-09"), 2);
        assert_eq!(count(&["省级"], false, "2021-12"), 1);
        assert_eq!(count(&["省级"], true, "2020-12"), 1);
        assert_eq!(count(&["省级", "国家级"], false, "2021-03"), 1);
        // 省 and 省级 are one level, of what is counted and of what is there already.
        assert_eq!(count(&["省"], true, "2020-12"), 1);
        assert!(list[3].stated.repeats(&line(6, "乙公司", None, "省", "2021-07-01", None).stated));
        assert!(!list[3].stated.repeats(&line(7, "乙公司", None, "市级", "2021-07-01", None).stated));
    }

    #[test]
    fn whatever_repeats_is_near_and_little_else() {
        let code = Some("91350100M000100Y43");
        let mut list: Vec<Stated> =
            (0..300).map(|at| line(at, &format!("第{at}公司"), None, "省级", "2020-05-01", None).stated).collect();
        let others = [("甲公司", code), ("甲 公司", None), ("甲集团", code), ("甲集团", Some("91350100M000200Y4T"))];
        list.extend(others.map(|(firm, code)| line(1, firm, code, "省级", "2021-01-01", None).stated));
        let mut platform = list[0].clone();
        platform.owner = Some("甲公司".to_owned());
        list.push(platform);
        let index = Index::of(&list);
        for one in &list {
            let near = index.near(one);
            assert!(near.len() <= 4 && near.is_sorted(), "{near:?} of {one:?}");
            let repeated = (0..list.len()).filter(|at| list[*at].repeats(one));
            assert!(repeated.into_iter().all(|at| near.contains(&at)), "{near:?} of {one:?}");
        }
        let elsewhere = Stated { level: "国家级".to_owned(), ..list[0].clone() };
        assert_eq!(index.near(&elsewhere), Vec::<usize>::new());
    }

    #[test]
    fn platforms_of_one_firm_are_several() {
        let code = Some("91350100M000100Y43");
        let owned = |number: u32, name: &str, owner: Option<&str>| {
            let mut one = line(number, name, code.filter(|_| owner.is_some()), "省级", "2021-01-01", None);
            one.stated.owner = owner.map(str::to_owned);
            one
        };
        let list = [
            owned(1, "甲云平台", Some("甲公司")),
            owned(2, "乙云平台", Some("甲公司")),
            owned(3, "甲云平台", Some("丙公司")),
            owned(4, "甲 云平台", Some("甲公司")),
            owned(5, "单位产品能耗限额", None),
        ];
        assert!(!list[0].stated.repeats(&list[1].stated) && !list[0].stated.repeats(&list[2].stated));
        assert!(list[0].stated.repeats(&list[3].stated) && !list[0].stated.repeats(&list[4].stated));
        let asked = FromList { title: "绿色工厂".to_owned(), levels: Vec::new() };
        assert_eq!(counted(&asked, true, &list, Period::parse("2021-05").unwrap()), 4);
    }
}
