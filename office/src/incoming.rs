//! What incoming figures are checked against: whose they are, what is in force, and the slip of a unit.

use crate::facts::HeldPost;
use documents::grid::Grid;
use documents::office_table::{self, Doubt, Preview, SheetLine};
use domain::Problem;
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::returns::ReturnRow;
use domain::returns::{Figure, Figures, unit_slip};
use domain::rights::Role;

/// The post that reports for a row's unit, where there is one: nobody but the county changes the county's figure.
fn reporter<'p>(plan: &Plan, row: &ReturnRow, posts: &'p [HeldPost]) -> Option<&'p HeldPost> {
    // What lies before the plan's years has no form: a pace by last year's shape needs it.
    if row.period.year < plan.years.0 {
        return None;
    }
    let within = plan.goal(&row.goal)?.split(&row.region)?.within.as_deref();
    let unit = within.unwrap_or(&row.region);
    posts.iter().find(|held| {
        let domain = &held.post.domain;
        domain.role == Role::CountyReporter
            && domain.office.as_deref() == Some(plan.region.id())
            && domain.unit.as_deref() == Some(unit)
    })
}

fn reports_itself(held: &HeldPost) -> String {
    format!("这个单位的数由{}在网页上填报，不能由文件导入", held.post.title)
}

/// Rows of units that report for themselves.
pub fn others_figures(plan: &Plan, rows: &[ReturnRow], posts: &[HeldPost]) -> Vec<Problem> {
    let of_other = |row: &ReturnRow| Some(Problem::new(row.line, reports_itself(reporter(plan, row, posts)?)));
    rows.iter().filter_map(of_other).collect()
}

/// Values about 10 000 times those of the period before, in the file or in the database.
pub fn unit_slips(plan: &Plan, rows: &[ReturnRow], stored: &Figures) -> Vec<Problem> {
    let mut in_file = Figures::default();
    for row in rows {
        in_file.insert(&row.goal, row.period, &row.region, row.figure.clone());
    }
    let slip = |row: &ReturnRow| {
        let measure = &plan.goal(&row.goal)?.measure;
        let value = row.figure.value?;
        // The file's own figure wins over the stored one of the same month: it may be its correction.
        let before = [stored, &in_file]
            .into_iter()
            .filter_map(|figures| figures.previous_value(&row.goal, row.period, &row.region));
        let (period, previous) = before.max_by_key(|(period, _)| *period)?;
        let sentence = unit_slip(measure, value, period, previous)?;
        Some(Problem::new(row.line, sentence))
    };
    rows.iter().filter_map(slip).collect()
}

/// Incoming rows against what is in force.
#[derive(Debug, Default)]
pub struct Compared<'r> {
    pub new: usize,
    pub unchanged: usize,
    /// With the figure that is in force.
    pub revised: Vec<(&'r ReturnRow, Figure)>,
}

pub fn compare<'r>(rows: &'r [ReturnRow], in_force: &Figures) -> Compared<'r> {
    let mut compared = Compared::default();
    for row in rows {
        match in_force.get(&row.goal, row.period, &row.region) {
            None => compared.new += 1,
            Some(figure) if figure.same_figures(&row.figure) => compared.unchanged += 1,
            Some(figure) => compared.revised.push((row, figure.clone())),
        }
    }
    compared
}

/// The sheet that fits the plan best: the one named, else the one with most units of the plan, of the period asked for;
/// several that fit alike are for a person to choose from.
pub fn choose<'g>(
    plan: &Plan,
    goal: &Goal,
    sheets: &'g [Grid],
    named: Option<&str>,
    period: Option<Period>,
) -> Result<&'g Grid, String> {
    if let Some(name) = named.map(str::trim).filter(|name| !name.is_empty()) {
        return office_table::sheet_named(sheets, name);
    }
    let look = |sheet: &Grid| {
        let preview = office_table::preview(plan, goal, sheet, None, None, "");
        (preview.lines.iter().filter(|line| line.region.is_some()).count(), preview.mapping.period)
    };
    let looked: Vec<(&Grid, usize, Option<Period>)> =
        sheets.iter().map(|sheet| (sheet, look(sheet))).map(|(sheet, (units, own))| (sheet, units, own)).collect();
    let most = looked.iter().map(|(_, units, _)| *units).max().unwrap_or(0);
    let mut best: Vec<&(&Grid, usize, Option<Period>)> = looked.iter().filter(|(_, units, _)| *units == most).collect();
    // A sheet for each month: the one of the month that is asked for.
    if best.len() > 1 && best.iter().any(|(.., own)| period.is_some() && *own == period) {
        best.retain(|(.., own)| *own == period);
    }
    match best[..] {
        [] => Err("文件是空的，没有可用的表".to_owned()),
        [(only, ..)] => Ok(only),
        [(first, ..), ..] if most == 0 => Ok(first),
        _ => {
            let names: Vec<&str> = best.iter().map(|(sheet, ..)| sheet.name.as_str()).collect();
            Err(format!("{} 张表都有这些单位：{}；请写明工作表名", names.len(), names.join("、")))
        }
    }
}

/// Adds to a preview what the store knows against it: figures that are the county's own, and slips of a unit. Returns
/// the cells with the names of units that report for themselves.
pub fn check(
    plan: &Plan,
    goal: &Goal,
    preview: &mut Preview,
    (posts, stored): (&[HeldPost], &Figures),
    accept_jumps: bool,
) -> Vec<String> {
    preview.keep(stored, goal);
    let rows = preview.rows(goal);
    let slips = if accept_jumps { Vec::new() } else { unit_slips(plan, &rows, stored) };
    // What stays as it is touches nobody's figure.
    let changed = |row: &&ReturnRow| {
        stored.get(&row.goal, row.period, &row.region).is_none_or(|now| !now.same_figures(&row.figure))
    };
    let named = |region: &str| {
        let is_it = |line: &&SheetLine| !line.skipped && line.region.as_ref().is_some_and(|(known, _)| known == region);
        preview.lines.iter().find(is_it).map(|line| line.address.clone()).unwrap_or_default()
    };
    let stops = |address: String, message: String| Doubt::new(address, message, true);
    // What has been done is not undone: mostly a line of another month, or a slip.
    let falls = |row: &ReturnRow| {
        let (period, before) = stored
            .previous_value(&row.goal, row.period, &row.region)
            .filter(|(period, _)| period.year == row.period.year)?;
        let value = row.figure.value.filter(|value| value.0 < before.0)?;
        let measure = &goal.measure;
        let message =
            format!("累计 {} 小于{}的 {}", measure.with_unit(value), period.months(), measure.with_unit(before));
        Some(Doubt::new(named(&row.region), message, false))
    };
    let falling: Vec<Doubt> = rows.iter().filter_map(falls).collect();
    let theirs: Vec<Doubt> = rows
        .iter()
        .filter(changed)
        .filter_map(|row| Some(stops(named(&row.region), reports_itself(reporter(plan, row, posts)?))))
        .collect();
    let places = theirs.iter().map(|doubt| doubt.address.clone()).collect();
    let slips = slips.into_iter().map(|problem| stops(format!("第 {} 行", problem.line), problem.message));
    preview.doubts.extend(theirs.into_iter().chain(falling).chain(slips));
    places
}

/// A period of the plan from what somebody typed or chose; nothing is no wish.
pub fn period_of(plan: &Plan, text: &str) -> Result<Option<Period>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let period = Period::parse(text.trim()).map_err(|error| error.to_string())?;
    domain::calendar::allowed(plan.calendar.as_ref(), plan.years, period)?;
    Ok(Some(period))
}

/// Rows with last year's figure alone, where this year's has been reported: they would empty it.
pub fn emptied(plan: &Plan, rows: &[ReturnRow], in_force: &Figures) -> Vec<Problem> {
    let of = |row: &ReturnRow| {
        let now = in_force
            .get(&row.goal, row.period, &row.region)
            .filter(|now| now.is_reported() && !row.figure.is_reported())?;
        let measure = &plan.goal(&row.goal)?.measure;
        let value = now.value.map_or("公布增幅".to_owned(), |value| measure.with_unit(value));
        Some(Problem::new(row.line, format!("这一行没有累计数，已报的 {value} 会被清空；请补上累计数，或删去这一行")))
    };
    rows.iter().filter_map(of).collect()
}
