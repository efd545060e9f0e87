//! What a client sends (section 4.1).

use serde::{Deserialize, Serialize};

use crate::{
    codec::{self, DecodeError, Object},
    id::MsgId,
    sealed::Sealed,
    text::Text,
};

pub use crate::{
    hello::{Hello, Opts, Resume, Target},
    peer::Identity,
};

/// A frame from a client to the server.
///
/// ```
/// use chat_proto::{ClientFrame, client::{Body, Send}};
///
/// let wire = r#"{"t":"send","id":"m1","text":"hi"}"#;
/// let frame = ClientFrame::decode(wire, 64 * 1024)?;
/// let ClientFrame::Send(Send { id, body: Body::Text(text) }) = &frame else { unreachable!() };
/// assert_eq!((id.as_str(), text.as_str()), ("m1", "hi"));
/// assert_eq!(frame.encode(), wire);
/// # Ok::<(), chat_proto::DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub enum ClientFrame<'a> {
    /// The first frame: which room, and who comes.
    Hello(Box<Hello<'a>>),
    /// A message.
    Send(Send<'a>),
    /// A change of nickname.
    Profile(Profile<'a>),
    /// Typing began or stopped.
    Typing(Typing),
    /// The person looks elsewhere, or here again.
    Away(Away),
    /// A sign of life for clients that can't see WebSocket pings.
    Ping(Ping),
    /// Leave now, after all sends.
    Bye,
}

impl<'a> ClientFrame<'a> {
    /// Reads one text frame of at most `max` bytes; unknown members are ignored.
    ///
    /// # Errors
    ///
    /// [`DecodeError::TooBig`] over `max` bytes, [`DecodeError::Version`] for a `hello` of another
    /// version, [`DecodeError::UnknownType`] for a `t` of none, and otherwise
    /// [`DecodeError::Hello`] or [`DecodeError::Malformed`]. None of them says what was in it.
    pub fn decode(frame: &'a str, max: usize) -> Result<Self, DecodeError> {
        codec::admit(frame, max)?;
        // Nearly every frame is one of these, and its `t` comes first: one pass instead of two.
        if frame.starts_with(r#"{"t":"send","#) {
            return Send::decode(frame).map(Self::Send);
        }
        match codec::tag(frame)?.as_str() {
            "send" => Send::decode(frame).map(Self::Send),
            "hello" => Hello::decode(frame).map(|hello| Self::Hello(Box::new(hello))),
            "profile" => Profile::decode(frame).map(Self::Profile),
            "typing" => codec::parse(frame).map(Self::Typing),
            "away" => codec::parse(frame).map(Self::Away),
            "ping" => codec::parse(frame).map(Self::Ping),
            "bye" => Ok(Self::Bye),
            _ => Err(DecodeError::UnknownType),
        }
    }

    /// The frame as it goes over the wire, `t` first.
    #[must_use]
    pub fn encode(&self) -> String {
        codec::encode(self)
    }
}

/// A message to the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Send<'a> {
    /// The client's name for it, unique in the session.
    pub id: MsgId,
    /// The content.
    #[serde(flatten)]
    pub body: Body<'a>,
}

/// The content of a `send`: which of the two is there must fit the room, else `wrong_kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Body<'a> {
    /// In a plain room.
    #[serde(rename = "text")]
    Text(Text<'a>),
    /// In a sealed room.
    #[serde(rename = "m")]
    Sealed(Sealed),
}

impl<'a> Send<'a> {
    fn decode(frame: &'a str) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Members<'a> {
            // Read here too, so that a second `t` is refused in one pass.
            #[serde(borrow, rename = "t")]
            _t: Text<'a>,
            id: MsgId,
            #[serde(borrow)]
            text: Option<Text<'a>>,
            m: Option<Object<Sealed>>,
        }
        let members: Members<'a> = codec::parse(frame)?;
        let body = match (members.text, members.m) {
            (Some(text), None) => Body::Text(text),
            (None, Some(Object(m))) => Body::Sealed(m),
            _ => return Err(malformed("a `send` must have either `text` or `m`")),
        };
        Ok(Self { id: members.id, body })
    }
}

/// A change of nickname; repeated by the client until it is seen back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Profile<'a> {
    /// In a plain room.
    #[serde(rename = "nick")]
    Nick(Text<'a>),
    /// In a sealed room.
    #[serde(rename = "profile")]
    Sealed(Sealed),
}

impl<'a> Profile<'a> {
    fn decode(frame: &'a str) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Members<'a> {
            #[serde(borrow)]
            nick: Option<Text<'a>>,
            profile: Option<Object<Sealed>>,
        }
        let members: Members<'a> = codec::parse(frame)?;
        match (members.nick, members.profile) {
            (Some(nick), None) => Ok(Self::Nick(nick)),
            (None, Some(Object(profile))) => Ok(Self::Sealed(profile)),
            _ => Err(malformed("a `profile` must have either `nick` or `profile`")),
        }
    }
}

/// Typing began or stopped; never stored, the first thing dropped under load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// Whether the person is typing.
    pub on: bool,
}

/// The person looks elsewhere, or here again; never stored. Each connection begins here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Whether the person looks elsewhere.
    pub on: bool,
}

/// Asks for a `pong` with the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {
    /// Any number below 2^53.
    #[serde(deserialize_with = "codec::int")]
    pub n: u64,
}

fn malformed(reason: &str) -> DecodeError {
    DecodeError::Malformed(reason.to_owned())
}
