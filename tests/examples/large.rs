//! Writes `bench.plan.toml`, `returns.csv` of twelve months, and `targets.csv` for who ranks without a plan.
//! Arguments: units, folder.

use std::fmt::Write;

use tests::large::{LAST, plan, returns, target};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [units, folder] = &arguments[..] else { panic!("large UNITS FOLDER") };
    let units: i32 = units.parse().expect("how many units");
    let targets = (0..units).fold("region,target\n".to_owned(), |mut text, unit| {
        let _ = writeln!(text, "第{unit}县,{}", target(unit));
        text
    });
    for (name, text) in
        [("bench.plan.toml", plan(units)), ("returns.csv", returns(units, LAST, 12)), ("targets.csv", targets)]
    {
        std::fs::write(std::path::Path::new(folder).join(name), text).expect("a file");
    }
}
