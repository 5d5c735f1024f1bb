//! `/claims/{plan}/{year}`: claims of support policies with what they come to, what was decided by two and paid, and
//! the forms of whoever asks. Without an account of the office or of finance only a unit's own are shown.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::evidence::Subject;
use domain::money::Amount;
use domain::personal::whose_objection;
use domain::plan::Plan;
use domain::plan::policy::{Bound, Combine, Policy, Quantity, What};
use domain::policy::notice::{
    ClaimNotice, ClaimObjection, Published, awaits_decision, hindrance, listed as notice_listed, may_be_published,
    of_claim as notice_of,
};
use domain::policy::record::{Act, Record, State, Step, had, if_decided_now, moved, settle_records, years};
use domain::policy::{Answer, Fact, Had, Settled, Settlement, alike, asked, borne, disagreements, listed, yuan};
use domain::public_notice::Issuer;
use domain::recognition::Recognition;
use domain::region::fold_name;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::claim::{
    PROOF_SAID, came_on_paper, facts as facts_of, field, may_send_back, needs_code, owed_first, right, taxes,
    to_compare,
};
use office::commands::claim_notice::{ANSWER, OBJECT, field as notice_field};
use office::commands::forget_objector::{FORGET, field as forget_field};
use office::evidence::of_claim;
use office::facts::{Evidence, PlanVersion};
use office::posted::Posted;

use super::evidence::Files;
use super::policies::{fact_box, plain_box, reads_claims, valid};
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, data_table, downloads, links, page};

/// The names of what the address says.
const POLICY: &str = "policy";
const EDIT: &str = "edit";
const STATE: &str = "state";

#[component]
pub(crate) fn Claims() -> impl IntoView {
    let (plan, year, policy, edit) = (param("plan"), param("year"), query(POLICY), query(EDIT));
    let state = query(STATE).and_then(|word| State::ALL.into_iter().find(|state| state.word() == word));
    page(async move { load(&plan, &year, (policy.as_deref(), edit.as_deref()), state).await })
}

/// What all parts of the page know.
struct Scene<'p> {
    plan: &'p Plan,
    year: i32,
    posted: Posted,
    /// What the claims come to now, for whoever sees all of them.
    now: Option<Settlement>,
    /// What those that wait beside others of their firm come to if they are decided first, by number.
    first: BTreeMap<u32, Settled>,
    /// Why what waits for a second person cannot be confirmed any more, by number.
    moved: BTreeMap<u32, String>,
    /// What the firm has to give back first, by the number of the claim that waits for it.
    owing: BTreeMap<u32, String>,
    today: chrono::NaiveDate,
    files: Vec<Evidence>,
    /// The office's claims of other plans and years, for whoever sees all.
    others: Vec<Other>,
    /// What other offices put before the public, likewise.
    elsewhere: Vec<Published>,
    /// The year's numbers and codes by the firm's folded name, likewise.
    codes: BTreeMap<String, Vec<(u32, String)>>,
    /// The office's lists, for whoever sees all.
    recognitions: Vec<Recognition>,
    /// What was put before the public, and what was objected.
    notices: Vec<Published>,
    objections: Vec<ClaimObjection>,
}

/// A claim of another plan or year.
struct Other {
    plan: String,
    year: i32,
    policy: String,
    record: Record,
    address: String,
}

impl Scene<'_> {
    fn may(&self, act: Act, unit: &str) -> bool {
        let office = self.plan.region.id();
        let object = if act == Act::Enter { Object::unit(office, unit) } else { Object::office(office) };
        backend().viewer().is_some_and(|viewer| viewer.may(right(act), object).is_ok())
    }

    fn settled(&self, record: &Record) -> Option<&Settled> {
        self.now.as_ref()?.of(&record.claim.id)
    }

    /// What a decision now would freeze.
    fn if_decided(&self, record: &Record) -> Option<&Settled> {
        self.first.get(&record.number).or_else(|| self.settled(record))
    }

    /// What was typed into a form that came back.
    fn typed(&self, number: &str, act: Act, name: &str, usual: &str) -> String {
        let is_back = self.posted.text(field::CLAIM) == number && self.posted.text(field::ACT) == act.id();
        if is_back { self.posted.text(name).to_owned() } else { usual.to_owned() }
    }

    /// The same of the forms about objections; `number` is that of the objection, empty for a new one.
    fn objecting(&self, claim: u32, number: &str, name: &str) -> String {
        let act = if number.is_empty() { OBJECT } else { ANSWER };
        if self.is_back(act, claim, number) { self.posted.text(name).to_owned() } else { String::new() }
    }

    fn is_back(&self, act: &str, claim: u32, number: &str) -> bool {
        let text = |name: &str| self.posted.text(name);
        text(notice_field::ACT) == act
            && text(notice_field::CLAIM) == claim.to_string()
            && (number.is_empty() || text(notice_field::NUMBER) == number)
    }

    fn address(&self) -> String {
        links::claims(&self.plan.id, &self.year.to_string())
    }
}

async fn load(
    plan: &str,
    year: &str,
    (policy, edit): (Option<&str>, Option<&str>),
    state: Option<State>,
) -> Result<Page, PageError> {
    let backend = backend();
    let (version, year) = plan_of_year(plan, year).await?;
    let plan = &version.plan;
    if !reads_claims(plan) {
        let sentence = "奖补申报只有本计划的办公室、财政部门和申报所在的县（市、区）能看。";
        return Err(PageError::not_found(sentence).with_link("扶持政策", links::policies(&plan.id)));
    }
    let years = years(&plan.policies, &backend.claim_years(plan).await?);
    let had = had(&years, year);
    let all = years.get(&year).cloned().unwrap_or_default();
    let office = Object::office(plan.region.id());
    let sees_all = backend.viewer().is_some_and(|viewer| viewer.may(Action::ReadClaims, office).is_ok());
    let (others, elsewhere) = match sees_all && !all.is_empty() {
        true => (others(plan, year).await?, backend.claim_notices_of_others(plan).await?),
        false => (Vec::new(), Vec::new()),
    };
    let now = sees_all.then(|| settle_records(plan, &all, year, had.clone()));
    let owing = |record: &Record| Some((record.number, owed_first(&years, (year, record), now.as_ref()?)?));
    let scene = Scene {
        plan,
        year,
        owing: all.iter().filter_map(owing).collect(),
        first: now.iter().flat_map(|now| if_decided_now(plan, &all, (now, &had), backend.now())).collect(),
        files: backend.evidence(plan, None).await?,
        others,
        elsewhere,
        codes: if sees_all { codes(&all) } else { BTreeMap::new() },
        notices: backend.claim_notices(plan, year).await?,
        objections: backend.claim_objections(plan, year).await?,
        posted: use_context::<Posted>().unwrap_or_default(),
        moved: if sees_all { moved_of(plan, &all, (year, &had), backend.now()) } else { BTreeMap::new() },
        now,
        recognitions: if sees_all { backend.recognitions(plan).await? } else { Vec::new() },
        today: at_shanghai(backend.now()).date_naive(),
    };
    let edited = edit.and_then(|number| all.iter().find(|record| record.number.to_string() == number));
    let chosen = edited.map(|record| record.claim.policy.as_str()).or(policy);
    // What is not claimed in this year has no form; what was claimed may be mended.
    let is_open = |policy: &&Policy| {
        let (first, last) = plan.claim_years(policy);
        !is_elsewhere(policy) && (edited.is_some() || (first..=last).contains(&year))
    };
    let chosen = chosen.and_then(|id| plan.policies.get(id)).filter(is_open);
    let shown = all.iter().filter(|record| state.is_none_or(|state| record.state == state));
    let cards = shown.map(|record| card(&scene, record)).collect_view();
    let title = format!("{year}年奖补申报");
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::policies(&plan.id)>{format!("{}扶持政策", plan.title)}</a>
            </p>
            {scene.posted.error.clone().map(alert)}
            {enter(&scene, chosen, edited)}
            {totals(&scene, &all)}
            {notice(&scene, &all)}
            {states(&scene, &all, state)}
            <div class="tasks dated">{cards}</div>
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// So many claims are looked through without a choice of their state.
const FEW: usize = 8;

/// The claims of one state at a time, where there are many.
fn states(scene: &Scene<'_>, all: &[Record], chosen: Option<State>) -> Option<AnyView> {
    let link = |state: Option<State>, name: &str, count: usize| {
        let at = match state {
            Some(state) => format!("{}?{STATE}={}", scene.address(), state.word()),
            None => scene.address(),
        };
        view! { <a href=at aria-current=(state == chosen).then_some("page")>{format!("{name} {count}")}</a> }
    };
    let each = State::ALL.into_iter().filter_map(|state| {
        let count = all.iter().filter(|record| record.state == state).count();
        (count > 0 || chosen == Some(state)).then(|| link(Some(state), state.name(), count))
    });
    let links = [link(None, "全部", all.len())].into_iter().chain(each).collect_view();
    (all.len() > FEW || chosen.is_some()).then(|| {
        view! {
            <nav class="periods words" aria-label="申报的状态">
                {links}
            </nav>
        }
        .into_any()
    })
}

fn codes(all: &[Record]) -> BTreeMap<String, Vec<(u32, String)>> {
    let mut found: BTreeMap<String, Vec<(u32, String)>> = BTreeMap::new();
    for record in all {
        if let Some(code) = &record.claim.credit_code {
            found.entry(fold_name(&record.claim.recipient)).or_default().push((record.number, code.clone()));
        }
    }
    found
}

/// The plan with its policies, and one of the years of which there may be claims, or are.
pub(super) async fn plan_of_year(plan: &str, asked_text: &str) -> Result<(PlanVersion, i32), PageError> {
    let version = backend().plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    if plan.policies.list.is_empty() {
        return Err(PageError::not_found("这个计划没有写扶持政策。").with_link("计划", links::plan(&plan.id)));
    }
    let (first, last) = plan.all_claim_years();
    let asked = asked_text.parse().ok();
    // A revision may have taken out a year under which something is on record.
    let year = match asked.filter(|year| (first..=last).contains(year)) {
        Some(year) => Some(year),
        None => {
            let recorded = backend().claim_years(plan).await?;
            asked.filter(|year| recorded.contains_key(year))
        }
    };
    let year = year.ok_or_else(|| {
        let sentence = format!("“{}”不是计划的年份，请写 {first} 至 {last}。", domain::month::shorten(asked_text));
        PageError::bad_request(sentence).with_link("扶持政策", links::policies(&plan.id))
    })?;
    Ok((version, year))
}

/// What no second person can confirm any more as its inputs have moved, with the sentence, by number.
pub(super) fn moved_of(plan: &Plan, all: &[Record], (year, had): (i32, &[Had]), at: i64) -> BTreeMap<u32, String> {
    let proposed = all.iter().filter(|record| record.state == State::Proposed);
    proposed.filter_map(|record| Some((record.number, moved(plan, all, record, (year, had.to_vec()), at)?))).collect()
}

/// The claims that the office has under its other plans and in other years.
async fn others(plan: &Plan, year: i32) -> Result<Vec<Other>, PageError> {
    let backend = backend();
    let mut found = Vec::new();
    for version in backend.plans().await? {
        let own = version.plan;
        if own.region != plan.region {
            continue;
        }
        let years = years(&own.policies, &backend.claim_years(&own).await?).into_iter();
        for (at, records) in years.filter(|(at, _)| (&own.id, *at) != (&plan.id, year)) {
            found.extend(records.into_iter().map(|record| Other {
                plan: own.title.clone(),
                year: at,
                policy: own.policies.get(&record.claim.policy).map_or_else(String::new, |it| it.title.clone()),
                address: format!("{}#claim-{}", links::claims(&own.id, &at.to_string()), record.number),
                record,
            }));
        }
    }
    Ok(found)
}

/// The same firm under another document or in another year: named, and for the office to look at.
fn also(scene: &Scene<'_>, record: &Record) -> Option<AnyView> {
    let others: Vec<&Other> = scene.others.iter().filter(|other| record.is_of_same_firm(&other.record)).collect();
    if others.is_empty() {
        return None;
    }
    let items = others.into_iter().map(|other| {
        let claim = &other.record.claim;
        let project = if claim.project.is_empty() { String::new() } else { format!("（{}）", claim.project) };
        let decided = other.record.decided.map(|amount| format!("，已决定{}", yuan(amount))).unwrap_or_default();
        let same = if record.is_of_same_project(&other.record) { "同一项目：" } else { "" };
        let number = format!("{}年第{}号", other.year, other.record.number);
        let state = other.record.state.name();
        let text = format!("，{}，“{}”{project}，{state}{decided}。", other.plan, other.policy);
        view! {
            <li>
                {same}
                <a href=other.address.clone()>{number}</a>
                {text}
            </li>
        }
    });
    Some(
        view! {
            <div class="notice act">
                <p>"这家企业在别的文件或别的年度也有申报，请核对是不是同一件事："</p>
                <ul>{items.collect_view()}</ul>
            </div>
        }
        .into_any(),
    )
}

/// That nothing can be given yet, for want of a code.
fn codeless(scene: &Scene<'_>, record: &Record) -> Option<AnyView> {
    let is_asked = scene.plan.policies.get(&record.claim.policy).is_some_and(needs_code);
    let waits = record.state == State::Waiting && record.claim.credit_code.is_none();
    (is_asked && waits).then(|| {
        view! { <p class="notice">"还没有写统一社会信用代码，申报的县（市、区）补上以后才能决定给予。"</p> }.into_any()
    })
}

/// A firm of the same name under another code: each has caps of its own, so that it has to be another one.
fn namesakes(scene: &Scene<'_>, record: &Record) -> Option<AnyView> {
    let code = record.claim.credit_code.as_ref()?;
    let name = fold_name(&record.claim.recipient);
    let others = scene.codes.get(&name)?.iter().filter(|(_, other)| other != code);
    let others: Vec<String> = others.map(|(number, other)| format!("第{number}号（{other}）")).collect();
    (!others.is_empty()).then(|| {
        let said = format!(
            "同名的企业写了另一个统一社会信用代码：{}。是同一家的，请申报的县（市、区）改成一样的代码，\
             否则上限和重复享受各算各的。",
            others.join("、")
        );
        view! { <p class="notice act">{said}</p> }.into_any()
    })
}

/// The same firm in what another office put before the public: by its name, as a notice says no code.
fn also_elsewhere(scene: &Scene<'_>, record: &Record) -> Option<AnyView> {
    let own = fold_name(&record.claim.recipient);
    let notices = scene.elsewhere.iter().rev();
    let lines = notices.flat_map(|(at, notice)| notice.lines.iter().map(move |line| (*at, notice, line)));
    // The newest comes first: what it corrects is no longer said.
    let mut known = BTreeSet::new();
    let lines = lines.filter(|(_, notice, line)| known.insert((&notice.plan, notice.year, line.claim)));
    let lines = lines.filter(|(.., line)| fold_name(&line.recipient) == own && line.amount.0 > 0);
    let items: Vec<AnyView> = lines
        .map(|(at, notice, line)| {
            let day = at_shanghai(at).date_naive();
            let project = if line.project.is_empty() { String::new() } else { format!("（{}）", line.project) };
            let text = format!("：{}，“{}”{project}，{}。", notice.plan_title, line.policy, line.given());
            let address = links::claim_notice(&notice.plan, notice.year, notice.number, day);
            view! {
                <li>
                    <a href=address>{notice.title()}</a>
                    {text}
                </li>
            }
            .into_any()
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <div class="notice act">
                <p>"其他地方的公示里有同名的企业，请核对是不是同一件事、能不能同时享受："</p>
                <ul>{items}</ul>
            </div>
        }
        .into_any()
    })
}

/// What was put before the public, and the button that does so with what is decided since.
fn notice(scene: &Scene<'_>, all: &[Record]) -> AnyView {
    let published = scene.notices.iter().map(|(at, notice)| {
        let day = at_shanghai(*at).date_naive();
        let address = links::claim_notice(&scene.plan.id, scene.year, notice.number, day);
        let said = format!("：{}项，{}至{}　", notice.lines.len(), chinese_date(notice.from), chinese_date(notice.to));
        view! {
            <li>
                <a href=address>{notice.title()}</a>
                {said}
            </li>
        }
    });
    let published = published.collect_view();
    let office = Object::office(scene.plan.region.id());
    let publishes = backend().viewer().is_some_and(|viewer| viewer.may(Action::Publish, office).is_ok());
    let known = (&scene.notices[..], &scene.objections[..]);
    let due = ClaimNotice::of(scene.plan, scene.year, all, known, (scene.today, None));
    let may_be = may_be_published(scene.plan, all, known);
    let listed_now = notice_listed(scene.plan, scene.year, all, known, scene.today);
    let together = due.as_ref().map(|_| "勾选的和上面的在同一份公示里，公示期取最长的。");
    let form = (publishes && (due.is_some() || !may_be.is_empty())).then(|| {
        let due = due.map(|due| {
            let said = format!("将公示{}项，到{}为止：", due.lines.len(), chinese_date(due.to));
            let lines = due.lines.iter().map(|line| {
                let said = format!("第{}号　{}　{}　{}", line.claim, line.recipient, line.policy, line.given());
                view! { <li>{said}</li> }
            });
            view! {
                <p>{said}</p>
                <ul>{lines.collect_view()}</ul>
            }
        });
        let days = (!may_be.is_empty()).then(|| {
            let items = may_be.iter().map(|record| {
                let name = format!("{}{}", notice_field::PICK, record.number);
                let policy = scene.plan.policies.get(&record.claim.policy).map_or("", |policy| &policy.title);
                let sum = yuan(record.decided.unwrap_or_default());
                let said = format!("第{}号　{}　{policy}　{sum}", record.number, record.claim.recipient);
                let checked = scene.posted.text(&name) == "yes";
                view! {
                    <label class="tick">
                        <input type="checkbox" name=name value="yes" checked=checked />
                        {said}
                    </label>
                }
            });
            view! {
                <p>
                    "下面各项已决定，计划没有写公示天数，不公示也可以兑付；要公示的请勾选，写明公示几天。" {together}
                </p>
                {items.collect_view()}
                {plain_box(
                    notice_field::DAYS,
                    "公示天数（勾选了的必填）",
                    scene.posted.text(notice_field::DAYS),
                )}
            }
        });
        view! {
            <form
                id="notice"
                method="post"
                action=format!("{}/notice", scene.address())
                class="stacked"
                autocomplete="off"
            >
                {due}
                {days}
                <input type="hidden" name=notice_field::LISTED value=listed_now />
                {issuer_boxes(&scene.posted, scene.notices.last().and_then(|(_, last)| last.issuer.as_ref()))}
                <label for="password">"再输一次您的密码"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" />
                <button type="submit">"公示"</button>
            </form>
        }
    });
    view! {
        <ul>{published}</ul>
        {form}
    }
    .into_any()
}

/// Who puts something before the public and takes objections, as last time.
pub(super) fn issuer_boxes(posted: &Posted, last: Option<&Issuer>) -> AnyView {
    let text = |name: &'static str, usual: Option<&String>| match posted.text(name) {
        "" => usual.cloned().unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let name = text(notice_field::ISSUER, last.map(|last| &last.name));
    let contact = text(notice_field::CONTACT, last.map(|last| &last.contact));
    view! {
        {plain_box(notice_field::ISSUER, "公示单位（署名，受理异议）", &name)}
        {plain_box(notice_field::CONTACT, "受理异议的联系方式（电话、地址）", &contact)}
    }
    .into_any()
}

/// Why it is not paid yet; objections with their answers, and the forms for both.
fn objections(scene: &Scene<'_>, record: &Record) -> AnyView {
    let hindered = hindrance(scene.plan, record, &scene.notices, &scene.objections, scene.today)
        .filter(|_| record.decided.is_some())
        .or_else(|| scene.owing.get(&record.number).cloned())
        .map(|sentence| view! { <p class="notice">{format!("{sentence}。")}</p> });
    let address = format!("{}/objection", scene.address());
    let may = scene.may(Act::Decide, &record.unit);
    let own = scene.objections.iter().filter(|objection| objection.claim == record.number).map(|objection| {
        let by = whose_objection(&objection.by, objection.by.is_empty() && objection.key.is_some());
        let said = format!("{}　{by}：{}", moment(objection.at), objection.words);
        let answer = objection.answer.as_ref().map(|answer| {
            let what = if answer.upheld { "异议成立" } else { "异议不成立" };
            let said = format!("{}　{}答复，{what}：{}", moment(answer.at), answer.actor, answer.words);
            view! { <p>{said}</p> }
        });
        // Who recorded it does not answer it.
        let is_own = backend().viewer().is_some_and(|viewer| viewer.account.id == objection.account);
        let form = (may && !is_own && objection.answer.is_none()).then(|| {
            let typed = |name| scene.objecting(record.number, &objection.number.to_string(), name);
            view! {
                <form method="post" action=address.clone() class="stacked" autocomplete="off">
                    <input type="hidden" name=notice_field::ACT value=ANSWER />
                    <input type="hidden" name=notice_field::CLAIM value=record.number.to_string() />
                    <input type="hidden" name=notice_field::NUMBER value=objection.number.to_string() />
                    <label class="tick">
                        <input
                            type="checkbox"
                            name=notice_field::UPHELD
                            value="yes"
                            checked=typed(notice_field::UPHELD) == "yes"
                        />
                        "异议成立，要重新决定"
                    </label>
                    {plain_box(notice_field::WORDS, "答复（必填，不写个人姓名）", &typed(notice_field::WORDS))}
                    <button type="submit">"答复异议"</button>
                </form>
            }
        });
        let number = objection.number.to_string();
        let is_kept = !objection.by.is_empty() && objection.key.is_some();
        let forget = (may && is_kept && objection.answer.is_some()).then(|| {
            let claim = record.number.to_string();
            let back = scene.is_back(FORGET, record.number, &number).then_some(&scene.posted);
            forget_form(&address, &[(notice_field::CLAIM, &claim), (notice_field::NUMBER, &number)], back)
        });
        view! {
            <li class="free">{said} {answer} {form} {forget}</li>
        }
    });
    let own = own.collect_view();
    let open = may
        && scene.now.is_some()
        && notice_of(&scene.notices, record.number).is_some_and(|((_, notice), _)| scene.today <= notice.to);
    let form = open.then(|| {
        let typed = |name| scene.objecting(record.number, "", name);
        let (by, words) = (typed(notice_field::BY), typed(notice_field::WORDS));
        view! {
            <details open=!by.is_empty() || !words.is_empty()>
                <summary>"登记异议"</summary>
                <form method="post" action=address.clone() class="stacked" autocomplete="off">
                    <input type="hidden" name=notice_field::ACT value=OBJECT />
                    <input type="hidden" name=notice_field::CLAIM value=record.number.to_string() />
                    {plain_box(notice_field::BY, "提出异议的单位或个人", &by)}
                    {plain_box(notice_field::WORDS, "异议的事实和理由（不写个人姓名、电话）", &words)}
                    <button type="submit">"登记异议"</button>
                </form>
            </details>
        }
    });
    view! {
        {hindered}
        <ul>{own}</ul>
        {form}
    }
    .into_any()
}

/// Deletes who objected: folded, for it is asked for once in years. `of` says which objection; `back` is what was sent,
/// where it came back.
pub(super) fn forget_form(address: &str, of: &[(&'static str, &str)], back: Option<&Posted>) -> AnyView {
    let reason = back.map_or("", |posted| posted.text(forget_field::REASON));
    let of = of.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.to_string() /> });
    view! {
        <details open=back.is_some()>
            <summary>"删除提出人的姓名"</summary>
            <form method="post" action=address.to_owned() class="stacked" autocomplete="off">
                <input type="hidden" name="act" value=FORGET />
                {of.collect_view()}
                <p>"姓名删除以后不能恢复，异议的内容和答复保留。以前的备份里还有，到期请一并删除。"</p>
                {plain_box(forget_field::REASON, "删除的理由（必填，不写姓名）", reason)}
                <button type="submit">"删除姓名"</button>
            </form>
        </details>
    }
    .into_any()
}

/// The firm's signed form, or that there is none.
fn signed_form(scene: &Scene<'_>, record: &Record) -> AnyView {
    let subject = Subject::Claim { year: scene.year, number: record.number };
    let object = Object::unit(scene.plan.region.id(), &record.unit);
    let attaches = backend().viewer().is_some_and(|viewer| viewer.may(Action::AttachEvidence, object).is_ok());
    let takes = attaches.then(|| of_claim(record));
    let files = Files::of(scene.plan, &subject, &record.unit, &scene.files, takes);
    let sentence = match record.decided {
        _ if came_on_paper(record) => "企业盖章的申报表是纸质的，决定时已经收到。",
        None => "还没有附企业盖章的申报表。",
        Some(_) => "没有附企业盖章的申报表。",
    };
    let is_there = files.files.iter().any(|file| file.is_readable());
    let none = (!is_there).then_some(sentence).map(|sentence| view! { <p class="subtitle">{sentence}</p> });
    view! {
        {none}
        {files.shown()}
    }
    .into_any()
}

fn is_elsewhere(policy: &Policy) -> bool {
    matches!(policy.what, What::Elsewhere(_))
}

/// 共3项：决定120万元，已兑付80万元.
fn totals(scene: &Scene<'_>, all: &[Record]) -> AnyView {
    let decided: i64 = all.iter().filter_map(|record| record.decided).map(|amount| amount.0).sum();
    let paid: i64 = all.iter().map(|record| record.paid.0).sum();
    let sum = |amount: i64| yuan(Amount(amount));
    let line = format!("共{}项：已决定{}，已兑付{}。", all.len(), sum(decided), sum(paid));
    let budgets = scene.now.iter().flat_map(|now| &now.budgets).filter(|used| used.asked.0 > 0).map(|used| {
        let short = if used.short().0 > 0 { format!("，不足{}", yuan(used.short())) } else { String::new() };
        let (budget, given) = (yuan(used.budget), yuan(used.given));
        let (had, proviso) = (used.had(), used.proviso());
        let line = format!("“{}”资金总额{budget}{had}，申报可得{given}{proviso}{short}。", used.title);
        view! { <p>{line}</p> }
    });
    let claims: Vec<_> = all.iter().map(|record| record.claim.clone()).collect();
    let address = links::claim_budget(&scene.plan.id, scene.year);
    let supposes = scene.now.is_some().then(|| {
        view! {
            <p>
                <a href=address>"预算测算：有多少钱、够不够、谁少得多少"</a>
            </p>
        }
    });
    let apart = disagreements(&scene.plan.policies, &claims, scene.year).into_iter().filter(|_| scene.now.is_some());
    let apart = apart.map(|sentence| view! { <p class="notice act">{format!("{sentence}。")}</p> });
    view! {
        <p>{line}</p>
        {supposes}
        {budgets.collect_view()}
        {scene.now.is_some().then(|| shares(scene, all))}
        {apart.collect_view()}
    }
    .into_any()
}

/// Who bears what of it: what levels of government settle with each other by.
fn shares(scene: &Scene<'_>, all: &[Record]) -> AnyView {
    let borne = borne(&scene.plan.policies, &all.iter().collect::<Vec<_>>());
    let files = downloads(&format!("/export/claims/{}.{}", scene.plan.id, scene.year), "");
    let sum = alike(borne.iter().flat_map(|one| [one.decided, one.paid, one.outstanding, one.back]));
    let comes_back = borne.iter().any(|one| one.back.0 > 0);
    let rows = borne.iter().map(|one| {
        let back = comes_back.then_some(("应追回", one.back));
        let figures = [("已决定", one.decided), ("已兑付", one.paid), ("还要兑付", one.outstanding)];
        let figures = figures.into_iter().chain(back).map(|(name, amount)| {
            view! {
                <td class="r" data-name=name>
                    {sum(amount)}
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">{one.name().to_owned()}</th>
                {figures.collect_view()}
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let mut heads = vec![("出资", false), ("已决定", true), ("已兑付", true), ("还要兑付", true)];
    heads.extend(comes_back.then_some(("应追回", true)));
    let table = (!rows.is_empty()).then(|| data_table("各方出资", "data stack", &heads, rows.collect_view()));
    view! {
        {table}
        <p>{files}</p>
    }
    .into_any()
}

/// The form of a new claim, or of one that is stated anew.
fn enter(scene: &Scene<'_>, policy: Option<&Policy>, edited: Option<&Record>) -> AnyView {
    let own = backend().viewer().and_then(|viewer| viewer.post.as_ref()?.domain.unit.clone());
    let units: Vec<(String, String)> = scene
        .plan
        .places(domain::entry::units(scene.plan))
        .into_iter()
        .filter(|(id, _)| own.as_ref().is_none_or(|own| own == id))
        .filter(|(id, _)| edited.is_none_or(|record| record.unit == *id))
        .filter(|(id, _)| scene.may(Act::Enter, id))
        .collect();
    if units.is_empty() {
        let none = scene.now.is_some() && domain::entry::units(scene.plan).is_empty();
        let said = "计划里还没有申报的县（市、区）：请有权修订计划的人在计划的“单位”页补上，再由它们填报。";
        return none.then(|| view! { <p class="notice">{said}</p> }).into_any();
    }
    let is_open = |policy: &&Policy| {
        let (first, last) = scene.plan.claim_years(policy);
        !is_elsewhere(policy) && (first..=last).contains(&scene.year)
    };
    let choices = scene.plan.policies.list.iter().filter(is_open).map(|each| {
        let chosen = policy.is_some_and(|policy| policy.id == each.id);
        view! {
            <option value=each.id.clone() selected=chosen>
                {each.title.clone()}
            </option>
        }
    });
    let chooser = edited.is_none().then(|| {
        view! {
            <form method="get" action=scene.address() class="chooser">
                <label>"填报申报：" <select name=POLICY>{choices.collect_view()}</select></label>
                <button type="submit" class="second">
                    "选这一项"
                </button>
            </form>
        }
    });
    let form = policy.map(|policy| entry_form(scene, policy, edited, units));
    view! {
        {chooser}
        {form}
    }
    .into_any()
}

fn entry_form(scene: &Scene<'_>, policy: &Policy, edited: Option<&Record>, units: Vec<(String, String)>) -> AnyView {
    let number = edited.map(|record| record.number.to_string()).unwrap_or_default();
    let stated: BTreeMap<String, String> = edited
        .and_then(|record| record.steps.iter().rfind(|step| step.act == Act::Enter))
        .map(|step| step.content.clone())
        .unwrap_or_default();
    let typed = |name: &str| {
        let usual = stated.get(name).cloned().unwrap_or_default();
        scene.typed(&number, Act::Enter, name, &usual)
    };
    let facts = asked(&scene.plan.policies, policy);
    let boxes = facts.iter().filter(|asked| !asked.fact.is_of_taxes());
    let boxes = boxes.map(|asked| fact_box(asked, &typed(asked.fact.word()), None)).collect_view();
    let unit = typed(field::UNIT);
    let options = units.into_iter().map(|(id, name)| {
        let chosen = unit == id;
        view! {
            <option value=id selected=chosen>
                {name}
            </option>
        }
    });
    let seen = edited.map_or(0, |record| record.steps.len());
    let heading = match edited {
        Some(record) => format!("重新填报第{}号：{}", record.number, policy.title),
        None => format!("填报：{}", policy.title),
    };
    let (recipient, project) = (Fact::Recipient, Fact::Project);
    let code = facts_of(scene.plan, policy).contains(&Fact::CreditCode).then(|| {
        let name = Fact::CreditCode;
        let when = if needs_code(policy) { "（决定给予以前要填）" } else { "，没有就空着" };
        plain_box(name.word(), &format!("{}{when}", name.name()), &typed(name.word()))
    });
    view! {
        <section id="enter">
            <h2>{heading}</h2>
            <p class="subtitle">{format!("{}。", domain::policy::in_words(policy))}</p>
            {valid(scene.plan, policy)}
            {policy.assumed.iter().map(|said| view! { <p class="subtitle">{format!("{said}。")}</p> }).collect_view()}
            <form method="post" action=scene.address() class="stacked" autocomplete="off">
                <input type="hidden" name=field::ACT value=Act::Enter.id() />
                <input type="hidden" name=field::CLAIM value=number.clone() />
                <input type="hidden" name=field::SEEN value=seen.to_string() />
                <input type="hidden" name=Fact::Policy.word() value=policy.id.clone() />
                <label for="unit">"所在县（市、区）"</label>
                <select id="unit" name=field::UNIT>
                    {options.collect_view()}
                </select>
                {plain_box(recipient.word(), "申报单位（名称与营业执照一致）", &typed(recipient.word()))}
                {code}
                {plain_box(project.word(), "项目（按项目给的，几个项目分开申报）", &typed(project.word()))}
                {boxes}
                {plain_box(field::WORDS, "说明（盖章的申报表提交以后作为材料附上）", &typed(field::WORDS))}
                <button type="submit">"提交申报"</button>
            </form>
        </section>
    }
    .into_any()
}

fn card(scene: &Scene<'_>, record: &Record) -> AnyView {
    let claim = &record.claim;
    let title = scene.plan.policies.get(&claim.policy).map_or(claim.policy.clone(), |policy| policy.title.clone());
    let project = if claim.project.is_empty() { String::new() } else { format!("（{}）", claim.project) };
    let units = domain::entry::units(scene.plan);
    let unit = units.into_iter().find(|(id, _)| *id == record.unit).map_or(record.unit.clone(), |(_, name)| name);
    let firm = super::firm::of_claim(scene.plan, record).map(super::firm::link).map(|link| view! { "　" {link} });
    let code = claim.credit_code.as_ref().map(|code| format!("　{}：{code}", Fact::CreditCode.name()));
    let level = claim.level.as_ref().map(|level| format!("　{level}")).unwrap_or_default();
    let decided = record.decided.map(|amount| {
        let paid = format!("已兑付{}", yuan(record.paid));
        let outstanding = match record.outstanding().0 {
            0 => String::new(),
            more if more > 0 => format!("，还要兑付{}", yuan(record.outstanding())),
            back => format!("，多付{}，应追回", yuan(Amount(-back))),
        };
        let said = match record.state {
            State::Declined => "决定：不给予。".to_owned(),
            _ if amount.0 == 0 && record.paid.0 == 0 => "以前的决定：不给予。".to_owned(),
            _ => format!("决定：{}；{paid}{outstanding}。", yuan(amount)),
        };
        view! { <p>{said}</p> }
    });
    let moved = scene.moved.get(&record.number).map(|said| view! { <p class="notice act">{format!("{said}。")}</p> });
    let lines = record.steps.iter().map(|step| view! { <li class="free">{said(step)}</li> }).collect_view();
    view! {
        <article class="task" id=format!("claim-{}", record.number)>
            <h4>{format!("第{}号　{}{project}　{title}{level}　", record.number, claim.recipient)}
                <span class=class(record.state)>{record.state.name()}</span>
            </h4>
            <p>{unit} {code} {firm}</p>
            {now(scene, record)}
            {lists(scene, record)}
            {decided}
            {moved}
            {also(scene, record)}
            {also_elsewhere(scene, record)}
            {namesakes(scene, record)}
            {codeless(scene, record)}
            {signed_form(scene, record)}
            {objections(scene, record)}
            <ol class="steps-of-task">{lines}</ol>
            {forms(scene, record)}
        </article>
    }
    .into_any()
}

/// What it comes to now, with its reasons; and how far that is from what was decided.
fn now(scene: &Scene<'_>, record: &Record) -> Option<AnyView> {
    let settled = scene.settled(record)?;
    let trace = settled.trace.iter().map(|sentence| view! { <li>{sentence.clone()}</li> }).collect_view();
    let apart = record.decided.filter(|_| record.differs(settled)).map(|then| {
        let paid =
            if record.paid.0 == 0 { "还没有兑付".to_owned() } else { format!("已兑付{}", yuan(record.paid)) };
        let now = settled.answer.text();
        let what = settled.certain().map(|now| format!("，{}", due_now(record, then, now))).unwrap_or_default();
        let then = if then.0 == 0 { "不给予".to_owned() } else { yuan(then) };
        let sentence = match record.claim.withdrawn {
            true => format!("决定{then}以后退回了，{paid}：重新填报的再重新决定，不再申报的请决定不给予{what}。"),
            false => {
                format!("有关数据后来变了：决定时{then}，{paid}，现在算得{now}{what}；已经决定的不变，要改请重新决定。")
            }
        };
        view! { <p class="notice act">{sentence}</p> }
    });
    let first = scene.first.get(&record.number).map(|first| {
        let said = format!("这家企业还有别的申报待决定，先决定本项的，本项为{}。", first.answer.text());
        view! { <p class="notice">{said}</p> }
    });
    Some(
        view! {
            <details>
                <summary>{format!("按现在的数据：{}", settled.answer.text())}</summary>
                <ol>{trace}</ol>
            </details>
            {first}
            {apart}
        }
        .into_any(),
    )
}

/// What is to be done where `then` was decided and it comes to `now`, measured against what was paid: nobody pays back
/// what he never had.
fn due_now(record: &Record, then: Amount, now: Amount) -> String {
    match now.0 - record.paid.0 {
        0 if record.paid.0 == 0 => "不用付了".to_owned(),
        0 => "已经付清，不再付".to_owned(),
        more if more > 0 && record.paid == then => format!("应补发{}", yuan(Amount(more))),
        more if more > 0 => format!("还应付{}", yuan(Amount(more))),
        back => format!("应追回{}", yuan(Amount(-back))),
    }
}

/// What the office's lists say of a recognition that the claim rests on.
fn lists(scene: &Scene<'_>, record: &Record) -> Option<AnyView> {
    scene.now.as_ref()?;
    let policy = scene.plan.policies.get(&record.claim.policy)?;
    Some(match listed(policy, &record.claim, &scene.recognitions)? {
        Ok(sentence) => view! { <p>{format!("{sentence}。")}</p> }.into_any(),
        Err(sentence) => view! { <p class="notice act">{format!("{sentence}。")}</p> }.into_any(),
    })
}

fn class(state: State) -> &'static str {
    match state {
        State::Waiting | State::Proposed | State::Decided => "lamp near",
        State::SentBack | State::Overpaid => "lamp behind",
        State::Declined => "lamp not-assessed",
        State::Paid => "lamp on-pace",
    }
}

/// 2021年5月10日 10:03 某某登记兑付：30万元，2021年5月9日，榕财企〔2021〕3号.
fn said(step: &Step) -> String {
    let taxes = Fact::all().filter(|fact| fact.is_of_taxes());
    let taxes = taxes.filter_map(|fact| Some((fact, step.content.get(fact.word())?)));
    // In what it was typed in; without a unit it is the form's.
    let taxes = taxes.map(|(fact, text)| match text.ends_with(|c: char| c.is_ascii_digit()) {
        true => format!("{}{text}{}", fact.name(), fact.measure().map(|measure| measure.unit).unwrap_or_default()),
        false => format!("{}{text}", fact.name()),
    });
    let taxes: Vec<String> = if step.act == Act::Tax { taxes.collect() } else { Vec::new() };
    let version = step.frozen.as_ref().and_then(|frozen| frozen.plan_version);
    let parts = [
        step.amount.map(|amount| yuan(Amount(amount.0.abs()))),
        version.map(|version| format!("按计划第{version}版")),
        step.day.map(chinese_date),
        Some(taxes.join("，")).filter(|taxes| !taxes.is_empty()),
        Some(step.words.clone()).filter(|words| !words.is_empty()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let what = if parts.is_empty() { String::new() } else { format!("：{}", parts.join("，")) };
    let is_back = step.act == Act::Pay && step.amount.is_some_and(|amount| amount.0 < 0);
    let act = if is_back { "登记追回" } else { step.act.name() };
    format!("{}　{}{act}{what}", moment(step.at), step.actor)
}

/// Why nothing is given, as it was computed, for the office to put in its words; but nothing of a firm's taxes.
fn declined(scene: &Scene<'_>, record: &Record) -> String {
    let policy = scene.plan.policies.get(&record.claim.policy);
    let is_taxed = policy.is_some_and(|policy| !taxes(scene.plan, policy).is_empty());
    let settled = scene.if_decided(record).filter(|settled| !is_taxed && settled.answer == Answer::Nothing);
    settled.map(|settled| format!("{}。", settled.reason())).unwrap_or_default()
}

/// That the firm's signed form has come on paper, where it is not attached.
fn paper_box(scene: &Scene<'_>, record: &Record, typed: &str) -> Option<AnyView> {
    let subject = Subject::Claim { year: scene.year, number: record.number };
    let is_attached = scene.files.iter().any(|file| file.subject == subject && file.is_readable());
    (!record.claim.withdrawn && !is_attached).then(|| {
        view! {
            <label class="tick">
                <input type="checkbox" name=field::PAPER value="yes" checked=typed == "yes" />
                "纸质申报表已收到"
            </label>
        }
        .into_any()
    })
}

/// That the papers of what the claim states as had elsewhere or before were compared.
fn proof_box(record: &Record, typed: &str) -> Option<AnyView> {
    (!record.claim.withdrawn && !to_compare(&record.claim).is_empty()).then(|| {
        view! {
            <label class="tick">
                <input type="checkbox" name=field::PROOF value="yes" checked=typed == "yes" />
                {PROOF_SAID}
            </label>
        }
        .into_any()
    })
}

/// By what voucher the firm gave back what it had elsewhere, where only the highest is given.
fn returned_box(scene: &Scene<'_>, record: &Record, typed: &dyn Fn(&str, &str) -> String) -> Option<AnyView> {
    let policy = scene.plan.policies.get(&record.claim.policy)?;
    let group = scene.plan.policies.group(policy)?;
    let is_asked = group.combine == Combine::NotTwice && scene.if_decided(record)?.nameable;
    let label = "已获的退回的凭证号（已获的和本项合计超过本项金额的必填）";
    is_asked.then(|| plain_box(field::RETURNED, label, &typed(field::RETURNED, "")))
}

/// What whoever asks may do next.
fn forms(scene: &Scene<'_>, record: &Record) -> AnyView {
    let may = |act: Act| scene.may(act, &record.unit);
    let open = record.state != State::Proposed;
    let policy = scene.plan.policies.get(&record.claim.policy);
    let taxed = policy.is_some_and(|policy| !taxes(scene.plan, policy).is_empty());
    let differs = scene.settled(record).is_some_and(|now| record.differs(now));
    let asked_for = differs || awaits_decision(record, &scene.objections);
    let to_decide = record.state == State::Waiting || record.is_withdrawn() || record.state.is_decided() && asked_for;
    let own = record.proposed().map(|step| step.account) == backend().viewer().map(|viewer| viewer.account.id);
    let hindered = hindrance(scene.plan, record, &scene.notices, &scene.objections, scene.today).is_some();
    let offers = [
        (Act::Tax, open && taxed),
        (Act::Decide, to_decide),
        (Act::Confirm, record.state == State::Proposed && !own && !scene.moved.contains_key(&record.number)),
        (Act::SendBack, may_send_back(record)),
        (Act::Pay, !hindered && !scene.owing.contains_key(&record.number) && record.due(scene.settled(record)).is_ok()),
    ];
    let offered: Vec<AnyView> =
        offers.into_iter().filter(|(act, fits)| *fits && may(*act)).map(|(act, _)| form(scene, record, act)).collect();
    let edit = (open && may(Act::Enter)).then(|| {
        let at = format!("{}?{EDIT}={}#enter", scene.address(), record.number);
        view! { <a href=at>"重新填报"</a> }
    });
    view! { <div class="offers">{edit} {offered}</div> }.into_any()
}

fn form(scene: &Scene<'_>, record: &Record, act: Act) -> AnyView {
    let number = record.number.to_string();
    let typed = |name: &str, usual: &str| scene.typed(&number, act, name, usual);
    let policy = scene.plan.policies.get(&record.claim.policy);
    let is_nameable = scene.if_decided(record).is_some_and(|settled| settled.nameable);
    let has_room = !record.claim.withdrawn && (is_nameable || policy.is_some_and(Policy::leaves_room));
    let boxes: Vec<AnyView> = match act {
        Act::Tax => {
            let asked = policy.map(|policy| taxes(scene.plan, policy)).unwrap_or_default();
            // As it was stated last.
            let stated = |word: &str| {
                let steps = record.steps.iter().rev().filter(|step| step.act == Act::Tax);
                steps.filter_map(|step| step.content.get(word)).next().cloned().unwrap_or_default()
            };
            asked
                .iter()
                .map(|asked| {
                    let unit = asked.fact.measure().map(|measure| measure.unit).unwrap_or_default();
                    let base = policy.filter(|_| asked.fact == Fact::Quantity(Quantity::RetainedBefore));
                    let base = base.and_then(|policy| policy.base_year_named(record.claim.completion, scene.year));
                    let label = base.map_or_else(|| asked.label.clone(), |base| format!("{base}地方留成"));
                    let (word, label) = (asked.fact.word(), format!("{label}（{unit}）"));
                    plain_box(word, &label, &typed(word, &stated(word)))
                })
                .collect()
        }
        Act::SendBack => {
            let label = match record.decided {
                Some(Amount(1..)) => "退回的理由（必填；已经决定的，重新填报再决定以前不变，不再申报的请决定不给予）",
                _ => "退回的理由（必填）",
            };
            vec![plain_box(field::WORDS, label, &typed(field::WORDS, ""))]
        }
        Act::Decide => {
            let amount =
                has_room.then(|| plain_box(field::AMOUNT, "核定金额（万元，必填）", &typed(field::AMOUNT, "")));
            let settled = scene.if_decided(record);
            let (label, usual) = match settled.and_then(Settled::certain) {
                Some(Amount(0)) => ("不给予的理由（必填，申报的县（市、区）看得到）", declined(scene, record)),
                _ if has_room => ("说明（核定为0的必填；申报的县（市、区）看得到）", String::new()),
                _ => ("说明（申报的县（市、区）看得到）", String::new()),
            };
            let words = plain_box(field::WORDS, label, &typed(field::WORDS, &usual));
            let boxes = [
                amount,
                paper_box(scene, record, &typed(field::PAPER, "")),
                proof_box(record, &typed(field::PROOF, "")),
                returned_box(scene, record, &typed),
            ];
            boxes.into_iter().flatten().chain([words]).collect()
        }
        Act::Pay => {
            let due = record.due(scene.settled(record)).unwrap_or_else(|_| record.outstanding());
            let usual = Quantity::Total.measure().plain(due);
            vec![
                plain_box(field::AMOUNT, "兑付金额（万元；追回的写负数）", &typed(field::AMOUNT, &usual)),
                plain_box(field::DAY, "兑付日期", &typed(field::DAY, &scene.today.to_string())),
                plain_box(field::WORDS, "拨付文号或凭证号（必填）", &typed(field::WORDS, "")),
            ]
        }
        Act::Confirm | Act::Enter => Vec::new(),
    };
    // What was wrong stands where it was typed, too.
    let is_back = scene.posted.text(field::CLAIM) == number && scene.posted.text(field::ACT) == act.id();
    let wrong = scene.posted.error.clone().filter(|_| is_back).map(|sentence| {
        view! {
            <p class="notice act" role="alert" tabindex="-1" autofocus=true>
                {sentence}
            </p>
        }
    });
    // Of several that wait for too little, what it gets is who is decided first.
    let settled = scene.if_decided(record).filter(|settled| settled.next.is_none());
    let summary = match (act, settled.map(|settled| &settled.answer)) {
        (Act::Decide, Some(Answer::Sum { bound: Bound::Exact, amount })) if !has_room => {
            format!("{}：{}", act.name(), yuan(*amount))
        }
        (Act::Confirm, _) => {
            let amount = record.proposed().and_then(|step| step.amount).map(yuan).unwrap_or_default();
            format!("{}：{amount}", act.name())
        }
        _ => act.name().to_owned(),
    };
    view! {
        <details open=is_back>
            <summary>{summary.clone()}</summary>
            <form method="post" action=scene.address() class="stacked" autocomplete="off">
                <input type="hidden" name=field::CLAIM value=number.clone() />
                <input type="hidden" name=field::ACT value=act.id() />
                <input type="hidden" name=field::SEEN value=record.steps.len().to_string() />
                {wrong}
                {boxes}
                <button type="submit">{act.name()}</button>
            </form>
        </details>
    }
    .into_any()
}
