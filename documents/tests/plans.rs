//! The five plans that ship, as a whole: nothing is left out, and nothing is said of what nobody has reported.

use std::path::Path;

use chrono::NaiveDate;
use domain::month::Period;
use domain::overview::{Verdict, overview};
use domain::plan::{Plan, file};
use domain::returns::Figures;

fn plans() -> Vec<Plan> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/plans");
    let mut plans = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".plan.toml") {
            let source = std::fs::read_to_string(&path).unwrap();
            plans.push(file::parse(&source).unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display())));
        }
    }
    assert_eq!(plans.len(), 5);
    plans
}

/// Every month of the plan's years, and the day after it.
fn periods(plan: &Plan) -> impl Iterator<Item = (Period, NaiveDate)> {
    let months = (plan.years.0..=plan.years.1).flat_map(|year| (1..=12).map(move |month| Period { year, month }));
    months.map(|period| (period, period.last_day().succ_opt().unwrap()))
}

#[test]
fn every_goal_and_every_task_has_its_row() {
    for plan in plans() {
        for (period, today) in periods(&plan) {
            let found = overview(&plan, &Figures::default(), period, today);
            let rows: Vec<&str> = found.goals.iter().map(|row| row.goal.as_str()).collect();
            // A work of words alone has no figure to stand anywhere.
            let goals = plan.goals.iter().filter(|goal| goal.has_figure());
            let goals: Vec<&str> = goals.map(|goal| goal.id.as_str()).collect();
            assert_eq!(rows, goals, "{} {period}", plan.id);
            let rows: Vec<&str> = found.tasks.iter().map(|row| row.task.as_str()).collect();
            let tasks: Vec<&str> = plan.tasks.iter().map(|task| task.id.as_str()).collect();
            assert_eq!(rows, tasks, "{} {period}", plan.id);
        }
    }
}

#[test]
fn what_nobody_reported_is_neither_good_nor_bad() {
    for plan in plans() {
        for (period, today) in periods(&plan) {
            for row in overview(&plan, &Figures::default(), period, today).goals {
                let goal = plan.goal(&row.goal).unwrap();
                let place = format!("{} {} {period}: {:?}", plan.id, row.goal, row.verdict);
                assert_eq!(row.value, None, "{place}");
                assert_eq!(row.verdict == Verdict::Watched, goal.meaning.watched, "{place}");
                match row.average.filter(|average| !average.missing_years.is_empty()) {
                    // An average names the years that it waits for.
                    Some(_) => assert_eq!(row.verdict, Verdict::Undecided, "{place}"),
                    None => {
                        let silent = matches!(row.verdict, Verdict::Missing | Verdict::NotDue | Verdict::Watched);
                        assert!(silent, "{place}");
                    }
                }
            }
        }
    }
}
