//! What a request for a commit gets back.

use crate::model::{Lsn, Timestamp};
use crate::state::Refused;

/// What became of a batch of calls.
///
/// ```
/// use throng::engine::Throng;
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// call.id = Some(throng::model::EventId::of_message("web", "o-1"));
/// let receipt = throng.ingest(vec![call.clone(), call])?;
/// assert_eq!((receipt.accepted, receipt.duplicates, receipt.durable), (1, 1, true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The record that holds what was accepted; none if nothing was.
    pub lsn: Option<Lsn>,
    /// The commit time of that record.
    pub at: Option<Timestamp>,
    /// Calls that became facts.
    pub accepted: u64,
    /// Calls whose id was known with the same content: they count once.
    pub duplicates: u64,
    /// Places of calls whose id was known with another content: the first stays.
    pub conflicting: Vec<usize>,
    /// Places of calls that were refused, and why.
    pub refused: Vec<(usize, Refused)>,
    /// Whether the disk has it.
    pub durable: bool,
}
