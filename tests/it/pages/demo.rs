//! The demo's firms: every rule of the policies of 福州 2021 and 龙南 2022 is met by a claim, at every stage; ledgers,
//! lists and a selection beside them.

use std::collections::BTreeSet;

use domain::plan::Plan;
use domain::plan::policy::{Bound, Combine, Policy, Test, What};
use domain::policy::record::State;
use domain::policy::yuan;
use tests::{Page, Serving, TestApp, on_both_databases, root};

fn plan(id: &str) -> Plan {
    let source = std::fs::read_to_string(root().join(format!("assets/plans/{id}.plan.toml"))).unwrap();
    domain::plan::file::parse(&source).unwrap()
}

/// Logs somebody in with the password that the demo printed.
fn log_in(site: &Serving, login: &str) -> String {
    let said = site.said().join("\n");
    let mut words = said.split(|c: char| c.is_whitespace());
    assert!(words.any(|word| word == login), "the demo has no {login}: {said}");
    site.log_in(login, words.next().unwrap())
}

/// The claims of a policy, each with all that its card says.
fn of_policy<'c>(cards: &'c [(String, String)], policy: &Policy) -> Vec<&'c str> {
    let own = cards.iter().filter(|(head, _)| head.contains(&policy.title));
    own.map(|(_, text)| text.as_str()).collect()
}

fn cards(page: &Page) -> Vec<(String, String)> {
    page.all("article.task h4").into_iter().zip(page.all("article.task")).collect()
}

/// What has to be said somewhere among the claims of a policy, that each of its rules is met: some of each line.
fn rules(policy: &Policy) -> Vec<Vec<String>> {
    let own = |sentence: &str| vec![sentence.to_owned()];
    let caps = &policy.caps;
    let whom = policy.recipient.name();
    let mut found = Vec::new();
    found.push(match &policy.what {
        What::Choice(_) | What::Open => vec!["核定金额".to_owned(), "由办公室确定".to_owned()],
        _ => own("计算："),
    });
    // Every line of its scale is somebody's.
    found.extend(policy.tiers.iter().filter_map(|tier| tier.level.as_deref()).map(own));
    for condition in &policy.conditions {
        found.extend(condition.words.as_ref().map(|words| own(&format!("条件：{words}"))));
        if condition.when.is_some() || matches!(condition.test, Test::CompletedIn(_)) {
            found.push(own("不符合。"));
        }
    }
    found.extend(caps.project.map(|cap| own(&format!("每项最高{}，减为", yuan(cap)))));
    found.extend(caps.share.map(|(share, _)| own(&format!("的{}%，即", share.percent_as_written()))));
    let over = |name: String| vec![format!("{name}，减为"), format!("{name}；2项合计")];
    found.extend(caps.firm.map(|cap| over(format!("单个{whom}一年最高{}", yuan(cap)))));
    found.extend(caps.firm_all_years.map(|cap| {
        let name = format!("单个{whom}各年合计最高{}，以前年度已享受50万元，减为", yuan(cap));
        vec![name]
    }));
    found.extend(caps.principal.map(|cap| own(&format!("只计{}", yuan(cap)))));
    if policy.years.is_some_and(|years| years > 1) {
        found.push(vec!["（期限内还有".to_owned(), "年不在其内。".to_owned()]);
    }
    // Where all years have a cap, what was had before stands against that.
    if policy.once && policy.caps.firm_all_years.is_none() {
        found.push(vec!["一次性给予，以前年度已享受".to_owned(), "首次".to_owned()]);
    }
    if policy.bound == Bound::AtMost {
        found.push(own("按现在的数据：最多"));
    }
    found.extend(policy.budget.map(|budget| own(&format!("资金总额{}，以前年度已用490万元；2项合计", yuan(budget)))));
    found
}

on_both_databases! {
    fn every_rule_of_two_plans_is_met_by_a_made_up_firm(app: TestApp) {
        let site = app.serve(&["--demo"]);
        let mut states: BTreeSet<String> = BTreeSet::new();
        for (id, year, login) in [("fuzhou-2021", 2021, "shenhe"), ("longnan-2022", 2022, "longnan.sh")] {
            let (plan, cookie) = (plan(id), log_in(&site, login));
            let page = site.as_person(&cookie).get(&format!("/claims/{id}/{year}")).assert_success();
            let cards = cards(&page);
            for policy in &plan.policies.list {
                let own = of_policy(&cards, policy);
                assert!(!own.is_empty(), "nobody claims “{}” of {id}", policy.title);
                for rule in rules(policy) {
                    let is_met = own.iter().any(|text| rule.iter().any(|sentence| text.contains(sentence)));
                    assert!(is_met, "no claim of “{}” says {rule:?}: {own:#?}", policy.title);
                }
            }
            for group in &plan.policies.groups {
                let text = page.text();
                let said = match group.combine {
                    Combine::TopUp => vec!["就高补差", "，补差 ", "不低于本项"],
                    _ => Vec::new(),
                };
                let limited = ["为限", "不足部分不予奖励", "还缺：当年税收地方实得", "文件没有写谁先谁后"];
                let limited = limited.into_iter().filter(|_| group.within_local_tax);
                for sentence in said.into_iter().chain(limited) {
                    assert!(text.contains(sentence), "no claim of {id} says “{sentence}”");
                }
            }
            states.extend(page.all("article.task h4 .lamp"));
            assert!(cards.iter().all(|(head, _)| head.contains("（演示）")), "made up, and says so");
        }
        use State::{Decided, Declined, Paid, Proposed, SentBack, Waiting};
        let all = [Waiting, SentBack, Proposed, Decided, Paid, Declined];
        assert_eq!(states, all.map(|state| state.name().to_owned()).into());
        let fuzhou = site.as_person(&log_in(&site, "caizheng")).get("/claims/fuzhou-2021/2021").assert_success();
        let next = site.as_person(&log_in(&site, "caizheng")).get("/claims/fuzhou-2021/2022").assert_success();
        next.shows("这家企业在别的文件或别的年度也有申报").shows("期限已满").shows("按现在的数据：400万元");
        // One state at a time.
        fuzhou.shows(&format!("全部 {}", fuzhou.all("article.task h4").len()));
        let paid = site.as_person(&log_in(&site, "caizheng")).get("/claims/fuzhou-2021/2021?state=paid");
        let lamps: BTreeSet<String> = paid.assert_success().all("article.task h4 .lamp").into_iter().collect();
        assert_eq!(lamps, [Paid.name().to_owned()].into());
        fuzhou.shows("应追回5万元").shows("决定：30万元；已兑付30万元").shows("决定：60万元；已兑付60万元").shows("退回");
    }

    fn its_ledgers_lists_and_selection_have_a_year(app: TestApp) {
        let site = app.serve(&["--demo"]);
        let finance = log_in(&site, "caizheng");
        let funds = site.as_person(&finance).get("/funds/fuzhou-2021?on=2021-12-31").assert_success();
        funds.shows("逾期6000万元").shows("其中逾期加收").shows("代偿300万元").shows("待第二人确认").shows("榕演示借〔2021〕1号");
        let office = log_in(&site, "longnan.sh");
        let lists = site.as_person(&office).get("/lists/longnan-2022").assert_success();
        lists.shows("国家级两化融合示范企业").shows("（演示）龙演示丁装备公司");
        site.as_person(&log_in(&site, "shenhe")).get("/lists/fuzhou-2021").assert_success().shows("2021年2月1日撤销");
        // A visitor reads the notice and the final list, and who is not among them.
        for edition in ["model_projects-2022-1", "model_projects-2022-final"] {
            let read = site.get(&format!("/publications/longnan-2022/selection/{edition}/2022-11")).assert_success();
            read.shows("智造示范车间").shows("高密度电路板扩产").lacks("贴片线换新").lacks("铜箔表面处理");
        }
        let course = site.as_person(&office).get("/selections/longnan-2022/model_projects/2022").assert_success();
        course.shows("已撤回").shows("已核对发票，属实（演示）").shows("贴片线换新").shows("未入选");
        // One firm through all of them.
        let found = site.as_person(&office).get("/search?q=龙演示丁装备").assert_success();
        let firm = found.links().into_iter().find(|link| link.starts_with("/firms/")).unwrap();
        let firm = site.as_person(&office).get(&firm).assert_success();
        firm.shows("智能制造示范企业").shows("智能制造示范、标杆企业配套").shows("示范项目");
    }
}
