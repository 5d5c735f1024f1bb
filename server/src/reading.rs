//! Work on what somebody sent: a few at a time, each on a thread of its own, as long as somebody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use domain::budget::Budget;
use tokio::sync::Semaphore;

/// Read at once; the others wait in line.
static DESKS: Semaphore = Semaphore::const_new(2);
/// From the moment somebody asks, waiting in line included: less than a request may take.
const LONGEST: Duration = Duration::from_secs(20);

/// Whoever asked is gone once this is dropped: his request ended, or he closed its connection.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Does the work in its turn; its budget ends with whoever asked, or after [`LONGEST`].
///
/// # Errors
/// What the work says; that the line is too long; or that it fell over, which takes nothing with it.
pub(crate) async fn reading<T: Send + 'static>(
    work: impl FnOnce(Budget<'_>) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let asked = Instant::now();
    let Ok(Ok(turn)) = tokio::time::timeout(LONGEST, DESKS.acquire()).await else {
        return Err("同时在读的文件太多，还没有轮到；请过一分钟再试".to_owned());
    };
    let waiting = Waiting(Arc::new(AtomicBool::new(true)));
    let wanted = waiting.0.clone();
    let read = tokio::task::spawn_blocking(move || {
        // Held until the work has really ended, whoever waits for it.
        let _turn = turn;
        work(Budget::new(&|| wanted.load(Ordering::Relaxed) && asked.elapsed() < LONGEST))
    });
    read.await.unwrap_or_else(|_| Err("文件读不懂，可能已损坏；请在 Excel 或 WPS 里另存一份再用".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Work without an end, which tells when its budget ended.
    fn endless(ended: Sender<Duration>) -> impl FnOnce(Budget<'_>) -> Result<(), String> + Send + 'static {
        move |budget| {
            let start = Instant::now();
            while budget.check().is_ok() {
                std::thread::sleep(Duration::from_millis(5));
            }
            ended.send(start.elapsed()).unwrap();
            Ok(())
        }
    }

    /// Attack 6: reading went on after its request had ended, without limit; two at a time, and the next after them.
    #[test]
    fn work_ends_with_whoever_asked_for_it_and_lets_the_next_in() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (told, ended) = channel();
            let gone =
                |asked: Sender<Duration>| tokio::time::timeout(Duration::from_millis(200), reading(endless(asked)));
            let (first, second) = tokio::join!(gone(told.clone()), gone(told));
            assert!(first.is_err() && second.is_err());
            let start = Instant::now();
            assert_eq!(reading(|_| Ok(1)).await, Ok(1));
            assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
            // The other desk may still be about to be left.
            let took: Vec<Duration> = (0..2).map(|_| ended.recv_timeout(LONGEST).unwrap()).collect();
            assert!(took.iter().all(|took| *took < LONGEST / 2), "{took:?}");
            let fell: Result<(), String> = reading(|_| panic!("a reader that falls over")).await;
            assert!(fell.unwrap_err().contains("读不懂"));
        });
    }
}
