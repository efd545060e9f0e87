//! The program: flags, sockets and signals around [`chat_server::serve`].

mod flags;
mod listen;
mod log;

use std::io::{self, Write};
use std::process::ExitCode;

use chat_server::Listeners;
use clap::Parser;
use tokio::signal;

use flags::Flags;

fn main() -> ExitCode {
    let flags = Flags::parse();
    log::start(flags.watching.log_level, flags.watching.log_format);
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
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("the system gives no threads or files: {e}"))?;
    runtime.block_on(async {
        let (chat, urls) = listen::all(&flags.serving.listen, handed).await?;
        let metrics = listen::metrics(&flags.watching.metrics_listen).await?;
        let stop = stop_signal().map_err(|e| format!("signals can't be watched: {e}"))?;
        // Whoever started it may have closed its output; that stops nobody.
        let _ = writeln!(io::stdout(), "chat-server {}: {urls}", env!("CARGO_PKG_VERSION"));
        chat_server::serve(flags.into_config(), Listeners { chat, metrics }, stop)
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
