//! Plan and figures → [`Bulletin`].

use super::text::Headlines;
use super::{
    Bulletin, Context, Conventions, FIRST_FORMAT, Heading, Previous, ProvisionalAwards, Series, UnitPath, WHOLE_PLAN,
};
use super::{dated, headline, narrative, steps, whole_plan, words};
use crate::month::Period;
use crate::overview::overview;
use crate::plan::rules::Rules;
use crate::plan::{Goal, Pace, Plan};
use crate::returns::Figures;
use crate::standing::{Basis, Computation, Row, Standings, moves};
use crate::tasks::due;

/// Composes the bulletin of a period: `goal` with its units, and, in its newer form, all goals of the plan.
pub fn compose(plan: &Plan, goal: &Goal, figures: &Figures, period: Period, context: &Context) -> Bulletin {
    let rules = plan.rules(&goal.id);
    let computation = Computation::of(plan, goal, figures);
    let year = year_so_far(&computation, figures.periods(&goal.id), period, rules);
    // A period without any figure is none of the year's.
    let own = year.last().filter(|newest| newest.period == period).cloned();
    let standings = own.unwrap_or_else(|| computation.at(period, rules));
    let previous = before(plan, &year, period).map(|before| {
        let ranks = before.rows.iter().filter_map(|row| Some((row.region.clone(), row.rank?))).collect();
        Previous {
            period: before.period,
            growth: before.total.growth,
            gap: before.total.gap,
            ranks,
            incomplete: before.total_incomplete.clone(),
            moves: moves(before, &standings),
            lookup: Default::default(),
        }
    });
    let format = if whole_plan::tells_all(plan) { WHOLE_PLAN } else { FIRST_FORMAT };
    let format = context.format.unwrap_or(format);
    let today = context.published_on.unwrap_or(period.last_day());
    let all = (format == WHOLE_PLAN).then(|| overview(plan, figures, period, today));
    let heading = heading(plan, goal, (period, all.is_some()), context);
    let awaited = standings.mostly_awaited().map(|awaited| awaited.in_place(&heading.unit_noun));
    let mut bulletin = Bulletin {
        format,
        conventions: Conventions::Second,
        heading,
        near: plan.near,
        pace_name: goal.pace.name().to_owned(),
        series: series(goal, &year),
        paths: paths(&year, &standings),
        steps: Vec::new(),
        previous,
        withheld: awaited.unwrap_or_default(),
        provisional: provisional(plan, goal, &computation, &standings),
        standings,
        paragraphs: Vec::new(),
        headlines: Headlines::default(),
        notes: Vec::new(),
        correction: None,
        edited: Vec::new(),
        tasks: all.as_ref().map(|_| due(plan, &context.tasks, today)).unwrap_or_default(),
        texts: context.texts.clone(),
        projects: context.projects.clone(),
        overview: all,
    };
    if !bulletin.withheld.is_empty() || bulletin.award_columns().is_empty() {
        bulletin.provisional = None;
        withhold_awards(&mut bulletin.standings);
    } else {
        bulletin.steps = steps::steps(plan, goal, figures, &bulletin.standings);
    }
    if bulletin.has_units() {
        bulletin.paragraphs = narrative::paragraphs(&bulletin);
    }
    bulletin.paragraphs.extend(bulletin.overview.as_ref().map(whole_plan::paragraph));
    bulletin.paragraphs.extend(dated::paragraph(&bulletin.tasks, period));
    bulletin.paragraphs.extend(bulletin.projects.as_ref().map(|part| super::projects::paragraph(part, period)));
    bulletin.headlines = headline::headlines(&bulletin);
    bulletin.notes = narrative::notes(&bulletin);
    bulletin
}

/// Before the year's end awards are the office's own until the plan publishes them: they do not enter the bulletin at
/// all.
fn withhold_awards(standings: &mut Standings) {
    standings.rows.iter_mut().for_each(|row| row.awards.clear());
    standings.readings = Default::default();
    standings.undecided = Default::default();
}

fn heading(plan: &Plan, goal: &Goal, (period, all): (Period, bool), context: &Context) -> Heading {
    let months = crate::calendar::months(plan.calendar.as_ref());
    let issue = months.iter().position(|&month| month == period.month).map_or(period.month, |at| at as u32 + 1);
    let whole = words::whole(&plan.region.name);
    Heading {
        plan: plan.id.clone(),
        plan_title: plan.title.clone(),
        citation: plan.citation().to_owned(),
        issuer: plan.document.issuer.clone(),
        region: plan.region.id().to_owned(),
        region_name: plan.region.name.clone(),
        title: match all && goal.splits.is_empty() {
            true => format!("{}进展情况", plan.title_at(period)),
            false => format!("{}{whole}{}完成情况", period.title(), goal.name),
        },
        whole,
        unit_noun: plan.unit_noun(goal),
        issue,
        edition: context.edition,
        published_on: context.published_on,
        demo: context.demo,
        clause: plan.assessment(&goal.id).and_then(|assessment| assessment.clause.clone()),
        plan_version: context.plan_version.clone(),
    }
}

/// The newest reported period before this one, where the plan asks for it.
fn before<'y>(plan: &Plan, year: &'y [Standings], period: Period) -> Option<&'y Standings> {
    let before = year.iter().rev().find(|at| at.period < period)?;
    plan.allows(before.period).is_ok().then_some(before)
}

/// The standings of every reported period of the year up to `period`, in order.
fn year_so_far(computation: &Computation<'_>, reported: Vec<Period>, period: Period, rules: Rules) -> Vec<Standings> {
    let periods = reported.into_iter().filter(|at| at.year == period.year && *at <= period);
    periods.map(|at| computation.at(at, rules)).collect()
}

fn series(goal: &Goal, year: &[Standings]) -> Series {
    let mut series = Series::default();
    for at in year {
        series.value.extend(at.total.value.map(|value| (at.period.month, value)));
        series.last_year.extend(at.total.base.map(|base| (at.period.month, base)));
    }
    series.pace = match &goal.pace {
        Pace::LastYear => Vec::new(),
        pace => (0..=12).filter_map(|month| Some((month, pace.share(month)?))).collect(),
    };
    series
}

/// The ranked units' ways through the year, in the plan's order.
fn paths(year: &[Standings], standings: &Standings) -> Vec<UnitPath> {
    let ranked = standings.rows.iter().filter(|row| row.rank.is_some() && row.completion.is_some());
    let path = |row: &Row| {
        let own = || year.iter().filter_map(|at| Some((at.period.month, at.row(&row.region)?)));
        UnitPath {
            region: row.region.clone(),
            name: row.name.clone(),
            completion: own().filter_map(|(month, row)| Some((month, row.completion?))).collect(),
            pace: own().filter_map(|(month, row)| Some((month, row.pace?))).collect(),
        }
    };
    ranked.map(path).collect()
}

fn provisional(
    plan: &Plan,
    goal: &Goal,
    computation: &Computation<'_>,
    standings: &Standings,
) -> Option<ProvisionalAwards> {
    let assessment = plan.assessment(&goal.id)?;
    let shown = plan.publish_provisional && !standings.period.is_year_end() && !assessment.awards.is_empty();
    shown.then(|| {
        let by_pace = computation.on(Basis::Pace, standings.period, standings.rules);
        let reading = standings.rules.reading;
        ProvisionalAwards {
            by_period: standings.readings.get(reading).clone(),
            by_pace: by_pace.readings.get(reading).clone(),
            unit: assessment.award_unit(),
        }
    })
}
