//! What single cells and lines of a sheet are, whatever it is about.

use std::collections::HashSet;

use domain::money::fold;

pub(super) fn is_figure(text: &str) -> bool {
    // Most cells of a large sheet are passed over cheaply.
    if !text.chars().any(char::is_numeric) || text.chars().any(char::is_alphabetic) {
        return false;
    }
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
    let mut seen: HashSet<&str> = HashSet::new();
    let texts = cells.into_iter().map(|cell| cell.as_ref().trim()).filter(|text| !text.is_empty());
    texts.filter(|text| seen.insert(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attack 6: each text was compared with all before it.
    #[test]
    fn many_texts_are_told_apart_at_once() {
        let texts: Vec<String> = (0..60_000).map(|number| format!("累计完成{number}")).collect();
        let begin = std::time::Instant::now();
        assert_eq!(distinct(&texts).len(), texts.len());
        assert!(begin.elapsed() < std::time::Duration::from_secs(5), "{:?}", begin.elapsed());
    }
}
