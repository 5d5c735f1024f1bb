//! Which projects of a library somebody looks at, as an address says it: sums follow the choice.

use super::field::unit_name;
use super::standing::{Lamp, Standing, worst_first};
use super::{Entry, Role, Stage};
use crate::plan::Plan;
use crate::rate::Rate;
use crate::region::fold_name;

/// Which lines of a list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// 滞后
    Lag,
    /// 应开未开
    StartOverdue,
    /// 应竣未竣
    FinishOverdue,
    /// 没有报送
    Silent,
    /// 建议退库
    ToLeave,
}

impl List {
    pub const ALL: [List; 5] = [List::Lag, List::StartOverdue, List::FinishOverdue, List::Silent, List::ToLeave];

    pub fn id(self) -> &'static str {
        match self {
            List::Lag => "lag",
            List::StartOverdue => "start_overdue",
            List::FinishOverdue => "finish_overdue",
            List::Silent => "silent",
            List::ToLeave => "to_leave",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            List::Lag => "滞后项目",
            List::StartOverdue => "应开未开",
            List::FinishOverdue => "应竣未竣",
            List::Silent => "未报送",
            List::ToLeave => "建议退库",
        }
    }

    pub fn has(self, standing: &Standing) -> bool {
        match self {
            List::Lag => standing.lags(),
            List::StartOverdue => standing.start_overdue > 0,
            List::FinishOverdue => standing.finish_overdue > 0,
            List::Silent => standing.silent > 0,
            List::ToLeave => standing.is_to_leave(),
        }
    }
}

/// The order of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Number,
    Unit,
    Total,
    Planned,
    Completion,
    Gap,
    Worst,
}

impl Sort {
    pub const ALL: [Sort; 7] =
        [Sort::Number, Sort::Unit, Sort::Total, Sort::Planned, Sort::Completion, Sort::Gap, Sort::Worst];

    pub fn id(self) -> &'static str {
        match self {
            Sort::Number => "number",
            Sort::Unit => "unit",
            Sort::Total => "total",
            Sort::Planned => "planned",
            Sort::Completion => "completion",
            Sort::Gap => "gap",
            Sort::Worst => "worst",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Sort::Number => "按编号",
            Sort::Unit => "按单位",
            Sort::Total => "总投资从大到小",
            Sort::Planned => "年计划从大到小",
            Sort::Completion => "完成年计划从高到低",
            Sort::Gap => "落后的在前",
            Sort::Worst => "亮灯的在前",
        }
    }
}

/// The choice: what is not named is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    pub unit: Option<String>,
    pub role: Option<Role>,
    pub lamp: Option<Lamp>,
    pub stage: Option<Stage>,
    pub list: Option<List>,
    pub official: Option<String>,
    pub direction: Option<String>,
    pub level: Option<String>,
    pub label: Option<String>,
    /// In name, number, firm, code, content and site.
    pub text: Option<String>,
    pub sort: Sort,
}

impl Filter {
    /// The names of what an address may say.
    pub const KEYS: [&str; 11] =
        ["unit", "role", "lamp", "stage", "list", "official", "direction", "level", "label", "q", "sort"];

    /// As an address says it; what is unknown is not asked.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |key: &str| get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        fn of<T: Copy>(all: &[T], id: fn(T) -> &'static str, text: Option<String>) -> Option<T> {
            let text = text?;
            all.iter().copied().find(|known| id(*known) == text)
        }
        Self {
            unit: text("unit"),
            role: of(&Role::ALL, Role::id, text("role")),
            lamp: of(&Lamp::ALL, Lamp::id, text("lamp")),
            stage: of(&Stage::ALL, Stage::id, text("stage")),
            list: of(&List::ALL, List::id, text("list")),
            official: text("official"),
            direction: text("direction"),
            level: text("level"),
            label: text("label"),
            text: text("q"),
            sort: of(&Sort::ALL, Sort::id, text("sort")).unwrap_or_default(),
        }
    }

    /// What it says, by key: an address that gives it again.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let own = |text: &Option<String>| text.clone();
        let sort = (self.sort != Sort::Number).then(|| self.sort.id().to_owned());
        let said = [
            own(&self.unit),
            self.role.map(|role| role.id().to_owned()),
            self.lamp.map(|lamp| lamp.id().to_owned()),
            self.stage.map(|stage| stage.id().to_owned()),
            self.list.map(|list| list.id().to_owned()),
            own(&self.official),
            own(&self.direction),
            own(&self.level),
            own(&self.label),
            own(&self.text),
            sort,
        ];
        Self::KEYS.into_iter().zip(said).filter_map(|(key, text)| Some((key, text?))).collect()
    }

    pub fn fits(&self, entry: &Entry, standing: &Standing) -> bool {
        let own = &entry.project;
        let has = |text: &Option<String>, part: &str| text.as_ref().is_some_and(|text| text.contains(part));
        let is = |asked: &Option<String>, text: &Option<String>| asked.is_none() || asked == text;
        let said = |asked: &Option<String>| match asked {
            None => true,
            Some(part) => {
                let part = fold_name(part).to_lowercase();
                let texts = [Some(&own.id), Some(&own.name), own.firm.as_ref(), own.code.as_ref()];
                let more = [own.content.as_ref(), own.site.as_ref(), own.industry.as_ref()];
                texts.into_iter().chain(more).flatten().any(|text| fold_name(text).to_lowercase().contains(&part))
            }
        };
        self.unit.as_ref().is_none_or(|unit| own.unit == *unit)
            && self.role.is_none_or(|role| standing.role == Some(role))
            && self.lamp.is_none_or(|lamp| standing.lamp() == lamp)
            && self.stage.is_none_or(|stage| standing.stage == stage)
            && self.list.is_none_or(|list| list.has(standing))
            && self.official.as_ref().is_none_or(|name| has(&own.official, name) || has(&own.unit_official, name))
            && is(&self.direction, &own.direction)
            && is(&self.level, &standing.level)
            && self.label.as_ref().is_none_or(|label| own.labels.contains(label))
            && said(&self.text)
    }

    /// Those that fit, in the order asked for.
    pub fn choose<'e>(&self, plan: &Plan, rows: &[(&'e Entry, Standing)]) -> Vec<(&'e Entry, Standing)> {
        let fits = rows.iter().filter(|(entry, standing)| self.fits(entry, standing));
        let mut found: Vec<(&'e Entry, Standing)> = fits.map(|(entry, standing)| (*entry, standing.clone())).collect();
        let order = |unit: &str| {
            plan.goals.iter().flat_map(|goal| &goal.splits).position(|split| split.region == unit).unwrap_or(usize::MAX)
        };
        let low = Rate::ZERO.minus(Rate::ONE);
        match self.sort {
            Sort::Number => {}
            Sort::Unit => found.sort_by_cached_key(|(entry, _)| {
                (order(&entry.project.unit), unit_name(plan, &entry.project.unit).to_owned(), entry.project.id.clone())
            }),
            Sort::Total => found.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.project.total)),
            Sort::Planned => found.sort_by_key(|(_, standing)| std::cmp::Reverse(standing.planned)),
            Sort::Completion => {
                found.sort_by_key(|(_, standing)| std::cmp::Reverse(standing.year_completion.unwrap_or(low)));
            }
            Sort::Gap => found.sort_by_key(|(_, standing)| (standing.gap.is_none(), standing.gap.unwrap_or(low))),
            Sort::Worst => worst_first(&mut found),
        }
        found
    }
}
