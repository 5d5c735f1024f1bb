//! Of the sheet of a project: 联系人, for whoever keeps the project and for its official.

use domain::calendar::moment;
use domain::plan::Plan;
use domain::projects::Entry;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::project_people::own;
use office::commands::projects::field;
use office::posted::Posted;
use office::projects::{Contact, DUTIES, Person};

use crate::backend::backend;
use crate::parts::{area, data_table, links};

/// What a form of this part says it is for.
pub const FORGET: &str = "forget";

pub(super) fn contact_list(plan: &Plan, entry: &Entry, contacts: &[Contact], posted: &Posted) -> AnyView {
    let object = Object::unit(plan.region.id(), &entry.project.unit);
    let keeps = backend().viewer().is_some_and(|viewer| viewer.may(Action::KeepProject, object).is_ok());
    let action = format!("{}/contact", links::project(&plan.id, &entry.project.id));
    let sent = posted.get(own::CONTACT).map(str::to_owned);
    let is_forget = posted.text(field::ACT) == FORGET;
    let there: Vec<(&Contact, &Person)> =
        contacts.iter().filter_map(|contact| Some((contact, contact.person.as_ref()?))).collect();
    let rows = there.iter().map(|(contact, person)| {
        let back = sent.as_ref() == Some(&contact.number.to_string());
        let forms = keeps.then(|| {
            view! {
                {contact_form(&action, Some((contact, person)), posted, back && !is_forget)}
                {forget_form(&action, contact, posted, back && is_forget)}
            }
        });
        let dialled: String = person.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! {
            <tr>
                <th scope="row">{person.name.clone()}</th>
                <td data-name="身份">{person.duty.clone()}</td>
                <td data-name="电话">
                    <a href=format!("tel:{dialled}")>{person.phone.clone()}</a>
                </td>
                <td>{forms}</td>
            </tr>
        }
    });
    let heads = [("姓名", false), ("身份", false), ("电话", false), ("办理", false)];
    let table = (!there.is_empty()).then(|| data_table("联系人", "data stack", &heads, rows.collect_view()));
    let none = contacts.is_empty().then(|| view! { <p class="subtitle">"还没有登记联系人。"</p> });
    let gone = contacts.iter().filter(|contact| contact.person.is_none()).map(|contact| {
        let reason = contact.reason.clone().unwrap_or_default();
        let text = format!("一位联系人的信息已由{}于{}删除：{reason}", contact.actor, moment(contact.at));
        view! { <p class="subtitle">{text}</p> }
    });
    let new = keeps.then(|| contact_form(&action, None, posted, sent.as_deref() == Some("")));
    view! {
        <h2 id="contacts">"联系人"</h2>
        {none}
        {table}
        {gone.collect_view()}
        {new}
    }
    .into_any()
}

fn contact_form(action: &str, of: Option<(&Contact, &Person)>, posted: &Posted, back: bool) -> AnyView {
    let known = |name: &str| match (of, name) {
        _ if back => posted.text(name).to_owned(),
        (Some((_, person)), own::DUTY) => person.duty.clone(),
        (Some((_, person)), own::NAME) => person.name.clone(),
        (Some((_, person)), own::PHONE) => person.phone.clone(),
        _ => String::new(),
    };
    let number = of.map(|(contact, _)| contact.number.to_string()).unwrap_or_default();
    let seen = of.map(|(contact, _)| contact.version).unwrap_or_default();
    let id = |name: &str| format!("contact-{number}-{name}");
    let usual = DUTIES.map(|name| view! { <option value=name /> });
    let input = |name: &'static str, label: &'static str, example: &'static str, list: Option<String>| {
        view! {
            <label for=id(name)>{label}</label>
            <input id=id(name) name=name value=known(name) placeholder=example list=list autocomplete="off" />
        }
    };
    view! {
        <details open=back>
            <summary>{if of.is_some() { "修改" } else { "加一位联系人" }}</summary>
            <form method="post" action=action.to_owned() class="stacked">
                <input type="hidden" name=own::CONTACT value=number.clone() />
                <input type="hidden" name=field::SEEN value=seen.to_string() />
                {input(own::NAME, "姓名", "", None)}
                {input(own::DUTY, "身份", "业主联系人", Some(id("usual")))}
                <datalist id=id("usual")>{usual.into_iter().collect_view()}</datalist>
                {input(own::PHONE, "电话", "0591-87654321", None)}
                <button type="submit">{if of.is_some() { "保存" } else { "登记" }}</button>
            </form>
        </details>
    }
    .into_any()
}

fn forget_form(action: &str, contact: &Contact, posted: &Posted, back: bool) -> AnyView {
    let id = format!("forget-{}", contact.number);
    let reason = if back { posted.text(field::REASON).to_owned() } else { String::new() };
    view! {
        <details open=back>
            <summary>"删除"</summary>
            <form method="post" action=action.to_owned() class="stacked">
                <input type="hidden" name=field::ACT value=FORGET />
                <input type="hidden" name=own::CONTACT value=contact.number.to_string() />
                <input type="hidden" name=field::SEEN value=contact.version.to_string() />
                <label for=id.clone()>"删除的理由"</label>
                <textarea
                    id=id
                    name=field::REASON
                    rows="2"
                    placeholder="不再担任联系人"
                    inner_html=area(&reason)
                />
                <p class="subtitle">"姓名、身份和电话连同以前的修改一起删除，不能恢复；只留下删除的时间、经手人和理由。"</p>
                <button type="submit">"删除信息"</button>
            </form>
        </details>
    }
    .into_any()
}
