//! The browser's side of the entry form: listens to the plain form, keeps nothing but what is in the page.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    BeforeUnloadEvent, ClipboardEvent, Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, RequestInit,
};

use super::dialogs;
use super::dom::{
    after, boxes, by_id, document, find, focus, focus_named, focus_soon, id_of, input, listen, mark, say, set_text,
    set_version, show_rows, target, text, text_in, version,
};
use crate::actions::{preview_paste, save_draft};
use crate::wire::{Conflict, Paste, Saved, TypedCell};

/// A second after the last key.
const PAUSE: i32 = 1000;

/// How long a retry waits at most.
const LONGEST: i32 = 30_000;

struct Grid {
    plan: String,
    period: String,
    region: String,
    /// What the dialog asks about.
    paste: Option<Paste>,
    /// What the boxes of the last paste held before.
    undo: Vec<(String, String)>,
    /// The first one is asked about.
    conflicts: Vec<Conflict>,
    /// What the server is known to hold in each box.
    saved: BTreeMap<String, String>,
    /// The box in which somebody is, and what it held when he came.
    at_focus: Option<(String, String)>,
    timer: Option<i32>,
    sending: bool,
    retry_after: i32,
    /// A conflict or a log-in waits for an answer: nothing is sent meanwhile.
    waiting: bool,
    leaving: bool,
    /// The page shows a preview or a conflict: nothing is saved but by its button.
    held: bool,
    /// A button that was pressed while something was unsaved: pressed again once it is saved.
    pressed: Option<String>,
}

thread_local! {
    static GRID: RefCell<Option<Grid>> = const { RefCell::new(None) };
}

/// Borrows the grid for a moment; never across an await.
fn with<T>(work: impl FnOnce(&mut Grid) -> T) -> Option<T> {
    GRID.with(|grid| grid.borrow_mut().as_mut().map(work))
}

/// The boxes that hold something else than the server is known to hold.
fn unsaved() -> Vec<TypedCell> {
    let saved = with(|grid| grid.saved.clone()).unwrap_or_default();
    let changed = boxes().into_iter().filter_map(|element| {
        let cell = id_of(&element)?;
        let text = text(&element);
        (saved.get(&cell) != Some(&text)).then(|| TypedCell { seen: version(&cell), cell, text })
    });
    changed.collect()
}

pub(super) fn start(plan: String, period: String, region: String) {
    let Some(form) = by_id("entry") else { return };
    // The page says what the server holds: what a preview put into a box, or somebody typed before this ran, is not
    // saved.
    let saved = boxes()
        .into_iter()
        .filter_map(|element| Some((id_of(&element)?, element.get_attribute("data-saved").unwrap_or_default())))
        .collect();
    let grid = Grid {
        plan,
        period,
        region,
        paste: None,
        undo: Vec::new(),
        conflicts: Vec::new(),
        saved,
        at_focus: None,
        timer: None,
        sending: false,
        retry_after: 2000,
        waiting: false,
        leaving: false,
        held: document().query_selector(".conflicts, .preview").ok().flatten().is_some(),
        pressed: None,
    };
    GRID.with(|slot| *slot.borrow_mut() = Some(grid));
    listen(&form, "focusin", on_focus);
    listen(&form, "input", on_input);
    listen(&form, "focusout", |_| save());
    listen(&form, "keydown", on_key);
    listen(&form, "paste", on_paste);
    listen(&form, "submit", on_submit);
    listen(&document(), "click", on_click);
    listen(&document(), "keydown", on_escape);
    by_id("paste-unit").inspect(|list| listen(list, "change", |_| ask_about_paste()));
    by_id("again").inspect(|form| {
        listen(form, "submit", |event| {
            event.prevent_default();
            log_in();
        });
    });
    if let Some(window) = web_sys::window() {
        listen(&window, "beforeunload", on_leaving);
        listen(&window, "online", |_| save());
    }
    focus_named();
    if !unsaved().is_empty() {
        save();
    }
    let _ = form.set_attribute("data-ready", "true");
}

fn on_focus(event: Event) {
    if let Some((cell, text)) = target(&event).and_then(|element| Some((id_of(&element)?, text(&element)))) {
        with(|grid| grid.at_focus = Some((cell, text)));
    }
}

fn on_input(event: Event) {
    let Some(cell) = target(&event).as_ref().and_then(id_of) else { return };
    mark(&cell, "未保存", false);
    later(PAUSE);
}

/// Saves after a pause; a new key starts the pause again.
fn later(milliseconds: i32) {
    let Some(window) = web_sys::window() else { return };
    if let Some(timer) = with(|grid| grid.timer.take()).flatten() {
        window.clear_timeout_with_handle(timer);
    }
    let timer = after(milliseconds, save);
    with(|grid| grid.timer = timer);
}

fn save() {
    let free = with(|grid| !grid.sending && !grid.waiting && !grid.held).unwrap_or(false);
    let cells = unsaved();
    if !free || cells.is_empty() {
        return;
    }
    let Some((plan, period, region)) = with(|grid| {
        grid.sending = true;
        (grid.plan.clone(), grid.period.clone(), grid.region.clone())
    }) else {
        return;
    };
    for cell in &cells {
        mark(&cell.cell, "…保存中", false);
    }
    spawn_local(async move {
        let answer = save_draft(plan, period, region, cells.clone()).await;
        with(|grid| grid.sending = false);
        match answer {
            Ok(saved) => done(&cells, saved),
            Err(ServerFnError::ServerError(said)) if said == "login" => ask_to_log_in(),
            // The server has said no, in a sentence: asking again changes nothing.
            Err(ServerFnError::ServerError(said)) => {
                with(|grid| grid.pressed = None);
                done(&cells, Saved { problem: Some(said), ..Saved::default() });
            }
            Err(_) => lost(&cells),
        }
    });
}

fn done(sent: &[TypedCell], saved: Saved) {
    if !saved.conflicts.is_empty() {
        for conflict in &saved.conflicts {
            mark(&conflict.cell, "⚠ 刚被改过，请选定", true);
        }
        with(|grid| {
            grid.waiting = true;
            grid.conflicts = saved.conflicts;
        });
        ask_about_conflict();
        return say("⚠ 还没有保存：有格子刚被改过，请选定", true);
    }
    if let Some(problem) = saved.problem {
        for cell in sent {
            mark(&cell.cell, "⚠ 没有保存", true);
        }
        with(|grid| grid.pressed = None);
        return say(&problem, true);
    }
    with(|grid| {
        grid.retry_after = 2000;
        grid.saved.extend(sent.iter().map(|cell| (cell.cell.clone(), cell.text.clone())));
    });
    // Only of what was sent: another box may show an older text than the server holds.
    for (cell, version) in saved.versions.iter().filter(|(cell, _)| sent.iter().any(|own| own.cell == *cell)) {
        set_version(cell, *version);
    }
    for cell in sent {
        mark(&cell.cell, &format!("✓ {}", saved.at), false);
    }
    show_rows(&saved.rows);
    say(&format!("✓ 草稿已保存 {}", saved.at), false);
    for message in &saved.texts {
        mark(&message.cell, &format!("⚠ {}", message.text), true);
    }
    if unsaved().is_empty()
        && let Some(then) = with(|grid| grid.pressed.take()).flatten()
    {
        return press(&then);
    }
    // What was typed while this was on its way.
    if !unsaved().is_empty() {
        later(PAUSE);
    }
}

fn lost(sent: &[TypedCell]) {
    for cell in sent {
        mark(&cell.cell, "⚠ 未保存，将重试", true);
    }
    say("网络不通，内容在本页未丢失，请勿关闭；正在重试", true);
    let wait = with(|grid| {
        let wait = grid.retry_after;
        grid.retry_after = (wait * 2).min(LONGEST);
        wait
    });
    later(wait.unwrap_or(LONGEST));
}

fn ask_to_log_in() {
    with(|grid| grid.waiting = true);
    dialogs::show_log_in(true);
    say("⚠ 登录已过期：内容都在本页，重新登录后接着保存", true);
    focus_soon("again-password");
}

fn on_key(event: Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    // An input method is choosing characters: its Enter is not ours.
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let command = event.ctrl_key() || event.meta_key();
    let key = event.key();
    if command && key.eq_ignore_ascii_case("s") {
        event.prevent_default();
        return save();
    }
    if command && key == "Enter" {
        event.prevent_default();
        return press("check");
    }
    let Some(element) = target(event).filter(|element| element.tag_name() == "INPUT") else { return };
    match key.as_str() {
        "Enter" => {
            event.prevent_default();
            step(&element, if event.shift_key() { -1 } else { 1 }, true);
        }
        "ArrowDown" => {
            event.prevent_default();
            step(&element, 1, false);
        }
        "ArrowUp" => {
            event.prevent_default();
            step(&element, -1, false);
        }
        "Escape" => restore(&element),
        _ => {}
    }
}

fn press(then: &str) {
    let button = document().query_selector(&format!("#entry button[value={then}]")).ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

/// To the same column of another row; from the last row Enter leads to the button that saves.
fn step(from: &Element, by: i32, to_button: bool) {
    let column = |element: &Element| id_of(element).and_then(|cell| cell.rsplit('/').next().map(str::to_owned));
    let own = column(from);
    let same: Vec<Element> =
        boxes().into_iter().filter(|element| element.tag_name() == "INPUT" && column(element) == own).collect();
    let at = same.iter().position(|element| element == from).map_or(0, |at| at as i32);
    let next = usize::try_from(at + by).ok().and_then(|to| same.get(to));
    if let Some(input) = next.and_then(|element| element.dyn_ref::<HtmlInputElement>()) {
        let _ = input.focus();
        input.select();
    } else if to_button && by > 0 {
        let button = document().query_selector("#entry .bar-bottom button[value=save]").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    }
}

/// Back to what the box held when somebody came to it.
fn restore(element: &Element) {
    let before = with(|grid| grid.at_focus.clone()).flatten();
    if let Some((cell, text)) = before
        && id_of(element).as_deref() == Some(cell.as_str())
    {
        set_text(element, &text);
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
        later(0);
    }
}

fn on_paste(event: Event) {
    let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
    let Some(start) = target(event).filter(|element| element.tag_name() == "INPUT").as_ref().and_then(id_of) else {
        return;
    };
    let block = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
    if !block.trim_end_matches(['\r', '\n']).contains(['\t', '\n']) {
        return;
    }
    event.prevent_default();
    let current = boxes()
        .iter()
        .filter_map(|element| Some(TypedCell { cell: id_of(element)?, seen: 0, text: text(element) }))
        .collect();
    let Some((plan, period, region)) = with(|grid| (grid.plan.clone(), grid.period.clone(), grid.region.clone()))
    else {
        return;
    };
    spawn_local(async move {
        match preview_paste(plan, period, region, start, block, current).await {
            Ok(paste) => {
                with(|grid| grid.paste = Some(paste));
                // With the unit of the heading, whichever was chosen for the block before.
                by_id("paste-unit").inspect(|list| drop(js_sys::Reflect::set(list, &"value".into(), &"".into())));
                ask_about_paste();
                focus_soon("paste-apply");
            }
            Err(ServerFnError::ServerError(said)) if said == "login" => ask_to_log_in(),
            Err(_) => say("网络不通，没有粘贴；请稍后再粘贴一次", true),
        }
    });
}

/// Whatever is unsaved is saved first: a page that cannot be reached would take it along.
fn on_submit(event: Event) {
    let button = event.dyn_ref::<web_sys::SubmitEvent>().and_then(web_sys::SubmitEvent::submitter);
    let then = button.and_then(|button| button.get_attribute("value")).unwrap_or_else(|| "save".to_owned());
    let (busy, held) = with(|grid| (grid.sending, grid.held)).unwrap_or((false, false));
    if held || then == "paste" || (!busy && unsaved().is_empty()) {
        with(|grid| grid.leaving = true);
        return;
    }
    event.prevent_default();
    with(|grid| grid.pressed = Some(then));
    save();
}

/// 放弃 leaves on purpose; the dialogs' buttons are known by their names.
fn on_click(event: Event) {
    let Some(clicked) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if clicked.closest(".preview a").ok().flatten().is_some() {
        with(|grid| grid.leaving = true);
    }
    match clicked.id().as_str() {
        "paste-apply" => apply_paste(),
        "paste-drop" => drop(drop_paste()),
        "undo-paste" => undo_paste(),
        "take-mine" => settle(true),
        "take-theirs" => settle(false),
        _ => {}
    }
}

fn on_escape(event: Event) {
    if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
        drop_paste();
    }
}

fn on_leaving(event: Event) {
    let leaving = with(|grid| grid.leaving).unwrap_or(true);
    if leaving || unsaved().is_empty() {
        return;
    }
    event.prevent_default();
    if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
        event.set_return_value("还有内容没有保存");
    }
}

fn ask_about_paste() {
    if let Some(paste) = with(|grid| grid.paste.clone()).flatten() {
        dialogs::show_paste(&paste);
    }
}

fn drop_paste() -> Option<Paste> {
    dialogs::close_paste();
    with(|grid| grid.paste.take()).flatten()
}

fn apply_paste() {
    let unit = dialogs::chosen_unit();
    let Some(paste) = drop_paste() else { return };
    let mut before = Vec::new();
    for cell in &paste.cells {
        let Some(element) = find(&cell.cell) else { continue };
        before.push((cell.cell.clone(), text(&element)));
        let value = if cell.money { crate::wire::with_unit(&cell.after, &unit) } else { cell.after.clone() };
        set_text(&element, &value);
    }
    dialogs::show_undo(before.len());
    with(|grid| grid.undo = before);
    focus_soon("undo-paste");
    save();
}

fn undo_paste() {
    let cells = with(|grid| std::mem::take(&mut grid.undo)).unwrap_or_default();
    for (cell, text) in &cells {
        if let Some(element) = find(cell) {
            set_text(&element, text);
        }
    }
    dialogs::show_undo(0);
    cells.first().and_then(|(cell, _)| find(cell)).inspect(focus);
    save();
}

fn ask_about_conflict() {
    let first = with(|grid| grid.conflicts.first().cloned()).flatten();
    dialogs::show_conflict(first.as_ref().map(|conflict| (conflict, text_in(&conflict.cell))));
}

/// Settles the first conflict; after the last one, saves.
fn settle(mine: bool) {
    let first = |grid: &mut Grid| (!grid.conflicts.is_empty()).then(|| grid.conflicts.remove(0));
    let Some(conflict) = with(first).flatten() else { return };
    set_version(&conflict.cell, conflict.version);
    if let (false, Some(element)) = (mine, find(&conflict.cell)) {
        set_text(&element, &conflict.text);
        mark(&conflict.cell, "✓ 已用保存的", false);
    }
    let is_over = with(|grid| {
        // The server holds theirs; whether ours still has to be sent follows from that.
        grid.saved.insert(conflict.cell, conflict.text);
        grid.waiting = !grid.conflicts.is_empty();
        !grid.waiting
    });
    ask_about_conflict();
    if is_over == Some(true) {
        say("", false);
        save();
    }
}

fn log_in() {
    let value = |id: &str| input(id).map(|input| input.value()).unwrap_or_default();
    let (login, password, code) = (value("again-login"), value("again-password"), value("again-code"));
    spawn_local(async move {
        match post_log_in(&login, &password, &code).await {
            Ok(()) => {
                with(|grid| grid.waiting = false);
                dialogs::show_log_in(false);
                say("已重新登录，正在保存", false);
                save();
            }
            Err(sentence) => dialogs::say_of_log_in(&sentence),
        }
    });
}

async fn post_log_in(login: &str, password: &str, code: &str) -> Result<(), String> {
    let unreachable = |_: JsValue| "网络不通，没有登录；请稍后再试。".to_owned();
    let fields = web_sys::UrlSearchParams::new().map_err(unreachable)?;
    fields.append("login", login);
    fields.append("password", password);
    fields.append("code", code);
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&fields);
    let address = format!("{}/login", server_fn::client::get_server_url());
    let request = web_sys::Request::new_with_str_and_init(&address, &options).map_err(unreachable)?;
    request.headers().set("accept", "application/json").map_err(unreachable)?;
    let window = web_sys::window().ok_or_else(|| "没有窗口".to_owned())?;
    let response: web_sys::Response =
        JsFuture::from(window.fetch_with_request(&request)).await.and_then(JsCast::dyn_into).map_err(unreachable)?;
    if response.ok() {
        return Ok(());
    }
    let text = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    Err(text.as_string().unwrap_or_default())
}
