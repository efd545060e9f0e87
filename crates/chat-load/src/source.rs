//! The addresses that connections come from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network, whose addresses are used in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    first: IpAddr,
    count: u128,
    taken: u128,
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a network such as 127.0.0.0/8 or fd00::/64".to_string();
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let length: u32 = length.parse().map_err(|_| wrong())?;
        let width: u32 = if address.is_ipv4() { 32 } else { 128 };
        let free = width.checked_sub(length).ok_or_else(wrong)?;
        let size = 1_u128.checked_shl(free).unwrap_or(u128::MAX);
        let base = number(address) & !(size - 1);
        // The first and the last of a network of IPv4 are nobody's.
        let spared = u128::from(size > 2);
        Ok(Self { first: numbered(address, base + spared), count: size - 2 * spared, taken: 0 })
    }
}

impl Source {
    /// The next address.
    pub(crate) fn next(&mut self) -> IpAddr {
        let next = numbered(self.first, number(self.first) + self.taken % self.count);
        self.taken += 1;
        next
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_bits().into(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The address of this number in the family of another.
#[allow(clippy::cast_possible_truncation, reason = "numbers of IPv4 stay below 2^32")]
fn numbered(family: IpAddr, number: u128) -> IpAddr {
    match family {
        IpAddr::V4(_) => Ipv4Addr::from_bits(number as u32).into(),
        IpAddr::V6(_) => Ipv6Addr::from_bits(number).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_of(network: &str, count: usize) -> Vec<String> {
        let mut source: Source = network.parse().unwrap();
        (0..count).map(|_| source.next().to_string()).collect()
    }

    #[test]
    fn addresses_follow_on_each_other_and_begin_again() {
        assert_eq!(first_of("127.0.0.0/8", 2), ["127.0.0.1", "127.0.0.2"]);
        assert_eq!(first_of("10.1.2.3/30", 3), ["10.1.2.1", "10.1.2.2", "10.1.2.1"]);
        assert_eq!(first_of("127.0.0.9/32", 2), ["127.0.0.9", "127.0.0.9"]);
        assert_eq!(first_of("fd00::/64", 2), ["fd00::1", "fd00::2"]);
        assert_eq!(first_of("::/0", 1), ["::1"]);
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "127.0.0.1", "127.0.0.0/33", "here/8", "::/129", "10.0.0.0/-1"] {
            assert!(text.parse::<Source>().is_err(), "{text}");
        }
    }
}
