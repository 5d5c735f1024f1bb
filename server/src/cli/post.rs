//! `jigai post …`: posts and who holds them, as the security administrator keeps them in the browser.

use clap::{Args, Subcommand};
use domain::rights::{Action, Object};

use super::database::{ActingArguments, DatabaseArguments};
use super::outcome::{Failure, Outcome, print};
use super::user::{EmergencyArguments, said};
use crate::forms::admin::describe_posts;
use office::access::What;
use store::{Access, AccessChange, Store, Writer};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum PostCommand {
    /// 新建岗位
    Add(AddArguments),
    /// 列出岗位和现任
    List(DatabaseArguments),
    /// 由某个账号担任岗位；原来的人自然离任
    Appoint(AppointArguments),
    /// 让岗位空缺
    Vacate(VacateArguments),
}

#[derive(Args)]
pub(super) struct AddArguments {
    /// 类别：county_reporter、county_approver、city_reviewer、publisher、leader、official、observer、finance、system_admin、security_admin、audit_admin
    #[arg(long)]
    role: String,
    /// 牵头地区的名称或代码，例如 福州市（三个管理员岗位不写）
    #[arg(long, default_value = "")]
    office: String,
    /// 县级岗位的单位，例如 福清市；阅签部门和财政部门的名称，例如 市效能办、市财政局；挂钩领导可以写挂钩的单位
    #[arg(long, default_value = "")]
    unit: String,
    /// 同时由这个账号担任
    #[arg(long)]
    login: Option<String>,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct AppointArguments {
    /// 岗位编号，见 jigai post list
    post: String,
    /// 登录名
    login: String,
    #[command(flatten)]
    emergency: EmergencyArguments,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct VacateArguments {
    /// 岗位编号，见 jigai post list
    post: String,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: PostCommand) -> Outcome {
    match command {
        PostCommand::Add(arguments) => arguments.database.clone().run(Access::Existing, |store| add(store, arguments)),
        PostCommand::List(database) => database.run(Access::AsItIs, list),
        PostCommand::Appoint(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| appoint(store, arguments))
        }
        PostCommand::Vacate(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| vacate(store, arguments))
        }
    }
}

async fn account(store: &Store, login: &str) -> Result<i64, Failure> {
    let found = store.read().await?.account_by_login(login).await?;
    found
        .map(|account| account.id)
        .ok_or_else(|| Failure::input(format!("没有登录名“{login}”，请先运行 jigai user add {login} --name 姓名")))
}

async fn add(store: Store, arguments: AddArguments) -> Outcome {
    let account = match &arguments.login {
        Some(login) => Some(account(&store, login).await?),
        None => None,
    };
    let unit = [arguments.unit.as_str()];
    let units = if arguments.unit.trim().is_empty() { &unit[..0] } else { &unit[..] };
    let new = describe_posts(&store, &arguments.role, &arguments.office, units).await?;
    let writer = arguments.acting.writer(&store, Action::ManagePosts, Object::SYSTEM).await?;
    let made = store.create_posts(new, writer.clone()).await?.remove(0);
    if account.is_some() {
        store.appoint(&made.id, account, writer).await?;
    }
    print(&format!("已建岗位 {}：{}", made.id, made.title))
}

async fn list(store: Store) -> Outcome {
    let lines: Vec<String> = store
        .read()
        .await?
        .posts()
        .await?
        .into_iter()
        .map(|held| {
            let holder =
                held.holder.map_or("空缺".to_owned(), |holder| format!("{}（{}）", holder.name, holder.login));
            format!("{}  {}  {holder}", held.post.id, held.post.title)
        })
        .collect();
    print(&if lines.is_empty() { "还没有岗位".to_owned() } else { lines.join("\n") })
}

async fn appoint(store: Store, arguments: AppointArguments) -> Outcome {
    let account = account(&store, &arguments.login).await?;
    let who = arguments.acting.who(&store, Action::ManagePosts, Object::SYSTEM).await?;
    let by = who.viewer.as_ref().map(|viewer| viewer.account.id);
    let (what, emergency) = (What::Appoint, arguments.emergency.emergency);
    let change = AccessChange { what, account, post: Some(arguments.post.clone()), by, emergency };
    let changed = store.change_access(change, Writer::of(&who)).await?;
    print(&format!("{} {}", arguments.post, said(what, &arguments.login, &changed)))
}

async fn vacate(store: Store, arguments: VacateArguments) -> Outcome {
    let writer = arguments.acting.writer(&store, Action::ManagePosts, Object::SYSTEM).await?;
    store.appoint(&arguments.post, None, writer).await?;
    print(&format!("{} 已空缺", arguments.post))
}
