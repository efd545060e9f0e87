//! JSON (RFC 8259), read strictly: two readers that differ in what they make of
//! a text could be shown different things. No member comes twice, no surrogate
//! is alone, nothing nests deeper than 8 levels, and numbers are whole, without
//! a sign, and at most 2^53 − 1.

use std::iter::Peekable;
use std::str::Chars;

const DEPTH: usize = 8;
const MAX_INT: u64 = (1 << 53) - 1;

/// A value; of those that nobody asks for only their kind is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    String(String),
    Int(u64),
    Other,
}

/// The members of an object.
#[derive(Debug)]
pub(crate) struct Object(Vec<(String, Value)>);

impl Object {
    /// Reads a text that is one object; `None` where it isn't, strictly.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { chars: text.chars().peekable() };
        reader.space();
        let members = reader.object(1)?;
        reader.space();
        reader.chars.next().is_none().then_some(Self(members))
    }

    pub(crate) fn string(&self, name: &str) -> Option<&str> {
        match self.member(name)? {
            Value::String(text) => Some(text),
            Value::Int(_) | Value::Other => None,
        }
    }

    pub(crate) fn int(&self, name: &str) -> Option<u64> {
        match self.member(name)? {
            Value::Int(n) => Some(*n),
            Value::String(_) | Value::Other => None,
        }
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.chars.next_if(|c| matches!(c, ' ' | '\t' | '\n' | '\r')).is_some() {}
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        self.chars.next_if_eq(&wanted).map(|_| ())
    }

    fn object(&mut self, depth: usize) -> Option<Vec<(String, Value)>> {
        let mut members: Vec<(String, Value)> = Vec::new();
        self.take('{')?;
        self.space();
        if self.take('}').is_some() {
            return Some(members);
        }
        loop {
            self.space();
            let name = self.string()?;
            if members.iter().any(|(known, _)| *known == name) {
                return None;
            }
            self.space();
            self.take(':')?;
            members.push((name, self.value(depth)?));
            if self.take(',').is_none() {
                self.take('}')?;
                return Some(members);
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.take('[')?;
        self.space();
        if self.take(']').is_some() {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.take(',').is_none() {
                return self.take(']');
            }
        }
    }

    /// A value inside something at `depth`, with the space around it.
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.space();
        let value = match self.chars.peek()? {
            '"' => Value::String(self.string()?),
            '0'..='9' => Value::Int(self.int()?),
            '{' if depth < DEPTH => self.object(depth + 1).map(|_| Value::Other)?,
            '[' if depth < DEPTH => self.array(depth + 1).map(|()| Value::Other)?,
            't' => self.word("true")?,
            'f' => self.word("false")?,
            'n' => self.word("null")?,
            _ => return None,
        };
        self.space();
        Some(value)
    }

    fn word(&mut self, word: &str) -> Option<Value> {
        word.chars().try_for_each(|c| self.take(c)).map(|()| Value::Other)
    }

    fn int(&mut self) -> Option<u64> {
        if self.take('0').is_some() {
            return self.whole(0);
        }
        let mut n = 0_u64;
        while let Some(digit) = self.chars.peek().and_then(|c| c.to_digit(10)) {
            n = n * 10 + u64::from(digit);
            if n > MAX_INT {
                return None;
            }
            self.chars.next();
        }
        self.whole(n)
    }

    /// No digit, fraction or exponent follows.
    fn whole(&mut self, n: u64) -> Option<u64> {
        let goes_on = |c: &char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E');
        (!self.chars.peek().is_some_and(goes_on)).then_some(n)
    }

    fn string(&mut self) -> Option<String> {
        self.take('"')?;
        let mut text = String::new();
        loop {
            match self.chars.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                c if c < ' ' => return None,
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.chars.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.hex()?;
                let high = match unit {
                    0xd800..0xdc00 => unit,
                    // A low one alone is no character.
                    _ => return char::from_u32(unit),
                };
                self.take('\\')?;
                self.take('u')?;
                let low = self.hex().filter(|low| (0xdc00..0xe000).contains(low))?;
                char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | self.chars.next()?.to_digit(16)?))
    }
}

/// A string as JSON writes it, and as browsers do: what must be escaped is, shortly where that is
/// possible, and nothing else. So all clients fill the same text to the same length.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_strictly_an_object_is_read() {
        let text =
            r#" { "a" : "x\u00e9\ud83d\ude00\/" , "b":0,"c":[ ],"d":{"e":[true,false,null]} } "#;
        let object = Object::parse(text).unwrap();
        assert_eq!(object.string("a"), Some("xé😀/"));
        assert_eq!((object.int("b"), object.int("a"), object.int("z")), (Some(0), None, None));
        assert_eq!(Object::parse(r#"{"n":9007199254740991}"#).unwrap().int("n"), Some(MAX_INT));
        let deep = format!("{}{}", r#"{"a":"#.repeat(7), "{}".to_owned() + &"}".repeat(7));
        assert!(Object::parse(&deep).is_some());
    }

    #[test]
    fn everything_else_is_not() {
        for text in [
            "",
            "null",
            "[]",
            "{",
            "{}x",
            "{,}",
            r#"{"a":1,}"#,
            r#"{"a"}"#,
            r#"{a:1}"#,
            r#"{"a":01}"#,
            r#"{"a":-1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e2}"#,
            r#"{"a":.5}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\udc00"}"#,
            r#"{"a":"\ud800\u0041"}"#,
            r#"{"a":"\x"}"#,
            "{\"a\":\"\n\"}",
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"a":tru}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":+1}"#,
            r#"{"a":NaN}"#,
            "\u{feff}{}",
        ] {
            assert!(Object::parse(text).is_none(), "{text}");
        }
        let deep = format!("{}{}", r#"{"a":"#.repeat(8), "{}".to_owned() + &"}".repeat(8));
        assert!(Object::parse(&deep).is_none());
        assert!(Object::parse(&"[".repeat(100_000)).is_none());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_and_others_agree(text: String) {
            let mut json = String::from("{\"a\":");
            write_string(&mut json, &text);
            json.push('}');
            let object = Object::parse(&json).unwrap();
            prop_assert_eq!(object.string("a"), Some(text.as_str()));
            let other: serde_json::Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(other["a"].as_str(), Some(text.as_str()));
        }

        #[test]
        fn what_is_read_others_read_too(text in r#"[{}\[\]":,0-9a-z\\ .-]{0,40}"#) {
            if Object::parse(&text).is_some() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
            }
        }
    }
}
