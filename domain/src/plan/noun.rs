//! What the units of a plan are called together: 县（市）区, 设区市, 旗（区）, 镇（街道）. Its own units say it; where
//! their names do not, the region does; `unit_noun` in the plan file overrules both.

use super::{Goal, Plan, Split, SplitKind};

/// Sorts of units in the order in which they are named together.
const OF_A_PREFECTURE: [&str; 4] = ["旗", "县", "市", "区"];
const OF_A_COUNTY: [&str; 6] = ["苏木", "乡", "镇", "街道", "村", "社区"];
const OF_A_PROVINCE: [&str; 4] = ["市", "地区", "州", "盟"];

/// Provinces whose own division has more sorts than 设区市, and what they call it.
const PROVINCES: [(&str, &str); 13] = [
    ("内蒙古", "盟（市）"),
    ("黑龙江", "市（地）"),
    ("西藏", "市（地）"),
    ("新疆", "地（州、市）"),
    ("甘肃", "市（州）"),
    ("青海", "市（州）"),
    ("四川", "市（州）"),
    ("贵州", "市（州）"),
    ("云南", "市（州）"),
    ("湖南", "市（州）"),
    ("湖北", "市（州）"),
    ("吉林", "市（州）"),
    ("海南", "市（县）"),
];

const MUNICIPALITIES: [&str; 4] = ["北京", "上海", "天津", "重庆"];

impl Plan {
    /// What the units of a goal's split are called together.
    pub fn unit_noun(&self, goal: &Goal) -> String {
        let stands = |split: &&Split| split.within.is_none() && split.kind != SplitKind::Department;
        let units: Vec<(&str, bool)> = goal
            .splits
            .iter()
            .filter(stands)
            .map(|split| (split.name.as_str(), split.kind == SplitKind::Zone))
            .collect();
        self.unit_noun.clone().unwrap_or_else(|| noun(&self.region.name, &units))
    }
}

/// `units`: name, and whether it is a 开发区.
fn noun(region: &str, units: &[(&str, bool)]) -> String {
    if is_country(region) {
        return "省（区、市）".to_owned();
    }
    if MUNICIPALITIES.contains(&region.trim_end_matches('市')) {
        return together(&["区", "县"], units, |name| sort_of(name, &["区", "县"])).unwrap_or("区（县）".to_owned());
    }
    let is_province = |name: &str| region == name || region.ends_with('省') || region.ends_with("自治区");
    let called =
        PROVINCES.iter().find(|(name, _)| region.starts_with(name) && is_province(name)).map(|(_, called)| *called);
    if called.is_some() || is_province("") {
        // 平潭综合实验区 stands among 设区市.
        let cities: Vec<(&str, bool)> = units
            .iter()
            .copied()
            .filter(|(name, zone)| !zone && !name.ends_with('区') || name.ends_with("地区"))
            .collect();
        return match together(&OF_A_PROVINCE, &cities, |name| sort_of(name, &OF_A_PROVINCE)).as_deref() {
            Some("市") => called.filter(|_| cities.is_empty()).unwrap_or("设区市").to_owned(),
            Some("市（地区、州）") => "地（州、市）".to_owned(),
            Some("市（地区）") => "市（地）".to_owned(),
            Some("市（盟）") => "盟（市）".to_owned(),
            Some(own) => own.to_owned(),
            None => called.unwrap_or("设区市").to_owned(),
        };
    }
    let prefecture = together(&OF_A_PREFECTURE, units, |name| sort_of(name, &OF_A_PREFECTURE));
    let county = || together(&OF_A_COUNTY, units, |name| sort_of(name, &OF_A_COUNTY));
    let ends = |endings: &[&str]| {
        !units.is_empty() && units.iter().all(|(name, _)| endings.iter().any(|end| name.ends_with(end)))
    };
    match (prefecture.or_else(county), region.chars().last()) {
        (Some(own), _) => own,
        _ if ends(&["公司", "集团", "厂", "企业"]) => "企业".to_owned(),
        _ if ends(&["局", "委", "办", "厅", "处", "院"]) => "部门".to_owned(),
        (None, Some('市' | '州' | '盟')) if !units.is_empty() => "县（市）区".to_owned(),
        _ => "单位".to_owned(),
    }
}

pub(crate) fn is_country(region: &str) -> bool {
    matches!(region, "中国" | "全国" | "中华人民共和国" | "国家")
}

/// The sorts that stand among the units, joined; `None` where a unit is of none of them.
fn together(
    order: &[&'static str],
    units: &[(&str, bool)],
    sort: impl Fn(&str) -> Option<&'static str>,
) -> Option<String> {
    let mut found: Vec<&'static str> = Vec::new();
    for &(name, zone) in units {
        let sort = match sort(name) {
            Some(sort) => sort,
            // A 开发区 competes among districts; among towns it is named apart.
            None if zone && order.contains(&"区") => "区",
            None if zone => "园区",
            None => return None,
        };
        if !found.contains(&sort) {
            found.push(sort);
        }
    }
    found.sort_by_key(|sort| order.iter().position(|known| known == sort).unwrap_or(usize::MAX));
    // 乡镇 is one word.
    let (first, others) = match &found[..] {
        [] => return None,
        ["县", "市", "区"] => return Some("县（市）区".to_owned()),
        ["乡", "镇", others @ ..] => ("乡镇", others),
        [first, others @ ..] => (*first, others),
    };
    Some(if others.is_empty() { first.to_owned() } else { format!("{first}（{}）", others.join("、")) })
}

/// The sort that a name ends with; a short name (兰州, 景德镇 in a province) says none.
fn sort_of(name: &str, sorts: &[&'static str]) -> Option<&'static str> {
    let name = name.trim_end_matches("办事处").trim_end_matches("人民政府");
    let name = if name.ends_with("街道办") { name.trim_end_matches('办') } else { name };
    let found = sorts.iter().copied().filter(|sort| name.ends_with(sort)).max_by_key(|sort| sort.len())?;
    let short = name.chars().count() <= found.chars().count();
    // 自治州 and 临夏州 are one, 兰州 and 福州 are not.
    (!short && (found != "州" || name.chars().count() > 2)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(region: &str, units: &[&str], expected: &str) {
        let units: Vec<(&str, bool)> =
            units.iter().map(|unit| unit.strip_prefix('*').map_or((*unit, false), |zone| (zone, true))).collect();
        assert_eq!(noun(region, &units), expected, "{region}: {units:?}");
    }

    /// A star marks a 开发区.
    #[test]
    fn units_are_called_what_they_are() {
        check("福州市", &["鼓楼区", "福清市", "闽侯县"], "县（市）区");
        check("镇江市", &["丹阳市", "京口区", "*镇江新区"], "市（区）");
        check("天水市", &["秦州区", "甘谷县", "张家川回族自治县"], "县（区）");
        check("西安市", &["新城区", "鄠邑区", "*西咸新区"], "区");
        check("某市", &["甲县", "乙县"], "县");
        check("鄂尔多斯市", &["东胜区", "达拉特旗", "准格尔旗"], "旗（区）");
        check("赤峰市", &["红山区", "林西县", "敖汉旗"], "旗（县、区）");
        check("锡林郭勒盟", &["锡林浩特市", "阿巴嘎旗", "多伦县"], "旗（县、市）");
        check("延边朝鲜族自治州", &["延吉市", "汪清县"], "县（市）");
        check("福建省", &["福州市", "厦门市", "平潭综合实验区"], "设区市");
        check("湖南省", &["长沙市", "湘西州"], "市（州）");
        check("甘肃省", &["兰州", "嘉峪关", "临夏", "甘南"], "市（州）");
        check("四川省", &["成都市", "阿坝藏族羌族自治州"], "市（州）");
        check("内蒙古自治区", &["呼和浩特市", "兴安盟"], "盟（市）");
        check("新疆维吾尔自治区", &["乌鲁木齐市", "阿克苏地区", "昌吉回族自治州"], "地（州、市）");
        check("黑龙江省", &["哈尔滨市", "大兴安岭地区"], "市（地）");
        check("广西壮族自治区", &["南宁市", "柳州市"], "设区市");
        check("重庆市", &["万州区", "城口县"], "区（县）");
        check("上海市", &["黄浦区", "浦东新区"], "区");
        check("海南藏族自治州", &["共和县", "贵德县"], "县");
        check("吉林市", &["昌邑区", "磐石市", "永吉县"], "县（市）区");
        check("中国", &["北京", "天津", "河北"], "省（区、市）");
        check("丰泽区", &["东湖街道", "丰泽街道"], "街道");
        check("长沙县", &["㮾梨街道", "黄兴镇"], "镇（街道）");
        check("龙南市", &["龙南镇", "武当镇"], "镇");
        check("闽侯县", &["甘蔗街道", "白沙镇", "小箬乡"], "乡镇（街道）");
        check("新建区", &["长堎镇", "石埠乡"], "乡镇");
        check("东乌珠穆沁旗", &["乌里雅斯太镇", "道特淖尔镇", "满都胡宝拉格苏木"], "苏木（镇）");
        check("某县", &["城关镇", "*县工业园"], "镇（园区）");
        check("石碶街道", &["北渡村", "星光社区"], "村（社区）");
        check("某集团", &["甲公司", "乙机械厂"], "企业");
        check("某市", &["市工信局", "市发改委"], "部门");
        check("某市", &["城东片", "城西片"], "县（市）区");
        check("某县", &["城东片", "城西片"], "单位");
        check("某市", &[], "单位");
    }
}
