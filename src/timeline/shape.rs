//! How rows are cut into groups, stripes and pages.

/// Sizes by which seals and merges cut. Reading needs none of them: what was
/// written in one shape is read in any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// A stream has a group of its own when the store has at least so many rows of it.
    pub own_group_rows: u64,
    /// And when the run has at least so many; fewer are no page of their own.
    pub own_group_rows_in_run: usize,
    /// Rows of a stripe.
    pub stripe_rows: usize,
    /// Bytes of rows after which a stripe ends, at the next multiple of 256 rows.
    pub stripe_bytes: usize,
    /// Bytes that a page aims at.
    pub page_bytes: usize,
    /// Bytes that no page exceeds.
    pub page_bytes_max: usize,
    /// Runs that a chunk and slice may have before they are merged.
    pub runs_max: usize,
}

impl Default for Shape {
    fn default() -> Shape {
        Shape {
            own_group_rows: 4_096,
            own_group_rows_in_run: 256,
            stripe_rows: 2_048,
            stripe_bytes: 256 << 10,
            page_bytes: 8 << 10,
            page_bytes_max: 32 << 10,
            runs_max: 4,
        }
    }
}
