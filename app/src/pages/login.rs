//! `/login`, and `/setup?token=…`: the one-time links.

use leptos::prelude::*;

use super::query;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, page};
use office::posted::{Posted, token_only};

#[component]
pub(crate) fn Login() -> impl IntoView {
    page(async {
        let posted = use_context::<Posted>().unwrap_or_default();
        if posted.get("resume").is_some() && backend().viewer().is_some() {
            return Ok(resume_page(&posted));
        }
        let next = posted.get("next").map(str::to_owned).or_else(|| query("next")).unwrap_or_default();
        let note = match (query("changed").is_some(), query("ready").is_some()) {
            (true, _) => Some("密码已更改，所有登录都已退出，请用新密码登录。"),
            (_, true) => Some("已经设好，请登录。"),
            _ => None,
        };
        let held = ["resume", "held"].map(|name| {
            posted.get(name).map(|value| view! { <input type="hidden" name=name value=value.to_owned() /> })
        });
        let who = backend().viewer().map(|viewer| format!("您已登录：{}。再登录会换成新的账号。", viewer.actor()));
        let body = view! {
            <section class="text-page narrow-page">
                <h1>"登录"</h1>
                {note
                    .map(|note| {
                        view! {
                            <p class="notice" role="status">
                                {note}
                            </p>
                        }
                    })}
                {who.map(|who| view! { <p class="notice">{who}</p> })}
                {posted.error.clone().map(alert)}
                <form method="post" action="/login" class="stacked">
                    <input type="hidden" name="next" value=next />
                    {held}
                    <label for="login">"登录名"</label>
                    <input
                        id="login"
                        name="login"
                        type="text"
                        autocomplete="username"
                        autocapitalize="off"
                        spellcheck="false"
                        autofocus
                        value=posted.text("login").to_owned()
                    />
                    <label for="password">"密码"</label>
                    <input id="password" name="password" type="password" autocomplete="current-password" />
                    <label for="code">"动态码"<small>"（开启了两步验证才填）"</small></label>
                    <input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" />
                    <button type="submit">"登录"</button>
                </form>
                <p class="subtitle">
                    "忘记密码请找系统管理员，他会给您一个只能用一次的链接。"
                </p>
            </section>
        };
        Ok::<_, PageError>(Page::new("登录", Menu::Account, body))
    })
}

/// Logged in again: one press sends what was held.
fn resume_page(posted: &Posted) -> Page {
    let fields = Posted::decode(posted.text("held"));
    let inputs = fields
        .fields()
        .map(|(name, value)| view! { <textarea name=name.to_owned() hidden=true inner_html=area(value) /> });
    let inputs = inputs.collect_view();
    let body = view! {
        <section class="text-page narrow-page">
            <h1>"已重新登录"</h1>
            <p>"刚才的内容还没有保存，按下面的按钮继续。"</p>
            <form method="post" action=posted.text("resume").to_owned()>
                {inputs}
                <button type="submit">"继续保存"</button>
            </form>
        </section>
    };
    Page::new("已重新登录", Menu::Account, body)
}

fn password_fields(policy: String) -> AnyView {
    view! {
        <p class="subtitle" id="policy">
            {policy}
        </p>
        <label for="password">"密码"</label>
        <input id="password" name="password" type="password" autocomplete="new-password" aria-describedby="policy" />
        <label for="again">"再输一次"</label>
        <input id="again" name="again" type="password" autocomplete="new-password" />
    }
    .into_any()
}

/// Everything that is wrong, a line each.
fn all_at_once(sentences: &str) -> AnyView {
    let each = sentences.split_inclusive('。').map(|sentence| view! { <li>{sentence.to_owned()}</li> });
    view! {
        <div class="notice act" role="alert">
            <ul>{each.collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
pub(crate) fn Setup() -> impl IntoView {
    page(async {
        let token = token_only(&query("token").unwrap_or_default());
        let backend = backend();
        let Some(account) = backend.link(&token).await? else {
            return Err(PageError::Gone(
                "这个链接已用过或已过期。请向系统管理员要一个新的；还没有任何账号时，重新启动服务会打印新的链接。"
                    .to_owned(),
            ));
        };
        let posted = use_context::<Posted>().unwrap_or_default();
        let policy = backend.policies().await?.password_sentence;
        let error = posted.error.as_deref().map(all_at_once);
        let title = if account.is_some() { "设置密码" } else { "首次设置" };
        let body = match account {
            Some(account) => view! {
                <section class="text-page narrow-page">
                    <h1>"设置密码"</h1>
                    <p>
                        {format!(
                            "{}，您的登录名是 {}。请设置自己的密码。",
                            account.name,
                            account.login,
                        )}
                    </p>
                    {error}
                    <form method="post" action="/setup" class="stacked">
                        <input type="hidden" name="token" value=token />
                        {password_fields(policy)}
                        <button type="submit">"设好密码"</button>
                    </form>
                </section>
            }
            .into_any(),
            None => {
                let person = |role: &'static str, title: &'static str, does: &'static str| {
                    let [login, name, phone] = ["login", "name", "phone"].map(|what| format!("{role}_{what}"));
                    view! {
                        <fieldset>
                            <legend>{title}</legend>
                            <p class="subtitle">{does}</p>
                            <label for=login.clone()>"登录名"</label>
                            <input
                                id=login.clone()
                                name=login.clone()
                                type="text"
                                autocapitalize="off"
                                spellcheck="false"
                                value=posted.text(&login).to_owned()
                            />
                            <label for=name.clone()>"姓名"</label>
                            <input id=name.clone() name=name.clone() type="text" value=posted.text(&name).to_owned() />
                            <label for=phone.clone()>"办公电话（可不填）"</label>
                            <input
                                id=phone.clone()
                                name=phone.clone()
                                type="text"
                                value=posted.text(&phone).to_owned()
                            />
                        </fieldset>
                    }
                };
                view! {
                    <section class="text-page narrow-page">
                        <h1>"首次设置"</h1>
                        <p>
                            "先写是哪个地区用，再设三个管理员：三个人、三个账号，互相监督，都不能改任何数据。其他人的账号和岗位以后由他们用一张花名册来建。"
                        </p>
                        {error}
                        <form method="post" action="/setup" class="stacked">
                            <input type="hidden" name="token" value=token />
                            <fieldset>
                                <legend>"牵头地区"</legend>
                                <p class="subtitle">
                                    "把目标分解给各单位的地区，例如 泉州市；名录里没有的连行政区划代码一起写，例如 漳州市 350600。"
                                </p>
                                <label for="office">"名称"</label>
                                <input
                                    id="office"
                                    name="office"
                                    type="text"
                                    list="regions"
                                    autofocus
                                    value=posted.text("office").to_owned()
                                />
                                <datalist id="regions">
                                    {domain::region::cities()
                                        .map(|name| view! { <option value=name.to_owned() /> })
                                        .collect_view()}
                                </datalist>
                            </fieldset>
                            {person("system", "系统管理员", "建账号、停用账号、解锁。")}
                            {person("security", "安全管理员", "建岗位、定岗、定安全策略。")}
                            {person("audit", "审计管理员", "查看审计记录。")}
                            <h2>"系统管理员的密码"</h2>
                            {password_fields(policy)}
                            <button type="submit">"完成设置"</button>
                        </form>
                        <p class="subtitle">
                            "另外两位的密码由各自设置：登录后首页的“开始使用”会一步一步带您办完，可以随时离开再回来。"
                        </p>
                    </section>
                }
                .into_any()
            }
        };
        Ok::<_, PageError>(Page::new(title, Menu::Account, body))
    })
}
