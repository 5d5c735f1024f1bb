//! One's own account, and the one-time links.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::Fields;
use crate::second_factor;
use crate::state::AppState;
use crate::web::render::render;
use crate::web::sentence::{not_done, unavailable_page};
use crate::web::session::{Signed, source};
use store::passwords;
use store::{EndSessions, Source, StoreError, Writer, fold_login};

/// In one's own name; the write may end the session it comes from.
fn writer(state: &AppState, viewer: &Viewer) -> Writer {
    Writer { actor: viewer.actor(), at: state.clock.now(), session: None }
}

/// A new password that the policy accepts, hashed; or the sentence that says what is wrong with it.
pub(crate) async fn new_password(
    state: &AppState,
    account: Option<i64>,
    words: &[&str],
    password: &str,
    again: &str,
) -> Result<String, Refusal> {
    let mut known = state.store.read().await?;
    let policy = known.policy().await?;
    if let Some(fault) = policy.fault(password, words) {
        return Err(Refusal::field("password", fault));
    }
    if password != again {
        return Err(Refusal::field("again", "两次输入的密码不一样，请重新输入"));
    }
    if let Some(account) = account {
        let old = known.old_passwords(account, policy.remembered()).await?;
        drop(known);
        for old in old {
            if passwords::verify(password, Some(&old)).await {
                let sentence = format!("这个密码最近用过，请换一个（最近{}次用过的都不能再用）", policy.remembered());
                return Err(Refusal::field("password", sentence));
            }
        }
    }
    Ok(passwords::hash(password).await)
}

pub(crate) async fn change_password(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let changed: Result<(), Refusal> = async {
        if !knows_password(&state, &viewer, &source(&state, &headers, address), posted.text("current")).await? {
            return Err(Refusal::field("current", "现在的密码不对，没有更改；连续5次不对会锁定15分钟"));
        }
        let words = [viewer.account.login.as_str(), viewer.account.name.as_str()];
        let (account, password, again) = (viewer.account.id, posted.text("password"), posted.text("again"));
        let hash = new_password(&state, Some(account), &words, password, again).await?;
        Ok(state.store.set_password(account, &hash, None, writer(&state, &viewer)).await?)
    }
    .await;
    match changed {
        Ok(()) => Redirect::to("/login?changed=1").into_response(),
        Err(refusal @ Refusal::Unavailable(_)) => not_done(&refusal),
        Err(refusal) => {
            let posted = Posted::default().with_error(&refusal.sentence());
            render(&state, Some(&viewer), "/account", posted, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The password again, before something that a borrowed session must not do; failures count like those at the log-in.
pub(crate) async fn knows_password(
    state: &AppState,
    viewer: &Viewer,
    source: &Source,
    password: &str,
) -> Result<bool, StoreError> {
    let candidate = state.store.read().await?.candidate(&viewer.account.login, source, state.clock.now()).await?;
    let locked = candidate.as_ref().is_some_and(|candidate| candidate.locked);
    let hash = candidate.filter(|candidate| !candidate.barred).and_then(|candidate| candidate.password_hash);
    let knows = passwords::verify(password, hash.as_deref()).await;
    if !knows {
        state.store.record_failure(Some(viewer.account.id), locked, source, state.clock.now()).await?;
    }
    Ok(knows)
}

/// Switches one's own second factor on, by a code that proves the app has the seed, or off.
pub(crate) async fn change_totp(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let (id, now) = (viewer.account.id, state.clock.now());
    let changed: Result<(), Refusal> = async {
        if posted.text("do") == "begin" {
            let sealed = state.vault.seal(&second_factor::new_seed()).map_err(StoreError::Unusable)?;
            return Ok(state.store.offer_totp(id, &sealed, now).await?);
        }
        if !knows_password(&state, &viewer, &source(&state, &headers, address), posted.text("current")).await? {
            let sentence = "现在的密码不对，没有更改两步验证；连续5次不对会锁定15分钟";
            return Err(Refusal::field("current", sentence));
        }
        if posted.text("do") == "off" {
            return Ok(state.store.set_totp(id, None, 0, &viewer.session, writer(&state, &viewer)).await?);
        }
        // The seed is the one this site made: a page cannot bring one of its own.
        let Some(sealed) = state.store.read().await?.offered_totp(id, now).await? else {
            return Err(Refusal::field("code", "这个密钥已过了半小时，请重新点“开启两步验证”，用应用再扫一次"));
        };
        let Some(step) = state.vault.check(&sealed, posted.text("code"), 0, now).map_err(StoreError::Unusable)? else {
            let sentence = "动态码不对，两步验证没有开启。请看手机上现在显示的六位数字，并核对手机的时间";
            return Err(Refusal::field("code", sentence));
        };
        Ok(state.store.set_totp(id, Some(sealed), step, &viewer.session, writer(&state, &viewer)).await?)
    }
    .await;
    match changed {
        Ok(()) => Redirect::to("/account").into_response(),
        Err(refusal @ Refusal::Unavailable(_)) => not_done(&refusal),
        Err(refusal) => {
            let posted = posted.without(&["current", "code"]).with_error(&refusal.sentence());
            render(&state, Some(&viewer), "/account", posted, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// What stood on the first screen about log-ins has been read.
pub(crate) async fn seen(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Response<Body> {
    let seq = Posted::new(fields).text("seq").parse().unwrap_or_default();
    match state.store.notices_seen(viewer.account.id, seq).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => unavailable_page(&error),
    }
}

/// Ends one of one's own sessions, or all others.
pub(crate) async fn end_sessions(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let which = match posted.text("session") {
        "" => EndSessions::All,
        id => EndSessions::One { id: id.to_owned(), logged_out: false },
    };
    match state.store.end_sessions(viewer.account.id, which, writer(&state, &viewer)).await {
        Ok(_) => Redirect::to("/account").into_response(),
        Err(error) => unavailable_page(&error),
    }
}

/// `/setup?token=…`: the first set-up, or a colleague's own password.
pub(crate) async fn set_up(State(state): State<AppState>, Fields(fields): Fields) -> Response<Body> {
    let posted = Posted::new(fields);
    match use_link(&state, &posted).await {
        Ok(()) => Redirect::to("/login?ready=1").into_response(),
        Err(refusal @ Refusal::Unavailable(_)) => not_done(&refusal),
        Err(refusal) => {
            let address = format!("/setup?token={}", office::posted::token_only(posted.text("token")));
            let kept = posted.without(&["password", "again"]).with_error(&refusal.sentence());
            render(&state, None, &address, kept, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn use_link(state: &AppState, posted: &Posted) -> Result<(), Refusal> {
    let (token, now) = (posted.text("token"), state.clock.now());
    let (password, again) = (posted.text("password"), posted.text("again"));
    let writer = |actor: &str| Writer { actor: actor.to_owned(), at: now, session: None };
    let mut known = state.store.read().await?;
    let link = known.link(token, now).await?;
    let link = link.ok_or_else(|| Refusal::whole("这个链接已用过或已过期，请向系统管理员要一个新的"))?;
    let Some(id) = link else {
        drop(known);
        let people = first_people(posted).map_err(Refusal::whole)?;
        let words: Vec<&str> = people.iter().flat_map(|(login, name)| [login.as_str(), name.as_str()]).collect();
        let hash = new_password(state, None, &words, password, again).await?;
        let actor = format!("首次设置（{}）", people[0].1);
        state.store.set_up(token, people, &hash, writer(&actor)).await?;
        return Ok(());
    };
    let account = known.account(id).await?.ok_or_else(|| Refusal::whole("没有这个账号"))?;
    drop(known);
    let words = [account.login.as_str(), account.name.as_str()];
    let hash = new_password(state, Some(id), &words, password, again).await?;
    Ok(state.store.set_password(id, &hash, Some(token), writer(&account.name)).await?)
}

/// Login and name of the three administrators: three people, three accounts.
fn first_people(posted: &Posted) -> Result<[(String, String); 3], String> {
    let person = |role: &str, title: &str| -> Result<(String, String), String> {
        let login =
            fold_login(posted.text(&format!("{role}_login"))).map_err(|sentence| format!("{title}：{sentence}。"))?;
        let name = domain::entry::clean(posted.text(&format!("{role}_name"))).trim().to_owned();
        if name.is_empty() || name.chars().count() > 40 {
            Err(format!("{title}：请写姓名，至多40个字。"))
        } else {
            Ok((login, name))
        }
    };
    let people = [person("system", "系统管理员")?, person("security", "安全管理员")?, person("audit", "审计管理员")?];
    let (system, security, audit) = (&people[0].0, &people[1].0, &people[2].0);
    if system == security || system == audit || security == audit {
        return Err("三个管理员要用三个不同的登录名：一个账号不能有两把钥匙。".to_owned());
    }
    Ok(people)
}
