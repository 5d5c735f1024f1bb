//! Sentences as the office rewrites them: what still says the figures keeps its links, what leaves them is marked.

use serde::{Deserialize, Serialize};

use super::Bulletin;
use super::narrative::{Paragraph, Span, plain};

/// A sentence that is not as composed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// Its place in the bulletin: paragraph and sentence; `None` for one that was left out.
    pub place: Option<(usize, usize)>,
    /// What the figures said; empty for a sentence that was added.
    pub composed: String,
    /// Numbers, names and directions are no longer those of the figures.
    pub leaves_figures: bool,
}

/// What the office wrote in the place of each composed sentence: (paragraph, sentence, text); an empty text leaves it out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    pub sentences: Vec<(usize, usize, String)>,
    /// A paragraph of the office's own, at the end.
    pub addition: String,
}

/// The heading of the office's own paragraph.
pub const ADDITION: &str = "补充说明";

impl Wording {
    fn of(&self, paragraph: usize, sentence: usize) -> Option<&str> {
        let found = self.sentences.iter().find(|(at, index, _)| (*at, *index) == (paragraph, sentence));
        found.map(|(.., text)| text.trim())
    }
}

/// Puts the office's words in the place of the composed ones.
pub fn reword(bulletin: &mut Bulletin, wording: &Wording) {
    let names: Vec<String> = bulletin.standings.rows.iter().map(|row| row.name.clone()).collect();
    let composed = std::mem::take(&mut bulletin.paragraphs);
    let mut edited = Vec::new();
    for (index, paragraph) in composed.into_iter().enumerate() {
        let mut sentences: Vec<Vec<Span>> = Vec::new();
        for (at, sentence) in paragraph.sentences.into_iter().enumerate() {
            let before = plain(&sentence);
            let place = Some((bulletin.paragraphs.len(), sentences.len()));
            match wording.of(index, at) {
                None => sentences.push(sentence),
                Some(text) if text == before => sentences.push(sentence),
                Some("") => edited.push(Edited { place: None, composed: before, leaves_figures: true }),
                Some(text) => {
                    let kept = keep_links(&sentence, text, &names);
                    edited.push(Edited { place, composed: before, leaves_figures: kept.is_none() });
                    sentences.push(kept.unwrap_or_else(|| vec![Span::Text(text.to_owned())]));
                }
            }
        }
        if !sentences.is_empty() {
            bulletin.paragraphs.push(Paragraph { heading: paragraph.heading, sentences });
        }
    }
    let addition = wording.addition.trim();
    if !addition.is_empty() {
        edited.push(Edited { place: Some((bulletin.paragraphs.len(), 0)), composed: String::new(), leaves_figures: true });
        let sentences = vec![vec![Span::Text(addition.to_owned())]];
        bulletin.paragraphs.push(Paragraph { heading: ADDITION.to_owned(), sentences });
    }
    bulletin.edited = edited;
}

/// The words that turn a number into a statement.
const STATING: [&str; 27] = [
    "未完成",
    "完成",
    "增长",
    "下降",
    "上升",
    "持平",
    "快于",
    "慢于",
    "高于",
    "低于",
    "提高",
    "降低",
    "回落",
    "收窄",
    "扩大",
    "超过",
    "不足",
    "领先",
    "落后",
    "滞后",
    "居首",
    "末位",
    "加分",
    "扣分",
    "减分",
    "未报",
    "达到",
];

/// What may stand behind a number and belongs to it, longest first.
const UNITS: [&str; 14] = ["个百分点", "亿元", "万元", "元", "%", "％", "位", "个", "项", "家", "月", "年", "日", "分"];

/// A number with its unit, a name, or a stating word, and where it begins.
#[derive(Debug, PartialEq, Eq)]
struct Anchor<'t> {
    text: &'t str,
    at: usize,
}

fn anchors<'t>(text: &'t str, names: &[String]) -> Vec<Anchor<'t>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = number_length(rest)
            .or_else(|| names.iter().filter(|name| rest.starts_with(name.as_str())).map(String::len).max())
            .or_else(|| STATING.iter().filter(|word| rest.starts_with(**word)).map(|word| word.len()).max());
        match length {
            Some(length) if length > 0 => {
                found.push(Anchor { text: &text[at..at + length], at });
                at += length;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// How many bytes of a number with its unit stand here; Chinese numerals stay words.
fn number_length(text: &str) -> Option<usize> {
    let sign = text.chars().next().filter(|c| matches!(c, '−' | '-' | '+')).map_or(0, char::len_utf8);
    let digits = text[sign..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.' || *byte == b',').count();
    let begins = text[sign..].bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    if !begins {
        return None;
    }
    let end = sign + digits;
    let unit = UNITS.iter().find(|unit| text[end..].starts_with(**unit)).map_or(0, |unit| unit.len());
    Some(end + unit)
}

/// The sentence in other words with the links of its numbers; `None` where it says other figures than it did.
fn keep_links(composed: &[Span], text: &str, names: &[String]) -> Option<Vec<Span>> {
    let before = plain(composed);
    let (was, now) = (anchors(&before, names), anchors(text, names));
    let same = was.len() == now.len() && was.iter().zip(&now).all(|(was, now)| was.text == now.text);
    if !same {
        return None;
    }
    let mut spans = Vec::new();
    let (mut place, mut written) = (0, 0);
    for span in composed {
        let length = match span {
            Span::Text(text) => text.len(),
            Span::Number { text: number, .. } => {
                let index = was.iter().position(|anchor| anchor.at == place)?;
                let at = now[index].at;
                if at > written {
                    spans.push(Span::Text(text[written..at].to_owned()));
                }
                written = at + number.len();
                spans.push(span.clone());
                number.len()
            }
        };
        place += length;
    }
    if written < text.len() {
        spans.push(Span::Text(text[written..].to_owned()));
    }
    Some(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Span {
        Span::Number { text: text.to_owned(), region: "350100".to_owned(), exact: "1/1".to_owned() }
    }

    fn words(text: &str) -> Span {
        Span::Text(text.to_owned())
    }

    fn check(text: &str, kept: bool) {
        let composed = [words("1—5月，福清市完成"), number("140.50"), words("亿元，同比增长"), number("13.4%"), words("。")];
        let names = ["福清市".to_owned(), "闽侯县".to_owned()];
        let found = keep_links(&composed, text, &names);
        assert_eq!(found.is_some(), kept, "{text}");
        if let Some(found) = found {
            assert_eq!(plain(&found), text);
            assert_eq!(found.iter().filter(|span| matches!(span, Span::Number { .. })).count(), 2);
        }
    }

    #[test]
    fn other_words_keep_the_links() {
        check("1—5月，福清市累计完成投资140.50亿元，同比增长13.4%，势头良好。", true);
        check("今年1—5月福清市完成140.50亿元，增长13.4%", true);
    }

    #[test]
    fn other_figures_are_marked() {
        check("1—5月，福清市完成145.50亿元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50万元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50亿元，同比下降13.4%。", false);
        check("1—5月，闽侯县完成140.50亿元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50亿元。", false);
        check("1—5月，福清市完成140.50亿元，同比增长13.4%，超过闽侯县。", false);
        check("1—5月，福清市完成13.4%，同比增长140.50亿元。", false);
    }
}
