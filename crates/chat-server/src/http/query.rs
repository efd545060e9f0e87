//! What stands behind the question mark, form-encoded.

use std::borrow::Cow;

use hyper::Uri;

/// The pairs of a query. Of a name that comes twice the first counts.
pub(crate) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    pub(crate) fn of(uri: &'a Uri) -> Self {
        Self(uri.query().unwrap_or_default())
    }

    /// What was said under a name.
    pub(crate) fn find(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut pairs = form_urlencoded::parse(self.0.as_bytes());
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    }

    /// A whole number that was said under a name.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, std::num::ParseIntError> {
        self.find(name).map(|value| value.parse()).transpose()
    }
}
