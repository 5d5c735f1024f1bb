//! Characters that no reader sees and that a database, a paper or a terminal would act on; and names that look alike.

use unicode_normalization::UnicodeNormalization;

use crate::Problem;

/// Controls but line ends and tabs, marks that turn the direction of what follows, and marks without width.
pub fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let without_width = matches!(
        c,
        '\u{00AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}'
            | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    );
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || turns || without_width
}

/// The lines of a TOML file that hold such characters, also written as `\u200B`; each once. A mark of the byte order at
/// the start is none.
pub fn in_toml(source: &str) -> Vec<Problem> {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let of_line = |(index, line): (usize, &str)| {
        let found = line.chars().find(|c| is_hidden(*c)).or_else(|| escaped(line).find(|c| is_hidden(*c)))?;
        let number = u32::from(found);
        Some(Problem::new(index + 1, format!("有看不见的字符（U+{number:04X}），请删去后重打这一处")))
    };
    source.lines().enumerate().filter_map(of_line).collect()
}

/// What the escapes of a line stand for.
fn escaped(line: &str) -> impl Iterator<Item = char> + '_ {
    line.match_indices('\\').filter_map(|(at, _)| {
        let mut rest = line[at + 1..].chars();
        let digits = match rest.next()? {
            'b' => return Some('\u{8}'),
            'f' => return Some('\u{c}'),
            'e' => return Some('\u{1b}'),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let number: String = rest.take(digits).collect();
        u32::from_str_radix(&number, 16).ok().and_then(char::from_u32)
    })
}

/// A name as the eye takes it: without hidden characters and blanks, in the usual form of every character (`⼀` is `一`).
pub fn look(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !is_hidden(*c)).nfkc().collect();
    crate::region::fold_name(&seen)
}

/// A text in the plain form of its characters: `１３８` and `138` are the same.
pub fn plain(text: &str) -> String {
    text.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: &str) -> Vec<usize> {
        in_toml(source).into_iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn every_kind_is_found_on_its_line() {
        for c in
            ['\0', '\u{7}', '\u{1b}', '\u{85}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{ad}', '\u{e0041}']
        {
            let number = u32::from(c);
            assert_eq!(lines(&format!("id = 1\nname = \"鼓{c}楼\"")), [2], "U+{number:04X}");
            assert_eq!(lines(&format!("name = \"鼓\\U{number:08X}楼\"\r\nid = 1")), [1], "U+{number:04X} as an escape");
        }
        assert_eq!(lines("a = \"\\u0000\"\nb = \"\\e[2J\"\nc = \"\\b\""), [1, 2, 3]);
    }

    #[test]
    fn what_one_sees_is_left_alone() {
        assert!(lines("\u{feff}id = \"𠮷\" # é, ①, ㎡, \u{3000}\ttext\r\nb = \"\\n\\t\\\"\"").is_empty());
    }

    #[test]
    fn names_look_alike_in_every_form() {
        for other in ["鼓 楼区", "鼓\u{200b}楼区", "\u{202d}鼓楼区\u{202c}", "鼓楼区\0"] {
            assert_eq!(look(other), look("鼓楼区"), "{other:?}");
        }
        assert_eq!(look("⼀都镇"), look("一都镇"));
        assert_eq!(look("Ａ片区"), look("A片区"));
        assert_ne!(look("鼓楼区"), look("台江区"));
    }
}
