//! CSV out: one place that quotes and that keeps users' text from becoming a formula.

use domain::bulletin::tables::Table;

/// A text cell that spreadsheets will not run: an apostrophe before `= + - @`, their full-width twins, tab and CR.
pub fn neutral(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\0') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// Writes rows as CSV with `\n` line ends.
pub fn write<R: AsRef<[String]>>(header: &[&str], rows: impl IntoIterator<Item = R>) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let written = writer
        .write_record(header)
        .and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(row.as_ref())));
    // Writing to memory cannot fail, and all rows have the header's length.
    written.expect("rows as long as their header");
    String::from_utf8(writer.into_inner().expect("memory")).expect("written from strings")
}

/// A table as a spreadsheet reads it. On screen minus is U+2212; in files it is `-`, so that a number is one.
pub fn of_table(table: Table) -> String {
    let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
    let plain = |cell: String| {
        let plain = cell.replace('−', "-");
        let number = plain.trim_end_matches('%').parse::<f64>().is_ok();
        if number { plain } else { neutral(&cell) }
    };
    let rows = table.rows.into_iter().map(|row| row.into_iter().map(plain).collect::<Vec<String>>());
    write(&header, rows)
}

/// The same text for programs that know no UTF-8.
pub fn gb18030(text: &[u8]) -> Vec<u8> {
    encoding_rs::GB18030.encode(&String::from_utf8_lossy(text)).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝HYPERLINK(1)", "\tx"] {
            assert!(neutral(text).starts_with('\''), "{text}");
        }
        assert_eq!(neutral("鼓楼区"), "鼓楼区");
        assert_eq!(write(&["a", "b"], [["1,2".to_owned(), "说\"明".to_owned()]]), "a,b\n\"1,2\",\"说\"\"明\"\n");
    }
}
