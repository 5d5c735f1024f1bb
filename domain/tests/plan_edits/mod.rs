//! Valid plan files and the careless edits made to them.

use proptest::prelude::*;
use proptest::sample::{Index, select};

pub(crate) const CONTRACT: [&str; 3] = [
    include_str!("../../../tests/fixtures/contract/fuzhou-2021.plan.toml"),
    include_str!("../../../tests/fixtures/contract/fujian-2013.plan.toml"),
    include_str!("../../../tests/fixtures/contract/edge.plan.toml"),
];

pub(crate) const ONE_UNIT: &str = r#"format = 1
id = "one"
title = "计划"
region = { name = "某市" }
years = [2021, 2021]
[[goal]]
id = "g"
name = "投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "100", growth_pct = "10" }]
[[goal.split]]
name = "甲县"
value = "100"
growth_pct = "10"
"#;

const ODD_TEXTS: [&str; 14] =
    ["0", "-100", "100", "-0", "1e5", "９", "0.00000001", "0.000000001", "99999999999", "none", "/", "甲", "", "g"];

/// The line with `text` in place of everything in quotes.
pub(crate) fn with_quoted(line: &str, text: &str) -> String {
    let parts = line.split('"').enumerate().map(|(index, part)| if index % 2 == 1 { text } else { part });
    parts.collect::<Vec<_>>().join("\"")
}

#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Delete(Index),
    Duplicate(Index),
    Move(Index, Index),
    /// Everything in quotes on the line becomes this.
    Rewrite(Index, &'static str),
    /// The second half of the line is lost.
    Cut(Index),
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<Index>().prop_map(Edit::Delete),
        any::<Index>().prop_map(Edit::Duplicate),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Move(from, to)),
        (any::<Index>(), select(&ODD_TEXTS[..])).prop_map(|(at, text)| Edit::Rewrite(at, text)),
        any::<Index>().prop_map(Edit::Cut),
    ]
}

pub(crate) fn edited(source: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    for edit in edits {
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match edit {
            Edit::Delete(at) => drop(lines.remove(at.index(count))),
            Edit::Duplicate(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Edit::Move(from, to) => {
                let moved = lines.remove(from.index(count));
                lines.insert(to.index(count), moved);
            }
            Edit::Rewrite(at, text) => {
                let line = &mut lines[at.index(count)];
                *line = with_quoted(line, text);
            }
            Edit::Cut(at) => {
                let line = &mut lines[at.index(count)];
                *line = line.chars().take(line.chars().count() / 2).collect();
            }
        }
    }
    lines.join("\n")
}
