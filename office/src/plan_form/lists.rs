//! Units, categories and rhythms: rows of the editor, each with a hidden box that says which it was.

use domain::money::fold;
use domain::plan::Plan;
use domain::plan::declared::{CATEGORY, Category, Sort, Unit, id_of};
use domain::plan::rhythm::Rhythm;
use domain::region::fold_name;

use super::basics::{put_calendar, read_calendar};
use super::references::{rename_rhythm, rename_unit};
use super::{ROWS, YES, free_id, yes};
use crate::box_reader::Reader;
use crate::posted::Posted;

pub const SORTS: [(&str, &str); 6] = [
    ("region", "县（市）区、设区市"),
    ("county", "设区市下的县（市、区）"),
    ("zone", "开发区、高新区"),
    ("street", "街道、乡镇"),
    ("park", "园区"),
    ("department", "部门"),
];

/// Names of rows' boxes: `u.3.name` of a unit, `k.0.name` of a category, `y.0.cadence` of a rhythm.
pub fn unit_name(index: usize, field: &str) -> String {
    format!("u.{index}.{field}")
}

pub fn category_name(index: usize, field: &str) -> String {
    format!("k.{index}.{field}")
}

pub fn rhythm_name(index: usize, field: &str) -> String {
    format!("y.{index}.{field}")
}

/// The rows that a page had: up to the first that is not there.
pub(super) fn rows(reader: &Reader<'_>, name: impl Fn(usize) -> String) -> usize {
    (0..ROWS).take_while(|index| reader.has(&name(*index))).count()
}

pub(super) fn put_units(boxes: &mut Posted, plan: &Plan) {
    for (index, unit) in plan.units.iter().enumerate() {
        let parent = unit.parent.as_ref().map(|id| plan.unit(id).map_or(id.clone(), |unit| unit.name.clone()));
        for (field, value) in [
            ("name", unit.name.clone()),
            ("id", if unit.id == id_of(&unit.name) { String::new() } else { unit.id.clone() }),
            ("sort", unit.sort.word().to_owned()),
            ("parent", parent.unwrap_or_default()),
            ("former", unit.former.join("、")),
            ("until", unit.until.map(|until| until.to_string()).unwrap_or_default()),
            ("was", unit.id.clone()),
        ] {
            boxes.set(&unit_name(index, field), &value);
        }
    }
    for (index, category) in plan.categories.iter().enumerate() {
        let id = if category.id == id_of(&category.name) { String::new() } else { category.id.clone() };
        let sort = if category.sort == CATEGORY { String::new() } else { category.sort.clone() };
        for (field, value) in
            [("name", category.name.clone()), ("id", id), ("sort", sort), ("was", category.id.clone())]
        {
            boxes.set(&category_name(index, field), &value);
        }
    }
}

/// Names in one box: 长乐市、350182.
pub(super) fn names(text: &str) -> Vec<String> {
    text.split(['、', '，', ',', ';', '；', '\n'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Reads the rows; `in_force` is the plan whose units keep what they were called.
pub(super) fn read_units(reader: &mut Reader<'_>, plan: &mut Plan, in_force: Option<&Plan>) {
    let block = reader.text("units_block");
    let mut units = match block.is_empty() {
        true => unit_rows(reader, plan, in_force),
        false => pasted_units(reader, plan, &block),
    };
    let ids: Vec<(String, String)> = units.iter().map(|(unit, _)| (unit.id.clone(), fold_name(&unit.name))).collect();
    for (unit, row) in &mut units {
        let Some(written) = unit.parent.take() else { continue };
        let folded = fold_name(&written);
        match ids.iter().find(|(id, name)| *id == folded || *name == folded) {
            Some((id, _)) => unit.parent = Some(id.clone()),
            None => reader.say(
                &unit_name(*row, "parent"),
                format!("{}的上级“{written}”不在单位表里，请写表里的单位名称，或先加上它。", unit.name),
            ),
        }
    }
    plan.units = units.into_iter().map(|(unit, _)| unit).collect();
    plan.categories = category_rows(reader, &plan.categories.clone());
}

fn unit_rows(reader: &mut Reader<'_>, plan: &mut Plan, in_force: Option<&Plan>) -> Vec<(Unit, usize)> {
    let mut units: Vec<(Unit, usize)> = Vec::new();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for row in 0..rows(reader, |row| unit_name(row, "name")) {
        let field = |name: &str| unit_name(row, name);
        let name = reader.text(&field("name"));
        if name.is_empty() {
            if !reader.text(&field("id")).is_empty() || !reader.text(&field("parent")).is_empty() {
                let sentence = format!("单位表第 {} 行没有名称，请补上；不要的整行清空。", row + 1);
                reader.say(&field("name"), sentence);
            }
            continue;
        }
        let was = reader.text(&field("was"));
        let before = plan.unit(&was).cloned();
        let typed = reader.optional(&field("id")).map(|id| fold_name(&id));
        // Whoever is renamed keeps his id: duties, tasks and figures are his.
        let kept = before.as_ref().filter(|before| in_force.is_some_and(|plan| plan.unit(&before.id).is_some()));
        let id = typed.or_else(|| kept.map(|before| before.id.clone())).unwrap_or_else(|| id_of(&name));
        let mut former = names(&reader.text(&field("former")));
        if let Some(kept) = kept {
            for earlier in [(&kept.name, &name), (&kept.id, &id)].into_iter().filter(|(was, now)| was != now) {
                if !former.contains(earlier.0) && fold_name(earlier.0) != fold_name(&name) {
                    former.push(earlier.0.clone());
                }
            }
        }
        if let Some(before) = before.filter(|before| before.id != id) {
            renamed.push((before.id, id.clone()));
        }
        let sort = reader.posted.text(&field("sort")).to_owned();
        let sort = Sort::ALL.into_iter().find(|known| known.word() == sort).unwrap_or_else(|| sort_of(&name));
        if units.iter().any(|(other, _)| other.id == id || fold_name(&other.name) == fold_name(&name)) {
            reader.say(&field("name"), format!("单位“{name}”出现两次，请只留一行。"));
        }
        let until = match reader.has(&field("until")) {
            true => reader.month(&field("until"), "止于"),
            false => plan.unit(&was).and_then(|unit| unit.until),
        };
        units.push((Unit { id, name, former, sort, parent: reader.optional(&field("parent")), until }, row));
    }
    renamed.iter().for_each(|(was, now)| rename_unit(plan, was, now));
    units
}

/// What a name says of its unit: 东湖街道, 泉州软件园, 区发改局.
fn sort_of(name: &str) -> Sort {
    let name = fold_name(name);
    let ends = |endings: &[&str]| endings.iter().any(|end| name.ends_with(end));
    if ends(&["街道", "街道办事处", "镇", "乡"]) {
        Sort::Street
    } else if ends(&["开发区", "高新区", "试验区", "实验区", "新区", "开发区管委会"]) {
        Sort::Zone
    } else if ends(&["园区", "园", "园区管委会", "产业基地"]) {
        Sort::Park
    } else if ends(&["局", "委", "办", "厅", "中心", "支行", "处", "科", "院", "公司", "办公室", "部", "集团", "组"])
    {
        Sort::Department
    } else {
        Sort::Region
    }
}

/// A block from WPS or Excel: each line a unit, its cells its name, code, kind and the unit above, in any order.
fn pasted_units(reader: &mut Reader<'_>, plan: &Plan, block: &str) -> Vec<(Unit, usize)> {
    let mut units: Vec<(Unit, usize)> = Vec::new();
    for (index, line) in block.lines().enumerate() {
        let cells: Vec<&str> = line.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let is_code = |cell: &str| cell.len() >= 6 && fold(cell).bytes().all(|byte| byte.is_ascii_digit());
        let is_number = |cell: &str| fold(cell).bytes().all(|byte| byte.is_ascii_digit());
        let sort = |cell: &str| {
            let named = SORTS.iter().find(|(word, name)| *word == cell || name.split('、').any(|part| part == cell));
            named.and_then(|(word, _)| Sort::ALL.into_iter().find(|sort| sort.word() == *word))
        };
        let heads = ["单位", "名称", "单位名称", "代码", "类别", "上级", "序号"];
        if cells.is_empty() || cells.iter().any(|cell| heads.contains(cell)) {
            continue;
        }
        let mut words = cells.iter().filter(|cell| !is_number(cell) && sort(cell).is_none());
        let Some(name) = words.next() else {
            reader.say("units_block", format!("粘贴的单位表第 {} 行没有名称。", index + 1));
            continue;
        };
        let code = cells.iter().find(|cell| is_code(cell)).map(|code| fold_name(code));
        let known = plan.units.iter().find(|unit| unit.is_named(name));
        let id = code.or_else(|| known.map(|unit| unit.id.clone())).unwrap_or_else(|| id_of(name));
        let sort = cells.iter().find_map(|cell| sort(cell)).or_else(|| known.map(|unit| unit.sort));
        let parent = words.next().map(|parent| (*parent).to_owned());
        let former = known.map(|unit| unit.former.clone()).unwrap_or_default();
        if units.iter().any(|(other, _)| other.id == id) {
            reader.say("units_block", format!("粘贴的单位表第 {} 行的{name}出现两次，请只留一行。", index + 1));
            continue;
        }
        let sort = sort.unwrap_or_else(|| sort_of(name));
        let until = known.and_then(|unit| unit.until);
        units.push((Unit { id, name: (*name).to_owned(), former, sort, parent, until }, units.len()));
    }
    // What the block does not name stays behind it: a paste adds.
    let left = plan.units.iter().filter(|unit| !units.iter().any(|(other, _)| other.id == unit.id)).cloned();
    let left: Vec<Unit> = left.collect();
    let mut all: Vec<(Unit, usize)> = left.into_iter().map(|unit| (unit, 0)).chain(units).collect();
    all.iter_mut().enumerate().for_each(|(index, (_, row))| *row = index);
    all
}

fn category_rows(reader: &mut Reader<'_>, old: &[Category]) -> Vec<Category> {
    if !reader.has(&category_name(0, "name")) {
        return old.to_vec();
    }
    let mut found: Vec<Category> = Vec::new();
    for row in 0..rows(reader, |row| category_name(row, "name")) {
        let field = |name: &str| category_name(row, name);
        let name = reader.text(&field("name"));
        if name.is_empty() {
            if !reader.text(&field("id")).is_empty() || !reader.text(&field("sort")).is_empty() {
                let sentence = format!("行业、企业等类目第 {} 行没有名称，请补上；不要的整行清空。", row + 1);
                reader.say(&field("name"), sentence);
            }
            continue;
        }
        let was = reader.text(&field("was"));
        let kept = old.iter().find(|category| category.id == was).map(|category| category.id.clone());
        let id = reader.optional(&field("id")).map(|id| fold_name(&id)).or(kept).unwrap_or_else(|| id_of(&name));
        if found.iter().any(|other| other.id == id) {
            reader.say(&field("name"), format!("类目“{name}”出现两次，请只留一行。"));
        }
        let sort = reader.optional(&field("sort")).unwrap_or_else(|| CATEGORY.to_owned());
        found.push(Category { id, name, sort });
    }
    found
}

pub(super) fn put_rhythms(boxes: &mut Posted, plan: &Plan) {
    for (index, rhythm) in plan.rhythms.iter().enumerate() {
        put_calendar(boxes, &rhythm_name(index, ""), &rhythm.calendar);
        let until = rhythm.until.map(|until| until.to_string()).unwrap_or_default();
        for (field, value) in [
            ("id", rhythm.id.clone()),
            ("was", rhythm.id.clone()),
            ("bulletin", yes(rhythm.bulletin)),
            ("until", until),
        ] {
            boxes.set(&rhythm_name(index, field), &value);
        }
    }
}

pub(super) fn read_rhythms(reader: &mut Reader<'_>, plan: &mut Plan) {
    let old = std::mem::take(&mut plan.rhythms);
    let mut found: Vec<Rhythm> = Vec::new();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for row in 0..rows(reader, |row| rhythm_name(row, "cadence")) {
        let field = |name: &str| rhythm_name(row, name);
        let was = reader.text(&field("was"));
        let before = old.iter().find(|rhythm| rhythm.id == was);
        let Some(calendar) = read_calendar(reader, &field(""), before.map(|before| &before.calendar)) else { continue };
        let taken = |id: &str| id == domain::plan::rhythm::CALENDAR || found.iter().any(|other| other.id == id);
        let id = reader.optional(&field("id")).or_else(|| before.map(|before| before.id.clone()));
        let id = id.unwrap_or_else(|| free_id(calendar.cadence.word(), taken));
        if let Some(before) = before.filter(|before| before.id != id) {
            renamed.push((before.id.clone(), id.clone()));
        }
        let until = match reader.has(&field("until")) {
            true => reader.month(&field("until"), "止于"),
            false => before.and_then(|before| before.until),
        };
        found.push(Rhythm { id, calendar, bulletin: reader.posted.text(&field("bulletin")) == YES, until });
    }
    plan.rhythms = found;
    renamed.iter().for_each(|(was, now)| rename_rhythm(plan, was, now));
}
