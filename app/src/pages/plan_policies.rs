//! The plan editor's page of support policies: the list of them, and all in one box in the words of the plan file.

use domain::policy::{conditions_in_words, in_words, payers_in_words, yuan};
use leptos::prelude::*;
use office::plan_form::{POLICIES, Part, Sort, goal_row, group_row};

use super::plan_sheet::{Sheet, go, table};

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
    let is_wrong = sheet.is_wrong(POLICIES);
    view! {
        {list(sheet)}
        <details open=is_wrong>
            <summary>"按计划文件的写法改（公布的利率、评选、基金、名单和领导小组写在这里）"</summary>
            <p class="subtitle">
                "按计划文件的写法写，一项政策一段，原文照抄。文件没有写明的写进 assumed，不要代文件定数。"
            </p>
            <details>
                <summary>"写法举例"</summary>
                <pre>{EXAMPLE}</pre>
            </details>
            {sheet.long(POLICIES, "扶持政策和评选", HINT)}
        </details>
        {read_as(sheet, None)}
    }
    .into_any()
}

/// The policies in the document's order, and the clauses that several have in common.
fn list(sheet: &Sheet<'_>) -> AnyView {
    let policies = &sheet.turn.plan.policies;
    let rows = policies.list.iter().enumerate().map(|(row, policy)| {
        let name = |field: &str| goal_row(row, field);
        let to = Part::Policy(Sort::Policy, policy.id.clone()).code();
        view! {
            <tr>
                {sheet.cell(name("order"), "次序", row, "num-in")}
                <th scope="row">{sheet.hidden(&name("id"))} {go(&to, policy.title.clone(), "link")}</th>
                <td data-name="条款">{policy.clause.clone().unwrap_or_default()}</td>
                <td data-name="给多少">{in_words(policy)}</td>
                <td data-name="去掉">{sheet.tick(&name("drop"), "yes", "去掉")}</td>
            </tr>
        }
        .into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let count = rows.len();
    let list = match rows.is_empty() {
        true => view! { <p>"还没有扶持政策。"</p> }.into_any(),
        false => table(&["次序", "政策", "条款", "给多少", "去掉"], rows),
    };
    let groups = policies.groups.iter().enumerate().map(|(row, group)| {
        let name = |field: &str| group_row(row, field);
        let to = Part::Policy(Sort::Group, group.id.clone()).code();
        let more = [
            (!group.combine.is_both()).then(|| group.per.name().to_owned()),
            group.within_local_tax.then(|| format!("不超过{}", group.local_tax_words())),
            group.budget.map(|budget| format!("资金总额{}", yuan(budget))),
            group.order.map(|order| order.name().to_owned()),
            group.valid.in_words(),
        ];
        let said: Vec<String> = [Some(group.combine.name().to_owned())].into_iter().chain(more).flatten().collect();
        view! {
            <tr>
                <th scope="row">{sheet.hidden(&name("id"))} {go(&to, group.title.clone(), "link")}</th>
                <td data-name="条款">{group.clause.clone().unwrap_or_default()}</td>
                <td data-name="读作">{said.join("；")}</td>
                <td data-name="去掉">{sheet.tick(&name("drop"), "yes", "去掉")} {sheet.said(&name("drop"))}</td>
            </tr>
        }
        .into_any()
    });
    let groups: Vec<AnyView> = groups.collect();
    let groups = (!groups.is_empty()).then(|| table(&["条款的名称", "条款", "读作", "去掉"], groups));
    view! {
        <fieldset>
            <legend>{format!("扶持政策（{count}项）")}</legend>
            {list}
            <p>{go("policy:", "加一项政策".to_owned(), "second")}</p>
        </fieldset>
        <fieldset>
            <legend>{format!("几项共有的条款（{}条）", policies.groups.len())}</legend>
            <p class="subtitle">"能否同时享受、以税收为限、总的资金和期限，例如“从优不重复”“就高补差”。"</p>
            {groups}
            <p>{go("policy_group:", "加一条共有的条款".to_owned(), "second")}</p>
        </fieldset>
    }
    .into_any()
}

/// What was written, as the pages say it: whoever wrote it reads whether it is what the document says. Of one policy,
/// or of all.
pub(super) fn read_as(sheet: &Sheet<'_>, id: Option<&str>) -> Option<AnyView> {
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
        .filter(|policy| id.is_none_or(|id| policy.id == id))
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
                policy.budget.map(|budget| format!("资金总额{}", yuan(budget))),
                policy.order.map(|order| order.name().to_owned()),
                policy.notice_days.map(|days| format!("公示{days}天")),
                (!policy.responsible.is_empty()).then(|| format!("责任单位：{}", policy.responsible.join("、"))),
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
