//! Who somebody is, in rows that cannot be changed: they hold a hash, the name stands beside them and can be deleted.

/// What a row holds in a name's place.
const MARK: &str = "sha256:";

/// SHA-256 of salt and name, in hex: what names it.
pub fn key(salt: &str, name: &str) -> String {
    crate::canonical::sha256(format!("{salt}{name}").as_bytes())
}

/// What stands in a row for the name of a key.
pub fn reference(key: &str) -> String {
    format!("{MARK}{key}")
}

/// The key that a row holds; none where it holds the name itself, as rows before 0070 do.
pub fn key_in(stored: &str) -> Option<&str> {
    let key = stored.strip_prefix(MARK)?;
    (key.len() == 64 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))).then_some(key)
}

/// Whether a text says a name: as it is written, without what stands in brackets behind it, or one of several in it
/// (张三、李四).
pub fn is_named_in(name: &str, text: &str) -> bool {
    let plain = |text: &str| crate::region::fold_name(&crate::hidden::plain(text));
    let text = plain(text);
    let bare = name.split(['（', '(']).next().unwrap_or_default();
    let each = bare.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | '；' | ';' | '/'));
    let names = [name, bare].into_iter().chain(each).map(plain);
    names.filter(|name| name.chars().count() > 1).any(|name| text.contains(&name))
}

/// 某公司的异议; without a name for whoever is not to know it, or where it was deleted.
pub fn whose_objection(by: &str, is_forgotten: bool) -> String {
    match (by, is_forgotten) {
        (_, true) => "收到异议（姓名已按规定删除）".to_owned(),
        ("", false) => "收到异议".to_owned(),
        (by, false) => format!("{by}的异议"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_a_text() {
        for (name, text) in [
            ("张晓明", "已与张晓明核对"),
            ("张 晓 明", "张晓明反映"),
            ("张晓明（举报人）", "张晓明要求删除"),
            ("张三、李四光", "李四光来信"),
            ("甲公司 张晓明", "张晓明来电"),
            ("甲公司", "甲 公司认为"),
        ] {
            assert!(is_named_in(name, text), "{name}: {text}");
        }
        for (name, text) in [("张晓明", "本人反映"), ("张晓明（举报人）", "举报人要求"), ("", "来信"), ("甲", "甲等")]
        {
            assert!(!is_named_in(name, text), "{name}: {text}");
        }
    }

    #[test]
    fn a_row_holds_a_key_or_the_name_itself() {
        let key = key("salt", "张三");
        assert_eq!(key_in(&reference(&key)), Some(key.as_str()));
        for name in ["张三", "sha256:", "sha256:张三", ""] {
            assert_eq!(key_in(name), None, "{name}");
        }
    }
}
