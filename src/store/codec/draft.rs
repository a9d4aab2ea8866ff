//! Calls as bytes before their commit time is known.
//!
//! Times stand in a record by their distance from the commit, and only the
//! one writer knows when that is; all else of the calls can be written before.

use super::{ints, put};
use crate::model::limits::{RECORD_BYTES_MAX, RECORD_CALLS_MAX};
use crate::model::{Call, Timestamp};
use crate::store::error::StoreError;

/// Values of one record: a call of [`RECORD_BYTES_MAX`] bytes cannot hold more.
pub(super) const VALUES_MAX: usize = RECORD_BYTES_MAX / 2;

/// The calls of a record as it holds them, but for columns of times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub(super) bytes: Vec<u8>,
    /// Columns that wait, each with the place among the bytes where it belongs.
    waiting: Vec<(usize, Vec<Timestamp>)>,
}

impl Draft {
    /// Writes calls as far as can be without their commit time.
    ///
    /// # Errors
    /// If they are more than one record may hold.
    pub fn of(calls: &[Call]) -> Result<Draft, StoreError> {
        let too_large = |what, given: usize, limit: usize| StoreError::TooLarge {
            what,
            given: given as u64,
            limit: limit as u64,
        };
        if calls.len() > RECORD_CALLS_MAX {
            return Err(too_large("calls of one record", calls.len(), RECORD_CALLS_MAX));
        }
        let draft = match calls {
            [call] => put::one::draft(call, VALUES_MAX),
            calls => put::calls::draft(calls, VALUES_MAX),
        };
        draft.ok_or_else(|| too_large("values of one record", VALUES_MAX + 1, VALUES_MAX))
    }

    /// A column of times belongs here.
    pub(super) fn times(&mut self, times: Vec<Timestamp>) {
        self.waiting.push((self.bytes.len(), times));
    }

    /// Writes the calls after `out` as those of a commit at `at`.
    pub(super) fn put(&self, out: &mut Vec<u8>, at: Timestamp) {
        let mut done = 0;
        for (place, times) in &self.waiting {
            out.extend_from_slice(&self.bytes[done..*place]);
            let distances: Vec<i64> = times.iter().map(|time| time.since(at)).collect();
            ints::put(out, &distances);
            done = *place;
        }
        out.extend_from_slice(&self.bytes[done..]);
    }
}
