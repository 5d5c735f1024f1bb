//! Whole terms: every period of 丰泽's quarters and of 龙南's four years is reported, published and read, one after
//! another, as an office does over the years.

use domain::month::Period;
use domain::overview::{Overview, overview};
use domain::plan::Plan;
use office::commands::import_returns::ImportReturns;
use office::commands::publish::Publish;

use super::super::bench::Bench;

/// A term that runs: the plan, and the newest SHA-256 of every edition that is out.
struct Term<'b> {
    bench: &'b Bench,
    plan: Plan,
    published: Vec<(Period, String)>,
}

impl<'b> Term<'b> {
    fn of(bench: &'b Bench, source: &str) -> Self {
        bench.import_plan(source, None, super::machine()).unwrap();
        let plan = domain::plan::file::parse(source).unwrap();
        Self { bench, plan, published: Vec::new() }
    }

    /// Imports what was reported, publishes, and reads what the bulletin says of all goals.
    fn period(&mut self, period: Period, lines: &[String]) -> Overview {
        let csv = format!("goal,region,period,value,base,growth_pct,note\n{}\n", lines.join("\n"));
        let read = documents::returns::parse(&self.plan, self.plan.default_goal(), csv.as_bytes(), "r.csv");
        assert!(read.all_problems().is_empty(), "{period}: {:?}", read.all_problems());
        let id = self.plan.id.clone();
        let import = ImportReturns {
            plan: id.clone(),
            rows: read.rows,
            file_name: "r.csv".to_owned(),
            file_sha256: domain::canonical::sha256(csv.as_bytes()),
            reason: None,
            holidays: Default::default(),
            // Half a term without a firm is no slip of a unit here.
            accept: ["unit_slip", "off_target", "off_base"].map(str::to_owned).into_iter().collect(),
        };
        let mut who = super::machine();
        let noon = period.last_day().and_hms_opt(12, 0, 0).unwrap();
        who.at = noon.and_utc().timestamp_millis();
        self.bench.run(import, who.clone()).unwrap_or_else(|refusal| panic!("{period}: {refusal:?}"));
        let publish = Publish {
            plan: id.clone(),
            period,
            reason: None,
            wording: Default::default(),
            based_on: None,
            public_key: None,
        };
        let published = self.bench.run(publish, who).unwrap_or_else(|refusal| panic!("{period}: {refusal:?}"));
        assert_eq!(published.edition.edition, 1, "{period}");
        self.published.push((period, published.edition.sha256));
        let (edition, figures) = self.bench.runtime.block_on(async {
            let mut state = self.bench.store.read().await.unwrap();
            (state.edition(&id, period, None).await.unwrap().unwrap(), state.figures(&id).await.unwrap())
        });
        let told = edition.bulletin.overview.clone().unwrap();
        // The bulletin, the page and the command are one computation.
        assert_eq!(told.goals, overview(&self.plan, &figures, period, period.last_day()).goals, "{period}");
        told
    }

    /// What was published stays as it was, and the whole trail proves itself.
    fn end(self) {
        self.bench.runtime.block_on(async {
            let mut state = self.bench.store.read().await.unwrap();
            for (period, sha256) in &self.published {
                let edition = state.edition(&self.plan.id, *period, None).await.unwrap().unwrap();
                assert_eq!((edition.summary.edition, &edition.summary.sha256), (1, sha256), "{period}");
            }
            drop(state);
            self.bench.store.verify().await.unwrap();
        });
    }
}

/// What the bulletins say of a goal, one after another: its value and its verdict, told once while it stays.
fn course(all: &[Overview], goal: &str) -> String {
    let told = |found: &Overview| {
        let row = found.goal(goal).unwrap();
        format!("{}{}", row.value_text(), row.verdict_text())
    };
    let mut told: Vec<String> = all.iter().map(told).collect();
    told.dedup();
    told.join(" ")
}

fn check(all: &[Overview], expected: &[(&str, &str)]) {
    for (goal, expected) in expected {
        assert_eq!(course(all, goal), *expected, "{goal}");
    }
}

#[test]
fn all_quarters_of_fengze() {
    super::on_both(|bench| {
        let mut term = Term::of(bench, include_str!("../../../assets/plans/fengze-2022.plan.toml"));
        let quarters = (2021..=2024).flat_map(|year| (1..=4).map(move |quarter| (year, quarter)));
        let all: Vec<Overview> = quarters
            .map(|(year, quarter)| term.period(Period { year, month: quarter * 3 }, &fengze(year, quarter)))
            .collect();
        check(
            &all,
            &[
                (
                    "upgrading_projects",
                    "3项达到序时 6项达到序时 9项达到序时 12项已达到（截至12月25日） 3项达到序时 6项达到序时 9项达到序时 \
                     12项已达到（截至12月25日） 2项滞后 4项滞后 6项滞后 8项未达到（截至12月25日） 3项达到序时 6项达到序时 \
                     9项达到序时 12项已达到（截至12月25日）",
                ),
                // 1.25 × 1.24 × 1.2581 is 1.95, and 1.25³ is 1.953125; after its end it stays.
                (
                    "investment_average_growth",
                    "—未到期 25.0%达到序时（截至12月25日） 25.0%达到序时 24.5%接近序时（截至12月25日） 24.5%接近序时 \
                     24.9%未达到（截至12月25日）",
                ),
                // Against the city's average: 0.189, then 0.185 and 0.181.
                ("energy_per_value_added", "—未到期 0.186吨标准煤/万元已达到 0.186吨标准煤/万元未达到"),
                // One in three years, in the summer of the second.
                (
                    "digital_workshops",
                    "0个滞后 0个滞后（截至12月25日） 0个滞后 1个已达到 1个已达到（截至12月25日） 1个已达到 \
                     1个已达到（截至12月25日）",
                ),
                (
                    "industrial_software",
                    "0个滞后 1个达到序时（截至12月25日） 1个滞后 2个达到序时（截至12月25日） 2个滞后 \
                     3个已达到（截至12月25日）",
                ),
            ],
        );
        let last = all.last().unwrap();
        let own = |goal: &str| last.goal(goal).unwrap().period.unwrap().to_string();
        assert_eq!((own("industrial_software"), own("digital_lines")), ("2023-12".to_owned(), "2024-12".to_owned()));
        term.end();
    });
}

/// What 丰泽 reports of a quarter: three projects and one line a quarter, in 2023 one project less; software and
/// platforms that are counted over three years; investment of 12.5, 15.5 and 19.5 from 10; its energy at the year's
/// end.
fn fengze(year: i32, quarter: u32) -> Vec<String> {
    let at = |goal: &str, rest: String| format!("{goal},丰泽区,{year}-{:02},{rest}", quarter * 3);
    let projects = if year == 2023 { 2 } else { 3 };
    // In tenths of 亿元, from the year before the first.
    let years = [100, 125, 155, 195, 220];
    let so_far = |of: i32| {
        let thousandths = years[(of - 2020) as usize] * 25 * quarter;
        format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
    };
    let mut lines = vec![
        at("upgrading_projects", format!("{},,,", projects * quarter)),
        at("investment", format!("{},{},,", so_far(year), so_far(year - 1))),
        at("energy_saving_projects", format!("{},,,", quarter.min(2))),
        at("digital_lines", format!("{quarter},,,")),
        at("cloud_enterprises", format!("{},,,", 5 * quarter)),
    ];
    if year < 2024 {
        let third = if quarter == 4 { 1 } else { 0 };
        let only = if year == 2022 && quarter >= 2 { 1 } else { 0 };
        lines.extend(["industrial_software", "industrial_app_cases"].map(|goal| at(goal, format!("{third},,,"))));
        let once = ["digital_workshops", "industrial_internet_platforms", "industrial_5g_projects"];
        lines.extend(once.map(|goal| at(goal, format!("{only},,,"))));
        if quarter == 4 {
            lines.push(at("energy_per_value_added", "0.186,,,".to_owned()));
            lines.push(format!("energy_per_value_added,全市平均水平,{year}-12,0.18{},,,", 9 - (year - 2021) * 4));
        }
    }
    lines
}

#[test]
fn all_months_of_longnan() {
    let bench = Bench::sqlite();
    let mut term = Term::of(&bench, include_str!("../../../assets/plans/longnan-2022.plan.toml"));
    let months = (2022..=2025).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let all: Vec<Overview> =
        months.map(|(year, month)| term.period(Period { year, month }, &longnan(year, month))).collect();
    check(
        &all,
        &[
            // 左右 is never judged; 24, 15, 21 and 19.5 are 19.8 a year.
            ("investment_average_growth", "—未到期 24.0%不作判断 19.4%不作判断 19.9%不作判断 19.8%不作判断"),
            ("manufacturing_innovation_centres", "0家接近序时 0家滞后 1家已达到"),
            (
                "provincial_new_products",
                "0项接近序时 0项滞后 1项达到序时 1项接近序时 1项滞后 2项接近序时 2项滞后 3项滞后 4项滞后 4项未达到",
            ),
            ("integration_pilot_projects", "0个接近序时 0个滞后 1个达到序时 1个接近序时 1个滞后 1个未达到"),
            ("industrial_design_centres", "—未报"),
        ],
    );
    let at = |year: usize, goal: &str| course(&all[12 * year - 1..12 * year], goal);
    let firms = [1, 2, 3, 4].map(|year| at(year, "upgraded_enterprises"));
    assert_eq!(firms, ["20家已达到", "25家已达到", "30家已达到", "35家已达到"]);
    let centres = [1, 2, 3, 4].map(|year| at(year, "technology_centres"));
    assert_eq!(centres, ["2家达到序时", "4家达到序时", "6家达到序时", "8家已达到"]);
    term.end();
}

/// What 龙南 reports of a month: firms by the year's own number, centres and projects over four years, investment with
/// its growth as published at the year's end.
fn longnan(year: i32, month: u32) -> Vec<String> {
    let at = |goal: &str, rest: String| format!("{goal},龙南市,{year}-{month:02},{rest}");
    let index = (year - 2022) as u32;
    let firms = [20, 25, 30, 35][index as usize] * month / 12;
    let growth = ["24", "15", "21", "19.5"][index as usize];
    let growth = if month == 12 { growth } else { "" };
    let one = |from: u32| if month >= from { 1 } else { 0 };
    let mut lines = vec![
        at("upgraded_enterprises", format!("{firms},,,")),
        at("investment", format!("{month},,{growth},")),
        at("technology_centres", format!("{},,,", month / 6)),
        at("smart_projects", format!("{},,,", one(6) + one(12))),
        at("provincial_new_products", format!("{},,,", one(9))),
        at("green_factories", format!("{},,,", if index < 3 { one(12) } else { 0 })),
    ];
    let rare = ["manufacturing_innovation_centres", "public_service_platforms", "integration_pilot_projects"];
    lines.extend(rare.map(|goal| at(goal, format!("{},,,", if year == 2023 { one(10) } else { 0 }))));
    lines
}
