//! 留言 below a return: what its unit and the office said about it, and the box to say more.

use domain::calendar::moment;
use domain::plan::Plan;
use domain::rights::{Action, Object, Role};
use leptos::prelude::*;
use office::commands::message::{SEEN, field};
use office::facts::{Report, unanswered};
use office::posted::Posted;

use super::report::head::address;
use crate::backend::backend;
use crate::parts::{PageError, area, links};

/// Whether whoever asks speaks for the office.
fn by_office() -> bool {
    backend().viewer().and_then(|viewer| viewer.role()).is_some_and(Role::is_office)
}

/// The words about a return, for who may say some.
pub(crate) async fn of_report(report: &Report) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    if backend.viewer().is_none_or(|viewer| viewer.may(Action::Message, object).is_err()) {
        return Ok(None);
    }
    let said = backend.messages(&report.version.plan, Some(&report.key)).await?;
    let open = unanswered(&said, !by_office()).next().is_some();
    let posted = use_context::<Posted>().unwrap_or_default();
    let typed = posted.text(field::WORDS).to_owned();
    let words = said.iter().filter(|message| !message.words.is_empty()).map(|message| {
        view! {
            <li>
                <p class="subtitle">{format!("{}　{}", message.actor, moment(message.at))}</p>
                <p class="free">{message.words.clone()}</p>
            </li>
        }
    });
    let words = words.collect_view();
    let list =
        said.iter().any(|message| !message.words.is_empty()).then(|| view! { <ul class="plain said">{words}</ul> });
    let seen = open.then(|| {
        view! {
            <button type="submit" name=field::ACT value=SEEN class="second" formnovalidate>
                "知道了"
            </button>
        }
    });
    let to = if by_office() { "单位的填报员和审核人" } else { "办公室" };
    Ok(Some(
        view! {
            <section id="messages">
                <h2>"留言"</h2>
                {list}
                <details open=open || !typed.is_empty()>
                    <summary>{if open { "回复" } else { "写留言" }}</summary>
                    <form method="post" action=format!("{}/message", address(report)) class="stacked">
                        <label for="message-words">
                            {format!("内容（{to}看得到；不退回，也不改变状态）")}
                        </label>
                        <textarea id="message-words" name=field::WORDS rows="3" inner_html=area(&typed) />
                        <p>
                            <button type="submit">"发出"</button>
                            " "
                            {seen}
                        </p>
                    </form>
                </details>
            </section>
        }
        .into_any(),
    ))
}

/// For first pages: what the other side said about returns of a plan and nobody has answered or seen.
pub(crate) async fn waiting(plan: &Plan) -> Result<Vec<(String, String)>, PageError> {
    let said = backend().messages(plan, None).await?;
    let office = by_office();
    let units = domain::entry::units_with_posts(plan);
    let told = unanswered(&said, !office).map(|message| {
        let key = &message.of;
        let label = plan.round_label(&key.round);
        let name = units.iter().find(|(unit, _)| *unit == key.unit).map_or(key.unit.as_str(), |(_, name)| name);
        let (who, at) = match office {
            true => (name, links::review_unit(&plan.id, &key.round, &key.unit)),
            false => ("办公室", links::report(&plan.id, &key.round, &key.unit)),
        };
        (format!("{who}就{label}报送留言：{}", begun(&message.words)), format!("{at}#messages"))
    });
    Ok(told.collect())
}

/// The first words.
fn begun(words: &str) -> String {
    const SHOWN: usize = 30;
    let first: String = words.chars().take(SHOWN).map(|letter| if letter == '\n' { ' ' } else { letter }).collect();
    if words.chars().count() > SHOWN { format!("{first}……") } else { first }
}
