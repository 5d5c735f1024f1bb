//! The rules of an assessment in the plan editor: the usual two lists in boxes of their own, everything else in rows.

use domain::assessment::{CompletedWhen, RankBy};
use domain::plan::{Against, ComponentFrom, Goal, OBJECTION_DAYS, Plan, RanksFrom};
use leptos::prelude::*;
use office::posted::Posted;
use office::rules_form::{self, FROMS, LISTS, METHODS, PARTS, WHENS, list_name, part_name};

use super::plan_edit::{choice, input};

/// Empty rows at the end, for more.
const SPARE: usize = 2;

pub(super) fn rules_fields(plan: Option<&Plan>, goal: Option<&Goal>, posted: &Posted) -> AnyView {
    let goal_id = goal.map_or("investment", |goal| goal.id.as_str());
    let assessment = plan.and_then(|plan| plan.assessment(goal_id));
    let known = plan.zip(assessment).map(|(plan, found)| rules_form::boxes(plan, found)).unwrap_or_default();
    let assessed = if plan.is_some() && assessment.is_none() { "no" } else { "yes" };
    let rules = assessment.map(|assessment| assessment.rules).unwrap_or_default();
    let ranks: Vec<(&'static str, &'static str)> =
        RankBy::WORDS.into_iter().map(|(word, by)| (word, by.name())).collect();
    let also: Vec<(&'static str, &'static str)> =
        std::iter::once(("", "不另列")).chain(ranks.iter().copied().filter(|(word, _)| *word != "score")).collect();
    let completed: Vec<(&'static str, &'static str)> =
        CompletedWhen::WORDS.into_iter().map(|(word, when)| (word, when.name())).collect();
    let bureau = assessment.is_some_and(|assessment| assessment.ranks_from == RanksFrom::Bureau);
    let days = assessment.map_or(OBJECTION_DAYS, |assessment| assessment.objection_days);
    let clause = assessment.and_then(|assessment| assessment.clause.clone()).unwrap_or_default();
    // A new plan begins with what most documents say.
    let fresh = plan.is_none();
    let or = |name: &str, usual: &str| if fresh { usual.to_owned() } else { known.text(name).to_owned() };
    let always = |name: &'static str| {
        let from = if posted.get("by").is_some() { posted } else { &known };
        view! {
            <label class="pick">
                <input type="checkbox" name=name value="on" checked=from.text(name) == "on" />
                "不看是否完成"
            </label>
        }
    };
    let unit = Some(known.text("award_unit")).filter(|unit| !unit.is_empty()).unwrap_or("分").to_owned();
    view! {
        <fieldset>
            <legend>"考核"</legend>
            {choice(posted, "assess", "这项指标", assessed, &[("yes", "考核、加减分"), ("no", "不考核")])}
            {input(posted, "assess_clause", "条款", clause, "四、（三）绩效考核促争先")}
            {choice(posted, "rank_by", "按什么排位", rules.rank_by.word(), &ranks)}
            {choice(posted, "rank_also", "另列一列位次", known.text("rank_also"), &also)}
            {choice(posted, "completed_when", "何为完成", rules.completed_when.word(), &completed)}
            {choice(
                posted,
                "ranks_from",
                "用谁的数排位",
                if bureau { "bureau" } else { "county" },
                &[("county", "单位报的数"), ("bureau", "统计部门的数")],
            )}
            {input(
                posted,
                "top",
                "完成目标且居前的，从第一名起",
                or("top", "0.3、0.2、0.1"),
                "0.3、0.2、0.1",
            )}
            {always("top_always")}
            {input(
                posted,
                "bottom",
                "未完成目标且居后的，从最后一名起",
                or("bottom", "-0.3、-0.2、-0.1"),
                "-0.3、-0.2、-0.1",
            )}
            {always("bottom_always")}
            {input(posted, "award_unit", "奖惩的单位", unit, "分")}
            {input(posted, "objection_days", "异议期（天）", days.to_string(), "7")}
            <p class="subtitle">"并列、取整和先后的读法，在考核页由办公室书面确定。"</p>
            {more(plan, posted, &known)}
        </fieldset>
    }
    .into_any()
}

/// What fewer documents say: open where the plan says some of it.
fn more(plan: Option<&Plan>, posted: &Posted, known: &Posted) -> AnyView {
    let rules = ["a.", "s.", "grades", "gate"];
    let said = |boxes: &Posted| {
        boxes.fields().any(|(name, value)| {
            let chosen =
                [".when", ".from", ".method", ".against", ".period", ".goal"].iter().any(|end| name.ends_with(end));
            !chosen && !value.is_empty() && rules.iter().any(|prefix| name.starts_with(prefix))
        })
    };
    let open = said(known) || said(posted);
    let text = |name: &str| known.text(name).to_owned();
    view! {
        <details open=open>
            <summary>"其他奖惩、得分、等次和一票否决"</summary>
            <h3>"其他奖惩"</h3>
            <p class="subtitle">
                "分值以外的写奖金（万元）或事物（红牌、通报批评）；“每个都给”只写一个数。分组的，写“各组分别”或组名。"
            </p>
            {list_rows(posted, known)}
            {input(
                posted,
                "gate",
                "一票否决（指标名，或核验时填写的事）",
                text("gate"),
                "单位能耗、安全事故",
            )}
            <h3>"得分的组成（按得分排位的填）"</h3>
            <p class="subtitle">
                "平时只算各单位都已有数的部分，满分随之注明；年终缺哪一部分，点名说明。"
            </p>
            {part_rows(plan, posted, known)}
            {input(posted, "grades", "等次（多少分起，由高到低）", text("grades"), "90 优秀、80 良好")}
        </details>
    }
    .into_any()
}

/// How many rows: those that were sent, else those that are known and some more.
fn count(posted: &Posted, known: &Posted, name: impl Fn(usize) -> String, most: usize) -> usize {
    let of = |boxes: &Posted| (0..most).take_while(|&index| boxes.get(&name(index)).is_some()).count();
    match of(posted) {
        0 => (of(known) + SPARE).min(most),
        sent => sent,
    }
}

/// A box of a row: what was posted, else what is known.
fn cell(
    posted: &Posted,
    known: &Posted,
    name: String,
    label: &'static str,
    row: usize,
    class: &'static str,
) -> AnyView {
    let text = posted.get(&name).unwrap_or(known.text(&name)).to_owned();
    view! {
        <td data-name=label>
            <input type="text" name=name value=text class=class aria-label=format!("第{}行 {label}", row + 1) />
        </td>
    }
    .into_any()
}

fn pick(
    posted: &Posted,
    known: &Posted,
    name: String,
    label: &'static str,
    row: usize,
    options: &[(String, String)],
) -> AnyView {
    let now = posted.get(&name).unwrap_or(known.text(&name)).to_owned();
    let options = options.iter().map(|(value, text)| {
        view! {
            <option value=value.clone() selected=*value == now>
                {text.clone()}
            </option>
        }
    });
    view! {
        <td data-name=label>
            <select name=name aria-label=format!("第{}行 {label}", row + 1)>{options.collect_view()}</select>
        </td>
    }
    .into_any()
}

fn table(heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    view! {
        <div class="scroll">
            <table class="data entry-table">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn options<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    words.into_iter().map(|(word, text)| (word.to_owned(), text.to_owned())).collect()
}

fn list_rows(posted: &Posted, known: &Posted) -> AnyView {
    let whens = options(WHENS.iter().map(|(word, _, text)| (*word, *text)));
    let froms = options(FROMS.iter().map(|(word, _, text)| (*word, *text)));
    let rows = (0..count(posted, known, |index| list_name(index, "places"), LISTS)).map(|row| {
        let cell = |field: &str, label, class| cell(posted, known, list_name(row, field), label, row, class);
        view! {
            <tr>
                {pick(posted, known, list_name(row, "when"), "给谁", row, &whens)}
                {pick(posted, known, list_name(row, "from"), "怎么数", row, &froms)}
                {cell("places", "各给多少", "name-in")} {cell("unit", "分、万元或事物", "code-in")}
                {cell("group", "组", "code-in")} {cell("gate", "一票否决", "name-in")}
            </tr>
        }
        .into_any()
    });
    table(&["给谁", "怎么数", "各给多少", "分、万元或事物", "组", "一票否决"], rows.collect())
}

fn part_rows(plan: Option<&Plan>, posted: &Posted, known: &Posted) -> AnyView {
    let froms = options(ComponentFrom::WORDS.iter().map(|(word, from)| (*word, from.name())));
    let goals = std::iter::once(("", "本指标"));
    let others = plan.iter().flat_map(|plan| &plan.goals).map(|goal| (goal.id.as_str(), goal.name.as_str()));
    let goals = options(goals.chain(others));
    let periods = options([("", "年初至今"), ("quarter_alone", "单季度")]);
    let against =
        std::iter::once(("", "—")).chain(Against::WORDS.iter().map(|(word, against)| (*word, against.name())));
    let against = options(against);
    let methods = options(METHODS.iter().map(|(word, text, _)| (*word, *text)));
    let rows = (0..count(posted, known, |index| part_name(index, "name"), PARTS)).map(|row| {
        let cell = |field: &str, label, class| cell(posted, known, part_name(row, field), label, row, class);
        let pick = |field: &str, label, options: &[(String, String)]| {
            pick(posted, known, part_name(row, field), label, row, options)
        };
        view! {
            <tr>
                {cell("name", "名称", "name-in")} {pick("from", "算什么", &froms)} {pick("goal", "指标", &goals)}
                {pick("period", "时间", &periods)} {pick("against", "对照", &against)}
                {cell("weight", "满分", "num-in")} {pick("method", "计分", &methods)}
                {cell("points", "分值", "name-in")} {cell("threshold", "起算线", "num-in")}
                {cell("cap", "封顶", "num-in")} {cell("floor", "保底", "num-in")}
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    let heads = ["名称", "算什么", "指标", "时间", "对照", "满分", "计分", "分值", "起算线", "封顶", "保底"];
    let examples = METHODS.iter().filter(|(.., example)| !example.is_empty());
    let examples = examples.map(|(_, name, example)| format!("{name}：{example}")).collect::<Vec<_>>().join("；");
    view! {
        {table(&heads, rows)}
        <p class="subtitle">{format!("分值的写法——{examples}。")}</p>
    }
    .into_any()
}
