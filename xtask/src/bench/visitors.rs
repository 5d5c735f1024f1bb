//! What visitors get, beside a bare handler that answers the same bytes from memory.

use std::path::Path;
use std::time::Instant;

use super::load::{Asked, LASTS, Load, ROUNDS, Running, client, fetch, floor_of, in_turns, load};
use super::{Goal, Table};
use crate::step::{Done, Failed};

const BULLETIN: &str = "/bulletins/fuzhou-2021/2021-05";
const RANKING: &str = "/rank/fuzhou-2021/2021-05";

/// Bulletin and ranking plainly, packed, and where the reader has them already.
pub(super) fn of_the_demo(folder: &Path, site: &Running, table: &mut Table) -> Done {
    let tag = fetch(&site.address, &Asked::plainly(BULLETIN))?.1;
    let packed = Asked { path: BULLETIN.to_owned(), wishes: "accept-encoding: gzip\r\n".to_owned() };
    let known = Asked { path: BULLETIN.to_owned(), wishes: format!("if-none-match: {tag}\r\n") };
    for (name, asked, goals) in [
        ("bulletin page", Asked::plainly(BULLETIN), [0.65, 0.60]),
        ("the same packed", packed, [0.50, 0.50]),
        ("the same unchanged (304)", known, [0.50, 0.50]),
        ("ranking page", Asked::plainly(RANKING), [0.60, 0.40]),
    ] {
        beside_floor(folder, site, name, &asked, goals, table)?;
    }
    Ok(())
}

/// One client, then 32.
fn beside_floor(folder: &Path, site: &Running, name: &str, asked: &Asked, goals: [f64; 2], table: &mut Table) -> Done {
    let floor = floor_of(&folder.join("body"), fetch(&site.address, asked)?.0)?;
    for (clients, goal) in [1, 32].into_iter().zip(goals) {
        let (page, bare) = in_turns(&site.address, asked, &floor, clients)?;
        let clients = if clients == 1 { "1 client".to_owned() } else { format!("{clients} clients") };
        let goal = Some(Goal::AtLeast(goal));
        table.beside(&format!("{name}, {clients}, requests/s"), page.per_second, bare.per_second, goal);
        table.beside(&format!("{name}, {clients}, p99 ms"), page.p99, bare.p99, None);
    }
    Ok(())
}

/// Pages alone, and while two readers fetch papers again and again: papers are set one at a time, on the other
/// processor.
pub(super) fn beside_exports(address: &str, table: &mut Table) -> Done {
    let page = &Asked::plainly(BULLETIN);
    let paper = Asked::plainly("/export/bulletin/fuzhou-2021.2021-05.e1.paper.pdf");
    let alone =
        (0..ROUNDS).try_fold(Load::default(), |best, _| Ok::<_, Failed>(best.better(load(address, page, 4)?)))?;
    let until = Instant::now() + 3 * LASTS;
    let exports: Vec<_> = (0..2)
        .map(|_| {
            let (of, paper) = (address.to_owned(), paper.clone());
            std::thread::spawn(move || client(&of, &paper, until))
        })
        .collect();
    let mut beside = Load::default();
    while Instant::now() + LASTS < until {
        beside = beside.better(load(address, page, 4)?);
    }
    let mut made = Vec::new();
    for export in exports {
        let own = export.join().map_err(|_| Failed::new("an export failed", "cargo xtask bench"))?;
        made.extend(own.map_err(|error| Failed::new(format!("{}: {error}", paper.path), "cargo xtask bench"))?);
    }
    made.sort_unstable();
    let median = made.get(made.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3;
    table.beside(
        "bulletin page, 4 clients, requests/s: beside two exports against alone",
        beside.per_second,
        alone.per_second,
        None,
    );
    table.beside("the same, p99 ms", beside.p99, alone.p99, None);
    table.says("PDF of a bulletin of twelve units, two asking at once, ms", format!("{median:.0}"));
    Ok(())
}
