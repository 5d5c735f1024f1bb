//! A sheet as it is read, on the command line: columns, doubts with their cells, and the mapping file.

use std::path::Path;

use documents::form_rows::Head;
use documents::office_table::{Doubt, Mapping, Use, from_toml};
use domain::budget::Budget;
use office::posted::Posted;
use office::refusal::Refusal;

use super::files;
use super::outcome::Failure;

pub(super) fn mapping(path: &Path, uses: &[Use]) -> Result<Mapping, Failure> {
    let bytes = files::read(path)?;
    let text = documents::text::decode(&bytes).map_err(|problem| Failure::Input(files::sentences(path, &[problem])))?;
    from_toml(&text, uses)
        .map_err(|faults| Failure::Input(faults.iter().map(|fault| format!("{}: {fault}", path.display())).collect()))
}

/// `  B列　累计完成 → 本期累计`, a line for each column.
pub(super) fn columns(mapping: &Mapping, called: fn(Use) -> &'static str) -> Vec<String> {
    let mut columns: Vec<_> = mapping.columns.iter().collect();
    columns.sort_by_key(|(letters, _)| (letters.len(), (*letters).clone()));
    columns
        .into_iter()
        .map(|(letters, column)| format!("  {letters}列　{} → {}", column.head, called(column.of)))
        .collect()
}

/// What is to be looked at, each with its cell; `until` says what waits for those that stop.
pub(super) fn doubts(doubts: &[Doubt], until: &str) -> Vec<String> {
    let line = |doubt: &Doubt| {
        let place = if doubt.address.is_empty() { String::new() } else { format!("{} ", doubt.address) };
        let accept = |choice: &str| format!("（{choice}，请在对应关系里写 accept = [\"{}\"]）", doubt.key);
        let key = match doubt.choice {
            Some(choice) => accept(&format!("要{choice}")),
            None if doubt.stops && !doubt.key.is_empty() => accept("就按这样读"),
            None => String::new(),
        };
        format!("  {} {place}{}{key}", if doubt.stops { "✗" } else { "·" }, doubt.message)
    };
    let head = (!doubts.is_empty()).then(|| format!("要看的地方（✗ 改好才能{until}）："));
    head.into_iter().chain(doubts.iter().map(line)).collect()
}

/// Those that stop, each as `FILE: B5 sentence`.
pub(super) fn stopping(path: &Path, doubts: &[Doubt]) -> Vec<String> {
    let line = |doubt: &Doubt| format!("{}: {}", path.display(), format!("{} {}", doubt.address, doubt.message).trim());
    domain::listed(doubts.iter().filter(|doubt| doubt.stops).map(line))
}

/// The lines of a file whose columns are a form's boxes: of the sheet named, or of the first.
pub(super) fn form_rows(
    path: &Path,
    wanted: Option<&str>,
    heads: &[Head],
    needed: &[&str],
) -> Result<Vec<(usize, Posted)>, Failure> {
    let faults = |problems: Vec<domain::Problem>| Failure::Input(files::sentences(path, &problems));
    let sheets = documents::grid::read(&files::read(path)?, &files::name_of(path), Budget::ENDLESS);
    let sheets = sheets.map_err(|problem| faults(vec![problem]))?;
    let chosen = match wanted {
        Some(wanted) => sheets.iter().find(|sheet| sheet.name == wanted),
        None => sheets.first(),
    };
    let chosen = chosen.ok_or_else(|| {
        let known: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        Failure::input(format!("--sheet: 没有这张表，文件里有 {}", known.join("、")))
    })?;
    let rows = documents::form_rows::read(chosen, heads, needed).map_err(faults)?;
    Ok(rows.into_iter().map(|row| (row.row, Posted::new(row.boxes))).collect())
}

/// An id of something that the plan does not have, with those that it has.
pub(super) fn not_in_plan<'p>(option: &str, id: &str, what: &str, known: impl Iterator<Item = &'p str>) -> Failure {
    let known: Vec<&str> = known.collect();
    let known = if known.is_empty() { "一个也没有".to_owned() } else { known.join("、") };
    Failure::input(format!("{option} {id}: 计划里没有{what}，现有 {known}"))
}

/// What stops a file: its faults, which name their lines, each behind the file.
pub(super) fn not_imported(path: &Path, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Invalid(faults) => {
            let count = faults.len();
            let said = faults.into_iter().map(|(_, sentence)| format!("{}: {sentence}", path.display()));
            let mut sentences = domain::listed(said);
            sentences.push(format!("{}: 共 {count} 处不对，整份没有导入；改好后再导入一次即可", path.display()));
            Failure::Input(sentences)
        }
        other => other.into(),
    }
}
