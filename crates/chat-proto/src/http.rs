//! The answers of the HTTP side (section 2).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    codec::{self, DecodeError},
    text::Text,
    welcome::Limits,
};

/// `GET` or `POST /create`: `{"token":"<plain token>"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateAnswer<'a> {
    /// The plain token of the new room.
    #[serde(borrow)]
    pub token: Text<'a>,
}

/// `GET /info`: what `welcome` calls `limits`, and what `opts` may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info {
    /// The limits of every connection.
    #[serde(deserialize_with = "codec::object")]
    pub limits: Limits,
    /// The bounds and defaults of `opts`.
    #[serde(deserialize_with = "codec::object")]
    pub opts: OptsInfo,
    /// Whether only who has the server's key may open rooms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create_key: bool,
}

/// Bounds and defaults of the wishes for a new room. A wish beyond a bound is cut to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptsInfo {
    /// Lifetime in seconds.
    #[serde(deserialize_with = "codec::object")]
    pub ttl_s: Bounds,
    /// The most people in a room; a bound or default of 0 is no limit.
    #[serde(deserialize_with = "codec::object")]
    pub max: Bounds,
    /// Events that a newcomer is shown.
    #[serde(deserialize_with = "codec::object")]
    pub history: Bounds,
}

/// What one wish may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// The least.
    #[serde(deserialize_with = "codec::int")]
    pub min: u64,
    /// The most.
    #[serde(deserialize_with = "codec::int")]
    pub max: u64,
    /// What holds where nothing is wished.
    #[serde(deserialize_with = "codec::int")]
    pub default: u64,
}

/// Every other answer: `{"error":"<code>","message":"<what to do>"}` with the fitting status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError<'a> {
    /// What went wrong, for programs: the words of [`ErrorCode`](crate::ErrorCode) where one fits.
    #[serde(borrow)]
    pub error: Cow<'a, str>,
    /// What to do, for people. Never holds what somebody sent.
    #[serde(borrow)]
    pub message: Cow<'a, str>,
}

macro_rules! body {
    ($name:ident $(<$a:lifetime>)?, $doc:literal) => {
        impl<'a> $name $(<$a>)? {
            #[doc = $doc]
            ///
            /// # Errors
            ///
            /// As for a frame: too many bytes, or not this object.
            pub fn decode(body: &'a str, max: usize) -> Result<Self, DecodeError> {
                codec::admit(body, max)?;
                codec::parse(body)
            }

            /// The answer's body.
            #[must_use]
            pub fn encode(&self) -> String {
                codec::encode(self)
            }
        }
    };
}

body!(CreateAnswer<'a>, "Reads the body of a good `/create`, of at most `max` bytes.");
body!(Info, "Reads the body of `/info`, of at most `max` bytes.");
body!(ApiError<'a>, "Reads the body of an error, of at most `max` bytes.");
