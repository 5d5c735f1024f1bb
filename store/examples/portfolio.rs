//! Benchmark: 总览 over all plans of a database. `portfolio FOLDER` prints how many lines it has and the milliseconds of
//! the median of many times.

use std::time::Instant;

use domain::holidays::Holidays;
use store::{Access, Location, Store};

const TIMES: usize = 100;

#[tokio::main]
async fn main() {
    let folder = std::env::args().nth(1).expect("portfolio FOLDER");
    let store = Store::open(&Location::Folder(folder.into()), Access::AsItIs).await.expect("a database");
    let (holidays, now) = (Holidays::default(), chrono::Utc::now().timestamp_millis());
    let mut took = Vec::new();
    let mut lines = 0;
    for _ in 0..TIMES {
        let begin = Instant::now();
        let mut state = store.read().await.expect("a state");
        let found = office::portfolio::portfolio(&mut state, Some("350100"), now, &holidays).await.expect("lines");
        lines = found.len();
        took.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    println!("{lines} {:.2}", took[TIMES / 2]);
}
