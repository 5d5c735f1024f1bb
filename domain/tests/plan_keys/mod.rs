//! Wrong keys of a plan's file are said on their line.

/// `line` is counted from the first of `rules`, which stand behind `plan`.
#[track_caller]
pub fn check_key(plan: &str, rules: &str, line: usize, says: &str) {
    let found = domain::plan::file::parse(&format!("{plan}{rules}")).err().unwrap_or_default();
    let line = plan.lines().count() + line;
    assert!(
        found.iter().any(|problem| problem.line == line && problem.message.contains(says)),
        "{rules}: {says} on {line} in {found:?}"
    );
}
