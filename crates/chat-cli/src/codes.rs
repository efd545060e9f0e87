//! The codes that people compare.

use chat_client::Person;

use crate::{notice, sanitize};

/// Everybody's person code, a line each, and how to compare them.
pub(crate) fn people(people: &[Person]) -> String {
    let mut out = String::from("who is here:");
    let mut sealed = false;
    for person in people {
        let (nick, state) = (sanitize::line(&person.nick), notice::state(person));
        let line = match &person.seal {
            None => format!("\n  {nick}{state}"),
            Some(seal) if seal.verified => format!("\n  {}  {nick}{state}", seal.code),
            Some(seal) => format!("\n  {}  connected without the room's secret", seal.code),
        };
        sealed |= person.seal.is_some();
        out.push_str(&line);
    }
    out.push_str(if sealed {
        "\ncompare a person's code over another channel, a call for example: it is the same on all \
         screens"
    } else {
        "\nin a plain room nobody has a code: names are as good as the server"
    });
    out
}

/// The room's code, and how to compare it.
pub(crate) fn room(code: Option<&str>) -> String {
    match code {
        Some(code) => format!(
            "the room's code is {code}: it is the same on two screens exactly where both show the \
             same people; compare it over another channel"
        ),
        None => "a plain room has no code: it is not encrypted".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{people, room};
    use chat_client::{Mode, Person, Whereabouts};

    #[test]
    fn plain_rooms_say_that_they_have_none() {
        let (nick, mode, is) = ("An\u{1b}n".into(), Mode::V1, Whereabouts::Here);
        let person = Person { sid: 1, nick, seal: None, mode, since: 0, is };
        let shown = people(&[person]);
        assert!(shown.starts_with("who is here:\n  Ann\n"), "{shown}");
        assert!(room(None).contains("not encrypted"));
        assert!(room(Some("brby-fztk-hrsa-r4y6")).contains("brby-fztk-hrsa-r4y6"));
    }
}
