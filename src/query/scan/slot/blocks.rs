//! Many things one behind the other, in blocks: what is there is never moved to make room.

/// Bytes of the first block and of the longest: each is twice the one before, so that no more
/// room stands empty than is in use.
const FIRST: usize = 512;
const LONGEST: usize = 8 << 10;

/// What was pushed, in order.
#[derive(Clone, Debug)]
pub struct Blocks<T> {
    full: Vec<Vec<T>>,
    last: Vec<T>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Blocks<T> {
        Blocks { full: Vec::new(), last: Vec::new() }
    }
}

impl<T> Blocks<T> {
    #[inline]
    pub fn push(&mut self, one: T) {
        if self.last.len() == self.last.capacity() {
            self.turn();
        }
        self.last.push(one);
    }

    #[cold]
    fn turn(&mut self) {
        let bytes = (self.last.capacity() * size_of::<T>() * 2).clamp(FIRST, LONGEST);
        let next = Vec::with_capacity(bytes / size_of::<T>().max(1));
        let full = std::mem::replace(&mut self.last, next);
        if !full.is_empty() {
            self.full.push(full);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// The blocks with something in them, in order.
    pub fn each(&self) -> impl Iterator<Item = &[T]> {
        self.full.iter().chain([&self.last]).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_is_there_in_order() {
        let mut blocks = Blocks::default();
        assert!(blocks.is_empty());
        for n in 0..2_000usize {
            blocks.push(n);
            let room: usize = blocks.full.iter().chain([&blocks.last]).map(Vec::capacity).sum();
            assert!(!blocks.is_empty() && (n < 64 || room <= 3 * n), "{room} for {n}");
        }
        assert!(blocks.each().all(|block| !block.is_empty()));
        assert!(blocks.each().flatten().copied().eq(0..2_000));
    }
}
