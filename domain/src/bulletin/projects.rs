//! The library of projects in a bulletin: what each unit's projects come to, and, where the plan says so, what lags.

use serde::{Deserialize, Serialize};

use super::tables::Table;
use super::text::{Paragraph, Span};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::Plan;
use crate::projects::field::unit_name;
use crate::projects::sums::{Library, Share, Sums};
use crate::rate::Rate;
use crate::shown::DASH;

/// A unit's projects, or all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLine {
    pub name: String,
    pub projects: usize,
    pub total: Amount,
    pub planned: Amount,
    pub this_year: Amount,
    pub completion: Option<Rate>,
    /// Of so many due, so many.
    pub starts: (usize, usize),
    pub finishes: (usize, usize),
    pub productions: (usize, usize),
    pub kept: (usize, usize),
    pub red: usize,
    pub yellow: usize,
}

/// A project that lags, by name: only where the plan publishes such.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laggard {
    pub name: String,
    pub unit: String,
    pub lamp: String,
    pub why: String,
}

/// The library at the end of the bulletin's period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPart {
    pub total: UnitLine,
    pub units: Vec<UnitLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laggards: Vec<Laggard>,
}

fn line(name: &str, sums: &Sums) -> UnitLine {
    let pair = |share: Share| (share.of, share.done);
    UnitLine {
        name: name.to_owned(),
        projects: sums.projects,
        total: sums.total,
        planned: sums.planned,
        this_year: sums.this_year,
        completion: sums.completion,
        starts: pair(sums.starts),
        finishes: pair(sums.finishes),
        productions: pair(sums.productions),
        kept: pair(sums.kept),
        red: sums.red,
        yellow: sums.yellow,
    }
}

/// What a bulletin holds of a library; `None` where nothing is on the list.
pub fn part(plan: &Plan, library: &Library<'_>) -> Option<ProjectPart> {
    let sums = library.sums();
    if sums.projects == 0 {
        return None;
    }
    let named = library.lagging().into_iter().filter(|_| plan.projects.publish_laggards);
    let laggards = named.map(|(entry, standing)| {
        let why: Vec<&str> = standing.fired.iter().map(|fired| fired.words.as_str()).collect();
        Laggard {
            name: entry.project.name.clone(),
            unit: unit_name(plan, &entry.project.unit).to_owned(),
            lamp: standing.lamp().name().to_owned(),
            why: why.join("；"),
        }
    });
    Some(ProjectPart {
        total: line(&super::words::whole(&plan.region.name), &sums),
        units: library.by_unit(plan).iter().map(|(_, name, sums)| line(name, sums)).collect(),
        laggards: laggards.collect(),
    })
}

/// 截至5月底，108项重点项目完成投资…；计划新开工179项，已开工130项.
pub(super) fn paragraph(part: &ProjectPart, period: Period) -> Paragraph {
    let total = &part.total;
    let measure = Measure::yi_yuan();
    let completion = total.completion.map(|rate| format!("，占年计划的{}", rate.in_percent(1))).unwrap_or_default();
    let mut sentence = format!(
        "截至{}年{}月底，{}项重点项目（总投资{}）本年完成投资{}{completion}",
        period.year,
        period.month,
        total.projects,
        measure.visible_with_unit(total.total),
        measure.visible_with_unit(total.this_year)
    );
    for (what, (of, done)) in [("新开工", total.starts), ("竣工", total.finishes), ("投产", total.productions)] {
        if of > 0 {
            let rate = Rate::new(done as i128, of as i128).map(|rate| rate.in_percent(1)).unwrap_or_default();
            sentence.push_str(&format!("；应{what}{of}项，已{}{done}项（{rate}）", what.trim_start_matches('新')));
        }
    }
    sentence.push_str(match (total.red, total.yellow) {
        (0, 0) => "。",
        _ => "",
    });
    if total.red + total.yellow > 0 {
        sentence.push_str(&format!("。亮红灯{}项、黄灯{}项", total.red, total.yellow));
        let named: Vec<String> = part
            .laggards
            .iter()
            .map(|laggard| format!("{}（{}，{}：{}）", laggard.name, laggard.unit, laggard.lamp, laggard.why))
            .collect();
        sentence.push_str(&if named.is_empty() { "。".to_owned() } else { format!("：{}。", named.join("；")) });
    }
    Paragraph { heading: "重点项目".to_owned(), sentences: vec![vec![Span::Text(sentence)]] }
}

/// By unit, the whole first: what page, paper and files carry.
pub fn table(part: &ProjectPart) -> Table {
    let header = [
        "单位",
        "项目数",
        "总投资（亿元）",
        "年计划（亿元）",
        "本年完成（亿元）",
        "占年计划",
        "开工",
        "竣工",
        "投产",
        "履约率",
        "红灯",
        "黄灯",
    ];
    let measure = Measure::yi_yuan();
    let percent = |rate: Option<Rate>| rate.map_or_else(|| DASH.to_owned(), |rate| rate.in_percent(1));
    let share = |(of, done): (usize, usize)| if of == 0 { DASH.to_owned() } else { format!("{done}/{of}") };
    let rows = std::iter::once(&part.total).chain(&part.units).map(|line| {
        vec![
            line.name.clone(),
            line.projects.to_string(),
            measure.format_visible(line.total),
            measure.format_visible(line.planned),
            measure.format_visible(line.this_year),
            percent(line.completion),
            share(line.starts),
            share(line.finishes),
            share(line.productions),
            percent(Rate::new(line.kept.1 as i128, line.kept.0 as i128)),
            line.red.to_string(),
            line.yellow.to_string(),
        ]
    });
    Table { header: header.map(str::to_owned).to_vec(), rows: rows.collect() }
}
