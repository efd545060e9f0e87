//! The program: flags, sockets and signals around [`chat_server::serve`].

mod flags;
mod listen;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use chat_server::{Listeners, Tls};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal;

use flags::Flags;

fn main() -> ExitCode {
    let flags = Flags::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_max_level(flags.serving.log_level)
        .with_target(false)
        .init();
    raise_file_limit();
    match run(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("chat-server: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: Flags) -> Result<(), String> {
    let handed = listen::handed()?;
    let tls = flags.tls.source()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("the system gives no threads or files: {e}"))?;
    runtime.block_on(async {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (serving, urls) = listen::all(&flags.serving.listen, handed, scheme).await?;
        let redirecting = listen::each(&flags.tls.redirect_http).await?;
        let listening = serving.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<_>>>();
        let listening = listening.map_err(|e| format!("where it listens can't be told: {e}"))?;
        let mut config = flags.into_config();
        let names: Vec<_> = config.names().cloned().collect();
        let tls = tls.map(|source| source.open(&listening, &names)).transpose();
        let tls = tls.map_err(|e| e.to_string())?;
        if let Some(tls) = tls.clone() {
            reload_on_signal(tls).map_err(|e| format!("signals can't be watched: {e}"))?;
        }
        let stop = stop_signal().map_err(|e| format!("signals can't be watched: {e}"))?;
        // Whoever started it may have closed its output; that stops nobody.
        let _ = writeln!(io::stdout(), "chat-server {}: {urls}", env!("CARGO_PKG_VERSION"));
        if let Some(tls) = tls.as_ref().filter(|tls| tls.is_self_signed()) {
            let _ = writeln!(io::stdout(), "SHA-256 of its certificate: {}", tls.fingerprint());
        }
        config.tls = tls;
        chat_server::serve(config, Listeners { serving, redirecting }, stop)
            .await
            .map_err(|e| format!("the server can't start: {e}"))
    })
}

/// Every connection is a file: as many as the system lets this user have.
fn raise_file_limit() {
    /// Below this a busy evening may run out.
    const LOW: u64 = 4096;
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) if limit < LOW => tracing::warn!(
            limit,
            "few files may be open at once, and every connection is one: raise it with ulimit -n"
        ),
        Ok(limit) => tracing::debug!(limit, "files that may be open at once"),
        Err(e) => tracing::warn!(error = %e, "how many files may be open can't be told"),
    }
}

/// Has the certificate read again at each SIGHUP, where there is one.
#[cfg(unix)]
fn reload_on_signal(tls: Tls) -> io::Result<()> {
    use signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            tls.reload();
        }
    });
    Ok(())
}

/// Elsewhere the files are watched, and that is all.
#[cfg(windows)]
fn reload_on_signal(_: Tls) -> io::Result<()> {
    Ok(())
}

/// Done at Ctrl-C, and at SIGTERM where there is one. They are watched from
/// the call on, not from the first wait: a signal in between would kill.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Done at Ctrl-C, which is watched from the call on.
#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
