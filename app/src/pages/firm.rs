//! `/firms/{id}`: one firm inside the office of whoever asks: its recognitions, projects, claims with what was decided
//! and paid, contracts with funds and nominations; each part as far as its own page shows it to him.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::{at_shanghai, chinese_date};
use domain::firms::{Firms, Named};
use domain::fund::record::{Record as FundRecord, holding};
use domain::fund::standing;
use domain::plan::Plan;
use domain::plan::fund::Of;
use domain::plan::policy::Recipient;
use domain::policy::record::{Record as ClaimRecord, records};
use domain::policy::{Fact, yuan};
use domain::projects::Project;
use domain::projects::field::unit_name;
use domain::recognition::{Recognition, Stated};
use domain::selection::edition::outcome;
use domain::selection::record::{Course, Record as Nominated, State};
use leptos::prelude::*;

use super::funds::{interest_in_words, rate_in_words};
use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, data_table, links, page};

#[component]
pub(crate) fn FirmPage() -> impl IntoView {
    let id = param("id");
    page(async move { load(&id).await })
}

/// A claim with its plan (by its place among the plans) and year.
type Claimed = (usize, i32, ClaimRecord);

/// All that he may see of firms in his office.
pub(super) struct Known {
    /// The office's plans, the newest last.
    plans: Vec<Arc<Plan>>,
    recognitions: Vec<Recognition>,
    projects: Vec<(Project, Option<i32>)>,
    claims: Vec<Claimed>,
    funds: Vec<(usize, Vec<FundRecord>)>,
    /// With plan, the place of the selection in it, and year.
    nominations: Vec<(usize, usize, i32, Nominated)>,
    /// What became of them in what was published last, likewise.
    outcomes: Vec<Option<String>>,
}

/// The firm of a recognition; a standard is of none.
pub(super) fn of_recognition<'s>(plan: &Plan, stated: &'s Stated) -> Option<Named<'s>> {
    let is_firm = plan.policies.declared_list(&stated.title).is_none_or(|list| list.of == Of::Firm);
    let name = stated.owner.as_ref().or(is_firm.then_some(&stated.firm))?;
    Some((name, stated.credit_code.as_deref()))
}

fn of_project(project: &Project) -> Option<Named<'_>> {
    Some((project.firm.as_deref()?, project.credit_code.as_deref()))
}

fn of_nomination(record: &Nominated) -> Named<'_> {
    (&record.nomination.firm, record.nomination.credit_code.as_deref())
}

/// The firm of a claim; a person and a county are none.
pub(super) fn of_claim<'r>(plan: &Plan, record: &'r ClaimRecord) -> Option<Named<'r>> {
    let policy = plan.policies.get(&record.claim.policy);
    let is_none = policy.is_some_and(|it| matches!(it.recipient, Recipient::Person | Recipient::Region));
    (!is_none).then(|| record.claim.firm())
}

impl Known {
    /// `None` for whoever is of no office.
    pub(super) async fn load() -> Result<Option<Self>, PageError> {
        let backend = backend();
        let Some(office) = backend.viewer().and_then(|viewer| viewer.post.as_ref()?.domain.office.clone()) else {
            return Ok(None);
        };
        let plans = backend.plans().await?.into_iter().map(|version| version.plan);
        let mut plans: Vec<_> = plans.filter(|plan| plan.region.id() == office).collect();
        plans.sort_by_key(|plan| plan.years);
        let mut known = Self {
            plans: Vec::new(),
            recognitions: Vec::new(),
            projects: Vec::new(),
            claims: Vec::new(),
            funds: Vec::new(),
            nominations: Vec::new(),
            outcomes: Vec::new(),
        };
        // Lists and the library are the office's, whatever the plan.
        if let Some(plan) = plans.last() {
            known.recognitions = backend.recognitions(plan).await?;
            if backend.viewer().is_some_and(|viewer| viewer.sees_projects(&office)) {
                let library = backend.projects(plan, Some(0)).await?.into_values();
                let newest =
                    library.map(|one| (one.entry.years.keys().next_back().copied(), one.entry.project.clone()));
                known.projects = newest.map(|(year, project)| (project, year)).collect();
            }
        }
        for (at, plan) in plans.iter().enumerate() {
            let years = plan.years.0..=plan.years.1;
            if !plan.policies.list.is_empty() {
                for (year, steps) in backend.claim_years(plan).await? {
                    known.claims.extend(records(&plan.policies, year, &steps).into_iter().map(|one| (at, year, one)));
                }
            }
            if !plan.policies.funds.is_empty() {
                known.funds.push((at, backend.fund_records(plan).await?));
            }
            for (place, selection) in plan.selections.iter().enumerate() {
                for year in years.clone() {
                    let steps = backend.selection_steps(plan, &selection.id, year).await?;
                    let records = Course::of(selection, &steps).records;
                    if records.is_empty() {
                        continue;
                    }
                    let published = backend.selection_editions(plan, &selection.id, year).await?;
                    known.outcomes.extend(records.iter().map(|record| outcome(&published, record)));
                    known.nominations.extend(records.into_iter().map(|record| (at, place, year, record)));
                }
            }
        }
        known.plans = plans;
        Ok(Some(known))
    }

    /// Every record of a firm, as it names it.
    fn named(&self) -> Vec<Named<'_>> {
        let newest = self.plans.last();
        let lists = self.recognitions.iter().filter_map(|one| of_recognition(newest?, &one.stated));
        let projects = self.projects.iter().filter_map(|(project, _)| of_project(project));
        let claims = self.claims.iter().filter_map(|(at, _, record)| of_claim(&self.plans[*at], record));
        let terms = self.funds.iter().flat_map(|(_, records)| records).filter_map(FundRecord::shown);
        let terms = terms.filter_map(|stated| stated.terms.as_ref()).filter(|terms| !terms.firm.is_empty());
        let funds = terms.map(|terms| (terms.firm.as_str(), terms.credit_code.as_deref()));
        let nominated = self.nominations.iter().map(|(.., record)| of_nomination(record));
        lists.chain(projects).chain(claims).chain(funds).chain(nominated).filter(|(name, _)| !name.is_empty()).collect()
    }

    /// Each firm once, with all its names and its address; by name.
    pub(super) fn firms(&self) -> Vec<(Vec<String>, Option<String>, String)> {
        let named = self.named();
        let firms = Firms::of(named.iter().copied());
        let mut found: BTreeMap<String, (Vec<String>, Option<String>)> = BTreeMap::new();
        for (name, code) in named {
            let (names, known) = found.entry(firms.key((name, code))).or_default();
            if !names.iter().any(|other| domain::region::fold_name(other) == domain::region::fold_name(name)) {
                names.push(name.to_owned());
            }
            *known = known.take().or_else(|| code.map(str::to_owned));
        }
        let mut found: Vec<_> = found
            .into_values()
            .map(|(names, code)| {
                let at = links::firm((&names[0], code.as_deref()));
                (names, code, at)
            })
            .collect();
        found.sort();
        found
    }

    /// The newest plan that has a year.
    fn plan_of_year(&self, year: Option<i32>) -> Option<&Plan> {
        let has = |plan: &&Arc<Plan>| year.is_some_and(|year| (plan.years.0..=plan.years.1).contains(&year));
        self.plans.iter().rev().find(has).or(self.plans.last()).map(Arc::as_ref)
    }
}

/// The link from a record to its firm's page.
pub(super) fn link(named: Named<'_>) -> AnyView {
    view! { <a href=links::firm(named)>"这家企业的全部情况"</a> }.into_any()
}

/// Whose records are shown.
struct Scene<'k> {
    known: &'k Known,
    firms: Firms,
    key: String,
}

impl Scene<'_> {
    fn is_own(&self, named: Option<Named<'_>>) -> bool {
        named.is_some_and(|named| self.firms.key(named) == self.key)
    }
}

async fn load(id: &str) -> Result<Page, PageError> {
    let none = || PageError::not_found("没有这家企业，或它的情况不属于您的单位。").with_link("搜索", "/search");
    let known = Known::load().await?.ok_or_else(none)?;
    let named = known.named();
    let firms = Firms::of(named.iter().copied());
    let key = firms.find(id, named.iter().copied()).ok_or_else(none)?;
    let own: Vec<Named<'_>> = named.into_iter().filter(|named| firms.key(*named) == key).collect();
    // As it was named last among those that stand in order.
    let title = own.first().map(|(name, _)| (*name).to_owned()).ok_or_else(none)?;
    let code = own.iter().find_map(|(_, code)| *code).map(str::to_owned);
    let mut others: Vec<&str> = own.iter().map(|(name, _)| *name).filter(|name| *name != title).collect();
    others.sort_unstable();
    others.dedup();
    let others = (!others.is_empty()).then(|| format!("　又写作：{}", others.join("、")));
    let code = code.map_or("没有写统一社会信用代码".to_owned(), |code| format!("统一社会信用代码 {code}"));
    let scene = Scene { known: &known, firms, key };
    let parts = [recognised(&scene), projects(&scene), claims(&scene), contracts(&scene), nominated(&scene)];
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{code} {others}</p>
            {parts.into_iter().flatten().collect_view()}
            <p class="notes">"只列您在各页上看得到的；同一信用代码算同一家企业，没有信用代码的按名称。"</p>
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// A part with its heading; nothing where it has no lines.
fn part(heading: &'static str, heads: &[(&'static str, bool)], lines: Vec<AnyView>) -> Option<AnyView> {
    (!lines.is_empty()).then(|| {
        view! {
            <h2>{heading}</h2>
            {data_table(heading, "data stack", heads, lines)}
        }
        .into_any()
    })
}

fn recognised(scene: &Scene<'_>) -> Option<AnyView> {
    let plan = scene.known.plans.last()?;
    let own = scene.known.recognitions.iter().filter(|one| scene.is_own(of_recognition(plan, &one.stated)));
    let lines = own.map(|one| {
        let stated = &one.stated;
        let thing = stated.owner.as_ref().map(|_| format!("：{}", stated.firm)).unwrap_or_default();
        let paired = super::lists::paired(stated);
        let state = match stated.withdrawn {
            Some(day) => format!("{}撤销", chinese_date(day)),
            None => "有效".to_owned(),
        };
        view! {
            <tr>
                <th scope="row">
                    <a href=format!(
                        "{}#recognition-{}",
                        links::lists(&plan.id),
                        one.number,
                    )>{format!("{}{}{thing}", stated.level, stated.title)}</a>
                    {paired}
                </th>
                <td data-name="文件">{stated.document.clone()}</td>
                <td data-name="认定日期">{chinese_date(stated.day)}</td>
                <td data-name="状态">{state}</td>
            </tr>
        }
        .into_any()
    });
    let heads = [("认定", false), ("文件", false), ("认定日期", false), ("状态", false)];
    part("认定", &heads, lines.collect())
}

fn projects(scene: &Scene<'_>) -> Option<AnyView> {
    let own = scene.known.projects.iter().filter(|(project, _)| scene.is_own(of_project(project)));
    let lines = own.filter_map(|(project, year)| {
        let plan = scene.known.plan_of_year(*year)?;
        let total = project.total.map(yuan).unwrap_or_else(|| "—".to_owned());
        let line = view! {
            <tr>
                <th scope="row">
                    <a href=links::project(&plan.id, &project.id)>{project.name.clone()}</a>
                </th>
                <td data-name="编号">{project.id.clone()}</td>
                <td data-name="县（市、区）">{unit_name(plan, &project.unit).to_owned()}</td>
                <td class="r" data-name="总投资">
                    {total}
                </td>
            </tr>
        };
        Some(line.into_any())
    });
    let heads = [("项目", false), ("编号", false), ("县（市、区）", false), ("总投资", true)];
    part("重点项目", &heads, lines.collect())
}

fn claims(scene: &Scene<'_>) -> Option<AnyView> {
    let plans = &scene.known.plans;
    let own = scene.known.claims.iter().filter(|(at, _, record)| scene.is_own(of_claim(&plans[*at], record)));
    let lines = own.map(|(at, year, record)| {
        let (plan, claim) = (&plans[*at], &record.claim);
        let policy = plan.policies.get(&claim.policy).map_or(&claim.policy, |policy| &policy.title);
        let project = if claim.project.is_empty() { String::new() } else { format!("（{}）", claim.project) };
        let address = format!("{}#claim-{}", links::claims(&plan.id, &year.to_string()), record.number);
        let decided = record.decided.map_or_else(|| "—".to_owned(), yuan);
        // There for nobody but the finance post and whoever decides: others get no such step.
        let tax = claim.local_tax.map(|tax| format!("{}{}", Fact::LocalTax.name(), yuan(tax)));
        view! {
            <tr>
                <th scope="row">
                    <a href=address>{format!("{year}年第{}号", record.number)}</a>
                </th>
                <td class="said" data-name="政策">
                    {format!("{policy}{project}")}
                    {tax.map(|tax| view! { <br /> <small>{tax}</small> })}
                </td>
                <td data-name="计划">{plan.title.clone()}</td>
                <td data-name="状态">{record.state.name()}</td>
                <td class="r" data-name="决定">
                    {decided}
                </td>
                <td class="r" data-name="已兑付">
                    {yuan(record.paid)}
                </td>
            </tr>
        }
        .into_any()
    });
    let heads = [("申报", false), ("政策", false), ("计划", false), ("状态", false), ("决定", true), ("已兑付", true)];
    part("奖补申报", &heads, lines.collect())
}

fn contracts(scene: &Scene<'_>) -> Option<AnyView> {
    let today = at_shanghai(backend().now()).date_naive();
    let mut lines = Vec::new();
    for (at, records) in &scene.known.funds {
        let plan = &scene.known.plans[*at];
        for fund in &plan.policies.funds {
            for one in standing(&plan.policies, fund, &holding(records, &fund.id), today).contracts {
                if !scene.is_own(Some((&one.terms.firm, one.terms.credit_code.as_deref()))) {
                    continue;
                }
                let rate = rate_in_words(plan, &one, today);
                let interest = rate.is_some().then(|| interest_in_words(&one.sums));
                let interest = interest.unwrap_or_else(|| "—".to_owned());
                let line = view! {
                    <tr>
                        <th scope="row">
                            <a href=links::funds(&plan.id)>{one.contract.clone()}</a>
                        </th>
                        <td class="said" data-name="台账">
                            {fund.title.clone()}
                            {rate.map(|rate| view! { <br /> <small>{rate}</small> })}
                        </td>
                        <td data-name="日期">{chinese_date(one.day)}</td>
                        <td class="r" data-name="承诺">
                            {yuan(one.sums.committed)}
                        </td>
                        <td class="r" data-name="支付">
                            {yuan(one.sums.paid)}
                        </td>
                        <td class="r" data-name="余额">
                            {yuan(one.sums.balance())}
                        </td>
                        <td class="r" data-name="利息">
                            {interest}
                        </td>
                    </tr>
                };
                lines.push(line.into_any());
            }
        }
    }
    let heads = [
        ("合同编号", false),
        ("台账", false),
        ("日期", false),
        ("承诺", true),
        ("支付", true),
        ("余额", true),
        ("利息", true),
    ];
    part("基金、担保和专项资金", &heads, lines)
}

fn nominated(scene: &Scene<'_>) -> Option<AnyView> {
    let all = scene.known.nominations.iter().zip(&scene.known.outcomes);
    let own = all.filter(|((.., record), _)| scene.is_own(Some(of_nomination(record))));
    let lines = own.map(|((at, place, year, record), outcome)| {
        let plan = &scene.known.plans[*at];
        let selection = &plan.selections[*place];
        let address = links::selection(&plan.id, &selection.id, *year);
        // A unit gets no scores: what it sees waits only with the office.
        let state = outcome.clone().unwrap_or_else(|| match record.state {
            State::Waiting => "已推荐".to_owned(),
            state => state.name().to_owned(),
        });
        view! {
            <tr>
                <th scope="row">
                    <a href=format!(
                        "{address}#nomination-{}",
                        record.number,
                    )>{format!("{year}年{}", selection.title)}</a>
                </th>
                <td data-name="名称">{record.nomination.name.clone()}</td>
                <td data-name="推荐单位">{unit_name(plan, &record.unit).to_owned()}</td>
                <td data-name="状态">{state}</td>
            </tr>
        }
        .into_any()
    });
    let heads = [("评选", false), ("名称", false), ("推荐单位", false), ("状态", false)];
    part("评选", &heads, lines.collect())
}
