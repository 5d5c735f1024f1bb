//! Composing what is published: one load, one computation, frozen.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::bulletin::projects::ProjectPart;
use domain::bulletin::wording::{Wording, reword};
use domain::bulletin::{Bulletin, Context, Correction, PlanSource, compose, diff};
use domain::calendar::at_shanghai;
use domain::month::Period;
use domain::overview::GoalRow;
use domain::plan::{Goal, Plan};
use domain::projects::sums::Library;
use domain::region::RegionId;
use domain::returns::{Figure, Figures, Rows};
use domain::standing::ranking_figures;

use crate::facts::{Edition, EditionSummary, Unavailable};
use crate::ports::Facts;
use crate::projects::judge;
use crate::texts::in_bulletin;

/// What is about to be published.
#[derive(Debug, Clone)]
pub struct NewEdition {
    pub bulletin: Bulletin,
    pub reason: Option<String>,
    /// The audit row up to which the figures were read.
    pub based_on: i64,
}

impl NewEdition {
    /// The frozen form and its SHA-256.
    pub fn content(&self) -> (String, String) {
        let content = domain::canonical::to_json(&self.bulletin).expect("a bulletin is strings, integers and lists");
        let sha256 = domain::canonical::sha256(content.as_bytes());
        (content, sha256)
    }

    /// As it would stand on its page; not frozen, so without a place in the trail.
    pub fn preview(self, now: i64) -> Edition {
        let (content, sha256) = self.content();
        let (heading, standings) = (&self.bulletin.heading, &self.bulletin.standings);
        let summary = EditionSummary {
            plan: heading.plan.clone(),
            goal: standings.goal.clone(),
            period: standings.period,
            edition: heading.edition,
            sha256,
            reason: self.reason,
            published_at: now,
            published_by: "预览".to_owned(),
            audit_seq: 0,
            audit_hash: "（发布时写入）".to_owned(),
            prints_head: false,
            public_key: None,
        };
        Edition { summary, content, bulletin: self.bulletin }
    }
}

/// An edition ready to be frozen, or why there is nothing to publish.
pub enum Draft {
    Ready(Box<NewEdition>),
    /// Nobody has reported anything.
    Empty,
    /// It would say the same as this edition.
    Same(u32, Box<NewEdition>),
    /// This edition is out: another one is a correction and needs a reason.
    NeedsReason(u32),
}

impl Draft {
    /// Why there is none, as a sentence without a full stop.
    pub fn refusal(&self, period: Period) -> Option<String> {
        let label = period.label();
        match self {
            Draft::Ready(_) => None,
            Draft::Empty => Some(format!("{label}还没有任何单位报送，没有可发布的内容")),
            Draft::Same(edition, _) => Some(format!("{label}的数据和文字都与已发布的第{edition}版相同，不用再发布")),
            Draft::NeedsReason(edition) => Some(format!("{label}已发布第{edition}版；再发布就是更正，请写明更正原因")),
        }
    }
}

/// What the office's library of projects comes to at the end of a period, as it is known on a day; goals that it judges
/// have its count as their figure.
async fn projects(
    facts: &mut dyn Facts,
    plan: &Plan,
    figures: &mut Figures,
    period: Period,
    today: chrono::NaiveDate,
) -> Result<Option<ProjectPart>, Unavailable> {
    let known = facts.projects(plan.region.id(), Some(period.year)).await?;
    let library = Library::of(plan, known.values().map(|known| &known.entry), period, today);
    judge(plan, figures, &library);
    Ok(domain::bulletin::projects::part(plan, &library))
}

/// The bulletin as it would read now.
pub async fn preview(facts: &mut dyn Facts, plan: &Plan, period: Period) -> Result<Bulletin, Unavailable> {
    let mut figures = facts.figures(&plan.id).await?;
    let tasks = facts.task_steps(&plan.id).await?;
    let texts = in_bulletin(plan, &facts.text_picks(&plan.id, period).await?);
    let projects = projects(facts, plan, &mut figures, period, period.last_day()).await?;
    let context = Context { demo: facts.is_demo().await?, tasks, texts, projects, ..Context::default() };
    Ok(compose(plan, plan.default_goal(), &figures, period, &context))
}

/// What [`moved`] found before, by goal: a period whose figures are the same ones is not compared again. Five years of a
/// thousand units are sixty thousand pairs of figures, and a correction moves those of one period.
#[derive(Debug, Clone, Default)]
pub struct Compared(BTreeMap<String, OfGoal>);

#[derive(Debug, Clone, Default)]
struct OfGoal {
    /// Region and name of each unit.
    units: Vec<(RegionId, String)>,
    periods: BTreeMap<Period, Pair>,
}

/// The figures of a period, in force and published, and the names of the units whose figures differ.
#[derive(Debug, Clone)]
struct Pair {
    now: Option<Rows>,
    then: Option<Rows>,
    /// When the newest edition was published, UTC milliseconds.
    newest: Option<i64>,
    names: Vec<String>,
}

impl OfGoal {
    /// What is known of a goal with these units.
    fn with_units(&mut self, goal: &Goal) {
        let units = || goal.splits.iter().map(|split| (&split.region, &split.name));
        if !self.units.iter().map(|(region, name)| (region, name)).eq(units()) {
            let units = units().map(|(region, name)| (region.clone(), name.clone())).collect();
            *self = Self { units, periods: BTreeMap::new() };
        }
    }
}

impl Pair {
    fn is_of(&self, now: Option<&Rows>, then: Option<&Rows>, newest: Option<i64>) -> bool {
        let same = |one: Option<&Rows>, other: Option<&Rows>| one.map(Arc::as_ptr) == other.map(Arc::as_ptr);
        same(self.now.as_ref(), now) && same(self.then.as_ref(), then) && self.newest == newest
    }
}

/// The periods whose newest edition no longer says what is in force, with the names of the units whose figures moved: a
/// correction is due.
pub fn moved(
    plan: &Plan,
    in_force: &Figures,
    published: &Figures,
    editions: &[EditionSummary],
    compared: &mut Compared,
) -> Vec<(Period, Vec<String>)> {
    let mut moved: Vec<(Period, Vec<String>)> = Vec::new();
    for goal in &plan.goals {
        let in_force = &*ranking_figures(plan, goal, in_force);
        let known = compared.0.entry(goal.id.clone()).or_default();
        known.with_units(goal);
        for period in published.periods(&goal.id) {
            let newest = editions.iter().filter(|edition| edition.plan == plan.id && edition.period == period);
            let newest = newest.map(|edition| edition.published_at).max();
            let (now, then) = (in_force.rows(&goal.id, period), published.rows(&goal.id, period));
            if !known.periods.get(&period).is_some_and(|pair| pair.is_of(now, then, newest)) {
                let names = differing(&known.units, period, now, then, newest);
                known.periods.insert(period, Pair { now: now.cloned(), then: then.cloned(), newest, names });
            }
            let names = &known.periods[&period].names;
            if !names.is_empty() {
                moved.push((period, names.clone()));
            }
        }
    }
    moved
}

/// The names of the units whose figures in force are not those published.
fn differing(
    units: &[(RegionId, String)],
    period: Period,
    now: Option<&Rows>,
    then: Option<&Rows>,
    newest: Option<i64>,
) -> Vec<String> {
    fn reported<'f>(rows: Option<&'f Rows>, region: &str) -> Option<&'f Figure> {
        rows?.get(region).filter(|figure| figure.is_reported())
    }
    // A year's last edition may hold what was verified, which is in no return.
    let differs = |region: &str| match (reported(now, region), reported(then, region)) {
        (None, None) => false,
        (Some(now), Some(_)) if period.is_year_end() && now.source.recorded_at <= newest => false,
        (Some(now), Some(old)) => {
            now.value != old.value || now.base != old.base || now.published_growth != old.published_growth
        }
        _ => true,
    };
    units.iter().filter(|(region, _)| differs(region)).map(|(_, name)| name.clone()).collect()
}

/// The next edition of a period, dated at `at` (UTC milliseconds), in the office's words.
pub async fn draft(
    facts: &mut dyn Facts,
    plan: &str,
    period: Period,
    reason: Option<&str>,
    wording: &Wording,
    at: i64,
) -> Result<Draft, Unavailable> {
    // First the head, then what it covers: a write in between makes publishing refuse, never mislabel.
    let based_on = facts.facts_head().await?;
    let Some(version) = facts.plan(plan).await? else { return Ok(Draft::Empty) };
    let plan = &version.plan;
    let mut figures = facts.figures(&plan.id).await?;
    let projects = projects(facts, plan, &mut figures, period, at_shanghai(at).date_naive()).await?;
    let goal = plan.default_goal();
    let before = facts.edition(&plan.id, period, None).await?;
    let context = Context {
        edition: before.as_ref().map_or(0, |edition| edition.summary.edition) + 1,
        published_on: Some(at_shanghai(at).date_naive()),
        demo: facts.is_demo().await?,
        plan_version: Some(PlanSource { version: version.version, sha256: version.sha256.clone() }),
        format: before.as_ref().map(|edition| edition.bulletin.format),
        tasks: facts.task_steps(&plan.id).await?,
        texts: in_bulletin(plan, &facts.text_picks(&plan.id, period).await?),
        projects,
    };
    let mut bulletin = compose(plan, goal, &figures, period, &context);
    reword(&mut bulletin, wording);
    let reported = bulletin.standings.rows.iter().any(|row| row.value.is_some() || row.growth.is_some());
    let anything = |row: &GoalRow| row.value.is_some() || row.growth.is_some();
    let elsewhere = bulletin.overview.as_ref().is_some_and(|overview| overview.goals.iter().any(anything));
    if !reported && bulletin.standings.total.source.is_none() && !elsewhere {
        return Ok(Draft::Empty);
    }
    let Some(before) = before else {
        return Ok(Draft::Ready(Box::new(NewEdition { bulletin, reason: reason.map(str::to_owned), based_on })));
    };
    let same_figures = before.bulletin.standings.same_results(&bulletin.standings);
    let same_goals = before.bulletin.overview.as_ref().map(|overview| &overview.goals)
        == bulletin.overview.as_ref().map(|overview| &overview.goals);
    let same_tasks = diff::of_tasks(&before.bulletin, &bulletin).is_empty();
    let same_texts = before.bulletin.texts == bulletin.texts && before.bulletin.projects == bulletin.projects;
    let same =
        same_figures && same_goals && same_tasks && same_texts && before.bulletin.paragraphs == bulletin.paragraphs;
    let edition = before.summary.edition;
    if reason.is_none() && !same {
        return Ok(Draft::NeedsReason(edition));
    }
    let changes = diff::of_editions(&before.bulletin, &bulletin);
    let sha256 = before.summary.sha256.clone();
    let headline = diff::headline(&changes);
    bulletin.correction = Some(Correction { edition, sha256, reason: reason.map(str::to_owned), headline, changes });
    let new = Box::new(NewEdition { bulletin, reason: reason.map(str::to_owned), based_on });
    Ok(if same { Draft::Same(edition, new) } else { Draft::Ready(new) })
}
