//! A record's payload by itself, without file, frame or sum: what a fuzzer looks at.

use super::codec;
use super::error::{Flaw, StoreError};
use crate::model::{Lsn, Record};

/// Writes the payload of a record and gives its kind.
///
/// ```
/// use throng::model::{Input, Lsn, Record, Timestamp};
/// use throng::store::{decode_record, encode_record};
/// let at = Timestamp::EPOCH;
/// let record = Record { lsn: Lsn(7), at, first_identifier: 1, input: Input::Tick };
/// let mut payload = Vec::new();
/// let kind = encode_record(&mut payload, &record)?;
/// assert_eq!(decode_record(Lsn(7), kind, &payload), Ok(record));
/// # Ok::<(), throng::store::StoreError>(())
/// ```
///
/// # Errors
/// If the record is larger than one may be.
pub fn encode_record(out: &mut Vec<u8>, record: &Record) -> Result<u8, StoreError> {
    codec::encode(out, record)
}

/// Reads the payload of a record.
///
/// # Errors
/// If the bytes say no record; the flaw says why.
pub fn decode_record(lsn: Lsn, kind: u8, payload: &[u8]) -> Result<Record, Flaw> {
    codec::decode(lsn, kind, payload).map_err(|malformed| Flaw::Content(malformed.0))
}
