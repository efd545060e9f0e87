//! How much is taken on: of each address, and of all together.

mod crowd;
mod rate;
mod visitors;

use std::net::{IpAddr, Ipv6Addr};

pub(crate) use crowd::{Crowd, Open, Waiting};
pub(crate) use rate::AddressLimit;
pub(crate) use visitors::{Place, Rules, Visitors};

/// How many addresses are remembered. An address is forgotten once it may do
/// again all that a new one may.
const ADDRESSES: usize = 1 << 16;

/// Who an address counts as: IPv6 by its /64, which one customer has.
fn block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64))
        }
        other => other,
    }
}
