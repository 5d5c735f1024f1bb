//! The table of `/review/{plan}/{period}`: every return of a round with its figures and what they are compared with, to
//! be filtered, ordered, picked and approved; what is doubtful stands below its figure.

use domain::calendar::moment;
use domain::entry::Whose;
use domain::money::Amount;
use domain::plan::{Plan, Round};
use domain::rate::Rate;
use domain::rights::Role;
use domain::workflow::{State, Step};
use leptos::prelude::*;
use office::commands::approve::field as approve;
use office::commands::steps::field as steps;
use office::facts::{Evidence, UnitState};
use office::posted::Posted;
use office::worksheet::{Common, Hints, Listed, Only, Order, WorkRow, WorkUnit, Worksheet};

use super::figures::difference;
use super::query;
use super::report::head::state_class;
use crate::backend::backend;
use crate::charts::spark;
use crate::islands::review_keys::ReviewKeys;
use crate::parts::links;

/// What the reader asked to see, as the page's address says it.
#[derive(Clone)]
pub(super) struct Asked {
    goal: Option<String>,
    only: Option<Only>,
    order: Order,
    ascending: bool,
    find: String,
}

const GOAL: &str = "goal";
const ONLY: &str = "only";
const ORDER: &str = "order";
const FIND: &str = "find";

impl Asked {
    pub(super) fn of(plan: &Plan) -> Self {
        let order = query(ORDER).as_deref().and_then(Order::parse).unwrap_or((Order::Urgency, false));
        Self {
            goal: query(GOAL).filter(|id| plan.goal(id).is_some()),
            only: query(ONLY).as_deref().and_then(Only::parse),
            order: order.0,
            ascending: order.1,
            find: query(FIND).unwrap_or_default(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let order = format!("{}{}", if self.ascending { "-" } else { "" }, self.order.id());
        let mut pairs = Vec::new();
        pairs.extend(self.goal.clone().map(|goal| (GOAL, goal)));
        pairs.extend(self.only.map(|only| (ONLY, only.id().to_owned())));
        pairs.extend((order != Order::Urgency.id()).then_some((ORDER, order)));
        pairs.extend((!self.find.is_empty()).then(|| (FIND, self.find.clone())));
        pairs
    }

    fn address(&self, at: &str) -> String {
        let pairs = self.pairs();
        let said: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={}", links::encode(value))).collect();
        if said.is_empty() { at.to_owned() } else { format!("{at}?{}", said.join("&")) }
    }

    /// The units that are asked for, with their rows of the goal that is, in their order.
    fn chosen<'w>(&self, all: &'w Worksheet) -> Vec<Listed<'w>> {
        let wanted = |unit: &UnitState| unit.name.contains(&self.find) && self.only.is_none_or(|only| only.holds(unit));
        let mut chosen = all.listed(self.goal.as_deref(), wanted);
        self.order.apply(&mut chosen, self.ascending);
        chosen
    }
}

/// Filters, the table, and the button that approves what is picked.
pub(super) fn worksheet(
    plan: &Plan,
    round: &Round,
    (all, evidence): (&Worksheet, Option<&[Evidence]>),
    asked: &Asked,
) -> AnyView {
    let units = all.units.as_slice();
    let at = links::review(&plan.id, round);
    let viewer = backend().viewer().cloned();
    let reviewer = viewer.filter(|viewer| viewer.role() == Some(Role::CityReviewer));
    let account = reviewer.map(|viewer| viewer.account.id);
    let posted = use_context::<Posted>().filter(|posted| posted.get(approve::UNIT).is_some());
    let chosen = asked.chosen(all);
    let for_me = |listed: &&Listed<'_>| account.is_some_and(|account| listed.unit.is_for(account));
    let waiting = chosen.iter().filter(for_me).count();
    let judge = account.filter(|_| waiting > 0);
    let table =
        table(plan, round, &chosen, &Sheet { all, evidence, at: &at, asked, account: judge, posted: posted.as_ref() });
    let backs = chosen.iter().filter(for_me).map(|Listed { unit, .. }| {
        let action = format!("{}/step", links::report(&plan.id, round, &unit.state.unit));
        let seen = unit.state.last.as_ref().map_or(0, |step| step.version);
        let step = Step::SendBackToCounty.id();
        view! {
            <form method="post" action=action id=back_form(unit)>
                <input type="hidden" name=steps::STEP value=step />
                <input type="hidden" name=steps::SEEN value=seen.to_string() />
                <input type="hidden" name=steps::FROM value="worksheet" />
                <input type="hidden" name=steps::KEY value=format!("{}-{step}", backend().fresh_key()) />
            </form>
        }
    });
    let backs = backs.collect_view();
    let left: Vec<&str> = units
        .iter()
        .filter(|unit| unit.state.state == State::Signed && !account.is_some_and(|account| unit.is_for(account)))
        .map(|unit| unit.state.name.as_str())
        .collect();
    let left = (account.is_some() && !left.is_empty()).then(|| {
        let said = format!("要打开逐个审核的（更正过，或经您本人办理）：{}。", left.join("、"));
        view! { <p class="subtitle">{said}</p> }
    });
    let button = (waiting > 0).then(|| {
        view! {
            <div class="bar-bottom">
                <input type="hidden" name=steps::KEY value=backend().fresh_key() />
                <button type="submit">"通过选中的单位"</button>
                <span class="subtitle">
                    "没有提示的已经选好，有提示的看过再选；10秒之内可以撤销。"
                </span>
            </div>
        }
    });
    let none = chosen.is_empty().then(|| view! { <p class="notice">"没有符合条件的单位。"</p> });
    view! {
        {hints(all.hints)}
        {all.common.iter().map(|of| shared(of, units.len())).collect_view()}
        {filters(plan, units, asked, &at)}
        {none}
        {backs}
        <form method="post" action=format!("{at}/approve") id="worksheet">
            {(!chosen.is_empty()).then_some(table)}
            {button}
        </form>
        <span id="keys-said" class="subtitle" hidden=true>
            "键盘：J、K 上下，A 选中或取消，O 打开"
        </span>
        <ReviewKeys />
        {left}
    }
    .into_any()
}

/// What the checks brought: who was told something while he typed, and what came of it.
fn hints(Hints { fired, changed, explained }: Hints) -> Option<AnyView> {
    let told = |count: usize, said: &str| if count > 0 { format!("，{count}处{said}") } else { String::new() };
    let sentence =
        format!("单位填报时系统提示{fired}处{}{}。", told(changed, "单位随后改了数"), told(explained, "写了说明上报"),);
    (fired > 0).then(|| view! { <p class="subtitle">{sentence}</p> }.into_any())
}

/// A doubt that most units share, said once.
fn shared(of: &Common, units: usize) -> AnyView {
    let said = format!(
        "{units}个单位中有{}个的{}：{}（{}）。多半有共同的原因，不在各单位下逐个提示；单位写的说明仍列在下面。",
        of.names.len(),
        of.goal_name,
        of.doubt.name(),
        of.names.join("、"),
    );
    view! { <p class="notice">{said}</p> }.into_any()
}

/// Which returns, of which goal, and a box that finds a unit by its name.
fn filters(plan: &Plan, units: &[WorkUnit], asked: &Asked, at: &str) -> AnyView {
    let link = |text: String, chosen: bool, other: Asked| {
        view! {
            <a href=other.address(at) aria-current=chosen.then_some("true")>
                {text}
            </a>
        }
    };
    let all = link(format!("全部 {}", units.len()), asked.only.is_none(), Asked { only: None, ..asked.clone() });
    let only = Only::ALL.into_iter().filter_map(|only| {
        let count = units.iter().filter(|unit| only.holds(&unit.state)).count();
        let text = format!("{} {count}", only.name());
        let other = Asked { only: Some(only), ..asked.clone() };
        (count > 0 || asked.only == Some(only)).then(|| link(text, asked.only == Some(only), other))
    });
    let only = only.collect_view();
    let reported =
        |goal: &&domain::plan::Goal| units.iter().flat_map(|unit| &unit.rows).any(|row| row.line.goal == goal.id);
    let goals: Vec<_> = plan.goals.iter().filter(reported).collect();
    let goals = (goals.len() > 1).then(|| {
        let every = link("全部指标".to_owned(), asked.goal.is_none(), Asked { goal: None, ..asked.clone() });
        let each = goals.iter().map(|goal| {
            let chosen = asked.goal.as_deref() == Some(goal.id.as_str());
            link(goal.name.clone(), chosen, Asked { goal: Some(goal.id.clone()), ..asked.clone() })
        });
        let each = each.collect_view();
        view! {
            <nav class="names" aria-label="指标">
                {every}
                {each}
            </nav>
        }
    });
    let orders = [(Order::Urgency, "要紧的在前"), (Order::Plan, "按文件顺序")].map(|(order, text)| {
        let other = Asked { order, ascending: false, ..asked.clone() };
        link(text.to_owned(), asked.order == order, other)
    });
    let hidden = asked.pairs().into_iter().filter(|(key, _)| *key != FIND);
    let hidden = hidden.map(|(key, value)| view! { <input type="hidden" name=key value=value /> }).collect_view();
    // A few units are found at a glance.
    let find = (units.len() > 20 || !asked.find.is_empty()).then(|| {
        view! {
            <form method="get" action=at.to_owned() class="row-form">
                {hidden}
                <label for="find">"单位"</label>
                <input id="find" name=FIND type="text" value=asked.find.clone() />
                <button type="submit" class="second">
                    "查找"
                </button>
            </form>
        }
    });
    view! {
        <div class="sheet-filters">
            <nav class="names" aria-label="报送情况">
                {all}
                {only}
            </nav>
            <nav class="names" aria-label="排序">
                {orders.collect_view()}
            </nav>
        </div>
        {goals}
        {find}
    }
    .into_any()
}

/// What a table is made for: where it stands, what was asked, who judges returns that wait for him, what he picked.
struct Sheet<'s> {
    all: &'s Worksheet,
    /// What came with the returns, for whoever may read it.
    evidence: Option<&'s [Evidence]>,
    at: &'s str,
    asked: &'s Asked,
    account: Option<i64>,
    posted: Option<&'s Posted>,
}

fn back_form(unit: &WorkUnit) -> String {
    format!("back-{}", unit.state.unit)
}

fn table(plan: &Plan, round: &Round, units: &[Listed<'_>], sheet: &Sheet<'_>) -> AnyView {
    let with_figures = units.iter().any(|unit| !unit.rows.is_empty());
    let heads = if with_figures { HEADS } else { &[] };
    let columns = heads.len() + if sheet.account.is_some() { 4 } else { 2 };
    let figures = heads.len();
    let heads = heads.iter().map(|of| head(sheet, of)).collect_view();
    let rows = units.iter().map(|unit| unit_rows(plan, round, unit, sheet, (columns, figures))).collect_view();
    let pick = sheet.account.map(|_| view! { <th scope="col">"通过"</th> });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="审核工作表">
            <table class="data worksheet">
                <thead>
                    <tr>
                        {pick}
                        <th scope="col">"单位"</th>
                        <th scope="col">"状态"</th>
                        {heads}
                        {sheet.account.map(|_| view! { <th scope="col">"退回"</th> })}
                    </tr>
                </thead>
                {rows}
            </table>
        </div>
    }
    .into_any()
}

/// By what a column orders the table, its head, and whether its figures stand at the right.
const HEADS: &[(Option<Order>, &str, bool)] = &[
    (None, "指标", false),
    (None, "上期累计", true),
    (Some(Order::Value), "本期累计", true),
    (Some(Order::Month), "当月", true),
    (Some(Order::Growth), "同比增长", true),
    (Some(Order::GrowthBefore), "上期同比", true),
    (Some(Order::Completion), "完成目标", true),
    (Some(Order::Difference), "与统计部门相差", false),
    (None, "走势", false),
];

/// A head that orders the table; once more, the other way round.
fn head(sheet: &Sheet<'_>, &(order, text, right): &(Option<Order>, &'static str, bool)) -> AnyView {
    let class = right.then_some("r");
    let Some(order) = order else {
        return view! {
            <th scope="col" class=class>
                {text}
            </th>
        }
        .into_any();
    };
    let chosen = sheet.asked.order == order;
    let ascending = chosen && !sheet.asked.ascending;
    let sorted = chosen.then_some(if sheet.asked.ascending { "ascending" } else { "descending" });
    let other = Asked { order, ascending, ..sheet.asked.clone() };
    let mark = chosen.then_some(if sheet.asked.ascending { "↑" } else { "↓" });
    view! {
        <th scope="col" class=class aria-sort=sorted>
            <a href=other.address(sheet.at)>{text}{mark}</a>
        </th>
    }
    .into_any()
}

/// One body of the table for each unit: its rows, and below them what is doubtful, asked and explained.
fn unit_rows(
    plan: &Plan,
    round: &Round,
    listed: &Listed<'_>,
    sheet: &Sheet<'_>,
    (columns, figures): (usize, usize),
) -> AnyView {
    let Listed { unit, rows } = listed;
    let mine = sheet.account.is_some_and(|account| unit.is_for(account));
    let state = &unit.state;
    let span = rows.len().max(1).to_string();
    // A county's drafts are its own until it hands them in.
    let name = match state.state {
        State::Draft => state.name.clone().into_any(),
        _ => view! { <a href=links::review_unit(&plan.id, round, &state.unit)>{state.name.clone()}</a> }.into_any(),
    };
    let pick = sheet.account.map(|_| {
        let seen = state.last.as_ref().map_or(0, |step| step.version);
        let value = format!("{}@{seen}", state.unit);
        // What was picked before something went wrong stays picked.
        let checked = match sheet.posted {
            Some(posted) => posted.all(approve::UNIT).contains(&value.as_str()),
            None => sheet.all.is_plain(unit),
        };
        let label = format!("通过{}", state.name);
        let input = mine.then(|| {
            view! { <input type="checkbox" name=approve::UNIT value=value checked=checked aria-label=label /> }
        });
        let class = if mine { "pick" } else { "nothing" };
        view! {
            <td rowspan=span.clone() class=class>
                {input}
            </td>
        }
    });
    let back = sheet.account.map(|_| {
        let form = back_form(unit);
        let details = mine.then(|| {
            view! {
                <details class="send-back">
                    <summary>"退回"</summary>
                    <label>
                        "退回理由（必填）" <textarea name=steps::REASON rows="2" form=form.clone() />
                    </label>
                    <button type="submit" class="act" form=form>
                        {format!("退回{}", state.name)}
                    </button>
                </details>
            }
        });
        let class = (!mine).then_some("nothing");
        view! {
            <td rowspan=span.clone() class=class>
                {details}
            </td>
        }
    });
    let mut first = Some(view! {
        {pick}
        <th scope="row" rowspan=span.clone()>
            {name}
        </th>
        <td rowspan=span.clone() data-name="状态">
            {state_cell(unit, sheet.evidence)}
        </td>
    });
    let mut last = back;
    let mut bodies: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let class = if sheet.all.own(row).next().is_none() { "" } else { "doubtful" };
            view! { <tr class=class>{first.take()}{cells(plan, row)}{last.take()}</tr> }.into_any()
        })
        .collect();
    if bodies.is_empty() {
        let none = (figures > 0).then(|| view! { <td colspan=figures.to_string() class="nothing"></td> });
        bodies.push(view! { <tr>{first.take()}{none}{last.take()}</tr> }.into_any());
    }
    view! { <tbody id=format!("unit-{}", state.unit)>{bodies}{said(sheet.all, listed, columns)}</tbody> }.into_any()
}

fn state_cell(unit: &WorkUnit, evidence: Option<&[Evidence]>) -> AnyView {
    let state = &unit.state;
    let begun = (state.state == State::Draft && state.begun).then_some("（正在填）");
    let last = state.last.as_ref().map(|step| format!("{}　{}", step.actor, moment(step.at)));
    let granted = state.exception.as_ref().filter(|exception| exception.until > backend().now()).map(|exception| {
        let until = moment(exception.until - 1);
        view! { <small class="was">{format!("准予补报到{until}：{}（{}）", exception.reason, exception.actor)}</small> }
    });
    view! {
        <b class=format!("state {}", state_class(state.state))>{state.state_name()}</b>
        {begun}
        {granted}
        {last.map(|last| view! { <small class="by">{last}</small> })}
        {evidence.and_then(|files| files_of(state, files))}
    }
    .into_any()
}

/// `材料3份，✓ 盖章件有效`: what came with a unit's return.
fn files_of(unit: &UnitState, files: &[Evidence]) -> Option<AnyView> {
    // What was taken back is the unit's own again.
    let shown = |file: &&Evidence| file.unit == unit.unit && unit.state != State::Draft && !file.is_erased();
    let own: Vec<&Evidence> = files.iter().filter(shown).collect();
    let stamped = own.iter().any(|file| file.stamp.is_some());
    let mark = match (stamped, own.iter().any(|file| file.confirms(unit.handed_in.as_deref()))) {
        (false, _) => ().into_any(),
        (true, true) => view! { <b class="state approved">"✓ 盖章件有效"</b> }.into_any(),
        (true, false) => view! { <b class="state back">"▲ 盖章件已失效"</b> }.into_any(),
    };
    (!own.is_empty()).then(|| view! { <small class="by">{format!("材料{}份 ", own.len())} {mark}</small> }.into_any())
}

fn cells(plan: &Plan, row: &WorkRow) -> AnyView {
    let line = &row.line;
    let amount = |amount: Option<Amount>| amount.map_or_else(|| "—".to_owned(), |amount| line.measure.format(amount));
    let percent =
        |rate: Option<Rate>| rate.map_or_else(|| "—".to_owned(), |rate| format!("{}%", rate.percent_on_page(1)));
    let name = if line.whose == Whose::Within { format!("其中：{}", line.name) } else { line.row_name() };
    let unit = (!line.percent).then(|| view! { <small class="unit">{line.measure.unit.clone()}</small> });
    let value = row.figure.as_ref().and_then(|figure| figure.value).filter(|_| !line.percent);
    let bureau = row.bureau.as_ref().filter(|bureau| !bureau.is_empty());
    let goal = plan.goal(&line.goal);
    let apart = match (goal, bureau) {
        (Some(goal), Some(bureau)) => difference(goal, row.figure.as_ref(), Some(bureau)),
        _ => "—".to_owned(),
    };
    let class = if line.whose == Whose::Within { "nested" } else { "" };
    let spark = spark::draw(row.trend.name, &row.trend.points);
    // On a phone only what is known takes a line.
    let cell = |name: &'static str, text: String| {
        let class = if text == "—" { "r nothing" } else { "r" };
        view! {
            <td class=class data-name=name>
                {text}
            </td>
        }
    };
    let previous = line.previous.map(|(_, amount)| amount).filter(|_| !line.percent);
    view! {
        <td class=class data-name="指标">
            {name}
            " "
            {unit}
        </td>
        {cell("上期累计", amount(previous))}
        <td class=if value.is_some() { "r" } else { "r nothing" } data-name="本期累计">
            <b>{amount(value)}</b>
        </td>
        {cell("当月", amount(row.derived.month.filter(|_| !line.percent)))}
        {cell("同比增长", percent(row.derived.growth))}
        {cell("上期同比", percent(row.growth_before))}
        {cell("完成目标", percent(row.derived.completion))}
        <td class=(apart == "—").then_some("nothing") data-name="与统计部门相差">
            {apart.clone()}
        </td>
        <td
            class=if spark.is_some() { "spark" } else { "nothing" }
            data-name="走势"
            inner_html=spark.unwrap_or_default()
        ></td>
    }
    .into_any()
}

/// What is doubtful about a unit's figures, with how it explains them, in a row of its own.
fn said(all: &Worksheet, Listed { unit, rows }: &Listed<'_>, columns: usize) -> Option<AnyView> {
    let several = rows.len() > 1;
    let mut lines: Vec<AnyView> = Vec::new();
    for row in rows {
        let of = if several { format!("{}：", row.line.row_name()) } else { String::new() };
        for doubt in all.own(row) {
            lines.push(view! { <p class="message doubt">{format!("{of}{doubt}")}</p> }.into_any());
        }
        if !row.note.is_empty() {
            lines.push(view! { <p class="free note">{format!("{of}单位说明：{}", row.note)}</p> }.into_any());
        }
        if !row.question.is_empty() {
            let said = format!("{of}办公室问：{}　答复：{}", row.question, row.answer);
            lines.push(view! { <p class="free note">{said}</p> }.into_any());
        }
    }
    for (name, doubts) in &unit.projects {
        for doubt in doubts {
            lines.push(view! { <p class="message doubt">{format!("{name}：{doubt}")}</p> }.into_any());
        }
    }
    (!lines.is_empty()).then(|| {
        view! {
            <tr class="messages">
                <td colspan=columns.to_string()>{lines}</td>
            </tr>
        }
        .into_any()
    })
}
