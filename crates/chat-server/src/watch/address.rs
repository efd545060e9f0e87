//! How much of an address the log says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How much of a peer's address the log says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogAddresses {
    /// All of it.
    Full,
    /// The network it is of, written as such: the first 24 bits of IPv4, the
    /// first 48 of IPv6.
    #[default]
    Short,
    /// Nothing.
    None,
}

impl LogAddresses {
    pub(crate) fn show(self, address: IpAddr) -> String {
        match (self, address.to_canonical()) {
            (Self::Full, address) => address.to_string(),
            (Self::Short, IpAddr::V4(v4)) => {
                format!("{}/24", Ipv4Addr::from_bits(v4.to_bits() >> 8 << 8))
            }
            (Self::Short, IpAddr::V6(v6)) => {
                format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80))
            }
            (Self::None, _) => "-".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LogAddresses::{Full, None, Short};

    #[test]
    fn a_short_one_says_a_network_and_nobody_in_it() {
        for (address, short, full) in [
            ("192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
            ("::ffff:192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2:3:4:5:6"),
            ("::1", "::/48", "::1"),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(Short.show(address), short);
            assert_eq!(Full.show(address), full);
            assert_eq!(None.show(address), "-");
        }
    }
}
