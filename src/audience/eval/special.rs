//! Addresses in networks, positions near others, versions in order.

use super::compare::agrees;
use crate::model::{Decimal, Position, Value, Version};
use crate::query::predicate::{Comparison, Network};
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;

/// Whether an address, without the bits that are its own, is a network's first.
pub(super) fn inside(value: &Value, network: Network) -> bool {
    let address = value.as_text().and_then(|text| text.parse::<IpAddr>().ok());
    let bits = u32::from(network.bits);
    match (address, network.first) {
        (Some(IpAddr::V4(address)), IpAddr::V4(first)) => {
            u32::MAX.checked_shl(32 - bits).unwrap_or(0) & address.to_bits() == first.to_bits()
        }
        (Some(IpAddr::V6(address)), IpAddr::V6(first)) => {
            u128::MAX.checked_shl(128 - bits).unwrap_or(0) & address.to_bits() == first.to_bits()
        }
        _ => false,
    }
}

/// Whether a position is less than so far from another.
pub(super) fn near(value: &Value, km: Decimal, of: Position) -> bool {
    let distance = Position::of(value).map(|position| of.km_to(position));
    distance.is_some_and(|distance| distance < km)
}

/// Whether two versions compare so.
pub(super) fn versions(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let read = |value: &Value| value.as_text()?.parse::<Version>().ok();
    read(left).zip(read(right)).is_some_and(|(left, right)| agrees(comparison, left.cmp(&right)))
}
