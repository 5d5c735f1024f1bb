//! What a pasted block or an uploaded file would change.

use leptos::prelude::*;

use super::head::shown;
use crate::wire::Paste;

/// The head of the table that says what each box held and will hold.
pub(super) fn paste_head() -> AnyView {
    view! {
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
    }
    .into_any()
}

/// What a pasted block or an uploaded file would change, shown before anything is saved.
#[derive(Debug, Clone)]
pub struct PastePreview {
    pub paste: Paste,
    /// The name of the file it came from; `None` of a block that was pasted.
    pub file: Option<String>,
}

impl PastePreview {
    pub(super) fn view(self, at: &str) -> AnyView {
        let Self { paste, file } = self;
        let cells = paste.cells.iter().map(|cell| {
            view! {
                <tr>
                    <th scope="row">{cell.row_name.clone()}</th>
                    <td class="r">{shown(&cell.before)}</td>
                    <td class="r">
                        <b>{shown(&cell.after)}</b>
                    </td>
                </tr>
            }
        });
        let cells = cells.collect_view();
        let remarks =
            paste.remarks.iter().map(|remark| view! { <p class="message doubt">{remark.clone()}</p> }).collect_view();
        view! {
            <div class="notice preview" role="status">
                <p>
                    <b>{finding(&paste, file.as_deref())}</b>
                    "　还没有保存：按“保存草稿”生效，"
                    <a href=at.to_owned()>"放弃"</a>
                    "则恢复原样。"
                </p>
                {remarks}
                <table class="data narrow">{paste_head()} <tbody>{cells}</tbody></table>
            </div>
        }
        .into_any()
    }
}

/// `粘贴 6 行 1 列，将覆盖 4 个已填的格子。`, `从文件“五月.xlsx”读出 3 个数。`
fn finding(paste: &Paste, file: Option<&str>) -> String {
    let what = match file {
        Some(file) => format!("从文件“{file}”读出 {} 个数", paste.cells.len()),
        None => format!("粘贴 {} 行 {} 列", paste.rows, paste.columns),
    };
    match paste.overwritten {
        0 => format!("{what}。"),
        count => format!("{what}，将覆盖 {count} 个已填的格子。"),
    }
}
