//! A sheet from a file before anything is taken of it: how each column is read, what is doubtful at which cell. Text
//! only: the reader of files is the server's.

use leptos::prelude::*;

use office::posted::Posted;

use super::data_table;

#[derive(Debug, Clone)]
pub struct SheetColumn {
    pub letters: String,
    pub head: String,
    /// The id of its use.
    pub of: &'static str,
}

#[derive(Debug, Clone)]
pub struct SheetDoubt {
    pub address: String,
    pub message: String,
    pub stops: bool,
    /// What it is accepted by as it is; empty where it cannot be.
    pub key: String,
    /// What happens instead where it is accepted.
    pub choice: Option<&'static str>,
    pub accepted: bool,
}

/// How a sheet is read: what the form of a preview shows, and sends back changed.
#[derive(Debug, Clone, Default)]
pub struct SheetReading {
    pub file: String,
    /// What was shown: taking refuses when something else is asked for meanwhile.
    pub seen: String,
    pub sheet: String,
    /// The goal is money: its figures may be in another unit of it.
    pub money: bool,
    pub unit: String,
    pub first_row: usize,
    pub columns: Vec<SheetColumn>,
    /// Uses of a column: as sent, and as called.
    pub uses: Vec<(&'static str, &'static str)>,
    pub doubts: Vec<SheetDoubt>,
}

/// The boxes of a form that takes a table from a file: `has` says what the table must have, `first` which sheet is read
/// where none is named.
pub(crate) fn file_boxes(posted: &Posted, has: &'static str, first: &'static str) -> AnyView {
    view! {
        <label for="file">"文件"<small>{format!("xlsx、旧版 xls 或 CSV，8 MB 以内；{has}")}</small></label>
        <input id="file" type="file" name="file" accept=".xlsx,.xls,.csv,text/csv" />
        <label for="sheet">"工作表名"<small>{first}</small></label>
        <input id="sheet" type="text" name="sheet" value=posted.text("sheet").to_owned() autocomplete="off" />
    }
    .into_any()
}

/// The form that answers to a preview: what was shown goes with it; without a button where nothing can be written.
pub(crate) fn confirm_form(at: String, hidden: Vec<(&'static str, String)>, button: Option<String>) -> AnyView {
    let again = at.clone();
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let button = button.map(|said| view! { <button type="submit">{said}</button> });
    view! {
        <form id="import-form" method="post" action=at class="import-form">
            {hidden.collect_view()}
            <p>{button} " " <a href=again>"换一个文件"</a></p>
        </form>
    }
    .into_any()
}

/// All that has to be mended in a file first, as far as it is listed.
pub(crate) fn faults_list(faults: impl ExactSizeIterator<Item = AnyView>) -> Option<AnyView> {
    let more = faults.len().saturating_sub(domain::LISTED);
    let more = (more > 0).then(|| view! { <li>{format!("……另有 {more} 处没有列出，请先改好上面这些")}</li> });
    (faults.len() > 0).then(|| {
        view! {
            <h2>"要先改好"</h2>
            <ul>{faults.take(domain::LISTED).collect_view()} {more}</ul>
        }
        .into_any()
    })
}

/// `3-1-0` of an address: lines that were new, changed, unchanged.
pub(crate) fn counts<const MANY: usize>(text: &str) -> Option<[usize; MANY]> {
    let numbers: Option<Vec<usize>> = text.split('-').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

impl SheetReading {
    pub fn stops(&self) -> bool {
        self.doubts.iter().any(|doubt| doubt.stops)
    }

    /// What stops, and what is to be looked at; `until` says what has to wait, `form` is where a box for what is right
    /// as it is belongs, `prefix` what its name begins with.
    pub(crate) fn doubts_view(&self, until: &str, form: &'static str, prefix: &str) -> AnyView {
        let name = format!("{prefix}accept");
        let (stops, others): (Vec<&SheetDoubt>, Vec<&SheetDoubt>) = self.doubts.iter().partition(|doubt| doubt.stops);
        let list = |doubts: Vec<&SheetDoubt>| {
            // What can be accepted stands there with its box, however many there are.
            let (boxed, told): (Vec<_>, Vec<_>) = doubts.into_iter().partition(|doubt| !doubt.key.is_empty());
            let more = told.len().saturating_sub(domain::LISTED);
            let more = (more > 0).then(|| view! { <li>{format!("……另有 {more} 处没有列出，请先改好上面这些")}</li> });
            let items = boxed
                .into_iter()
                .chain(told.into_iter().take(domain::LISTED))
                .map(|doubt| {
                    let address = (!doubt.address.is_empty()).then(|| {
                        view! {
                            <b class="cell">{doubt.address.clone()}</b>
                            " "
                        }
                    });
                    let accept = (!doubt.key.is_empty() && (doubt.stops || doubt.accepted || doubt.choice.is_some()))
                        .then(|| {
                            let label = doubt.choice.unwrap_or("看过，就按这样读");
                            view! {
                                " "
                                <label class="pick">
                                    <input
                                        type="checkbox"
                                        name=name.clone()
                                        value=doubt.key.clone()
                                        checked=doubt.accepted
                                        form=form
                                    />
                                    {label}
                                </label>
                            }
                        });
                    view! { <li>{address}{doubt.message.clone()}{accept}</li> }
                })
                .collect_view();
            view! {
                {items}
                {more}
            }
        };
        let settle = if stops.iter().any(|doubt| !doubt.key.is_empty()) { "改好或确认" } else { "改好" };
        let stopping = (!stops.is_empty()).then(|| {
            view! {
                <div class="notice act" role="alert">
                    <p>{format!("有 {} 处要先{settle}，才能{until}：", stops.len())}</p>
                    <ul>{list(stops)}</ul>
                </div>
            }
        });
        let doubting = (!others.is_empty()).then(|| {
            view! {
                <div class="notice">
                    <p>{format!("{} 处请看一看：", others.len())}</p>
                    <ul>{list(others)}</ul>
                </div>
            }
        });
        view! {
            {stopping}
            {doubting}
        }
        .into_any()
    }

    /// The unit of money and the first line; field names begin with `prefix`.
    pub(crate) fn place_view(&self, prefix: &str) -> AnyView {
        let units = self.money.then(|| {
            let open = self.unit.is_empty().then(|| {
                view! {
                    <option value="" selected=true>
                        "请选定"
                    </option>
                }
            });
            let options = ["亿元", "万元", "元"].map(|unit| {
                view! {
                    <option value=unit selected=unit == self.unit>
                        {unit}
                    </option>
                }
            });
            view! {
                <label>
                    "金额单位 "
                    <select name=format!("{prefix}unit")>{open}{options.into_iter().collect_view()}</select>
                </label>
            }
        });
        view! {
            {units}
            <label>
                "从第几行起 "
                <input
                    type="text"
                    name=format!("{prefix}first_row")
                    value=self.first_row.to_string()
                    inputmode="numeric"
                    size="4"
                />
            </label>
        }
        .into_any()
    }

    /// Each column with its head and a choice of uses.
    pub(crate) fn columns_view(&self, prefix: &str) -> AnyView {
        let columns = self.columns.iter().map(|column| {
            let options = self.uses.iter().map(|(id, called)| {
                view! {
                    <option value=*id selected=*id == column.of>
                        {*called}
                    </option>
                }
            });
            let name = column_field(prefix, &column.letters);
            let label = format!("{}列用作", column.letters);
            view! {
                <tr>
                    <th scope="row">{format!("{}列", column.letters)}</th>
                    <td>{column.head.clone()}</td>
                    <td>
                        <select name=name aria-label=label>
                            {options.collect_view()}
                        </select>
                    </td>
                </tr>
            }
        });
        view! {
            {data_table(
                "表格",
                "data",
                &[("列", false), ("表头", false), ("用作", false)],
                columns.collect_view(),
            )}
        }
        .into_any()
    }
}

/// The field of a column's use.
pub fn column_field(prefix: &str, letters: &str) -> String {
    format!("{prefix}col.{letters}")
}
