//! Seals and opens what it is asked on standard input, a JSON object a line, so that other implementations can be compared:
//! `{"token", "nick", "ts", "text"}` gives `{"spk", "n", "ct", "sig"}` in hex, and `{"token", "spk", "n", "ct", "sig"}` gives
//! `{"nick", "ts", "text"}` or `{"error"}`.

use std::error::Error;
use std::io::{self, BufRead, Write};

use chat_core::{Nick, SealedToken};
use chat_seal::{Opened, Opener, RoomKeys, Sealed, Sealer, Words};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let answer = match asked.get("ct") {
            None => seal(&asked)?,
            Some(_) => open(&asked)?,
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn seal(asked: &Value) -> Result<Value, Box<dyn Error>> {
    let mut sealer = Sealer::generate(keys(asked)?, &mut rand::rng());
    let nick = Nick::parse(text(asked, "nick")?)?;
    let ts = asked["ts"].as_u64().ok_or("ts is missing")?;
    let sealed = sealer.seal_text(&nick, ts, text(asked, "text")?)?;
    let (spk, ct, sig) = (hex(&sealer.spk()), hex(&sealed.ct), hex(&sealed.sig));
    Ok(json!({"spk": spk, "n": sealed.n, "ct": ct, "sig": sig}))
}

fn open(asked: &Value) -> Result<Value, Box<dyn Error>> {
    let bytes = |name| text(asked, name).map(unhex);
    let spk = bytes("spk")?.try_into().map_err(|_| "spk has 32 bytes")?;
    let sealed = Sealed {
        n: asked["n"].as_u64().ok_or("n is missing")?,
        ct: bytes("ct")?,
        sig: bytes("sig")?.try_into().map_err(|_| "sig has 64 bytes")?,
    };
    Ok(match Opener::new(keys(asked)?).open_message(spk, &sealed) {
        Opened::Message { words: Words::Text { nick, ts, text }, .. } => {
            json!({"nick": nick.map(|nick| nick.to_string()), "ts": ts, "text": text})
        }
        other => json!({"error": format!("{other:?}")}),
    })
}

fn keys(asked: &Value) -> Result<RoomKeys, Box<dyn Error>> {
    let token: SealedToken = text(asked, "token")?.parse()?;
    Ok(RoomKeys::derive(&token))
}

fn text<'a>(asked: &'a Value, name: &str) -> Result<&'a str, Box<dyn Error>> {
    asked[name].as_str().ok_or_else(|| format!("{name} is missing").into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |c: &u8| char::from(*c).to_digit(16).unwrap_or_default() as u8;
    text.as_bytes().chunks_exact(2).map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])).collect()
}
