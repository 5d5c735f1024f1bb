//! `jigai serve`: the web server.

use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt;
use clap::Args;

use super::database::{DatabaseArguments, block_on};
use super::{Failure, Outcome, print};
use crate::clock::Clock;
use crate::state::AppState;
use crate::store::{Access, Writer};

/// How long accepted requests may take to finish after a stop is asked for.
const GRACE: Duration = Duration::from_secs(15);

#[derive(Args)]
pub(super) struct ServeArguments {
    /// 监听地址
    #[arg(long, env = "JIGAI_LISTEN", default_value = "127.0.0.1:8021")]
    listen: SocketAddr,
    /// 数据库为空时装入演示数据（五个计划，福州2021和福建2013的虚构数据）；已有真实数据时拒绝
    #[arg(long)]
    demo: bool,
    /// 前面有 HTTPS 代理：登录凭证只随 HTTPS 发送
    #[arg(long)]
    behind_https: bool,
    /// 允许在本机以外的地址上用不加密的 HTTP（每页都会提示）
    #[arg(long)]
    insecure_http: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: ServeArguments) -> Outcome {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("JIGAI_LOG").unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .init();
    block_on(serve(arguments))
}

async fn serve(arguments: ServeArguments) -> Outcome {
    if !arguments.listen.ip().is_loopback() && !arguments.insecure_http {
        return Err(Failure::input(format!(
            "--listen {}: 这不是本机地址，不加密的 HTTP 会被旁人看到；确要这样请加 --insecure-http，或用 127.0.0.1 并由前置的 HTTPS 代理转发",
            arguments.listen
        )));
    }
    let store = arguments.database.open(Access::Create).await?;
    if arguments.demo {
        demo(&store, Clock::from_environment()).await?;
    }
    let listener = tokio::net::TcpListener::bind(arguments.listen).await.map_err(|error| {
        Failure::Other(format!("无法监听 {}（{error}）；可能已有程序占用，请用 --listen 127.0.0.1:8022 换一个端口", arguments.listen))
    })?;
    let address = listener.local_addr().map_err(|error| Failure::Other(error.to_string()))?;
    print(&format!("jigai 已启动：http://{address}/"))?;
    if !address.ip().is_loopback() {
        eprintln!("注意：正在用不加密的 HTTP 对外服务");
    }
    // Without this a small answer waits for the reader's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "nodelay");
        }
    });
    let clock = Clock::from_environment();
    first_set_up(&store, clock, address).await?;
    let insecure = !address.ip().is_loopback();
    let state = AppState::new(store.clone(), clock, arguments.behind_https, insecure);
    let router = crate::routes::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop_asked().await;
        let _ = stop.send(());
    });
    let done = tokio::select! {
        done = server.into_future() => done.map_err(|error| Failure::Other(format!("服务中断：{error}"))),
        () = async { let _ = stopped.await; tokio::time::sleep(GRACE).await; } => Ok(()),
    };
    store.close().await;
    done
}

/// Without accounts there is no way in: a link that works once sets up the three administrators.
async fn first_set_up(store: &crate::store::Store, clock: Clock, address: SocketAddr) -> Outcome {
    if store.has_accounts().await? {
        return Ok(());
    }
    let token = store.issue_link(None, Writer { actor: "首次启动".to_owned(), at: clock.now() }).await?;
    print(&format!("首次设置（30 分钟内有效，只能用一次）：http://{address}/setup?token={token}"))
}

/// Loads the demo into an empty database; a database that already is a demo is left as it is.
async fn demo(store: &crate::store::Store, clock: Clock) -> Outcome {
    if store.is_demo().await? {
        // People come last.
        let complete = store.is_open().await?;
        return match complete {
            true => Ok(()),
            false => Err(Failure::input("--demo: 上次装入演示数据时中断了，数据不全；请删去这个数据文件夹再启动一次")),
        };
    }
    if store.head().await?.seq > 0 {
        return Err(Failure::input("--demo: 这个数据库已有真实数据，不会装入演示数据；请用 --data 换一个空文件夹，或去掉 --demo"));
    }
    crate::demo::load(store, clock.now(), &|sentence| eprintln!("{sentence}")).await?;
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
