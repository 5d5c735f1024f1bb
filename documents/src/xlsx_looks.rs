//! What a workbook's reader leaves out: which cells are shown as percentages, which are indented, which rows and
//! columns are hidden (ECMA-376, 18.3 and 18.8).

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use domain::budget::Budget;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

/// How the cells of a format look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) percent: bool,
    pub(crate) indented: bool,
    /// As many decimals are shown; `None` where the format does not say.
    pub(crate) decimals: Option<u32>,
}

/// What one sheet looks like; rows and columns count from 0.
#[derive(Debug, Clone, Default)]
pub(crate) struct SheetLooks {
    /// Cells that look otherwise than plain.
    pub(crate) cells: HashMap<(u32, u32), Look>,
    pub(crate) hidden_rows: HashSet<u32>,
    /// From the first to the last of each run.
    pub(crate) hidden_columns: Vec<(u32, u32)>,
}

/// The looks of each sheet by its name. A workbook that says nothing readable about looks has none: they help, and
/// nothing depends on them alone.
pub(crate) fn looks(bytes: &[u8], budget: Budget<'_>) -> HashMap<String, SheetLooks> {
    read(bytes, budget).unwrap_or_default()
}

fn read(bytes: &[u8], budget: Budget<'_>) -> Option<HashMap<String, SheetLooks>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let formats = part(&mut archive, "xl/styles.xml").map(|styles| formats(&styles, budget)).unwrap_or_default();
    let interesting: HashSet<usize> =
        formats.iter().enumerate().filter(|(_, look)| **look != Look::default()).map(|(at, _)| at).collect();
    let targets = relations(&part(&mut archive, "xl/_rels/workbook.xml.rels")?, budget);
    let mut found = HashMap::new();
    for (name, relation) in sheets(&part(&mut archive, "xl/workbook.xml")?, budget) {
        budget.check().ok()?;
        let Some(target) = targets.get(&relation) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        let Some(sheet) = part(&mut archive, &path) else { continue };
        found.insert(name, sheet_looks(&sheet, &formats, &interesting, budget));
    }
    Some(found)
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = String::new();
    // The whole archive has been measured before.
    archive.by_name(name).ok()?.take(64 * 1024 * 1024).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Calls `each` with every element that starts, as long as the budget goes.
fn elements(xml: &str, budget: Budget<'_>, mut each: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    while budget.check().is_ok() {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// The looks of `cellXfs`, in their order.
fn formats(styles: &str, budget: Budget<'_>) -> Vec<Look> {
    let (mut own, mut formats, mut inside) = (HashMap::new(), Vec::<Look>::new(), false);
    elements(styles, budget, |element| match element.local_name().as_ref() {
        "numFmt" => {
            if let (Some(id), Some(code)) = (attribute(element, "numFmtId"), attribute(element, "formatCode")) {
                own.insert(id, (code.contains('%'), decimals(&code)));
            }
        }
        "cellXfs" => inside = true,
        "cellStyles" | "dxfs" => inside = false,
        "xf" if inside => {
            let id = attribute(element, "numFmtId").unwrap_or_default();
            let (percent, decimals) = own.get(&id).copied().unwrap_or_else(|| built_in(&id));
            formats.push(Look { percent, indented: false, decimals });
        }
        "alignment" if inside => {
            let indent: u32 = attribute(element, "indent").and_then(|indent| indent.parse().ok()).unwrap_or(0);
            if let Some(last) = formats.last_mut() {
                last.indented = indent > 0;
            }
        }
        _ => {}
    });
    formats
}

/// The formats that every workbook knows by their number (ECMA-376, 18.8.30): whether percent, and the decimals shown.
fn built_in(id: &str) -> (bool, Option<u32>) {
    match id {
        "9" => (true, Some(0)),
        "10" => (true, Some(2)),
        "1" | "3" | "37" | "38" | "41" | "42" => (false, Some(0)),
        "2" | "4" | "39" | "40" | "43" | "44" => (false, Some(2)),
        _ => (false, None),
    }
}

/// How many decimals a format's code shows: `0.0_ `, `#,##0.00`, `0.0%`. Dates, fractions, powers and figures that are
/// shown in thousands are none of these.
fn decimals(code: &str) -> Option<u32> {
    let mut plain = String::new();
    let mut characters = code.split(';').next()?.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => characters.by_ref().take_while(|c| *c != '"').for_each(drop),
            '[' => characters.by_ref().take_while(|c| *c != ']').for_each(drop),
            '\\' | '_' | '*' | '!' => drop(characters.next()),
            c => plain.push(c),
        }
    }
    let number = plain.trim_matches(|c: char| !matches!(c, '0' | '#' | ',' | '.'));
    let placed = |c: char| matches!(c, '0' | '#' | ',' | '.');
    if !number.contains('0') || !number.chars().all(placed) || number.ends_with(',') {
        return None;
    }
    u32::try_from(number.split_once('.').map_or(0, |(_, fraction)| fraction.len())).ok()
}

fn relations(xml: &str, budget: Budget<'_>) -> HashMap<String, String> {
    let mut found = HashMap::new();
    elements(xml, budget, |element| {
        if element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
        {
            found.insert(id, target);
        }
    });
    found
}

/// Names of sheets with the relations they are found by.
fn sheets(xml: &str, budget: Budget<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    elements(xml, budget, |element| {
        if element.local_name().as_ref() == "sheet"
            && let (Some(name), Some(relation)) = (attribute(element, "name"), attribute(element, "r:id"))
        {
            found.push((name, relation));
        }
    });
    found
}

fn sheet_looks(xml: &str, formats: &[Look], interesting: &HashSet<usize>, budget: Budget<'_>) -> SheetLooks {
    let mut found = SheetLooks::default();
    let number = |element: &BytesStart<'_>, name: &str| attribute(element, name)?.parse::<u32>().ok()?.checked_sub(1);
    let hidden =
        |element: &BytesStart<'_>| attribute(element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true");
    elements(xml, budget, |element| match element.local_name().as_ref() {
        "c" if !interesting.is_empty() => {
            let style = attribute(element, "s").and_then(|style| style.parse::<usize>().ok()).unwrap_or(0);
            if interesting.contains(&style)
                && let Some(place) = attribute(element, "r").and_then(|reference| place(&reference))
            {
                found.cells.insert(place, formats[style]);
            }
        }
        "row" if hidden(element) => found.hidden_rows.extend(number(element, "r")),
        "col" if hidden(element) => found.hidden_columns.extend(number(element, "min").zip(number(element, "max"))),
        _ => {}
    });
    found
}

/// `B5` → (4, 1).
fn place(reference: &str) -> Option<(u32, u32)> {
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(split);
    let column = letters.chars().try_fold(0_u32, |number, c| {
        c.is_ascii_uppercase().then(|| number.saturating_mul(26).saturating_add(c as u32 - 'A' as u32 + 1))
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}
