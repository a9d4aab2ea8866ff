//! What is kept for standing audiences, damaged anywhere: a piece or none, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use throng::store::{decode_standing, encode_standing};

fuzz_target!(|bytes: &[u8]| {
    let Some(piece) = decode_standing(bytes) else { return };
    // Values may be read that lie deeper than any are written.
    let Some(written) = encode_standing(&piece) else { return };
    let again = decode_standing(&written).expect("it was just written");
    assert_eq!(again.name(), piece.name());
});
