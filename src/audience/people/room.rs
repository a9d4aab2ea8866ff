//! Room for people who are still to come: without it the first of them would have everybody
//! else's rows moved, hundreds of megabytes at a million people, while commits wait. Room in
//! which nothing was written takes no memory.

/// How many rows have room where there are so many.
pub(super) fn roomy(n_rows: usize) -> usize {
    n_rows + n_rows / 4
}

/// So many rows of zeros, and room for more; nothing is written yet.
pub(super) fn zeros<T: Clone + Default>(n_rows: usize, stride: usize) -> Vec<T> {
    let mut rows = vec![T::default(); roomy(n_rows) * stride];
    rows.truncate(n_rows * stride);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_more_move_nobody() {
        let mut rows: Vec<u32> = zeros(1_000, 3);
        assert_eq!((rows.len(), rows.iter().any(|row| *row > 0)), (3_000, false));
        let before = rows.as_ptr();
        rows.resize(3 * 1_250, 7);
        assert_eq!(rows.as_ptr(), before);
    }
}
