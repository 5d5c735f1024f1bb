//! The five plans against the words of their documents: every quote occurs, every number stands in its quote.

use domain::plan::{Goal, Plan};
use domain::rate::Rate;
use tests::root;

/// Without blanks, emphasis marks and page rules: the documents break lines anywhere.
fn folded(text: &str) -> String {
    let lines = text.lines().filter(|line| line.trim() != "---");
    lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && !matches!(c, '*' | '#' | '\u{3000}')).collect()
}

fn plans() -> Vec<(Plan, String)> {
    let folder = root().join("assets/plans");
    let mut plans = Vec::new();
    for entry in std::fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(".plan.toml"))
    {
        let plan = domain::plan::file::parse(&std::fs::read_to_string(entry.path()).unwrap()).unwrap();
        let source = plan.document.source.clone().unwrap_or_else(|| panic!("{} names no source", plan.id));
        let document = std::fs::read_to_string(folder.join("sources").join(source)).unwrap();
        plans.push((plan, folded(&document)));
    }
    plans
}

fn percent(rate: Rate) -> String {
    let text = rate.percent(6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether a number stands in a text as a whole number, not inside a longer one; 千亿, 万亿, 百家 and 百项 are read.
fn holds(text: &str, number: &str) -> bool {
    let written = match number {
        "1000" => text.contains("千亿"),
        "10000" => text.contains("万亿"),
        "100" => text.contains("百家") || text.contains("百项"),
        _ => false,
    };
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
    written
        || text
            .match_indices(number)
            .any(|(at, _)| !digit(text[..at].chars().next_back()) && !digit(text[at + number.len()..].chars().next()))
}

fn numbers(goal: &Goal) -> Vec<String> {
    let values = goal.targets.iter().filter_map(|target| target.value).chain(goal.whole.map(|whole| whole.value));
    let growth = goal.targets.iter().filter_map(|target| target.growth);
    values.map(|value| goal.measure.plain(value)).chain(growth.map(percent)).collect()
}

#[test]
fn five_plans_are_there() {
    let mut ids: Vec<String> = plans().into_iter().map(|(plan, _)| plan.id).collect();
    ids.sort();
    assert_eq!(ids, ["fengze-2022", "fujian-2013", "fuzhou-2021", "longnan-2022", "ningde-2021"]);
}

#[test]
fn every_quote_occurs_and_holds_its_numbers() {
    for (plan, document) in plans() {
        for goal in &plan.goals {
            let place = format!("{} {}", plan.id, goal.id);
            // A goal that only has a split is quoted row by row, below.
            let Some(quote) = &goal.quote else {
                assert!(numbers(goal).is_empty(), "{place} has numbers and no quote");
                continue;
            };
            let quote = folded(quote);
            assert!(document.contains(&quote), "{place}: “{quote}” is not in the document");
            for number in numbers(goal) {
                assert!(holds(&quote, &number), "{place}: {number} is not in “{quote}”");
            }
        }
        for assessment in plan.assessments.iter() {
            let quote =
                folded(assessment.quote.as_deref().unwrap_or_else(|| panic!("{} has a rule without a quote", plan.id)));
            assert!(document.contains(&quote), "{}: “{quote}” is not in the document", plan.id);
        }
    }
}

#[test]
fn every_split_stands_in_its_documents_table_or_sentence() {
    let mut rows = 0;
    for (plan, document) in plans() {
        for goal in &plan.goals {
            for split in &goal.splits {
                rows += 1;
                let place = format!("{} {} {}", plan.id, goal.id, split.name);
                if split.no_target {
                    assert!(document.contains(&format!("|{}|/|/|", split.name)), "{place}");
                    continue;
                }
                let target = split.target(plan.years.0).unwrap_or_else(|| panic!("{place} has no target"));
                let value = goal.measure.plain(target.value.unwrap());
                let name = split.name.trim_end_matches('市');
                let found = match target.growth {
                    Some(growth) => document.contains(&format!("{}|{value}|{}|", split.name, percent(growth))),
                    None => [split.name.as_str(), name].iter().any(|name| {
                        document.match_indices(&format!("{name}{value}")).any(|(at, text)| {
                            holds(
                                &document[at..at + text.len() + 3.min(document.len() - at - text.len())]
                                    .chars()
                                    .take(text.chars().count() + 1)
                                    .collect::<String>(),
                                &value,
                            )
                        })
                    }),
                };
                assert!(found, "{place}: {value}");
            }
        }
    }
    assert!(rows >= 13 + 9 + 9, "{rows}");
}
