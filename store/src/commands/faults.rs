//! Faults of the database, numbered as in the fault test that found them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use office::commands::ask_pack::AskPack;
use office::facts::Why;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::Location;

/// F1: SQLite ends a transaction by itself when the disk is full; sqlx took it for open ever after.
#[test]
fn writing_comes_back_after_the_database_ended_a_transaction() {
    on_both(|bench| {
        let failed = bench.runtime.block_on(bench.store.transact(|transaction| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(&mut **transaction).await?;
                Err::<(), _>(StoreError::refused("满了"))
            })
        }));
        assert!(failed.is_err());
        bench.fuzhou();
    });
}

/// What happens to the next COMMIT on its way to the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lost {
    Answer,
    Request,
    /// The answer, and the way to the database with it.
    Everything,
}

/// A way to the database on which a COMMIT may be lost.
#[derive(Clone, Default)]
struct Way {
    next: Arc<Mutex<Option<Lost>>>,
    closed: Arc<AtomicBool>,
}

impl Way {
    async fn carry(self, mut client: TcpStream, server: SocketAddr) -> std::io::Result<()> {
        let mut server = TcpStream::connect(server).await?;
        let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                count = client.read(&mut asked) => {
                    let closed = self.closed.load(Ordering::Relaxed);
                    let request = match count? { count if count > 0 && !closed => &asked[..count], _ => return Ok(()) };
                    let commits = request.windows(6).any(|word| word == b"COMMIT");
                    match if commits { self.next.lock().unwrap().take() } else { None } {
                        None => server.write_all(request).await?,
                        Some(Lost::Request) => return Ok(()),
                        Some(lost) => {
                            server.write_all(request).await?;
                            self.closed.store(lost == Lost::Everything, Ordering::Relaxed);
                            let _ = server.read(&mut answered).await?;
                            return Ok(());
                        }
                    }
                }
                count = server.read(&mut answered) => match count? {
                    0 => return Ok(()),
                    count => client.write_all(&answered[..count]).await?,
                },
            }
        }
    }
}

/// A database behind such a way, with 福州's plan and figures.
fn far_away() -> (Bench, Way) {
    let url = Bench::new_database();
    let (head, database) = url.rsplit_once('/').unwrap();
    let (user, address) = head.rsplit_once('@').unwrap();
    let server: SocketAddr = address.replace("localhost", "127.0.0.1").parse().unwrap();
    let way = Way::default();
    let listener = std::net::TcpListener::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)).unwrap();
    let here = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let guard = way.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((client, _)) = listener.accept().await {
                if !guard.closed.load(Ordering::Relaxed) {
                    tokio::spawn(guard.clone().carry(client, server));
                }
            }
        });
    });
    let bench = Bench::new(Location::Postgres(format!("{user}@{here}/{database}")), None);
    bench.fuzhou();
    (bench, way)
}

fn editions(bench: &Bench) -> usize {
    bench.runtime.block_on(async { bench.store.read().await.unwrap().editions().await.unwrap().len() })
}

/// F2: whoever published was told that nothing was saved, pressed again, and made a correction that nobody wanted.
#[test]
fn a_commit_whose_answer_is_lost_is_looked_up() {
    let (bench, way) = far_away();
    *way.next.lock().unwrap() = Some(Lost::Answer);
    assert_eq!(bench.publish(None).unwrap(), 1);
    assert!(way.next.lock().unwrap().is_none(), "no COMMIT went this way");
    assert_eq!(editions(&bench), 1);
}

#[test]
fn a_commit_that_never_arrived_is_said_to_have_saved_nothing() {
    let (bench, way) = far_away();
    *way.next.lock().unwrap() = Some(Lost::Request);
    let Err(Refusal::Unavailable(failure)) = bench.publish(None) else { panic!("it was not saved") };
    assert_eq!(failure.why, Why::Failed);
    assert!(failure.sentence().contains("刚才的操作没有生效"));
    assert_eq!(editions(&bench), 0);
    assert_eq!(bench.publish(None).unwrap(), 1);
}

#[test]
fn where_nothing_can_be_looked_up_it_is_said_to_be_uncertain() {
    let (bench, way) = far_away();
    *way.next.lock().unwrap() = Some(Lost::Everything);
    let Err(Refusal::Unavailable(failure)) = bench.publish(None) else { panic!("nobody can know") };
    assert_eq!(failure.why, Why::Uncertain);
    assert!(failure.sentence().contains("不能确定是否已经保存"));
    way.closed.store(false, Ordering::Relaxed);
    assert_eq!(editions(&bench), 1);
}

/// F11: two copies with clocks five minutes apart made packs twice, and one set back left jobs running for ever. Who
/// makes a job is a matter of the database's clock alone.
#[test]
fn a_job_is_left_by_whoever_is_silent_on_the_databases_clock() {
    on_both(|bench| {
        bench.fuzhou();
        let ask = AskPack { plan: "fuzhou-2021".to_owned(), goal: None, year: None, steps: 3 };
        // Asked by a machine whose clock is wrong by years.
        bench.run(ask, somebody(1, Role::CityReviewer, 0)).unwrap();
        let claim = || bench.runtime.block_on(bench.store.claim_job()).unwrap().map(|job| job.id);
        let heard = |ago: i64| {
            let now = bench.store.engine.now();
            bench.sql(&[&format!("UPDATE export_job SET heard_at = {now} - ({ago})")]);
        };
        let id = claim().expect("it waits");
        assert_eq!(claim(), None, "its maker was heard just now");
        heard(90_000);
        assert_eq!(claim(), None);
        bench.runtime.block_on(bench.store.job_lives(&id)).unwrap();
        assert_eq!(claim(), None);
        for ago in [150_000, -150_000, -22 * 24 * 3600 * 1000] {
            heard(ago);
            assert_eq!(claim().as_deref(), Some(id.as_str()), "{ago}");
            assert_eq!(claim(), None);
        }
    });
}
