//! A sheet that somebody looks at before anything is taken of it: its mapping, to a page and back from its form.

use app::parts::sheet::{SheetColumn, SheetDoubt, SheetReading, column_field};
use documents::grid::Grid;
use documents::office_table::{Doubt, Mapping, Use, UseOf, is_place};
use domain::money::Measure;
use office::posted::Posted;

/// The uses that a table of this kind may have, with what they are called there.
pub(super) struct Kind {
    pub(super) uses: &'static [Use],
    pub(super) called: fn(Use) -> &'static str,
    /// What the names of its boxes begin with.
    pub(super) prefix: &'static str,
}

pub(super) const RETURNS: Kind = Kind { uses: &Use::RETURNS, called: Use::called, prefix: "" };
pub(super) const SPLIT: Kind =
    Kind { uses: &Use::SPLIT, called: Use::called_in_split, prefix: app::pages::plan_split::PREFIX };

impl Kind {
    /// The mapping that a form sends, without its period; columns that it does not send have no use.
    pub(super) fn wished(&self, grid: &Grid, posted: &Posted) -> Result<Mapping, String> {
        let text = |name: &str| posted.text(&format!("{}{name}", self.prefix)).to_owned();
        let mut mapping = Mapping { sheet: grid.name.clone(), ..Mapping::default() };
        mapping.unit = Some(text("unit")).filter(|unit| Measure::money(unit).is_some());
        let first = domain::money::fold(&text("first_row"));
        mapping.first_row = first.trim().parse().map_err(|_| "“从第几行起”请写行号，例如 5".to_owned())?;
        mapping.skip = posted
            .all(&format!("{}skip", self.prefix))
            .into_iter()
            .filter(|place| is_place(place))
            .map(str::to_owned)
            .collect();
        mapping.accept = posted.all(&format!("{}accept", self.prefix)).into_iter().map(str::to_owned).collect();
        for letters in (0..grid.width()).map(|column| grid.letters(column)) {
            if let Some(of) =
                posted.get(&column_field(self.prefix, &letters)).and_then(|text| Use::parse(text, self.uses))
            {
                mapping.columns.insert(letters, UseOf { head: String::new(), of });
            }
        }
        Ok(mapping)
    }

    /// A mapping and its doubts as a page shows them.
    pub(super) fn shown(&self, file: &str, mapping: &Mapping, measure: &Measure, doubts: &[Doubt]) -> SheetReading {
        let mut columns: Vec<_> = mapping.columns.iter().collect();
        columns.sort_by_key(|(letters, _)| (letters.len(), (*letters).clone()));
        let column = |(letters, column): (&String, &UseOf)| SheetColumn {
            letters: letters.clone(),
            head: column.head.clone(),
            of: column.of.id(),
        };
        let doubt = |doubt: &Doubt| SheetDoubt {
            address: doubt.address.clone(),
            message: doubt.message.clone(),
            stops: doubt.stops,
            key: doubt.key.clone(),
            choice: doubt.choice,
            accepted: !doubt.key.is_empty() && mapping.accept.contains(&doubt.key),
        };
        SheetReading {
            file: file.to_owned(),
            seen: seen(mapping),
            sheet: mapping.sheet.clone(),
            money: measure.money,
            unit: mapping
                .unit
                .clone()
                .unwrap_or_else(|| if measure.money { String::new() } else { measure.unit.clone() }),
            first_row: mapping.first_row,
            columns: columns.into_iter().map(column).collect(),
            uses: self.uses.iter().map(|of| (of.id(), (self.called)(*of))).collect(),
            doubts: doubts.iter().map(doubt).collect(),
        }
    }
}

/// What a preview rests on, in short: the uses of the columns, not their heads.
pub(super) fn seen(mapping: &Mapping) -> String {
    let columns: Vec<String> =
        mapping.columns.iter().map(|(letters, column)| format!("{letters}={}", column.of.id())).collect();
    let period = mapping.period.map(|period| period.to_string()).unwrap_or_default();
    let unit = mapping.unit.clone().unwrap_or_default();
    let place = format!("{}|{period}|{unit}|{}", mapping.sheet, mapping.first_row);
    let text = format!("{place}|{:?}|{:?}|{}", mapping.skip, mapping.accept, columns.join(","));
    domain::canonical::sha256(text.as_bytes())
}
