//! Bytes in and out: whole numbers, values, packed integers. Reading is total:
//! whatever the bytes are, it gives what they say or nothing.

mod ints;
mod reader;
mod value;

pub use ints::{pack, pack_ascending, packed, packed_ascending};
pub use reader::{Reader, put_signed, put_text, put_varint};
pub use value::{Scaled, ValueReader, put_scaled, put_value, read_scaled, read_value, skip_value};
