//! Who is answered next: one log-in of an address at a time, so that a crowd from one place makes nobody else wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A line of one for each name.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<String, Weak<Semaphore>>>>);

/// Somebody's turn, over when it is dropped.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// Waits until nobody else of this name has his turn.
    pub(crate) async fn of(&self, name: &str) -> Turn {
        let line = {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Where nobody stands any more nobody has to be remembered.
            lines.retain(|_, line| line.strong_count() > 0);
            let there = lines.get(name).and_then(Weak::upgrade);
            there.unwrap_or_else(|| {
                let line = Arc::new(Semaphore::new(1));
                lines.insert(name.to_owned(), Arc::downgrade(&line));
                line
            })
        };
        Turn { _permit: line.acquire_owned().await.expect("no line is ever closed") }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn now(turn: std::pin::Pin<&mut impl Future<Output = Turn>>) -> Option<Turn> {
        match turn.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }

    /// Attack 12: sixty log-ins at once from one address made everybody wait.
    #[test]
    fn a_crowd_of_one_address_waits_in_its_own_line() {
        let turns = Turns::default();
        let mut first = pin!(turns.of("10.0.0.1"));
        let mut second = pin!(turns.of("10.0.0.1"));
        let mut other = pin!(turns.of("10.0.0.2"));
        let held = now(first.as_mut()).expect("nobody is before him");
        assert!(now(second.as_mut()).is_none());
        drop(now(other.as_mut()).expect("another address has another line"));
        drop(held);
        drop(now(second.as_mut()).expect("it is his turn"));
    }

    #[test]
    fn nobody_is_remembered_who_has_gone() {
        let turns = Turns::default();
        for address in 0..1000 {
            let name = address.to_string();
            let mut turn = pin!(turns.of(&name));
            drop(now(turn.as_mut()).expect("nobody is before him"));
        }
        assert!(turns.0.lock().unwrap().len() <= 2);
    }
}
