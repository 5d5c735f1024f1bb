//! The lists of the plan editor: goals, tasks, units, categories, rhythms; and one task.

use domain::plan::Plan;
use leptos::prelude::*;
use office::plan_changes::target_text;
use office::plan_form::{
    GOALS, Part, ROWS, SORTS, TASKS, Turn, by_name, by_options, category_name, goal_row, rhythm_name, unit_name,
};

use super::plan_basics::{CADENCES, calendar};
use super::plan_sheet::{SPARE, Sheet, borrowed, go, table};

/// Every goal by its section with what it aims at; `used` have figures.
pub(super) fn goals(sheet: &Sheet<'_>, used: &[String]) -> AnyView {
    let plan = &sheet.turn.plan;
    let assessed = plan.assessments.len() > 1;
    let mut section = None;
    let rows = plan.goals.iter().enumerate().flat_map(|(row, goal)| {
        let name = |field: &str| goal_row(row, field);
        let head = (section != Some(&goal.meaning.section)).then(|| {
            let title = goal.meaning.section.clone().unwrap_or_else(|| "（没有写属于哪一部分）".to_owned());
            let across = if assessed { "6" } else { "5" };
            view! {
                <tr class="section">
                    <th colspan=across scope="rowgroup">
                        {title}
                    </th>
                </tr>
            }
            .into_any()
        });
        section = Some(&goal.meaning.section);
        let until = goal.meaning.until.map(|until| format!("止于{}年{}月", until.year, until.month));
        let rhythm = goal.meaning.rhythm.as_ref().map(|id| rhythm_words(plan, id));
        let drop = match used.contains(&goal.id) {
            true => "已有数据，只能止于".into_any(),
            false => sheet.tick(&name("drop"), "yes", "去掉"),
        };
        let place = assessed.then(|| match sheet.text(&name("assess")).is_empty() {
            true => view! { <td class="empty">{sheet.hidden(&name("assess"))}</td> }.into_any(),
            false => sheet.cell(name("assess"), "考核次序", row, "num-in"),
        });
        let line = view! {
            <tr>
                {sheet.cell(name("order"), "次序", row, "num-in")}
                <th scope="row">
                    {sheet.hidden(&name("id"))} {go(&Part::Goal(goal.id.clone()).code(), goal.name.clone(), "link")}
                </th> <td data-name="目标">{target_text(goal)} {until.map(|until| format!("，{until}"))}</td>
                <td data-name="周期">{rhythm.unwrap_or_else(|| "同计划".to_owned())}</td> {place}
                <td data-name="去掉">{drop}</td>
            </tr>
        }
        .into_any();
        [head, Some(line)].into_iter().flatten().collect::<Vec<_>>()
    });
    let rows: Vec<AnyView> = rows.collect();
    let mut heads = vec!["次序", "目标", "目标数", "周期"];
    heads.extend(assessed.then_some("考核次序"));
    heads.push("去掉");
    view! {
        <fieldset>
            <legend>{format!("目标（{}个）", plan.goals.len())}</legend>
            <p class="subtitle">
                "点名称填写这个目标。改次序：把要移动的改成要到的号数，再按核对。"
                {assessed.then_some("考核次序排第一的，是首页和通报默认的指标。")}
            </p>
            {table(&heads, rows)}
            <p>{go("goal:", "加一个目标".to_owned(), "second")}</p>
            {sheet
                .long(
                    GOALS,
                    "或者从 Word、Excel、WPS 复制几行目标，粘贴在这里",
                    "一行一个：名称、目标数（12项、1120亿元、不低于25%、3—5家），可以带表头和所属部分、牵头单位、责任单位；加在上面的表后面，再逐个核对",
                )}
        </fieldset>
    }
    .into_any()
}

/// What a rhythm is called in a list of goals: 按季度.
fn rhythm_words(plan: &Plan, id: &str) -> String {
    let cadence = plan.rhythm(id).map(|rhythm| rhythm.calendar.cadence.name());
    cadence.map_or_else(|| id.to_owned(), |name| format!("{name}（{id}）"))
}

/// The rhythms that a goal may have.
pub(super) fn rhythm_options(plan: &Plan) -> Vec<(String, String)> {
    let own = plan.calendar.as_ref().map_or("不规定", |calendar| calendar.cadence.name());
    let first = (String::new(), format!("同计划（{own}）"));
    let others = plan.rhythms.iter().map(|rhythm| (rhythm.id.clone(), rhythm_words(plan, &rhythm.id)));
    std::iter::once(first).chain(others).collect()
}

pub(super) fn rhythms(sheet: &Sheet<'_>) -> AnyView {
    let watched = [("", "不用（空着）")];
    let more = [("weekly", "每周（只监测）"), ("ten_days", "每旬（只监测）")];
    let cadences = [&watched[..], CADENCES, &more[..]].concat();
    let count = sheet.rows(|row| rhythm_name(row, "cadence"), ROWS, 1);
    let cards = (0..count).map(|row| {
        let name = |field: &str| rhythm_name(row, field);
        let title = match sheet.text(&name("was")) {
            was if was.is_empty() => "再加一个周期".to_owned(),
            was => format!("周期 {was}"),
        };
        view! {
            <fieldset>
                <legend>{title}</legend>
                {sheet.hidden(&name("was"))}
                {sheet.input(&name("id"), "代号", "quarter", "英文小写，不填的自动编")}
                {calendar(sheet, &name(""), &cadences)}
                {sheet
                    .input(
                        &name("until"),
                        "止于",
                        "2022-06",
                        "不再按它报送的写最后一期；有数据的周期只能止于",
                    )}
                {sheet
                    .choice(
                        &name("bulletin"),
                        "在这个周期发通报",
                        &[("no", "否"), ("yes", "是")],
                        "都选“否”的，通报按计划自己的报送时间",
                    )}
            </fieldset>
        }
    });
    view! {
        <p class="subtitle">
            "计划自己的报送时间在“计划”页。有的目标按季度、按年报送，或每周、每旬监测的，在这里各设一个周期，再到目标里选用。"
        </p>
        {cards.collect_view()}
    }
    .into_any()
}

pub(super) fn units(sheet: &Sheet<'_>) -> AnyView {
    let sorts = [&[("", "看名称")][..], &SORTS[..]].concat();
    let rows = (0..sheet.rows(|row| unit_name(row, "name"), ROWS, SPARE)).map(|row| {
        let name = |field: &str| unit_name(row, field);
        view! {
            <tr>
                {sheet.cell(name("name"), "单位", row, "name-in")} {sheet.pick(name("sort"), "类别", row, &sorts)}
                {sheet.cell(name("id"), "代码", row, "code-in")}
                {sheet.cell(name("parent"), "上级", row, "name-in")}
                {sheet.cell(name("former"), "曾用名、旧代码", row, "name-in")}
                {sheet.cell(name("until"), "止于", row, "code-in")}
                <td class="empty">{sheet.hidden(&name("was"))}</td>
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    let categories = (0..sheet.rows(|row| category_name(row, "name"), ROWS, SPARE)).map(|row| {
        let name = |field: &str| category_name(row, field);
        view! {
            <tr>
                {sheet.cell(name("name"), "名称", row, "name-in")}
                {sheet.cell(name("sort"), "是什么", row, "name-in")}
                {sheet.cell(name("id"), "代号", row, "code-in")} <td class="empty">{sheet.hidden(&name("was"))}</td>
            </tr>
        }
        .into_any()
    });
    let categories = categories.collect();
    let open = !sheet.turn.plan.categories.is_empty();
    view! {
        <fieldset>
            <legend>{format!("单位（{}个）", sheet.turn.plan.units.len())}</legend>
            <p class="subtitle">
                "街道、园区、部门、高新区等要在这里列出，才能设岗位、领报送任务和有期限的任务。分解表里的县（市）区不必重列。\
                没有代码的不填。不要的整行清空，已有数据的写止于哪个月；行不够的，先按核对，会再多出几行。"
            </p>
            {table(&["单位", "类别", "代码", "上级", "曾用名、旧代码", "止于"], rows)}
            {sheet
                .long(
                    "units_block",
                    "或者从 Word、Excel、WPS 复制一列或几列单位，粘贴在这里",
                    "名称，可以带代码、类别（街道、园区、部门……）和上级；加在上面的表后面",
                )}
            <details open=open>
                <summary>"行业、企业等类目（“每个行业3—5家”一类的目标用）"</summary>
                {table(&["名称", "是什么（行业、企业）", "代号（不填的用名称）"], categories)}
            </details>
        </fieldset>
    }
    .into_any()
}

pub(super) fn tasks(sheet: &Sheet<'_>) -> AnyView {
    let plan = &sheet.turn.plan;
    let rows = plan.tasks.iter().enumerate().map(|(row, task)| {
        let name = |field: &str| goal_row(row, field);
        let by: Vec<&str> = task.by.iter().map(|by| called(plan, by)).collect();
        view! {
            <tr>
                {sheet.cell(name("order"), "次序", row, "num-in")}
                <th scope="row">
                    {sheet.hidden(&name("id"))} {go(&Part::Task(task.id.clone()).code(), task.title.clone(), "link")}
                </th> <td data-name="完成时限">{task.due.words()}</td>
                <td data-name="由谁完成">{by.join("、")}</td>
                <td data-name="去掉">{sheet.tick(&name("drop"), "yes", "去掉")}</td>
            </tr>
        }
        .into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let list = match rows.is_empty() {
        true => view! { <p>"还没有有期限的任务。"</p> }.into_any(),
        false => table(&["次序", "任务", "完成时限", "由谁完成", "去掉"], rows),
    };
    view! {
        <fieldset>
            <legend>{format!("有期限的任务（{}项）", plan.tasks.len())}</legend>
            <p class="subtitle">
                "文件要求在某一天之前做完的事，例如“3月底前完成能源审计”。由谁完成，先在“单位”页列出。"
            </p>
            {list}
            <p>{go("task:", "加一项任务".to_owned(), "second")}</p>
            {sheet
                .long(
                    TASKS,
                    "或者从 Word、Excel、WPS 复制几行任务，粘贴在这里",
                    "一行一项：任务、完成时限（3月25日、2022年3月底前）、由谁完成，可以带表头；加在上面的表后面",
                )}
        </fieldset>
    }
    .into_any()
}

/// What a duty's unit, or all of a sort, is called.
fn called<'p>(plan: &'p Plan, by: &'p str) -> &'p str {
    match by.strip_prefix("sort:") {
        Some(sort) => SORTS.iter().find(|(word, _)| *word == sort).map_or(by, |(_, name)| *name),
        None => plan.unit(by).map_or(by, |unit| &unit.name),
    }
}

/// The headings that goals and tasks of the plan have.
pub(super) fn sections(plan: &Plan) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    let goals = plan.goals.iter().filter_map(|goal| goal.meaning.section.as_ref());
    for section in goals.chain(plan.tasks.iter().filter_map(|task| task.section.as_ref())) {
        if !sections.contains(section) {
            sections.push(section.clone());
        }
    }
    sections
}

pub(super) fn task(sheet: &Sheet<'_>) -> AnyView {
    let plan = &sheet.turn.plan;
    let who = [vec![(String::new(), "—".to_owned())], by_options(plan)].concat();
    let who = borrowed(&who);
    let rows = (0..sheet.rows(by_name, ROWS, SPARE))
        .map(|row| view! { <tr>{sheet.pick(by_name(row), "由谁完成", row, &who)}</tr> }.into_any());
    let rows = rows.collect();
    let none = plan.units.is_empty().then(|| {
        view! {
            <p class="notice">
                "还没有单位：先在“单位”页列出街道、部门等，再回来选由谁完成。"
            </p>
        }
    });
    view! {
        <fieldset>
            <legend>"任务"</legend>
            {sheet.input("task_title", "任务", "完成能源审计", "")}
            {sheet
                .input(
                    "task_due",
                    "完成时限",
                    "2022-03-25",
                    "日期、月份（2022-03，当月底前）或起止（2022-06-01至2022-06-30）",
                )}
            {sheet.proposed("task_section", "属于哪一部分", "文件里的标题", sections(plan))}
            {sheet.input("task_clause", "条款", "四、（二）", "")}
            {sheet.input("task_evidence", "凭什么算完成", "审计报告", "")}
            {sheet.input("task_until", "止于", "2022-12", "不再要求的写最后一个月")}
            {sheet.input("task_id", "代号", "energy_audit", "英文小写，不填的自动编")}
            {sheet.long("task_quote", "原文", "")}
            {sheet.long("task_assumed", "文件没有写明、这里假定的", "一行一句")}
        </fieldset>
        <fieldset>
            <legend>"由谁完成"</legend>
            {none}
            {table(&["单位，或一类单位"], rows)}
        </fieldset>
    }
    .into_any()
}

/// The way from page to page.
pub(super) fn pages(turn: &Turn) -> AnyView {
    let plan = &turn.plan;
    let single = matches!(office::plan_form::home(plan), Part::Whole);
    let first = match single {
        true => (Part::Whole, if plan.goals.len() > 1 { "计划和主要目标" } else { "计划和目标" }.to_owned()),
        false => (Part::Plan, "计划".to_owned()),
    };
    let pages = [
        first,
        (Part::Rhythms, format!("报送周期（{}）", plan.rhythms.len() + usize::from(plan.calendar.is_some()))),
        (Part::Units, format!("单位（{}）", plan.units.len())),
        (Part::Goals, format!("目标（{}）", plan.goals.len())),
        (Part::Tasks, format!("任务（{}）", plan.tasks.len())),
        (Part::Projects, format!("重点项目（{}条规则）", plan.projects.rules.len())),
        (Part::Comparisons, format!("一季一评比（{}）", plan.comparisons.len())),
        (Part::Policies, format!("扶持政策（{}）", plan.policies.list.len())),
    ];
    let here = |part: &Part| match (&turn.part, part) {
        (Part::Goal(_), Part::Goals) | (Part::Task(_), Part::Tasks) | (Part::Policy(..), Part::Policies) => true,
        (now, part) => now == part,
    };
    let links = pages.iter().map(|(part, name)| {
        view! {
            <button
                type="submit"
                name="then"
                value=format!("go:{}", part.code())
                aria-current=here(part).then_some("page")
            >
                {name.clone()}
            </button>
        }
    });
    view! {
        <nav class="editor-pages" aria-label="计划的各部分">
            {links.collect_view()}
        </nav>
    }
    .into_any()
}
