//! The plan editor's page of key projects: levels, rules, windows; and what of them a goal counts.

use domain::plan::Plan;
use domain::plan::projects::{Counted, Gives, Role, Test};
use domain::projects::{Entry, rule_change};
use leptos::prelude::*;
use office::plan_form::{JUDGES, ROWS, WINDOWS, level_name, rule_name, window_name};

use super::plan_sheet::{SPARE, Sheet, table};
use super::projects::gather;
use crate::backend::backend;
use crate::parts::PageError;

const STARTED: [(&str, &str); 2] = [("no", "不限"), ("yes", "已开工的")];
const UNLESS: [(&str, &str); 2] = [("no", "不管有没有理由"), ("yes", "认可了理由的除外")];
const PUBLISH: [(&str, &str); 2] = [("no", "只在办公室里"), ("yes", "通报里点名")];

pub(super) fn projects(sheet: &Sheet<'_>) -> AnyView {
    view! {
        <p class="subtitle">
            "项目名单本身在“重点项目”里导入和维护；这里定它的门槛和规则。文件没有写明的，在“计划”页“文件没有写明、这里假定的”里说明。"
        </p>
        {levels(sheet)}
        {rules(sheet)}
        {windows(sheet)}
    }
    .into_any()
}

fn levels(sheet: &Sheet<'_>) -> AnyView {
    let rows = (0..sheet.rows(|row| level_name(row, "name"), ROWS, SPARE)).map(|row| {
        let name = |field: &str| level_name(row, field);
        view! {
            <tr>
                {sheet.cell(name("name"), "级别", row, "code-in")}
                {sheet.cell(name("min_total"), "总投资达到", row, "num-in")}
                {sheet.cell(name("min_equipment"), "设备投资达到", row, "num-in")}
                {sheet.pick(name("started"), "开工", row, &STARTED)}
                {sheet.cell(name("clause"), "条款", row, "name-in")}
                <td class="empty">{sheet.hidden(&name("was"))}</td>
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    view! {
        <fieldset>
            <legend>"各级项目库的门槛"</legend>
            <p class="subtitle">
                "从低到高写，例如 市：500万元；省：1亿元。项目算它够得上的最高一级。金额带单位；不要的整行清空。"
            </p>
            {table(&["级别", "总投资达到", "设备投资达到", "开工", "条款"], rows)}
        </fieldset>
    }
    .into_any()
}

fn rules(sheet: &Sheet<'_>) -> AnyView {
    let tests: Vec<(&str, &str)> = Test::ALL.iter().map(|test| (test.word(), test.name())).collect();
    let tests = [vec![("", "不用（空着）")], tests].concat();
    let gives: Vec<(&str, &str)> = Gives::ALL.iter().map(|gives| (gives.word(), gives.name())).collect();
    let cards = (0..sheet.rows(|row| rule_name(row, "test"), ROWS, 1)).map(|row| {
        let name = |field: &str| rule_name(row, field);
        let title = match sheet.text(&name("test")) {
            test if test.is_empty() => "再加一条规则".to_owned(),
            _ => format!("规则 {}：{}", row + 1, sheet.text(&name("words"))),
        };
        let roles = Role::ALL.iter().map(|role| sheet.tick(&name(role.id()), office::plan_form::YES, role.name()));
        let roles = roles.collect_view();
        view! {
            <fieldset>
                <legend>{title}</legend>
                {sheet.choice(&name("test"), "看什么", &tests, "")}
                {sheet.input(&name("from"), "达到", "3", "月数、百分点或%；三项里填用得着的")}
                {sheet.input(&name("over"), "超过", "30", "")}
                {sheet.input(&name("below"), "不到", "80", "")}
                {sheet.choice(&name("gives"), "就", &gives, "")}
                {sheet.input(&name("words"), "给出的话", "到期没有开工", "写在亮灯的项目旁边")}
                <div class="across">
                    <span>"只看这几类项目"<small>"都不选的看全部项目"</small></span>
                    {roles}
                </div>
                {sheet
                    .choice(
                        &name("unless"),
                        "正当理由",
                        &UNLESS,
                        "办公室认可的理由，在项目的页上写",
                    )}
                {sheet.input(&name("clause"), "条款", "三、（二）", "")}
            </fieldset>
        }
    });
    view! {
        <h2>"找滞后项目的规则"</h2>
        <p class="subtitle">
            "一个项目够得上几条的，几条都列出，灯按最重的一条。例如 应开未开的月数 达到 3：红灯。不要的选“不用”。"
        </p>
        {cards.collect_view()}
        {sheet
            .choice(
                "publish_laggards",
                "滞后项目的名字",
                &PUBLISH,
                "通报按县列数；点名的，通报里写项目名",
            )}
    }
    .into_any()
}

fn windows(sheet: &Sheet<'_>) -> AnyView {
    let rows = (0..sheet.rows(|row| window_name(row, "months"), ROWS, SPARE)).map(|row| {
        let name = |field: &str| window_name(row, field);
        view! {
            <tr>
                {sheet.cell(name("months"), "月份", row, "name-in")}
                {sheet.pick(name("for"), "做什么", row, &WINDOWS)}
                {sheet.cell(name("clause"), "条款", row, "name-in")}
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect();
    view! {
        <fieldset>
            <legend>"入库、退库的月份"</legend>
            <p class="subtitle">
                "只在某几个月调整名单的写在这里，例如 5、9；随时可以的不填。"
            </p>
            {table(&["月份", "做什么", "条款"], rows)}
        </fieldset>
    }
    .into_any()
}

/// What of the library of projects a goal counts.
pub(super) fn counted(sheet: &Sheet<'_>) -> AnyView {
    let counts: Vec<(&str, &str)> = Counted::ALL.iter().map(|count| (count.word(), count.name())).collect();
    let counts = [vec![("", "不从项目库数")], counts].concat();
    let levels: Vec<(String, String)> = sheet
        .turn
        .plan
        .projects
        .levels
        .iter()
        .map(|level| (level.name.clone(), format!("{}级及以上", level.name)))
        .collect();
    let levels = [vec![(String::new(), "各级都算".to_owned())], levels].concat();
    let roles: Vec<(&str, &str)> = Role::ALL.iter().map(|role| (role.id(), role.name())).collect();
    let roles = [vec![("", "各类都算")], roles].concat();
    view! {
        <details class="section" open=!sheet.text("project_count").is_empty()>
            <summary>"从重点项目库数"</summary>
            <fieldset>
                <legend>"从重点项目库数"</legend>
                {sheet.choice("project_count", "数什么", &counts, "")}
                {sheet
                    .choice_of(
                        "project_level",
                        "哪一级的项目",
                        &levels,
                        "级别的门槛在“重点项目”页定",
                    )}
                {sheet.choice("project_role", "哪一类的项目", &roles, "")}
                {sheet.input("project_label", "带哪个标签", "重中之重", "不看标签的不填")}
                {sheet.choice("figure_from", "按哪个数算完成", &JUDGES, "")}
            </fieldset>
        </details>
    }
    .into_any()
}

/// What other rules of projects would change in the library, for whoever sees all of it.
pub(crate) async fn effects(before: &Plan, after: &Plan) -> Result<Vec<String>, PageError> {
    let backend = backend();
    let all = backend.viewer().is_some_and(|viewer| viewer.sees_all_projects(before.region.id()));
    if before.projects == after.projects || !all {
        return Ok(Vec::new());
    }
    let known = gather(backend.as_ref(), before, None).await?;
    let entries: Vec<&Entry> = known.projects.values().map(|known| &known.entry).collect();
    Ok(rule_change::sentences(before, after, &entries, known.at, known.today))
}
