//! What the entry form's helper shows over the form: dialogs that stand in its page, closed.

use super::dom::{add, by_id, chosen, fill, open, show};
use crate::wire::{Conflict, Paste, with_unit};

const PASTE: &str = "paste-dialog";
const CONFLICT: &str = "conflict-dialog";
const LOG_IN: &str = "login-dialog";

/// What a paste would do; anew when another unit is chosen.
pub(super) fn show_paste(paste: &Paste) {
    let block = format!("粘贴 {} 行 {} 列", paste.rows, paste.columns);
    fill(
        "paste-title",
        &match paste.overwritten {
            0 => block,
            count => format!("{block}，将覆盖 {count} 个已填的格子"),
        },
    );
    if let Some(remarks) = by_id("paste-remarks") {
        remarks.set_text_content(None);
        for remark in &paste.remarks {
            add(&remarks, "p", "message doubt", remark);
        }
    }
    if let Some(cells) = by_id("paste-cells") {
        let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
        let unit = chosen_unit();
        cells.set_text_content(None);
        for cell in &paste.cells {
            let Some(line) = add(&cells, "tr", "", "") else { continue };
            if let Some(head) = add(&line, "th", "", &cell.row_name) {
                let _ = head.set_attribute("scope", "row");
            }
            add(&line, "td", "r", &shown(&cell.before));
            let after = if cell.money { with_unit(&cell.after, &unit) } else { cell.after.clone() };
            add(&line, "td", "r", "").and_then(|box_of| add(&box_of, "b", "", &shown(&after)));
        }
    }
    if let Some(apply) = by_id("paste-apply") {
        let _ = apply.toggle_attribute_with_force("disabled", paste.cells.is_empty());
    }
    open(PASTE, true);
}

pub(super) fn close_paste() {
    open(PASTE, false);
}

/// Numbers of the block get this behind them: nothing, 万 or 亿.
pub(super) fn chosen_unit() -> String {
    chosen("paste-unit")
}

/// So many boxes were filled by a paste that can be taken back; of none nothing is said.
pub(super) fn show_undo(boxes: usize) {
    fill("undo-said", &format!("已粘贴 {boxes} 格。"));
    by_id("undo-bar").inspect(|bar| show(bar, boxes > 0));
}

/// The first conflict, beside what stands in its box; `None` closes.
pub(super) fn show_conflict(of: Option<(&Conflict, String)>) {
    if let Some((conflict, mine)) = &of {
        fill("conflict-title", &format!("“{}”刚被改过，请选用哪一个", conflict.name));
        let theirs = if conflict.text.is_empty() { "（空）" } else { &conflict.text };
        fill("theirs", &format!("已保存的：{theirs}（{}）", conflict.by));
        fill("mine", mine);
    }
    open(CONFLICT, of.is_some());
}

pub(super) fn show_log_in(shown: bool) {
    say_of_log_in("");
    open(LOG_IN, shown);
}

/// Why it did not work.
pub(super) fn say_of_log_in(sentence: &str) {
    fill("again-said", sentence);
    by_id("again-said").inspect(|said| show(said, !sentence.is_empty()));
}
