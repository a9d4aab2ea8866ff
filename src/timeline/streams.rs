//! The streams of the store by number, and how many rows each has.

use crate::model::Stream;
use crate::shelf::{Column, Table};
use crate::timeline::bytes::{Reader, put_varint};
use crate::timeline::run::{put_stream, read_stream};

/// Every stream that has a row.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    codes: Table<Stream, u32>,
    known: Column<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    stream: Stream,
    n_rows: u64,
    n_sealed: u64,
}

impl Streams {
    /// The number of the stream, which gets one more row.
    pub fn count(&mut self, stream: &Stream) -> u32 {
        let code = self.code(stream);
        self.known.get_mut(code as usize).expect("the stream has a code").n_rows += 1;
        code
    }

    fn code(&mut self, stream: &Stream) -> u32 {
        if let Some(code) = self.codes.get(stream) {
            return *code;
        }
        let code = self.known.len() as u32;
        self.codes.insert(stream.clone(), code);
        self.known.push(Known { stream: stream.clone(), n_rows: 0, n_sealed: 0 });
        code
    }

    pub fn find(&self, stream: &Stream) -> Option<u32> {
        self.codes.get(stream).copied()
    }

    pub fn stream(&self, code: u32) -> &Stream {
        &self.known.get(code as usize).expect("codes are given here").stream
    }

    pub fn n_rows(&self, code: u32) -> u64 {
        self.known.get(code as usize).map_or(0, |known| known.n_rows)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Stream, u64)> {
        self.known.iter().map(|known| (&known.stream, known.n_rows))
    }

    /// So many more rows of the stream are sealed.
    pub fn sealed(&mut self, code: u32, n_rows: u64) {
        if let Some(known) = self.known.get_mut(code as usize) {
            known.n_sealed += n_rows;
        }
    }

    pub fn put(&self, out: &mut Vec<u8>) {
        let sealed = || self.known.iter().filter(|known| known.n_sealed > 0);
        put_varint(out, sealed().count() as u64);
        for known in sealed() {
            put_stream(out, &known.stream);
            put_varint(out, known.n_sealed);
        }
    }

    pub fn read(reader: &mut Reader<'_>) -> Option<Streams> {
        let mut streams = Streams::default();
        for _ in 0..reader.count(2)? {
            let code = streams.code(&read_stream(reader)?);
            let n_rows = reader.varint()?;
            let known = streams.known.get_mut(code as usize)?;
            (known.n_rows, known.n_sealed) = (n_rows, n_rows);
        }
        Some(streams)
    }

    pub fn memory(&self) -> usize {
        self.known.len() * 160
    }
}
