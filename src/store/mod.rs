//! What is on disk: the log, the feed, and the rebuildable store beside them.
//!
//! It gives a record no meaning.

#[cfg(test)]
mod chance;
mod codec;
mod directory;
mod error;
mod family;
mod feed;
mod files;
mod kv;
mod lines;
mod log;
mod membership;
mod options;
mod payload;
mod proof;
mod salvage;
pub mod shapes;
mod verify;

pub use codec::{Draft, decode_standing, encode_standing};
pub use directory::{Clock, Directory, Endpoint, FORMAT, Generations, Manifest};
pub use error::{Damage, Flaw, StoreError};
pub use family::{Checked, Torn};
pub use feed::{Cause, Entries, EntryKind, Feed, FeedEntry};
pub use kv::{Access, CacheUse, Checkpoint, Kv, KvError, Look, Pieces, Rebuild, Start};
pub use log::{Log, Records, Recovery};
pub use membership::{Members, Membership};
pub use options::Options;
pub use payload::{decode_record, encode_record};
pub use proof::put_end;
pub use salvage::{Loss, Lost};
pub use verify::{Report, backup, verify};

#[cfg(test)]
mod tests;
