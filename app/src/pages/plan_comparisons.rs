//! The plan editor's page of 一季一评比: what units are compared by each quarter.

use leptos::prelude::*;
use office::plan_form::{COLUMNS, COMPARED_BY, ROWS, column_name, comparison_name};

use super::plan_sheet::{Sheet, borrowed, table};

pub(super) fn comparisons(sheet: &Sheet<'_>) -> AnyView {
    let goals: Vec<(String, String)> =
        sheet.turn.plan.goals.iter().map(|goal| (goal.id.clone(), goal.name.clone())).collect();
    let goals = [vec![(String::new(), "不用（空着）".to_owned())], goals].concat();
    let cards = (0..sheet.rows(|row| comparison_name(row, "name"), ROWS, 1)).map(|row| {
        let name = |field: &str| comparison_name(row, field);
        let title = match sheet.text(&name("name")) {
            text if text.is_empty() => "再加一个评比".to_owned(),
            text => text,
        };
        let columns = (0..COLUMNS).map(|number| {
            let column = |field: &str| column_name(row, number, field);
            view! {
                <tr>
                    {sheet.pick(column("goal"), "目标", number, &borrowed(&goals))}
                    {sheet.pick(column("by"), "按什么", number, &COMPARED_BY)}
                    {sheet.cell(column("weight"), "满分", number, "num-in")}
                </tr>
            }
            .into_any()
        });
        view! {
            <fieldset>
                <legend>{title}</legend>
                {sheet.input(&name("name"), "名称", "工业项目一季一评比", "不要的整个清空")}
                {sheet
                    .input(&name("id"), "英文名", "quarter", "小写字母、数字、连字符；用在网址里")}
                {table(&["目标", "按什么", "满分"], columns.collect())}
                {sheet.input(&name("clause"), "条款", "四、（一）", "")}
                {sheet.input(&name("quote"), "原文", "", "")}
                {sheet.long(&name("assumed"), "文件没有写明、这里假定的", "一行一条")}
                {sheet.input(&name("responsible"), "责任单位", "", "几个之间用顿号")}
            </fieldset>
        }
    });
    view! {
        <p class="subtitle">
            "每个季度按这几项给各单位排位，发布时冻结。每一项都写满分的，另排综合位次；都不写的只分项排位。"
        </p>
        {cards.collect_view()}
    }
    .into_any()
}
