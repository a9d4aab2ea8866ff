//! What has changed in an audience since it was last settled.

use crate::model::{Ordinal, Text, Timestamp};

/// The people who entered and left one audience for one cause. Nobody is in
/// both, and somebody who came and went in between is in neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The audience.
    pub audience: Text,
    /// How often it had been defined.
    pub version: u32,
    /// Why.
    pub cause: Cause,
    /// Who entered, by seat, and the instant from which that has held.
    pub entered: Vec<(Ordinal, Timestamp)>,
    /// Who left.
    pub left: Vec<(Ordinal, Timestamp)>,
}

/// Why somebody entered or left; where several apply, the first of this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A call arrived.
    Event,
    /// Time passed.
    Time,
    /// Identifiers were joined, parted or handed over.
    Identity,
    /// The person decided on a purpose.
    Consent,
    /// A list changed.
    List,
    /// The audience was defined.
    Definition,
    /// The person was forgotten.
    Forgotten,
    /// A writing open found the state ahead of the feed.
    Recovered,
}

impl Cause {
    /// The cause as the feed names it.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Event => "event",
            Cause::Time => "time",
            Cause::Identity => "identity",
            Cause::Consent => "consent",
            Cause::List => "list",
            Cause::Definition => "definition",
            Cause::Forgotten => "forgotten",
            Cause::Recovered => "recovered",
        }
    }
}
