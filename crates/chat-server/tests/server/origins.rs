//! Whose pages may use the server.

use chat_server::Config;

use crate::support::{TestServer, open_config};

const APP: &str = "https://app.example:8443";

async fn server() -> TestServer {
    TestServer::start(Config {
        public_urls: vec!["https://chat.example/room".parse().unwrap()],
        allow_origins: vec![APP.parse().unwrap()],
        ..open_config()
    })
    .await
}

#[tokio::test]
async fn pages_of_ours_and_those_that_may_open_a_socket() {
    let server = server().await;
    let token = server.create().await;
    let own = format!("http://{}", server.address);
    let beside = format!("http://127.0.0.1:{}", server.address.port() ^ 1);
    for (n, (origin, status)) in [
        (own.as_str(), 101),
        ("https://chat.example", 101),
        (APP, 101),
        ("https://app.example", 403),
        ("http://chat.example", 403),
        ("https://evil.example", 403),
        (&beside, 403),
        ("null", 403),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("/ws?token={token}&nick=n{n}");
        let answer = match server.connect(&path, &[("origin", origin)]).await {
            Ok(_) => 101,
            Err((status, _)) => status,
        };
        assert_eq!(answer, status, "{origin}");
    }
}

#[tokio::test]
async fn a_page_that_may_reads_the_answers_and_nobody_else_does() {
    let server = server().await;
    for (method, path) in [("GET", "/info"), ("GET", "/create"), ("POST", "/create?ttl_s=60")] {
        let from = |origin: &str| format!("Origin: {origin}\r\nSec-Fetch-Site: cross-site\r\n");
        let (status, head, _) = server.ask(method, path, &from(APP)).await;
        assert_eq!(status, 200, "{path}");
        for header in [
            &format!("access-control-allow-origin: {APP}"),
            "cross-origin-resource-policy: cross-origin",
            "access-control-expose-headers: retry-after",
            "vary: origin",
        ] {
            assert_eq!(head.matches(header).count(), 1, "{path} {header}: {head}");
        }
        assert!(!head.contains("access-control-allow-credentials"), "{head}");

        let (_, head, _) = server.ask(method, path, &from("https://evil.example")).await;
        assert!(!head.contains("access-control"), "{path}: {head}");
        assert!(head.contains("cross-origin-resource-policy: same-origin"), "{path}: {head}");
        assert!(head.contains("vary: origin"), "{path}: {head}");
    }
    // A refusal can be read too.
    let headers = format!("Origin: {APP}\r\n");
    let (status, head, _) = server.ask("GET", "/create?max=many", &headers).await;
    assert_eq!(status, 400);
    assert!(head.contains(&format!("access-control-allow-origin: {APP}")), "{head}");
    // The page itself is for nobody else.
    let (_, head, _) = server.ask("GET", "/", &headers).await;
    assert!(head.contains("cross-origin-resource-policy: same-origin"), "{head}");
    assert!(!head.contains("access-control"), "{head}");
    // Where nobody may, nothing depends on who asks.
    let (_, head, _) = TestServer::open().await.ask("GET", "/info", &headers).await;
    assert!(!head.contains("vary") && !head.contains("access-control"), "{head}");
}

#[tokio::test]
async fn a_page_elsewhere_creates_nothing() {
    let server = server().await;
    let own = format!("Origin: http://{}\r\n", server.address);
    let app = format!("Origin: {APP}\r\n");
    let with = |origin: &str, site: &str| match site {
        "" => origin.to_owned(),
        site => format!("{origin}Sec-Fetch-Site: {site}\r\n"),
    };
    for (origin, site, status) in [
        ("", "", 200),
        ("", "none", 200),
        ("", "same-origin", 200),
        ("", "same-site", 403),
        ("", "cross-site", 403),
        (&own, "same-origin", 200),
        (&own, "same-site", 200),
        (&app, "cross-site", 200),
        (&app, "", 200),
        ("Origin: https://evil.example\r\n", "", 403),
        ("Origin: https://evil.example\r\n", "same-origin", 403),
        ("Origin: null\r\n", "cross-site", 403),
    ] {
        for method in ["GET", "POST"] {
            let (found, _, body) = server.ask(method, "/create", &with(origin, site)).await;
            assert_eq!(found, status, "{origin:?} {site:?}: {body}");
        }
    }
}

#[tokio::test]
async fn a_page_that_may_is_told_that_it_may_show_the_key() {
    let server = server().await;
    let ask = |origin: &str| {
        format!(
            "Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\
             Access-Control-Request-Headers: authorization\r\n"
        )
    };
    let (status, head, body) = server.ask("OPTIONS", "/create", &ask(APP)).await;
    assert_eq!((status, body.as_str()), (204, ""));
    for header in [
        &format!("access-control-allow-origin: {APP}"),
        "access-control-allow-methods: get, post",
        "access-control-allow-headers: authorization",
        "access-control-max-age: ",
    ] {
        assert!(head.contains(header), "{header}: {head}");
    }
    let (status, head, _) = server.ask("OPTIONS", "/create", &ask("https://evil.example")).await;
    assert_eq!(status, 405);
    assert!(!head.contains("access-control"), "{head}");
}
