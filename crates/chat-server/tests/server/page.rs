//! The page, from the binary and from a folder.

use chat_server::Config;

use crate::support::{TestServer, open_config};

#[tokio::test]
async fn the_page_in_the_binary_is_whole_strict_and_cached_for_ever() {
    let server = TestServer::open().await;
    let (status, head, body) = server.get("/").await;
    assert_eq!(status, 200);
    for header in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-cache",
        "require-trusted-types-for 'script'",
        "default-src 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
    ] {
        assert!(head.contains(header), "{header} is missing: {head}");
    }
    let tag = head.split("etag: ").nth(1).unwrap().split("\r\n").next().unwrap();
    let again = server.ask("GET", "/", &format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!((again.0, again.2.as_str()), (304, ""));

    let below: Vec<_> =
        body.split('"').filter(|part| part.starts_with("v/")).map(|p| format!("/{p}")).collect();
    assert!(below.iter().any(|path| path.ends_with("js/main.js")), "{below:?}");
    for path in below {
        let (status, head, body) = server.get(&path).await;
        assert_eq!(status, 200, "{path}");
        assert!(head.contains("cache-control: public, max-age=31536000, immutable"), "{head}");
        assert!(!body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_is_packed_is_the_same_unpacked() {
    let server = TestServer::open().await;
    let (_, _, whole) = server.get("/").await;
    let packed = server
        .raw(
            format!(
                "GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
                 Accept-Encoding: br, gzip;q=0.5\r\n\r\n",
                server.address
            )
            .as_bytes(),
        )
        .await;
    let end = packed.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&packed[..end]).to_lowercase();
    assert!(head.contains("content-encoding: gzip") && head.contains("vary: accept-encoding"));
    let mut unpacked = String::new();
    let mut reader = flate2::read::GzDecoder::new(&packed[end..]);
    std::io::Read::read_to_string(&mut reader, &mut unpacked).unwrap();
    assert_eq!(unpacked, whole);
    let (_, head, _) = server.ask("GET", "/", "Accept-Encoding: gzip;q=0\r\n").await;
    assert!(!head.contains("content-encoding"), "{head}");
}

#[tokio::test]
async fn a_folder_is_served_as_it_stands_and_nothing_outside_of_it() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("js")).unwrap();
    std::fs::write(folder.path().join("index.html"), "<script>chat()</script>").unwrap();
    std::fs::write(folder.path().join("js/a b.js"), "one").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.path().join("link"))
        .unwrap();
    let web_dir = Some(folder.path().to_owned());
    let server = TestServer::start(Config { web_dir, ..open_config() }).await;

    let (status, head, body) = server.get("/").await;
    assert_eq!((status, body.as_str()), (200, "<script>chat()</script>"));
    assert!(!head.contains("content-security-policy"), "{head}");
    assert_eq!(server.get("/js/a%20b.js").await.2, "one");
    // It is read anew each time.
    std::fs::write(folder.path().join("js/a b.js"), "two").unwrap();
    assert_eq!(server.get("/js/a%20b.js").await.2, "two");

    let name = outside.path().file_name().unwrap().to_str().unwrap();
    for path in [
        format!("/../{name}/secret.txt"),
        format!("/%2e%2e/{name}/secret.txt"),
        format!("/js/..%2f..%2f{name}/secret.txt"),
        format!("/..%5c{name}%5csecret.txt"),
        format!("/{}/secret.txt", outside.path().display()),
        "/link".into(),
        "/js".into(),
        "/%00".into(),
        "/%ff".into(),
    ] {
        let (status, _, body) = server.get(&path).await;
        assert!(status == 404 && !body.contains("secret\n"), "{path}: {status} {body}");
        assert_ne!(body, "secret", "{path}");
    }
}

/// What the page of the project that this one re-implements does: it is served
/// from a folder, and names `localhost` whatever the address bar says.
#[tokio::test]
async fn the_old_page_works_unchanged() {
    let server = TestServer::open().await;
    let origin = format!("http://localhost:{}", server.address.port());
    let (status, head, body) =
        server.ask("GET", "/create", &format!("Origin: {origin}\r\nAccept: */*\r\n")).await;
    assert_eq!(status, 200);
    assert!(head.contains("content-type: application/json"), "{head}");
    let token = body.strip_prefix(r#"{"token":""#).unwrap().strip_suffix(r#""}"#).unwrap();
    let path = format!("/ws?nick=old&token={token}");
    let mut client = server.connect(&path, &[("origin", &origin)]).await.unwrap();
    client.text("hi").await;
    assert_eq!(client.next_text().await, "old: hi");
}
