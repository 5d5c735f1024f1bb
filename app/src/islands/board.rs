//! The wall screen in the browser: keys turn the scenes, a lost connection is marked, a newer edition is fetched.

use leptos::prelude::*;

/// `shown` names the edition on the screen.
#[island]
pub fn BoardKeys(plan: Option<String>, shown: String) -> impl IntoView {
    let offline = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new({
        let (plan, shown) = (plan.clone(), shown.clone());
        move |_| super::board_watch::start(plan.clone(), shown.clone(), offline)
    });
    let _ = (&plan, &shown);
    view! {
        <span class="board-keys">"空格：暂停或继续　← →：换屏"</span>
        <strong class="offline" role="status">
            {move || offline.get().then_some("■ 离线：连不上服务器，画面停在最后收到的数据")}
        </strong>
    }
}
