//! `/metrics`, on sockets of its own: figures are for those who run the server.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::collect::collect;
use super::sheet::Sheet;
use crate::Server;
use crate::http::{self, Answer};

/// How many are answered at once; others wait in the kernel's queue.
const AT_ONCE: usize = 8;

/// The longest head of a request, in bytes.
const HEAD_MAX: usize = 8 << 10;

/// The text format that everybody reads.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers one request a connection, until it is aborted.
pub(crate) async fn run(server: Arc<Server>, sheet: Arc<Sheet>, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    // It is never closed.
    while let Ok(place) = places.clone().acquire_owned().await {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of files mostly, of which the main listeners tell.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (server, sheet) = (server.clone(), sheet.clone());
        tokio::spawn(async move {
            // A head and an answer may take as long as a head elsewhere. Who asks
            // in vain sees it, and nobody else cares.
            let _ = timeout(
                2 * server.config.timers.head,
                connection(&server, &sheet, stream, peer.ip()),
            )
            .await;
            drop(place);
        });
    }
}

async fn connection(
    server: &Server,
    sheet: &Sheet,
    stream: TcpStream,
    peer: IpAddr,
) -> hyper::Result<()> {
    let service = service_fn(|request| answer(server, sheet, peer, request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(server.config.timers.head)
        .keep_alive(false)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

async fn answer(
    server: &Server,
    sheet: &Sheet,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let answer = match http::misdirected(server, &request) {
        Some(answer) => answer,
        None => figures(server, sheet, &request).await,
    };
    Ok(http::finished(server, peer, answer))
}

async fn figures(server: &Server, sheet: &Sheet, request: &Request<Incoming>) -> Answer {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    let (status, body) = match request.uri().path() {
        _ if !read => (StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n".into()),
        "/metrics" => (StatusCode::OK, collect(server, sheet).await.into()),
        "/healthz" => (StatusCode::OK, "ok\n".into()),
        _ => (StatusCode::NOT_FOUND, "the figures are at /metrics\n".into()),
    };
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORMAT));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !read {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    answer
}
