//! What is said of units whose value or growth is unknown, where both decide.

use domain::assessment::what_if::{Aim, Impossible, what_if};
use domain::assessment::{CompletedWhen, Rules, trace};
use domain::bulletin::PlanSource;
use domain::month::Period;
use domain::plan::{Plan, file};
use domain::rate::Rate;
use domain::returns::{Figure, Figures};
use domain::standing::compute;
use domain::year_end::YearResult;

const PERIOD: Period = Period { year: 2021, month: 12 };
const RULES: Rules = Rules {
    rank_by: domain::assessment::RankBy::Growth,
    reading: domain::assessment::Reading::RankThenFilter,
    ties: domain::assessment::Ties::SharePlace,
    compare: domain::assessment::Compare::Exact,
    completed_when: CompletedWhen::Both,
};

fn plan(target: &str, direction: &str) -> Plan {
    plan_of(target, direction, "")
}

fn plan_of(target: &str, direction: &str, awards: &str) -> Plan {
    let text = format!(
        "format = 1\nid = 'p'\ntitle = 't'\nregion = {{ name = '某市' }}\nyears = [2021, 2021]\n
        [[goal]]\nid = 'g'\nname = '投资'\nkind = 'amount'\nunit = '亿元'\ndirection = '{direction}'\n
        [[goal.split]]\nname = '甲县'\n{target}\n
        [[assessment]]\ngoal = 'g'\n{awards}"
    );
    file::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn figures(plan: &Plan, value: Option<&str>, base: Option<&str>, growth: Option<&str>) -> Figures {
    let amount = |text: Option<&str>| text.map(|text| plan.goals[0].measure.parse(text).unwrap());
    let published_growth = growth.map(|text| Rate::parse_percent(text).unwrap());
    let figure = Figure { value: amount(value), base: amount(base), published_growth, ..Figure::default() };
    let mut figures = Figures::default();
    figures.insert("g", PERIOD, "甲县", figure);
    figures
}

const TARGETS: &str = "value = '100'\ngrowth_pct = '10'";

#[test]
fn the_trace_says_which_part_settled_it_or_is_unknown() {
    let check = |target: &str, (value, base, growth): (Option<&str>, Option<&str>, Option<&str>), said: &str| {
        let plan = plan(target, "at_least");
        let figures = figures(&plan, value, base, growth);
        let standings = compute(&plan, &plan.goals[0], &figures, PERIOD, RULES);
        let steps = trace::explain(&plan, &standings, &standings.rows[0]);
        let of_completion = steps.iter().find(|step| step.starts_with("完成：")).unwrap();
        assert!(of_completion.ends_with(said), "{of_completion}, expected {said}");
    };
    check(TARGETS, (Some("115"), Some("100"), None), "判定，总量、增幅都达到，已完成。");
    check(TARGETS, (Some("90"), Some("100"), None), "判定，总量、增幅都未达到，未完成。");
    check(TARGETS, (Some("90"), Some("80"), None), "判定，总量未达到，未完成。");
    check(TARGETS, (Some("105"), Some("100"), None), "判定，增幅未达到，未完成。");
    check(TARGETS, (Some("90"), None, None), "判定，总量未达到（增幅未知，不影响判定），未完成。");
    check(TARGETS, (None, None, Some("2")), "判定，增幅未达到（总量未知，不影响判定），未完成。");
    check(TARGETS, (Some("105"), None, None), "判定，总量达到，增幅未知，无法判定是否完成。");
    check(TARGETS, (None, None, Some("12")), "判定，增幅达到，总量未知，无法判定是否完成。");
    check("value = '100'", (Some("105"), Some("100"), None), "判定，总量达到，没有增幅目标，无法判定是否完成。");
    check(
        "growth_pct = '10'",
        (Some("104"), Some("100"), None),
        "判定，增幅未达到（没有总量目标，不影响判定），未完成。",
    );
    check(TARGETS, (None, Some("100"), None), "判定，总量未知，增幅未知，无法判定是否完成。");
}

/// For a goal that shall fall, less growth is what reaches its target.
#[test]
fn the_trace_compares_growth_in_the_goals_direction() {
    let plan = plan("value = '100'\ngrowth_pct = '-4'", "at_most");
    let figures = figures(&plan, Some("95"), Some("100"), None);
    let standings = compute(&plan, &plan.goals[0], &figures, PERIOD, RULES);
    assert_eq!(standings.rows[0].completed, Some(true));
    let steps = trace::explain(&plan, &standings, &standings.rows[0]);
    assert!(steps.iter().any(|step| step.contains("增幅目标 -4%，达到；")), "{steps:?}");
}

/// No further value completes a unit whose other part stays unknown; the answer names what is missing.
#[test]
fn the_what_if_names_the_part_that_stays_unknown() {
    let check = |target: &str, value: &str, base: Option<&str>, expected: Option<Impossible>| {
        let plan = plan(target, "at_least");
        let figures = figures(&plan, Some(value), base, None);
        let found = what_if(&plan, &plan.goals[0], &figures, PERIOD, RULES, "甲县").unwrap();
        let answer = found.goals.iter().find(|answer| answer.goal == Aim::Complete).unwrap();
        assert_eq!(answer.impossible, expected, "{target} {value} {base:?}");
    };
    check(TARGETS, "90", Some("100"), None);
    check(TARGETS, "90", None, Some(Impossible::NoBase));
    check(TARGETS, "105", None, Some(Impossible::NoBase));
    check("value = '100'", "90", Some("100"), Some(Impossible::NoTarget));
    check("growth_pct = '10'", "104", Some("100"), Some(Impossible::NoTarget));
    check(TARGETS, "115", Some("100"), Some(Impossible::Already));
}

/// Which part settled it is said since `both` is three-valued: no reason to refuse what was closed before.
#[test]
fn a_result_of_another_release_agrees_while_only_its_words_differ() {
    let places = "[[assessment.award]]\nwhen = 'completed'\nfrom = 'top'\nplaces = ['0.3']\nunit = '分'\n";
    let plan = plan_of(TARGETS, "at_least", places);
    let figures = figures(&plan, Some("115"), Some("100"), None);
    let standings = compute(&plan, &plan.goals[0], &figures, PERIOD, RULES);
    let result = YearResult {
        format: 1,
        plan_version: PlanSource { version: 1, sha256: String::new() },
        year: 2021,
        edition: 1,
        edition_sha256: String::new(),
        standings,
        verified: Vec::new(),
        replaces: None,
    };
    let mut reworded = result.clone();
    reworded.standings.rows[0].awards[0].trace = vec!["完成：总量、增幅都达到。".to_owned()];
    assert!(reworded != result && reworded.agrees(&result));
    let mut moved = reworded.clone();
    moved.standings.rows[0].awards.clear();
    assert!(!moved.agrees(&result));
    let mut of_others = reworded.clone();
    of_others.standings.rows[0].value = None;
    assert!(!of_others.agrees(&result));
}
