//! Whose page asks, and what it may.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, VARY,
};
use hyper::{Response, StatusCode};

use super::{Answer, answer};
use crate::config::Config;
use crate::host::Authority;
use crate::origin::Origin;

/// Who asks, by the header `Origin`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// No page says that it does.
    Unsaid,
    /// A page of this server.
    Own,
    /// A page elsewhere that may use this server: its origin, as it was sent.
    Allowed(HeaderValue),
    /// Any other page.
    Foreign,
}

impl Caller {
    /// Who sent these headers to `place`.
    pub(super) fn of(config: &Config, place: Option<&Authority>, headers: &HeaderMap) -> Self {
        let mut origins = headers.get_all(ORIGIN).iter();
        let said = match (origins.next(), origins.next()) {
            (None, _) => return Self::Unsaid,
            (Some(said), None) => said,
            (Some(_), Some(_)) => return Self::Foreign,
        };
        let Some(origin) = said.to_str().ok().and_then(|text| text.parse::<Origin>().ok()) else {
            return Self::Foreign;
        };
        let public = config.public_urls.iter().any(|url| *url.origin() == origin);
        if public || place.is_some_and(|place| origin.is_at(place)) {
            return Self::Own;
        }
        match config.allow_origins.contains(&origin) {
            true => Self::Allowed(said.clone()),
            false => Self::Foreign,
        }
    }

    /// Whether something may be changed for it. What says no origin may still
    /// be a page's, such as a link or an image, and then browsers say how far
    /// away that page is (Fetch Metadata): a neighbour on the same site is not
    /// this server.
    pub(super) fn may_act(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::Own | Self::Allowed(_) => true,
            Self::Foreign => false,
            Self::Unsaid => headers
                .get("sec-fetch-site")
                .is_none_or(|site| site == "same-origin" || site == "none"),
        }
    }

    /// Lets a page that may use this server read an answer (Fetch Standard,
    /// CORS protocol).
    pub(super) fn share(&self, config: &Config, headers: &mut HeaderMap) {
        if config.allow_origins.is_empty() {
            return;
        }
        headers.append(VARY, HeaderValue::from_static("origin"));
        let Self::Allowed(origin) = self else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
        headers.insert(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        );
    }
}

/// Says that the server's key may be sent along: browsers ask before they do.
pub(super) fn preflight(methods: &'static str) -> Answer {
    let mut answer = Response::default();
    *answer.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in [
        (ACCESS_CONTROL_ALLOW_METHODS, methods),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization"),
        (ACCESS_CONTROL_MAX_AGE, "600"),
        (CACHE_CONTROL, "no-store"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer::confine(answer.headers_mut());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            public_urls: vec!["https://chat.example/room".parse().unwrap()],
            allow_origins: vec!["https://app.example:8443".parse().unwrap()],
            ..Config::default()
        }
    }

    fn caller(origins: &[&'static str]) -> Caller {
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(ORIGIN, HeaderValue::from_static(origin));
        }
        Caller::of(&config(), Authority::parse("10.0.0.1:8080").as_ref(), &headers)
    }

    #[test]
    fn pages_are_our_own_allowed_or_foreign() {
        assert_eq!(caller(&[]), Caller::Unsaid);
        for own in ["http://10.0.0.1:8080", "https://chat.example", "https://CHAT.example:443"] {
            assert_eq!(caller(&[own]), Caller::Own, "{own}");
        }
        let allowed = "https://app.example:8443";
        assert_eq!(caller(&[allowed]), Caller::Allowed(HeaderValue::from_static(allowed)));
        for foreign in [
            "http://chat.example",
            "https://app.example",
            "http://app.example:8443",
            "https://sub.app.example:8443",
            "https://app.example:8443/",
            "null",
            "",
        ] {
            assert_eq!(caller(&[foreign]), Caller::Foreign, "{foreign}");
        }
        assert_eq!(caller(&[allowed, allowed]), Caller::Foreign);
    }

    #[test]
    fn who_says_no_origin_may_act_unless_it_is_a_page_elsewhere() {
        for (site, may) in [
            (None, true),
            (Some("none"), true),
            (Some("same-origin"), true),
            (Some("same-site"), false),
            (Some("cross-site"), false),
            (Some("of-a-later-browser"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            assert_eq!(Caller::Unsaid.may_act(&headers), may, "{site:?}");
            assert!(Caller::Own.may_act(&headers) && !Caller::Foreign.may_act(&headers));
        }
    }
}
