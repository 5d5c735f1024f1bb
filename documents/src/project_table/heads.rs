//! What the heads of a list of projects say.

use domain::head::{UNITS, months_in, years_in};
use domain::money::fold;
use domain::projects::Step;
use domain::projects::field::Field;

/// What a column is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Of(Field),
    /// 年度 and 期间 of each line, in our own form.
    Year,
    Period,
    Number,
    Ignore,
}

impl Use {
    /// As forms and mappings name it.
    pub fn id(self) -> &'static str {
        match self {
            Use::Of(field) => field.id(),
            Use::Year => "year",
            Use::Period => "period",
            Use::Number => "number",
            Use::Ignore => "ignore",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Use::Of(field) => field.name(),
            Use::Year => "年度",
            Use::Period => "期间",
            Use::Number => "序号",
            Use::Ignore => "不取用",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        let other = [Use::Year, Use::Period, Use::Number, Use::Ignore].into_iter().find(|known| known.id() == id);
        other.or_else(|| Field::parse(id).map(Use::Of))
    }

    /// Every use, for a choice.
    pub fn all() -> impl Iterator<Item = Use> {
        let others = [Use::Year, Use::Period, Use::Number];
        std::iter::once(Use::Ignore).chain(Field::ALL.into_iter().map(Use::Of)).chain(others)
    }
}

/// A head as it is compared: folded, without blanks, and without what stands in parentheses.
fn plain(head: &str) -> String {
    let folded: String = fold(head).chars().filter(|c| !c.is_whitespace()).collect();
    let folded = folded.replace('（', "(").replace('）', ")");
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in folded.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    if kept.is_empty() { folded } else { kept }
}

/// The unit of money that a head names.
pub fn unit_of(head: &str) -> Option<&'static str> {
    let folded: String = fold(head).chars().filter(|c| !c.is_whitespace()).collect();
    let ends = |unit: &str| {
        [format!("({unit})"), format!("（{unit}）"), format!("单位:{unit}"), format!("单位：{unit}")]
            .iter()
            .any(|text| folded.contains(text.as_str()))
    };
    UNITS.into_iter().find(|unit| ends(unit) || folded.ends_with(unit))
}

/// What a head means in a list of `year`; `None` where it says nothing that is known.
pub fn use_of(head: &str, year: i32) -> Option<Use> {
    let full: String = fold(head).chars().filter(|c| !c.is_whitespace()).collect();
    let text = plain(head);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is = |words: &[&str]| words.contains(&text.as_str());
    let of = |field: Field| Some(Use::Of(field));
    // Our own heads first, as they are written.
    if let Some(field) = Field::ALL.into_iter().find(|field| field.name() == text) {
        return of(field);
    }
    if is(&["序号", "编号序号", "号"]) {
        return Some(Use::Number);
    }
    if is(&["年度", "申报年度", "列入年度"]) {
        return Some(Use::Year);
    }
    if is(&["期间", "月份", "报送期间"]) {
        return Some(Use::Period);
    }
    if full.contains('%') || (has(&["占", "完成率", "比例", "增幅", "百分"]) && !has(&["占地"])) {
        return Some(Use::Ignore);
    }
    if has(&["产值"]) {
        let reported = has(&["当年", "本年", "上年", "去年", "完成", "累计", "月", "增速"]);
        let full = has(&["达产", "投产后", "建成后", "新增", "年产值"]);
        return if full && !reported { of(Field::Output) } else { Some(Use::Ignore) };
    }
    if has(&["信用代码"]) {
        return of(Field::CreditCode);
    }
    if has(&["项目代码", "赋码", "在线审批"]) {
        return of(Field::Code);
    }
    if is(&["项目编号", "编号", "项目库编号"]) {
        return of(Field::Id);
    }
    if has(&["电话", "手机", "联系人", "联络人", "联络员", "联系方式", "法人代表", "法定代表", "责任人", "负责人"])
    {
        return Some(Use::Ignore);
    }
    if has(&["项目名称", "项目名"]) || is(&["名称", "项目"]) {
        return of(Field::Name);
    }
    if let Some(found) = step_of(&text) {
        return Some(found);
    }
    let leads = has(&["领导", "处级", "挂钩人", "包保", "包抓"]) && !has(&["单位"]);
    if leads {
        let own = has(&["县", "区领导", "区级", "镇"]) && !has(&["县处级"]);
        return of(if own { Field::UnitOfficial } else { Field::Official });
    }
    if has(&["责任单位", "挂钩单位", "挂钩责任", "牵头单位", "服务单位", "主管部门", "配合单位", "包保单位"])
    {
        return of(Field::Lead);
    }
    if has(&[
        "业主",
        "企业名称",
        "单位名称",
        "建设单位",
        "投资主体",
        "承办单位",
        "实施单位",
        "法人单位",
        "项目单位",
        "企业",
    ]) {
        return of(Field::Firm);
    }
    let place = has(&[
        "县市区",
        "市县区",
        "区县",
        "县区",
        "所属县",
        "所属区",
        "属地",
        "辖区",
        "所属地",
        "行政区",
        "所在县",
        "所在区",
    ]);
    if place || is(&["县", "区", "地区", "所在地", "单位", "所属区域", "市", "设区市", "街道", "园区"])
    {
        return of(Field::Unit);
    }
    if has(&["地点", "地址", "选址"]) {
        return of(Field::Site);
    }
    if has(&["年限", "起止", "建设期", "建设周期", "工期"]) {
        return of(Field::Span);
    }
    money_of(&text, year).or_else(|| words_of(&text))
}

/// Heads of dates: 计划开工时间, 实际竣工, 开工.
fn step_of(text: &str) -> Option<Use> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let of = |field: Field| Some(Use::Of(field));
    let dated = has(&["时间", "日期", "年月", "节点时间"])
        || [
            "开工",
            "竣工",
            "投产",
            "计划开工",
            "计划竣工",
            "计划投产",
            "实际开工",
            "实际竣工",
            "实际投产",
            "拟开工",
            "拟竣工",
        ]
        .contains(&text);
    if has(&["原因", "理由", "依据"]) {
        return match () {
            () if has(&["停建", "停工", "缓建"]) => of(Field::SuspendedFor),
            () if has(&["退库", "出库", "入库", "列入", "调出", "调入"]) => of(Field::ListReason),
            () if has(&["延期", "未开工", "未竣工"]) => of(Field::Excused),
            () => None,
        };
    }
    if !dated || has(&["投资", "以来"]) {
        return None;
    }
    let step = match () {
        () if has(&["纳统", "入统", "纳入统计", "统计入库"]) => {
            return of(Field::ActualOf(Step::Statistics));
        }
        () if has(&["停建", "停工", "缓建"]) => return of(Field::ActualOf(Step::Suspension)),
        () if has(&["退库", "出库", "调出"]) => return of(Field::Left),
        () if has(&["入库", "列入", "批准列入", "调入"]) => return of(Field::Entered),
        () if has(&["开工"]) => Step::Start,
        () if has(&["竣工", "完工", "建成"]) && !has(&["投产"]) => Step::Finish,
        () if has(&["投产", "投用"]) => Step::Production,
        () if has(&["验收"]) => Step::Acceptance,
        () if has(&["备案", "核准", "立项"]) => return of(Field::ActualOf(Step::Filing)),
        () => return None,
    };
    let actual = has(&["实际", "已"]) && !has(&["计划"]);
    of(if actual { Field::ActualOf(step) } else { Field::PlannedOf(step) })
}

fn money_of(text: &str, year: i32) -> Option<Use> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let of = |field: Field| Some(Use::Of(field));
    if !has(&["投资", "完成", "累计", "资金", "计划"]) || has(&["形象", "情况", "时间", "进度"]) {
        return None;
    }
    if has(&["资金来源", "资金构成", "筹资"]) {
        return of(Field::Funds);
    }
    if has(&["到位", "力争", "预计", "缺口", "贷款", "自筹"]) {
        return Some(Use::Ignore);
    }
    let past = years_in(text).iter().any(|named| *named < year) || has(&["上年", "去年", "年底累计", "年底前累计"]);
    if past && has(&["累计", "完成", "底"]) {
        return of(Field::Before);
    }
    if has(&["以来", "自开工", "历年", "总完成", "开工累计"]) {
        return of(Field::SinceStart);
    }
    if has(&["设备"]) && !has(&["完成"]) {
        return of(Field::Equipment);
    }
    if has(&["总投资"]) && !has(&["完成"]) {
        return of(Field::Total);
    }
    let done = has(&["完成", "累计"]);
    if !done && has(&["年计划", "年度计划", "计划投资", "投资计划", "年度投资", "年投资"]) {
        return of(Field::Planned);
    }
    if done && has(&["计划"]) && !has(&["计划完成"]) {
        return of(Field::Planned);
    }
    if done && has(&["计划完成"]) {
        return of(Field::Planned);
    }
    let alone = has(&["当月", "本月", "本旬", "当旬"]) && !has(&["累计", "年初", "至"]);
    if done && (alone || is_one_month(text)) {
        return Some(Use::Ignore);
    }
    if done {
        return of(Field::ThisYear);
    }
    None
}

/// 5月完成 is of one month, 1—5月完成 of the year so far.
fn is_one_month(text: &str) -> bool {
    let months = months_in(text);
    matches!(months[..], [(from, to)] if from == to && from != 1) && !text.contains('累') && !text.contains("至")
}

fn words_of(text: &str) -> Option<Use> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let of = |field: Field| Some(Use::Of(field));
    match () {
        () if has(&["问题", "困难", "堵点"]) => of(Field::Problem),
        () if has(&["下步", "下一步", "措施", "打算", "工作安排", "后几个月", "节点安排", "月节点"]) => {
            of(Field::Next)
        }
        () if has(&["目标"]) => of(Field::Milestone),
        () if has(&["形象进度", "进展", "进度"]) => of(Field::Progress),
        () if has(&["行业", "产业"]) => of(Field::Industry),
        () if has(&["方向"]) => of(Field::Direction),
        () if has(&["性质"]) => of(Field::Nature),
        () if has(&["内容", "规模"]) => of(Field::Content),
        () if has(&["批次"]) => of(Field::Batch),
        () if has(&["标签", "级别", "专项", "考核类"]) => of(Field::Labels),
        () if has(&["类别", "项目类型", "类型"]) => of(Field::Role),
        () if has(&["资金来源"]) => of(Field::Funds),
        () if has(&["备注", "说明"]) => Some(Use::Ignore),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: &str) {
        let found = use_of(head, 2021).map_or("?", Use::id);
        assert_eq!(found, expected, "{head}");
    }

    /// Heads of 漳州's 明细表, 南平's 月报, 银川's and 武汉's lists.
    #[test]
    fn heads_of_real_lists() {
        for (head, expected) in [
            ("序号", "number"),
            ("项目名称", "name"),
            ("建设性质", "nature"),
            ("建设规模及主要建设内容", "content"),
            ("建设起止年限", "span"),
            ("总投资（万元）", "total"),
            ("其中：设备投资", "equipment"),
            ("达产产值（万元）", "output"),
            ("建成后新增年产值", "output"),
            ("当年产值", "ignore"),
            ("至2020年底累计完成投资", "before"),
            ("截至上年底累计完成", "before"),
            ("2021年计划投资", "planned"),
            ("年度计划投资（万元）", "planned"),
            ("1—5月完成投资", "this_year"),
            ("年初至本月累计完成投资", "this_year"),
            ("本年累计完成", "this_year"),
            ("截至本月累计完成", "this_year"),
            ("本月完成投资", "ignore"),
            ("5月完成投资", "ignore"),
            ("占年计划%", "ignore"),
            ("完成年度计划比例", "ignore"),
            ("自开工以来累计完成投资", "since_start"),
            ("后几个月节点安排", "next"),
            ("力争完成投资", "ignore"),
            ("项目业主", "firm"),
            ("建设单位", "firm"),
            ("挂钩责任单位", "lead"),
            ("市挂钩领导", "official"),
            ("挂钩县处级领导", "official"),
            ("县（市、区）领导", "unit_official"),
            ("县(市、区)", "unit"),
            ("所属区县", "unit"),
            ("建设地点", "site"),
            ("形象进度", "progress"),
            ("工程形象进度情况", "progress"),
            ("存在问题及建议", "problem"),
            ("下一步工作措施", "next"),
            ("年度形象进度目标", "milestone"),
            ("计划开工时间", "planned_start"),
            ("开工时间", "planned_start"),
            ("实际开工时间", "start"),
            ("计划竣工时间", "planned_finish"),
            ("竣工投产时间", "planned_production"),
            ("纳统时间", "statistics"),
            ("入库时间", "entered"),
            ("项目代码", "code"),
            ("统一社会信用代码", "credit_code"),
            ("联系人及电话", "ignore"),
            ("所属行业", "industry"),
            ("项目类别", "role"),
            ("备注", "ignore"),
        ] {
            check(head, expected);
        }
    }

    #[test]
    fn our_own_heads_are_read_as_they_are() {
        for field in Field::ALL {
            check(field.name(), field.id());
            check(&format!("{}（万元）", field.name()), field.id());
        }
    }
}
