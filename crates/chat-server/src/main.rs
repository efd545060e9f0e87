//! The program: flags, sockets and signals around [`chat_server::serve`].

mod flags;
mod health;
mod instead;
mod listen;
mod log;
mod notify;
mod settings;

use std::env;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use chat_server::{Config, Listeners, Tls};
use tokio::net::TcpListener;
use tokio::signal;

use flags::Source;
use notify::Notifier;
use settings::Settings;

fn main() -> ExitCode {
    let settings = settings::read(env::args_os()).unwrap_or_else(|error| error.exit());
    let ended = match instead::run(&settings.flags.program) {
        Some(printed) => printed.and_then(|text| print(&text)),
        None => serve(settings),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("chat-server: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Where to listen, and how.
struct Sockets {
    chat: Vec<SocketAddr>,
    redirect: Vec<SocketAddr>,
    metrics: Vec<SocketAddr>,
    tls: Option<Source>,
}

fn serve(Settings { flags, set }: Settings) -> Result<(), String> {
    log::start(flags.watching.log_level, flags.watching.log_format);
    let check = flags.program.check_config;
    let sockets = Sockets {
        chat: flags.serving.listen.clone(),
        redirect: flags.tls.redirect_http.clone(),
        metrics: flags.watching.metrics_listen.clone(),
        tls: flags.tls.source()?,
    };
    // Whatever can be wrong with what was asked is found here, before anything is
    // listened on.
    let config = flags.into_config();
    config.check().map_err(|e| e.to_string())?;
    if check {
        if let Some(source) = &sockets.tls {
            source.check().map_err(|e| e.to_string())?;
        }
        let set: String = set.iter().map(|line| format!("{line}\n")).collect();
        return print(format!("{set}the configuration is good\n").as_bytes());
    }
    raise_file_limit();
    run(config, sockets)
}

fn run(mut config: Config, sockets: Sockets) -> Result<(), String> {
    let handed = listen::handed()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("the system gives no threads or files: {e}"))?;
    runtime.block_on(async {
        let scheme = if sockets.tls.is_some() { "https" } else { "http" };
        let (serving, urls) = listen::all(&sockets.chat, handed, scheme).await?;
        let redirecting = listen::each(&sockets.redirect, "--redirect-http").await?;
        let metrics = listen::each(&sockets.metrics, "--metrics-listen").await?;
        let listening = serving.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<_>>>();
        let listening = listening.map_err(|e| format!("where it listens can't be told: {e}"))?;
        let names: Vec<_> = config.names().cloned().collect();
        let tls = sockets.tls.map(|source| source.open(&listening, &names)).transpose();
        let tls = tls.map_err(|e| e.to_string())?;
        reload_on_signal(tls.clone()).map_err(|e| format!("signals can't be watched: {e}"))?;
        let stop = stop_signal().map_err(|e| format!("signals can't be watched: {e}"))?;
        let notifier = Notifier::from_env();
        config.heartbeat = notifier.as_ref().map(Notifier::heartbeat);
        let stop = async {
            stop.await;
            if let Some(notifier) = &notifier {
                notifier.stopping();
            }
        };
        // Whoever started it may have closed its output; that stops nobody.
        let _ = writeln!(io::stdout(), "chat-server {}: {urls}", env!("CARGO_PKG_VERSION"));
        if let Some(tls) = tls.as_ref().filter(|tls| tls.is_self_signed()) {
            let _ = writeln!(io::stdout(), "SHA-256 of its certificate: {}", tls.fingerprint());
        }
        config.tls = tls;
        chat_server::serve(config, Listeners { serving, redirecting, metrics }, stop)
            .await
            .map_err(|e| format!("the server can't start: {e}"))
    })
}

/// Prints what was asked for, as far as somebody reads it.
fn print(text: &[u8]) -> Result<(), String> {
    match io::stdout().write_all(text) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(format!("can't print: {e}")),
        _ => Ok(()),
    }
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

/// Has the certificate read again at each SIGHUP, where there is one. Where
/// there is none, it changes nothing, and above all doesn't end the program.
#[cfg(unix)]
fn reload_on_signal(tls: Option<Tls>) -> io::Result<()> {
    use signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            if let Some(tls) = &tls {
                tls.reload();
            }
        }
    });
    Ok(())
}

/// Elsewhere the files are watched, and that is all.
#[cfg(windows)]
fn reload_on_signal(_: Option<Tls>) -> io::Result<()> {
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
