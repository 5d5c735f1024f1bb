//! Made-up figures for the five plans: a fixed seed and plausible curves, with the things that happen in a
//! real year: units that lag, a tie, a return that was revised, one that is missing.
//!
//! They go through the same reader, store and publishing as real ones, into an empty database marked as demo.

mod goals;
mod people;
mod projects;
mod steps;
mod support;

use chrono::{DateTime, Datelike, Days, NaiveDate};
use domain::calendar::{Standing, at_shanghai, shanghai};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Goal, Plan, Split};

use crate::assets;
use office::commands::import_returns::ImportReturns;
use office::commands::keep_plan::ImportPlan;
use office::commands::publish::Publish;
use office::commands::publish_comparison::PublishComparison;
use office::refusal::Refusal;
use office::who::Who;
use store::{Store, Writer};

const SEED: u64 = 20_210_216;

/// Shares of the year reached by the end of each month, in thousandths.
const SHAPE: [i64; 13] = [0, 45, 110, 195, 280, 366, 470, 555, 640, 735, 825, 910, 1000];

/// Where the year ends for a unit: value against target and base against the implied base, in ten-thousandths.
const FUZHOU: [(&str, i64, i64); 12] = [
    ("350102", 10_190, 10_000),
    ("350104", 9_960, 10_000),
    ("350111", 10_240, 9_980),
    ("350105", 9_800, 10_000),
    ("350112", 10_040, 10_000),
    // Exactly the target: equality counts as completed.
    ("350181", 10_000, 10_000),
    // A hair below the target, with growth among the first three: the two readings differ here.
    ("350121", 9_996, 9_900),
    ("高新区", 9_900, 10_100),
    ("350122", 10_030, 10_000),
    ("350124", 10_140, 10_000),
    ("350123", 10_130, 9_950),
    ("350125", 9_750, 10_000),
];

/// The same counties eight years earlier.
const FUZHOU_BEFORE: [(&str, i64, i64); 11] = [
    ("350102", 10_240, 10_000),
    ("350104", 10_060, 10_000),
    ("350111", 9_840, 9_980),
    ("350105", 9_900, 10_000),
    ("350182", 10_140, 10_000),
    ("350181", 10_300, 10_000),
    ("350121", 9_790, 9_900),
    ("350122", 10_130, 10_000),
    ("350124", 10_240, 10_000),
    ("350123", 9_930, 9_950),
    ("350125", 10_750, 10_000),
];

const FUJIAN: [(&str, i64, i64); 9] = [
    ("350100", 10_150, 10_050),
    ("350200", 9_700, 10_300),
    ("350600", 10_400, 9_900),
    ("350500", 10_020, 10_000),
    ("350400", 9_850, 9_800),
    ("350300", 10_600, 10_100),
    ("350700", 9_300, 10_200),
    ("350800", 10_080, 9_950),
    ("350900", 9_950, 9_700),
];

/// A cell whose figures the curves do not make: (region, month, value, base) in 亿元.
const FIXED: [(&str, u32, &str, &str); 2] = [
    // The same growth in 1—8月: a tie.
    ("350102", 8, "13.20", "12.00"),
    ("350104", 8, "14.30", "13.00"),
];

/// Did not report 1—7月.
const MISSING: (&str, u32) = ("350125", 7);

/// Reported too much for 1—4月; corrected after the bulletin.
const REVISED: (&str, u32) = ("350105", 4);
const REVISION_REASON: &str = "一笔设备预付款重复计入，企业已核实";

/// Fills an empty database with the five plans and the demo figures, and publishes their bulletins.
pub(crate) async fn load(store: &Store, now: i64, say: &dyn Fn(&str)) -> Result<(), Refusal> {
    let mut plans = Vec::new();
    let below =
        assets::text("demo/fuzhou-2013.plan.toml").map(|source| ("演示-fuzhou-2013.plan.toml".to_owned(), source));
    for (file, source) in assets::plans().into_iter().chain(below) {
        let plan = domain::plan::file::parse(&source)
            .map_err(|problems| Refusal::whole(format!("{file}：{}", problems[0].message)))?;
        plans.push((file, source, plan));
    }
    // The newest plan first: it is the first one readers see.
    plans.sort_by_key(|(_, _, plan)| (plan.id != "fuzhou-2021", std::cmp::Reverse(plan.years.0)));
    let start = writer(NaiveDate::from_ymd_opt(2013, 2, 1).unwrap_or_default(), 9);
    store.mark_demo(start.clone()).await?;
    for (file, source, plan) in &plans {
        import_plan(store, source, plan, file, start.clone()).await?;
    }
    let mut acts: Vec<Act> = Vec::new();
    for story in &STORIES {
        let Some((_, _, plan)) = plans.iter().find(|(_, _, plan)| plan.id == story.plan) else { continue };
        say(&format!("装入演示数据：{}", plan.title));
        acts.extend(story.acts(plan));
        acts.extend(projects::acts(plan, story)?);
        acts.extend(support::acts(store, plan, &start).await?);
        let Some(hands) = steps::Hands::of(store, plan, &start).await? else { continue };
        for (at, taken) in steps::of(plan) {
            let day = at_shanghai(at).date_naive();
            let period = Period { year: day.year(), month: day.month() };
            acts.push(Act { at, plan, period, what: What::Step(Box::new((hands.clone(), taken))), reason: None });
        }
    }
    // As it would have come: what is written later has a later time.
    acts.sort_by_key(|act| act.at);
    for act in acts.into_iter().filter(|act| act.at <= now) {
        act.carry_out(store).await?;
    }
    add_people(store, now, say).await
}

/// A plan's figures: from which period to which, of which months, and where its units end the year.
struct Story {
    plan: &'static str,
    from: (i32, u32),
    to: (i32, u32),
    months: &'static [u32],
    ends: &'static [(&'static str, i64, i64)],
}

const EVERY_MONTH: [u32; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const STORIES: [Story; 6] = [
    Story { plan: "fujian-2013", from: (2013, 1), to: (2013, 11), months: &EVERY_MONTH, ends: &FUJIAN },
    // A made-up plan of the city that carries out its row of the province's.
    Story { plan: "fuzhou-2013", from: (2013, 2), to: (2013, 11), months: &EVERY_MONTH, ends: &FUZHOU_BEFORE },
    Story { plan: "fuzhou-2021", from: (2021, 1), to: (2021, 12), months: &EVERY_MONTH, ends: &FUZHOU },
    Story { plan: "ningde-2021", from: (2021, 7), to: (2021, 12), months: &EVERY_MONTH, ends: &[] },
    Story { plan: "fengze-2022", from: (2021, 12), to: (2023, 12), months: &[3, 6, 9, 12], ends: &[] },
    // The document asks for 定期调度 without saying how often.
    Story { plan: "longnan-2022", from: (2022, 6), to: (2025, 12), months: &[6, 12], ends: &[] },
];

/// What happens at a time (UTC milliseconds).
struct Act<'a> {
    at: i64,
    plan: &'a Plan,
    period: Period,
    what: What,
    reason: Option<&'static str>,
}

/// Figures come in, an edition comes out, something is done about projects or for firms, or somebody works on a task
/// or watches.
enum What {
    Figures(String),
    Edition,
    Projects(projects::Deed),
    Step(Box<(steps::Hands, steps::Taken)>),
    Support(Box<(support::Desk, support::Deed)>),
}

impl Act<'_> {
    async fn carry_out(self, store: &Store) -> Result<(), Refusal> {
        let writer = Writer { actor: "演示".to_owned(), at: self.at, session: None };
        match self.what {
            What::Figures(csv) => {
                let goal = self.plan.default_goal();
                import(store, self.plan, goal, &csv, self.period, self.reason, writer).await
            }
            What::Edition => {
                publish(store, self.plan, self.period, self.reason, writer.clone()).await?;
                compare(store, self.plan, self.period, &writer).await
            }
            What::Projects(deed) => deed.carry_out(store, machine(writer)).await,
            What::Support(support) => support.1.carry_out(store, self.plan, &support.0, self.at).await,
            What::Step(step) => step.1.carry_out(store, self.plan, &step.0, self.at).await,
        }
    }
}

impl Story {
    /// A plan through its periods: figures by the deadline, an edition three days later, one correction.
    fn acts<'a>(&self, plan: &'a Plan) -> Vec<Act<'a>> {
        let holidays = assets::holidays();
        let year = Year { plan, goal: plan.default_goal(), ends: self.ends };
        let mut acts = Vec::new();
        let all = (self.from.0..=self.to.0).flat_map(|year| self.months.iter().map(move |month| (year, *month)));
        for (of_year, month) in all.filter(|at| (self.from..=self.to).contains(at)) {
            let Some(period) = Period::new(of_year, month) else { continue };
            let due = due(plan, period, &holidays);
            let act = |day: NaiveDate, hour: u32, what: What, reason: Option<&'static str>| Act {
                at: writer(day, hour).at,
                plan,
                period,
                what,
                reason,
            };
            acts.extend(goals::csv(plan, period).map(|csv| act(due, 16, What::Figures(csv), None)));
            let is_bulletins = plan.calendar.as_ref().is_none_or(|calendar| calendar.months().contains(&month));
            // Before its document came out there was nothing to publish.
            if !is_bulletins || (plan.id == "fengze-2022" && of_year == 2021) {
                continue;
            }
            if !self.ends.is_empty() {
                acts.push(act(due, 17, What::Figures(year.csv(period, Edited::AsReported)), None));
            }
            acts.push(act(due + Days::new(3), 10, What::Edition, None));
            if plan.id == "fuzhou-2021" && month == REVISED.1 {
                let later = due + Days::new(9);
                let corrected = What::Figures(year.csv(period, Edited::Corrected));
                acts.push(act(later, 15, corrected, Some(REVISION_REASON)));
                acts.push(act(later, 17, What::Edition, Some(REVISION_REASON)));
            }
        }
        acts
    }
}

/// The day by which a period is reported; where the plan names none, the tenth day of the next month or so.
fn due(plan: &Plan, period: Period, holidays: &domain::holidays::Holidays) -> NaiveDate {
    let calendar = plan.rounds_at(period).into_iter().find_map(|round| plan.calendar_of_round(&round));
    let due = calendar.and_then(|calendar| calendar.deadline_day(period, holidays));
    let begins = NaiveDate::from_ymd_opt(period.year, period.month, 1).unwrap_or_default();
    due.unwrap_or(begins + Days::new(40))
}

/// The plan of the current year and the posts: the last part of the demo, and what one of an earlier version lacks.
pub(crate) async fn add_people(store: &Store, now: i64, say: &dyn Fn(&str)) -> Result<(), Refusal> {
    say("装入本年的演示计划，供填报试用");
    load_this_year(store, now).await?;
    people::load(store, now, say).await
}

/// A plan of the current year with the split of 福州 2021, due on the 28th, so that there is a period to be reported
/// now. Its months up to the open one have figures; nothing of it is published.
async fn load_this_year(store: &Store, now: i64) -> Result<(), Refusal> {
    let today = at_shanghai(now);
    // In January December is reported.
    let year = if today.month() == 1 { today.year() - 1 } else { today.year() };
    let Some(source) = assets::text("plans/fuzhou-2021.plan.toml") else { return Ok(()) };
    let quoted = |line: &&str| {
        !["quote", "clause", "number", "dated", "source", "issuer", "assumed"]
            .iter()
            .any(|key| line.trim_start().starts_with(key))
    };
    // The document's money, lists, people and honours are the document's: a made-up plan promises none.
    let mut promises = false;
    let of_targets = |line: &&str| {
        if line.starts_with('[') {
            let of = ["[[policy", "[[parameter", "[[fund", "[[list", "[[body", "[[selection"];
            promises = of.iter().any(|table| line.starts_with(table));
        }
        !promises
    };
    let source = unwrapped(&source);
    let lines = source.lines().filter(of_targets).filter(quoted).map(|line| line.replace("2021", &year.to_string()));
    let lines: Vec<String> = lines.collect();
    let title = format!("（演示）{year}年技改投资计划，沿用福州市2021年的分解");
    let lines = lines.into_iter().map(|line| match line.split(' ').next() {
        Some("title") => format!("title = \"{title}\""),
        Some("first_month") => "first_month = 1".to_owned(),
        Some("deadline") => "deadline = { day = 28, of = \"next_month\" }".to_owned(),
        _ => line,
    });
    let source = lines.collect::<Vec<_>>().join("\n") + "\n";
    let plan = domain::plan::file::parse(&source).map_err(|problems| {
        Refusal::whole(format!("本年演示计划第 {} 行：{}", problems[0].line, problems[0].message))
    })?;
    if store.read().await?.plan(&plan.id).await?.is_some() {
        // In a year that the demo has a plan of anyway.
        return Ok(());
    }
    let writer = Writer { actor: "演示".to_owned(), at: now, session: None };
    import_plan(store, &source, &plan, &format!("演示-{}.plan.toml", plan.id), writer.clone()).await?;
    let (Some(calendar), holidays) = (&plan.calendar, assets::holidays()) else { return Ok(()) };
    let goal = plan.default_goal();
    let made = Year { plan: &plan, goal, ends: &FUZHOU };
    for period in calendar.periods(year) {
        if calendar.standing(period, at_shanghai(now), &holidays) == Standing::Closed {
            import(store, &plan, goal, &made.csv(period, Edited::AsReported), period, None, writer.clone()).await?;
        }
    }
    Ok(())
}

/// The file with each list on one line, so that a line can be left out.
fn unwrapped(source: &str) -> String {
    let mut depth = 0_i32;
    let mut text = String::new();
    for line in source.lines() {
        depth += line.matches('[').count() as i32 - line.matches(']').count() as i32;
        text.push_str(line);
        text.push(if depth > 0 { ' ' } else { '\n' });
    }
    text
}

fn writer(day: NaiveDate, hour: u32) -> Writer {
    let at = day
        .and_hms_opt(hour, 0, 0)
        .and_then(|at| at.and_local_timezone(shanghai()).single())
        .unwrap_or(DateTime::UNIX_EPOCH.into());
    Writer { actor: "演示".to_owned(), at: at.timestamp_millis(), session: None }
}

async fn import(
    store: &Store,
    plan: &Plan,
    goal: &Goal,
    csv: &str,
    period: Period,
    reason: Option<&str>,
    writer: Writer,
) -> Result<(), Refusal> {
    let file = format!("演示-{}-{period}{}.csv", plan.id, if reason.is_some() { "-更正" } else { "" });
    let read = documents::returns::parse(plan, goal, csv.as_bytes(), &file);
    if let Some(problem) = read.all_problems().first() {
        return Err(Refusal::whole(format!("{file} 第 {} 行：{}", problem.line, problem.message)));
    }
    let sha256 = domain::canonical::sha256(csv.as_bytes());
    let reason = reason.map(str::to_owned);
    let command = ImportReturns {
        plan: plan.id.clone(),
        rows: read.rows,
        file_name: file,
        file_sha256: sha256,
        reason,
        accept: Default::default(),
        holidays: std::sync::Arc::new(assets::holidays()),
    };
    store.carry_out(command, machine(writer)).await.map(|_| ())
}

async fn publish(
    store: &Store,
    plan: &Plan,
    period: Period,
    reason: Option<&str>,
    writer: Writer,
) -> Result<(), Refusal> {
    let reason = reason.map(str::to_owned);
    // Made-up figures are signed by nobody.
    let command = Publish {
        plan: plan.id.clone(),
        period,
        reason,
        wording: Default::default(),
        based_on: None,
        public_key: None,
    };
    store.carry_out(command, machine(writer)).await.map(|_| ())
}

/// The comparisons of a quarter, with its last month's bulletin.
async fn compare(store: &Store, plan: &Plan, period: Period, writer: &Writer) -> Result<(), Refusal> {
    if !domain::comparison::is_quarter(period) {
        return Ok(());
    }
    for comparison in &plan.comparisons {
        let (plan, id) = (plan.id.clone(), comparison.id.clone());
        let command = PublishComparison { plan, id, period, reason: None, based_on: None, public_key: None };
        store.carry_out(command, machine(writer.clone())).await?;
    }
    Ok(())
}

async fn import_plan(store: &Store, source: &str, plan: &Plan, file: &str, writer: Writer) -> Result<(), Refusal> {
    let (plan, source, file_name) = (plan.clone(), source.to_owned(), file.to_owned());
    let command = ImportPlan { plan, source, file_name, reason: None };
    store.carry_out(command, machine(writer)).await.map(|_| ())
}

fn machine(writer: Writer) -> Who {
    Who::machine(writer.actor, writer.at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edited {
    AsReported,
    Corrected,
}

struct Year<'a> {
    plan: &'a Plan,
    goal: &'a Goal,
    ends: &'a [(&'a str, i64, i64)],
}

impl Year<'_> {
    /// The returns file of one period.
    fn csv(&self, period: Period, edited: Edited) -> String {
        let mut lines = vec!["region,period,value,base,growth_pct,note".to_owned()];
        let (mut value_sum, mut base_sum) = (0, 0);
        let fuzhou = self.plan.id == "fuzhou-2021";
        for split in &self.goal.splits {
            if fuzhou && (split.region.as_str(), period.month) == MISSING {
                continue;
            }
            let Some((value, base)) = self.cell(split, period, edited) else { continue };
            if split.within.is_none() {
                value_sum += value.0;
                base_sum += base.0;
            }
            lines.push(self.line(&split.name, period, value, base));
        }
        // The office states the total; in the month of the missing return it waits, and the sum stands in.
        if !(fuzhou && period.month == MISSING.1) {
            lines.push(self.line(&self.plan.region.name, period, Amount(value_sum), Amount(base_sum)));
        }
        lines.join("\n") + "\n"
    }

    fn line(&self, name: &str, period: Period, value: Amount, base: Amount) -> String {
        let measure = &self.goal.measure;
        format!("{name},{period},{},{},,演示数据，非官方统计", measure.plain(value), measure.plain(base))
    }

    /// Cumulative value and base of a unit, in steps of 100万元.
    fn cell(&self, split: &Split, period: Period, edited: Edited) -> Option<(Amount, Amount)> {
        let measure = &self.goal.measure;
        let fuzhou = self.plan.id == "fuzhou-2021";
        if fuzhou
            && let Some((.., value, base)) =
                FIXED.iter().find(|(region, month, ..)| *region == split.region && *month == period.month)
        {
            return Some((measure.parse(value).ok()?, measure.parse(base).ok()?));
        }
        let (year_value, year_base) = match self.ends.iter().find(|(region, ..)| *region == split.region) {
            Some((_, value, base)) => {
                let target = split.target(period.year)?;
                let growth = target.growth.or_else(|| self.goal.target(period.year)?.growth)?;
                let target = target.value?.0;
                let implied = domain::money::round_to(
                    i128::from(target) * growth.denominator(),
                    growth.denominator() + growth.numerator(),
                    0,
                ) as i64;
                (target / 10_000 * value, implied / 10_000 * base)
            }
            // A unit without a target still has some investment.
            None => (110_000_000, 90_000_000),
        };
        let (now, before) = (share(&split.region, period.month, 1), share(&split.region, period.month, 2));
        // One unit slumps in spring and recovers.
        let slump = if split.region == "350125" && (4..=6).contains(&period.month) { 45 } else { 0 };
        let extra = if edited == Edited::AsReported && fuzhou && (split.region.as_str(), period.month) == REVISED {
            44_000_000
        } else {
            0
        };
        let step = 1_000_000;
        let value = round_step(year_value / 1000 * (now - slump), step) + extra;
        let base = round_step(year_base / 1000 * before, step);
        Some((Amount(if period.is_year_end() { round_step(year_value, 10_000) } else { value }), Amount(base)))
    }
}

fn round_step(amount: i64, step: i64) -> i64 {
    (amount + step / 2) / step * step
}

/// A unit's own share of the year by a month, in thousandths: the common shape and a noise that fades by December.
fn share(region: &str, month: u32, series: u64) -> i64 {
    let hash = region.bytes().fold(SEED.wrapping_mul(series), |hash, byte| mix(hash ^ u64::from(byte)));
    let noise = (mix(hash.wrapping_add(u64::from(month) / 3)) % 29) as i64 - 14;
    let shape = SHAPE[month as usize];
    shape + noise * shape * (1000 - shape) / 250_000
}

/// SplitMix64's finaliser.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
