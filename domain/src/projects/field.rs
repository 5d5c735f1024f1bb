//! What of a project stands in one box or one column: its name, how it is read and how it is written. Every table in
//! and out, every form and the files of the command line go through here.

use std::collections::BTreeMap;

use super::{Dates, Entry, Listed, Reported, Role, Step, When, codes};
use crate::entry::{TEXT_LIMIT, clean, understand};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::Plan;
use crate::region::fold_name;

/// One thing that is known of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Id,
    Name,
    Code,
    Firm,
    CreditCode,
    Unit,
    Site,
    Industry,
    Direction,
    Nature,
    Content,
    Total,
    Equipment,
    Output,
    Funds,
    Labels,
    Successors,
    Lead,
    Official,
    UnitOfficial,
    Role,
    Planned,
    ByMonth,
    Milestone,
    Batch,
    Entered,
    Left,
    ListReason,
    Excused,
    /// 建设年限: planned start and finish in one cell.
    Span,
    PlannedOf(Step),
    ActualOf(Step),
    SuspendedFor,
    /// 至上年底累计, which with what the year did gives what was done since the start.
    Before,
    ThisYear,
    SinceStart,
    Progress,
    Problem,
    Next,
}

/// Where a box or a line of a table stands: whose plan, which year's list, which month's report, in which unit.
#[derive(Debug, Clone)]
pub struct Place<'p> {
    pub plan: &'p Plan,
    pub year: i32,
    /// Without one, what is reported has nowhere to go.
    pub period: Option<Period>,
    pub measure: Measure,
}

/// Longest name, in characters.
const NAME_LIMIT: usize = 200;

impl Field {
    pub const ALL: [Field; 49] = [
        Field::Id,
        Field::Name,
        Field::Code,
        Field::Firm,
        Field::CreditCode,
        Field::Unit,
        Field::Site,
        Field::Industry,
        Field::Direction,
        Field::Nature,
        Field::Content,
        Field::Total,
        Field::Equipment,
        Field::Output,
        Field::Funds,
        Field::Labels,
        Field::Successors,
        Field::Lead,
        Field::Official,
        Field::UnitOfficial,
        Field::Role,
        Field::Planned,
        Field::ByMonth,
        Field::Milestone,
        Field::Batch,
        Field::Entered,
        Field::Left,
        Field::ListReason,
        Field::Excused,
        Field::Span,
        Field::PlannedOf(Step::Filing),
        Field::ActualOf(Step::Filing),
        Field::PlannedOf(Step::Start),
        Field::ActualOf(Step::Start),
        Field::ActualOf(Step::Statistics),
        Field::PlannedOf(Step::Finish),
        Field::ActualOf(Step::Finish),
        Field::PlannedOf(Step::Production),
        Field::ActualOf(Step::Production),
        Field::PlannedOf(Step::Acceptance),
        Field::ActualOf(Step::Acceptance),
        Field::ActualOf(Step::Suspension),
        Field::SuspendedFor,
        Field::Before,
        Field::ThisYear,
        Field::SinceStart,
        Field::Progress,
        Field::Problem,
        Field::Next,
    ];

    /// What is reported each month, in the order of the sheet.
    pub const REPORTED: [Field; 5] = [Field::ThisYear, Field::SinceStart, Field::Progress, Field::Problem, Field::Next];

    /// As forms and mappings name it.
    pub fn id(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::Name => "name",
            Field::Code => "code",
            Field::Firm => "firm",
            Field::CreditCode => "credit_code",
            Field::Unit => "unit",
            Field::Site => "site",
            Field::Industry => "industry",
            Field::Direction => "direction",
            Field::Nature => "nature",
            Field::Content => "content",
            Field::Total => "total",
            Field::Equipment => "equipment",
            Field::Output => "output",
            Field::Funds => "funds",
            Field::Labels => "labels",
            Field::Successors => "successors",
            Field::Lead => "lead",
            Field::Official => "official",
            Field::UnitOfficial => "unit_official",
            Field::Role => "role",
            Field::Planned => "planned",
            Field::ByMonth => "by_month",
            Field::Milestone => "milestone",
            Field::Batch => "batch",
            Field::Entered => "entered",
            Field::Left => "left",
            Field::ListReason => "list_reason",
            Field::Excused => "excused",
            Field::Span => "span",
            Field::PlannedOf(Step::Filing) => "planned_filing",
            Field::PlannedOf(Step::Start) => "planned_start",
            Field::PlannedOf(Step::Statistics) => "planned_statistics",
            Field::PlannedOf(Step::Finish) => "planned_finish",
            Field::PlannedOf(Step::Production) => "planned_production",
            Field::PlannedOf(Step::Acceptance) => "planned_acceptance",
            Field::PlannedOf(Step::Suspension) => "planned_suspension",
            Field::ActualOf(Step::Filing) => "filing",
            Field::ActualOf(Step::Start) => "start",
            Field::ActualOf(Step::Statistics) => "statistics",
            Field::ActualOf(Step::Finish) => "finish",
            Field::ActualOf(Step::Production) => "production",
            Field::ActualOf(Step::Acceptance) => "acceptance",
            Field::ActualOf(Step::Suspension) => "suspension",
            Field::SuspendedFor => "suspended_for",
            Field::Before => "before",
            Field::ThisYear => "this_year",
            Field::SinceStart => "since_start",
            Field::Progress => "progress",
            Field::Problem => "problem",
            Field::Next => "next",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Field::ALL.into_iter().find(|field| field.id() == id)
    }

    /// Its head in our own tables, and its label in forms.
    pub fn name(self) -> &'static str {
        match self {
            Field::Id => "项目编号",
            Field::Name => "项目名称",
            Field::Code => "项目代码",
            Field::Firm => "项目业主",
            Field::CreditCode => "统一社会信用代码",
            Field::Unit => "所在单位",
            Field::Site => "建设地点",
            Field::Industry => "行业",
            Field::Direction => "改造方向",
            Field::Nature => "建设性质",
            Field::Content => "建设规模及内容",
            Field::Total => "总投资",
            Field::Equipment => "设备投资",
            Field::Output => "达产产值",
            Field::Funds => "资金来源",
            Field::Labels => "标签",
            Field::Successors => "后续项目编号",
            Field::Lead => "责任单位",
            Field::Official => "挂钩领导",
            Field::UnitOfficial => "县级挂钩领导",
            Field::Role => "年度类别",
            Field::Planned => "年计划投资",
            Field::ByMonth => "分月计划",
            Field::Milestone => "年度形象进度目标",
            Field::Batch => "批次",
            Field::Entered => "入库时间",
            Field::Left => "退库时间",
            Field::ListReason => "入库退库依据",
            Field::Excused => "认可的延期理由",
            Field::Span => "建设起止年限",
            Field::PlannedOf(Step::Filing) => "计划备案时间",
            Field::PlannedOf(Step::Start) => "计划开工时间",
            Field::PlannedOf(Step::Statistics) => "计划纳统时间",
            Field::PlannedOf(Step::Finish) => "计划竣工时间",
            Field::PlannedOf(Step::Production) => "计划投产时间",
            Field::PlannedOf(Step::Acceptance) => "计划验收时间",
            Field::PlannedOf(Step::Suspension) => "计划停建时间",
            Field::ActualOf(Step::Filing) => "实际备案时间",
            Field::ActualOf(Step::Start) => "实际开工时间",
            Field::ActualOf(Step::Statistics) => "纳统时间",
            Field::ActualOf(Step::Suspension) => "停建时间",
            Field::ActualOf(Step::Finish) => "实际竣工时间",
            Field::ActualOf(Step::Production) => "实际投产时间",
            Field::ActualOf(Step::Acceptance) => "实际验收时间",
            Field::SuspendedFor => "停建原因",
            Field::Before => "至上年底累计完成投资",
            Field::ThisYear => "本年累计完成投资",
            Field::SinceStart => "开工以来累计完成投资",
            Field::Progress => "形象进度",
            Field::Problem => "存在问题",
            Field::Next => "下步措施",
        }
    }

    /// Whether it is an amount of money.
    pub fn is_money(self) -> bool {
        matches!(
            self,
            Field::Total
                | Field::Equipment
                | Field::Output
                | Field::Planned
                | Field::ByMonth
                | Field::Before
                | Field::ThisYear
                | Field::SinceStart
        )
    }

    /// Whether it is of one month's report.
    pub fn is_reported(self) -> bool {
        self == Field::Before || Field::REPORTED.contains(&self)
    }

    /// Whether it is of one year's list.
    pub fn is_listed(self) -> bool {
        matches!(
            self,
            Field::Role
                | Field::Planned
                | Field::ByMonth
                | Field::Milestone
                | Field::Batch
                | Field::Entered
                | Field::Left
                | Field::ListReason
                | Field::Excused
        )
    }

    /// Puts what a box or a cell says into an entry. An empty one takes away what stood there; the number and the name
    /// stay.
    ///
    /// # Errors
    /// As a sentence: what is wrong, and what to write.
    pub fn set(self, entry: &mut Entry, written: &str, place: &Place<'_>) -> Result<(), String> {
        let text = clean(written).trim().to_owned();
        let some = Some(text.clone()).filter(|text| !crate::money::is_blank(text));
        let length = text.chars().count();
        let limit = if matches!(self, Field::Id | Field::Name) { NAME_LIMIT } else { TEXT_LIMIT };
        if length > limit {
            return Err(format!("{}写了 {length} 字，请缩短到 {limit} 字以内", self.name()));
        }
        match self {
            Field::Id => match some {
                // Pages of the library are called so.
                Some(id) if ["lag", "matters", "import", "new"].contains(&id.as_str()) => {
                    return Err(format!("项目编号不能写“{id}”，请换一个，例如 2021-018"));
                }
                Some(id) if id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) && length <= 40 => {
                    entry.project.id = id;
                }
                Some(id) => {
                    return Err(format!("项目编号“{id}”只能用字母、数字、- 和 _，至多40个字，例如 2021-018"));
                }
                None => {}
            },
            Field::Name => entry.project.name = some.unwrap_or_else(|| std::mem::take(&mut entry.project.name)),
            Field::Unit => {
                if let Some(written) = some {
                    entry.project.unit = unit(place.plan, &written)?;
                }
            }
            Field::Code => entry.project.code = some.map(|code| codes::project_code(&code)).transpose()?,
            Field::CreditCode => entry.project.credit_code = some.map(|code| codes::credit_code(&code)).transpose()?,
            Field::Firm => entry.project.firm = some,
            Field::Site => entry.project.site = some,
            Field::Industry => entry.project.industry = some,
            Field::Direction => entry.project.direction = some,
            Field::Nature => entry.project.nature = some,
            Field::Content => entry.project.content = some,
            Field::Funds => entry.project.funds = some,
            Field::Lead => entry.project.lead = some,
            Field::Official => entry.project.official = some,
            Field::UnitOfficial => entry.project.unit_official = some,
            Field::Labels => entry.project.labels = several(&text),
            Field::Successors => entry.project.successors = several(&text),
            Field::Total => entry.project.total = self.money(&text, place)?,
            Field::Equipment => entry.project.equipment = self.money(&text, place)?,
            Field::Output => entry.project.output = self.money(&text, place)?,
            Field::Span => {
                if let Some(written) = some {
                    let (from, to) = span(&written, place.year)?;
                    entry.steps.entry(Step::Start).or_default().planned = Some(from);
                    entry.steps.entry(Step::Finish).or_default().planned = Some(to);
                }
            }
            Field::PlannedOf(step) => {
                let when = self.when(some.as_deref(), place)?;
                put(entry, step, |dates| dates.planned = when);
            }
            Field::ActualOf(step) => {
                let when = self.when(some.as_deref(), place)?;
                put(entry, step, |dates| dates.actual = when);
            }
            Field::SuspendedFor => put(entry, Step::Suspension, |dates| dates.reason = some),
            _ if self.is_listed() => return self.set_listed(entry, some, place),
            _ => return self.set_reported(entry, some, place),
        }
        Ok(())
    }

    fn set_listed(self, entry: &mut Entry, some: Option<String>, place: &Place<'_>) -> Result<(), String> {
        let known = entry.years.get(&place.year);
        if some.is_none() && known.is_none() {
            return Ok(());
        }
        let mut listed = known.cloned().unwrap_or(Listed {
            year: place.year,
            role: Role::Continued,
            planned: None,
            by_month: BTreeMap::new(),
            milestone: None,
            batch: None,
            entered: None,
            left: None,
            reason: None,
            excused: None,
        });
        match self {
            Field::Role => {
                if let Some(written) = some {
                    let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
                    let unknown = || format!("年度类别“{written}”请写 {} 之一", names.join("、"));
                    listed.role = Role::read(&written).ok_or_else(unknown)?;
                }
            }
            Field::Planned => listed.planned = self.money(&some.unwrap_or_default(), place)?,
            Field::ByMonth => listed.by_month = by_month(&some.unwrap_or_default(), place)?,
            Field::Milestone => listed.milestone = some,
            Field::Batch => listed.batch = some,
            Field::Entered => listed.entered = self.when(some.as_deref(), place)?,
            Field::Left => listed.left = self.when(some.as_deref(), place)?,
            Field::ListReason => listed.reason = some,
            _ => listed.excused = some,
        }
        entry.years.insert(place.year, listed);
        Ok(())
    }

    fn set_reported(self, entry: &mut Entry, some: Option<String>, place: &Place<'_>) -> Result<(), String> {
        let Some(period) = place.period else {
            return match some {
                None => Ok(()),
                Some(_) => Err(format!("{}是哪一期的没有写明，请先选期间", self.name())),
            };
        };
        if some.is_none() && !entry.returns.contains_key(&period) {
            return Ok(());
        }
        let amount = if self.is_money() { self.money(&some.clone().unwrap_or_default(), place)? } else { None };
        let mut reported = entry.returns.get(&period).cloned().unwrap_or_default();
        let text = some.unwrap_or_default();
        match self {
            Field::Before => {
                let together = amount.map(|before| Amount(before.0 + reported.this_year.unwrap_or_default().0));
                reported.since_start = reported.since_start.or(together);
            }
            Field::ThisYear => reported.this_year = amount,
            Field::SinceStart => reported.since_start = amount,
            Field::Progress => reported.progress = text,
            Field::Problem => reported.problem = text,
            _ => reported.next = text,
        }
        if reported == Reported::default() {
            entry.returns.remove(&period);
        } else {
            entry.returns.insert(period, reported);
        }
        Ok(())
    }

    fn money(self, text: &str, place: &Place<'_>) -> Result<Option<Amount>, String> {
        let read = understand(&place.measure, text).map_err(|why| format!("{}：{why}", self.name()))?;
        match read {
            Some(read) if read.amount.0 < 0 => Err(format!("{}不会是负数，请核对“{text}”", self.name())),
            read => Ok(read.map(|read| read.amount)),
        }
    }

    fn when(self, text: Option<&str>, place: &Place<'_>) -> Result<Option<When>, String> {
        let Some(text) = text else { return Ok(None) };
        let unreadable = || format!("{}“{text}”看不懂，请写成 {}", self.name(), super::when::EXAMPLES);
        When::read(text, place.year).map(Some).ok_or_else(unreadable)
    }

    /// What stands in its box: read again it is the same. Money in the place's unit, exact; empty where nothing is
    /// known.
    pub fn text(self, entry: &Entry, place: &Place<'_>) -> String {
        let own = &entry.project;
        let plain = |text: &Option<String>| text.clone().unwrap_or_default();
        let money = |amount: Option<Amount>| amount.map(|amount| place.measure.plain(amount)).unwrap_or_default();
        let when = |when: Option<When>| when.map(|when| when.to_string()).unwrap_or_default();
        let listed = entry.years.get(&place.year);
        let reported = place.period.and_then(|period| entry.returns.get(&period));
        let of_list = |of: fn(&Listed) -> Option<String>| listed.and_then(of).unwrap_or_default();
        let of_report = |of: fn(&Reported) -> &String| reported.map(|found| of(found).clone()).unwrap_or_default();
        match self {
            Field::Id => own.id.clone(),
            Field::Name => own.name.clone(),
            Field::Unit => unit_name(place.plan, &own.unit).to_owned(),
            Field::Code => plain(&own.code),
            Field::CreditCode => plain(&own.credit_code),
            Field::Firm => plain(&own.firm),
            Field::Site => plain(&own.site),
            Field::Industry => plain(&own.industry),
            Field::Direction => plain(&own.direction),
            Field::Nature => plain(&own.nature),
            Field::Content => plain(&own.content),
            Field::Funds => plain(&own.funds),
            Field::Lead => plain(&own.lead),
            Field::Official => plain(&own.official),
            Field::UnitOfficial => plain(&own.unit_official),
            Field::Labels => own.labels.join("、"),
            Field::Successors => own.successors.join("、"),
            Field::Total => money(own.total),
            Field::Equipment => money(own.equipment),
            Field::Output => money(own.output),
            Field::Role => of_list(|listed| Some(listed.role.name().to_owned())),
            Field::Planned => money(listed.and_then(|listed| listed.planned)),
            Field::ByMonth => {
                let months = listed.iter().flat_map(|listed| &listed.by_month);
                let each = months.map(|(month, amount)| format!("{month}月 {}", place.measure.plain(*amount)));
                each.collect::<Vec<_>>().join("；")
            }
            Field::Milestone => of_list(|listed| listed.milestone.clone()),
            Field::Batch => of_list(|listed| listed.batch.clone()),
            Field::Entered => when(listed.and_then(|listed| listed.entered)),
            Field::Left => when(listed.and_then(|listed| listed.left)),
            Field::ListReason => of_list(|listed| listed.reason.clone()),
            Field::Excused => of_list(|listed| listed.excused.clone()),
            Field::Span => match (entry.planned(Step::Start), entry.planned(Step::Finish)) {
                (Some(from), Some(to)) => format!("{from}至{to}"),
                _ => String::new(),
            },
            Field::PlannedOf(step) => when(entry.planned(step)),
            Field::ActualOf(step) => when(entry.steps.get(&step).and_then(|dates| dates.actual)),
            Field::SuspendedFor => plain(&entry.steps.get(&Step::Suspension).and_then(|dates| dates.reason.clone())),
            Field::Before => {
                let sums = reported.and_then(|found| found.since_start.zip(found.this_year));
                money(sums.map(|(all, year)| Amount(all.0 - year.0)))
            }
            Field::ThisYear => money(reported.and_then(|found| found.this_year)),
            Field::SinceStart => money(reported.and_then(|found| found.since_start)),
            Field::Progress => of_report(|found| &found.progress),
            Field::Problem => of_report(|found| &found.problem),
            Field::Next => of_report(|found| &found.next),
        }
    }
}

fn put(entry: &mut Entry, step: Step, change: impl FnOnce(&mut Dates)) {
    let dates = entry.steps.entry(step).or_default();
    change(dates);
    if *dates == Dates::default() {
        entry.steps.remove(&step);
    }
}

/// `省重点、百项千亿`.
fn several(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let parts = text.split(['、', ',', '，', ';', '；', '/', '\n']).map(str::trim).filter(|part| !part.is_empty());
    for part in parts {
        if !found.iter().any(|known| known == part) {
            found.push(part.to_owned());
        }
    }
    found
}

/// The units in which a plan's projects can lie: (id, name), in its order.
pub fn units(plan: &Plan) -> Vec<(String, String)> {
    crate::entry::units_with_posts(plan)
}

/// What a unit is called; the plan's own region, which a project of no county lies in, is 市本级.
pub fn unit_name<'p>(plan: &'p Plan, unit: &'p str) -> &'p str {
    if unit == plan.region.id() {
        return own_name(plan);
    }
    let rows = plan.goals.iter().flat_map(|goal| &goal.splits).find(|split| split.region == unit);
    let declared = plan.units.iter().find(|known| known.id == unit).map(|known| known.name.as_str());
    rows.map(|split| split.name.as_str()).or(declared).unwrap_or(unit)
}

/// 市本级, 省本级: by what the region's name ends with.
fn own_name(plan: &Plan) -> &'static str {
    let named = OWN.into_iter().find(|own| plan.region.name.ends_with(own.trim_end_matches("本级")));
    named.unwrap_or("本级")
}

const OWN: [&str; 6] = ["省本级", "市本级", "县本级", "区本级", "州本级", "盟本级"];

/// The unit that a cell names, by id, name or former name; 市本级 is the plan's own region.
pub fn unit(plan: &Plan, written: &str) -> Result<String, String> {
    let folded = fold_name(written);
    let rows = plan.goals.iter().find_map(|goal| goal.find_split(&folded)).map(|split| split.region.clone());
    let declared = || plan.units.iter().find(|unit| unit.is_named(&folded)).map(|unit| unit.id.clone());
    let is_own = OWN.contains(&folded.as_str()) || ["市直", "省直", "本级"].contains(&folded.as_str());
    let own = || (is_own || folded == plan.region.id()).then(|| plan.region.id().to_owned());
    rows.or_else(declared).or_else(own).ok_or_else(|| {
        let known = units(plan);
        let near = crate::region::suggest(&folded, known.iter().map(|(_, name)| name.as_str()));
        let near = near.map(|near| format!("，是不是“{near}”？")).unwrap_or_else(|| "，请写计划里的单位".to_owned());
        format!("计划里没有单位“{}”{near}", crate::month::shorten(written))
    })
}

/// `2021-2022`, `2021.03—2022.12`, `2021年3月至2022年底`.
fn span(text: &str, year: i32) -> Result<(When, When), String> {
    let unreadable = || format!("建设起止年限“{text}”看不懂，请写成 2021-2023 或 2021年3月至2022年12月");
    let folded: String = crate::money::fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    let marks = ["至", "—", "–", "~", "－", "到"];
    let parted = marks.into_iter().find_map(|mark| folded.split_once(mark));
    let (from, to) = match parted {
        Some((from, to)) => (from, to.trim_start_matches(['—', '-', '–'])),
        None => folded.split_once('-').filter(|(from, to)| from.len() >= 4 && to.len() >= 4).ok_or_else(unreadable)?,
    };
    let start = When::read(from, year).ok_or_else(unreadable)?;
    // A year alone begins in January.
    let bare = from.trim_end_matches('年');
    let alone = bare.len() == 4 && bare.bytes().all(|byte| byte.is_ascii_digit());
    let start = if alone { When::Month(Period { month: 1, ..start.month() }) } else { start };
    let end = When::read(to, start.month().year).ok_or_else(unreadable)?;
    if end.last_day() < start.last_day() && end.month() != start.month() {
        return Err(format!("建设起止年限“{text}”的止早于起，请核对"));
    }
    Ok((start, end))
}

/// `3月 100；6月 250`: what is to be reached by the end of each month.
fn by_month(text: &str, place: &Place<'_>) -> Result<BTreeMap<u32, Amount>, String> {
    let mut found = BTreeMap::new();
    let unreadable = |part: &str| format!("分月计划“{part}”看不懂，请写成 3月 100；6月 250；12月 600（各月末累计）");
    for part in text.split([';', '；', '\n', '、']).map(str::trim).filter(|part| !part.is_empty()) {
        let (month, amount) = part.split_once('月').ok_or_else(|| unreadable(part))?;
        let month: u32 = crate::money::fold(month).parse().map_err(|_| unreadable(part))?;
        let amount = amount.trim_start_matches([':', '：', ' ', '　']);
        let read = understand(&place.measure, amount).map_err(|why| format!("分月计划：{why}"))?;
        let (Some(read), true) = (read, (1..=12).contains(&month)) else { return Err(unreadable(part)) };
        if found.insert(month, read.amount).is_some() {
            return Err(format!("分月计划里 {month}月写了两次，请只留一个"));
        }
    }
    let falls = found.values().zip(found.values().skip(1)).any(|(one, next)| next < one);
    if falls {
        Err("分月计划是各月末的累计数，后面的不能小于前面的".to_owned())
    } else {
        Ok(found)
    }
}

/// What of an entry's newest report is doubtful beside the one before and the plan: soft, each a sentence.
pub fn doubts(entry: &Entry, period: Period) -> Vec<String> {
    let Some(now) = entry.returns.get(&period) else { return Vec::new() };
    let of_year = |found: &Period| found.year == period.year;
    let before = entry.returns.range(..period).next_back();
    let mut found = Vec::new();
    if let Some((this_year, all)) = now.this_year.zip(now.since_start)
        && this_year > all
    {
        found.push("本年累计大于开工以来累计，请核对".to_owned());
    }
    if let Some((all, total)) = now.since_start.zip(entry.project.total)
        && all > total
    {
        found.push("开工以来累计超过总投资，请核对或说明".to_owned());
    }
    if let Some((when, last)) = before {
        let year = last.this_year.filter(|_| of_year(when));
        let falls = |last: Option<Amount>, now: Option<Amount>| last.zip(now).is_some_and(|(last, now)| now < last);
        if falls(year, now.this_year) || falls(last.since_start, now.since_start) {
            found.push(format!("比{}月报的累计数小，累计数不会变小，请核对或说明", when.month));
        }
    }
    let done = |step: Step| entry.steps.get(&step).and_then(|dates| dates.actual);
    for (first, second) in
        [(Step::Start, Step::Finish), (Step::Finish, Step::Production), (Step::Start, Step::Production)]
    {
        if done(first)
            .zip(done(second))
            .is_some_and(|(first, second)| second.last_day() < first.last_day() && second.month() < first.month())
        {
            found.push(format!("{}早于{}，请核对日期", second.name(), first.name()));
        }
    }
    if now.this_year.is_some_and(|amount| amount.0 > 0) && !entry.stage(period).is_started() {
        found.push("有完成投资但没有开工日期，请补填开工日期".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_there_once_and_found_again() {
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(Field::parse(field.id()), Some(field));
            assert!(
                !Field::ALL[index + 1..].iter().any(|other| other.id() == field.id() || other.name() == field.name())
            );
        }
    }
}
