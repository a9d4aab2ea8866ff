//! What is asked of addresses, positions and versions.

use crate::model::{Decimal, Position, Value, Version};
use crate::query::predicate::{Comparison, Network};
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;
use std::cmp::Ordering;

/// Whether a text is an address of a network: it differs in no leading bit.
pub fn lies_in(network: Network, subject: &Value) -> bool {
    let Value::Text(text) = subject else { return false };
    let bits = u32::from(network.bits);
    match (network.first, text.parse()) {
        (IpAddr::V4(first), Ok(IpAddr::V4(it))) => {
            (u32::from(first) ^ u32::from(it)).leading_zeros() >= bits
        }
        (IpAddr::V6(first), Ok(IpAddr::V6(it))) => {
            (u128::from(first) ^ u128::from(it)).leading_zeros() >= bits
        }
        _ => false,
    }
}

/// Whether a value is a position nearer than that.
pub fn lies_near(km: Decimal, of: Position, subject: &Value) -> bool {
    match Position::of(subject) {
        Some(at) => of.km_to(at) < km,
        None => false,
    }
}

/// Whether a version compares so with another.
pub fn version(how: Comparison, subject: &Value, other: &Value) -> bool {
    let (Some(subject), Some(other)) = (read(subject), read(other)) else { return false };
    let order = subject.cmp(&other);
    match how {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::AtMost => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::AtLeast => order != Ordering::Less,
    }
}

fn read(value: &Value) -> Option<Version> {
    match value {
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}
