//! The figures, places, units and stored sentences of a text, in its order, whatever stands around them.

/// What an edition's content says may stand on its page, and what is passed over there.
pub struct Vocabulary {
    /// Longest first, without blanks.
    words: Vec<(Vec<char>, Kind)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sentence,
    /// A name, or a word of a verdict.
    Name,
    Sum,
    /// Names of files: they hold digits.
    Passed,
}

/// What a figure is followed by.
const MEASURES: [&str; 7] = ["亿元", "万元", "个百分点", "元", "年", "月", "日"];
const VERDICTS: [&str; 9] =
    ["达到序时", "接近序时", "滞后", "未报", "不考核", "已完成", "未完成", "无法判定", "无目标"];

impl Vocabulary {
    pub fn of(content: &str, sums: [&String; 2]) -> Self {
        let content: serde_json::Value = serde_json::from_str(content).unwrap();
        let mut words: Vec<(String, Kind)> = VERDICTS.map(|word| (word.to_owned(), Kind::Name)).into();
        words.extend(sums.into_iter().flat_map(|sum| [(sum.clone(), Kind::Sum), (sum[..8].to_owned(), Kind::Sum)]));
        collect(&content, "", &mut words);
        let squeezed = |word: &str| word.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
        let mut words: Vec<_> = words.into_iter().map(|(word, kind)| (squeezed(&word), kind)).collect();
        words.retain(|(word, _)| word.len() > 1);
        words.sort_by(|one, other| (other.0.len(), &one.0).cmp(&(one.0.len(), &other.0)));
        words.dedup_by(|one, other| one.0 == other.0);
        Self { words }
    }

    fn at(&self, text: &[Seen]) -> Option<&(Vec<char>, Kind)> {
        let stands = |word: &[char]| word.len() <= text.len() && word.iter().zip(text).all(|(c, seen)| *c == seen.c);
        self.words.iter().find(|(word, _)| stands(word))
    }
}

/// Every text of the content by what it is: a sentence is a list of parts, some of them numbers.
fn collect(value: &serde_json::Value, key: &str, words: &mut Vec<(String, Kind)>) {
    match value {
        serde_json::Value::Object(object) => object.iter().for_each(|(key, value)| collect(value, key, words)),
        serde_json::Value::Array(list) => match sentence(list) {
            Some(sentence) => words.push((sentence, Kind::Sentence)),
            None => list.iter().for_each(|value| collect(value, key, words)),
        },
        serde_json::Value::String(text) => {
            let chinese = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
            match key {
                "name" | "whole" | "region_name" => words.push((text.clone(), Kind::Name)),
                "file" | "plan" => words.push((text.clone(), Kind::Passed)),
                _ if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                    words.push((text.clone(), Kind::Sum));
                }
                _ if chinese > 3 && text.chars().count() > 7 => words.push((text.clone(), Kind::Sentence)),
                _ => {}
            }
        }
        _ => {}
    }
}

fn sentence(parts: &[serde_json::Value]) -> Option<String> {
    let part = |part: &serde_json::Value| {
        let object = part.as_object().filter(|object| object.len() == 1)?;
        let text = object.get("text").or_else(|| object.get("number")?.get("text"))?;
        text.as_str().map(str::to_owned)
    };
    let text = parts.iter().map(part).collect::<Option<String>>()?;
    (!text.is_empty()).then_some(text)
}

struct Seen {
    c: char,
    /// Blanks stood before it.
    apart: bool,
}

/// The items of a text, one a line: `figure 12.5%`, `name 福清市`, `sentence 1—6月，…`.
pub fn items(text: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let text = squeezed(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if let Some((word, kind)) = vocabulary.at(&text[at..]) {
            let word: String = word.iter().collect();
            match kind {
                Kind::Sentence => found.push(format!("sentence {word}")),
                Kind::Name => found.push(format!("name {word}")),
                Kind::Sum => found.push("sum".to_owned()),
                Kind::Passed => {}
            }
            at += word.chars().count();
        } else if let Some(length) = identifier(&text[at..]) {
            at += length;
        } else if let Some((figure, length)) = figure(&text[at..]) {
            found.push(format!("figure {figure}"));
            at += length;
        } else {
            at += 1;
        }
    }
    found
}

/// Without blanks; the number of a list stands apart from a year that follows it.
fn squeezed(text: &str) -> Vec<Seen> {
    let mut found: Vec<Seen> = Vec::new();
    let mut apart = true;
    for c in text.chars() {
        if c.is_whitespace() {
            apart = true;
        } else {
            found.push(Seen { c, apart });
            apart = false;
        }
    }
    let digit = |seen: &Seen| seen.c.is_ascii_digit();
    for at in 1..found.len().saturating_sub(5) {
        let year = found[at + 1..at + 5].iter().all(digit) && found[at + 5].c == '年';
        if found[at].c == '.' && digit(&found[at - 1]) && year {
            found[at + 1].apart = true;
        }
    }
    found
}

/// How many characters without a blank between them are of a kind.
fn run(text: &[Seen], kind: impl Fn(char) -> bool) -> usize {
    text.iter().enumerate().take_while(|(at, seen)| (*at == 0 || !seen.apart) && kind(seen.c)).count()
}

/// A name made of letters and digits: an address, a login, a file.
fn identifier(text: &[Seen]) -> Option<usize> {
    let length = run(text, |c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let begins = text[0].c.is_ascii_alphanumeric();
    (begins && text[..length].iter().any(|seen| seen.c.is_ascii_alphabetic())).then_some(length)
}

/// A number with its sign, its parts and its measure: `−0.04`, `41,020,000,000`, `239/1812`, `1—6月`, `531.00亿元`.
fn figure(text: &[Seen]) -> Option<(String, usize)> {
    // The digits from here, where no blank sets them apart from what is before them.
    let digits = |from: usize| match text.get(from) {
        Some(seen) if from == 0 || !seen.apart => run(&text[from..], |c| c.is_ascii_digit()),
        _ => 0,
    };
    let mut length = usize::from("+−-↑↓".contains(text[0].c));
    match digits(length) {
        0 => return None,
        first => length += first,
    }
    while text.get(length).is_some_and(|seen| !seen.apart && ".,:/—–".contains(seen.c)) {
        match digits(length + 1) {
            0 => break,
            more => length += 1 + more,
        }
    }
    length += usize::from(text.get(length).is_some_and(|seen| seen.c == '%'));
    let stands = |at: usize, c: char| text.get(length + at).is_some_and(|seen| seen.c == c);
    let is_next = |measure: &&str| measure.chars().enumerate().all(|(at, c)| stands(at, c));
    length += MEASURES.into_iter().find(is_next).map_or(0, |measure| measure.chars().count());
    Some((text[..length].iter().map(|seen| seen.c).collect(), length))
}

#[test]
fn a_text_is_read_as_its_items() {
    let content = r#"{"rows":[{"name":"福清市"}],"notes":["序时进度（线性）为 50.0%。"],"file":"a-2021.csv",
        "sentences":[[{"text":"累计完成"},{"number":{"text":"531.00","exact":"1"}},{"text":"亿元。"}]]}"#;
    let sum = "0123456789abcdef".repeat(4);
    let vocabulary = Vocabulary::of(content, [&sum, &sum]);
    let text = format!(
        "附件：2.2021年1—6月 | 福清市 | 41,020,000,000 | 239/1812 | −0.04 | +0.3\n累计完成531.00 亿\n元。\n\
         序时进度（线性）为50.0%。531.00 亿元 ↓4 滞后 a-2021.csv 第2行 jigai2 09:00 SHA-256 {sum} {}",
        &sum[..8]
    );
    let found = items(&text, &vocabulary).join("|");
    assert_eq!(
        found,
        "figure 2|figure 2021年|figure 1—6月|name 福清市|figure 41,020,000,000|figure 239/1812|figure −0.04|figure +0.3|\
         sentence 累计完成531.00亿元。|sentence 序时进度（线性）为50.0%。|figure 531.00亿元|figure ↓4|name 滞后|figure 2|\
         figure 09:00|sum|sum"
    );
}
