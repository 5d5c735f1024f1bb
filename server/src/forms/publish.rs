//! Publishing with the password again, and 补报.

use std::net::SocketAddr;

use app::pages::publish::wording_of;
use app::parts::links;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{Days, NaiveDate};
use domain::bulletin::wording::LONGEST;
use domain::calendar::shanghai;
use domain::letterhead::Letterhead;
use domain::rights::{Action, Object};
use office::facts::ReportKey;
use office::posted::Posted;

use super::account::knows_password;
use super::read::optional;
use super::{Answer, Fields, Outcome, named, render, settle, writer};
use crate::auth::{Signed, forbidden, source};
use crate::publishing::{self, Draft};
use crate::state::AppState;
use store::Acting;

pub(crate) async fn publish(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, path).await?;
    if viewer.may(Action::Publish, Object::office(plan.region.id())).is_err() {
        return Err(forbidden(&domain::rights::who_may(Action::Publish)).into());
    }
    // The preview shows the office's words before anything is frozen.
    if posted.text("then") == "preview" {
        let kept = posted.without(&["password"]);
        return Ok(render(&state, Some(&viewer), &links::publish(&plan.id, period), kept, StatusCode::OK).await);
    }
    let done: Outcome = async {
        if !knows_password(&state, &viewer, &source(&state, &headers, address), posted.text("password")).await? {
            return Ok(Err("密码不对，没有发布；连续5次不对会锁定15分钟。".to_owned()));
        }
        // The page may be older than what was altered since.
        if let Err(altered) = state.store.verify().await? {
            return Ok(Err(format!("审计核验不通过，没有发布：{altered}。请告诉审计管理员。")));
        }
        let writer = writer(&state, &viewer);
        let reason = match optional(&posted, "reason", "更正原因") {
            Ok(reason) => reason,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let wording = wording_of(&posted);
        if let Some(length) = wording.too_long() {
            return Ok(Err(format!("有一句写了 {length} 字，请缩短到 {LONGEST} 字以内。")));
        }
        let drafted = publishing::draft(&state.store, &plan.id, period, reason.as_deref(), &wording, writer.at).await?;
        let refusal = drafted.refusal(period);
        let new = match drafted {
            Draft::Ready(new) => *new,
            Draft::NeedsReason(_) => return Ok(Err("这一期已经发布过，再发布是更正，请写明更正原因。".to_owned())),
            Draft::Same(edition, _) => {
                return Ok(Err(format!("数据和文字都与已发布的第{edition}版相同，没有再发布；第{edition}版在“通报”里。")));
            }
            Draft::Empty => return Ok(Err(format!("{}。", refusal.unwrap_or_default()))),
        };
        if posted.text("based_on").parse() != Ok(new.based_on) {
            return Ok(Err("您打开页面之后又有数据变动，没有发布。下面是新的预览，请看过再发布。".to_owned()));
        }
        let edition = state.store.publish(new, writer).await?;
        Ok(Ok(format!("/bulletins/{}/{}/e{}", edition.plan, edition.period, edition.edition)))
    }
    .await;
    settle(&state, &viewer, &links::publish(&plan.id, period), posted.without(&["password"]), done).await
}

/// `until` is a day; it ends at 24:00 in Asia/Shanghai.
pub(crate) async fn exception(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, path).await?;
    let address = format!("/review/{}/{period}", plan.id);
    let granted: Outcome = async {
        let unit = posted.text("unit").to_owned();
        if !domain::entry::units(&plan).iter().any(|(id, _)| *id == unit) {
            return Ok(Err("请选择单位。".to_owned()));
        }
        let day = domain::money::fold(posted.text("until")).parse::<NaiveDate>();
        let end =
            day.ok().and_then(|day| day.checked_add_days(Days::new(1))?.and_hms_opt(0, 0, 0)?.and_local_timezone(shanghai()).single());
        const YEAR: i64 = 366 * 24 * 60 * 60 * 1000;
        let now = state.clock.now();
        let Some(until) = end.map(|end| end.timestamp_millis()).filter(|until| (now + 1..now + YEAR).contains(until)) else {
            return Ok(Err("补报期限请写成今天或以后的日期，一年以内，例如 2021-07-08。".to_owned()));
        };
        let reason = domain::entry::clean(posted.text("reason"));
        if reason.trim().is_empty() || reason.chars().count() > domain::entry::TEXT_LIMIT {
            return Ok(Err("请写明准予补报的理由。".to_owned()));
        }
        let key = ReportKey { plan: plan.id.clone(), period, unit };
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        state.store.grant_exception(&key, until, reason.trim(), acting, writer(&state, &viewer)).await?;
        Ok(Ok(address.clone()))
    }
    .await;
    settle(&state, &viewer, &address, posted, granted).await
}

/// 签收: the viewer's post has taken note of an edition.
pub(crate) async fn receipt(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, period, edition)): Path<(String, String, String)>,
) -> Answer {
    let (plan, period) = named(&state, (plan, period)).await?;
    let number = edition.strip_prefix('e').and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    let address = links::edition(&plan.id, period, number);
    let acting = Acting { viewer: &viewer, office: plan.region.id() };
    let signed = state.store.sign_receipt((&plan.id, period, number), acting, writer(&state, &viewer)).await;
    settle(&state, &viewer, &address, Posted::default(), signed.map(|()| Ok(address.clone()))).await
}

/// The letterhead of an edition's paper.
pub(crate) async fn letterhead(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, period, edition)): Path<(String, String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, (plan, period)).await?;
    let number = edition.strip_prefix('e').and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    let address = format!("{}/paper", links::edition(&plan.id, period, number));
    let done: Outcome = match Letterhead::parse(|name| posted.text(name)) {
        Err(faults) => Ok(Err(format!("没有保存：{}", faults.concat()))),
        Ok(letterhead) => {
            let acting = Acting { viewer: &viewer, office: plan.region.id() };
            let written = state.store.write_letterhead((&plan.id, period, number), &letterhead, acting, writer(&state, &viewer)).await;
            written.map(|()| Ok(address.clone()))
        }
    };
    settle(&state, &viewer, &address, posted, done).await
}
