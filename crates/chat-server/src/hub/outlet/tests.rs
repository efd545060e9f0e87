//! An outlet over TLS, which takes more than it sends.

use chat_core::{Face, Limits, Nick, PlainToken, Registry, RoomId, Timestamp, Wishes};
use tokio::io::AsyncReadExt;
use tokio_rustls::rustls::version;

use super::*;

#[tokio::test]
async fn it_is_behind_until_tls_has_sent_what_it_took() {
    let mut registry = Registry::new(Limits::default().into());
    let (now, id) = (Timestamp::ZERO, RoomId::Plain(PlainToken::generate(&mut rand::rng())));
    registry.open(now, id, &mut rand::rng(), &Wishes::default()).unwrap();
    let face = Face::Nick(Nick::parse("ann").unwrap());
    let joined = registry.change(id, |room| room.join(now, face).unwrap()).unwrap();
    let room = registry.room(id).ok();
    let me = joined.connection.id.session;

    let (channel, mut client) = crate::tls::pair(&version::TLS13).await;
    let socket = Arc::new(Socket::Secure(Box::new(channel)));
    let mut outlet = Outlet::new(Form::Plain, &joined, Vec::new());
    outlet.attach(socket.clone());
    assert_eq!(outlet.drain(room, me, &mut Sent::default()), Wants::Input);

    let mut said = 0;
    for _ in 0..30 {
        // The last of these is taken by TLS, and not by the network.
        while !outlet.is_behind() {
            outlet.aside(&[b'x'; 1_000]);
            said += 1_000;
            assert_eq!(outlet.is_behind(), socket.owes());
        }
        loop {
            match outlet.drain(room, me, &mut Sent::default()) {
                Wants::Input => break,
                Wants::Writable { .. } => {}
                other => panic!("{other:?}"),
            }
            let mut some = vec![0; 500.min(said)];
            said -= client.read_exact(&mut some).await.unwrap();
        }
        assert!(!socket.owes());
    }
    client.read_exact(&mut vec![0; said]).await.unwrap();
}
