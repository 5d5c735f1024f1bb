//! Of the sheet of a project: its 节点, and its way off the year's list.

use domain::calendar::{chinese_date, moment};
use domain::plan::Plan;
use domain::projects::Entry;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::project_course::own;
use office::commands::projects::field;
use office::posted::Posted;
use office::projects::{LeaveStep, Leaving, NODES, Node};

use crate::backend::backend;
use crate::parts::{area, data_table, links};

/// What a project goes through, each step with its day and who sees to it.
pub(super) fn node_list(
    plan: &Plan,
    entry: &Entry,
    nodes: &[Node],
    today: chrono::NaiveDate,
    posted: &Posted,
) -> AnyView {
    let object = Object::unit(plan.region.id(), &entry.project.unit);
    let keeps = backend().viewer().is_some_and(|viewer| viewer.may(Action::KeepProject, object).is_ok());
    let action = format!("{}/node", links::project(&plan.id, &entry.project.id));
    let sent = posted.get(own::NAME).map(|_| posted.text(own::NODE).to_owned());
    let rows = nodes.iter().map(|node| {
        let state = match (node.done, node.overdue(today)) {
            (Some(day), _) => format!("{}完成", chinese_date(day)),
            (None, Some(days)) => format!("逾期{days}天"),
            (None, None) => "未完成".to_owned(),
        };
        let number = node.node.to_string();
        let back = sent.as_ref() == Some(&number);
        let form = keeps.then(|| node_form(&action, Some(node), posted, back));
        view! {
            <tr>
                <th scope="row">{node.name.clone()}</th>
                <td data-name="完成时限">{node.due.map_or("—".to_owned(), chinese_date)}</td>
                <td data-name="责任">{node.who.clone()}</td>
                <td data-name="安排和完成情况" class="said">
                    {node.words.clone()}
                    {form}
                </td>
                <td data-name="状态">{state}</td>
            </tr>
        }
    });
    let heads = ["节点", "完成时限", "责任", "安排和完成情况", "状态"].map(|head| (head, false));
    let table = (!nodes.is_empty()).then(|| data_table("节点", "data stack", &heads, rows.collect_view()));
    let none = nodes.is_empty().then(|| view! { <p class="subtitle">"还没有登记节点。"</p> });
    let new = keeps.then(|| node_form(&action, None, posted, sent.as_deref() == Some("")));
    view! {
        {none}
        {table}
        {new}
    }
    .into_any()
}

/// The boxes of a node: as sent where they came back, else as they are known.
fn node_form(action: &str, node: Option<&Node>, posted: &Posted, back: bool) -> AnyView {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let known = |name: &str| match (node, name) {
        _ if back => posted.text(name).to_owned(),
        (Some(node), own::NAME) => node.name.clone(),
        (Some(node), field::DUE) => day(node.due),
        (Some(node), field::WHO) => node.who.clone(),
        (Some(node), own::DONE) => day(node.done),
        (Some(node), field::WORDS) => node.words.clone(),
        _ => String::new(),
    };
    let number = node.map(|node| node.node.to_string()).unwrap_or_default();
    let id = |name: &str| format!("node-{number}-{name}");
    let usual = NODES.map(|name| view! { <option value=name /> });
    let input = |name: &'static str, label: &'static str, example: &'static str, list: Option<String>| {
        view! {
            <label for=id(name)>{label}</label>
            <input id=id(name) name=name value=known(name) placeholder=example list=list autocomplete="off" />
        }
    };
    view! {
        <details open=back>
            <summary>{if node.is_some() { "登记进展" } else { "加一个节点" }}</summary>
            <form method="post" action=action.to_owned() class="stacked">
                <input type="hidden" name=own::NODE value=number.clone() />
                <input
                    type="hidden"
                    name=field::SEEN
                    value=node.map(|node| node.version).unwrap_or_default().to_string()
                />
                {input(own::NAME, "节点", "施工许可", Some(id("usual")))}
                <datalist id=id("usual")>{usual.into_iter().collect_view()}</datalist>
                {input(field::DUE, "完成时限", "2021-06-30", None)}
                {input(field::WHO, "责任单位、责任人", "", None)}
                {input(own::DONE, "完成日期（没有完成的不填）", "", None)}
                <label for=id("words")>"安排和完成情况"</label>
                <textarea id=id("words") name=field::WORDS rows="2" inner_html=area(&known(field::WORDS)) />
                <button type="submit">{if node.is_some() { "保存" } else { "登记" }}</button>
            </form>
        </details>
    }
    .into_any()
}

/// 退库申请: where it stands, and what whoever looks may do about it.
pub(super) fn leave_view(plan: &Plan, entry: &Entry, year: i32, leaving: Option<&Leaving>, posted: &Posted) -> AnyView {
    let Some(listed) = entry.years.get(&year) else { return ().into_any() };
    let office = plan.region.id();
    let backend = backend();
    let can =
        |action: Action, object: Object<'_>| backend.viewer().is_some_and(|viewer| viewer.may(action, object).is_ok());
    let asks = can(Action::KeepProject, Object::unit(office, &entry.project.unit));
    let answers = can(Action::EnterProjects, Object::office(office));
    let open = leaving.is_some_and(|leaving| leaving.step == LeaveStep::Ask);
    let said = leaving.map(|leaving| {
        let what = match leaving.step {
            LeaveStep::Ask => "申请退库，等办公室答复",
            LeaveStep::Withdraw => "撤回了退库申请",
            LeaveStep::Agree => "同意退库",
            LeaveStep::Refuse => "不同意退库",
        };
        let text = format!("{}　{}{what}：{}。", moment(leaving.at), leaving.actor, leaving.reason);
        view! { <p class=if open { "notice act" } else { "notice" }>{text}</p> }
    });
    let action = format!("{}/leave?year={year}", links::project(&plan.id, &entry.project.id));
    let sent = LeaveStep::parse(posted.text(own::STEP));
    let form = |steps: &[(LeaveStep, &'static str)], summary: &'static str, label: &'static str| {
        let back = sent.is_some();
        let buttons = steps.iter().enumerate().map(|(at, (step, text))| {
            view! {
                <button type="submit" name=own::STEP value=step.id() class=(at > 0).then_some("second")>
                    {*text}
                </button>
            }
        });
        view! {
            <details open=back || open>
                <summary>{summary}</summary>
                <form method="post" action=action.clone() class="stacked">
                    <label for="leave-reason">{label}</label>
                    <textarea
                        id="leave-reason"
                        name=field::REASON
                        rows="2"
                        inner_html=area(if back { posted.text(field::REASON) } else { "" })
                    />
                    <div class="steps">{buttons.collect_view()}</div>
                </form>
            </details>
        }
        .into_any()
    };
    let form = match (listed.left.is_some(), open) {
        (true, _) => None,
        (false, true) if answers => {
            let steps = [(LeaveStep::Agree, "同意退库"), (LeaveStep::Refuse, "不同意")];
            Some(form(&steps, "答复退库申请", "依据或理由（必填）"))
        }
        (false, true) if asks => Some(form(&[(LeaveStep::Withdraw, "撤回申请")], "撤回退库申请", "撤回的理由（必填）")),
        (false, false) if asks && !answers => {
            Some(form(&[(LeaveStep::Ask, "申请退库")], "申请退库", "退库的理由（必填），例如当年不能开工的原因"))
        }
        _ => None,
    };
    if said.is_none() && form.is_none() {
        return ().into_any();
    }
    view! {
        <h2>"退库"</h2>
        {said}
        {form}
    }
    .into_any()
}
