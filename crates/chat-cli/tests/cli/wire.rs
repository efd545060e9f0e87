//! A way to a server that can be cut and mended.

use chat_client::ServerUrl;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::bench::Server;

pub(crate) struct Wire {
    pub(crate) url: ServerUrl,
    whole: watch::Sender<bool>,
}

impl Wire {
    pub(crate) async fn to(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let target = (server.url.host().to_owned(), server.url.port());
        let (whole, is_whole) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (target, mut is_whole) = (target.clone(), is_whole.clone());
                tokio::spawn(async move {
                    if !*is_whole.borrow_and_update() {
                        return;
                    }
                    let mut far = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = is_whole.changed() => {}
                    }
                });
            }
        });
        Self { url, whole }
    }

    pub(crate) fn cut(&self) {
        self.whole.send(false).unwrap();
    }

    pub(crate) fn mend(&self) {
        self.whole.send(true).unwrap();
    }
}
