//! A split as it stands in a document's annex, pasted from Word, Excel or WPS: one table, or two side by side.

use super::{Split, SplitKind, Target};
use crate::Problem;
use crate::head::{Head, Says};
use crate::money::{Amount, Measure, fold, is_blank};
use crate::rate::Rate;
use crate::region::{Region, code_of, fold_name, is_whole};

/// What a pasted table says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastedSplit {
    /// In the document's order: by its numbers where it has some, else down the left table, then down the right one.
    pub splits: Vec<Split>,
    /// The row of the whole: 全市, 合计, or the plan's own region.
    pub total: Option<Target>,
    pub problems: Vec<Problem>,
    /// How many tables stood side by side.
    pub tables: usize,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Name,
    Value,
    Growth,
    Other,
}

/// Reads the table for one year of a goal. Lines of problems count from the block's first.
pub fn read(block: &str, measure: &Measure, own: &Region, year: i32) -> PastedSplit {
    let rows: Vec<(usize, Vec<String>)> = block
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, cells(line)))
        .filter(|(_, row)| row.iter().any(|cell| !cell.is_empty()))
        .collect();
    let mut pasted = PastedSplit::default();
    let (heads, body): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| is_heading(row));
    let Some(groups) = columns(&heads, &body) else {
        pasted.problems.push(Problem::new(1, "没有找到单位名称和目标两列；请连同表头一起复制，例如：单位　目标　增幅"));
        return pasted;
    };
    let written = heading_unit(&heads, measure);
    let measure = written.as_ref().unwrap_or(measure);
    let mut found = Vec::new();
    for group in &groups {
        for (line, row) in &body {
            let cell = |kind: Column| {
                let at = group.iter().find(|(_, known)| *known == kind).map(|(at, _)| *at);
                at.and_then(|at| row.get(at)).map(String::as_str).unwrap_or_default()
            };
            let written = cell(Column::Name);
            if written.is_empty() {
                continue;
            }
            match PastedRow::read(
                *line,
                [cell(Column::Number), written, cell(Column::Value), cell(Column::Growth)],
                measure,
            ) {
                Ok(row) => found.push(row),
                Err((part, error)) => {
                    pasted.problems.push(Problem::new(*line, format!("{written}的{}：{error}", part.called())))
                }
            }
        }
    }
    let gathered = gather(found, own, year);
    pasted.problems.extend(gathered.problems);
    if gathered.splits.is_empty() && pasted.problems.is_empty() {
        pasted.problems.push(Problem::new(1, "表里没有单位；请把分解表连同单位名称一起复制"));
    }
    PastedSplit { problems: pasted.problems, tables: groups.len(), ..gathered }
}

/// A row of a split, each cell understood for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedRow {
    /// Where it stands, for its problems.
    pub line: usize,
    /// As the document numbers its units.
    pub number: Option<u32>,
    /// Without the 其中 before it.
    pub name: String,
    /// 其中 of the unit above.
    pub nested: bool,
    pub value: Option<Amount>,
    pub growth: Option<Rate>,
    /// A `/` says that there is no target.
    pub none: bool,
}

/// The cell of a row that is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Value,
    Growth,
}

impl Part {
    fn called(self) -> &'static str {
        match self {
            Part::Value => "目标",
            Part::Growth => "增幅",
        }
    }
}

impl PastedRow {
    /// Reads number, name, target and growth as a document writes them.
    ///
    /// # Errors
    /// Which cell cannot be read, and why, as a sentence.
    pub fn read(
        line: usize,
        [number, name, value, growth]: [&str; 4],
        measure: &Measure,
    ) -> Result<Self, (Part, String)> {
        let blank = |text: &str| is_blank(text) || is_none(text);
        let read_value = || if blank(value) { Ok(None) } else { amount(measure, value).map(Some) };
        let read_growth = || {
            if blank(growth) {
                Ok(None)
            } else {
                Rate::parse_percent(&number_part(growth).unwrap_or_default()).map(Some)
            }
        };
        let written = name.trim();
        let (name, nested) = match written.trim_start_matches(['#', '*', ' ']).strip_prefix("其中") {
            Some(rest) => (rest.trim_start_matches([':', '：', ' ']).trim().to_owned(), true),
            None => (written.to_owned(), false),
        };
        Ok(Self {
            line,
            number: fold(number).trim().parse().ok(),
            name,
            nested,
            value: read_value().map_err(|error| (Part::Value, error))?,
            growth: read_growth().map_err(|error| (Part::Growth, error.to_string()))?,
            none: is_none(value) || is_none(growth),
        })
    }

    /// Whether it is the row of the whole: 全市, 合计, or the region's own name.
    pub fn is_total(&self, own: &Region) -> bool {
        is_whole(&self.name, own)
    }
}

/// The rows of a whole table, or of several side by side, as the split of a target.
pub fn gather(rows: Vec<PastedRow>, own: &Region, year: i32) -> PastedSplit {
    let mut pasted = PastedSplit::default();
    let mut found: Vec<(Option<u32>, Split)> = Vec::new();
    // 合计, 其中：鼓楼区: of the whole, not of a unit.
    let mut below_total = false;
    for mut row in rows {
        below_total = row.is_total(own) || (below_total && row.nested);
        row.nested &= !below_total;
        if let Err(sentence) = take(&row, (own, year), &mut found, &mut pasted.total) {
            pasted.problems.push(Problem::new(row.line, sentence));
        }
    }
    in_order(&mut found);
    pasted.splits = found.into_iter().map(|(_, split)| split).collect();
    pasted
}

/// Cells by tabs, by the bars of a text table, or by two and more blanks.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim_matches(['\r', '\n']);
    let parts: Vec<&str> = match () {
        () if line.contains('\t') => line.split('\t').collect(),
        () if line.contains('|') => line.trim().trim_matches('|').split('|').collect(),
        () => line.split("  ").flat_map(|part| part.split('　')).filter(|part| !part.trim().is_empty()).collect(),
    };
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// A number with its unit, or `/`: what a document writes into a cell of a figure.
pub fn is_figure(text: &str) -> bool {
    is_none(text) || number_part(text).is_some_and(|part| crate::money::Decimal::parse(&part).is_ok())
}

/// `/`, 无 and the dashes that stand for no target.
pub fn is_none(text: &str) -> bool {
    let text = fold(text);
    let text = text.trim();
    matches!(text, "/" | "无") || (!text.is_empty() && text.chars().all(|c| matches!(c, '—' | '-' | '－' | '–' | '─')))
}

/// Without 亿元, %, 以上 and the like behind it.
fn number_part(text: &str) -> Option<String> {
    let mut part = fold(text).replace(' ', "");
    for ending in ["以上", "左右", "以内", "亿元", "万元", "亿", "万", "元", "%"] {
        part = part.strip_suffix(ending).unwrap_or(&part).to_owned();
    }
    (!part.is_empty()).then_some(part)
}

fn is_heading(row: &[String]) -> bool {
    let filled: Vec<&String> = row.iter().filter(|cell| !cell.is_empty()).collect();
    let ruled = filled.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':' | '—' | '─')));
    let named = |cell: &&&String| {
        let kind = kind_of_heading(cell);
        matches!(kind, Some(Column::Number | Column::Value | Column::Growth))
            || matches!(cell.as_str(), "单位" | "地区" | "名称" | "县（市）区")
    };
    ruled || (filled.iter().any(|cell| named(&cell)) && !filled.iter().any(|cell| is_figure(cell)))
}

/// The unit of money that the headings name, where it is another one than the goal's.
fn heading_unit(heads: &[(usize, Vec<String>)], measure: &Measure) -> Option<Measure> {
    let texts = || heads.iter().flat_map(|(_, row)| row);
    let named = ["亿元", "万元", "元"].into_iter().find(|unit| texts().any(|text| text.contains(unit)))?;
    Measure::money(named).filter(|found| measure.money && found != measure)
}

fn kind_of_heading(text: &str) -> Option<Column> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match Head::of(text).says {
        Some(Says::Number) => Some(Column::Number),
        Some(Says::Growth) => Some(Column::Growth),
        Some(Says::Amount | Says::SinceStart) => Some(Column::Value),
        _ if has(&["亿元", "万元"]) => Some(Column::Value),
        _ if has(&["县", "区", "市", "单位", "地区", "名称"]) => Some(Column::Name),
        _ => None,
    }
}

/// The columns of each table: side by side stand as many as there are columns of names.
fn columns(heads: &[(usize, Vec<String>)], body: &[(usize, Vec<String>)]) -> Option<Vec<Vec<(usize, Column)>>> {
    let wide = body.iter().map(|(_, row)| row.len()).max()?;
    let named: Vec<Option<Column>> = (0..wide)
        .map(|at| {
            // The lowest heading of a column says most: 总量 under 投资目标.
            heads
                .iter()
                .rev()
                .filter_map(|(_, row)| row.get(at))
                .filter(|text| !text.is_empty())
                .find_map(|text| kind_of_heading(text))
        })
        .collect();
    let texts =
        |at: usize| body.iter().filter_map(|(_, row)| row.get(at)).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let kinds: Vec<Column> = (0..wide)
        .map(|at| {
            let texts = texts(at);
            let figures = texts.iter().filter(|text| is_figure(text)).count();
            let words = texts.len() - figures;
            match named[at] {
                _ if texts.is_empty() => Column::Other,
                Some(Column::Number) => Column::Number,
                _ if words > figures => Column::Name,
                Some(kind @ (Column::Value | Column::Growth)) => kind,
                _ => Column::Other,
            }
        })
        .collect();
    let mut groups: Vec<Vec<(usize, Column)>> = Vec::new();
    for at in 0..wide {
        let kind = kinds[at];
        let begins = kind == Column::Number
            || (kind == Column::Name && groups.last().is_none_or(|group| has(group, Column::Name)));
        if begins || groups.is_empty() {
            groups.push(Vec::new());
        }
        let unnamed =
            named[at].is_none_or(|kind| kind == Column::Name) && kind == Column::Other && !texts(at).is_empty();
        let group = groups.last_mut()?;
        // Without headings the first figure behind a name is the amount, the second the growth.
        let kind = match (unnamed, has(group, Column::Name), has(group, Column::Value)) {
            (true, true, false) => Column::Value,
            (true, true, true) => Column::Growth,
            (true, false, _) => Column::Number,
            (false, ..) => kind,
        };
        group.push((at, kind));
    }
    groups.retain(|group| has(group, Column::Name) && (has(group, Column::Value) || has(group, Column::Growth)));
    (!groups.is_empty()).then_some(groups)
}

fn has(group: &[(usize, Column)], kind: Column) -> bool {
    group.iter().any(|(_, known)| *known == kind)
}

fn take(
    row: &PastedRow,
    (own, year): (&Region, i32),
    found: &mut Vec<(Option<u32>, Split)>,
    total: &mut Option<Target>,
) -> Result<(), String> {
    let name = row.name.clone();
    let target = Target { year, value: row.value, growth: row.growth };
    if row.is_total(own) {
        if row.value.is_none() && row.growth.is_none() {
            return Ok(());
        }
        return match total.replace(target) {
            Some(before) if before != target => Err(format!("{name}的目标写了两次，两次不同，请只留一行")),
            _ => Ok(()),
        };
    }
    let above = || found.iter().rev().find(|(_, split)| split.within.is_none()).map(|(_, split)| split.region.clone());
    let within = row.nested.then(above).flatten();
    if row.nested && within.is_none() {
        return Err(format!("“其中：{name}”上面没有它所属的单位，请把它放在那一行下面"));
    }
    let region = code_of(&name, own).map_or_else(|| fold_name(&name), str::to_owned);
    if found.iter().any(|(_, split)| split.region == region || fold_name(&split.name) == fold_name(&name)) {
        return Err(format!("{name} 在表里出现两次，请只留一行"));
    }
    let no_target = row.value.is_none() && row.growth.is_none();
    if no_target && !row.none {
        return Err(format!("{name}没有目标；确实没有目标的请写 /"));
    }
    let targets = if no_target { Vec::new() } else { vec![target] };
    let split = Split {
        region,
        name,
        kind: SplitKind::Region,
        within,
        no_target,
        targets,
        whole: None,
        ranked: None,
        former: Vec::new(),
        group: None,
        until: None,
        unit_until: None,
        own_since: None,
        declared: false,
    };
    found.push((row.number, split));
    Ok(())
}

fn amount(measure: &Measure, text: &str) -> Result<Amount, String> {
    let text = fold(text).replace("以上", "").replace("左右", "").replace("以内", "");
    let read = crate::entry::understand(measure, &text)?;
    match read.map(|read| read.amount) {
        Some(amount) if amount.0 >= 0 || measure.is_ratio() => Ok(amount),
        Some(_) => Err("目标不能是负数".to_owned()),
        None => Err(format!("“{text}”不是数字")),
    }
}

/// By the document's numbers where every unit has one; rows 其中 stay under their unit.
fn in_order(found: &mut [(Option<u32>, Split)]) {
    let own: Vec<Option<u32>> =
        found.iter().filter(|(_, split)| split.within.is_none()).map(|(number, _)| *number).collect();
    let mut numbers = own.clone();
    numbers.sort();
    numbers.dedup();
    // Two tables that each count from 1 say nothing about their order.
    if own.iter().any(Option::is_none) || numbers.len() < own.len() {
        return;
    }
    let mut last = None;
    for (number, split) in found.iter_mut() {
        if split.within.is_none() {
            last = *number;
        } else {
            *number = last;
        }
    }
    // Stable: a row 其中 has its unit's number and stands behind it.
    found.sort_by_key(|(number, _)| *number);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Region {
        Region { code: Some("350100".to_owned()), name: "福州市".to_owned() }
    }

    /// `福清市 308 13`, `高新区<350121 34 13`, `台江区 /`.
    fn check(block: &str, tables: usize, expected: &[&str]) -> PastedSplit {
        let measure = Measure::money("亿元").unwrap();
        let pasted = read(block, &measure, &own(), 2021);
        let said = pasted.splits.iter().map(|split| {
            let within = split.within.as_ref().map(|within| format!("<{within}")).unwrap_or_default();
            let target = split.target(2021);
            let value = target.and_then(|target| target.value).map_or("/".to_owned(), |value| measure.plain(value));
            let growth =
                target.and_then(|target| target.growth).map(|growth| format!(" {}", growth.percent_as_written()));
            format!("{}{within} {value}{}", split.name, growth.unwrap_or_default())
        });
        assert_eq!(said.collect::<Vec<_>>(), expected, "{:?}", pasted.problems);
        assert_eq!(pasted.tables, tables);
        pasted
    }

    #[test]
    fn the_annex_as_the_document_has_it() {
        let block = "序号\t县（市）区\t2021 年工业技改投资预期目标\t\n\t\t总量（亿元）\t比增（%）\n\t全市\t1120\t12\n1\t鼓楼区\t21\t9\n2\t台江区\t/\t/\n\
                     8\t闽侯县\t122\t13\n\t其中：高新区\t34\t13\n9\t连江县\t193.5\t12\n";
        let pasted =
            check(block, 1, &["鼓楼区 21 9", "台江区 /", "闽侯县 122 13", "高新区<350121 34 13", "连江县 193.5 12"]);
        let total = pasted.total.unwrap();
        assert_eq!((total.value, total.growth), (Some(Amount(112_000_000_000)), Rate::new(12, 100)));
        assert_eq!(pasted.splits[0].region, "350102");
        assert!(pasted.splits[1].no_target && pasted.problems.is_empty());
    }

    #[test]
    fn two_tables_side_by_side() {
        let block = "单位\t目标（亿元）\t增幅\t单位\t目标（亿元）\t增幅\n福州市区\t21\t9%\t福清市\t308\t13%\n闽侯县\t122\t13%\t罗源县\t82亿元\t13\n其中：高新区\t34\t13%\t\t\t\n";
        check(block, 2, &["福州市区 21 9", "闽侯县 122 13", "高新区<350121 34 13", "福清市 308 13", "罗源县 82 13"]);
        // The document's numbers decide, however the halves are broken.
        let block =
            "序号\t单位\t目标\t序号\t单位\t目标\n1\t鼓楼区\t21\t2\t台江区\t/\n3\t仓山区\t22.5\t4\t晋安区\t16.5\n";
        check(block, 2, &["鼓楼区 21", "台江区 /", "仓山区 22.5", "晋安区 16.5"]);
    }

    #[test]
    fn the_headings_unit_counts() {
        check(
            "单位\t总量（万元）\t增幅（%）\n鼓楼区\t210000\t9\n仓山区\t22.5亿元\t10\n",
            1,
            &["鼓楼区 21 9", "仓山区 22.5 10"],
        );
    }

    #[test]
    fn without_headings_the_first_figure_is_the_amount() {
        check("鼓楼区\t21\t9\n仓山区\t22.5\t10\n", 1, &["鼓楼区 21 9", "仓山区 22.5 10"]);
        check("鼓楼区  21  9\n仓山区  22.5  10", 1, &["鼓楼区 21 9", "仓山区 22.5 10"]);
        check("| 1 | 鼓楼区 | 21 |\n| 2 | 仓山区 | 22.5 |", 1, &["鼓楼区 21", "仓山区 22.5"]);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let measure = Measure::money("亿元").unwrap();
        let check = |block: &str, parts: &[&str]| {
            let pasted = read(block, &measure, &own(), 2021);
            let said: Vec<String> =
                pasted.problems.iter().map(|problem| format!("{}:{}", problem.line, problem.message)).collect();
            assert_eq!(said.len(), parts.len(), "{said:?}");
            for (said, part) in said.iter().zip(parts) {
                assert!(said.contains(part), "{said} / {part}");
            }
        };
        check("单位\t目标\n鼓楼区\t二十一\n仓山区\t22.5\n福清市\t30\n", &["2:鼓楼区的目标"]);
        check("单位\t目标\n鼓楼区\t21\n合计\t21\n全市\t22\n", &["4:全市的目标写了两次"]);
        check(
            "单位\t目标\n其中：高新区\t3\n鼓楼区\t21\n鼓楼区\t22\n",
            &["2:“其中：高新区”上面没有", "4:鼓楼区 在表里出现两次"],
        );
        check("随便一句话", &["1:没有找到单位名称"]);
        check("单位\t目标\n主城区\t\n鼓楼区\t21\n", &["2:主城区没有目标；确实没有目标的请写 /"]);
        check("", &["1:没有找到单位名称"]);
        check("单位\t目标\n鼓楼区\t-3\n仓山区\t0.000000001\n", &["2:鼓楼区的目标：目标不能是负数", "3:仓山区的目标"]);
    }

    /// What is counted is not asked to be less than nothing; a rate is.
    #[test]
    fn a_rate_may_be_asked_to_fall() {
        let own = Region { code: None, name: "某省".to_owned() };
        let read = read("地区\t目标（%）\n甲市\t-4.40\n乙市\t−3\n", &Measure::ratio("%"), &own, 2021);
        let values: Vec<Option<Amount>> = read.splits.iter().map(|split| split.targets[0].value).collect();
        assert_eq!((values, read.problems), (vec![Some(Amount(-4_400_000)), Some(Amount(-3_000_000))], Vec::new()));
    }
}
