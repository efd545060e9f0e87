//! The two requests a client makes over HTTP: a new room, and what the server offers.

use std::time::Duration;

use bytes::Bytes;
use chat_core::PlainToken;
use chat_proto::{
    CreateKey,
    client::Opts,
    http::{ApiError, CreateAnswer, Info},
};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Method, Request, StatusCode,
    header::{AUTHORIZATION, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::{
    connector::{ConnectError, Connector, refusal},
    server_url::ServerUrl,
};

/// How long an answer may take once the server is reached.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// The most bytes of an answer: every good one is far smaller.
const MAX_ANSWER: usize = 64 * 1024;

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The server was not reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server refused.
    #[error("{}", refusal(*status, message))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's sentence; empty where there is none.
        message: String,
    },
    /// The connection broke, or there was no answer in time.
    #[error("{server} did not answer; try again")]
    NoAnswer {
        /// Which server.
        server: String,
    },
    /// An answer that no chat server gives.
    #[error("{server} is no chat server; check the address")]
    NotChat {
        /// Which server.
        server: String,
    },
}

/// `POST /create`.
pub(crate) async fn create(
    connector: &Connector,
    server: &ServerUrl,
    agent: &str,
    key: Option<&CreateKey>,
    opts: &Opts,
) -> Result<PlainToken, RequestError> {
    let wishes = [("ttl_s", opts.ttl_s), ("max", opts.max), ("history", opts.history)];
    let mut path = server.path("create");
    let mut mark = '?';
    for (name, wish) in wishes {
        if let Some(n) = wish {
            path.push_str(&format!("{mark}{name}={n}"));
            mark = '&';
        }
    }
    let body = request(connector, server, agent, Method::POST, &path, key).await?;
    let not_chat = || RequestError::NotChat { server: server.to_string() };
    let answer = CreateAnswer::decode(&body, MAX_ANSWER).map_err(|_| not_chat())?;
    answer.token.parse().map_err(|_| not_chat())
}

/// `GET /info`.
pub(crate) async fn info(
    connector: &Connector,
    server: &ServerUrl,
    agent: &str,
) -> Result<Info, RequestError> {
    let body = request(connector, server, agent, Method::GET, &server.path("info"), None).await?;
    Info::decode(&body, MAX_ANSWER)
        .map_err(|_| RequestError::NotChat { server: server.to_string() })
}

async fn request(
    connector: &Connector,
    server: &ServerUrl,
    agent: &str,
    method: Method,
    path: &str,
    key: Option<&CreateKey>,
) -> Result<String, RequestError> {
    let io = TokioIo::new(connector.open(server).await?);
    let no_answer = || RequestError::NoAnswer { server: server.to_string() };
    let not_chat = || RequestError::NotChat { server: server.to_string() };
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, server.authority())
        .header(USER_AGENT, agent);
    if let Some(key) = key {
        request = request.header(AUTHORIZATION, format!("Bearer {}", key.as_str()));
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|_| not_chat())?;
    let exchange = async {
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(io).await.map_err(|_| no_answer())?;
        // It owns the sender: once that is gone the connection ends too.
        let answer = async move {
            let response = sender
                .send_request(request)
                .await
                .map_err(|error| if error.is_parse() { not_chat() } else { no_answer() })?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
            Ok::<_, RequestError>((status, body.map_err(|_| not_chat())?.to_bytes()))
        };
        // The connection moves only while it is polled, and the answer comes through it.
        let (answer, _) = tokio::join!(answer, async {
            let _ = connection.await;
        });
        answer
    };
    let (status, body) = timeout(ANSWER_WITHIN, exchange).await.map_err(|_| no_answer())??;
    let body = String::from_utf8(body.into()).map_err(|_| not_chat())?;
    if status == StatusCode::OK {
        return Ok(body);
    }
    let message = ApiError::decode(&body, MAX_ANSWER)
        .map(|error| error.message.into_owned())
        .unwrap_or_default();
    Err(RequestError::Refused { status: status.as_u16(), message })
}
