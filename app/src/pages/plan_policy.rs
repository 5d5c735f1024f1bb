//! The plan editor's page of one support policy, or of one clause about several: boxes for what the plan file says.

use leptos::prelude::*;
use office::plan_form::{BoxKind, Field, LISTS, Part, Sort, policy_box, policy_row};

use super::plan_policies::read_as;
use super::plan_sheet::{SPARE, Sheet, borrowed, go, table};

/// So many rows of conditions or of a scale a page holds.
const MOST: usize = 40;

pub(super) fn policy(sheet: &Sheet<'_>, sort: Sort, id: &str) -> AnyView {
    let is_known = sort.is_known(&sheet.turn.plan, id);
    let sections = sort.sections().iter().enumerate().map(|(index, (legend, fields))| {
        let boxes = fields.iter().map(|field| one(sheet, field)).collect_view();
        // Whoever is known by an id keeps it: claims are recorded under it.
        let id = (index == 0 && !is_known)
            .then(|| sheet.input(&policy_box("id"), "代号", "equipment", "英文小写，不填的自动编；保存以后不改"));
        let scale = (*legend == "给多少").then(|| {
            view! {
                <p class="subtitle">"分级、分档的一行一档：写级别，或写达到、不到多少；不分的空着。"</p>
                {rows(sheet, "tiers")}
            }
        });
        let conditions = (sort == Sort::Policy && *legend == "上限和次数").then(|| {
            view! {
                <fieldset>
                    <legend>"条件（都要满足）"</legend>
                    <p class="subtitle">
                        "一行一个：选“须是”，或选一个数并填达到、超过多少，或填完工的年份。金额不写单位的按万元。"
                    </p>
                    {rows(sheet, "conditions")}
                </fieldset>
            }
        });
        view! {
            {conditions}
            <fieldset>
                <legend>{*legend}</legend>
                {boxes}
                {id}
                {scale}
            </fieldset>
        }
    });
    let read = (sort == Sort::Policy && is_known).then(|| read_as(sheet, Some(id)));
    view! {
        <p class="neighbours">
            {go(&Part::Policies.code(), "回到扶持政策的列表".to_owned(), "second")}
            {(!is_known)
                .then(|| {
                    view! {
                        <button type="submit" name="then" value="leave:policies" class="second">
                            "不加了"
                        </button>
                    }
                })}
        </p>
        {sections.collect_view()}
        {read}
    }
    .into_any()
}

fn one(sheet: &Sheet<'_>, field: &Field) -> AnyView {
    let name = policy_box(field.key);
    match field.kind {
        BoxKind::Long | BoxKind::Lines | BoxKind::Sums => sheet.long(&name, field.label, field.hint),
        BoxKind::Tick => sheet.tick(&name, "yes", field.label),
        BoxKind::Pick(words) => sheet.choice_of(&name, field.label, &words.choices(&sheet.turn.plan), field.hint),
        _ => sheet.input(&name, field.label, field.example, field.hint),
    }
}

/// A policy's scale, or its conditions: one a row.
fn rows(sheet: &Sheet<'_>, list: &str) -> Option<AnyView> {
    let (_, _, fields) = LISTS.iter().find(|(key, ..)| *key == list)?;
    let count = sheet.rows(|row| policy_row(list, row, fields[0].key), MOST, SPARE);
    let cell = |row: usize, field: &Field| {
        let name = policy_row(list, row, field.key);
        match field.kind {
            BoxKind::Pick(words) => sheet.pick(name, field.label, row, &borrowed(&words.choices(&sheet.turn.plan))),
            BoxKind::Line => sheet.cell(name, field.label, row, "name-in"),
            _ => sheet.cell(name, field.label, row, "num-in"),
        }
    };
    let rows: Vec<AnyView> = (0..count)
        .map(|row| view! { <tr>{fields.iter().map(|field| cell(row, field)).collect_view()}</tr> }.into_any())
        .collect();
    let heads: Vec<&'static str> = fields.iter().map(|field| field.label).collect();
    Some(table(&heads, rows))
}
