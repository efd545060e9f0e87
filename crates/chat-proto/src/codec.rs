//! From a text frame to its members and back: bounded in size, depth and integers.
//!
//! What went wrong is said without a word of what was sent, so that an error may be logged.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, value::MapAccessDeserializer},
};

use crate::{code::ErrorCode, text::Text};

/// The deepest nesting of objects and arrays in a frame, the frame itself counted.
pub const MAX_DEPTH: usize = 8;

/// The largest integer on the wire: 2^53 − 1, as JavaScript can't count further.
pub const MAX_INT: u64 = (1 << 53) - 1;

/// Why a text frame could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes than the reader takes. A server closes with 1009.
    #[error("the frame has {len} bytes, and at most {max} are taken: send less at once")]
    TooBig {
        /// Bytes of the frame.
        len: usize,
        /// Bytes that were allowed.
        max: usize,
    },
    /// Not JSON, not an object, nested too deep, a member missing or of a wrong type: `bad_frame`.
    #[error("this is no frame of chat.v1: {0}")]
    Malformed(String),
    /// The same in a frame that is a `hello`: `bad_hello`.
    #[error("this is no `hello` of chat.v1: {0}")]
    Hello(String),
    /// A `hello` of another version: `unsupported_version`.
    #[error("version {0} is not spoken here, version 1 is: update the older of the two programs")]
    Version(u64),
    /// A `t` that this version doesn't know: clients ignore the frame, the server says `unknown_type`.
    #[error("this `t` is unknown here: it belongs to a later version or is misspelt")]
    UnknownType,
}

impl DecodeError {
    /// The code that a server answers with.
    ///
    /// For [`TooBig`](Self::TooBig) the answer is the close 1009; its code is for whoever wants to name it.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::TooBig { .. } => ErrorCode::TooBig,
            Self::Malformed(_) => ErrorCode::BadFrame,
            Self::Hello(_) => ErrorCode::BadHello,
            Self::Version(_) => ErrorCode::UnsupportedVersion,
            Self::UnknownType => ErrorCode::UnknownType,
        }
    }
}

/// Refuses what is too long or nested too deep, before anything is made of it.
pub(crate) fn admit(frame: &str, max: usize) -> Result<(), DecodeError> {
    if frame.len() > max {
        return Err(DecodeError::TooBig { len: frame.len(), max });
    }
    // Counting is far cheaper than following the strings, and nearly always enough.
    let openers = frame.bytes().filter(|b| matches!(b, b'{' | b'[')).count();
    if openers > MAX_DEPTH && depth(frame) > MAX_DEPTH {
        return Err(DecodeError::Malformed(format!("it is nested deeper than {MAX_DEPTH} levels")));
    }
    Ok(())
}

fn depth(frame: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let mut bytes = frame.bytes();
    let mut in_string = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The frame's `t`; the rest is checked to be JSON with one `t` and otherwise skipped.
pub(crate) fn tag(frame: &str) -> Result<Text<'_>, DecodeError> {
    #[derive(Deserialize)]
    struct Tag<'a> {
        #[serde(borrow)]
        t: Text<'a>,
    }
    parse::<Tag<'_>>(frame).map(|tag| tag.t)
}

/// Reads one object of the wanted shape and nothing after it.
pub(crate) fn parse<'a, T: Deserialize<'a>>(frame: &'a str) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_str(frame);
    object(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| DecodeError::Malformed(reason(&error)))
}

/// Writes JSON in one pass, without a tree.
pub(crate) fn write<T: Serialize>(out: &mut Vec<u8>, value: &T) {
    if let Err(error) = serde_json::to_writer(out, value) {
        unreachable!("frames have string keys only, and memory takes every byte: {error}");
    }
}

/// The same as a string.
pub(crate) fn encode<T: Serialize>(value: &T) -> String {
    match serde_json::to_string(value) {
        Ok(text) => text,
        Err(error) => unreachable!("frames have string keys only: {error}"),
    }
}

/// serde_json's sentence, cut so that nothing of the input is in it: it quotes what it found,
/// and what it expected, which is ours, comes last.
fn reason(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    match sentence.rfind(", expected ") {
        Some(at) => format!("wrong type or value: {}", &sentence[at + 2..]),
        None => sentence,
    }
}

/// Reads an object, where serde's derived code would take an array of the members as well.
pub(crate) fn object<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// A member that is an object, for places where an attribute can't stand, as in an `Option`.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

/// Reads an integer from 0 to 2^53 − 1.
pub(crate) fn int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let n = u64::deserialize(deserializer)?;
    if n > MAX_INT {
        return Err(de::Error::custom("an integer must be below 2^53"));
    }
    Ok(n)
}

/// Reads such an integer where it may be left out.
pub(crate) fn opt_int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    struct Int(#[serde(deserialize_with = "int")] u64);
    Ok(Option::<Int>::deserialize(deserializer)?.map(|n| n.0))
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, admit, depth, tag};

    #[test]
    fn depth_counts_outside_of_strings_only() {
        assert_eq!(depth(r#"{"a":[[1],[2]]}"#), 3);
        assert_eq!(depth(r#"{"a":"[[[[\"[[[[","b":"\\","c":[]}"#), 2);
        assert_eq!(depth("]]]]{"), 1);
    }

    #[test]
    fn as_deep_as_allowed_and_no_deeper() {
        let nested =
            |n: usize| format!(r#"{{"t":"bye","x":{}{}}}"#, "[".repeat(n - 1), "]".repeat(n - 1));
        assert!(admit(&nested(MAX_DEPTH), 1000).is_ok());
        assert!(admit(&nested(MAX_DEPTH + 1), 1000).is_err());
        // Brackets in a text are no nesting.
        let text = format!(r#"{{"t":"send","id":"a","text":"{}"}}"#, "[".repeat(MAX_DEPTH * 9));
        assert!(admit(&text, 1000).is_ok());
    }

    #[test]
    fn the_tag_is_found_anywhere_and_only_once() {
        assert_eq!(tag(r#" {"a":[1,{"t":"no"}],"t":"bye"} "#).unwrap().as_str(), "bye");
        assert_eq!(tag(r#"{"\u0074":"b\u0079e"}"#).unwrap().as_str(), "bye");
        for bad in [
            r#"{"t":"bye","t":"bye"}"#,
            r#"["bye"]"#,
            r#""bye""#,
            r#"{"t":1}"#,
            r#"{"t":"bye"}{}"#,
            r#"{"t":"bye""#,
            "",
        ] {
            assert!(tag(bad).is_err(), "{bad}");
        }
    }
}
