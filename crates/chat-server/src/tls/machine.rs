//! By which names this machine is reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio_rustls::rustls::pki_types::ServerName;

use crate::host::Host;

/// What a certificate is made for.
#[derive(Debug)]
pub(super) struct Names {
    /// Without one of these it is made anew.
    pub(super) must: Vec<ServerName<'static>>,
    /// These it has as well when it is made: IPv6 addresses, most of which
    /// change every day (RFC 8981). Nobody shall have to look at a fingerprint
    /// again for that.
    pub(super) may: Vec<ServerName<'static>>,
}

/// The machine's names and those it is given, and the addresses of where it
/// listens: each of its own where it listens on all of them.
pub(super) fn names(listening: &[SocketAddr], also: &[Host]) -> Names {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    // What it calls itself in a network without a name server (RFC 6762).
    let local = (!host.contains('.')).then(|| format!("{host}.local"));
    let mut must: Vec<ServerName<'static>> = ["localhost".to_owned(), host]
        .into_iter()
        .chain(local)
        // What is no name is in no address that somebody opens.
        .filter_map(|name| name.parse::<Host>().ok())
        .chain(also.iter().cloned())
        // An IPv6 address has brackets in an address, and none here.
        .map(|host| host.to_string().trim_matches(['[', ']']).to_owned())
        .filter_map(|name| ServerName::try_from(name).ok())
        .collect();
    let mut may = Vec::new();
    must.extend([IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()].map(from));
    for ip in listening.iter().map(SocketAddr::ip) {
        if !ip.is_unspecified() {
            must.push(from(ip));
            continue;
        }
        // Without them the names are left, and a warning of the browser more.
        for interface in if_addrs::get_if_addrs().unwrap_or_default() {
            match interface.ip() {
                IpAddr::V4(own) if !own.is_link_local() => must.push(from(own.into())),
                IpAddr::V6(own) if ip.is_ipv6() && !own.is_unicast_link_local() => {
                    may.push(from(own.into()));
                }
                IpAddr::V4(_) | IpAddr::V6(_) => {}
            }
        }
    }
    let mut known = std::collections::HashSet::new();
    must.retain(|name| known.insert(name.clone()));
    may.retain(|name| known.insert(name.clone()));
    Names { must, may }
}

fn from(ip: IpAddr) -> ServerName<'static> {
    ServerName::IpAddress(ip.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(names: &[ServerName<'_>]) -> Vec<String> {
        names.iter().map(|name| name.to_str().into_owned()).collect()
    }

    #[test]
    fn an_address_is_named_once_and_its_names_are_names() {
        let also = ["chat.lan", "LOCALHOST", "chat.lan.", "192.0.2.7", "[2001:db8::1]"];
        let also = also.map(|name| name.parse().unwrap());
        let listening = ["127.0.0.1:0", "192.0.2.7:80", "[2001:db8::1]:80"];
        let names = names(&listening.map(|address| address.parse().unwrap()), &also);
        let must = texts(&names.must);
        for name in ["localhost", "127.0.0.1", "::1", "chat.lan", "192.0.2.7", "2001:db8::1"] {
            assert_eq!(must.iter().filter(|known| *known == name).count(), 1, "{name} {must:?}");
        }
        assert!(!must.iter().any(|name| name.is_empty() || name.contains(' ')), "{must:?}");
        assert!(names.may.is_empty());
    }

    #[test]
    fn all_addresses_are_those_of_the_interfaces() {
        let names = names(&["0.0.0.0:8443".parse().unwrap()], &[]);
        let must = texts(&names.must);
        for own in if_addrs::get_if_addrs().unwrap() {
            if let IpAddr::V4(own) = own.ip() {
                assert!(own.is_link_local() || must.contains(&own.to_string()), "{own} {must:?}");
            }
        }
    }
}
