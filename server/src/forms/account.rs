//! One's own account, and the one-time links.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use domain::region::Region;
use office::people::Person;
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
use store::{EndSessions, Source, StoreError, Writer};

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
    let weak = policy.fault(password, words).map(|fault| Refusal::field("password", fault));
    let differs = (password != again).then(|| Refusal::field("again", "两次输入的密码不一样，请重新输入"));
    let faults: Vec<Refusal> = weak.into_iter().chain(differs).collect();
    if !faults.is_empty() {
        return Err(Refusal::all(faults));
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
        let again = asked_again(&state, &viewer, &source(&state, &headers, address), posted.text("current")).await?;
        if let Some(sentence) = again.refused("没有更改") {
            return Err(Refusal::field("current", sentence));
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

/// What became of asking for the password again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Right,
    Wrong,
    /// Nothing was typed: no attempt.
    Empty,
    /// Typed wrong too often; what is typed now is not looked at.
    Locked,
}

impl Again {
    /// Why nothing was done, of `what` that was not: 没有发布.
    pub(crate) fn refused(self, what: &str) -> Option<String> {
        match self {
            Again::Right => None,
            Again::Empty => Some(format!("请再输入一次现在的密码，{what}")),
            Again::Wrong => Some(format!("密码不对，{what}；连续5次不对会锁定15分钟")),
            Again::Locked => Some(format!("密码连续5次不对，已经锁定，{what}；请15分钟以后再试")),
        }
    }
}

/// The password again, before something that a borrowed session must not do; failures count like those at the log-in.
pub(crate) async fn asked_again(
    state: &AppState,
    viewer: &Viewer,
    source: &Source,
    password: &str,
) -> Result<Again, StoreError> {
    if password.is_empty() {
        return Ok(Again::Empty);
    }
    let candidate = state.store.read().await?.candidate(&viewer.account.login, source, state.clock.now()).await?;
    let locked = candidate.as_ref().is_some_and(|candidate| candidate.locked);
    let hash = candidate.filter(|candidate| !candidate.barred).and_then(|candidate| candidate.password_hash);
    if passwords::verify(password, hash.as_deref()).await {
        return Ok(Again::Right);
    }
    state.store.record_failure(Some(viewer.account.id), locked, source, state.clock.now()).await?;
    Ok(if locked { Again::Locked } else { Again::Wrong })
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
        let again = asked_again(&state, &viewer, &source(&state, &headers, address), posted.text("current")).await?;
        if let Some(sentence) = again.refused("没有更改两步验证") {
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
        return first_set_up(state, posted, token).await;
    };
    let account = known.account(id).await?.ok_or_else(|| Refusal::whole("没有这个账号"))?;
    drop(known);
    let words = [account.login.as_str(), account.name.as_str()];
    let hash = new_password(state, Some(id), &words, password, again).await?;
    Ok(state.store.set_password(id, &hash, Some(token), writer(&account.name)).await?)
}

/// The office, three people and the first password: everything that is wrong is said at once.
async fn first_set_up(state: &AppState, posted: &Posted, token: &str) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let region = office_named(posted.text("office"));
    faults.extend(region.as_ref().err().map(|sentence| Refusal::field("office", sentence)));
    let titles = [("system", "系统管理员"), ("security", "安全管理员"), ("audit", "审计管理员")];
    let people = titles.map(|(role, title)| {
        let text = |what: &str| posted.text(&format!("{role}_{what}"));
        Person::read(text("login"), text("name"), text("phone"))
            .map_err(|said| said.into_iter().map(|sentence| format!("{title}：{sentence}")).collect::<Vec<_>>())
    });
    for ((role, _), person) in titles.iter().zip(&people) {
        let said = person.as_ref().err().into_iter().flatten();
        faults.extend(said.map(|sentence| Refusal::field(&format!("{role}_login"), sentence)));
    }
    let logins: Vec<&str> = people.iter().flatten().map(|person| person.login.as_str()).collect();
    if (1..logins.len()).any(|at| logins[..at].contains(&logins[at])) {
        let sentence = "三个管理员要用三个不同的登录名：一个账号不能有两把钥匙";
        faults.push(Refusal::field("audit_login", sentence));
    }
    let words: Vec<&str> =
        people.iter().flatten().flat_map(|person| [person.login.as_str(), person.name.as_str()]).collect();
    match new_password(state, None, &words, posted.text("password"), posted.text("again")).await {
        Err(refusal @ Refusal::Unavailable(_)) => return Err(refusal),
        Err(refusal) => faults.push(refusal),
        Ok(hash) if faults.is_empty() => {
            if let (Ok(office), [Ok(system), Ok(security), Ok(audit)]) = (region, people) {
                let actor = format!("首次设置（{}）", system.name);
                let writer = Writer { actor, at: state.clock.now(), session: None };
                state.store.set_up(token, &office, [system, security, audit], &hash, writer).await?;
            }
            return Ok(());
        }
        Ok(_) => {}
    }
    Err(Refusal::all(faults))
}

/// The region whose target the office splits; without a full stop where it cannot be read.
fn office_named(text: &str) -> Result<Region, String> {
    let written = domain::entry::clean(text);
    domain::region::named(&written).ok_or_else(|| match written.trim() {
        "" => "请写牵头地区，例如 泉州市，名录里没有的连代码一起写，例如 漳州市 350600".to_owned(),
        other => format!(
            "牵头地区“{}”在名录里没有；请连行政区划代码一起写，例如 漳州市 350600",
            domain::month::shorten(other)
        ),
    })
}
