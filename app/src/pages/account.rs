//! `/account`: who one is, one's post, password and sessions.

use leptos::prelude::*;

use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, page};
use domain::calendar::moment;
use office::posted::Posted;
use office::viewer::Account as Person;

#[component]
pub(crate) fn Account() -> impl IntoView {
    page(async {
        let backend = backend();
        let Some(viewer) = backend.viewer().cloned() else {
            return Err(PageError::not_found("您还没有登录。").with_link("登录", "/login"));
        };
        let posted = use_context::<Posted>().unwrap_or_default();
        let policy = backend.policies().await?.password_sentence;
        let sessions = backend.sessions(viewer.account.id).await?;
        let post = viewer
            .post
            .as_ref()
            .map_or("还没有岗位，请找安全管理员定岗".to_owned(), |post| post.title.clone());
        let must = match (viewer.must_change, viewer.must_enrol) {
            (true, _) => Some("密码已到更换期限，请先换一个新密码，再继续工作。"),
            (false, true) => Some("您的岗位要求两步验证：请先在下面“两步验证”里开启，再继续工作。"),
            (false, false) => None,
        };
        let rows = sessions.into_iter().map(|session| {
            let own = session.id == viewer.session;
            let end = (!own).then(|| {
                view! {
                    <form method="post" action="/account/sessions">
                        <input type="hidden" name="session" value=session.id.clone() />
                        <button type="submit" class="second">
                            "退出"
                        </button>
                    </form>
                }
            });
            view! {
                <tr>
                    <th scope="row">{session.address}{own.then_some("（当前）")}</th>
                    <td class="agent">{session.agent}</td>
                    <td>{moment(session.created_at)}</td>
                    <td>{moment(session.seen_at)}</td>
                    <td>{end}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let body = view! {
            <section class="text-page">
                <h1>"我的账号"</h1>
                // Whoever lost his post has no other first screen.
                {super::reminders::notices().await?}
                {must.map(str::to_owned).map(alert)}
                <dl class="trace facts">
                    <div>
                        <dt>"姓名"</dt>
                        <dd>{viewer.account.name.clone()}</dd>
                    </div>
                    <div>
                        <dt>"登录名"</dt>
                        <dd>{viewer.account.login.clone()}</dd>
                    </div>
                    <div>
                        <dt>"岗位"</dt>
                        <dd>{post}</dd>
                    </div>
                </dl>
                <h2>"更改密码"</h2>
                {posted.error.clone().map(alert)}
                <form method="post" action="/account/password" class="stacked">
                    <input type="text" autocomplete="username" hidden=true value=viewer.account.login.clone() />
                    <p class="subtitle" id="policy">
                        {policy}
                    </p>
                    <label for="current">"现在的密码"</label>
                    <input id="current" name="current" type="password" autocomplete="current-password" />
                    <label for="password">"新密码"</label>
                    <input
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="new-password"
                        aria-describedby="policy"
                    />
                    <label for="again">"再输一次新密码"</label>
                    <input id="again" name="again" type="password" autocomplete="new-password" />
                    <button type="submit">"更改密码"</button>
                    <p class="subtitle">"更改后，所有地方的登录都会退出。"</p>
                </form>
                <h2>"两步验证"</h2>
                {second_factor(&viewer.account, backend.offered_seed().await?)}
                <h2>"正在登录的地方"</h2>
                <div class="scroll" tabindex="0" role="group" aria-label="表格">
                    <table class="data stack">
                        <thead>
                            <tr>
                                <th scope="col">"地址"</th>
                                <th scope="col">"浏览器"</th>
                                <th scope="col">"登录"</th>
                                <th scope="col">"最近活动"</th>
                                <th scope="col" />
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <form method="post" action="/account/sessions">
                    <button type="submit" class="second">
                        "全部退出"
                    </button>
                </form>
            </section>
        };
        Ok::<_, PageError>(Page::new("我的账号", Menu::Account, body))
    })
}

/// On: how to switch it off. Off: how to get a seed; then the seed for an app, and a code that proves it arrived there.
fn second_factor(account: &Person, offered: Option<(String, Option<String>)>) -> AnyView {
    if account.has_totp {
        return view! {
            <p>"已开启：登录时要填手机上动态码应用显示的六位数字。"</p>
            <form method="post" action="/account/totp" class="stacked">
                <label for="totp-password">"现在的密码"</label>
                <input id="totp-password" name="current" type="password" autocomplete="current-password" />
                <button type="submit" name="do" value="off" class="second">
                    "关闭两步验证"
                </button>
            </form>
        }
        .into_any();
    }
    let Some((seed, picture)) = offered else {
        return view! {
            <p class="subtitle">
                "未开启。开启后登录还要填动态码应用（如任何支持 TOTP 的手机应用）显示的六位数字，密码被人知道也进不来。"
            </p>
            <form method="post" action="/account/totp">
                <button type="submit" name="do" value="begin" class="second">
                    "开启两步验证"
                </button>
            </form>
        }
        .into_any();
    };
    view! {
        <p class="subtitle">
            "还差一步：用应用扫描这个图，或手工输入密钥，半小时内有效。开启后，别处的登录都会退出。"
        </p>
        <form method="post" action="/account/totp" class="stacked">
            {picture
                .map(|picture| {
                    view! {
                        <img class="seed" src=picture alt="动态码密钥的二维码" width="180" height="180" />
                    }
                })}
            <p>
                <code class="seed">{seed}</code>
            </p>
            <label for="totp-code">"应用现在显示的动态码"</label>
            <input id="totp-code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" />
            <label for="totp-password">"现在的密码"</label>
            <input id="totp-password" name="current" type="password" autocomplete="current-password" />
            <button type="submit" name="do" value="on">
                "开启"
            </button>
            <button type="submit" name="do" value="begin" class="second">
                "换一个密钥"
            </button>
        </form>
    }
    .into_any()
}
