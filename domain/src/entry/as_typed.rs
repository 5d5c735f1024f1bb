//! Texts as people type them, before they are numbers.

use crate::money::{fold, is_unseen};

/// Words and marks of a rise and of a fall.
pub(super) const UP: [&str; 12] = ["增长", "增加", "上升", "提高", "上涨", "增幅", "提升", "增", "升", "涨", "↑", "+"];
pub(super) const DOWN: [&str; 18] = [
    "负增长",
    "下降",
    "减少",
    "下滑",
    "下跌",
    "回落",
    "降幅",
    "降低",
    "缩减",
    "降",
    "减",
    "跌",
    "负",
    "↓",
    "▼",
    "▽",
    "⬇",
    "-",
];
/// Without blanks and marks that nobody sees; an input method leaves 。 for the point, and a dash or 负 stands for minus.
pub(super) fn compact(text: &str) -> String {
    let seen = |c: &char| !c.is_whitespace() && !is_unseen(*c);
    let folded: String = fold(text).chars().filter(seen).map(|c| if c == '。' { '.' } else { c }).collect();
    match folded.strip_prefix(['负', '－', '﹣', '–', '—', '‐', '‑', '➖']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("-{rest}"),
        _ => folded,
    }
}

/// What stands in a cell, in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", crate::month::shorten(text.trim()))
}

/// Whether a text speaks of a rise or a fall.
pub(super) fn says_growth(folded: &str) -> bool {
    let words = UP.iter().chain(&DOWN).filter(|word| !matches!(**word, "+" | "-" | "负"));
    words.into_iter().any(|word| folded.contains(word)) || folded.contains("同比")
}
