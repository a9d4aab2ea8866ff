//! Jobs that may be done at once.

/// Runs so many jobs, each by its number, in any order and at once if it likes;
/// it comes back when all are done. Threads belong to whoever gives it.
pub type Runner<'a> = &'a (dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync);

/// Runs jobs one after the other, where they are asked for.
pub fn one_by_one(n_jobs: usize, job: &(dyn Fn(usize) + Sync)) {
    (0..n_jobs).for_each(job);
}
