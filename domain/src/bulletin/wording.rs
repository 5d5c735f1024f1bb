//! Sentences as the office rewrites them: what still says the same keeps its links, everything else is marked.

use super::Bulletin;
use super::text::{Paragraph, Span, plain};

pub use super::text::Edited;

/// What the office wrote in the place of each composed sentence: (paragraph, sentence, text); an empty text leaves it
/// out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    pub sentences: Vec<(usize, usize, String)>,
    /// A paragraph of the office's own, at the end.
    pub addition: String,
}

/// Longest sentence, and longest paragraph of the office's own, in characters.
pub const LONGEST: usize = 1000;

/// The heading of the office's own paragraph.
pub const ADDITION: &str = "补充说明";

impl Wording {
    /// What the office had written in an edition, for the sentences that the figures still make the same.
    pub fn again(edition: &Bulletin, composed: &[Paragraph]) -> Self {
        let text = |(paragraph, sentence): (usize, usize)| {
            edition
                .paragraphs
                .get(paragraph)
                .and_then(|found| found.sentences.get(sentence))
                .map(|found| plain(found))
                .unwrap_or_default()
        };
        let mut wording = Self::default();
        for edited in &edition.edited {
            let written = edited.place.map(text).unwrap_or_default();
            if edited.composed.is_empty() {
                wording.addition = written;
                continue;
            }
            let place = composed.iter().enumerate().find_map(|(index, paragraph)| {
                let at = paragraph.sentences.iter().position(|sentence| plain(sentence) == edited.composed)?;
                Some((index, at))
            });
            wording.sentences.extend(place.map(|(index, at)| (index, at, written)));
        }
        wording
    }

    /// The sentences of an edition that [`Wording::again`] cannot carry over: the figures say something else now.
    pub fn lost(&self, edition: &Bulletin) -> usize {
        edition.edited.iter().filter(|edited| !edited.composed.is_empty()).count().saturating_sub(self.sentences.len())
    }

    /// The first text that is too long.
    pub fn too_long(&self) -> Option<usize> {
        self.sentences
            .iter()
            .map(|(.., text)| text)
            .chain([&self.addition])
            .map(|text| text.chars().count())
            .find(|length| *length > LONGEST)
    }

    fn of(&self, paragraph: usize, sentence: usize) -> Option<&str> {
        let found = self.sentences.iter().find(|(at, index, _)| (*at, *index) == (paragraph, sentence));
        found.map(|(.., text)| text.trim())
    }
}

/// Puts the office's words in the place of the composed ones.
pub fn reword(bulletin: &mut Bulletin, wording: &Wording) {
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
                    let kept = keep_links(&sentence, text);
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
        edited.push(Edited {
            place: Some((bulletin.paragraphs.len(), 0)),
            composed: String::new(),
            leaves_figures: true,
        });
        let sentences = vec![vec![Span::Text(addition.to_owned())]];
        bulletin.paragraphs.push(Paragraph { heading: ADDITION.to_owned(), sentences });
    }
    bulletin.edited = edited;
}

/// Words that change how something is said and not what: everything else that is added, dropped or exchanged marks a
/// sentence.
const NEUTRAL: [&str; 12] =
    ["今年以来", "截至目前", "截至本期", "总的看", "总体看", "总体上", "其中", "分别", "具体", "情况", "方面", "的"];

/// What is left of a sentence without blanks, punctuation and neutral words.
fn said(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| !c.is_whitespace() && !"，。；：、！,;:!".contains(*c)).collect();
    for word in NEUTRAL {
        text = text.replace(word, "");
    }
    text
}

/// A number, and where it begins.
struct Anchor<'t> {
    text: &'t str,
    at: usize,
}

fn numbers(text: &str) -> Vec<Anchor<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        match number_length(rest) {
            Some(length) => {
                found.push(Anchor { text: &text[at..at + length], at });
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// How many bytes of a number stand here; Chinese numerals are words.
fn number_length(text: &str) -> Option<usize> {
    let sign = text.chars().next().filter(|c| matches!(c, '−' | '-' | '+')).map_or(0, char::len_utf8);
    let digits = text[sign..]
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || matches!(*byte, b'.' | b',' | b'/' | b'%'))
        .count();
    let begins = text[sign..].bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    begins.then_some(sign + digits)
}

/// The sentence in other words with the links of its numbers; `None` where it says other figures than it did.
fn keep_links(composed: &[Span], text: &str) -> Option<Vec<Span>> {
    let before = plain(composed);
    let (was, now) = (numbers(&before), numbers(text));
    let same = was.len() == now.len() && was.iter().zip(&now).all(|(was, now)| was.text == now.text);
    if !same || said(&before) != said(text) {
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
                if !text[at..].starts_with(number.as_str()) {
                    return None;
                }
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
        let composed =
            [words("1—5月，福清市完成"), number("140.50"), words("亿元，同比增长"), number("13.4%"), words("。")];
        let found = keep_links(&composed, text);
        assert_eq!(found.is_some(), kept, "{text}");
        if let Some(found) = found {
            assert_eq!(plain(&found), text);
            assert_eq!(found.iter().filter(|span| matches!(span, Span::Number { .. })).count(), 2);
        }
    }

    #[test]
    fn other_words_keep_the_links() {
        check("今年以来，1—5月福清市完成140.50亿元；同比增长13.4%", true);
        check("截至目前，1—5月，福清市完成140.50亿元，其中同比增长13.4%。", true);
    }

    #[test]
    fn a_fraction_is_one_number() {
        let composed = [words("罗源县"), number("+1/30"), words("分。")];
        assert!(keep_links(&composed, "其中罗源县+1/30分").is_some());
        for other in
            ["罗源县+1 / 30分。", "罗源县+1  比30分。", "罗源县+1/ 30分。", "罗源县+1/3分。", "罗源县+1分。", ""]
        {
            assert_eq!(keep_links(&composed, other), None, "{other}");
        }
    }

    #[test]
    fn other_figures_are_marked() {
        check("1—5月，福清市完成145.50亿元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50万元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50亿元，同比下降13.4%。", false);
        check("1—5月，闽侯县完成140.50亿元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50亿元。", false);
        check("1—5月，福清市完成140.50亿元，同比增长13.4%，超过闽侯县。", false);
        for added in ["没能", "（实为９９９亿元）", "翻了两番，位居全省第一", "势头良好"] {
            check(&format!("1—5月，福清市完成140.50亿元{added}，同比增长13.4%。"), false);
        }
        check("1—5月，福清市完成13.4%，同比增长140.50亿元。", false);
        check("1—5月，福清市没有完成140.50亿元，同比增长13.4%。", false);
        check("1—5月，福清市完成140.50亿元，同比不增长13.4%。", false);
        check("1—5月，福清市完成140.50亿元，同比增长13.4%，居前三位。", false);
    }
}
