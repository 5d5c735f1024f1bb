//! A way to PostgreSQL on which a COMMIT may be lost, and which may be cut.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// What happens to the next COMMIT on its way to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    Answer,
    Request,
    /// The answer, and the way to the database with it.
    Everything,
}

/// The way; its copies are the same.
#[derive(Clone, Default)]
pub struct Way(Arc<State>);

#[derive(Default)]
struct State {
    next: Mutex<Option<Lost>>,
    closed: AtomicBool,
    /// Both ends of what goes this way now.
    ends: Mutex<Vec<TcpStream>>,
}

impl Way {
    /// A way that leads to the server of this address of a database; returns the database's address on it.
    pub fn to(url: &str) -> (Self, String) {
        let (head, database) = url.rsplit_once('/').unwrap();
        let (user, address) = head.rsplit_once('@').unwrap();
        let server: SocketAddr = address.replace("localhost", "127.0.0.1").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let way = Self::default();
        let guard = way.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if !guard.0.closed.load(Ordering::SeqCst) {
                    let _ = guard.carry(client, server);
                }
            }
        });
        (way, format!("{user}@{here}/{database}"))
    }

    /// Loses the next COMMIT in this manner.
    pub fn lose(&self, what: Lost) {
        *self.0.next.lock().unwrap() = Some(what);
    }

    /// Whether no COMMIT has been lost since one was to be.
    pub fn still_to_lose(&self) -> bool {
        self.0.next.lock().unwrap().is_some()
    }

    /// Cuts everything that goes this way, and lets nothing new in until it is opened.
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::SeqCst);
        for end in self.0.ends.lock().unwrap().drain(..) {
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    pub fn open(&self) {
        self.0.closed.store(false, Ordering::SeqCst);
    }

    fn carry(&self, client: TcpStream, server: SocketAddr) -> std::io::Result<()> {
        let server = TcpStream::connect(server)?;
        self.0.ends.lock().unwrap().extend([client.try_clone()?, server.try_clone()?]);
        // Whether the answer on its way now is to be lost.
        let losing = Arc::new(AtomicBool::new(false));
        let (mut asked, mut ask) = (client.try_clone()?, server.try_clone()?);
        let (way, lost) = (self.clone(), losing.clone());
        std::thread::spawn(move || {
            let _ = way.requests(&mut asked, &mut ask, &lost);
            let _ = (asked.shutdown(Shutdown::Both), ask.shutdown(Shutdown::Both));
        });
        let (mut answered, mut answer) = (server, client);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count) = answered.read(&mut buffer) {
                let lost = losing.load(Ordering::SeqCst);
                if count == 0 || lost || answer.write_all(&buffer[..count]).is_err() {
                    break;
                }
            }
            let _ = (answered.shutdown(Shutdown::Both), answer.shutdown(Shutdown::Both));
        });
        Ok(())
    }

    fn requests(&self, from: &mut TcpStream, to: &mut TcpStream, losing: &AtomicBool) -> std::io::Result<()> {
        let mut buffer = vec![0; 65_536];
        loop {
            let count = from.read(&mut buffer)?;
            // Nothing more goes a way that is closed, on connections that there were either.
            if count == 0 || self.0.closed.load(Ordering::SeqCst) {
                return Ok(());
            }
            let commits = buffer[..count].windows(6).any(|word| word == b"COMMIT");
            match if commits { self.0.next.lock().unwrap().take() } else { None } {
                None => {}
                Some(Lost::Request) => return Ok(()),
                Some(lost) => {
                    losing.store(true, Ordering::SeqCst);
                    self.0.closed.store(lost == Lost::Everything, Ordering::SeqCst);
                }
            }
            to.write_all(&buffer[..count])?;
        }
    }
}
