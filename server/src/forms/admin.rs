//! Accounts (system administrator), posts and policy (security administrator).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::region::Region;
use domain::rights::Role;
use office::access::{Changed, What};
use office::posted::Posted;
use office::viewer::Viewer;

use super::{Fields, writer};
use crate::state::AppState;
use crate::web::render::render;
use crate::web::sentence::unavailable_page;
use crate::web::session::Signed;
use store::passwords::Policy;
use store::{AccessChange, EndSessions, NewPost, Store, StoreError};

/// Done: back to the page. Refused: the page again with the sentence and what was typed.
pub(crate) async fn answer(
    state: &AppState,
    viewer: &Viewer,
    page: &str,
    posted: Posted,
    done: Result<Posted, StoreError>,
) -> Response<Body> {
    match done {
        Ok(result) if result.is_empty() => Redirect::to(page).into_response(),
        Ok(result) => render(state, Some(viewer), page, result, StatusCode::OK).await,
        Err(StoreError::Refused(sentences)) => {
            let posted = posted.with_error(&format!("{}。", sentences.join("；")));
            render(state, Some(viewer), page, posted, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => unavailable_page(&error),
    }
}

/// The address under which the browser says it knows this site.
pub(crate) fn site(state: &AppState, headers: &HeaderMap) -> String {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    format!("{origin}{}", state.front.base.path())
}

/// A one-time link to be handed over, shown once.
fn with_link(state: &AppState, headers: &HeaderMap, login: &str, token: &str) -> Posted {
    let link = format!("{}/setup?token={token}", site(state, headers));
    Posted::new(vec![("link".to_owned(), link), ("link_for".to_owned(), login.to_owned())])
}

/// What a page says of a change of who gets in: the link, or for whom it waits.
fn said(state: &AppState, headers: &HeaderMap, login: &str, changed: Changed) -> Posted {
    match changed {
        Changed::Done(Some(token)) => with_link(state, headers, login, &token),
        Changed::Done(None) => Posted::default(),
        Changed::Asked(asked) => Posted::new(vec![("asked".to_owned(), asked.waiting())]),
    }
}

pub(crate) async fn new_user(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let (login, name, phone) = (posted.text("login"), posted.text("name"), posted.text("phone"));
    let done = async {
        let id = state.store.create_account(login, name, phone, writer(&state, &viewer)).await?;
        let token = state.store.issue_link(Some(id), writer(&state, &viewer)).await?;
        Ok(with_link(&state, &headers, login, &token))
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/users", posted, done).await
}

pub(crate) async fn change_user(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let writer = || writer(&state, &viewer);
    let done = async {
        let Some(account) = state.store.read().await?.account_by_login(posted.text("login")).await? else {
            return Err(StoreError::Refused(vec!["没有这个账号".to_owned()]));
        };
        let post = state.store.read().await?.post_of(account.id).await?;
        let other_admin = account.id != viewer.account.id && post.is_some_and(|post| post.domain.role.is_admin());
        if other_admin && account.password_at.is_some() {
            // Whoever could set another administrator's password would hold two keys.
            let sentence = "其他管理员的账号只能在服务器上用 jigai user 命令处理，以免一个人拿到两把钥匙";
            return Err(StoreError::Refused(vec![sentence.to_owned()]));
        }
        match posted.text("do") {
            "disable" if account.id == viewer.account.id => {
                return Err(StoreError::Refused(vec!["不能停用自己的账号".to_owned()]));
            }
            "disable" => state.store.set_disabled(account.id, true, writer()).await?,
            "enable" => state.store.set_disabled(account.id, false, writer()).await?,
            "unlock" => state.store.unlock(account.id, writer()).await?,
            "end_sessions" => state.store.end_sessions(account.id, EndSessions::All, writer()).await.map(|_| ())?,
            what @ ("link" | "forget_totp") => {
                let what = if what == "link" { What::Link } else { What::ForgetTotp };
                let by = Some(viewer.account.id);
                let change = AccessChange { what, account: account.id, post: None, by, emergency: None };
                return Ok(said(&state, &headers, &account.login, state.store.change_access(change, writer()).await?));
            }
            _ => return Err(StoreError::Refused(vec!["不认识的操作".to_owned()])),
        }
        Ok(Posted::default())
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/users", posted, done).await
}

/// A department's name is at most so long, in characters.
const DEPARTMENT_MOST: usize = 30;

/// The department of a post, by its folded name and its name.
fn department(role: Role, unit: &str) -> Result<(String, String), StoreError> {
    let name = domain::entry::clean(unit).trim().to_owned();
    if name.is_empty() || name.chars().count() > DEPARTMENT_MOST {
        let sentence =
            format!("{}要写明是哪个部门（不超过{DEPARTMENT_MOST}字），例如 市效能办、市统计局、市财政局", role.name());
        return Err(StoreError::refused(sentence));
    }
    Ok((domain::region::fold_name(&name), name))
}

/// An office that has no plan yet: its reviewer has to be there before the first one.
fn new_office(
    role: Role,
    office: &str,
    unit: &str,
    department: Option<(String, String)>,
    plans: &[office::facts::PlanVersion],
) -> Result<NewPost, StoreError> {
    let shown = domain::month::shorten(office.trim());
    if role.is_county() || (department.is_none() && !unit.is_empty()) {
        let sentence =
            format!("“{shown}”还没有计划，不知道有哪些单位；请先设市级审核员，由他导入计划，再设{}", role.name());
        return Err(StoreError::refused(sentence));
    }
    let Some(region) = domain::region::named(office) else {
        let known = office::facts::offices(plans).join("、");
        let known = if known.is_empty() { known } else { format!("已有计划的是 {known}；") };
        let what =
            if shown.is_empty() { "没有写牵头地区".to_owned() } else { format!("没有“{shown}”的计划") };
        return Err(StoreError::refused(format!(
            "{what}。{known}给新的地区设岗位，请连行政区划代码一起写，例如 漳州市 350600"
        )));
    };
    if let Some(other) = plans.iter().map(|version| &version.plan.region).find(|other| other.id() == region.id()) {
        return Err(StoreError::refused(format!("{} 是{}的代码，请核对名称和代码", region.id(), other.name)));
    }
    Ok(NewPost { role, office: Some((region.id().to_owned(), region.name.clone())), unit: department })
}

/// A post as named by role, office and unit: the office is a plan's region or a new one, the unit reports to it, or is
/// the department whose post it is.
pub(crate) async fn describe_post(store: &Store, role: &str, office: &str, unit: &str) -> Result<NewPost, StoreError> {
    let refused = |sentence: String| StoreError::Refused(vec![sentence]);
    let role = Role::parse(role).ok_or_else(|| {
        refused(format!(
            "岗位类别“{}”不对，请写 {} 之一",
            domain::month::shorten(role),
            Role::ALL.map(Role::id).join("、")
        ))
    })?;
    if role.is_admin() {
        return Ok(NewPost { role, office: None, unit: None });
    }
    // A named leader is paired with one unit, or with projects of several.
    let may_have_unit = role.is_county() || role == Role::Official;
    let unit = unit.trim();
    if !may_have_unit && !role.is_department() && !unit.is_empty() {
        return Err(refused(format!("{}不分单位，请把单位一格留空", role.name())));
    }
    let department = if role.is_department() { Some(department(role, unit)?) } else { None };
    let plans = store.read().await?.plans().await?;
    let office = &domain::entry::clean(office);
    let (folded, in_full) = (domain::region::fold_name(office), domain::region::named(office));
    let named = plans.iter().map(|version| &version.plan).filter(|plan| {
        let (region, name) = (&plan.region, domain::region::fold_name(&plan.region.name));
        let both = |full: &Region| full.id() == region.id() && domain::region::fold_name(&full.name) == name;
        folded == region.id() || folded == name || in_full.as_ref().is_some_and(both)
    });
    let of_office: Vec<_> = named.collect();
    let Some(first) = of_office.first() else {
        return new_office(role, office, unit, department, &plans);
    };
    if role.is_county() && unit.is_empty() {
        return Err(refused(format!("{}要写明是哪个单位", role.name())));
    }
    let office = Some((first.region.id().to_owned(), first.region.name.clone()));
    if !may_have_unit || unit.is_empty() {
        return Ok(NewPost { role, office, unit: department });
    }
    let units: Vec<(String, String)> =
        of_office.iter().flat_map(|plan| domain::entry::units_with_posts(plan)).collect();
    let folded = domain::region::fold_name(unit);
    let found = units.iter().find(|(id, name)| *id == folded || domain::region::fold_name(name) == folded);
    let Some(unit) = found else {
        let names: Vec<&str> = units.iter().map(|(_, name)| name.as_str()).collect();
        return Err(refused(format!(
            "{}的分解表里没有“{}”，请写 {} 之一",
            first.region.name,
            domain::month::shorten(unit),
            names.join("、")
        )));
    };
    Ok(NewPost { role, office, unit: Some(unit.clone()) })
}

pub(crate) async fn new_post(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let done = async {
        let new = describe_post(&state.store, posted.text("role"), posted.text("office"), posted.text("unit")).await?;
        state.store.create_post(new, writer(&state, &viewer)).await.map(|_| Posted::default())
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/posts", posted, done).await
}

pub(crate) async fn appoint(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let done = async {
        let account = match posted.text("login").trim() {
            "" => return Err(StoreError::Refused(vec!["请选择由谁担任".to_owned()])),
            "-" => None,
            login => Some(state.store.read().await?.account_by_login(login).await?.ok_or_else(|| {
                StoreError::Refused(vec![format!(
                    "没有登录名“{}”，请先由系统管理员建账号",
                    domain::month::shorten(login)
                )])
            })?),
        };
        if account.as_ref().is_some_and(|account| account.id == viewer.account.id) {
            return Err(StoreError::Refused(vec!["不能给自己定岗，请由另一位安全管理员办理".to_owned()]));
        }
        let (post, writer) = (posted.text("post"), writer(&state, &viewer));
        let Some(account) = account else {
            state.store.appoint(post, None, writer).await?;
            return Ok(Posted::default());
        };
        let (what, by) = (What::Appoint, Some(viewer.account.id));
        let change = AccessChange { what, account: account.id, post: Some(post.to_owned()), by, emergency: None };
        Ok(said(&state, &headers, &account.login, state.store.change_access(change, writer).await?))
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/posts", posted, done).await
}

/// Confirms what another administrator asked for, or drops it.
pub(crate) async fn requests(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let writer = writer(&state, &viewer);
    let id = posted.text("id").parse().unwrap_or_default();
    let done = async {
        match posted.text("do") {
            "confirm" => {
                let (asked, token) = state.store.confirm_access(id, &viewer.account, writer).await?;
                Ok(said(&state, &headers, &asked.login, Changed::Done(token)))
            }
            "drop" => state.store.drop_access(id, &viewer.account, writer).await.map(|_| Posted::default()),
            _ => Err(StoreError::refused("不认识的操作")),
        }
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/requests", posted, done).await
}

/// The settings that the security administrator keeps, each with what may stand in it.
pub(crate) async fn set(store: &Store, name: &str, value: &str, writer: store::Writer) -> Result<(), StoreError> {
    // Lists are kept without blanks.
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    store.set_setting(allowed(name, &value)?, &value, writer).await
}

/// The setting's name, where the value may stand in it.
fn allowed(name: &str, value: &str) -> Result<&'static str, StoreError> {
    let refused = |sentence: &str| Err(StoreError::Refused(vec![sentence.to_owned()]));
    let number = |low: i64, high: i64| value.trim().parse::<i64>().is_ok_and(|number| (low..=high).contains(&number));
    Ok(match name {
        "password_policy" if Policy::parse(value).is_some() => "password_policy",
        "password_policy" => return refused("密码策略请写 dengbao 或 asvs"),
        "public_reading" if matches!(value, "open" | "closed") => "public_reading",
        "public_reading" => return refused("公开阅读请写 open 或 closed"),
        "idle_minutes" if number(5, 240) => "idle_minutes",
        "idle_minutes" => return refused("闲置退出请写 5 至 240 的分钟数"),
        "absolute_hours" if number(1, 24) => "absolute_hours",
        "absolute_hours" => return refused("最长登录请写 1 至 24 的小时数"),
        "totp_roles" if value.is_empty() || value.split(',').all(|role| Role::parse(role.trim()).is_some()) => {
            "totp_roles"
        }
        "totp_roles" => {
            let roles = Role::ALL.map(Role::id).join("、");
            return Err(StoreError::refused(format!(
                "必须用两步验证的岗位类别请写 {roles} 中的几个，用逗号隔开，例如 city_reviewer,publisher；都不要求写 \"\""
            )));
        }
        _ => return refused("没有这项设置"),
    })
}

pub(crate) async fn policy(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let done = async {
        let roles = posted.all("totp_role").join(",");
        let names = ["password_policy", "public_reading", "idle_minutes", "absolute_hours"];
        let settings = names.map(|name| (name, posted.text(name))).into_iter().chain([("totp_roles", roles.as_str())]);
        // All are looked at before the first is changed.
        for (name, value) in settings.clone() {
            allowed(name, value)?;
        }
        for (name, value) in settings {
            set(&state.store, name, value, writer(&state, &viewer)).await?;
        }
        Ok(Posted::default())
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/policy", posted, done).await
}
