//! No log line, at the most verbose, holds what people said or know.

use std::io;
use std::sync::{Arc, Mutex};

use chat_server::Config;

use crate::support::{TestServer, hello, open_config, sealed_hello};
use crate::tls;

/// What is logged.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Lines {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A word as it may turn up: as it is, and in the usual writings of its bytes.
fn spellings(word: &str) -> Vec<String> {
    let bytes = word.as_bytes();
    let join = |f: &dyn Fn(&u8) -> String| bytes.iter().map(f).collect::<String>();
    vec![
        word.to_lowercase(),
        word.replace('-', "").to_lowercase(),
        join(&|b| format!("{b:02x}")),
        join(&|b| format!("%{b:02x}")),
        join(&|b| format!("{b}, ")).trim_end_matches(", ").to_owned(),
        format!("{word:?}").trim_matches('"').to_lowercase(),
    ]
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::level_filters::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();

    let (key, wrong) = ("quercus-robur", "fagus-sylvatica");
    let config = Config { create_key: Some(key.parse().unwrap()), ..open_config() };
    let server = TestServer::start(config).await;
    let bearer = |key: &str| format!("Authorization: Bearer {key}\r\n");
    let (_, _, created) = server.ask("POST", "/create", &bearer(key)).await;
    let created: serde_json::Value = serde_json::from_str(&created).unwrap();
    let token = created["token"].as_str().unwrap().to_owned();
    server.ask("POST", "/create", &bearer(wrong)).await;
    server.get(&format!("/create?create_key={wrong}")).await;
    let room = "yM_W3eTr8vkABw4VHCMqMQ";
    for key in [wrong, key] {
        let mut opener = server.v1().await;
        let mut hello = sealed_hello(room, 1, 0, true);
        hello["create_key"] = key.into();
        opener.say(hello).await;
        opener.next().await;
    }
    let (nick, text) = ("Zebulon-Ω", "the treasure is buried under the oak");
    let mut ann = server.member(&token, nick).await;
    let mut pat = server.plain(&token, "Patroclus").await;
    ann.post("a", text).await;
    pat.text(text).await;
    pat.next_text().await;
    let sealed = "000g-40r4-0m30-e209-185g-r38e-1wpn";
    let _ = server.try_plain(&format!("token={sealed}&nick=Menelaus")).await;
    let _ = server.try_plain(&format!("token={token}&nick=a%00Menelaus")).await;
    let mut bad = server.v1().await;
    bad.say(hello(sealed, "Menelaus")).await;
    bad.closed().await;
    ann.text(&format!("{{\"t\":\"send\",\"text\":\"{text}\"")).await;
    ann.closed().await;
    drop(pat);
    let _ = server.raw(format!("GET /{text} HTTP/9\r\n\r\n").as_bytes()).await;
    let secure = tls::start(open_config()).await;
    let mut olga = secure.member(&secure.create().await, nick).await;
    olga.post("a", text).await;
    olga.until("msg").await;
    let over_http = format!("GET /?{token} HTTP/1.1\r\nHost: {nick}\r\nConnection: close\r\n\r\n");
    let no_handshake = format!("\x16\x03\x01\x00{}{text}", char::from(text.len() as u8));
    for said in [over_http, no_handshake] {
        TestServer::at(secure.address).raw(said.as_bytes()).await;
    }
    secure.stopped_now().await;
    tracing::info!("the log works");
    server.stopped_now().await;

    let log = lines.text().to_lowercase();
    assert!(log.contains("the log works"), "a log that holds nothing shows nothing");
    for word in [&token, sealed, nick, "Patroclus", "Menelaus", text, key, wrong, room] {
        for spelling in spellings(word) {
            assert!(!log.contains(&spelling), "{spelling} is in the log:\n{log}");
        }
    }
}
