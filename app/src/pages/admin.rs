//! `/admin/users`, `/admin/posts`, `/admin/policy`, `/audit`: three administrators, three pages, no figures.

use domain::rights::Role;
use leptos::prelude::*;

use super::query;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, copy_button, data_table, links, page};
use domain::calendar::moment;
use domain::plan::Plan;
use office::facts::{HeldPost, RetiredPost, ViewingsOf};
use office::people::{self, Places};
use office::posted::Posted;
use office::viewer::Account;

#[component]
pub(crate) fn Users() -> impl IntoView {
    page(users())
}

#[component]
pub(crate) fn Posts() -> impl IntoView {
    page(posts())
}

#[component]
pub(crate) fn Policy() -> impl IntoView {
    page(policy())
}

#[component]
pub(crate) fn Audit() -> impl IntoView {
    page(audit())
}

#[component]
pub(crate) fn Views() -> impl IntoView {
    page(views())
}

#[component]
pub(crate) fn Requests() -> impl IntoView {
    page(requests())
}

pub(super) fn error(posted: &Posted) -> Option<AnyView> {
    posted.error.clone().map(|error| alert(error).into_any())
}

/// What was just done.
pub(super) fn done(posted: &Posted) -> Option<AnyView> {
    let done = posted.get("done").filter(|_| posted.error.is_none())?;
    Some(
        view! {
            <p class="notice" role="status">
                {format!("{done}。")}
            </p>
        }
        .into_any(),
    )
}

/// A one-time link to hand over, or for whom a change waits.
fn outcome(posted: &Posted) -> AnyView {
    let link = posted.get("link").map(|link| {
        view! {
            <div class="notice" role="status">
                <p>
                    {format!(
                        "给 {} 的一次性链接，三天内有效，只显示这一次。请当面或用可靠的方式交给本人：",
                        posted.text("link_for"),
                    )}
                </p>
                <p>
                    <code class="secret" id="link">
                        {link.to_owned()}
                    </code>
                    " "
                    {copy_button("link".to_owned())}
                </p>
            </div>
        }
    });
    let asked = posted.get("asked").map(|asked| {
        view! {
            <p class="notice" role="status">
                {asked.to_owned()}
                "。"
                <a href="/admin/requests">"看等待确认的事"</a>
            </p>
        }
    });
    view! {
        {done(posted)}
        {link}
        {asked}
    }
    .into_any()
}

/// What one administrator asked for and another confirms.
async fn requests() -> Result<Page, PageError> {
    let backend = backend();
    let posted = use_context::<Posted>().unwrap_or_default();
    let viewer = backend.viewer();
    let (own, role) = (viewer.map(|viewer| viewer.account.id), viewer.and_then(|viewer| viewer.role()));
    let waiting = backend.access_requests().await?;
    let none = waiting.is_empty().then_some("现在没有等待确认的事。");
    let rows = waiting.into_iter().map(|asked| {
        let by = asked.what.confirmed_by();
        let may = role == Some(by) && asked.by != own && Some(asked.account) != own;
        let confirm = match may {
            true => view! {
                <button type="submit" name="do" value="confirm">
                    "确认"
                </button>
            }
            .into_any(),
            false => view! { <span>{format!("等{}确认 ", by.name())}</span> }.into_any(),
        };
        view! {
            <tr>
                <td class="r">{asked.id}</td>
                <th scope="row">{asked.sentence()}</th>
                <td>{asked.actor.clone()}</td>
                <td>{moment(asked.at)}</td>
                <td>{moment(asked.expires_at)}</td>
                <td class="buttons">
                    <form method="post" action="/admin/requests" class="inline">
                        <input type="hidden" name="id" value=asked.id.to_string() />
                        {confirm}
                        <button type="submit" name="do" value="drop" class="second">
                            {if may { "不同意" } else { "撤销" }}
                        </button>
                    </form>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let body = view! {
        <section class="text-page wide">
            <h1>"等待确认"</h1>
            {error(&posted)}
            {outcome(&posted)}
            <p class="subtitle">
                "重设密码、关闭两步验证、换人任职，凡岗位碰得到数字的，要两位管理员：一人提请，另一人先向本人核实再确认。三天不确认即作废；本人和审计管理员会在首页看到。"
            </p>
            {none.map(|none| view! { <p>{none}</p> })}
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data stack">
                    <thead>
                        <tr>
                            <th scope="col" class="r">
                                "编号"
                            </th>
                            <th scope="col">"事项"</th>
                            <th scope="col">"提请人"</th>
                            <th scope="col">"提请时间"</th>
                            <th scope="col">"有效到"</th>
                            <th scope="col" />
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    };
    let menu = if role == Some(Role::SystemAdmin) { Menu::Users } else { Menu::Posts };
    Ok(Page::new("等待确认", menu, body))
}

pub(crate) async fn users() -> Result<Page, PageError> {
    let backend = backend();
    let posted = use_context::<Posted>().unwrap_or_default();
    let held = backend.posts().await?;
    let own = backend.viewer().map(|viewer| viewer.account.id);
    let now = backend.now();
    let find = query("find").unwrap_or_default();
    let post_of =
        |account: &Account| held.iter().find(|held| held.holder.as_ref().is_some_and(|holder| holder.id == account.id));
    let mut accounts = backend.accounts().await?;
    let all = accounts.len();
    accounts.retain(|account| {
        let title = post_of(account).map(|held| held.post.title.as_str()).unwrap_or_default();
        [&account.login, &account.name, &account.phone, title].iter().any(|text| text.contains(find.as_str()))
    });
    let shown = (!find.is_empty()).then(|| format!("{all} 个账号中找到 {} 个。", accounts.len()));
    let rows = accounts.into_iter().map(|account| {
        let post = held.iter().find(|held| held.holder.as_ref().is_some_and(|holder| holder.id == account.id));
        let post = post.map_or("（没有岗位）".to_owned(), |held| held.post.title.clone());
        let state = match (account.disabled, account.password_at, account.unused_days(now)) {
            (true, ..) => "已停用".to_owned(),
            (false, None, _) => "未设密码".to_owned(),
            (false, Some(_), Some(days)) => format!("{days}天没有登录，不用了请停用"),
            (false, Some(_), None) => "正常".to_owned(),
        };
        let own = own == Some(account.id);
        let act = |what: &'static str, text: &'static str| {
            let login = account.login.clone();
            view! {
                <form method="post" action="/admin/users/change" class="inline">
                    <input type="hidden" name="login" value=login />
                    <button type="submit" name="do" value=what class="second">
                        {text}
                    </button>
                </form>
            }
        };
        let buttons = match account.disabled {
            true => vec![act("enable", "启用")],
            false => vec![act("link", "设密码链接"), act("unlock", "解锁"), act("end_sessions", "退出全部登录")]
                .into_iter()
                .chain(account.has_totp.then(|| act("forget_totp", "关闭两步验证")))
                .collect(),
        };
        let edit = (!account.disabled).then(|| {
            let (name, phone) = (format!("name-{}", account.login), format!("phone-{}", account.login));
            let disable = (!own).then(|| {
                view! {
                    <button type="submit" name="do" value="disable" class="second">
                        "停用这个账号"
                    </button>
                }
            });
            view! {
                <details class="more">
                    <summary>"更改、停用"</summary>
                    <form method="post" action="/admin/users/change" class="stacked">
                        <input type="hidden" name="login" value=account.login.clone() />
                        <label for=name.clone()>"姓名"</label>
                        <input id=name name="name" type="text" value=account.name.clone() />
                        <label for=phone.clone()>"办公电话"</label>
                        <input id=phone name="phone" type="text" value=account.phone.clone() />
                        <button type="submit" name="do" value="edit">
                            "保存姓名、电话"
                        </button>
                        {disable}
                    </form>
                </details>
            }
        });
        view! {
            <tr>
                <th scope="row">{account.login.clone()}</th>
                <td>{account.name.clone()}</td>
                <td>{account.phone.clone()}</td>
                <td>{post}</td>
                <td>{account.last_log_in.map_or("—".to_owned(), moment)}</td>
                <td>{state}</td>
                <td class="buttons">{buttons}{edit}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let body = view! {
        <section class="text-page wide">
            <h1>"账号"</h1>
            {error(&posted)}
            {outcome(&posted)}
            <p>
                <a class="button" href="/admin/people">
                    "用花名册一次建好"
                </a>
                "　账号、岗位、一次性链接都从一张表来；补一两个人用下面的表。"
            </p>
            <form method="post" action="/admin/users/new" class="row-form">
                <label for="login">"登录名"</label>
                <input
                    id="login"
                    name="login"
                    type="text"
                    autocapitalize="off"
                    spellcheck="false"
                    value=posted.text("login").to_owned()
                />
                <label for="name">"姓名"</label>
                <input id="name" name="name" type="text" value=posted.text("name").to_owned() />
                <label for="phone">"办公电话"</label>
                <input id="phone" name="phone" type="text" value=posted.text("phone").to_owned() />
                <button type="submit">"新建账号"</button>
            </form>
            <form method="get" action="/admin/users" class="row-form">
                <label for="find">"查找"</label>
                <input
                    id="find"
                    name="find"
                    type="search"
                    placeholder="姓名、登录名、电话、岗位"
                    value=find
                />
                <button type="submit" class="second">
                    "查找"
                </button>
                {shown}
            </form>
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data stack">
                    <thead>
                        <tr>
                            <th scope="col">"登录名"</th>
                            <th scope="col">"姓名"</th>
                            <th scope="col">"电话"</th>
                            <th scope="col">"岗位"</th>
                            <th scope="col">"最近登录"</th>
                            <th scope="col">"状态"</th>
                            <th scope="col" />
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="subtitle">
                "账号不能删除，只能停用：记录里的名字要一直查得到。岗位由安全管理员定。给在岗的人重设密码、关闭两步验证，要由安全管理员确认。"
            </p>
        </section>
    };
    Ok(Page::new("账号", Menu::Users, body))
}

/// So many posts are listed at once.
const POSTS_LISTED: usize = 30;

pub(crate) async fn posts() -> Result<Page, PageError> {
    let backend = backend();
    let posted = use_context::<Posted>().unwrap_or_default();
    let held = backend.posts().await?;
    let plans = backend.plans().await?;
    let plans: Vec<&Plan> = plans.iter().map(|version| &*version.plan).collect();
    let offices = people::offices(plans.iter().copied(), backend.policies().await?.office.as_deref());
    let form = new_post_form(&posted, &held, Places { plans: &plans, offices: &offices });
    let free: Vec<(String, String)> = backend
        .accounts()
        .await?
        .into_iter()
        .filter(|account| {
            !account.disabled
                && !held.iter().any(|held| held.holder.as_ref().is_some_and(|holder| holder.id == account.id))
        })
        .map(|account| (account.login, account.name))
        .collect();
    let deputies: Vec<String> = held.iter().filter_map(|held| held.deputy_of.clone()).collect();
    let find = query("find").unwrap_or_default();
    let all = held.len();
    let mut listed = held;
    listed.retain(|held| {
        let holder = held.holder.as_ref();
        let (name, login) = holder.map_or(("空缺", ""), |account| (account.name.as_str(), account.login.as_str()));
        [held.post.title.as_str(), held.post.id.as_str(), name, login].iter().any(|text| text.contains(find.trim()))
    });
    // Who is missing comes first; what is not listed is found by its name.
    listed.sort_by_key(|held| held.holder.is_some());
    let found = listed.len();
    let told = match (find.trim().is_empty(), found > POSTS_LISTED) {
        (true, false) => String::new(),
        (true, true) => format!("共 {all} 个岗位，先列 {POSTS_LISTED} 个，空缺的在前；写名称查找其余的。"),
        (false, false) => format!("{all} 个岗位中找到 {found} 个。"),
        (false, true) => format!("{all} 个岗位中找到 {found} 个，先列 {POSTS_LISTED} 个；请再写几个字。"),
    };
    let rows = listed.into_iter().take(POSTS_LISTED).map(|held| {
        let is_vacant = held.holder.is_none();
        let holder =
            held.holder.map_or("（空缺）".to_owned(), |account| format!("{}（{}）", account.name, account.login));
        let since = if held.since > 0 { moment(held.since) } else { "—".to_owned() };
        let options = free
            .iter()
            .map(|(login, name)| view! { <option value=login.clone()>{format!("{name}（{login}）")}</option> })
            .collect_view();
        let label = format!("{}由谁担任", held.post.title);
        let is_admin = held.post.domain.role.is_admin();
        let may_have = !is_admin && held.deputy_of.is_none() && !deputies.contains(&held.post.id);
        let deputy = may_have.then(|| {
            view! {
                <button type="submit" name="do" value="deputy" class="second">
                    "设 B 角"
                </button>
            }
        });
        // An administrator's post that somebody holds goes to another person, never away.
        let away = (!is_admin || is_vacant).then(|| {
            let reason = format!("reason-{}", held.post.id);
            view! {
                <form method="post" action="/admin/posts/change" class="stacked">
                    <input type="hidden" name="post" value=held.post.id.clone() />
                    {deputy}
                    <label for=reason.clone()>"停用的原因"</label>
                    <input id=reason name="reason" type="text" placeholder="建错了、单位撤并……" />
                    <button type="submit" name="do" value="retire" class="second">
                        "停用这个岗位"
                    </button>
                </form>
            }
        });
        let what = if away.is_some() { "换人、B 角、停用" } else { "换人" };
        view! {
            <tr>
                <th scope="row">{held.post.title}</th>
                <td>
                    <code>{held.post.id.clone()}</code>
                </td>
                <td>{holder}</td>
                <td>{since}</td>
                <td class="buttons">
                    <details class="more" open=is_vacant>
                        <summary>{what}</summary>
                        <form method="post" action="/admin/posts/appoint" class="inline">
                            <input type="hidden" name="post" value=held.post.id.clone() />
                            <select name="login" aria-label=label>
                                <option value="">"请选择"</option>
                                {options}
                                <option value="-">"让岗位空缺"</option>
                            </select>
                            <button type="submit" class="second">
                                "定岗"
                            </button>
                        </form>
                        {away}
                    </details>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let retired = retired(backend.retired_posts().await?);
    let waiting = backend.waiting_roster().await?.map(|roster| {
        let count = roster.lines.iter().filter(|line| line.post.is_some()).count();
        view! {
            <p class="notice act">
                {format!("{}报来 {count} 人的岗位，等您核对。", roster.actor)}
                <a href="/admin/people">"去定岗"</a>
            </p>
        }
    });
    let body = view! {
        <section class="text-page wide">
            <h1>"岗位"</h1>
            {error(&posted)}
            {outcome(&posted)}
            {waiting}
            {form}
            <form method="get" action="/admin/posts" class="row-form" role="search">
                <label for="find">"查找"</label>
                <input
                    id="find"
                    name="find"
                    type="search"
                    placeholder="岗位、单位、姓名，或写 空缺"
                    value=find
                />
                <button type="submit" class="second">
                    "查找"
                </button>
            </form>
            {(!told.is_empty()).then(|| view! { <p class="subtitle">{told}</p> })}
            {data_table(
                "表格",
                "data stack posts",
                &[("岗位", false), ("编号", false), ("现任", false), ("自", false), ("换人", false)],
                rows,
            )}
            {retired}
            <p class="subtitle">
                "权限跟着岗位走，由继任者自然接任；一个账号同时只能在一个岗位。B 角是同样权限的另一个岗位，给代办的人用自己的账号办，各记各的名字，自己提交的仍不能自己审。换人之后，离岗和到岗的人都要重新登录。有人任过职的岗位换人，要由系统管理员确认。"
            </p>
        </section>
    };
    Ok(Page::new("岗位", Menu::Posts, body))
}

/// A new post: the office and its units are chosen, several units at once.
fn new_post_form(posted: &Posted, held: &[HeldPost], places: Places<'_>) -> AnyView {
    let chosen = |name: &str, value: &str| posted.get(name) == Some(value);
    let roles = Role::ALL
        .map(|role| {
            view! {
                <option value=role.id() selected=chosen("role", role.id())>
                    {role.name()}
                </option>
            }
        })
        .collect_view();
    let several = places.offices.len() > 1;
    let is_department = posted.get("role").and_then(Role::parse).is_some_and(Role::is_department);
    let department = posted.all("unit").into_iter().rfind(|_| is_department).unwrap_or_default().to_owned();
    let office = posted
        .get("office")
        .map(str::to_owned)
        .or_else(|| places.offices.first().map(|region| region.name.clone()))
        .unwrap_or_default();
    let known = places.offices.iter().map(|region| view! { <option value=region.name.clone() /> }).collect_view();
    let units = places.offices.iter().map(|region| {
        let ticked = posted.all("unit");
        let boxes = places.units(region.id()).into_iter().map(|(id, name)| {
            let has = |role: Role| {
                held.iter().any(|held| {
                    held.post.domain.role == role
                        && held.post.domain.office.as_deref() == Some(region.id())
                        && held.post.domain.unit.as_deref() == Some(&id)
                })
            };
            let lacks = match (has(Role::CountyReporter), has(Role::CountyApprover)) {
                (true, true) => "",
                (true, false) => "（缺审核人）",
                (false, true) => "（缺填报员）",
                (false, false) => "（都缺）",
            };
            let checked = ticked.contains(&id.as_str()) || ticked.contains(&name.as_str());
            view! {
                <label>
                    <input type="checkbox" name="unit" value=id checked=checked />
                    {format!("{name}{lacks}")}
                </label>
            }
        });
        let of = if several { format!("{}的单位", region.name) } else { "单位".to_owned() };
        let boxes: Vec<_> = boxes.collect();
        (!boxes.is_empty()).then(|| {
            view! {
                <fieldset class="choices">
                    <legend>
                        {format!(
                            "{of}（县级岗位要选，可以选几个，各建一个岗位；挂钩领导可选可不选）",
                        )}
                    </legend>
                    {boxes}
                </fieldset>
            }
        })
    });
    let units = units.collect_view();
    // Closed where posts are there already: what one comes for then is the list.
    let admins_only = held.iter().all(|held| held.post.domain.role.is_admin());
    view! {
        <details open=admins_only || posted.get("role").is_some()>
            <summary>"新建岗位"</summary>
            <form method="post" action="/admin/posts/new" class="row-form">
                <label for="role">"类别"</label>
                <select id="role" name="role">
                    {roles}
                </select>
                <label for="office">"牵头地区（新的地区连代码一起写，如 漳州市 350600）"</label>
                <input id="office" name="office" type="text" list="offices" value=office />
                <datalist id="offices">{known}</datalist>
                {units}
                <label for="unit">"部门（阅签部门、财政部门才写，如 市效能办）"</label>
                <input id="unit" name="unit" type="text" value=department />
                <button type="submit">"新建岗位"</button>
            </form>
        </details>
    }
    .into_any()
}

/// Posts that are nobody's any more.
fn retired(posts: Vec<RetiredPost>) -> Option<AnyView> {
    if posts.is_empty() {
        return None;
    }
    let summary = format!("已停用的岗位 {} 个", posts.len());
    let items = posts.into_iter().map(|retired| {
        view! {
            <li>
                {format!("{}，{}停用：{} ", retired.post.title, moment(retired.at), retired.reason)}
                <form method="post" action="/admin/posts/change" class="inline">
                    <input type="hidden" name="post" value=retired.post.id />
                    <button type="submit" name="do" value="restore" class="link">
                        "恢复"
                    </button>
                </form>
            </li>
        }
    });
    Some(
        view! {
            <details>
                <summary>{summary}</summary>
                <ul>{items.collect_view()}</ul>
            </details>
        }
        .into_any(),
    )
}

async fn policy() -> Result<Page, PageError> {
    let now = backend().policies().await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let chosen = |name: &str, current: String| posted.get(name).map_or(current, str::to_owned);
    let choice = |value: &'static str, text: &'static str, current: &str| {
        view! {
            <option value=value selected=current == value>
                {text}
            </option>
        }
    };
    let required = Role::ALL.map(|role| {
        let checked = match posted.is_empty() {
            true => now.totp_roles.contains(&role),
            false => posted.all("totp_role").contains(&role.id()),
        };
        view! {
            <label>
                <input type="checkbox" name="totp_role" value=role.id() checked=checked />
                {role.name()}
            </label>
        }
    });
    let password = chosen("password_policy", now.password);
    let reading = chosen("public_reading", if now.open { "open".to_owned() } else { "closed".to_owned() });
    let body = view! {
        <section class="text-page">
            <h1>"安全策略"</h1>
            {error(&posted)}
            <form method="post" action="/admin/policy" class="stacked">
                <label for="password_policy">"密码策略"</label>
                <select id="password_policy" name="password_policy">
                    {choice("dengbao", "等保：三类字符，定期更换，最近5次不重复", &password)}
                    {choice("asvs", "ASVS：够长、不常见，不定期更换", &password)}
                </select>
                <label for="password_days">"等保策略多少天更换密码（30至365）"</label>
                <input
                    id="password_days"
                    name="password_days"
                    type="text"
                    inputmode="numeric"
                    value=chosen("password_days", now.password_days.to_string())
                />
                <label for="public_reading">"没有账号的人"</label>
                <select id="public_reading" name="public_reading">
                    {choice("closed", "什么都看不到，先登录", &reading)}
                    {choice("open", "可以看已发布的通报和排名", &reading)}
                </select>
                <label for="idle_minutes">"闲置多少分钟后要重新登录（5至240）"</label>
                <input
                    id="idle_minutes"
                    name="idle_minutes"
                    type="text"
                    inputmode="numeric"
                    value=chosen("idle_minutes", now.idle_minutes.to_string())
                />
                <label for="absolute_hours">"登录后最长多少小时（1至24）"</label>
                <input
                    id="absolute_hours"
                    name="absolute_hours"
                    type="text"
                    inputmode="numeric"
                    value=chosen("absolute_hours", now.absolute_hours.to_string())
                />
                <fieldset>
                    <legend>"必须用两步验证的岗位（没有开启的，登录后只能先开启）"</legend>
                    {required}
                </fieldset>
                <button type="submit">"保存策略"</button>
            </form>
            <h2>"大屏"</h2>
            {posted
                .get("screen")
                .map(|link| {
                    view! {
                        <p class="notice">
                            "请在大屏的浏览器里打开一次（只显示这一次）："<br />
                            <code class="secret">{link.to_owned()}</code>
                        </p>
                    }
                })}
            <p>
                "大屏上没有人登录，只能看“/board”一页已发布的内容，键盘方向键换屏、空格暂停。再生成一次，旧链接和已经打开的大屏随即失效。"
            </p>
            <p class="subtitle">
                {now
                    .screen_since
                    .map_or(
                        "现在没有生效的大屏链接。".to_owned(),
                        |at| format!("现行大屏链接生成于 {}。", moment(at)),
                    )}
            </p>
            <form method="post" action="/admin/screen" class="row-form">
                <button type="submit" name="do" value="issue">
                    "生成大屏链接"
                </button>
                <button type="submit" name="do" value="withdraw" class="second">
                    "作废"
                </button>
            </form>
            <h2>"催报名单"</h2>
            {posted
                .get("outbox")
                .map(|link| {
                    view! {
                        <p class="notice">
                            "给短信、政务通等网关的地址（只显示这一次；末尾换成 due.csv 即为表格）："
                            <br /> <code class="secret">{link.to_owned()}</code>
                        </p>
                    }
                })}
            <p>
                "本单位自己的网关可以按这个地址取谁该在什么时候前填报、签核、审核（姓名、电话、截止日、一句话）。本系统不发送任何消息。再生成一次，旧地址随即失效。"
            </p>
            <form method="post" action="/admin/outbox" class="row-form">
                <button type="submit" name="do" value="issue">
                    "生成催报地址"
                </button>
                <button type="submit" name="do" value="withdraw" class="second">
                    "作废"
                </button>
            </form>
        </section>
    };
    Ok(Page::new("安全策略", Menu::Policy, body))
}

/// Entries of the trail with some words, and each one's place in it: for the search.
pub(super) async fn found_in_trail(words: &str) -> Result<Vec<(String, String)>, PageError> {
    let entries = backend().audit(None, None, words).await?;
    let told = entries.into_iter().map(|entry| {
        let text = format!("{}　{}　{}　{}", moment(entry.at), entry.actor, action_name(&entry.action), entry.object);
        (text, format!("/audit?before={}", entry.seq + 1))
    });
    Ok(told.collect())
}

pub(crate) async fn audit() -> Result<Page, PageError> {
    let before = query("before").and_then(|text| text.parse().ok());
    let action = query("action").filter(|text| text.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    let find = query("find").unwrap_or_default().trim().to_owned();
    let entries = backend().audit(before, action.as_deref(), &find).await?;
    let older = entries.last().filter(|last| last.seq > 1 && entries.len() >= 100).map(|last| {
        let action = action.as_ref().map(|action| format!("&action={action}")).unwrap_or_default();
        let find = if find.is_empty() { String::new() } else { format!("&find={}", links::encode(&find)) };
        view! { <a href=format!("/audit?before={}{action}{find}", last.seq)>"更早的记录"</a> }
    });
    let none =
        (entries.is_empty() && !find.is_empty()).then(|| view! { <p class="lead">{format!("没有找到“{find}”。")}</p> });
    let rows = entries.into_iter().map(|entry| {
        let at = domain::calendar::at_shanghai(entry.at).format("%Y-%m-%d %H:%M:%S").to_string();
        view! {
            <tr>
                <td class="r">{entry.seq}</td>
                <td class="nowrap">{at}</td>
                <td class="nowrap">{entry.actor}</td>
                <th scope="row">
                    <a href=format!("/audit?action={}", entry.action)>{action_name(&entry.action)}</a>
                </th>
                <td>{entry.object}</td>
                <td>
                    <details>
                        <summary>{format!("{}…", &entry.hash[..12])}</summary>
                        <code>{entry.detail}</code>
                    </details>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let all = action
        .map(|action| view! { <p>{format!("只看“{}”　", action_name(&action))}<a href="/audit">"看全部"</a></p> });
    let failed = failed_log_ins(before.is_none()).await?;
    let body = view! {
        <section class="text-page wide">
            <h1>"审计记录"</h1>
            <p class="subtitle">
                "新的在上。每一条都含有前一条的哈希，改动任何一条都会被 jigai verify 发现。"
            </p>
            <p>
                <a href="/audit/head" download="jigai-head.json">
                    "下载链头"
                </a>
                "：现在最后一条的序号和哈希，带本单位的签名。请交给别处保管、签字；以后 jigai verify --contains 可查它还在不在。"
            </p>
            <p>
                <a href="/audit/trail.jsonl" download="jigai-trail.jsonl">
                    "下载全部审计记录（JSON Lines）"
                </a>
                "：每行一条，供日志审计系统收取。"
                <a href="/audit/views">"查看记录"</a>
                "：谁看过还没有发布的数据。"
            </p>
            <form method="get" action="/audit" class="row-form" role="search">
                <label for="find">"查找"</label>
                <input
                    id="find"
                    name="find"
                    type="search"
                    placeholder="经手人、对象、明细里的字"
                    value=find.clone()
                />
                <button type="submit" class="second">
                    "查找"
                </button>
            </form>
            {all}
            {none}
            {failed}
            {data_table(
                "表格",
                "data stack",
                &[
                    ("序号", true),
                    ("时间", false),
                    ("经手人", false),
                    ("操作", false),
                    ("对象", false),
                    ("哈希与明细", false),
                ],
                rows,
            )}
            <p class="after">{older}</p>
        </section>
    };
    Ok(Page::new("审计记录", Menu::Audit, body))
}

/// Views of some days, of one person or of all: so many of them on one page.
const VIEWS: usize = 500;

pub(crate) async fn views() -> Result<Page, PageError> {
    let account = query("account").and_then(|text| text.parse().ok());
    let skip: i64 = query("skip").and_then(|text| text.parse().ok()).filter(|skip| *skip > 0).unwrap_or(0);
    let day = |name: &str| query(name).filter(|text| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok());
    let (from, to) = (day("from"), day("to"));
    let all = ViewingsOf::all();
    let of = ViewingsOf {
        from: from.clone().unwrap_or(all.from),
        to: to.clone().unwrap_or(all.to),
        account,
        skip,
        oldest_first: false,
    };
    let found = backend().viewings(&of).await?;
    let days: String = [("from", &from), ("to", &to)]
        .iter()
        .filter_map(|(name, day)| Some(format!("&{name}={}", day.as_ref()?)))
        .collect();
    let whose = account.map(|account| format!("&account={account}")).unwrap_or_default();
    let older = (found.len() == VIEWS).then(|| {
        let address = format!("/audit/views?skip={}{days}{whose}", skip + VIEWS as i64);
        view! { <a href=address>"更早的查看"</a> }
    });
    let empty = found.is_empty().then(|| view! { <p>"这些天没有查看。"</p> });
    let rows = found.into_iter().map(|one| {
        let time = |at: i64| domain::calendar::at_shanghai(at).format("%H:%M:%S").to_string();
        view! {
            <tr>
                <td class="nowrap">{one.day}</td>
                <th scope="row">
                    <a href=format!("/audit/views?account={}{days}", one.account)>{one.actor}</a>
                </th>
                <td class="address">{one.path}</td>
                <td class="r">{one.views}</td>
                <td class="nowrap">{time(one.first_at)}</td>
                <td class="nowrap">{time(one.last_at)}</td>
                <td>{one.sealed.map_or("当天，还没有封存".to_owned(), |seq| format!("第 {seq} 条"))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let body = view! {
        <section class="text-page wide">
            <h1>"查看记录"</h1>
            <p class="subtitle">
                "审核员和发布人看过哪些可能含有未发布数据的页面和文件，按天、按人、按地址计次。每天第一次写入时，前一天的记录封存进审计链。"
            </p>
            <p>
                <a href="/audit/views.jsonl" download="jigai-views.jsonl">
                    "下载全部（JSON Lines）"
                </a>
                "　"
                <a href="/audit">"审计记录"</a>
            </p>
            <form method="get" action="/audit/views" class="row-form">
                <label for="from">"从"</label>
                <input id="from" name="from" type="date" value=from />
                <label for="to">"到"</label>
                <input id="to" name="to" type="date" value=to />
                {account.map(|account| view! { <input type="hidden" name="account" value=account.to_string() /> })}
                <button type="submit">"查看"</button>
                {account.map(|_| view! { <a href="/audit/views">"看所有人"</a> })}
            </form>
            {empty}
            {data_table(
                "表格",
                "data stack",
                &[
                    ("日期", false),
                    ("查看人", false),
                    ("地址", false),
                    ("次数", true),
                    ("第一次", false),
                    ("最后一次", false),
                    ("封存于审计记录", false),
                ],
                rows,
            )}
            <p class="after">{older}</p>
        </section>
    };
    Ok(Page::new("查看记录", Menu::Audit, body))
}

/// Log-ins that failed and are not in the trail yet, on its newest page.
async fn failed_log_ins(newest: bool) -> Result<Option<AnyView>, PageError> {
    let (all, counts) = backend().failed_log_ins().await?;
    if all == 0 || !newest {
        return Ok(None);
    }
    let rows = counts.into_iter().map(|count| {
        view! {
            <tr>
                <th scope="row">{count.login.unwrap_or_else(|| "（没有这个登录名）".to_owned())}</th>
                <td>{count.address}</td>
                <td class="r">{count.failures}</td>
                <td class="nowrap">{moment(count.last_at)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Ok(Some(
        view! {
            <details id="failed">
                <summary>{format!("还没有汇总进记录的登录失败：{all} 次")}</summary>
                <p class="subtitle">"每天第一次写入时，把前一天的登录失败汇总成一条记录。"</p>
                <table class="data stack">
                    <thead>
                        <tr>
                            <th scope="col">"登录名"</th>
                            <th scope="col">"地址"</th>
                            <th scope="col" class="r">
                                "次数"
                            </th>
                            <th scope="col">"最近一次"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        }
        .into_any(),
    ))
}

fn action_name(action: &str) -> String {
    let name = match action {
        "mark_demo" => "标为演示",
        "clock_behind" => "时钟比上一条记录早",
        "seal_accounts" => "给升级前的账号记下摘要",
        "seal_viewings" => "封存一天的查看记录",
        "import_plan" => "导入计划",
        "propose_plan" => "提出计划的修订",
        "drop_plan" => "取消计划的修订",
        "import_returns" => "导入报送数据",
        "publish" => "发布通报",
        "save_draft" => "保存草稿",
        "create_account" => "新建账号",
        "disable_account" => "停用账号",
        "change_account" => "更改姓名、电话",
        "make_deputy" => "设 B 角",
        "retire_post" => "停用岗位",
        "restore_post" => "恢复岗位",
        "ask_roster" => "报花名册",
        "confirm_roster" => "按花名册定岗",
        "drop_roster" => "退回花名册",
        "enable_account" => "启用账号",
        "unlock_account" => "解锁账号",
        "issue_link" => "生成一次性链接",
        "set_password" => "设置密码",
        "set_totp" => "更改两步验证",
        "grant_exception" => "准予补报",
        "write_message" => "留言",
        "see_message" => "看过留言",
        "log_in" => "登录",
        "log_in_failed" => "登录失败",
        "log_in_failures" => "一天的登录失败",
        "ask_access" => "提请重置或换人",
        "confirm_access" => "确认重置或换人",
        "drop_access" => "撤销重置或换人",
        "emergency_access" => "紧急重置或换人",
        "log_out" => "退出登录",
        "end_sessions" => "结束登录",
        "create_post" => "新建岗位",
        "appoint" => "定岗",
        "set_policy" => "更改策略",
        "keep_holidays" => "登记放假安排",
        "issue_screen_key" => "生成大屏链接",
        "withdraw_screen_key" => "作废大屏链接",
        "watch" => "填监测数",
        "record_bureau" => "登记统计部门数",
        "state_total" => "填报总数",
        "choose_reading" => "确定条款读法",
        "choose_average" => "确定年均增速的算法",
        "publish_comparison" => "发布一季一评比",
        "publish_library" => "发布季度项目库",
        "propose_reading" => "提出改动读法",
        "confirm_reading" => "确认改动读法",
        "drop_reading" => "取消改动读法",
        "sign_receipt" => "签收通报",
        "assess_self" => "年终自评",
        "verify_unit" => "年终核验",
        "object" => "提出异议",
        "answer_objection" => "答复异议",
        "propose_closing" => "提出办结",
        "confirm_closing" => "确认办结",
        "drop_closing" => "取消办结",
        "propose_reopening" => "提出重开考核",
        "confirm_reopening" => "确认重开考核",
        "drop_reopening" => "取消重开考核",
        "sign_assessment" => "签核年终自评",
        "attach_evidence" => "附证明材料",
        "withdraw_evidence" => "撤回证明材料",
        "report_task" => "报告限时任务完成",
        "withdraw_task" => "撤回限时任务报告",
        "confirm_task" => "确认限时任务完成",
        "send_back_task" => "退回限时任务报告",
        "extend_task" => "准予限时任务延期",
        "enter_claim" => "填报奖补申报",
        "tax_claim" => "登记企业税收数",
        "send_back_claim" => "退回奖补申报",
        "decide_claim" => "提出奖补决定",
        "confirm_claim" => "确认奖补决定",
        "pay_claim" => "登记奖补兑付",
        "enter_fund" => "登记资金台账",
        "strike_fund" => "提出注销资金台账",
        "send_back_fund" => "退回资金台账",
        "confirm_fund" => "确认资金台账",
        "succeed_member" => "登记机构名单的接任",
        "vacate_seat" => "登记机构名单的空缺",
        "withdraw_succession" => "撤销机构名单的登记",
        "keep_recognitions" => "登记认定名单",
        "state_selection_method" => "登记评选办法",
        "nominate" => "推荐参加评选",
        "withdraw_nomination" => "撤回推荐",
        "send_back_nomination" => "退回推荐",
        "score_nomination" => "评选打分",
        "confirm_scores" => "确认评选得分",
        "object_to_nomination" => "登记评选异议",
        "answer_nomination_objection" => "答复评选异议",
        "publish_selection" => "公示或公布评选",
        "publish_claim_notice" => "公示奖补",
        "object_to_claim" => "登记奖补异议",
        "answer_claim_objection" => "答复奖补异议",
        "pick_text" => "选文字入通报",
        "enter_projects" => "录入项目",
        "revise_project" => "修改项目",
        "report_projects" => "项目进展入库",
        "record_node" => "登记项目节点",
        "ask_leave" => "申请退库",
        "succeed_official" => "接替挂钩领导",
        "keep_contact" => "登记联系人",
        "forget_contact" => "删除联系人信息",
        "ask_evidence_erasure" => "申请清除材料内容",
        "erase_evidence" => "清除材料内容",
        "leave_evidence" => "不清除材料内容",
        "forget_name" => "删除异议人姓名",
        "withdraw_leave" => "撤回退库申请",
        "agree_leave" => "同意退库",
        "refuse_leave" => "不同意退库",
        "record_visit" => "登记走访",
        "hold_meeting" => "登记会诊、调度会",
        "record_matter" => "交办事项",
        "solve_matter" => "办结事项",
        "escalate_matter" => "提请协调事项",
        "drop_text" => "移出选入的文字",
        "write_letterhead" => "填写版头",
        "export_assessment" => "生成归档包",
        other => return domain::workflow::Step::parse(other).map_or(other, |step| step.name()).to_owned(),
    };
    name.to_owned()
}
