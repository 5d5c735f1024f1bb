//! Plans and figures of many units for benchmarks, and what a process has had of a processor.

use std::fmt::Write;

/// The years of the plan.
pub const FIRST: i32 = 2021;
pub const LAST: i32 = 2025;

/// 万元 a year.
pub fn target(unit: i32) -> i32 {
    1_000_000 + 1_000 * (unit % 97)
}

/// A plan of five years, an equal target each year for each unit, 第0县 to the last.
pub fn plan(units: i32) -> String {
    let mut text = String::from(
        "format = 1\nid = \"bench\"\ntitle = \"bench\"\nregion = { name = \"某省\" }\nyears = [2021, 2025]\n\
         [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\ntargets = [\n",
    );
    for year in FIRST..=LAST {
        let _ = writeln!(text, "{{ year = {year}, value = \"3000000000\", growth_pct = \"10\" }},");
    }
    text.push_str("]\n");
    for unit in 0..units {
        let _ = write!(text, "[[goal.split]]\nname = \"第{unit}县\"\ntargets = [");
        for year in FIRST..=LAST {
            let (value, growth) = (1_000_000 + 1_000 * (unit % 97), 5 + unit % 11);
            let _ = write!(text, "{{ year = {year}, value = \"{value}\", growth_pct = \"{growth}\" }}, ");
        }
        text.push_str("]\n");
    }
    text.push_str(
        "[[assessment]]\ngoal = \"g\"\n[[assessment.award]]\nwhen = \"completed\"\nfrom = \"top\"\n\
         places = [\"0.3\", \"0.2\", \"0.1\"]\nunit = \"分\"\n",
    );
    text
}

fn base(unit: i32, month: i32) -> i32 {
    (800_000 + (unit * 7_919) % 400_000) * month / 12
}

/// 万元 until a month, half of one less.
pub fn value(unit: i32, year: i32, month: i32) -> i32 {
    base(unit, month) + (unit * 1_729 + year) % 90_000
}

/// The figures of all units in the first months of a year, as a returns file.
pub fn returns(units: i32, year: i32, months: i32) -> String {
    let mut text = String::from("region,period,value,base\n");
    for month in 1..=months {
        for unit in 0..units {
            let (value, base) = (value(unit, year, month), base(unit, month));
            let _ = writeln!(text, "第{unit}县,{year}-{month:02},{value}.5,{base}");
        }
    }
    text
}

/// Milliseconds of a processor that all threads of a process have had, by its number or `self`; `None` where the system
/// does not tell. Another program beside them changes little.
pub fn spent(process: &str) -> Option<f64> {
    let each = |task: std::io::Result<std::fs::DirEntry>| {
        let told = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        told.split_whitespace().next()?.parse::<f64>().ok()
    };
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    Some(tasks.filter_map(each).sum::<f64>() / 1e6)
}
