//! Who may stay connected: so many in all and from one address, and no one for long without a request.
//!
//! A connection that never sends a whole request costs a descriptor and keeps others out (`docs/security.md`). Here the
//! longest idle ones leave first when there is no room, so that a flood of them cannot stop readers.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tower::Service;

use super::front::Front;

/// Connections at once, where the machine allows so many descriptors.
const MOST: usize = 2_048;
/// Of these from one address that is neither this machine's nor a trusted proxy's.
const PER_ADDRESS: usize = 256;
/// Descriptors left to the database, files and what is being written.
const RESERVED: usize = 128;
/// Fewer descriptors than this and the site does not start.
pub(crate) const LEAST_DESCRIPTORS: usize = 256;

/// The number of descriptors the machine lets this process have, where it tells.
pub(crate) fn descriptors() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// One connection.
struct Guest {
    address: Option<IpAddr>,
    /// Requests that are being answered.
    busy: Arc<AtomicUsize>,
    /// When it last had a request, in turns of the door; 0 before its first one.
    seen: Arc<AtomicU64>,
    leave: oneshot::Sender<()>,
}

#[derive(Default)]
struct Guests {
    /// By the order in which they came.
    inside: BTreeMap<u64, Guest>,
    next: u64,
}

impl Guests {
    fn from(&self, address: Option<IpAddr>) -> usize {
        self.inside.values().filter(|guest| guest.address == address).count()
    }

    /// Who leaves to make room: nobody who is being answered; first who never asked, then who asked longest ago.
    fn dismiss(&mut self, among: impl Fn(&Guest) -> bool) -> bool {
        let idle = self.inside.iter().filter(|(_, guest)| guest.busy.load(Ordering::Relaxed) == 0 && among(guest));
        let longest = idle.min_by_key(|(id, guest)| (guest.seen.load(Ordering::Relaxed), **id)).map(|(id, _)| *id);
        let Some(guest) = longest.and_then(|id| self.inside.remove(&id)) else { return false };
        let _ = guest.leave.send(());
        true
    }
}

fn locked(guests: &Mutex<Guests>) -> MutexGuard<'_, Guests> {
    guests.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets connections in and hands them to `inner`, which may speak TLS with them.
#[derive(Clone)]
pub(crate) struct Door<A> {
    inner: A,
    guests: Arc<Mutex<Guests>>,
    turns: Arc<AtomicU64>,
    most: usize,
    front: Front,
}

impl<A> Door<A> {
    /// With as many places as the descriptors leave room for.
    pub(crate) fn new(inner: A, descriptors: Option<usize>, front: Front) -> Self {
        let room = descriptors.map_or(MOST, |all| all.saturating_sub(RESERVED));
        Self { inner, guests: Arc::default(), turns: Arc::new(AtomicU64::new(1)), most: room.clamp(1, MOST), front }
    }

    /// `None` where there is no room and everybody inside is being answered.
    fn let_in(&self, address: Option<IpAddr>) -> Option<(Stay, oneshot::Receiver<()>)> {
        let mut guests = locked(&self.guests);
        let foreign = address.filter(|address| !address.is_loopback() && !self.front.trusts(*address));
        if foreign.is_some() && guests.from(address) >= PER_ADDRESS && !guests.dismiss(|guest| guest.address == address)
        {
            return None;
        }
        if guests.inside.len() >= self.most && !guests.dismiss(|_| true) {
            return None;
        }
        let (leave, left) = oneshot::channel();
        let (busy, seen) = (Arc::<AtomicUsize>::default(), Arc::<AtomicU64>::default());
        guests.next += 1;
        let id = guests.next;
        guests.inside.insert(id, Guest { address, busy: busy.clone(), seen: seen.clone(), leave });
        Some((Stay { id, guests: self.guests.clone(), busy, seen, turns: self.turns.clone() }, left))
    }
}

/// A place inside, given back when it is dropped.
struct Stay {
    id: u64,
    guests: Arc<Mutex<Guests>>,
    busy: Arc<AtomicUsize>,
    seen: Arc<AtomicU64>,
    turns: Arc<AtomicU64>,
}

impl Drop for Stay {
    fn drop(&mut self) {
        locked(&self.guests).inside.remove(&self.id);
    }
}

impl<A, S> Accept<TcpStream, S> for Door<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
    S: Send + 'static,
{
    type Stream = Seated<A::Stream>;
    type Service = Heard<A::Service>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let address = stream.peer_addr().ok().map(|address| address.ip());
        let Some((stay, mut left)) = self.let_in(address) else {
            return Box::pin(std::future::ready(Err(io::Error::other("no room"))));
        };
        let (busy, seen, turns) = (stay.busy.clone(), stay.seen.clone(), stay.turns.clone());
        let accepted = self.inner.accept(stream, service);
        Box::pin(async move {
            // Somebody who takes his time over the handshake can be asked to leave, too.
            let (stream, service) = tokio::select! {
                accepted = accepted => accepted?,
                _ = &mut left => return Err(io::Error::other("asked to leave")),
            };
            Ok((Seated { stream, left: Some(left), _stay: stay }, Heard { service, busy, seen, turns }))
        })
    }
}

/// A connection that ends when it is asked to leave.
pub(crate) struct Seated<T> {
    stream: T,
    left: Option<oneshot::Receiver<()>>,
    _stay: Stay,
}

impl<T> Seated<T> {
    fn asked_to_leave(&mut self, context: &mut Context<'_>) -> bool {
        let asked = self.left.as_mut().is_some_and(|left| Pin::new(left).poll(context).is_ready());
        if asked {
            self.left = None;
        }
        asked
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Seated<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.asked_to_leave(context) {
            return Poll::Ready(Err(io::Error::other("asked to leave")));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Seated<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// A connection's requests, so that the door knows who is being answered.
#[derive(Clone)]
pub(crate) struct Heard<S> {
    service: S,
    busy: Arc<AtomicUsize>,
    seen: Arc<AtomicU64>,
    turns: Arc<AtomicU64>,
}

/// Counted while it lives.
struct Answering(Arc<AtomicUsize>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<S, R> Service<R> for Heard<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.seen.store(self.turns.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        self.busy.fetch_add(1, Ordering::Relaxed);
        let answering = Answering(self.busy.clone());
        let answer = self.service.call(request);
        Box::pin(async move {
            let _answering = answering;
            answer.await
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn door(descriptors: usize) -> Door<()> {
        Door::new((), Some(descriptors), Front::default())
    }

    const HERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));

    fn there(last: u8) -> Option<IpAddr> {
        Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)))
    }

    #[test]
    fn the_longest_idle_leaves_for_a_newcomer() {
        let door = door(RESERVED + 2);
        let (asked, mut asked_left) = door.let_in(HERE).unwrap();
        let (_silent, mut silent_left) = door.let_in(HERE).unwrap();
        asked.seen.store(7, Ordering::Relaxed);
        let _third = door.let_in(HERE).unwrap();
        assert!(silent_left.try_recv().is_ok(), "who never asked leaves first");
        assert!(asked_left.try_recv().is_err());
    }

    #[test]
    fn nobody_leaves_while_being_answered() {
        let door = door(RESERVED + 1);
        let (guest, mut left) = door.let_in(HERE).unwrap();
        guest.busy.store(1, Ordering::Relaxed);
        assert!(door.let_in(HERE).is_none());
        assert!(left.try_recv().is_err());
        drop(guest);
        assert!(door.let_in(HERE).is_some(), "a place is given back");
    }

    #[test]
    fn one_address_takes_only_its_own_places() {
        let door = door(RESERVED + PER_ADDRESS + 10);
        let (_other, mut other_left) = door.let_in(there(1)).unwrap();
        let crowd: Vec<_> = (0..PER_ADDRESS + 5).map(|_| door.let_in(there(2)).unwrap()).collect();
        assert_eq!(locked(&door.guests).from(there(2)), PER_ADDRESS);
        assert!(other_left.try_recv().is_err());
        drop(crowd);
    }
}
