//! Where sealed rows are read from.

use super::OpenError;
use crate::store::Directory;
use crate::timeline::{PageError, PageKey, Pages};
use std::sync::Arc;

struct None;
impl Pages for None {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        Err(PageError::Missing(*key))
    }
}
pub(super) fn open(_directory: &Directory) -> Result<Arc<dyn Pages>, OpenError> {
    Ok(Arc::new(None))
}
