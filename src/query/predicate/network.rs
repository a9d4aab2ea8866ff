//! Networks of addresses: `10.0.0.0/8`.

// Addresses alone; `core` has no sockets.
use core::net::{AddrParseError, IpAddr};
use std::fmt;
use std::str::FromStr;

/// The addresses that begin with the same bits.
///
/// ```
/// use throng::query::predicate::Network;
/// let network: Network = "10.0.0.0/8".parse().unwrap();
/// assert_eq!((network.bits, network.to_string()), (8, "10.0.0.0/8".to_owned()));
/// assert!("10.0.0.0/33".parse::<Network>().is_err());
/// assert!("10.0.0.1/8".parse::<Network>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// Its first address.
    pub first: IpAddr,
    /// How many bits are the same.
    pub bits: u8,
}

/// Why a text is no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoNetwork {
    /// What stands before the slash is no address.
    Address(AddrParseError),
    /// What stands behind it is no number of bits of such an address.
    Bits(u8),
    /// The address lies inside the network and does not begin it.
    Inside(Network),
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Network, NoNetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(NoNetwork::Address)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        // An address alone is a network of one.
        let bits = bits.map_or(Some(most), |bits| bits.parse().ok().filter(|bits| *bits <= most));
        let bits = bits.ok_or(NoNetwork::Bits(most))?;
        // `::ffff:10.0.0.0/104` is written of addresses that are read as 10.0.0.0/8.
        let (address, bits) = match address.to_canonical() {
            canonical if canonical.is_ipv4() && most == 128 && bits >= 96 => (canonical, bits - 96),
            _ => (address, bits),
        };
        let network = Network { first: cut(address, bits), bits };
        if network.first == address { Ok(network) } else { Err(NoNetwork::Inside(network)) }
    }
}

/// The address with every bit behind the first ones cleared.
fn cut(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            IpAddr::V4((address.to_bits() & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

impl fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoNetwork::Address(_) => {
                f.write_str("a network is an address, a slash and a number of bits: 10.0.0.0/8")
            }
            NoNetwork::Bits(most) => write!(f, "such an address has 0 to {most} bits"),
            NoNetwork::Inside(network) => write!(f, "the network begins at {network}"),
        }
    }
}

impl std::error::Error for NoNetwork {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_begins_at_its_first_address() {
        for (written, shown) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("192.168.1.7", "192.168.1.7/32"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("::/0", "::/0"),
            ("::1", "::1/128"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ] {
            assert_eq!(written.parse::<Network>().unwrap().to_string(), shown);
        }
        for (written, why) in [
            ("10.0.0.1/8", "the network begins at 10.0.0.0/8"),
            ("10.0.0.0/33", "such an address has 0 to 32 bits"),
            ("::/129", "such an address has 0 to 128 bits"),
            ("10.0.0.0/", "such an address has 0 to 32 bits"),
            ("10.0/8", "a network is an address, a slash and a number of bits: 10.0.0.0/8"),
        ] {
            assert_eq!(written.parse::<Network>().unwrap_err().to_string(), why);
        }
    }
}
