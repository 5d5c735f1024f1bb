//! Tables of projects as they are published: which columns in which order, which lines, which sums. Pages, workbooks,
//! papers and CSV render one of these.

use super::field::{Field, Place, unit_name};
use super::standing::Standing;
use super::sums::{Library, Share, Sums, sums};
use super::{Entry, Role, Step};
use crate::bulletin::tables::Table;
use crate::money::Amount;
use crate::rate::Rate;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// 序号, from 1.
    Number,
    Of(Field),
    Lamp,
    Rules,
    Stage,
    Level,
    /// 占年计划%.
    OfYear,
    /// 占总投资%.
    OfTotal,
    /// 与序时的差, in percentage points.
    Gap,
}

impl Column {
    /// Its head; amounts say their unit, so that the table can be read in again.
    pub fn head(self, place: &Place<'_>) -> String {
        let unit = &place.measure.unit;
        match self {
            Column::Number => "序号".to_owned(),
            Column::Of(field @ Field::Planned) => {
                format!("{}年{}（{unit}）", place.year, field.name().replace("年计", "计"))
            }
            Column::Of(Field::Before) => format!("至{}年底累计完成投资（{unit}）", place.year - 1),
            Column::Of(Field::ThisYear) => match place.period {
                Some(period) => format!("{}累计完成投资（{unit}）", period.months()),
                None => format!("{}（{unit}）", Field::ThisYear.name()),
            },
            Column::Of(field) if field.is_money() => format!("{}（{unit}）", field.name()),
            Column::Of(field) => field.name().to_owned(),
            Column::Lamp => "亮灯".to_owned(),
            Column::Rules => "亮灯原因".to_owned(),
            Column::Stage => "项目阶段".to_owned(),
            Column::Level => "项目库".to_owned(),
            Column::OfYear => "占年计划%".to_owned(),
            Column::OfTotal => "占总投资%".to_owned(),
            Column::Gap => "与序时进度差（百分点）".to_owned(),
        }
    }

    /// Whether it stands at the right.
    pub fn is_number(self) -> bool {
        match self {
            Column::Of(field) => field.is_money() && field != Field::ByMonth,
            other => matches!(other, Column::Number | Column::OfYear | Column::OfTotal | Column::Gap),
        }
    }

    /// Its width, in characters of a figure.
    pub fn width(self) -> u32 {
        match self {
            Column::Number => 5,
            Column::Of(Field::Name) => 26,
            Column::Of(Field::Content | Field::Progress | Field::Problem | Field::Next | Field::Milestone) => 30,
            Column::Rules => 28,
            Column::Of(Field::Firm | Field::Official | Field::UnitOfficial | Field::Lead | Field::Span) => 16,
            Column::Lamp | Column::Stage | Column::Level => 8,
            Column::OfYear | Column::OfTotal | Column::Gap => 9,
            _ => 12,
        }
    }

    fn cell(self, entry: &Entry, standing: &Standing, place: &Place<'_>) -> String {
        let percent = |rate: Option<Rate>| rate.map(|rate| rate.percent_on_page(1)).unwrap_or_default();
        match self {
            Column::Number => String::new(),
            Column::Of(field) => field.text(entry, place),
            Column::Lamp => standing.lamp().name().to_owned(),
            Column::Rules => {
                let words: Vec<&str> = standing.fired.iter().map(|fired| fired.words.as_str()).collect();
                words.join("；")
            }
            Column::Stage => standing.stage.name().to_owned(),
            Column::Level => standing.level.clone().unwrap_or_default(),
            Column::OfYear => percent(standing.year_completion),
            Column::OfTotal => percent(standing.total_completion),
            Column::Gap => percent(standing.gap),
        }
    }

    fn sum(self, found: &Sums, place: &Place<'_>) -> String {
        let money = |amount: Amount| place.measure.plain(amount);
        match self {
            Column::Of(Field::Total) => money(found.total),
            Column::Of(Field::Planned) => money(found.planned),
            Column::Of(Field::ThisYear) => money(found.this_year),
            Column::OfYear => found.completion.map(|rate| rate.percent_on_page(1)).unwrap_or_default(),
            _ => String::new(),
        }
    }
}

/// A table that offices publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spec {
    /// 明细表
    Detail,
    /// 月报
    Month,
    /// 促竣工投产
    Finish,
    /// 加速开工
    Start,
    /// 滞后项目
    Lag,
    /// 年度汇总, by unit
    Year,
}

impl Spec {
    pub const ALL: [Spec; 6] = [Spec::Detail, Spec::Month, Spec::Finish, Spec::Start, Spec::Lag, Spec::Year];

    /// As addresses name it.
    pub fn id(self) -> &'static str {
        match self {
            Spec::Detail => "detail",
            Spec::Month => "month",
            Spec::Finish => "finish",
            Spec::Start => "start",
            Spec::Lag => "lag",
            Spec::Year => "year",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Spec::ALL.into_iter().find(|spec| spec.id() == id)
    }

    pub fn name(self) -> &'static str {
        match self {
            Spec::Detail => "重点项目明细表",
            Spec::Month => "重点项目月报表",
            Spec::Finish => "促竣工投产项目表",
            Spec::Start => "加速开工项目表",
            Spec::Lag => "滞后项目清单",
            Spec::Year => "重点项目年度汇总表",
        }
    }

    pub fn columns(self) -> Vec<Column> {
        use Column::{Gap, Lamp, Level, Number, Of, OfTotal, OfYear, Rules, Stage};
        let planned = |step: Step| Of(Field::PlannedOf(step));
        let actual = |step: Step| Of(Field::ActualOf(step));
        match self {
            Spec::Detail => vec![
                Number,
                Of(Field::Id),
                Of(Field::Name),
                Of(Field::Unit),
                Of(Field::Role),
                Of(Field::Nature),
                Of(Field::Content),
                Of(Field::Span),
                Of(Field::Total),
                Of(Field::Before),
                Of(Field::Planned),
                Of(Field::ThisYear),
                OfYear,
                Of(Field::Milestone),
                Of(Field::Next),
                Of(Field::Firm),
                Of(Field::Lead),
                Of(Field::Official),
                Of(Field::UnitOfficial),
            ],
            Spec::Month => vec![
                Number,
                Of(Field::Id),
                Of(Field::Name),
                Of(Field::Total),
                Of(Field::Before),
                Of(Field::Planned),
                Of(Field::ThisYear),
                OfYear,
                Of(Field::SinceStart),
                OfTotal,
                Of(Field::Progress),
                Of(Field::Problem),
                Of(Field::Next),
                Lamp,
                Of(Field::Firm),
                Of(Field::Lead),
                Of(Field::Official),
                Of(Field::UnitOfficial),
            ],
            Spec::Finish => vec![
                Number,
                Of(Field::Id),
                Of(Field::Name),
                Of(Field::Unit),
                Of(Field::Total),
                Of(Field::SinceStart),
                OfTotal,
                planned(Step::Finish),
                actual(Step::Finish),
                planned(Step::Production),
                actual(Step::Production),
                Of(Field::Progress),
                Of(Field::Problem),
                Of(Field::Lead),
                Of(Field::Official),
            ],
            Spec::Start => vec![
                Number,
                Of(Field::Id),
                Of(Field::Name),
                Of(Field::Unit),
                Of(Field::Total),
                Of(Field::Planned),
                planned(Step::Start),
                actual(Step::Start),
                actual(Step::Statistics),
                Of(Field::Progress),
                Of(Field::Problem),
                Of(Field::Lead),
                Of(Field::Official),
            ],
            Spec::Lag => vec![
                Number,
                Of(Field::Id),
                Of(Field::Name),
                Of(Field::Unit),
                Lamp,
                Rules,
                Stage,
                Level,
                Of(Field::Planned),
                Of(Field::ThisYear),
                OfYear,
                Gap,
                Of(Field::Problem),
                Of(Field::Lead),
                Of(Field::Official),
                Of(Field::UnitOfficial),
            ],
            Spec::Year => Vec::new(),
        }
    }

    /// Those that a sheet of A4 has room for: units stand as headings there.
    pub fn paper_columns(self) -> Vec<Column> {
        use Column::{Gap, Lamp, Number, Of, OfTotal, OfYear, Rules};
        let wanted: &[Column] = match self {
            Spec::Detail => &[
                Number,
                Of(Field::Name),
                Of(Field::Role),
                Of(Field::Span),
                Of(Field::Total),
                Of(Field::Planned),
                Of(Field::ThisYear),
                OfYear,
                Of(Field::Official),
            ],
            Spec::Month => &[
                Number,
                Of(Field::Name),
                Of(Field::Total),
                Of(Field::Planned),
                Of(Field::ThisYear),
                OfYear,
                Of(Field::Progress),
                Of(Field::Problem),
                Lamp,
            ],
            Spec::Finish => &[
                Number,
                Of(Field::Name),
                Of(Field::Total),
                OfTotal,
                Of(Field::PlannedOf(Step::Finish)),
                Of(Field::ActualOf(Step::Finish)),
                Of(Field::Progress),
                Of(Field::Official),
            ],
            Spec::Start => &[
                Number,
                Of(Field::Name),
                Of(Field::Total),
                Of(Field::PlannedOf(Step::Start)),
                Of(Field::ActualOf(Step::Start)),
                Of(Field::Progress),
                Of(Field::Problem),
                Of(Field::Official),
            ],
            Spec::Lag => &[Number, Of(Field::Name), Lamp, Rules, OfYear, Gap, Of(Field::Problem), Of(Field::Official)],
            Spec::Year => &[],
        };
        wanted.to_vec()
    }

    /// Whether a project stands in it.
    pub fn has(self, standing: &Standing) -> bool {
        match self {
            Spec::Detail | Spec::Month | Spec::Year => true,
            Spec::Finish => standing.role == Some(Role::Finish),
            Spec::Start => standing.role == Some(Role::Start),
            Spec::Lag => standing.lags(),
        }
    }
}

/// A line of a table: of a project, or of sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The project's number.
    pub project: Option<String>,
    pub cells: Vec<String>,
}

/// A table with its lines: the whole first, then each unit with its projects.
pub struct Rendered {
    pub columns: Vec<Column>,
    pub header: Vec<String>,
    pub lines: Vec<Line>,
}

impl Rendered {
    /// As text alone.
    pub fn table(&self) -> Table {
        Table { header: self.header.clone(), rows: self.lines.iter().map(|line| line.cells.clone()).collect() }
    }
}

/// Renders a table of what was chosen, by unit in the plan's order.
pub fn render(
    spec: Spec,
    columns: Vec<Column>,
    chosen: &[(&Entry, Standing)],
    place: &Place<'_>,
    library: &Library<'_>,
) -> Rendered {
    if spec == Spec::Year {
        return by_unit(chosen, place, library);
    }
    let header = columns.iter().map(|column| column.head(place)).collect();
    let own: Vec<&(&Entry, Standing)> = chosen.iter().filter(|(_, standing)| spec.has(standing)).collect();
    let sum_line = |name: String, of: &[&(&Entry, Standing)]| {
        let found = sums(of.iter().map(|(entry, standing)| (*entry, standing)), library.at);
        let cells = columns.iter().map(|column| match column {
            Column::Of(Field::Name) => name.clone(),
            column => column.sum(&found, place),
        });
        Line { project: None, cells: cells.collect() }
    };
    let mut lines = Vec::new();
    if !own.is_empty() {
        lines.push(sum_line(format!("合计（{}个）", own.len()), &own));
    }
    let mut units: Vec<(String, String)> = super::field::units(place.plan);
    for (entry, _) in &own {
        if !units.iter().any(|(id, _)| *id == entry.project.unit) {
            units.push((entry.project.unit.clone(), unit_name(place.plan, &entry.project.unit).to_owned()));
        }
    }
    let mut of_unit: std::collections::HashMap<&str, Vec<&(&Entry, Standing)>> = std::collections::HashMap::new();
    for row in &own {
        of_unit.entry(row.0.project.unit.as_str()).or_default().push(row);
    }
    let mut number = 0;
    for (id, name) in &units {
        let Some(of) = of_unit.get(id.as_str()) else { continue };
        lines.push(sum_line(format!("{name}（{}个）", of.len()), of));
        for (entry, standing) in of {
            number += 1;
            let cells = columns.iter().map(|column| match column {
                Column::Number => number.to_string(),
                column => column.cell(entry, standing, place),
            });
            lines.push(Line { project: Some(entry.project.id.clone()), cells: cells.collect() });
        }
    }
    Rendered { columns, header, lines }
}

/// 年度汇总: units against what was planned and done.
fn by_unit(chosen: &[(&Entry, Standing)], place: &Place<'_>, library: &Library<'_>) -> Rendered {
    let unit = &place.measure.unit;
    let header: Vec<String> = [
        "单位".to_owned(),
        "项目数".to_owned(),
        format!("总投资（{unit}）"),
        format!("年计划投资（{unit}）"),
        format!("完成投资（{unit}）"),
        "占年计划%".to_owned(),
        "应开工".to_owned(),
        "已开工".to_owned(),
        "开工率%".to_owned(),
        "应竣工".to_owned(),
        "已竣工".to_owned(),
        "竣工率%".to_owned(),
        "应投产".to_owned(),
        "已投产".to_owned(),
        "投产率%".to_owned(),
        "履约率%".to_owned(),
        "红灯".to_owned(),
        "黄灯".to_owned(),
    ]
    .into_iter()
    .collect();
    let money = |amount: Amount| place.measure.plain(amount);
    let percent = |rate: Option<Rate>| rate.map(|rate| rate.percent_on_page(1)).unwrap_or_else(|| "—".to_owned());
    let share = |share: Share| [share.of.to_string(), share.done.to_string(), percent(share.rate())];
    let line = |name: &str, found: &Sums| {
        let mut cells = vec![
            name.to_owned(),
            found.projects.to_string(),
            money(found.total),
            money(found.planned),
            money(found.this_year),
            percent(found.completion),
        ];
        cells.extend(share(found.starts));
        cells.extend(share(found.finishes));
        cells.extend(share(found.productions));
        cells.extend([percent(found.kept.rate()), found.red.to_string(), found.yellow.to_string()]);
        Line { project: None, cells }
    };
    let of = Library { at: library.at, rows: chosen.to_vec() };
    let mut lines = vec![line("合计", &of.sums())];
    lines.extend(of.by_unit(place.plan).iter().map(|(_, name, found)| line(name, found)));
    Rendered { columns: vec![Column::OfYear; header.len()], header, lines }
}
