//! The five plans against the words of their documents: every quote and heading occurs, every number and date stands
//! in its quote.

use domain::money::Amount;
use domain::plan::meaning::Made;
use domain::plan::policy::{Increment, Interest, Policy, Quantity, Test, What};
use domain::plan::task::Due;
use domain::plan::{Goal, Plan};
use domain::rate::Rate;
use tests::root;

/// Without blanks, emphasis marks and page rules: the documents break lines anywhere.
fn folded(text: &str) -> String {
    let lines = text.lines().filter(|line| line.trim() != "---");
    let words = lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && !matches!(c, '*' | '#' | '\u{3000}'));
    // Brackets come in both widths.
    words
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            other => other,
        })
        .collect()
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

/// Whether a number stands in a text as a whole number, not inside a longer one; 千亿, 万亿, 百亿, 百家 and 百项 are
/// read.
fn holds(text: &str, number: &str) -> bool {
    let written = match number {
        "1000" => text.contains("千亿"),
        "10000" => text.contains("万亿"),
        "100" => ["百家", "百项", "百亿"].iter().any(|written| text.contains(written)),
        _ => false,
    };
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
    written
        || text
            .match_indices(number)
            .any(|(at, _)| !digit(text[..at].chars().next_back()) && !digit(text[at + number.len()..].chars().next()))
}

/// What follows from a quote without standing in it as a number; the goal's `assumed` says how.
const DERIVED: [(&str, &str); 2] = [
    // One centre that is named.
    ("innovation_centre_recognised", "1"),
    // 11家，其中新增2家.
    ("ten_billion_enterprises", "9"),
];

/// Every number that a goal is judged by.
fn numbers(goal: &Goal) -> Vec<String> {
    let meaning = &goal.meaning;
    let values = goal.targets.iter().filter_map(|target| target.value).chain(goal.whole.map(|whole| whole.value));
    let each = match &meaning.made {
        Made::Each(each) => vec![each.target, each.up_to],
        _ => Vec::new(),
    };
    let start = meaning.stock.and_then(|stock| stock.start);
    let values = values.chain(meaning.up_to.values().copied()).chain(each.into_iter().flatten()).chain(start);
    let growth = goal.targets.iter().filter_map(|target| target.growth);
    let numbers = values.map(|value| goal.measure.plain(value)).chain(growth.map(percent));
    numbers.filter(|number| !DERIVED.contains(&(goal.id.as_str(), number.as_str()))).collect()
}

/// Whether a quote says by when: 2月底, 1-2月, 一季度前, 上半年, 年底前, 12月31日.
fn says_when(quote: &str, due: Due) -> bool {
    let words: &[&str] = match due {
        Due::Month(month) => match month.month {
            3 => &["一季度"],
            6 => &["上半年", "二季度"],
            9 => &["三季度"],
            12 => &["年底前"],
            _ => &[],
        },
        _ => &[],
    };
    let written = match due {
        Due::Day(day) => day.format("%-m月%-d日").to_string(),
        Due::Month(month) => format!("{}月底", month.month),
        Due::Window(from, to) => {
            let (from, to) = (from.format("%-m").to_string(), to.format("%-m").to_string());
            if from == to { format!("{to}月：") } else { format!("{from}-{to}月：") }
        }
    };
    quote.contains(&written) || words.iter().any(|words| quote.contains(words))
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
        for selection in &plan.selections {
            let (quote, place) = (folded(&selection.quote), format!("{} {}", plan.id, selection.id));
            assert!(document.contains(&quote), "{place}: “{quote}” is not in the document");
            let number = selection.terms.places.map(|places| places.to_string());
            assert!(number.is_none_or(|number| holds(&quote, &number)), "{place}: “{quote}”");
        }
        for assessment in plan.assessments.iter() {
            let quote =
                folded(assessment.quote.as_deref().unwrap_or_else(|| panic!("{} has a rule without a quote", plan.id)));
            assert!(document.contains(&quote), "{}: “{quote}” is not in the document", plan.id);
        }
    }
}

#[test]
fn every_task_is_quoted_with_its_date() {
    let mut tasks = 0;
    for (plan, document) in plans() {
        for task in &plan.tasks {
            tasks += 1;
            let place = format!("{} {}", plan.id, task.id);
            let quote = folded(task.quote.as_deref().unwrap_or_else(|| panic!("{place} has no quote")));
            assert!(document.contains(&quote), "{place}: “{quote}” is not in the document");
            let said = says_when(&quote, task.due) || task.assumed.iter().any(|words| words.contains("没有写期限"));
            assert!(said, "{place}: {} is not in “{quote}”", task.due.words());
            assert!(!task.by.is_empty() && task.evidence.is_some(), "{place}");
        }
    }
    assert!(tasks >= 20, "{tasks}");
}

/// Every number that a policy computes with, as its document writes it.
fn terms(policy: &Policy) -> Vec<String> {
    let money = |amount: Amount| domain::plan::writer::projects::money(amount);
    let bound = |of: Quantity, amount: Amount| match of.is_money() {
        true => money(amount),
        false => of.measure().plain(amount),
    };
    let conditions = policy.conditions.iter().flat_map(|condition| match &condition.test {
        Test::Least(of, amount) | Test::Over(of, amount) => vec![bound(*of, *amount)],
        Test::CompletedIn(years) => years.iter().map(i32::to_string).collect(),
        Test::Is(_) => Vec::new(),
    });
    let tiers = policy
        .tiers
        .iter()
        .flat_map(|tier| [tier.amount.map(money), tier.cap.map(money), tier.share.map(percent)].into_iter().flatten());
    let what = match &policy.what {
        What::Unit(_, per) => vec![money(*per)],
        What::Interest(Interest::Rate(rate)) | What::Increment(Increment { share: rate, .. }) => vec![percent(*rate)],
        What::Choice(amounts) => amounts.iter().map(|amount| money(*amount)).collect(),
        _ => Vec::new(),
    };
    let caps = &policy.caps;
    let amounts = [caps.project, caps.firm, caps.firm_all_years, caps.principal, policy.budget];
    let shares = caps.share.map(|(share, _)| percent(share)).into_iter();
    let payers = policy.payers.iter().filter(|(_, share)| *share != Rate::ONE).map(|(_, share)| percent(*share));
    let years = policy.years.map(|years| years.to_string());
    let terms = conditions.chain(tiers).chain(what).chain(amounts.into_iter().flatten().map(money));
    terms.chain(shares).chain(payers).chain(years).map(|term| folded(&term)).collect()
}

/// Whether a policy's number stands in its quote: 500万元, 10万 without 元, 百亿元, 三年, 1:1.
fn says(quote: &str, term: &str) -> bool {
    let words: &[(&str, &str)] = &[("100亿元", "百亿元"), ("3", "三年"), ("100", "1:1"), ("10万元", "10万")];
    let written = words.iter().any(|(number, word)| *number == term && quote.contains(word));
    written || holds(quote, term)
}

#[test]
fn every_policy_is_quoted_with_its_terms() {
    let (mut policies, mut numbers) = (0, 0);
    for (plan, document) in plans() {
        let place = |id: &str| format!("{} {id}", plan.id);
        for policy in &plan.policies.list {
            policies += 1;
            let quote = folded(&policy.quote);
            assert!(document.contains(&quote), "{}: “{quote}” is not in the document", place(&policy.id));
            for term in terms(policy) {
                numbers += 1;
                assert!(says(&quote, &term), "{}: {term} is not in “{quote}”", place(&policy.id));
            }
            assert!(policy.clause.is_some(), "{}", place(&policy.id));
        }
        let funds = plan.policies.funds.iter().map(|fund| (&fund.title, &fund.quote));
        let lists = plan.policies.lists.iter().map(|list| (&list.title, &list.quote));
        let bodies = plan.policies.bodies.iter().map(|body| (&body.title, &body.quote));
        for (title, quote) in funds.chain(lists).chain(bodies) {
            let quote = quote.as_ref().unwrap_or_else(|| panic!("{}: “{title}” has no quote", plan.id));
            assert!(document.contains(&folded(quote)), "{}: {title}: “{quote}” is not in the document", plan.id);
        }
        for group in &plan.policies.groups {
            let quote = folded(group.quote.as_deref().unwrap_or_default());
            assert!(!quote.is_empty() && document.contains(&quote), "{}: “{quote}”", place(&group.id));
            let budget = group.budget.map(domain::plan::writer::projects::money);
            assert!(budget.is_none_or(|budget| says(&quote, &budget)), "{}", place(&group.id));
        }
    }
    assert!(policies >= 54 && numbers >= 115, "{policies} policies with {numbers} numbers");
}

/// A bank, a power company, a campaign: whoever has to do it by when, in the document's words.
#[test]
fn what_others_must_do_is_a_dated_task() {
    let named = [
        ("fujian-2013", "measures_followed", "省经贸委"),
        ("fujian-2013", "policy_briefings", "省经贸委"),
        ("fujian-2013", "relocation_policy", "省经贸委"),
        ("fujian-2013", "energy_assessment", "省经贸委"),
        ("fujian-2013", "energy_tax_reliefs", "省财政厅"),
        ("fujian-2013", "power_prices", "省经贸委"),
        ("fujian-2013", "self_assessment", "省经贸委"),
        ("ningde-2021", "paired_help", "sort:region"),
        ("ningde-2021", "power_trading", "国网宁德供电公司"),
        ("ningde-2021", "job_fairs", "市人社局"),
        ("ningde-2021", "policies_into_firms", "市工信局"),
        ("fengze-2022", "energy_survey", "区工信科技局"),
    ];
    for (plan, document) in plans() {
        for task in &plan.tasks {
            let quote = task.quote.as_deref().unwrap_or_else(|| panic!("{} {} has no quote", plan.id, task.id));
            assert!(document.contains(&folded(quote)), "{} {}: “{quote}”", plan.id, task.id);
        }
        for (_, id, by) in named.iter().filter(|(of, ..)| *of == plan.id) {
            let task = plan.tasks.iter().find(|task| task.id == *id).unwrap_or_else(|| panic!("{} {id}", plan.id));
            assert!(task.by.iter().any(|unit| unit == by), "{id}: {:?}", task.by);
        }
    }
}

#[test]
fn every_member_stands_in_his_document() {
    let mut count = std::collections::BTreeMap::new();
    for (plan, document) in plans() {
        for body in &plan.policies.bodies {
            for member in &body.members {
                let words = member.name.iter().chain(&member.title).map(|text| folded(text)).collect::<String>();
                // The office's own sentence names him by his post: “市工信局王国晓局长兼任办公室主任”.
                let holds = document.contains(&words);
                let role = folded(&member.role.replace("办公室副主任", "兼任办公室副主任"));
                assert!(holds, "{} {}: “{words}” is not in the document", plan.id, body.id);
                assert!(document.contains(&role), "{} {}: {role}", plan.id, body.id);
            }
            count.insert((plan.id.clone(), body.id.clone()), body.members.len());
        }
    }
    let of = |plan: &str, body: &str| count.get(&(plan.to_owned(), body.to_owned())).copied();
    assert_eq!(of("fuzhou-2021", "leading_group"), Some(22));
    assert_eq!(of("fengze-2022", "task_force"), Some(22));
    assert_eq!(count.keys().filter(|(plan, _)| plan == "ningde-2021").count(), 4);
}

#[test]
fn every_goal_stands_under_its_documents_heading() {
    for (plan, document) in plans() {
        let mut last = 0;
        for goal in &plan.goals {
            let place = format!("{} {}", plan.id, goal.id);
            let section = folded(goal.meaning.section.as_deref().unwrap_or_else(|| panic!("{place} has no section")));
            let at = document.find(&section).unwrap_or_else(|| panic!("{place}: “{section}” is not in the document"));
            assert!(at >= last, "{place}: “{section}” comes before the section of the goal above");
            last = at;
        }
        for section in plan.tasks.iter().filter_map(|task| task.section.as_deref()) {
            assert!(document.contains(&folded(section)), "{} {section}", plan.id);
        }
    }
}

#[test]
fn every_split_stands_in_its_documents_table_or_sentence() {
    let mut rows = 0;
    for (plan, document) in plans() {
        for goal in &plan.goals {
            for split in goal.splits.iter().filter(|split| !split.declared) {
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
