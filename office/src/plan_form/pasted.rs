//! Goals and dated tasks pasted as a block from Word, Excel or WPS: a line each, under heads or without.

use domain::money::fold;
use domain::plan::task::Task;
use domain::plan::{Direction, Goal, Kind, Plan, Target, Whole};
use domain::region::fold_name;

use super::{free_id, goal, task};
use crate::box_reader::Reader;

/// The boxes that take a block.
pub const GOALS: &str = "goals_block";
pub const TASKS: &str = "tasks_block";

/// What a column of a block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Section,
    Name,
    Target,
    Unit,
    Lead,
    Responsible,
    Clause,
    Quote,
    Due,
    By,
    Evidence,
}

/// Heads by what they end with or are, the first that fits.
const HEADS: [(Column, &[&str]); 12] = [
    (Column::Number, &["序号", "编号"]),
    (Column::Lead, &["牵头单位", "牵头部门"]),
    (Column::Evidence, &["佐证", "完成标志", "凭什么算完成", "成果形式"]),
    (Column::Due, &["完成时限", "时限", "完成时间", "截止时间", "时间要求", "时间节点", "期限"]),
    (Column::By, &["由谁完成", "完成单位", "承办单位", "责任部门"]),
    (Column::Responsible, &["责任单位", "配合单位"]),
    (Column::Unit, &["计量单位", "单位"]),
    (Column::Target, &["目标值", "目标数", "目标任务数", "数值", "目标任务", "年度目标", "目标"]),
    (Column::Section, &["所属部分", "部分", "类别", "工程", "行动", "板块"]),
    (Column::Clause, &["条款", "依据"]),
    (Column::Quote, &["原文"]),
    (Column::Name, &["指标名称", "指标", "名称", "目标名称", "任务", "工作任务", "任务名称", "工作内容", "主要任务"]),
];

fn head(cell: &str) -> Option<Column> {
    let cell = fold_name(cell);
    // 2022年目标, 计量单位（个）.
    let cell = cell.split(['(', '（']).next().unwrap_or_default();
    let exact = HEADS.iter().find(|(_, words)| words.contains(&cell));
    let ending = || {
        let year = cell.trim_start_matches(|c: char| c.is_ascii_digit());
        HEADS.iter().find(|(_, words)| year.starts_with('年') && words.iter().any(|word| year.ends_with(word)))
    };
    exact.or_else(ending).map(|(column, _)| *column)
}

/// A line of a block: its number, its cells by column.
struct Line {
    number: usize,
    cells: Vec<(Column, String)>,
}

impl Line {
    fn get(&self, column: Column) -> &str {
        self.cells.iter().find(|(known, _)| *known == column).map_or("", |(_, cell)| cell.as_str())
    }
}

/// The lines under their heads; without heads each cell is asked by `guess`, in the order of the line.
fn lines(block: &str, guess: impl Fn(&str, &[(Column, String)]) -> Option<Column>) -> Vec<Line> {
    let mut heads: Option<Vec<Option<Column>>> = None;
    let mut found = Vec::new();
    for (index, line) in block.lines().enumerate() {
        let cells: Vec<String> = line.split('\t').map(|cell| cell.trim().trim_matches('"').trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let named: Vec<Option<Column>> = cells.iter().map(|cell| head(cell)).collect();
        if heads.is_none() && named.iter().flatten().count() >= 2 {
            heads = Some(named);
            continue;
        }
        let mut read: Vec<(Column, String)> = Vec::new();
        for (at, cell) in cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let column = match &heads {
                Some(heads) => heads.get(at).copied().flatten(),
                None => guess(&cell, &read),
            };
            if let Some(column) = column.filter(|column| *column != Column::Number) {
                read.push((column, cell));
            }
        }
        found.push(Line { number: index + 1, cells: read });
    }
    found
}

/// A target as documents write it: 不低于25%, 1120亿元, 3—5家, 每年12项.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    number: String,
    most: Option<String>,
    unit: String,
    direction: Direction,
    each_year: bool,
}

fn target(text: &str) -> Option<Written> {
    let folded = fold(text).replace(['，', ','], "");
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let start = folded.find(digits)?;
    let before = &folded[..start];
    let negative = before.ends_with('-');
    let end = folded[start..].find(|c| !digits(c)).map_or(folded.len(), |end| start + end);
    let mut rest = folded[end..].trim_start();
    let mut most = None;
    // 3—5家, 3至5家; 25%-30% names its unit twice.
    let without = rest.trim_start_matches('%').trim_start();
    if let Some(second) = ["—", "–", "-", "~", "～", "至", "到"].iter().find_map(|mark| without.strip_prefix(mark))
    {
        let second = second.trim_start_matches(['—', '-']).trim_start();
        let end = second.find(|c| !digits(c)).unwrap_or(second.len());
        if end > 0 {
            most = Some(second[..end].to_owned());
            rest = second[end..].trim_start();
        }
    }
    let unit: String = rest.chars().take_while(|c| !matches!(c, ' ' | '(' | '（' | '。' | ';')).collect();
    let (all, unit) = (folded.as_str(), unit.as_str());
    let says = |words: &[&str]| words.iter().any(|word| all.contains(word));
    let direction = match () {
        () if says(&["以内", "以下", "不超过", "不高于", "≤", "控制在"]) => Direction::AtMost,
        () if says(&["左右"]) => Direction::About,
        () => Direction::AtLeast,
    };
    let mut unit = unit;
    for word in ["以上", "以内", "以下", "左右", "/年", "每年"] {
        unit = unit.strip_suffix(word).unwrap_or(unit);
    }
    let number = format!("{}{}", if negative { "-" } else { "" }, &folded[start..end]);
    let each_year = says(&["每年", "/年", "年均"]);
    Some(Written { number, most, unit: unit.to_owned(), direction, each_year })
}

/// Adds the goals of a block behind those that are there; a goal of the same name is not added twice.
pub(super) fn goals(reader: &mut Reader<'_>, plan: &mut Plan) {
    let block = reader.posted.text(GOALS).to_owned();
    let guess = |cell: &str, before: &[(Column, String)]| {
        let has = |column: Column| before.iter().any(|(known, _)| *known == column);
        let bare = fold(cell).chars().all(|c| c.is_ascii_digit() || ".、)".contains(c));
        match () {
            () if !has(Column::Name) && bare => Some(Column::Number),
            () if !has(Column::Name) => Some(Column::Name),
            () if !has(Column::Target) && target(cell).is_some() => Some(Column::Target),
            () if !has(Column::Target) => None,
            () if !has(Column::Unit) && target_unit(before).is_empty() => Some(Column::Unit),
            () if !has(Column::Lead) => Some(Column::Lead),
            () if !has(Column::Responsible) => Some(Column::Responsible),
            () => None,
        }
    };
    let mut section: Option<String> = None;
    for line in lines(&block, guess) {
        let mut say = |sentence: String| reader.say(GOALS, format!("粘贴的目标第 {} 行{sentence}", line.number));
        section = Some(line.get(Column::Section).to_owned()).filter(|text| !text.is_empty()).or(section);
        let name = line.get(Column::Name);
        if name.is_empty() {
            say("没有目标的名称，请补上，或去掉这一行。".to_owned());
            continue;
        }
        if plan.goals.iter().any(|goal| fold_name(&goal.name) == fold_name(name)) {
            say(format!("的“{name}”已经有了，请去掉这一行，或改名称。"));
            continue;
        }
        match of_line(plan, &line, section.clone()) {
            Ok(goal) => plan.goals.push(goal),
            Err(sentence) => say(sentence),
        }
    }
}

/// The unit that the target read so far carries.
fn target_unit(cells: &[(Column, String)]) -> String {
    let text = cells.iter().find(|(column, _)| *column == Column::Target).map(|(_, text)| text.as_str());
    text.and_then(target).map(|written| written.unit).unwrap_or_default()
}

fn of_line(plan: &Plan, line: &Line, section: Option<String>) -> Result<Goal, String> {
    let name = line.get(Column::Name).to_owned();
    let text = line.get(Column::Target);
    let written = target(text).ok_or_else(|| match text.is_empty() {
        true => format!("的“{name}”没有目标数，请写成 12项、1120亿元 或 25%。"),
        false => format!("的“{name}”目标“{text}”里没有数，请写成 12项、1120亿元 或 25%；没有数的目标请逐个加。"),
    })?;
    let unit = Some(written.unit.clone()).filter(|unit| !unit.is_empty());
    let unit = unit.unwrap_or_else(|| fold(line.get(Column::Unit)));
    if unit.is_empty() {
        return Err(format!("的“{name}”没有计量单位，请在目标数后面写上，例如 12项。"));
    }
    let grows = ["增长", "增速", "增幅"].iter().any(|word| name.contains(word) || text.contains(word));
    let average = grows && ["年均", "平均"].iter().any(|word| name.contains(word) || text.contains(word));
    let money = ["亿元", "万元", "元", "亿"].contains(&unit.as_str());
    let kind = match () {
        () if unit == "%" && average => Kind::AverageGrowth,
        () if unit == "%" && grows => Kind::Growth,
        () if unit == "%" => Kind::Ratio,
        () if money => Kind::Amount,
        () => Kind::Count,
    };
    let unit = if unit == "亿" { "亿元" } else { &unit };
    let decimals = written.number.split_once('.').map(|(_, digits)| digits.len() as u32);
    let decimals = decimals.filter(|_| kind == Kind::Count);
    let measure = goal::measure(kind, unit, decimals).ok_or_else(|| format!("的“{name}”单位“{unit}”不认识。"))?;
    let amount =
        |number: &str| measure.parse(number).map_err(|error| format!("的“{name}”目标“{text}”读不懂：{error}。"));
    let (value, most) = (amount(&written.number)?, written.most.as_deref().map(amount).transpose()?);
    if most.is_some_and(|most| most <= value) {
        return Err(format!("的“{name}”目标“{text}”的上限不大于下限，请核对。"));
    }
    let names = |column: Column| super::lists::names(line.get(column));
    let some = |column: Column| Some(line.get(column).to_owned()).filter(|text| !text.is_empty());
    let mut made = Goal { kind, measure, direction: written.direction, ..goal::empty() };
    made.id = free_id("goal", |id| plan.goals.iter().any(|other| other.id == id));
    (made.name, made.clause, made.quote) = (name, some(Column::Clause), some(Column::Quote));
    (made.lead, made.responsible) = (names(Column::Lead), names(Column::Responsible));
    (made.meaning.section, made.meaning.decimals) = (section, decimals);
    let (from, to) = plan.years;
    made.base_year = (kind == Kind::AverageGrowth).then_some(from - 1);
    // Over several years a number is the span's, unless the text says 每年 or it is no sum.
    let sums = matches!(kind, Kind::Amount | Kind::Count) && !written.each_year;
    if from != to && (sums || kind == Kind::AverageGrowth) {
        made.whole = Some(Whole { from, to, value });
    } else {
        made.targets = (from..=to).map(|year| Target { year, value: Some(value), growth: None }).collect();
    }
    if let Some(most) = most {
        made.meaning.up_to.extend((from..=to).map(|year| (year, most)));
    }
    Ok(made)
}

/// Adds the dated tasks of a block behind those that are there.
pub(super) fn tasks(reader: &mut Reader<'_>, plan: &mut Plan) {
    let block = reader.posted.text(TASKS).to_owned();
    let years = plan.years;
    let guess = |cell: &str, before: &[(Column, String)]| {
        let has = |column: Column| before.iter().any(|(known, _)| *known == column);
        let bare = fold(cell).chars().all(|c| c.is_ascii_digit() || ".、)".contains(c));
        match () {
            () if !has(Column::Name) && bare => Some(Column::Number),
            () if !has(Column::Due) && task::due(cell, years).is_some() => Some(Column::Due),
            () if !has(Column::Name) => Some(Column::Name),
            () if !has(Column::By) => Some(Column::By),
            () if !has(Column::Evidence) => Some(Column::Evidence),
            () => None,
        }
    };
    for line in lines(&block, guess) {
        let mut say = |sentence: String| reader.say(TASKS, format!("粘贴的任务第 {} 行{sentence}", line.number));
        let (title, written) = (line.get(Column::Name), line.get(Column::Due));
        if title.is_empty() {
            say("没有任务的名称，请补上，或去掉这一行。".to_owned());
            continue;
        }
        let Some(due) = task::due(written, years) else {
            say(match written.is_empty() {
                true => format!("的“{title}”没有完成时限，请写成 2022-03-25 或 2022-03（当月底前）。"),
                false => {
                    format!(
                        "的“{title}”完成时限“{written}”读不懂，请写成 2022-03-25 或 2022-03（当月底前），跨几年的计划要写年份。"
                    )
                }
            });
            continue;
        };
        let by = [Column::By, Column::Lead, Column::Responsible].map(|column| line.get(column)).join("、");
        let mut named: Vec<String> = Vec::new();
        for words in super::lists::names(&by) {
            let sort = domain::plan::declared::Sort::named(&words).map(|sort| format!("sort:{}", sort.word()));
            let unit = plan.units.iter().find(|unit| unit.is_named(&words)).map(|unit| unit.id.clone());
            match unit.or(sort) {
                Some(id) if !named.contains(&id) => named.push(id),
                Some(_) => {}
                None => say(format!("的“{title}”由“{words}”完成，但单位表里没有它，请先在“单位”页加上。")),
            }
        }
        let id = free_id("task", |id| plan.tasks.iter().any(|other| other.id == id));
        let some = |column: Column| Some(line.get(column).to_owned()).filter(|text| !text.is_empty());
        let (section, clause, quote) = (some(Column::Section), some(Column::Clause), some(Column::Quote));
        let made = Task { id, title: title.to_owned(), section, clause, quote, due, by: named, ..task::empty() };
        plan.tasks.push(Task { evidence: some(Column::Evidence), ..made });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = target(text).map(|found| {
            let most = found.most.map(|most| format!("—{most}")).unwrap_or_default();
            format!("{}{most}{} {:?} {}", found.number, found.unit, found.direction, found.each_year)
        });
        assert_eq!(found.unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn targets_as_documents_write_them() {
        check("12项", "12项 AtLeast false");
        check("每年 20 家以上", "20家 AtLeast true");
        check("不低于２５％", "25% AtLeast false");
        check("3—5家", "3—5家 AtLeast false");
        check("25%-30%", "25—30% AtLeast false");
        check("1,120亿元", "1120亿元 AtLeast false");
        check("下降至0.35吨标煤以内", "0.35吨标煤 AtMost false");
        check("20%左右", "20% About false");
        check("推进", "");
    }
}
