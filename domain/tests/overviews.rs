//! What must hold of the overview of every plan: it agrees with each goal's own standings, a goal never changes
//! another's row, and the order of goals and units decides nothing.

use domain::money::Amount;
use domain::month::Period;
use domain::overview::{GoalRow, Overview, Quantity, Verdict, overview};
use domain::plan::{Plan, file};
use domain::returns::{Figure, Figures};
use domain::standing::compute;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::{collection, option};

const HEAD: &str = "format = 1\nid = \"case\"\ntitle = \"例\"\nregion = { name = \"某市\" }\nyears = [2021, 2022]\n\n\
                    [calendar]\ncadence = \"monthly\"\n\n[[rhythm]]\nid = \"quarter\"\ncadence = \"quarterly\"\n";
const UNITS: [&str; 3] = ["甲县", "乙县", "丙县"];
const WHOLE: &str = "某市";

/// What goals may mean, without naming each other.
const MEANINGS: [&str; 12] = [
    "kind = \"amount\"\nunit = \"元\"\ntargets = [{ year = 2021, value = \"6\" }, { year = 2022, value = \"8\" }]",
    "kind = \"count\"\nunit = \"个\"\nwhole = { from = 2021, to = 2022, value = \"9\" }",
    "kind = \"count\"\nunit = \"个\"\ncounts = \"stock\"\nstart = \"2\"\nwhole = { from = 2021, to = 2022, value = \"6\" }",
    "kind = \"count\"\nunit = \"个\"\ncounts = \"stock\"\ntargets = [{ year = 2022, value = \"4\" }]",
    "kind = \"count\"\nunit = \"个\"\ndue = \"2021-09\"\ntargets = [{ year = 2021, value = \"3\" }]",
    "kind = \"count\"\nunit = \"个\"\nrange = [\"3\", \"5\"]\nrhythm = \"quarter\"",
    "kind = \"count\"\nunit = \"个\"\neach = { of = \"region\", value = \"2\" }\nrhythm = \"quarter\"",
    "kind = \"amount\"\nunit = \"元\"\ntarget = \"none\"",
    "kind = \"ratio\"\nunit = \"%\"\ndirection = \"at_most\"\ntargets = [{ year = 2021, value = \"4\" }, { year = 2022, value = \"3\" }]",
    "kind = \"ratio\"\nunit = \"%\"\ncompared_with = \"全省平均\"",
    "kind = \"count\"\nunit = \"个\"\ndirection = \"about\"\ntargets = [{ year = 2021, value = \"5\" }, { year = 2022, value = \"5\" }]",
    "kind = \"amount\"\nunit = \"元\"\npace = { curve = [{ month = 6, share = \"0.3\" }, { month = 12, share = \"1\" }] }\n\
     targets = [{ year = 2021, value = \"8\" }, { year = 2022, value = \"8\" }]",
];

#[derive(Debug, Clone)]
struct Case {
    /// Of each goal: what it means, and whether its units report it.
    goals: Vec<(&'static str, bool)>,
    /// Goal, whose figure, month since January 2021, value and base.
    figures: Vec<(usize, usize, u32, i64, Option<i64>)>,
    month: u32,
}

fn period(month: u32) -> Period {
    Period { year: 2021 + (month / 12) as i32, month: month % 12 + 1 }
}

fn case() -> impl Strategy<Value = Case> {
    let goals = collection::vec((select(&MEANINGS[..]), any::<bool>()), 2..=5);
    let figure = (0..5_usize, 0..=4_usize, 0..24_u32, 0..=9_i64, option::of(0..=4_i64));
    (goals, collection::vec(figure, 0..=60), 0..24_u32).prop_map(|(goals, figures, month)| Case {
        goals,
        figures,
        month,
    })
}

impl Case {
    /// The plan with its goals and units in this order.
    fn plan(&self, order: &[usize], units: &[&str]) -> Plan {
        let units = units.iter().map(|unit| format!("\n[[unit]]\nname = \"{unit}\"\n"));
        let goal = |index: &usize| {
            let (meaning, by_units) = self.goals[*index];
            let each = meaning.contains("each");
            let duties = if by_units && !each { "\nduties = [\"sort:region\"]" } else { "" };
            format!("\n[[goal]]\nid = \"g{index}\"\nname = \"目标{index}\"\n{meaning}{duties}\n")
        };
        let source: String = std::iter::once(HEAD.to_owned()).chain(units).chain(order.iter().map(goal)).collect();
        file::parse(&source).unwrap_or_else(|problems| panic!("{source}\n{problems:?}"))
    }

    fn in_order(&self) -> Vec<usize> {
        (0..self.goals.len()).collect()
    }

    /// The figures of the goals that `of` takes.
    fn figures(&self, of: impl Fn(usize) -> bool) -> Figures {
        let mut figures = Figures::default();
        for &(goal, whose, month, value, base) in self.figures.iter().filter(|figure| of(figure.0)) {
            let region = [UNITS[0], UNITS[1], UNITS[2], WHOLE, "全省平均"][whose];
            let figure = Figure { value: Some(Amount(value)), base: base.map(Amount), ..Figure::default() };
            figures.insert(&format!("g{goal}"), period(month), region, figure);
        }
        figures
    }

    fn overview(&self, plan: &Plan, figures: &Figures) -> Overview {
        overview(plan, figures, period(self.month), period(self.month).last_day())
    }
}

/// A row without its findings, which name units in the plan's order.
fn plain(row: &GoalRow) -> GoalRow {
    GoalRow { findings: Vec::new(), ..row.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_overview_agrees_with_each_goals_own_standings(case in case()) {
        let (plan, figures) = (case.plan(&case.in_order(), &UNITS), case.figures(|_| true));
        for (row, goal) in case.overview(&plan, &figures).goals.iter().zip(&plan.goals) {
            let Some(own) = row.period else { continue };
            let standings = compute(&plan, goal, &figures, own, plan.rules(&goal.id));
            let total = &standings.total;
            match row.reach {
                Some(reach) => {
                    let asked = standings.rows.iter().filter(|unit| unit.target.is_some());
                    prop_assert_eq!(reach.units, asked.clone().count());
                    prop_assert_eq!(reach.reached, asked.filter(|unit| standings.is_reached(unit) == Some(true)).count());
                }
                None => {
                    prop_assert_eq!(row.value, total.so_far.or(total.value).map(Quantity::Amount));
                    prop_assert_eq!(row.stated, total.value.map(Quantity::Amount));
                    prop_assert_eq!((row.growth, row.pace, row.gap), (total.growth, total.pace, total.gap));
                    // Before its time, a figure that is behind has a gap below the pace, and one on its way has none.
                    if let Some(gap) = row.gap {
                        let short = gap.is_negative();
                        prop_assert!(!matches!(row.verdict, Verdict::Behind | Verdict::Near) || short, "{:?}", row);
                        prop_assert!(row.verdict != Verdict::OnPace || !short, "{:?}", row);
                    }
                }
            }
        }
    }

    #[test]
    fn a_goal_never_changes_another(case in case(), changed in 0..5_usize) {
        let plan = case.plan(&case.in_order(), &UNITS);
        let all = case.overview(&plan, &case.figures(|_| true));
        let without = case.overview(&plan, &case.figures(|goal| goal != changed));
        for (index, (before, after)) in all.goals.iter().zip(&without.goals).enumerate() {
            prop_assert!(index == changed || before == after, "{:?}\n{:?}", before, after);
        }
        // Nor does its being there.
        let mut others = case.in_order();
        others.retain(|goal| *goal != changed);
        if !others.is_empty() {
            let fewer = case.overview(&case.plan(&others, &UNITS), &case.figures(|_| true));
            let kept: Vec<&GoalRow> = all.goals.iter().filter(|row| row.goal != format!("g{changed}")).collect();
            prop_assert_eq!(fewer.goals.iter().collect::<Vec<_>>(), kept);
        }
    }

    #[test]
    fn the_order_of_goals_and_units_decides_nothing(
        (case, order, units) in case().prop_flat_map(|case| {
            let order = Just(case.in_order()).prop_shuffle();
            (Just(case), order, Just(UNITS.to_vec()).prop_shuffle())
        })
    ) {
        let figures = case.figures(|_| true);
        let one = case.overview(&case.plan(&case.in_order(), &UNITS), &figures);
        let other = case.overview(&case.plan(&order, &units), &figures);
        let ids: Vec<String> = order.iter().map(|goal| format!("g{goal}")).collect();
        prop_assert_eq!(other.goals.iter().map(|row| row.goal.clone()).collect::<Vec<_>>(), ids);
        for row in &one.goals {
            prop_assert_eq!(Some(plain(row)), other.goal(&row.goal).map(plain));
        }
    }
}
