//! `jigai serve`: the web server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use clap::Args;
use hyper_util::rt::TokioTimer;
use ipnet::IpNet;

use super::database::{DatabaseArguments, block_on};
use super::outcome::{Failure, Outcome, print, tell};
use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::papers::Printer;
use crate::readiness::clocks_apart;
use crate::second_factor::Vault;
use crate::signing::Signer;
use crate::state::{AppState, Data};
use crate::web::base::{Base, base_path, under};
use crate::web::door::{Door, LEAST_DESCRIPTORS, descriptors};
use crate::web::front::{Front, host_name, network};
use store::{Access, Writer};

/// How long accepted requests may take to finish after a stop is asked for.
const GRACE: Duration = Duration::from_secs(12);
/// Whatever still holds the program then is left as at a power cut: what was not committed was not saved.
const LAST: Duration = Duration::from_secs(15);
/// How long a request's head, and a TLS handshake, may take.
const HEAD: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(super) struct ServeArguments {
    /// 监听地址
    #[arg(long, env = "JIGAI_LISTEN", default_value = "127.0.0.1:8021")]
    listen: SocketAddr,
    /// 数据库为空时装入演示数据（五个计划，福州2021和福建2013的虚构数据）；已有真实数据时拒绝
    #[arg(long)]
    demo: bool,
    /// HTTPS 证书（PEM，含中间证书）；与 --tls-key 一起写
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// HTTPS 私钥（PEM）
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// 前面有 HTTPS 代理：登录凭证只随 HTTPS 发送
    #[arg(long)]
    behind_https: bool,
    /// 前面的代理的地址或网段，例如 10.0.0.5；只有它们写的 X-Forwarded-For 才当作读者的地址；可写多次
    #[arg(long, env = "JIGAI_TRUSTED_PROXY", value_name = "IP", value_delimiter = ',', value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// 本站的域名，例如 jigai.fz.gov.cn；写了就只回答这些域名；可写多次
    #[arg(long, env = "JIGAI_HOST", value_name = "NAME", value_delimiter = ',', value_parser = host_name)]
    host: Vec<String>,
    /// 代理把本站放在哪个路径下，例如 /jigai（https://fz.gov.cn/jigai/）；不写就在根上
    #[arg(long, env = "JIGAI_BASE_PATH", value_name = "PATH", default_value = "/", value_parser = base_path)]
    base_path: Base,
    /// 给 Prometheus 的 /metrics 的地址，例如 127.0.0.1:9021；不写就没有
    #[arg(long, env = "JIGAI_METRICS", value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
    /// 允许在本机以外的地址上用不加密的 HTTP（每页都会提示）
    #[arg(long)]
    insecure_http: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: ServeArguments) -> Outcome {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("JIGAI_LOG").unwrap_or_else(|_| "warn,usvg=error".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    block_on(serve(arguments))
}

async fn serve(arguments: ServeArguments) -> Outcome {
    let tls = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificate), Some(key)) => Some(tls(certificate, key).await?),
        _ => None,
    };
    if !arguments.listen.ip().is_loopback() && !arguments.insecure_http && tls.is_none() {
        return Err(Failure::input(format!(
            "--listen {}: 这不是本机地址，不加密的 HTTP 会被旁人看到；请加 --tls-cert 证书 --tls-key 私钥；或用 127.0.0.1 并由前置的 HTTPS 代理转发；确要不加密请加 --insecure-http",
            arguments.listen
        )));
    }
    let descriptors = descriptors();
    if let Some(few) = descriptors.filter(|few| *few < LEAST_DESCRIPTORS) {
        return Err(Failure::input(format!(
            "这台机器只许本程序同时打开 {few} 个文件和连接，少于 {LEAST_DESCRIPTORS} 个，人一多网站就停；请先执行 ulimit -n 4096，或在 systemd 单元里写 LimitNOFILE=4096，再启动"
        )));
    }
    // The key of one-time codes lies there, whatever the database.
    store::refuse_wide(&arguments.database.data)?;
    let store = arguments.database.open(Access::Create).await?;
    let clock = Clock::from_environment();
    if store.is_read_only() {
        tell(
            "注意：数据库是只读的（备库，或设了 default_transaction_read_only），网站只供阅读已发布的内容，登录和保存都会说明原因；它能写以后不用重启就能保存",
        );
    }
    if let Some(apart) = clocks_apart(&store, clock.now()).await? {
        tell(&format!("注意：{apart}"));
    }
    if let Some(fault) = store.fault_of_guards().await? {
        tell(&format!("注意：{fault}；已保存的内容可能被改动过，请运行 jigai verify 核验，并告诉审计管理员"));
    }
    if arguments.demo {
        demo(&store, clock).await?;
    }
    let listener = tokio::net::TcpListener::bind(arguments.listen).await.map_err(|error| {
        Failure::Other(format!(
            "无法监听 {}（{error}）；可能已有程序占用，请用 --listen 127.0.0.1:8022 换一个端口",
            arguments.listen
        ))
    })?;
    let address = listener.local_addr().map_err(|error| Failure::Other(error.to_string()))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let base = arguments.base_path.path();
    print(&format!("jigai 已启动：{scheme}://{address}{base}/"))?;
    let insecure = !address.ip().is_loopback() && tls.is_none();
    if insecure {
        tell("注意：正在用不加密的 HTTP 对外服务");
    }
    first_set_up(&store, clock, &format!("{scheme}://{address}{base}")).await?;
    let data = Data {
        vault: Vault::new(&arguments.database.data),
        signer: Signer::new(&arguments.database.data),
        database: arguments.database.location()?.describe(),
    };
    let printer = Printer::of_site(arguments.database.data.join("fonts"));
    let front = Front {
        proxies: arguments.trusted_proxy.clone().into(),
        hosts: arguments.host.clone().into(),
        base: arguments.base_path.clone(),
    };
    let secure = arguments.behind_https || tls.is_some();
    let state = AppState::new(store.clone(), clock, data, printer, front.clone(), secure, insecure);
    state.holidays.follow(&store, state.cache.clone()).await?;
    crate::jobs::start(state.clone());
    let viewings = state.viewings.clone();
    viewings.start(store.clone());
    let mut site = crate::routes::router(state);
    if let Some(address) = arguments.metrics {
        let metrics = Metrics::new(store.clone(), clock, &arguments.database.data);
        site = metrics.count(site);
        let failed = |error| Failure::Other(format!("--metrics {address}: 无法监听（{error}）；请换一个端口"));
        let address = metrics.serve(address).await.map_err(failed)?;
        print(&format!("监测数据：http://{address}/metrics"))?;
    }
    let router = under(front.base.clone(), site).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.into_std().map_err(|error| Failure::Other(error.to_string()))?;
    // Without this a small answer waits for the reader's delayed acknowledgement.
    let plain = NoDelayAcceptor::new();
    let failed = |error: std::io::Error| Failure::Other(format!("服务中断：{error}"));
    let server = axum_server::from_tcp(listener).map_err(failed)?;
    let done = match tls {
        Some(config) => {
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(HEAD).acceptor(plain);
            tuned(server.acceptor(Door::new(acceptor, descriptors, front))).serve(router).await
        }
        None => tuned(server.acceptor(Door::new(plain, descriptors, front))).serve(router).await,
    };
    let done = done.map_err(failed);
    viewings.write(&store).await;
    store.close().await;
    done
}

/// Certificate and key, or a sentence that says what is wrong with them.
async fn tls(certificate: &Path, key: &Path) -> Result<RustlsConfig, Failure> {
    // Two providers may be compiled in by dependencies: say which one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = RustlsConfig::from_pem_file(certificate, key).await.map_err(|error| {
        Failure::input(format!(
            "--tls-cert {} 和 --tls-key {} 用不了（{error}）；请核对是 PEM 格式的一对证书和私钥",
            certificate.display(),
            key.display()
        ))
    })?;
    // The one protocol that is answered in, or browsers agree on another.
    let mut own = config.get_inner().as_ref().clone();
    own.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(std::sync::Arc::new(own)))
}

/// A head comes within [`HEAD`]; a stop ends requests within [`GRACE`] and the program within [`LAST`].
fn tuned<A>(mut server: axum_server::Server<SocketAddr, A>) -> axum_server::Server<SocketAddr, A> {
    let handle = axum_server::Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        stop_asked().await;
        // A thread of its own: what keeps a task from ending keeps others, too.
        std::thread::spawn(|| {
            std::thread::sleep(LAST);
            tell("有请求到时还没有办完，已停止");
            std::process::exit(0);
        });
        stopping.graceful_shutdown(Some(GRACE));
    });
    // One protocol: to tell two apart, the first bytes would be waited for without an end.
    server = server.handle(handle).http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    server
}

/// Without accounts there is no way in: a link that works once sets up the three administrators.
async fn first_set_up(store: &store::Store, clock: Clock, base: &str) -> Outcome {
    if store.is_read_only() || store.read().await?.has_accounts().await? {
        return Ok(());
    }
    let token = store.issue_link(None, Writer { actor: "首次启动".to_owned(), at: clock.now(), session: None }).await?;
    print(&format!("首次设置（30 分钟内有效，只能用一次）：{base}/setup?token={token}"))
}

/// Loads the demo into an empty database; a database that already is a demo is left as it is.
async fn demo(store: &store::Store, clock: Clock) -> Outcome {
    if store.read().await?.is_demo().await? {
        // People come last.
        let complete = store.read().await?.setting("public_reading").await?.is_some();
        let published = store
            .read()
            .await?
            .editions()
            .await?
            .iter()
            .any(|edition| edition.plan == "fuzhou-2021" && edition.period.is_year_end());
        if !complete && published && !store.read().await?.has_accounts().await? {
            crate::demo::add_people(store, clock.now(), &tell).await?;
            return Ok(());
        }
        return match complete {
            true => Ok(()),
            false => Err(Failure::input("--demo: 上次装入演示数据时中断了，数据不全；请删去这个数据文件夹再启动一次")),
        };
    }
    if store.read().await?.head().await?.seq > 0 {
        return Err(Failure::input(
            "--demo: 这个数据库已有真实数据，不会装入演示数据；请用 --data 换一个空文件夹，或去掉 --demo",
        ));
    }
    crate::demo::load(store, clock.now(), &tell).await?;
    Ok(())
}

/// Ctrl-C or SIGTERM.
async fn stop_asked() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
