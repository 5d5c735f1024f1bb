//! Units and categories that a plan declares for themselves, apart from any split.

use crate::month::Period;
use crate::region::{RegionId, fold_name};

use super::meaning::{Made, What};
use super::{Goal, Plan, Split, SplitKind, Target};

/// Somebody who can have posts, duties and tasks, whether or not a split names it: 高新区, a street, a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// A split's `region` where it stands there: the code, else the folded name.
    pub id: RegionId,
    pub name: String,
    /// Names and codes it had in earlier years.
    pub former: Vec<String>,
    pub sort: Sort,
    /// The unit above.
    pub parent: Option<RegionId>,
    /// Its last period: no row and no duty of it runs longer.
    pub until: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Region,
    /// 县（市、区） under a 设区市 that is a region itself.
    County,
    /// 开发区、高新区.
    Zone,
    /// 街道、镇.
    Street,
    /// 园区.
    Park,
    /// 部门.
    Department,
}

impl Sort {
    pub const ALL: [Sort; 6] = [Sort::Region, Sort::County, Sort::Zone, Sort::Street, Sort::Park, Sort::Department];

    pub fn word(self) -> &'static str {
        match self {
            Sort::Region => "region",
            Sort::County => "county",
            Sort::Zone => "zone",
            Sort::Street => "street",
            Sort::Park => "park",
            Sort::Department => "department",
        }
    }

    /// The sort that words such as 各街道办事处, 各县（市）区政府 name together.
    pub fn named(words: &str) -> Option<Self> {
        let words = fold_name(words);
        let together = words.strip_prefix('各')?;
        let sorts = [
            (Sort::Street, &["街道", "乡镇", "镇"][..]),
            (Sort::Park, &["园区"]),
            (Sort::Zone, &["开发区", "高新区"]),
            (Sort::Department, &["部门", "单位", "局"]),
            (Sort::Region, &["设区市", "县", "区", "市", "旗", "州"]),
        ];
        sorts.into_iter().find(|(_, parts)| parts.iter().any(|part| together.contains(part))).map(|(sort, _)| sort)
    }

    /// How its row stands among those of a split.
    fn kind(self) -> SplitKind {
        match self {
            Sort::Region | Sort::County | Sort::Street | Sort::Park => SplitKind::Region,
            Sort::Zone => SplitKind::Zone,
            Sort::Department => SplitKind::Department,
        }
    }
}

/// What a target for each is set for besides units: an industry (行业), a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub id: RegionId,
    pub name: String,
    /// What goals call it: 行业; `category` unless said.
    pub sort: String,
}

/// How categories are called together where the file does not say.
pub const CATEGORY: &str = "category";

impl Unit {
    /// Whether a document's words name it: by its id or name, with or without the level before it (市发改委, 发改委) and
    /// the office that stands for it (高新区管委会).
    pub fn is_named(&self, words: &str) -> bool {
        let words = fold_name(words);
        if self.id == words || self.former.iter().any(|name| fold_name(name) == words) {
            return true;
        }
        let name = fold_name(&self.name);
        let short = name.strip_prefix(['省', '市', '县', '区']).filter(|short| short.chars().count() > 1);
        let offices = ["人民政府", "政府", "管委会", "管理委员会", "办事处", "服务中心"];
        [Some(name.as_str()), short]
            .into_iter()
            .flatten()
            .any(|name| words.strip_prefix(name).is_some_and(|rest| rest.is_empty() || offices.contains(&rest)))
    }
}

impl Plan {
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// Those of `units` in which a firm may lie: no departments, unless there are no others.
    pub fn places(&self, units: Vec<(RegionId, String)>) -> Vec<(RegionId, String)> {
        let (departments, places): (Vec<_>, Vec<_>) = units.into_iter().partition(|(id, _)| self.is_department(id));
        if places.is_empty() { departments } else { places }
    }

    /// Whether a unit is a department: declared so, or so in every split that has it.
    fn is_department(&self, id: &str) -> bool {
        if let Some(unit) = self.unit(id) {
            return unit.sort == Sort::Department;
        }
        let mut rows = self.goals.iter().filter_map(|goal| goal.split(id)).peekable();
        rows.peek().is_some() && rows.all(|row| row.kind == SplitKind::Department)
    }

    /// The units that a duty names: one by its id, or all of `sort:…`.
    pub fn units_named<'p>(&'p self, by: &'p str) -> impl Iterator<Item = &'p Unit> {
        let sort = by.strip_prefix("sort:");
        self.units.iter().filter(move |unit| match sort {
            Some(sort) => unit.sort.word() == sort,
            None => unit.id == by,
        })
    }

    /// The units that report this of a goal, in the order of its duties.
    pub fn reporting<'p>(&'p self, goal: &'p Goal, what: What) -> impl Iterator<Item = &'p Unit> {
        let duties = goal.meaning.duties.iter().filter(move |duty| duty.what == what);
        duties.flat_map(|duty| self.units_named(&duty.by))
    }

    /// Whom a goal with a target for each counts, as id and name, in the plan's order.
    pub fn each_of(&self, sort: &str) -> Vec<(RegionId, String)> {
        let units = self.units.iter().filter(|unit| unit.sort.word() == sort);
        let categories = self.categories.iter().filter(|category| category.sort == sort);
        let units = units.map(|unit| (unit.id.clone(), unit.name.clone()));
        units.chain(categories.map(|category| (category.id.clone(), category.name.clone()))).collect()
    }

    /// The rows a goal has besides its split: one for each whom `each` counts, one for each unit that reports figures
    /// of it. They stand in its split from here on, marked, so that forms, files and computations know them.
    pub(super) fn add_rows(&mut self) {
        let mut rows: Vec<Vec<Split>> = Vec::new();
        for goal in &self.goals {
            let mut added = self.rows_of_each(goal);
            // Who reports what `each` counts is not counted by it.
            let each = matches!(goal.meaning.made, Made::Each(_));
            for unit in self.reporting(goal, What::Figure).filter(|_| !each) {
                let known = goal.splits.iter().chain(&added).any(|row| row.region == unit.id);
                if !known {
                    added.push(row(unit.id.clone(), unit.name.clone(), unit.former.clone(), unit.sort.kind()));
                }
            }
            rows.push(added);
        }
        for (goal, added) in self.goals.iter_mut().zip(rows) {
            goal.splits.extend(added);
        }
        let ends: Vec<(RegionId, Period)> =
            self.units.iter().filter_map(|unit| Some((unit.id.clone(), unit.until?))).collect();
        for (id, until) in ends {
            let rows = self.goals.iter_mut().flat_map(|goal| &mut goal.splits);
            rows.filter(|row| row.region == id).for_each(|row| row.unit_until = Some(until));
        }
    }

    /// The row of the whole, as it stands in the form of who states it.
    pub fn total_row(&self) -> Split {
        row(self.region.id().to_owned(), self.region.name.clone(), Vec::new(), SplitKind::Region)
    }

    /// Takes them out again, for an editor of the split; reading the plan's file puts them back.
    pub fn remove_rows(&mut self) {
        self.goals.iter_mut().for_each(|goal| goal.splits.retain(|row| !row.declared));
    }

    fn rows_of_each(&self, goal: &Goal) -> Vec<Split> {
        let Made::Each(each) = &goal.meaning.made else { return Vec::new() };
        let years = self.years.0..=self.years.1;
        let targets: Vec<Target> = years.map(|year| Target { year, value: each.target, growth: None }).collect();
        let kind = |id: &str| self.unit(id).map_or(SplitKind::Region, |unit| unit.sort.kind());
        let former = |id: &str| self.unit(id).map(|unit| unit.former.clone()).unwrap_or_default();
        let counted = self.each_of(&each.of).into_iter();
        let made = counted.map(|(id, name)| {
            let (kind, former) = (kind(&id), former(&id));
            match each.target {
                Some(_) => Split { targets: targets.clone(), no_target: false, ..row(id, name, former, kind) },
                None => row(id, name, former, kind),
            }
        });
        made.collect()
    }
}

/// A row without a target of its own.
fn row(region: RegionId, name: String, former: Vec<String>, kind: SplitKind) -> Split {
    Split {
        region,
        name,
        kind,
        within: None,
        no_target: true,
        targets: Vec::new(),
        whole: None,
        ranked: None,
        former,
        group: None,
        until: None,
        unit_until: None,
        own_since: None,
        declared: true,
    }
}

/// The id of a unit that none is written for.
pub fn id_of(name: &str) -> RegionId {
    fold_name(name)
}
