//! Pages: where sealed rows lie, by key.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The name of a page: pages of one group lie next to each other.
///
/// ```
/// use throng::engine::PageKey;
/// let key = PageKey { chunk: 1, run: 2, group: 3, page: 4 };
/// assert_eq!(PageKey::from_bytes(&key.to_bytes()), Some(key));
/// assert_eq!(key.to_string(), "page 4 of group 3, run 2, chunk 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageKey {
    /// Which 65,536 origins.
    pub chunk: u32,
    /// The number of the run.
    pub run: u32,
    /// The group in the run.
    pub group: u32,
    /// The page in the group.
    pub page: u32,
}

impl PageKey {
    /// Bytes that sort as the keys do.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        let parts = [self.chunk, self.run, self.group, self.page];
        bytes.chunks_exact_mut(4).zip(parts).for_each(|(to, part)| {
            to.copy_from_slice(&part.to_be_bytes());
        });
        bytes
    }

    /// The key that [`PageKey::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<PageKey> {
        let bytes: &[u8; 16] = bytes.try_into().ok()?;
        let part = |n: usize| u32::from_be_bytes(std::array::from_fn(|at| bytes[4 * n + at]));
        Some(PageKey { chunk: part(0), run: part(1), group: part(2), page: part(3) })
    }
}

/// Where pages come from; the store implements it.
pub trait Pages: Send + Sync {
    /// The bytes of a page, as they were given to be written.
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError>;

    /// The same of a page that nobody is going to read again soon.
    fn page_once(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        self.page(key)
    }
}

/// Pages of which none is going to be read again soon.
pub struct Once<'p>(pub &'p dyn Pages);

impl Pages for Once<'_> {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        self.0.page_once(key)
    }
}

/// Why rows could not be read.
///
/// ```
/// use throng::engine::{PageError, PageKey};
/// let error = PageError::Missing(PageKey { chunk: 1, run: 2, group: 3, page: 4 });
/// assert_eq!(error.to_string(), "page 4 of group 3, run 2, chunk 1 is missing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// There is no such page.
    Missing(PageKey),
    /// The bytes of the page, or of one that follows it, say nothing.
    Damaged(PageKey),
    /// The page could not be fetched; the text says why.
    Unreadable(PageKey, String),
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PageKey { chunk, run, group, page } = self;
        write!(f, "page {page} of group {group}, run {run}, chunk {chunk}")
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::Missing(key) => write!(f, "{key} is missing"),
            PageError::Damaged(key) => write!(f, "{key} is damaged"),
            PageError::Unreadable(key, why) => write!(f, "{key} could not be read: {why}"),
        }
    }
}

impl std::error::Error for PageError {}

/// Pages in memory, for tests and for what is small.
#[derive(Clone, Debug, Default)]
pub struct MemoryPages(BTreeMap<PageKey, Arc<[u8]>>);

impl MemoryPages {
    /// Writes pages.
    pub fn put(&mut self, pages: impl IntoIterator<Item = (PageKey, Vec<u8>)>) {
        self.0.extend(pages.into_iter().map(|(key, bytes)| (key, bytes.into())));
    }

    /// Takes a page away.
    pub fn remove(&mut self, key: &PageKey) {
        self.0.remove(key);
    }

    /// The pages by key.
    pub fn iter(&self) -> impl Iterator<Item = (&PageKey, &Arc<[u8]>)> {
        self.0.iter()
    }

    /// How many bytes all pages have.
    pub fn bytes(&self) -> usize {
        self.0.values().map(|page| page.len()).sum()
    }
}

impl Pages for MemoryPages {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        self.0.get(key).cloned().ok_or(PageError::Missing(*key))
    }
}
