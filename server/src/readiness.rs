//! `/readyz`: whether figures can be saved now; a clock behind what was saved is told, and keeps nobody out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use store::{CLOCKS_APART, Store, StoreError};
use tokio::sync::Mutex;

/// Anybody may ask, and asking writes: an answer holds for so long.
const HOLDS: Duration = Duration::from_secs(3);
/// Longer than a wait for somebody else's lock.
const PATIENCE: Duration = Duration::from_secs(7);

/// `ok`, with what an administrator should see to; or why nothing can be saved.
type Answer = Result<String, String>;

/// One question at a time; who comes meanwhile gets its answer.
#[derive(Clone, Default)]
pub(crate) struct Readiness(Arc<Mutex<Option<(Instant, Answer)>>>);

impl Readiness {
    /// `now` is in UTC milliseconds.
    pub(crate) async fn now(&self, store: &Store, now: i64) -> Answer {
        let mut last = self.0.lock().await;
        if let Some((_, answer)) = last.as_ref().filter(|(at, _)| at.elapsed() < HOLDS) {
            return answer.clone();
        }
        let asked = tokio::time::timeout(PATIENCE, ask(store, now)).await;
        let answer = asked.unwrap_or_else(|_| Err("现在不能保存：数据库没有回答".to_owned()));
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

async fn ask(store: &Store, now: i64) -> Answer {
    let failed = |error: StoreError| {
        if matches!(error, StoreError::ReadOnly) {
            return "现在不能保存：数据库是只读的，只能看".to_owned();
        }
        let failure = store::unavailable(&error);
        format!("现在不能保存（编号 {}，原因见日志）", failure.reference)
    };
    store.can_write().await.map_err(failed)?;
    let mut state = store.read().await.map_err(failed)?;
    let last = state.last_written().await.map_err(failed)?;
    let mut told = vec!["ok".to_owned()];
    // Perhaps the clock was ahead before and is right now: that nobody can tell from here.
    if let Some(last) = last.filter(|last| now + CLOCKS_APART < *last) {
        let minutes = (last - now) / 60_000;
        tracing::warn!(minutes, "the clock is behind the trail");
        told.push(format!("本机时钟比审计记录里最近的时间早 {minutes} 分钟，请核对时钟"));
    }
    told.extend(clocks_apart(store, now).await.map_err(failed)?);
    Ok(told.join("\n"))
}

/// A sentence where the clocks of this machine and of the database's are apart: other copies go by theirs.
pub(crate) async fn clocks_apart(store: &Store, now: i64) -> Result<Option<String>, StoreError> {
    if !store.is_shared() {
        return Ok(None);
    }
    let ahead = store.ahead_of_database(now).await?;
    if ahead.abs() <= CLOCKS_APART {
        return Ok(None);
    }
    tracing::warn!(ahead_seconds = ahead / 1000, "the clocks of this machine and of the database are apart");
    let (minutes, how) = (ahead.abs() / 60_000, if ahead > 0 { "快" } else { "慢" });
    Ok(Some(format!("本机时钟比数据库服务器{how} {minutes} 分钟，请让两台机器都与同一个时钟源对时")))
}
