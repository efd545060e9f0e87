//! Values of flags, as they are written.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use chat_server::IpNet;

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "write an address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080".into()
    })
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match duration_or_none(text)? {
        time if time >= Duration::from_millis(1) => Ok(time),
        _ => Err("write at least 1ms".into()),
    }
}

/// One that may be nothing.
pub(super) fn duration_or_none(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "write a number with its unit, such as 500ms, 90s, 10m or 24h".into())
}

pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(text);
    match folder.is_dir() {
        true => Ok(folder),
        false => Err("there is no such folder".into()),
    }
}

pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(|address| address.to_canonical().into());
    text.parse().or_else(|_| address()).map_err(|_| {
        "write an address or a network, such as 127.0.0.1, 10.0.0.0/8 or 2001:db8::/48".into()
    })
}
