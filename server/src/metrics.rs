//! `/metrics` for Prometheus, on a port of its own: how often and how long pages are asked for, and whether the database,
//! its trail and its backups are as they should be. Without `--metrics` nothing is counted.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use serde::{Deserialize, Serialize};
use store::{Store, StoreError};

use crate::clock::Clock;

/// Upper ends of the times that are told apart, in seconds: from a kept page to a year's pack.
const TIMES: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// A database that does not answer within this is down.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: String,
    /// As the router writes it, `/rank/{plan}/{period}`: as many as there are pages.
    path: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct At {
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Pool {
    pool: &'static str,
}

/// What was counted since the start.
struct Counts {
    requests: Family<Asked, Counter>,
    times: Family<At, Histogram>,
    registry: Registry,
}

/// What a data folder notes of its newest backup.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Backup {
    /// When it was begun, in UTC milliseconds: what was saved before that is in it.
    pub(crate) at: i64,
    pub(crate) sha256: String,
}

impl Backup {
    pub(crate) fn file(data: &Path) -> PathBuf {
        data.join("backup.json")
    }

    fn newest(data: &Path) -> Option<Self> {
        serde_json::from_reader(File::open(Self::file(data)).ok()?).ok()
    }
}

#[derive(Clone)]
pub(crate) struct Metrics {
    counts: Arc<Counts>,
    store: Store,
    clock: Clock,
    data: PathBuf,
}

impl Metrics {
    pub(crate) fn new(store: Store, clock: Clock, data: &Path) -> Self {
        let requests = Family::<Asked, Counter>::default();
        let times = Family::<At, Histogram>::new_with_constructor(|| Histogram::new(TIMES));
        let mut registry = Registry::with_prefix("jigai");
        registry.register("http_requests", "Answers by page and status", requests.clone());
        let help = "Time until the head of an answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, times.clone());
        Self { counts: Arc::new(Counts { requests, times, registry }), store, clock, data: data.to_owned() }
    }

    /// A site whose answers are counted.
    pub(crate) fn count(&self, site: Router) -> Router {
        site.layer(middleware::from_fn_with_state(self.clone(), count))
    }

    /// Answers `/metrics` at an address of its own until the program ends.
    pub(crate) async fn serve(self, address: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/metrics", get(answer)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    /// What is so now.
    async fn state(&self) -> Registry {
        let mut registry = Registry::with_prefix("jigai");
        let mut gauge = |name: &str, help: &str, value: i64| {
            let gauge = Gauge::<i64>::default();
            gauge.set(value);
            registry.register(name, help, gauge);
        };
        let head = tokio::time::timeout(PATIENCE, self.head()).await;
        let head = head.ok().and_then(|found| found.inspect_err(|error| tracing::warn!(%error, "metrics")).ok());
        gauge("database_up", "Whether the database answers within 5 s", head.is_some().into());
        gauge("database_read_only", "Whether the database takes no writes", self.store.is_read_only().into());
        if let Some((seq, last)) = head {
            gauge("chain_head", "Number of the newest row of the audit trail", seq);
            if let Some(last) = last {
                gauge("chain_last_written_timestamp_seconds", "Newest time in the audit trail", last / 1000);
            }
        }
        if let Some(newest) = Backup::newest(&self.data) {
            let age = (self.clock.now() - newest.at).max(0) / 1000;
            gauge("backup_age_seconds", "Since the newest backup that jigai backup made from this data folder", age);
        }
        let (open, idle, most) = (Family::default(), Family::default(), Family::default());
        for (pool, connections) in self.store.connections() {
            let set = |family: &Family<Pool, Gauge<i64, std::sync::atomic::AtomicI64>>, value: u32| {
                family.get_or_create(&Pool { pool }).set(value.into());
            };
            set(&open, connections.open);
            set(&idle, connections.idle);
            set(&most, connections.most);
        }
        registry.register("pool_connections", "Connections to the database that are open", open);
        registry.register("pool_connections_idle", "Those of them that nobody uses", idle);
        registry.register("pool_connections_max", "How many may be open", most);
        registry
    }

    async fn head(&self) -> Result<(i64, Option<i64>), StoreError> {
        let mut state = self.store.read().await?;
        Ok((state.head().await?.seq, state.last_written().await?))
    }
}

async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map_or("unknown", |path| path.as_str()).to_owned();
    let method = request.method().to_string();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    metrics.counts.times.get_or_create(&At { path: path.clone() }).observe(begun.elapsed().as_secs_f64());
    metrics.counts.requests.get_or_create(&Asked { method, path, status }).inc();
    response
}

async fn answer(State(metrics): State<Metrics>) -> Response<Body> {
    let mut text = String::new();
    let state = metrics.state().await;
    let encoded = encode_registry(&mut text, &metrics.counts.registry)
        .and_then(|()| encode_registry(&mut text, &state))
        .and_then(|()| encode_eof(&mut text));
    match encoded {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
