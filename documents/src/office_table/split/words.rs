//! What the names in a split's sheet are: units, totals, heads, or nothing of these.

use domain::money::is_unseen;
use domain::plan::table;
use domain::region::{code_of, is_whole};

use crate::office_table::heads;
use crate::office_table::names::{Names, bare};

pub(super) fn is_figure(text: &str) -> bool {
    heads::is_figure(text) || table::is_figure(text)
}

pub(super) fn is_year(text: &str) -> bool {
    text.trim().parse().is_ok_and(|number: i32| (1990..2100).contains(&number))
}

/// Names as a document writes them, without the blanks that spread 鼓 楼 区 over its column.
pub(super) fn compact(text: &str) -> String {
    if text.is_ascii() {
        text.trim().to_owned()
    } else {
        text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !is_unseen(*c)).collect()
    }
}

/// A unit that the plan has, or that lies in its region.
pub(super) fn is_known(units: &Names<'_>, written: &str) -> bool {
    // No name is a number unless a code: most cells of a large sheet are passed over cheaply.
    if written.is_empty() || is_figure(written) {
        return units.of_code(written.trim()).is_some();
    }
    units.unit(written).is_some() || code_of(&bare(written), units.own()).is_some()
}

/// What stands above names: 县（市）区, 设区市.
pub(super) fn is_head(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '(' | ')' | '（' | '）' | '、' | '各')).collect();
    let words = [
        "县市区",
        "县区",
        "区县",
        "市县",
        "县市",
        "市县区",
        "设区市",
        "地市",
        "市州",
        "市区县",
        "市",
        "县",
        "区",
        "乡镇",
        "镇乡",
        "镇街",
        "乡镇街道",
        "镇街道",
        "街道",
        "片区",
        "园区",
        "城市",
        "开发区",
        "部门",
        "企业",
        "项目",
    ];
    words.contains(&plain.as_str()) || ["单位", "名称", "地区", "区域"].iter().any(|word| plain.ends_with(word))
}

pub(super) fn is_unit(units: &Names<'_>, written: &str) -> bool {
    let name = bare(written);
    let named = ["市", "县", "区", "镇", "乡", "街道", "旗", "州", "盟"].iter().any(|ending| name.ends_with(ending));
    is_known(units, written) || (named && name.chars().count() > 1 && !is_head(&name)) || is_whole(&name, units.own())
}
