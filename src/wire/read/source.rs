//! The bytes of a source: counted, and unpacked where they are gzip.

use super::error::ReadError;
use flate2::read::MultiGzDecoder;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far a source has been read. Cheap to clone, and to look at from elsewhere.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{Defaults, Progress, Shape, read};
/// let file = "{\"type\":\"page\",\"userId\":\"u1\"}\n{\"type\":\"pgae\"}\n";
/// let mut batches = read(Cursor::new(file), Shape::Ndjson, Defaults::file("import"), 1).unwrap();
/// let progress: Progress = batches.progress();
/// while let Some(batch) = batches.next() {
///     assert!(batch.unwrap().read_to <= progress.bytes());
/// }
/// assert_eq!(progress.bytes(), file.len() as u64);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes read so far: of the file as it lies there, packed if it is packed.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.inner.read(buffer)?;
        self.progress.0.fetch_add(n_bytes as u64, Ordering::Relaxed);
        Ok(n_bytes)
    }
}

/// A source of bytes, unpacked.
pub(super) struct Source {
    bytes: Box<dyn Read + Send>,
    packed: bool,
    pub(super) progress: Progress,
}

const GZIP: [u8; 2] = [0x1F, 0x8B];

impl Source {
    /// Looks at the first two bytes to see whether it is gzip.
    pub(super) fn open(source: impl Read + Send + 'static) -> Result<Source, ReadError> {
        let progress = Progress::default();
        let mut counted = Counted { inner: source, progress: progress.clone() };
        let mut first = Vec::new();
        fill(&mut counted, &mut first, 2)
            .map_err(|source| ReadError::Io { at: progress.bytes(), source })?;
        let packed = first == GZIP;
        let whole = io::Cursor::new(first).chain(counted);
        let bytes: Box<dyn Read + Send> = if packed {
            Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, whole)))
        } else {
            Box::new(whole)
        };
        Ok(Source { bytes, packed, progress })
    }

    /// Reads until the buffer holds `n_bytes`; says whether the source went on.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, n_bytes: usize) -> Result<bool, ReadError> {
        fill(&mut self.bytes, buffer, n_bytes).map_err(|source| self.error(source))?;
        Ok(buffer.len() >= n_bytes)
    }

    fn error(&self, source: io::Error) -> ReadError {
        let at = self.progress.bytes();
        match source.kind() {
            io::ErrorKind::UnexpectedEof if self.packed => ReadError::CutShort { at },
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if self.packed => {
                ReadError::Damaged { at, source }
            }
            _ => ReadError::Io { at, source },
        }
    }
}

/// Reads on until the buffer holds `n_bytes` or the source ends. What was read
/// before an error stays in the buffer.
fn fill(source: &mut impl Read, buffer: &mut Vec<u8>, n_bytes: usize) -> io::Result<()> {
    let missing = n_bytes.saturating_sub(buffer.len());
    source.take(missing as u64).read_to_end(buffer).map(drop)
}

/// The first bytes of a source, unpacked: what a draft of a mapping is made from.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{csv::draft, head};
/// let first = head(Cursor::new("user_id;total\n7;12,50\n8;9,00\n"), 22).unwrap();
/// assert_eq!(first, b"user_id;total\n7;12,50\n");
/// assert!(draft(&first).contains("delimiter = \";\""));
/// ```
pub fn head(source: impl Read + Send + 'static, n_bytes: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    Source::open(source)?.fill(&mut bytes, n_bytes)?;
    Ok(bytes)
}
