//! What the commands that need a database share: where it is, who writes, when.

use std::path::PathBuf;

use clap::Args;
use domain::rights::{Action, Object, permitted};
use office::facts::{HeldPost, PlanVersion, Unavailable};
use office::refusal::Refusal;
use office::viewer::Viewer;
use office::who::Who;

use super::outcome::{Failure, Outcome};
use store::{Access, Location, Store, StoreError, Writer};

#[derive(Args, Clone)]
pub(crate) struct DatabaseArguments {
    /// 数据文件夹（SQLite 数据库 jigai.db 在其中）
    #[arg(long, env = "JIGAI_DATA", default_value = "data")]
    pub(crate) data: PathBuf,
    /// PostgreSQL 地址；不写则用数据文件夹里的 SQLite
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
}

impl DatabaseArguments {
    pub(crate) fn location(&self) -> Result<Location, Failure> {
        Ok(Location::new(self.database_url.as_deref(), &self.data)?)
    }

    pub(crate) async fn open(&self, access: Access) -> Result<Store, Failure> {
        Ok(Store::open(&self.location()?, access).await?)
    }

    /// Runs a command on the database and closes it behind it.
    pub(crate) fn run<F: Future<Output = Outcome>>(&self, access: Access, command: impl FnOnce(Store) -> F) -> Outcome {
        block_on(async {
            let store = self.open(access).await?;
            let done = command(store.clone()).await;
            store.close().await;
            done
        })
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(sentences) => Failure::Input(sentences),
            StoreError::Unusable(sentence) => Failure::Other(sentence),
            StoreError::Altered(what) => Failure::Other(format!("核验不通过：{what}")),
            other => Failure::Other(other.to_string()),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(faults) => {
                Failure::Input(domain::listed(faults.into_iter().map(|(field, sentence)| hinted(&field, &sentence))))
            }
            Refusal::Unavailable(error) => Failure::Other(error.cause),
            // Nobody typed anything wrong: what is stored is not what was written.
            altered @ Refusal::Altered(_) => Failure::Other(altered.sentence()),
            other => Failure::Input(vec![other.sentence()]),
        }
    }
}

impl From<Unavailable> for Failure {
    fn from(error: Unavailable) -> Self {
        Failure::Other(error.cause)
    }
}

/// A sentence about a field, with the option that answers it.
fn hinted(field: &str, sentence: &str) -> String {
    match field {
        "reason" => format!("{sentence}，请加 --reason \"……\""),
        _ => sentence.to_owned(),
    }
}

/// Runs an async command on a runtime of its own.
pub(crate) fn block_on(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::Other(format!("无法启动运行环境：{error}")))?.block_on(command)
}

/// The clock of the command line.
pub(crate) fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// In whose name a command writes.
#[derive(Args, Clone)]
pub(crate) struct ActingArguments {
    /// 以哪个岗位的身份写入（岗位编号，见 jigai post list）；有了岗位之后必须写
    #[arg(id = "acting", long = "as", env = "JIGAI_AS", value_name = "POST")]
    post: Option<String>,
}

impl ActingArguments {
    /// In whose name a command runs: the post's holder, as far as the post may; before there are posts, the machine's
    /// user.
    pub(crate) async fn who(&self, store: &Store, action: Action, object: Object<'_>) -> Result<Who, Failure> {
        let user =
            std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "未知用户".to_owned());
        let at = crate::clock::Clock::from_environment().now();
        let posts = store.read().await?.posts().await?;
        let Some(wanted) = &self.post else {
            return match posts.is_empty() {
                true => Ok(Who::machine(format!("命令行（{user}）"), at)),
                false => {
                    let candidates = candidates(&posts, action);
                    Err(Failure::input(format!(
                        "已有岗位，写入要说明以哪个岗位的身份：请加 --as 岗位编号，{candidates}"
                    )))
                }
            };
        };
        let Some(held) = posts.iter().find(|held| held.post.id == *wanted) else {
            return Err(Failure::input(format!("--as {wanted}: 没有这个岗位，{}", candidates(&posts, action))));
        };
        if permitted(&held.post.domain, action, object).is_err() {
            let (title, candidates) = (&held.post.title, candidates(&posts, action));
            return Err(Failure::input(format!("--as {wanted}: {title}不能{}，{candidates}", action.name())));
        }
        let Some(holder) = held.holder.clone().filter(|holder| !holder.disabled) else {
            return Err(Failure::input(format!("--as {wanted}: 这个岗位现在没有人，请先定岗")));
        };
        let actor = format!("{} {}（命令行 {user}）", held.post.title, holder.name);
        let viewer = Viewer {
            account: holder,
            post: Some(held.post.clone()),
            session: String::new(),
            must_change: false,
            password_ends: None,
            must_enrol: false,
        };
        Ok(Who { viewer: Some(viewer), actor, at, session: None })
    }

    /// The same for what no command of the office does: accounts and posts.
    pub(crate) async fn writer(&self, store: &Store, action: Action, object: Object<'_>) -> Result<Writer, Failure> {
        let who = self.who(store, action, object).await?;
        Ok(Writer { actor: who.actor, at: who.at, session: None })
    }
}

/// The posts whose role may do something, for a sentence.
fn candidates(posts: &[HeldPost], action: Action) -> String {
    let who = domain::rights::who_may(action);
    let ids: Vec<&str> = posts
        .iter()
        .filter(|held| who.contains(&held.post.domain.role.name()))
        .map(|held| held.post.id.as_str())
        .take(5)
        .collect();
    match ids.is_empty() {
        true => format!("这件事要由{}来做，现在还没有这样的岗位", who.join("或")),
        false => format!("例如 --as {}", ids.join("、")),
    }
}

/// The newest version of a plan, or a sentence that names the plans there are.
pub(crate) async fn plan(store: &Store, id: &str) -> Result<PlanVersion, Failure> {
    if let Some(found) = store.read().await?.plan(id).await? {
        return Ok(found);
    }
    let ids: Vec<String> =
        store.read().await?.plans().await?.into_iter().map(|version| version.plan.id.clone()).collect();
    Err(Failure::input(match ids.is_empty() {
        true => format!("--plan {id}: 数据库里还没有计划，请先运行 jigai import plan 计划文件.plan.toml"),
        false => format!("--plan {id}: 数据库里没有这个计划，现有 {}", ids.join("、")),
    }))
}
