//! `/about`: what this is, its version, and how to check it.

use leptos::prelude::*;

use crate::backend::backend;
use crate::parts::{Menu, Page, page};

#[component]
pub(crate) fn About() -> impl IntoView {
    page(async {
        let key = backend().public_key().map(|key| {
            view! {
                <p>"本单位的归档包和链头文件由这个公钥签名，它也印在公文上："</p>
                <p>
                    <code class="secret">{key}</code>
                </p>
            }
        });
        let body = view! {
            <section class="text-page">
                <h1>"关于"</h1>
                <p>
                    {format!(
                        "jigai（技改）{}，跟踪政府年度投资目标的开源软件，Apache-2.0 许可。",
                        env!("CARGO_PKG_VERSION"),
                    )}
                </p>
                <p>"在一台不联网的计算机上即可运行，不向外发送任何请求。"</p>
                <h2>"怎样核对"</h2>
                <ul>
                    <li>
                        "每版通报末尾印有 SHA-256；下载它的 JSON，用任何工具计算 SHA-256，应与之相同。"
                    </li>
                    <li>
                        <code>"jigai verify"</code>
                        " 核验审计链、全部报送数据、计划和通报，有改动会指出第一处。"
                    </li>
                    <li>
                        <code>"jigai standings"</code>
                        " 只用计划文件和报送文件重算排位和加减分，不需要数据库。"
                    </li>
                </ul>
                {key}
                <h2>"无障碍"</h2>
                <p>"页面不依赖脚本；图都有数据表；标记都有形状和文字，不单靠颜色。"</p>
            </section>
        };
        Ok(Page::new("关于", Menu::Help, body))
    })
}
