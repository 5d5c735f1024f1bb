//! The sheet of projects in the form: a line for each project with its boxes, and the same as it was handed in.

use domain::entry::is_plain;
use domain::projects::field::{Field, Place};
use domain::projects::measure;
use domain::projects::sheet::{self, SheetBox, SheetLine, cell};
use domain::projects::standing::standing;
use leptos::prelude::*;
use office::entry_form::{Form, field_name, saved_text, version_name, version_of};
use office::facts::Report;
use office::posted::Posted;

use crate::backend::backend;
use crate::pages::projects::{lamp_class, money, percent};
use crate::parts::links;

fn head() -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">"项目"</th>
                <th scope="col" class="r">
                    "年计划"
                </th>
                <th scope="col" class="r">
                    "上次报的"
                </th>
                <th scope="col" class="r">
                    "本年累计"
                </th>
                <th scope="col" class="r">
                    "开工以来"
                </th>
                <th scope="col">"形象进度"</th>
                <th scope="col">"存在问题"</th>
                <th scope="col">"下步措施"</th>
            </tr>
        </thead>
    }
    .into_any()
}

/// The project's name with where it stands, and what cannot be typed.
fn fixed(report: &Report, line: &SheetLine) -> (AnyView, AnyView, AnyView) {
    let (plan, period) = (&report.version.plan, report.key.period());
    let today = domain::calendar::at_shanghai(backend().now()).date_naive();
    let found = standing(plan, &line.after, period, today);
    let to = links::project(&plan.id, &line.id);
    let stage = format!("{}　{}", found.role.map_or("", |role| role.name()), found.stage.name());
    let last = line.before.returns.range(..period).next_back();
    let last = last.map(|(at, reported)| format!("{}（{}月）", money(reported.this_year), at.month));
    let share = found.year_completion.map(|_| format!("　完成{}", percent(found.year_completion)));
    let name = view! {
        <a href=to>{line.name.clone()}</a>
        <small class="unit">{line.id.clone()}</small>
        <small class="unit">
            <span class=lamp_class(found.lamp())>{found.lamp().name()}</span>
            {format!("　{stage}{}", share.unwrap_or_default())}
        </small>
    };
    (
        name.into_any(),
        view! {
            <td class="r" data-name="年计划">
                {money(found.planned)}
            </td>
        }
        .into_any(),
        view! {
            <td class="r" data-name="上次报的">
                {last.unwrap_or_else(|| "—".to_owned())}
            </td>
        }
        .into_any(),
    )
}

/// To type into.
pub(super) fn sheet_view(report: &Report, form: &Form, posted: Option<&Posted>) -> AnyView {
    if form.projects.is_empty() {
        let year = report.key.period().year;
        return view! { <p class="lead">{format!("{year}年没有列入本单位的项目，不用报送。")}</p> }.into_any();
    }
    let rows = form.projects.iter().map(|line| row(report, posted, line)).collect_view();
    view! {
        <p class="subtitle">
            "金额单位：万元。累计数只增不减；项目没有开工的，金额留空，写明前期进展。"
        </p>
        <div class="scroll">
            <table class="data entry-table project-sheet">{head()} <tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

fn row(report: &Report, posted: Option<&Posted>, line: &SheetLine) -> AnyView {
    let input = |of: SheetBox, width: &'static str| {
        let id = cell(&line.id, of);
        let wrong = line.hard.iter().any(|(wrong, _)| *wrong == of);
        let money = matches!(of, SheetBox::Of(field) if field.is_money());
        view! {
            <input
                type="text"
                class=width
                id=field_name(&id)
                name=field_name(&id)
                value=line.text(of).to_owned()
                inputmode=money.then_some("decimal")
                aria-label=format!("{} {}", line.name, of.name())
                aria-invalid=wrong.then_some("true")
                data-cell=id.clone()
                data-saved=saved_text(report, &id)
            />
            <input type="hidden" name=version_name(&id) value=version_of(report, posted, &id).to_string() />
        }
    };
    let boxes = SheetBox::COLUMNS.into_iter().map(|of| {
        let money = matches!(of, SheetBox::Of(field) if field.is_money());
        let width = if money { "num-in" } else { "note-in" };
        view! {
            <td class=if money { "r" } else { "" } data-name=of.name()>
                {input(of, width)}
            </td>
        }
    });
    let dates = SheetBox::DATES.into_iter().map(|of| {
        view! { <label>{of.name()} " " {input(of, "date-in")}</label> }
    });
    let typed = SheetBox::all().any(|of| !line.text(of).is_empty());
    let hard = line.hard.iter().map(|(_, sentence)| view! { <p class="message wrong">{sentence.clone()}</p> });
    let soft = line.soft.iter().filter(|_| typed).map(|text| view! { <p class="message doubt">{text.clone()}</p> });
    let question = line.question.as_ref().map(|question| {
        view! {
            <tr class="question">
                <td colspan="8">
                    <p class="free">
                        <b>{format!("{}：办公室问", line.name)}</b>
                        " "
                        {question.clone()}
                    </p>
                    <label>"答复 "{input(SheetBox::Answer, "answer-in")}</label>
                </td>
            </tr>
        }
    });
    let (name, planned, last) = fixed(report, line);
    view! {
        <tr>
            <th scope="row">{name}</th>
            {planned}
            {last}
            {boxes.collect_view()}
        </tr>
        <tr class="messages dates">
            <td colspan="8">
                <p class="row-form">
                    {dates.collect_view()} <label>"说明 "{input(SheetBox::Note, "note-in")}</label>
                </p>
                {hard.collect_view()}
                {soft.collect_view()}
            </td>
        </tr>
        {question}
    }
    .into_any()
}

/// As it was handed in, with what differs from the library.
pub(super) fn read_sheet(report: &Report, form: &Form) -> AnyView {
    let period = report.key.period();
    let place = Place { plan: &report.version.plan, year: period.year, period: Some(period), measure: measure() };
    let rows = form.projects.iter().map(|line| {
        let (name, planned, last) = fixed(report, line);
        let boxes = SheetBox::COLUMNS.into_iter().map(|of| {
            let SheetBox::Of(field) = of else { return ().into_any() };
            // As it was understood, unless it was not.
            let wrong = line.hard.iter().any(|(wrong, _)| *wrong == of);
            let text = if wrong { line.text(of).to_owned() } else { field.text(&line.after, &place) };
            let was = field.text(&line.before, &place);
            let was = (!was.is_empty() && was != text.trim())
                .then(|| view! { <small class="was">{format!("库里 {was}")}</small> });
            let right = field.is_money() || (!text.is_empty() && is_plain(&text));
            view! {
                <td class=if right { "r" } else { "said" } data-name=of.name()>
                    {text}
                    {was}
                </td>
            }
            .into_any()
        });
        let dates: Vec<String> = SheetBox::DATES
            .into_iter()
            .filter(|of| !line.text(*of).is_empty())
            .map(|of| format!("{} {}", of.name(), line.text(of)))
            .collect();
        let note = line.text(SheetBox::Note);
        let said: Vec<String> = dates.into_iter().chain((!note.is_empty()).then(|| format!("说明：{note}"))).collect();
        let soft = line.soft.iter().map(|text| view! { <p class="message doubt">{text.clone()}</p> });
        let asked = line.question.as_ref().map(|question| {
            view! { <p class="free">{format!("办公室问：{question}　答复：{}", line.text(SheetBox::Answer))}</p> }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {planned}
                {last}
                {boxes.collect_view()}
            </tr>
            <tr class="messages">
                <td colspan="8">
                    {(!said.is_empty()).then(|| view! { <p class="free">{said.join("　")}</p> })} {soft.collect_view()}
                    {asked}
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let all = form.projects.iter().filter(|line| {
        let period = report.key.period();
        line.after.returns.get(&period).is_some_and(|reported| reported.this_year.is_some())
    });
    let sum: i64 = all
        .clone()
        .filter_map(|line| line.after.returns.get(&report.key.period()).and_then(|reported| reported.this_year))
        .map(|amount| amount.0)
        .sum();
    let count = all.count();
    let total = measure().with_unit(domain::money::Amount(sum));
    let summary = format!("{}个项目，填了投资的{count}个，本年累计合计{total}。", form.projects.len());
    view! {
        <p class="lead">{summary}</p>
        <div class="scroll" tabindex="0" role="group" aria-label="项目进展">
            <table class="data entry-table project-sheet">{head()} <tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// What a pasted block puts where: cells of whole rows, each for the project that its first cell names, else one below
/// the other from the box on.
pub(crate) fn pasted(form: &Form, start: &str, block: &str) -> Vec<(String, String, bool)> {
    let first = sheet::parse_cell(start);
    let row = first.and_then(|(id, _)| form.projects.iter().position(|line| line.id == id)).unwrap_or(0);
    let column = first.and_then(|(_, of)| SheetBox::COLUMNS.iter().position(|known| *known == of)).unwrap_or(0);
    let named = |text: &str| {
        let folded = domain::region::fold_name(text);
        let is = |line: &&SheetLine| domain::region::fold_name(&line.name) == folded || line.id == folded;
        form.projects.iter().find(is)
    };
    let mut cells = Vec::new();
    let lines = block.trim_end_matches(['\r', '\n']).lines().enumerate();
    for (number, text) in lines {
        let parts: Vec<&str> = text.split('\t').collect();
        let by_name = parts.iter().position(|part| named(part).is_some());
        let (line, rest, from) = match by_name {
            Some(at) => (named(parts[at]), &parts[at + 1..], 0),
            None => (form.projects.get(row + number), &parts[..], column),
        };
        let Some(line) = line else { continue };
        for (of, text) in SheetBox::COLUMNS[from..].iter().zip(rest) {
            let money = matches!(of, SheetBox::Of(Field::ThisYear | Field::SinceStart));
            cells.push((cell(&line.id, *of), text.trim().to_owned(), money));
        }
    }
    cells
}
