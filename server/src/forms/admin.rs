//! Accounts (system administrator), posts and policy (security administrator).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::plan::Plan;
use domain::region::Region;
use domain::rights::Role;
use office::access::{Changed, What};
use office::commands::holidays::{KeepHolidays, field};
use office::facts::PlanVersion;
use office::people::{self, NewPost, Places};
use office::posted::Posted;
use office::viewer::Viewer;

use super::{Fields, Refused, carry_out_read, settle, writer};
use crate::state::AppState;
use crate::web::render::render;
use crate::web::sentence::unavailable_page;
use crate::web::session::Signed;
use store::passwords::Policy;
use store::{AccessChange, EndSessions, Store, StoreError};

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

/// What a page says was done; without a full stop.
pub(super) fn told(sentence: String) -> Posted {
    Posted::new(vec![("done".to_owned(), sentence)])
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
            "edit" => {
                state.store.change_account(account.id, posted.text("name"), posted.text("phone"), writer()).await?;
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
        let who = format!("{}（{}）", account.name, account.login);
        Ok(told(match posted.text("do") {
            "edit" => format!("{who}的姓名、电话已更改"),
            "disable" => format!("已停用 {who}，他的登录都已退出"),
            "enable" => format!("已启用 {who}"),
            "unlock" => format!("已解锁 {who}"),
            _ => format!("{who}的登录都已退出"),
        }))
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/users", posted, done).await
}

/// The site's plans and offices: what posts are named by.
pub(crate) async fn plans_and_offices(store: &Store) -> Result<(Vec<PlanVersion>, Vec<Region>), StoreError> {
    let mut state = store.read().await?;
    let plans = state.plans().await?;
    let set_up = state.setting("office").await?;
    let offices = people::offices(plans.iter().map(|version| &*version.plan), set_up.as_deref());
    Ok((plans, offices))
}

/// Posts as named by role, office and units, one for each unit: the office is one of the site's or a new one, the units
/// report to it. Everything that is wrong is said at once.
pub(crate) async fn describe_posts(
    store: &Store,
    role: &str,
    office: &str,
    units: &[&str],
) -> Result<Vec<NewPost>, StoreError> {
    let (plans, offices) = plans_and_offices(store).await?;
    let plans: Vec<&Plan> = plans.iter().map(|version| &*version.plan).collect();
    let places = Places { plans: &plans, offices: &offices };
    let roles = Role::ALL.map(Role::id).join("、");
    let role = Role::parse(role).ok_or_else(|| {
        StoreError::refused(format!("岗位类别“{}”不对，请写 {roles} 之一", domain::month::shorten(role)))
    })?;
    let units = if units.is_empty() { &[""][..] } else { units };
    let (posts, faults): (Vec<_>, Vec<_>) =
        units.iter().map(|unit| places.post(role, office, unit)).partition(Result::is_ok);
    match faults.into_iter().filter_map(Result::err).collect::<Vec<_>>() {
        faults if faults.is_empty() => Ok(posts.into_iter().flatten().collect()),
        mut faults => {
            faults.dedup();
            Err(StoreError::Refused(faults))
        }
    }
}

pub(crate) async fn new_post(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let units: Vec<&str> = posted.all("unit").into_iter().filter(|unit| !unit.trim().is_empty()).collect();
    let done = async {
        let new = describe_posts(&state.store, posted.text("role"), posted.text("office"), &units).await?;
        let made = state.store.create_posts(new, writer(&state, &viewer)).await?;
        let titles: Vec<String> = made.into_iter().map(|post| post.title).collect();
        Ok(told(format!("已建岗位：{}", titles.join("、"))))
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/posts", posted, done).await
}

/// A post gets a deputy's beside it, is retired or restored.
pub(crate) async fn change_post(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let (post, writer) = (posted.text("post"), writer(&state, &viewer));
    let done = async {
        Ok(told(match posted.text("do") {
            "deputy" => {
                let made = state.store.make_deputy(post, writer).await?;
                format!("已设“{}”，请在下面的表里给它定人", made.title)
            }
            "retire" => {
                state.store.retire_post(post, posted.text("reason"), writer).await?;
                "岗位已停用；记录里的名字还在，下面可以恢复".to_owned()
            }
            "restore" => {
                state.store.restore_post(post, writer).await?;
                "岗位已恢复，现在空缺".to_owned()
            }
            _ => return Err(StoreError::refused("不认识的操作")),
        }))
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
        "password_days" if number(30, 365) => "password_days",
        "password_days" => return refused("密码更换期限请写 30 至 365 的天数"),
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
        let names = ["password_policy", "password_days", "public_reading", "idle_minutes", "absolute_hours"];
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

/// A year's days off, typed from the notice.
pub(crate) async fn holidays(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Result<Response<Body>, Refused> {
    let posted = Posted::new(fields);
    let done = carry_out_read(&state, &viewer, KeepHolidays::read(&posted)).await.map(|typed| {
        state.holidays.set(Some(&typed));
        state.cache.forget();
        let year = posted.text(field::YEAR).chars().filter(char::is_ascii_digit).collect::<String>();
        format!("/admin/holidays?year={year}")
    });
    settle(&state, &viewer, "/admin/holidays", posted, done).await
}
