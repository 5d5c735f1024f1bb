//! The entry form's helper: keys, paste with preview and undo, drafts box by box.
//!
//! The form is plain HTML beside this island and complete without it. The helper reads what stands in the boxes when it
//! starts, so that nothing typed before is lost, and saves a box when it is left and a second after the last key.

use leptos::prelude::*;

use super::dialogs::{Act, Dialogs};

/// Works on the form `#entry`. `login` is who is typing, for the log-in over the form.
#[island]
pub fn EntryHelper(plan: String, period: String, region: String, login: String) -> impl IntoView {
    let dialogs = Dialogs::new();
    #[cfg(feature = "hydrate")]
    Effect::new({
        let (plan, period, region) = (plan.clone(), period.clone(), region.clone());
        move |_| super::entry_grid::start(plan.clone(), period.clone(), region.clone(), dialogs)
    });
    let _ = (&plan, &period, &region);
    view! {
        <div class="entry-helper">
            {paste_dialog(dialogs).into_any()} {undo_bar(dialogs).into_any()} {conflict_dialog(dialogs).into_any()}
            {log_in_dialog(dialogs, login).into_any()}
        </div>
    }
}

fn paste_dialog(dialogs: Dialogs) -> impl IntoView {
    move || {
        dialogs.paste.get().map(|paste| {
            let finding = match paste.overwritten {
                0 => format!("粘贴 {} 行 {} 列", paste.rows, paste.columns),
                count => format!("粘贴 {} 行 {} 列，将覆盖 {count} 个已填的格子", paste.rows, paste.columns),
            };
            let remarks = paste
                .remarks
                .iter()
                .map(|remark| view! { <p class="message doubt">{remark.clone()}</p> })
                .collect_view();
            let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
            let cells = paste.cells.iter().map(|cell| {
                let after = shown(&cell.after);
                view! {
                    <tr>
                        <th scope="row">{cell.row_name.clone()}</th>
                        <td class="r">{shown(&cell.before)}</td>
                        <td class="r">
                            <b>{after}{move || dialogs.unit.get()}</b>
                        </td>
                    </tr>
                }
            });
            let cells = cells.collect_view();
            let nothing = paste.cells.is_empty();
            view! {
                <dialog open=true class="paste-dialog" aria-labelledby="paste-title">
                    <h2 id="paste-title">{finding}</h2>
                    {remarks}
                    <div class="scroll">
                        <table class="data">
                            <thead>
                                <tr>
                                    <th scope="col">"格子"</th>
                                    <th scope="col" class="r">
                                        "原来"
                                    </th>
                                    <th scope="col" class="r">
                                        "改为"
                                    </th>
                                </tr>
                            </thead>
                            <tbody>{cells}</tbody>
                        </table>
                    </div>
                    <p>
                        <label>
                            "这些数的单位 "
                            <select id="paste-unit" on:change=move |event| dialogs.unit.set(event_target_value(&event))>
                                <option value="">"与表头相同"</option>
                                <option value="万">"万元"</option>
                                <option value="亿">"亿元"</option>
                            </select>
                        </label>
                    </p>
                    <p>
                        <button type="button" id="paste-apply" disabled=nothing on:click=move |_| act(Act::ApplyPaste)>
                            "确定粘贴"
                        </button>
                        " "
                        <button type="button" class="second" on:click=move |_| act(Act::DropPaste)>
                            "取消"
                        </button>
                    </p>
                </dialog>
            }
        })
    }
}

fn undo_bar(dialogs: Dialogs) -> impl IntoView {
    move || {
        dialogs.undo.get().map(|cells| {
            view! {
                <p class="notice undo-bar" role="status">
                    {format!("已粘贴 {} 格。", cells.len())}
                    <button type="button" id="undo-paste" class="second" on:click=move |_| act(Act::UndoPaste)>
                        "撤销粘贴"
                    </button>
                </p>
            }
        })
    }
}

fn conflict_dialog(dialogs: Dialogs) -> impl IntoView {
    move || {
        dialogs.conflicts.get().into_iter().next().map(|conflict| {
            let theirs = if conflict.text.is_empty() { "（空）".to_owned() } else { conflict.text.clone() };
            view! {
                <dialog open=true class="conflict-dialog" aria-labelledby="conflict-title">
                    <h2 id="conflict-title">{format!("“{}”刚被改过，请选用哪一个", conflict.name)}</h2>
                    <p>{format!("已保存的：{theirs}（{}）", conflict.by)}</p>
                    <p>"您填的："<b id="mine">{mine_of(&conflict.cell)}</b></p>
                    <p>
                        <button type="button" id="take-mine" on:click=move |_| act(Act::TakeMine)>
                            "用我填的"
                        </button>
                        " "
                        <button type="button" id="take-theirs" class="second" on:click=move |_| act(Act::TakeTheirs)>
                            "用已保存的"
                        </button>
                    </p>
                </dialog>
            }
        })
    }
}

fn log_in_dialog(dialogs: Dialogs, login: String) -> impl IntoView {
    move || {
        dialogs.log_in.get().then(|| {
            view! {
                <dialog open=true class="login-dialog" aria-labelledby="login-title">
                    <h2 id="login-title">"登录已过期，请重新登录"</h2>
                    <p>"填的内容都还在这一页，登录后会接着保存。"</p>
                    <p class="message wrong" hidden=move || dialogs.log_in_error.get().is_empty()>
                        {move || dialogs.log_in_error.get()}
                    </p>
                    <form
                        class="stacked"
                        on:submit=move |event| {
                            event.prevent_default();
                            act(Act::LogIn);
                        }
                    >
                        <label for="again-login">"登录名"</label>
                        <input id="again-login" type="text" autocomplete="username" value=login.clone() />
                        <label for="again-password">"密码"</label>
                        <input id="again-password" type="password" autocomplete="current-password" />
                        <label for="again-code">"动态码"<small>"（开启了两步验证才填）"</small></label>
                        <input id="again-code" type="text" inputmode="numeric" autocomplete="one-time-code" />
                        <button type="submit">"登录"</button>
                    </form>
                </dialog>
            }
        })
    }
}

fn act(asked: Act) {
    #[cfg(feature = "hydrate")]
    super::entry_grid::act(asked);
    let _ = asked;
}

/// What stands in a box now.
fn mine_of(cell: &str) -> String {
    #[cfg(feature = "hydrate")]
    return super::entry_grid::text_in(cell);
    #[cfg(not(feature = "hydrate"))]
    cell.to_owned()
}
