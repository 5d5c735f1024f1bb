//! `/review/{plan}/{period}/texts`: what the units wrote, read by task, and what of it is
//! picked for the bulletin.

use domain::bulletin::texts::sentences;
use domain::entry::{Topic, text_boxes};
use domain::plan::{Goal, Plan, Round};
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::text::field;
use office::entry_form::Form;
use office::facts::{Report, ReportKey, TextPick, Unavailable};
use office::posted::Posted;
use office::texts::HandedIn;

use super::report::head::beside;
use super::{param, review};
use crate::backend::{Backend, backend};
use crate::parts::{Menu, Page, PageError, alert, area, links, page};

#[component]
pub(crate) fn ReviewTexts() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move { read(&plan, &period).await })
}

/// What the units wrote in a period, and who has not handed in yet.
pub struct Texts {
    pub written: Vec<HandedIn>,
    pub waited: Vec<String>,
}

/// Everything handed in, in the plan's order of goals, of the kinds of text and of units.
pub async fn gather(backend: &dyn Backend, plan: &Plan, round: &Round) -> Result<Texts, Unavailable> {
    let mut texts = Texts { written: Vec::new(), waited: Vec::new() };
    for unit in backend.unit_states(plan, std::slice::from_ref(round)).await?.remove(0) {
        if text_boxes(plan, &unit.unit, round).is_empty() {
            continue;
        }
        // What is not handed in is the unit's own.
        let key = ReportKey { plan: plan.id.clone(), round: round.clone(), unit: unit.unit.clone() };
        let may = |report: &Report| {
            let object = Object::of_unit(report.office(), &unit.unit, report.state());
            backend.viewer().is_some_and(|viewer| viewer.may(Action::ReadReturn, object).is_ok())
        };
        match backend.report(&key).await?.filter(|report| report.submission().is_some() && may(report)) {
            Some(report) => {
                let own = Form::handed_in(&report).texts.into_iter().filter(|(_, words)| !words.trim().is_empty());
                texts.written.extend(own.map(|(text, words)| HandedIn {
                    unit: unit.unit.clone(),
                    unit_name: unit.name.clone(),
                    text,
                    words: words.trim().to_owned(),
                }));
            }
            None => texts.waited.push(unit.name),
        }
    }
    // Stable: units stay in their order.
    texts.written.sort_by_key(|text| {
        let goal = text.text.goal.as_ref().map(|goal| plan.goals.iter().position(|known| known.id == *goal));
        (goal, text.text.topic)
    });
    Ok(texts)
}

async fn read(plan: &str, round: &str) -> Result<Page, PageError> {
    let (version, round) = review::scope(plan, round).await?;
    let plan = &version.plan;
    let backend = backend();
    let Texts { written, waited } = gather(backend.as_ref(), plan, &round).await?;
    let picks = backend.text_picks(plan, round.period).await?;
    let office = Object::office(plan.region.id());
    let may = backend.viewer().is_some_and(|viewer| viewer.may(Action::PickText, office).is_ok());
    let posted = use_context::<Posted>().unwrap_or_default();
    let goals = std::iter::once(None).chain(plan.goals.iter().map(Some));
    let scene = Scene { plan, round: &round, posted: &posted, may };
    let blocks: Vec<AnyView> = goals.filter_map(|goal| block(&scene, goal, &written, &picks)).collect();
    let nothing = blocks.is_empty().then(|| view! { <p class="notice">"还没有单位提交文字。"</p> });
    let waited = (!waited.is_empty()).then(|| {
        let sentence = format!("还没有提交的{}个单位：{}。", waited.len(), waited.join("、"));
        view! { <p class="notes">{sentence}</p> }
    });
    let file = |ending: &str| format!("/export/texts/{}.{round}.{ending}", plan.id);
    let files = (!written.is_empty()).then(|| {
        view! {
            <div class="toolbar">
                <span class="tools">
                    "汇总表　"<a href=file("docx")>"Word"</a> <a href=file("xlsx")>"Excel"</a>
                </span>
            </div>
        }
    });
    let title = format!("{}文字材料", plan.round_label(&round));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{}　按任务阅读各单位已提交的文字", plan.title)}</p>
            {beside(plan, &round, None, |other| links::review_texts(&plan.id, other))}
            {posted.error.clone().map(alert)}
            {files}
            {picked(&scene, &picks)}
            {nothing}
            {blocks}
            {waited}
            <p class="after">
                <a href=links::review(&plan.id, &round)>"全部单位的报送情况"</a>
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

/// What all parts of the page know.
struct Scene<'p> {
    plan: &'p Plan,
    round: &'p Round,
    posted: &'p Posted,
    /// Whoever asks picks and rewords.
    may: bool,
}

impl Scene<'_> {
    fn address(&self) -> String {
        links::review_texts(&self.plan.id, self.round)
    }
}

/// What stands in the next bulletin of this period, each passage with its source.
fn picked(scene: &Scene<'_>, picks: &[TextPick]) -> Option<AnyView> {
    let units = domain::entry::units_with_posts(scene.plan);
    let items = picks.iter().filter(|pick| pick.stands()).map(|pick| {
        let unit = units.iter().find(|(id, _)| *id == pick.unit).map_or(&pick.unit, |(_, name)| name);
        let goal = pick.goal.as_ref().and_then(|goal| scene.plan.goal(goal)).map(|goal| goal.name.as_str());
        let edited = if pick.is_edited() { "　经编辑" } else { "" };
        let source = format!("{unit}　{}{}{edited}", goal.unwrap_or_default(), pick.topic.name());
        let was = pick.is_edited().then(|| view! { <p class="notes free">{format!("原文：{}", pick.source)}</p> });
        let number = pick.number.to_string();
        let is_back = scene.posted.text(field::NUMBER) == number;
        let words = if is_back { scene.posted.text(field::WORDS).to_owned() } else { pick.words.clone() };
        let label = format!("words-{number}");
        let body = match scene.may {
            true => view! {
                <form method="post" action=scene.address() class="stacked">
                    <input type="hidden" name=field::NUMBER value=number.clone() />
                    <input type="hidden" name=field::SEEN value=pick.version.to_string() />
                    <label for=label.clone()>{source}</label>
                    <textarea id=label name=field::WORDS rows="3" inner_html=area(&words) />
                    <span class="buttons">
                        <button type="submit">"保存改动"</button>
                        " "
                        <button type="submit" class="second" name=field::OUT value="1">
                            "移出通报"
                        </button>
                    </span>
                </form>
            }
            .into_any(),
            false => view! {
                <p>{source}</p>
                <p class="free">{words}</p>
            }
            .into_any(),
        };
        view! { <li id=format!("pick-{number}")>{body} {was}</li> }
    });
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| {
        let period = scene.round.period.label();
        view! {
            <h2>{format!("选入{period}通报的{}段", items.len())}</h2>
            <p class="subtitle">"随下一版通报发布；改过的文字在通报里标“经编辑”"</p>
            <ol class="picked">{items}</ol>
        }
        .into_any()
    })
}

/// What is written of one goal, or of the returns as a whole; `None` where nobody wrote anything.
fn block(scene: &Scene<'_>, goal: Option<&Goal>, written: &[HandedIn], picks: &[TextPick]) -> Option<AnyView> {
    let of = goal.map(|goal| goal.id.as_str());
    let topics = Topic::ALL.into_iter().filter_map(|topic| {
        let own = written.iter().filter(|text| text.text.goal.as_deref() == of && text.text.topic == topic);
        let lines: Vec<_> = own
            .map(|text| {
                view! {
                    <div>
                        <dt>
                            <a href=links::review_unit(
                                &scene.plan.id,
                                scene.round,
                                &text.unit,
                            )>{text.unit_name.clone()}</a>
                        </dt>
                        <dd>
                            <p class="free">{text.words.clone()}</p>
                            {scene.may.then(|| pick_form(scene, text, picks))}
                        </dd>
                    </div>
                }
            })
            .collect();
        (!lines.is_empty()).then(|| {
            view! {
                <h3>{topic.name()}</h3>
                <dl class="trace facts texts-read">{lines}</dl>
            }
        })
    });
    let topics: Vec<_> = topics.collect();
    (!topics.is_empty()).then(|| {
        let heading = goal.map_or_else(|| "总的情况".to_owned(), |goal| goal.name.clone());
        let section = goal.and_then(|goal| goal.meaning.section.clone());
        view! {
            <h2>{heading}</h2>
            {section.map(|section| view! { <p class="subtitle">{section}</p> })}
            {topics}
        }
        .into_any()
    })
}

/// The sentences of one text to be picked; those that stand in the bulletin already are marked.
fn pick_form(scene: &Scene<'_>, text: &HandedIn, picks: &[TextPick]) -> AnyView {
    let (goal, topic) = (text.text.goal.clone().unwrap_or_default(), text.text.topic);
    let own = |name: &str, value: &str| scene.posted.text(name) == value;
    let is_back = scene.posted.get(field::NUMBER).is_none()
        && own(field::UNIT, &text.unit)
        && own(field::GOAL, &goal)
        && own(field::TOPIC, topic.id());
    let ticked = if is_back { scene.posted.all(field::SENTENCE) } else { Vec::new() };
    let standing: Vec<&TextPick> = picks
        .iter()
        .filter(|pick| pick.stands() && (&pick.unit, &pick.goal, pick.topic) == (&text.unit, &text.text.goal, topic))
        .collect();
    let boxes = sentences(&text.words).into_iter().map(|sentence| {
        let stands = standing.iter().any(|pick| pick.source.contains(sentence));
        let mark = if stands { "（已选入）" } else { "" };
        view! {
            <label class="pick">
                <input
                    type="checkbox"
                    name=field::SENTENCE
                    value=sentence.to_owned()
                    checked=ticked.contains(&sentence)
                />
                {format!("{sentence}{mark}")}
            </label>
        }
    });
    let boxes = boxes.collect_view();
    view! {
        <details open=is_back>
            <summary>"选入通报"</summary>
            <form method="post" action=scene.address() class="stacked">
                <input type="hidden" name=field::UNIT value=text.unit.clone() />
                <input type="hidden" name=field::GOAL value=goal />
                <input type="hidden" name=field::TOPIC value=topic.id() />
                {boxes}
                <button type="submit">"选入勾选的句子"</button>
            </form>
        </details>
    }
    .into_any()
}
