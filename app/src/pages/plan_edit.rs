//! `/plans/new?from=`, `/plans/{plan}/edit?goal=`: a plan by form, by pasted table, or as its file; findings while one
//! types.

use domain::calendar::{DeadlineOf, HolidayRule};
use domain::plan::check::Finding;
use domain::plan::{Direction, Goal, Plan, Split, SplitKind, writer};
use domain::region::fold_name;
use domain::rights::{Action, Role};
use leptos::prelude::*;

use super::plan_rules::rules_fields;
use super::plan_split::{SplitShown, split_page};
use super::{param, query};
use crate::backend::backend;
use crate::islands::plan_check::PlanCheck;
use crate::load::own_words;
use crate::parts::{Menu, Page, PageError, alert, area, page};
use office::commands::keep_plan::field;
use office::plan_form::{self, Edited, KINDS, goal_of, row_name, target_year};
use office::posted::Posted;

#[component]
pub(crate) fn NewPlan() -> impl IntoView {
    let from = query("from");
    page(async move { new_plan(from.as_deref()).await })
}

#[component]
pub(crate) fn EditPlan() -> impl IntoView {
    let (plan, goal) = (param("plan"), query("goal"));
    page(async move { edit_plan(&plan, goal.as_deref()).await })
}

fn may_edit(office: Option<&str>) -> bool {
    let viewer = backend().viewer().cloned();
    let own =
        viewer.as_ref().and_then(|viewer| viewer.post.as_ref()).filter(|post| post.domain.role == Role::CityReviewer);
    own.is_some_and(|post| office.is_none_or(|office| post.domain.office.as_deref() == Some(office)))
}

async fn new_plan(from: Option<&str>) -> Result<Page, PageError> {
    if !may_edit(None) {
        return Err(PageError::not_found("新建计划由市级审核员办理。"));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let from = from.or(posted.get(field::FROM)).filter(|from| !from.is_empty()).map(str::to_owned);
    let base = match &from {
        Some(from) => own_words(from)
            .await?
            .filter(|(plan, _)| may_edit(Some(plan.region.id())))
            .map(|(plan, _)| plan_form::next_year(&plan)),
        None => None,
    };
    if let Some(shown) = use_context::<SplitShown>() {
        return Ok(split_page(&shown, &posted, "/plans/new/table".to_owned()));
    }
    let title = if base.is_some() { "新一年的计划" } else { "新建计划" };
    let hidden = view! { <input type="hidden" name=field::FROM value=from.unwrap_or_default() /> }.into_any();
    Ok(editor(title.to_owned(), "/plans/new".to_owned(), String::new(), base, hidden, posted, None))
}

async fn edit_plan(id: &str, goal: Option<&str>) -> Result<Page, PageError> {
    let (base, version) = own_words(id).await?.ok_or_else(|| PageError::no_plan(id))?;
    if !may_edit(Some(base.region.id())) {
        return Err(PageError::not_found(format!(
            "这是{}的计划，由{}的市级审核员修订。",
            base.region.name, base.region.name
        )));
    }
    let mut posted = use_context::<Posted>().unwrap_or_default();
    if let Some(shown) = use_context::<SplitShown>() {
        return Ok(split_page(&shown, &posted, format!("/plans/{id}/edit/table")));
    }
    if posted.get("by").is_none()
        && let Some(year) = query("year")
    {
        posted.set("target_year", &year);
    }
    let goal = goal.or(posted.get("goal")).unwrap_or_default().to_owned();
    let waiting = super::plan_changes::notice(&base).await?;
    let running = "这个计划已有报送数据，保存的修订要由本办公室另一个人确认才生效；还没有数据的计划一保存就生效。";
    let hidden = view! {
        {waiting}
        <p class="subtitle">{running}</p>
        <input
            type="hidden"
            name=field::SEEN
            value=posted.get(field::SEEN).map_or(version.to_string(), str::to_owned)
        />
    }
    .into_any();
    let title = format!("修订：{}", base.title);
    Ok(editor(title, format!("/plans/{id}/edit"), goal, Some(base), hidden, posted, Some(version)))
}

fn editor(
    title: String,
    action: String,
    goal: String,
    base: Option<Plan>,
    hidden: AnyView,
    mut posted: Posted,
    version: Option<u32>,
) -> Page {
    let sent = posted.get("by").is_some();
    let edited = sent.then(|| plan_form::read(&posted, base.as_ref()));
    // A pasted table that could be read stands in the rows now, to be looked at and changed.
    let pasted = edited.as_ref().and_then(|edited| edited.pasted.clone()).filter(|pasted| pasted.problems.is_empty());
    let said = pasted.as_ref().map(|pasted| {
        let tables = if pasted.tables > 1 { format!("（{}个表并排）", pasted.tables) } else { String::new() };
        let gone = base.as_ref().map(|base| plan_form::unmatched(pasted, goal_of(base, &goal))).unwrap_or_default();
        let gone = match gone.is_empty() {
            true => String::new(),
            false => format!("原来有、表里没有的：{}；若是改了名，请在表里改名称而不是另起一行。", gone.join("、")),
        };
        format!("已按分解表{tables}填好 {} 行，请核对。{gone}", pasted.splits.len())
    });
    // The rows that the form shows: as posted, as pasted, or as the plan has them.
    let from_paste = pasted.as_ref().map(|pasted| plan_form::with_pasted(&posted, base.as_ref(), pasted));
    if pasted.is_some() {
        posted.set("block", "");
    }
    let shown = from_paste.clone().or(base.clone());
    // From the form to the file and back nothing typed is lost: the other view opens once this one can be read.
    let made = edited.as_ref().and_then(|edited| edited.plan.clone());
    let wanted = posted.text("then").to_owned();
    let by_file = match (wanted.as_str(), &made) {
        ("file", Some(_)) => true,
        ("form", Some(_)) => false,
        _ => posted.text("by") == "file" || (!sent && query("by").as_deref() == Some("file")),
    };
    let shown =
        if wanted == "form" && !by_file { made.as_ref().map(|(plan, _)| plan.clone()).or(shown) } else { shown };
    let fresh = wanted == "form" && !by_file;
    let error = posted.error.clone().map(alert);
    let findings = findings_view(edited.as_ref());
    let source = match (posted.get("source"), &made, &base) {
        (None, Some((_, source)), _) => source.clone(),
        (Some(sent), ..) => sent.to_owned(),
        (None, None, Some(base)) => writer::write(base),
        (None, None, None) => String::new(),
    };
    // Boxes that the file does not carry are gone; the rest of what was posted would hide what the file says.
    let posted = if fresh { posted.only(&["basis", "reason", "seen", "from"]) } else { posted };
    let others = version.and(base.as_ref()).map(|base| other_goals(base, &goal, &action));
    let revision = version.map(|_| revision_fields(&posted));
    // The same form, sent with its file: what it reads stands in the block.
    let address = format!("{}/table", action.split('?').next().unwrap_or_default());
    let upload = view! {
        <p class="row-form">
            <label for="table">"或者上传分解表的文件（xlsx、xls、CSV），代替上面的表 "</label>
            <input id="table" type="file" name="table" accept=".xlsx,.xls,.csv,text/csv" />
            " "
            <button type="submit" formenctype="multipart/form-data" formaction=address class="second">
                "读入这个文件"
            </button>
        </p>
    }
    .into_any();
    let fields = match by_file {
        true => view! {
            <input type="hidden" name="by" value="file" />
            <label for="source">"计划文件（TOML）"</label>
            <textarea id="source" name="source" rows="28" class="code" spellcheck="false" inner_html=area(&source) />
        }
        .into_any(),
        false => view! {
            <input type="hidden" name="by" value="form" />
            {form_fields(shown.as_ref(), from_paste.is_some(), &goal, &posted, version.is_some(), upload)}
        }
        .into_any(),
    };
    let switch = match by_file {
        true => view! {
            <button type="submit" name="then" value="form" class="second">
                "改用表格填写"
            </button>
        },
        false => view! {
            <button type="submit" name="then" value="file" class="second">
                "改用计划文件"
            </button>
        },
    };
    // Where something is wrong, it stands above the form too.
    let wrong = edited.as_ref().filter(|edited| !edited.problems.is_empty());
    let top = wrong.map(|edited| lists(&edited.problems, &[], &[]));
    let button = if version.is_some() { "保存为新的一版" } else { "保存计划" };
    let plan_id = version.and(base.as_ref()).map(|base| base.id.clone()).unwrap_or_default();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                "保存之前什么也不会改变；旧的一版永远保留，已发布的通报仍用发布时的那一版。"
            </p>
            {others}
            {error}
            {said
                .map(|said| {
                    view! {
                        <p class="notice" role="status">
                            {said}
                        </p>
                    }
                })}
            <form id="plan-form" method="post" action=action class="stacked plan-form" autocomplete="off">
                <button type="submit" name="then" value="check" class="default-button" tabindex="-1" aria-hidden="true">
                    "核对"
                </button>
                {hidden}
                {top}
                {fields}
                {revision}
                <div id="plan-findings" aria-live="polite">
                    {findings}
                </div>
                <div class="steps">
                    <button type="submit" name="then" value="check" class="second">
                        "核对"
                    </button>
                    <button type="submit" name="then" value="save">
                        {button}
                    </button>
                    {switch}
                </div>
            </form>
            <PlanCheck plan=plan_id />
        </section>
    };
    Page::new(title, Menu::Plans, body)
}

fn findings_view(edited: Option<&Edited>) -> AnyView {
    let Some(edited) = edited else { return ().into_any() };
    let problems: Vec<String> = edited.problems.clone();
    let findings: Vec<String> = edited.findings.iter().map(sentence).collect();
    lists(&problems, &findings, &edited.changes)
}

/// A finding as the editor says it.
fn sentence(finding: &Finding) -> String {
    format!("{}。", finding.message)
}

fn lists(problems: &[String], findings: &[String], changes: &[String]) -> AnyView {
    let list = |all: &[String]| {
        domain::listed(all.to_vec()).into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()
    };
    let wrong = (!problems.is_empty()).then(|| {
        view! {
            <div class="notice act">
                <p>
                    <b>{format!("要改的 {} 处：", problems.len())}</b>
                </p>
                <ul>{list(problems)}</ul>
            </div>
        }
    });
    let found = (!findings.is_empty()).then(|| {
        view! {
            <div class="notice">
                <p>
                    <b>{format!("核对发现 {} 处（只提示，不改动任何数）：", findings.len())}</b>
                </p>
                <ul>{list(findings)}</ul>
            </div>
        }
    });
    let changed = (!changes.is_empty()).then(|| {
        view! {
            <div class="notice">
                <p>
                    <b>{format!("与现行一版相比改动 {} 处：", changes.len())}</b>
                </p>
                <ul>{list(changes)}</ul>
            </div>
        }
    });
    let fine = (problems.is_empty() && findings.is_empty())
        .then(|| view! { <p class="notice">"核对完毕，没有发现问题。"</p> });
    view! {
        {wrong}
        {changed}
        {found}
        {fine}
    }
    .into_any()
}

fn other_goals(plan: &Plan, goal: &str, action: &str) -> AnyView {
    let current = goal_of(plan, goal).id.clone();
    let links = plan.goals.iter().filter(|other| !other.splits.is_empty() || other.id == current).map(|other| {
        let here = (other.id == current).then_some("page");
        view! {
            <a href=format!("{action}?goal={}", other.id) aria-current=here>
                {other.name.clone()}
            </a>
        }
    });
    let links: Vec<_> = links.collect();
    if links.len() < 2 {
        ().into_any()
    } else {
        view! {
            <nav class="names" aria-label="指标">
                {links}
            </nav>
        }
        .into_any()
    }
}

fn revision_fields(posted: &Posted) -> AnyView {
    view! {
        <fieldset>
            <legend>"为什么修订"</legend>
            <label for="basis">"依据的文号（没有文号写会议、批示等）"</label>
            <input
                id="basis"
                name=field::BASIS
                type="text"
                value=posted.text(field::BASIS).to_owned()
                placeholder="榕政综〔2021〕50号"
            />
            <label for="reason">"理由（必填）"</label>
            <textarea id="reason" name=field::REASON rows="2" inner_html=area(posted.text(field::REASON)) />
        </fieldset>
    }
    .into_any()
}

/// One text box: what was posted, else what the plan has.
pub(super) fn input(
    posted: &Posted,
    name: &'static str,
    label: &'static str,
    known: String,
    hint: &'static str,
) -> AnyView {
    let text = posted.get(name).map_or(known, str::to_owned);
    view! { <label>{label}<input type="text" name=name value=text placeholder=hint /></label> }.into_any()
}

pub(super) fn choice(
    posted: &Posted,
    name: &'static str,
    label: &'static str,
    known: &str,
    options: &[(&'static str, &'static str)],
) -> AnyView {
    let now = posted.get(name).unwrap_or(known).to_owned();
    let options = options
        .iter()
        .map(|(value, text)| {
            view! {
                <option value=*value selected=*value == now>
                    {*text}
                </option>
            }
        })
        .collect_view();
    view! { <label>{label}<select name=name>{options}</select></label> }.into_any()
}

fn form_fields(
    plan: Option<&Plan>,
    pasted: bool,
    goal: &str,
    posted: &Posted,
    revising: bool,
    upload: AnyView,
) -> AnyView {
    let of = |text: fn(&Plan) -> Option<String>| plan.and_then(text).unwrap_or_default();
    let known_goal = plan.map(|plan| goal_of(plan, goal));
    let id = match revising {
        true => view! { <input type="hidden" name="id" value=of(|plan| Some(plan.id.clone())) /> }.into_any(),
        false => input(posted, "id", "英文名（用在网址里）", of(|plan| Some(plan.id.clone())), "fuzhou-2022"),
    };
    let year = |text: i32| text.to_string();
    view! {
        <fieldset>
            <legend>"计划"</legend>
            {id}
            {input(posted, "title", "名称", of(|plan| Some(plan.title.clone())), "2022年技术改造行动方案")}
            {input(posted, "region_name", "地区", of(|plan| Some(plan.region.name.clone())), "福州市")}
            {input(
                posted,
                "region_code",
                "地区代码（没有不填）",
                of(|plan| plan.region.code.clone()),
                "350100",
            )}
            {input(
                posted,
                "unit_noun",
                "各单位的统称（不填的按单位名称）",
                of(|plan| plan.unit_noun.clone()),
                "县（市）区",
            )}
            {input(posted, "year_from", "起始年", plan.map(|plan| year(plan.years.0)).unwrap_or_default(), "2022")}
            {input(
                posted,
                "year_to",
                "结束年（一年的不填）",
                plan.map(|plan| year(plan.years.1)).unwrap_or_default(),
                "2022",
            )}
        </fieldset>
        <fieldset>
            <legend>"依据的文件（都可不填）"</legend>
            {input(
                posted,
                "number",
                "发文字号",
                of(|plan| plan.document.number.clone()),
                "榕政综〔2022〕12号",
            )}
            {input(posted, "document_title", "标题", of(|plan| plan.document.title.clone()), "")}
            {input(posted, "issuer", "发文机关", of(|plan| plan.document.issuer.clone()), "福州市人民政府")}
            {input(
                posted,
                "dated",
                "成文日期",
                of(|plan| plan.document.dated.map(|day| day.to_string())),
                "2022-02-16",
            )}
        </fieldset>
        {calendar_fields(plan, posted)}
        {goal_fields(plan, known_goal, pasted, posted, upload)}
        {rules_fields(plan, known_goal, posted)}
    }
    .into_any()
}

fn calendar_fields(plan: Option<&Plan>, posted: &Posted) -> AnyView {
    let calendar = plan.and_then(|plan| plan.calendar.as_ref());
    let cadence = match calendar.map(|calendar| calendar.cadence) {
        Some(cadence) => cadence.word(),
        None if plan.is_some() => "none",
        None => "monthly",
    };
    let first = calendar.map_or("2".to_owned(), |calendar| calendar.first_month.to_string());
    let deadline = calendar.and_then(|calendar| calendar.deadline);
    let day =
        deadline.map_or(if calendar.is_some() { String::new() } else { "5".to_owned() }, |rule| rule.day.to_string());
    let of = if deadline.is_some_and(|rule| rule.of == DeadlineOf::LastMonthOfPeriod) {
        "last_month_of_period"
    } else {
        "next_month"
    };
    let holidays =
        if calendar.is_some_and(|calendar| calendar.holidays == HolidayRule::None) { "none" } else { "next_workday" };
    let cadences = [
        ("monthly", "按月"),
        ("quarterly", "按季度"),
        ("half_yearly", "按半年"),
        ("yearly", "按年"),
        ("none", "不规定"),
    ];
    view! {
        <fieldset>
            <legend>"报送时间"</legend>
            {choice(posted, "cadence", "多久报一次", cadence, &cadences)}
            {input(posted, "first_month", "第一期到几月（1—2月合并的写2）", first, "2")}
            {input(posted, "deadline_day", "截止日（当天24:00）", day, "5")}
            {choice(
                posted,
                "deadline_of",
                "哪个月的",
                of,
                &[("next_month", "次月"), ("last_month_of_period", "期末当月（期末之前）")],
            )}
            {choice(
                posted,
                "holidays",
                "遇休息日",
                holidays,
                &[("next_workday", "顺延到下一个工作日"), ("none", "不顺延")],
            )}
        </fieldset>
    }
    .into_any()
}

fn goal_fields(plan: Option<&Plan>, goal: Option<&Goal>, pasted: bool, posted: &Posted, upload: AnyView) -> AnyView {
    let year = plan.map_or(0, |plan| target_year(posted, plan));
    let kind =
        goal.and_then(|goal| KINDS.into_iter().find(|(_, kind)| *kind == goal.kind)).map_or("amount", |(word, _)| word);
    let kinds: Vec<(&'static str, &'static str)> = KINDS.into_iter().map(|(word, kind)| (word, kind.name())).collect();
    let direction = match goal.map(|goal| goal.direction) {
        Some(Direction::AtMost) => "at_most",
        Some(Direction::About) => "about",
        _ => "at_least",
    };
    let total = goal.and_then(|goal| goal.target(year));
    let value = goal
        .zip(total)
        .and_then(|(goal, total)| total.value.map(|value| goal.measure.plain(value)))
        .unwrap_or_default();
    let growth = total.and_then(|total| total.growth).map(|growth| growth.percent_as_written()).unwrap_or_default();
    let several = plan.filter(|plan| plan.years.0 != plan.years.1);
    // Another year is another page: the boxes of one year never become another's.
    let years = several.map(|plan| {
        let goal = goal.map(|goal| goal.id.clone()).unwrap_or_default();
        let links = (plan.years.0..=plan.years.1).map(|each| {
            let here = (each == year).then_some("page");
            view! {
                <a href=format!("?goal={goal}&year={each}") aria-current=here>
                    {format!("{each}年")}
                </a>
            }
        });
        view! {
            <input type="hidden" name="target_year" value=year.to_string() />
            <nav class="periods" aria-label="目标的年份">
                {links.collect_view()}
            </nav>
        }
    });
    // A pasted table may hold the total, or not: then what was typed stays.
    let text = |name: &'static str, known: String| match posted.get(name).filter(|_| !pasted || known.is_empty()) {
        Some(sent) => sent.to_owned(),
        None => known,
    };
    let number = |name: &'static str, label: &'static str, known: String| {
        view! {
            <label>
                {label}<input type="text" name=name value=text(name, known) inputmode="decimal" class="num-in" />
            </label>
        }
    };
    let clause = goal.and_then(|goal| goal.clause.clone()).unwrap_or_default();
    let quote =
        posted.get("quote").map_or_else(|| goal.and_then(|goal| goal.quote.clone()).unwrap_or_default(), str::to_owned);
    view! {
        <fieldset>
            <legend>"目标"</legend>
            <input
                type="hidden"
                name="goal"
                value=goal.map(|goal| goal.id.clone()).unwrap_or_else(|| "investment".to_owned())
            />
            {input(
                posted,
                "goal_name",
                "指标",
                goal.map(|goal| goal.name.clone()).unwrap_or_default(),
                "工业技改投资",
            )}
            {choice(posted, "kind", "是什么数", kind, &kinds)}
            {input(
                posted,
                "unit",
                "单位",
                goal.map_or("亿元".to_owned(), |goal| goal.measure.unit.clone()),
                "亿元",
            )}
            {choice(
                posted,
                "direction",
                "方向",
                direction,
                &[("at_least", "以上"), ("at_most", "以内"), ("about", "左右")],
            )}
            {input(posted, "clause", "条款", clause, "一、年度目标")}
            <label>
                "原文（写有这些数的那句话）"<textarea name="quote" rows="2" inner_html=area(&quote) />
            </label>
            {years}
            {number("total_value", "总目标", value)}
            {number("total_growth", "总增幅目标（%）", growth)}
        </fieldset>
        <fieldset>
            <legend>"分解"</legend>
            <p class="subtitle">
                "没有目标的单位，目标写 /；“其中”的行，写明属于哪个单位。"
            </p>
            {rows_table(goal, year, pasted, posted)}
            <label for="block">
                "或者把文件附件里的分解表（可以是左右两个表并排）从 Word、Excel、WPS 复制，粘贴在这里，代替上面的表"
            </label>
            <textarea
                id="block"
                name="block"
                rows="4"
                class="code"
                spellcheck="false"
                inner_html=area(posted.text("block"))
            />
            {upload}
        </fieldset>
    }
    .into_any()
}

/// Empty rows at the end, for more units.
const SPARE: usize = 3;

fn rows_table(goal: Option<&Goal>, year: i32, pasted: bool, posted: &Posted) -> AnyView {
    let splits: Vec<_> = goal.iter().flat_map(|goal| &goal.splits).filter(|split| !split.declared).collect();
    let sent = (0..plan_form::ROWS).take_while(|index| posted.get(&row_name(*index, "name")).is_some()).count();
    let count = if sent > 0 && !pasted { sent } else { splits.len() + SPARE };
    let rows = (0..count).map(|index| {
        let split = splits.get(index).copied();
        let text = |field: &str, known: String| {
            if pasted { known } else { posted.get(&row_name(index, field)).map_or(known, str::to_owned) }
        };
        let cell = |field: &'static str, label: &'static str, known: String, class: &'static str| {
            view! {
                <td data-name=label>
                    <input
                        type="text"
                        name=row_name(index, field)
                        value=text(field, known)
                        class=class
                        aria-label=format!("第{}行 {label}", index + 1)
                    />
                </td>
            }
        };
        let target = split.and_then(|split| split.target(year));
        let value = match (split, target.and_then(|target| target.value)) {
            (Some(split), _) if split.no_target => "/".to_owned(),
            (_, Some(value)) => goal.map(|goal| goal.measure.plain(value)).unwrap_or_default(),
            _ => String::new(),
        };
        let growth =
            target.and_then(|target| target.growth).map(|growth| growth.percent_as_written()).unwrap_or_default();
        let kind = text("kind", split.map_or("region", kind_word).to_owned());
        let kinds = [("region", "县（市）区"), ("zone", "开发区"), ("department", "部门（不排位）")];
        let kinds = kinds.map(|(value, name)| {
            view! {
                <option value=value selected=value == kind>
                    {name}
                </option>
            }
        });
        let code = split
            .filter(|split| split.region != fold_name(&split.name))
            .map(|split| split.region.clone())
            .unwrap_or_default();
        let was = text("was", split.map(|split| split.region.clone()).unwrap_or_default());
        view! {
            <tr>
                {cell("name", "单位", split.map(|split| split.name.clone()).unwrap_or_default(), "name-in")}
                {cell("value", "目标", value, "num-in")} {cell("growth", "增幅（%）", growth, "num-in")}
                {cell("within", "属于（其中）", within_name(goal, split), "name-in")}
                {cell("code", "代码", code, "code-in")}
                {cell("group", "组", split.and_then(|split| split.group.clone()).unwrap_or_default(), "name-in")}
                <td data-name="类别">
                    <select name=row_name(index, "kind") aria-label=format!("第{}行 类别", index + 1)>
                        {kinds.into_iter().collect_view()}
                    </select>
                    <input type="hidden" name=row_name(index, "was") value=was />
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="scroll">
            <table class="data entry-table">
                <thead>
                    <tr>
                        <th scope="col">"单位"</th>
                        <th scope="col">"目标"</th>
                        <th scope="col">"增幅（%）"</th>
                        <th scope="col">"属于（其中）"</th>
                        <th scope="col">"代码"</th>
                        <th scope="col">"组（分组考核的填）"</th>
                        <th scope="col">"类别"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The unit that a row is 其中 of, by its name.
fn within_name(goal: Option<&Goal>, split: Option<&Split>) -> String {
    let within = split.and_then(|split| split.within.as_ref());
    let name = goal.zip(within).and_then(|(goal, within)| goal.split(within)).map(|unit| unit.name.clone());
    name.or_else(|| within.cloned()).unwrap_or_default()
}

fn kind_word(split: &Split) -> &'static str {
    match split.kind {
        SplitKind::Region => "region",
        SplitKind::Zone => "zone",
        SplitKind::Department => "department",
    }
}

/// Whether this page's viewer may revise a plan: for the links on other pages.
pub(crate) fn may_revise(plan: &Plan) -> bool {
    let office = domain::rights::Object::office(plan.region.id());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::ImportPlan, office).is_ok())
}

/// The link to a new plan, for whoever may make one.
pub(crate) fn may_create() -> bool {
    may_edit(None)
}
