//! The page: from the binary, or from a folder.

use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, VARY,
};
use hyper::{Response, StatusCode};

use super::{Answer, answer};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// What the page in the binary may do: nothing but its own files and its own
/// server. A page from a folder is its owner's, who may want more.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types worker";

/// The largest file that is served from a folder, in bytes.
const FILE_MAX: u64 = 16 << 20;

/// A file of the page in the binary.
struct Asset {
    path: &'static str,
    raw: &'static [u8],
    gzip: &'static [u8],
}

/// Where the page comes from.
pub(crate) enum Page {
    BuiltIn,
    Folder(PathBuf),
}

impl Page {
    pub(crate) fn new(folder: Option<&Path>) -> Self {
        folder.map_or(Self::BuiltIn, |folder| Self::Folder(folder.to_owned()))
    }

    /// A file of the page. `path` is as it stands in the request.
    pub(crate) async fn answer(&self, path: &str, headers: &HeaderMap) -> Answer {
        let found = match self {
            Self::BuiltIn => built_in(path, headers),
            Self::Folder(folder) => from_folder(folder, path).await,
        };
        found.unwrap_or_else(|| {
            let message = "there is nothing at this address; the page is at the server's root";
            answer::problem(StatusCode::NOT_FOUND, "not_found", message)
        })
    }
}

fn built_in(path: &str, headers: &HeaderMap) -> Option<Answer> {
    if path == "/" || path == "/index.html" {
        let mut answer = asset(&INDEX, headers);
        let head = answer.headers_mut();
        head.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        head.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        head.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
        let tag = HeaderValue::from_static(INDEX_TAG);
        if headers.get(IF_NONE_MATCH) == Some(&tag) {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            *answer.body_mut() = Full::default();
        }
        answer.headers_mut().insert(ETAG, tag);
        return Some(answer);
    }
    // A service worker is told from its successor by its bytes, not by its address, and has in its
    // hands what is below that.
    let (path, keep) = match path {
        "/sw.js" => ("sw.js", "no-cache"),
        _ => {
            let below = path.strip_prefix("/v/")?.strip_prefix(HASH)?.strip_prefix('/')?;
            (below, "public, max-age=31536000, immutable")
        }
    };
    let found = ASSETS.binary_search_by_key(&path, |asset| asset.path).ok()?;
    let mut answer = asset(&ASSETS[found], headers);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    Some(answer)
}

fn asset(asset: &Asset, headers: &HeaderMap) -> Answer {
    let packed = takes_gzip(headers) && asset.gzip.len() < asset.raw.len();
    let body = if packed { asset.gzip } else { asset.raw };
    let mut answer = file(asset.path, Bytes::from_static(body));
    let head = answer.headers_mut();
    answer::confine(head);
    head.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if packed {
        head.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}

async fn from_folder(folder: &Path, path: &str) -> Option<Answer> {
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let mut below = PathBuf::from(path.strip_prefix('/')?);
    let inside = below.components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || path.contains('\\') {
        return None;
    }
    if path.ends_with('/') {
        below.push("index.html");
    }
    // A link may lead out of the folder: what counts is where it ends.
    let root = tokio::fs::canonicalize(folder).await.ok()?;
    let full = tokio::fs::canonicalize(root.join(&below)).await.ok()?;
    let size = tokio::fs::metadata(&full).await.ok().filter(|meta| meta.is_file())?.len();
    if !full.starts_with(&root) || size > FILE_MAX {
        return None;
    }
    let bytes = tokio::fs::read(&full).await.ok()?;
    let mut answer = file(below.to_str()?, bytes.into());
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Some(answer)
}

fn file(path: &str, bytes: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(bytes));
    let kind = HeaderValue::from_static(kind(path));
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether the peer unpacks gzip: named, and not with a weight of zero
/// (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let Some(accepted) = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()) else {
        return false;
    };
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0))
        });
        gzip && !refused
    })
}
