//! Which streams a read wants.

use crate::model::Stream;

/// Which streams a read wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Every one.
    All,
    /// These.
    Streams(&'a [Stream]),
}

impl Wanted<'_> {
    /// Whether rows of a stream are wanted.
    pub fn has(&self, stream: &Stream) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Streams(streams) => streams.contains(stream),
        }
    }
}
