//! Which headers each answer has.

use chat_server::Config;

use crate::support::{TestServer, open_config};

/// What every answer has.
const EVERYWHERE: [&str; 4] = [
    "x-content-type-options: nosniff",
    "referrer-policy: no-referrer",
    "cross-origin-resource-policy: same-origin",
    "x-robots-tag: noindex",
];

const NOTHING: &str = "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n";

struct Row {
    method: &'static str,
    path: &'static str,
    headers: &'static str,
    status: u16,
    /// Without its name.
    cache: &'static str,
    kind: &'static str,
    policy: Policy,
}

#[derive(PartialEq)]
enum Policy {
    Page,
    Nothing,
    None,
}

const fn row(method: &'static str, path: &'static str, status: u16, cache: &'static str) -> Row {
    let kind = "application/json";
    Row { method, path, headers: "", status, cache, kind, policy: Policy::Nothing }
}

#[tokio::test]
async fn each_answer_has_its_headers() {
    let server = TestServer::open().await;
    let (_, _, index) = server.get("/").await;
    let script = index.split('"').find(|part| part.ends_with("js/main.js")).unwrap();
    let script: &'static str = format!("/{script}").leak();
    let keep = "public, max-age=31536000, immutable";
    let text = "text/plain; charset=utf-8";
    let html = "text/html; charset=utf-8";
    let js = "text/javascript; charset=utf-8";
    for row in [
        Row { kind: html, policy: Policy::Page, ..row("GET", "/", 200, "no-cache") },
        Row { kind: html, policy: Policy::Page, ..row("HEAD", "/", 200, "no-cache") },
        Row { kind: html, policy: Policy::Page, ..row("GET", "/index.html", 200, "no-cache") },
        Row { kind: js, policy: Policy::None, ..row("GET", "/sw.js", 200, "no-cache") },
        Row { kind: js, policy: Policy::None, ..row("GET", script, 200, keep) },
        row("GET", "/info", 200, "no-store"),
        row("GET", "/create", 200, "no-store"),
        row("POST", "/create", 200, "no-store"),
        Row { kind: text, ..row("GET", "/healthz", 200, "no-store") },
        Row { kind: text, ..row("GET", "/readyz", 200, "no-store") },
        row("GET", "/create?max=many", 400, "no-store"),
        row("GET", "/ws?token=0&nick=a", 426, "no-store"),
        row("GET", "/nowhere", 404, "no-store"),
        row("GET", "/v/0/js/main.js", 404, "no-store"),
        row("POST", "/", 405, "no-store"),
        row("DELETE", "/create", 405, "no-store"),
        Row {
            headers: "Sec-Fetch-Site: cross-site\r\n",
            ..row("POST", "/create", 403, "no-store")
        },
        Row { headers: "Host: localhost\r\n", ..row("GET", "/", 400, "no-store") },
        row("GET", "http://evil.example/", 421, "no-store"),
    ] {
        let name = format!("{} {} {}", row.method, row.path, row.headers);
        let (status, head, _) = server.ask(row.method, row.path, row.headers).await;
        let head = format!("{head}\r\n");
        assert_eq!(status, row.status, "{name}");
        let (cache, kind) =
            (format!("cache-control: {}", row.cache), format!("content-type: {}", row.kind));
        for header in EVERYWHERE.into_iter().chain([cache.as_str(), &kind]) {
            assert_eq!(
                head.matches(&format!("{header}\r\n")).count(),
                1,
                "{name} {header}: {head}"
            );
        }
        assert!(head.contains("permissions-policy: "), "{name}: {head}");
        let page = row.policy == Policy::Page;
        assert_eq!(
            head.contains("cross-origin-opener-policy: same-origin"),
            page,
            "{name}: {head}"
        );
        assert_eq!(head.contains("script-src 'self'"), page, "{name}: {head}");
        assert_eq!(head.contains(NOTHING), row.policy == Policy::Nothing, "{name}: {head}");
        assert!(!head.contains("\r\nserver:") && !head.contains("set-cookie"), "{name}: {head}");
    }
}

#[tokio::test]
async fn the_page_keeps_what_it_uses_and_gives_up_the_rest() {
    let (_, head, _) = TestServer::open().await.get("/").await;
    let policy = head.split("permissions-policy: ").nth(1).unwrap();
    let policy = policy.split("\r\n").next().unwrap();
    for denied in ["camera=()", "microphone=()", "geolocation=()", "display-capture=()", "usb=()"] {
        assert!(policy.contains(denied), "{denied}: {policy}");
    }
    for used in ["clipboard-write", "web-share", "autoplay"] {
        assert!(!policy.contains(used), "{used}: {policy}");
    }
}

#[tokio::test]
async fn a_folder_s_page_is_its_owner_s() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "<p>hi").unwrap();
    let web_dir = Some(folder.path().to_owned());
    let server = TestServer::start(Config { web_dir, ..open_config() }).await;
    let (_, head, _) = server.get("/").await;
    for header in EVERYWHERE {
        assert!(head.contains(header), "{header}: {head}");
    }
    assert!(head.contains("cache-control: no-cache"), "{head}");
    for header in ["permissions-policy", "content-security-policy", "cross-origin-opener-policy"] {
        assert!(!head.contains(header), "{header}: {head}");
    }
    // What the server itself says is not the folder's.
    let (_, head, _) = server.get("/nowhere").await;
    assert!(format!("{head}\r\n").contains(NOTHING), "{head}");
}

#[tokio::test]
async fn what_is_no_request_gets_nothing_of_itself_back() {
    let server = TestServer::open().await;
    let secret = "000g-40r4-0m30";
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", secret.repeat(2_000));
    for request in [
        format!("{secret}\r\n\r\n"),
        format!("GET /{secret} HTTP/9.9\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{secret}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {secret}:x\r\nConnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {secret}.example\r\nConnection: close\r\n\r\n"),
        format!("GET /{secret} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        long,
    ] {
        let answer = server.raw(request.as_bytes()).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert!(!answer.contains(secret), "{answer}");
    }
}
