//! What a command of the command line came to, and how it says so.

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Csv,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Bad input: sentences for standard error, one per line; exit 2.
    Input(Vec<String>),
    /// Anything else; exit 1.
    Other(String),
    /// Nothing is wrong, and not everything was proved: what is already printed says what; exit 3.
    Unproved,
}

impl Failure {
    pub(super) fn input(message: impl Into<String>) -> Self {
        Failure::Input(vec![message.into()])
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Failure::Other(format!("写 JSON 失败：{error}"))
    }
}

pub(super) type Outcome = Result<(), Failure>;

/// What a terminal shows, and nothing that it would act on: names in files are anybody's. A return to the line's start
/// would let one text stand over another.
pub(super) fn for_terminal(text: &str) -> String {
    let acts = |c: char| c == '\r' || domain::hidden::is_hidden(c);
    text.replace("\r\n", "\n").chars().map(|c| if acts(c) { '\u{FFFD}' } else { c }).collect()
}

/// A sentence for standard error.
pub(crate) fn tell(sentence: &str) {
    eprintln!("{}", for_terminal(sentence));
}

/// Prints without panicking when the reader has gone (`jigai … | head`).
pub(super) fn print(text: &str) -> Outcome {
    use std::io::{IsTerminal, Write};
    // A file or another program gets every character as it is.
    let shown = if std::io::stdout().is_terminal() { for_terminal(text) } else { text.to_owned() };
    match writeln!(std::io::stdout(), "{}", shown.trim_end_matches('\n')) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Other(format!("写标准输出失败：{error}")))
        }
        _ => Ok(()),
    }
}

/// A table for a terminal or as CSV.
pub(super) fn print_table(table: domain::bulletin::tables::Table, is_csv: bool) -> Outcome {
    if is_csv {
        return print(&documents::csv_text::of_table(table));
    }
    let lines: Vec<Vec<String>> = std::iter::once(table.header).chain(table.rows).collect();
    print(&documents::standings::aligned(&lines))
}

#[cfg(test)]
mod tests {
    use super::for_terminal;

    #[test]
    fn nothing_reaches_a_terminal_but_text() {
        assert_eq!(for_terminal("核验通过\n\t完\r\n"), "核验通过\n\t完\n");
        assert_eq!(for_terminal("不通过\r核验通过"), "不通过\u{FFFD}核验通过");
        assert_eq!(for_terminal("\u{1b}[2J\u{7}\u{202e}"), "\u{FFFD}[2J\u{FFFD}\u{FFFD}");
    }
}
