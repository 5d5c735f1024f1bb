//! `jigai user …`: accounts, as the system administrator keeps them in the browser.

use crate::clock::Clock;
use clap::{Args, Subcommand};
use domain::rights::{Action, Object, Role};
use office::access::{Changed, What};

use super::database::{ActingArguments, DatabaseArguments};
use super::outcome::{Failure, Outcome, print};
use crate::forms::admin::set;
use store::{Access, AccessChange, EndSessions, Store, Writer};

#[derive(Subcommand)]
#[command(subcommand_help_heading = "命令")]
pub(super) enum UserCommand {
    /// 新建账号，打印一个只能用一次的链接，由本人设置密码
    Add(AddArguments),
    /// 列出账号和岗位
    List(DatabaseArguments),
    /// 再生成一个只能用一次的链接，由本人重设密码
    Link(ResetArguments),
    /// 停用账号，并结束它的所有登录
    Disable(LoginArguments),
    /// 启用账号
    Enable(LoginArguments),
    /// 解除登录锁定
    Unlock(LoginArguments),
    /// 关闭账号的两步验证（手机丢失时）
    ForgetTotp(ResetArguments),
    /// 列出等待另一位管理员确认的重置和换人
    Requests(DatabaseArguments),
    /// 确认另一位管理员提请的重置或换人
    Confirm(RequestArguments),
    /// 撤销等待确认的重置或换人
    Drop(RequestArguments),
    /// 列出账号正在登录的地方
    Sessions(LoginArguments),
    /// 结束账号的所有登录
    EndSessions(LoginArguments),
    /// 查看或更改安全策略
    Policy(PolicyArguments),
}

#[derive(Args)]
pub(super) struct AddArguments {
    /// 登录名：2至32个小写字母、数字、点、下划线、连字符
    login: String,
    /// 姓名
    #[arg(long)]
    name: String,
    /// 办公电话
    #[arg(long, default_value = "")]
    phone: String,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct LoginArguments {
    /// 登录名
    login: String,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct ResetArguments {
    #[command(flatten)]
    account: LoginArguments,
    #[command(flatten)]
    emergency: EmergencyArguments,
}

/// Where one of two administrators cannot be reached.
#[derive(Args)]
pub(super) struct EmergencyArguments {
    /// 紧急办理：不等第二人确认，写明理由；记入审计，并显示在本人和三个管理员的首页
    #[arg(long, value_name = "REASON")]
    pub(super) emergency: Option<String>,
}

#[derive(Args)]
pub(super) struct RequestArguments {
    /// 编号，见 jigai user requests
    id: i64,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct PolicyArguments {
    /// 设置项：password_policy（dengbao、asvs）、password_days（多少天更换密码）、public_reading（open、closed）、idle_minutes、absolute_hours、totp_roles（必须用两步验证的岗位类别，逗号隔开）
    name: Option<String>,
    /// 新的值；不写则只查看
    value: Option<String>,
    #[command(flatten)]
    acting: ActingArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(command: UserCommand) -> Outcome {
    match command {
        UserCommand::Add(arguments) => arguments.database.clone().run(Access::Existing, |store| add(store, arguments)),
        UserCommand::List(database) => database.run(Access::AsItIs, list),
        UserCommand::Link(arguments) => reset(arguments, What::Link),
        UserCommand::Disable(arguments) => with(arguments, Change::Disable),
        UserCommand::Enable(arguments) => with(arguments, Change::Enable),
        UserCommand::Unlock(arguments) => with(arguments, Change::Unlock),
        UserCommand::ForgetTotp(arguments) => reset(arguments, What::ForgetTotp),
        UserCommand::Requests(database) => database.run(Access::AsItIs, requests),
        UserCommand::Confirm(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| answer(store, arguments, true))
        }
        UserCommand::Drop(arguments) => {
            arguments.database.clone().run(Access::Existing, |store| answer(store, arguments, false))
        }
        UserCommand::Sessions(arguments) => {
            arguments.database.clone().run(Access::AsItIs, |store| sessions(store, arguments))
        }
        UserCommand::EndSessions(arguments) => with(arguments, Change::EndSessions),
        UserCommand::Policy(arguments) => {
            let access = if arguments.value.is_some() { Access::Existing } else { Access::AsItIs };
            arguments.database.clone().run(access, |store| policy(store, arguments))
        }
    }
}

async fn add(store: Store, arguments: AddArguments) -> Outcome {
    let writer = arguments.acting.writer(&store, Action::ManageAccounts, Object::SYSTEM).await?;
    let id = store.create_account(&arguments.login, &arguments.name, &arguments.phone, writer.clone()).await?;
    let token = store.issue_link(Some(id), writer).await?;
    print(&format!(
        "已建账号 {}（{}）。请本人打开：本站地址/setup?token={token}（三天内有效，只能用一次）",
        arguments.login, arguments.name
    ))
}

async fn list(store: Store) -> Outcome {
    let posts = store.read().await?.posts().await?;
    let now = Clock::from_environment().now();
    let lines = store.read().await?.accounts().await?.into_iter().map(|account| {
        let post = posts.iter().find(|held| held.holder.as_ref().is_some_and(|holder| holder.id == account.id));
        let post = post.map_or("没有岗位".to_owned(), |held| format!("{} {}", held.post.id, held.post.title));
        let state = match (account.disabled, account.password_at, account.unused_days(now)) {
            (true, ..) => "  已停用".to_owned(),
            (false, None, _) => "  未设密码".to_owned(),
            (false, Some(_), Some(days)) => format!("  {days}天没有登录"),
            (false, Some(_), None) => String::new(),
        };
        format!("{}  {}  {post}{state}", account.login, account.name)
    });
    let lines: Vec<String> = lines.collect();
    print(&if lines.is_empty() { "还没有账号".to_owned() } else { lines.join("\n") })
}

#[derive(Clone, Copy)]
enum Change {
    Disable,
    Enable,
    Unlock,
    EndSessions,
}

fn with(arguments: LoginArguments, change: Change) -> Outcome {
    arguments.database.clone().run(Access::Existing, |store| apply(store, arguments, change))
}

async fn account(store: &Store, login: &str) -> Result<office::viewer::Account, Failure> {
    let found = store.read().await?.account_by_login(login).await?;
    found.ok_or_else(|| Failure::input(format!("没有登录名“{login}”，请用 jigai user list 查看现有账号")))
}

async fn apply(store: Store, arguments: LoginArguments, change: Change) -> Outcome {
    let account = account(&store, &arguments.login).await?;
    let writer = arguments.acting.writer(&store, Action::ManageAccounts, Object::SYSTEM).await?;
    let login = &account.login;
    let done = match change {
        Change::Disable => {
            store.set_disabled(account.id, true, writer).await?;
            format!("已停用 {login}，它的登录都已结束")
        }
        Change::Enable => {
            store.set_disabled(account.id, false, writer).await?;
            format!("已启用 {login}")
        }
        Change::Unlock => {
            store.unlock(account.id, writer).await?;
            format!("已解锁 {login}")
        }
        Change::EndSessions => {
            let ended = store.end_sessions(account.id, EndSessions::All, writer).await?;
            format!("已结束 {login} 的 {ended} 个登录")
        }
    };
    print(&done)
}

fn reset(arguments: ResetArguments, what: What) -> Outcome {
    let database = arguments.account.database.clone();
    database.run(Access::Existing, |store| async move {
        let account = account(&store, &arguments.account.login).await?;
        let who = arguments.account.acting.who(&store, Action::ManageAccounts, Object::SYSTEM).await?;
        let by = who.viewer.as_ref().map(|viewer| viewer.account.id);
        let emergency = arguments.emergency.emergency;
        let change = AccessChange { what, account: account.id, post: None, by, emergency };
        let changed = store.change_access(change, Writer::of(&who)).await?;
        print(&said(what, &account.login, &changed))
    })
}

/// What the command line says of a change of who gets in.
pub(super) fn said(what: What, login: &str, changed: &Changed) -> String {
    match (changed, what) {
        (Changed::Asked(asked), _) => {
            let post = match asked.what.confirmed_by() {
                Role::SystemAdmin => "system-system-admin",
                _ => "system-security-admin",
            };
            format!(
                "{}。在服务器上确认：jigai user confirm {} --as {post}；另一位管理员找不到、又等不得的，加 --emergency 理由",
                asked.waiting(),
                asked.id
            )
        }
        (Changed::Done(Some(token)), _) => {
            format!("请 {login} 本人打开：本站地址/setup?token={token}（三天内有效，只能用一次；以前的链接作废）")
        }
        (Changed::Done(None), What::Appoint) => format!("现由 {login} 担任"),
        (Changed::Done(None), _) => format!("{login} 的两步验证已关闭，可重新开启"),
    }
}

async fn requests(store: Store) -> Outcome {
    let waiting = store.read().await?.access_requests(crate::clock::Clock::from_environment().now()).await?;
    let lines: Vec<String> = waiting
        .iter()
        .map(|asked| {
            let (by, until) = (asked.what.confirmed_by().name(), domain::calendar::moment(asked.expires_at));
            format!("{}  {}  由{}提请，等{by}确认，{until}前有效", asked.id, asked.sentence(), asked.actor)
        })
        .collect();
    print(&if lines.is_empty() { "没有等待确认的事".to_owned() } else { lines.join("\n") })
}

async fn answer(store: Store, arguments: RequestArguments, confirmed: bool) -> Outcome {
    let now = crate::clock::Clock::from_environment().now();
    let waiting = store.read().await?.access_requests(now).await?;
    let asked = waiting.into_iter().find(|asked| asked.id == arguments.id);
    // Who may is said by the store, with its own sentence; the post must be one of the two administrators'.
    let action = match asked.as_ref().map(|asked| asked.what) {
        Some(What::Appoint) => Action::ManageAccounts,
        _ => Action::ManagePosts,
    };
    let who = match confirmed {
        true => arguments.acting.who(&store, action, Object::SYSTEM).await?,
        false => match arguments.acting.who(&store, Action::ManageAccounts, Object::SYSTEM).await {
            Ok(who) => who,
            Err(_) => arguments.acting.who(&store, Action::ManagePosts, Object::SYSTEM).await?,
        },
    };
    let writer = Writer::of(&who);
    let Some(viewer) = who.viewer else {
        return Err(Failure::input("还没有岗位，没有要确认的事".to_owned()));
    };
    if !confirmed {
        let dropped = store.drop_access(arguments.id, &viewer.account, writer).await?;
        return print(&format!("已撤销：{}", dropped.sentence()));
    }
    let (done, token) = store.confirm_access(arguments.id, &viewer.account, writer).await?;
    print(&format!("已确认：{}。{}", done.sentence(), said(done.what, &done.login, &Changed::Done(token))))
}

async fn sessions(store: Store, arguments: LoginArguments) -> Outcome {
    let account = account(&store, &arguments.login).await?;
    let found = store.read().await?.sessions(account.id, super::database::now()).await?;
    let at = |millis| domain::calendar::at_shanghai(millis).format("%Y-%m-%d %H:%M");
    let lines: Vec<String> = found
        .iter()
        .map(|session| {
            format!(
                "{}  登录 {}  最近活动 {}  {}",
                session.address,
                at(session.created_at),
                at(session.seen_at),
                session.agent
            )
        })
        .collect();
    print(&if lines.is_empty() { format!("{} 现在没有登录", account.login) } else { lines.join("\n") })
}

async fn policy(store: Store, arguments: PolicyArguments) -> Outcome {
    if let (Some(name), Some(value)) = (&arguments.name, &arguments.value) {
        let writer = arguments.acting.writer(&store, Action::ManagePolicy, Object::SYSTEM).await?;
        set(&store, name, value, writer).await?;
    } else if let Some(name) = &arguments.name {
        return Err(Failure::input(format!(
            "请写新的值，例如 jigai user policy {name} 值；只看现在的策略请不写设置项"
        )));
    }
    let limits = store.read().await?.time_outs().await?;
    let reading = if store.read().await?.is_open().await? { "open" } else { "closed" };
    let (policy, days) = store.read().await?.password_rules().await?;
    let required: Vec<&str> = store.read().await?.totp_roles().await?.into_iter().map(Role::id).collect();
    print(&format!(
        "password_policy {}\npassword_days {days}\npublic_reading {reading}\nidle_minutes {}\nabsolute_hours {}\ntotp_roles {}",
        policy.id(),
        limits.idle / 60_000,
        limits.absolute / 3_600_000,
        required.join(",")
    ))
}
