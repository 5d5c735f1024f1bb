//! Which charts a bulletin has, each with its finding: what pages, the wall screen and files all show.

use domain::bulletin::{Bulletin, tables};
use domain::calendar::chinese_date;
use office::facts::Edition;

use super::{Size, contribution, cumulative, growth, paths, quadrant, score, slope};

/// A chart of a bulletin.
pub struct Chart {
    /// Its name in addresses.
    pub name: &'static str,
    /// The finding.
    pub title: String,
    /// What is shown, the period and the unit.
    pub subtitle: String,
    pub draw: fn(&Bulletin, Size) -> String,
}

impl Chart {
    /// Those of these charts that the bulletin has, in this order.
    pub fn of<const N: usize>(bulletin: &Bulletin, names: [&'static str; N]) -> Vec<Self> {
        let one = |name| match name {
            "growth" => growth_chart(bulletin),
            "cumulative" => cumulative_chart(bulletin),
            "contribution" => contribution_chart(bulletin),
            "slope" => slope_chart(bulletin),
            "quadrant" => quadrant_chart(bulletin),
            "paths" => paths_chart(bulletin),
            "score" => score_chart(bulletin),
            _ => None,
        };
        names.into_iter().filter_map(one).collect()
    }
}

/// Who reported, when it was published, which edition: below each chart.
pub fn source(edition: &Edition) -> String {
    let date = edition.bulletin.heading.published_on.map(chinese_date).unwrap_or_default();
    let demo = if edition.bulletin.heading.demo { "演示数据，非官方统计；" } else { "" };
    format!(
        "{demo}来源：{}　{date}　第{}版 {}",
        edition.bulletin.reported_by(),
        edition.summary.edition,
        &edition.summary.sha256[..8]
    )
}

fn growth_chart(bulletin: &Bulletin) -> Option<Chart> {
    let rows = tables::growth_rows(bulletin);
    if rows.len() < 2 || bulletin.headlines.growth.is_empty() {
        return None;
    }
    let targets = rows.iter().any(|row| row.target_growth.is_some());
    let targets = if targets { "　短竖线为各自目标增幅" } else { "" };
    let far = if growth::has_far(bulletin) { "　双斜线处未按比例" } else { "" };
    let order = if growth::is_falling(bulletin) { "　降幅由小到大" } else { "" };
    let subtitle = format!("同比增长　{}　%{order}{targets}{far}", bulletin.standings.period.label());
    Some(Chart { name: "growth", title: bulletin.headlines.growth.clone(), subtitle, draw: growth::draw })
}

/// Where places follow a score: who has how much of it, and from which part.
fn score_chart(bulletin: &Bulletin) -> Option<Chart> {
    let standings = &bulletin.standings;
    let title = Some(bulletin.headlines.score.clone()).filter(|title| !title.is_empty())?;
    let formed = standings.formed.as_ref().filter(|_| standings.ranked().len() > 1)?;
    let keys = formed.parts.iter().filter(|part| part.counted).zip(score::MARKS);
    let keys: Vec<String> = keys.map(|(part, mark)| format!("{mark} {}", part.name)).collect();
    let subtitle = format!("得分　{}　分　{}", standings.period.label(), keys.join("　"));
    Some(Chart { name: "score", title, subtitle, draw: score::draw })
}

fn cumulative_chart(bulletin: &Bulletin) -> Option<Chart> {
    let standings = &bulletin.standings;
    if bulletin.series.value.is_empty() {
        return None;
    }
    let goal = match (standings.is_completion_only(), standings.flow) {
        (true, _) => format!("{}完成率", standings.goal_name),
        (_, true) => format!("累计完成{}", standings.goal_name),
        (_, false) => standings.goal_name.clone(),
    };
    let subtitle = format!("{goal}　{}年　{}", standings.period.year, standings.measure.unit);
    let title = bulletin.headlines.cumulative.clone();
    Some(Chart { name: "cumulative", title, subtitle, draw: cumulative::draw })
}

/// Editions from before the chart was thought of have no finding for it, and keep their look; so it is for the next
/// two.
fn contribution_chart(bulletin: &Bulletin) -> Option<Chart> {
    let title = Some(bulletin.headlines.contribution.clone()).filter(|title| !title.is_empty())?;
    let within =
        if tables::contribution_within(bulletin).is_empty() { "" } else { "　斜线为其中项，不相加" };
    let subtitle =
        format!("对{}增长的拉动　{}　个百分点{within}", bulletin.heading.whole, bulletin.standings.period.label());
    Some(Chart { name: "contribution", title, subtitle, draw: contribution::draw })
}

fn slope_chart(bulletin: &Bulletin) -> Option<Chart> {
    let title = Some(bulletin.headlines.slope.clone()).filter(|title| !title.is_empty())?;
    let far = tables::slope_rows(bulletin).into_iter().any(|(_, before, now)| now.abs_diff(before) >= slope::TOLD);
    let key = if far { format!("　粗线为变动{}位以上", slope::TOLD) } else { String::new() };
    let key = if tables::slope_rows(bulletin).len() > Size::Phone.most() {
        format!("{key}　只画变动最大的单位")
    } else {
        key
    };
    let among = match tables::unmoved_by_absence(bulletin) {
        0 => "",
        _ => "（两期都参加排位的单位之间）",
    };
    let by = bulletin.standings.ranked_by().name();
    let subtitle = format!("{by}位次{among}　{}{key}", bulletin.standings.period.label());
    Some(Chart { name: "slope", title, subtitle, draw: slope::draw })
}

fn paths_chart(bulletin: &Bulletin) -> Option<Chart> {
    let title = Some(bulletin.headlines.paths.clone()).filter(|title| !title.is_empty())?;
    let whole = &bulletin.heading.whole;
    let part = if bulletin.paths.len() > paths::PANELS { "　只画落后最多的单位" } else { "" };
    let subtitle = format!("累计完成率　{}　%　虚线为序时进度，灰线为{whole}{part}", bulletin.standings.period.label());
    Some(Chart { name: "paths", title, subtitle, draw: paths::draw })
}

/// Shown where the bulletin names awards: provisional ones the plan publishes, or those of the year.
fn quadrant_chart(bulletin: &Bulletin) -> Option<Chart> {
    if tables::quadrant_rows(bulletin).len() < 2 || bulletin.award_columns().is_empty() {
        return None;
    }
    let standings = &bulletin.standings;
    let (what, done) = match standings.period.is_year_end() {
        true => ("完成率", "● 已完成　○ 未完成"),
        false => ("与序时进度的差", "● 达到序时　○ 未达到"),
    };
    let award = bulletin.award_columns().last().map_or("", |column| column.name);
    let by = standings.ranked_by().name();
    let subtitle =
        format!("{by}位次和{what}　{}　{done}　灰底为前三中的●、后三中的○　右侧为{award}", standings.period.label());
    Some(Chart { name: "quadrant", title: bulletin.headlines.quadrant.clone(), subtitle, draw: quadrant::draw })
}
