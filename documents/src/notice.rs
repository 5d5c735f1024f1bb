//! The notice of a year's result as an official paper: who gains, who loses, and the table with both readings.

use domain::assessment::Alternative;
use domain::assessment::trace::explain;
use domain::bulletin::columns::Columns;
use domain::bulletin::tables::extra_columns;
use domain::bulletin::words;
use domain::plan::{Assessment, Plan};
use domain::rate::Rate;
use domain::shown::{DASH, Shown};
use domain::standing::{Row as Standing, Standings};
use domain::year_end::{Replaced, Stated, YearEndFigure, newest};

use crate::paper::{Attachment, Block, Column, Paper, Row, Table};

/// What a year's assessment came to, and what it rests on.
pub struct Assessed<'a> {
    pub plan: &'a Plan,
    pub assessment: &'a Assessment,
    pub standings: &'a Standings,
    pub stated: &'a [YearEndFigure],
    pub alternatives: &'a [Alternative],
    /// The result that this one takes the place of.
    pub replaces: Option<&'a Replaced>,
    /// The day it was closed; none while it is provisional.
    pub closed_on: Option<chrono::NaiveDate>,
    pub demo: bool,
    /// Which edition and which chain, in small type.
    pub imprint: String,
}

impl Assessed<'_> {
    /// Whether units assess themselves before the office verifies: then both stand side by side.
    pub fn has_two_columns(&self) -> bool {
        let asked = self.assessment.self_assessment_by.is_some() || self.assessment.verification_in.is_some();
        asked || self.stated.iter().any(|figure| figure.stated == Stated::Own)
    }

    /// The unit of the awards: 分 or 万元; nothing where each says its own.
    pub fn unit(&self) -> String {
        self.assessment.award_unit()
    }

    /// What stands in the place of a result that is not closed while most units are missing.
    pub fn withheld(&self) -> Option<String> {
        let awaited = self.standings.mostly_awaited().filter(|_| self.closed_on.is_none())?;
        let goal = self.plan.goal(&self.standings.goal);
        Some(awaited.in_place(&goal.map(|goal| self.plan.unit_noun(goal)).unwrap_or_default()))
    }

    /// Points of a row as printed: `+0.3`, `—` for none.
    pub fn points(&self, row: &Standing) -> String {
        match self.withheld() {
            Some(_) => DASH.to_owned(),
            None => self.standings.points_of(&row.region),
        }
    }
}

/// The notice, without anything that somebody would have to type.
pub fn compose(result: &Assessed<'_>) -> Paper {
    let (plan, standings) = (result.plan, result.standings);
    let year = standings.period.year;
    let whole = words::whole(&plan.region.name);
    let goal = &standings.goal_name;
    let provisional = if result.closed_on.is_none() { "（预计）" } else { "" };
    let closed_on = result.closed_on.map(domain::calendar::chinese_date).unwrap_or_default();
    Paper {
        masthead: format!("{goal}考核结果"),
        number: String::new(),
        issue: String::new(),
        issuer: String::new(),
        issued_on: closed_on,
        title: vec![format!("关于{year}年{whole}"), format!("{goal}考核结果的通知{provisional}")],
        warning: if result.demo { "演示数据，非官方统计".to_owned() } else { String::new() },
        recipients: String::new(),
        body: body(result),
        attachments: attachments(result),
        signature: String::new(),
        dated: String::new(),
        note: String::new(),
        copies: String::new(),
        printed_by: String::new(),
        printed_on: String::new(),
        created: result.closed_on.map_or("1970-01-01T00:00:00Z".to_owned(), |day| format!("{day}T00:00:00Z")),
        imprint: result.imprint.clone(),
    }
}

fn body(result: &Assessed<'_>) -> Vec<Block> {
    let (standings, unit) = (result.standings, result.unit());
    let clause = result.assessment.clause.clone().unwrap_or_default();
    let text = |text: String| Block::Text { text };
    let heading = |text: &str| Block::Heading { level: 1, text: text.to_owned() };
    let state = match result.closed_on {
        Some(_) => "考核已经办结，结果如下。".to_owned(),
        None => "考核尚未办结，以下为预计结果（已核验的用核验数，其余用报送数），不作为加减分依据。".to_owned(),
    };
    let basis = format!("依据{}{clause}，{state}", result.plan.basis());
    let listed = |negative: bool| {
        let of = |row: &Standing| {
            let points = match result.assessment.has_several_units() {
                true => {
                    let awards = row.awards.iter().filter(|award| award.is_penalty() == negative);
                    words::signed(
                        &domain::standing::Given::of(awards.map(|award| (award.unit.as_str(), &award.points)))
                            .text(true),
                    )
                }
                false => {
                    Some(result.points(row)).filter(|points| points.starts_with('−') == negative).unwrap_or_default()
                }
            };
            (!points.is_empty() && points != DASH && points != "0").then(|| {
                let completion = row.completion_text().map(|text| format!("，完成率{text}%")).unwrap_or_default();
                let growth = row.growth.map(|growth| format!("，{}", words::growth(growth))).unwrap_or_default();
                format!("{}{points}{unit}（{}{completion}{growth}）", row.name, row.completed_text())
            })
        };
        standings.ranked().into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let withheld = result.withheld();
    let (gain, lose) = match withheld.is_some() {
        true => (Vec::new(), Vec::new()),
        false => (listed(false), listed(true)),
    };
    let said = |list: &[String], none: &str| {
        if list.is_empty() { none.to_owned() } else { format!("{}。", list.join("；")) }
    };
    let quote = result.assessment.quote.clone().map(|quote| format!("条款原文：“{quote}”。")).unwrap_or_default();
    let rules = standings.rules;
    let reading = format!(
        "{quote}按{}定名次；{}；以{}为完成；{}；{}。其他读法的结果见附件2。",
        standings.ranked_by().name(),
        result.assessment.explanation(rules.reading),
        rules.completed_when.name(),
        rules.ties.name(),
        rules.compare.name()
    );
    let (up, down) = match unit.as_str() {
        "分" => ("加分", "扣分"),
        "" => ("奖励", "扣减和警示"),
        _ => ("奖励", "扣减"),
    };
    let mut body = vec![text(basis)];
    body.extend(result.replaces.map(|of| text(format!("{}。", of.sentence()))));
    match withheld {
        Some(withheld) => body.push(text(format!("{withheld}。"))),
        None => {
            body.extend([heading(up), text(said(&gain, &format!("没有单位{up}。")))]);
            body.extend(standings.barred_in_words().map(|barred| text(format!("{barred}。"))));
            body.extend([heading(down), text(said(&lose, &format!("没有单位{down}。")))]);
        }
    }
    body.extend([heading("条款和读法"), text(reading)]);
    body
}

fn attachments(result: &Assessed<'_>) -> Vec<Attachment> {
    let standings = result.standings;
    let year = standings.period.year;
    let small = |text: &str| Block::Small { text: text.to_owned() };
    let marks = "“—”不适用，“/”无目标。位次按精确值排，印出的数四舍五入。";
    let both = match result.has_two_columns() {
        true => "自评为各单位1月上报，核验为办公室核定；结果按核验数计算。",
        false => "结果按核验数计算。",
    };
    let all = Attachment {
        title: format!("{year}年{}考核结果表", standings.goal_name),
        blocks: vec![results(result), small(&format!("{both}{marks}")), small(&result.imprint)],
    };
    let scores = crate::paper::score_table(standings).map(|table| Attachment {
        title: "得分的组成".to_owned(),
        blocks: vec![
            table,
            small(&domain::bulletin::tables::score_note(standings).unwrap_or_default()),
            small(&result.imprint),
        ],
    });
    let others = Attachment {
        title: "各种读法的结果对照".to_owned(),
        blocks: vec![
            readings(result),
            small(
                "读法指先排位还是先看是否完成；完成可按总量、按增幅或两者都要。空白为不加不减，“未定”为缺数无法判定。",
            ),
            small(&result.imprint),
        ],
    };
    let traces = Attachment { title: "推导过程".to_owned(), blocks: traces(result) };
    [Some(all), Some(others), Some(traces), scores].into_iter().flatten().collect()
}

fn column(head: impl Into<String>, width: u32, right: bool) -> Column {
    Column { head: head.into(), width, right }
}

fn results(result: &Assessed<'_>) -> Block {
    let (standings, measure) = (result.standings, &result.standings.measure);
    let two = result.has_two_columns();
    let printed = Columns::fitting(standings, result.plan.near);
    let reached = printed.reached();
    let mut columns = vec![column("单位", 12, false), column("年度目标", 8, true)];
    columns.extend(two.then(|| column("自评完成", 8, true)));
    columns.extend([
        column(if two { "核验完成" } else { "完成" }, 8, true),
        column(printed.head(reached), 7, true),
        column("是否完成", 7, false),
    ]);
    columns.extend(two.then(|| column("自评增幅", 7, true)));
    columns.extend([column(if two { "核验增幅" } else { "同比增长" }, 7, true), column("位次", 5, true)]);
    let extra = extra_columns(standings);
    columns.extend(extra.iter().map(|found| column(found.head.clone(), 7, true)));
    columns.push(column(words::award_head("结果", &result.unit()), 7, true));
    let row = |row: &Standing| {
        let own = newest(result.stated, &row.region, Stated::Own);
        let amount = |amount: Option<domain::money::Amount>| measure.shown(amount);
        let percent = |rate: Option<Rate>| rate.shown(|rate| rate.in_percent(1));
        let target = measure.shown_or(row.target_mark(), row.target);
        let name = if row.within.is_some() { format!("其中：{}", row.name) } else { row.name.clone() };
        let mut cells = vec![name, target];
        cells.extend(two.then(|| amount(own.and_then(|own| own.value))));
        cells.push(amount(row.value));
        cells.push(printed.cell(reached, row).or_dash());
        cells.push(row.completed_text().to_owned());
        cells.extend(two.then(|| percent(own.and_then(YearEndFigure::growth))));
        cells.push(printed.growth(row).shown(|text| format!("{text}%")));
        cells.push(row.rank.or_dash());
        cells.extend(extra.iter().map(|found| (found.of)(row).or_dash()));
        cells.push(result.points(row));
        Row { cells, bold: false, indent: 0 }
    };
    Block::Table(Table {
        unit: words::units_line(&measure.unit, false),
        columns,
        rows: standings.rows.iter().map(row).collect(),
    })
}

/// 单位：分, above a table; nothing where each figure says its own.
pub(crate) fn in_unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!("单位：{unit}") }
}

fn readings(result: &Assessed<'_>) -> Block {
    let standings = result.standings;
    let mut columns = vec![column("单位", 8, false)];
    columns.extend(result.alternatives.iter().map(|other| {
        let now = other.reading == standings.rules.reading && other.completed_when == standings.rules.completed_when;
        let mark = if now { "（现行）" } else { "" };
        column(format!("{}，按{}{mark}", other.reading.name(), other.completed_when.name()), 6, true)
    }));
    let rows = standings.ranked().into_iter().map(|row| {
        let of = |other: &Alternative| match other.undecided.contains(&row.region) {
            true => "未定".to_owned(),
            false => words::awarded(&other.points, &row.region).replace('—', ""),
        };
        let cells = std::iter::once(row.name.clone()).chain(result.alternatives.iter().map(of)).collect();
        Row { cells, bold: false, indent: 0 }
    });
    Block::Table(Table { unit: in_unit(&result.unit()), columns, rows: rows.collect() })
}

/// The way from the clause to the result, for those who gain or lose; everybody else's is in the pack.
fn traces(result: &Assessed<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for row in result.standings.rows.iter().filter(|row| result.points(row) != DASH) {
        blocks.push(Block::Heading { level: 2, text: row.name.clone() });
        blocks.push(Block::Small { text: explain(result.plan, result.standings, row).concat() });
    }
    blocks.push(Block::Small {
        text: "没有加减分的单位，推导过程见归档包中的“推导过程.txt”。".to_owned()
    });
    blocks.push(Block::Small { text: result.imprint.clone() });
    blocks
}
