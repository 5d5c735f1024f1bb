//! `/admin/people`: 花名册. The system administrator makes accounts from a workbook and hands out their links; the
//! security administrator puts the people on their posts.

use domain::calendar::moment;
use domain::rights::Role;
use leptos::prelude::*;
use office::access::{Enrolled, WaitingRoster};
use office::people::{Fault, Line, Roster};
use office::posted::Posted;

use super::admin::{done, error};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, copy_button, page};

/// A workbook as it was read, for whoever confirms it.
#[derive(Clone)]
pub struct Looked {
    pub roster: Roster,
    /// Its sheets as JSON: what is confirmed is what was seen.
    pub sheets: String,
}

/// One-time links to be handed out; shown once.
#[derive(Clone)]
pub struct Links {
    /// The address up to the token.
    pub base: String,
    pub people: Vec<Enrolled>,
    /// The posts wait for the security administrator.
    pub asked: bool,
}

#[component]
pub(crate) fn People() -> impl IntoView {
    page(people())
}

/// What is in both tables: whose line it is.
fn cells(line: &Line) -> AnyView {
    view! {
        <th scope="row">{line.person.name.clone()}</th>
        <td>{line.person.login.clone()}</td>
        <td>{line.person.phone.clone()}</td>
        <td>{line.title()}</td>
    }
    .into_any()
}

fn heads(last: &'static str) -> AnyView {
    view! {
        <tr>
            <th scope="col" class="r">
                "行"
            </th>
            <th scope="col">"姓名"</th>
            <th scope="col">"登录名"</th>
            <th scope="col">"办公电话"</th>
            <th scope="col">"岗位"</th>
            <th scope="col">{last}</th>
        </tr>
    }
    .into_any()
}

/// What a workbook would make; or all that is wrong with it, at its cells.
fn preview(looked: &Looked) -> AnyView {
    let Roster { lines, faults, blank } = &looked.roster;
    let fault = |Fault { address, sentence }: &Fault| {
        let address = address.clone();
        view! { <li>{(!address.is_empty()).then(|| view! { <b>{address}</b> })} " " {sentence.clone()} "。"</li> }
    };
    let wrong = (!faults.is_empty()).then(|| {
        view! {
            <div class="notice act" role="alert">
                <p>
                    <b>
                        {format!(
                            "有 {} 处要先改好，没有建任何账号。请在表里改好再传一次：",
                            faults.len(),
                        )}
                    </b>
                </p>
                <ul>{faults.iter().map(fault).collect_view()}</ul>
            </div>
        }
    });
    let new = lines.iter().filter(|line| line.new).count();
    let posts = lines.iter().filter(|line| line.post.is_some()).count();
    let skipped = (*blank > 0).then(|| format!("；{blank} 行没有写姓名，跳过"));
    let rows = lines.iter().map(|line| {
        let what = if line.new { "新建账号" } else { "已有账号，只报岗位" };
        view! {
            <tr>
                <td class="r">{line.row}</td>
                {cells(line)}
                <td>{what}</td>
            </tr>
        }
    });
    let confirm = faults.is_empty().then(|| {
        view! {
            <form method="post" action="/admin/people" class="after">
                <input type="hidden" name="sheets" value=looked.sheets.clone() />
                <button type="submit" name="do" value="enrol">
                    {format!("建 {new} 个账号，报 {posts} 个岗位")}
                </button>
                " "
                <a href="/admin/people">"不建，重新选文件"</a>
            </form>
        }
    });
    view! {
        <h2>"预览"</h2>
        {wrong}
        <p>{format!("读到 {} 人，新账号 {new} 个{}。", lines.len(), skipped.unwrap_or_default())}</p>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data stack">
                <thead>{heads("怎么办")}</thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {confirm}
        {(!faults.is_empty())
            .then(|| {
                view! {
                    <p class="after">
                        <a class="button" href="/admin/people">
                            "改好了，重新选文件"
                        </a>
                    </p>
                }
            })}
    }
    .into_any()
}

/// A list to print and cut: who gets which link.
fn handed_out(links: &Links) -> AnyView {
    let asked = links.asked.then_some("岗位已报给安全管理员定岗；定岗之前各人可以先设密码。");
    let rows = links.people.iter().map(|one| {
        let (link, id) = (format!("{}{}", links.base, one.token), format!("link-{}", one.person.login));
        view! {
            <tr>
                <th scope="row">{one.person.name.clone()}</th>
                <td>{one.title.clone()}</td>
                <td>{one.person.login.clone()}</td>
                <td>{one.person.phone.clone()}</td>
                <td>
                    <code class="secret" id=id.clone()>
                        {link}
                    </code>
                    " "
                    {copy_button(id)}
                </td>
            </tr>
        }
    });
    view! {
        <div class="notice" role="status">
            <p>
                <b>{format!("{} 人的一次性链接", links.people.len())}</b>
                "，三天内有效，只显示这一次。请打印本页裁开，或逐人复制，当面或用可靠的方式交给本人；本人打开后自己设密码。"
            </p>
            {asked.map(|asked| view! { <p>{asked}</p> })}
        </div>
        <table class="data stack links-list">
            <thead>
                <tr>
                    <th scope="col">"姓名"</th>
                    <th scope="col">"岗位"</th>
                    <th scope="col">"登录名"</th>
                    <th scope="col">"电话"</th>
                    <th scope="col">"一次性链接"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The workbook that waits, with what this administrator can do about it.
fn waiting(roster: &WaitingRoster, role: Option<Role>) -> AnyView {
    let rows = roster.lines.iter().map(|line| {
        view! {
            <tr>
                <td class="r">{line.row}</td>
                {cells(line)}
                <td>{if line.post.is_some() { "待定岗" } else { "只建账号" }}</td>
            </tr>
        }
    });
    let may = role == Some(Role::SecurityAdmin);
    let appoint = may.then(|| {
        view! {
            <button type="submit" name="do" value="appoint">
                "核对无误，全部定岗"
            </button>
            " "
        }
    });
    let wait = (!may).then(|| view! { <p>"等安全管理员核对后定岗。"</p> });
    view! {
        <section id="waiting">
            <h2>{format!("{} 于{}报来的花名册", roster.actor, moment(roster.at))}</h2>
            {wait}
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data stack">
                    <thead>{heads("状态")}</thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <form method="post" action="/admin/people" class="after">
                <input type="hidden" name="id" value=roster.id.to_string() />
                {appoint}
                <button type="submit" name="do" value="drop" class="second">
                    {if may { "退回" } else { "撤回" }}
                </button>
            </form>
        </section>
    }
    .into_any()
}

async fn people() -> Result<Page, PageError> {
    let backend = backend();
    let posted = use_context::<Posted>().unwrap_or_default();
    let role = backend.viewer().and_then(|viewer| viewer.role());
    let looked = use_context::<Looked>();
    let links = use_context::<Links>();
    let roster = backend.waiting_roster().await?;
    let without = backend.accounts().await?;
    let without = without.iter().filter(|account| !account.disabled && account.password_at.is_none()).count();
    let system = role == Some(Role::SystemAdmin);
    let upload = (system && looked.is_none() && links.is_none() && roster.is_none()).then(|| {
        view! {
            <ol>
                <li>
                    <a href="/admin/people/blank.xlsx" download="jigai-people.xlsx">
                        "下载空白表"
                    </a>
                    "：还没有人的岗位一行一个，登录名已经起好。写上姓名和办公电话；没有定人的空着。"
                </li>
                <li>
                    "选择填好的表（xlsx、xls 或 CSV），看预览：每一处要改的都写在它的格上，看过再建。"
                    <form method="post" action="/admin/people/upload" enctype="multipart/form-data" class="row-form">
                        <label for="file">"填好的表"</label>
                        <input id="file" name="file" type="file" accept=".xlsx,.xls,.csv" />
                        <button type="submit">"预览"</button>
                    </form>
                </li>
                <li>"把各人的一次性链接交给本人；岗位由安全管理员核对后一次定好。"</li>
            </ol>
        }
    });
    let again = (system && without > 0 && links.is_none() && looked.is_none()).then(|| {
        view! {
            <form method="post" action="/admin/people" class="row-form">
                <span>{format!("有 {without} 人还没有设密码。")}</span>
                <button type="submit" name="do" value="links" class="second">
                    "给他们各生成新的链接"
                </button>
            </form>
        }
    });
    let idle =
        (!system && roster.is_none()).then_some("现在没有等待定岗的花名册；系统管理员报来之后会显示在这里和您的首页。");
    let roster = roster.filter(|_| looked.is_none()).map(|roster| waiting(&roster, role));
    let body = view! {
        <section class="text-page wide">
            <h1>"花名册"</h1>
            {error(&posted)}
            {done(&posted)}
            {links.as_ref().map(handed_out)}
            {upload}
            {looked.as_ref().map(preview)}
            {idle.map(|idle| view! { <p>{idle}</p> })}
            {roster}
            {again}
        </section>
    };
    Ok(Page::new("花名册", if system { Menu::Users } else { Menu::Posts }, body))
}
