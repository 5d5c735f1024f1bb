//! What each role's first screen reminds of, beyond the tasks of the month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Months;
use domain::firms::Firms;
use domain::fund;
use domain::month::Period;
use domain::plan::Plan;
use domain::policy::Fact;
use domain::policy::notice::{ClaimNotice, awaits_decision, hindrance};
use domain::policy::record::{Act as ClaimAct, Record, State as ClaimState, had, settle_records, years};
use domain::projects::edition::LIBRARY;
use domain::rights::{Action, Object, Role};
use domain::selection::edition::{Scene as Editing, is_final};
use domain::selection::record::{Course, Record as Nominated, State as NominationState};
use domain::tasks::{Act, Standing, TaskState, counted, due, lagging_first};
use domain::year_end::{Stated, newest, self_assessment_days, to_verify};
use leptos::prelude::*;

use super::claims::moved_of;
use super::{readings, receipts, year_end};
use crate::backend::backend;
use crate::parts::{Page, PageError, links};
use office::commands::claim::{right, taxes};
use office::facts::{ClosedResult, EditionSummary, PublicationKind, PublicationSummary, is_proposed};
use office::projects::LeaveStep;
use office::viewer::Viewer;

/// So many tasks are reminded of one by one.
const TOLD: usize = 5;

/// A unit's own tasks that are near, behind or sent back.
async fn own_tasks(plan: &Plan, unit: &str) -> Result<Vec<Reminder>, PageError> {
    if plan.tasks.is_empty() {
        return Ok(Vec::new());
    }
    let backend = backend();
    let steps = backend.task_steps(plan).await?;
    let states = due(plan, &steps, domain::calendar::at_shanghai(backend.now()).date_naive());
    let own: Vec<TaskState> = states.iter().filter_map(|state| state.of_unit(unit)).collect();
    let sent_back = |task: &TaskState| {
        let last = steps.iter().rfind(|step| step.task == task.task && step.unit == unit);
        last.filter(|step| step.act == Act::SendBack && task.standing.is_open())
    };
    let pressing = own
        .iter()
        .filter(|task| matches!(task.standing, Standing::Overdue | Standing::Due) || sent_back(task).is_some());
    let pressing = lagging_first(pressing.cloned().collect());
    if pressing.len() > TOLD {
        let text = format!("限时任务：{}", counted(pressing.iter()));
        return Ok(vec![(text, links::tasks(&plan.id))]);
    }
    let told = pressing.iter().map(|task| {
        let back = sent_back(task).map(|step| format!("，报告被退回：{}", step.words)).unwrap_or_default();
        let text = format!("限时任务“{}”{}（{}）{back}", task.title, task.state(), task.due);
        (text, format!("{}#task-{}", links::tasks(&plan.id), task.task))
    });
    Ok(told.collect())
}

/// Months for which a change of who reports is told on the first pages.
const NEWS: u32 = 3;

/// That a 其中 row is reported by its own unit now, while that is news to both.
fn handovers(plan: &Plan, unit: &str, now: i64) -> Vec<Reminder> {
    let today = domain::calendar::at_shanghai(now).date_naive();
    let is_news =
        |since: Period| since.last_day().checked_add_months(Months::new(NEWS)).is_some_and(|day| today <= day);
    let told = plan.handovers(unit).into_iter().filter(|(since, _)| is_news(*since));
    told.map(|(since, sentence)| (sentence, links::report(&plan.id, &since.into(), unit))).collect()
}

/// What the office has to confirm, who is behind, and what is due soon.
async fn all_tasks(plan: &Plan) -> Result<Vec<Reminder>, PageError> {
    if plan.tasks.is_empty() {
        return Ok(Vec::new());
    }
    let backend = backend();
    let steps = backend.task_steps(plan).await?;
    let states = due(plan, &steps, domain::calendar::at_shanghai(backend.now()).date_naive());
    let parts =
        |standing: Standing| states.iter().flat_map(|task| &task.parts).filter(move |part| part.standing == standing);
    let tasks = |standing: Standing| {
        let of = states.iter().filter(|task| task.standing == standing);
        of.map(|task| task.title.as_str()).collect::<Vec<_>>()
    };
    let at = |lagging: bool| {
        let base = links::tasks(&plan.id);
        if lagging { format!("{base}?first=lagging") } else { base }
    };
    let mut found = Vec::new();
    let waiting = parts(Standing::Waiting).count();
    if waiting > 0 {
        found.push((format!("“{}”有 {waiting} 件限时任务报告待确认", plan.title), at(false)));
    }
    for (standing, words) in [(Standing::Overdue, "项限时任务逾期未完成"), (Standing::Due, "项限时任务30天内到期")]
    {
        let titles = tasks(standing);
        if !titles.is_empty() {
            let named = titles.iter().take(TOLD).copied().collect::<Vec<_>>().join("、");
            let more = if titles.len() > TOLD { "等" } else { "" };
            found.push((format!("“{}”有 {} {words}：{named}{more}", plan.title, titles.len()), at(true)));
        }
    }
    Ok(found)
}

/// Claims of support and entries of ledgers that wait for whoever asks.
pub(super) async fn claims(office: &str) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let Some(viewer) = backend.viewer().cloned() else { return Ok(None) };
    let today = domain::calendar::at_shanghai(backend.now()).date_naive();
    let year = chrono::Datelike::year(&today);
    let mut found = Vec::new();
    for version in backend.plans().await?.into_iter().filter(|version| version.plan.region.id() == office) {
        let plan = &version.plan;
        let erasures = backend.pending_erasures(plan).await?;
        if let Some(first) = erasures.first() {
            let page = super::evidence::page_of(&plan.id, &first.subject, &first.unit);
            let place = format!("{page}#{}", links::evidence_id(&first.subject, &first.unit));
            let text = format!("“{}”有 {} 份材料申请清除内容，待您确认", plan.title, erasures.len());
            found.push((text, place));
        }
        let entries = backend.fund_records(plan).await?;
        let others =
            |entry: &&fund::record::Record| entry.asked().is_some_and(|step| step.account != viewer.account.id);
        let waiting = entries.iter().filter(others).count();
        if waiting > 0 && viewer.may(Action::ConfirmFund, Object::office(office)).is_ok() {
            found.push((format!("“{}”资金台账：待您确认{waiting}笔", plan.title), links::funds(&plan.id)));
        }
        let years = years(&plan.policies, &backend.claim_years(plan).await?);
        for (year, all) in years.iter().filter(|(at, all)| **at <= year && !all.is_empty()) {
            let year = *year;
            let notices = backend.claim_notices(plan, year).await?;
            let objections = backend.claim_objections(plan, year).await?;
            let sees_all = viewer.may(Action::ReadClaims, Object::office(office)).is_ok();
            let proposed = all.iter().any(|record| record.state == ClaimState::Proposed);
            let moved = match sees_all && proposed {
                true => moved_of(plan, all, (year, &had(&years, year)), backend.now()),
                false => BTreeMap::new(),
            };
            let decided = all.iter().any(|record| record.decided.is_some());
            let now = (sees_all && decided).then(|| settle_records(plan, all, year, had(&years, year)));
            let differs = |record: &Record| {
                let now = now.as_ref().and_then(|now| now.of(&record.claim.id));
                record.state.is_decided() && now.is_some_and(|now| record.differs(now))
            };
            let payable = |record: &Record| {
                let now = now.as_ref().and_then(|now| now.of(&record.claim.id));
                hindrance(plan, record, &notices, &objections, today).is_none() && record.due(now).is_ok()
            };
            let mut waiting = claims_waiting(plan, all, &viewer, (&payable, &differs, &moved));
            let decides = viewer.may(Action::DecideClaim, Object::office(office)).is_ok();
            // Who recorded an objection does not answer it.
            let open = objections.iter().filter(|it| it.answer.is_none() && it.account != viewer.account.id).count();
            waiting.extend((decides && open > 0).then(|| format!("待答复异议{open}项")));
            let upheld = |record: &&Record| record.state.is_decided() && awaits_decision(record, &objections);
            let upheld = all.iter().filter(upheld).count();
            waiting.extend((decides && upheld > 0).then(|| format!("异议成立，待重新决定{upheld}项")));
            let publishes = viewer.may(Action::Publish, Object::office(office)).is_ok();
            let due = ClaimNotice::of(plan, year, all, (&notices, &objections), (today, None)).filter(|_| publishes);
            waiting.extend(due.map(|due| format!("待公示{}项", due.lines.len())));
            if !waiting.is_empty() {
                let text = format!("“{}”{year}年奖补申报：{}", plan.title, waiting.join("，"));
                found.push((text, links::claims(&plan.id, &year.to_string())));
            }
        }
    }
    Ok(shown(found))
}

type Is<'i> = &'i dyn Fn(&Record) -> bool;

/// 待决定2项, 待兑付1项: what this post is to do about claims.
fn claims_waiting(
    plan: &Plan,
    all: &[Record],
    viewer: &Viewer,
    (payable, differs, moved): (Is<'_>, Is<'_>, &BTreeMap<u32, String>),
) -> Vec<String> {
    let office = plan.region.id();
    let may = |act: ClaimAct, unit: &str| {
        let object = if act == ClaimAct::Enter { Object::unit(office, unit) } else { Object::office(office) };
        viewer.may(right(act), object).is_ok()
    };
    // Sent back, it is the county's to state anew, and the office's own where the unit has no post.
    let is_county = viewer.role().is_some_and(|role| role.is_county());
    let firms = Firms::of(all.iter().map(|record| record.claim.firm()));
    let taxed = all.iter().filter(|record| record.claim.local_tax.is_some());
    let taxed: BTreeSet<String> = taxed.map(|record| firms.key(record.claim.firm())).collect();
    let untaxed = |record: &Record| {
        let policy = plan.policies.get(&record.claim.policy);
        let asked = policy.map(|policy| taxes(plan, policy)).unwrap_or_default();
        // 当年税收地方实得 is the firm's, at whichever claim it was stated.
        asked.iter().any(|asked| match asked.fact {
            Fact::Quantity(quantity) => !record.claim.quantities.contains_key(&quantity),
            _ => !taxed.contains(&firms.key(record.claim.firm())),
        })
    };
    let count = |name: &str, act: ClaimAct, fits: &dyn Fn(&Record) -> bool| {
        let count = all.iter().filter(|record| may(act, &record.unit) && fits(record)).count();
        (count > 0).then(|| format!("{name}{count}项"))
    };
    let own = |record: &Record| record.proposed().is_some_and(|step| step.account == viewer.account.id);
    let lines = [
        count("被退回，待重新填报", ClaimAct::Enter, &|record| {
            is_county && record.state == ClaimState::SentBack
        }),
        count("待填税收数", ClaimAct::Tax, &|record| record.state == ClaimState::Waiting && untaxed(record)),
        count("待决定", ClaimAct::Decide, &|record| record.state == ClaimState::Waiting && !untaxed(record)),
        count("待您确认决定", ClaimAct::Confirm, &|record| {
            record.state == ClaimState::Proposed && !own(record) && !moved.contains_key(&record.number)
        }),
        count("决定后数据变了，待重新决定", ClaimAct::Decide, differs),
        count("决定后退回，待重新填报或决定不给予", ClaimAct::Decide, &|record| record.is_withdrawn()),
        count("数据变了，待退回重新决定", ClaimAct::SendBack, &|record| moved.contains_key(&record.number)),
        count("待兑付", ClaimAct::Pay, &|record| record.outstanding().0 > 0 && payable(record)),
        count("待追回", ClaimAct::Pay, &|record| record.decided.is_some() && record.outstanding().0 < 0),
    ];
    lines.into_iter().flatten().collect()
}

/// Selections that wait for whoever asks.
pub(super) async fn selections(office: &str) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let Some(viewer) = backend.viewer().cloned() else { return Ok(None) };
    let today = domain::calendar::at_shanghai(backend.now()).date_naive();
    let mut found = Vec::new();
    for version in backend.plans().await?.into_iter().filter(|version| version.plan.region.id() == office) {
        let plan = &version.plan;
        for selection in &plan.selections {
            for year in plan.years.0..=plan.years.1.min(chrono::Datelike::year(&today)) {
                let steps = backend.selection_steps(plan, &selection.id, year).await?;
                if steps.is_empty() {
                    continue;
                }
                let course = Course::of(selection, &steps);
                let published = backend.selection_editions(plan, &selection.id, year).await?;
                let (course, published) = (&course, published.as_slice());
                let scene = Editing { plan, selection, year, course, published, today };
                let waiting = selection_waiting(&scene, &viewer);
                if !waiting.is_empty() {
                    let text = format!("{year}年{}评选：{}", selection.title, waiting.join("，"));
                    found.push((text, links::selection(&plan.id, &selection.id, year)));
                }
            }
        }
    }
    Ok(shown(found))
}

/// 待打分2项, 待公示: what this post is to do about a selection.
fn selection_waiting(scene: &Editing<'_>, viewer: &Viewer) -> Vec<String> {
    if is_final(scene.published) {
        return Vec::new();
    }
    let office = scene.plan.region.id();
    let records = &scene.course.records;
    let count = |what: &str, fits: &dyn Fn(&Nominated) -> bool| {
        let count = records.iter().filter(|record| fits(record)).count();
        (count > 0).then(|| format!("{what}{count}项"))
    };
    if let Some(unit) = viewer.post.as_ref().and_then(|post| post.domain.unit.as_deref()) {
        if viewer.may(Action::Nominate, Object::unit(office, unit)).is_err() {
            return Vec::new();
        }
        let back = count("被退回，待重新推荐", &|record| record.state == NominationState::SentBack);
        let none = records.is_empty() && scene.published.is_empty() && scene.course.terms.open().is_empty();
        return back.or_else(|| none.then(|| "可以推荐".to_owned())).into_iter().collect();
    }
    let may = |action: Action| viewer.may(action, Object::office(office)).is_ok();
    if !may(Action::ScoreNominations) {
        return Vec::new();
    }
    let own = Some(viewer.account.id);
    let open = |record: &Nominated| record.objections.iter().any(|objection| objection.answer.is_none());
    let publishes = may(Action::Publish);
    let lines = [
        count("待打分", &|record| record.state == NominationState::Waiting),
        count("待您确认得分", &|record| record.state == NominationState::Scored && record.scored_by != own),
        count("待答复异议", &open),
        (publishes && scene.notice().is_ok()).then(|| "可以公示".to_owned()),
        (publishes && scene.final_list().is_ok()).then(|| "公示期满，可以公布结果".to_owned()),
    ];
    lines.into_iter().flatten().collect()
}

/// What of the office's projects presses: what is overdue of its matters, what lags, what was not reported.
pub(super) async fn projects(office: &str) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let mut found = Vec::new();
    let plans = backend.plans().await?.into_iter().map(|version| version.plan);
    let plans: Vec<_> = plans.filter(|plan| plan.region.id() == office).collect();
    for plan in &plans {
        if plan.projects == Default::default() && plan.rhythm(domain::plan::projects::RHYTHM).is_none() {
            continue;
        }
        let known = super::projects::gather(backend.as_ref(), plan, None).await?;
        let sums = known.library(plan).sums();
        if sums.projects == 0 {
            continue;
        }
        let at = known.at.label();
        let lag = match (sums.red, sums.yellow) {
            (0, 0) => format!("“{}”重点项目{}个，{at}没有亮灯的", plan.title, sums.projects),
            (red, yellow) => {
                format!("“{}”重点项目{}个，{at}红灯{red}个、黄灯{yellow}个", plan.title, sums.projects)
            }
        };
        let to =
            if sums.red + sums.yellow > 0 { links::projects_part(&plan.id, "lag") } else { links::projects(&plan.id) };
        found.push((lag, to));
        found.extend(library_due(plan).await?);
        let enters = |viewer: &Viewer| viewer.may(Action::EnterProjects, Object::office(office)).is_ok();
        if backend.viewer().is_some_and(enters) {
            let asked = backend.leaves(plan).await?;
            let asked = asked.iter().filter(|leaving| leaving.step == LeaveStep::Ask).count();
            if asked > 0 {
                let text = format!("“{}”退库申请{asked}件等您答复", plan.title);
                found.push((text, links::projects_part(&plan.id, "lag")));
            }
        }
    }
    if let Some(plan) = plans.last() {
        found.extend(matters_open(plan).await?);
    }
    Ok(shown(found))
}

/// What was handed over and is not done, of all plans of the office: meetings give it with a library or without.
async fn matters_open(plan: &Plan) -> Result<Option<Reminder>, PageError> {
    let backend = backend();
    let today = domain::calendar::at_shanghai(backend.now()).date_naive();
    let matters = backend.matters(plan).await?;
    let late = matters.iter().filter(|matter| matter.overdue(today).is_some()).count();
    let late = if late > 0 { format!("，其中逾期{late}件") } else { String::new() };
    Ok(match matters.iter().filter(|matter| matter.solved.is_none()).count() {
        0 => None,
        open => Some((format!("交办事项没有办结的{open}件{late}"), links::projects_part(&plan.id, "matters"))),
    })
}

/// The newest quarter of the library that has no edition, for whoever publishes.
async fn library_due(plan: &Plan) -> Result<Option<Reminder>, PageError> {
    let backend = backend();
    let publishes = |viewer: &Viewer| viewer.may(Action::Publish, Object::office(plan.region.id())).is_ok();
    let Some(period) = super::publications::quarters(plan, backend.now()).first().copied() else { return Ok(None) };
    if !backend.viewer().is_some_and(publishes) {
        return Ok(None);
    }
    let key = office::publications::key_of(&plan.id, LIBRARY, period);
    let is_out = backend.publications().await?.iter().any(|found| found.key == key);
    let text = format!("{}还没有发布", key.title(plan));
    Ok((!is_out).then(|| (text, links::publish_comparison(&plan.id, period, LIBRARY))))
}

/// The newest quarter of each comparison that nobody has published yet, for whoever publishes.
async fn comparison_due(plan: &Plan) -> Result<Vec<Reminder>, PageError> {
    let backend = backend();
    let publishes = |viewer: &Viewer| viewer.may(Action::Publish, Object::office(plan.region.id())).is_ok();
    if plan.comparisons.is_empty() || !backend.viewer().is_some_and(publishes) {
        return Ok(Vec::new());
    }
    let published = backend.publications().await?;
    let due = super::publications::due(plan, backend.now());
    let newest = due.iter().take(plan.comparisons.len()).filter(|(id, period)| {
        let of = |found: &PublicationSummary| {
            let key = &found.key;
            (&key.plan, &key.subject, key.period) == (&plan.id, id, *period)
        };
        !published.iter().any(of)
    });
    let told = newest.map(|(id, period)| {
        let name = office::publications::name_of(plan, id);
        let text = format!("{}{name}还没有发布", domain::comparison::label(*period));
        (text, links::publish_comparison(&plan.id, *period, id))
    });
    Ok(told.collect())
}

/// A sentence and where it leads.
type Reminder = (String, String);

fn shown(reminders: Vec<Reminder>) -> Option<AnyView> {
    if reminders.is_empty() {
        return None;
    }
    let items = reminders
        .into_iter()
        .map(|(sentence, address)| {
            view! {
                <li>
                    <a href=address>{sentence}</a>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <div class="notice act reminders">
                <p>
                    <b>"提醒"</b>
                </p>
                <ul>{items}</ul>
            </div>
        }
        .into_any(),
    )
}

/// The same sentences above a page.
pub(super) fn before(reminders: Vec<Reminder>, page: Page) -> Result<Page, PageError> {
    let body = view! {
        {shown(reminders)}
        {page.body}
    }
    .into_any();
    Ok(Page { body, ..page })
}

/// Editions to sign for, the self-assessment that is due, what may still be objected to.
pub(super) async fn county(office: &str, unit: &str) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let mut found: Vec<Reminder> = Vec::new();
    let editions = backend.editions().await?;
    for version in backend.plans().await?.into_iter().filter(|version| version.plan.region.id() == office) {
        let plan = &version.plan;
        // Only what is in force: a corrected edition needs nobody's signature any more.
        let newest_edition: Option<&EditionSummary> = editions.iter().find(|edition| edition.plan == plan.id);
        if let Some(edition) = newest_edition
            && receipts::is_unsigned(edition).await?
        {
            let text = format!("{}通报第{}版还没有签收", edition.period.label(), edition.edition);
            found.push((text, links::edition(&plan.id, edition.period, edition.edition)));
        }
        found.extend(super::messages::waiting(plan).await?);
        found.extend(super::watch::missing(backend.as_ref(), plan, unit).await?);
        found.extend(own_tasks(plan, unit).await?);
        found.extend(handovers(plan, unit, backend.now()));
        let Some(assessment) = plan.assessments.first() else { continue };
        let today = domain::calendar::at_shanghai(backend.now()).date_naive();
        for year in plan.years.0..=plan.years.1 {
            let year_end = backend.year_end(plan, &assessment.goal, year).await?;
            let days = self_assessment_days(assessment.self_assessment_by, year);
            let due = days.filter(|(from, to)| *from <= today && today <= *to);
            let own =
                plan.goal(&assessment.goal).is_some_and(|goal| to_verify(goal, year).any(|split| split.region == unit));
            if let Some((_, to)) = due.filter(|_| own && newest(&year_end.stated, unit, Stated::Own).is_none()) {
                let text = format!("{year}年年终自评还没有提交，{}截止", domain::calendar::chinese_date(to));
                found.push((text, year_end::unit_address(&plan.id, &assessment.goal, year, unit)));
            }
            let signs = backend.viewer().and_then(Viewer::role) == Some(Role::CountyApprover);
            let unsigned = newest(&year_end.stated, unit, Stated::Own).is_some() && year_end.signed(unit).is_none();
            if signs && unsigned && year_end.closed().is_none() {
                let text = format!("{year}年年终自评等您签核");
                found.push((text, year_end::unit_address(&plan.id, &assessment.goal, year, unit)));
            }
            if year_end.proposed().is_some() {
                let terms = office::objections::open_terms(
                    plan,
                    &[],
                    &[(assessment.goal.clone(), year, year_end)],
                    backend.now(),
                );
                if let Some(term) = terms.first() {
                    let day = domain::calendar::at_shanghai(term.until - 1).format("%-m月%-d日");
                    let text = format!("{year}年考核结果正在公示，有异议请在{day}24:00前提出");
                    found.push((text, year_end::address(&plan.id, &assessment.goal, year)));
                }
            }
        }
    }
    Ok(shown(found))
}

/// Objections to answer; revisions, readings and closings to confirm; units to verify.
pub(super) async fn office(office: &str) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let mut found: Vec<Reminder> = Vec::new();
    let today = domain::calendar::at_shanghai(backend.now()).date_naive();
    for version in backend.plans().await?.into_iter().filter(|version| version.plan.region.id() == office) {
        let plan = &version.plan;
        if backend.plan_proposal(plan).await?.is_some() {
            found.push((format!("“{}”有修订待第二人确认", plan.title), format!("/plans/{}/changes", plan.id)));
        }
        found.extend(super::messages::waiting(plan).await?);
        found.extend(all_tasks(plan).await?);
        found.extend(comparison_due(plan).await?);
        let choices = backend.readings(&plan.id).await?;
        for assessment in &plan.assessments {
            let Some(goal) = plan.goal(&assessment.goal) else { continue };
            if is_proposed(&choices, &goal.id) {
                found.push((
                    format!("{}的条款读法有改动待第二人确认", goal.name),
                    readings::address(&plan.id, &goal.id),
                ));
            }
            for year in plan.years.0..=plan.years.1 {
                let year_end = backend.year_end(plan, &goal.id, year).await?;
                let open = year_end.open_objections().len();
                if open > 0 {
                    found.push((format!("{year}年有 {open} 件异议待答复"), format!("/assess/{}/objections", plan.id)));
                }
                let at = year_end::address(&plan.id, &goal.id, year);
                if year_end.proposed().is_some() {
                    found.push((format!("{year}年考核已提出办结，待第二人确认"), at));
                } else if self_assessment_days(assessment.self_assessment_by, year).is_some_and(|(_, to)| to < today)
                    && year_end.closed().is_none()
                    && !year_end.stated.is_empty()
                {
                    let left = to_verify(goal, year)
                        .filter(|split| newest(&year_end.stated, &split.region, Stated::Verified).is_none())
                        .count();
                    let text = if left > 0 {
                        format!("{year}年还有 {left} 个单位没有核验")
                    } else {
                        format!("{year}年考核核验完毕，可以办结")
                    };
                    found.push((text, at));
                }
            }
        }
    }
    Ok(shown(found))
}

/// Accounts that nobody has set a password for yet, and those that nobody uses any more.
pub(super) async fn accounts() -> Result<Vec<Reminder>, PageError> {
    let now = backend().now();
    let accounts = backend().accounts().await?;
    let open = accounts.iter().filter(|account| !account.disabled && account.password_at.is_none()).count();
    let unused = accounts.iter().filter(|account| account.unused_days(now).is_some()).count();
    let told = [
        (open, format!("有 {open} 个账号还没有设密码，链接过期的请重新生成")),
        (unused, format!("有 {unused} 个账号90多天没有登录，不用了请停用")),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    Ok(told.map(|(_, sentence)| (sentence, "/admin/users".to_owned())).collect())
}

/// Posts without a holder, and units without posts.
pub(super) async fn vacancies() -> Result<Vec<Reminder>, PageError> {
    let backend = backend();
    let posts = backend.posts().await?;
    let vacant: Vec<&str> =
        // Whoever stands in may be missing.
        posts
            .iter()
            .filter(|held| held.holder.is_none() && held.deputy_of.is_none())
            .map(|held| held.post.title.as_str())
            .collect();
    let mut found: Vec<Reminder> = Vec::new();
    if !vacant.is_empty() {
        found.push((format!("没有人任职的岗位：{}", vacant.join("、")), "/admin/posts".to_owned()));
    }
    // A unit that got a new code needs posts for it.
    for version in backend.plans().await? {
        let office = version.plan.region.id();
        let splits = version.plan.goals.iter().flat_map(|goal| &goal.splits);
        let mut renamed: Vec<String> = splits
            .filter(|split| {
                let of = |unit: &str| {
                    posts.iter().any(|held| {
                        held.post.domain.office.as_deref() == Some(office)
                            && held.post.domain.unit.as_deref() == Some(unit)
                    })
                };
                !split.former.is_empty() && !of(&split.region) && split.former.iter().any(|former| of(former))
            })
            .map(|split| format!("{}（{}）", split.name, split.region))
            .collect();
        renamed.dedup();
        if !renamed.is_empty() {
            found.push((
                format!("单位改了代码，请设新岗位并任命原来的人：{}", renamed.join("、")),
                "/admin/posts".to_owned(),
            ));
        }
    }
    Ok(found)
}

/// Failed log-ins that the trail does not sum up yet.
pub(super) async fn failures() -> Result<Vec<Reminder>, PageError> {
    let (failed, _) = backend().failed_log_ins().await?;
    Ok((failed > 0).then(|| (format!("今天有 {failed} 次登录失败"), "/audit#failed".to_owned())).into_iter().collect())
}

/// Resets and new holders that wait for this administrator.
pub(super) async fn requests(role: Role) -> Result<Vec<Reminder>, PageError> {
    let backend = backend();
    let own = backend.viewer().map(|viewer| viewer.account.id);
    let waiting = backend.access_requests().await?.into_iter();
    Ok(waiting
        .filter(|asked| asked.what.confirmed_by() == role && asked.by != own)
        .map(|asked| (format!("等您确认：{}", asked.sentence()), "/admin/requests".to_owned()))
        .collect())
}

/// How long a comparison or a closed result stands on first pages: a quarter.
const SHOWN_FOR: i64 = 92 * 24 * 3600 * 1000;

/// Comparisons and closed results that came out lately, for everybody who reads them; who signs is told what he has
/// not.
pub(super) async fn closed() -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let since = backend.now() - SHOWN_FOR;
    let mut published = backend.publications().await?;
    published.retain(|found| found.at >= since);
    // Only what is in force: a corrected edition needs nobody's signature any more.
    let mut newest: Vec<PublicationSummary> = Vec::new();
    for found in published {
        if !newest.iter().any(|known| known.key == found.key) {
            newest.push(found);
        }
    }
    let of_result = |result: &ClosedResult| {
        let same = |found: &&PublicationSummary| {
            let key = &found.key;
            key.kind == PublicationKind::Result
                && (&key.plan, &key.subject, key.period.year) == (&result.plan, &result.goal, result.year)
        };
        newest.iter().any(|found| same(&found))
    };
    // Closed before results were published.
    let results: Vec<ClosedResult> =
        backend.closed_results(since).await?.into_iter().filter(|result| !of_result(result)).collect();
    if results.is_empty() && newest.is_empty() {
        return Ok(None);
    }
    let plans = backend.plans().await?;
    let day = |at: i64| domain::calendar::at_shanghai(at).format("%-m月%-d日").to_string();
    let mut lines: Vec<(String, String)> = Vec::new();
    for found in &newest {
        let Some(plan) = plans.iter().map(|version| &*version.plan).find(|plan| plan.id == found.key.plan) else {
            continue;
        };
        let (region, day) = (&plan.region.name, day(found.at));
        let said = match found.key.kind {
            PublicationKind::Comparison
            | PublicationKind::Library
            | PublicationKind::Claims
            | PublicationKind::Selection => {
                format!("{region}{}已于{day}发布", found.key.title(plan))
            }
            PublicationKind::Result => format!("{region}{}年度考核结果已于{day}办结", found.key.period.year),
        };
        let unsigned = receipts::is_publication_unsigned(plan, found).await?;
        let unsigned = if unsigned { "，您还没有签收" } else { "" };
        lines.push((format!("{said}{unsigned}"), links::publication(&found.key, found.edition)));
    }
    for result in results {
        let Some(plan) = plans.iter().map(|version| &*version.plan).find(|plan| plan.id == result.plan) else {
            continue;
        };
        let text = format!("{}{}年度考核结果已于{}办结", plan.region.name, result.year, day(result.at));
        lines.push((text, year_end::address(&plan.id, &result.goal, result.year)));
    }
    let items = lines.into_iter().map(|(text, address)| {
        view! {
            <li>
                <a href=address>{text}</a>
            </li>
        }
    });
    Ok(Some(
        view! {
            <ul class="notice reminders" id="closed">
                {items.collect_view()}
            </ul>
        }
        .into_any(),
    ))
}

/// So many days before it has to be changed a password is spoken of.
const PASSWORD_WARNING: i64 = 14;

/// That the password of whoever looks has to be changed soon.
pub(super) fn password() -> Option<AnyView> {
    let backend = backend();
    let ends = backend.viewer()?.password_ends?;
    let day = |at: i64| domain::calendar::at_shanghai(at).date_naive();
    let left = (day(ends) - day(backend.now())).num_days();
    (left <= PASSWORD_WARNING).then(|| {
        let until = domain::calendar::chinese_date(day(ends));
        let said = match left {
            1.. => format!("您的密码还有{left}天到期（{until}），到期后要先换密码才能工作。"),
            _ => format!("您的密码今天到期（{until}），到期后要先换密码才能工作。"),
        };
        view! {
            <p class="notice act" id="password-ends">
                {said}
                <a href="/account">"去换密码"</a>
            </p>
        }
        .into_any()
    })
}

/// What somebody is told about log-ins until he has read it.
pub(super) async fn notices() -> Result<Option<AnyView>, PageError> {
    let notices = backend().notices().await?;
    let Some(newest) = notices.first().map(|notice| notice.seq) else { return Ok(None) };
    let items = notices.into_iter().map(|notice| view! { <li>{notice.sentence}</li> }).collect_view();
    Ok(Some(
        view! {
            <div class="notice act reminders" id="notices">
                <p>
                    <b>"登录方式有变动"</b>
                </p>
                <ul>{items}</ul>
                <form method="post" action="/account/seen" class="inline">
                    <input type="hidden" name="seq" value=newest.to_string() />
                    <button type="submit" class="second">
                        "知道了"
                    </button>
                </form>
            </div>
        }
        .into_any(),
    ))
}
