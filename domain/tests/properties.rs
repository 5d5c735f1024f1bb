//! What must hold for every plan and every set of figures, tried on small ones: whole numbers of 元 so low that ties,
//! bases of zero and units without figures are frequent.

mod plan_edits;

use std::collections::BTreeMap;

use domain::assessment::what_if::{Aim, Impossible, what_if, with_more};
use domain::assessment::{Compare, CompletedWhen, RankBy, Reading, Rules, Ties};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Plan, check, file};
use domain::rate::Rate;
use domain::returns::{Figure, Figures};
use domain::standing::{Row, Standings, compute};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::{collection, option};

use plan_edits::{CONTRACT, ONE_UNIT, edit, edited, with_quoted};

const PERIOD: Period = Period { year: 2021, month: 12 };
const NAMES: [&str; 10] = ["甲县", "乙县", "丙县", "丁县", "戊县", "己县", "庚县", "辛县", "壬县", "癸县"];
/// No rank for any of these, whatever the figures.
const UNRANKED: [Role; 4] = [Role::Within, Role::Department, Role::NoTarget, Role::Silent];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    Region,
    /// 其中 of the first unit.
    Within,
    Department,
    NoTarget,
    /// A region that reports nothing.
    Silent,
}

#[derive(Debug, Clone)]
struct Unit {
    name: &'static str,
    role: Role,
    target: Option<i64>,
    target_growth: Option<i64>,
    value: Option<i64>,
    base: Option<i64>,
    published_growth: Option<i64>,
}

fn unit() -> impl Strategy<Value = Unit> {
    let role = prop_oneof![8 => Just(Role::Region), 1 => Just(Role::Within), 1 => Just(Role::Department), 1 => Just(Role::NoTarget)];
    let targets = (option::weighted(0.85, 0..=6_i64), option::weighted(0.6, 0..=60_i64));
    let figures =
        (option::weighted(0.85, 0..=8_i64), option::weighted(0.85, 0..=4_i64), option::weighted(0.1, -20..=60_i64));
    (role, targets, figures).prop_map(|(role, (target, target_growth), (value, base, published_growth))| Unit {
        name: "",
        role,
        target,
        target_growth,
        value,
        base,
        published_growth,
    })
}

/// The first is a region with a target, so that one more unit with a target does not turn the others into units
/// without.
fn units() -> impl Strategy<Value = Vec<Unit>> {
    collection::vec(unit(), 3..=9).prop_map(|mut units| {
        for (unit, name) in units.iter_mut().zip(NAMES) {
            unit.name = name;
        }
        units[0].role = Role::Region;
        units[0].target = units[0].target.or(Some(3));
        units
    })
}

fn rules(rank_by: &'static [RankBy]) -> impl Strategy<Value = Rules> {
    let compare = select(&[Compare::Exact, Compare::Digits(1), Compare::Digits(0)][..]);
    let words = (select(&Reading::WORDS[..]), select(&Ties::WORDS[..]), select(&CompletedWhen::WORDS[..]));
    (select(rank_by), compare, words).prop_map(|(rank_by, compare, ((_, reading), (_, ties), (_, completed_when)))| {
        Rules { rank_by, reading, ties, compare, completed_when }
    })
}

const ANY_ORDER: &[RankBy] = &[RankBy::Growth, RankBy::Growth, RankBy::Completion, RankBy::Value];

fn plan_of(units: &[Unit]) -> Plan {
    let mut text =
        "format = 1\nid = 'p'\ntitle = '计划'\nregion = { name = '某市' }\nyears = [2021, 2021]\n".to_owned();
    text += "[[goal]]\nid = 'g'\nname = '投资'\nkind = 'amount'\nunit = '元'\n";
    for unit in units {
        text += &format!("[[goal.split]]\nname = '{}'\n", unit.name);
        text += match unit.role {
            Role::Within => "within = '甲县'\n",
            Role::Department => "kind = 'department'\n",
            Role::NoTarget => "target = 'none'\n",
            Role::Region | Role::Silent => "",
        };
        for (key, number) in [("value", unit.target), ("growth_pct", unit.target_growth)] {
            if let Some(number) = number.filter(|_| unit.role != Role::NoTarget) {
                text += &format!("{key} = '{number}'\n");
            }
        }
    }
    text += "[[assessment]]\ngoal = 'g'\n";
    text += "[[assessment.award]]\nwhen = 'completed'\nfrom = 'top'\nplaces = ['0.3', '0.2', '0.1']\nunit = '分'\n";
    text += "[[assessment.award]]\nwhen = 'not_completed'\nfrom = 'bottom'\nplaces = ['-0.3', '-0.2', '-0.1']\nunit = '分'\n";
    file::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

fn figures_of(units: &[Unit], period: Period) -> Figures {
    let mut figures = Figures::default();
    for unit in units.iter().filter(|unit| unit.role != Role::Silent) {
        let figure = Figure {
            value: unit.value.map(Amount),
            base: unit.base.map(Amount),
            published_growth: unit.published_growth.and_then(|percent| Rate::new(i128::from(percent), 100)),
            ..Figure::default()
        };
        figures.insert("g", period, unit.name, figure);
    }
    figures
}

fn standings_of(units: &[Unit], rules: Rules) -> Standings {
    let plan = plan_of(units);
    compute(&plan, plan.default_goal(), &figures_of(units, PERIOD), PERIOD, rules)
}

/// Places and awards of a row, without the sentences, which name others in the plan's order.
fn outcome(row: &Row) -> impl PartialEq + std::fmt::Debug + use<> {
    let awards: Vec<_> = row.awards.iter().map(|award| (award.points_text(), award.place, award.from)).collect();
    (row.rank, row.rank_from_bottom, row.unranked, row.completed, awards)
}

fn reached(aim: Aim, before: &Row, after: &Row) -> bool {
    match aim {
        Aim::Complete => after.completed == Some(true),
        Aim::NextPlace => after.rank.zip(before.rank).is_some_and(|(after, before)| after < before),
        Aim::FirstThree => after.rank.is_some_and(|rank| rank <= 3),
        Aim::LeaveLastThree => after.rank_from_bottom.is_some_and(|rank| rank > 3),
    }
}

/// Failing inputs are printed; no file of them is kept beside the sources.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn one_more_unranked_unit_changes_no_place_and_no_award(
        (units, rules, more, role) in (units(), rules(ANY_ORDER), unit(), select(&UNRANKED[..])),
        at in any::<Index>(),
    ) {
        let before = standings_of(&units, rules);
        let mut longer = units.clone();
        let target = more.target.or(Some(2));
        longer.insert(1 + at.index(units.len()), Unit { name: "癸县", role, target, ..more });
        let after = standings_of(&longer, rules);
        prop_assert!(after.row("癸县").unwrap().unranked.is_some());
        for row in &before.rows {
            let same = after.row(&row.region).unwrap();
            prop_assert_eq!(outcome(row), outcome(same), "{}", row.name);
        }
    }

    #[test]
    fn the_order_of_rows_decides_nothing(
        (units, shuffled) in units().prop_flat_map(|units| (Just(units.clone()), Just(units).prop_shuffle())),
        rules in rules(ANY_ORDER),
    ) {
        let (here, there) = (standings_of(&units, rules), standings_of(&shuffled, rules));
        for row in &here.rows {
            prop_assert_eq!(outcome(row), outcome(there.row(&row.region).unwrap()), "{}", row.name);
        }
        for (_, reading) in Reading::WORDS {
            let points = |standings: &Standings| BTreeMap::from_iter(standings.readings.get(reading).clone());
            prop_assert_eq!(points(&here), points(&there));
            let undecided = |standings: &Standings| {
                let mut regions = standings.undecided.get(reading).clone();
                regions.sort();
                regions
            };
            prop_assert_eq!(undecided(&here), undecided(&there));
        }
        prop_assert_eq!(here.provisional, there.provisional);
    }

    /// The readings shown beside the one in force are what it would give if it were in force.
    #[test]
    fn each_reading_is_the_sum_of_the_awards_under_it((units, rules) in (units(), rules(ANY_ORDER))) {
        let shown = standings_of(&units, rules).readings;
        for (_, reading) in Reading::WORDS {
            let own = standings_of(&units, Rules { reading, ..rules });
            let given = own.rows.iter().map(|row| (row.region.clone(), row.given()));
            let points = given.filter(|(_, given)| !given.is_empty()).map(|(region, given)| (region, given.text(false)));
            prop_assert_eq!(shown.get(reading), &points.collect::<Vec<_>>());
        }
    }

    #[test]
    fn more_value_never_lowers_a_place(
        (units, rules, more) in (units(), rules(&[RankBy::Growth]), 1..=10_i64),
        at in any::<Index>(),
    ) {
        let at = at.index(units.len());
        let mut raised = units.clone();
        raised[at].value = units[at].value.map(|value| value + more);
        let (before, after) = (standings_of(&units, rules), standings_of(&raised, rules));
        let (before, after) = (&before.rows[at], &after.rows[at]);
        prop_assert_eq!(before.unranked, after.unranked);
        prop_assert!(after.rank <= before.rank, "from {:?} to {:?}", before.rank, after.rank);
        prop_assert!(after.rank_from_bottom >= before.rank_from_bottom);
    }

    #[test]
    fn standings_survive_their_json((units, rules) in (units(), rules(ANY_ORDER))) {
        let standings = standings_of(&units, rules);
        let json = serde_json::to_string(&standings).unwrap();
        let back: Standings = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&back, &standings);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), json);
    }
}

proptest! {
    #![proptest_config(config(96))]

    /// The amount named is enough, and one 元 less is not; what is called impossible is not reached by any amount.
    #[test]
    fn what_if_names_the_least_amount((units, rules, month) in (units(), rules(ANY_ORDER), 2..=12_u32)) {
        let plan = plan_of(&units);
        let goal = plan.default_goal();
        let period = Period { month, ..PERIOD };
        let figures = figures_of(&units, period);
        let now = compute(&plan, goal, &figures, period, rules);
        for row in &now.rows {
            let then = |more: i64| with_more(&plan, goal, &figures, period, rules, &row.region, Amount(more)).unwrap();
            prop_assert_eq!((row.rank, row.rank_from_bottom, row.completed), {
                let same = then(0);
                (same.rank, same.rank_from_bottom, same.completed)
            });
            let answers = what_if(&plan, goal, &figures, period, rules, &row.region).unwrap();
            for answer in answers.goals {
                let reaches = |more: i64| reached(answer.goal, row, &then(more));
                match (answer.more, answer.impossible) {
                    (Some(more), None) => {
                        prop_assert!(reaches(more.0), "{} {answer:?} is not enough", row.name);
                        prop_assert!(!reaches(more.0 - 1), "{} {answer:?} is too much", row.name);
                        let months = i64::from(period.months_left());
                        let suffices = answer.per_month.map(|each| (each.0 * months >= more.0, (each.0 - 1) * months < more.0));
                        prop_assert_eq!(suffices, (months > 0).then_some((true, true)));
                    }
                    (None, Some(Impossible::Already)) => {
                        let first = answer.goal == Aim::NextPlace && row.rank == Some(1);
                        prop_assert!(first || reaches(0), "{} {answer:?}", row.name);
                    }
                    (None, Some(_)) => prop_assert!(!reaches(Amount::LIMIT), "{} {answer:?} is possible", row.name),
                    _ => prop_assert!(false, "neither an amount nor a reason: {answer:?}"),
                }
            }
        }
    }
}

/// Either a plan or at least one problem, each on a line the text has.
fn reads_or_explains(text: &str) -> Option<Plan> {
    match file::parse(text) {
        Ok(plan) => Some(plan),
        Err(problems) => {
            assert!(!problems.is_empty(), "no plan and no problem");
            let last = text.matches('\n').count() + 1;
            assert!(problems.iter().all(|problem| problem.line <= last && !problem.message.is_empty()), "{problems:?}");
            None
        }
    }
}

fn reads_and_computes(text: &str) {
    if let Some(plan) = reads_or_explains(text) {
        let _ = check::check(&plan);
        for goal in &plan.goals {
            let period = Period { year: plan.years.0, month: 12 };
            let _ = compute(&plan, goal, &Figures::default(), period, plan.rules(&goal.id));
        }
    }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn no_text_makes_the_plan_reader_panic(
        text in "\\PC{0,200}",
        lines in collection::vec("[a-z]{1,6}( = |\\.|\\[)?[\\[\\]{}\"'0-9,#甲]{0,8}", 0..8),
    ) {
        let _ = reads_or_explains(&text);
        let _ = reads_or_explains(&lines.join("\n"));
    }

    /// A plan that was edited carelessly either reads, and then it can be computed, or is explained.
    #[test]
    fn no_edit_of_a_plan_makes_anything_panic(source in select(&CONTRACT[..]), edits in collection::vec(edit(), 1..5)) {
        reads_and_computes(&edited(source, &edits));
    }

    /// The same where only targets are changed, so that most of the plans read.
    #[test]
    fn no_target_makes_anything_panic(
        source in select(&[CONTRACT[0], CONTRACT[1], CONTRACT[2], ONE_UNIT][..]),
        odd in collection::vec((any::<Index>(), select(&["0", "-100", "-99.99999999", "-200", "0.01", "9999999"][..])), 1..6),
    ) {
        let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
        let is_target = |line: &String| line.contains("value =") || line.contains("growth_pct =");
        let targets: Vec<usize> = (0..lines.len()).filter(|&at| is_target(&lines[at])).collect();
        for (at, number) in &odd {
            let line = &mut lines[targets[at.index(targets.len())]];
            *line = with_quoted(line, number);
        }
        reads_and_computes(&lines.join("\n"));
    }
}
