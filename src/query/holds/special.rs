//! Tests of values of declared types: addresses, positions, versions.

use super::super::predicate::{Comparison, Network};
use crate::model::{Decimal, Position, Value, Version};
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;

/// Whether an address begins with the bits of a network.
pub(super) fn in_network(subject: &Value, network: Network) -> bool {
    let Some(Ok(address)) = subject.as_text().map(|text| text.parse::<IpAddr>()) else {
        return false;
    };
    let n_bits = usize::from(network.bits);
    let bits = |address: IpAddr| bits(address).into_iter().take(n_bits).collect::<Vec<_>>();
    address.is_ipv4() == network.first.is_ipv4() && bits(address) == bits(network.first)
}

/// Every bit of an address, the highest first.
fn bits(address: IpAddr) -> Vec<bool> {
    let octets = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    octets.into_iter().flat_map(|octet| (0..8).map(move |n| octet & (128 >> n) != 0)).collect()
}

/// Whether a position is less than so many kilometres from another.
pub(super) fn is_near(subject: &Value, km: Decimal, of: Position) -> bool {
    Position::of(subject).is_some_and(|position| position.km_to(of) < km)
}

/// How one version compares with another.
pub(super) fn compares(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let version = |value: &Value| value.as_text().and_then(|text| text.parse::<Version>().ok());
    let (Some(left), Some(right)) = (version(left), version(right)) else { return false };
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Greater => left > right,
        Comparison::AtLeast => left >= right,
    }
}
