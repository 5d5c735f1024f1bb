//! `/plans/{plan}`: targets, splits, calendar, rule, and what does not agree or is left open.

use domain::calendar::{Cadence, Calendar, DeadlineOf, HolidayRule, chinese_date};
use domain::plan::check::{Finding, check};
use domain::plan::{Goal, Plan, Target};
use leptos::prelude::*;

use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, links, page};
use office::plan_changes::{growth_text, target_text};

#[component]
pub(crate) fn PlanPage() -> impl IntoView {
    let plan = param("plan");
    page(async move { load(&plan).await })
}

async fn load(plan: &str) -> Result<Page, PageError> {
    let version = backend().plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let findings = check(plan);
    let splits =
        plan.goals.iter().filter(|goal| !goal.splits.is_empty()).map(|goal| split_table(plan, goal)).collect_view();
    let revise = super::plan_edit::may_revise(plan).then(|| {
        view! {
            <p>
                <a class="button second" href=format!("/plans/{}/edit", plan.id)>
                    "修订"
                </a>
                " "
                <a class="button second" href=format!("/plans/new?from={}", plan.id)>
                    "以它新建下一年的计划"
                </a>
                " "
                <a class="button second" href=format!("/import/{}", plan.id)>
                    "从表格导入报送数据"
                </a>
            </p>
        }
    });
    let waiting = super::plan_changes::notice(plan).await?;
    let above_and_below = super::plan_above::section(plan).await?;
    let body = view! {
        <section class="text-page wide">
            <h1>{plan.title.clone()}</h1>
            <p class="subtitle">{document(plan)}</p>
            <p>
                {format!("现行第 {} 版。", version.version)}
                <a href=format!("/plans/{}/changes", plan.id)>"历次修订"</a>
            </p>
            {(!plan.tasks.is_empty())
                .then(|| {
                    view! {
                        <p>
                            <a href=links::tasks(&plan.id)>{format!("限时任务（{}项）", plan.tasks.len())}</a>
                        </p>
                    }
                })}
            {(!plan.policies.list.is_empty())
                .then(|| {
                    view! {
                        <p>
                            <a href=links::policies(&plan.id)>
                                {format!("扶持政策（{}项，可以算一算）", plan.policies.list.len())}
                            </a>
                        </p>
                    }
                })}
            {(!plan.selections.is_empty())
                .then(|| {
                    view! {
                        <p>
                            <a href=links::selections(&plan.id)>{format!("评选（{}项）", plan.selections.len())}</a>
                        </p>
                    }
                })}
            {super::funds::is_open(plan)
                .then(|| {
                    view! {
                        <p>
                            <a href=links::funds(&plan.id)>"资金台账"</a>
                        </p>
                    }
                })}
            {(!plan.policies.bodies.is_empty())
                .then(|| {
                    view! {
                        <p>
                            <a href=links::rosters(&plan.id)>
                                {format!("机构名单（{}个）", plan.policies.bodies.len())}
                            </a>
                        </p>
                    }
                })}
            {super::lists::is_open(plan)
                .then(|| {
                    view! {
                        <p>
                            <a href=links::lists(&plan.id)>"认定名单"</a>
                        </p>
                    }
                })}
            {super::projects::is_open(plan)
                .then(|| {
                    view! {
                        <p>
                            <a href=links::projects(&plan.id)>"重点项目"</a>
                            "　"
                            <a href=links::meetings(&plan.id)>"会诊和调度会"</a>
                        </p>
                    }
                })}
            {waiting}
            {revise}
            {findings_view(&findings)}
            {above_and_below}
            {splits}
            {goals(plan)}
            {calendar(plan)}
            {rules(plan)}
            {assumptions(&findings)}
        </section>
    };
    Ok(Page::new(plan.title.clone(), Menu::Plans, body))
}

fn document(plan: &Plan) -> String {
    let document = &plan.document;
    let parts = [
        Some(plan.region.name.clone()),
        document.issuer.clone().filter(|issuer| !issuer.starts_with(&plan.region.name)),
        document.number.clone(),
        document.dated.map(chinese_date),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("　")
}

fn findings_view(findings: &[Finding]) -> AnyView {
    let shown: Vec<&Finding> = findings.iter().filter(|finding| finding.code != "assumed").collect();
    if shown.is_empty() {
        return ().into_any();
    }
    let items = shown.into_iter().map(|finding| view! { <li>{format!("{}。", finding.message)}</li> }).collect_view();
    view! {
        <h2>"核对发现"</h2>
        <p class="subtitle">"只提示，不改动文件里的任何数。"</p>
        <ul class="findings">{items}</ul>
    }
    .into_any()
}

fn split_table(plan: &Plan, goal: &Goal) -> AnyView {
    let year = plan.years.0;
    let has_growth = goal.splits.iter().any(|split| split.target(year).and_then(|target| target.growth).is_some());
    let cells = |target: Option<Target>, mark: &'static str| {
        let value = target.and_then(|target| target.value).map_or(mark.to_owned(), |value| goal.measure.format(value));
        let rate = has_growth.then(|| {
            let text = target.and_then(|target| target.growth).map_or(mark.to_owned(), growth_text);
            view! { <td class="r">{text}</td> }
        });
        view! {
            <td class="r">{value}</td>
            {rate}
        }
    };
    let rows = goal.splits.iter().map(|split| {
        let name = if split.within.is_some() { format!("其中：{}", split.name) } else { split.name.clone() };
        let mark = if split.no_target { "/" } else { "—" };
        view! {
            <tr class=if split.within.is_some() { "nested" } else { "" }>
                <th scope="row">{name}</th>
                {cells(split.target(year), mark)}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>{format!("{}目标分解", goal.name)}</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data narrow">
                <thead>
                    <tr>
                        <th scope="col">"单位"</th>
                        <th scope="col" class="r">
                            {format!("{year}年目标（{}）", goal.measure.unit)}
                        </th>
                        {has_growth
                            .then(|| {
                                view! {
                                    <th scope="col" class="r">
                                        "增幅目标"
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>
                    <tr class="total">
                        <th scope="row">{plan.region.name.clone()}</th>
                        {cells(goal.target(year), "—")}
                    </tr>
                    {rows}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn goals(plan: &Plan) -> AnyView {
    let mut section = None;
    let rows = plan.goals.iter().map(|goal| {
        let own = goal.meaning.section.as_ref();
        let head = own.filter(|own| section != Some(*own)).map(|own| {
            view! {
                <tr class="section">
                    <th colspan="4" scope="rowgroup">
                        {own.clone()}
                    </th>
                </tr>
            }
        });
        section = own;
        let units = [("牵头", &goal.lead), ("责任", &goal.responsible)];
        let units: Vec<String> = units
            .iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(word, names)| format!("{word}：{}", names.join("、")))
            .collect();
        let quote = goal.quote.clone().map(|quote| view! { <q>{quote}</q> });
        view! {
            {head}
            <tr id=format!("goal-{}", goal.id)>
                <th scope="row">{goal.name.clone()}</th>
                <td>{target_text(goal)}</td>
                <td>{goal.clause.clone().unwrap_or_else(|| "—".to_owned())}<br />{quote}</td>
                <td>{units.join("；")}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>{format!("全部目标（{} 项）", plan.goals.len())}</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data goals">
                <thead>
                    <tr>
                        <th scope="col">"目标"</th>
                        <th scope="col">"数值"</th>
                        <th scope="col">"条款与原文"</th>
                        <th scope="col">"单位"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn calendar(plan: &Plan) -> AnyView {
    let own = match &plan.calendar {
        None => "文件没有规定报送时间。".to_owned(),
        Some(calendar) => days(plan, calendar),
    };
    let others = plan.rhythms.iter().map(|rhythm| {
        let goals = plan.goals.iter().filter(|goal| goal.meaning.rhythm.as_ref() == Some(&rhythm.id));
        let names: Vec<&str> = goals.map(|goal| goal.name.as_str()).collect();
        let until = rhythm.until.map(|until| format!("到{}为止。", until.label())).unwrap_or_default();
        view! { <p>{format!("{}：{}{until}", names.join("、"), days(plan, &rhythm.calendar))}</p> }
    });
    view! {
        <h2>"报送时间"</h2>
        <p>{own}</p>
        {others.collect_view()}
    }
    .into_any()
}

/// How often and until when, in a sentence with its source.
fn days(plan: &Plan, calendar: &Calendar) -> String {
    let cadence = match calendar.cadence {
        Cadence::Monthly if calendar.first_month > 1 => {
            format!("按月报送累计数，第一期为1—{}月", calendar.first_month)
        }
        Cadence::Weekly | Cadence::TenDays => format!("{}，不经审核，不计入目标", calendar.cadence.name()),
        Cadence::Yearly => "按年报送".to_owned(),
        cadence => format!("{}累计数", cadence.name()),
    };
    let due = calendar.deadline.map(|rule| match rule.of {
        DeadlineOf::NextMonth => format!("，次月{}日24:00前", rule.day),
        DeadlineOf::LastMonthOfPeriod => format!("，期末当月{}日24:00前（期末之前）", rule.day),
    });
    let again = calendar.final_report.map(|(month, day)| format!("，全年数次年{month}月{day}日24:00前定报"));
    let shift = match calendar.holidays {
        HolidayRule::NextWorkday => "，遇休息日顺延到下一个工作日",
        HolidayRule::None => "",
    };
    let known = (plan.years.0..=plan.years.1).all(|year| backend().holidays().knows(year));
    let weekends = if calendar.holidays == HolidayRule::NextWorkday && !known {
        "（没有这些年份的放假安排，只按周末推算）"
    } else {
        ""
    };
    let source = calendar.source.as_ref().map(|source| format!("依据：{source}。")).unwrap_or_default();
    format!("{cadence}{}{}{shift}{weekends}。{source}", due.unwrap_or_default(), again.unwrap_or_default())
}

fn rules(plan: &Plan) -> AnyView {
    if plan.assessments.is_empty() {
        return view! {
            <h2>"考核规则"</h2>
            <p>"文件没有规定加减分或奖励。"</p>
        }
        .into_any();
    }
    let items = plan.assessments.iter().map(|assessment| {
        let rules = &assessment.rules;
        let awards =
            domain::plan::rules_in_words(plan, assessment).into_iter().map(|sentence| view! { <li>{sentence}</li> });
        let awards = awards.collect_view();
        let goal = plan.goal(&assessment.goal).map(|goal| goal.name.clone()).unwrap_or_default();
        let settings = format!(
            "按{}排位；{}；{}；何为完成：{}；读法：{}。",
            rules.rank_by.name(),
            rules.compare.name(),
            rules.ties.name(),
            rules.completed_when.name(),
            rules.reading.name()
        );
        let quote = assessment.quote.clone().map(|quote| view! { <blockquote>{quote}</blockquote> });
        view! {
            <h3>{goal}</h3>
            <p>{assessment.clause.clone()}</p>
            {quote}
            <ul class="plain">{awards}</ul>
            <p class="subtitle">{settings}</p>
        }
    });
    let items = items.collect_view();
    view! {
        <h2>"考核规则"</h2>
        {items}
        <p>
            <a href=format!("/assess/{}", plan.id)>"查看考核"</a>
        </p>
    }
    .into_any()
}

fn assumptions(findings: &[Finding]) -> AnyView {
    let assumed: Vec<&Finding> = findings.iter().filter(|finding| finding.code == "assumed").collect();
    if assumed.is_empty() {
        return ().into_any();
    }
    let items = assumed.iter().map(|finding| {
        let sentence = finding.message.split_once('：').map_or(finding.message.as_str(), |(_, rest)| rest);
        view! { <li>{format!("{}。", sentence.trim_end_matches('。'))}</li> }
    });
    let items = items.collect_view();
    view! {
        <h2>{format!("文件未写明、由本计划假定的（{} 处）", assumed.len())}</h2>
        <p class="subtitle">"请办公室确认；要改动请修订计划。"</p>
        <ol class="assumed">{items}</ol>
    }
    .into_any()
}
