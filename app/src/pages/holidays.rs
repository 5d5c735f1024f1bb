//! `/admin/holidays`: the days off that deadlines know, by year, and the form that takes a year's notice.

use chrono::{Datelike, NaiveDate};
use domain::calendar::at_shanghai;
use domain::holidays::HolidayYear;
use leptos::prelude::*;
use office::commands::holidays::field;
use office::posted::Posted;

use super::admin::error;
use super::query;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, area, data_table, page};

#[component]
pub(crate) fn Holidays() -> impl IntoView {
    page(async { load() })
}

fn load() -> Result<Page, PageError> {
    let backend = backend();
    let posted = use_context::<Posted>().unwrap_or_default();
    let holidays = backend.holidays();
    let this_year = at_shanghai(backend.now()).year();
    let next = (this_year..).find(|year| !holidays.knows(*year)).unwrap_or(this_year);
    let kept = query("year").and_then(|year| year.parse().ok()).filter(|year| holidays.knows(*year));
    let kept = kept.filter(|_| posted.is_empty()).map(|year: i32| {
        view! {
            <p class="notice" role="status">
                {format!("{year}年的放假安排已登记，各计划的截止日随即照此推算。")}
            </p>
        }
    });
    let lacks = (!holidays.knows(this_year)).then(|| {
        view! {
            <p class="notice act">
                {format!(
                    "{this_year}年的放假安排还没有登记：截止日遇休息日顺延的，现在只按周末推算。",
                )}
            </p>
        }
    });
    let rows = holidays.years().rev().map(|(year, notice)| {
        view! {
            <tr>
                <th scope="row">{format!("{year}年")}</th>
                <td data-name="放假">{format!("{}（共{}天）", runs(year, notice), notice.off.len())}</td>
                <td data-name="周末上班">{listed(year, notice.work.iter().map(|day| (*day, *day)))}</td>
                <td data-name="依据">{notice.source.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let year = posted.get(field::YEAR).map_or_else(|| next.to_string(), str::to_owned);
    let body = view! {
        <section class="text-page wide">
            <h1>"放假安排"</h1>
            {error(&posted)}
            {kept}
            {lacks}
            <p class="subtitle">
                "报送截止日遇休息日顺延到下一个工作日的，按国务院办公厅各年的放假通知推算。通知一般在上一年11月公布；公布后把全文粘贴在这里，日期、星期和天数都会核对。"
            </p>
            <form method="post" action="/admin/holidays" class="stacked">
                <label for="year">"年份"</label>
                <input id="year" name=field::YEAR type="text" inputmode="numeric" value=year />
                <label for="source">"依据的通知"</label>
                <input
                    id="source"
                    name=field::SOURCE
                    type="text"
                    placeholder=format!("国务院办公厅关于{next}年部分节假日安排的通知（文号）")
                    value=posted.text(field::SOURCE).to_owned()
                />
                <label for="notice">"通知的正文"</label>
                <textarea
                    id="notice"
                    name=field::NOTICE
                    rows="9"
                    placeholder="一、元旦：1月1日放假，与周末连休。"
                    inner_html=area(posted.text(field::NOTICE))
                />
                <p class="subtitle">
                    "也可以一行一句自己写，例如“2月15日至23日放假”“2月14日、2月28日上班”。已有的年份再登记一次，以新的为准。"
                </p>
                <button type="submit">"登记"</button>
            </form>
            <h2>"已知的年份"</h2>
            {data_table(
                "已知的放假安排",
                "data stack",
                &[("年份", false), ("放假", false), ("周末上班", false), ("依据", false)],
                rows,
            )}
        </section>
    };
    Ok(Page::new("放假安排", Menu::Holidays, body))
}

/// 1月1日至3日、2月15日至23日.
fn runs(year: i32, notice: &HolidayYear) -> String {
    let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in &notice.off {
        match runs.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(*day) => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    listed(year, runs.into_iter())
}

fn listed(year: i32, runs: impl Iterator<Item = (NaiveDate, NaiveDate)>) -> String {
    let said = |day: NaiveDate| {
        let own = if day.year() == year { String::new() } else { format!("{}年", day.year()) };
        format!("{own}{}月{}日", day.month(), day.day())
    };
    let named = runs.map(|(first, last)| match () {
        () if first == last => said(first),
        () if (first.year(), first.month()) == (last.year(), last.month()) => {
            format!("{}至{}日", said(first), last.day())
        }
        () => format!("{}至{}", said(first), said(last)),
    });
    let all: Vec<String> = named.collect();
    if all.is_empty() { "—".to_owned() } else { all.join("、") }
}
