//! The plan editor's page of support policies: one box, in the words of the plan file.

use domain::policy::{conditions_in_words, in_words, payers_in_words};
use leptos::prelude::*;
use office::plan_form::POLICIES;

use super::plan_sheet::Sheet;

/// What a policy looks like there.
const EXAMPLE: &str = "[[policy]]\nid = \"equipment\"\ntitle = \"设备投资补助\"\nclause = \"三、（四）\"\n\
                       quote = \"按设备投资额的 3%给予补助，单个企业最高补助 500 万元\"\npaid_by = [\"市财政\"]\n\
                       what = \"share\"\nbase = \"equipment\"\nshare_pct = \"3\"\nthreshold = \"500万元\"\n\
                       conditions = [{ is = \"in_statistics\", words = \"纳入固投统计\" }]\ncap = { firm = \"500万元\" }\n\
                       # 有资金总额的写先后：approval 按批准先后，pro_rata 按比例；文件没有写的不写\n\
                       budget = \"1亿元\"\norder = \"approval\"\n\
                       # 决定以后公示几天（自然日）；文件没有写的不写，公示时再填\nnotice_days = 5";

const HINT: &str = "[[policy]] 一项政策；[[policy_group]] 几项共有的条款；[[parameter]] 文件以外的数；\
                    [[selection]] 一项评选；[[fund]] 基金、担保和专项资金的台账；[[list]] 文件要求的名单；\
                    [[body]] 领导小组、专班、办公室和责任人的名单";

pub(super) fn policies(sheet: &Sheet<'_>) -> AnyView {
    view! {
        <p class="subtitle">
            "按计划文件的写法写，一项政策一段，原文照抄。文件没有写明的写进 assumed，不要代文件定数。"
        </p>
        <details>
            <summary>"写法举例"</summary>
            <pre>{EXAMPLE}</pre>
        </details>
        {sheet.long(POLICIES, "扶持政策和评选", HINT)}
        {read_as(sheet)}
    }
    .into_any()
}

/// What was written, as the pages say it: whoever wrote it reads whether it is what the document says.
fn read_as(sheet: &Sheet<'_>) -> Option<AnyView> {
    let plan = &sheet.turn.plan;
    if sheet.turn.edited.as_ref().is_some_and(|edited| !edited.faults.is_empty()) {
        return Some(
            view! { <p class="subtitle">"上面写错的改好以后，再点“核对”，这里写出各项读作什么。"</p> }.into_any(),
        );
    }
    let items: Vec<AnyView> = plan
        .policies
        .list
        .iter()
        .map(|policy| {
            let conditions = conditions_in_words(policy);
            let conditions = match conditions.is_empty() {
                true => String::new(),
                false => format!("；条件：{}", conditions.join("；")),
            };
            let gives = format!("{}：给{}：{}", policy.title, policy.recipient.name(), in_words(policy));
            let more = [
                payers_in_words(policy).map(|payers| format!("出资：{payers}")),
                plan.policies.valid(policy).in_words().map(|span| format!("有效期：{span}")),
                policy.notice_days.map(|days| format!("公示{days}天")),
                plan.policies.group(policy).map(|group| format!("属于“{}”", group.title)),
            ];
            let more: String = more.into_iter().flatten().map(|said| format!("；{said}")).collect();
            view! { <li>{format!("{gives}{conditions}{more}。")}</li> }.into_any()
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <h3>"读作"</h3>
            <p class="subtitle">"改过的，点“核对”以后这里按新写的读。请与文件原文对照。"</p>
            <ul>{items}</ul>
        }
        .into_any()
    })
}
