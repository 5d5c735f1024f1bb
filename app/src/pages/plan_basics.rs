//! What a plan says as a whole, in the editor: its name and region, its document, its calendar.

use leptos::prelude::*;

use super::plan_sheet::{Choices, Sheet};

const YES_NO: Choices<'static> = &[("no", "否"), ("yes", "是")];

pub(super) const CADENCES: Choices<'static> =
    &[("monthly", "按月"), ("quarterly", "按季度"), ("half_yearly", "按半年"), ("yearly", "按年")];

pub(super) fn basics(sheet: &Sheet<'_>, revising: bool) -> AnyView {
    let id = match revising {
        true => sheet.hidden("id"),
        false => sheet.input("id", "英文名", "fuzhou-2022", "用在网址里，小写字母、数字和连字符"),
    };
    let known = ["document_source", "plan_assumed"].iter().any(|name| !sheet.text(name).is_empty());
    let more = known || sheet.text("publish_provisional") == "yes";
    view! {
        <fieldset>
            <legend>"计划"</legend>
            {id}
            {sheet.input("title", "名称", "2022年技术改造行动方案", "")}
            {sheet.input("region_name", "地区", "福州市", "")}
            {sheet.input("region_code", "地区代码", "350100", "没有的不填")}
            {sheet.input("year_from", "起始年", "2022", "")}
            {sheet.input("year_to", "结束年", "2022", "只有一年的不填")}
            {sheet.input("unit_noun", "各单位的统称", "县（市）区", "不填的按单位名称")}
        </fieldset>
        <fieldset>
            <legend>"依据的文件（都可不填）"</legend>
            {sheet.input("number", "发文字号", "榕政综〔2022〕12号", "")}
            {sheet.input("document_title", "标题", "", "")}
            {sheet.input("issuer", "发文机关", "福州市人民政府", "")}
            {sheet.input("dated", "成文日期", "2022-02-16", "")}
            <details open=more>
                <summary>"文件没有写明的、判断的界线"</summary>
                {sheet
                    .long(
                        "plan_assumed",
                        "文件没有写明、本计划假定的",
                        "一行一句；核对时列给大家看",
                    )}
                {sheet.input("document_source", "文件全文存在哪里", "001.txt", "")}
                {sheet
                    .input(
                        "near_pp",
                        "落后多少个百分点以内算接近",
                        "5",
                        "序时进度的黄灯，一般是 5",
                    )}
                {sheet
                    .input(
                        "step_pct",
                        "当月与去年同月相差百分之几以上要写说明",
                        "50",
                        "没有去年同月的按计划的曲线，再没有的按前几个月的平均",
                    )}
                {sheet
                    .choice(
                        "publish_provisional",
                        "年终之前通报暂定奖惩",
                        YES_NO,
                        "选“是”，每期通报都列按现有数的奖惩",
                    )}
            </details>
        </fieldset>
        <fieldset>
            <legend>"报送时间"</legend>
            {calendar(sheet, "", &[CADENCES, &[("none", "不规定")]].concat())}
            <p class="subtitle">
                "有些目标按别的周期报送（季度、年度、每周监测）的，在“报送周期”页另设。"
            </p>
        </fieldset>
    }
    .into_any()
}

/// The boxes of a calendar; those of a rhythm begin with its row.
pub(super) fn calendar(sheet: &Sheet<'_>, prefix: &str, cadences: Choices<'_>) -> AnyView {
    let name = |field: &str| format!("{prefix}{field}");
    let filled = ["calendar_source", "calendar_assumed", "final_month"];
    let assumed = sheet.text(&name("deadline_assumed")) == "yes";
    let more = assumed || filled.iter().any(|field| !sheet.text(&name(field)).is_empty());
    let summary = if prefix.is_empty() { "报送时间的依据、年终定报" } else { "依据、年终定报" };
    view! {
        {sheet.choice(&name("cadence"), "多久报一次", cadences, "")}
        <div class="if monthly">
            {sheet.input(&name("first_month"), "第一期到几月", "2", "按月报送的；1—2月合并的写 2")}
        </div>
        {sheet.input(&name("deadline_day"), "截止日", "5", "当天 24:00；没有规定的不填")}
        {sheet
            .choice(
                &name("deadline_of"),
                "哪个月的",
                &[("next_month", "次月"), ("last_month_of_period", "期末当月（期末之前）")],
                "",
            )}
        {sheet
            .choice(
                &name("holidays"),
                "遇休息日",
                &[("next_workday", "顺延到下一个工作日"), ("none", "不顺延")],
                "放假和调休按国务院办公厅各年的通知",
            )}
        <details open=more>
            <summary>{summary}</summary>
            {sheet
                .choice(
                    &name("deadline_assumed"),
                    "截止日是办公室定的",
                    YES_NO,
                    "文件没有写日子的选“是”",
                )}
            {sheet
                .input(
                    &name("final_month"),
                    "年终定报：次年几月",
                    "1",
                    "截止日早于期末的，年底的数再报一次",
                )}
            {sheet.input(&name("final_day"), "年终定报：几日", "15", "")}
            {sheet
                .input(
                    &name("calendar_source"),
                    "依据的条款",
                    "四、（三）：各单位于每季度末25日前报送",
                    "",
                )}
            {sheet.long(&name("calendar_assumed"), "文件没有写明、这里假定的", "一行一句")}
        </details>
    }
    .into_any()
}
