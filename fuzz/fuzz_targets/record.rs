//! The payload of a log record, damaged anywhere: a record or an error, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use throng::model::Lsn;
use throng::store::{decode_record, encode_record};

fuzz_target!(|given: (u8, Vec<u8>)| {
    let (kind, raw) = given;
    if let Ok(record) = decode_record(Lsn(7), kind, &raw) {
        let mut again = Vec::new();
        let kind = encode_record(&mut again, &record).unwrap();
        assert_eq!(decode_record(Lsn(7), kind, &again).unwrap(), record);
    }
});
