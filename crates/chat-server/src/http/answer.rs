//! Answers, and the headers that all of them have.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};

use super::Answer;
use crate::convert::Refusal;

/// A JSON document that nobody may keep.
pub(crate) fn json(status: StatusCode, body: String) -> Answer {
    with(status, "application/json", body.into())
}

/// A line for operations.
pub(super) fn text(status: StatusCode, body: &'static str) -> Answer {
    with(status, "text/plain; charset=utf-8", body.into())
}

/// The code of the error that an answer holds, for those who count.
#[derive(Clone)]
pub(super) struct Refused(pub(super) String);

/// An error: its code, and what to do.
pub(crate) fn problem(status: StatusCode, code: &str, message: &str) -> Answer {
    let error = chat_proto::http::ApiError { error: code.into(), message: message.into() };
    let mut answer = json(status, error.encode());
    answer.extensions_mut().insert(Refused(code.to_owned()));
    answer
}

/// An error of the rooms.
pub(crate) fn refusal(refusal: &Refusal) -> Answer {
    let mut answer = problem(refusal.status(), refusal.code.as_str(), &refusal.message);
    if answer.status() == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(retry) = refusal.retry {
        // In whole seconds, rounded up (RFC 9110, section 10.2.3).
        let seconds = retry.as_millis().div_ceil(1000).max(1);
        if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
            answer.headers_mut().insert(RETRY_AFTER, value);
        }
    }
    answer
}

/// An error after which nothing more is answered on this connection.
pub(crate) fn last(why: &Refusal) -> Answer {
    let mut answer = refusal(why);
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// A method that the path doesn't have.
pub(super) fn not_allowed(allowed: &'static str) -> Answer {
    let message = "this address doesn't take that method; the header Allow names those it takes";
    let mut answer = problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// What an answer that is no page may do in a browser.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// What nothing of ours asks a browser for. Copying, sharing and sound aren't
/// in it: the page does all three.
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), \
    clipboard-read=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
    geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), \
    microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), usb=(), \
    window-management=(), xr-spatial-tracking=()";

/// Takes from a document what nothing of ours needs.
pub(super) fn confine(headers: &mut HeaderMap) {
    let name = HeaderName::from_static("permissions-policy");
    headers.insert(name, HeaderValue::from_static(PERMISSIONS));
}

/// The headers of every answer. What an answer set itself stays.
pub(super) fn harden(headers: &mut HeaderMap) {
    let all = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in all {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Has browsers come back over TLS alone, for a year (RFC 6797, section 7.1).
/// Only with a certificate that they believe without being asked: with another
/// they would let nobody in any more.
pub(super) fn insist_on_tls(headers: &mut HeaderMap) {
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
}

fn with(status: StatusCode, kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING));
    confine(headers);
    answer
}
