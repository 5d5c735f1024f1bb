//! What single cells and lines of a sheet are, whatever it is about.

use domain::money::fold;

pub(super) fn is_figure(text: &str) -> bool {
    let folded = fold(text).replace([',', ' ', '%'], "");
    !folded.is_empty() && domain::money::Decimal::parse(&folded).is_ok()
}

/// 甲 1 2 3: the numbers of the columns, under their heads.
pub(super) fn numbers_columns(row: &[String]) -> bool {
    let (figures, words): (Vec<&str>, Vec<&str>) = distinct(row).into_iter().partition(|text| is_figure(text));
    let counted = figures.iter().zip(1..).all(|(text, number)| text.parse() == Ok(number));
    figures.len() > 1
        && counted
        && words.iter().all(|word| matches!(*word, "甲" | "乙" | "丙" | "栏次" | "栏号" | "列次"))
}

/// What stands in a row or above a column, each text once: merged cells say theirs in every cell.
pub(super) fn distinct<'t, T: AsRef<str> + ?Sized + 't>(cells: impl IntoIterator<Item = &'t T>) -> Vec<&'t str> {
    let mut texts: Vec<&str> = Vec::new();
    for text in cells.into_iter().map(|cell| cell.as_ref().trim()).filter(|text| !text.is_empty()) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
