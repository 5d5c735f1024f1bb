//! What the entry form's helper shows over the form: it stands in the page, closed, and without script nobody sees it.

use leptos::prelude::*;

use super::preview::paste_head;

/// `login` is who is typing, for the log-in over the form.
pub(super) fn dialogs(login: String) -> AnyView {
    view! {
        <dialog id="paste-dialog" aria-labelledby="paste-title">
            <h2 id="paste-title">"粘贴"</h2>
            <div id="paste-remarks"></div>
            <div class="scroll">
                <table class="data">{paste_head()} <tbody id="paste-cells"></tbody></table>
            </div>
            <p>
                <label>
                    "这些数的单位 " <select id="paste-unit">
                        <option value="">"与表头相同"</option>
                        <option value="万">"万元"</option>
                        <option value="亿">"亿元"</option>
                    </select>
                </label>
            </p>
            <p>
                <button type="button" id="paste-apply">
                    "确定粘贴"
                </button>
                " "
                <button type="button" id="paste-drop" class="second">
                    "取消"
                </button>
            </p>
        </dialog>
        <p id="undo-bar" class="notice undo-bar" role="status" hidden=true>
            <span id="undo-said"></span>
            <button type="button" id="undo-paste" class="second">
                "撤销粘贴"
            </button>
        </p>
        <dialog id="conflict-dialog" aria-labelledby="conflict-title">
            <h2 id="conflict-title">"刚被改过，请选用哪一个"</h2>
            <p id="theirs"></p>
            <p>"您填的："<b id="mine"></b></p>
            <p>
                <button type="button" id="take-mine">
                    "用我填的"
                </button>
                " "
                <button type="button" id="take-theirs" class="second">
                    "用已保存的"
                </button>
            </p>
        </dialog>
        <dialog id="login-dialog" aria-labelledby="login-title">
            <h2 id="login-title">"登录已过期，请重新登录"</h2>
            <p>"填的内容都还在这一页，登录后会接着保存。"</p>
            <p id="again-said" class="message wrong" hidden=true></p>
            <form id="again" class="stacked">
                <label for="again-login">"登录名"</label>
                <input id="again-login" type="text" autocomplete="username" value=login />
                <label for="again-password">"密码"</label>
                <input id="again-password" type="password" autocomplete="current-password" />
                <label for="again-code">"动态码"<small>"（开启了两步验证才填）"</small></label>
                <input id="again-code" type="text" inputmode="numeric" autocomplete="one-time-code" />
                <button type="submit">"登录"</button>
            </form>
        </dialog>
    }
    .into_any()
}
