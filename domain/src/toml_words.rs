//! What is wrong with a TOML file, in words: its parser speaks English, and who writes plan files need not.

/// How the parser's sentence begins, and what to write instead, without a full stop.
const WORDS: [(&str, &str); 27] = [
    ("key with no value", "这一行没有等号，请写成 名称 = 值，等号用英文的"),
    ("missing assignment", "这一行没有等号，请写成 名称 = 值，等号用英文的"),
    ("extra `=`", "多写了一个等号，请删去"),
    ("extra assignment", "多写了一个等号，请删去"),
    ("duplicate key", "同一个名称写了两次，请删去一个"),
    ("string values must be quoted", "等号后面要有值，文字要用英文的双引号括起来，例如 \"福州市\""),
    ("missing opening quote", "文字要用英文的双引号括起来，例如 \"福州市\""),
    ("invalid basic string", "引号没有成对，或引号里有不能写的字符，请用英文的双引号括起来"),
    ("invalid literal string", "引号没有成对，或引号里有不能写的字符，请用英文的双引号括起来"),
    ("invalid multi-line", "三个引号没有成对，或引号里有不能写的字符"),
    ("missing comma", "各项之间缺逗号，请用英文的逗号隔开"),
    ("extra comma", "多写了一个逗号，请删去"),
    ("unclosed inline table", "花括号没有成对，请补上 }"),
    ("missing inline table", "花括号没有成对，请补上 {"),
    ("unclosed array table", "两层方括号没有成对，请写成 [[名称]]"),
    ("unclosed table", "方括号没有成对，请写成 [名称]"),
    ("unclosed array", "方括号没有成对，请补上 ]"),
    ("missing array opening", "方括号没有成对，请补上 ["),
    ("unexpected `=` in array", "方括号里不能写等号，请看前面的方括号是不是没有收尾"),
    ("unexpected key or value", "一行只写一个 名称 = 值，后面多了别的内容，请另起一行；标点请用英文的"),
    ("unexpected content", "一行只写一个 名称 = 值，后面多了别的内容，请另起一行；标点请用英文的"),
    ("invalid unquoted key", "等号前面的名称只能用英文字母、数字、连字符和下划线"),
    ("missing escaped value", "引号里的反斜线要写两个"),
    ("too few unicode", "引号里的反斜线要写两个"),
    ("missing value", "等号后面没有值，请补上"),
    ("missing key", "等号前面没有名称，请补上"),
    ("unquoted keys cannot", "等号前面没有名称，请补上"),
];

const OTHERWISE: &str = "请检查引号、括号、逗号和等号";

/// Of a parser's sentence, and of serde's about what a file lacks or has too much.
pub fn in_words(message: &str) -> String {
    let named = |begin: &str| message.strip_prefix(begin)?.split('`').nth(1);
    if let Some(name) = named("missing field") {
        return format!("缺少 {name}，请补上");
    }
    if let Some(name) = named("unknown field") {
        return format!("不认识 {name}，请删去或改正");
    }
    if message.starts_with("invalid type") {
        return "值的写法不对：文字要加英文的双引号，年份等数字不加".to_owned();
    }
    WORDS.iter().find(|(begin, _)| message.starts_with(begin)).map_or(OTHERWISE, |(_, words)| words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_get_wrong_is_said_in_their_words() {
        let said = |file: &str| in_words(toml::from_str::<toml::Table>(file).unwrap_err().message());
        for (file, part) in [
            ("title", "没有等号"),
            ("title：\"福州\"", "没有等号"),
            ("title == \"福州\"", "多写了一个等号"),
            ("title = 福州", "双引号"),
            ("title = “福州”", "双引号"),
            ("title = \"福州", "引号没有成对"),
            ("title = '福州", "引号没有成对"),
            ("title = \"\"\"福州", "三个引号"),
            ("title = [\"福州\" \"厦门\"]", "缺逗号"),
            ("title = [1,,2]", "多写了一个逗号"),
            ("title = { a = 1, ", "花括号"),
            ("[[goal]\nid = 1", "方括号"),
            ("[goal\nid = 1", "方括号"),
            ("title = [1, 2", "方括号"),
            ("title = \"福州\" \"厦门\"", "一行只写一个"),
            ("title = \"福州\"，", "一行只写一个"),
            ("title = 1\ntitle = 2", "写了两次"),
            ("标题 = 1", "英文字母"),
            ("title = \"\\q\"", "反斜线"),
            ("title =", "要有值"),
            ("= 1", "没有名称"),
            ("title = 0123", OTHERWISE),
        ] {
            let said = said(file);
            assert!(said.contains(part), "{file}: {said}");
        }
    }

    #[test]
    fn what_a_file_lacks_is_named() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Year {
            #[expect(dead_code, reason = "read only")]
            year: i32,
        }
        let said = |file: &str| in_words(toml::from_str::<Year>(file).unwrap_err().message());
        assert_eq!(said(""), "缺少 year，请补上");
        assert_eq!(said("year = 1\nnotes = 2"), "不认识 notes，请删去或改正");
        assert!(said("year = \"2021\"").contains("双引号"));
    }
}
