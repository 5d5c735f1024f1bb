//! What each rhythm of the five plans asks for, when, and how its returns are named.

use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::returns::{Figure, Figures};

fn plan(name: &str) -> Plan {
    let path = format!("{}/../assets/plans/{name}.plan.toml", env!("CARGO_MANIFEST_DIR"));
    domain::plan::file::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn round(text: &str) -> Round {
    Round::parse(text).unwrap()
}

/// The goals due in a round, of those named.
fn check(name: &str, at: &str, goals: &[&str], due: &[&str]) {
    let plan = plan(name);
    let goals = goals.iter().filter(|id| plan.is_due(plan.goal(id).unwrap(), &round(at)));
    assert_eq!(goals.copied().collect::<Vec<_>>(), due, "{name} {at}");
}

#[test]
fn a_round_asks_for_its_own_goals() {
    let goals = ["investment", "county_reserve_projects", "energy_per_gdp_fall"];
    check("fujian-2013", "2013-06", &goals, &["investment"]);
    check("fujian-2013", "2013-06.quarter", &goals, &["county_reserve_projects"]);
    check("fujian-2013", "2013-06.year", &goals, &[]);
    check("fujian-2013", "2013-12", &goals, &["investment"]);
    check("fujian-2013", "2013-12.year", &goals, &["energy_per_gdp_fall"]);
    check("fujian-2013", "2013-01", &goals, &[]);
    let goals = ["industrial_investment", "power_use"];
    check("ningde-2021", "2021-06", &goals, &["industrial_investment"]);
    // A week closes no period, and nobody asks in a rhythm that is not there.
    check("ningde-2021", "2021-06.week", &goals, &[]);
    check("ningde-2021", "2021-06.month", &goals, &[]);
}

#[test]
fn a_goal_is_due_until_its_end_or_that_of_its_rhythm() {
    let mut plan = plan("fujian-2013");
    let at = plan.goals.iter().position(|goal| goal.meaning.rhythm.as_deref() == Some("quarter")).unwrap();
    let quarter = plan.rhythms.iter().position(|rhythm| rhythm.id == "quarter").unwrap();
    let due = |plan: &Plan| {
        ["2013-03.quarter", "2013-06.quarter", "2013-09.quarter"].map(|text| plan.is_due(&plan.goals[at], &round(text)))
    };
    assert_eq!(due(&plan), [true; 3]);
    plan.goals[at].meaning.until = Period::new(2013, 6);
    assert_eq!(due(&plan), [true, true, false]);
    plan.rhythms[quarter].until = Period::new(2013, 3);
    assert_eq!(due(&plan), [true, false, false]);
}

#[test]
fn rounds_are_named_and_read_back() {
    let plan = plan("fujian-2013");
    let names: Vec<_> =
        plan.rounds_at(Period { year: 2013, month: 12 }).iter().map(|round| plan.round_label(round)).collect();
    assert_eq!(names, ["2013年1—12月", "2013年1—12月季度", "2013年1—12月年度"]);
    assert_eq!(plan.rounds_at(Period { year: 2013, month: 2 }), [round("2013-02")]);
    assert_eq!(plan.rounds_at(Period { year: 2013, month: 1 }), []);
    for text in ["2013-12", "2013-12.quarter"] {
        assert_eq!(round(text).to_string(), text);
    }
    for text in ["2013-12.", ".quarter", "2013.quarter", "2013-13.quarter", ""] {
        assert!(Round::parse(text).is_err(), "{text}");
    }
    assert!(plan.asks(&round("2013-06.week")).unwrap_err().contains("没有叫 week 的报送周期"));
    assert!(plan.asks(&round("2013-05.quarter")).unwrap_err().contains("请写 2013-06"));
}

#[test]
fn two_rhythms_of_one_cadence_are_told_apart() {
    let mut plan = plan("fujian-2013");
    let mut other = plan.rhythms[0].clone();
    other.id = "extra".to_owned();
    plan.rhythms.push(other);
    assert_eq!(plan.round_label(&round("2013-06.extra")), "2013年1—6月季度（extra）");
    assert_eq!(plan.round_label(&round("2013-12.year")), "2013年1—12月年度");
}

/// The verdict of a goal at the year's end, with ten days missing.
fn verdict_of_december(plan: &Plan) -> String {
    let goal = plan.goal("upgrading_projects").unwrap();
    let period = Period { year: 2022, month: 12 };
    let mut figures = Figures::default();
    let figure = Figure { value: Some(Amount(12)), ..Figure::default() };
    figures.insert(&goal.id, period, plan.region.id(), figure);
    domain::overview::goal_row(plan, goal, &figures, period).verdict_text()
}

#[test]
fn a_year_reported_before_its_end_says_up_to_when() {
    let mut plan = plan("fengze-2022");
    assert_eq!(verdict_of_december(&plan), "已达到（截至12月25日）");
    plan.calendar.as_mut().unwrap().final_report = Some((1, 15));
    assert_eq!(verdict_of_december(&plan), "已达到");
    let other = self::plan("fuzhou-2021");
    assert_eq!(other.calendar.unwrap().ends_early(Period { year: 2021, month: 12 }), None);
}
