//! The floor of the benchmarks: a bare axum handler that answers one body from memory. `bare BODY CONTENT_TYPE`.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::any;
use axum::serve::ListenerExt;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let body = Bytes::from(std::fs::read(arguments.next().expect("a file"))?);
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().fallback(any(answer))).await
}
