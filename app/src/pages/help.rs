//! `/help`: how to read a bulletin, and how the figures come about.

use leptos::prelude::*;

use domain::rights::Role;
use office::viewer::Viewer;

use crate::backend::backend;
use crate::guide::{first_steps, picture};
use crate::parts::{Menu, Page, page};

fn steps(role: Role) -> AnyView {
    let steps = first_steps(role).iter().map(|step| view! { <li>{*step}</li> });
    let picture = picture(role).map(|picture| {
        view! {
            <figure class="help-picture">
                <img
                    src=format!("/assets/{}", picture.file)
                    alt=picture.shows
                    width=picture.width
                    height=picture.height
                    loading="lazy"
                />
                <figcaption>{picture.shows}</figcaption>
            </figure>
        }
    });
    view! {
        <ol>{steps.collect_view()}</ol>
        {picture}
    }
    .into_any()
}

#[component]
pub(crate) fn Help() -> impl IntoView {
    page(async {
        let role = backend().viewer().and_then(Viewer::role);
        let mine = role.map(|role| {
            view! {
                <h2>{format!("{}的第一步", role.name())}</h2>
                {steps(role)}
            }
        });
        let others = Role::ALL.into_iter().filter(|other| Some(*other) != role).map(|role| {
            view! {
                <details>
                    <summary>{role.name()}</summary>
                    {steps(role)}
                </details>
            }
        });
        let others = others.collect_view();
        let body = view! {
            <section class="text-page">
                <h1>"帮助"</h1>
                {super::search::form("")}
                <p class="subtitle">
                    "每一页的最下面有“这一页怎么用”：这是什么、可以做什么、接下来怎样。"
                </p>
                {mine}
                <h2>{if role.is_some() { "其他岗位怎样开始" } else { "各岗位怎样开始" }}</h2>
                {others}
                <h2>"怎样看通报"</h2>
                <ul>
                    <li>
                        "点按任何一个数，会跳到本页下方的“数据来源”，看到精确值、第几次报送、时间和文件。"
                    </li>
                    <li>"期间是累计数：1—5月表示1月至5月。1—2月合为一期。"</li>
                    <li>
                        "进度标记：● 达到序时进度；▲ 接近（落后5个百分点以内）；■ 滞后（落后更多）；◇ 未报；— 不考核。"
                    </li>
                    <li>
                        "表内记号：“—”不适用，“/”无目标，“未报”没有数据，“0.00”是零。"
                    </li>
                    <li>
                        "图上的点和条，指一下或用 Tab 键移到它，就显示精确值；按回车看来源。"
                    </li>
                    <li>
                        "右上角可以切换“大字版”，换回点“标准字号”；只对您用的这个浏览器有效。"
                    </li>
                    <li>
                        "增幅不用颜色区分，下降写“下降3.1%”或“−3.1%”。两个百分数之差写“个百分点”。"
                    </li>
                </ul>
                <h2>"数是怎样算的"</h2>
                <ul>
                    <li>
                        "金额以整元保存，比率以分数保存，只在显示时四舍五入；排位和是否完成都按精确值判定。"
                    </li>
                    <li>
                        "增幅 = 累计完成 ÷ 上年同期 − 1；统计部门另有公布增幅的，以公布数排位。"
                    </li>
                    <li>
                        "序时进度默认按月平均（本期月份 ÷ 12），计划可以改为上年进度或自定曲线，表下注明。"
                    </li>
                    <li>
                        "“其中”单位只列示，不重复相加，不单独排位；没有目标的单位不排位。"
                    </li>
                    <li>"并列取较好名次，其后名次空出（1、1、3），计划可以另定。"</li>
                </ul>
                <h2>"加减分"</h2>
                <p>
                    "在“考核”里，每个单位都能打开依据：条款、数据、完成、排位、并列、读法、结果。条款有不同读法的，全部算出并列出差别。"
                </p>
                <h2>"打印和下载"</h2>
                <p>
                    "通报右上角有打印版（A4）、大屏、Excel、CSV 和 JSON。每张图下面有数据表和 CSV。"
                </p>
                <h2>"发现数不对"</h2>
                <p>
                    "已发布的通报不会改动。更正是新的一版，写明原因和改动前后的数，原版仍可查看。请把通报期间、单位和你认为正确的数告诉编制单位。"
                </p>
                <h2>"单位有不同意见"</h2>
                <p>
                    "对数据的异议在通报发布之后、对加减分的异议在结果公示之后的规定天数内，由单位在“考核”的“异议”里提出；办公室逐件答复；还有异议没答复，考核就不能办结。"
                </p>
                <h2>"附证明材料"</h2>
                <p>
                    {format!(
                        "报送、更正申请、年终自评、异议和限时任务都可以附证明材料：{}。提交之前可以撤回，提交之后只能补充；只有本单位和办公室的市级审核员看得到。盖章扫描件对应上传时已提交的数据，数据变动之后要重新盖章上传。",
                        domain::evidence::what_is_taken(),
                    )}
                </p>
                <h2>"办公室的操作"</h2>
                <p>
                    "计划的新建和修订在“计划”里，审核、统计部门数、发布在“待办”里，读法、年终考核和异议在“考核”里。备份和核验由系统管理员在服务器上办理："
                    <code>"jigai --help"</code>"。"
                </p>
            </section>
        };
        Ok(Page::new("帮助", Menu::Help, body))
    })
}
