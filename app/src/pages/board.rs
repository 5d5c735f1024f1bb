//! `/board`: the wall screen. Three scenes of the newest published bulletin, turned by the stylesheet alone; keys, the
//! mark for a lost connection and new editions by the island.

use std::sync::Arc;

use domain::bulletin::Bulletin;
use domain::bulletin::columns::{Column, Columns};
use domain::calendar::chinese_date;
use domain::plan::Direction;
use domain::standing::{Lamp, Measured, Row};
use leptos::prelude::*;

use super::bulletin::cards;
use super::query;
use crate::backend::backend;
use crate::charts::chosen::Chart;
use crate::charts::{Size, bullet};
use crate::islands::board::BoardKeys;
use crate::load::newest_edition;
use crate::parts::frame::{DEMO, Layout};
use crate::parts::lamp::LampMark;
use crate::parts::{Menu, Page, PageError, page};
use office::facts::Edition;

/// More lines cannot be read from the other side of a room.
const LINES: usize = 17;
/// With so many lines the four numbers have room above them.
const WITH_CARDS: usize = 12;

#[component]
pub(crate) fn Board() -> impl IntoView {
    let plan = query("plan");
    page(async move {
        let layout = Layout::Wall;
        match newest(plan.as_deref()).await? {
            Some(edition) => Ok(Page {
                layout,
                ..Page::new(edition.bulletin.heading.title.clone(), Menu::Newest, board(plan, &edition))
            }),
            None => {
                let body = view! {
                    <header class="board-head">
                        <h1>"还没有发布通报"</h1>
                    </header>
                    <p>"第一期通报发布之后，这里会自己更新。"</p>
                    <footer class="board-foot">
                        {keys(plan, String::new())}
                    </footer>
                };
                Ok(Page { layout, ..Page::new("大屏", Menu::Newest, body) })
            }
        }
    })
}

async fn newest(plan: Option<&str>) -> Result<Option<Arc<Edition>>, PageError> {
    let backend = backend();
    match newest_edition(plan, None).await? {
        Some(newest) => Ok(backend.edition(&newest.plan, newest.period, Some(newest.edition)).await?),
        None => match plan {
            Some(plan) if backend.plan_versions(plan).await?.is_empty() => Err(PageError::no_plan(plan)),
            _ => Ok(None),
        },
    }
}

fn board(plan: Option<String>, edition: &Edition) -> AnyView {
    let bulletin = &edition.bulletin;
    let heading = &bulletin.heading;
    let published = heading.published_on.map(chinese_date).unwrap_or_default();
    let until = format!("截至{}　{published}发布　第{}版", until(bulletin), edition.summary.edition);
    let demo = heading.demo.then(|| view! { <span class="demo-note">{DEMO}</span> });
    let names = ["进度", "排名", "走势"];
    let radios = names.iter().enumerate().map(|(index, _)| {
        view! { <input type="radio" name="scene" class="scene-in" id=format!("scene-{}", index + 1) /> }
    });
    let labels = names.iter().enumerate().map(|(index, name)| {
        view! { <label for=format!("scene-{}", index + 1)>{format!("{} {name}", index + 1)}</label> }
    });
    let (radios, labels) = (radios.collect_view(), labels.collect_view());
    view! {
        <header class="board-head">
            <h1>{heading.title.clone()}</h1>
            <p>{demo}{until}</p>
        </header>
        <input type="radio" name="scene" class="scene-in" id="scene-auto" checked=true autofocus=true />
        {radios}
        <section class="scene scene-1" aria-label="进度">
            {progress(bulletin)}
        </section>
        <section class="scene scene-2" aria-label="排名">
            {pair(bulletin, ["growth", "slope", "contribution"])}
        </section>
        <section class="scene scene-3" aria-label="走势">
            {pair(bulletin, ["cumulative", "paths", "contribution"])}
        </section>
        <footer class="board-foot">
            <label for="scene-auto">"自动轮播"</label>
            {labels}
            {keys(plan, edition.summary.sha256.clone())}
        </footer>
    }
    .into_any()
}

fn keys(plan: Option<String>, shown: String) -> AnyView {
    view! {
        <span class="board-keys">"空格：暂停或继续　← →：换屏"</span>
        <strong id="offline" class="offline" role="status"></strong>
        <BoardKeys plan shown />
    }
    .into_any()
}

fn until(bulletin: &Bulletin) -> String {
    let period = bulletin.standings.period;
    format!("{}年{}月底", period.year, period.month)
}

/// Two charts side by side: the first two that the edition has.
fn pair(bulletin: &Bulletin, names: [&'static str; 3]) -> AnyView {
    let views = Chart::of(bulletin, names).into_iter().take(2).map(|chart| {
        view! {
            <figure class=format!("wall-chart wall-{}", chart.name)>
                <figcaption>
                    <h2>{chart.title}</h2>
                    <p>{chart.subtitle}</p>
                </figcaption>
                <div class="drawing" inner_html=(chart.draw)(bulletin, Size::Wall) />
            </figure>
        }
    });
    let views: Vec<_> = views.collect();
    if views.is_empty() {
        let why = match bulletin.withheld.is_empty() {
            true => "这一版没有这一屏的图：有数的单位不到两个，或缺上年同期数。".to_owned(),
            false => format!("{}。", bulletin.withheld),
        };
        return view! { <p class="wall-empty">{why}</p> }.into_any();
    }
    views.collect_view().into_any()
}

/// Who is behind the pace: the furthest behind on top.
fn progress(bulletin: &Bulletin) -> AnyView {
    let standings = &bulletin.standings;
    let printed = Columns::of(bulletin);
    let progress = printed.is_progress();
    let (mut rows, others): (Vec<&Row>, Vec<&Row>) = standings
        .rows
        .iter()
        .filter(|row| row.within.is_none())
        .partition(|row| if progress { row.gap.is_some() } else { standings.distance(row).is_some() });
    match progress {
        true => rows.sort_by_key(|row| row.gap),
        false => rows.sort_by_key(|row| standings.distance(row)),
    }
    if !progress && standings.direction == Direction::AtMost {
        rows.reverse();
    }
    let (first, second) = match printed.measured() {
        Measured::Progress => (Column::Completion, Column::Gap),
        Measured::Distance => (Column::Value, Column::Distance),
        Measured::Growth => (Column::Growth, Column::Distance),
    };
    let left_out = rows.len().saturating_sub(LINES);
    rows.truncate(LINES);
    let numbers = (rows.len() <= WITH_CARDS).then(|| cards(bulletin, false));
    let end = bullet::scale_end(standings);
    let whole = printed.cell_of_total(first).filter(|_| !bulletin.total_is_partial()).map(|figure| Shown {
        class: "wall-row total",
        name: bulletin.heading.whole.clone(),
        bar: bullet::of_total(bulletin, end).filter(|_| progress),
        completion: figure,
        gap: printed.cell_of_total(second).unwrap_or_default(),
        lamp: None,
    });
    let rows = rows.into_iter().map(|row| Shown {
        class: "wall-row",
        name: row.name.clone(),
        bar: bullet::of_row(row, bulletin.near, end).filter(|_| progress),
        completion: printed.cell(first, row).unwrap_or_default(),
        gap: printed.cell(second, row).unwrap_or_default(),
        lamp: Some(printed.lamp(row)),
    });
    let lines = whole.into_iter().chain(rows).map(Shown::view).collect_view();
    let mut notes: Vec<String> = Vec::new();
    if left_out > 0 {
        notes.push(format!("其余{left_out}个单位见通报"));
    }
    let named = |title: &str, which: fn(&Row) -> bool| -> Option<String> {
        let names: Vec<&str> = others.iter().filter(|row| which(row)).map(|row| row.name.as_str()).collect();
        let more = if names.len() > 8 { format!("等{}个", names.len()) } else { String::new() };
        (!names.is_empty()).then(|| format!("{title}：{}{more}", names[..names.len().min(8)].join("、")))
    };
    notes.extend(named("未报", |row| row.lamp == Lamp::Missing));
    if progress {
        notes.extend(named("无目标", |row| row.lamp != Lamp::Missing && row.completion.is_none()));
        notes.push("竖线为序时进度，◇为上年同期数占今年目标，差的单位为个百分点".to_owned());
    } else {
        notes.push(format!("与目标差的单位为{}", standings.distance_unit()));
    }
    view! {
        <h2>{bulletin.headlines.table.clone()}</h2>
        {numbers}
        <div class="wall-rows">
            <div class="wall-row wall-heads">
                <span>"按差距由大到小"</span>
                <span />
                <span class="r">{printed.name(first)}</span>
                <span class="r">{printed.name(second)}</span>
                <span />
            </div>
            {lines}
        </div>
        <p class="wall-notes">{notes.join("　")}</p>
    }
    .into_any()
}

/// One line of the first scene, as printed.
struct Shown {
    class: &'static str,
    name: String,
    bar: Option<String>,
    completion: String,
    gap: String,
    lamp: Option<(domain::standing::Lamp, &'static str)>,
}

impl Shown {
    fn view(self) -> AnyView {
        view! {
            <div class=self.class>
                <b>{self.name}</b>
                <div class="wall-bar" inner_html=self.bar.unwrap_or_default() />
                <span class="r">{self.completion}</span>
                <span class="r">{self.gap}</span>
                <span>{self.lamp.map(|(lamp, word)| view! { <LampMark lamp word /> })}</span>
            </div>
        }
        .into_any()
    }
}
