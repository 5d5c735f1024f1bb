//! A mapping as a file: printed by `--dry-run`, read by `--mapping`.

use domain::money::Measure;
use domain::month::Period;
use domain::toml_words;

use super::{Mapping, Use, UseOf};

/// The mapping as a file that `--mapping` reads; `uses` are those that such a table may have.
pub fn to_toml(mapping: &Mapping, uses: &[Use]) -> String {
    let quoted = |text: &str| toml_string(text);
    let mut text = format!("sheet = {}\n", quoted(&mapping.sheet));
    if let Some(period) = mapping.period {
        text.push_str(&format!("period = \"{period}\"\n"));
    }
    if let Some(unit) = &mapping.unit {
        text.push_str(&format!("unit = {}\n", quoted(unit)));
    }
    let whole = |place: &String| place.chars().all(|c| c.is_ascii_digit());
    let skip: Vec<String> =
        mapping.skip.iter().map(|place| if whole(place) { place.clone() } else { quoted(place) }).collect();
    if !mapping.accept.is_empty() {
        let keys: Vec<String> = mapping.accept.iter().map(|key| quoted(key)).collect();
        text.push_str(&format!("accept = [{}]\n", keys.join(", ")));
    }
    text.push_str(&format!(
        "first_row = {}\nskip_rows = [{}]\n\n[columns]   # {}\n",
        mapping.first_row,
        skip.join(", "),
        uses.iter().map(|of| of.id()).collect::<Vec<_>>().join(" ")
    ));
    let mut columns: Vec<(&String, &UseOf)> = mapping.columns.iter().collect();
    columns.sort_by_key(|(letters, _)| (letters.len(), (*letters).clone()));
    for (letters, column) in columns {
        text.push_str(&format!("{letters} = \"{}\"   # {}\n", column.of.id(), column.head.replace('\n', " ")));
    }
    text
}

/// Reads a mapping file; every fault as a sentence.
pub fn from_toml(text: &str, uses: &[Use]) -> Result<Mapping, Vec<String>> {
    let wrong = |error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        vec![format!("第{line}行不合 TOML 的写法：{}", toml_words::in_words(error.message()))]
    };
    let table: toml::Table = text.parse().map_err(wrong)?;
    let mut faults = Vec::new();
    let mut mapping = Mapping { first_row: 1, ..Mapping::default() };
    for (key, value) in &table {
        match (key.as_str(), value) {
            ("sheet", toml::Value::String(sheet)) => mapping.sheet.clone_from(sheet),
            ("unit", toml::Value::String(unit)) if Measure::money(unit).is_some() => mapping.unit = Some(unit.clone()),
            ("unit", _) => faults.push("unit 请写 亿元、万元 或 元".to_owned()),
            ("period", toml::Value::String(period)) => match Period::parse(period) {
                Ok(period) => mapping.period = Some(period),
                Err(error) => faults.push(format!("period：{error}")),
            },
            ("first_row", toml::Value::Integer(row)) if *row >= 1 => mapping.first_row = *row as usize,
            ("skip_rows", toml::Value::Array(rows)) => {
                let place = |row: &toml::Value| match row {
                    toml::Value::Integer(row) if *row > 0 => Some(row.to_string()),
                    toml::Value::String(cell) => is_place(cell).then(|| cell.to_ascii_uppercase()),
                    _ => None,
                };
                match rows.iter().map(place).collect() {
                    Some(rows) => mapping.skip = rows,
                    None => faults.push("skip_rows 请写行号或单位名称所在的格，例如 [12, \"F15\"]".to_owned()),
                }
            }
            ("accept", toml::Value::Array(keys)) if keys.iter().all(|key| key.as_str().is_some()) => {
                mapping.accept = keys.iter().filter_map(|key| key.as_str().map(str::to_owned)).collect();
            }
            ("columns", toml::Value::Table(columns)) => {
                for (letters, of) in columns {
                    if letters.is_empty() || letters.len() > 3 || !letters.chars().all(|c| c.is_ascii_alphabetic()) {
                        faults.push(format!("columns 的 {letters} 不是列，请写字母，例如 B"));
                        continue;
                    }
                    match of.as_str().and_then(|of| Use::parse(of, uses)) {
                        Some(of) => drop(
                            mapping
                                .columns
                                .insert(letters.trim().to_ascii_uppercase(), UseOf { head: String::new(), of }),
                        ),
                        None => {
                            let known = uses.iter().map(|of| of.id()).collect::<Vec<_>>().join("、");
                            faults.push(format!("columns 的 {letters} 请写 {known} 之一"));
                        }
                    }
                }
            }
            ("sheet" | "period" | "first_row" | "skip_rows" | "accept" | "columns", _) => {
                faults.push(format!("{key} 的写法不对，请照 --dry-run 打印的样子写"))
            }
            _ => faults
                .push(format!("不认识 {key}，可用的有 sheet、period、unit、first_row、skip_rows、accept、columns")),
        }
    }
    if faults.is_empty() { Ok(mapping) } else { Err(faults) }
}

/// `F12`, or `12` for the whole line.
pub fn is_place(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let digits = &text[letters..];
    letters <= 3 && !digits.is_empty() && digits.len() <= 7 && digits.chars().all(|c| c.is_ascii_digit())
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(|c: char| c.is_control(), " "))
}
