//! `/selections/{plan}/{selection}/{year}`: a selection's year: how it is chosen, who is nominated, scores and places
//! with their reasons, what went before the public, and the forms of whoever asks.

use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::personal::whose_objection;
use domain::plan::Plan;
use domain::plan::selection::{Selection, Subject, TiesAtLast, plain};
use domain::policy::yuan;
use domain::projects::field::unit_name;
use domain::rights::{Action, Object};
use domain::selection::edition::{
    Published, Scene as Editing, SelectionEdition, hindrances, is_final, is_open, outcome, ranking,
};
use domain::selection::ranking::{Outcome, Ranking};
use domain::selection::record::{Act, Course, Record, State, Step, word};
use leptos::prelude::*;
use office::commands::forget_objector::FORGET;
use office::commands::selection::{boxes, field, listed, right, seen};
use office::posted::Posted;

use super::claims::{forget_form, issuer_boxes};
use super::policies::plain_box;
use super::selections::{may, named, plan_of, quote, terms};
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, data_table, links, page};

/// What of the address says which nomination is stated anew.
const EDIT: &str = "edit";

#[component]
pub(crate) fn SelectionPage() -> impl IntoView {
    let (plan, id, year, edit) = (param("plan"), param("selection"), param("year"), query(EDIT));
    page(async move { load(&plan, &id, &year, edit.as_deref()).await })
}

/// What all parts of the page know.
struct Scene<'p> {
    plan: &'p Plan,
    selection: &'p Selection,
    year: i32,
    steps: &'p [Step],
    course: &'p Course,
    published: &'p [Published],
    posted: Posted,
    /// Places, for whoever sees all nominations.
    ranking: Option<Ranking>,
    is_closed: bool,
}

impl Scene<'_> {
    fn may(&self, act: Act, unit: &str) -> bool {
        let office = self.plan.region.id();
        let object = match right(act) {
            Action::Nominate => Object::unit(office, unit),
            _ => Object::office(office),
        };
        !self.is_closed && backend().viewer().is_some_and(|viewer| viewer.may(right(act), object).is_ok())
    }

    /// Whether whoever asks is the office, also when all is over.
    fn scores(&self) -> bool {
        let office = Object::office(self.plan.region.id());
        backend().viewer().is_some_and(|viewer| viewer.may(Action::ScoreNominations, office).is_ok())
    }

    fn address(&self) -> String {
        links::selection(&self.plan.id, &self.selection.id, self.year)
    }

    /// Whether this form came back; `number` is empty for what is of no nomination yet.
    fn is_back(&self, act: Act, number: &str) -> bool {
        self.posted.text(field::ACT) == act.id() && self.posted.text(field::NUMBER) == number
    }

    /// A step's form, with what was typed when it came back.
    fn form(&self, act: Act, record: Option<&Record>, usual: Option<&Step>, more: AnyView, label: String) -> AnyView {
        let number = record.map(|record| record.number.to_string()).unwrap_or_default();
        let is_back = self.is_back(act, &number);
        let typed = |name: &str| match is_back {
            true => self.posted.text(name).to_owned(),
            false => usual.map(|step| step.text(name).to_owned()).unwrap_or_default(),
        };
        let boxes = boxes(act, self.selection).into_iter().map(|(name, label, _)| match name {
            word::TIES => ties_box(&typed(name)),
            word::CRITERIA | word::WORDS => long_box(name, label, &typed(name)),
            _ => plain_box(name, label, &typed(name)),
        });
        let boxes = boxes.collect_view();
        let known = if matches!(act, Act::Method | Act::Confirm) {
            self.steps
        } else {
            record.map_or(&[][..], |record| &record.steps)
        };
        view! {
            <form method="post" action=self.address() class="stacked" autocomplete="off">
                <input type="hidden" name=field::ACT value=act.id() />
                <input type="hidden" name=field::NUMBER value=number />
                <input type="hidden" name=field::SEEN value=seen(act, known).to_string() />
                {more}
                {boxes}
                <button type="submit">{label}</button>
            </form>
        }
        .into_any()
    }

    /// The same folded in, open when it came back.
    fn folded(&self, act: Act, record: Option<&Record>, usual: Option<&Step>, more: AnyView) -> AnyView {
        let number = record.map(|record| record.number.to_string()).unwrap_or_default();
        let open = self.is_back(act, &number);
        view! {
            <details open=open>
                <summary>{act.name()}</summary>
                {self.form(act, record, usual, more, act.name().to_owned())}
            </details>
        }
        .into_any()
    }
}

fn long_box(name: &'static str, label: &str, typed: &str) -> AnyView {
    view! { <label>{label.to_owned()} <textarea name=name rows="4" inner_html=area(typed) /></label> }.into_any()
}

fn ties_box(typed: &str) -> AnyView {
    let choices = TiesAtLast::WORDS.map(|(word, ties)| {
        view! {
            <option value=word selected=typed == word>
                {ties.name()}
            </option>
        }
    });
    view! {
        <label>
            "末位并列怎么办" <select name=word::TIES>
                <option value="">"办法没有写"</option>
                {choices.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

async fn load(plan: &str, id: &str, year: &str, edit: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = &plan_of(plan).await?;
    let (selection, year) = named(plan, id, year)?;
    let steps = backend.selection_steps(plan, id, year).await?;
    let course = Course::of(selection, &steps);
    let published = backend.selection_editions(plan, id, year).await?;
    let scene = Scene {
        plan,
        selection,
        year,
        steps: &steps,
        course: &course,
        published: &published,
        posted: use_context::<Posted>().unwrap_or_default(),
        ranking: may(plan, Action::ReadNominations).then(|| ranking(&course)),
        is_closed: is_final(&published),
    };
    let edited = edit.and_then(|number| course.records.iter().find(|record| record.number.to_string() == number));
    let cards = course.records.iter().map(|record| card(&scene, record)).collect_view();
    let title = format!("{year}年{}评选", selection.title);
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::selections(&plan.id)>{format!("{}评选", plan.title)}</a>
            </p>
            {scene.posted.error.clone().map(alert)}
            {quote(selection)}
            {method(&scene)}
            {before_the_public(&scene)}
            {places(&scene)}
            {confirm(&scene)}
            {files(&scene)}
            {nominate(&scene, edited)}
            <div class="tasks dated">{cards}</div>
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// How it is chosen, and the form that states what is left open.
fn method(scene: &Scene<'_>) -> AnyView {
    let stated = scene.course.method.as_ref().map(|step| {
        let said = format!("评选办法：{}（{}　{}登记）", step.text(word::DOCUMENT), moment(step.at), step.actor);
        view! { <p>{said}</p> }
    });
    let offered = scene.may(Act::Method, "") && scene.published.is_empty();
    let form = offered.then(|| scene.folded(Act::Method, None, scene.course.method.as_ref(), ().into_any()));
    view! {
        <p>{terms(scene.selection, &scene.course.terms)}</p>
        {stated}
        {form}
    }
    .into_any()
}

/// What was published, what keeps the next step, and the button that takes it.
fn before_the_public(scene: &Scene<'_>) -> AnyView {
    let known = scene.published.iter().map(|(at, edition)| {
        let address = links::selection_edition(edition, at_shanghai(*at).date_naive());
        let said = format!(
            "：入选{}，公示期{}至{}",
            edition.subject.counted(edition.lines.len()),
            chinese_date(edition.from),
            chinese_date(edition.to)
        );
        view! {
            <li>
                <a href=address>{edition.title()}</a>
                {said}
            </li>
        }
    });
    let known = known.collect_view();
    let office = may(scene.plan, Action::ScoreNominations) && !scene.is_closed && scene.course.method.is_some();
    let next = office.then(|| next(scene));
    view! {
        <ul>{known}</ul>
        {next}
    }
    .into_any()
}

fn next(scene: &Scene<'_>) -> AnyView {
    let editing = Editing {
        plan: scene.plan,
        selection: scene.selection,
        year: scene.year,
        course: scene.course,
        published: scene.published,
        today: at_shanghai(backend().now()).date_naive(),
    };
    let publishes = may(scene.plan, Action::Publish);
    let (notice, last) = (editing.notice(), editing.final_list());
    let said = match (&notice, &last) {
        (Ok(_), _) | (_, Ok(_)) => None,
        (Err(_), Err(sentence)) if !scene.published.is_empty() => Some(sentence.clone()),
        (Err(sentence), _) => Some(format!("还不能公示：{sentence}")),
    };
    let said = said.map(|sentence| view! { <p class="notice">{format!("{sentence}。")}</p> });
    let forms = [("final", last.ok()), ("notice", notice.ok())];
    let forms = forms.into_iter().filter_map(|(stage, edition)| edition.map(|edition| (stage, edition)));
    let forms = forms.filter(|_| publishes).map(|(stage, edition)| publish_form(scene, stage, &edition)).collect_view();
    view! {
        {said}
        {forms}
    }
    .into_any()
}

fn publish_form(scene: &Scene<'_>, stage: &'static str, edition: &SelectionEdition) -> AnyView {
    let (said, button) = match stage {
        "final" => (format!("将公布结果，入选{}：", edition.subject.counted(edition.lines.len())), "公布结果"),
        _ => (
            format!("将公示{}，到{}为止：", edition.subject.counted(edition.lines.len()), chinese_date(edition.to)),
            "公示",
        ),
    };
    let lines = edition.lines.iter().map(|line| {
        view! { <li>{format!("第{}名　{}　{}　{}分", line.place, line.name, line.unit, line.score)}</li> }
    });
    let lines = lines.collect_view();
    let password = format!("password-{stage}");
    view! {
        <form
            id=stage
            method="post"
            action=format!("{}/publish", scene.address())
            class="stacked"
            autocomplete="off"
        >
            <p>{said}</p>
            <ul>{lines}</ul>
            <input type="hidden" name=field::STAGE value=stage />
            <input type="hidden" name=field::LISTED value=listed(edition) />
            {issuer_boxes(&scene.posted, scene.published.last().and_then(|(_, last)| last.issuer.as_ref()))}
            <label for=password.clone()>"再输一次您的密码"</label>
            <input id=password name="password" type="password" autocomplete="current-password" />
            <button type="submit">{button}</button>
        </form>
    }
    .into_any()
}

/// Everybody's place with its reasons.
fn places(scene: &Scene<'_>) -> Option<AnyView> {
    let ranking = scene.ranking.as_ref().filter(|ranking| !ranking.lines.is_empty())?;
    let rows = ranking.lines.iter().filter_map(|line| {
        let record = scene.course.get(line.number)?;
        let why = line.why.iter().map(|sentence| view! { <li>{sentence.clone()}</li> }).collect_view();
        let class = match line.outcome {
            Outcome::Chosen => "lamp on-pace",
            Outcome::NotChosen => "lamp",
            Outcome::Open => "lamp behind",
        };
        Some(view! {
            <tr>
                <td class="r" data-name="名次">
                    {line.place.to_string()}
                </td>
                <th scope="row">
                    <a href=format!("#nomination-{}", line.number)>{record.nomination.name.clone()}</a>
                </th>
                <td data-name="推荐单位">{unit_name(scene.plan, &record.unit).to_owned()}</td>
                <td class="r" data-name="得分">
                    {plain(line.total)}
                </td>
                <td class="said" data-name="结果">
                    <span class=class>{line.outcome.name()}</span>
                    <details>
                        <summary>"为什么"</summary>
                        <ol>{why}</ol>
                    </details>
                </td>
            </tr>
        })
    });
    let rows = rows.collect_view();
    let heads = [("名次", true), ("名称", false), ("推荐单位", false), ("得分", true), ("结果", false)];
    let open = hindrances(scene.course, ranking);
    let open = (!open.is_empty())
        .then(|| view! { <p class="subtitle">{format!("现在的名次，还会变：{}。", open.join("；"))}</p> });
    Some(
        view! {
            <h2>"名次"</h2>
            {open}
            {data_table("名次", "data stack", &heads, rows)}
        }
        .into_any(),
    )
}

/// Scores of others that wait for whoever asks.
fn confirm(scene: &Scene<'_>) -> Option<AnyView> {
    let own = backend().viewer().map(|viewer| viewer.account.id);
    let waiting = |record: &&Record| record.state == State::Scored && record.scored_by != own;
    let numbers: Vec<String> =
        scene.course.records.iter().filter(waiting).map(|record| record.number.to_string()).collect();
    if numbers.is_empty() || !scene.may(Act::Confirm, "") {
        return None;
    }
    let said = format!("第{}号的得分由别人填写，等您确认；不对的请退回或重新打分。", numbers.join("、"));
    let more = view! { <p>{said}</p> }.into_any();
    let label = format!("确认{}项得分", numbers.len());
    Some(view! { <section id="confirm">{scene.form(Act::Confirm, None, None, more, label)}</section> }.into_any())
}

/// Where nominations and scores come from a workbook, for whoever may bring them now.
fn files(scene: &Scene<'_>) -> Option<AnyView> {
    let files = super::selection_import::offered(scene.plan, scene.course, scene.published);
    let said = match files.iter().map(|(_, act)| *act).collect::<Vec<_>>()[..] {
        [] => return None,
        [Act::Nominate] => "从工作簿导入推荐",
        [Act::Score] => "从工作簿导入得分",
        _ => "从工作簿导入推荐或得分",
    };
    let at = links::selection_import(&scene.plan.id, &scene.selection.id, scene.year);
    Some(view! { <p><a href=at>{said}</a></p> }.into_any())
}

/// A new nomination, or one that is stated anew.
fn nominate(scene: &Scene<'_>, edited: Option<&Record>) -> Option<AnyView> {
    let units: Vec<(String, String)> = domain::entry::units_with_posts(scene.plan)
        .into_iter()
        .filter(|(id, _)| scene.may(Act::Nominate, id) && edited.is_none_or(|record| record.unit == *id))
        .collect();
    let open = scene.course.terms.open();
    if units.is_empty() || edited.is_none() && !scene.published.is_empty() {
        return None;
    }
    if !open.is_empty() {
        let said = format!("还没有定{}，办公室登记评选办法以后可以推荐。", open.join("、"));
        return Some(view! { <p class="subtitle">{said}</p> }.into_any());
    }
    let number = edited.map(|record| record.number.to_string()).unwrap_or_default();
    let unit = if scene.is_back(Act::Nominate, &number) { scene.posted.text(field::UNIT) } else { "" };
    let options = units.into_iter().map(|(id, name)| {
        let chosen = unit == id;
        view! {
            <option value=id selected=chosen>
                {name}
            </option>
        }
    });
    let more =
        view! { <label>"推荐单位" <select name=field::UNIT>{options.collect_view()}</select></label> }.into_any();
    let usual = edited.and_then(|record| record.steps.iter().rfind(|step| step.act == Act::Nominate));
    let heading = match edited {
        Some(record) => format!("重新推荐第{}号", record.number),
        None => format!("推荐{}", scene.selection.subject.name()),
    };
    Some(
        view! {
            <section id="nominate">
                <h2>{heading.clone()}</h2>
                {scene.form(Act::Nominate, edited, usual, more, heading)}
            </section>
        }
        .into_any(),
    )
}

fn card(scene: &Scene<'_>, record: &Record) -> AnyView {
    let nomination = &record.nomination;
    let code = nomination.credit_code.as_ref().map(|code| format!("（{code}）")).unwrap_or_default();
    let firm = (scene.selection.subject != Subject::Firm || !code.is_empty())
        .then(|| view! { <p>{format!("{}{code}", nomination.firm)}</p> });
    let amount = nomination.amount.map(|amount| format!("，总投资{}", yuan(amount))).unwrap_or_default();
    let project = nomination.project.as_ref().map(|id| {
        let address = links::project(&scene.plan.id, id);
        view! { <p><a href=address>{format!("项目库 {id}")}</a></p> }
    });
    let named = (nomination.firm.as_str(), nomination.credit_code.as_deref());
    let whole = (!named.0.is_empty()).then(|| view! { <p>{super::firm::link(named)}</p> });
    // Of a unit's own the office's scores are not shown: what it sees waits only with the office.
    let office = scene.ranking.is_some();
    let outcome = outcome(scene.published, record).filter(|_| !office || scene.is_closed);
    let state = outcome.unwrap_or_else(|| match (record.state, office) {
        (State::Waiting, false) => "已推荐".to_owned(),
        (state, _) => state.name().to_owned(),
    });
    let scores = scene.course.terms.criteria.iter().zip(&record.scores).map(|(criterion, score)| {
        view! { <li>{format!("{}：{}（满分{}）", criterion.name, plain(*score), plain(criterion.full))}</li> }
    });
    let scores = scores.collect_view();
    let steps = record.steps.iter().map(|step| view! { <li class="free">{said(step)}</li> }).collect_view();
    view! {
        <article class="task" id=format!("nomination-{}", record.number)>
            <h4>
                {format!("第{}号　{}　", record.number, nomination.name)} <span class=class(record.state)>{state}</span>
            </h4>
            <p>{format!("{}推荐{amount}", unit_name(scene.plan, &record.unit))}</p>
            {firm}
            {project}
            {whole}
            <p>{format!("推荐理由：{}", nomination.reason)}</p>
            <ul>{scores}</ul>
            {objections(scene, record)}
            <ol class="steps-of-task">{steps}</ol>
            {offers(scene, record)}
        </article>
    }
    .into_any()
}

fn class(state: State) -> &'static str {
    match state {
        State::Waiting | State::Scored => "lamp near",
        State::SentBack | State::Withdrawn => "lamp behind",
        State::Confirmed => "lamp on-pace",
    }
}

/// 2021年5月10日 10:03 某某退回：材料不全.
fn said(step: &Step) -> String {
    let what = match step.act {
        Act::Withdraw | Act::SendBack => format!("：{}", step.text(word::WORDS)),
        _ => String::new(),
    };
    format!("{}　{}{}{what}", moment(step.at), step.actor, step.act.name())
}

fn objections(scene: &Scene<'_>, record: &Record) -> AnyView {
    let own = record.objections.iter().map(|objection| {
        let step = &objection.step;
        let whose = whose_objection(step.by(), !step.is_named());
        let said = format!("{}　{whose}：{}", moment(step.at), step.text(word::WORDS));
        let answer = objection.answer.as_ref().map(|answer| {
            let what = if objection.upheld_at().is_some() { "异议成立" } else { "异议不成立" };
            view! { <p>{format!("{}　{}答复，{what}：{}", moment(answer.at), answer.actor, answer.text(word::WORDS))}</p> }
        });
        let form = (objection.answer.is_none() && scene.may(Act::Answer, "")).then(|| {
            let upheld = scene.is_back(Act::Answer, &record.number.to_string())
                && scene.posted.text(word::UPHELD) == "yes";
            let more = view! {
                <input type="hidden" name=word::OBJECTION value=objection.number.to_string() />
                <label class="tick">
                    <input type="checkbox" name=word::UPHELD value="yes" checked=upheld />
                    "异议成立，退回或重新打分以后再次公示"
                </label>
            };
            scene.folded(Act::Answer, Some(record), None, more.into_any())
        });
        let forget = (step.key().is_some() && step.is_named() && objection.answer.is_some() && scene.scores()).then(|| {
            let (nomination, number) = (record.number.to_string(), objection.number.to_string());
            let is_back = scene.posted.text(field::ACT) == FORGET
                && scene.posted.text(field::NUMBER) == nomination
                && scene.posted.text(word::OBJECTION) == number;
            let of = [(field::NUMBER, nomination.as_str()), (word::OBJECTION, &number)];
            forget_form(&scene.address(), &of, is_back.then_some(&scene.posted))
        });
        view! {
            <li class="free">{said} {answer} {form} {forget}</li>
        }
    });
    view! { <ul>{own.collect_view()}</ul> }.into_any()
}

/// What whoever asks may do next.
fn offers(scene: &Scene<'_>, record: &Record) -> AnyView {
    let takes_part = !matches!(record.state, State::Withdrawn | State::SentBack);
    let may = |act: Act| scene.may(act, &record.unit);
    let is_over = match record.state {
        State::Scored | State::Confirmed => true,
        State::Withdrawn => !scene.published.is_empty(),
        State::Waiting | State::SentBack => false,
    };
    let restated = may(Act::Nominate) && !is_over;
    let restate = restated.then(|| {
        let at = format!("{}?{EDIT}={}#nominate", scene.address(), record.number);
        view! { <a href=at>"重新推荐"</a> }
    });
    let score = (takes_part && may(Act::Score)).then(|| {
        let is_back = scene.is_back(Act::Score, &record.number.to_string());
        let boxes = scene.course.terms.criteria.iter().enumerate().map(|(at, criterion)| {
            let name = format!("{}{}", word::SCORE, criterion.name);
            let usual = record.scores.get(at).map(|score| plain(*score)).unwrap_or_default();
            let typed = if is_back { scene.posted.text(&name).to_owned() } else { usual };
            view! {
                <label>
                    {format!("{}（满分{}）", criterion.name, plain(criterion.full))}
                    <input type="text" inputmode="decimal" name=name value=typed />
                </label>
            }
        });
        scene.folded(Act::Score, Some(record), None, boxes.collect_view().into_any())
    });
    let plain_form = |act: Act| scene.folded(act, Some(record), None, ().into_any());
    let back = (takes_part && may(Act::SendBack)).then(|| plain_form(Act::SendBack));
    let withdraw = (record.state != State::Withdrawn && may(Act::Withdraw)).then(|| plain_form(Act::Withdraw));
    let object = (is_open(scene.published, backend().now()) && may(Act::Object)).then(|| plain_form(Act::Object));
    view! { <div class="offers">{restate} {score} {back} {withdraw} {object}</div> }.into_any()
}
