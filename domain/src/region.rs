//! Regions and the folding of their names.

use serde::{Deserialize, Serialize};

/// A region by its id: the administrative code where a plan gives one, else the name.
pub type RegionId = String;

/// The region a plan belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub code: Option<String>,
    pub name: String,
}

impl Region {
    pub fn id(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.name)
    }

    /// Code and name, as [`named`] reads them.
    pub fn written(&self) -> String {
        self.code.as_ref().map_or_else(|| self.name.clone(), |code| format!("{code} {}", self.name))
    }
}

/// The name as it is compared: no blanks anywhere, full-width characters folded (`渠 县` is `渠县`).
pub fn fold_name(name: &str) -> String {
    crate::money::fold(name).chars().filter(|c| !c.is_whitespace()).collect()
}

/// A document's number without its brackets, which people write in several ways.
pub fn fold_document(number: &str) -> String {
    fold_name(number).to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A region as somebody names it who sets up its office: by name or code where the list that ships has it, else by both
/// in either order (`漳州市 350600`).
pub fn named(text: &str) -> Option<Region> {
    let text = crate::money::fold(text);
    let words: Vec<&str> =
        text.split([' ', '\t', '(', ')', '（', '）', '\u{3000}']).filter(|word| !word.is_empty()).collect();
    let is_code = |word: &str| matches!(word.len(), 6 | 9 | 12) && word.bytes().all(|digit| digit.is_ascii_digit());
    let region = |code: &str, name: &str| Region { code: Some(code.to_owned()), name: name.to_owned() };
    match words.as_slice() {
        [code, name] | [name, code] if is_code(code) && !name.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(region(code, name))
        }
        [one] => {
            let mut known = list().filter(|(code, name, _)| code == one || name == one);
            known.next().map(|(code, name, _)| region(code, name))
        }
        _ => None,
    }
}

/// The list that ships: code, name, and the code of the region above.
fn list() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let rows = include_str!("../../assets/regions/regions.csv").lines().skip(1);
    rows.filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        let (name, parent) = rest.split_once(',')?;
        Some((code, name, parent))
    })
}

/// The provinces and cities that the list that ships has: what an office may be of.
pub fn cities() -> impl Iterator<Item = &'static str> {
    list().filter(|(code, ..)| code.ends_with("00")).map(|(_, name, _)| name)
}

/// The administrative code of a unit under a region, where the list that ships has it.
pub fn code_of(name: &str, parent: &Region) -> Option<&'static str> {
    let folded = fold_name(name);
    list().find(|(_, known, under)| *known == folded && Some(*under) == parent.code.as_deref()).map(|(code, ..)| code)
}

/// Whether a name in a table means the whole of the region: 全市, 合计, 全市合计, 合计（含高新区）, the region's own name.
pub fn is_whole(name: &str, own: &Region) -> bool {
    let folded = fold_name(name).replace('（', "(").replace('）', ")");
    let bare = folded.split('(').next().unwrap_or_default().trim_end_matches([':', '：']);
    let full = fold_name(&own.name);
    let short = full.strip_suffix(['省', '市', '县', '区']).unwrap_or(&full);
    let sum = |text: &str| matches!(text, "合计" | "总计" | "共计" | "总合计" | "总数" | "汇总" | "计" | "总额");
    let own_whole = crate::bulletin::words::whole(&own.name);
    let whole = |text: &str| {
        matches!(text, "全市" | "全省" | "全县" | "全区" | "全州" | "全国" | "全域")
            || text == full
            || text == own_whole
    };
    let before = |prefix: &str| bare.strip_prefix(prefix).filter(|rest| !prefix.is_empty() && !rest.is_empty());
    let prefixes = ["全市", "全省", "全县", "全区", "全州", "市", "省", "县", "区", &full, short];
    let named = |rest: &str| sum(rest) || matches!(rest, "目标" | "任务");
    !bare.is_empty()
        && (whole(bare) || sum(bare) || bare == short || prefixes.into_iter().filter_map(before).any(named))
}

/// The candidate most like `name`, for “did you mean”: the most shared characters, at least half of them; of several
/// the one that begins most like it, else the first.
pub fn suggest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold_name(name);
    let shared = |candidate: &str| candidate.chars().filter(|c| folded.contains(*c)).count();
    candidates
        .map(|candidate| (shared(candidate), candidate))
        .filter(|(count, candidate)| count * 2 >= candidate.chars().count().max(folded.chars().count()) && *count > 0)
        .min_by_key(|(count, candidate)| {
            let begins = candidate.chars().zip(folded.chars()).take_while(|(one, other)| one == other).count();
            (std::cmp::Reverse(*count), std::cmp::Reverse(begins))
        })
        .map(|(_, candidate)| candidate)
}
